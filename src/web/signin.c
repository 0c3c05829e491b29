/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coming in: people of staff by passkey or recovery code, participants by
 * passkey. */
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "web/pages.h"
#include "web/passkey.h"

#include <inttypes.h>

static const struct es_web_ask STAFF = { ES_CHALLENGE_SIGN_IN, NULL, true };
static const struct es_web_ask PERSON = { ES_CHALLENGE_SIGN_IN, NULL, false };

/* Whoever is wrong too often from one address waits; 0: not yet. */
static unsigned wrong(const struct es_req *q)
{
    return es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                         es_web_peer_number(q), es_time_mono_ms());
}

/* ---- staff ---- */

static enum es_code show_sign_in(const struct es_req *q, struct es_resp *out,
                                 int status, const char *passkey_error,
                                 const char *code_error)
{
    struct es_view_sign_in v = {
        .frame = es_web_frame(q, NULL),
        .ask = es_web_ask_view(q, es_url_fixed("/organise/sign-in"),
                               es_url_fixed("/organise/sign-in/ask")),
        .recover = es_url_fixed("/organise/recover"),
        .code = { code_error ? es_web_given(q, "code") : "", code_error },
    };
    v.frame.here = es_url_fixed("/organise/sign-in");
    v.ask.error = passkey_error;
    v.ask.then =
        es_web_then(es_req_method(q) == ES_POST ? es_web_given(q, "then")
                                                : es_req_query(q, "then"),
                    "");
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_sign_in(&o, &v);
    return ES_OK;
}

/* GET /organise/sign-in, with ?then= a page of ours */
static enum es_code sign_in(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    (void)e;
    return show_sign_in(q, out, 200, NULL, NULL);
}

/* POST /organise/sign-in/ask */
static enum es_code sign_in_ask(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    return es_web_ask_json(q, out, &STAFF, "", e);
}

