/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser: one-time set-up link, and the page to begin at. */
#include "initiative/making.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

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

/* ---- the first page ---- */

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
    struct es_view_listed *listed;
    struct es_view_review v = {
        .frame = es_web_frame(q, NULL),
        .sign_out = es_url_fixed("/organise/sign-out"),
        .sessions = es_url_fixed("/organise/sessions"),
        .name = es_web_who(q)->account.name,
    };
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    int64_t left = 0;
    if (es_web_may(q, ES_MAY_OPERATE, 0))
        v.operate = es_url_fixed("/operate");
    enum es_code rc = es_web_listed(q, true, &listed, &v.n_initiatives, e);
    if (rc == ES_OK)
        rc = has_no_passkey(q, &v.no_passkey, e);
    if (rc == ES_OK)
        rc = es_making_left(es_web_of(q)->app, es_web_who(q)->account.id,
                            es_req_arena(q), &left, e);
    if (rc != ES_OK)
        return rc;
    if (left > 0)
        v.make = es_url_fixed("/organise/new");
    v.initiatives = listed;
    if (es_web_may(q, ES_MAY_OPERATE, 0))
        v.reports = es_url_fixed("/operate/reports");
    struct es_out o = es_web_page(q, out);
    es_page_review(&o, &v);
    return ES_OK;
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
    { ES_POST, "/organise/sign-out", ES_BODY_FORM, ES_WEB_FORM, sign_out },
};
const struct es_routes ES_ROUTES_ORGANISE = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
