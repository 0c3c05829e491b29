/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/gate.h"

#include "base/log.h"
#include "base/time.h"
#include "http/listen.h"
#include "http/pool.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    EVENTS = 256,
    ACCEPTS = 64, /* at one go, so that those who wait get their turn */
    TICK_MS = 50,
    READY_MS = 2,   /* in which the requests let in are about answered */
    LOOKS_FREE = 8, /* a block in up to 8 pieces is looked at at once... */
    LOOK_MS = 100,  /* ...then so seldom that dripping costs us nothing */
    EVICT_LOOKS = 256,
    REPORT_MS = 1000,
    DRAIN_MAX = 64 << 20,
    DRAIN_CHUNK = 1 << 20,
    USER_TIMEOUT_MS = 30000,
};

struct list {
    struct es_conn *first, *last; /* newest, oldest */
};

struct es_gate {
    struct es_gate_config c;
    int listen_fd;
    int epoll_fd;
    int wake_fd;
    int port;
    pthread_t thread;
    int64_t rest_ms; /* until when nothing is accepted; 0: now */
    int64_t report_ms;
    unsigned long long shed_said, cut_said;
    struct list waiting;
    struct list ready;
    struct list lingering;
    uint8_t buf[ES_HTTP_HEADER];
};

static void link_conn(struct list *l, struct es_conn *c)
{
    c->prev = NULL;
    c->next = l->first;
    if (c->next)
        c->next->prev = c;
    else
        l->last = c;
    l->first = c;
}

static void unlink_conn(struct list *l, struct es_conn *c)
{
    if (c->prev)
        c->prev->next = c->next;
    else
        l->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    else
        l->last = c->prev;
    c->next = c->prev = NULL;
}

static void give_incomplete(struct es_conn *c, struct es_counts *counts)
{
    if (c->incomplete)
        es_counts_give(counts, c->peer.key, ES_COUNT_INCOMPLETE, 1);
    c->incomplete = false;
}

void es_conn_answered(struct es_conn *c, struct es_counts *counts)
{
    if (c->running)
        es_counts_give(counts, c->peer.key, ES_COUNT_RUNNING, 1);
    c->running = false;
}

void es_conn_free(struct es_conn *c, struct es_counts *counts,
                  struct es_gate_stats *stats)
{
    give_incomplete(c, counts);
    es_conn_answered(c, counts);
    if (c->counted)
        es_counts_give(counts, c->peer.key, ES_COUNT_OPEN, 1);
    atomic_fetch_sub(&stats->connections, 1);
    free(c);
}

static struct list *list_of(struct es_gate *g, const struct es_conn *c)
{
    if (c->lingers)
        return &g->lingering;
    return c->ready ? &g->ready : &g->waiting;
}

static void drop(struct es_gate *g, struct es_conn *c)
{
    unlink_conn(list_of(g, c), c);
    close(c->fd);
    es_conn_free(c, g->c.counts, g->c.stats);
}

static bool poll_conn(struct es_gate *g, struct es_conn *c)
{
    struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                              .data.ptr = c };

    if (!c->polled && epoll_ctl(g->epoll_fd, EPOLL_CTL_ADD, c->fd, &ev) == 0)
        c->polled = true;
    return c->polled;
}

/* Sends the answer and lets the client read it: a close with unread bytes
 * would reset the connection and take the answer with it. */
static void answer(struct es_gate *g, struct es_conn *c, struct es_bytes s)
{
    ssize_t n = send(c->fd, s.p, s.n, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n != (ssize_t)s.n || shutdown(c->fd, SHUT_WR) != 0 ||
        !poll_conn(g, c)) {
        drop(g, c);
        return;
    }
    unlink_conn(list_of(g, c), c);
    give_incomplete(c, g->c.counts);
    c->lingers = true;
    c->dirty = true;
    c->end_ms = es_time_mono_ms() + ES_LINGER_S * 1000;
    link_conn(&g->lingering, c);
}

static void write_refusal(const struct es_http_config *cfg, int status,
                          struct es_bytes target, struct es_buf *b)
{
    struct es_buf body;
    char date[ES_HTTP_DATE];
    bool api = target.n > 5 && memcmp(target.p, "/api/", 5) == 0;

