/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "geo/geo.h"
#include "sim/sim_int.h"

static const double RAD = 3.14159265358979323846 / 180;
static const int64_t STARTED_MS = 1767250800000; /* 2026-01-01T07:00:00Z */
static const double MOVING_MPS = 0.3;
enum { TICKS_A_SECOND = 10 };

/* Arrays that grow in an arena; what they leave behind goes with it. */
struct points {
    struct es_point *v;
    double *true_m;
    uint32_t *tick;
    size_t n, room;
};
struct ticks {
    float *m, *mps, *height_m;
    size_t n, room;
};

/* One run being made. */
struct making {
    const struct sim_setup *k;
    struct es_arena *a;
    struct sim_rand r;
    struct sim_way way;
    struct sim_body body;
    struct sim_eye eye;
    struct sim_ou height, meter;
    double lat_deg, lon_deg; /* the truth */
    double share;            /* of the true metres that the meter counts */
    double meter_m, paused_s;
    struct es_point last_seen; /* by the meter that sums */
    size_t tick, next_tick;    /* now; when the next fix is due */
    double turned, was_mps;    /* since the last fix */
    bool resumes;
    struct points pts;
    struct ticks ticks;
};

static void *grown(struct es_arena *a, const void *old, size_t n, size_t room,
                   size_t size)
{
    void *v = es_arena_array(a, room, size);
    if (v && n)
        memcpy(v, old, n * size);
    return v;
}

static bool room_for_point(struct making *g)
{
    struct points *p = &g->pts;
    if (p->n < p->room)
        return true;
    p->room = p->room ? p->room * 2 : 1024;
    p->v = grown(g->a, p->v, p->n, p->room, sizeof *p->v);
    p->true_m = grown(g->a, p->true_m, p->n, p->room, sizeof *p->true_m);
    p->tick = grown(g->a, p->tick, p->n, p->room, sizeof *p->tick);
    return p->v && p->true_m && p->tick;
}

static bool note_tick(struct making *g)
{
    struct ticks *t = &g->ticks;
    if (t->n == t->room) {
        t->room = t->room ? t->room * 2 : 8192;
        t->m = grown(g->a, t->m, t->n, t->room, sizeof *t->m);
        t->mps = grown(g->a, t->mps, t->n, t->room, sizeof *t->mps);
        t->height_m =
            grown(g->a, t->height_m, t->n, t->room, sizeof *t->height_m);
        if (!t->m || !t->mps || !t->height_m)
            return false;
    }
    t->m[t->n] = (float)g->body.done_m;
    t->mps[t->n] = (float)g->body.mps;
    t->height_m[t->n++] = (float)sim_way_height_m(&g->way, g->body.done_m);
    return true;
}

/* A place this far east and north of another. */
static void move(double *lat_deg, double *lon_deg, double east_m,
                 double north_m)
{
    double m, n, from = *lat_deg;
    es_geo_radii_m(from, &m, &n);
    *lat_deg += north_m / m / RAD;
    double mid = (from + *lat_deg) / 2;
    es_geo_radii_m(mid, &m, &n);
    *lon_deg += east_m / (n * cos(mid * RAD)) / RAD;
    *lon_deg = remainder(*lon_deg, 360);
}

/* Is a fix due at this tick? `seen`: where it would be. */
static bool due(struct making *g, const struct es_point *seen)
{
    const struct sim_setup *k = g->k;
    if (g->pts.n == 0)
        return true;
    const struct es_point *last = &g->pts.v[g->pts.n - 1];
    size_t since = g->tick - g->pts.tick[g->pts.n - 1];
    switch (k->sampling) {
    case SIM_SMART:
        return since >= 8 * TICKS_A_SECOND || fabs(g->turned) > 0.2 ||
               fabs(g->body.mps - g->was_mps) > 0.4 || sim_chance(&g->r, 0.08);
    case SIM_EACH_5S:
        return since >= 5 * TICKS_A_SECOND;
    case SIM_EACH_10M:
        return es_geo_distance_m(last->lat_deg, last->lon_deg, seen->lat_deg,
                                 seen->lon_deg) >= 10;
    default:
        return true;
    }
}

static void meter(struct making *g, const struct es_point *seen, double step_m)
{
    if (g->k->meter == SIM_SUM) {
        if (seen && es_point_has_position(&g->last_seen))
            g->meter_m +=
                es_geo_distance_m(g->last_seen.lat_deg, g->last_seen.lon_deg,
                                  seen->lat_deg, seen->lon_deg);
        if (seen)
            g->last_seen = *seen;
    } else {
        g->meter_m += step_m * (g->share + sim_ou_step(&g->meter, &g->r));
    }
}

static void sense(struct making *g, struct es_point *p)
{
    const struct sim_setup *k = g->k;
    double up = sim_way_height_m(&g->way, g->body.done_m);
    if (k->climber == SIM_BAROMETER)
        p->alt_m = (float)(round((up + g->height.x) * 5) / 5);
    else if (k->climber == SIM_GPS_HEIGHT)
        p->alt_m = (float)(up + g->height.x + 0.7 * sim_gauss(&g->r));
    if (k->meter != SIM_NO_METER)
        p->dist_m = g->meter_m;
    if (k->speed)
        p->speed_mps = (float)fmax(0, g->body.mps + 0.15 * sim_gauss(&g->r));
    if (k->heart)
        p->hr_bpm = (uint8_t)fmin(fmax(g->body.heart_bpm, 45), 205);
    if (k->cadence)
        p->cadence_spm = (float)round(fmax(0, g->body.stride_spm));
    if (k->receiver == SIM_PHONE || k->receiver == SIM_BROWSER)
        p->acc_m = (float)(g->eye.sigma_m * sim_uniform(&g->r, 0.8, 1.6));
}

