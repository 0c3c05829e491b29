/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/pictures.h"

#include "store/sqlite/store_int.h"

/* Between two neighbours: so often may one be put between others before they
 * are all spread anew. */
static const int64_t GAP = INT64_C(1) << 20;

static void read_exhibition(struct es_rows *r, void *record)
{
    struct es_exhibition *out = record;
    out->initiative = es_row_i64(r);
    out->occasion = es_row_i64(r);
    out->lang = es_row_text(r);
    out->title = es_row_text(r);
    out->about = es_row_text(r);
    out->edition = es_row_i64(r);
    out->edited_by = es_row_i64(r);
    out->edited_ms = es_row_i64(r);
}

static void read_picture(struct es_rows *r, void *record)
{
    struct es_picture *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->state = es_row_i32(r);
    out->rank = es_row_i64(r);
    out->bytes = es_row_i64(r);
    out->width = es_row_i32(r);
    out->height = es_row_i32(r);
    out->licence = es_row_i32(r);
    out->name = es_row_text(r);
    out->alt = es_row_text(r);
    out->caption = es_row_text(r);
    out->credit = es_row_text(r);
    out->taken = es_row_text(r);
    out->place = es_row_text(r);
    out->warning = es_row_text(r);
    out->created_ms = es_row_i64(r);
    out->edition = es_row_i64(r);
    out->edited_by = es_row_i64(r);
    out->edited_ms = es_row_i64(r);
}

static void read_sum(struct es_rows *r, void *record)
{
    struct es_pictures_sum *out = record;
    out->n = es_row_i64(r);
    out->shown = es_row_i64(r);
    out->bytes = es_row_i64(r);
}

static const struct es_shape EXHIBITION = { sizeof(struct es_exhibition),
                                            read_exhibition };
static const struct es_shape PICTURE = { sizeof(struct es_picture),
                                         read_picture };
static const struct es_shape SUM = { sizeof(struct es_pictures_sum), read_sum };

/* ---- reading ---- */

enum es_code es_store_exhibition(struct es_store *s, int64_t initiative,
                                 struct es_arena *a, struct es_exhibition *out,
                                 struct es_err *e)
{
    return es_read_one(s, ES_Q_EXHIBITION, ES_VALS(es_val_i(initiative)),
                       &EXHIBITION, a, out, e);
}

enum es_code es_store_picture(struct es_store *s, int64_t initiative,
                              int64_t id, struct es_arena *a,
                              struct es_picture *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_PICTURE,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &PICTURE, a,
                       out, e);
}

enum es_code es_store_pictures(struct es_store *s,
                               const struct es_pictures_ask *ask,
                               struct es_arena *a, struct es_picture **out,
                               size_t *n, struct es_err *e)
{
    static const enum es_query QUERIES[2][2] = {
        { ES_Q_PICTURES_SHOWN, ES_Q_PICTURES_SHOWN_BACK },
        { ES_Q_PICTURES, ES_Q_PICTURES_BACK },
    };
    int64_t from = ask->backwards && ask->from == 0 ? INT64_MAX : ask->from;
    struct es_list l;
    enum es_code rc =
        es_read_list(s, QUERIES[ask->drafts][ask->backwards],
                     ES_VALS(es_val_i(ask->initiative), es_val_i(from),
                             es_val_limit(ask->max)),
                     &PICTURE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_picture_lacking(struct es_store *s, int64_t initiative,
                                      int64_t from, struct es_arena *a,
                                      struct es_picture *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_PICTURE_LACKING,
                       ES_VALS(es_val_i(initiative), es_val_i(from)), &PICTURE,
                       a, out, e);
}

enum es_code es_store_pictures_sum(struct es_store *s, int64_t initiative,
                                   struct es_pictures_sum *out,
                                   struct es_err *e)
{
    return es_read_one(s, ES_Q_PICTURES_SUM, ES_VALS(es_val_i(initiative)),
                       &SUM, NULL, out, e);
}

enum es_code es_store_picture_place(struct es_store *s, int64_t initiative,
                                    int64_t rank, int64_t *out,
                                    struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_PICTURE_PLACE,
                   ES_VALS(es_val_i(initiative), es_val_i(rank)), out, e);
    es_readers_give(s, db);
    return rc;
}

/* ---- writing ---- */

enum es_code es_txn_exhibition_put(struct es_txn *tx,
                                   const struct es_exhibition *x,
                                   struct es_err *e)
{
    enum es_code rc =
        es_db_change(tx->db, ES_Q_EXHIBITION_PUT,
                     ES_VALS(es_val_i(x->initiative), es_val_i(x->occasion),
                             es_val_t(x->lang), es_val_t(x->title),
                             es_val_t(x->about), es_val_i(x->edited_by),
                             es_val_i(x->edited_ms), es_val_i(x->edition)),
                     "exhibition", e);
    return rc == ES_ENOENT
               ? es_fail(e, ES_ECONFLICT, 0, "the exhibition has changed")
               : rc;
}

