/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator itself: its noise is what it says, its truth is true. */
#include <math.h>

#include "geo/geo.h"
#include "sim/sim_int.h"
#include "t.h"
#include "track/measure_int.h"

enum { RUN_MEM = 256 << 20 };

static struct sim_run made(const struct sim_setup *k, struct es_arena *a)
{
    struct sim_run r;
    es_arena_init(a, RUN_MEM);
    if (!sim_run_make(k, a, &r))
        FAIL("no memory for a run");
    return r;
}

static struct sim_setup plain(void)
{
    return (struct sim_setup){ .seed = 1,
                               .receiver = SIM_EXACT,
                               .plan = SIM_MACHINE,
                               .dist_m = 5000,
                               .speed_mps = 3,
                               .lat_deg = 48,
                               .lon_deg = 11 };
}

static double summed_m(const struct es_track *t)
{
    double m = 0;
    for (size_t i = 1; i < t->n; i++)
        m += es_geo_distance_m(t->pts[i - 1].lat_deg, t->pts[i - 1].lon_deg,
                               t->pts[i].lat_deg, t->pts[i].lon_deg);
    return m;
}

TEST(random_numbers_have_their_moments)
{
    struct sim_rand r;
    double sum = 0, squares = 0, flat = 0;
    enum { N = 200000 };
    sim_rand_init(&r, 5);
    for (int i = 0; i < N; i++) {
        double g = sim_gauss(&r);
        sum += g;
        squares += g * g;
        flat += sim_uniform(&r, 2, 4);
    }
    CHECK_NEAR(sum / N, 0, 0.01);
    CHECK_NEAR(squares / N, 1, 0.015);
    CHECK_NEAR(flat / N, 3, 0.006);
    int seen[5] = { 0 };
    for (int i = 0; i < 1000; i++)
        seen[sim_pick(&r, 5)]++;
    for (int i = 0; i < 5; i++)
        CHECK(seen[i] > 140 && seen[i] < 260);
}

TEST(the_same_setup_gives_the_same_run)
{
    struct sim_setup k = sim_honest(99);
    struct es_arena a, b;
    struct sim_run r = made(&k, &a), q = made(&k, &b);
    CHECK_INT(r.track.n, q.track.n);
    CHECK(memcmp(r.track.pts, q.track.pts, r.track.n * sizeof *r.track.pts) ==
          0);
    es_arena_release(&b);
    k.seed++;
    q = made(&k, &b);
    CHECK(r.track.pts[0].lat_deg != q.track.pts[0].lat_deg);
    es_arena_release(&a);
    es_arena_release(&b);
}

/* Seen without error, the metres are those between the fixes, but for the
 * corners that one fix a second cuts. */
TEST(the_truth_is_on_the_ground)
{
    static const double CUT[SIM_PATHS] = { 0.0005, 0.0005, 0.004,
                                           0.002,  0.006,  0.04 };
    for (int path = 0; path < SIM_PATHS; path++) {
        struct sim_setup k = plain();
        k.path = (enum sim_path)path;
        for (int at = -80; at <= 80; at += 40) {
            struct es_arena a;
            k.lat_deg = at;
            k.lon_deg = 179.99;
            struct sim_run r = made(&k, &a);
            double m = summed_m(&r.track);
            CHECK(m <= r.dist_m + 0.01);
            CHECK_NEAR(m, r.dist_m, CUT[path] * r.dist_m);
            CHECK_NEAR(r.dist_m, 5000, 6);
            CHECK_NEAR(r.elapsed_s, r.dist_m / 3, 1e-6);
            CHECK_NEAR(sim_best_s(&r, 1000), 1000 / 3., 0.02);
            es_arena_release(&a);
        }
    }
}

TEST(a_lap_of_the_oval_ends_where_it_began)
{
    struct sim_setup k = plain();
    struct es_arena a;
    k.path = SIM_OVAL;
    k.speed_mps = 4; /* a fix each 4 m: the hundredth closes the lap */
    struct sim_run r = made(&k, &a);
    const struct es_point *p = r.track.pts, *q = p + 100;
    CHECK_NEAR(
        es_geo_distance_m(p->lat_deg, p->lon_deg, q->lat_deg, q->lon_deg), 0,
        0.05);
    es_arena_release(&a);
}

/* Long enough that a rate or a deviation is seen to a few percent. */
struct seen {
    double var, slope_var; /* of an axis, and of its change in 1 s */
    double jumps_s, dropped_s, spikes;
};

static struct seen watch_eye(enum sim_receiver c, size_t eyes, size_t seconds)
{
    struct seen s = { 0 };
    double n = 0;
    for (size_t i = 0; i < eyes; i++) {
        struct sim_rand r;
        struct sim_eye y;
        double was = NAN;
        sim_rand_init(&r, 1000 + i);
        sim_eye_init(&y, c, &r);
        for (size_t t = 0; t < seconds; t++) {
            double off[2];
            for (int k = 0; k < 10; k++)
                sim_eye_step(&y, &r);
            s.jumps_s += y.jump_left_s > 0;
            s.dropped_s += y.drop_left_s > 0;
            s.var += y.low[0] * y.low[0];
            s.slope_var += isnan(was) ? 0 : (y.low[0] - was) * (y.low[0] - was);
            was = y.low[0];
            n++;
            if (sim_eye_fix(&y, &r, off))
                s.spikes += hypot(off[0] - y.low[0] - y.jump[0],
                                  off[1] - y.low[1] - y.jump[1]) > 25;
        }
    }
    s.var /= n;
    s.slope_var /= n;
    s.jumps_s /= n;
    s.dropped_s /= n;
    s.spikes /= n;
    return s;
}

