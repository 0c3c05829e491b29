/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Real answers in a language whose catalogue is the messages themselves, in
 * marks (tools/catalogue.py --marked), which stands in for Arabic: what people
 * gave here is Greek, dates and countries come from ICU in Arabic letters, so
 * a Latin word outside of marks is one that no catalogue knows. */
#include "browser.h"
#include "t.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define OPEN "⟦"
#define CLOSE "⟧"
enum { LEAK = 160 };

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* Words that are nobody's language. */
static bool free_word(const char *s, size_t n)
{
    static const char *const FREE[] = { "UTC", "Everystep" };
    for (size_t i = 0; i < sizeof FREE / sizeof *FREE; i++)
        if (strlen(FREE[i]) == n && strncmp(s, FREE[i], n) == 0)
            return true;
    return false;
}

/* The first word in s[0..n) outside of marks, into out; *depth of marks goes
 * on from text to text, for a message may hold elements. */
static bool leaks(const char *s, size_t n, int *depth, char out[LEAK])
{
    for (const char *p = s; p < s + n;) {
        size_t word = 0;
        if (starts(p, OPEN) || starts(p, CLOSE)) {
            *depth += starts(p, OPEN) ? 1 : -1;
            p += strlen(OPEN);
            continue;
        }
        if (*p == '&') { /* a reference */
            p += strcspn(p, ";");
            continue;
        }
        while (p + word < s + n && isalpha((unsigned char)p[word]))
            word++;
        if (word >= 2 && *depth == 0 && !free_word(p, word)) {
            (void)snprintf(out, LEAK, "%.*s", (int)(s + n - p), p);
            return true;
        }
        p += word ? word : 1;
    }
    return false;
}

/* The value of an attribute of the tag at `tag`; NULL. */
static const char *attr(const char *tag, const char *name, size_t *n)
{
    char key[40];
    const char *end = strchr(tag, '>');
    (void)snprintf(key, sizeof key, " %s=\"", name);
    const char *p = strstr(tag, key);
    if (!p || p > end)
        return NULL;
    p += strlen(key);
    *n = strcspn(p, "\"");
    return p;
}

/* Attributes that people read or hear; and those that scripts say. */
static bool tag_leaks(const char *tag, char out[LEAK])
{
    static const char *const READ[] = { "title",       "alt",
                                        "placeholder", "aria-label",
                                        "label",       "data-sending",
                                        "data-failed", "data-reading" };
    for (size_t i = 0; i < sizeof READ / sizeof *READ; i++) {
        size_t n;
        int depth = 0;
        const char *v = attr(tag, READ[i], &n);
        if (v && leaks(v, n, &depth, out))
            return true;
    }
    return false;
}

/* Elements whose words are not the page's: code, and what says that it stays
 * untranslated (a title says it of the name of the program alone). */
static const char *skipped(const char *tag)
{
    static char close[24];
    size_t n;
    size_t name = strcspn(tag + 1, " >");
    const char *translate = attr(tag, "translate", &n);
    bool own = translate && n == 2 && !starts(tag, "<title");
    if (!own && !attr(tag, "hreflang", &n) && !starts(tag, "<style") &&
        !starts(tag, "<script"))
        return NULL;
    (void)snprintf(close, sizeof close, "</%.*s>", (int)name, tag + 1);
    return strstr(tag, close);
}

static bool page_leaks(const char *html, char out[LEAK])
{
    int depth = 0;
    for (const char *p = html; *p;) {
        if (*p != '<') {
            size_t n = strcspn(p, "<");
            if (leaks(p, n, &depth, out))
                return true;
            p += n;
            continue;
        }
        const char *past = skipped(p);
        if (!past && tag_leaks(p, out))
            return true;
        p = strchr(past ? past : p, '>') + 1;
    }
    return depth != 0;
}

/* Looks at the last answer, which is a page. */
static void clean(const struct browser *b, const char *path)
{
    char out[LEAK] = "marks that don't match";
    const char *body = browser_body(b);
    if (!strstr(body, "<html lang=\"ar\"") || !strstr(body, OPEN))
        FAIL("%s is no page in the language: %.200s", path, body);
    if (page_leaks(body, out))
        FAIL("%s: %s", path, out);
}

