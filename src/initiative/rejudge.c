/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/rejudge.h"

#include "base/log.h"
#include "initiative/boards.h"
#include "initiative/shares.h"
#include "initiative/steps.h"
#include "track/wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A step: what an upload may have to wait for, and what makes its commit worth
 * while. People are looked at whole: what their runs count hangs together. */
enum {
    STEP_MS = 20,
    STEP_PEOPLE = 256,
    TALLY_MAX = 16384,
    PERSON_MEM = 256 << 20, /* 10,000 runs with their measures */
    STEP_MEM = 512 << 20,
    TRY_MS = 1000, /* between two looks at how far a trial has come */
    PAUSE_S = 5    /* after a step that failed */
};

/* By what runs are judged. */
struct bench {
    struct es_initiative ini; /* with the change's window */
    struct es_rules rules;
    struct es_bounds bounds;
    int32_t version;
    char reason[32];
};

/* ---- one person ---- */

struct judged {
    struct es_run run; /* as it is to be */
    struct es_verdict v;
    int32_t was_status;
    int64_t was_mm, was_ms; /* that it counted; 0 of what wasn't accepted */
    bool other;
};

static enum es_code judge_run(const struct bench *b, bool pictured,
                              struct es_arena *a, struct judged *j,
                              struct es_err *e)
{
    struct es_measure m;
    struct es_finding *found;
    size_t n;
    struct es_rd rd;

    es_rd_init(&rd, j->run.measure);
    enum es_code rc = es_measure_get(&rd, a, &m, e);
    es_rd_init(&rd, j->run.findings);
    if (rc == ES_OK)
        rc = es_findings_get(&rd, a, &found, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_case c = {
        &b->ini, &b->rules,          (enum es_run_kind)j->run.kind,
        &m,      j->run.received_ms, pictured
    };
    es_judge_again(&c, &b->bounds, found, n, &j->v);
    return ES_OK;
}

static enum es_code share(const struct bench *b, struct judged *v, size_t n,
                          struct es_arena *a, struct es_err *e)
{
    struct es_share *s = es_arena_array(a, n, sizeof *s);
    size_t n_s = 0;
    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "shares");
    for (size_t i = 0; i < n; i++) {
        const struct es_run *r = &v[i].run;
        if (v[i].v.status != ES_RUN_ACCEPTED)
            continue;
        s[n_s++] = (struct es_share){
            .run = r->id,
            .started_ms =
                r->started_ms == ES_NO_TIME ? r->received_ms : r->started_ms,
            .day = v[i].v.day,
            .alone_mm = v[i].v.counted_mm,
            .was_mm = (int64_t)i,
        };
    }
    es_share_out(&b->rules, s, n_s);
    for (size_t i = 0; i < n_s; i++) {
        struct es_finding f;
        struct judged *j = &v[s[i].was_mm];
        j->run.counted_mm = s[i].counted_mm;
        if (es_share_finding(&b->rules, &s[i], &f))
            es_verdict_add(&j->v, &f);
    }
    return ES_OK;
}

static enum es_code settle(const struct bench *b, struct judged *j,
                           struct es_arena *a, struct es_err *e)
{
    struct es_run *r = &j->run;
    struct es_bytes was = r->findings;
    r->findings = es_findings_pack(j->v.findings, j->v.n_findings, a);
    if (!r->findings.p)
        return es_fail(e, ES_ENOMEM, 0, "findings");
    r->status = (int32_t)j->v.status;
    r->time_ms = j->v.time_ms;
    r->rules_version = b->version;
    bool words =
        was.n != r->findings.n || memcmp(was.p, r->findings.p, was.n) != 0;
    j->other = j->other || words;
    return ES_OK;
}

/* The runs of a person, judged, into v: those that weren't withdrawn. */
static enum es_code judge_person(const struct bench *b, struct judged *v,
                                 size_t n, const bool *pictured,
                                 struct es_arena *a, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_run *r = &v[i].run;
        bool counted = r->status == ES_RUN_ACCEPTED;
        v[i].was_status = r->status;
        v[i].was_mm = counted ? r->counted_mm : 0;
        v[i].was_ms = counted ? r->time_ms : 0;
        rc = judge_run(b, pictured[i], a, &v[i], e);
        r->counted_mm = v[i].v.counted_mm;
    }
    if (rc == ES_OK && es_rules_share(&b->rules))
        rc = share(b, v, n, a, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = settle(b, &v[i], a, e);
    return rc;
}

