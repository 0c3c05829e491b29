/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured is of what counts, all of it, and agrees with itself. */
#include <math.h>
#include <string.h>

#include "t.h"
#include "track/measure.h"
#include "track/wire.h"

static const int64_t START = 1756101900000;
enum { MAX = 8000 };
static const double M_PER_DEG = 6378137.0 * 3.14159265358979323846 / 180;

struct run {
    struct es_arena a;
    struct es_track tr;
    double x_m;
    int64_t t_ms;
};

static struct run run_new(void)
{
    struct run r = { .t_ms = START };
    es_arena_init(&r.a, 32u << 20);
    r.tr = es_track_none();
    r.tr.sport = ES_SPORT_RUNNING;
    r.tr.sub_sport = 58; /* a virtual world: nowhere else is it so even */
    r.tr.pts = es_arena_array(&r.a, MAX, sizeof *r.tr.pts);
    r.tr.laps = es_arena_array(&r.a, 64, sizeof *r.tr.laps);
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

static void lap_at(struct run *r, int64_t start_ms)
{
    r->tr.laps[r->tr.n_laps++] = (struct es_lap){ start_ms, NAN, NAN, NAN };
}

/* n seconds at mps, rising by up_m each second from alt_m on. */
static double go(struct run *r, size_t n, double mps, double alt_m, double up_m,
                 uint8_t bpm)
{
    for (size_t i = 0; i < n; i++) {
        struct es_point *p = add(r, mps, 1000);
        alt_m += up_m;
        p->alt_m = (float)alt_m;
        p->hr_bpm = bpm;
    }
    return alt_m;
}

static double sum_s(const struct es_split *v, size_t n, double *dist_m)
{
    double t = 0;
    *dist_m = 0;
    for (size_t i = 0; i < n; i++) {
        CHECK(v[i].time_s > 0);
        CHECK(v[i].dist_m > 0);
        t += v[i].time_s;
        *dist_m += v[i].dist_m;
    }
    return t;
}

static void check_laps(const struct es_measure *m, double slack_s)
{
    double t = 0, d = 0, last_s = 0;
    for (size_t i = 0; i < m->n_lap; i++) {
        CHECK(m->lap[i].start_s >= last_s);
        CHECK(m->lap[i].time_s >= 0 && m->lap[i].dist_m >= 0);
        last_s = m->lap[i].start_s;
        t += m->lap[i].time_s;
        d += m->lap[i].dist_m;
    }
    if (m->n_lap == 0 || m->lap[0].start_s > 0)
        return;
    CHECK_NEAR(d, m->dist_m, 1e-6 * m->dist_m);
    CHECK_NEAR(t, m->counted_s, slack_s);
}

/* Whatever the run is: slack_s is the time that its samples don't show. */
static void check_whole(const struct es_measure *m, double slack_s)
{
    double d;
    CHECK(!(m->counted_timer_s > m->counted_s));
    CHECK(!(m->counted_s > fmax(m->elapsed_s, m->timer_s)));
    CHECK(!(m->counted_timer_s > m->timer_s));
    CHECK(!(m->moving_s > m->counted_s));
    check_laps(m, slack_s);
    if (m->n_splits > 0) {
        CHECK_NEAR(sum_s(m->splits, m->n_splits, &d), m->counted_s, slack_s);
        CHECK_NEAR(d, m->dist_m, 1e-6 * m->dist_m);
        CHECK_NEAR(sum_s(m->miles, m->n_miles, &d), m->counted_s, slack_s);
        CHECK_NEAR(d, m->dist_m, 1e-6 * m->dist_m);
    }
    if (m->series.n > 0)
        CHECK_NEAR(m->series.time_s[m->series.n - 1], m->counted_s, slack_s);
    for (size_t i = 0; i < m->n_bests; i++)
        CHECK(m->bests[i].time_s <= m->counted_s + 1e-6);
}

static struct es_measure measured(struct run *r, double slack_s)
{
    struct es_measure m, back;
    struct es_err e = { 0 };
    struct es_buf b;
    struct es_rd rd;
    CHECK_INT(es_measure(&r->tr, ES_FORMAT_FIT, &r->a, &m, &e), ES_OK);
    check_whole(&m, slack_s);
    es_buf_init(&b, 1 << 20);
    es_measure_put(&b, &m);
    es_rd_init(&rd, es_buf_bytes(&b));
    if (es_measure_get(&rd, &r->a, &back, &e) != ES_OK)
        FAIL("%s", e.msg);
    if (!isnan(m.counted_s))
        CHECK_NEAR(back.counted_s, m.counted_s, 0);
    if (!isnan(m.counted_timer_s))
        CHECK_NEAR(back.counted_timer_s, m.counted_timer_s, 0);
    es_buf_release(&b);
    return m;
}

static bool found(const struct es_measure *m, const char *code)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (strcmp(m->findings[i].code, code) == 0)
            return true;
    return false;
}

