/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/timing.h"

#include "initiative/names.h"
#include "track/wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 200, PERSON_MEM = 64 << 20, PAGE_MEM = 256 << 20 };

struct es_timing {
    pthread_rwlock_t lock; /* of the rules */
    int64_t initiative;
    struct es_rules rules;
    struct es_times *times;
};

enum es_code es_timing_new(const struct es_initiative *ini,
                           struct es_timing **out, struct es_err *e)
{
    struct es_timing *t = calloc(1, sizeof *t);
    if (!t || pthread_rwlock_init(&t->lock, NULL) != 0) {
        free(t);
        return es_fail(e, ES_ENOMEM, 0, "no memory for times");
    }
    t->initiative = ini->id;
    enum es_code rc = es_rules_read(ini->rules, &t->rules, e);
    if (rc == ES_OK)
        rc = es_times_new(&t->times, e);
    if (rc != ES_OK)
        es_timing_free(t);
    else
        *out = t;
    return rc;
}

void es_timing_free(struct es_timing *t)
{
    if (!t)
        return;
    es_times_free(t->times);
    pthread_rwlock_destroy(&t->lock);
    free(t);
}

struct es_times *es_timing_times(struct es_timing *t)
{
    return t->times;
}

enum es_code es_timing_rules(struct es_timing *t,
                             const struct es_initiative *ini, struct es_err *e)
{
    struct es_rules rules;
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc != ES_OK)
        return rc;
    pthread_rwlock_wrlock(&t->lock);
    t->rules = rules;
    pthread_rwlock_unlock(&t->lock);
    return ES_OK;
}

static bool any_distance(const struct es_rules *r)
{
    for (size_t i = 0; i < r->n_categories; i++)
        if (r->categories[i].dist_mm > 0)
            return true;
    return false;
}

/* The rules as they are now. */
static void rules_now(struct es_timing *t, struct es_rules *out)
{
    pthread_rwlock_rdlock(&t->lock);
    *out = t->rules;
    pthread_rwlock_unlock(&t->lock);
}

/* How far a category goes; 0: it has no distance, or isn't there. */
static int64_t distance_of(const struct es_rules *r, const char *category)
{
    const struct es_category *c = es_category_of(r, category);
    return c ? c->dist_mm : 0;
}

static enum es_code put_run(struct es_timing *t, const struct es_rules *rules,
                            const struct es_run *run, struct es_err *e)
{
    struct es_measure m;
    struct es_arena a;
    struct es_rd rd;
    int64_t time_ms = 0;
    const char *category = es_times_category(t->times, run->participant);
    int64_t dist_mm = category ? distance_of(rules, category) : 0;
    enum es_code rc = ES_OK;
    if (!category)
        return ES_OK;
    if (dist_mm > 0 && run->status == ES_RUN_ACCEPTED && run->counted_mm > 0) {
        bool measured = run->measure.n > 0;
        es_arena_init(&a, PERSON_MEM);
        es_rd_init(&rd, run->measure);
        if (measured)
            rc = es_measure_get(&rd, &a, &m, e);
        if (rc == ES_OK)
            (void)es_category_time(rules, dist_mm, measured ? &m : NULL,
                                   run->dist_mm, run->time_ms, &time_ms);
        es_arena_release(&a);
    }
    return rc == ES_OK
               ? es_times_run(t->times, run->participant, run->id, time_ms, e)
               : rc;
}

enum es_code es_timing_run(struct es_timing *t, const struct es_run *run,
                           struct es_err *e)
{
    struct es_rules rules;
    rules_now(t, &rules);
    return put_run(t, &rules, run, e);
}

/* Also somebody whose category has no distance: it may have one one day. Who
 * waits for a place, or has left, has no times. */
static enum es_code put_person(struct es_timing *t,
                               const struct es_participant *p, struct es_err *e)
{
    struct es_arena a;
    if (!*p->category || p->state != ES_PERSON_IN) {
        es_times_drop(t->times, p->id);
        return ES_OK;
    }
    es_arena_init(&a, ES_NAME_MAX * 64);
    struct es_timed timed = {
        .id = p->id,
        .category = p->category,
        /* who gave a year of birth was told that it is never shown */
        .group = p->birth_year ? 0 : p->age_group,
        .hidden = es_public_name(p, &a) == NULL,
    };
    es_arena_release(&a);
    return es_times_person(t->times, &timed, e);
}

static enum es_code runs_of(struct es_timing *t, struct es_store *store,
                            const struct es_rules *rules, int64_t participant,
                            struct es_err *e)
{
    struct es_run *v;
    size_t n = 0;
    int64_t before = 0;
    enum es_code rc;
    do {
        struct es_arena a;
        es_arena_init(&a, PAGE_MEM);
        rc = es_store_runs_of(store, t->initiative, participant, before, PAGE,
                              &a, &v, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++)
            rc = put_run(t, rules, &v[i], e);
        before = rc == ES_OK && n > 0 ? v[n - 1].id : 0;
        es_arena_release(&a);
    } while (rc == ES_OK && n == PAGE);
    return rc;
}

enum es_code es_timing_person(struct es_timing *t, struct es_store *store,
                              int64_t participant, struct es_err *e)
{
    struct es_participant p;
    struct es_rules rules;
    struct es_arena a;
    rules_now(t, &rules);
    es_arena_init(&a, ES_JSON_MAX);
    enum es_code rc =
        es_store_participant(store, t->initiative, participant, &a, &p, e);
    if (rc == ES_OK)
        rc = put_person(t, &p, e);
    bool timed = rc == ES_OK && *p.category;
    es_arena_release(&a);
    return timed ? runs_of(t, store, &rules, participant, e) : rc;
}

static enum es_code load_people(struct es_timing *t, struct es_store *store,
                                struct es_err *e)
{
    struct es_participant *v;
    size_t n = 0;
    int64_t after = 0;
    enum es_code rc;
    do {
        struct es_arena a;
        es_arena_init(&a, PAGE_MEM);
        rc = es_store_participants_after(store, t->initiative, after, PAGE, &a,
                                         &v, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++)
            rc = put_person(t, &v[i], e);
        after = rc == ES_OK && n > 0 ? v[n - 1].id : 0;
        es_arena_release(&a);
    } while (rc == ES_OK && n == PAGE);
    return rc;
}

enum es_code es_timing_load(struct es_timing *t, struct es_store *store,
                            struct es_err *e)
{
    struct es_run *v;
    size_t n = 0;
    int64_t before = 0;
    struct es_rules rules;
    rules_now(t, &rules);
    enum es_code rc = load_people(t, store, e);
    if (!any_distance(&rules))
        return rc;
    while (rc == ES_OK) {
        struct es_arena a;
        es_arena_init(&a, PAGE_MEM);
        rc = es_store_runs_with(store, t->initiative, ES_RUN_ACCEPTED, before,
                                PAGE, &a, &v, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++)
            rc = put_run(t, &rules, &v[i], e);
        before = rc == ES_OK && n > 0 ? v[n - 1].id : 0;
        es_arena_release(&a);
        if (n < PAGE)
            break;
    }
    return rc;
}
