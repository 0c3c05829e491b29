/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rule sheet itself: its JSON, its window on the runner's wall, what a
 * person's runs count together, times over categories. */
#include "t.h"

#include "i18n/i18n.h"
#include "initiative/rules.h"

#include <math.h>
#include <string.h>

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t chance(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

/* ---- JSON ---- */

static struct es_rules any_rules(void)
{
    struct es_rules r = es_rules_default();
    static const uint8_t SPORTS[] = { ES_SPORT_RUNNING, ES_SPORT_CYCLING,
                                      ES_SPORT_HIKING };
    r.n_sports = chance(4);
    memset(r.sports, 0, sizeof r.sports);
    for (size_t i = 0; i < r.n_sports; i++)
        r.sports[i] = SPORTS[i];
    r.n_categories = chance(ES_RULE_CATEGORIES_MAX + 1);
    for (size_t i = 0; i < r.n_categories; i++) {
        (void)snprintf(r.categories[i].name, sizeof r.categories[i].name,
                       "\"%zu\" چراغ <&>", i);
        r.categories[i].dist_mm = (int64_t)chance(100000000);
    }
    r.window = (enum es_window)chance(2);
    r.count = (enum es_runs_count)chance(3);
    r.time_basis = (enum es_time_basis)chance(3);
    r.tolerance_bp = (int32_t)chance(ES_RULE_TOLERANCE_MAX_BP + 1);
    r.run_cap_mm = (int64_t)chance(50000000);
    r.day_cap_mm = (int64_t)chance(50000000);
    r.typed = chance(2);
    r.treadmill = chance(2);
    r.typed_proof = (enum es_proof)chance(3);
    r.treadmill_proof = (enum es_proof)chance(3);
    r.typed_max_mm = (int64_t)chance(50000000);
    r.review_over_mm = (int64_t)chance(50000000);
    r.review_pace_ms = (int64_t)chance(ES_RULE_PACE_MAX_MS);
    r.grace_ms = (int64_t)chance(864000000);
    return r;
}

TEST(rules_survive_their_json)
{
    for (int i = 0; i < 500; i++) {
        struct es_rules r = any_rules();
        struct es_rules back;
        struct es_err e;
        struct es_buf b, again;
        es_buf_init(&b, 1 << 16);
        es_buf_init(&again, 1 << 16);
        es_rules_write(&r, &b);
        CHECK_INT(es_rules_read(es_buf_cstr(&b), &back, &e), ES_OK);
        es_rules_write(&back, &again);
        CHECK_STR(es_buf_cstr(&b), es_buf_cstr(&again));
        CHECK_INT(back.n_sports, r.n_sports);
        CHECK(memcmp(back.categories, r.categories, sizeof r.categories) == 0);
        CHECK_INT(back.window, r.window);
        CHECK_INT(back.count, r.count);
        CHECK_INT(back.time_basis, r.time_basis);
        CHECK_INT(back.treadmill_proof, r.treadmill_proof);
        CHECK_INT(back.review_pace_ms, r.review_pace_ms);
        es_buf_release(&b);
        es_buf_release(&again);
    }
}

TEST(sheets_of_before_are_read)
{
    struct es_rules r;
    struct es_err e;
    CHECK_INT(
        es_rules_read("{\"sports\":[\"running\"],\"categories\":[\"Open\","
                      "\"Students\"],\"time\":\"timer\",\"typed\":true,"
                      "\"typed_review\":true,\"run_cap_mm\":5,"
                      "\"typed_max_mm\":7,\"grace_ms\":9}",
                      &r, &e),
        ES_OK);
    CHECK_INT(r.n_categories, 2);
    CHECK_STR(r.categories[1].name, "Students");
    CHECK_INT(r.categories[1].dist_mm, 0);
    CHECK_INT(r.typed_proof, ES_PROOF_PERSON);
    CHECK_INT(r.time_basis, ES_TIME_TIMER);
    CHECK_INT(r.window, ES_WINDOW_ZONE);
    CHECK_INT(r.day_cap_mm, 0);
    CHECK(r.treadmill && !es_rules_share(&r));
    CHECK(es_category_of(&r, "Open") && !es_category_of(&r, "open"));
}

TEST(what_has_no_sense_is_refused_and_changes_nothing)
{
    static const char *const BAD[] = {
        "",
        "[]",
        "{\"sports\":[\"chess\"]}",
        "{\"sports\":\"running\"}",
        "{\"sports\":[1]}",
        "{\"typed\":1}",
        "{\"run_cap_mm\":-1}",
        "{\"run_cap_mm\":1e6}",
        "{\"run_cap_mm\":9223372036854775807}",
        "{\"day_cap_mm\":\"5\"}",
        "{\"tolerance_bp\":1001}",
        "{\"review_pace_ms\":3600001}",
        "{\"grace_ms\":99999999999}",
        "{\"time\":\"lunar\"}",
        "{\"window\":2}",
        "{\"count\":\"all\"}",
        "{\"typed_proof\":\"oath\"}",
        "{\"categories\":[\"\"]}",
        "{\"categories\":[{\"dist_mm\":5}]}",
        "{\"categories\":[{\"name\":\"a\",\"dist_mm\":-5}]}",
        "{\"categories\":[{\"name\":\"a\",\"dist_mm\":1000000000001}]}",
        "{\"categories\":[[]]}",
        "{\"categories\":[\"0123456789012345678901234567890123456789"
        "01234567\"]}",
        "{\"categories\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
        "\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]}",
        "{\"typed\":true,\"typed\":false}",
    };
    struct es_rules r = any_rules(), was = r;
    struct es_err e;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(es_rules_read(BAD[i], &r, &e), ES_EMALFORMED);
        CHECK(memcmp(&r, &was, sizeof r) == 0);
    }
}

