/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What surrounds the words of a document: the scene with whose it is, the
 * foot, pictures and codes. */
#include "card/paper_int.h"

#include <limits.h>
#include <math.h>

static const double SHORT = 595.276, LONG = 841.89; /* A4 */
static const double MARGIN = 66, HEAD = 96, SCENE = 148;

/* ---- scenes ---- */

/* The card's hills, on paper. The way leads through `path`. */
static void scene(cairo_t *cr, const struct es_paper *p, bool rtl,
                  struct es_card_rect at, struct es_card_rect path)
{
    struct es_card_palette c;
    struct es_card_layout l = { .horizon = 0.5 * at.h, .ground = 0.72 * at.h };
    cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, at.h);
    es_card_palette(p->colour, &c);
    cairo_pattern_add_color_stop_rgb(sky, 0, c.sky_top.r / 255.0,
                                     c.sky_top.g / 255.0, c.sky_top.b / 255.0);
    cairo_pattern_add_color_stop_rgb(sky, 0.8, c.sky_low.r / 255.0,
                                     c.sky_low.g / 255.0, c.sky_low.b / 255.0);
    cairo_save(cr);
    cairo_translate(cr, at.x, at.y);
    cairo_rectangle(cr, 0, 0, at.w, at.h);
    cairo_clip(cr);
    cairo_set_source(cr, sky);
    cairo_paint(cr);
    es_card_hills(cr, at.w, at.h, rtl, &l, &c);
    if (path.w > 0)
        es_card_path(cr, path, 4, -1, rtl, &c);
    cairo_restore(cr);
    cairo_pattern_destroy(sky);
}

/* ---- words around the text ---- */

struct words {
    const char *text;
    double size, lead;
    int weight;
    int tone;
    enum { START, END, CENTRE } at;
    const char *tag;
};

/* In a column, one line or more; how high. */
static double words(const struct es_paper_flow *f, const struct words *w,
                    double x, double y, double width)
{
    struct es_paper_text t;
    struct es_paper_span s = { .text = w->text };
    struct es_paper_setting set = { .style = { .size = w->size / f->scale,
                                               .lead = w->lead,
                                               .weight = w->weight,
                                               .large = w->size > 11 },
                                    .lang = "",
                                    .width = width,
                                    .centred = w->at == CENTRE };
    if (!*w->text)
        return 0;
    set.style.tone = w->tone;
    es_paper_text(f, &set, &s, 1, &t);
    pango_layout_set_ellipsize(t.layout, PANGO_ELLIPSIZE_END);
    if (w->at != CENTRE)
        es_paper_text_align(&t, (w->at == END) != f->rtl);
    double h = es_paper_text_height(&t);
    if (f->cr) {
        if (w->tag)
            cairo_tag_begin(f->cr, w->tag, NULL);
        es_paper_text_show(f->cr, &t, x, y, 0, INT_MAX);
        if (w->tag)
            cairo_tag_end(f->cr, w->tag);
    }
    es_paper_text_release(&t);
    return h;
}

static void number(const struct es_paper_flow *f, double y)
{
    char memory[512];
    struct es_arena a;
    struct es_buf v[2];
    struct es_reader reader = { .lang = f->p->lang };
    const unsigned n[] = { f->page, f->pages };
    for (size_t i = 0; i < 2; i++) {
        es_buf_init(&v[i], sizeof memory);
        es_buf_shown(&v[i], reader, es_int(n[i]));
    }
    es_arena_init(&a, sizeof memory);
    struct words w = {
        .text = es_t_fill(&a, es_t(f->p->lang, ES_T("Page {1} of {2}")),
                          es_buf_cstr(&v[0]), es_buf_cstr(&v[1]), NULL),
        .size = 8,
        .lead = 1,
        .weight = PANGO_WEIGHT_MEDIUM,
        .tone = ES_PAPER_SOFT,
        .at = END,
    };
    words(f, &w, f->left + (f->rtl ? 0 : 0.7 * f->width), y, 0.3 * f->width);
    es_arena_release(&a);
    es_buf_release(&v[0]);
    es_buf_release(&v[1]);
}

