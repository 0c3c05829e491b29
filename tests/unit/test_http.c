/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Requests and answers without sockets. */
#include "t.h"

#include "base/limits.h"
#include "http/addr.h"
#include "http/call.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- the application under test ---- */

static enum es_code echo(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_buf *b = es_resp_body(out);
    size_t n_files, size;
    const char *name, *value;
    (void)e;

    es_resp_type(out, "text/plain; charset=utf-8");
    es_buf_fmt(b, "param=%s\n", es_req_param(q, "slug"));
    es_buf_fmt(b, "a=%s\n", es_req_query(q, "a"));
    es_buf_fmt(b, "cookie=%s\n", es_req_cookie(q, "sid"));
    es_buf_fmt(b, "peer=%s https=%d\n", es_req_peer(q), es_req_is_https(q));
    for (size_t i = 0; es_req_form_at(q, i, &name, &value); i++)
        es_buf_fmt(b, "form %s=%s\n", name, value);
    const struct es_req_file *f = es_req_files(q, &n_files);
    for (size_t i = 0; i < n_files; i++) {
        char head[17] = "";
        CHECK(read(f[i].fd, head, 16) >= 0);
        es_buf_fmt(b, "file %s=[%s] %zu %s\n", f[i].field, f[i].filename,
                   f[i].size, head);
    }
    if (es_req_body_fd(q, &size) >= 0)
        es_buf_fmt(b, "raw=%zu\n", size);
    if (es_req_body(q).p)
        es_buf_fmt(b, "json=%zu\n", es_req_body(q).n);
    return ES_OK;
}

static enum es_code big(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    (void)e;
    es_resp_type(out, "text/html; charset=utf-8");
    es_resp_cache(out, "public, max-age=60");
    if (es_resp_fresh(q, out, "v1"))
        return ES_OK;
    for (int i = 0; i < 1000; i++)
        es_buf_fmt(es_resp_body(out), "<p>%d</p>\n", i);
    return ES_OK;
}

static enum es_code redirect(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    (void)e;
    return es_resp_redirect(out, es_req_query(q, "to"));
}

static enum es_code header(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    (void)e;
    es_resp_header(out, "X-Echo", es_req_query(q, "v"));
    return ES_OK;
}

static enum es_code attach(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_cookie c = { .name = "__Host-s",
                                 .value = "abc",
                                 .max_age_s = 60 };
    (void)e;
    es_resp_attachment(out, es_req_query(q, "name"));
    es_resp_cookie(out, &c);
    return ES_OK;
}

static enum es_code fails(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    es_buf_str(es_resp_body(out), "half a page with a secret");
    return es_fail(e, es_req_query(q, "busy") ? ES_EBUSY : ES_EIO, 7, "boom");
}

static enum es_code compiled_in(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    (void)q, (void)e;
    es_resp_type(out, "text/css");
    es_resp_static(out, es_bytes_str("a{}"), es_bytes_str("GZ"));
    return ES_OK;
}

static enum es_code guard(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    static int session = 7;
    (void)e;
    if ((es_req_route(q)->flags & ES_ROUTE_APP(0)) && !es_req_cookie(q, "sid"))
        return es_resp_error(out, 403);
    es_req_set_user(q, &session);
    return ES_OK;
}

static enum es_code private_page(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    const int *session = es_req_user(q);
    (void)e;
    es_buf_fmt(es_resp_body(out), "session %d", *session);
    return ES_OK;
}

static void error_page(const struct es_req *q, int status, struct es_resp *out)
{
    es_resp_type(out, "text/html; charset=utf-8");
    es_buf_fmt(es_resp_body(out), "<h1>%d</h1> %s", status, es_req_path(q));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/", ES_BODY_NONE, 0, echo },
    { ES_GET, "/e/{slug}", ES_BODY_NONE, 0, echo },
    { ES_GET, "/e/new", ES_BODY_NONE, 0, big },
    { ES_POST, "/e/{slug}/join", ES_BODY_FORM, 0, echo },
    { ES_POST, "/e/{slug}/runs", ES_BODY_FORM, ES_ROUTE_FILES, echo },
    { ES_POST, "/api/v1/runs", ES_BODY_RAW, 0, echo },
    { ES_POST, "/api/v1/join", ES_BODY_JSON, 0, echo },
    { ES_GET, "/go", ES_BODY_NONE, 0, redirect },
    { ES_GET, "/header", ES_BODY_NONE, 0, header },
    { ES_GET, "/attach", ES_BODY_NONE, 0, attach },
    { ES_GET, "/fails", ES_BODY_NONE, 0, fails },
    { ES_GET, "/app.css", ES_BODY_NONE, ES_ROUTE_INLINE, compiled_in },
    { ES_GET, "/me", ES_BODY_NONE, ES_ROUTE_APP(0), private_page },
};
static const struct es_routes TABLES[] = {
    { ROUTES, sizeof ROUTES / sizeof *ROUTES },
};
static const struct es_header HEADERS[] = {
    { "X-Content-Type-Options", "nosniff" },
};
static const char *const HOSTS[] = { "run.example" };
static const char *const TRUSTED[] = { "10.0.0.0/8", "2001:db8::1" };
static const struct es_http_config CONFIG = {
    .hosts = HOSTS,
    .n_hosts = 1,
    .trusted = TRUSTED,
    .n_trusted = 2,
    .tables = TABLES,
    .n_tables = 1,
    .headers = HEADERS,
    .n_headers = 1,
    .guard = guard,
    .error_page = error_page,
};

