/* SPDX-License-Identifier: Apache-2.0 */
/* Texts against those of the C library in the C locale. */
#include "base/format.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "t.h"

/* The same text, the same length, whole and cut. */
#define SAME(...)                                                              \
    do {                                                                       \
        char want[300], got[300];                                              \
        int n = snprintf(want, sizeof want, __VA_ARGS__);                      \
        CHECK_INT(es_format(got, sizeof got, __VA_ARGS__), n);                 \
        CHECK_STR(got, want);                                                  \
        CHECK_INT(es_format(got, 3, __VA_ARGS__), n);                          \
        CHECK(strncmp(got, want, 2) == 0 && strlen(got) <= 2);                 \
        CHECK_INT(es_format(NULL, 0, __VA_ARGS__), n);                         \
    } while (0)

static uint64_t next(uint64_t *s)
{
    *s = *s * 6364136223846793005u + 1442695040888963407u;
    return *s ^ *s >> 31;
}

TEST(numbers_as_the_c_library_has_them)
{
    static const long long V[] = { 0,       1,       -1,        7,        -42,
                                   255,     65536,   INT_MAX,   INT_MIN,  99999,
                                   1000000, -100000, LLONG_MAX, LLONG_MIN };
    for (size_t i = 0; i < sizeof V / sizeof *V; i++) {
        int d = (int)V[i];
        unsigned u = (unsigned)V[i];
        SAME("%d|%i|%5d|%-5d|%05d|%.3d|%8.3d", d, d, d, d, d, d, d);
        SAME("%u|%x|%X|%#x|%02x|%08X|%.0u|%-6u|", u, u, u, u, u, u, u, u);
        SAME("%lld|%llu|%llx|%20lld", V[i], (unsigned long long)V[i],
             (unsigned long long)V[i], V[i]);
        SAME("%ld|%lu|%zu|%zd|%td|%jd", (long)V[i], (unsigned long)V[i],
             (size_t)V[i], (ssize_t)V[i], (ptrdiff_t)V[i], (intmax_t)V[i]);
        SAME("%hd|%hu|%hhd|%hhu", (short)V[i], (unsigned short)V[i],
             (signed char)V[i], (unsigned char)V[i]);
        SAME("%*d|%-*d|%0*d|%.*d", 9, d, 9, d, 9, d, 4, d);
        SAME("%*d|", -9, d);
    }
}

TEST(texts_as_the_c_library_has_them)
{
    SAME("nothing but text");
    SAME("%s", "");
    SAME("%s and %s", "one", "another");
    SAME("%8s|%-8s|%.3s|%8.2s|%-8.10s|", "runner", "runner", "runner", "runner",
         "runner");
    const char *volatile none = NULL; /* of an es_bytes without any */
    SAME("<%.*s>", 0, none);
    SAME("%.*s|%*s|%-*s|", 3, "runner", 9, "runner", 9, "runner");
    SAME("100 %%, %c%c|%3c|%-3c|", 'a', 'b', 'c', 'd');
}

/* Halves, tenths, thousandths and any doubles, with every number of places. */
TEST(decimals_as_the_c_library_has_them)
{
    uint64_t s = 4;
    for (int k = 0; k < 60000; k++) {
        uint64_t bits = next(&s);
        double v = (double)(int64_t)bits / 4294967296 / (double)(1 << k % 31);
        if (k % 3 == 0)
            v = floor(v) + 0.5;
        if (k % 3 == 1)
            v = (double)(int64_t)(bits >> 40) / 1000;
        SAME("%.0f|%.1f|%.2f|%.3f|%.9f|%f", v, v, v, v, v, v);
        SAME("%7.2f|%-9.1f|%09.3f", v, v, v);
    }
    SAME("%.0f|%.1f|%.3f", 0.5, 0.25, 0.0005);
    SAME("%.0f|%.0f|%.0f|%.1f", 1.5, 2.5, -0.5, -0.04);
    SAME("%.3f|%.0f", DBL_MIN, 4.9e-324);
    SAME("%.3f|%.1f", 9007199254740993.0, 0x1p62);
    SAME("%f|%.1f|%5.1f", INFINITY, -INFINITY, INFINITY);
    char text[8];
    CHECK_INT(es_format(text, sizeof text, "%.1f", NAN), 3);
    CHECK_STR(text, "nan");
}