static void foot(const struct es_paper_flow *f)
{
    struct words w = { .text = f->p->foot,
                       .size = 8,
                       .lead = 1,
                       .weight = PANGO_WEIGHT_NORMAL,
                       .tone = ES_PAPER_SOFT };
    double y = LONG - 50;
    es_card_source(f->cr, f->tones.line, 1);
    cairo_rectangle(f->cr, f->left, y - 9, f->width, 0.6);
    cairo_fill(f->cr);
    words(f, &w, f->left + (f->rtl ? 0.3 * f->width : 0), y, 0.7 * f->width);
    if (f->pages > 1)
        number(f, y);
}

/* ---- a sheet ---- */

static void masthead(const struct es_paper_flow *f)
{
    struct words title = { .text = f->p->initiative,
                           .size = 15,
                           .lead = 1,
                           .weight = PANGO_WEIGHT_BOLD,
                           .tone = ES_PAPER_WHITE,
                           .tag = "P" };
    struct words holder = { .text = f->p->holder,
                            .size = 9.5,
                            .lead = 1,
                            .weight = PANGO_WEIGHT_MEDIUM,
                            .tone = ES_PAPER_WHITE,
                            .tag = "P" };
    scene(f->cr, f->p, f->rtl, (struct es_card_rect){ 0, 0, SHORT, HEAD },
          (struct es_card_rect){ SHORT * (f->rtl ? 0.06 : 0.56), HEAD * 0.6,
                                 SHORT * 0.38, HEAD * 0.28 });
    double h = words(f, &title, f->left, 26, f->width);
    words(f, &holder, f->left, 26 + h + 2, f->width);
}

/* Later pages say what they are of. */
static void running(const struct es_paper_flow *f)
{
    struct words w = { .text = f->p->title,
                       .size = 8,
                       .lead = 1,
                       .weight = PANGO_WEIGHT_MEDIUM,
                       .tone = ES_PAPER_SOFT };
    es_card_source(f->cr, f->tones.accent, 1);
    cairo_rectangle(f->cr, 0, 0, SHORT, 5);
    cairo_fill(f->cr);
    words(f, &w, f->left, 30, f->width);
}

static void dress_sheet(struct es_paper_flow *f)
{
    bool head = *f->p->initiative || *f->p->holder;
    f->left = MARGIN;
    f->width = SHORT - 2 * MARGIN;
    f->top = f->page > 1 ? 62 : head ? HEAD + 40 : 66;
    f->bottom = LONG - 76;
    if (!f->cr)
        return;
    if (f->page > 1)
        running(f);
    else if (head)
        masthead(f);
}

/* ---- a certificate ---- */

static const char *code_of(const struct es_paper *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->block[i].kind == ES_PAPER_CODE && p->block[i].n > 0 &&
            p->block[i].span[0].link)
            return p->block[i].span[0].link;
    return "";
}

/* The scene with the code, and the address in it. */
static void ground(const struct es_paper_flow *f)
{
    enum { TILE = 96 };
    struct words address = { .text = f->p->foot,
                             .size = 10,
                             .lead = 1,
                             .weight = PANGO_WEIGHT_MEDIUM,
                             .tone = ES_PAPER_WHITE,
                             .tag = "P" };
    const char *code = code_of(f->p);
    double side = *code ? TILE + 30 : 0;
    double start = f->left + (f->rtl ? side : 0);
    scene(f->cr, f->p, f->rtl,
          (struct es_card_rect){ 0, SHORT - SCENE, LONG, SCENE },
          (struct es_card_rect){ start, 0.42 * SCENE, f->width - side,
                                 0.28 * SCENE });
    words(f, &address, start, SHORT - 36, f->width - side);
    if (*code)
        (void)es_paper_code(f->cr, code,
                            f->rtl ? f->left : f->left + f->width - TILE,
                            SHORT - SCENE + (SCENE - TILE) / 2, TILE, f);
}

