/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Joining, and the personal link. */
#include "base/json.h"
#include "base/limits.h"
#include "initiative/stage.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { NEW_COOKIE_S = 600 };

/* ---- consents ---- */

static struct es_view_consent consent_view(const struct es_req *q,
                                           const json_t *c,
                                           const struct es_field_errors *fe)
{
    struct es_arena *a = es_req_arena(q);
    const char *purpose = json_string_value(json_object_get(c, "purpose"));
    const char *label = json_string_value(json_object_get(c, "label"));
    const char *url = json_string_value(json_object_get(c, "url"));
    char *version = json_dumps(json_object_get(c, "version"), JSON_ENCODE_ANY);
    struct es_view_consent v = {
        .field = es_arena_fmt(a, "consent_%s", purpose ? purpose : ""),
        .version = es_arena_str(a, version ? version : ""),
        .label =
            es_arena_str(a, label ? label
                                  : es_words_consent(es_web_lang(q, NULL),
                                                     purpose ? purpose : "")),
        .required = json_is_true(json_object_get(c, "required")),
    };
    free(version);
    if (url)
        (void)es_url_foreign(a, url, &v.url);
    const char *ticked = v.field ? es_req_form(q, v.field) : NULL;
    v.given = ticked && v.version && strcmp(ticked, v.version) == 0;
    if (fe->n && v.required && !v.given)
        v.error = es_say_of_field(es_web_reader(q), a, fe, "consents");
    return v;
}

static void consents_view(const struct es_req *q,
                          const struct es_initiative *ini,
                          const struct es_field_errors *fe,
                          struct es_view_join *v)
{
    json_error_t je;
    json_t *list = json_loads(ini->consents, 0, &je);
    size_t n = json_array_size(list);
    struct es_view_consent *c = es_arena_array(es_req_arena(q), n, sizeof *c);
    for (size_t i = 0; c && i < n; i++) {
        c[i] = consent_view(q, json_array_get(list, i), fe);
        if (c[i].field && c[i].version && c[i].label)
            v->n_consents = i + 1;
    }
    v->consents = c;
    json_decref(list);
}

/* What was ticked, as the registration wants it: {purpose: version}. The
 * version of a box is the JSON that we wrote into it. */
static const char *consents_given(const struct es_req *q)
{
    struct es_buf b;
    const char *name;
    const char *value;
    es_buf_init(&b, ES_FORM_MAX);
    es_buf_str(&b, "{");
    for (size_t i = 0; es_req_form_at(q, i, &name, &value); i++) {
        json_error_t je;
        if (strncmp(name, "consent_", 8) != 0)
            continue;
        json_t *v = json_loads(value, JSON_DECODE_ANY, &je);
        if (!v)
            continue;
        json_decref(v);
        es_buf_json_comma(&b);
        es_buf_json_str(&b, es_bytes_str(name + 8));
        es_buf_fmt(&b, ":%s", value);
    }
    es_buf_str(&b, "}");
    const char *out = es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}

/* ---- the form ---- */

static enum es_code categories_view(const struct es_req *q,
                                    const struct es_initiative *ini,
                                    struct es_view_join *v, struct es_err *e)
{
    struct es_rules *rules = es_arena_alloc(es_req_arena(q), sizeof *rules);
    if (!rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    enum es_code rc = es_rules_read(ini->rules, rules, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), rules->n_categories, sizeof *c);
    for (size_t i = 0; c && i < rules->n_categories; i++)
        c[i] =
            (struct es_view_choice){ rules->categories[i].name,
                                     rules->categories[i].name,
                                     strcmp(rules->categories[i].name,
                                            es_web_given(q, "category")) == 0,
                                     { NULL } };
    v->categories = c;
    v->n_categories = c ? rules->n_categories : 0;
    return ES_OK;
}

