/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may still happen to a run: it is taken back, appealed for, asked about,
 * answered, accepted, refused. */
#include "base/utf8.h"
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

enum act { WITHDRAW, APPEAL, ANSWER, ACCEPT, REFUSE, ASK };

/* The code of the finding that stands for it where only findings are read;
 * NULL: none. */
static const struct {
    const char *finding, *reason, *actor;
    enum es_effect effect;
    enum es_run_status to;
    enum es_step_what what, appealed; /* the latter to what was appealed for */
} ACTS[] = {
    [WITHDRAW] = { "withdrawn", "withdrawn", "participant", ES_NOTE,
                   ES_RUN_WITHDRAWN, ES_STEP_WITHDRAWN, ES_STEP_WITHDRAWN },
    [APPEAL] = { "appealed", "appealed", "participant", ES_REVIEW,
                 ES_RUN_IN_REVIEW, ES_STEP_APPEALED, ES_STEP_APPEALED },
    [ANSWER] = { NULL, "answered", "participant", ES_NOTE, ES_RUN_IN_REVIEW,
                 ES_STEP_ANSWERED, ES_STEP_ANSWERED },
    [ACCEPT] = { "accepted_by_organiser", "accepted", "organiser", ES_NOTE,
                 ES_RUN_ACCEPTED, ES_STEP_ACCEPTED, ES_STEP_GRANTED },
    [REFUSE] = { "refused_by_organiser", "refused", "organiser", ES_REFUSE,
                 ES_RUN_REFUSED, ES_STEP_REFUSED, ES_STEP_UPHELD },
    [ASK] = { NULL, "asked", "organiser", ES_NOTE, ES_RUN_IN_REVIEW,
              ES_STEP_ASKED, ES_STEP_ASKED },
};

struct change {
    struct es_app *app;
    struct es_arena *a;
    enum act act;
    int64_t initiative, run_id;
    int64_t participant; /* 0: any */
    int64_t account;
    int32_t role;
    int64_t seen; /* the last step that who decides has read; -1: whatever */
    const char *reason, *words;
    const char *public_name, *country;
    struct es_run run; /* as it is after the change */
    int32_t was;       /* before; and by what step and when that changed */
    enum es_step_what what;
    int64_t at_ms;
    int64_t pictured; /* bytes of evidence that go with it */
    int64_t delta_mm, delta_ms, delta_runs;
    struct es_marks marks; /* of a run that was taken back */
    struct es_moves moves; /* of the person's other runs */
};

