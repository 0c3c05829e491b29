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
                       .top = 46,
                       .bottom = 588,
                       .title = 32,
                       .eyebrow = 23,
                       .name = 60,
                       .value = 34,
                       .total = 32,
                       .address = 19,
                       .figure_most = 152,
                       .figure_least = 96,
                       .name_gap = 20,
                       .figure_gap = 26,
                       .horizon = 424,
                       .ground = 452,
                       .path_y = 452,
                       .path_h = 92,
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
                        .horizon = 1246,
                        .ground = 1288,
                        .path_y = 1292,
                        .path_h = 124,
                        .qr = 224,
                        .stroke = 15 },
};

/* By the height of their lines: where letters stand in them, and how large
 * they are set beside Latin ones. Nastaliq hangs far above and below its line;
 * Naskh has small letters. */
static const struct {
    double lead, base, size;
    double gap; /* of the space between lines: they bring their own */
} SCRIPTS[] = {
    { 1.75, 0.63, 0.94, 0.3 }, /* Nastaliq */
    { 1.44, 0.7, 0.97, 0.8 },  /* of India and its neighbours */
    { 1.4, 0.67, 1.08, 0.6 },  /* Naskh */
    { 0, 0.78, 1, 1 },
};
static const double TALL = 1.75;

struct work {
    const struct es_card_wish *w;
    const struct measures *m;
    struct es_card_layout *out;
    double width;  /* of the picture */
    double shrink; /* of its letters, where the lines are too many */
    bool crowded;  /* the block met the masthead */
};

static size_t script(double lead)
{
    size_t i = 0;
    while (lead < SCRIPTS[i].lead)
        i++;
    return i;
}

static double height(const struct work *k, enum es_card_box box, double size)
{
    double lead = k->w->lead[box];
    return k->w->has[box] ? k->shrink * size * SCRIPTS[script(lead)].size * lead
                          : 0;
}

static double space(const struct work *k, enum es_card_box box)
{
    return SCRIPTS[script(k->w->lead[box])].gap;
}

/* A line of text at (x, y), of height h; its letters stand at `base`. */
static void line_in(const struct work *k, enum es_card_box box, double size,
                    struct es_card_rect r, double base)
{
    if (!k->w->has[box])
        return;
    k->out->size[box] =
        k->shrink * size * SCRIPTS[script(k->w->lead[box])].size;
    k->out->box[box] = r;
    k->out->base[box] = base;
}

