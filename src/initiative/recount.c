/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/recount.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"

struct counting {
    struct es_store *s;
    bool correct;
    es_difference_fn *fn;
    void *arg;
    struct es_recounted *out;
};

/* A person whose ledger is made equal to the runs. */
struct correction {
    int64_t initiative, participant;
    int64_t id, at_ms;
};

static bool agrees(const struct es_participant_sum *row)
{
    return row->dist_mm == row->ledger_mm && row->time_ms == row->ledger_ms &&
           row->runs == row->ledger_runs;
}

/* Adds up again inside the transaction: a run may have come meanwhile. */
static enum es_code correct_ledger(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    const struct correction *c = arg;
    struct es_participant_sum now;
    struct es_arena a;
    char id[24];

    (void)blob;
    es_arena_init(&a, ES_JSON_MAX);
    enum es_code rc =
        es_txn_sum_of(tx, c->initiative, c->participant, &a, &now, e);
    if (rc != ES_OK || agrees(&now))
        goto out;
    struct es_ledger_entry entry = {
        .initiative = c->initiative,
        .id = c->id,
        .participant = c->participant,
        .delta_mm = now.dist_mm - now.ledger_mm,
        .delta_ms = now.time_ms - now.ledger_ms,
        .delta_runs = (int32_t)(now.runs - now.ledger_runs),
        .at_ms = c->at_ms,
        .actor = "recount",
        .reason = "correction",
    };
    rc = es_txn_ledger_add(tx, &entry, e);
    if (rc != ES_OK)
        goto out;
    (void)snprintf(id, sizeof id, "%lld", (long long)c->participant);
    rc = es_txn_outbox_add(tx, c->initiative, "participant", es_bytes_str(id),
                           e);
out:
    es_arena_release(&a);
    return rc;
}

static enum es_code count_one(const struct es_participant_sum *row, void *arg,
                              struct es_err *e)
{
    struct counting *c = arg;
    c->out->participants++;
    c->out->runs += row->runs;
    c->out->dist_mm += row->dist_mm;
    c->out->time_ms += row->time_ms;
    if (agrees(row))
        return ES_OK;
    c->out->differences++;
    c->fn(row, c->arg);
    if (!c->correct)
        return ES_OK;
    struct correction fix = { row->p.initiative, row->p.id, es_id_new(),
                              es_time_now_ms() };
    enum es_code rc = es_store_write(
        c->s, &(struct es_write){ .apply = correct_ledger, .arg = &fix }, e);
    if (rc == ES_OK)
        c->out->corrected++;
    return rc;
}

enum es_code es_recount(struct es_store *s, int64_t initiative, bool correct,
                        es_difference_fn *fn, void *arg,
                        struct es_recounted *out, struct es_err *e)
{
    struct counting c = { s, correct, fn, arg, out };
    *out = (struct es_recounted){ 0 };
    return es_store_each_sum(s, initiative, count_one, &c, e);
}
