/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The standings as people see them: search, pages of persons and teams. */
#include "t.h"

#include "browser.h"
#include "initiative/boards.h"

#include <string.h>
#include <unistd.h>

/* How many rows the API finds; the first one's rank and name. */
static size_t found(struct browser *b, const char *q, int64_t *rank,
                    const char **name)
{
    char path[200];
    (void)snprintf(path, sizeof path,
                   "/api/v1/initiatives/lantern/standings?q=%s", q);
    CHECK_INT(browser_get(b, path), 200);
    json_t *v = browser_answer(b);
    json_t *rows = json_object_get(v, "rows");
    const json_t *row = json_array_get(rows, 0);
    size_t n = json_array_size(rows);
    CHECK(json_is_null(json_object_get(v, "next_cursor")));
    *rank = json_integer_value(json_object_get(row, "rank"));
    *name = n > 0 ? es_arena_str(&b->w.a, browser_text(row, "name")) : "";
    json_decref(v);
    return n;
}

TEST(the_api_finds_people_by_name_and_bib)
{
    struct browser b;
    int64_t rank;
    const char *name;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada Lovelace");
    world_join(&b.w, "Adam");
    browser_type_in(&b, &ada, 7200);
    CHECK_INT(found(&b, "ada", &rank, &name), 2);
    CHECK_INT(rank, 1);
    CHECK_STR(name, "Ada Lovelace");
    CHECK_INT(found(&b, "love%20ADA", &rank, &name), 1);
    CHECK_INT(found(&b, "2", &rank, &name), 1);
    CHECK_STR(name, "Adam");
    CHECK_INT(rank, 0);
    CHECK_INT(found(&b, "", &rank, &name), 0);
    CHECK_INT(found(&b, "%25", &rank, &name), 0);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/standings"
                              "?by=team&q=ada"),
              400);
    CHECK_INT(
        browser_get(&b, "/api/v1/initiatives/lantern/standings?q="
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        400);
    browser_stop(&b);
}

/* ---- the leaderboard ---- */

static const char *path_of(struct browser *b, const char *pattern, int64_t n)
{
    char path[200];
    (void)snprintf(path, sizeof path, "/e/lantern/%s%lld", pattern,
                   (long long)n);
    return es_arena_str(&b->w.a, path);
}

