/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/letters.h"

#include "store/sqlite/store_int.h"

#include <string.h>

enum { DAYS_BEFORE = 3 }; /* of a reminder: time for one more weekend */

static void read_letter(struct es_rows *r, void *record)
{
    struct es_letter *out = record;
    out->id = es_row_i64(r);
    out->initiative = es_row_i64(r);
    out->participant = es_row_i64(r);
    out->kind = es_row_i32(r);
    out->about = es_row_i64(r);
    out->run = es_row_i64(r);
    out->state = es_row_i32(r);
    out->tries = es_row_i32(r);
    out->next_ms = es_row_i64(r);
    out->expires_ms = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->fault = es_row_i32(r);
    out->code = es_row_i32(r);
}

struct count_row {
    int32_t kind, state;
    int64_t n;
};
static void read_count(struct es_rows *r, void *record)
{
    struct count_row *out = record;
    out->kind = es_row_i32(r);
    out->state = es_row_i32(r);
    out->n = es_row_i64(r);
}

struct set_row {
    int32_t kind;
    struct es_letter_set set;
};
static void read_set(struct es_rows *r, void *record)
{
    struct set_row *out = record;
    out->kind = es_row_i32(r);
    out->set.on = es_row_i64(r) != 0;
    out->set.days = es_row_i32(r);
}

static void read_text(struct es_rows *r, void *record)
{
    *(const char **)record = es_row_text(r);
}

static void read_round(struct es_rows *r, void *record)
{
    struct es_letter_round *out = record;
    out->after = es_row_i64(r);
    out->done = es_row_i64(r) != 0;
}

static void read_state(struct es_rows *r, void *record)
{
    struct es_mail_state *out = record;
    out->stopped_ms = es_row_i64(r);
    out->refused_ms = es_row_i64(r);
    out->refused = es_row_bytes(r);
    out->code = es_row_i32(r);
}

static void read_test(struct es_rows *r, void *record)
{
    struct es_mail_test *out = record;
    out->account = es_row_i64(r);
    out->address = es_row_text(r);
    out->lang = es_row_text(r);
    out->asked_ms = es_row_i64(r);
    out->done_ms = es_row_i64(r);
    out->fault = es_row_i32(r);
    out->code = es_row_i32(r);
    out->said = es_row_text(r);
}

static const struct es_shape LETTER = { sizeof(struct es_letter), read_letter };
static const struct es_shape COUNT = { sizeof(struct count_row), read_count };
static const struct es_shape SET = { sizeof(struct set_row), read_set };
static const struct es_shape TEXT = { sizeof(const char *), read_text };
static const struct es_shape ROUND = { sizeof(struct es_letter_round),
                                       read_round };
static const struct es_shape STATE = { sizeof(struct es_mail_state),
                                       read_state };
static const struct es_shape TEST = { sizeof(struct es_mail_test), read_test };

/* ---- letters ---- */

enum es_code es_txn_letter_add(struct es_txn *tx, const struct es_letter *l,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LETTER_ADD,
                     ES_VALS(es_val_i(l->id), es_val_i(l->initiative),
                             es_val_i(l->participant), es_val_i(l->kind),
                             es_val_i(l->about), es_val_i(l->run),
                             es_val_i(l->next_ms), es_val_i(l->expires_ms),
                             es_val_i(l->created_ms)),
                     e);
}

static enum es_code letters(struct es_store *s, enum es_query q,
                            const struct es_val *v, size_t n_v,
                            struct es_arena *a, struct es_letter **out,
                            size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, q, v, n_v, &LETTER, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_letters_due(struct es_store *s, int64_t now_ms,
                                  size_t max, struct es_arena *a,
                                  struct es_letter **out, size_t *n,
                                  struct es_err *e)
{
    return letters(s, ES_Q_LETTERS_DUE,
                   ES_VALS(es_val_i(now_ms), es_val_limit(max)), a, out, n, e);
}

enum es_code es_store_letters_failed(struct es_store *s, int64_t initiative,
                                     int64_t before, size_t max,
                                     struct es_arena *a, struct es_letter **out,
                                     size_t *n, struct es_err *e)
{
    return letters(
        s, ES_Q_LETTERS_FAILED,
        ES_VALS(es_val_i(initiative), es_val_below(before), es_val_limit(max)),
        a, out, n, e);
}

enum es_code es_store_letter_to(struct es_store *s, int64_t initiative,
                                int64_t to, int32_t kind, struct es_letter *out,
                                struct es_err *e)
{
    return es_read_one(
        s, ES_Q_LETTER_TO,
        ES_VALS(es_val_i(initiative), es_val_i(to), es_val_i(kind)), &LETTER,
        NULL, out, e);
}

enum es_code es_txn_letter_try(struct es_txn *tx, int64_t id, int32_t tries,
                               int64_t next_ms, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_LETTER_TRY,
        ES_VALS(es_val_i(id), es_val_i(tries), es_val_i(next_ms)), "letter", e);
}

