/* SPDX-License-Identifier: Apache-2.0 */
/* Who runs, where, with what: about as one meets it in a virtual run. */
#include <math.h>

#include "sim/sim_int.h"

/* Kilometres that people set out to do. */
static const double LENGTHS_KM[] = { 1, 3, 3,  5,  5,  5,  5,
                                     7, 8, 10, 10, 12, 15, 21.1 };

static void person(struct sim_setup *k, struct sim_rand *r)
{
    k->dist_m =
        1000 * LENGTHS_KM[sim_pick(r, sizeof LENGTHS_KM / sizeof *LENGTHS_KM)];
    k->dist_m *= sim_uniform(r, 1, 1.06);
    if (sim_chance(r, 0.02))
        k->dist_m = 42195 * sim_uniform(r, 1, 1.01);
    k->mover = sim_chance(r, 0.15) ? SIM_WALK : SIM_RUN;
    if (k->mover == SIM_WALK) {
        k->dist_m = fmin(k->dist_m, 12000);
        k->speed_mps = sim_uniform(r, 1, 1.9);
        return;
    }
    /* Most take 5 to 7.5 minutes a kilometre; one in fifty lives for it. */
    k->speed_mps = fmin(fmax(2.9 + 0.55 * sim_gauss(r), 1.9), 5);
    if (sim_chance(r, 0.02))
        k->speed_mps = sim_uniform(r, 4.6, 5.6);
    static const enum sim_plan PLANS[] = { SIM_STEADY, SIM_STEADY,
                                           SIM_FADE,   SIM_KICK,
                                           SIM_KICK,   SIM_INTERVALS,
                                           SIM_PAUSES, SIM_WALK_BREAKS };
    k->plan = PLANS[sim_pick(r, sizeof PLANS / sizeof *PLANS)];
}

static void device(struct sim_setup *k, struct sim_rand *r)
{
    k->receiver = (enum sim_receiver)sim_pick(r, SIM_RECEIVERS);
    bool watch = k->receiver <= SIM_WATCH ||
                 (k->receiver == SIM_URBAN && sim_chance(r, 0.5));
    if (watch) {
        static const enum sim_sampling HOW[] = { SIM_EACH_1S, SIM_EACH_1S,
                                                 SIM_SMART };
        k->sampling = HOW[sim_pick(r, 3)];
        k->meter = sim_chance(r, 0.15) ? SIM_POD : SIM_FUSED;
        k->climber = sim_chance(r, 0.6) ? SIM_BAROMETER : SIM_GPS_HEIGHT;
        k->heart = sim_chance(r, 0.8);
        k->cadence = sim_chance(r, 0.8);
        k->speed = sim_chance(r, 0.7);
        return;
    }
    static const enum sim_sampling HOW[] = { SIM_EACH_1S, SIM_EACH_5S,
                                             SIM_IRREGULAR, SIM_IRREGULAR,
                                             SIM_EACH_10M };
    k->sampling = HOW[sim_pick(r, 5)];
    k->meter = sim_chance(r, 0.3) ? SIM_SUM : SIM_NO_METER;
    k->climber = sim_chance(r, 0.8) ? SIM_GPS_HEIGHT : SIM_NO_ALTITUDE;
    k->speed = sim_chance(r, 0.3);
}

struct sim_setup sim_honest(uint64_t seed)
{
    struct sim_setup k = { .seed = seed };
    struct sim_rand r;
    /* Not the sequence that the run itself is made from. */
    sim_rand_init(&r, seed ^ 0x5851f42d4c957f2du);
    person(&k, &r);
    device(&k, &r);
    k.path = (enum sim_path)sim_pick(&r, SIM_PATHS);
    /* People live between these; their longitudes are all the same to us. */
    k.lat_deg = sim_uniform(&r, -45, 65);
    k.lon_deg = sim_uniform(&r, -180, 180);
    return k;
}
