/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results as people and programs see them: best times over a category. */
#include "browser.h"
#include "initiative/results.h"
#include "initiative/settings.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

static void rules_with(struct browser *b, const char *json)
{
    struct es_err e = { 0 };
    b->w.ini.rules = json;
    world_must(es_initiative_save(&b->w.app, &b->w.ini, &e), &e);
}

static struct es_participant joins(struct browser *b, const char *name,
                                   const char *category)
{
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_join in = { .display_name = name,
                          .category = category,
                          .country = "NO",
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    return j.p;
}

static void ran(struct browser *b, const struct es_participant *p, double km,
                double pace_s)
{
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    struct es_typed t = { .started_ms = b->w.now - 86400000,
                          .dist_m = km * 1000,
                          .elapsed_s = km * pace_s };
    world_must(es_runs_type_in(&b->w.app, p, &t, &b->w.a, &r, &fe, &e), &e);
}

static const char SHEET[] =
    "{\"categories\": [\"Every step\", {\"name\": \"5 km\", \"dist_mm\": "
    "5000000}, {\"name\": \"10 km\", \"dist_mm\": 10000000}]}";

TEST(best_times_stand_on_the_board_and_in_the_api)
{
    struct browser b;
    browser_start(&b);
    rules_with(&b, SHEET);
    struct es_participant ada = joins(&b, "Ada <b>", "5 km");
    struct es_participant bo = joins(&b, "Bo", "5 km");
    struct es_participant cem = joins(&b, "Cem", "5 km");
    struct es_participant dai = joins(&b, "Dai", "10 km");
    ran(&b, &ada, 5, 300);
    ran(&b, &bo, 5, 300);
    ran(&b, &cem, 5, 330);
    ran(&b, &dai, 10, 333);

    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "By best time over the distance"));
    /* without a category: the first that has a distance */
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?metric=best"), 200);
    CHECK(browser_shows(&b, "Ada &lt;b&gt;") && browser_shows(&b, "25:00"));
    CHECK(browser_shows(&b, "27:30") && !browser_shows(&b, "Dai"));
    CHECK_INT(
        browser_get(&b, "/e/lantern/leaderboard?metric=best&category=10+km"),
        200);
    CHECK(browser_shows(&b, "Dai") && browser_shows(&b, "55:30"));
    CHECK(!browser_shows(&b, "Bo<"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?metric=best&cursor=x"),
              400);
    /* the reader's own category, and where they stand */
    browser_sign_in(&b, &dai);
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?metric=best"), 200);
    CHECK(browser_shows(&b, "55:30") && !browser_shows(&b, "25:00"));

#define API "/api/v1/initiatives/lantern/standings?metric=best"
    CHECK_INT(browser_get(&b, API "&category=5+km&limit=2"), 200);
    json_t *v = browser_answer(&b);
    json_t *rows = json_object_get(v, "rows");
    CHECK_INT(json_array_size(rows), 2);
    CHECK_STR(browser_text(json_array_get(rows, 0), "name"), "Ada <b>");
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(json_integer_value(
                      json_object_get(json_array_get(rows, i), "rank")),
                  1);
    char path[256];
    snprintf(path, sizeof path, API "&category=5+km&cursor=%s",
             browser_text(v, "next_cursor"));
    json_decref(v);
    CHECK_INT(browser_get(&b, path), 200);
    v = browser_answer(&b);
    rows = json_object_get(v, "rows");
    CHECK_INT(json_array_size(rows), 1);
    CHECK_INT(
        json_integer_value(json_object_get(json_array_get(rows, 0), "rank")),
        3);
    CHECK_INT(
        json_integer_value(json_object_get(json_array_get(rows, 0), "time_s")),
        1650);
    json_decref(v);
    CHECK_INT(browser_get(&b, API), 400);
    CHECK_INT(browser_get(&b, API "&category=Every+step"), 400);
    CHECK_INT(browser_get(&b, API "&category=5+km&by=team"), 400);
    CHECK_INT(browser_get(&b, API "&category=5+km&cursor=x"), 400);
    browser_stop(&b);
}

TEST(without_a_distance_no_best_times_are_offered)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?metric=best"), 200);
    CHECK(!browser_shows(&b, "By best time"));
    CHECK_INT(
        browser_get(&b, "/api/v1/initiatives/lantern/standings?metric=best"),
        400);
    browser_stop(&b);
}

#define CONSOLE "/organise/e/lantern/results"

