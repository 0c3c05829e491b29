/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/server.h"

#include "base/log.h"
#include "base/time.h"
#include "http/listen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    EVENT_THREADS = 2,
    WATCH_MS = 50,
    CONN_MEMORY = 48 << 10, /* the header block, and room to read a body */
    MEMORY_STEP = 8 << 10,
    FD_TABLE_MAX = 1 << 20,
    STOP_POLL_MS = 5,
    STALL_MS = 1000,
};

/* ---- connections ---- */

static void link_conn(struct es_http *s, struct es_conn *c)
{
    pthread_mutex_lock(&s->lock);
    c->prev = NULL;
    c->next = s->conns;
    if (c->next)
        c->next->prev = c;
    s->conns = c;
    pthread_mutex_unlock(&s->lock);
}

static void forget_conn(struct es_http *s, struct es_conn *c)
{
    pthread_mutex_lock(&s->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        s->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    if (c->stream)
        c->stream->conn = NULL;
    pthread_mutex_unlock(&s->lock);
    es_conn_free(c, s->counts, &s->gate_stats);
}

/* From the gate. The library closes the descriptor when it declines. */
static void admit(void *cx, struct es_conn *c)
{
    struct es_http *s = cx;
    struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };

    memcpy(&sa.sin6_addr, c->peer.addr, 16);
    pthread_mutex_lock(&s->lock);
    s->by_fd[c->fd] = c;
    pthread_mutex_unlock(&s->lock);
    if (MHD_add_connection(s->daemon, c->fd, (const struct sockaddr *)&sa,
                           sizeof sa) == MHD_YES)
        return;
    pthread_mutex_lock(&s->lock);
    s->by_fd[c->fd] = NULL;
    pthread_mutex_unlock(&s->lock);
    es_conn_free(c, s->counts, &s->gate_stats);
}

static struct es_conn *conn_of(struct es_http *s, int fd)
{
    struct es_conn *c = NULL;

    if (s->direct) {
        pthread_mutex_lock(&s->lock);
        if (fd >= 0 && fd < s->fd_max) {
            c = s->by_fd[fd];
            s->by_fd[fd] = NULL;
        }
        pthread_mutex_unlock(&s->lock);
        return c;
    }
    c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    atomic_fetch_add(&s->gate_stats.accepted, 1);
    atomic_fetch_add(&s->gate_stats.connections, 1);
    c->fd = fd;
    c->proxied = true;
    es_peer_unix(&c->peer);
    return c;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **slot,
                          enum MHD_ConnectionNotificationCode what)
{
    struct es_http *s = cls;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*slot)
            forget_conn(s, *slot);
        *slot = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct es_conn *c = info ? conn_of(s, info->connect_fd) : NULL;
    *slot = c;
    if (c)
        link_conn(s, c);
}

/* ---- the watchdog ---- */

/* Absolute: a byte now and then buys nobody time. */
static bool overdue(const struct es_http_config *c, const struct es_conn *conn,
                    int64_t now_ms)
{
    int64_t since_ms = atomic_load(&conn->body_ms);
    int64_t send_ms = atomic_load(&conn->send_ms);

    if (send_ms && now_ms > send_ms)
        return true;
    if (!since_ms)
        return false;
    int64_t took_ms = now_ms - since_ms;
    int64_t due = (took_ms - (int64_t)c->grace_ms) * ES_BODY_MIN_RATE / 1000;
    return took_ms > (int64_t)c->body_ms ||
           (int64_t)atomic_load(&conn->got) < due;
}

/* 0.9.75 doesn't see the end of a stream that came along with its last bytes,
 * and would wait for a body that can't come. */
