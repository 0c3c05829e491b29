/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/sql.h"

#include "store/sqlite/sql_pictures.h"
#include "store/sqlite/sql_press.h"
#include "store/sqlite/sql_programme.h"
#include "store/sqlite/sql_tickets.h"

/* In the order in which records.c reads them. */
#define INITIATIVE                                                             \
    "SELECT id, slug, title, purpose, holder, contact, lang, zone, opens_ms,"  \
    " closes_ms, goal_mm, created_ms, state, rules_version, rules, consents,"  \
    " face, texts, way, edition, edited_by, edited_ms, suspended_ms,"          \
    " suspended_why, people_max, alone FROM initiative "
#define TEAM "SELECT initiative, id, name, code, open, captain FROM team "
#define GROUP_COLUMNS "initiative, id, name, name_key, account, team, at_ms"
#define PARTICIPANT_COLUMNS                                                    \
    "p.initiative, p.id, p.bib, p.display_name, p.country, p.team,"            \
    " p.category, p.birth_year, p.visibility, p.guardian_contact, p.email,"    \
    " p.lang, p.consents, p.created_ms, p.state, p.guardian, p.age_group"
#define RUN                                                                    \
    "SELECT r.initiative, r.id, r.participant, r.code, r.kind, r.status,"      \
    " r.received_ms, r.started_ms, r.dist_mm, r.counted_mm, r.time_ms,"        \
    " r.rules_version, r.activity, r.file_name, r.member, r.note,"             \
    " r.provenance,"                                                           \
    " r.measure, r.findings, coalesce(b.segment, 0), b.at, b.length, b.key,"   \
    " b.hash"                                                                  \
    " FROM run r LEFT JOIN blob b ON b.initiative = r.initiative"              \
    " AND b.run = r.id "
#define SUM                                                                    \
    "SELECT " PARTICIPANT_COLUMNS ", coalesce(r.mm, 0), coalesce(r.ms, 0),"    \
    " coalesce(r.n, 0), coalesce(r.live, 0), coalesce(r.anew, 0),"             \
    " coalesce(r.typed, 0), coalesce(l.mm, 0), coalesce(l.ms, 0),"             \
    " coalesce(l.n, 0), coalesce(r.sent, 0), coalesce(r.waiting, 0)"           \
    " FROM participant p "
#define RUN_SUM                                                                \
    "SELECT participant, sum(counted_mm * (status = 0)) AS mm,"                \
    " sum(time_ms * (status = 0)) AS ms, sum(status = 0) AS n,"                \
    " sum(counted_mm * (status = 0 AND provenance = 1)) AS live,"              \
    " sum(counted_mm * (status = 0 AND provenance = 3)) AS anew,"              \
    " sum(counted_mm * (status = 0 AND provenance = 4)) AS typed,"             \
    " count(*) AS sent, sum(status = 1) AS waiting FROM run WHERE "
#define MEDIA                                                                  \
    "SELECT initiative, id, kind, type, name, created_ms, of, width, height,"  \
    " pieces, segment, at, length, key, hash FROM media "
#define UPLOAD                                                                 \
    "SELECT initiative, id, account, kind, type, name, length, received,"      \
    " pieces, created_ms, touched_ms FROM media_upload "
#define PIECE                                                                  \
    "SELECT start, segment, at, length, key, hash FROM media_piece"            \
    " WHERE initiative = ?1 AND media = ?2 "
#define ROUTE "SELECT initiative, participant, run, shown_ms, line FROM route "
/* Of an initiative SQLite expects few rows, and would read all of them: the
 * index is named. */
#define STEP_AT(index)                                                         \
    "SELECT s.initiative, s.id, s.run, s.participant, s.what, s.status,"       \
    " s.account, s.role, s.reason, coalesce(w.words, ''), s.rules_version,"    \
    " s.at_ms, s.said, coalesce(w.salt, x''), s.chain FROM step s " index      \
    " LEFT JOIN said w ON w.initiative = s.initiative AND w.step = s.id "
#define STEP STEP_AT("")
/* After the condition that an index serves: of one kind (0: any), by one
 * account (0: whoever), the newest first. */
#define STEP_PAGE                                                              \
    " AND s.id < ?2 AND (?4 = 0 OR s.what = ?4)"                               \
    " AND (?5 = 0 OR s.account = ?5) ORDER BY s.id DESC LIMIT ?3"
#define QUEUED "SELECT q.initiative, q.run, q.participant, q.why, q.since_ms "
#define QUEUE_TURN QUEUED "FROM queue q WHERE q.initiative = ?1 AND q.turn = 0"
#define QUEUE_WHY QUEUED "FROM queue q WHERE q.initiative = ?1 AND q.why = ?5"
#define QUEUE_FOR                                                              \
    QUEUED "FROM queue_for f CROSS JOIN queue q"                               \
           " ON q.initiative = f.initiative AND q.run = f.run"                 \
           " WHERE f.initiative = ?1 AND f.code = ?5 AND f.alone >= ?6"
#define QUEUE_OF                                                               \
    QUEUED "FROM queue q WHERE q.initiative = ?1 AND q.participant = ?5"
#define BEHIND(t)                                                              \
    " AND (" t ".since_ms, " t ".run) > (?2, ?3)"                              \
    " ORDER BY " t ".since_ms, " t ".run LIMIT ?4"
#define BEFORE(t)                                                              \
    " AND (" t ".since_ms, " t ".run) < (?2, ?3)"                              \
    " ORDER BY " t ".since_ms DESC, " t ".run DESC LIMIT ?4"
/* A person of the range w who has another word from `lo` up to `hi`. */
#define ALSO(lo, hi)                                                           \
    "(" lo " = '' OR EXISTS (SELECT 1 FROM name_word o"                        \
    " WHERE o.initiative = ?1 AND o.participant = w.who"                       \
    " AND o.word >= " lo " AND o.word < " hi "))"
/* People looked at for one search: a common first letter ends there. */
#define SEARCH_DEPTH "20000"
/* ?3 and ?4 bound the range of the longest word, the others' lie in ?5 to ?10;
 * '' is a word that isn't asked for. The + keeps SQLite from walking all
 * people in their order to find the distinct ones. */
#define SEARCH                                                                 \
    "SELECT w.who FROM (SELECT DISTINCT +participant AS who FROM name_word"    \
    " WHERE initiative = ?1 AND word >= ?3 AND word < ?4"                      \
    " LIMIT " SEARCH_DEPTH ") w WHERE " ALSO("?5", "?6") " AND " ALSO(         \
        "?7", "?8") " AND " ALSO("?9", "?10") " LIMIT ?2"
#define ACCOUNT                                                                \
    "SELECT a.id, a.name, a.name_key, a.mail, a.lang, a.may_create,"           \
    " a.created_ms, a.ended_ms FROM account a "
#define ROLE "SELECT initiative, account, role, given_by, given_ms FROM role "
#define INVITATION                                                             \
    "SELECT hash, initiative, id, role, name, made_by, created_ms, expires_ms" \
    " FROM invitation "
#define CREDENTIAL                                                             \
    "SELECT hash, kind, initiative, subject, created_ms, expires_ms, id,"      \
    " seen_ms, idle_ms, fresh_ms, fresh_by, browser FROM credential "
