/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

static uint64_t rng = 88172645463325252u; /* xorshift64 */

static uint64_t draw(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return rng;
}

static const char *text_of(double v)
{
    static struct es_buf b;
    es_buf_release(&b);
    es_buf_init(&b, 64);
    es_buf_f64(&b, v);
    CHECK(!b.bad);
    return es_buf_cstr(&b);
}

static const char *text_of_float(float v)
{
    static struct es_buf b;
    es_buf_release(&b);
    es_buf_init(&b, 64);
    es_buf_f32(&b, v);
    CHECK(!b.bad);
    return es_buf_cstr(&b);
}

static double read_back(const char *s)
{
    double v = NAN;
    CHECK_INT(sscanf(s, "%lf", &v), 1);
    return v;
}

/* The fewest decimals that the C library needs to say v. */
static int fewest(double v, bool as_float)
{
    char s[64];
    for (int p = 0; p < 22; p++) {
        snprintf(s, sizeof s, "%.*f", p, v);
        double got = read_back(s);
        if (as_float ? (float)got == (float)v : got == v)
            return p;
    }
    return 22;
}

static int decimals(const char *s)
{
    const char *point = strchr(s, '.');
    return point ? (int)strlen(point + 1) : 0;
}

TEST(plain_numbers)
{
    CHECK_STR(text_of(0), "0");
    CHECK_STR(text_of(-0.0), "-0");
    CHECK_STR(text_of(1), "1");
    CHECK_STR(text_of(-12.25), "-12.25");
    CHECK_STR(text_of(0.1), "0.1");
    CHECK_STR(text_of(52.5200066), "52.5200066");
    CHECK_STR(text_of(0.999999999), "0.999999999");
    CHECK_STR(text_of(1e-7), "0.0000001");
    CHECK_STR(text_of(1e18), "1000000000000000000");
    CHECK_STR(text_of(9007199254740993.0), "9007199254740992");
    CHECK_STR(text_of(1e-21), "0.000000000000000000001");
    CHECK_STR(text_of(1e-300), "0");
    CHECK_STR(text_of(5e-324), "0");
    CHECK_STR(text_of(NAN), "");
    CHECK_STR(text_of(INFINITY), "");
    CHECK_STR(text_of(-1e19), "");
    CHECK_STR(text_of_float(0.1F), "0.1");
    CHECK_STR(text_of_float(-416.8F), "-416.8");
    CHECK_STR(text_of_float(16777216.0F), "16777216");
    CHECK_STR(text_of_float(1e-30F), "0");
    CHECK_STR(text_of_float(NAN), "");
}

/* Numbers of every size that a track holds, with few digits and with all. */
static double some(int i)
{
    double v = (double)(draw() >> 11) * 0x1p-53;
    v *= (double[]){ 1, 90, 360, 1e4, 1e9, 1e-3 }[i % 6];
    if (i % 2)
        return v;
    double one = (double[]){ 1, 10, 1e3, 1e5, 1e7, 1e8 }[draw() % 6];
    return floor(v * one) / one;
}

TEST(doubles_come_back_and_are_short)
{
    for (int i = 0; i < 60000; i++) {
        double v = some(i);
        const char *s = text_of(v);
        if (v == 0 || v > 1e-5)
            CHECK(read_back(s) == v);
        else
            CHECK(fabs(read_back(s) - v) <= 5.3e-23);
        if (v > 1e-3)
            CHECK(decimals(s) <= fewest(v, false) + (fewest(v, false) > 14));
    }
}

TEST(floats_come_back_and_are_short)
{
    for (int i = 0; i < 60000; i++) {
        float v = (float)some(i);
        const char *s = text_of_float(v);
        CHECK((float)read_back(s) == v);
        if (v > 1e-3F)
            CHECK(decimals(s) <=
                  fewest((double)v, true) + (fewest((double)v, true) > 5));
    }
}

/* Next to a power of two the float below is nearer than the one above. */
TEST(powers_of_two)
{
    for (int e = -16; e < 62; e++) {
        double v = ldexp(1, e);
        CHECK(read_back(text_of(v)) == v);
        CHECK(read_back(text_of(nextafter(v, 0))) == nextafter(v, 0));
        CHECK(read_back(text_of(nextafter(v, 1e30))) == nextafter(v, 1e30));
        float f = (float)v;
        CHECK((float)read_back(text_of_float(f)) == f);
        CHECK((float)read_back(text_of_float(nextafterf(f, 0))) ==
              nextafterf(f, 0));
    }
}

TEST(any_bits)
{
    for (int i = 0; i < 20000; i++) {
        uint64_t raw = draw();
        double v;
        memcpy(&v, &raw, sizeof v);
        const char *s = text_of(v);
        if (!(fabs(v) < 0x1p63))
            CHECK_STR(s, "");
        else
            CHECK(fabs(read_back(s) - v) <= 5.3e-23 || read_back(s) == v);
    }
}
