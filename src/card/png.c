/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"

#include <png.h>

/* A picture of a few flat tones: measured, more than level 1 and any filter
 * cost ten times the time for a tenth of the bytes. */
enum { LEVEL = 1 };

static void append(png_structp png, png_bytep p, size_t n)
{
    es_buf_add(png_get_io_ptr(png), p, n);
}

static void flush(png_structp png)
{
    (void)png;
}

static void write_rows(png_structp png, png_infop info, cairo_surface_t *s,
                       struct es_buf *out)
{
    int height = cairo_image_surface_get_height(s);
    int stride = cairo_image_surface_get_stride(s);
    uint8_t *row = cairo_image_surface_get_data(s);

    png_set_write_fn(png, out, append, flush);
    png_set_compression_level(png, LEVEL);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(png, info, (png_uint_32)cairo_image_surface_get_width(s),
                 (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_write_info(png, info);
    /* Cairo's pixel is a word 0x00RRGGBB */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    png_set_bgr(png);
    png_set_filler(png, 0, PNG_FILLER_AFTER);
#else
    png_set_filler(png, 0, PNG_FILLER_BEFORE);
#endif
    for (int y = 0; y < height; y++)
        png_write_row(png, row + (ptrdiff_t)y * stride);
    png_write_end(png, info);
}

/* libpng leaves by longjmp: this frame holds nothing that it could lose. */
static bool written(png_structp png, png_infop info, cairo_surface_t *s,
                    struct es_buf *out)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    write_rows(png, info, s, out);
    return true;
}

enum es_code es_card_png(cairo_surface_t *s, struct es_buf *out,
                         struct es_err *e)
{
    enum es_code rc = ES_OK;
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || !written(png, info, s, out) || out->bad)
        rc = es_fail(e, ES_ENOMEM, 0, "no memory for the picture");
    png_destroy_write_struct(&png, &info);
    return rc;
}
