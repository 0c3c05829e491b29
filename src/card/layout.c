/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where everything stands. Three formats, each composed for itself: the names
 * of the occasion at the top, the person and the distance as one block that
 * rests on the hills, and the path that all walk together at their foot. */
#include "card/card_int.h"

#include <math.h>

/* Sizes of letters, and distances, in pixels. */
struct measures {
    double margin, top, bottom; /* of what is not full-bleed */
    double title, holder, eyebrow, name, value, label, total, total_label,
        address;
    double figure_most, figure_least; /* height of its ink */
    double name_gap, figure_gap;      /* below them */
    double horizon, ground;
    double path_y, path_h;
    double qr; /* side of the tile */
    double stroke;
};

static const struct measures MEASURES[ES_CARD_SIZES] = {
    [ES_CARD_WIDE] = { .margin = 60,
                       .top = 44,
                       .bottom = 586,
                       .title = 32,
                       .eyebrow = 24,
                       .name = 58,
                       .value = 40,
                       .label = 21,
                       .total = 32,
                       .address = 19,
                       .figure_most = 152,
                       .figure_least = 84,
                       .name_gap = 16,
                       .figure_gap = 20,
                       .horizon = 452,
                       .ground = 486,
                       .path_y = 486,
                       .path_h = 56,
                       .qr = 190,
                       .stroke = 9 },
    [ES_CARD_SQUARE] = { .margin = 72,
                         .top = 70,
                         .bottom = 1010,
                         .title = 46,
                         .holder = 28,
                         .eyebrow = 30,
                         .name = 84,
                         .value = 56,
                         .label = 28,
                         .total = 46,
                         .total_label = 27,
                         .address = 22,
                         .figure_most = 250,
                         .figure_least = 120,
                         .name_gap = 26,
                         .figure_gap = 36,
                         .horizon = 744,
                         .ground = 782,
                         .path_y = 790,
                         .path_h = 96,
                         .qr = 190,
                         .stroke = 12 },
    [ES_CARD_STORY] = { .margin = 84,
                        .top = 262,
                        .bottom = 1660,
                        .title = 56,
                        .holder = 34,
                        .eyebrow = 36,
                        .name = 104,
                        .value = 66,
                        .label = 33,
                        .total = 56,
                        .total_label = 33,
                        .address = 28,
                        .figure_most = 320,
                        .figure_least = 150,
                        .name_gap = 34,
                        .figure_gap = 48,
                        .horizon = 1200,
                        .ground = 1250,
                        .path_y = 1256,
                        .path_h = 150,
                        .qr = 216,
                        .stroke = 15 },
};

/* Nastaliq hangs far above and below: its letters are set smaller, so that
 * its lines don't crowd out the rest. */
static const double TALL = 2, TALL_SIZE = 0.8;

struct work {
    const struct es_card_wish *w;
    const struct measures *m;
    struct es_card_layout *out;
    double width; /* of the picture */
};

static double size_of(const struct work *k, enum es_card_box box, double size)
{
    return k->w->lead[box] > TALL ? size * TALL_SIZE : size;
}

/* A line of text at (x, y); its height, 0 when it isn't there. */
static double line(const struct work *k, enum es_card_box box, double size,
                   double x, double y, double w)
{
    if (!k->w->has[box])
        return 0;
    double s = size_of(k, box, size);
    double h = s * k->w->lead[box];
    k->out->size[box] = s;
    k->out->box[box] = (struct es_card_rect){ x, y, w, h };
    return h;
}

static double height(const struct work *k, enum es_card_box box, double size)
{
    return k->w->has[box] ? size_of(k, box, size) * k->w->lead[box] : 0;
}

/* The names of the occasion. Returns where they end. */
static double masthead(const struct work *k, double w)
{
    const struct measures *m = k->m;
    double y = m->top;
    y += line(k, ES_BOX_TITLE, m->title, m->margin, y, w);
    if (m->holder > 0)
        y += line(k, ES_BOX_HOLDER, m->holder, m->margin, y, w);
    return y;
}

/* Values over labels, in columns. Returns where they begin. */
static double stats(const struct work *k, double bottom, double w)
{
    const struct measures *m = k->m;
    size_t n = 0;
    double value_h = 0;
    double label_h = 0;
    for (int i = 0; i < ES_CARD_STATS; i++) {
        enum es_card_box v = (enum es_card_box)(ES_BOX_VALUE1 + i);
        enum es_card_box b = (enum es_card_box)(ES_BOX_LABEL1 + i);
        n += k->w->has[v];
        value_h = fmax(value_h, height(k, v, m->value));
        label_h = fmax(label_h, height(k, b, m->label));
    }
    if (n == 0)
        return bottom;
    double gap = m->value * 0.8;
    double column = (w - gap * (ES_CARD_STATS - 1)) / ES_CARD_STATS;
    double y = bottom - value_h - label_h;
    for (int i = 0; i < ES_CARD_STATS; i++) {
        double x = m->margin + i * (column + gap);
        line(k, (enum es_card_box)(ES_BOX_VALUE1 + i), m->value, x, y, column);
        line(k, (enum es_card_box)(ES_BOX_LABEL1 + i), m->label, x, y + value_h,
             column);
    }
    return y - m->figure_gap;
}

/* Who, and how far: rests on `bottom`, must not rise above `top`. Returns where
 * it begins. */
