/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the gate costs, in requests a second of one small page: through it on
 * TCP; past it on a Unix socket, by new connections and by kept ones; and the
 * same two ways behind nginx, where it is installed. All of one run, in turns.
 * Then how long others wait while 800 connections of one address are slow, and
 * while 2,000 requests of one address come at once. */
#include "bench.h"
#include "http/head.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CLIENTS = 32,
    ROUNDS = 5,
    ROUND_MS = 1500,
    SLOW = 800,
    SCHOOL = 2000,
    PROBES = 200,
};

/* ---- the server ---- */

static enum es_code page(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    static const char WORDS[] = "Every step counts, and each is counted. ";
    (void)q, (void)e;
    es_resp_type(out, "text/plain; charset=utf-8");
    for (int i = 0; i < 50; i++)
        es_buf_str(es_resp_body(out), WORDS);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/page", ES_BODY_NONE, 0, page },
};
static const struct es_routes TABLES[] = { { ROUTES, 1 } };

static struct es_http *serve(const char *listen)
{
    static const char *const TRUSTED[] = { "127.0.0.1" };
    struct es_http_config c = {
        .listen = listen,
        .tables = TABLES,
        .n_tables = 1,
        .no_access_log = true,
        .trusted = TRUSTED,
        .n_trusted = listen[0] == 'u' ? 0 : 1,
    };
    struct es_http *s = NULL;
    struct es_err e = { 0 };
    if (es_http_start(&c, &s, &e) != ES_OK) {
        fprintf(stderr, "bench_gate: %s\n", e.msg);
        exit(1);
    }
    return s;
}

/* ---- the clients ---- */

struct place {
    const char *path; /* of a Unix socket, or NULL */
    int port;
    bool keep; /* one connection for all requests */
};

static double now_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static int dial(const struct place *at, const char *from)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)at->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in me = { .sin_family = AF_INET };
    int on = 1;
    int fd =
        socket(at->path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (at->path) {
        (void)snprintf(un.sun_path, sizeof un.sun_path, "%s", at->path);
        if (connect(fd, (struct sockaddr *)&un, sizeof un) == 0)
            return fd;
    } else {
        (void)inet_pton(AF_INET, from, &me.sin_addr);
        (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
                         sizeof on);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&me, sizeof me) == 0 &&
            connect(fd, (struct sockaddr *)&in, sizeof in) == 0)
            return fd;
    }
    fprintf(stderr, "bench_gate: connect: %s\n", strerror(errno));
    exit(1);
}

static const char ASK[] = "GET /page HTTP/1.1\r\nHost: run.example\r\n"
                          "User-Agent: Mozilla/5.0 (X11; Linux) Gecko\r\n"
                          "Accept: text/html,application/xhtml+xml\r\n"
                          "Accept-Language: en,de;q=0.5\r\n"
                          "X-Forwarded-For: 192.0.2.7\r\n"
                          "X-Forwarded-Proto: https\r\n\r\n";

