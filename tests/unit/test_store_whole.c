/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The store as a whole: many writers, opening, damage, copies. */
#include "store_kit.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INI = 1000, WHO = 1001 };

/* ---- many at once ---- */

enum { THREADS = 8, WRITES = 200 };

struct crowd {
    struct es_store *s;
    int64_t base;
    int failed;
};

static void count_commit(void *arg)
{
    (*(int *)arg)++;
}

struct crowd_write {
    struct es_run run;
};
WRITE(crowd_apply)
{
    struct crowd_write *c = arg;
    c->run.blob = *blob;
    enum es_code rc = es_txn_run_add(tx, &c->run, e);
    struct es_ledger_entry l = kit_ledger(&c->run, 1);
    return rc == ES_OK ? es_txn_ledger_add(tx, &l, e) : rc;
}

static void *crowd_main(void *arg)
{
    struct crowd *c = arg;
    for (int i = 0; i < WRITES; i++) {
        char code[24];
        uint64_t bytes[8] = { (uint64_t)(c->base + i) };
        (void)snprintf(code, sizeof code, "c%lld", (long long)c->base + i);
        struct crowd_write cw = { kit_run(INI, WHO, c->base + i, code) };
        struct es_bytes up = { (const uint8_t *)bytes, sizeof bytes };
        struct es_write w = { .apply = crowd_apply, .arg = &cw, .upload = up };
        es_store_hash(up, w.upload_hash);
        if (es_store_write(c->s, &w, NULL) != ES_OK)
            c->failed++;
    }
    return NULL;
}

TEST(eight_threads_write_two_hundred_each)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct crowd crowd[THREADS] = { 0 };
    struct es_store_stats st;
    pthread_t id[THREADS];
    struct es_arena a;

    kit_world(s, INI);
    for (int i = 0; i < THREADS; i++) {
        crowd[i] = (struct crowd){ .s = s, .base = 2000 + i * WRITES };
        CHECK_INT(pthread_create(&id[i], NULL, crowd_main, &crowd[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(id[i], NULL), 0);
        CHECK_INT(crowd[i].failed, 0);
    }
    es_store_stats(s, &st);
    CHECK_INT(st.writes, THREADS * WRITES + 1);
    CHECK(st.commits < st.writes); /* groups did form */
    es_store_close(s);

    s = kit_open(dir);
    for (int64_t run = 2000; run < 2000 + THREADS * WRITES; run++) {
        struct es_run r;
        uint64_t bytes[8] = { (uint64_t)run };
        es_arena_init(&a, 1 << 16);
        CHECK_INT(es_store_run(s, INI, run, &a, &r, NULL), ES_OK);
        kit_check_blob(
            s, &r.blob,
            (struct es_bytes){ (const uint8_t *)bytes, sizeof bytes });
        es_arena_release(&a);
    }
    struct kit_sums t = { 0 };
    CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &t, NULL), ES_OK);
    CHECK_INT(t.runs, THREADS * WRITES);
    CHECK_INT(t.mm, t.ledger_mm);
    CHECK_INT(t.ms, t.ledger_ms);
    es_store_close(s);
}

struct order {
    struct es_store *s;
    struct es_initiative i;
    enum es_code found;
};
static void look_it_up(void *arg)
{
    struct order *o = arg;
    struct es_initiative got;
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    o->found = es_store_initiative(o->s, o->i.slug, &a, &got, NULL);
    es_arena_release(&a);
}
WRITE(put_ordered)
{
    struct order *o = arg;
    (void)blob;
    return es_txn_initiative_put(tx, &o->i, e);
}

WRITE(refuse)
{
    (void)tx;
    (void)blob;
    (void)arg;
    return es_fail(e, ES_EDENIED, 0, "no");
}

TEST(committed_runs_when_readers_can_see_it)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct order o = { .s = s,
                       .i = kit_initiative(9, "seen"),
                       .found = ES_EINTERNAL };
    struct es_write w = { .apply = put_ordered,
                          .committed = look_it_up,
                          .arg = &o };
    CHECK_INT(es_store_write(s, &w, NULL), ES_OK);
    CHECK_INT(o.found, ES_OK);
    int calls = 0;
    w = (struct es_write){ .apply = refuse,
                           .committed = count_commit,
                           .arg = &calls };
    CHECK_INT(es_store_write(s, &w, NULL), ES_EDENIED);
    CHECK_INT(calls, 0);
    es_store_close(s);
}

/* ---- opening ---- */

static void sql(const char *dir, const char *text)
{
    char path[256];
    sqlite3 *h;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, text, NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
}

TEST(newer_or_foreign_databases_are_refused)
{
    const char *newer = t_tmpdir(), *foreign = t_tmpdir(), *junk = t_tmpdir();
    struct es_store *s = NULL;
    struct es_err e = { 0 };
    char path[256];

    es_store_close(kit_open(newer));
    sql(newer, "PRAGMA user_version = 999");
    CHECK_INT(es_store_open(newer, &s, &e), ES_ECONFLICT);
    CHECK(s == NULL);
    CHECK(strstr(e.msg, "999") != NULL);
    sql(foreign, "PRAGMA user_version = 1; CREATE TABLE x (y)");
    CHECK_INT(es_store_open(foreign, &s, &e), ES_ECONFLICT);
    (void)snprintf(path, sizeof path, "%s/everystep.db", junk);
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL);
    for (int i = 0; i < 1000; i++)
        fputs("not a database ", f);
    fclose(f);
    CHECK_INT(es_store_open(junk, &s, &e), ES_EIO);
    CHECK_INT(es_store_open("/nonexistent/dir", &s, &e), ES_EIO);
    CHECK(s == NULL);
    es_store_close(NULL);
}

