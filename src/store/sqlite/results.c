/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/results.h"

#include "store/sqlite/store_int.h"

static void read_head(struct es_rows *r, void *record)
{
    struct es_result *out = record;
    *out = (struct es_result){ .initiative = es_row_i64(r) };
    out->version = es_row_i32(r);
    out->account = es_row_i64(r);
    out->why = es_row_text(r);
    out->at_ms = es_row_i64(r);
    es_row_fixed(r, out->sha256, sizeof out->sha256);
}

static void read_whole(struct es_rows *r, void *record)
{
    struct es_result *out = record;
    read_head(r, record);
    out->file = es_row_bytes(r);
}

static const struct es_shape HEAD = { sizeof(struct es_result), read_head };
static const struct es_shape WHOLE = { sizeof(struct es_result), read_whole };

enum es_code es_store_results(struct es_store *s, int64_t initiative,
                              size_t max, struct es_arena *a,
                              struct es_result **out, size_t *n,
                              struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RESULTS, ES_VALS(es_val_i(initiative), es_val_limit(max)),
        &HEAD, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_result(struct es_store *s, int64_t initiative,
                             int32_t version, struct es_arena *a,
                             struct es_result *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_RESULT,
                       ES_VALS(es_val_i(initiative), es_val_i(version)), &WHOLE,
                       a, out, e);
}

static void read_tally(struct es_rows *r, void *record)
{
    struct es_run_tally *out = record;
    out->participant = es_row_i64(r);
    out->status = es_row_i32(r);
    out->n = es_row_i64(r);
}

static const struct es_shape TALLY = { sizeof(struct es_run_tally),
                                       read_tally };

enum es_code es_store_run_tallies(struct es_store *s, int64_t initiative,
                                  int64_t after, int64_t last,
                                  struct es_arena *a, struct es_run_tally **out,
                                  size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RUN_TALLIES,
        ES_VALS(es_val_i(initiative), es_val_i(after), es_val_i(last)), &TALLY,
        a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_result_add(struct es_txn *tx, const struct es_result *r,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_RESULT_ADD,
                     ES_VALS(es_val_i(r->initiative), es_val_i(r->version),
                             es_val_i(r->account), es_val_t(r->why),
                             es_val_i(r->at_ms),
                             es_val_b(r->sha256, sizeof r->sha256),
                             es_val_b(r->file.p, r->file.n)),
                     e);
}

enum es_code es_txn_not_final(struct es_txn *tx, int64_t initiative,
                              struct es_err *e)
{
    int64_t state;
    enum es_code rc =
        es_db_i64(tx->db, ES_Q_STATE, ES_VALS(es_val_i(initiative)), &state, e);
    if (rc == ES_OK && state == ES_INI_FINAL)
        return es_fail(e, ES_EDENIED, 0, "the results are final");
    return rc;
}

enum es_code es_txn_state_put(struct es_txn *tx, int64_t initiative,
                              int32_t state, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_STATE_PUT,
                        ES_VALS(es_val_i(initiative), es_val_i(state)),
                        "initiative", e);
}
