/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep serve: the supervisor. It starts the web process and the zygotes
 * of those who read uploads and of those who draw, starts them again when they
 * die, and stops them in order. It owns no network and no data, so that there
 * is nothing in it to break. */
#include "cli/cli.h"
#include "cli/mail.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "base/time.h"
#include "ingest/ingest.h"
#include "ipc/zygote.h"
#include "render/render.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WEB_FD = 3,        /* where the web process finds the zygotes' sockets */
    LISTEN_FD = 3,     /* where systemd puts the first of its own... */
    WEB_LISTEN_FD = 5, /* ...and where the web process finds it */
    OUT_OF_THE_WAY = 16,
    LOCK_WAIT_MS = 5000, /* who was killed may still be ending */
    FIRST_TRY_MS = 3000, /* ending by itself in this time, it never ran */
    RAN_WELL_MS = 10000, /* after this the back-off starts anew */
    BACK_OFF_MS = 100,   /* doubled with each death */
    BACK_OFF_MAX_MS = 10000,
    MAIL_STOP_MS = 2000, /* what it is sending then is sent again */
    NO_FONTS = 69,       /* everystep-render ended, and said what is missing */
    NO_FONTS_WAIT_MS = 600000, /* somebody may install them meanwhile */
};

enum which { DECODE, DRAW, ZYGOTES };

struct child {
    const char *name;
    pid_t pid;          /* 0: not running */
    int64_t started_ms; /* monotonic, both */
    int64_t again_ms;   /* not started before */
    unsigned starts, deaths;
};

struct zygote {
    struct child c;
    int control[2]; /* its socket: the web process's end, its own */
    char exe[4096];
};

struct supervisor {
    struct child web;
    struct child mail; /* not started where no mail server is set */
    struct zygote zygotes[ZYGOTES];
    char **web_argv;
    char **mail_argv;
    int lock;     /* of the data folder */
    int listener; /* that we were given; -1: none */
    bool give_up; /* the web process can't run here at all */
    int status;
};

/* ---- starting ---- */

/* In the child: it dies with us, and hears of signals from us alone. */
static void bind_to(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0); /* a terminal's Ctrl-C is ours to pass on, in order */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before that line */
        _exit(ES_EXIT_FAILED);
}

__attribute__((noreturn)) static void become_web(const struct supervisor *s,
                                                 pid_t parent)
{
    bind_to(parent);
    int from[ZYGOTES];
    for (int i = 0; i < ZYGOTES; i++)
        from[i] =
            fcntl(s->zygotes[i].control[0], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    /* The folder stays ours until it has died, too: it inherits the lock. */
    if (fcntl(s->lock, F_DUPFD, OUT_OF_THE_WAY) < 0)
        _exit(ES_EXIT_FAILED);
    for (int i = 0; i < ZYGOTES; i++)
        if (dup2(from[i], WEB_FD + i) < 0)
            _exit(ES_EXIT_FAILED);
    if (s->listener >= 0 && dup2(s->listener, WEB_LISTEN_FD) < 0)
        _exit(ES_EXIT_FAILED);
    execv("/proc/self/exe", s->web_argv);
    _exit(ES_EXIT_FAILED);
}

static enum es_code start_web(struct supervisor *s, struct child *c,
                              struct es_err *e)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_web(s, parent);
    if (pid < 0)
        return es_fail(e, ES_EIO, 0, "fork: %s", strerror(errno));
    c->pid = pid;
    return ES_OK;
}

/* It hands over what waits in the store, and holds the folder as web does. */
static enum es_code start_mail(struct supervisor *s, struct child *c,
                               struct es_err *e)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        bind_to(parent);
        if (fcntl(s->lock, F_DUPFD, OUT_OF_THE_WAY) >= 0)
            execv("/proc/self/exe", s->mail_argv);
        _exit(ES_EXIT_FAILED);
    }
    if (pid < 0)
        return es_fail(e, ES_EIO, 0, "fork: %s", strerror(errno));
    c->pid = pid;
    return ES_OK;
}

/* It ends by itself when both holders of its socket are gone: the web process,
 * which dies with us, and we. */
static enum es_code start_zygote(struct supervisor *s, struct child *c,
                                 struct es_err *e)
{
    const struct zygote *z =
        c == &s->zygotes[DRAW].c ? &s->zygotes[DRAW] : &s->zygotes[DECODE];
    return es_zygote_start(z->exe, z->control[1], &c->pid, e);
}

static void start_later(struct child *c)
{
    int64_t wait = BACK_OFF_MS;
    for (unsigned i = 0; i < c->deaths && wait < BACK_OFF_MAX_MS; i++)
        wait *= 2;
    c->deaths++;
    c->again_ms =
        es_time_mono_ms() + (wait < BACK_OFF_MAX_MS ? wait : BACK_OFF_MAX_MS);
}