static int64_t now_mm(const struct judged *j)
{
    return j->run.status == ES_RUN_ACCEPTED ? j->run.counted_mm : 0;
}

static int64_t now_ms(const struct judged *j)
{
    return j->run.status == ES_RUN_ACCEPTED ? j->run.time_ms : 0;
}

static void count(struct es_tally *t, const struct judged *j)
{
    struct es_touched x = { j->run.id,     j->run.participant, j->was_status,
                            j->run.status, j->was_mm,          now_mm(j) };
    es_tally_add(t, &x,
                 j->was_status != j->run.status || x.from_mm != x.to_mm ||
                     j->was_ms != now_ms(j));
}

/* The rows of a person that are to be judged. */
static struct judged *to_judge(const struct es_run *runs, size_t n,
                               struct es_arena *a, size_t *n_out)
{
    struct judged *v = es_arena_array(a, n, sizeof *v);
    *n_out = 0;
    for (size_t i = 0; v && i < n; i++)
        if (runs[i].status != ES_RUN_WITHDRAWN)
            v[(*n_out)++].run = runs[i];
    return v;
}

/* ---- the change in hand ---- */

static enum es_code bench_of(const struct es_rule_change *c,
                             const struct es_initiative *ini, struct bench *b,
                             struct es_err *e)
{
    b->ini = *ini;
    b->ini.opens_ms = c->opens_ms;
    b->ini.closes_ms = c->closes_ms;
    b->ini.zone = c->zone;
    b->version = c->version;
    (void)snprintf(b->reason, sizeof b->reason, "rules v%d", (int)c->version);
    enum es_code rc = es_rules_read(c->rules, &b->rules, e);
    if (rc == ES_OK)
        b->bounds = es_bounds_of(&b->ini, &b->rules);
    return rc;
}

static bool asks_pictures(const struct es_rules *r)
{
    return r->typed_proof == ES_PROOF_PICTURE ||
           r->treadmill_proof == ES_PROOF_PICTURE;
}

static enum es_code put_tally(struct es_rule_change *c,
                              const struct es_tally *t, struct es_arena *a,
                              struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, TALLY_MAX);
    es_tally_write(t, &b);
    c->tally = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return c->tally && *c->tally ? ES_OK : es_fail(e, ES_ENOMEM, 0, "tally");
}

/* ---- judging ---- */

struct step {
    struct es_app *app;
    struct es_rule_change change; /* which; read again inside */
    int64_t all;
    struct es_arena a;
    struct es_moves moves;
    const int64_t *who; /* whose runs were judged */
    size_t n_who;
    bool more;
};

static enum es_code keep_run(struct es_txn *tx, const struct bench *b,
                             struct judged *j, struct step *s, struct es_err *e)
{
    int64_t mm = now_mm(j) - j->was_mm, ms = now_ms(j) - j->was_ms;
    int64_t runs =
        (j->run.status == ES_RUN_ACCEPTED) - (j->was_status == ES_RUN_ACCEPTED);
    int64_t at_ms = es_time_now_ms();
    enum es_code rc = ES_OK;
    if (j->other || mm != 0 || ms != 0 || runs != 0)
        rc = es_txn_run_judged(tx, &j->run, e);
    if (rc == ES_OK && j->run.status != j->was_status)
        rc = es_step_write(
            tx, &j->run,
            &(struct es_doing){ .what = ES_STEP_JUDGED, .at_ms = at_ms }, &s->a,
            e);
    else if (rc == ES_OK && j->other && j->run.status == ES_RUN_IN_REVIEW)
        rc = es_queue_follow(tx, &j->run, &s->a, e);
    struct es_move m = { j->run, mm, ms, runs, j->was_status, at_ms };
    if (rc == ES_OK)
        rc = es_moves_add(&s->moves, &s->a, &m, e);
    if (rc != ES_OK || (mm == 0 && ms == 0 && runs == 0))
        return rc;
    struct es_ledger_entry l = {
        .initiative = j->run.initiative,
        .id = es_id_new(),
        .run = j->run.id,
        .participant = j->run.participant,
        .delta_mm = mm,
        .delta_ms = ms,
        .delta_runs = (int32_t)runs,
        .at_ms = at_ms,
        .actor = "system",
        .reason = b->reason,
    };
    return es_txn_ledger_add(tx, &l, e);
}

