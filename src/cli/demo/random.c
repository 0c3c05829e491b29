/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/random.h"

#include <math.h>

/* splitmix64: Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195. */
uint64_t es_demo_random_u64(struct es_demo_random *r)
{
    uint64_t x = r->state += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

struct es_demo_random es_demo_random_of(uint64_t a, uint64_t b)
{
    struct es_demo_random r = { a };
    r.state = es_demo_random_u64(&r) + b;
    r.state = es_demo_random_u64(&r);
    return r;
}

double es_demo_uniform(struct es_demo_random *r, double from, double to)
{
    double u = (double)(es_demo_random_u64(r) >> 11) / 9007199254740992.0;
    return from + u * (to - from);
}

/* Box and Muller 1958, doi:10.1214/aoms/1177706645; 1 - u: no log of 0. */
double es_demo_normal(struct es_demo_random *r)
{
    double u = 1 - es_demo_uniform(r, 0, 1);
    double angle = es_demo_uniform(r, 0, 6.283185307179586);
    return sqrt(-2 * log(u)) * cos(angle);
}
