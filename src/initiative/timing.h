/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Best times over the distances of an initiative's categories: from its runs
 * and its rules into standings/times.h. Thread-safe. */
#ifndef ES_INITIATIVE_TIMING_H
#define ES_INITIATIVE_TIMING_H

#include "initiative/rules.h"
#include "standings/times.h"
#include "store/store.h"

struct es_timing;

/* By the rules of `ini`; ES_EMALFORMED when they can't be read. */
ES_MUST_CHECK enum es_code es_timing_new(const struct es_initiative *ini,
                                         struct es_timing **out,
                                         struct es_err *e);
void es_timing_free(struct es_timing *t); /* NULL is legal */

/* Reads everybody and all accepted runs; once, before anything else. Runs
 * are read only where a category has a distance. */
ES_MUST_CHECK enum es_code
es_timing_load(struct es_timing *t, struct es_store *store, struct es_err *e);
/* Other rules than before; the people follow one by one. */
ES_MUST_CHECK enum es_code es_timing_rules(struct es_timing *t,
                                           const struct es_initiative *ini,
                                           struct es_err *e);
/* A person who is new or another now: their runs are read again. */
ES_MUST_CHECK enum es_code es_timing_person(struct es_timing *t,
                                            struct es_store *store,
                                            int64_t participant,
                                            struct es_err *e);
/* A run that counts otherwise now; of somebody without a distance: nothing
 * happens. */
ES_MUST_CHECK enum es_code
es_timing_run(struct es_timing *t, const struct es_run *run, struct es_err *e);

/* Valid as long as the timing. */
struct es_times *es_timing_times(struct es_timing *t);

#endif
