/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo's world: what it says of its people and runs, and that each of its
 * files holds the run that was meant. */
#include "base/utf8.h"
#include "cli/demo/people.h"
#include "cli/demo/track.h"
#include "cli/demo/world.h"
#include "decode/decode.h"
#include "t.h"
#include "track/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t OPENS_MS = 1782864000000; /* 2026-07-01 */
static const int64_t DAY_MS = 86400000;
static const int64_t NOW_MS = 1782864000000 + 30 * INT64_C(86400000) + 12345678;

static bool is_category(const char *name)
{
    size_t n;
    const char *const *v = es_demo_categories(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i], name) == 0)
            return true;
    return false;
}

static bool is_team(const char *code)
{
    size_t n;
    const struct es_demo_team *v = es_demo_teams(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].code, code) == 0)
            return true;
    return false;
}

TEST(the_initiative_is_under_way)
{
    struct es_initiative ini;
    es_demo_initiative(es_demo_opens_ms(NOW_MS), &ini);
    CHECK_INT(ini.opens_ms, OPENS_MS);
    CHECK(ini.opens_ms < NOW_MS && NOW_MS < ini.closes_ms);
    CHECK_INT(ini.state, ES_INI_OPEN);
    CHECK_STR(ini.slug, ES_DEMO_SLUG);
    CHECK(ini.goal_mm > 0);
}

TEST(teams_have_codes_of_their_own)
{
    size_t n;
    const struct es_demo_team *v = es_demo_teams(&n);
    CHECK_INT(n, 12);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            CHECK(strcasecmp(v[i].code, v[j].code) != 0);
}

/* What registration would do to a name leaves it as it is. */
static void check_name(const char *name)
{
    struct es_buf clean;
    es_buf_init(&clean, 1024);
    es_text_clean(&clean, es_bytes_str(name), false);
    CHECK_STR(es_buf_cstr(&clean), name);
    es_buf_release(&clean);
    CHECK(es_utf8_valid(es_bytes_str(name)));
    CHECK(es_utf8_count(es_bytes_str(name)) <= ES_NAME_MAX);
}

TEST(two_hundred_people_from_everywhere)
{
    struct es_demo_person v[200];
    size_t countries = 0, hidden = 0, initials = 0, teamless = 0;
    CHECK_INT(es_demo_participants(), 200);
    for (size_t i = 0; i < 200; i++) {
        es_demo_person(i, &v[i]);
        check_name(v[i].display_name);
        CHECK(is_category(v[i].category));
        CHECK(!*v[i].team_code || is_team(v[i].team_code));
        CHECK_INT(strlen(v[i].country), 2);
        bool first = true;
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(v[j].display_name, v[i].display_name) != 0);
            first = first && strcmp(v[j].country, v[i].country) != 0;
        }
        countries += first;
        teamless += !*v[i].team_code;
        hidden += strcmp(v[i].visibility, "hidden") == 0;
        initials += strcmp(v[i].visibility, "initials") == 0;
    }
    CHECK(countries >= 35);
    CHECK(teamless >= 20 && teamless <= 80);
    CHECK(hidden >= 3 && hidden <= 20);
    CHECK(initials >= 5 && initials <= 30);
}

/* The pages are tried with these scripts: one letter of each must occur. */
TEST(names_in_many_scripts)
{
    static const struct {
        uint32_t from, to;
    } SCRIPTS[] = {
        { 0x370, 0x3ff },   { 0x400, 0x4ff },     { 0x600, 0x6ff },
        { 0x900, 0x97f },   { 0x1200, 0x137f },   { 0x3040, 0x309f },
        { 0x4e00, 0x9fff }, { 0xac00, 0xd7a3 },   { 0x18f, 0x18f + 0x100 },
        { 0x130, 0x131 },   { 0x1f300, 0x1faff },
    };
    for (size_t s = 0; s < sizeof SCRIPTS / sizeof *SCRIPTS; s++) {
        size_t people = 0;
        for (size_t i = 0; i < es_demo_participants(); i++) {
            struct es_demo_person p;
            es_demo_person(i, &p);
            struct es_bytes name = es_bytes_str(p.display_name);
            bool found = false;
            for (size_t at = 0; at < name.n;) {
                uint32_t c = es_utf8_next(name, &at);
                found |= c >= SCRIPTS[s].from && c <= SCRIPTS[s].to;
            }
            people += found;
        }
        CHECK(people >= 2);
    }
}

