/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The web's rules, on every page: what it may do, what leaves it, what is
 * believed of what comes in. */
#include "browser.h"
#include "t.h"
#include "web/web_int.h"

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

/* ---- every route ---- */

struct walker {
    struct browser b;
    struct es_participant p;
    struct es_run run;
    bool https;
};

/* Values that lead somewhere, for the holes of a pattern. */
static const char *value_of(const struct walker *k, const char *name, char *v,
                            size_t cap)
{
    if (strcmp(name, "slug") == 0)
        return "lantern";
    if (strcmp(name, "code") == 0)
        return k->run.code;
    if (strcmp(name, "bib") == 0)
        return "1";
    if (strcmp(name, "name") == 0)
        return "icon.svg";
    if (strcmp(name, "run") == 0) {
        (void)snprintf(v, cap, "%lld", (long long)k->run.id);
        return v;
    }
    return "7";
}

static void path_of(const struct walker *k, const char *pattern, char *path,
                    size_t cap)
{
    size_t n = 0;
    for (const char *p = pattern; *p;) {
        char name[32];
        char v[32];
        const char *end = strchr(p, '}');
        if (*p != '{') {
            path[n++] = *p++;
            continue;
        }
        CHECK(end != NULL);
        (void)snprintf(name, sizeof name, "%.*s", (int)(end - p - 1), p + 1);
        n += (size_t)snprintf(path + n, cap - n, "%s",
                              value_of(k, name, v, sizeof v));
        p = end + 1;
    }
    CHECK(n < cap);
    path[n] = 0;
}

static void walker_start(struct walker *k)
{
    browser_start(&k->b);
    k->p = world_join(&k->b.w, "Ada");
    k->run = browser_type_in(&k->b, &k->p, 7200).run;
}

/* As a visitor, a participant, and one of the staff. */
enum { ROLES = 3 };
static void act_as(struct walker *k, size_t role)
{
    k->b.cookies[0] = 0;
    if (role == 1)
        browser_sign_in(&k->b, &k->p);
    if (role == 2)
        browser_sign_in_organiser(&k->b);
}

static void each_get(struct walker *k,
                     void (*look)(struct walker *, const struct es_route *,
                                  const char *path))
{
    char path[256];
    size_t n = 0;
    for (size_t role = 0; role < ROLES; role++)
        for (size_t t = 0; t < k->b.web->n_tables; t++)
            for (size_t i = 0; i < k->b.web->tables[t].n; i++) {
                const struct es_route *r = &k->b.web->tables[t].p[i];
                if (r->method != ES_GET)
                    continue;
                act_as(k, role);
                path_of(k, r->pattern, path, sizeof path);
                look(k, r, path);
                n++;
            }
    CHECK(n > 30 * ROLES);
}

static bool has(struct browser *b, const char *name, const char *what)
{
    return strstr(header(b, name), what) != NULL;
}

static void headers_are_right(struct walker *k, const struct es_route *r,
                              const char *path)
{
    struct browser *b = &k->b;
    bool framed = strstr(r->pattern, "/embed") != NULL;
    bool shown = framed || strstr(r->pattern, "card.png");
    int status = browser_get(b, path);
    bool kept = has(b, "Cache-Control", "public");
    /* The recorder and what keeps the door stay on a phone that asks again when
     * it can. */
    bool anybodys = strcmp(header(b, "Cache-Control"), "no-cache") == 0;
    const char *vary = header(b, "Vary");
    bool ok = status < 500 &&
              has(b, "Content-Security-Policy", "default-src 'none'") &&
              !has(b, "Content-Security-Policy", "unsafe-") &&
              has(b, "Content-Security-Policy",
                  framed && status == 200 ? "frame-ancestors *"
                                          : "frame-ancestors 'none'") &&
              strcmp(header(b, "X-Content-Type-Options"), "nosniff") == 0 &&
              strcmp(header(b, "Referrer-Policy"), "strict-origin") == 0 &&
              has(b, "Cross-Origin-Opener-Policy", "same-origin") &&
              (has(b, "Cross-Origin-Resource-Policy", "same-origin") ||
               (shown && status == 200)) &&
              has(b, "Permissions-Policy", "camera=()") &&
              (k->https == (*header(b, "Strict-Transport-Security") != 0)) &&
              (kept || anybodys ||
               strcmp(header(b, "Cache-Control"), "no-store") == 0 ||
               !*header(b, "Cache-Control"));
    if (anybodys)
        ok = ok &&
             (strstr(r->pattern, "record") ||
              strstr(r->pattern, "check-in-worker")) &&
             !*header(b, "Set-Cookie");
    if (kept) /* the same for everybody who reads this language */
        ok = ok && !*header(b, "Set-Cookie") && !(r->flags & ES_WEB_PAGE) &&
             !strstr(header(b, "Vary"), "Cookie") && strlen(vary) < 40;
    if (!ok)
        FAIL("%s (%d):\n%s", path, status, es_buf_cstr(&b->r.head));
}