static double block(const struct work *k, double top, double bottom,
                    double name_w, double figure_w)
{
    const struct measures *m = k->m;
    struct es_card_layout *out = k->out;
    double name = height(k, ES_BOX_NAME, m->name);
    double eyebrow = height(k, ES_BOX_EYEBROW, m->eyebrow);
    double gap = k->w->has[ES_BOX_NAME] ? m->name_gap : 0;
    double room = bottom - top - name - eyebrow - gap;
    double h = fmin(m->figure_most, figure_w / fmax(k->w->aspect, 0.1));
    h = fmax(m->figure_least, fmin(h, room));
    double y = bottom - h;
    out->box[ES_BOX_FIGURE] =
        (struct es_card_rect){ m->margin, y, figure_w, h };
    out->size[ES_BOX_FIGURE] = 2 * h; /* its ink decides */
    y -= gap + name;
    line(k, ES_BOX_NAME, m->name, m->margin, y, name_w);
    y -= eyebrow;
    line(k, ES_BOX_EYEBROW, m->eyebrow, m->margin, y, name_w);
    return y;
}

static void wide(const struct work *k)
{
    const struct measures *m = k->m;
    struct es_card_layout *out = k->out;
    double inner = k->width - 2 * m->margin;
    double side = k->w->qr || k->w->route ? m->qr + 56 : 0;
    double route = k->w->route ? m->qr + 90 : 0;
    double address = height(k, ES_BOX_ADDRESS, m->address);

    double y = masthead(k, inner - route);
    double bottom = stats(k, m->horizon - 6, inner - side);
    block(k, y + 8, bottom, inner - route, inner - fmax(side, route));
    if (k->w->qr) {
        double x = k->width - m->margin - m->qr;
        double qr_y = m->bottom - address - 6 - m->qr;
        out->box[ES_BOX_QR] = (struct es_card_rect){ x, qr_y, m->qr, m->qr };
        line(k, ES_BOX_ADDRESS, m->address, x - 70, m->bottom - address,
             m->qr + 70);
    }
    if (k->w->route)
        out->box[ES_BOX_ROUTE] =
            (struct es_card_rect){ k->width - m->margin - route + 40,
                                   m->top + 6, route - 40, 264 };
    out->box[ES_BOX_PATH] =
        (struct es_card_rect){ m->margin, m->path_y,
                               inner - (k->w->qr ? side + 50 : 0), m->path_h };
    double total = height(k, ES_BOX_TOTAL, m->total);
    line(k, ES_BOX_TOTAL, m->total, m->margin, m->bottom + 4 - total,
         inner - side - 50);
}

/* The foot of the two tall formats: the path, the total and the QR code. */
static void foot(const struct work *k, bool across)
{
    const struct measures *m = k->m;
    struct es_card_layout *out = k->out;
    double inner = k->width - 2 * m->margin;
    double side = k->w->qr ? m->qr + 40 : 0;
    double address = height(k, ES_BOX_ADDRESS, m->address);
    double label = height(k, ES_BOX_TOTAL_LABEL, m->total_label);
    double total = height(k, ES_BOX_TOTAL, m->total);
    double qr_x = k->width - m->margin - m->qr;
    double y = m->bottom - address;

    out->box[ES_BOX_PATH] =
        (struct es_card_rect){ m->margin, m->path_y,
                               inner - (across ? 0 : side), m->path_h };
    if (k->w->qr) {
        double qr_y = m->bottom - m->qr - (across ? 0 : address + 6);
        out->box[ES_BOX_QR] = (struct es_card_rect){ qr_x, qr_y, m->qr, m->qr };
        if (across)
            line(k, ES_BOX_ADDRESS, m->address, m->margin, y, inner - side);
        else
            line(k, ES_BOX_ADDRESS, m->address, k->width / 2, y,
                 k->width / 2 - m->margin);
    }
    y = across ? m->bottom - m->qr : m->bottom - label - total;
    line(k, ES_BOX_TOTAL, m->total, m->margin, y,
         across ? inner - side : k->width / 2 - m->margin - 20);
    line(k, ES_BOX_TOTAL_LABEL, m->total_label, m->margin, y + total,
         across ? inner - side : k->width / 2 - m->margin - 20);
}

static void square(const struct work *k)
{
    const struct measures *m = k->m;
    double inner = k->width - 2 * m->margin;
    double route = k->w->route ? 320 : 0;
    double y = masthead(k, inner - route);
    double bottom = stats(k, m->horizon - 10, inner);
    double top = block(k, y + 16, bottom, inner - route, inner);
    (void)top;
    if (k->w->route)
        k->out->box[ES_BOX_ROUTE] =
            (struct es_card_rect){ k->width - m->margin - route + 40,
                                   m->top + 8, route - 40,
                                   k->out->box[ES_BOX_FIGURE].y - m->top - 40 };
    foot(k, false);
}

static void story(const struct work *k)
{
    const struct measures *m = k->m;
    double inner = k->width - 2 * m->margin;
    double y = masthead(k, inner);
    double bottom = stats(k, m->horizon - 16, inner);
    double top = block(k, y + 20, bottom, inner, inner);
    if (k->w->route && top - y > 200)
        k->out->box[ES_BOX_ROUTE] =
            (struct es_card_rect){ m->margin, y + 40, inner, top - y - 80 };
    foot(k, true);
}

static void mirror(struct es_card_layout *out, double width)
{
    for (int i = 0; i < ES_BOXES; i++)
        if (out->box[i].w > 0)
            out->box[i].x = width - out->box[i].x - out->box[i].w;
}

void es_card_lay_out(const struct es_card_wish *w, struct es_card_layout *out)
{
    const struct work k = { w, &MEASURES[w->size], out,
                            es_card_width(w->size) };
    *out = (struct es_card_layout){ .horizon = k.m->horizon,
                                    .ground = k.m->ground,
                                    .stroke = k.m->stroke };
    if (w->size == ES_CARD_WIDE)
        wide(&k);
    else if (w->size == ES_CARD_SQUARE)
        square(&k);
    else
        story(&k);
    if (w->rtl)
        mirror(out, k.width);
}
