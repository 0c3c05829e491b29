/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How one signs in: one's passkeys and recovery codes. */
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "web/pages.h"
#include "web/passkey.h"

#include <string.h>

/* Whose passkeys a page is about: the same pages for staff and participants,
 * at two addresses. */
struct mine {
    bool staff;
    struct es_passkey_owner owner;
    const char *name, *zone;
    const char *page;
    struct es_url self, ask, remove, rename, back;
};

static struct mine mine_of(const struct es_req *q)
{
    const struct es_who *who = es_web_who(q);
    const struct es_route *r = es_req_route(q);
    if (es_access_of(r->method, r->pattern)->may == ES_MAY_STAFF)
        return (struct mine){
            .staff = true,
            .owner = { 0, who->account.id },
            .name = who->account.name,
            .zone = "UTC",
            .page = "/organise/passkeys",
            .self = es_url_fixed("/organise/passkeys"),
            .ask = es_url_fixed("/organise/passkeys/ask"),
            .remove = es_url_fixed("/organise/passkeys/remove"),
            .rename = es_url_fixed("/organise/passkeys/rename"),
            .back = es_url_fixed("/organise"),
        };
    return (struct mine){
        .owner = { who->p.initiative, who->p.id },
        .name = who->p.display_name,
        .zone = who->ini.zone,
        .page = "/me/passkeys",
        .self = es_url_fixed("/me/passkeys"),
        .ask = es_url_fixed("/me/passkeys/ask"),
        .remove = es_url_fixed("/me/passkeys/remove"),
        .rename = es_url_fixed("/me/passkeys/rename"),
        .back = es_url_fixed("/me"),
    };
}

/* Its id as the form sends it back; "" when out of memory. */
static const char *id_text(struct es_bytes id, struct es_arena *a)
{
    const char *text = es_passkey_id_text(id, a);
    return text ? text : "";
}

/* The name that its owner gave, cleaned as names are; NULL: it is none. */
static const char *name_given(const struct es_req *q)
{
    struct es_buf b;
    const char *name = NULL;
    es_buf_init(&b, ES_FORM_MAX * 3);
    if (es_text_name(&b, es_bytes_str(es_web_given(q, "name"))) &&
        es_text_visible(es_buf_bytes(&b)) &&
        es_utf8_count(es_buf_bytes(&b)) <= ES_NAME_MAX)
        name = es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    return name;
}

static const char *name_of(const struct es_req *q)
{
    const char *name = name_given(q);
    return name ? name : es_web_browser(q);
}

/* What was wrong with the form that came; NULL: nothing. */
struct wrong {
    const char *add, *remove, *rename;
};

/* A row; what was entered as another name stays where it was. */
static struct es_view_passkey row(const struct es_req *q, size_t i,
                                  const struct es_passkey *k,
                                  const struct wrong *w)
{
    struct es_arena *a = es_req_arena(q);
    const char *field = es_arena_fmt(a, "called-%zu", i);
    struct es_view_passkey v = {
        .id = id_text(k->id, a),
        .name = k->name,
        .created_ms = k->created_ms,
        .used_ms = k->used_ms ? k->used_ms : ES_NO_TIME,
        .shared = k->backed_up,
        .field = field ? field : "",
        .other = { k->name, NULL },
    };
    if (w->rename && strcmp(v.id, es_web_given(q, "id")) == 0)
        v.other = (struct es_view_field){ es_web_given(q, "name"), w->rename };
    return v;
}

