/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/markdown.h"

#include "base/address.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "html/out.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

enum { HEADING_LAST = 6 };

struct pen {
    struct es_out *o;
    int heading;            /* level of the one written last, or above all */
    int below;              /* what stands above the prose */
    unsigned depth;         /* elements that are open */
    const cmark_node *link; /* the one that is open: they don't nest */
};

/* ---- pieces ---- */

/* Embeddings, overrides and isolates: what follows would read otherwise than it
 * is written. Marks (U+200E, U+200F) only stand where they stand. */
static bool turns(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* `s` in pieces without such characters. */
static void each_piece(const char *s, void (*put)(void *, struct es_bytes),
                       void *to)
{
    struct es_bytes all = es_bytes_str(s ? s : "");
    size_t at = 0, kept = 0;
    while (at < all.n) {
        size_t before = at;
        if (!turns(es_utf8_next(all, &at)))
            continue;
        put(to, (struct es_bytes){ all.p + kept, before - kept });
        kept = at;
    }
    if (kept < all.n)
        put(to, (struct es_bytes){ all.p + kept, all.n - kept });
}

static void put_escaped(void *to, struct es_bytes s)
{
    es_out_bytes(to, s);
}

static void put_plain(void *to, struct es_bytes s)
{
    es_buf_add(to, s.p, s.n);
}

/* The address of a link, percent-encoded where it must be (RFC 3986 section
 * 2.1), when it is one that people may be sent to. */
static bool address_of(cmark_node *n, struct es_buf *out)
{
    static const char PLAIN[] = "http://";
    const char *url = cmark_node_get_url(n);
    es_buf_init(out, ES_URL_MAX);
    for (const uint8_t *p = (const uint8_t *)(url ? url : ""); *p; p++) {
        if (*p > 0x20 && *p < 0x7f)
            es_buf_u8(out, *p);
        else
            es_buf_fmt(out, "%%%02X", (unsigned)*p);
    }
    const char *text = es_buf_cstr(out);
    if (es_address_ok(text))
        return true;
    if (strncmp(text, PLAIN, sizeof PLAIN - 1) != 0)
        return false;
    /* like https, but for those whose site has none */
    struct es_buf safe;
    es_buf_init(&safe, ES_URL_MAX + 1);
    es_buf_fmt(&safe, "https://%s", text + sizeof PLAIN - 1);
    bool ok = es_address_ok(es_buf_cstr(&safe));
    es_buf_release(&safe);
    return ok;
}

static void link_begins(struct pen *p, cmark_node *n)
{
    struct es_buf url;
    bool picture = cmark_node_get_type(n) == CMARK_NODE_IMAGE;
    bool ok = address_of(n, &url);
    if (ok && !p->link) {
        p->link = n;
        es_buf_str(p->o->buf, "<a href=\"");
        es_out_str(p->o, es_buf_cstr(&url));
        es_buf_str(p->o->buf, "\" rel=\"nofollow noopener noreferrer ugc\">");
        if (picture && !cmark_node_first_child(n)) /* says nothing of itself */
            es_out_str(p->o, es_buf_cstr(&url));
    }
    es_buf_release(&url);
}

static void link_ends(struct pen *p, const cmark_node *n)
{
    if (p->link == n) {
        p->link = NULL;
        es_buf_str(p->o->buf, "</a>");
    }
}

/* ---- elements ---- */

/* Below the page's own headings, and none left out on the way down. */
static int heading_of(struct pen *p, cmark_node *n)
{
    int level = p->below + cmark_node_get_heading_level(n);
    if (level > p->heading + 1)
        level = p->heading + 1;
    if (level > HEADING_LAST)
        level = HEADING_LAST;
    p->heading = level;
    return level;
}

/* A paragraph of a list whose items stand close together is the item. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item ? cmark_node_parent(item) : NULL;
    return list && cmark_node_get_type(list) == CMARK_NODE_LIST &&
           cmark_node_get_list_tight(list);
}

/* The name of a container's element; NULL: it has none. */
static const char *element_of(struct pen *p, cmark_node *n, bool enter)
{
    static const char *const HEADINGS[] = {
        "h1", "h2", "h3", "h4", "h5", "h6"
    };
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return "blockquote";
    case CMARK_NODE_LIST:
        return cmark_node_get_list_type(n) == CMARK_ORDERED_LIST ? "ol" : "ul";
    case CMARK_NODE_ITEM:
        return "li";
    case CMARK_NODE_PARAGRAPH:
        return is_tight(n) ? NULL : "p";
    case CMARK_NODE_HEADING:
        return HEADINGS[(enter ? heading_of(p, n) : p->heading) - 1];
    case CMARK_NODE_EMPH:
        return "em";
    case CMARK_NODE_STRONG:
        return "strong";
    default:
        return NULL;
    }
}

