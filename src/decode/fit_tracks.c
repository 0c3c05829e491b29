/* SPDX-License-Identifier: Apache-2.0 */
/* Samples, laps and lengths, dealt out to the sessions they belong to. */
#include <math.h>

#include "base/limits.h"
#include "decode/fit_build.h"
#include "decode/gather.h"

/* A session's place in time. */
struct slot {
    int64_t start_ms;
    size_t track;
};

struct slots {
    struct slot v[ES_ACTIVITIES_MAX]; /* by time */
    size_t n;
};

/* Without a start it is as long as it took. */
static int64_t start_of(struct es_fit_build *b, const struct es_fit_session *s)
{
    double t = s->start;
    if (isnan(t) && s->elapsed_s <= s->time)
        t = s->time - s->elapsed_s;
    return es_fit_time_ms(&b->r, isnan(t) ? s->time : t);
}

static void place(struct slots *s, int64_t start_ms, size_t track)
{
    size_t i = s->n++;
    for (; i > 0 && s->v[i - 1].start_ms > start_ms; i--)
        s->v[i] = s->v[i - 1];
    s->v[i] = (struct slot){ start_ms, track };
}

/* The slot of what happened at t: of the session that began last by then, the
 * first one for what came before all. */
static size_t slot_at(const struct slots *s, int64_t t_ms, size_t now)
{
    if (t_ms == ES_NO_TIME)
        return now; /* without a time: with its neighbours */
    size_t lo = 0, hi = s->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->v[mid].start_ms <= t_ms)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* ---- flags ---- */

/* The first sample at or after each of n times gets the flag; the times are
 * the first members of elements of `size` bytes. */
static void mark(struct es_fit_records *r, const void *times, size_t n,
                 size_t size, uint8_t flag)
{
    size_t k = 0;
    for (size_t i = 0; i < r->n && k < n; i++) {
        struct es_point *p = &r->pts[i];
        for (; k < n && p->t_ms != ES_NO_TIME; k++) {
            int64_t t_ms;
            memcpy(&t_ms, (const char *)times + k * size, sizeof t_ms);
            if (t_ms > p->t_ms)
                break;
            p->flags |= flag;
        }
    }
}

/* ---- dealing ---- */

/* Arrays whose elements go where those of the first go. */
struct deck {
    struct {
        char *p;
        size_t size; /* of an element, at most that of a point */
    } v[1 + ES_EXTRA_COLUMNS];
    size_t n_arrays;
    size_t n;
    int64_t (*time)(const struct es_fit_build *b, size_t i);
};

static void swap(struct deck *d, size_t i, size_t k)
{
    char tmp[sizeof(struct es_point)];
    for (size_t j = 0; j < d->n_arrays; j++) {
        size_t size = d->v[j].size;
        char *a = d->v[j].p + i * size, *b = d->v[j].p + k * size;
        memcpy(tmp, a, size);
        memcpy(a, b, size);
        memcpy(b, tmp, size);
    }
}

/* Brings the elements of each session together, in the order they have. On
 * return from[k] is the first of slot k, from[s->n] their number. */
static enum es_code deal(const struct es_fit_build *b, const struct slots *s,
                         struct deck *d, size_t *from, struct es_err *e)
{
    size_t now = 0, last = 0;
    bool in_order = true;
    memset(from, 0, (s->n + 1) * sizeof *from);
    from[s->n] = d->n;
    if (s->n == 1)
        return ES_OK;
    from[s->n] = 0;
    for (size_t i = 0; i < d->n; i++) {
        now = slot_at(s, d->time(b, i), now);
        in_order = in_order && now >= last;
        last = now;
        from[now + 1]++;
    }
    for (size_t k = 0; k < s->n; k++)
        from[k + 1] += from[k];
    if (in_order)
        return ES_OK;
    uint32_t *to = es_arena_array(b->a, d->n, sizeof *to);
    size_t next[ES_ACTIVITIES_MAX];
    if (!to)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu records", d->n);
    memcpy(next, from, s->n * sizeof *next);
    now = 0;
    for (size_t i = 0; i < d->n; i++) {
        now = slot_at(s, d->time(b, i), now);
        to[i] = (uint32_t)next[now]++;
    }
    for (size_t i = 0; i < d->n; i++) {
        while (to[i] != i) {
            size_t k = to[i];
            swap(d, i, k);
            to[i] = to[k];
            to[k] = (uint32_t)k;
        }
    }
    return ES_OK;
}

