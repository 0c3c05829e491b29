/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"

enum { CHUNK = 32768, ALIGN = 16 };

struct es_arena_chunk {
    struct es_arena_chunk *next;
    size_t cap;
    size_t n;
    size_t pad; /* keeps the data that follows aligned to 16 */
};

static_assert(sizeof(struct es_arena_chunk) % ALIGN == 0, "chunk alignment");

void es_arena_init(struct es_arena *a, size_t max)
{
    *a = (struct es_arena){ .max = max };
}

void es_arena_release(struct es_arena *a)
{
    struct es_arena_chunk *c = a->head;
    while (c) {
        struct es_arena_chunk *next = c->next;
        free(c);
        c = next;
    }
    *a = (struct es_arena){ .max = a->max };
}

static struct es_arena_chunk *grow(struct es_arena *a, size_t n, bool zeroed)
{
    size_t cap = n > CHUNK / 4 ? n : CHUNK;
    bool bare = cap == n && !zeroed; /* the rest of a chunk is for all */
    struct es_arena_chunk *c =
        bare ? malloc(sizeof *c + cap) : calloc(1, sizeof *c + cap);
    if (!c)
        return NULL;
    *c = (struct es_arena_chunk){ .cap = cap };
    if (cap == n && a->head) { /* a large block goes behind the open chunk */
        c->next = a->head->next;
        a->head->next = c;
    } else {
        c->next = a->head;
        a->head = c;
    }
    return c;
}

/* What n bytes take; 0 when that is too much for any arena. */
static size_t rounded(size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return 0;
    return n ? (n + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
}

static void *alloc(struct es_arena *a, size_t n, bool zeroed)
{
    n = rounded(n);
    if (n == 0 || n > a->max - a->used)
        return NULL;
    struct es_arena_chunk *c = a->head;
    if (!c || n > c->cap - c->n)
        c = grow(a, n, zeroed);
    if (!c)
        return NULL;
    uint8_t *p = (uint8_t *)(c + 1) + c->n;
    c->n += n;
    a->used += n;
    return p;
}

void *es_arena_alloc(struct es_arena *a, size_t n)
{
    return alloc(a, n, true);
}

/* The link to the chunk whose last block is p; NULL when it isn't the last of
 * any of those that were added most recently. */
static struct es_arena_chunk **chunk_of(struct es_arena *a, const uint8_t *p,
                                        size_t had)
{
    enum { LOOK = 64 };
    struct es_arena_chunk **at = &a->head;
    for (int i = 0; i < LOOK && *at; i++, at = &(*at)->next) {
        struct es_arena_chunk *c = *at;
        if (c->n >= had && p == (uint8_t *)(c + 1) + (c->n - had))
            return at;
    }
    return NULL;
}

/* Grows the last block of the chunk in place; NULL when that can't be. */
static void *stretch(struct es_arena_chunk **at, size_t had, size_t n)
{
    struct es_arena_chunk *c = *at;
    if (n - had > c->cap - c->n) {
        if (c->n != had)
            return NULL; /* shared with others */
        c = realloc(c, sizeof *c + n);
        if (!c)
            return NULL;
        c->cap = n;
        *at = c;
    }
    c->n += n - had;
    return (uint8_t *)(c + 1) + (c->n - n);
}

void *es_arena_grow(struct es_arena *a, void *p, size_t had, size_t n)
{
    if (!p)
        return es_arena_alloc(a, n);
    size_t was = rounded(had);
    size_t want = rounded(n);
    if (want == 0 || want < was || want - was > a->max - a->used)
        return NULL;
    struct es_arena_chunk **at = chunk_of(a, p, was);
    void *now = at ? stretch(at, was, want) : NULL;
    if (now) {
        a->used += want - was;
        return now;
    }
    now = es_arena_alloc(a, n);
    if (now)
        memcpy(now, p, had);
    return now;
}

void *es_arena_array(struct es_arena *a, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        return NULL;
    return es_arena_alloc(a, total);
}

void *es_arena_bare(struct es_arena *a, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        return NULL;
    return alloc(a, total, false);
}

char *es_arena_strn(struct es_arena *a, const void *p, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *s = es_arena_alloc(a, n + 1);
    if (s && n)
        memcpy(s, p, n);
    return s;
}

char *es_arena_str(struct es_arena *a, const char *s)
{
    return es_arena_strn(a, s, strlen(s));
}

char *es_arena_fmt(struct es_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = es_vformat(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return NULL;
    char *s = es_arena_alloc(a, (size_t)n + 1);
    if (!s)
        return NULL;
    va_start(ap, fmt);
    (void)es_vformat(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return s;
}
