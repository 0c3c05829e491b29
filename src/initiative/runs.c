/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts, and what may still happen to a run: withdrawal, appeal, review. */
#include "base/utf8.h"
#include "initiative/likeness.h"
#include "initiative/names.h"
#include "initiative/run_write.h"
#include "initiative/shares.h"
#include "store/rule_changes.h"
#include "track/wire.h"

#include <math.h>
#include <string.h>

static enum es_code unpack(const struct es_run *run, struct es_arena *a,
                           struct es_receipt *out, struct es_err *e)
{
    struct es_rd rd;
    es_rd_init(&rd, run->measure);
    enum es_code rc = es_measure_get(&rd, a, &out->measure, e);
    if (rc != ES_OK)
        return rc;
    es_rd_init(&rd, run->findings);
    return es_findings_get(&rd, a, &out->findings, &out->n_findings, e);
}

enum es_code es_receipt_of(struct es_app *app, const struct es_run *run,
                           struct es_arena *a, struct es_receipt *out,
                           struct es_err *e)
{
    struct es_receipt r = { .run = *run };
    struct es_standing self = { 0 };
    struct es_standing *rows;
    size_t n;
    struct es_standings *s = es_app_standings(app, run->initiative);
    enum es_code rc = unpack(run, a, &r, e);
    if (rc == ES_OK && s)
        rc = es_standings_of(s, run->participant, 0, a, &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    r.participant_total_mm = self.dist_mm;
    *out = r;
    return ES_OK;
}

/* ---- changes ---- */

enum act { WITHDRAW, APPEAL, ACCEPT, REFUSE };

static const struct {
    const char *actor, *reason;
    enum es_run_status to;
} ACTS[] = {
    [WITHDRAW] = { "participant", "withdrawn", ES_RUN_WITHDRAWN },
    [APPEAL] = { "participant", "appealed", ES_RUN_IN_REVIEW },
    [ACCEPT] = { "organiser", "accepted", ES_RUN_ACCEPTED },
    [REFUSE] = { "organiser", "refused", ES_RUN_REFUSED },
};

struct change {
    struct es_app *app;
    struct es_arena *a;
    enum act act;
    int64_t initiative, run_id;
    int64_t participant; /* 0: any */
    const char *words;
    const char *public_name, *country;
    struct es_run run; /* as it is after the change */
    int64_t delta_mm, delta_ms, delta_runs;
    struct es_marks marks; /* of a run that was taken back */
    struct es_moves moves; /* of the person's other runs */
};

static bool act_fits(const struct change *c)
{
    switch (c->act) {
    case WITHDRAW:
        return true;
    case APPEAL:
        return c->run.status == ES_RUN_REFUSED;
    case ACCEPT:
    case REFUSE:
        return c->run.status == ES_RUN_IN_REVIEW;
    }
    return false;
}

/* How many bytes of someone's words fit a finding without cutting a letter. */
static int message_bytes(struct es_bytes s)
{
    size_t at = 0;
    size_t fits = 0;
    while (at < s.n) {
        (void)es_utf8_next(s, &at);
        if (at >= sizeof((struct es_finding *)0)->message)
            break;
        fits = at;
    }
    return (int)fits;
}

/* The finding that says what was done, before those that stand already. */
static enum es_code add_finding(struct change *c, struct es_err *e)
{
    static const struct {
        const char *code;
        enum es_effect effect;
    } SAYS[] = {
        [WITHDRAW] = { "withdrawn", ES_NOTE },
        [APPEAL] = { "appealed", ES_REVIEW },
        [ACCEPT] = { "accepted_by_organiser", ES_NOTE },
        [REFUSE] = { "refused_by_organiser", ES_REFUSE },
    };
    struct es_finding all[ES_FINDINGS_MAX];
    struct es_finding *old;
    size_t n_old;
    struct es_rd rd;
    struct es_buf words;

    es_rd_init(&rd, c->run.findings);
    enum es_code rc = es_findings_get(&rd, c->a, &old, &n_old, e);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&words, ES_FORM_MAX);
    es_text_clean(&words, es_bytes_str(c->words ? c->words : ""), false);
    all[0] = es_finding_make(SAYS[c->act].code, SAYS[c->act].effect, NAN, NAN,
                             "%.*s", message_bytes(es_buf_bytes(&words)),
                             es_buf_cstr(&words));
    es_buf_release(&words);
    if (n_old > ES_FINDINGS_MAX - 1)
        n_old = ES_FINDINGS_MAX - 1;
    if (n_old)
        memcpy(&all[1], old, n_old * sizeof *old);
    c->run.findings = es_findings_pack(all, n_old + 1, c->a);
    return c->run.findings.p ? ES_OK : es_fail(e, ES_ENOMEM, 0, "findings");
}

static enum es_code ledger(struct es_txn *tx, const struct change *c,
                           struct es_err *e)
{
    struct es_ledger_entry l = {
        .initiative = c->run.initiative,
        .id = es_id_new(),
        .run = c->run.id,
        .participant = c->run.participant,
        .delta_mm = c->delta_mm,
        .delta_ms = c->delta_ms,
        .delta_runs = (int32_t)c->delta_runs,
        .at_ms = es_time_now_ms(),
        .actor = ACTS[c->act].actor,
        .reason = ACTS[c->act].reason,
    };
    return c->delta_runs ? es_txn_ledger_add(tx, &l, e) : ES_OK;
}

