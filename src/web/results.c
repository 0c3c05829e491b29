/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results for everybody: what is frozen and signed, and as a table. */
#include "initiative/results.h"

#include "base/json.h"
#include "base/limits.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VERSIONS_MAX = 100, VERSION_MAX = 1000000, TAIL = 32 };

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
        .print = es_url_path(a, "/e/%s/results/print", ini.slug),
        .json = es_url_path(a, "/e/%s/results.json", ini.slug),
    };
    rc = es_web_versions(q, &ini, &v.versions, &v.n, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_results(&o, &v);
    return ES_OK;
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
        char tail[TAIL];
        (void)snprintf(tail, sizeof tail, "-results-%" PRId64 ".json", version);
        es_resp_type(out, "application/json");
        es_web_attach(q, out, ini.slug, tail);
        es_buf_add(es_resp_body(out), r.file.p, r.file.n);
    }
    es_arena_release(&a);
    return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
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
    { ES_GET, "/e/{slug}/results/{version}", ES_BODY_NONE, 0, signed_file },
    { ES_GET, "/api/v1/results-key", ES_BODY_NONE, 0, results_key },
};
const struct es_routes ES_ROUTES_RESULTS = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
