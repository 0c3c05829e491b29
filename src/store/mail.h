/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mail that waits to go out. store.h says what holds for all calls. */
#ifndef ES_STORE_MAIL_H
#define ES_STORE_MAIL_H

#include "store/signin.h"

struct es_mail_out {
    int64_t id;
    struct es_bytes sealed; /* auth/mail_link.h */
    int32_t tries;          /* begun so far */
    int64_t next_ms;        /* not tried before */
    int64_t expires_ms;     /* of no use from then on */
};
ES_MUST_CHECK enum es_code es_txn_mail_out_add(struct es_txn *tx,
                                               const struct es_mail_out *m,
                                               struct es_err *e);
/* Those that are due and of use, who waits longest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_mail_due(struct es_store *s, int64_t now_ms,
                                             size_t max, struct es_arena *a,
                                             struct es_mail_out **out,
                                             size_t *n, struct es_err *e);
/* Notes that a try begins, and when the next may. ES_ENOENT: it is gone, or
 * somebody else has begun one since it was read. */
ES_MUST_CHECK enum es_code es_txn_mail_out_try(struct es_txn *tx, int64_t id,
                                               int32_t tries, int64_t next_ms,
                                               struct es_err *e);
/* One that is gone is fine. */
ES_MUST_CHECK enum es_code es_txn_mail_out_drop(struct es_txn *tx, int64_t id,
                                                struct es_err *e);
/* All that are of no use any more. */
ES_MUST_CHECK enum es_code
es_txn_mail_out_trim(struct es_txn *tx, int64_t now_ms, struct es_err *e);

/* The newest link that a browser asked for and that hasn't expired. */
ES_MUST_CHECK enum es_code
es_store_mail_link_asked(struct es_store *s, const uint8_t browser[32],
                         int64_t now_ms, struct es_arena *a,
                         struct es_mail_link *out, struct es_err *e);

#endif
