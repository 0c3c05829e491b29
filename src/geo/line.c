/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/line.h"

#include <math.h>

#include "geo/geo.h"
#include "geo/math.h"

static const double RAD = 3.14159265358979323846 / 180;
static const double POLAR = 1 - 0.006694379990141317; /* 1 - e^2 of WGS84 */

/* ---- vectors ---- */

struct es_geo_vec es_geo_vec_of(double lat_deg, double lon_deg)
{
    double meridian_m, prime_m;
    double sin_lat, cos_lat, sin_lon, cos_lon;
    es_geo_radii_m(lat_deg, &meridian_m, &prime_m);
    es_sincos(lat_deg * RAD, &sin_lat, &cos_lat);
    es_sincos(lon_deg * RAD, &sin_lon, &cos_lon);
    return (struct es_geo_vec){ prime_m * cos_lat * cos_lon,
                                prime_m * cos_lat * sin_lon,
                                prime_m * POLAR * sin_lat };
}

static struct es_geo_vec minus(struct es_geo_vec a, struct es_geo_vec b)
{
    return (struct es_geo_vec){ a.x - b.x, a.y - b.y, a.z - b.z };
}

static double dot(struct es_geo_vec a, struct es_geo_vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/* p + k * q */
static struct es_geo_vec plus(struct es_geo_vec p, double k,
                              struct es_geo_vec q)
{
    return (struct es_geo_vec){ p.x + k * q.x, p.y + k * q.y, p.z + k * q.z };
}

double es_geo_apart_m(struct es_geo_vec a, struct es_geo_vec b)
{
    struct es_geo_vec d = minus(a, b);
    return sqrt(dot(d, d));
}

double es_geo_off_line_m(struct es_geo_vec p, struct es_geo_vec a,
                         struct es_geo_vec b)
{
    struct es_geo_vec along = minus(b, a);
    double len2 = dot(along, along);
    double part = len2 > 0 ? dot(minus(p, a), along) / len2 : 0;
    return es_geo_apart_m(p, plus(a, fmin(fmax(part, 0), 1), along));
}

/* The directions at a place; at a pole they are those of its longitude. */
static void directions(double lat_deg, double lon_deg, struct es_geo_vec *east,
                       struct es_geo_vec *north)
{
    double sin_lat, cos_lat, sin_lon, cos_lon;
    es_sincos(lat_deg * RAD, &sin_lat, &cos_lat);
    es_sincos(lon_deg * RAD, &sin_lon, &cos_lon);
    *east = (struct es_geo_vec){ -sin_lon, cos_lon, 0 };
    *north =
        (struct es_geo_vec){ -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat };
}

struct es_geo_vec es_geo_move(struct es_geo_point from, double dist_m,
                              double bearing_rad)
{
    struct es_geo_vec east, north;
    directions(from.lat_deg, from.lon_deg, &east, &north);
    struct es_geo_vec p = es_geo_vec_of(from.lat_deg, from.lon_deg);
    p = plus(p, dist_m * es_cos(bearing_rad), north);
    return plus(p, dist_m * es_sin(bearing_rad), east);
}

/* ---- thinning ---- */

/* Off by less than this is no shape. */
static const double LEAST_OFF_M = 1;
enum { HALVINGS = 60 };

struct span {
    size_t from, to;
    double worth; /* of the point that made it: none within is worth more */
};

struct thinning {
    struct es_geo_vec *at;
    double *along_m; /* from the start of all */
    double *worth;   /* INFINITY: stays */
    struct span *todo;
    double long_m; /* no part is to be longer */
};

static enum es_code thinning_of(const struct es_geo_point *v, size_t n,
                                size_t max, struct es_arena *a,
                                struct thinning *t, struct es_err *e)
{
    t->at = es_arena_array(a, n, sizeof *t->at);
    t->along_m = es_arena_array(a, n, sizeof *t->along_m);
    t->worth = es_arena_array(a, n, sizeof *t->worth);
    t->todo = es_arena_array(a, n, sizeof *t->todo);
    if (!t->at || !t->along_m || !t->worth || !t->todo)
        return es_fail(e, ES_ENOMEM, 0, "no memory to thin %zu points", n);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        t->at[i] = es_geo_vec_of(v[i].lat_deg, v[i].lon_deg);
        if (i > 0 && !v[i].piece)
            sum += es_geo_apart_m(t->at[i - 1], t->at[i]);
        t->along_m[i] = sum;
    }
    t->long_m = sum / (double)max * 8;
    return ES_OK;
}

/* The point in the middle of the way, strictly between the ends. */
static size_t halfway(const struct thinning *t, const struct span *s)
{
    double half = (t->along_m[s->from] + t->along_m[s->to]) / 2;
    size_t lo = s->from + 1, hi = s->to - 1;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->along_m[mid] < half)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Where to break a span, and what that point is worth; 0: nowhere. */
