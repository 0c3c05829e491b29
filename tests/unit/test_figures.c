/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures that an organiser is shown are those that the store makes when
 * it is read from the beginning, whatever happened to the runs; and they add up
 * to the total. */
#include "browser.h"
#include "t.h"

#include "initiative/boards.h"
#include "initiative/people.h"
#include "initiative/recount.h"
#include "initiative/rejudge.h"
#include "initiative/review.h"
#include "store/pulse.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RITA = 71, DAY_MS = 86400000, HOUR_MS = 3600000 };

static struct es_participant joins(struct world *w, const char *name,
                                   const char *country)
{
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_join in = { .display_name = name,
                          .country = country,
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e), &e);
    return j.p;
}

static struct es_receipt typed(struct world *w, const struct es_participant *p,
                               double dist_m, int64_t started_ms)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    struct es_receipt r = { 0 };
    struct es_typed t = { .started_ms = started_ms,
                          .dist_m = dist_m,
                          .elapsed_s = dist_m / 2.5 };
    world_must(es_runs_type_in(&w->app, p, &t, &w->a, &r, &fe, &e), &e);
    return r;
}

/* A run that waits for a person is decided by one. */
static void decides(struct world *w, struct es_receipt *r,
                    enum es_review_act what)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    struct es_reviewing in = { .initiative = w->ini.id,
                               .run = r->run.id,
                               .account = RITA,
                               .role = ES_ROLE_REVIEWER,
                               .act = what,
                               .reason = "cannot_be",
                               .words = "Why?",
                               .seen = -1 };
    world_must(es_runs_review(&w->app, &in, &w->a, r, &fe, &e), &e);
}

static struct es_receipt
sends_file(struct world *w, const struct es_participant *p, int64_t ago_s)
{
    struct es_err e = { 0 };
    struct es_taken got;
    size_t size;
    int fd = world_run_fd(w, ago_s, 900, &size);
    struct es_take t = {
        .who = p, .fd = fd, .size = size, .activity = ES_TAKE_ALL
    };
    world_must(es_runs_take(&w->app, &t, &w->a, &got, &e), &e);
    close(fd);
    CHECK_INT(got.n, 1);
    return got.receipts[0];
}

/* ---- comparing ---- */

static void same_days(struct world *w, struct es_pulse *a, struct es_pulse *b,
                      const char *country)
{
    struct es_pulse_day *x, *y;
    size_t n_x, n_y;
    CHECK_INT(
        es_pulse_days(a, country, INT64_MIN, INT64_MAX, &w->a, &x, &n_x, NULL),
        ES_OK);
    CHECK_INT(
        es_pulse_days(b, country, INT64_MIN, INT64_MAX, &w->a, &y, &n_y, NULL),
        ES_OK);
    CHECK_INT(n_x, n_y);
    for (size_t i = 0; i < n_x; i++) {
        CHECK_INT(x[i].day, y[i].day);
        CHECK_INT(x[i].people, y[i].people);
        CHECK_INT(x[i].runs, y[i].runs);
        CHECK_INT(x[i].dist_mm, y[i].dist_mm);
    }
}

static void same_looks(struct world *w, struct es_pulse *a, struct es_pulse *b)
{
    struct es_pulse_look *x, *y;
    size_t n_x, n_y;
    CHECK_INT(es_pulse_looks(a, INT64_MIN, INT64_MAX, &w->a, &x, &n_x, NULL),
              ES_OK);
    CHECK_INT(es_pulse_looks(b, INT64_MIN, INT64_MAX, &w->a, &y, &n_y, NULL),
              ES_OK);
    CHECK_INT(n_x, n_y);
    for (size_t i = 0; i < n_x; i++) {
        CHECK_INT(x[i].day, y[i].day);
        CHECK_INT(x[i].came, y[i].came);
        CHECK_INT(x[i].decided, y[i].decided);
    }
}

static void same_stages(struct es_pulse *a, struct es_pulse *b)
{
    struct es_pulse_stages x, y;
    es_pulse_stages(a, &x);
    es_pulse_stages(b, &y);
    CHECK_INT(x.people, y.people);
    CHECK_INT(x.sent, y.sent);
    CHECK_INT(x.counted, y.counted);
    CHECK_INT(x.again, y.again);
    CHECK_INT(x.waiting, y.waiting);
    CHECK_INT(x.files, y.files);
    CHECK_INT(x.pictures, y.pictures);
}

