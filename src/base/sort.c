/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { ITEM_MAX = 256 };

/* Lets the item at i sink to its place in the heap of n items. */
static void sink(unsigned char *v, size_t i, size_t n, size_t size,
                 int (*cmp)(const void *, const void *))
{
    unsigned char item[ITEM_MAX];
    memcpy(item, v + i * size, size);
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n)
            break;
        if (child + 1 < n && cmp(v + child * size, v + (child + 1) * size) < 0)
            child++;
        if (cmp(item, v + child * size) >= 0)
            break;
        memcpy(v + i * size, v + child * size, size);
        i = child;
    }
    memcpy(v + i * size, item, size);
}

void es_sort(void *items, size_t n, size_t size,
             int (*cmp)(const void *, const void *))
{
    unsigned char *v = items, top[ITEM_MAX];
    assert(size > 0 && size <= ITEM_MAX);
    for (size_t i = n / 2; i-- > 0;)
        sink(v, i, n, size, cmp);
    for (size_t last = n; last-- > 1;) {
        memcpy(top, v, size);
        memcpy(v, v + last * size, size);
        memcpy(v + last * size, top, size);
        sink(v, 0, last, size, cmp);
    }
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 24 };

/* Doubles that are not negative stand in the order of their bits. */
static uint64_t bits_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static void insertion(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1] > x; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

double es_select_f64(double *v, size_t n, size_t k)
{
    uint32_t count[DIGITS];
    assert(k < n && n <= UINT32_MAX);
    /* from the bit below the sign, digit by digit; what shares the digit of
     * the one looked for is looked through again */
    for (int shift = 63 - DIGIT_BITS; n > FEW; shift -= DIGIT_BITS) {
        int down = shift > 0 ? shift : 0;
        memset(count, 0, sizeof count);
        for (size_t i = 0; i < n; i++)
            count[bits_of(v[i]) >> down & (DIGITS - 1)]++;
        uint64_t digit = 0;
        while (k >= count[digit])
            k -= count[digit++];
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            double x = v[i];
            v[kept] = x;
            kept += (bits_of(x) >> down & (DIGITS - 1)) == digit;
        }
        n = kept;
        if (down == 0) /* all that is left is equal */
            return v[k];
    }
    insertion(v, n);
    return v[k];
}
