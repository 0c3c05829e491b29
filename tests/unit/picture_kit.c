/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "picture_kit.h"

#include "t.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <webp/encode.h>

enum { MAX = 64 << 20 };

/* ---- what is on them ---- */

void kit_corners(uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t rgb[3])
{
    static const uint8_t COLOURS[4][3] = {
        { 230, 20, 20 }, { 20, 200, 20 }, { 20, 20, 230 }, { 240, 240, 240 }
    };
    memcpy(rgb, COLOURS[(y >= h / 2) * 2 + (x >= w / 2)], 3);
}

void kit_checks(uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t rgb[3])
{
    (void)w, (void)h;
    memset(rgb, (x + y) % 2 ? 255 : 0, 3);
}

void kit_noise(uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t rgb[3])
{
    uint32_t v = (x * 2654435761u) ^ (y * 40503u + w + h);
    for (int i = 0; i < 3; i++) {
        v ^= v << 13;
        v ^= v >> 17;
        v ^= v << 5;
        rgb[i] = (uint8_t)(v >> 9);
    }
}

static uint8_t *rows_of(uint32_t w, uint32_t h, kit_paint *paint)
{
    uint8_t *px = calloc((size_t)w * h, 3);
    CHECK(px != NULL);
    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < w; x++)
            paint(x, y, w, h, px + ((size_t)y * w + x) * 3);
    return px;
}

static struct es_buf keep(const void *p, size_t n)
{
    struct es_buf b;
    es_buf_init(&b, MAX);
    es_buf_add(&b, p, n);
    CHECK(!b.bad);
    return b;
}

struct es_buf kit_exif(unsigned orientation, bool big)
{
    struct es_buf b;
    es_buf_init(&b, 1024);
    /* The head, a directory of one entry, and none after it. */
    static const uint8_t BIG[] = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                                   1,   18,  0, 3,  0, 0, 0, 1, 0 };
    static const uint8_t LITTLE[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 1,
                                      0,   18,  1,  3, 0, 1, 0, 0, 0 };
    if (big)
        es_buf_add(&b, BIG, sizeof BIG);
    else
        es_buf_add(&b, LITTLE, sizeof LITTLE);
    es_buf_u8(&b, (uint8_t)orientation);
    for (int i = 0; i < (big ? 6 : 7); i++)
        es_buf_u8(&b, 0);
    return b;
}

/* ---- JPEG ---- */

static void to_inks(const uint8_t *rgb, uint8_t *out, uint32_t w)
{
    for (uint32_t x = 0; x < w; x++, rgb += 3, out += 4) {
        memcpy(out, rgb, 3); /* Adobe's, inverted; no black */
        out[3] = 255;
    }
}

struct es_buf kit_jpeg(uint32_t w, uint32_t h, kit_paint *paint,
                       const struct kit_jpeg *how)
{
    struct jpeg_compress_struct z;
    struct jpeg_error_mgr err;
    unsigned char *out = NULL;
    unsigned long n = 0;
    uint8_t *px = rows_of(w, h, paint), *line = calloc(w, 4);
    z.err = jpeg_std_error(&err);
    jpeg_create_compress(&z);
    jpeg_mem_dest(&z, &out, &n);
    z.image_width = w;
    z.image_height = h;
    z.input_components = how->cmyk ? 4 : 3;
    z.in_color_space = how->cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&z);
    if (how->grey)
        jpeg_set_colorspace(&z, JCS_GRAYSCALE);
    jpeg_set_quality(&z, 95, TRUE);
    if (how->progressive)
        jpeg_simple_progression(&z);
    jpeg_start_compress(&z, TRUE);
    if (how->exif.n) {
        uint8_t *m = malloc(how->exif.n + 6);
        memcpy(m, "Exif\0\0", 6);
        memcpy(m + 6, how->exif.p, how->exif.n);
        jpeg_write_marker(&z, JPEG_APP0 + 1, m, (unsigned)how->exif.n + 6);
        free(m);
    }
    for (uint32_t y = 0; y < h; y++) {
        JSAMPROW row = px + (size_t)y * w * 3;
        if (how->cmyk) {
            to_inks(row, line, w);
            row = line;
        }
        (void)jpeg_write_scanlines(&z, &row, 1);
    }
    jpeg_finish_compress(&z);
    jpeg_destroy_compress(&z);
    struct es_buf b = keep(out, n);
    free(out);
    free(px);
    free(line);
    return b;
}

