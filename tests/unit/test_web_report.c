/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Anybody reports what others can see; people of staff decide, with a reason
 * that is written down; whom it concerns, and who reported, can read it. */
#include "t.h"
#include "base/limits.h"
#include "browser.h"
#include "initiative/accounts.h"
#include "initiative/face.h"
#include "initiative/media.h"
#include "initiative/reports.h"
#include "initiative/sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The header field that leads on; "" for none. */
static const char *led_to(const struct browser *b)
{
    static char path[200];
    const char *p = strstr(es_buf_cstr(&b->r.head), "Location: ");
    path[0] = 0;
    if (p)
        snprintf(path, sizeof path, "%.*s", (int)strcspn(p + 10, "\r\n"),
                 p + 10);
    return path;
}

/* Its number. */
static long long reported(struct browser *b, const char *fields)
{
    CHECK_INT(browser_get(b, "/e/lantern/report?about=text"), 200);
    CHECK_INT(browser_post(b, "/e/lantern/report", fields), 303);
    CHECK(strncmp(led_to(b), "/report/", 8) == 0);
    return strtoll(led_to(b) + 8, NULL, 10);
}

static int decide(struct browser *b, long long report, const char *fields)
{
    char path[100];
    snprintf(path, sizeof path, "/organise/e/lantern/reports/%lld/decide",
             report);
    return browser_post(b, path, fields);
}

static int look_up(struct browser *b, long long report)
{
    char path[100];
    snprintf(path, sizeof path, "/report/%lld", report);
    return browser_get(b, path);
}

static size_t open_ones(struct browser *b)
{
    struct es_err e = { 0 };
    struct es_report *v;
    size_t n;
    world_must(es_store_reports(b->w.store, ES_REPORT_OPEN, 0, 1000, &b->w.a,
                                &v, &n, &e),
               &e);
    return n;
}

/* An account with one role on the initiative; signed in here. */
static void sign_in_as(struct browser *b, const char *name, int32_t role)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_account who;
    char secret[ES_SECRET_TEXT];
    struct es_inviting in = { 0, b->w.ini.id, role, name };
    struct es_newcomer as = { name, "en" };
    world_must(es_invite(&b->w.app, &in, &b->w.a, secret, &fe, &e), &e);
    world_must(
        es_invitation_take(&b->w.app, secret, 0, &as, &b->w.a, &who, &fe, &e),
        &e);
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = who.id,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&b->w.app, &ask, secret, &e), &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es-organiser=%s", secret);
}

TEST(every_page_of_peoples_words_leads_to_the_form)
{
    struct browser b;
    char path[100];
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt r = browser_type_in(&b, &p, 7200);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "/e/lantern/report?about=text"));
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, "/e/lantern/report?about=person-1"));
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 200);
    snprintf(path, sizeof path, "/e/lantern/report?about=run-%s", r.run.code);
    CHECK(browser_shows(&b, path));
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "Ada, 5000 m"));
    CHECK_INT(browser_get(&b, "/e/lantern/report?about=person-1"), 200);
    CHECK(browser_shows(&b, "Ada"));
    CHECK_INT(browser_get(&b, "/e/lantern/report"), 200);
    browser_stop(&b);
}