/* Every cut, and bytes changed by chance: read or refused, never worse. */
TEST(damaged_json_is_read_or_refused)
{
    struct es_rules r = any_rules(), out;
    struct es_err e;
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    r.n_categories = ES_RULE_CATEGORIES_MAX;
    es_rules_write(&r, &b);
    size_t n = b.n;
    char *text = malloc(n + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(text, b.p, n + 1);
        text[i] = 0;
        CHECK_INT(es_rules_read(text, &out, &e), ES_EMALFORMED);
    }
    for (int i = 0; i < 5000; i++) {
        memcpy(text, b.p, n + 1);
        text[n] = 0;
        for (int j = 0; j < 3; j++)
            text[chance(n)] = (char)(1 + chance(255));
        if (es_rules_read(text, &out, &e) != ES_OK)
            continue;
        CHECK(out.n_sports <= ES_RULE_SPORTS_MAX);
        CHECK(out.n_categories <= ES_RULE_CATEGORIES_MAX);
        CHECK(out.tolerance_bp <= ES_RULE_TOLERANCE_MAX_BP);
    }
    free(text);
    es_buf_release(&b);
}

/* ---- the window on the wall ---- */

static int64_t at(const char *zone, const char *text)
{
    int64_t t;
    CHECK(es_time_parse(es_bytes_str(text), &t));
    struct es_date d = es_date_of(t);
    return es_zone_time(zone, &d);
}

static struct es_measure measure(int64_t started_ms)
{
    return (struct es_measure){
        .format = ES_FORMAT_FIT,
        .sport = ES_SPORT_RUNNING,
        .started_ms = started_ms,
        .points = 100,
        .dist_m = 5000,
        .dist_source = ES_DIST_DEVICE,
        .elapsed_s = 1800,
        .timer_s = 1800,
        .counted_s = 1800,
        .counted_timer_s = 1800,
        .moving_s = NAN,
    };
}

static bool has(const struct es_verdict *v, const char *code)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i].code, code) == 0)
            return true;
    return false;
}

/* August in Berlin, midnight to midnight. */
static struct es_verdict judge(struct es_measure m, enum es_run_kind kind,
                               const struct es_rules *r)
{
    struct es_initiative ini = {
        .zone = "Europe/Berlin",
        .opens_ms = at("Europe/Berlin", "2026-08-01T00:00"),
        .closes_ms = at("Europe/Berlin", "2026-09-01T00:00"),
    };
    struct es_case c = { &ini, r, kind, &m, m.started_ms + 7200000, false };
    struct es_verdict v;
    es_judge(&c, &v);
    return v;
}

