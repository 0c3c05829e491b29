/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/results.h"

#include "base/limits.h"
#include "initiative/review.h"
#include "store/rule_changes.h"
#include "store/steps.h"

#include <string.h>

enum { RESULTS_MAX = 32 << 20, INI_MEM = 4 << 20 };

/* ---- what is open ---- */

static enum es_code judging(struct es_app *app, int64_t initiative,
                            struct es_arena *a, bool *out, struct es_err *e)
{
    struct es_rule_change *v;
    size_t n;
    enum es_code rc =
        es_store_rule_changes(app->store, initiative, 1, a, &v, &n, e);
    *out = rc == ES_OK && n > 0 && v[0].state == ES_CHANGE_JUDGING;
    return rc;
}

enum es_code es_results_open(struct es_app *app,
                             const struct es_initiative *ini, int64_t now_ms,
                             struct es_arena *a, struct es_results_open *out,
                             struct es_err *e)
{
    struct es_results_open o = { 0 };
    struct es_queue_count *counts;
    struct es_rules rules;
    size_t n = 0;
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc == ES_OK)
        rc = es_review_counts(app, ini->id, a, &counts, &n, e);
    if (rc == ES_OK)
        rc = judging(app, ini->id, a, &o.judging, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (counts[i].why == ES_QUEUE_APPEAL)
            o.appeals += counts[i].n;
        else if (counts[i].why != 0)
            o.waiting += counts[i].n;
    }
    o.last_ms = es_bounds_of(ini, &rules).last_ms;
    o.running = now_ms < o.last_ms;
    *out = o;
    return ES_OK;
}

bool es_results_any_open(const struct es_results_open *o)
{
    return o->waiting || o->appeals || o->running || o->judging;
}

/* ---- freezing ---- */

struct freezing {
    struct es_app *app;
    int64_t initiative;
    const char *why;
    struct es_result r;
};

/* From here on nothing changes any more, so that what the memory holds when
 * this is durable is what is frozen. */
static enum es_code stop_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct freezing *f = arg;
    (void)blob;
    return es_txn_state_put(tx, f->initiative, ES_INI_FINAL, e);
}

static enum es_code add_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct freezing *f = arg;
    (void)blob;
    return es_txn_result_add(tx, &f->r, e);
}

static enum es_code again_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    const struct freezing *f = arg;
    (void)blob;
    return es_txn_state_put(tx, f->initiative, ES_INI_CLOSED, e);
}

static enum es_code write_all(struct freezing *f, es_write_fn *apply,
                              struct es_err *e)
{
    return es_store_write(f->app->store,
                          &(struct es_write){ .apply = apply, .arg = f }, e);
}

static enum es_code last_version(struct es_app *app, int64_t initiative,
                                 struct es_arena *a, struct es_result *out,
                                 struct es_err *e)
{
    struct es_result *v;
    size_t n;
    *out = (struct es_result){ 0 };
    enum es_code rc = es_store_results(app->store, initiative, 1, a, &v, &n, e);
    if (rc == ES_OK && n > 0)
        *out = v[0];
    return rc;
}

static enum es_code freeze(struct freezing *f, const struct es_initiative *ini,
                           struct es_err *e)
{
    struct es_buf results, file;
    es_buf_init(&results, RESULTS_MAX);
    es_buf_init(&file, RESULTS_MAX + ES_JSON_MAX);
    enum es_code rc = es_results_json(f->app, ini, f->r.version, f->why,
                                      f->r.at_ms, &results, e);
    if (rc == ES_OK)
        es_results_seal(f->app, es_buf_bytes(&results), f->r.sha256, &file);
    if (rc == ES_OK && (results.bad || file.bad))
        rc = es_fail(e, ES_ETOOLARGE, 0, "the results are too large");
    f->r.file = es_buf_bytes(&file);
    if (rc == ES_OK)
        rc = write_all(f, add_apply, e);
    es_buf_release(&results);
    es_buf_release(&file);
    return rc;
}

enum es_code es_results_finish(struct es_app *app, int64_t initiative,
                               int64_t account, const char *why,
                               int32_t *version, struct es_err *e)
{
    struct es_initiative ini;
    struct es_result last = { 0 };
    struct es_arena a;
    bool busy = false;
    es_arena_init(&a, INI_MEM);
    enum es_code rc =
        es_store_initiative_by_id(app->store, initiative, &a, &ini, e);
    if (rc == ES_OK)
        rc = last_version(app, initiative, &a, &last, e);
    if (rc == ES_OK)
        rc = judging(app, initiative, &a, &busy, e);
    bool cut_off = rc == ES_OK && ini.state == ES_INI_FINAL &&
                   last.version == 0; /* of the first one alone */
    if (rc == ES_OK && (busy || ini.state == ES_INI_DRAFT ||
                        (ini.state == ES_INI_FINAL && !cut_off)))
        rc = es_fail(e, ES_ECONFLICT, 0, "a draft, final, or being judged");
    if (rc == ES_OK && last.version > 0 && !*why)
        rc = es_fail(e, ES_EINVAL, 0, "why");
    struct freezing f = {
        .app = app,
        .initiative = initiative,
        .why = last.version > 0 ? why : "",
        .r = { .initiative = initiative,
               .version = last.version + 1,
               .account = account,
               .why = last.version > 0 ? why : "",
               .at_ms = es_time_now_ms() },
    };
    if (rc == ES_OK)
        rc = write_all(&f, stop_apply, e);
    if (rc == ES_OK && (rc = freeze(&f, &ini, e)) != ES_OK) {
        struct es_err late = { 0 }; /* what went wrong first is told */
        (void)!write_all(&f, again_apply, &late);
    }
    es_arena_release(&a);
    if (rc == ES_OK)
        *version = f.r.version;
    return rc;
}

enum es_code es_results_correct(struct es_app *app, int64_t initiative,
                                struct es_err *e)
{
    struct es_initiative ini;
    struct es_arena a;
    struct freezing f = { .app = app, .initiative = initiative };
    es_arena_init(&a, INI_MEM);
    enum es_code rc =
        es_store_initiative_by_id(app->store, initiative, &a, &ini, e);
    if (rc == ES_OK && ini.state != ES_INI_FINAL)
        rc = es_fail(e, ES_ECONFLICT, 0, "not final");
    es_arena_release(&a);
    return rc == ES_OK ? write_all(&f, again_apply, e) : rc;
}
