/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether a run lies far above what its runner has run here before: a sign,
 * which never sends a run to anybody by itself. */
#ifndef ES_INITIATIVE_HISTORY_H
#define ES_INITIATIVE_HISTORY_H

#include "initiative/run_write.h"

/* What is known of a person's accepted runs, in any order; those that started
 * no earlier than the run in question are passed over. */
struct es_history {
    const struct es_measure *runs; /* the newest, looked into */
    size_t n_runs;
    const struct es_counted *counted; /* many more, by what counted */
    size_t n_counted;
};

/* Adds to the verdict what stands out in a run of that measure (MEASURE.md,
 * Findings), and many_signs when its signs together call for a look. Pure: the
 * same history and run, the same verdict. */
void es_history_weigh(const struct es_history *h, const struct es_measure *m,
                      struct es_verdict *v);

/* The same with the history that the store knows of `who`, for a run that has
 * been judged. */
ES_MUST_CHECK enum es_code
es_history_judge(struct es_app *app, const struct es_participant *who,
                 struct es_new_run *n, struct es_arena *a, struct es_err *e);

#endif
