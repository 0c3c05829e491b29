/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/accounts.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/sessions.h"

#include <math.h>
#include <string.h>

enum { ALL_INITIATIVES = 10000, TXN_MEM = 4 << 20 };

/* One change by somebody, and what it is about. */
struct change {
    int64_t by, initiative, account, value;
    int32_t role;
    const char *text;
    struct es_arena a; /* while the change is made */
};

static enum es_code changed(struct es_app *app, es_write_fn *fn,
                            struct change *c, struct es_err *e)
{
    es_arena_init(&c->a, TXN_MEM);
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = fn, .arg = c }, e);
    es_arena_release(&c->a);
    return rc;
}

static enum es_code note(struct es_txn *tx, const struct change *c,
                         const char *what, int64_t which, const char *about,
                         struct es_err *e)
{
    struct es_decision d = {
        .initiative = c->initiative,
        .id = es_id_new(),
        .account = c->by,
        .what = what,
        .which = which,
        .about = about,
        .why = c->text,
        .at_ms = es_time_now_ms(),
    };
    return es_txn_decision_add(tx, &d, e);
}

/* ---- names ---- */

/* A name as people see it, cleaned; NULL with an error in *fe. */
static const char *clean_name(const char *given, struct es_arena *a,
                              struct es_field_errors *fe)
{
    struct es_buf b;
    const char *out = NULL;
    es_buf_init(&b, ES_FORM_MAX * 3);
    if (!es_text_name(&b, es_bytes_str(given ? given : "")) ||
        es_utf8_count(es_buf_bytes(&b)) > ES_NAME_MAX)
        es_field_errors_add(fe, "name", "too_long", ES_NAME_MAX);
    else if (es_text_columns(es_buf_cstr(&b)) > ES_NAME_COLUMNS)
        es_field_errors_add(fe, "name", "too_wide", NAN);
    else if (!es_text_visible(es_buf_bytes(&b)))
        es_field_errors_add(fe, "name", "required", NAN);
    else
        out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}

/* As names are compared: what looks the same is the same; the name itself
 * when no letter of it can be compared. NULL when out of memory. */
static const char *key_of(struct es_arena *a, const char *name)
{
    const char *look = es_text_look(a, name);
    return look && !*look ? name : look;
}

static enum es_code newcomer(const struct es_newcomer *in, struct es_arena *a,
                             struct es_account *out, struct es_field_errors *fe,
                             struct es_err *e)
{
    const struct es_lang *lang = es_lang_of(in->lang);
    const char *name = clean_name(in->name, a, fe);
    if (!name)
        return es_fail(e, ES_EINVAL, 0, "name");
    *out = (struct es_account){
        .id = es_id_new(),
        .name = name,
        .name_key = key_of(a, name),
        .mail = "",
        .lang = lang ? lang->tag : es_lang_at(0)->tag,
        .created_ms = es_time_now_ms(),
    };
    return out->name_key ? ES_OK : es_fail(e, ES_ENOMEM, 0, "name");
}

static enum es_code taken(enum es_code rc, struct es_field_errors *fe,
                          struct es_err *e)
{
    if (rc != ES_EEXIST)
        return rc;
    es_field_errors_add(fe, "name", "taken", NAN);
    return es_fail(e, ES_EINVAL, 0, "the name is taken");
}

/* ---- the set-up link ---- */

static enum es_code first_operator(struct es_app *app, struct es_arena *a,
                                   int64_t *out, struct es_err *e)
{
    struct es_role_given *v;
    size_t n;
    enum es_code rc = es_store_staff(app->store, 0, a, &v, &n, e);
    *out = 0;
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (v[i].role == ES_ROLE_OPERATOR && (!*out || v[i].account < *out))
            *out = v[i].account;
    return rc;
}

