/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chance that is the same each time: the demo's files must come out the same,
 * byte for byte, when its seeding goes on after a crash. */
#ifndef ES_CLI_DEMO_RANDOM_H
#define ES_CLI_DEMO_RANDOM_H

#include <stdint.h>

struct es_demo_random {
    uint64_t state;
};

/* Of its own for each pair of numbers. */
struct es_demo_random es_demo_random_of(uint64_t a, uint64_t b);
uint64_t es_demo_random_u64(struct es_demo_random *r);
double es_demo_uniform(struct es_demo_random *r, double from, double to);
double es_demo_normal(struct es_demo_random *r); /* mean 0, sigma 1 */

#endif
