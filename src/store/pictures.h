/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The exhibition of an initiative: its pictures in their order. store.h says
 * what holds for all calls. */
#ifndef ES_STORE_PICTURES_H
#define ES_STORE_PICTURES_H

#include "store/store.h"

/* What stands above the pictures. */
struct es_exhibition {
    int64_t initiative;
    int64_t occasion; /* the event at which it is shown; 0: none */
    const char *lang; /* BCP 47, of all its words, its pictures' too */
    const char *title, *about;
    int64_t edition;   /* that was read, 1..; 0: there is none yet */
    int64_t edited_by; /* account; 0: the instance */
    int64_t edited_ms;
};
/* ES_ENOENT: nothing has been said above them. */
ES_MUST_CHECK enum es_code
es_store_exhibition(struct es_store *s, int64_t initiative, struct es_arena *a,
                    struct es_exhibition *out, struct es_err *e);
/* ES_ECONFLICT: it has another edition than x->edition by now. */
ES_MUST_CHECK enum es_code es_txn_exhibition_put(struct es_txn *tx,
                                                 const struct es_exhibition *x,
                                                 struct es_err *e);

/* Stored numbers: never renumber. */
enum es_picture_state {
    ES_PICTURE_DRAFT = 0, /* its staff alone see it */
    ES_PICTURE_SHOWN = 1,
    ES_PICTURE_STATES
};
/* Stored numbers: never renumber. */
enum es_licence {
    ES_LICENCE_RESERVED = 0, /* all rights */
    ES_LICENCE_BY = 1,       /* Creative Commons 4.0, as are the next three */
    ES_LICENCE_BY_SA = 2,
    ES_LICENCE_BY_NC = 3,
    ES_LICENCE_BY_NC_ND = 4,
    ES_LICENCE_ZERO = 5,   /* CC0 1.0 */
    ES_LICENCE_PUBLIC = 6, /* nobody's: the public domain */
    ES_LICENCES
};

struct es_picture {
    int64_t initiative;
    int64_t id; /* also of the medium that is its largest size */
    int32_t state;
    int64_t rank;  /* its place in the order; no two have the same */
    int64_t bytes; /* of all its sizes */
    int32_t width, height;
    int32_t licence;
    const char *name; /* of the file */
    const char *alt, *caption, *credit, *taken, *place, *warning;
    int64_t created_ms;
    int64_t edition;   /* that was read, 1.. */
    int64_t edited_by; /* account; 0: the instance */
    int64_t edited_ms;
};

ES_MUST_CHECK enum es_code
es_store_picture(struct es_store *s, int64_t initiative, int64_t id,
                 struct es_arena *a, struct es_picture *out, struct es_err *e);

/* Those behind one rank, the nearest first; or those before it. */
struct es_pictures_ask {
    int64_t initiative;
    bool drafts;    /* those, too */
    bool backwards; /* before `from`, the nearest first */
    int64_t from;   /* a rank; 0: from the first, backwards from the last */
    size_t max;
};
ES_MUST_CHECK enum es_code es_store_pictures(struct es_store *s,
                                             const struct es_pictures_ask *ask,
                                             struct es_arena *a,
                                             struct es_picture **out, size_t *n,
                                             struct es_err *e);
/* The first behind rank `from` that has no description yet, or isn't shown.
 * ES_ENOENT: there is none. */
ES_MUST_CHECK enum es_code
es_store_picture_lacking(struct es_store *s, int64_t initiative, int64_t from,
                         struct es_arena *a, struct es_picture *out,
                         struct es_err *e);

struct es_pictures_sum {
    int64_t n, shown, bytes;
};
ES_MUST_CHECK enum es_code es_store_pictures_sum(struct es_store *s,
                                                 int64_t initiative,
                                                 struct es_pictures_sum *out,
                                                 struct es_err *e);
/* The how-manieth of those shown the one at `rank` is, 1... */
ES_MUST_CHECK enum es_code es_store_picture_place(struct es_store *s,
                                                  int64_t initiative,
                                                  int64_t rank, int64_t *out,
                                                  struct es_err *e);

/* Behind all others, whatever p->rank says. ES_EEXIST; ES_ECONFLICT: there are
 * ES_PICTURES_MAX, or they would have more than ES_PICTURES_QUOTA bytes. */
ES_MUST_CHECK enum es_code es_txn_picture_add(struct es_txn *tx,
                                              const struct es_picture *p,
                                              struct es_err *e);
/* Its state, licence and words. ES_ECONFLICT: it has another edition than
 * p->edition by now, or is gone. */
ES_MUST_CHECK enum es_code es_txn_picture_put(struct es_txn *tx,
                                              const struct es_picture *p,
                                              struct es_err *e);
/* To before another, or (0) behind all. ES_ENOENT: one of both is gone. */
ES_MUST_CHECK enum es_code es_txn_picture_move(struct es_txn *tx,
                                               int64_t initiative, int64_t id,
                                               int64_t before,
                                               struct es_err *e);
/* With all its sizes. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_picture_drop(struct es_txn *tx,
                                               int64_t initiative, int64_t id,
                                               struct es_err *e);

#endif
