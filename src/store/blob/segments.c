/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/blob/seg_int.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *es_seg_name(int64_t number, char out[ES_SEG_NAME])
{
    (void)snprintf(out, ES_SEG_NAME, "%08" PRId64 ".seg", number);
    return out;
}

enum es_code es_seg_fail(struct es_err *e, const char *what)
{
    enum es_code code = ES_EIO;
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        code = ES_EBUSY;
        break;
    default:
        break;
    }
    return es_fail(e, code, 0, "%s: %s", what, strerrordesc_np(errno));
}

enum es_code es_segments_open(struct es_segments *g, const char *dir,
                              es_seg_synced_fn *synced, void *arg,
                              struct es_err *e)
{
    *g = (struct es_segments){ .dir = -1, .fd = -1, .max = ES_SEGMENT_MAX };
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return es_seg_fail(e, dir);
    enum es_code rc = ES_OK;
    if (mkdirat(top, "segments", 0700) != 0 && errno != EEXIST)
        rc = es_seg_fail(e, "segments");
    else if ((g->dir = openat(top, "segments",
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        rc = es_seg_fail(e, "segments");
    else if (fsync(top) != 0)
        rc = es_seg_fail(e, dir);
    close(top);
    if (rc != ES_OK) {
        es_segments_release(g);
        return rc;
    }
    g->synced = synced;
    g->arg = arg;
    return ES_OK;
}

static void leave_file(struct es_segments *g)
{
    if (g->fd >= 0)
        close(g->fd);
    g->fd = -1;
}

void es_segments_release(struct es_segments *g)
{
    leave_file(g);
    if (g->dir >= 0)
        close(g->dir);
    g->dir = -1;
}

/* Fills p; false at the end of the file or on an error. */
static bool read_at(int fd, uint8_t *p, size_t n, int64_t at)
{
    while (n > 0) {
        ssize_t got = pread(fd, p, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
        at += got;
    }
    return true;
}

/* The record at `at`, whole or torn: *n is its size, 0 when it is torn. */
static enum es_code record_at(int fd, int64_t at, int64_t size, size_t *n,
                              struct es_err *e)
{
    uint8_t header[ES_SEG_HEADER];
    size_t plain_n;

    *n = 0;
    if (!read_at(fd, header, sizeof header, at) ||
        !es_record_length((struct es_bytes){ header, sizeof header },
                          &plain_n) ||
        (int64_t)(plain_n + ES_SEG_HEADER + ES_SEG_TAG) > size - at)
        return ES_OK;
    size_t all = plain_n + ES_SEG_HEADER + ES_SEG_TAG;
    uint8_t *p = malloc(all);
    if (p == NULL)
        return es_fail(e, ES_ENOMEM, 0, "checking a record");
    if (read_at(fd, p, all, at) && es_record_whole((struct es_bytes){ p, all }))
        *n = all;
    free(p);
    return ES_OK;
}

/* Walks what lies after the synced part and cuts off what is torn. No row
 * names any of it: whole records are only kept because a database restored
 * from a backup may be older than the segments. */
static enum es_code recover(int fd, int64_t number, int64_t synced,
                            int64_t size, int64_t *end, struct es_err *e)
{
    int64_t at = synced;
    while (at < size) {
        size_t n;
        enum es_code rc = record_at(fd, at, size, &n, e);
        if (rc != ES_OK)
            return rc;
        if (n == 0)
            break;
        at += (int64_t)n;
    }
    if (at < size) {
        es_log(ES_LOG_WARN, "store.torn",
               "segment %" PRId64 ": %" PRId64 " bytes cut off at %" PRId64,
               number, size - at, at);
        if (ftruncate(fd, at) != 0)
            return es_seg_fail(e, "ftruncate");
    }
    *end = at;
    return ES_OK;
}

/* Whether the file behind fd is ours now and still has its name: a sweep may
 * have removed it between open and flock. */
static bool lock_file(int fd, struct stat *st)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, st) == 0 &&
           st->st_nlink > 0;
}

/* Takes segment `number` if nobody has it and it has room; else g->fd stays
 * -1. */
static enum es_code try_take(struct es_segments *g, int64_t number,
                             struct es_err *e)
{
    char name[ES_SEG_NAME];
    struct stat st;
    int64_t synced = 0, end = 0;

    int fd = openat(g->dir, es_seg_name(number, name),
                    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return es_seg_fail(e, name);
    enum es_code rc = ES_OK;
    if (!lock_file(fd, &st) || st.st_size >= g->max)
        goto out;
    rc = g->synced(g->arg, number, &synced, e);
    if (rc != ES_OK)
        goto out;
    if (st.st_size < synced) {
        es_log(ES_LOG_ERROR, "store.segment_short",
               "segment %" PRId64 " has %" PRId64 " bytes, not %" PRId64,
               number, (int64_t)st.st_size, synced);
        goto out;
    }
    rc = recover(fd, number, synced, st.st_size, &end, e);
    if (rc != ES_OK || end >= g->max)
        goto out;
    if (fsync(g->dir) != 0) {
        rc = es_seg_fail(e, "fsync of segments");
        goto out;
    }
    g->fd = fd;
    g->number = number;
    g->end = end;
    fd = -1;
out:
    if (fd >= 0)
        close(fd);
    return rc;
}

bool es_seg_number(const char *name, int64_t *number)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".seg") == 0 &&
           es_num_i64((struct es_bytes){ (const uint8_t *)name, n - 4 }, 1,
                      INT32_MAX, number);
}

DIR *es_seg_list(const struct es_segments *g)
{
    int fd = openat(g->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL && fd >= 0)
        close(fd);
    return d;
}

static enum es_code newest(const struct es_segments *g, int64_t *number,
                           struct es_err *e)
{
    DIR *d = es_seg_list(g);
    if (d == NULL)
        return es_seg_fail(e, "segments");
    int64_t top = 1, v;
    for (struct dirent *de; (de = readdir(d)) != NULL;)
        if (es_seg_number(de->d_name, &v) && v > top)
            top = v;
    closedir(d);
    *number = top;
    return ES_OK;
}

static enum es_code take_file(struct es_segments *g, struct es_err *e)
{
    int64_t number = 0;
    enum es_code rc = newest(g, &number, e);
    while (rc == ES_OK && g->fd < 0)
        rc = try_take(g, number++, e);
    return rc;
}

enum es_code es_segments_append(struct es_segments *g,
                                const struct es_sealed *s, struct es_blob *out,
                                struct es_err *e)
{
    enum es_code rc = ES_OK;
    if (g->fd >= 0 && g->end >= g->max) {
        rc = es_segments_sync(g, e); /* it may end with records of this group */
        if (rc != ES_OK)
            return rc;
        leave_file(g);
    }
    if (g->fd < 0)
        rc = take_file(g, e);
    if (rc != ES_OK)
        return rc;
    size_t done = 0;
    while (done < s->n) {
        ssize_t put =
            pwrite(g->fd, s->p + done, s->n - done, g->end + (int64_t)done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            rc = es_seg_fail(e, "segment");
            if (ftruncate(g->fd, g->end) != 0)
                es_log(ES_LOG_WARN, "store.segment", "ftruncate failed");
            return rc;
        }
        done += (size_t)put;
    }
    out->segment = g->number;
    out->offset = g->end;
    out->length = s->length;
    memcpy(out->key, s->key, sizeof out->key);
    g->end += (int64_t)s->n;
    return ES_OK;
}

enum es_code es_segments_sync(struct es_segments *g, struct es_err *e)
{
    if (g->fd >= 0 && fdatasync(g->fd) != 0)
        return es_fail(e, ES_EIO, 0, "fdatasync of segment %" PRId64 ": %s",
                       g->number, strerrordesc_np(errno));
    return ES_OK;
}

static enum es_code damaged(const struct es_blob *b, struct es_err *e)
{
    return es_fail(e, ES_EIO, (size_t)b->offset,
                   "segment %" PRId64 ": blob at %" PRId64 " is damaged",
                   b->segment, b->offset);
}

/* Decrypts the record in `raw` into *out and holds it against b->hash. */
static enum es_code open_record(const struct es_blob *b, struct es_bytes raw,
                                struct es_buf *out, struct es_err *e)
{
    uint8_t hash[32];
    size_t plain_n;

