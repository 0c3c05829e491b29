/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The landscape, the path that all walk together, and a route's shape. */
#include "card/card_int.h"

#include <math.h>

void es_card_source(cairo_t *cr, struct es_rgb c, double alpha)
{
    cairo_set_source_rgba(cr, c.r / 255.0, c.g / 255.0, c.b / 255.0, alpha);
}

static double mix(double a, double b, double t)
{
    return a + (b - a) * t;
}

/* From top to bottom, onto the pixels: Cairo's own gradients show their steps.
 * Neighbours round up and down by a pattern of 4x4, which the eye mixes and
 * which, as it repeats, a PNG holds in few bytes.
 * Source: B. Bayer, "An optimum method for two-level rendition", 1973. */
static void sky(cairo_surface_t *s, double height,
                const struct es_card_palette *p)
{
    static const double BAYER[4][4] = {
        { 0, 8, 2, 10 }, { 12, 4, 14, 6 }, { 3, 11, 1, 9 }, { 15, 7, 13, 5 }
    };
    int width = cairo_image_surface_get_width(s);
    int stride = cairo_image_surface_get_stride(s);
    cairo_surface_flush(s);
    uint8_t *data = cairo_image_surface_get_data(s);
    for (int y = 0; data && y < (int)height; y++) {
        double t = y / height;
        double r = mix(p->sky_top.r, p->sky_low.r, t);
        double g = mix(p->sky_top.g, p->sky_low.g, t);
        double b = mix(p->sky_top.b, p->sky_low.b, t);
        uint32_t four[4];
        for (int x = 0; x < 4; x++) {
            double turn = (BAYER[y % 4][x] + 0.5) / 16;
            four[x] = (uint32_t)(r + turn) << 16 | (uint32_t)(g + turn) << 8 |
                      (uint32_t)(b + turn);
        }
        for (int x = 0; x < width; x++)
            memcpy(data + (ptrdiff_t)y * stride + 4 * (ptrdiff_t)x,
                   &four[x % 4], 4);
    }
    cairo_surface_mark_dirty(s);
}

struct hill {
    double y, rise, waves, phase; /* px, px, per width, turns */
};

static void hill(cairo_t *cr, double width, double height, bool rtl,
                 struct hill h, struct es_rgb c)
{
    cairo_move_to(cr, 0, height);
    for (double x = 0; x <= width + 4; x += 4) {
        double t = (rtl ? width - x : x) / width;
        double a = 2 * G_PI * (h.waves * t + h.phase);
        cairo_line_to(cr, x,
                      h.y - h.rise * (0.62 * sin(a) + 0.38 * sin(2.3 * a)));
    }
    cairo_line_to(cr, width, height);
    cairo_close_path(cr);
    es_card_source(cr, c, 1);
    cairo_fill(cr);
}

void es_card_hills(cairo_t *cr, double w, double h, bool rtl,
                   const struct es_card_layout *l,
                   const struct es_card_palette *p)
{
    double rise = 0.055 * w;
    hill(cr, w, h, rtl, (struct hill){ l->horizon - rise, rise, 0.9, 0.62 },
         p->far);
    hill(cr, w, h, rtl,
         (struct hill){ l->horizon + 0.1 * rise, 0.7 * rise, 1.2, 0.17 },
         p->middle);
    hill(cr, w, h, rtl,
         (struct hill){ l->ground - 0.25 * rise, 0.2 * rise, 1.4, 0.45 },
         p->near);
}

void es_card_ground(cairo_t *cr, enum es_card_size size, bool rtl,
                    const struct es_card_layout *l,
                    const struct es_card_palette *p)
{
    sky(cairo_get_target(cr), l->ground, p);
    es_card_hills(cr, es_card_width(size), es_card_height(size), rtl, l, p);
}

/* ---- the path ---- */

enum { STEPS = 400 };

struct spot {
    double x, y, far; /* px along the path */
};

static void trace(struct es_card_rect box, bool rtl, struct spot *v)
{
    for (int i = 0; i <= STEPS; i++) {
        double t = (double)i / STEPS;
        double wave = 0.74 * sin(2 * G_PI * (2.1 * t + 0.6)) +
                      0.26 * sin(2 * G_PI * (4.3 * t + 0.15));
        v[i].x = box.x + box.w * (rtl ? 1 - t : t);
        v[i].y = box.y + box.h / 2 * (1 - wave);
        v[i].far = i == 0 ? 0
                          : v[i - 1].far +
                                hypot(v[i].x - v[i - 1].x, v[i].y - v[i - 1].y);
    }
}

