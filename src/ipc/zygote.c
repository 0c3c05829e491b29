/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/zygote.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "ipc/frame.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum op { OP_RESET = 1, OP_SPAWN, OP_REAP };

struct ask { /* both sides are one build on one machine */
    uint32_t op, seq;
    int32_t pid;
};
struct reply {
    uint32_t seq;
    int32_t err; /* an errno, or 0 */
    int32_t pid, status;
};

/* ---- the zygote ---- */

struct nest {
    int control;
    es_zygote_worker *worker;
    pid_t pids[ES_WORKERS_MAX];
    size_t n;
};

static void forget(struct nest *z, size_t i)
{
    z->pids[i] = z->pids[--z->n];
}

static int reap(struct nest *z, size_t i)
{
    int status = 0;
    kill(z->pids[i], SIGKILL); /* no effect where it is dead already */
    while (waitpid(z->pids[i], &status, 0) < 0 && errno == EINTR)
        ;
    forget(z, i);
    return status;
}

static void reap_all(struct nest *z)
{
    while (z->n > 0)
        (void)reap(z, z->n - 1);
}

/* Those whose owner was lost before it could ask. */
static void drop_dead(struct nest *z)
{
    for (size_t i = z->n; i-- > 0;)
        if (waitpid(z->pids[i], NULL, WNOHANG) == z->pids[i])
            forget(z, i);
}

static void spawn(struct nest *z, int sock, struct reply *out)
{
    pid_t parent = getpid();
    if (z->n == ES_WORKERS_MAX)
        drop_dead(z);
    if (sock < 0 || z->n == ES_WORKERS_MAX) {
        out->err = sock < 0 ? EBADF : EAGAIN;
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(z->control);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) /* else it died before that line */
            z->worker(sock);
        _exit(0);
    }
    if (pid < 0) {
        out->err = errno;
        return;
    }
    z->pids[z->n++] = pid;
    out->pid = pid;
}

static void reap_one(struct nest *z, pid_t pid, struct reply *out)
{
    out->err = ESRCH;
    for (size_t i = 0; i < z->n; i++) {
        if (z->pids[i] != pid)
            continue;
        out->err = 0;
        out->status = reap(z, i);
        return;
    }
}

int es_zygote_serve(int control, es_zygote_worker *worker)
{
    struct nest z = { .control = control, .worker = worker };
    struct ask ask;
    int sock = -1;

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (;;) {
        ssize_t n = es_fd_recvmsg(control, &ask, sizeof ask, &sock);
        if (n <= 0)
            break;
        struct reply out = { .seq = ask.seq };
        if (n != (ssize_t)sizeof ask)
            out.err = EINVAL;
        else if (ask.op == OP_RESET)
            reap_all(&z);
        else if (ask.op == OP_SPAWN)
            spawn(&z, sock, &out);
        else if (ask.op == OP_REAP)
            reap_one(&z, ask.pid, &out);
        else
            out.err = EINVAL;
        if (sock >= 0)
            close(sock);
        if (es_fd_sendmsg(control, &out, sizeof out, -1) < 0)
            break;
    }
    reap_all(&z);
    return 0;
}

/* ---- whoever wants workers ---- */

