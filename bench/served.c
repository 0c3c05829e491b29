/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "served.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

struct es_http *served_start(const char *listen)
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
        fprintf(stderr, "bench: %s\n", e.msg);
        exit(1);
    }
    return s;
}

void served_descriptors(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    r.rlim_cur = r.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &r);
}

/* ---- nginx before it ---- */

/* As docs/OPERATIONS.md says it. */
static const char IN_TURN[] =
    "limit_req_zone $binary_remote_addr zone=turn:10m rate=1000r/s;\n"
    "limit_req zone=turn burst=2048;\n";

pid_t served_nginx(const char *folder, int port, int other, int behind,
                   bool in_turn)
{
    char conf[512];
    char text[4096];
    (void)snprintf(conf, sizeof conf, "%s/nginx.conf", folder);
    int n = snprintf(
        text, sizeof text,
        "%sdaemon off; pid %s/pid; error_log %s/log; worker_processes auto;\n"
        "events { worker_connections 4096; }\n"
        "http { access_log off; client_body_temp_path %s/b;\n"
        "proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u;\n"
        "scgi_temp_path %s/s;\n"
        "upstream past { server unix:%s/http; keepalive 64; }\n"
        "upstream gate { server 127.0.0.1:%d; keepalive 64; }\n"
        "proxy_http_version 1.1; proxy_set_header Connection \"\";\n"
        "proxy_set_header X-Forwarded-For $remote_addr; proxy_buffering off;\n"
        "keepalive_requests 1000000;\n%s"
        "server { listen 127.0.0.1:%d backlog=4096; location / { "
        "proxy_pass http://past; }}\n"
        "server { listen 127.0.0.1:%d; location / { proxy_pass http://gate; "
        "}}\n"
        "}\n",
        geteuid() == 0 ? "user root; " : "", folder, folder, folder, folder,
        folder, folder, folder, folder, behind, in_turn ? IN_TURN : "", port,
        other);
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

int served_free_port(void)
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

void served_nginx_stop(pid_t pid)
{
    if (pid == 0)
        return;
    kill(pid, SIGTERM);
    (void)waitpid(pid, NULL, 0);
}

/* ---- who asks ---- */

double served_now_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

int served_dial(const struct place *at, const char *from)
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
    fprintf(stderr, "bench: connect: %s\n", strerror(errno));
    exit(1);
}

const char SERVED_ASK[] = "GET /page HTTP/1.1\r\nHost: run.example\r\n"
                          "User-Agent: Mozilla/5.0 (X11; Linux) Gecko\r\n"
                          "Accept: text/html,application/xhtml+xml\r\n"
                          "Accept-Language: en,de;q=0.5\r\n"
                          "X-Forwarded-For: 192.0.2.7\r\n"
                          "X-Forwarded-Proto: https\r\n\r\n";

void served_say(int fd)
{
    size_t n = strlen(SERVED_ASK);
    if (send(fd, SERVED_ASK, n, MSG_NOSIGNAL) != (ssize_t)n)
        shutdown(fd, SHUT_RDWR); /* served_hear will say so */
}

bool served_hear(int fd)
{
    char buf[8192];
    size_t n = 0;
    size_t whole = 0;
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
