/* SPDX-License-Identifier: Apache-2.0 */
/* How far a distance may be off. docs/MEASURE.md, "The error that is shown":
 * fitted to the tests' simulator, held against it by its tests on other
 * draws. */
#include <math.h>

#include "geo/math.h"
#include "track/measure_int.h"

static const double DEVICE_SHARE = 0.009, POSITIONS_SHARE = 0.004;
static const double CV_SHARE = 0.06, GAP_SHARE = 0.03, BENT_SHARE = 3;
static const double TAKEN_SHARE = 0.5; /* of what was taken off for noise */
/* Of a part of the way, whose errors the rest doesn't even out. */
static const double PART_CV_SHARE = 0.14, PART_M = 1000, PART_MIN_M = 250;
/* A device that says something quite else says nothing. */
static const double OFF_MAX = 0.2;
/* A treadmill's belt, a foot pod that nobody calibrated. */
static const double ALONE_SHARE = 0.03;
/* Sums of steps that were not smoothed. */
static const double PLAIN_SHARE = 0.03;

double es_error_share(const struct es_measure *m, const struct es_ways *w,
                      double len_m)
{
    const struct es_evd *v = &w->evd;
    bool device = m->dist_source == ES_DIST_DEVICE;
    if (m->dist_source == ES_DIST_NONE)
        return NAN;
    if (m->dist_why == ES_WHY_NO_POSITIONS ||
        m->dist_why == ES_WHY_FEW_POSITIONS)
        return ALONE_SHARE;
    if (!w->smoothed)
        return PLAIN_SHARE;
    double total = fmax(v->total_m, 1);
    /* what the two ways differ by is an error of one or both */
    double off = w->ratio > 0 ? fmin(fabs(w->ratio - 1), OFF_MAX) / 2 : 0;
    double part = len_m < m->dist_m ? PART_CV_SHARE * v->cv *
                                          sqrt(PART_M / fmax(len_m, PART_MIN_M))
                                    : 0;
    if (device)
        return es_hypot(DEVICE_SHARE, part + off);
    return es_hypot(POSITIONS_SHARE,
                    part + off + CV_SHARE * v->cv +
                        GAP_SHARE * v->gap_m / total +
                        BENT_SHARE * v->bent_m / total +
                        TAKEN_SHARE * fabs(v->taken_m) / total);
}
