/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody enters about themselves, made safe and held against what the
 * initiative asks for; when they join and whenever they change it. Inside
 * initiative/ only. */
#ifndef ES_INITIATIVE_ENTRY_H
#define ES_INITIATIVE_ENTRY_H

#include "initiative/registration.h"
#include "initiative/reserved.h"
#include "initiative/rules.h"
#include "initiative/settings.h"

struct es_entry {
    struct es_app *app;
    const struct es_initiative *ini;
    const struct es_rules *rules;
    const struct es_settings *asked;
    const struct es_join *in;
    const struct es_participant *was; /* who changes something; NULL: is new */
    const struct es_reserved *reserved; /* NULL: looked up here */
    int64_t now_ms;
    struct es_arena *a;
    struct es_field_errors *errors;
    struct es_participant *p; /* out; only ids, bib, state are left alone */
};
/* Fills n->p and adds to n->errors what must be mended. */
ES_MUST_CHECK enum es_code es_entry_check(struct es_entry *n, struct es_err *e);

#endif
