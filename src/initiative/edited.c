/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/edited.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "store/store.h"

#include <string.h>

/* Digits of one field's mark: 48 bits. Nobody gains by a forged one but the
 * right to write over what they have not seen, which they may anyway. */
enum { MARK = 12 };

static void mark_of(const struct es_edit *f, char out[MARK])
{
    static const char HEX[] = "0123456789abcdef";
    uint8_t of_name[32];
    uint8_t of_both[64];
    uint8_t hash[32];
    es_store_hash(es_bytes_str(f->name), of_name);
    es_store_hash(es_bytes_str(f->now), hash);
    memcpy(of_both, of_name, sizeof of_name);
    memcpy(of_both + sizeof of_name, hash, sizeof hash);
    es_store_hash((struct es_bytes){ of_both, sizeof of_both }, hash);
    for (size_t i = 0; i < MARK; i++)
        out[i] = HEX[i % 2 ? hash[i / 2] & 15 : hash[i / 2] >> 4];
}

const char *es_edit_stamp(struct es_arena *a, const struct es_edit *v, size_t n)
{
    char *out = es_arena_alloc(a, n * MARK + 1);
    if (!out)
        return "";
    for (size_t i = 0; i < n; i++)
        mark_of(&v[i], out + i * MARK);
    out[n * MARK] = '\0';
    return out;
}

size_t es_edit_merge(struct es_edit *v, size_t n, const char *stamp)
{
    size_t clashes = 0;
    bool known = stamp && strlen(stamp) == n * MARK;
    for (size_t i = 0; i < n; i++) {
        struct es_edit *f = &v[i];
        struct es_edit sent = { .name = f->name, .now = f->mine };
        char now[MARK];
        char mine[MARK];
        const char *was = known ? stamp + i * MARK : "";
        mark_of(f, now);
        mark_of(&sent, mine);
        bool same = strcmp(f->mine, f->now) == 0;
        bool they_did = !known || memcmp(was, now, MARK) != 0;
        bool i_did = !known || memcmp(was, mine, MARK) != 0;
        f->clash = !same && they_did && i_did && !f->theirs;
        f->keep = f->theirs || !i_did ? f->now : f->mine;
        clashes += f->clash;
    }
    return clashes;
}

const char *es_edit_words(struct es_arena *a, const char *s, bool lines)
{
    struct es_buf nfc;
    struct es_buf clean;
    const char *out = NULL;
    es_buf_init(&nfc, ES_FORM_MAX * 3);
    es_buf_init(&clean, ES_FORM_MAX * 3);
    if (es_text_nfc(&nfc, es_bytes_str(s))) {
        es_text_clean(&clean, es_buf_bytes(&nfc), lines);
        if (!nfc.bad && !clean.bad)
            out = es_text_visible(es_buf_bytes(&clean))
                      ? es_arena_str(a, es_buf_cstr(&clean))
                      : "";
    }
    es_buf_release(&nfc);
    es_buf_release(&clean);
    return out;
}
