/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs that wait for a person. */
#include "store/steps.h"

#include "store/sqlite/store_int.h"

static void read_queued(struct es_rows *r, void *record)
{
    struct es_queued *q = record;
    q->initiative = es_row_i64(r);
    q->run = es_row_i64(r);
    q->participant = es_row_i64(r);
    q->why = es_row_i32(r);
    q->since_ms = es_row_i64(r);
}

static void read_count(struct es_rows *r, void *record)
{
    struct es_queue_count *c = record;
    c->why = es_row_i32(r);
    c->code = es_row_text(r);
    c->n = es_row_i64(r);
    c->alone = es_row_i64(r);
}

static const struct es_shape QUEUED = { sizeof(struct es_queued), read_queued };
static const struct es_shape COUNT = { sizeof(struct es_queue_count),
                                       read_count };

enum es_code es_txn_queue_put(struct es_txn *tx, const struct es_queued *q,
                              const char *const *codes, size_t n,
                              struct es_err *e)
{
    bool theirs = q->why == ES_QUEUE_WAITING;
    enum es_code rc =
        es_db_run(tx->db, ES_Q_QUEUE_PUT,
                  ES_VALS(es_val_i(q->initiative), es_val_i(q->run),
                          es_val_i(q->participant), es_val_i(q->why),
                          es_val_i(theirs), es_val_i(q->since_ms)),
                  e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_QUEUE_FOR_DROP,
                       ES_VALS(es_val_i(q->initiative), es_val_i(q->run)), e);
    for (size_t i = 0; rc == ES_OK && !theirs && i < n; i++)
        rc = es_db_run(tx->db, ES_Q_QUEUE_FOR_ADD,
                       ES_VALS(es_val_i(q->initiative), es_val_t(codes[i]),
                               es_val_i(q->since_ms), es_val_i(q->run),
                               es_val_i(n == 1)),
                       e);
    return rc;
}

enum es_code es_txn_queue_drop(struct es_txn *tx, int64_t initiative,
                               int64_t run, struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_QUEUE_DROP,
                  ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    return rc == ES_OK
               ? es_db_run(tx->db, ES_Q_QUEUE_FOR_DROP,
                           ES_VALS(es_val_i(initiative), es_val_i(run)), e)
               : rc;
}

enum es_code es_txn_queued(struct es_txn *tx, int64_t initiative, int64_t run,
                           struct es_arena *a, struct es_queued *out,
                           struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_QUEUE_ONE,
                     ES_VALS(es_val_i(initiative), es_val_i(run)), &QUEUED, a,
                     out, e);
}

enum es_code es_store_queued(struct es_store *s, int64_t initiative,
                             int64_t run, struct es_arena *a,
                             struct es_queued *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_QUEUE_ONE,
                       ES_VALS(es_val_i(initiative), es_val_i(run)), &QUEUED, a,
                       out, e);
}

enum es_code es_store_queue(struct es_store *s, const struct es_queue_ask *ask,
                            struct es_arena *a, struct es_queued **out,
                            size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_query q = ask->back ? ES_Q_QUEUE_TURN_BACK : ES_Q_QUEUE_TURN;
    struct es_val v[6] = { es_val_i(ask->initiative), es_val_i(ask->after_ms),
                           es_val_i(ask->after_run), es_val_limit(ask->max) };
    size_t n_vals = 4;
    if (ask->code) {
        q = ask->back ? ES_Q_QUEUE_FOR_BACK : ES_Q_QUEUE_FOR;
        v[n_vals++] = es_val_t(ask->code);
        v[n_vals++] = es_val_i(ask->alone);
    } else if (ask->participant) {
        q = ask->back ? ES_Q_QUEUE_OF_BACK : ES_Q_QUEUE_OF;
        v[n_vals++] = es_val_i(ask->participant);
    } else if (ask->why) {
        q = ask->back ? ES_Q_QUEUE_WHY_BACK : ES_Q_QUEUE_WHY;
        v[n_vals++] = es_val_i(ask->why);
    }
    enum es_code rc = es_read_list(s, q, v, n_vals, &QUEUED, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_queue_counts(struct es_store *s, int64_t initiative,
                                   struct es_arena *a,
                                   struct es_queue_count **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_QUEUE_COUNTS, ES_VALS(es_val_i(initiative)), &COUNT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_queue_unsorted(struct es_store *s, size_t max,
                                     struct es_arena *a, struct es_queued **out,
                                     size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_QUEUE_UNSORTED, ES_VALS(es_val_limit(max)), &QUEUED, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}
