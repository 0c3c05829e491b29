/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A run that nobody ran, as a receiver would have recorded it. */
#ifndef ES_CLI_DEMO_TRACK_H
#define ES_CLI_DEMO_TRACK_H

#include "cli/demo/path.h"
#include "track/track.h"

struct es_demo_course {
    struct es_demo_random random; /* all chance comes from here */
    enum es_demo_shape shape;
    double lat_deg, lon_deg; /* where the path begins, about */
    double dist_m;           /* > 0 */
    double pace_s_per_km;    /* > 0; of the even ground, when fresh */
    int64_t started_ms;      /* whole seconds */
    unsigned every_s;        /* between two samples */
    unsigned pauses;
    bool watch;         /* measures its own distance, heart rate and steps, and
                           errs less; else a phone */
    const char *device; /* constant, or longer-lived than the arena */
};

/* The track, in `a`. Its path is dist_m long to within a few metres, its
 * positions err as section 7 of the measures' specification has it for a
 * watch or a phone. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_demo_track(const struct es_demo_course *c,
                                         struct es_arena *a,
                                         struct es_track *out,
                                         struct es_err *e);

#endif
