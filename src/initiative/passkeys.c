/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/passkeys.h"

#include "base/limits.h"
#include "base/time.h"

/* ---- a new one ---- */

static enum es_code put_passkey(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_passkey_add(tx, arg, e);
}

enum es_code es_passkey_enrol(struct es_app *app,
                              const struct es_passkey_answer *in,
                              struct es_passkey_owner owner, const char *name,
                              struct es_arena *a, enum es_passkey_fault *fault,
                              struct es_err *e)
{
    struct es_passkey_new made;
    struct es_passkey *old;
    size_t n;
    *fault = ES_PASSKEY_OK;
    enum es_code rc = es_store_passkeys_of(app->store, owner.initiative,
                                           owner.id, a, &old, &n, e);
    if (rc == ES_OK && n >= ES_PASSKEYS_MAX)
        rc = es_fail(e, ES_ETOOLARGE, 0, "passkeys of one person");
    if (rc != ES_OK)
        return rc;
    *fault = es_passkey_register(in->check, in->text, a, &made);
    if (*fault != ES_PASSKEY_OK)
        return es_fail(e, ES_EDENIED, 0, "%s", es_passkey_fault_name(*fault));
    struct es_passkey k = {
        .id = made.id,
        .initiative = owner.initiative,
        .subject = owner.id,
        .public_key = made.key,
        .algorithm = made.alg,
        .sign_count = made.sign_count,
        .name = name,
        .may_back_up = made.may_be_backed_up,
        .backed_up = made.backed_up,
        .created_ms = es_time_now_ms(),
    };
    return es_store_write(
        app->store, &(struct es_write){ .apply = put_passkey, .arg = &k }, e);
}

/* ---- coming in ---- */

struct entry {
    const struct es_passkey *known;
    const struct es_passkey_seen *seen;
    struct es_arena *a;
};

/* Whoever came in with it meanwhile has moved the counter: of two copies of one
 * device, the second is told here. */
static enum es_code note_entry(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct entry *in = arg;
    struct es_passkey now;
    (void)blob;
    enum es_code rc = es_txn_passkey(tx, in->known->id, in->a, &now, e);
    if (rc == ES_OK && now.sign_count != in->known->sign_count &&
        now.sign_count >= in->seen->sign_count)
        rc = es_fail(e, ES_ENOENT, 0, "counter");
    if (rc != ES_OK)
        return rc;
    return es_txn_passkey_used(tx, now.id, in->seen->sign_count,
                               in->seen->backed_up, es_time_now_ms(), e);
}

static enum es_code refuse(enum es_passkey_fault f,
                           enum es_passkey_fault *fault, struct es_err *e)
{
    *fault = f;
    return es_fail(e, ES_EDENIED, 0, "%s", es_passkey_fault_name(f));
}

enum es_code es_passkey_enter(struct es_app *app,
                              const struct es_passkey_answer *in,
                              struct es_arena *a, struct es_passkey *out,
                              enum es_passkey_fault *fault, struct es_err *e)
{
    struct es_bytes id;
    struct es_passkey k;
    struct es_passkey_seen seen;
    *fault = ES_PASSKEY_OK;
    if (!es_passkey_id(in->text->id, a, &id))
        return refuse(ES_PASSKEY_UNREADABLE, fault, e);
    enum es_code rc = es_store_passkey(app->store, id, a, &k, e);
    if (rc == ES_ENOENT)
        return refuse(ES_PASSKEY_UNKNOWN, fault, e);
    if (rc != ES_OK)
        return rc;
    struct es_passkey_known known = {
        .id = k.id,
        .key = k.public_key,
        .sign_count = (uint32_t)k.sign_count,
        .may_be_backed_up = k.may_back_up,
        .owner = { k.initiative, k.subject },
    };
    enum es_passkey_fault f =
        es_passkey_sign_in(in->check, in->text, &known, a, &seen);
    if (f != ES_PASSKEY_OK)
        return refuse(f, fault, e);
    struct entry entry = { &k, &seen, a };
    rc = es_store_write(
        app->store, &(struct es_write){ .apply = note_entry, .arg = &entry },
        e);
    if (rc == ES_ENOENT) /* removed, or counted on, meanwhile */
        return refuse(ES_PASSKEY_UNKNOWN, fault, e);
    if (rc == ES_OK)
        *out = k;
    return rc;
}

/* ---- taking away ---- */

struct removal {
    struct es_passkey_owner owner;
    struct es_bytes id;
};