TEST(the_leaderboard_finds_people_without_javascript)
{
    struct browser b;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada <b>Lovelace</b>");
    world_join(&b.w, "Adam");
    browser_type_in(&b, &ada, 7200);
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "name=\"q\""));
    CHECK(browser_shows(&b, "href=\"/e/lantern/people/1\""));
    CHECK(browser_shows(&b, "First place"));
    CHECK(!browser_shows(&b, "<b>Lovelace"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?q=ad"), 200);
    CHECK(browser_shows(&b, "2 people found"));
    CHECK(browser_shows(&b, "/e/lantern/people/2"));
    CHECK(browser_shows(&b, "The whole leaderboard"));
    CHECK(browser_shows(&b, "noindex"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?q=%3Cscript%3E"), 200);
    CHECK(browser_shows(&b, "Nobody found"));
    CHECK(!browser_shows(&b, "<script>"));
    /* An empty field is no search. */
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?q="), 200);
    CHECK(browser_shows(&b, "First place"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?cursor=zz"), 400);
    browser_stop(&b);
}

TEST(the_leaderboard_says_where_i_am)
{
    struct browser b;
    struct es_participant other = { 0 };
    browser_start(&b);
    struct es_participant me = world_join(&b.w, "Me Myself");
    struct es_standings *s = es_app_standings(&b.w.app, b.w.ini.id);
    browser_sign_in(&b, &me);
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "begins with your first run"));
    for (int i = 0; i < 60; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "Runner %d", i);
        other = world_join(&b.w, name);
        CHECK_INT(es_standings_add(s, other.id, 9000000 + i, 1000, 1), ES_OK);
    }
    CHECK_INT(es_standings_add(s, me.id, 5000000, 1000, 1), ES_OK);
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "Place 61"));
    CHECK(!browser_shows(&b, "Me Myself"));
    CHECK(browser_shows(&b, "leaderboard?around=me"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?around=me"), 200);
    CHECK(browser_shows(&b, "Around you"));
    CHECK(browser_shows(&b, "Me Myself"));
    CHECK(browser_shows(&b, "class=\"mine\""));
    CHECK(!browser_shows(&b, "Place 61"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?by=country"), 200);
    CHECK(browser_shows(&b, "Iceland"));
    browser_stop(&b);
}

/* ---- people and teams ---- */

TEST(a_person_has_a_page_unless_they_hide)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined hidden, shy;
    struct es_join in = { .display_name = "Gizli Kal",
                          .visibility = "hidden",
                          .consents = "{\"rules\":2}" };
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &hidden, &fe, &e),
               &e);
    in.visibility = "initials";
    in.display_name = "Sena Yavuz";
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &shy, &fe, &e), &e);
    browser_type_in(&b, &hidden.p, 9000);

    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, "Ada"));
    CHECK(browser_shows(&b, "Iceland"));
    CHECK(browser_shows(&b, "5.00"));
    CHECK(browser_shows(&b, r.run.code));
    CHECK_INT(browser_get(&b, path_of(&b, "people/", hidden.p.bib)), 404);
    CHECK(!browser_shows(&b, "Gizli"));
    CHECK_INT(browser_get(&b, path_of(&b, "people/", shy.p.bib)), 200);
    CHECK(browser_shows(&b, "S. Y."));
    CHECK(!browser_shows(&b, "Sena"));
    CHECK(browser_shows(&b, "No run yet"));
    CHECK_INT(browser_get(&b, "/e/lantern/people/99"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/people/0"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1x"), 404);
    CHECK_INT(browser_get(&b, "/e/nowhere/people/1"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1?before=x"), 400);

    CHECK_INT(es_runs_withdraw(&b.w.app, &ada, r.run.id, &b.w.a, &r, &e),
              ES_OK);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(!browser_shows(&b, r.run.code));
    browser_stop(&b);
}

/* Nor does a page tell how many runs somebody took back. */
TEST(a_persons_page_is_full_of_runs_that_count)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt first = browser_type_in(&b, &ada, 900000);
    for (int i = 0; i < 35; i++) {
        struct es_receipt r = browser_type_in(&b, &ada, 800000 - i * 9000);
        world_must(es_runs_withdraw(&b.w.app, &ada, r.run.id, &b.w.a, &r, &e),
                   &e);
    }
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, first.run.code));
    CHECK(!browser_shows(&b, "Earlier runs"));
    browser_stop(&b);
}

TEST(a_team_has_a_page_with_its_members)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined ada, hidden;
    int64_t team;
    browser_start(&b);
    world_must(
        es_team_create(&b.w.app, b.w.ini.id, "Night & Owls", "owl", &team, &e),
        &e);
    struct es_join in = { .display_name = "Ada",
                          .team_code = "OWL",
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &ada, &fe, &e), &e);
    in.display_name = "Gizli";
    in.visibility = "hidden";
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &hidden, &fe, &e),
               &e);
    const char *path = path_of(&b, "teams/", team);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "Night &amp; Owls"));
    browser_type_in(&b, &ada.p, 7200);
    browser_type_in(&b, &hidden.p, 7200);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "10.00")); /* hidden ones count */
    CHECK(browser_shows(&b, "5.00"));
    CHECK(browser_shows(&b, "Ada"));
    CHECK(!browser_shows(&b, "Gizli"));
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, path));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?by=team"), 200);
    CHECK(browser_shows(&b, path));
    CHECK_INT(browser_get(&b, "/e/lantern/teams/7"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/teams/x"), 404);
    browser_stop(&b);
}

/* ---- what is posted ---- */

TEST(posted_pages_say_what_they_are)
{
    struct browser b;
    char path[100];
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada \"Quote\"");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    (void)snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "og:title\" content=\""));
    CHECK(browser_shows(&b, "Ada &quot;Quote&quot;") ||
          browser_shows(&b, "Ada &#34;Quote&#34;"));
    CHECK(browser_shows(&b, "5.00 km in 30:00, run for"));
    CHECK(browser_shows(&b, "og:image:width\" content=\"1200\""));
    CHECK(browser_shows(&b, "card.png?size=wide&amp;lang=en"));
    CHECK(browser_shows(&b, "rel=\"canonical\""));
    CHECK(browser_shows(&b, "hreflang=\"ur\""));
    CHECK(browser_shows(&b, "?lang=ur\""));
    CHECK(browser_shows(&b, "card.png?size=square"));
    CHECK(browser_shows(&b, "readonly"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "Together so far: 5.00 km. Light for reading"));
    CHECK_INT(browser_get(&b, "/e/lantern/people/1?lang=tr"), 200);
    CHECK(browser_shows(&b, "og:locale\" content=\"tr_TR\""));
    CHECK(browser_shows(&b, "lang=tr"));
    /* Who asks for no language is spoken to in the initiative's. */
    struct es_initiative ini = b.w.ini;
    struct es_err e = { 0 };
    ini.lang = "az";
    world_must(es_initiative_save(&b.w.app, &ini, &e), &e);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, "og:locale\" content=\"az_AZ\""));
    CHECK(browser_shows(&b, "<html lang=\"en\""));
    /* A run that doesn't count isn't posted. */
    CHECK_INT(es_runs_withdraw(&b.w.app, &ada, r.run.id, &b.w.a, &r, &e),
              ES_OK);
    CHECK_INT(browser_get(&b, path), 404);
    browser_stop(&b);
}

