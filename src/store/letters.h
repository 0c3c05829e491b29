/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages to participants: which there are, what became of each, who wants
 * none. store.h says what holds for all calls. */
#ifndef ES_STORE_LETTERS_H
#define ES_STORE_LETTERS_H

#include "store/store.h"

/* Stored numbers: never renumber. */
enum es_letter_kind {
    ES_LETTER_JOINED = 1,
    ES_LETTER_ACCEPTED = 2, /* these four: by a person, about a run */
    ES_LETTER_REFUSED = 3,
    ES_LETTER_QUESTION = 4,
    ES_LETTER_APPEAL = 5,
    ES_LETTER_OPENS = 6,  /* to all who agreed */
    ES_LETTER_CLOSES = 7, /* of them, to who has no run */
    ES_LETTER_FINAL = 8,
    ES_LETTER_PLACED = 9, /* who waited has a place */
    ES_LETTER_KINDS = 10,
    /* To who reported something: no participant's, and not the initiative's
     * to turn off, to add to or to see. */
    ES_LETTER_REPORT = 20,
    /* To a participant's guardian; not the initiative's to turn off, for
     * nobody sees the name before. */
    ES_LETTER_GUARDIAN = 21
};
/* Stored numbers: never renumber. */
enum es_letter_state {
    ES_LETTER_WAITS = 0,
    ES_LETTER_SENT = 1,     /* the next server has taken it */
    ES_LETTER_GIVEN_UP = 2, /* its time ran out */
    ES_LETTER_REFUSED_FOR_GOOD = 3,
    ES_LETTER_NEEDLESS = 4, /* when its turn came nobody was to get it */
    ES_LETTER_STATES = 5
};

struct es_letter {
    int64_t id, initiative;
    int64_t participant; /* of ES_LETTER_REPORT: the report */
    int32_t kind;
    int64_t about; /* which event of that kind, such as the decision; 0: there
                      is one only */
    int64_t run;   /* 0: none */
    int32_t state, tries;
    int64_t next_ms; /* not tried before */
    int64_t expires_ms, created_ms;
    int32_t fault; /* of the last try, notify/smtp.h; 0: none */
    int32_t code;  /* what the server answered; 0: nothing */
};
/* The one of this person, kind and `about` that is there already stays. */
ES_MUST_CHECK enum es_code es_txn_letter_add(struct es_txn *tx,
                                             const struct es_letter *l,
                                             struct es_err *e);
/* Those that wait and are due, who waits longest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_letters_due(struct es_store *s,
                                                int64_t now_ms, size_t max,
                                                struct es_arena *a,
                                                struct es_letter **out,
                                                size_t *n, struct es_err *e);
/* Notes that a try begins, and when the next may. ES_ENOENT: it waits no more,
 * or somebody else has begun one since it was read. */
ES_MUST_CHECK enum es_code es_txn_letter_try(struct es_txn *tx, int64_t id,
                                             int32_t tries, int64_t next_ms,
                                             struct es_err *e);
/* What came of it; with ES_LETTER_WAITS it goes on to wait. */
ES_MUST_CHECK enum es_code es_txn_letter_end(struct es_txn *tx, int64_t id,
                                             int32_t state, int32_t fault,
                                             int32_t code, struct es_err *e);
/* Lets one (0: all) that was refused, given up or put off be tried at once,
 * until expires_ms at least; its person's address counts as good again. */
ES_MUST_CHECK enum es_code
es_txn_letter_again(struct es_txn *tx, int64_t initiative, int64_t id,
                    int64_t now_ms, int64_t expires_ms, struct es_err *e);
/* Those to participants that didn't get through, or not yet, with ids below
 * `before` (0: from the newest); at most `max`. */
ES_MUST_CHECK enum es_code
es_store_letters_failed(struct es_store *s, int64_t initiative, int64_t before,
                        size_t max, struct es_arena *a, struct es_letter **out,
                        size_t *n, struct es_err *e);
