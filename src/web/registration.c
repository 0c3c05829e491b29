/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the organiser sets of registration. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "initiative/people.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

/* Without it only what is necessary is sent (notify/letter.h). */
static const char BY_MAIL[] = "mail";

enum { TEXT_MOST = 1000, AGE_MOST = 120, TEAM_MOST = 1000 };

struct page {
    const struct es_req *q;
    struct es_arena *a;
    struct es_initiative ini;
    struct es_settings kept; /* as they stand */
    int64_t version;
    struct es_field_errors fe;
    bool late; /* somebody else changed them meanwhile */
    struct es_view_registration v;
};

static const struct {
    const char *field, *label;
} ASKS[ES_ASKINGS] = {
    [ES_ASKING_COUNTRY] = { "ask_country", ES_T("Country") },
    [ES_ASKING_TEAM] = { "ask_team", ES_T("Team") },
    [ES_ASKING_CATEGORY] = { "ask_category", ES_T("Category") },
    [ES_ASKING_MAIL] = { "ask_mail", ES_T("Mail address") },
    [ES_ASKING_AGE] = { "ask_age", ES_T("Age") },
};

static bool posted(const struct page *p)
{
    return es_req_route(p->q)->method == ES_POST;
}

static const char *number(const struct page *p, int64_t n)
{
    const char *s = es_arena_fmt(p->a, "%" PRId64, n);
    return s ? s : "";
}

static const char *field_n(const struct page *p, const char *name, size_t i)
{
    const char *s = es_arena_fmt(p->a, "%s_%zu", name, i);
    return s ? s : "";
}

/* ---- showing ---- */

/* What was posted, else what is kept; and, when others kept something else
 * meanwhile, that. */
static struct es_view_field shown(const struct page *p, const char *name,
                                  const char *kept)
{
    struct es_view_field f = es_web_field(p->q, name, &p->fe);
    if (!posted(p))
        f.value = kept;
    else if (p->late && !f.error && strcmp(f.value, kept) != 0)
        f.error = es_t_fill(
            p->a,
            es_t(es_web_lang(p->q, NULL),
                 ES_T("Somebody else has kept “{1}” meanwhile. What stands "
                      "here is yours.")),
            kept, NULL);
    return f;
}

static bool ticked(const struct page *p, const char *name, bool kept)
{
    return posted(p) ? strcmp(es_web_given(p->q, name), "1") == 0 : kept;
}

static const char *ages_text(const struct page *p)
{
    const char *s = "";
    for (size_t i = 0; s && i < p->kept.n_ages; i++)
        s = es_arena_fmt(p->a, "%s%s%d", s, i ? ", " : "",
                         (int)p->kept.ages[i]);
    return s ? s : "";
}

static void show_closing(struct page *p)
{
    const char *day = "";
    const char *hour = "";
    if (p->kept.closes_ms) {
        struct es_date d = es_zone_date(p->ini.zone, p->kept.closes_ms);
        day = es_arena_fmt(p->a, "%04d-%02d-%02d", d.year, d.month, d.day);
        hour = es_arena_fmt(p->a, "%02d:%02d", d.hour, d.minute);
    }
    p->v.closes_date = shown(p, "closes_date", day ? day : "");
    p->v.closes_time = shown(p, "closes_time", hour ? hour : "");
}

static void show_settings(struct page *p)
{
    const struct es_settings *s = &p->kept;
    struct es_view_registration *v = &p->v;
    for (size_t i = 0; i < ES_ASKINGS; i++)
        v->asks[i] = (struct es_view_asking){
            ASKS[i].field,
            es_t(es_web_lang(p->q, NULL), ASKS[i].label),
            shown(p, ASKS[i].field, number(p, (int64_t)s->ask[i])),
        };
    v->ages = shown(p, "ages", ages_text(p));
    v->consent_age = shown(p, "consent_age", number(p, s->consent_age));
    v->capacity =
        shown(p, "capacity", s->capacity ? number(p, s->capacity) : "");
    v->team_min = shown(p, "team_min", number(p, s->team_min));
    v->age_group = posted(p)
                       ? strcmp(es_web_given(p->q, "age_as"), "group") == 0
                       : s->age_group;
    v->waiting = ticked(p, "waiting", s->waiting);
    v->teams_by_all = ticked(p, "teams_by_all", s->teams_by_all);
    show_closing(p);
}

