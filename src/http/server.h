/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the server; nobody else sees the library. */
#ifndef ES_HTTP_SERVER_H
#define ES_HTTP_SERVER_H

#include "http/gate.h"
#include "http/hub.h"
#include "http/pool.h"

#include <microhttpd.h>

struct es_http {
    struct es_http_config config; /* every number filled in */
    struct es_core core;
    struct es_counts *counts;
    struct es_gate_stats gate_stats;
    bool direct;          /* on TCP, behind the gate */
    struct es_gate *gate; /* NULL on a Unix socket */
    int unix_fd;
    char unix_path[108];
    struct es_pool *pool;
    struct MHD_Daemon *daemon;
    pthread_t watchdog;
    bool has_watchdog;
    atomic_bool stopping;

    pthread_mutex_t lock; /* the two below, and es_conn.stream */
    struct es_conn *conns;
    struct es_conn **by_fd; /* admitted, not yet seen by the library */
    int fd_max;

    atomic_uint pulling; /* pieces that are asked for or read */
    atomic_uint in_flight;
    atomic_ullong requests, by_class[6], body_cut, queue_full;
    atomic_ullong handler_ms, bytes_in, bytes_out;
};

/* One request as the library sees it. */
struct es_job {
    struct es_http *s;
    struct MHD_Connection *mhd;
    struct es_conn *conn;
    struct es_call *call;
    char *target;
    bool running; /* with the pool, or back from it */
    bool answered;
    struct es_pull *pull; /* what the pool is to read next; NULL: to handle */
    bool counted;         /* holds ES_COUNT_OPEN for the peer a proxy named: */
    uint8_t key[ES_PEER_KEY];
};

/* A stream that is being sent. */
struct es_stream {
    struct es_http *s;
    struct es_conn *conn; /* NULL once it is gone */
    struct es_watch *watch;
};

/* A piece is read for an answer, on a thread of the pool; then the connection
 * goes on. */
void es_pull_load(struct es_pull *p);

/* request.c: what the library calls. */
void *es_job_new(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result es_job_step(void *cls, struct MHD_Connection *mhd,
                            const char *url, const char *method,
                            const char *version, const char *data,
                            size_t *n_data, void **slot);
void es_job_done(void *cls, struct MHD_Connection *mhd, void **slot,
                 enum MHD_RequestTerminationCode why);
void es_job_run(void *job); /* on a pool thread */

/* answer.c: queues the answer of a call that has run. */
enum MHD_Result es_job_answer(struct es_job *j);

#endif
