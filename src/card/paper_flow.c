/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Down the pages, block by block. The same way is gone twice: once to measure,
 * once to draw; only one text is in hand at a time, however long the document.
 */
#include "card/paper_int.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

static const double SIDE = 86;   /* of a portrait */
static const double CODE = 76;   /* of a QR code */
static const double GAP = 16;    /* between those and their words */
static const double INDENT = 17; /* of a list */

/* ---- pages ---- */

static void close_list(struct es_paper_flow *f)
{
    if (f->list && f->cr)
        cairo_tag_end(f->cr, "L");
    f->list = false;
}

bool es_paper_next_page(struct es_paper_flow *f)
{
    if (f->page >= f->most) {
        f->full = true;
        return false;
    }
    close_list(f);
    es_paper_foot(f);
    if (f->cr)
        cairo_show_page(f->cr);
    f->page++;
    es_paper_dress(f);
    return true;
}

bool es_paper_need(struct es_paper_flow *f, double h)
{
    if (f->y + h <= f->bottom || f->y <= f->top)
        return true;
    return es_paper_next_page(f);
}

/* ---- lines ---- */

struct line {
    double from, to;
};

/* The lines of a text, from top to bottom; NULL: no memory. */
static struct line *lines_of(const struct es_paper_text *t, int *n)
{
    int count = pango_layout_get_line_count(t->layout);
    struct line *v = calloc((size_t)count, sizeof *v);
    PangoLayoutIter *it = v ? pango_layout_get_iter(t->layout) : NULL;
    for (int i = 0; it && i < count; i++) {
        int y0, y1;
        pango_layout_iter_get_line_yrange(it, &y0, &y1);
        v[i] = (struct line){ es_paper_px(y0), es_paper_px(y1) };
        (void)pango_layout_iter_next_line(it);
    }
    if (it)
        pango_layout_iter_free(it);
    *n = count;
    return v;
}

/* How many lines from `at` stand on this page: no line of a paragraph stands
 * alone at a page's head or foot. */
static int fitting(const struct es_paper_flow *f, const struct line *v, int n,
                   int at)
{
    double room = f->bottom - f->y;
    int last = at;
    while (last < n && v[last].to - v[at].from <= room)
        last++;
    bool fresh = f->y <= f->top;
    if (last == n)
        return n - at;
    if (n - last == 1 && last - at > 2)
        last--;
    if (at == 0 && last - at < 2 && !fresh)
        return 0;
    return last == at && fresh ? 1 : last - at;
}

static void beside(const struct es_paper_flow *f, const struct es_paper_text *t,
                   double x, double h, const struct es_paper_aside *a)
{
    if (!a->bar)
        return;
    double w = 2.5;
    double at = t->rtl ? x + f->width - w : x;
    es_card_source(f->cr, f->tones.accent, 1);
    cairo_rectangle(f->cr, at, f->y + 1, w, h - 2);
    cairo_fill(f->cr);
}

/* Ends with its mark's last letter where the text's indent ends. */
static void put_mark(const struct es_paper_flow *f,
                     const struct es_paper_text *t, double x,
                     const struct es_paper_style *style,
                     const struct es_paper_aside *a)
{
    struct es_paper_text m;
    struct es_paper_span s = { .text = a->mark };
    struct es_paper_setting set = { .style = *style,
                                    .dir = t->rtl ? ES_PAPER_RTL : ES_PAPER_LTR,
                                    .lang = "" };
    PangoRectangle r;
    set.style.tone = ES_PAPER_ACCENT;
    set.style.weight = PANGO_WEIGHT_SEMIBOLD;
    es_paper_text(f, &set, &s, 1, &m);
    pango_layout_get_extents(m.layout, NULL, &r);
    double w = es_paper_px(r.width);
    double base = es_paper_px(pango_layout_get_baseline(t->layout)) -
                  es_paper_px(pango_layout_get_baseline(m.layout));
    double at = t->rtl ? x + f->width - a->indent + 6 : x + a->indent - 6 - w;
    cairo_tag_begin(f->cr, "Lbl", NULL);
    es_paper_text_show(f->cr, &m, at - es_paper_px(r.x), f->y + base, 0,
                       INT_MAX);
    cairo_tag_end(f->cr, "Lbl");
    es_paper_text_release(&m);
}

static void show(struct es_paper_flow *f, struct es_paper_text *t, double x,
                 const struct es_paper_style *style,
                 const struct es_paper_aside *a, int from, int n)
{
    bool item = strcmp(style->tag, "LBody") == 0;
    if (item && !f->list)
        cairo_tag_begin(f->cr, "L", NULL);
    f->list |= item;
    if (item)
        cairo_tag_begin(f->cr, "LI", NULL);
    if (a->mark && from == 0)
        put_mark(f, t, x, style, a);
    cairo_tag_begin(f->cr, style->tag, NULL);
    es_paper_text_show(f->cr, t, x + (t->rtl ? 0 : a->indent), f->y, from,
                       from + n);
    cairo_tag_end(f->cr, style->tag);
    if (item)
        cairo_tag_end(f->cr, "LI");
}