    es_buf_init(&body, 512);
    if (api)
        es_buf_fmt(&body,
                   "{\"type\":\"about:blank\",\"title\":\"%s\","
                   "\"status\":%d,\"code\":\"bad_request\"}\n",
                   es_reason(status), status);
    else
        es_buf_fmt(&body, "%d %s\n", status, es_reason(status));
    es_buf_fmt(b,
               "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\n"
               "Content-Length: %zu\r\nCache-Control: no-store\r\n"
               "Connection: close\r\n",
               status, es_reason(status), es_http_date(es_time_now_ms(), date),
               api ? "application/problem+json" : "text/plain; charset=utf-8",
               body.n);
    if (status == 405)
        es_buf_str(b, "Allow: GET, HEAD, POST, PUT, PATCH, DELETE\r\n");
    if (status == 503)
        es_buf_str(b, "Retry-After: 2\r\n");
    for (size_t i = 0; i < cfg->n_headers; i++)
        es_buf_fmt(b, "%s: %s\r\n", cfg->headers[i].name,
                   cfg->headers[i].value);
    es_buf_str(b, "\r\n");
    es_buf_add(b, body.p, body.n);
    es_buf_release(&body);
}

static void refuse(struct es_gate *g, struct es_conn *c, int status,
                   struct es_bytes target)
{
    struct es_buf b;

    atomic_fetch_add(&g->c.stats->refused, 1);
    if (!g->c.limits->no_access_log)
        es_log(ES_LOG_INFO, "http.refused", "%d %s", status, c->peer.text);
    es_buf_init(&b, 16384);
    write_refusal(g->c.limits, status, target, &b);
    answer(g, c, es_buf_bytes(&b));
    es_buf_release(&b);
}

/* A long body is judged here, before a byte of it is read, with the page that
 * the application draws. True when the connection has been answered. */
static bool refuse_body(struct es_gate *g, struct es_conn *c,
                        const struct es_head *h)
{
    struct es_buf b;
    struct es_call *call = es_call_new(g->c.core, h, &c->peer);

    if (call && !call->refused) {
        es_call_free(call);
        return false;
    }
    es_buf_init(&b, 1 << 20);
    if (call) {
        es_call_run(call);
        es_call_wire(call, &b);
        atomic_fetch_add(&g->c.stats->refused, 1);
        if (!g->c.limits->no_access_log)
            es_log(ES_LOG_INFO, "http.refused", "%d %s %s", call->r.status,
                   c->peer.text, call->q.id);
    } else {
        write_refusal(g->c.limits, 503, h->target, &b);
    }
    answer(g, c, es_buf_bytes(&b));
    es_buf_release(&b);
    es_call_free(call);
    return true;
}

