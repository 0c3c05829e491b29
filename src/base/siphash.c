/* SPDX-License-Identifier: Apache-2.0 */
#include "base/siphash.h"

struct state {
    uint64_t a, b, c, d;
};

static uint64_t turned(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static void rounds(struct state *v, int n)
{
    for (int i = 0; i < n; i++) {
        v->a += v->b;
        v->c += v->d;
        v->b = turned(v->b, 13) ^ v->a;
        v->d = turned(v->d, 16) ^ v->c;
        v->a = turned(v->a, 32);
        v->c += v->b;
        v->a += v->d;
        v->b = turned(v->b, 17) ^ v->c;
        v->d = turned(v->d, 21) ^ v->a;
        v->c = turned(v->c, 32);
    }
}

static uint64_t word(const uint8_t *p, size_t n)
{
    uint64_t w = 0;
    for (size_t i = 0; i < n; i++)
        w |= (uint64_t)p[i] << (8 * i);
    return w;
}

static void absorb(struct state *v, uint64_t w)
{
    v->d ^= w;
    rounds(v, 2);
    v->a ^= w;
}

uint64_t es_siphash(const uint8_t key[ES_SIPHASH_KEY], struct es_bytes s)
{
    uint64_t k0 = word(key, 8), k1 = word(key + 8, 8);
    struct state v = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
                       k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
    size_t whole = s.n / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        absorb(&v, word(s.p + i, 8));
    uint64_t last = (uint64_t)s.n << 56;
    if (s.n > whole)
        last |= word(s.p + whole, s.n - whole);
    absorb(&v, last);
    v.c ^= 0xff;
    rounds(&v, 4);
    return v.a ^ v.b ^ v.c ^ v.d;
}