static void check_private(const char *dir, const char *name)
{
    char path[256];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    if (stat(path, &st) != 0)
        FAIL("%s is not there", path);
    if ((st.st_mode & 0077) != 0)
        FAIL("%s: mode %o", path, (unsigned)st.st_mode & 0777);
}

TEST(nobody_else_may_read_the_files)
{
    static const char *const NAME[] = { "",
                                        "everystep.db",
                                        "segments",
                                        "everystep.db-wal",
                                        "everystep.db-shm",
                                        "segments/00000001.seg" };
    char dir[200], copy[200];
    mode_t was = umask(0);
    (void)snprintf(dir, sizeof dir, "%s/data", t_tmpdir());
    (void)snprintf(copy, sizeof copy, "%s/copy", t_tmpdir());
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    CHECK_INT(kit_upload(s, &r, es_bytes_str("bytes")), ES_OK);
    CHECK_INT(es_store_backup(s, copy, NULL), ES_OK);
    (void)umask(was);
    for (size_t i = 0; i < sizeof NAME / sizeof *NAME; i++)
        check_private(dir, NAME[i]);
    check_private(copy, "");
    check_private(copy, "everystep.db");
    check_private(copy, "segments/00000001.seg");
    es_store_close(s);
}

TEST(damaged_blob_is_told)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    struct es_buf bytes = kit_bytes(4, 300), got = { 0 };
    char seg[256];

    (void)snprintf(seg, sizeof seg, "%s/segments/00000001.seg", dir);
    CHECK_INT(kit_upload(s, &r, es_buf_bytes(&bytes)), ES_OK);
    for (long at = 0; at < 72 + 300 + 16; at++) {
        FILE *f = fopen(seg, "r+b");
        CHECK(f != NULL);
        CHECK_INT(fseek(f, at, SEEK_SET), 0);
        int was = fgetc(f);
        CHECK_INT(fseek(f, at, SEEK_SET), 0);
        CHECK(fputc(was ^ 1, f) != EOF);
        CHECK_INT(fflush(f), 0);
        /* The keyless checksum is recovery's; all else must open. */
        bool sum = at >= 40 && at < 72;
        CHECK_INT(es_store_blob_read(s, &r.blob, &got, NULL),
                  sum ? ES_OK : ES_EIO);
        es_buf_release(&got);
        CHECK_INT(fseek(f, at, SEEK_SET), 0);
        CHECK(fputc(was, f) != EOF);
        fclose(f);
    }
    struct es_blob b = r.blob;
    b.hash[0] ^= 1;
    CHECK_INT(es_store_blob_read(s, &b, &got, NULL), ES_EIO);
    b = r.blob;
    b.segment = 2;
    CHECK_INT(es_store_blob_read(s, &b, &got, NULL), ES_ENOENT);
    es_buf_release(&bytes);
    es_store_close(s);
}

struct copying {
    struct es_store *s;
    const char *to;
};
static void *copy_main(void *arg)
{
    const struct copying *c = arg;
    CHECK_INT(es_store_backup(c->s, c->to, NULL), ES_OK);
    return NULL;
}

TEST(copy_taken_under_writes_is_whole)
{
    const char *dir = t_tmpdir(), *to = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct crowd crowd = { .s = s, .base = 2000 };
    struct copying copying = { s, to };
    struct es_verified v;
    pthread_t writer, copier;
    struct kit_sums t = { 0 };

    kit_world(s, INI);
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    CHECK_INT(kit_upload(s, &r, es_bytes_str("before the copy")), ES_OK);
    CHECK_INT(pthread_create(&writer, NULL, crowd_main, &crowd), 0);
    CHECK_INT(pthread_create(&copier, NULL, copy_main, &copying), 0);
    CHECK_INT(pthread_join(copier, NULL), 0);
    CHECK_INT(pthread_join(writer, NULL), 0);
    CHECK_INT(crowd.failed, 0);
    CHECK_INT(es_store_backup(s, to, NULL), ES_EEXIST);
    es_store_close(s);

    s = kit_open(to);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK_INT(v.damaged, 0);
    CHECK(v.blobs >= 1 && v.blobs <= WRITES + 1);
    kit_check_blob(s, &r.blob, es_bytes_str("before the copy"));
    CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &t, NULL), ES_OK);
    CHECK_INT(t.runs, v.blobs);
    CHECK_INT(t.mm, t.ledger_mm);
    r = kit_run(INI, WHO, 51, "a2"); /* and it can be gone on with */
    CHECK_INT(kit_upload(s, &r, es_bytes_str("after")), ES_OK);
    char seg[256];
    (void)snprintf(seg, sizeof seg, "%s/segments/00000001.seg", to);
    CHECK_INT(truncate(seg, 100), 0);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK(v.damaged > 0);
    CHECK_INT(v.first_initiative, INI);
    es_store_close(s);
}