enum es_code es_txn_letter_end(struct es_txn *tx, int64_t id, int32_t state,
                               int32_t fault, int32_t code, struct es_err *e)
{
    return es_db_run(
        tx->db, ES_Q_LETTER_END,
        ES_VALS(es_val_i(id), es_val_i(state), es_val_i(fault), es_val_i(code)),
        e);
}

enum es_code es_txn_letter_again(struct es_txn *tx, int64_t initiative,
                                 int64_t id, int64_t now_ms, int64_t expires_ms,
                                 struct es_err *e)
{
    enum es_code rc = es_db_run(tx->db, ES_Q_LETTER_AGAIN_MAIL,
                                ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    if (rc != ES_OK)
        return rc;
    return es_db_run(tx->db, ES_Q_LETTER_AGAIN,
                     ES_VALS(es_val_i(initiative), es_val_i(id),
                             es_val_i(now_ms), es_val_i(expires_ms)),
                     e);
}

enum es_code es_store_letter_counts(struct es_store *s, int64_t initiative,
                                    struct es_letter_counts *out,
                                    struct es_err *e)
{
    struct es_arena a;
    struct es_list l;
    es_arena_init(&a, 1 << 16);
    enum es_code rc =
        es_read_list(s, ES_Q_LETTER_COUNTS, ES_VALS(es_val_i(initiative)),
                     &COUNT, &a, &l, e);
    const struct count_row *v = rc == ES_OK ? l.v : NULL;
    if (rc == ES_OK)
        memset(out, 0, sizeof *out);
    for (size_t i = 0; rc == ES_OK && i < l.n; i++)
        if (v[i].kind > 0 && v[i].kind < ES_LETTER_KINDS && v[i].state >= 0 &&
            v[i].state < ES_LETTER_STATES)
            out->n[v[i].kind][v[i].state] = v[i].n;
    es_arena_release(&a);
    return rc;
}

/* ---- what an initiative sends ---- */

enum es_code es_store_letter_sets(struct es_store *s, int64_t initiative,
                                  struct es_letter_set out[ES_LETTER_KINDS],
                                  struct es_err *e)
{
    struct es_arena a;
    struct es_list l;
    es_arena_init(&a, 1 << 16);
    enum es_code rc = es_read_list(
        s, ES_Q_LETTER_SETS, ES_VALS(es_val_i(initiative)), &SET, &a, &l, e);
    const struct set_row *v = rc == ES_OK ? l.v : NULL;
    for (int k = 0; rc == ES_OK && k < ES_LETTER_KINDS; k++)
        out[k] = (struct es_letter_set){
            .on = k != ES_LETTER_OPENS && k != ES_LETTER_CLOSES,
            .days = DAYS_BEFORE,
        };
    for (size_t i = 0; rc == ES_OK && i < l.n; i++)
        if (v[i].kind > 0 && v[i].kind < ES_LETTER_KINDS)
            out[v[i].kind] = v[i].set;
    es_arena_release(&a);
    return rc;
}

enum es_code es_txn_letter_set_put(struct es_txn *tx, int64_t initiative,
                                   int32_t kind, const struct es_letter_set *l,
                                   struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LETTER_SET_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(kind),
                             es_val_i(l->on), es_val_i(l->days)),
                     e);
}

