/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of a participant through pages and API: real store, real decode
 * workers, every byte of HTTP but the socket. */
#include "browser.h"
#include "t.h"

#include "web/assets.h"
#include "zip_kit.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TEST(the_api_from_joining_to_withdrawing)
{
    struct browser b;
    char token[64];
    char path[128];
    struct es_buf run;
    browser_start(&b);
    browser_join_by_api(&b, token);
    world_run(&b.w, 7200, 1001, &run);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              201);
    json_t *first = browser_answer(&b);
    CHECK_STR(browser_text(first, "status"), "accepted");
    CHECK_NEAR(json_number_value(json_object_get(first, "counted_m")), 3000, 6);
    CHECK_STR(browser_text(json_object_get(first, "measure"), "format"), "gpx");
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              200);
    json_t *again = browser_answer(&b);
    CHECK(json_equal(first, again));
    json_decref(again);

    snprintf(path, sizeof path, "/api/v1/runs/%s", browser_text(first, "run"));
    CHECK_INT(browser_api(&b, "GET", path, token, NULL, (struct es_bytes){ 0 }),
              200);
    CHECK_INT(browser_api(&b, "GET", path, NULL, NULL, (struct es_bytes){ 0 }),
              401);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/standings"), 200);
    json_t *board = browser_answer(&b);
    json_t *row = json_array_get(json_object_get(board, "rows"), 0);
    CHECK_STR(browser_text(row, "name"), "Ada");
    CHECK_INT(json_integer_value(json_object_get(row, "rank")), 1);
    json_decref(board);
    snprintf(path, sizeof path, "/r/%s", browser_text(first, "code"));
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "Ada"));

    snprintf(path, sizeof path, "/api/v1/runs/%s", browser_text(first, "run"));
    CHECK_INT(
        browser_api(&b, "DELETE", path, token, NULL, (struct es_bytes){ 0 }),
        200);
    CHECK(world_total(&b.w) == 0);
    snprintf(path, sizeof path, "/r/%s", browser_text(first, "code"));
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "<li><span class=\"who\">"));
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              201);
    json_decref(first);
    es_buf_release(&run);
    browser_stop(&b);
}

/* What has arrived is no event any more after a restart, but it has arrived. */
TEST(the_latest_runs_outlive_a_restart)
{
    static const char ARRIVAL[] = "<li><span class=\"who\">";
    struct browser b;
    char token[64];
    struct es_buf run;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, ARRIVAL));
    browser_join_by_api(&b, token);
    world_run(&b.w, 7200, 1001, &run);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              201);
    for (int round = 0; round < 2; round++) {
        struct es_err e = { 0 };
        struct es_web_config c = { .app = &b.w.app,
                                   .listen = "127.0.0.1:8080" };
        CHECK_INT(browser_get(&b, "/e/lantern"), 200);
        CHECK(browser_shows(&b, ARRIVAL));
        es_web_stop(b.web, 0);
        world_must(es_web_new(&c, &b.web, &e), &e);
    }
    es_buf_release(&run);
    browser_stop(&b);
}

TEST(the_api_says_what_is_wrong)
{
    struct browser b;
    char token[64];
    browser_start(&b);
    browser_join_by_api(&b, token);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/gpx+xml",
                          es_bytes_str("<html>no</html>")),
              422);
    json_t *v = browser_answer(&b);
    CHECK_STR(browser_text(v, "code"), "unknown_format");
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
        CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                              "application/json", es_bytes_str(SLIPS[i].json)),
                  422);
        v = browser_answer(&b);
        json_t *err = json_array_get(json_object_get(v, "errors"), 0);
        CHECK_STR(browser_text(err, "field"), SLIPS[i].field);
        CHECK_STR(browser_text(err, "code"), SLIPS[i].code);
        CHECK(strlen(browser_text(err, "message")) > 10);
        CHECK_STR(es_reply_header(&b.r, "Vary", type, sizeof type),
                  "Accept-Language");
        json_decref(v);
    }
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token, "application/json",
                          es_bytes_str("{\"distance_m\":NaN}")),
              400);
    CHECK_INT(browser_api(&b, "GET", "/api/v1/runs/77", token, NULL,
                          (struct es_bytes){ 0 }),
              404);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/nowhere"), 404);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/standings?by=shoe"),
              400);
    CHECK_INT(
        browser_get(&b, "/api/v1/initiatives/lantern/standings?cursor=zz"),
        400);
    browser_stop(&b);
}