/* One request and all of its answer; false when the connection is gone. */
static bool ask(int fd)
{
    char buf[8192];
    size_t n = 0;
    size_t whole = 0;
    if (send(fd, ASK, sizeof ASK - 1, MSG_NOSIGNAL) != sizeof ASK - 1)
        return false;
    while (n < sizeof buf - 1 && (whole == 0 || n < whole)) {
        ssize_t got = recv(fd, buf + n, sizeof buf - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        buf[n] = 0;
        const char *end = strstr(buf, "\r\n\r\n");
        const char *len = strcasestr(buf, "\r\nContent-Length: ");
        if (end && len)
            whole = (size_t)(end + 4 - buf) + strtoul(len + 18, NULL, 10);
    }
    return n > 12 && memcmp(buf + 9, "200", 3) == 0 && n >= whole;
}

struct load {
    struct place at;
    atomic_bool *stop;
    atomic_ulong *answers;
};

static void *client_main(void *arg)
{
    const struct load *l = arg;
    int fd = -1;
    while (!atomic_load(l->stop)) {
        bool kept = fd >= 0;
        if (!kept)
            fd = dial(&l->at, "127.0.0.2"); /* whom the server doesn't trust */
        bool ok = ask(fd);
        if (ok)
            atomic_fetch_add(l->answers, 1);
        if (!ok && !kept) {
            fprintf(stderr, "bench_gate: no answer\n");
            exit(1);
        }
        if (!l->at.keep || !ok) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

/* Requests a second of CLIENTS at once. */
static double rate(const struct place *at)
{
    pthread_t t[CLIENTS];
    atomic_bool stop = false;
    atomic_ulong answers = 0;
    struct load l = { *at, &stop, &answers };
    const struct timespec nap = { ROUND_MS / 1000, ROUND_MS % 1000 * 1000000L };
    double from_s = now_s();
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&t[i], NULL, client_main, &l);
    nanosleep(&nap, NULL);
    double took_s = now_s() - from_s;
    unsigned long n = atomic_load(&answers);
    atomic_store(&stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(t[i], NULL);
    return (double)n / took_s;
}

/* ---- nginx before both ---- */

static pid_t nginx(const char *folder, int port, int other, int behind)
{
    char conf[512];
    char text[4096];
    (void)snprintf(conf, sizeof conf, "%s/nginx.conf", folder);
    int n = snprintf(
        text, sizeof text,
        "%sdaemon off; pid %s/pid; error_log %s/log; worker_processes 1;\n"
        "events { worker_connections 4096; }\n"
        "http { access_log off; client_body_temp_path %s/b;\n"
        "proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u;\n"
        "scgi_temp_path %s/s;\n"
        "upstream past { server unix:%s/http; keepalive 64; }\n"
        "upstream gate { server 127.0.0.1:%d; keepalive 64; }\n"
        "proxy_http_version 1.1; proxy_set_header Connection \"\";\n"
        "proxy_set_header X-Forwarded-For $remote_addr; proxy_buffering off;\n"
        "keepalive_requests 1000000;\n"
        "server { listen 127.0.0.1:%d; location / { proxy_pass http://past; "
        "}}\n"
        "server { listen 127.0.0.1:%d; location / { proxy_pass http://gate; "
        "}}\n"
        "}\n",
        geteuid() == 0 ? "user root; " : "", folder, folder, folder, folder,
        folder, folder, folder, folder, behind, port, other);
    FILE *f = fopen(conf, "we");
    if (!f || n < 0 || fwrite(text, 1, (size_t)n, f) != (size_t)n)
        return 0;
    fclose(f);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("nginx", "nginx", "-c", conf, "-e", "/dev/null", (char *)NULL);
        execl("/usr/sbin/nginx", "nginx", "-c", conf, "-e", "/dev/null",
              (char *)NULL);
        _exit(1);
    }
    const struct timespec nap = { 0, 500000000L };
    nanosleep(&nap, NULL);
    return waitpid(pid, NULL, WNOHANG) == 0 ? pid : 0;
}

static int free_port(void)
{
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof in;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&in, sizeof in) != 0 ||
        getsockname(fd, (struct sockaddr *)&in, &n) != 0)
        exit(1);
    close(fd);
    return ntohs(in.sin_port);
}

/* The best of ROUNDS, all ways in turns. */
static void compare(const struct place *at, const char *const *name, size_t n,
                    double *best)
{
    memset(best, 0, n * sizeof *best);
    for (int r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < n; i++) {
            double now = rate(&at[i]);
            best[i] = now > best[i] ? now : best[i];
        }
    for (size_t i = 0; i < n; i++)
        bench_note(name[i], "%.0f requests/s", best[i]);
}

