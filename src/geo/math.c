/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Each function brings its argument into a small interval by steps that lose
 * nothing, sums a Taylor series there (its coefficients need no table to be
 * believed) up to a first term left out below 2^-60 of the result, and adds
 * the large exact part last. Even and odd terms are summed apart: two short
 * chains instead of a long one. */

/* A constant as the sum of doubles whose leading ones end in zero bits, so
 * that their products with small whole numbers are exact. */
static const double PIO2_1 = 0x1.921fb544p+0;  /* 33 bits of pi/2 */
static const double PIO2_2 = 0x1.0b4611a6p-34; /* the next 33 */
static const double PIO2_3 = 0x1.3198a2e037073p-69;
static const double LN2_HI = 0x1.62e42fefa2p-1; /* 40 bits */
static const double LN2_LO = 0x1.9ef35793c7673p-41;
static const double PI = 0x1.921fb54442d18p+1;
static const double PI_LO = 0x1.1a62633145c07p-53;
static const double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
static const double ONE_OVER_LN2 = 0x1.71547652b82fep+0;
static const double SQRT_HALF = 0x1.6a09e667f3bcdp-1;

/* ---- sine, cosine ---- */

/* An angle within pi/4 of 0: hi + lo, and which quarter turn it was in. */
struct angle {
    double hi, lo;
    unsigned quarter;
};

/* n * PIO2_1 and n * PIO2_2 are exact, n being small, and so is the first
 * subtraction; the error of the second is computed (Knuth's two-sum). */
static struct angle reduce(double x)
{
    double n = floor(x * TWO_OVER_PI + 0.5);
    double a = x - n * PIO2_1, b = -(n * PIO2_2);
    double s = a + b, back = s - a;
    double lost = (a - (s - back)) + (b - back);
    double lo = lost - n * PIO2_3;
    double hi = s + lo;
    return (struct angle){ hi, lo - (hi - s), (unsigned)(int64_t)n & 3u };
}

/* Terms to x^17: the next is below 2^-63. */
static double sin_small(double x, double lo)
{
    static const double C3 = -1 / 6.0, C5 = 1 / 120.0, C7 = -1 / 5040.0,
                        C9 = 1 / 362880.0, C11 = -1 / 39916800.0,
                        C13 = 1 / 6227020800.0, C15 = -1 / 1307674368000.0,
                        C17 = 1 / 355687428096000.0;
    double z = x * x, w = z * z;
    double even = C5 + w * (C9 + w * (C13 + w * C17));
    double odd = C7 + w * (C11 + w * C15);
    double tail = z * (even + z * odd);
    return x + (x * z * C3 + (x * z * tail + lo * (1 - 0.5 * z)));
}

/* Terms to x^18: the next is below 2^-65. */
static double cos_small(double x, double lo)
{
    static const double C4 = 1 / 24.0, C6 = -1 / 720.0, C8 = 1 / 40320.0,
                        C10 = -1 / 3628800.0, C12 = 1 / 479001600.0,
                        C14 = -1 / 87178291200.0, C16 = 1 / 20922789888000.0,
                        C18 = -1 / 6402373705728000.0;
    double z = x * x, w = z * z, half = 0.5 * z, one = 1 - half;
    double even = C4 + w * (C8 + w * (C12 + w * C16));
    double odd = C6 + w * (C10 + w * (C14 + w * C18));
    /* what the subtraction from 1 has lost comes back with the rest */
    return one + (((1 - one) - half) + (w * (even + z * odd) - x * lo));
}

void es_sincos(double x, double *s, double *c)
{
    if (!(fabs(x) <= ES_TRIG_MAX_RAD)) {
        *s = *c = NAN;
        return;
    }
    struct angle a = reduce(x);
    double sine = sin_small(a.hi, a.lo), cosine = cos_small(a.hi, a.lo);
    double u = a.quarter & 1 ? cosine : sine;
    double v = a.quarter & 1 ? sine : cosine;
    *s = a.quarter & 2 ? -u : u;
    *c = a.quarter == 1 || a.quarter == 2 ? -v : v;
}

double es_sin(double x)
{
    if (!(fabs(x) <= ES_TRIG_MAX_RAD))
        return NAN;
    struct angle a = reduce(x);
    double y = a.quarter & 1 ? cos_small(a.hi, a.lo) : sin_small(a.hi, a.lo);
    return a.quarter & 2 ? -y : y;
}

double es_cos(double x)
{
    if (!(fabs(x) <= ES_TRIG_MAX_RAD))
        return NAN;
    struct angle a = reduce(x);
    double y = a.quarter & 1 ? sin_small(a.hi, a.lo) : cos_small(a.hi, a.lo);
    return a.quarter == 1 || a.quarter == 2 ? -y : y;
}

/* ---- arctangent ---- */