/* Once, an appeal that nobody could read was taken as one without words. */
TEST(an_appeal_is_read_or_refused)
{
    struct browser b;
    char token[64];
    char path[128];
    browser_start(&b);
    browser_join_by_api(&b, token);
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs", token, "application/json",
                    es_bytes_str("{\"started_at\":\"2001-05-17T07:30:00Z\","
                                 "\"distance_m\":5000,\"elapsed_s\":1800}")),
        201);
    json_t *v = browser_answer(&b);
    snprintf(path, sizeof path, "/api/v1/runs/%s/appeal",
             browser_text(v, "run"));
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
        CHECK_INT(browser_api(&b, "POST", path, token, "application/json",
                              es_bytes_str(APPEALS[i].json)),
                  APPEALS[i].status);
    browser_stop(&b);
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
    struct es_crew_stats st;
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
    browser_start(&b);
    browser_join_by_api(&b, token);
    world_run(&b.w, 7200, 601, &run);
    k = (struct assassin){ .ingest = b.w.ingest };
    k.n = es_ingest_pids(b.w.ingest, k.pids, 8);
    CHECK(k.n > 0);
    for (size_t i = 0; i < k.n; i++)
        kill(k.pids[i], SIGSTOP);
    CHECK_INT(pthread_create(&th, NULL, kill_workers, &k), 0);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              503);
    pthread_join(th, NULL);
    CHECK(es_reply_header(&b.r, "Retry-After", v, sizeof v) != NULL);
    json_t *problem = browser_answer(&b);
    CHECK_STR(browser_text(problem, "code"), "worker_died");
    json_decref(problem);
    CHECK(world_total(&b.w) == 0);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/octet-stream", es_buf_bytes(&run)),
              201);
    CHECK(world_total(&b.w) > 0);
    es_buf_release(&run);
    browser_stop(&b);
}

TEST(the_pages_from_joining_to_the_receipt)
{
    struct browser b;
    char where[256];
    char form[512];
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/"), 200);
    CHECK(browser_shows(&b, "The Lantern Run"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK_INT(browser_get(&b, "/me"), 403);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "multipart/form-data"));

    struct es_date d = es_date_of(b.w.now - 86400000);
    snprintf(form, sizeof form,
             "date=%04d-%02d-%02d&time=07:30&distance=nine&duration=45:00",
             d.year, d.month, d.day);
    CHECK_INT(browser_post(&b, "/me/typed", form), 422);
    CHECK(
        browser_shows(&b, "value=\"nine\"")); /* what was entered is not lost */
    /* The page opens at the field that needs another look. */
    CHECK(browser_shows(&b, "aria-invalid=\"true\" autofocus"));
    snprintf(form, sizeof form,
             "date=%04d-%02d-%02d&time=07:30&distance=12,5&duration=1:15:00",
             d.year, d.month, d.day);
    CHECK_INT(browser_post(&b, "/me/typed?lang=tr", form), 303);
    CHECK(es_reply_header(&b.r, "Location", where, sizeof where) != NULL);
    CHECK(strncmp(where, "/me/runs/", 9) == 0 && strstr(where, "lang=tr"));
    CHECK(world_total(&b.w) == 12500000);
    CHECK_INT(browser_get(&b, where), 200);

    char *query = strchr(where, '?');
    *query = 0;
    snprintf(form, sizeof form, "%s/withdraw", where);
    CHECK_INT(browser_post(&b, form, ""), 303);
    CHECK(world_total(&b.w) == 0);
    CHECK_INT(browser_post(&b, "/me/sign-out?lang=en", ""), 303);
    CHECK_STR(es_reply_header(&b.r, "Location", where, sizeof where),
              "/?left=1&lang=en");
    CHECK_INT(browser_get(&b, where), 200);
    CHECK(browser_shows(&b, "You are signed out"));
    CHECK_INT(browser_get(&b, "/me"), 403);
    browser_stop(&b);
}