enum es_code es_setup_link(struct es_app *app, const char *name,
                           int64_t lifetime_ms, char secret[ES_SECRET_TEXT],
                           struct es_err *e)
{
    struct es_arena a;
    struct es_account who;
    int64_t subject = 0;
    enum es_code rc;
    es_arena_init(&a, TXN_MEM);
    if (name) {
        const char *key = key_of(&a, name);
        rc = key ? es_store_account_by_name(app->store, key, &a, &who, e)
                 : es_fail(e, ES_ENOMEM, 0, "name");
        subject = rc == ES_OK ? who.id : 0;
    } else {
        rc = first_operator(app, &a, &subject, e);
    }
    es_arena_release(&a);
    return rc == ES_OK ? es_credential_issue(app, ES_CRED_SETUP, 0, subject,
                                             lifetime_ms, secret, e)
                       : rc;
}

enum es_code es_setup_who(struct es_app *app, const char *secret,
                          struct es_arena *a, struct es_account *out,
                          struct es_err *e)
{
    struct es_credential c;
    int64_t subject;
    struct es_account who = { .name = "" };
    enum es_code rc = es_credential_who(app, secret, ES_CRED_SETUP, &c, e);
    if (rc != ES_OK)
        return rc;
    subject = c.subject;
    /* A link of before there was an operator is now theirs. */
    if (!subject)
        rc = first_operator(app, a, &subject, e);
    if (rc == ES_OK && subject)
        rc = es_store_account(app->store, subject, a, &who, e);
    if (rc == ES_OK && who.ended_ms)
        rc = es_fail(e, ES_ENOENT, 0, "that account has ended");
    if (rc == ES_OK)
        *out = who;
    return rc;
}

struct taking {
    uint8_t hash[ES_HASH];
    const struct es_account *who;
    bool is_new;
    struct es_invitation inv; /* role 0: a set-up link */
    struct es_arena *a;
};

static enum es_code give(struct es_txn *tx, const struct taking *t,
                         int64_t initiative, int32_t role, int64_t by,
                         struct es_err *e)
{
    struct es_role_given r = { initiative, t->who->id, role, by,
                               es_time_now_ms() };
    struct change c = { .by = t->who->id,
                        .initiative = initiative,
                        .text = "" };
    enum es_code rc = es_txn_role_add(tx, &r, e);
    if (rc == ES_EEXIST)
        return ES_OK;
    return rc == ES_OK ? note(tx, &c, "role.taken", role, t->who->name, e) : rc;
}

static bool has_owner(const struct es_role_given *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].role == ES_ROLE_OWNER)
            return true;
    return false;
}

struct orphans {
    const struct es_initiative *v;
    size_t n;
    struct taking *t;
};

static enum es_code setup_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    const struct orphans *o = arg;
    const struct taking *t = o->t;
    struct es_role_given *staff;
    size_t n;
    (void)blob;
    enum es_code rc = es_txn_credential_drop(tx, t->hash, e);
    if (rc != ES_OK || !t->is_new)
        return rc;
    rc = es_txn_account_put(tx, t->who, e);
    if (rc == ES_OK)
        rc = give(tx, t, 0, ES_ROLE_OPERATOR, 0, e);
    for (size_t i = 0; rc == ES_OK && i < o->n; i++) {
        rc = es_txn_staff(tx, o->v[i].id, t->a, &staff, &n, e);
        if (rc == ES_OK && !has_owner(staff, n))
            rc = give(tx, t, o->v[i].id, ES_ROLE_OWNER, 0, e);
    }
    return rc;
}

