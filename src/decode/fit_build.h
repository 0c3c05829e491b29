/* SPDX-License-Identifier: Apache-2.0 */
/* From the messages of a FIT file to activities. Not for other modules. */
#ifndef ES_DECODE_FIT_BUILD_H
#define ES_DECODE_FIT_BUILD_H

#include "decode/fit_profile.h"
#include "track/track.h"

/* What one file of a chain holds, gathered message by message. */
struct es_fit_build {
    struct es_arena *a;
    struct es_point *pts;
    size_t n_pts, cap_pts;
    struct es_lap *laps;
    size_t n_laps, cap_laps;
    struct es_fit_session *sessions;
    size_t n_sessions, cap_sessions;
    int64_t *resumes; /* times at which a stopped timer went on */
    size_t n_resumes, cap_resumes;
    bool stopped;
    struct es_fit_session sport; /* of the sport message; zeroed: none */
    bool has_sport;
    bool relative;    /* a time that counts from switching on */
    double file_type; /* 0: none seen */
    const char *device;
    uint32_t rolled_16th_m; /* compressed distance, accumulated */
    uint32_t last_16th_m;
    bool has_16th_m;
};

/* Room for all that the file's messages will bring, and then those messages.
 * Errors: ES_EMANYPOINTS, ES_ENOMEM. On return f stands where reading ended,
 * whole or not. */
ES_MUST_CHECK enum es_code es_fit_gather(struct es_fit_file *f,
                                         size_t points_max, struct es_arena *a,
                                         struct es_fit_build *b,
                                         struct es_err *e);

/* One track for each session; one for all when there is none; none when there
 * are no samples either. Writes at most `room` tracks to v. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_fit_tracks(struct es_fit_build *b,
                                         struct es_track *v, size_t room,
                                         size_t *n, struct es_err *e);

#endif
