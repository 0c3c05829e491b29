/* SPDX-License-Identifier: Apache-2.0 */
/* Where a run went, as few points: for those who choose to show its shape. */
#ifndef ES_TRACK_COURSE_H
#define ES_TRACK_COURSE_H

#include "base/buf.h"
#include "base/limits.h"
#include "geo/line.h"
#include "track/track.h"

struct es_course {
    struct es_geo_point *v; /* the first and last are where the run began and
                               ended */
    size_t n;               /* <= ES_COURSE_POINTS; 0: no positions */
};

/* Without the receiver's spikes, in pieces where a pause or a gap lies between.
 * In `a`. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_course_of(const struct es_track *tr,
                                        struct es_arena *a,
                                        struct es_course *out,
                                        struct es_err *e);

/* What a route lies within: the smaller of the two boxes between its meridians,
 * so that one over the date line has west > east. False without points. */
struct es_box {
    double south_deg, west_deg, north_deg, east_deg;
};
bool es_course_box(const struct es_course *r, struct es_box *out);

/* A route as bytes, to the centimetre; read as hostile bytes are.
 * ES_EMALFORMED, ES_ETRUNCATED, ES_ENOMEM; then *out is untouched. */
void es_course_put(struct es_buf *b, const struct es_course *r);
ES_MUST_CHECK enum es_code es_course_get(struct es_rd *r, struct es_arena *a,
                                         struct es_course *out,
                                         struct es_err *e);

#endif
