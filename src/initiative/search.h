/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding people by name or bib. Only what the public sees is searched: who is
 * hidden is never found, who shows initials by those. */
#ifndef ES_INITIATIVE_SEARCH_H
#define ES_INITIATIVE_SEARCH_H

#include "initiative/app.h"

/* The people who have, for each word of `text`, a word in their name that
 * begins so, or whose bib it is; highest placed first, at most `max`. *more:
 * there may be others. Rows from `a`. A text without a letter or digit finds
 * nobody. ES_EINVAL beyond ES_QUERY_MAX. */
ES_MUST_CHECK enum es_code es_search(struct es_app *app, int64_t initiative,
                                     const char *text, size_t max,
                                     struct es_arena *a,
                                     struct es_standing **rows, size_t *n,
                                     bool *more, struct es_err *e);

/* The same for people of staff: whole names, whoever is shown how; also those
 * who wait for a place. In no particular order; strings in `a`. */
ES_MUST_CHECK enum es_code
es_search_people(struct es_app *app, int64_t initiative, const char *text,
                 size_t max, struct es_arena *a, struct es_participant **rows,
                 size_t *n, bool *more, struct es_err *e);

#endif
