/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_IPC_CREW_INT_H
#define ES_IPC_CREW_INT_H

#include <pthread.h>

#include "ipc/crew.h"
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

struct es_crew {
    const char *name;
    int64_t wait_ms, wall_ms;
    bool lazy;      /* can be long without: asks a zygote that is down seldom */
    char exe[4096]; /* "": the zygote is another's to start */
    pthread_mutex_t lock; /* slots, stats and the line */
    struct es_in_line *line, **line_end;
    struct es_crew_stats stats;
    pthread_mutex_t zlock; /* all below */
    struct es_zygote zygote;
    bool greeted;       /* it has no worker of who held its socket before */
    pid_t own_pid;      /* our own zygote, or 0 */
    int64_t down_until; /* it did not answer: don't ask before (mono ms) */
    unsigned n;
    struct es_slot slots[];
};

/* The first zygote; closes what it opened on failure. */
ES_MUST_CHECK enum es_code es_places_start(struct es_crew *c, int zygote_fd,
                                           struct es_err *e);
void es_places_stop(struct es_crew *c);

/* A place of one's own, or ES_EBUSY after wait_ms. Who has waited longest is
 * next: under load nobody starves. */
ES_MUST_CHECK enum es_code
es_places_take(struct es_crew *c, struct es_slot **out, struct es_err *e);
void es_places_give(struct es_crew *c, struct es_slot *s);

/* Makes sure that a living worker stands there; a dead one is replaced.
 * ES_EBUSY: none can be had. */
ES_MUST_CHECK enum es_code es_places_fill(struct es_crew *c, struct es_slot *s,
                                          struct es_err *e);

/* Ends the worker and gives its status (waitpid), or -1 if nobody knows. */
int es_places_retire(struct es_crew *c, struct es_slot *s);

#endif
