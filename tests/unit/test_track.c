/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "t.h"
#include "track/measure.h"
#include "track/track.h"
#include "track/wire.h"

static uint8_t sport_of(const char *s)
{
    return es_sport_of(es_bytes_str(s));
}

TEST(every_sport_name_reads_back)
{
    for (unsigned i = 0; i < 256; i++) {
        const char *name = es_sport_name((uint8_t)i);
        uint8_t back = sport_of(name);
        CHECK(back == i || back == ES_SPORT_GENERIC);
        CHECK_STR(es_sport_name(back), name);
    }
}

TEST(names_that_apps_write)
{
    CHECK_INT(sport_of("Run"), ES_SPORT_RUNNING);
    CHECK_INT(sport_of("Running"), ES_SPORT_RUNNING);
    CHECK_INT(sport_of("9"), ES_SPORT_RUNNING);
    CHECK_INT(sport_of("  trail RUNNING\n"), ES_SPORT_RUNNING);
    CHECK_INT(sport_of("Biking"), ES_SPORT_CYCLING);
    CHECK_INT(sport_of("road biking"), ES_SPORT_CYCLING);
    CHECK_INT(sport_of("walk"), ES_SPORT_WALKING);
    CHECK_INT(sport_of("Hiking"), ES_SPORT_HIKING);
    CHECK_INT(sport_of("cross-country skiing"), 12);
    CHECK_INT(sport_of(""), ES_SPORT_GENERIC);
    CHECK_INT(sport_of("Other"), ES_SPORT_GENERIC);
    CHECK_INT(sport_of("9999999999999999999999999999999999999999999999"),
              ES_SPORT_GENERIC);
    CHECK_INT(es_sport_of((struct es_bytes){ NULL, 0 }), ES_SPORT_GENERIC);
}

TEST(warnings_stop_at_their_limit)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    struct es_track tr = es_track_none();
    for (size_t i = 0; i < ES_WARNINGS_MAX + 5; i++)
        es_track_warn(&tr, &a, "truncated", i, "%0200zu", i);
    CHECK_INT(tr.n_warnings, ES_WARNINGS_MAX);
    CHECK_INT(tr.warnings[7].at, 7);
    CHECK_INT(strlen(tr.warnings[7].message), 95);
    es_arena_release(&a);

    struct es_arena none = { 0 };
    struct es_track poor = es_track_none();
    es_track_warn(&poor, &none, "truncated", 0, "no memory");
    CHECK_INT(poor.n_warnings, 0);
}

static struct es_split splits[] = { { 1000, 300.5 }, { 250.25, 80 } };
static double series_s[] = { 0, 61.25, 130 };
static double series_alt_m[] = { -12.4, NAN, 8848.86 };
static struct es_finding findings[] = {
    { "top_speed", "13.0 m/s over 110 m", 13, 12.5, 10, 18.5, ES_REVIEW },
    { "no_times", "h\xc3\xb6he", NAN, NAN, NAN, NAN, ES_NOTE },
};

static struct es_lap_measure lap[] = {
    { -1.5, 700.25, 200, NAN, 141.5 },
    { 198.5, 550, 182, 12, NAN },
};
static struct es_split miles[] = { { 1250.25, 380.5 } };

static struct es_measure example(void)
{
    struct es_measure m = {
        .format = ES_FORMAT_FIT,
        .provenance = ES_FROM_REEXPORT,
        .sport = ES_SPORT_RUNNING,
        .started_ms = 1756101900123,
        .clock = ES_CLOCK_DEVICE,
        .clock_min = -570,
        .points = 380,
        .records = 381,
        .laps = 2,
        .dist_m = 1250.25,
        .dist_err_m = 9.5,
        .dist_source = ES_DIST_DEVICE,
        .dist_why = ES_WHY_AGREES,
        .noise_cv = 0.0625,
        .smooth_m = 1249.5,
        .gap_m = 12,
        .gap_s = 14.5,
        .hr_bpm = 144,
        .elevation_source = ES_ELEVATION_BAROMETER,
        .miles = miles,
        .n_miles = 1,
        .lap = lap,
        .n_lap = 2,
        .raw_dist_m = 1261.5,
        .device_dist_m = 1250.25,
        .elapsed_s = 380.5,
        .timer_s = 380.5,
        .counted_s = 375.25,
        .counted_timer_s = 374,
        .moving_s = 371,
        .gain_m = 12.4,
        .loss_m = NAN,
        .splits = splits,
        .n_splits = 2,
        .bests = { { "400m", 400, 110.25, 1.5, true },
                   { "1km", 1000, 290, NAN, false } },
        .n_bests = 2,
        .series = { series_s, series_alt_m, 3 },
        .device = "Garmin fr945",
        .findings = findings,
        .n_findings = 2,
    };
    return m;
}