#define PASSKEY                                                                \
    "SELECT id, initiative, subject, public_key, algorithm, sign_count, name," \
    " may_back_up, backed_up, created_ms, used_ms FROM passkey "
#define RECOVERY "SELECT hash, account, created_ms, used_ms FROM recovery "
#define LETTER                                                                 \
    "SELECT id, initiative, participant, kind, about, run, state, tries,"      \
    " next_ms, expires_ms, created_ms, fault, code FROM letter "
#define MAIL_TEST                                                              \
    "SELECT account, address, lang, asked_ms, done_ms, fault, code, said"      \
    " FROM mail_test "
#define MAIL_LINK                                                              \
    "SELECT hash, address, initiative, participant, browser, code, tries,"     \
    " created_ms, expires_ms FROM mail_link "
#define REPORT                                                                 \
    "SELECT initiative, id, what, which, shown, words, mail, lang, at_ms,"     \
    " state FROM report "
#define DECISION                                                               \
    "SELECT initiative, id, account, what, which, about, why, at_ms"           \
    " FROM decision "
#define RULE_CHANGE                                                            \
    "SELECT initiative, version, state, account, who, why, at_ms, ended_ms,"   \
    " opens_ms, closes_ms, zone, rules, after, tally FROM rule_change "
#define LEDGER_SUM                                                             \
    "SELECT participant, sum(delta_mm) AS mm, sum(delta_ms) AS ms,"            \
    " sum(delta_runs) AS n FROM ledger WHERE "

