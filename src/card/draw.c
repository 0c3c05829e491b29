/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"

#include <math.h>

#include "base/limits.h"

enum { ARENA = 256 << 10 };

enum tone { INK, SOFT, BRIGHT };

/* How a text is set: its place, and its letters. */
static const struct {
    struct es_card_style style;
    int weight;
    bool large, tracked;
    enum tone tone;
} STYLES[ES_BOX_TEXTS] = {
#define SMALL(lines, smaller, tone)                                            \
    {                                                                          \
        { lines, smaller, false }, PANGO_WEIGHT_MEDIUM, false, false, tone     \
    }
#define LARGE(lines, smaller, tone)                                            \
    {                                                                          \
        { lines, smaller, false }, PANGO_WEIGHT_BOLD, true, false, tone        \
    }
    [ES_BOX_TITLE] = { { 1, 0.72, false },
                       PANGO_WEIGHT_SEMIBOLD,
                       false,
                       false,
                       INK },
    [ES_BOX_HOLDER] = SMALL(1, 0.8, SOFT),
    [ES_BOX_EYEBROW] = SMALL(1, 0.7, SOFT),
    [ES_BOX_NAME] = LARGE(2, 0.46, INK),
    [ES_BOX_FIGURE] = { { 1, 0, true },
                        PANGO_WEIGHT_ULTRABOLD,
                        true,
                        true,
                        INK },
    [ES_BOX_UNIT] = { { 1, 0, true }, PANGO_WEIGHT_BOLD, true, false, BRIGHT },
    [ES_BOX_VALUE1... ES_BOX_VALUE3] = LARGE(1, 0.5, INK),
    [ES_BOX_LABEL1... ES_BOX_LABEL3] = SMALL(1, 0.6, SOFT),
    [ES_BOX_TOTAL] = LARGE(1, 0.5, BRIGHT),
    [ES_BOX_TOTAL_LABEL] = SMALL(1, 0.6, SOFT),
    [ES_BOX_ADDRESS] = SMALL(1, 0.7, SOFT),
};

static void add_span(struct es_card_phrase *to, enum es_card_box as,
                     const char *text, double size,
                     const struct es_card_palette *p)
{
    if (!*text || to->n == ES_CARD_SPANS)
        return;
    to->span[to->n++] = (struct es_card_span){
        .text = text,
        .size = size,
        .weight = STYLES[as].weight,
        .large = STYLES[as].large,
        .tracked = STYLES[as].tracked,
        .colour = STYLES[as].tone == SOFT     ? p->soft
                  : STYLES[as].tone == BRIGHT ? p->bright
                                              : p->ink,
    };
}

/* The words box by box, each with the language it is set in. */
static void phrases(const struct es_card *c, const struct es_card_words *w,
                    const struct es_card_palette *p,
                    struct es_card_phrase out[ES_BOX_TEXTS])
{
    const char *const text[ES_BOX_TEXTS] = {
        w->title,         w->holder,        w->eyebrow,       w->name,
        w->figure,        w->unit,          w->stat[0].value, w->stat[1].value,
        w->stat[2].value, w->stat[0].label, w->stat[1].label, w->stat[2].label,
        w->total,         w->total_label,   w->address,
    };
    bool whose = c->kind == ES_CARD_INITIATIVE;
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        bool theirs = i == ES_BOX_TITLE || i == ES_BOX_HOLDER ||
                      (i == ES_BOX_NAME && whose);
        const char *lang =
            theirs && *c->initiative_lang ? c->initiative_lang : c->lang->tag;
        out[i].lang = es_card_text_lang(text[i], lang);
        /* over an initiative's own name stands who holds it */
        enum es_card_box as =
            whose && i == ES_BOX_TITLE ? ES_BOX_HOLDER : (enum es_card_box)i;
        add_span(&out[i], as, text[i], 1, p);
    }
}

/* Title and holder stand in the card's order, whatever their own scripts: from
 * right to left each is isolated (Unicode UAX 9), behind a mark that says so.
 */
static void join_holder(struct es_card_phrase *to, const char *holder, bool rtl,
                        const struct es_card_palette *p)
{
    struct es_card_span title = to->span[0];
    if (rtl) {
        to->n = 0;
        add_span(to, ES_BOX_HOLDER, "\u200f\u2068", 1, p);
        to->span[to->n++] = title;
    }
    add_span(to, ES_BOX_HOLDER, rtl ? "\u2069\u2002\u2068" : "\u2002", 1, p);
    add_span(to, ES_BOX_HOLDER, holder, 0.72, p);
    add_span(to, ES_BOX_HOLDER, rtl ? "\u2069" : "", 1, p);
}

