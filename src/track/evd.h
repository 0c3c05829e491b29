/* SPDX-License-Identifier: Apache-2.0 */
/* The distance of a noisy track without the metres that noise adds:
 * smoothed as little as the noise allows, stops taken out, and the mean of
 * what noise is left taken off each step. Linear in time and memory.
 * docs/MEASURE.md, "Along the positions". */
#ifndef ES_TRACK_EVD_H
#define ES_TRACK_EVD_H

#include "track/fixes.h"

enum es_fix_still {                    /* flags of a fix */
                    ES_STILL = 1,      /* within a stop */
                    ES_STILL_NEAR = 2, /* or within 3 s of one */
};

struct es_evd {
    double total_m;
    double cv;       /* what noise is left in the speed, over the speed */
    double fix_var;  /* the r that was used, m2 */
    double drift_m;  /* left out: crept while standing */
    double taken_m;  /* left out: the share of the noise */
    double bent_m;   /* what turns make of chords, noise among it: how sparse
                        the fixes of a winding way are */
    double gap_m;    /* bridged where the signal was lost... */
    double gap_s;    /* ...for this long, pauses not among it */
    double moving_s; /* neither stops nor pauses nor gaps without way */
    /* How much the velocity changes over 6 s, lengthways and sideways:
     * medians times 1.4826; NAN where the track is too short to tell. */
    double long_mps, side_mps;
    double *along_m; /* at each fix; never falls */
    uint8_t *still;  /* at each fix: enum es_fix_still */
};

enum { ES_EVD_SCRATCH = 96 }; /* bytes a fix */

/* f->t_s must be there. `scratch`: ES_EVD_SCRATCH bytes a fix, aligned to 16,
 * free again afterwards; results in `a`: 9 bytes a fix. ES_ENOMEM; then *out
 * is untouched. */
ES_MUST_CHECK enum es_code es_evd_of(const struct es_fixes *f, void *scratch,
                                     struct es_arena *a, struct es_evd *out,
                                     struct es_err *e);

#endif
