/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/registration.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/boards.h"
#include "initiative/names.h"
#include "initiative/reserved.h"
#include "initiative/rules.h"
#include "initiative/stage.h"
#include "initiative/watched.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { OLDEST_BIRTH = 1900 };

/* ---- errors at fields ---- */

void es_field_errors_add(struct es_field_errors *fe, const char *field,
                         const char *code, double limit)
{
    if (fe->n < ES_FIELD_ERRORS_MAX)
        fe->v[fe->n++] = (struct es_field_error){ field, code, limit };
}

const char *es_field_errors_of(const struct es_field_errors *fe,
                               const char *field)
{
    for (size_t i = 0; i < fe->n; i++)
        if (strcmp(fe->v[i].field, field) == 0)
            return fe->v[i].code;
    return NULL;
}

/* ---- what was entered, made safe and checked ---- */

struct entry {
    struct es_app *app;
    const struct es_initiative *ini;
    const struct es_rules *rules;
    const struct es_join *in;
    struct es_arena *a;
    struct es_field_errors *errors;
    struct es_participant *p;
};

/* Cleaned, at most `max` code points; "" and an error otherwise. */
static const char *text(struct entry *n, const char *field, const char *value,
                        size_t max)
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
static enum es_code take_name(struct entry *n, struct es_err *e)
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
    else
        rc = es_name_reserved(n->app, n->ini, n->in->account, name, n->a,
                              &reserved, e);
    if (reserved)
        es_field_errors_add(n->errors, "display_name", "reserved", NAN);
    n->p->display_name = name;
    return rc;
}

static void take_country(struct entry *n)
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

static enum es_code take_team(struct entry *n, struct es_err *e)
{
    struct es_team t;
    const char *code = text(n, "team_code", n->in->team_code, 40);
    if (!*code)
        return ES_OK;
    enum es_code rc =
        es_store_team_by_code(n->app->store, n->ini->id, code, n->a, &t, e);
    if (rc == ES_OK)
        n->p->team = t.id;
    else if (rc == ES_ENOENT)
        es_field_errors_add(n->errors, "team_code", "unknown", NAN);
    return rc == ES_ENOENT ? ES_OK : rc;
}

static void take_category(struct entry *n)
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

/* A mail address that is one address; who gets mail proves it by reading. */
bool es_mail_ok(const char *s)
{
    const char *at = strchr(s, '@');
    if (!at || at == s || strchr(at + 1, '@') || !strchr(at + 1, '.'))
        return false;
    return strpbrk(s, " ,;<>()[]\\\"") == NULL && at[1] != '.' &&
           s[strlen(s) - 1] != '.';
}

static const char *take_mail(struct entry *n, const char *field,
                             const char *value)
{
    const char *s = text(n, field, value, ES_MAIL_MAX);
    if (!*s || es_mail_ok(s))
        return s;
    es_field_errors_add(n->errors, field, "invalid", NAN);
    return "";
}

static void take_visibility(struct entry *n)
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

/* Below the age of consent a guardian is named, and no full name is shown. */
static void take_age(struct entry *n, int64_t now_ms)
{
    const char *s = text(n, "birth_year", n->in->birth_year, 16);
    int year = es_date_of(now_ms).year;
    int64_t birth;
    n->p->guardian_contact =
        text(n, "guardian_contact", n->in->guardian_contact, ES_MAIL_MAX);
    if (!*s)
        return;
    if (!es_num_i64(es_bytes_str(s), OLDEST_BIRTH, year, &birth)) {
        es_field_errors_add(n->errors, "birth_year", "invalid", NAN);
        return;
    }
    n->p->birth_year = (int32_t)birth;
    if (year - birth >= ES_ADULT_AGE)
        return;
    if (!*n->p->guardian_contact)
        es_field_errors_add(n->errors, "guardian_contact", "required", NAN);
    if (n->p->visibility == ES_VIS_NAME)
        n->p->visibility = ES_VIS_INITIALS;
}

/* Each required consent given, in the version that stands; nothing unknown is
 * kept. */
static enum es_code take_consents(struct entry *n, struct es_err *e)
{
    json_error_t je;
    struct es_buf b;
    json_t *asked = json_loads(n->ini->consents, 0, &je);
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
    json_decref(given);
    return ok ? ES_OK : es_fail(e, ES_ENOMEM, 0, "consents");
}

static enum es_code check(struct entry *n, int64_t now_ms, struct es_err *e)
{
    enum es_code rc = take_name(n, e);
    if (rc != ES_OK)
        return rc;
    n->p->country = "";
    n->p->category = "";
    take_country(n);
    take_category(n);
    take_visibility(n);
    take_age(n, now_ms);
    n->p->email = take_mail(n, "email", n->in->email);
    const struct es_lang *lang = es_lang_of(n->in->lang);
    n->p->lang = lang ? lang->tag : es_lang_at(0)->tag;
    rc = take_team(n, e);
    if (rc == ES_OK)
        rc = take_consents(n, e);
    return rc;
}

/* ---- storing ---- */

struct joining {
    struct es_app *app;
    struct es_participant *p;
    int64_t people_max;
    struct es_credential creds[2];
    struct es_report watched; /* id 0: nothing in the name is */
};

