/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An initiative is made, written and published, by one and by two at once. */
#include "t.h"
#include "browser.h"

#include <stdio.h>
#include <string.h>

enum { FORM = 4096, STAMP = 2048 };

static bool sent_to(const struct browser *b, const char *where)
{
    char line[256];
    (void)snprintf(line, sizeof line, "Location: %s", where);
    return strstr(es_buf_cstr(&b->r.head), line) != NULL;
}

/* The stamp of the form on the page that was fetched last. */
static void stamp_of(const struct browser *b, char out[STAMP])
{
    static const char BEFORE[] = "name=\"was\" value=\"";
    const char *at = strstr(browser_body(b), BEFORE);
    CHECK(at != NULL);
    at += sizeof BEFORE - 1;
    size_t n = strcspn(at, "\"");
    CHECK(n > 0 && n < STAMP);
    memcpy(out, at, n);
    out[n] = '\0';
}

static int post(struct browser *b, const char *path, const char *was,
                const char *fields)
{
    char all[STAMP + FORM + 8];
    (void)snprintf(all, sizeof all, "was=%s&%s", was, fields);
    return browser_post(b, path, all);
}

static struct es_initiative kept(struct browser *b, const char *slug)
{
    struct es_initiative ini;
    struct es_err e = { 0 };
    world_must(es_store_initiative(b->w.store, slug, &b->w.a, &ini, &e), &e);
    return ini;
}

/* As a stranger: what isn't published isn't there. */
static int seen_by_strangers(struct browser *b, const char *path)
{
    char mine[sizeof b->cookies];
    memcpy(mine, b->cookies, sizeof mine);
    b->cookies[0] = '\0';
    int status = browser_get(b, path);
    memcpy(b->cookies, mine, sizeof mine);
    return status;
}

#define NEW                                                                    \
    "title=Clean+water&holder=&text_lang=en&zone=Europe%2FBerlin"              \
    "&opens_date=2096-06-01&opens_time=00%3A00"                                \
    "&closes_date=2096-06-14&closes_time=23%3A59&goal=1000&slug="

TEST(from_nothing_to_a_public_page)
{
    char was[STAMP];
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/organise/new"), 303); /* sign in first */
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/new"), 200);
    CHECK(browser_shows(&b, "value=\"1000\""));

    /* looked at, nothing is made */
    CHECK_INT(browser_post(&b, "/organise/new", NEW "&do=look"), 200);
    CHECK(browser_shows(&b, "/e/clean-water"));
    CHECK_INT(browser_get(&b, "/organise/e/clean-water"), 404);

    /* also by who chose the language of the page */
    CHECK_INT(browser_post(&b, "/organise/new?lang=ur", NEW "&do=look"), 200);
    CHECK_INT(browser_post(&b, "/organise/new", NEW "&do=make"), 303);
    CHECK(sent_to(&b, "/organise/e/clean-water?done=created"));
    CHECK_INT(browser_get(&b, "/organise/e/clean-water"), 200);
    CHECK(browser_shows(&b, "2 things are missing"));
    CHECK_INT(seen_by_strangers(&b, "/e/clean-water"), 404);
    CHECK_INT(browser_get(&b, "/e/clean-water"), 200);
    CHECK(browser_shows(&b, "A preview: only those who organise it"));

    /* what is missing stands in the way, and is then written */
    CHECK_INT(browser_post(&b, "/organise/e/clean-water/stage", "do=publish"),
              409);
    CHECK_INT(browser_get(&b, "/organise/e/clean-water/page"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/clean-water/page", was,
                   "title=Clean+water&slug=clean-water&holder=The+school"
                   "&contact=&purpose=Because+of+%2A%2Awater%2A%2A."),
              303);
    CHECK_INT(browser_post(&b, "/organise/e/clean-water/stage", "do=publish"),
              303);
    CHECK_INT(seen_by_strangers(&b, "/e/clean-water"), 200);
    CHECK(browser_shows(&b, "<strong>water</strong>"));
    CHECK(!browser_shows(&b, "A preview:"));

    /* nobody has joined: it may be a draft again; nonsense may not */
    CHECK_INT(browser_post(&b, "/organise/e/clean-water/stage", "do=finish"),
              400);
    CHECK_INT(browser_post(&b, "/organise/e/clean-water/stage", "do=close"),
              409);
    CHECK_INT(browser_post(&b, "/organise/e/clean-water/stage", "do=withdraw"),
              303);
    CHECK_INT(seen_by_strangers(&b, "/e/clean-water"), 404);
    browser_stop(&b);
}

