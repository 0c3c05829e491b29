/* SPDX-License-Identifier: Apache-2.0 */
/* What lies between the presses of a button, and how the heart went. */
#include <math.h>

#include "track/measure_int.h"

/* A beat holds until the next sample, and no longer than this. */
static const double BEAT_S = 10;

/* A sum of beats over time, up to each lap's start in turn. */
struct beats {
    double sum, time_s;
};

static double mean_bpm(struct beats from, struct beats to)
{
    double h = to.time_s - from.time_s;
    return h > 0 ? (to.sum - from.sum) / h : NAN;
}

/* The beats of the points before t_s; *k and *b go on from call to call, as
 * t_s only rises. */
static void count_beats(const struct es_track *tr, const struct es_ways *w,
                        double t_s, size_t *k, struct beats *b)
{
    for (; *k + 1 < tr->n; ++*k) {
        const struct es_point *p = &tr->pts[*k], *q = p + 1;
        if (p->t_ms == ES_NO_TIME || q->t_ms == ES_NO_TIME)
            continue;
        if (((double)p->t_ms - (double)w->zero_ms) / 1000 >= t_s)
            return;
        double h = ((double)q->t_ms - (double)p->t_ms) / 1000;
        if (p->hr_bpm == 0 || !(h > 0))
            continue;
        b->sum += fmin(h, BEAT_S) * p->hr_bpm;
        b->time_s += fmin(h, BEAT_S);
    }
}

/* The distance at t, by a place that only rises. */
static double dist_at(const struct es_stream *s, double t, size_t *k)
{
    while (*k + 1 < s->n && s->t_s[*k + 1] <= t)
        ++*k;
    if (t <= s->t_s[*k] || *k + 1 >= s->n)
        return t < s->t_s[0] ? 0 : s->d_m[*k];
    double f = (t - s->t_s[*k]) / (s->t_s[*k + 1] - s->t_s[*k]);
    return s->d_m[*k] + f * (s->d_m[*k + 1] - s->d_m[*k]);
}

/* Where lap i begins, not before `last`; NAN when the file doesn't say. */
static double start_s(const struct es_track *tr, const struct es_ways *w,
                      size_t i, double last)
{
    int64_t t = tr->laps[i].start_ms;
    if (t == ES_NO_TIME || w->zero_ms == ES_NO_TIME)
        return NAN;
    double at = ((double)t - (double)w->zero_ms) / 1000;
    return at >= last ? at : NAN;
}

enum es_code es_laps_of(const struct es_track *tr, const struct es_ways *w,
                        const struct es_stream *s, struct es_arena *a,
                        struct es_measure *m, struct es_err *e)
{
    size_t n = tr->n_laps < ES_LAPS_SHOWN ? tr->n_laps : ES_LAPS_SHOWN;
    size_t place = 0, beat = 0, kept = 0;
    struct beats b = { 0 }, from = { 0 };
    struct es_lap_measure *v = es_arena_array(a, n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for laps");
    double last = -INFINITY, last_m = 0;
    double end_s = s->n > 0 ? s->t_s[s->n - 1] : NAN;
    for (size_t i = 0; i < n && s->n > 0; i++) {
        double at = start_s(tr, w, i, last);
        if (!(at <= end_s))
            continue;
        double d = dist_at(s, at, &place);
        count_beats(tr, w, at, &beat, &b);
        if (kept > 0) {
            v[kept - 1].dist_m = d - last_m;
            v[kept - 1].time_s = at - last;
            v[kept - 1].hr_bpm = mean_bpm(from, b);
        }
        v[kept++] = (struct es_lap_measure){ .start_s = at,
                                             .gain_m = NAN,
                                             .hr_bpm = NAN };
        from = b;
        last = at;
        last_m = d;
    }
    count_beats(tr, w, INFINITY, &beat, &b);
    if (kept > 0) {
        v[kept - 1].dist_m = s->d_m[s->n - 1] - last_m;
        v[kept - 1].time_s = end_s - last;
        v[kept - 1].hr_bpm = mean_bpm(from, b);
    }
    if (n < tr->n_laps && kept > 0)
        kept--; /* it ends where one begins that is not shown */
    m->hr_bpm = mean_bpm((struct beats){ 0 }, b);
    m->lap = v;
    m->n_lap = kept;
    return ES_OK;
}