/* ATTACKS rows 13, 33, 36, and what each answer must say of itself. */
TEST(every_answer_carries_the_rules)
{
    struct walker k = { 0 };
    struct es_err e = { 0 };
    walker_start(&k);
    each_get(&k, headers_are_right);
    struct es_web *plain = k.b.web;
    struct es_web_config c = { .app = &k.b.w.app,
                               .listen = "127.0.0.1:8080",
                               .origin = "https://run.example" };
    world_must(es_web_new(&c, &k.b.web, &e), &e);
    k.https = true;
    each_get(&k, headers_are_right);
    es_web_stop(plain, 0);
    browser_stop(&k.b);
}

static void suffix_is_nothing(struct walker *k, const struct es_route *r,
                              const char *path)
{
    static const char *const MORE[] = { "/x.css", ".css", "%2fx.css", ";x.css",
                                        "/x.js?a=.png" };
    char longer[300];
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++) {
        (void)snprintf(longer, sizeof longer, "%s%s", path[1] ? path : "",
                       MORE[i]);
        int status = browser_get(&k->b, longer[0] == '/' ? longer : "/x.css");
        /* Refused for whichever reason: no page, and no error of ours. */
        if (status < 400 || status >= 500 ||
            has(&k->b, "Cache-Control", "public"))
            FAIL("%s: %d, %s", longer, status, header(&k->b, "Cache-Control"));
    }
    (void)r;
}

TEST(a_suffix_makes_no_page_a_picture)
{
    struct walker k = { 0 };
    walker_start(&k);
    each_get(&k, suffix_is_nothing);
    browser_stop(&k.b);
}

/* ATTACKS row 37: nothing in an address leads elsewhere. */
static void stays_here(struct walker *k, const struct es_route *r,
                       const char *path)
{
    static const char *const AWAY[] = {
        "next=//evil.example",
        "next=https:evil.example",
        "next=/%5cevil.example",
        "next=%09//evil.example",
        "return=https://evil.example",
        "lang=//evil.example",
        "lang=en%0d%0aX:y",
        "units=//evil.example",
        "url=https://evil.example",
        "left=https://evil.example",
    };
    char longer[400];
    for (size_t i = 0; i < sizeof AWAY / sizeof *AWAY; i++) {
        (void)snprintf(longer, sizeof longer, "%s?%s", path, AWAY[i]);
        int status = browser_get(&k->b, longer);
        const char *to = header(&k->b, "Location");
        bool ours = !*to || (to[0] == '/' && to[1] != '/' && to[1] != '\\');
        if (status >= 500 || !ours || strstr(to, "evil") ||
            strstr(es_buf_cstr(&k->b.r.head), "evil") ||
            browser_shows(&k->b, "\"https://evil") ||
            browser_shows(&k->b, "\"//evil"))
            FAIL("%s: %d to %s", longer, status, to);
    }
    (void)r;
}

TEST(nothing_leads_away_from_here)
{
    struct walker k = { 0 };
    walker_start(&k);
    each_get(&k, stays_here);
    browser_stop(&k.b);
}

/* ATTACKS row 35: what is only looked at stays as it is. */
static void only_looks(struct walker *k, const struct es_route *r,
                       const char *path)
{
    char acting[320];
    (void)r;
    (void)snprintf(acting, sizeof acting,
                   "%s?display_name=Eve&reason=no&colour=%%23ff0000", path);
    CHECK(browser_get(&k->b, acting) < 500);
}

