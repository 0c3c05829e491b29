/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How far distances are off the truth: ours and those that other programs
 * compute, on simulated runs. Not a speed.
 *
 *     bench_accuracy [RUNS [FIRST_SEED]]
 *
 * First people and devices as one meets them, RUNS for each class of receiver;
 * then 46 cases, a third as many runs for each: runners who pause nowhere, on
 * each shape of way seen by each class once a second, and where programs thin
 * their fixes, on roads. Besides the tables for people a line each in
 * $ES_BENCH_MADE/accuracy.tsv and cases.tsv: class, estimator, runs, bias, root
 * mean square, 95th percentile and median of the absolute error, all in
 * percent. tools/plots.py draws them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/sim.h"
#include "track/measure.h"

enum { RUN_MEM = 512 << 20, RUNS = 120, RUNS_MAX = 5000 };
enum { CASES = 46, CASES_A_RECEIVER = 16 };
static const double RAD = 3.14159265358979323846 / 180;

struct fix {
    double t_s, x_m, y_m, lat, lon, alt_m;
    bool resumes;
};

struct seen {
    const struct fix *v;
    size_t n;
    const struct es_measure *m;
};

static double haversine_m(const struct seen *s)
{
    double sum = 0;
    for (size_t i = 1; i < s->n; i++) {
        const struct fix *p = &s->v[i - 1], *q = &s->v[i];
        double a = sin((q->lat - p->lat) / 2), b = sin((q->lon - p->lon) / 2);
        sum +=
            2 * 6371000 * asin(sqrt(a * a + cos(p->lat) * cos(q->lat) * b * b));
    }
    return sum;
}

/* As gpxpy's length_3d: a flat triangle on a sphere, and the heights. */
static double flat_3d_m(const struct seen *s)
{
    double sum = 0;
    for (size_t i = 1; i < s->n; i++) {
        const struct fix *p = &s->v[i - 1], *q = &s->v[i];
        double x = (q->lon - p->lon) * cos(p->lat), y = q->lat - p->lat;
        double m = 6378137 * hypot(x, y), up = q->alt_m - p->alt_m;
        sum += isnan(up) ? m : hypot(m, up);
    }
    return sum;
}

static double ellipsoid_m(const struct seen *s)
{
    return s->m->raw_dist_m;
}

static double off_m(const struct fix *p, const struct fix *a,
                    const struct fix *b)
{
    double x = b->x_m - a->x_m, y = b->y_m - a->y_m, l = hypot(x, y);
    double px = p->x_m - a->x_m, py = p->y_m - a->y_m;
    return l > 0 ? fabs(x * py - y * px) / l : hypot(px, py);
}

/* Douglas and Peucker 1973: the length of the line within 5 m. */
static double simplified_m(const struct seen *s, size_t from, size_t to)
{
    size_t worst = from;
    double most = 5;
    for (size_t i = from + 1; i < to; i++) {
        double d = off_m(&s->v[i], &s->v[from], &s->v[to]);
        if (d > most) {
            most = d;
            worst = i;
        }
    }
    if (worst == from)
        return hypot(s->v[to].x_m - s->v[from].x_m,
                     s->v[to].y_m - s->v[from].y_m);
    return simplified_m(s, from, worst) + simplified_m(s, worst, to);
}

static double thinned_m(const struct seen *s)
{
    return simplified_m(s, 0, s->n - 1);
}

/* Each fix the mean of those within 2.5 s. */
static double averaged_m(const struct seen *s)
{
    double sum = 0, was_x = 0, was_y = 0;
    for (size_t i = 0, lo = 0; i < s->n; i++) {
        double x = 0, y = 0, n = 0;
        while (s->v[lo].t_s < s->v[i].t_s - 2.5)
            lo++;
        for (size_t k = lo; k < s->n && s->v[k].t_s <= s->v[i].t_s + 2.5; k++) {
            x += s->v[k].x_m;
            y += s->v[k].y_m;
            n++;
        }
        if (i > 0)
            sum += hypot(x / n - was_x, y / n - was_y);
        was_x = x / n;
        was_y = y / n;
    }
    return sum;
}

static double ours_m(const struct seen *s)
{
    return s->m->smooth_m;
}

#ifdef ES_HAVE_REFERENCE
struct ref_fix { /* ../shared/reference/evsim.h, pt_t */
    double t, lat, lon, ele, acc, speed, dist, hr, cad;
    int brk;
};
/* The first of what it fills in is the length. */
int evd_stream(const struct ref_fix *p, size_t n, double *d, void *info);