enum es_code es_setup_take(struct es_app *app, const char *secret,
                           const struct es_newcomer *in, struct es_arena *a,
                           struct es_account *out, struct es_field_errors *fe,
                           struct es_err *e)
{
    struct es_account who;
    struct es_initiative *inis = NULL;
    struct taking t = { .who = &who, .a = a };
    struct orphans o = { .t = &t };
    enum es_code rc = es_setup_who(app, secret, a, &who, e);
    if (rc != ES_OK)
        return rc;
    (void)es_secret_hash(es_bytes_str(secret), t.hash);
    t.is_new = who.id == 0;
    if (t.is_new) {
        rc = newcomer(in, a, &who, fe, e);
        who.may_create = ALL_INITIATIVES;
        if (rc == ES_OK)
            rc = es_store_initiatives(app->store, ALL_INITIATIVES, a, &inis,
                                      &o.n, e);
        o.v = inis;
    }
    if (rc == ES_OK)
        rc =
            taken(es_store_write(
                      app->store,
                      &(struct es_write){ .apply = setup_apply, .arg = &o }, e),
                  fe, e);
    if (rc == ES_OK)
        *out = who;
    return rc;
}

/* ---- invitations ---- */

static enum es_code invite_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct taking *t = arg;
    struct es_role_given *v;
    size_t n;
    (void)blob;
    struct change c = { .by = t->inv.made_by,
                        .initiative = t->inv.initiative,
                        .text = "" };
    enum es_code rc = es_txn_staff(tx, t->inv.initiative, t->a, &v, &n, e);
    if (rc == ES_OK && n >= ES_STAFF_MAX)
        rc = es_fail(e, ES_ETOOLARGE, 0, "too many people of staff");
    if (rc == ES_OK)
        rc = es_txn_invitation_add(tx, &t->inv, e);
    return rc == ES_OK ? note(tx, &c, "invited", t->inv.role, t->inv.name, e)
                       : rc;
}

enum es_code es_invite(struct es_app *app, const struct es_inviting *in,
                       struct es_arena *a, char secret[ES_SECRET_TEXT],
                       struct es_field_errors *fe, struct es_err *e)
{
    char made[ES_SECRET_TEXT];
    int64_t now = es_time_now_ms();
    bool instance = in->role == ES_ROLE_OPERATOR;
    const char *name = clean_name(in->name, a, fe);
    if (in->role <= ES_ROLE_NONE || in->role >= ES_ROLES ||
        instance != (in->initiative == 0))
        es_field_errors_add(fe, "role", "unknown", NAN);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "%s", fe->v[0].field);
    struct taking t = { .inv = { .initiative = in->initiative,
                                 .id = es_id_new(),
                                 .role = in->role,
                                 .name = name,
                                 .made_by = in->by,
                                 .created_ms = now,
                                 .expires_ms = now + ES_INVITATION_MS },
                        .a = a };
    es_secret_new(made, t.inv.hash);
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = invite_apply, .arg = &t }, e);
    if (rc == ES_OK)
        memcpy(secret, made, sizeof made);
    return rc;
}

static enum es_code uninvite_apply(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    const struct change *c = arg;
    (void)blob;
    enum es_code rc = es_txn_invitation_drop(tx, c->initiative, c->value, e);
    return rc == ES_OK ? note(tx, c, "uninvited", 0, "", e) : rc;
}

enum es_code es_uninvite(struct es_app *app, int64_t by, int64_t initiative,
                         int64_t id, struct es_err *e)
{
    struct change c = {
        .by = by, .initiative = initiative, .value = id, .text = ""
    };
    return changed(app, uninvite_apply, &c, e);
}

enum es_code es_invitation_who(struct es_app *app, const char *secret,
                               struct es_arena *a, struct es_invitation *out,
                               struct es_err *e)
{
    uint8_t hash[ES_HASH];
    if (!es_secret_hash(es_bytes_str(secret ? secret : ""), hash))
        return es_fail(e, ES_ENOENT, 0, "not a secret of ours");
    return es_store_invitation(app->store, hash, es_time_now_ms(), a, out, e);
}

static enum es_code take_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct taking *t = arg;
    (void)blob;
    enum es_code rc =
        es_txn_invitation_use(tx, t->inv.hash, es_time_now_ms(), e);
    if (rc == ES_OK && t->is_new)
        rc = es_txn_account_put(tx, t->who, e);
    return rc == ES_OK
               ? give(tx, t, t->inv.initiative, t->inv.role, t->inv.made_by, e)
               : rc;
}

