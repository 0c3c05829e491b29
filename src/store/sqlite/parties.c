/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/parties.h"

#include "store/sqlite/store_int.h"

static void read_party(struct es_rows *r, void *record)
{
    struct es_party *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->what = es_row_i32(r);
    out->kind = es_row_i32(r);
    out->names = es_row_text(r);
    out->sort_key = es_row_text(r);
    out->portrait = es_row_i64(r);
    out->edition = es_row_i64(r);
}

static void read_seat(struct es_rows *r, void *record)
{
    struct es_seat *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->party = es_row_i64(r);
    out->of = es_row_i64(r);
    out->title = es_row_text(r);
    out->country = es_row_text(r);
    out->from = es_row_text(r);
    out->to = es_row_text(r);
}

static const struct es_shape PARTY = { sizeof(struct es_party), read_party };
static const struct es_shape SEAT = { sizeof(struct es_seat), read_seat };

enum es_code es_store_party(struct es_store *s, int64_t initiative, int64_t id,
                            struct es_arena *a, struct es_party *out,
                            struct es_err *e)
{
    return es_read_one(s, ES_Q_PARTY,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &PARTY, a,
                       out, e);
}

enum es_code es_store_parties(struct es_store *s, int64_t initiative,
                              int32_t what, const char *key, int64_t id,
                              size_t max, struct es_arena *a,
                              struct es_party **out, size_t *n,
                              struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_PARTIES,
                     ES_VALS(es_val_i(initiative), es_val_i(what),
                             es_val_t(key), es_val_i(id), es_val_limit(max)),
                     &PARTY, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_is_portrait(struct es_store *s, int64_t initiative,
                                  int64_t media, bool *out, struct es_err *e)
{
    struct es_db *db;
    int64_t is = 0;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_PORTRAIT,
                   ES_VALS(es_val_i(initiative), es_val_i(media)), &is, e);
    es_readers_give(s, db);
    *out = is != 0;
    return rc;
}

static enum es_code seats(struct es_store *s, enum es_query q,
                          int64_t initiative, int64_t id, size_t max,
                          struct es_arena *a, struct es_list *l,
                          struct es_err *e)
{
    return es_read_list(
        s, q, ES_VALS(es_val_i(initiative), es_val_i(id), es_val_limit(max)),
        &SEAT, a, l, e);
}

enum es_code es_store_seats(struct es_store *s, int64_t initiative,
                            int64_t party, size_t max, struct es_arena *a,
                            struct es_seat **out, size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = seats(s, ES_Q_SEATS, initiative, party, max, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_seats_in(struct es_store *s, int64_t initiative,
                               int64_t of, size_t max, struct es_arena *a,
                               struct es_seat **out, size_t *n,
                               struct es_err *e)
{
    struct es_list l;
    enum es_code rc = seats(s, ES_Q_SEATS_IN, initiative, of, max, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_party_put(struct es_txn *tx, const struct es_party *p,
                              struct es_err *e)
{
    enum es_code rc = es_db_change(
        tx->db, p->edition ? ES_Q_PARTY_PUT : ES_Q_PARTY_ADD,
        (const struct es_val[]){ es_val_i(p->initiative), es_val_i(p->id),
                                 es_val_i(p->what), es_val_i(p->kind),
                                 es_val_t(p->names), es_val_t(p->sort_key),
                                 es_val_i(p->portrait), es_val_i(p->edition) },
        p->edition ? 8 : 7, "party", e);
    return rc == ES_ENOENT ? es_fail(e, ES_ECONFLICT, 0, "changed meanwhile")
                           : rc;
}

enum es_code es_txn_party_what(struct es_txn *tx, int64_t initiative,
                               int64_t id, int32_t *what, struct es_err *e)
{
    int64_t v;
    enum es_code rc =
        es_db_i64(tx->db, ES_Q_PARTY_WHAT,
                  ES_VALS(es_val_i(initiative), es_val_i(id)), &v, e);
    if (rc == ES_OK)
        *what = (int32_t)v;
    return rc;
}

enum es_code es_txn_party_drop(struct es_txn *tx, int64_t initiative,
                               int64_t id, struct es_err *e)
{
    int64_t used = 0;
    enum es_code rc =
        es_db_i64(tx->db, ES_Q_PARTY_USED,
                  ES_VALS(es_val_i(initiative), es_val_i(id)), &used, e);
    if (rc == ES_OK && used)
        rc = es_fail(e, ES_ECONFLICT, 0, "others name it");
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_PARTY_SEATS_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    return rc == ES_OK
               ? es_db_change(tx->db, ES_Q_PARTY_DROP,
                              ES_VALS(es_val_i(initiative), es_val_i(id)),
                              "party", e)
               : rc;
}

enum es_code es_txn_seat_put(struct es_txn *tx, const struct es_seat *t,
                             struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_SEAT_PUT,
                     ES_VALS(es_val_i(t->initiative), es_val_i(t->id),
                             es_val_i(t->party), es_val_i(t->of),
                             es_val_t(t->title), es_val_t(t->country),
                             es_val_t(t->from), es_val_t(t->to)),
                     e);
}

enum es_code es_txn_seat_drop(struct es_txn *tx, int64_t initiative, int64_t id,
                              struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_SEAT_DROP,
                        ES_VALS(es_val_i(initiative), es_val_i(id)), "seat", e);
}
