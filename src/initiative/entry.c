/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/entry.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/reserved.h"
#include "store/people.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { OLDEST_BIRTH = 1900 };

/* Cleaned, at most `max` code points; "" and an error otherwise. */
static const char *text(struct es_entry *n, const char *field,
                        const char *value, size_t max)
{
    struct es_buf b;
    struct es_buf nfc;
    const char *out = "";
    es_buf_init(&b, ES_FORM_MAX * 3);
    es_buf_init(&nfc, ES_FORM_MAX * 3);
    if (!es_text_nfc(&nfc, es_bytes_str(value ? value : "")))
        b.bad = true;
    es_text_clean(&b, es_buf_bytes(&nfc), false);
    es_buf_release(&nfc);
    size_t count = es_utf8_count(es_buf_bytes(&b));
    if (b.bad || count > max)
        es_field_errors_add(n->errors, field, "too_long", (double)max);
    else
        out = es_arena_str(n->a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}

/* A name that is seen, has room, and is taken for nobody else's. */
static enum es_code take_name(struct es_entry *n, struct es_err *e)
{
    const char *given = n->in->display_name;
    struct es_bytes s = es_bytes_str(given ? given : "");
    struct es_buf b;
    bool reserved = false;
    enum es_code rc = ES_OK;

    es_buf_init(&b, ES_FORM_MAX * 3);
    bool ok = es_text_name(&b, s);
    const char *name = ok ? es_arena_str(n->a, es_buf_cstr(&b)) : NULL;
    es_buf_release(&b);
    if (!name)
        return es_fail(e, ES_ENOMEM, 0, "a name");
    if (es_utf8_count(es_bytes_str(name)) > ES_NAME_MAX)
        es_field_errors_add(n->errors, "display_name", "too_long", ES_NAME_MAX);
    else if (es_text_columns(name) > ES_NAME_COLUMNS)
        es_field_errors_add(n->errors, "display_name", "too_wide", NAN);
    else if (!es_text_visible(es_bytes_str(name)))
        es_field_errors_add(n->errors, "display_name", "required", NAN);
    else if (!n->was || strcmp(n->was->display_name, name) != 0)
        rc = n->reserved ? es_reserved_is(n->reserved, name, n->a, &reserved, e)
                         : es_name_reserved(n->app, n->ini, n->in->account,
                                            name, n->a, &reserved, e);
    if (reserved)
        es_field_errors_add(n->errors, "display_name", "reserved", NAN);
    n->p->display_name = name;
    return rc;
}

/* What was left empty although it is asked for. */
static void need(struct es_entry *n, enum es_asking what, bool given,
                 const char *field)
{
    if (!given && n->asked->ask[what] == ES_ASK_REQUIRED &&
        !es_field_errors_of(n->errors, field))
        es_field_errors_add(n->errors, field, "required", NAN);
}

static bool asks(const struct es_entry *n, enum es_asking what)
{
    return n->asked->ask[what] != ES_ASK_OFF;
}

static void take_country(struct es_entry *n)
{
    char *c = es_arena_str(n->a, text(n, "country", n->in->country, 8));
    if (!c || !*c)
        return;
    for (char *p = c; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    if (!es_country_known(c))
        es_field_errors_add(n->errors, "country", "unknown", NAN);
    else
        n->p->country = c;
}

/* By its code; or an open one by its id; or the one they are in already. */
static enum es_code find_team(struct es_entry *n, const char *code,
                              struct es_team *t, const char **field,
                              struct es_err *e)
{
    int64_t id = 0;
    const char *chosen = text(n, "team", n->in->team, 24);
    *field = "team_code";
    *t = (struct es_team){ 0 };
    if (*code)
        return es_store_team_by_code(n->app->store, n->ini->id, code, n->a, t,
                                     e);
    if (!*chosen)
        return ES_OK;
    *field = "team";
    if (!es_num_i64(es_bytes_str(chosen), 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "not a team");
    enum es_code rc = es_store_team(n->app->store, n->ini->id, id, n->a, t, e);
    if (rc == ES_OK && !t->open && !(n->was && n->was->team == id))
        return es_fail(e, ES_ENOENT, 0, "not an open team");
    return rc;
}

static enum es_code take_team(struct es_entry *n, struct es_err *e)
{
    struct es_team t;
    const char *field;
    const char *code = text(n, "team_code", n->in->team_code, 40);
    n->p->team = n->in->into;
    if (n->in->into)
        return ES_OK;
    if (!asks(n, ES_ASKING_TEAM)) {
        n->p->team = n->was ? n->was->team : 0;
        return ES_OK;
    }
    enum es_code rc = find_team(n, code, &t, &field, e);
    if (rc == ES_OK)
        n->p->team = t.id;
    else if (rc == ES_ENOENT)
        es_field_errors_add(n->errors, field, "unknown", NAN);
    need(n, ES_ASKING_TEAM, n->p->team != 0, field);
    return rc == ES_ENOENT ? ES_OK : rc;
}

static void take_category(struct es_entry *n)
{
    const char *c =
        text(n, "category", n->in->category, ES_RULE_CATEGORY_TEXT - 1);
    if (!*c)
        return;
    for (size_t i = 0; i < n->rules->n_categories; i++) {
        if (strcmp(n->rules->categories[i].name, c) == 0) {
            n->p->category = c;
            return;
        }
    }
    es_field_errors_add(n->errors, "category", "unknown", NAN);
}

bool es_mail_ok(const char *s)
{
    const char *at = strchr(s, '@');
    if (!at || at == s || strchr(at + 1, '@') || !strchr(at + 1, '.'))
        return false;
    return strpbrk(s, " ,;<>()[]\\\"") == NULL && at[1] != '.' &&
           s[strlen(s) - 1] != '.';
}

static const char *take_mail(struct es_entry *n, const char *field,
                             const char *value)
{
    const char *s = text(n, field, value, ES_MAIL_MAX);
    if (!*s || es_mail_ok(s))
        return s;
    es_field_errors_add(n->errors, field, "invalid", NAN);
    return "";
}

static void take_visibility(struct es_entry *n)
{
    static const char *const NAMES[] = { "name", "initials", "hidden" };
    const char *v = n->in->visibility;
    if (!v || !*v)
        return;
    for (int32_t i = 0; i < 3; i++) {
        if (strcmp(v, NAMES[i]) == 0) {
            n->p->visibility = i;
            return;
        }
    }
    es_field_errors_add(n->errors, "visibility", "unknown", NAN);
}

static bool in_groups(const struct es_settings *s, int64_t age)
{
    for (size_t i = 0; i < s->n_ages; i++)
        if (s->ages[i] == age)
            return true;
    return false;
}

/* Reads the age; *young: they may be below the age of consent. */
static void take_age(struct es_entry *n, bool *young)
{
    const struct es_settings *s = n->asked;
    bool group = s->age_group;
    const char *field = group ? "age_group" : "birth_year";
    const char *given =
        text(n, field, group ? n->in->age_group : n->in->birth_year, 16);
    int year = es_date_of(n->now_ms).year;
    int64_t v;
    *young = n->in->school && s->consent_age > 0;
    if (!asks(n, ES_ASKING_AGE))
        return;
    need(n, ES_ASKING_AGE, *given != 0, field);
    if (!*given)
        return;
    if (!es_num_i64(es_bytes_str(given), group ? 0 : OLDEST_BIRTH, year, &v) ||
        (group && !in_groups(s, v))) {
        es_field_errors_add(n->errors, field, "invalid", NAN);
        return;
    }
    if (!group)
        n->p->birth_year = (int32_t)v;
    n->p->age_group = group ? (int32_t)v + 1 : es_age_group(s, year - v);
    /* Who is born in that year may still be a year younger. */
    *young = group ? v < s->consent_age : year - v <= s->consent_age;
    *young = *young && s->consent_age > 0;
}

/* Who is young names a guardian, and shows no full name. */
static void take_guardian(struct es_entry *n, bool young)
{
    struct es_participant *p = n->p;
    const struct es_participant *was = n->was;
    p->guardian_contact =
        text(n, "guardian_contact", n->in->guardian_contact, ES_MAIL_MAX);
    bool school = young && n->in->school;
    if (young && !*p->guardian_contact && !school &&
        !(was && was->guardian == ES_GUARDIAN_SCHOOL))
        es_field_errors_add(n->errors, "guardian_contact", "required", NAN);
    if (young && p->visibility == ES_VIS_NAME)
        p->visibility = ES_VIS_INITIALS;
    if (was && strcmp(was->guardian_contact, p->guardian_contact) == 0)
        p->guardian = was->guardian;
    else if (school)
        p->guardian = ES_GUARDIAN_SCHOOL;
    else if (*p->guardian_contact)
        p->guardian = n->in->mail && es_mail_ok(p->guardian_contact)
                          ? ES_GUARDIAN_ASKED
                          : ES_GUARDIAN_DECLARED;
}

/* Each required consent given, in the version that stands; nothing unknown is
 * kept. */
static enum es_code take_consents(struct es_entry *n, struct es_err *e)
{
    json_error_t je;
    struct es_buf b;
    json_t *asked = json_loads(n->ini->consents, 0, &je);
    json_t *was = n->was ? json_loads(n->was->consents, 0, &je) : NULL;
    json_t *given =
        json_loads(n->in->consents && *n->in->consents ? n->in->consents : "{}",
                   JSON_REJECT_DUPLICATES, &je);
    size_t i;
    json_t *c;
    if (!json_is_object(given))
        es_field_errors_add(n->errors, "consents", "invalid", NAN);
    es_buf_init(&b, ES_FORM_MAX);
    es_buf_str(&b, "{");
    json_array_foreach(asked, i, c)
    {
        const char *purpose = json_string_value(json_object_get(c, "purpose"));
        json_t *version = json_object_get(c, "version");
        json_t *yes = purpose ? json_object_get(given, purpose) : NULL;
        json_t *old = purpose ? json_object_get(was, purpose) : NULL;
        /* Who agreed to an earlier text need not agree to the new one to go
         * on. */
        if (!yes && old && !json_equal(old, version) &&
            json_is_true(json_object_get(c, "required")))
            yes = version = old;
        if (yes && json_equal(yes, version)) {
            es_buf_json_comma(&b);
            es_buf_json_str(&b, es_bytes_str(purpose));
            char *v = json_dumps(version, JSON_ENCODE_ANY);
            es_buf_fmt(&b, ":%s", v ? v : "null");
            free(v);
        } else if (yes && !json_is_null(yes)) {
            es_field_errors_add(n->errors, "consents", "outdated", NAN);
        } else if (json_is_true(json_object_get(c, "required"))) {
            es_field_errors_add(n->errors, "consents", "required", NAN);
        }
    }
    es_buf_str(&b, "}");
    n->p->consents = es_arena_str(n->a, es_buf_cstr(&b));
    bool ok = n->p->consents && !b.bad;
    es_buf_release(&b);
    json_decref(asked);
    json_decref(was);
    json_decref(given);
    return ok ? ES_OK : es_fail(e, ES_ENOMEM, 0, "consents");
}

/* Fields without which people may not be reached, placed or counted. */
static void check_given(struct es_entry *n)
{
    struct es_participant *p = n->p;
    bool young;
    p->country = p->category = p->email = "";
    p->birth_year = p->age_group = p->guardian = p->visibility = 0;
    if (asks(n, ES_ASKING_COUNTRY))
        take_country(n);
    need(n, ES_ASKING_COUNTRY, *p->country != 0, "country");
    if (asks(n, ES_ASKING_CATEGORY))
        take_category(n);
    if (n->rules->n_categories > 0)
        need(n, ES_ASKING_CATEGORY, *p->category != 0, "category");
    if (asks(n, ES_ASKING_MAIL))
        p->email = take_mail(n, "email", n->in->email);
    need(n, ES_ASKING_MAIL, *p->email != 0, "email");
    take_visibility(n);
    take_age(n, &young);
    take_guardian(n, young);
    if (n->was) /* what people of staff decided stays */
        p->visibility |= n->was->visibility & ES_VIS_STAFF;
}

enum es_code es_entry_check(struct es_entry *n, struct es_err *e)
{
    enum es_code rc = take_name(n, e);
    if (rc != ES_OK)
        return rc;
    check_given(n);
    const struct es_lang *lang = es_lang_of(n->in->lang);
    n->p->lang = lang ? lang->tag : es_lang_at(0)->tag;
    rc = take_team(n, e);
    if (rc == ES_OK)
        rc = take_consents(n, e);
    return rc;
}
