/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"

#include "base/limits.h"

enum { ARENA = 256 << 10 };

#define TEXT_FACE "Inter"
#define LARGE_FACE "Inter Display"

static const struct {
    struct es_card_style style;
    double tail; /* size, of what may follow in the same line */
} STYLES[ES_BOX_TEXTS] = {
    [ES_BOX_TITLE] = { { TEXT_FACE, PANGO_WEIGHT_SEMIBOLD, 1, 0.72,
                         ES_ALIGN_TOP, false, false },
                       0.78 },
    [ES_BOX_HOLDER] = { { TEXT_FACE, PANGO_WEIGHT_MEDIUM, 1, 0.8, ES_ALIGN_TOP,
                          false, false },
                        1 },
    [ES_BOX_EYEBROW] = { { TEXT_FACE, PANGO_WEIGHT_MEDIUM, 1, 0.7,
                           ES_ALIGN_BOTTOM, false, false },
                         1 },
    [ES_BOX_NAME] = { { LARGE_FACE, PANGO_WEIGHT_BOLD, 2, 0.46, ES_ALIGN_BOTTOM,
                        false, false },
                      1 },
    [ES_BOX_FIGURE] = { { LARGE_FACE, PANGO_WEIGHT_ULTRABOLD, 1, 0,
                          ES_ALIGN_BOTTOM, false, true },
                        0.36 },
    [ES_BOX_VALUE1... ES_BOX_VALUE3] = { { LARGE_FACE, PANGO_WEIGHT_BOLD, 1,
                                           0.5, ES_ALIGN_BOTTOM, false, false },
                                         1 },
    [ES_BOX_LABEL1... ES_BOX_LABEL3] = { { TEXT_FACE, PANGO_WEIGHT_MEDIUM, 1,
                                           0.6, ES_ALIGN_TOP, false, false },
                                         1 },
    [ES_BOX_TOTAL] = { { LARGE_FACE, PANGO_WEIGHT_BOLD, 1, 0.5, ES_ALIGN_MIDDLE,
                         false, false },
                       0.75 },
    [ES_BOX_TOTAL_LABEL] = { { TEXT_FACE, PANGO_WEIGHT_MEDIUM, 1, 0.6,
                               ES_ALIGN_TOP, false, false },
                             1 },
    [ES_BOX_ADDRESS] = { { TEXT_FACE, PANGO_WEIGHT_MEDIUM, 1, 0.7,
                           ES_ALIGN_MIDDLE, true, false },
                         1 },
};

/* The words box by box, each with the language it is set in. */
static void phrases(const struct es_card *c, const struct es_card_words *w,
                    struct es_card_phrase out[ES_BOX_TEXTS])
{
    const char *const text[ES_BOX_TEXTS] = {
        w->title,         w->holder,        w->eyebrow,       w->name,
        w->figure,        w->stat[0].value, w->stat[1].value, w->stat[2].value,
        w->stat[0].label, w->stat[1].label, w->stat[2].label, w->total,
        w->total_label,   w->address,
    };
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        bool theirs = i == ES_BOX_TITLE || i == ES_BOX_HOLDER ||
                      (i == ES_BOX_NAME && c->kind == ES_CARD_INITIATIVE);
        const char *lang =
            theirs && *c->initiative_lang ? c->initiative_lang : c->lang->tag;
        out[i] = (struct es_card_phrase){
            .text = text[i],
            .tail = "",
            .lang = es_card_text_lang(text[i], lang),
            .tail_size = STYLES[i].tail,
        };
    }
    out[ES_BOX_FIGURE].tail = w->unit;
}

/* Width over height of the large figure's ink. */
static double aspect(PangoContext *cx, const struct es_card_phrase *figure)
{
    static const struct es_card_rect ROOM = { 0, 0, 100000, 100000 };
    struct es_card_text t;
    es_card_text_fit(cx, figure, &STYLES[ES_BOX_FIGURE].style, ROOM, 100, false,
                     &t);
    double v = t.ink.h > 0 ? t.ink.w / t.ink.h : 1;
    es_card_text_release(&t);
    return v;
}

/* What has no line of its own in this format follows in another's. */
static void join(struct es_card_phrase *v, const struct es_card_layout *l,
                 enum es_card_box into, enum es_card_box what,
                 struct es_card_rgb colour)
{
    if (l->box[what].w > 0)
        return;
    v[into].tail = v[what].text;
    v[into].tail_colour = colour;
}

enum es_code es_card_plan(const struct es_card *c, struct es_arena *a,
                          struct es_card_plan *out, struct es_err *e)
{
    struct es_card_plan p = { 0 };
    struct es_card_phrase v[ES_BOX_TEXTS];
    struct es_card_palette colours;
    bool rtl = strcmp(c->lang->dir, "rtl") == 0;
    struct es_card_wish wish = { .size = c->size,
                                 .rtl = rtl,
                                 .route = c->n_route > 1,
                                 .qr = *c->url != '\0' };

