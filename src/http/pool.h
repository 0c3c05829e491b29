/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_HTTP_POOL_H
#define ES_HTTP_POOL_H

#include "http/http.h"

#include <pthread.h>

/* A thread that takes no signals: those are for the main thread. */
bool es_thread_start(pthread_t *t, void *(*fn)(void *), void *arg);

/* Threads that run handlers, and a bounded queue before them. Addresses take
 * turns: whoever asks two thousand times at once waits behind himself, and
 * nobody else does. */
struct es_pool;

ES_MUST_CHECK enum es_code es_pool_new(unsigned threads, unsigned queue,
                                       void (*run)(void *job),
                                       struct es_pool **out, struct es_err *e);
/* A place for one job, or false when all are taken. A caller that has one must
 * follow with es_pool_put, which then can't fail. */
bool es_pool_reserve(struct es_pool *p);
void es_pool_put(struct es_pool *p, const uint8_t key[ES_PEER_KEY], void *job);
/* Runs what is queued, for up to wait_ms, then ends the threads and frees p.
 * False: a job was still running; p is left alone. NULL legal. */
bool es_pool_stop(struct es_pool *p, int64_t wait_ms);

#endif