/* The greatest rank below that one; 0: none. */
static enum es_code below(struct es_txn *tx, int64_t initiative, int64_t rank,
                          int64_t *out, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_PICTURE_LAST,
                     ES_VALS(es_val_i(initiative), es_val_i(rank)), out, e);
}

enum es_code es_txn_picture_add(struct es_txn *tx, const struct es_picture *p,
                                struct es_err *e)
{
    struct es_pictures_sum sum;
    int64_t last = 0;
    enum es_code rc =
        es_db_one(tx->db, ES_Q_PICTURES_SUM, ES_VALS(es_val_i(p->initiative)),
                  &SUM, NULL, &sum, e);
    if (rc == ES_OK &&
        (sum.n >= ES_PICTURES_MAX || sum.bytes > ES_PICTURES_QUOTA - p->bytes))
        rc = es_fail(e, ES_ECONFLICT, 0, "the exhibition is full");
    if (rc == ES_OK)
        rc = below(tx, p->initiative, INT64_MAX, &last, e);
    if (rc != ES_OK)
        return rc;
    return es_db_run(
        tx->db, ES_Q_PICTURE_ADD,
        ES_VALS(es_val_i(p->initiative), es_val_i(p->id), es_val_i(p->state),
                es_val_i(last + GAP), es_val_i(p->bytes), es_val_i(p->width),
                es_val_i(p->height), es_val_i(p->licence), es_val_t(p->name),
                es_val_t(p->alt), es_val_t(p->caption), es_val_t(p->credit),
                es_val_t(p->taken), es_val_t(p->place), es_val_t(p->warning),
                es_val_i(p->created_ms), es_val_i(p->edited_by),
                es_val_i(p->edited_ms)),
        e);
}

enum es_code es_txn_picture_put(struct es_txn *tx, const struct es_picture *p,
                                struct es_err *e)
{
    enum es_code rc = es_db_change(
        tx->db, ES_Q_PICTURE_PUT,
        ES_VALS(es_val_i(p->initiative), es_val_i(p->id), es_val_i(p->state),
                es_val_i(p->licence), es_val_t(p->alt), es_val_t(p->caption),
                es_val_t(p->credit), es_val_t(p->taken), es_val_t(p->place),
                es_val_t(p->warning), es_val_i(p->edited_by),
                es_val_i(p->edited_ms), es_val_i(p->edition)),
        "picture", e);
    return rc == ES_ENOENT
               ? es_fail(e, ES_ECONFLICT, 0, "the picture has changed")
               : rc;
}

/* The rank of one; ES_ENOENT. */
static enum es_code rank_of(struct es_txn *tx, int64_t initiative, int64_t id,
                            int64_t *out, struct es_err *e)
{
    struct es_arena a;
    struct es_picture p;
    es_arena_init(&a, ES_FRAME_MAX);
    enum es_code rc = es_db_one(tx->db, ES_Q_PICTURE,
                                ES_VALS(es_val_i(initiative), es_val_i(id)),
                                &PICTURE, &a, &p, e);
    if (rc == ES_OK)
        *out = p.rank;
    es_arena_release(&a);
    return rc;
}

static enum es_code spread(struct es_txn *tx, int64_t initiative,
                           struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_PICTURES_SPREAD,
                  ES_VALS(es_val_i(initiative), es_val_i(GAP)), e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_PICTURES_SPREAD_UP,
                       ES_VALS(es_val_i(initiative)), e);
    return rc;
}

/* A rank nobody has, just before `before`; 0: there is none. */
static enum es_code room_before(struct es_txn *tx, int64_t initiative,
                                int64_t before, int64_t *out, struct es_err *e)
{
    int64_t high = 0;
    int64_t low = 0;
    enum es_code rc =
        before ? rank_of(tx, initiative, before, &high, e) : ES_OK;
    if (rc == ES_OK)
        rc = below(tx, initiative, before ? high : INT64_MAX, &low, e);
    if (rc != ES_OK)
        return rc;
    if (!before)
        high = low + 2 * GAP;
    *out = high - low > 1 ? low + (high - low) / 2 : 0;
    return ES_OK;
}

enum es_code es_txn_picture_move(struct es_txn *tx, int64_t initiative,
                                 int64_t id, int64_t before, struct es_err *e)
{
    int64_t rank = 0;
    if (before == id)
        return ES_OK;
    enum es_code rc = room_before(tx, initiative, before, &rank, e);
    if (rc == ES_OK && rank == 0)
        rc = spread(tx, initiative, e);
    if (rc == ES_OK && rank == 0)
        rc = room_before(tx, initiative, before, &rank, e);
    if (rc != ES_OK)
        return rc;
    return es_db_change(
        tx->db, ES_Q_PICTURE_RANK,
        ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(rank)), "picture",
        e);
}

enum es_code es_txn_picture_drop(struct es_txn *tx, int64_t initiative,
                                 int64_t id, struct es_err *e)
{
    enum es_code rc =
        es_db_change(tx->db, ES_Q_PICTURE_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), "picture", e);
    if (rc != ES_OK)
        return rc;
    rc = es_txn_media_drop(tx, initiative, id, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}