TEST(the_window_is_the_runners_where_their_clock_is_known)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(at("Asia/Karachi", "2026-08-01T00:30"));
    m.clock = ES_CLOCK_DEVICE;
    m.clock_min = 300;
    struct es_verdict v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "before_window"));
    r.window = ES_WINDOW_LOCAL;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    CHECK_INT(v.n_findings, 0);
    m.started_ms -= 3600000;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "before_window"));
    /* 22:00 in New York is the next day in Berlin */
    m = measure(at("America/New_York", "2026-08-31T22:00"));
    m.clock = ES_CLOCK_DEVICE;
    m.clock_min = -240;
    CHECK_INT(judge(m, ES_KIND_FILE, &r).status, ES_RUN_ACCEPTED);
    m.started_ms += 2 * 3600000;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "after_window"));
}

TEST(a_doubt_about_the_clock_is_for_the_runner_or_a_person)
{
    struct es_rules r = es_rules_default();
    r.window = ES_WINDOW_LOCAL;
    /* mid-August needs no clock */
    struct es_measure m = measure(at("UTC", "2026-08-15T12:00"));
    CHECK_INT(judge(m, ES_KIND_FILE, &r).n_findings, 0);
    /* inside by the initiative's zone, which is said */
    m.started_ms = at("Europe/Berlin", "2026-08-31T23:00");
    struct es_verdict v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_ACCEPTED && has(&v, "zone_assumed"));
    /* outside by it, inside elsewhere */
    m.started_ms += 5 * 3600000;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "zone_unknown"));
    /* over everywhere */
    m.started_ms += 12 * 3600000;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "after_window"));
    /* in Spain the sun is two hours behind the wall */
    m = measure(at("UTC", "2026-08-31T23:30"));
    m.clock = ES_CLOCK_PLACE;
    m.clock_min = 0;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_ACCEPTED && has(&v, "zone_assumed"));
    m.started_ms += 12 * 3600000;
    CHECK_INT(judge(m, ES_KIND_FILE, &r).status, ES_RUN_REFUSED);
    /* Samoa lies where it is yesterday, and has tomorrow */
    m = measure(at("Pacific/Apia", "2026-08-01T01:00"));
    m.clock = ES_CLOCK_PLACE;
    m.clock_min = -660;
    v = judge(m, ES_KIND_FILE, &r);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "zone_unknown"));
}

TEST(a_typed_in_start_is_what_the_runners_clock_showed)
{
    struct es_rules r = es_rules_default();
    r.window = ES_WINDOW_LOCAL;
    struct es_measure m = measure(at("Europe/Berlin", "2026-08-31T20:00"));
    CHECK_INT(judge(m, ES_KIND_TYPED, &r).n_findings, 0);
    /* in Auckland it is 20:00 ten hours before it is in Berlin */
    struct es_initiative ini = {
        .zone = "Europe/Berlin",
        .opens_ms = at("Europe/Berlin", "2026-08-01T00:00"),
        .closes_ms = at("Europe/Berlin", "2026-09-01T00:00"),
    };
    struct es_verdict v;
    struct es_case c = {
        &ini, &r, ES_KIND_TYPED, &m, at("Pacific/Auckland", "2026-08-31T21:00"),
        false
    };
    es_judge(&c, &v);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    r.window = ES_WINDOW_ZONE;
    es_judge(&c, &v);
    CHECK(has(&v, "in_future"));
}

/* Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026, so that 02:30 is
 * read as an hour before 03:30; and from 03:00 to 02:00 on 25 October. */
