/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What press.c asks; part of the table in sql.c. */
#ifndef ES_STORE_SQLITE_SQL_PRESS_H
#define ES_STORE_SQLITE_SQL_PRESS_H

#define ES_RELEASE "SELECT initiative, id, publish_ms, created_ms"
#define ES_RELEASE_TEXT                                                        \
    "SELECT initiative, release, lang, title, place, body, notes, contact,"    \
    " state, edition, written_by, written_ms, approved_by, approved_ms"        \
    " FROM press_text WHERE initiative = ?1 AND release = ?2"

#define ES_SQL_PRESS                                                           \
    [ES_Q_RELEASE] =                                                           \
        ES_RELEASE " FROM press_release WHERE initiative = ?1 AND id = ?2",    \
    [ES_Q_RELEASES] =                                                          \
        ES_RELEASE " FROM press_release r WHERE initiative = ?1 AND id < ?2"   \
                   " AND EXISTS (SELECT 1 FROM press_text t"                   \
                   " WHERE t.initiative = r.initiative AND t.release = r.id)"  \
                   " ORDER BY id DESC LIMIT ?3",                               \
    [ES_Q_RELEASES_PUBLIC] =                                                   \
        ES_RELEASE " FROM press_release r WHERE initiative = ?1"               \
                   " AND publish_ms > 0 AND publish_ms <= ?2"                  \
                   " AND (publish_ms, id) < (?3, ?4)"                          \
                   " AND EXISTS (SELECT 1 FROM press_text t"                   \
                   " WHERE t.initiative = r.initiative AND t.release = r.id"   \
                   " AND t.state = 1)"                                         \
                   " ORDER BY publish_ms DESC, id DESC LIMIT ?5",              \
    [ES_Q_RELEASE_TEXTS] = ES_RELEASE_TEXT " ORDER BY lang",                   \
    [ES_Q_RELEASE_TEXT] = ES_RELEASE_TEXT " AND lang = ?3",                    \
    [ES_Q_RELEASE_NEXT] = "SELECT coalesce(max(id), 0) + 1 FROM press_release" \
                          " WHERE initiative = ?1",                            \
    [ES_Q_RELEASE_ADD] = "INSERT INTO press_release (initiative, id,"          \
                         " publish_ms, created_ms) VALUES (?1, ?2, ?3, ?4)",   \
    [ES_Q_RELEASE_TIME] = "UPDATE press_release SET publish_ms = ?3"           \
                          " WHERE initiative = ?1 AND id = ?2",                \
    [ES_Q_RELEASE_TEXT_ADD] =                                                  \
        "INSERT INTO press_text (initiative, release, lang, title, place,"     \
        " body, notes, contact, state, written_by, written_ms, approved_by,"   \
        " approved_ms, edition) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"   \
        " ?10, ?11, ?12, ?13, 1)",                                             \
    [ES_Q_RELEASE_TEXT_PUT] =                                                  \
        "UPDATE press_text SET title = ?4, place = ?5, body = ?6, notes = ?7," \
        " contact = ?8, state = ?9, written_by = ?10, written_ms = ?11,"       \
        " approved_by = ?12, approved_ms = ?13, edition = edition + 1"         \
        " WHERE initiative = ?1 AND release = ?2 AND lang = ?3"                \
        " AND edition = ?14",                                                  \
    [ES_Q_RELEASE_TEXT_DROP] =                                                 \
        "DELETE FROM press_text WHERE initiative = ?1 AND release = ?2"        \
        " AND lang = ?3",                                                      \
    [ES_Q_COVERAGE] = "SELECT initiative, id, day_ms, publisher, title, url,"  \
                      " lang FROM press_coverage WHERE initiative = ?1"        \
                      " ORDER BY day_ms DESC, id DESC LIMIT ?2",               \
    [ES_Q_COVERAGE_ADD] = "INSERT INTO press_coverage (initiative, id, "       \
                          "day_ms, publisher, title,"                          \
                          " url, lang) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",   \
    [ES_Q_COVERAGE_DROP] =                                                     \
        "DELETE FROM press_coverage WHERE initiative = ?1 AND id = ?2"

#endif
