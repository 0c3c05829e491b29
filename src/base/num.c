/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include <inttypes.h>
#include <math.h>

static const double TEN[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

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

static double scale(double v, int exp)
{
    for (; exp > 22 && isfinite(v) && v != 0; exp -= 22)
        v *= 1e22;
    for (; exp < -22 && v != 0; exp += 22)
        v /= 1e22;
    if (v == 0 || !isfinite(v))
        return v;
    return exp >= 0 ? v * TEN[exp] : v / TEN[-exp];
}

bool es_num_f64(struct es_bytes s, double *out)
{
    size_t i = 0;
    bool neg = false;
    bool any = false;
    uint64_t m = 0;
    int exp = 0;
    int kept = 0;
    bool point = false;

    if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
        neg = s.p[i++] == '-';
    for (; i < s.n; i++) {
        uint8_t c = s.p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        any = true;
        if (kept < 19) {
            m = m * 10 + (uint64_t)(c - '0');
            kept += m != 0;
            exp -= point;
        } else if (exp < 100000) {
            exp += !point;
        }
    }
    if (!any)
        return false;
    if (i < s.n) {
        if (s.p[i] != 'e' && s.p[i] != 'E')
            return false;
        if (!exponent(s, i + 1, &exp))
            return false;
    }
    double v = scale((double)m, exp);
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
