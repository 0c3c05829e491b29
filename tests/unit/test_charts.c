/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "t.h"
#include "web/charts.h"

enum { N = 201 };

/* A run of 10 km at 5:00 /km, its middle fifth at half the speed. */
struct sample {
    double time_s[N], alt_m[N];
    struct es_arena a;
    struct es_chart_run r;
};

static struct es_chart_run *sample(struct sample *s)
{
    double t = 0;
    for (int i = 0; i < N; i++) {
        s->time_s[i] = t;
        s->alt_m[i] = 100 + 40 * sin(i / 20.0);
        t += i >= 80 && i < 120 ? 30 : 15;
    }
    es_arena_init(&s->a, 1 << 20);
    s->r =
        (struct es_chart_run){ s->time_s, s->alt_m, N, 10000, 1000, 1, &s->a };
    return &s->r;
}

/* Even ticks within the chart, each further on than the one before. */
static void check_ticks(const struct es_view_tick *t, size_t n, int64_t last)
{
    CHECK(n >= 2 && n <= ES_TICKS_MAX);
    CHECK_INT(t[0].at, 0);
    CHECK_INT(t[n - 1].at, last);
    for (size_t i = 1; i < n; i++)
        CHECK(t[i].at > t[i - 1].at);
}

TEST(pace_is_drawn_fast_above)
{
    struct sample s;
    struct es_view_line l = es_chart_pace(sample(&s));
    CHECK_INT(l.n, N);
    check_ticks(l.ys, l.n_ys, 1000);
    check_ticks(l.xs, l.n_xs, 1000);
    CHECK(l.ys[0].v <= 300000 && l.ys[l.n_ys - 1].v >= 600000);
    CHECK(l.ys[0].v < l.ys[1].v);
    CHECK_INT(l.least, 300000);
    CHECK_INT(l.most, 600000);
    CHECK(l.v[20].y < l.v[100].y);
    CHECK(l.mean_at > l.v[20].y && l.mean_at < l.v[100].y);
    CHECK(l.v[0].piece && !l.v[1].piece);
    CHECK_INT(l.v[0].x, 0);
    CHECK_INT(l.v[N - 1].x, 1000);
    es_arena_release(&s.a);
}

/* A stop of an hour leaves the rest of the run to be read. */
TEST(a_stop_does_not_flatten_a_run)
{
    struct sample s;
    struct es_chart_run *r = sample(&s);
    for (int i = 0; i < N; i++)
        s.time_s[i] = i * 15 + (i > 100 ? 3600 : 0);
    struct es_view_line l = es_chart_pace(r);
    CHECK(l.most < 1400000);
    CHECK_INT(l.v[100].y, 1000);
    es_arena_release(&s.a);
}

TEST(an_even_run_looks_even)
{
    struct sample s;
    struct es_chart_run *r = sample(&s);
    for (int i = 0; i < N; i++) {
        s.time_s[i] = i * 15 + 0.1 * (i % 2);
        s.alt_m[i] = 12 + 0.3 * (i % 2);
    }
    struct es_view_line l = es_chart_pace(r), h = es_chart_heights(r);
    for (size_t i = 1; i < l.n; i++) {
        CHECK(abs(l.v[i].y - l.v[i - 1].y) < 50);
        CHECK(abs(h.v[i].y - h.v[i - 1].y) < 50);
    }
    CHECK(h.ys[0].v - h.ys[h.n_ys - 1].v >= 20000);
    es_arena_release(&s.a);
}

TEST(heights_have_gaps_and_may_be_hidden)
{
    struct sample s;
    struct es_chart_run *r = sample(&s);
    size_t n;
    for (int i = 50; i < 60; i++)
        s.alt_m[i] = NAN;
    struct es_view_line h = es_chart_heights(r);
    CHECK_INT(h.n, N - 10);
    CHECK(h.v[0].piece && !h.v[49].piece && h.v[50].piece);
    CHECK_INT(h.v[50].x, 300);
    CHECK(h.ys[0].v > h.ys[1].v);
    r->alt_m = NULL;
    const struct es_view_stretch *v = es_chart_stretches(r, &n);
    CHECK(n > 1);
    for (size_t i = 0; i < n; i++)
        CHECK(isnan(v[i].alt_m));
    es_arena_release(&s.a);
}

