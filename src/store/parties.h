/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who speaks in public: people, the bodies that they speak for, and groups of
 * either. None of them is a participant. store.h says what holds for all
 * calls; days are "2026-08-25". */
#ifndef ES_STORE_PARTIES_H
#define ES_STORE_PARTIES_H

#include "store/store.h"

/* Stored numbers: never renumber. */
enum es_party_what {
    ES_PARTY_PERSON = 1,
    ES_PARTY_BODY = 2,
    ES_PARTY_GROUP = 3
};
/* Of a body. Stored numbers: never renumber. */
enum es_party_kind {
    ES_PARTY_IS_OTHER = 0,
    ES_PARTY_IS_STATE = 1,      /* head of state, government, ministry */
    ES_PARTY_IS_MISSION = 2,    /* embassy, permanent mission, consulate */
    ES_PARTY_IS_PARLIAMENT = 3, /* or a municipality's council */
    ES_PARTY_IS_BETWEEN = 4,    /* an organisation of states */
    ES_PARTY_IS_CIVIL = 5,      /* association, foundation, network */
    ES_PARTY_IS_SCHOOL = 6,     /* university, school, institute */
    ES_PARTY_IS_MEDIA = 7,
    ES_PARTY_IS_COMPANY = 8,
    ES_PARTY_KINDS
};
struct es_party {
    int64_t initiative, id;
    int32_t what;      /* es_party_what */
    int32_t kind;      /* es_party_kind; 0 of others */
    const char *names; /* JSON: programme/many.h */
    const char *sort_key;
    int64_t portrait; /* media; 0: none */
    int64_t edition;  /* as it was read; 0: it is new */
};

/* An office that a person holds in a body, or a membership in a group. */
struct es_seat {
    int64_t initiative, id;
    int64_t party;         /* who */
    int64_t of;            /* the body or group; 0: an office in none */
    const char *title;     /* JSON: programme/many.h; "[]" for a member */
    const char *country;   /* alpha-2 or "" */
    const char *from, *to; /* days, both included; "" is open */
};

ES_MUST_CHECK enum es_code
es_store_party(struct es_store *s, int64_t initiative, int64_t id,
               struct es_arena *a, struct es_party *out, struct es_err *e);
/* Of one kind in the order of their names, behind (key, id); ("", 0) begins.
 * At most `max`. */
ES_MUST_CHECK enum es_code
es_store_parties(struct es_store *s, int64_t initiative, int32_t what,
                 const char *key, int64_t id, size_t max, struct es_arena *a,
                 struct es_party **out, size_t *n, struct es_err *e);
/* Whether this medium is somebody's portrait. */
ES_MUST_CHECK enum es_code es_store_is_portrait(struct es_store *s,
                                                int64_t initiative,
                                                int64_t media, bool *out,
                                                struct es_err *e);
/* The seats that a party holds or held, the newest first; and those in a body
 * or group. At most `max`. */
ES_MUST_CHECK enum es_code es_store_seats(struct es_store *s,
                                          int64_t initiative, int64_t party,
                                          size_t max, struct es_arena *a,
                                          struct es_seat **out, size_t *n,
                                          struct es_err *e);
ES_MUST_CHECK enum es_code es_store_seats_in(struct es_store *s,
                                             int64_t initiative, int64_t of,
                                             size_t max, struct es_arena *a,
                                             struct es_seat **out, size_t *n,
                                             struct es_err *e);

/* New, or in place of the edition that was read. ES_ECONFLICT: there is another
 * one by now. */
ES_MUST_CHECK enum es_code
es_txn_party_put(struct es_txn *tx, const struct es_party *p, struct es_err *e);
/* With its seats. ES_ECONFLICT: others sit in it, or it has spoken; ES_ENOENT.
 */
ES_MUST_CHECK enum es_code es_txn_party_drop(struct es_txn *tx,
                                             int64_t initiative, int64_t id,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_party_what(struct es_txn *tx,
                                             int64_t initiative, int64_t id,
                                             int32_t *what, struct es_err *e);
/* A new one, or in place of the one of that id. */
ES_MUST_CHECK enum es_code
es_txn_seat_put(struct es_txn *tx, const struct es_seat *t, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_seat_drop(struct es_txn *tx,
                                            int64_t initiative, int64_t id,
                                            struct es_err *e);

#endif