static void get(struct browser *b, const char *path, int status)
{
    char with[512];
    (void)snprintf(with, sizeof with, "%s%clang=ar", path,
                   strchr(path, '?') ? '&' : '?');
    int got = browser_get(b, with);
    if (got != status)
        FAIL("%s: %d", path, got);
    clean(b, path);
}

/* A form, and the page that it leads to when it redirects. */
static void post(struct browser *b, const char *path, const char *fields,
                 int status)
{
    char with[512];
    char where[512];
    (void)snprintf(with, sizeof with, "%s?lang=ar", path);
    int got = browser_post(b, with, fields);
    if (got != status)
        FAIL("%s: %d", path, got);
    if (status == 303) {
        CHECK(es_reply_header(&b->r, "Location", where, sizeof where) != NULL);
        CHECK_INT(browser_get(b, where), 200);
        path = where;
    }
    clean(b, path);
}

TEST(the_check_sees_what_it_should)
{
    static const struct {
        const char *html;
        bool leak;
    } CASES[] = {
        { "<p>" OPEN "Runs" CLOSE "</p>", false },
        { "<p>Runs</p>", true },
        { "<p>" OPEN "By <bdi>Ada</bdi> now" CLOSE "</p>", false },
        { "<p>" OPEN "a" CLOSE " and</p>", true },
        { "<p title=\"Runs\">٥</p>", true },
        { "<p class=\"big runs\">٥</p>", false },
        { "<p translate=\"no\">Runs</p>", false },
        { "<title translate=\"no\">Runs</title>", true },
        { "<style>a{}</style><p>&nbsp;UTC</p>", false },
        { "<p>" OPEN "Runs</p>", true },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char out[LEAK];
        if (page_leaks(CASES[i].html, out) != CASES[i].leak)
            FAIL("%s", CASES[i].html);
    }
}

static void begin(struct browser *b)
{
    struct es_err e = { 0 };
    int64_t team;
    browser_start(b);
    b->w.ini.title = "Δρόμος του φωτός";
    b->w.ini.purpose = "Φως για όλους.";
    b->w.ini.holder = "Οι φίλοι";
    b->w.ini.consents = "[{\"purpose\":\"rules\",\"version\":2,"
                        "\"required\":true,\"label\":\"Ναι\"}]";
    b->w.ini.goal_mm = 5000000000;
    world_must(es_initiative_save(&b->w.app, &b->w.ini, &e), &e);
    world_must(
        es_team_create(&b->w.app, b->w.ini.id, "Ομάδα", "ABC", &team, &e), &e);
}

static void join_here(struct browser *b)
{
    get(b, "/e/lantern/join", 200);
    post(b, "/e/lantern/join",
         "display_name=Ελένη&country=GR&team_code=ABC&consent_rules=2", 303);
}

static void type_in(struct browser *b, int64_t ago_ms, const char *rest,
                    int status)
{
    char form[256];
    struct es_date d = es_date_of(b->w.now - ago_ms);
    (void)snprintf(form, sizeof form, "date=%04d-%02d-%02d&time=07:30&%s",
                   d.year, d.month, d.day, rest);
    post(b, "/me/typed", form, status);
}

TEST(pages_of_a_visitor)
{
    static const char *const FOUND[] = {
        "/",
        "/e/lantern",
        "/e/lantern/leaderboard",
        "/e/lantern/leaderboard?by=team",
        "/e/lantern/leaderboard?by=country&metric=time",
        "/e/lantern/leaderboard?q=nobody",
        "/e/lantern?units=mi",
        "/e/lantern/join",
    };
    struct browser b;
    begin(&b);
    for (size_t i = 0; i < sizeof FOUND / sizeof *FOUND; i++)
        get(&b, FOUND[i], 200);
    get(&b, "/nowhere", 404);
    get(&b, "/e/nowhere", 404);
    get(&b, "/r/nowhere", 404);
    get(&b, "/p/nowhere", 404);
    get(&b, "/setup/nowhere", 404);
    get(&b, "/me", 403);
    get(&b, "/me/sign-in", 200);
    get(&b, "/organise/sign-in", 200);
    post(&b, "/e/lantern/join",
         "display_name=&country=XX&team_code=no&birth_year=20&email=x&"
         "visibility=odd",
         422);
    *b.csrf = '\0';
    post(&b, "/e/lantern/join", "", 403);
    browser_stop(&b);
}

