/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/run_write.h"

#include "base/log.h"
#include "initiative/boards.h"
#include "initiative/likeness.h"
#include "initiative/names.h"
#include "initiative/review.h"
#include "initiative/shares.h"
#include "store/media.h"
#include "store/results.h"
#include "store/rule_changes.h"
#include "track/wire.h"

#include <math.h>
#include <string.h>

enum { PACK_MAX = 1 << 20 };

struct es_measure es_measure_unknown(void)
{
    return (struct es_measure){
        .sport = ES_SPORT_GENERIC,
        .started_ms = ES_NO_TIME,
        .dist_m = NAN,
        .dist_err_m = NAN,
        .noise_cv = NAN,
        .smooth_m = NAN,
        .gap_m = NAN,
        .gap_s = NAN,
        .hr_bpm = NAN,
        .raw_dist_m = NAN,
        .device_dist_m = NAN,
        .elapsed_s = NAN,
        .timer_s = NAN,
        .counted_s = NAN,
        .counted_timer_s = NAN,
        .moving_s = NAN,
        .gain_m = NAN,
        .loss_m = NAN,
    };
}

enum es_code es_rules_of(struct es_app *app, int64_t initiative,
                         struct es_arena *a, struct es_initiative *ini,
                         struct es_rules *rules, struct es_err *e)
{
    enum es_code rc =
        es_store_initiative_by_id(app->store, initiative, a, ini, e);
    if (rc == ES_OK && ini->state == ES_INI_FINAL)
        rc = es_fail(e, ES_EDENIED, 0, "the results are final");
    return rc == ES_OK ? es_rules_read(ini->rules, rules, e) : rc;
}

/* Moves what was packed into the arena and lets the buffer go. */
static struct es_bytes keep(struct es_buf *b, struct es_arena *a)
{
    struct es_bytes out = { NULL, 0 };
    char *copy = b->bad ? NULL : es_arena_strn(a, b->p, b->n);
    if (copy)
        out = (struct es_bytes){ (const uint8_t *)copy, b->n };
    es_buf_release(b);
    return out;
}

struct es_bytes es_findings_pack(const struct es_finding *f, size_t n,
                                 struct es_arena *a)
{
    struct es_buf b;
    es_buf_init(&b, PACK_MAX);
    es_findings_put(&b, f, n);
    return keep(&b, a);
}

static struct es_bytes measure_pack(const struct es_measure *m,
                                    struct es_arena *a)
{
    struct es_buf b;
    /* The findings are kept beside it, together with those of the rules. */
    struct es_measure alone = *m;
    alone.n_findings = 0;
    es_buf_init(&b, PACK_MAX);
    es_measure_put(&b, &alone);
    return keep(&b, a);
}

enum es_code
es_new_run_judge(struct es_new_run *n, const struct es_participant *who,
                 const struct es_initiative *ini, const struct es_rules *rules,
                 enum es_run_kind kind, struct es_arena *a, struct es_err *e)
{
    char code[ES_CODE_TEXT];
    struct es_run *r = &n->run;
    int64_t now_ms = es_time_now_ms();
    bool past = r->received_ms > 0 && r->received_ms < now_ms;
    struct es_case c = {
        ini, rules, kind, &n->m, past ? r->received_ms : now_ms, n->pictured
    };

    if (kind != ES_KIND_FILE)
        n->m.provenance = kind == ES_KIND_LIVE ? ES_FROM_LIVE : ES_FROM_TYPED;
    es_judge(&c, &n->verdict);
    es_random_code(code, sizeof code, ES_CODE_BITS);
    r->initiative = ini->id;
    r->id = past ? es_id_at(c.received_ms) : es_id_new();
    r->participant = who->id;
    r->code = es_arena_str(a, code);
    r->kind = (int32_t)kind;
    r->provenance = (int32_t)n->m.provenance;
    r->received_ms = c.received_ms;
    r->started_ms = n->m.started_ms;
    r->rules_version = ini->rules_version;
    r->measure = measure_pack(&n->m, a);
    if (!r->code || !r->measure.p)
        return es_fail(e, ES_ENOMEM, 0, "run");
    return ES_OK;
}

/* Laps of one training, cut by a minute, don't overlap; a watch and a phone
 * that recorded the same run do. */
static const int64_t OVERLAP_SLACK_MS = 60000;

