/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to activities. Everything here runs on hostile input, in a
 * sandboxed process: no file, no clock, no locale, no globals, no recursion
 * whose depth the input decides; memory only from the given arena. */
#ifndef ES_DECODE_DECODE_H
#define ES_DECODE_DECODE_H

#include "track/track.h"

/* Each decoder: bytes of one unpacked file -> its activities (n >= 1), all
 * allocated from `a`. Total: ends in a result (a damaged file gives its
 * longest valid prefix with a warning) or an error with a byte offset;
 * on error *out is untouched.
 * Errors: ES_EMALFORMED, ES_ETRUNCATED, ES_EDOCTYPE, ES_ECOMPLEX,
 *         ES_EMANYPOINTS, ES_ENOACTIVITY, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_fit_decode(struct es_bytes in, struct es_arena *a,
                                         struct es_tracks *out,
                                         struct es_err *e);
ES_MUST_CHECK enum es_code es_gpx_decode(struct es_bytes in, struct es_arena *a,
                                         struct es_tracks *out,
                                         struct es_err *e);
ES_MUST_CHECK enum es_code es_tcx_decode(struct es_bytes in, struct es_arena *a,
                                         struct es_tracks *out,
                                         struct es_err *e);

/* What the bytes are, by content alone. ES_FORMAT_NONE when none of them. */
enum es_format es_sniff(struct es_bytes in);

/* Sniffs one unpacked file and decodes it. ES_EEMPTY, ES_EUNKNOWN besides. */
ES_MUST_CHECK enum es_code es_decode(struct es_bytes in, struct es_arena *a,
                                     struct es_tracks *out, struct es_err *e);

/* One member of an upload: the whole file (name NULL) or a member of a zip. */
struct es_member {
    const char *name; /* clean UTF-8, <= 120 code points, or NULL */
    struct es_bytes bytes;
    enum es_code code; /* != ES_OK: this member could not be unpacked */
    struct es_err err;
};
struct es_members {
    struct es_member *v;
    size_t n;
};

/* Unpacks gzip (also several members, also of a zip's .fit.gz) and zip (stored
 * and deflated; folders, AppleDouble "._x" and "__MACOSX/" and files that no
 * decoder knows are left out), bounded by ES_UNPACKED_MAX, ES_UNPACK_RATIO,
 * ES_MEMBERS_MAX. A plain file is one member that borrows `in`.
 * Errors: ES_EEMPTY, ES_EUNPACK, ES_EBOMB, ES_ENOACTIVITY, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_unpack(struct es_bytes in, struct es_arena *a,
                                     struct es_members *out, struct es_err *e);

#endif