static double reference_m(const struct seen *s)
{
    double info[64] = { 0 };
    struct ref_fix *v = calloc(s->n, sizeof *v);
    for (size_t i = 0; v && i < s->n; i++)
        v[i] = (struct ref_fix){ .t = s->v[i].t_s,
                                 .lat = s->v[i].lat / RAD,
                                 .lon = s->v[i].lon / RAD,
                                 .ele = NAN,
                                 .brk = s->v[i].resumes };
    if (v)
        (void)evd_stream(v, s->n, NULL, info);
    free(v);
    return info[0];
}
#endif

static double counted_m(const struct seen *s)
{
    return s->m->dist_m;
}

static const struct estimator {
    const char *name;
    double (*metres)(const struct seen *);
} ESTIMATORS[] = {
    { "sphere (haversine)", haversine_m },
    { "sphere, 3-D (as gpxpy)", flat_3d_m },
    { "WGS84 steps", ellipsoid_m },
    { "Douglas-Peucker 5 m", thinned_m },
    { "moving average 5 s", averaged_m },
    { "EVD, positions alone", ours_m },
#ifdef ES_HAVE_REFERENCE
    { "reference program", reference_m },
#endif
    { "what counts", counted_m },
};
enum { N = sizeof ESTIMATORS / sizeof *ESTIMATORS };

enum { GROUPS = SIM_RECEIVERS + 1, GROUP_MAX = CASES_A_RECEIVER * RUNS_MAX };
static const char *const CLASSES[GROUPS] = { "multiband", "watch",   "phone",
                                             "urban",     "browser", "exact" };

/* Of one class: percent, one a run. */
struct group {
    double *off[N];
    size_t n;
};

static void *must(void *p)
{
    if (!p) {
        (void)fprintf(stderr, "no memory\n");
        exit(1);
    }
    return p;
}

/* In radians and in a plane; returns how many. */
static size_t lay_out(const struct es_track *t, struct fix *v)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct es_point *p = &t->pts[i];
        struct fix *f = &v[n];
        *f = (struct fix){
            .t_s = (double)(p->t_ms - t->started_ms) / 1000,
            .lat = p->lat_deg * RAD,
            .lon = remainder(p->lon_deg - t->pts[0].lon_deg, 360) * RAD,

            .alt_m = (double)p->alt_m,
            .resumes = p->flags & ES_PT_RESUME
        };
        f->x_m = n == 0 ? 0
                        : v[n - 1].x_m +
                              6378137 * cos(f->lat) * (f->lon - v[n - 1].lon);
        f->y_m = 6371000 * (f->lat - v[0].lat);
        n++;
    }
    return n;
}

static void one_run(const struct sim_setup *k, struct group *g)
{
    struct es_arena a;
    struct sim_run r;
    struct es_measure m;
    struct es_err e = { 0 };
    es_arena_init(&a, RUN_MEM);
    struct fix *v = NULL;
    if (!sim_run_make(k, &a, &r) ||
        es_measure(&r.track, ES_FORMAT_GPX, &a, &m, &e) != ES_OK)
        must(NULL);
    v = must(es_arena_array(&a, r.track.n, sizeof *v));
    struct seen s = { v, lay_out(&r.track, v), &m };
    for (size_t i = 0; i < N; i++)
        g->off[i][g->n] = (ESTIMATORS[i].metres(&s) / r.dist_m - 1) * 100;
    g->n++;
    es_arena_release(&a);
}

static int by_size(const void *x, const void *y)
{
    double a = fabs(*(const double *)x), b = fabs(*(const double *)y);
    return (a > b) - (a < b);
}

static void tell(FILE *rows, const char *class, const char *name, double *v,
                 size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += v[i];
        squares += v[i] * v[i];
    }
    qsort(v, n, sizeof *v, by_size);
    double bias = sum / (double)n, rms = sqrt(squares / (double)n);
    double p95 = fabs(v[(n * 95 + 99) / 100 - 1]), median = fabs(v[n / 2]);
    printf("%-10s %-24s %+7.2f %7.2f %7.2f %7.2f\n", class, name, bias, rms,
           p95, median);
    if (rows)
        (void)fprintf(rows, "%s\t%s\t%zu\t%.4f\t%.4f\t%.4f\t%.4f\n", class,
                      name, n, bias, rms, p95, median);
}

