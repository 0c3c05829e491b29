/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of a participant through pages and API: real store, real decode
 * workers, every byte of HTTP but the socket. */
#include "t.h"

#include "web/assets.h"
#include "web/web.h"
#include "world.h"
#include "zip_kit.h"

#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct browser {
    struct world w;
    struct es_web *web;
    char cookies[2048];
    char csrf[80];
    const char *peer;
    struct es_reply r; /* the last answer */
};

static void start(struct browser *b)
{
    struct es_err e = { 0 };
    *b = (struct browser){ .peer = "192.0.2.1" };
    world_begin(&b->w);
    struct es_web_config c = { .app = &b->w.app, .listen = "127.0.0.1:8080" };
    world_must(es_web_new(&c, &b->web, &e), &e);
}

static void stop(struct browser *b)
{
    es_reply_release(&b->r);
    es_web_stop(b->web, 0);
    world_end(&b->w);
}

static const char *body(const struct browser *b)
{
    return es_buf_cstr(&b->r.body);
}

/* One cookie of "name=value; ..." into the jar; an older one goes. */
static void keep_cookie(struct browser *b, const char *line, size_t n)
{
    char pair[512];
    char rest[2048] = "";
    size_t len = strcspn(line, ";\n");
    CHECK(len < n && len < sizeof pair);
    memcpy(pair, line, len);
    pair[len] = 0;
    size_t name = strcspn(pair, "=") + 1;
    for (char *p = b->cookies; *p;) {
        size_t m = strcspn(p, ";");
        if (strncmp(p, pair, name) != 0)
            snprintf(rest + strlen(rest), sizeof rest - strlen(rest), "%s%.*s",
                     *rest ? "; " : "", (int)m, p);
        p += m + strspn(p + m, "; ");
    }
    if (pair[name])
        snprintf(rest + strlen(rest), sizeof rest - strlen(rest), "%s%s",
                 *rest ? "; " : "", pair);
    snprintf(b->cookies, sizeof b->cookies, "%s", rest);
}

static void learn(struct browser *b)
{
    const char *head = es_buf_cstr(&b->r.head);
    for (const char *p = head; p && (p = strstr(p, "Set-Cookie: ")); p++)
        keep_cookie(b, p + 12, strlen(p));
    const char *mark = "name=\"csrf\" value=\"";
    const char *p = strstr(body(b), mark);
    if (p)
        snprintf(b->csrf, sizeof b->csrf, "%.64s", p + strlen(mark));
}

static int send(struct browser *b, const char *method, const char *path,
                const char *headers, struct es_bytes payload)
{
    struct es_buf q;
    struct es_err e = { 0 };
    es_buf_init(&q, 64u << 20);
    es_buf_fmt(&q, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n%s%s%s%s", method,
               path, *b->cookies ? "Cookie: " : "", b->cookies,
               *b->cookies ? "\r\n" : "", headers);
    if (payload.p || strcmp(method, "POST") == 0)
        es_buf_fmt(&q, "Content-Length: %zu\r\n", payload.n);
    es_buf_str(&q, "\r\n");
    es_buf_add(&q, payload.p, payload.n);
    es_reply_release(&b->r);
    world_must(es_web_call(b->web, es_buf_bytes(&q), b->peer, &b->r, &e), &e);
    es_buf_release(&q);
    learn(b);
    return b->r.status;
}

static int get(struct browser *b, const char *path)
{
    return send(b, "GET", path, "", (struct es_bytes){ NULL, 0 });
}

static int post(struct browser *b, const char *path, const char *fields)
{
    char form[4096];
    snprintf(form, sizeof form, "csrf=%s&%s", b->csrf, fields);
    return send(b, "POST", path,
                "Content-Type: application/x-www-form-urlencoded\r\n"
                "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
                es_bytes_str(form));
}

static int api(struct browser *b, const char *method, const char *path,
               const char *token, const char *type, struct es_bytes payload)
{
    char headers[512];
    snprintf(headers, sizeof headers, "%s%s%s%s%s%s",
             token ? "Authorization: Bearer " : "", token ? token : "",
             token ? "\r\n" : "", type ? "Content-Type: " : "",
             type ? type : "", type ? "\r\n" : "");
    return send(b, method, path, headers, payload);
}

