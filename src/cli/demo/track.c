/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/track.h"

#include <assert.h>
#include <math.h>

enum { PAUSES_MAX = 3, LAP_M = 1000 };
static const double SLOWEST = 0.7, FASTEST = 1.2; /* of the even pace */

/* How far a receiver is off, along one axis: an Ornstein-Uhlenbeck process
 * through a first-order low-pass, plus white noise (docs/MEASURE.md). */
struct error_class {
    double sigma_m, tau_s, low_pass_s, white_m;
};
static const struct error_class WATCH = { 2.5, 50, 4, 0.06 };
static const struct error_class PHONE = { 3.5, 40, 3, 0.15 };

struct axis {
    double drift_m, shown_m;
};

struct runner_mark {
    double t_s, s_m, paused_s;
};

/* Everything that moves while the run is simulated, second by second. */
struct runner {
    const struct es_demo_course *c;
    struct es_demo_path path;
    size_t path_at;
    struct es_demo_random random;
    const struct error_class *error;
    struct axis east, north;
    double lat_m, lon_m; /* of one degree, here */
    double t_s, s_m, speed_mps, mood, hr_bpm, paused_s;
    double scale; /* of the watch's own distance: no two are calibrated alike */
    double pause_at_m[PAUSES_MAX];
    unsigned pauses_done;
};

static void axis_next(struct runner *r, struct axis *x)
{
    double keep = exp(-1 / r->error->tau_s);
    x->drift_m = keep * x->drift_m + r->error->sigma_m * sqrt(1 - keep * keep) *
                                         es_demo_normal(&r->random);
    x->shown_m +=
        (1 - exp(-1 / r->error->low_pass_s)) * (x->drift_m - x->shown_m);
}

/* WGS84: length of a degree along the meridian and the parallel. */
static void degrees(struct runner *r, double lat_deg)
{
    const double a_m = 6378137, e2 = 0.00669437999014, rad = 0.017453292519943;
    double sin_lat = sin(lat_deg * rad);
    double n = a_m / sqrt(1 - e2 * sin_lat * sin_lat);
    r->lat_m = rad * n * (1 - e2) / (1 - e2 * sin_lat * sin_lat);
    r->lon_m = rad * n * cos(lat_deg * rad);
}

static void runner_init(struct runner *r, const struct es_demo_course *c)
{
    *r = (struct runner){ .c = c,
                          .random = c->random,
                          .error = c->watch ? &WATCH : &PHONE,
                          .hr_bpm = 95 };
    double rounds = c->shape == ES_DEMO_STADIUM ? round(c->dist_m / 400)
                    : c->shape == ES_DEMO_LOOP  ? ceil(c->dist_m / 7000)
                                                : 1;
    es_demo_path_make(&r->path, c->shape, c->dist_m / fmax(rounds, 1),
                      &r->random);
    degrees(r, c->lat_deg);
    r->scale = es_demo_uniform(&r->random, 0.996, 1.006);
    for (unsigned i = 0; i < PAUSES_MAX; i++)
        r->pause_at_m[i] = c->dist_m *
                           (i + es_demo_uniform(&r->random, 0.2, 0.9)) /
                           (c->pauses ? c->pauses : 1);
    /* The receiver has found its place before the start. */
    r->east.drift_m = r->error->sigma_m * es_demo_normal(&r->random);
    r->north.drift_m = r->error->sigma_m * es_demo_normal(&r->random);
    r->east.shown_m = r->east.drift_m;
    r->north.shown_m = r->north.drift_m;
}

/* One second further. */
static void runner_step(struct runner *r, double grade)
{
    const struct es_demo_course *c = r->c;
    double even = 1000 / c->pace_s_per_km;
    double tired = 0.06 * r->s_m / 42195;
    r->mood = 0.98 * r->mood + 0.006 * es_demo_normal(&r->random);
    double want =
        even * (1 + r->mood - tired - 1.6 * fmax(-0.06, fmin(grade, 0.06)));
    want = fmax(SLOWEST * even, fmin(want, FASTEST * even));
    r->speed_mps += (want - r->speed_mps) / 4;
    r->s_m += r->speed_mps;
    r->t_s += 1;
    axis_next(r, &r->east);
    axis_next(r, &r->north);
    double effort =
        118 + 38 * r->speed_mps / even + 160 * grade + 18 * r->s_m / 42195;
    r->hr_bpm += (effort - r->hr_bpm) / 45 + 0.4 * es_demo_normal(&r->random);
}

