/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/palette.h"

#include <math.h>

#define TEXT 4.5
#define EDGE 3.0

const struct es_pair es_pairs[] = {
    { ES_TONE_EDGE, ES_TONE_GROUND, EDGE },
    { ES_TONE_EDGE, ES_TONE_PANEL, EDGE },
    { ES_TONE_EDGE, ES_TONE_SUNK, EDGE },
    { ES_TONE_EDGE, ES_TONE_TINT, EDGE },
    { ES_TONE_INK, ES_TONE_GROUND, TEXT },
    { ES_TONE_INK, ES_TONE_PANEL, TEXT },
    { ES_TONE_INK, ES_TONE_SUNK, TEXT },
    { ES_TONE_INK, ES_TONE_TINT, TEXT },
    { ES_TONE_SOFT, ES_TONE_GROUND, TEXT },
    { ES_TONE_SOFT, ES_TONE_PANEL, TEXT },
    { ES_TONE_SOFT, ES_TONE_SUNK, TEXT },
    { ES_TONE_SOFT, ES_TONE_TINT, TEXT },
    { ES_TONE_ACCENT, ES_TONE_GROUND, TEXT },
    { ES_TONE_ACCENT, ES_TONE_PANEL, TEXT },
    { ES_TONE_ACCENT, ES_TONE_SUNK, TEXT },
    { ES_TONE_ACCENT, ES_TONE_TINT, TEXT },
    { ES_TONE_ACCENT_INK, ES_TONE_ACCENT, TEXT },
    { ES_TONE_HERO_INK, ES_TONE_HERO, TEXT },
    { ES_TONE_HERO_INK, ES_TONE_HERO_FAR, TEXT },
    { ES_TONE_HERO_SOFT, ES_TONE_HERO, TEXT },
    { ES_TONE_HERO_SOFT, ES_TONE_HERO_FAR, TEXT },
    { ES_TONE_HERO_LINE, ES_TONE_HERO, EDGE },
    { ES_TONE_HERO_LINE, ES_TONE_HERO_FAR, EDGE },
};
const size_t es_pairs_n = sizeof es_pairs / sizeof *es_pairs;

/* How a tone is made. Chroma is a share of the colour's own, up to a most; the
 * lightness begins at l and moves, lighter or darker, until each pair above
 * holds. Grounds stand still: they come first in enum es_tone. */
struct recipe {
    const char *name;
    struct {
        double l, share, most;
        int move;
    } mode[ES_MODES];
};
static const struct recipe RECIPES[ES_TONES] = {
    [ES_TONE_GROUND] = { "ground",
                         { { 0.978, 0.03, 0.004, 0 },
                           { 0.185, 0.1, 0.012, 0 } } },
    [ES_TONE_PANEL] = { "panel", { { 1, 0, 0, 0 }, { 0.23, 0.1, 0.014, 0 } } },
    [ES_TONE_SUNK] = { "sunk",
                       { { 0.952, 0.05, 0.006, 0 }, { 0.155, 0.1, 0.01, 0 } } },
    [ES_TONE_TINT] = { "tint",
                       { { 0.945, 0.25, 0.03, 0 }, { 0.295, 0.4, 0.045, 0 } } },
    [ES_TONE_HERO] = { "hero",
                       { { 0.355, 0.8, 0.11, 0 }, { 0.32, 0.7, 0.1, 0 } } },
    [ES_TONE_HERO_FAR] = { "hero-far",
                           { { 0.28, 0.7, 0.09, 0 },
                             { 0.235, 0.6, 0.08, 0 } } },
    [ES_TONE_LINE] = { "line",
                       { { 0.9, 0.08, 0.01, 0 }, { 0.33, 0.15, 0.018, 0 } } },
    [ES_TONE_EDGE] = { "edge",
                       { { 0.58, 0.12, 0.018, -1 },
                         { 0.61, 0.12, 0.018, 1 } } },
    [ES_TONE_INK] = { "ink",
                      { { 0.24, 0.1, 0.014, -1 }, { 0.94, 0.03, 0.006, 1 } } },
    [ES_TONE_SOFT] = { "soft",
                       { { 0.47, 0.12, 0.018, -1 },
                         { 0.755, 0.12, 0.018, 1 } } },
    /* of these l is the bound: what is darker, or lighter, stays as chosen */
    [ES_TONE_ACCENT] = { "accent",
                         { { 0.6, 1, 0.4, -1 }, { 0.72, 0.9, 0.2, 1 } } },
    [ES_TONE_ACCENT_INK] = { "accent-ink",
                             { { 1, 0, 0, 1 }, { 0.22, 0.3, 0.05, -1 } } },
    [ES_TONE_HERO_INK] = { "hero-ink", { { 1, 0, 0, 1 }, { 1, 0, 0, 1 } } },
    [ES_TONE_HERO_SOFT] = { "hero-soft",
                            { { 0.87, 0.3, 0.035, 1 },
                              { 0.87, 0.3, 0.035, 1 } } },
    [ES_TONE_HERO_LINE] = { "hero-line",
                            { { 0.66, 0.6, 0.08, 1 },
                              { 0.66, 0.6, 0.08, 1 } } },
};

