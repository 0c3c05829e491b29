/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How people of staff come, what they may then do, and how that ends; where
 * people are signed in; what the operator says of an initiative. */
#include "base/limits.h"
#include "browser.h"
#include "initiative/accounts.h"
#include "initiative/own_text.h"
#include "initiative/sessions.h"
#include "initiative/watched.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Another browser over the same world; its cookies are its own. */
struct jar {
    char cookies[2048], csrf[80];
};
static void change(struct browser *b, struct jar *j)
{
    struct jar now;
    memcpy(now.cookies, b->cookies, sizeof now.cookies);
    memcpy(now.csrf, b->csrf, sizeof now.csrf);
    memcpy(b->cookies, j->cookies, sizeof now.cookies);
    memcpy(b->csrf, j->csrf, sizeof now.csrf);
    *j = now;
}

static struct es_account account_of(struct browser *b, const char *name)
{
    struct es_err e = { 0 };
    struct es_account *v;
    size_t n;
    world_must(es_store_accounts(b->w.store, 100, &b->w.a, &v, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].name, name) == 0)
            return v[i];
    FAIL("no account %s", name);
    return (struct es_account){ 0 };
}

/* Makes all sessions of staff as old as this. */
static enum es_code age_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct es_credential *c = arg;
    (void)blob;
    enum es_code rc = es_txn_credential_drop(tx, c->hash, e);
    return rc == ES_OK ? es_txn_credential_add(tx, c, e) : rc;
}
static void age(struct browser *b, const char *cookie, enum es_cred_kind kind,
                int64_t seen_ago_ms, int64_t fresh_ago_ms)
{
    struct es_err e = { 0 };
    struct es_credential c;
    char secret[ES_SECRET_TEXT];
    const char *p = strstr(b->cookies, cookie);
    CHECK(p != NULL);
    snprintf(secret, sizeof secret, "%s", p + strlen(cookie) + 1);
    world_must(es_credential_who(&b->w.app, secret, kind, &c, &e), &e);
    c.seen_ms = es_time_now_ms() - seen_ago_ms;
    c.fresh_ms = es_time_now_ms() - fresh_ago_ms;
    world_must(
        es_store_write(b->w.store,
                       &(struct es_write){ .apply = age_apply, .arg = &c }, &e),
        &e);
}

/* Invites by the page; the path of the link that it shows. */
static void invite(struct browser *b, const char *fields, char path[128])
{
    CHECK_INT(browser_get(b, "/organise/e/lantern/staff"), 200);
    CHECK_INT(browser_post(b, "/organise/e/lantern/staff/invite", fields), 200);
    /* by the name under which passkeys can be made */
    const char *p =
        strstr(browser_body(b), "http://localhost:8080/invitation/");
    CHECK(p != NULL);
    snprintf(path, 128, "%.44s", p + 21);
}

TEST(an_invitation_gives_a_role_once)
{
    struct browser b;
    struct jar ben = { "", "" };
    char path[128];
    char fields[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    invite(&b, "name=Ben&role=4", path);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 200);
    CHECK(!browser_shows(&b, path)); /* shown only once */
    CHECK(browser_shows(&b, "Ben"));

    change(&b, &ben);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "The Lantern Run") && browser_shows(&b, "Olga"));
    CHECK_INT(browser_get(&b, "/organise"), 303); /* looking gives nothing */
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, "name=olga"), 422); /* looks the same */
    CHECK_INT(browser_post(&b, path, "name=Ben"), 303);
    CHECK_INT(browser_get(&b, "/organise?done=joined"), 200);
    CHECK(browser_shows(&b, "Reviewer") && browser_shows(&b, "Welcome."));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 404);
    CHECK_INT(browser_get(&b, "/operate"), 404);
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_post(&b, path, "name=Eve"), 404);

    /* it ends: at once, for a page that stands open, too */
    struct es_account who = account_of(&b, "Ben");
    change(&b, &ben);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 200);
    snprintf(fields, sizeof fields, "account=%lld&role=4", (long long)who.id);
    CHECK_INT(browser_post(&b, "/organise/e/lantern/staff/end", fields), 303);
    CHECK_INT(browser_post(&b, "/organise/e/lantern/staff/end", fields), 404);
    change(&b, &ben);
    CHECK_INT(browser_get(&b, "/organise"), 303);
    browser_stop(&b);
}