void es_paper_lines(struct es_paper_flow *f, const struct es_paper_block *k,
                    struct es_paper_text *t, double x,
                    const struct es_paper_style *style,
                    const struct es_paper_aside *aside)
{
    int n;
    struct line *v = lines_of(t, &n);
    (void)k;
    f->no_memory |= !v;
    for (int at = 0; v && at < n && !f->full;) {
        int some = fitting(f, v, n, at);
        double h = some > 0 ? v[at + some - 1].to - v[at].from : 0;
        if (some > 0 && f->cr) {
            beside(f, t, x, h, aside);
            show(f, t, x, style, aside, at, some);
        }
        f->y += h;
        at += some;
        if (at < n)
            (void)es_paper_next_page(f);
    }
    free(v);
}

/* ---- kinds of blocks ---- */

static void put_text(struct es_paper_flow *f, const struct es_paper_block *k,
                     const struct es_paper_style *style)
{
    struct es_paper_aside a = { .bar = k->kind == ES_PAPER_QUOTE };
    double size = style->size * f->scale;
    if (k->kind == ES_PAPER_ITEM) {
        a.mark = *k->mark ? k->mark : "\u2022";
        a.indent = INDENT * (k->level > 0 ? k->level : 1) * f->scale;
    } else if (a.bar) {
        a.indent = INDENT * f->scale;
    }
    struct es_paper_setting set = {
        .style = *style,
        .dir = k->dir,
        .lang = k->lang,
        .width = f->width - a.indent,
        .centred = f->p->face == ES_PAPER_CERTIFICATE,
    };
    struct es_paper_text t;
    es_paper_text(f, &set, k->span, k->n, &t);
    /* a heading keeps two lines of what it is over */
    double more = k->kind == ES_PAPER_HEADING ? 3.4 * 10.5 * f->scale : 0;
    if (more > 0)
        (void)es_paper_need(
            f, fmin(es_paper_text_height(&t) + more, f->bottom - f->top));
    es_paper_lines(f, k, &t, f->left, style, &a);
    es_paper_text_release(&t);
    f->y += style->after * size;
}

/* A name in bold and what follows, beside a square. */
static void put_beside(struct es_paper_flow *f, const struct es_paper_block *k,
                       const struct es_paper_style *style, double side)
{
    struct es_paper_setting set = { .style = *style,
                                    .dir = k->dir,
                                    .lang = k->lang,
                                    .width = f->width - side -
                                             (side > 0 ? GAP : 0) };
    struct es_paper_setting first = set;
    bool person = k->kind == ES_PAPER_PERSON && k->n > 0;
    struct es_paper_text name = { 0 }, t;
    if (person) {
        first.style.size *= 1.5;
        first.style.weight = PANGO_WEIGHT_BOLD;
        first.style.large = true;
        first.style.tone = ES_PAPER_INK;
        es_paper_text(f, &first, k->span, 1, &name);
    }
    es_paper_text(f, &set, k->span + person, k->n - person, &t);
    double above = person ? es_paper_text_height(&name) : 0;
    double h = above + (k->n > person ? es_paper_text_height(&t) : 0);
    double all = fmax(h, side);
    if (es_paper_need(f, all) && f->cr) {
        double x = f->left + (f->rtl || side == 0 ? 0 : side + GAP);
        double y = f->y + fmax(0, (side - h) / 2);
        double at = f->rtl ? f->left + f->width - side : f->left;
        if (side > 0 && person)
            (void)es_paper_portrait(f->cr, k->jpeg, at, f->y, side);
        else if (side > 0)
            (void)es_paper_code(f->cr, k->span[0].link, at, f->y, side, f);
        cairo_tag_begin(f->cr, "P", NULL);
        if (person)
            es_paper_text_show(f->cr, &name, x, y, 0, INT_MAX);
        es_paper_text_show(f->cr, &t, x, y + above, 0, INT_MAX);
        cairo_tag_end(f->cr, "P");
    }
    f->y += all + style->after * style->size * f->scale;
    es_paper_text_release(&name);
    es_paper_text_release(&t);
}

static void put_rule(struct es_paper_flow *f)
{
    if (!f->cr)
        return;
    es_card_source(f->cr, f->tones.line, 1);
    cairo_rectangle(f->cr, f->left, f->y, f->width, 0.75);
    cairo_fill(f->cr);
}

static void put_block(struct es_paper_flow *f, const struct es_paper_block *k)
{
    struct es_paper_style style = es_paper_style(f->p->face, k->kind, k->level);
    double size = style.size * f->scale;
    bool across = f->p->face == ES_PAPER_CERTIFICATE;
    if (k->kind != ES_PAPER_ITEM)
        close_list(f);
    if (f->y > f->top)
        f->y += style.before * size;
    switch (k->kind) {
    case ES_PAPER_RULE:
        put_rule(f);
        f->y += style.after * size;
        break;
    case ES_PAPER_TABLE:
        es_paper_table(f, k);
        f->y += style.after * size;
        break;
    case ES_PAPER_PERSON:
        put_beside(f, k, &style, k->jpeg.n > 0 ? SIDE * f->scale : 0);
        break;
    case ES_PAPER_CODE: /* a certificate's stands in its scene */
        if (!across && k->n > 0 && k->span[0].link && *k->span[0].link)
            put_beside(f, k, &style, CODE);
        break;
    default:
        if (k->n > 0)
            put_text(f, k, &style);
    }
}

void es_paper_flow(struct es_paper_flow *f)
{
    f->page = 1;
    f->full = f->list = false;
    es_paper_dress(f);
    for (size_t i = 0; i < f->p->n && !f->full && !f->no_memory; i++)
        put_block(f, &f->p->block[i]);
    close_list(f);
    es_paper_foot(f);
}