static enum es_code load(const struct es_req *q, const struct mine *m,
                         const struct wrong *w, struct es_view_passkeys_page *v,
                         struct es_err *e)
{
    struct es_passkey *own;
    struct es_recovery_state codes = { 0 };
    struct es_arena *a = es_req_arena(q);
    struct es_app *app = es_web_of(q)->app;
    enum es_code rc = es_store_passkeys_of(app->store, m->owner.initiative,
                                           m->owner.id, a, &own, &v->n, e);
    if (rc == ES_OK && m->staff)
        rc = es_recovery_state_of(app, m->owner.id, a, &codes, e);
    struct es_view_passkey *rows =
        rc == ES_OK ? es_arena_array(a, v->n + 1, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "passkeys");
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < v->n; i++)
        rows[i] = row(q, i, &own[i], w);
    v->rows = rows;
    v->full = v->n >= ES_PASSKEYS_MAX;
    v->codes_left = (int64_t)codes.left;
    v->code_used_ms = codes.used_ms ? codes.used_ms : ES_NO_TIME;
    return ES_OK;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct mine *m, const struct wrong *w,
                         struct es_err *e)
{
    struct es_view_passkeys_page v = {
        .frame = es_web_frame(q, NULL),
        .staff = m->staff,
        .zone = m->zone,
        .ask = es_web_ask_view(q, m->self, m->ask),
        .remove = m->remove,
        .rename = m->rename,
        .remove_error = w->remove,
        .codes = es_url_fixed("/organise/codes"),
        .back = m->back,
    };
    enum es_code rc = load(q, m, w, &v, e);
    if (rc != ES_OK)
        return rc;
    v.frame.here = m->self;
    v.ask.make = true;
    v.ask.named = true;
    v.ask.name = w->add ? es_web_given(q, "name") : es_web_browser(q);
    v.ask.error = w->add;
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    es_resp_status(out, w->add || w->remove || w->rename ? 422 : 200);
    struct es_out o = es_web_page(q, out);
    es_page_passkeys(&o, &v);
    return ES_OK;
}

/* Another way in lasts longer than a session: whoever adds or takes away one
 * shows that it is them, unless they have none yet to show it with. */
static enum es_code is_it_them(const struct es_req *q, struct es_resp *out,
                               const struct mine *m, bool *answered,
                               struct es_err *e)
{
    struct es_passkey *own;
    size_t n = 0;
    *answered = false;
    if (!m->staff)
        return ES_OK;
    enum es_code rc = es_store_passkeys_of(
        es_web_of(q)->app->store, 0, m->owner.id, es_req_arena(q), &own, &n, e);
    return rc == ES_OK && n > 0 ? es_web_is_it_you(q, out, answered, e) : rc;
}

static enum es_code done(const struct es_req *q, struct es_resp *out,
                         const struct mine *m, const char *what)
{
    const char *to = es_arena_fmt(es_req_arena(q), "%s?done=%s", m->page, what);
    return es_resp_redirect(out, es_web_keep_lang(q, to ? to : m->page));
}

/* ---- adding ---- */

/* POST /organise/passkeys/ask, /me/passkeys/ask */
static enum es_code ask_new(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct mine m = mine_of(q);
    struct es_web_ask ask = { ES_CHALLENGE_REGISTER, &m.owner, m.staff };
    return es_web_ask_json(q, out, &ask, m.name, e);
}

static const char *why_not(const struct es_req *q, enum es_code rc)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    if (rc == ES_EEXIST)
        return es_t(l, ES_T("This passkey is known here already. You can sign "
                            "in with it."));
    if (rc == ES_ETOOLARGE)
        return es_t(l, ES_T("You have as many passkeys as one can have. Remove "
                            "one before you make another."));
    return es_t(l, ES_T("The passkey was not kept: the page stood open for too "
                        "long, or the device did not make sure that it is "
                        "you. Try again."));
}

/* POST /organise/passkeys, /me/passkeys */
static enum es_code add(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct mine m = mine_of(q);
    struct es_web_ask ask = { ES_CHALLENGE_REGISTER, &m.owner, m.staff };
    struct es_passkey_check check;
    struct es_passkey_text text = es_web_ask_text(q);
    struct es_passkey_answer in = { &check, &text };
    enum es_passkey_fault fault = ES_PASSKEY_OK;
    bool answered;
    enum es_code rc = is_it_them(q, out, &m, &answered, e);
    if (rc != ES_OK || answered)
        return rc;
    if (!es_web_ask_check(q, &ask, &check))
        return es_web_fail(q, out, 503, "");
    rc = es_passkey_enrol(es_web_of(q)->app, &in, m.owner, name_of(q),
                          es_req_arena(q), &fault, e);
    if (rc == ES_EDENIED)
        es_log(ES_LOG_INFO, "auth.passkey_refused", "%s",
               es_passkey_fault_name(fault));
    if (rc == ES_EDENIED || rc == ES_EEXIST || rc == ES_ETOOLARGE)
        return show(q, out, &m, &(struct wrong){ .add = why_not(q, rc) }, e);
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, m.page))
                       : rc;
}

/* ---- removing ---- */

