/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/sim_int.h"

struct range {
    double lo, hi;
};
/* Rates are in events a second. */
static const struct class
{
    struct range sigma_m, tau_s, low_s, white_m;
    double jumps, drops, spikes;
} CLASSES[SIM_RECEIVERS] = {
    [SIM_MULTIBAND] = { { 1, 3 }, { 30, 90 }, { 3, 6 }, { .02, .08 }, 0, 0, 0 },
    [SIM_WATCH] = { { 2, 5 },
                    { 20, 60 },
                    { 2, 4 },
                    { .05, .2 },
                    1. / 1200,
                    0,
                    0 },
    [SIM_PHONE] = { { 3, 6 },
                    { 15, 45 },
                    { 1, 3 },
                    { .1, .5 },
                    1. / 600,
                    1. / 1800,
                    0 },
    [SIM_URBAN] = { { 5, 8 },
                    { 10, 40 },
                    { 1, 2.5 },
                    { .3, 1 },
                    1. / 150,
                    1. / 600,
                    0 },
    [SIM_BROWSER] = { { 3, 6 },
                      { 15, 45 },
                      { .5, 2 },
                      { .2, .8 },
                      1. / 500,
                      1. / 900,
                      1. / 1500 },
};

static double within(struct range g, struct sim_rand *r)
{
    return sim_uniform(r, g.lo, g.hi);
}

void sim_eye_init(struct sim_eye *y, enum sim_receiver c, struct sim_rand *r)
{
    *y = (struct sim_eye){ .low_s = 1 };
    if (c >= SIM_RECEIVERS)
        return;
    const struct class *k = &CLASSES[c];
    y->sigma_m = within(k->sigma_m, r);
    double tau_s = within(k->tau_s, r);
    y->low_s = within(k->low_s, r);
    y->white_m = within(k->white_m, r);
    y->jump_rate = k->jumps;
    y->drop_rate = k->drops;
    y->spike_rate = k->spikes;
    for (int i = 0; i < 2; i++) {
        sim_ou_init(&y->ou[i], y->sigma_m, tau_s, r);
        y->low[i] = y->ou[i].x;
        for (double t = 0; t < 6 * y->low_s; t += SIM_TICK_S)
            y->low[i] +=
                (sim_ou_step(&y->ou[i], r) - y->low[i]) * SIM_TICK_S / y->low_s;
    }
}

void sim_eye_step(struct sim_eye *y, struct sim_rand *r)
{
    for (int i = 0; i < 2 && y->sigma_m > 0; i++)
        y->low[i] +=
            (sim_ou_step(&y->ou[i], r) - y->low[i]) * SIM_TICK_S / y->low_s;
    y->jump_left_s -= SIM_TICK_S;
    y->drop_left_s -= SIM_TICK_S;
    if (y->jump_left_s <= 0)
        y->jump[0] = y->jump[1] = 0;
    if (y->jump_left_s <= 0 && sim_chance(r, y->jump_rate * SIM_TICK_S)) {
        double m = sim_uniform(r, 8, 40), to = sim_uniform(r, 0, 2 * SIM_PI);
        y->jump[0] = m * cos(to);
        y->jump[1] = m * sin(to);
        y->jump_left_s = sim_uniform(r, 2, 20);
    }
    if (y->drop_left_s <= 0 && sim_chance(r, y->drop_rate * SIM_TICK_S))
        y->drop_left_s = sim_uniform(r, 5, 90);
}

bool sim_eye_fix(struct sim_eye *y, struct sim_rand *r, double off_m[2])
{
    if (y->drop_left_s > 0)
        return false;
    for (int i = 0; i < 2; i++)
        off_m[i] = y->low[i] + y->jump[i] + y->white_m * sim_gauss(r);
    /* The rate is of receivers that fix once a second. */
    if (sim_chance(r, y->spike_rate)) {
        double m = sim_uniform(r, 30, 300), to = sim_uniform(r, 0, 2 * SIM_PI);
        off_m[0] += m * cos(to);
        off_m[1] += m * sin(to);
    }
    return true;
}
