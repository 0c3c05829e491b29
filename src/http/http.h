/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTTP for the rest of the program: requests, responses, routes, the server.
 * A handler has no socket and no globals; the library behind this header is
 * seen nowhere else. */
#ifndef ES_HTTP_HTTP_H
#define ES_HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ---- one request ---- */

struct es_req;  /* one request; lives until its answer has been sent */
struct es_resp; /* filled by the handler */
struct es_hub;  /* fan-out for Server-Sent Events, see below */

/* Answers one request. Blocking is fine: handlers run on a pool of threads
 * (but for ES_ROUTE_INLINE). The handler fills *out and returns ES_OK; what
 * it returns else is logged with *e and answered through the error page:
 * ES_EBUSY, ES_EWORKER and ES_ENOMEM as 503 with Retry-After, any other code
 * as 500. Whatever it had put into *out is then dropped. */
typedef enum es_code es_handler(const struct es_req *q, struct es_resp *out,
                                struct es_err *e);

enum es_method { ES_GET, ES_HEAD, ES_POST, ES_PUT, ES_PATCH, ES_DELETE };

enum es_body_kind {
    ES_BODY_NONE, /* a body is refused */
    ES_BODY_FORM, /* urlencoded or multipart; files only with ES_ROUTE_FILES */
    ES_BODY_JSON, /* application/json up to ES_JSON_MAX, kept whole */
    ES_BODY_RAW,  /* any type up to ES_UPLOAD_MAX into a memfd; with a JSON
                     type instead as ES_BODY_JSON */
};

/* Flags of a route. The upper half belongs to the application, whose guard
 * reads them through es_req_route. */
#define ES_ROUTE_INLINE (1u << 0) /* never blocks: runs on the event thread */
#define ES_ROUTE_FILES (1u << 1)  /* a form that takes files, ES_UPLOAD_MAX */
#define ES_ROUTE_APP(n) (1u << (16 + (n))) /* n in 0..15 */

/* "/e/{slug}/join": a segment in braces matches one non-empty segment and is
 * read with es_req_param. Segments match after one percent-decoding; literal
 * segments win over braces. HEAD is answered by the GET route. */
struct es_route {
    enum es_method method;
    const char *pattern;
    enum es_body_kind body;
    unsigned flags;
    es_handler *fn;
};

struct es_routes {
    const struct es_route *p;
    size_t n;
};

/* A file of a multipart form. `fd` is a memfd at offset 0, owned by the
 * request; dup it to keep it. `filename` is for showing only: UTF-8, cleaned
 * of controls and direction marks, without folders, at most 120 code points,
 * "" when the client gave none. */
struct es_req_file {
    const char *field;
    const char *filename;
    int fd;
    size_t size;
};

void *es_req_cx(const struct es_req *q); /* the application, from config */
/* Memory that lives as long as the request. */
struct es_arena *es_req_arena(const struct es_req *q);
/* What the guard hung on the request for the handler (a session), or NULL. */
void *es_req_user(const struct es_req *q);
void es_req_set_user(const struct es_req *q, void *user);
const struct es_route *es_req_route(const struct es_req *q); /* NULL: none */
enum es_method es_req_method(const struct es_req *q);
/* The path as sent, without the query; and the whole target. For links back
 * and errors; never for looking up files. */
const char *es_req_path(const struct es_req *q);
const char *es_req_target(const struct es_req *q);
/* 16 characters, made here, in the access log and in X-Request-Id. */
const char *es_req_id(const struct es_req *q);

/* Values are NUL-terminated, percent-decoded once, without NUL inside, and
 * NULL when absent. A name that comes twice in the query or in the form, or
 * in both, has been answered 400 before the handler, but for form names that
 * end in "[]": those are read by index. */
