/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_BYTES_H
#define ES_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; never NUL-terminated by promise. { NULL, 0 } is valid. */
struct es_bytes {
    const uint8_t *p;
    size_t n;
};

/* The bytes of a C string literal or NUL-terminated string. */
struct es_bytes es_bytes_str(const char *s);
bool es_bytes_eq(struct es_bytes a, struct es_bytes b);
/* Whether s is `word`, and whether it begins with it; the case of ASCII letters
 * ignored, whatever the locale. An empty word begins everything. */
bool es_bytes_is(struct es_bytes s, const char *word);
bool es_bytes_begins(struct es_bytes s, const char *word);

/* es_rd: a cursor over borrowed bytes. at <= n; p != NULL unless n == 0.
 * Owner:  the caller keeps p[0..n) alive. Never allocates.
 * Errors: a short read returns 0/false and latches r->bad, so a fixed
 *         header may be read whole and checked once. */
struct es_rd {
    const uint8_t *p;
    size_t n;
    size_t at;
    bool bad;
};

void es_rd_init(struct es_rd *r, struct es_bytes in);
size_t es_rd_left(const struct es_rd *r);
bool es_rd_take(struct es_rd *r, size_t want, const uint8_t **out);
bool es_rd_skip(struct es_rd *r, size_t want);
/* A reader over the next `want` bytes, which are consumed from r. */
bool es_rd_sub(struct es_rd *r, size_t want, struct es_rd *out);
uint8_t es_rd_u8(struct es_rd *r);
uint16_t es_rd_u16le(struct es_rd *r);
uint16_t es_rd_u16be(struct es_rd *r);
uint32_t es_rd_u32le(struct es_rd *r);
uint32_t es_rd_u32be(struct es_rd *r);
uint64_t es_rd_u64le(struct es_rd *r);
/* An IEEE 754 double, little-endian; any bit pattern, so check isfinite. */
double es_rd_f64le(struct es_rd *r);

#endif
