/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that are made while they are sent, so that a table of everybody is
 * never whole in memory. Inside web/ only. */
#ifndef ES_WEB_POUR_H
#define ES_WEB_POUR_H

#include "http/http.h"

/* Appends the next piece to *b, in which the last byte of the one before may
 * still stand; *done with the last one. What it appends is some KB. */
typedef enum es_code es_web_more(void *arg, struct es_buf *b, bool *done,
                                 struct es_err *e);

/* Answers with all of them. `arg` is from malloc, and freed when nothing is
 * left to send or this fails; what it points to lives as long as the request,
 * as es_req_arena. */
ES_MUST_CHECK enum es_code es_web_pour(const struct es_req *q,
                                       struct es_resp *out, es_web_more *more,
                                       void *arg, struct es_err *e);

#endif
