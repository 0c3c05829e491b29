/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Many at once, live events, a stop in flight, a proxy's Unix socket. */
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

/* ---- many at once ---- */

struct crowd {
    const struct es_http *s;
    const char *raw;
    atomic_int ok;
    atomic_int busy;
};

static void *crowd_main(void *arg)
{
    struct crowd *c = arg;
    struct es_buf b = rig_talk(c->s, c->raw);
    if (rig_status_of(&b) == 200)
        atomic_fetch_add(&c->ok, 1);
    if (rig_status_of(&b) == 503 && rig_has(&b, "\r\nRetry-After:"))
        atomic_fetch_add(&c->busy, 1);
    es_buf_release(&b);
    return NULL;
}

static void run_crowd(struct crowd *c, size_t n)
{
    pthread_t t[64];
    for (size_t i = 0; i < n; i++)
        if (pthread_create(&t[i], NULL, crowd_main, c) != 0)
            FAIL("no thread");
    for (size_t i = 0; i < n; i++)
        pthread_join(t[i], NULL);
}

TEST(blocking_handlers_under_64_clients)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    struct crowd crowd = { .s = s,
                           .raw = "GET /slow HTTP/1.1\r\n" HOST "\r\n" };
    atomic_store(&rig_most_inside, 0);
    run_crowd(&crowd, 64);
    CHECK_INT(atomic_load(&crowd.ok), 64);
    CHECK_INT(atomic_load(&rig_most_inside), 8);
    rig_stop(s);
}

TEST(a_full_queue_says_so_and_events_go_on)
{
    struct es_http_config c = rig_config();
    c.workers = 2;
    c.queue = 2;
    struct es_http *s = rig_start(&c);
    struct crowd crowd = { .s = s,
                           .raw = "GET /slow HTTP/1.1\r\n" HOST "\r\n" };
    run_crowd(&crowd, 32);
    CHECK(atomic_load(&crowd.ok) >= 4);
    CHECK_INT(atomic_load(&crowd.ok) + atomic_load(&crowd.busy), 32);
    CHECK(atomic_load(&crowd.busy) > 0);
    rig_stop(s);
}

/* ---- stopping ---- */

static void *talk_slow(void *arg)
{
    const struct es_http *s = arg;
    struct es_buf b = rig_talk(s, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
    bool ok = rig_status_of(&b) == 200;
    es_buf_release(&b);
    return ok ? arg : NULL;
}

TEST(stop_finishes_what_is_in_flight)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    pthread_t t[8];
    void *ok;
    for (int i = 0; i < 8; i++)
        if (pthread_create(&t[i], NULL, talk_slow, s) != 0)
            FAIL("no thread");
    rig_nap_ms(150);
    int idle = rig_dial(s); /* has said nothing: not waited for */
    rig_nap_ms(20);
    CHECK_INT(es_http_stop(s, 3000), ES_OK);
    for (int i = 0; i < 8; i++) {
        pthread_join(t[i], &ok);
        CHECK(ok != NULL);
    }
    close(idle);
}