TEST(looking_changes_nothing)
{
    struct walker k = { 0 };
    struct es_err e = { 0 };
    struct es_run run;
    struct es_initiative ini;
    struct es_totals before, after;
    walker_start(&k);
    struct es_standings *s = es_app_standings(&k.b.w.app, k.b.w.ini.id);
    es_standings_totals(s, &before);
    each_get(&k, only_looks);
    es_standings_totals(s, &after);
    CHECK_INT(after.dist_mm, before.dist_mm);
    CHECK_INT(after.participants, before.participants);
    CHECK_INT(after.runs, before.runs);
    world_must(es_store_run(k.b.w.store, k.run.initiative, k.run.id, &k.b.w.a,
                            &run, &e),
               &e);
    CHECK_INT(run.status, k.run.status);
    world_must(es_store_initiative(k.b.w.store, "lantern", &k.b.w.a, &ini, &e),
               &e);
    CHECK_STR(ini.title, k.b.w.ini.title);
    CHECK_INT(ini.state, k.b.w.ini.state);
    browser_stop(&k.b);
}

/* What a route takes, with the token or another one: in the form, or in a
 * header of its own where there is none. */
static int sends(struct walker *k, const struct es_route *r, const char *path,
                 const char *from, const char *token)
{
    static const char *const METHODS[] = {
        [ES_POST] = "POST", [ES_PATCH] = "PATCH", [ES_DELETE] = "DELETE"
    };
    char form[200], headers[512];
    bool fields = r->body == ES_BODY_FORM;
    (void)snprintf(form, sizeof form, "csrf=%s", token);
    (void)snprintf(headers, sizeof headers, "%s%s%s%s%s",
                   fields ? "Content-Type: application/x-www-form-urlencoded"
                          : "Tus-Resumable: 1.0.0\r\nX-CSRF-Token: ",
                   fields ? "" : token, "\r\n", from,
                   r->body == ES_BODY_RAW
                       ? "Content-Type: application/offset+octet-stream\r\n"
                       : "");
    return browser_send(&k->b, METHODS[r->method], path, headers,
                        es_bytes_str(fields ? form : ""));
}

/* Every form, sent by another site in each way that it can, is refused before
 * its handler: signed in, with the right token even. */
static void only_from_here(struct walker *k, const struct es_route *r)
{
    static const char *const FROM[] = {
        "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example\r\n",
        "Sec-Fetch-Site: same-site\r\nOrigin: http://sub.127.0.0.1:8080\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://127.0.0.1:8080.evil.example\r\n",
        "Origin: http://127.0.0.1\r\n",
    };
    static const char OURS[] = "Sec-Fetch-Site: same-origin\r\n";
    char path[256];
    path_of(k, r->pattern, path, sizeof path);
    bool staff = strncmp(path, "/o", 2) == 0;
    for (size_t f = 0; f < sizeof FROM / sizeof *FROM; f++) {
        act_as(k, staff ? 2 : 1);
        CHECK_INT(browser_get(&k->b, staff ? "/organise" : "/me"), 200);
        if (sends(k, r, path, FROM[f], k->b.csrf) != 403)
            FAIL("%s from %s: %d", path, FROM[f], k->b.r.status);
    }
    act_as(k, staff ? 2 : 1);
    CHECK_INT(browser_get(&k->b, staff ? "/organise" : "/me"), 200);
    CHECK_INT(sends(k, r, path, OURS, "0000"), 403);
    CHECK_INT(sends(k, r, path, OURS, ""), 403);
}

TEST(no_form_is_taken_from_elsewhere)
{
    struct walker k = { 0 };
    size_t n = 0;
    walker_start(&k);
    for (size_t t = 0; t < k.b.web->n_tables; t++)
        for (size_t i = 0; i < k.b.web->tables[t].n; i++) {
            const struct es_route *r = &k.b.web->tables[t].p[i];
            if (r->method == ES_GET || !(r->flags & ES_WEB_FORM))
                continue;
            only_from_here(&k, r);
            n++;
        }
    CHECK(n > 10);
    browser_stop(&k.b);
}

/* What a form of another site can send as text is no JSON to us, and a cookie
 * opens nothing of the API. */
