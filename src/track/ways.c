/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to a distance: along the positions and by the device. */
#include <math.h>

#include "geo/math.h"
#include "track/measure_int.h"

/* Where positions fail for longer than this a device goes on counting what a
 * straight line doesn't show: the two are not compared there. */
static const double COMPARE_S = 90;
/* No activity of a human; a file that says so says nothing. */
static const double DIST_MAX_M = 1e8;
/* A speed holds for so long. */
static const double SPEED_S = 3.5, SPEED_MAX_MPS = 100, SPEED_SHARE = 0.8;

/* How far a stream may go back, in all, and still be one that rises: rounding
 * of laps and of units. */
static double may_fall_m(const struct es_ways *w, double top_m)
{
    return w->on_foot ? fmax(10, 0.002 * top_m) : fmax(50, 0.05 * top_m);
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
                first_s = es_since_s(w, &tr->pts[i]);
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
    w->dev_falls = back_m > may_fall_m(w, top);
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

/* The fixes as they are: where there are no times, and in the water, where an
 * arm's stroke hides the sky and what comes between must not be smoothed. */
static double sum_steps(const struct es_fixes *f, double *along_m)
{
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (i > 0 && f->apart[i] == ES_JOINED)
            sum +=
                es_hypot(f->x_m[i] - f->x_m[i - 1], f->y_m[i] - f->y_m[i - 1]);
        along_m[i] = sum;
    }
    return sum;
}

/* The points between two fixes, by their times where they have them. */
static void fill_between(const struct es_track *tr, struct es_ways *w,
                         size_t from, size_t to, double from_m, double to_m)
{
    double from_s = es_since_s(w, &tr->pts[from]),
           to_s = es_since_s(w, &tr->pts[to]);
    double last_m = from_m;
    for (size_t k = from + 1; k < to; k++) {
        double part = (es_since_s(w, &tr->pts[k]) - from_s) / (to_s - from_s);
        if (part >= 0 && part <= 1)
            last_m = fmax(last_m, from_m + part * (to_m - from_m));
        w->pos_m[k] = last_m;
    }
}

/* pos_m and pos_cut from what stands at each fix. */
static void spread(const struct es_track *tr, struct es_ways *w,
                   const double *along_m)
{
    const struct es_fixes *f = &w->fixes;
    for (size_t i = 0; i < f->n; i++) {
        w->pos_m[f->at[i]] = along_m[i];
        w->pos_cut[f->at[i]] = f->apart[i] == ES_LEAP;
        if (i > 0 && f->at[i] > f->at[i - 1] + 1)
            fill_between(tr, w, f->at[i - 1], f->at[i], along_m[i - 1],
                         along_m[i]);
    }
    for (size_t k = f->at[f->n - 1] + 1; k < tr->n; k++)
        w->pos_m[k] = along_m[f->n - 1];
}

/* ratio, covered_m, covered_s. */
static void compare(struct es_ways *w)
{
    const struct es_fixes *f = &w->fixes;
    double pos = 0, dev = 0, time_s = 0;
    for (size_t i = 1; i < f->n && (w->dev_stream || w->dev_speed); i++) {
        size_t from = f->at[i - 1], to = f->at[i];
        double h = f->t_s ? f->t_s[i] - f->t_s[i - 1] : 0;
        double m = w->pos_m[to] - w->pos_m[from];
        if (h > COMPARE_S || f->apart[i] != ES_JOINED)
            continue;
        pos += m;
        dev += w->dev_m[to] - w->dev_m[from];
        time_s += h;
    }
    w->ratio = NAN;
    w->covered_m = w->covered_s = 0;
    if (pos > 0) {
        w->ratio = dev / pos;
        w->covered_m = pos;
        w->covered_s = time_s;
    } else if (!w->dev_stream && w->pos_len_m > 0) {
        w->ratio = w->dev_len_m / w->pos_len_m;
        w->covered_m = w->pos_len_m;
        w->covered_s = INFINITY;
    }
}

/* pos_m, pos_len_m, evd, jumps, ratio. */
static enum es_code follow_positions(const struct es_track *tr, void *scratch,
                                     struct es_arena *a, struct es_ways *w,
                                     struct es_err *e)
{
    enum es_code rc = es_fixes_of(tr, w->zero_ms, a, &w->fixes, e);
    if (rc != ES_OK)
        return rc;
    const struct es_fixes *f = &w->fixes;
    w->raw_m = f->raw_m;
    memcpy(w->jumps, f->jumps, sizeof w->jumps);
    w->n_jumps = f->n_jumps;
    w->jumped_m = f->jumped_m;
    if (f->n == 0)
        return ES_OK;
    w->smoothed = f->t_s && tr->sport != ES_SPORT_SWIMMING;
    if (w->smoothed) {
        rc = es_evd_of(f, scratch, a, &w->evd, e);
        if (rc != ES_OK)
            return rc;
        w->pos_len_m = w->evd.total_m;
        spread(tr, w, w->evd.along_m);
    } else {
        w->pos_len_m = sum_steps(f, scratch);
        spread(tr, w, scratch);
    }
    compare(w);
    return ES_OK;
}

bool es_ways_by_speed(const struct es_track *tr, struct es_ways *w)
{
    double sum = 0, known_s = 0, all_s = 0;
    const struct es_fixes *f = &w->fixes;
    if (w->dev_stream || !isnan(w->dev_len_m) || !w->smoothed || f->n < 2)
        return false;
    for (size_t k = 0; k <= f->at[0]; k++)
        w->dev_m[k] = 0;
    for (size_t i = 1; i < f->n; i++) {
        const struct es_point *p = &tr->pts[f->at[i - 1]];
        const struct es_point *q = &tr->pts[f->at[i]];
        double h = f->t_s[i] - f->t_s[i - 1];
        double v = 0.5 * ((double)p->speed_mps + (double)q->speed_mps);
        bool known = h <= SPEED_S && f->apart[i] == ES_JOINED && v >= 0 &&
                     v <= SPEED_MAX_MPS;
        double m = known ? v * h : w->evd.along_m[i] - w->evd.along_m[i - 1];
        for (size_t k = f->at[i - 1] + 1; k < f->at[i]; k++)
            w->dev_m[k] = sum;
        w->dev_m[f->at[i]] = sum += m;
        known_s += known ? h : 0;
        all_s += f->apart[i] == ES_JOINED ? h : 0;
    }
    for (size_t k = f->at[f->n - 1] + 1; k < tr->n; k++)
        w->dev_m[k] = sum;
    if (!(sum > 0) || known_s < SPEED_SHARE * all_s)
        return false;
    w->dev_speed = true;
    w->dev_len_m = sum;
    compare(w);
    return true;
}

enum es_code es_ways_of(const struct es_track *tr, void *scratch,
                        struct es_arena *a, struct es_ways *w, struct es_err *e)
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
    follow_device(tr, &got);
    enum es_code rc = follow_positions(tr, scratch, a, &got, e);
    if (rc == ES_OK)
        *w = got;
    return rc;
}
