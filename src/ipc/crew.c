/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/crew_int.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "ipc/frame.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HAND_OVER_TRIES = 3 };

enum es_code es_crew_exe(const char *name, char *out, size_t cap,
                         struct es_err *e)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return es_fail(e, ES_EIO, 0, "/proc/self/exe: %s", strerror(errno));
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    size_t dir = slash ? (size_t)(slash + 1 - self) : 0;
    size_t len = strlen(name) + 1;
    if (len > sizeof self - dir || dir + len > cap)
        return es_fail(e, ES_EINVAL, 0, "the path is too long");
    memcpy(self + dir, name, len);
    if (access(self, X_OK) != 0)
        return es_fail(e, ES_ENOENT, 0, "%s: %s", self, strerror(errno));
    memcpy(out, self, dir + len);
    return ES_OK;
}

/* ---- open and close ---- */

static enum es_code set_exe(struct es_crew *c, const struct es_crew_config *f,
                            struct es_err *e)
{
    if (f->zygote_fd >= 0)
        return ES_OK; /* never started by us */
    if (strlen(f->exe) >= sizeof c->exe)
        return es_fail(e, ES_EINVAL, 0, "the path is too long");
    memcpy(c->exe, f->exe, strlen(f->exe) + 1);
    return ES_OK;
}

static void init_locks(struct es_crew *c)
{
    pthread_mutex_init(&c->lock, NULL);
    pthread_mutex_init(&c->zlock, NULL);
    c->line_end = &c->line;
}

static unsigned default_workers(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return cpus < 1 ? 2 : cpus > 64 ? 128 : 2 * (unsigned)cpus;
}

enum es_code es_crew_open(const struct es_crew_config *f, struct es_crew **out,
                          struct es_err *e)
{
    unsigned n = f->workers ? f->workers : default_workers();
    *out = NULL;
    if (n > ES_WORKERS_MAX)
        return es_fail(e, ES_EINVAL, 0, "more than %d workers", ES_WORKERS_MAX);
    struct es_crew *c = calloc(1, sizeof *c + n * sizeof c->slots[0]);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    c->name = f->name;
    c->wait_ms = f->wait_ms;
    c->wall_ms = f->wall_ms;
    c->lazy = f->lazy;
    c->n = n;
    c->zygote.control = -1;
    for (unsigned i = 0; i < n; i++)
        c->slots[i].sock = -1;
    init_locks(c);
    enum es_code rc = set_exe(c, f, e);
    if (rc == ES_OK)
        rc = es_places_start(c, f->zygote_fd, e);
    for (unsigned i = 0; rc == ES_OK && !f->lazy && i < n; i++)
        rc = es_places_fill(c, &c->slots[i], e);
    if (rc != ES_OK) {
        es_crew_close(c);
        return rc;
    }
    *out = c;
    return ES_OK;
}

void es_crew_close(struct es_crew *c)
{
    if (!c)
        return;
    es_places_stop(c);
    pthread_mutex_destroy(&c->lock);
    pthread_mutex_destroy(&c->zlock);
    free(c);
}

/* ---- one job ---- */

/* A worker that is found dead here has seen nothing of the job, so the next
 * one gets it. */
static enum es_code hand_over(struct es_crew *c, struct es_slot *s,
                              const struct es_crew_job *job, struct es_err *e)
{
    for (int i = 0; i < HAND_OVER_TRIES; i++) {
        enum es_code rc = es_places_fill(c, s, e);
        if (rc != ES_OK)
            return rc;
        rc = es_frame_send(s->sock, job->head, job->fd, e);
        if (rc == ES_OK)
            return ES_OK;
        (void)es_places_retire(c, s);
    }
    return es_fail(e, ES_EBUSY, 0, "no worker takes the job");
}

static void count(struct es_crew *c, uint64_t *what)
{
    pthread_mutex_lock(&c->lock);
    (*what)++;
    pthread_mutex_unlock(&c->lock);
}

/* The worker did not answer as it should: it goes, and its death says whether
 * the job or something else is to blame. */
static enum es_code bury(struct es_crew *c, struct es_slot *s, enum es_code why,
                         struct es_err *e)
{
    pid_t pid = s->pid;
    int status = es_places_retire(c, s);
    bool cpu =
        status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU;
    if (why == ES_ENOMEM)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    if (cpu || why == ES_ETIMEOUT) {
        count(c, &c->stats.complex_);
        es_log(ES_LOG_WARN, "crew.too_complex", "%s: worker %d: %s", c->name,
               (int)pid, cpu ? "CPU time" : "deadline");
        return es_fail(e, ES_ECOMPLEX, 0, "takes too long");
    }
    count(c, &c->stats.died);
    es_log(ES_LOG_ERROR, "crew.worker_died", "%s: worker %d, status %#x, %s",
           c->name, (int)pid, (unsigned)status, es_code_name(why));
    return es_fail(e, ES_EWORKER, 0, "the worker died");
}

static enum es_code wait_answer(struct es_crew *c, struct es_slot *s,
                                const struct es_crew_job *job, struct es_err *e)
{
    struct es_buf answer;
    struct es_err why = { 0 };
    es_buf_init(&answer, ES_FRAME_MAX);
    enum es_code rc =
        es_frame_recv(s->sock, ES_FRAME_MAX, es_time_mono_ms() + c->wall_ms,
                      &answer, NULL, &why);
    if (rc != ES_OK) {
        rc = bury(c, s, rc, e);
        goto out;
    }
    rc = job->check(job->arg, es_buf_bytes(&answer), &why);
    if (rc == ES_ENOMEM)
        rc = es_fail(e, ES_ENOMEM, 0, "no memory");
    else if (rc != ES_OK) {
        es_log(ES_LOG_ERROR, "crew.bad_answer", "%s: at %zu: %s", c->name,
               why.at, why.msg);
        rc = bury(c, s, rc, e);
    }
out:
    es_buf_release(&answer);
    return rc;
}

enum es_code es_crew_ask(struct es_crew *c, const struct es_crew_job *job,
                         struct es_err *e)
{
    struct es_slot *s = NULL;
    enum es_code rc = es_places_take(c, &s, e);
    if (rc != ES_OK)
        return rc;
    rc = hand_over(c, s, job, e);
    if (rc == ES_OK) {
        count(c, &c->stats.jobs);
        rc = wait_answer(c, s, job, e);
    }
    if (s->sock >= 0 && ++s->jobs >= ES_WORKER_JOBS)
        (void)es_places_retire(c, s);
    if (s->sock < 0) /* the next job should not have to wait for a fork */
        (void)!es_places_fill(c, s, NULL);
    es_places_give(c, s);
    return rc;
}

/* ---- for tests and metrics ---- */

size_t es_crew_pids(struct es_crew *c, pid_t *out, size_t cap)
{
    size_t n = 0;
    pthread_mutex_lock(&c->lock);
    for (unsigned i = 0; i < c->n && n < cap; i++)
        if (c->slots[i].sock >= 0)
            out[n++] = c->slots[i].pid;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void es_crew_stats(struct es_crew *c, struct es_crew_stats *out)
{
    pthread_mutex_lock(&c->lock);
    *out = c->stats;
    pthread_mutex_unlock(&c->lock);
}
