/* SPDX-License-Identifier: Apache-2.0 */
/* Colours as a screen shows them (sRGB) and as an eye orders them (OKLCH):
 * equal steps of lightness look equal whatever the hue.
 * Source: B. Ottosson, "A perceptual color space for image processing", 2020;
 * WCAG 2.2, "relative luminance" and "contrast ratio". */
#ifndef ES_BASE_COLOUR_H
#define ES_BASE_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

struct es_rgb {
    uint8_t r, g, b;
};

struct es_oklch {
    double l; /* 0 black .. 1 white */
    double c; /* 0 grey .. about 0.32 */
    double h; /* radians; of a grey it means nothing */
};

/* "#1a2b3c" or "#abc", any case. False leaves *out. */
bool es_rgb_parse(const char *text, struct es_rgb *out);
/* "#1a2b3c" */
#define ES_RGB_TEXT 8
void es_rgb_text(struct es_rgb c, char out[ES_RGB_TEXT]);

struct es_oklch es_oklch_of(struct es_rgb c);
/* The nearest that a screen can show: lightness and hue stay, chroma goes as
 * far down as it must. l outside 0..1 is black or white. */
struct es_rgb es_oklch_rgb(struct es_oklch c);

/* The hue to take for a dark shade of `h`: dark yellow is olive, so amber
 * stands for it; the hues beside it move less, all others not at all. */
double es_hue_of_dark(double h);

/* 1 (the same) .. 21 (black on white), in either order. */
double es_rgb_contrast(struct es_rgb a, struct es_rgb b);

#endif
