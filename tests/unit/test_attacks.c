/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recordings that were made to cost time, memory or an answer. What takes a
 * second here takes minutes, which no test is given, where somewhere the
 * square of the points is looked at. */
#include <math.h>

#include "base/limits.h"
#include "decode/decode.h"
#include "t.h"
#include "track/match.h"
#include "track/measure.h"
#include "track/wire.h"

enum { N = 200000, MEM = 400 << 20 };
static const int64_t START_MS = 1600000000000;

struct made {
    struct es_arena a;
    struct es_track tr;
};

/* A run to the north; from speed to speed, so long from sample to sample. */
static struct made made(double from_mps, double to_mps, int64_t step_ms)
{
    struct made t = { .tr = es_track_none() };
    double way_m = 0;
    es_arena_init(&t.a, MEM);
    t.tr.sport = ES_SPORT_RUNNING;
    t.tr.n = N;
    t.tr.pts = es_arena_array(&t.a, N, sizeof *t.tr.pts);
    CHECK(t.tr.pts != NULL);
    for (int i = 0; i < N; i++) {
        struct es_point *p = &t.tr.pts[i];
        double mps = from_mps + (to_mps - from_mps) * i / N;
        way_m += mps * (double)step_ms / 1000;
        *p = es_point_none();
        p->t_ms = START_MS + i * step_ms;
        p->lat_deg = way_m / 111195;
        p->lon_deg = (i * 7919 % 1000) * 1e-9;
        p->alt_m = 10;
        p->hr_bpm = (uint8_t)(100 + i % 8);
    }
    return t;
}

/* Measures it and hands the measure over as a worker does. */
static struct es_measure measured(struct made *t)
{
    struct es_measure m, back;
    struct es_buf b;
    struct es_rd r;
    struct es_err e = { 0 };
    CHECK_INT(es_measure(&t->tr, ES_FORMAT_GPX, &t->a, &m, &e), ES_OK);
    es_buf_init(&b, ES_FRAME_MAX);
    es_measure_put(&b, &m);
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &t->a, &back, &e), ES_OK);
    es_buf_release(&b);
    return m;
}

TEST(a_pause_at_each_of_a_thousand_samples_a_second)
{
    struct made t = made(3, 3, 1);
    for (size_t i = 0; i < t.tr.n; i++)
        t.tr.pts[i].flags = ES_PT_RESUME;
    CHECK_NEAR(measured(&t).dist_m, 0, 1e-9);
    es_arena_release(&t.a);
}

TEST(ever_faster_than_any_human)
{
    struct made t = made(5, 12, 1000);
    struct es_measure m = measured(&t);
    CHECK_STR(es_measure_verdict(&m), "review");
    es_arena_release(&t.a);
    t = made(6.9, 12, 2);
    m = measured(&t);
    CHECK_STR(es_measure_verdict(&m), "review");
    es_arena_release(&t.a);
}

/* A developer's field says what it likes. */
TEST(speeds_that_add_up_to_more_than_a_measure_may_hold)
{
    struct made t = made(3, 3, 15000);
    for (size_t i = 0; i < t.tr.n; i++)
        t.tr.pts[i].speed_mps = 9e8f;
    (void)measured(&t);
    es_arena_release(&t.a);
}

/* The same eight beats over and over are at home in every place of
 * themselves. */
TEST(a_heart_that_repeats_itself)
{
    struct made t = made(0, 0, 1000);
    struct es_side s;
    struct es_match m;
    struct es_err e = { 0 };
    CHECK_INT(es_side_of(&t.tr, &t.a, &s, &e), ES_OK);
    CHECK_INT(es_match_of(&s, &s, &t.a, &m, &e), ES_OK);
    CHECK_NEAR(m.pulse_share, 1, 1e-3);
    es_arena_release(&t.a);
}

static size_t memory_of(struct es_bytes in)
{
    struct es_arena a;
    struct es_tracks all;
    struct es_err e = { 0 };
    es_arena_init(&a, MEM);
    CHECK_INT(es_decode(in, &a, &all, &e), ES_OK);
    size_t used = a.used;
    es_arena_release(&a);
    return used;
}

/* A name takes memory each time that it is read. */
TEST(a_device_named_again_and_again)
{
    static const char *const FILES[][3] = {
        { "<gpx><trk><extensions><activity>", "<device>x</device>",
          "</activity></extensions><trkseg><trkpt lat='1' lon='1'/></trkseg>"
          "</trk></gpx>" },
        { "<TrainingCenterDatabase><Activities><Activity><Lap><Track>"
          "<Trackpoint/></Track></Lap><Creator>",
          "<Name>x</Name>",
          "</Creator></Activity></Activities></TrainingCenterDatabase>" },
    };
    for (size_t k = 0; k < 2; k++) {
        struct es_buf b;
        es_buf_init(&b, 8u << 20);
        es_buf_str(&b, FILES[k][0]);
        for (int i = 0; i < N; i++)
            es_buf_str(&b, FILES[k][1]);
        es_buf_str(&b, FILES[k][2]);
        CHECK(memory_of(es_buf_bytes(&b)) < b.n + 96 + (1 << 20));
        es_buf_release(&b);
    }
}