/* Chosen once, they stay in this browser; a form means those it was shown
 * in. */
TEST(miles_by_choice)
{
    struct browser b;
    char form[256];
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me?units=furlongs"), 200);
    CHECK(browser_shows(&b, "Distance in kilometres"));
    CHECK_INT(browser_get(&b, "/me?units=mi"), 200);
    CHECK(browser_shows(&b, "Distance in miles"));
    CHECK(browser_shows(&b, "0.00 mi"));
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "Distance in miles"));

    struct es_date d = es_date_of(b.w.now - 86400000);
    (void)snprintf(form, sizeof form,
                   "date=%04d-%02d-%02d&distance=%s&units=mi&duration=1:30:00",
                   d.year, d.month, d.day, "900");
    CHECK_INT(browser_post(&b, "/me/typed", form), 422);
    CHECK(browser_shows(&b, "At most 621 mi."));
    (void)snprintf(form, sizeof form,
                   "date=%04d-%02d-%02d&distance=%s&units=mi&duration=1:30:00",
                   d.year, d.month, d.day, "10");
    CHECK_INT(browser_get(&b, "/e/lantern?units=km"), 200);
    CHECK_INT(browser_post(&b, "/me/typed", form), 303);
    CHECK(world_total(&b.w) == 10 * ES_MM_PER_MI);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "16.09 km"));
    CHECK_INT(browser_get(&b, "/e/lantern?units=mi"), 200);
    CHECK(browser_shows(&b, "10.00 mi"));
    CHECK(browser_shows(&b, "data-unit-mm=\"1609344\""));
    browser_stop(&b);
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
    int status =
        browser_send(b, "POST", "/me/runs",
                     "Content-Type: multipart/form-data; boundary=x\r\n"
                     "Sec-Fetch-Site: same-origin\r\n",
                     es_buf_bytes(&m));
    es_buf_release(&m);
    return status;
}

/* Above the form to send it with again, and not on a bare page. */
TEST(who_sends_too_many_files_is_told_above_the_form)
{
    struct browser b;
    int status = 0;
    browser_start(&b);
    browser_join_by_form(&b);
    for (int i = 0; i < 400 && status != 429; i++)
        status = upload(&b, NULL, NULL, 0);
    CHECK_INT(status, 429);
    CHECK(browser_shows(&b, "so this one was not taken"));
    CHECK(browser_shows(&b, "name=\"files\""));
    browser_stop(&b);
}

/* More than the page has rows for; all of them are runs. */
TEST(an_archive_of_many_activities_is_taken_whole)
{
    static const char *const NAMES[] = { "all.zip" };
    enum { N = ES_MEMBERS_MAX + 6 };
    struct browser b;
    struct zip z = zip_begin();
    struct es_buf file, zip;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
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
    browser_stop(&b);
}

/* Private until it is chosen, public while it is, gone with a word; the heights
 * stay their owner's. */
