/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was reported, for those who decide about it: the operator about all,
 * owners about names in their initiative. What an organiser says or shows is
 * not for organisers to judge. */
#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "web/pages.h"
#include "web/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LISTED = 30, LOGGED = 100, STATES = 3 };

static const struct {
    const char *query;
    const char *name;
} TABS[STATES] = {
    [ES_REPORT_OPEN] = { "open", ES_T("Waiting") },
    [ES_REPORT_KEPT] = { "kept", ES_T("Left as it was") },
    [ES_REPORT_ACTED] = { "acted", ES_T("Acted on") },
};

static const struct {
    const char *value;
    const char *label;
} ACTS[ES_ACTS] = {
    [ES_ACT_KEEP] = { "keep", ES_T("Leave it as it is") },
    [ES_ACT_HIDE] = { "hide", ES_T("Hide the name: the bib stands instead") },
    [ES_ACT_SHOW] = { "show", ES_T("Show the name again") },
    [ES_ACT_TAKE] = { "take", ES_T("Take it down") },
    [ES_ACT_PAUSE] = { "pause",
                       ES_T("Pause the whole initiative: everybody who opens "
                            "its pages reads the reason") },
};

/* A list as somebody asks for it, and what they got wrong in one of it. */
struct asked {
    const struct es_initiative *ini; /* NULL: of all */
    int32_t state;
    int64_t before;
    int64_t wrong; /* the report decided about; 0: none */
    const char *error;
};

static bool operates(const struct es_req *q)
{
    return es_web_may(q, ES_MAY_OPERATE, 0);
}

/* Whether it is theirs to decide. */
static bool judges(const struct es_req *q, const struct es_report *r)
{
    return operates(q) || r->what == ES_REPORT_PERSON ||
           r->what == ES_REPORT_RUN || r->what == ES_REPORT_TEAM;
}

static bool offered(const struct es_req *q, const struct es_report *r,
                    enum es_act act)
{
    return es_act_fits(r, act) && (act != ES_ACT_PAUSE || operates(q));
}

/* ---- the list ---- */

static enum es_code acts(const struct es_req *q, const struct asked *k,
                         const struct es_report *r, struct es_view_complaint *v,
                         struct es_err *e)
{
    const char *given = k->wrong == r->id ? es_web_given(q, "act") : "";
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), ES_ACTS, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "acts");
    for (enum es_act act = 0; act < ES_ACTS; act++)
        if (offered(q, r, act))
            c[v->n_acts++] =
                (struct es_view_choice){ ACTS[act].value,
                                         es_t(es_web_lang(q, NULL),
                                              ACTS[act].label),
                                         strcmp(given, ACTS[act].value) == 0,
                                         { NULL } };
    v->acts = c;
    return ES_OK;
}

