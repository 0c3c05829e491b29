/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/charts.h"

#include "base/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 1000, MIDDLE = 500, INTERVALS = 4 };

/* Over less than this a receiver's noise would look like changes of pace. */
static const double SMOOTH_HALF_M = 75, SMOOTH_PARTS = 80;
/* Slower than all but this share of the run is a stop, and cut off. */
static const double SLOW_SHARE = 0.97, SLOW_TIMES = 2;
static const double PACE_RANGE_S = 30, HEIGHT_RANGE = 20;

/* ---- axes ---- */

/* Even ticks that hold [lo, hi] and read well. */
struct axis {
    double from, step;
    int intervals;
};

static struct axis axis_of(double lo, double hi, double least_range,
                           const double *steps, size_t n)
{
    struct axis x = { 0 };
    for (size_t i = 0; i < n; i++) {
        x.step = steps[i];
        x.from = floor(lo / x.step) * x.step;
        double count = ceil((hi - x.from) / x.step - 1e-9);
        x.intervals = count < 1 ? 1 : count > 99 ? 99 : (int)count;
        if (x.intervals <= INTERVALS)
            break;
    }
    while (x.step * x.intervals < least_range)
        x.intervals++;
    return x;
}

static double axis_end(const struct axis *x)
{
    return x->from + x->step * x->intervals;
}

static bool axis_fits(const struct axis *x)
{
    return x->intervals > 0 && x->intervals < ES_TICKS_MAX;
}

/* Where v stands between the ends, 0..FULL. */
static int32_t share(double v, double from, double to)
{
    double part = (v - from) / (to - from) * FULL;
    return (int32_t)(fmin(fmax(part, 0), FULL) + 0.5);
}

/* From the top; `down`: the least stands there. */
static size_t ticks_of(const struct axis *x, double scale, bool down,
                       struct es_view_tick *out)
{
    for (int i = 0; i <= x->intervals; i++) {
        int k = down ? i : x->intervals - i;
        out[i] = (struct es_view_tick){
            (int64_t)llround((x->from + x->step * k) * scale),
            FULL * i / x->intervals,
        };
    }
    return (size_t)x->intervals + 1;
}

/* Along the distance: whole units, or parts of one for a short run. */
static size_t ticks_along(double dist_m, double unit_m,
                          struct es_view_tick *out)
{
    static const double STEPS[] = { 0.1, 0.2, 0.5, 1,   2,   5,   10,
                                    20,  50,  100, 200, 500, 1000 };
    double len = dist_m / unit_m, step = 0;
    size_t n = 0;
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        step = STEPS[i];
        if (len / step < ES_TICKS_MAX - 2)
            break;
    }
    for (; n < ES_TICKS_MAX && step * (double)n <= len; n++)
        out[n] = (struct es_view_tick){
            (int64_t)llround(step * (double)n * unit_m * 1000),
            share(step * (double)n, 0, len),
        };
    return n;
}

/* ---- lines over the distance ---- */

static bool drawable(const struct es_chart_run *r)
{
    return r->n >= 4 && r->dist_m > 0 && r->time_s[r->n - 1] > 0;
}

