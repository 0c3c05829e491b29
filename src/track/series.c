/* SPDX-License-Identifier: Apache-2.0 */
/* A run drawn over its distance, for charts. */
#include <math.h>

#include "track/measure_int.h"

/* Closer samples would show the receiver's noise as changes of pace. */
static const double STEP_MIN_M = 10;
/* A way that begins with as much of it in no time can't be drawn. */
static const double LEAP_M = 1000;

static size_t samples_of(double len_m)
{
    double n = floor(len_m / STEP_MIN_M) + 1;
    return n < 2 ? 2 : n < ES_SERIES_MAX ? (size_t)n : ES_SERIES_MAX;
}

/* The time at which d is reached first: who stands still stands in what comes
 * after. *k, 0 at first, remembers the place: d may only rise between calls.
 * The first sample may come after the first metres. */
static double reached_s(const struct es_stream *s, double d, size_t *k)
{
    while (*k < s->n && s->d_m[*k] < d)
        ++*k;
    if (*k == s->n)
        return s->t_s[s->n - 1];
    double t0 = *k > 0 ? s->t_s[*k - 1] : fmin(s->t_s[0], 0);
    double d0 = *k > 0 ? s->d_m[*k - 1] : 0;
    double step = s->d_m[*k] - d0;
    return step > 0 ? t0 + (d - d0) / step * (s->t_s[*k] - t0) : s->t_s[*k];
}

enum es_code es_series_of(const struct es_stream *s, struct es_arena *a,
                          struct es_measure *m, struct es_err *e)
{
    double len = s->n > 0 ? s->d_m[s->n - 1] : 0;
    size_t n = s->n > 0 && !es_stream_leaps(s, LEAP_M) ? samples_of(len) : 0;
    size_t k = 0;
    struct es_series out = { 0 };
    out.time_s = es_arena_array(a, n, sizeof *out.time_s);
    out.alt_m = es_arena_array(a, n, sizeof *out.alt_m);
    if (!out.time_s || !out.alt_m)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a series");
    out.n = n;
    for (size_t i = 0; i < n; i++) {
        out.time_s[i] = reached_s(s, len * (double)i / (double)(n - 1), &k);
        out.alt_m[i] = NAN;
    }
    for (size_t i = n; i-- > 0;)
        out.time_s[i] -= out.time_s[0];
    m->series = out;
    return ES_OK;
}

void es_series_speed(const struct es_series *s, double dist_m, double *mps)
{
    for (size_t i = 0; i + 1 < s->n; i++)
        mps[i] =
            dist_m / (double)(s->n - 1) / (s->time_s[i + 1] - s->time_s[i]);
}

void es_series_slope(const struct es_series *s, double dist_m, double *slope)
{
    for (size_t i = 0; i + 1 < s->n; i++)
        slope[i] =
            (s->alt_m[i + 1] - s->alt_m[i]) * (double)(s->n - 1) / dist_m;
}
