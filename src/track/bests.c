/* SPDX-License-Identifier: Apache-2.0 */
#include "track/measure_int.h"

const struct es_best_dist ES_BEST_DISTS[] = {
    { "400m", 400 },       { "1km", 1000 },   { "1mile", 1609.344 },
    { "5km", 5000 },       { "10km", 10000 }, { "half_marathon", 21097.5 },
    { "marathon", 42195 }, { "50km", 50000 }, { "100km", 100000 },
};
const size_t ES_BEST_DISTS_N = sizeof ES_BEST_DISTS / sizeof *ES_BEST_DISTS;

static_assert(sizeof ES_BEST_DISTS / sizeof *ES_BEST_DISTS <= ES_BESTS_MAX,
              "every best effort fits");
