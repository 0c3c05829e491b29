/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Uploads as they came, encrypted, in append-only files DIR/segments/N.seg.
 *
 * Each is a record of blob/seal.h, one after the other.
 * A file is appended to only by who holds its flock, so several processes may
 * have the same folder open: each takes a file of its own. */
#ifndef ES_STORE_BLOB_SEGMENTS_H
#define ES_STORE_BLOB_SEGMENTS_H

#include "base/buf.h"
#include "base/err.h"
#include "store/blob/seal.h"

/* Up to where the database knows a segment to be synced; 0 when it doesn't. */
typedef enum es_code es_seg_synced_fn(void *arg, int64_t number,
                                      int64_t *synced, struct es_err *e);

/* The appending side belongs to one thread; reading is free to all. */
struct es_segments {
    int dir;        /* -1 when closed */
    int fd;         /* the segment that is ours to append to; -1 */
    int64_t number; /* its number */
    int64_t end;    /* where the next record goes */
    int64_t max;    /* a segment of this size is left for the next one */
    es_seg_synced_fn *synced;
    void *arg;
};

/* Makes DIR/segments when absent (0700). No file is taken until needed. */
ES_MUST_CHECK enum es_code es_segments_open(struct es_segments *g,
                                            const char *dir,
                                            es_seg_synced_fn *synced, void *arg,
                                            struct es_err *e);
void es_segments_release(struct es_segments *g);

/* Puts the record at the end of a segment and says where in out->segment,
 * offset, length and key. Not durable before es_segments_sync. The first time
 * it takes a file: checks what a crash may have left after its synced part,
 * and cuts off a torn record.
 * ES_EBUSY: no room on the disk; the file is as before. ES_EIO. */
ES_MUST_CHECK enum es_code es_segments_append(struct es_segments *g,
                                              const struct es_sealed *s,
                                              struct es_blob *out,
                                              struct es_err *e);
/* After a failure nothing may be believed about the file: leave the process
 * and recover. */
ES_MUST_CHECK enum es_code es_segments_sync(struct es_segments *g,
                                            struct es_err *e);

/* The plain bytes into *out (initialised here), checked against b->hash.
 * ES_ENOENT: there is no such segment. ES_EIO: damaged. */
ES_MUST_CHECK enum es_code es_segments_read(const struct es_segments *g,
                                            const struct es_blob *b,
                                            struct es_buf *out,
                                            struct es_err *e);

/* Copies all files into DIR/segments, which is made. Taken after a copy of the
 * database, they hold at least what it names. */
ES_MUST_CHECK enum es_code es_segments_copy(const struct es_segments *g,
                                            const char *dir, struct es_err *e);

/* Removes the files, all but the newest, that nobody appends to and for which
 * `named` says no. *freed gets their bytes. */
typedef enum es_code es_seg_named_fn(void *arg, int64_t number, bool *named,
                                     struct es_err *e);
ES_MUST_CHECK enum es_code es_segments_sweep(const struct es_segments *g,
                                             es_seg_named_fn *named, void *arg,
                                             uint64_t *freed, struct es_err *e);

#endif
