/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The total reconciles: the accepted runs, added up again, against the
 * ledger's history, person by person. */
#ifndef ES_INITIATIVE_RECOUNT_H
#define ES_INITIATIVE_RECOUNT_H

#include "store/store.h"

struct es_recounted {
    int64_t participants;
    int64_t runs, dist_mm, time_ms; /* of accepted runs */
    int64_t differences;            /* persons whose ledger says otherwise */
    int64_t corrected;              /* of these, by entries made now */
};

/* Told of each difference, as it was found. */
typedef void es_difference_fn(const struct es_participant_sum *row, void *arg);

/* Adds up one initiative. With `correct`, a ledger that differs gets an entry
 * (actor "recount", reason "correction") that makes it equal to the runs, and
 * the outbox a "participant" with the person's id in decimal. Runs and ledger
 * may be written meanwhile. *out is filled as far as it came. */
ES_MUST_CHECK enum es_code es_recount(struct es_store *s, int64_t initiative,
                                      bool correct, es_difference_fn *fn,
                                      void *arg, struct es_recounted *out,
                                      struct es_err *e);

#endif
