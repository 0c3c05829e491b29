/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/post.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "notify/link_mail.h"
#include "store/mail.h"

enum { ROUND_MEM = 1 << 20, MAIL_MEM = 256 << 10 };

/* Before the next try; what a link mail lives for is done within them. */
static const int64_t BACK_OFF_MS[ES_MAIL_TRIES] = { 5000,  15000,  45000,
                                                    90000, 180000, 180000 };

struct noting {
    int64_t id, now_ms, next_ms;
    int32_t tries;
};

static enum es_code begin(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    const struct noting *n = arg;
    (void)blob;
    return es_txn_mail_out_try(tx, n->id, n->tries, n->next_ms, e);
}

static enum es_code drop(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct noting *n = arg;
    (void)blob;
    return es_txn_mail_out_drop(tx, n->id, e);
}

static enum es_code trim(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct noting *n = arg;
    (void)blob;
    enum es_code rc = es_txn_mail_out_trim(tx, n->now_ms, e);
    return rc == ES_OK ? es_txn_mail_links_trim(tx, n->now_ms, e) : rc;
}

static enum es_code note(const struct es_post *p, struct noting *n,
                         es_write_fn *how, struct es_err *e)
{
    return es_store_write(p->store,
                          &(struct es_write){ .apply = how, .arg = n }, e);
}

static enum es_code send_noted(const struct es_post *p,
                               const struct es_link_mail *mail,
                               const struct es_buf *b, int try,
                               struct es_err *e)
{
    enum es_code rc = es_smtp_send(p->smtp, mail->to, es_buf_bytes(b), e);
    if (rc == ES_OK)
        es_log(ES_LOG_INFO, "mail.sent", "try %d", try);
    else
        es_log(ES_LOG_WARN, rc == ES_EDENIED ? "mail.refused" : "mail.later",
               "try %d: %s", try, e->msg);
    return rc;
}

/* What has nobody to go to is dropped, and looks from outside like any other.
 */
static enum es_code deliver(const struct es_post *p,
                            const struct es_mail_out *row, int64_t now_ms,
                            struct es_err *e)
{
    struct noting n = { row->id, now_ms, 0, row->tries };
    struct es_arena a;
    struct es_link_mail mail;
    struct es_buf b;
    bool last = row->tries + 1 >= ES_MAIL_TRIES;

    es_arena_init(&a, MAIL_MEM);
    es_buf_init(&b, ES_MAIL_BYTES);
    n.next_ms = now_ms + BACK_OFF_MS[last ? ES_MAIL_TRIES - 1 : row->tries];
    enum es_code rc = es_link_mail_write(p, row, now_ms, &a, &mail, &b, e);
    bool useless = rc == ES_ENOENT || rc == ES_EINVAL;
    if (rc == ES_OK)
        rc = note(p, &n, begin, e);
    if (rc == ES_OK) {
        rc = send_noted(p, &mail, &b, row->tries + 1, e);
        useless = rc != ES_EBUSY || last;
        rc = ES_OK; /* again, when its time comes */
    }
    if (useless)
        rc = note(p, &n, drop, e);
    es_buf_release(&b);
    es_arena_release(&a);
    return rc == ES_ENOENT ? ES_OK : rc; /* somebody else began it */
}

enum es_code es_post_round(const struct es_post *p, int64_t now_ms, size_t *n,
                           struct es_err *e)
{
    struct es_arena a;
    struct es_mail_out *due = NULL;
    size_t found = 0;

    es_arena_init(&a, ROUND_MEM);
    enum es_code rc =
        es_store_mail_due(p->store, now_ms, ES_MAIL_ROUND, &a, &due, &found, e);
    int64_t began_ms = es_time_mono_ms();
    for (size_t i = 0; rc == ES_OK && i < found; i++) {
        int64_t then_ms =
            now_ms + es_time_mono_ms() - began_ms; /* a slow server */
        if (then_ms < due[i].expires_ms)
            rc = deliver(p, &due[i], then_ms, e);
    }
    es_arena_release(&a);
    if (rc == ES_OK)
        *n = found;
    return rc;
}

enum es_code es_post_trim(const struct es_post *p, int64_t now_ms,
                          struct es_err *e)
{
    struct noting all = { .now_ms = now_ms };
    return note(p, &all, trim, e);
}
