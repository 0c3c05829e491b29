/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The fields about oneself: for who joins, and for who changes them. */
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "card/qr.h"
#include "initiative/people.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

struct about {
    const struct es_req *q;
    const struct es_initiative *ini;
    const struct es_participant *p; /* NULL: who joins */
    const struct es_field_errors *fe;
    struct es_view_about *v;
    json_t *agreed; /* of p */
};

static bool posted(const struct es_req *q)
{
    return es_req_route(q)->method == ES_POST;
}

/* As it was posted, else as it stands. */
static struct es_view_field field(const struct about *b, const char *name,
                                  const char *stands)
{
    struct es_view_field f = es_web_field(b->q, name, b->fe);
    if (!posted(b->q) && stands)
        f.value = stands;
    return f;
}

static const char *number(const struct about *b, int64_t n, bool given)
{
    const char *s =
        given ? es_arena_fmt(es_req_arena(b->q), "%" PRId64, n) : "";
    return s ? s : "";
}

/* ---- consents ---- */

static struct es_view_consent consent_view(const struct about *b,
                                           const json_t *c)
{
    const struct es_req *q = b->q;
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
    const json_t *old = purpose ? json_object_get(b->agreed, purpose) : NULL;
    v.given = posted(q) ? ticked && v.version && strcmp(ticked, v.version) == 0
                        : json_equal(old, json_object_get(c, "version"));
    v.changed = old && !json_equal(old, json_object_get(c, "version"));
    if (b->fe->n && v.required && !v.given && !v.changed)
        v.error = es_say_of_field(es_web_reader(q), a, b->fe, "consents");
    return v;
}