TEST(what_nobody_can_see_nobody_can_report)
{
    static const char *const NOT_THERE[] = {
        "person-2",   "person-3",
        "person-0",   "person--1",
        "person-1x",  "person-",
        "team-5",     "picture-0",
        "picture-7",  "statement",
        "run-nosuch", "",
        "everything", "person",
        "team-x",     "person-99999999999999999999",
        "text%00",    "%3Cscript%3E",
    };
    struct browser b;
    char path[200];
    browser_start(&b);
    world_join(&b.w, "Ada");
    CHECK_INT(browser_get(&b, "/e/lantern/join"), 200);
    CHECK_INT(browser_post(&b, "/e/lantern/join",
                           "display_name=Ben&visibility=hidden&"
                           "consent_rules=2"),
              303); /* bib 2 */
    for (size_t i = 0; i < sizeof NOT_THERE / sizeof *NOT_THERE; i++) {
        snprintf(path, sizeof path, "/e/lantern/report?about=%s", NOT_THERE[i]);
        int got = browser_get(&b, path);
        if (got != 404 && got != 400)
            FAIL("%s: %d", NOT_THERE[i], got);
    }
    CHECK_INT(browser_get(&b, "/e/nowhere/report"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/report"), 200);
    CHECK_INT(
        browser_post(&b, "/e/lantern/report", "about=person-2&wrong=private"),
        404);
    CHECK_INT((long long)open_ones(&b), 0);
    browser_stop(&b);
}

TEST(what_is_wrong_with_it_is_told_and_nothing_is_lost)
{
    struct browser b;
    char form[3 * ES_REPORT_MAX];
    browser_start(&b);
    world_join(&b.w, "Ada");
    CHECK_INT(browser_get(&b, "/e/lantern/report?about=person-1"), 200);
    CHECK_INT(browser_post(&b, "/e/lantern/report",
                           "about=person-1&words=My+words&mail=not"),
              422);
    CHECK(browser_shows(&b, "My words") && browser_shows(&b, "value=\"not\""));
    CHECK(browser_shows(&b, "id=\"wrong-error\"") &&
          browser_shows(&b, "id=\"mail-error\""));
    CHECK_INT(
        browser_post(&b, "/e/lantern/report", "about=person-1&wrong=nonsense"),
        422);
    CHECK_INT(
        browser_post(&b, "/e/lantern/report", "about=person-1&wrong=other"),
        422);
    CHECK(browser_shows(&b, "id=\"words-error\"") &&
          browser_shows(&b, "value=\"other\" checked"));
    int n = snprintf(form, sizeof form, "about=person-1&wrong=private&words=");
    memset(form + n, 'x', ES_REPORT_MAX + 1);
    form[n + ES_REPORT_MAX + 1] = 0;
    CHECK_INT(browser_post(&b, "/e/lantern/report", form), 422);
    CHECK(browser_shows(&b, "xxxx"));
    form[n + ES_REPORT_MAX] = 0;
    CHECK_INT(browser_post(&b, "/e/lantern/report", form), 303);
    /* a mail that would be two, or a header */
    CHECK_INT(browser_post(&b, "/e/lantern/report",
                           "about=text&wrong=private&mail=a%40b.example%2C"
                           "c%40d.example"),
              422);
    CHECK_INT(browser_post(&b, "/e/lantern/report",
                           "about=text&wrong=private&mail=a%40b.example%0D%0A"
                           "Bcc%3Ac%40d.example"),
              422);
    CHECK_INT(browser_post(&b, "/e/lantern/report",
                           "about=text&wrong=private&state=2"),
              400); /* a field that isn't the visitor's */
    CHECK_INT((long long)open_ones(&b), 1);
    browser_stop(&b);
}

TEST(nasty_words_are_only_words)
{
    struct browser b;
    browser_start(&b);
    world_join(&b.w, "Ada");
    reported(&b, "about=person-1&wrong=other&words=%3Cscript%3Ealert(1)%3C%2F"
                 "script%3E%0A%22%27%3E%3Cimg+src%3Dx%3E+%E2%80%AEabc&"
                 "mail=x%40y.example");
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(!browser_shows(&b, "<script>alert") &&
          !browser_shows(&b, "<img src"));
    CHECK(browser_shows(&b, "&lt;script>alert(1)") ||
          browser_shows(&b, "&lt;script&gt;alert(1)"));
    CHECK(!browser_shows(&b, "\u202e"));
    CHECK(browser_shows(&b, "x@y.example"));
    browser_stop(&b);
}

TEST(a_name_is_hidden_and_its_owner_told_why)
{
    struct browser b;
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Grumpy Neighbour");
    browser_type_in(&b, &p, 7200);
    long long first = reported(&b, "about=person-1&wrong=insulting");
    long long second = reported(&b, "about=person-1&wrong=private");
    CHECK_INT(look_up(&b, first), 200);
    CHECK(browser_shows(&b, "It waits"));

    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(browser_shows(&b, "Grumpy Neighbour"));
    CHECK_INT(decide(&b, first, "act=hide&why="), 422);
    CHECK(browser_shows(&b, "value=\"hide\" checked"));
    CHECK_INT(decide(&b, first, "why=Because"), 422);
    CHECK(browser_shows(&b, "Because"));
    CHECK_INT(decide(&b, first, "act=take&why=x"), 422); /* not a picture */
    CHECK_INT(decide(&b, first, "act=hide&why=It+names+a+neighbour"), 303);
    CHECK_INT(decide(&b, first, "act=hide&why=again"), 409);
    CHECK_INT(decide(&b, first, "act=keep&why=again"), 409);
    CHECK_INT(decide(&b, second, "act=keep&why=again"), 409); /* the same */
    CHECK_INT((long long)open_ones(&b), 0);

    static const char *const PAGES[] = { "/e/lantern", "/e/lantern/people/1",
                                         "/e/lantern/leaderboard",
                                         "/api/v1/initiatives/lantern/"
                                         "standings" };
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        CHECK_INT(browser_get(&b, PAGES[i]), 200);
        if (browser_shows(&b, "Grumpy") || !browser_shows(&b, "#1"))
            FAIL("%s", PAGES[i]);
    }
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?q=grumpy"), 200);
    CHECK(!browser_shows(&b, "people/1\""));
    CHECK_INT(browser_get(&b, "/operate/decisions"), 200);
    CHECK(browser_shows(&b, "It names a neighbour") &&
          browser_shows(&b, "Grumpy Neighbour") && browser_shows(&b, "Olga"));

    b.cookies[0] = 0;
    CHECK_INT(look_up(&b, second), 200);
    CHECK(browser_shows(&b, "The name is hidden.") &&
          browser_shows(&b, "It names a neighbour"));
    CHECK(!browser_shows(&b, "Grumpy"));
    browser_sign_in(&b, &p);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "It names a neighbour"));
    CHECK(browser_shows(&b, "Your name is hidden from others"));

    /* another look */
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate/reports?state=acted"), 200);
    CHECK_INT(decide(&b, first, "act=show&why=It+was+their+own"), 303);
    CHECK_INT(decide(&b, first, "act=show&why=It+was+their+own"), 409);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, "Grumpy Neighbour"));
    CHECK_INT(browser_get(&b, "/e/lantern/leaderboard?q=grumpy"), 200);
    CHECK(browser_shows(&b, "/people/1"));
    browser_stop(&b);
}

