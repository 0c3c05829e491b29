/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ingest/ingest_int.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "ipc/frame.h"
#include "ipc/memfd.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HAND_OVER_TRIES = 3 };

enum es_code es_ingest_exe(char *out, size_t cap, struct es_err *e)
{
    static const char NAME[] = "everystep-decode";
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return es_fail(e, ES_EIO, 0, "/proc/self/exe: %s", strerror(errno));
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    size_t dir = slash ? (size_t)(slash + 1 - self) : 0;
    if (dir + sizeof NAME > sizeof self || dir + sizeof NAME > cap)
        return es_fail(e, ES_EINVAL, 0, "the path is too long");
    memcpy(self + dir, NAME, sizeof NAME);
    if (access(self, X_OK) != 0)
        return es_fail(e, ES_ENOENT, 0, "%s: %s", self, strerror(errno));
    memcpy(out, self, dir + sizeof NAME);
    return ES_OK;
}

/* ---- open and close ---- */

static enum es_code set_exe(struct es_ingest *in,
                            const struct es_ingest_config *c, struct es_err *e)
{
    if (c->zygote_fd >= 0)
        return ES_OK; /* never started by us */
    if (!c->exe)
        return es_ingest_exe(in->exe, sizeof in->exe, e);
    if (strlen(c->exe) >= sizeof in->exe)
        return es_fail(e, ES_EINVAL, 0, "the path is too long");
    memcpy(in->exe, c->exe, strlen(c->exe) + 1);
    return ES_OK;
}

static void init_locks(struct es_ingest *in)
{
    pthread_mutex_init(&in->lock, NULL);
    pthread_mutex_init(&in->zlock, NULL);
    in->line_end = &in->line;
}

static unsigned default_workers(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return cpus < 1 ? 2 : cpus > 64 ? 128 : 2 * (unsigned)cpus;
}

enum es_code es_ingest_open(const struct es_ingest_config *c,
                            struct es_ingest **out, struct es_err *e)
{
    unsigned n = c->workers ? c->workers : default_workers();
    *out = NULL;
    if (n > ES_WORKERS_MAX)
        return es_fail(e, ES_EINVAL, 0, "more than %d workers", ES_WORKERS_MAX);
    struct es_ingest *in = calloc(1, sizeof *in + n * sizeof in->slots[0]);
    if (!in)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    in->wall_ms = c->wall_ms ? c->wall_ms : ES_WORKER_WALL_S * 1000;
    in->n = n;
    in->zygote.control = -1;
    for (unsigned i = 0; i < n; i++)
        in->slots[i].sock = -1;
    init_locks(in);
    enum es_code rc = set_exe(in, c, e);
    if (rc == ES_OK)
        rc = es_workers_start(in, c->zygote_fd, e);
    for (unsigned i = 0; rc == ES_OK && i < n; i++)
        rc = es_workers_fill(in, &in->slots[i], e);
    if (rc != ES_OK) {
        es_ingest_close(in);
        return rc;
    }
    *out = in;
    return ES_OK;
}

void es_ingest_close(struct es_ingest *in)
{
    if (!in)
        return;
    es_workers_stop(in);
    pthread_mutex_destroy(&in->lock);
    pthread_mutex_destroy(&in->zlock);
    free(in);
}

/* ---- one upload ---- */

static enum es_code check_file(int fd, struct es_err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return es_fail(e, ES_EINVAL, 0, "fstat: %s", strerror(errno));
    if (!es_memfd_is_sealed(fd))
        return es_fail(e, ES_EINVAL, 0, "the upload is not sealed");
    if (st.st_size > (off_t)ES_UPLOAD_MAX)
        return es_fail(e, ES_ETOOLARGE, ES_UPLOAD_MAX, "larger than %u bytes",
                       ES_UPLOAD_MAX);
    return ES_OK;
}

/* A worker that is found dead here has seen nothing of the upload, so the next
 * one gets it. */
static enum es_code hand_over(struct es_ingest *in, struct es_slot *s, int fd,
                              struct es_err *e)
{
    static const struct es_bytes NO_HEAD = { 0 };
    for (int i = 0; i < HAND_OVER_TRIES; i++) {
        enum es_code rc = es_workers_fill(in, s, e);
        if (rc != ES_OK)
            return rc;
        rc = es_frame_send(s->sock, NO_HEAD, fd, e);
        if (rc == ES_OK)
            return ES_OK;
        (void)es_workers_retire(in, s);
    }
    return es_fail(e, ES_EBUSY, 0, "no worker takes the upload");
}

