/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/days.h"

#include "base/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct es_days {
    pthread_rwlock_t lock;
    struct es_day_sum *v; /* in order */
    size_t n, cap;
};

enum es_code es_days_new(struct es_days **out, struct es_err *e)
{
    struct es_days *d = calloc(1, sizeof *d);
    if (!d)
        return es_fail(e, ES_ENOMEM, 0, "no memory for days");
    if (pthread_rwlock_init(&d->lock, NULL) != 0) {
        free(d);
        return es_fail(e, ES_ENOMEM, 0, "days: lock");
    }
    *out = d;
    return ES_OK;
}

void es_days_free(struct es_days *d)
{
    if (!d)
        return;
    pthread_rwlock_destroy(&d->lock);
    free(d->v);
    free(d);
}

/* The first place whose day is not before `day`. */
static size_t place_of(const struct es_days *d, int64_t day)
{
    size_t lo = 0, hi = d->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (d->v[mid].day < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static enum es_code open_place(struct es_days *d, size_t at, int64_t day,
                               struct es_err *e)
{
    if (d->n == ES_DAYS_MAX)
        return es_fail(e, ES_ETOOLARGE, 0, "runs on too many days");
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 64;
        struct es_day_sum *v = realloc(d->v, cap * sizeof *v);
        if (!v)
            return es_fail(e, ES_ENOMEM, 0, "no memory for another day");
        d->v = v;
        d->cap = cap;
    }
    memmove(&d->v[at + 1], &d->v[at], (d->n - at) * sizeof *d->v);
    d->v[at] = (struct es_day_sum){ .day = day };
    d->n++;
    return ES_OK;
}

enum es_code es_days_add(struct es_days *d, int64_t day, int64_t dist_mm,
                         int64_t runs, struct es_err *e)
{
    enum es_code rc = ES_OK;
    pthread_rwlock_wrlock(&d->lock);
    size_t at = place_of(d, day);
    if (at == d->n || d->v[at].day != day)
        rc = open_place(d, at, day, e);
    if (rc == ES_OK) {
        d->v[at].dist_mm += dist_mm;
        d->v[at].runs += runs;
    }
    pthread_rwlock_unlock(&d->lock);
    return rc;
}

void es_days_clear(struct es_days *d)
{
    pthread_rwlock_wrlock(&d->lock);
    d->n = 0;
    pthread_rwlock_unlock(&d->lock);
}

enum es_code es_days_read(struct es_days *d, int64_t first, int64_t last,
                          struct es_arena *a, struct es_day_sum **out,
                          size_t *n, struct es_err *e)
{
    pthread_rwlock_rdlock(&d->lock);
    size_t from = place_of(d, first);
    size_t to = last == INT64_MAX ? d->n : place_of(d, last + 1);
    size_t count = to > from ? to - from : 0;
    struct es_day_sum *v = es_arena_array(a, count, sizeof *v);
    size_t kept = 0;
    for (size_t i = 0; v && i < count; i++)
        if (d->v[from + i].runs != 0)
            v[kept++] = d->v[from + i];
    pthread_rwlock_unlock(&d->lock);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for days");
    *out = v;
    *n = kept;
    return ES_OK;
}
