/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What becomes of a run: the one place where its steps are written, its place
 * in the queue follows them, and who listens is told (the outbox). */
#ifndef ES_INITIATIVE_STEPS_H
#define ES_INITIATIVE_STEPS_H

#include "store/steps.h"

/* Who does what. Pointers are borrowed. */
struct es_doing {
    enum es_step_what what;
    int64_t account; /* of staff; 0: the machine or the participant */
    int32_t role;    /* es_role they act in; 0 */
    const char *reason, *words; /* "" for none */
    int64_t at_ms; /* 0: now; of a run that comes in, when it was received */
};

/* What the steps of a run say of it now. */
struct es_steps_state {
    int64_t last;       /* the newest step, but those of looking; 0: none */
    int64_t refused_by; /* the account whose refusal stands; 0: none's */
    bool appeal;        /* against that refusal, undecided */
    bool asked;         /* the participant has a question to answer */
    bool final;         /* the refusal was upheld: it ends there */
};
struct es_steps_state es_steps_state(const struct es_step *v, size_t n);

/* Inside the write that has brought `run` to where it is: adds the step, puts
 * the run into the queue or takes it out, and the outbox gets a "step" with
 * "{id} {run} {what}" in decimal, but of runs that came in and are accepted at
 * once, that were taken back, and of looking. May run again. */
ES_MUST_CHECK enum es_code es_step_write(struct es_txn *tx,
                                         const struct es_run *run,
                                         const struct es_doing *by,
                                         struct es_arena *a, struct es_err *e);

/* Puts a run that stands in the queue there anew, by what its findings say. */
ES_MUST_CHECK enum es_code es_queue_again(struct es_txn *tx,
                                          const struct es_run *run,
                                          const struct es_queued *q,
                                          struct es_arena *a, struct es_err *e);

/* The same where it stands, if it does: other things were found. */
ES_MUST_CHECK enum es_code es_queue_follow(struct es_txn *tx,
                                           const struct es_run *run,
                                           struct es_arena *a,
                                           struct es_err *e);

/* Whether a finding is no finding of the rules but stands for what somebody
 * did: those are steps now. */
bool es_finding_is_step(const char *code);

#endif
