/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is it you? What can't be undone asks once more who is there, in the request
 * that does it: the page that asks carries what was entered, and the answer
 * comes back with it. Nothing of it is kept here meanwhile, so nothing is lost,
 * lies about, or is done for somebody who has signed in since. */
#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "web/pages.h"
#include "web/passkey.h"

#include <inttypes.h>
#include <string.h>

bool es_web_fresh(const struct es_req *q)
{
    return es_session_fresh(&es_web_who(q)->staff_session, es_time_now_ms());
}

static struct es_passkey_owner me_of(const struct es_req *q)
{
    return (struct es_passkey_owner){ 0, es_web_who(q)->account.id };
}

/* ---- the page ---- */

/* Whether a page stands at that path. */
static bool is_page(const char *path)
{
    const struct es_access *acc;
    for (size_t i = 0; (acc = es_access_at(i)); i++) {
        const char *p = path, *w = acc->pattern;
        while (acc->method == ES_GET && *p && *w && (*p == *w || *w == '{')) {
            bool any = *w == '{';
            p += any ? strcspn(p, "/") : 1;
            w += any ? strcspn(w, "/") : 1;
        }
        if (acc->method == ES_GET && !*p && !*w)
            return true;
    }
    return false;
}

/* The page of this form: it, or the nearest above: /operate for
 * /operate/e/x/suspend. */
static const char *page_of(const struct es_req *q)
{
    char *path = es_arena_str(es_req_arena(q), es_req_path(q));
    for (char *end; path && !is_page(path);) {
        end = strrchr(path, '/');
        if (!end || end == path)
            return "/organise";
        *end = '\0';
    }
    return es_web_then(path, "/organise");
}

/* What was entered, but for what this page adds; false: too much of it to
 * come back with an answer. */
static bool keep(const struct es_req *q, struct es_view_kept *out)
{
    const char *name;
    const char *value;
    size_t n = 0;
    size_t size = 0;
    for (size_t i = 0; es_req_form_at(q, i, &name, &value); i++)
        n++;
    struct es_view_kept_field *rows =
        es_arena_array(es_req_arena(q), n + 1, sizeof *rows);
    for (size_t i = 0; rows && es_req_form_at(q, i, &name, &value); i++) {
        if (strcmp(name, "csrf") == 0 || es_access_shows(name))
            continue;
        /* at worst each byte is sent as %XX */
        size += 3 * (strlen(name) + strlen(value)) + 2;
        rows[out->n++] = (struct es_view_kept_field){ name, value };
    }
    out->rows = rows;
    return rows && size <= ES_FORM_MAX - ES_SHOWN_MAX;
}

/* The form's own address, to come back to. */
static bool own_url(const struct es_req *q, struct es_url *out)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyz0123456789-/";
    const char *path = es_req_path(q);
    if (strspn(path, PLAIN) != strlen(path) || strstr(path, "//"))
        return false;
    *out = es_url_fixed(path);
    return true;
}

static enum es_code load_ways(const struct es_req *q, struct es_view_confirm *v,
                              struct es_err *e)
{
    struct es_passkey *own;
    struct es_recovery_state codes;
    struct es_arena *a = es_req_arena(q);
    struct es_app *app = es_web_of(q)->app;
    int64_t id = me_of(q).id;
    size_t n;
    enum es_code rc = es_store_passkeys_of(app->store, 0, id, a, &own, &n, e);
    if (rc == ES_OK)
        rc = es_recovery_state_of(app, id, a, &codes, e);
    if (rc == ES_OK) {
        v->has = n > 0;
        v->has_codes = codes.left > 0;
    }
    return rc;
}

/* What was wrong with what they showed; both NULL: nothing. */
struct wrong {
    const char *passkey, *code;
};

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         int status, const struct wrong *wrong,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_kept kept = { .n = 0 };
    if (!own_url(q, &kept.action))
        return es_web_fail(q, out, 404, "");
    if (!keep(q, &kept))
        return es_web_fail(q, out, 413, "");
    const char *who = es_arena_fmt(a, "%" PRId64, me_of(q).id);
    kept.who = who ? who : "";
    struct es_view_confirm v = {
        .frame = es_web_frame(q, NULL),
        .back = es_url_fixed(page_of(q)),
        .ask = es_web_ask_view(q, kept.action,
                               es_url_fixed("/organise/confirm/ask")),
        .kept = kept,
        .code = { wrong->code ? es_web_given(q, "fresh_code") : "",
                  wrong->code },
    };
    enum es_code rc = load_ways(q, &v, e);
    if (rc != ES_OK)
        return rc;
    v.ask.error = wrong->passkey;
    v.ask.kept = &v.kept;
    /* by another address they have to begin where they began here */
    if (v.ask.where == ES_VIEW_PASSKEYS_THERE)
        v.ask = es_web_ask_view(q, v.back, v.back);
    v.frame.here = v.back;
    v.frame.resend = kept.action;
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_confirm(&o, &v);
    return ES_OK;
}

