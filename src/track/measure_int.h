/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that make up es_measure; not for other modules. */
#ifndef ES_TRACK_MEASURE_INT_H
#define ES_TRACK_MEASURE_INT_H

#include "track/measure.h"

/* The distances of best efforts, shortest first. */
struct es_best_dist {
    const char *name;
    double dist_m;
};
extern const struct es_best_dist ES_BEST_DISTS[];
extern const size_t ES_BEST_DISTS_N; /* <= ES_BESTS_MAX */

/* Distance over time: what splits, best efforts and speeds are read from.
 * Both arrays never fall. */
struct es_stream {
    double *t_s; /* since the start */
    double *d_m;
    uint32_t *cuts;  /* steps so far that no effort may span */
    uint8_t *paused; /* the step to here was a recorded pause */
    size_t n;
};

/* A step between positions that no human makes. */
struct es_jump {
    double from_s, to_s, step_m, speed_mps;
};
enum { ES_JUMPS_MAX = 4 };

/* Both ways to a distance, compared. */
struct es_ways {
    bool on_foot;
    int64_t zero_ms;  /* times are counted from here */
    double *pos_m;    /* at each point: along the cleaned positions so far */
    double *dev_m;    /* at each point: the device's distance so far */
    uint8_t *pos_cut; /* at each point: the step to here was a jump */
    double raw_m;     /* geodesic sum, nothing cleaned; 0 without positions */
    double pos_len_m, dev_len_m; /* NAN where there is no such way */
    double dev_total_m;          /* the device's summary; NAN */
    bool dev_stream;             /* dev_m holds more than one value */
    bool dev_falls;              /* the device's distance goes back */
    double ratio;                /* device / positions where both; NAN */
    double covered_m;            /* metres that ratio stands on */
    struct es_jump jumps[ES_JUMPS_MAX];
    size_t n_jumps; /* all that there were */
    double jumped_m;
};

bool es_sport_on_foot(uint8_t sport);

/* The next point with a position at or after i; tr->n when none. */
size_t es_fix_next(const struct es_track *tr, size_t i);
/* Whether a step is one that a spike begins or ends with. */
bool es_fix_spiky(const struct es_point *p, const struct es_point *q);
/* When the fix i is the first of a spike seen from `last`, the fix that goes
 * on from there, else i. */
size_t es_fix_after_spike(const struct es_track *tr, size_t last, size_t i);

/* All of *w, from the track; arrays from `a`. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ways_of(const struct es_track *tr,
                                      struct es_arena *a, struct es_ways *w,
                                      struct es_err *e);

/* Whether the time of point i can follow `last` (ES_NO_TIME: nothing yet):
 * there is one, it doesn't go back, and it isn't a leap ahead that the next
 * time takes back. */
bool es_time_rises(const struct es_track *tr, size_t i, int64_t last);

/* The stream of the chosen way, its length made dist_m. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_stream_of(const struct es_track *tr,
                                        const struct es_ways *w,
                                        enum es_dist_source source,
                                        double dist_m, struct es_arena *a,
                                        struct es_stream *s, struct es_err *e);

/* m->splits, m->n_splits. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_splits_of(const struct es_stream *s,
                                        struct es_arena *a,
                                        struct es_measure *m, struct es_err *e);

/* m->series, its heights all NAN. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_series_of(const struct es_stream *s,
                                        struct es_arena *a,
                                        struct es_measure *m, struct es_err *e);

/* m->bests, m->n_bests; the start of each, in seconds, in from_s. */
void es_bests_of(const struct es_stream *s, bool verified, struct es_measure *m,
                 double from_s[ES_BESTS_MAX]);

/* Seconds that were not spent standing or pausing; NAN for an empty stream. */
double es_moving_s(const struct es_stream *s);

/* m->gain_m, m->loss_m and the heights of m->series over the way `along` (one
 * value a point, rising). ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_elevation_of(const struct es_track *tr, const double *along,
                struct es_arena *a, struct es_measure *m, struct es_err *e);

/* Appends a finding; m->findings holds ES_FINDINGS_MAX, later ones go. */
void es_finding_add(struct es_measure *m, const struct es_finding *f,
                    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The findings that are facts of the track alone. */
void es_findings_of(const struct es_track *tr, const struct es_ways *w,
                    const struct es_stream *s,
                    const double best_from_s[ES_BESTS_MAX],
                    struct es_measure *m);

/* The fastest that a human has run: the least time over a distance and the
 * greatest mean speed over a time, log-log between the records. */
double es_human_time_s(double dist_m);
double es_human_speed_mps(double time_s);

#endif
