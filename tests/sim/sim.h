/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that never were, whose truth is known: people on paths, and receivers
 * that see them as receivers do. For tests and benchmarks of what is measured.
 *
 *     struct sim_setup k = sim_honest(17);
 *     k.receiver = SIM_PHONE;
 *     struct sim_run r;
 *     CHECK(sim_run_make(&k, &arena, &r));
 *     ... es_measure(&r.track, ...) against r.dist_m
 *
 * The body moves in steps of 0.1 s; the sum of these steps, each a straight
 * line on WGS84, is the true distance. The same setup gives the same run. */
#ifndef ES_TESTS_SIM_H
#define ES_TESTS_SIM_H

#include "track/track.h"

/* Shapes of way. */
enum sim_path {
    SIM_ROAD,     /* long bends, some corners */
    SIM_OVAL,     /* a 400 m track, measured 0.3 m from its kerb */
    SIM_CITY,     /* blocks, with lights that may be red */
    SIM_PARK,     /* winding */
    SIM_TRAIL,    /* switchbacks up and down a hill */
    SIM_HAIRPINS, /* to and fro on 40 to 110 m */
    SIM_PATHS
};

/* Classes of receiver: per axis Ornstein-Uhlenbeck noise through a first-order
 * low-pass, at 10 Hz; white noise on what is sampled; jumps of 8-40 m for 2-20
 * s; drop-outs of 5-90 s; single spikes of 30-300 m. */
enum sim_receiver {
    SIM_MULTIBAND,
    SIM_WATCH,
    SIM_PHONE,
    SIM_URBAN,
    SIM_BROWSER,
    SIM_RECEIVERS,            /* those above are real */
    SIM_EXACT = SIM_RECEIVERS /* no error at all */
};

/* When a fix is written down. */
enum sim_sampling {
    SIM_EACH_1S,
    SIM_SMART, /* on a turn, a change of speed, or after 8 s */
    SIM_EACH_5S,
    SIM_IRREGULAR, /* after 0.9 to 3 s */
    SIM_EACH_10M,  /* as the receiver sees metres */
    SIM_SAMPLINGS
};

/* What carries the body. */
enum sim_mover { SIM_RUN, SIM_WALK, SIM_BICYCLE, SIM_SCOOTER, SIM_CAR };

/* How the pace goes. */
enum sim_plan {
    SIM_STEADY,
    SIM_FADE,        /* 5 % fast, then ever slower, by a quarter */
    SIM_KICK,        /* the last 400 m 18 % faster */
    SIM_INTERVALS,   /* 400 to 1000 m fast, 200 m jogged */
    SIM_WALK_BREAKS, /* a minute's walk every 4 to 10 minutes */
    SIM_PAUSES,      /* the recorder is paused twice, the body stands */
    SIM_PLANS,
    SIM_MACHINE = SIM_PLANS /* one speed, to the millimetre */
};

/* The device's own distance. */
enum sim_meter {
    SIM_NO_METER,
    SIM_FUSED, /* off by 0.8 % a run (1 sigma) and 0.5 % within it */
    SIM_POD,   /* off by 1.5 % a run */
    SIM_SUM    /* metres between its own fixes each second */
};

enum sim_climber { SIM_NO_ALTITUDE, SIM_BAROMETER, SIM_GPS_HEIGHT };

struct sim_setup {
    uint64_t seed;
    enum sim_path path;
    enum sim_receiver receiver;
    enum sim_sampling sampling;
    enum sim_mover mover;
    enum sim_plan plan;
    enum sim_meter meter;
    enum sim_climber climber;
    double dist_m;              /* the run ends once so much is done */
    double speed_mps;           /* on the flat, before the plan */
    double lat_deg, lon_deg;    /* of the start; |lat| <= 85 */
    bool heart, cadence, speed; /* sensors whose values are written down */
    /* From ride_from_m to ride_to_m another mover carries the body. */
    enum sim_mover ride;
    double ride_from_m, ride_to_m, ride_mps;
};

/* A person and a device as one meets them, drawn from the seed: running or
 * walking, 1 to 42 km, all classes, paths, samplings and plans. */
struct sim_setup sim_honest(uint64_t seed);

struct sim_run {
    struct es_track track;
    double *true_m;   /* [track.n] metres done at each fix, 0 at the first */
    double dist_m;    /* from the first fix to the last */
    double elapsed_s; /* the same, pauses included */
    double moving_s;  /* of it, faster than 0.3 m/s */
    double gain_m;    /* sum of the rises of the way itself */
    float *ticks_m;   /* [n_ticks] metres done, each 0.1 s from the first fix */
    size_t n_ticks;
};

/* Makes a run in `a`. False: no memory, *out untouched. */
bool sim_run_make(const struct sim_setup *k, struct es_arena *a,
                  struct sim_run *out);

/* The true best effort over dist_m, seconds; NAN for a shorter run. */
double sim_best_s(const struct sim_run *r, double dist_m);

/* A generator of its own: xoshiro256**, Blackman and Vigna 2018. */
struct sim_rand {
    uint64_t s[4];
};
void sim_rand_init(struct sim_rand *r, uint64_t seed);
double sim_uniform(struct sim_rand *r, double lo, double hi);
double sim_gauss(struct sim_rand *r); /* mean 0, deviation 1 */
bool sim_chance(struct sim_rand *r, double p);
size_t sim_pick(struct sim_rand *r, size_t n); /* 0..n-1 */

#endif
