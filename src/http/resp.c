/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/call.h"

#include "base/time.h"
#include "base/utf8.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Level 7: smaller than zlib's 9 in less time than its 6. */
enum { GZIP_FLOOR = 1024, GZIP_LEVEL = 7 };

void es_resp_init(struct es_resp *r, struct es_arena *a)
{
    *r = (struct es_resp){ .arena = a, .status = 200, .cache = "no-store" };
    es_buf_init(&r->body, ES_RESP_MAX);
    es_buf_init(&r->hello, ES_FRAME_MAX);
}

void es_resp_release(struct es_resp *r)
{
    es_buf_release(&r->body);
    es_buf_release(&r->hello);
    if (r->done)
        r->done(r->done_arg);
    r->done = NULL;
}

static const char *copy(struct es_resp *r, const char *s)
{
    const char *out = es_arena_str(r->arena, s);

    if (!out)
        r->bad = "no memory";
    return out ? out : "";
}

/* Visible ASCII, spaces, tabs and bytes above: nothing that ends a line. */
static bool value_ok(const char *s)
{
    for (; *s; s++)
        if (((uint8_t)*s < ' ' && *s != '\t') || *s == 0x7f)
            return false;
    return true;
}

void es_resp_status(struct es_resp *r, int status)
{
    r->status = status;
    r->decided = true;
    if (status < 200 || status > 599)
        r->bad = "a status out of range";
}

void es_resp_type(struct es_resp *r, const char *content_type)
{
    if (!value_ok(content_type))
        r->bad = "a control in the content type";
    r->type = copy(r, content_type);
}

struct es_buf *es_resp_body(struct es_resp *r)
{
    return &r->body;
}

void es_resp_static(struct es_resp *r, struct es_bytes plain,
                    struct es_bytes gzipped)
{
    r->is_static = true;
    r->plain = plain;
    r->gzipped = gzipped;
}

static void add(struct es_resp *r, const char *name, const char *value)
{
    if (!es_is_token(es_bytes_str(name)) || !value_ok(value) || !*value)
        r->bad = "a control in a header, or nothing";
    else if (r->n_headers == ES_RESP_HEADERS)
        r->bad = "too many headers";
    else
        r->header[r->n_headers++] =
            (struct es_pair){ copy(r, name), copy(r, value) };
}

void es_resp_header(struct es_resp *r, const char *name, const char *value)
{
    static const char *const OURS[] = {
        "Connection",   "Content-Encoding", "Content-Length",
        "Content-Type", "Cache-Control",    "Date",
        "ETag",         "Server",           "Transfer-Encoding"
    };

    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if (strcasecmp(name, OURS[i]) == 0)
            r->bad = "a header that is not the handler's to set";
    add(r, name, value);
}

void es_resp_cache(struct es_resp *r, const char *value)
{
    if (!value_ok(value))
        r->bad = "a control in the cache directive";
    r->cache = copy(r, value);
}

/* A plain name for old clients, the real one in RFC 8187's form. */
void es_resp_attachment(struct es_resp *r, const char *filename)
{
    struct es_buf b;
    struct es_buf clean;

    es_buf_init(&b, 8192);
    es_buf_init(&clean, 2048);
    es_text_clean(&clean, es_bytes_str(filename), false);
    const char *s = es_buf_cstr(&clean);
    es_buf_str(&b, "attachment; filename=\"");
    for (const char *c = s; *c; c++)
        es_buf_u8(&b, (uint8_t)*c >= 0x7f || strchr("\"\\/%", *c)
                          ? '_'
                          : (uint8_t)*c);
    es_buf_str(&b, "\"; filename*=UTF-8''");
    for (const char *c = s; *c; c++) {
        uint8_t u = (uint8_t)*c;
        if ((u >= '0' && u <= '9') ||
            ((u | 0x20) >= 'a' && (u | 0x20) <= 'z') || strchr("-._~", u))
            es_buf_u8(&b, u);
        else
            es_buf_fmt(&b, "%%%02X", u);
    }
    if (b.bad)
        r->bad = "a file name too long";
    add(r, "Content-Disposition", es_buf_cstr(&b));
    es_buf_release(&b);
    es_buf_release(&clean);
}

void es_resp_no_gzip(struct es_resp *r)
{
    r->no_gzip = true;
}

/* RFC 9110 section 13.1.2: a list of tags, compared weakly, or "*". */
static bool tag_listed(const char *list, const char *tag)
{
    size_t n = strlen(tag);

    while (*list) {
        list += strspn(list, " \t,");
        if (*list == '*')
            return true;
        if (strncmp(list, "W/", 2) == 0)
            list += 2;
        if (*list != '"')
            return false;
        const char *end = strchr(list + 1, '"');
        if (!end)
            return false;
        if ((size_t)(end - list - 1) == n && memcmp(list + 1, tag, n) == 0)
            return true;
        list = end + 1;
    }
    return false;
}

static bool fresh(const struct es_req *q, struct es_resp *r, const char *tag,
                  const char *form)
{
    const char *have = es_req_header(q, "If-None-Match");

    for (const char *c = tag; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || *c == '"')
            r->bad = "a tag that can't be quoted";
    r->etag = es_arena_fmt(r->arena, "%s\"%s\"", form, tag);
    if (!r->etag)
        r->bad = "no memory";
    r->fresh = have && (q->method == ES_GET || q->method == ES_HEAD) &&
               tag_listed(have, tag);
    if (r->fresh)
        r->decided = true;
    return r->fresh;
}

bool es_resp_fresh(const struct es_req *q, struct es_resp *r, const char *tag)
{
    return fresh(q, r, tag, "W/");
}

bool es_resp_exact(const struct es_req *q, struct es_resp *r, const char *tag)
{
    r->no_gzip = true;
    return fresh(q, r, tag, "");
}

