/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/db.h"

#include "base/limits.h"
#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>

/* secure_delete: a key that is deleted must be gone from the file, too.
 * Checkpoints are the writer's own, because the automatic one swallows a
 * failed sync. No mmap: there a failed read would be a signal. */
static const char WRITER_SETTINGS[] = "PRAGMA journal_mode=WAL;"
                                      "PRAGMA synchronous=FULL;"
                                      "PRAGMA secure_delete=ON;"
                                      "PRAGMA wal_autocheckpoint=0;"
                                      "PRAGMA cache_size=-32000;";
static const char READER_SETTINGS[] = "PRAGMA query_only=ON;"
                                      "PRAGMA cache_size=-4000;";

enum es_code es_db_fail(struct es_db *db, int sqlite_rc, const char *what,
                        struct es_err *e)
{
    enum es_code code = ES_EINTERNAL;
    switch (sqlite_rc & 0xff) {
    case SQLITE_CONSTRAINT:
        if (sqlite_rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
            sqlite_rc == SQLITE_CONSTRAINT_UNIQUE ||
            sqlite_rc == SQLITE_CONSTRAINT_ROWID)
            code = ES_EEXIST;
        break;
    case SQLITE_BUSY:
    case SQLITE_FULL:
        code = ES_EBUSY;
        break;
    case SQLITE_NOMEM:
        code = ES_ENOMEM;
        break;
    case SQLITE_IOERR:
        if (sqlite_rc == SQLITE_IOERR_NOMEM) {
            code = ES_ENOMEM;
            break;
        }
        db->io_failed = true;
        code = ES_EIO;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        code = ES_EIO;
        break;
    default:
        break;
    }
    return es_fail(e, code, 0, "%s: %s", what,
                   db->h != NULL ? sqlite3_errmsg(db->h)
                                 : sqlite3_errstr(sqlite_rc));
}

