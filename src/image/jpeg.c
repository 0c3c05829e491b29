/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

enum {
    QUALITY = 82,    /* what eyes see of more is little, what it weighs a lot */
    SCANS_MAX = 100, /* a progressive picture has about ten; each costs a pass
                        over all of it */
    EXIF_HEAD = 6,
    FEWEST = 2 /* of the source's pixels to one of the result, across */
};

/* ---- the library's way of failing ---- */

/* It leaves by longjmp. Frames that it may leave hold nothing that could be
 * lost: all of a reading stands here. */
struct trap {
    struct jpeg_error_mgr base; /* first: the library knows nothing else */
    jmp_buf out;
    enum es_code code;
    char said[JMSG_LENGTH_MAX];
};

static void note(j_common_ptr cx, enum es_code code)
{
    struct trap *t = (struct trap *)cx->err;
    if (t->code != ES_OK)
        return;
    t->code = code;
    t->base.format_message(cx, t->said);
}

static void fail(j_common_ptr cx)
{
    struct trap *t = (struct trap *)cx->err;
    note(cx,
         cx->err->msg_code == JERR_OUT_OF_MEMORY ? ES_ENOMEM : ES_EMALFORMED);
    longjmp(t->out, 1);
}

/* The library fills in grey for what is missing; we would rather tell. Other
 * warnings are of bytes that nobody sees. */
static void emit(j_common_ptr cx, int level)
{
    if (level >= 0)
        return;
    if (cx->err->msg_code == JWRN_JPEG_EOF)
        note(cx, ES_ETRUNCATED);
    else if (cx->err->msg_code == JWRN_HIT_MARKER)
        note(cx, ES_EMALFORMED);
    if (((struct trap *)cx->err)->code != ES_OK)
        longjmp(((struct trap *)cx->err)->out, 1);
}

static void say(j_common_ptr cx)
{
    (void)cx; /* stderr isn't ours */
}

static struct jpeg_error_mgr *trap_init(struct trap *t)
{
    (void)jpeg_std_error(&t->base);
    t->base.error_exit = fail;
    t->base.emit_message = emit;
    t->base.output_message = say;
    return &t->base;
}

/* ---- reading ---- */

struct reading {
    struct jpeg_decompress_struct z;
    struct jpeg_progress_mgr progress;
    struct trap trap;
    struct es_canvas *canvas;
    struct es_err *e;
    enum es_code rc; /* of the canvas */
    unsigned orientation;
    uint8_t *row, *rgb;
};

static void count_scans(j_common_ptr cx)
{
    struct jpeg_decompress_struct *z = (struct jpeg_decompress_struct *)cx;
    if (z->input_scan_number <= SCANS_MAX)
        return;
    note(cx, ES_ECOMPLEX);
    longjmp(((struct trap *)cx->err)->out, 1);
}

static unsigned orientation_of(const struct jpeg_decompress_struct *z)
{
    for (jpeg_saved_marker_ptr m = z->marker_list; m; m = m->next)
        if (m->data_length > EXIF_HEAD &&
            memcmp(m->data, "Exif\0\0", EXIF_HEAD) == 0)
            return es_exif_orientation((struct es_bytes){
                m->data + EXIF_HEAD, m->data_length - EXIF_HEAD });
    return 1;
}

/* Of four kinds of printing ink, as Adobe writes them: inverted. */
static void from_inks(const uint8_t *cmyk, uint8_t *rgb, uint32_t w,
                      bool inverted)
{
    for (uint32_t x = 0; x < w; x++, cmyk += 4, rgb += 3)
        for (int i = 0; i < 3; i++) {
            unsigned ink = inverted ? cmyk[i] : 255u - cmyk[i];
            unsigned black = inverted ? cmyk[3] : 255u - cmyk[3];
            rgb[i] = (uint8_t)((ink * black + 127) / 255);
        }
}

/* The library can give a half, a quarter or an eighth, for a fraction of the
 * work: as long as the rest of the way is ours. */
static void choose_scale(struct reading *r)
{
    uint32_t longest = r->z.image_width > r->z.image_height ? r->z.image_width
                                                            : r->z.image_height;
    r->z.scale_num = 1;
    r->z.scale_denom = 1;
    while (r->z.scale_denom < 8 &&
           longest / (r->z.scale_denom * 2) >= FEWEST * r->canvas->edge)
        r->z.scale_denom *= 2;
}

