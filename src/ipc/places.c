/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/crew_int.h"

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

enum { DOWN_MS = 500, LAZY_DOWN_MS = 10000 };

/* Where the workers of a crew stand, and the line of those who wait. */

/* ---- the zygote; zlock held ---- */

static enum es_code own_start(struct es_crew *c, struct es_err *e)
{
    int pair[2];
    enum es_code rc = es_zygote_pair(pair, e);
    if (rc != ES_OK)
        return rc;
    rc = es_zygote_start(c->exe, pair[1], &c->own_pid, e);
    close(pair[1]);
    if (rc != ES_OK) {
        close(pair[0]);
        c->own_pid = 0;
        return rc;
    }
    c->zygote.control = pair[0];
    return ES_OK;
}

static void own_stop(struct es_crew *c, int sig)
{
    if (c->own_pid <= 0)
        return;
    close(c->zygote.control);
    c->zygote.control = -1;
    if (sig)
        kill(c->own_pid, sig);
    while (waitpid(c->own_pid, NULL, 0) < 0 && errno == EINTR)
        ;
    c->own_pid = 0;
}

static enum es_code own_restart(struct es_crew *c, struct es_err *e)
{
    es_log(ES_LOG_WARN, "crew.zygote_gone", "%s: starting another", c->name);
    c->greeted = false;
    own_stop(c, SIGKILL);
    return own_start(c, e);
}

/* So that no answer to whoever held the socket before us is ours, and no
 * worker of theirs lives on. One of our own may still be getting ready, and
 * must not be started anew for that. */
static enum es_code greet(struct es_crew *c, struct es_err *e)
{
    if (c->greeted)
        return ES_OK;
    c->zygote.wait_ms = c->own_pid > 0 ? ES_ZYGOTE_READY_MS : 0;
    enum es_code rc = es_zygote_reset(&c->zygote, e);
    c->zygote.wait_ms = 0;
    c->greeted = rc == ES_OK;
    return rc;
}

static enum es_code ask_for_one(struct es_crew *c, int *sock, pid_t *pid,
                                struct es_err *e)
{
    if (c->zygote.control < 0)
        return es_fail(e, ES_EBUSY, 0, "no zygote");
    enum es_code rc = greet(c, e);
    return rc == ES_OK ? es_zygote_spawn(&c->zygote, sock, pid, e) : rc;
}

static enum es_code spawn(struct es_crew *c, int *sock, pid_t *pid,
                          struct es_err *e)
{
    if (es_time_mono_ms() < c->down_until)
        return es_fail(e, ES_EBUSY, 0, "no zygote yet");
    enum es_code rc = ask_for_one(c, sock, pid, e);
    if (rc == ES_EBUSY && c->exe[0] != '\0') {
        rc = own_restart(c, e);
        if (rc == ES_OK)
            rc = ask_for_one(c, sock, pid, e);
    }
    if (rc != ES_OK)
        c->down_until = es_time_mono_ms() + (c->lazy ? LAZY_DOWN_MS : DOWN_MS);
    return rc;
}

/* Whoever holds the zygote's socket asks for nothing of it here: it may have
 * to come yet. */
enum es_code es_places_start(struct es_crew *c, int zygote_fd, struct es_err *e)
{
    c->zygote.seq = (uint32_t)es_random_u64();
    c->zygote.control = zygote_fd;
    return zygote_fd < 0 ? own_start(c, e) : ES_OK;
}

void es_places_stop(struct es_crew *c)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->slots[i].sock >= 0)
            close(c->slots[i].sock);
    if (c->own_pid > 0)
        own_stop(c, 0); /* ends by itself once its socket is closed */
    else if (c->exe[0] == '\0' && c->greeted)
        (void)!es_zygote_reset(&c->zygote, NULL);
}

/* ---- places ---- */

static struct es_slot *find_free(struct es_crew *c)
{
    struct es_slot *empty = NULL;
    for (unsigned i = 0; i < c->n; i++) {
        struct es_slot *s = &c->slots[i];
        if (!s->busy && s->sock >= 0)
            return s;
        if (!s->busy)
            empty = s;
    }
    return empty;
}

/* Waits in line until a place is handed over; NULL when that took too long.
 * The lock is held. */
static struct es_slot *wait_in_line(struct es_crew *c)
{
    struct es_in_line me = { 0 };
    struct timespec until;
    int late = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += c->wait_ms / 1000;
    until.tv_nsec += c->wait_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_init(&me.wake, NULL);
    *c->line_end = &me;
    c->line_end = &me.next;
    while (!me.got && late == 0)
        late =
            pthread_cond_clockwait(&me.wake, &c->lock, CLOCK_MONOTONIC, &until);
    if (!me.got) {
        struct es_in_line **at = &c->line;
        while (*at != &me)
            at = &(*at)->next;
        *at = me.next;
        if (!*at)
            c->line_end = at;
    }
    pthread_cond_destroy(&me.wake);
    return me.got;
}

enum es_code es_places_take(struct es_crew *c, struct es_slot **out,
                            struct es_err *e)
{
    pthread_mutex_lock(&c->lock);
    struct es_slot *s = find_free(c);
    if (s)
        s->busy = true;
    else
        s = wait_in_line(c);
    if (!s)
        c->stats.busy++;
    pthread_mutex_unlock(&c->lock);
    if (!s)
        return es_fail(e, ES_EBUSY, 0, "no worker was free");
    *out = s;
    return ES_OK;
}

/* Straight to the first in line, so that no newcomer can overtake. */
void es_places_give(struct es_crew *c, struct es_slot *s)
{
    pthread_mutex_lock(&c->lock);
    struct es_in_line *first = c->line;
    if (first) {
        c->line = first->next;
        if (!c->line)
            c->line_end = &c->line;
        first->got = s;
        pthread_cond_signal(&first->wake);
    } else {
        s->busy = false;
    }
    pthread_mutex_unlock(&c->lock);
}

static void put_worker(struct es_crew *c, struct es_slot *s, int sock,
                       pid_t pid)
{
    pthread_mutex_lock(&c->lock);
    s->sock = sock;
    s->pid = pid;
    s->jobs = 0;
    pthread_mutex_unlock(&c->lock);
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

enum es_code es_places_fill(struct es_crew *c, struct es_slot *s,
                            struct es_err *e)
{
    int sock;
    pid_t pid;
    if (s->sock >= 0 && !quiet(s)) {
        int status = es_places_retire(c, s);
        es_log(ES_LOG_WARN, "crew.worker_replaced",
               "%s: found dead between jobs, status %#x", c->name,
               (unsigned)status);
    }
    if (s->sock >= 0)
        return ES_OK;
    pthread_mutex_lock(&c->zlock);
    enum es_code rc = spawn(c, &sock, &pid, e);
    pthread_mutex_unlock(&c->zlock);
    if (rc != ES_OK)
        return es_fail(e, ES_EBUSY, 0, "no worker can be had");
    put_worker(c, s, sock, pid);
    return ES_OK;
}

int es_places_retire(struct es_crew *c, struct es_slot *s)
{
    int status = -1;
    enum es_code rc = ES_EBUSY;
    close(s->sock);
    pthread_mutex_lock(&c->zlock);
    if (c->zygote.control >= 0 && es_time_mono_ms() >= c->down_until)
        rc = es_zygote_reap(&c->zygote, s->pid, &status, NULL);
    pthread_mutex_unlock(&c->zlock);
    put_worker(c, s, -1, 0);
    return rc == ES_OK ? status : -1;
}
