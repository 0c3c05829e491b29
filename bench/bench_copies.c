/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index of runs that may be copies, with ten million of them (or
 * ES_BENCH_RUNS): filling it, finding a copy among all, among a hundred
 * thousand of one course, and finding nothing; what memory it takes. Then what
 * a run costs: its sketch, and a comparison.
 *
 * Each run has marks that nobody else has, but one of a hundred is of the one
 * course, and shares half of its marks. */
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "bench.h"
#include "copies/copies.h"
#include "sim/copy.h"
#include "track/match.h"

enum { RUNS = 10000000, OF_COURSE = 100, HOUR = 3600 };

struct index {
    struct es_copies *c;
    uint64_t runs, next, missed;
    struct es_track *track, *copy;
};

static const uint8_t KEY[ES_SIPHASH_KEY] = "bench of copies";

/* The same for the same number. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static struct es_marks marks_of(uint64_t run)
{
    struct es_marks m = { .started_ms = 1767250800000 + (int64_t)run * 1000,
                          .lasted_s = HOUR };
    for (uint64_t i = 0; i < ES_MARKS; i++) {
        m.v[i] = (uint32_t)mixed(run * ES_MARKS + i);
        if (run % OF_COURSE == 0 && m.v[i] & 1)
            m.v[i] = (uint32_t)mixed(i);
    }
    return m;
}

static void add(void *arg)
{
    struct index *x = arg;
    struct es_marks m = marks_of(++x->next);
    if (es_copies_add(x->c, (int64_t)x->next, &m, NULL) != ES_OK)
        abort();
}

static void find(struct index *x, const struct es_marks *m, uint64_t run)
{
    struct es_likeness like[ES_LIKENESSES];
    size_t n;
    if (es_copies_find(x->c, m, like, ES_LIKENESSES, &n, NULL) != ES_OK)
        abort();
    bool found = false;
    for (size_t i = 0; i < n; i++)
        found |= like[i].run == (int64_t)run;
    x->missed += run > 0 && !found;
}

/* A copy shares about two thirds of the numbers, so half of the marks. */
static void find_copy_of(struct index *x, uint64_t run)
{
    struct es_marks m = marks_of(run),
                    other = marks_of(run + ((uint64_t)1 << 40));
    for (uint64_t i = 0; i < ES_MARKS; i++)
        if (mixed(run ^ i) & 1)
            m.v[i] = other.v[i] | 1;
    m.started_ms += 86400000;
    find(x, &m, run);
}

static void find_copy(void *arg)
{
    struct index *x = arg;
    x->next = mixed(x->next);
    uint64_t run = 1 + x->next % x->runs;
    find_copy_of(x, run % OF_COURSE ? run : run - 1);
}

static void find_on_course(void *arg)
{
    struct index *x = arg;
    x->next = mixed(x->next);
    find_copy_of(x, (1 + x->next % (x->runs / OF_COURSE)) * OF_COURSE);
}

static void find_nothing(void *arg)
{
    struct index *x = arg;
    struct es_marks m =
        marks_of(++x->next + ((uint64_t)1 << 50) * OF_COURSE + 1);
    find(x, &m, 0);
}

static void sketch(void *arg)
{
    struct index *x = arg;
    struct es_arena a;
    struct es_sketch s;
    struct es_marks m;
    es_arena_init(&a, ES_DECODE_MEM);
    if (es_sketch_of(x->track, &a, &s, NULL) != ES_OK)
        abort();
    es_marks_of(KEY, 1, &s, &m);
    bench_keep(&m);
    es_arena_release(&a);
}

static void match(void *arg)
{
    struct index *x = arg;
    struct es_arena a;
    struct es_side p, q;
    struct es_match m;
    es_arena_init(&a, ES_DECODE_MEM);
    if (es_side_of(x->track, &a, &p, NULL) != ES_OK ||
        es_side_of(x->copy, &a, &q, NULL) != ES_OK ||
        es_match_of(&p, &q, &a, &m, NULL) != ES_OK)
        abort();
    x->missed += es_match_copy(&m) == ES_COPY_NONE;
    es_arena_release(&a);
}

static void bench_tracks(struct index *x)
{
    struct sim_setup k = { .seed = 1,
                           .path = SIM_PARK,
                           .receiver = SIM_WATCH,
                           .dist_m = 10800,
                           .speed_mps = 3,
                           .lat_deg = 50 };
    static struct sim_run r; /* x keeps what it holds */
    static struct es_track copy;
    struct es_arena a;
    es_arena_init(&a, (size_t)1 << 30);
    if (!sim_run_make(&k, &a, &r))
        abort();
    copy = sim_resampled(&r.track, 2, &a);
    copy = sim_noised(&copy, 1, 2, &a);
    x->track = &r.track;
    x->copy = &copy;
    (void)bench_run("sketch of 1 h", (double)r.track.n, "points", sketch, x);
    (void)bench_run("two of 1 h compared", (double)(r.track.n + copy.n),
                    "points", match, x);
    es_arena_release(&a);
}

int main(void)
{
    struct index x = { 0 };
    const char *runs = getenv("ES_BENCH_RUNS");
    x.runs = runs ? strtoull(runs, NULL, 10) : RUNS;
    if (x.runs < OF_COURSE || es_copies_new(&x.c, NULL) != ES_OK)
        return 1;
    uint64_t warm = x.runs / 10;
    while (x.next < x.runs - warm)
        add(&x);
    struct timespec from, to;
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    while (x.next < x.runs)
        add(&x);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    double s = (double)(to.tv_sec - from.tv_sec) +
               (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    bench_note("the last tenth added", "%.2f us a run", s * 1e6 / (double)warm);
    bench_note("index", "%zu runs, %.0f MB, %.0f bytes a run",
               es_copies_count(x.c), (double)es_copies_bytes(x.c) / 1e6,
               (double)es_copies_bytes(x.c) / (double)x.runs);
    (void)bench_run("a copy found", 1, "runs", find_copy, &x);
    (void)bench_run("on the course that 1 % ran", 1, "runs", find_on_course,
                    &x);
    (void)bench_run("nothing found", 1, "runs", find_nothing, &x);
    bench_note("copies not found", "%llu", (unsigned long long)x.missed);
    es_copies_free(x.c);
    x.missed = 0;
    bench_tracks(&x);
    return x.missed > 0;
}
