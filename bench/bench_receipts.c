/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From an upload to its receipt, with everything on: the gate, sandboxed
 * workers, encryption, synced disk, standings, live events, the log. A server
 * in this process, participants who joined, clients that open a connection a
 * request. The store is on the disk that TMPDIR (else the current folder) is
 * on: in memory it would measure nothing. Beside each figure stand the two
 * halves alone, decoding and storing the same files. */
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "bench.h"
#include "client.h"
#include "initiative/registration.h"
#include "web/web.h"
#include "write/write.h"

#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CLIENTS = 32,
    PEOPLE = 256, /* so many that the limit of uploads of one is far */
    SMALL_POINTS = 100,
    SMALL_FILES = 4000,
    HOUR_POINTS = 3600,
    HOUR_FILES = 600,
    SINGLE_FILES = 20,
    MEASURE = 2500, /* bytes of a 10 km run's measure */
};

static const int64_t DAY_MS = 86400000;
static const int64_t SLOT_MS = 7200000; /* a run of one person begins in each */

typedef enum es_code write_fn(const struct es_track *, struct es_buf *,
                              struct es_err *);

struct person {
    int64_t id;
    char token[ES_SECRET_TEXT];
};

struct world {
    char dir[200];
    struct es_store *store, *alone; /* the server's; one to measure by itself */
    struct es_ingest *ingest;
    struct es_app app;
    struct es_web *web;
    struct es_initiative ini;
    struct person people[PEOPLE];
    int64_t slots; /* given out so far */
    atomic_llong accepted, other, counted_mm;
};

/* Files that come in, each once, from some clients at a time. */
struct load {
    struct world *w;
    void (*upload)(struct load *l, size_t i);
    struct es_buf *file;
    size_t n;
    bool review; /* a receipt may say so */
    atomic_size_t next;
    double *took_s;
};

static void must(enum es_code rc, const char *what, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    printf("%s: %s: %s\n", what, es_code_name(rc), e->msg);
    exit(1);
}

static double now_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- the world ---- */

static void join(struct world *w)
{
    static const struct es_join IN = { .display_name = "Somebody",
                                       .country = "is",
                                       .consents = "{}" };
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;

    for (size_t i = 0; i < PEOPLE; i++) {
        struct es_arena a;
        es_arena_init(&a, 1 << 20);
        must(es_register(&w->app, &w->ini, &IN, &a, &j, &fe, &e), "join", &e);
        w->people[i].id = j.p.id;
        memcpy(w->people[i].token, j.token, sizeof j.token);
        es_arena_release(&a);
    }
}

/* The programs stand one folder above. */
static void decoder_path(char *out, size_t cap)
{
    static const char NAME[] = "/../everystep-decode";
    ssize_t n = readlink("/proc/self/exe", out, cap - sizeof NAME);
    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash)
        abort();
    memcpy(slash, NAME, sizeof NAME);
}

/* The log is written as a server writes it, to a file. */
static void log_to(const char *dir)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/log", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
        abort();
    close(fd);
}

static void world_open(struct world *w)
{
    const char *base = getenv("TMPDIR");
    char exe[4096];
    char path[256];
    struct es_err e = { 0 };
    struct es_ingest_config ic = { .zygote_fd = -1, .exe = exe };
    struct es_web_config wc = { .app = &w->app,
                                .listen = "127.0.0.1:0",
                                .origin = "",
                                .metrics_token = "" };
    int64_t now = es_time_now_ms();

    (void)snprintf(w->dir, sizeof w->dir, "%s/bench-XXXXXX", base ? base : ".");
    if (mkdtemp(w->dir) == NULL)
        abort();
    log_to(w->dir);
    decoder_path(exe, sizeof exe);
    (void)snprintf(path, sizeof path, "%s/alone", w->dir);
    must(es_store_open(path, &w->alone, &e), path, &e);
    (void)snprintf(path, sizeof path, "%s/served", w->dir);
    must(es_store_open(path, &w->store, &e), path, &e);
    must(es_ingest_open(&ic, &w->ingest, &e), "decoders", &e);
    must(es_app_open(&w->app, w->store, w->ingest, &e), "app", &e);
    w->ini = (struct es_initiative){
        .id = es_id_new(),
        .slug = "bench",
        .title = "Bench",
        .purpose = "",
        .holder = "",
        .contact = "",
        .lang = "en",
        .zone = "UTC",
        .opens_ms = now - 10000 * DAY_MS, /* old recordings count, too */
        .closes_ms = now + DAY_MS,
        .created_ms = now,
        .state = ES_INI_OPEN,
        .rules_version = 1,
        .rules = "{}",
        .consents = "[]",
    };
    must(es_initiative_save(&w->app, &w->ini, &e), "initiative", &e);
    must(es_web_start(&wc, &w->web, &e), "web", &e);
    join(w);
}

