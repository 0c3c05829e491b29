/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The gate of a TCP server: it owns accept(), looks at each header block
 * without taking it from the socket, holds it against RFC 9112, and hands on
 * only what stands. It never waits for anyone. The library behind it lets
 * conflicting lengths and NULs through, and its timeout begins anew with each
 * byte. */
#ifndef ES_HTTP_GATE_H
#define ES_HTTP_GATE_H

#include "http/call.h"

/* One connection; the gate's until it is admitted, then the server's. */
struct es_conn {
    struct es_conn *next, *prev;
    int fd;
    struct es_peer peer;
    bool counted; /* holds ES_COUNT_OPEN for its address */
    bool running; /* holds ES_COUNT_RUNNING */
    bool ready;   /* its request may run as soon as there is room */
    bool proxied; /* of a proxy of ours, which keeps it for more requests */

    bool incomplete; /* holds ES_COUNT_INCOMPLETE: its grace is over */
    bool polled;     /* in the gate's epoll set */
    bool lingers;    /* answered; what it still sends is thrown away */
    bool dirty;      /* bytes came that haven't been looked at */
    unsigned looks;
    int64_t look_ms; /* not before */
    int64_t late_ms; /* when its grace ends */
    int64_t end_ms;  /* the deadline */
    size_t drained;

    struct es_stream *stream;
    atomic_llong body_ms; /* when its body began; 0: no body now */
    atomic_size_t got;    /* bytes of it */
    size_t seen_got;      /* by the watchdog: what it was, */
    int64_t seen_ms;      /* and since when */
    atomic_llong send_ms; /* when the answer must have gone; 0: none */
};

struct es_gate_stats {
    atomic_ullong accepted, refused, cut, shed;
    atomic_uint connections; /* gate and server together */
};

struct es_gate_config {
    struct es_core *core;
    struct es_counts *counts;
    struct es_gate_stats *stats;
    const struct es_http_config *limits; /* every number filled in */
    int fd_max;                          /* descriptors must be below it */
    /* Takes the connection over; on the gate's thread. */
    void (*admit)(void *cx, struct es_conn *c);
    void *cx;
};

struct es_gate;
/* Listens as limits->listen and ->listener say. ES_EINVAL, ES_EIO,
 * ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_gate_start(const struct es_gate_config *c,
                                         struct es_gate **out,
                                         struct es_err *e);
/* Closes what wasn't admitted yet. NULL legal. */
void es_gate_stop(struct es_gate *g);
int es_gate_port(const struct es_gate *g);

/* Its request is answered: another of its address may run. */
void es_conn_answered(struct es_conn *c, struct es_counts *counts);
/* Gives back what the connection holds and frees it; leaves fd alone. */
void es_conn_free(struct es_conn *c, struct es_counts *counts,
                  struct es_gate_stats *stats);

#endif
