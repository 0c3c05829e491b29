/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fit_mutate.h"

#include <stdbool.h>
#include <string.h>

#include "base/crc.h"

enum { HEADER = 14, CRC = 2, SPANS_MAX = 512, FIELDS_MAX = 12 };

/* A message in the file, its header byte included. */
struct span {
    size_t at, n;
    bool is_definition;
};

struct mutation {
    uint8_t *p;
    size_t n, max; /* without the checksum */
    uint64_t state;
    struct span spans[SPANS_MAX];
    size_t n_spans;
};

static unsigned below(struct mutation *m, unsigned n)
{
    m->state ^= m->state << 13;
    m->state ^= m->state >> 7;
    m->state ^= m->state << 17;
    return (unsigned)((m->state >> 20) % n);
}

/* A byte as formats fear them. */
static uint8_t odd_byte(struct mutation *m)
{
    static const uint8_t ODD[] = { 0, 1, 2, 4, 0x7f, 0x80, 0xfe, 0xff };
    return below(m, 3) ? ODD[below(m, sizeof ODD)] : (uint8_t)below(m, 256);
}

/* Length of the definition at `at`, 0 when it isn't whole; *body is that of
 * its messages. */
static size_t definition(const struct mutation *m, size_t at, size_t *body)
{
    size_t end = at + 6;
    *body = 0;
    for (int part = 0; part < (m->p[at] & 0x20 ? 2 : 1); part++) {
        end += (size_t)part;
        if (end > m->n)
            return 0;
        size_t fields = m->p[end - 1];
        if (3 * fields > m->n - end)
            return 0;
        for (; fields > 0; fields--, end += 3)
            *body += m->p[end + 1];
    }
    return end - at;
}

/* Finds the messages, up to where they can't be told. */
static void walk(struct mutation *m)
{
    size_t body[16] = { 0 };
    m->n_spans = 0;
    for (size_t at = HEADER; at < m->n && m->n_spans < SPANS_MAX;) {
        uint8_t head = m->p[at];
        struct span s = { at, 0, (head & 0xc0) == 0x40 };
        if (s.is_definition)
            s.n = definition(m, at, &body[head & 15]);
        else
            s.n = 1 + body[head & 0x80 ? head >> 5 & 3 : head & 15];
        if (s.n == 0 || s.n > m->n - at)
            return;
        m->spans[m->n_spans++] = s;
        at += s.n;
    }
}

/* One of them, by kind where there is one; NULL when there is none. */
static const struct span *pick(struct mutation *m, bool is_definition)
{
    for (int tries = 0; m->n_spans > 0 && tries < 16; tries++) {
        const struct span *s = &m->spans[below(m, (unsigned)m->n_spans)];
        if (s->is_definition == is_definition)
            return s;
    }
    return NULL;
}

static void insert(struct mutation *m, size_t at, const uint8_t *s, size_t n)
{
    if (n > m->max - m->n)
        return;
    memmove(m->p + at + n, m->p + at, m->n - at);
    memcpy(m->p + at, s, n);
    m->n += n;
}

static void repeat(struct mutation *m)
{
    uint8_t copy[1024];
    const struct span *s = pick(m, below(m, 2));
    if (!s || s->n > sizeof copy)
        return;
    memcpy(copy, m->p + s->at, s->n);
    const struct span *to = &m->spans[below(m, (unsigned)m->n_spans)];
    insert(m, to->at, copy, s->n);
}

static void drop(struct mutation *m)
{
    const struct span *s = pick(m, below(m, 8) == 0);
    if (!s)
        return;
    memmove(m->p + s->at, m->p + s->at + s->n, m->n - s->at - s->n);
    m->n -= s->n;
}

/* Number, base type or byte order of what is there; rarely a size, which
 * moves all that follows. */
static void redefine(struct mutation *m)
{
    const struct span *s = pick(m, true);
    if (!s)
        return;
    uint8_t *d = m->p + s->at;
    size_t field = d[5] ? 6 + 3 * below(m, d[5]) : 0;
    switch (below(m, 8)) {
    case 0:
        d[2] = odd_byte(m);
        break;
    case 1:
        d[below(m, 2) + 3] = odd_byte(m);
        break;
    case 2:
        d[field + 1] = odd_byte(m);
        break;
    default:
        d[field + 2 * below(m, 2)] = odd_byte(m);
        break;
    }
}