/* The signed file of a version, into a buffer of the caller's. */
static void signed_file(struct browser *b, int version, struct es_buf *out)
{
    char path[64];
    snprintf(path, sizeof path, "/e/lantern/results/%d", version);
    CHECK_INT(browser_get(b, path), 200);
    es_buf_init(out, 1 << 20);
    es_buf_add(out, b->r.body.p, b->r.body.n);
}

/* An initiative with one run of Ada's, and the operator signed in. */
static struct es_participant one_run(struct browser *b)
{
    browser_start(b);
    rules_with(b, SHEET);
    struct es_participant ada = joins(b, "Ada", "5 km");
    ran(b, &ada, 5, 300);
    browser_sign_in_organiser(b);
    CHECK_INT(browser_get(b, CONSOLE), 200);
    return ada;
}

TEST(final_results_are_frozen_and_signed)
{
    struct browser b;
    struct es_buf file;
    struct es_bytes results;
    struct es_err e = { 0 };
    json_error_t je;
    uint8_t key[ES_SIGN_PUBLIC], own[ES_SIGN_PUBLIC];
    (void)one_run(&b);
    CHECK(browser_shows(&b, "Runs are still taken until"));
    /* what is open has to be said yes to */
    CHECK_INT(browser_post(&b, CONSOLE "/finish", ""), 422);
    CHECK_INT(browser_post(&b, CONSOLE "/finish", "anyway=1"), 303);
    CHECK_INT(browser_get(&b, CONSOLE), 200);
    CHECK(browser_shows(&b, "frozen, signed and public"));
    CHECK_INT(browser_get(&b, "/e/lantern/results"), 200);
    CHECK(browser_shows(&b, "These results are final."));

    signed_file(&b, 1, &file);
    world_must(es_results_unseal(es_buf_bytes(&file), &results, key, &e), &e);
    es_results_key(&b.w.app, own);
    CHECK(memcmp(key, own, sizeof key) == 0);
    json_t *v = json_loadb((const char *)results.p, results.n, 0, &je);
    CHECK_STR(browser_text(v, "format"), "everystep-results-1");
    json_t *cats = json_object_get(v, "categories");
    json_t *first =
        json_array_get(json_object_get(json_array_get(cats, 1), "by_time"), 0);
    CHECK_INT(json_integer_value(json_object_get(first, "time_s")), 1500);
    json_decref(v);

    /* a byte other or less anywhere, and it is no longer theirs */
    for (size_t i = 0; i < file.n; i++) {
        file.p[i] ^= 1;
        CHECK(es_results_unseal(es_buf_bytes(&file), &results, key, &e) !=
              ES_OK);
        file.p[i] ^= 1;
    }
    for (size_t n = 0; n < file.n; n++)
        CHECK(es_results_unseal((struct es_bytes){ file.p, n }, &results, key,
                                &e) != ES_OK);
    es_buf_release(&file);
    browser_stop(&b);
}

TEST(a_draft_has_no_results)
{
    struct browser b;
    struct es_err e = { 0 };
    int32_t version = 0;
    (void)one_run(&b);
    b.w.ini.state = ES_INI_DRAFT;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    CHECK_INT(es_results_finish(&b.w.app, b.w.ini.id, 1, "", &version, &e),
              ES_ECONFLICT);
    CHECK_INT(version, 0);
    browser_stop(&b);
}

TEST(nothing_changes_what_is_final_and_it_is_said_why)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    struct es_participant ada = one_run(&b);
    struct es_typed t = { .started_ms = b.w.now - 3600000,
                          .dist_m = 5000,
                          .elapsed_s = 1400 };
    CHECK_INT(browser_post(&b, CONSOLE "/finish", "anyway=1"), 303);
    CHECK_INT(es_runs_type_in(&b.w.app, &ada, &t, &b.w.a, &r, &fe, &e),
              ES_EDENIED);
    browser_sign_in(&b, &ada);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(
        browser_post(&b, "/me/typed", "distance=5&time=25:00&date=2026-01-01"),
        409);
    CHECK(browser_shows(&b, "The results are final"));
    browser_stop(&b);
}

