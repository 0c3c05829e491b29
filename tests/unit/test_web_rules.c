/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The web's rules, on every page: what it may do, what leaves it, what is
 * believed of what comes in. */
#include "browser.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

static void save(struct browser *b)
{
    struct es_err e = { 0 };
    world_must(es_initiative_save(&b->w.app, &b->w.ini, &e), &e);
}

/* ATTACKS row 34, at the page and where the page is posted. */
TEST(the_purpose_is_prose_on_its_page_and_words_elsewhere)
{
    struct browser b;
    browser_start(&b);
    b.w.ini.purpose = "# Why\n\nA **lamp** for <b onclick=x>all</b>, "
                      "![seen](https://a.example/l.png).\n\nMore.";
    save(&b);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "<h3 dir=\"auto\">Why</h3>"));
    CHECK(browser_shows(&b, "A <strong>lamp</strong> for &lt;b onclick=x&gt;"));
    CHECK(!browser_shows(&b, "src=\"https:"));
    CHECK(browser_shows(&b, "A lamp for &lt;b onclick=x&gt;all&lt;/b&gt;, "
                            "seen.\">"));
    browser_stop(&b);
}

/* ---- what may be framed, ATTACKS row 36 ---- */

static const char *header(struct browser *b, const char *name)
{
    static char v[2048];
    const char *got = es_reply_header(&b->r, name, v, sizeof v);
    return got ? got : "";
}

TEST(one_page_may_be_framed_and_it_knows_nobody)
{
    struct browser b;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/e/lantern/embed"), 200);
    CHECK(strstr(header(&b, "Content-Security-Policy"), "frame-ancestors *"));
    CHECK(!strstr(header(&b, "Content-Security-Policy"), "unsafe"));
    CHECK_STR(header(&b, "Set-Cookie"), "");
    CHECK(strstr(header(&b, "Cache-Control"), "public") != NULL);
    CHECK_STR(header(&b, "Vary"), "Accept-Language");
    CHECK(!browser_shows(&b, "<form") && !browser_shows(&b, "csrf") &&
          !browser_shows(&b, "<script") && !browser_shows(&b, "/me\""));
    CHECK(browser_shows(&b, "The Lantern Run"));
    /* the same bytes for who has cookies and who has none */
    char mine[256];
    struct es_buf page;
    es_buf_init(&page, 1 << 20);
    es_buf_str(&page, browser_body(&b));
    CHECK_INT(browser_get(&b, "/me?units=mi"), 200);
    CHECK_INT(browser_get(&b, "/e/lantern/embed"), 200);
    CHECK_STR(browser_body(&b), es_buf_cstr(&page));
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, "/e/lantern/embed"), 200);
    CHECK_STR(browser_body(&b), es_buf_cstr(&page));
    es_buf_release(&page);
    CHECK_INT(browser_get(&b, "/e/nothing/embed"), 404);
    CHECK(strstr(header(&b, "Content-Security-Policy"),
                 "frame-ancestors 'none'"));
    /* the words to copy are for who may edit */
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "/embed"));
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    snprintf(mine, sizeof mine, "&lt;iframe src=&quot;%s/e/lantern/embed&quot;",
             es_web_origin(b.web));
    CHECK(browser_shows(&b, mine));
    browser_stop(&b);
}

/* ---- limits ---- */

static size_t until_refused(struct browser *b, const char *path,
                            const char *fields, int fine)
{
    size_t n = 0;
    for (; n < 5000; n++) {
        int status =
            fields ? browser_post(b, path, fields) : browser_get(b, path);
        if (status == 429)
            break;
        CHECK_INT(status, fine);
    }
    return n;
}

/* 120 pupils behind one address; the next is told when, and types nothing
 * twice. */
TEST(a_school_joins_and_a_flood_waits_with_its_form_filled)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern/join"), 200);
    size_t n = until_refused(&b, "/e/lantern/join",
                             "display_name=&country=TR&team_code=&email=", 422);
    CHECK(n >= 5 * 120 && n < 1000);
    CHECK_INT(browser_post(&b, "/e/lantern/join",
                           "display_name=Ada+Sol&country=TR&consent_rules=2"),
              429);
    CHECK(strtol(header(&b, "Retry-After"), NULL, 10) > 0);
    CHECK(strtol(header(&b, "Retry-After"), NULL, 10) <= 2);
    CHECK(browser_shows(&b, "value=\"Ada Sol\""));
    CHECK(browser_shows(&b, "What you entered is kept"));
    b.peer = "192.0.2.2"; /* elsewhere nobody waits */
    CHECK_INT(browser_post(&b, "/e/lantern/join",
                           "display_name=Ada+Sol&consent_rules=2"),
              303);
    browser_stop(&b);
}

TEST(who_looks_for_everybody_waits_and_still_sees_the_board)
{
    struct browser b;
    browser_start(&b);
    size_t n = until_refused(&b, "/e/lantern/leaderboard?q=ada", NULL, 200);
    CHECK(n >= 240 && n < 1000);
    CHECK(browser_shows(&b, "value=\"ada\""));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard"), 200);
    browser_stop(&b);
}

/* A link that never was, one that is used up and one that is cut are answered
 * alike; 30 of them, then it takes time. */
TEST(guesses_learn_nothing_and_get_slow)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/p/0123456789abcdefghjkmnpqrstv0011"), 404);
    char first[256];
    const char *h1 = strstr(browser_body(&b), "<h1>");
    CHECK(h1 != NULL);
    snprintf(first, sizeof first, "%.200s", h1);
    CHECK_INT(browser_get(&b, "/p/0"), 404);
    h1 = strstr(browser_body(&b), "<h1>");
    CHECK(h1 && strncmp(first, h1, 200) == 0);
    size_t n = until_refused(&b, "/p/zzz", NULL, 404);
    CHECK(n >= 20 && n <= 30);
    CHECK(strtol(header(&b, "Retry-After"), NULL, 10) > 0);
    browser_stop(&b);
}
