/* SPDX-License-Identifier: Apache-2.0 */
#include "track/evd.h"

#include <math.h>

#include "base/sort.h"
#include "geo/math.h"
#include "track/evd_int.h"

/* A track of fewer fixes is summed as it is. */
enum { FIXES_MIN = 8 };

/* How fast the person goes, roughly: the median over pieces of 10 s. */
static const double PACE_S = 10, PACE_MAX_S = 30, PACE_MIN_MPS = 0.4;
static const double PACE_UNKNOWN_MPS = 3;

/* Stops: windows of 8 s in which neither the way nor the distance from end to
 * end is a walk's, for 5 s or more; around them 3 s are not moving either. */
static const double STOP_R = 4, STOP_WINDOW_S = 8, STOP_MIN_S = 5;
static const double STOP_MARGIN_S = 3, STOP_NET = 0.7, STOP_PACE = 0.35;
static const double STOP_LOW_MPS = 0.45, STOP_HIGH_MPS = 1.2;

/* The variances of a fix that are tried, weakest smoothing first, m2. */
static const double TRIED_R[] = { 0.01, 0.1, 0.3, 1, 2 };
enum { N_TRIED = sizeof TRIED_R / sizeof *TRIED_R };
static const double CALM_CV = 0.25;
static const double FAR = 1.1;

static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

static double apart_m(es_v2 p, es_v2 q)
{
    es_v2 d = q - p, sq = d * d;
    return sqrt(sq[0] + sq[1]);
}

static double pace_of(const struct es_fixes *f, double *tmp)
{
    size_t n = 0, k = 0;
    for (size_t i = 1; i < f->n; i++) {
        double s = f->t_s[i] - f->t_s[k];
        if (s < PACE_S)
            continue;
        double v = es_hypot(f->x_m[i] - f->x_m[k], f->y_m[i] - f->y_m[k]) / s;
        if (v > PACE_MIN_MPS && s < PACE_MAX_S)
            tmp[n++] = v;
        k = i;
    }
    return n > 0 ? es_select_f64(tmp, n, n / 2) : PACE_UNKNOWN_MPS;
}

/* Smooths the n fixes from a on, at most `again` times
 * reweighted. */
static void smooth_piece(struct evd *v, size_t a, size_t n, double r, int again)
{
    const struct es_fixes *f = v->f;
    for (size_t i = a; i < a + n; i++)
        v->s[i].fix_var = r;
    while (es_rts(v->s + a, f->t_s + a, f->x_m + a, f->y_m + a, n, v->q, r,
                  v->speed_mps + a) &&
           again-- > 0)
        continue;
}

/* Smooths each piece with fixes of variance r; then v->speed_mps holds. */
static void smooth(struct evd *v, double r, int again)
{
    const struct es_fixes *f = v->f;
    for (size_t a = 0, b = 0; a < f->n; a = b + 1, b = a) {
        while (b + 1 < f->n && !evd_open(v, b))
            b++;
        if (b - a + 1 >= 3) {
            smooth_piece(v, a, b - a + 1, r, again);
        } else {
            v->s[a].at_m = (es_v2){ f->x_m[a], f->y_m[a] };
            v->s[b].at_m = (es_v2){ f->x_m[b], f->y_m[b] };
        }
        if (b == a + 1)
            v->speed_mps[a] =
                es_step_mps(v->s[a].at_m, v->s[b].at_m, evd_step_s(v, a));
        if (a > 0)
            v->speed_mps[a - 1] = es_step_mps(v->s[a - 1].at_m, v->s[a].at_m,
                                              evd_step_s(v, a - 1));
    }
}

/* v->still, over windows around each fix. v->trend_mps holds the way so far. */
static void mark_slow(struct evd *v, double slow_mps)
{
    const double *t = v->f->t_s;
    double *way_m = v->trend_mps;
    size_t a = 0, b = 0, n = v->f->n;
    way_m[0] = 0;
    for (size_t i = 0; i + 1 < n; i++)
        way_m[i + 1] = way_m[i] + v->speed_mps[i] * (t[i + 1] - t[i]);
    for (size_t i = 0; i < n; i++) {
        while (t[i] - t[a] > STOP_WINDOW_S / 2)
            a++;
        b = b < i ? i : b;
        while (b + 1 < n && t[b + 1] - t[i] <= STOP_WINDOW_S / 2)
            b++;
        double h = t[b] - t[a];
        if (h >= STOP_WINDOW_S * 0.5 && h <= STOP_WINDOW_S * 1.6 &&
            way_m[b] - way_m[a] < slow_mps * h &&
            apart_m(v->s[a].at_m, v->s[b].at_m) < STOP_NET * slow_mps * h)
            v->still[i] = ES_STILL;
    }
}

