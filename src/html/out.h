/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a compiled page writes with. A handler:
 *
 *     struct es_out o = es_out_of(&resp->body, lang);
 *     es_page_join(&o, &view);
 *
 * and then looks at resp->body.bad once. */
#ifndef ES_HTML_OUT_H
#define ES_HTML_OUT_H

#include "html/url.h"
#include "i18n/i18n.h"

/* Where an address of ours leads in a page that is kept as a file. `to` gives
 * what is written in its place: clean, from wherever it likes to keep it. */
struct es_out_moved {
    const char *(*to)(void *arg, const char *path, const struct es_lang *lang);
    void *arg;
};

/* Where a page goes and for whom. Borrowed. */
struct es_out {
    struct es_buf *buf;
    const struct es_lang *lang;
    enum es_units units;
    bool keep_lang; /* the reader chose with ?lang=: links of ours repeat it */
    const struct es_out_moved *moved; /* NULL: we serve the page */
};

/* In kilometres, until `units` is set. */
struct es_out es_out_of(struct es_buf *buf, const struct es_lang *lang);
struct es_reader es_out_reader(const struct es_out *o);

/* Markup that is known to be good, made by our own code. */
struct es_html {
    struct es_bytes s;
};
/* A person's or team's name: isolated, so that its direction stays its own. */
struct es_name {
    const char *s;
};
struct es_name es_name(const char *s);
/* The same where no element may stand: in <title>. */
struct es_isolated {
    const char *s;
};
struct es_isolated es_isolated(const char *s);
/* Somebody's text: paragraphs at blank lines, line breaks kept. */
struct es_paras {
    const char *s;
};
struct es_paras es_paras(const char *s);
/* An organiser's prose in Markdown (html/markdown.c): no markup but what the
 * list there allows, no picture from elsewhere, links that tell nobody who
 * came; `below` is the level of the heading that stands over it, 1 to 5. */
struct es_prose {
    const char *s;
    int below;
};
struct es_prose es_prose(const char *s, int below);

/* An address of this page in another language. */
struct es_url_in {
    struct es_url url;
    const struct es_lang *lang;
};
struct es_url_in es_url_in(struct es_url url, const struct es_lang *lang);

/* An address of this page in other units. */
struct es_url_units {
    struct es_url url;
    enum es_units units;
};
struct es_url_units es_url_units(struct es_url url, enum es_units units);

/* The writers. Each escapes & < > " ' and replaces what is not UTF-8, and
 * controls other than tab and line ends, by U+FFFD. A line ends with LF,
 * however it came. NULL writes nothing. */
void es_out_lit(struct es_out *o, size_t n, const char *s); /* as it is */
void es_out_str(struct es_out *o, const char *s);
void es_out_bytes(struct es_out *o, struct es_bytes s);
void es_out_i64(struct es_out *o, int64_t v); /* plain digits, for machines */
void es_out_u64(struct es_out *o, uint64_t v);
void es_out_shown(struct es_out *o, struct es_shown f);
void es_out_html(struct es_out *o, struct es_html h);
void es_out_paras(struct es_out *o, struct es_paras p);
void es_out_title(struct es_out *o, struct es_isolated n);
void es_out_prose(struct es_out *o, struct es_prose p);
void es_out_bdi(struct es_out *o, struct es_name n); /* in text: <bdi> */
/* In an attribute: U+2068 and U+2069 around it. */
void es_out_isolated(struct es_out *o, struct es_name n);
void es_out_url_text(struct es_out *o, struct es_url u);
void es_out_href(struct es_out *o, struct es_url u);
void es_out_href_in(struct es_out *o, struct es_url_in u);
void es_out_href_units(struct es_out *o, struct es_url_units u);
void es_out_path(struct es_out *o, const char *path); /* a constant of a page */

/* What stands between {{ }}, by type. What has no line here doesn't compile:
 * no double without a format, no bool, no struct by accident. */
#define ES_WRITER_COMMON                                                       \
    char * : es_out_str,                                                       \
             const char * : es_out_str,                                        \
                            struct es_bytes : es_out_bytes,                    \
                                              int : es_out_i64,                \
                                                    long : es_out_i64,         \
                                                           long long           \
        : es_out_i64,                                                          \
          unsigned : es_out_u64,                                               \
                     unsigned long : es_out_u64,                               \
                                     struct es_shown : es_out_shown,           \
                                                       struct es_url           \
        : es_out_url_text
#define ES_TEXT(o, x)                                                          \
    _Generic((x), ES_WRITER_COMMON, struct es_name                             \
             : es_out_bdi, struct es_html                                      \
             : es_out_html, struct es_paras                                    \
             : es_out_paras, struct es_prose                                   \
             : es_out_prose, struct es_isolated                                \
             : es_out_title)(o, x)
#define ES_ATTR(o, x)                                                          \
    _Generic((x), ES_WRITER_COMMON, struct es_name : es_out_isolated)(o, x)
#define ES_HREF(o, x)                                                          \
    _Generic((x), struct es_url                                                \
             : es_out_href, struct es_url_in                                   \
             : es_out_href_in, struct es_url_units                             \
             : es_out_href_units)(o, x)

/* A message with {1}..{9} and {n}, written piece by piece:
 *     for (m = es_message_of(text, n); es_message_next(o, &m);)
 *         switch (m.arg) { case 1: ...; }                                    */
struct es_message {
    const char *rest;
    int64_t n;
    int arg; /* the argument whose turn it is */
};
struct es_message es_message_of(const char *text, int64_t n);
bool es_message_next(struct es_out *o, struct es_message *m);

#endif