static void revalue(struct mutation *m)
{
    const struct span *s = pick(m, false);
    if (!s)
        return;
    if (below(m, 16) == 0 || s->n == 1) { /* a time in its header */
        m->p[s->at] = (uint8_t)(0x80u | (m->p[s->at] & 3u) << 5 | below(m, 32));
        return;
    }
    size_t at = s->at + 1 + below(m, (unsigned)s->n - 1);
    for (unsigned n = 1u << below(m, 3); n > 0 && at < s->at + s->n; n--)
        m->p[at++] = odd_byte(m);
}

/* A definition of a message that is read, and some of it. */
static void add(struct mutation *m)
{
    static const uint8_t GLOBALS[] = { 0,  12, 18, 19,  20,  20, 20,
                                       21, 23, 34, 101, 132, 206 };
    static const uint8_t NUMS[] = { 0, 1,  2,  3,  4,  5,  6,  7,  8,
                                    9, 10, 14, 15, 31, 44, 53, 73, 78 };
    static const uint8_t BASES[] = { 0x02, 0x84, 0x86, 0x85, 0x88, 0x07 };
    static const uint8_t SIZES[] = { 1, 2, 4, 4, 4, 12 };
    uint8_t s[1024] = { (uint8_t)(0x40 | below(m, 16)), 0, below(m, 4) == 0 };
    size_t n = 6, body = 0, fields = 1 + below(m, FIELDS_MAX);
    s[s[2] ? 4 : 3] = GLOBALS[below(m, sizeof GLOBALS)];
    s[5] = (uint8_t)fields;
    for (size_t i = 0; i < fields; i++) {
        unsigned k = below(m, sizeof BASES);
        s[n++] = i == 0 ? 253 : NUMS[below(m, sizeof NUMS)];
        s[n++] = i == 0 ? 4 : SIZES[k];
        s[n++] = i == 0 ? 0x86 : BASES[k];
        body += s[n - 2];
    }
    if (below(m, 4) == 0) { /* a developer field of two bytes */
        static const uint8_t ONE[] = { 1, 0, 2, 0 };
        s[0] |= 0x20;
        memcpy(s + n, ONE, sizeof ONE);
        n += sizeof ONE;
        body += 2;
    }
    for (unsigned k = below(m, 4); k > 0; k--) {
        s[n++] = s[0] & 15;
        for (size_t i = 0; i < body; i++)
            s[n++] = below(m, 4) ? (uint8_t)below(m, 256) : odd_byte(m);
    }
    size_t to = m->n_spans ? m->spans[below(m, (unsigned)m->n_spans)].at : m->n;
    insert(m, to, s, n);
}

static void begin(struct mutation *m)
{
    static const uint8_t HEAD[HEADER] = { HEADER, 0x20, 0,   0,   0,   0,
                                          0,      0,    '.', 'F', 'I', 'T' };
    if (m->n < HEADER || m->p[0] != HEADER ||
        memcmp(m->p + 8, ".FIT", 4) != 0) {
        memcpy(m->p, HEAD, HEADER);
        m->n = HEADER;
    }
}

/* The size and the checksum, most of the time as they should be. */
static size_t finish(struct mutation *m)
{
    size_t size = m->n - HEADER;
    for (size_t i = 0; i < 4 && below(m, 64); i++)
        m->p[4 + i] = (uint8_t)(size >> (8 * i));
    uint16_t crc = es_crc16(0, (struct es_bytes){ m->p, m->n });
    if (below(m, 64) == 0)
        crc ^= 1;
    m->p[m->n] = (uint8_t)crc;
    m->p[m->n + 1] = (uint8_t)(crc >> 8);
    return m->n + CRC;
}

size_t fit_mutate(uint8_t *p, size_t n, size_t max, unsigned seed)
{
    struct mutation m = { .p = p,
                          .state = seed * 2654435761u + 88172645463325252u };
    if (max < HEADER + CRC)
        return n;
    m.n = n > CRC ? n - CRC : 0;
    m.max = max - CRC;
    begin(&m);
    for (unsigned times = 1 + below(&m, 4); times > 0; times--) {
        static void (*const WAYS[])(struct mutation *) = {
            repeat, drop, redefine, revalue, revalue, revalue, add, add,
        };
        walk(&m);
        WAYS[below(&m, sizeof WAYS / sizeof *WAYS)](&m);
    }
    return finish(&m);
}
