/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What became of each run, step by step, and which runs wait for a person.
 * store.h says what holds for all calls. */
#ifndef ES_STORE_STEPS_H
#define ES_STORE_STEPS_H

#include "store/store.h"

/* ---- steps: added, never changed ---- */

/* Stored numbers: never renumber. */
enum es_step_what {
    ES_STEP_RECEIVED = 1, /* and judged by the rules */
    ES_STEP_JUDGED = 2,   /* once more, by other rules */
    ES_STEP_ACCEPTED = 3, /* these by somebody of staff */
    ES_STEP_REFUSED = 4,
    ES_STEP_ASKED = 5,
    ES_STEP_ANSWERED = 6, /* these by the participant */
    ES_STEP_APPEALED = 7,
    ES_STEP_GRANTED = 8, /* what was appealed against falls */
    ES_STEP_UPHELD = 9,  /* it stands */
    ES_STEP_WITHDRAWN = 10,
    ES_STEP_SEEN = 11 /* somebody of staff was shown where it went */
};
enum { ES_STEPS = 12 };

struct es_step {
    int64_t initiative, id; /* id: 1, 2, 3, ... of the initiative */
    int64_t run, participant;
    int32_t what;          /* es_step_what */
    int32_t status;        /* es_run_status, from then on */
    int64_t account;       /* of staff; 0: the machine or the participant */
    int32_t role;          /* es_role they acted in; 0 */
    int32_t rules_version; /* that the run is judged by */
    const char *reason;    /* a stable word, or "" */
    const char *words;     /* of who took it; "" also when they were erased */
    int64_t at_ms;
    /* BLAKE2b-256 of the salt and the words; n 0: it came without. */
    struct es_bytes said, salt;
    /* BLAKE2b-256 of the chain before (nothing at first) and then, in decimal
     * and each ended by a line feed: initiative, id, run, participant, what,
     * status, account, role, rules_version, at_ms, reason, and said in hex. */
    uint8_t chain[32];
};

/* Takes s->id, said, salt and chain itself. */
ES_MUST_CHECK enum es_code es_txn_step_add(struct es_txn *tx, struct es_step *s,
                                           struct es_err *e);
/* A run's, the oldest first. */
ES_MUST_CHECK enum es_code es_txn_steps_of(struct es_txn *tx,
                                           int64_t initiative, int64_t run,
                                           struct es_arena *a,
                                           struct es_step **out, size_t *n,
                                           struct es_err *e);
ES_MUST_CHECK enum es_code es_store_steps_of(struct es_store *s,
                                             int64_t initiative, int64_t run,
                                             struct es_arena *a,
                                             struct es_step **out, size_t *n,
                                             struct es_err *e);
/* An initiative's, the newest first, with ids below `before` (0: from the
 * newest); 0 is any what, participant and account. */
struct es_steps_ask {
    int64_t initiative, before;
    int32_t what;
    int64_t participant, account;
    size_t max;
};
ES_MUST_CHECK enum es_code es_store_steps(struct es_store *s,
                                          const struct es_steps_ask *ask,
                                          struct es_arena *a,
                                          struct es_step **out, size_t *n,
                                          struct es_err *e);
/* Those with ids above `after`, the oldest first: for a file of all. */
ES_MUST_CHECK enum es_code
es_store_steps_after(struct es_store *s, int64_t initiative, int64_t after,
                     size_t max, struct es_arena *a, struct es_step **out,
                     size_t *n, struct es_err *e);

/* Whether all are there, as they were written, and whether they say of each run
 * what it is: found out by reading all of them. */
struct es_steps_checked {
    int64_t steps;      /* that are there */
    int64_t counted_to; /* the id that was given last */
    int64_t broken_at;  /* the first that is missing or was changed; 0: none */
    int64_t differs;    /* a run whose last step says otherwise; 0: none */
};
ES_MUST_CHECK enum es_code es_store_steps_check(struct es_store *s,
                                                int64_t initiative,
                                                struct es_steps_checked *out,
                                                struct es_err *e);

/* ---- the queue ---- */

/* Stored numbers: never renumber. */
enum es_queue_why {
    ES_QUEUE_RULES = 1,   /* its findings, or who runs it asked for a person */
    ES_QUEUE_APPEAL = 2,  /* against what a person decided */
    ES_QUEUE_ANSWER = 3,  /* the participant has answered */
    ES_QUEUE_WAITING = 4, /* for the participant's answer */
    ES_QUEUE_WHYS = 5
};
struct es_queued {
    int64_t initiative, run, participant;
    int32_t why; /* es_queue_why */
    int64_t since_ms;
};
/* Puts a run there, or elsewhere in it; `codes`: which findings bring it. */
ES_MUST_CHECK enum es_code es_txn_queue_put(struct es_txn *tx,
                                            const struct es_queued *q,
                                            const char *const *codes, size_t n,
                                            struct es_err *e);
/* Not there is fine. */
ES_MUST_CHECK enum es_code es_txn_queue_drop(struct es_txn *tx,
                                             int64_t initiative, int64_t run,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_queued(struct es_txn *tx, int64_t initiative,
                                         int64_t run, struct es_arena *a,
                                         struct es_queued *out,
                                         struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_queued(struct es_store *s, int64_t initiative, int64_t run,
                struct es_arena *a, struct es_queued *out, struct es_err *e);
/* The oldest first, those behind (after_ms, after_run). At most one of the
 * filters: one why, one person, one finding (`alone`: and no other); without,
 * all that wait for a reviewer. */
struct es_queue_ask {
    int64_t initiative;
    int64_t after_ms, after_run; /* 0, 0: from the oldest */
    int32_t why;                 /* 0: any */
    int64_t participant;         /* 0: anybody's */
    const char *code;            /* NULL: whatever */
    bool alone;
    bool back; /* those before that place, the nearest first */
    size_t max;
};
ES_MUST_CHECK enum es_code es_store_queue(struct es_store *s,
                                          const struct es_queue_ask *ask,
                                          struct es_arena *a,
                                          struct es_queued **out, size_t *n,
                                          struct es_err *e);
/* How many there are of each why (code ""), and of each finding (why 0).
 * Reads the whole queue: kept in memory by who asks (initiative/review.h). */
struct es_queue_count {
    int32_t why;
    const char *code;
    int64_t n, alone;
};
ES_MUST_CHECK enum es_code es_store_queue_counts(struct es_store *s,
                                                 int64_t initiative,
                                                 struct es_arena *a,
                                                 struct es_queue_count **out,
                                                 size_t *n, struct es_err *e);
/* Of all initiatives, those that were put there without a finding; at most
 * `max`. */
ES_MUST_CHECK enum es_code
es_store_queue_unsorted(struct es_store *s, size_t max, struct es_arena *a,
                        struct es_queued **out, size_t *n, struct es_err *e);

#endif
