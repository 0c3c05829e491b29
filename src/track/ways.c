/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to a distance: along the positions and by the device. */
#include <math.h>

#include "geo/geo.h"
#include "track/measure_int.h"

/* docs/MEASURE.md, "Distance": runs of up to three fixes reached faster than
 * anyone but sprinters runs, over more than noise, are receiver errors when the
 * fixes around them fit together. */
static const double SPIKE_MPS = 9, SPIKE_M = 12;
enum { SPIKE_RUN = 3 };
/* What no gap of a runner explains. */
static const double JUMP_M = 200, JUMP_MARGIN = 1.1;
/* Between two segments or around a pause: longer than this, nothing is
 * known of what was walked. */
static const double BREAK_S = 10;
/* Across longer steps the two ways are not compared: a device goes on
 * counting where positions fail. */
static const double COMPARE_S = 60;
/* No activity of a human; a file that says so says nothing. */
static const double DIST_MAX_M = 1e8;

bool es_sport_on_foot(uint8_t sport)
{
    return sport == ES_SPORT_RUNNING || sport == ES_SPORT_WALKING ||
           sport == ES_SPORT_HIKING || sport == ES_SPORT_GENERIC;
}

static double step_m(const struct es_point *p, const struct es_point *q)
{
    return es_geo_distance_m(p->lat_deg, p->lon_deg, q->lat_deg, q->lon_deg);
}

/* NAN when one of the two has no time. */
static double step_s(const struct es_point *p, const struct es_point *q)
{
    if (p->t_ms == ES_NO_TIME || q->t_ms == ES_NO_TIME)
        return NAN;
    return ((double)q->t_ms - (double)p->t_ms) / 1000;
}

size_t es_fix_next(const struct es_track *tr, size_t i)
{
    while (i < tr->n && !es_point_has_position(&tr->pts[i]))
        i++;
    return i;
}

bool es_fix_spiky(const struct es_point *p, const struct es_point *q)
{
    double m = step_m(p, q), s = step_s(p, q);
    return m > SPIKE_M && s >= 0 && m > SPIKE_MPS * s;
}

size_t es_fix_after_spike(const struct es_track *tr, size_t last, size_t i)
{
    if (!es_fix_spiky(&tr->pts[last], &tr->pts[i]))
        return i;
    size_t j = i;
    for (int k = 0; k < SPIKE_RUN; k++) {
        j = es_fix_next(tr, j + 1);
        if (j == tr->n)
            break;
        double s = step_s(&tr->pts[last], &tr->pts[j]);
        if (s > 0 && step_m(&tr->pts[last], &tr->pts[j]) < SPIKE_MPS * s)
            return j;
    }
    return i;
}

static double since_s(const struct es_ways *w, const struct es_point *p)
{
    return p->t_ms == ES_NO_TIME
               ? NAN
               : ((double)p->t_ms - (double)w->zero_ms) / 1000;
}

/* Notes the step when no human makes it. */
static bool is_jump(struct es_ways *w, const struct es_point *p,
                    const struct es_point *q, double m, double s)
{
    double acc = q->acc_m > 0 ? q->acc_m : 0;
    if (!w->on_foot || !(s >= 0) || m <= JUMP_M + 3 * acc ||
        m <= s * es_human_speed_mps(s) * JUMP_MARGIN)
        return false;
    if (w->n_jumps < ES_JUMPS_MAX)
        w->jumps[w->n_jumps] = (struct es_jump){ since_s(w, p), since_s(w, q),
                                                 m, s > 0 ? m / s : NAN };
    w->n_jumps++;
    w->jumped_m += m;
    return true;
}

/* raw_m: the geodesic sum over consecutive positions, within segments. */
static void sum_raw(const struct es_track *tr, struct es_ways *w)
{
    const struct es_point *last = tr->before;
    bool fresh = false;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        fresh = fresh || (p->flags & ES_PT_SEGMENT);
        if (!es_point_has_position(p))
            continue;
        if (last && !fresh)
            w->raw_m += step_m(last, p);
        last = p;
        fresh = false;
    }
}