static struct es_reply call_from(const char *peer, struct es_bytes raw)
{
    struct es_reply r;
    struct es_err e = { 0 };
    enum es_code rc = es_http_call(&CONFIG, raw, peer, &r, &e);
    if (rc != ES_OK)
        FAIL("%s: %s", es_code_name(rc), e.msg);
    return r;
}

static struct es_reply call(const char *raw)
{
    return call_from("192.0.2.1", es_bytes_str(raw));
}

/* A request for `target` with these header lines and body. */
static struct es_reply ask(const char *method, const char *target,
                           const char *fields, const char *body)
{
    struct es_buf b;
    es_buf_init(&b, 1 << 20);
    es_buf_fmt(&b, "%s %s HTTP/1.1\r\nHost: run.example\r\n%s", method, target,
               fields);
    if (body)
        es_buf_fmt(&b, "Content-Length: %zu\r\n", strlen(body));
    es_buf_fmt(&b, "\r\n%s", body ? body : "");
    struct es_reply r = call_from("192.0.2.1", es_buf_bytes(&b));
    es_buf_release(&b);
    return r;
}

static int status_of(const char *method, const char *target, const char *fields,
                     const char *body)
{
    struct es_reply r = ask(method, target, fields, body);
    int status = r.status;
    es_reply_release(&r);
    return status;
}

static bool has(const struct es_buf *b, const char *text)
{
    return strstr(es_buf_cstr(b), text) != NULL;
}

/* ---- heads ---- */

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: run.example\r\n"

