/* SPDX-License-Identifier: Apache-2.0 */
/* A worker's life: enter the sandbox, then job after job until the socket
 * closes. A job is a frame (its head, opaque here) and, where there is a file,
 * a sealed memfd; the answer is a frame. */
#ifndef ES_IPC_JOB_H
#define ES_IPC_JOB_H

#include "base/buf.h"
#include "base/err.h"
#include "ipc/sandbox.h"

/* Does one job: `file`, empty where none came, is mapped read-only for the
 * call alone; the answer goes to *answer (max ES_FRAME_MAX). Leaving it `bad`
 * ends the worker. */
typedef void es_job_fn(struct es_bytes head, struct es_bytes file,
                       struct es_buf *answer);

/* Enters the sandbox, with `needs` or NULL, and serves `sock`. Returns when the
 * other side has closed it or does not speak frames; the process then exits. */
void es_job_serve(int sock, es_job_fn *fn,
                  const struct es_sandbox_needs *needs);

#endif
