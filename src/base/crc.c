/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The sum is linear: what a byte does to it is what its bits do, each by
 * itself. So each table is written down as the eight sums of single bits. */
#define BIT(v, b, c) ((v) >> (b)&1 ? (c) : 0)
#define BYTE(v, a, b, c, d, e, f, g, h)                                        \
    (BIT(v, 0, a) ^ BIT(v, 1, b) ^ BIT(v, 2, c) ^ BIT(v, 3, d) ^               \
     BIT(v, 4, e) ^ BIT(v, 5, f) ^ BIT(v, 6, g) ^ BIT(v, 7, h))
#define BYTES_4(v, ...)                                                        \
    BYTE(v, __VA_ARGS__), BYTE(v + 1, __VA_ARGS__), BYTE(v + 2, __VA_ARGS__),  \
        BYTE(v + 3, __VA_ARGS__)
#define BYTES_16(v, ...)                                                       \
    BYTES_4(v, __VA_ARGS__), BYTES_4(v + 4, __VA_ARGS__),                      \
        BYTES_4(v + 8, __VA_ARGS__), BYTES_4(v + 12, __VA_ARGS__)
#define BYTES_64(v, ...)                                                       \
    BYTES_16(v, __VA_ARGS__), BYTES_16(v + 16, __VA_ARGS__),                   \
        BYTES_16(v + 32, __VA_ARGS__), BYTES_16(v + 48, __VA_ARGS__)
#define TABLE(...)                                                             \
    {                                                                          \
        BYTES_64(0, __VA_ARGS__), BYTES_64(64, __VA_ARGS__),                   \
            BYTES_64(128, __VA_ARGS__), BYTES_64(192, __VA_ARGS__)             \
    }

/* T[k][b] is what byte b does to the sum k bytes later. */
enum { LANES = 8 };
static const uint16_t T[LANES][256] = {
    TABLE(0xc0c1, 0xc181, 0xc301, 0xc601, 0xcc01, 0xd801, 0xf001, 0xa001),
    TABLE(0x9001, 0x6001, 0xc002, 0xc007, 0xc00d, 0xc019, 0xc031, 0xc061),
    TABLE(0xc051, 0xc0a1, 0xc141, 0xc281, 0xc501, 0xca01, 0xd401, 0xe801),
    TABLE(0xfc01, 0xb801, 0x3001, 0x6002, 0xc004, 0xc00b, 0xc015, 0xc029),
    TABLE(0xc03d, 0xc079, 0xc0f1, 0xc1e1, 0xc3c1, 0xc781, 0xcf01, 0xde01),
    TABLE(0xd101, 0xe201, 0x8401, 0x4801, 0x9002, 0x6007, 0xc00e, 0xc01f),
    TABLE(0xc010, 0xc023, 0xc045, 0xc089, 0xc111, 0xc221, 0xc441, 0xc881),
    TABLE(0xccc1, 0xd981, 0xf301, 0xa601, 0x0c01, 0x1802, 0x3004, 0x6008),
};

uint16_t es_crc16_tables(uint16_t crc, struct es_bytes s)
{
    size_t i = 0;
    for (; s.n - i >= LANES; i += LANES) {
        const uint8_t *p = s.p + i;
        unsigned lo = p[0] ^ (crc & 0xff), hi = p[1] ^ crc >> 8;
        crc = T[7][lo] ^ T[6][hi] ^ T[5][p[2]] ^ T[4][p[3]] ^ T[3][p[4]] ^
              T[2][p[5]] ^ T[1][p[6]] ^ T[0][p[7]];
    }
    for (; i < s.n; i++)
        crc = (uint16_t)(crc >> 8 ^ T[0][(crc ^ s.p[i]) & 0xff]);
    return crc;
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
