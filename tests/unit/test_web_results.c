/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results as people and programs see them: best times over a category. */
#include "browser.h"
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