const char *es_req_param(const struct es_req *q, const char *name);
const char *es_req_query(const struct es_req *q, const char *name);
const char *es_req_form(const struct es_req *q, const char *name);
/* The i-th field of the form in order; false past the end. */
bool es_req_form_at(const struct es_req *q, size_t i, const char **name,
                    const char **value);
/* A path parameter that is a decimal integer in [min, max]. */
bool es_req_i64(const struct es_req *q, const char *param, int64_t min,
                int64_t max, int64_t *out);
/* The first field of that name, any case. */
const char *es_req_header(const struct es_req *q, const char *name);
/* Several cookies of one name: the first. */
const char *es_req_cookie(const struct es_req *q, const char *name);

/* ES_BODY_JSON (and JSON on a raw route): the bytes. Else { NULL, 0 }. */
struct es_bytes es_req_body(const struct es_req *q);
/* ES_BODY_RAW: a memfd at offset 0 and its size, owned by the request; -1
 * when there was no body or it was JSON. */
int es_req_body_fd(const struct es_req *q, size_t *size);
const struct es_req_file *es_req_files(const struct es_req *q, size_t *n);

/* Who asks, honouring the trusted proxy: the rightmost hop of X-Forwarded-For
 * that isn't itself trusted. The text is "unix" where nobody said. */
const char *es_req_peer(const struct es_req *q);
#define ES_PEER_KEY 16
/* For counting per address: an IPv4 address, or an IPv6 /64; 16 bytes. */
const uint8_t *es_req_peer_key(const struct es_req *q);
bool es_req_peer_is_loopback(const struct es_req *q);
bool es_req_is_https(const struct es_req *q);

/* ---- its answer ---- */

/* Nothing here fails at once: what can't stand (a control in a header, a body
 * over its maximum, a redirect to elsewhere) is latched, logged and becomes a
 * 500. Strings are copied. */
void es_resp_status(struct es_resp *r, int status); /* default 200 */
void es_resp_type(struct es_resp *r, const char *content_type);
struct es_buf *es_resp_body(struct es_resp *r); /* max ES_RESP_MAX */
/* Bytes that outlive the server, and their gzip form ({ NULL, 0 }: none). */
void es_resp_static(struct es_resp *r, struct es_bytes plain,
                    struct es_bytes gzipped);
/* Added; the server's own (Content-Length, Date, Connection...) are refused.
 * One of the configuration's headers is left out where the handler set it. */
void es_resp_header(struct es_resp *r, const char *name, const char *value);
/* Cache-Control; default "no-store". */
void es_resp_cache(struct es_resp *r, const char *value);
/* Content-Disposition: attachment, name encoded by RFC 6266 and RFC 8187. */
void es_resp_attachment(struct es_resp *r, const char *filename);
/* Text over 1 KB is gzipped where accepted; not with this (a page that holds
 * a secret next to what a stranger chose). */
void es_resp_no_gzip(struct es_resp *r);
/* Sets a weak ETag. True when the client has it already: the handler may
 * return at once, 304 is sent. `tag` is visible ASCII without quotes. */
bool es_resp_fresh(const struct es_req *q, struct es_resp *r, const char *tag);
/* The same with a strong ETag: the bytes are these and no others, gzipped by
 * nobody, so that parts of them may be asked for. */
bool es_resp_exact(const struct es_req *q, struct es_resp *r, const char *tag);
/* Answers with bytes that somebody else keeps until `done(arg)`, which is
 * called once, on any thread, when nothing of them is left to send; also when
 * the answer fails. After es_resp_exact a single Range of them is honoured:
 * 206, 416, If-Range (RFC 9110 section 14); several ranges get the whole. */
void es_resp_lend(const struct es_req *q, struct es_resp *r,
                  struct es_bytes whole, void (*done)(void *), void *arg);

/* Answers with bytes that are read while they are sent, for what is too large
 * to be whole anywhere. `read` puts at most cap of them from `at` on into out
 * and gives how many (> 0), or -1, which breaks the answer off; it may block:
 * it is called on a handler's thread, one call at a time. `done` and Range are
 * as es_resp_lend has them. With ES_PULL_TO_END it ends where `read` gives 0:
 * it is then called for one place after the other, and there are no parts. */