TEST(what_the_organisers_say_is_the_operators_to_judge)
{
    struct browser b;
    browser_start(&b);
    world_join(&b.w, "Ada");
    long long text = reported(&b, "about=text&wrong=other&words=Untrue");
    long long name = reported(&b, "about=person-1&wrong=identity&"
                                  "mail=rosa%40example.org");
    CHECK_INT(browser_get(&b, "/operate/reports"), 404);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/reports"), 404);
    CHECK_INT(decide(&b, name, "act=hide&why=x"), 404);
    browser_sign_in_organiser(&b);
    struct jar {
        char cookies[2048];
    } operator;
    memcpy(operator.cookies, b.cookies, sizeof operator.cookies);
    sign_in_as(&b, "Ed", ES_ROLE_EDITOR);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/reports"), 404);
    sign_in_as(&b, "Own", ES_ROLE_OWNER);
    CHECK_INT(browser_get(&b, "/operate/reports"), 404);
    CHECK_INT(browser_get(&b, "/operate/decisions.json"), 404);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/reports"), 200);
    CHECK(browser_shows(&b, "Ada") && !browser_shows(&b, "Untrue"));
    CHECK(!browser_shows(&b, "rosa@")); /* who reported isn't theirs to know */
    CHECK_INT(decide(&b, text, "act=keep&why=x"), 404);
    CHECK_INT(decide(&b, name, "act=pause&why=x"), 422);
    CHECK_INT(decide(&b, name, "act=keep&why=It+is+them"), 303);
    CHECK_INT(decide(&b, 12345, "act=keep&why=x"), 404);

    memcpy(b.cookies, operator.cookies, sizeof operator.cookies);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(browser_shows(&b, "Untrue"));
    CHECK_INT(decide(&b, text, "act=pause&why=It+is+untrue"), 303);
    CHECK_INT(browser_get(&b, "/operate/decisions.json"), 200);
    CHECK(browser_shows(&b, "\"what\":\"suspended\"") &&
          browser_shows(&b, "\"what\":\"report.kept\"") &&
          browser_shows(&b, "\"why\":\"It is them\""));
    CHECK_INT(browser_get(&b, "/operate/decisions.csv"), 200);
    CHECK(browser_shows(&b, ",\"Own\",\"The Lantern Run\",\"report.kept\","
                            "\"Ada\",\"It is them\"\r\n") &&
          browser_shows(&b, "\"suspended\","));
    CHECK(strstr(es_buf_cstr(&b.r.head), "text/csv") != NULL);
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, "/operate/decisions.csv"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern"), 403);
    CHECK(browser_shows(&b, "It is untrue"));
    CHECK_INT(look_up(&b, text), 200); /* though its initiative is paused */
    CHECK(browser_shows(&b, "The initiative is paused."));
    browser_stop(&b);
}

