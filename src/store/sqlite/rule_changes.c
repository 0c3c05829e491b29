/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/rule_changes.h"

#include "store/sqlite/store_int.h"

static void read_change(struct es_rows *r, void *record)
{
    struct es_rule_change *out = record;
    out->initiative = es_row_i64(r);
    out->version = es_row_i32(r);
    out->state = es_row_i32(r);
    out->account = es_row_i64(r);
    out->who = es_row_text(r);
    out->why = es_row_text(r);
    out->at_ms = es_row_i64(r);
    out->ended_ms = es_row_i64(r);
    out->opens_ms = es_row_i64(r);
    out->closes_ms = es_row_i64(r);
    out->zone = es_row_text(r);
    out->rules = es_row_text(r);
    out->after = es_row_i64(r);
    out->tally = es_row_text(r);
}

static void read_share(struct es_rows *r, void *record)
{
    struct es_share_row *out = record;
    out->run = es_row_i64(r);
    out->started_ms = es_row_i64(r);
    out->day = es_row_i64(r);
    out->alone_mm = es_row_i64(r);
    out->counted_mm = es_row_i64(r);
}

static const struct es_shape CHANGE = { sizeof(struct es_rule_change),
                                        read_change };
static const struct es_shape SHARE = { sizeof(struct es_share_row),
                                       read_share };

/* ---- versions ---- */

enum es_code es_store_rule_change(struct es_store *s, int64_t initiative,
                                  int32_t version, struct es_arena *a,
                                  struct es_rule_change *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_RULE_CHANGE,
                       ES_VALS(es_val_i(initiative), es_val_i(version)),
                       &CHANGE, a, out, e);
}

enum es_code es_store_rule_changes(struct es_store *s, int64_t initiative,
                                   size_t max, struct es_arena *a,
                                   struct es_rule_change **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RULE_CHANGES, ES_VALS(es_val_i(initiative), es_val_limit(max)),
        &CHANGE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_rule_changes_open(struct es_store *s, size_t max,
                                        struct es_arena *a,
                                        struct es_rule_change **out, size_t *n,
                                        struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_RULE_CHANGES_OPEN, ES_VALS(es_val_limit(max)),
                     &CHANGE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_rule_change(struct es_txn *tx, int64_t initiative,
                                int32_t version, struct es_arena *a,
                                struct es_rule_change *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_RULE_CHANGE,
                     ES_VALS(es_val_i(initiative), es_val_i(version)), &CHANGE,
                     a, out, e);
}

enum es_code es_txn_rule_change_put(struct es_txn *tx,
                                    const struct es_rule_change *c,
                                    struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_RULE_CHANGE_PUT,
                     ES_VALS(es_val_i(c->initiative), es_val_i(c->version),
                             es_val_i(c->state), es_val_i(c->account),
                             es_val_t(c->who), es_val_t(c->why),
                             es_val_i(c->at_ms), es_val_i(c->ended_ms),
                             es_val_i(c->opens_ms), es_val_i(c->closes_ms),
                             es_val_t(c->zone), es_val_t(c->rules),
                             es_val_i(c->after), es_val_t(c->tally)),
                     e);
}

enum es_code es_txn_rule_change_drop(struct es_txn *tx, int64_t initiative,
                                     int32_t version, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_RULE_CHANGE_DROP,
                        ES_VALS(es_val_i(initiative), es_val_i(version)),
                        "draft of rules", e);
}

enum es_code es_txn_initiative(struct es_txn *tx, int64_t id,
                               struct es_arena *a, struct es_initiative *out,
                               struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_INITIATIVE, ES_VALS(es_val_i(id)),
                     &ES_SHAPE_INITIATIVE, a, out, e);
}

enum es_code es_txn_rules_version(struct es_txn *tx, int64_t initiative,
                                  int64_t *version, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_RULES_VERSION, ES_VALS(es_val_i(initiative)),
                     version, e);
}

/* ---- the runs ---- */

enum es_code es_store_runners_after(struct es_store *s, int64_t initiative,
                                    int64_t after, size_t max,
                                    struct es_arena *a, int64_t **out,
                                    size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RUNNERS_AFTER,
        ES_VALS(es_val_i(initiative), es_val_i(after), es_val_limit(max)),
        &ES_SHAPE_ID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_runners_after(struct es_txn *tx, int64_t initiative,
                                  int64_t after, size_t max, struct es_arena *a,
                                  int64_t **out, size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(
        tx->db, ES_Q_RUNNERS_AFTER,
        ES_VALS(es_val_i(initiative), es_val_i(after), es_val_limit(max)),
        &ES_SHAPE_ID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_runs_count(struct es_store *s, int64_t initiative,
                                 int64_t *n, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_RUNS_COUNT, ES_VALS(es_val_i(initiative)), n, e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_txn_runs_of(struct es_txn *tx, int64_t initiative,
                            int64_t participant, struct es_arena *a,
                            struct es_run **out, size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_db_list(tx->db, ES_Q_RUNS_OF,
                   ES_VALS(es_val_i(initiative), es_val_i(participant),
                           es_val_below(0), es_val_limit(ES_STORE_LIST_MAX)),
                   &ES_SHAPE_RUN, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_run_judged(struct es_txn *tx, const struct es_run *r,
                               struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_RUN_JUDGED,
                        ES_VALS(es_val_i(r->initiative), es_val_i(r->id),
                                es_val_i(r->status), es_val_i(r->counted_mm),
                                es_val_i(r->time_ms),
                                es_val_i(r->rules_version),
                                es_val_b(r->findings.p, r->findings.n)),
                        "run that wasn't withdrawn", e);
}

static enum es_code pictured(struct es_db *db, int64_t initiative, int64_t run,
                             bool *out, struct es_err *e)
{
    int64_t one;
    enum es_code rc =
        es_db_i64(db, ES_Q_RUN_PICTURED,
                  ES_VALS(es_val_i(initiative), es_val_i(run)), &one, e);
    if (rc == ES_OK)
        *out = one != 0;
    return rc;
}

enum es_code es_txn_run_pictured(struct es_txn *tx, int64_t initiative,
                                 int64_t run, bool *out, struct es_err *e)
{
    return pictured(tx->db, initiative, run, out, e);
}

enum es_code es_store_run_pictured(struct es_store *s, int64_t initiative,
                                   int64_t run, bool *out, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = pictured(db, initiative, run, out, e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_txn_shares(struct es_txn *tx, int64_t initiative,
                           int64_t participant, struct es_arena *a,
                           struct es_share_row **out, size_t *n,
                           struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(
        tx->db, ES_Q_SHARES,
        ES_VALS(es_val_i(initiative), es_val_i(participant)), &SHARE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_share_put(struct es_txn *tx, int64_t initiative,
                              int64_t participant, const struct es_share_row *s,
                              struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_SHARE_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_i(s->run), es_val_i(s->started_ms),
                             es_val_i(s->day), es_val_i(s->alone_mm)),
                     e);
}
