/* SPDX-License-Identifier: Apache-2.0 */
/* The model of an activity: what a FIT, GPX or TCX file says, in one shape. */
#ifndef ES_TRACK_TRACK_H
#define ES_TRACK_TRACK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

enum es_format { ES_FORMAT_NONE, ES_FORMAT_FIT, ES_FORMAT_GPX, ES_FORMAT_TCX };

/* "fit", "gpx", "tcx"; "" for none. */
ES_API const char *es_format_name(enum es_format f);

/* FIT's sport numbers are kept as they are; these are the ones we name in
 * code. The full table of names stands in sport.c. */
enum {
    ES_SPORT_GENERIC = 0,
    ES_SPORT_RUNNING = 1,
    ES_SPORT_CYCLING = 2,
    ES_SPORT_SWIMMING = 5,
    ES_SPORT_WALKING = 11,
    ES_SPORT_HIKING = 17,
    ES_SPORT_INVALID = 255
};

/* FIT's name in snake case: "running"; "generic" for unknown numbers. */
ES_API const char *es_sport_name(uint8_t sport);
/* How the speed of a sport is usually told. */
enum es_tempo {
    ES_TEMPO_PACE,     /* minutes a kilometre or mile: on foot, or not known */
    ES_TEMPO_SPEED,    /* kilometres or miles an hour: wheels, boats, skis */
    ES_TEMPO_PER_100M, /* minutes a hundred metres: in the water */
};
ES_API enum es_tempo es_sport_tempo(uint8_t sport);
/* From FIT's name, or what GPX and TCX files write ("Run", "Biking", "9"
 * (Strava's type number), "trail running", any case); ES_SPORT_GENERIC when
 * unknown or empty. */
ES_API uint8_t es_sport_of(struct es_bytes name);

enum {                    /* flags of a point */
       ES_PT_SEGMENT = 1, /* first point of a GPX segment or TCX track */
       ES_PT_RESUME = 2,  /* first point after a recorded pause */
       ES_PT_LAP = 4,     /* first point of a lap */
       ES_PT_OUT = 8,     /* the runner left it out, at an end of the track */
       ES_PT_MARKS = 15,  /* all of them */
};

/* One sample. Absent: t_ms = ES_NO_TIME, doubles and floats = NAN, hr and
 * power = 0. A cadence of 0 is one: nobody stepped. */
struct es_point {
    int64_t t_ms;
    double lat_deg; /* -90..90, WGS84; NAN together with lon */
    double lon_deg; /* -180..180 */
    double dist_m;  /* the device's own cumulative distance */
    float alt_m;
    float speed_mps;   /* the device's own */
    float acc_m;       /* horizontal accuracy, 1 sigma or as the device says */
    float cadence_spm; /* strides of one foot a minute, as FIT has it */
    float temp_c;
    uint16_t power_w; /* 0 = absent */
    uint8_t hr_bpm;
    uint8_t flags;
};
static_assert(sizeof(struct es_point) == 56, "a million are held at once");

struct es_lap {
    int64_t start_ms; /* ES_NO_TIME when the file doesn't say */
    double elapsed_s, timer_s, dist_m; /* NAN when absent */
};

/* One length of a pool. */
struct es_length {
    int64_t start_ms;         /* ES_NO_TIME when the file doesn't say */
    float elapsed_s, timer_s; /* NAN when absent */
    uint16_t strokes;         /* 0 = absent */
    bool is_rest;             /* at the pool's edge */
};

/* A measurement that an app defined and added to the samples, with its own
 * words for it (FIT: a developer field). */
struct es_extra {
    const char *name;  /* UTF-8, <= 120 bytes, or NULL */
    const char *units; /* the same */
    const float *v;    /* one for each point, NAN where absent; NULL when no
                          sample can have it */
    uint8_t developer, number; /* as the file counts them */
    uint8_t native;            /* FIT's field of a record that it stands for;
                                  255: none */
};

/* Something about the file that a person should know and that did not stop
 * the reading: a code (stable), a sentence fragment in English, an offset. */
struct es_warning {
    const char *code; /* constant string, for example "bad_checksum" */
    char message[96];
    size_t at; /* bytes from the start of the unpacked file */
};

/* One activity. Arrays live in the arena it was decoded into.
 * What the file doesn't say is NAN, ES_NO_TIME or NULL. */
struct es_track {
    uint8_t sport;
    uint8_t sub_sport; /* FIT's number, 0 when absent */
    int64_t started_ms;
    double elapsed_s;     /* the device's summary: wall time with pauses */
    double timer_s;       /* the device's summary: pauses out */
    double device_dist_m; /* the device's summary or the stream's last value */
    double pool_m;        /* the length of the pool */
    double utc_offset_s;  /* of the device's clock on the wall, east positive;
                             no time here is local */
    const char *device;   /* "Garmin fr945", a GPX creator...; UTF-8, <= 120 */
    bool by_program;      /* a FIT file that says that no device wrote it */
    struct es_point *pts;
    size_t n;
    size_t n_merged; /* samples of the file that were parts of another one */
    /* The last position before it when it is a later part of one recording (a
     * triathlon's run), else NULL: the raw distance goes on from there. */
    const struct es_point *before;
    struct es_lap *laps;
    size_t n_laps;
    struct es_length *lengths;
    size_t n_lengths;
    struct es_extra *extras;
    size_t n_extras;
    struct es_warning *warnings;
    size_t n_warnings; /* <= ES_WARNINGS_MAX */
};

/* The activities of one unpacked file, in the file's order; n >= 1. */
struct es_tracks {
    enum es_format format;
    struct es_track *v;
    size_t n;
};

/* A point with nothing in it. */
ES_API struct es_point es_point_none(void);
/* A track with nothing in it. */
ES_API struct es_track es_track_none(void);
ES_API bool es_point_has_position(const struct es_point *p);

/* Leaves out what the runner did: the points with ES_PT_OUT at both ends. Laps
 * stay; those outside count for nothing. */
void es_track_trim(struct es_track *tr);

/* Adds to tr->warnings (grown in `a`); beyond ES_WARNINGS_MAX or memory it is
 * dropped silently: a warning must never cost a run. */
void es_track_warn(struct es_track *tr, struct es_arena *a, const char *code,
                   size_t at, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
