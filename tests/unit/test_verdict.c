/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include "initiative/rules.h"

#include <math.h>
#include <string.h>

static const int64_t OPENS = 1790000000000;
static const int64_t CLOSES = 1792000000000;

static struct es_measure measure(double dist_m, double elapsed_s)
{
    return (struct es_measure){
        .format = ES_FORMAT_GPX,
        .sport = ES_SPORT_RUNNING,
        .started_ms = OPENS + 1000,
        .dist_m = dist_m,
        .dist_source = ES_DIST_POSITIONS,
        .raw_dist_m = dist_m,
        .device_dist_m = NAN,
        .elapsed_s = elapsed_s,
        .timer_s = elapsed_s - 60,
        .counted_s = elapsed_s,
        .counted_timer_s = elapsed_s - 60,
        .moving_s = elapsed_s - 120,
        .gain_m = NAN,
        .loss_m = NAN,
    };
}

static struct es_verdict judge(const struct es_measure *m,
                               const struct es_rules *r, enum es_run_kind kind,
                               int64_t received_ms)
{
    struct es_initiative ini = { .zone = "UTC",
                                 .opens_ms = OPENS,
                                 .closes_ms = CLOSES };
    struct es_case c = { &ini, r, kind, m, received_ms, false };
    struct es_verdict v;
    es_judge(&c, &v);
    return v;
}

static bool has(const struct es_verdict *v, const char *code)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i].code, code) == 0)
            return true;
    return false;
}

TEST(a_run_that_keeps_the_rules_counts_to_the_millimetre)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5012.3456, 1800);
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES - 1);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    CHECK_INT(v.n_findings, 0);
    CHECK_INT(v.counted_mm, 5012346);
    CHECK_INT(v.time_ms, 1800000);
}

TEST(the_window_is_half_open)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5000, 1800);
    m.started_ms = OPENS;
    CHECK_INT(judge(&m, &r, ES_KIND_FILE, CLOSES).status, ES_RUN_ACCEPTED);
    m.started_ms = OPENS - 1;
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "before_window"));
    m.started_ms = CLOSES;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES + 3600000);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "after_window"));
    m.started_ms = CLOSES - 1;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES + 3600000);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
}

TEST(a_run_in_the_future_or_far_too_late_is_refused)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5000, 1800);
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, m.started_ms + 60000);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "in_future"));
    v = judge(&m, &r, ES_KIND_FILE, CLOSES + r.grace_ms + 1);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "too_late"));
    m.started_ms = ES_NO_TIME;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "no_start_time"));
}

TEST(a_bicycle_is_refused_and_an_unnamed_sport_is_not)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5000, 1800);
    m.sport = ES_SPORT_CYCLING;
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "sport_not_allowed"));
    m.sport = ES_SPORT_GENERIC;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_ACCEPTED && has(&v, "sport_unknown"));
    r.n_sports = 0;
    m.sport = ES_SPORT_CYCLING;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
}

TEST(a_cap_cuts_and_says_so)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(42195, 4 * 3600);
    r.run_cap_mm = 20000000;
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_ACCEPTED && has(&v, "over_cap"));
    CHECK_INT(v.counted_mm, 20000000);
    CHECK_INT(v.dist_mm, 42195000);
}

TEST(the_time_basis_chooses_and_falls_back)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5000, 1800);
    r.time_basis = ES_TIME_TIMER;
    CHECK_INT(judge(&m, &r, ES_KIND_FILE, CLOSES).time_ms, 1740000);
    r.time_basis = ES_TIME_MOVING;
    CHECK_INT(judge(&m, &r, ES_KIND_FILE, CLOSES).time_ms, 1680000);
    m.moving_s = NAN;
    CHECK_INT(judge(&m, &r, ES_KIND_FILE, CLOSES).time_ms, 1800000);
}

TEST(typed_runs_follow_the_rule_sheet)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(5000, 1800);
    struct es_verdict v = judge(&m, &r, ES_KIND_TYPED, CLOSES);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    r.typed_proof = ES_PROOF_PERSON;
    v = judge(&m, &r, ES_KIND_TYPED, CLOSES);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "typed_in"));
    r.typed = false;
    v = judge(&m, &r, ES_KIND_TYPED, CLOSES);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "typed_not_allowed"));
    r = es_rules_default();
    m = measure(150000, 86400);
    v = judge(&m, &r, ES_KIND_TYPED, CLOSES);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "typed_long"));
    m = measure(20000, 1800);
    v = judge(&m, &r, ES_KIND_TYPED, CLOSES);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "too_fast_typed"));
}

TEST(what_the_track_says_weighs_too_and_refusal_outweighs_review)
{
    struct es_rules r = es_rules_default();
    struct es_finding f = es_finding_make("jump", ES_REVIEW, 1, 2, "far");
    struct es_measure m = measure(5000, 1800);
    m.findings = &f;
    m.n_findings = 1;
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_IN_REVIEW && has(&v, "jump"));
    m.sport = ES_SPORT_CYCLING;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK_INT(v.status, ES_RUN_REFUSED);
}

TEST(no_distance_is_no_run)
{
    struct es_rules r = es_rules_default();
    struct es_measure m = measure(NAN, 1800);
    struct es_verdict v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK(v.status == ES_RUN_REFUSED && has(&v, "no_distance"));
    CHECK_INT(v.counted_mm, 0);
    /* the track says so, too: one reason, told once */
    struct es_finding f =
        es_finding_make("no_distance", ES_NOTE, NAN, NAN, "none");
    m.findings = &f;
    m.n_findings = 1;
    v = judge(&m, &r, ES_KIND_FILE, CLOSES);
    CHECK_INT(v.n_findings, 1);
    CHECK_INT(v.findings[0].effect, ES_REFUSE);
}
