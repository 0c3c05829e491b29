/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_frame.h"

#include <string.h>

#include "base/crc.h"

enum { HEADER_MIN = 12, HEADER_CRC = 14, CRC_SIZE = 2 };
enum { COMPRESSED = 0x80, DEFINITION = 0x40, DEVELOPER = 0x20 };

static uint16_t crc_of(struct es_bytes in, size_t from, size_t n)
{
    struct es_rd r, part;
    es_rd_init(&r, in);
    if (!es_rd_skip(&r, from) || !es_rd_sub(&r, n, &part))
        return 0;
    return es_crc16(0, (struct es_bytes){ part.p, part.n });
}

/* The checksum that stands at `at`. */
static uint16_t crc_at(struct es_bytes in, size_t at)
{
    struct es_rd r;
    es_rd_init(&r, in);
    es_rd_skip(&r, at);
    return es_rd_u16le(&r);
}

bool es_fit_header_at(struct es_bytes in, size_t at)
{
    struct es_rd r;
    const uint8_t *magic;
    es_rd_init(&r, in);
    es_rd_skip(&r, at);
    uint8_t size = es_rd_u8(&r);
    es_rd_skip(&r, 7);
    return es_rd_take(&r, 4, &magic) && memcmp(magic, ".FIT", 4) == 0 &&
           size >= HEADER_MIN && size <= in.n - at;
}

/* Whether the input's last two bytes are the checksum of all from the header
 * on. */
static bool whole_to_end(struct es_bytes in, const struct es_fit_file *f)
{
    return in.n - f->base >= CRC_SIZE &&
           crc_of(in, f->at, in.n - f->at - CRC_SIZE) ==
               crc_at(in, in.n - CRC_SIZE);
}

/* Where the messages end, and what that says about the file. */
static size_t data_end(struct es_bytes in, struct es_fit_file *f, size_t size)
{
    size_t left = in.n - f->base;
    if (size == 0 && left > CRC_SIZE) {
        f->flags |= ES_FIT_NO_SIZE;
        return whole_to_end(in, f) ? in.n - CRC_SIZE : in.n;
    }
    if (size > left) {
        f->flags |= ES_FIT_SHORT;
        return in.n;
    }
    if (left - size < CRC_SIZE) {
        f->flags |= ES_FIT_NO_CRC;
        return f->base + size;
    }
    size_t end = f->base + size;
    if (crc_of(in, f->at, end - f->at) == crc_at(in, end))
        return end;
    /* in this order: a chain of wrong checksums is not to be summed up to
     * the end once for each of them */
    if (!es_fit_header_at(in, end + CRC_SIZE) && whole_to_end(in, f)) {
        f->flags |= ES_FIT_BAD_SIZE;
        return in.n - CRC_SIZE;
    }
    f->flags |= ES_FIT_BAD_CRC;
    return end;
}

bool es_fit_open(struct es_bytes in, size_t at, struct es_fit_file *f)
{
    struct es_rd r;
    if (!es_fit_header_at(in, at))
        return false;
    *f = (struct es_fit_file){ .at = at, .clock = ES_FIT_NO_TIME };
    es_rd_init(&r, in);
    es_rd_skip(&r, at);
    uint8_t header = es_rd_u8(&r);
    es_rd_skip(&r, 3); /* protocol and profile version: neither decides */
    size_t size = es_rd_u32le(&r);
    f->base = at + header;
    if (header >= HEADER_CRC) {
        uint16_t crc = crc_at(in, at + HEADER_MIN);
        if (crc != 0 && crc != crc_of(in, at, HEADER_MIN))
            f->flags |= ES_FIT_BAD_HEADER_CRC;
    }
    for (size_t i = 0; i < ES_FIT_LOCALS; i++)
        f->defs[i].size = ES_FIT_UNDEFINED;
    size_t end = data_end(in, f, size);
    es_rd_init(&r, in);
    es_rd_skip(&r, f->base);
    es_rd_sub(&r, end - f->base, &f->rd);
    f->end = in.n - end < CRC_SIZE ? in.n : end + CRC_SIZE;
    return true;
}

static bool stop(struct es_fit_file *f, const char *why, size_t at)
{
    f->stop = why;
    f->stop_at = f->base + at;
    f->rd.at = f->rd.n; /* nothing is read on */
    return false;
}

/* Some writers put anything into the architecture byte; then the order is the
 * one that gives the smaller message number. */