static enum es_code show_form(const struct es_req *q, struct es_resp *out,
                              const struct es_initiative *ini,
                              const struct es_field_errors *fe, unsigned wait_s,
                              struct es_err *e)
{
    struct es_team *teams;
    size_t n_teams;
    struct es_arena *a = es_req_arena(q);
    struct es_view_join v = {
        .frame = es_web_frame(q, ini),
        .action = es_url_path(a, "/e/%s/join", ini->slug),
        .n_errors = fe->n,
        .display_name = es_web_field(q, "display_name", fe),
        .country = es_web_field(q, "country", fe),
        .team_code = es_web_field(q, "team_code", fe),
        .category = es_web_field(q, "category", fe),
        .birth_year = es_web_field(q, "birth_year", fe),
        .guardian_contact = es_web_field(q, "guardian_contact", fe),
        .email = es_web_field(q, "email", fe),
        .visibility = es_web_field(q, "visibility", fe),
        .adult_age = ES_ADULT_AGE,
    };
    v.young = v.guardian_contact.error || *v.guardian_contact.value;
    enum es_code rc = es_store_teams(es_web_of(q)->app->store, ini->id, a,
                                     &teams, &n_teams, e);
    v.has_teams = rc == ES_OK && n_teams > 0;
    if (rc == ES_OK)
        rc = categories_view(q, ini, &v, e);
    if (rc != ES_OK)
        return rc;
    consents_view(q, ini, fe, &v);
    if (fe->n)
        es_resp_status(out, 422);
    if (wait_s)
        v.frame.notice = es_web_later(q, out, wait_s);
    struct es_out o = es_web_page(q, out);
    es_page_join(&o, &v);
    return ES_OK;
}

static enum es_code closed(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(q, out, 409,
                       es_t(es_web_lang(q, NULL),
                            ES_T("This initiative takes no new participants "
                                 "now.")));
}

/* GET /e/{slug}/join */
static enum es_code join(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_initiative ini;
    struct es_field_errors none = { 0 };
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (!es_stage_registers(&ini, es_time_now_ms()))
        return closed(q, out);
    return show_form(q, out, &ini, &none, 0, e);
}

/* The secrets are shown on the next page, so that a reload doesn't join
 * twice: they travel in a short-lived cookie that only we can read. */
enum es_code es_web_show_secrets(const struct es_req *q, struct es_resp *out,
                                 const char *link, const char *token)
{
    char both[ES_SECRET_TEXT * 2 + 1];
    (void)snprintf(both, sizeof both, "%s.%s", link, token);
    es_web_set_cookie(q, out, ES_COOKIE_JOINED, both, NEW_COOKIE_S);
    return es_resp_redirect(out, es_web_keep_lang(q, "/joined"));
}

static enum es_code joined_next(const struct es_req *q, struct es_resp *out,
                                const struct es_joined *j, struct es_err *e)
{
    struct es_web_signing as = { .initiative = j->p.initiative,
                                 .subject = j->p.id,
                                 .by = ES_BY_JOINING };
    enum es_code rc = es_web_sign_in(q, out, &as, e);
    if (rc != ES_OK)
        return rc;
    return es_web_show_secrets(q, out, j->link, j->token);
}

/* POST /e/{slug}/join */
static enum es_code join_post(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_initiative ini;
    struct es_field_errors fe = { 0 };
    struct es_joined joined;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_JOIN,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return show_form(q, out, &ini, &fe, wait_s, e);
    struct es_join in = {
        .display_name = es_req_form(q, "display_name"),
        .country = es_req_form(q, "country"),
        .team_code = es_req_form(q, "team_code"),
        .category = es_req_form(q, "category"),
        .birth_year = es_req_form(q, "birth_year"),
        .guardian_contact = es_req_form(q, "guardian_contact"),
        .email = es_req_form(q, "email"),
        .lang = es_web_lang(q, NULL)->tag,
        .visibility = es_req_form(q, "visibility"),
        .consents = consents_given(q),
        .account = es_web_who(q)->staff ? es_web_who(q)->account.id : 0,
    };
    rc = es_register(es_web_of(q)->app, &ini, &in, es_req_arena(q), &joined,
                     &fe, e);
    if (rc == ES_EINVAL)
        return show_form(q, out, &ini, &fe, 0, e);
    if (rc == ES_EDENIED)
        return closed(q, out);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL), ES_T("All places of this initiative are "
                                            "taken.")));
    return rc == ES_OK ? joined_next(q, out, &joined, e) : rc;
}