TEST(an_invitation_can_be_taken_back)
{
    struct browser b;
    char path[128];
    char fields[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    invite(&b, "name=Ben&role=3", path);
    const char *p = strstr(browser_body(&b), "name=\"invitation\" value=\"");
    CHECK(p != NULL);
    snprintf(fields, sizeof fields, "invitation=%lld",
             strtoll(p + 25, NULL, 10));
    CHECK_INT(browser_post(&b, "/organise/e/lantern/staff/uninvite", fields),
              303);
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, path), 404);
    browser_stop(&b);
}

TEST(the_last_owner_and_the_last_operator_stay)
{
    struct browser b;
    struct es_err e = { 0 };
    struct jar ben = { "", "" };
    char path[128];
    char fields[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    struct es_account olga = account_of(&b, "Olga");
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 200);
    CHECK(browser_shows(&b, "The last owner stays"));
    snprintf(fields, sizeof fields, "account=%lld&role=2", (long long)olga.id);
    CHECK_INT(browser_post(&b, "/organise/e/lantern/staff/end", fields), 409);
    CHECK_INT(es_account_end(&b.w.app, 0, olga.id, &e), ES_ECONFLICT);
    CHECK_INT(es_role_end(&b.w.app, 0, 0, olga.id, ES_ROLE_OPERATOR, &e),
              ES_ECONFLICT);
    CHECK_INT(browser_get(&b, "/organise"), 200); /* nothing was half done */

    invite(&b, "name=Ben&role=2", path);
    change(&b, &ben);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, "name=Ben"), 303);
    change(&b, &ben);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 200);
    CHECK_INT(browser_post(&b, "/organise/e/lantern/staff/end", fields), 303);
    CHECK_INT(browser_get(&b, "/organise"), 303);
    browser_stop(&b);
}

TEST(what_cannot_be_undone_asks_who_they_are_again)
{
    struct browser b;
    char path[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    invite(&b, "name=Ben&role=4", path);
    age(&b, "__Host-es-organiser", ES_CRED_ORGANISER, 0, ES_FRESH_MS + 1);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/staff"), 200);
    CHECK(browser_shows(&b, "staff/invite\""));
    CHECK_INT(
        browser_post(&b, "/organise/e/lantern/staff/invite", "name=Eve&role=2"),
        403);
    CHECK(browser_shows(&b, "Is it you?") &&
          browser_shows(&b, "name=\"name\" value=\"Eve\"") &&
          browser_shows(&b, "name=\"role\" value=\"2\""));
    CHECK(browser_shows(&b, "href=\"/organise/e/lantern/staff\""));
    CHECK(!browser_shows(&b, "/invitation/"));
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend", "why=no"), 403);
    CHECK(browser_shows(&b, "href=\"/operate\""));
    /* in another language: the same question, with what was entered */
    CHECK(browser_shows(&b, "formaction=\"/operate/e/lantern/suspend?lang=ur"));
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend?lang=ur",
                           "why=no&fresh_look=1"),
              403);
    CHECK(browser_shows(&b, "<html lang=\"ur\"") &&
          browser_shows(&b, "name=\"why\" value=\"no\""));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    /* an invitation makes nobody fresh who wasn't */
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, ""), 303);
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend", "why=no"), 403);
    CHECK(browser_shows(&b, "Is it you?"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    /* they came in again by a link, in another tab: the page still stands */
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend", "why=Kept+words"),
              403);
    char secret[ES_SECRET_TEXT];
    struct es_err e = { 0 };
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = account_of(&b, "Olga").id,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&b.w.app, &ask, secret, &e), &e);
    char *at = strstr(b.cookies, "__Host-es-organiser=");
    CHECK(at != NULL);
    memcpy(at + 20, secret, strlen(secret));
    char fields[80];
    snprintf(fields, sizeof fields, "why=Kept+words&fresh_who=%lld",
             (long long)ask.subject);
    /* and a look in another language does nothing, whoever one has shown to be
     */
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend",
                           "why=Kept+words&fresh_look=1"),
              403);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend", fields), 303);
    CHECK_INT(browser_get(&b, "/e/lantern"), 403);
    CHECK(browser_shows(&b, "Kept words"));
    browser_stop(&b);
}