/* Nobody runs twice at once, before the start or in the future; at the start
 * there is a crowd. */
static void check_days(int64_t now_ms)
{
    size_t of_day[31] = { 0 }, n = 0, just_now = 0;
    double total_m = 0;
    for (size_t i = 0; i < es_demo_participants(); i++) {
        int64_t free_ms = OPENS_MS;
        size_t runs = es_demo_runs_of(i);
        CHECK(runs >= 1 && runs <= 5);
        for (size_t k = 0; k < runs; k++) {
            struct es_demo_run run;
            es_demo_run(i, k, now_ms, &run);
            CHECK(run.started_ms >= free_ms);
            CHECK(run.pace_s_per_km >= 270 && run.pace_s_per_km <= 540);
            CHECK(run.dist_m >= 3000 && run.dist_m < 43100);
            /* slower than its pace by hills, tiredness and pauses */
            free_ms = run.started_ms +
                      (int64_t)(run.dist_m * run.pace_s_per_km * 1.3);
            CHECK(free_ms <= now_ms);
            CHECK(free_ms <= run.received_ms && run.received_ms < now_ms);
            just_now += run.received_ms > now_ms - 3600000;
            of_day[(run.started_ms - OPENS_MS) / DAY_MS]++;
            total_m += run.dist_m;
            n++;
        }
    }
    CHECK_INT(n, es_demo_runs());
    CHECK(n >= 450 && n <= 650);
    CHECK(total_m > 3.5e6 && total_m < 8e6);
    for (int day = 0; day < 30; day++)
        CHECK(of_day[day] >= 3);
    CHECK(just_now >= 4);
    CHECK(of_day[0] + of_day[1] > of_day[7] + of_day[8]);
}

/* At whatever hour of the day the demo begins. */
TEST(runs_are_spread_over_the_days)
{
    for (int64_t hour = 0; hour < 24; hour++)
        check_days(OPENS_MS + 30 * DAY_MS + hour * 3600000 + 1);
}

struct heap {
    size_t bytes, fit, gpx, paused, laps;
};

static void check_file(size_t i, size_t k, struct heap *sum)
{
    struct es_demo_run run;
    struct es_buf file;
    struct es_arena a;
    struct es_tracks tracks;
    struct es_measure m;
    es_demo_run(i, k, NOW_MS, &run);
    es_buf_init(&file, ES_DEMO_FILE_MAX);
    es_arena_init(&a, ES_DECODE_MEM);
    CHECK_INT(es_demo_run_file(i, k, NOW_MS, &file, NULL), ES_OK);
    CHECK_INT(es_decode(es_buf_bytes(&file), &a, &tracks, NULL), ES_OK);
    CHECK_INT(tracks.format, run.format);
    CHECK_INT(tracks.n, 1);
    const struct es_track *tr = &tracks.v[0];
    CHECK_INT(tr->n_warnings, 0);
    CHECK_INT(es_measure(tr, tracks.format, &a, &m, NULL), ES_OK);
    CHECK_STR(es_measure_verdict(&m), "ok");
    CHECK_INT(m.sport, ES_SPORT_RUNNING);
    CHECK_INT(m.started_ms, run.started_ms);
    CHECK_NEAR(m.dist_m, run.dist_m, 0.03 * run.dist_m);
    CHECK_NEAR(m.raw_dist_m, run.dist_m, 0.06 * run.dist_m);
    double even_s = run.dist_m * run.pace_s_per_km / 1000;
    CHECK(m.elapsed_s > 0.9 * even_s && m.elapsed_s < 1.2 * even_s + 300);
    bool fit = run.format == ES_FORMAT_FIT;
    CHECK_INT(m.dist_source, fit ? ES_DIST_DEVICE : ES_DIST_POSITIONS);
    CHECK(!fit || tr->pts[tr->n / 2].hr_bpm > 80);
    for (size_t p = 0; p < tr->n; p++) /* far from every shore */
        CHECK(!es_point_has_position(&tr->pts[p]) ||
              hypot(tr->pts[p].lat_deg + 48.9, tr->pts[p].lon_deg + 123.4) < 2);
    sum->bytes += file.n;
    sum->fit += fit;
    sum->gpx += !fit;
    for (size_t p = 0; p < tr->n; p++)
        sum->paused += (tr->pts[p].flags & ES_PT_RESUME) != 0;
    sum->laps += tr->n_laps;
    es_arena_release(&a);
    es_buf_release(&file);
}

