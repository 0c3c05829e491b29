/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/router.h"

#include "base/utf8.h"

#include <string.h>

static int hex(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *es_percent_decode(struct es_bytes s, bool form, struct es_arena *a,
                        int *status)
{
    char *out = es_arena_alloc(a, s.n + 1);
    size_t n = 0;

    *status = 500;
    if (!out)
        return NULL;
    *status = 400;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3 || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
                return NULL;
            c = (uint8_t)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        if (c == 0)
            return NULL;
        out[n++] = (char)c;
    }
    out[n] = 0;
    if (!es_utf8_valid(es_bytes_str(out)))
        return NULL;
    *status = 0;
    return out;
}

static bool segment_ok(const char *s)
{
    if (strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
        return false;
    for (; *s; s++)
        if ((uint8_t)*s < ' ' || *s == 0x7f || *s == '/' || *s == '\\')
            return false;
    return true;
}

int es_path_split(struct es_bytes path, struct es_arena *a, struct es_path *out)
{
    size_t at = 1;
    int status;

    *out = (struct es_path){ .n = 0 };
    while (path.n > 1 && at <= path.n) {
        const uint8_t *start = path.p + at;
        const uint8_t *end = memchr(start, '/', path.n - at);
        size_t n = end ? (size_t)(end - start) : path.n - at;
        if (out->n == ES_PATH_SEGMENTS)
            return 404;
        char *seg =
            es_percent_decode((struct es_bytes){ start, n }, false, a, &status);
        if (!seg)
            return status;
        if (!segment_ok(seg))
            return 400;
        out->seg[out->n++] = seg;
        at += n + 1;
    }
    return 0;
}

/* The next segment of a pattern; false at its end. */
static bool next_segment(const char **at, struct es_bytes *seg)
{
    if (**at != '/' || (*at)[1] == 0)
        return false;
    const char *start = *at + 1;
    *at = start + strcspn(start, "/");
    *seg = (struct es_bytes){ (const uint8_t *)start, (size_t)(*at - start) };
    return true;
}

static bool is_brace(struct es_bytes seg)
{
    return seg.n > 2 && seg.p[0] == '{';
}

/* How well a pattern fits: a bit for each literal segment, the leftmost the
 * highest, plus one; 0 when it doesn't. */
static unsigned fit(const char *pattern, const struct es_path *path)
{
    struct es_bytes seg;
    unsigned score = 0;
    size_t i = 0;

    while (next_segment(&pattern, &seg)) {
        if (i == path->n)
            return 0;
        const char *have = path->seg[i++];
        score <<= 1;
        if (is_brace(seg)) {
            if (!*have)
                return 0;
            continue;
        }
        if (!es_bytes_eq(seg, es_bytes_str(have)))
            return 0;
        score |= 1;
    }
    return i == path->n ? score + 1 : 0;
}

struct es_match es_route_find(const struct es_routes *tables, size_t n,
                              const struct es_path *path, enum es_method m)
{
    struct es_match out = { 0 };
    enum es_method want = m == ES_HEAD ? ES_GET : m;
    unsigned best = 0;

    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < tables[t].n; i++) {
            const struct es_route *r = &tables[t].p[i];
            unsigned score = fit(r->pattern, path);
            if (score == 0)
                continue;
            out.allow |= 1u << r->method;
            if (r->method == want && score > best) {
                best = score;
                out.route = r;
            }
        }
    if (out.allow & 1u << ES_GET)
        out.allow |= 1u << ES_HEAD;
    return out;
}

const char *es_route_param(const struct es_route *r, const struct es_path *p,
                           const char *name)
{
    const char *at = r->pattern;
    size_t len = strlen(name);
    struct es_bytes seg;

    for (size_t i = 0; next_segment(&at, &seg) && i < p->n; i++)
        if (is_brace(seg) && seg.n == len + 2 &&
            memcmp(seg.p + 1, name, len) == 0)
            return p->seg[i];
    return NULL;
}

static bool pattern_ok(const char *pattern)
{
    struct es_bytes seg;
    size_t n = 0;

    if (pattern[0] != '/')
        return false;
    if (pattern[1] == 0)
        return true;
    while (next_segment(&pattern, &seg)) {
        if (seg.n == 0 || ++n > ES_PATH_SEGMENTS)
            return false;
        bool open = memchr(seg.p, '{', seg.n) != NULL;
        bool shut = memchr(seg.p, '}', seg.n) != NULL;
        if ((open || shut) && !(is_brace(seg) && seg.p[seg.n - 1] == '}'))
            return false;
    }
    return *pattern == 0;
}

static enum es_code route_check(const struct es_routes *tables, size_t t,
                                size_t i, struct es_err *e)
{
    const struct es_route *r = &tables[t].p[i];

    if (!r->fn || !r->pattern || !pattern_ok(r->pattern) ||
        r->method == ES_HEAD ||
        (r->method == ES_GET && r->body != ES_BODY_NONE) ||
        ((r->flags & ES_ROUTE_FILES) && r->body != ES_BODY_FORM))
        return es_fail(e, ES_EINVAL, i, "route %s can't stand",
                       r->pattern ? r->pattern : "(none)");
    for (size_t u = 0; u <= t; u++)
        for (size_t k = 0; k < (u == t ? i : tables[u].n); k++)
            if (tables[u].p[k].method == r->method &&
                strcmp(tables[u].p[k].pattern, r->pattern) == 0)
                return es_fail(e, ES_EINVAL, i, "route %s stands twice",
                               r->pattern);
    return ES_OK;
}

enum es_code es_routes_check(const struct es_routes *tables, size_t n,
                             struct es_err *e)
{
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < tables[t].n; i++) {
            enum es_code rc = route_check(tables, t, i, e);
            if (rc != ES_OK)
                return rc;
        }
    return ES_OK;
}
