/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acknowledged is durable, also without power: kill -9 leaves what the kernel
 * holds, a power cut does not. Here every sync of the store, SQLite's through
 * a VFS of ours and the segments' through the linker's --wrap, copies the file
 * as it is into an image in memory. A cut takes the image and, sector by
 * sector, a random part of what was written since: what a disk might have.
 * Opened, it must have all that was acknowledged before the cut. */
#include "base/file.h"
#include "base/num.h"
#include "base/random.h"
#include "store_kit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    INI = 1000,
    WHO = 1001,
    THREADS = 6,
    CUTS = 60,
    CUTS_LONG = 3000,
    SESSIONS = 3,
    SECTOR = 512,
    FILES = 16,
    FILE_MAX = 256 << 20,
    CUT_EVERY_MS = 20
};

/* ---- the image ---- */

struct image {
    char name[64]; /* within the folder */
    uint8_t *p;
    size_t n;
};

static struct {
    pthread_mutex_t lock;
    char dir[256]; /* the folder that is watched; "" for none */
    struct image file[FILES];
    size_t n;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct image *image_of(const char *name)
{
    for (size_t i = 0; i < disk.n; i++)
        if (strcmp(disk.file[i].name, name) == 0)
            return &disk.file[i];
    if (disk.n == FILES || strlen(name) >= sizeof disk.file[0].name)
        abort();
    struct image *m = &disk.file[disk.n++];
    memcpy(m->name, name, strlen(name) + 1);
    return m;
}

/* The watched file is on the disk now, as it is. */
static void mirror(const char *path)
{
    struct es_buf b;
    size_t n = strlen(disk.dir);
    struct stat st;
    if (n == 0 || strncmp(path, disk.dir, n) != 0 || path[n] != '/' ||
        stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    (void)pthread_mutex_lock(&disk.lock);
    if (es_file_load(path, FILE_MAX, &b, NULL) != ES_OK)
        abort();
    struct image *m = image_of(path + n + 1);
    free(m->p);
    m->n = b.n;
    m->p = malloc(b.n + 1);
    if (m->p == NULL)
        abort();
    if (b.n > 0)
        memcpy(m->p, b.p, b.n);
    es_buf_release(&b);
    (void)pthread_mutex_unlock(&disk.lock);
}

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
    char link[64], path[512];
    int rc = __real_fdatasync(fd);
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (rc != 0 || n <= 0)
        abort();
    path[n] = '\0';
    mirror(path);
    return rc;
}

/* SQLite's own methods of a database and of its log, which differ, and ours
 * around them. */
enum { DATABASE, LOG, KINDS };
static const sqlite3_io_methods *real_io[KINDS];
static sqlite3_io_methods watched_io[KINDS];
static sqlite3_vfs watched_vfs;

/* Which file is behind a handle: SQLite has few open at once. */
enum { HANDLES = 256 };
static struct {
    pthread_mutex_t lock;
    struct {
        const sqlite3_file *f;
        const char *path;
    } v[HANDLES];
} handles = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void handle_set(const sqlite3_file *old, const sqlite3_file *f,
                       const char *path)
{
    (void)pthread_mutex_lock(&handles.lock);
    size_t i = 0;
    while (i < HANDLES && handles.v[i].f != old)
        i++;
    if (i == HANDLES)
        abort();
    handles.v[i].f = f;
    handles.v[i].path = path;
    (void)pthread_mutex_unlock(&handles.lock);
}

static const char *path_of(const sqlite3_file *f)
{
    const char *path = NULL;
    (void)pthread_mutex_lock(&handles.lock);
    for (size_t i = 0; i < HANDLES; i++)
        if (handles.v[i].f == f)
            path = handles.v[i].path;
    (void)pthread_mutex_unlock(&handles.lock);
    return path;
}

static const sqlite3_io_methods *real_of(const sqlite3_file *f)
{
    return real_io[f->pMethods == &watched_io[LOG] ? LOG : DATABASE];
}

static int watched_sync(sqlite3_file *f, int flags)
{
    int rc = real_of(f)->xSync(f, flags);
    if (rc == SQLITE_OK)
        mirror(path_of(f));
    return rc;
}

static int watched_close(sqlite3_file *f)
{
    handle_set(f, NULL, NULL);
    return real_of(f)->xClose(f);
}

static int watched_open(sqlite3_vfs *vfs, sqlite3_filename name,
                        sqlite3_file *f, int flags, int *out)
{
    sqlite3_vfs *real = vfs->pAppData;
    int rc = real->xOpen(real, name, f, flags, out);
    if (rc != SQLITE_OK ||
        (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) == 0)
        return rc;
    int kind = (flags & SQLITE_OPEN_WAL) != 0 ? LOG : DATABASE;
    (void)pthread_mutex_lock(&handles.lock);
    if (real_io[kind] == NULL) {
        real_io[kind] = f->pMethods;
        watched_io[kind] = *real_io[kind];
        watched_io[kind].xSync = watched_sync;
        watched_io[kind].xClose = watched_close;
    }
    (void)pthread_mutex_unlock(&handles.lock);
    f->pMethods = &watched_io[kind];
    handle_set(NULL, f, name); /* SQLite keeps the name while it is open */
    return rc;
}

__attribute__((constructor)) static void plant(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    watched_vfs = *real;
    watched_vfs.pNext = NULL;
    watched_vfs.zName = "watched";
    watched_vfs.pAppData = real;
    watched_vfs.xOpen = watched_open;
    if (sqlite3_vfs_register(&watched_vfs, 1) != SQLITE_OK)
        abort();
}

/* ---- a cut ---- */

/* The synced bytes, and of what came since, at random: how much longer the
 * file got, and for each sector whether the disk has the old or the new. */
static void write_mixed(const struct image *m, const char *from, const char *to,
                        uint64_t *seed)
{
    struct es_buf now;
    uint8_t *mixed;

    if (es_file_load(from, FILE_MAX, &now, NULL) != ES_OK)
        es_buf_init(&now, 0); /* gone by now; it was there when synced */
    size_t n = m->n;
    if (now.n > n) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        n += (*seed >> 33) % (now.n - n + 1);
    }
    mixed = calloc(1, n + 1);
    CHECK(mixed != NULL);
    memcpy(mixed, m->p, m->n);
    for (size_t at = 0; at < n && at < now.n; at += SECTOR) {
        size_t end = at + SECTOR < n ? at + SECTOR : n;
        end = end < now.n ? end : now.n;
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        if ((*seed >> 40) % 2 == 0)
            memcpy(mixed + at, now.p + at, end - at);
    }
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    CHECK_INT(es_fd_write(fd, (struct es_bytes){ mixed, n }, NULL), ES_OK);
    close(fd);
    free(mixed);
    es_buf_release(&now);
}

