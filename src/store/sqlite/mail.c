/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/mail.h"

#include "store/sqlite/store_int.h"

static void read_mail_out(struct es_rows *r, void *record)
{
    struct es_mail_out *out = record;
    out->id = es_row_i64(r);
    out->sealed = es_row_bytes(r);
    out->tries = es_row_i32(r);
    out->next_ms = es_row_i64(r);
    out->expires_ms = es_row_i64(r);
}

static const struct es_shape MAIL_OUT = { sizeof(struct es_mail_out),
                                          read_mail_out };

enum es_code es_txn_mail_out_add(struct es_txn *tx, const struct es_mail_out *m,
                                 struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_OUT_ADD,
                     ES_VALS(es_val_i(m->id),
                             es_val_b(m->sealed.p, m->sealed.n),
                             es_val_i(m->tries), es_val_i(m->next_ms),
                             es_val_i(m->expires_ms)),
                     e);
}

enum es_code es_store_mail_due(struct es_store *s, int64_t now_ms, size_t max,
                               struct es_arena *a, struct es_mail_out **out,
                               size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_MAIL_DUE,
                                   ES_VALS(es_val_i(now_ms), es_val_limit(max)),
                                   &MAIL_OUT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_mail_out_try(struct es_txn *tx, int64_t id, int32_t tries,
                                 int64_t next_ms, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_MAIL_OUT_TRY,
        ES_VALS(es_val_i(id), es_val_i(tries), es_val_i(next_ms)), "mail", e);
}

enum es_code es_txn_mail_out_drop(struct es_txn *tx, int64_t id,
                                  struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_OUT_DROP, ES_VALS(es_val_i(id)), e);
}

enum es_code es_txn_mail_out_trim(struct es_txn *tx, int64_t now_ms,
                                  struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_OUT_TRIM, ES_VALS(es_val_i(now_ms)), e);
}