static void start_if_due(struct supervisor *s, struct child *c,
                         enum es_code (*start)(struct supervisor *,
                                               struct child *, struct es_err *))
{
    struct es_err e = { 0 };
    int64_t now = es_time_mono_ms();
    if (c->pid != 0 || now < c->again_ms)
        return;
    c->started_ms = now;
    if (start(s, c, &e) != ES_OK) {
        es_log(ES_LOG_ERROR, "serve.start_failed", "%s: %s", c->name, e.msg);
        start_later(c);
        return;
    }
    c->starts++;
    es_log(ES_LOG_INFO, "serve.started", "%s, pid %d", c->name, (int)c->pid);
}

/* ---- dying ---- */

static void mourn(struct supervisor *s, struct child *c, int status)
{
    int64_t lived = es_time_mono_ms() - c->started_ms;
    c->pid = 0;
    if (WIFEXITED(status))
        es_log(ES_LOG_WARN, "serve.ended", "%s, status %d", c->name,
               WEXITSTATUS(status));
    else
        es_log(ES_LOG_ERROR, "serve.killed", "%s, signal %d", c->name,
               WTERMSIG(status));
    if (c == &s->web && c->starts == 1 && WIFEXITED(status) &&
        lived < FIRST_TRY_MS) {
        s->give_up = true; /* it has said why: a port in use, a bad folder */
        s->status = WEXITSTATUS(status);
    }
    if (lived >= RAN_WELL_MS)
        c->deaths = 0;
    start_later(c);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_FONTS)
        c->again_ms = es_time_mono_ms() + NO_FONTS_WAIT_MS;
}

static void reap(struct supervisor *s)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == s->web.pid)
            mourn(s, &s->web, status);
        if (pid == s->mail.pid)
            mourn(s, &s->mail, status);
        for (int i = 0; i < ZYGOTES; i++)
            if (pid == s->zygotes[i].c.pid)
                mourn(s, &s->zygotes[i].c, status);
    }
}

/* False when it still lives after `ms`, or when we are told a second time. */
static bool wait_gone(struct child *c, int64_t ms)
{
    const struct timespec tick = { .tv_nsec = 10000000 };
    int64_t until = es_time_mono_ms() + ms;
    sigset_t again;
    sigemptyset(&again);
    sigaddset(&again, SIGTERM);
    sigaddset(&again, SIGINT);
    while (c->pid != 0 && es_time_mono_ms() < until) {
        if (waitpid(c->pid, NULL, WNOHANG) != 0)
            c->pid = 0;
        else if (sigtimedwait(&again, NULL, &tick) > 0)
            return false;
    }
    return c->pid == 0;
}

static void end(struct child *c, int64_t ms)
{
    if (wait_gone(c, ms))
        return;
    es_log(ES_LOG_ERROR, "serve.kill", "%s did not end in time", c->name);
    (void)kill(c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    c->pid = 0;
}

/* The web process first: uploads that it is still taking need the workers. */
static void stop(struct supervisor *s)
{
    if (s->web.pid != 0)
        (void)kill(s->web.pid, SIGTERM);
    if (s->mail.pid != 0)
        (void)kill(s->mail.pid, SIGTERM);
    end(&s->web, ES_STOP_S * 1000);
    end(&s->mail, MAIL_STOP_MS);
    for (int i = 0; i < ZYGOTES; i++) {
        close(s->zygotes[i].control[0]);
        close(s->zygotes[i].control[1]);
        end(&s->zygotes[i].c, 1000);
    }
    es_log(ES_LOG_INFO, "serve.stopped", "status %d", s->status);
}

/* ---- the loop ---- */

static int64_t until_next_start(const struct supervisor *s)
{
    int64_t now = es_time_mono_ms(), wait = 3600 * 1000;
    const struct child *all[] = { &s->web, &s->mail, &s->zygotes[DECODE].c,
                                  &s->zygotes[DRAW].c };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int64_t left = all[i]->again_ms - now;
        if (all[i]->pid == 0 && left < wait)
            wait = left < 0 ? 0 : left;
    }
    return wait;
}

static void supervise(struct supervisor *s, const sigset_t *signals)
{
    for (;;) {
        for (int i = 0; i < ZYGOTES; i++)
            start_if_due(s, &s->zygotes[i].c, start_zygote);
        start_if_due(s, &s->web, start_web);
        start_if_due(s, &s->mail, start_mail);
        int64_t ms = until_next_start(s);
        struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };
        int sig = sigtimedwait(signals, NULL, &wait);
        if (sig == SIGCHLD)
            reap(s);
        if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP || s->give_up)
            return;
    }
}

