/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bytes that are lent to an answer: parts of them, and that they come back. */
#include "http/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 10 };
static const char WHOLE[] = "0123456789";
static atomic_int lent, returned;

static void give_back(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
}

static enum es_code film(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    (void)e;
    es_resp_type(out, "video/webm");
    if (es_req_query(q, "exact") && es_resp_exact(q, out, "v1"))
        return ES_OK;
    atomic_fetch_add(&lent, 1);
    es_resp_lend(q, out, (struct es_bytes){ (const uint8_t *)WHOLE, SIZE },
                 give_back, &returned);
    if (es_req_query(q, "fails"))
        return es_fail(e, ES_EIO, 0, "after all");
    return ES_OK;
}

/* Lines whose number nobody knows before; after `breaks` of them no more can
 * be read. */
struct listing {
    int lines, at, breaks;
};
enum { LINE = 64 };

static ptrdiff_t next_line(void *arg, uint64_t at, uint8_t *out, size_t cap)
{
    struct listing *l = arg;
    CHECK_INT(at, (uint64_t)l->at * LINE);
    if (l->at == l->breaks)
        return -1;
    if (l->at == l->lines)
        return 0;
    CHECK(cap >= LINE);
    memset(out, 'a' + l->at % 26, LINE - 1);
    out[LINE - 1] = '\n';
    l->at++;
    return LINE;
}

static void end_listing(void *arg)
{
    free(arg);
    atomic_fetch_add(&returned, 1);
}

static enum es_code listing(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct listing *l = malloc(sizeof *l);
    (void)e;
    CHECK(l != NULL);
    *l = (struct listing){ 3000, 0, es_req_query(q, "breaks") ? 2000 : -1 };
    struct es_pulled all = { ES_PULL_TO_END, next_line, end_listing, l };
    es_resp_type(out, "text/plain");
    es_resp_pull(q, out, &all);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/film", ES_BODY_NONE, 0, film },
    { ES_GET, "/listing", ES_BODY_NONE, 0, listing },
};
static const struct es_routes TABLES[] = { { ROUTES, 2 } };

static struct es_reply ask(const char *method, const char *target,
                           const char *fields)
{
    static const struct es_http_config C = { .tables = TABLES, .n_tables = 1 };
    char text[512];
    struct es_reply r;
    (void)snprintf(text, sizeof text, "%s %s HTTP/1.1\r\n" HOST "%s\r\n",
                   method, target, fields);
    CHECK_INT(es_http_call(&C, es_bytes_str(text), "192.0.2.1", &r, NULL),
              ES_OK);
    return r;
}

static void check_answer(const char *fields, int status, const char *body,
                         const char *range)
{
    char v[64];
    struct es_reply r = ask("GET", "/film?exact=1", fields);
    const char *got = es_reply_header(&r, "Content-Range", v, sizeof v);
    if (r.status != status || strcmp(es_buf_cstr(&r.body), body) != 0 ||
        strcmp(got ? got : "", range) != 0)
        FAIL("%s%d \"%s\" %s", fields, r.status, es_buf_cstr(&r.body),
             got ? got : "");
    es_reply_release(&r);
}

/* Each pair of numbers in and around the bytes, against what it means. */
TEST(each_range_of_ten_bytes)
{
    for (int first = 0; first <= SIZE + 1; first++) {
        for (int last = 0; last <= SIZE + 1; last++) {
            char fields[64], body[16] = "", range[32] = "bytes */10";
            int end = last < SIZE ? last : SIZE - 1;
            int status = last < first ? 200 : first < SIZE ? 206 : 416;
            (void)snprintf(fields, sizeof fields, "Range: bytes=%d-%d\r\n",
                           first, last);
            if (status == 206) {
                (void)snprintf(body, sizeof body, "%.*s", end - first + 1,
                               WHOLE + first);
                (void)snprintf(range, sizeof range, "bytes %d-%d/10", first,
                               end);
            }
            if (status == 200)
                check_answer(fields, 200, WHOLE, "");
            else
                check_answer(fields, status, body, range);
        }
    }
}

TEST(open_ends_and_nonsense)
{
    check_answer("", 200, WHOLE, "");
    check_answer("Range: bytes=0-\r\n", 206, WHOLE, "bytes 0-9/10");
    check_answer("Range: bytes=7-\r\n", 206, "789", "bytes 7-9/10");
    check_answer("Range: BYTES=-3\r\n", 206, "789", "bytes 7-9/10");
    check_answer("Range: bytes=-99\r\n", 206, WHOLE, "bytes 0-9/10");
    check_answer("Range: bytes=-0\r\n", 416, "", "bytes */10");
    check_answer("Range: bytes=10-\r\n", 416, "", "bytes */10");
    check_answer("Range: bytes=0-9223372036854775807\r\n", 206, WHOLE,
                 "bytes 0-9/10");
    static const char *const NONSENSE[] = {
        "bytes=",     "bytes=-",
        "bytes=a-b",  "bytes=1",
        "bytes=3-2",  "bytes=+1-2",
        "lines=1-2",  "bytes=0-9223372036854775808",
        "bytes=1--2", "bytes=0-1,3-4",
    };
    for (size_t i = 0; i < sizeof NONSENSE / sizeof *NONSENSE; i++) {
        char fields[80];
        (void)snprintf(fields, sizeof fields, "Range: %s\r\n", NONSENSE[i]);
        check_answer(fields, 200, WHOLE, "");
    }
}

