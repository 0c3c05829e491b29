/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The header block of a request, strictly by RFC 9112. Pure: bytes in, a
 * table of borrowed slices out. */
#ifndef ES_HTTP_HEAD_H
#define ES_HTTP_HEAD_H

#include "base/limits.h"
#include "http/http.h"

struct es_field {
    struct es_bytes name;
    struct es_bytes value; /* without white space around it */
};

struct es_head {
    enum es_method method;
    unsigned minor;         /* HTTP/1.minor: 0 or 1 */
    struct es_bytes target; /* origin form: "/path?query" */
    struct es_field field[ES_HTTP_FIELDS];
    size_t n_fields;
    struct es_bytes host;
    uint64_t length;     /* of the body; 0 when there is none */
    bool expect;         /* Expect: 100-continue */
    size_t bytes;        /* of the block, its empty line included */
    struct es_bytes bad; /* the part that was refused, for the tests */
};

/* What es_head_parse returns besides the HTTP status of a refusal. */
enum { ES_HEAD_OK = 0, ES_HEAD_MORE = 1 };

/* Reads the block at the start of `in`. ES_HEAD_MORE: so far nothing is wrong
 * but it isn't whole. A refusal (400, 405, 411, 414, 417, 431, 501, 505) is
 * seen as soon as its bytes are there. *out is meaningful with ES_HEAD_OK;
 * after a refusal its target is set if the request line was sound. */
int es_head_parse(struct es_bytes in, struct es_head *out);

/* The rules over all fields together (Host, lengths, codings), for a head
 * that was filled in by other means. Sets host, length and expect. */
int es_head_check(struct es_head *h);

/* 0 and *out, or 405 for a method that we never allow, or 501. */
int es_method_of(struct es_bytes s, enum es_method *out);
const char *es_method_name(enum es_method m);
int es_target_check(struct es_bytes target); /* 0, 400 or 414 */

/* ASCII only; `name` in any case. */
bool es_name_is(struct es_bytes s, const char *name);
/* The n-th value (from 0) of the fields of that name. */
bool es_head_field(const struct es_head *h, const char *name, size_t n,
                   struct es_bytes *value);
bool es_is_token(struct es_bytes s);

#endif
