/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/statements.h"

#include "base/random.h"
#include "store/sqlite/store_int.h"

/* Of one statement: more than are spoken there; and what they take. */
enum { TRANSLATIONS = 64, SCRATCH = 16 << 20 };

static void read_statement(struct es_rows *r, void *record)
{
    struct es_statement *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->content = es_row_text(r);
    out->state = es_row_i32(r);
    out->version = es_row_i32(r);
    out->writer = es_row_i64(r);
    out->written_ms = es_row_i64(r);
    out->approval = es_row_i64(r);
    out->edition = es_row_i64(r);
    out->speaker = es_row_i64(r);
    out->shown_day = es_row_text(r);
    out->shown_speaker = es_row_i64(r);
    out->shown_event = es_row_i64(r);
    out->shown_of = es_row_i64(r);
}

static void read_version(struct es_rows *r, void *record)
{
    struct es_statement_version *out = record;
    out->initiative = es_row_i64(r);
    out->statement = es_row_i64(r);
    out->version = es_row_i32(r);
    out->content = es_row_text(r);
    out->note = es_row_text(r);
    out->at_ms = es_row_i64(r);
    out->approval = es_row_i64(r);
}

static void read_said(struct es_rows *r, void *record)
{
    struct es_said *out = record;
    read_statement(r, &out->s);
    read_version(r, &out->v);
}

static void read_step(struct es_rows *r, void *record)
{
    struct es_statement_step *out = record;
    out->initiative = es_row_i64(r);
    out->statement = es_row_i64(r);
    out->id = es_row_i64(r);
    out->what = es_row_i32(r);
    out->account = es_row_i64(r);
    out->version = es_row_i32(r);
    out->name = es_row_text(r);
    out->how = es_row_i32(r);
    out->day = es_row_text(r);
    out->own = es_row_i64(r) != 0;
    out->words = es_row_text(r);
    out->at_ms = es_row_i64(r);
}

static const struct es_shape STATEMENT = { sizeof(struct es_statement),
                                           read_statement };
static const struct es_shape VERSION = { sizeof(struct es_statement_version),
                                         read_version };
static const struct es_shape SAID = { sizeof(struct es_said), read_said };
static const struct es_shape STEP = { sizeof(struct es_statement_step),
                                      read_step };

/* ---- reading ---- */

enum es_code es_store_statement(struct es_store *s, int64_t initiative,
                                int64_t id, struct es_arena *a,
                                struct es_statement *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_STATEMENT,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &STATEMENT,
                       a, out, e);
}

