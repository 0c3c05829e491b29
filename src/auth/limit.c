/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/limit.h"

#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROWS = 65536, NEIGHBOURS = 8 };

struct row {
    uint64_t tag; /* 0 = free */
    int64_t at_ms;
    double tokens;
};

struct es_limits {
    pthread_mutex_t lock;
    uint64_t seed; /* so that nobody can aim at a row */
    struct row rows[ROWS];
};

/* How many at once, and how many a second from then on. */
static const struct {
    double burst, per_s;
} ALLOWANCE[ES_LIMIT_KINDS] = {
    /* 120 pupils join in a lesson, each with some slips, behind one address;
     * 2,000 in a stadium within three quarters of an hour. Who makes up people
     * has 600, then one in 2 s. */
    [ES_LIMIT_JOIN] = { 600, 0.5 },
    /* a person's archive of some years at once */
    [ES_LIMIT_UPLOAD] = { 200, 1.0 },
    /* nobody guesses 160 bits; who mistypes a link has 30, then one in 20 s */
    [ES_LIMIT_GUESS] = { 30, 30.0 / 600 },
    /* ten codes are all there are */
    [ES_LIMIT_RECOVER] = { 5, 5.0 / 600 },
    /* all pictures of a class; a drawing costs 50 ms of a processor */
    [ES_LIMIT_DRAW] = { 120, 1.0 },
    /* who goes through a leaderboard of rude names; then one in a minute, and
     * a person reads each */
    [ES_LIMIT_REPORT] = { 20, 1.0 / 60 },
    /* each pupil of that school looks for two friends; then 2 a second, at a
     * few ms each */
    [ES_LIMIT_SEARCH] = { 240, 2.0 },
    /* One a minute, and never more than five within an hour: three at once,
     * and what two an hour give in it. The same sum of halves below. */
    [ES_LIMIT_MAIL_MINUTE] = { 1, 1.0 / 60 },
    [ES_LIMIT_MAIL_HOUR] = { 3, 2.0 / 3600 },
    /* of a school 200 within an hour */
    [ES_LIMIT_MAIL_PEER] = { 100, 100.0 / 3600 },
    /* who sets up mail tries this and that */
    [ES_LIMIT_MAIL_TEST] = { 20, 1.0 / 60 },
    /* each half minute, and once more whenever the network is back */
    [ES_LIMIT_LIVE] = { 20, 0.1 },
    /* what a small mail server is glad to pass on: 1,000 within an hour */
    [ES_LIMIT_MAIL_ALL] = { 500, 500.0 / 3600 },
};

struct es_limits *es_limits_new(void)
{
    struct es_limits *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    if (pthread_mutex_init(&l->lock, NULL) != 0) {
        free(l);
        return NULL;
    }
    l->seed = es_random_u64();
    return l;
}

void es_limits_free(struct es_limits *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l);
}

/* SplitMix64's finaliser (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static struct row *find(struct es_limits *l, uint64_t tag)
{
    struct row *best = NULL;
    for (uint64_t i = 0; i < NEIGHBOURS; i++) {
        struct row *r = &l->rows[(tag + i) % ROWS];
        if (r->tag == tag)
            return r;
        if (!best || r->at_ms < best->at_ms)
            best = r;
    }
    *best = (struct row){ 0 };
    return best;
}

unsigned es_limit_take(struct es_limits *l, enum es_limited what, uint64_t who,
                       int64_t now_ms)
{
    double burst = ALLOWANCE[what].burst;
    double per_s = ALLOWANCE[what].per_s;
    unsigned wait_s = 0;
    uint64_t tag = mix(l->seed ^ mix(who + (uint64_t)what)) | 1;

    pthread_mutex_lock(&l->lock);
    struct row *r = find(l, tag);
    if (r->tag != tag)
        *r = (struct row){ tag, now_ms, burst };
    r->tokens += (double)(now_ms - r->at_ms) / 1000 * per_s;
    if (r->tokens > burst)
        r->tokens = burst;
    r->at_ms = now_ms;
    if (r->tokens >= 1)
        r->tokens -= 1;
    else
        wait_s = (unsigned)((1 - r->tokens) / per_s) + 1;
    pthread_mutex_unlock(&l->lock);
    return wait_s;
}
