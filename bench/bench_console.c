/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An initiative of 100,000 people and 300,000 runs, of which some thousand wait
 * for a person: how long the server takes for each page of its console, for
 * what the public reads and searches, and for freezing the results. Requests
 * go through the routes, the guard and the pages as over a socket, one at a
 * time, on this thread. Each figure is held against its bound.
 * BENCH_RUNS makes it smaller. */
#include "base/limits.h"
#include "bench.h"
#include "crowd.h"
#include "initiative/accounts.h"
#include "initiative/results.h"
#include "initiative/sessions.h"
#include "store/steps.h"
#include "web/web.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUNS = 300000, ASKED = 15, CONSOLE_MS = 50, LOOKUP_MS = 10 };

struct office {
    struct es_store *store;
    struct es_app app;
    struct es_web *web;
    struct crowd c;
    char cookie[2 * ES_SECRET_TEXT];
};

static void must(enum es_code rc, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    fprintf(stderr, "bench_console: %s\n", e->msg);
    abort();
}

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- asking ---- */

static const struct {
    const char *name, *path;
    int bound_ms; /* 0: none is promised */
} PAGES[] = {
    { "console: all initiatives", "/organise", CONSOLE_MS },
    { "console: overview", "/organise/e/crowd", CONSOLE_MS },
    { "console: figures", "/organise/e/crowd/figures", CONSOLE_MS },
    { "console: figures of a country", "/organise/e/crowd/figures?country=TR",
      CONSOLE_MS },
    { "console: figures as CSV", "/organise/e/crowd/figures.csv", CONSOLE_MS },
    { "console: review", "/organise/e/crowd/review", CONSOLE_MS },
    { "console: review, one finding", "/organise/e/crowd/review?for=typed_long",
      CONSOLE_MS },
    { "console: review of one person", "/organise/e/crowd/review?bib=4711",
      CONSOLE_MS },
    { "console: one run", "/organise/e/crowd/review/%run", CONSOLE_MS },
    { "console: log", "/organise/e/crowd/log", CONSOLE_MS },
    { "console: log of one person", "/organise/e/crowd/log?bib=4711",
      CONSOLE_MS },
    { "console: log of refusals", "/organise/e/crowd/log?what=4", CONSOLE_MS },
    { "console: log, far back", "/organise/e/crowd/log?before=1000",
      CONSOLE_MS },
    { "console: people", "/organise/e/crowd/people", CONSOLE_MS },
    { "console: people, far back", "/organise/e/crowd/people?before=500",
      CONSOLE_MS },
    { "console: people by name", "/organise/e/crowd/people?q=begu",
      CONSOLE_MS },
    { "console: people by bib", "/organise/e/crowd/people?q=4711", CONSOLE_MS },
    { "console: teams", "/organise/e/crowd/teams", CONSOLE_MS },
    { "console: groups", "/organise/e/crowd/groups", CONSOLE_MS },
    { "console: one person", "/organise/e/crowd/people/4711", CONSOLE_MS },
    { "console: registration", "/organise/e/crowd/registration", CONSOLE_MS },
    { "console: messages", "/organise/e/crowd/messages", CONSOLE_MS },
    { "console: results", "/organise/e/crowd/results", CONSOLE_MS },
    { "console: rules", "/organise/e/crowd/rules", CONSOLE_MS },
    { "console: reports", "/organise/e/crowd/reports", CONSOLE_MS },
    { "console: who organises", "/organise/e/crowd/staff", CONSOLE_MS },
    { "console: picture and video", "/organise/e/crowd/media", CONSOLE_MS },
    { "server: operator's page", "/operate", CONSOLE_MS },
    { "public: the initiative", "/e/crowd", CONSOLE_MS },
    { "public: standings", "/e/crowd/leaderboard", LOOKUP_MS },
    { "public: standings of teams", "/e/crowd/leaderboard?by=team", LOOKUP_MS },
    { "public: standings of countries", "/e/crowd/leaderboard?by=country",
      LOOKUP_MS },
    { "public: standings, best times", "/e/crowd/leaderboard?metric=best",
      LOOKUP_MS },
    { "public: search by name", "/e/crowd/leaderboard?q=begu+ha", LOOKUP_MS },
    { "public: search by a letter", "/e/crowd/leaderboard?q=b", LOOKUP_MS },
    { "public: search by bib", "/e/crowd/leaderboard?q=4711", LOOKUP_MS },
    { "public: a person", "/e/crowd/people/4711", LOOKUP_MS },
    { "public: a team", "/e/crowd/teams/7", LOOKUP_MS },
    { "API: standings",
      "/api/v1/initiatives/crowd/standings?by=person&limit=100", LOOKUP_MS },
};

