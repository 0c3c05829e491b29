/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo's world: an initiative for a cause that nobody quarrels about, its
 * teams, its people and what they ran. All of it is made up, and all of it is
 * the same each time but for the day on which it begins. */
#ifndef ES_CLI_DEMO_WORLD_H
#define ES_CLI_DEMO_WORLD_H

#include "base/buf.h"
#include "store/store.h"
#include "track/track.h"

#define ES_DEMO_SLUG "lantern-run"
#define ES_DEMO_FILE_MAX (8u << 20) /* five times the longest run's file */

/* When the initiative opens whose demo starts now: midnight, 30 days ago. */
int64_t es_demo_opens_ms(int64_t now_ms);

/* All but id and created_ms, which are 0, and rules, consents: the rule sheet
 * is initiative/'s. Constant strings. */
void es_demo_initiative(int64_t opens_ms, struct es_initiative *out);
/* As es_initiative.consents has them. */
const char *es_demo_consents(void);
/* What persons choose from, n of them. */
const char *const *es_demo_categories(size_t *n);

struct es_demo_team {
    const char *name, *code;
};
const struct es_demo_team *es_demo_teams(size_t *n);

/* What a person enters to join; constant strings, "" for what isn't given. */
struct es_demo_person {
    const char *display_name, *country, *team_code, *category, *lang;
    const char *birth_year, *visibility;
    const char *consents; /* JSON: purpose to version */
};
size_t es_demo_participants(void);
void es_demo_person(size_t i, struct es_demo_person *out);

/* Whether the person lets others see the shapes of their runs. */
bool es_demo_shows_routes(size_t i);

/* The k-th run of person i, k < es_demo_runs_of(i), in the order of time. The
 * demo begins at now_ms: all of them are over by then, and the last one came in
 * minutes before. */
struct es_demo_run {
    int64_t started_ms, received_ms;
    double dist_m; /* of the path */
    double pace_s_per_km;
    enum es_format format; /* FIT or GPX, turn by turn */
    const char *file_name;
};
size_t es_demo_runs_of(size_t i);
void es_demo_run(size_t i, size_t k, int64_t now_ms, struct es_demo_run *out);
size_t es_demo_runs(void); /* of all */

/* The run as a file, appended to *file, whose max is ES_DEMO_FILE_MAX. The
 * same bytes each time. ES_ENOMEM, ES_ETOOLARGE; then *file is of no use. */
ES_MUST_CHECK enum es_code es_demo_run_file(size_t i, size_t k, int64_t now_ms,
                                            struct es_buf *file,
                                            struct es_err *e);

/* What doesn't go as smoothly: runs typed in, and files that somebody should
 * look at. */
enum es_demo_odd_kind {
    ES_DEMO_TYPED,  /* by hand */
    ES_DEMO_EARLY,  /* run the day before the initiative opened */
    ES_DEMO_DRIVEN, /* the watch stopped at home, after the drive */
    ES_DEMO_COPIED  /* a file that another person has brought */
};
struct es_demo_odd {
    enum es_demo_odd_kind kind;
    bool accepted; /* else it waits for a person, or is refused */
    size_t person; /* whose it is */
    size_t of;     /* COPIED: whose first run it is */
    int64_t started_ms, received_ms;
    double dist_m, elapsed_s;
    const char *note; /* TYPED: what the person says to it */
};
size_t es_demo_odds(void);
void es_demo_odd(size_t j, int64_t now_ms, struct es_demo_odd *out);
/* Its file, likewise; not of one typed in. */
ES_MUST_CHECK enum es_code es_demo_odd_file(size_t j, int64_t now_ms,
                                            struct es_buf *file,
                                            struct es_err *e);

#endif