/* The text that stands where the organiser wrote none. */
static const char *builtin(const struct page *p, const char *purpose)
{
    const struct es_lang *l = es_lang_of(p->ini.lang);
    const char *text =
        *purpose ? es_words_consent(l ? l : es_lang_at(0), purpose) : "";
    return text;
}

static struct es_view_purpose purpose_view(const struct page *p,
                                           const json_t *c, size_t i)
{
    const char *purpose = json_string_value(json_object_get(c, "purpose"));
    const char *label = json_string_value(json_object_get(c, "label"));
    const char *url = json_string_value(json_object_get(c, "url"));
    char *version =
        c ? json_dumps(json_object_get(c, "version"), JSON_ENCODE_ANY) : NULL;
    struct es_view_purpose v = {
        .n = number(p, (int64_t)i),
        .purpose = es_arena_str(p->a, purpose ? purpose : ""),
        .version = es_arena_str(p->a, version ? version : ""),
    };
    free(version);
    const char *text =
        es_arena_str(p->a, label ? label : builtin(p, purpose ? purpose : ""));
    const char *at = es_arena_str(p->a, url ? url : "");
    v.text = shown(p, field_n(p, "text", i), text ? text : "");
    v.url = shown(p, field_n(p, "url", i), at ? at : "");
    v.required = ticked(p, field_n(p, "required", i),
                        json_is_true(json_object_get(c, "required")));
    return v;
}

static bool asks_mail(const struct es_view_purpose *v, size_t n)
{
    for (size_t i = 0; v && i < n; i++)
        if (strcmp(v[i].purpose, BY_MAIL) == 0)
            return true;
    return false;
}

/* Those that stand, and room for one more. */
static enum es_code show_purposes(struct page *p, struct es_err *e)
{
    json_error_t je;
    json_t *list = json_loads(p->ini.consents, 0, &je);
    size_t n = json_array_size(list);
    if (n > ES_CONSENTS_MAX)
        n = ES_CONSENTS_MAX;
    size_t all = n < ES_CONSENTS_MAX ? n + 1 : n;
    struct es_view_purpose *v = es_arena_array(p->a, all, sizeof *v);
    for (size_t i = 0; v && i < all; i++) {
        v[i] = purpose_view(p, i < n ? json_array_get(list, i) : NULL, i);
        if (!v[i].purpose || !v[i].version)
            v = NULL;
    }
    json_decref(list);
    p->v.purposes = v;
    p->v.n_purposes = all;
    p->v.offer_mail = n < ES_CONSENTS_MAX && !asks_mail(v, n);
    p->v.by_mail = ticked(p, "by_mail", false);
    return v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "purposes");
}

static enum es_code load(const struct es_req *q, struct page *p,
                         struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    *p = (struct page){ .q = q, .a = es_req_arena(q) };
    p->ini = es_web_who(q)->here;
    enum es_code rc =
        es_settings_of(store, p->ini.id, &p->kept, &p->version, e);
    if (rc == ES_OK)
        rc = es_store_count(store, p->ini.id, "placed", &p->v.placed, e);
    if (rc == ES_OK)
        rc = es_store_count(store, p->ini.id, "waiting", &p->v.waits, e);
    return rc;
}

