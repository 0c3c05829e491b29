/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/live.h"

#include "store/sqlite/store_int.h"

static void read_report(struct es_rows *r, void *record)
{
    struct es_live_report *out = record;
    out->at_ms = es_row_i64(r);
    out->t_ms = es_row_i64(r);
    out->dist_mm = es_row_i64(r);
}

static const struct es_shape REPORT = { sizeof(struct es_live_report),
                                        read_report };

enum es_code es_store_live_reports(struct es_store *s, int64_t initiative,
                                   int64_t participant, const char *recording,
                                   size_t max, struct es_arena *a,
                                   struct es_live_report **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_LIVE_REPORTS,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_t(recording), es_val_limit(max)),
                     &REPORT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_live_add(struct es_txn *tx, int64_t initiative,
                             int64_t participant, const char *recording,
                             const struct es_live_report *r, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LIVE_ADD,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_t(recording), es_val_i(r->at_ms),
                             es_val_i(r->t_ms), es_val_i(r->dist_mm)),
                     e);
}

enum es_code es_txn_live_forget(struct es_txn *tx, int64_t initiative,
                                int64_t participant, const char *recording,
                                int64_t before_ms, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LIVE_FORGET,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_t(recording ? recording : ""),
                             es_val_i(before_ms)),
                     e);
}
