/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The statements about tickets; part of the table in sql.c. */
#ifndef ES_STORE_SQLITE_SQL_TICKETS_H
#define ES_STORE_SQLITE_SQL_TICKETS_H

#define ES_TICKET_COLUMNS                                                      \
    "initiative, id, occasion, state, affiliation, name, words, mail, lang,"   \
    " code, once, created_ms, placed_ms, ended_ms, keep_until_ms, came_ms,"    \
    " came_door"
#define ES_TICKET_FROM "SELECT " ES_TICKET_COLUMNS " FROM ticket "
#define ES_TICKETING_OF " WHERE initiative = ?1 AND occasion = ?2"

#define ES_SQL_TICKETS                                                         \
    [ES_Q_TICKETING] =                                                         \
        "SELECT initiative, occasion, open, places, waiting, closes_ms,"       \
        " keep_days, choices, placed, waits, edition, edited_by, edited_ms"    \
        " FROM ticketing" ES_TICKETING_OF,                                     \
    [ES_Q_TICKETING_ADD] =                                                     \
        "INSERT INTO ticketing (initiative, occasion, open, places, waiting,"  \
        " closes_ms, keep_days, choices, edited_by, edited_ms)"                \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"                    \
        " ON CONFLICT (initiative, occasion) DO NOTHING",                      \
    [ES_Q_TICKETING_PUT] =                                                     \
        "UPDATE ticketing SET open = ?3, places = ?4, waiting = ?5,"           \
        " closes_ms = ?6, keep_days = ?7, choices = ?8, edited_by = ?9,"       \
        " edited_ms = ?10, edition = edition + 1" ES_TICKETING_OF              \
        " AND edition = ?11",                                                  \
    [ES_Q_TICKETING_PLACE] =                                                   \
        "UPDATE ticketing SET placed = placed + 1" ES_TICKETING_OF             \
        " AND placed + waits < ?3 AND (places = 0 OR placed < places)",        \
    [ES_Q_TICKETING_WAIT] =                                                    \
        "UPDATE ticketing SET waits = waits + 1" ES_TICKETING_OF               \
        " AND placed + waits < ?3 AND waiting = 1",                            \
    [ES_Q_TICKETING_RISE] =                                                    \
        "UPDATE ticketing SET placed = placed + 1, waits = waits - "           \
        "1" ES_TICKETING_OF                                                    \
        " AND waits > 0 AND (places = 0 OR placed < places)",                  \
    [ES_Q_TICKETING_LESS] = "UPDATE ticketing SET placed = placed - (?3 = 0)," \
                            " waits = waits - (?3 = 1)" ES_TICKETING_OF,       \
    [ES_Q_TICKET] = ES_TICKET_FROM "WHERE initiative = ?1 AND id = ?2",        \
    [ES_Q_TICKET_BY_CODE] = ES_TICKET_FROM                                     \
        "WHERE initiative = ?1 AND occasion = ?2 AND code = ?3",               \
    [ES_Q_TICKET_ONCE] = ES_TICKET_FROM                                        \
        "WHERE initiative = ?1 AND occasion = ?2 AND once = ?3",               \
    [ES_Q_TICKETS_BEFORE] =                                                    \
        "SELECT count(*) FROM ticket WHERE initiative = ?1 AND occasion = ?2"  \
        " AND state = 1 AND id < ?3",                                          \
    [ES_Q_TICKET_ADD] =                                                        \
        "INSERT INTO ticket (initiative, id, occasion, state, affiliation,"    \
        " name, words, mail, lang, code, once, created_ms, placed_ms,"         \
        " ended_ms, keep_until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"    \
        " ?9, ?10, ?11, ?12, ?13, 0, ?14)",                                    \
    [ES_Q_TICKET_BACK] = "UPDATE ticket SET state = 2, ended_ms = ?3"          \
                         " WHERE initiative = ?1 AND id = ?2 AND state != 2",  \
    [ES_Q_TICKET_NEXT] =                                                       \
        "SELECT id FROM ticket WHERE initiative = ?1 AND occasion = ?2"        \
        " AND state = 1 ORDER BY id LIMIT 1",                                  \
    [ES_Q_TICKET_RISE] = "UPDATE ticket SET state = 0, placed_ms = ?3"         \
                         " WHERE initiative = ?1 AND id = ?2 AND state = 1",   \
    [ES_Q_TICKETS_ERASE] =                                                     \
        "UPDATE ticket SET name = '', words = '', mail = '' WHERE"             \
        " (initiative, id) IN (SELECT initiative, id FROM ticket"              \
        " WHERE name != '' AND keep_until_ms <= ?1 LIMIT ?2)",                 \
    [ES_Q_TICKETS] = ES_TICKET_FROM                                            \
        "WHERE initiative = ?1 AND occasion = ?2 AND id > ?3"                  \
        " AND CASE ?4 WHEN -1 THEN state != 2 ELSE state = ?4 END"             \
        " AND (?5 = 0 OR affiliation = ?5)"                                    \
        " AND (?6 = -1 OR (came_ms > 0) = ?6)"                                 \
        " AND (?7 = '' OR instr(words, ' ' || ?7) > 0)"                        \
        " ORDER BY id LIMIT ?8",                                               \
    [ES_Q_TICKET_COUNTS] =                                                     \
        "SELECT affiliation, state, count(*), sum(came_ms > 0) FROM ticket"    \
        " WHERE initiative = ?1 AND occasion = ?2"                             \
        " GROUP BY affiliation, state ORDER BY affiliation, state",            \
    [ES_Q_TICKET_SHOWN_ADD] =                                                  \
        "INSERT INTO ticket_shown (initiative, occasion, ticket, at_ms, door," \
        " got_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",     \
    [ES_Q_TICKET_CAME] =                                                       \
        "UPDATE ticket SET"                                                    \
        " came_door = CASE WHEN came_ms = 0 OR (?4, ?5) < (came_ms,"           \
        " came_door) THEN ?5 ELSE came_door END,"                              \
        " came_ms = CASE WHEN came_ms = 0 OR ?4 < came_ms THEN ?4"             \
        " ELSE came_ms END"                                                    \
        " WHERE initiative = ?1 AND occasion = ?2 AND id = ?3",                \
    [ES_Q_TICKET_SHOWS] =                                                      \
        "SELECT initiative, occasion, ticket, at_ms, door, got_ms"             \
        " FROM ticket_shown WHERE initiative = ?1 AND occasion = ?2"           \
        " AND ticket = ?3 ORDER BY at_ms, door LIMIT ?4",                      \
    [ES_Q_TICKET_DOOR_COUNT] =                                                 \
        "SELECT count(*) FROM ticket_door WHERE initiative = ?1"               \
        " AND occasion = ?2 AND id != ?3",                                     \
    [ES_Q_TICKET_DOOR_PUT] =                                                   \
        "INSERT INTO ticket_door (initiative, occasion, id, name, account,"    \
        " seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                            \
        " ON CONFLICT (initiative, occasion, id) DO UPDATE SET"                \
        " name = ?4, account = ?5, seen_ms = ?6",                              \
    [ES_Q_TICKET_DOORS] =                                                      \
        "SELECT initiative, occasion, id, name, account, seen_ms,"             \
        " (SELECT count(*) FROM ticket_shown s WHERE s.initiative = ?1"        \
        " AND s.occasion = ?2 AND s.door = d.id),"                             \
        " (SELECT count(*) FROM ticket t WHERE t.initiative = ?1"              \
        " AND t.occasion = ?2 AND t.came_ms > 0 AND t.came_door = d.id)"       \
        " FROM ticket_door d WHERE initiative = ?1 AND occasion = ?2"          \
        " ORDER BY id LIMIT ?3"

#endif
