/* SPDX-License-Identifier: Apache-2.0 */
/* Samples and laps, dealt out to the sessions they belong to. */
#include <math.h>

#include "base/limits.h"
#include "decode/fit_build.h"

static const int64_t EPOCH_S = 631065600; /* 1989-12-31T00:00:00Z */

/* A session's place in time. */
struct slot {
    int64_t start_ms;
    size_t track;
};

struct slots {
    struct slot v[ES_ACTIVITIES_MAX]; /* by time */
    size_t n;
};

static int64_t start_of(const struct es_fit_session *s)
{
    double t = isnan(s->start) ? s->time : s->start;
    return isnan(t) ? ES_NO_TIME : (EPOCH_S + (int64_t)t) * 1000;
}

static void place(struct slots *s, int64_t start_ms, size_t track)
{
    size_t i = s->n++;
    for (; i > 0 && s->v[i - 1].start_ms > start_ms; i--)
        s->v[i] = s->v[i - 1];
    s->v[i] = (struct slot){ start_ms, track };
}

/* The track of what happened at t: the session that began last by then, the
 * first one for what came before all. */
static size_t track_at(const struct slots *s, int64_t t_ms, size_t now)
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
    return s->v[lo].track;
}

/* The first sample at or after each time gets the flag. */
static void mark(struct es_fit_build *b, const int64_t *t_ms, size_t n,
                 uint8_t flag)
{
    size_t k = 0;
    for (size_t i = 0; i < b->n_pts && k < n; i++) {
        struct es_point *p = &b->pts[i];
        while (k < n && p->t_ms != ES_NO_TIME && t_ms[k] <= p->t_ms) {
            p->flags |= flag;
            k++;
        }
    }
}

static bool mark_laps(struct es_fit_build *b)
{
    int64_t *starts = es_arena_array(b->a, b->n_laps, sizeof *starts);
    for (size_t i = 0; starts && i < b->n_laps; i++)
        starts[i] = b->laps[i].start_ms;
    if (starts)
        mark(b, starts, b->n_laps, ES_PT_LAP);
    return starts != NULL;
}

/* A sample at the second in which the next session begins is the end of the
 * one before: its distance is that session's total. */
static size_t track_of_point(const struct slots *s, const struct es_point *p,
                             size_t now)
{
    return track_at(s, p->t_ms == ES_NO_TIME ? ES_NO_TIME : p->t_ms - 1, now);
}

static enum es_code deal_points(struct es_fit_build *b, const struct slots *s,
                                struct es_track *v, struct es_err *e)
{
    size_t now = s->v[0].track;
    if (s->n == 1) {
        v[now].pts = b->pts;
        v[now].n = b->n_pts;
        return ES_OK;
    }
    for (size_t i = 0; i < b->n_pts; i++) {
        now = track_of_point(s, &b->pts[i], now);
        v[now].n++;
    }
    for (size_t k = 0; k < s->n; k++) {
        v[k].pts = es_arena_array(b->a, v[k].n, sizeof *v[k].pts);
        if (!v[k].pts)
            return es_fail(e, ES_ENOMEM, 0, "no memory for %zu records",
                           v[k].n);
        v[k].n = 0;
    }
    now = s->v[0].track;
    for (size_t i = 0; i < b->n_pts; i++) {
        now = track_of_point(s, &b->pts[i], now);
        v[now].pts[v[now].n++] = b->pts[i];
    }
    return ES_OK;
}

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

static enum es_code deal_laps(struct es_fit_build *b, const struct slots *s,
                              struct es_track *v, struct es_err *e)
{
    size_t now = s->v[0].track;
    for (size_t i = 0; i < b->n_laps; i++) {
        now = track_at(s, b->laps[i].start_ms, now);
        v[now].n_laps++;
    }
    for (size_t k = 0; k < s->n; k++) {
        v[k].laps = es_arena_array(b->a, v[k].n_laps, sizeof *v[k].laps);
        if (!v[k].laps)
            return es_fail(e, ES_ENOMEM, 0, "no memory for %zu laps",
                           v[k].n_laps);
        v[k].n_laps = 0;
    }
    now = s->v[0].track;
    for (size_t i = 0; i < b->n_laps; i++) {
        now = track_at(s, b->laps[i].start_ms, now);
        v[now].laps[v[now].n_laps++] = b->laps[i];
    }
    return ES_OK;
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

static struct es_track track_of(const struct es_fit_build *b,
                                const struct es_fit_session *s)
{
    struct es_track t = es_track_none();
    if (s->sport >= 0 && s->sport <= UINT8_MAX) /* of any type */
        t.sport = (uint8_t)s->sport;
    if (s->sub_sport >= 0 && s->sub_sport <= UINT8_MAX)
        t.sub_sport = (uint8_t)s->sub_sport;
    t.started_ms = start_of(s);
    t.elapsed_s = s->elapsed_s;
    t.timer_s = s->timer_s;
    t.device_dist_m = s->dist_m;
    t.device = b->device;
    return t;
}

/* What the session doesn't say and its samples and laps do. */
static void complete(struct es_track *t)
{
    for (size_t i = 0; i < t->n && t->started_ms == ES_NO_TIME; i++)
        t->started_ms = t->pts[i].t_ms;
    for (size_t i = t->n; i > 0 && isnan(t->device_dist_m); i--)
        t->device_dist_m = t->pts[i - 1].dist_m;
    if (!isnan(t->device_dist_m))
        return;
    double sum = 0;
    for (size_t i = 0; i < t->n_laps; i++)
        sum += t->laps[i].dist_m;
    if (t->n_laps > 0)
        t->device_dist_m = sum; /* NAN when one lap has none */
}

enum es_code es_fit_tracks(struct es_fit_build *b, struct es_track *v,
                           size_t room, size_t *n, struct es_err *e)
{
    struct slots s = { .n = 0 };
    struct es_fit_session none = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };

    *n = 0;
    if ((b->n_sessions == 0 && b->n_pts == 0) || room == 0)
        return ES_OK;
    mark(b, b->resumes, b->n_resumes, ES_PT_RESUME);
    if (!mark_laps(b))
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu laps", b->n_laps);
    for (size_t i = 0; i < b->n_sessions && i < room; i++) {
        v[i] = track_of(b, &b->sessions[i]);
        place(&s, v[i].started_ms, i);
    }
    if (s.n == 0) {
        v[0] = track_of(b, b->has_sport ? &b->sport : &none);
        place(&s, v[0].started_ms, 0);
    }
    enum es_code rc = deal_points(b, &s, v, e);
    if (rc == ES_OK)
        rc = deal_laps(b, &s, v, e);
    if (rc != ES_OK)
        return rc;
    split_distances(&s, v);
    join(&s, v);
    for (size_t i = 0; i < s.n; i++)
        complete(&v[i]);
    *n = s.n;
    return ES_OK;
}
