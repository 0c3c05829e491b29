/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <float.h>
#include <string.h>

#include "t.h"

enum { MAX = 700 };

static uint64_t prng(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static int by_value(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Values of all kinds: spread, nearly equal, few different, all equal, from
 * the smallest to the largest there are. */
static double value(uint64_t *seed, size_t kind)
{
    uint64_t u = prng(seed);
    switch (kind % 5) {
    case 0:
        return (double)(u % 1000000) / 7;
    case 1:
        return 1 + (double)(u % 64) * DBL_EPSILON;
    case 2:
        return (double)(u % 3);
    case 3:
        return 0.25;
    default:
        u &= 0x7fefffffffffffff; /* any finite bits without a sign */
        double d;
        memcpy(&d, &u, sizeof d);
        return d;
    }
}

TEST(what_is_sorted_and_what_is_selected_agree)
{
    uint64_t seed = 88172645463325252;
    for (size_t n = 1; n <= MAX; n += n < 60 ? 1 : 37) {
        double v[MAX], sorted[MAX], spent[MAX];
        for (size_t kind = 0; kind < 5; kind++) {
            for (size_t i = 0; i < n; i++)
                v[i] = value(&seed, kind);
            memcpy(sorted, v, sizeof v);
            es_sort(sorted, n, sizeof *sorted, by_value);
            for (size_t i = 1; i < n; i++)
                CHECK(sorted[i - 1] <= sorted[i]);
            for (size_t k = 0; k < n; k += 1 + n / 9) {
                memcpy(spent, v, sizeof v);
                CHECK(es_select_f64(spent, n, k) == sorted[k]);
            }
        }
    }
}

struct wide {
    char name[250];
    uint16_t key;
};

static int by_key(const void *a, const void *b)
{
    const struct wide *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

TEST(items_move_whole)
{
    struct wide v[50];
    uint64_t seed = 7;
    memset(v, 0, sizeof v);
    es_sort(v, 0, sizeof *v, by_key);
    for (size_t i = 0; i < 50; i++) {
        v[i].key = (uint16_t)(prng(&seed) % 1000);
        memset(v[i].name, v[i].key % 251, sizeof v[i].name);
    }
    es_sort(v, 50, sizeof *v, by_key);
    for (size_t i = 0; i < 50; i++) {
        CHECK(i == 0 || v[i - 1].key <= v[i].key);
        for (size_t k = 0; k < sizeof v[i].name; k++)
            CHECK_INT((uint8_t)v[i].name[k], v[i].key % 251);
    }
}
