/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/call.h"

#include "base/num.h"

#include <string.h>
#include <strings.h>

enum { PAIRS_FIRST = 16 };

int es_pairs_add(struct es_pairs *l, struct es_arena *a, const char *name,
                 const char *value)
{
    if (l->n == ES_PAIRS_MAX)
        return 413;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : PAIRS_FIRST;
        struct es_pair *p = es_arena_array(a, cap, sizeof *p);
        if (!p)
            return 500;
        if (l->n)
            memcpy(p, l->p, l->n * sizeof *p);
        l->p = p;
        l->cap = cap;
    }
    l->p[l->n++] = (struct es_pair){ name, value };
    return 0;
}

const char *es_pairs_get(const struct es_pairs *l, const char *name, size_t n)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].name, name) == 0 && n-- == 0)
            return l->p[i].value;
    return NULL;
}

int es_pairs_parse(struct es_pairs *l, struct es_arena *a, struct es_bytes s)
{
    size_t at = 0;
    int status;

    while (at < s.n) {
        const uint8_t *start = s.p + at;
        const uint8_t *amp = memchr(start, '&', s.n - at);
        size_t n = amp ? (size_t)(amp - start) : s.n - at;
        const uint8_t *eq = memchr(start, '=', n);
        size_t n_name = eq ? (size_t)(eq - start) : n;
        at += n + 1;
        if (n == 0)
            continue;
        struct es_bytes raw = { eq ? eq + 1 : start, eq ? n - n_name - 1 : 0 };
        const char *name = es_percent_decode((struct es_bytes){ start, n_name },
                                             true, a, &status);
        if (!name)
            return status;
        const char *value = es_percent_decode(raw, true, a, &status);
        if (!value)
            return status;
        status = es_pairs_add(l, a, name, value);
        if (status != 0)
            return status;
    }
    return 0;
}

void *es_req_cx(const struct es_req *q)
{
    return q->core->config->app;
}

struct es_arena *es_req_arena(const struct es_req *q)
{
    return q->arena;
}

void *es_req_user(const struct es_req *q)
{
    return *q->user;
}

void es_req_set_user(const struct es_req *q, void *user)
{
    *q->user = user;
}

const struct es_route *es_req_route(const struct es_req *q)
{
    return q->route;
}

enum es_method es_req_method(const struct es_req *q)
{
    return q->method;
}

const char *es_req_path(const struct es_req *q)
{
    return q->path;
}

const char *es_req_target(const struct es_req *q)
{
    return q->target;
}

const char *es_req_id(const struct es_req *q)
{
    return q->id;
}

const char *es_req_param(const struct es_req *q, const char *name)
{
    return q->route ? es_route_param(q->route, &q->segs, name) : NULL;
}

const char *es_req_query(const struct es_req *q, const char *name)
{
    return es_pairs_get(&q->query, name, 0);
}

const char *es_req_form(const struct es_req *q, const char *name)
{
    return es_pairs_get(&q->form, name, 0);
}

bool es_req_form_at(const struct es_req *q, size_t i, const char **name,
                    const char **value)
{
    if (i >= q->form.n)
        return false;
    *name = q->form.p[i].name;
    *value = q->form.p[i].value;
    return true;
}

bool es_req_i64(const struct es_req *q, const char *param, int64_t min,
                int64_t max, int64_t *out)
{
    const char *s = es_req_param(q, param);

    /* One number, one address: "+7" and "007" are not 7. */
    if (!s || *s == '+' || (*s == '0' && s[1]))
        return false;
    return es_num_i64(es_bytes_str(s), min, max, out);
}

const char *es_req_header(const struct es_req *q, const char *name)
{
    for (size_t i = 0; i < q->header.n; i++)
        if (strcasecmp(q->header.p[i].name, name) == 0)
            return q->header.p[i].value;
    return NULL;
}

/* RFC 6265 section 5.4; a proxy may have split the header in several. */
const char *es_req_cookie(const struct es_req *q, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < q->header.n; i++) {
        const char *at = q->header.p[i].value;
        if (strcasecmp(q->header.p[i].name, "Cookie") != 0)
            continue;
        while (*at) {
            at += strspn(at, "; \t");
            size_t n = strcspn(at, ";");
            if (n > len && at[len] == '=' && memcmp(at, name, len) == 0)
                return es_arena_strn(q->arena, at + len + 1, n - len - 1);
            at += n;
        }
    }
    return NULL;
}

struct es_bytes es_req_body(const struct es_req *q)
{
    if (q->body.sink != ES_SINK_JSON)
        return (struct es_bytes){ NULL, 0 };
    return es_buf_bytes(&q->body.mem);
}

int es_req_body_fd(const struct es_req *q, size_t *size)
{
    *size = q->body.size;
    return q->body.sink == ES_SINK_FD ? q->body.fd : -1;
}

const struct es_req_file *es_req_files(const struct es_req *q, size_t *n)
{
    *n = q->body.n_files;
    return q->body.files;
}

const char *es_req_peer(const struct es_req *q)
{
    return q->peer.text;
}

const uint8_t *es_req_peer_key(const struct es_req *q)
{
    return q->peer.key;
}

bool es_req_peer_is_loopback(const struct es_req *q)
{
    return es_peer_is_loopback(&q->peer);
}

bool es_req_is_https(const struct es_req *q)
{
    return q->https;
}