TEST(a_window_may_end_inside_a_change_of_the_clocks)
{
    struct es_rules r = es_rules_default();
    struct es_initiative ini = { .zone = "Europe/Berlin" };
    for (int local = 0; local < 2; local++) {
        r.window = local ? ES_WINDOW_LOCAL : ES_WINDOW_ZONE;
        ini.opens_ms = at("Europe/Berlin", "2026-03-01T00:00");
        ini.closes_ms = at("Europe/Berlin", "2026-03-29T02:30");
        CHECK_INT(ini.closes_ms, at("UTC", "2026-03-29T00:30"));
        struct es_measure m = measure(ini.closes_ms - 1);
        m.clock = ES_CLOCK_DEVICE;
        m.clock_min = 60;
        struct es_verdict v;
        struct es_case c = { &ini, &r, ES_KIND_FILE, &m, m.started_ms + 7200000,
                             false };
        es_judge(&c, &v);
        CHECK_INT(v.status, ES_RUN_ACCEPTED);
        m.started_ms = ini.closes_ms;
        es_judge(&c, &v);
        CHECK(v.status == ES_RUN_REFUSED && has(&v, "after_window"));

        ini.closes_ms = at("Europe/Berlin", "2026-10-25T02:30");
        CHECK_INT(ini.closes_ms, at("UTC", "2026-10-25T00:30"));
        m.started_ms = ini.closes_ms + 1800000; /* 02:00 for the second time */
        m.clock_min = 60;
        c.received_ms = m.started_ms + 7200000;
        es_judge(&c, &v);
        CHECK_INT(v.status, local ? ES_RUN_ACCEPTED : ES_RUN_REFUSED);
    }
}

TEST(runs_are_taken_until_the_last_wall_shows_the_end_and_the_grace_is_over)
{
    struct es_rules r = es_rules_default();
    struct es_initiative ini = { .zone = "UTC", .closes_ms = 1000000000000 };
    r.grace_ms = 5;
    CHECK_INT(es_bounds_of(&ini, &r).last_ms, 1000000000005);
    r.window = ES_WINDOW_LOCAL;
    CHECK_INT(es_bounds_of(&ini, &r).last_ms, 1000000000005 + 12 * 3600000);
}

/* ---- evidence and thresholds ---- */

TEST(evidence_is_asked_for_as_the_sheet_says)
{
    struct es_rules r = es_rules_default();
    struct es_initiative ini = { .zone = "UTC", .closes_ms = INT64_MAX / 2 };
    struct es_measure m = measure(1000000000000);
    struct es_verdict v;
    struct es_case c = { &ini, &r, ES_KIND_FILE, &m, 1000000000000 + 7200000,
                         false };
    m.points = 0;
    es_judge(&c, &v);
    CHECK_INT(v.n_findings, 0);
    r.treadmill_proof = ES_PROOF_PERSON;
    es_judge(&c, &v);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "treadmill"));
    r.treadmill_proof = ES_PROOF_PICTURE;
    es_judge(&c, &v);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "picture_missing"));
    c.pictured = true;
    es_judge(&c, &v);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    r.treadmill = false;
    es_judge(&c, &v);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "treadmill_not_allowed"));
    m.points = 7;
    es_judge(&c, &v);
    CHECK_INT(v.n_findings, 0);
    c.kind = ES_KIND_TYPED;
    c.pictured = false;
    r.typed_proof = ES_PROOF_PICTURE;
    es_judge(&c, &v);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "picture_missing"));
}

TEST(what_lies_beyond_a_threshold_is_looked_at)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(at("UTC", "2026-08-15T12:00"));
    r.review_over_mm = 5000000;
    r.review_pace_ms = 360000; /* 6:00 /km, which the run is */
    CHECK_INT(judge(m, ES_KIND_FILE, &r).n_findings, 0);
    r.review_over_mm--;
    r.review_pace_ms++;
    struct es_verdict v = judge(m, ES_KIND_FILE, &r);
    CHECK_INT(v.status, ES_RUN_IN_REVIEW);
    CHECK(has(&v, "long_run") && has(&v, "fast_run"));
}

/* ---- again ---- */

