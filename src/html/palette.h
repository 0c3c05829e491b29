/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From one colour, whatever it is, the colours of a page in light and dark:
 * its hue is kept, but that a dark yellow is amber, and lightness moved until
 * each text can be read on each of its grounds. */
#ifndef ES_HTML_PALETTE_H
#define ES_HTML_PALETTE_H

#include "base/buf.h"
#include "base/colour.h"

/* The custom properties of pages/style.css that a colour decides. */
enum es_tone {
    ES_TONE_GROUND,
    ES_TONE_PANEL,
    ES_TONE_SUNK,
    ES_TONE_TINT,
    ES_TONE_HERO,
    ES_TONE_HERO_FAR,
    ES_TONE_LINE,
    ES_TONE_EDGE,
    ES_TONE_INK,
    ES_TONE_SOFT,
    ES_TONE_ACCENT,
    ES_TONE_ACCENT_INK,
    ES_TONE_HERO_INK,
    ES_TONE_HERO_SOFT,
    ES_TONE_HERO_LINE,
    ES_TONES
};
/* "ground", of the property --ground */
const char *es_tone_name(enum es_tone t);

enum es_mode { ES_MODE_LIGHT, ES_MODE_DARK, ES_MODES };

struct es_palette {
    struct es_rgb v[ES_TONES];
};
/* The same for the same colour, always. */
void es_palette_of(struct es_rgb colour, enum es_mode mode,
                   struct es_palette *out);

/* What is written or drawn on what, and the least contrast: 4.5 for text, 3
 * for the edges of controls (WCAG 2.2, 1.4.3 and 1.4.11). */
struct es_pair {
    enum es_tone on, ground;
    double least;
};
extern const struct es_pair es_pairs[];
extern const size_t es_pairs_n;

/* The least contrast of what is written or drawn so, over all its grounds. */
double es_palette_contrast(const struct es_palette *p, enum es_tone on);

/* Appends a rule that sets the properties where `selector`, a constant, says.
 */
void es_palette_rule(struct es_buf *b, const char *selector,
                     const struct es_palette *p);
/* Appends the rules for a page, in light and dark, for after the sheet. */
void es_palette_css(struct es_buf *b, struct es_rgb colour);

#endif