const char *const ES_SQL[ES_Q_COUNT] = {
    [ES_Q_BEGIN] = "BEGIN IMMEDIATE",
    [ES_Q_COMMIT] = "COMMIT",
    [ES_Q_ROLLBACK] = "ROLLBACK",
    [ES_Q_SAVE] = "SAVEPOINT w",
    [ES_Q_SAVE_KEEP] = "RELEASE w",
    [ES_Q_SAVE_UNDO] = "ROLLBACK TO w",

    [ES_Q_META] = "SELECT value FROM meta WHERE key = ?1",
    [ES_Q_META_PUT] = "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                      " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    [ES_Q_COUNT_UP] = "INSERT INTO counter (initiative, name, value)"
                      " VALUES (?1, ?2, 1) ON CONFLICT (initiative, name)"
                      " DO UPDATE SET value = value + 1 RETURNING value",

    [ES_Q_SLUG] = "SELECT initiative FROM slug WHERE slug = ?1",
    [ES_Q_SLUG_TAKE] = "INSERT INTO slug (slug, initiative) VALUES (?1, ?2)"
                       " ON CONFLICT (slug) DO NOTHING",
    [ES_Q_INITIATIVE] = INITIATIVE "WHERE id = ?1",
    [ES_Q_INITIATIVES] = INITIATIVE "ORDER BY id DESC LIMIT ?1",
    [ES_Q_INITIATIVE_PUT] =
        "INSERT INTO initiative (id, slug, title, purpose, holder, contact,"
        " lang, zone, opens_ms, closes_ms, goal_mm, created_ms, state,"
        " rules_version, rules, consents, face, texts, way, edited_by,"
        " edited_ms, alone)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?23)"
        " ON CONFLICT (id) DO UPDATE SET slug = ?2, title = ?3, purpose = ?4,"
        " holder = ?5, contact = ?6, lang = ?7, zone = ?8, opens_ms = ?9,"
        " closes_ms = ?10, goal_mm = ?11, created_ms = ?12, state = ?13,"
        " rules_version = ?14, rules = ?15, consents = ?16,"
        " face = ?17, texts = ?18, way = ?19, edited_by = ?20,"
        " edited_ms = ?21, alone = ?23, edition = edition + 1"
        " WHERE ?22 IN (0, edition)",

    [ES_Q_TEAMS] = TEAM "WHERE initiative = ?1 ORDER BY id",
    [ES_Q_TEAM_BY_CODE] = TEAM "WHERE initiative = ?1 AND code_key = ?2",
    [ES_Q_TEAM_ADD] =
        "INSERT INTO team (initiative, id, name, code, code_key, open,"
        " captain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ES_Q_TEAM] = TEAM "WHERE initiative = ?1 AND id = ?2",
    [ES_Q_TEAM_PUT] =
        "UPDATE team SET name = ?3, code = ?4, code_key = ?5, open = ?6,"
        " captain = ?7 WHERE initiative = ?1 AND id = ?2",
    [ES_Q_TEAM_CAPTAINS_DROP] = "UPDATE team SET captain = 0"
                                " WHERE initiative = ?1 AND captain = ?2",
    [ES_Q_REGISTRATION] = "SELECT version, settings FROM registration"
                          " WHERE initiative = ?1",
    [ES_Q_REGISTRATION_PUT] =
        "INSERT INTO registration (initiative, version, settings)"
        " VALUES (?1, ?2, ?3) ON CONFLICT (initiative) DO UPDATE SET"
        " version = ?2, settings = ?3",
    [ES_Q_CONSENTS_PUT] = "UPDATE initiative SET consents = ?2 WHERE id = ?1",
    [ES_Q_CONSENT_TEXT_ADD] =
        "INSERT INTO consent_text (initiative, purpose, version, text, at_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (initiative, purpose, version) DO NOTHING",
    [ES_Q_CONSENT_TEXTS] =
        "SELECT purpose, version, text, at_ms FROM consent_text"
        " WHERE initiative = ?1 ORDER BY purpose, at_ms",
    [ES_Q_COUNT_OF] = "SELECT value FROM counter WHERE initiative = ?1"
                      " AND name = ?2",
    [ES_Q_COUNT_ADD] = "INSERT INTO counter (initiative, name, value)"
                       " VALUES (?1, ?2, ?3) ON CONFLICT (initiative, name)"
                       " DO UPDATE SET value = value + ?3 RETURNING value",

    [ES_Q_PARTICIPANT] = "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
                         " WHERE p.initiative = ?1 AND p.id = ?2",
    [ES_Q_PARTICIPANT_SHOWN] = "UPDATE participant SET visibility = ?3"
                               " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_PARTICIPANT_ADD] =
        "INSERT INTO participant (initiative, id, bib, display_name, country,"
        " team, category, birth_year, visibility, guardian_contact, email,"
        " lang, consents, created_ms, state, guardian, age_group)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16, ?17)",
    [ES_Q_PARTICIPANT_PUT] =
        "UPDATE participant SET display_name = ?3, country = ?4, team = ?5,"
        " category = ?6, birth_year = ?7, visibility = ?8,"
        " guardian_contact = ?9, email = ?10, lang = ?11, consents = ?12,"
        " state = ?13, guardian = ?14, age_group = ?15"
        " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_WAITING_FIRST] =
        "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
        " WHERE p.initiative = ?1 AND p.state = 1 ORDER BY p.bib LIMIT 1",
    [ES_Q_WAITING_BEFORE] =
        "SELECT count(*) FROM participant WHERE initiative = ?1"
        " AND state = 1 AND bib < ?2",
    [ES_Q_MEMBERS] = "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
                     " WHERE p.initiative = ?1 AND p.team = ?2"
                     " AND p.team <> 0 AND p.bib > ?3 ORDER BY p.bib LIMIT ?4",
    [ES_Q_GROUP_ADD] = "INSERT INTO group_list (" GROUP_COLUMNS ")"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ES_Q_GROUP_TEAM] = "UPDATE group_list SET team = ?3"
                        " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_GROUP] = "SELECT " GROUP_COLUMNS " FROM group_list"
                   " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_GROUP_BY_KEY] = "SELECT " GROUP_COLUMNS " FROM group_list"
                          " WHERE initiative = ?1 AND name_key = ?2",
    [ES_Q_GROUPS] = "SELECT " GROUP_COLUMNS " FROM group_list"
                    " WHERE initiative = ?1 AND id < ?2"
                    " ORDER BY id DESC LIMIT ?3",
    [ES_Q_GROUP_PERSON_ADD] =
        "INSERT INTO group_person (initiative, list, participant, line)"
        " VALUES (?1, ?2, ?3, ?4)",
    [ES_Q_GROUP_PERSON_DROP] =
        "DELETE FROM group_person WHERE initiative = ?1 AND participant = ?2",
    [ES_Q_GROUP_LINE] = "SELECT participant FROM group_person"
                        " WHERE initiative = ?1 AND list = ?2 AND line = ?3",
    [ES_Q_GROUP_COUNT] = "SELECT count(*) FROM group_person"
                         " WHERE initiative = ?1 AND list = ?2",
    [ES_Q_GROUP_PEOPLE] =
        "SELECT " PARTICIPANT_COLUMNS " FROM group_person g JOIN participant p"
        " ON p.initiative = g.initiative AND p.id = g.participant"
        " WHERE g.initiative = ?1 AND g.list = ?2 AND g.participant > ?3"
        " ORDER BY g.participant LIMIT ?4",
    [ES_Q_PEOPLE_BEFORE] =
        "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
        " WHERE p.initiative = ?1 AND p.bib < ?2 ORDER BY p.bib DESC LIMIT ?3",
    [ES_Q_RUN_BLANK] =
        "UPDATE run SET file_name = '', member = '', note = '', measure = ?3,"
        " findings = x'' WHERE initiative = ?1 AND id = ?2",
    [ES_Q_RUN_CODE_DROP] =
        "DELETE FROM run_code WHERE code = (SELECT code FROM run"
        " WHERE initiative = ?1 AND id = ?2)",
    [ES_Q_ZONES_DROP] = "DELETE FROM zone WHERE initiative = ?1"
                        " AND participant = ?2",
    [ES_Q_ROUTES_DROP] = "DELETE FROM route WHERE initiative = ?1"
                         " AND participant = ?2",
    [ES_Q_IDEM_DROP] = "DELETE FROM idempotency WHERE initiative = ?1"
                       " AND participant = ?2",
    [ES_Q_PASSKEYS_DROP] = "DELETE FROM passkey WHERE initiative = ?1"
                           " AND subject = ?2",
    [ES_Q_CREDENTIALS_DROP] = "DELETE FROM credential WHERE initiative = ?1"
                              " AND subject = ?2",
    [ES_Q_RUN_SAID_DROP] =
        "DELETE FROM said WHERE initiative = ?1 AND step IN"
        " (SELECT id FROM step WHERE initiative = ?1 AND run = ?2)",
    /* 1: of a person (store/reports.h) */
    [ES_Q_REPORTS_BLANK] =
        "UPDATE report SET shown = '' WHERE initiative = ?1 AND what = 1"
        " AND which = ?2",

    [ES_Q_PARTICIPANT_BY_BIB] =
        "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
        " WHERE p.initiative = ?1 AND p.bib = ?2",
    [ES_Q_PARTICIPANTS_AFTER] =
        "SELECT " PARTICIPANT_COLUMNS " FROM participant p"
        " WHERE p.initiative = ?1 AND p.id > ?2 ORDER BY p.id LIMIT ?3",

    [ES_Q_WORD_PUT] = "INSERT INTO name_word (initiative, word, participant)"
                      " VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (initiative, word, participant) DO NOTHING",
    [ES_Q_WORDS_DROP] = "DELETE FROM name_word WHERE initiative = ?1"
                        " AND participant = ?2",
    [ES_Q_SEARCH] = SEARCH,

    [ES_Q_MEDIA] = MEDIA "WHERE initiative = ?1 AND id = ?2",
    [ES_Q_MEDIA_OF] = MEDIA "WHERE initiative = ?1 ORDER BY id",
    [ES_Q_MEDIA_ADD] =
        "INSERT INTO media (initiative, id, kind, type, name, created_ms, of,"
        " width, height, pieces, segment, at, length, key, hash) VALUES"
        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    [ES_Q_MEDIA_DROP] = "DELETE FROM media WHERE initiative = ?1"
                        " AND (id = ?2 OR of = ?2)",
    [ES_Q_MEDIA_SIZES] = MEDIA "WHERE initiative = ?1 AND (id = ?2 OR of = ?2)"
                               " ORDER BY width, id",
    [ES_Q_MEDIA_BYTES] = "SELECT (SELECT coalesce(sum(length), 0) FROM media"
                         " WHERE initiative = ?1 AND kind <> 'exhibit') + "
                         "(SELECT coalesce(sum(length), 0)"
                         " FROM media_upload WHERE initiative = ?1)",
    [ES_Q_MEDIA_UPLOAD] = UPLOAD "WHERE initiative = ?1 AND id = ?2",
    [ES_Q_MEDIA_UPLOADS] = UPLOAD "WHERE ?1 IN (0, initiative)"
                                  " AND touched_ms < ?2"
                                  " ORDER BY touched_ms LIMIT ?3",
    [ES_Q_MEDIA_UPLOAD_ADD] =
        "INSERT INTO media_upload (initiative, id, account, kind, type, name,"
        " length, received, pieces, created_ms, touched_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8, ?9)",
    [ES_Q_MEDIA_UPLOAD_MOVE] =
        "UPDATE media_upload SET type = ?3, received = ?4, pieces = ?5,"
        " touched_ms = ?6 WHERE initiative = ?1 AND id = ?2",
    [ES_Q_MEDIA_UPLOAD_DROP] = "DELETE FROM media_upload"
                               " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_MEDIA_PIECE] = PIECE "AND start <= ?3 ORDER BY start DESC LIMIT 1",
    [ES_Q_MEDIA_PIECES] = PIECE "ORDER BY start",
    [ES_Q_MEDIA_PIECE_ADD] =
        "INSERT INTO media_piece (initiative, media, start, segment, at,"
        " length, key, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [ES_Q_MEDIA_PIECES_DROP] = "DELETE FROM media_piece"
                               " WHERE initiative = ?1 AND media = ?2",

    [ES_Q_EVIDENCE] =
        "SELECT initiative, run, created_ms, width, height, segment, at,"
        " length, key, hash FROM evidence WHERE initiative = ?1 AND run = ?2",
    [ES_Q_EVIDENCE_ADD] =
        "INSERT INTO evidence (initiative, run, created_ms, width, height,"
        " segment, at, length, key, hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [ES_Q_EVIDENCE_DROP] = "DELETE FROM evidence"
                           " WHERE initiative = ?1 AND run = ?2",

    [ES_Q_ROUTE] = ROUTE "WHERE initiative = ?1 AND participant = ?2"
                         " AND run = ?3",
    [ES_Q_ROUTES_OF] = ROUTE "WHERE initiative = ?1 AND participant = ?2"
                             " ORDER BY run",
    [ES_Q_ROUTE_PUT] =
        "INSERT INTO route (initiative, participant, run, shown_ms, line)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (initiative, participant,"
        " run) DO UPDATE SET shown_ms = ?4, line = ?5",
    [ES_Q_ROUTE_DROP] = "DELETE FROM route WHERE initiative = ?1"
                        " AND participant = ?2 AND run = ?3",
    [ES_Q_SKETCH] = "SELECT marks FROM sketch"
                    " WHERE initiative = ?1 AND run = ?2",
    [ES_Q_EACH_SKETCH] = "SELECT run, marks FROM sketch",
    [ES_Q_SKETCH_PUT] =
        "INSERT INTO sketch (initiative, run, marks) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (initiative, run) DO UPDATE SET marks = ?3",
    [ES_Q_SKETCH_DROP] = "DELETE FROM sketch WHERE initiative = ?1"
                         " AND run = ?2",
    [ES_Q_ALIKE] = "SELECT other FROM alike WHERE initiative = ?1"
                   " AND run = ?2 ORDER BY other",
    [ES_Q_ALIKE_PUT] =
        "INSERT INTO alike (initiative, run, other) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (initiative, run, other) DO NOTHING",
    [ES_Q_ALIKE_DROP] = "DELETE FROM alike WHERE initiative = ?1"
                        " AND (run = ?2 OR other = ?2)",
    [ES_Q_ZONES_OF] = "SELECT initiative, participant, id, circle FROM zone"
                      " WHERE initiative = ?1 AND participant = ?2"
                      " ORDER BY id",
    [ES_Q_ZONE_ADD] = "INSERT INTO zone (initiative, participant, id, circle)"
                      " VALUES (?1, ?2, ?3, ?4)",

    [ES_Q_INITIATIVE_SUSPEND] = "UPDATE initiative SET suspended_ms = ?2,"
                                " suspended_why = ?3 WHERE id = ?1",
    [ES_Q_INITIATIVE_QUOTA] = "UPDATE initiative SET people_max = ?2"
                              " WHERE id = ?1",

    [ES_Q_ACCOUNT] = ACCOUNT "WHERE a.id = ?1",
    [ES_Q_ACCOUNT_BY_NAME] =
        ACCOUNT "JOIN account_name n ON n.account = a.id WHERE n.name_key = ?1",
    [ES_Q_ACCOUNTS] = ACCOUNT "ORDER BY a.id LIMIT ?1",
    [ES_Q_ACCOUNT_PUT] =
        "INSERT INTO account (id, name, name_key, mail, lang, may_create,"
        " created_ms, ended_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (id) DO UPDATE SET name = ?2, name_key = ?3, mail = ?4,"
        " lang = ?5, may_create = ?6, ended_ms = ?8",
    [ES_Q_ACCOUNT_NAME_TAKE] =
        "INSERT INTO account_name (name_key, account) VALUES (?1, ?2)",
    [ES_Q_ACCOUNT_NAME_FREE] = "DELETE FROM account_name WHERE name_key ="
                               " (SELECT name_key FROM account WHERE id = ?1)"
                               " AND account = ?1",
    [ES_Q_ROLES_OF] = ROLE "WHERE account = ?1 ORDER BY initiative, role",
    [ES_Q_STAFF] = ROLE "WHERE initiative = ?1 ORDER BY role, account",
    [ES_Q_ROLE_ADD] =
        "INSERT INTO role (initiative, account, role, given_by, given_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
    [ES_Q_ROLE_DROP] = "DELETE FROM role WHERE initiative = ?1"
                       " AND account = ?2 AND role = ?3",
    [ES_Q_ROLES_DROP] = "DELETE FROM role WHERE account = ?1",
    [ES_Q_INVITATION] = INVITATION "WHERE hash = ?1 AND expires_ms > ?2",
    [ES_Q_INVITATIONS] = INVITATION "WHERE initiative = ?1 AND expires_ms > ?2"
                                    " ORDER BY id",
    [ES_Q_INVITATION_ADD] =
        "INSERT INTO invitation (hash, initiative, id, role, name, made_by,"
        " created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [ES_Q_INVITATION_USE] = "DELETE FROM invitation WHERE hash = ?1"
                            " AND expires_ms > ?2",
    [ES_Q_INVITATION_DROP] = "DELETE FROM invitation WHERE initiative = ?1"
                             " AND id = ?2",

    [ES_Q_CREDENTIAL] =
        CREDENTIAL "WHERE hash = ?1 AND kind = ?2"
                   " AND (expires_ms = 0 OR expires_ms > ?3)"
                   " AND (idle_ms = 0 OR seen_ms + idle_ms > ?3)",
    [ES_Q_CREDENTIALS_OF] =
        CREDENTIAL "WHERE initiative = ?1 AND subject = ?2 AND kind = ?3"
                   " AND (expires_ms = 0 OR expires_ms > ?4)"
                   " AND (idle_ms = 0 OR seen_ms + idle_ms > ?4)"
                   " ORDER BY seen_ms DESC, id DESC",
    [ES_Q_CREDENTIAL_ADD] =
        "INSERT INTO credential (hash, kind, initiative, subject, created_ms,"
        " expires_ms, id, seen_ms, idle_ms, fresh_ms, fresh_by, browser)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [ES_Q_CREDENTIAL_DROP] = "DELETE FROM credential WHERE hash = ?1",
    /* Never back: two requests may come in either order. */
    [ES_Q_CREDENTIAL_SEEN] = "UPDATE credential SET seen_ms = ?2"
                             " WHERE hash = ?1 AND seen_ms < ?2",
    [ES_Q_CREDENTIAL_RENEW] =
        "UPDATE credential SET hash = ?2, fresh_ms = ?3, fresh_by = ?4"
        " WHERE hash = ?1",
    [ES_Q_CREDENTIAL_END] =
        "DELETE FROM credential WHERE initiative = ?1 AND subject = ?2"
        " AND kind = ?3 AND id = ?4",
    [ES_Q_CREDENTIALS_END] =
        "DELETE FROM credential WHERE initiative = ?1 AND subject = ?2"
        " AND kind = ?3 AND id <> ?4",
    [ES_Q_CREDENTIALS_TRIM] =
        "DELETE FROM credential WHERE (expires_ms <> 0 AND expires_ms <= ?1)"
        " OR (idle_ms <> 0 AND seen_ms + idle_ms <= ?1)",

    [ES_Q_PASSKEY] = PASSKEY "WHERE id = ?1",
    [ES_Q_PASSKEYS_OF] = PASSKEY "WHERE initiative = ?1 AND subject = ?2"
                                 " ORDER BY created_ms, id",
    [ES_Q_PASSKEY_ADD] =
        "INSERT INTO passkey (id, initiative, subject, public_key, algorithm,"
        " sign_count, name, may_back_up, backed_up, created_ms, used_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [ES_Q_PASSKEY_USED] = "UPDATE passkey SET sign_count = ?2, used_ms = ?3,"
                          " backed_up = ?4 WHERE id = ?1",
    [ES_Q_PASSKEY_NAME] = "UPDATE passkey SET name = ?4 WHERE id = ?1"
                          " AND initiative = ?2 AND subject = ?3",
    [ES_Q_PASSKEY_DROP] = "DELETE FROM passkey WHERE id = ?1"
                          " AND initiative = ?2 AND subject = ?3",
    [ES_Q_RECOVERY] = RECOVERY "WHERE hash = ?1",
    [ES_Q_RECOVERY_OF] = RECOVERY "WHERE account = ?1 ORDER BY used_ms, hash",
    [ES_Q_RECOVERY_ADD] = "INSERT INTO recovery (hash, account, created_ms,"
                          " used_ms) VALUES (?1, ?2, ?3, 0)",
    [ES_Q_RECOVERY_USE] = "UPDATE recovery SET used_ms = ?2 WHERE hash = ?1"
                          " AND used_ms = 0",
    [ES_Q_RECOVERY_DROP] = "DELETE FROM recovery WHERE account = ?1",

    [ES_Q_MAIL_WHO] =
        "SELECT " PARTICIPANT_COLUMNS " FROM mail m JOIN participant p"
        " ON p.initiative = m.initiative AND p.id = m.participant"
        " WHERE m.address = lower(?1) ORDER BY p.id DESC LIMIT ?2",
    [ES_Q_MAIL_ADD] = "INSERT INTO mail (address, initiative, participant)"
                      " VALUES (lower(?1), ?2, ?3)"
                      " ON CONFLICT (address, initiative, participant)"
                      " DO NOTHING",
    [ES_Q_MAIL_DROP] = "DELETE FROM mail WHERE address ="
                       " (SELECT lower(email) FROM participant"
                       " WHERE initiative = ?1 AND id = ?2)"
                       " AND initiative = ?1 AND participant = ?2",
    [ES_Q_PARTICIPANT_MAIL] = "UPDATE participant SET email = ?3"
                              " WHERE initiative = ?1 AND id = ?2",
    [ES_Q_MAIL_LINK] = MAIL_LINK "WHERE hash = ?1 AND expires_ms > ?2",
    [ES_Q_MAIL_LINK_ADD] =
        "INSERT INTO mail_link (hash, address, initiative, participant,"
        " browser, code, tries, created_ms, expires_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [ES_Q_MAIL_LINK_TRY] = "UPDATE mail_link SET tries = tries + 1"
                           " WHERE hash = ?1",
    [ES_Q_MAIL_LINK_DROP] = "DELETE FROM mail_link WHERE hash = ?1",
    [ES_Q_MAIL_LINKS_DROP] = "DELETE FROM mail_link WHERE initiative = ?1"
                             " AND participant = ?2",
    [ES_Q_MAIL_LINKS_TRIM] = "DELETE FROM mail_link WHERE expires_ms <= ?1",
    [ES_Q_MAIL_LINK_ASKED] = MAIL_LINK "WHERE browser = ?1 AND expires_ms > ?2"
                                       " ORDER BY created_ms DESC LIMIT 1",
    [ES_Q_MAIL_OUT_ADD] = "INSERT INTO mail_out (id, sealed, tries, next_ms,"
                          " expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [ES_Q_MAIL_DUE] = "SELECT id, sealed, tries, next_ms, expires_ms"
                      " FROM mail_out WHERE next_ms <= ?1 AND expires_ms > ?1"
                      " ORDER BY next_ms LIMIT ?2",
    [ES_Q_MAIL_OUT_TRY] = "UPDATE mail_out SET tries = tries + 1, next_ms = ?3"
                          " WHERE id = ?1 AND tries = ?2",
    [ES_Q_MAIL_OUT_DROP] = "DELETE FROM mail_out WHERE id = ?1",
    [ES_Q_MAIL_OUT_TRIM] = "DELETE FROM mail_out WHERE expires_ms <= ?1",

    [ES_Q_LETTER_ADD] =
        "INSERT INTO letter (id, initiative, participant, kind, about, run,"
        " state, tries, next_ms, expires_ms, created_ms, fault, code)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9, 0, 0)"
        " ON CONFLICT (initiative, participant, kind, about) DO NOTHING",
    [ES_Q_LETTERS_DUE] = LETTER "WHERE state = 0 AND next_ms <= ?1"
                                " ORDER BY next_ms LIMIT ?2",
    [ES_Q_LETTERS_FAILED] =
        LETTER "WHERE initiative = ?1 AND id < ?2 AND kind <> 20"
               " AND (state IN (2, 3) OR (state = 0 AND fault > 0))"
               " ORDER BY id DESC LIMIT ?3",
    [ES_Q_LETTER_TO] = LETTER "WHERE initiative = ?1 AND participant = ?2"
                              " AND kind = ?3 ORDER BY about DESC LIMIT 1",
    [ES_Q_LETTER_TRY] = "UPDATE letter SET tries = tries + 1, next_ms = ?3"
                        " WHERE id = ?1 AND tries = ?2 AND state = 0",
    [ES_Q_LETTER_END] = "UPDATE letter SET state = ?2, fault = ?3, code = ?4"
                        " WHERE id = ?1 AND state = 0",
    [ES_Q_LETTER_AGAIN] = "UPDATE letter SET state = 0, next_ms = ?3,"
                          " expires_ms = max(expires_ms, ?4)"
                          " WHERE initiative = ?1 AND (?2 = 0 OR id = ?2)"
                          " AND (state IN (2, 3) OR (state = 0 AND fault > 0))",
    [ES_Q_LETTER_AGAIN_MAIL] =
        "UPDATE mail_state SET refused_ms = 0 WHERE initiative = ?1"
        " AND participant IN (SELECT participant FROM letter"
        " WHERE initiative = ?1 AND (?2 = 0 OR id = ?2)"
        " AND (state IN (2, 3) OR (state = 0 AND fault > 0)))",
    [ES_Q_LETTERS_WHERE] = "SELECT id FROM initiative WHERE state > 0"
                           " AND closes_ms > ?1",
    [ES_Q_LETTER_COUNTS] = "SELECT kind, state, n FROM letter_count"
                           " WHERE initiative = ?1",
    [ES_Q_LETTER_SETS] = "SELECT kind, is_on, days FROM letter_kind"
                         " WHERE initiative = ?1",
    [ES_Q_LETTER_SET_PUT] =
        "INSERT INTO letter_kind (initiative, kind, is_on, days)"
        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (initiative, kind)"
        " DO UPDATE SET is_on = excluded.is_on, days = excluded.days",
    [ES_Q_LETTER_WORDS] = "SELECT words FROM letter_words WHERE initiative = ?1"
                          " AND kind = ?2 AND lang = ?3",
    [ES_Q_LETTER_WORDS_PUT] =
        "INSERT INTO letter_words (initiative, kind, lang, words)"
        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (initiative, kind, lang)"
        " DO UPDATE SET words = excluded.words",
    [ES_Q_LETTER_ROUND] = "SELECT after, done FROM letter_round"
                          " WHERE initiative = ?1 AND kind = ?2",
    [ES_Q_LETTER_ROUND_PUT] =
        "INSERT INTO letter_round (initiative, kind, after, done)"
        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (initiative, kind)"
        " DO UPDATE SET after = excluded.after, done = excluded.done",
    [ES_Q_MAIL_STATE] = "SELECT stopped_ms, refused_ms, refused, code"
                        " FROM mail_state"
                        " WHERE initiative = ?1 AND participant = ?2",
    [ES_Q_MAIL_STOP] =
        "INSERT INTO mail_state (initiative, participant, stopped_ms,"
        " refused_ms, refused, code) VALUES (?1, ?2, ?3, 0, x'', 0)"
        " ON CONFLICT (initiative, participant)"
        " DO UPDATE SET stopped_ms = excluded.stopped_ms",
    [ES_Q_MAIL_REFUSE] =
        "INSERT INTO mail_state (initiative, participant, stopped_ms,"
        " refused_ms, refused, code) VALUES (?1, ?2, 0, ?3, ?4, ?5)"
        " ON CONFLICT (initiative, participant)"
        " DO UPDATE SET refused_ms = excluded.refused_ms,"
        " refused = excluded.refused, code = excluded.code",
    [ES_Q_MAIL_TEST] = MAIL_TEST "WHERE account = ?1",
    [ES_Q_MAIL_TESTS] = MAIL_TEST "WHERE done_ms = 0 AND asked_ms > ?1"
                                  " ORDER BY asked_ms LIMIT ?2",
    [ES_Q_MAIL_TEST_PUT] =
        "INSERT INTO mail_test (account, address, lang, asked_ms, done_ms,"
        " fault, code, said) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (account) DO UPDATE SET address = excluded.address,"
        " lang = excluded.lang, asked_ms = excluded.asked_ms,"
        " done_ms = excluded.done_ms, fault = excluded.fault,"
        " code = excluded.code, said = excluded.said",

    [ES_Q_REPORT] = REPORT "WHERE initiative = ?1 AND id = ?2",
    [ES_Q_REPORTS] = REPORT "WHERE state = ?1 AND id < ?2"
                            " ORDER BY id DESC LIMIT ?3",
    [ES_Q_REPORTS_IN] = REPORT "WHERE initiative = ?1 AND state = ?2"
                               " AND id < ?3 ORDER BY id DESC LIMIT ?4",
    [ES_Q_REPORTS_SAME] =
        REPORT "WHERE initiative = ?1 AND what = ?2 AND which = ?3"
               " AND state = ?4 ORDER BY id",
    [ES_Q_REPORT_ADD] =
        "INSERT INTO report (initiative, id, what, which, shown, words, mail,"
        " lang, at_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [ES_Q_REPORT_STATE] = "UPDATE report SET state = ?3 WHERE initiative = ?1"
                          " AND id = ?2",
    [ES_Q_DECISIONS] = DECISION "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    [ES_Q_DECISIONS_OF] = DECISION "WHERE initiative = ?1 AND id < ?2"
                                   " ORDER BY id DESC LIMIT ?3",
    [ES_Q_DECISIONS_ABOUT] =
        DECISION "WHERE initiative = ?1 AND which = ?2 AND id > ?3"
                 " ORDER BY id DESC LIMIT ?4",
    [ES_Q_DECISION_ADD] =
        "INSERT INTO decision (initiative, id, account, what, which, about,"
        " why, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",

    [ES_Q_COUNTED_TO] = "SELECT value FROM counter WHERE initiative = ?1"
                        " AND name = ?2",
    [ES_Q_STEP_LAST] = "SELECT chain FROM step WHERE initiative = ?1"
                       " ORDER BY id DESC LIMIT 1",
    [ES_Q_STEP_ADD] =
        "INSERT INTO step (initiative, id, run, participant, what, status,"
        " account, role, reason, said, rules_version, at_ms, chain)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    [ES_Q_SAID_ADD] = "INSERT INTO said (initiative, step, salt, words)"
                      " VALUES (?1, ?2, ?3, ?4)",
    [ES_Q_STEPS_OF] =
        STEP_AT("INDEXED BY step_of") "WHERE s.initiative = ?1 AND s.run = ?2"
                                      " ORDER BY s.id",
    [ES_Q_STEPS] = STEP "WHERE s.initiative = ?1" STEP_PAGE,
    [ES_Q_STEPS_WHAT] = STEP_AT(
        "INDEXED BY step_what") "WHERE s.initiative = ?1 AND s.what = ?4"
                                " AND s.id < ?2 ORDER BY s.id DESC LIMIT ?3",
    /* likelihood(): else it would walk all accounts' steps for account > 0 */
    [ES_Q_STEPS_BY] = STEP_AT(
        "INDEXED BY step_by") "WHERE s.initiative = ?1 AND s.account = ?5"
                              " AND likelihood(s.account > 0, 0.99)"
                              " AND s.id < ?2 AND (?4 = 0 OR +s.what = ?4)"
                              " ORDER BY s.id DESC LIMIT ?3",
    [ES_Q_STEPS_ABOUT] =
        STEP_AT("INDEXED BY step_of") "WHERE s.initiative = ?1 AND s.run IN "
                                      "(SELECT id FROM run"
                                      " WHERE initiative = ?1 AND participant "
                                      "= ?6)" STEP_PAGE,
    [ES_Q_STEPS_AFTER] = STEP "WHERE s.initiative = ?1 AND s.id > ?2"
                              " ORDER BY s.id LIMIT ?3",
    [ES_Q_STEPS_WHOLE] = STEP "WHERE s.initiative = ?1 ORDER BY s.id",
    [ES_Q_STEPS_DIFFER] =
        "SELECT r.id FROM run r WHERE r.initiative = ?1 AND r.status <>"
        " (SELECT s.status FROM step s INDEXED BY step_of WHERE s.initiative = "
        "?1"
        " AND s.run = r.id ORDER BY s.id DESC LIMIT 1) ORDER BY r.id LIMIT 1",

    [ES_Q_QUEUE_PUT] =
        "INSERT INTO queue (initiative, run, participant, why, turn, since_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (initiative, run)"
        " DO UPDATE SET why = excluded.why, turn = excluded.turn,"
        " since_ms = excluded.since_ms",
    [ES_Q_QUEUE_DROP] = "DELETE FROM queue WHERE initiative = ?1 AND run = ?2",
    [ES_Q_QUEUE_FOR_ADD] =
        "INSERT INTO queue_for (initiative, code, since_ms, run, alone)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    [ES_Q_QUEUE_FOR_DROP] = "DELETE FROM queue_for WHERE initiative = ?1"
                            " AND run = ?2",
    [ES_Q_QUEUE_ONE] = QUEUED "FROM queue q WHERE q.initiative = ?1"
                              " AND q.run = ?2",
    [ES_Q_QUEUE_TURN] = QUEUE_TURN BEHIND("q"),
    [ES_Q_QUEUE_TURN_BACK] = QUEUE_TURN BEFORE("q"),
    [ES_Q_QUEUE_WHY] = QUEUE_WHY BEHIND("q"),
    [ES_Q_QUEUE_WHY_BACK] = QUEUE_WHY BEFORE("q"),
    [ES_Q_QUEUE_FOR] = QUEUE_FOR BEHIND("f"),
    [ES_Q_QUEUE_FOR_BACK] = QUEUE_FOR BEFORE("f"),
    [ES_Q_QUEUE_OF] = QUEUE_OF BEHIND("q"),
    [ES_Q_QUEUE_OF_BACK] = QUEUE_OF BEFORE("q"),
    [ES_Q_QUEUE_COUNTS] =
        "SELECT why, '', count(*), 0 FROM queue WHERE initiative = ?1"
        " GROUP BY why UNION ALL SELECT 0, code, count(*), sum(alone)"
        " FROM queue_for WHERE initiative = ?1 GROUP BY code",
    [ES_Q_QUEUE_UNSORTED] =
        QUEUED "FROM queue q WHERE q.turn = 0 AND NOT EXISTS (SELECT 1"
               " FROM queue_for f WHERE f.initiative = q.initiative"
               " AND f.run = q.run) LIMIT ?1",

    [ES_Q_RUN] = RUN "WHERE r.initiative = ?1 AND r.id = ?2",
    [ES_Q_RUN_BY_CODE] =
        RUN "JOIN run_code c ON c.initiative = r.initiative AND c.run = r.id"
            " WHERE c.code = ?1",
    [ES_Q_RUN_BY_UPLOAD] =
        RUN "JOIN upload u ON u.initiative = r.initiative AND u.run = r.id"
            " WHERE u.initiative = ?1 AND u.hash = ?3 AND u.participant = ?2"
            " AND u.activity = ?4",
    [ES_Q_RUNS_OF] = RUN "WHERE r.initiative = ?1 AND r.participant = ?2"
                         " AND r.id < ?3 ORDER BY r.id DESC LIMIT ?4",
    [ES_Q_RUNS_WITH] = RUN "WHERE r.initiative = ?1 AND r.status = ?2"
                           " AND r.id < ?3 ORDER BY r.id DESC LIMIT ?4",
    [ES_Q_RUN_ADD] =
        "INSERT INTO run (initiative, id, participant, code, kind, status,"
        " received_ms, started_ms, dist_mm, counted_mm, time_ms,"
        " rules_version, activity, file_name, member, note, provenance,"
        " measure, findings)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
        " ?15, ?16, ?17, ?18, ?19)",
    [ES_Q_RUN_UPDATE] = "UPDATE run SET status = ?3, counted_mm = ?4,"
                        " time_ms = ?5, rules_version = ?6, note = ?7,"
                        " findings = ?8 WHERE initiative = ?1 AND id = ?2",
    [ES_Q_RUN_CODE_ADD] = "INSERT INTO run_code (code, initiative, run)"
                          " VALUES (?1, ?2, ?3)",
    [ES_Q_BLOB_ADD] = "INSERT INTO blob (initiative, run, segment, at, length,"
                      " key, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ES_Q_BLOB_DROP] = "DELETE FROM blob WHERE initiative = ?1 AND run = ?2",
    [ES_Q_UPLOAD_ADD] = "INSERT INTO upload (initiative, hash, participant,"
                        " activity, run) VALUES (?1, ?2, ?3, ?4, ?5)",
    [ES_Q_UPLOAD_DROP] = "DELETE FROM upload WHERE initiative = ?1"
                         " AND hash = ?2 AND participant = ?3"
                         " AND activity = ?4 AND run = ?5",
    [ES_Q_UPLOAD_OF_OTHER] = "SELECT run FROM upload WHERE initiative = ?1"
                             " AND hash = ?2 AND participant <> ?3"
                             " ORDER BY run LIMIT 1",

    /* 0: accepted, 1: in review */
    [ES_Q_RUN_BETWEEN] =
        "SELECT id FROM run WHERE initiative = ?1 AND participant = ?2"
        " AND status IN (0, 1) AND started_ms < ?4"
        " AND started_ms + time_ms > ?3 ORDER BY id LIMIT 1",

    [ES_Q_LEDGER_ADD] =
        "INSERT INTO ledger (initiative, participant, id, run, delta_mm,"
        " delta_ms, delta_runs, at_ms, actor, reason)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",

    [ES_Q_IDEM] = "SELECT body_hash, run FROM idempotency"
                  " WHERE initiative = ?1 AND participant = ?2 AND key = ?3",
    [ES_Q_IDEM_PUT] = "INSERT INTO idempotency (initiative, participant, key,"
                      " body_hash, run, created_ms)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",

    [ES_Q_EACH_SUM] =
        SUM "LEFT JOIN (" RUN_SUM "initiative = ?1 GROUP BY participant) r"
            " ON r.participant = p.id LEFT JOIN (" LEDGER_SUM "initiative = ?1"
            " GROUP BY participant) l ON l.participant = p.id"
            " WHERE p.initiative = ?1 ORDER BY p.id",
    [ES_Q_SUM_OF] =
        SUM "LEFT JOIN (" RUN_SUM "initiative = ?1 AND participant = ?2"
            " GROUP BY participant) r ON r.participant = p.id"
            " LEFT JOIN (" LEDGER_SUM "initiative = ?1 AND participant = ?2"
            " GROUP BY participant) l ON l.participant = p.id"
            " WHERE p.initiative = ?1 AND p.id = ?2",

    /* The first half reads an index alone; runs without a start are few, and
     * found in it: by their status, each would be looked up. */
    [ES_Q_EACH_COUNTED] =
        "SELECT participant, started_ms, counted_mm FROM run INDEXED BY run_of"
        " WHERE initiative = ?1 AND status = 0"
        " AND started_ms <> -9223372036854775808 UNION ALL"
        " SELECT participant, received_ms, counted_mm FROM run"
        " INDEXED BY run_of WHERE initiative = ?1 AND status = 0"
        " AND started_ms = -9223372036854775808",
    [ES_Q_EACH_COUNTED_OF] =
        "SELECT participant, iif(started_ms = -9223372036854775808,"
        " received_ms, started_ms), counted_mm FROM run INDEXED BY run_of"
        " WHERE initiative = ?1 AND participant = ?2 AND status = 0",
    /* 1, 2, 7: received, judged again, appealed for; 3, 4, 8, 9: by a person
     * (store/steps.h). In the order of the table: an index would have each
     * looked up. */
    [ES_Q_EACH_LOOK] =
        "SELECT at_ms / 900000 * 900000 AS at, sum(what IN (1, 2, 7)),"
        " sum(what IN (3, 4, 8, 9)) FROM step WHERE initiative = ?1"
        " AND (+what IN (3, 4, 8, 9) OR (status = 1 AND +what IN (1, 2, 7)))"
        " GROUP BY at",
    [ES_Q_HELD] =
        "SELECT (SELECT coalesce(sum(length), 0) FROM (SELECT DISTINCT segment,"
        " at, length FROM blob WHERE initiative = ?1)),"
        " (SELECT coalesce(sum(length), 0) FROM evidence"
        " WHERE initiative = ?1)",
    [ES_Q_HELD_OF] =
        "WITH own AS (SELECT id FROM run WHERE initiative = ?1"
        " AND participant = ?2)"
        " SELECT (SELECT coalesce(sum(length), 0) FROM (SELECT DISTINCT"
        " segment, at, length FROM blob WHERE initiative = ?1"
        " AND run IN own)), (SELECT coalesce(sum(length), 0) FROM evidence"
        " WHERE initiative = ?1 AND run IN own)",

    [ES_Q_COUNTED_OF] = "SELECT started_ms, counted_mm FROM run"
                        " WHERE initiative = ?1 AND participant = ?2"
                        " AND status = 0 ORDER BY id DESC LIMIT ?3",

    [ES_Q_RULE_CHANGE] = RULE_CHANGE "WHERE initiative = ?1 AND version = ?2",
    [ES_Q_RULE_CHANGES] =
        RULE_CHANGE "WHERE initiative = ?1 ORDER BY version DESC LIMIT ?2",
    [ES_Q_RULE_CHANGES_OPEN] =
        RULE_CHANGE "WHERE ended_ms = 0 ORDER BY at_ms LIMIT ?1",
    [ES_Q_RULE_CHANGE_PUT] =
        "INSERT OR REPLACE INTO rule_change (initiative, version, state,"
        " account, who, why, at_ms, ended_ms, opens_ms, closes_ms, zone, rules,"
        " after, tally) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " ?12, ?13, ?14)",
    [ES_Q_RULE_CHANGE_DROP] = "DELETE FROM rule_change WHERE initiative = ?1"
                              " AND version = ?2 AND state = 0",
    [ES_Q_LIVE_REPORTS] =
        "SELECT at_ms, t_ms, dist_mm FROM live_report WHERE initiative = ?1"
        " AND participant = ?2 AND recording = ?3 ORDER BY at_ms LIMIT ?4",
    [ES_Q_LIVE_ADD] =
        "INSERT INTO live_report (initiative, participant, recording, at_ms,"
        " t_ms, dist_mm) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (initiative, participant, recording, at_ms) DO NOTHING",
    [ES_Q_LIVE_DROP] = "DELETE FROM live_report WHERE initiative = ?1"
                       " AND participant = ?2",
    [ES_Q_LIVE_FORGET] =
        "DELETE FROM live_report WHERE initiative = ?1 AND participant = ?2"
        " AND (?3 = '' OR recording = ?3) AND at_ms < ?4",
    [ES_Q_RULES_VERSION] = "SELECT rules_version FROM initiative WHERE id = ?1",

    [ES_Q_RESULTS] = "SELECT initiative, version, account, why, at_ms, sha256"
                     " FROM result WHERE initiative = ?1"
                     " ORDER BY version DESC LIMIT ?2",
    [ES_Q_RESULT] = "SELECT initiative, version, account, why, at_ms, sha256,"
                    " file FROM result WHERE initiative = ?1 AND version = ?2",
    [ES_Q_RESULT_ADD] = "INSERT INTO result (initiative, version, account, why,"
                        " at_ms, sha256, file)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ES_Q_RUN_TALLIES] = "SELECT participant, status, count(*) FROM run"
                         " WHERE initiative = ?1 AND participant > ?2"
                         " AND participant <= ?3"
                         " GROUP BY participant, status"
                         " ORDER BY participant, status",
    [ES_Q_STATE] = "SELECT state FROM initiative WHERE id = ?1",
    [ES_Q_STATE_PUT] = "UPDATE initiative SET state = ?2 WHERE id = ?1",
    [ES_Q_RUNNERS_AFTER] =
        "SELECT DISTINCT participant FROM run WHERE initiative = ?1"
        " AND participant > ?2 ORDER BY participant LIMIT ?3",
    [ES_Q_RUNS_COUNT] = "SELECT count(*) FROM run WHERE initiative = ?1",
    [ES_Q_RUN_JUDGED] = "UPDATE run SET status = ?3, counted_mm = ?4,"
                        " time_ms = ?5, rules_version = ?6, findings = ?7"
                        " WHERE initiative = ?1 AND id = ?2 AND status <> 3",
    [ES_Q_RUN_PICTURED] = "SELECT EXISTS (SELECT 1 FROM evidence"
                          " WHERE initiative = ?1 AND run = ?2)",
    /* CROSS, and the participant once more: from the person's few to their runs
     * by the whole key. Anything else reads all runs there are. */
    [ES_Q_SHARES] =
        "SELECT s.run, s.started_ms, s.day, s.alone_mm, r.counted_mm"
        " FROM share s CROSS JOIN run r WHERE s.initiative = ?1"
        " AND s.participant = ?2 AND r.initiative = s.initiative"
        " AND r.participant = s.participant AND r.id = s.run"
        " AND r.status = 0",
    [ES_Q_SHARE_PUT] =
        "INSERT INTO share (initiative, participant, run, started_ms, day,"
        " alone_mm) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (initiative, participant, run) DO UPDATE SET"
        " started_ms = ?4, day = ?5, alone_mm = ?6",

    ES_SQL_PROGRAMME,
    ES_SQL_TICKETS,
    ES_SQL_PICTURES,