static int by_value(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Seconds a unit at each sample; NULL when out of memory. */
static double *smoothed(const struct es_chart_run *r)
{
    double step_m = r->dist_m / (double)(r->n - 1);
    double half_m = fmax(SMOOTH_HALF_M, r->dist_m / SMOOTH_PARTS);
    size_t half = (size_t)fmax(1, ceil(half_m / step_m));
    double *v = es_arena_array(r->a, r->n, sizeof *v);
    for (size_t i = 0; v && i < r->n; i++) {
        size_t lo = i > half ? i - half : 0;
        size_t hi = i + half < r->n ? i + half : r->n - 1;
        v[i] = (r->time_s[hi] - r->time_s[lo]) / ((double)(hi - lo) * step_m) *
               r->unit_m;
    }
    return v;
}

/* The slowest that is drawn; 0 when out of memory. */
static double slowest(const struct es_chart_run *r, const double *pace,
                      double mean)
{
    double *sorted = es_arena_array(r->a, r->n, sizeof *sorted);
    if (!sorted)
        return 0;
    memcpy(sorted, pace, r->n * sizeof *sorted);
    qsort(sorted, r->n, sizeof *sorted, by_value);
    double most = sorted[(size_t)((double)(r->n - 1) * SLOW_SHARE)];
    return fmin(fmax(most, mean), SLOW_TIMES * mean);
}

struct es_view_line es_chart_pace(const struct es_chart_run *r)
{
    static const double STEPS[] = { 15, 30, 60, 120, 300, 600, 1200, 3600 };
    struct es_view_line l = { .mean_at = ES_NO_FIGURE };
    struct es_view_line none = l;
    if (!drawable(r))
        return none;
    double mean = r->time_s[r->n - 1] / r->dist_m * r->unit_m;
    struct es_view_spot *v = es_arena_array(r->a, r->n, sizeof *v);
    double *pace = smoothed(r);
    double slow = pace ? slowest(r, pace, mean) : 0, fast = mean;
    if (!v || slow <= 0)
        return none;
    for (size_t i = 0; i < r->n; i++)
        fast = fmin(fast, pace[i]);
    struct axis x =
        axis_of(fast, slow, PACE_RANGE_S, STEPS, sizeof STEPS / sizeof *STEPS);
    if (!axis_fits(&x))
        return none;
    for (size_t i = 0; i < r->n; i++)
        v[i] = (struct es_view_spot){
            share((double)i, 0, (double)(r->n - 1)),
            share(pace[i], x.from, axis_end(&x)),
            i == 0,
        };
    l.v = v;
    l.n = r->n;
    l.n_ys = ticks_of(&x, 1000, true, l.ys);
    l.n_xs = ticks_along(r->dist_m, r->unit_m, l.xs);
    l.least = es_milli(fast);
    l.most = es_milli(slow);
    l.mean_at = share(mean, x.from, axis_end(&x));
    return l;
}

struct es_view_line es_chart_heights(const struct es_chart_run *r)
{
    static const double STEPS[] = { 5,   10,  20,   50,   100,
                                    200, 500, 1000, 2000, 5000 };
    struct es_view_line l = { .mean_at = ES_NO_FIGURE };
    double lo = INFINITY, hi = -INFINITY;
    size_t known = 0;
    struct es_view_spot *v = es_arena_array(r->a, r->n, sizeof *v);
    for (size_t i = 0; v && i < r->n; i++) {
        if (!isfinite(r->alt_m[i]))
            continue;
        lo = fmin(lo, r->alt_m[i] / r->height_m);
        hi = fmax(hi, r->alt_m[i] / r->height_m);
        known++;
    }
    struct axis x = { 0 };
    if (known > 1)
        x = axis_of(lo, hi, HEIGHT_RANGE, STEPS, sizeof STEPS / sizeof *STEPS);
    if (!drawable(r) || !axis_fits(&x))
        return l;
    bool piece = true;
    for (size_t i = 0; i < r->n; i++) {
        if (isfinite(r->alt_m[i]))
            v[l.n++] = (struct es_view_spot){
                share((double)i, 0, (double)(r->n - 1)),
                FULL - share(r->alt_m[i] / r->height_m, x.from, axis_end(&x)),
                piece,
            };
        piece = !isfinite(r->alt_m[i]);
    }
    l.v = v;
    l.n_ys = ticks_of(&x, r->height_m * 1000, false, l.ys);
    l.n_xs = ticks_along(r->dist_m, r->unit_m, l.xs);
    l.least = es_milli(lo * r->height_m);
    l.most = es_milli(hi * r->height_m);
    return l;
}

/* The value of a series at d metres, linear between samples. */
static double at_m(const struct es_chart_run *r, const double *v, double d)
{
    double x = d / r->dist_m * (double)(r->n - 1);
    if (!(x < (double)(r->n - 1)))
        return v[r->n - 1];
    size_t i = (size_t)x;
    return v[i] + (x - (double)i) * (v[i + 1] - v[i]);
}

const struct es_view_stretch *es_chart_stretches(const struct es_chart_run *r,
                                                 size_t *n)
{
    struct es_view_tick ticks[ES_TICKS_MAX];
    *n = 0;
    if (!drawable(r))
        return NULL;
    struct es_view_stretch *v = es_arena_array(r->a, ES_STRETCHES, sizeof *v);
    size_t n_ticks = ticks_along(r->dist_m, r->unit_m, ticks);
    double step = n_ticks > 1 ? (double)ticks[1].v / 1000 : r->dist_m;
    int64_t last_mm = 0, last_ms = es_milli(r->time_s[0]);
    for (size_t i = 1; v && i <= n_ticks; i++) {
        double d = i < n_ticks ? step * (double)i : r->dist_m;
        int64_t mm = es_milli(d), ms = es_milli(at_m(r, r->time_s, d));
        if (d - (double)last_mm / 1000 < step / 100)
            continue; /* it ends at a tick */
        v[(*n)++] = (struct es_view_stretch){
            mm,
            ms,
            mm - last_mm,
            ms - last_ms,
            r->alt_m ? at_m(r, r->alt_m, d) : NAN,
        };
        last_mm = mm;
        last_ms = ms;
    }
    return v;
}

/* ---- splits ---- */

struct es_view_split *es_chart_cut(const struct es_chart_run *r, size_t *n)
{
    *n = 0;
    if (!drawable(r) || r->dist_m / r->unit_m >= ES_SPLITS_MAX)
        return NULL;
    size_t want = (size_t)ceil(r->dist_m / r->unit_m - 1e-6);
    struct es_view_split *v = es_arena_array(r->a, want, sizeof *v);
    double last_m = 0, last_s = r->time_s[0];
    for (size_t i = 1; v && i <= want; i++) {
        double d = fmin(r->unit_m * (double)i, r->dist_m);
        double t = at_m(r, r->time_s, d);
        v[(*n)++] = (struct es_view_split){ .dist_mm = es_milli(d - last_m),
                                            .time_ms = es_milli(t - last_s) };
        last_m = d;
        last_s = t;
    }
    return v;
}

static double pace_of(const struct es_view_split *s)
{
    return s->dist_mm > 0 ? (double)s->time_ms / (double)s->dist_mm : 0;
}

/* Half the width of a chart is at least this share of the mean, so that an
 * even run looks even. */
static const double BAR_RANGE = 0.05;

void es_chart_compare(struct es_view_split *v, size_t n)
{
    int64_t sum_mm = 0, sum_ms = 0;
    for (size_t i = 0; i < n; i++) {
        sum_mm += v[i].dist_mm;
        sum_ms += v[i].time_ms;
        v[i].upto_mm = sum_mm;
    }
    if (sum_mm <= 0 || sum_ms <= 0)
        return;
    double mean = (double)sum_ms / (double)sum_mm, range = BAR_RANGE;
    struct es_view_split *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (v[i].dist_mm < v[0].dist_mm)
            continue; /* the tail may be a few metres */
        range = fmax(range, fabs(pace_of(&v[i]) - mean) / mean);
        if (!best || pace_of(&v[i]) < pace_of(best))
            best = &v[i];
    }
    range = fmin(range, 1);
    for (size_t i = 0; i < n; i++) {
        double off = (mean - pace_of(&v[i])) / mean / range;
        v[i].faster = off > 0;
        v[i].size = (int64_t)(fmin(fabs(off), 1) * MIDDLE + 0.5);
        v[i].at = v[i].faster ? MIDDLE : MIDDLE - v[i].size;
    }
    if (best && n > 1)
        best->fastest = true;
}

