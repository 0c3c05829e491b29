/* SPDX-License-Identifier: Apache-2.0 */
#include "base/colour.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool es_rgb_parse(const char *text, struct es_rgb *out)
{
    size_t n = strlen(text);
    uint8_t v[3];
    if (text[0] != '#' || (n != 4 && n != 7))
        return false;
    size_t wide = n == 7 ? 2 : 1;
    for (size_t i = 0; i < 3; i++) {
        int high = hex(text[1 + i * wide]);
        int low = hex(text[i * wide + wide]);
        if (high < 0 || low < 0)
            return false;
        v[i] = (uint8_t)(high * 16 + low);
    }
    *out = (struct es_rgb){ v[0], v[1], v[2] };
    return true;
}

void es_rgb_text(struct es_rgb c, char out[ES_RGB_TEXT])
{
    (void)snprintf(out, ES_RGB_TEXT, "#%02x%02x%02x", c.r, c.g, c.b);
}

static double to_linear(uint8_t v)
{
    double x = v / 255.0;
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static uint8_t from_linear(double v)
{
    v = fmin(fmax(v, 0), 1);
    double x = v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
    return (uint8_t)lround(x * 255);
}

struct es_oklch es_oklch_of(struct es_rgb c)
{
    double r = to_linear(c.r);
    double g = to_linear(c.g);
    double b = to_linear(c.b);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    double x = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    double y = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    return (struct es_oklch){
        .l = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        .c = hypot(x, y),
        .h = atan2(y, x),
    };
}

/* As linear light; false when a screen has no such colour. */
static bool linear_of(struct es_oklch v, double out[3])
{
    static const double SLACK = 1e-6; /* what the figures above leave */
    double x = v.c * cos(v.h);
    double y = v.c * sin(v.h);
    double l = v.l + 0.3963377774 * x + 0.2158037573 * y;
    double m = v.l - 0.1055613458 * x - 0.0638541728 * y;
    double s = v.l - 0.0894841775 * x - 1.2914855480 * y;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    out[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    out[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    out[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    return fmin(out[0], fmin(out[1], out[2])) >= -SLACK &&
           fmax(out[0], fmax(out[1], out[2])) <= 1 + SLACK;
}

struct es_rgb es_oklch_rgb(struct es_oklch v)
{
    double light[3];
    double low = 0;
    double high = v.c;
    v.l = fmin(fmax(v.l, 0), 1);
    if (!linear_of(v, light)) {
        for (int i = 0; i < 14; i++) { /* to a ten-thousandth of chroma */
            v.c = (low + high) / 2;
            *(linear_of(v, light) ? &low : &high) = v.c;
        }
        v.c = low;
        (void)linear_of(v, light);
    }
    return (struct es_rgb){ from_linear(light[0]), from_linear(light[1]),
                            from_linear(light[2]) };
}

double es_hue_of_dark(double h)
{
    static const double YELLOW = 1.25, GREEN = 2.3, MOST = 0.5, PI = 3.14159265;
    return h > YELLOW && h < GREEN
               ? h - MOST * sin(PI * (h - YELLOW) / (GREEN - YELLOW))
               : h;
}

static double luminance(struct es_rgb c)
{
    return 0.2126 * to_linear(c.r) + 0.7152 * to_linear(c.g) +
           0.0722 * to_linear(c.b);
}

double es_rgb_contrast(struct es_rgb a, struct es_rgb b)
{
    double x = luminance(a);
    double y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}
