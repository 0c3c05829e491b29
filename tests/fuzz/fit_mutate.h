/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_TESTS_FUZZ_FIT_MUTATE_H
#define ES_TESTS_FUZZ_FIT_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes the FIT file p[0..n) as somebody would who knows the format: its
 * messages stay where definitions say they are, mostly, and its size and
 * checksum right, mostly. What is no FIT file becomes one. Never longer than
 * max. Returns the new length; the same seed changes the same way. */
size_t fit_mutate(uint8_t *p, size_t n, size_t max, unsigned seed);

#endif
