/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Steps of runs, each bound to the one before it by a hash. */
#include "store/steps.h"

#include "base/random.h"
#include "store/sqlite/store_int.h"

#include <inttypes.h>
#include <string.h>

enum { SALT = 16, HASH = 32, ROW_MEM = 64 << 10, TEXT_MAX = 16 << 10 };

static void read_step(struct es_rows *r, void *record)
{
    struct es_step *s = record;
    s->initiative = es_row_i64(r);
    s->id = es_row_i64(r);
    s->run = es_row_i64(r);
    s->participant = es_row_i64(r);
    s->what = es_row_i32(r);
    s->status = es_row_i32(r);
    s->account = es_row_i64(r);
    s->role = es_row_i32(r);
    s->reason = es_row_text(r);
    s->words = es_row_text(r);
    s->rules_version = es_row_i32(r);
    s->at_ms = es_row_i64(r);
    s->said = es_row_bytes(r);
    s->salt = es_row_bytes(r);
    es_row_fixed(r, s->chain, sizeof s->chain);
}

static const struct es_shape STEP = { sizeof(struct es_step), read_step };

static enum es_code hash_words(struct es_bytes salt, const char *words,
                               uint8_t out[HASH], struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, TEXT_MAX);
    es_buf_add(&b, salt.p, salt.n);
    es_buf_str(&b, words);
    if (!b.bad)
        es_store_hash(es_buf_bytes(&b), out);
    enum es_code rc = b.bad ? es_fail(e, ES_ETOOLARGE, 0, "words") : ES_OK;
    es_buf_release(&b);
    return rc;
}

/* The chain of a step behind `before` (n 0: the first). */
static enum es_code hash_step(const struct es_step *s, struct es_bytes before,
                              uint8_t out[HASH], struct es_err *e)
{
    const int64_t v[] = { s->initiative,  s->id,   s->run,
                          s->participant, s->what, s->status,
                          s->account,     s->role, s->rules_version,
                          s->at_ms };
    struct es_buf b;
    es_buf_init(&b, TEXT_MAX);
    es_buf_add(&b, before.p, before.n);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        es_buf_fmt(&b, "%" PRId64 "\n", v[i]);
    es_buf_fmt(&b, "%s\n", s->reason);
    for (size_t i = 0; i < s->said.n; i++)
        es_buf_fmt(&b, "%02x", s->said.p[i]);
    es_buf_str(&b, "\n");
    if (!b.bad)
        es_store_hash(es_buf_bytes(&b), out);
    enum es_code rc = b.bad ? es_fail(e, ES_ETOOLARGE, 0, "step") : ES_OK;
    es_buf_release(&b);
    return rc;
}

static void read_chain(struct es_rows *r, void *record)
{
    es_row_fixed(r, record, HASH);
}

static const struct es_shape CHAIN = { HASH, read_chain };

enum es_code es_txn_step_add(struct es_txn *tx, struct es_step *s,
                             struct es_err *e)
{
    uint8_t before[HASH], said[HASH], salt[SALT], chain[HASH];
    struct es_step row = *s;
    size_t n_before = HASH;
    bool words = *s->words != '\0';

    enum es_code rc =
        es_db_one(tx->db, ES_Q_STEP_LAST, ES_VALS(es_val_i(s->initiative)),
                  &CHAIN, NULL, before, e);
    if (rc == ES_ENOENT) {
        n_before = 0;
        rc = ES_OK;
    }
    if (rc == ES_OK)
        rc = es_db_i64(tx->db, ES_Q_COUNT_UP,
                       ES_VALS(es_val_i(s->initiative), es_val_t("step")),
                       &row.id, e);
    es_random_bytes(salt, sizeof salt);
    if (rc == ES_OK && words)
        rc = hash_words((struct es_bytes){ salt, SALT }, s->words, said, e);
    row.said = (struct es_bytes){ said, words ? HASH : 0 };
    if (rc == ES_OK)
        rc = hash_step(&row, (struct es_bytes){ before, n_before }, chain, e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_STEP_ADD,
                       ES_VALS(es_val_i(row.initiative), es_val_i(row.id),
                               es_val_i(row.run), es_val_i(row.participant),
                               es_val_i(row.what), es_val_i(row.status),
                               es_val_i(row.account), es_val_i(row.role),
                               es_val_t(row.reason), es_val_b(said, row.said.n),
                               es_val_i(row.rules_version), es_val_i(row.at_ms),
                               es_val_b(chain, HASH)),
                       e);
    if (rc == ES_OK && words)
        rc = es_db_run(tx->db, ES_Q_SAID_ADD,
                       ES_VALS(es_val_i(row.initiative), es_val_i(row.id),
                               es_val_b(salt, SALT), es_val_t(row.words)),
                       e);
    if (rc == ES_OK) {
        s->id = row.id;
        memcpy(s->chain, chain, HASH);
    }
    return rc;
}

