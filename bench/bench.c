/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SAMPLE_S 0.02 /* a thousand times what reading the clock costs */
#define WARM_UP_S 0.1 /* caches, branch predictors, the clock frequency */
#define REPS_MAX 1000000000u

static clockid_t the_clock = CLOCK_MONOTONIC;

void bench_by_cpu_time(void)
{
    the_clock = CLOCK_THREAD_CPUTIME_ID;
}

static double now_s(void)
{
    struct timespec ts;
    clock_gettime(the_clock, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double sample_s(void (*fn)(void *), void *arg, unsigned reps)
{
    double start = now_s();
    for (unsigned i = 0; i < reps; i++)
        fn(arg);
    return now_s() - start;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many calls fill a sample; warms up on the way. */
static unsigned calibrate(void (*fn)(void *), void *arg)
{
    unsigned reps = 1;
    double start = now_s();
    for (;;) {
        double t = sample_s(fn, arg, reps);
        if (t >= SAMPLE_S && now_s() - start >= WARM_UP_S)
            return reps;
        if (t < SAMPLE_S && reps < REPS_MAX / 2)
            reps *= 2;
    }
}

static void print_time(double t_s)
{
    if (t_s >= 1)
        printf("%9.3f s ", t_s);
    else if (t_s >= 1e-3)
        printf("%9.3f ms", t_s * 1e3);
    else if (t_s >= 1e-6)
        printf("%9.3f us", t_s * 1e6);
    else
        printf("%9.3f ns", t_s * 1e9);
}

/* One line a figure for other programs to read, where $ES_BENCH_TSV says. */
static void keep_row(const char *name, double median_s, double work,
                     const char *unit)
{
    const char *path = getenv("ES_BENCH_TSV");
    FILE *f = path && *path ? fopen(path, "a") : NULL;
    if (!f)
        return;
    fprintf(f, "%s\t%.9g\t%.9g\t%s\t%d\n", name, median_s, work, unit,
            BENCH_SAMPLES);
    fclose(f);
}

double bench_run(const char *name, double work, const char *unit,
                 void (*fn)(void *), void *arg)
{
    double t[BENCH_SAMPLES];
    unsigned reps = calibrate(fn, arg);
    for (size_t i = 0; i < BENCH_SAMPLES; i++)
        t[i] = sample_s(fn, arg, reps) / reps;
    qsort(t, BENCH_SAMPLES, sizeof t[0], by_value);
    double median = t[BENCH_SAMPLES / 2];
    double spread =
        (t[BENCH_SAMPLES * 3 / 4] - t[BENCH_SAMPLES / 4]) / 2 / median;

    printf("%-34s ", name);
    print_time(median);
    printf("  +-%3.0f %%", spread * 100);
    if (work > 0)
        printf("  %12.1f %s/s", work / median, unit);
    putchar('\n');
    fflush(stdout);
    keep_row(name, median, work, work > 0 ? unit : "");
    return median;
}

void bench_ratio(const char *name, double a_s, double b_s)
{
    printf("%-34s %9.2f\n", name, a_s / b_s);
    fflush(stdout);
}

void bench_note(const char *name, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%-34s ", name);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}