TEST(each_file_holds_its_run)
{
    struct heap sum = { 0 };
    for (size_t i = 0; i < es_demo_participants(); i++)
        for (size_t k = 0; k < es_demo_runs_of(i); k++)
            check_file(i, k, &sum);
    CHECK(sum.fit > 200 && sum.gpx > 200);
    CHECK(sum.paused > 50);
    CHECK(sum.laps > sum.fit);
    CHECK(sum.bytes < 100u << 20); /* what ./dev run writes to the disk */
}

/* Seeding that goes on after a crash finds its files taken in already. */
TEST(a_file_is_the_same_each_time)
{
    for (size_t k = 0; k < es_demo_runs_of(7); k++) {
        struct es_buf one, two;
        es_buf_init(&one, ES_DEMO_FILE_MAX);
        es_buf_init(&two, ES_DEMO_FILE_MAX);
        CHECK_INT(es_demo_run_file(7, k, NOW_MS, &one, NULL), ES_OK);
        CHECK_INT(es_demo_run_file(7, k, NOW_MS, &two, NULL), ES_OK);
        CHECK(es_bytes_eq(es_buf_bytes(&one), es_buf_bytes(&two)));
        es_buf_release(&one);
        es_buf_release(&two);
    }
}

/* The path alone: as long as asked, closed, and never a leap. */
TEST(paths_close)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        static struct es_demo_path p;
        struct es_demo_random r = es_demo_random_of(99, seed);
        es_demo_path_make(&p, (enum es_demo_shape)(seed % 3), 400, &r);
        size_t at = 0;
        double sum = 0;
        struct es_demo_spot first = es_demo_path_at(&p, 0, &at), last = first;
        CHECK(first.x_m == 0 && first.y_m == 0);
        for (int s = 1; s <= 800; s++) {
            struct es_demo_spot spot = es_demo_path_at(&p, s, &at);
            double step = hypot(spot.x_m - last.x_m, spot.y_m - last.y_m);
            CHECK(step <= 1 + 1e-9);
            CHECK(fabs(spot.grade) < 0.15);
            sum += step;
            last = spot;
        }
        CHECK_NEAR(hypot(last.x_m - first.x_m, last.y_m - first.y_m), 0, 1e-6);
        CHECK_NEAR(sum, 800, 8); /* corners are cut */
    }
}

/* Where the watch's path ran is known: what is left is the receiver's error,
 * and over hours it is as large as its class says. */
TEST(positions_err_as_a_watch_does)
{
    struct es_demo_course c = { .random = es_demo_random_of(1, 2),
                                .shape = ES_DEMO_STADIUM,
                                .lat_deg = -48,
                                .lon_deg = -123,
                                .dist_m = 40000,
                                .pace_s_per_km = 400,
                                .every_s = 1,
                                .watch = true,
                                .device = "test" };
    static struct es_demo_path path;
    struct es_demo_random r = c.random;
    struct es_arena a;
    struct es_track tr;
    es_arena_init(&a, 8 << 20);
    es_demo_path_make(&path, c.shape, 400, &r); /* its first draws */
    CHECK_INT(es_demo_track(&c, &a, &tr, NULL), ES_OK);
    double scale = tr.pts[tr.n - 1].dist_m / 40000;
    double sum2 = 0;
    size_t at = 0;
    for (size_t i = 0; i < tr.n; i++) {
        struct es_demo_spot spot =
            es_demo_path_at(&path, tr.pts[i].dist_m / scale, &at);
        double off_m = (tr.pts[i].lat_deg + 48) * 111187 - spot.y_m;
        sum2 += off_m * off_m;
    }
    CHECK_NEAR(sqrt(sum2 / (double)tr.n), 2.4, 0.6);
    es_arena_release(&a);
}
