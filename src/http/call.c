/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/call.h"

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID_BITS = 80, RETRY_AFTER_S = 2 };

enum es_code es_core_init(struct es_core *core, const struct es_http_config *c,
                          struct es_err *e)
{
    *core = (struct es_core){ .config = c, .bodies_max = ES_BODIES_MAX };
    if (c->bodies_max && c->bodies_max < ES_BODIES_MAX)
        core->bodies_max = c->bodies_max;
    if (c->n_trusted > ES_TRUSTED_MAX)
        return es_fail(e, ES_EINVAL, 0, "more than %d trusted proxies",
                       ES_TRUSTED_MAX);
    for (size_t i = 0; i < c->n_trusted; i++)
        if (!es_net_parse(c->trusted[i], &core->trusted[core->n_trusted++]))
            return es_fail(e, ES_EINVAL, i, "no address or network: %s",
                           c->trusted[i]);
    return es_routes_check(c->tables, c->n_tables, e);
}

static const char *str(struct es_call *c, struct es_bytes s)
{
    return es_arena_strn(&c->arena, s.p ? (const void *)s.p : "", s.n);
}

static bool trusts(const struct es_core *core, const struct es_peer *p)
{
    return !p->ip || es_net_has(core->trusted, core->n_trusted, p);
}

/* The last hop of a list, which is cut off; false when it is empty. */
static bool last_hop(struct es_bytes *list, struct es_bytes *hop)
{
    size_t end = list->n;

    while (end && strchr(", \t", list->p[end - 1]))
        end--;
    size_t start = end;
    while (start && list->p[start - 1] != ',')
        start--;
    size_t first = start;
    while (first < end && (list->p[first] == ' ' || list->p[first] == '\t'))
        first++;
    *hop = (struct es_bytes){ list->p + first, end - first };
    list->n = start;
    return hop->n > 0;
}

/* The rightmost hop that isn't a proxy of ours: what stands further left, the
 * client may have written itself. */
static void find_peer(struct es_call *c, const struct es_head *h,
                      const struct es_peer *conn)
{
    struct es_bytes v;
    struct es_bytes hop;
    struct es_peer p;

    c->q.peer = *conn;
    if (!trusts(c->q.core, conn))
        return;
    if (es_head_field(h, "X-Forwarded-Proto", 0, &v) &&
        !es_head_field(h, "X-Forwarded-Proto", 1, &hop))
        c->q.https = es_name_is(v, "https");
    for (size_t i = h->n_fields; i-- > 0;) {
        if (!es_name_is(h->field[i].name, "X-Forwarded-For"))
            continue;
        v = h->field[i].value;
        while (last_hop(&v, &hop)) {
            if (!es_peer_parse(hop, &p))
                return;
            c->q.peer = p;
            if (!trusts(c->q.core, &p))
                return;
        }
    }
}

static bool host_known(const struct es_http_config *c, struct es_bytes host)
{
    if (c->n_hosts == 0)
        return true;
    for (size_t i = 0; i < c->n_hosts; i++)
        if (es_name_is(host, c->hosts[i]))
            return true;
    return false;
}

/* 0 or why the request is refused. */
static int read_target(struct es_call *c, const struct es_head *h)
{
    struct es_req *q = &c->q;
    const uint8_t *mark = memchr(h->target.p, '?', h->target.n);
    size_t n = mark ? (size_t)(mark - h->target.p) : h->target.n;

    q->target = str(c, h->target);
    q->path = str(c, (struct es_bytes){ h->target.p, n });
    if (!q->target || !q->path)
        return 503;
    int status =
        es_path_split((struct es_bytes){ h->target.p, n }, q->arena, &q->segs);
    if (status != 0)
        return status;
    struct es_match m =
        es_route_find(q->core->config->tables, q->core->config->n_tables,
                      &q->segs, h->method);
    q->route = m.route;
    c->allow = m.allow;
    if (mark) /* for a page that says 404 too: it has a language */
        status =
            es_pairs_parse(&q->query, q->arena,
                           (struct es_bytes){ mark + 1, h->target.n - n - 1 });
    for (size_t i = 0; i < q->query.n && status == 0; i++)
        if (es_pairs_get(&q->query, q->query.p[i].name, 1))
            status = 400;
    if (!m.route)
        return m.allow ? 405 : 404;
    return status;
}

static int read_fields(struct es_call *c, const struct es_head *h)
{
    for (size_t i = 0; i < h->n_fields; i++) {
        const char *name = str(c, h->field[i].name);
        const char *value = str(c, h->field[i].value);
        if (!name || !value ||
            es_pairs_add(&c->q.header, &c->arena, name, value) != 0)
            return 503;
    }
    return 0;
}

struct es_call *es_call_new(struct es_core *core, const struct es_head *h,
                            const struct es_peer *peer)
{
    struct es_call *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    es_arena_init(&c->arena, ES_REQ_ARENA);
    es_resp_init(&c->r, &c->arena);
    c->q.core = core;
    c->q.arena = &c->arena;
    c->q.user = &c->user;
    c->q.method = h->method;
    c->q.target = c->q.path = "/";
    c->q.body.fd = -1;
    c->length = h->length;
    c->started_ms = es_time_mono_ms();
    es_random_code(c->q.id, sizeof c->q.id, ID_BITS);
    find_peer(c, h, peer);
    c->refused = read_fields(c, h);
    if (c->refused == 0)
        c->refused = read_target(c, h);
    if (c->refused == 0 && !host_known(core->config, h->host))
        c->refused = 400;
    int status = es_body_begin(&c->q, h->length);
    /* A body that is too long is the first thing to say: it won't be read. */
    if (c->refused == 0 || status == 413)
        c->refused = status;
    if (c->refused)
        c->q.body.sink = ES_SINK_DISCARD;
    return c;
}

