/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The statements about the exhibition; part of the table in sql.c. */
#ifndef ES_STORE_SQLITE_SQL_PICTURES_H
#define ES_STORE_SQLITE_SQL_PICTURES_H

#define ES_PICTURES                                                            \
    "SELECT initiative, id, state, rank, bytes, width, height, licence, name," \
    " alt, caption, credit, taken, place, warning, created_ms, edition,"       \
    " edited_by, edited_ms FROM picture WHERE initiative = ?1"
#define ES_PICTURES_BEHIND " AND rank > ?2 ORDER BY rank LIMIT ?3"
#define ES_PICTURES_BEFORE " AND rank < ?2 ORDER BY rank DESC LIMIT ?3"

#define ES_SQL_PICTURES                                                        \
    [ES_Q_EXHIBITION] = "SELECT initiative, occasion, lang, title, about,"     \
                        " edition, edited_by, edited_ms FROM exhibition"       \
                        " WHERE initiative = ?1",                              \
    [ES_Q_EXHIBITION_PUT] =                                                    \
        "INSERT INTO exhibition (initiative, occasion, lang, title, about,"    \
        " edited_by, edited_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"           \
        " ON CONFLICT (initiative) DO UPDATE SET occasion = ?2, lang = ?3,"    \
        " title = ?4, about = ?5, edited_by = ?6, edited_ms = ?7,"             \
        " edition = edition + 1 WHERE edition = ?8",                           \
    [ES_Q_PICTURE] = ES_PICTURES " AND id = ?2",                               \
    [ES_Q_PICTURES] = ES_PICTURES ES_PICTURES_BEHIND,                          \
    [ES_Q_PICTURES_BACK] = ES_PICTURES ES_PICTURES_BEFORE,                     \
    [ES_Q_PICTURES_SHOWN] = ES_PICTURES " AND state = 1" ES_PICTURES_BEHIND,   \
    [ES_Q_PICTURES_SHOWN_BACK] =                                               \
        ES_PICTURES " AND state = 1" ES_PICTURES_BEFORE,                       \
    [ES_Q_PICTURE_LACKING] =                                                   \
        ES_PICTURES " AND rank > ?2 AND (state = 0 OR alt = '')"               \
                    " ORDER BY rank LIMIT 1",                                  \
    [ES_Q_PICTURES_SUM] =                                                      \
        "SELECT count(*), count(*) FILTER (WHERE state = 1),"                  \
        " coalesce(sum(bytes), 0) FROM picture"                                \
        " WHERE initiative = ?1",                                              \
    [ES_Q_PICTURE_PLACE] =                                                     \
        "SELECT count(*) FROM picture WHERE initiative = ?1"                   \
        " AND state = 1 AND rank <= ?2",                                       \
    [ES_Q_PICTURE_LAST] = "SELECT coalesce(max(rank), 0) FROM picture"         \
                          " WHERE initiative = ?1 AND rank < ?2",              \
    [ES_Q_PICTURE_ADD] =                                                       \
        "INSERT INTO picture (initiative, id, state, rank, bytes, width,"      \
        " height, licence, name, alt, caption, credit, taken, place, warning," \
        " created_ms, edited_by, edited_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"   \
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",           \
    [ES_Q_PICTURE_PUT] =                                                       \
        "UPDATE picture SET state = ?3, licence = ?4, alt = ?5, caption = ?6," \
        " credit = ?7, taken = ?8, place = ?9, warning = ?10,"                 \
        " edited_by = ?11, edited_ms = ?12, edition = edition + 1"             \
        " WHERE initiative = ?1 AND id = ?2 AND edition = ?13",                \
    [ES_Q_PICTURE_RANK] =                                                      \
        "UPDATE picture SET rank = ?3"                                         \
        " WHERE initiative = ?1 AND id = ?2", /* In two steps, so that no two  \
                                                 ever have the same. */        \
        [ES_Q_PICTURES_SPREAD] =                                               \
            "UPDATE picture SET rank = -?2 * o.n FROM (SELECT id,"             \
            " row_number() OVER (ORDER BY rank) AS n FROM picture"             \
            " WHERE initiative = ?1) AS o"                                     \
            " WHERE picture.initiative = ?1 AND picture.id = o.id",            \
    [ES_Q_PICTURES_SPREAD_UP] = "UPDATE picture SET rank = -rank"              \
                                " WHERE initiative = ?1 AND rank < 0",         \
    [ES_Q_PICTURE_DROP] =                                                      \
        "DELETE FROM picture WHERE initiative = ?1 AND id = ?2"

#endif
