/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_DECIMAL_H
#define ES_BASE_DECIMAL_H

#include "base/buf.h"

/* Appends the shortest plain decimal ("-12.25", never an exponent, which
 * xsd:decimal forbids) that reads back as the same v. It has at most 22
 * decimals: below 1e-5 v comes back within 5e-23 instead.
 * Not finite, or |v| >= 2^63: appends nothing. */
void es_buf_f64(struct es_buf *b, double v);
/* The same for a float; it reads back whether as float or through double. */
void es_buf_f32(struct es_buf *b, float v);
/* Appends v in decimal. */
void es_buf_u64(struct es_buf *b, uint64_t v);

#endif
