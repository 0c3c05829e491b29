/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Large media in pieces, and pictures kept as evidence of a run. */
#include "store/media.h"

#include "store/sqlite/store_int.h"

#include <errno.h>
#include <sodium.h>
#include <sys/statvfs.h>

struct piece_row {
    int64_t start;
    struct es_blob blob;
};

static void read_bytes_of(struct es_rows *r, struct es_blob *b)
{
    b->segment = es_row_i64(r);
    b->offset = es_row_i64(r);
    b->length = es_row_i64(r);
    es_row_fixed(r, b->key, sizeof b->key);
    es_row_fixed(r, b->hash, sizeof b->hash);
}

static void read_upload(struct es_rows *r, void *record)
{
    struct es_media_upload *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->account = es_row_i64(r);
    out->kind = es_row_text(r);
    out->type = es_row_text(r);
    out->name = es_row_text(r);
    out->length = es_row_i64(r);
    out->received = es_row_i64(r);
    out->pieces = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->touched_ms = es_row_i64(r);
}

static void read_piece(struct es_rows *r, void *record)
{
    struct piece_row *out = record;
    out->start = es_row_i64(r);
    read_bytes_of(r, &out->blob);
}

static void read_evidence(struct es_rows *r, void *record)
{
    struct es_evidence *out = record;
    out->initiative = es_row_i64(r);
    out->run = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->width = es_row_i32(r);
    out->height = es_row_i32(r);
    read_bytes_of(r, &out->blob);
}

static const struct es_shape UPLOAD = { sizeof(struct es_media_upload),
                                        read_upload };
static const struct es_shape PIECE = { sizeof(struct piece_row), read_piece };
static const struct es_shape EVIDENCE = { sizeof(struct es_evidence),
                                          read_evidence };

/* ---- reading ---- */

