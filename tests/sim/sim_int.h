/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that make up the simulator. */
#ifndef ES_TESTS_SIM_INT_H
#define ES_TESTS_SIM_INT_H

#include "sim/sim.h"

static const double SIM_TICK_S = 0.1;
static const double SIM_PI = 3.14159265358979323846;

/* A stretch of one curvature; at its end one may have to stop. */
struct sim_leg {
    double len_m, turn_per_m; /* to the left */
    double stop_s;
};
struct sim_way {
    struct sim_leg *legs;
    size_t n;
    double hill_m[3], wave_m[3], phase[3]; /* height: three sines */
};
/* At least k->dist_m long. False: no memory. */
bool sim_way_make(const struct sim_setup *k, struct sim_rand *r,
                  struct es_arena *a, struct sim_way *w);
double sim_way_height_m(const struct sim_way *w, double at_m);
double sim_way_grade(const struct sim_way *w, double at_m);

/* Noise that forgets itself with time constant tau_s, deviation sd. */
struct sim_ou {
    double keep, kick, x;
};
void sim_ou_init(struct sim_ou *o, double sd, double tau_s, struct sim_rand *r);
double sim_ou_step(struct sim_ou *o, struct sim_rand *r);

/* The one who moves. */
struct sim_body {
    const struct sim_setup *k;
    const struct sim_way *way;
    size_t leg;
    double in_leg_m, done_m, t_s;
    double mps;
    double heading; /* radians from east, to the left */
    double stand_s; /* still to wait */
    bool paused;    /* the recorder is, while standing */
    size_t pauses_done;
    double rep_m, break_each_s;
    struct sim_ou slow, quick;
    double heart_bpm, stride_spm;
};
void sim_body_init(struct sim_body *b, const struct sim_setup *k,
                   const struct sim_way *w, struct sim_rand *r);
/* One tick on: returns the metres; *heading of the step. */
double sim_body_step(struct sim_body *b, struct sim_rand *r, double *heading);
/* What carries it now. */
enum sim_mover sim_body_mover(const struct sim_body *b);

/* The one who sees. All offsets in metres, east and north. */
struct sim_eye {
    double white_m, low_s, jump_rate, drop_rate, spike_rate, sigma_m;
    struct sim_ou ou[2];
    double low[2], jump[2];
    double jump_left_s, drop_left_s;
};
void sim_eye_init(struct sim_eye *y, enum sim_receiver c, struct sim_rand *r);
void sim_eye_step(struct sim_eye *y, struct sim_rand *r);
/* The offset of a fix taken now. False: there is none. */
bool sim_eye_fix(struct sim_eye *y, struct sim_rand *r, double off_m[2]);

#endif
