/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/mail_link.h"

#include "auth/box.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = ES_MAIL_CODE_TEXT - 1, SEALED_MAX = 1024 };
static const char OUT[] = "mail out";

static struct es_bytes hash_bytes(const uint8_t hash[ES_HASH])
{
    return (struct es_bytes){ hash, ES_HASH };
}

/* Eight digits out of a hash: 2^64 is so much more than 10^8 that none is
 * likelier than another by what could be told. */
static void digits_of(const uint8_t hash[ES_HASH], char code[ES_MAIL_CODE_TEXT])
{
    uint64_t n;
    memcpy(&n, hash, sizeof n);
    (void)snprintf(code, ES_MAIL_CODE_TEXT, "%08u", (unsigned)(n % 100000000));
}

void es_mail_link_shown(const uint8_t key[ES_HASH],
                        const struct es_mail_link *link,
                        char code[ES_MAIL_CODE_TEXT])
{
    uint8_t hash[ES_HASH];
    es_keyed_hash(key, "shown code", hash_bytes(link->hash), hash);
    digits_of(hash, code);
}

/* Of this link alone, so that a store which was read gives no table of all
 * codes to look others up in. */
static void code_hash(const uint8_t key[ES_HASH], const uint8_t link[ES_HASH],
                      const char *code, uint8_t out[ES_HASH])
{
    uint8_t both[ES_HASH + DIGITS];
    memcpy(both, link, ES_HASH);
    memcpy(both + ES_HASH, code, DIGITS);
    es_keyed_hash(key, "mailed code", (struct es_bytes){ both, sizeof both },
                  out);
}

/* What somebody typed, as eight of 0 to 9. */
static bool read_code(const char *text, char code[ES_MAIL_CODE_TEXT])
{
    struct es_bytes s = es_bytes_str(text ? text : "");
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = es_utf8_next(s, &at);
        if (c == ' ' || c == '-' || c == 0xa0 || c == 0x202f)
            continue;
        if (c >= 0x660 && c <= 0x669) /* Arabic */
            c = c - 0x660 + '0';
        if (c >= 0x6f0 && c <= 0x6f9) /* Urdu */
            c = c - 0x6f0 + '0';
        if (c < '0' || c > '9' || n == DIGITS)
            return false;
        code[n++] = (char)c;
    }
    code[n] = '\0';
    return n == DIGITS;
}

/* ---- asking ---- */

struct asking {
    struct es_mail_link link;
    struct es_mail_out out;
};

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    const struct asking *p = arg;
    (void)blob;
    enum es_code rc = es_txn_mail_links_trim(tx, p->link.created_ms, e);
    if (rc == ES_OK)
        rc = es_txn_mail_link_add(tx, &p->link, e);
    if (rc == ES_OK)
        rc = es_txn_mail_out_add(tx, &p->out, e);
    return rc;
}

/* Four texts, one after the other, each with its NUL. */
static void seal(const uint8_t key[ES_HASH], int64_t id,
                 const struct es_mail_ask *m, struct es_buf *out)
{
    const char *const texts[] = { m->address, m->lang, m->secret, m->code };
    struct es_buf plain;
    es_buf_init(&plain, SEALED_MAX);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        es_buf_add(&plain, texts[i], strlen(texts[i]) + 1);
    out->bad = out->bad || plain.bad;
    es_box_seal(key, OUT, (struct es_bytes){ (const void *)&id, sizeof id },
                es_buf_bytes(&plain), out);
    es_buf_release(&plain);
}

enum es_code es_mail_link_ask(struct es_store *s, const uint8_t key[ES_HASH],
                              const struct es_link_asking *ask,
                              struct es_err *e)
{
    char secret[ES_SECRET_TEXT];
    char code[ES_MAIL_CODE_TEXT];
    uint8_t random[ES_HASH];
    struct es_buf sealed;
    struct asking p = {
        .link = { .address = ask->address,
                  .created_ms = ask->now_ms,
                  .expires_ms = ask->now_ms + ES_MAIL_LINK_MS },
        .out = { .id = es_id_new(),
                 .next_ms = ask->now_ms,
                 .expires_ms = ask->now_ms + ES_MAIL_LINK_MS },
    };
    es_secret_new(secret, p.link.hash);
    es_random_bytes(random, sizeof random);
    digits_of(random, code);
    code_hash(key, p.link.hash, code, p.link.code);
    if (!es_secret_hash(es_bytes_str(ask->browser), p.link.browser))
        return es_fail(e, ES_EINVAL, 0, "not a cookie of ours");
    es_buf_init(&sealed, SEALED_MAX + ES_BOX_MORE);
    seal(key, p.out.id,
         &(struct es_mail_ask){ ask->address, ask->lang, secret, code },
         &sealed);
    p.out.sealed = es_buf_bytes(&sealed);
    enum es_code rc =
        sealed.bad ? es_fail(e, ES_ENOMEM, 0, "a mail")
                   : es_store_write(
                         s, &(struct es_write){ .apply = put, .arg = &p }, e);
    es_buf_release(&sealed);
    return rc;
}

