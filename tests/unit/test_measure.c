/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "t.h"
#include "track/course.h"
#include "track/measure.h"
#include "track/measure_int.h"
#include "track/wire.h"

static const int64_t START = 1756101900000;
enum { MAX = 40000 };

/* A track under construction: it runs east along the equator, where a metre
 * is the same everywhere. */
struct run {
    struct es_arena a;
    struct es_track tr;
    double x_m;
    int64_t t_ms;
};

static const double M_PER_DEG = 6378137.0 * 3.14159265358979323846 / 180;

static struct run run_new(void)
{
    struct run r = { .t_ms = START };
    es_arena_init(&r.a, 64u << 20);
    r.tr = es_track_none();
    r.tr.sport = ES_SPORT_RUNNING;
    r.tr.sub_sport = 58; /* a virtual world: nowhere else is it so even */
    r.tr.pts = es_arena_array(&r.a, MAX, sizeof *r.tr.pts);
    return r;
}

static struct es_point *add(struct run *r, double step_m, int64_t step_ms)
{
    struct es_point *p = &r->tr.pts[r->tr.n++];
    *p = es_point_none();
    r->x_m += step_m;
    r->t_ms += step_ms;
    p->t_ms = r->t_ms;
    p->lat_deg = 0;
    p->lon_deg = r->x_m / M_PER_DEG;
    return p;
}

static void go(struct run *r, size_t n, double step_m)
{
    for (size_t i = 0; i < n; i++)
        add(r, step_m, 1000);
}

static uint64_t prng(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static struct es_measure measured(struct run *r)
{
    struct es_measure m;
    struct es_err e = { 0 };
    CHECK_INT(es_measure(&r->tr, ES_FORMAT_FIT, &r->a, &m, &e), ES_OK);
    return m;
}

static const struct es_finding *finding(const struct es_measure *m,
                                        const char *code)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (strcmp(m->findings[i].code, code) == 0)
            return &m->findings[i];
    return NULL;
}

/* Whoever takes a measure in refuses one with a figure out of its range, and
 * with it the run. */
static void check_told(const struct es_measure *m)
{
    struct es_measure back;
    struct es_buf b;
    struct es_arena a;
    struct es_rd r;
    struct es_err e = { 0 };
    es_buf_init(&b, 1 << 20);
    es_arena_init(&a, 1 << 20);
    es_measure_put(&b, m);
    es_rd_init(&r, es_buf_bytes(&b));
    if (es_measure_get(&r, &a, &back, &e) != ES_OK)
        FAIL("%s", e.msg);
    es_arena_release(&a);
    es_buf_release(&b);
}

/* A mean of equal beats may be a little more than each. */
TEST(the_fastest_heart_is_told)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct run r = run_new();
        uint64_t s = seed * 88172645463325252u;
        for (size_t i = 0; i < 300; i++)
            add(&r, 3, 500 + (int64_t)(prng(&s) % 1999))->hr_bpm = 255;
        struct es_measure m = measured(&r);
        CHECK_NEAR(m.hr_bpm, 255, 1e-9);
        check_told(&m);
        es_arena_release(&r.a);
    }
}

/* A lap that ends where a ride does has no metres, not a little less; one that
 * is all of a ride is none. */
TEST(laps_around_what_is_left_out_are_told)
{
    for (size_t k = 0; k < 20; k++) {
        struct run r = run_new();
        go(&r, 300, 3.1 + 0.013 * (double)k);
        size_t from = r.tr.n;
        go(&r, 120, 17.3 + 0.017 * (double)k);
        size_t to = r.tr.n;
        go(&r, 900, 3.1);
        struct es_lap *v = es_arena_array(&r.a, 400, sizeof *v);
        r.tr.laps = v;
        for (size_t i = from - 100; i < to + 100; i++) {
            v[r.tr.n_laps++] =
                (struct es_lap){ r.tr.pts[i].t_ms, NAN, NAN, NAN };
        }
        struct es_measure m = measured(&r);
        CHECK(finding(&m, "left_out") != NULL);
        CHECK(m.n_lap >= 200 && m.n_lap < 220);
        for (size_t i = 0; i < m.n_lap; i++)
            CHECK(m.lap[i].dist_m >= 0);
        check_told(&m);
        es_arena_release(&r.a);
    }
}

