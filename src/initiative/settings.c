/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/settings.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "initiative/stage.h"
#include "store/people.h"
#include "store/rule_changes.h"

#include <jansson.h>
#include <string.h>

enum { OLDEST = 120, TEAM_MOST = 1000 };

static const char *const ASKED[] = { "off", "optional", "required" };
static const char *const ASKING[ES_ASKINGS] = { "country", "team", "category",
                                                "mail", "age" };

struct es_settings es_settings_default(void)
{
    struct es_settings s = {
        .consent_age = 16,
        .ages = { 0, 18, 40, 60 },
        .n_ages = 4,
        .team_min = 3,
    };
    for (size_t i = 0; i < ES_ASKINGS; i++)
        s.ask[i] = ES_ASK_OPTIONAL;
    return s;
}

/* ---- as JSON ---- */

static bool read_number(const json_t *root, const char *key, int64_t most,
                        int64_t *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < 0 ||
        json_integer_value(v) > most)
        return false;
    *out = json_integer_value(v);
    return true;
}

static bool read_flag(const json_t *root, const char *key, bool *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    *out = json_is_true(v);
    return json_is_boolean(v);
}

static bool read_asked(const json_t *root, struct es_settings *s)
{
    for (size_t i = 0; i < ES_ASKINGS; i++) {
        const json_t *v = json_object_get(root, ASKING[i]);
        size_t k = 0;
        if (!v)
            continue;
        while (k < 3 && json_is_string(v) &&
               strcmp(json_string_value(v), ASKED[k]) != 0)
            k++;
        if (!json_is_string(v) || k == 3)
            return false;
        s->ask[i] = (enum es_asked)k;
    }
    return true;
}

static bool read_ages(const json_t *root, struct es_settings *s)
{
    const json_t *list = json_object_get(root, "ages");
    if (!list)
        return true;
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n < 1 || n > ES_AGES_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        json_int_t age = json_integer_value(v);
        if (!json_is_integer(v) || age > OLDEST ||
            (i == 0 ? age != 0 : age <= s->ages[i - 1]))
            return false;
        s->ages[i] = (int32_t)age;
    }
    s->n_ages = n;
    return true;
}

enum es_code es_settings_read(const char *json, struct es_settings *out,
                              struct es_err *e)
{
    struct es_settings s = es_settings_default();
    int64_t consent_age = s.consent_age;
    int64_t team_min = s.team_min;
    json_error_t je;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    if (!root)
        return es_fail(e, ES_EMALFORMED, (size_t)je.position,
                       "registration: %s", je.text);
    bool ok =
        json_is_object(root) && read_asked(root, &s) && read_ages(root, &s) &&
        read_flag(root, "age_group", &s.age_group) &&
        read_flag(root, "waiting", &s.waiting) &&
        read_flag(root, "teams_by_all", &s.teams_by_all) &&
        read_number(root, "consent_age", OLDEST, &consent_age) &&
        read_number(root, "capacity", INT32_MAX, &s.capacity) &&
        read_number(root, "closes_ms", INT64_MAX, &s.closes_ms) &&
        read_number(root, "team_min", TEAM_MOST, &team_min) && team_min >= 1;
    json_decref(root);
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0,
                       "registration: a member has no sense");
    s.consent_age = (int32_t)consent_age;
    s.team_min = (int32_t)team_min;
    *out = s;
    return ES_OK;
}

void es_settings_write(const struct es_settings *s, struct es_buf *out)
{
    es_buf_str(out, "{");
    for (size_t i = 0; i < ES_ASKINGS; i++)
        es_buf_json_s(out, ASKING[i], ASKED[s->ask[i]]);
    es_buf_json_b(out, "age_group", s->age_group);
    es_buf_json_i(out, "consent_age", s->consent_age);
    es_buf_json_i(out, "capacity", s->capacity);
    es_buf_json_b(out, "waiting", s->waiting);
    es_buf_json_i(out, "closes_ms", s->closes_ms);
    es_buf_json_key(out, "ages");
    es_buf_str(out, "[");
    for (size_t i = 0; i < s->n_ages; i++) {
        es_buf_json_comma(out);
        es_buf_fmt(out, "%d", (int)s->ages[i]);
    }
    es_buf_str(out, "]");
    es_buf_json_b(out, "teams_by_all", s->teams_by_all);
    es_buf_json_i(out, "team_min", s->team_min);
    es_buf_str(out, "}");
}

enum es_code es_settings_of(struct es_store *store, int64_t initiative,
                            struct es_settings *out, int64_t *version,
                            struct es_err *e)
{
    struct es_arena a;
    const char *json;
    int64_t found = 0;
    es_arena_init(&a, ES_JSON_MAX);
    enum es_code rc =
        es_store_registration(store, initiative, &a, &found, &json, e);
    if (rc == ES_OK)
        rc = es_settings_read(json, out, e);
    else if (rc == ES_ENOENT) {
        *out = es_settings_default();
        rc = ES_OK;
    }
    es_arena_release(&a);
    if (rc == ES_OK && version)
        *version = found;
    return rc;
}