TEST(a_correction_makes_a_version_and_the_earlier_one_stays)
{
    struct browser b;
    struct es_buf file, again;
    struct es_bytes results;
    struct es_err e = { 0 };
    uint8_t key[ES_SIGN_PUBLIC];
    struct es_participant ada = one_run(&b);
    CHECK_INT(browser_post(&b, CONSOLE "/finish", "anyway=1"), 303);
    signed_file(&b, 1, &file);
    CHECK_INT(browser_get(&b, CONSOLE), 200);
    CHECK_INT(browser_post(&b, CONSOLE "/correct", ""), 303);
    ran(&b, &ada, 10, 300);
    CHECK_INT(browser_get(&b, "/e/lantern/results"), 200);
    CHECK(browser_shows(&b, "being corrected"));
    CHECK_INT(browser_get(&b, CONSOLE), 200);
    CHECK_INT(browser_post(&b, CONSOLE "/finish", "anyway=1"), 422);
    CHECK_INT(
        browser_post(&b, CONSOLE "/finish", "anyway=1&why=A+run+was+missing"),
        303);
    CHECK_INT(browser_get(&b, "/e/lantern/results"), 200);
    CHECK(browser_shows(&b, "A run was missing"));
    signed_file(&b, 1, &again);
    CHECK(again.n == file.n && memcmp(again.p, file.p, file.n) == 0);
    es_buf_release(&again);
    signed_file(&b, 2, &again);
    world_must(es_results_unseal(es_buf_bytes(&again), &results, key, &e), &e);
    CHECK_INT(browser_get(&b, "/e/lantern/results/3"), 404);
    es_buf_release(&file);
    es_buf_release(&again);
    browser_stop(&b);
}

TEST(the_table_is_safe_in_a_spreadsheet)
{
    struct browser b;
    browser_start(&b);
    rules_with(&b, SHEET);
    struct es_participant ada = joins(&b, "=Ada \"A\"", "5 km");
    ran(&b, &ada, 5, 300);
    CHECK_INT(browser_get(&b, "/e/lantern/results.csv"), 200);
    CHECK_STR(browser_body(&b),
              "\ufeff\"place\",\"bib\",\"name\",\"country\",\"distance_km\","
              "\"total_time\",\"runs\",\"category\",\"category_place\","
              "\"best_time\"\r\n"
              "\"1\",\"1\",\"'=Ada \"\"A\"\"\",\"NO\",\"5.000000\","
              "\"0:25:00\",\"1\",\"5 km\",\"1\",\"0:25:00\"\r\n");
    browser_stop(&b);
}

TEST(those_who_hold_it_get_everybody_and_what_became_of_their_runs)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    struct es_joined j;
    int64_t team;
    browser_start(&b);
    rules_with(&b, SHEET);
    world_must(es_team_create(&b.w.app, b.w.ini.id, "@Reds", "RED", &team, &e),
               &e);
    struct es_join in = { .display_name = "+Ulla",
                          .category = "5 km",
                          .team_code = "RED",
                          .visibility = "hidden",
                          .email = "ulla@example.org",
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &j, &fe, &e), &e);
    ran(&b, &j.p, 5, 300);
    ran(&b, &j.p, 5, 30); /* nobody is that fast */
    (void)joins(&b, "Bo", "10 km");

    CHECK_INT(browser_get(&b, "/organise/e/lantern/results.csv"), 404);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/results.csv"), 200);
    const char *s = browser_body(&b);
    CHECK(strstr(s, "\ufeff\"bib\",\"name\",\"shown_as\",\"team\",") == s);
    CHECK(strstr(s, "\r\n\"1\",\"'+Ulla\",\"hidden\",\"'@Reds\",\"\","
                    "\"5 km\",\"\",\"5.000000\",\"0:25:00\",\"1\",\"1\",\"0\","
                    "\"0\","));
    CHECK(strstr(s, "\r\n\"2\",\"Bo\",\"name\",\"\",\"NO\",\"10 km\",\"\","
                    "\"0.000000\",\"0:00:00\",\"0\",\"0\",\"0\",\"0\","));
    CHECK(!strstr(s, "ulla@"));
    browser_stop(&b);
}