/* What is kept in memory is what another process makes of the store, and adds
 * up to the standings' total, which the ledger agrees with. */
static struct es_pulse_stages reconciles(struct world *w)
{
    struct es_err e = { 0 };
    struct es_app other;
    struct es_totals t;
    struct es_pulse_land *lands;
    struct es_recounted sum;
    size_t n;
    int64_t people = 0, runs = 0, mm = 0;
    struct es_pulse *here = es_app_pulse(&w->app, w->ini.id);
    world_must(es_app_open(&other, w->store, NULL, &e), &e);
    struct es_pulse *there = es_app_pulse(&other, w->ini.id);
    world_must(es_pulse_lands(here, &w->a, &lands, &n, &e), &e);
    for (size_t i = 0; i < n; i++) {
        same_days(w, here, there, lands[i].country);
        people += lands[i].people;
        runs += lands[i].runs;
        mm += lands[i].dist_mm;
    }
    same_days(w, here, there, NULL);
    same_looks(w, here, there);
    same_stages(here, there);
    es_app_close(&other);
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    CHECK_INT(people, t.participants);
    CHECK_INT(runs, t.runs);
    CHECK_INT(mm, t.dist_mm);
    world_must(es_recount(w->store, w->ini.id, false, NULL, NULL, &sum, &e),
               &e);
    CHECK_INT(sum.dist_mm, mm);
    CHECK_INT(sum.differences, 0);
    struct es_pulse_stages s;
    es_pulse_stages(here, &s);
    return s;
}

TEST(figures_are_what_the_store_makes_of_them)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    world_begin(&w);
    CHECK_INT(reconciles(&w).people, 0);
    struct es_participant ada = joins(&w, "Ada", "TR");
    struct es_participant bo = joins(&w, "Bo", "TR");
    struct es_participant cem = joins(&w, "Cem", "");
    struct es_participant dai = joins(&w, "Dai", "IS");
    (void)dai; /* never runs */
    CHECK_INT(reconciles(&w).people, 4);

    struct es_receipt one = typed(&w, &ada, 5000, w.now - 2 * DAY_MS);
    (void)typed(&w, &ada, 6000, w.now - 3 * DAY_MS);
    struct es_receipt far = typed(&w, &bo, 120000, w.now - DAY_MS);
    CHECK_INT(far.run.status, ES_RUN_IN_REVIEW);
    struct es_receipt early = typed(&w, &cem, 5000, w.now - 40LL * DAY_MS);
    CHECK_INT(early.run.status, ES_RUN_REFUSED);
    struct es_pulse_stages s = reconciles(&w);
    CHECK_INT(s.sent, 3);
    CHECK_INT(s.counted, 1);
    CHECK_INT(s.again, 1);
    CHECK_INT(s.waiting, 1);

    decides(&w, &far, ES_REVIEW_ASK);
    world_must(
        es_runs_answer(&w.app, &bo, far.run.id, "So.", &w.a, &far, &fe, &e),
        &e);
    decides(&w, &far, ES_REVIEW_ACCEPT);
    s = reconciles(&w);
    CHECK_INT(s.counted, 2);
    CHECK_INT(s.waiting, 0);

    world_must(es_runs_appeal(&w.app, &cem, early.run.id, "No.", &w.a, &early,
                              &fe, &e),
               &e);
    CHECK_INT(reconciles(&w).waiting, 1);
    decides(&w, &early, ES_REVIEW_REFUSE);
    CHECK_INT(reconciles(&w).waiting, 0);
    world_must(es_runs_withdraw(&w.app, &ada, one.run.id, &w.a, &one, &e), &e);
    world_must(es_runs_withdraw(&w.app, &ada, one.run.id, &w.a, &one, &e), &e);
    s = reconciles(&w);
    CHECK_INT(s.counted, 2);
    CHECK_INT(s.again, 0);
    CHECK_INT(s.sent, 3);
    world_end(&w);
}

TEST(files_are_weighed_once)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = joins(&w, "Ada", "TR");
    struct es_receipt r = sends_file(&w, &p, 9000);
    int64_t bytes = reconciles(&w).files;
    CHECK(bytes > 0);
    CHECK_INT(r.run.blob.length, bytes);
    (void)sends_file(&w, &p, 9000); /* the same bytes again */
    CHECK_INT(reconciles(&w).files, bytes);
    (void)sends_file(&w, &p, 90000);
    CHECK(reconciles(&w).files > bytes);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &r, &e), &e);
    (void)reconciles(&w); /* the original stays */
    int64_t files, pictures;
    world_must(es_store_held(w.store, w.ini.id, p.id, &files, &pictures, &e),
               &e);
    CHECK_INT(files, reconciles(&w).files);
    CHECK_INT(pictures, 0);
    struct es_store_sizes sizes;
    world_must(es_store_sizes(w.store, &sizes, &e), &e);
    CHECK(sizes.segments >= files && sizes.database > 0);
    world_end(&w);
}