static enum es_code keep_share(struct es_txn *tx, const struct judged *j,
                               struct es_err *e)
{
    const struct es_run *r = &j->run;
    struct es_share_row row = { r->id,
                                r->started_ms == ES_NO_TIME ? r->received_ms
                                                            : r->started_ms,
                                j->v.day, j->v.counted_mm, 0 };
    return es_txn_share_put(tx, r->initiative, r->participant, &row, e);
}

static enum es_code person_apply(struct es_txn *tx, const struct bench *b,
                                 int64_t who, struct es_tally *t,
                                 struct step *s, struct es_err *e)
{
    struct es_run *runs;
    size_t n, n_runs;
    enum es_code rc =
        es_txn_runs_of(tx, b->ini.id, who, &s->a, &runs, &n_runs, e);
    if (rc != ES_OK)
        return rc;
    struct judged *v = to_judge(runs, n_runs, &s->a, &n);
    bool *pictured = es_arena_array(&s->a, n, sizeof *pictured);
    if (!v || !pictured)
        return es_fail(e, ES_ENOMEM, 0, "runs");
    for (size_t i = 0; rc == ES_OK && asks_pictures(&b->rules) && i < n; i++)
        rc = es_txn_run_pictured(tx, b->ini.id, v[i].run.id, &pictured[i], e);
    if (rc == ES_OK)
        rc = judge_person(b, v, n, pictured, &s->a, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        count(t, &v[i]);
        rc = keep_run(tx, b, &v[i], s, e);
        if (rc == ES_OK && es_rules_share(&b->rules))
            rc = keep_share(tx, &v[i], e);
    }
    return rc;
}

static enum es_code people_apply(struct es_txn *tx, struct es_rule_change *c,
                                 struct step *s, struct es_err *e)
{
    struct es_initiative ini;
    struct bench b;
    struct es_tally t;
    int64_t *who;
    size_t n = 0, at = 0;
    int64_t until = es_time_mono_ms() + STEP_MS;

    enum es_code rc = es_txn_initiative(tx, c->initiative, &s->a, &ini, e);
    if (rc == ES_OK)
        rc = bench_of(c, &ini, &b, e);
    if (rc == ES_OK)
        rc = es_tally_read(c->tally, &t, e);
    if (rc == ES_OK)
        rc = es_txn_runners_after(tx, c->initiative, c->after, STEP_PEOPLE,
                                  &s->a, &who, &n, e);
    if (rc != ES_OK)
        return rc;
    if (t.all == 0)
        t.all = s->all;
    while (rc == ES_OK && at < n && (at == 0 || es_time_mono_ms() < until))
        rc = person_apply(tx, &b, who[at++], &t, s, e);
    if (rc != ES_OK)
        return rc;
    if (at > 0)
        c->after = who[at - 1];
    s->who = who;
    s->n_who = at;
    if (at == n && n < STEP_PEOPLE) {
        c->state = ES_CHANGE_DONE;
        c->ended_ms = es_time_now_ms();
    }
    rc = put_tally(c, &t, &s->a, e);
    return rc == ES_OK ? es_txn_rule_change_put(tx, c, e) : rc;
}

static enum es_code step_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct step *s = arg;
    struct es_rule_change c;
    (void)blob;
    es_arena_release(&s->a);
    es_arena_init(&s->a, STEP_MEM);
    s->moves = (struct es_moves){ 0 };
    s->n_who = 0;
    s->more = false;
    enum es_code rc = es_txn_rule_change(tx, s->change.initiative,
                                         s->change.version, &s->a, &c, e);
    if (rc != ES_OK || c.state != ES_CHANGE_JUDGING)
        return rc;
    rc = people_apply(tx, &c, s, e);
    s->more = c.state == ES_CHANGE_JUDGING;
    return rc;
}