static enum es_code told(const struct es_req *q, const struct es_report *r,
                         struct es_view_complaint *v, struct es_err *e)
{
    struct es_decision d;
    enum es_code rc =
        es_report_decided(es_web_of(q)->app, r, es_req_arena(q), &d, e);
    if (rc == ES_OK) {
        v->decided = es_report_done_words(es_web_lang(q, NULL), d.what);
        v->decided_why = d.why;
    }
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code complaint(const struct es_req *q, const struct asked *k,
                              const struct es_report *r,
                              struct es_view_complaint *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_seen now = { .shown = "" };
    enum es_code rc = es_store_initiative_by_id(es_web_of(q)->app->store,
                                                r->initiative, a, &ini, e);
    if (rc == ES_OK)
        rc = es_report_seen_of(q, &ini, r, &now, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    const char *number = es_arena_fmt(a, "%" PRId64, r->id);
    *v = (struct es_view_complaint){
        .number = number ? number : "",
        .what = es_report_thing(es_web_lang(q, NULL), r->what),
        .wrong =
            es_report_wrong_words(es_web_lang(q, NULL), es_report_wrong(r, a)),
        .words = es_report_words(r),
        .mail = operates(q) ? r->mail : "",
        .mailed = "",
        .shown = r->shown,
        .now = now.shown,
        .initiative = ini.title,
        .lang = ini.lang,
        .url = now.page,
        .decide = es_url_path(a, "/organise/e/%s/reports/%lld/decide", ini.slug,
                              (long long)r->id),
        .why = { "", NULL },
        .decided = "",
        .decided_why = "",
        .at_ms = r->at_ms,
    };
    if (k->wrong == r->id)
        v->why = (struct es_view_field){ .value = es_web_given(q, "why"),
                                         .error = k->error };
    rc = told(q, r, v, e);
    if (rc == ES_OK && *v->mail)
        rc = es_report_mailed(q, r, &v->mailed, e);
    return rc == ES_OK ? acts(q, k, r, v, e) : rc;
}

static enum es_code read_rows(const struct es_req *q, struct asked *k,
                              struct es_view_complaints *v, struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    struct es_report *all;
    size_t n;
    enum es_code rc =
        k->ini ? es_store_reports_in(store, k->ini->id, k->state, k->before,
                                     LISTED, a, &all, &n, e)
               : es_store_reports(store, k->state, k->before, LISTED, a, &all,
                                  &n, e);
    struct es_view_complaint *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "reports");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (judges(q, &all[i]))
            rc = complaint(q, k, &all[i], &rows[v->n++], e);
    k->before = rc == ES_OK && n == LISTED ? all[n - 1].id : 0;
    v->rows = rows;
    return rc;
}

/* The page itself, in another state or from another one on. */
static struct es_url list_url(const struct es_req *q,
                              const struct es_initiative *ini, int32_t state,
                              int64_t before)
{
    struct es_arena *a = es_req_arena(q);
    const char *of = TABS[state].query;
    if (ini)
        return es_url_path(a, "/organise/e/%s/reports?state=%s&before=%lld",
                           ini->slug, of, (long long)before);
    return es_url_path(a, "/operate/reports?state=%s&before=%lld", of,
                       (long long)before);
}

static enum es_code list(const struct es_req *q, struct es_resp *out,
                         struct asked *k, struct es_err *e)
{
    struct es_view_choice *tabs =
        es_arena_array(es_req_arena(q), STATES, sizeof *tabs);
    struct es_view_complaints v = {
        .frame = es_web_frame(q, NULL),
        .states = tabs,
        .n_states = STATES,
    };
    if (!tabs)
        return es_fail(e, ES_ENOMEM, 0, "tabs");
    for (int32_t s = 0; s < STATES; s++)
        tabs[s] =
            (struct es_view_choice){ TABS[s].query,
                                     es_t(es_web_lang(q, NULL), TABS[s].name),
                                     s == k->state, list_url(q, k->ini, s, 0) };
    v.frame.here = list_url(q, k->ini, k->state, k->before);
    const char *done = es_req_query(q, "done");
    if (done && strcmp(done, "decided") == 0)
        v.frame.notice = es_t(es_web_lang(q, NULL),
                              ES_T("Decided, and written down. Whom it "
                                   "concerns reads your reason."));
    enum es_code rc = read_rows(q, k, &v, e);
    if (rc != ES_OK)
        return rc;
    if (k->before)
        v.older = list_url(q, k->ini, k->state, k->before);
    if (operates(q))
        v.log = es_url_fixed("/operate/decisions");
    if (k->error)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_reports(&o, &v);
    return ES_OK;
}

static bool before_of(const struct es_req *q, int64_t *out)
{
    const char *s = es_req_query(q, "before");
    *out = 0;
    return !s || es_num_i64(es_bytes_str(s), 0, INT64_MAX, out);
}

static enum es_code list_asked(const struct es_req *q, struct es_resp *out,
                               const struct es_initiative *ini,
                               struct es_err *e)
{
    struct asked k = { .ini = ini, .state = ES_REPORT_OPEN };
    const char *state = es_req_query(q, "state");
    for (int32_t s = 0; state && s < STATES; s++)
        if (strcmp(state, TABS[s].query) == 0)
            k.state = s;
    if (!before_of(q, &k.before))
        return es_web_fail(q, out, 400, "");
    return list(q, out, &k, e);
}

/* GET /operate/reports */
static enum es_code operators(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    return list_asked(q, out, NULL, e);
}

/* GET /organise/e/{slug}/reports */
static enum es_code owners(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return list_asked(q, out, &es_web_who(q)->here, e);
}

/* ---- deciding ---- */

static bool act_given(const struct es_req *q, const struct es_report *r,
                      enum es_act *out)
{
    const char *s = es_web_given(q, "act");
    for (enum es_act act = 0; act < ES_ACTS; act++)
        if (strcmp(s, ACTS[act].value) == 0 && offered(q, r, act)) {
            *out = act;
            return true;
        }
    return false;
}

static const char *why_given(const struct es_req *q, bool *too_long)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(es_web_given(q, "why")), true);
    *too_long = b.bad || es_utf8_count(es_buf_bytes(&b)) > ES_WHY_MAX;
    const char *s = es_text_visible(es_buf_bytes(&b))
                        ? es_arena_str(es_req_arena(q), es_buf_cstr(&b))
                        : "";
    es_buf_release(&b);
    return s ? s : "";
}