TEST(a_session_of_staff_ends_when_nobody_is_there)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    age(&b, "__Host-es-organiser", ES_CRED_ORGANISER, ES_STAFF_IDLE_MS - 60000,
        0);
    CHECK_INT(browser_get(&b, "/organise"), 200); /* and is seen by that */
    age(&b, "__Host-es-organiser", ES_CRED_ORGANISER, ES_STAFF_IDLE_MS, 0);
    CHECK_INT(browser_get(&b, "/organise"), 303);
    browser_stop(&b);
}

TEST(a_paused_initiative_says_so_and_takes_nothing)
{
    static const char *const PAGES[] = { "/e/lantern", "/e/lantern/join",
                                         "/e/lantern/leaderboard",
                                         "/api/v1/initiatives/lantern",
                                         "/api/v1/initiatives/lantern/live" };
    struct browser b;
    struct es_err e = { 0 };
    char token[64];
    char path[128];
    browser_start(&b);
    browser_join_by_api(&b, token);
    struct es_participant p;
    world_must(
        es_store_participant_by_bib(b.w.store, b.w.ini.id, 1, &b.w.a, &p, &e),
        &e);
    struct es_receipt r = browser_type_in(&b, &p, 7200);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend", "why=+"), 422);
    CHECK(browser_shows(&b, "Please say why"));
    CHECK_INT(browser_post(&b, "/operate/e/lantern/suspend",
                           "why=We+look+into+a+<b>complaint."),
              303);
    CHECK_INT(browser_get(&b, "/operate?done=suspended"), 200);
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        CHECK_INT(browser_get(&b, PAGES[i]), 403);
        CHECK(browser_shows(&b, "has paused this initiative"));
        CHECK(PAGES[i][1] != 'e' ||
              browser_shows(&b, "This initiative is paused"));
        CHECK(!browser_shows(&b, "<b>complaint"));
    }
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 403);
    CHECK_INT(browser_get(&b, "/"), 200);
    CHECK(!browser_shows(&b, "/e/lantern"));
    CHECK_INT(browser_api(&b, "POST",
                          "/api/v1/initiatives/lantern/participants", NULL,
                          "application/json",
                          es_bytes_str("{\"display_name\":\"Eve\","
                                       "\"consents\":{\"rules\":2}}")),
              403);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token, "application/json",
                          es_bytes_str("{}")),
              403);
    snprintf(path, sizeof path, "/api/v1/runs/%lld", (long long)r.run.id);
    CHECK_INT(
        browser_api(&b, "GET", path, token, NULL, (struct es_bytes){ NULL, 0 }),
        200); /* what is theirs they may read */
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK_INT(browser_post(&b, "/operate/e/lantern/resume", ""), 303);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    browser_stop(&b);
}

