/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results for everybody: what is frozen and signed, and as a table. */
#include "initiative/results.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/limits.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VERSIONS_MAX = 100, VERSION_MAX = 1000000, COLUMNS = 10, NUMBER = 32 };

static const char *hex(struct es_arena *a, const uint8_t *p, size_t n)
{
    struct es_buf b;
    es_buf_init(&b, 2 * n + 1);
    es_hex_put(&b, p, n);
    const char *s = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return s ? s : "";
}

enum es_code es_web_versions(const struct es_req *q,
                             const struct es_initiative *ini,
                             const struct es_view_frozen **out, size_t *n,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_result *all;
    enum es_code rc = es_store_results(es_web_of(q)->app->store, ini->id,
                                       VERSIONS_MAX, a, &all, n, e);
    struct es_view_frozen *v =
        rc == ES_OK ? es_arena_array(a, *n, sizeof *v) : NULL;
    if (rc == ES_OK && !v)
        rc = es_fail(e, ES_ENOMEM, 0, "versions");
    for (size_t i = 0; rc == ES_OK && i < *n; i++)
        v[i] = (struct es_view_frozen){
            .version = all[i].version,
            .at_ms = all[i].at_ms,
            .why = all[i].why,
            .sha256 = hex(a, all[i].sha256, sizeof all[i].sha256),
            .url = es_url_path(a, "/e/%s/results/%lld", ini->slug,
                               (long long)all[i].version),
        };
    *out = v;
    return rc;
}

/* GET /e/{slug}/results */
static enum es_code results(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    uint8_t key[ES_SIGN_PUBLIC];
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    es_results_key(es_web_of(q)->app, key);
    const char *check = es_arena_fmt(a, "everystep verify --key %s FILE",
                                     hex(a, key, sizeof key));
    struct es_view_results v = {
        .frame = es_web_frame(q, &ini),
        .final = ini.state == ES_INI_FINAL,
        .zone = ini.zone,
        .check = check ? check : "",
        .board = es_url_path(a, "/e/%s/leaderboard", ini.slug),
        .csv = es_url_path(a, "/e/%s/results.csv", ini.slug),
    };
    rc = es_web_versions(q, &ini, &v.versions, &v.n, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_results(&o, &v);
    return ES_OK;
}

static void attach(struct es_resp *out, struct es_arena *a, const char *slug,
                   const char *tail)
{
    const char *s =
        es_arena_fmt(a, "attachment; filename=\"%s%s\"", slug, tail);
    es_resp_header(out, "Content-Disposition", s ? s : "attachment");
}

/* GET /e/{slug}/results/{version} */
static enum es_code signed_file(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_initiative ini;
    struct es_result r;
    struct es_arena a;
    int64_t version;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT || !es_req_i64(q, "version", 1, VERSION_MAX, &version))
        return es_web_fail(q, out, 404, "");
    es_arena_init(&a, ES_RESP_MAX);
    if (rc == ES_OK)
        rc = es_store_result(es_web_of(q)->app->store, ini.id, (int32_t)version,
                             &a, &r, e);
    if (rc == ES_OK) {
        char tail[NUMBER];
        (void)snprintf(tail, sizeof tail, "-results-%" PRId64 ".json", version);
        es_resp_type(out, "application/json");
        attach(out, es_req_arena(q), ini.slug, tail);
        es_buf_add(es_resp_body(out), r.file.p, r.file.n);
    }
    es_arena_release(&a);
    return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
}

/* ---- the table ---- */

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

static void row(struct es_app *app, const struct es_initiative *ini,
                const struct es_standing *s, struct es_buf *b)
{
    char rank[NUMBER], bib[NUMBER], km[NUMBER], time[NUMBER], runs[NUMBER];
    char best[NUMBER] = "", best_rank[NUMBER] = "";
    struct es_time_row t;
    struct es_err none = { 0 };
    struct es_times *times = es_app_times(app, ini->id);
    const char *category = es_times_category(times, s->id);
    (void)snprintf(rank, sizeof rank, "%" PRId64, s->rank);
    (void)snprintf(bib, sizeof bib, "%" PRId64, s->bib);
    (void)snprintf(runs, sizeof runs, "%" PRId64, s->runs);
    km_text(s->dist_mm, km);
    time_text(s->time_ms, time);
    if (es_times_of(times, s->id, &t, &none) == ES_OK) {
        (void)snprintf(best_rank, sizeof best_rank, "%" PRId64, t.rank);
        time_text(t.time_ms, best);
    }
    const char *v[COLUMNS] = { rank, bib,  s->name,  s->country, km,
                               time, runs, category, best_rank,  best };
    es_buf_csv(b, v, COLUMNS);
}

/* A page of the order behind *cursor, which then is the next one's, or "". */
static enum es_code some(struct es_app *app, const struct es_initiative *ini,
                         char cursor[128], struct es_buf *b, struct es_err *e)
{
    struct es_standings_query q = { ES_BY_PERSON, ES_METRIC_DISTANCE, NULL,
                                    *cursor ? cursor : NULL,
                                    ES_STANDINGS_PAGE_MAX };
    struct es_standing *v;
    struct es_arena a;
    const char *next = NULL;
    size_t n;
    es_arena_init(&a, 4u << 20);
    enum es_code rc = es_standings_page(es_app_standings(app, ini->id), &q, &a,
                                        &v, &n, &next, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        row(app, ini, &v[i], b);
    (void)snprintf(cursor, 128, "%s", rc == ES_OK && next ? next : "");
    es_arena_release(&a);
    return rc;
}

/* GET /e/{slug}/results.csv */
static enum es_code results_csv(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    static const char *const HEAD[COLUMNS] = {
        "place",      "bib",  "name",     "country",        "distance_km",
        "total_time", "runs", "category", "category_place", "best_time"
    };
    struct es_initiative ini;
    char cursor[128] = "";
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_resp_body(out);
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    attach(out, es_req_arena(q), ini.slug, "-results.csv");
    es_buf_str(b, "\ufeff"); /* or spreadsheets take it for something else */
    es_buf_csv(b, HEAD, COLUMNS);
    do
        rc = some(es_web_of(q)->app, &ini, cursor, b, e);
    while (rc == ES_OK && *cursor && !b->bad);
    return rc;
}

/* GET /api/v1/results-key */
static enum es_code results_key(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    uint8_t key[ES_SIGN_PUBLIC];
    (void)e;
    es_results_key(es_web_of(q)->app, key);
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_s(b, "algorithm", "Ed25519");
    es_buf_json_s(b, "public_key", hex(es_req_arena(q), key, sizeof key));
    es_web_json_end(b);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/results", ES_BODY_NONE, ES_WEB_PAGE, results },
    { ES_GET, "/e/{slug}/results.csv", ES_BODY_NONE, 0, results_csv },
    { ES_GET, "/e/{slug}/results/{version}", ES_BODY_NONE, 0, signed_file },
    { ES_GET, "/api/v1/results-key", ES_BODY_NONE, 0, results_key },
};
const struct es_routes ES_ROUTES_RESULTS = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