/* Whether a code was used since this account last came in by a passkey. */
static enum es_code news_of(const struct es_req *q, const struct es_passkey *k,
                            bool *news, struct es_err *e)
{
    struct es_recovery_state s;
    struct es_passkey *v;
    size_t n;
    struct es_arena *a = es_req_arena(q);
    struct es_app *app = es_web_of(q)->app;
    int64_t last_ms = k->used_ms; /* as it was before */
    enum es_code rc = es_recovery_state_of(app, k->subject, a, &s, e);
    if (rc == ES_OK)
        rc = es_store_passkeys_of(app->store, 0, k->subject, a, &v, &n, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (!es_bytes_eq(v[i].id, k->id) && v[i].used_ms > last_ms)
            last_ms = v[i].used_ms;
    *news = s.used_ms > last_ms;
    return ES_OK;
}

/* POST /organise/sign-in */
static enum es_code sign_in_post(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_passkey k;
    bool news = false;
    enum es_code rc = es_web_ask_answer(q, &STAFF, true, &k, e);
    if (rc == ES_EDENIED) {
        unsigned wait_s = wrong(q);
        return wait_s
                   ? show_sign_in(q, out, 429, es_web_later(q, out, wait_s),
                                  NULL)
                   : show_sign_in(q, out, 403, es_web_passkey_refused(q), NULL);
    }
    if (rc == ES_OK)
        rc = news_of(q, &k, &news, e);
    if (rc == ES_OK)
        rc = es_web_sign_in(
            q, out, &(struct es_web_signing){ 0, k.subject, ES_BY_PASSKEY }, e);
    if (rc != ES_OK)
        return rc;
    const char *then = es_web_then(es_web_given(q, "then"), "/organise");
    return es_resp_redirect(
        out, es_web_keep_lang(q, news ? "/organise/passkeys" : then));
}

/* POST /organise/recover: a code is tried five times and then waited for,
 * whoever's it is; a passkey goes on working. */
static enum es_code recover(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    int64_t account;
    struct es_app *app = es_web_of(q)->app;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_RECOVER,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return show_sign_in(q, out, 429, NULL, es_web_later(q, out, wait_s));
    enum es_code rc =
        es_recovery_enter(app, es_web_given(q, "code"), &account, e);
    if (rc == ES_EDENIED)
        return show_sign_in(q, out, 403, NULL, es_web_code_refused(q));
    if (rc != ES_OK)
        return rc;
    es_log(ES_LOG_WARN, "auth.recovery_used", "account %" PRId64, account);
    rc = es_web_sign_in(
        q, out, &(struct es_web_signing){ 0, account, ES_BY_RECOVERY }, e);
    return rc == ES_OK ? es_resp_redirect(
                             out, es_web_keep_lang(q, "/organise/passkeys"))
                       : rc;
}

/* ---- participants ---- */

/* The path of the page: an initiative's, or anybody's. */
static struct es_url enter_url(const struct es_req *q, const char *more)
{
    const char *slug = es_req_param(q, "slug");
    const char *path =
        slug ? NULL : es_arena_fmt(es_req_arena(q), "/me/sign-in%s", more);
    if (path)
        return es_url_fixed(path);
    return *more ? es_url_path(es_req_arena(q), "/e/%s/sign-in/ask", slug)
                 : es_url_path(es_req_arena(q), "/e/%s/sign-in", slug);
}

static enum es_code show_enter(const struct es_req *q, struct es_resp *out,
                               const char *error, struct es_err *e)
{
    struct es_initiative ini;
    bool of_slug = es_req_param(q, "slug") != NULL;
    enum es_code rc = of_slug ? es_web_initiative(q, &ini, e) : ES_OK;
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_sign_in_me v = {
        .frame = es_web_frame(q, of_slug ? &ini : NULL),
        .ask = es_web_ask_view(q, enter_url(q, ""), enter_url(q, "/ask")),
    };
    v.frame.here = enter_url(q, "");
    v.ask.error = error;
    if (error)
        es_resp_status(out, 403);
    struct es_out o = es_web_page(q, out);
    es_page_sign_in_me(&o, &v);
    return ES_OK;
}

/* GET /e/{slug}/sign-in and /me/sign-in */
static enum es_code enter(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    return show_enter(q, out, NULL, e);
}

/* POST .../ask */
static enum es_code enter_ask(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    return es_web_ask_json(q, out, &PERSON, "", e);
}

/* POST: the passkey says whose page it opens, of whichever
 * initiative. */
static enum es_code enter_post(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_passkey k;
    enum es_code rc = es_web_ask_answer(q, &PERSON, false, &k, e);
    if (rc == ES_EDENIED) {
        unsigned wait_s = wrong(q);
        return wait_s ? es_web_too_often(q, out, wait_s)
                      : show_enter(q, out, es_web_passkey_refused(q), e);
    }
    if (rc == ES_OK)
        rc = es_web_sign_in(
            q, out,
            &(struct es_web_signing){ k.initiative, k.subject, ES_BY_PASSKEY },
            e);
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, "/me")) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/sign-in", ES_BODY_NONE, ES_WEB_PAGE, sign_in },
    { ES_POST, "/organise/sign-in", ES_BODY_FORM, ES_WEB_FORM, sign_in_post },
    { ES_POST, "/organise/sign-in/ask", ES_BODY_FORM, ES_WEB_FORM,
      sign_in_ask },
    { ES_POST, "/organise/recover", ES_BODY_FORM, ES_WEB_FORM, recover },
    { ES_GET, "/me/sign-in", ES_BODY_NONE, ES_WEB_PAGE, enter },
    { ES_POST, "/me/sign-in", ES_BODY_FORM, ES_WEB_FORM, enter_post },
    { ES_POST, "/me/sign-in/ask", ES_BODY_FORM, ES_WEB_FORM, enter_ask },
    { ES_GET, "/e/{slug}/sign-in", ES_BODY_NONE, ES_WEB_PAGE, enter },
    { ES_POST, "/e/{slug}/sign-in", ES_BODY_FORM, ES_WEB_FORM, enter_post },
    { ES_POST, "/e/{slug}/sign-in/ask", ES_BODY_FORM, ES_WEB_FORM, enter_ask },
};
const struct es_routes ES_ROUTES_SIGNIN = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
