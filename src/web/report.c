/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reporting what is wrong, and what became of it: for anybody. */
#include "web/report.h"

#include "base/limits.h"
#include "initiative/face.h"
#include "web/pages.h"

#include <inttypes.h>
#include <string.h>

enum { THINGS = 3, WRONGS = 8 };

/* ---- the form ---- */

static const char *about_of(const struct es_req *q)
{
    const char *s = es_req_form(q, "about");
    if (!s)
        s = es_req_query(q, "about");
    return s ? s : "text";
}

/* Of the initiative's own there is more than one thing on its page. */
static enum es_code add_own(const struct es_req *q,
                            const struct es_initiative *ini,
                            const struct es_seen *chosen,
                            struct es_view_choice v[THINGS], size_t *n,
                            struct es_err *e)
{
    static const int32_t KINDS[] = { ES_REPORT_TEXT, ES_REPORT_PICTURE,
                                     ES_REPORT_STATEMENT };
    struct es_arena *a = es_req_arena(q);
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_face_read(ini->face ? ini->face : "{}", a, f, e);
    const char *picture = es_arena_fmt(a, "picture-%" PRId64, f->picture.media);
    const char *const abouts[] = { "text", picture ? picture : "text",
                                   "statement" };
    for (size_t i = 0; rc == ES_OK && i < THINGS; i++) {
        struct es_seen s;
        rc = es_report_seen(q, ini, abouts[i], &s, e);
        if (rc == ES_OK)
            v[(*n)++] =
                (struct es_view_choice){ abouts[i],
                                         es_report_thing(es_web_lang(q, NULL),
                                                         KINDS[i]),
                                         s.what == chosen->what,
                                         { NULL } };
        rc = rc == ES_ENOENT ? ES_OK : rc;
    }
    return rc;
}

static enum es_code things(const struct es_req *q,
                           const struct es_initiative *ini,
                           const struct es_seen *s, struct es_view_report *v,
                           struct es_err *e)
{
    struct es_view_choice *all =
        es_arena_array(es_req_arena(q), THINGS, sizeof *all);
    if (!all)
        return es_fail(e, ES_ENOMEM, 0, "choices");
    v->things = all;
    if (s->what == ES_REPORT_TEXT || s->what == ES_REPORT_PICTURE ||
        (s->what == ES_REPORT_STATEMENT && !s->which))
        return add_own(q, ini, s, all, &v->n_things, e);
    all[v->n_things++] =
        (struct es_view_choice){ about_of(q), s->shown, true, { NULL } };
    return ES_OK;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_initiative *ini,
                         const struct es_seen *s,
                         const struct es_field_errors *fe, unsigned wait_s,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_choice *wrongs = es_arena_array(a, WRONGS, sizeof *wrongs);
    const char *given = es_web_given(q, "wrong");
    struct es_view_report v = {
        .frame = es_web_frame(q, ini),
        .action = es_url_path(a, "/e/%s/report", ini->slug),
        .wrongs = wrongs,
        .wrong_error = es_say_of_field(es_web_reader(q), a, fe, "wrong"),
        .words = es_web_field(q, "words", fe),
        .mail = es_web_field(q, "mail", fe),
        .mails = es_web_of(q)->mail,
    };
    if (!wrongs)
        return es_fail(e, ES_ENOMEM, 0, "choices");
    for (const char *w; v.n_wrongs < WRONGS && (w = es_wrong_at(v.n_wrongs));)
        wrongs[v.n_wrongs++] =
            (struct es_view_choice){ w,
                                     es_report_wrong_words(es_web_lang(q, NULL),
                                                           w),
                                     strcmp(w, given) == 0,
                                     { NULL } };
    enum es_code rc = things(q, ini, s, &v, e);
    if (rc != ES_OK)
        return rc;
    v.frame.here =
        es_url_path(a, "/e/%s/report?about=%s", ini->slug, about_of(q));
    if (fe->n)
        es_resp_status(out, 422);
    if (wait_s)
        v.frame.notice = es_web_later(q, out, wait_s);
    struct es_out o = es_web_page(q, out);
    es_page_report(&o, &v);
    return ES_OK;
}

/* GET /e/{slug}/report?about=person-12 */
static enum es_code report(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_field_errors none = { 0 };
    struct es_initiative ini;
    struct es_seen s;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = es_report_seen(q, &ini, about_of(q), &s, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(q, out, &ini, &s, &none, 0, e) : rc;
}

/* POST /e/{slug}/report */
static enum es_code report_post(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_initiative ini;
    struct es_seen s;
    int64_t id = 0;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = es_report_seen(q, &ini, about_of(q), &s, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_REPORT,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return show(q, out, &ini, &s, &fe, wait_s, e);
    struct es_reporting in = {
        .initiative = ini.id,
        .what = s.what,
        .which = s.which,
        .shown = s.shown,
        .wrong = es_web_given(q, "wrong"),
        .words = es_web_given(q, "words"),
        .mail = es_web_given(q, "mail"),
        .lang = es_web_lang(q, NULL)->tag,
    };
    rc = es_report_add(es_web_of(q)->app, &in, es_req_arena(q), &id, &fe, e);
    if (rc == ES_EINVAL)
        return show(q, out, &ini, &s, &fe, 0, e);
    const char *path =
        es_arena_fmt(es_req_arena(q), "/report/%" PRId64 "?done=reported", id);
    if (rc == ES_OK && !path)
        rc = es_fail(e, ES_ENOMEM, 0, "path");
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, path)) : rc;
}

/* ---- what became of it ---- */

/* Nothing of who was reported, nor of who reported. */
static enum es_code show_state(const struct es_req *q, struct es_resp *out,
                               const struct es_report *r, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *number = es_arena_fmt(a, "%" PRId64, r->id);
    const char *done = es_req_query(q, "done");
    struct es_decision d;
    struct es_view_reported v = {
        .frame = es_web_frame(q, NULL),
        .number = number ? number : "",
        .what = es_report_thing(l, r->what),
        .decided = "",
        .why = "",
        .at_ms = r->at_ms,
        .sent = done && strcmp(done, "reported") == 0,
    };
    enum es_code rc = es_report_decided(es_web_of(q)->app, r, a, &d, e);
    if (rc == ES_OK) {
        v.decided = es_report_done_words(l, d.what);
        v.why = d.why;
        v.decided_ms = d.at_ms;
    }
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    v.frame.here = es_url_path(a, "/report/%s", v.number);
    struct es_out o = es_web_page(q, out);
    es_page_reported(&o, &v);
    return ES_OK;
}

/* GET /report/{report} */
static enum es_code state(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_report r;
    int64_t id;
    enum es_code rc = ES_ENOENT;
    if (es_req_i64(q, "report", 1, INT64_MAX, &id))
        rc = es_report_find(app, id, es_req_arena(q), &r, e);
    if (rc == ES_OK)
        return show_state(q, out, &r, e);
    if (rc != ES_ENOENT)
        return rc;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    return wait_s ? es_web_too_often(q, out, wait_s)
                  : es_web_fail(q, out, 404, "");
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/report", ES_BODY_NONE, ES_WEB_PAGE, report },
    { ES_POST, "/e/{slug}/report", ES_BODY_FORM, ES_WEB_FORM, report_post },
    { ES_GET, "/report/{report}", ES_BODY_NONE, ES_WEB_PAGE, state },
};
const struct es_routes ES_ROUTES_REPORT = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