/* everystep web --handed 3 4 5 and all that we were given. */
static char **web_argv(const struct es_cli *c, bool listener)
{
    static char self[] = "everystep", web[] = "web", opt[] = "--handed",
                decode[] = "3", draw[] = "4", listens[] = "5", none[] = "0";
    size_t n = 0;
    while (c->raw[n])
        n++;
    char **argv = calloc(n + 7, sizeof *argv);
    if (!argv)
        return NULL;
    argv[0] = self;
    argv[1] = web;
    argv[2] = opt;
    argv[3] = decode;
    argv[4] = draw;
    argv[5] = listener ? listens : none;
    memcpy(argv + 6, c->raw, n * sizeof *argv);
    return argv;
}

/* everystep mail and all that we were given; NULL where there is no memory. */
static char **mail_argv(const struct es_cli *c)
{
    static char self[] = "everystep", mail[] = "mail";
    size_t n = 0;
    while (c->raw[n])
        n++;
    char **argv = calloc(n + 3, sizeof *argv);
    if (!argv)
        return NULL;
    argv[0] = self;
    argv[1] = mail;
    memcpy(argv + 2, c->raw, n * sizeof *argv);
    return argv;
}

static_assert(WEB_FD + DECODE == 3 && WEB_FD + DRAW == 4 && WEB_LISTEN_FD == 5,
              "web_argv says so");

/* A socket that systemd opened for us (sd_listen_fds(3)): it stands while we
 * are started anew, and who comes meanwhile waits. -1: none. */
static int given_listener(void)
{
    const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
    int64_t whose = 0, fds = 0;
    bool ours =
        pid && n && es_num_i64(es_bytes_str(pid), 1, INT32_MAX, &whose) &&
        es_num_i64(es_bytes_str(n), 1, 64, &fds) && whose == (int64_t)getpid();
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (!ours)
        return -1;
    int fd = fcntl(LISTEN_FD, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    for (int i = 0; i < fds; i++)
        close(LISTEN_FD + i);
    return fd;
}

/* Without who draws there are no pictures to share, and all else goes on. */
static enum es_code find_zygotes(struct supervisor *s, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (int i = 0; rc == ES_OK && i < ZYGOTES; i++) {
        struct zygote *z = &s->zygotes[i];
        rc = es_crew_exe(z->c.name, z->exe, sizeof z->exe, e);
        if (rc != ES_OK && i == DRAW) {
            es_log(ES_LOG_WARN, "serve.no_pictures", "%s", e->msg);
            z->c.again_ms = INT64_MAX;
            rc = ES_OK;
        }
        if (rc == ES_OK)
            rc = es_zygote_pair(z->control, e);
    }
    return rc;
}

int es_cmd_serve(const struct es_cli *c, int argc, char **argv)
{
    struct supervisor s = {
        .web = { .name = "web" },
        .mail = { .name = "mail" },
        .zygotes = { [DECODE] = { .c.name = ES_INGEST_EXE },
                     [DRAW] = { .c.name = ES_RENDER_EXE } },
    };
    struct es_err e = { 0 };
    struct es_mail_route route;
    sigset_t signals;

    (void)argv;
    s.listener = given_listener();
    if (argc != 1 || !c->wiring->web)
        return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK ||
        es_mail_route_of(c->set, &route, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    if (es_store_lock(c->set->data, LOCK_WAIT_MS, &s.lock, &e) != ES_OK)
        return es_complain(c->set->data, &e);
    if (find_zygotes(&s, &e) != ES_OK)
        return es_complain(NULL, &e);
    s.web_argv = web_argv(c, s.listener >= 0);
    s.mail_argv = mail_argv(c);
    if (!s.web_argv || !s.mail_argv)
        return ES_EXIT_FAILED;
    if (!route.set)
        s.mail.again_ms = INT64_MAX;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    supervise(&s, &signals);
    stop(&s);
    free(s.web_argv);
    free(s.mail_argv);
    close(s.lock);
    return s.status;
}

/* everystep web: not for hands; the supervisor starts it. */
int es_cmd_web(const struct es_cli *c, int argc, char **argv)
{
    struct es_err e = { 0 };
    int64_t fd[3];
    if (argc != 5 || strcmp(argv[1], "--handed") != 0)
        return es_cli_usage(c);
    for (int i = 0; i < 3; i++)
        if (!es_num_i64(es_bytes_str(argv[2 + i]), i < 2 ? 3 : 0, 1023, &fd[i]))
            return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    struct es_handed h = { (int)fd[0], (int)fd[1], (int)fd[2] };
    for (int i = 0; i < 3; i++)
        if (fd[i] && fcntl((int)fd[i], F_SETFD, FD_CLOEXEC) != 0) {
            (void)es_fail(&e, ES_EINVAL, 0, "--handed: %s", strerror(errno));
            return es_complain(NULL, &e);
        }
    prctl(PR_SET_NAME, "everystep-web"); /* else ps shows "exe" */
    return c->wiring->web(c->set, &h);
}
