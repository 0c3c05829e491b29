/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The form of the rules, the sheet that it makes, and a change of the rules
 * while runs are in, as an organiser goes through it. */
#include "t.h"
#include "browser.h"
#include "initiative/rejudge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RULES "/organise/e/lantern/rules"
#define WHEN                                                                   \
    "opens_date=2026-08-01&opens_time=00:00&closes_date=2026-09-01&"           \
    "closes_time=00:00&zone=UTC&window=zone&grace_days=7&"
#define WHAT                                                                   \
    "sport_running=1&sport_walking=1&count=every&time=elapsed&tolerance=1&"    \
    "typed=none&treadmill=none&"

static struct es_initiative now_of(struct browser *b)
{
    struct es_initiative now;
    struct es_err e = { 0 };
    world_must(
        es_store_initiative(b->w.app.store, "lantern", &b->w.a, &now, &e), &e);
    return now;
}

static struct es_rules rules_of(struct browser *b)
{
    struct es_rules r;
    struct es_err e = { 0 };
    world_must(es_rules_read(now_of(b).rules, &r, &e), &e);
    return r;
}

static void judge_all(struct browser *b)
{
    struct es_err e = { 0 };
    bool more = true;
    while (more)
        world_must(es_rejudge_step(&b->w.app, &more, &e), &e);
}

/* The window that stands, as the form would send it. */
static const char *fields(struct browser *b, const char *more)
{
    struct es_initiative i = now_of(b);
    struct es_date o = es_date_of(i.opens_ms), c = es_date_of(i.closes_ms);
    const char *out = es_arena_fmt(
        &b->w.a,
        "version=%d&opens_date=%04d-%02d-%02d&opens_time=%02d:%02d&"
        "closes_date=%04d-%02d-%02d&closes_time=%02d:%02d&zone=UTC&window=zone&"
        "grace_days=7&" WHAT "typed_max=100&%s",
        (int)i.rules_version, o.year, o.month, o.day, o.hour, o.minute, c.year,
        c.month, c.day, c.hour, c.minute, more);
    CHECK(out != NULL);
    return out;
}

static void set_state(struct browser *b, int32_t state)
{
    struct es_err e = { 0 };
    struct es_initiative i = now_of(b);
    i.state = state;
    world_must(es_initiative_save(&b->w.app, &i, &e), &e);
}

TEST(rules_are_the_organisers_to_write_and_everybodys_to_read)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, RULES), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/rules"), 200);
    CHECK(browser_shows(&b, "These kinds of sport count: Running, Walking, "
                            "Hiking."));
    CHECK(browser_shows(&b, "There is no upper limit"));
    CHECK(!browser_shows(&b, "were changed on"));
    CHECK_INT(browser_get(&b, "/e/lantern/rules?lang=ur"), 200);
    CHECK(browser_shows(&b, "کوئی بالائی حد نہیں: ہر قدم گنا جاتا ہے۔"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "/e/lantern/rules"));
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "What counts here"));
    CHECK_INT(browser_get(&b, RULES), 404);
    browser_stop(&b);
}

TEST(before_anybody_runs_rules_are_kept_at_once)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    set_state(&b, ES_INI_PUBLISHED);
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK(browser_shows(&b, "What people will read"));
    CHECK_INT(browser_post(&b, RULES,
                           "do=save&version=1&" WHEN WHAT
                           "category_name_0=10+km&category_km_0=10&"
                           "category_name_2=Half&category_km_2=21.0975&"
                           "category_name_3=Every+step&"
                           "run_cap=42.5&day_cap=50&review_pace=2:45"),
              303);
    struct es_rules r = rules_of(&b);
    CHECK_INT(now_of(&b).rules_version, 2);
    CHECK_INT(r.n_sports, 2);
    CHECK_INT(r.n_categories, 3);
    CHECK_INT(r.categories[1].dist_mm, 21097500);
    CHECK_INT(r.categories[2].dist_mm, 0);
    CHECK_INT(r.run_cap_mm, 42500000);
    CHECK_INT(r.day_cap_mm, 50000000);
    CHECK_INT(r.review_pace_ms, 165000);
    CHECK_INT(now_of(&b).closes_ms, 1788220800000);
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK(browser_shows(&b, "value=\"21.0975\""));
    CHECK(browser_shows(&b, "value=\"2:45\""));
    CHECK_INT(browser_get(&b, RULES "?lang=tr"), 200);
    CHECK(browser_shows(&b, "value=\"21,0975\""));
    CHECK_INT(browser_get(&b, "/e/lantern/rules"), 200);
    CHECK(browser_shows(&b, "from August 1, 2026 to August 31, 2026"));
    CHECK(browser_shows(&b, "Of one run at most 42.5"));
    judge_all(&b);
    browser_stop(&b);
}

