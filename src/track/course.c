/* SPDX-License-Identifier: Apache-2.0 */
#include "track/course.h"

#include <math.h>

#include "geo/geo.h"
#include "track/measure_int.h"

/* Farther apart than this nobody knows the way between two fixes. */
static const double GAP_M = 500, PAUSE_M = 100;
/* Thinning takes the square of this in the worst case. */
enum { FINE = 8000, ROOM = 2 * FINE };

static double apart_m(const struct es_point *p, const struct es_point *q)
{
    return es_geo_distance_m(p->lat_deg, p->lon_deg, q->lat_deg, q->lon_deg);
}

/* The fixes without spikes, as indexes; returns how many. */
static size_t fixes_of(const struct es_track *tr, uint32_t *out)
{
    bool on_foot = es_sport_on_foot(tr->sport);
    size_t n = 0, i = es_fix_next(tr, 0);
    while (i < tr->n) {
        size_t to =
            n > 0 && on_foot ? es_fix_after_spike(tr, out[n - 1], i) : i;
        out[n++] = (uint32_t)to;
        i = es_fix_next(tr, to + 1);
    }
    return n;
}

/* Whether the way from fix p to fix q is not known: also where a receiver that
 * was wrong, or said where it had been last, comes to itself. */
static bool broken(const struct es_track *tr, uint32_t p, uint32_t q, double m)
{
    if (m > GAP_M || (m > PAUSE_M && es_sport_on_foot(tr->sport) &&
                      es_fix_spiky(&tr->pts[p], &tr->pts[q])))
        return true;
    for (uint32_t i = p + 1; m > PAUSE_M && i <= q; i++)
        if (tr->pts[i].flags & (ES_PT_SEGMENT | ES_PT_RESUME))
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
static size_t even(const struct es_track *tr, const uint32_t *fix, size_t n,
                   struct es_geo_point *out)
{
    double sum = 0, since = 0;
    size_t kept = 0, last = 0;
    for (size_t i = 1; i < n; i++)
        sum += apart_m(&tr->pts[fix[i - 1]], &tr->pts[fix[i]]);
    for (size_t i = 0; i < n && kept + 2 < ROOM; i++) {
        double m = i > 0 ? apart_m(&tr->pts[fix[i - 1]], &tr->pts[fix[i]]) : 0;
        bool piece = i == 0 || broken(tr, fix[i - 1], fix[i], m);
        since += m;
        if (!piece && i + 1 < n && since < sum / FINE)
            continue;
        if (piece && i > 0 && last + 1 < i)
            out[kept++] = point_of(tr, fix[i - 1], false);
        out[kept++] = point_of(tr, fix[i], piece);
        last = i;
        since = 0;
    }
    if (n > 0) /* also where there were pieces without end */
        out[kept - 1] = point_of(tr, fix[n - 1], out[kept - 1].piece);
    return kept;
}

enum es_code es_course_of(const struct es_track *tr, struct es_arena *a,
                          struct es_course *out, struct es_err *e)
{
    struct es_course r = { 0 };
    uint32_t *fix = es_arena_array(a, tr->n, sizeof *fix);
    r.v = es_arena_array(a, ROOM, sizeof *r.v);
    if (!fix || !r.v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a route");
    size_t n = fixes_of(tr, fix);
    r.n = even(tr, fix, n, r.v);
    enum es_code rc = es_geo_thin(r.v, &r.n, ES_COURSE_POINTS, a, e);
    if (rc == ES_OK)
        *out = r;
    return rc;
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
