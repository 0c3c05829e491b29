/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One SQLite connection with its prepared statements, and how values go in
 * and come out. Not thread-safe: one thread at a time. */
#ifndef ES_STORE_SQLITE_DB_H
#define ES_STORE_SQLITE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "store/sqlite/sql.h"

#include <sqlite3.h>

struct es_db {
    sqlite3 *h;
    sqlite3_stmt *st[ES_Q_COUNT]; /* prepared at first use */
    bool io_failed;               /* latched by any SQLITE_IOERR */
};

enum es_db_role { ES_DB_READER, ES_DB_WRITER };

/* Makes an empty file that only we may read: SQLite's own would follow the
 * umask, and keys lie in it. Its log gets the same rights. */
void es_db_make(const char *path);

/* Opens (and for a writer creates) the file with our settings: WAL,
 * synchronous=FULL, deleted content overwritten. */
ES_MUST_CHECK enum es_code es_db_open(const char *path, enum es_db_role role,
                                      struct es_db *db, struct es_err *e);
void es_db_close(struct es_db *db); /* the zero state is legal */

/* Prepares a statement ahead of its first use: those that must work when
 * memory has run out. */
ES_MUST_CHECK enum es_code es_db_prepare(struct es_db *db, enum es_query q,
                                         struct es_err *e);

/* What an error of SQLite means to us: a taken key is ES_EEXIST; a lock that
 * another process holds, or a full disk, ES_EBUSY. */
enum es_code es_db_fail(struct es_db *db, int sqlite_rc, const char *what,
                        struct es_err *e);

/* ---- values in ---- */

struct es_val {
    enum { ES_VAL_INT, ES_VAL_TEXT, ES_VAL_BLOB } type;
    int64_t i;
    struct es_bytes s;
};
struct es_val es_val_i(int64_t v);
struct es_val es_val_t(const char *text); /* NULL is "" */
struct es_val es_val_b(const void *p, size_t n);

/* `ES_VALS(es_val_i(1), es_val_t("x"))` is the pair (values, count) that the
 * calls below take. They are bound by their order, ?1 first, and need to live
 * only until the statement is done. */
#define ES_VALS(...)                                                           \
    (const struct es_val[]){ __VA_ARGS__ },                                    \
        sizeof((const struct es_val[]){ __VA_ARGS__ }) / sizeof(struct es_val)

/* Runs a statement that gives no row. */
ES_MUST_CHECK enum es_code es_db_run(struct es_db *db, enum es_query q,
                                     const struct es_val *v, size_t n,
                                     struct es_err *e);

/* The same of a change that must meet a row: ES_ENOENT, "no such `what`". */
ES_MUST_CHECK enum es_code es_db_change(struct es_db *db, enum es_query q,
                                        const struct es_val *v, size_t n,
                                        const char *what, struct es_err *e);

/* ---- rows out ---- */

/* A cursor over a statement's rows and, in a row, over its columns: each
 * es_row_* reads the next one. Strings are copied into `a`. */
struct es_rows {
    struct es_db *db;
    sqlite3_stmt *st;
    struct es_arena *a;
    int col;
    bool no_memory; /* latched by a column for which `a` had no room */
    bool damaged;   /* latched by a column that can't be what was written */
};
/* On failure there is nothing to end. */
ES_MUST_CHECK enum es_code es_rows_begin(struct es_rows *r, struct es_db *db,
                                         enum es_query q,
                                         const struct es_val *v, size_t n,
                                         struct es_arena *a, struct es_err *e);
/* *row: whether there is one more. */
ES_MUST_CHECK enum es_code es_rows_next(struct es_rows *r, bool *row,
                                        struct es_err *e);
/* After the columns of a row: what they latched, as an error. */
ES_MUST_CHECK enum es_code es_rows_check(const struct es_rows *r,
                                         struct es_err *e);
void es_rows_end(struct es_rows *r);

int64_t es_row_i64(struct es_rows *r);
int32_t es_row_i32(struct es_rows *r);
const char *es_row_text(struct es_rows *r); /* "" when there was no room */
struct es_bytes es_row_bytes(struct es_rows *r);
/* Without the arena; what is longer than cap - 1 is damaged. */
void es_row_word(struct es_rows *r, char *out, size_t cap);
void es_row_fixed(struct es_rows *r, uint8_t *out, size_t n);

/* The first column of the only row, an integer. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_db_i64(struct es_db *db, enum es_query q,
                                     const struct es_val *v, size_t n,
                                     int64_t *out, struct es_err *e);

#endif
