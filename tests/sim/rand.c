/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/sim_int.h"

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static uint64_t next(struct sim_rand *r)
{
    uint64_t *s = r->s, out = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

void sim_rand_init(struct sim_rand *r, uint64_t seed)
{
    /* SplitMix64, as its authors advise: seeds that differ in one bit give
     * states that have nothing in common. */
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        r->s[i] = z ^ (z >> 31);
    }
}

double sim_uniform(struct sim_rand *r, double lo, double hi)
{
    return lo + (hi - lo) * (double)(next(r) >> 11) * 0x1p-53;
}

double sim_gauss(struct sim_rand *r)
{
    /* Marsaglia and Bray 1964; the second of the pair is thrown away, so that
     * the state is the four words alone. */
    for (;;) {
        double x = sim_uniform(r, -1, 1), y = sim_uniform(r, -1, 1);
        double q = x * x + y * y;
        if (q > 0 && q < 1)
            return x * sqrt(-2 * log(q) / q);
    }
}

bool sim_chance(struct sim_rand *r, double p)
{
    return sim_uniform(r, 0, 1) < p;
}

size_t sim_pick(struct sim_rand *r, size_t n)
{
    return (size_t)sim_uniform(r, 0, (double)n);
}

void sim_ou_init(struct sim_ou *o, double sd, double tau_s, struct sim_rand *r)
{
    o->keep = exp(-SIM_TICK_S / tau_s);
    o->kick = sd * sqrt(1 - o->keep * o->keep);
    o->x = sd * sim_gauss(r);
}

double sim_ou_step(struct sim_ou *o, struct sim_rand *r)
{
    o->x = o->x * o->keep + o->kick * sim_gauss(r);
    return o->x;
}
