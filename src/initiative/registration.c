/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/registration.h"

#include "base/limits.h"
#include "base/log.h"
#include "initiative/boards.h"
#include "initiative/entry.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "initiative/watched.h"
#include "store/people.h"

#include <math.h>
#include <string.h>

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

/* ---- storing ---- */

struct joining {
    struct es_app *app;
    struct es_participant *p;
    const struct es_settings *settings;
    int64_t places; /* 0: as many as come */
    struct es_credential creds[2];
    struct es_report watched; /* id 0: nothing in the name is */
};

enum es_code es_place_take(struct es_txn *tx, struct es_participant *p,
                           int64_t places, bool waiting, struct es_err *e)
{
    int64_t n;
    p->state = ES_PERSON_IN;
    enum es_code rc = es_txn_count_add(tx, p->initiative, "placed", 1, &n, e);
    if (rc != ES_OK || places == 0 || n <= places)
        return rc;
    if (!waiting)
        return es_fail(e, ES_ETOOLARGE, 0, "the initiative is full");
    p->state = ES_PERSON_WAITS;
    rc = es_txn_count_add(tx, p->initiative, "placed", -1, NULL, e);
    if (rc == ES_OK)
        rc = es_txn_count_add(tx, p->initiative, "waiting", 1, &n, e);
    if (rc == ES_OK && n > ES_WAITING_MAX)
        rc = es_fail(e, ES_ETOOLARGE, 0, "too many wait already");
    return rc;
}

static enum es_code joining_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    struct joining *j = arg;
    (void)blob;
    /* Who took the last place is known only here. */
    enum es_code rc =
        es_place_take(tx, j->p, j->places, j->settings->waiting, e);
    if (rc == ES_OK)
        rc = es_txn_participant_add(tx, j->p, &j->p->bib, e);
    if (rc == ES_OK)
        rc = es_names_put(tx, j->p, e);
    if (rc == ES_OK)
        rc = es_guardian_ask(tx, j->p, NULL, e);
    for (size_t i = 0; rc == ES_OK && i < 2; i++)
        rc = es_txn_credential_add(tx, &j->creds[i], e);
    if (rc == ES_OK && j->watched.id)
        rc = es_txn_report_add(tx, &j->watched, e);
    return rc;
}

void es_person_placed(struct es_app *app, const struct es_participant *who)
{
    struct es_err e = { 0 };
    if (who->state != ES_PERSON_IN)
        return;
    if (es_boards_join(app->boards, who, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.join", "%s", e.msg);
    es_app_timed_anew(app, who->initiative, who->id);
}

static void joining_done(void *arg)
{
    const struct joining *j = arg;
    es_person_placed(j->app, j->p);
}

void es_credentials_make(struct es_credential c[2], char *const secrets[2],
                         const struct es_participant *p, int64_t now_ms)
{
    for (size_t i = 0; i < 2; i++) {
        c[i] = (struct es_credential){
            .kind = i == 0 ? ES_CRED_TOKEN : ES_CRED_LINK,
            .initiative = p->initiative,
            .subject = p->id,
            .created_ms = now_ms,
            .id = es_id_new(),
        };
        es_secret_new(secrets[i], c[i].hash);
    }
}

/* What was entered, checked, as the row that is to be; *open: whether somebody
 * may register now. */
static enum es_code prepare(struct es_entry *n, struct es_settings *settings,
                            bool *open, struct es_err *e)
{
    struct es_rules rules;
    enum es_code rc =
        es_settings_of(n->app->store, n->ini->id, settings, NULL, e);
    if (rc != ES_OK)
        return rc;
    *open = es_settings_open(settings, n->ini, n->now_ms);
    n->asked = settings;
    n->rules = &rules;
    rc = es_rules_read(n->ini->rules, &rules, e);
    if (rc == ES_OK && *open)
        rc = es_entry_check(n, e);
    n->rules = NULL;
    return rc;
}

enum es_code es_register(struct es_app *app, const struct es_initiative *ini,
                         const struct es_join *in, struct es_arena *a,
                         struct es_joined *out, struct es_field_errors *errors,
                         struct es_err *e)
{
    struct es_settings settings;
    struct es_joined got = { 0 };
    bool open = false;
    int64_t now = es_time_now_ms();
    struct es_entry n = { .app = app,
                          .ini = ini,
                          .in = in,
                          .now_ms = now,
                          .a = a,
                          .errors = errors,
                          .p = &got.p };
    errors->n = 0;
    enum es_code rc = prepare(&n, &settings, &open, e);
    if (rc == ES_OK && !open)
        return es_fail(e, ES_EDENIED, 0, "registration is closed");
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
                         .settings = &settings,
                         .places = es_settings_places(&settings, ini) };
    es_credentials_make(j.creds, (char *[]){ got.token, got.link }, &got.p,
                        now);
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
