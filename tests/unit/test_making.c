/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A new initiative, and the states it goes through. */
#include "initiative/making.h"
#include "initiative/stage.h"
#include "t.h"
#include "world.h"

#include <string.h>

enum { HOUR_MS = 3600000 };

/* The operator, who may make so many. */
static int64_t somebody(struct world *w, int64_t may_create)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_account who;
    char secret[ES_SECRET_TEXT];
    world_must(es_setup_link(&w->app, NULL, HOUR_MS, secret, &e), &e);
    world_must(es_setup_take(&w->app, secret,
                             &(struct es_newcomer){ "Ada", "en" }, &w->a, &who,
                             &fe, &e),
               &e);
    world_must(es_account_allow(&w->app, who.id, who.id, may_create, &e), &e);
    return who.id;
}

static struct es_making one(const struct world *w, int64_t by)
{
    return (struct es_making){
        .title = "  A Run for\nClean Water ",
        .slug = "",
        .holder = "The harbour school",
        .lang = "en",
        .zone = "Europe/Berlin",
        .opens_ms = w->now + HOUR_MS,
        .closes_ms = w->now + 48LL * HOUR_MS,
        .goal_mm = 1000 * ES_MM_PER_KM,
        .by = by,
    };
}

TEST(from_a_title_and_dates)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_initiative ini;
    struct es_initiative kept;
    struct es_role_given *roles;
    size_t n;
    world_begin(&w);
    int64_t ada = somebody(&w, 3);
    struct es_making m = one(&w, ada);
    world_must(es_make(&w.app, &m, &w.a, &ini, &fe, &e), &e);
    world_must(
        es_store_initiative(w.store, "a-run-for-clean-water", &w.a, &kept, &e),
        &e);
    CHECK_STR(kept.title, "A Run for Clean Water");
    CHECK_INT(kept.id, ini.id);
    CHECK_INT(kept.state, ES_INI_DRAFT);
    CHECK_INT(kept.goal_mm, 1000 * ES_MM_PER_KM);
    CHECK(strstr(kept.consents, "take_part") != NULL);
    CHECK(es_app_standings(&w.app, kept.id) != NULL);
    world_must(es_store_staff(w.store, kept.id, &w.a, &roles, &n, &e), &e);
    CHECK_INT((int64_t)n, 1);
    CHECK_INT(roles[0].account, ada);
    CHECK_INT(roles[0].role, ES_ROLE_OWNER);

    /* the same again, made from the title: one with the year comes */
    m = one(&w, ada);
    world_must(es_make(&w.app, &m, &w.a, &ini, &fe, &e), &e);
    CHECK(strncmp(ini.slug, "a-run-for-clean-water-20", 24) == 0);

    /* that was the third: "lantern" is Ada's as well */
    m = one(&w, ada);
    m.slug = "one-too-many";
    CHECK_INT(es_make(&w.app, &m, &w.a, &ini, &fe, &e), ES_EDENIED);
    CHECK_INT(es_store_initiative(w.store, "one-too-many", &w.a, &kept, &e),
              ES_ENOENT);
    int64_t left = -1;
    world_must(es_making_left(&w.app, ada, &w.a, &left, &e), &e);
    CHECK_INT(left, 0);
    world_end(&w);
}

/* Each wrong answer is told at its field, and nothing is made. */
TEST(what_cannot_be_is_told_at_its_field)
{
    static const struct {
        const char *title, *slug, *lang, *zone;
        int64_t opens, closes;
        const char *field, *code;
    } CASES[] = {
        { "", "", "en", "UTC", 1, 2, "title", "required" },
        { " \n ", "", "en", "UTC", 1, 2, "title", "required" },
        { "A", "lantern", "en", "UTC", 1, 2, "slug", "taken" },
        { "A", "Big Letters", "en", "UTC", 1, 2, "slug", "invalid" },
        { "A", "-x", "en", "UTC", 1, 2, "slug", "invalid" },
        { "A", "", "xx", "UTC", 1, 2, "lang", "unknown" },
        { "A", "", "en", "Mars/Olympus", 1, 2, "zone", "unknown" },
        { "A", "", "en", "UTC", 2, 1, "closes", "order" },
        { "A", "", "en", "UTC", 2, 2, "closes", "order" },
        { "A", "", "en", "UTC", -3, -2, "closes", "past" },
    };
    struct world w;
    struct es_err e = { 0 };
    struct es_initiative ini;
    struct es_initiative *all;
    size_t n;
    world_begin(&w);
    int64_t ada = somebody(&w, 9);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_field_errors fe = { 0 };
        struct es_making m = one(&w, ada);
        m.title = CASES[i].title;
        m.slug = CASES[i].slug;
        m.lang = CASES[i].lang;
        m.zone = CASES[i].zone;
        m.opens_ms = w.now + CASES[i].opens * HOUR_MS;
        m.closes_ms = w.now + CASES[i].closes * HOUR_MS;
        CHECK_INT(es_make(&w.app, &m, &w.a, &ini, &fe, &e), ES_EINVAL);
        CHECK_INT((int64_t)fe.n, 1);
        CHECK_STR(fe.v[0].field, CASES[i].field);
        CHECK_STR(fe.v[0].code, CASES[i].code);
    }
    world_must(es_store_initiatives(w.store, 10, &w.a, &all, &n, &e), &e);
    CHECK_INT((int64_t)n, 1);
    world_end(&w);
}