/* With what they saw still true, staff may also correct a verdict. */
static bool act_fits(const struct change *c, const struct es_steps_state *s)
{
    bool knows = c->seen >= 0;
    switch (c->act) {
    case WITHDRAW:
        return true;
    case APPEAL:
        return c->run.status == ES_RUN_REFUSED && !s->final;
    case ANSWER:
        return c->run.status == ES_RUN_IN_REVIEW && s->asked;
    case ACCEPT:
        return c->run.status == ES_RUN_IN_REVIEW ||
               (knows && c->run.status == ES_RUN_REFUSED);
    case REFUSE:
        return c->run.status == ES_RUN_IN_REVIEW ||
               (knows && c->run.status == ES_RUN_ACCEPTED);
    case ASK:
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

/* The finding that says what was done, in place of such a one of before. */
static enum es_code add_finding(struct change *c, struct es_err *e)
{
    struct es_finding all[ES_FINDINGS_MAX];
    struct es_finding *old;
    size_t n_old;
    size_t n = 0;
    struct es_rd rd;
    const char *says = *c->words ? c->words : c->reason;

    if (!ACTS[c->act].finding)
        return ES_OK;
    es_rd_init(&rd, c->run.findings);
    enum es_code rc = es_findings_get(&rd, c->a, &old, &n_old, e);
    if (rc != ES_OK)
        return rc;
    all[n++] =
        es_finding_make(ACTS[c->act].finding, ACTS[c->act].effect, NAN, NAN,
                        "%.*s", message_bytes(es_bytes_str(says)), says);
    for (size_t i = 0; i < n_old && n < ES_FINDINGS_MAX; i++)
        if (!es_finding_is_step(old[i].code))
            all[n++] = old[i];
    c->run.findings = es_findings_pack(all, n, c->a);
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
        .at_ms = c->at_ms,
        .actor = ACTS[c->act].actor,
        .reason = ACTS[c->act].reason,
    };
    return c->delta_runs ? es_txn_ledger_add(tx, &l, e) : ES_OK;
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

/* What is taken back is shown no longer, and found no longer. */
static enum es_code forget(struct es_txn *tx, struct change *c,
                           struct es_err *e)
{
    enum es_code rc = es_txn_route_drop(tx, c->run.initiative,
                                        c->run.participant, c->run.id, e);
    return rc == ES_OK || rc == ES_ENOENT
               ? es_likeness_forget(tx, &c->run, c->a, &c->marks, e)
               : rc;
}

/* What its picture takes, which goes with it. */
static enum es_code evidence_of(struct change *c, struct es_err *e)
{
    struct es_evidence v;
    enum es_code rc =
        es_store_evidence(c->app->store, c->initiative, c->run_id, &v, e);
    if (rc == ES_OK)
        c->pictured = v.blob.length;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code check(struct es_txn *tx, const struct change *c,
                          struct es_steps_state *s, struct es_err *e)
{
    struct es_step *steps;
    size_t n;
    if (c->participant && c->run.participant != c->participant)
        return es_fail(e, ES_ENOENT, 0, "another person's run");
    enum es_code rc =
        es_txn_steps_of(tx, c->initiative, c->run_id, c->a, &steps, &n, e);
    if (rc != ES_OK)
        return rc;
    *s = es_steps_state(steps, n);
    if (c->run.status == ES_RUN_WITHDRAWN && c->act != WITHDRAW)
        return es_fail(e, ES_ECONFLICT, 0, "the run was withdrawn");
    if (c->seen >= 0 && c->seen != s->last)
        return es_fail(e, ES_ECONFLICT, 0, "somebody was there meanwhile");
    if (!act_fits(c, s))
        return es_fail(e, ES_ECONFLICT, 0, "the run stands otherwise now");
    if (s->appeal && c->account && c->account == s->refused_by)
        return es_fail(e, ES_EDENIED, 0, "another person decides an appeal");
    return ES_OK;
}

static enum es_code change_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct change *c = arg;
    struct es_steps_state s = { 0 };
    (void)blob;
    c->delta_mm = c->delta_ms = c->delta_runs = c->pictured = 0;
    c->at_ms = 0;
    enum es_code rc =
        es_txn_run(tx, c->initiative, c->run_id, c->a, &c->run, e);
    if (rc == ES_OK && es_txn_not_final(tx, c->initiative, e) != ES_OK)
        rc = es_fail(e, ES_ECONFLICT, 0, "the results are final");
    if (rc == ES_OK)
        rc = check(tx, c, &s, e);
    if (rc != ES_OK || c->run.status == ES_RUN_WITHDRAWN)
        return rc;
    int sign = (ACTS[c->act].to == ES_RUN_ACCEPTED) -
               (c->run.status == ES_RUN_ACCEPTED);
    c->was = c->run.status;
    c->what = s.appeal ? ACTS[c->act].appealed : ACTS[c->act].what;
    c->at_ms = es_time_now_ms();
    c->run.status = ACTS[c->act].to;
    c->moves = (struct es_moves){ 0 };
    c->delta_ms = sign * c->run.time_ms;
    c->delta_runs = sign;
    struct es_doing by = {
        .what = c->what,
        .at_ms = c->at_ms,
        .account = c->account,
        .role = c->role,
        .reason = c->reason,
        .words = c->words,
    };
    rc = add_finding(c, e);
    if (rc == ES_OK && c->act == WITHDRAW)
        rc = evidence_of(c, e);
    if (rc == ES_OK)
        rc = es_txn_run_update(tx, &c->run, e);
    if (rc == ES_OK && sign != 0)
        rc = share_anew(tx, c, e);
    c->delta_mm = sign * c->run.counted_mm;
    if (rc == ES_OK && c->act == WITHDRAW)
        rc = forget(tx, c, e);
    if (rc == ES_OK)
        rc = es_step_write(tx, &c->run, &by, c->a, e);
    return rc == ES_OK ? ledger(tx, c, e) : rc;
}

static void change_done(void *arg)
{
    struct change *c = arg;
    if (c->act == WITHDRAW)
        es_copies_drop(c->app->copies, c->run.id, &c->marks);
    es_desk_moved(c->app->desk, c->initiative);
    es_desk_leave(c->app->desk, c->run_id);
    es_moves_tell(c->app, &c->moves);
    if (c->at_ms)
        es_runs_turned(c->app, &c->run, c->was, c->what, c->at_ms);
    if (c->pictured)
        es_runs_held(c->app, c->initiative, 0, -c->pictured);
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
    c->reason = c->reason ? c->reason : "";
    c->words = c->words ? c->words : "";
    enum es_code rc = es_store_write(c->app->store, &w, e);
    return rc == ES_OK ? es_receipt_of(c->app, &c->run, c->a, out, e) : rc;
}

/* Somebody's words, cleaned, in the arena; what is wrong with them is an error
 * of the field, and nothing is cut. */
static enum es_code words_of(const char *s, bool needed, struct es_arena *a,
                             const char **out, struct es_field_errors *fe,
                             struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(s ? s : ""), true);
    bool seen = es_text_visible(es_buf_bytes(&b));
    if (b.bad || es_utf8_count(es_buf_bytes(&b)) > ES_SAID_MAX)
        es_field_errors_add(fe, "words", "too_long", ES_SAID_MAX);
    else if (needed && !seen)
        es_field_errors_add(fe, "words", "required", NAN);
    *out = seen ? es_arena_str(a, es_buf_cstr(&b)) : "";
    es_buf_release(&b);
    if (!*out)
        return es_fail(e, ES_ENOMEM, 0, "words");
    return fe->n ? es_fail(e, ES_EINVAL, 0, "fields") : ES_OK;
}

/* ---- the participant ---- */

static enum es_code change_own(struct es_app *app,
                               const struct es_participant *who, int64_t run,
                               enum act act, const char *words,
                               struct es_arena *a, struct es_receipt *out,
                               struct es_err *e)
{
    struct change c = {
        .app = app,
        .a = a,
        .act = act,
        .initiative = who->initiative,
        .run_id = run,
        .participant = who->id,
        .seen = -1,
        .words = words,
        .country = who->country,
    };
    return change_run(&c, out, e);
}

enum es_code es_runs_withdraw(struct es_app *app,
                              const struct es_participant *who, int64_t run,
                              struct es_arena *a, struct es_receipt *out,
                              struct es_err *e)
{
    return change_own(app, who, run, WITHDRAW, "", a, out, e);
}

enum es_code es_runs_appeal(struct es_app *app,
                            const struct es_participant *who, int64_t run,
                            const char *words, struct es_arena *a,
                            struct es_receipt *out, struct es_field_errors *fe,
                            struct es_err *e)
{
    const char *said;
    enum es_code rc = words_of(words, false, a, &said, fe, e);
    return rc == ES_OK ? change_own(app, who, run, APPEAL, said, a, out, e)
                       : rc;
}

enum es_code es_runs_answer(struct es_app *app,
                            const struct es_participant *who, int64_t run,
                            const char *words, struct es_arena *a,
                            struct es_receipt *out, struct es_field_errors *fe,
                            struct es_err *e)
{
    const char *said;
    enum es_code rc = words_of(words, true, a, &said, fe, e);
    return rc == ES_OK ? change_own(app, who, run, ANSWER, said, a, out, e)
                       : rc;
}

/* ---- staff ---- */

static bool known(const char *reason)
{
    for (size_t i = 0; es_refusal_at(i); i++)
        if (strcmp(es_refusal_at(i), reason) == 0)
            return true;
    return false;
}

enum es_code es_runs_review(struct es_app *app, const struct es_reviewing *in,
                            struct es_arena *a, struct es_receipt *out,
                            struct es_field_errors *fe, struct es_err *e)
{
    static const enum act AS[] = { [ES_REVIEW_ACCEPT] = ACCEPT,
                                   [ES_REVIEW_REFUSE] = REFUSE,
                                   [ES_REVIEW_ASK] = ASK };
    struct es_run run;
    struct es_participant who;
    const char *words;
    bool refuse = in->act == ES_REVIEW_REFUSE;
    bool own = refuse && strcmp(in->reason, "other") == 0;
    if (refuse && !known(in->reason))
        es_field_errors_add(fe, "reason", "required", NAN);
    enum es_code rc =
        words_of(in->words, own || in->act == ES_REVIEW_ASK, a, &words, fe, e);
    if (rc == ES_OK)
        rc = es_store_run(app->store, in->initiative, in->run, a, &run, e);
    if (rc == ES_OK)
        rc = es_store_participant(app->store, in->initiative, run.participant,
                                  a, &who, e);
    if (rc != ES_OK)
        return rc;
    struct change c = {
        .app = app,
        .a = a,
        .act = AS[in->act],
        .initiative = in->initiative,
        .run_id = in->run,
        .account = in->account,
        .role = in->role,
        .seen = in->seen,
        .reason = refuse ? in->reason : "",
        .words = words,
        .public_name = es_public_name(&who, a),
        .country = who.country,
    };
    return change_run(&c, out, e);
}
