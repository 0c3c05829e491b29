/* SPDX-License-Identifier: Apache-2.0 */
/* A constant-velocity Kalman filter forward and the Rauch-Tung-Striebel
 * smoother back. Source: Rauch, Tung, Striebel 1965, doi:10.2514/3.3166. */
#ifndef ES_TRACK_RTS_H
#define ES_TRACK_RTS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* East and north at once. The compiler makes two scalars of it where there is
 * no such register, and the bits are the same. */
typedef double es_v2 __attribute__((vector_size(16)));

/* One fix while it is smoothed: a cache line. */
struct es_state {
    es_v2 at_m;             /* smoothed */
    es_v2 by_mps;           /* velocity */
    double var, cov, var_v; /* after the fix, of either axis: m2, m2/s, m2/s2 */
    double fix_var;         /* of the fix itself: the r of this pass */
};

/* Smooths n >= 1 fixes: times that rise, fix_var filled in; q: how restless the
 * velocity is, m2/s3; speed_mps gets the speeds of the n - 1 steps. Then makes
 * fix_var ready for a next pass, in which a fix that lies e off the smoothed
 * way counts by at most 7 / (5 + e^2 / max(r, 1)) of one of variance r. False:
 * no fix_var changed, a next pass would give the same. */
bool es_rts(struct es_state *s, const double *t_s, const double *x_m,
            const double *y_m, size_t n, double q, double r, double *speed_mps);

/* The smoothed speed of a step of h seconds. */
static inline double es_step_mps(es_v2 from_m, es_v2 to_m, double h)
{
    es_v2 d = to_m - from_m, sq = d * d;
    return sqrt(sq[0] + sq[1]) / h;
}

#endif