/* A lift up a hill in the middle of a flat run. */
TEST(a_ride_takes_its_time_and_climb_along)
{
    struct run r = run_new();
    add(&r, 0, 0)->alt_m = 100;
    lap_at(&r, START);
    double up = go(&r, 1000, 3, 100, 0, 140);
    lap_at(&r, r.t_ms); /* all of the ride */
    up = go(&r, 200, 15, up, 1, 80);
    lap_at(&r, r.t_ms);
    (void)go(&r, 1000, 3, up, 0, 140);
    struct es_measure m = measured(&r, 1e-6);
    CHECK(found(&m, "left_out"));
    CHECK_NEAR(m.dist_m, 6000, 200);
    CHECK_NEAR(m.elapsed_s, 2200, 0);
    CHECK_NEAR(m.timer_s, 2200, 0);
    CHECK_NEAR(m.counted_s, 2000, 10);
    CHECK_NEAR(m.counted_timer_s, m.counted_s, 0);
    CHECK_NEAR(m.moving_s, 2000, 20);
    CHECK_NEAR(m.hr_bpm, 140, 1);
    CHECK_NEAR(m.gain_m, 0, 10); /* not 200 */
    CHECK_INT(m.n_lap, 3);
    CHECK_NEAR(m.lap[1].time_s, 0, 10);
    CHECK_NEAR(m.lap[2].start_s, 1000, 10);
    CHECK_NEAR(m.lap[2].dist_m, 3000, 100);
    CHECK_NEAR(m.lap[0].gain_m, 0, 5);
    CHECK_NEAR(m.lap[2].gain_m, 0, 5);
    CHECK_NEAR(m.splits[4].time_s, 1000 / 3., 10);
    /* the valley before, the hill behind: nothing in between */
    size_t half = m.series.n / 2;
    CHECK_NEAR(m.series.alt_m[half - 4], 100, 6);
    CHECK_NEAR(m.series.alt_m[half + 4], 300, 6);
    es_arena_release(&r.a);
}

/* A pause within the ride goes once. */
TEST(a_pause_within_a_ride_goes_once)
{
    struct run r = run_new();
    add(&r, 0, 0);
    (void)go(&r, 1000, 3, 0, 0, 0);
    (void)go(&r, 100, 15, 0, 0, 0);
    add(&r, 10, 60000)->flags = ES_PT_RESUME;
    (void)go(&r, 100, 15, 0, 0, 0);
    (void)go(&r, 500, 3, 0, 0, 0);
    add(&r, 3, 40000)->flags = ES_PT_RESUME;
    (void)go(&r, 500, 3, 0, 0, 0);
    struct es_measure m = measured(&r, 1e-6);
    CHECK(found(&m, "left_out"));
    CHECK_NEAR(m.elapsed_s, 2300, 0);
    CHECK_NEAR(m.timer_s, 2200, 0);
    CHECK_NEAR(m.counted_s, 2040, 10);
    CHECK_NEAR(m.counted_timer_s, m.counted_s - 40, 1e-6);
    es_arena_release(&r.a);
}