struct es_view_split *es_chart_joined(const struct es_view_split *v, size_t n,
                                      size_t per, struct es_arena *a,
                                      size_t *n_out)
{
    *n_out = 0;
    struct es_view_split *out = es_arena_array(a, n / per + 1, sizeof *out);
    for (size_t i = 0; out && i < n; i++) {
        struct es_view_split *to = &out[i / per];
        to->dist_mm += v[i].dist_mm;
        to->time_ms += v[i].time_ms;
        *n_out = i / per + 1;
    }
    es_chart_compare(out, *n_out);
    return out;
}

struct es_shown es_chart_mean(const struct es_view_split *v, size_t n)
{
    int64_t sum_ms = 0;
    for (size_t i = 0; i < n; i++)
        sum_ms += v[i].time_ms;
    return es_pace(n > 0 ? v[n - 1].upto_mm : 0, sum_ms);
}

/* ---- neighbours ---- */

void es_chart_gaps(struct es_view_near *v, size_t n, size_t self)
{
    int64_t widest = 1;
    for (size_t i = 0; i < n; i++) {
        int64_t gap = v[i].s.dist_mm - v[self].s.dist_mm;
        v[i].ahead = gap > 0;
        v[i].gap_mm = gap < 0 ? -gap : gap;
        widest = v[i].gap_mm > widest ? v[i].gap_mm : widest;
    }
    for (size_t i = 0; i < n; i++) {
        v[i].size = (int64_t)((double)v[i].gap_mm / (double)widest * MIDDLE);
        v[i].at = v[i].ahead ? MIDDLE : MIDDLE - v[i].size;
    }
}

/* ---- days ---- */

static const int64_t DAY_MS = 86400000;
enum { BARS_MAX = 62 };

