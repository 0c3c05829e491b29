/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_FORMAT_H
#define ES_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* vsnprintf without its locale, which would write "5,2" in a program that has
 * set one, and the same to the last digit on every C library: at most cap - 1
 * bytes and a NUL into out (cap 0: nothing); returns the length of the whole.
 * Knows %d %i %u %x %X %c %s %f %%, the flags - 0 #, widths and precisions,
 * also as *, and the lengths hh h l ll z j t. %f has at most 9 decimals,
 * rounded as vsnprintf rounds; beyond 2^63 it says "inf". Any other
 * conversion is a bug (assert). */
int es_vformat(char *out, size_t cap, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
int es_format(char *out, size_t cap, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