static bool gone(struct es_conn *c, int64_t now_ms)
{
    size_t got = atomic_load(&c->got);
    char byte;

    if (!atomic_load(&c->body_ms) || got != c->seen_got || !c->seen_ms) {
        c->seen_got = got;
        c->seen_ms = now_ms;
        return false;
    }
    return now_ms - c->seen_ms > STALL_MS &&
           recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* The close that follows resets: what is still queued for a client that
 * doesn't read is thrown away, and doesn't wait in the kernel. */
static void cut(struct es_http *s, struct es_conn *c)
{
    const struct linger none = { .l_onoff = 1, .l_linger = 0 };

    atomic_store(&c->body_ms, 0);
    atomic_store(&c->send_ms, 0);
    atomic_fetch_add(&s->body_cut, 1);
    es_log(ES_LOG_WARN, "http.cut", "%s", c->peer.text);
    (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    (void)shutdown(c->fd, SHUT_RDWR);
}

static void *watchdog_main(void *arg)
{
    struct es_http *s = arg;
    const struct timespec ts = { .tv_nsec = WATCH_MS * 1000000L };

    while (!atomic_load(&s->stopping)) {
        nanosleep(&ts, NULL);
        int64_t now_ms = es_time_mono_ms();
        pthread_mutex_lock(&s->lock);
        /* The library tells us before it closes, so fd is still this one. */
        for (struct es_conn *c = s->conns; c; c = c->next)
            if (gone(c, now_ms) || overdue(&s->config, c, now_ms))
                cut(s, c);
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

/* ---- start ---- */

static unsigned limit(unsigned have, unsigned most)
{
    return have && have < most ? have : most;
}

static void fill_limits(struct es_http_config *c)
{
    struct rlimit rl;

    c->workers = c->workers ? c->workers : ES_HTTP_WORKERS;
    c->queue = c->queue ? c->queue : ES_HTTP_QUEUE;
    c->header_ms = limit(c->header_ms, ES_HEADER_DEADLINE_S * 1000);
    c->body_ms = limit(c->body_ms, ES_BODY_DEADLINE_S * 1000);
    c->grace_ms = limit(c->grace_ms, ES_BODY_GRACE_S * 1000);
    c->send_ms = c->send_ms ? limit(c->send_ms, ES_SEND_DEADLINE_S * 1000) : 0;
    c->incomplete_per_addr =
        limit(c->incomplete_per_addr, ES_INCOMPLETE_PER_ADDR);
    c->incomplete_ms = limit(c->incomplete_ms, ES_INCOMPLETE_GRACE_MS);
    c->conn_per_addr = limit(c->conn_per_addr, ES_CONN_PER_ADDR);
    c->conn_max = limit(c->conn_max, ES_CONN_MAX);
    /* Each connection may need a descriptor for its body as well. */
    if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_cur / 2 < c->conn_max)
        c->conn_max = (unsigned)(rl.rlim_cur / 2);
}

static size_t keep_raw(void *cls, struct MHD_Connection *mhd, char *s)
{
    (void)cls, (void)mhd;
    return strlen(s); /* we decode, once */
}

static enum es_code start_daemon(struct es_http *s, struct es_err *e)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
                     MHD_ALLOW_SUSPEND_RESUME |
                     (s->direct ? MHD_USE_NO_LISTEN_SOCKET : 0);
    struct MHD_OptionItem more[] = {
        { MHD_OPTION_LISTEN_SOCKET, s->unix_fd, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, es_job_step, s, MHD_OPTION_ARRAY,
        s->direct ? more + 1 : more, MHD_OPTION_URI_LOG_CALLBACK, es_job_new, s,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_raw, s, MHD_OPTION_NOTIFY_COMPLETED,
        es_job_done, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)EVENT_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, s->config.conn_max * 2 + EVENT_THREADS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)ES_KEEPALIVE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONN_MEMORY,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)MEMORY_STEP,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!s->daemon)
        return es_fail(e, ES_EIO, 0, "the HTTP library can't start: %s",
                       strerror(errno));
    return ES_OK;
}

static enum es_code start_gate(struct es_http *s, struct es_err *e)
{
    struct rlimit rl = { .rlim_cur = 1024 };

    (void)getrlimit(RLIMIT_NOFILE, &rl);
    s->fd_max = rl.rlim_cur < FD_TABLE_MAX ? (int)rl.rlim_cur : FD_TABLE_MAX;
    s->by_fd = calloc((size_t)s->fd_max, sizeof(struct es_conn *));
    if (!s->by_fd)
        return es_fail(e, ES_ENOMEM, 0, "no memory for connections");
    const struct es_gate_config g = {
        .core = &s->core,
        .counts = s->counts,
        .stats = &s->gate_stats,
        .limits = &s->config,
        .fd_max = s->fd_max,
        .admit = admit,
        .cx = s,
    };
    return es_gate_start(&g, &s->gate, e);
}

static void free_server(struct es_http *s)
{
    if (s->has_watchdog) {
        atomic_store(&s->stopping, true);
        pthread_join(s->watchdog, NULL);
    }
    if (s->daemon) {
        /* Else it would close our listening socket, which we do below. */
        if (!s->direct)
            (void)MHD_quiesce_daemon(s->daemon);
        MHD_stop_daemon(s->daemon);
    }
    for (int fd = 0; s->by_fd && fd < s->fd_max; fd++)
        if (s->by_fd[fd]) /* handed over when the library was at its end */
            es_conn_free(s->by_fd[fd], s->counts, &s->gate_stats);
    if (s->unix_fd >= 0)
        close(s->unix_fd);
    if (s->unix_path[0])
        unlink(s->unix_path);
    es_counts_free(s->counts);
    pthread_mutex_destroy(&s->lock);
    free(s->by_fd);
    free(s);
}

