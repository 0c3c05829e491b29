/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <math.h>
#include <string.h>

enum { CHANNELS = 3, WHITE = 65535 };

/* ---- light ---- */

void es_light_init(struct es_light *l)
{
    uint32_t at = 0;
    for (unsigned v = 0; v < 256; v++) {
        double s = v / 255.0, edge = (v + 0.5) / 255.0;
        double light = s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
        double upto =
            edge <= 0.04045 ? edge / 12.92 : pow((edge + 0.055) / 1.055, 2.4);
        l->linear[v] = (uint16_t)lround(light * WHITE);
        for (; at <= WHITE && (v == 255 || at < upto * WHITE); at++)
            l->srgb[at] = (uint8_t)v;
    }
}

/* ---- one axis ---- */

static const double SUPPORT = 2; /* pixels to each side that a cubic looks at */

/* Catmull and Rom's cubic: B = 0, C = 1/2 of Mitchell and Netravali (1988). */
static double cubic(double x)
{
    x = fabs(x);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2)
        return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
}

/* The weights of one pixel; what rounding leaves goes to the heaviest, so that
 * an even tone stays what it is. */
static void weigh(struct es_taps *t, uint32_t i, uint32_t from, double scale)
{
    double centre = (i + 0.5) * scale;
    double begin = ceil(centre - SUPPORT * scale - 0.5);
    uint32_t first = begin < 0 ? 0 : (uint32_t)begin;
    int32_t *w = t->weight + (size_t)i * t->n;
    double sum = 0;
    if (first > from - t->n)
        first = from - t->n;
    t->first[i] = first;
    for (uint32_t k = 0; k < t->n; k++)
        sum += cubic((first + k + 0.5 - centre) / scale);
    int32_t left = ES_TAPS_ONE;
    uint32_t heaviest = 0;
    for (uint32_t k = 0; k < t->n; k++) {
        w[k] = (int32_t)lround(cubic((first + k + 0.5 - centre) / scale) / sum *
                               ES_TAPS_ONE);
        left -= w[k];
        if (w[k] > w[heaviest])
            heaviest = k;
    }
    w[heaviest] += left;
}

enum es_code es_taps_make(uint32_t from, uint32_t to, struct es_arena *a,
                          struct es_taps *out, struct es_err *e)
{
    double scale = (double)from / to;
    struct es_taps t = { .n = 1 };
    if (from != to)
        t.n = (uint32_t)ceil(2 * SUPPORT * scale) + 1;
    if (t.n > from)
        t.n = from;
    t.first = es_arena_array(a, to, sizeof *t.first);
    t.weight = es_arena_array(a, (size_t)to * t.n, sizeof *t.weight);
    if (!t.first || !t.weight)
        return es_fail(e, ES_ENOMEM, 0, "scaling");
    for (uint32_t i = 0; i < to; i++) {
        if (from != to) {
            weigh(&t, i, from, scale);
            continue;
        }
        t.first[i] = i;
        t.weight[i] = ES_TAPS_ONE;
    }
    *out = t;
    return ES_OK;
}

/* A cubic overshoots beside an edge. */
static uint16_t clip(int32_t sum)
{
    sum = (sum + ES_TAPS_ONE / 2) / ES_TAPS_ONE;
    return sum < 0 ? 0 : sum > WHITE ? WHITE : (uint16_t)sum;
}

void es_taps_row(const struct es_taps *t, const uint16_t *from, uint16_t *to,
                 uint32_t to_w)
{
    for (uint32_t i = 0; i < to_w; i++) {
        const uint16_t *p = from + (size_t)t->first[i] * CHANNELS;
        const int32_t *w = t->weight + (size_t)i * t->n;
        int32_t r = 0, g = 0, b = 0;
        for (uint32_t k = 0; k < t->n; k++, p += CHANNELS) {
            r += w[k] * p[0];
            g += w[k] * p[1];
            b += w[k] * p[2];
        }
        to[(size_t)i * CHANNELS] = clip(r);
        to[(size_t)i * CHANNELS + 1] = clip(g);
        to[(size_t)i * CHANNELS + 2] = clip(b);
    }
}

/* ---- planes ---- */

static enum es_code plane_new(uint32_t w, uint32_t h, struct es_arena *a,
                              struct es_plane *out, struct es_err *e)
{
    uint16_t *px = es_arena_bare(a, (size_t)w * h, CHANNELS * sizeof *px);
    if (!px)
        return es_fail(e, ES_ENOMEM, 0, "a picture of %u by %u", w, h);
    *out = (struct es_plane){ px, w, h };
    return ES_OK;
}

static enum es_code scale_down(const struct es_plane *from, uint32_t h,
                               struct es_arena *a, struct es_plane *out,
                               struct es_err *e)
{
    struct es_taps t;
    struct es_plane to = { 0 };
    size_t row = (size_t)from->w * CHANNELS;
    int32_t *sum = es_arena_array(a, row, sizeof *sum);
    enum es_code rc = plane_new(from->w, h, a, &to, e);
    if (rc == ES_OK)
        rc = es_taps_make(from->h, h, a, &t, e);
    if (rc == ES_OK && !sum)
        rc = es_fail(e, ES_ENOMEM, 0, "scaling");
    if (rc != ES_OK)
        return rc;
    for (uint32_t y = 0; y < h; y++) {
        memset(sum, 0, row * sizeof *sum);
        for (uint32_t k = 0; k < t.n; k++) {
            const uint16_t *p = from->px + (t.first[y] + (size_t)k) * row;
            int32_t w = t.weight[(size_t)y * t.n + k];
            for (size_t x = 0; x < row; x++)
                sum[x] += w * p[x];
        }
        for (size_t x = 0; x < row; x++)
            to.px[y * row + x] = clip(sum[x]);
    }
    *out = to;
    return ES_OK;
}

