/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/media.h"

#include "base/log.h"
#include "base/random.h"
#include "initiative/run_write.h"
#include "store/media.h"

#include <string.h>

/* How the bytes of each type begin: who brings a page of HTML as a picture
 * must not have it served. */
static const struct type {
    const char *type, *served;
    size_t at;
    const char *magic;
    size_t magic_n;
    bool text, drawn;
} TYPES[] = {
    { "image/png", "image/png", 0, "\x89PNG\r\n\x1a\n", 8, false, false },
    { "image/jpeg", "image/jpeg", 0, "\xff\xd8\xff", 3, false, false },
    { "image/webp", "image/webp", 8, "WEBP", 4, false, false },
    { "image/svg+xml", "image/svg+xml", 0, "<svg ", 5, true, true },
    { "video/webm", "video/webm", 0, "\x1a\x45\xdf\xa3", 4, false, false },
    { "video/mp4", "video/mp4", 4, "ftyp", 4, false, false },
    { "text/vtt", "text/vtt; charset=utf-8", 0, "WEBVTT", 6, true, false },
};

static const struct type *find(const char *type)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (strcmp(TYPES[i].type, type) == 0)
            return &TYPES[i];
    return NULL;
}

const char *es_media_type(const char *type)
{
    const struct type *t = find(type);
    return t ? t->served : NULL;
}

bool es_media_is_text(const char *type)
{
    const struct type *t = find(type);
    return t && t->text;
}

static enum es_code check(const struct es_media_new *m, struct es_err *e)
{
    const struct type *t = find(m->type);
    if (!t || (t->drawn && !m->drawn_by_us))
        return es_fail(e, ES_EINVAL, 0, "%s isn't shown", m->type);
    if (m->bytes.n > (t->text ? ES_MEDIA_TEXT_MAX : ES_MEDIA_MAX))
        return es_fail(e, ES_ETOOLARGE, 0, "%s is too large", m->name);
    if (m->bytes.n < t->at + t->magic_n ||
        memcmp(m->bytes.p + t->at, t->magic, t->magic_n) != 0)
        return es_fail(e, ES_EINVAL, 0, "%s isn't %s", m->name, m->type);
    return ES_OK;
}

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    struct es_media row = *(const struct es_media *)arg;
    row.blob = *blob;
    return es_txn_media_add(tx, &row, e);
}

enum es_code es_media_add(struct es_app *app, const struct es_media_new *m,
                          int64_t *id, struct es_err *e)
{
    struct es_media row = {
        .initiative = m->initiative,
        .id = es_id_new(),
        .kind = m->kind,
        .type = m->type,
        .name = m->name,
        .created_ms = es_time_now_ms(),
    };
    struct es_write w = { .apply = put, .arg = &row, .upload = m->bytes };
    enum es_code rc = check(m, e);
    if (rc != ES_OK)
        return rc;
    es_store_hash(m->bytes, w.upload_hash);
    rc = es_store_write(app->store, &w, e);
    if (rc == ES_OK)
        *id = row.id;
    return rc;
}

/* ---- pictures ---- */

/* For the page on a desktop with fine pixels, on a desktop, on a phone. */
static const struct es_picture_ask SIZES = { { 1600, 960, 480 }, 3 };

enum es_code es_picture_take(struct es_app *app, int fd,
                             const struct es_picture_ask *ask,
                             struct es_arena *a, struct es_picture_made *out,
                             struct es_err *e)
{
    if (!es_take_seal(fd))
        return es_fail(e, ES_EIO, 0, "can't seal the picture");
    return es_ingest_picture(app->ingest, fd, ask, a, out, e);
}

struct keeping {
    const struct es_picture_keep *k;
    struct es_media row;
    bool last;
};

static enum es_code put_size(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct keeping *w = arg;
    struct es_media row = w->row;
    enum es_code rc = put(tx, blob, &row, e);
    if (rc == ES_OK && w->last && w->k->with)
        rc = w->k->with(tx, row.of ? row.of : row.id, w->k->arg, e);
    return rc;
}

static void drop_quietly(struct es_app *app, int64_t initiative, int64_t id)
{
    struct es_err e = { 0 };
    if (es_media_drop(app, initiative, id, &e) != ES_OK)
        es_log(ES_LOG_WARN, "media.left", "%s", e.msg);
}

enum es_code es_picture_keep(struct es_app *app,
                             const struct es_picture_keep *k, int64_t *id,
                             struct es_err *e)
{
    enum es_code rc = ES_OK;
    struct keeping w = { k,
                         { .initiative = k->initiative,
                           .kind = k->kind,
                           .type = "image/jpeg",
                           .name = k->name,
                           .created_ms = es_time_now_ms() },
                         false };
    for (size_t i = 0; rc == ES_OK && i < k->made->n; i++) {
        const struct es_picture_size *s = &k->made->v[i];
        struct es_write write = { .apply = put_size,
                                  .arg = &w,
                                  .upload = s->jpeg };
        w.row.id = es_id_new();
        w.row.width = (int32_t)s->width;
        w.row.height = (int32_t)s->height;
        w.last = i + 1 == k->made->n;
        es_store_hash(s->jpeg, write.upload_hash);
        rc = es_store_write(app->store, &write, e);
        if (rc == ES_OK && i == 0)
            w.row.of = w.row.id;
    }
    if (rc == ES_OK)
        *id = w.row.of;
    else if (w.row.of) /* the disk, or the exhibition, filled up in between */
        drop_quietly(app, k->initiative, w.row.of);
    return rc;
}

enum es_code es_media_add_picture(struct es_app *app,
                                  const struct es_picture_new *p,
                                  struct es_arena *a, int64_t *id,
                                  struct es_err *e)
{
    struct es_picture_made made;
    struct es_media_room room;
    struct es_picture_keep k = { .initiative = p->initiative,
                                 .kind = "picture",
                                 .name = p->name,
                                 .made = &made };
    enum es_code rc = es_picture_take(app, p->fd, &SIZES, a, &made, e);
    if (rc == ES_OK)
        rc = es_media_room(app, p->initiative, &room, e);
    if (rc == ES_OK && room.used + ES_FRAME_MAX > room.quota)
        rc = es_fail(e, ES_ECONFLICT, 0, "no room for a picture");
    return rc == ES_OK ? es_picture_keep(app, &k, id, e) : rc;
}

/* ---- taking away, and room ---- */

static enum es_code drop(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct es_media *row = arg;
    (void)blob;
    return es_txn_media_drop(tx, row->initiative, row->id, e);
}

enum es_code es_media_drop(struct es_app *app, int64_t initiative, int64_t id,
                           struct es_err *e)
{
    struct es_media row = { .initiative = initiative, .id = id };
    struct es_write w = { .apply = drop, .arg = &row };
    enum es_code rc = es_store_write(app->store, &w, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_media_room(struct es_app *app, int64_t initiative,
                           struct es_media_room *out, struct es_err *e)
{
    int64_t used = 0;
    int64_t disk = 0;
    enum es_code rc = es_store_media_bytes(app->store, initiative, &used, e);
    if (rc == ES_OK)
        rc = es_store_room(app->store, &disk, e);
    if (rc != ES_OK)
        return rc;
    int64_t left = ES_MEDIA_QUOTA - used;
    if (disk - ES_DISK_RESERVE < left)
        left = disk - ES_DISK_RESERVE;
    *out = (struct es_media_room){ used, ES_MEDIA_QUOTA, left > 0 ? left : 0 };
    return ES_OK;
}