TEST(a_part_only_of_the_same_bytes)
{
    check_answer("Range: bytes=1-2\r\nIf-Range: \"v1\"\r\n", 206, "12",
                 "bytes 1-2/10");
    check_answer("Range: bytes=1-2\r\nIf-Range: \"v0\"\r\n", 200, WHOLE, "");
    check_answer("Range: bytes=1-2\r\nIf-Range: W/\"v1\"\r\n", 200, WHOLE, "");
    check_answer("Range: bytes=1-2\r\n"
                 "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                 200, WHOLE, "");
    check_answer("Range: bytes=1-2\r\nIf-None-Match: \"v1\"\r\n", 304, "", "");
}

/* Without a strong tag nobody can put parts together. */
TEST(without_a_tag_there_are_no_parts)
{
    char v[64];
    struct es_reply r = ask("GET", "/film", "Range: bytes=1-2\r\n");
    CHECK_INT(r.status, 200);
    CHECK_STR(es_buf_cstr(&r.body), WHOLE);
    CHECK(!es_reply_header(&r, "Accept-Ranges", v, sizeof v));
    es_reply_release(&r);
    r = ask("HEAD", "/film?exact=1", "Range: bytes=1-2\r\n");
    CHECK_INT(r.status, 200);
    CHECK_STR(es_reply_header(&r, "Accept-Ranges", v, sizeof v), "bytes");
    CHECK_STR(es_reply_header(&r, "ETag", v, sizeof v), "\"v1\"");
    es_reply_release(&r);
}

TEST(what_is_lent_comes_back_once)
{
    atomic_store(&lent, 0);
    atomic_store(&returned, 0);
    check_answer("Range: bytes=1-2\r\n", 206, "12", "bytes 1-2/10");
    check_answer("Range: bytes=11-\r\n", 416, "", "bytes */10");
    struct es_reply r = ask("GET", "/film?fails=1", "");
    CHECK_INT(r.status, 500);
    CHECK(!strstr(es_buf_cstr(&r.body), WHOLE));
    es_reply_release(&r);
    r = ask("HEAD", "/film", "");
    es_reply_release(&r);
    CHECK_INT(atomic_load(&lent), 4);
    CHECK_INT(atomic_load(&returned), 4);
}

/* The same over sockets, also when nobody reads to the end. */
TEST(over_a_socket)
{
    struct es_http_config c = rig_config();
    c.tables = TABLES;
    c.n_tables = 1;
    struct es_http *s = rig_start(&c);
    atomic_store(&lent, 0);
    atomic_store(&returned, 0);
    struct es_buf b = rig_talk(s, "GET /film?exact=1 HTTP/1.1\r\n" HOST
                                  "Range: bytes=2-4\r\n\r\n");
    CHECK_INT(rig_status_of(&b), 206);
    CHECK_STR(rig_body_of(&b), "234");
    CHECK(rig_has(&b, "Content-Range: bytes 2-4/10"));
    CHECK(rig_has(&b, "Content-Length: 3"));
    es_buf_release(&b);
    b = rig_talk(s, "HEAD /film?exact=1 HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK(rig_has(&b, "Content-Length: 10"));
    CHECK_STR(rig_body_of(&b), "");
    es_buf_release(&b);
    b = rig_talk(s, "GET /film?exact=1 HTTP/1.1\r\n" HOST
                    "Range: bytes=10-\r\n\r\n");
    CHECK_INT(rig_status_of(&b), 416);
    es_buf_release(&b);
    rig_stop(s);
    CHECK_INT(atomic_load(&lent), 3);
    CHECK_INT(atomic_load(&returned), 3);
}

/* Bytes in the chunks of an answer; *whole: the last one came. */
static size_t chunks(const char *body, bool *whole)
{
    size_t all = 0;
    *whole = false;
    for (char *end; *body && !*whole; body = end) {
        size_t n = strtoul(body, &end, 16);
        if (strncmp(end, "\r\n", 2) != 0 || strlen(end + 2) < n + 2)
            break;
        all += n;
        *whole = n == 0;
        end += 2 + n + 2;
    }
    return all;
}

TEST(what_has_no_known_end_is_sent_to_its_end_or_seen_to_be_cut)
{
    struct es_http_config c = rig_config();
    bool whole;
    c.tables = TABLES;
    c.n_tables = 1;
    struct es_http *s = rig_start(&c);
    atomic_store(&returned, 0);
    struct es_buf b = rig_talk(s, "GET /listing HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK(rig_has(&b, "Transfer-Encoding: chunked"));
    CHECK_INT(chunks(rig_body_of(&b), &whole), 3000 * LINE);
    CHECK(whole);
    es_buf_release(&b);
    b = rig_talk(s, "GET /listing?breaks=1 HTTP/1.1\r\n" HOST "\r\n");
    CHECK(chunks(rig_body_of(&b), &whole) <= 2000 * LINE);
    CHECK(!whole);
    es_buf_release(&b);
    b = rig_talk(s, "HEAD /listing HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK_STR(rig_body_of(&b), "");
    es_buf_release(&b);
    rig_stop(s);
    CHECK_INT(atomic_load(&returned), 3);
    struct es_reply r = ask("GET", "/listing", "Range: bytes=1-2\r\n");
    CHECK_INT(r.status, 200);
    CHECK_INT(r.body.n, 3000 * LINE);
    es_reply_release(&r);
}
