/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When the machine fails: no room, no memory, a disk that doesn't sync. What
 * isn't stored is not acknowledged, and what was stays. */
#include "base/limits.h"
#include "store_kit.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { INI = 1000, WHO = 1001 };

/* ---- faults, planted inside SQLite ---- */

/* Counted down by each call; at 0 it fails, and goes on failing until it is
 * set again. Negative: never. */
static _Atomic int log_writes_left = -1, log_syncs_left = -1;
static _Atomic int allocations_left = -1;

static bool spent(_Atomic int *left)
{
    int v = atomic_load(left);
    while (v > 0 && !atomic_compare_exchange_weak(left, &v, v - 1))
        ;
    return v == 0;
}

static const sqlite3_io_methods *real_io;
static sqlite3_io_methods faulty_io;
static sqlite3_vfs faulty_vfs;

static int faulty_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    return spent(&log_writes_left) ? SQLITE_FULL : real_io->xWrite(f, p, n, at);
}

static int faulty_sync(sqlite3_file *f, int flags)
{
    return spent(&log_syncs_left) ? SQLITE_IOERR_FSYNC
                                  : real_io->xSync(f, flags);
}

/* The write-ahead log gets methods that can fail; all else is untouched. */
static int faulty_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f,
                       int flags, int *out)
{
    sqlite3_vfs *real = vfs->pAppData;
    int rc = real->xOpen(real, name, f, flags, out);
    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
        real_io = f->pMethods;
        faulty_io = *real_io;
        faulty_io.xWrite = faulty_write;
        faulty_io.xSync = faulty_sync;
        f->pMethods = &faulty_io;
    }
    return rc;
}

static sqlite3_mem_methods real_mem;

static void *faulty_malloc(int n)
{
    return spent(&allocations_left) ? NULL : real_mem.xMalloc(n);
}
static void *faulty_realloc(void *p, int n)
{
    return spent(&allocations_left) ? NULL : real_mem.xRealloc(p, n);
}

/* Before SQLite is used by anything in this program. */
__attribute__((constructor)) static void plant(void)
{
    sqlite3_mem_methods mem;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_mem) != SQLITE_OK)
        abort();
    mem = real_mem;
    mem.xMalloc = faulty_malloc;
    mem.xRealloc = faulty_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mem) != SQLITE_OK)
        abort();
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    faulty_vfs = *real;
    faulty_vfs.pNext = NULL;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pAppData = real;
    faulty_vfs.xOpen = faulty_open;
    if (sqlite3_vfs_register(&faulty_vfs, 1) != SQLITE_OK)
        abort();
}

static void no_faults(void)
{
    atomic_store(&log_writes_left, -1);
    atomic_store(&log_syncs_left, -1);
    atomic_store(&allocations_left, -1);
}

/* ---- what must hold ---- */

static enum es_code upload(struct es_store *s, int64_t id, size_t n)
{
    char code[24];
    (void)snprintf(code, sizeof code, "c%lld", (long long)id);
    struct es_run r = kit_run(INI, WHO, id, code);
    struct es_buf b = kit_bytes((uint64_t)id, n);
    enum es_code rc = kit_upload(s, &r, es_buf_bytes(&b));
    es_buf_release(&b);
    return rc;
}

static bool has(struct es_store *s, int64_t id)
{
    struct es_arena a;
    struct es_run r;
    struct es_buf got = { 0 };

    es_arena_init(&a, 1 << 16);
    enum es_code rc = es_store_run(s, INI, id, &a, &r, NULL);
    if (rc == ES_OK) {
        CHECK_INT(es_store_blob_read(s, &r.blob, &got, NULL), ES_OK);
        struct es_buf want = kit_bytes((uint64_t)id, got.n);
        CHECK(es_bytes_eq(es_buf_bytes(&got), es_buf_bytes(&want)));
        es_buf_release(&want);
    } else {
        CHECK_INT(rc, ES_ENOENT);
    }
    es_buf_release(&got);
    es_arena_release(&a);
    return rc == ES_OK;
}

static enum es_code reconciles(const struct es_participant_sum *row, void *arg,
                               struct es_err *e)
{
    int64_t *runs = arg;
    (void)e;
    CHECK_INT(row->dist_mm, row->ledger_mm);
    CHECK_INT(row->time_ms, row->ledger_ms);
    CHECK_INT(row->runs, row->ledger_runs);
    *runs += row->runs;
    return ES_OK;
}

static int64_t counted(struct es_store *s)
{
    int64_t runs = 0;
    CHECK_INT(es_store_each_sum(s, INI, reconciles, &runs, NULL), ES_OK);
    return runs;
}

/* ---- no room ---- */

TEST(no_room_in_the_log)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    int64_t stored = 1;

    kit_world(s, INI);
    CHECK_INT(upload(s, 100, 500), ES_OK);
    for (int writes = 0; writes < 40; writes++) {
        atomic_store(&log_writes_left, writes);
        enum es_code rc = upload(s, 101 + writes, 500);
        no_faults();
        CHECK(rc == ES_OK || rc == ES_EBUSY);
        CHECK_INT(has(s, 101 + writes), rc == ES_OK);
        stored += rc == ES_OK;
        CHECK_INT(counted(s), stored);
    }
    CHECK(stored > 1 && stored < 41); /* some were early enough, some late */
    CHECK_INT(upload(s, 101, 500), ES_OK); /* what was refused may come again */
    es_store_close(s);
    s = kit_open(dir);
    CHECK_INT(counted(s), stored + 1);
    es_store_close(s);
}

