/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/copy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "sim/sim_int.h"

static const double RAD = 3.14159265358979323846 / 180;

static struct es_track with_room(const struct es_track *t, size_t n,
                                 struct es_arena *a)
{
    struct es_track out = *t;
    out.pts = es_arena_array(a, n + 1, sizeof *out.pts);
    if (!out.pts)
        abort();
    out.n = 0;
    return out;
}

static struct es_track same(const struct es_track *t, struct es_arena *a)
{
    struct es_track out = with_room(t, t->n, a);
    memcpy(out.pts, t->pts, t->n * sizeof *t->pts);
    out.n = t->n;
    return out;
}

static void shift(struct es_point *p, double east_m, double north_m)
{
    double m, n;
    es_geo_radii_m(p->lat_deg, &m, &n);
    p->lat_deg += north_m / m / RAD;
    p->lon_deg += east_m / (n * cos(p->lat_deg * RAD)) / RAD;
    p->lon_deg = remainder(p->lon_deg, 360);
}

struct es_track sim_cut(const struct es_track *t, double from, double to,
                        struct es_arena *a)
{
    struct es_track out = same(t, a);
    size_t first = (size_t)(from * (double)t->n);
    out.pts += first;
    out.n = (size_t)(to * (double)t->n) - first;
    out.started_ms = out.pts[0].t_ms;
    return out;
}

struct es_track sim_resampled(const struct es_track *t, double step_s,
                              struct es_arena *a)
{
    int64_t from = t->pts[0].t_ms, to = t->pts[t->n - 1].t_ms;
    size_t k = 0, n = (size_t)((double)(to - from) / 1000 / step_s) + 1;
    struct es_track out = with_room(t, n, a);
    out.started_ms = from;
    for (; out.n < n; out.n++) {
        int64_t at = from + llround((double)out.n * step_s * 1000);
        while (k + 2 < t->n && t->pts[k + 1].t_ms <= at)
            k++;
        const struct es_point *p = &t->pts[k], *q = &t->pts[k + 1];
        double f = (double)(at - p->t_ms) / (double)(q->t_ms - p->t_ms);
        out.pts[out.n] = *p;
        out.pts[out.n].t_ms = at;
        out.pts[out.n].lat_deg += f * (q->lat_deg - p->lat_deg);
        out.pts[out.n].lon_deg += f * remainder(q->lon_deg - p->lon_deg, 360);
    }
    return out;
}

struct es_track sim_noised(const struct es_track *t, double sd_m, uint64_t seed,
                           struct es_arena *a)
{
    struct es_track out = same(t, a);
    struct sim_rand r;
    sim_rand_init(&r, seed);
    for (size_t i = 0; i < out.n; i++) {
        double east_m = sd_m * sim_gauss(&r);
        shift(&out.pts[i], east_m, sd_m * sim_gauss(&r));
    }
    return out;
}

struct es_track sim_moved(const struct es_track *t, int64_t by_ms,
                          double factor, struct es_arena *a)
{
    struct es_track out = same(t, a);
    for (size_t i = 0; i < out.n; i++) {
        double since = (double)(t->pts[i].t_ms - t->pts[0].t_ms);
        out.pts[i].t_ms = t->pts[0].t_ms + by_ms + llround(since * factor);
    }
    out.started_ms = out.pts[0].t_ms;
    return out;
}

struct es_track sim_turned(const struct es_track *t, struct es_arena *a)
{
    struct es_track out = same(t, a);
    for (size_t i = 0; i < out.n; i++) {
        out.pts[i] = t->pts[t->n - 1 - i];
        out.pts[i].t_ms =
            t->pts[0].t_ms + t->pts[t->n - 1].t_ms - out.pts[i].t_ms;
    }
    return out;
}

/* The way at fix i, a unit to the left of it. */
static bool left_of(const struct es_track *t, size_t i, double left[2])
{
    const struct es_point *p = &t->pts[i > 0 ? i - 1 : i];
    const struct es_point *q = &t->pts[i + 1 < t->n ? i + 1 : i];
    double x =
        remainder(q->lon_deg - p->lon_deg, 360) * cos(t->pts[i].lat_deg * RAD);
    double y = q->lat_deg - p->lat_deg, len = hypot(x, y);
    left[0] = -y / len;
    left[1] = x / len;
    return len > 0;
}

struct es_track sim_seen(const struct es_track *t, enum sim_receiver by,
                         double side_m, uint64_t seed, struct es_arena *a)
{
    struct es_track out = with_room(t, t->n, a);
    struct sim_rand r;
    struct sim_eye eye;
    struct sim_ou side;
    double off[2] = { 0, 0 }, left[2];
    sim_rand_init(&r, seed);
    sim_eye_init(&eye, by, &r);
    sim_ou_init(&side, 0.5, 60, &r);
    for (size_t i = 0; i < t->n; i++) {
        int64_t since = i > 0 ? t->pts[i].t_ms - t->pts[i - 1].t_ms : 0;
        for (int64_t k = 0; k < since / 100; k++) {
            sim_eye_step(&eye, &r);
            (void)sim_ou_step(&side, &r);
        }
        if (!sim_eye_fix(&eye, &r, off))
            continue;
        struct es_point *p = &out.pts[out.n++];
        *p = t->pts[i];
        if (side_m > 0 && left_of(t, i, left))
            shift(p, left[0] * (side_m + side.x), left[1] * (side_m + side.x));
        shift(p, off[0], off[1]);
    }
    return out;
}

struct es_track sim_again(const struct es_track *t, double factor,
                          uint64_t seed, struct es_arena *a)
{
    enum { DAY_MS = 86400000 };
    struct es_track out = same(t, a);
    struct sim_rand r;
    struct sim_ou pace;
    double ms = 0;
    sim_rand_init(&r, seed);
    sim_ou_init(&pace, 0.06, 60, &r);
    out.pts[0].t_ms += DAY_MS;
    for (size_t i = 1; i < out.n; i++) {
        int64_t since = t->pts[i].t_ms - t->pts[i - 1].t_ms;
        for (int64_t k = 0; k < since / 100; k++)
            (void)sim_ou_step(&pace, &r);
        ms += (double)since * factor * (1 + pace.x);
        out.pts[i].t_ms = out.pts[0].t_ms + llround(ms);
    }
    return sim_resampled(&out, 1, a);
}
