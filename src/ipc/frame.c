/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/frame.h"

#include "base/limits.h"
#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAGIC = 0x46535645 /* "EVSF" */, HEAD = 8, PIECE = 65536 };

enum es_code es_frame_pair(int out[2], struct es_err *e)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return es_fail(e, ES_EIO, 0, "socketpair: %s", strerror(errno));
    out[0] = pair[0];
    out[1] = pair[1];
    return ES_OK;
}

union fd_space { /* a cmsghdr must be aligned */
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

ssize_t es_fd_sendmsg(int sock, const void *p, size_t n, int fd)
{
    union fd_space space = { 0 };
    struct iovec iov = { .iov_len = n };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    ssize_t done;

    memcpy(&iov.iov_base, &p, sizeof p); /* sendmsg does not write to it */
    if (fd >= 0) {
        m.msg_control = space.bytes;
        m.msg_controllen = sizeof space.bytes;
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    do
        done = sendmsg(sock, &m, MSG_NOSIGNAL);
    while (done < 0 && errno == EINTR);
    return done;
}

static int take_fd(struct msghdr *m)
{
    int fd = -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(m);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
        c->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    if (fd >= 0 && (m->msg_flags & MSG_CTRUNC)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

ssize_t es_fd_recvmsg(int sock, void *p, size_t n, int *fd)
{
    union fd_space space = { 0 };
    struct iovec iov = { .iov_base = p, .iov_len = n };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    ssize_t got;

    if (fd) {
        m.msg_control = space.bytes;
        m.msg_controllen = sizeof space.bytes;
        *fd = -1;
    }
    do
        got = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (fd && got >= 0)
        *fd = take_fd(&m);
    return got;
}

static enum es_code send_all(int sock, struct es_bytes s, int fd,
                             struct es_err *e)
{
    while (s.n > 0) {
        ssize_t n = es_fd_sendmsg(sock, s.p, s.n, fd);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return es_fail(e, ES_EWORKER, 0, "the other side is gone");
        if (n < 0)
            return es_fail(e, ES_EIO, 0, "sendmsg: %s", strerror(errno));
        s.p += n;
        s.n -= (size_t)n;
        fd = -1; /* it went with the first byte */
    }
    return ES_OK;
}

enum es_code es_frame_send(int sock, struct es_bytes body, int fd,
                           struct es_err *e)
{
    struct es_buf head;
    if (body.n > ES_FRAME_MAX)
        return es_fail(e, ES_ETOOLARGE, 0, "a frame of %zu bytes", body.n);
    es_buf_init(&head, HEAD);
    es_buf_u32le(&head, MAGIC);
    es_buf_u32le(&head, (uint32_t)body.n);
    enum es_code rc = head.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                               : send_all(sock, es_buf_bytes(&head), fd, e);
    if (rc == ES_OK)
        rc = send_all(sock, body, -1, e);
    es_buf_release(&head);
    return rc;
}

static enum es_code wait_readable(int sock, int64_t until_ms, struct es_err *e)
{
    for (;;) {
        int left = -1;
        if (until_ms) {
            int64_t ms = until_ms - es_time_mono_ms();
            left = ms < 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (int)ms;
        }
        struct pollfd p = { .fd = sock, .events = POLLIN };
        int n = poll(&p, 1, left);
        if (n > 0)
            return ES_OK;
        if (n == 0)
            return es_fail(e, ES_ETIMEOUT, 0, "no answer in time");
        if (errno != EINTR)
            return es_fail(e, ES_EIO, 0, "poll: %s", strerror(errno));
    }
}

/* Exactly n bytes. A descriptor is taken with the first ones only: one that
 * comes later is dropped by the kernel. */
static enum es_code recv_exact(int sock, uint8_t *p, size_t n, int64_t until_ms,
                               int *fd, struct es_err *e)
{
    while (n > 0) {
        enum es_code rc = wait_readable(sock, until_ms, e);
        if (rc != ES_OK)
            return rc;
        ssize_t got = es_fd_recvmsg(sock, p, n, fd);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return es_fail(e, ES_EWORKER, 0, "the other side is gone");
        if (got < 0)
            return es_fail(e, ES_EIO, 0, "recvmsg: %s", strerror(errno));
        p += got;
        n -= (size_t)got;
        fd = NULL;
    }
    return ES_OK;
}

/* Grows by what has come, not by what was announced. */
static enum es_code recv_body(int sock, size_t n, int64_t until_ms,
                              struct es_buf *out, struct es_err *e)
{
    uint8_t piece[PIECE];
    while (n > 0) {
        size_t want = n < sizeof piece ? n : sizeof piece;
        enum es_code rc = recv_exact(sock, piece, want, until_ms, NULL, e);
        if (rc != ES_OK)
            return rc;
        es_buf_add(out, piece, want);
        n -= want;
    }
    return out->bad ? es_fail(e, ES_ENOMEM, 0, "no memory") : ES_OK;
}

enum es_code es_frame_recv(int sock, size_t max, int64_t until_ms,
                           struct es_buf *out, int *fd, struct es_err *e)
{
    uint8_t head[HEAD];
    struct es_rd r;
    int came = -1;

    es_buf_clear(out);
    enum es_code rc =
        recv_exact(sock, head, sizeof head, until_ms, fd ? &came : NULL, e);
    if (rc != ES_OK)
        goto out;
    es_rd_init(&r, (struct es_bytes){ head, sizeof head });
    uint32_t magic = es_rd_u32le(&r);
    uint32_t n = es_rd_u32le(&r);
    if (magic != MAGIC || n > max || n > out->max)
        rc = es_fail(e, ES_EMALFORMED, 0, "not a frame, or longer than %zu",
                     max);
    else
        rc = recv_body(sock, n, until_ms, out, e);
out:
    if (rc != ES_OK) {
        es_buf_clear(out);
        if (came >= 0)
            close(came);
        came = -1;
    }
    if (fd)
        *fd = came;
    return rc;
}