TEST(an_even_run)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 840, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.dist_m, 2520, 0.01);
    CHECK_NEAR(m.raw_dist_m, 2520, 0.001);
    CHECK_INT(m.dist_source, ES_DIST_POSITIONS);
    CHECK(isnan(m.device_dist_m));
    CHECK_INT(m.points, 841);
    CHECK_INT(m.records, 841);
    CHECK(m.started_ms == START);
    CHECK_NEAR(m.elapsed_s, 840, 0);
    CHECK_NEAR(m.timer_s, 840, 0);
    CHECK_NEAR(m.moving_s, 840, 0);
    CHECK_INT(m.n_splits, 3);
    CHECK_NEAR(m.splits[0].time_s, 1000 / 3.0, 0.01);
    CHECK_NEAR(m.splits[1].time_s, 1000 / 3.0, 0.01);
    CHECK_NEAR(m.splits[2].dist_m, 520, 0.01);
    CHECK_NEAR(m.splits[2].time_s, 520 / 3.0, 0.01);
    CHECK_INT(m.n_bests, 3);
    CHECK_STR(m.bests[0].name, "400m");
    CHECK_NEAR(m.bests[0].time_s, 400 / 3.0, 0.01);
    CHECK_STR(m.bests[2].name, "1mile");
    CHECK(m.bests[0].verified); /* no noise at all */
    CHECK(isnan(m.gain_m));
    CHECK_INT(m.n_findings, 0);
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_arena_release(&r.a);
}

TEST(the_clock_on_the_wall_is_the_devices_or_the_suns)
{
    static const struct {
        double offset_s, lon_deg;
        enum es_clock clock;
        int min;
    } ROWS[] = {
        { 20700, 67, ES_CLOCK_DEVICE, 345 }, /* Nepal's */
        { -12600, 67, ES_CLOCK_DEVICE, -210 },
        { 18060, 67, ES_CLOCK_DEVICE, 300 }, /* a minute fast */
        { NAN, 67, ES_CLOCK_PLACE, 240 },
        { 100000, -122.4, ES_CLOCK_PLACE, -480 }, /* no wall has that */
        { NAN, 180, ES_CLOCK_PLACE, 720 },
        { NAN, -180, ES_CLOCK_PLACE, -720 },
        { NAN, NAN, ES_CLOCK_UNKNOWN, 0 },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct run r = run_new();
        add(&r, 0, 0);
        go(&r, 60, 3);
        r.tr.utc_offset_s = ROWS[i].offset_s;
        for (size_t j = 0; j < r.tr.n; j++) {
            r.tr.pts[j].lon_deg = ROWS[i].lon_deg;
            if (isnan(ROWS[i].lon_deg))
                r.tr.pts[j].lat_deg = NAN;
        }
        struct es_measure m = measured(&r);
        CHECK_INT(m.clock, ROWS[i].clock);
        CHECK_INT(m.clock_min, ROWS[i].min);
        es_arena_release(&r.a);
    }
}

TEST(the_device_counts_where_it_can_be_right)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++)
        add(&r, i ? 3 : 0, i ? 1000 : 0)->dist_m = i * 2.97;
    r.tr.device_dist_m = 1790; /* the summary rounds otherwise */
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_DEVICE);
    CHECK_NEAR(m.dist_m, 1790, 1e-9);
    CHECK_NEAR(m.device_dist_m, 1790, 1e-9);
    CHECK_NEAR(m.splits[0].dist_m + m.splits[1].dist_m, 1790, 1e-6);
    CHECK(m.n_bests > 0 && m.bests[0].verified);
    CHECK_INT(m.n_findings, 0);

    r.tr.device_dist_m = 5000; /* a forged summary moves nothing */
    m = measured(&r);
    CHECK_NEAR(m.dist_m, 1782, 1e-6);
    es_arena_release(&r.a);
}

TEST(a_device_that_is_far_off_does_not_count)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++)
        add(&r, i ? 3 : 0, i ? 1000 : 0)->dist_m = i * 4;
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_POSITIONS);
    CHECK_NEAR(m.dist_m, 1800, 0.01);
    CHECK_NEAR(m.device_dist_m, 2400, 1e-6);
    CHECK(finding(&m, "device_distance_off") != NULL);
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_arena_release(&r.a);
}