static void step_done(void *arg)
{
    struct step *s = arg;
    es_moves_tell(s->app, &s->moves);
    for (size_t i = 0; i < s->n_who; i++)
        es_app_timed_anew(s->app, s->change.initiative, s->who[i]);
    if (s->moves.n)
        es_runs_total(s->app, s->change.initiative);
}

static enum es_code judge_step(struct es_app *app,
                               const struct es_rule_change *c, struct es_err *e)
{
    struct step s = { .app = app, .change = *c };
    enum es_code rc = ES_OK;
    if (!*c->tally)
        rc = es_store_runs_count(app->store, c->initiative, &s.all, e);
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = step_apply,
                                                .committed = step_done,
                                                .arg = &s },
                            e);
    es_arena_release(&s.a);
    return rc;
}

/* ---- trying ---- */

struct noting {
    struct es_rule_change *c;
    const struct es_tally *t;
    bool gone; /* another draft is in its place */
};

static enum es_code note_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct noting *n = arg;
    struct es_rule_change now;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, ES_JSON_MAX * 4);
    enum es_code rc =
        es_txn_rule_change(tx, n->c->initiative, n->c->version, &a, &now, e);
    n->gone = rc == ES_ENOENT ||
              (rc == ES_OK &&
               (now.state != ES_CHANGE_DRAFT || now.at_ms != n->c->at_ms));
    if (rc == ES_OK && !n->gone) {
        now.after = n->c->after;
        now.ended_ms = n->c->ended_ms;
        rc = put_tally(&now, n->t, &a, e);
        if (rc == ES_OK)
            rc = es_txn_rule_change_put(tx, &now, e);
    }
    es_arena_release(&a);
    return n->gone ? ES_OK : rc;
}

static enum es_code note(struct es_app *app, struct noting *n, struct es_err *e)
{
    return es_store_write(
        app->store, &(struct es_write){ .apply = note_apply, .arg = n }, e);
}

