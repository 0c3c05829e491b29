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

#ifdef ES_SCAN_SIMD
/* A bit for each of sixteen bytes: whether it is one of three. */
static inline unsigned es_scan_mask(const uint8_t *p, uint8_t a, uint8_t b,
                                    uint8_t c)
{
#ifdef __SSE2__
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i is_a = _mm_cmpeq_epi8(v, _mm_set1_epi8((char)a));
    __m128i is_b = _mm_cmpeq_epi8(v, _mm_set1_epi8((char)b));
    __m128i is_c = _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(is_a, is_b), is_c));
#else
    v128_t v = wasm_v128_load(p);
    v128_t is_a = wasm_i8x16_eq(v, wasm_i8x16_splat((int8_t)a));
    v128_t is_b = wasm_i8x16_eq(v, wasm_i8x16_splat((int8_t)b));
    v128_t is_c = wasm_i8x16_eq(v, wasm_i8x16_splat((int8_t)c));
    return wasm_i8x16_bitmask(wasm_v128_or(wasm_v128_or(is_a, is_b), is_c));
#endif
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
#if defined(__SSE2__) && defined(ES_SCAN_SIMD)
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        unsigned high = (unsigned)_mm_movemask_epi8(
            _mm_loadu_si128((const __m128i *)(const void *)p));
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

#if defined(__SSE2__) && defined(ES_SCAN_SIMD)
/* 0xff where a byte is a control character. */
static inline __m128i es_scan_controls(__m128i v)
{
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    __m128i space =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')),
                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')));
    return _mm_andnot_si128(space, low);
}
#endif

/* The first byte of [p, end) that isn't ASCII or is a control character, or
 * `end`. */
static inline const uint8_t *es_scan_odd(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__) && defined(ES_SCAN_SIMD)
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned odd =
            (unsigned)_mm_movemask_epi8(_mm_or_si128(v, es_scan_controls(v)));
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
#if defined(__SSE2__) && defined(ES_SCAN_SIMD)
    __m128i any = _mm_setzero_si128();
    __m128i odd = _mm_setzero_si128();
    for (; end - p >= ES_SCAN_STEP; p += ES_SCAN_STEP) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        any = _mm_or_si128(any, v);
        odd = _mm_or_si128(odd, es_scan_controls(v));
    }
    high = _mm_movemask_epi8(any) ? 0x80 : 0;
    control = _mm_movemask_epi8(odd) != 0;
#endif
    for (; p < end; p++) {
        high |= *p;
        control |= es_scan_is_control(*p);
    }
    return (struct es_scan_kinds){ (high & 0x80) != 0, control };
}

#endif
