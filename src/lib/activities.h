/* SPDX-License-Identifier: Apache-2.0 */
/* The way in for programs outside this project: a file's bytes to its
 * activities, and each to its measure or to a file again. Nothing here knows
 * a clock, a locale, a file or a thread; two threads may work at the same
 * time on two `es_activities`. */
#ifndef ES_LIB_ACTIVITIES_H
#define ES_LIB_ACTIVITIES_H

#include "track/measure.h"

/* The activities of one file, and all memory that belongs to them. */
struct es_activities;

/* One of them. Owner: its es_activities; good until that is freed. */
struct es_activity {
    const char *member; /* its name in a zip, UTF-8; NULL for a plain file */
    enum es_format format;
    const struct es_track *track; /* NULL: this member can't be read, and */
    struct es_err err;            /* here is why; else all zero */
};

/* The library's version: "0.1.0". Never NULL. */
ES_API const char *es_library_version(void);

/* Reads a FIT, GPX or TCX file, plain, gzipped or zipped (then the activities
 * of all its members, in their order). By content; names don't matter. A
 * damaged file gives what stands before the damage, with warnings.
 * file:    n bytes; they may go once this returns.
 * mem_max: bytes that all activities and their measures may take together; 0
 *          is ES_DECODE_MEM. Decoding a plain file needs at most its size and
 *          96 bytes a point and 1 MiB.
 * *out:    at least one activity, to be freed; NULL on failure.
 * Errors:  ES_EEMPTY, ES_EUNKNOWN, ES_EMALFORMED, ES_ETRUNCATED, ES_EDOCTYPE,
 *          ES_ECOMPLEX, ES_EMANYPOINTS, ES_EUNPACK, ES_EBOMB, ES_ENOACTIVITY,
 *          ES_ENOMEM; e->at is an offset into the unpacked file. e may be
 *          NULL, here and below. */
ES_API ES_MUST_CHECK enum es_code es_activities_read(const void *file, size_t n,
                                                     size_t mem_max,
                                                     struct es_activities **out,
                                                     struct es_err *e);

/* One activity of your own making, to be measured or written. The track and
 * what it points at stay yours and must outlive *out.
 * Errors: ES_ENOMEM, and then *out is NULL. */
ES_API ES_MUST_CHECK enum es_code es_activities_of(const struct es_track *track,
                                                   size_t mem_max,
                                                   struct es_activities **out,
                                                   struct es_err *e);

/* NULL is legal. */
ES_API void es_activities_free(struct es_activities *all);

ES_API size_t es_activities_count(const struct es_activities *all);

/* The i-th, from 0; NULL past the end. */
ES_API const struct es_activity *
es_activities_at(const struct es_activities *all, size_t i);

/* What is measured of the i-th: distance, times, splits, best efforts, climb,
 * findings. Measured at the first call, kept for later ones.
 * *out:   owned by `all`; untouched on failure.
 * Errors: ES_EINVAL (no such activity, or one that can't be read),
 *         ES_ENOMEM. */
ES_API ES_MUST_CHECK enum es_code
es_activities_measure(struct es_activities *all, size_t i,
                      const struct es_measure **out, struct es_err *e);

/* The i-th as one line of JSON: the measure, its verdict, findings and
 * warnings, as `everystep inspect --json` prints them.
 * *out:   NUL-terminated, owned by `all`, good until the next call of this or
 *         of es_activities_write; untouched on failure.
 * Errors: as es_activities_measure. */
ES_API ES_MUST_CHECK enum es_code es_activities_json(struct es_activities *all,
                                                     size_t i, const char **out,
                                                     struct es_err *e);

/* The i-th as a file of that format.
 * *out:   borrowed from `all`, good until the next call of this or of
 *         es_activities_json; untouched on failure.
 * Errors: ES_EINVAL (as above; or a time before 1989-12-31, which FIT can't
 *         tell), ES_ETOOLARGE, ES_ENOMEM. */
ES_API ES_MUST_CHECK enum es_code
es_activities_write(struct es_activities *all, size_t i, enum es_format format,
                    struct es_bytes *out, struct es_err *e);

#endif
