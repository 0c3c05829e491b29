/* SPDX-License-Identifier: Apache-2.0 */
/* How much noise is left in the speeds of a smoothed track. */
#include <math.h>

#include "base/sort.h"
#include "track/evd_int.h"

static const double WINDOW_S = 40; /* of the local line */
static const double REBASE_S = 32; /* rounding errors end here */
static const double MAD = 1.4826;  /* a median deviation as a sigma */
static const double WINSOR = 3, INFLATE = 1.06;
enum { FEW_STEPS = 6, FEW_TURNS = 20 };
static const double TURN_S = 6;

/* Weighted sums over the steps of a window, about the time `at`. */
struct line {
    double at;
    double w, wu, wuu, y, yu;
    size_t n;
};

static double middle_s(const struct evd *v, size_t i)
{
    return 0.5 * (v->f->t_s[i] + v->f->t_s[i + 1]);
}

static inline void line_add(struct line *l, const struct evd *v, size_t i,
                            double sign)
{
    if (evd_open(v, i))
        return;
    double w = sign * evd_step_s(v, i), u = middle_s(v, i) - l->at;
    double wu = w * u, y = v->speed_mps[i];
    l->w += w;
    l->wu += wu;
    l->wuu += wu * u;
    l->y += w * y;
    l->yu += wu * y;
    l->n += sign > 0 ? 1 : (size_t)-1;
}

static void line_begin(struct line *l, const struct evd *v, size_t a, size_t b,
                       double at)
{
    *l = (struct line){ .at = at };
    for (size_t i = a; i <= b; i++)
        line_add(l, v, i, 1);
}

/* The value of the line at t. Between two new beginnings steps are added and
 * taken away; errors stay below 1e-12 of the speed. */
static double line_at(const struct line *l, double t, double if_none)
{
    double d = t - l->at;
    double wu = l->wu - d * l->w, yu = l->yu - d * l->y;
    double wuu = l->wuu - d * (l->wu + wu);
    double det = l->w * l->wuu - l->wu * l->wu; /* the same about any time */
    if (l->n == 0 || !(l->w > 0))
        return if_none;
    return det > 1e-6 * l->w * l->w ? (l->y * wuu - yu * wu) / det
                                    : l->y / l->w;
}

static void trends(struct evd *v)
{
    size_t steps = v->f->n - 1, a = 0, b = 0;
    struct line l;
    line_begin(&l, v, 0, 0, middle_s(v, 0));
    for (size_t i = 0; i < steps; i++) {
        double t = middle_s(v, i);
        for (; t - middle_s(v, a) > WINDOW_S / 2; a++)
            line_add(&l, v, a, -1);
        while (b + 1 < steps &&
               (b < i || middle_s(v, b + 1) - t <= WINDOW_S / 2))
            line_add(&l, v, ++b, 1);
        if (l.n == 0) /* not by looking: in the window are none but gaps */
            l = (struct line){ .at = t };
        else if (t - l.at > REBASE_S)
            line_begin(&l, v, a, b, t);
        v->trend_mps[i] = line_at(&l, t, v->speed_mps[i]);
        if (v->stood_s[b + 1] > v->stood_s[a])
            v->still[i] |= EVD_BY_STOP;
    }
}

bool evd_noise(struct evd *v)
{
    size_t steps = v->f->n - 1, n = 0;
    double sq = 0, time_s = 0, way_m = 0;
    v->s2 = v->cv = 0;
    trends(v);
    for (size_t i = 0; i < steps; i++) {
        v->tmp[n] = fabs(v->speed_mps[i] - v->trend_mps[i]);
        n += evd_goes(v, i);
    }
    if (n < FEW_STEPS)
        return false;
    double most = WINSOR * MAD * es_select_f64(v->tmp, n, n / 2);
    for (size_t i = 0; i < steps; i++) {
        if (!evd_goes(v, i))
            continue;
        double h = evd_step_s(v, i);
        double off = fabs(v->speed_mps[i] - v->trend_mps[i]);
        off = off < most ? off : most;
        sq += off * off * h;
        time_s += h;
        way_m += v->trend_mps[i] * h;
    }
    v->s2 = sq / time_s * INFLATE;
    v->cv = sqrt(v->s2) / (way_m / time_s);
    return true;
}

/* Noise shakes a track sideways as much as lengthways; what shakes it
 * lengthways only is a change of pace. */
void evd_isotropy(struct evd *v, struct es_evd *out)
{
    size_t steps = v->f->n - 1, k = 0, n = 0;
    double *lengthways = v->tmp, *sideways = v->along_m; /* not in use yet */
    for (size_t i = 0; i < steps; i++) {
        double t = middle_s(v, i);
        k = k < i ? i : k;
        while (k + 1 < steps && middle_s(v, k) - t < TURN_S - 1e-6)
            k++;
        double h = middle_s(v, k) - t;
        if (h < TURN_S * 0.7 || h > TURN_S * 1.7 || !evd_goes(v, i) ||
            v->stood_s[k + 1] > v->stood_s[i] || evd_open(v, k))
            continue;
        double from = v->speed_mps[i], to = v->speed_mps[k];
        es_v2 p = v->s[i + 1].at_m - v->s[i].at_m;
        es_v2 q = v->s[k + 1].at_m - v->s[k].at_m;
        double norm = from * evd_step_s(v, i) * (to * evd_step_s(v, k));
        lengthways[n] = fabs(from - to);
        sideways[n++] = 0.5 * (from + to) * evd_turn(p, q, norm);
    }
    if (n <= FEW_TURNS)
        return;
    out->long_mps = MAD * es_select_f64(lengthways, n, n / 2);
    out->side_mps = MAD * es_select_f64(sideways, n, n / 2);
    double share = out->side_mps / out->long_mps;
    if (out->long_mps > 0 && share < 1) {
        v->s2 *= share * share;
        v->cv *= share;
    }
}
