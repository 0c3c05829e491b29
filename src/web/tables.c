/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Everybody in one table: for all who like to see it, for programs, and for
 * those who hold an initiative. Made while it is sent. */
#include "base/csv.h"
#include "initiative/results.h"
#include "web/pour.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER = 32, PAGE_MEM = 4 << 20 };

/* What is being sent; its initiative is the request's. */
struct table {
    struct es_app *app;
    const struct es_initiative *ini;
    bool begun;
    char cursor[ES_RESULTS_CURSOR]; /* of the public one */
    int64_t after;                  /* of the organisers' one: a person's id */
    struct es_results_pen pen;      /* of the one for programs */
};

void es_web_attach(const struct es_req *q, struct es_resp *out,
                   const char *slug, const char *tail)
{
    const char *s = es_arena_fmt(es_req_arena(q),
                                 "attachment; filename=\"%s%s\"", slug, tail);
    es_resp_header(out, "Content-Disposition", s ? s : "attachment");
}

/* 12345678 mm as "12.345678", and 3723000 ms as "1:02:03", whatever the
 * reader's language: for programs. */
static void km_text(int64_t mm, char out[NUMBER])
{
    (void)snprintf(out, NUMBER, "%" PRId64 ".%06" PRId64, mm / 1000000,
                   mm % 1000000);
}

static void time_text(int64_t ms, char out[NUMBER])
{
    int64_t s = ms / 1000;
    (void)snprintf(out, NUMBER, "%" PRId64 ":%02" PRId64 ":%02" PRId64,
                   s / 3600, s / 60 % 60, s % 60);
}

static void count_text(int64_t n, char out[NUMBER])
{
    (void)snprintf(out, NUMBER, "%" PRId64, n);
}

/* "" where somebody stands nowhere. */
static void place_text(int64_t rank, char out[NUMBER])
{
    out[0] = '\0';
    if (rank > 0)
        count_text(rank, out);
}

/* Of one in their category; "" when they have none. */
struct best {
    char rank[NUMBER], time[NUMBER];
};
static struct best best_of(struct es_app *app, int64_t initiative, int64_t id)
{
    struct best b = { "", "" };
    struct es_time_row t;
    struct es_err none = { 0 };
    if (es_times_of(es_app_times(app, initiative), id, &t, &none) != ES_OK)
        return b;
    count_text(t.rank, b.rank);
    time_text(t.time_ms, b.time);
    return b;
}

/* ---- for all ---- */

enum { PUBLIC = 10 };
static const char *const PUBLIC_HEAD[PUBLIC] = {
    "place",      "bib",  "name",     "country",        "distance_km",
    "total_time", "runs", "category", "category_place", "best_time"
};

static void public_row(const struct table *t, const struct es_standing *s,
                       struct es_buf *b)
{
    char rank[NUMBER], bib[NUMBER], km[NUMBER], time[NUMBER], runs[NUMBER];
    struct best best = best_of(t->app, t->ini->id, s->id);
    const char *category =
        es_times_category(es_app_times(t->app, t->ini->id), s->id);
    count_text(s->rank, rank);
    count_text(s->bib, bib);
    count_text(s->runs, runs);
    km_text(s->dist_mm, km);
    time_text(s->time_ms, time);
    const char *v[PUBLIC] = { rank, bib,  s->name,  s->country, km,
                              time, runs, category, best.rank,  best.time };
    es_buf_csv(b, v, PUBLIC);
}