static void begins(struct pen *p, cmark_node *n)
{
    const char *name = element_of(p, n, true);
    if (!name)
        return;
    es_buf_fmt(p->o->buf, "<%s", name);
    if (strcmp(name, "ol") == 0 && cmark_node_get_list_start(n) != 1)
        es_buf_fmt(p->o->buf, " start=\"%d\"", cmark_node_get_list_start(n));
    /* a whole list or quotation goes one way */
    cmark_node *parent = cmark_node_parent(n);
    if (parent && cmark_node_get_type(parent) == CMARK_NODE_DOCUMENT)
        es_buf_str(p->o->buf, " dir=\"auto\"");
    es_buf_str(p->o->buf, ">");
}

static void ends(struct pen *p, cmark_node *n)
{
    const char *name = element_of(p, n, false);
    if (name)
        es_buf_fmt(p->o->buf, "</%s>", name);
}

/* What holds no other node; raw HTML too, which is shown as the text it is. */
static void leaf(struct pen *p, cmark_node *n)
{
    const char *before = "", *after = "";
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_SOFTBREAK: /* who types a new line wants one */
    case CMARK_NODE_LINEBREAK:
        es_buf_str(p->o->buf, "<br>");
        return;
    case CMARK_NODE_THEMATIC_BREAK:
        es_buf_str(p->o->buf, "<hr>");
        return;
    case CMARK_NODE_CODE:
        before = "<code>";
        after = "</code>";
        break;
    case CMARK_NODE_CODE_BLOCK:
        before = "<pre dir=\"auto\"><code>";
        after = "</code></pre>";
        break;
    case CMARK_NODE_HTML_BLOCK:
        before = "<p dir=\"auto\">";
        after = "</p>";
        break;
    default:
        break;
    }
    es_buf_str(p->o->buf, before);
    each_piece(cmark_node_get_literal(n), put_escaped, p->o);
    es_buf_str(p->o->buf, after);
}

static bool is_leaf(cmark_node *n)
{
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
    case CMARK_NODE_THEMATIC_BREAK:
    case CMARK_NODE_CODE:
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        return true;
    default:
        return false;
    }
}

/* Deeper than anybody writes, only the words are left. */
static void enter(struct pen *p, cmark_node *n)
{
    cmark_node_type type = cmark_node_get_type(n);
    if (is_leaf(n)) {
        leaf(p, n);
        return;
    }
    if (++p->depth > ES_PROSE_DEPTH)
        return;
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        link_begins(p, n);
    else
        begins(p, n);
}

static void leave(struct pen *p, cmark_node *n)
{
    cmark_node_type type = cmark_node_get_type(n);
    if (p->depth-- > ES_PROSE_DEPTH)
        return;
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        link_ends(p, n);
    else
        ends(p, n);
}

/* ---- the whole ---- */

/* NULL when there is nothing to read, or more than is read at once. libcmark
 * ends the process when it finds no memory; of ES_PROSE_MAX bytes it makes 15
 * MB at most. */
static cmark_node *read(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    return n == 0 || n > ES_PROSE_MAX
               ? NULL
               : cmark_parse_document(s, n, CMARK_OPT_DEFAULT);
}

struct es_prose es_prose(const char *s, int below)
{
    return (struct es_prose){ s, below };
}

void es_out_prose(struct es_out *o, struct es_prose prose)
{
    struct pen p = { .o = o, .heading = prose.below, .below = prose.below };
    cmark_event_type event;
    cmark_node *root = read(prose.s);
    if (!root) {
        es_out_paras(o, es_paras(prose.s));
        return;
    }
    cmark_iter *it = cmark_iter_new(root);
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(it);
        if (n == root)
            continue;
        if (event == CMARK_EVENT_ENTER)
            enter(&p, n);
        else
            leave(&p, n);
    }
    cmark_iter_free(it);
    cmark_node_free(root);
}

static void plain(struct es_buf *out, cmark_node *n)
{
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        es_buf_str(out, " ");
        return;
    default:
        each_piece(cmark_node_get_literal(n), put_plain, out);
    }
}