/* What stays of who left is in the total, and nobody's. */
TEST(who_moves_or_leaves_is_counted_where_they_are)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    world_begin(&w);
    struct es_participant ada = joins(&w, "Ada", "TR");
    struct es_participant bo = joins(&w, "Bo", "TR");
    (void)typed(&w, &ada, 5000, w.now - DAY_MS);
    (void)sends_file(&w, &ada, 90000);
    struct es_receipt far = typed(&w, &bo, 120000, w.now - DAY_MS);
    CHECK_INT(far.run.status, ES_RUN_IN_REVIEW);
    (void)typed(&w, &bo, 4000, w.now - 3 * DAY_MS);
    CHECK_INT(reconciles(&w).counted, 2);

    struct es_join in = { .display_name = "Ada",
                          .country = "AZ",
                          .consents = "{\"rules\": 2}" };
    world_must(es_person_change(&w.app, &w.ini, &ada, &in, &w.a, &ada, &fe, &e),
               &e);
    struct es_pulse_stages s = reconciles(&w);
    CHECK_INT(s.people, 2);
    CHECK(s.files > 0);

    struct es_leaving stays = { .take_away = false };
    world_must(es_person_leave(&w.app, &ada, &stays, &e), &e);
    s = reconciles(&w);
    CHECK_INT(s.people, 1);
    CHECK_INT(s.counted, 1);
    CHECK_INT(s.files, 0);
    struct es_leaving goes = { .take_away = true };
    world_must(es_person_leave(&w.app, &bo, &goes, &e), &e);
    s = reconciles(&w);
    CHECK_INT(s.people, 0);
    CHECK_INT(s.sent, 0);
    CHECK(world_total(&w) > 0); /* Ada's */
    world_end(&w);
}

static int64_t runs_on(struct world *w, int64_t day)
{
    struct es_pulse_day *v;
    size_t n;
    CHECK_INT(es_pulse_days(es_app_pulse(&w->app, w->ini.id), "TR", day, day,
                            &w->a, &v, &n, NULL),
              ES_OK);
    return n ? v[0].runs : 0;
}

TEST(a_day_ends_where_the_initiative_is)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = joins(&w, "Ada", "TR");
    int64_t day = w.now / DAY_MS - 3;
    (void)typed(&w, &p, 5000, day * DAY_MS - HOUR_MS);
    (void)typed(&w, &p, 6000, day * DAY_MS + HOUR_MS);
    CHECK_INT(runs_on(&w, day - 1), 1);
    CHECK_INT(runs_on(&w, day), 1);
    w.ini.zone = "Asia/Baku"; /* four hours ahead: both are on one day */
    world_must(es_initiative_save(&w.app, &w.ini, &e), &e);
    CHECK_INT(runs_on(&w, day - 1), 0);
    CHECK_INT(runs_on(&w, day), 2);
    struct es_receipt r = typed(&w, &p, 7000, day * DAY_MS - 3 * HOUR_MS);
    CHECK_INT(runs_on(&w, day), 3);
    (void)reconciles(&w);
    w.ini.zone = "America/New_York";
    world_must(es_initiative_save(&w.app, &w.ini, &e), &e);
    CHECK_INT(runs_on(&w, day - 1), 3);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &r, &e), &e);
    CHECK_INT(runs_on(&w, day - 1), 2);
    (void)reconciles(&w);
    world_end(&w);
}

