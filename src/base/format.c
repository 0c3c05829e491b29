/* SPDX-License-Identifier: Apache-2.0 */
#include "base/format.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { DECIMALS_MAX = 9, DIGITS_MAX = 40 };

/* Where the text goes: all is counted, what has room is kept. */
struct sink {
    char *p;
    size_t cap, n;
};

/* One conversion. */
struct spec {
    bool left, zeros, base_too;
    size_t width;
    int precision; /* < 0: none given */
    char length;   /* 0; H for hh, L for ll, else itself */
    char kind;
};

static void put(struct sink *s, const char *p, size_t n)
{
    if (s->n < s->cap) {
        size_t room = s->cap - s->n;
        memcpy(s->p + s->n, p, n < room ? n : room);
    }
    s->n += n;
}

static void pad(struct sink *s, char c, size_t n)
{
    for (; n > 0; n--)
        put(s, &c, 1);
}

/* A sign or 0x, then zeros that a precision asks for, then digits. */
static void put_number(struct sink *s, const struct spec *f, const char *sign,
                       const char *digits, size_t n, size_t zeros)
{
    size_t all = strlen(sign) + zeros + n;
    size_t room = f->width > all ? f->width - all : 0;
    if (!f->left && !f->zeros)
        pad(s, ' ', room);
    put(s, sign, strlen(sign));
    if (!f->left && f->zeros)
        pad(s, '0', room);
    pad(s, '0', zeros);
    put(s, digits, n);
    if (f->left)
        pad(s, ' ', room);
}

/* The digits of v before `end`; where they begin. */
static char *digits_of(uint64_t v, unsigned base, bool capital, char *end)
{
    const char *set = capital ? "0123456789ABCDEF" : "0123456789abcdef";
    do
        *--end = set[v % base];
    while ((v /= base) > 0);
    return end;
}

static void put_integer(struct sink *s, struct spec f, uint64_t v, bool minus)
{
    char text[DIGITS_MAX], *end = text + sizeof text;
    bool hex = f.kind == 'x' || f.kind == 'X';
    char *at = digits_of(v, hex ? 16 : 10, f.kind == 'X', end);
    size_t n = (size_t)(end - at), zeros = 0;
    if (f.precision >= 0) {
        f.zeros = false; /* C17 7.21.6.1, of the flag 0 */
        n = v == 0 && f.precision == 0 ? 0 : n;
        zeros = (size_t)f.precision > n ? (size_t)f.precision - n : 0;
    }
    const char *prefix = f.kind == 'X' ? "0X" : "0x";
    put_number(s, &f,
               minus                    ? "-"
               : hex && f.base_too && v ? prefix
                                        : "",
               at, n, zeros);
}

/* The fraction of v in units of 10^-places, rounded half to even by its exact
 * value; one more than there are when it rounds up to the next whole. */
static uint64_t decimals_of(double fraction, uint64_t whole, uint64_t units)
{
    int exponent;
    double m = frexp(fraction, &exponent);
    int shift = 53 - exponent; /* fraction = m 2^53 / 2^shift */
    if (fraction == 0 || shift > 53 + 64)
        return 0; /* far below half a unit */
    unsigned __int128 all = (unsigned __int128)(uint64_t)(m * 0x1p53) * units;
    unsigned __int128 one = (unsigned __int128)1 << shift;
    uint64_t v = (uint64_t)(all >> shift);
    unsigned __int128 rest = all & (one - 1), half = one >> 1;
    bool odd = units == 1 ? whole & 1 : v & 1;
    return v + (rest > half || (rest == half && odd));
}

static void put_double(struct sink *s, struct spec f, double v)
{
    char text[DIGITS_MAX], *end = text + sizeof text, *at = end;
    const char *sign = signbit(v) && !isnan(v) ? "-" : "";
    double size = fabs(v);
    if (!(size < 0x1p63)) {
        f.zeros = false;
        put_number(s, &f, sign, isnan(v) ? "nan" : "inf", 3, 0);
        return;
    }
    int places = f.precision < 0 ? 6 : f.precision;
    assert(places <= DECIMALS_MAX);
    uint64_t whole = (uint64_t)size, units = 1;
    for (int i = 0; i < places; i++)
        units *= 10;
    uint64_t part = decimals_of(size - (double)whole, whole, units);
    whole += part / units;
    part %= units;
    for (int i = 0; i < places; i++, part /= 10)
        *--at = (char)('0' + part % 10);
    if (places > 0)
        *--at = '.';
    at = digits_of(whole, 10, false, at);
    put_number(s, &f, sign, at, (size_t)(end - at), 0);
}

