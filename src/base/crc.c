/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { LANES = 8, FEW = 256 };

/* t[k][b] is what byte b does to the sum k bytes later. Made anew each time,
 * in a microsecond: as a constant it would be 4 KB that no packer makes
 * smaller, and the WebAssembly module has 60. */
static void make_tables(uint16_t t[LANES][256])
{
    t[0][0] = 0;
    for (unsigned b = 1; b < 256; b++) {
        unsigned sum = b & (b - 1) ? 0 : b;
        for (int k = 0; sum && k < 8; k++)
            sum = sum >> 1 ^ (sum & 1 ? 0xa001 : 0);
        /* linear: a byte does what its bits do */
        t[0][b] = (uint16_t)(sum ? sum : t[0][b & (b - 1)] ^ t[0][b & -b]);
    }
    for (size_t k = 1; k < LANES; k++)
        for (size_t b = 0; b < 256; b++)
            t[k][b] = t[k - 1][b] >> 8 ^ t[0][t[k - 1][b] & 0xff];
}

static uint16_t bit_by_bit(uint16_t crc, struct es_bytes s)
{
    unsigned sum = crc;
    for (size_t i = 0; i < s.n; i++) {
        sum ^= s.p[i];
        for (int k = 0; k < 8; k++)
            sum = sum >> 1 ^ (0xa001 & -(sum & 1));
    }
    return (uint16_t)sum;
}

uint16_t es_crc16_tables(uint16_t crc, struct es_bytes s)
{
    uint16_t t[LANES][256];
    size_t i = 0;
    if (s.n < FEW)
        return bit_by_bit(crc, s);
    make_tables(t);
    for (; s.n - i >= LANES; i += LANES) {
        const uint8_t *p = s.p + i;
        unsigned lo = p[0] ^ (crc & 0xff), hi = p[1] ^ crc >> 8;
        crc = t[7][lo] ^ t[6][hi] ^ t[5][p[2]] ^ t[4][p[3]] ^ t[3][p[4]] ^
              t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]];
    }
    return bit_by_bit(crc, (struct es_bytes){ s.p + i, s.n - i });
}

#if defined(__x86_64__)
enum { LINE = 64 }; /* bytes folded at a time */
#define CARRYLESS __attribute__((target("pclmul,sse4.1")))

/* x moved on by as many bits as k stands for, and `next` added. */
CARRYLESS static __m128i fold(__m128i x, __m128i k, __m128i next)
{
    __m128i low = _mm_clmulepi64_si128(x, k, 0x00);
    __m128i high = _mm_clmulepi64_si128(x, k, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

CARRYLESS static __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i_u *)p);
}

/* Sixteen bytes whose sum is that of all of s, a multiple of LINE bytes.
 * The factors are x^(d+63) and x^(d-1), for d = 512 and 128, modulo the
 * polynomial and reflected into 64 bits. Source: Gopal et al., "Fast CRC
 * computation for generic polynomials using PCLMULQDQ", Intel 2009. */
CARRYLESS static void fold_all(uint16_t crc, struct es_bytes s, uint8_t to[16])
{
    const __m128i line = _mm_set_epi64x((int64_t)0x8101000000000000,
                                        (int64_t)0xc450000000000000);
    const __m128i lane = _mm_set_epi64x((int64_t)0xc100000000000000,
                                        (int64_t)0xccd0000000000000);
    __m128i x[4];
    for (size_t k = 0; k < 4; k++)
        x[k] = load(s.p + 16 * k);
    x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128(crc));
    for (size_t i = LINE; i < s.n; i += LINE)
        for (size_t k = 0; k < 4; k++)
            x[k] = fold(x[k], line, load(s.p + i + 16 * k));
    for (size_t k = 1; k < 4; k++)
        x[k] = fold(x[k - 1], lane, x[k]);
    _mm_storeu_si128((__m128i_u *)to, x[3]);
}

uint16_t es_crc16(uint16_t crc, struct es_bytes s)
{
    uint8_t rest[16];
    struct es_bytes lines = { s.p, s.n / LINE * LINE };
    if (lines.n == 0 || !__builtin_cpu_supports("pclmul") ||
        !__builtin_cpu_supports("sse4.1"))
        return es_crc16_tables(crc, s);
    fold_all(crc, lines, rest);
    crc = es_crc16_tables(0, (struct es_bytes){ rest, sizeof rest });
    return es_crc16_tables(crc,
                           (struct es_bytes){ s.p + lines.n, s.n - lines.n });
}
#else
uint16_t es_crc16(uint16_t crc, struct es_bytes s)
{
    return es_crc16_tables(crc, s);
}
#endif