/* Where programs read the rows; NULL where nobody asked. */
static FILE *rows_open(const char *name)
{
    char path[4096];
    const char *dir = getenv("ES_BENCH_MADE");
    if (!dir || !*dir)
        return NULL;
    int n = snprintf(path, sizeof path, "%s/%s.tsv", dir, name);
    return n > 0 && (size_t)n < sizeof path ? fopen(path, "w") : NULL;
}

/* Each class, then all of them. */
static bool tell_all(const char *name, const struct group g[GROUPS])
{
    FILE *rows = rows_open(name);
    printf("%-10s %-24s %7s %7s %7s %7s   %%\n", "class", name, "bias", "RMS",
           "p95", "median");
    for (size_t c = 0; c < GROUPS; c++)
        for (size_t i = 0; i < N && g[c].n > 0; i++)
            tell(rows, CLASSES[c], ESTIMATORS[i].name, g[c].off[i], g[c].n);
    for (size_t i = 0; i < N; i++) {
        double *v = must(malloc(GROUPS * GROUP_MAX * sizeof *v));
        size_t n = 0;
        for (size_t c = 0; c < GROUPS; c++) {
            memcpy(v + n, g[c].off[i], g[c].n * sizeof *v);
            n += g[c].n;
        }
        tell(rows, "all", ESTIMATORS[i].name, v, n);
        free(v);
    }
    return !rows || fclose(rows) == 0;
}

static void groups_init(struct group g[GROUPS])
{
    for (size_t c = 0; c < GROUPS; c++) {
        g[c].n = 0;
        for (size_t i = 0; i < N; i++)
            g[c].off[i] = must(calloc(GROUP_MAX, sizeof(double)));
    }
}

static void groups_free(struct group g[GROUPS])
{
    for (size_t c = 0; c < GROUPS; c++)
        for (size_t i = 0; i < N; i++)
            free(g[c].off[i]);
}

/* As one meets them. */
static void meet(struct group g[GROUPS], size_t runs, uint64_t seed)
{
    for (size_t c = 0; c < SIM_RECEIVERS; c++)
        while (g[c].n < runs) {
            struct sim_setup k = sim_honest(seed++);
            if (k.receiver == (enum sim_receiver)c)
                one_run(&k, &g[c]);
        }
}

/* The cases that aren't a way and a class once a second. */
static const struct {
    enum sim_receiver receiver;
    enum sim_sampling sampling;
} THINNED[] = {
    { SIM_MULTIBAND, SIM_SMART },   { SIM_WATCH, SIM_SMART },
    { SIM_PHONE, SIM_EACH_5S },     { SIM_URBAN, SIM_EACH_5S },
    { SIM_PHONE, SIM_IRREGULAR },   { SIM_URBAN, SIM_IRREGULAR },
    { SIM_BROWSER, SIM_IRREGULAR }, { SIM_PHONE, SIM_EACH_10M },
    { SIM_URBAN, SIM_EACH_10M },    { SIM_BROWSER, SIM_EACH_10M },
};

static void one_case(struct group g[GROUPS], size_t nth, uint64_t seed)
{
    enum { EACH_SECOND = SIM_PATHS * GROUPS };
    static_assert(EACH_SECOND + sizeof THINNED / sizeof *THINNED == CASES,
                  "as many as told");
    struct sim_setup k = sim_honest(seed);
    k.mover = SIM_RUN;
    k.plan = SIM_STEADY;
    k.meter = SIM_NO_METER;
    k.speed = false;
    k.speed_mps = fmin(fmax(k.speed_mps, 2.2), 4.5);
    k.dist_m = fmin(fmax(k.dist_m, 5000), 10000);
    k.path = SIM_ROAD;
    if (nth < EACH_SECOND) {
        k.path = (enum sim_path)(nth % SIM_PATHS);
        k.receiver = (enum sim_receiver)(nth / SIM_PATHS);
        k.sampling = SIM_EACH_1S;
    } else {
        k.receiver = THINNED[nth - EACH_SECOND].receiver;
        k.sampling = THINNED[nth - EACH_SECOND].sampling;
    }
    one_run(&k, &g[k.receiver]);
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : RUNS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 500000;
    struct group g[GROUPS];
    if (runs < 1 || runs > RUNS_MAX)
        return 64;
    groups_init(g);
    meet(g, runs, seed);
    bool told = tell_all("accuracy", g);
    groups_free(g);
    groups_init(g);
    for (size_t i = 0; i < (runs + 2) / 3 * CASES; i++)
        one_case(g, i % CASES, seed + i);
    told &= tell_all("cases", g);
    groups_free(g);
    return told ? 0 : 1;
}
