/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/geo.h"

#include <math.h>
#include <stdbool.h>

#include "geo/math.h"

static const double PI = 3.14159265358979323846;
static const double RAD = 3.14159265358979323846 / 180;
static const double A_M = 6378137.0;           /* WGS84, semi-major axis */
static const double F = 1 / 298.257223563;     /* flattening */
static const double E2 = 0.006694379990141317; /* F * (2 - F) */
/* The middle-latitude metric is off by about d^2 tan^2(lat) / (24 R^2):
 * 1.3e-7 at these two limits. */
static const double LOCAL_MAX_M = 1000;
static const double LOCAL_MAX_LAT_DEG = 85;
/* Vincenty's iteration has no fixed point within about 0.6 degrees of the
 * antipode; well outside of that it needs fewer than 20 rounds. */
static const double ANTIPODAL_DEG = 3;
enum { VINCENTY_ROUNDS = 60 };

struct vec {
    double x, y, z;
};

struct place { /* radians */
    double lat, lon;
};

/* From the square of the latitude's sine, with one division. */
static inline void radii_m(double sin2, double *meridian_m, double *prime_m)
{
    double w2 = 1 - E2 * sin2;
    double m = A_M / (w2 * sqrt(w2));
    *meridian_m = (1 - E2) * m;
    *prime_m = w2 * m;
}

void es_geo_radii_m(double lat_deg, double *meridian_m, double *prime_m)
{
    double s = es_sin(lat_deg * RAD);
    radii_m(s * s, meridian_m, prime_m);
}

/* Length of the arc sigma on the auxiliary sphere. Vincenty 1975, (3), (4),
 * (6), with u2 = cos^2(alpha) e'^2. */
static double arc_m(double u2, double sin_s, double cos_s, double sigma,
                    double cos_2m)
{
    double a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
    double b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
    double c2 = cos_2m * cos_2m;
    double inner = cos_s * (2 * c2 - 1) -
                   b / 6 * cos_2m * (4 * sin_s * sin_s - 3) * (4 * c2 - 3);
    double delta = b * sin_s * (cos_2m + b / 4 * inner);
    return A_M * (1 - F) * a * (sigma - delta);
}

/* Sine and cosine of the reduced latitude: tan u = (1 - f) tan(lat). */
static void reduced(double lat, double *s, double *c)
{
    es_sincos(lat, s, c);
    *s *= 1 - F;
    double h = es_hypot(*s, *c);
    *s /= h;
    *c /= h;
}

/* The inverse problem for pairs that are not nearly antipodal. */
static double vincenty_m(struct place p, struct place q)
{
    double l = remainder(q.lon - p.lon, 2 * PI);
    double s1, c1, s2, c2;
    reduced(p.lat, &s1, &c1);
    reduced(q.lat, &s2, &c2);
    double lambda = l, sin_s = 0, cos_s = 1, sigma = 0, cos2a = 1, cos_2m = 0;

    for (int i = 0; i < VINCENTY_ROUNDS; i++) {
        double sin_l, cos_l;
        es_sincos(lambda, &sin_l, &cos_l);
        double x = c2 * sin_l, y = c1 * s2 - s1 * c2 * cos_l;
        sin_s = sqrt(x * x + y * y);
        if (sin_s == 0)
            return 0;
        cos_s = s1 * s2 + c1 * c2 * cos_l;
        sigma = es_atan2(sin_s, cos_s);
        double sin_a = c1 * c2 * sin_l / sin_s;
        cos2a = 1 - sin_a * sin_a;
        /* on the equator the middle latitude has no meaning, nor weight */
        cos_2m = cos2a > 1e-15 ? cos_s - 2 * s1 * s2 / cos2a : 0;
        double c = F / 16 * cos2a * (4 + F * (4 - 3 * cos2a));
        double next =
            l +
            (1 - c) * F * sin_a *
                (sigma +
                 c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m * cos_2m - 1)));
        double moved = fabs(next - lambda);
        lambda = next;
        if (moved < 1e-13)
            break;
    }
    return arc_m(cos2a * E2 / (1 - E2), sin_s, cos_s, sigma, cos_2m);
}

