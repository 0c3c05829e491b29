/* SPDX-License-Identifier: Apache-2.0 */
/* The one way to write a test here; cmocka stands behind it.
 *
 *     TEST(rounds_half_up)
 *     {
 *         CHECK_INT(round_m(2.5), 3);
 *     }
 *
 * A file of TESTs linked with t.c is a program; meson runs it. `-f PATTERN`
 * runs the tests whose name matches. */
#ifndef ES_TESTS_T_H
#define ES_TESTS_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

void t_register(const char *name, CMUnitTestFunction fn);

#define TEST(name)                                                             \
    static void test_##name(void **state);                                     \
    __attribute__((constructor)) static void reg_##name(void)                  \
    {                                                                          \
        t_register(#name, test_##name);                                        \
    }                                                                          \
    static void test_##name(void **state __attribute__((unused)))

#define CHECK(x) assert_true(x)
#define CHECK_INT(a, b) assert_int_equal(a, b)
#define CHECK_STR(a, b) assert_string_equal(a, b)
/* |a - b| <= tol, and both finite. */
#define CHECK_NEAR(a, b, tol) t_near(a, b, tol, #a, __FILE__, __LINE__)
/* Fails the test with a message. */
#define FAIL(...) fail_msg(__VA_ARGS__)
/* Ends the test as skipped, and says why. */
#define SKIP(...) t_skip(__VA_ARGS__)

void t_near(double a, double b, double tol, const char *what, const char *file,
            int line);
void t_skip(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), noreturn));

/* A copy of p[0..n) that ends at an unmapped page: reading one byte too far
 * crashes. Free with t_guarded_free. */
struct es_bytes t_guarded(const uint8_t *p, size_t n);
void t_guarded_free(struct es_bytes s);

/* A fresh empty folder, removed with its content at exit. */
const char *t_tmpdir(void);

/* ../shared/tracks next to the checkout, or NULL: tests that need it skip. */
const char *t_tracks(void);

#endif
