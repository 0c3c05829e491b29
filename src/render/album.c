/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/render_int.h"

#include "base/time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void es_album_init(struct es_album *al, size_t max, unsigned drawings)
{
    *al = (struct es_album){ .max = max, .drawings_max = drawings };
    pthread_mutex_init(&al->lock, NULL);
    pthread_cond_init(&al->drawn, NULL);
}

static void unlink_picture(struct es_album *al, struct es_picture *p)
{
    *(p->newer ? &p->newer->older : &al->newest) = p->older;
    *(p->older ? &p->older->newer : &al->oldest) = p->newer;
    p->newer = p->older = NULL;
}

static void put_first(struct es_album *al, struct es_picture *p)
{
    p->older = al->newest;
    *(al->newest ? &al->newest->newer : &al->oldest) = p;
    al->newest = p;
}

static void drop(struct es_album *al, struct es_picture *p)
{
    unlink_picture(al, p);
    if (p->png) {
        al->bytes -= p->n;
        al->pictures--;
    }
    free(p->png);
    free(p);
}

void es_album_release(struct es_album *al)
{
    while (al->newest)
        drop(al, al->newest);
    pthread_cond_destroy(&al->drawn);
    pthread_mutex_destroy(&al->lock);
}

/* A few hundred at most: a picture is some tens of kilobytes. */
static struct es_picture *find(struct es_album *al, const uint8_t key[16])
{
    struct es_picture *p = al->newest;
    while (p && memcmp(p->key, key, sizeof p->key) != 0)
        p = p->older;
    return p;
}

bool es_album_has(struct es_album *al, const uint8_t key[16])
{
    pthread_mutex_lock(&al->lock);
    const struct es_picture *p = find(al, key);
    bool has = p && p->png;
    pthread_mutex_unlock(&al->lock);
    return has;
}

static enum es_code copy_out(struct es_album *al, struct es_picture *p,
                             struct es_arena *a, struct es_bytes *png,
                             struct es_err *e)
{
    uint8_t *copy = es_arena_alloc(a, p->n);
    if (!copy)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    memcpy(copy, p->png, p->n);
    unlink_picture(al, p);
    put_first(al, p);
    *png = (struct es_bytes){ copy, p->n };
    return ES_OK;
}

static enum es_code add_place(struct es_album *al, const uint8_t key[16],
                              struct es_err *e)
{
    struct es_picture *p = calloc(1, sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    memcpy(p->key, key, sizeof p->key);
    put_first(al, p);
    return ES_OK;
}

/* False when until_ms has passed. */
static bool wait_drawn(struct es_album *al, int64_t until_ms)
{
    struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };
    return pthread_cond_clockwait(&al->drawn, &al->lock, CLOCK_MONOTONIC,
                                  &until) == 0;
}

enum es_code es_album_begin(struct es_album *al, const uint8_t key[16],
                            int64_t until_ms, struct es_arena *a,
                            struct es_bytes *png, struct es_err *e)
{
    enum es_code rc = ES_OK;
    bool waited = false;
    pthread_mutex_lock(&al->lock);
    struct es_picture *p = find(al, key);
    if (!(p && p->png) && al->drawings >= al->drawings_max) {
        pthread_mutex_unlock(&al->lock);
        return es_fail(e, ES_EBUSY, 0, "too many pictures at once");
    }
    al->drawings++;
    while (rc == ES_OK && p && !p->png) {
        waited = true;
        if (!wait_drawn(al, until_ms))
            rc = es_fail(e, ES_EBUSY, 0, "its drawing takes too long");
        p = find(al, key); /* it may be gone, or be another's to draw */
    }
    bool draws = rc == ES_OK && !p;
    if (rc == ES_OK && p) {
        *(waited ? &al->joined : &al->kept) += 1;
        rc = copy_out(al, p, a, png, e);
    } else if (rc == ES_OK) {
        rc = add_place(al, key, e);
        *png = (struct es_bytes){ 0 };
    }
    if (!draws || rc != ES_OK)
        al->drawings--;
    pthread_mutex_unlock(&al->lock);
    return rc;
}

/* The oldest go, but not the places of those that are being drawn. */
static void make_room(struct es_album *al, size_t n)
{
    struct es_picture *p = al->oldest;
    while (p && al->bytes + n > al->max) {
        struct es_picture *newer = p->newer;
        if (p->png)
            drop(al, p);
        p = newer;
    }
}

void es_album_end(struct es_album *al, const uint8_t key[16],
                  struct es_bytes png)
{
    uint8_t *copy = png.n && png.n <= al->max ? malloc(png.n) : NULL;
    if (copy)
        memcpy(copy, png.p, png.n);
    pthread_mutex_lock(&al->lock);
    struct es_picture *p = find(al, key);
    al->drawings--;
    if (copy) {
        make_room(al, png.n);
        p->png = copy;
        p->n = png.n;
        al->bytes += png.n;
        al->pictures++;
    } else {
        drop(al, p);
    }
    pthread_cond_broadcast(&al->drawn);
    pthread_mutex_unlock(&al->lock);
}
