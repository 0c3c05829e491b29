/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The best time of each person over the distance of their category, in memory;
 * derived from the store. One es_times per initiative. Thread-safe.
 *
 * Times are compared in whole seconds, as they are shown: who has the same
 * shares the place, and the next place is left out (1, 1, 3). Among equals the
 * smaller id stands first, so whoever joined earlier. */
#ifndef ES_STANDINGS_TIMES_H
#define ES_STANDINGS_TIMES_H

#include "base/arena.h"
#include "base/err.h"

struct es_times;

struct es_timed {
    int64_t id; /* > 0 */
    const char *category;
    int32_t group; /* of age; a handful of different ones; 0: not given */
    bool hidden;   /* stands nowhere */
};

struct es_time_row {
    int64_t rank; /* ties share it: 1, 1, 3 */
    int64_t id, run;
    int64_t time_ms; /* the best, a whole number of seconds */
};

ES_MUST_CHECK enum es_code es_times_new(struct es_times **out,
                                        struct es_err *e);
void es_times_free(struct es_times *t); /* NULL is legal */

/* A person, new or as they are now. Another category forgets the times of
 * before: they were over another distance. ES_ENOMEM; nothing has changed
 * then. */
ES_MUST_CHECK enum es_code
es_times_person(struct es_times *t, const struct es_timed *p, struct es_err *e);
/* Forgets a person and all their times; not there is fine. */
void es_times_drop(struct es_times *t, int64_t person);
/* The category of a person, valid as long as the times; NULL when they are not
 * known or forgotten. */
const char *es_times_category(struct es_times *t, int64_t person);
/* What a run of theirs took over that distance, in the place of what was said
 * of it before; 0: it counts no more. ES_ENOENT, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_times_run(struct es_times *t, int64_t person,
                                        int64_t run, int64_t time_ms,
                                        struct es_err *e);

/* A page of a category's order, the fastest first; group 0: of all ages. Rows
 * and *next from `a` (ES_ENOMEM). `cursor` NULL or what the page before gave in
 * *next, ES_EINVAL for any other; *next is NULL at the end. limit is clamped to
 * 1..ES_STANDINGS_PAGE_MAX. O(log n + limit). */
struct es_times_query {
    const char *category;
    int32_t group;
    const char *cursor;
    size_t limit;
};
ES_MUST_CHECK enum es_code es_times_page(struct es_times *t,
                                         const struct es_times_query *q,
                                         struct es_arena *a,
                                         struct es_time_row **rows, size_t *n,
                                         const char **next, struct es_err *e);
/* A person's own row in their category (all ages); ES_ENOENT when they stand
 * in none. */
ES_MUST_CHECK enum es_code es_times_of(struct es_times *t, int64_t person,
                                       struct es_time_row *out,
                                       struct es_err *e);

#endif