TEST(a_device_that_goes_back_does_not_count)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++)
        add(&r, i ? 3 : 0, i ? 1000 : 0)->dist_m = (i % 301) * 3;
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_POSITIONS);
    CHECK_NEAR(m.dist_m, 1800, 0.01);
    es_arena_release(&r.a);
}

TEST(a_treadmill_has_a_distance_without_positions)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++) {
        struct es_point *p = add(&r, 0, i ? 1000 : 0);
        p->lat_deg = p->lon_deg = NAN;
        p->dist_m = i * 2.5;
    }
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_DEVICE);
    CHECK_NEAR(m.dist_m, 1500, 1e-6);
    CHECK_INT(m.points, 0);
    CHECK_INT(m.n_splits, 2);
    CHECK(!m.bests[0].verified);
    es_arena_release(&r.a);
}

TEST(standing_is_not_moving)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 300, 3);
    go(&r, 100, 0);
    go(&r, 300, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.elapsed_s, 700, 0);
    CHECK_NEAR(m.moving_s, 600, 10);
    es_arena_release(&r.a);
}

TEST(a_pause_is_neither_timer_nor_metres)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 300, 3);
    add(&r, 500, 600000)->flags = ES_PT_RESUME;
    go(&r, 300, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.dist_m, 1800, 0.01);
    CHECK_NEAR(m.raw_dist_m, 2300, 0.001);
    CHECK_NEAR(m.elapsed_s, 1200, 0);
    CHECK_NEAR(m.timer_s, 600, 0);
    CHECK_NEAR(m.moving_s, 600, 11);
    es_arena_release(&r.a);
}

TEST(segments_are_apart_unless_they_touch)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 100, 3);
    add(&r, 3, 1000)->flags = ES_PT_SEGMENT; /* a lap's new track */
    go(&r, 100, 3);
    add(&r, 400, 300000)->flags = ES_PT_SEGMENT; /* another place */
    go(&r, 100, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.raw_dist_m, 900, 0.001);
    CHECK_NEAR(m.dist_m, 903, 0.01);
    es_arena_release(&r.a);
}

TEST(spikes_are_not_run)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 200, 3);
    add(&r, 3, 1000)->lat_deg = 0.0009; /* 100 m to the side */
    go(&r, 200, 3);
    struct es_measure m = measured(&r);
    CHECK(m.raw_dist_m > 1390);
    CHECK_NEAR(m.dist_m, 1203, 0.01);
    CHECK_INT(m.n_findings, 0);
    es_arena_release(&r.a);
}

TEST(a_jump_is_cut_and_no_effort_spans_it)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 300, 3);
    add(&r, 2000, 60000);
    go(&r, 300, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.dist_m, 1800, 0.01);
    const struct es_finding *f = finding(&m, "jump");
    CHECK(f && f->effect == ES_CUT);
    CHECK_NEAR(f->value, 2000, 0.01);
    CHECK_NEAR(f->from_s, 300, 0);
    CHECK_NEAR(f->to_s, 360, 0);
    CHECK_INT(m.n_bests, 1); /* 900 m on each side: no kilometre */
    CHECK_NEAR(m.bests[0].time_s, 400 / 3.0, 0.01);
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_arena_release(&r.a);
}

TEST(no_human_is_that_fast)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 200, 3);
    go(&r, 130, 8); /* a kilometre in 125 s */
    struct es_measure m = measured(&r);
    const struct es_finding *f = finding(&m, "too_fast");
    CHECK(f && f->effect == ES_REVIEW);
    /* the stretch that is the most beyond: all of it, and it is over 1 km */
    CHECK_NEAR(f->value, 128, 4);
    CHECK_NEAR(f->limit, es_human_time_s(f->value * 8) / 1.03, 1);
    CHECK_NEAR(f->to_s - f->from_s, f->value, 1e-6);
    CHECK(finding(&m, "top_speed") == NULL);
    CHECK(finding(&m, "left_out") == NULL); /* the rest is too little */
    CHECK_STR(es_measure_verdict(&m), "review");

    r.tr.sport = ES_SPORT_CYCLING;
    m = measured(&r);
    CHECK_INT(m.n_findings, 0);
    es_arena_release(&r.a);
}