enum es_code es_store_letter_words(struct es_store *s, int64_t initiative,
                                   int32_t kind, const char *lang,
                                   struct es_arena *a, const char **out,
                                   struct es_err *e)
{
    enum es_code rc = es_read_one(
        s, ES_Q_LETTER_WORDS,
        ES_VALS(es_val_i(initiative), es_val_i(kind), es_val_t(lang)), &TEXT, a,
        out, e);
    if (rc == ES_ENOENT)
        *out = "";
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_txn_letter_words(struct es_txn *tx, int64_t initiative,
                                 int32_t kind, const char *lang,
                                 struct es_arena *a, const char **out,
                                 struct es_err *e)
{
    enum es_code rc =
        es_db_one(tx->db, ES_Q_LETTER_WORDS,
                  ES_VALS(es_val_i(initiative), es_val_i(kind), es_val_t(lang)),
                  &TEXT, a, out, e);
    if (rc == ES_ENOENT)
        *out = "";
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_txn_letter_words_put(struct es_txn *tx, int64_t initiative,
                                     int32_t kind, const char *lang,
                                     const char *words, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LETTER_WORDS_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(kind),
                             es_val_t(lang), es_val_t(words)),
                     e);
}

enum es_code es_store_letters_where(struct es_store *s, int64_t since_ms,
                                    struct es_arena *a, int64_t **out,
                                    size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_LETTERS_WHERE, ES_VALS(es_val_i(since_ms)),
                     &ES_SHAPE_ID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_letter_round(struct es_store *s, int64_t initiative,
                                   int32_t kind, struct es_letter_round *out,
                                   struct es_err *e)
{
    enum es_code rc = es_read_one(s, ES_Q_LETTER_ROUND,
                                  ES_VALS(es_val_i(initiative), es_val_i(kind)),
                                  &ROUND, NULL, out, e);
    if (rc == ES_ENOENT)
        *out = (struct es_letter_round){ 0 };
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_txn_letter_round_put(struct es_txn *tx, int64_t initiative,
                                     int32_t kind,
                                     const struct es_letter_round *r,
                                     struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LETTER_ROUND_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(kind),
                             es_val_i(r->after), es_val_i(r->done)),
                     e);
}

/* ---- what came of writing to somebody ---- */

enum es_code es_store_mail_state(struct es_store *s, int64_t initiative,
                                 int64_t participant, struct es_arena *a,
                                 struct es_mail_state *out, struct es_err *e)
{
    enum es_code rc =
        es_read_one(s, ES_Q_MAIL_STATE,
                    ES_VALS(es_val_i(initiative), es_val_i(participant)),
                    &STATE, a, out, e);
    if (rc == ES_ENOENT)
        *out = (struct es_mail_state){ 0 };
    return rc == ES_ENOENT ? ES_OK : rc;
}

bool es_mail_refused(const struct es_mail_state *m, const char *address)
{
    uint8_t hash[32];
    es_store_hash(es_bytes_str(address), hash);
    return m->refused_ms && m->refused.n == sizeof hash &&
           memcmp(m->refused.p, hash, sizeof hash) == 0;
}

enum es_code es_txn_mail_stop(struct es_txn *tx, int64_t initiative,
                              int64_t participant, int64_t stopped_ms,
                              struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_STOP,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_i(stopped_ms)),
                     e);
}

enum es_code es_txn_mail_refuse(struct es_txn *tx, int64_t initiative,
                                int64_t participant, const char *address,
                                int32_t code, int64_t refused_ms,
                                struct es_err *e)
{
    uint8_t hash[32];
    es_store_hash(es_bytes_str(address), hash);
    return es_db_run(tx->db, ES_Q_MAIL_REFUSE,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_i(refused_ms), es_val_b(hash, sizeof hash),
                             es_val_i(code)),
                     e);
}

/* ---- a test ---- */

enum es_code es_store_mail_test(struct es_store *s, int64_t account,
                                struct es_arena *a, struct es_mail_test *out,
                                struct es_err *e)
{
    return es_read_one(s, ES_Q_MAIL_TEST, ES_VALS(es_val_i(account)), &TEST, a,
                       out, e);
}

enum es_code es_store_mail_tests(struct es_store *s, int64_t since_ms,
                                 size_t max, struct es_arena *a,
                                 struct es_mail_test **out, size_t *n,
                                 struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_MAIL_TESTS, ES_VALS(es_val_i(since_ms), es_val_limit(max)),
        &TEST, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_mail_test_put(struct es_txn *tx,
                                  const struct es_mail_test *t,
                                  struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_MAIL_TEST_PUT,
                     ES_VALS(es_val_i(t->account), es_val_t(t->address),
                             es_val_t(t->lang), es_val_i(t->asked_ms),
                             es_val_i(t->done_ms), es_val_i(t->fault),
                             es_val_i(t->code), es_val_t(t->said)),
                     e);
}
