/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs held against those that their runner had before: who gets better is let
 * be, whatever way; who gets wheels is noted. */
#include "t.h"

#include "initiative/history.h"

#include <math.h>
#include <string.h>

enum { RUNS = 64 };
static const int64_t START = 1790000000000;
static const int64_t DAY = 86400000;

/* A person's life as a runner: each run is judged by all before it. */
struct life {
    struct es_measure runs[RUNS];
    struct es_counted counted[RUNS];
    size_t n;
};

/* At one pace; error_s is of each effort. */
static struct es_measure run(double day, double dist_m, double mps,
                             double error_s)
{
    static const double DISTS[] = { 400, 1000, 5000, 10000, 21097.5, 42195 };
    struct es_measure m = {
        .format = ES_FORMAT_FIT,
        .sport = ES_SPORT_RUNNING,
        .started_ms = START + (int64_t)(day * (double)DAY),
        .dist_m = dist_m,
        .elapsed_s = dist_m / mps,
    };
    for (size_t i = 0; i < sizeof DISTS / sizeof *DISTS; i++)
        if (DISTS[i] <= dist_m)
            m.bests[m.n_bests++] =
                (struct es_best){ "", DISTS[i], DISTS[i] / mps, error_s, true };
    return m;
}

static struct es_verdict judge(const struct life *l, const struct es_measure *m,
                               const char *other_sign)
{
    struct es_history h = { l->runs, l->n, l->counted, l->n };
    struct es_verdict v = {
        .counted_mm = llround(m->dist_m * 1000),
        .status = ES_RUN_ACCEPTED,
    };
    if (other_sign) {
        struct es_finding f =
            es_finding_make(other_sign, ES_NOTE, NAN, NAN, "odd");
        es_verdict_add(&v, &f);
    }
    es_history_weigh(&h, m, &v);
    return v;
}

static void live(struct life *l, const struct es_measure *m)
{
    CHECK(l->n < RUNS);
    l->runs[l->n] = *m;
    l->counted[l->n++] =
        (struct es_counted){ m->started_ms, llround(m->dist_m * 1000) };
}

/* Judges it, and takes it up when nothing was found. */
static void honest(struct life *l, struct es_measure m)
{
    struct es_verdict v = judge(l, &m, NULL);
    if (v.n_findings)
        FAIL("run %zu: %s: %s", l->n, v.findings[0].code,
             v.findings[0].message);
    live(l, &m);
}

static void jog_for(struct life *l, size_t runs)
{
    for (size_t i = 0; i < runs; i++)
        honest(l, run((double)l->n * 2, 5000, 2.6 + 0.05 * (double)(i % 3), 5));
}

static const struct es_finding *found(const struct es_verdict *v,
                                      const char *code)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i].code, code) == 0)
            return &v->findings[i];
    return NULL;
}

TEST(a_beginner_may_get_better_for_months)
{
    struct life l = { .n = 0 };
    for (size_t i = 0; i < 48; i++) /* from 9:15 to 4:00 a kilometre */
        honest(&l, run((double)i * 2, 2000 + 250 * (double)i,
                       1.8 + 0.05 * (double)i, 4));
}

TEST(a_tempo_run_and_a_race_after_slow_ones_are_honest)
{
    struct life l = { .n = 0 };
    jog_for(&l, 12);
    honest(&l, run(30, 8000, 3.6, 4));   /* tempo: 4:38 */
    honest(&l, run(33, 5000, 3.95, 4));  /* race: 4:13 */
    honest(&l, run(36, 42195, 3.1, 20)); /* a marathon out of the blue */
}

TEST(who_walked_for_weeks_may_begin_to_run)
{
    struct life l = { .n = 0 };
    for (size_t i = 0; i < 10; i++) {
        struct es_measure m = run((double)i, 4000, 1.4, 5);
        m.sport = ES_SPORT_WALKING;
        honest(&l, m);
    }
    honest(&l, run(11, 5000, 3.2, 5));
    honest(&l, run(13, 5000, 4.4, 5)); /* no run to hold it against */
    struct es_measure m = run(15, 6000, 3.9, 5);
    m.sport = ES_SPORT_WALKING; /* so it says */
    honest(&l, m);
}

