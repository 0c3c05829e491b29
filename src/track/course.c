/* SPDX-License-Identifier: Apache-2.0 */
#include "track/course.h"

#include <math.h>

#include "geo/math.h"
#include "track/fixes.h"

/* Farther apart than this nobody knows the way between two fixes. */
static const double GAP_M = 500, PAUSE_M = 100;
/* Thinning takes the square of this in the worst case. */
enum { FINE = 8000, ROOM = 2 * FINE };

static double step_m(const struct es_fixes *f, size_t i)
{
    return es_hypot(f->x_m[i] - f->x_m[i - 1], f->y_m[i] - f->y_m[i - 1]);
}

/* Whether the way from the fix before to fix i is not known: also where a
 * receiver that was wrong, or said where it had been last, comes to itself. */
static bool broken(const struct es_track *tr, const struct es_fixes *f,
                   size_t i, double m)
{
    struct es_spike_rule rule = es_spike_rule_of(tr->sport);
    if (m > GAP_M)
        return true;
    if (m <= PAUSE_M)
        return false;
    double top =
        f->t_s ? rule.speed_mps * (f->t_s[i] - f->t_s[i - 1]) : INFINITY;
    if (es_sport_on_foot(tr->sport) && m > top)
        return true;
    for (uint32_t k = f->at[i - 1] + 1; k <= f->at[i]; k++)
        if (tr->pts[k].flags & (ES_PT_SEGMENT | ES_PT_RESUME))
            return true;
    return false;
}

static struct es_geo_point point_of(const struct es_track *tr, uint32_t i,
                                    bool piece)
{
    return (struct es_geo_point){ tr->pts[i].lat_deg, tr->pts[i].lon_deg,
                                  piece };
}

/* About FINE points, at even steps, with the ends of each piece. */
static size_t even(const struct es_track *tr, const struct es_fixes *f,
                   struct es_geo_point *out)
{
    double sum = 0, since = 0;
    size_t kept = 0, last = 0, n = f->n;
    for (size_t i = 1; i < n; i++)
        sum += step_m(f, i);
    for (size_t i = 0; i < n && kept + 2 < ROOM; i++) {
        double m = i > 0 ? step_m(f, i) : 0;
        bool piece = i == 0 || broken(tr, f, i, m);
        since += m;
        if (!piece && i + 1 < n && since < sum / FINE)
            continue;
        if (piece && i > 0 && last + 1 < i)
            out[kept++] = point_of(tr, f->at[i - 1], false);
        out[kept++] = point_of(tr, f->at[i], piece);
        last = i;
        since = 0;
    }
    if (n > 0) /* also where there were pieces without end */
        out[kept - 1] = point_of(tr, f->at[n - 1], out[kept - 1].piece);
    return kept;
}

enum es_code es_course_of(const struct es_track *tr, struct es_arena *a,
                          struct es_course *out, struct es_err *e)
{
    struct es_course r = { 0 };
    struct es_fixes f;
    int64_t zero_ms = tr->started_ms == ES_NO_TIME ? 0 : tr->started_ms;
    r.v = es_arena_array(a, ROOM, sizeof *r.v);
    if (!r.v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a route");
    enum es_code rc = es_fixes_of(tr, zero_ms, a, &f, e);
    if (rc != ES_OK)
        return rc;
    r.n = even(tr, &f, r.v);
    rc = es_geo_thin(r.v, &r.n, ES_COURSE_POINTS, a, e);
    if (rc == ES_OK)
        *out = r;
    return rc;
}

/* Longitudes are counted from the first point's, so that a route of less than
 * half the world is in one piece wherever it lies. */
bool es_course_box(const struct es_course *r, struct es_box *out)
{
    double west = 0, east = 0;
    if (r->n == 0)
        return false;
    struct es_box box = { .south_deg = r->v[0].lat_deg,
                          .north_deg = r->v[0].lat_deg };
    for (size_t i = 1; i < r->n; i++) {
        double turn = remainder(r->v[i].lon_deg - r->v[0].lon_deg, 360);
        west = fmin(west, turn);
        east = fmax(east, turn);
        box.south_deg = fmin(box.south_deg, r->v[i].lat_deg);
        box.north_deg = fmax(box.north_deg, r->v[i].lat_deg);
    }
    box.west_deg = remainder(r->v[0].lon_deg + west, 360);
    box.east_deg = remainder(r->v[0].lon_deg + east, 360);
    *out = box;
    return true;
}

/* ---- bytes ---- */

static const double UNITS = 1e7; /* to the degree: 1.1 cm */

void es_course_put(struct es_buf *b, const struct es_course *r)
{
    es_buf_u16le(b, (uint16_t)r->n);
    for (size_t i = 0; i < r->n; i++) {
        es_buf_u32le(b, (uint32_t)(int32_t)lround(r->v[i].lat_deg * UNITS));
        es_buf_u32le(b, (uint32_t)(int32_t)lround(r->v[i].lon_deg * UNITS));
        es_buf_u8(b, r->v[i].piece);
    }
}

enum es_code es_course_get(struct es_rd *r, struct es_arena *a,
                           struct es_course *out, struct es_err *e)
{
    struct es_course got = { .n = es_rd_u16le(r) };
    if (got.n > ES_COURSE_POINTS)
        return es_fail(e, ES_EMALFORMED, r->at, "a route of %zu points", got.n);
    got.v = es_arena_array(a, got.n, sizeof *got.v);
    if (!got.v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a route");
    for (size_t i = 0; i < got.n; i++) {
        struct es_geo_point *p = &got.v[i];
        p->lat_deg = (int32_t)es_rd_u32le(r) / UNITS;
        p->lon_deg = (int32_t)es_rd_u32le(r) / UNITS;
        uint8_t piece = es_rd_u8(r);
        p->piece = piece == 1;
        if (fabs(p->lat_deg) > 90 || fabs(p->lon_deg) > 180 || piece > 1 ||
            (i == 0 && !p->piece))
            return es_fail(e, r->bad ? ES_ETRUNCATED : ES_EMALFORMED, r->at,
                           "a route's point %zu", i);
    }
    if (r->bad)
        return es_fail(e, ES_ETRUNCATED, r->at, "the route ends early");
    *out = got;
    return ES_OK;
}
