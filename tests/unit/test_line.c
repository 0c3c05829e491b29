/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "geo/line.h"
#include "t.h"

static uint64_t seed = 0x2545f4914f6cdd1d;

static double unit(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 9007199254740992.0;
}

/* Somewhere, often where maps have their seams. */
static struct es_geo_point somewhere(void)
{
    static const double LATS[] = { 90, -90, 89.9999, 0, 64.1 };
    static const double LONS[] = { 180, -180, 179.9999, 0, -21.9 };
    int k = (int)(unit() * 8);
    return (struct es_geo_point){
        k < 5 ? LATS[k] : 180 * unit() - 90,
        k < 5 ? LONS[(int)(unit() * 5)] : 360 * unit() - 180,
        false,
    };
}

TEST(straight_lines_are_as_long_as_geodesics_nearby)
{
    for (int i = 0; i < 2000; i++) {
        struct es_geo_point p = somewhere();
        double lat = p.lat_deg * (1 - 0.0001 * unit());
        double lon = remainder(p.lon_deg + 0.01 * unit(), 360);
        CHECK_NEAR(es_geo_apart_m(es_geo_vec_of(p.lat_deg, p.lon_deg),
                                  es_geo_vec_of(lat, lon)),
                   es_geo_distance_m(p.lat_deg, p.lon_deg, lat, lon), 0.01);
    }
}

TEST(a_move_goes_as_far_as_it_says)
{
    for (int i = 0; i < 2000; i++) {
        struct es_geo_point p = somewhere();
        double dist = 800 * unit();
        struct es_geo_vec q = es_geo_move(p, dist, 6.28 * unit());
        CHECK_NEAR(es_geo_apart_m(es_geo_vec_of(p.lat_deg, p.lon_deg), q), dist,
                   1e-3);
    }
    struct es_geo_point home = { 10, 20, false };
    struct es_geo_vec north = es_geo_move(home, 500, 0);
    CHECK(north.z > es_geo_vec_of(10, 20).z);
}

TEST(off_a_line)
{
    struct es_geo_vec a = { 0, 0, 0 }, b = { 10, 0, 0 };
    CHECK_NEAR(es_geo_off_line_m((struct es_geo_vec){ 5, 3, 4 }, a, b), 5,
               1e-12);
    CHECK_NEAR(es_geo_off_line_m((struct es_geo_vec){ -3, 4, 0 }, a, b), 5,
               1e-12);
    CHECK_NEAR(es_geo_off_line_m((struct es_geo_vec){ 13, 0, 4 }, a, b), 5,
               1e-12);
    CHECK_NEAR(es_geo_off_line_m((struct es_geo_vec){ 3, 4, 0 }, a, a), 5,
               1e-12);
}

enum { MANY = 5000 };

/* A walk with turns, about 10 m a step, from `at`. */
static void wander(struct es_geo_point at, struct es_geo_point *v, size_t n)
{
    double heading = 6 * unit();
    for (size_t i = 0; i < n; i++) {
        v[i] = at;
        v[i].piece = i == 0;
        heading += (unit() - 0.5) * 0.4;
        double wide = 111320 * fmax(cos(at.lat_deg / 57.29578), 1e-3);
        at.lat_deg =
            fmin(fmax(at.lat_deg + 10 * cos(heading) / 111194, -90), 90);
        at.lon_deg = remainder(at.lon_deg + 10 * sin(heading) / wide, 360);
    }
}

static double off_all(struct es_geo_point p, const struct es_geo_point *v,
                      size_t n)
{
    double least = INFINITY;
    for (size_t i = 1; i < n; i++)
        least = fmin(
            least,
            es_geo_off_line_m(es_geo_vec_of(p.lat_deg, p.lon_deg),
                              es_geo_vec_of(v[i - 1].lat_deg, v[i - 1].lon_deg),
                              es_geo_vec_of(v[i].lat_deg, v[i].lon_deg)));
    return least;
}

TEST(a_thinned_line_keeps_its_shape_and_its_ends)
{
    static struct es_geo_point all[MANY], v[MANY];
    for (int round = 0; round < 12; round++) {
        struct es_arena a;
        size_t n = MANY;
        es_arena_init(&a, 1 << 20);
        wander(somewhere(), all, MANY);
        memcpy(v, all, sizeof v);
        CHECK_INT(es_geo_thin(v, &n, 400, &a, NULL), ES_OK);
        CHECK(n >= 8 && n <= 400);
        CHECK(v[0].piece);
        CHECK(memcmp(&v[0], &all[0], sizeof v[0]) == 0);
        CHECK(memcmp(&v[n - 1], &all[MANY - 1], sizeof v[0]) == 0);
        for (size_t i = 0; i < MANY; i += 7)
            CHECK(off_all(all[i], v, n) < 150);
        for (size_t i = 1; i < n; i++)
            CHECK(es_geo_apart_m(es_geo_vec_of(v[i].lat_deg, v[i].lon_deg),
                                 es_geo_vec_of(v[i - 1].lat_deg,
                                               v[i - 1].lon_deg)) < 1100);
        es_arena_release(&a);
    }
}

/* The same place again and again, one giant step, and no points at all. */
TEST(odd_lines_are_thinned_too)
{
    static struct es_geo_point v[MANY];
    struct es_arena a;
    size_t n = MANY;
    es_arena_init(&a, 4 << 20);
    memset(v, 0, sizeof v);
    v[0].piece = true;
    CHECK_INT(es_geo_thin(v, &n, 400, &a, NULL), ES_OK);
    CHECK_INT(n, 2);
    n = MANY;
    for (size_t i = 0; i < MANY; i++)
        v[i] = (struct es_geo_point){ i < 17 ? 80 : -80, 0, i == 0 };
    CHECK_INT(es_geo_thin(v, &n, 400, &a, NULL), ES_OK);
    CHECK(n >= 2 && n <= 400);
    n = MANY;
    for (size_t i = 0; i < MANY; i++)
        v[i] = (struct es_geo_point){ 1e-4 * (double)i, 0, true };
    CHECK_INT(es_geo_thin(v, &n, 400, &a, NULL), ES_OK);
    CHECK(n >= 2 && n <= 400 && !v[1].piece);
    n = 0;
    CHECK_INT(es_geo_thin(v, &n, 400, &a, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_arena_release(&a);
}

TEST(north_is_up_and_nothing_leaves_the_frame)
{
    static struct es_geo_point v[400];
    static struct es_geo_spot s[400];
    uint16_t wide, high;
    for (int round = 0; round < 200; round++) {
        struct es_geo_point from = somewhere();
        from.lat_deg *= 0.999; /* at the pole itself it stays */
        wander(from, v, 400);
        es_geo_draw(v, 400, 1000, s, &wide, &high);
        CHECK(wide <= 1000 && high <= 1000);
        CHECK(wide >= 999 || high >= 999);
        for (size_t i = 0; i < 400; i++)
            CHECK(s[i].x <= wide && s[i].y <= high);
    }
    struct es_geo_point ell[] = { { 50.01, 179.99, true },
                                  { 50, 179.99, false },
                                  { 50, -179.99, false } };
    es_geo_draw(ell, 3, 1000, s, &wide, &high);
    CHECK(s[0].y == 0 && s[1].y >= high - 3 && s[2].x == wide);
    CHECK_INT(wide, 1000);
    CHECK_NEAR((double)high, 1000 * 0.01 / (0.02 * cos(50 / 57.29578)), 5);
    CHECK(s[0].piece && !s[1].piece);
    es_geo_draw(ell, 1, 1000, s, &wide, &high);
    CHECK(wide == 0 && high == 0 && s[0].x == 0);
}
