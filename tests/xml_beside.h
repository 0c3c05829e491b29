/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One document read by our parser and by expat: whether both see the same.
 * For a test and a fuzz target. */
#ifndef ES_TESTS_XML_BESIDE_H
#define ES_TESTS_XML_BESIDE_H

#include <expat.h>

#include "base/buf.h"
#include "decode/xml.h"

enum { DOC = ES_XML_DOC, ANY, LEAF };

/* Every element but those named "l", in which nothing is looked at. */
static const struct es_xml_row ROWS[] = {
    { ANY, "l", LEAF },
    { ANY, NULL, ANY },
    { DOC, NULL, ANY },
};
static const struct es_xml_table TABLE = { ROWS, sizeof ROWS / sizeof *ROWS,
                                           0 };

/* What a reader saw: "<a's value(" for a start, "text)" for an end. */
struct seen {
    struct es_buf log;
    struct es_buf text; /* since the last tag */
    size_t depth;
    size_t in_leaf; /* the leaf's depth, 0 outside of any */
    bool good;
    bool mended;
    enum XML_Error why;
    struct es_err err;
};

static inline void seen_init(struct seen *s)
{
    *s = (struct seen){ 0 };
    es_buf_init(&s->log, 1u << 20);
    es_buf_init(&s->text, 1u << 20);
}

static inline void seen_release(struct seen *s)
{
    es_buf_release(&s->log);
    es_buf_release(&s->text);
}

/* Without white space: expat makes one of another, and we trim. */
static inline void log_text(struct seen *s, struct es_bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!strchr(" \t\r\n", text.p[i]))
            es_buf_u8(&s->log, text.p[i]);
}

/* ---- expat's ---- */

static inline bool is_leaf(const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *local = colon ? colon + 1 : name;
    return (*local | 0x20) == 'l' && local[1] == '\0';
}

static inline void on_start(void *user, const XML_Char *name,
                            const XML_Char **atts)
{
    struct seen *s = user;
    s->depth++;
    es_buf_clear(&s->text);
    if (s->in_leaf)
        return;
    if (is_leaf(name)) {
        s->in_leaf = s->depth;
        return;
    }
    es_buf_str(&s->log, "<");
    for (size_t i = 0; atts[i]; i += 2) {
        const char *colon = strrchr(atts[i], ':');
        const char *local = colon ? colon + 1 : atts[i];
        if ((*local | 0x20) != 'a' || local[1])
            continue;
        log_text(s, es_bytes_str(atts[i + 1]));
        break;
    }
    es_buf_str(&s->log, "(");
}

static inline void on_end(void *user, const XML_Char *name)
{
    struct seen *s = user;
    (void)name;
    if (!s->in_leaf || s->in_leaf == s->depth) {
        log_text(s, es_buf_bytes(&s->text));
        es_buf_str(&s->log, ")");
        s->in_leaf = 0;
    }
    s->depth--;
    es_buf_clear(&s->text);
}

static inline void on_text(void *user, const XML_Char *p, int n)
{
    struct seen *s = user;
    es_buf_add(&s->text, p, (size_t)n);
}

static inline void read_theirs(struct es_bytes in, struct seen *s)
{
    XML_Parser p = XML_ParserCreate(NULL);
    XML_SetUserData(p, s);
    XML_SetElementHandler(p, on_start, on_end);
    XML_SetCharacterDataHandler(p, on_text);
    s->good = XML_Parse(p, (const char *)in.p, (int)in.n, 1) == XML_STATUS_OK;
    s->why = XML_GetErrorCode(p);
    XML_ParserFree(p);
}

/* ---- ours ---- */

static inline void read_ours(struct es_bytes in, struct seen *s)
{
    struct es_arena a;
    struct es_xml *x = NULL;
    struct es_xml_tag tag;
    enum es_xml_event ev = ES_XML_FAILED;
    es_arena_init(&a, 16u << 20);
    if (es_xml_open(&x, &TABLE, in, &a, &s->err) != ES_OK)
        abort(); /* there is memory enough */
    do {
        ev = es_xml_next(x, &tag, &s->err);
        if (ev == ES_XML_OPEN) {
            es_buf_str(&s->log, "<");
            log_text(s, es_xml_attr(x, "a"));
            es_buf_str(&s->log, "(");
        } else if (ev == ES_XML_CLOSE || ev == ES_XML_LEAF) {
            log_text(s, tag.text);
            es_buf_str(&s->log, ")");
        }
    } while (ev != ES_XML_DONE && ev != ES_XML_FAILED);
    struct es_xml_faults f = es_xml_faults(x);
    s->good = ev == ES_XML_DONE;
    s->mended = f.n_mended || f.encoding;
    es_arena_release(&a);
}

/* ---- side by side ---- */

/* White space before the declaration, and marks other than one at the very
 * beginning, are among the leniencies. */
static inline bool is_lenient(struct es_bytes in)
{
    size_t at = 0;
    bool marks = false;
    while (at < in.n && (in.p[at] <= ' ' || in.p[at] >= 0x80)) {
        marks |= at > 0 && in.p[at] == 0xef;
        at++;
    }
    return marks ||
           (at > 0 && in.n - at >= 5 && memcmp(in.p + at, "<?xml", 5) == 0);
}

static inline bool begins(const struct es_buf *a, const struct es_buf *with)
{
    return a->n >= with->n &&
           (with->n == 0 || memcmp(a->p, with->p, with->n) == 0);
}

static inline void show(struct es_bytes in, const struct seen *ours,
                        const struct seen *theirs)
{
    fprintf(stderr, "%.*s\nours (%s%s): %.*s\nexpat (%s): %.*s\n", (int)in.n,
            (const char *)in.p, ours->good ? "good" : ours->err.msg,
            ours->mended ? ", mended" : "", (int)ours->log.n,
            (const char *)ours->log.p, XML_ErrorString(theirs->why),
            (int)theirs->log.n, (const char *)theirs->log.p);
}

/* False, having shown both on stderr, when they don't agree. *good: expat reads
 * the document to its end. */
static inline bool agree(struct es_bytes in, bool *good)
{
    struct seen ours;
    struct seen theirs;
    seen_init(&ours);
    seen_init(&theirs);
    read_ours(in, &ours);
    read_theirs(in, &theirs);
    *good = theirs.good;
    bool same = *good == (ours.good && !ours.mended);
    if (*good || !ours.mended)
        same = same &&
               es_bytes_eq(es_buf_bytes(&ours.log), es_buf_bytes(&theirs.log));
    else
        same = same && begins(&ours.log, &theirs.log);
    bool other = ours.err.code == ES_EDOCTYPE || ours.err.code == ES_ECOMPLEX ||
                 is_lenient(in) || theirs.why == XML_ERROR_UNKNOWN_ENCODING;
    if (!same && !other)
        show(in, &ours, &theirs);
    seen_release(&ours);
    seen_release(&theirs);
    return same || other;
}

#endif
