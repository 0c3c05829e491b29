/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/steps.h"

#include "base/time.h"
#include "track/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool es_finding_is_step(const char *code)
{
    static const char *const CODES[] = { "appealed", "withdrawn",
                                         "accepted_by_organiser",
                                         "refused_by_organiser" };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (strcmp(code, CODES[i]) == 0)
            return true;
    return false;
}

struct es_steps_state es_steps_state(const struct es_step *v, size_t n)
{
    struct es_steps_state s = { 0 };
    for (size_t i = 0; i < n; i++) {
        int64_t refused_by = s.refused_by;
        if (v[i].what == ES_STEP_SEEN)
            continue;
        s.last = v[i].id;
        switch ((enum es_step_what)v[i].what) {
        case ES_STEP_RECEIVED:
        case ES_STEP_JUDGED:
        case ES_STEP_ACCEPTED:
        case ES_STEP_GRANTED:
        case ES_STEP_WITHDRAWN:
            s = (struct es_steps_state){ .last = v[i].id };
            break;
        case ES_STEP_REFUSED:
        case ES_STEP_UPHELD:
            s = (struct es_steps_state){ .last = v[i].id,
                                         .refused_by = v[i].account,
                                         .final = v[i].what == ES_STEP_UPHELD };
            break;
        case ES_STEP_APPEALED:
            s.appeal = refused_by != 0;
            break;
        case ES_STEP_ASKED:
            s.asked = true;
            break;
        case ES_STEP_ANSWERED:
            s.asked = false;
            break;
        case ES_STEP_SEEN:
            break;
        }
    }
    return s;
}

/* What of the findings brings the run before a person. A run that was refused
 * is there for what it was refused for. */
static enum es_code codes_of(const struct es_run *run, struct es_arena *a,
                             const char **codes, size_t *n, struct es_err *e)
{
    struct es_finding *f;
    struct es_rd rd;
    size_t n_f;
    es_rd_init(&rd, run->findings);
    enum es_code rc = es_findings_get(&rd, a, &f, &n_f, e);
    *n = 0;
    for (size_t i = 0; rc == ES_OK && i < n_f; i++) {
        bool known = false;
        for (size_t k = 0; k < *n; k++)
            known = known || strcmp(codes[k], f[i].code) == 0;
        if (f[i].effect >= ES_REVIEW && !known &&
            !es_finding_is_step(f[i].code) && *n < ES_FINDINGS_MAX)
            codes[(*n)++] = f[i].code;
    }
    if (rc == ES_OK && *n == 0)
        codes[(*n)++] = "other";
    return rc;
}

static enum es_queue_why why_of(const struct es_steps_state *s,
                                enum es_step_what what)
{
    if (s->asked)
        return ES_QUEUE_WAITING;
    if (s->appeal)
        return ES_QUEUE_APPEAL;
    return what == ES_STEP_ANSWERED ? ES_QUEUE_ANSWER : ES_QUEUE_RULES;
}

enum es_code es_queue_again(struct es_txn *tx, const struct es_run *run,
                            const struct es_queued *q, struct es_arena *a,
                            struct es_err *e)
{
    const char *codes[ES_FINDINGS_MAX];
    size_t n;
    enum es_code rc = codes_of(run, a, codes, &n, e);
    return rc == ES_OK ? es_txn_queue_put(tx, q, codes, n, e) : rc;
}

enum es_code es_queue_follow(struct es_txn *tx, const struct es_run *run,
                             struct es_arena *a, struct es_err *e)
{
    struct es_queued q;
    enum es_code rc = es_txn_queued(tx, run->initiative, run->id, a, &q, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    return rc == ES_OK ? es_queue_again(tx, run, &q, a, e) : rc;
}

static enum es_code queue(struct es_txn *tx, const struct es_run *run,
                          const struct es_step *s, struct es_arena *a,
                          struct es_err *e)
{
    struct es_steps_state state = { 0 };
    struct es_step *all;
    size_t n = 0;
    enum es_code rc = ES_OK;
    if (run->status != ES_RUN_IN_REVIEW)
        return s->what == ES_STEP_RECEIVED
                   ? ES_OK
                   : es_txn_queue_drop(tx, run->initiative, run->id, e);
    if (s->what != ES_STEP_RECEIVED) {
        rc = es_txn_steps_of(tx, run->initiative, run->id, a, &all, &n, e);
        if (rc == ES_OK)
            state = es_steps_state(all, n);
    }
    struct es_queued q = {
        .initiative = run->initiative,
        .run = run->id,
        .participant = run->participant,
        .why = why_of(&state, (enum es_step_what)s->what),
        .since_ms = s->at_ms,
    };
    return rc == ES_OK ? es_queue_again(tx, run, &q, a, e) : rc;
}

static enum es_code tell(struct es_txn *tx, const struct es_step *s,
                         struct es_err *e)
{
    char text[64];
    bool quiet = s->what == ES_STEP_SEEN || s->what == ES_STEP_WITHDRAWN ||
                 (s->what == ES_STEP_RECEIVED && s->status == ES_RUN_ACCEPTED);
    if (quiet)
        return ES_OK;
    (void)snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId32, s->id,
                   s->run, s->what);
    return es_txn_outbox_add(tx, s->initiative, "step", es_bytes_str(text), e);
}

enum es_code es_step_write(struct es_txn *tx, const struct es_run *run,
                           const struct es_doing *by, struct es_arena *a,
                           struct es_err *e)
{
    struct es_step s = {
        .initiative = run->initiative,
        .run = run->id,
        .participant = run->participant,
        .what = by->what,
        .status = run->status,
        .account = by->account,
        .role = by->role,
        .rules_version = run->rules_version,
        .reason = by->reason ? by->reason : "",
        .words = by->words ? by->words : "",
        .at_ms = by->what == ES_STEP_RECEIVED ? run->received_ms
                 : by->at_ms                  ? by->at_ms
                                              : es_time_now_ms(),
    };
    enum es_code rc = es_txn_step_add(tx, &s, e);
    if (rc == ES_OK && s.what != ES_STEP_SEEN)
        rc = queue(tx, run, &s, a, e);
    return rc == ES_OK ? tell(tx, &s, e) : rc;
}
