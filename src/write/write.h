/* SPDX-License-Identifier: Apache-2.0 */
/* Files from tracks. Here and not in decode/, so that the server, which never
 * links a decoder, can still hand a person their own file.
 *
 * What is written here and read again by decode/ is the same track, to the
 * resolution stated below; docs/FILES.md has the whole table. In all formats:
 * a device's name is kept to 120 bytes, warnings are not written, and what
 * the summary doesn't tell (NAN) a reader computes from the samples.
 *
 * Each appends to *out, which takes memory up to its own maximum and nothing
 * else, and in one pass. Owner of all: the caller.
 * Errors: ES_ETOOLARGE when that maximum or the memory is passed; then *out
 * is bad, as es_buf has it. */
#ifndef ES_WRITE_WRITE_H
#define ES_WRITE_WRITE_H

#include "base/buf.h"
#include "track/track.h"

/* GPX 1.1, valid against its schema, with Garmin's TrackPointExtension v2 and
 * PowerExtension, and our own elements for what these have no words for. A
 * new trkseg at ES_PT_SEGMENT and ES_PT_RESUME. Numbers come back bit for
 * bit, times to the millisecond.
 * Not written: samples without a position, for which GPX has no place (their
 * flags pass to the next); times outside of the years 1 to 9999; values that
 * no reader takes: heights beyond 20 km, 1,000 m/s, 100 degrees Celsius...
 * One trk for each of v[0..n). */
ES_MUST_CHECK enum es_code es_gpx_write_all(const struct es_track *v, size_t n,
                                            struct es_buf *out,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code es_gpx_write(const struct es_track *tr,
                                        struct es_buf *out, struct es_err *e);

/* TCX: TrainingCenterDatabase v2 with ActivityExtension v2 and our own
 * elements. A Lap for each lap (one for a track without), a new Track at
 * ES_PT_SEGMENT and ES_PT_RESUME. Numbers as in GPX; samples without a
 * position are kept. Valid against the schema when every sample, and the
 * whole, has a time: it demands them, and what has none is written without. */
ES_MUST_CHECK enum es_code es_tcx_write_all(const struct es_track *v, size_t n,
                                            struct es_buf *out,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code es_tcx_write(const struct es_track *tr,
                                        struct es_buf *out, struct es_err *e);

/* A FIT activity file (protocol 2.0): file_id, timer events at pauses,
 * records with the fields that occur, laps (one for a track without), a
 * session, activity; for several tracks such files in a chain. Positions come
 * back to half a semicircle (4.2e-8 degrees), distances to 0.5 cm, altitudes
 * to 0.1 m, speeds to 0.5 mm/s, cadence to 1/256, temperature and accuracy
 * to 0.5, laps and the summary to 0.5 ms and 0.5 cm, their starts to the
 * second, samples to the millisecond. More than the fields hold is absent. What
 * apps added to the samples (es_extra, 31 of them), lengths, the pool and the
 * clock on the wall are written here and nowhere else.
 * Errors besides: ES_EINVAL (*out untouched) for times that FIT has no number
 * for: before 1989-12-31 or after 2126-02-05. */
ES_MUST_CHECK enum es_code es_fit_write_all(const struct es_track *v, size_t n,
                                            struct es_buf *out,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code es_fit_write(const struct es_track *tr,
                                        struct es_buf *out, struct es_err *e);

#endif
