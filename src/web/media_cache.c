/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/media.h"

#include "base/limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct es_media_open {
    int64_t initiative, id; /* id 0: a free place */
    struct es_buf bytes;
    atomic_uint holders;
    uint64_t turn; /* when it was last asked for */
};

struct es_media_cache {
    pthread_mutex_t lock;
    size_t max, held;
    uint64_t turn, opened;
    struct es_media_open v[ES_MEDIA_OPEN];
};

struct es_media_cache *es_media_cache_new(size_t max_bytes)
{
    struct es_media_cache *c = calloc(1, sizeof *c);
    if (c) {
        pthread_mutex_init(&c->lock, NULL);
        c->max = max_bytes;
    }
    return c;
}

static void drop(struct es_media_cache *c, struct es_media_open *o)
{
    c->held -= o->bytes.n;
    es_buf_release(&o->bytes);
    o->id = 0;
}

void es_media_cache_free(struct es_media_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < ES_MEDIA_OPEN; i++)
        drop(c, &c->v[i]);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct es_media_open *find(struct es_media_cache *c,
                                  const struct es_media *m)
{
    for (size_t i = 0; i < ES_MEDIA_OPEN; i++)
        if (c->v[i].id == m->id && c->v[i].initiative == m->initiative)
            return &c->v[i];
    return NULL;
}

/* A free place, made by closing what nobody has asked for longest. */
static struct es_media_open *make_room(struct es_media_cache *c, size_t need)
{
    for (;;) {
        struct es_media_open *free_one = NULL;
        struct es_media_open *oldest = NULL;
        for (size_t i = 0; i < ES_MEDIA_OPEN; i++) {
            struct es_media_open *o = &c->v[i];
            if (o->id == 0)
                free_one = o;
            else if (atomic_load(&o->holders) == 0 &&
                     (!oldest || o->turn < oldest->turn))
                oldest = o;
        }
        if (free_one && need <= c->max - c->held)
            return free_one;
        if (!oldest)
            return NULL;
        drop(c, oldest);
    }
}

/* With the lock held, so that however many ask at once, it is opened once. */
static enum es_code open_one(struct es_media_cache *c, struct es_store *store,
                             const struct es_media *m,
                             struct es_media_open **out, struct es_err *e)
{
    struct es_buf bytes = { 0 };
    struct es_media_open *o = make_room(c, (size_t)m->blob.length);
    if (!o)
        return es_fail(e, ES_EBUSY, 0, "no room to open a medium");
    enum es_code rc = es_store_blob_read(store, &m->blob, &bytes, e);
    if (rc != ES_OK) {
        es_buf_release(&bytes);
        return rc;
    }
    o->bytes = bytes;
    o->initiative = m->initiative;
    o->id = m->id;
    c->held += bytes.n;
    c->opened++;
    *out = o;
    return ES_OK;
}

enum es_code es_media_hold(struct es_media_cache *c, struct es_store *store,
                           const struct es_media *m, struct es_media_open **out,
                           struct es_err *e)
{
    enum es_code rc = ES_OK;
    pthread_mutex_lock(&c->lock);
    struct es_media_open *o = find(c, m);
    if (!o)
        rc = open_one(c, store, m, &o, e);
    if (rc == ES_OK) {
        o->turn = ++c->turn;
        atomic_fetch_add(&o->holders, 1);
        *out = o;
    }
    pthread_mutex_unlock(&c->lock);
    return rc;
}

struct es_bytes es_media_bytes(const struct es_media_open *o)
{
    return es_buf_bytes(&o->bytes);
}

void es_media_release(void *open)
{
    struct es_media_open *o = open;
    atomic_fetch_sub(&o->holders, 1);
}

uint64_t es_media_opened(struct es_media_cache *c)
{
    pthread_mutex_lock(&c->lock);
    uint64_t n = c->opened;
    pthread_mutex_unlock(&c->lock);
    return n;
}