/* Sources: RFC 9112; the rows of the table of attacks they belong to. */
static const struct {
    const char *raw;
    size_t n; /* 0: strlen */
    int status;
} HEADS[] = {
    { GET HOST "\r\n", 0, 0 },
    { "GET / HTTP/1.0\r\n" HOST "\r\n", 0, 0 },
    { "DELETE /x?a[]=1|2 HTTP/1.1\r\n" HOST "\r\n", 0, 0 },
    { GET HOST "X:\r\nY:\t a b \t\r\n\r\n", 0, 0 },
    { GET "Host: [::1]:8080\r\n\r\n", 0, 0 },
    { "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n", 0, 0 },
    /* 1: two lengths, even the same one */
    { "POST / HTTP/1.1\r\n" HOST
      "Content-Length: 0\r\nContent-Length: 31\r\n\r\n",
      0, 400 },
    { "POST / HTTP/1.1\r\n" HOST
      "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
      0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\n", 0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\n", 0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\n", 0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 0, 400 },
    { "POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999999999999999\r\n\r\n",
      0, 413 },
    { GET HOST "Content-Length: 5\r\n\r\n", 0, 400 },
    /* 2: space before the colon */
    { "POST / HTTP/1.1\r\n" HOST "Content-Length : 34\r\n\r\n", 0, 400 },
    /* 3: codings */
    { "POST / HTTP/1.1\r\n" HOST
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      0, 411 },
    { "POST / HTTP/1.1\r\n" HOST "transfer-encoding: x\r\n\r\n", 0, 411 },
    /* 4: controls */
    { "GET / HTTP/1.1\r\nHost: good\0.evil\r\n\r\n", 38, 400 },
    { GET HOST "X: a\rb\r\n\r\n", 0, 400 },
    { GET HOST "X: a\x01\r\n\r\n", 0, 400 },
    { GET HOST "X: a\x7f\r\n\r\n", 0, 400 },
    { GET HOST "X: a\nY: b\r\n\r\n", 0, 400 },
    { "GET / HTTP/1.1\nHost: a\n\n", 0, 400 },
    /* 5: names */
    { GET HOST ": x\r\n\r\n", 0, 400 },
    { GET HOST "\xef"
               "foo: bar\r\n\r\n",
      0, 400 },
    { GET HOST "X: a\r\n folded\r\n\r\n", 0, 400 },
    { GET HOST "no colon\r\n\r\n", 0, 400 },
    { GET " Host: a\r\n\r\n", 0, 400 },
    /* 6: hosts */
    { GET "\r\n", 0, 400 },
    { GET HOST HOST "\r\n", 0, 400 },
    { GET "Host: a@b\r\n\r\n", 0, 400 },
    { GET "Host: a/b\r\n\r\n", 0, 400 },
    { GET "Host: a,b\r\n\r\n", 0, 400 },
    { GET "Host:\r\n\r\n", 0, 400 },
    { GET "Host: a:b\r\n\r\n", 0, 400 },
    { GET "Host: a:+1\r\n\r\n", 0, 400 },
    { GET "Host: [::1\r\n\r\n", 0, 400 },
    /* 9: methods, targets, versions */
    { "TRACE / HTTP/1.1\r\n" HOST "\r\n", 0, 405 },
    { "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", 0, 405 },
    { "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 0, 405 },
    { "BREW / HTTP/1.1\r\n" HOST "\r\n", 0, 501 },
    { "get / HTTP/1.1\r\n" HOST "\r\n", 0, 501 },
    { "G\"T / HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET http://other/ HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /\r\n", 0, 400 },
    { "GET  / HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET / HTTP/1.1 \r\n" HOST "\r\n", 0, 400 },
    { "GET /a b HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /#x HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /%zz HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /%00 HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET /a\\b HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "GET / HTTP/9.9\r\n" HOST "\r\n", 0, 505 },
    { "GET / HTTP/1.2\r\n" HOST "\r\n", 0, 505 },
    { "GET / http/1.1\r\n" HOST "\r\n", 0, 400 },
    { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 505 },
    { "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 0, 400 },
    { "\x16\x03\x01\x02", 4, 400 }, /* TLS to a plain port */
    { GET HOST "Expect: gold\r\n\r\n", 0, 417 },
};

TEST(heads_stand_or_fall_by_the_book)
{
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        struct es_head h;
        size_t n = HEADS[i].n ? HEADS[i].n : strlen(HEADS[i].raw);
        int got = es_head_parse(
            (struct es_bytes){ (const uint8_t *)HEADS[i].raw, n }, &h);
        if (got != HEADS[i].status)
            FAIL("head %zu: %d, not %d: %s", i, got, HEADS[i].status,
                 HEADS[i].raw);
    }
}

/* A cut head is unfinished or already refused, and never reads too far. */
TEST(every_truncation_of_a_head)
{
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        size_t n = HEADS[i].n ? HEADS[i].n : strlen(HEADS[i].raw);
        for (size_t k = 0; k < n; k++) {
            struct es_head h;
            struct es_bytes cut = t_guarded((const uint8_t *)HEADS[i].raw, k);
            int got = es_head_parse(cut, &h);
            CHECK(got == ES_HEAD_MORE || got == HEADS[i].status);
            CHECK(got != ES_HEAD_OK);
            t_guarded_free(cut);
        }
    }
}

TEST(head_limits)
{
    static char raw[200000];
    struct es_head h;
    struct es_buf b;

    memset(raw, 'a', sizeof raw);
    memcpy(raw, "GET /", 5);
    CHECK_INT(es_head_parse((struct es_bytes){ (uint8_t *)raw, 100000 }, &h),
              414);
    CHECK_INT(es_head_parse((struct es_bytes){ (uint8_t *)raw, 8000 }, &h),
              ES_HEAD_MORE);
    es_buf_init(&b, sizeof raw);
    es_buf_str(&b, GET HOST);
    for (int i = 0; i < 10000; i++)
        es_buf_fmt(&b, "a: b\r\n");
    CHECK_INT(es_head_parse(es_buf_bytes(&b), &h), 431);
    es_buf_clear(&b);
    es_buf_str(&b, GET HOST "X: ");
    for (int i = 0; i < 20000; i++)
        es_buf_u8(&b, 'a');
    CHECK_INT(es_head_parse(es_buf_bytes(&b), &h), 431);
    es_buf_release(&b);
}

/* ---- routes ---- */

TEST(routes_match_decoded_once)
{
    struct es_reply r = ask("GET", "/e/caf%C3%A9?a=1%262+3", "", NULL);
    CHECK_INT(r.status, 200);
    CHECK(has(&r.body, "param=caf\xc3\xa9\n"));
    CHECK(has(&r.body, "a=1&2 3\n"));
    es_reply_release(&r);
    r = ask("GET", "/e/%252e", "", NULL);
    CHECK(has(&r.body, "param=%2e\n"));
    es_reply_release(&r);
    r = ask("GET", "/e/new", "", NULL); /* literal wins */
    CHECK(has(&r.body, "<p>1</p>"));
    es_reply_release(&r);
}

TEST(paths_that_lead_nowhere)
{
    static const char *const BAD[] = {
        "/static/..%2f..%2fetc/passwd",
        "/e/..",
        "/e/%2e%2e",
        "/e/.",
        "/e/a%5cb",
        "/e/a%0d%0aX:1",
        "/e/%ff",
    };
    static const char *const NONE[] = {
        "/nothing", "//",     "/e/",
        "/e//",     "/e/a/",  "//e/a",
        "/E/a",     "/e/a/b", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_INT(status_of("GET", BAD[i], "", NULL), 400);
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        CHECK_INT(status_of("GET", NONE[i], "", NULL), 404);
}

TEST(a_method_that_the_path_does_not_have)
{
    char v[64];
    struct es_reply r = ask("POST", "/e/x", "", "");
    CHECK_INT(r.status, 405);
    CHECK_STR(es_reply_header(&r, "Allow", v, sizeof v), "GET, HEAD");
    CHECK(has(&r.body, "<h1>405</h1> /e/x"));
    es_reply_release(&r);
}

TEST(impossible_routes_are_refused_at_start)
{
    static const struct es_route BAD[][2] = {
        { { ES_GET, "e", ES_BODY_NONE, 0, echo } },
        { { ES_GET, "/e/", ES_BODY_NONE, 0, echo } },
        { { ES_GET, "/e/{x", ES_BODY_NONE, 0, echo } },
        { { ES_GET, "/e/a{x}", ES_BODY_NONE, 0, echo } },
        { { ES_GET, "/e", ES_BODY_FORM, 0, echo } },
        { { ES_HEAD, "/e", ES_BODY_NONE, 0, echo } },
        { { ES_POST, "/e", ES_BODY_RAW, ES_ROUTE_FILES, echo } },
        { { ES_GET, "/e", ES_BODY_NONE, 0, NULL } },
    };
    static const struct es_route TWICE[] = {
        { ES_GET, "/e", ES_BODY_NONE, 0, echo },
        { ES_GET, "/e", ES_BODY_NONE, 0, big },
    };
    const struct es_routes twice = { TWICE, 2 };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        const struct es_routes t = { BAD[i], 1 };
        CHECK_INT(es_routes_check(&t, 1, NULL), ES_EINVAL);
    }
    CHECK_INT(es_routes_check(&twice, 1, NULL), ES_EINVAL);
    CHECK_INT(es_routes_check(TABLES, 1, NULL), ES_OK);
}

TEST(unknown_hosts_are_refused)
{
    struct es_reply r = call("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    CHECK_INT(r.status, 400);
    es_reply_release(&r);
    r = call("GET / HTTP/1.1\r\nHost: Run.Example\r\n\r\n");
    CHECK_INT(r.status, 200);
    es_reply_release(&r);
}

/* ---- who asks ---- */

static void check_peer(const char *conn, const char *fields, const char *want)
{
    char raw[512];
    snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" HOST "%s\r\n", fields);
    struct es_reply r = call_from(conn, es_bytes_str(raw));
    if (!has(&r.body, want))
        FAIL("from %s with %s: %s", conn, fields, es_buf_cstr(&r.body));
    es_reply_release(&r);
}

TEST(forwarded_addresses_count_only_from_our_proxy)
{
#define XFF "X-Forwarded-For: "
    check_peer("192.0.2.1", XFF "1.2.3.4\r\nX-Forwarded-Proto: https\r\n",
               "peer=192.0.2.1 https=0\n");
    check_peer("10.1.2.3", XFF "1.2.3.4\r\nX-Forwarded-Proto: https\r\n",
               "peer=1.2.3.4 https=1\n");
    check_peer("10.1.2.3", XFF "6.6.6.6, 1.2.3.4, 10.9.9.9\r\n",
               "peer=1.2.3.4 https=0\n");
    check_peer("10.1.2.3", XFF "6.6.6.6\r\n" XFF "1.2.3.4\r\n",
               "peer=1.2.3.4 ");
    check_peer("10.1.2.3", XFF "1.2.3.4, unknown\r\n", "peer=10.1.2.3 ");
    check_peer("10.1.2.3", XFF ",,\r\n", "peer=10.1.2.3 ");
    check_peer("2001:db8::1", XFF "[2001:db8:7::1]:99\r\n",
               "peer=2001:db8:7::1 ");
    check_peer("2001:db8::2", XFF "1.2.3.4\r\n", "peer=2001:db8::2 ");
    check_peer("unix", XFF "1.2.3.4\r\n", "peer=1.2.3.4 ");
    check_peer("unix", "X-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n",
               "peer=unix ");
}

TEST(peers_of_one_household_share_a_key)
{
    struct es_peer a, b, c, d;
    CHECK(es_peer_parse(es_bytes_str("2001:db8:1:2::1"), &a));
    CHECK(es_peer_parse(es_bytes_str("2001:db8:1:2:ffff::9"), &b));
    CHECK(es_peer_parse(es_bytes_str("2001:db8:1:3::1"), &c));
    CHECK(memcmp(a.key, b.key, ES_PEER_KEY) == 0);
    CHECK(memcmp(a.key, c.key, ES_PEER_KEY) != 0);
    CHECK(es_peer_parse(es_bytes_str("192.0.2.1"), &a));
    CHECK(es_peer_parse(es_bytes_str("::ffff:192.0.2.1"), &b));
    CHECK(es_peer_parse(es_bytes_str("192.0.2.2"), &d));
    CHECK(memcmp(a.key, b.key, ES_PEER_KEY) == 0);
    CHECK(memcmp(a.key, d.key, ES_PEER_KEY) != 0);
    CHECK_STR(b.text, "192.0.2.1");
    CHECK(!es_peer_parse(es_bytes_str("192.0.2.1.5"), &d));
    CHECK(!es_peer_parse(es_bytes_str("[::1"), &d));
}

TEST(counts_per_address)
{
    struct es_counts *t = es_counts_new();
    uint8_t key[16] = { 0 };
    for (unsigned i = 0; i < 5000; i++) {
        memcpy(key, &i, sizeof i);
        CHECK(es_counts_take(t, key, ES_COUNT_OPEN, 1, 2));
        CHECK(es_counts_take(t, key, ES_COUNT_OPEN, 1, 2));
        CHECK(!es_counts_take(t, key, ES_COUNT_OPEN, 1, 2));
        CHECK(es_counts_take(t, key, ES_COUNT_INCOMPLETE, 1, 1));
    }
    for (unsigned i = 0; i < 5000; i++) {
        memcpy(key, &i, sizeof i);
        es_counts_give(t, key, ES_COUNT_OPEN, 1);
        CHECK(es_counts_take(t, key, ES_COUNT_OPEN, 1, 2));
        es_counts_give(t, key, ES_COUNT_OPEN, 1);
        es_counts_give(t, key, ES_COUNT_OPEN, 1);
        es_counts_give(t, key, ES_COUNT_INCOMPLETE, 1);
    }
    es_counts_free(t); /* nothing is left: the leak check says so */
}

/* ---- names and values ---- */

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

TEST(a_name_has_one_value)
{
    CHECK_INT(status_of("GET", "/?id=1&id=2", "", NULL), 400);
    CHECK_INT(status_of("GET", "/?id=1&%69d=2", "", NULL), 400);
    CHECK_INT(status_of("GET", "/?id=1&ID=2", "", NULL), 200);
    CHECK_INT(status_of("POST", "/e/x/join", FORM, "a=1&a=2"), 400);
    CHECK_INT(status_of("POST", "/e/x/join?a=1", FORM, "a=1"), 400);
    CHECK_INT(status_of("POST", "/e/x/join", FORM, "c[]=1&c[]=2"), 200);
    CHECK_INT(status_of("POST", "/e/x/join", FORM, "a=%00"), 400);
    CHECK_INT(status_of("POST", "/e/x/join", FORM, "a=%f"), 400);
    CHECK_INT(status_of("POST", "/e/x/join", FORM, "a=%ff"), 400);
    CHECK_INT(status_of("GET", "/?a=%ff", "", NULL), 400);
}

TEST(forms_and_cookies)
{
    struct es_reply r =
        ask("POST", "/e/x/join", FORM "Cookie: a=b; sid=xyz; sid=2\r\n",
            "name=%D8%B3%D9%84%D8%A7%D9%85+1&empty=&flag&&x=a%3Db%26");
    CHECK_INT(r.status, 200);
    CHECK(has(&r.body, "form name=\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85 1\n"));
    CHECK(has(&r.body, "form empty=\n"));
    CHECK(has(&r.body, "form flag=\n"));
    CHECK(has(&r.body, "form x=a=b&\n"));
    CHECK(has(&r.body, "cookie=xyz\n"));
    es_reply_release(&r);
}

TEST(bodies_are_what_the_route_takes)
{
#define JSON "Content-Type: application/json; charset=utf-8\r\n"
    CHECK_INT(status_of("POST", "/api/v1/join", JSON, "{}"), 200);
    /* a form of another site may send text/plain: never taken for JSON */
    CHECK_INT(
        status_of("POST", "/api/v1/join", "Content-Type: text/plain\r\n", "{}"),
        415);
    CHECK_INT(status_of("POST", "/api/v1/join", "", "{}"), 415);
    CHECK_INT(status_of("POST", "/e/x/join", JSON, "{}"), 415);
    CHECK_INT(status_of("POST", "/e/x/join", "", NULL), 200);
    CHECK_INT(status_of("DELETE", "/e/x/join", "", NULL), 405);
    struct es_reply r = ask("POST", "/api/v1/runs", "", "0123456789");
    CHECK(has(&r.body, "raw=10\n"));
    es_reply_release(&r);
    r = ask("POST", "/api/v1/runs", JSON, "{\"a\":1}");
    CHECK(has(&r.body, "json=7\n"));
    es_reply_release(&r);
}

TEST(too_long_is_said_before_it_is_read)
{
    struct es_reply r = call("POST /api/v1/runs HTTP/1.1\r\n" HOST
                             "Content-Length: 10737418240\r\n\r\n");
    CHECK_INT(r.status, 413);
    CHECK(has(&r.body, "<h1>413</h1>"));
    es_reply_release(&r);
    r = call("POST /e/x/join HTTP/1.1\r\n" HOST FORM
             "Content-Length: 65537\r\n\r\n");
    CHECK_INT(r.status, 413);
    es_reply_release(&r);
    r = call("POST /api/v1/runs HTTP/1.1\r\n" HOST
             "Content-Length: 100\r\n\r\n12345"); /* and then nothing */
    CHECK_INT(r.status, 400);
    es_reply_release(&r);
}

/* ---- multipart ---- */

#define MULTI "Content-Type: multipart/form-data; boundary=XX\r\n"
#define PART(d) "--XX\r\nContent-Disposition: form-data; " d "\r\n"

static const struct {
    const char *body;
    int status;
    const char *want;
} PARTS[] = {
    { PART("name=a") "\r\n1\r\n--XX--\r\n", 200, "form a=1\n" },
    { PART("name=\"a\"") "\r\n1\r\n--XX--", 200, "form a=1\n" },
    { PART("name=a") "\r\n\r\n--XX--", 200, "form a=\n" },
    { PART("name=a") "\r\n--XX--", 200, "form a=\n" },
    { PART("name=a") "\r\nx\r\n--X\r\n\r\n--XY\r\n--XX--", 200,
      "form a=x\r\n--X\r\n\r\n--XY\n" },
    { PART("name=a") "\r\n\r\r\n\r\n--XX--", 200, "form a=\r\r\n\n" },
    { PART("name=f; filename=\"a.gpx\"") "Content-Type: "
                                         "x/y\r\n\r\nDATA\r\n" PART(
                                             "name=f; filename=\"b.fit\"") "\r"
                                                                           "\nM"
                                                                           "ORE"
                                                                           "!\r"
                                                                           "\n-"
                                                                           "-XX"
                                                                           "--",
      200, "file f=[a.gpx] 4 DATA\nfile f=[b.fit] 5 MORE!\n" },
    { PART("name=f; filename=\"\"") "\r\n\r\n--XX--", 200, "https=0\n" },
    /* 17: hostile names */
    { PART("name=f; filename=\"../../x\"") "\r\n1\r\n--XX--", 200, "[x]" },
    { PART("name=f; filename=\"C:\\dir\\y.gpx\"") "\r\n1\r\n--XX--", 200,
      "[y.gpx]" },
    { PART("name=f; filename=\"a\xe2\x80\xaexpg.exe\"") "\r\n1\r\n--XX--", 200,
      "[axpg.exe]" },
    { PART("name=f; filename=\"<img onerror>\"") "\r\n1\r\n--XX--", 200,
      "[<img onerror>]" },
    { PART("name=f; filename=\"a\\\"b\"") "\r\n1\r\n--XX--", 200, "[a\"b]" },
    /* 15: abuse */
    { PART("name=a") "\r\n1\r\n", 400, "" },
    { PART("name=a") "\r\n1\r\n--XX-", 400, "" },
    { PART("name=a") "\r\n1\r\n--XXjunk\r\n", 400, "" },
    { "preamble\r\n" PART("name=a") "\r\n1\r\n--XX--", 400, "" },
    { PART("filename=x") "\r\n1\r\n--XX--", 400, "" },
    { PART("name=\"\"") "\r\n1\r\n--XX--", 400, "" },
    { PART("name=a; name=b") "\r\n1\r\n--XX--", 400, "" },
    { PART("name=\"a") "\r\n1\r\n--XX--", 400, "" },
    { "--XX\r\nContent-Type: text/plain\r\n\r\n1\r\n--XX--", 400, "" },
    { "--XX\r\n\r\n1\r\n--XX--", 400, "" },
    { PART("name=a") "Content-Type: multipart/mixed; boundary=YY\r\n\r\n"
                     "--YY\r\n\r\n--YY--\r\n--XX--",
      400, "" },
    { "--XX\rContent-Disposition: form-data; name=a\r\r1\r--XX--", 400, "" },
    { "--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--", 400, "" },
    { PART("name=a") "\r\n1\r\n" PART("name=a") "\r\n2\r\n--XX--", 400, "" },
    { PART("name=a") "\r\n\xff\r\n--XX--", 400, "" },
    { "", 400, "" },
};

TEST(multipart_stands_or_falls)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct es_reply r = ask("POST", "/e/x/runs", MULTI, PARTS[i].body);
        if (r.status != PARTS[i].status || !has(&r.body, PARTS[i].want))
            FAIL("form %zu: %d, not %d: %s", i, r.status, PARTS[i].status,
                 es_buf_cstr(&r.body));
        es_reply_release(&r);
    }
}

/* The parser must not care where the network cuts. */
struct gather {
    struct es_buf out;
};

static int gather_begin(void *cx, const struct es_part *p)
{
    struct gather *g = cx;
    es_buf_fmt(&g->out, "<%s|%s|", p->name, p->file ? p->filename : "-");
    return 0;
}

static int gather_data(void *cx, struct es_bytes b)
{
    struct gather *g = cx;
    es_buf_add(&g->out, b.p, b.n);
    return 0;
}

static int gather_end(void *cx)
{
    struct gather *g = cx;
    es_buf_str(&g->out, ">");
    return 0;
}

static int parse_cut(const char *body, size_t cut, struct gather *g)
{
    const struct es_part_sink sink = { g, gather_begin, gather_data,
                                       gather_end };
    struct es_multipart m;
    size_t n = strlen(body);
    es_buf_init(&g->out, 1 << 16);
    es_multipart_init(&m, "XX", &sink);
    for (size_t i = 0; i < n; i += cut)
        (void)es_multipart_feed(&m,
                                (struct es_bytes){ (const uint8_t *)body + i,
                                                   n - i < cut ? n - i : cut });
    return es_multipart_end(&m);
}

TEST(multipart_is_the_same_however_it_is_cut)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct gather whole;
        int status = parse_cut(PARTS[i].body, 1 << 20, &whole);
        for (size_t cut = 1; cut < 9; cut++) {
            struct gather g;
            CHECK_INT(parse_cut(PARTS[i].body, cut, &g), status);
            if (status == 0)
                CHECK_STR(es_buf_cstr(&g.out), es_buf_cstr(&whole.out));
            es_buf_release(&g.out);
        }
        es_buf_release(&whole.out);
    }
}

