/* SPDX-License-Identifier: Apache-2.0 */
/* The words of our own that write/ puts into GPX and TCX files, where these
 * have none: docs/FILES.md. Not for other modules. */
#ifndef ES_DECODE_OWN_H
#define ES_DECODE_OWN_H

#include "track/track.h"

/* Leaves of <activity> and of <lap>. */
enum es_own_field {
    ES_OWN_SPORT,
    ES_OWN_SUBSPORT,
    ES_OWN_DEVICE,
    ES_OWN_START,
    ES_OWN_ELAPSED,
    ES_OWN_TIMER,
    ES_OWN_DISTANCE,
    ES_OWN_FIELDS
};

/* Whether our writer made a file: `ns` is what its root says of the prefix es.
 * What other makers' files need to be made good isn't done to ours. */
bool es_own_file(struct es_bytes ns);

/* What <activity> told, to be said of the track once all else is known. */
struct es_own {
    uint32_t told; /* bits, 1 << field */
    struct es_track track;
};

/* Nothing told yet. */
struct es_own es_own_none(void);

/* A leaf of <activity>; what is no value is as good as not told. */
void es_own_take(struct es_own *o, enum es_own_field f, struct es_bytes text,
                 struct es_arena *a);

/* Over what was found otherwise. */
void es_own_apply(const struct es_own *o, struct es_track *tr);

/* A lap with nothing in it, and a leaf of <lap> for it. */
struct es_lap es_own_lap(void);
void es_own_take_lap(struct es_lap *lap, enum es_own_field f,
                     struct es_bytes text);

/* A sample's <marks>: ES_PT_... added up; -1 when it is no such number. */
int es_own_marks(struct es_bytes text);

#endif