/* What is taken back is shown no longer. */
static enum es_code hide_route(struct es_txn *tx, const struct es_run *run,
                               struct es_err *e)
{
    enum es_code rc =
        es_txn_route_drop(tx, run->initiative, run->participant, run->id, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* Where runs share a cap, others move up, or down. */
static enum es_code share_anew(struct es_txn *tx, struct change *c,
                               struct es_err *e)
{
    struct es_initiative ini;
    struct es_rules rules;
    struct es_cause why = { ACTS[c->act].actor, "shared" };
    enum es_code rc = es_txn_initiative(tx, c->initiative, c->a, &ini, e);
    if (rc == ES_OK)
        rc = es_rules_read(ini.rules, &rules, e);
    return rc == ES_OK ? es_shares_resettle(tx, &rules, &c->run, why, c->a,
                                            &c->moves, e)
                       : rc;
}

static enum es_code change_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct change *c = arg;
    (void)blob;
    c->delta_mm = c->delta_ms = c->delta_runs = 0;
    enum es_code rc =
        es_txn_run(tx, c->initiative, c->run_id, c->a, &c->run, e);
    if (rc != ES_OK)
        return rc;
    if (c->participant && c->run.participant != c->participant)
        return es_fail(e, ES_ENOENT, 0, "another person's run");
    if (c->run.status == ES_RUN_WITHDRAWN)
        return c->act == WITHDRAW
                   ? ES_OK
                   : es_fail(e, ES_ECONFLICT, 0, "the run was withdrawn");
    if (!act_fits(c))
        return es_fail(e, ES_ECONFLICT, 0, "the run stands otherwise now");
    int sign = (ACTS[c->act].to == ES_RUN_ACCEPTED) -
               (c->run.status == ES_RUN_ACCEPTED);
    c->run.status = ACTS[c->act].to;
    c->moves = (struct es_moves){ 0 };
    c->delta_ms = sign * c->run.time_ms;
    c->delta_runs = sign;
    rc = add_finding(c, e);
    if (rc == ES_OK)
        rc = es_txn_run_update(tx, &c->run, e);
    if (rc == ES_OK && sign != 0)
        rc = share_anew(tx, c, e);
    c->delta_mm = sign * c->run.counted_mm;
    if (rc == ES_OK && c->act == WITHDRAW)
        rc = hide_route(tx, &c->run, e);
    if (rc == ES_OK && c->act == WITHDRAW)
        rc = es_likeness_forget(tx, &c->run, c->a, &c->marks, e);
    return rc == ES_OK ? ledger(tx, c, e) : rc;
}

static void change_done(void *arg)
{
    struct change *c = arg;
    if (c->act == WITHDRAW)
        es_copies_drop(c->app->copies, c->run.id, &c->marks);
    es_moves_tell(c->app, &c->moves);
    if (c->delta_runs)
        es_runs_announce(c->app, &c->run, c->public_name, c->country,
                         c->delta_mm, c->delta_ms, c->delta_runs);
}

static enum es_code change_run(struct change *c, struct es_receipt *out,
                               struct es_err *e)
{
    struct es_write w = { .apply = change_apply,
                          .committed = change_done,
                          .arg = c };
    enum es_code rc = es_store_write(c->app->store, &w, e);
    return rc == ES_OK ? es_receipt_of(c->app, &c->run, c->a, out, e) : rc;
}

enum es_code es_runs_withdraw(struct es_app *app,
                              const struct es_participant *who, int64_t run,
                              struct es_arena *a, struct es_receipt *out,
                              struct es_err *e)
{
    struct change c = {
        .app = app,
        .a = a,
        .act = WITHDRAW,
        .initiative = who->initiative,
        .run_id = run,
        .participant = who->id,
        .country = who->country,
    };
    return change_run(&c, out, e);
}

enum es_code es_runs_appeal(struct es_app *app,
                            const struct es_participant *who, int64_t run,
                            const char *words, struct es_arena *a,
                            struct es_receipt *out, struct es_err *e)
{
    struct change c = {
        .app = app,
        .a = a,
        .act = APPEAL,
        .initiative = who->initiative,
        .run_id = run,
        .participant = who->id,
        .words = words,
        .country = who->country,
    };
    return change_run(&c, out, e);
}

enum es_code es_runs_decide(struct es_app *app, int64_t initiative,
                            int64_t run_id, bool accept, const char *reason,
                            struct es_arena *a, struct es_receipt *out,
                            struct es_err *e)
{
    struct es_run run;
    struct es_participant who;
    enum es_code rc = es_store_run(app->store, initiative, run_id, a, &run, e);
    if (rc == ES_OK)
        rc = es_store_participant(app->store, initiative, run.participant, a,
                                  &who, e);
    if (rc != ES_OK)
        return rc;
    struct change c = {
        .app = app,
        .a = a,
        .act = accept ? ACCEPT : REFUSE,
        .initiative = initiative,
        .run_id = run_id,
        .words = reason,
        .public_name = es_public_name(&who, a),
        .country = who.country,
    };
    return change_run(&c, out, e);
}