TEST(multipart_limits)
{
    struct es_buf b;
    char fields[2048];
    char boundary[1200];

    es_buf_init(&b, 1 << 20);
    for (int i = 0; i < 21; i++)
        es_buf_fmt(&b, PART("name=p%d") "\r\n1\r\n", i);
    es_buf_str(&b, "--XX--");
    CHECK_INT(status_of("POST", "/e/x/runs", MULTI, es_buf_cstr(&b)), 413);
    es_buf_clear(&b);
    es_buf_str(&b, PART("name=a") "X: ");
    for (int i = 0; i < 5000; i++)
        es_buf_u8(&b, 'a');
    CHECK_INT(status_of("POST", "/e/x/runs", MULTI, es_buf_cstr(&b)), 413);
    es_buf_clear(&b);
    es_buf_str(&b, PART("name=a") "\r\n");
    for (int i = 0; i < 70000; i++)
        es_buf_u8(&b, 'a');
    es_buf_str(&b, "\r\n--XX--");
    CHECK_INT(status_of("POST", "/e/x/runs", MULTI, es_buf_cstr(&b)), 413);
    /* no files where none are asked for */
    CHECK_INT(status_of("POST", "/e/x/join", MULTI,
                        PART("name=f; filename=a") "\r\n1\r\n--XX--"),
              400);
    memset(boundary, 'b', sizeof boundary - 1);
    boundary[sizeof boundary - 1] = 0;
    snprintf(fields, sizeof fields,
             "Content-Type: multipart/form-data; boundary=%s\r\n", boundary);
    CHECK_INT(status_of("POST", "/e/x/runs", fields, "--b"), 400);
    CHECK_INT(status_of("POST", "/e/x/runs",
                        "Content-Type: multipart/form-data\r\n", "--b"),
              400);
    es_buf_release(&b);
}

