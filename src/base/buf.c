/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"

void es_buf_init(struct es_buf *b, size_t max)
{
    *b = (struct es_buf){ .max = max };
}

void es_buf_release(struct es_buf *b)
{
    size_t max = b->max;
    free(b->p);
    *b = (struct es_buf){ .max = max };
}

void es_buf_clear(struct es_buf *b)
{
    b->n = 0;
    b->bad = false;
    if (b->p)
        b->p[0] = 0;
}

/* Room for `n` more bytes and the NUL. */
static bool reserve(struct es_buf *b, size_t n)
{
    if (b->bad || n > b->max - b->n) {
        b->bad = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    uint8_t *p = realloc(b->p, cap);
    if (!p) {
        b->bad = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void es_buf_add(struct es_buf *b, const void *p, size_t n)
{
    if (n == 0 || !reserve(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = 0;
}

void es_buf_str(struct es_buf *b, const char *s)
{
    es_buf_add(b, s, strlen(s));
}

static void add_le(struct es_buf *b, uint64_t v, size_t n)
{
    uint8_t raw[8];
    for (size_t i = 0; i < n; i++)
        raw[i] = (uint8_t)(v >> (8 * i));
    es_buf_add(b, raw, n);
}

void es_buf_u8(struct es_buf *b, uint8_t v)
{
    es_buf_add(b, &v, 1);
}

void es_buf_u16le(struct es_buf *b, uint16_t v)
{
    add_le(b, v, 2);
}

void es_buf_u32le(struct es_buf *b, uint32_t v)
{
    add_le(b, v, 4);
}

void es_buf_u64le(struct es_buf *b, uint64_t v)
{
    add_le(b, v, 8);
}

void es_buf_f64le(struct es_buf *b, double v)
{
    uint64_t u = 0x7ff8000000000000; /* processors differ in a NAN's sign */
    if (!isnan(v))
        memcpy(&u, &v, sizeof u);
    add_le(b, u, 8);
}

void es_buf_fmt(struct es_buf *b, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, fmt);
    int n = es_vformat(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->bad = true;
        return;
    }
    if ((size_t)n < sizeof small) {
        es_buf_add(b, small, (size_t)n);
        return;
    }
    if (!reserve(b, (size_t)n))
        return;
    va_start(ap, fmt);
    (void)es_vformat((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

struct es_bytes es_buf_bytes(const struct es_buf *b)
{
    if (b->bad)
        return (struct es_bytes){ NULL, 0 };
    return (struct es_bytes){ b->p, b->n };
}

const char *es_buf_cstr(const struct es_buf *b)
{
    return b->bad || !b->p ? "" : (const char *)b->p;
}