struct kit_pixels kit_pixels(struct es_bytes jpeg)
{
    struct jpeg_decompress_struct z;
    struct jpeg_error_mgr err;
    struct kit_pixels p;
    z.err = jpeg_std_error(&err);
    jpeg_create_decompress(&z);
    jpeg_mem_src(&z, jpeg.p, jpeg.n);
    CHECK_INT(jpeg_read_header(&z, TRUE), JPEG_HEADER_OK);
    z.out_color_space = JCS_RGB;
    (void)jpeg_start_decompress(&z);
    p.w = z.output_width;
    p.h = z.output_height;
    uint8_t *line = malloc((size_t)p.w * 3);
    es_buf_init(&p.rgb, MAX);
    while (z.output_scanline < z.output_height) {
        JSAMPROW row = line;
        (void)jpeg_read_scanlines(&z, &row, 1);
        es_buf_add(&p.rgb, line, (size_t)p.w * 3);
    }
    (void)jpeg_finish_decompress(&z);
    jpeg_destroy_decompress(&z);
    free(line);
    return p;
}

const uint8_t *kit_pixel(const struct kit_pixels *p, double x, double y)
{
    size_t at = (size_t)(y * p->h) * p->w + (size_t)(x * p->w);
    return es_buf_bytes(&p->rgb).p + at * 3;
}

void kit_check_bare(struct es_bytes s)
{
    size_t at = 2;
    CHECK(s.n > 4 && s.p[0] == 0xff && s.p[1] == 0xd8);
    CHECK(s.p[s.n - 2] == 0xff && s.p[s.n - 1] == 0xd9);
    while (at + 4 <= s.n) {
        CHECK_INT(s.p[at], 0xff);
        uint8_t m = s.p[at + 1];
        size_t n = (size_t)s.p[at + 2] << 8 | s.p[at + 3];
        /* JFIF, tables, frame, scan: no comment, no other APPn */
        CHECK(m == 0xe0 || m == 0xdb || m == 0xc4 || m == 0xc0 || m == 0xc2 ||
              m == 0xda);
        at += 2 + n;
        if (m != 0xda)
            continue;
        while (at + 1 < s.n && (s.p[at] != 0xff || s.p[at + 1] == 0))
            at++;
        if (s.p[at + 1] == 0xd9)
            break;
    }
    CHECK_INT(at, s.n - 2);
}

/* ---- PNG ---- */

static void add(png_structp png, png_bytep p, size_t n)
{
    es_buf_add(png_get_io_ptr(png), p, n);
}

static void flush(png_structp png)
{
    (void)png;
}

static void png_line(const uint8_t *rgb, uint8_t *to, uint32_t w,
                     const struct kit_png *how)
{
    for (uint32_t x = 0; x < w; x++, rgb += 3) {
        if (how->palette) { /* the web's old cube of 6 by 6 by 6 */
            *to++ = (uint8_t)(rgb[0] / 51 * 36 + rgb[1] / 51 * 6 + rgb[2] / 51);
            continue;
        }
        for (int i = 0; i < 3 + how->alpha; i++) {
            uint8_t v = i < 3 ? rgb[i] : x < w / 2 ? 255 : 0;
            *to++ = v;
            if (how->depth == 16)
                *to++ = v;
        }
    }
}

struct es_buf kit_png(uint32_t w, uint32_t h, kit_paint *paint,
                      const struct kit_png *how)
{
    struct es_buf b;
    png_color cube[216];
    uint8_t *px = rows_of(w, h, paint), *line = calloc(w, 8);
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    es_buf_init(&b, MAX);
    png_set_write_fn(png, &b, add, flush);
    png_set_compression_level(png, 1);
    png_set_IHDR(png, info, w, h, how->depth,
                 how->palette ? PNG_COLOR_TYPE_PALETTE
                 : how->alpha ? PNG_COLOR_TYPE_RGB_ALPHA
                              : PNG_COLOR_TYPE_RGB,
                 how->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    for (unsigned i = 0; i < 216; i++)
        cube[i] =
            (png_color){ (uint8_t)(i / 36 * 51), (uint8_t)(i / 6 % 6 * 51),
                         (uint8_t)(i % 6 * 51) };
    if (how->palette)
        png_set_PLTE(png, info, cube, 216);
    if (how->exif.n)
        png_set_eXIf_1(png, info, (png_uint_32)how->exif.n,
                       (png_bytep)(uintptr_t)how->exif.p);
    png_write_info(png, info);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < h; y++) {
            png_line(px + (size_t)y * w * 3, line, w, how);
            png_write_row(png, line);
        }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(px);
    free(line);
    return b;
}

/* ---- WebP ---- */

struct es_buf kit_webp(uint32_t w, uint32_t h, kit_paint *paint)
{
    uint8_t *px = rows_of(w, h, paint), *out = NULL;
    size_t n = WebPEncodeRGB(px, (int)w, (int)h, (int)w * 3, 90, &out);
    CHECK(n > 0);
    struct es_buf b = keep(out, n);
    WebPFree(out);
    free(px);
    return b;
}