TEST(the_last_place_goes_once)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    (void)world_join(&b.w, "Ada");
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK_INT(browser_post(&b, "/operate/e/lantern/quota", "people_max=x"),
              422);
    CHECK(browser_shows(&b, "value=\"x\" aria-describedby=\"max-"));
    CHECK(browser_shows(&b, "class=\"error\" id=\"max-"));
    CHECK_INT(browser_post(&b, "/operate/e/lantern/quota", "people_max=2"),
              303);
    CHECK_INT(browser_get(&b, "/e/lantern/join"), 200);
    CHECK_INT(
        browser_post(&b, "/e/lantern/join", "display_name=Bo&consent_rules=2"),
        303);
    CHECK_INT(browser_get(&b, "/e/lantern/join"), 200);
    CHECK_INT(
        browser_post(&b, "/e/lantern/join", "display_name=Cem&consent_rules=2"),
        409);
    CHECK(browser_shows(&b, "All places"));
    struct es_participant p;
    CHECK_INT(
        es_store_participant_by_bib(b.w.store, b.w.ini.id, 3, &b.w.a, &p, &e),
        ES_ENOENT);
    browser_stop(&b);
}

TEST(who_is_signed_in_sees_where_and_ends_it)
{
    struct browser b;
    struct jar phone = { "", "" };
    struct es_credential c;
    struct es_err e = { 0 };
    char fields[64];
    char old[64];
    browser_start(&b);
    browser_join_by_form(&b);
    const char *p = strstr(browser_body(&b), "8080/p/");
    snprintf(old, sizeof old, "%.35s", p + 4);
    change(&b, &phone);
    CHECK_INT(browser_get(&b, old), 200);
    char form[256];
    snprintf(form, sizeof form, "csrf=%s", b.csrf);
    CHECK_INT(browser_send(&b, "POST", old,
                           "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Sec-Fetch-Site: same-origin\r\n"
                           "User-Agent: Mozilla/5.0 (X11; Linux x86_64; "
                           "rv:128.0) Gecko/20100101 Firefox/128.0\r\n",
                           es_bytes_str(form)),
              303);
    CHECK_INT(browser_get(&b, "/me/sessions"), 200);
    CHECK(browser_shows(&b, "Firefox, Linux"));
    CHECK(browser_shows(&b, "by joining") && browser_shows(&b, "by a link"));
    p = strstr(browser_body(&b), "name=\"session\" value=\"");
    CHECK(p != NULL);
    snprintf(fields, sizeof fields, "session=%lld", strtoll(p + 22, NULL, 10));
    CHECK_INT(browser_post(&b, "/me/sessions/end", fields), 303);
    change(&b, &phone);
    CHECK_INT(browser_get(&b, "/me"), 403); /* the other one is out */
    change(&b, &phone);

    /* a link that leaked: another in its place, and it is shown */
    CHECK_INT(browser_get(&b, "/me/sessions"), 200);
    CHECK_INT(browser_post(&b, "/me/sessions/secrets", ""), 303);
    CHECK_INT(browser_get(&b, "/joined"), 200);
    p = strstr(browser_body(&b), "8080/p/");
    CHECK(p != NULL && strncmp(p + 4, old, strlen(old)) != 0);
    CHECK_INT(es_credential_who(&b.w.app, old + 3, ES_CRED_LINK, &c, &e),
              ES_ENOENT);
    CHECK_INT(browser_get(&b, "/me"), 200); /* this one goes on */
    CHECK_INT(browser_post(&b, "/me/sessions/end", "session=1"), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    browser_stop(&b);
}

TEST(signing_in_again_changes_the_secret_and_ends_the_old_one)
{
    struct browser b;
    struct jar thief;
    char link[64];
    browser_start(&b);
    browser_join_by_form(&b);
    const char *p = strstr(browser_body(&b), "8080/p/");
    snprintf(link, sizeof link, "%.35s", p + 4);
    memcpy(thief.cookies, b.cookies, sizeof thief.cookies);
    memcpy(thief.csrf, b.csrf, sizeof thief.csrf);
    CHECK_INT(browser_get(&b, link), 200);
    CHECK_INT(browser_post(&b, link, ""), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    change(&b, &thief);
    CHECK_INT(browser_get(&b, "/me"), 403);
    change(&b, &thief);
    memcpy(thief.cookies, b.cookies, sizeof thief.cookies);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(browser_post(&b, "/me/sign-out", ""), 303);
    change(&b, &thief);
    CHECK_INT(browser_get(&b, "/me"), 403); /* it ended on the server */
    browser_stop(&b);
}

TEST(who_is_not_signed_in_is_told_how_to_get_in)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK(browser_shows(&b, "You are not signed in here"));
    CHECK(browser_shows(&b, "http://127.0.0.1:8080/p/"));
    CHECK(!browser_shows(&b, "That is not allowed"));
    browser_stop(&b);
}

TEST(the_imprint_stands_at_the_foot_once_it_is_said)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/imprint"), 404);
    CHECK_INT(browser_get(&b, "/"), 200);
    CHECK(!browser_shows(&b, "/imprint"));
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK_INT(browser_post(&b, "/operate/imprint",
                           "imprint=The+Lantern+Circle%0A%0A<post>"),
              303);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK(browser_shows(&b, "changed who runs this server")); /* the log */
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, "/"), 200);
    CHECK(browser_shows(&b, "/imprint"));
    CHECK_INT(browser_get(&b, "/imprint"), 200);
    CHECK(browser_shows(&b, "&lt;post&gt;"));
    browser_stop(&b);
}