/* POST /organise/confirm/ask */
static enum es_code ask(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct es_passkey_owner me = me_of(q);
    struct es_web_ask asked = { ES_CHALLENGE_CONFIRM, &me, true };
    return es_web_ask_json(q, out, &asked, "", e);
}

/* ---- what they show ---- */

static enum es_code by_passkey(const struct es_req *q, struct es_err *e)
{
    struct es_passkey k;
    struct es_passkey_owner me = me_of(q);
    struct es_web_ask asked = { ES_CHALLENGE_CONFIRM, &me, true };
    enum es_code rc = es_web_ask_answer(q, &asked, true, &k, e);
    return rc == ES_OK && k.subject != me.id
               ? es_fail(e, ES_EDENIED, 0, "another person's")
               : rc;
}

static enum es_code by_code(const struct es_req *q, struct es_err *e)
{
    int64_t id = me_of(q).id;
    enum es_code rc = es_recovery_show(es_web_of(q)->app, id,
                                       es_web_given(q, "fresh_code"), e);
    if (rc == ES_OK)
        es_log(ES_LOG_WARN, "auth.recovery_used", "account %" PRId64, id);
    return rc;
}

static unsigned wait_of(const struct es_req *q, enum es_limited what)
{
    return es_limit_take(es_web_of(q)->app->limits, what, es_web_peer_number(q),
                         es_time_mono_ms());
}

/* The session goes on under another secret; and this request with it. */
static enum es_code renew(const struct es_req *q, struct es_resp *out,
                          enum es_signed_by by, struct es_err *e)
{
    char secret[ES_SECRET_TEXT];
    struct es_who *who = es_req_user(q);
    struct es_credential *c = &who->staff_session;
    enum es_code rc = es_session_renew(es_web_of(q)->app, c, by, secret, e);
    if (rc != ES_OK)
        return rc;
    es_web_set_cookie(q, out, ES_COOKIE_ORGANISER, secret,
                      ES_STAFF_SESSION_MS / 1000);
    c->fresh_ms = es_time_now_ms();
    c->fresh_by = by;
    who->staff_secret = es_arena_str(es_req_arena(q), secret);
    return who->staff_secret && es_secret_hash(es_bytes_str(secret), c->hash)
               ? ES_OK
               : es_fail(e, ES_ENOMEM, 0, "secret");
}

static enum es_code passkey_shown(const struct es_req *q, struct es_resp *out,
                                  bool *answered, struct es_err *e)
{
    enum es_code rc = by_passkey(q, e);
    *answered = rc == ES_EDENIED;
    if (rc == ES_OK)
        rc = renew(q, out, ES_BY_PASSKEY, e);
    if (!*answered)
        return rc;
    unsigned wait_s = wait_of(q, ES_LIMIT_GUESS);
    struct wrong w = { .passkey = wait_s ? es_web_later(q, out, wait_s)
                                         : es_web_passkey_refused(q) };
    return show(q, out, wait_s ? 429 : 403, &w, e);
}

static enum es_code code_shown(const struct es_req *q, struct es_resp *out,
                               bool *answered, struct es_err *e)
{
    struct wrong w = { NULL, NULL };
    unsigned wait_s = wait_of(q, ES_LIMIT_RECOVER);
    *answered = true;
    if (wait_s) {
        w.code = es_web_later(q, out, wait_s);
        return show(q, out, 429, &w, e);
    }
    enum es_code rc = by_code(q, e);
    if (rc == ES_EDENIED) {
        w.code = es_web_code_refused(q);
        return show(q, out, 403, &w, e);
    }
    *answered = false;
    return rc == ES_OK ? renew(q, out, ES_BY_RECOVERY, e) : rc;
}

enum es_code es_web_is_it_you(const struct es_req *q, struct es_resp *out,
                              bool *answered, struct es_err *e)
{
    static const struct wrong NOTHING;
    int64_t id;
    const char *who = es_web_given(q, "fresh_who");
    *answered = true;
    if (*who && (!es_num_i64(es_bytes_str(who), 1, INT64_MAX, &id) ||
                 id != me_of(q).id))
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL), ES_T("Somebody else has signed in here "
                                            "meanwhile. Nothing was done.")));
    if (*es_web_given(q, "fresh_look")) /* the same page, in other words */
        return show(q, out, 403, &NOTHING, e);
    *answered = false;
    if (es_web_fresh(q))
        return ES_OK;
    if (*es_web_given(q, "fresh_client_data"))
        return passkey_shown(q, out, answered, e);
    if (*es_web_given(q, "fresh_code"))
        return code_shown(q, out, answered, e);
    *answered = true;
    return show(q, out, 403, &NOTHING, e);
}

static const struct es_route ROUTES[] = {
    { ES_POST, "/organise/confirm/ask", ES_BODY_FORM, ES_WEB_FORM, ask },
};
const struct es_routes ES_ROUTES_CONFIRM = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
