/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who organises an initiative: roles, invitations, and who comes by one. */
#include "auth/passkey.h"
#include "base/num.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

/* An invitation that was just made; its secret is shown once. */
struct made {
    const char *secret, *name;
};

struct page {
    const struct es_req *q;
    const struct es_initiative *ini;
    struct es_view_staff v;
};

static const char *text_of(const struct es_req *q, int64_t id)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, id);
    return s ? s : "";
}

const char *es_web_account_name(const struct es_req *q, int64_t id)
{
    struct es_account who;
    struct es_err e = { 0 };
    return id && es_store_account(es_web_of(q)->app->store, id, es_req_arena(q),
                                  &who, &e) == ES_OK
               ? who.name
               : "";
}

const char *es_web_invite_url(const struct es_req *q, const char *secret)
{
    struct es_rp rp; /* by a name, where there can be passkeys */
    const char *origin = es_web_of(q)->origin;
    if (es_rp_of(origin, &rp))
        origin = rp.origin;
    const char *url = secret ? es_arena_fmt(es_req_arena(q), "%s/invitation/%s",
                                            origin, secret)
                             : NULL;
    return url ? url : "";
}

/* ---- the page ---- */

static enum es_code members(struct page *p, struct es_err *e)
{
    const struct es_req *q = p->q;
    struct es_arena *a = es_req_arena(q);
    struct es_role_given *all;
    size_t owners = 0;
    enum es_code rc = es_store_staff(es_web_of(q)->app->store, p->ini->id, a,
                                     &all, &p->v.n, e);
    struct es_view_member *rows =
        rc == ES_OK ? es_arena_array(a, p->v.n, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "staff");
    for (size_t i = 0; i < p->v.n; i++)
        owners += all[i].role == ES_ROLE_OWNER;
    for (size_t i = 0; i < p->v.n; i++)
        rows[i] = (struct es_view_member){
            .name = es_web_account_name(q, all[i].account),
            .role = es_words_staff(es_web_lang(q, NULL), all[i].role),
            .account = text_of(q, all[i].account),
            .role_value = text_of(q, all[i].role),
            .since_ms = all[i].given_ms,
            .me = all[i].account == es_web_who(q)->account.id,
            .last = all[i].role == ES_ROLE_OWNER && owners == 1,
        };
    p->v.rows = rows;
    return ES_OK;
}

enum es_code es_web_invited(const struct es_req *q, int64_t initiative,
                            const struct es_view_invited **out, size_t *n,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_invitation *all;
    enum es_code rc = es_store_invitations(es_web_of(q)->app->store, initiative,
                                           es_time_now_ms(), a, &all, n, e);
    struct es_view_invited *rows =
        rc == ES_OK ? es_arena_array(a, *n, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "invitations");
    for (size_t i = 0; i < *n; i++)
        rows[i] = (struct es_view_invited){
            .id = text_of(q, all[i].id),
            .name = all[i].name,
            .role = es_words_staff(es_web_lang(q, NULL), all[i].role),
            .expires_ms = all[i].expires_ms,
        };
    *out = rows;
    return ES_OK;
}

static const struct es_view_choice *choices(const struct es_req *q, size_t *n)
{
    static const struct {
        const char *value, *label;
    } ALL[] = {
        { "3", ES_T("Editor: texts, pictures and colours") },
        { "4", ES_T("Reviewer: decides about runs that wait") },
        { "5", ES_T("Check-in: helps at the start") },
        { "2", ES_T("Owner: everything, and who organises") },
    };
    *n = sizeof ALL / sizeof *ALL;
    struct es_view_choice *v = es_arena_array(es_req_arena(q), *n, sizeof *v);
    for (size_t i = 0; v && i < *n; i++)
        v[i] = (struct es_view_choice){
            .value = ALL[i].value,
            .label = es_t(es_web_lang(q, NULL), ALL[i].label),
            .chosen = strcmp(es_web_given(q, "role"), ALL[i].value) == 0,
        };
    *n = v ? *n : 0;
    return v;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_field_errors *fe,
                         const struct made *made, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct page p = { q, ini, { .frame = es_web_frame(q, ini) } };
    p.v.end = es_url_path(a, "/organise/e/%s/staff/end", ini->slug);
    p.v.invite = es_url_path(a, "/organise/e/%s/staff/invite", ini->slug);
    p.v.uninvite = es_url_path(a, "/organise/e/%s/staff/uninvite", ini->slug);
    p.v.name = es_web_field(q, "name", fe);
    p.v.role = es_web_field(q, "role", fe);
    if (made->secret)
        p.v.name.value = "";
    p.v.roles = choices(q, &p.v.n_roles);
    p.v.link = es_web_invite_url(q, made->secret);
    p.v.link_name = made->name;
    p.v.frame.here = es_url_path(a, "/organise/e/%s/staff", ini->slug);
    p.v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    enum es_code rc = members(&p, e);
    if (rc == ES_OK)
        rc = es_web_invited(q, ini->id, &p.v.invited, &p.v.n_invited, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_staff(&o, &p.v);
    return ES_OK;
}

/* GET /organise/e/{slug}/staff */
static enum es_code staff(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show(q, out, &none, &(struct made){ NULL, "" }, e);
}

/* ---- changing it ---- */

static enum es_code back(const struct es_req *q, struct es_resp *out,
                         const char *done)
{
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/staff?done=%s",
                     es_web_who(q)->here.slug, done);
    /* who ended their own role may not look any more */
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/staff/invite */
static enum es_code invite(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    char secret[ES_SECRET_TEXT];
    int64_t role = ES_ROLE_NONE;
    (void)es_num_i64(es_bytes_str(es_web_given(q, "role")), ES_ROLE_OWNER,
                     ES_ROLE_CHECK_IN, &role);
    struct es_inviting in = { who->account.id, who->here.id, (int32_t)role,
                              es_web_given(q, "name") };
    enum es_code rc =
        es_invite(es_web_of(q)->app, &in, es_req_arena(q), secret, &fe, e);
    if (rc == ES_EINVAL)
        return show(q, out, &fe, &(struct made){ NULL, "" }, e);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(q, out, 409, "");
    return rc == ES_OK ? show(q, out, &fe, &(struct made){ secret, in.name }, e)
                       : rc;
}

/* POST /organise/e/{slug}/staff/uninvite */
static enum es_code uninvite(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    int64_t id;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "invitation")), 1, INT64_MAX,
                    &id))
        return es_web_fail(q, out, 400, "");
    enum es_code rc =
        es_uninvite(es_web_of(q)->app, who->account.id, who->here.id, id, e);
    return rc == ES_OK || rc == ES_ENOENT ? back(q, out, "uninvited") : rc;
}