enum es_code es_txn_steps_of(struct es_txn *tx, int64_t initiative, int64_t run,
                             struct es_arena *a, struct es_step **out,
                             size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_db_list(tx->db, ES_Q_STEPS_OF,
                                 ES_VALS(es_val_i(initiative), es_val_i(run)),
                                 &STEP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_steps_of(struct es_store *s, int64_t initiative,
                               int64_t run, struct es_arena *a,
                               struct es_step **out, size_t *n,
                               struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_STEPS_OF,
                                   ES_VALS(es_val_i(initiative), es_val_i(run)),
                                   &STEP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_steps(struct es_store *s, const struct es_steps_ask *ask,
                            struct es_arena *a, struct es_step **out, size_t *n,
                            struct es_err *e)
{
    struct es_list l;
    enum es_query q = ES_Q_STEPS;
    size_t n_vals = 5;
    struct es_val v[] = {
        es_val_i(ask->initiative), es_val_below(ask->before),
        es_val_limit(ask->max),    es_val_i(ask->what),
        es_val_i(ask->account),    es_val_i(ask->participant)
    };
    if (ask->participant) {
        q = ES_Q_STEPS_ABOUT;
        n_vals = 6;
    } else if (ask->account) {
        q = ES_Q_STEPS_BY;
    } else if (ask->what) {
        q = ES_Q_STEPS_WHAT;
        n_vals = 4;
    }
    enum es_code rc = es_read_list(s, q, v, n_vals, &STEP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_steps_after(struct es_store *s, int64_t initiative,
                                  int64_t after, size_t max, struct es_arena *a,
                                  struct es_step **out, size_t *n,
                                  struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_STEPS_AFTER,
        ES_VALS(es_val_i(initiative), es_val_i(after), es_val_limit(max)),
        &STEP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* ---- are all there ---- */

struct checking {
    struct es_steps_checked c;
    uint8_t before[HASH];
};

/* Words that were erased leave their hash alone. */
static enum es_code as_written(const struct checking *k,
                               const struct es_step *s, bool *yes,
                               struct es_err *e)
{
    uint8_t want[HASH];
    *yes = s->id == k->c.steps + 1;
    enum es_code rc = hash_step(
        s, (struct es_bytes){ k->before, k->c.steps ? HASH : 0 }, want, e);
    *yes = *yes && rc == ES_OK && memcmp(want, s->chain, HASH) == 0;
    if (rc != ES_OK || s->salt.n == 0)
        return rc;
    rc = hash_words(s->salt, s->words, want, e);
    *yes = *yes && rc == ES_OK && s->said.n == HASH &&
           memcmp(want, s->said.p, HASH) == 0;
    return rc;
}

static enum es_code check_one(struct es_rows *r, struct checking *k,
                              struct es_err *e)
{
    struct es_step s;
    bool good = false;
    es_arena_init(r->a, ROW_MEM);
    read_step(r, &s);
    enum es_code rc = es_rows_check(r, e);
    if (rc == ES_OK)
        rc = as_written(k, &s, &good, e);
    if (rc == ES_OK && !good && !k->c.broken_at)
        k->c.broken_at = k->c.steps + 1 < s.id ? k->c.steps + 1 : s.id;
    k->c.steps++;
    memcpy(k->before, s.chain, HASH);
    es_arena_release(r->a);
    return rc;
}

static enum es_code check_all(struct es_db *db, int64_t initiative,
                              struct checking *k, struct es_err *e)
{
    struct es_rows r;
    struct es_arena a;
    bool row = false;
    enum es_code rc = es_rows_begin(&r, db, ES_Q_STEPS_WHOLE,
                                    ES_VALS(es_val_i(initiative)), &a, e);
    if (rc != ES_OK)
        return rc;
    while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row &&
           (rc = check_one(&r, k, e)) == ES_OK)
        ;
    es_rows_end(&r);
    return rc;
}

/* Nothing where there is none. */
static enum es_code number(struct es_db *db, enum es_query q,
                           const struct es_val *v, size_t n, int64_t *out,
                           struct es_err *e)
{
    *out = 0;
    enum es_code rc = es_db_i64(db, q, v, n, out, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_store_steps_check(struct es_store *s, int64_t initiative,
                                  struct es_steps_checked *out,
                                  struct es_err *e)
{
    struct checking k = { .c = { 0 } };
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    /* Read first: a step that comes meanwhile is then one more, not missing. */
    rc = number(db, ES_Q_COUNTED_TO,
                ES_VALS(es_val_i(initiative), es_val_t("step")),
                &k.c.counted_to, e);
    if (rc == ES_OK)
        rc = check_all(db, initiative, &k, e);
    if (rc == ES_OK)
        rc = number(db, ES_Q_STEPS_DIFFER, ES_VALS(es_val_i(initiative)),
                    &k.c.differs, e);
    es_readers_give(s, db);
    if (rc == ES_OK && !k.c.broken_at && k.c.steps < k.c.counted_to)
        k.c.broken_at = k.c.steps + 1;
    if (rc == ES_OK)
        *out = k.c;
    return rc;
}
