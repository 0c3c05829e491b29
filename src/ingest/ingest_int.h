/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_INGEST_INGEST_INT_H
#define ES_INGEST_INGEST_INT_H

#include <pthread.h>

#include "base/buf.h"
#include "ingest/ingest.h"
#include "ipc/zygote.h"

/* One place for a worker. Whoever holds it (busy) may use and change it; pid
 * and sock change under the lock. sock < 0: nobody stands here. */
struct es_slot {
    int sock;
    pid_t pid;
    unsigned jobs;
    bool busy;
};

/* Somebody who waits for a place, asleep on their own stack. */
struct es_in_line {
    struct es_slot *got; /* handed over; still busy, now theirs */
    pthread_cond_t wake;
    struct es_in_line *next;
};

struct es_ingest {
    int64_t wall_ms;
    char exe[4096];
    pthread_mutex_t lock; /* slots, stats and the line */
    struct es_in_line *line, **line_end;
    struct es_ingest_stats stats;
    pthread_mutex_t zlock; /* all below */
    struct es_zygote zygote;
    pid_t own_pid;      /* our own zygote, or 0 */
    int64_t down_until; /* it did not answer: don't ask before (mono ms) */
    unsigned n;
    struct es_slot slots[];
};

/* The first zygote; closes what it opened on failure. */
ES_MUST_CHECK enum es_code es_workers_start(struct es_ingest *in, int zygote_fd,
                                            struct es_err *e);
void es_workers_stop(struct es_ingest *in);

/* A place of one's own, or ES_EBUSY after ES_INGEST_WAIT_S. Who has waited
 * longest is next: under load nobody starves. */
ES_MUST_CHECK enum es_code
es_workers_take(struct es_ingest *in, struct es_slot **out, struct es_err *e);
void es_workers_give(struct es_ingest *in, struct es_slot *s);

/* Makes sure that a living worker stands there; a dead one is replaced.
 * ES_EBUSY: none can be had. */
ES_MUST_CHECK enum es_code es_workers_fill(struct es_ingest *in,
                                           struct es_slot *s, struct es_err *e);

/* Ends the worker and gives its status (waitpid), or -1 if nobody knows. */
int es_workers_retire(struct es_ingest *in, struct es_slot *s);

/* From a worker's answer to a result, or ES_EMALFORMED, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ingest_check(struct es_bytes answer,
                                           struct es_arena *a,
                                           struct es_ingest_result *out,
                                           struct es_err *e);

#endif
