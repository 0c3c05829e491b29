/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

struct es_bytes es_bytes_str(const char *s)
{
    return (struct es_bytes){ (const uint8_t *)s, s ? strlen(s) : 0 };
}

bool es_bytes_eq(struct es_bytes a, struct es_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool es_bytes_begins(struct es_bytes s, const char *word)
{
    size_t i = 0;
    while (i < s.n && word[i] && lower(s.p[i]) == lower((uint8_t)word[i]))
        i++;
    return word[i] == '\0';
}

bool es_bytes_is(struct es_bytes s, const char *word)
{
    return s.n == strlen(word) && es_bytes_begins(s, word);
}

void es_rd_init(struct es_rd *r, struct es_bytes in)
{
    *r = (struct es_rd){ in.p, in.n, 0, false };
}

size_t es_rd_left(const struct es_rd *r)
{
    return r->bad ? 0 : r->n - r->at;
}

bool es_rd_take(struct es_rd *r, size_t want, const uint8_t **out)
{
    *out = NULL;
    if (r->bad || want > r->n - r->at) { /* subtract: cannot wrap */
        r->bad = true;
        return false;
    }
    *out = want ? r->p + r->at : r->p;
    r->at += want;
    return true;
}

bool es_rd_skip(struct es_rd *r, size_t want)
{
    const uint8_t *p;
    return es_rd_take(r, want, &p);
}

bool es_rd_sub(struct es_rd *r, size_t want, struct es_rd *out)
{
    const uint8_t *p;
    bool ok = es_rd_take(r, want, &p);
    *out = (struct es_rd){ p, ok ? want : 0, 0, !ok };
    return ok;
}

static uint64_t take_le(struct es_rd *r, size_t n)
{
    const uint8_t *p;
    uint64_t v = 0;
    if (!es_rd_take(r, n, &p))
        return 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static uint64_t take_be(struct es_rd *r, size_t n)
{
    const uint8_t *p;
    uint64_t v = 0;
    if (!es_rd_take(r, n, &p))
        return 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

uint8_t es_rd_u8(struct es_rd *r)
{
    return (uint8_t)take_le(r, 1);
}

uint16_t es_rd_u16le(struct es_rd *r)
{
    return (uint16_t)take_le(r, 2);
}

uint16_t es_rd_u16be(struct es_rd *r)
{
    return (uint16_t)take_be(r, 2);
}

uint32_t es_rd_u32le(struct es_rd *r)
{
    return (uint32_t)take_le(r, 4);
}

uint32_t es_rd_u32be(struct es_rd *r)
{
    return (uint32_t)take_be(r, 4);
}

uint64_t es_rd_u64le(struct es_rd *r)
{
    return take_le(r, 8);
}

double es_rd_f64le(struct es_rd *r)
{
    uint64_t u = take_le(r, 8);
    double d;
    memcpy(&d, &u, sizeof d);
    return d;
}
