/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/head.h"

#include "base/num.h"

#include <string.h>
#include <strings.h>

/* RFC 9110 section 5.6.2. */
static bool is_tchar(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
           (c >= 'a' && c <= 'f');
}

bool es_is_token(struct es_bytes s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_tchar(s.p[i]))
            return false;
    return s.n > 0;
}

bool es_name_is(struct es_bytes s, const char *name)
{
    return strlen(name) == s.n &&
           strncasecmp((const char *)s.p, name, s.n) == 0;
}

static bool is_text(struct es_bytes s, const char *text)
{
    return es_bytes_eq(s, es_bytes_str(text));
}

static const struct {
    const char *name;
    enum es_method method;
} METHODS[] = {
    { "GET", ES_GET }, { "HEAD", ES_HEAD },   { "POST", ES_POST },
    { "PUT", ES_PUT }, { "PATCH", ES_PATCH }, { "DELETE", ES_DELETE },
};

int es_method_of(struct es_bytes s, enum es_method *out)
{
    static const char *const NEVER[] = { "TRACE", "CONNECT", "OPTIONS" };

    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (is_text(s, METHODS[i].name)) {
            *out = METHODS[i].method;
            return 0;
        }
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        if (is_text(s, NEVER[i]))
            return 405;
    return es_is_token(s) ? 501 : 400;
}

const char *es_method_name(enum es_method m)
{
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (METHODS[i].method == m)
            return METHODS[i].name;
    return "?";
}

/* Origin form only (RFC 9112 section 3.2.1), in what the URL Standard lets a
 * browser send: it leaves [ ] | in paths and more in queries unencoded. */
int es_target_check(struct es_bytes t)
{
    bool query = false;

    if (t.n > ES_HTTP_LINE)
        return 414;
    if (t.n == 0 || t.p[0] != '/')
        return 400;
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = t.p[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"#<>", c))
            return 400;
        if (!query && strchr("\\^`{}", c))
            return 400;
        if (c == '?')
            query = true;
        if (c != '%')
            continue;
        if (t.n - i < 3 || !is_hex(t.p[i + 1]) || !is_hex(t.p[i + 2]))
            return 400;
        if (t.p[i + 1] == '0' && t.p[i + 2] == '0')
            return 400;
    }
    return 0;
}

/* The line at *at without its CRLF. A bare CR, a bare LF or another control
 * but TAB is 400; a line that is still open is ES_HEAD_MORE. */
static int take_line(struct es_bytes in, size_t *at, struct es_bytes *line)
{
    size_t i = *at;

    while (i < in.n && (in.p[i] >= ' ' || in.p[i] == '\t') && in.p[i] != 0x7f)
        i++;
    *line = (struct es_bytes){ in.p + *at, i - *at };
    if (i == in.n)
        return ES_HEAD_MORE;
    if (in.p[i] != '\r')
        return 400;
    if (i + 1 == in.n)
        return ES_HEAD_MORE;
    if (in.p[i + 1] != '\n')
        return 400;
    *at = i + 2;
    return ES_HEAD_OK;
}

static int parse_version(struct es_bytes v, unsigned *minor)
{
    if (v.n != 8 || memcmp(v.p, "HTTP/", 5) != 0 || v.p[6] != '.' ||
        v.p[5] < '0' || v.p[5] > '9' || v.p[7] < '0' || v.p[7] > '9')
        return 400;
    if (v.p[5] != '1' || v.p[7] > '1')
        return 505;
    *minor = (unsigned)(v.p[7] - '0');
    return 0;
}

/* Exactly method SP target SP version. The version is judged first, so that
 * an HTTP/2 preface is told what it is. */
static int parse_request_line(struct es_bytes line, struct es_head *h)
{
    const uint8_t *sp1 = memchr(line.p, ' ', line.n);
    const uint8_t *end = line.p + line.n;

    if (!sp1)
        return 400;
    const uint8_t *sp2 = memchr(sp1 + 1, ' ', (size_t)(end - sp1 - 1));
    if (!sp2)
        return 400;
    struct es_bytes method = { line.p, (size_t)(sp1 - line.p) };
    struct es_bytes target = { sp1 + 1, (size_t)(sp2 - sp1 - 1) };
    struct es_bytes version = { sp2 + 1, (size_t)(end - sp2 - 1) };
    int status = parse_version(version, &h->minor);
    if (status == 0)
        status = es_method_of(method, &h->method);
    if (status == 0)
        status = es_target_check(target);
    if (status == 0)
        h->target = target;
    return status;
}

