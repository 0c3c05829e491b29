/* SPDX-License-Identifier: Apache-2.0 */
/* What unpack.c and zip.c share. Nothing here is for other modules. */
#ifndef ES_DECODE_UNPACK_H
#define ES_DECODE_UNPACK_H

#define ZLIB_CONST
#include <zlib.h>

#include "decode/decode.h"

/* One unpacking: a single inflater and what all members used so far. */
struct es_unpacker {
    struct es_arena *a;
    z_stream z;
    bool ready;
    size_t in_total; /* compressed bytes read */
    size_t out_total;
};

enum { ES_RAW_DEFLATE = -15, ES_GZIP = 15 + 16 }; /* zlib's window bits */

enum es_inflated {
    ES_INFLATED,       /* to the end of its stream */
    ES_INFLATE_SHORT,  /* the input ended first */
    ES_INFLATE_BROKEN, /* not a deflate stream from here on */
    ES_INFLATE_FALSE,  /* its checksum says otherwise */
    ES_INFLATE_FULL,   /* `dst` is full */
    ES_INFLATE_BOMB,   /* past a limit */
    ES_INFLATE_NOMEM
};

/* Inflates `in` into dst[0..cap), or with dst NULL only counts. *used and
 * *made: bytes read and written. Limits hold when counting. */
enum es_inflated es_inflate(struct es_unpacker *u, struct es_bytes in,
                            int window, uint8_t *dst, size_t cap, size_t *used,
                            size_t *made);

/* An entry of a zip, from its directory or from its local header. */
struct es_zip_entry {
    struct es_bytes name;
    size_t at; /* of the local header */
    struct es_bytes data;
    size_t size; /* unpacked, as declared */
    uint32_t crc;
    uint16_t flags;
    uint16_t method;
    bool cut;     /* the file ends inside it */
    bool unsized; /* the writer streamed: size and crc aren't known */
};

enum { ES_ZIP_STORED = 0, ES_ZIP_DEFLATED = 8, ES_ZIP_ENCRYPTED = 1 };

/* The entries of a zip: of its directory where that is whole, else of the
 * local headers from the start on. ES_EUNPACK (overlapping entries, too many,
 * none readable), ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_zip_list(struct es_unpacker *u,
                                       struct es_bytes in,
                                       struct es_zip_entry **out, size_t *n,
                                       struct es_err *e);

#endif