static struct vec vec_of(struct place p)
{
    double sin_lat, cos_lat, sin_lon, cos_lon;
    es_sincos(p.lat, &sin_lat, &cos_lat);
    es_sincos(p.lon, &sin_lon, &cos_lon);
    return (struct vec){ cos_lat * cos_lon, cos_lat * sin_lon, sin_lat };
}

/* The point at angle t on the circle 90 degrees around p. */
static struct place around(struct place p, double t)
{
    double sin_lat, cos_lat, sin_lon, cos_lon, sin_t, cos_t;
    es_sincos(p.lat, &sin_lat, &cos_lat);
    es_sincos(p.lon, &sin_lon, &cos_lon);
    es_sincos(t, &sin_t, &cos_t);
    double x = -cos_t * sin_lat * cos_lon - sin_t * sin_lon;
    double y = -cos_t * sin_lat * sin_lon + sin_t * cos_lon;
    double z = cos_t * cos_lat;
    return (struct place){ es_atan2(z, es_hypot(x, y)), es_atan2(y, x) };
}

static double via_m(struct place p, struct place q, double t)
{
    struct place mid = around(p, t);
    return vincenty_m(p, mid) + vincenty_m(mid, q);
}

/* Every path from p to its far side crosses the circle 90 degrees around p,
 * so the shortest is the least over that circle of two quarter ways, and
 * those are easy. Several geodesics may be nearly as short: each start of
 * the scan that is lower than its neighbours is refined. */
static double antipodal_m(struct place p, struct place q)
{
    enum { STARTS = 18, ROUNDS = 26 };
    const double step = 2 * PI / STARTS, golden = 0.6180339887498949;
    double at[STARTS], best = INFINITY;

    for (int i = 0; i < STARTS; i++)
        at[i] = via_m(p, q, i * step);
    for (int i = 0; i < STARTS; i++) {
        if (at[i] > at[(i + 1) % STARTS] ||
            at[i] > at[(i + STARTS - 1) % STARTS])
            continue;
        double lo = (i - 1) * step, hi = (i + 1) * step;
        for (int k = 0; k < ROUNDS; k++) {
            double a = hi - golden * (hi - lo), b = lo + golden * (hi - lo);
            if (via_m(p, q, a) < via_m(p, q, b))
                hi = b;
            else
                lo = a;
        }
        best = fmin(best, via_m(p, q, (lo + hi) / 2));
    }
    return best;
}

/* The way between two places, east and north. False when they are too far
 * apart, or too near a pole, for it. */
static inline bool local_m(double lat1, double lon1, double lat2, double lon2,
                           double *east_m, double *north_m)
{
    double mid = (lat1 + lat2) / 2, up = lat2 - lat1, turn = lon2 - lon1, m, n;
    if (!(fabs(mid) <= LOCAL_MAX_LAT_DEG) || fabs(up) > 0.01)
        return false;
    if (fabs(turn) > 180)
        turn = remainder(turn, 360);
    double s = es_sin(mid * RAD);
    radii_m(s * s, &m, &n);
    double dx = turn * RAD * n * sqrt(1 - s * s), dy = up * RAD * m;
    if (!(dx * dx + dy * dy <= LOCAL_MAX_M * LOCAL_MAX_M))
        return false;
    *east_m = dx;
    *north_m = dy;
    return true;
}

/* Without the metric. */
static double far_m(double lat1_deg, double lon1_deg, double lat2_deg,
                    double lon2_deg)
{
    if (isnan(lat1_deg + lon1_deg + lat2_deg + lon2_deg))
        return NAN;
    struct place p = { lat1_deg * RAD, remainder(lon1_deg, 360) * RAD };
    struct place q = { lat2_deg * RAD, remainder(lon2_deg, 360) * RAD };
    struct vec a = vec_of(p), b = vec_of(q);
    if (a.x * b.x + a.y * b.y + a.z * b.z < -es_cos(ANTIPODAL_DEG * RAD))
        return antipodal_m(p, q);
    return vincenty_m(p, q);
}

double es_geo_distance_m(double lat1_deg, double lon1_deg, double lat2_deg,
                         double lon2_deg)
{
    double dx, dy;
    if (local_m(lat1_deg, lon1_deg, lat2_deg, lon2_deg, &dx, &dy))
        return es_hypot(dx, dy);
    return far_m(lat1_deg, lon1_deg, lat2_deg, lon2_deg);
}