    enum es_code rc = es_card_words(c, a, &p.words, e);
    if (rc != ES_OK)
        return rc;
    PangoContext *cx = es_card_context(rtl);
    if (!cx)
        return es_fail(e, ES_EINTERNAL, 0, "es_card_fonts comes first");
    phrases(c, &p.words, v);
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        wish.has[i] = *v[i].text != '\0';
        wish.lead[i] = es_card_text_lead(v[i].text, v[i].lang);
    }
    wish.aspect = aspect(cx, &v[ES_BOX_FIGURE]);
    es_card_lay_out(&wish, &p.layout);
    es_card_palette(c->colour, &colours);
    v[ES_BOX_FIGURE].tail_colour = colours.bright;
    join(v, &p.layout, ES_BOX_TITLE, ES_BOX_HOLDER, colours.soft);
    join(v, &p.layout, ES_BOX_TOTAL, ES_BOX_TOTAL_LABEL, colours.soft);
    for (int i = 0; i < ES_BOX_TEXTS; i++)
        es_card_text_fit(cx, &v[i], &STYLES[i].style, p.layout.box[i],
                         p.layout.size[i], rtl, &p.text[i]);
    g_object_unref(cx);
    *out = p;
    return ES_OK;
}

void es_card_plan_release(struct es_card_plan *p)
{
    for (int i = 0; i < ES_BOX_TEXTS; i++)
        es_card_text_release(&p->text[i]);
}

static void draw_text(cairo_t *cr, const struct es_card_text *t,
                      struct es_card_rgb c)
{
    if (!t->layout)
        return;
    cairo_save(cr);
    cairo_translate(cr, t->x, t->y);
    cairo_scale(cr, t->scale, t->scale);
    cairo_set_source_rgb(cr, c.r, c.g, c.b);
    pango_cairo_show_layout(cr, t->layout);
    cairo_restore(cr);
}

static enum es_code draw_all(cairo_t *cr, const struct es_card *c,
                             const struct es_card_plan *p, struct es_err *e)
{
    struct es_card_palette colours;
    const struct es_card_layout *l = &p->layout;
    bool rtl = strcmp(c->lang->dir, "rtl") == 0;
    enum es_code rc = ES_OK;

    es_card_palette(c->colour, &colours);
    es_card_ground(cr, c->size, rtl, l, &colours);
    es_card_path(cr, l->box[ES_BOX_PATH], l->stroke, p->words.done, rtl,
                 &colours);
    if (l->box[ES_BOX_ROUTE].w > 0)
        es_card_route(cr, c, l->box[ES_BOX_ROUTE], 0.5 * l->stroke, &colours);
    if (l->box[ES_BOX_QR].w > 0)
        rc = es_card_qr(cr, c->url, l->box[ES_BOX_QR], &colours, e);
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        bool quiet = i == ES_BOX_HOLDER || i == ES_BOX_EYEBROW ||
                     i == ES_BOX_TOTAL_LABEL || i == ES_BOX_ADDRESS ||
                     (i >= ES_BOX_LABEL1 && i <= ES_BOX_LABEL3);
        draw_text(cr, &p->text[i],
                  quiet               ? colours.soft
                  : i == ES_BOX_TOTAL ? colours.bright
                                      : colours.ink);
    }
    return rc;
}

enum es_code es_card_draw(const struct es_card *c, struct es_buf *png,
                          struct es_err *e)
{
    struct es_arena a;
    struct es_card_plan plan = { 0 };
    cairo_surface_t *s = NULL;
    cairo_t *cr = NULL;

    es_arena_init(&a, ARENA);
    enum es_code rc = es_card_plan(c, &a, &plan, e);
    if (rc != ES_OK)
        goto out;
    s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, es_card_width(c->size),
                                   es_card_height(c->size));
    cr = cairo_create(s);
    rc = draw_all(cr, c, &plan, e);
    if (rc == ES_OK && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        rc = es_fail(e,
                     cairo_status(cr) == CAIRO_STATUS_NO_MEMORY ? ES_ENOMEM
                                                                : ES_EINTERNAL,
                     0, "%s", cairo_status_to_string(cairo_status(cr)));
    cairo_surface_flush(s);
    if (rc == ES_OK)
        rc = es_card_png(s, png, e);
out:
    if (cr)
        cairo_destroy(cr);
    if (s)
        cairo_surface_destroy(s);
    es_card_plan_release(&plan);
    es_arena_release(&a);
    return rc;
}

void es_card_job(struct es_bytes head, struct es_bytes file,
                 struct es_buf *answer)
{
    struct es_arena a;
    struct es_card c;
    struct es_buf png;
    (void)file;

    es_arena_init(&a, ARENA);
    es_buf_init(&png, ES_FRAME_MAX - 1);
    enum es_code rc = es_card_get(head, &a, &c, NULL);
    if (rc == ES_OK)
        rc = es_card_draw(&c, &png, NULL);
    es_buf_u8(answer, (uint8_t)rc);
    if (rc == ES_OK)
        es_buf_add(answer, png.p, png.n);
    es_buf_release(&png);
    es_arena_release(&a);
}