/* The initiative with this picture on its face; 0 before: a new one. */
static int64_t show_picture(struct browser *b)
{
    static const char SVG[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    struct es_err e = { 0 };
    struct es_initiative ini = b->w.ini;
    struct es_buf json;
    struct es_media_new m = { .initiative = ini.id,
                              .kind = "picture",
                              .type = "image/svg+xml",
                              .name = "file",
                              .bytes = es_bytes_str(SVG),
                              .drawn_by_us = true };
    struct es_face f = { .colour = "#124578",
                         .video = {
                             .speaker = "", .office = "", .transcript = "" } };
    world_must(es_media_add(&b->w.app, &m, &f.picture.media, &e), &e);
    f.picture.alt = "Lamps on water";
    f.picture.credit = "";
    es_buf_init(&json, ES_FACE_MAX);
    es_face_write(&f, &json);
    ini.face = es_buf_cstr(&json);
    world_must(es_initiative_save(&b->w.app, &ini, &e), &e);
    es_buf_release(&json);
    return f.picture.media;
}

TEST(a_picture_is_taken_down_and_nobody_is_given_it)
{
    struct browser b;
    char path[80];
    char fields[100];
    browser_start(&b);
    long long id = show_picture(&b);
    snprintf(path, sizeof path, "/e/lantern/media/%lld", id);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, path) && browser_shows(&b, "Lamps on water"));
    snprintf(fields, sizeof fields, "about=picture-%lld&wrong=private", id);
    long long first = reported(&b, fields);
    long long second = reported(&b, fields);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(browser_shows(&b, "Lamps on water"));
    CHECK_INT(decide(&b, first, "act=hide&why=x"), 422); /* not a name */
    CHECK_INT(decide(&b, first, "act=take&why="), 422);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(decide(&b, first, "act=take&why=It+shows+a+home"), 303);
    CHECK_INT((long long)open_ones(&b), 0);
    CHECK_INT(decide(&b, second, "act=take&why=again"), 409);

    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, path) && !browser_shows(&b, "Lamps on water"));
    CHECK(browser_shows(&b, "124578")); /* the rest of its face stays */
    CHECK_INT(look_up(&b, second), 200);
    CHECK(browser_shows(&b, "It was taken down.") &&
          browser_shows(&b, "It shows a home"));

    /* another picture since then isn't what was reported */
    long long other = show_picture(&b);
    snprintf(fields, sizeof fields, "about=picture-%lld&wrong=private", other);
    long long third = reported(&b, fields);
    show_picture(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK_INT(decide(&b, third, "act=take&why=x"), 409);
    browser_stop(&b);
}