static enum es_code start_parts(struct es_http *s, struct es_err *e)
{
    const char *where = s->config.listen;
    int given = s->config.listener;
    int no_port;
    enum es_code rc = es_core_init(&s->core, &s->config, e);

    s->core.counts = s->counts;
    s->direct =
        given ? !es_listen_is_unix(given) : strncmp(where, "unix:", 5) != 0;
    if (rc == ES_OK && !s->direct && given) {
        rc = es_listen_copy(given, &s->unix_fd, &no_port, e);
    } else if (rc == ES_OK && !s->direct) {
        rc = es_listen_unix(where + 5, &s->unix_fd, e);
        if (rc == ES_OK)
            memcpy(s->unix_path, where + 5, strlen(where + 5) + 1);
    }
    if (rc == ES_OK)
        rc = es_pool_new(s->config.workers, s->config.queue, es_job_run,
                         &s->pool, e);
    if (rc == ES_OK)
        rc = start_daemon(s, e);
    if (rc == ES_OK && !es_thread_start(&s->watchdog, watchdog_main, s))
        rc = es_fail(e, ES_ENOMEM, 0, "no thread for the watchdog");
    s->has_watchdog = rc == ES_OK;
    if (rc == ES_OK && s->direct)
        rc = start_gate(s, e);
    return rc;
}

enum es_code es_http_start(const struct es_http_config *c, struct es_http **out,
                           struct es_err *e)
{
    struct es_http *s = calloc(1, sizeof *s);

    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the server");
    s->config = *c;
    s->unix_fd = -1;
    fill_limits(&s->config);
    pthread_mutex_init(&s->lock, NULL);
    s->counts = es_counts_new();
    enum es_code rc = s->counts ? start_parts(s, e) : ES_ENOMEM;
    if (rc != ES_OK) {
        (void)es_pool_stop(s->pool, 0); /* nothing has run yet */
        free_server(s);
        return rc;
    }
    *out = s;
    return ES_OK;
}

/* ---- stop ---- */

static void nap(void)
{
    const struct timespec ts = { .tv_nsec = STOP_POLL_MS * 1000000L };

    nanosleep(&ts, NULL);
}

static void close_streams(struct es_http *s)
{
    pthread_mutex_lock(&s->lock);
    for (struct es_conn *c = s->conns; c; c = c->next)
        if (c->stream)
            es_watch_close(c->stream->watch);
    pthread_mutex_unlock(&s->lock);
}

static void cut_all(struct es_http *s)
{
    pthread_mutex_lock(&s->lock);
    for (struct es_conn *c = s->conns; c; c = c->next)
        (void)shutdown(c->fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
}

enum es_code es_http_stop(struct es_http *s, int64_t wait_ms)
{
    if (!s)
        return ES_OK;
    int64_t end_ms = es_time_mono_ms() + wait_ms;
    atomic_store(&s->stopping, true);
    es_gate_stop(s->gate);
    s->gate = NULL;
    if (!s->direct)
        (void)MHD_quiesce_daemon(s->daemon);
    close_streams(s);
    while (atomic_load(&s->in_flight) && es_time_mono_ms() < end_ms)
        nap();
    cut_all(s);
    /* From here on nobody begins to read a piece. */
    while (atomic_load(&s->pulling) && es_time_mono_ms() < end_ms)
        nap();
    int64_t left_ms = end_ms - es_time_mono_ms();
    if (atomic_load(&s->pulling))
        return ES_ETIMEOUT;
    /* The library can't be stopped under a handler that still runs. */
    if (!es_pool_stop(s->pool, left_ms > 0 ? left_ms : 0))
        return ES_ETIMEOUT;
    free_server(s);
    return ES_OK;
}

int es_http_port(const struct es_http *s)
{
    return s->gate ? es_gate_port(s->gate) : 0;
}

void es_http_stats(struct es_http *s, struct es_http_stats *out)
{
    struct es_gate_stats *g = &s->gate_stats;

    *out = (struct es_http_stats){
        .accepted = atomic_load(&g->accepted),
        .requests = atomic_load(&s->requests),
        .gate_refused = atomic_load(&g->refused),
        .gate_cut = atomic_load(&g->cut),
        .gate_shed = atomic_load(&g->shed),
        .body_cut = atomic_load(&s->body_cut),
        .queue_full = atomic_load(&s->queue_full),
        .handler_ms_sum = atomic_load(&s->handler_ms),
        .bytes_in = atomic_load(&s->bytes_in),
        .bytes_out = atomic_load(&s->bytes_out),
        .connections = atomic_load(&g->connections),
        .in_flight = atomic_load(&s->in_flight),
    };
    for (size_t i = 0; i < 6; i++)
        out->by_class[i] = atomic_load(&s->by_class[i]);
}
