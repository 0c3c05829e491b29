/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of our own against the C library's in long double, in units
 * of the last place, on even and on random arguments of every magnitude. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "geo/math.h"
#include "t.h"

enum { DRAWS = 400000 };

static uint64_t next(uint64_t *s)
{
    *s = *s * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = *s ^ *s >> 33;
    return x * 0xff51afd7ed558ccdu ^ x >> 29;
}

/* 0 <= u < 1 */
static double unit(uint64_t *s)
{
    return (double)(next(s) >> 11) * 0x1p-53;
}

/* Any double of 2^-p..2^p, either sign. */
static double any(uint64_t *s, double p)
{
    double m = exp2((2 * unit(s) - 1) * p);
    return next(s) & 1 ? -m : m;
}

/* How far off, in units of the last place of the true value. */
static double ulps(double got, long double want)
{
    int e;
    if (got == (double)want)
        return 0;
    (void)frexpl(want, &e);
    if (e < DBL_MIN_EXP)
        e = DBL_MIN_EXP;
    return (double)fabsl(((long double)got - want) / ldexpl(1, e - 53));
}

struct fn {
    const char *name;
    double (*ours)(double);
    long double (*theirs)(long double);
    double lo, hi;  /* even draws; both 0: any magnitude up to 2^p */
    double p, most; /* ulp */
};

static const struct fn FNS[] = {
    { "sin", es_sin, sinl, -0.8, 0.8, 0, 0.8 },
    { "sin", es_sin, sinl, -7, 7, 0, 0.8 },
    { "sin", es_sin, sinl, 0, 0, 13.2, 0.8 },
    { "cos", es_cos, cosl, -0.8, 0.8, 0, 0.8 },
    { "cos", es_cos, cosl, -7, 7, 0, 0.8 },
    { "cos", es_cos, cosl, 0, 0, 13.2, 0.8 },
    { "exp", es_exp, expl, -2, 2, 0, 0.9 },
    { "exp", es_exp, expl, -708, 709, 0, 0.9 },
    { "ln", es_ln, logl, 0.4, 2.2, 0, 0.9 },
    { "ln", es_ln, logl, 1e-300, 1e300, 0, 0.9 },
};

TEST(errors_are_below_what_is_stated)
{
    uint64_t s = 1;
    for (size_t i = 0; i < sizeof FNS / sizeof *FNS; i++) {
        const struct fn *f = &FNS[i];
        double worst = 0, at = 0;
        for (int k = 0; k < DRAWS; k++) {
            double x = f->lo < f->hi ? f->lo + (f->hi - f->lo) * unit(&s)
                                     : any(&s, f->p);
            double d = ulps(f->ours(x), f->theirs((long double)x));
            if (!(d <= worst)) {
                worst = d;
                at = x;
            }
        }
        print_message("%s: %.3f ulp at %a\n", f->name, worst, at);
        CHECK(worst <= f->most);
    }
}

/* The doubles nearest to multiples of pi/2, where a reduction that loses bits
 * shows. */
TEST(near_the_multiples_of_a_quarter_turn)
{
    for (int n = -6360; n <= 6360; n++) {
        double x = (double)(n * (acosl(-1) / 2));
        for (int k = -1; k <= 1; k++) {
            double y = k ? nextafter(x, k < 0 ? -1e9 : 1e9) : x, s, c;
            CHECK(ulps(es_sin(y), sinl((long double)y)) <= 0.8);
            CHECK(ulps(es_cos(y), cosl((long double)y)) <= 0.8);
            es_sincos(y, &s, &c);
            CHECK(s == es_sin(y) && c == es_cos(y));
        }
    }
}

TEST(angles_of_points_in_every_quarter)
{
    uint64_t s = 2;
    double worst = 0;
    for (int k = 0; k < DRAWS; k++) {
        double y = any(&s, k % 2 ? 3 : 200), x = any(&s, k % 2 ? 3 : 200);
        double d = ulps(es_atan2(y, x), atan2l((long double)y, (long double)x));
        worst = fmax(worst, d);
    }
    print_message("atan2: %.3f ulp\n", worst);
    CHECK(worst <= 1.6);
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

TEST(zeros_infinities_and_nothing_as_c_has_them)
{
    static const double V[] = { 0.0,  -0.0, 1,   -1,       2,         -3,
                                1e-9, 1e9,  NAN, INFINITY, -INFINITY, 5e-324 };
    for (size_t i = 0; i < sizeof V / sizeof *V; i++) {
        for (size_t k = 0; k < sizeof V / sizeof *V; k++) {
            double got = es_atan2(V[i], V[k]), want = atan2(V[i], V[k]);
            CHECK(same(got, want) || ulps(got, (long double)want) <= 1.6);
            CHECK(signbit(got) == signbit(want) || isnan(got));
        }
        CHECK(ulps(es_exp(V[i]), expl((long double)V[i])) <= 0.9 ||
              isnan(V[i]));
    }
    CHECK(es_sin(0) == 0 && es_cos(0) == 1);
    CHECK(isnan(es_sin(INFINITY)) && isnan(es_cos(NAN)));
    CHECK(isnan(es_sin(1.1e4)) && isnan(es_cos(-1.1e4)));
    CHECK(es_ln(1) == 0 && es_ln(0) == -INFINITY && isnan(es_ln(-1)));
    CHECK(es_ln(INFINITY) == INFINITY && isnan(es_ln(NAN)));
    CHECK(ulps(es_ln(5e-324), logl((long double)5e-324)) <= 0.9);
    CHECK(es_exp(710) == INFINITY && es_exp(-746) == 0 && es_exp(0) == 1);
    CHECK(es_exp(-745) == exp(-745) && es_exp(709.7) < INFINITY);
    CHECK(es_hypot(3, -4) == 5 && es_hypot(0, 0) == 0);
}

TEST(powers)
{
    uint64_t s = 3;
    for (int k = 0; k < DRAWS; k++) {
        double x = exp2((2 * unit(&s) - 1) * 30), y = (2 * unit(&s) - 1) * 9;
        double want = (double)powl((long double)x, (long double)y);
        double most = 0x1p-52 * (1 + fabs(y * log(x)));
        CHECK(fabs(es_pow(x, y) / want - 1) <= most);
    }
    CHECK(es_pow(1, 1e9) == 1 && es_pow(7, 0) == 1 && es_pow(0, 2) == 0);
}