TEST(other_rules_move_the_figures_too)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_rules rules;
    bool more = true;
    world_begin(&w);
    struct es_participant ada = joins(&w, "Ada", "TR");
    struct es_participant bo = joins(&w, "Bo", "AZ");
    (void)typed(&w, &ada, 5000, w.now - DAY_MS);
    (void)typed(&w, &bo, 30000, w.now - DAY_MS);
    CHECK_INT(reconciles(&w).counted, 2);
    world_must(es_rules_read(w.ini.rules, &rules, &e), &e);
    rules.typed_max_mm = 20000000; /* more is looked at by a person */
    struct es_draft d = { .initiative = w.ini.id,
                          .from_version = w.ini.rules_version,
                          .rules = rules,
                          .opens_ms = w.ini.opens_ms,
                          .closes_ms = w.ini.closes_ms,
                          .zone = w.ini.zone,
                          .account = RITA,
                          .who = "Rita" };
    world_must(es_rules_draft(&w.app, &d, &e), &e);
    while (more)
        world_must(es_rejudge_step(&w.app, &more, &e), &e);
    struct es_rule_change c;
    world_must(es_store_rule_change(w.store, w.ini.id, d.from_version + 1, &w.a,
                                    &c, &e),
               &e);
    world_must(es_rules_commit(&w.app, w.ini.id, c.version, c.at_ms, RITA,
                               "Rita", "", &e),
               &e);
    for (more = true; more;)
        world_must(es_rejudge_step(&w.app, &more, &e), &e);
    struct es_pulse_stages s = reconciles(&w);
    CHECK_INT(s.counted, 1);
    CHECK_INT(s.waiting, 1);
    world_end(&w);
}

/* ---- the page ---- */

TEST(the_page_shows_them_to_staff_alone)
{
    struct browser b;
    browser_start(&b);
    int stranger = browser_get(&b, "/organise/e/lantern");
    CHECK(stranger >= 400);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures"), stranger);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures"), 200);
    CHECK(browser_shows(&b, "Nobody has joined yet"));
    CHECK(!browser_shows(&b, "<svg class=\"drawn\""));

    struct es_participant ada = joins(&b.w, "Ada", "TR");
    struct es_participant bo = joins(&b.w, "Bo", "");
    (void)joins(&b.w, "Cem", "AZ");
    (void)typed(&b.w, &ada, 5000, b.w.now - DAY_MS);
    (void)typed(&b.w, &bo, 120000, b.w.now - DAY_MS);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures"), 200);
    CHECK(browser_shows(&b, "<rect class=\"bar most\""));
    CHECK(browser_shows(&b, "Have handed in nothing yet: 1."));
    CHECK(browser_shows(&b, "one that waits for review: 1."));
    CHECK(browser_shows(&b, "value=\"TR\""));
    CHECK(!browser_shows(&b, "Ada")); /* sums, nobody by name */
    CHECK(!browser_shows(&b, "style="));

    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures?country=TR"), 200);
    CHECK(browser_shows(&b, "value=\"TR\" selected"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures?country=-"), 200);
    CHECK(browser_shows(&b, "value=\"-\" selected"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures?country=%3Cb%3E"),
              200);
    CHECK(!browser_shows(&b, "selected"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern"), 200);
    CHECK(browser_shows(&b, "/organise/e/lantern/figures"));
    CHECK(browser_shows(&b, "<svg class=\"drawn\""));
    browser_stop(&b);
}

TEST(the_table_adds_up_to_the_total)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    struct es_participant ada = joins(&b.w, "Ada", "TR");
    struct es_participant bo = joins(&b.w, "Bo", "");
    (void)typed(&b.w, &ada, 5000.25, b.w.now - DAY_MS);
    (void)typed(&b.w, &ada, 7000, b.w.now - 4LL * DAY_MS);
    (void)typed(&b.w, &bo, 1500, b.w.now - DAY_MS);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/figures.csv"), 200);
    int64_t people = 0, runs = 0, mm = 0;
    const char *line = strstr(browser_body(&b), "\r\n");
    CHECK(browser_shows(&b, "\"day\",\"country\",\"registrations\",\"runs\","
                            "\"distance_m\""));
    while (line && line[2]) {
        int64_t p, r, m, rest;
        char day[16], land[8] = "";
        line += 2;
        int n = sscanf(line,
                       "\"%10[0-9-]\",\"%2[A-Z]\",\"%ld\",\"%ld\","
                       "\"%ld.%3ld\"",
                       day, land, &p, &r, &m, &rest);
        if (n != 6)
            n = 1 + sscanf(line,
                           "\"%10[0-9-]\",\"\",\"%ld\",\"%ld\","
                           "\"%ld.%3ld\"",
                           day, &p, &r, &m, &rest);
        CHECK_INT(n, 6);
        people += p;
        runs += r;
        mm += m * 1000 + rest;
        line = strstr(line, "\r\n");
    }
    CHECK_INT(people, 2);
    CHECK_INT(runs, 3);
    CHECK_INT(mm, world_total(&b.w));
    browser_stop(&b);
}