TEST(a_preset_fills_the_form_and_keeps_nothing)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK_INT(browser_post(&b, RULES, "do=race&version=1&" WHEN WHAT), 200);
    CHECK(browser_shows(&b, "value=\"10 km\""));
    CHECK(browser_shows(&b, "10 km: what counts is your time over 10"));
    CHECK(browser_shows(&b, "value=\"2026-08-01\""));
    CHECK_INT(browser_post(&b, RULES, "do=every&version=1&" WHEN WHAT), 200);
    CHECK(browser_shows(&b, "Every run counts"));
    CHECK_INT(browser_post(&b, RULES, "do=month&version=1&" WHEN WHAT), 200);
    CHECK(browser_shows(&b, "Of all runs of one day together at most 50"));
    CHECK_INT(
        browser_post(&b, RULES, "do=preview&version=1&" WHEN WHAT "day_cap=7"),
        200);
    CHECK(browser_shows(&b, "Of all runs of one day together at most 7"));
    CHECK_INT(now_of(&b).rules_version, 1);
    browser_stop(&b);
}

TEST(what_makes_no_sense_is_said_at_its_field_and_nothing_is_lost)
{
    static const struct {
        const char *form, *says;
    } BAD[] = {
        { "opens_date=2026-08-02&opens_time=00:00&closes_date=2026-08-01&"
          "closes_time=00:00&zone=UTC&" WHAT,
          "before the beginning" },
        { "opens_date=2026-03-01&opens_time=00:00&closes_date=2026-03-29&"
          "closes_time=02:30&zone=Europe/Berlin&" WHAT,
          "The clocks are put forward that night" },
        { "opens_date=2026-03-01&opens_time=00:00&closes_date=2026-10-25&"
          "closes_time=02:30&zone=Europe/Berlin&" WHAT,
          "this time comes twice" },
        { "opens_date=2026-08-01&opens_time=00:00&zone=UTC&" WHAT,
          "id=\"closes-error\"" },
        { WHEN "count=every", "Please choose at least one kind of sport." },
        { WHEN WHAT "run_cap=0", "id=\"run_cap-error\"" },
        { WHEN WHAT "run_cap=1000000000000", "id=\"run_cap-error\"" },
        { WHEN WHAT "run_cap=nan", "id=\"run_cap-error\"" },
        { WHEN WHAT "run_cap=-5", "id=\"run_cap-error\"" },
        { WHEN WHAT "run_cap=20&day_cap=10", "less than one run may count" },
        { WHEN WHAT "review_pace=0:30", "id=\"review_pace-error\"" },
        { WHEN WHAT "review_pace=fast", "id=\"review_pace-error\"" },
        { WHEN WHAT "category_km_0=5", "id=\"category_name_0-error\"" },
        { WHEN WHAT "category_name_0=A&category_name_1=A",
          "a category of this name already" },
        { WHEN WHAT "category_name_16=A", "At most 16 categories." },
        { WHEN WHAT "category_name_1=0123456789012345678901234567890123456789"
                    "0123456789",
          "id=\"category_name_1-error\"" },
        { "opens_date=2026-08-01&opens_time=00:00&closes_date=2026-09-01&"
          "closes_time=00:00&zone=UTC&grace_days=9999&" WHAT,
          "id=\"grace_days-error\"" },
        { "opens_date=2026-08-01&opens_time=00:00&closes_date=2026-09-01&"
          "closes_time=00:00&zone=Mars/Base&" WHAT,
          "id=\"zone-error\"" },
        { "opens_date=2026-08-01&opens_time=00:00&closes_date=2026-09-01&"
          "closes_time=00:00&zone=UTC&sport_any=1&tolerance=50",
          "id=\"tolerance-error\"" },
    };
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        char form[1024];
        (void)snprintf(form, sizeof form, "do=save&version=1&typed_max=77&%s",
                       BAD[i].form);
        CHECK_INT(browser_post(&b, RULES, form), 422);
        if (!browser_shows(&b, BAD[i].says))
            FAIL("%s: nothing says %s", BAD[i].form, BAD[i].says);
        CHECK(browser_shows(&b, "value=\"77\""));
    }
    CHECK_INT(now_of(&b).rules_version, 1);
    CHECK_STR(now_of(&b).rules, "{}");
    browser_stop(&b);
}

TEST(who_saves_second_sees_both)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    set_state(&b, ES_INI_PUBLISHED);
    const char *mine = fields(&b, "do=save&run_cap=20");
    CHECK_INT(browser_post(&b, RULES, fields(&b, "do=save&day_cap=30")), 303);
    judge_all(&b);
    CHECK_INT(now_of(&b).rules_version, 2);
    CHECK_INT(browser_post(&b, RULES, mine), 409);
    CHECK(browser_shows(&b, "The rules were changed while you wrote"));
    CHECK(browser_shows(&b, "<del>Of all runs of one day together at most 30"));
    CHECK(browser_shows(&b, "<ins>Of one run at most 20"));
    CHECK(browser_shows(&b, "value=\"20\""));
    CHECK_INT(rules_of(&b).day_cap_mm, 30000000);
    /* having seen both, they may save */
    CHECK_INT(browser_post(&b, RULES,
                           fields(&b, "do=save&run_cap=20&"
                                      "day_cap=30")),
              303);
    CHECK_INT(rules_of(&b).run_cap_mm, 20000000);
    judge_all(&b);
    browser_stop(&b);
}