void es_call_feed(struct es_call *c, struct es_bytes in)
{
    int status = es_body_feed(&c->q, in);

    if (status == 0)
        return;
    if (c->refused == 0)
        c->refused = status;
    es_body_release(&c->q); /* the rest is dropped as it comes */
}

static void add_allow(struct es_call *c)
{
    char allow[64] = "";
    size_t n = 0;

    /* A method that we never allow was refused before its path was read. */
    for (unsigned m = 0; m <= ES_DELETE; m++)
        if (!c->allow || (c->allow & 1u << m))
            n += (size_t)snprintf(allow + n, sizeof allow - n, "%s%s",
                                  n ? ", " : "",
                                  es_method_name((enum es_method)m));
    es_resp_header(&c->r, "Allow", allow);
}

/* Drops what there was and draws the page for `status`. */
static void draw_error(struct es_call *c, int status)
{
    const struct es_http_config *cfg = c->q.core->config;

    es_resp_release(&c->r);
    es_resp_init(&c->r, &c->arena);
    es_resp_status(&c->r, status);
    if (status == 405)
        add_allow(c);
    if (status == 503 || status == 429)
        es_resp_header(&c->r, "Retry-After", "2");
    if (cfg->error_page) {
        cfg->error_page(&c->q, status, &c->r);
        c->r.error = 0;
        c->r.hub = NULL;
    }
    if (c->r.bad || c->r.body.bad || !cfg->error_page) {
        es_buf_clear(&c->r.body);
        es_resp_type(&c->r, "text/plain; charset=utf-8");
        es_buf_fmt(&c->r.body, "%d %s\n", status, es_reason(status));
        c->r.bad = NULL;
    }
}

static int status_of(enum es_code rc)
{
    return rc == ES_EBUSY || rc == ES_EWORKER || rc == ES_ENOMEM ? 503 : 500;
}

/* Guard, then handler. 0 or the status of the error page. */
static int handle(struct es_call *c)
{
    es_handler *guard = c->q.core->config->guard;
    struct es_err e = { 0 };
    enum es_code rc = guard ? guard(&c->q, &c->r, &e) : ES_OK;

    if (rc == ES_OK && !c->r.decided)
        rc = c->q.route->fn(&c->q, &c->r, &e);
    if (rc != ES_OK) {
        es_log(ES_LOG_ERROR, "http.failed", "%s %s: %s at %zu: %s (id %s)",
               es_method_name(c->q.method), c->q.route->pattern,
               es_code_name(rc), e.at, e.msg, c->q.id);
        return status_of(rc);
    }
    if (c->r.bad || c->r.body.bad) {
        es_log(ES_LOG_ERROR, "http.failed", "%s %s: %s (id %s)",
               es_method_name(c->q.method), c->q.route->pattern,
               c->r.bad ? c->r.bad : "a body over its maximum", c->q.id);
        return 500;
    }
    return c->r.error;
}

void es_call_run(struct es_call *c)
{
    int64_t start_ms = es_time_mono_ms();
    int status = c->refused;

    if (status == 0)
        status = es_body_end(&c->q);
    if (status == 0)
        status = handle(c);
    if (status != 0)
        draw_error(c, status);
    es_resp_finish(&c->q, &c->r);
    if (c->r.bad) { /* the application's own headers can't be sent */
        es_log(ES_LOG_ERROR, "http.failed", "%s (id %s)", c->r.bad, c->q.id);
        es_resp_release(&c->r);
        es_resp_init(&c->r, &c->arena);
        c->r.status = 500;
    }
    c->handler_ms = es_time_mono_ms() - start_ms;
}

bool es_call_is_inline(const struct es_call *c)
{
    return c->refused || !c->q.route || (c->q.route->flags & ES_ROUTE_INLINE);
}

struct es_bytes es_call_body(const struct es_call *c)
{
    if (c->r.hub)
        return es_buf_bytes(&c->r.hello);
    return c->r.is_static ? c->r.plain : es_buf_bytes(&c->r.body);
}

void es_call_free(struct es_call *c)
{
    if (!c)
        return;
    es_body_release(&c->q);
    es_resp_release(&c->r);
    es_arena_release(&c->arena);
    free(c);
}

void es_call_wire(const struct es_call *c, struct es_buf *out)
{
    const struct es_resp *r = &c->r;
    struct es_bytes body = es_call_body(c);
    char date[ES_HTTP_DATE];

    es_buf_fmt(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", r->status,
               es_reason(r->status), es_http_date(es_time_now_ms(), date));
    for (size_t i = 0; i < r->n_headers; i++)
        es_buf_fmt(out, "%s: %s\r\n", r->header[i].name, r->header[i].value);
    es_buf_fmt(out, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.n);
    if (c->q.method != ES_HEAD)
        es_buf_add(out, body.p, body.n);
}