static json_t *answer(const struct browser *b)
{
    json_error_t je;
    json_t *v = json_loadb((const char *)b->r.body.p, b->r.body.n, 0, &je);
    if (!v)
        FAIL("not JSON: %s: %s", je.text, body(b));
    return v;
}

static const char *text(const json_t *v, const char *key)
{
    const char *s = json_string_value(json_object_get(v, key));
    return s ? s : "(none)";
}

static bool shows(const struct browser *b, const char *what)
{
    return strstr(body(b), what) != NULL;
}

static void join_by_api(struct browser *b, char token[64])
{
    static const char JOIN[] =
        "{\"display_name\":\"Ada\",\"country\":\"IS\",\"consents\":"
        "{\"rules\":2}}";
    CHECK_INT(api(b, "POST", "/api/v1/initiatives/lantern/participants", NULL,
                  "application/json", es_bytes_str(JOIN)),
              201);
    json_t *v = answer(b);
    CHECK_INT(json_integer_value(json_object_get(v, "bib")), 1);
    CHECK(json_is_string(json_object_get(v, "participant")));
    CHECK(strncmp(text(v, "link"), "http://127.0.0.1:8080/p/", 24) == 0);
    snprintf(token, 64, "%s", text(v, "token"));
    json_decref(v);
}

TEST(the_api_from_joining_to_withdrawing)
{
    struct browser b;
    char token[64];
    char path[128];
    struct es_buf run;
    start(&b);
    join_by_api(&b, token);
    world_run(&b.w, 7200, 1001, &run);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              201);
    json_t *first = answer(&b);
    CHECK_STR(text(first, "status"), "accepted");
    CHECK_NEAR(json_number_value(json_object_get(first, "counted_m")), 3000, 6);
    CHECK_STR(text(json_object_get(first, "measure"), "format"), "gpx");
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              200);
    json_t *again = answer(&b);
    CHECK(json_equal(first, again));
    json_decref(again);

    snprintf(path, sizeof path, "/api/v1/runs/%s", text(first, "run"));
    CHECK_INT(api(&b, "GET", path, token, NULL, (struct es_bytes){ 0 }), 200);
    CHECK_INT(api(&b, "GET", path, NULL, NULL, (struct es_bytes){ 0 }), 401);
    CHECK_INT(get(&b, "/api/v1/initiatives/lantern/standings"), 200);
    json_t *board = answer(&b);
    json_t *row = json_array_get(json_object_get(board, "rows"), 0);
    CHECK_STR(text(row, "name"), "Ada");
    CHECK_INT(json_integer_value(json_object_get(row, "rank")), 1);
    json_decref(board);
    snprintf(path, sizeof path, "/r/%s", text(first, "code"));
    CHECK_INT(get(&b, path), 200);
    CHECK(shows(&b, "Ada"));

    snprintf(path, sizeof path, "/api/v1/runs/%s", text(first, "run"));
    CHECK_INT(api(&b, "DELETE", path, token, NULL, (struct es_bytes){ 0 }),
              200);
    CHECK(world_total(&b.w) == 0);
    snprintf(path, sizeof path, "/r/%s", text(first, "code"));
    CHECK_INT(get(&b, path), 404);
    CHECK_INT(get(&b, "/e/lantern"), 200);
    CHECK(!shows(&b, "<li><span class=\"who\">"));
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              201);
    json_decref(first);
    es_buf_release(&run);
    stop(&b);
}

/* What has arrived is no event any more after a restart, but it has arrived. */
TEST(the_latest_runs_outlive_a_restart)
{
    static const char ARRIVAL[] = "<li><span class=\"who\">";
    struct browser b;
    char token[64];
    struct es_buf run;
    start(&b);
    CHECK_INT(get(&b, "/e/lantern"), 200);
    CHECK(!shows(&b, ARRIVAL));
    join_by_api(&b, token);
    world_run(&b.w, 7200, 1001, &run);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              201);
    for (int round = 0; round < 2; round++) {
        struct es_err e = { 0 };
        struct es_web_config c = { .app = &b.w.app,
                                   .listen = "127.0.0.1:8080" };
        CHECK_INT(get(&b, "/e/lantern"), 200);
        CHECK(shows(&b, ARRIVAL));
        es_web_stop(b.web, 0);
        world_must(es_web_new(&c, &b.web, &e), &e);
    }
    es_buf_release(&run);
    stop(&b);
}