/* In the wide format what has no line of its own follows in another's: the
 * holder after the title, the labels before their values. */
static void join(struct es_card_phrase *v, const struct es_card_words *w,
                 bool rtl, const struct es_card_palette *p)
{
    static const char WIDE[] = "\u2003", NARROW[] = "\u2002";
    struct es_card_phrase *facts = &v[ES_BOX_VALUE1];
    facts->n = 0;
    for (size_t i = 0; i < ES_CARD_STATS && *w->stat[i].value; i++) {
        add_span(facts, ES_BOX_LABEL1, i > 0 ? WIDE : "", 1, p);
        add_span(facts, ES_BOX_LABEL1, w->stat[i].label, 0.68, p);
        add_span(facts, ES_BOX_LABEL1, NARROW, 0.68, p);
        add_span(facts, ES_BOX_VALUE1, w->stat[i].value, 1, p);
    }
    if (*w->title && *w->holder)
        join_holder(&v[ES_BOX_TITLE], w->holder, rtl, p);
    if (*w->total_label) {
        add_span(&v[ES_BOX_TOTAL], ES_BOX_TOTAL_LABEL, NARROW, 1, p);
        add_span(&v[ES_BOX_TOTAL], ES_BOX_TOTAL_LABEL, w->total_label, 0.72, p);
    }
}

static struct es_card_shape shape(PangoContext *cx,
                                  const struct es_card_phrase *figure)
{
    static const struct es_card_place ROOM = { .box = { 0, 0, 1e5, 1e5 },
                                               .size = 100,
                                               .base = 0.5 };
    struct es_card_text t;
    struct es_card_shape s = { 1, 0 };
    es_card_text_fit(cx, figure, &STYLES[ES_BOX_FIGURE].style, &ROOM, &t);
    if (t.layout && t.ink.h > 0) {
        double line =
            t.y + (double)pango_layout_get_baseline(t.layout) / PANGO_SCALE;
        s.aspect = t.ink.w / t.ink.h;
        s.drop = (t.ink.y + t.ink.h - line) / t.ink.h;
        /* a point's roundness below the line is none */
        s.drop = s.drop < 0.03 ? 0 : s.drop < 0.6 ? s.drop : 0.6;
    }
    es_card_text_release(&t);
    return s;
}

enum es_code es_card_plan(const struct es_card *c, struct es_arena *a,
                          struct es_card_plan *out, struct es_err *e)
{
    struct es_card_plan p = { 0 };
    struct es_card_phrase v[ES_BOX_TEXTS] = { 0 };
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
    es_card_palette(c->colour, &colours);
    phrases(c, &p.words, &colours, v);
    if (c->size == ES_CARD_WIDE)
        join(v, &p.words, rtl, &colours);
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        wish.has[i] = v[i].n > 0;
        for (size_t s = 0; s < v[i].n; s++)
            wish.lead[i] = fmax(
                wish.lead[i], es_card_text_lead(v[i].span[s].text, v[i].lang));
    }
    wish.figure = shape(cx, &v[ES_BOX_FIGURE]);
    wish.unit = shape(cx, &v[ES_BOX_UNIT]);
    es_card_lay_out(&wish, &p.layout);
    for (int i = 0; i < ES_BOX_TEXTS; i++) {
        const struct es_card_place at = { p.layout.box[i], p.layout.size[i],
                                          p.layout.base[i],
                                          rtl != p.layout.end[i] };
        es_card_text_fit(cx, &v[i], &STYLES[i].style, &at, &p.text[i]);
    }
    g_object_unref(cx);
    *out = p;
    return ES_OK;
}

void es_card_plan_release(struct es_card_plan *p)
{
    for (int i = 0; i < ES_BOX_TEXTS; i++)
        es_card_text_release(&p->text[i]);
}

static void draw_text(cairo_t *cr, const struct es_card_text *t)
{
    if (!t->layout)
        return;
    cairo_save(cr);
    cairo_translate(cr, t->x, t->y);
    cairo_scale(cr, t->scale, t->scale);
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
        es_card_route(cr, c, l->box[ES_BOX_ROUTE], 0.44 * l->stroke, &colours);
    if (l->box[ES_BOX_QR].w > 0)
        rc = es_card_qr(cr, c->url, l->box[ES_BOX_QR], rtl, &colours, e);
    for (int i = 0; i < ES_BOX_TEXTS; i++)
        draw_text(cr, &p->text[i]);
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
