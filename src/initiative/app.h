/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands open while the server runs: the store, the decoders, the
 * standings of every initiative. The web, the demo and the command line hold
 * one each; nothing below it is global. */
#ifndef ES_INITIATIVE_APP_H
#define ES_INITIATIVE_APP_H

#include "auth/limit.h"
#include "auth/secret.h"
#include "copies/copies.h"
#include "ingest/ingest.h"
#include "standings/pulse.h"
#include "standings/standings.h"
#include "standings/times.h"
#include "store/store.h"

/* Something that others want to hear of, after it is durable. */
struct es_event {
    int64_t initiative;
    bool arrival; /* a run was accepted; else only the total moved */
    int64_t run;  /* that arrived, or counts no more */
    const char *name, *country; /* of the arrival; name NULL when hidden */
    int64_t counted_mm;
    int32_t provenance; /* enum es_provenance */
    struct es_totals totals;
};
typedef void es_event_fn(void *arg, const struct es_event *ev);

struct es_app {
    struct es_store *store;
    struct es_ingest *ingest; /* NULL where nothing is decoded */
    struct es_render *render; /* NULL where nothing is drawn; set by who opened
                                 both, closed by them */
    struct es_rejudge *rejudge; /* NULL where no runs are judged again; started
                                   and stopped by who opened it */
    struct es_boards *boards;
    struct es_limits *limits;
    struct es_running *running; /* initiative/running.h */
    struct es_desk *desk;       /* initiative/review.h */
    struct es_copies *copies;   /* of all initiatives; marks keep them apart */
    uint8_t key[ES_HASH];  /* the instance's own, made once, kept in meta */
    es_event_fn *on_event; /* called on the writer thread; must be quick */
    void *on_event_arg;
};

/* Makes or reads the instance key and loads the standings. The store and the
 * ingest stay the caller's. */
ES_MUST_CHECK enum es_code es_app_open(struct es_app *app,
                                       struct es_store *store,
                                       struct es_ingest *ingest,
                                       struct es_err *e);
void es_app_close(struct es_app *app); /* zero state legal */

/* The standings of an initiative; NULL when it has none (not there). The
 * pointer stays valid until es_app_close. */
struct es_standings *es_app_standings(struct es_app *app, int64_t initiative);

/* The best times over its categories' distances; NULL as above, and as long. */
struct es_times *es_app_times(struct es_app *app, int64_t initiative);

/* How it goes, for those who hold it; NULL as above, and as long. */
struct es_pulse *es_app_pulse(struct es_app *app, int64_t initiative);

/* On the writer thread: tells the times of a person who is new or another now,
 * or whose runs were judged by other rules. */
void es_app_timed_anew(struct es_app *app, int64_t initiative,
                       int64_t participant);

/* On the writer thread: tells them that the rules are other ones now. */
void es_app_rules_anew(struct es_app *app, const struct es_initiative *ini);

/* What was run on each day since it opened, or the last ES_DAYS_SHOWN up to
 * now_ms or its end, without a gap: accepted runs by the day, in its zone, on
 * which they started. Rows from `a`. */
struct es_day {
    int64_t day_ms; /* its midnight there */
    int64_t dist_mm, runs;
};
enum { ES_DAYS_SHOWN = 366 };
ES_MUST_CHECK enum es_code es_app_days(struct es_app *app,
                                       const struct es_initiative *ini,
                                       int64_t now_ms, struct es_arena *a,
                                       struct es_day **out, size_t *n,
                                       struct es_err *e);

/* Creates or changes an initiative; a new one gets its standings. Slug, title,
 * dates, zone, consents, rules and face are checked (ES_EINVAL or
 * ES_EMALFORMED; e->msg names the field). ES_EEXIST: the slug is another's;
 * ES_ECONFLICT: somebody changed it since this edition was read. */
ES_MUST_CHECK enum es_code es_initiative_check(const struct es_initiative *i,
                                               struct es_err *e);
ES_MUST_CHECK enum es_code es_initiative_save(struct es_app *app,
                                              const struct es_initiative *i,
                                              struct es_err *e);
ES_MUST_CHECK enum es_code es_team_create(struct es_app *app,
                                          int64_t initiative, const char *name,
                                          const char *code, int64_t *id,
                                          struct es_err *e);

#endif
