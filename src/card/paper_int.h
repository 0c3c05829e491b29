/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of a document's drawing. All lengths are points, 1/72
 * inch: what Cairo's PDF surface measures in. */
#ifndef ES_CARD_PAPER_INT_H
#define ES_CARD_PAPER_INT_H

#include "base/limits.h"
#include "card/card_int.h"
#include "card/paper.h"

/* Colours on white; text in the first three is AA. */
struct es_paper_tones {
    struct es_rgb ink, soft, accent, line;
};
void es_paper_tones(uint32_t colour, struct es_paper_tones *out);

/* How a kind of text is set. */
struct es_paper_style {
    double size, before, after; /* before and after: of the size */
    double lead;                /* of the face's own line */
    int weight;                 /* PangoWeight */
    enum { ES_PAPER_INK, ES_PAPER_SOFT, ES_PAPER_ACCENT, ES_PAPER_WHITE } tone;
    bool large;      /* in the face for large letters */
    const char *tag; /* of the PDF's structure, ISO 32000-1 section 14.8.4 */
};
struct es_paper_style es_paper_style(enum es_paper_face face,
                                     enum es_paper_kind kind, unsigned level);

/* The document on its way down the pages. */
struct es_paper_flow {
    const struct es_paper *p;
    struct es_paper_tones tones;
    PangoContext *cx[2]; /* from left to right, from right to left */
    bool rtl;
    cairo_t *cr;        /* NULL: only measured */
    double scale;       /* of the letters */
    double left, width; /* of the column */
    double top, bottom; /* of the page's text */
    double y;
    double shift;         /* down, so that a certificate is in the middle */
    unsigned page, pages; /* the one in hand; how many there are */
    unsigned most;        /* pages: then it stops */
    bool full;            /* it did */
    bool list;            /* an L of the structure is open */
    bool no_memory;
};

/* A text that is set: lines of a width. */
struct es_paper_text {
    PangoLayout *layout;
    const struct es_paper_span *span;
    size_t n;
    int end[ES_PAPER_SPANS]; /* of each span in the layout's bytes */
    bool rtl;
    bool linked;
    bool swapped; /* Pango takes left for right: its letters go the other way
                     than the document, and it was to find that out */
};
struct es_paper_setting {
    struct es_paper_style style;
    enum es_paper_dir dir;
    const char *lang;
    double width;
    bool centred;
};
/* Release with es_paper_text_release. */
void es_paper_text(const struct es_paper_flow *f,
                   const struct es_paper_setting *s,
                   const struct es_paper_span *span, size_t n,
                   struct es_paper_text *out);
void es_paper_text_release(struct es_paper_text *t);
/* Against that edge, whichever way its letters go. */
void es_paper_text_align(struct es_paper_text *t, bool right);
double es_paper_text_height(const struct es_paper_text *t);
/* Its lines from..to-1 (0 and INT_MAX: all), the first at `y`; links can be
 * followed. */
void es_paper_text_show(cairo_t *cr, const struct es_paper_text *t, double x,
                        double y, int from, int to);
double es_paper_px(int units);

/* What a text has beside it, and how its pages are told. */
struct es_paper_aside {
    const char *mark; /* of an item; NULL: none */
    bool bar;         /* of a quotation */
    double indent;    /* at the line's start */
};
void es_paper_lines(struct es_paper_flow *f, const struct es_paper_block *k,
                    struct es_paper_text *t, double x,
                    const struct es_paper_style *style,
                    const struct es_paper_aside *aside);

/* Room for `h` on this page or the next one; false: no further page. */
bool es_paper_need(struct es_paper_flow *f, double h);
bool es_paper_next_page(struct es_paper_flow *f);
/* Everything; f->y and f->page then say where it ends. */
void es_paper_flow(struct es_paper_flow *f);
void es_paper_table(struct es_paper_flow *f, const struct es_paper_block *k);
/* At (x, y), `side` wide; false, and nothing: no code is long enough. */
bool es_paper_code(cairo_t *cr, const char *url, double x, double y,
                   double side, const struct es_paper_flow *f);
/* A portrait, cut square; false: no JPEG that Cairo takes. */
bool es_paper_portrait(cairo_t *cr, struct es_bytes jpeg, double x, double y,
                       double side);

/* What is on each page besides: its head before the words, which says where
 * these may stand; its foot after them, as it is read. */
void es_paper_dress(struct es_paper_flow *f);
void es_paper_foot(const struct es_paper_flow *f);
/* Appends to a whole PDF of Cairo's what Cairo can't say: the language of the
 * document, that its title is to be shown, and which way its pages go, as an
 * incremental update (ISO 32000-1 section 7.5.6). ES_EINTERNAL: it doesn't
 * look as expected. */
ES_MUST_CHECK enum es_code es_paper_say_lang(struct es_buf *pdf,
                                             const char *tag, bool rtl,
                                             struct es_err *e);

#endif