enum es_code es_zygote_pair(int out[2], struct es_err *e)
{
    int pair[2];
    struct timeval tv = { .tv_sec = ES_ZYGOTE_WAIT_MS / 1000 };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return es_fail(e, ES_EIO, 0, "socketpair: %s", strerror(errno));
    /* a full queue with nobody behind it must not hold us for ever */
    for (int i = 0; i < 2; i++)
        (void)setsockopt(pair[i], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    out[0] = pair[0];
    out[1] = pair[1];
    return ES_OK;
}

/* Answers to questions that were given up, or that another process asked
 * before us, are passed over by their number. */
static enum es_code call(struct es_zygote *z, struct ask *ask, int fd,
                         struct reply *out, struct es_err *e)
{
    int64_t until =
        es_time_mono_ms() + (z->wait_ms ? z->wait_ms : ES_ZYGOTE_WAIT_MS);
    ask->seq = ++z->seq;
    if (es_fd_sendmsg(z->control, ask, sizeof *ask, fd) < 0)
        return es_fail(e, ES_EBUSY, 0, "no zygote: %s", strerror(errno));
    for (;;) {
        int64_t left = until - es_time_mono_ms();
        struct pollfd p = { .fd = z->control, .events = POLLIN };
        int n = left <= 0 ? 0 : poll(&p, 1, (int)left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return es_fail(e, ES_EBUSY, 0, "no answer from the zygote");
        ssize_t got = es_fd_recvmsg(z->control, out, sizeof *out, NULL);
        if (got <= 0)
            return es_fail(e, ES_EBUSY, 0, "the zygote is gone");
        if (got == (ssize_t)sizeof *out && out->seq == ask->seq)
            return ES_OK;
    }
}

enum es_code es_zygote_reset(struct es_zygote *z, struct es_err *e)
{
    struct ask ask = { .op = OP_RESET };
    struct reply r;
    return call(z, &ask, -1, &r, e);
}

enum es_code es_zygote_spawn(struct es_zygote *z, int *sock, pid_t *pid,
                             struct es_err *e)
{
    struct ask ask = { .op = OP_SPAWN };
    struct reply r;
    int pair[2];
    enum es_code rc = es_frame_pair(pair, e);
    if (rc != ES_OK)
        return rc;
    rc = call(z, &ask, pair[1], &r, e);
    close(pair[1]);
    if (rc == ES_OK && r.err != 0)
        rc = es_fail(e, ES_EBUSY, 0, "fork: %s", strerror(r.err));
    if (rc != ES_OK) {
        close(pair[0]);
        return rc;
    }
    *sock = pair[0];
    *pid = r.pid;
    return ES_OK;
}

enum es_code es_zygote_reap(struct es_zygote *z, pid_t pid, int *status,
                            struct es_err *e)
{
    struct ask ask = { .op = OP_REAP, .pid = pid };
    struct reply r;
    enum es_code rc = call(z, &ask, -1, &r, e);
    if (rc != ES_OK)
        return rc;
    if (r.err != 0)
        return es_fail(e, ES_ENOENT, 0, "%s", strerror(r.err));
    *status = r.status;
    return ES_OK;
}

/* Of our environment only what a sanitizer reads. */
static void child_env(char **out, size_t cap)
{
    static const char *const KEEP[] = { "ASAN_OPTIONS=", "UBSAN_OPTIONS=" };
    size_t n = 0;
    for (char **v = environ; *v && n + 1 < cap; v++)
        for (size_t i = 0; i < sizeof KEEP / sizeof KEEP[0]; i++)
            if (strncmp(*v, KEEP[i], strlen(KEEP[i])) == 0)
                out[n++] = *v;
    out[n] = NULL;
}

static int start_attr(posix_spawnattr_t *attr)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(attr, &none) ||
           posix_spawnattr_setsigdefault(attr, &all) ||
           posix_spawnattr_setpgroup(attr, 0) ||
           posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
}

enum es_code es_zygote_start(const char *exe, int theirs, pid_t *pid,
                             struct es_err *e)
{
    char name[64], flag[] = "--zygote", three[] = "3";
    char *argv[] = { name, flag, three, NULL };
    char *env[8];
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    pid_t child = -1;

    const char *slash = strrchr(exe, '/');
    (void)snprintf(name, sizeof name, "%s", slash ? slash + 1 : exe);
    child_env(env, sizeof env / sizeof env[0]);
    if (posix_spawn_file_actions_init(&fa) != 0)
        return es_fail(e, ES_EIO, 0, "no memory");
    if (posix_spawnattr_init(&attr) != 0) {
        posix_spawn_file_actions_destroy(&fa);
        return es_fail(e, ES_EIO, 0, "no memory");
    }
    int why = posix_spawn_file_actions_adddup2(&fa, theirs, 3);
    if (why == 0)
        why = posix_spawn_file_actions_addclosefrom_np(&fa, 4);
    if (why == 0)
        why = start_attr(&attr);
    if (why == 0)
        why = posix_spawn(&child, exe, &fa, &attr, argv, env);
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    if (why != 0)
        return es_fail(e, ES_EIO, 0, "%s: %s", exe, strerror(why));
    *pid = child;
    return ES_OK;
}