bool es_mail_ask_open(const uint8_t key[ES_HASH], const struct es_mail_out *row,
                      struct es_arena *a, struct es_mail_ask *out)
{
    const char *texts[4] = { NULL };
    struct es_buf b;
    es_buf_init(&b, SEALED_MAX);
    bool ok = es_box_open(
        key, OUT, (struct es_bytes){ (const void *)&row->id, sizeof row->id },
        row->sealed, &b);
    struct es_bytes s = es_buf_bytes(&b);
    size_t at = 0;
    for (size_t i = 0; ok && i < sizeof texts / sizeof *texts; i++) {
        const uint8_t *end = memchr(s.p + at, 0, s.n - at);
        ok = end != NULL;
        if (!ok)
            break;
        texts[i] = es_arena_str(a, (const char *)s.p + at);
        ok = texts[i] != NULL;
        at = (size_t)(end - s.p) + 1;
    }
    es_buf_release(&b);
    if (ok)
        *out = (struct es_mail_ask){ texts[0], texts[1], texts[2], texts[3] };
    return ok;
}

/* ---- coming back ---- */

enum es_code es_mail_link_find(struct es_store *s, const char *secret,
                               const char *browser, int64_t now_ms,
                               struct es_arena *a, struct es_mail_link *out,
                               bool *here, struct es_err *e)
{
    uint8_t hash[ES_HASH];
    uint8_t cookie[ES_HASH];
    if (!es_secret_hash(es_bytes_str(secret ? secret : ""), hash))
        return es_fail(e, ES_ENOENT, 0, "not a secret of ours");
    enum es_code rc = es_store_mail_link(s, hash, now_ms, a, out, e);
    if (rc != ES_OK)
        return rc;
    *here = es_secret_hash(es_bytes_str(browser ? browser : ""), cookie) &&
            es_hash_equal(cookie, out->browser);
    return ES_OK;
}

enum es_code es_mail_link_asked(struct es_store *s, const char *browser,
                                int64_t now_ms, struct es_arena *a,
                                struct es_mail_link *out, struct es_err *e)
{
    uint8_t cookie[ES_HASH];
    if (!es_secret_hash(es_bytes_str(browser ? browser : ""), cookie))
        return es_fail(e, ES_ENOENT, 0, "nothing was asked for here");
    return es_store_mail_link_asked(s, cookie, now_ms, a, out, e);
}

struct proving {
    const uint8_t *key;
    const struct es_mail_given *g;
    enum es_mail_answer answer;
};

static bool proven(const struct proving *p, const struct es_mail_link *link)
{
    char typed[ES_MAIL_CODE_TEXT], want[ES_MAIL_CODE_TEXT];
    uint8_t given[ES_HASH], shown[ES_HASH];
    if (p->g->proof == ES_PROOF_BROWSER)
        return true;
    if (!read_code(p->g->code, typed))
        return false;
    code_hash(p->key, link->hash, typed, given);
    if (p->g->proof == ES_PROOF_MAILED)
        return es_hash_equal(given, link->code);
    es_mail_link_shown(p->key, link, want);
    code_hash(p->key, link->hash, want, shown);
    return es_hash_equal(given, shown);
}

static enum es_code prove(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    struct proving *p = arg;
    struct es_arena a;
    struct es_mail_link now;
    (void)blob;
    es_arena_init(&a, SEALED_MAX * 4);
    enum es_code rc =
        es_txn_mail_link(tx, p->g->link->hash, p->g->now_ms, &a, &now, e);
    p->answer = ES_MAIL_RIGHT;
    if (rc == ES_ENOENT || (rc == ES_OK && now.tries >= ES_MAIL_LINK_TRIES)) {
        p->answer = ES_MAIL_GONE;
        rc = ES_OK;
    } else if (rc == ES_OK && !proven(p, &now)) {
        p->answer = ES_MAIL_WRONG;
        rc = es_txn_mail_link_try(tx, now.hash, e);
    } else if (rc == ES_OK && p->g->take) {
        rc = es_txn_mail_link_drop(tx, now.hash, e);
    }
    es_arena_release(&a);
    return rc;
}

enum es_code es_mail_link_prove(struct es_store *s, const uint8_t key[ES_HASH],
                                const struct es_mail_given *g,
                                enum es_mail_answer *out, struct es_err *e)
{
    struct proving p = { key, g, ES_MAIL_GONE };
    enum es_code rc =
        es_store_write(s, &(struct es_write){ .apply = prove, .arg = &p }, e);
    if (rc == ES_OK)
        *out = p.answer;
    return rc;
}