static void check_same(const struct es_measure *a, const struct es_measure *b)
{
    CHECK_INT(a->format, b->format);
    CHECK_INT(a->sport, b->sport);
    CHECK(a->started_ms == b->started_ms);
    CHECK_INT(a->clock, b->clock);
    CHECK_INT(a->clock_min, b->clock_min);
    CHECK_INT(a->points, b->points);
    CHECK_INT(a->records, b->records);
    CHECK_INT(a->laps, b->laps);
    CHECK_INT(a->dist_source, b->dist_source);
    CHECK(a->dist_m == b->dist_m && a->raw_dist_m == b->raw_dist_m);
    CHECK(a->device_dist_m == b->device_dist_m);
    CHECK(a->elapsed_s == b->elapsed_s && a->timer_s == b->timer_s);
    CHECK(a->counted_s == b->counted_s);
    CHECK(a->counted_timer_s == b->counted_timer_s);
    CHECK(a->moving_s == b->moving_s && a->gain_m == b->gain_m);
    CHECK(isnan(a->loss_m) && isnan(b->loss_m));
    CHECK_STR(a->device, b->device);
    CHECK_INT(a->n_splits, b->n_splits);
    for (size_t i = 0; i < a->n_splits; i++) {
        CHECK(a->splits[i].dist_m == b->splits[i].dist_m);
        CHECK(a->splits[i].time_s == b->splits[i].time_s);
    }
    CHECK_INT(a->n_bests, b->n_bests);
    for (size_t i = 0; i < a->n_bests; i++) {
        CHECK_STR(a->bests[i].name, b->bests[i].name);
        CHECK(a->bests[i].dist_m == b->bests[i].dist_m);
        CHECK(a->bests[i].time_s == b->bests[i].time_s);
        CHECK(a->bests[i].verified == b->bests[i].verified);
    }
    CHECK(b->bests[0].error_s == 1.5 && isnan(b->bests[1].error_s));
    CHECK_INT(a->dist_why, b->dist_why);
    CHECK_INT(a->elevation_source, b->elevation_source);
    CHECK_INT(a->provenance, b->provenance);
    CHECK(a->dist_err_m == b->dist_err_m && a->noise_cv == b->noise_cv);
    CHECK(a->smooth_m == b->smooth_m && a->hr_bpm == b->hr_bpm);
    CHECK(a->gap_m == b->gap_m && a->gap_s == b->gap_s);
    CHECK_INT(b->n_miles, 1);
    CHECK(b->miles[0].dist_m == 1250.25 && b->miles[0].time_s == 380.5);
    CHECK_INT(b->n_lap, 2);
    CHECK(b->lap[0].start_s == -1.5 && b->lap[0].dist_m == 700.25);
    CHECK(b->lap[0].time_s == 200 && isnan(b->lap[0].gain_m));
    CHECK(b->lap[0].hr_bpm == 141.5 && b->lap[1].gain_m == 12);
    CHECK_INT(a->series.n, b->series.n);
    for (size_t i = 0; i < a->series.n; i++)
        CHECK(a->series.time_s[i] == b->series.time_s[i]);
    CHECK_NEAR(b->series.alt_m[0], -12.4, 0.1);
    CHECK(isnan(b->series.alt_m[1]));
    CHECK_NEAR(b->series.alt_m[2], 8848.86, 0.1);
    CHECK_INT(a->n_findings, b->n_findings);
    for (size_t i = 0; i < a->n_findings; i++) {
        CHECK_STR(a->findings[i].code, b->findings[i].code);
        CHECK_STR(a->findings[i].message, b->findings[i].message);
        CHECK_INT(a->findings[i].effect, b->findings[i].effect);
    }
    CHECK(b->findings[0].value == 13 && b->findings[0].to_s == 18.5);
    CHECK(isnan(b->findings[1].value) && isnan(b->findings[1].from_s));
}

TEST(a_measure_goes_through_the_wire)
{
    struct es_measure m = example(), back;
    struct es_buf b;
    struct es_arena a;
    struct es_rd r;
    struct es_err e = { 0 };
    es_buf_init(&b, 1 << 16);
    es_arena_init(&a, 1 << 16);
    es_measure_put(&b, &m);
    es_buf_str(&b, "tail");
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, &e), ES_OK);
    check_same(&m, &back);
    CHECK_INT(es_rd_left(&r), 4); /* what follows is left to the caller */
    es_arena_release(&a);
    es_buf_release(&b);
}