typedef ptrdiff_t es_pull_fn(void *arg, uint64_t at, uint8_t *out, size_t cap);
#define ES_PULL_TO_END UINT64_MAX
struct es_pulled {
    uint64_t size; /* bytes; ES_PULL_TO_END: nobody knows before */
    es_pull_fn *read;
    void (*done)(void *arg);
    void *arg;
};
void es_resp_pull(const struct es_req *q, struct es_resp *r,
                  const struct es_pulled *from);

/* 303 to a path of ours: begins with one slash. Returns ES_OK. */
enum es_code es_resp_redirect(struct es_resp *r, const char *path);
/* The application's error page for `status`. Returns ES_OK. */
enum es_code es_resp_error(struct es_resp *r, int status);

struct es_cookie {
    const char *name; /* "__Host-..." */
    const char *value;
    int64_t max_age_s; /* < 0: gone when the browser closes; 0: delete it */
    bool script;       /* readable by scripts; default is HttpOnly */
    bool insecure;     /* without Secure: only off HTTPS, for development */
    bool strict;       /* SameSite=Strict instead of Lax */
};
void es_resp_cookie(struct es_resp *r, const struct es_cookie *c);

/* ---- Server-Sent Events ---- */

/* One hub serves many topics (initiatives), each with a ring of the last
 * ES_HUB_RING events. A watcher is a position in a ring; one that falls out
 * of it is closed and comes back by itself. No thread waits for a watcher.
 * Create it before the server; free it after the server has stopped. */
ES_MUST_CHECK enum es_code es_hub_new(struct es_hub **out, struct es_err *e);
void es_hub_free(struct es_hub *h);
/* Publishes one event to the watchers of `topic`; returns at once. Ids rise
 * within a topic. `data` is one JSON value or text; lines are split as the
 * format asks. Thread-safe. ES_ENOMEM or ES_ETOOLARGE. */
ES_MUST_CHECK enum es_code es_hub_publish(struct es_hub *h, int64_t topic,
                                          int64_t id, const char *event,
                                          struct es_bytes data);
size_t es_hub_watchers(struct es_hub *h);

/* Where a watcher starts. True: Last-Event-ID is in the ring and the watcher
 * goes on behind it. False: it starts now and needs a snapshot first; call
 * this before reading the snapshot, so that nothing falls between. */
bool es_hub_join(struct es_hub *h, const struct es_req *q, int64_t topic,
                 uint64_t *pos);
/* Answers with the events of `topic` from *pos on, after `hello` (whole
 * events, made with es_sse_event; may be empty). Returns ES_OK. */
enum es_code es_resp_stream(struct es_resp *r, struct es_hub *h, int64_t topic,
                            uint64_t pos, struct es_bytes hello);
/* Appends one event in text/event-stream form; id < 0: none. */
void es_sse_event(struct es_buf *b, const char *event, int64_t id,
                  struct es_bytes data);

/* ---- the server ---- */

struct es_http;

struct es_header {
    const char *name;
    const char *value;
};

/* Fills *out for a failure: status and Retry-After are already set. Must not
 * block: it may run on an event thread. q's route may be NULL. */
typedef void es_error_page(const struct es_req *q, int status,
                           struct es_resp *out);

/* Everything is borrowed until es_http_stop. A number that is 0 means the
 * default from base/limits.h; none may be above it. */
