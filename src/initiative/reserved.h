/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names that would be taken for somebody else's word: the staff's, the
 * holder's, a team's. */
#ifndef ES_INITIATIVE_RESERVED_H
#define ES_INITIATIVE_RESERVED_H

#include "initiative/app.h"

/* Whether `name` looks like a word for the staff ("Admin", with letters of any
 * script), in each of our languages; or as if it belonged to `ini`: its title,
 * its holder, its teams; or is like that of an account of staff other than
 * `own` (0: none). Sets *is; errors of the store. */
ES_MUST_CHECK enum es_code es_name_reserved(struct es_app *app,
                                            const struct es_initiative *ini,
                                            int64_t own, const char *name,
                                            struct es_arena *a, bool *is,
                                            struct es_err *e);

/* The same for many names: what they are held against, read once. In the
 * arena that it was loaded into. */
struct es_reserved {
    const char **looks;
    size_t n;
};
ES_MUST_CHECK enum es_code es_reserved_load(struct es_app *app,
                                            const struct es_initiative *ini,
                                            int64_t own, struct es_arena *a,
                                            struct es_reserved *out,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code es_reserved_is(const struct es_reserved *r,
                                          const char *name, struct es_arena *a,
                                          bool *is, struct es_err *e);

#endif
