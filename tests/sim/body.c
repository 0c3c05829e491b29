/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/sim_int.h"

/* What movers do: speed up, brake, lean into a bend (all m/s^2); how their
 * pace wanders slowly and quickly (share of it). */
static const struct gait {
    double up, down, lean, slow, quick;
} GAITS[] = {
    [SIM_RUN] = { 1.0, 1.5, 3.0, 0.03, 0.02 },
    [SIM_WALK] = { 0.8, 1.2, 2.5, 0.04, 0.03 },
    [SIM_BICYCLE] = { 0.7, 2.0, 3.5, 0.06, 0.02 },
    [SIM_SCOOTER] = { 1.0, 2.5, 3.0, 0.02, 0.01 },
    [SIM_CAR] = { 2.0, 3.0, 3.5, 0.08, 0.02 },
};
static const double REST_M = 200, KICK_M = 400, WALK_MPS = 1.5, BREAK_S = 60;

void sim_body_init(struct sim_body *b, const struct sim_setup *k,
                   const struct sim_way *w, struct sim_rand *r)
{
    *b = (struct sim_body){ .k = k, .way = w, .heart_bpm = 85 };
    b->heading = sim_uniform(r, 0, 2 * SIM_PI);
    b->rep_m = 200 * (double)(2 + sim_pick(r, 4));
    b->break_each_s = sim_uniform(r, 240, 600);
    b->mps = k->plan == SIM_MACHINE ? k->speed_mps : 0;
    sim_ou_init(&b->slow, GAITS[k->mover].slow, 90, r);
    sim_ou_init(&b->quick, GAITS[k->mover].quick, 6, r);
}

static bool riding(const struct sim_body *b)
{
    return b->done_m >= b->k->ride_from_m && b->done_m < b->k->ride_to_m;
}

enum sim_mover sim_body_mover(const struct sim_body *b)
{
    return riding(b) ? b->k->ride : b->k->mover;
}

/* The plan's share of the pace. */
static double planned(const struct sim_body *b)
{
    const struct sim_setup *k = b->k;
    switch (k->plan) {
    case SIM_FADE:
        return 1.05 - 0.25 * b->done_m / k->dist_m;
    case SIM_KICK:
        return b->done_m > k->dist_m - KICK_M ? 1.18 : 1;
    case SIM_INTERVALS:
        return fmod(b->done_m, b->rep_m + REST_M) < b->rep_m ? 1.15 : 0.65;
    case SIM_WALK_BREAKS:
        return fmod(b->t_s, b->break_each_s + BREAK_S) < b->break_each_s
                   ? 1
                   : fmin(1, WALK_MPS / k->speed_mps);
    default:
        return 1;
    }
}

static double hill_factor(double grade)
{
    return grade > 0 ? 1 / (1 + 4 * grade) : fmin(1.08, 1 - 1.2 * grade);
}

/* The fastest that the way ahead lets one go, braking in time. */
static double allowed_mps(const struct sim_body *b, const struct gait *g)
{
    const struct sim_way *w = b->way;
    double v2 = INFINITY, ahead_m = -b->in_leg_m;
    for (size_t i = b->leg; i < w->n; i++) {
        double curve = fabs(w->legs[i].turn_per_m);
        double room_m = fmax(ahead_m, 0);
        if (curve > 0)
            v2 = fmin(v2, g->lean / curve + 2 * g->down * room_m);
        ahead_m += w->legs[i].len_m;
        if (w->legs[i].stop_s > 0)
            v2 = fmin(v2, 0.3 + 2 * g->down * ahead_m);
        if (2 * g->down * ahead_m > b->mps * b->mps + 4)
            break;
    }
    return sqrt(v2);
}

/* The recorder's two pauses: after a third, and two thirds. */
static void maybe_pause(struct sim_body *b, struct sim_rand *r)
{
    double due_m = b->k->dist_m * (double)(b->pauses_done + 1) / 3;
    if (b->k->plan != SIM_PAUSES || b->pauses_done == 2 || b->done_m < due_m)
        return;
    b->pauses_done++;
    b->stand_s = sim_uniform(r, 20, 400);
    b->paused = true;
}

/* What a strap and a foot would say. */
static void feel(struct sim_body *b, struct sim_rand *r)
{
    double v = b->mps;
    bool carried = sim_body_mover(b) > SIM_WALK;
    double effort = carried ? 0.25 : fmin(1.1, v / b->k->speed_mps);
    double easy = b->k->mover == SIM_WALK ? 45 : 95;
    double aim = 65 + easy * effort;
    b->heart_bpm +=
        (aim - b->heart_bpm) * SIM_TICK_S / 25 + 0.15 * sim_gauss(r);
    if (v < 0.3 || carried)
        b->stride_spm = 0;
    else if (v < 2.1)
        b->stride_spm = 38 + 14 * v + sim_gauss(r);
    else
        b->stride_spm = 76 + 3 * v + sim_gauss(r);
}

static void along(struct sim_body *b, double m, double *heading)
{
    const struct sim_leg *l = &b->way->legs[b->leg];
    *heading = b->heading + l->turn_per_m * m / 2;
    b->heading += l->turn_per_m * m;
    b->in_leg_m += m;
    b->done_m += m;
    if (b->in_leg_m < l->len_m || b->leg + 1 == b->way->n)
        return;
    b->in_leg_m -= l->len_m;
    b->leg++;
    if (l->stop_s > 0 && b->k->plan != SIM_MACHINE) {
        b->stand_s = l->stop_s;
        b->mps = 0;
    }
}

double sim_body_step(struct sim_body *b, struct sim_rand *r, double *heading)
{
    const struct sim_setup *k = b->k;
    const struct gait *g = &GAITS[sim_body_mover(b)];
    double wander = sim_ou_step(&b->slow, r) + sim_ou_step(&b->quick, r);

    b->t_s += SIM_TICK_S;
    *heading = b->heading;
    feel(b, r);
    if (b->stand_s > 0) {
        b->stand_s -= SIM_TICK_S;
        b->mps = 0;
        return 0;
    }
    b->paused = false;
    if (k->plan != SIM_MACHINE) {
        double aim = riding(b)
                         ? k->ride_mps * (1 + wander)
                         : k->speed_mps * (1 + wander) * planned(b) *
                               hill_factor(sim_way_grade(b->way, b->done_m));
        aim = fmin(aim, allowed_mps(b, g));
        double dv = (aim - b->mps) * SIM_TICK_S / 0.8;
        dv = fmin(fmax(dv, -2 * g->down * SIM_TICK_S), g->up * SIM_TICK_S);
        b->mps = fmax(b->mps + dv, 0.2);
    }
    double m = b->mps * SIM_TICK_S;
    along(b, m, heading);
    maybe_pause(b, r);
    return m;
}