    if (!es_record_length(raw, &plain_n) || (int64_t)plain_n != b->length)
        return damaged(b, e);
    uint8_t *plain = malloc(plain_n + 1);
    if (plain == NULL)
        return es_fail(e, ES_ENOMEM, 0, "reading a blob");
    enum es_code rc = ES_OK;
    if (!es_record_open(raw, b->key, plain)) {
        rc = damaged(b, e);
    } else {
        es_store_hash((struct es_bytes){ plain, plain_n }, hash);
        if (memcmp(hash, b->hash, sizeof hash) != 0)
            rc = damaged(b, e);
    }
    if (rc == ES_OK) {
        es_buf_init(out, plain_n);
        es_buf_add(out, plain, plain_n);
        if (out->bad)
            rc = es_fail(e, ES_ENOMEM, 0, "reading a blob");
    }
    free(plain);
    return rc;
}

enum es_code es_segments_read(const struct es_segments *g,
                              const struct es_blob *b, struct es_buf *out,
                              struct es_err *e)
{
    char name[ES_SEG_NAME];

    es_buf_init(out, 0);
    if (b->segment < 1 || b->offset < 0 || b->length < 0 ||
        b->length > (int64_t)ES_UPLOAD_MAX)
        return es_fail(e, ES_ENOENT, 0, "no such blob");
    int fd =
        openat(g->dir, es_seg_name(b->segment, name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? es_fail(e, ES_ENOENT, 0, "no %s", name)
                               : es_seg_fail(e, name);
    size_t n = (size_t)b->length + ES_SEG_HEADER + ES_SEG_TAG;
    enum es_code rc;
    uint8_t *raw = malloc(n);
    if (raw == NULL)
        rc = es_fail(e, ES_ENOMEM, 0, "reading a blob");
    else if (!read_at(fd, raw, n, b->offset))
        rc = damaged(b, e);
    else
        rc = open_record(b, (struct es_bytes){ raw, n }, out, e);
    free(raw);
    close(fd);
    if (rc != ES_OK)
        es_buf_release(out);
    return rc;
}

/* Under the file's lock, so that nobody can be about to name it. */
static enum es_code sweep_one(const struct es_segments *g, int64_t number,
                              es_seg_named_fn *named, void *arg,
                              uint64_t *freed, struct es_err *e)
{
    char name[ES_SEG_NAME];
    struct stat st;
    bool in_use = true;

    int fd = openat(g->dir, es_seg_name(number, name), O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ES_OK : es_seg_fail(e, name);
    enum es_code rc = ES_OK;
    if (lock_file(fd, &st)) {
        rc = named(arg, number, &in_use, e);
        if (rc == ES_OK && !in_use) {
            if (unlinkat(g->dir, name, 0) != 0)
                rc = es_seg_fail(e, name);
            else
                *freed += (uint64_t)st.st_size;
        }
    }
    close(fd);
    return rc;
}

enum es_code es_segments_sweep(const struct es_segments *g,
                               es_seg_named_fn *named, void *arg,
                               uint64_t *freed, struct es_err *e)
{
    DIR *d = es_seg_list(g);
    if (d == NULL)
        return es_seg_fail(e, "segments");
    int64_t number = 0;
    int64_t last = 0;
    /* The newest stays, or its number would be given again. */
    enum es_code rc = newest(g, &last, e);
    *freed = 0;
    for (struct dirent *de; rc == ES_OK && (de = readdir(d)) != NULL;)
        if (es_seg_number(de->d_name, &number) && number < last)
            rc = sweep_one(g, number, named, arg, freed, e);
    closedir(d);
    return rc;
}