static void dress_certificate(struct es_paper_flow *f)
{
    struct words title = { .text = f->p->initiative,
                           .size = 17,
                           .lead = 1,
                           .weight = PANGO_WEIGHT_BOLD,
                           .tone = ES_PAPER_INK,
                           .at = CENTRE,
                           .tag = "P" };
    struct words holder = { .text = f->p->holder,
                            .size = 11,
                            .lead = 1,
                            .weight = PANGO_WEIGHT_MEDIUM,
                            .tone = ES_PAPER_SOFT,
                            .at = CENTRE,
                            .tag = "P" };
    f->left = 76;
    f->width = LONG - 2 * f->left;
    double y = 44;
    y += words(f, &title, f->left, y, f->width);
    y += words(f, &holder, f->left, y + 3, f->width);
    f->top = y + 22;
    f->bottom = SHORT - SCENE - 20;
}

void es_paper_dress(struct es_paper_flow *f)
{
    if (f->p->face == ES_PAPER_CERTIFICATE)
        dress_certificate(f);
    else
        dress_sheet(f);
    f->y = f->top + f->shift;
}

void es_paper_foot(const struct es_paper_flow *f)
{
    if (f->cr && f->p->face == ES_PAPER_CERTIFICATE)
        ground(f);
    else if (f->cr)
        foot(f);
}

/* ---- pictures ---- */

bool es_paper_code(cairo_t *cr, const char *url, double x, double y,
                   double side, const struct es_paper_flow *f)
{
    static const double FINE = 24; /* its modules are whole units wide */
    struct es_card_palette c;
    es_card_palette(f->p->colour, &c);
    c.tile = (struct es_rgb){ 255, 255, 255 };
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, 1 / FINE, 1 / FINE);
    struct es_card_rect box = { 0, 0, side * FINE, side * FINE };
    bool ok = es_card_qr(cr, url, box, f->rtl, &c, NULL) == ES_OK;
    cairo_restore(cr);
    return ok;
}

/* Width and height of a JPEG (ITU-T T.81, B.2.2); false: none. */
static bool jpeg_size(struct es_bytes jpeg, int *width, int *height)
{
    struct es_rd r;
    es_rd_init(&r, jpeg);
    if (es_rd_u16be(&r) != 0xffd8)
        return false;
    while (!r.bad) {
        unsigned marker = es_rd_u16be(&r);
        unsigned n = es_rd_u16be(&r);
        bool frame = marker >= 0xffc0 && marker <= 0xffcf && marker != 0xffc4 &&
                     marker != 0xffc8 && marker != 0xffcc;
        if (marker < 0xff01 || n < 2 || marker == 0xffda)
            return false;
        if (!frame) {
            (void)es_rd_skip(&r, n - 2);
            continue;
        }
        (void)es_rd_u8(&r);
        *height = es_rd_u16be(&r);
        *width = es_rd_u16be(&r);
        return !r.bad && *width > 0 && *height > 0 &&
               *width <= ES_PAPER_PORTRAIT && *height <= ES_PAPER_PORTRAIT;
    }
    return false;
}

bool es_paper_portrait(cairo_t *cr, struct es_bytes jpeg, double x, double y,
                       double side)
{
    int w, h;
    if (!jpeg_size(jpeg, &w, &h))
        return false;
    /* the pixels stay as the JPEG has them; these are only their number */
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    unsigned char *copy = g_memdup2(jpeg.p, jpeg.n);
    bool ok = cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, copy, jpeg.n,
                                          g_free, copy) == CAIRO_STATUS_SUCCESS;
    if (!ok)
        g_free(copy);
    double scale = side / fmin(w, h);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_new_path(cr);
    cairo_arc(cr, side / 2, side / 2, side / 2, 0, 2 * G_PI);
    cairo_clip(cr);
    cairo_translate(cr, (side - w * scale) / 2,
                    h > w ? (side - h * scale) / 3 : 0);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, s, 0, 0);
    if (ok)
        cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(s);
    return ok;
}
