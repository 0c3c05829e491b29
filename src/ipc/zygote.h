/* SPDX-License-Identifier: Apache-2.0 */
/* A zygote: a small process that forks workers on request, so that the big
 * one never forks. It speaks over one SOCK_SEQPACKET socket. */
#ifndef ES_IPC_ZYGOTE_H
#define ES_IPC_ZYGOTE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* What a worker does with its socket; it then exits. It runs in a fresh fork
 * of the zygote and has entered no sandbox yet. */
typedef void es_zygote_worker(int sock);

/* The zygote's life: serves `control` until it is closed, then kills and reaps
 * its workers. Returns the exit status of the process. One thread only. */
int es_zygote_serve(int control, es_zygote_worker *worker);

/* The other side. One call at a time; every call has an answer in time or
 * fails. */
struct es_zygote {
    int control; /* borrowed */
    uint32_t seq;
    int64_t wait_ms; /* for an answer; 0: ES_ZYGOTE_WAIT_MS */
};

/* A pair of control sockets, closed on exec. ES_EIO. */
ES_MUST_CHECK enum es_code es_zygote_pair(int out[2], struct es_err *e);

/* Ends all workers of whoever held the socket before. ES_EBUSY: no answer;
 * the zygote is gone, or not there yet. */
ES_MUST_CHECK enum es_code es_zygote_reset(struct es_zygote *z,
                                           struct es_err *e);
/* A new worker; *sock (the caller's to close) is this end of its socket, a
 * frame stream. ES_EBUSY as above or when it could not fork; ES_EIO. */
ES_MUST_CHECK enum es_code es_zygote_spawn(struct es_zygote *z, int *sock,
                                           pid_t *pid, struct es_err *e);
/* Kills the worker if it still lives and gives its status as of waitpid(2).
 * Its pid is free only after this, so no stranger can be hit. ES_ENOENT: the
 * zygote does not know it. ES_EBUSY. */
ES_MUST_CHECK enum es_code es_zygote_reap(struct es_zygote *z, pid_t pid,
                                          int *status, struct es_err *e);

/* Starts `exe --zygote 3` with the control socket `theirs` as 3, nothing else
 * open above it, an environment without our settings and secrets, and out of
 * reach of the terminal's Ctrl-C: it ends when its socket is closed.
 * ES_EIO; the caller waits for *pid. */
ES_MUST_CHECK enum es_code es_zygote_start(const char *exe, int theirs,
                                           pid_t *pid, struct es_err *e);

#endif
