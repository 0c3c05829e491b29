/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The operator's page: initiatives, people of staff, the imprint, what was
 * decided. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "initiative/own_text.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LISTED = 500, DECISIONS = 5, PEOPLE_MOST = 100000000 };

struct made {
    const char *secret, *name;
};

/* ---- what it shows ---- */

static const char *text_of(const struct es_req *q, int64_t id)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, id);
    return s ? s : "";
}

static enum es_code owners_of(const struct es_req *q, int64_t initiative,
                              const char **out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_role_given *v;
    size_t n;
    const char *all = "";
    enum es_code rc =
        es_store_staff(es_web_of(q)->app->store, initiative, a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && all && i < n; i++)
        if (v[i].role == ES_ROLE_OWNER)
            all = es_arena_fmt(a, "%s%s%s", all, *all ? ", " : "",
                               es_web_account_name(q, v[i].account));
    *out = all ? all : "";
    return rc;
}

/* Of a field that each row has: what was entered and refused, where it was, and
 * what is kept everywhere else. */
static struct es_view_field row_field(const struct es_req *q, bool here,
                                      const char *name,
                                      const struct es_field_errors *fe,
                                      const char *kept)
{
    struct es_view_field f = es_web_field(q, name, fe);
    return here && f.error ? f : (struct es_view_field){ .value = kept };
}

static enum es_code operated(const struct es_req *q,
                             const struct es_initiative *ini,
                             const struct es_field_errors *fe,
                             struct es_view_operated *out, struct es_err *e)
{
    bool here = es_web_who(q)->here.id == ini->id;
    const char *most = ini->people_max > 0 ? text_of(q, ini->people_max) : "";
    struct es_arena *a = es_req_arena(q);
    *out = (struct es_view_operated){
        .url = es_url_path(a, "/e/%s", ini->slug),
        .suspend = es_url_path(a, "/operate/e/%s/suspend", ini->slug),
        .resume = es_url_path(a, "/operate/e/%s/resume", ini->slug),
        .quota = es_url_path(a, "/operate/e/%s/quota", ini->slug),
        .adopt = es_url_path(a, "/operate/e/%s/adopt", ini->slug),
        .staff = es_url_path(a, "/organise/e/%s/staff", ini->slug),
        .id = text_of(q, ini->id),
        .title = ini->title,
        .lang = ini->lang,
        .holder = ini->holder,
        .phase = es_web_phase(ini),
        .draft = ini->state == ES_INI_DRAFT,
        .why = ini->suspended_why,
        .suspended = ini->suspended_ms != 0,
        .people = es_web_total(q, ini).participants,
        .people_max = row_field(q, here, "people_max", fe, most),
        .pause = row_field(q, here, "why", fe, ""),
    };
    return owners_of(q, ini->id, &out->owners, e);
}

static enum es_code initiatives(const struct es_req *q,
                                const struct es_field_errors *fe,
                                struct es_view_operate *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative *all;
    enum es_code rc = es_store_initiatives(es_web_of(q)->app->store, LISTED, a,
                                           &all, &v->n_initiatives, e);
    struct es_view_operated *rows =
        rc == ES_OK ? es_arena_array(a, v->n_initiatives, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "initiatives");
    for (size_t i = 0; rc == ES_OK && i < v->n_initiatives; i++)
        rc = operated(q, &all[i], fe, &rows[i], e);
    v->initiatives = rows;
    return rc;
}

static enum es_code account_view(const struct es_req *q,
                                 const struct es_account *c,
                                 const struct es_field_errors *fe,
                                 struct es_view_account *out, struct es_err *e)
{
    int64_t asked = 0;
    bool here =
        es_req_i64(q, "account", 1, INT64_MAX, &asked) && asked == c->id;
    struct es_arena *a = es_req_arena(q);
    struct es_role_given *v;
    size_t n;
    const char *all = "";
    enum es_code rc =
        es_store_roles_of(es_web_of(q)->app->store, c->id, a, &v, &n, e);
    *out = (struct es_view_account){
        .allow =
            es_url_path(a, "/operate/accounts/%lld/allow", (long long)c->id),
        .end = es_url_path(a, "/operate/accounts/%lld/end", (long long)c->id),
        .id = text_of(q, c->id),
        .name = c->name,
        .may_create = c->may_create,
        .may = row_field(q, here, "may_create", fe, text_of(q, c->may_create)),
        .since_ms = c->created_ms,
        .me = c->id == es_web_who(q)->account.id,
    };
    for (size_t i = 0; rc == ES_OK && all && i < n; i++) {
        out->operates = out->operates || v[i].role == ES_ROLE_OPERATOR;
        all = es_arena_fmt(a, "%s%s%s", all, *all ? ", " : "",
                           es_words_staff(es_web_lang(q, NULL), v[i].role));
    }
    out->roles = all ? all : "";
    return rc;
}

