/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/pulse.h"

#include "store/sqlite/store_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIGURES = 3 };

typedef enum es_code row_fn(const int64_t v[FIGURES], void *arg,
                            struct es_err *e);

/* Rows of three integers, one at a time. */
static enum es_code each(struct es_store *s, enum es_query q,
                         const struct es_val *v, size_t n, row_fn *fn,
                         void *arg, struct es_err *e)
{
    struct es_db *db;
    struct es_rows r;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_rows_begin(&r, db, q, v, n, NULL, e);
    if (rc == ES_OK) {
        bool row = false;
        while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row) {
            int64_t row_v[FIGURES];
            for (size_t i = 0; i < FIGURES; i++)
                row_v[i] = es_row_i64(&r);
            rc = fn(row_v, arg, e);
            if (rc != ES_OK)
                break;
        }
        es_rows_end(&r);
    }
    es_readers_give(s, db);
    return rc;
}

struct counted_call {
    es_counted_fn *fn;
    void *arg;
};
static enum es_code tell_counted(const int64_t v[FIGURES], void *arg,
                                 struct es_err *e)
{
    const struct counted_call *c = arg;
    return c->fn(v[0], v[1], v[2], c->arg, e);
}

enum es_code es_store_each_counted(struct es_store *s, int64_t initiative,
                                   int64_t participant, es_counted_fn *fn,
                                   void *arg, struct es_err *e)
{
    struct counted_call c = { fn, arg };
    return participant
               ? each(s, ES_Q_EACH_COUNTED_OF,
                      ES_VALS(es_val_i(initiative), es_val_i(participant)),
                      tell_counted, &c, e)
               : each(s, ES_Q_EACH_COUNTED, ES_VALS(es_val_i(initiative)),
                      tell_counted, &c, e);
}

struct look_call {
    es_look_fn *fn;
    void *arg;
};
static enum es_code tell_look(const int64_t v[FIGURES], void *arg,
                              struct es_err *e)
{
    const struct look_call *c = arg;
    return c->fn(v[0], v[1], v[2], c->arg, e);
}

enum es_code es_store_each_look(struct es_store *s, int64_t initiative,
                                es_look_fn *fn, void *arg, struct es_err *e)
{
    struct look_call c = { fn, arg };
    return each(s, ES_Q_EACH_LOOK, ES_VALS(es_val_i(initiative)), tell_look, &c,
                e);
}

static void read_held(struct es_rows *r, void *record)
{
    int64_t *v = record;
    v[0] = es_row_i64(r);
    v[1] = es_row_i64(r);
}

enum es_code es_store_held(struct es_store *s, int64_t initiative,
                           int64_t participant, int64_t *files,
                           int64_t *pictures, struct es_err *e)
{
    static const struct es_shape HELD = { 2 * sizeof(int64_t), read_held };
    int64_t v[2];
    enum es_code rc =
        participant
            ? es_read_one(s, ES_Q_HELD_OF,
                          ES_VALS(es_val_i(initiative), es_val_i(participant)),
                          &HELD, NULL, v, e)
            : es_read_one(s, ES_Q_HELD, ES_VALS(es_val_i(initiative)), &HELD,
                          NULL, v, e);
    if (rc != ES_OK)
        return rc;
    *files = v[0];
    *pictures = v[1];
    return ES_OK;
}

/* ---- the disk ---- */

/* 0 of a file that isn't there. */
static int64_t size_at(int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                   S_ISREG(st.st_mode)
               ? (int64_t)st.st_size
               : 0;
}

static enum es_code folder_size(int at, int64_t *out, struct es_err *e)
{
    int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *f;
    if (!d) {
        if (fd >= 0)
            close(fd);
        return es_fail(e, ES_EIO, 0, "segments: %s", strerrordesc_np(errno));
    }
    *out = 0;
    while ((f = readdir(d)) != NULL)
        *out += size_at(at, f->d_name);
    (void)closedir(d);
    return ES_OK;
}

enum es_code es_store_sizes(struct es_store *s, struct es_store_sizes *out,
                            struct es_err *e)
{
    char log[PATH_MAX];
    int n = snprintf(log, sizeof log, "%s-wal", s->path);
    struct es_store_sizes v = { .database = size_at(AT_FDCWD, s->path) };
    if (n > 0 && (size_t)n < sizeof log)
        v.database += size_at(AT_FDCWD, log);
    enum es_code rc = folder_size(s->segments.dir, &v.segments, e);
    if (rc == ES_OK)
        *out = v;
    return rc;
}
