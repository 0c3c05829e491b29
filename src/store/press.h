/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Press releases, and links to what others wrote. store.h says what holds for
 * all calls. */
#ifndef ES_STORE_PRESS_H
#define ES_STORE_PRESS_H

#include "store/store.h"

/* ---- releases ---- */

struct es_release {
    int64_t initiative;
    int64_t id;         /* 1.., given by es_txn_release_add */
    int64_t publish_ms; /* 0: no time is set */
    int64_t created_ms;
};

/* Stored numbers: never renumber. */
enum es_release_state { ES_RELEASE_DRAFT = 0, ES_RELEASE_APPROVED = 1 };

/* A release in one language. */
struct es_release_text {
    int64_t initiative, release;
    const char *lang; /* BCP 47 */
    const char *title, *place;
    const char *body, *notes; /* Markdown (html/markdown.h) */
    const char *contact;
    int32_t state;      /* es_release_state */
    int64_t edition;    /* that was read, 1..; 0: it is new */
    int64_t written_by; /* account: who changed it last */
    int64_t written_ms;
    int64_t approved_by; /* account; 0: nobody */
    int64_t approved_ms;
};

ES_MUST_CHECK enum es_code es_store_release(struct es_store *s,
                                            int64_t initiative, int64_t id,
                                            struct es_release *out,
                                            struct es_err *e);
/* Those that have a text: who lost the last one keeps its number, which no
 * other gets. Newest first, ids below `before` (0: from the newest); at most
 * `max`. */
ES_MUST_CHECK enum es_code es_store_releases(struct es_store *s,
                                             int64_t initiative, int64_t before,
                                             size_t max, struct es_arena *a,
                                             struct es_release **out, size_t *n,
                                             struct es_err *e);
/* Those that everybody may read at `now_ms` in some language: approved, and
 * their time has come. The latest first, from behind (before_ms, before) on;
 * 0 and 0: from the latest. */
ES_MUST_CHECK enum es_code
es_store_releases_public(struct es_store *s, int64_t initiative, int64_t now_ms,
                         int64_t before_ms, int64_t before, size_t max,
                         struct es_arena *a, struct es_release **out, size_t *n,
                         struct es_err *e);
/* In the order of their languages' tags. */
ES_MUST_CHECK enum es_code
es_store_release_texts(struct es_store *s, int64_t initiative, int64_t release,
                       struct es_arena *a, struct es_release_text **out,
                       size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_release_text(struct es_txn *tx, int64_t initiative, int64_t release,
                    const char *lang, struct es_arena *a,
                    struct es_release_text *out, struct es_err *e);

/* Gives the next number of the initiative, into *id. */
ES_MUST_CHECK enum es_code es_txn_release_add(struct es_txn *tx,
                                              const struct es_release *r,
                                              int64_t *id, struct es_err *e);
/* ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_release_time(struct es_txn *tx,
                                               int64_t initiative, int64_t id,
                                               int64_t publish_ms,
                                               struct es_err *e);
/* Adds one (edition 0), or changes the one of that edition, which is the next
 * from then on. ES_ECONFLICT: it has another edition by now, or is there. */
ES_MUST_CHECK enum es_code
es_txn_release_text_put(struct es_txn *tx, const struct es_release_text *t,
                        struct es_err *e);
/* ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_release_text_drop(struct es_txn *tx, int64_t initiative, int64_t release,
                         const char *lang, struct es_err *e);

/* ---- what others wrote ---- */

struct es_coverage {
    int64_t initiative, id;
    int64_t day_ms; /* midnight, UTC, of the day it came out */
    const char *publisher, *title, *url, *lang;
};
/* The latest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_coverage(struct es_store *s,
                                             int64_t initiative, size_t max,
                                             struct es_arena *a,
                                             struct es_coverage **out,
                                             size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_coverage_add(struct es_txn *tx,
                                               const struct es_coverage *c,
                                               struct es_err *e);
/* ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_coverage_drop(struct es_txn *tx,
                                                int64_t initiative, int64_t id,
                                                struct es_err *e);

#endif