static enum es_code accounts(const struct es_req *q,
                             const struct es_field_errors *fe,
                             struct es_view_operate *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_account *all;
    size_t n;
    enum es_code rc =
        es_store_accounts(es_web_of(q)->app->store, LISTED, a, &all, &n, e);
    struct es_view_account *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "accounts");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (!all[i].ended_ms)
            rc = account_view(q, &all[i], fe, &rows[v->n_accounts++], e);
    v->accounts = rows;
    return rc;
}

const char *es_web_decided_about(const struct es_req *q,
                                 const struct es_decision *d)
{
    bool role =
        strncmp(d->what, "role.", 5) == 0 || strcmp(d->what, "invited") == 0;
    const char *word =
        role ? es_words_staff(es_web_lang(q, NULL), d->which) : "";
    const char *s = es_arena_fmt(es_req_arena(q), "%s%s%s", word,
                                 *word && *d->about ? ": " : "", d->about);
    return s ? s : "";
}

static const char *title_of(const struct es_view_operate *v, const char *id)
{
    for (size_t i = 0; i < v->n_initiatives; i++)
        if (strcmp(v->initiatives[i].id, id) == 0)
            return v->initiatives[i].title;
    return "";
}

static enum es_code decisions(const struct es_req *q, struct es_view_operate *v,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_decision *all;
    enum es_code rc =
        es_store_decisions(es_web_of(q)->app->store, true, 0, 0, DECISIONS, a,
                           &all, &v->n_decisions, e);
    struct es_view_decision *rows =
        rc == ES_OK ? es_arena_array(a, v->n_decisions, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "decisions");
    for (size_t i = 0; rc == ES_OK && i < v->n_decisions; i++)
        rows[i] = (struct es_view_decision){
            .what = es_words_decision(l, all[i].what),
            .where = title_of(v, text_of(q, all[i].initiative)),
            .about = es_web_decided_about(q, &all[i]),
            .why = all[i].why,
            .who = es_web_account_name(q, all[i].account),
            .at_ms = all[i].at_ms,
        };
    v->decisions = rows;
    return rc;
}