/* dev_m, dev_len_m. */
static void follow_device(const struct es_track *tr, struct es_ways *w)
{
    double first = NAN, first_s = 0, top = NAN, last = NAN, back_m = 0;
    size_t values = 0;
    for (size_t i = 0; i < tr->n; i++) {
        double d = tr->pts[i].dist_m;
        if (d >= 0 && d <= DIST_MAX_M) {
            if (values++ == 0) {
                first = d;
                top = d;
                first_s = since_s(w, &tr->pts[i]);
            } else if (d < last) {
                back_m += last - d;
            }
            last = d;
            top = fmax(top, d);
        }
        w->dev_m[i] = top;
    }
    double total = tr->device_dist_m;
    if (!(total >= 0 && total <= DIST_MAX_M))
        total = NAN;
    w->dev_stream = values > 1 && top > 0;
    w->dev_len_m = w->dev_total_m = total;
    if (!w->dev_stream)
        return;
    w->dev_falls = back_m > fmax(50, 0.05 * top);
    /* A later part of a longer recording may go on from where the earlier
     * one ended: then its first value is not its own. */
    bool goes_on = isnan(total)
                       ? first > 100 + 12.5 * fmax(first_s, 0)
                       : fabs(top - first - total) + 1 < fabs(top - total);
    double base = goes_on ? first : 0;
    for (size_t i = 0; i < tr->n; i++)
        w->dev_m[i] = isnan(w->dev_m[i]) ? 0 : w->dev_m[i] - base;
    double len = top - base;
    bool agree = fabs(total - len) <= fmax(0.02 * len, 10);
    w->dev_len_m = agree ? total : len;
}

/* pos_m, pos_len_m, ratio, jumps. */
static void follow_positions(const struct es_track *tr, struct es_ways *w)
{
    double along = 0, dev = 0, pos = 0;
    size_t last = es_fix_next(tr, 0), done = last;
    if (last == tr->n)
        return;
    for (size_t i = es_fix_next(tr, last + 1); i < tr->n;) {
        size_t to = w->on_foot ? es_fix_after_spike(tr, last, i) : i;
        const struct es_point *p = &tr->pts[last], *q = &tr->pts[to];
        double m = step_m(p, q), s = step_s(p, q);
        bool broken = false;
        for (size_t k = last + 1; k <= to; k++) {
            broken =
                broken || (tr->pts[k].flags & (ES_PT_SEGMENT | ES_PT_RESUME));
            w->pos_m[k] = along; /* until the step is made */
        }
        w->pos_cut[to] = is_jump(w, p, q, m, s);
        if (!w->pos_cut[to] && !(broken && !(s <= BREAK_S)))
            along += m;
        if (s <= COMPARE_S && along > w->pos_m[to]) {
            pos += m;
            dev += w->dev_m[to] - w->dev_m[last];
        }
        w->pos_m[to] = along;
        last = done = to;
        i = es_fix_next(tr, to + 1);
    }
    for (size_t k = done + 1; k < tr->n; k++)
        w->pos_m[k] = along;
    w->pos_len_m = along;
    if (w->dev_stream && pos > 0) {
        w->ratio = dev / pos;
        w->covered_m = pos;
    } else if (!w->dev_stream && along > 0) {
        w->ratio = w->dev_len_m / along;
        w->covered_m = along;
    }
}

enum es_code es_ways_of(const struct es_track *tr, struct es_arena *a,
                        struct es_ways *w, struct es_err *e)
{
    struct es_ways got = {
        .on_foot = es_sport_on_foot(tr->sport),
        .zero_ms = tr->started_ms,
        .pos_len_m = NAN,
        .dev_len_m = NAN,
        .dev_total_m = NAN,
        .ratio = NAN,
    };
    for (size_t i = 0; i < tr->n && got.zero_ms == ES_NO_TIME; i++)
        got.zero_ms = tr->pts[i].t_ms;
    got.pos_m = es_arena_array(a, tr->n, sizeof *got.pos_m);
    got.dev_m = es_arena_array(a, tr->n, sizeof *got.dev_m);
    got.pos_cut = es_arena_array(a, tr->n, sizeof *got.pos_cut);
    if (!got.pos_m || !got.dev_m || !got.pos_cut)
        return es_fail(e, ES_ENOMEM, 0, "no memory to measure %zu points",
                       tr->n);
    sum_raw(tr, &got);
    follow_device(tr, &got);
    follow_positions(tr, &got);
    *w = got;
    return ES_OK;
}
