/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/picture.h"

#include <string.h>

void es_picture_ask_put(struct es_buf *b, const struct es_picture_ask *ask)
{
    es_buf_u32le(b, (uint32_t)ask->n);
    for (size_t i = 0; i < ES_PICTURE_SIZES; i++)
        es_buf_u32le(b, i < ask->n ? ask->edge[i] : 0);
}

enum es_code es_picture_ask_get(struct es_bytes head,
                                struct es_picture_ask *out, struct es_err *e)
{
    struct es_rd r;
    struct es_picture_ask ask;
    es_rd_init(&r, head);
    ask.n = es_rd_u32le(&r);
    for (size_t i = 0; i < ES_PICTURE_SIZES; i++)
        ask.edge[i] = es_rd_u32le(&r);
    bool ok = !r.bad && ask.n >= 1 && ask.n <= ES_PICTURE_SIZES;
    for (size_t i = 0; ok && i < ask.n; i++)
        ok = ask.edge[i] >= 1 && ask.edge[i] <= ES_PICTURE_EDGE;
    if (!ok)
        return es_fail(e, ES_EMALFORMED, r.at, "no head of a picture");
    *out = ask;
    return ES_OK;
}

void es_picture_answer_put(struct es_buf *b, enum es_code code,
                           const struct es_picture_made *made)
{
    es_buf_u8(b, (uint8_t)code);
    if (code != ES_OK)
        return;
    es_buf_u8(b, (uint8_t)made->n);
    for (size_t i = 0; i < made->n; i++) {
        const struct es_picture_size *s = &made->v[i];
        es_buf_u32le(b, s->width);
        es_buf_u32le(b, s->height);
        es_buf_u32le(b, (uint32_t)s->jpeg.n);
        es_buf_add(b, s->jpeg.p, s->jpeg.n);
    }
}

/* ---- a JPEG by its markers: ITU-T T.81, annex B ---- */

enum {
    M_SOF0 = 0xc0,
    M_SOF2 = 0xc2,
    M_DHT = 0xc4,
    M_EOI = 0xd9,
    M_SOS = 0xda,
    M_DQT = 0xdb,
    M_APP0 = 0xe0,
    JFIF_BYTES = 14 /* without the small picture that may follow */
};

static unsigned u16be(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static bool frame_ok(struct es_bytes s, uint32_t width, uint32_t height)
{
    return s.n >= 6 && s.p[0] == 8 && u16be(s.p + 1) == height &&
           u16be(s.p + 3) == width && s.p[5] == 3;
}

/* Behind a scan's head: up to the next marker that isn't of the scan. */
static size_t scan_end(struct es_bytes s, size_t at)
{
    while (at + 1 < s.n && (s.p[at] != 0xff || s.p[at + 1] == 0 ||
                            (s.p[at + 1] >= 0xd0 && s.p[at + 1] <= 0xd7)))
        at++;
    return at;
}

bool es_jpeg_is_bare(struct es_bytes s, uint32_t width, uint32_t height)
{
    size_t at = 2;
    unsigned frames = 0;
    if (s.n < 4 || s.p[0] != 0xff || s.p[1] != 0xd8)
        return false;
    while (s.n - at >= 4) {
        unsigned m = s.p[at + 1];
        size_t n = u16be(s.p + at + 2);
        if (s.p[at] != 0xff || n < 2 || n > s.n - at - 2)
            return false;
        struct es_bytes body = { s.p + at + 4, n - 2 };
        bool frame = m == M_SOF0 || m == M_SOF2;
        if (frame && (frames++ || !frame_ok(body, width, height)))
            return false;
        if (m == M_APP0 &&
            (body.n != JFIF_BYTES || at != 2 || memcmp(body.p, "JFIF", 5) != 0))
            return false;
        if (!frame && m != M_APP0 && m != M_DQT && m != M_DHT && m != M_SOS)
            return false;
        at += 2 + n;
        if (m == M_SOS)
            at = scan_end(s, at);
    }
    return frames == 1 && s.n - at == 2 && s.p[at] == 0xff &&
           s.p[at + 1] == M_EOI;
}

/* ---- the answer ---- */

static bool size_ok(const struct es_picture_size *s,
                    const struct es_picture_size *before, uint32_t edge)
{
    uint32_t longest = s->width > s->height ? s->width : s->height;
    if (s->width == 0 || s->height == 0 || longest > edge)
        return false;
    if (before && (s->width > before->width || s->height > before->height))
        return false;
    return es_jpeg_is_bare(s->jpeg, s->width, s->height);
}

static enum es_code get_sizes(struct es_rd *r, const struct es_picture_ask *ask,
                              struct es_arena *a, struct es_picture_made *out,
                              struct es_err *e)
{
    out->n = es_rd_u8(r);
    if (out->n < 1 || out->n > ask->n)
        return es_fail(e, ES_EMALFORMED, r->at, "%zu sizes", out->n);
    for (size_t i = 0; i < out->n; i++) {
        struct es_picture_size *s = &out->v[i];
        const uint8_t *p;
        s->width = es_rd_u32le(r);
        s->height = es_rd_u32le(r);
        size_t n = es_rd_u32le(r);
        if (!es_rd_take(r, n, &p))
            return es_fail(e, ES_EMALFORMED, r->at, "a cut answer");
        uint8_t *copy = es_arena_bare(a, n ? n : 1, 1);
        if (!copy)
            return es_fail(e, ES_ENOMEM, 0, "a picture");
        memcpy(copy, p, n);
        s->jpeg = (struct es_bytes){ copy, n };
        if (!size_ok(s, i ? s - 1 : NULL, ask->edge[0]))
            return es_fail(e, ES_EMALFORMED, r->at, "no picture of ours");
    }
    return ES_OK;
}

enum es_code es_picture_answer_get(struct es_bytes in,
                                   const struct es_picture_ask *ask,
                                   struct es_arena *a, enum es_code *code,
                                   struct es_picture_made *out,
                                   struct es_err *e)
{
    struct es_rd r;
    struct es_picture_made made = { .n = 0 };
    enum es_code rc = ES_OK;
    es_rd_init(&r, in);
    enum es_code said = (enum es_code)es_rd_u8(&r);
    if (r.bad || (said != ES_OK && (said < ES_EEMPTY || said >= ES_CODE_COUNT)))
        return es_fail(e, ES_EMALFORMED, 0, "code %d", (int)said);
    if (said == ES_OK)
        rc = get_sizes(&r, ask, a, &made, e);
    if (rc == ES_OK && es_rd_left(&r) != 0)
        rc = es_fail(e, ES_EMALFORMED, r.at, "bytes after the picture");
    if (rc != ES_OK)
        return rc;
    *code = said;
    *out = made;
    return ES_OK;
}
