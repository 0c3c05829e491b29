/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/times.h"

#include "base/random.h"
#include "standings/cursor.h"
#include "standings/ids.h"
#include "standings/order.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The fastest of a category, of all ages (group 0) or of one. */
struct lane {
    struct lane *next;
    int32_t group;
    struct es_order order;
    char category[]; /* NUL-terminated */
};

struct timed_run {
    int64_t id, time_s;
};

struct runner {
    struct es_order_node all, own; /* own: among their age */
    int64_t id;
    struct lane *in, *among; /* among: NULL when the age isn't given */
    bool hidden;
    struct timed_run *runs;
    size_t n, cap;
};

struct es_times {
    pthread_rwlock_t lock;
    struct es_ids people;
    struct lane *lanes;
};

/* ---- life ---- */

enum es_code es_times_new(struct es_times **out, struct es_err *e)
{
    struct es_times *t = calloc(1, sizeof *t);
    if (!t || pthread_rwlock_init(&t->lock, NULL) != 0) {
        free(t);
        return es_fail(e, ES_ENOMEM, 0, "no memory for times");
    }
    *out = t;
    return ES_OK;
}

void es_times_free(struct es_times *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->people.cap; i++) {
        struct runner *r = t->people.slots[i].value;
        if (r)
            free(r->runs);
        free(r);
    }
    while (t->lanes) {
        struct lane *next = t->lanes->next;
        free(t->lanes);
        t->lanes = next;
    }
    es_ids_release(&t->people);
    pthread_rwlock_destroy(&t->lock);
    free(t);
}

/* ---- places ---- */

static struct lane *lane_find(const struct es_times *t, const char *category,
                              int32_t group)
{
    struct lane *l = t->lanes;
    while (l && (l->group != group || strcmp(l->category, category) != 0))
        l = l->next;
    return l;
}

static struct lane *lane_of(struct es_times *t, const char *category,
                            int32_t group)
{
    struct lane *l = lane_find(t, category, group);
    size_t n = strlen(category) + 1;
    if (l || !(l = calloc(1, sizeof *l + n)))
        return l;
    l->group = group;
    memcpy(l->category, category, n);
    l->next = t->lanes;
    t->lanes = l;
    return l;
}

/* The run with the least time, of equals the first; NULL without any. */
static const struct timed_run *best_of(const struct runner *r)
{
    const struct timed_run *best = NULL;
    for (size_t i = 0; i < r->n; i++)
        if (!best || r->runs[i].time_s < best->time_s ||
            (r->runs[i].time_s == best->time_s && r->runs[i].id < best->id))
            best = &r->runs[i];
    return best;
}

static void take_out(struct runner *r)
{
    if (r->all.size > 0)
        es_order_remove(&r->in->order, &r->all);
    if (r->own.size > 0)
        es_order_remove(&r->among->order, &r->own);
}

/* An order puts the larger value first, and here the smaller time is. */
static void put_in(struct runner *r)
{
    const struct timed_run *best = best_of(r);
    if (r->hidden || !best)
        return;
    r->all.value = r->own.value = -best->time_s;
    r->all.id = r->own.id = r->id;
    es_order_insert(&r->in->order, &r->all, (uint32_t)es_random_u64());
    if (r->among)
        es_order_insert(&r->among->order, &r->own, (uint32_t)es_random_u64());
}

/* ---- changes ---- */

static enum es_code person_put(struct es_times *t, const struct es_timed *p,
                               struct es_err *e)
{
    struct runner *r = es_ids_get(&t->people, p->id);
    struct lane *in = lane_of(t, p->category, 0);
    struct lane *among = p->group ? lane_of(t, p->category, p->group) : NULL;
    if (!in || (p->group && !among))
        return es_fail(e, ES_ENOMEM, 0, "no memory for a category");
    if (!r) {
        enum es_code rc = es_ids_reserve(&t->people, e);
        if (rc != ES_OK)
            return rc;
        r = calloc(1, sizeof *r);
        if (!r)
            return es_fail(e, ES_ENOMEM, 0, "no memory for a person's times");
        r->id = p->id;
        es_ids_put(&t->people, p->id, r);
    }
    take_out(r);
    if (r->in != in)
        r->n = 0;
    r->in = in;
    r->among = among;
    r->hidden = p->hidden;
    put_in(r);
    return ES_OK;
}

enum es_code es_times_person(struct es_times *t, const struct es_timed *p,
                             struct es_err *e)
{
    pthread_rwlock_wrlock(&t->lock);
    enum es_code rc = person_put(t, p, e);
    pthread_rwlock_unlock(&t->lock);
    return rc;
}

void es_times_drop(struct es_times *t, int64_t person)
{
    pthread_rwlock_wrlock(&t->lock);
    struct runner *r = es_ids_get(&t->people, person);
    if (r) { /* ids are never removed: an empty one stands nowhere */
        take_out(r);
        r->n = 0;
        r->in = r->among = NULL;
    }
    pthread_rwlock_unlock(&t->lock);
}

const char *es_times_category(struct es_times *t, int64_t person)
{
    pthread_rwlock_rdlock(&t->lock);
    const struct runner *r = es_ids_get(&t->people, person);
    const char *category = r && r->in ? r->in->category : NULL;
    pthread_rwlock_unlock(&t->lock);
    return category;
}