enum es_code es_store_media_sizes(struct es_store *s, int64_t initiative,
                                  int64_t id, struct es_arena *a,
                                  struct es_media **out, size_t *n,
                                  struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_MEDIA_SIZES,
                                   ES_VALS(es_val_i(initiative), es_val_i(id)),
                                   &ES_SHAPE_MEDIA, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_media_bytes(struct es_store *s, int64_t initiative,
                                  int64_t *bytes, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_MEDIA_BYTES, ES_VALS(es_val_i(initiative)), bytes,
                   e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_store_media_upload(struct es_store *s, int64_t initiative,
                                   int64_t id, struct es_arena *a,
                                   struct es_media_upload *out,
                                   struct es_err *e)
{
    return es_read_one(s, ES_Q_MEDIA_UPLOAD,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &UPLOAD, a,
                       out, e);
}

enum es_code es_store_media_uploads(struct es_store *s, int64_t initiative,
                                    int64_t before_ms, size_t max,
                                    struct es_arena *a,
                                    struct es_media_upload **out, size_t *n,
                                    struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_MEDIA_UPLOADS,
        ES_VALS(es_val_i(initiative), es_val_i(before_ms), es_val_limit(max)),
        &UPLOAD, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_media_piece(struct es_store *s, int64_t initiative,
                                  int64_t media, int64_t at, int64_t *start,
                                  struct es_blob *out, struct es_err *e)
{
    struct piece_row row;
    enum es_code rc = es_read_one(
        s, ES_Q_MEDIA_PIECE,
        ES_VALS(es_val_i(initiative), es_val_i(media), es_val_i(at)), &PIECE,
        NULL, &row, e);
    if (rc == ES_OK && at - row.start >= row.blob.length)
        rc = es_fail(e, ES_ENOENT, 0, "beyond the medium's end");
    if (rc != ES_OK)
        return rc;
    *start = row.start;
    *out = row.blob;
    return ES_OK;
}

enum es_code es_store_evidence(struct es_store *s, int64_t initiative,
                               int64_t run, struct es_evidence *out,
                               struct es_err *e)
{
    return es_read_one(s, ES_Q_EVIDENCE,
                       ES_VALS(es_val_i(initiative), es_val_i(run)), &EVIDENCE,
                       NULL, out, e);
}

enum es_code es_store_room(struct es_store *s, int64_t *bytes, struct es_err *e)
{
    struct statvfs v;
    if (fstatvfs(s->segments.dir, &v) != 0)
        return es_fail(e, ES_EIO, 0, "statvfs: %s", strerrordesc_np(errno));
    *bytes = (int64_t)(v.f_bavail * v.f_frsize);
    return ES_OK;
}

/* ---- pieces ---- */

enum es_code es_txn_media_upload_add(struct es_txn *tx,
                                     const struct es_media_upload *u,
                                     struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MEDIA_UPLOAD_ADD,
                     ES_VALS(es_val_i(u->initiative), es_val_i(u->id),
                             es_val_i(u->account), es_val_t(u->kind),
                             es_val_t(u->type), es_val_t(u->name),
                             es_val_i(u->length), es_val_i(u->created_ms),
                             es_val_i(u->touched_ms)),
                     e);
}

/* The hash of a medium in pieces is that of its pieces' hashes. */
static enum es_code hash_pieces(struct es_txn *tx,
                                const struct es_media_upload *u,
                                struct es_arena *a, uint8_t out[32],
                                struct es_err *e)
{
    struct es_list l;
    crypto_generichash_state st;
    enum es_code rc = es_db_list(
        tx->db, ES_Q_MEDIA_PIECES,
        ES_VALS(es_val_i(u->initiative), es_val_i(u->id)), &PIECE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    (void)crypto_generichash_init(&st, NULL, 0, 32);
    const struct piece_row *v = l.v;
    for (size_t i = 0; i < l.n; i++)
        (void)crypto_generichash_update(&st, v[i].blob.hash, 32);
    (void)crypto_generichash_final(&st, out, 32);
    return ES_OK;
}

static enum es_code make_whole(struct es_txn *tx,
                               const struct es_media_upload *u,
                               struct es_arena *a, struct es_err *e)
{
    struct es_media m = {
        .initiative = u->initiative,
        .id = u->id,
        .kind = u->kind,
        .type = u->type,
        .name = u->name,
        .created_ms = u->touched_ms,
        .pieces = (int32_t)u->pieces,
        .blob.length = u->length,
    };
    enum es_code rc = hash_pieces(tx, u, a, m.blob.hash, e);
    if (rc == ES_OK)
        rc = es_txn_media_add(tx, &m, e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_MEDIA_UPLOAD_DROP,
                       ES_VALS(es_val_i(u->initiative), es_val_i(u->id)), e);
    return rc;
}

static enum es_code put_piece(struct es_txn *tx, const struct es_media_piece *p,
                              const struct es_blob *b,
                              struct es_media_upload *u, struct es_err *e)
{
    if (p->start != u->received || b->length > u->length - u->received)
        return es_fail(e, ES_ECONFLICT, (size_t)u->received,
                       "%lld bytes are here", (long long)u->received);
    if (u->pieces >= ES_MEDIA_PIECES)
        return es_fail(e, ES_ECOMPLEX, 0, "in too small pieces");
    u->received += b->length;
    u->pieces++;
    u->touched_ms = p->now_ms;
    if (!*u->type)
        u->type = p->type;
    enum es_code rc = es_db_run(
        tx->db, ES_Q_MEDIA_PIECE_ADD,
        ES_VALS(es_val_i(p->initiative), es_val_i(p->id), es_val_i(p->start),
                es_val_i(b->segment), es_val_i(b->offset), es_val_i(b->length),
                es_val_b(b->key, sizeof b->key),
                es_val_b(b->hash, sizeof b->hash)),
        e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_MEDIA_UPLOAD_MOVE,
                       ES_VALS(es_val_i(p->initiative), es_val_i(p->id),
                               es_val_t(u->type), es_val_i(u->received),
                               es_val_i(u->pieces), es_val_i(u->touched_ms)),
                       e);
    return rc;
}

enum es_code es_txn_media_piece_add(struct es_txn *tx,
                                    const struct es_media_piece *p,
                                    const struct es_blob *blob, bool *whole,
                                    struct es_err *e)
{
    struct es_arena a;
    struct es_media_upload u;

    es_arena_init(&a, ES_FRAME_MAX);
    enum es_code rc = es_db_one(
        tx->db, ES_Q_MEDIA_UPLOAD,
        ES_VALS(es_val_i(p->initiative), es_val_i(p->id)), &UPLOAD, &a, &u, e);
    if (rc == ES_OK)
        rc = put_piece(tx, p, blob, &u, e);
    bool last = rc == ES_OK && u.received == u.length;
    if (last)
        rc = make_whole(tx, &u, &a, e);
    es_arena_release(&a);
    if (rc == ES_OK)
        *whole = last;
    return rc;
}

enum es_code es_txn_media_upload_drop(struct es_txn *tx, int64_t initiative,
                                      int64_t id, struct es_err *e)
{
    enum es_code rc =
        es_db_change(tx->db, ES_Q_MEDIA_UPLOAD_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), "upload", e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_MEDIA_PIECES_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    return rc;
}

/* ---- evidence ---- */

enum es_code es_txn_evidence_add(struct es_txn *tx, const struct es_evidence *v,
                                 struct es_err *e)
{
    const struct es_blob *b = &v->blob;
    return es_db_run(tx->db, ES_Q_EVIDENCE_ADD,
                     ES_VALS(es_val_i(v->initiative), es_val_i(v->run),
                             es_val_i(v->created_ms), es_val_i(v->width),
                             es_val_i(v->height), es_val_i(b->segment),
                             es_val_i(b->offset), es_val_i(b->length),
                             es_val_b(b->key, sizeof b->key),
                             es_val_b(b->hash, sizeof b->hash)),
                     e);
}

enum es_code es_txn_evidence_drop(struct es_txn *tx, int64_t initiative,
                                  int64_t run, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_EVIDENCE_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(run)), e);
}