/* Days since 1970 of the local date. */
static int64_t day_number(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    d.hour = d.minute = d.second = d.ms = 0;
    int64_t t = es_time_of(&d);
    return t >= 0 ? t / DAY_MS : (t - DAY_MS + 1) / DAY_MS;
}

static int64_t day_begins(const char *zone, int64_t day)
{
    struct es_date d = es_date_of(day * DAY_MS);
    return es_zone_time(zone, &d);
}

/* Heights and ticks of the bars; false when all are empty. */
static bool raise_bars(struct es_view_bar *v, struct es_view_days *out,
                       int64_t unit_mm)
{
    static const double STEPS[] = { 1,   2,   5,   10,   20,  50,
                                    100, 200, 500, 1000, 5000 };
    for (size_t i = 0; i < out->n; i++) {
        if (v[i].dist_mm > v[out->most].dist_mm)
            out->most = (int64_t)i;
        out->active += v[i].dist_mm > 0;
    }
    struct axis y = axis_of(0, (double)v[out->most].dist_mm / (double)unit_mm,
                            2, STEPS, sizeof STEPS / sizeof *STEPS);
    if (out->active == 0 || !axis_fits(&y))
        return false;
    out->n_ys = ticks_of(&y, (double)unit_mm, false, out->ys);
    for (size_t i = 0; i < out->n; i++) {
        v[i].high =
            share((double)v[i].dist_mm / (double)unit_mm, 0, axis_end(&y));
        if (v[i].dist_mm > 0 && v[i].high < 8)
            v[i].high = 8; /* a short run is seen, too */
    }
    return true;
}

struct es_view_days es_chart_days(const struct es_chart_day_run *v, size_t n,
                                  int64_t opens_ms, int64_t closes_ms,
                                  const char *zone, int64_t unit_mm,
                                  struct es_arena *a)
{
    struct es_view_days out = { .days = 1 }, none = { 0 };
    int64_t first = day_number(zone, opens_ms);
    int64_t all = day_number(zone, closes_ms - 1) - first + 1;
    while (all > BARS_MAX * out.days && out.days < 28)
        out.days = out.days == 1 ? 7 : 28;
    int64_t count = (all + out.days - 1) / out.days;
    if (count < 1 || count > 40 * BARS_MAX)
        return none;
    struct es_view_bar *bars = es_arena_array(a, (size_t)count, sizeof *bars);
    if (!bars)
        return none;
    for (int64_t i = 0; i < count; i++) {
        bars[i].from_ms = day_begins(zone, first + i * out.days);
        bars[i].at = FULL * i / count;
        bars[i].wide = FULL * (i + 1) / count - bars[i].at;
    }
    for (size_t i = 0; i < n; i++) {
        if (v[i].started_ms < opens_ms || v[i].started_ms >= closes_ms)
            continue;
        int64_t k = (day_number(zone, v[i].started_ms) - first) / out.days;
        if (k >= 0 && k < count)
            bars[k].dist_mm += v[i].dist_mm;
    }
    out.v = bars;
    out.n = (size_t)count;
    return raise_bars(bars, &out, unit_mm) ? out : none;
}

/* ---- drawing ---- */

static void lit(struct es_out *o, const char *s)
{
    es_out_lit(o, strlen(s), s);
}

static void grid(struct es_out *o, const struct es_view_tick *ys, size_t n)
{
    lit(o, "<path class=\"grid\" d=\"");
    for (size_t i = 0; i < n; i++)
        es_buf_fmt(o->buf, "M0 %dH1000", (int)ys[i].at);
    lit(o, "\"/>");
}

/* Down to the foot at the end of each piece. */
static void area(struct es_out *o, const struct es_view_line *l)
{
    lit(o, "<path class=\"area\" d=\"");
    for (size_t i = 0; i < l->n; i++) {
        const struct es_view_spot *p = &l->v[i];
        bool last = i + 1 == l->n || l->v[i + 1].piece;
        if (p->piece)
            es_buf_fmt(o->buf, "M%d 1000", p->x);
        es_buf_fmt(o->buf, "L%d %d", p->x, p->y);
        if (last)
            lit(o, "V1000Z");
    }
    lit(o, "\"/>");
}

