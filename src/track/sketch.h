/* SPDX-License-Identifier: Apache-2.0 */
/* A sketch of a run: so few numbers that ten million of them can be searched,
 * so that those which may be recordings of the same run are found. Two runs
 * share about as many of the numbers as they share ways.
 *
 * A sketch is a secret like the track itself: who holds it can test whether
 * somebody ran along a given street. Keep it out of logs and answers, and store
 * and index only what a key has been mixed into (copies/copies.h does). */
#ifndef ES_TRACK_SKETCH_H
#define ES_TRACK_SKETCH_H

#include "base/buf.h"
#include "track/track.h"

enum {
    ES_SKETCH_PLACES = 64, /* of the way */
    ES_SKETCH_BEATS = 4,   /* of the heart rate, and as many of the times */
    ES_SKETCH_BYTES = 15 + 4 * (ES_SKETCH_PLACES + 2 * ES_SKETCH_BEATS)
};
/* In place of a number where there is nothing to make it of. */
#define ES_SKETCH_NONE UINT32_MAX

struct es_sketch {
    int64_t started_ms; /* first time of the file, or ES_NO_TIME */
    uint32_t lasted_s;  /* from there to the last */
    /* Least hashes (MinHash, Broder 1997, doi:10.1109/SEQUEN.1997.666900) of
     * three cells of 25 m in a row, in either direction, of the way averaged
     * over 15 s: so that neither sampling nor a metre of noise matters. */
    uint32_t place[ES_SKETCH_PLACES];
    /* The same of 16 changes of the heart rate in a row, with how many samples
     * lay between; and of the steps between times. They tell of copies whose
     * positions were altered or left out. */
    uint32_t pulse[ES_SKETCH_BEATS], step[ES_SKETCH_BEATS];
};

/* A sketch of nothing. */
struct es_sketch es_sketch_none(void);

/* Any track can be sketched; ES_ENOMEM: *out is untouched. */
ES_MUST_CHECK enum es_code es_sketch_of(const struct es_track *tr,
                                        struct es_arena *a,
                                        struct es_sketch *out,
                                        struct es_err *e);

/* ES_SKETCH_BYTES bytes; read as hostile bytes are. ES_EMALFORMED,
 * ES_ETRUNCATED; then *out is untouched. */
void es_sketch_put(struct es_buf *b, const struct es_sketch *s);
ES_MUST_CHECK enum es_code es_sketch_get(struct es_rd *r, struct es_sketch *out,
                                         struct es_err *e);

#endif
