/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The parent's side of decoding: hands an upload to a sandboxed worker and
 * believes nothing that comes back until it has checked it. */
#ifndef ES_INGEST_INGEST_H
#define ES_INGEST_INGEST_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/picture.h"
#include "ipc/crew.h"
#include "track/course.h"
#include "track/match.h"
#include "track/measure.h"
#include "track/sketch.h"

#define ES_INGEST_EXE "everystep-decode" /* it stands beside our program */

struct es_ingest;

struct es_ingest_config {
    int zygote_fd;    /* control socket of a running zygote (borrowed), or -1:
                         starts one of its own */
    unsigned workers; /* 1..ES_WORKERS_MAX; 0: two a processor */
    const char
        *exe; /* path of everystep-decode; NULL: beside our own program */
    int64_t wall_ms; /* per upload; 0: ES_WORKER_WALL_S */
};

/* One activity of the upload, or one thing in it that could not be used. */
struct es_ingest_item {
    const char *member;            /* of a zip, or NULL */
    uint32_t activity, activities; /* 0-based, within the member */
    enum es_code code;             /* ES_OK: `m` and warnings; else `err` */
    struct es_err err;
    struct es_measure m;
    struct es_sketch sketch;
    const struct es_warning *warnings; /* codes live in the arena */
    size_t n_warnings;
};

struct es_ingest_result {
    struct es_ingest_item *v;
    size_t n; /* >= 1 */
};

/* Forks all workers. ES_EBUSY: no zygote answers; ES_EIO: it could not be
 * started; ES_ENOMEM, ES_EINVAL. Then *out is NULL. */
ES_MUST_CHECK enum es_code es_ingest_open(const struct es_ingest_config *c,
                                          struct es_ingest **out,
                                          struct es_err *e);
/* NULL is legal. No es_ingest_run may be under way. */
void es_ingest_close(struct es_ingest *in);

/* Decodes and measures the upload in `fd`, a memfd that is sealed (see
 * ipc/memfd.h) and stays the caller's. Blocks; any number of threads may call
 * it. Everything in *out lives in `a`. That a file can't be used is ES_OK with
 * an item that says why.
 * Errors (then *out is untouched): ES_EBUSY: no worker was free in
 * ES_INGEST_WAIT_S, or none can be had; ES_EWORKER: the worker died over this
 * upload or answered nonsense, and was replaced: the same upload may be tried
 * again; ES_ECOMPLEX: it used up its time, and would again; ES_ETOOLARGE;
 * ES_EINVAL: not sealed; ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ingest_run(struct es_ingest *in, int fd,
                                         struct es_arena *a,
                                         struct es_ingest_result *out,
                                         struct es_err *e);

/* The same for bytes that are in memory. */
ES_MUST_CHECK enum es_code
es_ingest_bytes(struct es_ingest *in, struct es_bytes file, struct es_arena *a,
                struct es_ingest_result *out, struct es_err *e);

/* The route of one activity, decoded again: the item with that index in what
 * es_ingest_bytes gave. Errors as there, or those that the file is guilty of;
 * then *out is untouched. */
ES_MUST_CHECK enum es_code
es_ingest_route(struct es_ingest *in, struct es_bytes file, uint32_t item,
                struct es_arena *a, struct es_course *out, struct es_err *e);

/* How alike two activities are, both decoded again: `item` as in
 * es_ingest_route, of each file. Errors as there. */
struct es_ingest_original {
    struct es_bytes file;
    uint32_t item;
};
ES_MUST_CHECK enum es_code
es_ingest_compare(struct es_ingest *in, const struct es_ingest_original *first,
                  const struct es_ingest_original *second, struct es_match *out,
                  struct es_err *e);

/* A picture made anew (image/image.h), in sizes: `fd` as in es_ingest_run, of
 * ES_PICTURE_MAX at most. Everything in *out lives in `a`. Errors as there, or
 * those that the file is guilty of; then *out is untouched. */
ES_MUST_CHECK enum es_code es_ingest_picture(struct es_ingest *in, int fd,
                                             const struct es_picture_ask *ask,
                                             struct es_arena *a,
                                             struct es_picture_made *out,
                                             struct es_err *e);

/* The workers' pids, for tests and metrics; returns how many stand in out. */
size_t es_ingest_pids(struct es_ingest *in, pid_t *out, size_t cap);

void es_ingest_stats(struct es_ingest *in, struct es_crew_stats *out);

#endif
