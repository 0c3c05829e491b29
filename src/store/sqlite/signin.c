/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How people sign in: sessions, passkeys, recovery codes, mailed links. */
#include "store/mail.h"

#include "store/sqlite/store_int.h"

static void read_passkey(struct es_rows *r, void *record)
{
    struct es_passkey *out = record;
    out->id = es_row_bytes(r);
    out->initiative = es_row_i64(r);
    out->subject = es_row_i64(r);
    out->public_key = es_row_bytes(r);
    out->algorithm = es_row_i32(r);
    out->sign_count = es_row_i64(r);
    out->name = es_row_text(r);
    out->may_back_up = es_row_i64(r) != 0;
    out->backed_up = es_row_i64(r) != 0;
    out->created_ms = es_row_i64(r);
    out->used_ms = es_row_i64(r);
}

static void read_recovery(struct es_rows *r, void *record)
{
    struct es_recovery *out = record;
    es_row_fixed(r, out->hash, sizeof out->hash);
    out->account = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->used_ms = es_row_i64(r);
}

static void read_mail_link(struct es_rows *r, void *record)
{
    struct es_mail_link *out = record;
    es_row_fixed(r, out->hash, sizeof out->hash);
    out->address = es_row_text(r);
    out->initiative = es_row_i64(r);
    out->participant = es_row_i64(r);
    es_row_fixed(r, out->browser, sizeof out->browser);
    es_row_fixed(r, out->code, sizeof out->code);
    out->tries = es_row_i32(r);
    out->created_ms = es_row_i64(r);
    out->expires_ms = es_row_i64(r);
}

static const struct es_shape PASSKEY = { sizeof(struct es_passkey),
                                         read_passkey };
static const struct es_shape RECOVERY = { sizeof(struct es_recovery),
                                          read_recovery };
static const struct es_shape MAIL_LINK = { sizeof(struct es_mail_link),
                                           read_mail_link };

/* ---- sessions ---- */

enum es_code es_store_credentials_of(struct es_store *s, int64_t initiative,
                                     int64_t subject, int32_t kind,
                                     int64_t now_ms, struct es_arena *a,
                                     struct es_credential **out, size_t *n,
                                     struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_CREDENTIALS_OF,
                     ES_VALS(es_val_i(initiative), es_val_i(subject),
                             es_val_i(kind), es_val_i(now_ms)),
                     &ES_SHAPE_CREDENTIAL, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_credential_seen(struct es_txn *tx, const uint8_t hash[32],
                                    int64_t seen_ms, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_CREDENTIAL_SEEN,
                     ES_VALS(es_val_b(hash, 32), es_val_i(seen_ms)), e);
}

enum es_code es_txn_credential_renew(struct es_txn *tx, const uint8_t old[32],
                                     const uint8_t hash[32], int64_t fresh_ms,
                                     int32_t fresh_by, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_CREDENTIAL_RENEW,
                        ES_VALS(es_val_b(old, 32), es_val_b(hash, 32),
                                es_val_i(fresh_ms), es_val_i(fresh_by)),
                        "session", e);
}

enum es_code es_txn_credential_end(struct es_txn *tx, int64_t initiative,
                                   int64_t subject, int32_t kind, int64_t id,
                                   struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_CREDENTIAL_END,
                        ES_VALS(es_val_i(initiative), es_val_i(subject),
                                es_val_i(kind), es_val_i(id)),
                        "session", e);
}

enum es_code es_txn_credentials_end(struct es_txn *tx, int64_t initiative,
                                    int64_t subject, int32_t kind, int64_t keep,
                                    struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_CREDENTIALS_END,
                     ES_VALS(es_val_i(initiative), es_val_i(subject),
                             es_val_i(kind), es_val_i(keep)),
                     e);
}

enum es_code es_txn_credentials_trim(struct es_txn *tx, int64_t now_ms,
                                     struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_CREDENTIALS_TRIM, ES_VALS(es_val_i(now_ms)),
                     e);
}

/* ---- passkeys ---- */

