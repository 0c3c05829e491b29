/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How long others wait while 800 connections of one address are slow, and
 * while 2,000 good requests of one address come at once; ten times each, and
 * the same through nginx, where it is installed.
 *
 * The school's side asks in a process of its own that yields to all others:
 * in truth it has cores elsewhere. Of each answer two times are kept: when the
 * kernel put its first bytes into the asker's socket, which is what somebody
 * elsewhere sees of this machine, and when the asker got a core to read it.
 * Where the kernel lets us, the whole bench goes before what else runs here:
 * else it measures that. */
#include "bench.h"
#include "served.h"

#include <linux/net_tstamp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    RUNS = 10,
    SLOW = 800,
    SCHOOL = 2000,
    PROBES = 2000,
    PROBE_MS = 2,
};

/* ---- one of the others ---- */

static double real_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* When the kernel got the first bytes of the answer; 0: it doesn't say. */
static double came_s(int fd)
{
    char byte;
    struct iovec io = { &byte, 1 };
    char room[256];
    struct msghdr m = { .msg_iov = &io,
                        .msg_iovlen = 1,
                        .msg_control = room,
                        .msg_controllen = sizeof room };
    struct timespec ts[3];
    if (recvmsg(fd, &m, MSG_PEEK) <= 0)
        return 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
            memcpy(ts, CMSG_DATA(c), sizeof ts);
            return (double)ts[0].tv_sec + (double)ts[0].tv_nsec * 1e-9;
        }
    return 0;
}

struct waits {
    double sent_ms[PROBES]; /* until the answer came */
    double read_ms[PROBES]; /* until its reader had a core */
    int n;
};

static void probe(const struct place *at, struct waits *w)
{
    int stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    double from_s = real_s();
    int fd = served_dial(at, "127.0.0.2");
    (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof stamps);
    served_say(fd);
    double at_s = came_s(fd);
    double end_s = real_s();
    if (!served_hear(fd))
        fprintf(stderr, "bench_floods: another got no answer\n");
    close(fd);
    w->sent_ms[w->n] = ((at_s > 0 ? at_s : end_s) - from_s) * 1000;
    w->read_ms[w->n++] = (end_s - from_s) * 1000;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The worst that came. */
static double tell(const char *name, struct waits *w, const char *more)
{
    int n = w->n;
    qsort(w->sent_ms, (size_t)n, sizeof w->sent_ms[0], by_size);
    qsort(w->read_ms, (size_t)n, sizeof w->read_ms[0], by_size);
    bench_note(name,
               "median %.2f ms, 99 of 100 below %.2f, worst %.2f (read: "
               "%.2f) of %d%s",
               w->sent_ms[n / 2], w->sent_ms[n * 99 / 100], w->sent_ms[n - 1],
               w->read_ms[n - 1], n, more);
    return w->sent_ms[n - 1];
}

/* ---- those who hold others up ---- */

struct crowd {
    atomic_int served;
    atomic_bool done;
};

static void come_slowly(const struct place *at, struct crowd *c)
{
    static int fd[SLOW];
    for (int i = 0; i < SLOW; i++) {
        fd[i] = served_dial(at, "127.0.0.3");
        (void)send(fd[i], "GET /page HTTP/1.1\r\nHo", 22, MSG_NOSIGNAL);
    }
    const struct timespec nap = { 1, 500000000L };
    nanosleep(&nap, NULL);
    atomic_store(&c->done, true);
}

static void come_at_once(const struct place *at, struct crowd *c)
{
    static int fd[SCHOOL];
    for (int i = 0; i < SCHOOL; i++)
        fd[i] = served_dial(at, "127.0.0.4");
    for (int i = 0; i < SCHOOL; i++)
        served_say(fd[i]);
    for (int i = 0; i < SCHOOL; i++)
        if (served_hear(fd[i]))
            atomic_fetch_add(&c->served, 1);
    atomic_store(&c->done, true);
}

/* One run: the worst of the others. */
static double others(const struct place *at, const char *name,
                     void (*come)(const struct place *, struct crowd *))
{
    static struct waits w;
    const struct timespec nap = { 0, PROBE_MS * 1000000L };
    struct crowd *c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char more[64] = "";
    if (c == MAP_FAILED)
        exit(1);
    double from_s = served_now_s();
    pid_t pid = fork();
    if (pid == 0) {
        (void)!nice(5);
        come(at, c);
        _exit(0);
    }
    w.n = 0;
    while (!atomic_load(&c->done) && w.n < PROBES) {
        probe(at, &w);
        nanosleep(&nap, NULL);
    }
    (void)waitpid(pid, NULL, 0);
    if (come == come_at_once)
        (void)snprintf(more, sizeof more, "; %d of the school in %.2f s",
                       atomic_load(&c->served), served_now_s() - from_s);
    munmap(c, sizeof *c);
    return tell(name, &w, more);
}

static void ten_times(const struct place *at, const char *name,
                      void (*come)(const struct place *, struct crowd *))
{
    double worst_ms = 0;
    int below = 0;
    for (int i = 0; i < RUNS; i++) {
        double ms = others(at, name, come);
        below += ms < 50;
        worst_ms = ms > worst_ms ? ms : worst_ms;
    }
    bench_note(name, "below 50 ms in %d of %d runs, worst %.2f ms", below, RUNS,
               worst_ms);
}

/* Other sessions yield to ours, where the kernel groups by session. */
static bool go_first(void)
{
    int status = 1;
    pid_t pid = fork();
    if (pid != 0) { /* who leads a group can't begin a session */
        (void)waitpid(pid, &status, 0);
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    (void)setsid();
    FILE *f = fopen("/proc/self/autogroup", "we");
    if (!f)
        return false;
    bool put = fputs("-20", f) >= 0;
    return fclose(f) == 0 && put;
}

/* A server in a process of its own; its port, or 0 on a Unix socket. */
static pid_t serve_apart(const char *listen, int *port)
{
    int to[2];
    if (pipe(to) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        struct es_http *s = served_start(listen);
        *port = es_http_port(s);
        (void)!write(to[1], port, sizeof *port);
        for (;;)
            pause();
    }
    if (read(to[0], port, sizeof *port) != sizeof *port)
        exit(1);
    close(to[0]);
    close(to[1]);
    return pid;
}

int main(void)
{
    char folder[] = "/tmp/bench_floods_XXXXXX";
    char words[64];
    int port = 0;
    int none = 0;
    signal(SIGPIPE, SIG_IGN);
    bench_note("before what else runs here", "%s", go_first() ? "yes" : "no");
    served_descriptors();
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(words, sizeof words, "unix:%s/http", folder);
    pid_t behind = serve_apart(words, &none);
    pid_t direct = serve_apart("127.0.0.1:0", &port);
    int front_port = served_free_port();
    pid_t front =
        served_nginx(folder, front_port, served_free_port(), port, true);
    struct place at = { NULL, port, false };
    struct place by = { NULL, front_port, false };
    ten_times(&at, "others, while 800 of one address are slow", come_slowly);
    ten_times(&at, "others, while a school comes at once", come_at_once);
    if (front)
        ten_times(&by, "the same school, through nginx", come_at_once);
    served_nginx_stop(front);
    kill(behind, SIGKILL);
    kill(direct, SIGKILL);
    (void)waitpid(behind, NULL, 0);
    (void)waitpid(direct, NULL, 0);
    (void)snprintf(words, sizeof words, "rm -r '%s'", folder);
    return system(words) == 0 ? 0 : 1;
}
