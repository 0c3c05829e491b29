/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who stands where, in memory; derived from the store, which is the truth.
 * One es_standings per initiative. Thread-safe: one writer or many readers. */
#ifndef ES_STANDINGS_STANDINGS_H
#define ES_STANDINGS_STANDINGS_H

#include "base/arena.h"
#include "base/err.h"

struct es_standings;

enum es_by { ES_BY_PERSON, ES_BY_TEAM, ES_BY_COUNTRY };
enum es_metric {
    ES_METRIC_DISTANCE,
    ES_METRIC_TIME,
    ES_METRIC_MEAN /* teams and countries: distance for each member */
};

/* What the standings need of a person; strings are copied. */
struct es_stander {
    int64_t id; /* > 0 */
    int64_t bib;
    const char *name;     /* as shown: already initials when so chosen */
    const char *country;  /* alpha-2 in capitals, or "" */
    int64_t team;         /* 0 = none */
    const char *category; /* or ""; a handful of different ones in all */
    bool hidden;          /* counts in totals, stands nowhere */
    bool gone;            /* has left: what was run counts in the totals, and
                             they are nobody's member and no participant */
};

enum { ES_STANDINGS_FROM = 5 }; /* enum es_provenance of track/provenance.h */
struct es_standing {
    int64_t rank;     /* ties share it: 1, 1, 3 */
    int64_t id;       /* participant, team; 0 for a country */
    const char *name; /* person's or team's name, country's code */
    int64_t dist_mm, time_ms, runs;
    int64_t bib;         /* persons only, else 0 */
    int64_t members;     /* teams and countries: participants in it */
    const char *country; /* persons and countries, else "" */
    int64_t from_mm[ES_STANDINGS_FROM]; /* what of dist_mm came how; of the
                                           device's own files: all the rest */
};

struct es_totals {
    int64_t dist_mm, time_ms, runs, participants;
};

/* ES_ENOMEM. The caller frees it, when no other thread uses it any more. */
ES_MUST_CHECK enum es_code es_standings_new(struct es_standings **out,
                                            struct es_err *e);
void es_standings_free(struct es_standings *s); /* NULL is legal */

/* A new team (id > 0), or a new name for one that's there. */
ES_MUST_CHECK enum es_code es_standings_team(struct es_standings *s, int64_t id,
                                             const char *name,
                                             struct es_err *e);
/* A new participant, with nothing run yet. ES_EEXIST; ES_ENOENT when the team
 * isn't known; ES_EINVAL for an id or a country that can't be. */
ES_MUST_CHECK enum es_code es_standings_join(struct es_standings *s,
                                             const struct es_stander *p,
                                             struct es_err *e);
/* The same person as they are now: their sums stay, and go with them to
 * another team, country or category. Who is gone takes them out of team and
 * country and leaves them in the totals alone. ES_ENOENT, ES_EINVAL as for
 * es_standings_join; nothing has changed then. */
ES_MUST_CHECK enum es_code es_standings_change(struct es_standings *s,
                                               const struct es_stander *p,
                                               struct es_err *e);
/* How many members (1..) a team needs to stand in the order by mean, so that
 * one who runs much doesn't make the best team alone. O(teams). */
void es_standings_team_min(struct es_standings *s, int64_t members);
/* Another name for one who is in: as shown. ES_ENOENT, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_standings_rename(struct es_standings *s,
                                               int64_t participant,
                                               const char *name,
                                               struct es_err *e);
/* Adds to a person's sums (negative for a correction) and to their team's,
 * country's and the total. ES_ENOENT. Infallible once the person is in. */
enum es_code es_standings_add(struct es_standings *s, int64_t participant,
                              int64_t dist_mm, int64_t time_ms, int64_t runs);

/* Says of which provenance some of a person's distance is (negative for a
 * correction); it moves nobody. ES_ENOENT. Others than those known are let be.
 */
enum es_code es_standings_from(struct es_standings *s, int64_t participant,
                               int32_t provenance, int64_t dist_mm);

/* Hidden persons and those with nothing run are counted, too. */
void es_standings_totals(struct es_standings *s, struct es_totals *out);

/* A page in order of the metric (more is first), then of who got there first
 * is not known here, so of id (countries: of code). Who has nothing of the
 * metric stands nowhere. By mean only teams and countries stand (ES_EINVAL for
 * persons): teams that have members enough. category "" or NULL = all; another
 * one only with ES_BY_PERSON (ES_EINVAL). `cursor` NULL or what the page before
 * gave in *next; a cursor is opaque, survives changes between pages (it names
 * metric value and id, not a position), so that whoever didn't move meanwhile
 * is on one page exactly; one that was never given out is ES_EINVAL. *next is
 * NULL at the end. Rows and strings from `a` (ES_ENOMEM). limit is clamped to
 * 1..200. O(log n + limit). */
struct es_standings_query {
    enum es_by by;
    enum es_metric metric;
    const char *category;
    const char *cursor;
    size_t limit;
};
#define ES_STANDINGS_PAGE_MAX 200
ES_MUST_CHECK enum es_code
es_standings_page(struct es_standings *s, const struct es_standings_query *q,
                  struct es_arena *a, struct es_standing **rows, size_t *n,
                  const char **next, struct es_err *e);

/* A person's own row by distance, and the rows around it: the person between
 * up to `around` (at most 50) neighbours on either side, in order. Who is
 * hidden or has run nothing has rank 0 and no neighbours (*n = 0). ES_ENOENT,
 * ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_standings_of(struct es_standings *s, int64_t participant, size_t around,
                struct es_arena *a, struct es_standing *self,
                struct es_standing **rows, size_t *n, struct es_err *e);

/* Of these people, those who stand highest by distance, in order, and then
 * those with nothing run, who have rank 0; at most `limit`. Unknown and hidden
 * ones are passed over. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_standings_pick(struct es_standings *s,
                                             const int64_t *people, size_t n,
                                             size_t limit, struct es_arena *a,
                                             struct es_standing **rows,
                                             size_t *n_rows, struct es_err *e);

/* A team's own row by distance and a page of its members, ranked among
 * themselves; hidden ones and those with nothing run stand in no row but count
 * in the sums. Cursor and limit as above. ES_ENOENT, ES_EINVAL, ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_standings_crew(struct es_standings *s, int64_t team, const char *cursor,
                  size_t limit, struct es_arena *a, struct es_standing *self,
                  struct es_standing **rows, size_t *n, const char **next,
                  struct es_err *e);

#endif