static enum es_code consents_view(const struct about *b, struct es_err *e)
{
    json_error_t je;
    json_t *list = json_loads(b->ini->consents, 0, &je);
    size_t n = json_array_size(list);
    struct es_view_consent *c =
        es_arena_array(es_req_arena(b->q), n, sizeof *c);
    for (size_t i = 0; c && i < n; i++) {
        c[i] = consent_view(b, json_array_get(list, i));
        if (c[i].field && c[i].version && c[i].label)
            b->v->n_consents = i + 1;
    }
    b->v->consents = c;
    json_decref(list);
    return c ? ES_OK : es_fail(e, ES_ENOMEM, 0, "consents");
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

/* ---- choices ---- */

static enum es_code categories_view(const struct about *b, struct es_err *e)
{
    struct es_arena *a = es_req_arena(b->q);
    struct es_rules *rules = es_arena_alloc(a, sizeof *rules);
    if (!rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    enum es_code rc = es_rules_read(b->ini->rules, rules, e);
    if (rc != ES_OK || b->v->asked.ask[ES_ASKING_CATEGORY] == ES_ASK_OFF)
        return rc;
    struct es_view_choice *c =
        es_arena_array(a, rules->n_categories, sizeof *c);
    for (size_t i = 0; c && i < rules->n_categories; i++)
        c[i] = (struct es_view_choice){
            .value = rules->categories[i].name,
            .label = rules->categories[i].name,
            .chosen =
                strcmp(rules->categories[i].name, b->v->category.value) == 0,
        };
    b->v->categories = c;
    b->v->n_categories = c ? rules->n_categories : 0;
    return ES_OK;
}

/* Those that are open to everybody, and the one that somebody is in. */
static enum es_code teams_view(const struct about *b, struct es_err *e)
{
    struct es_arena *a = es_req_arena(b->q);
    struct es_view_about *v = b->v;
    struct es_team *all;
    size_t n;
    v->team_name = "";
    if (v->asked.ask[ES_ASKING_TEAM] == ES_ASK_OFF)
        return ES_OK;
    enum es_code rc =
        es_store_teams(es_web_of(b->q)->app->store, b->ini->id, a, &all, &n, e);
    struct es_view_choice *c =
        rc == ES_OK ? es_arena_array(a, n, sizeof *c) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "teams");
    for (size_t i = 0; i < n; i++) {
        bool own = b->p && b->p->team == all[i].id;
        v->codes |= !all[i].open;
        if (own)
            v->team_name = all[i].name;
        if (!all[i].open && !own)
            continue;
        const char *id = number(b, all[i].id, true);
        c[v->n_teams++] = (struct es_view_choice){
            .value = id,
            .label = all[i].name,
            .chosen = strcmp(id, v->team.value) == 0,
        };
    }
    v->teams = c;
    return ES_OK;
}

static enum es_code ages_view(const struct about *b, struct es_err *e)
{
    struct es_view_about *v = b->v;
    const struct es_settings *s = &v->asked;
    if (s->ask[ES_ASKING_AGE] == ES_ASK_OFF || !s->age_group)
        return ES_OK;
    struct es_view_choice *c =
        es_arena_array(es_req_arena(b->q), s->n_ages, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "ages");
    for (size_t i = 0; i < s->n_ages; i++) {
        c[i].value = number(b, s->ages[i], true);
        c[i].label = es_words_ages(es_req_arena(b->q), es_web_reader(b->q), s,
                                   s->ages[i] + 1);
        c[i].chosen = strcmp(c[i].value, v->age_group.value) == 0;
    }
    v->ages = c;
    v->n_ages = s->n_ages;
    return ES_OK;
}

/* ---- all of it ---- */

static void fields(const struct about *b)
{
    static const char *const SHOWN[] = { "name", "initials", "hidden" };
    const struct es_participant *p = b->p;
    struct es_view_about *v = b->v;
    v->display_name = field(b, "display_name", p ? p->display_name : NULL);
    v->country = field(b, "country", p ? p->country : NULL);
    v->team = field(b, "team",
                    p ? number(b, p->team, p->team != 0)
                      : es_req_query(b->q, "team"));
    v->team_code = field(b, "team_code", es_req_query(b->q, "code"));
    v->category = field(b, "category", p ? p->category : NULL);
    v->birth_year =
        field(b, "birth_year",
              p ? number(b, p->birth_year, p->birth_year != 0) : NULL);
    v->age_group =
        field(b, "age_group",
              p ? number(b, p->age_group - 1, p->age_group != 0) : NULL);
    v->guardian_contact =
        field(b, "guardian_contact", p ? p->guardian_contact : NULL);
    v->email = field(b, "email", p ? p->email : NULL);
    v->visibility =
        field(b, "visibility", p ? SHOWN[(p->visibility & 3) % 3] : NULL);
    v->young = v->guardian_contact.error || *v->guardian_contact.value;
    v->mail = es_web_of(b->q)->mail;
}

enum es_code es_web_about(const struct es_req *q,
                          const struct es_initiative *ini,
                          const struct es_participant *p,
                          const struct es_field_errors *fe,
                          struct es_view_about *out, struct es_err *e)
{
    json_error_t je;
    struct about b = { .q = q, .ini = ini, .p = p, .fe = fe, .v = out };
    *out = (struct es_view_about){ .n_teams = 0 };
    enum es_code rc =
        es_settings_of(es_web_of(q)->app->store, ini->id, &out->asked, NULL, e);
    if (rc != ES_OK)
        return rc;
    fields(&b);
    b.agreed = p ? json_loads(p->consents, 0, &je) : NULL;
    rc = categories_view(&b, e);
    if (rc == ES_OK)
        rc = teams_view(&b, e);
    if (rc == ES_OK)
        rc = ages_view(&b, e);
    if (rc == ES_OK)
        rc = consents_view(&b, e);
    json_decref(b.agreed);
    return rc;
}

struct es_join es_web_entered(const struct es_req *q)
{
    return (struct es_join){
        .display_name = es_req_form(q, "display_name"),
        .country = es_req_form(q, "country"),
        .team = es_req_form(q, "team"),
        .team_code = es_req_form(q, "team_code"),
        .category = es_req_form(q, "category"),
        .birth_year = es_req_form(q, "birth_year"),
        .age_group = es_req_form(q, "age_group"),
        .guardian_contact = es_req_form(q, "guardian_contact"),
        .email = es_req_form(q, "email"),
        .mail = es_web_of(q)->mail,
        .lang = es_web_lang(q, NULL)->tag,
        .visibility = es_req_form(q, "visibility"),
        .consents = consents_given(q),
        .account = es_web_who(q)->staff ? es_web_who(q)->account.id : 0,
    };
}

struct es_view_qr es_web_qr(const struct es_req *q, const char *text)
{
    struct es_qr qr;
    struct es_err e = { 0 };
    if (es_qr_path(text, es_req_arena(q), &qr, &e) != ES_OK)
        return (struct es_view_qr){ .side = 0 };
    return (struct es_view_qr){ qr.side, qr.path };
}

void es_web_move_up(const struct es_req *q, int64_t initiative)
{
    struct es_err e = { 0 };
    struct es_moved *m = es_arena_alloc(es_req_arena(q), sizeof *m);
    if (m && es_people_move_up(es_web_of(q)->app, initiative, es_req_arena(q),
                               m, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "people.move_up", "%s", e.msg);
}