/* A second has passed, or what else the sampling waits for. */
static bool look(struct making *g)
{
    double off[2] = { 0, 0 };
    bool fix = sim_eye_fix(&g->eye, &g->r, off);
    struct es_point p = es_point_none();
    p.lat_deg = g->lat_deg;
    p.lon_deg = g->lon_deg;
    p.t_ms = STARTED_MS + (int64_t)g->tick * 1000 / TICKS_A_SECOND;
    move(&p.lat_deg, &p.lon_deg, off[0], off[1]);
    g->next_tick = g->tick + TICKS_A_SECOND;
    if (g->k->sampling == SIM_IRREGULAR)
        g->next_tick = g->tick + 9 + sim_pick(&g->r, 22);
    if (g->k->meter == SIM_SUM && !g->body.paused)
        meter(g, fix ? &p : NULL, 0);
    if (!fix || g->body.paused || !due(g, &p))
        return true;
    if (!room_for_point(g))
        return false;
    sense(g, &p);
    p.flags = g->resumes ? ES_PT_RESUME : 0;
    g->resumes = false;
    g->turned = 0;
    g->was_mps = g->body.mps;
    g->pts.true_m[g->pts.n] = g->body.done_m;
    g->pts.tick[g->pts.n] = (uint32_t)g->tick;
    g->pts.v[g->pts.n++] = p;
    return true;
}

static bool tick(struct making *g)
{
    double heading = 0, was = g->body.heading;
    double m = sim_body_step(&g->body, &g->r, &heading);
    g->tick++;
    g->turned += g->body.heading - was;
    move(&g->lat_deg, &g->lon_deg, m * cos(heading), m * sin(heading));
    sim_eye_step(&g->eye, &g->r);
    if (g->k->climber != SIM_NO_ALTITUDE)
        (void)sim_ou_step(&g->height, &g->r);
    if (g->k->meter != SIM_SUM && g->k->meter != SIM_NO_METER)
        meter(g, NULL, m);
    if (g->body.paused) {
        g->resumes = true;
        g->paused_s += SIM_TICK_S;
    }
    if (!note_tick(g))
        return false;
    return g->tick < g->next_tick || look(g);
}

/* What is true between the first fix and the last. */
static void conclude(struct making *g, struct sim_run *out)
{
    struct points *p = &g->pts;
    size_t from = p->tick[0], to = p->tick[p->n - 1];
    double first_m = p->true_m[0];
    *out = (struct sim_run){ .true_m = p->true_m };
    for (size_t i = 0; i < p->n; i++)
        p->true_m[i] -= first_m;
    out->dist_m = p->true_m[p->n - 1];
    out->elapsed_s = (double)(to - from) * SIM_TICK_S;
    out->ticks_m = g->ticks.m + from;
    out->n_ticks = to - from + 1;
    for (size_t i = from + 1; i <= to; i++) {
        double up =
            (double)g->ticks.height_m[i] - (double)g->ticks.height_m[i - 1];
        out->gain_m += fmax(up, 0);
        out->moving_s += (double)g->ticks.mps[i] > MOVING_MPS ? SIM_TICK_S : 0;
    }
    struct es_track *t = &out->track;
    *t = es_track_none();
    t->sport = g->k->mover == SIM_WALK ? ES_SPORT_WALKING : ES_SPORT_RUNNING;
    t->started_ms = p->v[0].t_ms;
    t->elapsed_s = out->elapsed_s;
    t->timer_s = out->elapsed_s - g->paused_s;
    t->device = "Simulator";
    t->pts = p->v;
    t->n = p->n;
    if (g->k->meter != SIM_NO_METER)
        t->device_dist_m = p->v[p->n - 1].dist_m;
}

bool sim_run_make(const struct sim_setup *k, struct es_arena *a,
                  struct sim_run *out)
{
    struct making g = { .k = k,
                        .a = a,
                        .lat_deg = k->lat_deg,
                        .lon_deg = k->lon_deg,
                        .next_tick = TICKS_A_SECOND,
                        .last_seen = es_point_none() };
    sim_rand_init(&g.r, k->seed);
    if (!sim_way_make(k, &g.r, a, &g.way))
        return false;
    sim_body_init(&g.body, k, &g.way, &g.r);
    sim_eye_init(&g.eye, k->receiver, &g.r);
    bool air = k->climber == SIM_BAROMETER;
    sim_ou_init(&g.height, air ? 2 : 6, air ? 900 : 40, &g.r);
    g.share = 1 + (k->meter == SIM_POD ? 0.015 : 0.008) * sim_gauss(&g.r);
    sim_ou_init(&g.meter, 0.005, 200, &g.r);
    if (!note_tick(&g))
        return false;
    /* To the end, and on to the next fix: a run has two at least. */
    while (g.body.done_m < k->dist_m || g.pts.n < 2)
        if (!tick(&g))
            return false;
    conclude(&g, out);
    return true;
}

double sim_best_s(const struct sim_run *r, double dist_m)
{
    double best = NAN;
    size_t k = 0;
    for (size_t i = 0; i < r->n_ticks; i++) {
        while (k < r->n_ticks &&
               (double)r->ticks_m[k] < (double)r->ticks_m[i] + dist_m)
            k++;
        if (k == r->n_ticks)
            break;
        double step_m = (double)r->ticks_m[k] - (double)r->ticks_m[k - 1];
        double over_m = (double)r->ticks_m[k] - (double)r->ticks_m[i] - dist_m;
        double s = ((double)(k - i) - over_m / step_m) * SIM_TICK_S;
        best = isnan(best) ? s : fmin(best, s);
    }
    return best;
}
