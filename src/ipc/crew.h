/* SPDX-License-Identifier: Apache-2.0 */
/* A crew: sandboxed workers for one kind of job, forked by a zygote. A job
 * goes to one that is free; who dies over it, or answers nonsense, is
 * replaced. Nothing here knows what the job is. */
#ifndef ES_IPC_CREW_H
#define ES_IPC_CREW_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct es_crew;

struct es_crew_config {
    const char *name; /* of the kind of job, in the log; borrowed for good */
    int zygote_fd;    /* control socket of a running zygote (borrowed), or -1:
                         starts one of its own */
    const char *exe;  /* the zygote's program; unused with a zygote_fd */
    unsigned workers; /* 1..ES_WORKERS_MAX; 0: two a processor */
    int64_t wait_ms;  /* > 0: for a free worker */
    int64_t wall_ms;  /* > 0: for the answer */
    bool lazy;        /* forks nobody before there is a job for them */
};

/* Forks all workers, or none yet. ES_EBUSY: no zygote answers (a lazy crew
 * does not ask); ES_EIO: it could not be started; ES_ENOMEM, ES_EINVAL. Then
 * *out is NULL. */
ES_MUST_CHECK enum es_code es_crew_open(const struct es_crew_config *c,
                                        struct es_crew **out, struct es_err *e);
/* NULL is legal. No es_crew_ask may be under way. */
void es_crew_close(struct es_crew *c);

/* Whether `answer`, which a hostile worker may have made, is one. ES_OK,
 * ES_ENOMEM, or anything else: then the worker goes. */
typedef enum es_code es_crew_check(void *arg, struct es_bytes answer,
                                   struct es_err *e);

struct es_crew_job {
    struct es_bytes head; /* <= ES_JOB_HEAD_MAX */
    int fd;               /* a sealed memfd (ipc/memfd.h; borrowed), or -1 */
    es_crew_check *check; /* reads the answer, which is gone afterwards */
    void *arg;            /* check's */
};

/* Blocks; any number of threads may call it.
 * ES_EBUSY: no worker was free in time, or none can be had; ES_EWORKER: the
 * worker died over this job or answered nonsense, and was replaced: the job
 * may be tried again; ES_ECOMPLEX: it used up its time, and would again;
 * ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_crew_ask(struct es_crew *c, const struct es_crew_job *job, struct es_err *e);

/* The path of the program `name` that stands beside our own. ES_ENOENT,
 * ES_EIO, ES_EINVAL; then `out` is untouched. */
ES_MUST_CHECK enum es_code es_crew_exe(const char *name, char *out, size_t cap,
                                       struct es_err *e);

/* The workers' pids, for tests and metrics; returns how many stand in out. */
size_t es_crew_pids(struct es_crew *c, pid_t *out, size_t cap);

struct es_crew_stats {
    uint64_t jobs;     /* handed over */
    uint64_t died;     /* workers that died or answered nonsense */
    uint64_t complex_; /* jobs that used up their time */
    uint64_t busy;     /* jobs that found no worker */
};
void es_crew_stats(struct es_crew *c, struct es_crew_stats *out);

#endif
