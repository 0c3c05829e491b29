/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules change when 100,000 people have 300,000 runs: how long trying the
 * other rules takes, how long judging all runs again, and how long somebody
 * waits who hands in a run meanwhile, beside how long they wait else. The
 * ledger is held against the runs at the end. BENCH_RUNS makes it smaller. */
#include "bench.h"
#include "crowd.h"
#include "initiative/recount.h"
#include "initiative/rejudge.h"
#include "initiative/runs.h"

#include <ftw.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    RUNS = 300000,
    BOUND_S = 60,
    UPLOADS = 200,
    UPLOADS_MAX = 100000,
    PAUSE_US = 20000
};

struct world {
    struct es_store *store;
    struct es_app app;
    struct crowd c;
    int64_t took_us[UPLOADS_MAX];
    size_t n_took;
    size_t next; /* person who hands in */
    atomic_bool stop;
};

static void must(enum es_code rc, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    fprintf(stderr, "bench_rejudge: %s\n", e->msg);
    abort();
}

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What all threads of this process have had of the cores: on a machine that
 * does other things, too, less than the time that passed. */
static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- handing in ---- */

static void hand_in(struct world *w)
{
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_participant p;
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    es_arena_init(&a, 64 << 20);
    size_t who = w->next++ * 7919 % w->c.people;
    must(es_store_participant(w->store, w->c.initiative,
                              crowd_person(&w->c, who), &a, &p, &e),
         &e);
    struct es_typed t = { .started_ms =
                              w->c.opens_ms + (int64_t)(w->next * 60000),
                          .dist_m = 5000,
                          .elapsed_s = 1650 };
    double from = now_s();
    must(es_runs_type_in(&w->app, &p, &t, &a, &r, &fe, &e), &e);
    if (w->n_took < UPLOADS_MAX)
        w->took_us[w->n_took++] = (int64_t)((now_s() - from) * 1e6);
    es_arena_release(&a);
}