TEST(the_api_believes_no_cookie_and_no_text_plain)
{
    static const char JSON[] = "{\"display_name\":\"Eve\",\"consents\":"
                               "{\"rules\":2}}";
    struct walker k = { 0 };
    char path[128];
    walker_start(&k);
    act_as(&k, 1);
    snprintf(path, sizeof path, "/api/v1/runs/%lld", (long long)k.run.id);
    CHECK_INT(browser_get(&k.b, path), 401);
    CHECK_INT(browser_api(&k.b, "DELETE", path, NULL, NULL,
                          (struct es_bytes){ NULL, 0 }),
              401);
    CHECK_INT(browser_api(&k.b, "POST", "/api/v1/runs", NULL, "text/plain",
                          es_bytes_str(JSON)),
              401);
    CHECK_INT(browser_api(&k.b, "POST",
                          "/api/v1/initiatives/lantern/participants", NULL,
                          "text/plain", es_bytes_str(JSON)),
              415);
    browser_stop(&k.b);
}

/* ATTACKS row 38 */
TEST(what_is_asked_for_is_never_sql)
{
    static const char *const ASKED[] = {
        "q=%25",
        "q=_",
        "q=%25%25%25%25",
        "q='+OR+1=1--",
        "q=%22;drop+table+run;--",
    };
    static const char *const ORDERS[] = {
        "metric=;drop+table+run",
        "by=1+UNION+SELECT+1",
        "category='--",
        "cursor=';--",
        "around='",
        "before=1;--",
    };
    struct walker k = { 0 };
    char path[200];
    walker_start(&k);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        snprintf(path, sizeof path, "/e/lantern/leaderboard?%s", ASKED[i]);
        CHECK_INT(browser_get(&k.b, path), 200);
        if (browser_shows(&k.b, "<bdi>Ada</bdi>"))
            FAIL("%s finds people", ASKED[i]);
    }
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        snprintf(path, sizeof path, "/e/lantern/leaderboard?%s", ORDERS[i]);
        int status = browser_get(&k.b, path);
        CHECK(status == 200 || status == 400);
        snprintf(path, sizeof path, "/api/v1/initiatives/lantern/standings?%s",
                 ORDERS[i]);
        status = browser_get(&k.b, path);
        CHECK(status == 200 || status == 400);
    }
    CHECK_INT(browser_get(&k.b, "/e/lantern/leaderboard"), 200);
    CHECK(browser_shows(&k.b, "<bdi>Ada</bdi>"));
    browser_stop(&k.b);
}

/* ATTACKS rows 50 and 51: in every answer there is, to a visitor and to other
 * people. */
static void names_nobody(struct walker *k, const struct es_route *r,
                         const char *path)
{
    char asked[300];
    if (strstr(r->pattern, "{secret}"))
        return;
    for (int i = 0; i < 2; i++) {
        (void)snprintf(asked, sizeof asked, "%s%s", path, i ? "?q=Zebe" : "");
        CHECK(browser_get(&k->b, asked) < 500);
        if (browser_shows(&k->b, "Zebedee") || browser_shows(&k->b, "Quill") ||
            browser_shows(&k->b, "1 person found"))
            FAIL("%s names who is hidden", asked);
    }
}

TEST(who_is_hidden_is_in_no_answer)
{
    struct walker k = { 0 };
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = "Zebedee Quill",
                          .visibility = "hidden",
                          .country = "FO",
                          .consents = "{\"rules\":2}" };
    browser_start(&k.b);
    world_must(es_register(&k.b.w.app, &k.b.w.ini, &in, &k.b.w.a, &j, &fe, &e),
               &e);
    k.run = browser_type_in(&k.b, &j.p, 7200).run;
    k.p = world_join(&k.b.w, "Bo"); /* somebody else looks on */
    char path[256];
    for (size_t role = 0; role < 2; role++)
        for (size_t t = 0; t < k.b.web->n_tables; t++)
            for (size_t i = 0; i < k.b.web->tables[t].n; i++) {
                const struct es_route *r = &k.b.web->tables[t].p[i];
                if (r->method != ES_GET)
                    continue;
                act_as(&k, role);
                path_of(&k, r->pattern, path, sizeof path);
                names_nobody(&k, r, path);
            }
    CHECK_INT(browser_get(&k.b, "/e/lantern/people/1"), 404);
    CHECK_INT(browser_get(&k.b, "/e/lantern/people/1/card.png"), 404);
    browser_stop(&k.b);
}
