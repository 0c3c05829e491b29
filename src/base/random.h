/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_RANDOM_H
#define ES_BASE_RANDOM_H

#include "base/bytes.h"

/* Bytes from getrandom(2). Aborts where the kernel can't give them: nothing
 * that follows would be safe. */
void es_random_bytes(void *out, size_t n);
uint64_t es_random_u64(void);

/* Lower-case Crockford base32 (no i l o u) of `bits` random bits; writes
 * ceil(bits / 5) characters and a NUL. bits in 5..320. */
void es_random_code(char *out, size_t cap, unsigned bits);
#define ES_CODE_BITS 50 /* public codes: 10 characters */
#define ES_CODE_TEXT 11
#define ES_SECRET_BITS 160 /* tokens and personal links: 32 characters */
#define ES_SECRET_TEXT 33

/* A new 63-bit id: milliseconds since 2026-01-01 in the upper 41 bits, then
 * 22 random bits, strictly rising within a process. Thread-safe. */
int64_t es_id_new(void);
/* An id as if it had been made at t_ms, for what happened then; it stands
 * among those of that moment, and no rise is promised. */
int64_t es_id_at(int64_t t_ms);

#endif
