/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ingest/ingest_int.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOWN_MS = 500 };

/* ---- the zygote; zlock held ---- */

static enum es_code own_start(struct es_ingest *in, struct es_err *e)
{
    int pair[2];
    enum es_code rc = es_zygote_pair(pair, e);
    if (rc != ES_OK)
        return rc;
    rc = es_zygote_start(in->exe, pair[1], &in->own_pid, e);
    close(pair[1]);
    if (rc != ES_OK) {
        close(pair[0]);
        in->own_pid = 0;
        return rc;
    }
    in->zygote.control = pair[0];
    return ES_OK;
}

static void own_stop(struct es_ingest *in, int sig)
{
    if (in->own_pid <= 0)
        return;
    close(in->zygote.control);
    in->zygote.control = -1;
    if (sig)
        kill(in->own_pid, sig);
    while (waitpid(in->own_pid, NULL, 0) < 0 && errno == EINTR)
        ;
    in->own_pid = 0;
}

static enum es_code own_restart(struct es_ingest *in, struct es_err *e)
{
    es_log(ES_LOG_WARN, "ingest.zygote_gone", "starting another");
    own_stop(in, SIGKILL);
    return own_start(in, e);
}

static enum es_code spawn(struct es_ingest *in, int *sock, pid_t *pid,
                          struct es_err *e)
{
    enum es_code rc = ES_EBUSY;
    bool own = in->exe[0] != '\0';
    if (es_time_mono_ms() < in->down_until)
        return es_fail(e, ES_EBUSY, 0, "no zygote yet");
    if (in->zygote.control >= 0)
        rc = es_zygote_spawn(&in->zygote, sock, pid, e);
    if (rc == ES_EBUSY && own) {
        rc = own_restart(in, e);
        if (rc == ES_OK)
            rc = es_zygote_spawn(&in->zygote, sock, pid, e);
    }
    if (rc != ES_OK)
        in->down_until = es_time_mono_ms() + DOWN_MS;
    return rc;
}

enum es_code es_workers_start(struct es_ingest *in, int zygote_fd,
                              struct es_err *e)
{
    /* so that an answer to whoever held the socket before us is not ours */
    in->zygote.seq = (uint32_t)es_random_u64();
    in->zygote.control = zygote_fd;
    if (zygote_fd < 0)
        return own_start(in, e);
    return es_zygote_reset(&in->zygote, e);
}

void es_workers_stop(struct es_ingest *in)
{
    for (unsigned i = 0; i < in->n; i++)
        if (in->slots[i].sock >= 0)
            close(in->slots[i].sock);
    if (in->own_pid > 0)
        own_stop(in, 0); /* ends by itself once its socket is closed */
    else if (in->exe[0] == '\0' && in->zygote.control >= 0)
        (void)!es_zygote_reset(&in->zygote, NULL);
}

/* ---- places ---- */

static struct es_slot *find_free(struct es_ingest *in)
{
    struct es_slot *empty = NULL;
    for (unsigned i = 0; i < in->n; i++) {
        struct es_slot *s = &in->slots[i];
        if (!s->busy && s->sock >= 0)
            return s;
        if (!s->busy)
            empty = s;
    }
    return empty;
}

/* Waits in line until a place is handed over; NULL when that took too long.
 * The lock is held. */
static struct es_slot *wait_in_line(struct es_ingest *in)
{
    struct es_in_line me = { 0 };
    struct timespec until;
    int late = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ES_INGEST_WAIT_S;
    pthread_cond_init(&me.wake, NULL);
    *in->line_end = &me;
    in->line_end = &me.next;
    while (!me.got && late == 0)
        late = pthread_cond_clockwait(&me.wake, &in->lock, CLOCK_MONOTONIC,
                                      &until);
    if (!me.got) {
        struct es_in_line **at = &in->line;
        while (*at != &me)
            at = &(*at)->next;
        *at = me.next;
        if (!*at)
            in->line_end = at;
    }
    pthread_cond_destroy(&me.wake);
    return me.got;
}

enum es_code es_workers_take(struct es_ingest *in, struct es_slot **out,
                             struct es_err *e)
{
    pthread_mutex_lock(&in->lock);
    struct es_slot *s = find_free(in);
    if (s)
        s->busy = true;
    else
        s = wait_in_line(in);
    if (!s)
        in->stats.busy++;
    pthread_mutex_unlock(&in->lock);
    if (!s)
        return es_fail(e, ES_EBUSY, 0, "no worker was free");
    *out = s;
    return ES_OK;
}

/* Straight to the first in line, so that no newcomer can overtake. */
void es_workers_give(struct es_ingest *in, struct es_slot *s)
{
    pthread_mutex_lock(&in->lock);
    struct es_in_line *first = in->line;
    if (first) {
        in->line = first->next;
        if (!in->line)
            in->line_end = &in->line;
        first->got = s;
        pthread_cond_signal(&first->wake);
    } else {
        s->busy = false;
    }
    pthread_mutex_unlock(&in->lock);
}

static void put_worker(struct es_ingest *in, struct es_slot *s, int sock,
                       pid_t pid)
{
    pthread_mutex_lock(&in->lock);
    s->sock = sock;
    s->pid = pid;
    s->jobs = 0;
    pthread_mutex_unlock(&in->lock);
}

/* Between jobs a worker has nothing to say: what it says, or its end of the
 * socket being closed, means that it is no worker of ours any more. */
static bool quiet(const struct es_slot *s)
{
    struct pollfd p = { .fd = s->sock, .events = POLLIN };
    int n;
    do
        n = poll(&p, 1, 0);
    while (n < 0 && errno == EINTR);
    return n == 0;
}

enum es_code es_workers_fill(struct es_ingest *in, struct es_slot *s,
                             struct es_err *e)
{
    int sock;
    pid_t pid;
    if (s->sock >= 0 && !quiet(s)) {
        int status = es_workers_retire(in, s);
        es_log(ES_LOG_WARN, "ingest.worker_replaced",
               "found dead between uploads, status %#x", (unsigned)status);
    }
    if (s->sock >= 0)
        return ES_OK;
    pthread_mutex_lock(&in->zlock);
    enum es_code rc = spawn(in, &sock, &pid, e);
    pthread_mutex_unlock(&in->zlock);
    if (rc != ES_OK)
        return es_fail(e, ES_EBUSY, 0, "no worker can be had");
    put_worker(in, s, sock, pid);
    return ES_OK;
}

int es_workers_retire(struct es_ingest *in, struct es_slot *s)
{
    int status = -1;
    enum es_code rc = ES_EBUSY;
    close(s->sock);
    pthread_mutex_lock(&in->zlock);
    if (in->zygote.control >= 0 && es_time_mono_ms() >= in->down_until)
        rc = es_zygote_reap(&in->zygote, s->pid, &status, NULL);
    pthread_mutex_unlock(&in->zlock);
    put_worker(in, s, -1, 0);
    return rc == ES_OK ? status : -1;
}
