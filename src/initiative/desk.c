/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is looking at which run, and how many wait: lost with the process, and
 * no worse for it. */
#include "initiative/review.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLAIMS = 256,
    COUNTED = 64,
    CODES = 48,
    CODE_TEXT = 40,
    FRESH_MS = 2000
};

struct claim {
    int64_t run, account, until_ms;
};
struct counted {
    int64_t initiative, until_ms;
    size_t n;
    struct {
        int32_t why;
        char code[CODE_TEXT];
        int64_t n, alone;
    } v[CODES];
};
struct es_desk {
    pthread_mutex_t lock;
    struct claim claims[CLAIMS];
    struct counted counted[COUNTED];
};

enum es_code es_desk_new(struct es_desk **out, struct es_err *e)
{
    struct es_desk *d = calloc(1, sizeof *d);
    if (!d)
        return es_fail(e, ES_ENOMEM, 0, "desk");
    if (pthread_mutex_init(&d->lock, NULL) != 0) {
        free(d);
        return es_fail(e, ES_ENOMEM, 0, "desk");
    }
    *out = d;
    return ES_OK;
}

void es_desk_free(struct es_desk *d)
{
    if (d)
        pthread_mutex_destroy(&d->lock);
    free(d);
}

static int64_t other(const struct es_desk *d, int64_t run, int64_t account,
                     int64_t now_ms)
{
    for (size_t i = 0; i < CLAIMS; i++)
        if (d->claims[i].run == run && d->claims[i].account != account &&
            d->claims[i].until_ms > now_ms)
            return d->claims[i].account;
    return 0;
}

int64_t es_desk_other(struct es_desk *d, int64_t run, int64_t account,
                      int64_t now_ms)
{
    pthread_mutex_lock(&d->lock);
    int64_t who = other(d, run, account, now_ms);
    pthread_mutex_unlock(&d->lock);
    return who;
}

int64_t es_desk_claim(struct es_desk *d, int64_t run, int64_t account,
                      int64_t now_ms)
{
    struct claim *mine = &d->claims[0];
    pthread_mutex_lock(&d->lock);
    int64_t who = other(d, run, account, now_ms);
    /* Somebody looks at one run at a time; the oldest makes room. */
    for (size_t i = 0; i < CLAIMS; i++) {
        struct claim *c = &d->claims[i];
        if (c->account == account) {
            mine = c;
            break;
        }
        if (c->until_ms < mine->until_ms)
            mine = c;
    }
    *mine = (struct claim){ run, account, now_ms + ES_CLAIM_MS };
    pthread_mutex_unlock(&d->lock);
    return who;
}

void es_desk_leave(struct es_desk *d, int64_t run)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < CLAIMS; i++)
        if (d->claims[i].run == run)
            d->claims[i] = (struct claim){ 0 };
    pthread_mutex_unlock(&d->lock);
}

void es_desk_moved(struct es_desk *d, int64_t initiative)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < COUNTED; i++)
        if (d->counted[i].initiative == initiative)
            d->counted[i].until_ms = 0;
    pthread_mutex_unlock(&d->lock);
}

static bool recall(struct es_desk *d, int64_t initiative, struct es_arena *a,
                   struct es_queue_count **out, size_t *n)
{
    bool found = false;
    int64_t now_ms = es_time_mono_ms();
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < COUNTED && !found; i++) {
        const struct counted *c = &d->counted[i];
        if (c->initiative != initiative || c->until_ms <= now_ms)
            continue;
        struct es_queue_count *v = es_arena_array(a, c->n, sizeof *v);
        found = v != NULL;
        *out = v;
        *n = found ? c->n : 0;
        for (size_t k = 0; k < *n; k++) {
            const char *code = es_arena_str(a, c->v[k].code);
            v[k] = (struct es_queue_count){ c->v[k].why, code ? code : "",
                                            c->v[k].n, c->v[k].alone };
        }
    }
    pthread_mutex_unlock(&d->lock);
    return found;
}

static void remember(struct es_desk *d, int64_t initiative,
                     const struct es_queue_count *v, size_t n)
{
    struct counted *to = &d->counted[0];
    if (n > CODES)
        return;
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < COUNTED; i++) {
        struct counted *c = &d->counted[i];
        if (c->initiative == initiative) {
            to = c;
            break;
        }
        if (c->until_ms < to->until_ms)
            to = c;
    }
    to->initiative = initiative;
    to->until_ms = es_time_mono_ms() + FRESH_MS;
    to->n = n;
    for (size_t i = 0; i < n; i++) {
        to->v[i].why = v[i].why;
        to->v[i].n = v[i].n;
        to->v[i].alone = v[i].alone;
        (void)snprintf(to->v[i].code, CODE_TEXT, "%s", v[i].code);
    }
    pthread_mutex_unlock(&d->lock);
}

enum es_code es_review_counts(struct es_app *app, int64_t initiative,
                              struct es_arena *a, struct es_queue_count **out,
                              size_t *n, struct es_err *e)
{
    if (recall(app->desk, initiative, a, out, n))
        return ES_OK;
    enum es_code rc =
        es_store_queue_counts(app->store, initiative, a, out, n, e);
    if (rc == ES_OK)
        remember(app->desk, initiative, *out, *n);
    return rc;
}