enum es_code es_resp_redirect(struct es_resp *r, const char *path)
{
    /* Browsers read "//host" and "/\host" as another site. */
    if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
        r->bad = "a redirect to elsewhere";
    for (const char *c = path; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || *c == '\\')
            r->bad = "a redirect that is not encoded";
    es_resp_status(r, 303);
    add(r, "Location", path);
    return ES_OK;
}

enum es_code es_resp_error(struct es_resp *r, int status)
{
    r->error = status;
    r->decided = true;
    return ES_OK;
}

/* RFC 6265 section 4.1.1. */
static bool cookie_value_ok(const char *s)
{
    for (; *s; s++)
        if (*s <= ' ' || *s >= 0x7f || strchr("\",;\\", *s))
            return false;
    return true;
}

void es_resp_cookie(struct es_resp *r, const struct es_cookie *c)
{
    char age[48] = "";

    if (!es_is_token(es_bytes_str(c->name)) || !cookie_value_ok(c->value)) {
        r->bad = "a cookie that can't be sent";
        return;
    }
    if (c->max_age_s >= 0)
        snprintf(age, sizeof age, "; Max-Age=%lld", (long long)c->max_age_s);
    const char *v = es_arena_fmt(
        r->arena, "%s=%s; Path=/%s%s%s; SameSite=%s", c->name, c->value, age,
        c->insecure ? "" : "; Secure", c->script ? "" : "; HttpOnly",
        c->strict ? "Strict" : "Lax");
    if (v)
        add(r, "Set-Cookie", v);
    else
        r->bad = "no memory";
}

/* ---- the answer as it is sent ---- */

static bool is_text(const char *type)
{
    static const char *const TEXT[] = {
        "application/json",       "application/problem+json",
        "application/javascript", "application/manifest+json",
        "application/xml",        "application/rss+xml",
        "application/geo+json",   "image/svg+xml"
    };

    if (!type)
        return false;
    if (strncasecmp(type, "text/", 5) == 0)
        return true;
    for (size_t i = 0; i < sizeof TEXT / sizeof *TEXT; i++)
        if (es_type_is(type, TEXT[i]))
            return true;
    return false;
}

/* gzip is named, or "*", and not with q=0. */
static bool accepts_gzip(const struct es_req *q)
{
    const char *at = es_req_header(q, "Accept-Encoding");

    while (at && *at) {
        at += strspn(at, " \t,");
        size_t n = strcspn(at, ",; \t");
        bool ours = (n == 4 && strncasecmp(at, "gzip", 4) == 0) ||
                    (n == 1 && *at == '*');
        at += n;
        n = strcspn(at, ",");
        const char *zero = memmem(at, n, "q=0", 3);
        if (ours)
            return !zero || strspn(zero + 3, ".0") != strcspn(zero + 3, ", \t");
        at += n;
    }
    return false;
}

static void gzip_body(struct es_resp *r)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(GZIP_LEVEL);
    uint8_t *out = malloc(r->body.n);
    size_t n = 0; /* where it stays so, it goes as it is */

    if (c && out)
        n = libdeflate_gzip_compress(c, r->body.p, r->body.n, out, r->body.n);
    if (n) {
        es_buf_clear(&r->body);
        es_buf_add(&r->body, out, n);
        add(r, "Content-Encoding", "gzip");
    }
    libdeflate_free_compressor(c);
    free(out);
}

static void encode(const struct es_req *q, struct es_resp *r)
{
    bool has_gzip = r->is_static && r->gzipped.n;

    if (r->no_gzip || r->hub)
        return;
    if (!has_gzip && (r->is_static || !is_text(r->type)))
        return;
    add(r, "Vary", "Accept-Encoding");
    if (!accepts_gzip(q))
        return;
    if (has_gzip) {
        r->plain = r->gzipped;
        add(r, "Content-Encoding", "gzip");
    } else if (r->body.n >= GZIP_FLOOR) {
        gzip_body(r);
    }
}

static bool has(const struct es_resp *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (strcasecmp(r->header[i].name, name) == 0)
            return true;
    return false;
}

void es_resp_finish(const struct es_req *q, struct es_resp *r)
{
    const struct es_http_config *c = q->core->config;

    if (r->fresh && r->status == 200)
        r->status = 304;
    if (r->status == 304 || r->status == 204) {
        es_buf_clear(&r->body);
        r->is_static = false;
        r->type = NULL;
        if (r->status == 304)
            add(r, "Vary", "Accept-Encoding");
    } else {
        encode(q, r);
    }
    for (size_t i = 0; i < c->n_headers; i++)
        if (!has(r, c->headers[i].name))
            add(r, c->headers[i].name, c->headers[i].value);
    if (r->type)
        add(r, "Content-Type", r->type);
    if (r->etag)
        add(r, "ETag", r->etag);
    add(r, "Cache-Control", r->cache);
    add(r, "X-Request-Id", q->id);
}

const char *es_reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } REASONS[] = {
        { 200, "OK" },
        { 206, "Partial Content" },
        { 400, "Bad Request" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 411, "Length Required" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 416, "Range Not Satisfiable" },
        { 417, "Expectation Failed" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (REASONS[i].status == status)
            return REASONS[i].text;
    return "Refused";
}

const char *es_http_date(int64_t t_ms, char *out)
{
    static const char DAY[] = "MonTueWedThuFriSatSun";
    static const char MONTH[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct es_date d = es_date_of(t_ms);

    snprintf(out, ES_HTTP_DATE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
             DAY + (size_t)d.weekday * 3, d.day,
             MONTH + (size_t)(d.month - 1) * 3, d.year, d.hour, d.minute,
             d.second);
    return out;
}