TEST(a_long_file_name_is_cut_at_120)
{
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    es_buf_str(&b, PART("name=f; filename=\""));
    b.n -= 2; /* the line goes on */
    for (int i = 0; i < 200; i++)
        es_buf_str(&b, "\xd8\xb3");
    es_buf_str(&b, "\"\r\n\r\n1\r\n--XX--");
    struct es_reply r = ask("POST", "/e/x/runs", MULTI, es_buf_cstr(&b));
    CHECK_INT(r.status, 200);
    const char *open = strchr(es_buf_cstr(&r.body), '[');
    CHECK(open && strcspn(open, "]") == 1 + 240);
    es_reply_release(&r);
    es_buf_release(&b);
}

/* ---- answers ---- */

TEST(no_header_line_of_a_strangers_making)
{
    char v[256];
    CHECK_INT(status_of("GET", "/header?v=a%0d%0aSet-Cookie:x=1", "", NULL),
              500);
    CHECK_INT(status_of("GET", "/header?v=fine", "", NULL), 200);
    static const char *const AWAY[] = { "//evil",    "https:evil", "/%5cevil",
                                        "/a%0d%0ab", "evil",       "/a%20b" };
    for (size_t i = 0; i < sizeof AWAY / sizeof *AWAY; i++) {
        char target[64];
        snprintf(target, sizeof target, "/go?to=%s", AWAY[i]);
        CHECK_INT(status_of("GET", target, "", NULL), 500);
    }
    struct es_reply r = ask("GET", "/go?to=/e/a%3fb", "", NULL);
    CHECK_INT(r.status, 303);
    CHECK_STR(es_reply_header(&r, "Location", v, sizeof v), "/e/a?b");
    es_reply_release(&r);
    r = ask("GET", "/attach?name=a%22%0d%0aX:%20y%D8%B3.gpx", "", NULL);
    CHECK_INT(r.status, 200);
    CHECK_STR(es_reply_header(&r, "Content-Disposition", v, sizeof v),
              "attachment; filename=\"a_ X: y__.gpx\"; "
              "filename*=UTF-8''a%22%20X%3A%20y%D8%B3.gpx");
    CHECK_STR(es_reply_header(&r, "Set-Cookie", v, sizeof v),
              "__Host-s=abc; Path=/; Max-Age=60; Secure; HttpOnly; "
              "SameSite=Lax");
    es_reply_release(&r);
}

