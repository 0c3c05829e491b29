/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Nothing that is hidden is ever shown. */
#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "initiative/zones.h"
#include "t.h"

static uint64_t seed = 0x9e3779b97f4a7c15;

static double unit(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 9007199254740992.0;
}

static struct es_geo_point somewhere(void)
{
    static const double LATS[] = { 89.99, -90, 0, 64.1 };
    static const double LONS[] = { 180, -180, 179.999, -21.9 };
    int k = (int)(unit() * 8);
    return (struct es_geo_point){
        k < 4 ? LATS[k] : 160 * unit() - 80,
        k < 4 ? LONS[(int)(unit() * 4)] : 360 * unit() - 180,
        false,
    };
}

/* A place `m` from p. */
static struct es_geo_point near_to(struct es_geo_point p, double m)
{
    struct es_geo_vec v = es_geo_move(p, m, 6.283 * unit());
    double flat = sqrt(v.x * v.x + v.y * v.y);
    return (struct es_geo_point){
        atan2(v.z, flat * (1 - 0.006694379990141317)) * 57.29577951308232,
        atan2(v.y, v.x) * 57.29577951308232,
        false,
    };
}

static struct es_geo_vec vec(struct es_geo_point p)
{
    return es_geo_vec_of(p.lat_deg, p.lon_deg);
}

static const uint8_t KEY[ES_HASH] = { 7 }, OTHER[ES_HASH] = { 8 };

TEST(a_zone_stays_and_is_nobody_elses)
{
    for (int i = 0; i < 500; i++) {
        struct es_geo_point home = somewhere();
        struct es_circle a = es_circle_of(KEY, 1, 2, home);
        struct es_circle b = es_circle_of(KEY, 1, 2, home);
        CHECK(memcmp(&a, &b, sizeof a) == 0);
        CHECK(a.r_m >= 350 && a.r_m <= 800);
        CHECK(es_geo_apart_m(a.place, a.centre) <= 0.7 * a.r_m + 0.01);
        b = es_circle_of(OTHER, 1, 2, home);
        CHECK(es_geo_apart_m(a.centre, b.centre) > 0.01 && a.r_m != b.r_m);
        b = es_circle_of(KEY, 1, 3, home);
        CHECK(es_geo_apart_m(a.centre, b.centre) > 0.01 && a.r_m != b.r_m);
    }
}

/* Whoever ends at a place ends inside its circle, well within the rim. */
TEST(a_zone_holds_what_is_near_its_place)
{
    for (int i = 0; i < 2000; i++) {
        struct es_geo_point home = somewhere();
        struct es_circle c = es_circle_of(KEY, 1, i, home);
        struct es_geo_point end = near_to(home, 149 * unit());
        CHECK(es_circle_holds(&c, end));
        CHECK(es_geo_apart_m(c.centre, vec(end)) < c.r_m - 49);
        CHECK(!es_circle_holds(&c, near_to(home, 152)));
    }
}

/* The circles' middles don't gather at the place. */
TEST(zones_stand_off)
{
    int off = 0;
    for (int i = 0; i < 1000; i++) {
        struct es_geo_point home = { 48, 11, false };
        struct es_circle c = es_circle_of(KEY, 5, i, home);
        off += es_geo_apart_m(c.place, c.centre) > 100;
    }
    CHECK(off > 700);
}

enum { POINTS = 400 };

/* About 40 m a step, that comes back over its own beginning now and then. */
static void run_from(struct es_geo_point at, struct es_geo_point *v)
{
    double heading = 6 * unit(), bend = (unit() - 0.5) * 0.2;
    for (size_t i = 0; i < POINTS; i++) {
        double wide = 111320 * fmax(cos(at.lat_deg / 57.29578), 1e-4);
        at.piece = i == 0 || unit() < 0.01;
        v[i] = at;
        heading += bend + (unit() - 0.5) * 0.3;
        at.lat_deg =
            fmin(fmax(at.lat_deg + 40 * cos(heading) / 111194, -90), 90);
        at.lon_deg = remainder(at.lon_deg + 40 * sin(heading) / wide, 360);
    }
}

/* No point of a line that is drawn lies in a circle: looked at every few
 * metres, by the geodesic from the place and by the circle itself. */
static void check_hidden(const struct es_course *r, const struct es_circle *c,
                         size_t n, const struct es_geo_point *homes)
{
    for (size_t i = 0; i < r->n; i++) {
        CHECK(!(i == 0) || r->v[i].piece);
        CHECK(!r->v[i].piece || (i + 1 < r->n && !r->v[i + 1].piece));
        for (size_t k = 0; k < n; k++) {
            CHECK(es_geo_distance_m(homes[k].lat_deg, homes[k].lon_deg,
                                    r->v[i].lat_deg, r->v[i].lon_deg) > 200);
            for (int j = 0; j <= 20 && !r->v[i].piece; j++) {
                struct es_geo_vec a = vec(r->v[i - 1]), b = vec(r->v[i]);
                double f = j / 20.0;
                struct es_geo_vec p = { a.x + f * (b.x - a.x),
                                        a.y + f * (b.y - a.y),
                                        a.z + f * (b.z - a.z) };
                CHECK(es_geo_apart_m(p, c[k].centre) > c[k].r_m);
            }
        }
    }
}

