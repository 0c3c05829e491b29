/* SPDX-License-Identifier: Apache-2.0 */
/* Metres up and down: smoothed along the way, then counted from peak to
 * valley, so that neither noise nor steps of a sensor add up. */
#include <math.h>

#include "track/measure_int.h"

/* docs/MEASURE.md, "Climb". */
struct method {
    double half_m;    /* of the triangle */
    double reverse_m; /* a turn counts from here on */
};
static const struct method BAROMETER = { 12, 0.6 }, SATELLITES = { 30, 1.5 };
static const double CALM_M = 0.15, CALM_BEND_M = 0.35;
static const double SECOND_S = 1.5, SPARSE_S = 12;
enum { DIFFS_MIN = 30 };

/* Neither on the earth nor above it; FIT has room for much more. */
static const double HEIGHT_MAX_M = 20000;

/* A gap in the heights longer than this is not drawn over. */
static const double NEAR_M = 200;

struct profile {
    double *x_m, *y_m;
    double *sum;   /* of y over x up to each sample */
    double *slope; /* from each sample to the next */
    size_t n;
    /* Pieces end before these samples: between them lies what was left out,
     * whose climb is nobody's. */
    size_t ends[ES_RIDES_MAX + 1], n_ends;
};

/* Differences in centimetres. */
enum { BINS = 401, MID = BINS / 2 };
struct histogram {
    uint32_t count[BINS], total;
};

static void note(struct histogram *h, double diff_m)
{
    double cm = diff_m * 100;
    cm = cm < -MID ? -MID : cm > MID ? MID : cm;
    h->count[(int)(cm + MID + 0.5)]++;
    h->total++;
}

/* The median of the differences' distance from their median, m: linear, and no
 * memory that grows. */
static double spread_m(const struct histogram *h)
{
    uint32_t seen = 0;
    int median = 0;
    if (h->total < DIFFS_MIN)
        return INFINITY;
    while (median < BINS - 1 && (seen += h->count[median]) * 2 < h->total)
        median++;
    seen = 0;
    for (int r = 0; r < BINS; r++) {
        if (median - r >= 0)
            seen += h->count[median - r];
        if (r > 0 && median + r < BINS)
            seen += h->count[median + r];
        if (seen * 2 >= h->total)
            return r / 100.0;
    }
    return INFINITY;
}

/* Whether the heights are a barometer's: from one second to the next they are
 * calm, or, where samples are sparse and the way climbs between them, three in
 * a row lie on a line. */
static bool is_calm(const struct es_track *tr)
{
    struct histogram steps = { 0 }, bends = { 0 };
    const struct es_point *last = NULL, *before = NULL;
    double h = INFINITY, was;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (!(fabs((double)p->alt_m) <= HEIGHT_MAX_M) ||
            p->t_ms == ES_NO_TIME || (last && p->t_ms <= last->t_ms))
            continue;
        was = h;
        h = last ? (double)(p->t_ms - last->t_ms) / 1000 : INFINITY;
        double up = last ? (double)p->alt_m - (double)last->alt_m : 0;
        if (h <= SECOND_S)
            note(&steps, up);
        if (h <= SPARSE_S && was <= SPARSE_S)
            note(&bends,
                 up - ((double)last->alt_m - (double)before->alt_m) * h / was);
        before = last;
        last = p;
    }
    return steps.total >= DIFFS_MIN ? spread_m(&steps) <= CALM_M
                                    : spread_m(&bends) <= CALM_BEND_M;
}

/* The integral of y from the first sample to x, which lies in step *k or
 * later; x only rises between calls. */
static double sum_to(const struct profile *f, double x, size_t *k)
{
    while (*k + 1 < f->n && f->x_m[*k + 1] <= x)
        ++*k;
    if (*k + 1 == f->n)
        return f->sum[*k];
    double dx = x - f->x_m[*k];
    return f->sum[*k] + dx * (f->y_m[*k] + f->slope[*k] * dx / 2);
}

