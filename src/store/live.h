/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a recorder told of a run while it lasted. store.h says what holds for
 * all calls. */
#ifndef ES_STORE_LIVE_H
#define ES_STORE_LIVE_H

#include "store/store.h"

/* No place: time and metres. */
struct es_live_report {
    int64_t at_ms;   /* when it came in, by our clock */
    int64_t t_ms;    /* of the last fix, by the phone's */
    int64_t dist_mm; /* so far */
};

/* Those of a recording, the first first; at most `max`. */
ES_MUST_CHECK enum es_code
es_store_live_reports(struct es_store *s, int64_t initiative,
                      int64_t participant, const char *recording, size_t max,
                      struct es_arena *a, struct es_live_report **out,
                      size_t *n, struct es_err *e);
/* Adds one; the same moment again is ES_OK and changes nothing. */
ES_MUST_CHECK enum es_code
es_txn_live_add(struct es_txn *tx, int64_t initiative, int64_t participant,
                const char *recording, const struct es_live_report *r,
                struct es_err *e);
/* Forgets a person's reports from before that time; NULL: of all recordings,
 * else those of that one. */
ES_MUST_CHECK enum es_code
es_txn_live_forget(struct es_txn *tx, int64_t initiative, int64_t participant,
                   const char *recording, int64_t before_ms, struct es_err *e);

#endif
