/* SPDX-License-Identifier: Apache-2.0 */
/* Elementary functions that give the same bits everywhere. A C library's
 * sine differs from another's in its last bits; these are made of additions,
 * multiplications, divisions and square roots alone, which IEEE 754 fixes,
 * so a run measures the same to the last bit on a server and in a browser.
 * The engine's rooms use these, and of the C library only what is exact
 * (sqrt, fabs, floor, ceil, trunc, round, remainder, ldexp and the like).
 *
 * Stated: the largest error in units of the last place of the result, as
 * tests/unit/test_math.c holds it against long double. NAN in, NAN out. */
#ifndef ES_GEO_MATH_H
#define ES_GEO_MATH_H

/* |x| at most this; beyond it the result is NAN, because there is no use for
 * it here and the reduction would lose its exactness. */
#define ES_TRIG_MAX_RAD 1e4

/* Sine and cosine, radians: 0.8 ulp. */
double es_sin(double x);
double es_cos(double x);
void es_sincos(double x, double *s, double *c);

/* The angle of the point (x, y), -pi..pi, signs of zero as C has it:
 * 1.6 ulp. */
double es_atan2(double y, double x);

/* Exponential: 0.9 ulp where the result is normal; INFINITY and 0 outside. */
double es_exp(double x);
/* Natural logarithm (es_log is base/log.h): 0.9 ulp; -INFINITY for 0, NAN
 * below. */
double es_ln(double x);
/* exp(y log x), x > 0; relative error 2^-52 (1 + |y log x|). */
double es_pow(double x, double y);

/* sqrt(x * x + y * y), 1 ulp while neither square leaves the normal range:
 * metres never do. */
double es_hypot(double x, double y);

#endif
