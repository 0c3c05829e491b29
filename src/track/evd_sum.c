/* SPDX-License-Identifier: Apache-2.0 */
/* What counts of each step of a smoothed track. */
#include <math.h>

#include "base/sort.h"
#include "track/evd_int.h"

static const double CV_MAX = 0.42;  /* the series below holds up to here */
static const double TURN_MAX = 1.6; /* radians; more is a reversal */
static const double TURN_NOISE = 2.2;
enum { FEW_TURNS = 5 };

static const double BRIDGE_S = 90, BRIDGE_CHORDS = 1.5;
/* A gap crossed slower than this was stood through. */
static const double GAP_WALK_MPS = 0.5;

/* The true speed over the mean of a speed whose two components carry noise of
 * c times it each: the inverse of Rice's mean, within 0.3 %. */
static double without_noise(double c)
{
    double c2 = c < CV_MAX ? c * c : CV_MAX * CV_MAX;
    return 1 - c2 * (0.5 + c2 * (0.625 + c2 * 0.9));
}

/* The square of the turn at each fix, 0 where none is known, into sq; returns
 * the share of it that is noise. */
static double turns(struct evd *v, double *sq)
{
    size_t n = 0, fixes = v->f->n;
    sq[0] = sq[fixes - 1] = 0;
    for (size_t i = 1; i + 1 < fixes; i++) {
        sq[i] = 0;
        if (evd_open(v, i - 1) || evd_open(v, i) ||
            v->speed_mps[i - 1] < EVD_WALK_MPS ||
            v->speed_mps[i] < EVD_WALK_MPS)
            continue;
        es_v2 p = v->s[i].at_m - v->s[i - 1].at_m;
        es_v2 q = v->s[i + 1].at_m - v->s[i].at_m;
        double norm = v->speed_mps[i - 1] * evd_step_s(v, i - 1) *
                      (v->speed_mps[i] * evd_step_s(v, i));
        double w = evd_turn(p, q, norm);
        w = w < TURN_MAX ? w : TURN_MAX;
        sq[i] = w * w;
        if (sq[i] > 0)
            v->tmp[n++] = sq[i];
    }
    if (n <= FEW_TURNS)
        return 0;
    return fmin(es_select_f64(v->tmp, n, n / 2) * TURN_NOISE, v->cv * v->cv);
}

/* The metres of a gap: at the pace around it, though a straight line is what
 * is known; a long one is only that. */
static double bridge(const struct evd *v, size_t i, double chord_m, double h)
{
    size_t last = v->f->n - 2;
    double before = v->trend_mps[i > 2 ? i - 2 : 0];
    double after = v->trend_mps[i + 3 < last ? i + 3 : last];
    double at_pace = 0.5 * (before + after) * h;
    if (h > BRIDGE_S || chord_m >= at_pace)
        return chord_m;
    return fmin(at_pace, BRIDGE_CHORDS * chord_m);
}

void evd_sum(struct evd *v, struct es_evd *out)
{
    double *turn2 = v->stood_s; /* no longer needed */
    double noise2 = turns(v, turn2), s = sqrt(v->s2), sum = 0;
    v->along_m[0] = 0;
    for (size_t i = 0; i + 1 < v->f->n; i++) {
        double h = evd_step_s(v, i), raw_m = v->speed_mps[i] * h, m = raw_m;
        double trend = v->trend_mps[i];
        bool apart = v->f->apart[i + 1] != ES_JOINED, gap = h > EVD_GAP_S;
        bool moves = !(v->still[i] & v->still[i + 1] & ES_STILL_NEAR);
        if (apart) {
            m = 0;
            moves = false;
        } else if (gap) {
            m = bridge(v, i, raw_m, h);
            moves = m >= GAP_WALK_MPS * h;
            out->gap_m += m;
            out->gap_s += h;
        } else if (evd_stands(v, i)) {
            out->drift_m += raw_m;
            m = 0;
        } else if (trend > EVD_WALK_MPS) {
            double turned2 = 0.5 * (turn2[i] + turn2[i + 1]);
            double bend = turned2 - noise2;
            out->bent_m += m * turned2 / 24;
            m *= without_noise(s / trend);
            if (bend > 0)
                m *= 1 + bend / 24;
            out->taken_m += raw_m - m;
        }
        out->moving_s += moves ? h : 0;
        v->along_m[i + 1] = sum += m;
    }
    out->total_m = sum;
    for (size_t i = 0; i < v->f->n; i++)
        v->still[i] &= ES_STILL | ES_STILL_NEAR;
}
