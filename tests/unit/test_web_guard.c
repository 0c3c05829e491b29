/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may see and do what: forms, links, limits, names, fences. */
#include "auth/secret.h"
#include "browser.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

TEST(a_form_from_elsewhere_changes_nothing)
{
    struct browser b;
    char form[256];
    browser_start(&b);
    browser_join_by_form(&b);
    snprintf(form, sizeof form, "csrf=%s", b.csrf);
    static const char *const FOREIGN[] = { "Sec-Fetch-Site: cross-site\r\n",
                                           "Sec-Fetch-Site: same-site\r\n",
                                           "Origin: https://evil.example\r\n",
                                           "Origin: null\r\n" };
    for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++) {
        char headers[256];
        snprintf(headers, sizeof headers,
                 "Content-Type: application/x-www-form-urlencoded\r\n%s",
                 FOREIGN[i]);
        CHECK_INT(browser_send(&b, "POST", "/me/sign-out", headers,
                               es_bytes_str(form)),
                  403);
    }
    CHECK_INT(browser_send(&b, "POST", "/me/sign-out",
                           "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Origin: null\r\n",
                           es_bytes_str("csrf=0000")),
              403);
    CHECK_INT(browser_get(&b, "/me"), 200);
    browser_stop(&b);
}

/* Chromium and Firefox do so where the referrer policy is "no-referrer". */
TEST(a_form_of_ours_counts_though_its_origin_is_hidden)
{
    struct browser b;
    char form[256];
    browser_start(&b);
    browser_join_by_form(&b);
    snprintf(form, sizeof form, "csrf=%s", b.csrf);
    CHECK_INT(browser_send(&b, "POST", "/me/sign-out",
                           "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n",
                           es_bytes_str(form)),
              303);
    browser_stop(&b);
}

TEST(the_personal_link_shows_a_button_and_the_button_signs_in)
{
    struct browser b;
    char path[128];
    browser_start(&b);
    browser_join_by_form(&b);
    const char *p = strstr(browser_body(&b), "8080/p/");
    CHECK(p != NULL);
    snprintf(path, sizeof path, "%.35s", p + 4);
    b.cookies[0] = 0;
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_get(&b, "/me"), 403); /* looking signs nobody in */
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, ""), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);

    /* somebody joins, then the owner of the link signs in: the new person's
     * secrets are not shown to the owner */
    browser_join_by_form(&b);
    CHECK(strstr(b.cookies, "es-joined=") != NULL);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, ""), 303);
    CHECK(strstr(b.cookies, "es-joined=") == NULL);
    CHECK_INT(browser_get(&b, "/joined"), 303);
    CHECK_INT(browser_get(&b, "/p/0123456789abcdefghjkmnpqrstv0011"), 404);
    browser_stop(&b);
}

TEST(who_is_hidden_is_named_nowhere)
{
    static const char *const PATHS[] = {
        "/",
        "/e/lantern",
        "/e/lantern/leaderboard",
        "/e/lantern/leaderboard?by=country",
        "/api/v1/initiatives/lantern/live",
        "/api/v1/initiatives/lantern/standings",
    };
    struct browser b;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    char path[128];
    browser_start(&b);
    struct es_join in = { .display_name = "Zebedee Quill",
                          .visibility = "hidden",
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &j, &fe, &e), &e);
    struct es_receipt r = browser_type_in(&b, &j.p, 7200);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        CHECK_INT(browser_get(&b, PATHS[i]), 200);
        CHECK(!browser_shows(&b, "Zebedee"));
    }
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(!browser_shows(&b, "Zebedee") && browser_shows(&b, "A participant"));
    snprintf(path, sizeof path, "/v/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(!browser_shows(&b, "Zebedee") && browser_shows(&b, "A participant"));
    browser_stop(&b);
}

TEST(a_draft_is_seen_nowhere)
{
    static const char *const PATHS[] = {
        "/e/lantern",
        "/e/lantern/join",
        "/e/lantern/leaderboard",
        "/api/v1/initiatives/lantern",
        "/api/v1/initiatives/lantern/live",
        "/api/v1/initiatives/lantern/standings",
    };
    struct browser b;
    struct es_err e = { 0 };
    char path[128];
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt r = browser_type_in(&b, &p, 7200);
    b.w.ini.state = ES_INI_DRAFT;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        CHECK_INT(browser_get(&b, PATHS[i]), 404);
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 404);
    snprintf(path, sizeof path, "/v/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_api(&b, "POST",
                          "/api/v1/initiatives/lantern/participants", NULL,
                          "application/json",
                          es_bytes_str("{\"display_name\":\"Eve\"}")),
              404);
    CHECK_INT(browser_get(&b, "/"), 200);
    CHECK(!browser_shows(&b, "Lantern"));
    CHECK_INT(browser_get(&b, "/api/v1/initiatives"), 200);
    CHECK(!browser_shows(&b, "lantern"));
    browser_stop(&b);
}

