/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the routes of the rules share. */
#ifndef ES_WEB_RULES_INT_H
#define ES_WEB_RULES_INT_H

#include "initiative/rejudge.h"
#include "web/rule_sheet.h"
#include "web/web_int.h"

/* The rules as a form brings them, or as they are kept. */
struct es_rules_form {
    struct es_rules rules;
    int64_t opens_ms, closes_ms; /* ES_NO_TIME: can't be read */
    const char *zone;
};

/* The initiative with the window of a version. */
struct es_initiative es_rules_window(const struct es_initiative *ini,
                                     const struct es_rule_change *c);
/* The sheet of a version. */
ES_MUST_CHECK enum es_code es_rules_sheet_at(const struct es_req *q,
                                             const struct es_initiative *ini,
                                             const struct es_rule_change *c,
                                             const struct es_view_sheet **out,
                                             struct es_err *e);
/* Where a page of the rules stands: "" for the form, "change" ... */
struct es_url es_rules_url(const struct es_req *q, const char *page);
const char *es_rules_path(const struct es_req *q, const char *page);

#endif
