/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A generated initiative: people with names, teams and countries, and runs
 * with measures of the size that files of an hour have. The same numbers make
 * the same crowd. */
#ifndef ES_BENCH_CROWD_H
#define ES_BENCH_CROWD_H

#include "store/store.h"

struct crowd {
    int64_t initiative; /* its id; its slug is "crowd" */
    size_t people, runs, teams;
    int64_t opens_ms, closes_ms; /* 60 days apart; runs started in between */
    bool stepped; /* runs have steps, files and places in the queue, people
                     joined over time: slower to fill */
    bool mails;   /* each has an address and wants all messages */
};

/* Fills an empty store; prints how far it is to standard error. Ends the
 * program when it can't. */
void crowd_fill(struct es_store *s, const struct crowd *c);

/* The id of the n-th person, and when the n-th run was. */
int64_t crowd_person(const struct crowd *c, size_t n);
int64_t crowd_start_ms(const struct crowd *c, size_t run);

#endif