/* What was stored before there were series, before there was what stands behind
 * them, before what counts had its own times, and before the runner's clock was
 * kept: the same bytes, but for the version in front. */
TEST(measures_of_older_versions_are_read)
{
    enum {
        TAIL = 2 + 6 * 8 + 2 * 8 + (4 + 16) + (2 + 2 * 40),
        TIMES = 2 * 8,
        CLOCK = 1 + 2
    };
    struct es_measure m = example(), back;
    struct es_buf b;
    struct es_arena a;
    struct es_rd r;
    es_buf_init(&b, 1 << 16);
    es_arena_init(&a, 1 << 16);
    es_measure_put(&b, &m);
    CHECK_INT(b.p[0], 6);
    b.n -= CLOCK;
    b.p[0] = 5;
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_OK);
    CHECK_INT(es_rd_left(&r), 0);
    CHECK_INT(back.clock, ES_CLOCK_UNKNOWN);
    CHECK(back.counted_s == m.counted_s);
    for (uint8_t version = 4; version >= 3; version--) {
        b.n -= version == 4 ? TIMES : 1;
        b.p[0] = version;
        es_rd_init(&r, es_buf_bytes(&b));
        CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_OK);
        CHECK_INT(es_rd_left(&r), 0);
        CHECK_INT(back.provenance,
                  version == 4 ? m.provenance : ES_FROM_DEVICE);
        CHECK_INT(back.n_lap, m.n_lap);
        CHECK(back.counted_s == m.elapsed_s);
        CHECK(back.counted_timer_s == m.timer_s);
    }
    b.n -= TAIL;
    for (uint8_t version = 2; version > 0; version--) {
        b.p[0] = version;
        es_rd_init(&r, es_buf_bytes(&b));
        CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_OK);
        CHECK_INT(es_rd_left(&r), 0);
        CHECK_INT(back.series.n, version == 2 ? 3 : 0);
        CHECK_INT(back.n_findings, m.n_findings);
        CHECK(es_dist_why_name(back.dist_why) == NULL);
        CHECK(isnan(back.dist_err_m) && isnan(back.bests[0].error_s));
        CHECK_INT(back.n_lap + back.n_miles, 0);
        b.n -= 1 + 3 * 6;
    }
    es_buf_clear(&b);
    es_measure_put(&b, &m);
    b.p[b.n - CLOCK - TIMES - 1] = ES_FROM_TYPED + 1;
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_EMALFORMED);
    b.p[0] = 7;
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_EMALFORMED);
    b.p[0] = 6;
    b.p[b.n - CLOCK - TIMES - 1] = (uint8_t)m.provenance;
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_OK);
    b.p[b.n - 1] = 0xff; /* no clock is so far from UTC */
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_EMALFORMED);
    es_arena_release(&a);
    es_buf_release(&b);
}

TEST(each_sport_has_its_unit_of_speed)
{
    CHECK_INT(es_sport_tempo(ES_SPORT_RUNNING), ES_TEMPO_PACE);
    CHECK_INT(es_sport_tempo(ES_SPORT_HIKING), ES_TEMPO_PACE);
    CHECK_INT(es_sport_tempo(ES_SPORT_GENERIC), ES_TEMPO_PACE);
    CHECK_INT(es_sport_tempo(250), ES_TEMPO_PACE); /* not known */
    CHECK_INT(es_sport_tempo(ES_SPORT_CYCLING), ES_TEMPO_SPEED);
    CHECK_INT(es_sport_tempo(15), ES_TEMPO_SPEED); /* rowing */
    CHECK_INT(es_sport_tempo(ES_SPORT_SWIMMING), ES_TEMPO_PER_100M);
}