/* Of uniform ranges, by their middles: what OU noise behind a low-pass has
 * (variance sd^2 tau / (tau + low)). */
TEST(noise_is_what_the_table_says)
{
    static const struct {
        double sd_lo, sd_hi, tau, low, jumps, drops, spikes;
    } SAYS[SIM_RECEIVERS] = {
        { 1, 3, 60, 4.5, 0, 0, 0 },
        { 2, 5, 40, 3, 1. / 1200, 0, 0 },
        { 3, 6, 30, 2, 1. / 600, 1. / 1800, 0 },
        { 5, 8, 25, 1.75, 1. / 150, 1. / 600, 0 },
        { 3, 6, 30, 1.25, 1. / 500, 1. / 900, 1. / 1500 },
    };
    for (int c = 0; c < SIM_RECEIVERS; c++) {
        struct seen s = watch_eye((enum sim_receiver)c, 150, 1200);
        double lo = SAYS[c].sd_lo, hi = SAYS[c].sd_hi;
        double sd2 = (lo * lo + lo * hi + hi * hi) / 3;
        double var = sd2 * SAYS[c].tau / (SAYS[c].tau + SAYS[c].low);
        CHECK_NEAR(s.var / var, 1, 0.12);
        /* Between a low-pass of infinite steepness and none. */
        CHECK(s.slope_var < 2 * sd2 / SAYS[c].tau);
        CHECK(s.slope_var > 0.2 * sd2 / (SAYS[c].tau * SAYS[c].low));
        /* A jump lasts 11 s on average, a drop-out 47.5 s. */
        double jumps = SAYS[c].jumps * 11, drops = SAYS[c].drops * 47.5;
        CHECK_NEAR(s.jumps_s, jumps / (1 + jumps), 0.15 * jumps);
        CHECK_NEAR(s.dropped_s, drops / (1 + drops), 0.3 * drops);
        CHECK_NEAR(s.spikes, SAYS[c].spikes, 0.3 * SAYS[c].spikes);
    }
}

TEST(a_fix_is_written_when_its_sampling_says)
{
    for (int how = 0; how < SIM_SAMPLINGS; how++) {
        struct sim_setup k = sim_honest(4);
        struct es_arena a;
        double longest = 0, shortest = INFINITY;
        k.receiver = SIM_MULTIBAND;
        k.plan = SIM_STEADY;
        k.path = SIM_ROAD;
        k.sampling = (enum sim_sampling)how;
        struct sim_run r = made(&k, &a);
        for (size_t i = 1; i < r.track.n; i++) {
            double s =
                (double)(r.track.pts[i].t_ms - r.track.pts[i - 1].t_ms) / 1000;
            longest = fmax(longest, s);
            shortest = fmin(shortest, s);
        }
        if (how == SIM_EACH_1S || how == SIM_EACH_5S)
            CHECK(longest == shortest &&
                  (longest == 1) == (how == SIM_EACH_1S));
        else if (how == SIM_SMART)
            CHECK(shortest == 1 && longest == 8);
        else if (how == SIM_IRREGULAR)
            CHECK_NEAR(shortest + longest, 3.9, 0.05);
        else
            CHECK(summed_m(&r.track) / (double)r.track.n >= 10);
        es_arena_release(&a);
    }
}

/* No honest run may be faster than people are: else the tests of what is
 * found would blame the measure for the simulator. */
TEST(the_honest_are_human)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct sim_setup k = sim_honest(seed);
        struct es_arena a;
        struct sim_run r = made(&k, &a);
        CHECK(fabs(r.dist_m - k.dist_m) < 60 ||
              k.receiver >= SIM_PHONE); /* these lose fixes at the ends */
        CHECK(r.moving_s <= r.elapsed_s + 0.2);
        for (size_t i = 0; i < ES_BEST_DISTS_N; i++) {
            double d = ES_BEST_DISTS[i].dist_m, s = sim_best_s(&r, d);
            if (!isnan(s) && s < es_human_time_s(d) * 1.02)
                FAIL("seed %u: %.0f m in %.1f s", (unsigned)seed, d, s);
        }
        for (size_t i = 1; i < r.track.n; i++) {
            CHECK(r.true_m[i] >= r.true_m[i - 1]);
            CHECK(r.track.pts[i].t_ms > r.track.pts[i - 1].t_ms);
        }
        es_arena_release(&a);
    }
}

TEST(who_is_carried_does_not_step)
{
    struct sim_setup k = plain();
    struct es_arena a;
    k.plan = SIM_STEADY;
    k.cadence = k.heart = true;
    k.ride = SIM_CAR;
    k.ride_from_m = 2000;
    k.ride_to_m = 4000;
    k.ride_mps = 14;
    struct sim_run r = made(&k, &a);
    double top = 0;
    for (size_t i = 1; i < r.track.n; i++) {
        double v = r.true_m[i] - r.true_m[i - 1];
        top = fmax(top, v);
        if (r.true_m[i] > 2020 && r.true_m[i] < 3980)
            CHECK(r.track.pts[i].cadence_spm == 0);
        else if (r.true_m[i] > 200 && r.true_m[i] < 1900)
            CHECK(r.track.pts[i].cadence_spm > 70);
    }
    CHECK(top > 12 && top < 20);
    es_arena_release(&a);
}
