/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of a drawing: words, colours, rectangles, fitted text. */
#ifndef ES_CARD_CARD_INT_H
#define ES_CARD_CARD_INT_H

#include <pango/pangocairo.h>

#include "base/arena.h"
#include "base/colour.h"
#include "card/card.h"

/* ---- words ---- */

enum { ES_CARD_STATS = 3 };

/* What stands on a card. "" is absent. */
struct es_card_words {
    const char *title;   /* the initiative's */
    const char *holder;  /* who holds it */
    const char *eyebrow; /* small, above the name: the day, the country */
    const char *name;
    const char *figure, *unit; /* the large distance */
    struct {
        const char *value, *label;
    } stat[ES_CARD_STATS];
    const char *total, *total_label;
    const char *address; /* short, below the QR code */
    double done;         /* 0..1 of the goal; below 0: there is none */
};
ES_MUST_CHECK enum es_code es_card_words(const struct es_card *c,
                                         struct es_arena *a,
                                         struct es_card_words *out,
                                         struct es_err *e);

/* The language that a text is to be set in, as a BCP 47 tag: its own letters
 * say so where they can (Urdu, Arabic, Chinese, Japanese, Korean), `declared`
 * otherwise. Constant or `declared`. */
const char *es_card_text_lang(const char *text, const char *declared);
/* Height of a line over the size of its letters, for that text. */
double es_card_text_lead(const char *text, const char *lang);

/* ---- colours ---- */

struct es_card_palette {
    struct es_rgb sky_top, sky_low;  /* behind the text */
    struct es_rgb far, middle, near; /* hills */
    struct es_rgb ink, soft, bright; /* text: AA on all of the above */
    struct es_rgb tile, module;      /* the QR code */
};
void es_card_palette(uint32_t colour, struct es_card_palette *out);

/* ---- rectangles: pure ---- */

enum es_card_box {
    ES_BOX_TITLE,
    ES_BOX_HOLDER,
    ES_BOX_EYEBROW,
    ES_BOX_NAME,
    ES_BOX_FIGURE,
    ES_BOX_UNIT,
    ES_BOX_VALUE1, /* ES_CARD_STATS of them */
    ES_BOX_VALUE2,
    ES_BOX_VALUE3,
    ES_BOX_LABEL1,
    ES_BOX_LABEL2,
    ES_BOX_LABEL3,
    ES_BOX_TOTAL,
    ES_BOX_TOTAL_LABEL,
    ES_BOX_ADDRESS,
    ES_BOX_TEXTS, /* the ones below hold no text */
    ES_BOX_PATH = ES_BOX_TEXTS,
    ES_BOX_ROUTE,
    ES_BOX_QR,
    ES_BOXES
};

struct es_card_rect {
    double x, y, w, h; /* pixels; w == 0: absent */
};

/* Of a figure's ink: its width and what hangs below the line, over its
 * height. */
struct es_card_shape {
    double aspect, drop;
};

/* What the arrangement depends on. */
struct es_card_wish {
    enum es_card_size size;
    bool rtl;
    bool route, qr;
    bool has[ES_BOX_TEXTS];
    double lead[ES_BOX_TEXTS]; /* es_card_text_lead */
    struct es_card_shape figure, unit;
};

struct es_card_layout {
    struct es_card_rect box[ES_BOXES];
    double size[ES_BOX_TEXTS]; /* of the letters, at most */
    double base[ES_BOX_TEXTS]; /* of a single line: y in its box, over h */
    bool end[ES_BOX_TEXTS];    /* set at the line's end, not its start */
    double horizon;            /* y where the hills begin */
    double ground;             /* y where the nearest hill begins */
    double stroke;             /* of the path */
};
void es_card_lay_out(const struct es_card_wish *w, struct es_card_layout *out);

/* ---- text in its rectangle ---- */

struct es_card_style {
    int lines;      /* at most */
    double smaller; /* of the size, before lines break or words end in … */
    bool tight;     /* a figure: measured by its ink */
};

/* A piece of a line. */
struct es_card_span {
    const char *text;
    double size;  /* of the line's letters */
    int weight;   /* PangoWeight */
    bool large;   /* in the face for large letters */
    bool tracked; /* letters closer together: large figures */
    struct es_rgb colour;
};

enum { ES_CARD_SPANS = 12 };
struct es_card_phrase {
    struct es_card_span span[ES_CARD_SPANS];
    size_t n; /* 0: nothing to set */
    const char *lang;
};

/* A text that fits its box. Release with es_card_text_release. */
struct es_card_text {
    PangoLayout *layout; /* at 100 px; NULL: nothing to draw */
    double scale;        /* of the layout */
    double x, y;         /* of the scaled layout's origin */
    struct es_card_rect ink;
    bool cut; /* ends in an ellipsis */
};
/* Where a text is to stand. */
struct es_card_place {
    struct es_card_rect box;
    double size; /* of the letters, at most */
    double base; /* as in es_card_layout */
    bool right;  /* set against that edge */
};
void es_card_text_fit(PangoContext *cx, const struct es_card_phrase *text,
                      const struct es_card_style *style,
                      const struct es_card_place *at, struct es_card_text *out);
void es_card_text_release(struct es_card_text *t);
/* The faces for a text, the first choice first: `large` for titles, `figure`
 * for large figures. */
void es_card_families(char *out, size_t cap, bool large, bool figure,
                      const char *lang);
bool es_card_is_nastaliq(const char *lang);
/* A context for one drawing (g_object_unref); NULL before es_card_fonts. */
PangoContext *es_card_context(bool rtl);

/* ---- a whole card, fitted but not drawn ---- */

struct es_card_plan {
    struct es_card_words words;
    struct es_card_layout layout;
    struct es_card_text text[ES_BOX_TEXTS];
};
ES_MUST_CHECK enum es_code es_card_plan(const struct es_card *c,
                                        struct es_arena *a,
                                        struct es_card_plan *out,
                                        struct es_err *e);
void es_card_plan_release(struct es_card_plan *p);

/* ---- pieces of the picture ---- */

void es_card_source(cairo_t *cr, struct es_rgb c, double alpha);

void es_card_ground(cairo_t *cr, enum es_card_size size, bool rtl,
                    const struct es_card_layout *l,
                    const struct es_card_palette *p);
/* The hills alone, on any surface of that size. */
void es_card_hills(cairo_t *cr, double w, double h, bool rtl,
                   const struct es_card_layout *l,
                   const struct es_card_palette *p);
void es_card_path(cairo_t *cr, struct es_card_rect box, double stroke,
                  double done, bool rtl, const struct es_card_palette *p);
void es_card_route(cairo_t *cr, const struct es_card *c,
                   struct es_card_rect box, double stroke,
                   const struct es_card_palette *p);
/* At the box's bottom and its end. ES_EINTERNAL when no code is long enough. */
ES_MUST_CHECK enum es_code es_card_qr(cairo_t *cr, const char *url,
                                      struct es_card_rect box, bool rtl,
                                      const struct es_card_palette *p,
                                      struct es_err *e);
/* Appends the pixels (CAIRO_FORMAT_RGB24) as a PNG. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_card_png(cairo_surface_t *s, struct es_buf *out,
                                       struct es_err *e);

#endif
