/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registration for an event of the programme: how many places there are, who
 * has one, who waits, who came through which door. store.h says what holds for
 * all calls. */
#ifndef ES_STORE_TICKETS_H
#define ES_STORE_TICKETS_H

#include "store/store.h"

/* ---- what there is to register for ---- */

struct es_ticketing {
    int64_t initiative, occasion;
    bool open;             /* whether people may register */
    int64_t places;        /* 0: as many as come */
    bool waiting;          /* whether there is a list for who comes later */
    int64_t closes_ms;     /* 0: when the event ends */
    int64_t keep_days;     /* after its end, until names are erased */
    const char *choices;   /* JSON: programme/ticket.h */
    int64_t placed, waits; /* tickets; the calls below keep them */
    int64_t edition;       /* that was read, 1..; 0: it isn't kept yet */
    int64_t edited_by;     /* account; 0: the instance */
    int64_t edited_ms;
};

/* ES_ENOENT: nobody has set it up. */
ES_MUST_CHECK enum es_code
es_store_ticketing(struct es_store *s, int64_t initiative, int64_t occasion,
                   struct es_arena *a, struct es_ticketing *out,
                   struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_ticketing(struct es_txn *tx, int64_t initiative, int64_t occasion,
                 struct es_arena *a, struct es_ticketing *out,
                 struct es_err *e);
/* All but placed and waits. ES_ECONFLICT: it has another edition by now. */
ES_MUST_CHECK enum es_code es_txn_ticketing_put(struct es_txn *tx,
                                                const struct es_ticketing *t,
                                                struct es_err *e);

/* ---- tickets ---- */

/* Stored numbers: never renumber. */
enum es_ticket_state {
    ES_TICKET_PLACED = 0,
    ES_TICKET_WAITS = 1,
    ES_TICKET_BACK = 2, /* given back */
    ES_TICKET_STATES
};

struct es_ticket {
    int64_t initiative, id, occasion;
    int32_t state;
    int32_t affiliation; /* which of the event's choices */
    const char *name;    /* "" once it is erased */
    const char *words;   /* of the name, as they are searched: " ada king " */
    const char *mail;    /* "" for none */
    const char *lang;
    uint8_t code[32]; /* hash of what is shown at the door */
    uint8_t once[32]; /* of the form that it came with */
    int64_t created_ms;
    int64_t placed_ms; /* 0: no place yet */
    int64_t ended_ms;  /* given back; 0: no */
    int64_t keep_until_ms;
    int64_t came_ms; /* first shown at a door; 0: not yet */
    int64_t came_door;
};

ES_MUST_CHECK enum es_code
es_store_ticket(struct es_store *s, int64_t initiative, int64_t id,
                struct es_arena *a, struct es_ticket *out, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_ticket_by_code(struct es_store *s, int64_t initiative,
                        int64_t occasion, const uint8_t code[32],
                        struct es_arena *a, struct es_ticket *out,
                        struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_ticket(struct es_txn *tx, int64_t initiative,
                                         int64_t id, struct es_arena *a,
                                         struct es_ticket *out,
                                         struct es_err *e);
/* The one that came with this form. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_ticket_once(struct es_txn *tx, int64_t initiative, int64_t occasion,
                   const uint8_t once[32], struct es_arena *a,
                   struct es_ticket *out, struct es_err *e);
/* How many wait before this one, which waits. */
ES_MUST_CHECK enum es_code es_store_tickets_before(struct es_store *s,
                                                   int64_t initiative,
                                                   int64_t occasion, int64_t id,
                                                   int64_t *out,
                                                   struct es_err *e);

/* Gives it the next place, or one on the waiting list, into t->state and
 * t->placed_ms: this transaction decides who gets the last. ES_ETOOLARGE:
 * neither is left. ES_ENOENT: nothing to register for. */
ES_MUST_CHECK enum es_code
es_txn_ticket_add(struct es_txn *tx, struct es_ticket *t, struct es_err *e);
/* Its place is free from then on. ES_ECONFLICT: it was given back already. */
ES_MUST_CHECK enum es_code es_txn_ticket_back(struct es_txn *tx,
                                              int64_t initiative, int64_t id,
                                              int64_t now_ms, struct es_err *e);
/* Who waits longest gets a place that is free: *id. ES_ENOENT: no place, or
 * nobody waits. */
ES_MUST_CHECK enum es_code es_txn_ticket_rise(struct es_txn *tx,
                                              int64_t initiative,
                                              int64_t occasion, int64_t now_ms,
                                              int64_t *id, struct es_err *e);
/* Names and mail addresses of at most `max` whose time to be kept is over;
 * *n: of how many. */
ES_MUST_CHECK enum es_code es_txn_tickets_erase(struct es_txn *tx,
                                                int64_t now_ms, size_t max,
                                                size_t *n, struct es_err *e);

/* Which of an event's, in the order of ids. */
struct es_tickets_ask {
    int64_t initiative, occasion;
    int32_t state;       /* -1: all but those given back */
    int32_t affiliation; /* 0: all */
    int32_t came;        /* 1: who came, 0: who didn't, -1: both */
    const char *word;    /* that one of the name's begins with; "" for all */
    int64_t after;       /* ids above it */
    size_t max;
};
ES_MUST_CHECK enum es_code es_store_tickets(struct es_store *s,
                                            const struct es_tickets_ask *ask,
                                            struct es_arena *a,
                                            struct es_ticket **out, size_t *n,
                                            struct es_err *e);
/* How many there are of each affiliation and state, and who of them came. */
struct es_ticket_count {
    int32_t affiliation, state;
    int64_t n, came;
};
ES_MUST_CHECK enum es_code
es_store_ticket_counts(struct es_store *s, int64_t initiative, int64_t occasion,
                       struct es_arena *a, struct es_ticket_count **out,
                       size_t *n, struct es_err *e);

/* ---- at the doors ---- */

struct es_ticket_shown {
    int64_t initiative, occasion, ticket;
    int64_t at_ms; /* by the door's clock */
    int64_t door;
    int64_t got_ms; /* when we heard of it */
};
/* Keeps that a ticket was shown; the same again changes nothing, and the order
 * in which doors tell of it makes no difference. ES_ENOENT: no such ticket of
 * this event. */
ES_MUST_CHECK enum es_code es_txn_ticket_shown(struct es_txn *tx,
                                               const struct es_ticket_shown *v,
                                               struct es_err *e);
/* Each time that a ticket was shown, the first first; at most `max`. */
ES_MUST_CHECK enum es_code
es_store_ticket_shows(struct es_store *s, int64_t initiative, int64_t occasion,
                      int64_t ticket, size_t max, struct es_arena *a,
                      struct es_ticket_shown **out, size_t *n,
                      struct es_err *e);

struct es_ticket_door {
    int64_t initiative, occasion, id;
    const char *name;
    int64_t account;
    int64_t seen_ms;
    int64_t shown, first; /* tickets; of them for the first time anywhere */
};
/* Inserts, or its new name, account and seen_ms. ES_ETOOLARGE: there are
 * ES_TICKET_DOORS. */
ES_MUST_CHECK enum es_code
es_txn_ticket_door_put(struct es_txn *tx, const struct es_ticket_door *d,
                       struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_ticket_doors(struct es_store *s, int64_t initiative, int64_t occasion,
                      struct es_arena *a, struct es_ticket_door **out,
                      size_t *n, struct es_err *e);

#endif
