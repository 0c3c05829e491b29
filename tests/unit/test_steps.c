/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Steps are added and never changed, and a change is noticed; the queue gives
 * what waits, oldest first. */
#include "store/sqlite/sql.h"
#include "store/steps.h"
#include "store_kit.h"

#include <sqlite3.h>
#include <string.h>

enum { INI = 10, ACCOUNT = 77 };

WRITE(add_step)
{
    (void)blob;
    return es_txn_step_add(tx, arg, e);
}

static struct es_step step(int64_t run, enum es_step_what what,
                           const char *words)
{
    return (struct es_step){ .initiative = INI,
                             .run = run,
                             .participant = INI + 1,
                             .what = what,
                             .account = what == ES_STEP_REFUSED ? ACCOUNT : 0,
                             .reason = what == ES_STEP_REFUSED ? "twice" : "",
                             .words = words,
                             .rules_version = 3,
                             .at_ms = 1000 + run };
}

/* Six steps of two runs. */
static void fill(struct es_store *s)
{
    static const struct {
        int64_t run;
        enum es_step_what what;
        const char *words;
    } ALL[] = { { 1, ES_STEP_RECEIVED, "" },
                { 2, ES_STEP_RECEIVED, "" },
                { 1, ES_STEP_REFUSED, "It came twice." },
                { 1, ES_STEP_APPEALED, "It \"didn't\",\nat all." },
                { 2, ES_STEP_REFUSED, "" },
                { 1, ES_STEP_GRANTED, "" } };
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++) {
        struct es_step st = step(ALL[i].run, ALL[i].what, ALL[i].words);
        CHECK_INT(kit_write(s, add_step, &st), ES_OK);
        CHECK_INT(st.id, (int64_t)i + 1);
    }
}

static void sql(const char *dir, const char *text)
{
    char path[4096];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(h);
}