/* The runner stands still and the watch stands still; the error doesn't. */
static void runner_pause(struct runner *r)
{
    double rest_s = floor(es_demo_uniform(&r->random, 15, 120));
    for (double t = 0; t < rest_s; t++) {
        axis_next(r, &r->east);
        axis_next(r, &r->north);
    }
    r->t_s += rest_s;
    r->paused_s += rest_s;
    r->speed_mps = 0;
    r->hr_bpm -= rest_s / 4;
    r->pauses_done++;
}

static struct es_point sample(struct runner *r, const struct es_demo_spot *spot,
                              uint8_t flags)
{
    const struct es_demo_course *c = r->c;
    double white = r->error->white_m;
    double x = spot->x_m + r->east.shown_m + white * es_demo_normal(&r->random);
    double y =
        spot->y_m + r->north.shown_m + white * es_demo_normal(&r->random);
    struct es_point p = es_point_none();
    p.flags = flags;
    p.t_ms = c->started_ms + (int64_t)r->t_s * 1000;
    p.lat_deg = c->lat_deg + y / r->lat_m;
    p.lon_deg = c->lon_deg + x / r->lon_m;
    p.alt_m = (float)(spot->alt_m + 0.3 * es_demo_normal(&r->random));
    if (c->watch) {
        p.dist_m = r->s_m * r->scale;
        p.speed_mps = (float)r->speed_mps;
        p.hr_bpm = (uint8_t)fmax(60, fmin(r->hr_bpm, 205));
        p.cadence_spm =
            (float)floor(68 + 5 * r->speed_mps + es_demo_normal(&r->random));
    }
    return p;
}

/* Closes the open lap; *from is where it began and then where the next one
 * does. */
static void lap_close(struct es_track *tr, const struct runner *r,
                      struct runner_mark *from)
{
    tr->laps[tr->n_laps++] = (struct es_lap){
        .start_ms = r->c->started_ms + (int64_t)from->t_s * 1000,
        .elapsed_s = r->t_s - from->t_s,
        .timer_s = r->t_s - from->t_s - (r->paused_s - from->paused_s),
        .dist_m = (r->s_m - from->s_m) * r->scale,
    };
    *from = (struct runner_mark){ r->t_s, r->s_m, r->paused_s };
}

/* From the start to the finish; tr has room for all that can come. */
static void simulate(struct runner *r, struct es_track *tr)
{
    const struct es_demo_course *c = r->c;
    struct runner_mark lap = { 0 };
    uint8_t flags = ES_PT_SEGMENT | ES_PT_LAP;
    for (;;) {
        struct es_demo_spot spot =
            es_demo_path_at(&r->path, r->s_m, &r->path_at);
        bool done = r->s_m >= c->dist_m;
        bool rest = r->pauses_done < c->pauses &&
                    r->s_m >= r->pause_at_m[r->pauses_done];
        if (flags || done || rest || (uint64_t)r->t_s % c->every_s == 0)
            tr->pts[tr->n++] = sample(r, &spot, flags);
        flags = 0;
        if (done)
            break;
        if (rest) {
            runner_pause(r);
            flags |= ES_PT_RESUME;
        }
        runner_step(r, spot.grade);
        if (c->watch && r->s_m - lap.s_m >= LAP_M && r->s_m < c->dist_m) {
            lap_close(tr, r, &lap);
            flags |= ES_PT_LAP;
        }
    }
    if (c->watch)
        lap_close(tr, r, &lap);
}

enum es_code es_demo_track(const struct es_demo_course *c, struct es_arena *a,
                           struct es_track *out, struct es_err *e)
{
    struct runner r;
    assert(c->pauses <= PAUSES_MAX && c->every_s > 0);
    runner_init(&r, c);
    /* Nobody is slower than SLOWEST but in the first seconds. */
    double longest_s = c->dist_m * c->pace_s_per_km / 1000 / SLOWEST + 60;
    size_t n_laps = (size_t)(c->dist_m / LAP_M) + 1;
    size_t n = (size_t)(longest_s / c->every_s) + 2 * PAUSES_MAX + n_laps + 2;
    struct es_track tr = es_track_none();
    tr.pts = es_arena_array(a, n, sizeof *tr.pts);
    tr.laps = es_arena_array(a, n_laps, sizeof *tr.laps);
    if (!tr.pts || !tr.laps)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu points", n);
    simulate(&r, &tr);
    assert(tr.n <= n && tr.n_laps <= n_laps);
    tr.sport = ES_SPORT_RUNNING;
    tr.started_ms = c->started_ms;
    tr.elapsed_s = r.t_s;
    tr.timer_s = r.t_s - r.paused_s;
    if (c->watch)
        tr.device_dist_m = r.s_m * r.scale;
    tr.device = c->device;
    *out = tr;
    return ES_OK;
}