/* A line of text at (x, y); its height, 0 when it isn't there. */
static double line(const struct work *k, enum es_card_box box, double size,
                   double x, double y, double w)
{
    double h = height(k, box, size);
    line_in(k, box, size, (struct es_card_rect){ x, y, w, h },
            SCRIPTS[script(k->w->lead[box])].base);
    return h;
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

/* A row of columns that stand on one line, `bottom` its foot. Returns where it
 * begins. */
static double row(const struct work *k, enum es_card_box first, double size,
                  double bottom, double w)
{
    double h = 0;
    double lead = 0;
    for (int i = 0; i < ES_CARD_STATS; i++) {
        enum es_card_box box = (enum es_card_box)((int)first + i);
        h = fmax(h, height(k, box, size));
        lead = k->w->has[box] ? fmax(lead, k->w->lead[box]) : lead;
    }
    double gap = k->m->value * 0.8;
    double column = (w - gap * (ES_CARD_STATS - 1)) / ES_CARD_STATS;
    for (int i = 0; i < ES_CARD_STATS; i++)
        line_in(k, (enum es_card_box)((int)first + i), size,
                (struct es_card_rect){ k->m->margin + i * (column + gap),
                                       bottom - h, column, h },
                SCRIPTS[script(lead)].base);
    return bottom - h;
}

/* Values over labels, in columns. Returns where they begin. */
static double stats(const struct work *k, double bottom, double w)
{
    const struct measures *m = k->m;
    double y = row(k, ES_BOX_LABEL1, m->label, bottom, w);
    y = row(k, ES_BOX_VALUE1, m->value, y, w);
    return y < bottom ? y - m->figure_gap * space(k, ES_BOX_VALUE1) : bottom;
}

static const double UNIT = 0.36, UNIT_TALL = 0.6; /* of the figure's height */
static const double UNIT_GAP = 0.11;

/* The large figure and its unit on one line, whose foot is at `foot`. Returns
 * the height above it. */
static double figure(const struct work *k, double foot, double rise, double w)
{
    const struct measures *m = k->m;
    struct es_card_layout *out = k->out;
    struct es_card_shape f = k->w->figure;
    struct es_card_shape u = k->w->unit;
    double part = k->w->lead[ES_BOX_UNIT] > TALL ? UNIT_TALL : UNIT;
    rise = fmin(rise, w / (f.aspect / (1 - f.drop) + UNIT_GAP +
                           part * u.aspect / (1 - u.drop)));
    double h = rise / (1 - f.drop);
    double unit_h = rise * part / (1 - u.drop);
    double below =
        fmin(unit_h * u.drop, m->figure_gap * space(k, ES_BOX_VALUE1) * 0.9);
    out->box[ES_BOX_FIGURE] =
        (struct es_card_rect){ m->margin, foot - rise, h * f.aspect, h };
    out->box[ES_BOX_UNIT] =
        (struct es_card_rect){ m->margin + h * f.aspect + UNIT_GAP * rise,
                               foot + below - unit_h, unit_h * u.aspect,
                               unit_h };
    /* their ink decides */
    out->size[ES_BOX_FIGURE] = out->size[ES_BOX_UNIT] = 4 * h;
    return rise;
}

/* Who, and how far: rests on `bottom`, must not rise above `top`. Returns where
 * it begins. */
static double block(struct work *k, double top, double bottom, double name_w,
                    double figure_w, bool eyebrow)
{
    const struct measures *m = k->m;
    double name = height(k, ES_BOX_NAME, m->name);
    double small = eyebrow ? height(k, ES_BOX_EYEBROW, m->eyebrow) : 0;
    double gap = name > 0 ? m->name_gap * space(k, ES_BOX_NAME) : 0;
    double room = bottom - top - name - small - gap;
    /* a comma hangs below the foot: into the gap, then the foot gives way */
    double hang = k->w->figure.drop / (1 - k->w->figure.drop);
    double clear = m->figure_gap * space(k, ES_BOX_VALUE1) - 8;
    double rise = fmin(m->figure_most, room);
    if (rise * hang > clear)
        rise = fmin(rise, (room + clear) / (1 + hang));
    k->crowded = rise < m->figure_least;
    rise = fmax(rise, m->figure_least);
    double y = bottom - fmax(0, rise * hang - clear);
    y -= figure(k, y, rise, figure_w);
    y -= gap + name;
    line(k, ES_BOX_NAME, m->name, m->margin, y, name_w);
    if (eyebrow) {
        y -= small;
        line(k, ES_BOX_EYEBROW, m->eyebrow, m->margin, y, name_w);
    }
    return y;
}

static void wide(struct work *k)
{
    const struct measures *m = k->m;
    struct es_card_layout *out = k->out;
    double inner = k->width - 2 * m->margin;
    double side = k->w->qr ? m->qr + 60 : 0;
    double route = k->w->route ? 400 : 0;
    double day = k->w->has[ES_BOX_EYEBROW] ? 380 : 0;
    double address = height(k, ES_BOX_ADDRESS, m->address);
    double right = k->width - m->margin;

    double title = height(k, ES_BOX_TITLE, m->title);
    double small = height(k, ES_BOX_EYEBROW, m->eyebrow);
    line(k, ES_BOX_TITLE, m->title, m->margin, m->top, inner - day - 30);
    line(k, ES_BOX_EYEBROW, m->eyebrow, right - day,
         m->top + fmax(0, (title - small) * 0.6), day);
    out->end[ES_BOX_EYEBROW] = true;
    double head = m->top + fmax(title, small);

    double facts = height(k, ES_BOX_VALUE1, m->value);
    line(k, ES_BOX_VALUE1, m->value, m->margin, m->horizon - facts,
         inner - side);
    block(k, head + 10,
          m->horizon - facts -
              (facts > 0 ? m->figure_gap * space(k, ES_BOX_VALUE1) : 0),
          inner - route, inner - fmax(side, route), false);
    if (k->w->qr) {
        out->box[ES_BOX_QR] = (struct es_card_rect){
            right - m->qr, m->bottom - address - 4 - m->qr, m->qr, m->qr
        };
        line(k, ES_BOX_ADDRESS, m->address, right - m->qr - 100,
             m->bottom - address, m->qr + 100);
        out->end[ES_BOX_ADDRESS] = true;
    }
    if (k->w->route)
        out->box[ES_BOX_ROUTE] =
            (struct es_card_rect){ right - route + 30, head + 14, route - 30,
                                   326 - head };
    out->box[ES_BOX_PATH] =
        (struct es_card_rect){ m->margin, m->path_y,
                               inner - side - (k->w->qr ? 30 : 0), m->path_h };
    double total = m->bottom + 2 - height(k, ES_BOX_TOTAL, m->total);
    line(k, ES_BOX_TOTAL, m->total, m->margin, total, inner - side - 60);
    out->box[ES_BOX_PATH].h = fmin(m->path_h, total - m->path_y);
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
        out->end[ES_BOX_ADDRESS] = !across;
    }
    y = across ? m->bottom - m->qr : m->bottom - label - total;
    out->box[ES_BOX_PATH].h = fmin(m->path_h, y - m->path_y);
    line(k, ES_BOX_TOTAL, m->total, m->margin, y,
         across ? inner - side : k->width / 2 - m->margin - 20);
    line(k, ES_BOX_TOTAL_LABEL, m->total_label, m->margin, y + total,
         across ? inner - side : k->width / 2 - m->margin - 20);
}