void es_chart_draw_line(struct es_out *o, const struct es_view_line *l)
{
    lit(o, "<svg class=\"drawn\" viewBox=\"0 0 1000 1000\" "
           "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    grid(o, l->ys, l->n_ys);
    area(o, l);
    if (l->mean_at != ES_NO_FIGURE)
        es_buf_fmt(o->buf, "<path class=\"mean\" d=\"M0 %dH1000\"/>",
                   (int)l->mean_at);
    lit(o, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < l->n; i++)
        es_buf_fmt(o->buf, "%c%d %d", l->v[i].piece ? 'M' : 'L', l->v[i].x,
                   l->v[i].y);
    lit(o, "\"/></svg>");
}

void es_chart_draw_ticks(struct es_out *o, const struct es_view_tick *v,
                         size_t n)
{
    bool rtl = strcmp(o->lang->dir, "rtl") == 0;
    lit(o, "<svg class=\"along\" aria-hidden=\"true\">");
    for (size_t i = 0; i < n; i++) {
        const struct es_view_tick *t = &v[i];
        int64_t x = rtl ? FULL - t->at : t->at;
        es_buf_fmt(o->buf, "<text x=\"%d.%d%%\" y=\"1em\" text-anchor=\"%s\">",
                   (int)(x / 10), (int)(x % 10),
                   t->at < 40    ? "start"
                   : t->at > 960 ? "end"
                                 : "middle");
        if (t->v % es_units_mm(o->units) == 0)
            es_out_shown(o, es_dist_whole(t->v));
        else
            es_out_shown(o, es_dist(t->v));
        lit(o, "</text>");
    }
    lit(o, "</svg>");
}

void es_chart_draw_along(struct es_out *o, const struct es_view_line *l)
{
    es_chart_draw_ticks(o, l->xs, l->n_xs);
}

void es_chart_draw_bars(struct es_out *o, const struct es_view_days *d)
{
    lit(o, "<svg class=\"drawn\" viewBox=\"0 0 1000 1000\" "
           "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    grid(o, d->ys, d->n_ys);
    for (size_t i = 0; i < d->n; i++) {
        const struct es_view_bar *b = &d->v[i];
        if (b->high > 0)
            es_buf_fmt(o->buf,
                       "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
                       "height=\"%d\"/>",
                       (int64_t)i == d->most ? "bar most" : "bar",
                       (int)(b->at + b->wide / 8), (int)(FULL - b->high),
                       (int)(b->wide - b->wide / 4), (int)b->high);
    }
    lit(o, "</svg>");
}

void es_chart_draw_shape(struct es_out *o, const struct es_view_shape *s)
{
    es_buf_fmt(o->buf,
               "<svg class=\"shape\" viewBox=\"-20 -20 %d %d\" "
               "aria-hidden=\"true\"><path d=\"",
               (int)s->wide + 40, (int)s->high + 40);
    for (size_t i = 0; i < s->n; i++)
        es_buf_fmt(o->buf, "%c%d %d", s->v[i].piece ? 'M' : 'L', s->v[i].x,
                   s->v[i].y);
    lit(o, "\"/></svg>");
}

/* ---- the way of a total ---- */

static void way_line(struct es_out *o, const char *class,
                     const struct es_view_spot *v, size_t n)
{
    es_buf_fmt(o->buf, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < n; i++)
        es_buf_fmt(o->buf, "%c%d %d", i ? 'L' : 'M', (int)v[i].x, (int)v[i].y);
    es_buf_str(o->buf, "\"/>");
}

void es_chart_draw_way(struct es_out *o, const struct es_view_way *w)
{
    const struct es_view_spot *at = w->n_done ? &w->done[w->n_done - 1] : NULL;
    int high = w->high < 300 ? 300 : (int)w->high;
    int top = (int)w->high < 300 ? ((int)w->high - 300) / 2 : 0;
    es_buf_fmt(o->buf,
               "<svg class=\"waymap\" viewBox=\"-60 %d %d %d\" "
               "role=\"presentation\">",
               top - 60, (int)w->wide + 120, high + 120);
    way_line(o, "all", w->line, w->n);
    if (w->n_done)
        way_line(o, "done", w->done, w->n_done);
    for (size_t i = 0; i < w->n_places; i++) {
        const struct es_view_place *p = &w->places[i];
        es_buf_fmt(o->buf, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"9\"/>",
                   p->passed ? "passed" : "place", (int)p->x, (int)p->y);
        es_buf_fmt(o->buf, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">",
                   (int)p->x + (p->left ? -18 : 18), (int)p->y - 16,
                   p->left ? "end" : "start");
        es_out_str(o, p->name);
        es_buf_str(o->buf, "</text>");
    }
    if (at)
        es_buf_fmt(o->buf,
                   "<circle class=\"now\" cx=\"%d\" cy=\"%d\" r=\"15\"/>",
                   (int)at->x, (int)at->y);
    es_buf_str(o->buf, "</svg>");
}
