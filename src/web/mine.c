/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What participants gave: looking at it, changing it, taking it along, and
 * leaving. */
#include "base/limits.h"
#include "initiative/people.h"
#include "store/results.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { EXPORT_MAX = 16 << 20 };

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_field_errors *fe, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_view_details *v = es_arena_alloc(es_req_arena(q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "details");
    *v = (struct es_view_details){
        .frame = es_web_frame(q, &who->ini),
        .action = es_url_fixed("/me/details"),
        .leave = es_url_fixed("/me/leave"),
        .data = es_url_fixed("/me/data.json"),
        .me = es_url_fixed("/me"),
        .n_errors = fe->n,
    };
    enum es_code rc = es_web_about(q, &who->ini, &who->p, fe, &v->about, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    v->frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_details(&o, v);
    return ES_OK;
}

/* GET /me/details */
static enum es_code details(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show(q, out, &none, e);
}

/* POST /me/details */
static enum es_code details_keep(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    struct es_participant now;
    struct es_join in = es_web_entered(q);
    enum es_code rc = es_person_change(es_web_of(q)->app, &who->ini, &who->p,
                                       &in, es_req_arena(q), &now, &fe, e);
    if (rc == ES_EINVAL)
        return show(q, out, &fe, e);
    return rc == ES_OK ? es_resp_redirect(
                             out, es_web_keep_lang(q, "/me/details?done=kept"))
                       : rc;
}

/* GET /me/data.json */
static enum es_code data(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_buf b;
    es_buf_init(&b, EXPORT_MAX);
    enum es_code rc =
        es_person_export(es_web_of(q)->app, &who->ini, &who->p, &b, e);
    if (rc == ES_OK) {
        es_resp_header(out, "Content-Disposition",
                       "attachment; filename=\"everystep-data.json\"");
        es_resp_type(out, "application/json");
        es_buf_add(es_resp_body(out), b.p, b.n);
    }
    es_buf_release(&b);
    return rc;
}

/* GET /me/runs/{run}/picture: the evidence, for its owner. */
static enum es_code picture(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_run run;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_OK)
        rc = es_web_evidence(q, out, &run, e);
    return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
}

/* GET /me/runs/{run}/file: as it was handed in. Content of a stranger's making
 * and of any kind: it is never opened here, only kept. */
static enum es_code file(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_run run;
    struct es_buf bytes;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_ENOENT || (rc == ES_OK && run.blob.segment == 0))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    rc = es_store_blob_read(es_web_of(q)->app->store, &run.blob, &bytes, e);
    if (rc == ES_OK) {
        es_resp_type(out, "application/octet-stream");
        es_resp_header(out, "Content-Security-Policy",
                       "sandbox; default-src 'none'");
        es_resp_attachment(out, *run.file_name ? run.file_name : "run");
        es_buf_add(es_resp_body(out), bytes.p, bytes.n);
    }
    es_buf_release(&bytes);
    return rc;
}

static enum es_code show_leave(const struct es_req *q, struct es_resp *out,
                               bool unsure, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_standing self = { 0 };
    struct es_standing *rows;
    struct es_result *frozen;
    size_t n;
    size_t n_frozen;
    enum es_code rc = es_store_results(es_web_of(q)->app->store, who->ini.id, 1,
                                       es_req_arena(q), &frozen, &n_frozen, e);
    if (rc == ES_OK && who->p.state == ES_PERSON_IN)
        rc =
            es_standings_of(es_app_standings(es_web_of(q)->app, who->ini.id),
                            who->p.id, 0, es_req_arena(q), &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_leave v = {
        .frame = es_web_frame(q, &who->ini),
        .action = es_url_fixed("/me/leave"),
        .data = es_url_fixed("/me/data.json"),
        .me = es_url_fixed("/me"),
        .dist_mm = self.dist_mm,
        /* what is final stays as it is */
        .runs = who->ini.state == ES_INI_FINAL ? 0 : self.runs,
        .unsure = unsure,
        .frozen = n_frozen > 0,
    };
    if (unsure)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_leave(&o, &v);
    return ES_OK;
}

/* GET /me/leave */
static enum es_code leave(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    return show_leave(q, out, false, e);
}

/* POST /me/leave */
static enum es_code leave_now(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_leaving how = {
        .take_away = strcmp(es_web_given(q, "runs"), "remove") == 0,
    };
    if (strcmp(es_web_given(q, "sure"), "1") != 0)
        return show_leave(q, out, true, e);
    enum es_code rc = es_person_leave(es_web_of(q)->app, &who->p, &how, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    es_web_move_up(q, who->ini.id);
    es_web_set_cookie(q, out, ES_COOKIE_PERSON, NULL, 0);
    es_web_set_cookie(q, out, ES_COOKIE_JOINED, NULL, 0);
    return es_resp_redirect(out, es_web_keep_lang(q, "/?left=1"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/me/details", ES_BODY_NONE, ES_WEB_PAGE, details },
    { ES_POST, "/me/details", ES_BODY_FORM, ES_WEB_FORM, details_keep },
    { ES_GET, "/me/data.json", ES_BODY_NONE, ES_WEB_PAGE, data },
    { ES_GET, "/me/runs/{run}/picture", ES_BODY_NONE, ES_WEB_PAGE, picture },
    { ES_GET, "/me/runs/{run}/file", ES_BODY_NONE, ES_WEB_PAGE, file },
    { ES_GET, "/me/leave", ES_BODY_NONE, ES_WEB_PAGE, leave },
    { ES_POST, "/me/leave", ES_BODY_FORM, ES_WEB_FORM, leave_now },
};
const struct es_routes ES_ROUTES_MINE = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
