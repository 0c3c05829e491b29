/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/server.h"

#include "base/log.h"
#include "base/time.h"

#include <stdlib.h>

enum {
    STREAM_BLOCK = 4096,
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

/* HEAD of a stream: its length is as unknown as GET's. */
static struct MHD_Response *stream_head(void)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
                                             nothing_read, NULL, NULL);
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

static int64_t send_deadline(const struct es_job *j, size_t n)
{
    int64_t ms = j->s->config.send_ms;

    if (ms == 0)
        ms = ES_SEND_DEADLINE_S * 1000 + (int64_t)(n / ES_SEND_MIN_RATE) * 1000;
    return es_time_mono_ms() + ms;
}

enum MHD_Result es_job_answer(struct es_job *j)
{
    struct es_call *c = j->call;
    const struct es_resp *r = &c->r;
    bool stream = r->hub != NULL;
    size_t n = es_call_body(c).n;
    struct MHD_Response *out = NULL;
    enum MHD_Result ok = MHD_YES;

    if (!stream)
        out = buffer_response(c);
    else
        out = c->q.method == ES_HEAD ? stream_head() : stream_response(j);
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
