/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

enum {
    STREAM_BLOCK = 4096,
    PULL_BLOCK = 128 << 10,
    STREAM_TIMEOUT_S = 2 * ES_HUB_COMMENT_S,
};

/* ---- streams ---- */

static void stream_pause(void *mhd)
{
    MHD_suspend_connection(mhd);
}

static void stream_resume(void *mhd)
{
    MHD_resume_connection(mhd);
}

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct es_stream *st = cls;
    (void)pos;
    ssize_t n = es_watch_read(st->watch, out, max);

    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_free(void *cls)
{
    struct es_stream *st = cls;

    pthread_mutex_lock(&st->s->lock);
    if (st->conn)
        st->conn->stream = NULL;
    pthread_mutex_unlock(&st->s->lock);
    es_watch_free(st->watch);
    free(st);
}

static struct MHD_Response *stream_response(struct es_job *j)
{
    static const struct es_watch_ops OPS = { stream_pause, stream_resume };
    const struct es_resp *r = &j->call->r;
    struct es_stream *st = calloc(1, sizeof *st);

    if (!st)
        return NULL;
    *st = (struct es_stream){ .s = j->s, .conn = j->conn };
    st->watch = es_watch_new(r->hub, r->topic, r->pos, es_call_body(j->call),
                             &OPS, j->mhd);
    if (!st->watch) {
        free(st);
        return NULL;
    }
    struct MHD_Response *out = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, st, stream_free);
    if (!out) {
        es_watch_free(st->watch);
        free(st);
        return NULL;
    }
    pthread_mutex_lock(&j->s->lock);
    j->conn->stream = st;
    /* A stop that came before this line found no stream to close. */
    if (atomic_load(&j->s->stopping))
        es_watch_close(st->watch);
    pthread_mutex_unlock(&j->s->lock);
    MHD_set_connection_option(j->mhd, MHD_CONNECTION_OPTION_TIMEOUT,
                              (unsigned)STREAM_TIMEOUT_S);
    return out;
}

static ssize_t nothing_read(void *cls, uint64_t pos, char *out, size_t max)
{
    (void)cls, (void)pos, (void)out, (void)max;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

/* HEAD of what has a length that is as unknown as GET's. In chunks,
 * libmicrohttpd (0.9.75) would end nothing by "0\r\n\r\n", which a proxy takes
 * for the beginning of the next answer. */
static struct MHD_Response *head_only(void)
{
    struct MHD_Response *out = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, nothing_read, NULL, NULL);
    if (out && MHD_set_response_options(out, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
                                        MHD_RO_END) != MHD_YES) {
        MHD_destroy_response(out);
        out = NULL;
    }
    return out;
}

/* ---- what is pulled ---- */

/* Only ever in one place: with the library, or, while the connection is
 * suspended, with a thread of the pool. */
struct es_pull {
    struct es_job *j;
    es_pull_fn *read;
    void (*done)(void *);
    void *arg;
    uint64_t from; /* where the answer begins in it */
    uint64_t at;   /* where the bytes below begin */
    size_t n;
    bool to_end; /* where that is, `read` says */
    bool ended, failed;
    uint8_t bytes[ES_MEDIA_PIECE];
};

static int64_t send_deadline(const struct es_job *j, size_t n)
{
    int64_t ms = j->s->config.send_ms;

    if (ms == 0)
        ms = ES_SEND_DEADLINE_S * 1000 + (int64_t)(n / ES_SEND_MIN_RATE) * 1000;
    return es_time_mono_ms() + ms;
}

static void load(struct es_pull *p)
{
    ptrdiff_t n = p->read(p->arg, p->at, p->bytes, sizeof p->bytes);
    p->ended = p->to_end && n == 0;
    p->failed = !p->ended && (n <= 0 || (size_t)n > sizeof p->bytes);
    p->n = p->failed ? 0 : (size_t)n;
    if (p->to_end) /* so much longer may the whole take */
        atomic_store(&p->j->conn->send_ms, send_deadline(p->j, p->n));
}

void es_pull_load(struct es_pull *p)
{
    struct es_job *j = p->j;
    struct es_http *s = j->s;

    j->pull = NULL;
    load(p);
    MHD_resume_connection(j->mhd); /* it may end and take p and j along */
    atomic_fetch_sub(&s->pulling, 1);
}

/* Counted first and asked after: who stops sees either the count or nobody. */
static bool ask_for_more(struct es_pull *p, uint64_t at)
{
    struct es_job *j = p->j;
    struct es_http *s = j->s;

    p->at = at;
    p->n = 0;
    atomic_fetch_add(&s->pulling, 1);
    if (atomic_load(&s->stopping) || !es_pool_reserve(s->pool)) {
        atomic_fetch_sub(&s->pulling, 1);
        return false;
    }
    j->pull = p;
    MHD_suspend_connection(j->mhd);
    es_pool_put(s->pool, j->call->q.peer.key, j);
    return true;
}

