/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/job.h"

#include "base/limits.h"
#include "base/log.h"
#include "ipc/frame.h"
#include "ipc/memfd.h"

#include <unistd.h>

static enum es_code one_job(int sock, es_job_fn *fn, struct es_buf *head,
                            struct es_buf *answer)
{
    struct es_bytes file = { 0 };
    int fd = -1;
    enum es_code rc = es_frame_recv(sock, ES_JOB_HEAD_MAX, 0, head, &fd, NULL);
    if (rc != ES_OK)
        return rc;
    if (fd >= 0) {
        rc = es_memfd_map(fd, ES_JOB_FILE_MAX, &file, NULL);
        close(fd);
    }
    if (rc == ES_OK)
        rc = es_sandbox_arm_cpu(NULL);
    if (rc == ES_OK) {
        fn(es_buf_bytes(head), file, answer);
        rc = answer->bad ? ES_ETOOLARGE
                         : es_frame_send(sock, es_buf_bytes(answer), -1, NULL);
    }
    es_memfd_unmap(file);
    return rc;
}

void es_job_serve(int sock, es_job_fn *fn, const struct es_sandbox_needs *needs)
{
    struct es_err e = { 0 };
    enum es_code rc = es_sandbox_enter(sock, needs, NULL, &e);
    if (rc != ES_OK) {
        es_log(ES_LOG_ERROR, "worker.sandbox", "%s", e.msg);
        return;
    }
    while (rc == ES_OK) {
        struct es_buf head, answer;
        es_buf_init(&head, ES_JOB_HEAD_MAX);
        es_buf_init(&answer, ES_FRAME_MAX);
        rc = one_job(ES_SANDBOX_SOCK, fn, &head, &answer);
        es_buf_release(&head);
        es_buf_release(&answer);
    }
}
