/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that make up EVD; not for others. */
#ifndef ES_TRACK_EVD_INT_H
#define ES_TRACK_EVD_INT_H

#include <math.h>

#include "geo/math.h"
#include "track/evd.h"
#include "track/rts.h"

/* Steps are named by the fix they begin at. */
struct evd {
    const struct es_fixes *f;
    struct es_state *s;
    double *speed_mps; /* of each step, smoothed */
    double *trend_mps; /* of each step: what the 40 s around it say */
    double *stood_s;   /* at each fix: time in stops so far */
    double *tmp;
    double *along_m;
    uint8_t *still; /* enum es_fix_still, and below */
    double pace_mps, q;
    double s2, cv; /* of the noise that is left: m2/s2, and over the speed */
};

enum { EVD_BY_STOP = 4 }; /* still: a stop within 20 s of the step */

static const double EVD_GAP_S = 10;     /* longer steps are gaps */
static const double EVD_WALK_MPS = 0.7; /* below, a trend is no pace */

static inline double evd_step_s(const struct evd *v, size_t i)
{
    return v->f->t_s[i + 1] - v->f->t_s[i];
}

/* Whether step i is none: a gap, a pause or a leap. */
static inline bool evd_open(const struct evd *v, size_t i)
{
    return evd_step_s(v, i) > EVD_GAP_S || v->f->apart[i + 1] != ES_JOINED;
}

static inline bool evd_stands(const struct evd *v, size_t i)
{
    return (v->still[i] & v->still[i + 1] & ES_STILL) != 0;
}

/* Whether step i tells of the noise of going. */
static inline bool evd_goes(const struct evd *v, size_t i)
{
    return v->trend_mps[i] > EVD_WALK_MPS && !(v->still[i] & EVD_BY_STOP) &&
           !evd_open(v, i);
}

/* The angle between two steps, 0 to pi; norm: the product of their lengths.
 * By its half's tangent where that is small; error below 1e-8. */
static inline double evd_turn(es_v2 p, es_v2 q, double norm)
{
    es_v2 along = p * q;
    double dot = along[0] + along[1], cross = fabs(p[0] * q[1] - p[1] * q[0]);
    double base = norm + dot;
    if (!(cross < 0.25 * base))
        return es_atan2(cross, dot);
    double u = cross / base, z = u * u;
    double tail = 1 / 7.0 - z * (1 / 9.0 - z * (1 / 11.0));
    return 2 * u * (1 - z * (1 / 3.0 - z * (1 / 5.0 - z * tail)));
}

/* v->trend_mps, v->s2, v->cv from the speeds; false when there is too little
 * to tell, with both 0. */
bool evd_noise(struct evd *v);
/* Takes off v->s2 and v->cv what is a change of pace; the two medians to out.
 */
void evd_isotropy(struct evd *v, struct es_evd *out);
/* What counts of each step. */
void evd_sum(struct evd *v, struct es_evd *out);

#endif