static enum es_code try_person(struct es_app *app, const struct bench *b,
                               int64_t who, struct es_tally *t,
                               struct es_err *e)
{
    struct es_arena a;
    struct es_run *runs;
    size_t n = 0, n_runs;
    es_arena_init(&a, PERSON_MEM);
    enum es_code rc =
        es_store_runs_of(app->store, b->ini.id, who, 0, ES_STORE_LIST_MAX, &a,
                         &runs, &n_runs, e);
    struct judged *v = NULL;
    bool *pictured = NULL;
    if (rc == ES_OK) {
        v = to_judge(runs, n_runs, &a, &n);
        pictured = es_arena_array(&a, n_runs, sizeof *pictured);
        if (!v || !pictured)
            rc = es_fail(e, ES_ENOMEM, 0, "runs");
    }
    for (size_t i = 0; rc == ES_OK && asks_pictures(&b->rules) && i < n; i++)
        rc = es_store_run_pictured(app->store, b->ini.id, v[i].run.id,
                                   &pictured[i], e);
    if (rc == ES_OK)
        rc = judge_person(b, v, n, pictured, &a, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        count(t, &v[i]);
    es_arena_release(&a);
    return rc;
}

/* Looks at runs for as long as nobody waits to hear, then tells. */
static enum es_code try_people(struct es_app *app, struct es_rule_change *c,
                               const struct bench *b, struct es_tally *t,
                               struct es_err *e)
{
    struct es_arena a;
    int64_t *who;
    size_t n = STEP_PEOPLE;
    enum es_code rc = ES_OK;
    int64_t until = es_time_mono_ms() + TRY_MS;
    while (rc == ES_OK && n == STEP_PEOPLE && es_time_mono_ms() < until) {
        es_arena_init(&a, STEP_PEOPLE * 256);
        rc = es_store_runners_after(app->store, c->initiative, c->after,
                                    STEP_PEOPLE, &a, &who, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++) {
            rc = try_person(app, b, who[i], t, e);
            c->after = who[i];
        }
        es_arena_release(&a);
    }
    if (rc == ES_OK && n < STEP_PEOPLE)
        c->ended_ms = es_time_now_ms();
    return rc;
}

static enum es_code try_step(struct es_app *app, struct es_rule_change *c,
                             struct es_arena *a, struct es_err *e)
{
    struct es_initiative ini;
    struct bench b;
    struct es_tally t;
    enum es_code rc =
        es_store_initiative_by_id(app->store, c->initiative, a, &ini, e);
    if (rc == ES_OK)
        rc = bench_of(c, &ini, &b, e);
    if (rc == ES_OK)
        rc = es_tally_read(c->tally, &t, e);
    if (rc == ES_OK && t.all == 0)
        rc = es_store_runs_count(app->store, c->initiative, &t.all, e);
    if (rc == ES_OK)
        rc = try_people(app, c, &b, &t, e);
    struct noting n = { c, &t, false };
    return rc == ES_OK ? note(app, &n, e) : rc;
}

/* ---- the thread ---- */

enum { OPEN_MAX = 64, OPEN_MEM = 4 << 20 };

enum es_code es_rejudge_step(struct es_app *app, bool *more, struct es_err *e)
{
    struct es_arena a;
    struct es_rule_change *v;
    size_t n = 0;
    es_arena_init(&a, OPEN_MEM);
    enum es_code rc =
        es_store_rule_changes_open(app->store, OPEN_MAX, &a, &v, &n, e);
    *more = rc == ES_OK && n > 0;
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = v[i].state == ES_CHANGE_JUDGING ? judge_step(app, &v[i], e)
                                             : try_step(app, &v[i], &a, e);
    es_arena_release(&a);
    return rc;
}

struct es_rejudge {
    struct es_app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t change;
    bool woken, stopping;
};

/* Until there may be work; false when it is over. */
static bool wait_work(struct es_rejudge *r, bool failed)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAUSE_S;
    (void)pthread_mutex_lock(&r->lock);
    while (!r->stopping && !r->woken) {
        if (!failed)
            (void)pthread_cond_wait(&r->change, &r->lock);
        else if (pthread_cond_timedwait(&r->change, &r->lock, &until) != 0)
            break;
    }
    r->woken = false;
    bool go_on = !r->stopping;
    (void)pthread_mutex_unlock(&r->lock);
    return go_on;
}

static bool stopping(struct es_rejudge *r)
{
    (void)pthread_mutex_lock(&r->lock);
    bool yes = r->stopping;
    (void)pthread_mutex_unlock(&r->lock);
    return yes;
}

static void *rejudge_main(void *arg)
{
    struct es_rejudge *r = arg;
    bool failed;
    do {
        bool more = true;
        failed = false;
        while (more && !failed && !stopping(r)) {
            struct es_err e = { 0 };
            failed = es_rejudge_step(r->app, &more, &e) != ES_OK;
            if (failed)
                es_log(ES_LOG_ERROR, "rules.judge", "%s", e.msg);
        }
    } while (wait_work(r, failed));
    return NULL;
}

enum es_code es_rejudge_start(struct es_app *app, struct es_rejudge **out,
                              struct es_err *e)
{
    struct es_rejudge *r = calloc(1, sizeof *r);
    if (!r)
        return es_fail(e, ES_ENOMEM, 0, "judging again");
    r->app = app;
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_cond_init(&r->change, NULL);
    if (pthread_create(&r->thread, NULL, rejudge_main, r) != 0) {
        free(r);
        return es_fail(e, ES_ENOMEM, 0, "starting to judge again");
    }
    *out = r;
    return ES_OK;
}

void es_rejudge_wake(struct es_rejudge *r)
{
    if (!r)
        return;
    (void)pthread_mutex_lock(&r->lock);
    r->woken = true;
    (void)pthread_cond_signal(&r->change);
    (void)pthread_mutex_unlock(&r->lock);
}

void es_rejudge_stop(struct es_rejudge *r)
{
    if (!r)
        return;
    (void)pthread_mutex_lock(&r->lock);
    r->stopping = true;
    (void)pthread_cond_signal(&r->change);
    (void)pthread_mutex_unlock(&r->lock);
    (void)pthread_join(r->thread, NULL);
    (void)pthread_cond_destroy(&r->change);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}