/* A typed-in run of 5 km, and one from a GPX file that names no recorder. */
static struct es_receipt two_runs(struct browser *b, struct es_participant *p)
{
    struct es_err e = { 0 };
    struct es_taken taken;
    struct es_take take = { .who = p, .activity = ES_TAKE_ONLY };
    take.fd = world_run_fd(&b->w, 7200, 1800, &take.size);
    world_must(es_runs_take(&b->w.app, &take, &b->w.a, &taken, &e), &e);
    close(take.fd);
    CHECK_INT(taken.receipts[0].run.status, ES_RUN_ACCEPTED);
    CHECK_INT(taken.receipts[0].run.provenance, ES_FROM_REEXPORT);
    return browser_type_in(b, p, 90000);
}

TEST(each_row_that_shows_a_run_says_where_it_comes_from)
{
    static const char *const ROWS[] = { "/e/lantern", "/e/lantern/people/1",
                                        "/me" };
    struct browser b;
    char path[64];
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt typed = two_runs(&b, &p);
    browser_sign_in(&b, &p);
    CHECK_INT(typed.run.provenance, ES_FROM_TYPED);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        CHECK_INT(browser_get(&b, ROWS[i]), 200);
        CHECK(browser_shows(&b, "</svg> Typed in"));
        CHECK(browser_shows(&b, "</svg> Re-exported"));
    }
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&b, "</svg> Typed in"));
    CHECK(browser_shows(&b, "48%"));
    CHECK(!browser_shows(&b, "Re-exported"));
    for (const char *kind = "rv"; *kind; kind++) {
        (void)snprintf(path, sizeof path, "/%c/%s", *kind, typed.run.code);
        CHECK_INT(browser_get(&b, path), 200);
        CHECK(browser_shows(&b, "</svg> Typed in"));
        CHECK(browser_shows(&b, *kind == 'r' ? "entered by hand"
                                             : "nobody measured it"));
    }
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/standings"), 200);
    CHECK(browser_shows(&b, "\"provenance\":\"typed\",\"provenance_m\":5000"));
    browser_stop(&b);
}

TEST(a_run_that_is_taken_back_leaves_its_row)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt typed = two_runs(&b, &p), after;
    world_must(es_runs_withdraw(&b.w.app, &p, typed.run.id, &b.w.a, &after, &e),
               &e);
    for (int again = 0; again < 2; again++) {
        CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
        CHECK(browser_shows(&b, "</svg> Re-exported"));
        CHECK(!browser_shows(&b, "Typed in"));
        es_boards_free(b.w.app.boards); /* what a start reads is the same */
        b.w.app.boards = NULL;
        world_must(es_boards_new(&b.w.app.boards, &e), &e);
        world_must(es_boards_load(b.w.app.boards, b.w.store, &b.w.ini, &e), &e);
    }
    browser_stop(&b);
}