/* Whoever has the machine can always make a link; nobody should need them. */
static enum es_code may_go(struct es_txn *tx, const struct removal *r,
                           struct es_arena *a, struct es_err *e)
{
    struct es_passkey *k;
    struct es_recovery *c;
    size_t n, m;
    if (r->owner.initiative != 0)
        return ES_OK; /* a participant has their link */
    enum es_code rc = es_txn_passkeys_of(tx, 0, r->owner.id, a, &k, &n, e);
    if (rc != ES_OK || n != 1 || !es_bytes_eq(k[0].id, r->id))
        return rc;
    rc = es_txn_recoveries(tx, r->owner.id, a, &c, &m, e);
    if (rc != ES_OK || (m > 0 && c[0].used_ms == 0))
        return rc;
    return es_fail(e, ES_ECONFLICT, 0, "the last way in");
}

static enum es_code remove_one(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct removal *r = arg;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, ES_PASSKEY_ROWS);
    enum es_code rc = may_go(tx, r, &a, e);
    es_arena_release(&a);
    return rc == ES_OK ? es_txn_passkey_drop(tx, r->id, r->owner.initiative,
                                             r->owner.id, e)
                       : rc;
}

enum es_code es_passkey_remove(struct es_app *app,
                               struct es_passkey_owner owner,
                               struct es_bytes id, struct es_err *e)
{
    struct removal r = { owner, id };
    return es_store_write(
        app->store, &(struct es_write){ .apply = remove_one, .arg = &r }, e);
}

struct naming {
    struct es_passkey_owner owner;
    struct es_bytes id;
    const char *name;
};

static enum es_code name_one(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct naming *n = arg;
    (void)blob;
    return es_txn_passkey_name(tx, n->id, n->owner.initiative, n->owner.id,
                               n->name, e);
}

enum es_code es_passkey_rename(struct es_app *app,
                               struct es_passkey_owner owner,
                               struct es_bytes id, const char *name,
                               struct es_err *e)
{
    struct naming n = { owner, id, name };
    return es_store_write(
        app->store, &(struct es_write){ .apply = name_one, .arg = &n }, e);
}

/* ---- recovery codes ---- */

struct new_codes {
    int64_t account;
    uint8_t hash[ES_RECOVERY_CODES][ES_HASH];
};

static enum es_code put_codes(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct new_codes *c = arg;
    (void)blob;
    enum es_code rc = es_txn_recovery_drop(tx, c->account, e);
    for (size_t i = 0; rc == ES_OK && i < ES_RECOVERY_CODES; i++)
        rc = es_txn_recovery_add(tx, c->hash[i], c->account, es_time_now_ms(),
                                 e);
    return rc;
}

enum es_code es_recovery_make(struct es_app *app, int64_t account,
                              char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT],
                              struct es_err *e)
{
    struct new_codes c = { .account = account };
    for (size_t i = 0; i < ES_RECOVERY_CODES; i++) {
        es_recovery_new(codes[i]);
        if (!es_recovery_hash(app->key, codes[i], c.hash[i]))
            return es_fail(e, ES_EINTERNAL, 0, "recovery code");
    }
    return es_store_write(
        app->store, &(struct es_write){ .apply = put_codes, .arg = &c }, e);
}

static enum es_code use_code(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_recovery_use(tx, arg, es_time_now_ms(), e);
}

/* account 0: whose it is. */
static enum es_code code_of(struct es_app *app, int64_t account,
                            const char *text, int64_t *whose, struct es_err *e)
{
    struct es_recovery r;
    uint8_t hash[ES_HASH];
    if (!es_recovery_hash(app->key, text, hash))
        return es_fail(e, ES_EDENIED, 0, "not a code");
    enum es_code rc = es_store_recovery(app->store, hash, &r, e);
    if (rc == ES_OK && account && r.account != account)
        return es_fail(e, ES_EDENIED, 0, "another account's code");
    if (rc == ES_OK)
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = use_code, .arg = hash },
            e);
    if (rc == ES_ENOENT)
        return es_fail(e, ES_EDENIED, 0, "not a code that is left");
    if (rc == ES_OK)
        *whose = r.account;
    return rc;
}

enum es_code es_recovery_enter(struct es_app *app, const char *text,
                               int64_t *account, struct es_err *e)
{
    return code_of(app, 0, text, account, e);
}

enum es_code es_recovery_show(struct es_app *app, int64_t account,
                              const char *text, struct es_err *e)
{
    int64_t whose;
    return code_of(app, account, text, &whose, e);
}

enum es_code es_recovery_state_of(struct es_app *app, int64_t account,
                                  struct es_arena *a,
                                  struct es_recovery_state *out,
                                  struct es_err *e)
{
    struct es_recovery *c;
    size_t n;
    struct es_recovery_state s = { 0 };
    enum es_code rc = es_store_recoveries(app->store, account, a, &c, &n, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        s.left += c[i].used_ms == 0;
        if (c[i].used_ms > s.used_ms)
            s.used_ms = c[i].used_ms;
    }
    *out = s;
    return ES_OK;
}