/* A sample at the second in which the next session begins is the end of the
 * one before: its distance is that session's total. */
static int64_t point_time(const struct es_fit_build *b, size_t i)
{
    int64_t t_ms = b->r.pts[i].t_ms;
    return t_ms == ES_NO_TIME ? ES_NO_TIME : t_ms - 1;
}

static int64_t lap_time(const struct es_fit_build *b, size_t i)
{
    return b->laps[i].start_ms;
}

static int64_t length_time(const struct es_fit_build *b, size_t i)
{
    return b->lengths[i].start_ms;
}

static enum es_code deal_points(struct es_fit_build *b, const struct slots *s,
                                struct es_track *v, struct es_err *e)
{
    size_t from[ES_ACTIVITIES_MAX + 1];
    struct deck d = { .n = b->r.n, .n_arrays = 1, .time = point_time };
    d.v[0].p = (char *)b->r.pts;
    d.v[0].size = sizeof *b->r.pts;
    for (size_t i = 0; i < b->r.n_extras; i++) {
        if (!b->r.extras[i].column)
            continue;
        d.v[d.n_arrays].p = (char *)b->r.extras[i].column;
        d.v[d.n_arrays++].size = sizeof *b->r.extras[i].column;
    }
    enum es_code rc = deal(b, s, &d, from, e);
    if (rc != ES_OK)
        return rc;
    for (size_t k = 0; k < s->n; k++) {
        struct es_track *t = &v[s->v[k].track];
        t->pts = b->r.pts + from[k];
        t->n = from[k + 1] - from[k];
        if (b->r.n_extras == 0)
            continue;
        t->extras = es_arena_array(b->a, b->r.n_extras, sizeof *t->extras);
        if (!t->extras)
            return es_fail(e, ES_ENOMEM, 0, "no memory for developer fields");
        for (size_t i = 0; i < b->r.n_extras; i++) {
            const struct es_fit_extra *x = &b->r.extras[i];
            if (x->slot == ES_FIT_MARKS)
                continue;
            struct es_extra *to = &t->extras[t->n_extras++];
            *to = x->e;
            if (x->column)
                to->v = x->column + from[k];
        }
    }
    v[s->v[0].track].n_merged = b->r.n_merged;
    return ES_OK;
}

static enum es_code deal_laps(struct es_fit_build *b, const struct slots *s,
                              struct es_track *v, struct es_err *e)
{
    size_t from[ES_ACTIVITIES_MAX + 1];
    struct deck laps = { .n = b->n_laps, .n_arrays = 1, .time = lap_time };
    struct deck lengths = { .n = b->n_lengths,
                            .n_arrays = 1,
                            .time = length_time };
    laps.v[0].p = (char *)b->laps;
    laps.v[0].size = sizeof *b->laps;
    lengths.v[0].p = (char *)b->lengths;
    lengths.v[0].size = sizeof *b->lengths;
    enum es_code rc = deal(b, s, &laps, from, e);
    for (size_t k = 0; rc == ES_OK && k < s->n; k++) {
        v[s->v[k].track].laps = b->laps + from[k];
        v[s->v[k].track].n_laps = from[k + 1] - from[k];
    }
    if (rc == ES_OK)
        rc = deal(b, s, &lengths, from, e);
    for (size_t k = 0; rc == ES_OK && k < s->n; k++) {
        v[s->v[k].track].lengths = b->lengths + from[k];
        v[s->v[k].track].n_lengths = from[k + 1] - from[k];
    }
    return rc;
}

/* ---- what follows from their place ---- */

/* Some devices count the metres through all sessions: each gets its own. */
static void split_distances(const struct slots *s, struct es_track *v)
{
    double base = 0;
    for (size_t k = 0; k < s->n; k++) {
        struct es_track *t = &v[s->v[k].track];
        double first = NAN, last = NAN;
        for (size_t i = 0; i < t->n; i++) {
            last = t->pts[i].dist_m >= 0 ? t->pts[i].dist_m : last;
            first = isnan(first) ? last : first;
        }
        for (size_t i = 0; first >= base && i < t->n; i++)
            t->pts[i].dist_m -= base;
        base = last >= 0 ? last : base;
    }
}