/* atan(k / 16), as hi + lo. */
static const double ATAN[17][2] = {
    { 0, 0 },
    { 0x1.ff55bb72cfdeap-5, -0x1.c934d86d23f1dp-60 },
    { 0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59 },
    { 0x1.7b97b4bce5b02p-3, 0x1.347b0b4f881cap-58 },
    { 0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57 },
    { 0x1.362773707ebccp-2, -0x1.963a544b672d8p-57 },
    { 0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56 },
    { 0x1.a64eec3cc23fdp-2, -0x1.24dec1b50b7ffp-56 },
    { 0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56 },
    { 0x1.0657e94db30d0p-1, -0x1.d5b495f6349e6p-56 },
    { 0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58 },
    { 0x1.345f01cce37bbp-1, 0x1.1021137c71102p-55 },
    { 0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56 },
    { 0x1.5d58987169b18p-1, 0x1.0028e4bc5e7cap-57 },
    { 0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56 },
    { 0x1.819d0b7158a4dp-1, -0x1.bf76229d3b917p-56 },
    { 0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55 },
};

/* atan(small / large), 0 <= small <= large, large > 0, as hi + *lo. From the
 * k / 16 below, by atan a = atan c + atan((a - c) / (1 + a c)): less than 1/16
 * is left, and terms to its 13th power are enough. Both parts are positive, so
 * the errors of the division weigh no more than they are worth. */
static double atan_part(double small, double large, double *lo)
{
    double k = floor(small / large * 16), c = k / 16;
    double t = (small - c * large) / (large + c * small), z = t * t;
    const double *at = ATAN[(int)k];
    double even = -1 / 3.0 + z * z * (-1 / 7.0 + z * z * (-1 / 11.0));
    double odd = 1 / 5.0 + z * z * (1 / 9.0 + z * z * (1 / 13.0));
    double rest = t * z * (even + z * odd) + at[1];
    double hi = at[0] + t;
    *lo = (t - (hi - at[0])) + rest;
    return hi;
}

double es_atan2(double y, double x)
{
    double ay = fabs(y), ax = fabs(x), hi, lo = 0;
    if (isnan(x) || isnan(y))
        return NAN;
    double small = ay < ax ? ay : ax, large = ay < ax ? ax : ay;
    if (large == 0)
        hi = 0;
    else if (isinf(small))
        hi = PI / 4;
    else if (isinf(large))
        hi = 0;
    else
        hi = atan_part(small, large, &lo);
    if (ay > ax) { /* the angle from the other axis */
        double turned = PI / 2 - hi;
        lo = ((PI / 2 - turned) - hi) + (PI_LO / 2 - lo);
        hi = turned;
    }
    double angle = signbit(x) ? (PI - hi) + (PI_LO - lo) : hi + lo;
    return copysign(angle, y);
}

/* ---- exponential, logarithm ---- */

/* 2^k for a k of normal numbers. */
static double two_to(int k)
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* r = hi - lo within ln 2 / 2 of 0; terms to r^14. */
static double exp_small(double hi, double lo)
{
    double r = hi - lo, z = r * r;
    double even =
        1 / 24.0 +
        z * (1 / 720.0 +
             z * (1 / 40320.0 +
                  z * (1 / 3628800.0 +
                       z * (1 / 479001600.0 + z * (1 / 87178291200.0)))));
    double odd =
        1 / 6.0 +
        z * (1 / 120.0 + z * (1 / 5040.0 + z * (1 / 362880.0 +
                                                z * (1 / 39916800.0 +
                                                     z * (1 / 6227020800.0)))));
    double rest = z * (0.5 + (r * odd + z * even));
    double lost = (hi - r) - lo;
    return 1 + (r + (rest + lost));
}

double es_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.7827128933841) /* log of the largest double */
        return INFINITY;
    if (x < -745.1332191019412) /* half of the smallest, and 0 */
        return 0;
    double k = floor(x * ONE_OVER_LN2 + 0.5);
    double y = exp_small(x - k * LN2_HI, k * LN2_LO);
    int n = (int)k, half = n / 2; /* 2^n alone may not be a double */
    return y * two_to(half) * two_to(n - half);
}

double es_ln(double x)
{
    double k = 0;
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0)
        return -INFINITY;
    if (isinf(x))
        return x;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    k += (double)((int)(bits >> 52) - 1022);
    bits = (bits & 0xfffffffffffffu) | (uint64_t)1022 << 52;
    memcpy(&x, &bits, sizeof x); /* 0.5 <= x < 1 */
    if (x < SQRT_HALF) {
        x *= 2;
        k -= 1;
    }
    /* log(1 + f) = 2 atanh s = f - f^2/2 + s (f^2/2 + r), s = f / (2 + f);
     * r = s^2 (2/3 + 2/5 s^2 + ...), |s| < 0.172, terms to s^20 */
    double f = x - 1, s = f / (2 + f), z = s * s, w = z * z;
    double half = 0.5 * f * f;
    double even =
        2 / 3.0 +
        w * (2 / 7.0 + w * (2 / 11.0 + w * (2 / 15.0 + w * (2 / 19.0))));
    double odd =
        2 / 5.0 +
        w * (2 / 9.0 + w * (2 / 13.0 + w * (2 / 17.0 + w * (2 / 21.0))));
    double r = z * (even + z * odd);
    return k * LN2_HI + (f - (half - (s * (half + r) + k * LN2_LO)));
}

double es_pow(double x, double y)
{
    return es_exp(y * es_ln(x));
}

double es_hypot(double x, double y)
{
    return sqrt(x * x + y * y);
}