/* Others are told above all of the page. */
static bool has_its_place(const char *field)
{
    for (int i = 0; i < ES_OWN_TEXTS; i++)
        if (strcmp(field, es_own_text_name((enum es_own_text)i)) == 0)
            return true;
    return strcmp(field, "name") == 0 || strcmp(field, "why") == 0 ||
           strcmp(field, "people_max") == 0 || strcmp(field, "may_create") == 0;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_field_errors *fe,
                         const struct made *made, struct es_err *e)
{
    struct es_view_operate v = {
        .frame = es_web_frame(q, NULL),
        .invite = es_url_fixed("/operate/invite"),
        .uninvite = es_url_fixed("/operate/uninvite"),
        .reports = es_url_fixed("/operate/reports"),
        .log = es_url_fixed("/operate/decisions"),
        .name = es_web_field(q, "name", fe),
        .texts = { [ES_TEXT_IMPRINT] = es_web_field(q, "imprint", fe),
                   [ES_TEXT_WATCHED] = es_web_field(q, "watched", fe) },
        .link = es_web_invite_url(q, made->secret),
        .link_name = made->name,
        .error = "",
    };
    if (made->secret)
        v.name.value = "";
    for (size_t i = 0; i < fe->n; i++)
        if (!has_its_place(fe->v[i].field))
            v.error = es_say_of_field(es_web_reader(q), es_req_arena(q), fe,
                                      fe->v[i].field);
    v.frame.here = es_url_fixed("/operate");
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    enum es_code rc = initiatives(q, fe, &v, e);
    if (rc == ES_OK)
        rc = accounts(q, fe, &v, e);
    if (rc == ES_OK)
        rc = es_web_invited(q, 0, &v.invited, &v.n_invited, e);
    if (rc == ES_OK)
        rc = decisions(q, &v, e);
    for (int i = 0; rc == ES_OK && i < ES_OWN_TEXTS; i++)
        if (!v.texts[i].error)
            rc = es_own_text(es_web_of(q)->app, (enum es_own_text)i,
                             es_req_arena(q), &v.texts[i].value, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_operate(&o, &v);
    return ES_OK;
}

static enum es_code show_errors(const struct es_req *q, struct es_resp *out,
                                const struct es_field_errors *fe,
                                struct es_err *e)
{
    return show(q, out, fe, &(struct made){ NULL, "" }, e);
}

/* GET /operate */
static enum es_code operate(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show(q, out, &none, &(struct made){ NULL, "" }, e);
}

/* ---- changing it ---- */

static enum es_code done(const struct es_req *q, struct es_resp *out,
                         enum es_code rc, const char *path)
{
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_ECONFLICT)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL),
                 ES_T("Somebody must stay who owns it, or operates this "
                      "server.")));
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, path)) : rc;
}

static int64_t own_id(const struct es_req *q)
{
    return es_web_who(q)->account.id;
}

/* POST /operate/e/{slug}/suspend */
static enum es_code suspend(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(es_web_given(q, "why")), true);
    const char *why = es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    bool large = b.bad || es_utf8_count(es_buf_bytes(&b)) > ES_WHY_MAX;
    bool seen = es_text_visible(es_buf_bytes(&b));
    es_buf_release(&b);
    if (!seen)
        es_field_errors_add(&fe, "why", "required", NAN);
    else if (large || !why)
        es_field_errors_add(&fe, "why", "too_long", ES_WHY_MAX);
    if (fe.n)
        return show_errors(q, out, &fe, e);
    return done(q, out,
                es_initiative_suspend(es_web_of(q)->app, own_id(q),
                                      es_web_who(q)->here.id, why, e),
                "/operate?done=suspended");
}

/* POST /operate/e/{slug}/resume */
static enum es_code resume(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return done(q, out,
                es_initiative_suspend(es_web_of(q)->app, own_id(q),
                                      es_web_who(q)->here.id, NULL, e),
                "/operate?done=resumed");
}

/* A number, nothing being 0. */
static bool number(const struct es_req *q, const char *field, int64_t most,
                   int64_t *out)
{
    const char *s = es_web_given(q, field);
    *out = 0;
    return !*s || es_num_i64(es_bytes_str(s), 0, most, out);
}

/* POST /operate/e/{slug}/quota */
static enum es_code quota(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    int64_t n;
    if (!number(q, "people_max", PEOPLE_MOST, &n)) {
        es_field_errors_add(&fe, "people_max", "invalid", NAN);
        return show_errors(q, out, &fe, e);
    }
    return done(q, out,
                es_initiative_quota(es_web_of(q)->app, own_id(q),
                                    es_web_who(q)->here.id, n, e),
                "/operate?done=kept");
}

/* POST /operate/e/{slug}/adopt */
static enum es_code adopt(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    return done(q, out,
                es_initiative_adopt(es_web_of(q)->app, own_id(q),
                                    es_web_who(q)->here.id, e),
                "/operate?done=kept");
}

/* POST /operate/accounts/{account}/allow */
static enum es_code allow(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    int64_t account;
    int64_t n;
    if (!es_req_i64(q, "account", 1, INT64_MAX, &account))
        return es_web_fail(q, out, 404, "");
    if (!number(q, "may_create", PEOPLE_MOST, &n)) {
        es_field_errors_add(&fe, "may_create", "invalid", NAN);
        return show_errors(q, out, &fe, e);
    }
    return done(q, out,
                es_account_allow(es_web_of(q)->app, own_id(q), account, n, e),
                "/operate?done=kept");
}