static void count(struct es_ingest *in, uint64_t *what)
{
    pthread_mutex_lock(&in->lock);
    (*what)++;
    pthread_mutex_unlock(&in->lock);
}

/* The worker did not answer as it should: it goes, and its death says whether
 * the file or something else is to blame. */
static enum es_code bury(struct es_ingest *in, struct es_slot *s,
                         enum es_code why, struct es_err *e)
{
    pid_t pid = s->pid;
    int status = es_workers_retire(in, s);
    bool cpu =
        status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU;
    if (why == ES_ENOMEM)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    if (cpu || why == ES_ETIMEOUT) {
        count(in, &in->stats.complex_);
        es_log(ES_LOG_WARN, "ingest.too_complex", "worker %d: %s", (int)pid,
               cpu ? "CPU time" : "deadline");
        return es_fail(e, ES_ECOMPLEX, 0, "takes too long to read");
    }
    count(in, &in->stats.died);
    es_log(ES_LOG_ERROR, "ingest.worker_died", "worker %d, status %#x, %s",
           (int)pid, (unsigned)status, es_code_name(why));
    return es_fail(e, ES_EWORKER, 0, "the worker died");
}

static enum es_code wait_answer(struct es_ingest *in, struct es_slot *s,
                                struct es_arena *a,
                                struct es_ingest_result *out, struct es_err *e)
{
    struct es_buf answer;
    struct es_err why = { 0 };
    es_buf_init(&answer, ES_FRAME_MAX);
    enum es_code rc =
        es_frame_recv(s->sock, ES_FRAME_MAX, es_time_mono_ms() + in->wall_ms,
                      &answer, NULL, &why);
    if (rc != ES_OK) {
        rc = bury(in, s, rc, e);
        goto out;
    }
    rc = es_ingest_check(es_buf_bytes(&answer), a, out, &why);
    if (rc == ES_ENOMEM)
        rc = es_fail(e, ES_ENOMEM, 0, "no memory");
    else if (rc != ES_OK) {
        es_log(ES_LOG_ERROR, "ingest.bad_answer", "at %zu: %s", why.at,
               why.msg);
        rc = bury(in, s, rc, e);
    }
out:
    es_buf_release(&answer);
    return rc;
}

enum es_code es_ingest_run(struct es_ingest *in, int fd, struct es_arena *a,
                           struct es_ingest_result *out, struct es_err *e)
{
    struct es_slot *s = NULL;
    enum es_code rc = check_file(fd, e);
    if (rc == ES_OK)
        rc = es_workers_take(in, &s, e);
    if (rc != ES_OK)
        return rc;
    rc = hand_over(in, s, fd, e);
    if (rc == ES_OK) {
        count(in, &in->stats.jobs);
        rc = wait_answer(in, s, a, out, e);
    }
    if (s->sock >= 0 && ++s->jobs >= ES_WORKER_JOBS)
        (void)es_workers_retire(in, s);
    if (s->sock < 0) /* the next upload should not have to wait for a fork */
        (void)!es_workers_fill(in, s, NULL);
    es_workers_give(in, s);
    return rc;
}

enum es_code es_ingest_bytes(struct es_ingest *in, struct es_bytes file,
                             struct es_arena *a, struct es_ingest_result *out,
                             struct es_err *e)
{
    int fd;
    if (file.n > ES_UPLOAD_MAX)
        return es_fail(e, ES_ETOOLARGE, ES_UPLOAD_MAX, "larger than %u bytes",
                       ES_UPLOAD_MAX);
    enum es_code rc = es_memfd_of(file, &fd, e);
    if (rc != ES_OK)
        return rc;
    rc = es_ingest_run(in, fd, a, out, e);
    close(fd);
    return rc;
}

/* ---- for tests and metrics ---- */

size_t es_ingest_pids(struct es_ingest *in, pid_t *out, size_t cap)
{
    size_t n = 0;
    pthread_mutex_lock(&in->lock);
    for (unsigned i = 0; i < in->n && n < cap; i++)
        if (in->slots[i].sock >= 0)
            out[n++] = in->slots[i].pid;
    pthread_mutex_unlock(&in->lock);
    return n;
}

void es_ingest_stats(struct es_ingest *in, struct es_ingest_stats *out)
{
    pthread_mutex_lock(&in->lock);
    *out = in->stats;
    pthread_mutex_unlock(&in->lock);
}
