/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/running.h"

#include "base/limits.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

enum { HEADS = 4096, FIRST_ROOM = 64 };
static const uint32_t NONE = UINT32_MAX;

/* Recorders tell each half minute: five were lost. */
static const int64_t HEARD_MS = 150000;
/* A rest is shorter; a phone that was forgotten is not. */
static const int64_t MOVED_MS = 900000;
static const int64_t SWEEP_MS = 60000;
/* Nobody runs faster than this, in millimetres a millisecond, but for the
 * noise of a receiver and what the engine finds anew of the whole. */
static const int64_t FASTEST = 10, SLACK_MM = 50000;
/* Who is heard of for the first time has run offline, at most so far. */
static const int64_t FIRST_MM = 50000000;

struct runner {
    int64_t initiative, person;
    int64_t dist_mm;
    int64_t heard_ms, moved_ms;
    uint32_t next; /* of the same head */
    bool ended;
};

struct es_running {
    pthread_mutex_t lock;
    uint64_t seed; /* so that nobody can aim at a head */
    uint32_t heads[HEADS];
    struct runner *v;
    uint32_t n, room;
    int64_t swept_ms;
};

enum es_code es_running_new(struct es_running **out, struct es_err *e)
{
    struct es_running *r = calloc(1, sizeof *r);
    *out = NULL;
    if (!r || pthread_mutex_init(&r->lock, NULL) != 0) {
        free(r);
        return es_fail(e, ES_ENOMEM, 0, "who runs");
    }
    for (size_t i = 0; i < HEADS; i++)
        r->heads[i] = NONE;
    r->seed = es_random_u64();
    *out = r;
    return ES_OK;
}

void es_running_free(struct es_running *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r->v);
    free(r);
}

bool es_running_may(const struct es_participant *p)
{
    return !(p->visibility & ES_VIS_HIDDEN) && p->state != ES_PERSON_WAITS &&
           p->guardian != ES_GUARDIAN_ASKED;
}

/* SplitMix64's finaliser (Steele, Lea, Flood 2014). */
static uint32_t *head_of(struct es_running *r, int64_t person)
{
    uint64_t x = (uint64_t)person ^ r->seed;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return &r->heads[(x ^ (x >> 31)) % HEADS];
}

static struct runner *find(struct es_running *r, const struct es_participant *p)
{
    for (uint32_t i = *head_of(r, p->id); i != NONE; i = r->v[i].next)
        if (r->v[i].person == p->id && r->v[i].initiative == p->initiative)
            return &r->v[i];
    return NULL;
}

static bool counts(const struct runner *w, int64_t now_ms)
{
    return !w->ended && now_ms - w->heard_ms <= HEARD_MS &&
           now_ms - w->moved_ms <= MOVED_MS;
}

static void put_in_line(struct es_running *r, uint32_t i)
{
    uint32_t *head = head_of(r, r->v[i].person);
    r->v[i].next = *head;
    *head = i;
}

/* Forgets all who are no longer heard of. Who only rests stays: a phone that
 * lies there would else begin anew. */
static void sweep(struct es_running *r, int64_t now_ms)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < HEADS; i++)
        r->heads[i] = NONE;
    for (uint32_t i = 0; i < r->n; i++)
        if (!r->v[i].ended && now_ms - r->v[i].heard_ms <= HEARD_MS)
            r->v[kept++] = r->v[i];
    r->n = kept;
    for (uint32_t i = 0; i < kept; i++)
        put_in_line(r, i);
    r->swept_ms = now_ms;
}

static struct runner *add(struct es_running *r, const struct es_participant *p,
                          int64_t now_ms)
{
    if (now_ms - r->swept_ms > SWEEP_MS || r->n == ES_RUNNING_MAX)
        sweep(r, now_ms);
    if (r->n == ES_RUNNING_MAX)
        return NULL;
    if (r->n == r->room) {
        uint32_t room = r->room ? r->room * 2 : FIRST_ROOM;
        struct runner *v = realloc(r->v, room * sizeof *v);
        if (!v)
            return NULL;
        r->v = v;
        r->room = room;
    }
    r->v[r->n] = (struct runner){ .initiative = p->initiative,
                                  .person = p->id,
                                  .ended = true };
    put_in_line(r, r->n);
    return &r->v[r->n++];
}

void es_running_tell(struct es_running *r, const struct es_participant *p,
                     int64_t dist_mm, int64_t now_ms)
{
    pthread_mutex_lock(&r->lock);
    struct runner *w = find(r, p);
    if (!w)
        w = add(r, p, now_ms);
    if (w) {
        bool anew = w->ended || now_ms - w->heard_ms > HEARD_MS;
        int64_t most_mm =
            anew ? FIRST_MM
                 : w->dist_mm + (now_ms - w->heard_ms) * FASTEST + SLACK_MM;
        int64_t far_mm = dist_mm < most_mm ? dist_mm : most_mm;
        if (anew || far_mm != w->dist_mm)
            w->moved_ms = now_ms;
        w->dist_mm = far_mm;
        w->heard_ms = now_ms;
        w->ended = false;
    }
    pthread_mutex_unlock(&r->lock);
}

bool es_running_end(struct es_running *r, const struct es_participant *p)
{
    pthread_mutex_lock(&r->lock);
    struct runner *w = find(r, p);
    bool was = w && !w->ended;
    if (was)
        w->ended = true;
    pthread_mutex_unlock(&r->lock);
    return was;
}

struct es_running_now es_running_count(struct es_running *r, int64_t initiative,
                                       int64_t now_ms)
{
    struct es_running_now out = { 0 };
    pthread_mutex_lock(&r->lock);
    for (uint32_t i = 0; i < r->n; i++)
        if (r->v[i].initiative == initiative && counts(&r->v[i], now_ms)) {
            out.people++;
            out.dist_mm += r->v[i].dist_mm;
        }
    pthread_mutex_unlock(&r->lock);
    return out;
}