TEST(stretches_add_up)
{
    struct sample s;
    struct es_chart_run *r = sample(&s);
    size_t n;
    r->dist_m = 10040; /* ends a little after a tick */
    const struct es_view_stretch *v = es_chart_stretches(r, &n);
    int64_t mm = 0, ms = 0;
    CHECK(n >= 2 && n <= ES_STRETCHES);
    for (size_t i = 0; i < n; i++) {
        mm += v[i].dist_mm;
        ms += v[i].time_ms;
        CHECK_INT(v[i].upto_mm, mm);
        CHECK_INT(v[i].so_far_ms, ms);
    }
    CHECK_INT(mm, 10040000);
    CHECK_INT(ms, (int64_t)(s.time_s[N - 1] * 1000));
    es_arena_release(&s.a);
}

TEST(miles_are_cut_from_the_series)
{
    struct sample s;
    struct es_chart_run *r = sample(&s);
    size_t n;
    r->unit_m = 1609.344;
    struct es_view_split *v = es_chart_cut(r, &n);
    CHECK_INT(n, 7);
    CHECK_INT(v[0].dist_mm, 1609344);
    CHECK_NEAR((double)v[0].time_ms, 1609.344 * 300, 2);
    es_chart_compare(v, n);
    CHECK_INT(v[6].upto_mm, 10000000);
    CHECK_INT(v[6].dist_mm, 10000000 - 6 * 1609344);
    es_arena_release(&s.a);
}

/* The baseline of the bars is the mean: what is faster goes towards the end,
 * by as much as it differs. */
TEST(splits_are_compared_with_the_mean)
{
    struct es_view_split v[] = {
        { .dist_mm = 1000000, .time_ms = 290000 },
        { .dist_mm = 1000000, .time_ms = 300000 },
        { .dist_mm = 1000000, .time_ms = 330000 },
        { .dist_mm = 10000, .time_ms = 1000 }, /* a tail, as fast as nobody */
    };
    es_chart_compare(v, 4);
    CHECK(v[0].fastest && !v[1].fastest && !v[3].fastest);
    CHECK(v[0].faster && v[0].at == 500);
    CHECK(!v[2].faster && v[2].at + v[2].size == 500);
    CHECK(v[1].size < v[0].size && v[0].size < v[2].size);
    CHECK_INT(v[2].size, 500);
    CHECK_INT(v[3].size, 500); /* no further than the edge */
    CHECK_INT(v[3].upto_mm, 3010000);
    es_chart_compare(v, 0);
}

TEST(fives)
{
    struct es_view_split v[12], *f;
    struct es_arena a;
    size_t n;
    for (size_t i = 0; i < 12; i++)
        v[i] = (struct es_view_split){ .dist_mm = 1000000, .time_ms = 300000 };
    v[11].dist_mm = 195000;
    es_arena_init(&a, 1 << 16);
    f = es_chart_joined(v, 12, 5, &a, &n);
    CHECK_INT(n, 3);
    CHECK_INT(f[0].dist_mm, 5000000);
    CHECK_INT(f[1].time_ms, 1500000);
    CHECK_INT(f[2].upto_mm, 11195000);
    es_arena_release(&a);
}

TEST(gaps_are_measured_from_mine)
{
    struct es_view_near v[3] = { { .s.dist_mm = 9000 },
                                 { .s.dist_mm = 8000 },
                                 { .s.dist_mm = 7500 } };
    es_chart_gaps(v, 3, 1);
    CHECK(v[0].ahead && v[0].gap_mm == 1000);
    CHECK(v[0].at == 500 && v[0].size == 500);
    CHECK_INT(v[1].size, 0);
    CHECK(!v[2].ahead && v[2].gap_mm == 500);
    CHECK(v[2].at == 250 && v[2].size == 250);
}

