/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People of staff: accounts, roles, invitations; and what the operator says of
 * an initiative. */
#include "store/accounts.h"

#include "store/sqlite/store_int.h"

static void read_account(struct es_rows *r, void *record)
{
    struct es_account *out = record;
    out->id = es_row_i64(r);
    out->name = es_row_text(r);
    out->name_key = es_row_text(r);
    out->mail = es_row_text(r);
    out->lang = es_row_text(r);
    out->may_create = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->ended_ms = es_row_i64(r);
}

static void read_role(struct es_rows *r, void *record)
{
    struct es_role_given *out = record;
    out->initiative = es_row_i64(r);
    out->account = es_row_i64(r);
    out->role = es_row_i32(r);
    out->given_by = es_row_i64(r);
    out->given_ms = es_row_i64(r);
}

static void read_invitation(struct es_rows *r, void *record)
{
    struct es_invitation *out = record;
    es_row_fixed(r, out->hash, sizeof out->hash);
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->role = es_row_i32(r);
    out->name = es_row_text(r);
    out->made_by = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->expires_ms = es_row_i64(r);
}

static const struct es_shape ACCOUNT = { sizeof(struct es_account),
                                         read_account };
static const struct es_shape ROLE = { sizeof(struct es_role_given), read_role };
static const struct es_shape INVITATION = { sizeof(struct es_invitation),
                                            read_invitation };

/* ---- accounts ---- */

enum es_code es_store_account(struct es_store *s, int64_t id,
                              struct es_arena *a, struct es_account *out,
                              struct es_err *e)
{
    return es_read_one(s, ES_Q_ACCOUNT, ES_VALS(es_val_i(id)), &ACCOUNT, a, out,
                       e);
}

enum es_code es_store_account_by_name(struct es_store *s, const char *name_key,
                                      struct es_arena *a,
                                      struct es_account *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_ACCOUNT_BY_NAME, ES_VALS(es_val_t(name_key)),
                       &ACCOUNT, a, out, e);
}

enum es_code es_store_accounts(struct es_store *s, size_t max,
                               struct es_arena *a, struct es_account **out,
                               size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_ACCOUNTS, ES_VALS(es_val_limit(max)),
                                   &ACCOUNT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_account(struct es_txn *tx, int64_t id, struct es_arena *a,
                            struct es_account *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_ACCOUNT, ES_VALS(es_val_i(id)), &ACCOUNT, a,
                     out, e);
}

enum es_code es_txn_account_put(struct es_txn *tx, const struct es_account *c,
                                struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_ACCOUNT_NAME_FREE, ES_VALS(es_val_i(c->id)), e);
    if (rc == ES_OK && c->ended_ms == 0)
        rc = es_db_run(tx->db, ES_Q_ACCOUNT_NAME_TAKE,
                       ES_VALS(es_val_t(c->name_key), es_val_i(c->id)), e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_ACCOUNT_PUT,
                       ES_VALS(es_val_i(c->id), es_val_t(c->name),
                               es_val_t(c->name_key), es_val_t(c->mail),
                               es_val_t(c->lang), es_val_i(c->may_create),
                               es_val_i(c->created_ms), es_val_i(c->ended_ms)),
                       e);
    return rc;
}

/* ---- roles ---- */

enum es_code es_store_roles_of(struct es_store *s, int64_t account,
                               struct es_arena *a, struct es_role_given **out,
                               size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_ROLES_OF, ES_VALS(es_val_i(account)),
                                   &ROLE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_staff(struct es_store *s, int64_t initiative,
                            struct es_arena *a, struct es_role_given **out,
                            size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_STAFF, ES_VALS(es_val_i(initiative)),
                                   &ROLE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_staff(struct es_txn *tx, int64_t initiative,
                          struct es_arena *a, struct es_role_given **out,
                          size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(
        tx->db, ES_Q_STAFF, ES_VALS(es_val_i(initiative)), &ROLE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_roles_of(struct es_txn *tx, int64_t account,
                             struct es_arena *a, struct es_role_given **out,
                             size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(tx->db, ES_Q_ROLES_OF,
                                 ES_VALS(es_val_i(account)), &ROLE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_role_add(struct es_txn *tx, const struct es_role_given *r,
                             struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_ROLE_ADD,
                     ES_VALS(es_val_i(r->initiative), es_val_i(r->account),
                             es_val_i(r->role), es_val_i(r->given_by),
                             es_val_i(r->given_ms)),
                     e);
}

enum es_code es_txn_role_drop(struct es_txn *tx, int64_t initiative,
                              int64_t account, int32_t role, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_ROLE_DROP,
        ES_VALS(es_val_i(initiative), es_val_i(account), es_val_i(role)),
        "role", e);
}

enum es_code es_txn_roles_drop(struct es_txn *tx, int64_t account,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_ROLES_DROP, ES_VALS(es_val_i(account)), e);
}

/* ---- invitations ---- */

enum es_code es_store_invitation(struct es_store *s, const uint8_t hash[32],
                                 int64_t now_ms, struct es_arena *a,
                                 struct es_invitation *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_INVITATION,
                       ES_VALS(es_val_b(hash, 32), es_val_i(now_ms)),
                       &INVITATION, a, out, e);
}

enum es_code es_store_invitations(struct es_store *s, int64_t initiative,
                                  int64_t now_ms, struct es_arena *a,
                                  struct es_invitation **out, size_t *n,
                                  struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_INVITATIONS, ES_VALS(es_val_i(initiative), es_val_i(now_ms)),
        &INVITATION, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_invitation_add(struct es_txn *tx,
                                   const struct es_invitation *i,
                                   struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_INVITATION_ADD,
                     ES_VALS(es_val_b(i->hash, 32), es_val_i(i->initiative),
                             es_val_i(i->id), es_val_i(i->role),
                             es_val_t(i->name), es_val_i(i->made_by),
                             es_val_i(i->created_ms), es_val_i(i->expires_ms)),
                     e);
}

enum es_code es_txn_invitation_use(struct es_txn *tx, const uint8_t hash[32],
                                   int64_t now_ms, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_INVITATION_USE,
                        ES_VALS(es_val_b(hash, 32), es_val_i(now_ms)),
                        "invitation", e);
}

enum es_code es_txn_invitation_drop(struct es_txn *tx, int64_t initiative,
                                    int64_t id, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_INVITATION_DROP,
                        ES_VALS(es_val_i(initiative), es_val_i(id)),
                        "invitation", e);
}

/* ---- what the operator says of an initiative ---- */

enum es_code es_txn_initiative_suspend(struct es_txn *tx, int64_t initiative,
                                       int64_t suspended_ms, const char *why,
                                       struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_INITIATIVE_SUSPEND,
        ES_VALS(es_val_i(initiative), es_val_i(suspended_ms), es_val_t(why)),
        "initiative", e);
}

enum es_code es_txn_initiative_quota(struct es_txn *tx, int64_t initiative,
                                     int64_t people_max, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_INITIATIVE_QUOTA,
                        ES_VALS(es_val_i(initiative), es_val_i(people_max)),
                        "initiative", e);
}
