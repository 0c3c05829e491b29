/* SPDX-License-Identifier: Apache-2.0 */
/* Files from tracks. Here and not in decode/, so that the server, which never
 * links a decoder, can still hand a person their own file. */
#ifndef ES_WRITE_WRITE_H
#define ES_WRITE_WRITE_H

#include "base/buf.h"
#include "track/track.h"

/* Appends the track as a GPX 1.1 file (with Garmin's TrackPointExtension v1
 * for heart rate and cadence; a new trkseg at ES_PT_SEGMENT and ES_PT_RESUME).
 * Points without a position are left out: GPX has no place for them.
 * Errors: ES_ETOOLARGE when the buffer's maximum is passed. */
ES_MUST_CHECK enum es_code es_gpx_write(const struct es_track *tr,
                                        struct es_buf *out, struct es_err *e);

/* Appends the track as a FIT activity file (protocol 2.0): file_id,
 * events at pauses, records, laps, one session, activity. Positions are
 * rounded to semicircles, times to seconds, distances to cm, altitudes to
 * 0.2 m. Times before 1989-12-31 or absent: ES_EINVAL. */
ES_MUST_CHECK enum es_code es_fit_write(const struct es_track *tr,
                                        struct es_buf *out, struct es_err *e);

#endif