/* The eye sees no hue in less: what rounding left must not tint a grey. */
static const double GREY = 0.02;
static const double STEP = 0.004;
/* An accent of black, or of white, would be no other than the text. */
static const double ACCENT_DARKEST = 0.3, ACCENT_LIGHTEST = 0.93;

const char *es_tone_name(enum es_tone t)
{
    return RECIPES[t].name;
}

static bool readable(const struct es_palette *p, enum es_tone t)
{
    for (size_t i = 0; i < es_pairs_n; i++)
        if (es_pairs[i].on == t &&
            es_rgb_contrast(p->v[t], p->v[es_pairs[i].ground]) <
                es_pairs[i].least)
            return false;
    return true;
}

static double first_lightness(enum es_tone t, enum es_mode mode, double chosen)
{
    double bound = RECIPES[t].mode[mode].l;
    if (t != ES_TONE_ACCENT)
        return bound;
    return mode == ES_MODE_LIGHT ? fmax(fmin(chosen, bound), ACCENT_DARKEST)
                                 : fmin(fmax(chosen, bound), ACCENT_LIGHTEST);
}

/* The band is dark whatever was chosen; an accent gets another hue as far as
 * it is darker than what was chosen. */
static double hue(enum es_tone t, struct es_oklch base, double l)
{
    static const double NONE = 0.1, FULL = 0.3;
    double dark = es_hue_of_dark(base.h);
    if (t == ES_TONE_HERO || t == ES_TONE_HERO_FAR)
        return dark;
    if (t != ES_TONE_ACCENT)
        return base.h;
    return base.h + (dark - base.h) *
                        fmin(fmax(base.l - l - NONE, 0) / (FULL - NONE), 1);
}

void es_palette_of(struct es_rgb colour, enum es_mode mode,
                   struct es_palette *out)
{
    struct es_oklch base = es_oklch_of(colour);
    if (base.c < GREY)
        base.c = 0;
    *out = (struct es_palette){ 0 };
    for (enum es_tone t = 0; t < ES_TONES; t++) {
        double move = RECIPES[t].mode[mode].move * STEP;
        struct es_oklch v = {
            .l = first_lightness(t, mode, base.l),
            .c = fmin(base.c * RECIPES[t].mode[mode].share,
                      RECIPES[t].mode[mode].most),
        };
        v.h = hue(t, base, v.l);
        out->v[t] = es_oklch_rgb(v);
        while (!readable(out, t) && v.l > 0 && v.l < 1) {
            v.l += move;
            v.h = hue(t, base, v.l);
            out->v[t] = es_oklch_rgb(v);
        }
        assert(readable(out, t));
    }
}

double es_palette_contrast(const struct es_palette *p, enum es_tone on)
{
    double least = 21;
    for (size_t i = 0; i < es_pairs_n; i++)
        if (es_pairs[i].on == on)
            least = fmin(least,
                         es_rgb_contrast(p->v[on], p->v[es_pairs[i].ground]));
    return least;
}

void es_palette_rule(struct es_buf *b, const char *selector,
                     const struct es_palette *p)
{
    char text[ES_RGB_TEXT];
    es_buf_fmt(b, "%s{", selector);
    for (enum es_tone t = 0; t < ES_TONES; t++) {
        es_rgb_text(p->v[t], text);
        es_buf_fmt(b, "%s--%s:%s", t ? ";" : "", es_tone_name(t), text);
    }
    es_buf_str(b, "}");
}

void es_palette_css(struct es_buf *b, struct es_rgb colour)
{
    struct es_palette p;
    es_palette_of(colour, ES_MODE_LIGHT, &p);
    es_palette_rule(b, ":root", &p);
    es_buf_str(b, "@media(prefers-color-scheme:dark){");
    es_palette_of(colour, ES_MODE_DARK, &p);
    es_palette_rule(b, ":root", &p);
    es_buf_str(b, "}");
}
