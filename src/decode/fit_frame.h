/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a FIT file: headers, definitions, messages, checksums, without
 * knowing what a message means. Source: FIT protocol 2.0. Not for other
 * modules. */
#ifndef ES_DECODE_FIT_FRAME_H
#define ES_DECODE_FIT_FRAME_H

#include <string.h>

#include "base/bytes.h"

enum { ES_FIT_LOCALS = 16, ES_FIT_TIMESTAMP = 253 };
#define ES_FIT_HOST_BIG (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define ES_FIT_NO_TIME UINT32_MAX
#define ES_FIT_UNDEFINED SIZE_MAX /* size of a definition that isn't there */

/* A field as a definition has it. */
struct es_fit_field {
    uint8_t num;
    uint8_t size; /* bytes; 0 occurs */
    uint8_t base; /* base type; of a developer field: whose it is */
};

struct es_fit_def {
    struct es_bytes text; /* borrowed, from its header byte; empty: none */
    size_t size;          /* of a message's body, developer fields included */
    uint32_t stamp;       /* another number for each that differs; never 0 */
    uint32_t time_at;     /* of its timestamp, bytes into the body */
    uint16_t global;
    uint8_t local;
    uint8_t n_fields;
    uint8_t n_extras; /* developer fields, which follow the others */
    bool big;         /* big-endian */
    bool timed;       /* it has a timestamp */
};

struct es_fit_msg {
    const struct es_fit_def *def;
    struct es_bytes body; /* def->size bytes, borrowed */
    size_t at;            /* of its header byte */
    uint32_t time;        /* from a compressed header, else ES_FIT_NO_TIME */
};

/* What is wrong with the bytes around the messages. */
enum {
    ES_FIT_BAD_HEADER_CRC = 1,
    ES_FIT_BAD_CRC = 2,
    ES_FIT_NO_CRC = 4,   /* ends before it */
    ES_FIT_NO_SIZE = 8,  /* data size 0: the recording never ended */
    ES_FIT_SHORT = 16,   /* less data than the header says */
    ES_FIT_BAD_SIZE = 32 /* more data than it says, as the checksum shows */
};

/* One of the files that may be chained in an upload. */
struct es_fit_file {
    size_t at;        /* of its header */
    size_t end;       /* past its checksum: the next one's header */
    size_t base;      /* of the first message */
    unsigned flags;   /* ES_FIT_... above */
    struct es_rd rd;  /* over the messages; borrows the input */
    uint32_t clock;   /* what compressed times count from */
    uint32_t stamps;  /* given to definitions so far */
    const char *stop; /* why reading ended early, or NULL */
    size_t stop_at;
    struct es_fit_def defs[ES_FIT_LOCALS];
};

/* True when a FIT header stands at `at`. */
bool es_fit_header_at(struct es_bytes in, size_t at);

/* Opens the file whose header stands at `at`; false when none does. */
bool es_fit_open(struct es_bytes in, size_t at, struct es_fit_file *f);

/* Numbers in a message, which end within it: whoever takes one has looked at
 * the definition's sizes. */
static inline uint32_t es_fit_u16(const uint8_t *p, size_t at, bool big)
{
    uint16_t v;
    memcpy(&v, &p[at], sizeof v);
    return big == ES_FIT_HOST_BIG ? v : __builtin_bswap16(v);
}

static inline uint32_t es_fit_u32(const uint8_t *p, size_t at, bool big)
{
    uint32_t v;
    memcpy(&v, &p[at], sizeof v);
    return big == ES_FIT_HOST_BIG ? v : __builtin_bswap32(v);
}

/* Moves over the message of definition d that stands next, whole. */
static inline void es_fit_take(struct es_fit_file *f, struct es_fit_msg *m,
                               const struct es_fit_def *d)
{
    size_t at = f->rd.at;
    m->def = d;
    m->body = (struct es_bytes){ f->rd.p + at + 1, d->size };
    m->at = f->base + at;
    m->time = ES_FIT_NO_TIME;
    f->rd.at = at + 1 + d->size;
    if (d->timed) { /* what compressed times count from */
        uint32_t t = es_fit_u32(m->body.p, d->time_at, d->big);
        if (t != ES_FIT_NO_TIME)
            f->clock = t;
    }
}

/* es_fit_next for what isn't a plain message. */
bool es_fit_next_other(struct es_fit_file *f, struct es_fit_msg *m);

/* The next message. False at the end of the file, or where it can't be read
 * on; then f->stop says why. */
static inline bool es_fit_next(struct es_fit_file *f, struct es_fit_msg *m)
{
    const struct es_rd *r = &f->rd;
    if (r->at == r->n)
        return false;
    uint8_t head = r->p[r->at];
    const struct es_fit_def *d = &f->defs[head & 15];
    if (head & 0xc0 || d->size >= r->n - r->at)
        return es_fit_next_other(f, m);
    es_fit_take(f, m, d);
    return true;
}

/* Whether the message after m has the header byte `head` too, `step` bytes with
 * it; m is it then, and *at past it. For loops: f hears of it afterwards, by
 * es_fit_went. */
static inline bool es_fit_go_on(const uint8_t *p, uint8_t head, size_t step,
                                size_t end, size_t *at, struct es_fit_msg *m)
{
    size_t next = *at;
    if (step > end - next || p[next] != head)
        return false;
    m->body.p = p + next + 1;
    m->time = ES_FIT_NO_TIME;
    *at = next + step;
    return true;
}

/* Moves f past messages like m that end at `at`; it stands past the first. */
static inline void es_fit_went(struct es_fit_file *f, struct es_fit_msg *m,
                               size_t at)
{
    const struct es_fit_def *d = m->def;
    size_t first = f->rd.at, last = at;
    uint32_t t = ES_FIT_NO_TIME;
    for (; d->timed && last > first && t == ES_FIT_NO_TIME; last -= d->size + 1)
        t = es_fit_u32(f->rd.p, last - d->size + d->time_at, d->big);
    if (t != ES_FIT_NO_TIME)
        f->clock = t;
    f->rd.at = at;
}

/* Adds to counts[i] how many messages of globals[i] will be read. */
void es_fit_count(const struct es_fit_file *f, const uint16_t *globals,
                  size_t *counts, size_t n);

/* Field i < n_fields; developer field i < n_extras. */
static inline struct es_fit_field es_fit_field(const struct es_fit_def *d,
                                               size_t i)
{
    const uint8_t *t = d->text.p;
    size_t at = 6 + 3 * i;
    return (struct es_fit_field){ t[at], t[at + 1], t[at + 2] };
}

static inline struct es_fit_field es_fit_extra(const struct es_fit_def *d,
                                               size_t i)
{
    const uint8_t *t = d->text.p;
    size_t at = 7 + 3 * ((size_t)d->n_fields + i);
    return (struct es_fit_field){ t[at], t[at + 1], t[at + 2] };
}

#endif
