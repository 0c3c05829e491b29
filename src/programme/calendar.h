/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* iCalendar (RFC 5545): events as calendars take them in, with the zones that
 * they name. A file is begun, gets its zones, then its events, and is ended:
 *
 *     es_calendar_begin(b, "Lantern Run");
 *     es_calendar_zones(b, v, n);
 *     for each: es_calendar_event(b, &entry);
 *     es_calendar_end(b);
 *
 * What it holds depends on its events alone, so that the same programme gives
 * the same bytes. */
#ifndef ES_PROGRAMME_CALENDAR_H
#define ES_PROGRAMME_CALENDAR_H

#include "programme/occasion.h"

/* Everything is borrowed; "" is what there isn't. */
struct es_calendar_entry {
    const struct es_occasion *occasion;
    const char *title, *lang; /* BCP 47, of title and description */
    const char *description;  /* plain text */
    const char *place;        /* in one line or several */
    const char *kind;         /* in words */
    const char *url;          /* its page, absolute */
    const char *conference;   /* an online link that everybody may see */
};

/* `name` of the calendar; "" for a file of one event. */
void es_calendar_begin(struct es_buf *b, const char *name);
/* Each zone that is named in v[0..n), once, with its changes of the clocks from
 * before the first to after the last of the events in it. */
void es_calendar_zones(struct es_buf *b, const struct es_occasion *v, size_t n);
void es_calendar_event(struct es_buf *b, const struct es_calendar_entry *c);
void es_calendar_end(struct es_buf *b);

#endif
