/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the handlers of the programme share. */
#ifndef ES_WEB_PROGRAMME_INT_H
#define ES_WEB_PROGRAMME_INT_H

#include "programme/programme.h"
#include "web/views_programme.h"
#include "web/web_int.h"
#include "web/words_programme.h"

/* The event of {event} in the initiative of {slug}. ES_ENOENT: there is none
 * that who asks may see; a draft only those who may edit. */
ES_MUST_CHECK enum es_code es_web_occasion(const struct es_req *q,
                                           const struct es_initiative *ini,
                                           struct es_occasion *o,
                                           struct es_occasion_body *b,
                                           struct es_err *e);
/* Its row in a list. */
struct es_view_event_row es_web_event_row(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          const struct es_occasion *o,
                                          const struct es_occasion_body *b);
/* The address of its page, without a query. */
struct es_url es_web_event_url(const struct es_req *q,
                               const struct es_initiative *ini, int64_t id);
/* The same with the origin, for files that are read elsewhere, in `a`; ""
 * without one. */
const char *es_web_event_address(const struct es_req *q, struct es_arena *a,
                                 const struct es_initiative *ini, int64_t id);
/* schema.org's Event, as JSON whose strings HTML may hold; empty when there is
 * no memory. `image`: absolute, or "". */
struct es_bytes es_web_event_ld(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_occasion *o,
                                const struct es_occasion_body *b,
                                const char *image);
/* An organiser's prose as plain text, at most `max` characters of it. */
const char *es_web_plain(struct es_arena *a, const char *prose, size_t max);

/* "1788000000000-7": behind which event a list goes on. */
bool es_web_event_cursor(const char *s, int64_t *starts_ms, int64_t *id);

extern const struct es_routes ES_ROUTES_PROGRAMME, ES_ROUTES_PROGRAMME_ICS,
    ES_ROUTES_PROGRAMME_CONSOLE, ES_ROUTES_PROGRAMME_EDIT,
    ES_ROUTES_PROGRAMME_PEOPLE;

#endif
