/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What reading a list and registering it share. Inside initiative/ only. */
#ifndef ES_INITIATIVE_GROUP_INT_H
#define ES_INITIATIVE_GROUP_INT_H

#include "initiative/entry.h"
#include "initiative/group.h"

struct es_group_check {
    struct es_app *app;
    const struct es_initiative *ini;
    const struct es_group_ask *ask;
    struct es_settings settings;
    struct es_rules rules;
    struct es_reserved reserved;
    const char *consents;  /* those without which nobody takes part */
    const char *name;      /* of the group, as it is kept... */
    const char *key;       /* ...and compared */
    struct es_group group; /* id 0: there is none of this name yet */
    int64_t now_ms;
};
/* ES_EINVAL with `errors` at `name`. All in the arena. */
ES_MUST_CHECK enum es_code es_group_begin(struct es_group_check *c,
                                          struct es_arena *a,
                                          struct es_field_errors *errors,
                                          struct es_err *e);
/* The row that a line is to be, in `a`; errors as those of who registers. */
ES_MUST_CHECK enum es_code
es_group_entry(const struct es_group_check *c, const struct es_group_line *l,
               struct es_arena *a, struct es_participant *p,
               struct es_field_errors *errors, struct es_err *e);

#endif
