/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The little of CBOR that a passkey's answer is made of. It allocates nothing
 * and believes no length: libcbor's decoder takes the memory that a head asks
 * for before it has looked for the bytes (8 GiB for six of them, 0.8.0).
 *
 * Source: RFC 8949; of it the deterministic form of CTAP 2.1 section 8, so no
 * indefinite lengths and no tags. A head that could have been shorter is read.
 */
#ifndef ES_AUTH_CBOR_H
#define ES_AUTH_CBOR_H

#include "base/bytes.h"

enum es_cbor_major {
    ES_CBOR_UINT,
    ES_CBOR_NINT, /* the number is -1 - arg */
    ES_CBOR_BYTES,
    ES_CBOR_TEXT,
    ES_CBOR_ARRAY,
    ES_CBOR_MAP, /* arg counts pairs */
    ES_CBOR_TAG, /* refused */
    ES_CBOR_OTHER
};

/* The next head. A string's, array's or map's length is one that the bytes
 * left can hold. False and r->bad otherwise. */
bool es_cbor_head(struct es_rd *r, enum es_cbor_major *major, uint64_t *arg);
/* The bytes of a string of that kind, which must come next. */
bool es_cbor_string(struct es_rd *r, enum es_cbor_major kind,
                    struct es_bytes *out);
/* A whole number within int64_t. */
bool es_cbor_int(struct es_rd *r, int64_t *out);
/* How many pairs the map has that must come next. */
bool es_cbor_map(struct es_rd *r, uint64_t *pairs);
/* One whole item, nested at most ES_CBOR_DEPTH deep. */
bool es_cbor_skip(struct es_rd *r);

#endif
