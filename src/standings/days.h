/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was run on each day, in memory; derived from the store. One es_days
 * per initiative. Thread-safe. */
#ifndef ES_STANDINGS_DAYS_H
#define ES_STANDINGS_DAYS_H

#include "base/arena.h"
#include "base/err.h"

struct es_days;

struct es_day_sum {
    int64_t day; /* civil days since 1970-01-01 */
    int64_t dist_mm, runs;
};

ES_MUST_CHECK enum es_code es_days_new(struct es_days **out, struct es_err *e);
void es_days_free(struct es_days *d); /* NULL is legal */

/* Adds to a day's sums; negative for a correction. ES_ENOMEM for a day on which
 * nothing was run before; ES_ETOOLARGE beyond ES_DAYS_MAX of them. */
ES_MUST_CHECK enum es_code es_days_add(struct es_days *d, int64_t day,
                                       int64_t dist_mm, int64_t runs,
                                       struct es_err *e);
/* Forgets all: before they are added again. */
void es_days_clear(struct es_days *d);

/* The days from `first` to `last` on which something was run, in order. Rows
 * from `a` (ES_ENOMEM). */
ES_MUST_CHECK enum es_code es_days_read(struct es_days *d, int64_t first,
                                        int64_t last, struct es_arena *a,
                                        struct es_day_sum **out, size_t *n,
                                        struct es_err *e);

#endif