TEST(stop_does_not_wait_for_ever)
{
    const struct es_http_config c = rig_config();
    struct es_http *s = rig_start(&c);
    int fd = rig_dial(s);
    CHECK(rig_put(fd, "GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    rig_nap_ms(100);
    CHECK_INT(es_http_stop(s, 10), ES_ETIMEOUT); /* the handler takes 300 */
    CHECK_INT(es_http_stop(s, 3000), ES_OK);
    close(fd);
}

/* ---- events ---- */

TEST(an_event_can_not_be_broken_out_of)
{
    struct es_buf b;
    es_buf_init(&b, 1024);
    es_sse_event(&b, "total", 7, es_bytes_str("a\rdata: b\n\nid: 9\n"));
    CHECK_STR(es_buf_cstr(&b), "event: total\nid: 7\ndata: a data: b\n"
                               "data: \ndata: id: 9\n\n");
    es_buf_clear(&b);
    es_sse_event(&b, "total", -1, es_bytes_str(""));
    CHECK_STR(es_buf_cstr(&b), "event: total\ndata: \n\n");
    es_buf_release(&b);
}

static int watch(const struct es_http *s, const char *fields)
{
    char raw[256];
    int fd = rig_dial(s);
    snprintf(raw, sizeof raw, "GET /events HTTP/1.1\r\n" HOST "%s\r\n", fields);
    CHECK(rig_put(fd, raw));
    return fd;
}

static void publish(int64_t id)
{
    char data[64];
    snprintf(data, sizeof data, "{\"n\":%lld}", (long long)id);
    CHECK_INT(es_hub_publish(rig_hub, 1, id, "total", es_bytes_str(data)),
              ES_OK);
}

/* Reads until `text` has come. */
static void await(int fd, struct es_buf *b, const char *text)
{
    char chunk[4096];
    while (!rig_has(b, text)) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (poll(&p, 1, 3000) <= 0)
            FAIL("waited for %s, have: %s", text, es_buf_cstr(b));
        ssize_t n = recv(fd, chunk, sizeof chunk, 0);
        if (n <= 0)
            FAIL("closed before %s, have: %s", text, es_buf_cstr(b));
        es_buf_add(b, chunk, (size_t)n);
    }
}

static void await_watchers(size_t n)
{
    for (int i = 0; i < 300 && es_hub_watchers(rig_hub) != n; i++)
        rig_nap_ms(10);
    CHECK_INT(es_hub_watchers(rig_hub), n);
}

TEST(events_reach_all_and_a_reconnect_misses_none)
{
    const struct es_http_config c = rig_config();
    struct es_buf b;
    bool reset;
    int fd[50];
    CHECK_INT(es_hub_new(&rig_hub, NULL), ES_OK);
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < 50; i++)
        fd[i] = watch(s, "");
    await_watchers(50);
    publish(10);
    publish(11);
    for (int i = 0; i < 50; i++) {
        es_buf_init(&b, 1 << 16);
        await(fd[i], &b, "data: {\"n\":11}\n\n");
        CHECK(rig_has(&b, "\r\nContent-Type: text/event-stream"));
        CHECK(rig_has(&b, "data: {\"snapshot\":1}\n\n"));
        CHECK(rig_has(&b, "event: total\nid: 10\ndata: {\"n\":10}\n\n"));
        es_buf_release(&b);
        close(fd[i]);
    }
    publish(12);
    publish(13);
    int again = watch(s, "Last-Event-ID: 11\r\n");
    es_buf_init(&b, 1 << 16);
    await(again, &b, "data: {\"n\":13}\n\n");
    CHECK(rig_has(&b, "\"n\":12}"));
    CHECK(!rig_has(&b, "\"n\":11}"));
    CHECK(!rig_has(&b, "snapshot"));
    es_buf_release(&b);
    int unknown = watch(s, "Last-Event-ID: 999\r\n");
    es_buf_init(&b, 1 << 16);
    await(unknown, &b, "snapshot");
    es_buf_release(&b);
    await_watchers(2); /* the others were noticed to be gone */
    CHECK_INT(es_http_stop(s, 3000), ES_OK); /* closes streams */
    CHECK(rig_get(again, &b, 1000, &reset));
    es_buf_release(&b);
    close(again);
    close(unknown);
    es_hub_free(rig_hub);
    rig_hub = NULL;
}

