/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that make up es_measure; not for other modules. */
#ifndef ES_TRACK_MEASURE_INT_H
#define ES_TRACK_MEASURE_INT_H

#include "track/measure.h"

/* The distances of best efforts, shortest first. */
struct es_best_dist {
    const char *name;
    double dist_m;
};
extern const struct es_best_dist ES_BEST_DISTS[];
extern const size_t ES_BEST_DISTS_N; /* <= ES_BESTS_MAX */

#endif