static void *hand_in_until_told(void *arg)
{
    struct world *w = arg;
    while (!atomic_load(&w->stop)) {
        hand_in(w);
        usleep(PAUSE_US);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The median; prints it with its neighbours. */
static double tell_waits(struct world *w, const char *name)
{
    qsort(w->took_us, w->n_took, sizeof *w->took_us, by_size);
    double p50 = (double)w->took_us[w->n_took / 2] / 1000;
    bench_note(name, "%.1f ms median, %.1f ms 99th, %.1f ms most, of %zu", p50,
               (double)w->took_us[w->n_took * 99 / 100] / 1000,
               (double)w->took_us[w->n_took - 1] / 1000, w->n_took);
    w->n_took = 0;
    return p50;
}

/* ---- the change ---- */

static struct es_rule_change change_of(struct world *w, int32_t version,
                                       struct es_arena *a)
{
    struct es_err e = { 0 };
    struct es_rule_change c;
    must(es_store_rule_change(w->store, w->c.initiative, version, a, &c, &e),
         &e);
    return c;
}

static void wait_for(struct world *w, int32_t version)
{
    bool ended = false;
    while (!ended) {
        struct es_arena a;
        es_arena_init(&a, 1 << 20);
        ended = change_of(w, version, &a).ended_ms > 0;
        es_arena_release(&a);
        usleep(10000);
    }
}

/* Caps of a run and a day, the runner's clock, a picture for what is typed in:
 * a third of the runs count otherwise. */
static void change_rules(struct world *w)
{
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_initiative ini;
    struct es_tally t;
    es_arena_init(&a, 4 << 20);
    must(es_store_initiative_by_id(w->store, w->c.initiative, &a, &ini, &e),
         &e);
    struct es_draft d = { .initiative = ini.id,
                          .from_version = ini.rules_version,
                          .opens_ms = ini.opens_ms,
                          .closes_ms = ini.closes_ms,
                          .zone = ini.zone,
                          .who = "bench" };
    must(es_rules_read(ini.rules, &d.rules, &e), &e);
    d.rules.window = ES_WINDOW_LOCAL;
    d.rules.run_cap_mm = 15000000;
    d.rules.day_cap_mm = 15000000;
    d.rules.typed_proof = ES_PROOF_PICTURE;

    double from = now_s();
    must(es_rules_draft(&w->app, &d, &e), &e);
    wait_for(w, d.from_version + 1);
    bench_note("rejudge: trying the rules", "%.1f s", now_s() - from);
    struct es_rule_change c = change_of(w, d.from_version + 1, &a);
    must(es_tally_read(c.tally, &t, &e), &e);

    pthread_t thread;
    w->stop = false;
    if (pthread_create(&thread, NULL, hand_in_until_told, w) != 0)
        abort();
    from = now_s();
    double cpu = cpu_s();
    must(es_rules_commit(&w->app, ini.id, c.version, c.at_ms, 0, "bench", "",
                         &e),
         &e);
    wait_for(w, c.version);
    double took = now_s() - from;
    cpu = cpu_s() - cpu;
    bool met = took < BOUND_S;
    atomic_store(&w->stop, true);
    (void)pthread_join(thread, NULL);
    c = change_of(w, c.version, &a);
    struct es_tally done;
    must(es_tally_read(c.tally, &done, &e), &e);
    bench_note("rejudge: all runs",
               "%.1f s for %lld runs, %lld touched (%.0f "
               "runs/s), %.1f s of the cores, bound %d s %s",
               took, (long long)done.runs, (long long)done.touched,
               (double)done.runs / took, cpu, BOUND_S, met ? "met" : "MISSED");
    if (done.touched != t.touched)
        bench_note("rejudge: came meanwhile", "%lld touched were foreseen",
                   (long long)t.touched);
    es_arena_release(&a);
}

static void differs(const struct es_participant_sum *row, void *arg)
{
    (void)arg;
    fprintf(stderr, "bench_rejudge: the ledger of %lld differs\n",
            (long long)row->p.id);
    abort();
}

static void reconcile(struct world *w)
{
    struct es_recounted sum;
    struct es_err e = { 0 };
    struct es_totals t;
    must(es_recount(w->store, w->c.initiative, false, differs, NULL, &sum, &e),
         &e);
    es_standings_totals(es_app_standings(&w->app, w->c.initiative), &t);
    if (t.dist_mm != sum.dist_mm || t.runs != sum.runs)
        abort();
    bench_note("rejudge: recount", "clean, %lld runs, %.0f km",
               (long long)sum.runs, (double)sum.dist_mm / 1e6);
}

static int unlink_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(void)
{
    static struct world w;
    char dir[200];
    struct es_err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    const char *runs = getenv("BENCH_RUNS");
    size_t n = runs ? strtoul(runs, NULL, 10) : RUNS;
    int64_t now = es_time_now_ms();

    w.c = (struct crowd){ .initiative = 1,
                          .people = n / 3 + 1,
                          .runs = n,
                          .teams = 200,
                          .opens_ms = now - 50 * INT64_C(86400000),
                          .closes_ms = now + 10 * INT64_C(86400000) };
    (void)snprintf(dir, sizeof dir, "%s/bench_rejudge.XXXXXX", tmp ? tmp : ".");
    if (mkdtemp(dir) == NULL)
        return 1;
    must(es_store_open(dir, &w.store, &e), &e);
    double from = now_s();
    crowd_fill(w.store, &w.c);
    bench_note("crowd: made", "%.1f s", now_s() - from);
    from = now_s();
    must(es_app_open(&w.app, w.store, NULL, &e), &e);
    bench_note("crowd: opened", "%.2f s", now_s() - from);
    must(es_rejudge_start(&w.app, &w.app.rejudge, &e), &e);
    for (int i = 0; i < UPLOADS; i++)
        hand_in(&w);
    double alone = tell_waits(&w, "rejudge: handing in before");
    change_rules(&w);
    double meanwhile = tell_waits(&w, "rejudge: handing in meanwhile");
    bench_ratio("rejudge: handing in meanwhile / before", meanwhile / 1000,
                alone / 1000);
    es_rejudge_stop(w.app.rejudge);
    reconcile(&w);
    es_app_close(&w.app);
    es_store_close(w.store);
    return nftw(dir, unlink_one, 8, FTW_DEPTH | FTW_PHYS) != 0;
}