TEST(the_api_says_what_is_wrong)
{
    struct browser b;
    char token[64];
    char path[128];
    start(&b);
    join_by_api(&b, token);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/gpx+xml",
                  es_bytes_str("<html>no</html>")),
              422);
    json_t *v = answer(&b);
    CHECK_STR(text(v, "code"), "unknown_format");
    CHECK(json_is_integer(json_object_get(v, "at")));
    json_decref(v);
    char type[64] = "";
    CHECK_STR(es_reply_header(&b.r, "Content-Type", type, sizeof type),
              "application/problem+json");

    static const struct {
        const char *json, *field, *code;
    } SLIPS[] = {
        { "{\"started_at\":\"2026-05-17T07:30:00Z\",\"distance_m\":-1,"
          "\"elapsed_s\":60}",
          "distance_m", "too_small" },
        { "{\"started_at\":\"2026-05-17T07:30:00Z\",\"distance_m\":1e9,"
          "\"elapsed_s\":60}",
          "distance_m", "too_large" },
        { "{\"started_at\":\"2026-05-17T07:30:00Z\",\"distance_m\":\"5\","
          "\"elapsed_s\":60}",
          "distance_m", "invalid" },
        { "{\"started_at\":\"soon\",\"distance_m\":5,\"elapsed_s\":60}",
          "started_at", "invalid" },
        { "{\"started_at\":\"2026-05-17T07:30:00Z\",\"distance_m\":5}",
          "elapsed_s", "required" },
    };
    for (size_t i = 0; i < sizeof SLIPS / sizeof *SLIPS; i++) {
        CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/json",
                      es_bytes_str(SLIPS[i].json)),
                  422);
        v = answer(&b);
        json_t *err = json_array_get(json_object_get(v, "errors"), 0);
        CHECK_STR(text(err, "field"), SLIPS[i].field);
        CHECK_STR(text(err, "code"), SLIPS[i].code);
        CHECK(strlen(text(err, "message")) > 10);
        CHECK_STR(es_reply_header(&b.r, "Vary", type, sizeof type),
                  "Accept-Language");
        json_decref(v);
    }
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/json",
                  es_bytes_str("{\"distance_m\":NaN}")),
              400);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/json",
                  es_bytes_str("{\"started_at\":\"2001-05-17T07:30:00Z\","
                               "\"distance_m\":5000,\"elapsed_s\":1800}")),
              201);
    v = answer(&b);
    snprintf(path, sizeof path, "/api/v1/runs/%s/appeal", text(v, "run"));
    json_decref(v);
    static const struct {
        const char *json;
        int status;
    } APPEALS[] = { { "{", 400 },
                    { "[]", 400 },
                    { "{\"words\":5}", 422 },
                    { "{\"words\":\"a\",\"words\":\"b\"}", 400 },
                    { "{\"words\":\"my clock\"}", 200 } };
    for (size_t i = 0; i < sizeof APPEALS / sizeof *APPEALS; i++)
        CHECK_INT(api(&b, "POST", path, token, "application/json",
                      es_bytes_str(APPEALS[i].json)),
                  APPEALS[i].status);
    CHECK_INT(
        api(&b, "GET", "/api/v1/runs/77", token, NULL, (struct es_bytes){ 0 }),
        404);
    CHECK_INT(get(&b, "/api/v1/initiatives/nowhere"), 404);
    CHECK_INT(get(&b, "/api/v1/initiatives/lantern/standings?by=shoe"), 400);
    CHECK_INT(get(&b, "/api/v1/initiatives/lantern/standings?cursor=zz"), 400);
    stop(&b);
}

/* ---- a worker that dies in the middle ---- */

struct assassin {
    struct es_ingest *ingest;
    pid_t pids[8];
    size_t n;
};

/* Waits until the upload is in a worker's hands (its memfd is mapped there:
 * the job counter moved), then kills all of them. */