/* A piece of it as a profile of its own. */
static struct profile piece(const struct profile *f, size_t i)
{
    size_t from = i > 0 ? f->ends[i - 1] : 0;
    return (struct profile){ .x_m = f->x_m + from,
                             .y_m = f->y_m + from,
                             .sum = f->sum + from,
                             .slope = f->slope + from,
                             .n = f->ends[i] - from };
}

/* Replaces y by its mean over +-half_m. Twice is a triangle. */
static void box(struct profile *f, double half_m, double *scratch)
{
    double end = f->x_m[f->n - 1], begin = f->x_m[0];
    size_t lo = 0, hi = 0;
    f->sum[0] = 0;
    for (size_t i = 1; i < f->n; i++) {
        double step = f->x_m[i] - f->x_m[i - 1];
        f->sum[i] = f->sum[i - 1] + step * (f->y_m[i] + f->y_m[i - 1]) / 2;
        f->slope[i - 1] = (f->y_m[i] - f->y_m[i - 1]) / step;
    }
    for (size_t i = 0; i < f->n; i++) {
        double from = f->x_m[i] - half_m, to = f->x_m[i] + half_m;
        from = from > begin ? from : begin;
        to = to < end ? to : end;
        double area = sum_to(f, to, &hi) - sum_to(f, from, &lo);
        scratch[i] = to > from ? area / (to - from) : f->y_m[i];
    }
    memcpy(f->y_m, scratch, f->n * sizeof *scratch);
}

/* Peak to valley from sample `from` to `to` of one piece: a turn is one when it
 * has gone back by reverse_m. */
static void climb_piece(const struct profile *f, size_t from, size_t to,
                        double reverse_m, double *gain_m, double *loss_m)
{
    double gain = 0, loss = 0, low = f->y_m[from], high = f->y_m[from];
    int way = 0; /* 1 up, -1 down, 0 not known yet */
    for (size_t i = from + 1; i <= to; i++) {
        double y = f->y_m[i];
        if (way >= 0 && y > high) {
            gain += way > 0 ? y - high : 0;
            high = y;
        }
        if (way <= 0 && y < low) {
            loss += way < 0 ? low - y : 0;
            low = y;
        }
        if (way <= 0 && y - low >= reverse_m) {
            way = 1;
            gain += y - low;
            high = y;
        } else if (way >= 0 && high - y >= reverse_m) {
            way = -1;
            loss += high - y;
            low = y;
        }
    }
    *gain_m = gain;
    *loss_m = loss;
}

static void climb(const struct profile *f, size_t from, size_t to,
                  double reverse_m, double *gain_m, double *loss_m)
{
    *gain_m = *loss_m = 0;
    for (size_t i = 0; i < f->n_ends && from <= to; i++) {
        size_t last = f->ends[i] - 1 < to ? f->ends[i] - 1 : to;
        double gain, loss;
        if (last < from)
            continue;
        climb_piece(f, from, last, reverse_m, &gain, &loss);
        *gain_m += gain;
        *loss_m += loss;
        from = last + 1;
    }
}

/* The laps' climbs; their metres are those that count, `share` of the
 * profile's. */
static void climb_laps(const struct profile *f, double reverse_m, double share,
                       struct es_measure *m)
{
    double end = m->n_lap > 0 ? m->dist_m / share : 0, loss;
    size_t i = 0;
    for (size_t k = 0; k < m->n_lap; k++)
        end -= m->lap[k].dist_m / share;
    for (size_t k = 0; k < m->n_lap; k++) {
        while (i < f->n && f->x_m[i] < end)
            i++;
        size_t from = i;
        end += m->lap[k].dist_m / share;
        while (i < f->n && f->x_m[i] < end)
            i++;
        if (i >= from + 2)
            climb(f, from, i - 1, reverse_m, &m->lap[k].gain_m, &loss);
        i = i > from ? i - 1 : i; /* the next begins where this one ends */
    }
}

