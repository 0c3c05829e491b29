/* SPDX-License-Identifier: Apache-2.0 */
#include "track/trail.h"

#include <math.h>

const double ES_TRAIL_NORTH_M = 111195;

/* Bhaskara's cosine in degrees, off by 0.0016 at most: it needs no series, so
 * every machine agrees. */
double es_trail_east_m(double lat_deg)
{
    double x2 = lat_deg * lat_deg;
    double c = (32400 - 4 * x2) / (32400 + x2);
    return ES_TRAIL_NORTH_M * fmax(c, 1e-3);
}

/* The longitude of the same place that is nearest to `near`. */
static double unwrapped(double lon_deg, double near)
{
    return near + remainder(lon_deg - near, 360);
}

/* More than half of the steps take time. */
static bool has_times(const struct es_track *tr)
{
    size_t steps = 0, rising = 0;
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (!es_point_has_position(p))
            continue;
        steps++;
        rising += p->t_ms != ES_NO_TIME && last != ES_NO_TIME && p->t_ms > last;
        last = p->t_ms;
    }
    return 2 * rising > steps;
}

static double step_m(const struct es_trail *t, size_t i, double lat, double lon)
{
    double dx = (lon - t->lon_deg[i]) * es_trail_east_m(lat);
    double dy = (lat - t->lat_deg[i]) * ES_TRAIL_NORTH_M;
    return sqrt(dx * dx + dy * dy);
}

enum es_code es_trail_of(const struct es_track *tr, struct es_arena *a,
                         struct es_trail *out, struct es_err *e)
{
    struct es_trail t = { .timed = has_times(tr) };
    t.t_s = es_arena_array(a, tr->n, sizeof *t.t_s);
    t.lat_deg = es_arena_array(a, tr->n, sizeof *t.lat_deg);
    t.lon_deg = es_arena_array(a, tr->n, sizeof *t.lon_deg);
    if (!t.t_s || !t.lat_deg || !t.lon_deg)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a trail");
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (!es_point_has_position(p) || (t.timed && p->t_ms == ES_NO_TIME))
            continue;
        double lon = p->lon_deg, s = 0;
        if (t.n > 0) {
            lon = unwrapped(lon, t.lon_deg[t.n - 1]);
            if (t.timed && p->t_ms <= last)
                continue;
            s = t.timed
                    ? (double)(p->t_ms - last) / 1000
                    : step_m(&t, t.n - 1, p->lat_deg, lon) / ES_TRAIL_PACE_MPS;
            if (s <= 0)
                continue;
            s = t.t_s[t.n - 1] + fmin(s, ES_TRAIL_GAP_S);
        } else {
            t.started_ms = p->t_ms;
        }
        t.t_s[t.n] = s;
        t.lat_deg[t.n] = p->lat_deg;
        t.lon_deg[t.n++] = lon;
        last = p->t_ms;
    }
    *out = t;
    return ES_OK;
}

/* ---- means ---- */

void es_trail_mean_init(struct es_trail_mean *m, const struct es_trail *t)
{
    *m = (struct es_trail_mean){ .t = t };
}

/* Moves *c on to the last fix at or before s; adds what lies between there and
 * s to the integral. Counted from the first fix, so that no digits are lost. */
static struct es_trail_sum sum_to(const struct es_trail *t,
                                  struct es_trail_sum *c, double s)
{
    double lat0 = t->lat_deg[0], lon0 = t->lon_deg[0];
    for (; c->i + 1 < t->n && t->t_s[c->i + 1] <= s; c->i++) {
        size_t i = c->i;
        double half_s = (t->t_s[i + 1] - t->t_s[i]) / 2;
        c->lat += half_s * (t->lat_deg[i] + t->lat_deg[i + 1] - 2 * lat0);
        c->lon += half_s * (t->lon_deg[i] + t->lon_deg[i + 1] - 2 * lon0);
    }
    struct es_trail_sum out = *c;
    if (c->i + 1 == t->n)
        return out;
    size_t i = c->i;
    double since = s - t->t_s[i];
    double f = since / (t->t_s[i + 1] - t->t_s[i]);
    double lat = t->lat_deg[i] + f * (t->lat_deg[i + 1] - t->lat_deg[i]);
    double lon = t->lon_deg[i] + f * (t->lon_deg[i + 1] - t->lon_deg[i]);
    out.lat += since / 2 * (t->lat_deg[i] + lat - 2 * lat0);
    out.lon += since / 2 * (t->lon_deg[i] + lon - 2 * lon0);
    return out;
}

void es_trail_mean_at(struct es_trail_mean *m, double at_s, double span_s,
                      double *lat_deg, double *lon_deg)
{
    const struct es_trail *t = m->t;
    double end_s = t->t_s[t->n - 1];
    double from_s = fmin(fmax(at_s - span_s / 2, 0), end_s);
    double to_s = fmax(fmin(at_s + span_s / 2, end_s), 0);
    if (!(to_s > from_s)) {
        *lat_deg = t->lat_deg[0];
        *lon_deg = t->lon_deg[0];
        return;
    }
    struct es_trail_sum p = sum_to(t, &m->from, from_s);
    struct es_trail_sum q = sum_to(t, &m->to, to_s);
    *lat_deg = t->lat_deg[0] + (q.lat - p.lat) / (to_s - from_s);
    *lon_deg = t->lon_deg[0] + (q.lon - p.lon) / (to_s - from_s);
}
