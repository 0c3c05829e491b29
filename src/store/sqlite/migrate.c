/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/migrate.h"

/* "Evst" in the file's header, so that no other program's database is taken
 * for ours. Source: https://www.sqlite.org/fileformat.html, section 1.3.17. */
enum { APPLICATION_ID = 0x45767374 };

static enum es_code pragma(struct es_db *db, const char *sql, int *out,
                           struct es_err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        *out = sqlite3_column_int(st, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    return rc == SQLITE_OK ? ES_OK : es_db_fail(db, rc, sql, e);
}

static enum es_code exec(struct es_db *db, const char *sql, struct es_err *e)
{
    int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ES_OK : es_db_fail(db, rc, "migration", e);
}

static enum es_code apply_missing(struct es_db *db, struct es_err *e)
{
    int id = 0, version = 0;
    char mark[96];

    enum es_code rc = pragma(db, "PRAGMA application_id", &id, e);
    if (rc == ES_OK)
        rc = pragma(db, "PRAGMA user_version", &version, e);
    if (rc != ES_OK)
        return rc;
    if (id != (version == 0 ? 0 : APPLICATION_ID))
        return es_fail(e, ES_ECONFLICT, 0, "not a database of Everystep");
    if (version > ES_SCHEMA)
        return es_fail(e, ES_ECONFLICT, 0,
                       "the database has version %d, this program knows %d",
                       version, ES_SCHEMA);
    for (int v = version; v < ES_SCHEMA && rc == ES_OK; v++)
        rc = exec(db, ES_MIGRATIONS[v], e);
    if (rc != ES_OK || version == ES_SCHEMA)
        return rc;
    (void)snprintf(mark, sizeof mark,
                   "PRAGMA application_id=%d; PRAGMA user_version=%d",
                   APPLICATION_ID, ES_SCHEMA);
    return exec(db, mark, e);
}

enum es_code es_migrate(struct es_db *db, struct es_err *e)
{
    enum es_code rc = exec(db, "BEGIN IMMEDIATE", e);
    if (rc != ES_OK)
        return rc;
    rc = apply_missing(db, e);
    if (rc == ES_OK)
        rc = exec(db, "COMMIT", e);
    if (rc != ES_OK)
        (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}
