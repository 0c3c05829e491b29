/* SPDX-License-Identifier: Apache-2.0 */
/* What is computed from a track. Pure: no clock, no file, no globals. */
#ifndef ES_TRACK_MEASURE_H
#define ES_TRACK_MEASURE_H

#include "base/limits.h"
#include "track/track.h"

enum es_dist_source {
    ES_DIST_NONE,      /* neither positions nor a device's distance */
    ES_DIST_DEVICE,    /* the device's own stream */
    ES_DIST_POSITIONS, /* from the positions */
};
ES_API const char *es_dist_source_name(enum es_dist_source s); /* "none"... */

struct es_split {
    double dist_m; /* 1000, the last one less */
    double time_s;
};

enum { ES_BESTS_MAX = 16 };
struct es_best {
    const char *name; /* "400m" "1km" "1mile" "5km" "10km" "half_marathon"
                         "marathon" "50km" "100km"; constant strings */
    double dist_m, time_s;
    bool verified; /* the device's stream and the positions agree */
};

/* A run drawn over its distance: n samples at even steps, the first at 0, the
 * last at the end. n is 0 where no time stands beside the metres, else >= 2. */
enum { ES_SERIES_MAX = 240 };
struct es_series {
    double *time_s; /* since the first sample; never falls */
    double *alt_m;  /* smoothed as the climb is measured; NAN: not known */
    size_t n;
};

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
    uint8_t sport;
    int64_t started_ms;
    uint32_t points, records, laps;
    double dist_m; /* what counts */
    enum es_dist_source dist_source;
    double raw_dist_m;    /* geodesic sum, nothing smoothed */
    double device_dist_m; /* the device's own */
    double elapsed_s, timer_s, moving_s;
    double gain_m, loss_m; /* elevation */
    struct es_split *splits;
    size_t n_splits;
    struct es_best bests[ES_BESTS_MAX];
    size_t n_bests;
    struct es_series series;
    char device[128];
    struct es_finding *findings; /* of the track alone, without the rules */
    size_t n_findings;
};

/* Fills *m; arrays from `a`. Any track is measurable; only ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_measure(const struct es_track *tr,
                                      enum es_format format, struct es_arena *a,
                                      struct es_measure *m, struct es_err *e);

/* "review" when a finding says review or refuse, else "ok". */
ES_API const char *es_measure_verdict(const struct es_measure *m);

#endif