TEST(a_car_for_a_while)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 300, 3);
    go(&r, 60, 14);
    go(&r, 300, 3);
    struct es_measure m = measured(&r);
    const struct es_finding *f = finding(&m, "left_out");
    CHECK(f && f->effect == ES_CUT);
    CHECK_NEAR(f->value, 840, 60);
    CHECK_NEAR(f->from_s, 300, 10);
    CHECK_NEAR(f->to_s, 360, 10);
    CHECK_NEAR(m.dist_m, 2640 - f->value, 3);
    CHECK_NEAR(m.bests[0].time_s, 400 / 3., 4);
    CHECK_STR(m.bests[m.n_bests - 1].name, "400m"); /* no kilometre is left */
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_arena_release(&r.a);
}

/* A tunnel: the device counts nothing for 40 s and then all at once. */
TEST(what_is_caught_up_was_not_sprinted)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++) {
        bool tunnel = i > 200 && i <= 300;
        struct es_point *p = add(&r, i ? 4 : 0, i ? 1000 : 0);
        p->dist_m = tunnel ? 800 : i * 4;
        if (tunnel)
            p->lat_deg = p->lon_deg = NAN;
    }
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_DEVICE);
    CHECK_NEAR(m.dist_m, 2400, 1e-6);
    CHECK_NEAR(m.bests[0].time_s, 100, 1);
    CHECK_NEAR(m.moving_s, 600, 1);
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_arena_release(&r.a);
}

TEST(a_clock_that_leaps_for_a_while)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 100, 3);
    add(&r, 3, 86400000);
    go(&r, 20, 3);
    add(&r, 3, -86400000);
    go(&r, 100, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.elapsed_s, 221, 1);
    CHECK_NEAR(m.moving_s, 221, 1);
    CHECK_NEAR(m.dist_m, 666, 0.1);
    es_arena_release(&r.a);
}

/* The first sample says 1.5 km after ten minutes: found by fuzzing. */
TEST(a_device_that_begins_late)
{
    struct run r = run_new();
    r.tr.started_ms = START - 600000;
    r.tr.device_dist_m = 2400;
    for (int i = 0; i <= 300; i++) {
        struct es_point *p = add(&r, 0, i ? 1000 : 0);
        p->lat_deg = p->lon_deg = NAN;
        p->dist_m = 1500 + i * 3;
    }
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.dist_m, 2400, 1e-6);
    CHECK_INT(m.n_splits, 3);
    CHECK_NEAR(m.splits[0].time_s, 400, 1e-6);
    CHECK_NEAR(m.splits[0].time_s + m.splits[1].time_s + m.splits[2].time_s,
               900, 1e-6);
    es_arena_release(&r.a);
}

TEST(what_a_decoder_doubts_is_looked_at)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 100, 3);
    es_track_warn(&r.tr, &r.a, "truncated", 7, "only said");
    struct es_measure m = measured(&r);
    CHECK_STR(es_measure_verdict(&m), "ok");
    es_track_warn(&r.tr, &r.a, "damaged", 7, "told once");
    es_track_warn(&r.tr, &r.a, "repeated", 7, "told too");
    m = measured(&r);
    CHECK_INT(m.n_findings, 2);
    CHECK_INT(finding(&m, "damaged")->effect, ES_NOTE);
    CHECK_INT(finding(&m, "repeated")->effect, ES_NOTE);
    es_track_warn(&r.tr, &r.a, "bad_checksum", 7, "and doubted");
    m = measured(&r);
    CHECK(finding(&m, "bad_checksum") != NULL);
    CHECK_STR(es_measure_verdict(&m), "review");
    es_arena_release(&r.a);

    r = run_new();
    r.tr.started_ms = START;
    r.tr.device_dist_m = 42195;
    m = measured(&r);
    CHECK(finding(&m, "no_samples") != NULL);
    CHECK_STR(es_measure_verdict(&m), "review");
    es_arena_release(&r.a);
}

TEST(metres_that_no_position_shows)
{
    struct run r = run_new();
    for (int i = 0; i <= 1000; i++) {
        struct es_point *p = add(&r, i ? 3 : 0, i ? 1000 : 0);
        p->dist_m = i * 3;
        if (i > 100)
            p->lat_deg = p->lon_deg = NAN;
    }
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.dist_m, 3000, 1e-6);
    const struct es_finding *f = finding(&m, "few_positions");
    CHECK(f && f->effect == ES_NOTE);
    CHECK_NEAR(f->value, 300, 1);
    CHECK(!m.bests[0].verified);
    es_arena_release(&r.a);
}