static int remove_one(const char *path, const struct stat *sb, int flag,
                      struct FTW *ftw)
{
    (void)sb;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void world_close(struct world *w)
{
    es_web_stop(w->web, 5000);
    es_app_close(&w->app);
    es_ingest_close(w->ingest);
    es_store_close(w->store);
    es_store_close(w->alone);
    (void)nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- files ---- */

/* Around a circle of 500 m at 3 m/s, one point a second. Each has a place and a
 * pulse of its own, so that none is taken for a copy of another. */
static void make_track(struct es_arena *a, int64_t start_ms, size_t points,
                       size_t which, struct es_track *tr)
{
    *tr = es_track_none();
    tr->sport = ES_SPORT_RUNNING;
    tr->started_ms = start_ms;
    tr->pts = es_arena_array(a, points, sizeof *tr->pts);
    if (!tr->pts)
        abort();
    tr->n = points;
    for (size_t i = 0; i < points; i++) {
        struct es_point *p = &tr->pts[i];
        double turn = ((double)i + 0.2 * sin(1.7 * (double)i)) / 166.0;
        *p = es_point_none();
        p->t_ms = start_ms + (int64_t)i * 1000;
        p->lat_deg = -47.1 + 0.0045 * sin(turn) + 0.01 * (double)(which % 2000);
        p->lon_deg = -90.2 + 0.0066 * cos(turn) + 0.02 * (double)(which / 2000);
        p->dist_m = (double)i * 3.0;
        p->alt_m = 10.0F + (float)(i % 60) / 10.0F;
        uint32_t beat = (uint32_t)(i / 3 + which * 7919) * 2654435761u;
        p->hr_bpm = (uint8_t)(140 + (beat >> 28));
        p->cadence_spm = 84;
    }
    tr->pts[0].flags = ES_PT_SEGMENT;
}

/* n files; the i-th is of person i % PEOPLE, and no two of one person are of
 * the same time. */
static void load_write(struct load *l, size_t n, size_t points, write_fn *put)
{
    struct world *w = l->w;
    struct es_err e = { 0 };

    l->file = calloc(n, sizeof *l->file);
    l->took_s = calloc(n, sizeof *l->took_s);
    l->n = n;
    if (!l->file || !l->took_s)
        abort();
    for (size_t i = 0; i < n; i++) {
        struct es_arena a;
        struct es_track tr;
        int64_t slot = w->slots + (int64_t)(i / PEOPLE);
        es_arena_init(&a, ES_DECODE_MEM);
        make_track(&a, w->ini.closes_ms - 1000 * DAY_MS + slot * SLOT_MS,
                   points, i, &tr);
        es_buf_init(&l->file[i], ES_UPLOAD_MAX);
        must(put(&tr, &l->file[i], &e), "write", &e);
        es_arena_release(&a);
    }
    w->slots += (int64_t)(n / PEOPLE) + 1;
}

static void load_release(struct load *l)
{
    for (size_t i = 0; i < l->n; i++)
        es_buf_release(&l->file[i]);
    free(l->file);
    free(l->took_s);
}

/* ---- what is done with a file ---- */

/* What an answer says behind "name":. */
static struct es_bytes said(const struct es_buf *b, const char *name)
{
    const uint8_t *at = memmem(b->p, b->n, name, strlen(name));
    if (!at)
        return (struct es_bytes){ NULL, 0 };
    at += strlen(name);
    size_t left = b->n - (size_t)(at - b->p);
    size_t n = 0;
    while (n < left && at[n] != ',' && at[n] != '}')
        n++;
    return (struct es_bytes){ at, n };
}

static void served(struct load *l, size_t i)
{
    struct world *w = l->w;
    struct ask ask = {
        .port = es_web_port(w->web),
        .method = "POST",
        .path = "/api/v1/runs",
        .token = w->people[i % PEOPLE].token,
        .type = "application/octet-stream",
        .body = es_buf_bytes(&l->file[i]),
    };
    struct answer got;
    double m;

    client_ask(&ask, &got);
    bool yes = said(&got.body, "\"status\":\"accepted\"").p != NULL;
    if (got.status != 201 || (!yes && !l->review) ||
        !es_num_f64(said(&got.body, "\"counted_m\":"), &m)) {
        printf("%d %s\n", got.status, es_buf_cstr(&got.body));
        exit(1);
    }
    atomic_fetch_add(yes ? &w->accepted : &w->other, 1);
    atomic_fetch_add(&w->counted_mm, llround(m * 1000));
    es_buf_release(&got.body);
}

static void decoded(struct load *l, size_t i)
{
    struct es_ingest_result r = { 0 };
    struct es_arena a;
    struct es_err e = { 0 };

    es_arena_init(&a, 16 << 20);
    must(es_ingest_bytes(l->w->ingest, es_buf_bytes(&l->file[i]), &a, &r, &e),
         "ingest", &e);
    es_arena_release(&a);
}

static enum es_code add_run(struct es_txn *tx, const struct es_blob *blob,
                            void *arg, struct es_err *e)
{
    struct es_run *r = arg;
    struct es_ledger_entry l = { .initiative = r->initiative,
                                 .id = es_id_new(),
                                 .run = r->id,
                                 .participant = r->participant,
                                 .delta_mm = r->counted_mm,
                                 .delta_ms = r->time_ms,
                                 .delta_runs = 1,
                                 .at_ms = r->received_ms,
                                 .actor = "system",
                                 .reason = "accepted" };
    r->blob = *blob;
    enum es_code rc = es_txn_run_add(tx, r, e);
    return rc == ES_OK ? es_txn_ledger_add(tx, &l, e) : rc;
}

static void stored(struct load *l, size_t i)
{
    static const uint8_t measure[MEASURE];
    char code[ES_CODE_TEXT];
    struct es_err e = { 0 };
    struct es_run r = { .initiative = 1,
                        .id = es_id_new(),
                        .participant = 1 + (int64_t)(i % PEOPLE),
                        .code = code,
                        .received_ms = es_time_now_ms(),
                        .counted_mm = 10000000,
                        .time_ms = 3600000,
                        .measure = { measure, sizeof measure } };
    struct es_write write = { .apply = add_run,
                              .arg = &r,
                              .upload = es_buf_bytes(&l->file[i]) };

    es_random_code(code, sizeof code, ES_CODE_BITS);
    es_store_hash(write.upload, write.upload_hash);
    must(es_store_write(l->w->alone, &write, &e), "store", &e);
}

/* ---- measuring ---- */

static void *client_main(void *arg)
{
    struct load *l = arg;
    size_t i;

    while ((i = atomic_fetch_add(&l->next, 1)) < l->n) {
        double start = now_s();
        l->upload(l, i);
        l->took_s[i] = now_s() - start;
    }
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds for all files. took_s is sorted afterwards. */
static double run(struct load *l, size_t clients,
                  void (*upload)(struct load *, size_t))
{
    pthread_t t[CLIENTS];

    l->upload = upload;
    atomic_store(&l->next, 0);
    double start = now_s();
    for (size_t i = 0; i < clients; i++)
        if (pthread_create(&t[i], NULL, client_main, l) != 0)
            abort();
    for (size_t i = 0; i < clients; i++)
        (void)pthread_join(t[i], NULL);
    double all_s = now_s() - start;
    qsort(l->took_s, l->n, sizeof *l->took_s, by_value);
    return all_s;
}

static void many(struct world *w, const char *name, size_t n, size_t points,
                 write_fn *put)
{
    struct load l = { .w = w };
    char text[64];

    load_write(&l, n, points, put);
    double stored_s = run(&l, CLIENTS, stored);
    double decoded_s = run(&l, CLIENTS, decoded);
    double served_s = run(&l, CLIENTS, served);
    bench_note(name,
               "%.0f receipts/s; median %.1f ms, 95 %% within %.1f ms; "
               "%zu clients, %zu kB",
               (double)n / served_s, l.took_s[n / 2] * 1e3,
               l.took_s[n * 95 / 100] * 1e3, (size_t)CLIENTS,
               l.file[0].n / 1000);
    (void)snprintf(text, sizeof text, "%s: / decoded alone", name);
    bench_ratio(text, served_s, decoded_s);
    (void)snprintf(text, sizeof text, "%s: / stored alone", name);
    bench_ratio(text, served_s, stored_s);
    load_release(&l);
}

static void single(struct load *l, const char *name)
{
    (void)run(l, 1, served);
    bench_note(name, "%.2f ms to its receipt, median of %zu; %zu kB",
               l->took_s[l->n / 2] * 1e3, l->n, l->file[0].n / 1000);
    load_release(l);
}

static void single_written(struct world *w, const char *name, write_fn *put)
{
    struct load l = { .w = w };

    load_write(&l, SINGLE_FILES, HOUR_POINTS, put);
    single(&l, name);
}

/* The same file from several people: all but the first go to review. */
static void single_real(struct world *w, const char *name, const char *path)
{
    struct load l = { .w = w, .n = SINGLE_FILES, .review = true };

    l.file = calloc(l.n, sizeof *l.file);
    l.took_s = calloc(l.n, sizeof *l.took_s);
    if (!l.file || !l.took_s)
        abort();
    for (size_t i = 0; i < l.n; i++)
        if (es_file_load(path, ES_UPLOAD_MAX, &l.file[i], NULL) != ES_OK) {
            bench_note(name, "no such file here: left out");
            load_release(&l);
            return;
        }
    single(&l, name);
}

/* ---- what must be true afterwards ---- */

struct sums {
    int64_t mm, runs, ledger_mm, ledger_runs;
};

static enum es_code add_sum(const struct es_participant_sum *row, void *arg,
                            struct es_err *e)
{
    struct sums *s = arg;
    (void)e;
    s->mm += row->dist_mm;
    s->runs += row->runs;
    s->ledger_mm += row->ledger_mm;
    s->ledger_runs += row->ledger_runs;
    return ES_OK;
}

/* All that was promised by a receipt stands in the store, in the ledger and
 * in the standings. */
static void check(struct world *w)
{
    struct sums s = { 0 };
    struct es_totals t;
    struct es_err e = { 0 };
    int64_t runs = atomic_load(&w->accepted);
    int64_t mm = atomic_load(&w->counted_mm);

    must(es_store_each_sum(w->store, w->ini.id, add_sum, &s, &e), "sums", &e);
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    if (s.runs != runs || s.ledger_runs != runs || t.runs != runs ||
        s.mm != mm || s.ledger_mm != mm || t.dist_mm != mm) {
        printf("receipts: %lld runs, %lld mm; store %lld, %lld; "
               "ledger %lld, %lld; standings %lld, %lld\n",
               (long long)runs, (long long)mm, (long long)s.runs,
               (long long)s.mm, (long long)s.ledger_runs,
               (long long)s.ledger_mm, (long long)t.runs, (long long)t.dist_mm);
        exit(1);
    }
    bench_note("receipts", "%lld accepted and %lld in review add up",
               (long long)runs, (long long)atomic_load(&w->other));
}

int main(void)
{
    static struct world w;

    world_open(&w);
    single_written(&w, "one client, FIT 1 h written", es_fit_write);
    single_written(&w, "one client, GPX 1 h written", es_gpx_write);
    single_real(&w, "one client, FIT 1 h real",
                "../shared/tracks/fit/stryd-running-001.fit");
    single_real(&w, "one client, GPX 1 h real",
                "../shared/tracks/gpx/stravagpx-running-002.gpx");
    many(&w, "GPX 100 points", SMALL_FILES, SMALL_POINTS, es_gpx_write);
    many(&w, "FIT 1 h", HOUR_FILES, HOUR_POINTS, es_fit_write);
    many(&w, "GPX 1 h", HOUR_FILES, HOUR_POINTS, es_gpx_write);
    check(&w);
    world_close(&w);
    return 0;
}
