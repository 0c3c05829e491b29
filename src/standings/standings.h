/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who stands where, in memory; derived from the store, which is the truth.
 * One es_standings per initiative. Thread-safe: one writer or many readers. */
#ifndef ES_STANDINGS_STANDINGS_H
#define ES_STANDINGS_STANDINGS_H

#include "base/arena.h"
#include "base/err.h"

struct es_standings;

enum es_by { ES_BY_PERSON, ES_BY_TEAM, ES_BY_COUNTRY };
enum es_metric { ES_METRIC_DISTANCE, ES_METRIC_TIME };

/* What the standings need of a person; strings are copied. */
struct es_stander {
    int64_t id;
    int64_t bib;
    const char *name;     /* as shown: already initials when so chosen */
    const char *country;  /* alpha-2 or "" */
    int64_t team;         /* 0 = none */
    const char *category; /* or "" */
    bool hidden;          /* counts in totals, stands nowhere */
};

struct es_standing {
    int64_t rank;    /* ties share it: 1, 1, 3 */
    int64_t id;      /* participant, team; 0 for a country */
    const char *name; /* person's or team's name, country's code */
    int64_t dist_mm, time_ms, runs;
    int64_t bib;     /* persons only, else 0 */
    int64_t members; /* teams and countries: participants in it */
    const char *country;
};

struct es_totals {
    int64_t dist_mm, time_ms, runs, participants;
};

ES_MUST_CHECK enum es_code es_standings_new(struct es_standings **out,
                                            struct es_err *e);
void es_standings_free(struct es_standings *s);

ES_MUST_CHECK enum es_code es_standings_team(struct es_standings *s, int64_t id,
                                             const char *name,
                                             struct es_err *e);
/* A new participant, with nothing run yet. ES_EEXIST. */
ES_MUST_CHECK enum es_code es_standings_join(struct es_standings *s,
                                             const struct es_stander *p,
                                             struct es_err *e);
/* Adds to a person's sums (negative for a correction) and to their team's,
 * country's and the total. ES_ENOENT. Infallible once the person is in. */
enum es_code es_standings_add(struct es_standings *s, int64_t participant,
                              int64_t dist_mm, int64_t time_ms, int64_t runs);

void es_standings_totals(struct es_standings *s, struct es_totals *out);

/* A page in order of the metric (more is first), then of who got there first
 * is not known here, so of id. Persons with nothing run stand nowhere.
 * category "" or NULL = all (persons only). `cursor` NULL or what the page
 * before gave in *next; a cursor is opaque, survives changes between pages
 * (it names metric value and id, not a position) and a forged one is
 * ES_EINVAL. *next is NULL at the end. Rows and strings from `a`. limit is
 * clamped to 1..200. O(log n + limit). */
struct es_standings_query {
    enum es_by by;
    enum es_metric metric;
    const char *category;
    const char *cursor;
    size_t limit;
};
ES_MUST_CHECK enum es_code
es_standings_page(struct es_standings *s, const struct es_standings_query *q,
                  struct es_arena *a, struct es_standing **rows, size_t *n,
                  const char **next, struct es_err *e);

/* A person's own row by distance (rank 0 when hidden or nothing run) and up to
 * `around` neighbours on either side, in order. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_standings_of(struct es_standings *s, int64_t participant, size_t around,
                struct es_arena *a, struct es_standing *self,
                struct es_standing **rows, size_t *n, struct es_err *e);

#endif