static void admit(struct es_gate *g, struct es_conn *c)
{
    if (c->polled)
        (void)epoll_ctl(g->epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
    c->polled = false;
    unlink_conn(list_of(g, c), c);
    give_incomplete(c, g->c.counts);
    g->c.admit(g->c.cx, c);
}

static bool may_run(struct es_gate *g, struct es_conn *c)
{
    if (!c->counted) /* a proxy of ours */
        return true;
    c->running = es_counts_take(g->c.counts, c->peer.key, ES_COUNT_RUNNING, 1,
                                ES_RUNNING_PER_ADDR);
    return c->running;
}

/* A school that comes at once would fill the threads that read and write for
 * all: of each address so many requests are let in as are soon answered. */
static void admit_in_turn(struct es_gate *g, struct es_conn *c)
{
    if (may_run(g, c)) {
        admit(g, c);
        return;
    }
    if (!poll_conn(g, c)) { /* to learn that it has gone */
        drop(g, c);
        return;
    }
    unlink_conn(&g->waiting, c);
    give_incomplete(c, g->c.counts);
    c->ready = true;
    c->end_ms = es_time_mono_ms() + ES_READY_S * 1000;
    link_conn(&g->ready, c);
}

/* The oldest first. */
static void tick_ready(struct es_gate *g, int64_t now_ms)
{
    struct es_conn *newer;

    for (struct es_conn *c = g->ready.last; c; c = newer) {
        newer = c->prev;
        if (may_run(g, c)) {
            admit(g, c);
        } else if (now_ms >= c->end_ms) {
            refuse(g, c, 503, (struct es_bytes){ NULL, 0 });
        }
    }
}

/* Looks at what has come, and moves the connection on or lets it wait. */
static void look(struct es_gate *g, struct es_conn *c, bool ended)
{
    struct es_head h;
    ssize_t n = recv(c->fd, g->buf, sizeof g->buf, MSG_PEEK | MSG_DONTWAIT);

    c->dirty = false;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        drop(g, c);
        return;
    }
    int status = ES_HEAD_MORE;
    if (n > 0)
        status = es_head_parse((struct es_bytes){ g->buf, (size_t)n }, &h);
    if (status == ES_HEAD_MORE) {
        if (ended || !poll_conn(g, c)) {
            drop(g, c);
            return;
        }
        if (n > 0 && ++c->looks >= LOOKS_FREE)
            c->look_ms = es_time_mono_ms() + LOOK_MS;
        return;
    }
    if (status != ES_HEAD_OK) {
        refuse(g, c, status, h.target);
        return;
    }
    if (h.length > ES_FORM_MAX && refuse_body(g, c, &h))
        return;
    if (h.length == 0)
        admit_in_turn(g, c);
    else
        admit(g, c);
}

/* Throws away what a refused client still sends; MSG_TRUNC copies nothing. */
static void drain(struct es_gate *g, struct es_conn *c)
{
    ssize_t n = recv(c->fd, NULL, DRAIN_CHUNK, MSG_TRUNC | MSG_DONTWAIT);

    c->dirty = n > 0;
    if (n > 0)
        c->drained += (size_t)n;
    if (n == 0 || c->drained > DRAIN_MAX ||
        (n < 0 && errno != EAGAIN && errno != EINTR))
        drop(g, c);
}

