/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of a FIT file, of which it has thousands. How those of a definition
 * are read is worked out once, as a list of loads and stores, and then done
 * for each of them. Not for other modules. */
#ifndef ES_DECODE_FIT_RECORD_H
#define ES_DECODE_FIT_RECORD_H

#include "base/limits.h"
#include "decode/fit_profile.h"
#include "track/track.h"

/* 1989-12-31T00:00:00Z, from which FIT counts seconds. */
enum { ES_FIT_EPOCH_S = 631065600 };

/* What a field is to a point, in the order in which they are stored: finer
 * ones after those they replace. */
enum es_fit_slot {
    ES_FIT_TIME,
    ES_FIT_TIME_128,  /* time128, 1/128 s */
    ES_FIT_PART_TIME, /* 1/32768 s, in files of ours */
    ES_FIT_LAT,
    ES_FIT_LON,
    ES_FIT_PACKED, /* compressed_speed_distance */
    ES_FIT_DIST,
    ES_FIT_ALT,
    ES_FIT_FINE_ALT, /* enhanced_altitude */
    ES_FIT_SPEED,
    ES_FIT_FINE_SPEED,
    ES_FIT_HEART,
    ES_FIT_CADENCE,
    ES_FIT_CADENCE_256,
    ES_FIT_PART_CADENCE, /* fractional_cadence */
    ES_FIT_TEMP,
    ES_FIT_POWER,
    ES_FIT_ACC,
    ES_FIT_SLOTS,
    ES_FIT_MARKS, /* a point's flags, of our own writer: docs/FILES.md */
    ES_FIT_NO_SLOT = 255
};

enum { ES_FIT_ANY_TYPE = 255 };

/* A developer field in a message. */
struct es_fit_op {
    uint32_t at;   /* in its body */
    uint8_t extra; /* which it is */
    uint8_t type;  /* its base type; ES_FIT_ANY_TYPE: not so simple */
    uint8_t slot;  /* what it stands for in this message, or ES_FIT_NO_SLOT */
    struct es_fit_field field;
};

struct es_fit_plan {
    uint32_t stamp; /* the definition's it was made for; 0: none */
    uint32_t slots; /* those that it has, by bits */
    bool usual;     /* each has the type that devices write */
    uint32_t at[ES_FIT_SLOTS];
    struct es_fit_field field[ES_FIT_SLOTS];
    size_t n_extras;
    struct es_fit_op extras[ES_EXTRAS_MAX];
};

/* A developer field. */
struct es_fit_extra {
    struct es_extra e;
    double scale, offset;
    double factor; /* from its units to those of the slot */
    bool plain;    /* scale 1, offset 0 */
    uint8_t base;
    uint8_t slot;  /* what it stands for, or ES_FIT_NO_SLOT */
    float *column; /* its values, one for each point; NULL before the first */
};

/* Zeroed but for `a`, `pts` and `cap`. */
struct es_fit_records {
    struct es_arena *a;
    struct es_point *pts; /* room for cap */
    size_t n, cap;
    size_t n_merged; /* samples that became part of the one before */
    bool by_program; /* no device's: one of ours may be */
    bool marked;     /* they tell their flags themselves */
    bool relative;   /* a time that counts from switching on */
    bool fast_feet;  /* a cadence that may be steps of both feet */
    bool has_16th_m;
    uint32_t rolled_16th_m; /* compressed distance, accumulated */
    uint32_t last_16th_m;
    struct es_fit_extra *extras; /* room for ES_EXTRAS_MAX, or NULL */
    size_t n_extras, n_columns, n_described;
    struct es_fit_plan plans[ES_FIT_LOCALS];
};

/* A time in FIT's seconds; r->relative is set by those that aren't. */
int64_t es_fit_time_ms(struct es_fit_records *r, double t);

/* Takes record m and those like it that follow at once in f. Memory that
 * lacks for a developer field's values costs only these. */
void es_fit_record(struct es_fit_records *r, struct es_fit_file *f,
                   struct es_fit_msg *m);

/* ---- fit_extra.c ---- */

/* Takes a field_description. One that is told again is replaced; those past
 * ES_EXTRAS_MAX are left out. */
void es_fit_describe(struct es_fit_records *r, const struct es_fit_msg *m);

/* The description of developer field `fd` (whose: fd.base); NULL: none. */
struct es_fit_extra *es_fit_extra_of(struct es_fit_records *r,
                                     struct es_fit_field fd);

/* Makes room for the values of x; false when it can't have any, or needs
 * none. */
bool es_fit_extra_room(struct es_fit_records *r, struct es_fit_extra *x);

/* The text in a field of a fixed size, clean; NULL when there is none. */
const char *es_fit_text(struct es_arena *a, struct es_bytes s);

#endif
