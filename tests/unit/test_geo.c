/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "geo/geo.h"
#include "geo/metric.h"
#include "t.h"

/* Lengths from published tables: Karney 2013 (Tables 3 and 4, and the test
 * set of GeographicLib), the length of a quarter meridian, and the line
 * Flinders Peak to Buninyong of the Australian geodetic manual. */
static const struct line {
    double lat1, lon1, lat2, lon2, m, tol;
} LINES[] = {
    { 0, 0, 90, 0, 10001965.7293, 1e-3 },
    { 0, 0, 0, 90, 10018754.1714, 1e-3 },
    { -37.95103341666667, 144.42486788888888, -37.65282113888889,
      143.92649552777777, 54972.271, 1e-3 },
    { 0, 0, 0.5, 179.5, 19936288.579, 0.5 },
    { 0, 0, 0.5, 179.7, 19944127.421, 0.5 },
    { -30, 0, 29.9, 179.8, 19989832.828, 0.5 },
    { 0, 0, 0, 180, 20003931.4586, 0.5 },
    { 90, 0, -90, 0, 20003931.4586, 0.5 },
    { 56.320923501171, 0, -56.320923501171, 179.664747671772880215,
      19993558.287, 0.5 },
    { 48.522876735459, 0, -48.52287673545898293, 179.599720456223079643,
      19989144.774, 0.5 },
    { 89.333123580033, 0, -89.333123580032997687, 179.99295812360148422,
      20003926.881, 0.5 },
};

TEST(agrees_with_published_lengths)
{
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        const struct line *l = &LINES[i];
        CHECK_NEAR(es_geo_distance_m(l->lat1, l->lon1, l->lat2, l->lon2), l->m,
                   l->tol);
        CHECK_NEAR(es_geo_distance_m(l->lat2, l->lon2, l->lat1, l->lon1), l->m,
                   l->tol);
    }
}

/* The two ways of computing must meet where one hands over to the other: a
 * line of 900 m is the sum of the geodesics of its ends to a far point on
 * the same meridian. */
TEST(short_steps_agree_with_the_geodesic)
{
    for (double lat = -84; lat <= 84; lat += 7) {
        double far_m = es_geo_distance_m(lat, 20, lat + 0.1, 20);
        double near_m = 0;
        for (int i = 0; i < 20; i++)
            near_m += es_geo_distance_m(lat + i * 0.005, 20,
                                        lat + (i + 1) * 0.005, 20);
        CHECK_NEAR(near_m / far_m, 1, 2e-7);
        /* along a parallel, the chord of 0.004 degrees against the radius */
        double m, n, rad = acos(-1) / 180;
        es_geo_radii_m(lat, &m, &n);
        double d = es_geo_distance_m(lat, 20, lat, 20.004);
        CHECK_NEAR(d / (0.004 * rad * n * cos(lat * rad)), 1, 2e-7);
    }
}

TEST(antimeridian_and_turns_do_not_matter)
{
    double d = es_geo_distance_m(-17, 179.9995, -17, -179.9995);
    CHECK_NEAR(d, es_geo_distance_m(-17, 10, -17, 10.001), 1e-6);
    CHECK_NEAR(es_geo_distance_m(-17, 539.9995, -17, -179.9995), d, 1e-6);
    CHECK_NEAR(es_geo_distance_m(60, 170, 61, -170),
               es_geo_distance_m(60, 0, 61, 20), 1e-3);
}

TEST(poles)
{
    /* two fixes a metre beyond the pole from each other */
    double step = 1e-5;
    CHECK_NEAR(es_geo_distance_m(90 - step, 0, 90 - step, 180), 2.2339, 1e-3);
    CHECK_NEAR(es_geo_distance_m(90, 0, 90, 123), 0, 1e-6);
    CHECK_NEAR(es_geo_distance_m(-90, 5, -89.99, 77), 1116.9395, 1e-3);
}

TEST(nothing_in_nothing_out)
{
    CHECK(es_geo_distance_m(50, 8, 50, 8) == 0);
    CHECK(isnan(es_geo_distance_m(NAN, 8, 50, 8)));
    CHECK(isnan(es_geo_distance_m(50, 8, 50, NAN)));
    CHECK(isnan(es_geo_distance_m(50, INFINITY, 50, 8)));
}

/* A line laid flat has every step as long as it is on the ground: short ones,
 * one of 60 km, over the date line and over a pole. */
TEST(a_flat_line_keeps_its_steps)
{
    enum { N = 400 };
    static double lat[N], lon[N], x[N], y[N];
    struct es_geo_metric g = { 0 };
    for (int i = 0; i < N; i++) {
        lat[i] = 89.9 + i * 0.001;
        lon[i] = 30 + 0.3 * (i % 7);
        if (lat[i] > 90) {
            lat[i] = 180 - lat[i];
            lon[i] = -150;
        }
        if (i >= 250) {
            lat[i] = -17 + (i % 3) * 1e-4 + (i > 320 ? 0.5 : 0);
            lon[i] = remainder(179.99 + (i - 250) * 2e-4, 360);
        }
    }
    for (int i = 1; i < N; i++) {
        struct es_geo_step s =
            es_geo_step_of(&g, lat[i - 1], lon[i - 1], lat[i], lon[i]);
        x[i] = x[i - 1] + s.east_m;
        y[i] = y[i - 1] + s.north_m;
    }
    for (int i = 1; i < N; i++)
        CHECK_NEAR(hypot(x[i] - x[i - 1], y[i] - y[i - 1]),
                   es_geo_distance_m(lat[i - 1], lon[i - 1], lat[i], lon[i]),
                   1e-6);
    /* east is x, north is y, also where the sign of the longitude turns */
    CHECK(x[319] - x[251] > 1400 && x[319] - x[251] < 1500);
    CHECK(y[321] - y[320] > 55000);
}
