/* SPDX-License-Identifier: Apache-2.0 */
/* Order without qsort: glibc's asks the system for its memory size, which a
 * sandbox kills for, and its order of equals is nobody's promise. */
#ifndef ES_BASE_SORT_H
#define ES_BASE_SORT_H

#include <stddef.h>

/* Sorts n items of `size` bytes (<= 256) in place: heapsort, n log n in the
 * worst case, no memory. Not stable: cmp must tell all items apart whose
 * order matters. cmp answers < 0, 0 or > 0, as for qsort. */
void es_sort(void *items, size_t n, size_t size,
             int (*cmp)(const void *, const void *));

/* The k-th smallest (0-based) of v[0..n), whose values are >= 0 or +0 and no
 * NAN; k < n. Linear also in the worst case: digits of 11 bits, not pivots.
 * Spends v. */
double es_select_f64(double *v, size_t n, size_t k);

#endif
