/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/cbor.h"

#include "base/limits.h"

static bool bad(struct es_rd *r)
{
    r->bad = true;
    return false;
}

static uint64_t big_endian(struct es_rd *r, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | es_rd_u8(r);
    return v;
}

/* What the bytes left can't hold is no length. */
static bool fits(const struct es_rd *r, enum es_cbor_major major, uint64_t arg)
{
    switch (major) {
    case ES_CBOR_BYTES:
    case ES_CBOR_TEXT:
    case ES_CBOR_ARRAY:
        return arg <= es_rd_left(r);
    case ES_CBOR_MAP:
        return arg <= es_rd_left(r) / 2;
    case ES_CBOR_TAG:
        return false;
    default:
        return true;
    }
}

bool es_cbor_head(struct es_rd *r, enum es_cbor_major *major, uint64_t *arg)
{
    enum { ONE_BYTE = 24, EIGHT_BYTES = 27 };
    uint8_t first = es_rd_u8(r);
    unsigned more = first & 31u;
    enum es_cbor_major kind = (enum es_cbor_major)(first >> 5);
    uint64_t v = more;
    if (more > EIGHT_BYTES)
        return bad(r); /* reserved, or of indefinite length */
    if (more >= ONE_BYTE)
        v = big_endian(r, (size_t)1 << (more - ONE_BYTE));
    if (r->bad || !fits(r, kind, v))
        return bad(r);
    *major = kind;
    *arg = v;
    return true;
}

bool es_cbor_string(struct es_rd *r, enum es_cbor_major kind,
                    struct es_bytes *out)
{
    enum es_cbor_major major;
    uint64_t n;
    const uint8_t *p;
    if (!es_cbor_head(r, &major, &n))
        return false;
    if (major != kind || !es_rd_take(r, (size_t)n, &p))
        return bad(r);
    *out = (struct es_bytes){ p, (size_t)n };
    return true;
}

bool es_cbor_int(struct es_rd *r, int64_t *out)
{
    enum es_cbor_major major;
    uint64_t v;
    if (!es_cbor_head(r, &major, &v))
        return false;
    if (major > ES_CBOR_NINT || v > INT64_MAX)
        return bad(r);
    *out = major == ES_CBOR_UINT ? (int64_t)v : -1 - (int64_t)v;
    return true;
}

bool es_cbor_map(struct es_rd *r, uint64_t *pairs)
{
    enum es_cbor_major major;
    uint64_t n;
    if (!es_cbor_head(r, &major, &n))
        return false;
    if (major != ES_CBOR_MAP)
        return bad(r);
    *pairs = n;
    return true;
}

/* Each turn of its loop takes a byte at least, so the work is bounded by the
 * input, and the calls by the depth. */
static bool skip(struct es_rd *r, unsigned depth)
{
    enum es_cbor_major major;
    uint64_t n;
    if (depth > ES_CBOR_DEPTH || !es_cbor_head(r, &major, &n))
        return bad(r);
    if (major == ES_CBOR_BYTES || major == ES_CBOR_TEXT)
        return es_rd_skip(r, (size_t)n);
    if (major != ES_CBOR_ARRAY && major != ES_CBOR_MAP)
        return true;
    if (major == ES_CBOR_MAP)
        n *= 2;
    for (uint64_t i = 0; i < n; i++)
        if (!skip(r, depth + 1))
            return false;
    return true;
}

bool es_cbor_skip(struct es_rd *r)
{
    return skip(r, 1);
}