/* What has to be mended first; NULL: nothing. */
static const char *unready(const struct es_req *q, bool chosen, const char *why,
                           bool too_long)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    if (!chosen)
        return es_t(l, ES_T("Please choose what is to happen."));
    if (!*why)
        return es_t(l, ES_T("Please give a reason."));
    if (too_long)
        return es_t(l, ES_T("This is too long. Please shorten it."));
    return NULL;
}

static enum es_code decided(const struct es_req *q, struct es_resp *out,
                            const struct es_report *r, enum es_act act,
                            const char *why, struct es_err *e)
{
    struct es_deciding in = { es_web_who(q)->account.id, r, act, why };
    enum es_code rc = es_report_decide(es_web_of(q)->app, &in, e);
    if (rc == ES_ECONFLICT || rc == ES_ENOENT)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("Somebody decided this meanwhile, or it "
                                     "is gone. Nothing was changed.")));
    if (rc == ES_OK && (act == ES_ACT_HIDE || act == ES_ACT_SHOW))
        rc = es_web_arrivals_load(es_web_of(q), e);
    if (rc != ES_OK)
        return rc;
    const char *path = operates(q)
                           ? "/operate/reports?done=decided"
                           : es_arena_fmt(es_req_arena(q),
                                          "/organise/e/%s/reports?done=decided",
                                          es_web_who(q)->here.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/reports/{report}/decide */
static enum es_code decide(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_initiative *here = &es_web_who(q)->here;
    struct es_report r;
    enum es_act act = ES_ACT_KEEP;
    bool too_long;
    int64_t id;
    enum es_code rc = ES_ENOENT;
    if (es_req_i64(q, "report", 1, INT64_MAX, &id))
        rc = es_store_report(es_web_of(q)->app->store, here->id, id,
                             es_req_arena(q), &r, e);
    if (rc == ES_ENOENT || (rc == ES_OK && !judges(q, &r)))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    bool chosen = act_given(q, &r, &act);
    if (!chosen && r.state != ES_REPORT_OPEN)
        return decided(q, out, &r, ES_ACT_KEEP, "", e); /* too late: 409 */
    const char *why = why_given(q, &too_long);
    struct asked k = { .ini = operates(q) ? NULL : here,
                       .state = r.state,
                       .before = r.id < INT64_MAX ? r.id + 1 : 0,
                       .wrong = r.id };
    k.error = unready(q, chosen, why, too_long);
    if (k.error)
        return list(q, out, &k, e);
    bool answered = false;
    if (act == ES_ACT_PAUSE)
        rc = es_web_is_it_you(q, out, &answered, e);
    return rc != ES_OK || answered ? rc : decided(q, out, &r, act, why, e);
}

/* ---- the log ---- */

static const char *title_of(const struct es_req *q, int64_t initiative)
{
    struct es_initiative ini;
    struct es_err e = { 0 };
    return initiative && es_store_initiative_by_id(es_web_of(q)->app->store,
                                                   initiative, es_req_arena(q),
                                                   &ini, &e) == ES_OK
               ? ini.title
               : "";
}

/* GET /operate/decisions */
static enum es_code log_page(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_decision *all;
    struct es_view_log v = {
        .frame = es_web_frame(q, NULL),
        .file = es_url_fixed("/operate/decisions.json"),
        .table = es_url_fixed("/operate/decisions.csv"),
        .back = es_url_fixed("/operate/reports"),
    };
    int64_t before;
    if (!before_of(q, &before))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = es_store_decisions(es_web_of(q)->app->store, true, 0,
                                         before, LOGGED, a, &all, &v.n, e);
    struct es_view_noted *rows =
        rc == ES_OK ? es_arena_array(a, v.n, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "log");
    for (size_t i = 0; i < v.n; i++)
        rows[i] = (struct es_view_noted){
            .what = es_words_decision(es_web_lang(q, NULL), all[i].what),
            .about = es_web_decided_about(q, &all[i]),
            .why = all[i].why,
            .who = es_web_account_name(q, all[i].account),
            .where = title_of(q, all[i].initiative),
            .at_ms = all[i].at_ms,
        };
    v.rows = rows;
    if (v.n == LOGGED)
        v.older = es_url_path(a, "/operate/decisions?before=%lld",
                              (long long)all[v.n - 1].id);
    struct es_out o = es_web_page(q, out);
    es_page_log(&o, &v);
    return ES_OK;
}

static void noted_json(struct es_buf *b, const struct es_decision *d)
{
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_i(b, "id", d->id);
    es_buf_json_i(b, "initiative", d->initiative);
    es_buf_json_i(b, "account", d->account);
    es_buf_json_s(b, "what", d->what);
    es_buf_json_i(b, "which", d->which);
    es_buf_json_s(b, "about", d->about);
    es_buf_json_s(b, "why", d->why);
    es_buf_json_i(b, "at_ms", d->at_ms);
    es_buf_str(b, "}");
}

/* GET /operate/decisions.json: the newest first, a page of them; "next" is the
 * `before` of the one after. */
static enum es_code log_file(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_decision *all;
    size_t n;
    int64_t before;
    if (!before_of(q, &before))
        return es_web_fail(q, out, 400, "");
    enum es_code rc =
        es_store_decisions(es_web_of(q)->app->store, true, 0, before, LOGGED,
                           es_req_arena(q), &all, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_resp_cache(out, "no-store");
    es_resp_header(out, "Content-Disposition",
                   "attachment; filename=\"decisions.json\"");
    es_buf_json_key(b, "decisions");
    es_buf_str(b, "[");
    for (size_t i = 0; i < n; i++)
        noted_json(b, &all[i]);
    es_buf_str(b, "]");
    if (n == LOGGED)
        es_buf_json_i(b, "next", all[n - 1].id);
    es_web_json_end(b);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/operate/reports", ES_BODY_NONE, ES_WEB_PAGE, operators },
    { ES_GET, "/operate/decisions", ES_BODY_NONE, ES_WEB_PAGE, log_page },
    { ES_GET, "/operate/decisions.json", ES_BODY_NONE, ES_WEB_PAGE, log_file },
    { ES_GET, "/organise/e/{slug}/reports", ES_BODY_NONE, ES_WEB_PAGE, owners },
    { ES_POST, "/organise/e/{slug}/reports/{report}/decide", ES_BODY_FORM,
      ES_WEB_FORM, decide },
};
const struct es_routes ES_ROUTES_REPORTS = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
