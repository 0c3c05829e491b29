/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An organiser's prose: CommonMark 0.30, read by libcmark, written by an
 * allow-list of our own. es_out_prose (html/out.h) makes the page of it. */
#ifndef ES_HTML_MARKDOWN_H
#define ES_HTML_MARKDOWN_H

#include "base/buf.h"

/* Appends what `prose` says without its marks: a line for each paragraph and
 * code block, headings left out, for descriptions, cards and feeds. Marks of
 * direction are dropped. NULL appends nothing; a text longer than
 * ES_PROSE_MAX is appended as it is. */
void es_markdown_text(struct es_buf *out, const char *prose);

/* What prose says, block by block, for who writes it otherwise than as HTML:
 * the same words as on a page, in the same order. Lists and quotations that
 * hold more than one paragraph give several blocks. */
enum es_prose_block {
    ES_PROSE_PARAGRAPH,
    ES_PROSE_HEADING, /* level 1 to 6, as it is written */
    ES_PROSE_QUOTE,
    ES_PROSE_ITEM, /* level: how deep, from 1; the first block of an item */
    ES_PROSE_RULE
};
enum { ES_PROSE_STRONG = 1, ES_PROSE_EMPH = 2 };

struct es_prose_sink {
    /* `number` of an item in an ordered list; 0: it has none */
    void (*block)(void *arg, enum es_prose_block kind, unsigned level,
                  int number);
    /* Of the block that began last; a line feed breaks its line. `link` is
     * NULL or an address that people may be sent to. Both end with the call. */
    void (*words)(void *arg, struct es_bytes s, unsigned marks,
                  const char *link);
    void *arg;
};
void es_markdown_walk(const char *prose, const struct es_prose_sink *to);

#endif
