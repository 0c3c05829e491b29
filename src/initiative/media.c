/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/media.h"

#include "base/random.h"

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
