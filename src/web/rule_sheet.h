/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of an initiative in sentences, in the reader's language. */
#ifndef ES_WEB_RULE_SHEET_H
#define ES_WEB_RULE_SHEET_H

#include "initiative/rules.h"
#include "web/views_rules.h"

/* The whole sheet; its window is the initiative's. Strings in `a`; NULL when
 * out of memory. */
const struct es_view_sheet *es_rule_sheet(struct es_reader r,
                                          struct es_arena *a,
                                          const struct es_initiative *ini,
                                          const struct es_rules *rules);
/* The sheet of JSON that the store keeps, with its window. */
ES_MUST_CHECK enum es_code es_rule_sheet_of(struct es_reader r,
                                            struct es_arena *a,
                                            const struct es_initiative *ini,
                                            const struct es_view_sheet **out,
                                            struct es_err *e);
/* The few of them that everybody should know: when, which runs, how much. At
 * most ES_SHEET_SHORT. */
enum { ES_SHEET_SHORT = 4 };
struct es_view_sheet_group es_rule_short(const struct es_view_sheet *s);
/* What one says and the other doesn't: what is gone, then what is new, group
 * by group. False when out of memory. */
bool es_rule_differs(struct es_arena *a, const struct es_view_sheet *was,
                     const struct es_view_sheet *now,
                     const struct es_view_differs **out, size_t *n);

#endif
