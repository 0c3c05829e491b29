/* SPDX-License-Identifier: Apache-2.0 */
/* From the messages of a FIT file to activities. Not for other modules. */
#ifndef ES_DECODE_FIT_BUILD_H
#define ES_DECODE_FIT_BUILD_H

#include "decode/fit_record.h"

/* Chains come from heart rate straps, a handful of parts; each costs the
 * opening of a file. */
enum { ES_FIT_CHAIN_MAX = 256 };

/* How much more of each the upload may hold: its chained files share it. */
struct es_fit_room {
    size_t points, laps, lengths, resumes, sessions;
};

/* What one file of a chain holds, gathered message by message. */
struct es_fit_build {
    struct es_arena *a;
    struct es_fit_records r;
    struct es_lap *laps;
    size_t n_laps, cap_laps;
    struct es_length *lengths;
    size_t n_lengths, cap_lengths;
    struct es_fit_session *sessions;
    size_t n_sessions, cap_sessions;
    int64_t *resumes; /* times at which a stopped timer went on */
    size_t n_resumes, cap_resumes;
    bool stopped;
    struct es_fit_session sport; /* of the sport message; zeroed: none */
    bool has_sport;
    bool has_hr;         /* beats of a strap, apart from the samples */
    double timer_s;      /* of the activity message; NAN: none */
    double utc_offset_s; /* the same */
    double file_type;    /* 0: none seen */
    const char *device;
};

/* Room for all that the file's messages will bring, and then those messages.
 * *room becomes less by what they took.
 * Errors: ES_EMANYPOINTS, ES_ENOMEM. On return f stands where reading ended,
 * whole or not. */
ES_MUST_CHECK enum es_code
es_fit_gather(struct es_fit_file *f, struct es_fit_room *room,
              struct es_arena *a, struct es_fit_build *b, struct es_err *e);

/* One track for each session; one for all when there is none; none when there
 * are no samples either. Writes at most `room` tracks to v. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_fit_tracks(struct es_fit_build *b,
                                         struct es_track *v, size_t room,
                                         size_t *n, struct es_err *e);

/* The beats of all straps in the chain of files from `at` on become the heart
 * rates of the samples of v[0..n), which stand in the order of time. f is
 * room to read with. */
void es_fit_merge_hr(struct es_bytes in, size_t at, struct es_fit_file *f,
                     struct es_track *v, size_t n);

#endif
