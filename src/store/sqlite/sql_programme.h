/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The statements about the programme; part of the table in sql.c. */
#ifndef ES_STORE_SQLITE_SQL_PROGRAMME_H
#define ES_STORE_SQLITE_SQL_PROGRAMME_H

#define ES_OCCASION_COLUMNS                                                    \
    "initiative, id, kind, state, starts_ms, ends_ms, zone, lang, title,"      \
    " body, sequence, created_ms, edition, edited_by, edited_ms"
/* ?2: the least state; ?3: now. */
#define ES_OCCASIONS                                                           \
    "SELECT " ES_OCCASION_COLUMNS " FROM occasion"                             \
    " WHERE initiative = ?1 AND state >= ?2"
#define ES_OCCASIONS_BEHIND                                                    \
    " AND (starts_ms, id) > (?4, ?5) ORDER BY starts_ms, id LIMIT ?6"

#define ES_SQL_PROGRAMME                                                       \
    [ES_Q_OCCASION] = "SELECT " ES_OCCASION_COLUMNS                            \
                      " FROM occasion WHERE initiative = ?1 AND id = ?2",      \
    [ES_Q_OCCASIONS_NOW] = ES_OCCASIONS                                        \
        " AND starts_ms <= ?3 AND ends_ms > ?3" ES_OCCASIONS_BEHIND,           \
    [ES_Q_OCCASIONS_COMING] =                                                  \
        ES_OCCASIONS " AND starts_ms > ?3" ES_OCCASIONS_BEHIND,                \
    [ES_Q_OCCASIONS_PAST] =                                                    \
        ES_OCCASIONS " AND starts_ms <= ?3 AND ends_ms <= ?3"                  \
                     " AND (starts_ms, id) < (?4, ?5)"                         \
                     " ORDER BY starts_ms DESC, id DESC LIMIT ?6",             \
    [ES_Q_OCCASIONS_ALL] = ES_OCCASIONS ES_OCCASIONS_BEHIND,                   \
    [ES_Q_OCCASION_COUNT] =                                                    \
        "SELECT count(*) FROM occasion WHERE initiative = ?1",                 \
    [ES_Q_OCCASION_ADD] =                                                      \
        "INSERT INTO occasion (initiative, id, kind, state, starts_ms,"        \
        " ends_ms, zone, lang, title, body, sequence, created_ms, edited_by,"  \
        " edited_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"    \
        " ?12, ?13, ?14)",                                                     \
    [ES_Q_OCCASION_PUT] =                                                      \
        "UPDATE occasion SET kind = ?3, state = ?4, starts_ms = ?5,"           \
        " ends_ms = ?6, zone = ?7, lang = ?8, title = ?9, body = ?10,"         \
        " sequence = ?11, edited_by = ?12, edited_ms = ?13,"                   \
        " edition = edition + 1"                                               \
        " WHERE initiative = ?1 AND id = ?2 AND edition = ?14",                \
    [ES_Q_OCCASION_DROP] =                                                     \
        "DELETE FROM occasion WHERE initiative = ?1 AND id = ?2 AND state = 0"

#endif
