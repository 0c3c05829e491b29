/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/path.h"

#include <math.h>

enum { N = ES_DEMO_VERTICES };

static const double PI = 3.141592653589793;

/* A circle bent by a few harmonics: hardly two are alike, none crosses
 * itself. */
static void loop(struct es_demo_path *p, struct es_demo_random *r)
{
    enum { HARMONICS = 5 };
    double amplitude[HARMONICS], phase[HARMONICS];
    for (int k = 0; k < HARMONICS; k++) {
        amplitude[k] = es_demo_uniform(r, -0.3, 0.3) / (k + 1);
        phase[k] = es_demo_uniform(r, 0, 2 * PI);
    }
    for (int i = 0; i <= N; i++) {
        double angle = 2 * PI * i / N;
        double radius = 1;
        for (int k = 0; k < HARMONICS; k++)
            radius += amplitude[k] * cos((k + 2) * angle + phase[k]);
        p->x_m[i] = radius * cos(angle);
        p->y_m[i] = radius * sin(angle);
    }
}

/* A road that wanders off, and the same road home. */
static void out_and_back(struct es_demo_path *p, struct es_demo_random *r)
{
    double heading = es_demo_uniform(r, 0, 2 * PI);
    double turn = 0;
    p->x_m[0] = p->y_m[0] = 0;
    for (int i = 1; i <= N / 2; i++) {
        turn = 0.9 * turn + 0.02 * es_demo_normal(r);
        heading += turn;
        p->x_m[i] = p->x_m[i - 1] + cos(heading);
        p->y_m[i] = p->y_m[i - 1] + sin(heading);
    }
    for (int i = N / 2 + 1; i <= N; i++) {
        p->x_m[i] = p->x_m[N - i];
        p->y_m[i] = p->y_m[N - i];
    }
}

/* Two straights and two half circles in the proportions of the standard
 * track: 84.39 m and a radius of 36.5 m (World Athletics, Track and Field
 * Facilities Manual, 1.2.3), turned somehow. */
static void stadium(struct es_demo_path *p, struct es_demo_random *r)
{
    const double straight = 84.39, radius = 36.5, bend = PI * radius;
    double turned = es_demo_uniform(r, 0, PI);
    for (int i = 0; i <= N; i++) {
        double s = 2 * (straight + bend) * i / N;
        double side = 1;
        if (s >= straight + bend) {
            s -= straight + bend;
            side = -1;
        }
        double past = fmax(s - straight, 0) / radius;
        double x = fmin(s, straight) - straight / 2 + radius * sin(past);
        double y = -radius * cos(past);
        p->x_m[i] = side * (x * cos(turned) - y * sin(turned));
        p->y_m[i] = side * (x * sin(turned) + y * cos(turned));
    }
}

/* A person's runs all begin at one place: the door. */
static void scale(struct es_demo_path *p, double len_m)
{
    double x = p->x_m[0];
    double y = p->y_m[0];
    p->s_m[0] = 0;
    for (int i = 1; i <= N; i++)
        p->s_m[i] = p->s_m[i - 1] +
                    hypot(p->x_m[i] - p->x_m[i - 1], p->y_m[i] - p->y_m[i - 1]);
    double by = len_m / p->s_m[N];
    for (int i = 0; i <= N; i++) {
        p->x_m[i] = (p->x_m[i] - x) * by;
        p->y_m[i] = (p->y_m[i] - y) * by;
        p->s_m[i] *= by;
    }
    p->len_m = len_m;
}

void es_demo_path_make(struct es_demo_path *p, enum es_demo_shape shape,
                       double len_m, struct es_demo_random *r)
{
    static void (*const MAKE[])(struct es_demo_path *,
                                struct es_demo_random *) = {
        [ES_DEMO_LOOP] = loop,
        [ES_DEMO_OUT_AND_BACK] = out_and_back,
        [ES_DEMO_STADIUM] = stadium,
    };
    MAKE[shape](p, r);
    scale(p, len_m);
}

struct es_demo_spot es_demo_path_at(const struct es_demo_path *p, double s_m,
                                    size_t *at)
{
    double s = fmod(s_m, p->len_m);
    size_t i = *at < N && p->s_m[*at] <= s ? *at : 0;
    while (i + 1 < N && p->s_m[i + 1] <= s)
        i++;
    *at = i;
    double part = (s - p->s_m[i]) / (p->s_m[i + 1] - p->s_m[i]);
    struct es_demo_spot spot = {
        .x_m = p->x_m[i] + part * (p->x_m[i + 1] - p->x_m[i]),
        .y_m = p->y_m[i] + part * (p->y_m[i + 1] - p->y_m[i]),
    };
    /* Hills as a function of the place: the way back sees the same ones. */
    double wx = spot.x_m / 260, wy = spot.y_m / 310;
    spot.alt_m = 60 + 9 * sin(wx) * cos(wy) + 5 * sin(2.3 * wy + 1);
    double dx = (p->x_m[i + 1] - p->x_m[i]) / (p->s_m[i + 1] - p->s_m[i]);
    double dy = (p->y_m[i + 1] - p->y_m[i]) / (p->s_m[i + 1] - p->s_m[i]);
    spot.grade = dx * 9 * cos(wx) * cos(wy) / 260 +
                 dy * (11.5 * cos(2.3 * wy + 1) - 9 * sin(wx) * sin(wy)) / 310;
    return spot;
}
