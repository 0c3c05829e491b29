/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures for tests, written by the libraries' own writers, and what a test
 * looks for in one. */
#ifndef ES_TESTS_PICTURE_KIT_H
#define ES_TESTS_PICTURE_KIT_H

#include "base/buf.h"

/* Three bytes of a pixel. */
typedef void kit_paint(uint32_t x, uint32_t y, uint32_t w, uint32_t h,
                       uint8_t rgb[3]);
kit_paint kit_corners; /* red, green; blue, white: which way up it is */
kit_paint kit_checks;  /* black and white, pixel by pixel */
kit_paint kit_noise;

struct kit_jpeg {
    bool progressive, cmyk, grey;
    struct es_bytes exif; /* a TIFF file, goes into APP1 */
};
/* The caller releases what they give. */
struct es_buf kit_jpeg(uint32_t w, uint32_t h, kit_paint *paint,
                       const struct kit_jpeg *how);
struct kit_png {
    int depth; /* 8 or 16 */
    bool interlaced, alpha, palette;
    struct es_bytes exif;
};
struct es_buf kit_png(uint32_t w, uint32_t h, kit_paint *paint,
                      const struct kit_png *how);
struct es_buf kit_webp(uint32_t w, uint32_t h, kit_paint *paint);

/* A TIFF file with an orientation, as a camera writes it. */
struct es_buf kit_exif(unsigned orientation, bool big_endian);

/* Pixels of a JPEG, 3 bytes each. */
struct kit_pixels {
    uint32_t w, h;
    struct es_buf rgb;
};
struct kit_pixels kit_pixels(struct es_bytes jpeg);
const uint8_t *kit_pixel(const struct kit_pixels *p, double x, double y);

/* Fails unless it is a JPEG with no marker but those that a picture needs. */
void kit_check_bare(struct es_bytes jpeg);

#endif
