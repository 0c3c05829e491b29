/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files that look for what is odd in a run. */
#ifndef ES_TRACK_FINDINGS_INT_H
#define ES_TRACK_FINDINGS_INT_H

#include "track/measure_int.h"

/* A stretch of the stream, its ends samples. */
struct es_stretch {
    size_t from, to;
};

/* Steps longer or faster than a body makes them, the worst minute: a finding
 * without effect, from_s NAN when there is none. */
void es_find_steps(const struct es_track *tr, const struct es_ways *w,
                   const struct es_stream *s, struct es_finding *f);

/* Positions so even that nobody made them: from_s NAN when there are none. */
void es_find_even(const struct es_track *tr, const struct es_ways *w,
                  struct es_finding *f);

/* Signs: each is a note; together they may send a run to review. */
void es_find_signs(const struct es_track *tr, const struct es_ways *w,
                   const struct es_stream *s, struct es_measure *m);

/* A finding without figures. */
struct es_finding es_finding_of(const char *code, enum es_effect effect);
/* Sets its message. */
void es_finding_say(struct es_finding *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
