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

/* More than a time may be off in its last bit. */
static const double ROUNDING_S = 1;

/* The time at distance d within the step from i to i + 1. */
static double time_at(const struct es_stream *s, size_t i, double d)
{
    double step = s->d_m[i + 1] - s->d_m[i];
    double f = step > 0 ? (d - s->d_m[i]) / step : 0;
    return s->t_s[i] + f * (s->t_s[i + 1] - s->t_s[i]);
}

/* The least time of the efforts over d that start on a sample. An effort that
 * starts later ends no sooner: while it would take longer than the best if it
 * ended as soon, none is worked out. */
static double least_from(const struct es_stream *s, double d)
{
    double best_s = INFINITY;
    size_t k = 1;
    for (size_t i = 0; i < s->n;) {
        while (k < s->n && s->d_m[k] < s->d_m[i] + d)
            k++;
        if (k == s->n)
            break;
        if (s->cuts[k] == s->cuts[i])
            best_s = fmin(best_s, time_at(s, k - 1, s->d_m[i] + d) - s->t_s[i]);
        do
            i++;
        while (i < s->n && s->t_s[k - 1] - s->t_s[i] >= best_s);
    }
    return best_s;
}

/* The same, or best_s, of those that end on one, from the last to the first. */
static double least_to(const struct es_stream *s, double d, double best_s)
{
    size_t k = s->n - 1;
    for (size_t i = s->n - 1; i > 0;) {
        double from = s->d_m[i] - d;
        if (from < s->d_m[0])
            break;
        while (s->d_m[k] > from)
            k--;
        if (s->cuts[i] == s->cuts[k])
            best_s = fmin(best_s, s->t_s[i] - time_at(s, k, from));
        do
            i--;
        while (i > 0 && s->t_s[i] - s->t_s[k + 1] >= best_s + ROUNDING_S);
    }
    return best_s;
}

/* The least time over d. As a function of where it starts it is piecewise
 * linear, so the least has one end on a sample. s->n > 0. */
static double least(const struct es_stream *s, double d)
{
    return least_to(s, d, least_from(s, d));
}

void es_bests_of(const struct es_stream *s, const struct es_ways *w,
                 bool verified, struct es_measure *m)
{
    m->n_bests = 0;
    for (size_t i = 0; i < ES_BEST_DISTS_N && s->n > 0; i++) {
        const struct es_best_dist *d = &ES_BEST_DISTS[i];
        if (s->d_m[s->n - 1] - s->d_m[0] < d->dist_m)
            break;
        double time_s = least(s, d->dist_m);
        if (!isfinite(time_s))
            continue;
        m->bests[m->n_bests++] = (struct es_best){
            .name = d->name,
            .dist_m = d->dist_m,
            .time_s = time_s,
            .error_s = time_s * es_error_share(m, w, d->dist_m),
            .verified = verified,
        };
    }
}
