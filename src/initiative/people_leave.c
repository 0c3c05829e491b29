/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Leaving an initiative, and taking one's data along. */
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "initiative/boards.h"
#include "initiative/likeness.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "initiative/run_write.h"
#include "store/media.h"
#include "store/people.h"
#include "store/pulse.h"
#include "track/wire.h"

#include <string.h>

/* Runs of one write: some milliseconds. */
enum { STEP = 25, STEP_ARENA = 16 << 20, EXPORT_STEP = 100 };

struct erasing {
    struct es_app *app;
    const struct es_leaving *how;
    const struct es_run *v;
    size_t n;
    struct es_arena *a;
    struct es_marks marks[STEP];
    int64_t pictured; /* bytes of evidence that go */
};

/* What a verdict needs, and nothing of where or how it was run. */
static enum es_code bare(const struct es_run *run, struct es_arena *a,
                         struct es_buf *out, struct es_err *e)
{
    struct es_measure m;
    struct es_measure kept = es_measure_unknown();
    struct es_rd rd;
    es_rd_init(&rd, run->measure);
    enum es_code rc = es_measure_get(&rd, a, &m, e);
    if (rc != ES_OK)
        return rc;
    kept.sport = m.sport;
    kept.provenance = m.provenance;
    kept.started_ms = m.started_ms;
    kept.clock = m.clock;
    kept.clock_min = m.clock_min;
    kept.dist_m = m.dist_m;
    kept.elapsed_s = m.elapsed_s;
    kept.timer_s = m.timer_s;
    kept.moving_s = m.moving_s;
    kept.counted_s = m.counted_s;
    kept.counted_timer_s = m.counted_timer_s;
    es_measure_put(out, &kept);
    return out->bad ? es_fail(e, ES_ENOMEM, 0, "a measure") : ES_OK;
}

static enum es_code weigh_picture(struct erasing *x, const struct es_run *run,
                                  struct es_err *e)
{
    struct es_evidence v;
    enum es_code rc =
        es_store_evidence(x->app->store, run->initiative, run->id, &v, e);
    if (rc == ES_OK)
        x->pictured += v.blob.length;
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* One run without its bytes, its words and its way. */
static enum es_code erase_run(struct es_txn *tx, struct erasing *x, size_t i,
                              struct es_err *e)
{
    struct es_run run;
    struct es_buf b;
    enum es_code rc =
        es_txn_run(tx, x->v[i].initiative, x->v[i].id, x->a, &run, e);
    if (rc == ES_OK)
        rc = es_likeness_forget(tx, &run, x->a, &x->marks[i], e);
    if (rc == ES_OK)
        rc = weigh_picture(x, &run, e);
    if (rc == ES_OK && run.blob.segment != 0)
        rc = es_txn_blob_erase(tx, run.initiative, run.id, e);
    es_buf_init(&b, ES_JSON_MAX);
    if (rc == ES_OK)
        rc = bare(&run, x->a, &b, e);
    if (rc == ES_OK)
        rc = es_txn_run_blank(tx, run.initiative, run.id, es_buf_bytes(&b), e);
    es_buf_release(&b);
    return rc;
}

static enum es_code erase_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    struct erasing *x = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    x->pictured = 0;
    for (size_t i = 0; rc == ES_OK && i < x->n; i++)
        rc = erase_run(tx, x, i, e);
    return rc;
}

static void erase_done(void *arg)
{
    const struct erasing *x = arg;
    for (size_t i = 0; i < x->n; i++)
        es_copies_drop(x->app->copies, x->v[i].id, &x->marks[i]);
    if (x->pictured)
        es_runs_held(x->app, x->v[0].initiative, 0, -x->pictured);
}

/* As if they had taken it back: what counts, the ledger and the steps of a run
 * follow. */
static enum es_code take_back(const struct erasing *x,
                              const struct es_participant *p, struct es_err *e)
{
    struct es_receipt *r = es_arena_alloc(x->a, sizeof *r);
    enum es_code rc = r ? ES_OK : es_fail(e, ES_ENOMEM, 0, "leaving");
    for (size_t i = 0; rc == ES_OK && i < x->n; i++) {
        int32_t status = x->v[i].status;
        if (status != ES_RUN_WITHDRAWN &&
            (x->how->take_away || status != ES_RUN_ACCEPTED))
            rc = es_runs_withdraw(x->app, p, x->v[i].id, x->a, r, e);
    }
    return rc;
}

