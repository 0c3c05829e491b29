/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/sim_int.h"

/* A way under construction. */
struct build {
    struct sim_way *w;
    struct es_arena *a;
    struct sim_rand *r;
    size_t room;
    double len_m;
    bool failed;
};

static void lay(struct build *b, double len_m, double turn_per_m, double stop_s)
{
    if (b->w->n == b->room) {
        size_t more = b->room ? b->room * 2 : 256;
        struct sim_leg *v = es_arena_array(b->a, more, sizeof *v);
        if (!v) {
            b->failed = true;
            return;
        }
        if (b->w->n)
            memcpy(v, b->w->legs, b->w->n * sizeof *v);
        b->w->legs = v;
        b->room = more;
    }
    b->w->legs[b->w->n++] = (struct sim_leg){ len_m, turn_per_m, stop_s };
    b->len_m += len_m;
}

/* A turn by an angle (radians, to the left) on a radius. */
static void turn(struct build *b, double angle, double radius_m)
{
    lay(b, fabs(angle) * radius_m, copysign(1 / radius_m, angle), 0);
}

static double either(struct build *b, double x)
{
    return sim_chance(b->r, 0.5) ? x : -x;
}

static void road(struct build *b)
{
    lay(b, sim_uniform(b->r, 50, 500), 0, 0);
    if (sim_chance(b->r, 0.15))
        turn(b, either(b, SIM_PI / 2), sim_uniform(b->r, 5, 9));
    else
        turn(b, either(b, sim_uniform(b->r, 0.1, 1)),
             sim_uniform(b->r, 50, 300));
}

static void oval(struct build *b)
{
    lay(b, 84.39, 0, 0);
    lay(b, 115.61, SIM_PI / 115.61, 0);
}

static void city(struct build *b)
{
    bool red = sim_chance(b->r, 0.25);
    lay(b, sim_uniform(b->r, 60, 190), 0, red ? sim_uniform(b->r, 6, 55) : 0);
    if (sim_chance(b->r, 0.4))
        turn(b, either(b, SIM_PI / 2), sim_uniform(b->r, 3, 5));
}

/* About to and fro, so that a park stays a park. */
static void park(struct build *b)
{
    lay(b, sim_uniform(b->r, 8, 35), sim_gauss(b->r) / 35,
        sim_chance(b->r, 0.004) ? sim_uniform(b->r, 10, 90) : 0);
}

static void trail(struct build *b)
{
    double side = either(b, 1);
    size_t bends = 3 + sim_pick(b->r, 8);
    for (size_t i = 0; i < bends; i++, side = -side) {
        double to_m = b->len_m + sim_uniform(b->r, 40, 150);
        while (b->len_m < to_m && !b->failed)
            lay(b, sim_uniform(b->r, 5, 15), sim_gauss(b->r) / 40, 0);
        turn(b, side * sim_uniform(b->r, 2.5, 3.1), sim_uniform(b->r, 2.5, 6));
    }
}

static void hairpins(struct build *b)
{
    lay(b, sim_uniform(b->r, 40, 110), 0, 0);
    turn(b, SIM_PI, sim_uniform(b->r, 0.8, 1.6));
}

static const struct {
    void (*lay)(struct build *);
    double steep; /* the greatest grade of each of the three waves */
} KINDS[SIM_PATHS] = {
    [SIM_ROAD] = { road, 0.015 },  [SIM_OVAL] = { oval, 0 },
    [SIM_CITY] = { city, 0.01 },   [SIM_PARK] = { park, 0.02 },
    [SIM_TRAIL] = { trail, 0.06 }, [SIM_HAIRPINS] = { hairpins, 0.003 },
};

bool sim_way_make(const struct sim_setup *k, struct sim_rand *r,
                  struct es_arena *a, struct sim_way *w)
{
    struct build b = { .w = w, .a = a, .r = r };
    *w = (struct sim_way){ 0 };
    for (int i = 0; i < 3; i++) {
        static const double SHORT_M[3] = { 250, 700, 2000 };
        w->wave_m[i] = SHORT_M[i] * sim_uniform(r, 1, 2.5);
        w->hill_m[i] = KINDS[k->path].steep * sim_uniform(r, 0.3, 1) *
                       w->wave_m[i] / (2 * SIM_PI);
        w->phase[i] = sim_uniform(r, 0, 2 * SIM_PI);
    }
    while (b.len_m <= k->dist_m + 100 && !b.failed)
        KINDS[k->path].lay(&b);
    return !b.failed;
}

double sim_way_height_m(const struct sim_way *w, double at_m)
{
    double h = 300;
    for (int i = 0; i < 3; i++)
        h += w->hill_m[i] * sin(2 * SIM_PI * at_m / w->wave_m[i] + w->phase[i]);
    return h;
}

double sim_way_grade(const struct sim_way *w, double at_m)
{
    double g = 0;
    for (int i = 0; i < 3; i++)
        g += w->hill_m[i] * 2 * SIM_PI / w->wave_m[i] *
             cos(2 * SIM_PI * at_m / w->wave_m[i] + w->phase[i]);
    return g;
}