struct es_http_config {
    const char *listen; /* "127.0.0.1:8080", "[::]:8080", "unix:/run/x.sock" */
    int listener;       /* a socket that listens already is used in its place,
                           and stays open and the caller's; 0: none */
    const char *const *hosts; /* accepted Host values, lower case, with the
                                 port unless it is the default; none: any */
    size_t n_hosts;
    const char *const *trusted; /* proxies: "127.0.0.1", "10.0.0.0/8"... a Unix
                                   socket is always trusted */
    size_t n_trusted;
    const struct es_routes *tables;
    size_t n_tables;
    const struct es_header *headers; /* on every answer */
    size_t n_headers;
    es_handler *guard; /* runs before each handler, on its thread; when it
                          sets a status, redirect or error, the handler
                          doesn't run. May be NULL. For an inline route it
                          must not block either */
    es_error_page *error_page; /* NULL: a bare text */
    void *app;                 /* es_req_cx */
    bool no_access_log;
    unsigned workers;   /* handler threads; 0: ES_HTTP_WORKERS */
    unsigned queue;     /* requests waiting for one; 0: ES_HTTP_QUEUE */
    unsigned header_ms; /* ES_HEADER_DEADLINE_S */
    unsigned body_ms;   /* ES_BODY_DEADLINE_S */
    unsigned grace_ms;  /* ES_BODY_GRACE_S, before the minimum rate counts */
    unsigned send_ms;   /* of any answer; 0: ES_SEND_DEADLINE_S and its
                           size over ES_SEND_MIN_RATE */
    unsigned incomplete_per_addr;
    unsigned incomplete_ms; /* ES_INCOMPLETE_GRACE_MS */
    unsigned conn_per_addr;
    unsigned conn_max;
    size_t bodies_max; /* bytes, ES_BODIES_MAX */
};

/* Listens and serves on threads of its own. ES_EINVAL (an address or route
 * that can't be), ES_EIO (can't listen), ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_http_start(const struct es_http_config *c,
                                         struct es_http **out,
                                         struct es_err *e);
/* Accepts nothing more, lets requests in flight finish for up to wait_ms,
 * closes the rest and frees s. ES_ETIMEOUT: a handler was still running, and
 * s lives on; it may be stopped again, or left to the end of the process.
 * NULL legal. */
enum es_code es_http_stop(struct es_http *s, int64_t wait_ms);
/* The port that a configured port 0 became; 0 on a Unix socket. */
int es_http_port(const struct es_http *s);

struct es_http_stats {
    uint64_t accepted;       /* connections */
    uint64_t requests;       /* answered by a handler or an error page */
    uint64_t by_class[6];    /* [2]: 2xx ... */
    uint64_t gate_refused;   /* answered by the gate */
    uint64_t gate_cut;       /* header deadline passed */
    uint64_t gate_shed;      /* over a cap per address or in all */
    uint64_t body_cut;       /* body deadline or rate */
    uint64_t queue_full;     /* 503 for want of a handler thread */
    uint64_t handler_ms_sum; /* time in handlers */
    uint64_t bytes_in;       /* bodies */
    uint64_t bytes_out;      /* bodies, streams not counted */
    unsigned connections;    /* now */
    unsigned in_flight;      /* requests now */
};
void es_http_stats(struct es_http *s, struct es_http_stats *out);

/* ---- handlers without sockets ---- */

struct es_reply {
    int status;
    struct es_buf head; /* "Name: value\n" lines */
    struct es_buf body; /* as sent (after gzip, if accepted) */
};

/* Runs one request, given as its bytes on the wire, through the same checks,
 * routes, guard, handler and finish as the server, on the caller's thread.
 * `peer` is an address ("192.0.2.1") or "unix". A stream's body is its hello.
 * *out is initialised here; release it with es_reply_release. */
ES_MUST_CHECK enum es_code es_http_call(const struct es_http_config *c,
                                        struct es_bytes request,
                                        const char *peer, struct es_reply *out,
                                        struct es_err *e);
/* The value of the first header of that name, into v; NULL when absent. */
const char *es_reply_header(const struct es_reply *r, const char *name, char *v,
                            size_t cap);
void es_reply_release(struct es_reply *r);

#endif
