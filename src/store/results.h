/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results as they were frozen, version by version. store.h says what holds for
 * all calls. */
#ifndef ES_STORE_RESULTS_H
#define ES_STORE_RESULTS_H

#include "store/store.h"

struct es_result {
    int64_t initiative;
    int32_t version; /* 1, 2, ... */
    int64_t account; /* who froze them; 0: nobody of staff */
    const char *why; /* of a correction; "" of the first */
    int64_t at_ms;
    uint8_t sha256[32]; /* of what is signed */
    struct es_bytes
        file; /* as initiative/results.h writes it; of a list none */
};

/* Newest first; at most `max`; without their files. */
ES_MUST_CHECK enum es_code es_store_results(struct es_store *s,
                                            int64_t initiative, size_t max,
                                            struct es_arena *a,
                                            struct es_result **out, size_t *n,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_result(struct es_store *s, int64_t initiative, int32_t version,
                struct es_arena *a, struct es_result *out, struct es_err *e);
/* How many runs of one status somebody has; never 0. */
struct es_run_tally {
    int64_t participant;
    int32_t status; /* es_run_status */
    int64_t n;
};
/* Those of the people with ids above `after`, up to `last`, in the order of
 * their ids. */
ES_MUST_CHECK enum es_code
es_store_run_tallies(struct es_store *s, int64_t initiative, int64_t after,
                     int64_t last, struct es_arena *a,
                     struct es_run_tally **out, size_t *n, struct es_err *e);

/* ES_EEXIST when that version is there. */
ES_MUST_CHECK enum es_code es_txn_result_add(struct es_txn *tx,
                                             const struct es_result *r,
                                             struct es_err *e);
/* ES_EDENIED when the results of an initiative are final: nothing that they
 * are made of changes then. */
ES_MUST_CHECK enum es_code
es_txn_not_final(struct es_txn *tx, int64_t initiative, struct es_err *e);
/* Only the state. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_state_put(struct es_txn *tx,
                                            int64_t initiative, int32_t state,
                                            struct es_err *e);

#endif