static ssize_t pull_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct es_pull *p = cls;
    uint64_t at = p->from + pos;

    if (p->failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (p->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (at < p->at || at - p->at >= p->n)
        return ask_for_more(p, at) ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
    size_t have = p->n - (size_t)(at - p->at);
    size_t n = have < max ? have : max;
    memcpy(out, p->bytes + (at - p->at), n);
    return (ssize_t)n;
}

static void pull_free(void *cls)
{
    struct es_pull *p = cls;
    if (p->done)
        p->done(p->arg);
    free(p);
}

static struct MHD_Response *pull_response(struct es_job *j)
{
    struct es_resp *r = &j->call->r;
    struct es_pull *p = malloc(sizeof *p);
    if (!p)
        return NULL;
    p->j = j;
    p->read = r->pull;
    p->done = NULL;
    p->arg = r->done_arg;
    p->from = r->pull_from;
    p->at = 0;
    p->n = 0;
    p->to_end = r->pull_n == ES_PULL_TO_END;
    p->ended = p->failed = false;
    struct MHD_Response *out = MHD_create_response_from_callback(
        p->to_end ? MHD_SIZE_UNKNOWN : r->pull_n, PULL_BLOCK, pull_read, p,
        pull_free);
    if (!out) {
        free(p);
        return NULL;
    }
    p->done = r->done; /* it is the library's from here */
    r->done = NULL;
    return out;
}

/* ---- everything else ---- */

/* The library wants to write-point at what it only reads. */
static void *unconst(const void *p)
{
    return (void *)(uintptr_t)p;
}

static struct MHD_Response *buffer_response(struct es_call *c)
{
    struct es_bytes body = es_call_body(c);
    struct MHD_Response *out;

    if (c->r.done) {
        out = MHD_create_response_from_buffer_with_free_callback_cls(
            body.n, unconst(body.p), c->r.done, c->r.done_arg);
        if (out)
            c->r.done = NULL; /* the library calls it */
        return out;
    }
    if (c->r.is_static || body.n == 0)
        return MHD_create_response_from_buffer(body.n, unconst(body.p),
                                               MHD_RESPMEM_PERSISTENT);
    out = MHD_create_response_from_buffer(body.n, c->r.body.p,
                                          MHD_RESPMEM_MUST_FREE);
    if (out)
        c->r.body = (struct es_buf){ 0 }; /* the library frees it */
    return out;
}

static void count(struct es_job *j, size_t n)
{
    struct es_http *s = j->s;
    const struct es_call *c = j->call;
    const struct es_route *route = c->q.route;

    atomic_fetch_add(&s->requests, 1);
    atomic_fetch_add(&s->by_class[c->r.status / 100 % 6], 1);
    atomic_fetch_add(&s->handler_ms, (unsigned long long)c->handler_ms);
    atomic_fetch_add(&s->bytes_in, c->q.body.got);
    atomic_fetch_add(&s->bytes_out, n);
    /* The pattern, not the path: some paths carry a secret. */
    if (!s->config.no_access_log)
        es_log(ES_LOG_INFO, "http.request", "%s %s %d %zuB %lldms %s %s",
               es_method_name(c->q.method), route ? route->pattern : "-",
               c->r.status, n, (long long)(es_time_mono_ms() - c->started_ms),
               c->q.peer.text, c->q.id);
}

/* Bytes of the answer, as far as they are known. */
static size_t size_of(const struct es_call *c)
{
    if (c->r.pull)
        return c->r.pull_n == ES_PULL_TO_END ? 0 : (size_t)c->r.pull_n;
    return es_call_body(c).n;
}

enum MHD_Result es_job_answer(struct es_job *j)
{
    struct es_call *c = j->call;
    const struct es_resp *r = &c->r;
    bool stream = r->hub != NULL;
    size_t n = size_of(c);
    struct MHD_Response *out = NULL;
    enum MHD_Result ok = MHD_YES;

    if (c->q.method == ES_HEAD && (stream || r->pull_n == ES_PULL_TO_END))
        out = head_only();
    else if (r->pull)
        out = pull_response(j);
    else if (!stream)
        out = buffer_response(c);
    else
        out = stream_response(j);
    if (!out)
        return MHD_NO;
    for (size_t i = 0; i < r->n_headers && ok == MHD_YES; i++)
        ok =
            MHD_add_response_header(out, r->header[i].name, r->header[i].value);
    /* Only of the first request on it has the gate seen the bytes. */
    if (ok == MHD_YES && (!j->conn->proxied || atomic_load(&j->s->stopping)))
        ok = MHD_add_response_header(out, "Connection", "close");
    if (!stream)
        atomic_store(&j->conn->send_ms, send_deadline(j, n));
    count(j, stream ? 0 : n);
    es_conn_answered(j->conn, j->s->counts);
    j->answered = true;
    if (ok == MHD_YES)
        ok = MHD_queue_response(j->mhd, (unsigned)r->status, out);
    MHD_destroy_response(out);
    /* A stream lives for hours and needs nothing of its request. */
    if (stream && ok == MHD_YES) {
        es_call_free(c);
        j->call = NULL;
    }
    return ok;
}