TEST(gzip_where_it_is_accepted)
{
    char v[64];
    struct es_reply r = ask("GET", "/e/new", "", NULL);
    size_t plain = r.body.n;
    CHECK(es_reply_header(&r, "Content-Encoding", v, sizeof v) == NULL);
    CHECK_STR(es_reply_header(&r, "Vary", v, sizeof v), "Accept-Encoding");
    es_reply_release(&r);
    r = ask("GET", "/e/new", "Accept-Encoding: br, gzip;q=0.5\r\n", NULL);
    CHECK_STR(es_reply_header(&r, "Content-Encoding", v, sizeof v), "gzip");
    CHECK(r.body.n < plain / 2 && r.body.p[0] == 0x1f && r.body.p[1] == 0x8b);
    es_reply_release(&r);
    r = ask("GET", "/e/new", "Accept-Encoding: gzip;q=0, br\r\n", NULL);
    CHECK_INT(r.body.n, plain);
    es_reply_release(&r);
    r = ask("GET", "/app.css", "Accept-Encoding: gzip\r\n", NULL);
    CHECK_STR(es_buf_cstr(&r.body), "GZ");
    es_reply_release(&r);
    r = ask("GET", "/app.css", "", NULL);
    CHECK_STR(es_buf_cstr(&r.body), "a{}");
    es_reply_release(&r);
}