/* The place `far` along, and its direction. */
static struct spot place(const struct spot *v, double far, double *angle)
{
    int i = 1;
    while (i < STEPS && v[i].far < far)
        i++;
    double t = (far - v[i - 1].far) / fmax(v[i].far - v[i - 1].far, 1e-9);
    *angle = atan2(v[i].y - v[i - 1].y, v[i].x - v[i - 1].x);
    return (struct spot){ v[i - 1].x + t * (v[i].x - v[i - 1].x),
                          v[i - 1].y + t * (v[i].y - v[i - 1].y), far };
}

static void stroke_to(cairo_t *cr, const struct spot *v, double far)
{
    double angle;
    cairo_move_to(cr, v[0].x, v[0].y);
    for (int i = 1; i <= STEPS && v[i].far < far; i++)
        cairo_line_to(cr, v[i].x, v[i].y);
    struct spot end = place(v, far, &angle);
    cairo_line_to(cr, end.x, end.y);
}

/* Left, right, left, right. */
static void footsteps(cairo_t *cr, const struct spot *v, double from, double to,
                      double stroke, struct es_rgb c)
{
    double pace = 2.3 * stroke;
    double side = 1;
    for (double far = from; far <= to; far += pace, side = -side) {
        double angle;
        struct spot s = place(v, far, &angle);
        cairo_save(cr);
        cairo_translate(cr, s.x, s.y);
        cairo_rotate(cr, angle);
        cairo_translate(cr, 0, side * 0.42 * stroke);
        cairo_scale(cr, 0.62 * stroke, 0.3 * stroke);
        cairo_arc(cr, 0, 0, 1, 0, 2 * G_PI);
        cairo_restore(cr);
        es_card_source(cr, c, 0.75);
        cairo_fill(cr);
    }
}

static void dot(cairo_t *cr, struct spot s, double r, struct es_rgb c)
{
    cairo_arc(cr, s.x, s.y, r, 0, 2 * G_PI);
    es_card_source(cr, c, 1);
    cairo_fill(cr);
}

/* The line in the current path, and light around it that fades away. */
static void glow(cairo_t *cr, double stroke, struct es_rgb c)
{
    enum { LAYERS = 12 };
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    es_card_source(cr, c, 0.024);
    for (int i = 0; i < LAYERS; i++) {
        double t = (double)i / LAYERS;
        cairo_set_line_width(cr, stroke * (1 + 4.2 * (1 - t) * (1 - t)));
        cairo_stroke_preserve(cr);
    }
    es_card_source(cr, c, 1);
    cairo_set_line_width(cr, stroke);
    cairo_stroke(cr);
}

void es_card_path(cairo_t *cr, struct es_card_rect box, double stroke,
                  double done, bool rtl, const struct es_card_palette *p)
{
    struct spot v[STEPS + 1];
    double angle;
    struct es_card_rect in = { box.x + stroke, box.y + stroke,
                               box.w - 2 * stroke, box.h - 2 * stroke };
    trace(in, rtl, v);
    bool goal = done >= 0;
    /* without a goal the way is open: most of it lies ahead */
    double part = goal ? fmin(done, 1) : 0.5;
    double far = v[STEPS].far * part;
    if (part < 1) /* almost there is not there */
        far = fmin(far, v[STEPS].far - 4 * stroke);

    footsteps(cr, v, far + (part > 0 ? 2.6 * stroke : 0),
              v[STEPS].far - (goal ? 1.8 * stroke : 0), stroke, p->soft);
    if (part > 0) {
        stroke_to(cr, v, far);
        glow(cr, stroke, p->bright);
        dot(cr, place(v, far, &angle), 1.15 * stroke, p->bright);
        dot(cr, place(v, far, &angle), 0.6 * stroke, p->near);
    }
    if (goal && part < 1) {
        dot(cr, v[STEPS], 0.95 * stroke, p->soft);
        dot(cr, v[STEPS], 0.5 * stroke, p->near);
    }
}

/* ---- a route ---- */

void es_card_route(cairo_t *cr, const struct es_card *c,
                   struct es_card_rect box, double stroke,
                   const struct es_card_palette *p)
{
    double right = 1;
    double low = 1;
    for (size_t i = 0; i < c->n_route; i++) {
        right = fmax(right, c->route[i].x);
        low = fmax(low, c->route[i].y);
    }
    double pad = 2 * stroke;
    double s = fmin((box.w - 2 * pad) / right, (box.h - 2 * pad) / low);
    double x0 = box.x + (box.w - s * right) / 2;
    double y0 = box.y + (box.h - s * low) / 2;
    for (size_t i = 0; i < c->n_route; i++) {
        double x = x0 + s * c->route[i].x;
        double y = y0 + s * c->route[i].y;
        if (c->route[i].piece)
            cairo_move_to(cr, x, y);
        else
            cairo_line_to(cr, x, y);
    }
    glow(cr, stroke, p->bright);
}
