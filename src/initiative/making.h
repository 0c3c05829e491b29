/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A new initiative, from one short form. */
#ifndef ES_INITIATIVE_MAKING_H
#define ES_INITIATIVE_MAKING_H

#include "initiative/accounts.h"

/* Whether a slug can be one: 1 to ES_NAME_MAX of a-z, 0-9 and "-" within. */
bool es_slug_ok(const char *slug);
/* Whether it is this initiative's (0: nobody's), also from earlier. */
ES_MUST_CHECK enum es_code es_slug_free(struct es_app *app, const char *slug,
                                        int64_t initiative, bool *is_free,
                                        struct es_err *e);
/* A free one that comes close to `wish`, which is one or "": with the year,
 * then with a number. In `a`. */
ES_MUST_CHECK enum es_code es_slug_suggest(struct es_app *app, const char *wish,
                                           int year, struct es_arena *a,
                                           const char **out, struct es_err *e);

/* As it came, but dates and goal, which the form has read. */
struct es_making {
    const char *title, *slug, *holder; /* slug "": from the title */
    const char *lang, *zone;
    int64_t opens_ms, closes_ms; /* ES_NO_TIME: errors are told already */
    int64_t goal_mm;
    int64_t by; /* account; its owner from now on */
};
/* What of it can't be: the errors in *fe. Fills what follows from the rest:
 * the slug. *suggested is a free slug where that one is taken, else "". */
ES_MUST_CHECK enum es_code
es_making_check(struct es_app *app, struct es_making *m, struct es_arena *a,
                const char **suggested, struct es_field_errors *fe,
                struct es_err *e);
/* The initiative as it would be, a draft, in `a`. */
ES_MUST_CHECK enum es_code es_making_draft(const struct es_making *m,
                                           struct es_arena *a,
                                           struct es_initiative *out,
                                           struct es_err *e);
/* Makes it. ES_EINVAL with *fe; ES_EDENIED: the account has as many as it
 * may; ES_EEXIST: the slug was taken meanwhile. */
ES_MUST_CHECK enum es_code es_make(struct es_app *app, struct es_making *m,
                                   struct es_arena *a,
                                   struct es_initiative *out,
                                   struct es_field_errors *fe,
                                   struct es_err *e);
/* How many more this account may make. */
ES_MUST_CHECK enum es_code es_making_left(struct es_app *app, int64_t account,
                                          struct es_arena *a, int64_t *left,
                                          struct es_err *e);

#endif