/* POST /organise/passkeys/remove, /me/passkeys/remove */
static enum es_code take_away(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct mine m = mine_of(q);
    struct es_bytes id;
    bool answered;
    enum es_code rc = is_it_them(q, out, &m, &answered, e);
    if (rc != ES_OK || answered)
        return rc;
    if (!es_passkey_id(es_web_given(q, "id"), es_req_arena(q), &id))
        return es_web_fail(q, out, 404, "");
    rc = es_passkey_remove(es_web_of(q)->app, m.owner, id, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_ECONFLICT)
        return show(
            q, out, &m,
            &(struct wrong){
                .remove = es_t(es_web_lang(q, NULL),
                               ES_T("This is your only way in. Make another "
                                    "passkey, or recovery codes, before you "
                                    "remove it.")) },
            e);
    /* who lost a device doesn't want it signed in, either */
    if (rc == ES_OK)
        rc = es_session_end(es_web_of(q)->app,
                            m.staff ? &es_web_who(q)->staff_session
                                    : &es_web_who(q)->session,
                            0, e);
    return rc == ES_OK ? done(q, out, &m, "passkey_removed") : rc;
}

/* POST /organise/passkeys/rename, /me/passkeys/rename */
static enum es_code call_it(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct mine m = mine_of(q);
    struct es_bytes id;
    const char *name = name_given(q);
    if (!es_passkey_id(es_web_given(q, "id"), es_req_arena(q), &id))
        return es_web_fail(q, out, 404, "");
    if (!name)
        return show(q, out, &m,
                    &(struct wrong){
                        .rename = es_t(es_web_lang(q, NULL),
                                       ES_T("Please give it a name of at most "
                                            "60 letters.")) },
                    e);
    enum es_code rc =
        es_passkey_rename(es_web_of(q)->app, m.owner, id, name, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? done(q, out, &m, "kept") : rc;
}

/* ---- recovery codes ---- */

/* POST /organise/codes: they stand in this one answer and nowhere else. */
static enum es_code codes(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct mine m = mine_of(q);
    char made[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    const char *rows[ES_RECOVERY_CODES];
    char text[ES_RECOVERY_CODES * ES_RECOVERY_TEXT + 1];
    size_t n = 0;
    bool answered;
    enum es_code rc = is_it_them(q, out, &m, &answered, e);
    if (rc != ES_OK || answered)
        return rc;
    rc = es_recovery_make(es_web_of(q)->app, m.owner.id, made, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < ES_RECOVERY_CODES; i++) {
        rows[i] = made[i];
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", made[i]);
    }
    struct es_view_codes v = {
        .frame = es_web_frame(q, NULL),
        .codes = rows,
        .n = ES_RECOVERY_CODES,
        .text = text,
        .back = m.self,
    };
    v.frame.here = m.self;
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_codes(&o, &v);
    return ES_OK;
}

/* ---- routes ---- */

/* GET /organise/passkeys, /me/passkeys */
static enum es_code look(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct mine m = mine_of(q);
    return show(q, out, &m, &(struct wrong){ NULL }, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/passkeys", ES_BODY_NONE, ES_WEB_PAGE, look },
    { ES_POST, "/organise/passkeys", ES_BODY_FORM, ES_WEB_FORM, add },
    { ES_POST, "/organise/passkeys/ask", ES_BODY_FORM, ES_WEB_FORM, ask_new },
    { ES_POST, "/organise/passkeys/remove", ES_BODY_FORM, ES_WEB_FORM,
      take_away },
    { ES_POST, "/organise/passkeys/rename", ES_BODY_FORM, ES_WEB_FORM,
      call_it },
    { ES_POST, "/organise/codes", ES_BODY_FORM, ES_WEB_FORM, codes },
    { ES_GET, "/me/passkeys", ES_BODY_NONE, ES_WEB_PAGE, look },
    { ES_POST, "/me/passkeys", ES_BODY_FORM, ES_WEB_FORM, add },
    { ES_POST, "/me/passkeys/ask", ES_BODY_FORM, ES_WEB_FORM, ask_new },
    { ES_POST, "/me/passkeys/remove", ES_BODY_FORM, ES_WEB_FORM, take_away },
    { ES_POST, "/me/passkeys/rename", ES_BODY_FORM, ES_WEB_FORM, call_it },
};
const struct es_routes ES_ROUTES_PASSKEYS = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
