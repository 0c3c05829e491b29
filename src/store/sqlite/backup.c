/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/store_int.h"

#include <unistd.h>

static enum es_code copy_database(struct es_db *from, const char *path,
                                  struct es_err *e)
{
    struct es_db to = { 0 };
    es_db_make(path);
    int rc = sqlite3_open_v2(path, &to.h,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                 SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             NULL);
    sqlite3_backup *b = NULL;
    if (rc == SQLITE_OK) {
        b = sqlite3_backup_init(to.h, "main", from->h, "main");
        /* In one step: one snapshot, and writers don't wait for readers. */
        if (b != NULL)
            (void)sqlite3_backup_step(b, -1);
        rc = b != NULL ? sqlite3_backup_finish(b) : sqlite3_errcode(to.h);
    }
    enum es_code code = ES_OK;
    if (rc != SQLITE_OK)
        code = es_db_fail(&to, rc, path, e);
    es_db_close(&to);
    return code;
}

enum es_code es_store_backup(struct es_store *s, const char *dir,
                             struct es_err *e)
{
    struct es_db *db;
    char *path = NULL;

    enum es_code rc = es_dir_make(dir, e);
    if (rc != ES_OK)
        return rc;
    if (asprintf(&path, "%s/everystep.db", dir) < 0)
        return es_fail(e, ES_ENOMEM, 0, "backup");
    if (access(path, F_OK) == 0)
        rc = es_fail(e, ES_EEXIST, 0, "%s holds a store already", dir);
    else
        rc = es_readers_take(s, &db, e);
    if (rc == ES_OK) {
        rc = copy_database(db, path, e);
        es_readers_give(s, db);
        /* After the database, so that whatever its rows name is there. */
        if (rc == ES_OK)
            rc = es_segments_copy(&s->segments, dir, e);
    }
    free(path);
    return rc;
}

static enum es_code check_integrity(struct es_db *db, struct es_err *e)
{
    struct es_rows r;
    struct es_arena a;
    bool row = false;

    es_arena_init(&a, ES_JSON_MAX);
    enum es_code rc = es_rows_begin(&r, db, ES_Q_INTEGRITY, NULL, 0, &a, e);
    if (rc == ES_OK) {
        rc = es_rows_next(&r, &row, e);
        const char *said = row ? es_row_text(&r) : "no answer";
        if (rc == ES_OK && strcmp(said, "ok") != 0)
            rc = es_fail(e, ES_EIO, 0, "database: %s", said);
        es_rows_end(&r);
    }
    es_arena_release(&a);
    return rc;
}

static void check_blob(struct es_store *s, struct es_rows *r,
                       struct es_verified *v)
{
    struct es_blob b = { 0 };
    struct es_buf plain;

    int64_t initiative = es_row_i64(r);
    int64_t run = es_row_i64(r);
    int64_t media = es_row_i64(r);
    b.segment = es_row_i64(r);
    b.offset = es_row_i64(r);
    b.length = es_row_i64(r);
    es_row_fixed(r, b.key, sizeof b.key);
    es_row_fixed(r, b.hash, sizeof b.hash);
    v->blobs++;
    v->bytes += b.length;
    if (es_segments_read(&s->segments, &b, &plain, NULL) != ES_OK &&
        v->damaged++ == 0) {
        v->first_initiative = initiative;
        v->first_run = run;
        v->first_media = media;
    }
    es_buf_release(&plain);
}

enum es_code es_store_verify(struct es_store *s, struct es_verified *out,
                             struct es_err *e)
{
    struct es_verified v = { 0 };
    struct es_rows r;
    struct es_db *db;
    bool row = false;

    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = check_integrity(db, e);
    if (rc == ES_OK)
        rc = es_rows_begin(&r, db, ES_Q_BLOBS, NULL, 0, NULL, e);
    if (rc == ES_OK) {
        while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row)
            check_blob(s, &r, &v);
        if (rc == ES_OK)
            rc = es_rows_check(&r, e);
        es_rows_end(&r);
    }
    es_readers_give(s, db);
    if (rc == ES_OK)
        *out = v;
    return rc;
}
