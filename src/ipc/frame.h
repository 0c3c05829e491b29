/* SPDX-License-Identifier: Apache-2.0 */
/* Frames between our own processes, over a connected stream socket pair:
 * a magic and a length (u32le each), then the bytes; one file descriptor may
 * ride along. The other side may be hostile: everything is bounded. */
#ifndef ES_IPC_FRAME_H
#define ES_IPC_FRAME_H

#include "base/buf.h"
#include "base/err.h"

/* A pair of connected stream sockets, closed on exec. ES_EIO. */
ES_MUST_CHECK enum es_code es_frame_pair(int out[2], struct es_err *e);

/* Sends `body` (<= ES_FRAME_MAX) and, unless it is -1, a duplicate of `fd`.
 * Blocks until the other side has taken it; never raises SIGPIPE.
 * ES_EWORKER: the other side is gone. ES_EIO. */
ES_MUST_CHECK enum es_code es_frame_send(int sock, struct es_bytes body, int fd,
                                         struct es_err *e);

/* Receives one frame of at most `max` bytes into *out, which is cleared first
 * and whose own maximum holds too. `fd` non-NULL: *fd is the descriptor that
 * came with it (the caller's to close) or -1; NULL: the kernel drops it.
 * `until_ms` is a moment of es_time_mono_ms, or 0 to wait for ever.
 * ES_EWORKER: the other side is gone. ES_ETIMEOUT. ES_EMALFORMED: no frame
 * of ours, or a longer one. ES_ENOMEM, ES_EIO. On failure *out is empty and
 * the socket is out of step: close it. */
ES_MUST_CHECK enum es_code es_frame_recv(int sock, size_t max, int64_t until_ms,
                                         struct es_buf *out, int *fd,
                                         struct es_err *e);

/* One message with at most one descriptor (-1: none) in one sendmsg or recvmsg
 * call; what a frame's first bytes and the zygote's messages are made of.
 * Both give what the system call gives, and retry on EINTR. A descriptor that
 * arrives unasked or truncated is closed. */
ssize_t es_fd_sendmsg(int sock, const void *p, size_t n, int fd);
ssize_t es_fd_recvmsg(int sock, void *p, size_t n, int *fd);

#endif