TEST(where_a_file_comes_from_is_read_off_its_maker)
{
    static const struct {
        enum es_format format;
        const char *device;
        bool by_program;
        enum es_provenance from;
    } ROWS[] = {
        { ES_FORMAT_FIT, "Garmin fr945", false, ES_FROM_DEVICE },
        { ES_FORMAT_FIT, NULL, false, ES_FROM_DEVICE },
        { ES_FORMAT_FIT, "Some watch", true, ES_FROM_REEXPORT },
        { ES_FORMAT_FIT, "FITfileTools.com", false, ES_FROM_REEXPORT },
        { ES_FORMAT_GPX, "OpenTracks", false, ES_FROM_DEVICE },
        { ES_FORMAT_GPX, "eTrex 10", false, ES_FROM_DEVICE },
        { ES_FORMAT_GPX, "Made from OpenTracks", false, ES_FROM_REEXPORT },
        { ES_FORMAT_GPX, "Open", false, ES_FROM_REEXPORT },
        { ES_FORMAT_GPX, "Garmin Connect", false, ES_FROM_REEXPORT },
        { ES_FORMAT_GPX, "", false, ES_FROM_REEXPORT },
        { ES_FORMAT_TCX, "Forerunner 310XT", false, ES_FROM_REEXPORT },
        { ES_FORMAT_TCX, "EDGE705", false, ES_FROM_DEVICE },
        { ES_FORMAT_TCX, NULL, false, ES_FROM_REEXPORT },
        { ES_FORMAT_NONE, NULL, false, ES_FROM_NOWHERE },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        CHECK_INT(es_provenance_of(ROWS[i].format, ROWS[i].device,
                                   ROWS[i].by_program),
                  ROWS[i].from);
    }
    CHECK_STR(es_provenance_name(ES_FROM_LIVE), "live");
    CHECK_STR(es_provenance_name(ES_FROM_TYPED), "typed");
    CHECK(!es_provenance_name(ES_FROM_NOWHERE));
}

TEST(every_cut_of_a_measure_is_refused)
{
    struct es_measure m = example();
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    es_measure_put(&b, &m);
    struct es_bytes all = es_buf_bytes(&b);
    for (size_t n = 0; n < all.n; n++) {
        struct es_bytes cut = t_guarded(all.p, n);
        struct es_measure back = { .records = 77 };
        struct es_err e = { 0 };
        struct es_arena a;
        struct es_rd r;
        es_arena_init(&a, 1 << 16);
        es_rd_init(&r, cut);
        CHECK_INT(es_measure_get(&r, &a, &back, &e), ES_ETRUNCATED);
        CHECK_INT(e.at, n);
        CHECK_INT(back.records, 77);
        es_arena_release(&a);
        t_guarded_free(cut);
    }
    es_buf_release(&b);
}

/* What comes back, whatever was flipped, is within every limit: it is put
 * and read again. */
TEST(flipped_measures_are_refused_or_in_range)
{
    struct es_measure m = example();
    struct es_buf b, again;
    es_buf_init(&b, 1 << 16);
    es_buf_init(&again, 1 << 16);
    es_measure_put(&b, &m);
    size_t refused = 0;
    for (size_t bit = 0; bit < b.n * 8; bit++) {
        struct es_measure back;
        struct es_arena a;
        struct es_rd r;
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        es_arena_init(&a, 1 << 16);
        es_rd_init(&r, es_buf_bytes(&b));
        enum es_code rc = es_measure_get(&r, &a, &back, NULL);
        refused += rc != ES_OK;
        if (rc == ES_OK) {
            es_buf_clear(&again);
            es_measure_put(&again, &back);
            es_rd_init(&r, es_buf_bytes(&again));
            CHECK_INT(es_measure_get(&r, &a, &back, NULL), ES_OK);
        }
        es_arena_release(&a);
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CHECK(refused > b.n / 2);
    es_buf_release(&again);
    es_buf_release(&b);
}

static enum es_code get_of(const struct es_measure *m, struct es_err *e)
{
    struct es_buf b;
    struct es_arena a;
    struct es_rd r;
    struct es_measure back;
    es_buf_init(&b, 1 << 16);
    es_arena_init(&a, 1 << 16);
    es_measure_put(&b, m);
    es_rd_init(&r, es_buf_bytes(&b));
    enum es_code rc = es_measure_get(&r, &a, &back, e);
    es_arena_release(&a);
    es_buf_release(&b);
    return rc;
}

TEST(lies_in_a_measure_are_refused)
{
    struct es_err e = { 0 };
    struct es_measure m = example();
    m.dist_m = INFINITY;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    m.dist_m = -1;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    m.points = m.records + 1;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    m.started_ms = INT64_MAX;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    memcpy(m.device, "\xc0\xaf", 3);
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    memcpy(m.device, "a\nb", 4);
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    m.bests[0].time_s = NAN;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    double back[] = { 0, 10, 9.5 };
    m = example();
    m.series.time_s = back;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    m.series.n = 1;
    CHECK_INT(get_of(&m, &e), ES_EMALFORMED);
    m = example();
    CHECK_INT(get_of(&m, &e), ES_OK);
}

TEST(verdict_is_the_gravest_finding)
{
    struct es_measure m = example();
    CHECK_STR(es_measure_verdict(&m), "review");
    m.findings = findings + 1;
    m.n_findings = 1;
    CHECK_STR(es_measure_verdict(&m), "ok");
}
