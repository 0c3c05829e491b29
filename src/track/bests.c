/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "track/measure_int.h"

const struct es_best_dist ES_BEST_DISTS[] = {
    { "400m", 400 },       { "1km", 1000 },   { "1mile", 1609.344 },
    { "5km", 5000 },       { "10km", 10000 }, { "half_marathon", 21097.5 },
    { "marathon", 42195 }, { "50km", 50000 }, { "100km", 100000 },
};
const size_t ES_BEST_DISTS_N = sizeof ES_BEST_DISTS / sizeof *ES_BEST_DISTS;

static_assert(sizeof ES_BEST_DISTS / sizeof *ES_BEST_DISTS <= ES_BESTS_MAX,
              "every best effort fits");

struct effort {
    double time_s, from_s;
};

/* The time at distance d within the step from i to i + 1. */
static double time_at(const struct es_stream *s, size_t i, double d)
{
    double step = s->d_m[i + 1] - s->d_m[i];
    double f = step > 0 ? (d - s->d_m[i]) / step : 0;
    return s->t_s[i] + f * (s->t_s[i + 1] - s->t_s[i]);
}

static void better(struct effort *best, double from_s, double to_s)
{
    if (to_s - from_s < best->time_s)
        *best = (struct effort){ to_s - from_s, from_s };
}

/* The least time over d. As a function of where it starts it is piecewise
 * linear, so the least has one end on a sample: one pass for the efforts
 * that start on one, one for those that end on one. */
static struct effort least(const struct es_stream *s, double d)
{
    struct effort best = { INFINITY, NAN };
    size_t k = 1;
    for (size_t i = 0; i < s->n; i++) {
        while (k < s->n && s->d_m[k] < s->d_m[i] + d)
            k++;
        if (k == s->n)
            break;
        if (s->cuts[k] == s->cuts[i])
            better(&best, s->t_s[i], time_at(s, k - 1, s->d_m[i] + d));
    }
    k = 0;
    for (size_t i = 1; i < s->n; i++) {
        double from = s->d_m[i] - d;
        if (from < s->d_m[0])
            continue;
        while (k + 1 < i && s->d_m[k + 1] <= from)
            k++;
        if (s->cuts[i] == s->cuts[k])
            better(&best, time_at(s, k, from), s->t_s[i]);
    }
    return best;
}

void es_bests_of(const struct es_stream *s, const struct es_ways *w,
                 bool verified, struct es_measure *m,
                 double from_s[ES_BESTS_MAX])
{
    m->n_bests = 0;
    for (size_t i = 0; i < ES_BEST_DISTS_N && s->n > 0; i++) {
        const struct es_best_dist *d = &ES_BEST_DISTS[i];
        if (s->d_m[s->n - 1] - s->d_m[0] < d->dist_m)
            break;
        struct effort got = least(s, d->dist_m);
        if (!isfinite(got.time_s))
            continue;
        from_s[m->n_bests] = got.from_s;
        m->bests[m->n_bests++] = (struct es_best){
            .name = d->name,
            .dist_m = d->dist_m,
            .time_s = got.time_s,
            .error_s = got.time_s * es_error_share(m, w, d->dist_m),
            .verified = verified,
        };
    }
}