TEST(a_change_while_runs_are_in_is_seen_reasoned_and_kept_in_the_history)
{
    struct browser b;
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    browser_type_in(&b, &p, 86400);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK_INT(browser_post(&b, RULES, fields(&b, "do=save&run_cap=3")), 303);
    CHECK_INT(now_of(&b).rules_version, 1);
    CHECK_INT(browser_get(&b, RULES "/change"), 200);
    CHECK(browser_shows(&b, "Looking at all runs"));
    CHECK(browser_shows(&b, "http-equiv=\"refresh\""));
    CHECK(!browser_shows(&b, "Put these rules in force"));
    judge_all(&b);
    CHECK_INT(browser_get(&b, RULES "/progress"), 200);
    CHECK(browser_shows(&b, "\"ended\":true"));
    CHECK_INT(browser_get(&b, RULES "/change"), 200);
    CHECK(browser_shows(&b, "Put these rules in force"));
    CHECK(browser_shows(&b, "<ins>Of one run at most 3"));
    CHECK(browser_shows(&b, "Ada"));
    /* the form goes on with the draft */
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK(browser_shows(&b, "name=\"run_cap\" class=\"short\" dir=\"ltr\" "
                            "inputmode=\"decimal\" value=\"3\""));

    struct es_rule_change c;
    struct es_err e = { 0 };
    char form[256];
    world_must(
        es_store_rule_change(b.w.app.store, now_of(&b).id, 2, &b.w.a, &c, &e),
        &e);
    (void)snprintf(form, sizeof form,
                   "version=2&drafted=%lld&why=", (long long)c.at_ms);
    CHECK_INT(browser_post(&b, RULES "/change", form), 422);
    CHECK(browser_shows(&b, "id=\"why-error\""));
    (void)snprintf(form, sizeof form, "version=2&drafted=%lld&why=Too+far",
                   (long long)c.at_ms - 1);
    CHECK_INT(browser_post(&b, RULES "/change", form), 409);
    (void)snprintf(form, sizeof form, "version=2&drafted=%lld&why=Too+far",
                   (long long)c.at_ms);
    CHECK_INT(browser_post(&b, RULES "/change", form), 303);
    CHECK_INT(now_of(&b).rules_version, 2);
    CHECK_INT(browser_get(&b, RULES "/change"), 200);
    CHECK(browser_shows(&b, "The new rules are in force"));
    /* and nothing else is changed until all runs are judged */
    CHECK_INT(browser_post(&b, RULES, fields(&b, "do=save&run_cap=4")), 409);
    CHECK(browser_shows(&b, "still being judged"));
    judge_all(&b);
    CHECK_INT(world_total(&b.w), 3000000);
    CHECK_INT(browser_get(&b, RULES "/change"), 200);
    CHECK(browser_shows(&b, "All runs were judged by the new rules."));
    CHECK_INT(browser_get(&b, RULES "/history"), 200);
    CHECK(browser_shows(&b, "Too far</q>"));
    CHECK(browser_shows(&b, "It touched one run."));
    CHECK_INT(browser_get(&b, "/e/lantern/rules"), 200);
    CHECK(browser_shows(&b, "These rules were changed on"));
    CHECK(browser_shows(&b, "Too far</q>"));
    CHECK(!browser_shows(&b, "It touched"));
    browser_stop(&b);
}

TEST(a_draft_may_be_left_alone)
{
    struct browser b;
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    browser_type_in(&b, &p, 86400);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, RULES), 200);
    CHECK_INT(browser_get(&b, RULES "/change"), 303);
    CHECK_INT(browser_post(&b, RULES, fields(&b, "do=save&run_cap=3")), 303);
    CHECK_INT(browser_get(&b, "/e/lantern/rules"), 200);
    CHECK(!browser_shows(&b, "were changed on"));
    CHECK_INT(browser_post(&b, RULES "/drop", "version=2"), 303);
    CHECK_INT(browser_get(&b, RULES "/change"), 303);
    CHECK_INT(world_total(&b.w), 5000000);
    browser_stop(&b);
}

TEST(programs_read_the_rules_as_people_do_and_as_data)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_api(&b, "GET", "/api/v1/initiatives/lantern?lang=tr",
                          NULL, NULL, (struct es_bytes){ NULL, 0 }),
              200);
    json_t *root = browser_answer(&b);
    const json_t *r = json_object_get(root, "rules");
    CHECK_STR(browser_text(r, "window"), "zone");
    CHECK_STR(browser_text(r, "count"), "every");
    const json_t *sheet = json_object_get(r, "sheet");
    CHECK_INT(json_array_size(sheet), 6);
    const json_t *limits = json_array_get(sheet, 2);
    CHECK_STR(browser_text(limits, "name"), "limits");
    CHECK_STR(
        json_string_value(json_array_get(json_object_get(limits, "says"), 0)),
        "Üst sınır yok: her adım sayılır.");
    json_decref(root);
    browser_stop(&b);
}