TEST(judged_again_the_rules_speak_anew_and_the_rest_stays)
{
    struct es_rules r = es_rules_default();
    struct es_initiative ini = { .zone = "UTC", .closes_ms = INT64_MAX / 2 };
    struct es_measure m = measure(1000000000000);
    struct es_finding copy = es_finding_make("copy", ES_NOTE, NAN, NAN, "c");
    struct es_verdict first, again;
    struct es_case c = { &ini, &r, ES_KIND_FILE, &m, 1000000000000 + 7200000,
                         false };
    r.run_cap_mm = 3000000;
    r.review_over_mm = 1000000;
    es_judge(&c, &first);
    es_verdict_add(&first, &copy);
    CHECK(has(&first, "over_cap") && has(&first, "long_run"));
    es_judge_again(&c, NULL, first.findings, first.n_findings, &again);
    CHECK_INT(again.status, ES_RUN_IN_REVIEW);
    CHECK_INT(again.n_findings, first.n_findings);
    CHECK_INT(again.counted_mm, 3000000);
    r.run_cap_mm = r.review_over_mm = 0;
    es_judge_again(&c, NULL, first.findings, first.n_findings, &again);
    CHECK_INT(again.status, ES_RUN_ACCEPTED);
    CHECK_INT(again.n_findings, 1);
    CHECK_STR(again.findings[0].code, "copy");
    CHECK_INT(again.counted_mm, 5000000);
    copy.effect = ES_REVIEW;
    es_judge_again(&c, NULL, &copy, 1, &again);
    CHECK_INT(again.status, ES_RUN_IN_REVIEW);
}

TEST(what_people_decided_is_not_the_machines_to_change)
{
    static const struct {
        const char *code;
        enum es_run_status status;
    } ROWS[] = { { "accepted_by_organiser", ES_RUN_ACCEPTED },
                 { "refused_by_organiser", ES_RUN_REFUSED },
                 { "appealed", ES_RUN_IN_REVIEW } };
    struct es_rules r = es_rules_default();
    struct es_initiative ini = { .zone = "UTC", .closes_ms = INT64_MAX / 2 };
    struct es_measure m = measure(1000000000000);
    struct es_case c = { &ini, &r, ES_KIND_FILE, &m, 1000000000000 + 7200000,
                         false };
    for (size_t i = 0; i < 3; i++) {
        struct es_finding said[2] = {
            es_finding_make(ROWS[i].code, ES_NOTE, NAN, NAN, "because"),
            es_finding_make("appealed", ES_REVIEW, NAN, NAN, "please"),
        };
        struct es_verdict v;
        for (int bad = 0; bad < 2; bad++) {
            m.sport = bad ? ES_SPORT_CYCLING : ES_SPORT_RUNNING;
            es_judge_again(&c, NULL, said, 2, &v);
            CHECK_INT(v.status, ROWS[i].status);
            CHECK_STR(v.findings[0].code, ROWS[i].code);
            CHECK_STR(v.findings[1].code, "appealed");
            CHECK(has(&v, "sport_not_allowed") == (bad != 0));
        }
    }
}

/* ---- a person's runs together ---- */

/* The slow way: each metre asks anew who came before it. */
static int64_t slow_share(const struct es_rules *r, const struct es_share *v,
                          size_t n, size_t i)
{
    int64_t before_mm = 0, want_mm = v[i].alone_mm;
    for (size_t j = 0; j < n; j++) {
        bool earlier =
            v[j].day < v[i].day ||
            (v[j].day == v[i].day &&
             (v[j].started_ms < v[i].started_ms ||
              (v[j].started_ms == v[i].started_ms && v[j].run < v[i].run)));
        bool longer = v[j].alone_mm > v[i].alone_mm ||
                      (v[j].alone_mm == v[i].alone_mm && earlier);
        if (r->count == ES_COUNT_FIRST && earlier)
            return 0;
        if (r->count == ES_COUNT_LONGEST && j != i && longer)
            return 0;
        if (r->count == ES_COUNT_EVERY && earlier && v[j].day == v[i].day)
            before_mm += v[j].alone_mm;
    }
    if (r->day_cap_mm == 0)
        return want_mm;
    if (before_mm >= r->day_cap_mm)
        return 0;
    return want_mm < r->day_cap_mm - before_mm ? want_mm
                                               : r->day_cap_mm - before_mm;
}

