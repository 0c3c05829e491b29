/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/zones.h"

#include <math.h>

static const double R_LEAST_M = 350, R_MOST_M = 800;
static const double OFF_SHARE = 0.7;
/* From a place to the nearest rim: ES_PLACE_M and 50 m for a receiver that
 * finds itself late. */
static const double COVER_M = 200;
/* A straight line of up to LINE_M runs less than this below the ground. */
static const double MARGIN_M = 10, LINE_M = 20e3;
static const double TURN = 6.283185307179586;

/* 0 <= x < 1, of eight bytes. */
static double unit_of(const uint8_t *p)
{
    struct es_rd r;
    es_rd_init(&r, (struct es_bytes){ p, 8 });
    return (double)(es_rd_u64le(&r) >> 11) / 9007199254740992.0; /* 2^53 */
}

struct es_circle es_circle_of(const uint8_t key[ES_HASH], int64_t initiative,
                              int64_t participant, struct es_geo_point place)
{
    const int64_t what[] = { initiative, participant,
                             llround(place.lat_deg * 1e7),
                             llround(place.lon_deg * 1e7) };
    uint8_t hash[ES_HASH], bytes[sizeof what];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)what[i / 8] >> i % 8 * 8);
    es_keyed_hash(key, "zone", (struct es_bytes){ bytes, sizeof bytes }, hash);
    double r_m = R_LEAST_M + (R_MOST_M - R_LEAST_M) * unit_of(hash);
    /* the root: even over the area, not gathered in the middle */
    double off_m =
        fmin(OFF_SHARE * r_m, r_m - COVER_M) * sqrt(unit_of(hash + 8));
    return (struct es_circle){
        es_geo_vec_of(place.lat_deg, place.lon_deg),
        es_geo_move(place, off_m, TURN * unit_of(hash + 16)),
        r_m,
    };
}

bool es_circle_holds(const struct es_circle *c, struct es_geo_point end)
{
    return es_geo_apart_m(c->place, es_geo_vec_of(end.lat_deg, end.lon_deg)) <=
           ES_PLACE_M;
}

/* A piece that is shorter may be no part of the run. */
static const double SHORT_M = 300;

/* From one end of the route inwards. */
static size_t ends_from(const struct es_course *r, bool last,
                        struct es_geo_point *out)
{
    size_t n = 0;
    double m = 0;
    struct es_geo_vec before = { 0 };
    for (size_t k = 0; k < r->n && n < ES_ENDS_MAX / 2 && m < SHORT_M; k++) {
        size_t i = last ? r->n - 1 - k : k;
        struct es_geo_vec at = es_geo_vec_of(r->v[i].lat_deg, r->v[i].lon_deg);
        if (k == 0 || r->v[last ? i + 1 : i].piece)
            out[n++] = r->v[i];
        else
            m += es_geo_apart_m(before, at);
        before = at;
    }
    return n;
}

size_t es_course_ends(const struct es_course *r,
                      struct es_geo_point out[ES_ENDS_MAX])
{
    size_t n = ends_from(r, false, out);
    return n + ends_from(r, true, out + n);
}

static bool touches(const struct es_circle *c, size_t n, struct es_geo_vec a,
                    struct es_geo_vec b)
{
    if (es_geo_apart_m(a, b) > LINE_M)
        return true;
    for (size_t i = 0; i < n; i++)
        if (es_geo_off_line_m(c[i].centre, a, b) < c[i].r_m + MARGIN_M)
            return true;
    return false;
}

void es_course_trim(struct es_course *r, const struct es_circle *c, size_t n)
{
    size_t kept = 0, begun = 0; /* where the piece under way begins */
    struct es_geo_vec last = { 0 };
    for (size_t i = 0; i < r->n; i++) {
        struct es_geo_point p = r->v[i];
        struct es_geo_vec at = es_geo_vec_of(p.lat_deg, p.lon_deg);
        bool joined = i > 0 && !p.piece && !touches(c, n, last, at);
        last = at;
        if (!joined) {
            if (kept - begun < 2)
                kept = begun; /* a single point is no line */
            begun = kept;
        }
        if (touches(c, n, at, at))
            continue;
        p.piece = !joined;
        r->v[kept++] = p;
    }
    r->n = kept - begun < 2 ? begun : kept;
}

/* ---- bytes ---- */

static void put_vec(struct es_buf *b, struct es_geo_vec v)
{
    es_buf_f64le(b, v.x);
    es_buf_f64le(b, v.y);
    es_buf_f64le(b, v.z);
}

static struct es_geo_vec get_vec(struct es_rd *r)
{
    double x = es_rd_f64le(r), y = es_rd_f64le(r), z = es_rd_f64le(r);
    return (struct es_geo_vec){ x, y, z };
}

void es_circle_put(struct es_buf *b, const struct es_circle *c)
{
    put_vec(b, c->place);
    put_vec(b, c->centre);
    es_buf_f64le(b, c->r_m);
}

enum es_code es_circle_get(struct es_bytes in, struct es_circle *out,
                           struct es_err *e)
{
    struct es_rd r;
    struct es_circle c;
    es_rd_init(&r, in);
    c.place = get_vec(&r);
    c.centre = get_vec(&r);
    c.r_m = es_rd_f64le(&r);
    if (r.bad || es_rd_left(&r) != 0 || !(c.r_m > 0) ||
        !(es_geo_apart_m(c.place, c.centre) < c.r_m))
        return es_fail(e, ES_EMALFORMED, r.at, "a zone is damaged");
    *out = c;
    return ES_OK;
}
