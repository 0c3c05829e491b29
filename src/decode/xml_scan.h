/* SPDX-License-Identifier: Apache-2.0 */
/* Searching bytes sixteen at a time. What is found is the same everywhere: the
 * last bytes are always looked at one by one, and so are all where there is no
 * SIMD. (Texts between tags have 5 to 25 bytes: wider vectors gain nothing.) */
#ifndef ES_DECODE_XML_SCAN_H
#define ES_DECODE_XML_SCAN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__) && !defined(ES_SCALAR)
#include <emmintrin.h>
#define ES_SCAN_SIMD 1
#elif defined(__wasm_simd128__) && !defined(ES_SCALAR)
#include <wasm_simd128.h>
#define ES_SCAN_SIMD 1
#endif

enum { ES_SCAN_STEP = 16 };

/* What the searches need of sixteen bytes, in either machine's words. */
#ifdef ES_SCAN_SIMD
#ifdef __SSE2__
typedef __m128i es_scan_vec;

static inline es_scan_vec es_scan_load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline es_scan_vec es_scan_or(es_scan_vec a, es_scan_vec b)
{
    return _mm_or_si128(a, b);
}

/* 0xff where a byte is c. */
static inline es_scan_vec es_scan_is(es_scan_vec v, char c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* 0xff where a byte is below space and not in `space`. */
static inline es_scan_vec es_scan_low_but(es_scan_vec v, es_scan_vec space)
{
    es_scan_vec low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    return _mm_andnot_si128(space, low);
}

/* The highest bit of each byte. */
static inline unsigned es_scan_bits(es_scan_vec v)
{
    return (unsigned)_mm_movemask_epi8(v);
}
#else
typedef v128_t es_scan_vec;

static inline es_scan_vec es_scan_load(const uint8_t *p)
{
    return wasm_v128_load(p);
}

static inline es_scan_vec es_scan_or(es_scan_vec a, es_scan_vec b)
{
    return wasm_v128_or(a, b);
}

static inline es_scan_vec es_scan_is(es_scan_vec v, char c)
{
    return wasm_i8x16_eq(v, wasm_i8x16_splat((int8_t)c));
}

static inline es_scan_vec es_scan_low_but(es_scan_vec v, es_scan_vec space)
{
    return wasm_v128_andnot(wasm_u8x16_lt(v, wasm_u8x16_splat(0x20)), space);
}

static inline unsigned es_scan_bits(es_scan_vec v)
{
    return wasm_i8x16_bitmask(v);
}
#endif

/* A bit for each of sixteen bytes: whether it is one of three. */
static inline unsigned es_scan_mask(const uint8_t *p, uint8_t a, uint8_t b,
                                    uint8_t c)
{
    es_scan_vec v = es_scan_load(p);
    return es_scan_bits(
        es_scan_or(es_scan_or(es_scan_is(v, (char)a), es_scan_is(v, (char)b)),
                   es_scan_is(v, (char)c)));
}

/* 0xff where a byte is a control character. */
static inline es_scan_vec es_scan_controls(es_scan_vec v)
{
    return es_scan_low_but(
        v, es_scan_or(es_scan_or(es_scan_is(v, '\n'), es_scan_is(v, '\r')),
                      es_scan_is(v, '\t')));
}
#endif

/* The first byte of [p, end) that is one of three, or `end`. */
static inline const uint8_t *es_scan_for(const uint8_t *p, const uint8_t *end,
                                         uint8_t a, uint8_t b, uint8_t c)
{
#ifdef ES_SCAN_SIMD
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        unsigned found = es_scan_mask(p, a, b, c);
        if (found)
            return p + __builtin_ctz(found);
    }
#endif
    for (; p < end; p++)
        if (*p == a || *p == b || *p == c)
            break;
    return p;
}

/* The first byte of [p, end) that isn't ASCII, or `end`. */
static inline const uint8_t *es_scan_high(const uint8_t *p, const uint8_t *end)
{
#ifdef ES_SCAN_SIMD
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        unsigned high = es_scan_bits(es_scan_load(p));
        if (high)
            return p + __builtin_ctz(high);
    }
#endif
    while (p < end && *p < 0x80)
        p++;
    return p;
}

/* Which kinds of bytes there are. */
struct es_scan_kinds {
    bool high;    /* not ASCII */
    bool control; /* below space and no white space */
};

static inline bool es_scan_is_control(uint8_t c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* The first byte of [p, end) that isn't ASCII or is a control character, or
 * `end`. */
static inline const uint8_t *es_scan_odd(const uint8_t *p, const uint8_t *end)
{
#ifdef ES_SCAN_SIMD
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        es_scan_vec v = es_scan_load(p);
        unsigned odd = es_scan_bits(es_scan_or(v, es_scan_controls(v)));
        if (odd)
            return p + __builtin_ctz(odd);
    }
#endif
    while (p < end && *p < 0x80 && !es_scan_is_control(*p))
        p++;
    return p;
}

static inline struct es_scan_kinds es_scan_kinds(const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n;
    uint8_t high = 0;
    bool control = false;
#ifdef ES_SCAN_SIMD
    es_scan_vec any = { 0 };
    es_scan_vec odd = { 0 };
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        es_scan_vec v = es_scan_load(p);
        any = es_scan_or(any, v);
        odd = es_scan_or(odd, es_scan_controls(v));
    }
    high = es_scan_bits(any) ? 0x80 : 0;
    control = es_scan_bits(odd) != 0;
#endif
    for (; p < end; p++) {
        high |= *p;
        control |= es_scan_is_control(*p);
    }
    return (struct es_scan_kinds){ (high & 0x80) != 0, control };
}

#endif