void es_db_make(const char *path)
{
    /* Only when it is new: closing it would drop the locks that another
     * connection of this process has on it. What fails here, fails again
     * where it can be told. */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

enum es_code es_db_open(const char *path, enum es_db_role role,
                        struct es_db *db, struct es_err *e)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (role == ES_DB_WRITER) {
        flags |= SQLITE_OPEN_CREATE;
        es_db_make(path);
    }
    *db = (struct es_db){ 0 };
    int rc = sqlite3_open_v2(path, &db->h, flags, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(db->h, ES_STORE_BUSY_MS);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(
            db->h, role == ES_DB_WRITER ? WRITER_SETTINGS : READER_SETTINGS,
            NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return ES_OK;
    enum es_code code = es_db_fail(db, rc, path, e);
    es_db_close(db);
    return code;
}

void es_db_close(struct es_db *db)
{
    for (size_t i = 0; i < ES_Q_COUNT; i++)
        sqlite3_finalize(db->st[i]);
    sqlite3_close(db->h);
    *db = (struct es_db){ 0 };
}

struct es_val es_val_i(int64_t v)
{
    return (struct es_val){ .type = ES_VAL_INT, .i = v };
}

struct es_val es_val_t(const char *text)
{
    return (struct es_val){ .type = ES_VAL_TEXT,
                            .s = es_bytes_str(text != NULL ? text : "") };
}

struct es_val es_val_b(const void *p, size_t n)
{
    return (struct es_val){ .type = ES_VAL_BLOB, .s = { p, n } };
}

static int bind(sqlite3_stmt *st, int at, const struct es_val *v)
{
    switch (v->type) {
    case ES_VAL_INT:
        return sqlite3_bind_int64(st, at, v->i);
    case ES_VAL_TEXT:
        return sqlite3_bind_text64(st, at, (const char *)v->s.p, v->s.n,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case ES_VAL_BLOB:
        /* A null pointer would be NULL, not an empty blob. */
        return v->s.n == 0
                   ? sqlite3_bind_zeroblob(st, at, 0)
                   : sqlite3_bind_blob64(st, at, v->s.p, v->s.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

enum es_code es_db_prepare(struct es_db *db, enum es_query q, struct es_err *e)
{
    int rc = SQLITE_OK;
    if (db->st[q] == NULL)
        rc = sqlite3_prepare_v3(db->h, ES_SQL[q], -1, SQLITE_PREPARE_PERSISTENT,
                                &db->st[q], NULL);
    return rc == SQLITE_OK ? ES_OK : es_db_fail(db, rc, ES_SQL[q], e);
}

static enum es_code prepared(struct es_db *db, enum es_query q,
                             const struct es_val *v, size_t n,
                             sqlite3_stmt **out, struct es_err *e)
{
    enum es_code code = es_db_prepare(db, q, e);
    if (code != ES_OK)
        return code;
    int rc = SQLITE_OK;
    assert((size_t)sqlite3_bind_parameter_count(db->st[q]) == n);
    for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
        rc = bind(db->st[q], (int)i + 1, &v[i]);
    if (rc != SQLITE_OK) {
        (void)sqlite3_clear_bindings(db->st[q]);
        return es_db_fail(db, rc, ES_SQL[q], e);
    }
    *out = db->st[q];
    return ES_OK;
}

/* Whatever the step's error was, it has been told; reset repeats it. */
static void done(sqlite3_stmt *st)
{
    (void)sqlite3_reset(st);
    (void)sqlite3_clear_bindings(st);
}

enum es_code es_db_run(struct es_db *db, enum es_query q,
                       const struct es_val *v, size_t n, struct es_err *e)
{
    sqlite3_stmt *st;
    enum es_code rc = prepared(db, q, v, n, &st, e);
    if (rc != ES_OK)
        return rc;
    int step = sqlite3_step(st);
    assert(step != SQLITE_ROW);
    if (step != SQLITE_DONE)
        rc = es_db_fail(db, step, ES_SQL[q], e);
    done(st);
    return rc;
}

enum es_code es_db_change(struct es_db *db, enum es_query q,
                          const struct es_val *v, size_t n, const char *what,
                          struct es_err *e)
{
    enum es_code rc = es_db_run(db, q, v, n, e);
    if (rc == ES_OK && sqlite3_changes(db->h) == 0)
        rc = es_fail(e, ES_ENOENT, 0, "no such %s", what);
    return rc;
}

enum es_code es_rows_begin(struct es_rows *r, struct es_db *db, enum es_query q,
                           const struct es_val *v, size_t n, struct es_arena *a,
                           struct es_err *e)
{
    *r = (struct es_rows){ .db = db, .a = a };
    return prepared(db, q, v, n, &r->st, e);
}

enum es_code es_rows_next(struct es_rows *r, bool *row, struct es_err *e)
{
    int step = sqlite3_step(r->st);
    r->col = 0;
    *row = step == SQLITE_ROW;
    if (step == SQLITE_ROW || step == SQLITE_DONE)
        return ES_OK;
    return es_db_fail(r->db, step, sqlite3_sql(r->st), e);
}

enum es_code es_rows_check(const struct es_rows *r, struct es_err *e)
{
    if (r->damaged)
        return es_fail(e, ES_EIO, 0, "damaged row: %s", sqlite3_sql(r->st));
    if (r->no_memory)
        return es_fail(e, ES_ENOMEM, 0, "reading a row");
    return ES_OK;
}

void es_rows_end(struct es_rows *r)
{
    if (r->st != NULL)
        done(r->st);
    r->st = NULL;
}

int64_t es_row_i64(struct es_rows *r)
{
    return sqlite3_column_int64(r->st, r->col++);
}

int32_t es_row_i32(struct es_rows *r)
{
    int64_t v = es_row_i64(r);
    if (v < INT32_MIN || v > INT32_MAX) {
        r->damaged = true;
        return 0;
    }
    return (int32_t)v;
}

const char *es_row_text(struct es_rows *r)
{
    const unsigned char *p = sqlite3_column_text(r->st, r->col);
    int n = sqlite3_column_bytes(r->st, r->col++);
    const char *copy = es_arena_strn(r->a, p, p == NULL ? 0 : (size_t)n);
    if (copy == NULL)
        r->no_memory = true;
    return copy == NULL ? "" : copy;
}

struct es_bytes es_row_bytes(struct es_rows *r)
{
    const void *p = sqlite3_column_blob(r->st, r->col);
    int n = sqlite3_column_bytes(r->st, r->col++);
    if (p == NULL || n <= 0)
        return (struct es_bytes){ NULL, 0 };
    uint8_t *copy = es_arena_alloc(r->a, (size_t)n);
    if (copy == NULL) {
        r->no_memory = true;
        return (struct es_bytes){ NULL, 0 };
    }
    memcpy(copy, p, (size_t)n);
    return (struct es_bytes){ copy, (size_t)n };
}

void es_row_word(struct es_rows *r, char *out, size_t cap)
{
    const unsigned char *p = sqlite3_column_text(r->st, r->col);
    int n = sqlite3_column_bytes(r->st, r->col++);
    if (p == NULL || n < 0 || (size_t)n >= cap) {
        r->damaged = true;
        return;
    }
    memcpy(out, p, (size_t)n + 1);
}

void es_row_fixed(struct es_rows *r, uint8_t *out, size_t n)
{
    const void *p = sqlite3_column_blob(r->st, r->col);
    int got = sqlite3_column_bytes(r->st, r->col++);
    if (p != NULL && got >= 0 && (size_t)got == n)
        memcpy(out, p, n);
    else
        r->damaged = true;
}

enum es_code es_db_i64(struct es_db *db, enum es_query q,
                       const struct es_val *v, size_t n, int64_t *out,
                       struct es_err *e)
{
    struct es_rows r;
    enum es_code rc = es_rows_begin(&r, db, q, v, n, NULL, e);
    if (rc != ES_OK)
        return rc;
    bool row = false, more = false;
    int64_t v0 = 0;
    rc = es_rows_next(&r, &row, e);
    if (rc == ES_OK && row) {
        v0 = es_row_i64(&r);
        /* To its end: a statement that writes, too, is finished by it. */
        rc = es_rows_next(&r, &more, e);
    }
    if (rc == ES_OK && !row)
        rc = es_fail(e, ES_ENOENT, 0, "no such row");
    if (rc == ES_OK)
        *out = v0;
    es_rows_end(&r);
    return rc;
}

void es_store_engine(struct es_buf *b)
{
    es_buf_fmt(b, "SQLite %s", sqlite3_libversion());
}
