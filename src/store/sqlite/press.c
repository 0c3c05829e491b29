/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Press releases, and links to what others wrote. */
#include "store/press.h"

#include "store/sqlite/store_int.h"

static void read_release(struct es_rows *r, void *record)
{
    struct es_release *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->publish_ms = es_row_i64(r);
    out->created_ms = es_row_i64(r);
}

static void read_text(struct es_rows *r, void *record)
{
    struct es_release_text *out = record;
    out->initiative = es_row_i64(r);
    out->release = es_row_i64(r);
    out->lang = es_row_text(r);
    out->title = es_row_text(r);
    out->place = es_row_text(r);
    out->body = es_row_text(r);
    out->notes = es_row_text(r);
    out->contact = es_row_text(r);
    out->state = es_row_i32(r);
    out->edition = es_row_i64(r);
    out->written_by = es_row_i64(r);
    out->written_ms = es_row_i64(r);
    out->approved_by = es_row_i64(r);
    out->approved_ms = es_row_i64(r);
}

static void read_coverage(struct es_rows *r, void *record)
{
    struct es_coverage *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->day_ms = es_row_i64(r);
    out->publisher = es_row_text(r);
    out->title = es_row_text(r);
    out->url = es_row_text(r);
    out->lang = es_row_text(r);
}

static const struct es_shape RELEASE = { sizeof(struct es_release),
                                         read_release };
static const struct es_shape TEXT = { sizeof(struct es_release_text),
                                      read_text };
static const struct es_shape COVERAGE = { sizeof(struct es_coverage),
                                          read_coverage };

/* ---- releases ---- */

enum es_code es_store_release(struct es_store *s, int64_t initiative,
                              int64_t id, struct es_release *out,
                              struct es_err *e)
{
    return es_read_one(s, ES_Q_RELEASE,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &RELEASE,
                       NULL, out, e);
}

enum es_code es_store_releases(struct es_store *s, int64_t initiative,
                               int64_t before, size_t max, struct es_arena *a,
                               struct es_release **out, size_t *n,
                               struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RELEASES,
        ES_VALS(es_val_i(initiative), es_val_below(before), es_val_limit(max)),
        &RELEASE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_releases_public(struct es_store *s, int64_t initiative,
                                      int64_t now_ms, int64_t before_ms,
                                      int64_t before, size_t max,
                                      struct es_arena *a,
                                      struct es_release **out, size_t *n,
                                      struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RELEASES_PUBLIC,
        ES_VALS(es_val_i(initiative), es_val_i(now_ms), es_val_below(before_ms),
                es_val_below(before), es_val_limit(max)),
        &RELEASE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_release_texts(struct es_store *s, int64_t initiative,
                                    int64_t release, struct es_arena *a,
                                    struct es_release_text **out, size_t *n,
                                    struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_RELEASE_TEXTS, ES_VALS(es_val_i(initiative), es_val_i(release)),
        &TEXT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_release_text(struct es_txn *tx, int64_t initiative,
                                 int64_t release, const char *lang,
                                 struct es_arena *a,
                                 struct es_release_text *out, struct es_err *e)
{
    return es_db_one(
        tx->db, ES_Q_RELEASE_TEXT,
        ES_VALS(es_val_i(initiative), es_val_i(release), es_val_t(lang)), &TEXT,
        a, out, e);
}

enum es_code es_txn_release_add(struct es_txn *tx, const struct es_release *r,
                                int64_t *id, struct es_err *e)
{
    int64_t next = 0;
    enum es_code rc = es_db_i64(tx->db, ES_Q_RELEASE_NEXT,
                                ES_VALS(es_val_i(r->initiative)), &next, e);
    if (rc == ES_OK)
        rc =
            es_db_run(tx->db, ES_Q_RELEASE_ADD,
                      ES_VALS(es_val_i(r->initiative), es_val_i(next),
                              es_val_i(r->publish_ms), es_val_i(r->created_ms)),
                      e);
    if (rc == ES_OK)
        *id = next;
    return rc;
}

enum es_code es_txn_release_time(struct es_txn *tx, int64_t initiative,
                                 int64_t id, int64_t publish_ms,
                                 struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_RELEASE_TIME,
        ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(publish_ms)),
        "release", e);
}

/* The columns that both statements bind, in their order. */
#define TEXT_VALS(t)                                                           \
    es_val_i((t)->initiative), es_val_i((t)->release), es_val_t((t)->lang),    \
        es_val_t((t)->title), es_val_t((t)->place), es_val_t((t)->body),       \
        es_val_t((t)->notes), es_val_t((t)->contact), es_val_i((t)->state),    \
        es_val_i((t)->written_by), es_val_i((t)->written_ms),                  \
        es_val_i((t)->approved_by), es_val_i((t)->approved_ms)

enum es_code es_txn_release_text_put(struct es_txn *tx,
                                     const struct es_release_text *t,
                                     struct es_err *e)
{
    enum es_code rc;
    if (t->edition == 0)
        rc = es_db_run(tx->db, ES_Q_RELEASE_TEXT_ADD, ES_VALS(TEXT_VALS(t)), e);
    else
        rc = es_db_change(tx->db, ES_Q_RELEASE_TEXT_PUT,
                          ES_VALS(TEXT_VALS(t), es_val_i(t->edition)), "text",
                          e);
    if (rc == ES_ENOENT || rc == ES_EEXIST)
        return es_fail(e, ES_ECONFLICT, 0, "the text has changed");
    return rc;
}

enum es_code es_txn_release_text_drop(struct es_txn *tx, int64_t initiative,
                                      int64_t release, const char *lang,
                                      struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_RELEASE_TEXT_DROP,
        ES_VALS(es_val_i(initiative), es_val_i(release), es_val_t(lang)),
        "text", e);
}

/* ---- what others wrote ---- */

enum es_code es_store_coverage(struct es_store *s, int64_t initiative,
                               size_t max, struct es_arena *a,
                               struct es_coverage **out, size_t *n,
                               struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_COVERAGE, ES_VALS(es_val_i(initiative), es_val_limit(max)),
        &COVERAGE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_coverage_add(struct es_txn *tx, const struct es_coverage *c,
                                 struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_COVERAGE_ADD,
                     ES_VALS(es_val_i(c->initiative), es_val_i(c->id),
                             es_val_i(c->day_ms), es_val_t(c->publisher),
                             es_val_t(c->title), es_val_t(c->url),
                             es_val_t(c->lang)),
                     e);
}

enum es_code es_txn_coverage_drop(struct es_txn *tx, int64_t initiative,
                                  int64_t id, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_COVERAGE_DROP,
                        ES_VALS(es_val_i(initiative), es_val_i(id)), "link", e);
}
