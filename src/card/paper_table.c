/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows under a head that stands again on each page. */
#include "card/paper_int.h"

#include <limits.h>
#include <math.h>

static const double PAD_X = 7, PAD_Y = 3.2;
enum { SAMPLED = 120 }; /* rows whose words decide on the columns' widths */

struct grid {
    const struct es_paper_block *k;
    const struct es_paper_table *t;
    struct es_paper_style style;
    double width[ES_PAPER_COLUMNS];
    bool open; /* the structure's Table, on this page */
};

static struct es_paper_setting setting(const struct grid *g, bool head)
{
    struct es_paper_setting s = { .style = g->style,
                                  .dir = g->k->dir,
                                  .lang = g->k->lang };
    if (head) {
        s.style.weight = PANGO_WEIGHT_SEMIBOLD;
        s.style.tone = ES_PAPER_ACCENT;
    }
    return s;
}

static void set_cell(const struct es_paper_flow *f, const struct grid *g,
                     size_t row, size_t col, double width,
                     struct es_paper_text *out)
{
    struct es_paper_setting s = setting(g, row == 0);
    struct es_paper_span span = { .text =
                                      g->t->cell[row * g->t->columns + col] };
    s.width = width;
    es_paper_text(f, &s, &span, 1, out);
    /* at the table's own edge, whatever the cell's letters say */
    bool end = (g->t->figures >> col & 1) != 0;
    if (width > 0)
        es_paper_text_align(out, end != f->rtl);
}

static double natural(const struct es_paper_flow *f, const struct grid *g,
                      size_t row, size_t col)
{
    struct es_paper_text t;
    PangoRectangle r;
    set_cell(f, g, row, col, 0, &t);
    pango_layout_get_extents(t.layout, NULL, &r);
    es_paper_text_release(&t);
    return es_paper_px(r.width) + 1;
}

/* What is narrow keeps its width, the others share what is left; what remains
 * goes to the widest. */
static void share(double *want, size_t n, double room)
{
    double sum = 0;
    size_t widest = 0;
    bool kept[ES_PAPER_COLUMNS] = { 0 };
    for (size_t i = 0; i < n; i++) {
        sum += want[i];
        widest = want[i] > want[widest] ? i : widest;
    }
    if (sum <= room) {
        want[widest] += room - sum;
        return;
    }
    size_t left = n;
    for (bool moved = true; moved && left > 0;) {
        moved = false;
        for (size_t i = 0; i < n; i++)
            if (!kept[i] && want[i] <= room / (double)left) {
                kept[i] = moved = true;
                room -= want[i];
                left--;
            }
    }
    for (size_t i = 0; i < n; i++)
        if (!kept[i])
            want[i] = room / (double)left;
}

static void columns(const struct es_paper_flow *f, struct grid *g)
{
    size_t n = g->t->columns;
    size_t rows = g->t->rows < SAMPLED ? g->t->rows : SAMPLED;
    for (size_t c = 0; c < n; c++)
        for (size_t r = 0; r < rows; r++)
            g->width[c] = fmax(g->width[c], natural(f, g, r, c));
    share(g->width, n, f->width - 2 * PAD_X * (double)n);
}

static void under(const struct es_paper_flow *f, bool head)
{
    es_card_source(f->cr, head ? f->tones.accent : f->tones.line, 1);
    cairo_rectangle(f->cr, f->left, f->y - 0.4, f->width, head ? 1.1 : 0.6);
    cairo_fill(f->cr);
}

static void show_row(struct es_paper_flow *f, struct grid *g,
                     struct es_paper_text *v, bool head)
{
    const char *tag = head ? "TH" : "TD";
    double x = f->rtl ? f->left + f->width : f->left;
    if (!g->open)
        cairo_tag_begin(f->cr, "Table", NULL);
    g->open = true;
    cairo_tag_begin(f->cr, "TR", NULL);
    for (size_t c = 0; c < g->t->columns; c++) {
        double w = g->width[c] + 2 * PAD_X;
        double at = f->rtl ? x - w : x;
        cairo_tag_begin(f->cr, tag, NULL);
        es_paper_text_show(f->cr, &v[c], at + PAD_X, f->y + PAD_Y, 0, INT_MAX);
        cairo_tag_end(f->cr, tag);
        x += f->rtl ? -w : w;
    }
    cairo_tag_end(f->cr, "TR");
}

static void end_table(const struct es_paper_flow *f, struct grid *g)
{
    if (g->open && f->cr)
        cairo_tag_end(f->cr, "Table");
    g->open = false;
}

static void put_row(struct es_paper_flow *f, struct grid *g, size_t row)
{
    struct es_paper_text v[ES_PAPER_COLUMNS];
    double h = 0;
    for (size_t c = 0; c < g->t->columns; c++) {
        set_cell(f, g, row, c, g->width[c], &v[c]);
        h = fmax(h, es_paper_text_height(&v[c]));
    }
    h += 2 * PAD_Y;
    /* the head keeps a row under it */
    double need = row == 0 ? 2.5 * h : h;
    if (f->y + need > f->bottom && f->y > f->top) {
        end_table(f, g);
        if (es_paper_next_page(f) && row > 0)
            put_row(f, g, 0);
    }
    if (f->cr && !f->full) {
        show_row(f, g, v, row == 0);
    }
    f->y += h;
    if (f->cr && !f->full)
        under(f, row == 0);
    for (size_t c = 0; c < g->t->columns; c++)
        es_paper_text_release(&v[c]);
}

void es_paper_table(struct es_paper_flow *f, const struct es_paper_block *k)
{
    struct grid g = {
        .k = k,
        .t = &k->table,
        .style = es_paper_style(f->p->face, ES_PAPER_TABLE, 0),
    };
    if (k->table.columns == 0 || k->table.rows == 0)
        return;
    columns(f, &g);
    for (size_t r = 0; r < k->table.rows && !f->full; r++)
        put_row(f, &g, r);
    end_table(f, &g);
}