/* ---- how long others wait ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void waits(const struct place *at, const char *name)
{
    double took_ms[PROBES];
    const struct timespec nap = { 0, 5000000L };
    for (int i = 0; i < PROBES; i++) {
        double from_s = now_s();
        int fd = dial(at, "127.0.0.2");
        if (!ask(fd))
            fprintf(stderr, "bench_gate: another got no answer\n");
        close(fd);
        took_ms[i] = (now_s() - from_s) * 1000;
        nanosleep(&nap, NULL);
    }
    qsort(took_ms, PROBES, sizeof *took_ms, by_size);
    bench_note(name, "median %.2f ms, 99 of 100 below %.2f ms, worst %.2f ms",
               took_ms[PROBES / 2], took_ms[PROBES * 99 / 100],
               took_ms[PROBES - 1]);
}

static void slow_ones(const struct place *at)
{
    static int fd[SLOW];
    for (int i = 0; i < SLOW; i++) {
        fd[i] = dial(at, "127.0.0.3");
        (void)send(fd[i], "GET /page HTTP/1.1\r\nHo", 22, MSG_NOSIGNAL);
    }
    waits(at, "others, while 800 of one address are slow");
    for (int i = 0; i < SLOW; i++)
        close(fd[i]);
}

static atomic_uint served;

static void *school_main(void *arg)
{
    static int fd[SCHOOL];
    const struct place *at = arg;
    char buf[8192];
    for (int i = 0; i < SCHOOL; i++)
        fd[i] = dial(at, "127.0.0.4");
    for (int i = 0; i < SCHOOL; i++)
        (void)send(fd[i], ASK, sizeof ASK - 1, MSG_NOSIGNAL);
    for (int i = 0; i < SCHOOL; i++) {
        ssize_t n = recv(fd[i], buf, sizeof buf, 0);
        if (n > 12 && memcmp(buf + 9, "200", 3) == 0)
            atomic_fetch_add(&served, 1);
        close(fd[i]);
    }
    return NULL;
}

static void school(struct place *at)
{
    pthread_t t;
    double from_s = now_s();
    pthread_create(&t, NULL, school_main, at);
    waits(at, "others, while a school comes at once");
    pthread_join(t, NULL);
    bench_note("of the school's 2,000 at once", "%u answered, in %.2f s",
               atomic_load(&served), now_s() - from_s);
}

static void read_head(void *arg)
{
    struct es_head h;
    (void)arg;
    if (es_head_parse(es_bytes_str(ASK), &h) != ES_HEAD_OK)
        exit(1);
    bench_keep(&h);
}

int main(void)
{
    char folder[] = "/tmp/bench_gate_XXXXXX";
    char listen[64];
    char path[64];
    struct rlimit r;
    double best[5];
    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
        r.rlim_cur = r.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(listen, sizeof listen, "unix:%s/http", folder);
    (void)snprintf(path, sizeof path, "%s/http", folder);
    struct es_http *past = serve(listen);
    struct es_http *gate = serve("127.0.0.1:0");
    int port = free_port();
    int other = free_port();
    struct place at[] = {
        { NULL, es_http_port(gate), false },
        { path, 0, false },
        { path, 0, true },
        { NULL, port, true },
        { NULL, other, true },
    };
    static const char *const NAMES[] = {
        "TCP, through the gate, new connections",
        "Unix socket, no gate, new connections",
        "Unix socket, no gate, kept connections",
        "nginx, then Unix socket, kept connections",
        "nginx, then TCP through the gate",
    };
    pid_t front = nginx(folder, port, other, es_http_port(gate));
    double one_s = bench_run("a header block, judged", 0, "", read_head, NULL);
    compare(at, NAMES, front ? 5 : 3, best);
    bench_note("judging, of a request on a kept connection", "%.2f %%",
               100 * one_s * best[2]);
    bench_ratio("gate / none, new connections", best[0], best[1]);
    if (front)
        bench_ratio("nginx: gate on TCP / Unix socket", best[4], best[3]);
    slow_ones(&at[0]);
    school(&at[0]);
    if (front) {
        kill(front, SIGTERM);
        (void)waitpid(front, NULL, 0);
    }
    (void)es_http_stop(past, 2000);
    (void)es_http_stop(gate, 2000);
    (void)snprintf(listen, sizeof listen, "rm -r '%s'", folder);
    return system(listen) == 0 ? 0 : 1;
}