/* POST /operate/accounts/{account}/end */
static enum es_code end(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    int64_t account;
    if (!es_req_i64(q, "account", 1, INT64_MAX, &account))
        return es_web_fail(q, out, 404, "");
    return done(q, out,
                es_account_end(es_web_of(q)->app, own_id(q), account, e),
                "/operate?done=account_ended");
}

/* POST /operate/invite */
static enum es_code invite(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_inviting in = { own_id(q), 0, ES_ROLE_OPERATOR,
                              es_web_given(q, "name") };
    enum es_code rc =
        es_invite(es_web_of(q)->app, &in, es_req_arena(q), secret, &fe, e);
    if (rc == ES_EINVAL)
        return show_errors(q, out, &fe, e);
    return rc == ES_OK ? show(q, out, &fe, &(struct made){ secret, in.name }, e)
                       : rc;
}

/* POST /operate/uninvite */
static enum es_code uninvite(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    int64_t id;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "invitation")), 1, INT64_MAX,
                    &id))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = es_uninvite(es_web_of(q)->app, own_id(q), 0, id, e);
    return done(q, out, rc == ES_ENOENT ? ES_OK : rc,
                "/operate?done=uninvited");
}

static enum es_code keep_text(const struct es_req *q, struct es_resp *out,
                              enum es_own_text which, struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    const char *name = es_own_text_name(which);
    enum es_code rc = es_own_text_put(es_web_of(q)->app, own_id(q), which,
                                      es_web_given(q, name), e);
    if (rc == ES_EINVAL) {
        es_field_errors_add(&fe, name, "too_long",
                            (double)es_own_text_max(which));
        return show_errors(q, out, &fe, e);
    }
    if (rc == ES_OK && which == ES_TEXT_IMPRINT)
        es_web_of(q)->has_imprint = *es_web_given(q, name) != '\0';
    return done(q, out, rc, "/operate?done=kept");
}

/* POST /operate/imprint */
static enum es_code imprint_keep(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    return keep_text(q, out, ES_TEXT_IMPRINT, e);
}

/* POST /operate/watched */
static enum es_code watched_keep(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    return keep_text(q, out, ES_TEXT_WATCHED, e);
}

/* GET /imprint */
static enum es_code imprint(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_view_imprint v = { .frame = es_web_frame(q, NULL) };
    enum es_code rc = es_own_text(es_web_of(q)->app, ES_TEXT_IMPRINT,
                                  es_req_arena(q), &v.text, e);
    if (rc != ES_OK)
        return rc;
    if (!*v.text)
        return es_web_fail(q, out, 404, "");
    struct es_out o = es_web_page(q, out);
    es_page_imprint(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/imprint", ES_BODY_NONE, ES_WEB_PAGE, imprint },
    { ES_GET, "/operate", ES_BODY_NONE, ES_WEB_PAGE, operate },
    { ES_POST, "/operate/imprint", ES_BODY_FORM, ES_WEB_FORM, imprint_keep },
    { ES_POST, "/operate/watched", ES_BODY_FORM, ES_WEB_FORM, watched_keep },
    { ES_POST, "/operate/invite", ES_BODY_FORM, ES_WEB_FORM, invite },
    { ES_POST, "/operate/uninvite", ES_BODY_FORM, ES_WEB_FORM, uninvite },
    { ES_POST, "/operate/e/{slug}/suspend", ES_BODY_FORM, ES_WEB_FORM,
      suspend },
    { ES_POST, "/operate/e/{slug}/resume", ES_BODY_FORM, ES_WEB_FORM, resume },
    { ES_POST, "/operate/e/{slug}/quota", ES_BODY_FORM, ES_WEB_FORM, quota },
    { ES_POST, "/operate/e/{slug}/adopt", ES_BODY_FORM, ES_WEB_FORM, adopt },
    { ES_POST, "/operate/accounts/{account}/allow", ES_BODY_FORM, ES_WEB_FORM,
      allow },
    { ES_POST, "/operate/accounts/{account}/end", ES_BODY_FORM, ES_WEB_FORM,
      end },
};
const struct es_routes ES_ROUTES_OPERATE = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