TEST(shares_are_those_of_the_slow_way_whatever_the_order)
{
    enum { N = 12 };
    for (int round = 0; round < 3000; round++) {
        struct es_rules r = es_rules_default();
        struct es_share v[N], was[N];
        size_t n = chance(N + 1);
        r.count = (enum es_runs_count)chance(3);
        r.day_cap_mm = chance(3) ? 1 + (int64_t)chance(40) : 0;
        for (size_t i = 0; i < n; i++)
            v[i] = (struct es_share){
                .run = (int64_t)(i * 7 % N),
                .started_ms = (int64_t)chance(4),
                .day = (int64_t)chance(3) - 1,
                .alone_mm = (int64_t)chance(20),
                .counted_mm = -1,
            };
        memcpy(was, v, sizeof v);
        es_share_out(&r, v, n);
        for (size_t i = 0; i < n; i++) {
            struct es_finding f;
            size_t k = 0;
            while (was[k].run != v[i].run)
                k++;
            CHECK_INT(v[i].counted_mm, slow_share(&r, was, n, k));
            CHECK(es_share_finding(&r, &v[i], &f) ==
                  (v[i].counted_mm < v[i].alone_mm));
        }
    }
}

TEST(who_takes_a_run_back_lets_the_later_ones_move_up)
{
    struct es_rules r = es_rules_default();
    struct es_share v[] = {
        { 3, 300, 20000, 8000, 0, 0 },
        { 1, 100, 20000, 6000, 0, 0 },
        { 2, 200, 20000, 7000, 0, 0 },
    };
    struct es_finding f;
    r.day_cap_mm = 10000;
    es_share_out(&r, v, 3);
    CHECK(v[0].run == 1 && v[0].counted_mm == 6000);
    CHECK(v[1].run == 2 && v[1].counted_mm == 4000);
    CHECK(v[2].run == 3 && v[2].counted_mm == 0);
    CHECK(es_share_finding(&r, &v[1], &f));
    CHECK_STR(f.code, "over_day_cap");
    es_share_out(&r, v + 1, 2);
    CHECK(v[1].counted_mm == 7000 && v[2].counted_mm == 3000);
}

/* ---- times over a category ---- */

TEST(a_time_over_a_category)
{
    struct es_rules r = es_rules_default(); /* 1 % */
    struct es_measure m = measure(0);
    const int64_t ten = 10000000;
    int64_t ms = -1;
    CHECK_INT(es_category_time(&r, ten, &m, 9899999, 3000000, &ms),
              ES_OVER_NONE);
    CHECK_INT(es_category_time(&r, 0, &m, ten, 3000000, &ms), ES_OVER_NONE);
    CHECK_INT(es_category_time(&r, ten, &m, ten, 0, &ms), ES_OVER_NONE);
    CHECK_INT(ms, -1);
    CHECK_INT(es_category_time(&r, ten, &m, 9900000, 2970000, &ms),
              ES_OVER_EXTENDED);
    CHECK_INT(ms, 3000000);
    CHECK_INT(es_category_time(&r, ten, NULL, ten, 3000000, &ms),
              ES_OVER_WHOLE);
    CHECK_INT(ms, 3000000);
    /* a longer run: whole, until a best effort is sure */
    m.n_bests = 2;
    m.bests[0] = (struct es_best){ "5km", 5000, 1400, 1, true };
    m.bests[1] = (struct es_best){ "10km", 10000, 2900, 1, false };
    CHECK_INT(es_category_time(&r, ten, &m, 12000000, 3600000, &ms),
              ES_OVER_WHOLE);
    CHECK_INT(ms, 3600000);
    m.bests[1].verified = true;
    CHECK_INT(es_category_time(&r, ten, &m, 12000000, 3600000, &ms),
              ES_OVER_BEST);
    CHECK_INT(ms, 2900000);
    /* another time basis may be quicker than the clock's best */
    CHECK_INT(es_category_time(&r, ten, &m, 12000000, 2800000, &ms),
              ES_OVER_WHOLE);
    CHECK_INT(ms, 2800000);
    m.bests[1] = (struct es_best){ "half_marathon", 21097.5, 6600, 1, true };
    CHECK_INT(es_category_time(&r, 21097500, &m, 22000000, 7000000, &ms),
              ES_OVER_BEST);
    CHECK_INT(ms, 6600000);
    r.tolerance_bp = 0;
    CHECK_INT(es_category_time(&r, ten, &m, ten - 1, 3000000, &ms),
              ES_OVER_NONE);
}
