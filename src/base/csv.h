/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_CSV_H
#define ES_BASE_CSV_H

#include "base/buf.h"

/* One row of a table as RFC 4180 writes it: each value in quotes, CR LF at the
 * end. What a spreadsheet would run as a formula (it begins with = + - @, a
 * tab or CR, or the wide forms of the first four) gets an apostrophe before
 * it, which they show as text. A NULL is empty. */
void es_buf_csv(struct es_buf *b, const char *const *values, size_t n);

#endif
