/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"

#include <math.h>
#include <qrencode.h>

enum { QUIET = 4 }; /* modules of margin: ISO/IEC 18004 section 9.1 */

static void rounded(cairo_t *cr, struct es_card_rect r, double radius)
{
    static const double QUARTER = G_PI / 2;
    cairo_new_sub_path(cr);
    cairo_arc(cr, r.x + r.w - radius, r.y + radius, radius, -QUARTER, 0);
    cairo_arc(cr, r.x + r.w - radius, r.y + r.h - radius, radius, 0, QUARTER);
    cairo_arc(cr, r.x + radius, r.y + r.h - radius, radius, QUARTER,
              2 * QUARTER);
    cairo_arc(cr, r.x + radius, r.y + radius, radius, 2 * QUARTER, 3 * QUARTER);
    cairo_close_path(cr);
}

/* Whole pixels to a module: a camera sees edges, not grey. */
static void draw_modules(cairo_t *cr, const QRcode *code, double x, double y,
                         int side)
{
    for (int row = 0; row < code->width; row++)
        for (int col = 0; col < code->width; col++)
            if (code->data[row * code->width + col] & 1)
                cairo_rectangle(cr, x + (col + QUIET) * side,
                                y + (row + QUIET) * side, side, side);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    cairo_fill(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

enum es_code es_card_qr(cairo_t *cr, const char *url, struct es_card_rect box,
                        bool rtl, const struct es_card_palette *p,
                        struct es_err *e)
{
    QRcode *code = QRcode_encodeString8bit(url, 0, QR_ECLEVEL_M);
    if (!code)
        return es_fail(e, ES_EINTERNAL, 0, "no QR code for this address");
    int modules = code->width + 2 * QUIET;
    int side = (int)floor(box.w) / modules;
    double w = modules * side;
    struct es_card_rect tile = { floor(rtl ? box.x : box.x + box.w - w),
                                 floor(box.y + box.h - w), w, w };

    es_card_source(cr, p->tile, 1);
    rounded(cr, tile, 0.06 * w);
    cairo_fill(cr);
    es_card_source(cr, p->module, 1);
    draw_modules(cr, code, tile.x, tile.y, side);
    QRcode_free(code);
    return ES_OK;
}
