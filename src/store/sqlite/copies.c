/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What copies of runs are found by, and which were found. */
#include "store/sqlite/store_int.h"

enum { ROW_MEM = 4096 };

enum es_code es_txn_sketch_put(struct es_txn *tx, int64_t initiative,
                               int64_t run, struct es_bytes marks,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_SKETCH_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(run),
                             es_val_b(marks.p, marks.n)),
                     e);
}

enum es_code es_txn_sketch_drop(struct es_txn *tx, int64_t initiative,
                                int64_t run, struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_SKETCH_DROP,
                  ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_ALIKE_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    return rc;
}

enum es_code es_txn_sketch(struct es_txn *tx, int64_t initiative, int64_t run,
                           struct es_arena *a, struct es_bytes *out,
                           struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_SKETCH,
                     ES_VALS(es_val_i(initiative), es_val_i(run)),
                     &ES_SHAPE_BYTES, a, out, e);
}

/* One row; its bytes go with it. */
static enum es_code one_sketch(struct es_rows *r, es_sketch_fn *fn, void *arg,
                               struct es_err *e)
{
    es_arena_init(r->a, ROW_MEM);
    int64_t run = es_row_i64(r);
    struct es_bytes marks = es_row_bytes(r);
    enum es_code rc = es_rows_check(r, e);
    if (rc == ES_OK)
        rc = fn(run, marks, arg, e);
    es_arena_release(r->a);
    return rc;
}

enum es_code es_store_each_sketch(struct es_store *s, es_sketch_fn *fn,
                                  void *arg, struct es_err *e)
{
    struct es_db *db;
    struct es_rows r;
    struct es_arena a;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_rows_begin(&r, db, ES_Q_EACH_SKETCH, NULL, 0, &a, e);
    if (rc == ES_OK) {
        bool row = false;
        while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row &&
               (rc = one_sketch(&r, fn, arg, e)) == ES_OK)
            ;
        es_rows_end(&r);
    }
    es_readers_give(s, db);
    return rc;
}

enum es_code es_txn_alike_put(struct es_txn *tx, int64_t initiative,
                              int64_t run, int64_t other, struct es_err *e)
{
    return es_db_run(
        tx->db, ES_Q_ALIKE_PUT,
        ES_VALS(es_val_i(initiative), es_val_i(run), es_val_i(other)), e);
}

enum es_code es_store_alike(struct es_store *s, int64_t initiative, int64_t run,
                            struct es_arena *a, int64_t **out, size_t *n,
                            struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_ALIKE,
                                   ES_VALS(es_val_i(initiative), es_val_i(run)),
                                   &ES_SHAPE_ID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}
