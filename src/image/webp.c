/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <string.h>

#include <webp/decode.h>

enum { RIFF_HEAD = 12, CHUNK_HEAD = 8 };

static uint32_t u32le(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/* Of the chunk EXIF, which stands behind the picture. Source: WebP Container
 * Specification. */
static unsigned orientation_of(struct es_bytes f)
{
    size_t at = RIFF_HEAD;
    while (at < f.n && f.n - at >= CHUNK_HEAD) {
        size_t n = u32le(f.p + at + 4);
        if (n > f.n - at - CHUNK_HEAD)
            return 1;
        const uint8_t *body = f.p + at + CHUNK_HEAD;
        if (memcmp(f.p + at, "EXIF", 4) == 0) {
            /* some writers put JPEG's head before it */
            size_t skip = n > 6 && memcmp(body, "Exif\0\0", 6) == 0 ? 6 : 0;
            return es_exif_orientation(
                (struct es_bytes){ body + skip, n - skip });
        }
        at += CHUNK_HEAD + n + (n & 1);
    }
    return 1;
}

static void on_white(const uint8_t *rgba, uint8_t *rgb, uint32_t w)
{
    for (uint32_t x = 0; x < w; x++, rgba += 4, rgb += 3)
        for (int i = 0; i < 3; i++) {
            unsigned v = rgba[i] * rgba[3] + 255u * (255u - rgba[3]);
            rgb[i] = (uint8_t)((v + 127) / 255);
        }
}

static enum es_code failed(VP8StatusCode s, struct es_err *e)
{
    switch (s) {
    case VP8_STATUS_OUT_OF_MEMORY:
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return es_fail(e, ES_ETRUNCATED, 0, "it ends too early");
    default:
        return es_fail(e, ES_EMALFORMED, 0, "WebP: status %d", (int)s);
    }
}

static enum es_code decode(struct es_bytes file, struct es_canvas *c,
                           WebPDecoderConfig *cfg, struct es_err *e)
{
    WebPRGBABuffer *b = &cfg->output.u.RGBA;
    uint8_t *rgb = es_arena_array(c->a, c->src_w, 3);
    b->stride = (int)c->src_w * 4;
    b->size = (size_t)b->stride * c->src_h;
    b->rgba = es_arena_bare(c->a, c->src_h, (size_t)b->stride);
    if (!b->rgba || !rgb)
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    cfg->output.colorspace = MODE_RGBA;
    cfg->output.is_external_memory = 1;
    VP8StatusCode s = WebPDecode(file.p, file.n, cfg);
    if (s != VP8_STATUS_OK)
        return failed(s, e);
    for (uint32_t y = 0; y < c->src_h; y++) {
        on_white(b->rgba + (size_t)y * (size_t)b->stride, rgb, c->src_w);
        es_canvas_row(c, y, rgb);
    }
    return ES_OK;
}

enum es_code es_webp_read(struct es_bytes file, struct es_canvas *c,
                          unsigned *orientation, struct es_err *e)
{
    WebPDecoderConfig cfg;
    if (!WebPInitDecoderConfig(&cfg))
        return es_fail(e, ES_EINTERNAL, 0, "another libwebp");
    VP8StatusCode s = WebPGetFeatures(file.p, file.n, &cfg.input);
    if (s != VP8_STATUS_OK)
        return failed(s, e);
    enum es_code rc =
        es_size_check((uint64_t)cfg.input.width, (uint64_t)cfg.input.height, e);
    if (rc == ES_OK && cfg.input.has_animation)
        rc = es_fail(e, ES_ECOMPLEX, 0, "a moving picture");
    if (rc == ES_OK)
        rc = es_canvas_begin(c, (uint32_t)cfg.input.width,
                             (uint32_t)cfg.input.height, e);
    if (rc == ES_OK)
        rc = decode(file, c, &cfg, e);
    WebPFreeDecBuffer(&cfg.output);
    if (rc == ES_OK)
        *orientation = orientation_of(file);
    return rc;
}