enum es_code es_store_passkey(struct es_store *s, struct es_bytes id,
                              struct es_arena *a, struct es_passkey *out,
                              struct es_err *e)
{
    return es_read_one(s, ES_Q_PASSKEY, ES_VALS(es_val_b(id.p, id.n)), &PASSKEY,
                       a, out, e);
}

enum es_code es_store_passkeys_of(struct es_store *s, int64_t initiative,
                                  int64_t subject, struct es_arena *a,
                                  struct es_passkey **out, size_t *n,
                                  struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_PASSKEYS_OF, ES_VALS(es_val_i(initiative), es_val_i(subject)),
        &PASSKEY, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_passkey(struct es_txn *tx, struct es_bytes id,
                            struct es_arena *a, struct es_passkey *out,
                            struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_PASSKEY, ES_VALS(es_val_b(id.p, id.n)),
                     &PASSKEY, a, out, e);
}

enum es_code es_txn_passkeys_of(struct es_txn *tx, int64_t initiative,
                                int64_t subject, struct es_arena *a,
                                struct es_passkey **out, size_t *n,
                                struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(
        tx->db, ES_Q_PASSKEYS_OF,
        ES_VALS(es_val_i(initiative), es_val_i(subject)), &PASSKEY, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_passkey_add(struct es_txn *tx, const struct es_passkey *k,
                                struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_PASSKEY_ADD,
                     ES_VALS(es_val_b(k->id.p, k->id.n),
                             es_val_i(k->initiative), es_val_i(k->subject),
                             es_val_b(k->public_key.p, k->public_key.n),
                             es_val_i(k->algorithm), es_val_i(k->sign_count),
                             es_val_t(k->name), es_val_i(k->may_back_up),
                             es_val_i(k->backed_up), es_val_i(k->created_ms),
                             es_val_i(k->used_ms)),
                     e);
}

enum es_code es_txn_passkey_used(struct es_txn *tx, struct es_bytes id,
                                 int64_t sign_count, bool backed_up,
                                 int64_t used_ms, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_PASSKEY_USED,
                        ES_VALS(es_val_b(id.p, id.n), es_val_i(sign_count),
                                es_val_i(used_ms), es_val_i(backed_up)),
                        "passkey", e);
}

enum es_code es_txn_passkey_name(struct es_txn *tx, struct es_bytes id,
                                 int64_t initiative, int64_t subject,
                                 const char *name, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_PASSKEY_NAME,
                        ES_VALS(es_val_b(id.p, id.n), es_val_i(initiative),
                                es_val_i(subject), es_val_t(name)),
                        "passkey", e);
}

enum es_code es_txn_passkey_drop(struct es_txn *tx, struct es_bytes id,
                                 int64_t initiative, int64_t subject,
                                 struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_PASSKEY_DROP,
        ES_VALS(es_val_b(id.p, id.n), es_val_i(initiative), es_val_i(subject)),
        "passkey", e);
}

/* ---- recovery codes ---- */

enum es_code es_store_recovery(struct es_store *s, const uint8_t hash[32],
                               struct es_recovery *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_RECOVERY, ES_VALS(es_val_b(hash, 32)), &RECOVERY,
                       NULL, out, e);
}

