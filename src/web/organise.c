/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser: one-time set-up link, and the runs that wait for a person. */
#include "initiative/review.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { WAITING_SHOWN = 50 };

static enum es_code show_setup(const struct es_req *q, struct es_resp *out,
                               const struct es_account *who,
                               const struct es_field_errors *fe)
{
    struct es_view_link v = {
        .frame = es_web_frame(q, NULL),
        .action = es_url_path(es_req_arena(q), "/setup/%s",
                              es_req_param(q, "secret")),
        .name = who->name,
        .organiser = true,
        .ask_name = who->id == 0,
        .given = es_web_field(q, "name", fe),
    };
    if (fe->n)
        es_resp_status(out, 422);
    v.frame.here = es_url_fixed("/");
    struct es_out o = es_web_page(q, out);
    es_page_link(&o, &v);
    return ES_OK;
}

/* GET /setup/{secret} */
static enum es_code setup(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors none = { 0 };
    struct es_account who;
    enum es_code rc = es_setup_who(es_web_of(q)->app, es_req_param(q, "secret"),
                                   es_req_arena(q), &who, e);
    if (rc == ES_ENOENT)
        return es_web_gone(q, out);
    return rc == ES_OK ? show_setup(q, out, &who, &none) : rc;
}

/* POST /setup/{secret}: works once. */
static enum es_code setup_use(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_account who = { .name = "" };
    struct es_newcomer in = { es_web_given(q, "name"),
                              es_web_lang(q, NULL)->tag };
    enum es_code rc =
        es_setup_take(es_web_of(q)->app, es_req_param(q, "secret"), &in,
                      es_req_arena(q), &who, &fe, e);
    if (rc == ES_ENOENT)
        return es_web_gone(q, out);
    if (rc == ES_EINVAL)
        return show_setup(q, out, &who, &fe);
    struct es_web_signing as = { .subject = who.id, .by = ES_BY_LINK };
    if (rc == ES_OK)
        rc = es_web_sign_in(q, out, &as, e);
    return rc == ES_OK ? es_resp_redirect(
                             out, es_web_keep_lang(q, "/organise/passkeys"))
                       : rc;
}

/* Links that are used up and links that never were answer alike. */
enum es_code es_web_gone(const struct es_req *q, struct es_resp *out)
{
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    return es_web_fail(
        q, out, 404,
        es_t(es_web_lang(q, NULL),
             ES_T("This link has been used or is too old. Make a new one on "
                  "the server: everystep admin link")));
}

/* ---- the runs that wait ---- */

struct waiting {
    const struct es_req *q;
    struct es_view_reviewed *rows;
    size_t n;
};

/* The runs that this one is the same recording as, those that are still there.
 */
static enum es_code find_alike(struct es_app *app, const struct es_run *run,
                               struct es_arena *a, struct es_view_reviewed *row,
                               struct es_err *e)
{
    int64_t *ids;
    size_t n;
    enum es_code rc =
        es_store_alike(app->store, run->initiative, run->id, a, &ids, &n, e);
    struct es_view_alike *v =
        rc == ES_OK && n > 0 ? es_arena_array(a, n, sizeof *v) : NULL;
    if (rc == ES_OK && n > 0 && !v)
        return es_fail(e, ES_ENOMEM, 0, "runs alike");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_run other;
        struct es_participant p;
        rc = es_store_run(app->store, run->initiative, ids[i], a, &other, e);
        if (rc == ES_OK)
            rc = es_store_participant(app->store, run->initiative,
                                      other.participant, a, &p, e);
        if (rc == ES_OK && other.status != ES_RUN_WITHDRAWN)
            v[row->n_alike++] = (struct es_view_alike){
                .name = p.display_name,
                .bib = p.bib,
                .started_ms = other.started_ms,
                .dist_mm = other.dist_mm,
                .url = es_url_path(a, "/r/%s", other.code),
            };
    }
    row->alike = v;
    return rc;
}

static enum es_code add_waiting(struct waiting *w,
                                const struct es_initiative *ini,
                                const struct es_run *run, struct es_err *e)
{
    struct es_app *app = es_web_of(w->q)->app;
    struct es_arena *a = es_req_arena(w->q);
    struct es_participant p;
    struct es_receipt r;
    enum es_code rc =
        es_store_participant(app->store, ini->id, run->participant, a, &p, e);
    if (rc == ES_OK)
        rc = es_receipt_of(app, run, a, &r, e);
    if (rc != ES_OK)
        return rc;
    w->rows[w->n] = (struct es_view_reviewed){
        .run = es_web_run_view(w->q, &r),
        .name = p.display_name,
        .initiative = ini->title,
        .zone = ini->zone,
        .bib = p.bib,
        .accept = es_url_path(a, "/organise/%s/%lld/accept", ini->slug,
                              (long long)run->id),
        .refuse = es_url_path(a, "/organise/%s/%lld/refuse", ini->slug,
                              (long long)run->id),
    };
    rc = find_alike(app, run, a, &w->rows[w->n], e);
    w->n += rc == ES_OK;
    return rc;
}

