/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_BUF_H
#define ES_BASE_BUF_H

#include "base/bytes.h"

/* A growable buffer that takes its maximum at init and latches its failure:
 * after the first append that would pass `max` or find no memory, `bad` is
 * set and all later appends do nothing, so a whole document may be written
 * and checked once. The content is always NUL-terminated at p[n].
 * The zero state is valid and has max 0 (every append fails). */
struct es_buf {
    uint8_t *p;
    size_t n;
    size_t cap;
    size_t max;
    bool bad;
};

void es_buf_init(struct es_buf *b, size_t max);
void es_buf_release(struct es_buf *b); /* zero state legal; may be reused */
void es_buf_clear(struct es_buf *b);   /* keeps memory; forgets `bad` */
void es_buf_add(struct es_buf *b, const void *p, size_t n);
void es_buf_str(struct es_buf *b, const char *s);
void es_buf_u8(struct es_buf *b, uint8_t v);
void es_buf_u16le(struct es_buf *b, uint16_t v);
void es_buf_u32le(struct es_buf *b, uint32_t v);
void es_buf_u64le(struct es_buf *b, uint64_t v);
void es_buf_f64le(struct es_buf *b, double v); /* every NAN alike */
void es_buf_fmt(struct es_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Borrowed view, valid until the next append. { NULL, 0 } when bad. */
struct es_bytes es_buf_bytes(const struct es_buf *b);
/* The content as a C string; "" when empty or bad. */
const char *es_buf_cstr(const struct es_buf *b);

#endif
