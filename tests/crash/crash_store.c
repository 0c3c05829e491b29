/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acknowledged is durable: a child writes with several threads and tells each
 * acknowledged change on a pipe; it is killed with SIGKILL at a random moment;
 * opened again, the store has all that was told, each blob opens with the
 * right hash, and the ledger's sums are those of the accepted runs.
 *
 * 200 rounds; 10,000 with ES_LONG set. ES_SEED repeats a sequence. */
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "store_kit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    INI = 1000,
    WHO = 1001,
    THREADS = 6,
    ROUNDS = 200,
    ROUNDS_LONG = 10000,
    DIRS = 8, /* rounds are spread over, so that what is checked stays small */
    RECEIPTS = 30, /* a child lives for fewer, */
    MORE_MS = 20,  /* and then less than this */
    PATIENCE_MS = 20000,
    UPLOAD_MAX = 12000,
    OPEN_LIMIT_MS = 10000 /* a sanitizer build on a busy machine; the figure
                             that counts is printed */
};

/* What was acknowledged, in the order of one run's changes. Smaller than
 * PIPE_BUF, so that threads can't mix theirs. */
struct told {
    int64_t run;
    int32_t status;
    uint8_t hash[32];
};

struct list {
    struct told *v;
    size_t n, cap;
};

static void list_add(struct list *l, const struct told *t)
{
    if (l->n == l->cap) {
        l->cap = l->cap == 0 ? 1024 : l->cap * 2;
        l->v = realloc(l->v, l->cap * sizeof *l->v);
        if (l->v == NULL)
            abort();
    }
    l->v[l->n++] = *t;
}

/* ---- the child ---- */

struct worker {
    struct es_store *s;
    int pipe;
    int64_t next; /* ids: next, next + THREADS, ... */
    uint64_t seed;
};

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void tell(const struct worker *w, const struct es_run *r)
{
    struct told t = { .run = r->id, .status = r->status };
    memcpy(t.hash, r->blob.hash, sizeof t.hash);
    if (write(w->pipe, &t, sizeof t) != (ssize_t)sizeof t)
        abort();
}

static enum es_code withdraw(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    struct es_run *r = arg;
    struct es_ledger_entry l = kit_ledger(r, -1);
    (void)blob;
    r->status = ES_RUN_WITHDRAWN;
    enum es_code rc = es_txn_run_update(tx, r, e);
    return rc == ES_OK ? es_txn_ledger_add(tx, &l, e) : rc;
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    for (;; w->next += THREADS) {
        char code[24];
        (void)snprintf(code, sizeof code, "%lld", (long long)w->next);
        struct es_run r = kit_run(INI, WHO, w->next, code);
        struct es_buf b =
            kit_bytes((uint64_t)w->next, 1 + draw(&w->seed) % UPLOAD_MAX);
        if (kit_upload(w->s, &r, es_buf_bytes(&b)) != ES_OK)
            abort();
        tell(w, &r);
        es_buf_release(&b);
        if (draw(&w->seed) % 4 == 0) {
            if (kit_write(w->s, withdraw, &r) != ES_OK)
                abort();
            tell(w, &r);
        }
    }
    return NULL;
}

static void __attribute__((noreturn))
child_main(const char *dir, int pipe, int64_t first, uint64_t seed)
{
    struct worker w[THREADS];
    pthread_t id;
    struct es_store *s;

    if (es_store_open(dir, &s, NULL) != ES_OK)
        abort();
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){ s, pipe, first + i, seed + (uint64_t)i };
        if (pthread_create(&id, NULL, worker_main, &w[i]) != 0)
            abort();
    }
    for (;;)
        (void)pause();
}

/* ---- the parent ---- */

/* When a child dies: so many receipts, so long after the last of them, and in
 * any case at the end of its patience. Counted in receipts, so that a slow
 * machine tests as much as a fast one; with none it dies while opening. */
struct fate {
    size_t receipts;
    int64_t more_ms;
};

/* Collects what is told until then, kills, and collects the rest. */
static void listen_and_kill(int fd, pid_t child, struct fate fate,
                            struct list *out)
{
    size_t first = out->n;
    int64_t now = es_time_mono_ms();
    int64_t deadline = now + (fate.receipts == 0 ? fate.more_ms : PATIENCE_MS);
    bool killed = false;
    int status;

