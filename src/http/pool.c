/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/pool.h"

#include "base/random.h"
#include "base/siphash.h"
#include "base/time.h"

#include <signal.h>
#include <stdlib.h>

/* SQLite, JSON and page rendering need tens of kilobytes; sanitizers make
 * frames several times larger. Only touched pages cost memory. */
enum { STACK_BYTES = 1 << 20 };

enum {
    LANES = 512, /* two addresses seldom share one, and nobody can choose to */
    NONE = -1,
};

bool es_thread_start(pthread_t *t, void *(*fn)(void *), void *arg)
{
    pthread_attr_t attr;
    sigset_t all, old;

    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(t, &attr, fn, arg);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    return rc == 0;
}

/* Jobs of the addresses with one hash, in their order. */
struct lane {
    int first, last; /* items */
    int next;        /* the lane whose turn comes after; NONE at the end */
};

struct item {
    void *job;
    int next;
};

struct es_pool {
    pthread_mutex_t lock;
    pthread_cond_t work; /* a job, or the end */
    pthread_cond_t idle; /* nothing reserved, queued or running */
    void (*run)(void *job);
    pthread_t *threads;
    unsigned n_threads;
    uint8_t seed[ES_SIPHASH_KEY];
    struct lane lane[LANES];
    int turn, last_turn; /* lanes that hold jobs */
    struct item *item;
    int spare; /* items */
    unsigned cap;
    unsigned taken; /* reserved, queued or running */
    bool stop;
};

/* The next job of the lane whose turn it is, which then goes to the end. */
static void *take(struct es_pool *p)
{
    int at = p->turn;
    struct lane *l = &p->lane[at];
    int i = l->first;
    void *job = p->item[i].job;

    l->first = p->item[i].next;
    p->item[i].next = p->spare;
    p->spare = i;
    p->turn = l->next;
    l->next = NONE;
    if (l->first != NONE && p->turn != NONE) {
        p->lane[p->last_turn].next = at;
        p->last_turn = at;
    } else if (l->first != NONE) {
        p->turn = p->last_turn = at;
    }
    return job;
}

static void add(struct es_pool *p, int at, void *job)
{
    struct lane *l = &p->lane[at];
    int i = p->spare;

    p->spare = p->item[i].next;
    p->item[i] = (struct item){ job, NONE };
    if (l->first != NONE) {
        p->item[l->last].next = i;
        l->last = i;
        return;
    }
    l->first = l->last = i;
    l->next = NONE;
    if (p->turn == NONE)
        p->turn = at;
    else
        p->lane[p->last_turn].next = at;
    p->last_turn = at;
}

static void *pool_main(void *arg)
{
    struct es_pool *p = arg;

    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->turn == NONE && !p->stop)
            pthread_cond_wait(&p->work, &p->lock);
        if (p->turn == NONE)
            break;
        void *job = take(p);
        pthread_mutex_unlock(&p->lock);
        p->run(job);
        pthread_mutex_lock(&p->lock);
        if (--p->taken == 0)
            pthread_cond_broadcast(&p->idle);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void pool_free(struct es_pool *p)
{
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->idle);
    free(p->threads);
    free(p->item);
    free(p);
}

static void pool_join(struct es_pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
}

static bool start_threads(struct es_pool *p, unsigned threads)
{
    while (p->n_threads < threads &&
           es_thread_start(&p->threads[p->n_threads], pool_main, p))
        p->n_threads++;
    return p->n_threads == threads;
}

static void empty_lanes(struct es_pool *p)
{
    p->turn = p->last_turn = NONE;
    for (int i = 0; i < LANES; i++)
        p->lane[i] = (struct lane){ NONE, NONE, NONE };
    p->spare = NONE;
    for (unsigned i = 0; i < p->cap; i++) {
        p->item[i].next = p->spare;
        p->spare = (int)i;
    }
}

enum es_code es_pool_new(unsigned threads, unsigned queue,
                         void (*run)(void *job), struct es_pool **out,
                         struct es_err *e)
{
    struct es_pool *p = calloc(1, sizeof *p);
    pthread_condattr_t attr;

    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "no memory for handler threads");
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->idle, &attr);
    pthread_condattr_destroy(&attr);
    p->run = run;
    p->cap = threads + queue;
    p->item = calloc(p->cap, sizeof *p->item);
    p->threads = calloc(threads, sizeof *p->threads);
    es_random_bytes(p->seed, sizeof p->seed);
    if (p->item)
        empty_lanes(p);
    if (!p->item || !p->threads || !start_threads(p, threads)) {
        pool_join(p);
        pool_free(p);
        return es_fail(e, ES_ENOMEM, 0, "no memory for handler threads");
    }
    *out = p;
    return ES_OK;
}

bool es_pool_reserve(struct es_pool *p)
{
    pthread_mutex_lock(&p->lock);
    bool ok = p->taken < p->cap;
    if (ok)
        p->taken++;
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void es_pool_put(struct es_pool *p, const uint8_t key[ES_PEER_KEY], void *job)
{
    uint64_t h = es_siphash(p->seed, (struct es_bytes){ key, ES_PEER_KEY });

    pthread_mutex_lock(&p->lock);
    add(p, (int)(h % LANES), job);
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
}

bool es_pool_stop(struct es_pool *p, int64_t wait_ms)
{
    int64_t end_ms = es_time_mono_ms() + wait_ms;
    struct timespec ts = { .tv_sec = (time_t)(end_ms / 1000),
                           .tv_nsec = (long)(end_ms % 1000) * 1000000 };
    int late = 0;

    if (!p)
        return true;
    pthread_mutex_lock(&p->lock);
    while (p->taken && late == 0)
        late = pthread_cond_timedwait(&p->idle, &p->lock, &ts);
    bool idle = p->taken == 0;
    pthread_mutex_unlock(&p->lock);
    if (!idle)
        return false;
    pool_join(p);
    pool_free(p);
    return true;
}