/* es_web_more: a page of the order. */
static enum es_code more_public(void *arg, struct es_buf *b, bool *done,
                                struct es_err *e)
{
    struct table *t = arg;
    struct es_standings_query q = { ES_BY_PERSON, ES_METRIC_DISTANCE, NULL,
                                    *t->cursor ? t->cursor : NULL,
                                    ES_STANDINGS_PAGE_MAX };
    struct es_standing *v;
    struct es_arena a;
    const char *next = NULL;
    size_t n = 0;
    if (!t->begun) {
        es_buf_str(b, "\ufeff"); /* or spreadsheets take it for other text */
        es_buf_csv(b, PUBLIC_HEAD, PUBLIC);
        t->begun = true;
    }
    es_arena_init(&a, PAGE_MEM);
    enum es_code rc = es_standings_page(es_app_standings(t->app, t->ini->id),
                                        &q, &a, &v, &n, &next, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        public_row(t, &v[i], b);
    (void)snprintf(t->cursor, sizeof t->cursor, "%s", next ? next : "");
    *done = !*t->cursor;
    es_arena_release(&a);
    return rc;
}

/* ---- for those who hold it ---- */

enum { OWN = 17, PEOPLE = 200 };
static const char *const OWN_HEAD[OWN] = { "bib",
                                           "name",
                                           "shown_as",
                                           "team",
                                           "country",
                                           "category",
                                           "place",
                                           "distance_km",
                                           "total_time",
                                           "runs_accepted",
                                           "runs_in_review",
                                           "runs_refused",
                                           "runs_withdrawn",
                                           "category_place",
                                           "best_time",
                                           "registered",
                                           "age_from" };

static const char *shown_as(int32_t visibility)
{
    switch (visibility & ~ES_VIS_STAFF) {
    case ES_VIS_NAME:
        return "name";
    case ES_VIS_INITIALS:
        return "initials";
    default:
        return "hidden";
    }
}

/* How many runs of each status somebody has, from a list in the order of ids,
 * in which *at goes on. */
static void tally(const struct es_run_tally *v, size_t n, size_t *at,
                  int64_t person, char out[4][NUMBER])
{
    int64_t sums[4] = { 0 };
    while (*at < n && v[*at].participant < person)
        (*at)++;
    for (; *at < n && v[*at].participant == person; (*at)++)
        if (v[*at].status >= 0 && v[*at].status < 4)
            sums[v[*at].status] = v[*at].n;
    for (size_t i = 0; i < 4; i++)
        count_text(sums[i], out[i]);
}

static enum es_code own_row(const struct table *t,
                            const struct es_participant *p,
                            char runs[4][NUMBER], struct es_arena *a,
                            struct es_buf *b, struct es_err *e)
{
    char bib[NUMBER], rank[NUMBER], km[NUMBER], time[NUMBER];
    char registered[ES_TIME_TEXT], age[NUMBER] = "";
    struct best best = best_of(t->app, t->ini->id, p->id);
    struct es_standings *s = es_app_standings(t->app, t->ini->id);
    struct es_standing self = { 0 }, team = { .name = "" }, *rows;
    const char *next;
    size_t n;
    enum es_code rc = es_standings_of(s, p->id, 0, a, &self, &rows, &n, e);
    if ((rc == ES_OK || rc == ES_ENOENT) && p->team)
        rc = es_standings_crew(s, p->team, NULL, 1, a, &team, &rows, &n, &next,
                               e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    count_text(p->bib, bib);
    if (p->age_group)
        count_text(p->age_group - 1, age);
    place_text(self.rank, rank);
    km_text(self.dist_mm, km);
    time_text(self.time_ms, time);
    const char *v[OWN] = { bib,
                           p->display_name,
                           shown_as(p->visibility),
                           team.name,
                           p->country,
                           p->category,
                           rank,
                           km,
                           time,
                           runs[ES_RUN_ACCEPTED],
                           runs[ES_RUN_IN_REVIEW],
                           runs[ES_RUN_REFUSED],
                           runs[ES_RUN_WITHDRAWN],
                           best.rank,
                           best.time,
                           es_time_text(p->created_ms / 1000 * 1000,
                                        registered),
                           age };
    es_buf_csv(b, v, OWN);
    return ES_OK;
}

/* es_web_more: some people, in the order in which they joined. */
static enum es_code more_own(void *arg, struct es_buf *b, bool *done,
                             struct es_err *e)
{
    struct table *t = arg;
    struct es_participant *p;
    struct es_run_tally *tallies = NULL;
    struct es_arena a;
    char runs[4][NUMBER];
    size_t n = 0, n_tallies = 0, at = 0;
    if (!t->begun) {
        es_buf_str(b, "\ufeff");
        es_buf_csv(b, OWN_HEAD, OWN);
        t->begun = true;
    }
    es_arena_init(&a, PAGE_MEM);
    enum es_code rc = es_store_participants_after(
        t->app->store, t->ini->id, t->after, PEOPLE, &a, &p, &n, e);
    if (rc == ES_OK && n > 0)
        rc = es_store_run_tallies(t->app->store, t->ini->id, t->after,
                                  p[n - 1].id, &a, &tallies, &n_tallies, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        tally(tallies, n_tallies, &at, p[i].id, runs);
        rc = own_row(t, &p[i], runs, &a, b, e);
    }
    if (rc == ES_OK && n > 0)
        t->after = p[n - 1].id;
    *done = n < PEOPLE;
    es_arena_release(&a);
    return rc;
}

/* ---- for programs ---- */

/* es_web_more */
static enum es_code more_json(void *arg, struct es_buf *b, bool *done,
                              struct es_err *e)
{
    struct table *t = arg;
    enum es_code rc = es_results_some(t->app, t->ini, &t->pen, b, e);
    *done = t->pen.done;
    return rc;
}

/* ---- answers ---- */

static struct table *table_of(const struct es_req *q,
                              const struct es_initiative *ini)
{
    struct table *t = calloc(1, sizeof *t);
    if (t) {
        t->app = es_web_of(q)->app;
        t->ini = ini;
        t->pen.why = "";
    }
    return t;
}

static enum es_code send_table(const struct es_req *q, struct es_resp *out,
                               const struct es_initiative *ini,
                               es_web_more *more, struct es_err *e)
{
    struct table *t = table_of(q, ini);
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "table");
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    return es_web_pour(q, out, more, t, e);
}

/* The initiative of {slug} as everybody sees it, for as long as the request. */
static enum es_code public_one(const struct es_req *q,
                               struct es_initiative **out, struct es_err *e)
{
    *out = es_arena_alloc(es_req_arena(q), sizeof **out);
    return *out ? es_web_initiative(q, *out, e)
                : es_fail(e, ES_ENOMEM, 0, "initiative");
}

/* GET /e/{slug}/results.csv */
static enum es_code results_csv(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_initiative *ini;
    enum es_code rc = public_one(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    es_web_attach(q, out, ini->slug, "-results.csv");
    return send_table(q, out, ini, more_public, e);
}

/* GET /organise/e/{slug}/results.csv */
static enum es_code own_csv(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    es_web_attach(q, out, ini->slug, "-people.csv");
    return send_table(q, out, ini, more_own, e);
}

/* GET /e/{slug}/results.json: what is signed, or what would be now. */
static enum es_code results_json(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_initiative *ini;
    struct es_result *last;
    size_t n = 0;
    enum es_code rc = public_one(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = es_store_results(es_web_of(q)->app->store, ini->id, 1,
                              es_req_arena(q), &last, &n, e);
    if (rc != ES_OK)
        return rc;
    struct table *t = table_of(q, ini);
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "table");
    if (ini->state == ES_INI_FINAL && n > 0) {
        t->pen.version = last->version;
        t->pen.why = last->why;
        t->pen.at_ms = last->at_ms;
    }
    es_resp_type(out, "application/json");
    es_web_attach(q, out, ini->slug, "-results.json");
    return es_web_pour(q, out, more_json, t, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/results.csv", ES_BODY_NONE, 0, results_csv },
    { ES_GET, "/e/{slug}/results.json", ES_BODY_NONE, 0, results_json },
    { ES_GET, "/organise/e/{slug}/results.csv", ES_BODY_NONE, ES_WEB_PAGE,
      own_csv },
};
const struct es_routes ES_ROUTES_TABLES = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
