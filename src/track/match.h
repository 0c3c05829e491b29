/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two tracks are one recording. Two receivers on the same body are
 * metres apart, slowly changing; a copy that was sampled anew, cut, moved in
 * time, sped up, turned round or made noisy still runs within half a metre of
 * its original once 15 s are averaged. Pure. */
#ifndef ES_TRACK_MATCH_H
#define ES_TRACK_MATCH_H

#include "base/buf.h"
#include "track/trail.h"

/* What of a track is compared, at most 40 MB. Arrays in the arena. */
struct es_side {
    struct es_trail way;
    bool drawn; /* positions that no receiver made: a virtual road's */
    /* Heart rates, and milliseconds from time to time, without what is
     * absent. */
    uint32_t *pulse, *step;
    size_t n_pulse, n_step;
};
/* ES_ENOMEM: *out is untouched. */
ES_MUST_CHECK enum es_code es_side_of(const struct es_track *tr,
                                      struct es_arena *a, struct es_side *out,
                                      struct es_err *e);

/* How alike. What can't be told is NAN. */
struct es_match {
    /* How far one track's fixes lie beside the other one's way, walked through
     * in step, each 15 s averaged as vectors: half, and four fifths of these
     * means, are nearer. */
    double beside_half_m, beside_most_m;
    /* The same along the way: how far before or behind the place where it
     * would be, had it gone all the way at one multiple of the other's pace. */
    double along_most_m;
    double compared_s; /* of the one track, on its own clock */
    double later_s;    /* the second's times less the first's, on the whole */
    bool reversed, drawn;
    /* Of the shorter sequence, what stands in the longer one in a row: heart
     * rates, and steps of time; 0 to 1. */
    double pulse_share, step_share;
};

/* Fills *out. Linear but for laps: a way that passes a place many times is
 * tried from each passage. ES_ENOMEM: *out is untouched. */
ES_MUST_CHECK enum es_code es_match_of(const struct es_side *first,
                                       const struct es_side *second,
                                       struct es_arena *a, struct es_match *out,
                                       struct es_err *e);

/* As bytes: from the sandboxed worker to the server, read as hostile bytes are.
 * ES_EMALFORMED, ES_ETRUNCATED; then *out is untouched. */
void es_match_put(struct es_buf *b, const struct es_match *m);
ES_MUST_CHECK enum es_code es_match_get(struct es_rd *r, struct es_match *out,
                                        struct es_err *e);

/* What it means. */
#define ES_MATCH_HALF_M 0.6 /* half of a copy's places are nearer */
enum es_copy { ES_COPY_NONE, ES_COPY_WAY, ES_COPY_BEATS };
enum es_copy es_match_copy(const struct es_match *m);

#endif
