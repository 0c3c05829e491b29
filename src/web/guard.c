/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who asks, and whether they may: before each handler. */
#include "base/limits.h"
#include "web/web_int.h"

#include <string.h>

static const struct {
    const char *secure, *plain;
} COOKIES[] = {
    [ES_COOKIE_CSRF] = { "__Host-es-form", "es-form" },
    [ES_COOKIE_PERSON] = { "__Host-es", "es" },
    [ES_COOKIE_ORGANISER] = { "__Host-es-organiser", "es-organiser" },
    [ES_COOKIE_JOINED] = { "__Host-es-joined", "es-joined" },
    [ES_COOKIE_UNITS] = { "__Host-es-units", "es-units" },
    [ES_COOKIE_BACK] = { "__Host-es-back", "es-back" },
};

static const struct es_who NOBODY;

struct es_web *es_web_of(const struct es_req *q)
{
    return es_req_cx(q);
}

const struct es_who *es_web_who(const struct es_req *q)
{
    const struct es_who *who = es_req_user(q);
    return who ? who : &NOBODY;
}

/* Browsers take Secure cookies from https and from their own machine; plain
 * names are left for --insecure alone. */
static const char *cookie_name(const struct es_req *q, enum es_web_cookie which)
{
    return es_web_of(q)->insecure ? COOKIES[which].plain
                                  : COOKIES[which].secure;
}

const char *es_web_cookie(const struct es_req *q, enum es_web_cookie which)
{
    return es_req_cookie(q, cookie_name(q, which));
}

void es_web_set_cookie(const struct es_req *q, struct es_resp *out,
                       enum es_web_cookie which, const char *value,
                       int64_t max_age_s)
{
    struct es_cookie c = {
        .name = cookie_name(q, which),
        .value = value ? value : "",
        .max_age_s = value ? max_age_s : 0,
        .insecure = es_web_of(q)->insecure,
    };
    es_resp_cookie(out, &c);
}