TEST(a_form_with_mistakes_comes_back_whole)
{
    static const struct {
        const char *fields, *said;
    } CASES[] = {
        { "title=&goal=5&slug=", "id=\"title-error\"" },
        { "title=A+b&goal=0&slug=", "A goal of 0" },
        { "title=A+b&goal=abc&slug=", "id=\"goal-error\"" },
        { "title=A+b&goal=5&slug=lantern", "value=\"lantern-20" },
        { "title=A+b&goal=5&slug=Not+a+slug", "value=\"not-a-slug\"" },
    };
    static const char *const DATES[][2] = {
        { "opens_date=2096-06-02&opens_time=00%3A00&closes_date=2096-06-01"
          "&closes_time=00%3A00",
          "id=\"closes-error\"" },
        { "opens_date=2027-03-28&opens_time=02%3A30&closes_date=2096-06-01"
          "&closes_time=00%3A00",
          "value=\"03:30\"" },
        { "opens_date=2027-10-31&opens_time=02%3A30&closes_date=2096-06-01"
          "&closes_time=00%3A00",
          "02:30 (UTC+1:00)" },
        { "opens_date=2027-02-30&opens_time=02%3A30&closes_date=2096-06-01"
          "&closes_time=00%3A00",
          "id=\"opens-error\"" },
        { "opens_date=&opens_time=&closes_date=&closes_time=",
          "id=\"opens-error\"" },
    };
    char all[FORM];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/new"), 200);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        (void)snprintf(all, sizeof all,
                       "holder=The+Mill&text_lang=en&zone=Europe%%2FBerlin"
                       "&opens_date=2096-06-01&opens_time=00%%3A00"
                       "&closes_date=2096-06-14&closes_time=23%%3A59&%s"
                       "&do=make",
                       CASES[i].fields);
        CHECK_INT(browser_post(&b, "/organise/new", all), 422);
        CHECK(browser_shows(&b, CASES[i].said));
        CHECK(browser_shows(&b, "value=\"The Mill\""));
    }
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++) {
        (void)snprintf(all, sizeof all,
                       "title=A+b&holder=The+Mill&text_lang=en&goal="
                       "&zone=Europe%%2FBerlin&slug=&%s&do=make",
                       DATES[i][0]);
        CHECK_INT(browser_post(&b, "/organise/new", all), 422);
        CHECK(browser_shows(&b, DATES[i][1]));
        CHECK(browser_shows(&b, "value=\"The Mill\""));
    }
    browser_stop(&b);
}

#define PAGE "/organise/e/lantern/page"
#define SAME "slug=lantern&contact=&holder="

TEST(two_write_the_same_page)
{
    char was[STAMP];
    char again[STAMP];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, PAGE), 200);
    stamp_of(&b, was);
    struct es_initiative before = kept(&b, "lantern");
    char fields[FORM];
    (void)snprintf(fields, sizeof fields, SAME "%s&purpose=By+one&title=One",
                   before.holder);
    CHECK_INT(post(&b, PAGE, was, fields), 303);

    /* the second had it open since before: another field merges... */
    (void)snprintf(fields, sizeof fields, SAME "&purpose=%s&title=%s",
                   before.purpose, before.title);
    CHECK_INT(post(&b, PAGE, was, fields), 303);
    CHECK_STR(kept(&b, "lantern").title, "One");
    CHECK_STR(kept(&b, "lantern").purpose, "By one");
    CHECK_STR(kept(&b, "lantern").holder, "");

    /* ...the same field is shown both ways, and nothing is kept */
    CHECK_INT(post(&b, PAGE, was, SAME "&purpose=By+two&title=Two"), 409);
    CHECK(browser_shows(&b, "value=\"Two\""));
    CHECK(browser_shows(&b, "<blockquote dir=\"auto\">One</blockquote>"));
    CHECK(browser_shows(&b, "By two"));
    CHECK(browser_shows(&b, "<blockquote dir=\"auto\">By one</blockquote>"));
    CHECK_STR(kept(&b, "lantern").title, "One");
    stamp_of(&b, again);

    /* the second has seen both: theirs here, mine there */
    CHECK_INT(
        post(&b, PAGE, again, SAME "&purpose=By+two&title=Two&theirs_title=1"),
        303);
    CHECK_STR(kept(&b, "lantern").title, "One");
    CHECK_STR(kept(&b, "lantern").purpose, "By two");
    browser_stop(&b);
}

TEST(an_address_goes_on_when_it_changes)
{
    char was[STAMP];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, PAGE), 200);
    stamp_of(&b, was);
    CHECK_INT(
        post(&b, PAGE, was, "title=T&slug=harbour&contact=&holder=&purpose="),
        303);
    CHECK(sent_to(&b, "/organise/e/harbour/page?done=kept"));
    CHECK_INT(seen_by_strangers(&b, "/e/lantern/leaderboard"), 303);
    CHECK(sent_to(&b, "/e/harbour/leaderboard"));
    CHECK_INT(seen_by_strangers(&b, "/e/harbour"), 200);
    CHECK_INT(seen_by_strangers(&b, "/e/nowhere"), 404);
    browser_stop(&b);
}