#include "store/sqlite/sql_statements.inc"

    [ES_Q_OUTBOX_AFTER] =
        "SELECT initiative, id, at_ms, origin, kind, payload FROM outbox"
        " WHERE id > ?1 ORDER BY id LIMIT ?2",
    [ES_Q_OUTBOX_LAST] = "SELECT coalesce(max(id), 0) FROM outbox",
    [ES_Q_OUTBOX_ADD] = "INSERT INTO outbox (initiative, id, at_ms, origin,"
                        " kind, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [ES_Q_OUTBOX_TRIM] = "DELETE FROM outbox WHERE id <= ?1",

    [ES_Q_SEGMENT] = "SELECT synced FROM segment WHERE number = ?1",
    [ES_Q_SEGMENT_PUT] =
        "INSERT INTO segment (number, synced) VALUES (?1, ?2)"
        " ON CONFLICT (number) DO UPDATE SET synced = excluded.synced",
    [ES_Q_SEGMENT_NAMED] =
        "SELECT EXISTS (SELECT 1 FROM blob WHERE segment = ?1)"
        " OR EXISTS (SELECT 1 FROM media WHERE segment = ?1)"
        " OR EXISTS (SELECT 1 FROM media_piece WHERE segment = ?1)"
        " OR EXISTS (SELECT 1 FROM evidence WHERE segment = ?1)",
    [ES_Q_BLOBS] =
        "SELECT initiative, run, 0, segment, at, length, key, hash FROM blob"
        " UNION ALL"
        " SELECT initiative, 0, id, segment, at, length, key, hash FROM media"
        " WHERE segment <> 0 UNION ALL"
        " SELECT initiative, 0, media, segment, at, length, key, hash"
        " FROM media_piece UNION ALL"
        " SELECT initiative, run, 0, segment, at, length, key, hash"
        " FROM evidence",
    ES_SQL_PRESS,
    [ES_Q_INTEGRITY] = "PRAGMA integrity_check(1)",
};
