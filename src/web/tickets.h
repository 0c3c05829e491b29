/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the handlers of tickets share. */
#ifndef ES_WEB_TICKETS_H
#define ES_WEB_TICKETS_H

#include "web/programme_int.h"
#include "web/views_tickets.h"

/* Whom somebody comes as, in the reader's language; as the organiser wrote it
 * where it is their own; "" for none of the choices. */
const char *es_words_affiliation(const struct es_lang *l,
                                 const struct es_ticket_choices *c, int32_t id);
/* "waits for a place"; "" for one that has one. */
const char *es_words_ticket_state(const struct es_lang *l, int32_t state);

/* The words looked for as they are kept: "ada ki". */
const char *es_web_ticket_words(const struct es_req *q, const char *asked);

/* The choices as a form offers them; `chosen` as it came. Their number. */
size_t es_web_ticket_choices(const struct es_req *q,
                             const struct es_ticket_choices *c,
                             const char *chosen,
                             struct es_view_choice out[ES_TICKET_CHOICES]);
/* "/ticket/..."; not offered without memory. */
struct es_url es_web_ticket_url(const struct es_req *q, int64_t initiative,
                                int64_t id);
/* What its holder shows at the door, as it is told. */
const char *es_web_ticket_code(const struct es_req *q,
                               const struct es_ticket *t);
/* The button of an event's page; not offered where nobody may register. */
ES_MUST_CHECK enum es_code
es_web_event_register(const struct es_req *q, const struct es_initiative *ini,
                      const struct es_occasion *o, struct es_view_event *v,
                      struct es_err *e);

extern const struct es_routes ES_ROUTES_TICKETS, ES_ROUTES_TICKETING,
    ES_ROUTES_TICKET_LIST, ES_ROUTES_CHECK_IN;

#endif
