/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/passkey.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#include <string.h>

enum { ASK_MAX = 32u << 10 };

/* ---- where ---- */

/* A browser that came by the number of this machine has no passkeys under it;
 * by its name it has. */
static bool by_number(const struct es_req *q)
{
    const char *host = es_req_header(q, "Host");
    return host && (*host == '[' || (*host >= '0' && *host <= '9'));
}

struct es_view_ask es_web_ask_view(const struct es_req *q, struct es_url action,
                                   struct es_url ask)
{
    struct es_arena *a = es_req_arena(q);
    struct es_rp rp;
    struct es_view_ask v = {
        .then = "", .action = action, .ask = ask, .there_text = "", .name = ""
    };
    if (!es_rp_of(es_web_of(q)->origin, &rp)) {
        v.where = ES_VIEW_PASSKEYS_NONE;
    } else if (by_number(q) && es_url_is(action)) {
        v.where = ES_VIEW_PASSKEYS_THERE;
        v.there = es_url_absolute(
            a, rp.origin, es_url_fixed(es_web_keep_lang(q, action.checked)));
        v.there_text = es_url_is(v.there) ? v.there.checked : "";
    }
    return v;
}

/* ---- asking ---- */

static struct es_bytes subject_of(const struct es_passkey_owner *o,
                                  struct es_arena *a)
{
    uint8_t *handle = o ? es_arena_alloc(a, ES_PASSKEY_HANDLE) : NULL;
    if (!handle)
        return (struct es_bytes){ 0 };
    es_passkey_handle(*o, handle);
    return (struct es_bytes){ handle, ES_PASSKEY_HANDLE };
}

bool es_web_ask_check(const struct es_req *q, const struct es_web_ask *ask,
                      struct es_passkey_check *out)
{
    struct es_arena *a = es_req_arena(q);
    struct es_web *w = es_web_of(q);
    struct es_rp *rp = es_arena_alloc(a, sizeof *rp);
    const char *browser = es_web_cookie(q, ES_COOKIE_CSRF);
    if (!rp || !es_rp_of(w->origin, rp))
        return false;
    *out = (struct es_passkey_check){
        .rp = rp,
        .challenges = w->challenges,
        .of = { ask->what, browser ? browser : "", subject_of(ask->owner, a) },
        .now_ms = es_time_mono_ms(),
        .verified = ask->verified,
    };
    return true;
}

/* The ids that the owner has. */
static enum es_code ids_of(const struct es_req *q,
                           const struct es_passkey_owner *o,
                           struct es_bytes **out, size_t *n, struct es_err *e)
{
    struct es_passkey *v;
    struct es_arena *a = es_req_arena(q);
    *out = NULL;
    *n = 0;
    if (!o)
        return ES_OK;
    enum es_code rc = es_store_passkeys_of(es_web_of(q)->app->store,
                                           o->initiative, o->id, a, &v, n, e);
    if (rc != ES_OK || *n == 0)
        return rc;
    *out = es_arena_array(a, *n, sizeof **out);
    if (!*out)
        return es_fail(e, ES_ENOMEM, 0, "ids");
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = v[i].id;
    return ES_OK;
}

enum es_code es_web_ask_json(const struct es_req *q, struct es_resp *out,
                             const struct es_web_ask *ask, const char *name,
                             struct es_err *e)
{
    struct es_passkey_check c;
    struct es_bytes *ids;
    struct es_buf b;
    uint8_t challenge[ES_CHALLENGE];
    size_t n;
    if (!es_web_ask_check(q, ask, &c))
        return es_web_problem(out, 503, "no_passkeys",
                              "Passkeys can't be used at this address.");
    enum es_code rc = ids_of(q, ask->owner, &ids, &n, e);
    if (rc != ES_OK)
        return rc;
    es_challenge_make(c.challenges, &c.of, c.now_ms, challenge);
    struct es_passkey_ask asked = { c.rp, challenge, c.verified, ids, n };
    es_buf_init(&b, ASK_MAX);
    if (ask->what == ES_CHALLENGE_REGISTER)
        es_passkey_ask_new(&b, &asked, *ask->owner, c.rp->id, name);
    else
        es_passkey_ask_old(&b, &asked);
    es_resp_type(out, "application/json");
    es_buf_add(es_resp_body(out), b.p, b.n);
    rc = b.bad ? es_fail(e, ES_ENOMEM, 0, "what to ask") : ES_OK;
    es_buf_release(&b);
    return rc;
}

struct es_passkey_text es_web_ask_text(const struct es_req *q)
{
    return (struct es_passkey_text){
        .id = es_web_given(q, "id"),
        .client_data = es_web_given(q, "client_data"),
        .attestation = es_web_given(q, "attestation"),
        .auth_data = es_web_given(q, "auth_data"),
        .signature = es_web_given(q, "signature"),
        .handle = es_web_given(q, "user_handle"),
    };
}

/* Beside another form's fields. */
static struct es_passkey_text shown_text(const struct es_req *q)
{
    return (struct es_passkey_text){
        .id = es_web_given(q, "fresh_id"),
        .client_data = es_web_given(q, "fresh_client_data"),
        .attestation = "",
        .auth_data = es_web_given(q, "fresh_auth_data"),
        .signature = es_web_given(q, "fresh_signature"),
        .handle = es_web_given(q, "fresh_user_handle"),
    };
}

enum es_code es_web_ask_answer(const struct es_req *q,
                               const struct es_web_ask *ask, bool staff,
                               struct es_passkey *out, struct es_err *e)
{
    struct es_passkey_check check;
    enum es_passkey_fault fault;
    struct es_passkey_text text =
        ask->what == ES_CHALLENGE_CONFIRM ? shown_text(q) : es_web_ask_text(q);
    struct es_passkey_answer in = { &check, &text };
    if (!es_web_ask_check(q, ask, &check))
        return es_fail(e, ES_EDENIED, 0, "no passkeys here");
    enum es_code rc = es_passkey_enter(es_web_of(q)->app, &in, es_req_arena(q),
                                       out, &fault, e);
    if (rc == ES_EDENIED)
        es_log(ES_LOG_INFO, "auth.passkey_refused", "%s",
               es_passkey_fault_name(fault));
    if (rc == ES_OK && (out->initiative == 0) != staff)
        rc = es_fail(e, ES_EDENIED, 0, "of another kind");
    return rc;
}

/* ---- in words ---- */

const char *es_web_passkey_refused(const struct es_req *q)
{
    return es_t(es_web_lang(q, NULL),
                ES_T("This passkey opens nothing here: it may have been "
                     "removed, or the page stood open for too long. Try "
                     "again, or take another way."));
}

const char *es_web_code_refused(const struct es_req *q)
{
    return es_t(es_web_lang(q, NULL),
                ES_T("This code isn't right, or was used before. Look for a "
                     "slip, or take another one."));
}

/* ---- where it goes on ---- */

const char *es_web_then(const char *text, const char *other)
{
    static const char *const HOMES[] = { "/organise", "/operate" };
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyz0123456789-/";
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > ES_URL_MAX || strspn(text, PLAIN) != n ||
        strstr(text, "//"))
        return other;
    for (size_t i = 0; i < sizeof HOMES / sizeof *HOMES; i++) {
        size_t m = strlen(HOMES[i]);
        if (strncmp(text, HOMES[i], m) == 0 && (!text[m] || text[m] == '/'))
            return text;
    }
    return other;
}