static void shed(struct es_gate *g, int fd, struct es_conn *c)
{
    struct es_buf b;

    atomic_fetch_add(&g->c.stats->shed, 1);
    es_buf_init(&b, 16384);
    write_refusal(g->c.limits, 503, (struct es_bytes){ NULL, 0 }, &b);
    (void)send(fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    es_buf_release(&b);
    close(fd);
    if (c)
        es_conn_free(c, g->c.counts, g->c.stats);
}

/* Cuts the connection of this address that has waited longest. Whoever is
 * honest is done in a round trip, so that the slow go first, and nobody can
 * lock a school out from within. */
static bool evict(struct es_gate *g, const struct es_peer *p)
{
    struct es_conn *c = g->waiting.last;

    for (int i = 0; c && i < EVICT_LOOKS; i++, c = c->prev)
        if (c->incomplete && memcmp(c->peer.key, p->key, ES_PEER_KEY) == 0) {
            atomic_fetch_add(&g->c.stats->shed, 1);
            drop(g, c);
            return true;
        }
    return false;
}

/* Takes a place among the incomplete of the address for c. */
static bool hold(struct es_gate *g, struct es_conn *c)
{
    do {
        c->incomplete =
            es_counts_take(g->c.counts, c->peer.key, ES_COUNT_INCOMPLETE, 1,
                           g->c.limits->incomplete_per_addr);
    } while (!c->incomplete && evict(g, &c->peer));
    return c->incomplete;
}

/* A class that opens one page has more connections on their way at once than
 * the incomplete may be, so that these count only after a grace; but not when
 * connections become few. */
static bool is_late(const struct es_gate *g, const struct es_conn *c,
                    int64_t now_ms)
{
    return c->counted && !c->incomplete &&
           (now_ms >= c->late_ms ||
            atomic_load(&g->c.stats->connections) > g->c.limits->conn_max / 2);
}

/* What the address and the server may hold. A proxy of ours speaks for many
 * and is counted by request, when it says for whom. */
static bool within_caps(struct es_gate *g, struct es_conn *c)
{
    const struct es_http_config *l = g->c.limits;

    if (atomic_load(&g->c.stats->connections) > l->conn_max ||
        c->fd >= g->c.fd_max)
        return false;
    c->proxied = es_net_has(g->c.core->trusted, g->c.core->n_trusted, &c->peer);
    if (c->proxied)
        return true;
    c->counted = es_counts_take(g->c.counts, c->peer.key, ES_COUNT_OPEN, 1,
                                l->conn_per_addr);
    return c->counted;
}

static void take_in(struct es_gate *g, int fd, const struct sockaddr *sa)
{
    struct es_conn *c = calloc(1, sizeof *c);
    int on = 1;
    int timeout_ms = USER_TIMEOUT_MS;

    atomic_fetch_add(&g->c.stats->accepted, 1);
    if (!c) {
        shed(g, fd, NULL);
        return;
    }
    atomic_fetch_add(&g->c.stats->connections, 1);
    c->fd = fd;
    es_peer_of(sa, &c->peer);
    if (!within_caps(g, c)) {
        shed(g, fd, c);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms,
                     sizeof timeout_ms);
    int64_t now_ms = es_time_mono_ms();
    c->late_ms = now_ms + g->c.limits->incomplete_ms;
    c->end_ms = now_ms + g->c.limits->header_ms;
    if (is_late(g, c, now_ms) && !hold(g, c)) {
        shed(g, fd, c);
        return;
    }
    link_conn(&g->waiting, c);
    look(g, c, false);
}

/* Without descriptors the listening socket stays readable: it must leave the
 * epoll set for a while, or the gate would spin. */
static void listen_pause(struct es_gate *g, bool pause)
{
    struct epoll_event ev = { .events = pause ? 0 : EPOLLIN,
                              .data.ptr = &g->listen_fd };

    (void)epoll_ctl(g->epoll_fd, EPOLL_CTL_MOD, g->listen_fd, &ev);
    g->rest_ms = pause ? es_time_mono_ms() + LOOK_MS : 0;
}

static void accept_some(struct es_gate *g)
{
    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage sa;
        socklen_t n = sizeof sa;
        int fd = accept4(g->listen_fd, (struct sockaddr *)&sa, &n,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take_in(g, fd, (const struct sockaddr *)&sa);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM) {
            es_log(ES_LOG_ERROR, "http.accept", "%s", strerror(errno));
            listen_pause(g, true);
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

/* One line a second at most: a flood must not become a flood of lines. */
static void report(struct es_gate *g, int64_t now_ms)
{
    unsigned long long shed = atomic_load(&g->c.stats->shed);
    unsigned long long cut = atomic_load(&g->c.stats->cut);

    if (now_ms < g->report_ms || (shed == g->shed_said && cut == g->cut_said))
        return;
    es_log(ES_LOG_WARN, "http.gate", "%llu over a cap, %llu past the deadline",
           shed - g->shed_said, cut - g->cut_said);
    g->shed_said = shed;
    g->cut_said = cut;
    g->report_ms = now_ms + REPORT_MS;
}

/* The oldest first: who is evicted for another's sake is older than it. */
static void tick_waiting(struct es_gate *g, int64_t now_ms)
{
    struct es_conn *newer;

    for (struct es_conn *c = g->waiting.last; c; c = newer) {
        newer = c->prev;
        if (now_ms >= c->end_ms) {
            atomic_fetch_add(&g->c.stats->cut, 1);
            drop(g, c);
        } else if (is_late(g, c, now_ms) && !hold(g, c)) {
            atomic_fetch_add(&g->c.stats->shed, 1);
            drop(g, c);
        } else if (c->dirty && now_ms >= c->look_ms) {
            look(g, c, false);
        }
    }
}

static void tick(struct es_gate *g)
{
    int64_t now_ms = es_time_mono_ms();
    struct es_conn *next;

    if (g->rest_ms && now_ms >= g->rest_ms)
        listen_pause(g, false);
    tick_waiting(g, now_ms);
    for (struct es_conn *c = g->lingering.first; c; c = next) {
        next = c->next;
        if (now_ms >= c->end_ms)
            drop(g, c);
        else if (c->dirty)
            drain(g, c);
    }
}

static void on_event(struct es_gate *g, const struct epoll_event *ev)
{
    struct es_conn *c = ev->data.ptr;

    if (c->lingers) {
        drain(g, c);
        return;
    }
    if (c->ready) { /* a client may close its half and still wait */
        if (ev->events & (EPOLLHUP | EPOLLERR))
            drop(g, c);
        return;
    }
    bool ended = ev->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    if (!ended && es_time_mono_ms() < c->look_ms)
        c->dirty = true;
    else
        look(g, c, ended);
}

static void *gate_main(void *arg)
{
    struct es_gate *g = arg;
    struct epoll_event ev[EVENTS];
    int64_t tick_ms = 0;
    int64_t ready_ms = 0;

    for (;;) {
        bool callers = false;
        bool busy = g->waiting.first || g->lingering.first || g->rest_ms;
        int wait_ms = g->ready.first ? READY_MS : busy ? TICK_MS : -1;
        int n = epoll_wait(g->epoll_fd, ev, EVENTS, wait_ms);
        for (int i = 0; i < n; i++) {
            if (ev[i].data.ptr == &g->wake_fd)
                return NULL;
            if (ev[i].data.ptr == &g->listen_fd)
                callers = true;
            else
                on_event(g, &ev[i]);
        }
        /* Last, because it may evict a connection that ev still names. */
        if (callers)
            accept_some(g);
        int64_t now_ms = es_time_mono_ms();
        if (now_ms - ready_ms >= READY_MS) {
            tick_ready(g, now_ms);
            ready_ms = now_ms;
        }
        if (now_ms - tick_ms >= TICK_MS) {
            tick(g);
            report(g, now_ms);
            tick_ms = now_ms;
        }
    }
}

static void gate_free(struct es_gate *g)
{
    while (g->waiting.first)
        drop(g, g->waiting.first);
    while (g->ready.first)
        drop(g, g->ready.first);
    while (g->lingering.first)
        drop(g, g->lingering.first);
    if (g->listen_fd >= 0)
        close(g->listen_fd);
    if (g->epoll_fd >= 0)
        close(g->epoll_fd);
    if (g->wake_fd >= 0)
        close(g->wake_fd);
    free(g);
}

enum es_code es_gate_start(const struct es_gate_config *c, struct es_gate **out,
                           struct es_err *e)
{
    struct es_gate *g = calloc(1, sizeof *g);
    enum es_code rc;

    if (!g)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the gate");
    g->c = *c;
    g->epoll_fd = g->wake_fd = -1;
    g->listen_fd = -1;
    rc = c->limits->listener
             ? es_listen_copy(c->limits->listener, &g->listen_fd, &g->port, e)
             : es_listen_tcp(c->limits->listen, &g->listen_fd, &g->port, e);
    if (rc != ES_OK)
        goto out;
    g->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    g->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event on_listen = { .events = EPOLLIN,
                                     .data.ptr = &g->listen_fd };
    struct epoll_event on_wake = { .events = EPOLLIN, .data.ptr = &g->wake_fd };
    if (g->epoll_fd < 0 || g->wake_fd < 0 ||
        epoll_ctl(g->epoll_fd, EPOLL_CTL_ADD, g->listen_fd, &on_listen) != 0 ||
        epoll_ctl(g->epoll_fd, EPOLL_CTL_ADD, g->wake_fd, &on_wake) != 0 ||
        !es_thread_start(&g->thread, gate_main, g)) {
        rc = es_fail(e, ES_EIO, 0, "gate: %s", strerror(errno));
        goto out;
    }
    *out = g;
    return ES_OK;
out:
    gate_free(g);
    return rc;
}

void es_gate_stop(struct es_gate *g)
{
    if (!g)
        return;
    if (eventfd_write(g->wake_fd, 1) == 0)
        pthread_join(g->thread, NULL);
    gate_free(g);
}

int es_gate_port(const struct es_gate *g)
{
    return g->port;
}