static void square(struct work *k)
{
    const struct measures *m = k->m;
    double inner = k->width - 2 * m->margin;
    double route = k->w->route ? 390 : 0;
    double y = masthead(k, inner - route);
    double bottom = stats(k, m->horizon - 10, inner);
    block(k, y + 16, bottom, inner - route, inner, true);
    if (k->w->route)
        k->out->box[ES_BOX_ROUTE] =
            (struct es_card_rect){ k->width - m->margin - route + 40,
                                   m->top + 8, route - 40,
                                   k->out->box[ES_BOX_FIGURE].y - m->top - 40 };
    foot(k, false);
}

static void story(struct work *k)
{
    const struct measures *m = k->m;
    double inner = k->width - 2 * m->margin;
    double route = k->w->route ? 500 : 0;
    double y = m->top;
    y += line(k, ES_BOX_TITLE, m->title, m->margin, y, inner);
    y += line(k, ES_BOX_HOLDER, m->holder, m->margin, y, inner);
    double bottom = stats(k, m->horizon - 16, inner);
    block(k, y + 20, bottom, inner, inner, true);
    k->out->box[ES_BOX_EYEBROW].w -= k->w->has[ES_BOX_EYEBROW] ? route : 0;
    if (k->w->route) {
        double top = y + 14;
        double name = height(k, ES_BOX_NAME, m->name);
        k->out->box[ES_BOX_ROUTE] = (struct es_card_rect){
            k->width - m->margin - route + 40, top, route - 40,
            k->out->box[ES_BOX_FIGURE].y - m->name_gap - name - top
        };
    }
    foot(k, true);
}

static void mirror(struct es_card_layout *out, double width)
{
    for (int i = 0; i < ES_BOXES; i++)
        if (out->box[i].w > 0)
            out->box[i].x = width - out->box[i].x - out->box[i].w;
}

static void compose(struct work *k)
{
    *k->out = (struct es_card_layout){ .horizon = k->m->horizon,
                                       .ground = k->m->ground,
                                       .stroke = k->m->stroke };
    k->crowded = false;
    if (k->w->size == ES_CARD_WIDE)
        wide(k);
    else if (k->w->size == ES_CARD_SQUARE)
        square(k);
    else
        story(k);
}

void es_card_lay_out(const struct es_card_wish *w, struct es_card_layout *out)
{
    struct work k = { .w = w,
                      .m = &MEASURES[w->size],
                      .out = out,
                      .width = es_card_width(w->size),
                      .shrink = 1 };
    compose(&k);
    while (k.crowded && k.shrink > 0.4) {
        k.shrink *= 0.96;
        compose(&k);
    }
    if (w->rtl)
        mirror(out, k.width);
}