static enum es_code show(struct page *p, struct es_resp *out, struct es_err *e)
{
    const struct es_req *q = p->q;
    p->v.frame = es_web_frame(q, &p->ini);
    p->v.self = es_url_path(p->a, "/organise/e/%s/registration", p->ini.slug);
    p->v.form = es_url_path(p->a, "/e/%s/join", p->ini.slug);
    p->v.version = number(p, p->version);
    p->v.zone = p->ini.zone;
    p->v.n_errors = p->fe.n;
    p->v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    if (p->late)
        p->v.frame.notice = es_t(
            es_web_lang(q, NULL),
            ES_T("Somebody else has changed these settings since you opened "
                 "them. Nothing of yours is lost: look at what differs, then "
                 "keep it."));
    show_settings(p);
    enum es_code rc = show_purposes(p, e);
    if (rc != ES_OK)
        return rc;
    if (p->fe.n || p->late)
        es_resp_status(out, p->late ? 409 : 422);
    struct es_out o = es_web_page(q, out);
    es_page_registration(&o, &p->v);
    return ES_OK;
}

/* GET /organise/e/{slug}/registration */
static enum es_code registration(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    enum es_code rc = load(q, p, e);
    return rc == ES_OK ? show(p, out, e) : rc;
}

/* ---- keeping ---- */

static int64_t read_number(struct page *p, const char *field, int64_t least,
                           int64_t most, int64_t empty)
{
    int64_t n = empty;
    const char *s = es_web_given(p->q, field);
    if (!*s && empty >= 0)
        return empty;
    if (!es_num_i64(es_bytes_str(s), least, most, &n))
        es_field_errors_add(&p->fe, field, "number", NAN);
    return n;
}

static void read_ages(struct page *p, struct es_settings *s)
{
    const char *t = es_web_given(p->q, "ages");
    s->n_ages = 0;
    while (*t) {
        size_t n = strspn(t, "0123456789");
        int64_t age = 0;
        if (n && s->n_ages < ES_AGES_MAX &&
            es_num_i64((struct es_bytes){ (const uint8_t *)t, n }, 0, AGE_MOST,
                       &age) &&
            (s->n_ages == 0 || age > s->ages[s->n_ages - 1]))
            s->ages[s->n_ages++] = (int32_t)age;
        else if (n)
            break;
        t += n;
        size_t gap = strspn(t, ", ;");
        if (!gap && *t)
            break;
        t += gap;
    }
    if (*t || s->n_ages == 0)
        es_field_errors_add(&p->fe, "ages", "invalid", NAN);
    else if (s->ages[0] != 0 && s->n_ages < ES_AGES_MAX) {
        memmove(&s->ages[1], &s->ages[0], s->n_ages * sizeof *s->ages);
        s->ages[0] = 0; /* the youngest are in a group, too */
        s->n_ages++;
    }
}

static void read_closing(struct page *p, struct es_settings *s)
{
    struct es_typed t;
    struct es_field_errors fe = { 0 };
    const char *day = es_web_given(p->q, "closes_date");
    const char *hour = es_web_given(p->q, "closes_time");
    s->closes_ms = 0;
    if (!*day)
        return;
    struct es_typed_text text = { day, *hour ? hour : "23:59", "1", "1:00",
                                  ES_UNITS_KM };
    es_typed_read(&text, "en", p->ini.zone, &t, &fe);
    if (es_field_errors_of(&fe, "date") || t.started_ms == ES_NO_TIME)
        es_field_errors_add(&p->fe, "closes_date", "invalid", NAN);
    else
        s->closes_ms = t.started_ms;
}

static void read_purpose(struct page *p, size_t i, struct es_consent_edit *c)
{
    struct es_buf b;
    struct es_url url;
    const char *text = field_n(p, "text", i);
    const char *at = field_n(p, "url", i);
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(es_web_given(p->q, text)), true);
    const char *clean = b.bad ? NULL : es_arena_str(p->a, es_buf_cstr(&b));
    es_buf_release(&b);
    c->purpose = es_web_given(p->q, field_n(p, "purpose", i));
    c->text = clean && es_text_visible(es_bytes_str(clean)) ? clean : "";
    c->builtin = builtin(p, c->purpose);
    c->url = es_web_given(p->q, at);
    c->required =
        strcmp(es_web_given(p->q, field_n(p, "required", i)), "1") == 0;
    if (es_utf8_count(es_bytes_str(c->text)) > TEXT_MOST)
        es_field_errors_add(&p->fe, text, "too_long", TEXT_MOST);
    if (*c->url && !es_url_foreign(p->a, c->url, &url))
        es_field_errors_add(&p->fe, at, "address", NAN);
}

