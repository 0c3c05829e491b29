/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registration for an event: who gets a place, who waits for one, what a ticket
 * is known by, who came. */
#ifndef ES_PROGRAMME_TICKET_H
#define ES_PROGRAMME_TICKET_H

#include "initiative/registration.h"
#include "store/programme.h"
#include "store/tickets.h"

/* ---- what a ticket is known by ---- */

/* Its code, as it is shown and typed at the door: 45 bits that this instance
 * alone can make of the ticket's id, in Crockford's alphabet, and a character
 * that shows when one is wrong or two stand the wrong way round. */
enum { ES_TICKET_CODE = 11 };
void es_ticket_code(const uint8_t key[ES_HASH], int64_t initiative, int64_t id,
                    char out[ES_TICKET_CODE]);
/* What somebody typed or a camera read, with spaces and hyphens, in any case,
 * as a code. False: it was mistyped; *out is untouched then. */
bool es_ticket_code_read(const char *typed, char out[ES_TICKET_CODE]);
/* "k7qm2-d9x1h" */
const char *es_ticket_code_told(struct es_arena *a,
                                const char code[ES_TICKET_CODE]);
/* What is kept of it (es_ticket.code). */
void es_ticket_code_hash(int64_t occasion, const char code[ES_TICKET_CODE],
                         uint8_t out[ES_HASH]);

/* What stands behind "/ticket/" in its holder's link, which shows the ticket
 * and gives it back. NULL without memory. */
const char *es_ticket_token(const uint8_t key[ES_HASH], int64_t initiative,
                            int64_t id, struct es_arena *a);
/* False: none of ours. */
bool es_ticket_token_of(const uint8_t key[ES_HASH], const char *token,
                        int64_t *initiative, int64_t *id);

/* ---- what is asked ---- */

/* Whom somebody comes as. Stored numbers: never renumber. The first have their
 * names in the catalogues, an event's own are written by its organiser. */
enum es_affiliation {
    ES_AFFILIATION_STUDENT = 1,
    ES_AFFILIATION_SCIENTIST = 2,
    ES_AFFILIATION_EXPERT = 3,
    ES_AFFILIATION_GUEST = 4,
    ES_AFFILIATION_PRESS = 5,
    ES_AFFILIATION_OWN = 16 /* and above */
};
struct es_ticket_choice {
    int32_t id;
    const char *name; /* "" below ES_AFFILIATION_OWN */
};
struct es_ticket_choices {
    struct es_ticket_choice v[ES_TICKET_CHOICES];
    size_t n; /* at least 1 */
};
/* The five that have names. */
struct es_ticket_choices es_ticket_choices_default(void);
/* From es_ticketing.choices; strings in `a`. ES_EMALFORMED names the member;
 * ES_ENOMEM. *out is untouched then. */
ES_MUST_CHECK enum es_code es_ticket_choices_read(const char *json,
                                                  struct es_arena *a,
                                                  struct es_ticket_choices *out,
                                                  struct es_err *e);
void es_ticket_choices_write(const struct es_ticket_choices *c,
                             struct es_buf *out);
bool es_ticket_choices_have(const struct es_ticket_choices *c, int32_t id);

/* What an event has, or what a new one gets: closed, as many as come, kept for
 * ES_TICKETING_KEEP_DAYS. */
enum { ES_TICKETING_KEEP_DAYS = 90 };
ES_MUST_CHECK enum es_code
es_ticketing_of(struct es_app *app, int64_t initiative, int64_t occasion,
                struct es_arena *a, struct es_ticketing *out,
                struct es_ticket_choices *choices, struct es_err *e);

/* What somebody who comes now meets. */
enum es_ticketing_now {
    ES_TICKETING_NONE, /* nobody registers for it */
    ES_TICKETING_OPEN,
    ES_TICKETING_LIST, /* all places are taken; there is a list */
    ES_TICKETING_FULL,
    ES_TICKETING_CLOSED /* its time is over, or the event called off */
};
enum es_ticketing_now es_ticketing_now(const struct es_ticketing *t,
                                       const struct es_occasion *o,
                                       int64_t now_ms);
/* When nobody may register any more. */
int64_t es_ticketing_closes(const struct es_ticketing *t,
                            const struct es_occasion *o);

/* Keeps how people register, under the names of a form's fields: places,
 * closes, keep_days, choices; who waits gets the places that are new. ES_EINVAL
 * with *fe; ES_ECONFLICT: somebody changed it since t->edition was read. *rose
 * (may be NULL): how many have a place now. */
ES_MUST_CHECK enum es_code
es_ticketing_save(struct es_app *app, struct es_ticketing *t,
                  const struct es_occasion *o,
                  const struct es_ticket_choices *choices, struct es_arena *a,
                  size_t *rose, struct es_field_errors *fe, struct es_err *e);

/* ---- registering ---- */

/* What was entered, as it came; NULL is the same as "". */
struct es_ticket_ask {
    const char *name, *mail, *affiliation, *lang;
    const char *keep; /* "1": they agree that it is kept until then */
    const char *once; /* that this form alone has: the same again, from a slow
                         phone or a second press, is the same ticket */
    bool by_staff;    /* of an event's staff, who may also when it is closed */
};
/* A place or one on the list of those who wait (es_ticket.state), durable when
 * it returns ES_OK. ES_EINVAL with *fe (name, mail, affiliation, keep);
 * ES_EDENIED: nobody may register now; ES_ETOOLARGE: all is taken. */
ES_MUST_CHECK enum es_code
es_ticket_take(struct es_app *app, const struct es_occasion *o,
               const struct es_ticket_ask *in, struct es_arena *a,
               struct es_ticket *out, struct es_field_errors *fe,
               struct es_err *e);
/* Its place goes to who waits longest, until the event is over. ES_ECONFLICT:
 * it was given back before. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_ticket_back(struct es_app *app,
                                          const struct es_occasion *o,
                                          int64_t id, struct es_err *e);
/* Erases names and addresses whose time is over; *n: of how many. */
ES_MUST_CHECK enum es_code es_tickets_erase(struct es_app *app, int64_t now_ms,
                                            size_t *n, struct es_err *e);

/* ---- at the doors ---- */

/* What a door tells of: a code that it was shown, and when. */
struct es_door_shown {
    int64_t ticket;
    int64_t at_ms;
    bool known; /* filled: it is a ticket of this event */
};
/* Keeps all of them, and that the door (its name, its account) told of them.
 * The same told again, late, or by several doors in any order comes to the
 * same: who came first counts, the others are kept beside. At most
 * ES_TICKETS_TOLD. ES_ETOOLARGE: too many, or too many doors. */
ES_MUST_CHECK enum es_code es_tickets_shown(struct es_app *app,
                                            const struct es_ticket_door *door,
                                            struct es_door_shown *v, size_t n,
                                            struct es_err *e);

#endif