TEST(clocks)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 200, 3);
    add(&r, 3, -100000);
    go(&r, 200, 3);
    struct es_measure m = measured(&r);
    CHECK(finding(&m, "time_backwards") == NULL); /* one in 402 */
    CHECK_NEAR(m.dist_m, 1203, 0.01);
    for (int i = 0; i < 10; i++) {
        add(&r, 3, -5000);
        go(&r, 5, 3);
    }
    m = measured(&r);
    CHECK(finding(&m, "time_backwards") != NULL);
    CHECK_STR(es_measure_verdict(&m), "review");
    es_arena_release(&r.a);

    r = run_new();
    for (int i = 0; i < 100; i++)
        add(&r, 3, 0)->t_ms = ES_NO_TIME;
    m = measured(&r);
    CHECK(finding(&m, "no_times") != NULL);
    CHECK(m.started_ms == ES_NO_TIME);
    CHECK(isnan(m.elapsed_s) && isnan(m.timer_s) && isnan(m.moving_s));
    CHECK_NEAR(m.dist_m, 297, 0.01);
    CHECK_INT(m.n_splits, 0);
    es_arena_release(&r.a);
}

TEST(nothing_at_all)
{
    struct run r = run_new();
    struct es_measure m = measured(&r);
    CHECK_INT(m.dist_source, ES_DIST_NONE);
    CHECK(isnan(m.dist_m) && isnan(m.elapsed_s));
    CHECK(finding(&m, "no_distance") != NULL);
    es_arena_release(&r.a);
}

/* Up 50 m and down 50 m, in steps of a barometer's 0.2 m. */
TEST(hills)
{
    struct run r = run_new();
    for (int i = 0; i <= 2000; i++) {
        double y = 50 - fabs(i - 1000.0) * 0.05;
        add(&r, i ? 3 : 0, i ? 1000 : 0)->alt_m =
            (float)(floor(y * 5) / 5 + (i % 3 ? 0 : 0.2));
    }
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.gain_m, 50, 1);
    CHECK_NEAR(m.loss_m, 50, 1);
    es_arena_release(&r.a);
}

TEST(a_run_over_its_distance)
{
    struct run r = run_new();
    for (int i = 0; i <= 1000; i++) {
        struct es_point *p = add(&r, i ? 3 : 0, i ? 1000 : 0);
        p->alt_m = i >= 200 && i <= 600 ? (float)(100 + i * 0.06) : NAN;
    }
    add(&r, 0, 60000)->alt_m = NAN; /* stands for a minute */
    go(&r, 1000, 3);
    struct es_measure m = measured(&r);
    CHECK_INT(m.series.n, ES_SERIES_MAX);
    double step = m.dist_m / (ES_SERIES_MAX - 1);
    CHECK_NEAR(m.series.time_s[0], 0, 1e-9);
    CHECK_NEAR(m.series.time_s[ES_SERIES_MAX - 1], 2060, 1e-6);
    for (size_t i = 0; i < m.series.n; i++) {
        double d = step * (double)i;
        if (d <= 3000)
            CHECK_NEAR(m.series.time_s[i], d / 3, 0.002);
        else
            CHECK_NEAR(m.series.time_s[i], d / 3 + 60, 0.05);
        if (d >= 600 && d <= 1800)
            CHECK_NEAR(m.series.alt_m[i], 100 + d * 0.02, 0.5);
        else if (d < 399 || d > 2001)
            CHECK(isnan(m.series.alt_m[i]));
    }
    es_arena_release(&r.a);
}

TEST(a_series_tells_speed_and_slope)
{
    struct run r = run_new();
    for (int i = 0; i <= 1000; i++)
        add(&r, i ? 3 : 0, i ? 1000 : 0)->alt_m =
            (float)(i <= 500 ? 100 + i * 0.15 : 175);
    struct es_measure m = measured(&r);
    double mps[ES_SERIES_MAX], slope[ES_SERIES_MAX];
    es_series_speed(&m.series, m.dist_m, mps);
    es_series_slope(&m.series, m.dist_m, slope);
    for (size_t i = 0; i + 1 < m.series.n; i++) {
        double d = m.dist_m * (double)i / (double)(m.series.n - 1);
        CHECK_NEAR(mps[i], 3, 0.01);
        if (d > 50 && d < 1400)
            CHECK_NEAR(slope[i], 0.05, 0.002);
        if (d > 1600 && d < 2900)
            CHECK_NEAR(slope[i], 0, 0.002);
    }
    es_arena_release(&r.a);
}

