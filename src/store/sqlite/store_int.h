/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_STORE_SQLITE_STORE_INT_H
#define ES_STORE_SQLITE_STORE_INT_H

#include "base/limits.h"
#include "store/blob/segments.h"
#include "store/sqlite/records.h"

#include <pthread.h>
#include <stdatomic.h>

/* A caller of es_store_write, asleep on its own stack until `done`. */
struct es_waiting {
    const struct es_write *w;
    struct es_sealed sealed;
    struct es_blob blob;
    enum es_code rc;
    struct es_err err;
    bool done; /* under the queue's lock, like `next` */
    pthread_cond_t wake;
    struct es_waiting *next;
};

struct es_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct es_waiting *head, **tail;
    size_t n, bytes;
    bool closing;
};

struct es_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct es_db db[ES_STORE_READERS];
    struct es_db *idle[ES_STORE_READERS];
    size_t n_idle, n_open;
};

struct es_store {
    char *path;     /* of the database */
    int64_t origin; /* marks our outbox entries */
    struct es_pool readers;
    struct es_queue queue;
    struct es_segments segments; /* appending: the writer thread's */
    struct es_segments apart;    /* the same, for large media */
    struct es_db writer;         /* the writer thread's, once it runs */
    int log_pages;               /* in SQLite's log: the writer thread's */
    pthread_t thread;
    bool running;
    _Atomic uint64_t commits, writes, syncs, blob_bytes;
};

struct es_txn {
    struct es_store *s;
    struct es_db *db;
};

/* The folder, private to us, unless it is there. */
ES_MUST_CHECK enum es_code es_dir_make(const char *dir, struct es_err *e);

/* A reader to have alone until it is given back; opened when all are out. */
ES_MUST_CHECK enum es_code
es_readers_take(struct es_store *s, struct es_db **out, struct es_err *e);
void es_readers_give(struct es_store *s, struct es_db *db);

/* es_db_one, es_db_i64 and es_db_list with a reader of the store's. */
ES_MUST_CHECK enum es_code es_read_one(struct es_store *s, enum es_query q,
                                       const struct es_val *v, size_t n,
                                       const struct es_shape *shape,
                                       struct es_arena *a, void *record,
                                       struct es_err *e);
ES_MUST_CHECK enum es_code es_read_i64(struct es_store *s, enum es_query q,
                                       const struct es_val *v, size_t n,
                                       int64_t *out, struct es_err *e);
ES_MUST_CHECK enum es_code es_read_list(struct es_store *s, enum es_query q,
                                        const struct es_val *v, size_t n,
                                        const struct es_shape *shape,
                                        struct es_arena *a, struct es_list *out,
                                        struct es_err *e);

/* Starts and ends the writer thread. */
ES_MUST_CHECK enum es_code es_writer_start(struct es_store *s,
                                           struct es_err *e);
void es_writer_stop(struct es_store *s);

#endif
