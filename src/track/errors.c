/* SPDX-License-Identifier: Apache-2.0 */
/* How far a distance may be off. docs/MEASURE.md, "The error that is shown":
 * fitted to the tests' simulator, held against it by its tests. */
#include <math.h>

#include "track/measure_int.h"

static const double DEVICE_SHARE = 0.01;
static const double BASE_SHARE = 0.004, CV_SHARE = 0.05, GAP_SHARE = 0.3;
static const double LOCAL_SHARE = 0.1, LOCAL_M = 1000;
/* A treadmill's belt and a foot pod nobody calibrated. */
static const double ALONE_SHARE = 0.03;

double es_error_share(const struct es_measure *m, double len_m)
{
    if (m->dist_source == ES_DIST_NONE)
        return NAN;
    bool alone = m->dist_why == ES_WHY_NO_POSITIONS ||
                 m->dist_why == ES_WHY_FEW_POSITIONS;
    if (alone)
        return ALONE_SHARE;
    double cv = m->noise_cv >= 0 ? m->noise_cv : 0.3;
    double gaps = m->gap_m > 0 ? m->gap_m / fmax(m->dist_m, 1) : 0;
    double local = LOCAL_SHARE * cv * sqrt(LOCAL_M / fmax(len_m, LOCAL_M / 4));
    double base = m->dist_source == ES_DIST_DEVICE ? DEVICE_SHARE : BASE_SHARE;
    double own = m->dist_source == ES_DIST_DEVICE ? 0 : CV_SHARE * cv;
    double share = own + local + GAP_SHARE * fmin(gaps, 1);
    return sqrt(base * base + share * share);
}