/* ---- what follows from them ---- */

int64_t es_settings_places(const struct es_settings *s,
                           const struct es_initiative *ini)
{
    if (s->capacity == 0 || ini->people_max == 0)
        return s->capacity + ini->people_max;
    return s->capacity < ini->people_max ? s->capacity : ini->people_max;
}

bool es_settings_open(const struct es_settings *s,
                      const struct es_initiative *ini, int64_t now_ms)
{
    return es_stage_registers(ini, now_ms) && !ini->suspended_ms &&
           (!s->closes_ms || now_ms < s->closes_ms);
}

bool es_settings_by_age(const struct es_settings *s)
{
    return s->age_group && s->ask[ES_ASKING_AGE] != ES_ASK_OFF && s->n_ages > 1;
}

int32_t es_age_group(const struct es_settings *s, int64_t years)
{
    int32_t group = 0;
    for (size_t i = 0; i < s->n_ages && years >= s->ages[i]; i++)
        group = s->ages[i] + 1;
    return group;
}

int32_t es_age_group_of(const struct es_settings *s,
                        const struct es_participant *p)
{
    if (p->birth_year)
        return es_age_group(s, es_date_of(p->created_ms).year - p->birth_year);
    return p->age_group ? es_age_group(s, p->age_group - 1) : 0;
}

/* ---- other age groups ---- */

/* People of one read and write: some milliseconds. */
enum { REGROUP = 200, REGROUP_ARENA = 8 << 20 };

struct regrouping {
    struct es_app *app;
    const struct es_settings *settings;
    int64_t initiative;
    int64_t who[REGROUP];
    size_t n;
};

static enum es_code regroup_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    const struct regrouping *r = arg;
    struct es_arena a;
    enum es_code rc = ES_OK;
    (void)blob;
    es_arena_init(&a, REGROUP_ARENA);
    for (size_t i = 0; rc == ES_OK && i < r->n; i++) {
        struct es_participant p; /* as they are now */
        rc = es_txn_participant(tx, r->initiative, r->who[i], &a, &p, e);
        if (rc != ES_OK || p.state == ES_PERSON_GONE)
            continue;
        p.age_group = es_age_group_of(r->settings, &p);
        rc = es_txn_participant_put(tx, &p, e);
    }
    es_arena_release(&a);
    return rc;
}

static void regroup_done(void *arg)
{
    const struct regrouping *r = arg;
    for (size_t i = 0; i < r->n; i++)
        es_app_timed_anew(r->app, r->initiative, r->who[i]);
}

/* The next people after *after; *more: there may be others. */
static enum es_code regroup_some(struct regrouping *r, int64_t *after,
                                 bool *more, struct es_err *e)
{
    struct es_arena a;
    struct es_participant *v;
    size_t n = 0;
    r->n = 0;
    es_arena_init(&a, REGROUP_ARENA);
    enum es_code rc = es_store_participants_after(
        r->app->store, r->initiative, *after, REGROUP, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        *after = v[i].id;
        if (es_age_group_of(r->settings, &v[i]) != v[i].age_group)
            r->who[r->n++] = v[i].id;
    }
    es_arena_release(&a);
    *more = n == REGROUP;
    return rc;
}

static enum es_code regroup(struct es_app *app, int64_t initiative,
                            const struct es_settings *s, struct es_err *e)
{
    struct regrouping r = { .app = app,
                            .settings = s,
                            .initiative = initiative };
    int64_t after = 0;
    bool more = true;
    enum es_code rc = ES_OK;
    while (rc == ES_OK && more) {
        rc = regroup_some(&r, &after, &more, e);
        if (rc == ES_OK && r.n)
            rc = es_store_write(app->store,
                                &(struct es_write){ .apply = regroup_apply,
                                                    .committed = regroup_done,
                                                    .arg = &r },
                                e);
    }
    return rc;
}

static bool same_ages(const struct es_settings *x, const struct es_settings *y)
{
    return x->n_ages == y->n_ages &&
           memcmp(x->ages, y->ages, x->n_ages * sizeof *x->ages) == 0;
}

/* ---- changing them ---- */

struct saving {
    struct es_app *app;
    const struct es_settings_change *c;
    struct es_arena *a;
    const char *json;
    int64_t now_ms;
};

/* What stands for a version in a participant's consents. */
static const char *version_text(const json_t *v, struct es_arena *a)
{
    char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *kept = text ? es_arena_str(a, text) : NULL;
    free(text);
    return kept;
}

static json_t *purpose_of(json_t *list, const char *purpose)
{
    size_t i;
    json_t *c;
    json_array_foreach(list, i, c)
    {
        const char *p = json_string_value(json_object_get(c, "purpose"));
        if (p && strcmp(p, purpose) == 0)
            return c;
    }
    return NULL;
}

