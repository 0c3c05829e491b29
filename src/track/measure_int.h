/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that make up es_measure; not for other modules. */
#ifndef ES_TRACK_MEASURE_INT_H
#define ES_TRACK_MEASURE_INT_H

#include <math.h>

#include "track/evd.h"
#include "track/human.h"
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

/* Metres at a time that never falls from one call to the next: those of the
 * first sample before it, of the last one after it. s->n > 0; k is 0 at
 * first. */
struct es_walk {
    const struct es_stream *s;
    size_t k;
};
static inline double es_walk_m(struct es_walk *w, double t_s)
{
    const struct es_stream *s = w->s;
    size_t k = w->k;
    while (k + 1 < s->n && s->t_s[k + 1] <= t_s)
        k++;
    w->k = k;
    if (k + 1 >= s->n || !(t_s > s->t_s[k]))
        return s->d_m[k];
    double f = (t_s - s->t_s[k]) / (s->t_s[k + 1] - s->t_s[k]);
    return s->d_m[k] + f * (s->d_m[k + 1] - s->d_m[k]);
}

/* Rides that were left out of a run: in order, apart from each other, each a
 * stretch of the stream as it was with them. */
enum { ES_RIDES_MAX = 8 };
struct es_ride {
    double from_s, to_s, from_m, to_m;
};
struct es_left_out {
    struct es_ride v[ES_RIDES_MAX];
    size_t n;
};

/* A time since the start, and metres along the way with its rides, less what
 * was left out before; NAN stays. */
double es_counted_s(const struct es_left_out *l, double t_s);
double es_counted_m(const struct es_left_out *l, double d_m);

/* Both ways to a distance, compared. */
struct es_ways {
    bool on_foot;
    int64_t zero_ms;  /* times are counted from here */
    double *pos_m;    /* at each point: along the cleaned positions so far */
    double *dev_m;    /* at each point: the device's distance so far */
    uint8_t *pos_cut; /* at each point: the step to here was a jump */
    struct es_fixes fixes;
    bool smoothed;     /* pos_m is EVD's, and evd is filled in */
    struct es_evd evd; /* else zero */
    double raw_m;      /* geodesic sum, nothing cleaned; 0 without positions */
    double pos_len_m, dev_len_m; /* NAN where there is no such way */
    double dev_total_m;          /* the device's summary; NAN */
    bool dev_stream;             /* dev_m holds more than one value */
    bool dev_falls;              /* the device's distance goes back */
    bool dev_speed;              /* dev_m is its speed field, summed up */
    double ratio;                /* device / positions where both; NAN */
    double covered_m, covered_s; /* metres and time that ratio stands on */
    struct es_jump jumps[ES_JUMPS_MAX];
    size_t n_jumps; /* all that there were */
    double jumped_m;
};

/* What es_measure lends its parts to work in: this many bytes a point, aligned
 * to 16. */
enum { ES_MEASURE_SCRATCH = ES_EVD_SCRATCH };

/* All of *w, from the track; arrays from `a`, 46 bytes a point besides the
 * scratch. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ways_of(const struct es_track *tr, void *scratch,
                                      struct es_arena *a, struct es_ways *w,
                                      struct es_err *e);
/* Makes dev_m from the device's speeds where it gives no distance; false where
 * it gives no speeds either. */
bool es_ways_by_speed(const struct es_track *tr, struct es_ways *w);

/* Seconds of a point's time since the start; NAN when it has none. */
static inline double es_since_s(const struct es_ways *w,
                                const struct es_point *p)
{
    return p->t_ms == ES_NO_TIME
               ? NAN
               : ((double)p->t_ms - (double)w->zero_ms) / 1000;
}

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

/* Takes the time of what was left out from the stream, whose metres are gone
 * already. */
void es_stream_close(struct es_stream *s, const struct es_left_out *l);

/* Whether the way to the first sample, of d_m or more, took no time: then
 * nothing is known of when its metres were made. */
bool es_stream_leaps(const struct es_stream *s, double d_m);

/* m->splits, m->miles and their counts; none of a unit that would begin with
 * one that took no time. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_splits_of(const struct es_stream *s,
                                        struct es_arena *a,
                                        struct es_measure *m, struct es_err *e);

/* m->series, its heights all NAN. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_series_of(const struct es_stream *s,
                                        struct es_arena *a,
                                        struct es_measure *m, struct es_err *e);

/* About one standard deviation of a distance of len_m within m, as a share of
 * it, from m's source, and the noise, gaps and turns of its positions. */
double es_error_share(const struct es_measure *m, const struct es_ways *w,
                      double len_m);

/* m->bests, m->n_bests. */
void es_bests_of(const struct es_stream *s, const struct es_ways *w,
                 bool verified, struct es_measure *m);

/* Seconds that were not spent standing or pausing; NAN for an empty stream. */
double es_moving_s(const struct es_stream *s);

/* m->gain_m, m->loss_m, their source, the laps' climbs and the heights of
 * m->series over the way `along` (one value a point, rising), whose metres
 * times `scale` are the stream's with its rides. scratch: ES_MEASURE_SCRATCH
 * bytes a point. */
void es_elevation_of(const struct es_track *tr, const double *along,
                     double scale, const struct es_left_out *l, void *scratch,
                     struct es_measure *m);

/* What laps are read from. */
struct es_lap_source {
    const struct es_track *tr;
    const struct es_ways *w;
    const struct es_stream *s; /* closed over what was left out */
    const struct es_left_out *l;
};
/* m->lap, m->n_lap and m->hr_bpm, the laps' climbs as NAN. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_laps_of(const struct es_lap_source *from,
                                      struct es_arena *a, struct es_measure *m,
                                      struct es_err *e);

/* Appends a finding; m->findings holds ES_FINDINGS_MAX, later ones go. */
void es_finding_add(struct es_measure *m, const struct es_finding *f,
                    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Looks for stretches that are faster than a body. Where the rest is a run
 * they are left out: their metres go from m->dist_m and the stream, no effort
 * spans them, and a finding says so; else a finding sends the run to review
 * and the stream stays. Which ones goes to *l; their time stays until
 * es_stream_close. scratch: ES_MEASURE_SCRATCH bytes a point. */
void es_rides_of(const struct es_track *tr, const struct es_ways *w,
                 void *scratch, struct es_stream *s, struct es_left_out *l,
                 struct es_measure *m);

/* The other findings that are facts of the track alone. */
void es_findings_of(const struct es_track *tr, const struct es_ways *w,
                    const struct es_stream *s, struct es_measure *m);

#endif
