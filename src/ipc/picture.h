/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker is told about a picture, and what it answers, as bytes. */
#ifndef ES_IPC_PICTURE_H
#define ES_IPC_PICTURE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/picture.h"

enum { ES_PICTURE_HEAD = 4 + 4 * ES_PICTURE_SIZES };

void es_picture_ask_put(struct es_buf *b, const struct es_picture_ask *ask);
/* ES_EMALFORMED: no such head. */
ES_MUST_CHECK enum es_code es_picture_ask_get(struct es_bytes head,
                                              struct es_picture_ask *out,
                                              struct es_err *e);

/* `made` is read only when code is ES_OK. */
void es_picture_answer_put(struct es_buf *b, enum es_code code,
                           const struct es_picture_made *made);
/* Reads and checks an answer: a known code; as many sizes as were asked for at
 * most, none larger, each smaller than the one before; each a JPEG by its
 * markers, of its size, with nothing in it but what a picture needs, so that
 * whoever took over a worker smuggles nothing out in one. *code: why there is
 * no picture. Bytes live in `a`. ES_EMALFORMED, ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_picture_answer_get(struct es_bytes in, const struct es_picture_ask *ask,
                      struct es_arena *a, enum es_code *code,
                      struct es_picture_made *out, struct es_err *e);

/* Whether these bytes are such a JPEG. */
bool es_jpeg_is_bare(struct es_bytes s, uint32_t width, uint32_t height);

#endif
