/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From one colour, whatever it is, a picture's colours: its hue is kept, the
 * lightness is ours, in OKLCH, where equal steps look equal. Dark grounds let
 * a bright path and light letters stand out of any hue.
 * Source: B. Ottosson, "A perceptual color space for image processing". */
#include "card/card_int.h"

#include <math.h>

struct lch {
    double l, c, h; /* 0..1, about 0..0.32, radians */
};

static double to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double to_srgb(double v)
{
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static struct lch to_lch(uint32_t colour)
{
    double r = to_linear((colour >> 16 & 0xff) / 255.0);
    double g = to_linear((colour >> 8 & 0xff) / 255.0);
    double b = to_linear((colour & 0xff) / 255.0);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    double x = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    double y = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    return (struct lch){
        .l = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        .c = hypot(x, y),
        .h = atan2(y, x),
    };
}

static bool from_lch(struct lch v, struct es_card_rgb *out)
{
    double x = v.c * cos(v.h);
    double y = v.c * sin(v.h);
    double l = v.l + 0.3963377774 * x + 0.2158037573 * y;
    double m = v.l - 0.1055613458 * x - 0.0638541728 * y;
    double s = v.l - 0.0894841775 * x - 1.2914855480 * y;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    double r = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    double g = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    double b = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    bool in = fmin(r, fmin(g, b)) >= -1e-6 && fmax(r, fmax(g, b)) <= 1 + 1e-6;
    if (in)
        *out = (struct es_card_rgb){ to_srgb(fmax(0, fmin(1, r))),
                                     to_srgb(fmax(0, fmin(1, g))),
                                     to_srgb(fmax(0, fmin(1, b))) };
    return in;
}

/* That colour, as strong as a screen can show it. */
static struct es_card_rgb shade(double l, double c, double h)
{
    struct es_card_rgb out = { l, l, l };
    struct lch v = { l, c, h };
    while (!from_lch(v, &out) && v.c > 1e-4)
        v.c *= 0.95;
    return out;
}

static double luminance(struct es_card_rgb c)
{
    return 0.2126 * to_linear(c.r) + 0.7152 * to_linear(c.g) +
           0.0722 * to_linear(c.b);
}

double es_card_contrast(struct es_card_rgb a, struct es_card_rgb b)
{
    double x = luminance(a);
    double y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

void es_card_palette(uint32_t colour, struct es_card_palette *out)
{
    static const double GOLD = 1.48; /* radians: the light of the path */
    static const double YELLOW = 1.25, GREEN = 2.3;
    struct lch base = to_lch(colour);
    /* grey has no hue of its own: what rounding left must not tint it */
    double c = base.c < 0.02 ? 0.004 : fmin(base.c, 0.145);
    double h = base.c < 0.02 ? 4.4 : base.h;
    /* dark yellow is olive: amber stands for it */
    if (h > YELLOW && h < GREEN)
        h -= 0.5 * sin(G_PI * (h - YELLOW) / (GREEN - YELLOW));

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