static void *kill_workers(void *arg)
{
    struct assassin *k = arg;
    struct es_ingest_stats st;
    do {
        usleep(2000);
        es_ingest_stats(k->ingest, &st);
    } while (st.jobs == 0);
    for (size_t i = 0; i < k->n; i++)
        kill(k->pids[i], SIGKILL);
    return NULL;
}

TEST(a_killed_worker_costs_one_upload_a_503)
{
    struct browser b;
    struct assassin k;
    pthread_t th;
    char token[64];
    char v[32] = "";
    struct es_buf run;
    start(&b);
    join_by_api(&b, token);
    world_run(&b.w, 7200, 601, &run);
    k = (struct assassin){ .ingest = b.w.ingest };
    k.n = es_ingest_pids(b.w.ingest, k.pids, 8);
    CHECK(k.n > 0);
    for (size_t i = 0; i < k.n; i++)
        kill(k.pids[i], SIGSTOP);
    CHECK_INT(pthread_create(&th, NULL, kill_workers, &k), 0);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              503);
    pthread_join(th, NULL);
    CHECK(es_reply_header(&b.r, "Retry-After", v, sizeof v) != NULL);
    json_t *problem = answer(&b);
    CHECK_STR(text(problem, "code"), "worker_died");
    json_decref(problem);
    CHECK(world_total(&b.w) == 0);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, "application/octet-stream",
                  es_buf_bytes(&run)),
              201);
    CHECK(world_total(&b.w) > 0);
    es_buf_release(&run);
    stop(&b);
}

static void join_by_form(struct browser *b)
{
    CHECK_INT(get(b, "/e/lantern/join"), 200);
    CHECK_INT(post(b, "/e/lantern/join", "display_name=&consent_rules=2"), 422);
    CHECK(shows(b, "aria-invalid=\"true\""));
    CHECK_INT(post(b, "/e/lantern/join",
                   "display_name=Bo+%F0%9F%8F%83&country=TR&consent_rules=2"),
              303);
    CHECK_INT(get(b, "/joined"), 200);
    CHECK(shows(b, "http://127.0.0.1:8080/p/"));
}

TEST(the_pages_from_joining_to_the_receipt)
{
    struct browser b;
    char where[256];
    char form[512];
    start(&b);
    CHECK_INT(get(&b, "/"), 200);
    CHECK(shows(&b, "The Lantern Run"));
    CHECK_INT(get(&b, "/e/lantern"), 200);
    CHECK_INT(get(&b, "/me"), 403);
    join_by_form(&b);
    CHECK_INT(get(&b, "/me"), 200);
    CHECK(shows(&b, "multipart/form-data"));

    struct es_date d = es_date_of(b.w.now - 86400000);
    snprintf(form, sizeof form,
             "date=%04d-%02d-%02d&time=07:30&distance_km=nine&duration=45:00",
             d.year, d.month, d.day);
    CHECK_INT(post(&b, "/me/typed", form), 422);
    CHECK(shows(&b, "value=\"nine\"")); /* what was entered is not lost */
    snprintf(form, sizeof form,
             "date=%04d-%02d-%02d&time=07:30&distance_km=12,5&duration=1:15:00",
             d.year, d.month, d.day);
    CHECK_INT(post(&b, "/me/typed?lang=tr", form), 303);
    CHECK(es_reply_header(&b.r, "Location", where, sizeof where) != NULL);
    CHECK(strncmp(where, "/me/runs/", 9) == 0 && strstr(where, "lang=tr"));
    CHECK(world_total(&b.w) == 12500000);
    CHECK_INT(get(&b, where), 200);

    char *query = strchr(where, '?');
    *query = 0;
    snprintf(form, sizeof form, "%s/withdraw", where);
    CHECK_INT(post(&b, form, ""), 303);
    CHECK(world_total(&b.w) == 0);
    CHECK_INT(post(&b, "/me/sign-out", ""), 303);
    CHECK_INT(get(&b, "/me"), 403);
    stop(&b);
}