static enum es_code erase_runs(struct es_app *app,
                               const struct es_participant *p,
                               const struct es_leaving *how, bool final,
                               struct es_err *e)
{
    int64_t before = 0;
    enum es_code rc = ES_OK;
    size_t n = STEP;
    while (rc == ES_OK && n == STEP) {
        struct es_arena a;
        struct es_run *v;
        es_arena_init(&a, STEP_ARENA);
        rc = es_store_runs_of(app->store, p->initiative, p->id, before, STEP,
                              &a, &v, &n, e);
        struct erasing *x = rc == ES_OK ? es_arena_alloc(&a, sizeof *x) : NULL;
        if (rc == ES_OK && !x)
            rc = es_fail(e, ES_ENOMEM, 0, "leaving");
        if (rc == ES_OK && n > 0) {
            before = v[n - 1].id;
            *x = (struct erasing){
                .app = app, .how = how, .v = v, .n = n, .a = &a
            };
            rc = final ? ES_OK : take_back(x, p, e);
        }
        if (rc == ES_OK && n > 0) {
            rc = es_store_write(app->store,
                                &(struct es_write){ .apply = erase_apply,
                                                    .committed = erase_done,
                                                    .arg = x },
                                e);
        }
        es_arena_release(&a);
    }
    return rc;
}

/* ---- the person ---- */

struct going {
    struct es_app *app;
    const struct es_participant *p;
    const struct es_leaving *how;
    struct es_participant was, now;
    struct es_arena *a;
};

static enum es_code note(struct es_txn *tx, const struct going *g,
                         struct es_err *e)
{
    struct es_ledger_entry l = {
        .initiative = g->p->initiative,
        .id = es_id_new(),
        .participant = g->p->id,
        .at_ms = es_time_now_ms(),
        .actor = g->how->account ? "organiser" : "participant",
        .reason = "left",
    };
    struct es_decision d = {
        .initiative = g->p->initiative,
        .id = es_id_new(),
        .account = g->how->account,
        .what = "person.removed",
        .which = g->p->id,
        .about = es_arena_fmt(g->a, "#%lld", (long long)g->was.bib),
        .why = g->how->why ? g->how->why : "",
        .at_ms = l.at_ms,
    };
    enum es_code rc = es_txn_ledger_add(tx, &l, e);
    if (rc == ES_OK && g->how->account)
        rc = es_txn_decision_add(tx, &d, e);
    return rc;
}

static enum es_code going_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    struct going *g = arg;
    const struct es_participant *p = g->p;
    (void)blob;
    enum es_code rc =
        es_txn_participant(tx, p->initiative, p->id, g->a, &g->was, e);
    if (rc == ES_OK && g->was.state == ES_PERSON_GONE)
        rc = es_fail(e, ES_ENOENT, 0, "they are gone");
    if (rc != ES_OK)
        return rc;
    bool waited = g->was.state == ES_PERSON_WAITS;
    rc = es_txn_count_add(tx, p->initiative, waited ? "waiting" : "placed", -1,
                          NULL, e);
    if (rc == ES_OK)
        rc = es_txn_person_blank(tx, p->initiative, p->id, e);
    if (rc == ES_OK)
        rc = es_txn_participant(tx, p->initiative, p->id, g->a, &g->now, e);
    return rc == ES_OK ? note(tx, g, e) : rc;
}

static void going_done(void *arg)
{
    const struct going *g = arg;
    struct es_err e = { 0 };
    if (g->was.state != ES_PERSON_IN)
        return;
    if (es_boards_change(g->app->boards, g->app->store, &g->now, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.leave", "%s", e.msg);
    es_app_timed_anew(g->app, g->p->initiative, g->p->id);
}

/* What is final changes no more: what they ran stays, nobody's. */
static enum es_code is_final(struct es_app *app, int64_t initiative,
                             bool *final, struct es_err *e)
{
    struct es_initiative ini;
    struct es_arena a;
    es_arena_init(&a, 4 * ES_FACE_MAX);
    enum es_code rc =
        es_store_initiative_by_id(app->store, initiative, &a, &ini, e);
    *final = rc == ES_OK && ini.state == ES_INI_FINAL;
    es_arena_release(&a);
    return rc;
}

/* What their files took is free now. */
static enum es_code weigh(struct es_app *app, const struct es_participant *p,
                          int64_t files, struct es_err *e)
{
    int64_t now = 0, pictures = 0;
    enum es_code rc =
        es_store_held(app->store, p->initiative, p->id, &now, &pictures, e);
    if (rc == ES_OK)
        es_runs_held(app, p->initiative, now - files, 0);
    return rc;
}

enum es_code es_person_leave(struct es_app *app, const struct es_participant *p,
                             const struct es_leaving *how, struct es_err *e)
{
    struct es_arena a;
    struct going g = { .app = app, .p = p, .how = how, .a = &a };
    bool final;
    int64_t files = 0, pictures = 0;
    enum es_code rc = is_final(app, p->initiative, &final, e);
    if (rc == ES_OK)
        rc = es_store_held(app->store, p->initiative, p->id, &files, &pictures,
                           e);
    if (rc == ES_OK)
        rc = erase_runs(app, p, how, final, e);
    if (rc != ES_OK)
        return rc;
    es_arena_init(&a, ES_FORM_MAX);
    rc = es_store_write(app->store,
                        &(struct es_write){ .apply = going_apply,
                                            .committed = going_done,
                                            .arg = &g },
                        e);
    es_arena_release(&a);
    /* What came in meanwhile, by a way that has ended now. */
    if (rc == ES_OK)
        rc = erase_runs(app, p, how, final, e);
    return rc == ES_OK ? weigh(app, p, files, e) : rc;
}

/* ---- their own data ---- */

static const char *const STATUS[] = { "accepted", "in_review", "refused",
                                      "withdrawn" };

static void moment(struct es_buf *b, const char *key, int64_t ms)
{
    if (ms == ES_NO_TIME || ms == 0)
        es_buf_json_s(b, key, NULL);
    else
        es_buf_json_t(b, key, ms);
}

static enum es_code run_json(struct es_app *app, const struct es_run *run,
                             struct es_arena *a, struct es_buf *b,
                             struct es_err *e)
{
    struct es_receipt r;
    enum es_code rc = es_receipt_of(app, run, a, &r, e);
    if (rc != ES_OK)
        return rc;
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_id(b, "run", run->id);
    es_buf_json_s(b, "code", run->code);
    es_buf_json_s(b, "status", STATUS[run->status]);
    moment(b, "started_at", run->started_ms);
    moment(b, "received_at", run->received_ms);
    es_buf_json_n(b, "distance_m", (double)run->dist_mm / 1000);
    es_buf_json_n(b, "counted_m", (double)run->counted_mm / 1000);
    es_buf_json_n(b, "time_s", (double)run->time_ms / 1000);
    es_buf_json_s(b, "file_name", run->file_name);
    es_buf_json_s(b, "note", run->note);
    es_buf_json_b(b, "file_kept", run->blob.segment != 0);
    es_buf_json_key(b, "findings");
    es_buf_str(b, "[");
    for (size_t i = 0; i < r.n_findings; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "code", r.findings[i].code);
        es_buf_json_s(b, "message", r.findings[i].message);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]}");
    return ES_OK;
}

