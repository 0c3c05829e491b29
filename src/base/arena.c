/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static struct es_arena_chunk *grow(struct es_arena *a, size_t n)
{
    size_t cap = n > CHUNK / 4 ? n : CHUNK;
    struct es_arena_chunk *c = calloc(1, sizeof *c + cap);
    if (!c)
        return NULL;
    c->cap = cap;
    if (cap == n && a->head) { /* a large block goes behind the open chunk */
        c->next = a->head->next;
        a->head->next = c;
    } else {
        c->next = a->head;
        a->head = c;
    }
    return c;
}

void *es_arena_alloc(struct es_arena *a, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    n = n ? (n + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if (n > a->max - a->used)
        return NULL;
    struct es_arena_chunk *c = a->head;
    if (!c || n > c->cap - c->n)
        c = grow(a, n);
    if (!c)
        return NULL;
    uint8_t *p = (uint8_t *)(c + 1) + c->n;
    c->n += n;
    a->used += n;
    return p;
}

void *es_arena_array(struct es_arena *a, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        return NULL;
    return es_arena_alloc(a, total);
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
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return NULL;
    char *s = es_arena_alloc(a, (size_t)n + 1);
    if (!s)
        return NULL;
    va_start(ap, fmt);
    (void)vsnprintf(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return s;
}