static enum es_code load_person(const struct es_req *q, struct es_who *who,
                                const struct es_credential *c, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    enum es_code rc = es_store_participant(app->store, c->initiative,
                                           c->subject, a, &who->p, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(app->store, c->initiative, a, &who->ini,
                                       e);
    who->person = rc == ES_OK && who->p.state != ES_PERSON_GONE;
    who->session = *c;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code load_account(const struct es_req *q, struct es_who *who,
                                 const struct es_credential *c,
                                 struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    enum es_code rc = es_store_account(store, c->subject, a, &who->account, e);
    if (rc == ES_OK && who->account.ended_ms)
        return ES_OK;
    if (rc == ES_OK)
        rc = es_store_roles_of(store, c->subject, a, &who->roles, &who->n_roles,
                               e);
    who->staff = rc == ES_OK;
    who->staff_session = *c;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code find_session(const struct es_req *q, struct es_who *who,
                                 struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_credential c;
    const char *secret = es_web_cookie(q, ES_COOKIE_PERSON);
    enum es_code rc = ES_OK;
    if (secret) {
        rc = es_session_find(app, secret, ES_CRED_SESSION, &c, e);
        rc = rc == ES_OK ? load_person(q, who, &c, e) : rc;
    }
    secret = es_web_cookie(q, ES_COOKIE_ORGANISER);
    if ((rc == ES_OK || rc == ES_ENOENT) && secret) {
        rc = es_session_find(app, secret, ES_CRED_ORGANISER, &c, e);
        rc = rc == ES_OK ? load_account(q, who, &c, e) : rc;
    }
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code sign_in(const struct es_req *q, struct es_resp *out,
                            const struct es_web_signing *in, int64_t fresh_ms,
                            struct es_err *e)
{
    char secret[ES_SECRET_TEXT];
    bool staff = in->initiative == 0;
    const char *renewed = staff ? es_web_who(q)->staff_secret : NULL;
    enum es_web_cookie cookie = staff ? ES_COOKIE_ORGANISER : ES_COOKIE_PERSON;
    struct es_session_ask ask = {
        .kind = staff ? ES_CRED_ORGANISER : ES_CRED_SESSION,
        .initiative = in->initiative,
        .subject = in->subject,
        .by = in->by,
        .fresh_ms = fresh_ms,
        .browser = es_web_browser(q),
        .replaces = renewed ? renewed : es_web_cookie(q, cookie),
    };
    enum es_code rc = es_session_open(es_web_of(q)->app, &ask, secret, e);
    if (rc != ES_OK)
        return rc;
    es_web_set_cookie(q, out, cookie, secret,
                      (staff ? ES_STAFF_SESSION_MS : ES_SESSION_MS) / 1000);
    /* Who joined here before may be somebody else. */
    if (!staff && in->by != ES_BY_JOINING)
        es_web_set_cookie(q, out, ES_COOKIE_JOINED, NULL, 0);
    return ES_OK;
}

enum es_code es_web_sign_in(const struct es_req *q, struct es_resp *out,
                            const struct es_web_signing *in, struct es_err *e)
{
    return sign_in(q, out, in, 0, e);
}

enum es_code es_web_renew(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_credential *c = &es_web_who(q)->staff_session;
    struct es_web_signing as = { 0, c->subject,
                                 (enum es_signed_by)c->fresh_by };
    return sign_in(q, out, &as, c->fresh_ms, e);
}

/* A form needs a cookie that only this browser has; the token follows. */
static enum es_code prepare_forms(const struct es_req *q, struct es_resp *out,
                                  struct es_who *who, struct es_err *e)
{
    char fresh[ES_SECRET_TEXT];
    char token[ES_CSRF_TEXT];
    const char *cookie = es_web_cookie(q, ES_COOKIE_CSRF);
    if (!cookie || strlen(cookie) != ES_SECRET_TEXT - 1) {
        es_random_code(fresh, sizeof fresh, ES_SECRET_BITS);
        es_web_set_cookie(q, out, ES_COOKIE_CSRF, fresh, -1);
        cookie = fresh;
    }
    es_csrf_token(es_web_of(q)->app->key, cookie, token);
    who->csrf = es_arena_str(es_req_arena(q), token);
    return who->csrf ? ES_OK : es_fail(e, ES_ENOMEM, 0, "csrf");
}

/* ?units= is remembered: links need not repeat it. */
static void remember_units(const struct es_req *q, struct es_resp *out)
{
    enum es_units u = es_units_of(es_req_query(q, "units"));
    if (u != ES_UNITS)
        es_web_set_cookie(q, out, ES_COOKIE_UNITS, es_units_tag(u),
                          ES_SESSION_MS / 1000);
}

static bool origin_ok(const struct es_req *q)
{
    const struct es_web *w = es_web_of(q);
    const char *site = es_req_header(q, "Sec-Fetch-Site");
    const char *origin = es_req_header(q, "Origin");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return false;
    if (!origin)
        return true;
    /* a browser that hides its origin, but vouches that it is ours */
    if (site && strcmp(site, "same-origin") == 0 && strcmp(origin, "null") == 0)
        return true;
    for (size_t i = 0; i < w->n_hosts; i++)
        if (strcmp(origin, w->origin_text[i]) == 0)
            return true;
    return strcmp(origin, w->origin) == 0;
}

static bool form_ok(const struct es_req *q)
{
    /* Pieces of a film have no form around them. Another site can't set a
     * header of its own making without asking us first. */
    const char *token = es_req_form(q, "csrf");
    if (!token)
        token = es_req_header(q, "X-CSRF-Token");
    return origin_ok(q) &&
           es_csrf_valid(es_web_of(q)->app->key,
                         es_web_cookie(q, ES_COOKIE_CSRF), token);
}

static enum es_code find_token(const struct es_req *q, struct es_resp *out,
                               struct es_who *who, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_credential c;
    const char *field = es_req_header(q, "Authorization");
    if (!field || strncasecmp(field, "Bearer ", 7) != 0) {
        es_resp_header(out, "WWW-Authenticate", "Bearer");
        return es_web_problem(out, 401, "token_missing",
                              "Send the token as Authorization: Bearer.");
    }
    enum es_code rc = es_credential_who(app, field + 7, ES_CRED_TOKEN, &c, e);
    if (rc == ES_OK)
        rc = load_person(q, who, &c, e);
    if (rc == ES_OK && who->person)
        return ES_OK;
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    es_resp_header(out, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return es_web_problem(out, 401, "token_unknown", "No such token.");
}

enum es_code es_web_own_run(const struct es_req *q, struct es_run *run,
                            struct es_err *e)
{
    int64_t id;
    const struct es_participant *p = &es_web_who(q)->p;
    if (!es_req_i64(q, "run", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no such run");
    enum es_code rc = es_store_run(es_web_of(q)->app->store, p->initiative, id,
                                   es_req_arena(q), run, e);
    if (rc == ES_OK && run->participant != p->id)
        return es_fail(e, ES_ENOENT, 0, "another person's run");
    return rc;
}

/* ---- may they ---- */

bool es_web_may(const struct es_req *q, enum es_may may, int64_t initiative)
{
    const struct es_who *who = es_web_who(q);
    for (size_t i = 0; who->staff && i < who->n_roles; i++) {
        const struct es_role_given *r = &who->roles[i];
        if ((r->initiative == initiative || r->initiative == 0) &&
            es_access_role(r->role, may))
            return true;
    }
    return false;
}

const char *es_web_roles(const struct es_req *q, int64_t initiative)
{
    const struct es_who *who = es_web_who(q);
    const char *all = "";
    for (size_t i = 0; who->staff && all && i < who->n_roles; i++)
        if (who->roles[i].initiative == initiative)
            all = es_arena_fmt(
                es_req_arena(q), "%s%s%s", all, *all ? ", " : "",
                es_words_staff(es_web_lang(q, NULL), who->roles[i].role));
    return all ? all : "";
}

/* The initiative that the path names, in whatever state; none is fine. */
static enum es_code find_here(const struct es_req *q, struct es_who *who,
                              struct es_err *e)
{
    const char *slug = es_req_param(q, "slug");
    if (!slug)
        return ES_OK;
    enum es_code rc = es_store_initiative(es_web_of(q)->app->store, slug,
                                          es_req_arena(q), &who->here, e);
    who->has_here = rc == ES_OK;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static bool allowed(const struct es_req *q, const struct es_access *acc)
{
    const struct es_who *who = es_web_who(q);
    bool of_slug = es_req_param(q, "slug") != NULL;
    switch (acc->may) {
    case ES_MAY_ANYBODY:
    case ES_MAY_MACHINE:
        return true;
    case ES_MAY_PERSON:
    case ES_MAY_TOKEN:
        return who->person;
    case ES_MAY_STAFF:
        return who->staff;
    case ES_MAY_SEE:
    case ES_MAY_CHECK_IN:
    case ES_MAY_REVIEW:
    case ES_MAY_EDIT:
    case ES_MAY_OWN:
        return who->has_here && es_web_may(q, acc->may, who->here.id);
    case ES_MAY_OPERATE:
        return es_web_may(q, acc->may, 0) && (!of_slug || who->has_here);
    case ES_MAY_NOBODY:
    case ES_MAY_COUNT:
        break;
    }
    return false;
}

/* Nothing but what the table lists; what is unknown is told, not guessed. */
static const char *field_too_many(const struct es_req *q,
                                  const struct es_access *acc)
{
    const char *name;
    const char *value;
    size_t n;
    const struct es_req_file *files = es_req_files(q, &n);
    for (size_t i = 0; es_req_form_at(q, i, &name, &value); i++)
        if (strcmp(name, "csrf") != 0 && !es_access_field(acc, name))
            return name;
    for (size_t i = 0; i < n; i++)
        if (!es_access_field(acc, files[i].field))
            return files[i].field;
    return NULL;
}

static bool takes_form(const struct es_req *q)
{
    return es_req_route(q)->body == ES_BODY_FORM;
}

/* A page under an address that its initiative had before. */
static bool moved_on(const struct es_req *q)
{
    const struct es_who *who = es_web_who(q);
    const char *slug = es_req_param(q, "slug");
    bool reads = es_req_method(q) == ES_GET || es_req_method(q) == ES_HEAD;
    return reads && (es_req_route(q)->flags & ES_WEB_PAGE) && slug &&
           who->has_here && strcmp(slug, who->here.slug) != 0 &&
           (who->here.state != ES_INI_DRAFT || *es_web_roles(q, who->here.id));
}

static enum es_code move_on(const struct es_req *q, struct es_resp *out)
{
    const char *path = es_req_path(q);
    const char *slug = es_req_param(q, "slug");
    const char *part = es_arena_fmt(es_req_arena(q), "/%s", slug);
    const char *at = part ? strstr(path, part) : NULL;
    const char *now =
        at ? es_arena_fmt(es_req_arena(q), "%.*s/%s%s", (int)(at - path), path,
                          es_web_who(q)->here.slug, at + strlen(part))
           : NULL;
    return now ? es_resp_redirect(out, es_web_keep_lang(q, now))
               : es_web_fail(q, out, 404, "");
}

/* What they do there is theirs as a participant. */
static bool takes_part(const struct es_access *acc)
{
    return acc->may == ES_MAY_PERSON || acc->may == ES_MAY_TOKEN;
}

/* What stands in the way although they may; *answered then. */
static enum es_code hindered(const struct es_req *q, struct es_resp *out,
                             const struct es_access *acc, bool *answered,
                             struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    const struct es_initiative *ini = NULL;
    if (acc->may == ES_MAY_ANYBODY && who->has_here &&
        who->here.state != ES_INI_DRAFT)
        ini = &who->here;
    else if ((acc->flags & ES_ACCESS_ADDS) && who->person)
        ini = &who->ini;
    *answered = true;
    if (moved_on(q))
        return move_on(q, out);
    if (takes_form(q) && field_too_many(q, acc))
        return es_web_fail(q, out, 400, "");
    if (ini && ini->suspended_ms)
        return es_web_suspended(q, out, ini);
    if ((acc->flags & ES_ACCESS_ADDS) && takes_part(acc) &&
        who->p.state == ES_PERSON_WAITS)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL),
                 ES_T("You are on the waiting list. When a place is free, you "
                      "take part, and can add runs.")));
    ini = who->has_here ? &who->here : who->person ? &who->ini : NULL;
    if ((acc->flags & ES_ACCESS_COUNTS) && ini && ini->state == ES_INI_FINAL)
        return es_web_final(q, out);
    *answered = false;
    return acc->flags & ES_ACCESS_FRESH ? es_web_is_it_you(q, out, answered, e)
                                        : ES_OK;
}

static enum es_code refused(const struct es_req *q, struct es_resp *out,
                            const struct es_access *acc)
{
    if (acc && acc->may == ES_MAY_PERSON)
        return es_web_enter(q, out);
    if (acc && acc->may == ES_MAY_STAFF && acc->method == ES_GET) {
        /* these pages are everybody's of staff: that they exist is no secret */
        const char *path = es_arena_fmt(
            es_req_arena(q), "/organise/sign-in?then=%s", es_req_path(q));
        return es_resp_redirect(
            out, es_web_keep_lang(q, path ? path : "/organise/sign-in"));
    }
    /* The same for what never was: that it is there is no answer. */
    return es_web_fail(
        q, out, 404,
        acc && acc->may > ES_MAY_STAFF && es_web_who(q)->staff
            ? es_t(es_web_lang(q, NULL),
                   ES_T("There is nothing here that you may see. If you had a "
                        "role here, it has ended."))
            : "");
}

/* Reads who it is, by token or by cookies. *answered: they were refused. */
static enum es_code who_asks(const struct es_req *q, struct es_resp *out,
                             struct es_who *who, bool *answered,
                             struct es_err *e)
{
    unsigned flags = es_req_route(q)->flags;
    *answered = false;
    if (flags & ES_WEB_TOKEN) {
        enum es_code rc = find_token(q, out, who, e);
        *answered = rc == ES_OK && !who->person;
        return rc;
    }
    if (!(flags & (ES_WEB_PAGE | ES_WEB_FORM)))
        return ES_OK;
    remember_units(q, out);
    enum es_code rc = find_session(q, who, e);
    if (rc == ES_OK)
        rc = prepare_forms(q, out, who, e);
    if (rc != ES_OK || !(flags & ES_WEB_FORM) || form_ok(q))
        return rc;
    *answered = true;
    return es_web_fail(
        q, out, 403,
        es_t(es_web_lang(q, NULL),
             ES_T("This form is no longer valid. Go back, reload the page "
                  "and send it again.")));
}

enum es_code es_web_guard(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_route *r = es_req_route(q);
    const struct es_access *acc = es_access_of(r->method, r->pattern);
    struct es_who *who = es_arena_alloc(es_req_arena(q), sizeof *who);
    bool answered;
    if (!who)
        return es_fail(e, ES_ENOMEM, 0, "guard");
    es_req_set_user(q, who);
    enum es_code rc = who_asks(q, out, who, &answered, e);
    if (rc != ES_OK || answered)
        return rc;
    rc = find_here(q, who, e);
    if (rc != ES_OK)
        return rc;
    if (!acc || !allowed(q, acc))
        return refused(q, out, acc);
    return hindered(q, out, acc, &answered, e);
}
