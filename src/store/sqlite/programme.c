/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/programme.h"

#include "store/sqlite/store_int.h"

static void read_occasion(struct es_rows *r, void *record)
{
    struct es_occasion *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->kind = es_row_i32(r);
    out->state = es_row_i32(r);
    out->starts_ms = es_row_i64(r);
    out->ends_ms = es_row_i64(r);
    out->zone = es_row_text(r);
    out->lang = es_row_text(r);
    out->title = es_row_text(r);
    out->body = es_row_text(r);
    out->sequence = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->edition = es_row_i64(r);
    out->edited_by = es_row_i64(r);
    out->edited_ms = es_row_i64(r);
}

static const struct es_shape OCCASION = { sizeof(struct es_occasion),
                                          read_occasion };

enum es_code es_store_occasion(struct es_store *s, int64_t initiative,
                               int64_t id, struct es_arena *a,
                               struct es_occasion *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_OCCASION,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &OCCASION,
                       a, out, e);
}

enum es_code es_store_occasions(struct es_store *s,
                                const struct es_occasions_ask *ask,
                                struct es_arena *a, struct es_occasion **out,
                                size_t *n, struct es_err *e)
{
    static const enum es_query QUERIES[] = {
        [ES_OCCASIONS_NOW] = ES_Q_OCCASIONS_NOW,
        [ES_OCCASIONS_COMING] = ES_Q_OCCASIONS_COMING,
        [ES_OCCASIONS_PAST] = ES_Q_OCCASIONS_PAST,
        [ES_OCCASIONS_ALL] = ES_Q_OCCASIONS_ALL,
    };
    int64_t first = ask->which == ES_OCCASIONS_PAST ? INT64_MAX : INT64_MIN;
    bool from = ask->from_id != 0;
    struct es_list l;
    enum es_code rc = es_read_list(
        s, QUERIES[ask->which],
        ES_VALS(
            es_val_i(ask->initiative),
            es_val_i(ask->drafts ? ES_OCCASION_DRAFT : ES_OCCASION_PUBLISHED),
            es_val_i(ask->now_ms), es_val_i(from ? ask->from_ms : first),
            es_val_i(ask->from_id), es_val_limit(ask->max)),
        &OCCASION, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_occasion_count(struct es_store *s, int64_t initiative,
                                     int64_t *out, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_OCCASION_COUNT, ES_VALS(es_val_i(initiative)), out,
                   e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_txn_occasion_add(struct es_txn *tx, const struct es_occasion *o,
                                 struct es_err *e)
{
    int64_t n;
    enum es_code rc = es_db_i64(tx->db, ES_Q_OCCASION_COUNT,
                                ES_VALS(es_val_i(o->initiative)), &n, e);
    if (rc == ES_OK && n >= ES_OCCASIONS_MAX)
        rc = es_fail(e, ES_EBUSY, 0, "as many events as there may be");
    if (rc != ES_OK)
        return rc;
    return es_db_run(tx->db, ES_Q_OCCASION_ADD,
                     ES_VALS(es_val_i(o->initiative), es_val_i(o->id),
                             es_val_i(o->kind), es_val_i(o->state),
                             es_val_i(o->starts_ms), es_val_i(o->ends_ms),
                             es_val_t(o->zone), es_val_t(o->lang),
                             es_val_t(o->title), es_val_t(o->body),
                             es_val_i(o->sequence), es_val_i(o->created_ms),
                             es_val_i(o->edited_by), es_val_i(o->edited_ms)),
                     e);
}

enum es_code es_txn_occasion_put(struct es_txn *tx, const struct es_occasion *o,
                                 struct es_err *e)
{
    enum es_code rc = es_db_change(
        tx->db, ES_Q_OCCASION_PUT,
        ES_VALS(es_val_i(o->initiative), es_val_i(o->id), es_val_i(o->kind),
                es_val_i(o->state), es_val_i(o->starts_ms),
                es_val_i(o->ends_ms), es_val_t(o->zone), es_val_t(o->lang),
                es_val_t(o->title), es_val_t(o->body), es_val_i(o->sequence),
                es_val_i(o->edited_by), es_val_i(o->edited_ms),
                es_val_i(o->edition)),
        "event", e);
    return rc == ES_ENOENT
               ? es_fail(e, ES_ECONFLICT, 0, "the event has changed")
               : rc;
}

enum es_code es_txn_occasion_drop(struct es_txn *tx, int64_t initiative,
                                  int64_t id, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_OCCASION_DROP,
                        ES_VALS(es_val_i(initiative), es_val_i(id)), "event",
                        e);
}
