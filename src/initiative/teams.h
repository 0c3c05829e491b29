/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Teams: made by organisers or by those who run, led by a captain. Whoever
 * calls has seen to it that the one who asks may. */
#ifndef ES_INITIATIVE_TEAMS_H
#define ES_INITIATIVE_TEAMS_H

#include "initiative/registration.h"

/* What of a team is to be. */
struct es_team_want {
    const char *name;
    bool open;
    bool new_code;   /* the old one works no more */
    int64_t captain; /* a member; 0: none */
};

/* A new team with a code of its own. With a captain it is theirs, and they are
 * in it from then on. ES_EINVAL with errors at `name`; ES_ETOOLARGE: there are
 * ES_TEAMS_MAX already. */
ES_MUST_CHECK enum es_code es_team_make(struct es_app *app,
                                        const struct es_initiative *ini,
                                        const struct es_team_want *want,
                                        struct es_arena *a, struct es_team *out,
                                        struct es_field_errors *errors,
                                        struct es_err *e);

/* Another name, code, captain. `by`: the captain who asks, 0: staff.
 * ES_EDENIED: they aren't captain (any more); ES_ENOENT; ES_EINVAL with errors
 * at `name` and `captain` (who is no member). */
ES_MUST_CHECK enum es_code
es_team_change(struct es_app *app, const struct es_initiative *ini,
               int64_t team, int64_t by, const struct es_team_want *want,
               struct es_arena *a, struct es_team *out,
               struct es_field_errors *errors, struct es_err *e);

#endif
