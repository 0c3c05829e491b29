/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/films.h"

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"

#include <string.h>
#include <unistd.h>

enum { SWEEP_MOST = 64 };

const char *es_film_type(struct es_bytes s)
{
    static const char EBML[] = "\x1a\x45\xdf\xa3";
    if (s.n > ES_FILM_SNIFF)
        s.n = ES_FILM_SNIFF;
    if (s.n >= 12 && memcmp(s.p + 4, "ftyp", 4) == 0)
        return "video/mp4";
    if (s.n >= 4 && memcmp(s.p, EBML, 4) == 0 && memmem(s.p, s.n, "webm", 4))
        return "video/webm";
    return NULL;
}

/* ---- beginning ---- */

static enum es_code check_room(struct es_app *app, const struct es_film_new *f,
                               struct es_err *e)
{
    struct es_media_room room;
    struct es_arena a;
    struct es_media_upload *v;
    size_t n = 0;
    es_arena_init(&a, 1 << 20);
    enum es_code rc = es_store_media_uploads(
        app->store, f->initiative, INT64_MAX, ES_MEDIA_UPLOADS, &a, &v, &n, e);
    es_arena_release(&a);
    if (rc == ES_OK)
        rc = es_media_room(app, f->initiative, &room, e);
    if (rc != ES_OK)
        return rc;
    if (n >= ES_MEDIA_UPLOADS)
        return es_fail(e, ES_ECONFLICT, 0, "%zu uploads are under way", n);
    if (f->length > room.quota - room.used)
        return es_fail(e, ES_ECONFLICT, 0, "%lld bytes are left of the quota",
                       (long long)(room.quota - room.used));
    if (f->length > room.left)
        return es_fail(e, ES_EBUSY, 0, "the disk has no room");
    return ES_OK;
}

static enum es_code begin(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_media_upload_add(tx, arg, e);
}

enum es_code es_film_begin(struct es_app *app, const struct es_film_new *f,
                           int64_t *id, struct es_err *e)
{
    struct es_media_upload u = {
        .initiative = f->initiative,
        .id = es_id_new(),
        .account = f->account,
        .kind = "video",
        .type = "",
        .name = f->name,
        .length = f->length,
        .created_ms = es_time_now_ms(),
    };
    struct es_write w = { .apply = begin, .arg = &u };
    u.touched_ms = u.created_ms;
    if (f->length < 1)
        return es_fail(e, ES_EINVAL, 0, "nothing to bring");
    if (f->length > ES_FILM_MAX)
        return es_fail(e, ES_ETOOLARGE, 0, "%lld bytes", (long long)f->length);
    enum es_code rc = check_room(app, f, e);
    if (rc == ES_OK)
        rc = es_store_write(app->store, &w, e);
    if (rc == ES_OK)
        *id = u.id;
    return rc;
}

/* ---- going on ---- */

struct adding {
    struct es_media_piece p;
    bool whole;
};

static enum es_code put_piece(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct adding *ad = arg;
    return es_txn_media_piece_add(tx, &ad->p, blob, &ad->whole, e);
}

/* The disk is kept for runs: a film stops before it is full. */
static enum es_code disk_left(struct es_app *app, struct es_err *e)
{
    int64_t bytes;
    enum es_code rc = es_store_room(app->store, &bytes, e);
    if (rc == ES_OK && bytes < ES_DISK_RESERVE)
        rc = es_fail(e, ES_EBUSY, 0, "the disk is nearly full");
    return rc;
}

static enum es_code add_piece(struct es_app *app, struct adding *ad,
                              struct es_bytes s, struct es_err *e)
{
    struct es_write w = {
        .apply = put_piece, .arg = ad, .upload = s, .apart = true
    };
    es_store_hash(s, w.upload_hash);
    ad->p.now_ms = es_time_now_ms();
    return es_store_write(app->store, &w, e);
}

static enum es_code read_piece(int fd, size_t at, uint8_t *to, size_t n,
                               struct es_err *e)
{
    while (n > 0) {
        ssize_t got = pread(fd, to, n, (off_t)at);
        if (got <= 0)
            return es_fail(e, ES_EIO, at, "reading what was sent");
        at += (size_t)got;
        to += got;
        n -= (size_t)got;
    }
    return ES_OK;
}

enum es_code es_film_add(struct es_app *app, const struct es_film_part *p,
                         struct es_arena *a, int64_t *received, bool *whole,
                         struct es_err *e)
{
    struct es_media_upload u;
    struct adding ad = { .p = { .initiative = p->initiative, .id = p->id } };
    uint8_t *some = es_arena_bare(a, ES_MEDIA_PIECE, 1);
    enum es_code rc =
        es_store_media_upload(app->store, p->initiative, p->id, a, &u, e);
    if (rc != ES_OK)
        return rc;
    *received = u.received;
    *whole = false;
    if (!some)
        return es_fail(e, ES_ENOMEM, 0, "a piece");
    if (p->at != u.received || (int64_t)p->size > u.length - u.received)
        return es_fail(e, ES_ECONFLICT, 0, "%lld bytes are here",
                       (long long)u.received);
    rc = disk_left(app, e);
    for (size_t at = 0, n; rc == ES_OK && at < p->size; at += n) {
        n = p->size - at < ES_MEDIA_PIECE ? p->size - at : ES_MEDIA_PIECE;
        struct es_bytes s = { some, n };
        rc = read_piece(p->fd, at, some, n, e);
        ad.p.start = p->at + (int64_t)at;
        if (rc == ES_OK && ad.p.start == 0)
            ad.p.type = es_film_type(s);
        if (rc == ES_OK && ad.p.start == 0 && !ad.p.type)
            rc = es_fail(e, ES_EUNKNOWN, 0, "neither MP4 nor WebM");
        if (rc == ES_OK)
            rc = add_piece(app, &ad, s, e);
        if (rc == ES_OK)
            *received = ad.p.start + (int64_t)n;
    }
    *whole = rc == ES_OK && ad.whole;
    if (rc == ES_EUNKNOWN &&
        es_film_drop(app, p->initiative, p->id, NULL) != ES_OK)
        es_log(ES_LOG_WARN, "media.left", "an upload that is no film");
    return rc;
}

/* ---- leaving off ---- */

static enum es_code drop(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct es_media_upload *u = arg;
    (void)blob;
    return es_txn_media_upload_drop(tx, u->initiative, u->id, e);
}

enum es_code es_film_drop(struct es_app *app, int64_t initiative, int64_t id,
                          struct es_err *e)
{
    struct es_media_upload u = { .initiative = initiative, .id = id };
    struct es_write w = { .apply = drop, .arg = &u };
    return es_store_write(app->store, &w, e);
}

enum es_code es_films_sweep(struct es_app *app, int64_t now_ms, size_t *n,
                            struct es_err *e)
{
    struct es_arena a;
    struct es_media_upload *v;
    size_t found = 0;
    *n = 0;
    es_arena_init(&a, 1 << 20);
    enum es_code rc =
        es_store_media_uploads(app->store, 0, now_ms - ES_MEDIA_IDLE_MS,
                               SWEEP_MOST, &a, &v, &found, e);
    for (size_t i = 0; rc == ES_OK && i < found; i++) {
        rc = es_film_drop(app, v[i].initiative, v[i].id, e);
        if (rc == ES_OK)
            ++*n;
        else if (rc == ES_ENOENT)
            rc = ES_OK;
    }
    es_arena_release(&a);
    return rc == ES_OK ? es_store_sweep(app->store, NULL, e) : rc;
}
