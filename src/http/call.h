/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One request and its answer, without a socket: what the server, the gate's
 * refusals and es_http_call share. */
#ifndef ES_HTTP_CALL_H
#define ES_HTTP_CALL_H

#include "http/addr.h"
#include "http/head.h"
#include "http/multipart.h"
#include "http/router.h"

#include <stdatomic.h>

#define ES_TRUSTED_MAX 32

/* What all requests of a server share; read-only but for the counter. */
struct es_core {
    const struct es_http_config *config;
    struct es_net trusted[ES_TRUSTED_MAX];
    size_t n_trusted;
    struct es_counts *counts; /* NULL: addresses are not counted */
    size_t bodies_max;
    atomic_size_t body_bytes; /* held in memory by all requests */
};

struct es_pair {
    const char *name;
    const char *value;
};

/* A list that grows in an arena up to a maximum. */
struct es_pairs {
    struct es_pair *p;
    size_t n;
    size_t cap;
};
#define ES_PAIRS_MAX 512
/* 0, 413 (too many) or 500. */
int es_pairs_add(struct es_pairs *l, struct es_arena *a, const char *name,
                 const char *value);
const char *es_pairs_get(const struct es_pairs *l, const char *name, size_t n);
/* name=value&..., decoded once. 0, 400, 413 or 500. */
int es_pairs_parse(struct es_pairs *l, struct es_arena *a, struct es_bytes s);

struct es_body {
    enum {
        ES_SINK_NONE,
        ES_SINK_JSON,
        ES_SINK_FORM,
        ES_SINK_MULTIPART,
        ES_SINK_FD,
        ES_SINK_DISCARD
    } sink;
    struct es_buf mem; /* JSON, or a form, or one field of a multipart form */
    int fd;
    size_t size;    /* of fd */
    size_t form;    /* bytes of form fields */
    size_t got;     /* bytes fed */
    size_t held;    /* bytes in memfds, all files */
    size_t counted; /* of these, what stands with the address */
    struct es_multipart *parts;
    struct es_req_file *files;
    size_t n_files;
    bool in_file;
    const char *field;
};

struct es_req {
    struct es_core *core;
    struct es_arena *arena;
    void **user;
    enum es_method method;
    const char *target;
    const char *path;
    struct es_path segs;
    const struct es_route *route;
    struct es_pairs header;
    struct es_pairs query;
    struct es_pairs form;
    struct es_peer peer;
    bool https;
    char id[17];
    struct es_body body;
};

struct es_resp {
    struct es_arena *arena;
    int status;
    int error;    /* the error page is to be drawn */
    bool decided; /* a guard has answered */
    const char *type;
    const char *cache;
    const char *etag;
    struct es_pair header[ES_RESP_HEADERS];
    size_t n_headers;
    struct es_buf body;
    struct es_bytes plain, gzipped; /* of es_resp_static */
    bool is_static;
    void (*done)(void *); /* of es_resp_lend; NULL: nothing is lent */
    void *done_arg;
    es_pull_fn *pull; /* of es_resp_pull, which uses `done` as well */
    uint64_t pull_from, pull_n;
    bool no_gzip;
    bool fresh;
    const char *bad; /* why it can't be sent; NULL: it can */
    struct es_hub *hub;
    int64_t topic;
    uint64_t pos;
    struct es_buf hello;
};

struct es_call {
    struct es_req q;
    struct es_resp r;
    struct es_arena arena;
    void *user;
    unsigned allow;
    int refused; /* status decided before the handler; 0: go on */
    uint64_t length;
    int64_t started_ms;
    int64_t handler_ms;
};

/* Reads the configuration once. ES_EINVAL. */
ES_MUST_CHECK enum es_code es_core_init(struct es_core *core,
                                        const struct es_http_config *c,
                                        struct es_err *e);
/* A request with this head from this connection. NULL: no memory. What is
 * wrong with it is in ->refused, and shows when it runs. */
struct es_call *es_call_new(struct es_core *core, const struct es_head *h,
                            const struct es_peer *peer);
/* The next bytes of the body. */
void es_call_feed(struct es_call *c, struct es_bytes in);
/* Guard, handler or error page, and the answer made ready: after this r has
 * its status, headers and body as they are sent. */
void es_call_run(struct es_call *c);
void es_call_free(struct es_call *c);
/* The whole answer as it goes over a connection that closes behind it. */
void es_call_wire(const struct es_call *c, struct es_buf *out);
/* True when running it can't block. */
bool es_call_is_inline(const struct es_call *c);
/* The bytes of the answer's body; of one that is pulled, none. */
struct es_bytes es_call_body(const struct es_call *c);

/* body.c: sets up the sink; 0 or a status. */
int es_body_begin(struct es_req *q, uint64_t length);
int es_body_feed(struct es_req *q, struct es_bytes in);
int es_body_end(struct es_req *q);
void es_body_release(struct es_req *q);
/* The most bytes a body of this route may have. */
uint64_t es_body_max(const struct es_route *route, bool json);
bool es_type_is(const char *content_type, const char *what);

/* resp.c */
void es_resp_init(struct es_resp *r, struct es_arena *a);
void es_resp_release(struct es_resp *r);
/* Headers of ours, 304, gzip. */
void es_resp_finish(const struct es_req *q, struct es_resp *r);
const char *es_reason(int status);
/* "Sun, 06 Nov 1994 08:49:37 GMT"; out holds ES_HTTP_DATE. */
#define ES_HTTP_DATE 64
const char *es_http_date(int64_t t_ms, char *out);

#endif