static bool is_big(uint8_t architecture, uint16_t little, uint16_t big)
{
    return architecture <= 1 ? architecture == 1 : big < little;
}

/* The sizes of n fields, each number, size and type, and the place of the
 * timestamp among the profile's own. */
static void read_fields(struct es_rd *r, size_t n, bool own,
                        struct es_fit_def *d)
{
    const uint8_t *p;
    if (!es_rd_take(r, 3 * n, &p))
        return;
    for (size_t i = 0; i < 3 * n; i += 3) {
        if (own && p[i] == ES_FIT_TIMESTAMP && p[i + 1] == 4) {
            d->timed = true;
            d->time_at = (uint32_t)d->size;
        }
        d->size += p[i + 1];
    }
}

static bool read_definition(struct es_fit_file *f, uint8_t head, size_t at)
{
    struct es_rd *r = &f->rd;
    struct es_fit_def *d = &f->defs[head & 15];
    struct es_fit_def got = { .stamp = ++f->stamps, .local = head & 15 };

    es_rd_skip(r, 2);
    uint8_t architecture = es_rd_u8(r);
    uint16_t little = es_rd_u16le(r);
    uint16_t swapped = (uint16_t)(little << 8 | little >> 8);
    got.big = is_big(architecture, little, swapped);
    got.global = got.big ? swapped : little;
    got.n_fields = es_rd_u8(r);
    read_fields(r, got.n_fields, true, &got);
    if (head & DEVELOPER) {
        got.n_extras = es_rd_u8(r);
        read_fields(r, got.n_extras, false, &got);
    }
    if (r->bad)
        return stop(f, "a definition ends early", at);
    got.text = (struct es_bytes){ r->p + at, r->at - at };
    if (!es_bytes_eq(got.text, d->text)) /* some writers repeat them */
        *d = got;
    return true;
}

/* Five bits of time, which roll over. */
static uint32_t compressed_time(struct es_fit_file *f, uint8_t head)
{
    if (f->clock == ES_FIT_NO_TIME)
        return ES_FIT_NO_TIME;
    f->clock += (uint32_t)(head - f->clock) & 31;
    return f->clock;
}

bool es_fit_next_other(struct es_fit_file *f, struct es_fit_msg *m)
{
    struct es_rd *r = &f->rd;
    while (r->at < r->n) {
        size_t at = r->at;
        uint8_t head = r->p[at];
        bool compressed = head & COMPRESSED;
        if (!compressed && (head & DEFINITION)) {
            if (!read_definition(f, head, at))
                return false;
            continue;
        }
        const struct es_fit_def *d =
            &f->defs[compressed ? head >> 5 & 3 : head & 15];
        if (d->size == ES_FIT_UNDEFINED)
            return stop(f, "a message has no definition", at);
        if (d->size >= r->n - at)
            return stop(f, "a message ends early", at);
        uint32_t time = compressed ? compressed_time(f, head) : ES_FIT_NO_TIME;
        es_fit_take(f, m, d);
        m->time = time;
        return true;
    }
    return false;
}

/* Adds what was counted in a definition's place to its message's count. */
static void settle(const struct es_fit_def *d, size_t *seen,
                   const uint16_t *globals, size_t *counts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (globals[i] == d->global)
            counts[i] += *seen;
    *seen = 0;
}

void es_fit_count(const struct es_fit_file *f, const uint16_t *globals,
                  size_t *counts, size_t n)
{
    struct es_fit_file walk = *f;
    struct es_rd *r = &walk.rd;
    size_t seen[ES_FIT_LOCALS] = { 0 };
    while (r->at < r->n) {
        uint8_t head = r->p[r->at];
        size_t local = head & COMPRESSED ? head >> 5 & 3 : head & 15;
        if ((head & (COMPRESSED | DEFINITION)) == DEFINITION) {
            settle(&walk.defs[local], &seen[local], globals, counts, n);
            (void)read_definition(&walk, head, r->at);
            continue;
        }
        size_t size = walk.defs[local].size;
        if (size >= r->n - r->at)
            break;
        /* most are followed by more of their kind */
        do {
            seen[local]++;
            r->at += 1 + size;
        } while (size < r->n - r->at && r->p[r->at] == head);
    }
    for (size_t i = 0; i < ES_FIT_LOCALS; i++)
        settle(&walk.defs[i], &seen[i], globals, counts, n);
}