/* POST /organise/e/{slug}/staff/end */
static enum es_code end(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    int64_t account;
    int64_t role;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "account")), 1, INT64_MAX,
                    &account) ||
        !es_num_i64(es_bytes_str(es_web_given(q, "role")), ES_ROLE_OWNER,
                    ES_ROLE_CHECK_IN, &role))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = es_role_end(es_web_of(q)->app, who->account.id,
                                  who->here.id, account, (int32_t)role, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_ECONFLICT)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("The last owner stays: make somebody else "
                                     "owner first.")));
    if (rc != ES_OK)
        return rc;
    if (account == who->account.id) /* their session has ended with it */
        return es_resp_redirect(out, es_web_keep_lang(q, "/"));
    return back(q, out, "role_ended");
}

/* ---- coming by an invitation ---- */

static enum es_code show_invitation(const struct es_req *q, struct es_resp *out,
                                    const struct es_invitation *inv,
                                    const struct es_field_errors *fe,
                                    struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini = { .title = "" };
    enum es_code rc = ES_OK;
    if (inv->initiative)
        rc = es_store_initiative_by_id(es_web_of(q)->app->store,
                                       inv->initiative, a, &ini, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_invitation v = {
        .frame = es_web_frame(q, NULL),
        .action = es_url_path(a, "/invitation/%s", es_req_param(q, "secret")),
        .role = es_words_staff(es_web_lang(q, NULL), inv->role),
        .initiative = ini.title,
        .from = es_web_account_name(q, inv->made_by),
        .as = who->staff ? who->account.name : "",
        .name = es_web_field(q, "name", fe),
    };
    if (!v.name.error && !*v.name.value)
        v.name.value = inv->name;
    v.frame.here = es_url_fixed("/"); /* the secret stays out of other links */
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_invitation(&o, &v);
    return ES_OK;
}

static enum es_code gone(const struct es_req *q, struct es_resp *out)
{
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    return es_web_fail(q, out, 404,
                       es_t(es_web_lang(q, NULL),
                            ES_T("This invitation has been used, taken back or "
                                 "is too old. Ask for a new one.")));
}

/* GET /invitation/{secret} */
static enum es_code invitation(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_field_errors none = { 0 };
    struct es_invitation inv;
    enum es_code rc = es_invitation_who(
        es_web_of(q)->app, es_req_param(q, "secret"), es_req_arena(q), &inv, e);
    if (rc == ES_ENOENT)
        return gone(q, out);
    return rc == ES_OK ? show_invitation(q, out, &inv, &none, e) : rc;
}

/* POST /invitation/{secret} */
static enum es_code take(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    const struct es_who *who = es_web_who(q);
    const char *secret = es_req_param(q, "secret");
    struct es_field_errors fe = { 0 };
    struct es_invitation inv;
    struct es_account account;
    struct es_newcomer in = { es_web_given(q, "name"),
                              es_web_lang(q, NULL)->tag };
    enum es_code rc = es_invitation_who(app, secret, a, &inv, e);
    if (rc == ES_OK)
        rc = es_invitation_take(app, secret, who->staff ? who->account.id : 0,
                                &in, a, &account, &fe, e);
    if (rc == ES_ENOENT)
        return gone(q, out);
    if (rc == ES_EINVAL)
        return show_invitation(q, out, &inv, &fe, e);
    if (rc != ES_OK)
        return rc;
    struct es_web_signing as = { .subject = account.id, .by = ES_BY_LINK };
    rc = who->staff ? es_web_renew(q, out, e) : es_web_sign_in(q, out, &as, e);
    /* who is new here makes a passkey: the invitation works no more */
    return rc == ES_OK
               ? es_resp_redirect(
                     out,
                     es_web_keep_lang(q, who->staff ? "/organise?done=joined"
                                                    : "/organise/passkeys"))
               : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/staff", ES_BODY_NONE, ES_WEB_PAGE, staff },
    { ES_POST, "/organise/e/{slug}/staff/invite", ES_BODY_FORM, ES_WEB_FORM,
      invite },
    { ES_POST, "/organise/e/{slug}/staff/uninvite", ES_BODY_FORM, ES_WEB_FORM,
      uninvite },
    { ES_POST, "/organise/e/{slug}/staff/end", ES_BODY_FORM, ES_WEB_FORM, end },
    { ES_GET, "/invitation/{secret}", ES_BODY_NONE, ES_WEB_PAGE, invitation },
    { ES_POST, "/invitation/{secret}", ES_BODY_FORM, ES_WEB_FORM, take },
};
const struct es_routes ES_ROUTES_STAFF = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