TEST(no_room_for_an_upload)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct rlimit was, small;

    kit_world(s, INI);
    CHECK_INT(upload(s, 100, 500), ES_OK);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &was), 0);
    small = was;
    small.rlim_cur = 2000000; /* room enough for the log */
    CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum es_code large = upload(s, 101, 3000000);
    enum es_code fits = upload(s, 102, 5000);
    enum es_code large_again = upload(s, 103, 3000000);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &was), 0);
    CHECK_INT(large, ES_EBUSY);
    CHECK_INT(fits, ES_OK);
    CHECK_INT(large_again, ES_EBUSY);
    CHECK_INT(upload(s, 101, 3000000), ES_OK);
    CHECK(has(s, 100) && has(s, 101) && has(s, 102) && !has(s, 103));
    es_store_close(s);
    s = kit_open(dir);
    CHECK(has(s, 100) && has(s, 101) && has(s, 102) && !has(s, 103));
    CHECK_INT(counted(s), 3);
    es_store_close(s);
}

/* ---- a disk that doesn't sync ---- */

/* Writes until the planted failure ends the process; what was acknowledged
 * is on the pipe. */
static void __attribute__((noreturn))
write_to_the_end(const char *dir, int out, int syncs)
{
    struct es_store *s = NULL;
    if (es_store_open(dir, &s, NULL) != ES_OK)
        abort();
    atomic_store(&log_syncs_left, syncs);
    for (int64_t id = 100; id < 200; id++)
        if (upload(s, id, 700) != ES_OK ||
            write(out, &id, sizeof id) != (ssize_t)sizeof id)
            abort();
    abort();
}

TEST(failed_sync_ends_the_process)
{
    for (int syncs = 0; syncs < 6; syncs++) {
        const char *dir = t_tmpdir();
        int fd[2], status;
        int64_t id, last = 0, n = 0;

        struct es_store *s = kit_open(dir);
        kit_world(s, INI);
        es_store_close(s);
        CHECK_INT(pipe(fd), 0);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            write_to_the_end(dir, fd[1], syncs);
        close(fd[1]);
        s = NULL;
        CHECK_INT(waitpid(child, &status, 0), child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EX_IOERR);

        s = kit_open(dir);
        for (; read(fd[0], &id, sizeof id) == (ssize_t)sizeof id; n++) {
            CHECK(has(s, id));
            last = id;
        }
        close(fd[0]);
        CHECK_INT(n, last == 0 ? 0 : last - 99);
        CHECK(n <= syncs);
        CHECK(counted(s) >= n);
        CHECK_INT(upload(s, 500, 700), ES_OK); /* and it goes on */
        es_store_close(s);
    }
}

/* ---- no memory ---- */

TEST(every_allocation_of_a_write_fails_once)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    int64_t id = 100, stored = 0;
    enum es_code rc = ES_ENOMEM;

    kit_world(s, INI);
    for (int n = 0; rc != ES_OK; n++, id++) {
        atomic_store(&allocations_left, n);
        rc = upload(s, id, 300);
        no_faults();
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        CHECK_INT(has(s, id), rc == ES_OK);
        stored += rc == ES_OK;
        CHECK_INT(counted(s), stored);
        CHECK(n < 2000);
    }
    CHECK(id > 101); /* there was something to fail */
    es_store_close(s);
}

static enum es_code read_something(struct es_store *s)
{
    struct es_arena a;
    struct es_run *v;
    size_t n;
    es_arena_init(&a, 1 << 20);
    enum es_code rc = es_store_runs_of(s, INI, WHO, 0, 10, &a, &v, &n, NULL);
    if (rc == ES_OK)
        CHECK_INT(n, 3);
    es_arena_release(&a);
    return rc;
}

TEST(every_allocation_of_opening_and_reading_fails_once)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    enum es_code rc = ES_ENOMEM;

    kit_world(s, INI);
    for (int64_t id = 100; id < 103; id++)
        CHECK_INT(upload(s, id, 300), ES_OK);
    es_store_close(s);
    for (int n = 0; rc != ES_OK; n++) {
        s = NULL;
        atomic_store(&allocations_left, n);
        rc = es_store_open(dir, &s, NULL);
        CHECK((rc == ES_OK) == (s != NULL));
        if (rc == ES_OK) {
            rc = read_something(s);
            es_store_close(s);
        }
        no_faults();
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        CHECK(n < 20000);
    }
    s = kit_open(dir);
    CHECK_INT(counted(s), 3);
    es_store_close(s);
}

/* ---- another process in the way ---- */

TEST(short_lock_is_waited_for_and_long_one_is_busy)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    char path[256];
    sqlite3 *h;

    kit_world(s, INI);
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(upload(s, 100, 300), ES_EBUSY);
    CHECK_INT(counted(s), 0); /* readers were never in the way */
    CHECK_INT(sqlite3_exec(h, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(upload(s, 100, 300), ES_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
    CHECK_INT(counted(s), 1);
    es_store_close(s);
}
