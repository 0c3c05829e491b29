/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A page as a document for paper (card/paper.h), block by block; and sent.
 *
 *     struct es_web_paper w;
 *     es_web_paper_init(&w, q, &ini, text->lang);
 *     es_web_paper_add(&w, ES_PAPER_TITLE, text->title);
 *     es_web_paper_prose(&w, text->body);
 *     return es_web_paper_send(&w, out, "release-12-en", e);
 *
 * Words are borrowed until it is sent. Inside web/ only. */
#ifndef ES_WEB_PAPER_H
#define ES_WEB_PAPER_H

#include "card/paper.h"
#include "web/web_int.h"

struct es_web_paper {
    const struct es_req *q;
    struct es_paper paper; /* its title, date and pages are the caller's */
    struct es_paper_block *block;
    struct es_paper_span *span;  /* of the last block */
    size_t n, blocks, spans;     /* blocks; rooms for blocks, for spans */
    struct es_paper_block spare; /* when there is no memory */
    bool no_memory;
};

/* `tag`: the language of the text (BCP 47). The document is of the
 * initiative's colour, title and holder. */
void es_web_paper_init(struct es_web_paper *w, const struct es_req *q,
                       const struct es_initiative *ini, const char *tag);
/* A block with that text, which may be NULL: more can be said in it. Good
 * until the next one. */
struct es_paper_block *es_web_paper_add(struct es_web_paper *w,
                                        enum es_paper_kind kind,
                                        const char *text);
/* More words in the last block. `link` may be NULL. */
void es_web_paper_say(struct es_web_paper *w, const char *text, unsigned marks,
                      const char *link);
/* A figure as text, in the document's language and the address's units. */
const char *es_web_paper_shown(struct es_web_paper *w, struct es_shown f);
/* Somebody's text, in that language: a block for each paragraph. */
void es_web_paper_paras(struct es_web_paper *w, enum es_paper_kind kind,
                        const char *lang, const char *text);
/* Somebody's Markdown. */
void es_web_paper_prose(struct es_web_paper *w, const char *prose);
/* An address of ours, as a QR code and in words. */
void es_web_paper_code(struct es_web_paper *w, struct es_url url);
/* The PDF, called `about` as a file. Costs an address a drawing unless it is
 * drawn already; whoever has it gets 304. What doesn't fit on the
 * pages that it should takes more. 404 where nothing is drawn at all, as
 * for cards. */
ES_MUST_CHECK enum es_code es_web_paper_send(struct es_web_paper *w,
                                             struct es_resp *out,
                                             const char *about,
                                             struct es_err *e);

extern const struct es_routes ES_ROUTES_CERTIFICATE, ES_ROUTES_SAID_PAPER;

#endif
