/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A document for paper: what stands in it as plain data, its form as bytes,
 * and its drawing as a PDF of A4 pages whose text stays text. As with cards,
 * paper_wire.c is all that the server needs to ask for one. */
#ifndef ES_CARD_PAPER_H
#define ES_CARD_PAPER_H

#include "base/buf.h"
#include "base/err.h"
#include "i18n/i18n.h"

enum es_paper_face {
    ES_PAPER_SHEET,       /* upright; text flows from page to page */
    ES_PAPER_CERTIFICATE, /* across; one page, its lines in the middle */
    ES_PAPER_FACES
};

enum es_paper_kind {
    ES_PAPER_TITLE,   /* of the document, its heading of the first level */
    ES_PAPER_HEADING, /* of `level` 2 to 4 */
    ES_PAPER_LEAD,    /* large: a subtitle */
    ES_PAPER_DATE,    /* small and of the colour: place and date, a kind */
    ES_PAPER_TEXT,    /* a paragraph */
    ES_PAPER_QUOTE,   /* somebody's words */
    ES_PAPER_ITEM,    /* of a list `level` 1 to 4 deep, with its `mark` */
    ES_PAPER_NOTE,    /* small */
    ES_PAPER_NAME,    /* whom a certificate is for */
    ES_PAPER_FIGURE,  /* what a certificate is about: 42.2 km */
    ES_PAPER_RULE,    /* a line across */
    ES_PAPER_PERSON,  /* a portrait, where there is one; beside it the name,
                         the first span, and what follows */
    ES_PAPER_CODE,    /* the QR code of the first span's address; beside it
                         the spans */
    ES_PAPER_TABLE,
    ES_PAPER_KINDS
};

enum {
    ES_PAPER_BOLD = 1,
    ES_PAPER_ITALIC = 2,
    ES_PAPER_OWN = 4, /* a name among other words: its direction is its own */
    ES_PAPER_MARKS = 8
};

/* A piece of a text. A line feed in it breaks the line. */
struct es_paper_span {
    const char *text; /* UTF-8; NULL is "" */
    const char *link; /* http, https or mailto; NULL or "": none */
    unsigned marks;
};

enum es_paper_dir { ES_PAPER_AUTO, ES_PAPER_LTR, ES_PAPER_RTL, ES_PAPER_DIRS };

/* Rows of cells, the head first; it stands again on each page. */
struct es_paper_table {
    const char *const *cell; /* columns * rows, row by row; NULL is "" */
    size_t columns, rows;
    unsigned figures; /* bit i: column i is set at its end */
};

struct es_paper_block {
    enum es_paper_kind kind;
    unsigned level;
    enum es_paper_dir dir; /* AUTO: as its letters go, then the document's */
    const char *lang;      /* BCP 47; NULL: the document's */
    const char *mark;      /* of an item, "3."; NULL: a point */
    struct es_bytes jpeg;  /* of a person; cut square in the middle */
    const struct es_paper_span *span;
    size_t n;
    struct es_paper_table table;
};

/* Borrowed; a string that is NULL is "". */
struct es_paper {
    enum es_paper_face face;
    const struct es_lang *lang; /* of our own words: "page 1 of 2" */
    const char *tag;            /* BCP 47, of the text; decides its direction */
    uint32_t colour;            /* 0xRRGGBB, the initiative's */
    const char *title;          /* of the file, as readers show it */
    const char *author;
    const char *initiative; /* at the head of the first page */
    const char *holder;
    const char *foot; /* an address, in words */
    int64_t at_ms;    /* the document's own date */
    unsigned pages;   /* at most; 0: any number up to ES_PAPER_PAGES */
    const struct es_paper_block *block;
    size_t n;
};

/* ---- as bytes, from the server to the process that draws ---- */

/* At most ES_PAPER_BYTES; `b` is bad when it would be more. Cells and names
 * beyond their limits are cut at a character; a text is never cut. */
void es_paper_put(struct es_buf *b, const struct es_paper *p);
/* Reads what es_paper_put wrote and nothing else: *out points into `a` and
 * `in`. Words are cleaned as es_text_clean does, but for the blanks between
 * spans. ES_EMALFORMED, ES_ENOMEM; *out is then untouched. */
ES_MUST_CHECK enum es_code es_paper_get(struct es_bytes in, struct es_arena *a,
                                        struct es_paper *out, struct es_err *e);

/* The head of a job (ipc/job.h) whose file is a paper. No card begins so. */
extern const struct es_bytes ES_PAPER_HEAD;

/* ---- drawing ---- */

/* Appends a PDF. Any paper that es_paper_get accepts can be drawn; the same
 * paper gives the same bytes. After es_card_fonts (card/card.h).
 * ES_ETOOLARGE: more pages than asked for with the smallest letters that can
 * be read, or over ES_PAPER_PAGES; ES_ENOMEM, ES_EINTERNAL. */
ES_MUST_CHECK enum es_code es_paper_draw(const struct es_paper *p,
                                         struct es_buf *pdf, struct es_err *e);

/* As es_card_job, for both: a paper when the head says so. */
void es_paper_job(struct es_bytes head, struct es_bytes file,
                  struct es_buf *answer);

#endif