static int ask(struct office *o, const char *path, double *took_s,
               size_t *bytes)
{
    struct es_buf q;
    struct es_reply r = { 0 };
    struct es_err e = { 0 };
    es_buf_init(&q, ES_FORM_MAX);
    es_buf_fmt(&q,
               "GET %s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
               "Accept-Encoding: gzip\r\nCookie: %s\r\n\r\n",
               path, o->cookie);
    double from = now_s();
    must(es_web_call(o->web, es_buf_bytes(&q), "192.0.2.1", &r, &e), &e);
    *took_s = now_s() - from;
    *bytes = r.body.n;
    int status = r.status;
    es_reply_release(&r);
    es_buf_release(&q);
    return status;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The oldest run that waits takes %run's place. */
static void path_of(struct office *o, const char *pattern, char *out,
                    size_t cap)
{
    const char *at = strstr(pattern, "%run");
    struct es_queue_ask first = { .initiative = o->c.initiative, .max = 1 };
    struct es_queued *v;
    struct es_arena a;
    struct es_err e = { 0 };
    size_t n = 0;
    es_arena_init(&a, 1 << 16);
    if (at)
        must(es_store_queue(o->store, &first, &a, &v, &n, &e), &e);
    if (n)
        (void)snprintf(out, cap, "%.*s%lld", (int)(at - pattern), pattern,
                       (long long)v[0].run);
    else
        (void)snprintf(out, cap, "%s", pattern);
    es_arena_release(&a);
}

/* The median of some requests after one that warms up; *missed counts on. */
static void page(struct office *o, size_t i, int *missed)
{
    double took[ASKED], first;
    size_t bytes = 0;
    char path[200];
    path_of(o, PAGES[i].path, path, sizeof path);
    int status = ask(o, path, &first, &bytes);
    if (status != 200) {
        bench_note(PAGES[i].name, "answered %d", status);
        (*missed)++;
        return;
    }
    for (size_t k = 0; k < ASKED; k++)
        (void)ask(o, path, &took[k], &bytes);
    qsort(took, ASKED, sizeof *took, by_size);
    double ms = took[ASKED / 2] * 1000;
    bool met = ms < PAGES[i].bound_ms;
    *missed += !met;
    bench_note(PAGES[i].name,
               "%8.2f ms   first %8.2f   most %8.2f   bound %3d ms  %s  %zu "
               "bytes",
               ms, first * 1000, took[ASKED - 1] * 1000, PAGES[i].bound_ms,
               met ? "met   " : "MISSED", bytes);
}

/* ---- the end ---- */

static void freeze(struct office *o)
{
    struct es_err e = { 0 };
    int32_t version = 0;
    double first;
    size_t bytes = 0;
    double from = now_s();
    must(es_results_finish(&o->app, o->c.initiative, 0, "", &version, &e), &e);
    bench_note("results: frozen and signed", "%.2f s", now_s() - from);
    int status = ask(o, "/e/crowd/results/1", &first, &bytes);
    bench_note("results: the signed file", "%.0f ms, %d, %zu bytes gzipped",
               first * 1000, status, bytes);
    status = ask(o, "/e/crowd/results.csv", &first, &bytes);
    bench_note("results: all people as CSV", "%.0f ms, %d, %zu bytes gzipped",
               first * 1000, status, bytes);
}

/* ---- the office ---- */

static void sign_in(struct office *o)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    struct es_account who;
    struct es_newcomer in = { "Olga", "en" };
    struct es_arena a;
    char secret[ES_SECRET_TEXT];
    es_arena_init(&a, 1 << 20);
    must(es_setup_link(&o->app, NULL, 60000, secret, &e), &e);
    must(es_setup_take(&o->app, secret, &in, &a, &who, &fe, &e), &e);
    struct es_session_ask s = { .kind = ES_CRED_ORGANISER,
                                .subject = who.id,
                                .by = ES_BY_LINK };
    must(es_session_open(&o->app, &s, secret, &e), &e);
    (void)snprintf(o->cookie, sizeof o->cookie, "__Host-es-organiser=%s",
                   secret);
    es_arena_release(&a);
}

static int unlink_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(void)
{
    static struct office o;
    char dir[200];
    int missed = 0;
    struct es_err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    const char *runs = getenv("BENCH_RUNS");
    size_t n = runs ? strtoul(runs, NULL, 10) : RUNS;
    int64_t now = es_time_now_ms();

    o.c = (struct crowd){ .initiative = 1,
                          .people = n / 3 + 1,
                          .runs = n,
                          .teams = 200,
                          .opens_ms = now - 50 * INT64_C(86400000),
                          .closes_ms = now + 10 * INT64_C(86400000),
                          .stepped = true };
    (void)snprintf(dir, sizeof dir, "%s/bench_console.XXXXXX", tmp ? tmp : ".");
    if (mkdtemp(dir) == NULL)
        return 1;
    must(es_store_open(dir, &o.store, &e), &e);
    double from = now_s(), cpu;
    crowd_fill(o.store, &o.c);
    bench_note("crowd: made", "%.1f s", now_s() - from);
    from = now_s();
    must(es_app_open(&o.app, o.store, NULL, &e), &e);
    bench_note("crowd: first opened", "%.2f s", now_s() - from);
    es_app_close(&o.app);
    from = now_s();
    cpu = cpu_s();
    must(es_app_open(&o.app, o.store, NULL, &e), &e);
    bench_note("crowd: opened", "%.2f s, %.2f s of the cores", now_s() - from,
               cpu_s() - cpu);
    struct es_web_config c = { .app = &o.app,
                               .listen = "127.0.0.1:8080",
                               .metrics_token = "",
                               .mail = true };
    must(es_web_new(&c, &o.web, &e), &e);
    sign_in(&o);
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++)
        page(&o, i, &missed);
    freeze(&o);
    bench_note("bounds missed", "%d", missed);
    es_web_stop(o.web, 1000);
    es_app_close(&o.app);
    es_store_close(o.store);
    return nftw(dir, unlink_one, 8, FTW_DEPTH | FTW_PHYS) != 0;
}