static size_t break_of(const struct thinning *t, const struct span *s,
                       double *worth)
{
    struct es_geo_vec a = t->at[s->from], b = t->at[s->to];
    size_t best = 0;
    double off = LEAST_OFF_M;
    if (s->to - s->from < 2)
        return 0;
    if (t->along_m[s->to] - t->along_m[s->from] > t->long_m) {
        *worth = INFINITY;
        return halfway(t, s);
    }
    for (size_t i = s->from + 1; i < s->to; i++) {
        double d = es_geo_off_line_m(t->at[i], a, b);
        if (d > off) {
            off = d;
            best = i;
        }
    }
    *worth = fmin(off, s->worth);
    return best;
}

/* What each point of a piece is worth: how far off the line would be without
 * it. A stack of n spans is enough: they don't overlap. */
static void weigh(struct thinning *t, size_t from, size_t to)
{
    size_t depth = 0;
    t->worth[from] = t->worth[to] = INFINITY;
    t->todo[depth++] = (struct span){ from, to, INFINITY };
    while (depth > 0) {
        struct span s = t->todo[--depth];
        double worth;
        size_t k = break_of(t, &s, &worth);
        if (k == 0)
            continue;
        t->worth[k] = worth;
        t->todo[depth++] = (struct span){ s.from, k, worth };
        t->todo[depth++] = (struct span){ k, s.to, worth };
    }
}

/* What a point must be worth more than, so that at most `max` stay. Found by
 * halving: qsort asks the system for its memory, which a sandbox forbids. */
static double threshold(const double *worth, size_t n, size_t max)
{
    double lo = 0, hi = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(worth[i]))
            hi = fmax(hi, worth[i]);
    for (int round = 0; n > max && round < HALVINGS; round++) {
        double mid = (lo + hi) / 2;
        size_t above = 0;
        for (size_t i = 0; i < n; i++)
            above += worth[i] > mid;
        if (above > max)
            lo = mid;
        else
            hi = mid;
    }
    return n > max ? hi : 0;
}

static size_t pieces_of(struct es_geo_point *v, size_t n)
{
    size_t pieces = 0;
    for (size_t i = 0; i < n; i++)
        pieces += v[i].piece;
    return pieces;
}

enum es_code es_geo_thin(struct es_geo_point *v, size_t *n, size_t max,
                         struct es_arena *a, struct es_err *e)
{
    struct thinning t = { 0 };
    if (*n == 0)
        return ES_OK;
    enum es_code rc = thinning_of(v, *n, max, a, &t, e);
    if (rc != ES_OK)
        return rc;
    bool apart = pieces_of(v, *n) <= max / 8;
    for (size_t i = 0; i < *n; i++)
        v[i].piece = i == 0 || (apart && v[i].piece);
    for (size_t from = 0, i = 1; i <= *n; i++) {
        if (i < *n && !v[i].piece)
            continue;
        weigh(&t, from, i - 1);
        from = i;
    }
    double least = threshold(t.worth, *n, max);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (t.worth[i] > least)
            v[kept++] = v[i];
    *n = kept;
    return ES_OK;
}

/* ---- drawing ---- */

/* The plane that touches the earth in the middle of the line. */
struct plane {
    struct es_geo_vec at, east, north;
};

static struct plane plane_of(const struct es_geo_point *v, size_t n)
{
    struct es_geo_vec sum = { 0 };
    for (size_t i = 0; i < n; i++)
        sum = plus(sum, 1.0 / (double)n,
                   es_geo_vec_of(v[i].lat_deg, v[i].lon_deg));
    struct plane p = { .at = sum };
    double lon = es_atan2(sum.y, sum.x) / RAD;
    double lat = es_atan2(sum.z, sqrt(sum.x * sum.x + sum.y * sum.y)) / RAD;
    directions(lat, lon, &p.east, &p.north);
    return p;
}

void es_geo_draw(const struct es_geo_point *v, size_t n, uint16_t span,
                 struct es_geo_spot *out, uint16_t *wide, uint16_t *high)
{
    struct plane p = plane_of(v, n);
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        struct es_geo_vec d =
            minus(es_geo_vec_of(v[i].lat_deg, v[i].lon_deg), p.at);
        x0 = fmin(x0, dot(d, p.east));
        x1 = fmax(x1, dot(d, p.east));
        y0 = fmin(y0, -dot(d, p.north));
        y1 = fmax(y1, -dot(d, p.north));
    }
    double longer = fmax(fmax(x1 - x0, y1 - y0), 1), scale = span / longer;
    for (size_t i = 0; i < n; i++) {
        struct es_geo_vec d =
            minus(es_geo_vec_of(v[i].lat_deg, v[i].lon_deg), p.at);
        out[i] = (struct es_geo_spot){
            (uint16_t)((dot(d, p.east) - x0) * scale),
            (uint16_t)((-dot(d, p.north) - y0) * scale),
            v[i].piece,
        };
    }
    *wide = (uint16_t)((x1 - x0) * scale);
    *high = (uint16_t)((y1 - y0) * scale);
}
