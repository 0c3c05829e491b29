/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the gate would have said to a head that doesn't stand. */
static void refuse(int status, struct es_reply *out)
{
    out->status = status;
    es_buf_fmt(&out->body, "%d %s\n", status, es_reason(status));
}

static void pull_all(const struct es_resp *r, struct es_buf *out)
{
    uint8_t some[4096];
    for (uint64_t at = 0; at < r->pull_n;) {
        size_t cap = r->pull_n - at < sizeof some ? (size_t)(r->pull_n - at)
                                                  : sizeof some;
        ptrdiff_t n = r->pull(r->done_arg, r->pull_from + at, some, cap);
        if (n <= 0)
            return;
        es_buf_add(out, some, (size_t)n);
        at += (size_t)n;
    }
}

static void reply(struct es_call *c, struct es_reply *out)
{
    struct es_bytes body = es_call_body(c);

    out->status = c->r.status;
    for (size_t i = 0; i < c->r.n_headers; i++)
        es_buf_fmt(&out->head, "%s: %s\n", c->r.header[i].name,
                   c->r.header[i].value);
    if (c->q.method != ES_HEAD)
        es_buf_add(&out->body, body.p, body.n);
    if (c->q.method != ES_HEAD && c->r.pull)
        pull_all(&c->r, &out->body);
}

enum es_code es_http_call(const struct es_http_config *c,
                          struct es_bytes request, const char *peer,
                          struct es_reply *out, struct es_err *e)
{
    struct es_core core;
    struct es_head h;
    struct es_peer p;
    enum es_code rc = es_core_init(&core, c, e);

    *out = (struct es_reply){ 0 };
    if (rc != ES_OK)
        return rc;
    if (strcmp(peer, "unix") == 0)
        es_peer_unix(&p);
    else if (!es_peer_parse(es_bytes_str(peer), &p))
        return es_fail(e, ES_EINVAL, 0, "no address: %s", peer);
    es_buf_init(&out->head, 1 << 16);
    es_buf_init(&out->body, ES_RESP_MAX);
    int status = es_head_parse(request, &h);
    if (status == ES_HEAD_MORE)
        return es_fail(e, ES_ETRUNCATED, request.n, "a head without its end");
    if (status != ES_HEAD_OK) {
        refuse(status, out);
        return ES_OK;
    }
    struct es_call *call = es_call_new(&core, &h, &p);
    if (!call)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a request");
    struct es_bytes body = { request.p + h.bytes, request.n - h.bytes };
    if (body.n > h.length)
        body.n = (size_t)h.length;
    if (!call->refused && body.n < h.length)
        call->refused = 400;
    if (body.n)
        es_call_feed(call, body);
    es_call_run(call);
    reply(call, out);
    es_call_free(call);
    return ES_OK;
}

const char *es_reply_header(const struct es_reply *r, const char *name, char *v,
                            size_t cap)
{
    const char *at = es_buf_cstr(&r->head);
    size_t len = strlen(name);

    while (*at) {
        size_t n = strcspn(at, "\n");
        if (n > len + 1 && at[len] == ':' && strncasecmp(at, name, len) == 0) {
            n -= len + 2;
            n = n < cap - 1 ? n : cap - 1;
            memcpy(v, at + len + 2, n);
            v[n] = 0;
            return v;
        }
        at += n;
        at += *at == '\n';
    }
    return NULL;
}

void es_reply_release(struct es_reply *r)
{
    es_buf_release(&r->head);
    es_buf_release(&r->body);
}