static enum es_code run_put(struct runner *r, int64_t run, int64_t time_s,
                            struct es_err *e)
{
    size_t at = 0;
    while (at < r->n && r->runs[at].id != run)
        at++;
    if (at == r->n && time_s == 0)
        return ES_OK;
    if (at == r->n && r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 4;
        struct timed_run *v = realloc(r->runs, cap * sizeof *v);
        if (!v)
            return es_fail(e, ES_ENOMEM, 0, "no memory for a time");
        r->runs = v;
        r->cap = cap;
    }
    take_out(r);
    if (time_s == 0)
        r->runs[at] = r->runs[--r->n];
    else
        r->runs[at] = (struct timed_run){ run, time_s };
    if (at == r->n && time_s != 0)
        r->n++;
    put_in(r);
    return ES_OK;
}

enum es_code es_times_run(struct es_times *t, int64_t person, int64_t run,
                          int64_t time_ms, struct es_err *e)
{
    /* Half a second is no time over any distance, yet not none. */
    int64_t time_s = (time_ms + 500) / 1000;
    if (time_ms > 0 && time_s == 0)
        time_s = 1;
    pthread_rwlock_wrlock(&t->lock);
    struct runner *r = es_ids_get(&t->people, person);
    enum es_code rc = r && r->in ? run_put(r, run, time_ms > 0 ? time_s : 0, e)
                                 : es_fail(e, ES_ENOENT, 0, "no such person");
    pthread_rwlock_unlock(&t->lock);
    return rc;
}

/* ---- reading ---- */

/* `all` is a runner's first member. */
static const struct runner *runner_of(const struct es_order_node *n, bool own)
{
    size_t offset = own ? offsetof(struct runner, own) : 0;
    return (const void *)((const char *)n - offset);
}

static void row_of(const struct runner *r, struct es_time_row *out)
{
    const struct timed_run *best = best_of(r);
    out->id = r->id;
    out->run = best->id;
    out->time_ms = best->time_s * 1000;
}

static enum es_code start_of(const struct es_times_query *q,
                             struct es_cursor *after, struct es_err *e)
{
    *after = (struct es_cursor){ .value = 0, .id = -1 };
    if (q->cursor &&
        (!es_cursor_read(q->cursor, after) || after->by != ES_BY_PERSON ||
         after->metric != ES_METRIC_TIME))
        return es_fail(e, ES_EINVAL, 0, "not a cursor of these times");
    return ES_OK;
}

/* False without memory. `nodes` has one more than the page, when there is. */
static bool fill(const struct lane *l, const struct es_order_node *const *nodes,
                 size_t from, size_t n, bool more, struct es_arena *a,
                 struct es_time_row **rows, const char **next)
{
    char text[ES_CURSOR_TEXT];
    struct es_time_row *v = es_arena_array(a, n, sizeof *v);
    if (!v)
        return false;
    for (size_t i = 0; i < n; i++) {
        row_of(runner_of(nodes[i], l->group != 0), &v[i]);
        if (i > 0 && v[i].time_ms == v[i - 1].time_ms)
            v[i].rank = v[i - 1].rank;
        else if (i > 0)
            v[i].rank = (int64_t)(from + i + 1);
        else
            v[i].rank = 1 + (int64_t)es_order_before(&l->order, nodes[i]->value,
                                                     INT64_MIN);
    }
    if (more) {
        es_cursor_write(&(struct es_cursor){ .by = ES_BY_PERSON,
                                             .metric = ES_METRIC_TIME,
                                             .value = -nodes[n - 1]->value,
                                             .id = nodes[n - 1]->id },
                        text);
        if (!(*next = es_arena_str(a, text)))
            return false;
    }
    *rows = v;
    return true;
}

enum es_code es_times_page(struct es_times *t, const struct es_times_query *q,
                           struct es_arena *a, struct es_time_row **rows,
                           size_t *n, const char **next, struct es_err *e)
{
    const struct es_order_node *nodes[ES_STANDINGS_PAGE_MAX + 1];
    struct es_cursor after;
    const char *cursor = NULL;
    struct es_time_row *v = NULL;
    size_t want = q->limit < 1 ? 1 : q->limit, found = 0;
    if (want > ES_STANDINGS_PAGE_MAX)
        want = ES_STANDINGS_PAGE_MAX;
    enum es_code rc = start_of(q, &after, e);
    if (rc != ES_OK)
        return rc;
    pthread_rwlock_rdlock(&t->lock);
    const struct lane *l = lane_find(t, q->category, q->group);
    if (l) {
        size_t from = es_order_before(&l->order, -after.value, after.id + 1);
        found = es_order_slice(&l->order, from, nodes, want + 1);
        bool more = found > want;
        found -= more;
        if (!fill(l, nodes, from, found, more, a, &v, &cursor))
            rc = es_fail(e, ES_ENOMEM, 0, "no memory for a page");
    }
    pthread_rwlock_unlock(&t->lock);
    if (rc != ES_OK)
        return rc;
    *rows = v;
    *n = found;
    *next = cursor;
    return ES_OK;
}

enum es_code es_times_of(struct es_times *t, int64_t person,
                         struct es_time_row *out, struct es_err *e)
{
    enum es_code rc = ES_ENOENT;
    pthread_rwlock_rdlock(&t->lock);
    const struct runner *r = es_ids_get(&t->people, person);
    if (r && r->all.size > 0) {
        rc = ES_OK;
        row_of(r, out);
        out->rank = 1 + (int64_t)es_order_before(&r->in->order, r->all.value,
                                                 INT64_MIN);
    }
    pthread_rwlock_unlock(&t->lock);
    return rc == ES_OK ? rc : es_fail(e, rc, 0, "stands nowhere by time");
}