/* The smoothed height at x, or NAN where none stands near. *k, 0 at first,
 * remembers the place: x may only rise between calls. */
static double height_at(const struct profile *f, double x, size_t *k)
{
    double begin = f->x_m[0], end = f->x_m[f->n - 1];
    if (x < begin - NEAR_M || x > end + NEAR_M)
        return NAN;
    x = fmin(fmax(x, begin), end);
    while (*k + 2 < f->n && f->x_m[*k + 1] <= x)
        ++*k;
    double step = f->x_m[*k + 1] - f->x_m[*k], into = x - f->x_m[*k];
    if (step > NEAR_M && into > NEAR_M / 2 && step - into > NEAR_M / 2)
        return NAN;
    double part = step > 0 ? into / step : 0;
    return f->y_m[*k] + part * (f->y_m[*k + 1] - f->y_m[*k]);
}

/* The series counts its metres over what counts, the profile over its own
 * way, len_m long: they meet at both ends. */
static void draw(const struct profile *f, double len_m, struct es_series *s)
{
    size_t k = 0;
    for (size_t i = 0; i < s->n; i++)
        s->alt_m[i] = height_at(f, len_m * (double)i / (double)(s->n - 1), &k);
}

static_assert(ES_MEASURE_SCRATCH >= 5 * sizeof(double),
              "a profile fits the scratch");

/* The heights over what counts of the way; what was left out goes, but for
 * its ends. */
static void collect(const struct es_track *tr, const double *along,
                    double scale, const struct es_left_out *l,
                    struct profile *f)
{
    size_t k = 0;
    for (size_t i = 0; i < tr->n; i++) {
        if (!(fabs((double)tr->pts[i].alt_m) <= HEIGHT_MAX_M))
            continue;
        double d_m = along[i] * scale;
        for (; k < l->n && d_m >= l->v[k].to_m; k++)
            f->ends[f->n_ends++] = f->n;
        if (k < l->n && d_m > l->v[k].from_m)
            continue;
        f->x_m[f->n] = l->n > 0 ? es_counted_m(l, d_m) / scale : along[i];
        f->y_m[f->n++] = (double)tr->pts[i].alt_m;
    }
    while (k++ < l->n)
        f->ends[f->n_ends++] = f->n;
    f->ends[f->n_ends++] = f->n;
}

void es_elevation_of(const struct es_track *tr, const double *along,
                     double scale, const struct es_left_out *l, void *scratch,
                     struct es_measure *m)
{
    struct profile f = { .x_m = scratch };
    f.y_m = f.x_m + tr->n;
    f.sum = f.y_m + tr->n;
    f.slope = f.sum + tr->n;
    double *tmp = f.slope + tr->n;
    collect(tr, along, scale, l, &f);
    m->gain_m = m->loss_m = NAN;
    if (f.n < 2 || f.x_m[f.n - 1] <= f.x_m[0])
        return;
    bool calm = is_calm(tr);
    const struct method *how = calm ? &BAROMETER : &SATELLITES;
    m->elevation_source =
        calm ? ES_ELEVATION_BAROMETER : ES_ELEVATION_SATELLITES;
    for (size_t i = 0; i < f.n_ends; i++) {
        struct profile p = piece(&f, i);
        if (p.n < 2 || p.x_m[p.n - 1] <= p.x_m[0])
            continue;
        box(&p, how->half_m / 2, tmp);
        box(&p, how->half_m / 2, tmp);
    }
    climb(&f, 0, f.n - 1, how->reverse_m, &m->gain_m, &m->loss_m);
    double len_m = along[tr->n - 1];
    if (l->n > 0)
        len_m = es_counted_m(l, len_m * scale) / scale;
    climb_laps(&f, how->reverse_m, m->dist_m / len_m, m);
    draw(&f, len_m, &m->series);
}
