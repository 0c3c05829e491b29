/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A real server on loopback, and raw sockets at it. Row numbers are those of
 * the table of attacks. */
#include "http/rig.h"

#include "base/limits.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- plain service ---- */

TEST(answers_and_closes)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b = rig_talk(s, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK(rig_has(&b, "\r\nConnection: close\r\n"));
    CHECK(rig_has(&b, "\r\nDate: "));
    CHECK(rig_has(&b, "\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK(rig_has(&b, "\r\nCache-Control: no-store\r\n"));
    CHECK(rig_has(&b, "\r\nX-Request-Id: "));
    CHECK(!rig_has(&b, "\r\nServer:"));
    es_buf_release(&b);
    b = rig_talk(s, "GET /inline HTTP/1.0\r\n" HOST "\r\n");
    CHECK(rig_has(&b, " 200 OK\r\n"));
    es_buf_release(&b);
    b = rig_talk(s, "HEAD /hello HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK(rig_has(&b, "\r\nContent-Length: 15\r\n"));
    CHECK_STR(rig_body_of(&b), "");
    es_buf_release(&b);
    b = rig_talk(s, "GET /none HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 404);
    es_buf_release(&b);
    b = rig_talk(s, "POST /hello HTTP/1.1\r\n" HOST
                    "Content-Length: 3\r\n\r\nabc");
    CHECK_INT(rig_status_of(&b), 405);
    es_buf_release(&b);
    b = rig_talk(s,
                 "GET /big HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
    CHECK(rig_has(&b, "\r\nContent-Encoding: gzip\r\n"));
    CHECK(b.n > 1000 && b.n < 1500000);
    es_buf_release(&b);
    b = rig_talk(s, "GET /big HTTP/1.1\r\n" HOST
                    "If-None-Match: W/\"big1\"\r\n\r\n");
    CHECK_INT(rig_status_of(&b), 304);
    CHECK_STR(rig_body_of(&b), "");
    es_buf_release(&b);
    struct es_http_stats st;
    es_http_stats(s, &st);
    CHECK_INT(st.requests, 7);
    CHECK_INT(st.by_class[4], 2);
    rig_stop(s);
}

TEST(two_servers_and_a_taken_port)
{
    const struct es_http_config c = rig_config();
    struct es_http *a = rig_start(&c);
    char where[64];
    struct es_http *none = NULL;
    struct es_http_config taken = c;
    snprintf(where, sizeof where, "127.0.0.1:%d", es_http_port(a));
    taken.listen = where;
    CHECK_INT(es_http_start(&taken, &none, NULL), ES_EIO);
    CHECK(none == NULL);
    taken.listen = "nowhere";
    CHECK_INT(es_http_start(&taken, &none, NULL), ES_EINVAL);
    struct es_http *b = rig_start(&c);
    rig_check_hello(a);
    rig_check_hello(b);
    rig_stop(a);
    rig_stop(b);
}

/* ---- 1 to 5, 9: what doesn't stand never reaches a handler ---- */

TEST(smuggled_requests_never_run)
{
    static const struct {
        const char *raw;
        int status;
    } CASES[] = {
        { "POST /raw HTTP/1.1\r\n" HOST
          "Content-Length: 0\r\nContent-Length: 33\r\n\r\n"
          "GET /hello HTTP/1.1\r\n" HOST "\r\n",
          400 },
        { "POST /raw HTTP/1.1\r\n" HOST "Content-Length : 34\r\n\r\n"
          "GET /hello HTTP/1.1\r\n" HOST "\r\n",
          400 },
        { "POST /raw HTTP/1.1\r\n" HOST
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
          "0\r\n\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n",
          411 },
        { "GET /hello HTTP/1.1\r\n: x\r\n" HOST "\r\n", 400 },
        { "GET /hello HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", 400 },
        { "GET /hello HTTP/1.1\nHost: a\n\n", 400 },
        { "GET /hello HTTP/1.1\r\n\r\n", 400 },
        { "GET /hello HTTP/1.1\r\n" HOST HOST "\r\n", 400 },
        { "TRACE /hello HTTP/1.1\r\n" HOST "\r\n", 405 },
        { "GET http://other/hello HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET /hello HTTP/9.9\r\n" HOST "\r\n", 505 },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
        { "GET /hello HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
          400 },
        { "GET /static/..%2f..%2fetc/passwd HTTP/1.1\r\n" HOST "\r\n", 400 },
    };
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    atomic_store(&rig_hits, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_buf b = rig_talk(s, CASES[i].raw);
        if (rig_status_of(&b) != CASES[i].status)
            FAIL("case %zu: %s", i, es_buf_cstr(&b));
        CHECK(rig_has(&b, "\r\nConnection: close\r\n"));
        CHECK(rig_has(&b, "\r\nX-Content-Type-Options: nosniff\r\n"));
        es_buf_release(&b);
    }
    CHECK_INT(atomic_load(&rig_hits), 0);
    rig_check_hello(s);
    rig_stop(s);
}

TEST(a_nul_in_a_value_is_refused)
{
    static const char RAW[] =
        "GET /hello HTTP/1.1\r\nHost: good\0.evil\r\n\r\n";
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(send(fd, RAW, sizeof RAW - 1, 0) == sizeof RAW - 1);
    CHECK(rig_get(fd, &b, 3000, &reset) && !reset);
    CHECK_INT(rig_status_of(&b), 400);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

TEST(pipelined_requests_do_not_run)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < 20; i++) {
        struct es_buf b;
        bool reset;
        int fd = rig_dial(s);
        atomic_store(&rig_hits, 0);
        CHECK(rig_put(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n"
                          "GET /inline HTTP/1.1\r\n" HOST "\r\n"
                          "GET /inline HTTP/1.1\r\n" HOST "\r\n"));
        CHECK(rig_get(fd, &b, 3000, &reset)); /* what was not read may reset */
        CHECK_INT(rig_status_of(&b), 200);
        CHECK(strstr(rig_body_of(&b), "HTTP/1.1") == NULL);
        es_buf_release(&b);
        close(fd);
        CHECK_INT(atomic_load(&rig_hits), 1);
    }
    rig_stop(s);
}

/* ---- 7: giants ---- */

TEST(giants_are_cut_short)
{
    static char line[120000];
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    memset(line, 'a', sizeof line - 1);
    memcpy(line, "GET /", 5);
    struct es_buf b = rig_talk(s, line);
    CHECK_INT(rig_status_of(&b), 414);
    es_buf_release(&b);
    struct es_buf many;
    es_buf_init(&many, 1 << 20);
    es_buf_str(&many, "GET /hello HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 10000; i++)
        es_buf_fmt(&many, "a%d: b\r\n", i);
    b = rig_talk(s, es_buf_cstr(&many));
    CHECK_INT(rig_status_of(&b), 431);
    es_buf_release(&b);
    es_buf_release(&many);
    rig_stop(s);
}

/* ---- 8: the slow ---- */

static void drip_and_be_cut(const int *fd, size_t n)
{
    for (int k = 0; k < 10; k++) { /* dripping buys no time */
        rig_nap_ms(100);
        for (size_t i = 0; i < n; i++)
            (void)send(fd[i], "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    for (size_t i = 0; i < n; i++) {
        struct es_buf b;
        bool reset;
        CHECK(rig_get(fd[i], &b, 2000, &reset)); /* closed, all of them */
        es_buf_release(&b);
        close(fd[i]);
    }
}

TEST(slow_connections_hold_nobody_up)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    int fd[200];
    size_t n = sizeof fd / sizeof *fd;
    c.header_ms = 600;
    struct es_http *s = rig_start(&c);
    for (size_t i = 0; i < n; i++) {
        char from[32];
        snprintf(from, sizeof from, "127.0.1.%zu", 1 + i % 5);
        fd[i] = rig_dial_from(s, from);
        (void)rig_put(fd[i], "GET /hello HTTP/1.1\r\nHo");
    }
    rig_check_hello(s);
    es_http_stats(s, &st);
    CHECK_INT(st.gate_shed, 0);
    drip_and_be_cut(fd, n);
    es_http_stats(s, &st);
    CHECK_INT(st.gate_cut, n);
    CHECK_INT(st.connections, 0);
    rig_check_hello(s);
    rig_stop(s);
}

TEST(one_address_holds_no_more_than_its_share)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    int fd[200];
    size_t n = sizeof fd / sizeof *fd;
    c.header_ms = 600;
    c.incomplete_ms = 1;
    struct es_http *s = rig_start(&c);
    for (size_t i = 0; i < n; i++) {
        fd[i] = rig_dial(s);
        (void)rig_put(fd[i], "GET /hello HTTP/1.1\r\nHo");
    }
    rig_check_hello(s);             /* from the same address */
    for (int i = 0; i < 200; i++) { /* the oldest have to go */
        es_http_stats(s, &st);
        if (st.connections <= ES_INCOMPLETE_PER_ADDR)
            break;
        rig_nap_ms(5);
    }
    CHECK_INT(st.gate_shed, n - ES_INCOMPLETE_PER_ADDR);
    CHECK_INT(st.connections, ES_INCOMPLETE_PER_ADDR);
    drip_and_be_cut(fd, n);
    rig_stop(s);
}

TEST(too_many_connections_in_all)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    int fd[12];
    c.conn_max = 10;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < 12; i++)
        fd[i] = rig_dial(s);
    for (int i = 0; i < 200; i++) {
        es_http_stats(s, &st);
        if (st.accepted == 12)
            break;
        rig_nap_ms(10);
    }
    CHECK_INT(st.gate_shed, 2);
    CHECK_INT(st.connections, 10);
    for (int i = 10; i < 12; i++) {
        struct es_buf b;
        bool reset;
        CHECK(rig_get(fd[i], &b, 2000, &reset));
        CHECK_INT(rig_status_of(&b), 503);
        es_buf_release(&b);
    }
    for (int i = 0; i < 12; i++)
        close(fd[i]);
    rig_stop(s);
}

TEST(a_header_in_many_pieces_is_whole_in_the_end)
{
    static const char RAW[] = "GET /hello HTTP/1.1\r\n" HOST "\r\n";
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    for (size_t i = 0; i < sizeof RAW - 1; i++) {
        CHECK(send(fd, RAW + i, 1, 0) == 1);
        rig_nap_ms(3);
    }
    CHECK(rig_get(fd, &b, 3000, &reset) && !reset);
    CHECK_INT(rig_status_of(&b), 200);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

TEST(a_slow_body_is_cut_off)
{
    struct es_http_config c = rig_config();
    c.body_ms = 700;
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 1000000\r\n\r\n"));
    for (int i = 0; i < 12; i++) { /* a byte each 100 ms */
        rig_nap_ms(100);
        (void)rig_put(fd, "x");
    }
    CHECK(rig_get(fd, &b, 2000, &reset));
    CHECK_INT(b.n, 0);
    es_buf_release(&b);
    close(fd);
    struct es_http_stats st;
    es_http_stats(s, &st);
    CHECK_INT(st.body_cut, 1);
    rig_stop(s);
    /* The same by rate: the deadline is far, the grace is short. */
    c = rig_config();
    c.grace_ms = 300;
    s = rig_start(&c);
    fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 1000000\r\n\r\n"));
    for (int i = 0; i < 10; i++) {
        rig_nap_ms(100);
        (void)rig_put(fd, "x");
    }
    CHECK(rig_get(fd, &b, 2000, &reset));
    es_buf_release(&b);
    close(fd);
    es_http_stats(s, &st);
    CHECK_INT(st.body_cut, 1);
    rig_check_hello(s);
    rig_stop(s);
}

TEST(a_reader_too_slow_is_cut_off)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    struct es_buf b;
    bool reset;
    int small = 4096;
    c.send_ms = 300;
    struct es_http *s = rig_start(&c);
    int fd = rig_dial(s);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CHECK(rig_put(fd, "GET /huge HTTP/1.1\r\n" HOST "\r\n"));
    for (int i = 0; i < 20; i++) { /* a byte each 50 ms */
        char byte;
        CHECK(recv(fd, &byte, 1, 0) == 1);
        rig_nap_ms(50);
    }
    es_http_stats(s, &st);
    CHECK_INT(st.body_cut, 1);
    CHECK_INT(st.connections, 0);
    CHECK(rig_get(fd, &b, 3000, &reset));
    CHECK(b.n < 24 << 20);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

/* ---- bodies ---- */

TEST(a_body_that_streams_in_slowly_arrives_whole)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    char want[64];
    uint64_t sum = 0;
    static char piece[50000];
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 500000\r\n\r\n"));
    for (int i = 0; i < 10; i++) {
        for (size_t k = 0; k < sizeof piece; k++) {
            piece[k] = (char)(i * 7 + (int)k);
            sum = sum * 31 + (uint8_t)piece[k];
        }
        CHECK(send(fd, piece, sizeof piece, 0) == sizeof piece);
        rig_nap_ms(20);
    }
    CHECK(rig_get(fd, &b, 3000, &reset) && !reset);
    snprintf(want, sizeof want, "500000 %llu", (unsigned long long)sum);
    CHECK_STR(rig_body_of(&b), want);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

TEST(expect_continue)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    CHECK(!rig_get(fd, &b, 200, &reset));
    CHECK(rig_has(&b, "HTTP/1.1 100 "));
    es_buf_release(&b);
    CHECK(rig_put(fd, "abc"));
    CHECK(rig_get(fd, &b, 3000, &reset));
    CHECK_INT(rig_status_of(&b), 200);
    es_buf_release(&b);
    close(fd);
    /* Too long: told so at once, without the invitation. */
    b = rig_talk(s, "POST /raw HTTP/1.1\r\n" HOST
                    "Content-Length: 33554433\r\nExpect: 100-continue\r\n\r\n");
    CHECK_INT(rig_status_of(&b), 413);
    es_buf_release(&b);
    rig_stop(s);
}

/* 16: the answer is read by a client that keeps sending. */
TEST(oversize_is_refused_and_the_client_reads_why)
{
    static char chunk[65536];
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 10737418240\r\n\r\n"));
    for (int i = 0; i < 128; i++) /* 8 MiB */
        CHECK(send(fd, chunk, sizeof chunk, MSG_NOSIGNAL) > 0);
    CHECK(!rig_get(fd, &b, 300, &reset) || !reset);
    CHECK_INT(rig_status_of(&b), 413);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

TEST(a_client_that_leaves_in_the_middle)
{
    const struct linger hard = { .l_onoff = 1, .l_linger = 0 };
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_http_stats st;
    for (int i = 0; i < 20; i++) {
        int fd = rig_dial(s);
        CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                          "Content-Length: 100000\r\n\r\n12345"));
        if (i % 2) /* a reset */
            (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close(fd);
    }
    for (int i = 0; i < 100; i++) {
        es_http_stats(s, &st);
        if (st.in_flight == 0 && st.connections == 0)
            break;
        rig_nap_ms(20);
    }
    CHECK_INT(st.in_flight, 0);
    CHECK_INT(st.connections, 0);
    CHECK_INT(st.requests, 0);
    rig_check_hello(s);
    rig_stop(s);
}

TEST(a_client_that_leaves_while_a_handler_runs)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_http_stats st;
    int fd[8];
    for (int i = 0; i < 8; i++) {
        fd[i] = rig_dial(s);
        CHECK(rig_put(fd[i], "GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    }
    for (int i = 0; i < 200 && atomic_load(&rig_inside) == 0; i++)
        rig_nap_ms(5);
    rig_nap_ms(50);
    CHECK(atomic_load(&rig_inside) > 0);
    for (int i = 0; i < 8; i++)
        close(fd[i]);
    for (int i = 0; i < 150; i++) {
        es_http_stats(s, &st);
        if (st.in_flight == 0 && st.connections == 0)
            break;
        rig_nap_ms(20);
    }
    CHECK_INT(atomic_load(&rig_inside), 0);
    CHECK_INT(st.in_flight, 0);
    CHECK_INT(st.connections, 0);
    rig_stop(s);
}

TEST(a_client_that_only_closes_its_half_is_answered)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 3\r\n\r\nabc"));
    CHECK(shutdown(fd, SHUT_WR) == 0);
    CHECK(rig_get(fd, &b, 3000, &reset) && !reset);
    CHECK_INT(rig_status_of(&b), 200);
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

TEST(bodies_of_all_together_are_bounded)
{
    struct es_http_config c = rig_config();
    struct es_buf b;
    bool reset;
    static char piece[45000];
    c.bodies_max = 100000; /* 50,000 from one address */
    struct es_http *s = rig_start(&c);
    static const struct {
        const char *from;
        int status;
    } CASES[] = {
        { "127.0.0.1", 200 },
        { "127.0.0.1", 429 },
        { "127.0.0.2", 200 },
        { "127.0.0.3", 503 },
    };
    int fd[4];
    for (int i = 0; i < 4; i++) {
        fd[i] = rig_dial_from(s, CASES[i].from);
        CHECK(rig_put(fd[i], "POST /raw HTTP/1.1\r\n" HOST
                             "Content-Length: 45001\r\n\r\n"));
        CHECK(send(fd[i], piece, sizeof piece, 0) == sizeof piece);
        rig_nap_ms(100);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(rig_put(fd[i], "x"));
        CHECK(rig_get(fd[i], &b, 3000, &reset) && !reset);
        CHECK_INT(rig_status_of(&b), CASES[i].status);
        es_buf_release(&b);
        close(fd[i]);
    }
    rig_stop(s);
}

TEST(a_form_with_files)
{
    static const char BODY[] =
        "--XX\r\nContent-Disposition: form-data; name=f; "
        "filename=\"../run.gpx\"\r\n\r\n<gpx/>\r\n--XX--\r\n";
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    char head[512];
    snprintf(head, sizeof head,
             "POST /form HTTP/1.1\r\n" HOST
             "Content-Type: multipart/form-data; boundary=XX\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             sizeof BODY - 1, BODY);
    struct es_buf b = rig_talk(s, head);
    CHECK_STR(rig_body_of(&b), "1 run.gpx");
    es_buf_release(&b);
    rig_stop(s);
}