/* ---- the writers ---- */

struct told {
    int64_t run;
    uint8_t hash[32];
};

struct crowd {
    struct es_store *s;
    _Atomic bool stop;
    _Atomic int64_t next;
    pthread_mutex_t lock; /* over told */
    struct told *told;
    size_t n, cap;
};

static void tell(struct crowd *c, const struct es_run *r)
{
    (void)pthread_mutex_lock(&c->lock);
    if (c->n == c->cap) {
        c->cap = c->cap == 0 ? 4096 : c->cap * 2;
        c->told = realloc(c->told, c->cap * sizeof *c->told);
        if (c->told == NULL)
            abort();
    }
    c->told[c->n].run = r->id;
    memcpy(c->told[c->n++].hash, r->blob.hash, 32);
    (void)pthread_mutex_unlock(&c->lock);
}

static void *crowd_main(void *arg)
{
    struct crowd *c = arg;
    while (!atomic_load(&c->stop)) {
        char code[24];
        int64_t id = atomic_fetch_add(&c->next, 1);
        (void)snprintf(code, sizeof code, "%lld", (long long)id);
        struct es_run r = kit_run(INI, WHO, id, code);
        struct es_buf b =
            kit_bytes((uint64_t)id, 50 + (size_t)(id * 37) % 3000);
        if (kit_upload(c->s, &r, es_buf_bytes(&b)) != ES_OK)
            abort();
        tell(c, &r);
        es_buf_release(&b);
    }
    return NULL;
}

/* ---- what must hold ---- */

static void check_cut(const char *dir, const struct told *told, size_t n)
{
    struct es_store *s = kit_open(dir);
    struct kit_sums sums = { 0 };
    struct es_verified v;

    CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &sums, NULL), ES_OK);
    CHECK_INT(sums.mm, sums.ledger_mm);
    CHECK_INT(sums.runs, sums.ledger_runs);
    CHECK(sums.runs >= (int64_t)n);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK_INT(v.damaged, 0);
    CHECK_INT(v.blobs, sums.runs);
    for (size_t i = 0; i < n; i++) {
        struct es_arena a;
        struct es_run r;
        es_arena_init(&a, 1 << 16);
        if (es_store_run(s, INI, told[i].run, &a, &r, NULL) != ES_OK)
            FAIL("run %lld was acknowledged and is lost",
                 (long long)told[i].run);
        CHECK_INT(memcmp(r.blob.hash, told[i].hash, 32), 0);
        es_arena_release(&a);
    }
    struct es_run r = kit_run(INI, WHO, 1, "after");
    CHECK_INT(kit_upload(s, &r, es_bytes_str("it goes on")), ES_OK);
    es_store_close(s);
}

