/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double TEN[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

__extension__ typedef unsigned __int128 u128;

enum {
    DIGITS = 19, /* fit 64 bits */
    EXP_MAX = 27,
};

/* 5^e for e from -EXP_MAX on, as the upper 128 bits of its binary digits; those
 * of a fraction are rounded up.
 * Source: D. Lemire, "Number parsing at a gigabyte per second", Software:
 * Practice and Experience 51 (2021), doi:10.1002/spe.2984; N. Mushtak and
 * D. Lemire, doi:10.1002/spe.3198. */
static const struct power {
    uint64_t high, low;
} FIVE[] = {
    { 0x9e74d1b791e07e48, 0x775ea264cf55347e }, /* -27 */
    { 0xc612062576589dda, 0x95364afe032a819e }, /* -26 */
    { 0xf79687aed3eec551, 0x3a83ddbd83f52205 }, /* -25 */
    { 0x9abe14cd44753b52, 0xc4926a9672793543 }, /* -24 */
    { 0xc16d9a0095928a27, 0x75b7053c0f178294 }, /* -23 */
    { 0xf1c90080baf72cb1, 0x5324c68b12dd6339 }, /* -22 */
    { 0x971da05074da7bee, 0xd3f6fc16ebca5e04 }, /* -21 */
    { 0xbce5086492111aea, 0x88f4bb1ca6bcf585 }, /* -20 */
    { 0xec1e4a7db69561a5, 0x2b31e9e3d06c32e6 }, /* -19 */
    { 0x9392ee8e921d5d07, 0x3aff322e62439fd0 }, /* -18 */
    { 0xb877aa3236a4b449, 0x09befeb9fad487c3 }, /* -17 */
    { 0xe69594bec44de15b, 0x4c2ebe687989a9b4 }, /* -16 */
    { 0x901d7cf73ab0acd9, 0x0f9d37014bf60a11 }, /* -15 */
    { 0xb424dc35095cd80f, 0x538484c19ef38c95 }, /* -14 */
    { 0xe12e13424bb40e13, 0x2865a5f206b06fba }, /* -13 */
    { 0x8cbccc096f5088cb, 0xf93f87b7442e45d4 }, /* -12 */
    { 0xafebff0bcb24aafe, 0xf78f69a51539d749 }, /* -11 */
    { 0xdbe6fecebdedd5be, 0xb573440e5a884d1c }, /* -10 */
    { 0x89705f4136b4a597, 0x31680a88f8953031 }, /* -9 */
    { 0xabcc77118461cefc, 0xfdc20d2b36ba7c3e }, /* -8 */
    { 0xd6bf94d5e57a42bc, 0x3d32907604691b4d }, /* -7 */
    { 0x8637bd05af6c69b5, 0xa63f9a49c2c1b110 }, /* -6 */
    { 0xa7c5ac471b478423, 0x0fcf80dc33721d54 }, /* -5 */
    { 0xd1b71758e219652b, 0xd3c36113404ea4a9 }, /* -4 */
    { 0x83126e978d4fdf3b, 0x645a1cac083126ea }, /* -3 */
    { 0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4 }, /* -2 */
    { 0xcccccccccccccccc, 0xcccccccccccccccd }, /* -1 */
    { 0x8000000000000000, 0x0000000000000000 }, /* 0 */
    { 0xa000000000000000, 0x0000000000000000 }, /* 1 */
    { 0xc800000000000000, 0x0000000000000000 }, /* 2 */
    { 0xfa00000000000000, 0x0000000000000000 }, /* 3 */
    { 0x9c40000000000000, 0x0000000000000000 }, /* 4 */
    { 0xc350000000000000, 0x0000000000000000 }, /* 5 */
    { 0xf424000000000000, 0x0000000000000000 }, /* 6 */
    { 0x9896800000000000, 0x0000000000000000 }, /* 7 */
    { 0xbebc200000000000, 0x0000000000000000 }, /* 8 */
    { 0xee6b280000000000, 0x0000000000000000 }, /* 9 */
    { 0x9502f90000000000, 0x0000000000000000 }, /* 10 */
    { 0xba43b74000000000, 0x0000000000000000 }, /* 11 */
    { 0xe8d4a51000000000, 0x0000000000000000 }, /* 12 */
    { 0x9184e72a00000000, 0x0000000000000000 }, /* 13 */
    { 0xb5e620f480000000, 0x0000000000000000 }, /* 14 */
    { 0xe35fa931a0000000, 0x0000000000000000 }, /* 15 */
    { 0x8e1bc9bf04000000, 0x0000000000000000 }, /* 16 */
    { 0xb1a2bc2ec5000000, 0x0000000000000000 }, /* 17 */
    { 0xde0b6b3a76400000, 0x0000000000000000 }, /* 18 */
    { 0x8ac7230489e80000, 0x0000000000000000 }, /* 19 */
    { 0xad78ebc5ac620000, 0x0000000000000000 }, /* 20 */
    { 0xd8d726b7177a8000, 0x0000000000000000 }, /* 21 */
    { 0x878678326eac9000, 0x0000000000000000 }, /* 22 */
    { 0xa968163f0a57b400, 0x0000000000000000 }, /* 23 */
    { 0xd3c21bcecceda100, 0x0000000000000000 }, /* 24 */
    { 0x84595161401484a0, 0x0000000000000000 }, /* 25 */
    { 0xa56fa5b99019a5c8, 0x0000000000000000 }, /* 26 */
    { 0xcecb8f27f4200f3a, 0x0000000000000000 }, /* 27 */
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* m * 10^exp to the nearest double, halves to even; m != 0, |exp| <= EXP_MAX.
 * The product with a power that was cut to 128 bits decides every case. */
static double nearest(uint64_t m, int exp)
{
    struct power five = FIVE[exp + EXP_MAX];
    int zeros = __builtin_clzll(m);
    uint64_t w = m << zeros;
    u128 product = (u128)w * five.high;
    uint64_t high = (uint64_t)(product >> 64);
    uint64_t low = (uint64_t)product;
    if ((high & 0x1ff) == 0x1ff) {
        uint64_t more = (uint64_t)((u128)w * five.low >> 64);
        low += more;
        high += low < more;
    }
    int top = (int)(high >> 63);
    uint64_t bits = high >> (top + 9);
    int power = ((217706 * exp) >> 16) + 63 + top - zeros + 1023;
    bool half = low <= 1 && exp >= -4 && exp <= 23 && (bits & 3) == 1 &&
                bits << (top + 9) == high;
    if (half)
        bits &= ~(uint64_t)1;
    bits = (bits + (bits & 1)) >> 1;
    if (bits == (uint64_t)1 << 53) {
        bits >>= 1;
        power++;
    }
    bits = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)power << 52;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Beyond the table: within a few ulp, or not finite. */
static double far(double v, int exp)
{
    for (; exp > 22 && isfinite(v); exp -= 22)
        v *= 1e22;
    for (; exp < -22 && v != 0; exp += 22)
        v /= 1e22;
    if (v == 0 || !isfinite(v))
        return v;
    return exp >= 0 ? v * TEN[exp] : v / TEN[-exp];
}

static double scale(uint64_t m, int exp)
{
    if (m == 0)
        return 0;
    if (m >> 53 == 0 && exp >= -22 && exp <= 22) /* both are exact */
        return exp >= 0 ? (double)m * TEN[exp] : (double)m / TEN[-exp];
    if (exp >= -EXP_MAX && exp <= EXP_MAX)
        return nearest(m, exp);
    return far((double)m, exp);
}

/* ---- eight digits at once ---- */

static uint64_t word(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* The value of eight digits less '0', of which the first is in the lowest
 * byte; *odd gets a bit when one is none. */
static uint64_t eight(uint64_t w, uint64_t *odd)
{
    *odd |= (w | (w + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0;
    w = w * 10 + (w >> 8);
    return ((w & 0x000000ff000000ff) * 0x000f424000000064 +
            (w >> 16 & 0x000000ff000000ff) * 0x0000271000000001) >>
           32;
}

static const uint64_t ZEROS = 0x3030303030303030;

/* The n <= 8 digits before `end`, which has eight bytes before it. */
static uint64_t last_of(const uint8_t *end, size_t n, uint64_t *odd)
{
    if (n == 0)
        return 0;
    uint64_t w = word(end - 8) ^ ZEROS;
    return eight(w >> (64 - 8 * n) << (64 - 8 * n), odd);
}

/* "[-]ddd.ddd" of at least 8 letters, as most numbers are: at most 19 digits
 * count, and those before the point are fewer than 4 or all are. False when it
 * isn't that. */
static bool plain(struct es_bytes s, double *out)
{
    const uint8_t *p = s.p;
    const uint8_t *end = s.p + s.n;
    if (s.n < 8)
        return false;
    bool neg = *p == '-';
    uint64_t m = 0;
    uint64_t odd = 0;
    p += neg;
    const uint8_t *from = p;
    while (p < end && is_digit(*p))
        m = m * 10 + (uint64_t)(*p++ - '0');
    size_t whole = (size_t)(p - from);
    if (whole == 0 || p == end || *p != '.')
        return false;
    size_t places = (size_t)(end - ++p);
    if (whole + places > DIGITS) {
        if (whole > 3 || *from == '0')
            return false; /* and fewer digits count than stand there */
        const uint8_t *at = p + (DIGITS - whole);
        for (; end - at >= 8; at += 8)
            (void)eight(word(at) ^ ZEROS, &odd);
        (void)last_of(end, (size_t)(end - at), &odd);
        places = DIGITS - whole;
        end = p + places;
    }
    for (; end - p >= 8; p += 8)
        m = m * 100000000 + eight(word(p) ^ ZEROS, &odd);
    size_t n = (size_t)(end - p);
    m = m * (uint64_t)TEN[n] + last_of(end, n, &odd);
    if (odd)
        return false;
    double v = scale(m, -(int)places);
    *out = neg ? -v : v;
    return true;
}

/* ---- any number ---- */

/* Exponent part at s.p[i..]; false on "1e" or trailing rubbish. */
static bool exponent(struct es_bytes s, size_t i, int *exp)
{
    bool neg = false;
    int v = 0;
    if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
        neg = s.p[i++] == '-';
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        if (v < 10000)
            v = v * 10 + (s.p[i] - '0');
    }
    *exp += neg ? -v : v;
    return true;
}

/* A decimal's digits: m * 10^exp. */
struct digits {
    uint64_t m;
    int exp;
    int kept;
    bool any;
};

/* Reads digits and a point; returns where they end. */
static size_t digits_of(struct es_bytes s, size_t i, struct digits *d)
{
    bool point = false;
    for (; i < s.n; i++) {
        uint8_t c = s.p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        d->any = true;
        if (d->kept < DIGITS) {
            d->m = d->m * 10 + (uint64_t)(c - '0');
            d->kept += d->m != 0;
            d->exp -= point;
        } else if (d->exp < 100000) {
            d->exp += !point;
        }
    }
    return i;
}

bool es_num_f64(struct es_bytes s, double *out)
{
    struct digits d = { 0 };
    bool neg = s.n > 0 && s.p[0] == '-';
    if (plain(s, out))
        return true;
    size_t i = digits_of(s, neg || (s.n > 0 && s.p[0] == '+'), &d);
    if (!d.any)
        return false;
    if (i < s.n) {
        if (s.p[i] != 'e' && s.p[i] != 'E')
            return false;
        if (!exponent(s, i + 1, &d.exp))
            return false;
    }
    double v = scale(d.m, d.exp);
    if (!isfinite(v))
        return false;
    *out = neg ? -v : v;
    return true;
}

bool es_num_i64(struct es_bytes s, int64_t min, int64_t max, int64_t *out)
{
    size_t i = 0;
    bool neg = false;
    int64_t v = 0;
    if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
        neg = s.p[i++] == '-';
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, (int64_t)10, &v) ||
            __builtin_add_overflow(v, neg ? -d : d, &v))
            return false;
    }
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}

void es_buf_num(struct es_buf *b, double v, int places)
{
    if (!isfinite(v) || fabs(v) >= 1e15) {
        es_buf_str(b, "null");
        return;
    }
    if (places < 0)
        places = 0;
    if (places > 9)
        places = 9;
    double whole = floor(fabs(v));
    double one = TEN[places];
    double frac = floor((fabs(v) - whole) * one + 0.5);
    if (frac >= one) {
        whole += 1;
        frac -= one;
    }
    if (v < 0 && (whole > 0 || frac > 0))
        es_buf_u8(b, '-');
    es_buf_fmt(b, "%" PRIu64, (uint64_t)whole);
    uint64_t f = (uint64_t)frac;
    while (places > 0 && f % 10 == 0) {
        f /= 10;
        places--;
    }
    if (places > 0)
        es_buf_fmt(b, ".%0*" PRIu64, places, f);
}
