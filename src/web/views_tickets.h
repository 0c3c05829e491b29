/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages about registration for an event show. views.h says what holds
 * for all. */
#ifndef ES_WEB_VIEWS_TICKETS_H
#define ES_WEB_VIEWS_TICKETS_H

#include "programme/ticket.h"
#include "web/views_people.h"
#include "web/views_programme.h"

struct es_view_register { /* GET and POST .../{event}/register */
    struct es_view_frame frame;
    struct es_view_event_row row;
    struct es_url action;
    const char *once;
    size_t n_errors;
    bool waits;        /* all places are taken: who registers now waits */
    int64_t left;      /* places; -1: as many as come */
    int64_t closes_ms; /* of registration */
    int64_t keep_until_ms;
    struct es_view_field name, mail, keep;
    const char *affiliation_error; /* NULL: nothing */
    struct es_view_choice choices[ES_TICKET_CHOICES];
    size_t n_choices; /* 1: nothing is asked */
};

struct es_view_ticket { /* GET and POST /ticket/{token} */
    struct es_view_frame frame;
    struct es_view_event_row row;
    struct es_url action;
    const char *name; /* "" once it is erased */
    const char *affiliation;
    const char *code; /* "k7qm2-d9x1h" */
    struct es_view_qr qr;
    int32_t state;   /* enum es_ticket_state */
    int64_t in_line; /* of who waits: 1 is next */
    int64_t came_ms; /* 0: not yet */
    int64_t keep_until_ms;
    bool may_give_back;
    const char *link; /* the whole address of this page; "" not known */
    const char *place, *address;
    struct es_url online, ics;
    const char *online_host;
};

/* ---- the console's ---- */

struct es_view_ticket_group { /* of one affiliation */
    const char *label;
    int64_t placed, waits, back, came;
};
struct es_view_ticket_totals {
    struct es_view_ticket_group groups[ES_TICKET_CHOICES * 2];
    size_t n;
    struct es_view_ticket_group all;
    int64_t most; /* placed, of the largest */
};

struct es_view_ticketing { /* GET and POST .../{event}/registration */
    struct es_view_frame frame;
    struct es_view_event_head head;
    struct es_url action, form, tickets;
    const char *was, *zone;
    size_t n_errors;
    bool kept; /* it was set up before */
    struct es_view_edited open, places, waiting, closes, keep_days, choices;
    const char *closes_date, *closes_time, *closes_error;
    struct es_view_choice built_in[ES_AFFILIATION_PRESS];
    const char *own; /* one a line */
    int64_t placed, waits;
};

struct es_view_ticket_row {
    const char *id;
    const char *name, *mail, *affiliation, *state; /* state "" with a place */
    const char *code;                              /* its last letters */
    int64_t created_ms, came_ms;
    bool back; /* given back */
};
struct es_view_tickets { /* GET .../{event}/tickets and .../print */
    struct es_view_frame frame;
    struct es_view_event_head head;
    struct es_view_event_row row;
    struct es_url self, csv, print, first, next, set_up;
    const char *asked;
    struct es_view_choice shown[5]; /* which of them */
    size_t n_shown;
    struct es_view_ticket_totals totals;
    const struct es_view_ticket_row *rows;
    size_t n;
    const char *zone;
    bool ready; /* registration was set up */
    /* Somebody whom staff registers. */
    size_t n_errors;
    struct es_view_field name;
    struct es_view_choice choices[ES_TICKET_CHOICES];
    size_t n_choices;
    struct es_url link; /* of the ticket just made */
};

/* ---- at the door ---- */

/* What a door says of a ticket. */
enum es_view_at_door {
    ES_DOOR_NOTHING,
    ES_DOOR_WELCOME,
    ES_DOOR_AGAIN, /* shown before */
    ES_DOOR_WAITS, /* on the waiting list */
    ES_DOOR_BACK   /* given back */
};
struct es_view_door {
    const char *name;
    int64_t shown, first, seen_ms;
};
struct es_view_check_in { /* GET and POST .../check-in/{event} */
    struct es_view_frame frame;
    struct es_view_event_row row;
    struct es_url action, list, shown, worker, others;
    const char *event; /* its number */
    int64_t ends_ms;
    struct es_view_field code, door;
    /* What became of the one just shown. */
    enum es_view_at_door said;
    const char *name, *affiliation, *ticket; /* ticket: to be let in all the
                                                same */
    int64_t first_ms; /* when it was shown first, and where */
    const char *first_door;
    const char *asked; /* a name that was looked for */
    const struct es_view_ticket_row *rows;
    size_t n;
    int64_t placed, came;
    const struct es_view_door *doors;
    size_t n_doors;
};
struct es_view_check_ins { /* GET .../check-in */
    struct es_view_frame frame;
    const struct es_view_event_row *rows;
    size_t n;
};

#endif