static void begin_read(struct reading *r, struct es_bytes file)
{
    struct jpeg_decompress_struct *z = &r->z;
    jpeg_create_decompress(z);
    r->progress.progress_monitor = count_scans;
    z->progress = &r->progress;
    jpeg_mem_src(z, file.p, file.n);
    jpeg_save_markers(z, JPEG_APP0 + 1, 0xffff);
    (void)jpeg_read_header(z, TRUE);
    r->orientation = orientation_of(z);
    r->rc = es_size_check(z->image_width, z->image_height, r->e);
    if (r->rc != ES_OK)
        return;
    choose_scale(r);
    bool inks =
        z->jpeg_color_space == JCS_CMYK || z->jpeg_color_space == JCS_YCCK;
    z->out_color_space = inks ? JCS_CMYK : JCS_RGB;
    jpeg_calc_output_dimensions(z);
    r->rc = es_canvas_begin(r->canvas, z->output_width, z->output_height, r->e);
    r->row = es_arena_array(r->canvas->a, z->output_width, 4);
    r->rgb = inks ? es_arena_array(r->canvas->a, z->output_width, 3) : r->row;
    if (r->rc == ES_OK && (!r->row || !r->rgb))
        r->rc = es_fail(r->e, ES_ENOMEM, 0, "a row");
}

static void read_rows(struct reading *r)
{
    struct jpeg_decompress_struct *z = &r->z;
    (void)jpeg_start_decompress(z);
    while (z->output_scanline < z->output_height) {
        uint32_t y = z->output_scanline;
        (void)jpeg_read_scanlines(z, &r->row, 1);
        if (r->rgb != r->row)
            from_inks(r->row, r->rgb, z->output_width, z->saw_Adobe_marker);
        es_canvas_row(r->canvas, y, r->rgb);
    }
    (void)jpeg_finish_decompress(z);
}

static bool read_all(struct reading *r, struct es_bytes file)
{
    if (setjmp(r->trap.out))
        return false;
    begin_read(r, file);
    if (r->rc == ES_OK)
        read_rows(r);
    return true;
}

enum es_code es_jpeg_read(struct es_bytes file, struct es_canvas *c,
                          unsigned *orientation, struct es_err *e)
{
    struct reading *r = es_arena_alloc(c->a, sizeof *r);
    if (!r)
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    r->canvas = c;
    r->e = e;
    r->z.err = trap_init(&r->trap);
    enum es_code rc = ES_OK;
    if (!read_all(r, file))
        rc = es_fail(e, r->trap.code, 0, "%.120s", r->trap.said);
    else
        rc = r->rc;
    jpeg_destroy_decompress(&r->z);
    if (rc == ES_OK)
        *orientation = r->orientation;
    return rc;
}

/* ---- writing ---- */

struct writing {
    struct jpeg_compress_struct z;
    struct trap trap;
    uint8_t *row;
    unsigned char *out; /* malloc's */
    unsigned long n;
};

static void to_srgb(const struct es_light *l, const uint16_t *from, uint8_t *to,
                    size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = l->srgb[from[i]];
}

static bool write_all(struct writing *w, const struct es_plane *p,
                      const struct es_light *light)
{
    struct jpeg_compress_struct *z = &w->z;
    if (setjmp(w->trap.out))
        return false;
    jpeg_create_compress(z);
    jpeg_mem_dest(z, &w->out, &w->n);
    z->image_width = p->w;
    z->image_height = p->h;
    z->input_components = 3;
    z->in_color_space = JCS_RGB;
    jpeg_set_defaults(z);
    jpeg_set_quality(z, QUALITY, TRUE);
    z->optimize_coding = TRUE;
    jpeg_simple_progression(z);
    jpeg_start_compress(z, TRUE);
    while (z->next_scanline < z->image_height) {
        size_t n = (size_t)p->w * 3;
        to_srgb(light, p->px + z->next_scanline * n, w->row, n);
        (void)jpeg_write_scanlines(z, &w->row, 1);
    }
    jpeg_finish_compress(z);
    return true;
}

enum es_code es_jpeg_write(const struct es_plane *p,
                           const struct es_light *light, struct es_arena *a,
                           struct es_bytes *out, struct es_err *e)
{
    struct writing *w = es_arena_alloc(a, sizeof *w);
    if (w)
        w->row = es_arena_array(a, p->w, 3);
    if (!w || !w->row)
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    w->z.err = trap_init(&w->trap);
    bool ok = write_all(w, p, light);
    uint8_t *copy = ok ? es_arena_bare(a, w->n, 1) : NULL;
    if (copy) {
        memcpy(copy, w->out, w->n);
        *out = (struct es_bytes){ copy, w->n };
    }
    jpeg_destroy_compress(&w->z);
    free(w->out);
    return copy ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a picture");
}