TEST(a_route_is_shown_by_its_owner_alone)
{
    static const char *const NAMES[] = { "morning.gpx" };
    struct browser b;
    struct es_buf file;
    char form[160], result[64];
    struct es_run *runs;
    size_t n;
    struct es_err e = { 0 };
    browser_start(&b);
    browser_join_by_form(&b);
    world_run(&b.w, 7200, 1501, &file);
    CHECK_INT(upload(&b, NAMES, &file, 1), 200);
    es_buf_release(&file);
    world_must(es_store_runs_with(b.w.store, b.w.ini.id, ES_RUN_ACCEPTED, 0, 10,
                                  &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, 1);
    snprintf(form, sizeof form, "/me/runs/%lld/route", (long long)runs[0].id);
    snprintf(result, sizeof result, "/r/%s", runs[0].code);
    CHECK_INT(browser_get(&b, result), 200);
    CHECK(browser_shows(&b, "class=\"drawn\""));
    CHECK(!browser_shows(&b, "class=\"shape\""));
    CHECK_INT(browser_post(&b, form, "show=1"), 303);

    char cookies[sizeof b.cookies];
    memcpy(cookies, b.cookies, sizeof cookies);
    b.cookies[0] = '\0'; /* a stranger */
    CHECK_INT(browser_get(&b, result), 200);
    CHECK(browser_shows(&b, "class=\"shape\""));
    CHECK(!browser_shows(&b, "-47.") && !browser_shows(&b, "Up and down"));
    CHECK(!browser_shows(&b, "class=\"drawn\""));
    CHECK(!browser_shows(&b, "Kilometre by kilometre"));
    CHECK(!browser_shows(&b, "Climbed"));
    CHECK_INT(browser_post(&b, form, "show=0"), 403);
    memcpy(b.cookies, cookies, sizeof cookies);

    CHECK_INT(browser_get(&b, result), 200);
    CHECK(browser_shows(&b, "Kilometre by kilometre"));
    CHECK_INT(browser_post(&b, form, "show=0"), 303);
    CHECK_INT(browser_get(&b, result), 200);
    CHECK(!browser_shows(&b, "class=\"shape\""));
    CHECK_INT(browser_post(&b, "/me/runs/1/route", "show=1"), 404);
    browser_stop(&b);
}

/* To the byte, to nobody else, and never as something that is opened here. */
TEST(who_handed_a_file_in_gets_it_back)
{
    static const char *const NAMES[] = { "über den Fluss.gpx" };
    struct browser b;
    struct es_buf sent;
    char path_[64], said[256];
    struct es_run *runs;
    size_t n;
    struct es_err e = { 0 };
    browser_start(&b);
    browser_join_by_form(&b);
    world_run(&b.w, 7200, 1501, &sent);
    CHECK_INT(upload(&b, NAMES, &sent, 1), 200);
    world_must(es_store_runs_with(b.w.store, b.w.ini.id, ES_RUN_ACCEPTED, 0, 10,
                                  &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, 1);
    snprintf(path_, sizeof path_, "/me/runs/%lld", (long long)runs[0].id);
    CHECK_INT(browser_get(&b, path_), 200);
    snprintf(path_, sizeof path_, "/me/runs/%lld/file", (long long)runs[0].id);
    CHECK(browser_shows(&b, path_));
    CHECK_INT(browser_get(&b, path_), 200);
    CHECK(b.r.body.n == sent.n && !memcmp(b.r.body.p, sent.p, sent.n));
    es_buf_release(&sent);
    CHECK_STR(es_reply_header(&b.r, "Content-Type", said, sizeof said),
              "application/octet-stream");
    CHECK(!strncmp(
        es_reply_header(&b.r, "Content-Disposition", said, sizeof said),
        "attachment; ", 12));
    CHECK(strstr(said, "%C3%BCber"));
    CHECK(strstr(
        es_reply_header(&b.r, "Content-Security-Policy", said, sizeof said),
        "sandbox"));
    CHECK_STR(es_reply_header(&b.r, "Cache-Control", said, sizeof said),
              "no-store");

    b.cookies[0] = '\0'; /* a stranger */
    CHECK_INT(browser_get(&b, path_), 403);
    browser_join_by_form(&b); /* and another runner */
    CHECK_INT(browser_get(&b, path_), 404);
    browser_stop(&b);
}

/* A file that broke off gives what stands before, and the receipt says so. */
TEST(a_receipt_says_that_its_file_is_damaged)
{
    static const char *const NAMES[] = { "morning.gpx" };
    static const char *const SAID[][2] = {
        { "en", "only its first part could be read" },
        { "tr", "yalnızca ilk bölümü okunabildi" },
    };
    struct browser b;
    struct es_buf file;
    struct es_run *runs;
    char at[64];
    size_t n;
    struct es_err e = { 0 };
    browser_start(&b);
    browser_join_by_form(&b);
    world_run(&b.w, 7200, 1501, &file);
    file.n = file.n * 2 / 3;
    CHECK_INT(upload(&b, NAMES, &file, 1), 200);
    es_buf_release(&file);
    world_must(es_store_runs_with(b.w.store, b.w.ini.id, ES_RUN_ACCEPTED, 0, 10,
                                  &b.w.a, &runs, &n, &e),
               &e);
    CHECK_INT(n, 1);
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        snprintf(at, sizeof at, "/me/runs/%lld?lang=%s", (long long)runs[0].id,
                 SAID[i][0]);
        CHECK_INT(browser_get(&b, at), 200);
        CHECK(browser_shows(&b, SAID[i][1]));
    }
    browser_stop(&b);
}

TEST(one_of_several_activities_is_asked_for)
{
    struct browser b;
    struct es_buf file;
    char token[64];
    browser_start(&b);
    browser_join_by_api(&b, token);
    kit_gpx(&file, 3);
    struct es_bytes f = es_buf_bytes(&file);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token, NULL, f), 422);
    json_t *v = browser_answer(&b);
    CHECK_STR(browser_text(v, "code"), "several_activities");
    json_t *list = json_object_get(v, "activities");
    CHECK_INT(json_array_size(list), 3);
    json_t *last = json_array_get(list, 2);
    CHECK_INT(json_integer_value(json_object_get(last, "activity")), 2);
    CHECK(json_number_value(json_object_get(last, "distance_m")) > 300);
    json_decref(v);
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs?activity=2", token, NULL, f),
        201);
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs?activity=2", token, NULL, f),
        200);
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs?activity=0", token, NULL, f),
        201);
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs?activity=3", token, NULL, f),
        422);
    CHECK(browser_shows(&b, "no_such_activity"));
    CHECK_INT(
        browser_api(&b, "POST", "/api/v1/runs?activity=-1", token, NULL, f),
        400);
    es_buf_release(&file);
    browser_stop(&b);
}