static enum es_code collect(struct waiting *w, struct es_err *e)
{
    struct es_store *store = es_web_of(w->q)->app->store;
    struct es_arena *a = es_req_arena(w->q);
    struct es_initiative *inis;
    struct es_run *runs;
    size_t n_inis;
    size_t n_runs;
    enum es_code rc =
        es_store_initiatives(store, WAITING_SHOWN, a, &inis, &n_inis, e);
    w->rows = es_arena_array(a, WAITING_SHOWN, sizeof *w->rows);
    if (rc == ES_OK && !w->rows)
        rc = es_fail(e, ES_ENOMEM, 0, "waiting");
    for (size_t i = 0; rc == ES_OK && i < n_inis; i++) {
        if (!es_web_may(w->q, ES_MAY_REVIEW, inis[i].id))
            continue;
        rc = es_store_runs_with(store, inis[i].id, ES_RUN_IN_REVIEW, 0,
                                WAITING_SHOWN - w->n, a, &runs, &n_runs, e);
        for (size_t k = 0; rc == ES_OK && k < n_runs; k++)
            rc = add_waiting(w, &inis[i], &runs[k], e);
        if (w->n == WAITING_SHOWN)
            break;
    }
    return rc;
}

static enum es_code has_no_passkey(const struct es_req *q, bool *none,
                                   struct es_err *e)
{
    struct es_passkey *v;
    size_t n = 0;
    enum es_code rc = es_store_passkeys_of(es_web_of(q)->app->store, 0,
                                           es_web_who(q)->account.id,
                                           es_req_arena(q), &v, &n, e);
    *none = rc == ES_OK && n == 0;
    return rc;
}

/* GET /organise */
static enum es_code organise(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct waiting w = { .q = q };
    struct es_view_listed *listed;
    struct es_view_review v = {
        .frame = es_web_frame(q, NULL),
        .sign_out = es_url_fixed("/organise/sign-out"),
        .sessions = es_url_fixed("/organise/sessions"),
        .name = es_web_who(q)->account.name,
    };
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    if (es_web_may(q, ES_MAY_OPERATE, 0))
        v.operate = es_url_fixed("/operate");
    enum es_code rc = es_web_listed(q, true, &listed, &v.n_initiatives, e);
    if (rc == ES_OK)
        rc = collect(&w, e);
    if (rc == ES_OK)
        rc = has_no_passkey(q, &v.no_passkey, e);
    if (rc != ES_OK)
        return rc;
    v.initiatives = listed;
    if (es_web_may(q, ES_MAY_OPERATE, 0))
        v.reports = es_url_fixed("/operate/reports");
    v.rows = w.rows;
    v.n = w.n;
    struct es_out o = es_web_page(q, out);
    es_page_review(&o, &v);
    return ES_OK;
}

static enum es_code decide(const struct es_req *q, struct es_resp *out,
                           bool accept, struct es_err *e)
{
    struct es_receipt r;
    int64_t run;
    if (!es_req_i64(q, "run", 1, INT64_MAX, &run))
        return es_web_fail(q, out, 404, "");
    struct es_field_errors fe = { 0 };
    struct es_reviewing in = { .initiative = es_web_who(q)->here.id,
                               .run = run,
                               .account = es_web_who(q)->account.id,
                               .act =
                                   accept ? ES_REVIEW_ACCEPT : ES_REVIEW_REFUSE,
                               .reason = "other",
                               .words = es_req_form(q, "reason"),
                               .seen = -1 };
    enum es_code rc =
        es_runs_review(es_web_of(q)->app, &in, es_req_arena(q), &r, &fe, e);
    if (rc == ES_EINVAL)
        return es_web_fail(
            q, out, 422,
            es_t(es_web_lang(q, NULL), ES_T("Please give a reason.")));
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_ECONFLICT)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("This run has been decided or withdrawn "
                                     "meanwhile.")));
    return rc == ES_OK
               ? es_resp_redirect(
                     out,
                     es_web_keep_lang(q, accept ? "/organise?done=accepted"
                                                : "/organise?done=refused"))
               : rc;
}

/* POST /organise/{slug}/{run}/accept */
static enum es_code accept_run(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    return decide(q, out, true, e);
}

/* POST /organise/{slug}/{run}/refuse */
static enum es_code refuse_run(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    return decide(q, out, false, e);
}

/* POST /organise/sign-out */
static enum es_code sign_out(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const char *secret = es_web_cookie(q, ES_COOKIE_ORGANISER);
    enum es_code rc = es_credential_revoke(es_web_of(q)->app, secret, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    es_web_set_cookie(q, out, ES_COOKIE_ORGANISER, NULL, 0);
    return es_resp_redirect(out, es_web_keep_lang(q, "/"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/setup/{secret}", ES_BODY_NONE, ES_WEB_PAGE, setup },
    { ES_POST, "/setup/{secret}", ES_BODY_FORM, ES_WEB_FORM, setup_use },
    { ES_GET, "/organise", ES_BODY_NONE, ES_WEB_PAGE, organise },
    { ES_POST, "/organise/{slug}/{run}/accept", ES_BODY_FORM, ES_WEB_FORM,
      accept_run },
    { ES_POST, "/organise/{slug}/{run}/refuse", ES_BODY_FORM, ES_WEB_FORM,
      refuse_run },
    { ES_POST, "/organise/sign-out", ES_BODY_FORM, ES_WEB_FORM, sign_out },
};
const struct es_routes ES_ROUTES_ORGANISE = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
