/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words that the operator wants to look at when they stand in a name. Nobody
 * is refused for one: a person joins, and their name waits among the reports
 * until somebody has judged it. The words: own_text.h, ES_TEXT_WATCHED. */
#ifndef ES_INITIATIVE_WATCHED_H
#define ES_INITIATIVE_WATCHED_H

#include "initiative/app.h"
#include "store/reports.h"

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