/* Nothing at all is a text of no bytes: { NULL, 0 } is a valid es_bytes. */
static void put_text(struct sink *s, const struct spec *f, const char *p)
{
    if (!p)
        p = "";
    size_t n = f->precision < 0 ? strlen(p) : strnlen(p, (size_t)f->precision);
    size_t room = f->width > n ? f->width - n : 0;
    if (!f->left)
        pad(s, ' ', room);
    put(s, p, n);
    if (f->left)
        pad(s, ' ', room);
}

/* ---- reading a conversion ---- */

struct args { /* a va_list that can be handed on by its address */
    va_list ap;
};

static int number(const char **at, struct args *a)
{
    int n = 0;
    if (**at == '*') {
        (*at)++;
        return va_arg(a->ap, int);
    }
    for (; **at >= '0' && **at <= '9'; (*at)++)
        n = n * 10 + (**at - '0');
    return n;
}

/* What stands behind a percent sign; *at moves past it. */
static struct spec spec_of(const char **at, struct args *a)
{
    struct spec f = { .precision = -1 };
    for (;; (*at)++) {
        if (**at == '-')
            f.left = true;
        else if (**at == '0')
            f.zeros = true;
        else if (**at == '#')
            f.base_too = true;
        else
            break;
    }
    int width = number(at, a);
    f.left = f.left || width < 0;
    f.width = (size_t)(width < 0 ? -(long)width : width);
    if (**at == '.') {
        (*at)++;
        f.precision = number(at, a);
    }
    if (**at != '\0' && strchr("hlzjt", **at)) {
        f.length = *(*at)++;
        if (**at == f.length) {
            f.length = f.length == 'h' ? 'H' : 'L';
            (*at)++;
        }
    }
    f.kind = **at;
    if (f.kind)
        (*at)++;
    return f;
}

static int64_t signed_arg(const struct spec *f, struct args *a)
{
    switch (f->length) {
    case 'l':
        return va_arg(a->ap, long);
    case 'L':
        return va_arg(a->ap, long long);
    case 'z':
    case 't':
        return va_arg(a->ap, ptrdiff_t);
    case 'j':
        return va_arg(a->ap, intmax_t);
    case 'h':
        return (short)va_arg(a->ap, int);
    case 'H':
        return (signed char)va_arg(a->ap, int);
    default:
        return va_arg(a->ap, int);
    }
}

static uint64_t unsigned_arg(const struct spec *f, struct args *a)
{
    switch (f->length) {
    case 'l':
        return va_arg(a->ap, unsigned long);
    case 'L':
        return va_arg(a->ap, unsigned long long);
    case 'z':
    case 't':
        return va_arg(a->ap, size_t);
    case 'j':
        return va_arg(a->ap, uintmax_t);
    case 'h':
        return (unsigned short)va_arg(a->ap, unsigned);
    case 'H':
        return (unsigned char)va_arg(a->ap, unsigned);
    default:
        return va_arg(a->ap, unsigned);
    }
}

static void convert(struct sink *s, struct spec f, struct args *a)
{
    int64_t v;
    char c;
    switch (f.kind) {
    case 'd':
    case 'i':
        v = signed_arg(&f, a);
        put_integer(s, f, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0);
        break;
    case 'u':
    case 'x':
    case 'X':
        put_integer(s, f, unsigned_arg(&f, a), false);
        break;
    case 'f':
        put_double(s, f, va_arg(a->ap, double));
        break;
    case 's':
        put_text(s, &f, va_arg(a->ap, const char *));
        break;
    case 'c':
        c = (char)va_arg(a->ap, int);
        put_number(s, &f, "", &c, 1, 0);
        break;
    case '%':
        put(s, "%", 1);
        break;
    default:
        assert(!"a conversion that es_vformat doesn't know");
    }
}

int es_vformat(char *out, size_t cap, const char *fmt, va_list ap)
{
    struct sink s = { out, cap ? cap - 1 : 0, 0 };
    struct args a;
    va_copy(a.ap, ap);
    while (*fmt) {
        size_t plain = strcspn(fmt, "%");
        put(&s, fmt, plain);
        fmt += plain;
        if (*fmt == '%') {
            fmt++;
            convert(&s, spec_of(&fmt, &a), &a);
        }
    }
    va_end(a.ap);
    if (cap)
        out[s.n < s.cap ? s.n : s.cap] = '\0';
    return s.n > INT_MAX ? -1 : (int)s.n;
}

int es_format(char *out, size_t cap, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = es_vformat(out, cap, fmt, ap);
    va_end(ap);
    return n;
}