TEST(what_is_signed_is_what_programs_read)
{
    struct browser b;
    struct es_buf file;
    struct es_bytes results;
    struct es_err e = { 0 };
    json_error_t je;
    uint8_t key[ES_SIGN_PUBLIC];
    char name[32];
    (void)one_run(&b);
    for (int i = 0; i < 230; i++) { /* more than a page of a list */
        (void)snprintf(name, sizeof name, "Runner %d", i);
        struct es_participant p = joins(&b, name, i % 2 ? "5 km" : "10 km");
        ran(&b, &p, 10 + i % 3, 300);
    }
    CHECK_INT(browser_get(&b, "/e/lantern/results.json"), 200);
    json_t *v = browser_answer(&b);
    CHECK_INT(json_integer_value(json_object_get(v, "version")), 0);
    CHECK(json_is_null(json_object_get(v, "at")));
    CHECK_INT(json_array_size(json_object_get(v, "people")), 231);
    CHECK_INT(json_array_size(json_object_get(v, "categories")), 3);
    json_decref(v);

    CHECK_INT(browser_get(&b, CONSOLE), 200);
    CHECK_INT(browser_post(&b, CONSOLE "/finish", "anyway=1"), 303);
    signed_file(&b, 1, &file);
    world_must(es_results_unseal(es_buf_bytes(&file), &results, key, &e), &e);
    CHECK_INT(browser_get(&b, "/e/lantern/results.json"), 200);
    CHECK_INT(b.r.body.n, results.n);
    CHECK(memcmp(b.r.body.p, results.p, results.n) == 0);
    v = json_loadb((const char *)results.p, results.n, 0, &je);
    CHECK(v != NULL);
    json_decref(v);
    es_buf_release(&file);

    CHECK_INT(browser_get(&b, "/e/lantern/results/print"), 200);
    CHECK(browser_shows(&b, "Final results, version 1") &&
          browser_shows(&b, "print."));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "Version 1"));
    CHECK_INT(browser_get(&b, "/e/lantern/rules"), 200);
    CHECK(browser_shows(&b, "Equal results share a place"));
    browser_stop(&b);
}

/* Joins with an age group chosen, and runs 5 km. */
static void runs_at(struct browser *b, const char *name, const char *age,
                    double pace_s)
{
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_join in = { .display_name = name,
                          .category = "5 km",
                          .age_group = age,
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    ran(b, &j.p, 5, pace_s);
}

TEST(people_stand_by_the_age_group_that_they_chose)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_settings was;
    struct es_settings_change c = { .settings = es_settings_default() };
    const struct es_consent_edit rules = {
        "rules", "By the rules.", "By the rules.", "", true, false
    };
    browser_start(&b);
    rules_with(&b, SHEET);
#define BEST "/e/lantern/leaderboard?metric=best&category=5+km"
    CHECK_INT(browser_get(&b, BEST), 200);
    CHECK(!browser_shows(&b, "All ages"));
    CHECK_INT(browser_get(&b, BEST "&age=18"), 400);
    c.initiative = b.w.ini.id;
    c.settings.age_group = true;
    c.consents[0] = rules;
    c.n_consents = 1;
    world_must(es_settings_of(b.w.store, b.w.ini.id, &was, &c.from, &e), &e);
    world_must(es_settings_save(&b.w.app, &c, &b.w.a, &e), &e);
    world_must(
        es_store_initiative_by_id(b.w.store, b.w.ini.id, &b.w.a, &b.w.ini, &e),
        &e);
    runs_at(&b, "Ada", "18", 300);
    runs_at(&b, "Bo", "60", 330);
    runs_at(&b, "Cem", "18", 310);
    runs_at(&b, "Dai", "", 320);

    CHECK_INT(browser_get(&b, BEST), 200);
    CHECK(browser_shows(&b, "All ages") && browser_shows(&b, "18 to 39") &&
          browser_shows(&b, "Dai"));
    CHECK_INT(browser_get(&b, BEST "&age=18"), 200);
    CHECK(browser_shows(&b, "Ada") && browser_shows(&b, "Cem") &&
          !browser_shows(&b, "Bo<") && !browser_shows(&b, "Dai"));
    CHECK_INT(browser_get(&b, BEST "&age=17"), 400);
    CHECK_INT(browser_get(&b, API "&category=5+km&age=60"), 200);
    json_t *v = browser_answer(&b);
    json_t *rows = json_object_get(v, "rows");
    CHECK_INT(json_array_size(rows), 1);
    CHECK_STR(browser_text(json_array_get(rows, 0), "name"), "Bo");
    json_decref(v);
    CHECK_INT(browser_get(&b, API "&category=5+km&age=61"), 400);

    CHECK_INT(browser_get(&b, "/e/lantern/results.json"), 200);
    v = browser_answer(&b);
    json_t *five = json_array_get(json_object_get(v, "categories"), 1);
    json_t *ages = json_object_get(five, "by_age");
    CHECK_INT(json_array_size(ages), 4);
    json_t *adults = json_array_get(ages, 1);
    CHECK_INT(json_integer_value(json_object_get(adults, "from")), 18);
    CHECK_INT(json_array_size(json_object_get(adults, "by_time")), 2);
    CHECK(!json_object_get(json_array_get(json_object_get(v, "categories"), 0),
                           "by_age"));
    json_decref(v);
    browser_stop(&b);
}
