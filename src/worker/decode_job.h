/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a decode worker does with one upload. */
#ifndef ES_WORKER_DECODE_JOB_H
#define ES_WORKER_DECODE_JOB_H

#include "base/buf.h"
#include "ipc/answer.h"

/* Without a head: unpacks, decodes and measures `file`, and writes the answer
 * (ipc/answer.h). With one, the number of an activity (u32)
 * among the items of that answer: writes its route (track/course.h) behind a
 * byte that is its enum es_code. With one of ES_MATCH_HEAD bytes, the numbers
 * of two activities and where in `file` the second's file begins (each u32):
 * how alike they are (track/match.h) behind such a byte. With one of
 * ipc/picture.h: `file` is a picture, and is made anew. Total: whatever the
 * bytes, there is an answer with at least one item, unless *answer runs out of
 * memory. Fits es_job_fn. */
void es_decode_job(struct es_bytes head, struct es_bytes file,
                   struct es_buf *answer);

#endif
