/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one way to measure here. A program of its own calls bench_run for each
 * thing to measure and prints one line a call:
 *
 *     fit 1 h                  1.02 ms     +-3 %      120.4 MB/s
 *
 * The figure is the median of BENCH_SAMPLES samples on the monotonic clock,
 * after a warm-up; the +- is half the distance between their quartiles. */
#ifndef ES_BENCH_BENCH_H
#define ES_BENCH_BENCH_H

#include <stddef.h>

#define BENCH_SAMPLES 21

/* From here on, only the time in which this thread has a core counts: for what
 * computes and waits for nothing, so that a busy machine shows less. */
void bench_by_cpu_time(void);

/* Runs fn(arg) often enough that a sample takes at least 20 ms, and returns
 * the median time of one call in seconds. Where $ES_BENCH_TSV names a file,
 * name, seconds, work, unit and samples are added to it as a line. `work` is
 * what one call does, in `unit` ("MB", "points", "runs"): printed as a rate; 0
 * prints none. */
double bench_run(const char *name, double work, const char *unit,
                 void (*fn)(void *), void *arg);

/* Prints how two medians of this program compare, "a / b = 2.31". */
void bench_ratio(const char *name, double a_s, double b_s);

/* A line for what was measured some other way (a server under load). */
void bench_note(const char *name, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes the compiler believe that p and what it points to are used. */
static inline void bench_keep(const void *p)
{
    __asm__ volatile("" : : "r"(p) : "memory");
}

#endif