/* Takes back stops that are too short, and widens the others. */
static void keep_stops(struct evd *v)
{
    const double *t = v->f->t_s;
    size_t n = v->f->n;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        if (!(v->still[i] & ES_STILL)) {
            i++;
            continue;
        }
        while (j + 1 < n && (v->still[j + 1] & ES_STILL))
            j++;
        bool keep = t[j] - t[i] >= STOP_MIN_S;
        for (size_t k = i; k <= j; k++)
            v->still[k] = keep ? ES_STILL | ES_STILL_NEAR : 0;
        for (size_t k = i; keep && k-- > 0 && t[i] - t[k] <= STOP_MARGIN_S;)
            v->still[k] |= ES_STILL_NEAR;
        i = j + 1;
        for (size_t k = i; keep && k < n && t[k] - t[j] <= STOP_MARGIN_S; k++)
            v->still[k] |= ES_STILL_NEAR;
    }
}

static void find_stops(struct evd *v)
{
    smooth(v, STOP_R, 0);
    mark_slow(v, clamp(STOP_PACE * v->pace_mps, STOP_LOW_MPS, STOP_HIGH_MPS));
    keep_stops(v);
    v->stood_s[0] = 0;
    for (size_t i = 0; i + 1 < v->f->n; i++)
        v->stood_s[i + 1] =
            v->stood_s[i] +
            (evd_stands(v, i) ? v->f->t_s[i + 1] - v->f->t_s[i] : 0);
}

/* With the i-th of the tried variances; false: too little to tell. */
static bool try_one(struct evd *v, size_t i, double *cv)
{
    smooth(v, TRIED_R[i], 2);
    bool known = evd_noise(v);
    *cv = v->cv;
    return known && v->cv > CALM_CV;
}

/* Smooths with the first variance that leaves little noise, or the last; 0
 * when there is too little to tell. Where two tries show that it will take the
 * last one or none will do, that one is tried next: the noise falls with r. */
static double smooth_enough(struct evd *v)
{
    double first, cv;
    size_t i = 0, last = N_TRIED - 1;
    if (try_one(v, i, &first) && try_one(v, ++i, &cv)) {
        double share = cv / first; /* of a tenfold r; the last is twentyfold */
        bool far = cv * share * sqrt(sqrt(share)) > CALM_CV * FAR;
        if (far && try_one(v, last, &cv))
            return TRIED_R[last];
        while (i < last && try_one(v, ++i, &cv))
            continue;
    }
    return v->cv > 0 || v->s2 > 0 ? TRIED_R[i] : 0;
}

/* Too few fixes to smooth. */
static void sum_up(const struct es_fixes *f, struct es_evd *out)
{
    for (size_t i = 1; i < f->n; i++) {
        double h = f->t_s[i] - f->t_s[i - 1];
        double m =
            es_hypot(f->x_m[i] - f->x_m[i - 1], f->y_m[i] - f->y_m[i - 1]);
        if (f->apart[i] != ES_JOINED)
            m = h = 0;
        out->along_m[i] = out->along_m[i - 1] + m;
        out->moving_s += h;
    }
    out->total_m = f->n > 0 ? out->along_m[f->n - 1] : 0;
}

enum es_code es_evd_of(const struct es_fixes *f, void *scratch,
                       struct es_arena *a, struct es_evd *out, struct es_err *e)
{
    struct es_evd got = { .long_mps = NAN, .side_mps = NAN };
    struct evd v = { .f = f, .s = scratch };
    got.along_m = es_arena_array(a, f->n, sizeof *got.along_m);
    got.still = es_arena_array(a, f->n, sizeof *got.still);
    if (!got.along_m || !got.still)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu fixes", f->n);
    if (f->n < FIXES_MIN) {
        sum_up(f, &got);
        *out = got;
        return ES_OK;
    }
    v.speed_mps = (double *)(v.s + f->n);
    v.trend_mps = v.speed_mps + f->n;
    v.stood_s = v.trend_mps + f->n;
    v.tmp = v.stood_s + f->n;
    v.along_m = got.along_m;
    v.still = got.still;
    v.pace_mps = pace_of(f, v.tmp);
    double third = v.pace_mps / 3;
    v.q = clamp(0.5 * third * third * third, 0.02, 2);
    find_stops(&v);
    got.fix_var = smooth_enough(&v);
    evd_isotropy(&v, &got);
    evd_sum(&v, &got);
    got.cv = v.cv;
    *out = got;
    return ES_OK;
}