/* Once the connection was closed without a word. */
TEST(the_head_of_a_stream_is_answered)
{
    const struct es_http_config c = rig_config();
    CHECK_INT(es_hub_new(&rig_hub, NULL), ES_OK);
    struct es_http *s = rig_start(&c);
    struct es_buf b = rig_talk(s, "HEAD /events HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK(rig_has(&b, "\r\nContent-Type: text/event-stream"));
    CHECK_STR(rig_body_of(&b), "");
    CHECK_INT(es_hub_watchers(rig_hub), 0);
    es_buf_release(&b);
    rig_stop(s);
    es_hub_free(rig_hub);
    rig_hub = NULL;
}

TEST(a_watcher_that_falls_behind_is_closed)
{
    const struct es_http_config c = rig_config();
    static char data[8000];
    struct es_buf b;
    bool reset;
    CHECK_INT(es_hub_new(&rig_hub, NULL), ES_OK);
    struct es_http *s = rig_start(&c);
    int fd = watch(s, "");
    await_watchers(1);
    memset(data, 'x', sizeof data - 1);
    /* It doesn't read; 60 MB can't wait in socket buffers. */
    for (int64_t i = 0; i < 8000; i++)
        CHECK_INT(es_hub_publish(rig_hub, 1, i, "total", es_bytes_str(data)),
                  ES_OK);
    CHECK(rig_get(fd, &b, 3000, &reset));
    CHECK(b.n > 0 && b.n < 30000000);
    es_buf_release(&b);
    close(fd);
    await_watchers(0);
    CHECK_INT(es_http_stop(s, 3000), ES_OK);
    es_hub_free(rig_hub);
    rig_hub = NULL;
}

/* ---- behind a proxy ---- */

static int dial_unix(const char *path)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    snprintf(un.sun_path, sizeof un.sun_path, "%.107s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(fd, (struct sockaddr *)&un, sizeof un) == 0);
    return fd;
}

TEST(each_client_of_a_proxy_has_its_own_share)
{
    static const char *const FROM[] = { "1.2.3.4", "1.2.3.4", "5.6.7.8" };
    static const int WANT[] = { 200, 429, 200 };
    struct es_http_config c = rig_config();
    char where[256];
    int fd[3];
    snprintf(where, sizeof where, "unix:%s/t", t_tmpdir());
    c.listen = where;
    c.conn_per_addr = 1;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < 3; i++) {
        char raw[256];
        snprintf(raw, sizeof raw,
                 "GET /slow HTTP/1.1\r\n" HOST "X-Forwarded-For: %s\r\n\r\n",
                 FROM[i]);
        fd[i] = dial_unix(where + 5);
        CHECK(rig_put(fd[i], raw));
        rig_nap_ms(20);
    }
    for (int i = 0; i < 3; i++) {
        struct es_buf b;
        es_buf_init(&b, 1 << 16);
        await(fd[i], &b, "\r\n\r\n");
        CHECK_INT(rig_status_of(&b), WANT[i]);
        es_buf_release(&b);
        close(fd[i]);
    }
    rig_stop(s);
}

TEST(a_unix_socket_keeps_connections_and_believes_the_proxy)
{
    struct es_http_config c = rig_config();
    char where[256];
    struct es_buf b;
    bool reset;
    snprintf(where, sizeof where, "unix:%s/s", t_tmpdir());
    c.listen = where;
    struct es_http *s = rig_start(&c);
    int fd = dial_unix(where + 5);
    for (int i = 0; i < 3; i++) {
        CHECK(rig_put(fd, "GET /hello HTTP/1.1\r\n" HOST
                          "X-Forwarded-For: 9.9.9.9, 1.2.3.4\r\n\r\n"));
        es_buf_init(&b, 1 << 16);
        await(fd, &b, "hello 1.2.3.4");
        CHECK(!rig_has(&b, "Connection: close"));
        es_buf_release(&b);
    }
    CHECK(rig_put(fd, "POST /raw HTTP/1.1\r\n" HOST
                      "Content-Length: 10737418240\r\n\r\n"));
    CHECK(rig_get(fd, &b, 3000, &reset));
    CHECK_INT(rig_status_of(&b), 413);
    es_buf_release(&b);
    close(fd);
    static const char *const BAD[] = {
        "POST /raw HTTP/1.1\r\n" HOST
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST /raw HTTP/1.1\r\n" HOST
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /hello HTTP/1.1\r\n" HOST "Host: other\r\n\r\n",
        "TRACE /hello HTTP/1.1\r\n" HOST "\r\n",
        "GET http://a/hello HTTP/1.1\r\n" HOST "\r\n",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        fd = dial_unix(where + 5);
        CHECK(rig_put(fd, BAD[i]));
        (void)rig_get(fd, &b, 300, &reset);
        int status = rig_status_of(&b);
        if (status < 400 || status >= 500)
            FAIL("case %zu: %s", i, es_buf_cstr(&b));
        es_buf_release(&b);
        close(fd);
    }
    rig_stop(s);
    CHECK(access(where + 5, F_OK) != 0);
}
