/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme of an initiative: its events. In C one is an occasion, as an
 * event is what happens in the app. store.h says what holds for all calls. */
#ifndef ES_STORE_PROGRAMME_H
#define ES_STORE_PROGRAMME_H

#include "store/store.h"

/* Stored numbers: never renumber. */
enum es_occasion_kind {
    ES_OCCASION_CEREMONY = 0,
    ES_OCCASION_MEETING = 1,
    ES_OCCASION_COMMEMORATION = 2,
    ES_OCCASION_SEMINAR = 3,
    ES_OCCASION_EXHIBITION = 4,
    ES_OCCASION_PRESS = 5, /* a press conference */
    ES_OCCASION_OTHER = 6,
    ES_OCCASION_KINDS
};
/* Stored numbers: never renumber. */
enum es_occasion_state {
    ES_OCCASION_DRAFT = 0, /* its staff alone see it */
    ES_OCCASION_PUBLISHED = 1,
    ES_OCCASION_OFF = 2, /* called off: seen as such */
    ES_OCCASION_STATES
};

struct es_occasion {
    int64_t initiative, id;
    int32_t kind, state;
    int64_t starts_ms, ends_ms; /* ends_ms >= starts_ms */
    const char *zone;           /* IANA name */
    const char *lang;           /* BCP 47, of title and body */
    const char *title;
    const char *body; /* JSON: programme/occasion.h */
    int64_t sequence; /* RFC 5545 section 3.8.7.4 */
    int64_t created_ms;
    int64_t edition;   /* that was read, 1.. */
    int64_t edited_by; /* account; 0: the instance */
    int64_t edited_ms;
};

ES_MUST_CHECK enum es_code es_store_occasion(struct es_store *s,
                                             int64_t initiative, int64_t id,
                                             struct es_arena *a,
                                             struct es_occasion *out,
                                             struct es_err *e);

/* Which of them, and in which order. */
enum es_occasions {
    ES_OCCASIONS_NOW,    /* that have begun and aren't over: who began first */
    ES_OCCASIONS_COMING, /* that haven't begun: the next first */
    ES_OCCASIONS_PAST,   /* that are over: who began last first */
    ES_OCCASIONS_ALL     /* who begins first first */
};
struct es_occasions_ask {
    int64_t initiative;
    enum es_occasions which;
    int64_t now_ms;
    bool drafts; /* those, too */
    /* Behind this one, in that order; id 0: from the first. */
    int64_t from_ms, from_id;
    size_t max;
};
ES_MUST_CHECK enum es_code
es_store_occasions(struct es_store *s, const struct es_occasions_ask *ask,
                   struct es_arena *a, struct es_occasion **out, size_t *n,
                   struct es_err *e);
/* How many there are, drafts too. */
ES_MUST_CHECK enum es_code es_store_occasion_count(struct es_store *s,
                                                   int64_t initiative,
                                                   int64_t *out,
                                                   struct es_err *e);

/* ES_EEXIST; ES_EBUSY: the initiative has ES_OCCASIONS_MAX already. */
ES_MUST_CHECK enum es_code es_txn_occasion_add(struct es_txn *tx,
                                               const struct es_occasion *o,
                                               struct es_err *e);
/* All but its created_ms. When it has another edition than o->edition by now,
 * or is gone: ES_ECONFLICT. */
ES_MUST_CHECK enum es_code es_txn_occasion_put(struct es_txn *tx,
                                               const struct es_occasion *o,
                                               struct es_err *e);
/* A draft. ES_ENOENT: there is none of that id. */
ES_MUST_CHECK enum es_code es_txn_occasion_drop(struct es_txn *tx,
                                                int64_t initiative, int64_t id,
                                                struct es_err *e);

#endif