TEST(a_camp_of_training_and_growing_weeks_are_honest)
{
    struct life l = { .n = 0 };
    for (size_t i = 0; i < 40; i++) /* from 6 to 30 km, daily: 200 km a week */
        honest(&l, run((double)i, 6000 + 600 * (double)i, 3, 5));
}

TEST(wheels_are_noted_with_figures_and_send_nobody_to_review)
{
    struct life l = { .n = 0 };
    jog_for(&l, 6);
    struct es_measure car = run(20, 10000, 6, 5);
    struct es_verdict v = judge(&l, &car, NULL);
    const struct es_finding *f = found(&v, "faster_than_before");
    CHECK(f != NULL);
    CHECK_INT(f->effect, ES_NOTE);
    CHECK_NEAR(f->value, 6, 0.1);
    CHECK_NEAR(f->limit, 2.7, 1e-9);
    CHECK(strstr(f->message, "6 earlier runs") != NULL);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    CHECK_INT(v.n_findings, 1);
}

TEST(with_another_sign_a_person_looks_once)
{
    struct life l = { .n = 0 };
    jog_for(&l, 6);
    struct es_measure car = run(20, 10000, 6, 5);
    struct es_verdict v = judge(&l, &car, "no_steps");
    CHECK_INT(v.status, ES_RUN_IN_REVIEW);
    CHECK_INT(v.n_findings, 3);
    CHECK(found(&v, "many_signs")->value == 4);
    v = judge(&l, &car, "sudden");
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
    v = judge(&l, &car, "many_signs"); /* the track's own were enough */
    CHECK_INT(v.n_findings, 2);
    struct es_measure jog = run(20, 5000, 2.7, 5);
    v = judge(&l, &jog, "no_steps"); /* nothing of the history: as it was */
    CHECK_INT(v.n_findings, 1);
    CHECK_INT(v.status, ES_RUN_ACCEPTED);
}

TEST(little_history_later_runs_and_noise_say_nothing)
{
    struct life l = { .n = 0 };
    jog_for(&l, 4);
    struct es_measure car = run(20, 10000, 6, 5);
    struct es_verdict v = judge(&l, &car, NULL);
    CHECK_INT(v.n_findings, 0); /* four runs */
    jog_for(&l, 4);
    v = judge(&l, &car, NULL);
    CHECK_INT(v.n_findings, 1);
    car.started_ms = START - DAY; /* handed in late: it was the first */
    v = judge(&l, &car, NULL);
    CHECK_INT(v.n_findings, 0);
    car.started_ms = ES_NO_TIME;
    v = judge(&l, &car, NULL);
    CHECK_INT(v.n_findings, 0);
    struct es_measure noisy = run(20, 1500, 4.2, 20);
    v = judge(&l, &noisy, NULL); /* 1 km in 3:58, give or take 20 s */
    CHECK_INT(v.n_findings, 0);
    struct es_measure sure = run(20, 1500, 4.2, 1);
    v = judge(&l, &sure, NULL);
    CHECK_INT(v.n_findings, 1);
}

TEST(a_typed_in_run_is_held_against_its_like_by_its_mean)
{
    struct life l = { .n = 0 };
    jog_for(&l, 6);
    struct es_measure m = run(20, 7000, 5, 5);
    m.n_bests = 0;
    m.format = ES_FORMAT_NONE;
    struct es_verdict v = judge(&l, &m, NULL);
    CHECK(found(&v, "faster_than_before") != NULL);
}

TEST(far_more_in_a_day_or_a_week_than_ever_is_noted)
{
    struct life l = { .n = 0 };
    jog_for(&l, 10);
    struct es_measure far = run(20, 60000, 2.7, 5);
    struct es_verdict v = judge(&l, &far, NULL);
    CHECK_INT(v.n_findings, 1);
    const struct es_finding *f = found(&v, "far_in_a_day");
    CHECK(f && f->effect == ES_NOTE && f->value == 60000 && f->limit == 5000);
    for (int i = 0; i < 5; i++) { /* 40 km a day: the fourth is too much */
        struct es_measure m = run(20 + i, 40000, 2.7, 5);
        v = judge(&l, &m, NULL);
        CHECK_INT(v.n_findings, i < 3 ? 0 : 1);
        CHECK_INT(v.status, ES_RUN_ACCEPTED);
        live(&l, &m);
    }
    f = found(&v, "far_in_a_week");
    CHECK(f && f->limit == 20000);
}
