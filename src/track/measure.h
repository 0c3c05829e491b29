/* SPDX-License-Identifier: Apache-2.0 */
/* What is computed from a track. Pure: no clock, no file, no globals. */
#ifndef ES_TRACK_MEASURE_H
#define ES_TRACK_MEASURE_H

#include "base/limits.h"
#include "track/provenance.h"
#include "track/track.h"

enum es_dist_source {
    ES_DIST_NONE,      /* neither positions nor a device's distance */
    ES_DIST_DEVICE,    /* the device's own stream */
    ES_DIST_POSITIONS, /* from the positions */
};
ES_API const char *es_dist_source_name(enum es_dist_source s); /* "none"... */

/* Why that one. Numbers are stored: new ones go to the end. */
enum es_dist_why {
    ES_WHY_NONE,          /* no distance, or measured before this was kept */
    ES_WHY_AGREES,        /* the device; its positions agree */
    ES_WHY_KEPT,          /* the device; of this sport positions tell less */
    ES_WHY_NO_POSITIONS,  /* the device alone: a treadmill, a foot pod */
    ES_WHY_FEW_POSITIONS, /* the device, mostly where there are none */
    ES_WHY_SPEED,         /* the device's speeds; its positions agree */
    ES_WHY_NO_DEVICE,     /* the positions alone */
    ES_WHY_FALLS,         /* the positions; the device's distance goes back */
    ES_WHY_DIFFERS,       /* the positions; the device says something else */
};
const char *es_dist_why_name(enum es_dist_why w); /* "agrees"; NULL for none */

enum es_elevation_source {
    ES_ELEVATION_NONE,
    ES_ELEVATION_BAROMETER,
    ES_ELEVATION_SATELLITES, /* an estimate */
};
/* "barometer", "satellites"; NULL for none. */
const char *es_elevation_source_name(enum es_elevation_source s);

/* How the clock on the runner's wall is known. Numbers are stored: new ones go
 * to the end. */
enum es_clock {
    ES_CLOCK_UNKNOWN,
    ES_CLOCK_DEVICE, /* the device says how far it is from UTC */
    ES_CLOCK_PLACE,  /* by where the run began: the sun's hour, which clocks on
                        walls are up to some hours from */
};

/* No wall is farther from UTC; a device that says so is set wrong. */
enum { ES_CLOCK_MAX_MIN = 15 * 60 };

struct es_split {
    double dist_m; /* a whole unit, the last one less */
    double time_s;
};

/* A lap as we measure it, from its start to the next one's. */
struct es_lap_measure {
    double start_s;        /* in counted time; >= 0, never falls */
    double dist_m, time_s; /* pauses included */
    double gain_m;         /* NAN: not known */
    double hr_bpm;         /* mean; NAN: not known */
};

enum { ES_BESTS_MAX = 16 };
struct es_best {
    const char *name; /* "400m" "1km" "1mile" "5km" "10km" "half_marathon"
                         "marathon" "50km" "100km"; constant strings */
    double dist_m, time_s;
    double error_s; /* about one standard deviation; NAN: not known */
    bool verified;  /* little noise, or the device agrees */
};

/* A run drawn over its distance: n samples at even steps, the first at 0, the
 * last at the end. n is 0 where no time stands beside the metres, else >= 2. */
enum { ES_SERIES_MAX = 240 };
struct es_series {
    double *time_s; /* since the first sample; never falls */
    double *alt_m;  /* smoothed as the climb is measured; NAN: not known */
    size_t n;
};

/* The speed of each of the n - 1 steps of a series over dist_m, into mps;
 * INFINITY for one that took no time. Their slope, rise over run of the
 * smoothed heights at both ends of a step, into slope; NAN: not known. */
void es_series_speed(const struct es_series *s, double dist_m, double *mps);
void es_series_slope(const struct es_series *s, double dist_m, double *slope);

enum es_effect { ES_NOTE, ES_CUT, ES_REVIEW, ES_REFUSE };
ES_API const char *
es_effect_name(enum es_effect e); /* note cut review refuse */

/* Why a run is judged as it is; one shape everywhere. */
struct es_finding {
    char code[32];     /* stable, snake case: "too_fast" */
    char message[160]; /* English, with figures; translated by code */
    double value, limit;
    double from_s, to_s; /* since the start; NAN for the whole run */
    enum es_effect effect;
};

/* Everything `everystep inspect` prints of one activity. NAN = the file can't
 * tell. */
struct es_measure {
    enum es_format format;
    enum es_provenance provenance;
    uint8_t sport;
    int64_t started_ms;
    enum es_clock clock;
    int32_t clock_min; /* of the runner's clock ahead of UTC; 0: not known */
    uint32_t points, records, laps;
    double dist_m;     /* what counts */
    double dist_err_m; /* about one standard deviation of it */
    enum es_dist_source dist_source;
    enum es_dist_why dist_why;
    double noise_cv;      /* noise left in the speed, over it; NAN: no EVD */
    double smooth_m;      /* along the smoothed positions; NAN: no EVD */
    double gap_m, gap_s;  /* bridged where positions were lost; NAN: no EVD */
    double raw_dist_m;    /* geodesic sum, nothing smoothed */
    double device_dist_m; /* the device's own */
    double elapsed_s, timer_s; /* of the recording, as it says itself */
    /* The same and the moving time of what counts, timer <= elapsed: less where
     * rides were left out. As the distance, climb, splits, laps and series. */
    double counted_s, counted_timer_s, moving_s;
    double gain_m, loss_m; /* elevation */
    enum es_elevation_source elevation_source;
    double hr_bpm;           /* mean over time */
    struct es_split *splits; /* kilometres */
    size_t n_splits;
    struct es_split *miles;
    size_t n_miles;
    struct es_lap_measure *lap; /* the first ES_LAPS_SHOWN */
    size_t n_lap;
    struct es_best bests[ES_BESTS_MAX];
    size_t n_bests;
    struct es_series series;
    char device[128];
    struct es_finding *findings; /* of the track alone, without the rules */
    size_t n_findings;
};

/* Fills *m; arrays from `a`, with what it works in at most ES_MEASURE_POINT
 * bytes a point and ES_MEASURE_FLOOR. Any track is measurable; only
 * ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_measure(const struct es_track *tr,
                                      enum es_format format, struct es_arena *a,
                                      struct es_measure *m, struct es_err *e);

/* "review" when a finding says review or refuse, else "ok". */
ES_API const char *es_measure_verdict(const struct es_measure *m);

#endif