static void empty(const char *dir)
{
    static const char *const NAME[] = { "everystep.db", "everystep.db-wal",
                                        "everystep.db-shm" };
    char path[600];
    for (size_t i = 0; i < sizeof NAME / sizeof *NAME; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, NAME[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/segments", dir);
    DIR *d = opendir(path);
    for (struct dirent *de; d != NULL && (de = readdir(d)) != NULL;)
        (void)unlinkat(dirfd(d), de->d_name, 0);
    if (d != NULL)
        closedir(d);
    (void)mkdir(path, 0700);
}

/* What the disk has at this moment, into `to`; how many were told before. */
static size_t cut(struct crowd *c, const char *to, uint64_t *seed)
{
    char from[400], out[400];

    empty(to);
    (void)pthread_mutex_lock(&disk.lock); /* no sync returns meanwhile */
    (void)pthread_mutex_lock(&c->lock);
    size_t n = c->n;
    (void)pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < disk.n; i++) {
        (void)snprintf(from, sizeof from, "%s/%s", disk.dir, disk.file[i].name);
        (void)snprintf(out, sizeof out, "%s/%s", to, disk.file[i].name);
        write_mixed(&disk.file[i], from, out, seed);
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return n;
}

/* The first n, so that the writers go on while they are checked. */
static struct told *told_copy(struct crowd *c, size_t n)
{
    struct told *copy = calloc(n + 1, sizeof *copy);
    CHECK(copy != NULL);
    (void)pthread_mutex_lock(&c->lock);
    if (n > 0)
        memcpy(copy, c->told, n * sizeof *copy);
    (void)pthread_mutex_unlock(&c->lock);
    return copy;
}

static size_t cut_and_check(struct crowd *c, const char *to, uint64_t *seed)
{
    size_t n = cut(c, to, seed);
    struct told *told = told_copy(c, n);
    check_cut(to, told, n);
    free(told);
    return n;
}

/* The store opened, written to while the power is cut again and again, and
 * closed, which moves SQLite's log into the database; then cut once more. */
static size_t session(struct crowd *c, int cuts, const char *to, uint64_t *seed)
{
    pthread_t id[THREADS];

    c->s = kit_open(disk.dir);
    if (c->n == 0)
        kit_world(c->s, INI);
    atomic_store(&c->stop, false);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&id[i], NULL, crowd_main, c), 0);
    for (int i = 0; i < cuts; i++) {
        (void)usleep(CUT_EVERY_MS * 1000);
        (void)cut_and_check(c, to, seed);
    }
    atomic_store(&c->stop, true);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(id[i], NULL), 0);
    es_store_close(c->s);
    return cut_and_check(c, to, seed);
}

TEST(power_cut_at_any_moment_loses_nothing_acknowledged)
{
    const char *to = t_tmpdir(), *env = getenv("ES_SEED");
    int cuts = getenv("ES_LONG") != NULL ? CUTS_LONG : CUTS;
    struct crowd c = { .lock = PTHREAD_MUTEX_INITIALIZER, .next = 10000 };
    int64_t given;
    uint64_t seed = es_random_u64() >> 1;
    size_t n = 0;

    if (env != NULL && es_num_i64(es_bytes_str(env), 0, INT64_MAX, &given))
        seed = (uint64_t)given;
    fprintf(stderr, "ES_SEED=%llu\n", (unsigned long long)seed);
    (void)snprintf(disk.dir, sizeof disk.dir, "%s", t_tmpdir());
    for (int i = 0; i < SESSIONS; i++)
        n = session(&c, cuts / SESSIONS, to, &seed);
    fprintf(stderr, "%d cuts, %zu acknowledged before the last, none lost\n",
            cuts + SESSIONS, n);
    CHECK(n > (size_t)cuts); /* it did write */
    for (size_t i = 0; i < disk.n; i++)
        free(disk.file[i].p);
    free(c.told);
}
