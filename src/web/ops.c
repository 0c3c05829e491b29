/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What machines ask: health, metrics, static files. */
#include "render/render.h"
#include "web/assets.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

/* GET /healthz: the process answers. */
static enum es_code healthz(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    (void)q;
    (void)e;
    es_resp_type(out, "text/plain; charset=utf-8");
    es_buf_str(es_resp_body(out), "ok\n");
    return ES_OK;
}

/* GET /readyz: the store answers and runs can be decoded. */
static enum es_code readyz(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_bytes key;
    pid_t pid;
    enum es_code rc =
        es_store_meta(app->store, "key", es_req_arena(q), &key, e);
    bool ready =
        rc == ES_OK && app->ingest && es_ingest_pids(app->ingest, &pid, 1) > 0;
    es_resp_status(out, ready ? 200 : 503);
    es_resp_type(out, "text/plain; charset=utf-8");
    es_buf_str(es_resp_body(out), ready ? "ready\n" : "not ready\n");
    return ES_OK;
}

/* ---- metrics ---- */

static void metric(struct es_buf *b, const char *name, const char *kind,
                   const char *help, uint64_t v)
{
    es_buf_fmt(b,
               "# HELP everystep_%s %s\n# TYPE everystep_%s %s\n"
               "everystep_%s %" PRIu64 "\n",
               name, help, name, kind, name, v);
}

static void http_metrics(struct es_buf *b, struct es_http *http)
{
    struct es_http_stats s;
    es_http_stats(http, &s);
    metric(b, "connections_total", "counter", "Connections accepted.",
           s.accepted);
    metric(b, "connections", "gauge", "Connections now.", s.connections);
    metric(b, "requests_in_flight", "gauge", "Requests now.", s.in_flight);
    metric(b, "gate_refused_total", "counter", "Requests the gate refused.",
           s.gate_refused);
    metric(b, "gate_cut_total", "counter", "Header deadlines passed.",
           s.gate_cut);
    metric(b, "gate_shed_total", "counter", "Connections over a cap.",
           s.gate_shed);
    metric(b, "body_cut_total", "counter", "Bodies too slow.", s.body_cut);
    metric(b, "queue_full_total", "counter", "Requests without a thread.",
           s.queue_full);
    es_buf_str(b, "# HELP everystep_requests_total Answers by class.\n"
                  "# TYPE everystep_requests_total counter\n");
    for (int i = 1; i < 6; i++)
        es_buf_fmt(b, "everystep_requests_total{class=\"%dxx\"} %" PRIu64 "\n",
                   i, s.by_class[i]);
}

static void render_metrics(struct es_buf *b, struct es_render *r)
{
    struct es_render_stats s;
    es_render_stats(r, &s);
    metric(b, "cards_drawn_total", "counter", "Pictures drawn.", s.crew.jobs);
    metric(b, "cards_kept_total", "counter", "Pictures from memory.",
           s.kept + s.joined);
    metric(b, "cards_died_total", "counter", "Workers that died.", s.crew.died);
    metric(b, "cards_bytes", "gauge", "Pictures in memory.", s.bytes);
}

static void app_metrics(struct es_buf *b, struct es_web *w)
{
    struct es_store_stats st;
    struct es_crew_stats in;
    es_store_stats(w->app->store, &st);
    metric(b, "store_commits_total", "counter", "Group commits.", st.commits);
    metric(b, "store_writes_total", "counter", "Writes made durable.",
           st.writes);
    metric(b, "store_blob_bytes_total", "counter", "Upload bytes stored.",
           st.blob_bytes);
    metric(b, "live_watchers", "gauge", "Live event streams.",
           es_hub_watchers(w->hub));
    if (w->app->render)
        render_metrics(b, w->app->render);
    if (!w->app->ingest)
        return;
    es_ingest_stats(w->app->ingest, &in);
    metric(b, "decode_jobs_total", "counter", "Uploads decoded.", in.jobs);
    metric(b, "decode_died_total", "counter", "Workers that died.", in.died);
    metric(b, "decode_busy_total", "counter", "Uploads without a worker.",
           in.busy);
}

static bool may_see_metrics(const struct es_req *q)
{
    const struct es_web *w = es_web_of(q);
    const char *field = es_req_header(q, "Authorization");
    /* What a proxy on this machine passes on comes from elsewhere, whether or
     * not the settings name the proxy. */
    bool passed_on = es_req_header(q, "X-Forwarded-For") ||
                     es_req_header(q, "Forwarded") || es_req_header(q, "Via");
    if (es_req_peer_is_loopback(q) && !passed_on)
        return true;
    if (!w->metrics_token[0] || !field || strncmp(field, "Bearer ", 7) != 0)
        return false;
    uint8_t want[ES_HASH];
    uint8_t got[ES_HASH];
    es_hash(es_bytes_str(w->metrics_token), want);
    es_hash(es_bytes_str(field + 7), got);
    return es_hash_equal(want, got);
}

/* GET /metrics: Prometheus text, from this machine or with a token. */
static enum es_code metrics(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_web *w = es_web_of(q);
    (void)e;
    if (!may_see_metrics(q))
        return es_web_fail(q, out, 404, "");
    struct es_buf *b = es_resp_body(out);
    es_resp_type(out, "text/plain; version=0.0.4");
    metric(b, "uptime_seconds", "gauge", "Since the start.",
           (uint64_t)(es_time_mono_ms() - w->started_ms) / 1000);
    if (w->http)
        http_metrics(b, w->http);
    app_metrics(b, w);
    return ES_OK;
}

/* The scripts that may run WebAssembly: threads without a page. */
static const char *const ENGINES[] = { "record-engine.js", "file-engine.js" };
static const char ENGINE_CSP[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    "connect-src 'self'";

/* GET /static/{name}: from the compiled table, never from a path. */
static enum es_code asset(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_asset *as = es_asset_named(es_req_param(q, "name"));
    (void)e;
    if (!as)
        return es_web_fail(q, out, 404, "");
    es_resp_type(out, as->type);
    for (size_t i = 0; i < sizeof ENGINES / sizeof *ENGINES; i++)
        if (strcmp(as->source, ENGINES[i]) == 0)
            es_resp_header(out, "Content-Security-Policy", ENGINE_CSP);
    es_resp_cache(out, "public, max-age=31536000, immutable");
    es_resp_static(out, as->bytes, as->gz);
    return ES_OK;
}

/* GET /api/v1/openapi.json */
static enum es_code openapi(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const struct es_asset *as = es_asset_of("openapi.json");
    (void)q;
    if (!as)
        return es_fail(e, ES_EINTERNAL, 0, "openapi.json is not compiled in");
    es_resp_type(out, as->type);
    es_resp_cache(out, "public, max-age=300");
    es_resp_static(out, as->bytes, as->gz);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/healthz", ES_BODY_NONE, ES_ROUTE_INLINE, healthz },
    { ES_GET, "/readyz", ES_BODY_NONE, 0, readyz },
    { ES_GET, "/metrics", ES_BODY_NONE, 0, metrics },
    { ES_GET, "/api/v1/openapi.json", ES_BODY_NONE, ES_ROUTE_INLINE, openapi },
    { ES_GET, "/static/{name}", ES_BODY_NONE, ES_ROUTE_INLINE, asset },
};
const struct es_routes ES_ROUTES_OPS = { ROUTES,
                                         sizeof ROUTES / sizeof *ROUTES };