static enum es_code keep_text(struct es_txn *tx, const struct saving *s,
                              const char *purpose, const json_t *version,
                              const char *text, struct es_err *e)
{
    struct es_consent_text t = { purpose, version_text(version, s->a), text,
                                 s->now_ms };
    if (!t.version)
        return es_fail(e, ES_ENOMEM, 0, "a consent");
    return es_txn_consent_text_add(tx, s->c->initiative, &t, e);
}

/* One purpose as it is asked from now on, appended to `now`. */
static enum es_code edit_one(struct es_txn *tx, const struct saving *s,
                             const struct es_consent_edit *in, json_t *was,
                             json_t *now, struct es_err *e)
{
    /* A name that none of before had: people may have agreed to that one. */
    const char *purpose =
        *in->purpose ? in->purpose
                     : es_arena_fmt(s->a, "own_%llx", (long long)es_id_new());
    json_t *old = purpose ? purpose_of(was, purpose) : NULL;
    if (!purpose || (*in->purpose && !old && !in->first))
        return es_fail(e, ES_EINVAL, 0, "no such purpose");
    const char *own = json_string_value(json_object_get(old, "label"));
    const char *before = own ? own : in->builtin;
    json_t *version = json_object_get(old, "version");
    bool same = old && strcmp(before, in->text) == 0;
    enum es_code rc = ES_OK;
    if (old)
        rc = keep_text(tx, s, purpose, version, before, e);
    json_t *made = json_object();
    (void)json_object_set_new(made, "purpose", json_string(purpose));
    if (same)
        (void)json_object_set(made, "version", version);
    else
        (void)json_object_set_new(
            made, "version", json_integer(json_integer_value(version) + 1));
    (void)json_object_set_new(made, "required", json_boolean(in->required));
    if (*in->url)
        (void)json_object_set_new(made, "url", json_string(in->url));
    if (own || (!same && !in->first))
        (void)json_object_set_new(made, "label", json_string(in->text));
    if (rc == ES_OK && !same)
        rc = keep_text(tx, s, purpose, json_object_get(made, "version"),
                       in->text, e);
    return json_array_append_new(now, made) == 0 || rc != ES_OK
               ? rc
               : es_fail(e, ES_ENOMEM, 0, "a consent");
}

static enum es_code edit_consents(struct es_txn *tx, const struct saving *s,
                                  const struct es_initiative *ini,
                                  struct es_err *e)
{
    json_error_t je;
    json_t *was = json_loads(ini->consents, 0, &je);
    json_t *now = json_array();
    enum es_code rc = was && now ? ES_OK : es_fail(e, ES_ENOMEM, 0, "consents");
    for (size_t i = 0; rc == ES_OK && i < s->c->n_consents; i++)
        if (*s->c->consents[i].text)
            rc = edit_one(tx, s, &s->c->consents[i], was, now, e);
    char *text = rc == ES_OK ? json_dumps(now, JSON_COMPACT) : NULL;
    if (rc == ES_OK && !text)
        rc = es_fail(e, ES_ENOMEM, 0, "consents");
    if (rc == ES_OK)
        rc = es_txn_consents_put(tx, ini->id, text, e);
    free(text);
    json_decref(was);
    json_decref(now);
    return rc;
}

static enum es_code saving_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    const struct saving *s = arg;
    struct es_initiative ini;
    (void)blob;
    enum es_code rc =
        es_txn_registration_put(tx, s->c->initiative, s->c->from, s->json, e);
    if (rc == ES_OK)
        rc = es_txn_initiative(tx, s->c->initiative, s->a, &ini, e);
    return rc == ES_OK ? edit_consents(tx, s, &ini, e) : rc;
}

static void saving_done(void *arg)
{
    const struct saving *s = arg;
    struct es_standings *st = es_app_standings(s->app, s->c->initiative);
    if (st)
        es_standings_team_min(st, s->c->settings.team_min);
}

enum es_code es_settings_save(struct es_app *app,
                              const struct es_settings_change *c,
                              struct es_arena *a, struct es_err *e)
{
    struct es_buf b;
    struct es_settings was;
    enum es_code rc = es_settings_of(app->store, c->initiative, &was, NULL, e);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&b, ES_JSON_MAX);
    es_settings_write(&c->settings, &b);
    struct saving s = { app, c, a, es_buf_cstr(&b), es_time_now_ms() };
    rc = es_store_write(app->store,
                        &(struct es_write){ .apply = saving_apply,
                                            .committed = saving_done,
                                            .arg = &s },
                        e);
    es_buf_release(&b);
    return rc == ES_OK && !same_ages(&was, &c->settings)
               ? regroup(app, c->initiative, &c->settings, e)
               : rc;
}