static int upload(struct browser *b, const char *const *names,
                  const struct es_buf *files, size_t n)
{
    struct es_buf m;
    es_buf_init(&m, 32u << 20);
    es_buf_fmt(&m,
               "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
               "%s\r\n",
               b->csrf);
    for (size_t i = 0; i < n; i++) {
        es_buf_fmt(&m,
                   "--x\r\nContent-Disposition: form-data; name=\"files\"; "
                   "filename=\"%s\"\r\nContent-Type: "
                   "application/octet-stream\r\n\r\n",
                   names[i]);
        es_buf_add(&m, files[i].p, files[i].n);
        es_buf_str(&m, "\r\n");
    }
    es_buf_str(&m, "--x--\r\n");
    int status = send(b, "POST", "/me/runs",
                      "Content-Type: multipart/form-data; boundary=x\r\n"
                      "Sec-Fetch-Site: same-origin\r\n",
                      es_buf_bytes(&m));
    es_buf_release(&m);
    return status;
}

/* More than the page has rows for; all of them are runs. */
TEST(an_archive_of_many_activities_is_taken_whole)
{
    static const char *const NAMES[] = { "all.zip" };
    enum { N = ES_MEMBERS_MAX + 6 };
    struct browser b;
    struct zip z = zip_begin();
    struct es_buf file, zip;
    start(&b);
    join_by_form(&b);
    CHECK_INT(get(&b, "/me"), 200);
    kit_gpx(&file, N);
    zip_add(&z, "all.gpx", es_buf_bytes(&file));
    es_buf_init(&zip, ES_UPLOAD_MAX);
    struct es_bytes all = zip_end(&z);
    es_buf_add(&zip, all.p, all.n);
    CHECK_INT(upload(&b, NAMES, &zip, 1), 200);

    struct es_err e = { 0 };
    struct es_run *runs;
    size_t n;
    world_must(es_store_runs_with(b.w.store, b.w.ini.id, ES_RUN_IN_REVIEW, 0,
                                  200, &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, N);
    es_buf_release(&file);
    es_buf_release(&zip);
    zip_free(&z);
    stop(&b);
}

TEST(one_of_several_activities_is_asked_for)
{
    struct browser b;
    struct es_buf file;
    char token[64];
    start(&b);
    join_by_api(&b, token);
    kit_gpx(&file, 3);
    struct es_bytes f = es_buf_bytes(&file);
    CHECK_INT(api(&b, "POST", "/api/v1/runs", token, NULL, f), 422);
    json_t *v = answer(&b);
    CHECK_STR(text(v, "code"), "several_activities");
    json_t *list = json_object_get(v, "activities");
    CHECK_INT(json_array_size(list), 3);
    json_t *last = json_array_get(list, 2);
    CHECK_INT(json_integer_value(json_object_get(last, "activity")), 2);
    CHECK(json_number_value(json_object_get(last, "distance_m")) > 300);
    json_decref(v);
    CHECK_INT(api(&b, "POST", "/api/v1/runs?activity=2", token, NULL, f), 201);
    CHECK_INT(api(&b, "POST", "/api/v1/runs?activity=2", token, NULL, f), 200);
    CHECK_INT(api(&b, "POST", "/api/v1/runs?activity=0", token, NULL, f), 201);
    CHECK_INT(api(&b, "POST", "/api/v1/runs?activity=3", token, NULL, f), 422);
    CHECK(shows(&b, "no_such_activity"));
    CHECK_INT(api(&b, "POST", "/api/v1/runs?activity=-1", token, NULL, f), 400);
    es_buf_release(&file);
    stop(&b);
}

TEST(several_files_at_once_each_with_its_own_answer)
{
    static const char *const NAMES[] = { "a.gpx", "b.gpx", "holiday.txt" };
    struct browser b;
    struct es_buf files[3];
    start(&b);
    join_by_form(&b);
    CHECK_INT(get(&b, "/me"), 200);
    world_run(&b.w, 90000, 601, &files[0]);
    world_run(&b.w, 7200, 1001, &files[1]);
    es_buf_init(&files[2], 100);
    es_buf_str(&files[2], "Dear diary");
    CHECK_INT(upload(&b, NAMES, files, 3), 200);
    CHECK(shows(&b, "a.gpx") && shows(&b, "b.gpx") && shows(&b, "holiday.txt"));
    CHECK(shows(&b, "This is not a FIT, GPX or TCX file."));
    CHECK_NEAR((double)world_total(&b.w) / 1000, 4800, 10);
    CHECK_INT(upload(&b, NAMES + 2, files + 2, 1), 422);
    CHECK_INT(upload(&b, NAMES, files, 0), 422);
    for (size_t i = 0; i < 3; i++)
        es_buf_release(&files[i]);
    stop(&b);
}

TEST(a_form_from_elsewhere_changes_nothing)
{
    struct browser b;
    char form[256];
    start(&b);
    join_by_form(&b);
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
        CHECK_INT(send(&b, "POST", "/me/sign-out", headers, es_bytes_str(form)),
                  403);
    }
    CHECK_INT(send(&b, "POST", "/me/sign-out",
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Origin: null\r\n",
                   es_bytes_str("csrf=0000")),
              403);
    CHECK_INT(get(&b, "/me"), 200);
    stop(&b);
}