/* A sample every 8 s, up and down by a tenth of a metre a metre. */
TEST(sparse_heights_of_a_barometer)
{
    struct run r = run_new();
    uint64_t seed = 3;
    for (int i = 0; i <= 250; i++) {
        double y = 120 - fabs(i - 125.0) * 0.8;
        add(&r, i ? 24 : 0, i ? 8000 : 0)->alt_m =
            (float)(floor(y * 5 + 0.5) / 5);
    }
    struct es_measure m = measured(&r);
    CHECK_INT(m.elevation_source, ES_ELEVATION_BAROMETER);
    CHECK_NEAR(m.gain_m, 100, 2);
    for (size_t i = 0; i < r.tr.n; i++)
        r.tr.pts[i].alt_m += (float)(prng(&seed) % 100) / 25;
    m = measured(&r);
    CHECK_INT(m.elevation_source, ES_ELEVATION_SATELLITES);
    es_arena_release(&r.a);
}

/* The watch counts what the rule allows and no more. */
TEST(a_device_counts_as_far_as_it_agrees)
{
    for (int off = -6; off <= 6; off++) {
        struct run r = run_new();
        for (int i = 0; i <= 900; i++)
            add(&r, i ? 3 : 0, i ? 1000 : 0)->dist_m =
                i * 3 * (1 + off / 100.0);
        struct es_measure m = measured(&r);
        bool device = abs(off) <= 2 && fabs(log(1 + off / 100.0)) <= 0.02;
        CHECK_INT(m.dist_source, device ? ES_DIST_DEVICE : ES_DIST_POSITIONS);
        CHECK_STR(es_dist_why_name(m.dist_why), device ? "agrees" : "differs");
        CHECK_NEAR(m.dist_m, device ? 2700 * (1 + off / 100.0) : 2700, 0.1);
        es_arena_release(&r.a);
    }
}

/* Speeds alone: they count where the positions agree. */
TEST(speeds_are_held_against_the_positions)
{
    for (int off = 0; off <= 10; off += 10) {
        struct run r = run_new();
        for (int i = 0; i <= 900; i++)
            add(&r, i ? 3 : 0, i ? 1000 : 0)->speed_mps =
                3.03F * (float)(100 + off) / 100;
        struct es_measure m = measured(&r);
        CHECK_STR(es_dist_why_name(m.dist_why), off ? "differs" : "speed");
        CHECK_NEAR(m.dist_m, off ? 2700 : 2727, 0.1);
        es_arena_release(&r.a);
    }
}

TEST(laps_and_miles)
{
    struct run r = run_new();
    struct es_lap laps[3] = { 0 };
    for (int i = 0; i <= 1200; i++)
        add(&r, i ? 3 : 0, i ? 1000 : 0)->hr_bpm = i < 400 ? 120 : 150;
    for (int i = 0; i < 3; i++)
        laps[i].start_ms = START + i * 400000;
    r.tr.laps = laps;
    r.tr.n_laps = 3;
    struct es_measure m = measured(&r);
    CHECK_INT(m.n_lap, 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK_NEAR(m.lap[i].start_s, 400 * (double)i, 1e-9);
        CHECK_NEAR(m.lap[i].dist_m, 1200, 0.1);
        CHECK_NEAR(m.lap[i].time_s, 400, 1e-9);
        CHECK_NEAR(m.lap[i].hr_bpm, i == 0 ? 120 : 150, 0.1);
    }
    CHECK_NEAR(m.hr_bpm, 140, 0.1);
    CHECK_INT(m.n_miles, 3);
    CHECK_NEAR(m.miles[0].time_s, 1609.344 / 3, 0.1);
    CHECK_NEAR(m.miles[2].dist_m, 3600 - 2 * 1609.344, 0.1);
    es_arena_release(&r.a);
}

/* A tunnel of a minute: bridged at the pace around it. */
TEST(what_a_gap_hides_is_bridged)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 300, 3);
    add(&r, 170, 60000);
    go(&r, 300, 3);
    struct es_measure m = measured(&r);
    CHECK_NEAR(m.gap_s, 60, 1e-9);
    CHECK_NEAR(m.gap_m, 180, 1);
    CHECK_NEAR(m.dist_m, 1980, 1);
    es_arena_release(&r.a);
}