TEST(not_modified)
{
    char v[64];
    struct es_reply r = ask("GET", "/e/new", "", NULL);
    CHECK_STR(es_reply_header(&r, "ETag", v, sizeof v), "W/\"v1\"");
    es_reply_release(&r);
    r = ask("GET", "/e/new", "If-None-Match: \"x\", W/\"v1\"\r\n", NULL);
    CHECK_INT(r.status, 304);
    CHECK_INT(r.body.n, 0);
    CHECK_STR(es_reply_header(&r, "Cache-Control", v, sizeof v),
              "public, max-age=60");
    es_reply_release(&r);
    CHECK_INT(status_of("GET", "/e/new", "If-None-Match: \"v2\"\r\n", NULL),
              200);
    CHECK_INT(status_of("GET", "/e/new", "If-None-Match: v1\r\n", NULL), 200);
}

TEST(errors_tell_nothing)
{
    char v[64];
    struct es_reply r = ask("GET", "/fails", "", NULL);
    CHECK_INT(r.status, 500);
    CHECK_STR(es_buf_cstr(&r.body), "<h1>500</h1> /fails");
    CHECK_STR(es_reply_header(&r, "X-Content-Type-Options", v, sizeof v),
              "nosniff");
    CHECK_STR(es_reply_header(&r, "Cache-Control", v, sizeof v), "no-store");
    es_reply_release(&r);
    r = ask("GET", "/fails?busy=1", "", NULL);
    CHECK_INT(r.status, 503);
    CHECK(es_reply_header(&r, "Retry-After", v, sizeof v) != NULL);
    es_reply_release(&r);
}

TEST(the_guard_decides_first)
{
    CHECK_INT(status_of("GET", "/me", "", NULL), 403);
    struct es_reply r = ask("GET", "/me", "Cookie: sid=1\r\n", NULL);
    CHECK_STR(es_buf_cstr(&r.body), "session 7");
    es_reply_release(&r);
}

TEST(head_has_no_body)
{
    struct es_reply r = ask("HEAD", "/e/new", "", NULL);
    CHECK_INT(r.status, 200);
    CHECK_INT(r.body.n, 0);
    es_reply_release(&r);
}
