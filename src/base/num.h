/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_NUM_H
#define ES_BASE_NUM_H

#include "base/buf.h"

/* Numbers as text, the same in every locale. */

/* The whole of `s` as a decimal: [+-] digits [. digits] [e [+-] digits].
 * No white space, no hex, no inf or nan. The nearest double (halves to even)
 * for up to 19 digits, counted from the first that isn't 0, and exponents
 * within +-27; later digits are cut; beyond those exponents within a few ulp;
 * 1e400 is refused (not finite). On false *out is untouched. */
bool es_num_f64(struct es_bytes s, double *out);

/* The whole of `s` as a decimal integer in [min, max]; no white space. */
bool es_num_i64(struct es_bytes s, int64_t min, int64_t max, int64_t *out);

/* Appends v with at most `places` (0..9) decimals, trailing zeros cut, never
 * "-0". Non-finite or |v| >= 1e15 appends "null": the only user is JSON. */
void es_buf_num(struct es_buf *b, double v, int places);

#endif