enum es_code es_store_recoveries(struct es_store *s, int64_t account,
                                 struct es_arena *a, struct es_recovery **out,
                                 size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RECOVERY_OF, ES_VALS(es_val_i(account)), &RECOVERY, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_recoveries(struct es_txn *tx, int64_t account,
                               struct es_arena *a, struct es_recovery **out,
                               size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_db_list(tx->db, ES_Q_RECOVERY_OF, ES_VALS(es_val_i(account)),
                   &RECOVERY, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_recovery_add(struct es_txn *tx, const uint8_t hash[32],
                                 int64_t account, int64_t now_ms,
                                 struct es_err *e)
{
    return es_db_run(
        tx->db, ES_Q_RECOVERY_ADD,
        ES_VALS(es_val_b(hash, 32), es_val_i(account), es_val_i(now_ms)), e);
}

enum es_code es_txn_recovery_use(struct es_txn *tx, const uint8_t hash[32],
                                 int64_t now_ms, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_RECOVERY_USE,
                        ES_VALS(es_val_b(hash, 32), es_val_i(now_ms)),
                        "recovery code", e);
}

enum es_code es_txn_recovery_drop(struct es_txn *tx, int64_t account,
                                  struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_RECOVERY_DROP, ES_VALS(es_val_i(account)), e);
}

/* ---- by mail ---- */

enum es_code es_store_mail_who(struct es_store *s, const char *address,
                               size_t max, struct es_arena *a,
                               struct es_participant **out, size_t *n,
                               struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_MAIL_WHO, ES_VALS(es_val_t(address), es_val_limit(max)),
        &ES_SHAPE_PARTICIPANT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_mail_set(struct es_txn *tx, int64_t initiative,
                             int64_t participant, const char *address,
                             struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_MAIL_DROP,
                  ES_VALS(es_val_i(initiative), es_val_i(participant)), e);
    if (rc == ES_OK)
        rc = es_db_change(tx->db, ES_Q_PARTICIPANT_MAIL,
                          ES_VALS(es_val_i(initiative), es_val_i(participant),
                                  es_val_t(address)),
                          "participant", e);
    if (rc == ES_OK && *address)
        rc = es_db_run(tx->db, ES_Q_MAIL_ADD,
                       ES_VALS(es_val_t(address), es_val_i(initiative),
                               es_val_i(participant)),
                       e);
    return rc;
}

enum es_code es_store_mail_link(struct es_store *s, const uint8_t hash[32],
                                int64_t now_ms, struct es_arena *a,
                                struct es_mail_link *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_MAIL_LINK,
                       ES_VALS(es_val_b(hash, 32), es_val_i(now_ms)),
                       &MAIL_LINK, a, out, e);
}

enum es_code es_txn_mail_link(struct es_txn *tx, const uint8_t hash[32],
                              int64_t now_ms, struct es_arena *a,
                              struct es_mail_link *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_MAIL_LINK,
                     ES_VALS(es_val_b(hash, 32), es_val_i(now_ms)), &MAIL_LINK,
                     a, out, e);
}

enum es_code es_store_mail_link_asked(struct es_store *s,
                                      const uint8_t browser[32], int64_t now_ms,
                                      struct es_arena *a,
                                      struct es_mail_link *out,
                                      struct es_err *e)
{
    return es_read_one(s, ES_Q_MAIL_LINK_ASKED,
                       ES_VALS(es_val_b(browser, 32), es_val_i(now_ms)),
                       &MAIL_LINK, a, out, e);
}

enum es_code es_txn_mail_link_add(struct es_txn *tx,
                                  const struct es_mail_link *m,
                                  struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_LINK_ADD,
                     ES_VALS(es_val_b(m->hash, 32), es_val_t(m->address),
                             es_val_i(m->initiative), es_val_i(m->participant),
                             es_val_b(m->browser, 32), es_val_b(m->code, 32),
                             es_val_i(m->tries), es_val_i(m->created_ms),
                             es_val_i(m->expires_ms)),
                     e);
}

enum es_code es_txn_mail_link_try(struct es_txn *tx, const uint8_t hash[32],
                                  struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_MAIL_LINK_TRY, ES_VALS(es_val_b(hash, 32)),
                        "link", e);
}

enum es_code es_txn_mail_link_drop(struct es_txn *tx, const uint8_t hash[32],
                                   struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_MAIL_LINK_DROP,
                        ES_VALS(es_val_b(hash, 32)), "link", e);
}

enum es_code es_txn_mail_links_drop(struct es_txn *tx, int64_t initiative,
                                    int64_t participant, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_LINKS_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(participant)), e);
}

enum es_code es_txn_mail_links_trim(struct es_txn *tx, int64_t now_ms,
                                    struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_LINKS_TRIM, ES_VALS(es_val_i(now_ms)),
                     e);
}