enum es_code es_store_statements(struct es_store *s, int64_t initiative,
                                 int32_t state, int64_t before, size_t max,
                                 struct es_arena *a, struct es_statement **out,
                                 size_t *n, struct es_err *e)
{
    struct es_list l;
    bool any = state < 0;
    enum es_code rc = es_read_list(
        s, any ? ES_Q_STATEMENTS : ES_Q_STATEMENTS_IN,
        (const struct es_val[]){ es_val_i(initiative), es_val_below(before),
                                 es_val_limit(max), es_val_i(state) },
        any ? 3 : 4, &STATEMENT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_said(struct es_store *s, int64_t initiative, int64_t id,
                           struct es_arena *a, struct es_said *out,
                           struct es_err *e)
{
    return es_read_one(s, ES_Q_SAID,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &SAID, a,
                       out, e);
}

enum es_code es_store_wall(struct es_store *s, const struct es_wall *w,
                           struct es_arena *a, struct es_said **out, size_t *n,
                           struct es_err *e)
{
    struct es_list l;
    bool begins = !w->day || !*w->day;
    int64_t of = w->speaker ? w->speaker : w->event;
    enum es_code rc = es_read_list(
        s,
        w->speaker ? ES_Q_WALL_SPEAKER
        : w->event ? ES_Q_WALL_EVENT
                   : ES_Q_WALL,
        (const struct es_val[]){ es_val_i(w->initiative),
                                 es_val_t(begins ? "a" : w->day),
                                 es_val_i(begins ? INT64_MAX : w->id),
                                 es_val_limit(w->max), es_val_i(of) },
        of ? 5 : 4, &SAID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_translations(struct es_store *s, int64_t initiative,
                                   int64_t of, size_t max, struct es_arena *a,
                                   struct es_said **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_TRANSLATIONS,
        ES_VALS(es_val_i(initiative), es_val_i(of), es_val_limit(max)), &SAID,
        a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_statement_versions(struct es_store *s, int64_t initiative,
                                         int64_t statement, size_t max,
                                         struct es_arena *a,
                                         struct es_statement_version **out,
                                         size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_STATEMENT_VERSIONS,
        ES_VALS(es_val_i(initiative), es_val_i(statement), es_val_limit(max)),
        &VERSION, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_statement_steps(struct es_store *s, int64_t initiative,
                                      int64_t statement, size_t max,
                                      struct es_arena *a,
                                      struct es_statement_step **out, size_t *n,
                                      struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_STATEMENT_STEPS,
        ES_VALS(es_val_i(initiative), es_val_i(statement), es_val_limit(max)),
        &STEP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* ---- writing ---- */

enum es_code es_txn_statement(struct es_txn *tx, int64_t initiative, int64_t id,
                              struct es_arena *a, struct es_statement *out,
                              struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_STATEMENT,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), &STATEMENT, a,
                     out, e);
}

enum es_code es_txn_statement_next(struct es_txn *tx, int64_t initiative,
                                   int64_t *id, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_STATEMENT_NEXT, ES_VALS(es_val_i(initiative)),
                     id, e);
}

enum es_code es_txn_statement_put(struct es_txn *tx,
                                  const struct es_statement *s,
                                  struct es_err *e)
{
    enum es_code rc = es_db_change(
        tx->db, s->edition ? ES_Q_STATEMENT_PUT : ES_Q_STATEMENT_ADD,
        (const struct es_val[]){
            es_val_i(s->initiative), es_val_i(s->id), es_val_t(s->content),
            es_val_i(s->state), es_val_i(s->version), es_val_i(s->writer),
            es_val_i(s->written_ms), es_val_i(s->approval),
            es_val_i(s->speaker), es_val_t(s->shown_day),
            es_val_i(s->shown_speaker), es_val_i(s->shown_event),
            es_val_i(s->shown_of), es_val_i(s->edition) },
        s->edition ? 14 : 13, "statement", e);
    return rc == ES_ENOENT ? es_fail(e, ES_ECONFLICT, 0, "changed meanwhile")
                           : rc;
}

enum es_code es_txn_statement_drop(struct es_txn *tx, int64_t initiative,
                                   int64_t id, struct es_err *e)
{
    int64_t there;
    enum es_code rc =
        es_db_change(tx->db, ES_Q_STATEMENT_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), "draft", e);
    if (rc == ES_ENOENT &&
        es_db_i64(tx->db, ES_Q_STATEMENT,
                  ES_VALS(es_val_i(initiative), es_val_i(id)), &there,
                  NULL) == ES_OK)
        return es_fail(e, ES_ECONFLICT, 0, "it was published");
    return rc == ES_OK
               ? es_db_run(tx->db, ES_Q_STATEMENT_STEPS_DROP,
                           ES_VALS(es_val_i(initiative), es_val_i(id)), e)
               : rc;
}

enum es_code es_txn_statement_version_add(struct es_txn *tx,
                                          const struct es_statement_version *v,
                                          struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_STATEMENT_VERSION_ADD,
                     ES_VALS(es_val_i(v->initiative), es_val_i(v->statement),
                             es_val_i(v->version), es_val_t(v->content),
                             es_val_t(v->note), es_val_i(v->at_ms),
                             es_val_i(v->approval)),
                     e);
}

enum es_code es_txn_statement_step_add(struct es_txn *tx,
                                       const struct es_statement_step *t,
                                       struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_STATEMENT_STEP_ADD,
                     ES_VALS(es_val_i(t->initiative), es_val_i(t->statement),
                             es_val_i(t->id), es_val_i(t->what),
                             es_val_i(t->account), es_val_i(t->version),
                             es_val_t(t->name), es_val_i(t->how),
                             es_val_t(t->day), es_val_i(t->own),
                             es_val_t(t->words), es_val_i(t->at_ms)),
                     e);
}

static enum es_code take_one(struct es_txn *tx, struct es_statement_step *why,
                             struct es_err *e)
{
    enum es_code rc = es_db_change(tx->db, ES_Q_STATEMENT_TAKE,
                                   ES_VALS(es_val_i(why->initiative),
                                           es_val_i(why->statement),
                                           es_val_i(ES_STATEMENT_TAKEN)),
                                   "statement", e);
    why->id = es_id_new();
    return rc == ES_OK ? es_txn_statement_step_add(tx, why, e) : rc;
}

enum es_code es_txn_statement_take(struct es_txn *tx,
                                   const struct es_statement_step *why,
                                   struct es_err *e)
{
    struct es_statement_step step = *why;
    struct es_arena a;
    struct es_list l = { 0 };
    es_arena_init(&a, SCRATCH);
    step.what = ES_STATEMENT_TAKES;
    enum es_code rc = take_one(tx, &step, e);
    if (rc == ES_OK)
        rc = es_db_list(tx->db, ES_Q_TRANSLATIONS,
                        ES_VALS(es_val_i(why->initiative),
                                es_val_i(why->statement),
                                es_val_limit(TRANSLATIONS)),
                        &SAID, &a, &l, e);
    for (size_t i = 0; rc == ES_OK && i < l.n; i++) {
        const struct es_said *t = (const struct es_said *)l.v + i;
        step.statement = t->s.id;
        rc = take_one(tx, &step, e);
    }
    es_arena_release(&a);
    return rc;
}