void es_markdown_text(struct es_buf *out, const char *prose)
{
    cmark_event_type event;
    cmark_node *root = read(prose);
    size_t start = out->n;
    if (!root) {
        es_buf_str(out, prose ? prose : "");
        return;
    }
    cmark_iter *it = cmark_iter_new(root);
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(it);
        cmark_node_type type = cmark_node_get_type(n);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (type == CMARK_NODE_HEADING) {
            cmark_iter_reset(it, n, CMARK_EVENT_EXIT);
            continue;
        }
        if (type >= CMARK_NODE_FIRST_BLOCK && type <= CMARK_NODE_LAST_BLOCK &&
            out->n > start && out->p[out->n - 1] != '\n')
            es_buf_str(out, "\n");
        if (is_leaf(n))
            plain(out, n);
    }
    cmark_iter_free(it);
    cmark_node_free(root);
}

/* ---- block by block ---- */

struct walk {
    const struct es_prose_sink *to;
    unsigned lists, quotes, strong, emph;
    const cmark_node *link;
    struct es_buf url;
    bool item; /* its first block is to come */
    int number;
};

static void piece(void *arg, struct es_bytes s)
{
    struct walk *w = arg;
    unsigned marks = (w->strong > 0 ? ES_PROSE_STRONG : 0u) |
                     (w->emph > 0 ? ES_PROSE_EMPH : 0u);
    w->to->words(w->to->arg, s, marks, w->link ? es_buf_cstr(&w->url) : NULL);
}

static void begin_block(struct walk *w, cmark_node *n)
{
    cmark_node_type type = cmark_node_get_type(n);
    enum es_prose_block kind = type == CMARK_NODE_THEMATIC_BREAK ? ES_PROSE_RULE
                               : type == CMARK_NODE_HEADING ? ES_PROSE_HEADING
                               : w->item                    ? ES_PROSE_ITEM
                               : w->quotes > 0              ? ES_PROSE_QUOTE
                                               : ES_PROSE_PARAGRAPH;
    unsigned level = kind == ES_PROSE_HEADING
                         ? (unsigned)cmark_node_get_heading_level(n)
                         : w->lists;
    w->to->block(w->to->arg, kind, level, w->item ? w->number : 0);
    w->item = false;
}

static int number_of(cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
        return 0;
    int n = cmark_node_get_list_start(list);
    for (cmark_node *at = item; (at = cmark_node_previous(at));)
        n++;
    return n;
}

static void walk_link(struct walk *w, cmark_node *n, bool enter)
{
    if (!enter && w->link == n) {
        w->link = NULL;
        es_buf_release(&w->url);
    }
    if (!enter || w->link)
        return;
    if (address_of(n, &w->url))
        w->link = n;
    else
        es_buf_release(&w->url);
    if (w->link && !cmark_node_first_child(n))
        piece(w, es_buf_bytes(&w->url));
}

static void walk_node(struct walk *w, cmark_node *n, bool enter)
{
    int by = enter ? 1 : -1;
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_LIST:
        w->lists += (unsigned)by;
        return;
    case CMARK_NODE_BLOCK_QUOTE:
        w->quotes += (unsigned)by;
        return;
    case CMARK_NODE_STRONG:
        w->strong += (unsigned)by;
        return;
    case CMARK_NODE_EMPH:
        w->emph += (unsigned)by;
        return;
    case CMARK_NODE_ITEM:
        w->item = enter;
        w->number = enter ? number_of(n) : 0;
        return;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        walk_link(w, n, enter);
        return;
    default:
        break;
    }
    cmark_node_type type = cmark_node_get_type(n);
    if (enter && type >= CMARK_NODE_FIRST_BLOCK &&
        type <= CMARK_NODE_LAST_BLOCK)
        begin_block(w, n);
    if (!enter || !is_leaf(n) || type == CMARK_NODE_THEMATIC_BREAK)
        return;
    if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
        piece(w, es_bytes_str("\n"));
    else
        each_piece(cmark_node_get_literal(n), piece, w);
}

void es_markdown_walk(const char *prose, const struct es_prose_sink *to)
{
    struct walk w = { .to = to };
    cmark_event_type event;
    cmark_node *root = read(prose);
    if (!root && prose && *prose) {
        to->block(to->arg, ES_PROSE_PARAGRAPH, 0, 0);
        each_piece(prose, piece, &w);
    }
    if (!root)
        return;
    cmark_iter *it = cmark_iter_new(root);
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE)
        if (cmark_iter_get_node(it) != root)
            walk_node(&w, cmark_iter_get_node(it), event == CMARK_EVENT_ENTER);
    cmark_iter_free(it);
    cmark_node_free(root);
    es_buf_release(&w.url);
}