/* Chromium and Firefox do so where the referrer policy is "no-referrer". */
TEST(a_form_of_ours_counts_though_its_origin_is_hidden)
{
    struct browser b;
    char form[256];
    start(&b);
    join_by_form(&b);
    snprintf(form, sizeof form, "csrf=%s", b.csrf);
    CHECK_INT(send(&b, "POST", "/me/sign-out",
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n",
                   es_bytes_str(form)),
              303);
    stop(&b);
}

TEST(the_personal_link_shows_a_button_and_the_button_signs_in)
{
    struct browser b;
    char path[128];
    start(&b);
    join_by_form(&b);
    const char *p = strstr(body(&b), "8080/p/");
    CHECK(p != NULL);
    snprintf(path, sizeof path, "%.35s", p + 4);
    b.cookies[0] = 0;
    CHECK_INT(get(&b, "/me"), 403);
    CHECK_INT(get(&b, path), 200);
    CHECK_INT(get(&b, "/me"), 403); /* looking signs nobody in */
    CHECK_INT(get(&b, path), 200);
    CHECK_INT(post(&b, path, ""), 303);
    CHECK_INT(get(&b, "/me"), 200);

    /* somebody joins, then the owner of the link signs in: the new person's
     * secrets are not shown to the owner */
    join_by_form(&b);
    CHECK(strstr(b.cookies, "es-joined=") != NULL);
    CHECK_INT(get(&b, path), 200);
    CHECK_INT(post(&b, path, ""), 303);
    CHECK(strstr(b.cookies, "es-joined=") == NULL);
    CHECK_INT(get(&b, "/joined"), 303);
    CHECK_INT(get(&b, "/p/0123456789abcdefghjkmnpqrstv0011"), 404);
    stop(&b);
}