enum es_code es_invitation_take(struct es_app *app, const char *secret,
                                int64_t as, const struct es_newcomer *in,
                                struct es_arena *a, struct es_account *out,
                                struct es_field_errors *fe, struct es_err *e)
{
    struct es_account who;
    struct taking t = { .who = &who, .is_new = as == 0, .a = a };
    enum es_code rc = es_invitation_who(app, secret, a, &t.inv, e);
    if (rc == ES_OK)
        rc = as ? es_store_account(app->store, as, a, &who, e)
                : newcomer(in, a, &who, fe, e);
    if (rc == ES_OK)
        rc = taken(es_store_write(
                       app->store,
                       &(struct es_write){ .apply = take_apply, .arg = &t }, e),
                   fe, e);
    if (rc == ES_OK)
        *out = who;
    return rc;
}

/* ---- going ---- */

/* Somebody else must have that role there. */
static enum es_code not_last(struct es_txn *tx, struct change *c,
                             int64_t initiative, int32_t role, struct es_err *e)
{
    struct es_role_given *v;
    size_t n;
    if (role != ES_ROLE_OWNER && role != ES_ROLE_OPERATOR)
        return ES_OK;
    enum es_code rc = es_txn_staff(tx, initiative, &c->a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (v[i].role == role && v[i].account != c->account)
            return ES_OK;
    return rc == ES_OK ? es_fail(e, ES_ECONFLICT, 0, "nobody else has it") : rc;
}

static enum es_code end_role_apply(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    struct change *c = arg;
    struct es_account who;
    (void)blob;
    enum es_code rc = es_txn_account(tx, c->account, &c->a, &who, e);
    if (rc == ES_OK)
        rc = es_txn_role_drop(tx, c->initiative, c->account, c->role, e);
    if (rc == ES_OK)
        rc = not_last(tx, c, c->initiative, c->role, e);
    if (rc == ES_OK)
        rc = es_txn_credentials_end(tx, 0, c->account, ES_CRED_ORGANISER, 0, e);
    return rc == ES_OK ? note(tx, c, "role.ended", c->role, who.name, e) : rc;
}

enum es_code es_role_end(struct es_app *app, int64_t by, int64_t initiative,
                         int64_t account, int32_t role, struct es_err *e)
{
    struct change c = { .by = by,
                        .initiative = initiative,
                        .account = account,
                        .role = role,
                        .text = "" };
    return changed(app, end_role_apply, &c, e);
}

static enum es_code drop_all(struct es_txn *tx, struct change *c,
                             struct es_err *e)
{
    struct es_passkey *keys;
    struct es_role_given *v;
    size_t n;
    enum es_code rc = es_txn_roles_of(tx, c->account, &c->a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = not_last(tx, c, v[i].initiative, v[i].role, e);
    if (rc == ES_OK)
        rc = es_txn_roles_drop(tx, c->account, e);
    if (rc == ES_OK)
        rc = es_txn_credentials_end(tx, 0, c->account, ES_CRED_ORGANISER, 0, e);
    if (rc == ES_OK)
        rc = es_txn_credentials_end(tx, 0, c->account, ES_CRED_SETUP, -1, e);
    if (rc == ES_OK)
        rc = es_txn_recovery_drop(tx, c->account, e);
    if (rc == ES_OK)
        rc = es_txn_passkeys_of(tx, 0, c->account, &c->a, &keys, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = es_txn_passkey_drop(tx, keys[i].id, 0, c->account, e);
    return rc;
}

static enum es_code end_account_apply(struct es_txn *tx,
                                      const struct es_blob *blob, void *arg,
                                      struct es_err *e)
{
    struct change *c = arg;
    struct es_account who;
    (void)blob;
    enum es_code rc = es_txn_account(tx, c->account, &c->a, &who, e);
    if (rc == ES_OK && who.ended_ms)
        rc = es_fail(e, ES_ENOENT, 0, "it has ended");
    if (rc == ES_OK)
        rc = drop_all(tx, c, e);
    who.ended_ms = es_time_now_ms();
    if (rc == ES_OK)
        rc = es_txn_account_put(tx, &who, e);
    return rc == ES_OK ? note(tx, c, "account.ended", c->account, who.name, e)
                       : rc;
}

enum es_code es_account_end(struct es_app *app, int64_t by, int64_t account,
                            struct es_err *e)
{
    struct change c = { .by = by, .account = account, .text = "" };
    return changed(app, end_account_apply, &c, e);
}

/* ---- the operator ---- */

static enum es_code allow_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    struct change *c = arg;
    struct es_account who;
    (void)blob;
    enum es_code rc = es_txn_account(tx, c->account, &c->a, &who, e);
    if (rc == ES_OK && who.ended_ms)
        rc = es_fail(e, ES_ENOENT, 0, "it has ended");
    who.may_create = c->value;
    if (rc == ES_OK)
        rc = es_txn_account_put(tx, &who, e);
    return rc == ES_OK ? note(tx, c, "may_create", c->value, who.name, e) : rc;
}

enum es_code es_account_allow(struct es_app *app, int64_t by, int64_t account,
                              int64_t may_create, struct es_err *e)
{
    struct change c = {
        .by = by, .account = account, .value = may_create, .text = ""
    };
    return changed(app, allow_apply, &c, e);
}

static enum es_code adopt_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    struct change *c = arg;
    struct es_role_given *v;
    size_t n;
    (void)blob;
    struct es_role_given r = { c->initiative, c->by, ES_ROLE_OWNER, c->by,
                               es_time_now_ms() };
    enum es_code rc = es_txn_staff(tx, c->initiative, &c->a, &v, &n, e);
    if (rc == ES_OK && has_owner(v, n))
        rc = es_fail(e, ES_ECONFLICT, 0, "it has an owner");
    if (rc == ES_OK)
        rc = es_txn_role_add(tx, &r, e);
    return rc == ES_OK ? note(tx, c, "role.taken", ES_ROLE_OWNER, "", e) : rc;
}

enum es_code es_initiative_adopt(struct es_app *app, int64_t by,
                                 int64_t initiative, struct es_err *e)
{
    struct change c = { .by = by, .initiative = initiative, .text = "" };
    return changed(app, adopt_apply, &c, e);
}

static enum es_code suspend_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    const struct change *c = arg;
    (void)blob;
    enum es_code rc =
        es_txn_initiative_suspend(tx, c->initiative, c->value, c->text, e);
    return rc == ES_OK
               ? note(tx, c, c->value ? "suspended" : "resumed", 0, "", e)
               : rc;
}

enum es_code es_initiative_suspend(struct es_app *app, int64_t by,
                                   int64_t initiative, const char *why,
                                   struct es_err *e)
{
    struct change c = { .by = by,
                        .initiative = initiative,
                        .value = why ? es_time_now_ms() : 0,
                        .text = why ? why : "" };
    return changed(app, suspend_apply, &c, e);
}

static enum es_code quota_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    const struct change *c = arg;
    (void)blob;
    enum es_code rc = es_txn_initiative_quota(tx, c->initiative, c->value, e);
    return rc == ES_OK ? note(tx, c, "people_max", c->value, "", e) : rc;
}

enum es_code es_initiative_quota(struct es_app *app, int64_t by,
                                 int64_t initiative, int64_t people_max,
                                 struct es_err *e)
{
    struct change c = {
        .by = by, .initiative = initiative, .value = people_max, .text = ""
    };
    return changed(app, quota_apply, &c, e);
}