TEST(a_short_run_has_few_samples)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 35, 1);
    struct es_measure m = measured(&r);
    CHECK_INT(m.series.n, 4);
    CHECK_NEAR(m.series.time_s[3], 35, 1e-6);
    CHECK(isnan(m.series.alt_m[0]));
    es_arena_release(&r.a);
    r = run_new();
    CHECK_INT(measured(&r).series.n, 0);
    es_arena_release(&r.a);
}

static double time_of(const struct es_stream *s, double d)
{
    size_t i = 0;
    while (i + 2 < s->n && s->d_m[i + 1] < d)
        i++;
    double f = (d - s->d_m[i]) / (s->d_m[i + 1] - s->d_m[i]);
    return s->t_s[i] + f * (s->t_s[i + 1] - s->t_s[i]);
}

/* Against the definition, tried at every metre. */
TEST(best_efforts_are_least)
{
    enum { N = 400 };
    uint64_t seed = 20260825;
    for (int round = 0; round < 20; round++) {
        double t[N], d[N];
        uint32_t cuts[N] = { 0 };
        uint8_t paused[N] = { 0 };
        struct es_stream s = { t, d, cuts, paused, N };
        for (size_t i = 0; i < N; i++) {
            t[i] = i ? t[i - 1] + 1 + (double)(prng(&seed) % 4) : 0;
            d[i] = i ? d[i - 1] + 0.5 + (double)(prng(&seed) % 80) / 10 : 0;
        }
        struct es_measure m = { 0 };
        struct es_ways w = { 0 };
        es_bests_of(&s, &w, false, &m);
        CHECK(m.n_bests >= 2);
        for (size_t b = 0; b < m.n_bests; b++) {
            double least = INFINITY, len = m.bests[b].dist_m;
            for (double a = 0; a + len <= d[N - 1]; a += 1)
                least = fmin(least, time_of(&s, a + len) - time_of(&s, a));
            CHECK(m.bests[b].time_s <= least + 1e-9);
            CHECK(m.bests[b].time_s >= least - 3);
        }
    }
}

TEST(a_box_over_the_date_line)
{
    struct es_geo_point v[] = { { -17, 179.9, true },
                                { -17.2, -179.8, false },
                                { -16.9, 179.7, false } };
    struct es_course r = { v, 0 };
    struct es_box box;
    CHECK(!es_course_box(&r, &box));
    r.n = 3;
    CHECK(es_course_box(&r, &box));
    CHECK_NEAR(box.west_deg, 179.7, 1e-9);
    CHECK_NEAR(box.east_deg, -179.8, 1e-9);
    CHECK_NEAR(box.south_deg, -17.2, 0);
    CHECK_NEAR(box.north_deg, -16.9, 0);
}

TEST(human_records_rise)
{
    double last = 0;
    for (double d = 50; d < 400000; d *= 1.01) {
        double t = es_human_time_s(d);
        CHECK(t > last);
        last = t;
    }
    CHECK_NEAR(es_human_time_s(5000), 755.36, 1e-6);
    CHECK_NEAR(es_human_speed_mps(755.36), 5000 / 755.36, 1e-6);
}

TEST(measuring_stays_within_its_memory)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 30000, 3);
    struct es_arena a;
    struct es_measure m;
    es_arena_init(&a, r.tr.n * ES_MEASURE_POINT + ES_MEASURE_FLOOR);
    CHECK_INT(es_measure(&r.tr, ES_FORMAT_FIT, &a, &m, NULL), ES_OK);
    es_arena_release(&a);
    es_arena_release(&r.a);
}

TEST(too_little_memory_is_said)
{
    struct run r = run_new();
    add(&r, 0, 0);
    go(&r, 500, 3);
    size_t refused = 0;
    for (size_t max = 0; max < 100000; max += 1000) {
        struct es_arena a;
        struct es_measure m = { .records = 77 };
        es_arena_init(&a, max);
        enum es_code rc = es_measure(&r.tr, ES_FORMAT_FIT, &a, &m, NULL);
        CHECK(rc == ES_OK || (rc == ES_ENOMEM && m.records == 77));
        refused += rc != ES_OK;
        es_arena_release(&a);
    }
    CHECK(refused > 20 && refused < 100);
    es_arena_release(&r.a);
}
