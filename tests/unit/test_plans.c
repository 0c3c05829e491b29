/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* No question to the store reads all runs or all steps of an initiative but
 * those whose answer is made of all of them. Without figures about its tables
 * SQLite takes a whole index for ten rows, and so reads 300,000 to find two. */
#include "store/sqlite/sql.h"
#include "store_kit.h"
#include "t.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Read once at the start, by commands, or in the background. */
static const enum es_query WHOLE[] = {
    ES_Q_EACH_SUM,
    ES_Q_EACH_COUNTED,
    ES_Q_RUNS_COUNT,
    ES_Q_STEPS_DIFFER,
};

static bool is_whole(enum es_query q)
{
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++)
        if (WHOLE[i] == q)
            return true;
    return false;
}

/* A walk along an index of runs or steps that nothing but the initiative, or
 * what thousands have in common, begins or ends. */
static bool reads_all(const char *plan)
{
    static const char *const INDEXES[] = { "run_of", "run_with",
                                           "sqlite_autoindex_run_1", "step_of",
                                           "step_what" };
    static const char *const KEYS[] = { " (initiative=?)",
                                        " (initiative=? AND status=?)",
                                        " (initiative=? AND what=?)" };
    char key[80];
    for (size_t i = 0; i < sizeof INDEXES / sizeof *INDEXES; i++)
        for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS; k++) {
            (void)snprintf(key, sizeof key, "INDEX %s%s", INDEXES[i], KEYS[k]);
            if (strstr(plan, key))
                return true;
        }
    return strcmp(plan, "SCAN run") == 0 || strcmp(plan, "SCAN step") == 0;
}

/* The first line of a plan that reads all; "" when none does. */
static void look(sqlite3 *db, const char *sql, char *out, size_t cap)
{
    sqlite3_stmt *s = NULL;
    char text[8192];
    *out = '\0';
    (void)snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    CHECK_INT(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK);
    while (!*out && sqlite3_step(s) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(s, 3);
        if (reads_all(line))
            (void)snprintf(out, cap, "%s", line);
    }
    sqlite3_finalize(s);
}

TEST(what_is_asked_of_one_reads_no_others)
{
    const char *dir = t_tmpdir();
    struct es_store *store = kit_open(dir);
    sqlite3 *db = NULL;
    char path[512], line[256];
    size_t found = 0;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
              SQLITE_OK);
    for (int q = 0; q < ES_Q_COUNT; q++) {
        const char *sql = ES_SQL[q];
        if (strncmp(sql, "BEGIN", 5) == 0 || strncmp(sql, "COMMIT", 6) == 0 ||
            strncmp(sql, "R", 1) == 0 || strncmp(sql, "SAVE", 4) == 0)
            continue;
        look(db, sql, line, sizeof line);
        if (*line && !is_whole((enum es_query)q))
            FAIL("%s: %s", line, sql);
        found += *line != '\0';
    }
    CHECK(found >= 3); /* that it would be noticed */
    sqlite3_close(db);
    es_store_close(store);
}