TEST(nasty_names_stay_text)
{
    static const char *const NAMES[] = { "%3Cscript%3Ealert(1)%3C/script%3E",
                                         "%22%3E%3Csvg+onload%3Dx%3E",
                                         "%27+OR+1%3D1--", "%E2%80%AEgnp.exe",
                                         "%7B%7Bx%7D%7D%26amp%3B" };
    struct browser b;
    char form[256];
    browser_start(&b);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        b.cookies[0] = 0;
        CHECK_INT(browser_get(&b, "/e/lantern/join"), 200);
        snprintf(form, sizeof form, "display_name=%s&consent_rules=2",
                 NAMES[i]);
        CHECK_INT(browser_post(&b, "/e/lantern/join", form), 303);
        CHECK_INT(browser_get(&b, "/me"), 200);
        CHECK(!browser_shows(&b, "<script>alert") &&
              !browser_shows(&b, "<svg onload"));
        CHECK(!browser_shows(&b, "\xe2\x80\xae"));
    }
    browser_stop(&b);
}

TEST(typed_in_runs_have_their_limit_in_the_form_too)
{
    struct browser b;
    int status = 0;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    for (int i = 0; i < 400 && status != 429; i++)
        status = browser_post(&b, "/me/typed", "date=");
    CHECK_INT(status, 429);
    browser_stop(&b);
}

/* It ended the process once: a link to here that is none. */
TEST(a_path_of_two_slashes_is_no_link)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "//elsewhere.example/"), 404);
    CHECK(!browser_shows(&b, "elsewhere.example"));
    CHECK_INT(browser_get(&b, "//"), 404);
    browser_stop(&b);
}

TEST(every_answer_is_fenced_in)
{
    struct browser b;
    char v[512];
    browser_start(&b);
    static const char *const PATHS[] = { "/", "/nowhere", "/e/lantern",
                                         "/api/v1/initiatives", "/healthz" };
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        browser_get(&b, PATHS[i]);
        const char *csp =
            es_reply_header(&b.r, "Content-Security-Policy", v, sizeof v);
        CHECK(csp && strstr(csp, "default-src 'none'") &&
              !strstr(csp, "unsafe"));
        CHECK(es_reply_header(&b.r, "X-Content-Type-Options", v, sizeof v));
        CHECK(es_reply_header(&b.r, "Referrer-Policy", v, sizeof v));
    }
    browser_stop(&b);
}

/* Does the policy of the last answer name these bytes? */
static bool allowed(const struct browser *b, const char *rules, size_t n)
{
    char policy[1024];
    char text[ES_SHA256_TEXT];
    char source[64];
    es_sha256_text((struct es_bytes){ (const uint8_t *)rules, n }, text);
    (void)snprintf(source, sizeof source, " 'sha256-%s'", text);
    const char *csp = es_reply_header(&b->r, "Content-Security-Policy", policy,
                                      sizeof policy);
    return csp && strstr(csp, source) && strstr(csp, "style-src 'self'");
}

/* How many sheets stand in the page, each of them one that the policy names;
 * and that it wouldn't, were one byte another. */
static size_t sheets(const struct browser *b)
{
    size_t n = 0;
    const char *p = browser_body(b);
    while ((p = strstr(p, "<style>"))) {
        char rules[1 << 16];
        p += 7;
        size_t len = (size_t)(strstr(p, "</style>") - p);
        CHECK(len < sizeof rules);
        memcpy(rules, p, len);
        CHECK(allowed(b, rules, len));
        rules[len / 2] ^= 1;
        CHECK(!allowed(b, rules, len));
        n++;
    }
    return n;
}

static size_t sheets_of(struct browser *b, const char *path)
{
    char v[1024];
    CHECK_INT(browser_get(b, path), 200);
    const char *csp =
        es_reply_header(&b->r, "Content-Security-Policy", v, sizeof v);
    size_t named = 0;
    for (const char *p = csp; (p = strstr(p, "sha256-")); p++)
        named++;
    size_t n = sheets(b);
    CHECK_INT(named, n);
    CHECK(!strstr(csp, "unsafe"));
    return n;
}

TEST(a_sheet_in_a_page_is_allowed_by_its_hash)
{
    struct browser b;
    struct es_err e;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(sheets_of(&b, "/"), 1);
    CHECK_INT(sheets_of(&b, "/e/lantern"), 1);
    CHECK_INT(sheets_of(&b, "/e/lantern/join"), 1);
    CHECK_INT(sheets_of(&b, "/me"), 0);
    CHECK_INT(browser_get(&b, "/nowhere"), 404);
    CHECK_INT(sheets(&b), 0);

    b.w.ini.face = "{\"colour\":\"#ffee00\"}";
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    CHECK_INT(sheets_of(&b, "/e/lantern"), 2);
    CHECK_INT(sheets_of(&b, "/me"), 1);
    browser_stop(&b);
}

TEST(metrics_are_for_this_machine_alone)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/metrics"), 404);
    b.peer = "127.0.0.1";
    CHECK_INT(browser_get(&b, "/metrics"), 200);
    CHECK(browser_shows(&b, "everystep_store_writes_total"));
    /* A proxy on this machine that the settings don't name. */
    CHECK_INT(browser_send(&b, "GET", "/metrics",
                           "X-Forwarded-For: 192.0.2.1\r\n",
                           (struct es_bytes){ 0 }),
              404);
    CHECK_INT(browser_send(&b, "GET", "/metrics", "Via: 1.1 proxy\r\n",
                           (struct es_bytes){ 0 }),
              404);
    browser_stop(&b);
}