TEST(a_taken_slug_comes_with_a_free_one)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    const char *free_one;
    struct es_initiative ini;
    world_begin(&w);
    struct es_making m = one(&w, somebody(&w, 9));
    m.slug = "lantern";
    world_must(es_making_check(&w.app, &m, &w.a, &free_one, &fe, &e), &e);
    CHECK(strncmp(free_one, "lantern-20", 10) == 0);
    m.slug = free_one;
    fe.n = 0;
    world_must(es_make(&w.app, &m, &w.a, &ini, &fe, &e), &e);
    m.slug = "lantern";
    world_must(es_making_check(&w.app, &m, &w.a, &free_one, &fe, &e), &e);
    CHECK_STR(free_one, "lantern-2");
    world_end(&w);
}

TEST(opening_and_closing_follow_the_dates)
{
    static const struct {
        int32_t state;
        int64_t now;
        enum es_initiative_state stage;
    } CASES[] = {
        { ES_INI_DRAFT, 150, ES_INI_DRAFT },
        { ES_INI_PUBLISHED, 99, ES_INI_PUBLISHED },
        { ES_INI_PUBLISHED, 100, ES_INI_OPEN },
        { ES_INI_PUBLISHED, 199, ES_INI_OPEN },
        { ES_INI_PUBLISHED, 200, ES_INI_CLOSED },
        { ES_INI_OPEN, 99, ES_INI_PUBLISHED },
        { ES_INI_OPEN, 200, ES_INI_CLOSED },
        { ES_INI_CLOSED, 150, ES_INI_CLOSED },
        { ES_INI_FINAL, 150, ES_INI_FINAL },
        { 77, 150, ES_INI_DRAFT }, /* of a later version: nobody sees it */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_initiative ini = { .state = CASES[i].state,
                                     .opens_ms = 100,
                                     .closes_ms = 200 };
        CHECK_INT(es_stage(&ini, CASES[i].now), CASES[i].stage);
        CHECK(es_stage_registers(&ini, CASES[i].now) ==
              (CASES[i].stage == ES_INI_PUBLISHED ||
               CASES[i].stage == ES_INI_OPEN));
    }
}

static void act(struct world *w, int64_t by, enum es_stage_act what,
                enum es_code want)
{
    struct es_err e = { 0 };
    struct es_initiative ini;
    world_must(es_store_initiative(w->store, "lantern", &w->a, &ini, &e), &e);
    CHECK_INT(es_stage_do(&w->app, by, &ini, what, &e), want);
    if (want == ES_OK) /* a second time it is another state */
        CHECK_INT(es_stage_do(&w->app, by, &ini, what, &e), ES_ECONFLICT);
}

TEST(from_open_to_final)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_initiative ini;
    world_begin(&w);
    int64_t ada = somebody(&w, 9);
    act(&w, ada, ES_STAGE_PUBLISH, ES_ECONFLICT);
    act(&w, ada, ES_STAGE_FINISH, ES_ECONFLICT);
    act(&w, ada, ES_STAGE_CLOSE, ES_OK);
    world_must(es_store_initiative(w.store, "lantern", &w.a, &ini, &e), &e);
    CHECK_INT(ini.state, ES_INI_CLOSED);
    CHECK(ini.closes_ms <= es_time_now_ms()); /* early: its window with it */
    CHECK(!es_stage_registers(&ini, es_time_now_ms()));
    act(&w, ada, ES_STAGE_WITHDRAW, ES_ECONFLICT);
    act(&w, ada, ES_STAGE_FINISH, ES_OK);
    act(&w, ada, ES_STAGE_CLOSE, ES_ECONFLICT);
    world_end(&w);
}
