/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Media in sizes and in pieces, and evidence: nothing acknowledged is lost,
 * and what is dropped gives its bytes back. */
#include "store/media.h"
#include "store_kit.h"

#include "base/limits.h"

#include <inttypes.h>

enum { INI = 3, PIECE = 4000 };

/* ---- pieces ---- */

WRITE(begin_upload)
{
    (void)blob;
    return es_txn_media_upload_add(tx, arg, e);
}

WRITE(drop_upload)
{
    const int64_t *id = arg;
    (void)blob;
    return es_txn_media_upload_drop(tx, INI, *id, e);
}

WRITE(drop_media)
{
    const int64_t *id = arg;
    (void)blob;
    return es_txn_media_drop(tx, INI, *id, e);
}

struct adding {
    struct es_media_piece p;
    bool whole;
};

WRITE(add_piece)
{
    struct adding *ad = arg;
    return es_txn_media_piece_add(tx, &ad->p, blob, &ad->whole, e);
}

static enum es_code piece(struct es_store *s, int64_t id, int64_t start,
                          struct es_bytes bytes, bool *whole)
{
    struct adding ad = { .p = { INI, id, start, "video/webm", 90 + start } };
    struct es_write w = {
        .apply = add_piece, .arg = &ad, .upload = bytes, .apart = true
    };
    es_store_hash(bytes, w.upload_hash);
    enum es_code rc = es_store_write(s, &w, NULL);
    if (whole)
        *whole = ad.whole;
    return rc;
}

static struct es_bytes part_of(const struct es_buf *b, size_t at, size_t n)
{
    struct es_bytes s = es_buf_bytes(b);
    n = n < s.n - at ? n : s.n - at;
    return (struct es_bytes){ s.p + at, n };
}

static void begin(struct es_store *s, int64_t id, int64_t length)
{
    struct es_media_upload u = { .initiative = INI,
                                 .id = id,
                                 .account = 7,
                                 .kind = "video",
                                 .type = "",
                                 .name = "launch.webm",
                                 .length = length,
                                 .created_ms = 50,
                                 .touched_ms = 50 };
    CHECK_INT(kit_write(s, begin_upload, &u), ES_OK);
    CHECK_INT(kit_write(s, begin_upload, &u), ES_EEXIST);
}

/* Byte by byte what was sent, wherever a reader begins. */
static void check_film(struct es_store *s, int64_t id, const struct es_buf *all)
{
    struct es_bytes want = es_buf_bytes(all);
    for (size_t at = 0; at < want.n; at += 777) {
        struct es_blob b;
        struct es_buf got;
        int64_t start;
        CHECK_INT(
            es_store_media_piece(s, INI, id, (int64_t)at, &start, &b, NULL),
            ES_OK);
        CHECK(start <= (int64_t)at && (int64_t)at < start + b.length);
        CHECK_INT(es_store_blob_read(s, &b, &got, NULL), ES_OK);
        assert_memory_equal(es_buf_bytes(&got).p, want.p + start,
                            (size_t)b.length);
        es_buf_release(&got);
    }
}