static enum es_code same_file(struct es_txn *tx, const struct es_run *r,
                              struct es_verdict *v, struct es_err *e)
{
    int64_t other;
    enum es_code rc = es_txn_upload_of_other(tx, r->initiative, r->participant,
                                             r->blob.hash, &other, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    struct es_finding f =
        es_finding_make("same_file", ES_REVIEW, NAN, NAN,
                        "another participant has handed in the same file");
    es_verdict_add(v, &f);
    return ES_OK;
}

static enum es_code same_time(struct es_txn *tx, const struct es_run *r,
                              struct es_verdict *v, struct es_err *e)
{
    int64_t other;
    int64_t from = r->started_ms + OVERLAP_SLACK_MS;
    int64_t to = r->started_ms + v->time_ms - OVERLAP_SLACK_MS;
    if (r->started_ms == ES_NO_TIME || to <= from)
        return ES_OK;
    enum es_code rc = es_txn_run_between(tx, r->initiative, r->participant,
                                         from, to, &other, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    struct es_finding f =
        es_finding_make("overlaps", ES_REVIEW, NAN, NAN,
                        "another run of this participant was at the same time");
    es_verdict_add(v, &f);
    return ES_OK;
}

/* The rules that the group is stored under, when a change of them came after
 * it was judged: whoever judges all runs again may have passed this person. */
static enum es_code rules_now(struct es_txn *tx, struct es_new_runs *g,
                              struct es_err *e)
{
    int64_t version;
    enum es_code rc = es_txn_rules_version(tx, g->ini->id, &version, e);
    if (rc != ES_OK || version == g->ini->rules_version)
        return rc;
    struct es_initiative *ini = es_arena_alloc(g->a, sizeof *ini);
    struct es_rules *rules = es_arena_alloc(g->a, sizeof *rules);
    if (!ini || !rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    rc = es_txn_initiative(tx, g->ini->id, g->a, ini, e);
    if (rc == ES_OK)
        rc = es_rules_read(ini->rules, rules, e);
    if (rc != ES_OK)
        return rc;
    g->ini = ini;
    g->rules = rules;
    return ES_OK;
}

static void judge_now(const struct es_new_runs *g, struct es_new_run *n)
{
    struct es_verdict was = n->verdict;
    struct es_case c = {
        g->ini, g->rules,           (enum es_run_kind)n->run.kind,
        &n->m,  n->run.received_ms, n->pictured
    };
    es_judge_again(&c, NULL, was.findings, was.n_findings, &n->verdict);
    n->run.rules_version = g->ini->rules_version;
}

/* The verdict with what only the store knows, written into the row. */
static enum es_code settle(struct es_txn *tx, struct es_new_runs *g,
                           struct es_new_run *n, const struct es_blob *blob,
                           struct es_err *e)
{
    struct es_run *r = &n->run;
    if (r->rules_version != g->ini->rules_version)
        judge_now(g, n);
    struct es_verdict v = n->verdict; /* apply may run again: start afresh */
    enum es_code rc = ES_OK;
    if (blob) {
        r->blob = *blob;
        rc = same_file(tx, r, &v, e);
    }
    if (rc == ES_OK)
        rc = same_time(tx, r, &v, e);
    if (rc != ES_OK)
        return rc;
    r->status = (int32_t)v.status;
    r->dist_mm = v.dist_mm;
    r->counted_mm = v.counted_mm;
    r->time_ms = v.time_ms;
    r->findings = es_findings_pack(v.findings, v.n_findings, g->a);
    return r->findings.p ? ES_OK : es_fail(e, ES_ENOMEM, 0, "findings");
}

static enum es_code idem_seen(struct es_txn *tx, struct es_new_runs *g,
                              struct es_err *e)
{
    uint8_t hash[ES_HASH];
    if (!g->idempotency_key)
        return ES_OK;
    enum es_code rc =
        es_txn_idem_get(tx, g->who->initiative, g->who->id, g->idempotency_key,
                        hash, &g->idem_run, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    if (rc != ES_OK)
        return rc;
    if (!es_hash_equal(hash, g->body_hash))
        return es_fail(e, ES_ECONFLICT, 0, "Idempotency-Key, other body");
    return es_fail(e, ES_EEXIST, 0, "Idempotency-Key");
}

/* It lives and goes with its run. */
static enum es_code evidence_add(struct es_txn *tx, const struct es_new_runs *g,
                                 const struct es_blob *blob, struct es_err *e)
{
    const struct es_run *r = &g->v[0].run;
    struct es_evidence v = {
        .initiative = r->initiative,
        .run = r->id,
        .created_ms = r->received_ms,
        .width = (int32_t)g->picture->width,
        .height = (int32_t)g->picture->height,
        .blob = *blob,
    };
    return es_txn_evidence_add(tx, &v, e);
}

static enum es_code new_runs_apply(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    struct es_new_runs *g = arg;
    g->idem_run = 0;
    g->moves = (struct es_moves){ 0 };
    enum es_code rc = idem_seen(tx, g, e);
    if (rc == ES_OK)
        rc = es_txn_not_final(tx, g->ini->id, e);
    if (rc == ES_OK)
        rc = rules_now(tx, g, e);
    for (size_t i = 0; rc == ES_OK && i < g->n; i++) {
        struct es_run *r = &g->v[i].run;
        rc = settle(tx, g, &g->v[i], g->picture ? NULL : blob, e);
        if (rc == ES_OK)
            rc = es_likeness_settle(g->app, tx, &g->v[i], g->last, e);
        if (rc == ES_OK)
            rc = es_txn_run_add(tx, r, e);
        if (rc == ES_OK)
            rc = es_shares_settle(tx, g->rules, r, g->v[i].verdict.counted_mm,
                                  g->v[i].verdict.day,
                                  (struct es_cause){ "system", "shared" }, g->a,
                                  &g->moves, e);
        if (rc == ES_OK)
            rc = es_step_write(
                tx, r, &(struct es_doing){ .what = ES_STEP_RECEIVED }, g->a, e);
        if (rc == ES_OK && r->status == ES_RUN_ACCEPTED) {
            struct es_ledger_entry l = {
                .initiative = r->initiative,
                .id = es_id_new(),
                .run = r->id,
                .participant = r->participant,
                .delta_mm = r->counted_mm,
                .delta_ms = r->time_ms,
                .delta_runs = 1,
                .at_ms = r->received_ms,
                .actor = "system",
                .reason = "accepted",
            };
            rc = es_txn_ledger_add(tx, &l, e);
        }
    }
    if (rc == ES_OK && g->picture)
        rc = evidence_add(tx, g, blob, e);
    if (rc == ES_OK && g->idempotency_key)
        rc = es_txn_idem_put(tx, g->who->initiative, g->who->id,
                             g->idempotency_key, g->body_hash, g->first->id,
                             g->first->received_ms, e);
    return rc;
}

void es_runs_count(struct es_app *app, const struct es_run *run, int64_t mm,
                   int64_t ms, int64_t runs)
{
    struct es_standings *s = es_app_standings(app, run->initiative);
    struct es_err e = { 0 };
    if (!s || es_standings_add(s, run->participant, mm, ms, runs) != ES_OK ||
        es_standings_from(s, run->participant, run->provenance, mm) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.add", "a run found no place");
    else if (es_boards_day_add(app->boards, run, mm, runs, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "days.add", "%s", e.msg);
    else if (es_timing_run(es_boards_timing(app->boards, run->initiative), run,
                           &e) != ES_OK)
        es_log(ES_LOG_ERROR, "times.run", "%s", e.msg);
}

void es_runs_turned(struct es_app *app, const struct es_run *run, int32_t was,
                    enum es_step_what what, int64_t at_ms)
{
    struct es_err e = { 0 };
    struct es_turn t = { what, at_ms };
    if (es_boards_turn(app->boards, run, was, &t, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "figures.turn", "%s", e.msg);
}

void es_runs_held(struct es_app *app, int64_t initiative, int64_t files,
                  int64_t pictures)
{
    struct es_pulse *p = es_app_pulse(app, initiative);
    if (p)
        es_pulse_hold(p, files, pictures);
}

static void tell(struct es_app *app, struct es_event *ev)
{
    struct es_standings *s = es_app_standings(app, ev->initiative);
    if (!s || !app->on_event)
        return;
    es_standings_totals(s, &ev->totals);
    app->on_event(app->on_event_arg, ev);
}

void es_runs_total(struct es_app *app, int64_t initiative)
{
    tell(app, &(struct es_event){ .initiative = initiative });
}

void es_runs_announce(struct es_app *app, const struct es_run *run,
                      const char *public_name, const char *country, int64_t mm,
                      int64_t ms, int64_t runs)
{
    struct es_event ev = {
        .initiative = run->initiative,
        .arrival = runs > 0,
        .run = run->id,
        .name = public_name,
        .country = country,
        .counted_mm = mm,
        .provenance = run->provenance,
    };
    es_runs_count(app, run, mm, ms, runs);
    tell(app, &ev);
}

static void new_runs_done(void *arg)
{
    struct es_new_runs *g = arg;
    es_moves_tell(g->app, &g->moves);
    if (g->moves.n)
        es_runs_total(g->app, g->ini->id);
    if (g->bytes)
        es_runs_held(g->app, g->ini->id, g->picture ? 0 : g->bytes,
                     g->picture ? g->bytes : 0);
    for (size_t i = 0; i < g->n; i++) {
        const struct es_run *r = &g->v[i].run;
        es_runs_turned(g->app, r, ES_NO_RUN, ES_STEP_RECEIVED, r->received_ms);
        if (r->status == ES_RUN_IN_REVIEW)
            es_desk_moved(g->app->desk, r->initiative);
        if (r->status == ES_RUN_ACCEPTED)
            es_runs_announce(g->app, r, g->public_name, g->who->country,
                             r->counted_mm, r->time_ms, 1);
    }
}

enum es_code es_new_runs_store(struct es_new_runs *g, struct es_bytes upload,
                               struct es_err *e)
{
    struct es_write w = {
        .apply = new_runs_apply,
        .committed = new_runs_done,
        .arg = g,
        .upload = upload,
    };
    g->bytes = (int64_t)upload.n;
    if (g->picture)
        es_store_hash(upload, w.upload_hash);
    else
        memcpy(w.upload_hash, g->body_hash, ES_HASH);
    g->public_name = es_public_name(g->who, g->a);
    enum es_code rc = es_store_write(g->app->store, &w, e);
    for (size_t i = 0; rc != ES_OK && i < g->n; i++)
        es_likeness_undo(g->app, &g->v[i]);
    return rc;
}