static bool asked_by_mail(const struct es_settings_change *c)
{
    for (size_t i = 0; i < c->n_consents; i++)
        if (strcmp(c->consents[i].purpose, BY_MAIL) == 0)
            return true;
    return false;
}

static void read_form(struct page *p, struct es_settings_change *c)
{
    struct es_settings *s = &c->settings;
    *s = p->kept;
    for (size_t i = 0; i < ES_ASKINGS; i++)
        s->ask[i] = (enum es_asked)read_number(
            p, ASKS[i].field, ES_ASK_OFF, ES_ASK_REQUIRED, ES_ASK_OPTIONAL);
    s->age_group = strcmp(es_web_given(p->q, "age_as"), "group") == 0;
    s->waiting = strcmp(es_web_given(p->q, "waiting"), "1") == 0;
    s->teams_by_all = strcmp(es_web_given(p->q, "teams_by_all"), "1") == 0;
    s->consent_age = (int32_t)read_number(p, "consent_age", 0, AGE_MOST, 0);
    s->capacity = read_number(p, "capacity", 1, INT32_MAX, 0);
    s->team_min = (int32_t)read_number(p, "team_min", 1, TEAM_MOST, 1);
    read_ages(p, s);
    read_closing(p, s);
    while (c->n_consents < ES_CONSENTS_MAX &&
           es_req_form(p->q, field_n(p, "text", c->n_consents))) {
        read_purpose(p, c->n_consents, &c->consents[c->n_consents]);
        c->n_consents++;
    }
    if (c->n_consents < ES_CONSENTS_MAX &&
        strcmp(es_web_given(p->q, "by_mail"), "1") == 0 && !asked_by_mail(c))
        c->consents[c->n_consents++] =
            (struct es_consent_edit){ .purpose = BY_MAIL,
                                      .first = true,
                                      .text = builtin(p, BY_MAIL),
                                      .builtin = builtin(p, BY_MAIL),
                                      .url = "" };
}

static enum es_code keep(struct page *p, struct es_err *e)
{
    struct es_settings_change *c = es_arena_alloc(p->a, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    *c = (struct es_settings_change){ .initiative = p->ini.id };
    if (!es_num_i64(es_bytes_str(es_web_given(p->q, "version")), 0, INT64_MAX,
                    &c->from))
        c->from = -1;
    read_form(p, c);
    if (p->fe.n)
        return es_fail(e, ES_EINVAL, 0, "registration");
    return es_settings_save(es_web_of(p->q)->app, c, p->a, e);
}

/* POST /organise/e/{slug}/registration */
static enum es_code registration_keep(const struct es_req *q,
                                      struct es_resp *out, struct es_err *e)
{
    struct page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    enum es_code rc = load(q, p, e);
    if (rc == ES_OK)
        rc = keep(p, e);
    p->late = rc == ES_ECONFLICT;
    if (rc == ES_EINVAL && p->fe.n == 0) /* not a form of ours */
        return es_web_fail(q, out, 400, "");
    if (rc == ES_EINVAL || rc == ES_ECONFLICT)
        return show(p, out, e);
    if (rc != ES_OK)
        return rc;
    es_web_move_up(q, p->ini.id);
    const char *path = es_arena_fmt(
        p->a, "/organise/e/%s/registration?done=kept", p->ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/registration", ES_BODY_NONE, ES_WEB_PAGE,
      registration },
    { ES_POST, "/organise/e/{slug}/registration", ES_BODY_FORM, ES_WEB_FORM,
      registration_keep },
};
const struct es_routes ES_ROUTES_REGISTRATION = { ROUTES, sizeof ROUTES /
                                                              sizeof *ROUTES };