static enum es_code runs_json(struct es_app *app,
                              const struct es_participant *p, struct es_buf *b,
                              struct es_err *e)
{
    int64_t before = 0;
    size_t n = EXPORT_STEP;
    enum es_code rc = ES_OK;
    es_buf_json_key(b, "runs");
    es_buf_str(b, "[");
    while (rc == ES_OK && n == EXPORT_STEP) {
        struct es_arena a;
        struct es_run *v;
        es_arena_init(&a, 4 * STEP_ARENA);
        rc = es_store_runs_of(app->store, p->initiative, p->id, before,
                              EXPORT_STEP, &a, &v, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++) {
            before = v[i].id;
            rc = run_json(app, &v[i], &a, b, e);
        }
        es_arena_release(&a);
    }
    es_buf_str(b, "]");
    return rc;
}

static void person_json(const struct es_participant *p, struct es_buf *b)
{
    static const char *const SHOWN[] = { "name", "initials", "hidden" };
    static const char *const GUARDIAN[] = { "none", "declared", "asked",
                                            "agreed", "school" };
    es_buf_json_i(b, "bib", p->bib);
    es_buf_json_s(b, "display_name", p->display_name);
    es_buf_json_s(b, "visibility", SHOWN[p->visibility & 3]);
    es_buf_json_b(b, "name_taken_down", (p->visibility & ES_VIS_STAFF) != 0);
    es_buf_json_s(b, "country", p->country);
    es_buf_json_s(b, "category", p->category);
    es_buf_json_i(b, "birth_year", p->birth_year);
    es_buf_json_i(b, "age_group_from", p->age_group ? p->age_group - 1 : -1);
    es_buf_json_s(b, "email", p->email);
    es_buf_json_s(b, "guardian_contact", p->guardian_contact);
    es_buf_json_s(b, "guardian", GUARDIAN[p->guardian]);
    es_buf_json_s(b, "lang", p->lang);
    es_buf_json_b(b, "waiting", p->state == ES_PERSON_WAITS);
    moment(b, "joined_at", p->created_ms);
    es_buf_json_key(b, "consents");
    es_buf_str(b, p->consents);
}

enum es_code es_person_export(struct es_app *app,
                              const struct es_initiative *ini,
                              const struct es_participant *p,
                              struct es_buf *out, struct es_err *e)
{
    struct es_arena a;
    struct es_team t;
    enum es_code rc = ES_OK;
    es_buf_str(out, "{");
    es_buf_json_s(out, "initiative", ini->slug);
    es_buf_json_s(out, "title", ini->title);
    person_json(p, out);
    es_arena_init(&a, ES_FORM_MAX);
    if (p->team)
        rc = es_store_team(app->store, ini->id, p->team, &a, &t, e);
    if (rc == ES_OK)
        es_buf_json_s(out, "team", p->team ? t.name : "");
    es_arena_release(&a);
    if (rc == ES_OK)
        rc = runs_json(app, p, out, e);
    es_buf_str(out, "}\n");
    return rc == ES_OK && out->bad ? es_fail(e, ES_ETOOLARGE, 0, "export") : rc;
}