TEST(steps_count_up_and_are_read_by_run_kind_and_person)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_steps_ask ask = { .initiative = INI, .max = 4 };
    struct es_step *v;
    struct es_arena a;
    size_t n;
    es_arena_init(&a, 1 << 20);
    fill(s);
    CHECK_INT(es_store_steps_of(s, INI, 1, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 4);
    CHECK_INT(v[1].what, ES_STEP_REFUSED);
    CHECK_STR(v[1].reason, "twice");
    CHECK_STR(v[1].words, "It came twice.");
    CHECK_INT(v[1].rules_version, 3);
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 4);
    CHECK_INT(v[0].id, 6);
    ask.before = v[3].id;
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[1].id, 1);
    ask = (struct es_steps_ask){ .initiative = INI,
                                 .what = ES_STEP_REFUSED,
                                 .max = 9 };
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    ask.account = ACCOUNT;
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    ask.account = ACCOUNT + 1;
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_steps_after(s, INI, 4, 9, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].id, 5);
    ask = (struct es_steps_ask){ .initiative = INI + 1, .max = 9 };
    CHECK_INT(es_store_steps(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(a_step_that_is_missing_or_changed_is_noticed)
{
    static const struct {
        const char *sql;
        int64_t broken_at;
    } CASES[] = {
        { "SELECT 1", 0 },
        { "DELETE FROM step WHERE id = 1", 1 },
        { "DELETE FROM step WHERE id = 3", 3 },
        { "DELETE FROM step WHERE id = 6", 6 },
        { "DELETE FROM step WHERE id > 3", 4 },
        { "DELETE FROM step", 1 },
        { "UPDATE step SET account = 5 WHERE id = 3", 3 },
        { "UPDATE step SET reason = 'other' WHERE id = 5", 5 },
        { "UPDATE step SET at_ms = at_ms + 1 WHERE id = 2", 2 },
        { "UPDATE step SET said = x'' WHERE id = 4", 4 },
        { "UPDATE said SET words = 'Yes.' WHERE step = 4", 4 },
        { "DELETE FROM said WHERE step = 4", 0 }, /* erased: that may be */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *dir = t_tmpdir();
        struct es_steps_checked c = { 0 };
        struct es_store *s = kit_open(dir);
        fill(s);
        sql(dir, CASES[i].sql);
        CHECK_INT(es_store_steps_check(s, INI, &c, NULL), ES_OK);
        CHECK_INT(c.broken_at, CASES[i].broken_at);
        CHECK_INT(c.counted_to, 6);
        CHECK_INT(c.differs, 0);
        es_store_close(s);
    }
}

TEST(a_run_that_is_not_what_its_last_step_says_is_noticed)
{
    const char *dir = t_tmpdir();
    struct es_steps_checked c = { 0 };
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, INI + 1, 1, "aaaaaaaaaa");
    kit_world(s, INI);
    r.blob.segment = 0;
    r.kind = ES_KIND_TYPED;
    CHECK_INT(kit_upload(s, &r, (struct es_bytes){ 0 }), ES_OK);
    CHECK_INT(es_store_steps_check(s, INI, &c, NULL), ES_OK);
    CHECK_INT(c.differs, 0); /* of before: it has no steps */
    struct es_step st = step(1, ES_STEP_RECEIVED, "");
    st.status = r.status;
    CHECK_INT(kit_write(s, add_step, &st), ES_OK);
    CHECK_INT(es_store_steps_check(s, INI, &c, NULL), ES_OK);
    CHECK_INT(c.differs, 0);
    sql(dir, "UPDATE run SET status = 3 - status");
    CHECK_INT(es_store_steps_check(s, INI, &c, NULL), ES_OK);
    CHECK_INT(c.differs, 1);
    es_store_close(s);
}

/* Once, SQLite took the primary key and read all steps to find those of one
 * run: 40 ms of 300,000. */
TEST(what_is_asked_for_is_found_by_its_index)
{
    static const struct {
        enum es_query q;
        const char *by;
    } ALL[] = {
        { ES_Q_STEPS_OF, "INDEX step_of (initiative=? AND run=?)" },
        { ES_Q_STEPS_WHAT,
          "INDEX step_what (initiative=? AND what=? AND id<?" },
        { ES_Q_STEPS_BY, "INDEX step_by (initiative=? AND account=? AND id<?" },
        { ES_Q_STEPS_ABOUT, "INDEX step_of (initiative=? AND run=? AND id<?" },
        { ES_Q_STEPS, "PRIMARY KEY (initiative=? AND id<?)" },
        { ES_Q_STEPS_AFTER, "PRIMARY KEY (initiative=? AND id>?)" },
        { ES_Q_QUEUE_TURN, "INDEX queue_turn (initiative=? AND turn=? AND (" },
        { ES_Q_QUEUE_TURN_BACK, "INDEX queue_turn (initiative=? AND turn=?" },
        { ES_Q_QUEUE_WHY, "INDEX queue_why (initiative=? AND why=? AND (" },
        { ES_Q_QUEUE_OF, "INDEX queue_of (initiative=? AND participant=?" },
        { ES_Q_QUEUE_FOR, "KEY (initiative=? AND code=? AND (since_ms,run)>" },
    };
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    char path[4096], text[8192];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++) {
        sqlite3_stmt *st = NULL;
        bool found = false;
        (void)snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s",
                       ES_SQL[ALL[i].q]);
        CHECK_INT(sqlite3_prepare_v2(h, text, -1, &st, NULL), SQLITE_OK);
        while (sqlite3_step(st) == SQLITE_ROW)
            found = found ||
                    strstr((const char *)sqlite3_column_text(st, 3), ALL[i].by);
        sqlite3_finalize(st);
        if (!found)
            FAIL("%s", ES_SQL[ALL[i].q]);
    }
    sqlite3_close(h);
    es_store_close(s);
}

/* ---- the queue ---- */

struct put {
    struct es_queued q;
    const char *codes[2];
    size_t n;
};
WRITE(put)
{
    const struct put *p = arg;
    (void)blob;
    return es_txn_queue_put(tx, &p->q, p->codes, p->n, e);
}
WRITE(drop)
{
    const struct put *p = arg;
    (void)blob;
    return es_txn_queue_drop(tx, p->q.initiative, p->q.run, e);
}

