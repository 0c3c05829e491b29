/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The recorder: its page, which is the same for everybody, as phones keep it;
 * what makes it an app; and where the page asks who is signed in and hands in
 * what it recorded. */
#include "web/record.h"
#include "base/json.h"
#include "initiative/live_runs.h"
#include "initiative/running.h"
#include "web/assets.h"
#include "web/pages.h"

#include <jansson.h>
#include <string.h>

enum { KEY_MAX = 255 };

/* ---- the page ---- */

struct es_url es_web_recorder(const struct es_req *q,
                              const struct es_initiative *ini)
{
    if (!es_asset_of("everystep-record.wasm") || !ini ||
        es_web_phase(ini) != ES_PHASE_OPEN)
        return (struct es_url){ NULL };
    return es_url_path(es_req_arena(q), "/e/%s/record", ini->slug);
}

/* The initiative of {slug}; ES_ENOENT also where nothing can be measured. */
static enum es_code initiative_of(const struct es_req *q,
                                  struct es_initiative *out, struct es_err *e)
{
    if (!es_asset_of("everystep-record.wasm"))
        return es_fail(e, ES_ENOENT, 0, "built without the engine");
    return es_web_initiative(q, out, e);
}

/* GET /e/{slug}/record: nobody's in particular, for it stays on the phone. */
static enum es_code page(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_initiative ini;
    enum es_code rc = initiative_of(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_record v = {
        .frame = es_web_frame(q, &ini),
        .slug = ini.slug,
        .manifest =
            es_url_path(es_req_arena(q), "/e/%s/record.webmanifest", ini.slug),
        .worker = es_url_fixed("/record-worker.js"),
    };
    v.frame.me = es_url_fixed("/me"); /* who isn't signed in is told there */
    es_resp_cache(out, "no-cache");
    struct es_out o = es_web_page(q, out);
    es_page_record(&o, &v);
    return ES_OK;
}

static void icon(struct es_buf *b, const char *source, const char *sizes,
                 const char *purpose)
{
    const struct es_asset *as = es_asset_of(source);
    if (!as)
        return;
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_s(b, "src", as->path);
    es_buf_json_s(b, "sizes", sizes);
    es_buf_json_s(b, "type", as->type);
    es_buf_json_s(b, "purpose", purpose);
    es_buf_str(b, "}");
}

static void put_icons(struct es_buf *b)
{
    es_buf_json_key(b, "icons");
    es_buf_str(b, "[");
    icon(b, "icon-192.png", "192x192", "any");
    icon(b, "icon-512.png", "512x512", "any");
    icon(b, "icon-whole-512.png", "512x512", "maskable");
    es_buf_str(b, "]");
}

/* What others on the phone may share to the recorder; its service worker takes
 * it and leads to the upload page. */
static void put_share(struct es_buf *b, const char *path)
{
    es_buf_json_key(b, "share_target");
    es_buf_fmt(b, "{\"action\":\"%s/share\",\"method\":\"POST\",", path);
    es_buf_str(b, "\"enctype\":\"multipart/form-data\",\"params\":{\"files\":["
                  "{\"name\":\"files\",\"accept\":[\"application/gpx+xml\","
                  "\"application/vnd.garmin.tcx+xml\",\"application/vnd.ant."
                  "fit\",\"application/octet-stream\",\"application/zip\","
                  "\"application/gzip\",\"text/xml\",\"application/xml\","
                  "\".fit\",\".gpx\",\".tcx\",\".zip\",\".gz\"]}]}}");
}

/* GET /e/{slug}/record.webmanifest. Source: W3C, Web Application Manifest;
 * Web Share Target. */
static enum es_code manifest(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_initiative ini;
    enum es_code rc = initiative_of(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_frame f = es_web_frame(q, &ini);
    const struct es_lang *l = es_web_speak(q, out, NULL);
    const char *path =
        es_url_path(es_req_arena(q), "/e/%s/record", ini.slug).checked;
    struct es_buf *b = es_web_json(out, 200);
    es_resp_type(out, "application/manifest+json");
    es_resp_cache(out, "no-cache");
    es_buf_json_s(b, "id", path);
    es_buf_json_s(b, "name", f.title);
    es_buf_json_s(b, "short_name", es_t(l, ES_T("Record a run")));
    es_buf_json_s(b, "lang", l->tag);
    es_buf_json_s(b, "dir", l->dir);
    es_buf_json_s(b, "start_url", path);
    es_buf_json_s(b, "scope", "/");
    es_buf_json_s(b, "display", "standalone");
    es_buf_json_s(b, "background_color", "#0b453c");
    es_buf_json_s(b, "theme_color", "#0b453c");
    put_icons(b);
    put_share(b, path);
    es_web_json_end(b);
    return ES_OK;
}

/* GET /record-worker.js: at the top, so that it may look after any page of
 * ours; each registers it for its own alone. */
static enum es_code worker(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_asset *as = es_asset_of("record-worker.js");
    (void)e;
    if (!as)
        return es_web_fail(q, out, 404, "");
    es_resp_type(out, as->type);
    es_resp_cache(out, "no-cache");
    es_resp_static(out, as->bytes, as->gz);
    return ES_OK;
}

/* ---- the person's ---- */

/* GET /me/recording: who is signed in here, and what their POST needs. */
static enum es_code session(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    (void)e;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_id(b, "participant", who->p.id);
    es_buf_json_s(b, "name", who->p.display_name);
    es_buf_json_s(b, "slug", who->ini.slug);
    es_buf_json_s(b, "csrf", who->csrf);
    es_buf_json_b(b, "countable", es_running_may(&who->p));
    es_web_json_end(b);
    es_resp_no_gzip(out);
    return ES_OK;
}

/* POST /me/recording: a recording's file. Its Idempotency-Key is the
 * recording's own, so that no second run comes of a second try. */
static enum es_code hand_in(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const char *key = es_req_header(q, "Idempotency-Key");
    if (!key || !*key || strlen(key) > KEY_MAX)
        return es_web_problem(out, 400, "bad_idempotency_key",
                              "Idempotency-Key has 1 to 255 characters.");
    unsigned wait_s = es_web_upload_wait(q);
    return wait_s ? es_web_too_often(q, out, wait_s)
                  : es_web_take_file(q, out, key, key, e);
}

/* POST /me/recording/so-far {recording, at_ms, distance_m, running}: how far a
 * run is that lasts, and whether its runner wants to be counted meanwhile. Who
 * is not listened to any more tells too often. */
static enum es_code so_far(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    json_error_t je;
    const struct es_who *who = es_web_who(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_bytes body = es_req_body(q);
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_LIVE,
                                    (uint64_t)who->p.id, es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    json_t *root =
        json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, &je);
    const json_t *at = json_object_get(root, "at_ms");
    const json_t *far = json_object_get(root, "distance_m");
    enum es_code rc = ES_EINVAL;
    if (json_is_integer(at) && json_is_number(far))
        rc = es_live_report(
            app, &who->p, json_string_value(json_object_get(root, "recording")),
            json_integer_value(at), json_number_value(far), e);
    if (rc == ES_OK)
        es_web_runs(q, json_is_true(json_object_get(root, "running")),
                    json_number_value(far));
    json_decref(root);
    if (rc == ES_EINVAL)
        return es_web_problem(out, 400, "bad_report",
                              "recording, at_ms and distance_m are needed.");
    if (rc == ES_OK)
        es_resp_status(out, 204);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/record", ES_BODY_NONE, 0, page },
    { ES_GET, "/e/{slug}/record.webmanifest", ES_BODY_NONE, 0, manifest },
    { ES_GET, "/record-worker.js", ES_BODY_NONE, ES_ROUTE_INLINE, worker },
    { ES_GET, "/me/recording", ES_BODY_NONE, ES_WEB_PAGE, session },
    { ES_POST, "/me/recording", ES_BODY_RAW, ES_WEB_FORM, hand_in },
    { ES_POST, "/me/recording/so-far", ES_BODY_JSON, ES_WEB_FORM, so_far },
};
const struct es_routes ES_ROUTES_RECORD = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