/* Signed in too long ago to pause anything. */
static enum es_code stale_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    uint8_t hash[ES_HASH];
    (void)blob;
    CHECK(es_secret_hash(es_bytes_str(arg), hash));
    return es_txn_credential_renew(tx, hash, hash, 1, ES_BY_LINK, e);
}

TEST(pausing_by_a_report_asks_who_they_are_again_and_keeps_the_reason)
{
    struct browser b;
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    browser_start(&b);
    world_join(&b.w, "Ada");
    long long text = reported(&b, "about=text&wrong=other&words=Untrue");
    long long name = reported(&b, "about=person-1&wrong=identity");
    browser_sign_in_organiser(&b);
    const char *at = strstr(b.cookies, "__Host-es-organiser=");
    CHECK(at != NULL);
    snprintf(secret, sizeof secret, "%s", at + 20);
    world_must(es_store_write(
                   b.w.store,
                   &(struct es_write){ .apply = stale_apply, .arg = secret },
                   &e),
               &e);
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK_INT(decide(&b, text, "act=pause&why="), 422); /* first the form */
    CHECK_INT(decide(&b, text, "act=pause&why=It+is+%22untrue%22"), 403);
    CHECK(browser_shows(&b, "Is it you?") &&
          browser_shows(&b, "name=\"act\" value=\"pause\"") &&
          browser_shows(&b, "name=\"why\" "
                            "value=\"It is &quot;untrue&quot;\""));
    CHECK_INT((long long)open_ones(&b), 2);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    /* what can be undone needs no more than before */
    CHECK_INT(decide(&b, name, "act=hide&why=It+is+not+them"), 303);
    CHECK_INT((long long)open_ones(&b), 1);
    browser_stop(&b);
}

TEST(a_flood_of_reports_ends_at_a_limit_and_keeps_the_words)
{
    struct browser b;
    char peer[32];
    int n = 0;
    browser_start(&b);
    world_join(&b.w, "Ada");
    CHECK_INT(browser_get(&b, "/e/lantern/report"), 200);
    while (n < 100 && browser_post(&b, "/e/lantern/report",
                                   "about=text&wrong=other&words=Flood") == 303)
        n++;
    CHECK_INT(n, 20);
    CHECK_INT(b.r.status, 429);
    CHECK(browser_shows(&b, "Flood"));
    CHECK(strstr(es_buf_cstr(&b.r.head), "Retry-After: ") != NULL);
    /* from many addresses, about the same: told, and not kept without end */
    for (int i = 0; i < 2 * ES_REPORTS_SAME; i++) {
        snprintf(peer, sizeof peer, "198.51.100.%d", i);
        b.peer = peer;
        CHECK_INT(browser_post(&b, "/e/lantern/report",
                               "about=text&wrong=other&words=Flood"),
                  303);
    }
    CHECK_INT((long long)open_ones(&b), ES_REPORTS_SAME);
    b.peer = "203.0.113.9";
    CHECK_INT(
        browser_post(&b, "/e/lantern/report", "about=person-1&wrong=private"),
        303);
    CHECK_INT((long long)open_ones(&b), ES_REPORTS_SAME + 1);
    browser_stop(&b);
}

TEST(numbers_of_reports_are_not_guessed)
{
    struct browser b;
    int n = 0;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/report/0"), 404);
    CHECK_INT(browser_get(&b, "/report/x"), 404);
    CHECK_INT(browser_get(&b, "/report/9223372036854775807"), 404);
    while (n < 100 && look_up(&b, 1 + n) == 404)
        n++;
    CHECK_INT(b.r.status, 429);
    CHECK(n < 40);
    browser_stop(&b);
}