TEST(no_shown_point_is_in_a_zone)
{
    size_t shown = 0;
    for (int i = 0; i < 400; i++) {
        struct es_geo_point v[POINTS], homes[2] = { somewhere() };
        struct es_course r = { v, POINTS };
        run_from(homes[0], v);
        homes[1] = v[POINTS - 1];
        struct es_circle c[] = { es_circle_of(KEY, 1, i, homes[0]),
                                 es_circle_of(KEY, 1, i, homes[1]) };
        es_course_trim(&r, c, 2);
        check_hidden(&r, c, 2, homes);
        shown += r.n;
        size_t before = r.n; /* trimming again takes nothing more */
        es_course_trim(&r, c, 2);
        CHECK_INT(r.n, before);
    }
    CHECK(shown > 400 * POINTS / 3);
}

/* A run that begins and ends elsewhere and passes home on its way. */
TEST(a_passage_in_the_middle_is_hidden_too)
{
    struct es_geo_point v[POINTS], home = { 60, 24.9, false };
    struct es_circle c = es_circle_of(KEY, 1, 1, home);
    struct es_course r = { v, POINTS };
    for (int i = 0; i < POINTS; i++)
        v[i] = (struct es_geo_point){ 60 + (i - POINTS / 2) * 0.0002, 24.9,
                                      i == 0 };
    es_course_trim(&r, &c, 1);
    check_hidden(&r, &c, 1, &home);
    size_t pieces = 0;
    for (size_t i = 0; i < r.n; i++)
        pieces += r.v[i].piece;
    CHECK_INT(pieces, 2);
    CHECK(r.n > POINTS / 2 && r.n < POINTS - 20);
}

/* Two points that stand outside, and the straight line between them doesn't. */
TEST(a_line_across_a_zone_is_cut)
{
    struct es_geo_point home = { 0, 180, false };
    struct es_circle c = es_circle_of(KEY, 1, 1, home);
    struct es_geo_point v[] = { { 0, 179.96, true },
                                { 0, 179.97, false },
                                { 0, -179.97, false },
                                { 0, -179.96, false } };
    struct es_course r = { v, 4 };
    es_course_trim(&r, &c, 1);
    CHECK_INT(r.n, 4);
    CHECK(r.v[2].piece && r.v[2].lon_deg == -179.97);
}

/* A first fix where the phone had been last, a ride of a minute, a pause: what
 * lies behind is where the run began. */
TEST(a_short_piece_at_an_end_is_not_the_run)
{
    struct es_geo_point out[ES_ENDS_MAX];
    struct es_geo_point v[] = { { 2, 2, true },      { 1, 1, true },
                                { 1.001, 1, false }, { 1.01, 1, true },
                                { 1.02, 1, false },  { 1.05, 1, true },
                                { 1.06, 1, false },  { 1.061, 1, false },
                                { 3, 3, true } };
    struct es_course r = { v, sizeof v / sizeof *v };
    CHECK_INT(es_course_ends(&r, out), 5);
    CHECK(out[0].lat_deg == 2 && out[1].lat_deg == 1 && out[2].lat_deg == 1.01);
    CHECK(out[3].lat_deg == 3 && out[4].lat_deg == 1.061);
    for (size_t i = 0; i < r.n; i++)
        v[i].piece = true;
    CHECK_INT(es_course_ends(&r, out), ES_ENDS_MAX);
    r = (struct es_course){ 0 };
    CHECK_INT(es_course_ends(&r, out), 0);
    r = (struct es_course){ v, 1 };
    CHECK_INT(es_course_ends(&r, out), 2);
}

TEST(what_is_left_is_lines)
{
    struct es_geo_point v[] = { { 1, 1, true }, { 1.001, 1, true } };
    struct es_course r = { v, 2 };
    es_course_trim(&r, NULL, 0);
    CHECK_INT(r.n, 0);
    r = (struct es_course){ 0 };
    es_course_trim(&r, NULL, 0);
    CHECK_INT(r.n, 0);
}

TEST(a_zone_is_kept_as_bytes)
{
    struct es_buf b;
    struct es_circle back;
    struct es_circle c = es_circle_of(KEY, 1, 1, somewhere());
    es_buf_init(&b, 256);
    es_circle_put(&b, &c);
    CHECK_INT(es_circle_get(es_buf_bytes(&b), &back, NULL), ES_OK);
    CHECK(memcmp(&c, &back, sizeof c) == 0);
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        CHECK_INT(es_circle_get(cut, &back, NULL), ES_EMALFORMED);
        t_guarded_free(cut);
    }
    c.r_m = NAN;
    es_buf_clear(&b);
    es_circle_put(&b, &c);
    CHECK_INT(es_circle_get(es_buf_bytes(&b), &back, NULL), ES_EMALFORMED);
    es_buf_release(&b);
}