enum es_code es_plane_scale(const struct es_plane *from, uint32_t w, uint32_t h,
                            struct es_arena *a, struct es_plane *out,
                            struct es_err *e)
{
    struct es_plane across = *from;
    struct es_taps t;
    enum es_code rc = ES_OK;
    if (w != from->w) {
        rc = plane_new(w, from->h, a, &across, e);
        if (rc == ES_OK)
            rc = es_taps_make(from->w, w, a, &t, e);
        for (uint32_t y = 0; rc == ES_OK && y < from->h; y++)
            es_taps_row(&t, from->px + (size_t)y * from->w * CHANNELS,
                        across.px + (size_t)y * w * CHANNELS, w);
    }
    if (rc == ES_OK && h != from->h)
        rc = scale_down(&across, h, a, &across, e);
    if (rc == ES_OK)
        *out = across;
    return rc;
}

enum es_code es_plane_turn(const struct es_plane *from, unsigned orientation,
                           struct es_arena *a, struct es_plane *out,
                           struct es_err *e)
{
    /* Bits of what is done, in this order: rows and columns change places, it
     * is seen in a mirror, it stands on its head. */
    enum { SWAP = 1, MIRROR = 2, FLIP = 4 };
    static const uint8_t DO[9] = {
        0,          0,    MIRROR,        MIRROR | FLIP,
        FLIP,       SWAP, SWAP | MIRROR, SWAP | MIRROR | FLIP,
        SWAP | FLIP
    };
    unsigned todo = orientation <= 8 ? DO[orientation] : 0;
    struct es_plane to;
    if (todo == 0) {
        *out = *from;
        return ES_OK;
    }
    enum es_code rc = todo & SWAP ? plane_new(from->h, from->w, a, &to, e)
                                  : plane_new(from->w, from->h, a, &to, e);
    if (rc != ES_OK)
        return rc;
    for (uint32_t y = 0; y < to.h; y++) {
        uint32_t v = todo & FLIP ? to.h - 1 - y : y;
        for (uint32_t x = 0; x < to.w; x++) {
            uint32_t u = todo & MIRROR ? to.w - 1 - x : x;
            size_t at =
                todo & SWAP ? (size_t)u * from->w + v : (size_t)v * from->w + u;
            memcpy(to.px + ((size_t)y * to.w + x) * CHANNELS,
                   from->px + at * CHANNELS, CHANNELS * sizeof *to.px);
        }
    }
    *out = to;
    return ES_OK;
}

void es_size_within(uint32_t w, uint32_t h, uint32_t edge, uint32_t *out_w,
                    uint32_t *out_h)
{
    uint32_t longest = w > h ? w : h;
    *out_w = w;
    *out_h = h;
    if (longest <= edge)
        return;
    *out_w = (uint32_t)(((uint64_t)w * edge + longest / 2) / longest);
    *out_h = (uint32_t)(((uint64_t)h * edge + longest / 2) / longest);
    *out_w = *out_w ? *out_w : 1;
    *out_h = *out_h ? *out_h : 1;
}

/* ---- the canvas ---- */

enum es_code es_size_check(uint64_t w, uint64_t h, struct es_err *e)
{
    if (w == 0 || h == 0)
        return es_fail(e, ES_EMALFORMED, 0, "a picture without pixels");
    if (w > ES_PICTURE_EDGE || h > ES_PICTURE_EDGE || w * h > ES_PICTURE_PIXELS)
        return es_fail(e, ES_EBOMB, 0, "%llu by %llu pixels",
                       (unsigned long long)w, (unsigned long long)h);
    return ES_OK;
}

enum es_code es_canvas_begin(struct es_canvas *c, uint32_t w, uint32_t h,
                             struct es_err *e)
{
    uint32_t to_w, to_h;
    enum es_code rc = es_size_check(w, h, e);
    if (rc != ES_OK)
        return rc;
    es_size_within(w, h, c->edge, &to_w, &to_h);
    c->src_w = w;
    c->src_h = h;
    rc = plane_new(to_w, h, c->a, &c->across, e);
    if (rc == ES_OK)
        rc = es_taps_make(w, to_w, c->a, &c->taps, e);
    c->row = es_arena_array(c->a, (size_t)w * CHANNELS, sizeof *c->row);
    if (rc == ES_OK && !c->row)
        rc = es_fail(e, ES_ENOMEM, 0, "a row");
    return rc;
}

void es_canvas_row(struct es_canvas *c, uint32_t y, const uint8_t *rgb)
{
    size_t n = (size_t)c->src_w * CHANNELS;
    uint16_t *to = c->across.px + (size_t)y * c->across.w * CHANNELS;
    uint16_t *row = c->across.w == c->src_w ? to : c->row;
    for (size_t i = 0; i < n; i++)
        row[i] = c->light->linear[rgb[i]];
    if (row != to)
        es_taps_row(&c->taps, row, to, c->across.w);
}