/* GET /joined: bib and personal link, for ten minutes after joining. */
static enum es_code joined(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_who *who = es_web_who(q);
    const char *both = es_web_cookie(q, ES_COOKIE_JOINED);
    (void)e;
    if (!both || strlen(both) != 2 * (ES_SECRET_TEXT - 1) + 1)
        return es_resp_redirect(out, es_web_keep_lang(q, "/me"));
    const char *link = es_arena_strn(a, both, ES_SECRET_TEXT - 1);
    struct es_view_joined v = {
        .frame = es_web_frame(q, &who->ini),
        .name = who->p.display_name,
        .bib = who->p.bib,
        .link_url = es_url_path(a, "/p/%s", link ? link : ""),
        .token = both + ES_SECRET_TEXT,
    };
    v.link = es_arena_fmt(a, "%s/p/%s", es_web_of(q)->origin, link ? link : "");
    if (!v.link)
        v.link = "";
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_joined(&o, &v);
    return ES_OK;
}

/* ---- the personal link ---- */

static enum es_code who_of_link(const struct es_req *q, struct es_resp *out,
                                struct es_credential *c, bool *answered,
                                struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    enum es_code rc =
        es_credential_who(app, es_req_param(q, "secret"), ES_CRED_LINK, c, e);
    *answered = rc == ES_ENOENT;
    if (rc != ES_ENOENT)
        return rc;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    return es_web_fail(q, out, 404,
                       es_t(es_web_lang(q, NULL),
                            ES_T("This personal link is not known here. Was "
                                 "it copied whole?")));
}

/* GET /p/{secret}: a button, so that a mail scanner signs nobody in. */
static enum es_code link_show(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_credential c;
    struct es_participant p;
    struct es_initiative ini;
    bool answered;
    struct es_arena *a = es_req_arena(q);
    struct es_store *store = es_web_of(q)->app->store;
    enum es_code rc = who_of_link(q, out, &c, &answered, e);
    if (answered || rc != ES_OK)
        return rc;
    rc = es_store_participant(store, c.initiative, c.subject, a, &p, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(store, c.initiative, a, &ini, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_link v = {
        .frame = es_web_frame(q, &ini),
        .action = es_url_path(a, "/p/%s", es_req_param(q, "secret")),
        .name = p.display_name,
    };
    v.frame.here = es_url_fixed("/"); /* the secret stays out of other links */
    struct es_out o = es_web_page(q, out);
    es_page_link(&o, &v);
    return ES_OK;
}

/* POST /p/{secret} */
static enum es_code link_use(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_credential c;
    bool answered;
    enum es_code rc = who_of_link(q, out, &c, &answered, e);
    if (answered || rc != ES_OK)
        return rc;
    struct es_web_signing as = { .initiative = c.initiative,
                                 .subject = c.subject,
                                 .by = ES_BY_LINK };
    rc = es_web_sign_in(q, out, &as, e);
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, "/me")) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/join", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE,
      join },
    { ES_POST, "/e/{slug}/join", ES_BODY_FORM, ES_WEB_FORM | ES_WEB_WHOLE,
      join_post },
    { ES_GET, "/joined", ES_BODY_NONE, ES_WEB_PAGE, joined },
    { ES_GET, "/p/{secret}", ES_BODY_NONE, ES_WEB_PAGE, link_show },
    { ES_POST, "/p/{secret}", ES_BODY_FORM, ES_WEB_FORM, link_use },
};
const struct es_routes ES_ROUTES_JOIN = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
