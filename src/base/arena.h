/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_ARENA_H
#define ES_BASE_ARENA_H

#include "base/bytes.h"

struct es_arena_chunk;

/* An arena: memory for one request or one decode, freed whole. `max` bounds
 * the bytes handed out (not the chunk overhead). The zero state is an arena
 * whose every allocation fails. Not thread-safe. */
struct es_arena {
    struct es_arena_chunk *head;
    size_t used;
    size_t max;
};

void es_arena_init(struct es_arena *a, size_t max);
void es_arena_release(struct es_arena *a);
/* Zeroed memory aligned to 16, or NULL when `max` or memory is exhausted. */
void *es_arena_alloc(struct es_arena *a, size_t n);
/* The block p of `had` bytes (NULL and 0: none yet) with room for n >= had, as
 * it was so far and not zeroed after that; p is no longer good. The last block
 * that was handed out, and any that is large, grow where they are, and only
 * what they grow by is handed out. NULL, and p as it was, as for
 * es_arena_alloc. */
void *es_arena_grow(struct es_arena *a, void *p, size_t had, size_t n);
/* n * size with the product checked. */
void *es_arena_array(struct es_arena *a, size_t n, size_t size);
/* The same with anything in it, for what is written whole before it is read:
 * zeros for all points of a file take a twentieth of its decoding. */
void *es_arena_bare(struct es_arena *a, size_t n, size_t size);
/* A NUL-terminated copy; NULL when out of memory. */
char *es_arena_strn(struct es_arena *a, const void *p, size_t n);
char *es_arena_str(struct es_arena *a, const char *s);
char *es_arena_fmt(struct es_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