TEST(film_comes_in_pieces_and_goes_on_after_a_restart)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_buf film = kit_bytes(5, 3 * PIECE - 100);
    struct es_media_upload u, *list;
    struct es_media m;
    struct es_blob b;
    struct es_arena a;
    int64_t start, bytes;
    size_t n;
    bool whole = true;

    es_arena_init(&a, 1 << 20);
    begin(s, 8, (int64_t)film.n);
    CHECK_INT(piece(s, 8, 0, part_of(&film, 0, PIECE), &whole), ES_OK);
    CHECK(!whole);
    /* The same again, and one with a gap before it: neither is believed. */
    CHECK_INT(piece(s, 8, 0, part_of(&film, 0, PIECE), NULL), ES_ECONFLICT);
    CHECK_INT(piece(s, 8, PIECE + 1, part_of(&film, 0, 9), NULL), ES_ECONFLICT);
    CHECK_INT(piece(s, 9, 0, part_of(&film, 0, 9), NULL), ES_ENOENT);

    es_store_close(s);
    s = kit_open(dir);
    CHECK_INT(es_store_media_upload(s, INI, 8, &a, &u, NULL), ES_OK);
    CHECK_INT(u.received, PIECE);
    CHECK_INT(u.pieces, 1);
    CHECK_INT(u.account, 7);
    CHECK_STR(u.type, "video/webm");
    CHECK_STR(u.name, "launch.webm");
    CHECK_INT(es_store_media(s, INI, 8, &a, &m, NULL), ES_ENOENT);
    CHECK_INT(es_store_media_bytes(s, INI, &bytes, NULL), ES_OK);
    CHECK_INT(bytes, film.n);

    CHECK_INT(piece(s, 8, PIECE, part_of(&film, PIECE, PIECE), &whole), ES_OK);
    /* Beyond the end. */
    CHECK_INT(piece(s, 8, 2 * PIECE, part_of(&film, 0, PIECE), NULL),
              ES_ECONFLICT);
    CHECK_INT(piece(s, 8, 2 * PIECE, part_of(&film, 2 * PIECE, PIECE), &whole),
              ES_OK);
    CHECK(whole);
    CHECK_INT(es_store_media_upload(s, INI, 8, &a, &u, NULL), ES_ENOENT);
    CHECK_INT(es_store_media_uploads(s, 0, INT64_MAX, 9, &a, &list, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_media(s, INI, 8, &a, &m, NULL), ES_OK);
    CHECK_INT(m.pieces, 3);
    CHECK_INT(m.blob.length, film.n);
    CHECK_STR(m.type, "video/webm");
    check_film(s, 8, &film);
    CHECK_INT(
        es_store_media_piece(s, INI, 8, (int64_t)film.n, &start, &b, NULL),
        ES_ENOENT);
    CHECK_INT(es_store_media_bytes(s, INI, &bytes, NULL), ES_OK);
    CHECK_INT(bytes, film.n);
    es_store_close(s);
    es_buf_release(&film);
    es_arena_release(&a);
}

TEST(film_lies_in_a_backup_and_is_watched_over)
{
    const char *dir = t_tmpdir(), *to = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_buf film = kit_bytes(6, 2 * PIECE);
    struct es_verified v;

    begin(s, 8, 2 * PIECE);
    CHECK_INT(piece(s, 8, 0, part_of(&film, 0, PIECE), NULL), ES_OK);
    CHECK_INT(piece(s, 8, PIECE, part_of(&film, PIECE, PIECE), NULL), ES_OK);
    CHECK_INT(es_store_backup(s, to, NULL), ES_OK);
    es_store_close(s);
    s = kit_open(to);
    check_film(s, 8, &film);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK_INT(v.blobs, 2);
    CHECK_INT(v.bytes, 2 * PIECE);
    CHECK_INT(v.damaged, 0);
    es_store_close(s);
    es_buf_release(&film);
}

/* Whoever sends their film and leaves must not fill the disk for good, and no
 * run may be in the way of that. */