/* Each session's raw way begins where the one before it ended. */
static void join(const struct slots *s, struct es_track *v)
{
    const struct es_point *last = NULL;
    for (size_t k = 0; k < s->n; k++) {
        struct es_track *t = &v[s->v[k].track];
        t->before = last;
        for (size_t i = 0; i < t->n; i++)
            if (es_point_has_position(&t->pts[i]))
                last = &t->pts[i];
    }
}

static struct es_track track_of(struct es_fit_build *b,
                                const struct es_fit_session *s)
{
    struct es_track t = es_track_none();
    const struct es_fit_session *named =
        isnan(s->sport) && b->has_sport ? &b->sport : s;
    if (named->sport >= 0 && named->sport <= UINT8_MAX) /* of any type */
        t.sport = (uint8_t)named->sport;
    if (named->sub_sport >= 0 && named->sub_sport <= UINT8_MAX)
        t.sub_sport = (uint8_t)named->sub_sport;
    t.started_ms = start_of(b, s);
    t.elapsed_s = s->elapsed_s;
    t.timer_s = s->timer_s;
    t.device_dist_m = s->dist_m;
    t.pool_m = s->pool_m;
    t.utc_offset_s = b->utc_offset_s;
    t.device = b->device;
    t.by_program = b->r.by_program;
    return t;
}

static double sum_of_laps(const struct es_track *t)
{
    double sum = t->n_laps > 0 ? 0 : NAN;
    for (size_t i = 0; i < t->n_laps; i++)
        sum += t->laps[i].dist_m; /* NAN when one lap has none */
    return sum;
}

static double sum_of_lengths(const struct es_track *t)
{
    size_t swum = 0;
    for (size_t i = 0; i < t->n_lengths; i++)
        swum += !t->lengths[i].is_rest;
    return swum > 0 ? (double)swum * t->pool_m : NAN;
}

/* What the session doesn't say and its samples, laps and lengths do. */
static void complete(struct es_track *t)
{
    for (size_t i = 0; i < t->n && t->started_ms == ES_NO_TIME; i++)
        t->started_ms = t->pts[i].t_ms;
    for (size_t i = t->n; i > 0 && isnan(t->device_dist_m); i--)
        t->device_dist_m = t->pts[i - 1].dist_m;
    if (isnan(t->device_dist_m))
        t->device_dist_m = sum_of_laps(t);
    if (isnan(t->device_dist_m))
        t->device_dist_m = sum_of_lengths(t);
}

static void place_all(struct es_fit_build *b, struct slots *s,
                      struct es_track *v, size_t room)
{
    static const struct es_fit_session NONE = { NAN, NAN, NAN, NAN, NAN,
                                                NAN, NAN, NAN, NAN, NAN };
    for (size_t i = 0; i < b->n_sessions && i < room; i++) {
        v[i] = track_of(b, &b->sessions[i]);
        place(s, v[i].started_ms, i);
    }
    if (s->n == 0) {
        v[0] = track_of(b, &NONE);
        v[0].timer_s = b->timer_s;
        place(s, v[0].started_ms, 0);
    }
}

enum es_code es_fit_tracks(struct es_fit_build *b, struct es_track *v,
                           size_t room, size_t *n, struct es_err *e)
{
    struct slots s = { .n = 0 };

    *n = 0;
    if ((b->n_sessions == 0 && b->r.n == 0) || room == 0)
        return ES_OK;
    if (!b->r.marked) {
        mark(&b->r, b->resumes, b->n_resumes, sizeof *b->resumes, ES_PT_RESUME);
        mark(&b->r, b->laps, b->n_laps, sizeof *b->laps, ES_PT_LAP);
    }
    place_all(b, &s, v, room);
    enum es_code rc = deal_points(b, &s, v, e);
    if (rc == ES_OK)
        rc = deal_laps(b, &s, v, e);
    if (rc != ES_OK)
        return rc;
    if (s.n > 1) {
        split_distances(&s, v);
        join(&s, v);
    }
    for (size_t i = 0; i < s.n; i++) {
        complete(&v[i]);
        if (b->r.fast_feet)
            es_gather_strides(&v[i]);
    }
    *n = s.n;
    return ES_OK;
}