/* Warnings of many tracks stand between the points and what they grow into. */
TEST(short_points_of_many_tracks)
{
    struct es_buf b;
    size_t n = 0;
    es_buf_init(&b, 32u << 20);
    es_buf_str(&b, "<gpx>");
    for (int k = 0; k < 255; k++) {
        es_buf_str(&b, "<trk><trkseg><trkpt lat='x' lon=''/>");
        for (int i = 0; i < 3000; i++, n++)
            es_buf_str(&b, "<trkpt lat='1' lon='1'/>");
        es_buf_str(&b, "</trkseg></trk>");
    }
    es_buf_str(&b, "</gpx>");
    CHECK(memory_of(es_buf_bytes(&b)) < b.n + 96 * n + (1 << 20));
    es_buf_release(&b);
}

/* Zones reach 15 hours beyond the first and the last year there is. */
TEST(times_beyond_all_years)
{
    static const char *const BAD[] = { "0001-01-01T00:00:00+15:00",
                                       "9999-12-31T23:59:59-15:00" };
    static const char *const GOOD[] = { "0001-01-01T00:00:00-15:00",
                                        "9999-12-31T23:59:59+15:00" };
    int64_t t = 7;
    for (size_t i = 0; i < 2; i++) {
        CHECK(!es_time_parse(es_bytes_str(BAD[i]), &t));
        CHECK_INT(t, 7);
    }
    for (size_t i = 0; i < 2; i++)
        CHECK(es_time_parse(es_bytes_str(GOOD[i]), &t));
}

static struct es_match matched(const struct es_track *p,
                               const struct es_track *q, struct es_arena *a)
{
    struct es_side s, t;
    struct es_match m;
    struct es_err e = { 0 };
    CHECK_INT(es_side_of(p, a, &s, &e), ES_OK);
    CHECK_INT(es_side_of(q, a, &t, &e), ES_OK);
    CHECK_INT(es_match_of(&s, &t, a, &m, &e), ES_OK);
    return m;
}

/* A copy sampled a thousand times a second is one. */
TEST(a_copy_with_a_thousand_fixes_a_second)
{
    struct made t = made(3, 4, 5);
    struct es_track sparse = t.tr;
    struct es_arena a;
    es_arena_init(&a, MEM);
    sparse.n = N / 200;
    sparse.pts = es_arena_array(&a, sparse.n, sizeof *sparse.pts);
    CHECK(sparse.pts != NULL);
    for (size_t i = 0; i < sparse.n; i++)
        sparse.pts[i] = t.tr.pts[200 * i];
    for (size_t i = 0; i < t.tr.n; i++)
        t.tr.pts[i].hr_bpm = 0;
    struct es_match m = matched(&t.tr, &sparse, &a);
    CHECK_NEAR(m.beside_most_m, 0, 0.1);
    CHECK(es_match_copy(&m) == ES_COPY_WAY);
    es_arena_release(&a);
    es_arena_release(&t.a);
}

/* To and fro on 20 m for days: each passage is like all others, and between
 * fixes half an hour apart any of them may be meant. */
TEST(a_way_that_is_near_itself_everywhere)
{
    struct made t = made(0, 0, 1000), q = made(0, 0, 1800000);
    for (size_t i = 0; i < N; i++) {
        double m = (double)(i % 40 < 20 ? i % 40 : 40 - i % 40);
        t.tr.pts[i].lat_deg = q.tr.pts[i].lat_deg = m / 111195;
        t.tr.pts[i].hr_bpm = q.tr.pts[i].hr_bpm = 0;
    }
    (void)matched(&q.tr, &t.tr, &t.a);
    es_arena_release(&q.a);
    es_arena_release(&t.a);
}

/* A measure holds times of some ten thousand years and heights of the earth. */
TEST(clocks_and_heights_beyond_measure)
{
    static const int64_t FIRST_MS = -62135596800000, LAST_MS = 253402300799999;
    struct made t = made(3, 3, 1000);
    for (size_t i = 0; i < N; i++) /* set back each time by 10,000 years */
        t.tr.pts[i].t_ms = i % 65 ? FIRST_MS + (int64_t)(4000 - i / 65) * 1000 +
                                        (int64_t)(i % 65)
                                  : LAST_MS - (int64_t)(i / 65);
    (void)measured(&t);
    es_arena_release(&t.a);
    t = made(30, 30, 1000);
    t.tr.sport = ES_SPORT_CYCLING;
    for (size_t i = 0; i < N; i++)
        t.tr.pts[i].alt_m = i % 100 < 50 ? 8.5e8f : 0;
    struct es_measure m = measured(&t);
    CHECK_NEAR(m.gain_m, 0, 1e-6);
    for (size_t i = 0; i < N; i++)
        t.tr.pts[i].alt_m = i % 2 ? 3e38f : -3e38f;
    m = measured(&t);
    CHECK(isnan(m.gain_m));
    es_arena_release(&t.a);
}