static uint64_t prng(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

/* Runs with any number of rides, pauses, laps and with any summary. */
TEST(what_is_measured_agrees_with_itself)
{
    uint64_t seed = 20261122;
    size_t cut = 0;
    for (int round = 0; round < 150; round++) {
        struct run r = run_new();
        add(&r, 0, 0);
        lap_at(&r, START - (int64_t)(prng(&seed) % 3) * 2000);
        for (size_t leg = 1 + prng(&seed) % 5; leg > 0; leg--) {
            (void)go(&r, 400 + prng(&seed) % 400,
                     2 + (double)(prng(&seed) % 30) / 10, 0, 0.05, 120);
            if (prng(&seed) % 2)
                lap_at(&r, r.t_ms);
            if (prng(&seed) % 2)
                (void)go(&r, 60 + prng(&seed) % 60,
                         13 + (double)(prng(&seed) % 9), 0, 0.1, 90);
            if (prng(&seed) % 3 == 0)
                lap_at(&r, r.t_ms);
            if (prng(&seed) % 3 == 0)
                add(&r, 5, 1000 * (int64_t)(20 + prng(&seed) % 99))->flags =
                    ES_PT_RESUME;
        }
        (void)go(&r, 30, 3, 0, 0, 120); /* nobody stands at the end */
        double span = (double)(r.t_ms - START) / 1000;
        double off[] = { 0, 0, 0.7, 40, 5000 };
        if (prng(&seed) % 2)
            r.tr.timer_s = span + off[prng(&seed) % 5];
        struct es_measure m = measured(&r, 5001);
        if (isnan(r.tr.timer_s) || r.tr.timer_s <= span)
            check_whole(&m, 1e-6);
        cut += found(&m, "left_out");
        es_arena_release(&r.a);
    }
    CHECK(cut > 20);
}

/* Two against one, else the longer one. */
TEST(a_timer_runs_no_longer_than_the_clock)
{
    static const struct {
        double elapsed_s, timer_s, want_elapsed_s, want_timer_s;
    } CASES[] = {
        { NAN, 400, 400, 400 }, /* a lap before the first sample */
        { 60, 310, 310, 310 },  /* the summary's clock stood still */
        { 300, 300.7, 300.7, 300.7 },
        { 300, 4000, 300, 300 }, /* the samples say 300 too */
        { 300, 290, 300, 290 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct run r = run_new();
        add(&r, 0, 0);
        (void)go(&r, 300, 3, 0, 0, 0);
        r.tr.elapsed_s = CASES[i].elapsed_s;
        r.tr.timer_s = CASES[i].timer_s;
        struct es_measure m = measured(&r, 300);
        CHECK_NEAR(m.counted_s, CASES[i].want_elapsed_s, 0);
        CHECK_NEAR(m.counted_timer_s, CASES[i].want_timer_s, 0);
        if (!isnan(CASES[i].elapsed_s))
            CHECK_NEAR(m.elapsed_s, CASES[i].elapsed_s, 0);
        CHECK_NEAR(m.timer_s, CASES[i].timer_s, 0);
        es_arena_release(&r.a);
    }
}

/* A clock that stood for most of the way says nothing of its kilometres. */
TEST(no_kilometre_takes_no_time)
{
    struct run r = run_new();
    r.tr.sport = ES_SPORT_CYCLING;
    for (int i = 0; i < 47; i++)
        add(&r, i ? 500 : 0, 0)->dist_m = i * 500;
    add(&r, 5000, 3600000)->dist_m = 28000;
    struct es_measure m = measured(&r, 1e-6);
    CHECK_NEAR(m.dist_m, 28000, 50);
    CHECK_INT(m.n_splits, 0);
    CHECK_INT(m.n_miles, 0);
    CHECK_INT(m.series.n, 0);
    es_arena_release(&r.a);
}

/* Laps of before the first sample, as where reception came late: the last of
 * them begins with the run, and has what was counted till then. */
TEST(laps_begin_with_the_run)
{
    struct run r = run_new();
    for (int i = 0; i <= 600; i++) {
        struct es_point *p = add(&r, i ? 3 : 0, i ? 1000 : 0);
        p->dist_m = 40 + i * 3;
    }
    lap_at(&r, START - 186000);
    lap_at(&r, START - 89000);
    lap_at(&r, START - 13000);
    lap_at(&r, START + 300000);
    struct es_measure m = measured(&r, 1e-6);
    CHECK_INT(m.laps, 4);
    CHECK_INT(m.n_lap, 2);
    CHECK_NEAR(m.lap[0].start_s, 0, 0);
    CHECK_NEAR(m.lap[0].time_s, 300, 1e-6);
    CHECK_NEAR(m.lap[0].dist_m, 940, 1e-6);
    CHECK_NEAR(m.lap[1].dist_m, 900, 1e-6);
    es_arena_release(&r.a);
}
