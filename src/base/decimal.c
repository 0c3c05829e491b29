/* SPDX-License-Identifier: Apache-2.0 */
/* A float is m / 2^s with whole m and s. For each number of decimals p, from
 * none on, the nearest decimal q / 10^p is tried, all in whole numbers, until
 * it lies nearer to the float than half the way to the next one. */
#include "base/decimal.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

enum { PLACES = 22, IN_U64 = 19 }; /* 2^53 * 10^22 < 2^127 */

static const uint64_t TEN[IN_U64 + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    10000000000000000000u,
};

static u128 ten(int p)
{
    return p <= IN_U64 ? TEN[p] : (u128)TEN[IN_U64] * TEN[p - IN_U64];
}

void es_buf_u64(struct es_buf *b, uint64_t v)
{
    char text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    es_buf_add(b, text + at, sizeof text - at);
}

/* The last `n` digits of v, with the zeros in front. */
static void put_digits(char *out, uint64_t v, int n)
{
    while (n-- > 0) {
        out[n] = (char)('0' + v % 10);
        v /= 10;
    }
}

static void put_fraction(struct es_buf *b, u128 q, int p)
{
    char text[1 + PLACES] = ".";
    int low = p > IN_U64 ? p - IN_U64 : 0; /* q may need two words */
    put_digits(text + 1, (uint64_t)(q / TEN[low]), p - low);
    put_digits(text + 1 + p - low, (uint64_t)(q % TEN[low]), low);
    for (; p > 0; p--)
        if (text[p] != '0')
            break;
    if (p > 0)
        es_buf_add(b, text, (size_t)p + 1);
}

/* whole + f / 2^s, f < 2^s, 1 <= s <= 126; next to it are floats at 1 / 2^s,
 * or at half of that below when `edge`. */
static void put_binary(struct es_buf *b, uint64_t whole, uint64_t f, int s,
                       bool edge)
{
    u128 q = 0;
    int p = 0;
    for (;; p++) {
        u128 exact = f * ten(p);
        u128 rest = exact & (((u128)1 << s) - 1);
        bool up = rest >> (s - 1) != 0;
        u128 off = up ? ((u128)1 << s) - rest : rest;
        q = (exact >> s) + up;
        /* A millionth short of half way: whoever reads a float by way of
         * double rounds twice. */
        u128 half = (ten(p) - (ten(p) >> 20)) >> (edge ? 2 : 1);
        if (off < half || off == 0 || p == PLACES)
            break;
    }
    if (q == ten(p)) {
        whole++;
        q = 0;
    }
    es_buf_u64(b, whole);
    if (q > 0)
        put_fraction(b, q, p);
}

/* m * 2^e, of a type whose normal m has `bits` bits. */
static void put_float(struct es_buf *b, uint64_t m, int e, int bits)
{
    bool edge = m == (uint64_t)1 << (bits - 1);
    if (e >= 0) {
        es_buf_u64(b, m << e);
    } else if (e < -126) {
        es_buf_u8(b, '0'); /* less than 1e-21 */
    } else {
        int s = -e;
        uint64_t whole = s < 64 ? m >> s : 0;
        put_binary(b, whole, s < 64 ? m - (whole << s) : m, s, edge);
    }
}

void es_buf_f64(struct es_buf *b, double v)
{
    uint64_t raw;
    if (!(fabs(v) < 0x1p63))
        return;
    memcpy(&raw, &v, sizeof raw);
    uint64_t m = raw & 0xfffffffffffff;
    int e = (int)(raw >> 52 & 0x7ff);
    if (raw >> 63)
        es_buf_u8(b, '-');
    if (e > 0)
        m |= (uint64_t)1 << 52;
    put_float(b, m, (e > 0 ? e : 1) - 1075, 53);
}

void es_buf_f32(struct es_buf *b, float v)
{
    uint32_t raw;
    if (!(fabs((double)v) < 0x1p63))
        return;
    memcpy(&raw, &v, sizeof raw);
    uint32_t m = raw & 0x7fffff;
    int e = (int)(raw >> 23 & 0xff);
    if (raw >> 31)
        es_buf_u8(b, '-');
    if (e > 0)
        m |= (uint32_t)1 << 23;
    put_float(b, m, (e > 0 ? e : 1) - 150, 24);
}