TEST(the_organiser_comes_in_once_and_decides)
{
    struct browser b;
    struct browser other;
    char secret[ES_SECRET_TEXT];
    char path[128];
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_typed t = { .started_ms = b.w.now - 90000000,
                          .dist_m = 120000,
                          .elapsed_s = 50000 };
    world_must(es_runs_type_in(&b.w.app, &p, &t, &b.w.a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    CHECK_INT(get(&b, "/organise"), 404);
    world_must(
        es_credential_issue(&b.w.app, ES_CRED_SETUP, 0, 0, 60000, secret, &e),
        &e);
    snprintf(path, sizeof path, "/setup/%s", secret);
    CHECK_INT(get(&b, path), 200);
    CHECK_INT(post(&b, path, ""), 303);
    CHECK_INT(get(&b, "/organise"), 200);
    CHECK(shows(&b, "Ada"));
    other = b;
    CHECK_INT(post(&b, path, ""), 404);
    (void)other;
    snprintf(path, sizeof path, "/organise/lantern/%lld/accept",
             (long long)r.run.id);
    CHECK_INT(post(&b, path, "reason="), 303);
    CHECK(world_total(&b.w) == 120000000);
    CHECK_INT(post(&b, path, "reason="), 409);
    stop(&b);
}

/* As if the personal link had been opened here. */
static void sign_in(struct browser *b, const struct es_participant *p)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    world_must(es_credential_issue(&b->w.app, ES_CRED_SESSION, p->initiative,
                                   p->id, 60000, secret, &e),
               &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es=%s", secret);
}

static void sign_in_organiser(struct browser *b)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    world_must(es_credential_issue(&b->w.app, ES_CRED_ORGANISER, 0, 0, 60000,
                                   secret, &e),
               &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es-organiser=%s", secret);
}

static struct es_receipt type_in(struct browser *b,
                                 const struct es_participant *p, int64_t ago_s)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    struct es_typed t = { .started_ms = b->w.now - ago_s * 1000,
                          .dist_m = 5000,
                          .elapsed_s = 1800 };
    world_must(es_runs_type_in(&b->w.app, p, &t, &b->w.a, &r, &fe, &e), &e);
    return r;
}

TEST(an_appeal_and_its_answer_are_read_by_whom_they_are_for)
{
    struct browser b;
    char path[128];
    start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt r = type_in(&b, &p, 40 * 86400);
    CHECK_INT(r.run.status, ES_RUN_REFUSED);

    sign_in(&b, &p);
    CHECK_INT(get(&b, "/me"), 200);
    snprintf(path, sizeof path, "/me/runs/%lld/appeal", (long long)r.run.id);
    CHECK_INT(post(&b, path, "words=My+watch+was+<b>wrong"), 303);
    sign_in_organiser(&b);
    CHECK_INT(get(&b, "/organise"), 200);
    CHECK(shows(&b, "My watch was &lt;b&gt;wrong"));
    snprintf(path, sizeof path, "/organise/lantern/%lld/refuse",
             (long long)r.run.id);
    CHECK_INT(post(&b, path, "reason=It+says+1999"), 303);
    sign_in(&b, &p);
    snprintf(path, sizeof path, "/me/runs/%lld", (long long)r.run.id);
    CHECK_INT(get(&b, path), 200);
    CHECK(shows(&b, "It says 1999"));
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(get(&b, path), 200);
    CHECK(!shows(&b, "It says 1999") && !shows(&b, "My watch"));
    stop(&b);
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
    start(&b);
    struct es_join in = { .display_name = "Zebedee Quill",
                          .visibility = "hidden",
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &j, &fe, &e), &e);
    struct es_receipt r = type_in(&b, &j.p, 7200);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        CHECK_INT(get(&b, PATHS[i]), 200);
        CHECK(!shows(&b, "Zebedee"));
    }
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(get(&b, path), 200);
    CHECK(!shows(&b, "Zebedee") && shows(&b, "A participant"));
    snprintf(path, sizeof path, "/v/%s", r.run.code);
    CHECK_INT(get(&b, path), 200);
    CHECK(!shows(&b, "Zebedee") && shows(&b, "A participant"));
    stop(&b);
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
    start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt r = type_in(&b, &p, 7200);
    b.w.ini.state = ES_INI_DRAFT;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        CHECK_INT(get(&b, PATHS[i]), 404);
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(get(&b, path), 404);
    snprintf(path, sizeof path, "/v/%s", r.run.code);
    CHECK_INT(get(&b, path), 404);
    CHECK_INT(api(&b, "POST", "/api/v1/initiatives/lantern/participants", NULL,
                  "application/json",
                  es_bytes_str("{\"display_name\":\"Eve\"}")),
              404);
    CHECK_INT(get(&b, "/"), 200);
    CHECK(!shows(&b, "Lantern"));
    CHECK_INT(get(&b, "/api/v1/initiatives"), 200);
    CHECK(!shows(&b, "lantern"));
    stop(&b);
}

TEST(nasty_names_stay_text)
{
    static const char *const NAMES[] = { "%3Cscript%3Ealert(1)%3C/script%3E",
                                         "%22%3E%3Csvg+onload%3Dx%3E",
                                         "%27+OR+1%3D1--", "%E2%80%AEgnp.exe",
                                         "%7B%7Bx%7D%7D%26amp%3B" };
    struct browser b;
    char form[256];
    start(&b);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        b.cookies[0] = 0;
        CHECK_INT(get(&b, "/e/lantern/join"), 200);
        snprintf(form, sizeof form, "display_name=%s&consent_rules=2",
                 NAMES[i]);
        CHECK_INT(post(&b, "/e/lantern/join", form), 303);
        CHECK_INT(get(&b, "/me"), 200);
        CHECK(!shows(&b, "<script>alert") && !shows(&b, "<svg onload"));
        CHECK(!shows(&b, "\xe2\x80\xae"));
    }
    stop(&b);
}

