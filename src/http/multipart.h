/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* multipart/form-data (RFC 7578) as it streams in, in constant memory.
 * Strict: no preamble, no nested multipart, CRLF only, a name for each part,
 * a final boundary. Pure: what it finds goes to the sink. */
#ifndef ES_HTTP_MULTIPART_H
#define ES_HTTP_MULTIPART_H

#include "base/bytes.h"

#define ES_PART_HEADER_MAX 4096
#define ES_PART_NAME_MAX 128
#define ES_PART_FILE_MAX 1024 /* bytes of a file name that are looked at */
#define ES_BOUNDARY_MAX 70    /* RFC 2046 section 5.1.1 */

struct es_part {
    char name[ES_PART_NAME_MAX + 1];
    bool file; /* had a filename */
    char filename[ES_PART_FILE_MAX + 1];
};

/* Each returns 0 or the HTTP status that ends the form. */
struct es_part_sink {
    void *cx;
    int (*begin)(void *cx, const struct es_part *part);
    int (*data)(void *cx, struct es_bytes bytes);
    int (*end)(void *cx);
};

enum es_part_state {
    ES_PART_START,
    ES_PART_HEADER,
    ES_PART_DATA,
    ES_PART_AFTER, /* behind a boundary: CRLF or -- */
    ES_PART_DONE,
};

struct es_multipart {
    struct es_part_sink sink;
    enum es_part_state state;
    int status;                      /* latched */
    char delim[ES_BOUNDARY_MAX + 5]; /* CRLF -- boundary */
    size_t n_delim;
    size_t matched;  /* bytes of delim seen at the end of the data */
    size_t borrowed; /* of these, how many aren't data if it isn't one */
    size_t parts;
    char buf[ES_PART_HEADER_MAX]; /* header or the bytes behind a boundary */
    size_t n;
    struct es_part part;
};

/* The boundary parameter of a Content-Type value; false when there is none or
 * it isn't one. out holds ES_BOUNDARY_MAX + 1. */
bool es_boundary_of(struct es_bytes content_type, char *out);
void es_multipart_init(struct es_multipart *m, const char *boundary,
                       const struct es_part_sink *sink);
/* 0, or the latched status: 400, 413, or the sink's. */
int es_multipart_feed(struct es_multipart *m, struct es_bytes in);
int es_multipart_end(struct es_multipart *m);

#endif
