/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/sessions.h"

#include "base/limits.h"
#include "base/log.h"
#include "initiative/registration.h"

#include <stdio.h>
#include <string.h>

/* ---- opening ---- */

struct opening {
    struct es_credential c;
    uint8_t old[ES_HASH];
    bool replaces;
};

static enum es_code opening_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    const struct opening *o = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    if (o->replaces)
        rc = es_txn_credential_drop(tx, o->old, e);
    if (rc == ES_OK || rc == ES_ENOENT)
        rc = es_txn_credentials_trim(tx, o->c.created_ms, e);
    return rc == ES_OK ? es_txn_credential_add(tx, &o->c, e) : rc;
}

/* At most cap - 1 bytes, and no half letter at the end. */
static void cut(char *out, size_t cap, const char *s)
{
    size_t n = strlen(s);
    if (n >= cap)
        for (n = cap - 1; n > 0 && ((uint8_t)s[n] & 0xc0) == 0x80; n--)
            ;
    memcpy(out, s, n);
    out[n] = 0;
}

enum es_code es_session_open(struct es_app *app,
                             const struct es_session_ask *ask,
                             char secret[ES_SECRET_TEXT], struct es_err *e)
{
    bool staff = ask->kind == ES_CRED_ORGANISER;
    int64_t now = es_time_now_ms();
    char made[ES_SECRET_TEXT];
    struct opening o = { .c = {
                             .kind = ask->kind,
                             .initiative = ask->initiative,
                             .subject = ask->subject,
                             .created_ms = now,
                             .expires_ms = now + (staff ? ES_STAFF_SESSION_MS
                                                        : ES_SESSION_MS),
                             .id = es_id_new(),
                             .seen_ms = now,
                             .idle_ms =
                                 staff ? ES_STAFF_IDLE_MS : ES_SESSION_IDLE_MS,
                             .fresh_ms = ask->fresh_ms ? ask->fresh_ms : now,
                             .fresh_by = ask->by,
                         } };
    cut(o.c.browser, sizeof o.c.browser, ask->browser ? ask->browser : "");
    o.replaces =
        ask->replaces && es_secret_hash(es_bytes_str(ask->replaces), o.old);
    es_secret_new(made, o.c.hash);
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = opening_apply, .arg = &o }, e);
    if (rc == ES_OK)
        memcpy(secret, made, sizeof made);
    return rc;
}

/* ---- being seen ---- */

static enum es_code seen_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct es_credential *c = arg;
    (void)blob;
    return es_txn_credential_seen(tx, c->hash, c->seen_ms, e);
}

enum es_code es_session_find(struct es_app *app, const char *secret,
                             enum es_cred_kind kind, struct es_credential *out,
                             struct es_err *e)
{
    struct es_err why = { 0 };
    struct es_credential c;
    int64_t now = es_time_now_ms();
    enum es_code rc = es_credential_who(app, secret, kind, &c, e);
    if (rc != ES_OK)
        return rc;
    if (now - c.seen_ms >= ES_SESSION_SEEN_MS) {
        c.seen_ms = now;
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = seen_apply, .arg = &c },
            &why);
        if (rc != ES_OK) /* a page is worth more than its note */
            es_log(ES_LOG_WARN, "session.seen", "%s", why.msg);
    }
    *out = c;
    return ES_OK;
}

bool es_session_fresh(const struct es_credential *c, int64_t now_ms)
{
    int64_t age = now_ms - c->fresh_ms;
    return age >= 0 && age < ES_FRESH_MS;
}

struct renewing {
    const struct es_credential *c;
    uint8_t hash[ES_HASH];
    int64_t now;
    int32_t by;
};

static enum es_code renewing_apply(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    const struct renewing *r = arg;
    (void)blob;
    return es_txn_credential_renew(tx, r->c->hash, r->hash, r->now, r->by, e);
}

enum es_code es_session_renew(struct es_app *app, const struct es_credential *c,
                              enum es_signed_by by, char secret[ES_SECRET_TEXT],
                              struct es_err *e)
{
    char made[ES_SECRET_TEXT];
    struct renewing r = { .c = c, .now = es_time_now_ms(), .by = by };
    es_secret_new(made, r.hash);
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = renewing_apply, .arg = &r },
        e);
    if (rc == ES_OK)
        memcpy(secret, made, sizeof made);
    return rc;
}

/* ---- the list ---- */

enum es_code es_sessions_of(struct es_app *app, const struct es_credential *c,
                            struct es_arena *a, struct es_credential **out,
                            size_t *n, struct es_err *e)
{
    return es_store_credentials_of(app->store, c->initiative, c->subject,
                                   c->kind, es_time_now_ms(), a, out, n, e);
}

struct ending {
    const struct es_credential *c;
    int64_t id;
};

static enum es_code ending_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    const struct ending *n = arg;
    const struct es_credential *c = n->c;
    (void)blob;
    return n->id ? es_txn_credential_end(tx, c->initiative, c->subject, c->kind,
                                         n->id, e)
                 : es_txn_credentials_end(tx, c->initiative, c->subject,
                                          c->kind, c->id, e);
}

enum es_code es_session_end(struct es_app *app, const struct es_credential *c,
                            int64_t id, struct es_err *e)
{
    struct ending n = { c, id };
    return es_store_write(
        app->store, &(struct es_write){ .apply = ending_apply, .arg = &n }, e);
}

/* ---- secrets that leaked ---- */

struct replacing {
    const struct es_credential *c;
    struct es_credential made[2];
};

static enum es_code replacing_apply(struct es_txn *tx,
                                    const struct es_blob *blob, void *arg,
                                    struct es_err *e)
{
    const struct replacing *r = arg;
    const struct es_credential *c = r->c;
    (void)blob;
    enum es_code rc = es_txn_credentials_end(tx, c->initiative, c->subject,
                                             ES_CRED_SESSION, c->id, e);
    for (size_t i = 0; rc == ES_OK && i < 2; i++) {
        rc = es_txn_credentials_end(tx, c->initiative, c->subject,
                                    r->made[i].kind, -1, e);
        if (rc == ES_OK)
            rc = es_txn_credential_add(tx, &r->made[i], e);
    }
    return rc;
}

enum es_code es_secrets_replace(struct es_app *app,
                                const struct es_credential *c,
                                char link[ES_SECRET_TEXT],
                                char token[ES_SECRET_TEXT], struct es_err *e)
{
    char made[2][ES_SECRET_TEXT];
    struct replacing r = { .c = c };
    for (size_t i = 0; i < 2; i++) {
        r.made[i] = (struct es_credential){
            .kind = i == 0 ? ES_CRED_LINK : ES_CRED_TOKEN,
            .initiative = c->initiative,
            .subject = c->subject,
            .created_ms = es_time_now_ms(),
            .id = es_id_new(),
        };
        es_secret_new(made[i], r.made[i].hash);
    }
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = replacing_apply, .arg = &r },
        e);
    if (rc == ES_OK) {
        memcpy(link, made[0], ES_SECRET_TEXT);
        memcpy(token, made[1], ES_SECRET_TEXT);
    }
    return rc;
}
