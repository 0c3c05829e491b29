/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The standings, the days and the figures of every initiative, loaded from the
 * store. */
#ifndef ES_INITIATIVE_BOARDS_H
#define ES_INITIATIVE_BOARDS_H

#include "initiative/timing.h"
#include "standings/days.h"
#include "standings/pulse.h"
#include "standings/standings.h"
#include "store/steps.h"

struct es_boards;

ES_MUST_CHECK enum es_code es_boards_new(struct es_boards **out,
                                         struct es_err *e);
void es_boards_free(struct es_boards *b);

/* Reads an initiative's people and sums and adds its board. */
ES_MUST_CHECK enum es_code es_boards_load(struct es_boards *b,
                                          struct es_store *store,
                                          const struct es_initiative *ini,
                                          struct es_err *e);
/* Reads its days again, when its zone is another one now: on the writer
 * thread, so that no run comes in between. */
ES_MUST_CHECK enum es_code es_boards_zone(struct es_boards *b,
                                          struct es_store *store,
                                          const struct es_initiative *ini,
                                          struct es_err *e);
/* Adds somebody who has registered. */
ES_MUST_CHECK enum es_code es_boards_join(struct es_boards *b,
                                          const struct es_participant *p,
                                          struct es_err *e);
/* Somebody is another now, or has left. */
ES_MUST_CHECK enum es_code es_boards_change(struct es_boards *b,
                                            struct es_store *store,
                                            const struct es_participant *p,
                                            struct es_err *e);
/* Adds a run to the day in its initiative's zone on which it started; negative
 * sums take it away. */
ES_MUST_CHECK enum es_code es_boards_day_add(struct es_boards *b,
                                             const struct es_run *run,
                                             int64_t dist_mm, int64_t runs,
                                             struct es_err *e);
/* Tells the figures that a run stands as it does: `was` before (ES_NO_RUN: it
 * is new), and by what step. */
struct es_turn {
    enum es_step_what what;
    int64_t at_ms;
};
ES_MUST_CHECK enum es_code es_boards_turn(struct es_boards *b,
                                          const struct es_run *run, int32_t was,
                                          const struct es_turn *t,
                                          struct es_err *e);
/* NULL when it has none. Valid until es_boards_free. */
struct es_standings *es_boards_get(struct es_boards *b, int64_t initiative);

/* NULL when it has none; valid as long. */
struct es_days *es_boards_days(struct es_boards *b, int64_t initiative);
/* NULL when it has none; valid as long. */
struct es_pulse *es_boards_pulse(struct es_boards *b, int64_t initiative);
/* NULL when it has none; valid as long. */
struct es_timing *es_boards_timing(struct es_boards *b, int64_t initiative);
/* The civil day of a moment there, in days since 1970-01-01. */
int64_t es_day_of(const char *zone, int64_t t_ms);

/* A person as the standings know them; name from the arena. */
struct es_stander es_stander_of(const struct es_participant *p,
                                struct es_arena *a);

#endif
