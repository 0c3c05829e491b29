/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/shares.h"

#include "base/log.h"
#include "initiative/boards.h"
#include "store/rule_changes.h"
#include "track/wire.h"

#include <string.h>

static bool moves(const struct es_move *m)
{
    return m->mm != 0 || m->ms != 0 || m->runs != 0;
}

enum es_code es_moves_add(struct es_moves *m, struct es_arena *a,
                          const struct es_move *one, struct es_err *e)
{
    if (!moves(one) && one->was == one->run.status)
        return ES_OK;
    if (m->n == m->cap) {
        size_t cap = m->cap ? 2 * m->cap : 8;
        struct es_move *v = es_arena_array(a, cap, sizeof *v);
        if (!v)
            return es_fail(e, ES_ENOMEM, 0, "moves");
        if (m->n)
            memcpy(v, m->v, m->n * sizeof *v);
        m->v = v;
        m->cap = cap;
    }
    m->v[m->n++] = *one;
    return ES_OK;
}

void es_moves_tell(struct es_app *app, const struct es_moves *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct es_move *v = &m->v[i];
        if (moves(v))
            es_runs_count(app, &v->run, v->mm, v->ms, v->runs);
        if (v->was != v->run.status)
            es_runs_turned(app, &v->run, v->was, ES_STEP_JUDGED, v->at_ms);
    }
}

/* Another finding of es_share_finding in the place of the one of before. */
static enum es_code say_share(struct es_run *r, const struct es_rules *rules,
                              const struct es_share *s, struct es_arena *a,
                              struct es_err *e)
{
    struct es_finding all[ES_FINDINGS_MAX];
    struct es_finding *old, now;
    size_t n_old, n = 0;
    struct es_rd rd;

    es_rd_init(&rd, r->findings);
    enum es_code rc = es_findings_get(&rd, a, &old, &n_old, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n_old; i++)
        if (strcmp(old[i].code, "over_day_cap") != 0 &&
            strcmp(old[i].code, "another_counts") != 0)
            all[n++] = old[i];
    if (es_share_finding(rules, s, &now) && n < ES_FINDINGS_MAX)
        all[n++] = now;
    r->findings = es_findings_pack(all, n, a);
    return r->findings.p ? ES_OK : es_fail(e, ES_ENOMEM, 0, "findings");
}

static enum es_code enter(struct es_txn *tx, const struct es_run *r, int64_t mm,
                          struct es_cause why, struct es_err *e)
{
    struct es_ledger_entry l = {
        .initiative = r->initiative,
        .id = es_id_new(),
        .run = r->id,
        .participant = r->participant,
        .delta_mm = mm,
        .at_ms = es_time_now_ms(),
        .actor = why.actor,
        .reason = why.reason,
    };
    return es_txn_ledger_add(tx, &l, e);
}

/* Another run of the same person, which counts otherwise now. */
static enum es_code move_other(struct es_txn *tx, const struct es_rules *rules,
                               int64_t initiative, const struct es_share *s,
                               struct es_cause why, struct es_arena *a,
                               struct es_moves *out, struct es_err *e)
{
    struct es_run other;
    enum es_code rc = es_txn_run(tx, initiative, s->run, a, &other, e);
    if (rc != ES_OK)
        return rc;
    int64_t mm = s->counted_mm - other.counted_mm;
    other.counted_mm = s->counted_mm;
    rc = say_share(&other, rules, s, a, e);
    if (rc == ES_OK)
        rc = es_txn_run_judged(tx, &other, e);
    if (rc == ES_OK)
        rc = enter(tx, &other, mm, why, e);
    struct es_move m = { .run = other, .mm = mm, .was = other.status };
    return rc == ES_OK ? es_moves_add(out, a, &m, e) : rc;
}

static enum es_code move_own(struct es_txn *tx, const struct es_rules *rules,
                             struct es_run *r, const struct es_share *s,
                             struct es_arena *a, struct es_err *e)
{
    r->counted_mm = s->counted_mm;
    enum es_code rc = say_share(r, rules, s, a, e);
    return rc == ES_OK ? es_txn_run_judged(tx, r, e) : rc;
}

static enum es_code share_out(struct es_txn *tx, const struct es_rules *rules,
                              struct es_run *r, struct es_cause why,
                              struct es_arena *a, struct es_moves *out,
                              struct es_err *e)
{
    struct es_share_row *rows;
    size_t n;
    enum es_code rc =
        es_txn_shares(tx, r->initiative, r->participant, a, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_share *v = es_arena_array(a, n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "shares");
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_share){ rows[i].run, rows[i].started_ms,
                                  rows[i].day, rows[i].alone_mm,
                                  0,           rows[i].counted_mm };
    es_share_out(rules, v, n);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        if (v[i].counted_mm == v[i].was_mm)
            continue;
        rc = v[i].run == r->id
                 ? move_own(tx, rules, r, &v[i], a, e)
                 : move_other(tx, rules, r->initiative, &v[i], why, a, out, e);
    }
    return rc;
}

enum es_code es_shares_settle(struct es_txn *tx, const struct es_rules *rules,
                              struct es_run *r, int64_t alone_mm, int64_t day,
                              struct es_cause why, struct es_arena *a,
                              struct es_moves *out, struct es_err *e)
{
    int64_t at = r->started_ms == ES_NO_TIME ? r->received_ms : r->started_ms;
    struct es_share_row row = { r->id, at, day, alone_mm, 0 };
    if (!es_rules_share(rules))
        return ES_OK;
    enum es_code rc =
        es_txn_share_put(tx, r->initiative, r->participant, &row, e);
    return rc == ES_OK ? share_out(tx, rules, r, why, a, out, e) : rc;
}

enum es_code es_shares_resettle(struct es_txn *tx, const struct es_rules *rules,
                                struct es_run *r, struct es_cause why,
                                struct es_arena *a, struct es_moves *out,
                                struct es_err *e)
{
    return es_rules_share(rules) ? share_out(tx, rules, r, why, a, out, e)
                                 : ES_OK;
}