static const struct es_queued *first(struct es_store *s, struct es_arena *a,
                                     const struct es_queue_ask *ask, size_t *n)
{
    struct es_queued *v;
    CHECK_INT(es_store_queue(s, ask, a, &v, n, NULL), ES_OK);
    return v;
}

static int64_t count_of(struct es_store *s, struct es_arena *a, int32_t why,
                        const char *code)
{
    struct es_queue_count *v;
    size_t n;
    CHECK_INT(es_store_queue_counts(s, INI, a, &v, &n, NULL), ES_OK);
    for (size_t i = 0; i < n; i++)
        if (v[i].why == why && strcmp(v[i].code, code) == 0)
            return v[i].n;
    return 0;
}

TEST(the_queue_gives_the_oldest_first_by_turn_finding_and_person)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_arena a;
    size_t n;
    struct put p[] = {
        { { INI, 5, 1, ES_QUEUE_RULES, 300 }, { "typed_in", NULL }, 1 },
        { { INI, 6, 1, ES_QUEUE_APPEAL, 100 }, { "typed_in", "copy" }, 2 },
        { { INI, 7, 2, ES_QUEUE_ANSWER, 200 }, { "copy", NULL }, 1 },
        { { INI, 8, 2, ES_QUEUE_WAITING, 50 }, { "copy", NULL }, 1 },
        { { INI, 9, 2, ES_QUEUE_RULES, 300 }, { "typed_in", NULL }, 1 },
        { { INI + 1, 5, 1, ES_QUEUE_RULES, 1 }, { "copy", NULL }, 1 },
    };
    es_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof p / sizeof *p; i++)
        CHECK_INT(kit_write(s, put, &p[i]), ES_OK);
    struct es_queue_ask ask = { .initiative = INI, .max = 3 };
    const struct es_queued *v = first(s, &a, &ask, &n);
    CHECK_INT(n, 3);
    CHECK(v[0].run == 6 && v[1].run == 7 && v[2].run == 5);
    ask.after_ms = v[2].since_ms;
    ask.after_run = v[2].run;
    v = first(s, &a, &ask, &n);
    CHECK(n == 1 && v[0].run == 9);
    ask = (struct es_queue_ask){ .initiative = INI,
                                 .code = "typed_in",
                                 .max = 9 };
    v = first(s, &a, &ask, &n);
    CHECK(n == 3 && v[0].run == 6 && v[1].run == 5);
    ask.alone = true;
    v = first(s, &a, &ask, &n);
    CHECK(n == 2 && v[0].run == 5 && v[1].run == 9);
    ask =
        (struct es_queue_ask){ .initiative = INI, .participant = 2, .max = 9 };
    v = first(s, &a, &ask, &n);
    CHECK(n == 3 && v[0].run == 8);
    ask = (struct es_queue_ask){ .initiative = INI,
                                 .why = ES_QUEUE_WAITING,
                                 .max = 9 };
    v = first(s, &a, &ask, &n);
    CHECK(n == 1 && v[0].run == 8);
    CHECK_INT(count_of(s, &a, ES_QUEUE_RULES, ""), 2);
    CHECK_INT(count_of(s, &a, 0, "typed_in"), 3);
    CHECK_INT(count_of(s, &a, 0, "copy"), 2); /* 8 isn't ours now */
    /* the participant answers, then it is decided */
    p[3].q.why = ES_QUEUE_ANSWER;
    p[3].q.since_ms = 400;
    CHECK_INT(kit_write(s, put, &p[3]), ES_OK);
    CHECK_INT(count_of(s, &a, 0, "copy"), 3);
    CHECK_INT(kit_write(s, drop, &p[3]), ES_OK);
    CHECK_INT(kit_write(s, drop, &p[3]), ES_OK);
    CHECK_INT(count_of(s, &a, 0, "copy"), 2);
    CHECK_INT(count_of(s, &a, ES_QUEUE_ANSWER, ""), 1);
    struct es_queued one;
    CHECK_INT(es_store_queued(s, INI, 8, &a, &one, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}