TEST(several_files_at_once_each_with_its_own_answer)
{
    static const char *const NAMES[] = { "a.gpx", "b.gpx", "holiday.txt" };
    struct browser b;
    struct es_buf files[3];
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    world_run(&b.w, 90000, 601, &files[0]);
    world_run(&b.w, 7200, 1001, &files[1]);
    es_buf_init(&files[2], 100);
    es_buf_str(&files[2], "Dear diary");
    CHECK_INT(upload(&b, NAMES, files, 3), 200);
    CHECK(browser_shows(&b, "a.gpx") && browser_shows(&b, "b.gpx") &&
          browser_shows(&b, "holiday.txt"));
    CHECK(browser_shows(&b, "This is not a FIT, GPX or TCX file."));
    CHECK_NEAR((double)world_total(&b.w) / 1000, 4800, 10);
    CHECK_INT(upload(&b, NAMES + 2, files + 2, 1), 422);
    CHECK_INT(upload(&b, NAMES, files, 0), 422);
    for (size_t i = 0; i < 3; i++)
        es_buf_release(&files[i]);
    browser_stop(&b);
}

TEST(the_organiser_comes_in_once_and_decides)
{
    struct browser b;
    char secret[ES_SECRET_TEXT];
    char path[128];
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_typed t = { .started_ms = b.w.now - 90000000,
                          .dist_m = 120000,
                          .elapsed_s = 50000 };
    world_must(es_runs_type_in(&b.w.app, &p, &t, &b.w.a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    CHECK_INT(browser_get(&b, "/organise"), 303); /* to sign in */
    world_must(
        es_credential_issue(&b.w.app, ES_CRED_SETUP, 0, 0, 60000, secret, &e),
        &e);
    snprintf(path, sizeof path, "/setup/%s", secret);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(browser_post(&b, path, "name=+"), 422);
    CHECK(browser_shows(&b, "Please give a name."));
    CHECK_INT(browser_post(&b, path, "name=Olga"), 303);
    CHECK_INT(browser_post(&b, path, "name=Eve"), 404);
    CHECK_INT(browser_get(&b, "/organise"), 200);
    CHECK(browser_shows(&b, "1 run waits for a decision"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review"), 200);
    CHECK(browser_shows(&b, "Ada"));
    snprintf(path, sizeof path, "/organise/e/lantern/review/%lld/accept",
             (long long)r.run.id);
    CHECK_INT(browser_post(&b, path, "seen=1&reason="), 400); /* takes none */
    CHECK_INT(browser_post(&b, path, "seen=1"), 303);
    CHECK(world_total(&b.w) == 120000000);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?done=accepted"), 200);
    CHECK(browser_shows(&b, "The run is accepted. It counts"));
    CHECK_INT(browser_post(&b, path, "seen=1"), 409);
    browser_stop(&b);
}

TEST(an_appeal_and_its_answer_are_read_by_whom_they_are_for)
{
    struct browser b;
    char path[128];
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    struct es_receipt r = browser_type_in(&b, &p, 40 * 86400);
    CHECK_INT(r.run.status, ES_RUN_REFUSED);

    browser_sign_in(&b, &p);
    CHECK_INT(browser_get(&b, "/me"), 200);
    snprintf(path, sizeof path, "/me/runs/%lld/appeal", (long long)r.run.id);
    CHECK_INT(browser_post(&b, path, "words=My+watch+was+<b>wrong"), 303);
    browser_sign_in_organiser(&b);
    snprintf(path, sizeof path, "/organise/e/lantern/review/%lld",
             (long long)r.run.id);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "My watch was &lt;b&gt;wrong"));
    snprintf(path, sizeof path, "/organise/e/lantern/review/%lld/refuse",
             (long long)r.run.id);
    CHECK_INT(browser_post(&b, path, "seen=2&reason=other&words=It+says+1999"),
              303);
    browser_sign_in(&b, &p);
    snprintf(path, sizeof path, "/me/runs/%lld", (long long)r.run.id);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(browser_shows(&b, "It says 1999"));
    snprintf(path, sizeof path, "/r/%s", r.run.code);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(!browser_shows(&b, "It says 1999") && !browser_shows(&b, "My watch"));
    browser_stop(&b);
}

/* What the address says, a form need not say again: a name that comes twice is
 * refused. So each form is sent just as its page has it. */
TEST(who_chose_a_language_can_join_in_it)
{
    struct browser b;
    char where[256] = "";
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern/join?lang=ur"), 200);
    CHECK(browser_shows(&b, "action=\"/e/lantern/join?lang=ur\""));
    CHECK(!browser_shows(&b, "name=\"lang\""));
    CHECK_INT(browser_post(&b, "/e/lantern/join?lang=ur",
                           "display_name=Ada&consent_rules=2"),
              303);
    CHECK(es_reply_header(&b.r, "Location", where, sizeof where) &&
          strcmp(where, "/joined?lang=ur") == 0);
    CHECK_INT(browser_get(&b, where), 200);
    CHECK(browser_shows(&b, "<html lang=\"ur\""));
    CHECK_INT(browser_get(&b, "/me?lang=ur"), 200);
    CHECK(!browser_shows(&b, "name=\"lang\""));
    browser_stop(&b);
}

TEST(pages_speak_the_readers_language_and_direction)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern?lang=ur"), 200);
    CHECK(browser_shows(&b, "<html lang=\"ur\" dir=\"rtl\">"));
    CHECK_INT(browser_send(&b, "GET", "/e/lantern",
                           "Accept-Language: tr;q=0.9\r\n",
                           (struct es_bytes){ 0 }),
              200);
    CHECK(browser_shows(&b, "<html lang=\"tr\" dir=\"ltr\">"));
    CHECK_INT(browser_get(&b, "/e/lantern?lang=xx"), 200);
    CHECK(browser_shows(&b, "<html lang=\"en\""));
    browser_stop(&b);
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
        "/api/v1/runs/{run}/answer",
        "/api/v1/openapi.json",
        "/api/v1/results-key",
        "/e/{slug}/card.png",
        "/e/{slug}/people/{bib}/card.png",
        "/e/{slug}/programme/{event}/card.png",
        "/e/{slug}/teams/{team}/card.png",
        "/r/{code}/card.png",
    };
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/api/v1/openapi.json"), 200);
    json_t *v = browser_answer(&b);
    json_t *paths = json_object_get(v, "paths");
    CHECK_INT(json_object_size(paths), sizeof CALLS / sizeof *CALLS);
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
        CHECK(json_object_get(paths, CALLS[i]) != NULL);
    json_decref(v);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/live"), 200);
    CHECK(browser_shows(&b, "event: total"));
    browser_stop(&b);
}