/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who runs at this moment and chose to be counted: how many, and how far so
 * far, never where or who. Kept in memory alone. Nobody has to say that they
 * have stopped: who isn't heard of any more, or gets no farther, is counted no
 * more. Thread-safe. */
#ifndef ES_INITIATIVE_RUNNING_H
#define ES_INITIATIVE_RUNNING_H

#include "store/store.h"

struct es_running;

/* Errors: ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_running_new(struct es_running **out,
                                          struct es_err *e);
void es_running_free(struct es_running *r); /* NULL is legal */

/* Whether a person may be counted at all: nobody who is hidden, who waits for
 * a place, or for whom a guardian hasn't agreed yet. */
bool es_running_may(const struct es_participant *p);

/* A recorder tells at now_ms (monotonic) that this person has run so far. What
 * nobody can have run since the last time doesn't count. Beyond
 * ES_RUNNING_MAX people, or without memory, who comes isn't counted. */
void es_running_tell(struct es_running *r, const struct es_participant *p,
                     int64_t dist_mm, int64_t now_ms);
/* They don't run any more, or no longer want to be counted. Returns whether
 * they were. */
bool es_running_end(struct es_running *r, const struct es_participant *p);

struct es_running_now {
    int64_t people, dist_mm;
};
struct es_running_now es_running_count(struct es_running *r, int64_t initiative,
                                       int64_t now_ms);

#endif
