/* SPDX-License-Identifier: Apache-2.0 */
/* What a decode worker answers, as bytes: one item for each activity of the
 * upload or for each thing in it that could not be used. The measure and the
 * sketch are opaque here; track/wire.h and track/sketch.h read them. */
#ifndef ES_IPC_ANSWER_H
#define ES_IPC_ANSWER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { ES_MATCH_HEAD = 12 }; /* bytes of the head that asks for a comparison */

struct es_answer_warning {
    const char *code, *message;
    uint64_t at;
};

struct es_answer_item {
    const char *member;            /* of a zip, or NULL */
    uint32_t activity, activities; /* 0-based; 0 of 0 for an error */
    enum es_code code;             /* ES_OK, or why there is no measure */
    uint64_t at;                   /* of the error */
    const char *message;           /* of the error, or "" */
    const struct es_answer_warning *warnings;
    size_t n_warnings;
    struct es_bytes measure; /* empty for an error */
    struct es_bytes sketch;  /* the same */
};

struct es_answer {
    const struct es_answer_item *v;
    size_t n;
};

/* Appends one item. The frame is the items, one after the other, behind the
 * byte that es_answer_begin wrote. */
void es_answer_begin(struct es_buf *b);
void es_answer_put(struct es_buf *b, const struct es_answer_item *item);

/* Reads and checks a whole frame: known codes, strings within their limits and
 * valid UTF-8 without controls, numbers that agree with each other, nothing
 * left over, at least one item. Strings and arrays live in `a`; measures and
 * sketches borrow `in`. ES_EMALFORMED with the offset, ES_ENOMEM; then *out is
 * untouched. */
ES_MUST_CHECK enum es_code es_answer_get(struct es_bytes in, struct es_arena *a,
                                         struct es_answer *out,
                                         struct es_err *e);

#endif
