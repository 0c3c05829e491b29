/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/rig.h"

#include "base/limits.h"
#include "base/time.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- the application under test ---- */

atomic_int rig_hits;
atomic_int rig_inside;
atomic_int rig_most_inside;
struct es_hub *rig_hub;

void rig_nap_ms(int ms)
{
    const struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };
    nanosleep(&ts, NULL);
}

static enum es_code hello(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    (void)e;
    atomic_fetch_add(&rig_hits, 1);
    es_resp_type(out, "text/plain; charset=utf-8");
    es_buf_fmt(es_resp_body(out), "hello %s", es_req_peer(q));
    return ES_OK;
}

static enum es_code slow(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    int now = atomic_fetch_add(&rig_inside, 1) + 1;
    int most = atomic_load(&rig_most_inside);
    (void)q, (void)e;
    while (now > most &&
           !atomic_compare_exchange_weak(&rig_most_inside, &most, now))
        ;
    rig_nap_ms(300);
    atomic_fetch_sub(&rig_inside, 1);
    es_buf_str(es_resp_body(out), "slow");
    return ES_OK;
}

static enum es_code big(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    (void)e;
    es_resp_type(out, "text/html; charset=utf-8");
    if (es_resp_fresh(q, out, "big1"))
        return ES_OK;
    for (int i = 0; i < 200000; i++)
        es_buf_fmt(es_resp_body(out), "line %d\n", i);
    return ES_OK;
}

static enum es_code huge(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    static char block[1 << 20];
    (void)q, (void)e;
    for (int i = 0; i < 24; i++)
        es_buf_add(es_resp_body(out), block, sizeof block);
    return ES_OK;
}

static enum es_code raw(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    size_t size;
    int fd = es_req_body_fd(q, &size);
    uint8_t chunk[4096];
    uint64_t sum = 0;
    ssize_t n;
    (void)e;
    while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) > 0)
        for (ssize_t i = 0; i < n; i++)
            sum = sum * 31 + chunk[i];
    es_buf_fmt(es_resp_body(out), "%zu %llu", size, (unsigned long long)sum);
    return ES_OK;
}

static enum es_code form(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    size_t n;
    const struct es_req_file *f = es_req_files(q, &n);
    (void)e;
    es_buf_fmt(es_resp_body(out), "%zu %s", n, n ? f[0].filename : "");
    return ES_OK;
}

static enum es_code events(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_buf b;
    uint64_t pos;
    (void)e;
    es_buf_init(&b, 256);
    if (!es_hub_join(rig_hub, q, 1, &pos))
        es_sse_event(&b, "total", -1, es_bytes_str("{\"snapshot\":1}"));
    es_resp_stream(out, rig_hub, 1, pos, es_buf_bytes(&b));
    es_buf_release(&b);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/hello", ES_BODY_NONE, 0, hello },
    { ES_GET, "/inline", ES_BODY_NONE, ES_ROUTE_INLINE, hello },
    { ES_GET, "/slow", ES_BODY_NONE, 0, slow },
    { ES_GET, "/big", ES_BODY_NONE, 0, big },
    { ES_GET, "/huge", ES_BODY_NONE, 0, huge },
    { ES_POST, "/raw", ES_BODY_RAW, 0, raw },
    { ES_POST, "/form", ES_BODY_FORM, ES_ROUTE_FILES, form },
    { ES_GET, "/events", ES_BODY_NONE, 0, events },
};
static const struct es_routes TABLES[] = {
    { ROUTES, sizeof ROUTES / sizeof *ROUTES },
};
static const struct es_header HEADERS[] = {
    { "X-Content-Type-Options", "nosniff" },
};

struct es_http_config rig_config(void)
{
    return (struct es_http_config){
        .listen = "127.0.0.1:0",
        .tables = TABLES,
        .n_tables = 1,
        .headers = HEADERS,
        .n_headers = 1,
        .no_access_log = true,
        .workers = 8,
    };
}

struct es_http *rig_start(const struct es_http_config *c)
{
    struct es_http *s = NULL;
    struct es_err e = { 0 };
    if (es_http_start(c, &s, &e) != ES_OK)
        FAIL("start: %s", e.msg);
    return s;
}

void rig_stop(struct es_http *s)
{
    CHECK_INT(es_http_stop(s, 5000), ES_OK);
}

/* ---- the client ---- */

/* From one of loopback's many addresses. */
int rig_dial_from(const struct es_http *s, const char *from)
{
    struct sockaddr_in me = { .sin_family = AF_INET };
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)es_http_port(s)) };
    inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
    inet_pton(AF_INET, from, &me.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&me, sizeof me) != 0 ||
        connect(fd, (struct sockaddr *)&in, sizeof in) != 0)
        FAIL("connect: %s", strerror(errno));
    return fd;
}

int rig_dial(const struct es_http *s)
{
    return rig_dial_from(s, "127.0.0.1");
}

bool rig_put(int fd, const char *text)
{
    size_t n = strlen(text);
    return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Everything until the other side closes, or ms pass without a byte. True when
 * it closed. A reset counts as closed and sets *reset. */
bool rig_get(int fd, struct es_buf *b, int ms, bool *reset)
{
    char chunk[16384];
    es_buf_init(b, 64 << 20);
    *reset = false;
    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (poll(&p, 1, ms) <= 0)
            return false;
        ssize_t n = recv(fd, chunk, sizeof chunk, 0);
        *reset = n < 0;
        if (n <= 0)
            return true;
        es_buf_add(b, chunk, (size_t)n);
    }
}

/* Sends `text`, reads to the end, and gives the answer back. */
struct es_buf rig_talk(const struct es_http *s, const char *text)
{
    struct es_buf b;
    bool reset;
    int fd = rig_dial(s);
    CHECK(rig_put(fd, text));
    if (!rig_get(fd, &b, 5000, &reset) || reset)
        FAIL("no end, or a reset, after: %.200s\n%s", text, es_buf_cstr(&b));
    close(fd);
    return b;
}

int rig_status_of(const struct es_buf *b)
{
    int status = 0;
    return sscanf(es_buf_cstr(b), "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

const char *rig_body_of(const struct es_buf *b)
{
    const char *end = strstr(es_buf_cstr(b), "\r\n\r\n");
    return end ? end + 4 : "";
}

bool rig_has(const struct es_buf *b, const char *text)
{
    return strcasestr(es_buf_cstr(b), text) != NULL;
}

void rig_check_hello(const struct es_http *s)
{
    struct es_buf b = rig_talk(s, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    CHECK_INT(rig_status_of(&b), 200);
    CHECK_STR(rig_body_of(&b), "hello 127.0.0.1");
    es_buf_release(&b);
}
