/* SPDX-License-Identifier: Apache-2.0 */
/* A run as it happens: fixes come one after the other, the distance so far can
 * be asked for after each, and the whole is measured and written to a file at
 * the end. What the file says when it is read again is the same, to the last
 * bit, so that the recorder and whoever gets its file tell the same metre. */
#ifndef ES_LIB_RECORDING_H
#define ES_LIB_RECORDING_H

#include "track/measure.h"

struct es_recording;

/* What a runner wants to see at once. */
struct es_recording_now {
    double dist_m;    /* so far */
    double speed_mps; /* over the last half minute; NAN: not known */
    double settled_m; /* of dist_m, what the whole engine measured */
    double unsettled; /* fixes since then */
};

/* What files of ours name as their device. */
#define ES_RECORDER "Everystep recorder"

/* Of that sport. NULL: no memory. */
struct es_recording *es_recording_new(unsigned sport);
void es_recording_free(struct es_recording *r); /* NULL is legal */

/* Adds a fix. t_ms: UTC, whole; one that isn't after the last is refused.
 * alt_m, speed_mps, acc_m: NAN where the receiver doesn't tell. flags: enum of
 * track.h, but ES_PT_OUT.
 * Errors: ES_EINVAL (a time or place that is none), ES_EMANYPOINTS, ES_ENOMEM;
 *         then nothing is added. */
ES_MUST_CHECK enum es_code es_recording_add(struct es_recording *r, double t_ms,
                                            double lat_deg, double lon_deg,
                                            double alt_m, double speed_mps,
                                            double acc_m, unsigned flags);
size_t es_recording_count(const struct es_recording *r);

/* How far so far, in a time that doesn't depend on how long it is: what was
 * settled, and along the fixes since. Owner: r; good until the next call. */
const struct es_recording_now *es_recording_now(struct es_recording *r);

/* Measures [from, to) of the fixes with the whole engine, as a server will;
 * all of them (from 0, to the count) settles the distance so far.
 * *json: as es_activities_json, owned by r until the next call of this or of
 *        es_recording_write; untouched on failure.
 * Errors: ES_EINVAL (no such fixes), ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_recording_measure(struct es_recording *r,
                                                size_t from, size_t to,
                                                const char **json,
                                                struct es_err *e);

/* All fixes as a file (GPX or FIT) whose reader takes [from, to) for the run:
 * the others stand in it, marked as left out.
 * *out: owned by r as above; untouched on failure.
 * Errors: ES_EINVAL (no such fixes or format; or FIT, before 1989-12-31),
 *         ES_ETOOLARGE, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_recording_write(struct es_recording *r,
                                              size_t from, size_t to,
                                              enum es_format format,
                                              struct es_bytes *out,
                                              struct es_err *e);

#endif
