/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words that the operator wants to look at when they stand in a name. Nobody
 * is refused for one: a person joins, and their name waits among the reports
 * until somebody has judged it. */
#ifndef ES_INITIATIVE_WATCHED_H
#define ES_INITIATIVE_WATCHED_H

#include "initiative/app.h"
#include "store/reports.h"

/* One word or phrase a line, at most ES_WATCHED_MAX code points in all, else
 * ES_EINVAL; `by` is the account. That they changed is noted, not to what. */
ES_MUST_CHECK enum es_code es_watched_put(struct es_app *app, int64_t by,
                                          const char *lines, struct es_err *e);
/* As they were put; "" when there are none. */
ES_MUST_CHECK enum es_code es_watched(struct es_app *app, struct es_arena *a,
                                      const char **lines, struct es_err *e);
/* The first of `lines` that a name holds, however it is written (as
 * es_text_look compares; up to three letters: as a word of its own); NULL:
 * none. */
const char *es_watched_in(const char *lines, const char *name,
                          struct es_arena *a);
/* The report about it, in `a`, to be added when *p joins; ES_OK with
 * (*out)->id 0 when no watched word is in the name. */
ES_MUST_CHECK enum es_code
es_watched_report(struct es_app *app, const struct es_participant *p,
                  struct es_arena *a, struct es_report *out, struct es_err *e);

#endif