static enum es_code joining_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    struct joining *j = arg;
    (void)blob;
    enum es_code rc = es_txn_participant_add(tx, j->p, &j->p->bib, e);
    /* Bibs have no gap; who took the last place is known only here. */
    if (rc == ES_OK && j->people_max && j->p->bib > j->people_max)
        rc = es_fail(e, ES_ETOOLARGE, 0, "the initiative is full");
    if (rc == ES_OK)
        rc = es_names_put(tx, j->p, e);
    for (size_t i = 0; rc == ES_OK && i < 2; i++)
        rc = es_txn_credential_add(tx, &j->creds[i], e);
    if (rc == ES_OK && j->watched.id)
        rc = es_txn_report_add(tx, &j->watched, e);
    return rc;
}

static void joining_done(void *arg)
{
    struct joining *j = arg;
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_standings *s = es_app_standings(j->app, j->p->initiative);
    es_arena_init(&a, 4096);
    struct es_stander p = es_stander_of(j->p, &a);
    if (!s || es_standings_join(s, &p, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.join", "%s", e.msg);
    es_app_timed_anew(j->app, j->p->initiative, j->p->id);
    es_arena_release(&a);
}

enum es_code es_register(struct es_app *app, const struct es_initiative *ini,
                         const struct es_join *in, struct es_arena *a,
                         struct es_joined *out, struct es_field_errors *errors,
                         struct es_err *e)
{
    struct es_rules rules;
    struct es_joined got = { 0 };
    int64_t now = es_time_now_ms();
    struct entry n = { app, ini, &rules, in, a, errors, &got.p };

    errors->n = 0;
    if (!es_stage_registers(ini, now))
        return es_fail(e, ES_EDENIED, 0, "registration is closed");
    if (ini->suspended_ms)
        return es_fail(e, ES_EDENIED, 0, "suspended");
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc == ES_OK)
        rc = check(&n, now, e);
    if (rc != ES_OK)
        return rc;
    if (errors->n > 0)
        return es_fail(e, ES_EINVAL, 0, "%s: %s", errors->v[0].field,
                       errors->v[0].code);
    got.p.initiative = ini->id;
    got.p.id = es_id_new();
    got.p.created_ms = now;
    struct joining j = { .app = app,
                         .p = &got.p,
                         .people_max = ini->people_max };
    for (size_t i = 0; i < 2; i++)
        j.creds[i] = (struct es_credential){
            .kind = i == 0 ? ES_CRED_TOKEN : ES_CRED_LINK,
            .initiative = ini->id,
            .subject = got.p.id,
            .created_ms = now,
            .id = es_id_new(),
        };
    es_secret_new(got.token, j.creds[0].hash);
    es_secret_new(got.link, j.creds[1].hash);
    rc = es_watched_report(app, &got.p, a, &j.watched, e);
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = joining_apply,
                                                .committed = joining_done,
                                                .arg = &j },
                            e);
    if (rc == ES_OK)
        *out = got;
    return rc;
}

/* ---- credentials ---- */

static enum es_code credential_put(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    (void)blob;
    return es_txn_credential_add(tx, arg, e);
}

static enum es_code credential_drop(struct es_txn *tx,
                                    const struct es_blob *blob, void *arg,
                                    struct es_err *e)
{
    (void)blob;
    return es_txn_credential_drop(tx, arg, e);
}

enum es_code es_credential_issue(struct es_app *app, enum es_cred_kind kind,
                                 int64_t initiative, int64_t subject,
                                 int64_t lifetime_ms,
                                 char secret[ES_SECRET_TEXT], struct es_err *e)
{
    int64_t now = es_time_now_ms();
    struct es_credential c = {
        .kind = kind,
        .initiative = initiative,
        .subject = subject,
        .created_ms = now,
        .expires_ms = lifetime_ms ? now + lifetime_ms : 0,
        .id = es_id_new(),
        .seen_ms = now,
        .fresh_ms = now,
    };
    es_secret_new(secret, c.hash);
    return es_store_write(
        app->store, &(struct es_write){ .apply = credential_put, .arg = &c },
        e);
}

enum es_code es_credential_who(struct es_app *app, const char *secret,
                               enum es_cred_kind kind,
                               struct es_credential *out, struct es_err *e)
{
    uint8_t hash[ES_HASH];
    if (!es_secret_hash(es_bytes_str(secret ? secret : ""), hash))
        return es_fail(e, ES_ENOENT, 0, "not a secret of ours");
    return es_store_credential(app->store, hash, kind, es_time_now_ms(), out,
                               e);
}

enum es_code es_credential_revoke(struct es_app *app, const char *secret,
                                  struct es_err *e)
{
    uint8_t hash[ES_HASH];
    if (!es_secret_hash(es_bytes_str(secret ? secret : ""), hash))
        return es_fail(e, ES_ENOENT, 0, "not a secret of ours");
    return es_store_write(
        app->store, &(struct es_write){ .apply = credential_drop, .arg = hash },
        e);
}

enum es_code es_credential_use(struct es_app *app, const char *secret,
                               enum es_cred_kind kind, struct es_err *e)
{
    struct es_credential c;
    enum es_code rc = es_credential_who(app, secret, kind, &c, e);
    return rc == ES_OK ? es_credential_revoke(app, secret, e) : rc;
}
