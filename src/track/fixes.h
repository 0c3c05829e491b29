/* SPDX-License-Identifier: Apache-2.0 */
/* The positions of a track that can be believed, laid flat as columns: what
 * loops that measure run over. */
#ifndef ES_TRACK_FIXES_H
#define ES_TRACK_FIXES_H

#include "track/track.h"

enum es_apart { /* what lies between a fix and the one before */
                ES_JOINED,
                ES_PAUSE, /* a recorded pause, or another segment */
                ES_LEAP,  /* a step that no human makes */
};

/* A step between positions that no human makes. Times since the start. */
struct es_jump {
    double from_s, to_s, step_m, speed_mps;
};
enum { ES_JUMPS_MAX = 4 };

struct es_fixes {
    size_t n;
    /* Since the start of the track; rises from fix to fix, also where the
     * file's clock was set back. NULL when the file has no times. */
    double *t_s;
    double *x_m, *y_m; /* east and north of the first, step by step */
    uint32_t *at;      /* the point of the track */
    uint8_t *apart;    /* enum es_apart */
    size_t spikes;     /* positions left out as the receiver's errors */
    struct es_jump jumps[ES_JUMPS_MAX];
    size_t n_jumps; /* all that there were */
    double jumped_m;
    double raw_m; /* the geodesic sum of all positions, nothing left out */
};

/* Faster than this over more than noise is a spike when it lasts for at most
 * three fixes and those around it fit together. Differs by sport. */
struct es_spike_rule {
    double speed_mps, step_m;
};
struct es_spike_rule es_spike_rule_of(uint8_t sport);

bool es_sport_on_foot(uint8_t sport);

/* All of *out, in `a`: 29 bytes a point. zero_ms: what times are counted
 * from. ES_ENOMEM; then *out is untouched. */
ES_MUST_CHECK enum es_code es_fixes_of(const struct es_track *tr,
                                       int64_t zero_ms, struct es_arena *a,
                                       struct es_fixes *out, struct es_err *e);

#endif