TEST(dropped_film_gives_its_disk_back_although_runs_came_between)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_buf film = kit_bytes(7, 2 * PIECE), gpx = kit_bytes(8, 500);
    struct es_run run = kit_run(INI, INI + 1, 40, "code");
    struct es_media_upload *list;
    struct es_arena a;
    uint64_t freed = 0;
    int64_t id = 8;
    size_t n;

    es_arena_init(&a, 1 << 20);
    kit_world(s, INI);
    begin(s, 8, 3 * PIECE);
    CHECK_INT(piece(s, 8, 0, part_of(&film, 0, PIECE), NULL), ES_OK);
    CHECK_INT(kit_upload(s, &run, es_buf_bytes(&gpx)), ES_OK);
    CHECK_INT(piece(s, 8, PIECE, part_of(&film, PIECE, PIECE), NULL), ES_OK);
    CHECK_INT(es_store_media_uploads(s, INI, 50, 9, &a, &list, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0); /* touched since */
    CHECK_INT(es_store_media_uploads(s, 0, INT64_MAX, 9, &a, &list, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(list[0].id, 8);
    CHECK_INT(kit_write(s, drop_upload, &id), ES_OK);
    CHECK_INT(kit_write(s, drop_upload, &id), ES_ENOENT);
    es_store_close(s);
    /* Another server's segment is the newest then, which stays. */
    s = kit_open(dir);
    struct es_store *other = kit_open(dir);
    struct es_run late = kit_run(INI, INI + 1, 41, "late");
    begin(other, 9, PIECE);
    CHECK_INT(piece(other, 9, 0, part_of(&film, 0, PIECE), NULL), ES_OK);
    CHECK_INT(kit_upload(other, &late, es_bytes_str("late")), ES_OK);
    CHECK_INT(es_store_sweep(s, &freed, NULL), ES_OK);
    CHECK(freed >= 2 * PIECE);
    kit_check_blob(s, &run.blob, es_buf_bytes(&gpx));
    es_store_close(other);
    es_store_close(s);
    es_buf_release(&film);
    es_buf_release(&gpx);
    es_arena_release(&a);
}

/* ---- sizes ---- */

WRITE(add_media)
{
    struct es_media *m = arg;
    m->blob = *blob;
    return es_txn_media_add(tx, m, e);
}

static void add_size(struct es_store *s, int64_t id, int64_t of, int32_t width)
{
    struct es_media m = { .initiative = INI,
                          .id = id,
                          .kind = "picture",
                          .type = "image/jpeg",
                          .name = "a.jpg",
                          .of = of,
                          .width = width,
                          .height = width / 2 };
    struct es_write w = { .apply = add_media,
                          .arg = &m,
                          .upload = es_bytes_str("picture") };
    es_store_hash(w.upload, w.upload_hash);
    CHECK_INT(es_store_write(s, &w, NULL), ES_OK);
}

TEST(sizes_of_a_picture_come_and_go_with_it)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_media *v;
    struct es_arena a;
    int64_t id = 8, bytes;
    size_t n;

    es_arena_init(&a, 1 << 20);
    add_size(s, 8, 0, 1600);
    add_size(s, 9, 8, 960);
    add_size(s, 10, 8, 480);
    add_size(s, 11, 0, 480); /* another picture */
    CHECK_INT(es_store_media_sizes(s, INI, 8, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 3);
    CHECK_INT(v[0].id, 10);
    CHECK_INT(v[0].height, 240);
    CHECK_INT(v[2].id, 8);
    CHECK_INT(v[2].width, 1600);
    CHECK_INT(es_store_media_bytes(s, INI, &bytes, NULL), ES_OK);
    CHECK_INT(bytes, 4 * 7);
    CHECK_INT(kit_write(s, drop_media, &id), ES_OK);
    CHECK_INT(es_store_media_sizes(s, INI, 8, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_media_of(s, INI, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    es_store_close(s);
    es_arena_release(&a);
}

/* ---- evidence ---- */

WRITE(add_evidence)
{
    struct es_evidence *v = arg;
    v->blob = *blob;
    return es_txn_evidence_add(tx, v, e);
}

WRITE(withdraw)
{
    (void)blob;
    return es_txn_run_update(tx, arg, e);
}

TEST(evidence_stays_as_long_as_its_run)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_run run = kit_run(INI, INI + 1, 40, "code");
    struct es_evidence v = { INI, 40, 77, 1200, 900, { 0 } }, out;
    struct es_write w = { .apply = add_evidence,
                          .arg = &v,
                          .upload = es_bytes_str("jpeg") };
    struct es_verified seen;

    kit_world(s, INI);
    CHECK_INT(kit_upload(s, &run, es_bytes_str("gpx")), ES_OK);
    CHECK_INT(es_store_evidence(s, INI, 40, &out, NULL), ES_ENOENT);
    es_store_hash(w.upload, w.upload_hash);
    CHECK_INT(es_store_write(s, &w, NULL), ES_OK);
    CHECK_INT(es_store_write(s, &w, NULL), ES_EEXIST);
    CHECK_INT(es_store_evidence(s, INI, 40, &out, NULL), ES_OK);
    CHECK_INT(out.created_ms, 77);
    CHECK_INT(out.width, 1200);
    CHECK_INT(out.height, 900);
    kit_check_blob(s, &out.blob, es_bytes_str("jpeg"));
    CHECK_INT(es_store_verify(s, &seen, NULL), ES_OK);
    CHECK_INT(seen.blobs, 2);
    CHECK_INT(seen.damaged, 0);
    run.status = ES_RUN_REFUSED;
    CHECK_INT(kit_write(s, withdraw, &run), ES_OK);
    CHECK_INT(es_store_evidence(s, INI, 40, &out, NULL), ES_OK);
    run.status = ES_RUN_WITHDRAWN;
    CHECK_INT(kit_write(s, withdraw, &run), ES_OK);
    CHECK_INT(es_store_evidence(s, INI, 40, &out, NULL), ES_ENOENT);
    es_store_close(s);
}

TEST(room_of_the_disk_is_told)
{
    struct es_store *s = kit_open(t_tmpdir());
    int64_t bytes = -1;
    CHECK_INT(es_store_room(s, &bytes, NULL), ES_OK);
    CHECK(bytes > 0);
    es_store_close(s);
}
