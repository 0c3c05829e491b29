/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to a recording before it is handed in as one's own; and the
 * same run as others' receivers honestly saw it. Everything in the arena, which
 * must be large enough. */
#ifndef ES_TESTS_SIM_COPY_H
#define ES_TESTS_SIM_COPY_H

#include "sim/sim.h"

/* ---- copies ---- */

/* From the share `from` of its points to the share `to`. */
struct es_track sim_cut(const struct es_track *t, double from, double to,
                        struct es_arena *a);
/* A point each step_s, straight between the old ones. */
struct es_track sim_resampled(const struct es_track *t, double step_s,
                              struct es_arena *a);
/* White noise on both axes. */
struct es_track sim_noised(const struct es_track *t, double sd_m, uint64_t seed,
                           struct es_arena *a);
/* Times moved, and drawn out by a factor. */
struct es_track sim_moved(const struct es_track *t, int64_t by_ms,
                          double factor, struct es_arena *a);
/* The way back, at the same times. */
struct es_track sim_turned(const struct es_track *t, struct es_arena *a);

/* ---- honest ---- */

/* A receiver that was side_m (wandering by half a metre) to the left of the
 * true track `t`. */
struct es_track sim_seen(const struct es_track *t, enum sim_receiver by,
                         double side_m, uint64_t seed, struct es_arena *a);
/* The way of the true track `t` run on another day, `factor` slower and not
 * evenly so. */
struct es_track sim_again(const struct es_track *t, double factor,
                          uint64_t seed, struct es_arena *a);

#endif
