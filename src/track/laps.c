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
static void count_beats(const struct es_lap_source *from, double t_s, size_t *k,
                        struct beats *b)
{
    const struct es_track *tr = from->tr;
    for (; *k + 1 < tr->n; ++*k) {
        const struct es_point *p = &tr->pts[*k];
        double begin_s = es_since_s(from->w, p);
        double end_s = es_since_s(from->w, p + 1);
        if (begin_s >= t_s)
            return;
        if (p->hr_bpm == 0)
            continue;
        double h =
            es_counted_s(from->l, end_s) - es_counted_s(from->l, begin_s);
        if (!(h > 0))
            continue;
        b->sum += fmin(h, BEAT_S) * p->hr_bpm;
        b->time_s += fmin(h, BEAT_S);
    }
}

/* Where lap i begins in the recording, not before `last`; NAN when the file
 * doesn't say. */
static double start_s(const struct es_lap_source *from, size_t i, double last)
{
    int64_t t = from->tr->laps[i].start_ms;
    if (t == ES_NO_TIME || from->w->zero_ms == ES_NO_TIME)
        return NAN;
    double at = ((double)t - (double)from->w->zero_ms) / 1000;
    return at >= last ? at : NAN;
}

/* Where laps end. */
struct mark {
    double at_s; /* in the recording */
    double t_s, d_m;
    struct beats b;
};

static void end_lap(struct es_lap_measure *v, const struct mark *from,
                    const struct mark *to)
{
    v->dist_m = to->d_m - from->d_m;
    v->time_s = to->t_s - from->t_s;
    v->hr_bpm = mean_bpm(from->b, to->b);
}

/* The mark at at_s. Metres that came before the first sample are the first
 * lap's. */
static struct mark mark_at(const struct es_lap_source *from, double at_s,
                           struct es_walk *walk)
{
    struct mark m = { .at_s = at_s };
    m.t_s = es_counted_s(from->l, fmax(at_s, 0));
    bool begins = m.t_s < from->s->t_s[0] || m.t_s == 0;
    m.d_m = begins ? 0 : es_walk_m(walk, m.t_s);
    return m;
}

enum es_code es_laps_of(const struct es_lap_source *from, struct es_arena *a,
                        struct es_measure *m, struct es_err *e)
{
    const struct es_stream *s = from->s;
    size_t laps = from->tr->n_laps, kept = 0, beat = 0;
    size_t n = laps < ES_LAPS_SHOWN ? laps : ES_LAPS_SHOWN;
    struct es_walk walk = { .s = s };
    struct mark last = { .at_s = -INFINITY };
    struct mark end = { .t_s = s->n > 0 ? s->t_s[s->n - 1] : NAN,
                        .d_m = s->n > 0 ? s->d_m[s->n - 1] : NAN };
    struct es_lap_measure *v = es_arena_array(a, n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for laps");
    for (size_t i = 0; i < n && s->n > 0; i++) {
        double at_s = start_s(from, i, last.at_s);
        if (!(es_counted_s(from->l, at_s) <= end.t_s))
            continue;
        struct mark now = mark_at(from, at_s, &walk);
        count_beats(from, at_s, &beat, &end.b);
        now.b = end.b;
        /* one that was over before the first sample, or all of a ride */
        if (kept > 0 && now.t_s == last.t_s && at_s > last.at_s)
            kept--;
        else if (kept > 0)
            end_lap(&v[kept - 1], &last, &now);
        v[kept++] = (struct es_lap_measure){ .start_s = now.t_s,
                                             .gain_m = NAN,
                                             .hr_bpm = NAN };
        last = now;
    }
    count_beats(from, INFINITY, &beat, &end.b);
    if (kept > 0)
        end_lap(&v[kept - 1], &last, &end);
    if (n < laps && kept > 0)
        kept--; /* it ends where one begins that is not shown */
    m->hr_bpm = mean_bpm((struct beats){ 0 }, end.b);
    m->lap = v;
    m->n_lap = kept;
    return ES_OK;
}
