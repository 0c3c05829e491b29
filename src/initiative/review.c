/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/review.h"

#include "base/limits.h"

#include <string.h>

enum { SEEN_AGAIN_MS = 3600000, STEP_ARENA = 8 << 20, SORTED_AT_ONCE = 500 };

const char *es_refusal_at(size_t i)
{
    static const char *const REASONS[] = {
        "not_on_foot", "not_theirs", "twice", "cannot_be", "not_shown", "other"
    };
    return i < sizeof REASONS / sizeof *REASONS ? REASONS[i] : NULL;
}

bool es_finding_harmless(const char *code)
{
    static const char *const CODES[] = { "typed_in", "typed_long",
                                         "no_start_time", "no_samples",
                                         "sport_unknown" };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (strcmp(CODES[i], code) == 0)
            return true;
    return false;
}

static bool reviews(const struct es_role_given *r)
{
    return r->role == ES_ROLE_REVIEWER || r->role == ES_ROLE_OWNER;
}

enum es_code es_reviewers(struct es_app *app, int64_t initiative,
                          struct es_arena *a, int64_t **out, size_t *n,
                          struct es_err *e)
{
    struct es_role_given *v;
    size_t n_v;
    size_t found = 0;
    enum es_code rc = es_store_staff(app->store, initiative, a, &v, &n_v, e);
    if (rc != ES_OK)
        return rc;
    int64_t *ids = es_arena_array(a, n_v, sizeof *ids);
    if (!ids)
        return es_fail(e, ES_ENOMEM, 0, "reviewers");
    for (size_t i = 0; i < n_v; i++) {
        bool twice = false;
        for (size_t k = 0; k < found; k++)
            twice = twice || ids[k] == v[i].account;
        if (reviews(&v[i]) && !twice)
            ids[found++] = v[i].account;
    }
    *out = ids;
    *n = found;
    return ES_OK;
}

/* ---- where it went ---- */

struct seeing {
    const struct es_run *run;
    int64_t account;
    int32_t role;
    struct es_arena *a;
};

static enum es_code seen_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct seeing *s = arg;
    struct es_run run;
    struct es_step *v;
    size_t n;
    int64_t since = es_time_now_ms() - SEEN_AGAIN_MS;
    (void)blob;
    enum es_code rc =
        es_txn_steps_of(tx, s->run->initiative, s->run->id, s->a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (v[i].what == ES_STEP_SEEN && v[i].account == s->account &&
            v[i].at_ms > since)
            return ES_OK;
    if (rc == ES_OK)
        rc = es_txn_run(tx, s->run->initiative, s->run->id, s->a, &run, e);
    struct es_doing by = { .what = ES_STEP_SEEN,
                           .account = s->account,
                           .role = s->role };
    return rc == ES_OK ? es_step_write(tx, &run, &by, s->a, e) : rc;
}

enum es_code es_review_route(struct es_app *app, const struct es_run *run,
                             int64_t account, int32_t role, struct es_arena *a,
                             struct es_course *out, struct es_err *e)
{
    struct seeing s = { run, account, role, a };
    struct es_course r = { 0 };
    struct es_buf file = { 0 };
    if (run->blob.segment == 0 || run->kind == ES_KIND_TYPED || !app->ingest) {
        *out = r;
        return ES_OK;
    }
    /* Before the place is known to anybody: no look without a trace. */
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = seen_apply, .arg = &s }, e);
    if (rc != ES_OK)
        return rc;
    rc = es_store_blob_read(app->store, &run->blob, &file, e);
    if (rc == ES_OK)
        rc = es_ingest_route(app->ingest, es_buf_bytes(&file), run->activity, a,
                             &r, e);
    es_buf_release(&file);
    if (rc == ES_OK)
        *out = r;
    return rc;
}

/* ---- many at once ---- */

enum es_code es_review_bulk(struct es_app *app, const struct es_bulk *in,
                            size_t *accepted, struct es_err *e)
{
    struct es_queued *v;
    struct es_arena a;
    size_t n = 0;
    struct es_queue_ask ask = { .initiative = in->initiative,
                                .code = in->code,
                                .alone = true,
                                .max = ES_BULK_MAX };
    *accepted = 0;
    if (!es_finding_harmless(in->code))
        return es_fail(e, ES_EINVAL, 0, "not of these");
    es_arena_init(&a, STEP_ARENA);
    enum es_code rc = es_store_queue(app->store, &ask, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_field_errors fe = { 0 };
        struct es_receipt r;
        struct es_arena one;
        struct es_reviewing each = { .initiative = in->initiative,
                                     .run = v[i].run,
                                     .account = in->account,
                                     .role = in->role,
                                     .act = ES_REVIEW_ACCEPT,
                                     .reason = "",
                                     .words = "",
                                     .seen = -1 };
        if (v[i].run > in->until || v[i].why != ES_QUEUE_RULES)
            continue;
        es_arena_init(&one, STEP_ARENA);
        rc = es_runs_review(app, &each, &one, &r, &fe, e);
        es_arena_release(&one);
        *accepted += rc == ES_OK;
        if (rc == ES_ECONFLICT || rc == ES_EDENIED)
            rc = ES_OK;
    }
    es_arena_release(&a);
    return rc;
}

/* ---- at the start ---- */

struct sorting {
    const struct es_queued *v;
    size_t n;
};

/* Those whose turn has gone meanwhile keep what they have. */
static enum es_code sort_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct sorting *s = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < s->n; i++) {
        struct es_run run;
        struct es_arena a;
        es_arena_init(&a, STEP_ARENA);
        rc = es_txn_run(tx, s->v[i].initiative, s->v[i].run, &a, &run, e);
        if (rc == ES_OK)
            rc = es_queue_again(tx, &run, &s->v[i], &a, e);
        es_arena_release(&a);
    }
    return rc;
}

enum es_code es_review_sort(struct es_app *app, struct es_err *e)
{
    struct sorting s = { .n = 1 };
    enum es_code rc = ES_OK;
    while (rc == ES_OK && s.n > 0) {
        struct es_queued *v;
        struct es_arena a;
        es_arena_init(&a, STEP_ARENA);
        rc = es_store_queue_unsorted(app->store, SORTED_AT_ONCE, &a, &v, &s.n,
                                     e);
        s.v = v;
        if (rc == ES_OK && s.n > 0)
            rc = es_store_write(
                app->store,
                &(struct es_write){ .apply = sort_apply, .arg = &s }, e);
        es_arena_release(&a);
    }
    return rc;
}