TEST(pages_of_a_participant)
{
    struct browser b;
    begin(&b);
    join_here(&b);
    get(&b, "/me", 200);
    type_in(&b, 86400000, "distance=nine&duration=1:30&note=σ", 422);
    type_in(&b, 86400000, "distance=9999&duration=45:00", 422);
    type_in(&b, 86400000, "distance=8&duration=45:00", 303);
    type_in(&b, 2 * 86400000, "distance=30&duration=20:00", 303);
    type_in(&b, 90LL * 86400000, "distance=8&duration=45:00", 303);
    get(&b, "/me", 200);
    get(&b, "/me?units=mi", 200);
    get(&b, "/e/lantern", 200);
    get(&b, "/e/lantern/leaderboard", 200);
    get(&b, "/e/lantern/people/1", 200);
    get(&b, "/me/runs/5", 404);
    browser_stop(&b);
}

static int upload(struct browser *b, struct es_bytes file)
{
    struct es_buf m;
    es_buf_init(&m, 32u << 20);
    es_buf_fmt(&m,
               "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
               "%s\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; "
               "filename=\"δρόμος\"\r\nContent-Type: "
               "application/octet-stream\r\n\r\n",
               b->csrf);
    es_buf_add(&m, file.p, file.n);
    es_buf_str(&m, "\r\n--x--\r\n");
    int status =
        browser_send(b, "POST", "/me/runs?lang=ar",
                     "Content-Type: multipart/form-data; boundary=x\r\n"
                     "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
                     es_buf_bytes(&m));
    es_buf_release(&m);
    return status;
}

/* A run of a file from the upload to its public pages. */
TEST(pages_of_a_run)
{
    struct browser b;
    struct es_buf gpx;
    struct es_run *runs;
    struct es_err e = { 0 };
    char path[128];
    size_t n;
    begin(&b);
    join_here(&b);
    CHECK_INT(upload(&b, es_bytes_str("no such file")), 422);
    clean(&b, "a file that can't be read");
    CHECK_INT(upload(&b, es_bytes_str("")), 422);
    clean(&b, "an empty file");
    world_run(&b.w, 7200, 1801, &gpx);
    CHECK_INT(upload(&b, es_buf_bytes(&gpx)), 200);
    clean(&b, "the receipt");
    CHECK_INT(upload(&b, es_buf_bytes(&gpx)), 200);
    clean(&b, "the same receipt");
    es_buf_release(&gpx);
    world_must(es_store_runs_with(b.w.app.store, b.w.ini.id, ES_RUN_ACCEPTED, 0,
                                  1, &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, 1);
    (void)snprintf(path, sizeof path, "/r/%s", runs[0].code);
    get(&b, path, 200);
    (void)snprintf(path, sizeof path, "/v/%s", runs[0].code);
    get(&b, path, 200);
    (void)snprintf(path, sizeof path, "/me/runs/%lld", (long long)runs[0].id);
    get(&b, path, 200);
    (void)snprintf(path, sizeof path, "/me/runs/%lld/withdraw",
                   (long long)runs[0].id);
    post(&b, path, "", 303);
    browser_stop(&b);
}

TEST(pages_of_an_organiser)
{
    struct browser b;
    struct es_run *runs;
    struct es_err e = { 0 };
    char path[128];
    size_t n;
    begin(&b);
    join_here(&b);
    type_in(&b, 2 * 86400000, "distance=150&duration=30:00:00", 303);
    browser_sign_in_staff(&b, "Όλγα");
    get(&b, "/organise", 200);
    get(&b, "/organise/passkeys", 200);
    get(&b, "/organise/e/lantern/look", 200);
    get(&b, "/organise/e/lantern/look?code=yellow", 422);
    world_must(es_store_runs_with(b.w.app.store, b.w.ini.id, ES_RUN_IN_REVIEW,
                                  0, 1, &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, 1);
    get(&b, "/organise/e/lantern", 200);
    get(&b, "/organise/e/lantern/review", 200);
    (void)snprintf(path, sizeof path, "/organise/e/lantern/review/%lld",
                   (long long)runs[0].id);
    get(&b, path, 200);
    (void)snprintf(path, sizeof path, "/organise/e/lantern/review/%lld/refuse",
                   (long long)runs[0].id);
    post(&b, path, "seen=1&reason=other&words=σ", 303);
    post(&b, path, "seen=1&reason=other&words=σ", 409);
    browser_stop(&b);
}