/* The newest of a kind to one participant or report. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_store_letter_to(struct es_store *s, int64_t initiative, int64_t to,
                   int32_t kind, struct es_letter *out, struct es_err *e);
struct es_letter_counts {
    int64_t n[ES_LETTER_KINDS][ES_LETTER_STATES];
};
ES_MUST_CHECK enum es_code es_store_letter_counts(struct es_store *s,
                                                  int64_t initiative,
                                                  struct es_letter_counts *out,
                                                  struct es_err *e);

/* ---- what an initiative sends ---- */

struct es_letter_set {
    bool on;
    int32_t days; /* of a reminder: so many before */
};
/* Indexed by kind. As it comes: all but the reminders, which are 3 days. */
ES_MUST_CHECK enum es_code
es_store_letter_sets(struct es_store *s, int64_t initiative,
                     struct es_letter_set out[ES_LETTER_KINDS],
                     struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_letter_set_put(struct es_txn *tx, int64_t initiative, int32_t kind,
                      const struct es_letter_set *l, struct es_err *e);
/* What the organiser adds; "" for nothing. In `a`. */
ES_MUST_CHECK enum es_code
es_store_letter_words(struct es_store *s, int64_t initiative, int32_t kind,
                      const char *lang, struct es_arena *a, const char **out,
                      struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_letter_words(struct es_txn *tx, int64_t initiative, int32_t kind,
                    const char *lang, struct es_arena *a, const char **out,
                    struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_letter_words_put(struct es_txn *tx, int64_t initiative, int32_t kind,
                        const char *lang, const char *words, struct es_err *e);

/* Initiatives that are published or later and end after since_ms. */
ES_MUST_CHECK enum es_code
es_store_letters_where(struct es_store *s, int64_t since_ms, struct es_arena *a,
                       int64_t **out, size_t *n, struct es_err *e);
/* How far a message to everybody is written; nobody yet: 0 and false. */
struct es_letter_round {
    int64_t after; /* a participant */
    bool done;
};
ES_MUST_CHECK enum es_code
es_store_letter_round(struct es_store *s, int64_t initiative, int32_t kind,
                      struct es_letter_round *out, struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_letter_round_put(struct es_txn *tx, int64_t initiative, int32_t kind,
                        const struct es_letter_round *r, struct es_err *e);

/* ---- what came of writing to somebody ---- */

struct es_mail_state {
    int64_t stopped_ms;      /* they want only what is necessary; 0: no */
    int64_t refused_ms;      /* 0: no server has refused their address */
    struct es_bytes refused; /* es_store_hash of it */
    int32_t code;            /* what it was refused with */
};
/* Nothing known is all 0. */
ES_MUST_CHECK enum es_code
es_store_mail_state(struct es_store *s, int64_t initiative, int64_t participant,
                    struct es_arena *a, struct es_mail_state *out,
                    struct es_err *e);
/* Whether it says that this address takes no mail. */
bool es_mail_refused(const struct es_mail_state *m, const char *address);
/* stopped_ms 0: they want all again. */
ES_MUST_CHECK enum es_code
es_txn_mail_stop(struct es_txn *tx, int64_t initiative, int64_t participant,
                 int64_t stopped_ms, struct es_err *e);
/* The address was refused for good; refused_ms 0: it was not. */
ES_MUST_CHECK enum es_code
es_txn_mail_refuse(struct es_txn *tx, int64_t initiative, int64_t participant,
                   const char *address, int32_t code, int64_t refused_ms,
                   struct es_err *e);

/* ---- a test, by somebody of staff, to themselves ---- */

struct es_mail_test {
    int64_t account;
    const char *address, *lang;
    int64_t asked_ms, done_ms; /* done 0: not yet */
    int32_t fault, code;
    const char *said; /* the server's own words, or "" */
};
/* The last of an account. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_store_mail_test(struct es_store *s, int64_t account, struct es_arena *a,
                   struct es_mail_test *out, struct es_err *e);
/* Not done and asked for after since_ms, the oldest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_mail_tests(struct es_store *s,
                                               int64_t since_ms, size_t max,
                                               struct es_arena *a,
                                               struct es_mail_test **out,
                                               size_t *n, struct es_err *e);
/* In place of the account's last one. */
ES_MUST_CHECK enum es_code es_txn_mail_test_put(struct es_txn *tx,
                                                const struct es_mail_test *t,
                                                struct es_err *e);

#endif
