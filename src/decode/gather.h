/* SPDX-License-Identifier: Apache-2.0 */
/* Points, laps and tracks as a decoder finds them, one after the other. */
#ifndef ES_DECODE_GATHER_H
#define ES_DECODE_GATHER_H

#include "track/track.h"

struct es_gathered; /* a track and where its points and laps begin */

/* Zeroed but for `a` and `expect`. */
struct es_gather {
    struct es_arena *a;
    size_t expect; /* points to make room for at first */
    bool exact;    /* our own writer's: cadences are strides of one foot */
    struct es_point *pts;
    size_t n_pts, cap_pts;
    struct es_lap *laps;
    size_t n_laps, cap_laps;
    struct es_gathered *tracks;
    size_t n_tracks, cap_tracks;
};

/* Opens a track (and closes the one before). ES_ECOMPLEX, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_gather_track(struct es_gather *g, size_t at,
                                           struct es_err *e);
/* The open track, for its scalar fields and warnings; NULL before the first.
 * Good until the next track is opened. */
struct es_track *es_gather_open(const struct es_gather *g);
/* Adds to the open track. ES_EMANYPOINTS, ES_ECOMPLEX, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_gather_point(struct es_gather *g,
                                           const struct es_point *pt, size_t at,
                                           struct es_err *e);
ES_MUST_CHECK enum es_code es_gather_lap(struct es_gather *g,
                                         const struct es_lap *lap, size_t at,
                                         struct es_err *e);
/* The open track's points and laps so far. */
struct es_point *es_gather_points(const struct es_gather *g, size_t *n);
struct es_lap *es_gather_laps(const struct es_gather *g, size_t *n);

/* Takes n of the open track's points out, from its `from`th on. */
void es_gather_cut(struct es_gather *g, size_t from, size_t n);

/* All tracks into *out. Those without a start of their own begin with their
 * first timed point. ES_ENOACTIVITY when there is none, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_gather_finish(struct es_gather *g,
                                            enum es_format format,
                                            struct es_tracks *out,
                                            struct es_err *e);

/* The end of every XML decoder: es_gather_finish with what the reading of the
 * XML came to. A document that broke off after its first point keeps what was
 * read, with the warning "damaged" where it broke; other failures are passed
 * on. */
struct es_xml;
ES_MUST_CHECK enum es_code
es_gather_xml(struct es_gather *g, enum es_format format,
              const struct es_xml *x, enum es_code rc, const struct es_err *why,
              struct es_tracks *out, struct es_err *e);

/* A device's or program's name, clean and at most 120 bytes; NULL when
 * nothing is left of it. */
const char *es_gather_name(struct es_arena *a, struct es_bytes s);

/* A finite decimal within [min, max], else NAN. */
double es_gather_num(struct es_bytes s, double min, double max);

/* A heart rate of 1 to 254 beats a minute, to the nearest; else 0. */
uint8_t es_gather_bpm(struct es_bytes s);

/* Latitude and longitude as text into *pt; false (and *pt as it was) when one
 * is no number or out of range. */
bool es_gather_position(struct es_bytes lat, struct es_bytes lon,
                        struct es_point *pt);

/* Cadences that can only be steps of both feet become strides of one: above
 * 120 on average, on foot. */
void es_gather_strides(struct es_track *tr);

#endif
