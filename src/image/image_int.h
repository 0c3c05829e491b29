/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the readers of each format and the scaling share. Inside image/ only. */
#ifndef ES_IMAGE_IMAGE_INT_H
#define ES_IMAGE_IMAGE_INT_H

#include "image/image.h"

/* ---- light ---- */

/* sRGB is a curve: sums of it are too dark. IEC 61966-2-1. */
struct es_light {
    uint16_t linear[256]; /* of an sRGB value, 65535 is white */
    uint8_t srgb[65536];  /* and back, to the nearest */
};
void es_light_init(struct es_light *l);

/* ---- scaling ---- */

/* Rows of red, green, blue in linear light. */
struct es_plane {
    uint16_t *px;
    uint32_t w, h;
};

/* How much of which pixels of one axis goes into each of another: a cubic
 * (Catmull and Rom), stretched over what is made smaller. */
struct es_taps {
    uint32_t n;      /* of each */
    uint32_t *first; /* for each, the first pixel */
    int32_t *weight; /* n for each; they sum up to ES_TAPS_ONE */
};
enum { ES_TAPS_ONE = 1 << 14 };
ES_MUST_CHECK enum es_code es_taps_make(uint32_t from, uint32_t to,
                                        struct es_arena *a, struct es_taps *out,
                                        struct es_err *e);
/* One row across. */
void es_taps_row(const struct es_taps *t, const uint16_t *from, uint16_t *to,
                 uint32_t to_w);

/* No larger than it is; `from` may be *out. */
ES_MUST_CHECK enum es_code
es_plane_scale(const struct es_plane *from, uint32_t w, uint32_t h,
               struct es_arena *a, struct es_plane *out, struct es_err *e);
/* As EXIF's orientation (1..8) says it is to be seen. */
ES_MUST_CHECK enum es_code
es_plane_turn(const struct es_plane *from, unsigned orientation,
              struct es_arena *a, struct es_plane *out, struct es_err *e);
/* The size with this longest edge; w and h when they are smaller. */
void es_size_within(uint32_t w, uint32_t h, uint32_t edge, uint32_t *out_w,
                    uint32_t *out_h);

/* ---- reading ---- */

/* What a reader fills, row by row: each is scaled across at once, so that a
 * large picture is never whole in memory. */
struct es_canvas {
    struct es_arena *a;
    const struct es_light *light;
    uint32_t edge; /* of the largest size that is wanted */
    uint32_t src_w, src_h;
    struct es_plane across; /* as wide as the result, as high as the source */
    struct es_taps taps;
    uint16_t *row; /* of the source, in linear light */
};
/* Checks the size and takes the memory. ES_EBOMB, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_canvas_begin(struct es_canvas *c, uint32_t w,
                                           uint32_t h, struct es_err *e);
/* src_w pixels of red, green, blue. y < src_h. */
void es_canvas_row(struct es_canvas *c, uint32_t y, const uint8_t *rgb);

/* Whether a picture of this size is taken at all. */
ES_MUST_CHECK enum es_code es_size_check(uint64_t w, uint64_t h,
                                         struct es_err *e);

/* Each fills the canvas and says how the picture is to be turned. */
typedef enum es_code es_picture_reader(struct es_bytes file,
                                       struct es_canvas *c,
                                       unsigned *orientation, struct es_err *e);
es_picture_reader es_jpeg_read, es_png_read, es_webp_read;

/* The orientation that an EXIF block (a TIFF file) gives; 1 when it gives
 * none. Source: CIPA DC-008, tag 0x0112 of the first directory. */
unsigned es_exif_orientation(struct es_bytes tiff);

/* ---- writing ---- */

ES_MUST_CHECK enum es_code
es_jpeg_write(const struct es_plane *p, const struct es_light *light,
              struct es_arena *a, struct es_bytes *out, struct es_err *e);

#endif
