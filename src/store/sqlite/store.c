/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/random.h"
#include "base/time.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum es_code synced_of(void *arg, int64_t number, int64_t *synced,
                              struct es_err *e)
{
    struct es_store *s = arg;
    enum es_code rc = es_db_i64(&s->writer, ES_Q_SEGMENT,
                                ES_VALS(es_val_i(number)), synced, e);
    if (rc != ES_ENOENT)
        return rc;
    *synced = 0;
    return ES_OK;
}

enum es_code es_dir_make(const char *dir, struct es_err *e)
{
    char *above = NULL;
    if (mkdir(dir, 0700) != 0) {
        if (errno == EEXIST)
            return ES_OK;
        return es_fail(e, ES_EIO, 0, "%s: %s", dir, strerrordesc_np(errno));
    }
    /* Its name is in the folder above, and must outlast a power cut, too. */
    if (asprintf(&above, "%s/..", dir) < 0)
        return es_fail(e, ES_ENOMEM, 0, "making a folder");
    int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum es_code rc = ES_OK;
    if (!synced)
        rc = es_fail(e, ES_EIO, 0, "%s: %s", above, strerrordesc_np(errno));
    if (fd >= 0)
        close(fd);
    free(above);
    return rc;
}

enum es_code es_store_lock(const char *dir, int64_t wait_ms, int *fd,
                           struct es_err *e)
{
    const struct timespec nap = { .tv_nsec = 20000000 };
    int64_t until_ms = es_time_mono_ms() + wait_ms;
    enum es_code rc = es_dir_make(dir, e);

    *fd = -1;
    if (rc != ES_OK)
        return rc;
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (at >= 0 && flock(at, LOCK_EX | LOCK_NB) != 0) {
        int why = errno;
        if (why == EINTR)
            continue;
        if (why == EWOULDBLOCK && es_time_mono_ms() < until_ms) {
            nanosleep(&nap, NULL);
            continue;
        }
        close(at);
        if (why == EWOULDBLOCK)
            return es_fail(e, ES_EBUSY, 0,
                           "another server is at work in this folder; stop it "
                           "first, or name another folder with --data");
        return es_fail(e, ES_EIO, 0, "lock: %s", strerrordesc_np(why));
    }
    if (at < 0)
        return es_fail(e, ES_EIO, 0, "%s", strerrordesc_np(errno));
    *fd = at;
    return ES_OK;
}

static enum es_code open_files(struct es_store *s, const char *dir,
                               struct es_err *e)
{
    enum es_code rc = es_dir_make(dir, e);
    if (rc != ES_OK)
        return rc;
    if (asprintf(&s->path, "%s/everystep.db", dir) < 0) {
        s->path = NULL;
        return es_fail(e, ES_ENOMEM, 0, "opening the store");
    }
    rc = es_segments_open(&s->segments, dir, synced_of, s, e);
    if (rc == ES_OK)
        rc = es_segments_open(&s->apart, dir, synced_of, s, e);
    if (rc == ES_OK)
        rc = es_db_open(s->path, ES_DB_WRITER, &s->writer, e);
    if (rc == ES_OK)
        rc = es_migrate(&s->writer, e);
    return rc;
}

enum es_code es_store_open(const char *dir, struct es_store **out,
                           struct es_err *e)
{
    *out = NULL;
    if (sodium_init() < 0)
        return es_fail(e, ES_EINTERNAL, 0, "sodium_init");
    struct es_store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return es_fail(e, ES_ENOMEM, 0, "opening the store");
    s->segments.dir = s->segments.fd = -1;
    s->apart.dir = s->apart.fd = -1;
    s->origin = es_id_new();
    s->queue.tail = &s->queue.head;
    (void)pthread_mutex_init(&s->queue.lock, NULL);
    (void)pthread_cond_init(&s->queue.filled, NULL);
    (void)pthread_mutex_init(&s->readers.lock, NULL);
    (void)pthread_cond_init(&s->readers.freed, NULL);

    enum es_code rc = open_files(s, dir, e);
    if (rc == ES_OK)
        rc = es_writer_start(s, e);
    if (rc != ES_OK) {
        es_store_close(s);
        return rc;
    }
    *out = s;
    return ES_OK;
}

void es_store_close(struct es_store *s)
{
    if (s == NULL)
        return;
    es_writer_stop(s);
    for (size_t i = 0; i < s->readers.n_open; i++)
        es_db_close(&s->readers.db[i]);
    es_db_close(&s->writer);
    es_segments_release(&s->segments);
    es_segments_release(&s->apart);
    (void)pthread_mutex_destroy(&s->queue.lock);
    (void)pthread_cond_destroy(&s->queue.filled);
    (void)pthread_mutex_destroy(&s->readers.lock);
    (void)pthread_cond_destroy(&s->readers.freed);
    free(s->path);
    free(s);
}

enum es_code es_readers_take(struct es_store *s, struct es_db **out,
                             struct es_err *e)
{
    struct es_pool *p = &s->readers;
    enum es_code rc = ES_OK;

    (void)pthread_mutex_lock(&p->lock);
    while (p->n_idle == 0 && p->n_open == ES_STORE_READERS)
        (void)pthread_cond_wait(&p->freed, &p->lock);
    if (p->n_idle == 0) {
        rc = es_db_open(s->path, ES_DB_READER, &p->db[p->n_open], e);
        if (rc == ES_OK)
            p->idle[p->n_idle++] = &p->db[p->n_open++];
    }
    if (rc == ES_OK)
        *out = p->idle[--p->n_idle];
    (void)pthread_mutex_unlock(&p->lock);
    return rc;
}

void es_readers_give(struct es_store *s, struct es_db *db)
{
    struct es_pool *p = &s->readers;
    (void)pthread_mutex_lock(&p->lock);
    p->idle[p->n_idle++] = db;
    (void)pthread_cond_signal(&p->freed);
    (void)pthread_mutex_unlock(&p->lock);
}

enum es_code es_store_blob_read(struct es_store *s, const struct es_blob *b,
                                struct es_buf *out, struct es_err *e)
{
    return es_segments_read(&s->segments, b, out, e);
}

static enum es_code named_by_row(void *arg, int64_t number, bool *named,
                                 struct es_err *e)
{
    int64_t any = 1;
    enum es_code rc =
        es_db_i64(arg, ES_Q_SEGMENT_NAMED, ES_VALS(es_val_i(number)), &any, e);
    *named = any != 0;
    return rc;
}

enum es_code es_store_sweep(struct es_store *s, uint64_t *freed,
                            struct es_err *e)
{
    struct es_db *db;
    uint64_t bytes = 0;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_segments_sweep(&s->segments, named_by_row, db, &bytes, e);
    es_readers_give(s, db);
    if (rc == ES_OK && freed != NULL)
        *freed = bytes;
    return rc;
}

void es_store_stats(struct es_store *s, struct es_store_stats *out)
{
    *out = (struct es_store_stats){
        .commits = atomic_load(&s->commits),
        .writes = atomic_load(&s->writes),
        .syncs = atomic_load(&s->syncs),
        .blob_bytes = atomic_load(&s->blob_bytes),
    };
}