TEST(typed_in_runs_have_their_limit_in_the_form_too)
{
    struct browser b;
    int status = 0;
    start(&b);
    join_by_form(&b);
    CHECK_INT(get(&b, "/me"), 200);
    for (int i = 0; i < 400 && status != 429; i++)
        status = post(&b, "/me/typed", "date=");
    CHECK_INT(status, 429);
    stop(&b);
}

TEST(pages_speak_the_readers_language_and_direction)
{
    struct browser b;
    start(&b);
    CHECK_INT(get(&b, "/e/lantern?lang=ur"), 200);
    CHECK(shows(&b, "<html lang=\"ur\" dir=\"rtl\">"));
    CHECK_INT(send(&b, "GET", "/e/lantern", "Accept-Language: tr;q=0.9\r\n",
                   (struct es_bytes){ 0 }),
              200);
    CHECK(shows(&b, "<html lang=\"tr\" dir=\"ltr\">"));
    CHECK_INT(get(&b, "/e/lantern?lang=xx"), 200);
    CHECK(shows(&b, "<html lang=\"en\""));
    stop(&b);
}

/* It ended the process once: a link to here that is none. */
TEST(a_path_of_two_slashes_is_no_link)
{
    struct browser b;
    start(&b);
    CHECK_INT(get(&b, "//elsewhere.example/"), 404);
    CHECK(!shows(&b, "elsewhere.example"));
    CHECK_INT(get(&b, "//"), 404);
    stop(&b);
}

TEST(every_answer_is_fenced_in)
{
    struct browser b;
    char v[512];
    start(&b);
    static const char *const PATHS[] = { "/", "/nowhere", "/e/lantern",
                                         "/api/v1/initiatives", "/healthz" };
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        get(&b, PATHS[i]);
        const char *csp =
            es_reply_header(&b.r, "Content-Security-Policy", v, sizeof v);
        CHECK(csp && strstr(csp, "default-src 'none'") &&
              !strstr(csp, "unsafe"));
        CHECK(es_reply_header(&b.r, "X-Content-Type-Options", v, sizeof v));
        CHECK(es_reply_header(&b.r, "Referrer-Policy", v, sizeof v));
    }
    stop(&b);
}

TEST(the_description_of_the_api_names_every_call)
{
    static const char *const CALLS[] = {
        "/api/v1/initiatives",
        "/api/v1/initiatives/{slug}",
        "/api/v1/initiatives/{slug}/participants",
        "/api/v1/initiatives/{slug}/standings",
        "/api/v1/initiatives/{slug}/live",
        "/api/v1/runs",
        "/api/v1/runs/{run}",
        "/api/v1/runs/{run}/appeal",
        "/api/v1/openapi.json",
    };
    struct browser b;
    start(&b);
    CHECK_INT(get(&b, "/api/v1/openapi.json"), 200);
    json_t *v = answer(&b);
    json_t *paths = json_object_get(v, "paths");
    CHECK_INT(json_object_size(paths), sizeof CALLS / sizeof *CALLS);
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
        CHECK(json_object_get(paths, CALLS[i]) != NULL);
    json_decref(v);
    CHECK_INT(get(&b, "/api/v1/initiatives/lantern/live"), 200);
    CHECK(shows(&b, "event: total"));
    stop(&b);
}

TEST(metrics_are_for_this_machine_alone)
{
    struct browser b;
    start(&b);
    CHECK_INT(get(&b, "/metrics"), 404);
    b.peer = "127.0.0.1";
    CHECK_INT(get(&b, "/metrics"), 200);
    CHECK(shows(&b, "everystep_store_writes_total"));
    /* A proxy on this machine that the settings don't name. */
    CHECK_INT(send(&b, "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n",
                   (struct es_bytes){ 0 }),
              404);
    CHECK_INT(send(&b, "GET", "/metrics", "Via: 1.1 proxy\r\n",
                   (struct es_bytes){ 0 }),
              404);
    stop(&b);
}