static const int64_t DAY = 86400000, HOUR = 3600000;

TEST(days_are_those_of_the_zone)
{
    struct es_arena a;
    int64_t opens = 1787616000000; /* 2026-08-25 00:00 UTC */
    /* 20:00 UTC is the next day in Karachi */
    struct es_chart_day_run v[] = { { opens - 6 * HOUR, 1000000 },
                                    { opens + 20 * HOUR, 5000000 },
                                    { opens + DAY, 2500000 },
                                    { opens + 40 * DAY, 9000000 } };
    es_arena_init(&a, 1 << 16);
    struct es_view_days d =
        es_chart_days(v, 4, opens - 5 * HOUR, opens - 5 * HOUR + 30 * DAY,
                      "Asia/Karachi", 1000000, &a);
    CHECK_INT(d.n, 30);
    CHECK_INT(d.days, 1);
    CHECK_INT(d.v[0].dist_mm, 0); /* the first was before the window */
    CHECK_INT(d.v[1].dist_mm, 7500000);
    CHECK_INT(d.v[1].from_ms, opens + 19 * HOUR);
    CHECK_INT(d.most, 1);
    CHECK_INT(d.active, 1);
    CHECK(d.v[1].high > 700 && d.v[1].high <= 1000);
    check_ticks(d.ys, d.n_ys, 1000);
    d = es_chart_days(v, 4, opens, opens + 364 * DAY, "UTC", 1000000, &a);
    CHECK_INT(d.days, 7);
    CHECK_INT(d.n, 52);
    d = es_chart_days(v, 0, opens, opens + 30 * DAY, "UTC", 1000000, &a);
    CHECK_INT(d.n, 0);
    es_arena_release(&a);
}

/* Whatever a file says, a drawing stays within its frame and its arena. */
TEST(strange_runs_are_drawn_or_left_out)
{
    static const double TIMES[] = { 0, 1e-9, 1, 1e6, 4e6 };
    static const double LENGTHS[] = { 0, 1e-6, 1, 1e5, 1e8, 1e14, NAN };
    static const double HEIGHTS[] = { -1000, 0, 12106.8, NAN };
    for (int i = 0; i < 5 * 7 * 4; i++) {
        struct sample s;
        struct es_chart_run *r = sample(&s);
        size_t n;
        for (int k = 0; k < N; k++) {
            s.time_s[k] = TIMES[i % 5] * k / N;
            s.alt_m[k] = k % 2 ? HEIGHTS[i / 35] : HEIGHTS[1];
        }
        r->dist_m = LENGTHS[i / 5 % 7];
        struct es_view_line l[] = { es_chart_pace(r), es_chart_heights(r) };
        for (int k = 0; k < 2; k++) {
            CHECK(l[k].n_ys <= ES_TICKS_MAX && l[k].n_xs <= ES_TICKS_MAX);
            for (size_t j = 0; j < l[k].n; j++)
                CHECK(l[k].v[j].y >= 0 && l[k].v[j].y <= 1000);
        }
        (void)es_chart_cut(r, &n);
        CHECK(n <= 2000);
        (void)es_chart_stretches(r, &n);
        CHECK(n <= ES_STRETCHES);
        es_arena_release(&s.a);
    }
}

TEST(a_drawing_is_mirrored_around_its_figures)
{
    struct sample s;
    struct es_buf b;
    struct es_view_line l = es_chart_pace(sample(&s));
    es_buf_init(&b, 1 << 20);
    struct es_out o = es_out_of(&b, es_lang_of("ur"));
    es_chart_draw_along(&o, &l);
    CHECK(strstr(es_buf_cstr(&b), "x=\"100.0%\"") != NULL);
    CHECK(strstr(es_buf_cstr(&b), "x=\"0.0%\"") != NULL);
    es_buf_clear(&b);
    es_chart_draw_line(&o, &l);
    CHECK(strstr(es_buf_cstr(&b), "style=") == NULL);
    CHECK(!b.bad);
    es_buf_release(&b);
    es_arena_release(&s.a);
}