TEST(a_reader_sees_their_language_and_what_it_lacks_in_the_other)
{
    char was[STAMP];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, PAGE), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, PAGE, was,
                   "title=Water&slug=lantern&contact=&holder=&purpose=Why"
                   "&title_ur=%D9%BE%D8%A7%D9%86%DB%8C"),
              303);
    CHECK_INT(seen_by_strangers(&b, "/e/lantern?lang=ur"), 200);
    CHECK(browser_shows(&b, "<h1 lang=\"ur\""));
    CHECK(browser_shows(&b, "پانی"));
    CHECK(browser_shows(&b, "<div class=\"prose\" lang=\"en\" dir=\"ltr\">"));
    CHECK_INT(seen_by_strangers(&b, "/e/lantern?lang=tr"), 200);
    CHECK(browser_shows(&b, "<h1 lang=\"en\""));
    browser_stop(&b);
}

TEST(hosts_have_an_order)
{
    char was[STAMP];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/hosts"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/lantern/hosts", was,
                   "do=keep&host_0=First&host_role_0=0&host_url_0="
                   "&host_1=Second&host_role_1=2"
                   "&host_url_1=https%3A%2F%2Fexample.org%2F"
                   "&link_0=More&link_url_0=https%3A%2F%2Fexample.org%2Fm"),
              303);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/hosts"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/lantern/hosts", was,
                   "do=up_1&host_0=First&host_role_0=0&host_url_0="
                   "&host_1=Second&host_role_1=2"
                   "&host_url_1=https%3A%2F%2Fexample.org%2F"
                   "&link_0=More&link_url_0=https%3A%2F%2Fexample.org%2Fm"),
              303);
    const char *face = kept(&b, "lantern").face;
    CHECK(strstr(face, "Second") < strstr(face, "First"));
    CHECK(strstr(face, "\"links\":[{\"label\":\"More\"") != NULL);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/hosts"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/lantern/hosts", was,
                   "do=keep&host_0=A&host_url_0=javascript%3Aalert(1)"),
              422);
    CHECK(browser_shows(&b, "id=\"hosts-error\""));
    CHECK_STR(kept(&b, "lantern").face, face);
    browser_stop(&b);
}

TEST(a_way_is_the_goal)
{
    char was[STAMP];
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/goal"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/lantern/goal", was, "goal=0&way="), 422);
    CHECK(browser_shows(&b, "A goal of 0"));
    CHECK_INT(post(&b, "/organise/e/lantern/goal", was,
                   "goal=&way=Harbour+10+20%0D%0AMill+11+x"),
              422);
    CHECK(browser_shows(&b, "Line 2 is no place"));
    CHECK(browser_shows(&b, "Mill 11 x"));
    CHECK_INT(post(&b, "/organise/e/lantern/goal", was,
                   "goal=7&way=Harbour+10+20%0D%0AMill+11+20"),
              303);
    struct es_initiative ini = kept(&b, "lantern");
    CHECK(ini.goal_mm > 110500000 && ini.goal_mm < 110700000);
    CHECK_INT(seen_by_strangers(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "class=\"waymap\""));
    CHECK(browser_shows(&b, "Between <bdi>Harbour</bdi> and <bdi>Mill</bdi>"));
    /* opened again and kept as it is, it stays as it is */
    CHECK_INT(browser_get(&b, "/organise/e/lantern/goal"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, "/organise/e/lantern/goal", was,
                   "goal=&way=Harbour+10+20%0D%0AMill+11+20"),
              303);
    CHECK_INT(kept(&b, "lantern").goal_mm, ini.goal_mm);
    CHECK_STR(kept(&b, "lantern").way, ini.way);
    browser_stop(&b);
}

/* Nothing is taken once the results are final. */
TEST(what_is_final_takes_nothing)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    browser_join_by_form(&b);
    struct es_initiative ini = kept(&b, "lantern");
    ini.state = ES_INI_FINAL;
    world_must(es_initiative_save(&b.w.app, &ini, &e), &e);
    CHECK_INT(browser_get(&b, "/e/lantern/join"), 409);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(browser_post(&b, "/me/typed",
                           "date=2026-01-01&time=10%3A00&distance=5"
                           "&duration=0%3A30%3A00&units=km&sport=running"
                           "&note="),
              409);
    browser_stop(&b);
}
