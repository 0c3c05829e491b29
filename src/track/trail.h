/* SPDX-License-Identifier: Apache-2.0 */
/* Where one was when, and nothing else: what two recordings are compared by.
 */
#ifndef ES_TRACK_TRAIL_H
#define ES_TRACK_TRAIL_H

#include "track/track.h"

/* Fixes in the order of the file. */
struct es_trail {
    /* Seconds since the first, rising. A gap counts ES_TRAIL_GAP_S at most, so
     * that a clock that leaps makes nobody walk for years; where a file has no
     * times, as long as ES_TRAIL_PACE_MPS takes from fix to fix. */
    double *t_s;
    double *lat_deg;
    double *lon_deg; /* goes on beyond 180 where the way does */
    size_t n;
    bool timed;         /* the file's own times */
    int64_t started_ms; /* of the first fix, where timed */
};
static const double ES_TRAIL_GAP_S = 1800, ES_TRAIL_PACE_MPS = 3;

/* In `a`, 24 bytes a fix. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_trail_of(const struct es_track *tr,
                                       struct es_arena *a, struct es_trail *out,
                                       struct es_err *e);

/* The mean place over a span of time, straight between fixes; so that the same
 * way sampled otherwise has the same mean places, and white noise little say.
 * Asked from early to late. */
struct es_trail_sum { /* the integral from the start to fix i */
    size_t i;
    double lat, lon;
};
struct es_trail_mean {
    const struct es_trail *t;
    struct es_trail_sum from, to;
};
void es_trail_mean_init(struct es_trail_mean *m, const struct es_trail *t);
/* Over span_s around at_s, as much of it as the trail has; t->n > 0. */
void es_trail_mean_at(struct es_trail_mean *m, double at_s, double span_s,
                      double *lat_deg, double *lon_deg);

/* Metres of one degree of longitude and of latitude near a latitude, to 1 %:
 * an ellipse's axes don't matter to offsets of a few metres. */
double es_trail_east_m(double lat_deg);
extern const double ES_TRAIL_NORTH_M;

#endif
