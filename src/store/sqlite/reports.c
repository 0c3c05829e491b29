/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports, and the log of decisions. */
#include "store/reports.h"

#include "store/sqlite/store_int.h"

static void read_report(struct es_rows *r, void *record)
{
    struct es_report *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->what = es_row_i32(r);
    out->which = es_row_i64(r);
    out->shown = es_row_text(r);
    out->words = es_row_text(r);
    out->mail = es_row_text(r);
    out->lang = es_row_text(r);
    out->at_ms = es_row_i64(r);
    out->state = es_row_i32(r);
}

static void read_decision(struct es_rows *r, void *record)
{
    struct es_decision *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->account = es_row_i64(r);
    out->what = es_row_text(r);
    out->which = es_row_i64(r);
    out->about = es_row_text(r);
    out->why = es_row_text(r);
    out->at_ms = es_row_i64(r);
}

static const struct es_shape REPORT = { sizeof(struct es_report), read_report };
static const struct es_shape DECISION = { sizeof(struct es_decision),
                                          read_decision };

enum es_code es_store_report(struct es_store *s, int64_t initiative, int64_t id,
                             struct es_arena *a, struct es_report *out,
                             struct es_err *e)
{
    return es_read_one(s, ES_Q_REPORT,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &REPORT, a,
                       out, e);
}

enum es_code es_store_reports(struct es_store *s, int32_t state, int64_t before,
                              size_t max, struct es_arena *a,
                              struct es_report **out, size_t *n,
                              struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_REPORTS,
        ES_VALS(es_val_i(state), es_val_below(before), es_val_limit(max)),
        &REPORT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_reports_in(struct es_store *s, int64_t initiative,
                                 int32_t state, int64_t before, size_t max,
                                 struct es_arena *a, struct es_report **out,
                                 size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_REPORTS_IN,
                     ES_VALS(es_val_i(initiative), es_val_i(state),
                             es_val_below(before), es_val_limit(max)),
                     &REPORT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_reports_open(struct es_txn *tx, int64_t initiative,
                                 int32_t what, int64_t which,
                                 struct es_arena *a, struct es_report **out,
                                 size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_db_list(tx->db, ES_Q_REPORTS_SAME,
                   ES_VALS(es_val_i(initiative), es_val_i(what),
                           es_val_i(which), es_val_i(ES_REPORT_OPEN)),
                   &REPORT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_report_add(struct es_txn *tx, const struct es_report *r,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_REPORT_ADD,
                     ES_VALS(es_val_i(r->initiative), es_val_i(r->id),
                             es_val_i(r->what), es_val_i(r->which),
                             es_val_t(r->shown), es_val_t(r->words),
                             es_val_t(r->mail), es_val_t(r->lang),
                             es_val_i(r->at_ms), es_val_i(r->state)),
                     e);
}

enum es_code es_txn_report_state(struct es_txn *tx, int64_t initiative,
                                 int64_t id, int32_t state, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_REPORT_STATE,
        ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(state)), "report",
        e);
}

enum es_code es_txn_decision_add(struct es_txn *tx, const struct es_decision *d,
                                 struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_DECISION_ADD,
                     ES_VALS(es_val_i(d->initiative), es_val_i(d->id),
                             es_val_i(d->account), es_val_t(d->what),
                             es_val_i(d->which), es_val_t(d->about),
                             es_val_t(d->why), es_val_i(d->at_ms)),
                     e);
}

enum es_code es_store_decisions(struct es_store *s, bool all,
                                int64_t initiative, int64_t before, size_t max,
                                struct es_arena *a, struct es_decision **out,
                                size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        all ? es_read_list(s, ES_Q_DECISIONS,
                           ES_VALS(es_val_below(before), es_val_limit(max)),
                           &DECISION, a, &l, e)
            : es_read_list(s, ES_Q_DECISIONS_OF,
                           ES_VALS(es_val_i(initiative), es_val_below(before),
                                   es_val_limit(max)),
                           &DECISION, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_decisions_about(struct es_store *s, int64_t initiative,
                                      int64_t which, int64_t after, size_t max,
                                      struct es_arena *a,
                                      struct es_decision **out, size_t *n,
                                      struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_DECISIONS_ABOUT,
                     ES_VALS(es_val_i(initiative), es_val_i(which),
                             es_val_i(after), es_val_limit(max)),
                     &DECISION, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}
