/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Durable writes a second: 48 threads, each waiting for its own receipt; a run
 * with its measure, ledger entry and bytes a write. On the disk that TMPDIR
 * (else the current folder) is on: in memory it would measure nothing. */
#include "base/random.h"
#include "base/time.h"
#include "bench.h"
#include "store/store.h"

#include <ftw.h>
#include <pthread.h>
#include <unistd.h>

enum {
    THREADS = 48,
    PEOPLE = 200,
    MEASURE = 2500, /* bytes of a 10 km run's measure */
    RUN_MS = 3000,
    FILE_MAX = 150000
};

struct load {
    struct es_store *s;
    size_t n; /* bytes of an upload */
    int64_t end_ms;
    pthread_t id;
    uint64_t done, seed;
    int64_t worst_ms;
};

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

static void one_upload(struct load *l, uint8_t *file)
{
    static const uint8_t measure[MEASURE];
    char code[ES_CODE_TEXT];
    struct es_run r = { .initiative = 1,
                        .id = es_id_new(),
                        .participant = 1 + (int64_t)(l->seed++ % PEOPLE),
                        .code = code,
                        .received_ms = es_time_now_ms(),
                        .dist_mm = 10000000,
                        .counted_mm = 10000000,
                        .time_ms = 3600000,
                        .file_name = "morning.fit",
                        .measure = { measure, sizeof measure } };
    struct es_write w = { .apply = add_run,
                          .arg = &r,
                          .upload = { file, l->n } };

    es_random_code(code, sizeof code, ES_CODE_BITS);
    memcpy(file, &r.id, sizeof r.id); /* no two files are the same */
    es_store_hash(w.upload, w.upload_hash);
    int64_t start = es_time_mono_ms();
    if (es_store_write(l->s, &w, NULL) != ES_OK)
        abort();
    int64_t took = es_time_mono_ms() - start;
    l->worst_ms = took > l->worst_ms ? took : l->worst_ms;
    l->done++;
}

static void *load_main(void *arg)
{
    struct load *l = arg;
    static _Thread_local uint8_t file[FILE_MAX];
    es_random_bytes(file, l->n);
    while (es_time_mono_ms() < l->end_ms)
        one_upload(l, file);
    return NULL;
}

static int remove_one(const char *path, const struct stat *sb, int flag,
                      struct FTW *ftw)
{
    (void)sb;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void measure(const char *name, size_t bytes)
{
    const char *base = getenv("TMPDIR");
    char dir[200];
    struct load load[THREADS] = { 0 };
    struct es_store_stats st;
    struct es_store *s;
    uint64_t done = 0;
    int64_t worst = 0;

    (void)snprintf(dir, sizeof dir, "%s/bench-XXXXXX", base ? base : ".");
    if (mkdtemp(dir) == NULL || es_store_open(dir, &s, NULL) != ES_OK)
        abort();
    int64_t start = es_time_mono_ms();
    for (size_t i = 0; i < THREADS; i++) {
        load[i] = (struct load){
            .s = s, .n = bytes, .seed = i * 7, .end_ms = start + RUN_MS
        };
        if (pthread_create(&load[i].id, NULL, load_main, &load[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(load[i].id, NULL);
        done += load[i].done;
        worst = load[i].worst_ms > worst ? load[i].worst_ms : worst;
    }
    double took_s = (double)(es_time_mono_ms() - start) / 1000;
    es_store_stats(s, &st);
    bench_note(name, "%.0f durable writes/s, %.1f a commit, slowest %lld ms",
               (double)done / took_s, (double)st.writes / (double)st.commits,
               (long long)worst);
    es_store_close(s);
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    measure("store 8 kB uploads", 8000);
    measure("store 150 kB uploads", 150000);
    return 0;
}