/* RFC 9112 section 5: no space before the colon, no folded line. */
static int parse_field(struct es_bytes line, struct es_head *h)
{
    const uint8_t *colon = memchr(line.p, ':', line.n);

    if (!colon)
        return 400;
    struct es_bytes name = { line.p, (size_t)(colon - line.p) };
    if (!es_is_token(name))
        return 400;
    if (h->n_fields == ES_HTTP_FIELDS)
        return 431;
    struct es_bytes v = { colon + 1, line.n - name.n - 1 };
    while (v.n && (v.p[0] == ' ' || v.p[0] == '\t')) {
        v.p++;
        v.n--;
    }
    while (v.n && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
        v.n--;
    h->field[h->n_fields++] = (struct es_field){ name, v };
    return 0;
}

int es_head_parse(struct es_bytes in, struct es_head *out)
{
    struct es_bytes whole = in;
    struct es_bytes line;
    size_t at = 0;

    *out = (struct es_head){ 0 };
    if (in.n > ES_HTTP_HEADER)
        whole.n = ES_HTTP_HEADER;
    int status = take_line(whole, &at, &line);
    out->bad = line;
    if (line.n > ES_HTTP_LINE)
        return 414;
    if (status != ES_HEAD_OK)
        return status;
    status = parse_request_line(line, out);
    if (status != 0)
        return status;
    for (;;) {
        status = take_line(whole, &at, &line);
        out->bad = line;
        if (status == ES_HEAD_MORE)
            return in.n >= ES_HTTP_HEADER ? 431 : ES_HEAD_MORE;
        if (status != ES_HEAD_OK)
            return status;
        if (line.n == 0)
            break;
        status = parse_field(line, out);
        if (status != 0)
            return status;
    }
    out->bad = (struct es_bytes){ NULL, 0 };
    out->bytes = at;
    return es_head_check(out);
}

bool es_head_field(const struct es_head *h, const char *name, size_t n,
                   struct es_bytes *value)
{
    for (size_t i = 0; i < h->n_fields; i++)
        if (es_name_is(h->field[i].name, name) && n-- == 0) {
            *value = h->field[i].value;
            return true;
        }
    return false;
}

/* RFC 9110 section 7.2: a name, an IPv4 address or an IPv6 one in brackets,
 * and perhaps a port. No user part, no list. */
static bool host_ok(struct es_bytes s)
{
    size_t i = 0;
    int64_t port;

    if (s.n && s.p[0] == '[') {
        for (i = 1;
             i < s.n && (is_hex(s.p[i]) || s.p[i] == ':' || s.p[i] == '.');)
            i++;
        if (i < 4 || i == s.n || s.p[i++] != ']')
            return false;
    } else {
        while (i < s.n && (is_tchar(s.p[i]) && !strchr("!#$%&'*+^`|", s.p[i])))
            i++;
    }
    if (i == 0 || i > 255)
        return false;
    if (i == s.n)
        return true;
    return s.p[i] == ':' &&
           es_num_i64((struct es_bytes){ s.p + i + 1, s.n - i - 1 }, 0, 65535,
                      &port) &&
           s.p[i + 1] >= '0' && s.p[i + 1] <= '9';
}

static int check_length(struct es_head *h)
{
    struct es_bytes v;
    int64_t n;

    h->length = 0;
    if (!es_head_field(h, "Content-Length", 0, &v))
        return 0;
    if (es_head_field(h, "Content-Length", 1, &(struct es_bytes){ 0 }))
        return 400;
    if (v.n == 0 || v.n > 19)
        return 400;
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return 400;
    if (!es_num_i64(v, 0, INT64_MAX, &n))
        return 413; /* digits, and more than anyone has */
    h->length = (uint64_t)n;
    return 0;
}

int es_head_check(struct es_head *h)
{
    struct es_bytes v;

    if (es_head_field(h, "Host", 1, &v) ||
        !es_head_field(h, "Host", 0, &h->host) || !host_ok(h->host))
        return 400;
    /* With Transfer-Encoding there are two ways to say where a body ends;
     * we need only one, and every upload of ours knows its size. */
    if (es_head_field(h, "Transfer-Encoding", 0, &v))
        return 411;
    int status = check_length(h);
    if (status != 0)
        return status;
    if (h->length && (h->method == ES_GET || h->method == ES_HEAD))
        return 400;
    if (es_head_field(h, "Expect", 0, &v)) {
        if (!es_name_is(v, "100-continue"))
            return 417;
        h->expect = true;
    }
    return 0;
}