    for (;;) {
        int64_t left = killed ? -1 : deadline - es_time_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (!killed && left <= 0) {
            CHECK_INT(kill(child, SIGKILL), 0);
            killed = true;
            continue;
        }
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        struct told t;
        ssize_t n = read(fd, &t, sizeof t);
        if (n == 0)
            break;
        CHECK_INT(n, sizeof t);
        list_add(out, &t);
        if (out->n - first == fate.receipts)
            deadline = es_time_mono_ms() + fate.more_ms;
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    /* It must have died of us, not of an error of its own. */
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void check_bytes(struct es_store *s, const struct es_run *r)
{
    struct es_buf got;
    struct es_err e = { 0 };
    if (es_store_blob_read(s, &r->blob, &got, &e) != ES_OK)
        FAIL("run %lld: %s", (long long)r->id, e.msg);
    struct es_buf want = kit_bytes((uint64_t)r->id, got.n);
    CHECK(es_bytes_eq(es_buf_bytes(&got), es_buf_bytes(&want)));
    es_buf_release(&want);
    es_buf_release(&got);
}

static void check_told(struct es_store *s, const struct told *t)
{
    struct es_arena a;
    struct es_run r;

    es_arena_init(&a, 1 << 16);
    if (es_store_run(s, INI, t->run, &a, &r, NULL) != ES_OK)
        FAIL("run %lld was acknowledged and is lost", (long long)t->run);
    /* What came after may be there, too, without having been told. */
    CHECK(r.status == t->status || r.status == ES_RUN_WITHDRAWN);
    CHECK_INT(memcmp(r.blob.hash, t->hash, sizeof t->hash), 0);
    check_bytes(s, &r);
    es_arena_release(&a);
}

/* Also those that nobody was told of: a row is whole or not there. */
static void check_all_rows(struct es_store *s, int64_t first)
{
    struct es_arena a;
    struct es_run *v;
    int64_t before = 0;
    size_t n;

    do {
        es_arena_init(&a, 4 << 20);
        CHECK_INT(es_store_runs_of(s, INI, WHO, before, 500, &a, &v, &n, NULL),
                  ES_OK);
        for (size_t i = 0; i < n && v[i].id >= first; i++)
            check_bytes(s, &v[i]);
        before = n > 0 ? v[n - 1].id : 0;
        es_arena_release(&a);
    } while (n > 0 && before > first);
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

struct figures {
    size_t told;
    int64_t open_max_ms;
};

static void one_round(const char *dir, int64_t first, uint64_t seed,
                      struct list *all, struct figures *f)
{
    int fd[2];
    struct es_err e = { 0 };
    struct es_store *s = NULL;
    size_t before = all->n;
    int64_t runs = 0;

    CHECK_INT(pipe(fd), 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(fd[0]);
        child_main(dir, fd[1], first, seed);
    }
    close(fd[1]);
    struct fate fate = { draw(&seed) % RECEIPTS,
                         (int64_t)(draw(&seed) % MORE_MS) };
    listen_and_kill(fd[0], child, fate, all);
    close(fd[0]);

    int64_t start = es_time_mono_ms();
    if (es_store_open(dir, &s, &e) != ES_OK)
        FAIL("does not open again: %s", e.msg);
    int64_t took = es_time_mono_ms() - start;
    CHECK(took < OPEN_LIMIT_MS);
    f->open_max_ms = took > f->open_max_ms ? took : f->open_max_ms;
    for (size_t i = before; i < all->n; i++)
        check_told(s, &all->v[i]);
    check_all_rows(s, first);
    CHECK_INT(es_store_each_sum(s, INI, reconciles, &runs, NULL), ES_OK);
    f->told += all->n - before;
    es_store_close(s);
}

/* What earlier rounds were told is still there after all later crashes. */
static void check_dir(const char *dir, const struct list *all)
{
    if (dir == NULL)
        return;
    struct es_store *s = kit_open(dir);
    for (size_t i = 0; i < all->n; i++)
        check_told(s, &all->v[i]);
    es_store_close(s);
}

static const char *new_dir(void)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    kit_world(s, INI);
    es_store_close(s);
    return dir;
}

static uint64_t first_seed(void)
{
    const char *env = getenv("ES_SEED");
    int64_t given;
    if (env != NULL && es_num_i64(es_bytes_str(env), 0, INT64_MAX, &given))
        return (uint64_t)given;
    return es_random_u64() >> 1;
}

TEST(killed_at_any_moment_nothing_acknowledged_is_lost)
{
    uint64_t seed = first_seed();
    int rounds = getenv("ES_LONG") != NULL ? ROUNDS_LONG : ROUNDS;
    struct figures f = { 0 };
    struct list all = { 0 };
    const char *dir = NULL;
    int64_t first = 10000;

    fprintf(stderr, "ES_SEED=%llu\n", (unsigned long long)seed);
    for (int i = 0; i < rounds; i++, first += 1000000) {
        if (i % (rounds / DIRS) == 0) {
            check_dir(dir, &all);
            all.n = 0;
            dir = new_dir();
        }
        one_round(dir, first, draw(&seed), &all, &f);
    }
    check_dir(dir, &all);
    fprintf(stderr,
            "%d rounds, %zu acknowledged, none lost; "
            "opened again in at most %lld ms\n",
            rounds, f.told, (long long)f.open_max_ms);
    /* It did write: how much depends on the machine and what else it does. */
    CHECK(f.told > (size_t)rounds / 10);
    free(all.v);
}