/* A name with a watched word takes part and waits; nobody is refused. */
TEST(a_watched_word_sends_a_name_to_the_reports)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK_INT(browser_post(&b, "/operate/watched",
                           "watched=Grumble%0Aham%0A%D9%85%D8%AB%D8%A7%D9%84"),
              303);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    CHECK(browser_shows(&b, "Grumble\nham"));
    CHECK(browser_shows(&b, "changed the words to look at"));
    static const char *const NAMES[] = { "Abraham", "Gr\xc3\xbcmblest One",
                                         "Sham", "Ham Ada" };
    struct es_arena a;
    struct es_err e = { 0 };
    es_arena_init(&a, 1 << 20);
    const char *lines;
    world_must(es_own_text(&b.w.app, ES_TEXT_WATCHED, &a, &lines, &e), &e);
    CHECK(!es_watched_in(lines, NAMES[0], &a));
    CHECK_STR(es_watched_in(lines, NAMES[1], &a), "Grumble");
    CHECK(!es_watched_in(lines, NAMES[2], &a));
    CHECK_STR(es_watched_in(lines, NAMES[3], &a), "ham");
    CHECK(!es_watched_in("", NAMES[1], &a));
    es_arena_release(&a);
    (void)world_join(&b.w, "Abraham");
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(!browser_shows(&b, "A word to look at stands in it"));
    (void)world_join(&b.w, "Grumble Stone");
    CHECK_INT(browser_get(&b, "/operate/reports"), 200);
    CHECK(browser_shows(&b, "A word to look at stands in it"));
    CHECK(browser_shows(&b, "Grumble Stone"));
    browser_stop(&b);
}

TEST(a_link_of_the_machine_lets_in_who_lost_all_else)
{
    struct browser b;
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    char path[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    invite(&b, "name=Ben&role=4", path);
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, "name=Ben"), 303);
    CHECK_INT(es_setup_link(&b.w.app, "Nobody", 60000, secret, &e), ES_ENOENT);
    world_must(es_setup_link(&b.w.app, "BEN", 60000, secret, &e), &e);
    snprintf(path, sizeof path, "/setup/%s", secret);
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "Sign in as") && browser_shows(&b, "Ben"));
    CHECK_INT(browser_post(&b, path, ""), 303);
    CHECK_INT(browser_get(&b, "/organise"), 200);
    CHECK_INT(browser_get(&b, "/operate"), 404);
    world_must(es_setup_link(&b.w.app, NULL, 60000, secret, &e), &e);
    snprintf(path, sizeof path, "/setup/%s", secret);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, ""), 303);
    CHECK_INT(browser_get(&b, "/operate"), 200);
    browser_stop(&b);
}
