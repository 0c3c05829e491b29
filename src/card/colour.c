/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From one colour, whatever it is, a picture's colours: its hue is kept, the
 * lightness is ours. Dark grounds let a bright path and light letters stand
 * out of any hue. */
#include "card/paper_int.h"

#include <math.h>

static struct es_rgb shade(double l, double c, double h)
{
    return es_oklch_rgb((struct es_oklch){ l, c, h });
}

struct tint {
    double c, h;
};

static struct tint tint_of(uint32_t colour)
{
    struct es_oklch base = es_oklch_of((struct es_rgb){
        (uint8_t)(colour >> 16), (uint8_t)(colour >> 8), (uint8_t)colour });
    /* grey has no hue of its own: what rounding left must not tint it */
    if (base.c < 0.02)
        return (struct tint){ 0.004, 4.4 };
    return (struct tint){ fmin(base.c, 0.145), es_hue_of_dark(base.h) };
}

void es_paper_tones(uint32_t colour, struct es_paper_tones *out)
{
    struct tint t = tint_of(colour);
    *out = (struct es_paper_tones){
        .ink = shade(0.24, 0.2 * t.c, t.h),
        .soft = shade(0.48, 0.3 * t.c, t.h),
        .accent = shade(0.455, t.c, t.h),
        .line = shade(0.88, 0.2 * t.c, t.h),
    };
}

void es_card_palette(uint32_t colour, struct es_card_palette *out)
{
    static const double GOLD = 1.48; /* radians: the light of the path */
    double c = tint_of(colour).c;
    double h = tint_of(colour).h;

    *out = (struct es_card_palette){
        .sky_top = shade(0.3, 0.75 * c, h),
        .sky_low = shade(0.455, c, h),
        .far = shade(0.4, 0.95 * c, h),
        .middle = shade(0.335, 0.85 * c, h),
        .near = shade(0.25, 0.65 * c, h),
        .ink = shade(0.99, 0.05 * c, h),
        .soft = shade(0.885, 0.22 * c, h),
        .bright = shade(0.89, 0.135, GOLD),
        .tile = shade(0.99, 0.04 * c, h),
        .module = shade(0.22, 0.5 * c, h),
    };
}
