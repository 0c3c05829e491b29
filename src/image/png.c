/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <png.h>
#include <string.h>

enum {
    CHUNK_MAX = 4 << 20, /* profiles and texts that are only to be skipped */
    CHUNKS_KEPT = 64
};

/* All of a reading: the library leaves by longjmp. */
struct reading {
    png_structp png;
    png_infop info;
    struct es_bytes file;
    size_t at;
    struct es_canvas *canvas;
    struct es_err *e;
    enum es_code rc;
    unsigned orientation;
    uint8_t *px; /* one row, or of an interlaced picture all of them */
    bool whole;
};

static void fail(png_structp png, png_const_charp msg)
{
    struct reading *r = png_get_error_ptr(png);
    if (r->rc == ES_OK)
        r->rc = es_fail(r->e, ES_EMALFORMED, r->at, "%.120s", msg);
    png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp msg)
{
    (void)png, (void)msg;
}

static void give(png_structp png, png_bytep to, size_t n)
{
    struct reading *r = png_get_io_ptr(png);
    if (n > r->file.n - r->at) {
        r->rc = es_fail(r->e, ES_ETRUNCATED, r->at, "it ends too early");
        png_longjmp(png, 1);
    }
    memcpy(to, r->file.p + r->at, n);
    r->at += n;
}

/* Red, green and blue of 8 bits, with white behind what is transparent. */
static void ask_for_rgb(struct reading *r)
{
    static const png_color_16 WHITE = { 0, 255, 255, 255, 255 };
    png_set_expand(r->png);
    png_set_scale_16(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_background(r->png, &WHITE, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    (void)png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->info);
}

static void read_orientation(struct reading *r)
{
    png_bytep exif = NULL;
    png_uint_32 n = 0;
    if (png_get_eXIf_1(r->png, r->info, &n, &exif))
        r->orientation = es_exif_orientation((struct es_bytes){ exif, n });
}

static void begin_read(struct reading *r)
{
    png_structp png = r->png;
    png_set_read_fn(png, r, give);
    png_set_user_limits(png, ES_PICTURE_EDGE, ES_PICTURE_EDGE);
    png_set_chunk_malloc_max(png, CHUNK_MAX);
    png_set_chunk_cache_max(png, CHUNKS_KEPT);
    png_set_benign_errors(png, 1);
    png_read_info(png, r->info);
    uint32_t w = png_get_image_width(png, r->info);
    uint32_t h = png_get_image_height(png, r->info);
    r->rc = es_size_check(w, h, r->e);
    if (r->rc != ES_OK)
        return;
    read_orientation(r);
    r->whole = png_get_interlace_type(png, r->info) != PNG_INTERLACE_NONE;
    ask_for_rgb(r);
    size_t row = png_get_rowbytes(png, r->info);
    if (row != (size_t)w * 3) {
        r->rc = es_fail(r->e, ES_EMALFORMED, 0, "no such colours");
        return;
    }
    r->rc = es_canvas_begin(r->canvas, w, h, r->e);
    r->px = es_arena_array(r->canvas->a, r->whole ? h : 1, row);
    if (r->rc == ES_OK && !r->px)
        r->rc = es_fail(r->e, ES_ENOMEM, 0, "%u rows", h);
}

static void read_rows(struct reading *r)
{
    uint32_t h = r->canvas->src_h;
    size_t row = (size_t)r->canvas->src_w * 3;
    int passes = r->whole ? PNG_INTERLACE_ADAM7_PASSES : 1;
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < h; y++) {
            uint8_t *p = r->px + (r->whole ? y * row : 0);
            png_read_row(r->png, p, NULL);
            if (pass == passes - 1)
                es_canvas_row(r->canvas, y, p);
        }
}

static bool read_all(struct reading *r)
{
    if (setjmp(png_jmpbuf(r->png)))
        return false;
    begin_read(r);
    if (r->rc == ES_OK)
        read_rows(r);
    return true;
}

enum es_code es_png_read(struct es_bytes file, struct es_canvas *c,
                         unsigned *orientation, struct es_err *e)
{
    struct reading *r = es_arena_alloc(c->a, sizeof *r);
    if (!r)
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    *r =
        (struct reading){ .file = file, .canvas = c, .e = e, .orientation = 1 };
    r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, fail, warn);
    r->info = r->png ? png_create_info_struct(r->png) : NULL;
    if (!r->info)
        r->rc = es_fail(e, ES_ENOMEM, 0, "a picture");
    else if (!read_all(r) && r->rc == ES_OK)
        r->rc = es_fail(e, ES_EMALFORMED, r->at, "damaged");
    png_destroy_read_struct(&r->png, &r->info, NULL);
    if (r->rc == ES_OK)
        *orientation = r->orientation;
    return r->rc;
}
