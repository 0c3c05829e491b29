/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "client.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { ANSWER_MAX = 4 << 20, PATIENCE_S = 60 };

static struct sockaddr_in address(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

int client_free_port(void)
{
    struct sockaddr_in a = address(0);
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        abort();
    close(fd);
    return ntohs(a.sin_port);
}

static bool send_all(int fd, struct es_bytes s)
{
    while (s.n > 0) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

static bool send_request(int fd, const struct ask *a)
{
    struct es_buf h;
    es_buf_init(&h, 8192);
    es_buf_fmt(&h,
               "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
               "Connection: close\r\n",
               a->method, a->path, a->port);
    if (a->token != NULL)
        es_buf_fmt(&h, "Authorization: Bearer %s\r\n", a->token);
    if (a->type != NULL)
        es_buf_fmt(&h, "Content-Type: %s\r\nContent-Length: %zu\r\n", a->type,
                   a->body.n);
    es_buf_str(&h, "\r\n");
    bool ok = !h.bad && send_all(fd, es_buf_bytes(&h)) &&
              (a->type == NULL || send_all(fd, a->body));
    es_buf_release(&h);
    return ok;
}

static bool receive_all(int fd, struct es_buf *b)
{
    uint8_t part[16384];
    for (;;) {
        ssize_t n = recv(fd, part, sizeof part, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        es_buf_add(b, part, (size_t)n);
    }
}

/* The value of a header field, as the server spells it; { NULL, 0 }. */
static struct es_bytes field(struct es_bytes head, const char *name)
{
    const uint8_t *at = memmem(head.p, head.n, name, strlen(name));
    if (at == NULL)
        return (struct es_bytes){ NULL, 0 };
    at += strlen(name);
    size_t left = head.n - (size_t)(at - head.p);
    const uint8_t *end = memmem(at, left, "\r\n", 2);
    if (end == NULL)
        return (struct es_bytes){ NULL, 0 };
    return (struct es_bytes){ at, (size_t)(end - at) };
}

/* A whole answer: its status line and as many bytes as it said. */
static void take_apart(const struct es_buf *raw, struct answer *out)
{
    int64_t status, length;
    const uint8_t *gap =
        raw->n == 0 ? NULL : memmem(raw->p, raw->n, "\r\n\r\n", 4);
    if (raw->bad || gap == NULL || raw->n < 12)
        return;
    struct es_bytes head = { raw->p, (size_t)(gap - raw->p) + 2 };
    size_t body = head.n + 2;
    if (!es_num_i64((struct es_bytes){ raw->p + 9, 3 }, 100, 599, &status) ||
        !es_num_i64(field(head, "Content-Length: "), 0, ANSWER_MAX, &length) ||
        raw->n - body != (size_t)length)
        return;
    (void)es_num_i64(field(head, "Retry-After: "), 0, 86400,
                     &out->retry_after_s);
    es_buf_add(&out->body, raw->p + body, raw->n - body);
    out->status = (int)status;
}

void client_ask(const struct ask *a, struct answer *out)
{
    struct sockaddr_in to = address(a->port);
    struct timeval patience = { .tv_sec = PATIENCE_S };
    struct es_buf raw;

    out->status = 0;
    out->retry_after_s = 0;
    es_buf_init(&out->body, ANSWER_MAX);
    es_buf_init(&raw, ANSWER_MAX);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        abort();
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    /* What came before the connection broke counts, if it is whole. */
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        send_request(fd, a)) {
        (void)receive_all(fd, &raw);
        take_apart(&raw, out);
    }
    close(fd);
    es_buf_release(&raw);
}
