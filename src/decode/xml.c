/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/xml.h"

#include <expat.h>

#include "base/utf8.h"

enum { PIECE = 65536 }; /* bytes handed to expat at once */

struct es_xml {
    XML_Parser p;
    struct es_xml_reader *r;
    const XML_Char **atts; /* only during a start handler */
    struct es_err *e;
    enum es_code rc; /* why a handler stopped the parser */
    size_t n;        /* bytes of the input */
    int64_t shift;   /* from expat's offsets to the input's */
    size_t depth;
    size_t n_text;
    bool text_long;
    uint8_t state[ES_XML_DEPTH + 1];
    uint8_t text[ES_XML_TOKEN];
};

/* ---- memory: what the parser may hold is counted ---- */

struct budget {
    size_t left;
    bool spent; /* a request was refused for its size */
};

/* expat's memory functions are given no context, so this one must stand
 * outside; it is set for the time of one es_xml_read only. */
static _Thread_local struct budget *budget;

struct block {
    size_t n;
    size_t pad; /* keeps what follows aligned to 16 */
};

static void *xml_realloc(void *old, size_t n)
{
    struct block *b = old ? (struct block *)old - 1 : NULL;
    size_t had = b ? b->n : 0;
    if (n > had && n - had > budget->left) {
        budget->spent = true;
        return NULL;
    }
    struct block *now = realloc(b, sizeof *now + n);
    if (!now)
        return NULL;
    budget->left = budget->left + had - n;
    now->n = n;
    return now + 1;
}

static void *xml_malloc(size_t n)
{
    return xml_realloc(NULL, n);
}

static void xml_free(void *p)
{
    if (!p)
        return;
    struct block *b = (struct block *)p - 1;
    budget->left += b->n;
    free(b);
}

/* ---- names and text ---- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool es_xml_name_eq(struct es_bytes name, const char *want)
{
    for (size_t i = 0; i < name.n; i++)
        if (want[i] == '\0' || lower(name.p[i]) != lower((uint8_t)want[i]))
            return false;
    return want[name.n] == '\0';
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct es_bytes es_xml_trim(struct es_bytes s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* Prefixes are cut and not resolved: real files use undeclared ones. */
static struct es_bytes local_name(const char *qname)
{
    const char *from = qname;
    const char *at = qname; /* names are short: one pass, no calls */
    for (; *at; at++)
        if (*at == ':')
            from = at + 1;
    return (struct es_bytes){ (const uint8_t *)from, (size_t)(at - from) };
}

struct es_bytes es_xml_attr(const struct es_xml *x, const char *name)
{
    for (size_t i = 0; x->atts && x->atts[i]; i += 2)
        if (es_xml_name_eq(local_name(x->atts[i]), name))
            return es_xml_trim(es_bytes_str(x->atts[i + 1]));
    return (struct es_bytes){ NULL, 0 };
}

size_t es_xml_at(const struct es_xml *x)
{
    int64_t at = (int64_t)XML_GetCurrentByteIndex(x->p) + x->shift;
    if (at < 0) /* inside what was put in place of a byte */
        return 0;
    return (size_t)at < x->n ? (size_t)at : x->n;
}

/* ---- the table ---- */

static const struct es_xml_row *row_of(const struct es_xml_reader *r,
                                       uint8_t parent, struct es_bytes name)
{
    const struct es_xml_row *other = NULL;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct es_xml_row *row = &r->rows[i];
        if (row->parent != parent)
            continue;
        if (!row->name)
            other = row;
        else if (name.n && lower(name.p[0]) == lower((uint8_t)row->name[0]) &&
                 es_xml_name_eq(name, row->name))
            return row;
    }
    return other;
}

static uint8_t state_of(const struct es_xml_reader *r, uint8_t parent,
                        struct es_bytes name)
{
    if (parent == ES_XML_OTHER)
        return ES_XML_OTHER;
    const struct es_xml_row *row = row_of(r, parent, name);
    if (row && !row->name && row->state != parent) {
        const struct es_xml_row *inner = row_of(r, row->state, name);
        row = inner ? inner : row;
    }
    return row ? row->state : ES_XML_OTHER;
}

/* ---- expat's handlers ---- */

static void stop(struct es_xml *x, enum es_code rc)
{
    x->rc = rc;
    (void)XML_StopParser(x->p, XML_FALSE);
}

static void too_complex(struct es_xml *x, const char *what, int limit)
{
    stop(x,
         es_fail(x->e, ES_ECOMPLEX, es_xml_at(x), "%s over %d", what, limit));
}

static bool attrs_fit(struct es_xml *x, const XML_Char **atts)
{
    for (size_t i = 0; atts[i]; i++) {
        if (i >= 2 * (size_t)ES_XML_ATTRS) {
            too_complex(x, "attributes", ES_XML_ATTRS);
            return false;
        }
        if (strlen(atts[i]) > ES_XML_TOKEN) {
            too_complex(x, "attribute's bytes", ES_XML_TOKEN);
            return false;
        }
    }
    return true;
}

static void XMLCALL on_start(void *ctx, const XML_Char *name,
                             const XML_Char **atts)
{
    struct es_xml *x = ctx;
    if (x->rc != ES_OK)
        return;
    if (x->depth == ES_XML_DEPTH) {
        too_complex(x, "depth", ES_XML_DEPTH);
        return;
    }
    if (!attrs_fit(x, atts))
        return;
    uint8_t s = state_of(x->r, x->state[x->depth], local_name(name));
    x->state[++x->depth] = s;
    x->n_text = 0;
    x->text_long = false;
    if (x->depth == 1)
        x->r->root_known = s != ES_XML_OTHER;
    if (s == ES_XML_OTHER)
        return;
    x->atts = atts;
    enum es_code rc = x->r->start(x->r->ctx, x, s, x->e);
    x->atts = NULL;
    if (rc != ES_OK)
        stop(x, rc);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct es_xml *x = ctx;
    (void)name;
    if (x->rc != ES_OK)
        return;
    uint8_t s = x->state[x->depth--];
    struct es_bytes text = { x->text, x->text_long ? 0 : x->n_text };
    x->n_text = 0;
    x->text_long = false;
    if (s == ES_XML_OTHER)
        return;
    enum es_code rc = x->r->end(x->r->ctx, x, s, es_xml_trim(text), x->e);
    if (rc != ES_OK)
        stop(x, rc);
}

static void XMLCALL on_text(void *ctx, const XML_Char *s, int n)
{
    struct es_xml *x = ctx;
    size_t len = (size_t)n;
    if (x->state[x->depth] == ES_XML_OTHER || x->text_long)
        return;
    if (len > sizeof x->text - x->n_text) {
        x->text_long = true;
        return;
    }
    memcpy(x->text + x->n_text, s, len);
    x->n_text += len;
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name,
                               const XML_Char *sysid, const XML_Char *pubid,
                               int internal)
{
    struct es_xml *x = ctx;
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    stop(x, es_fail(x->e, ES_EDOCTYPE, es_xml_at(x),
                    "a document type is not accepted"));
}

/* ---- feeding ---- */

static bool is_utf16(struct es_bytes in)
{
    if (in.n < 4)
        return false;
    return (in.p[0] == 0xfe && in.p[1] == 0xff) ||
           (in.p[0] == 0xff && in.p[1] == 0xfe) ||
           (in.p[0] == 0 && in.p[1] == '<') || (in.p[0] == '<' && in.p[1] == 0);
}

static bool is_dropped(uint8_t c)
{
    return c < 0x20 && !is_space(c);
}

/* White space and byte-order marks before the first tag, in any order. */
static size_t leading(struct es_bytes in)
{
    size_t at = 0;
    while (at < in.n) {
        if (is_space(in.p[at]) || is_dropped(in.p[at]))
            at++;
        else if (in.n - at >= 3 && in.p[at] == 0xef && in.p[at + 1] == 0xbb &&
                 in.p[at + 2] == 0xbf)
            at += 3;
        else
            break;
    }
    return at;
}

/* Whether any byte is not ASCII, and any has to be dropped. In blocks, which
 * the compiler turns into vectors: nearly all files hold neither. */
static void scan(struct es_bytes in, bool *wide, bool *dropped)
{
    enum { BLOCK = 64 };
    uint8_t high = 0;
    uint8_t odd = 0;
    for (; in.n >= BLOCK; in.p += BLOCK, in.n -= BLOCK)
        for (size_t i = 0; i < BLOCK; i++) {
            high |= in.p[i];
            odd |= is_dropped(in.p[i]);
        }
    for (size_t i = 0; i < in.n; i++) {
        high |= in.p[i];
        odd |= is_dropped(in.p[i]);
    }
    *wide = high & 0x80;
    *dropped = odd;
}

/* Text that ends in mid-character was cut; all before it may be UTF-8. */
static bool is_utf8(struct es_bytes in)
{
    size_t at = 0;
    while (at < in.n) {
        size_t was = at;
        if (in.p[at] < 0x80)
            at++;
        else if (es_utf8_next(in, &at) == ES_UTF8_BAD)
            return in.n - was < 4;
    }
    return true;
}

static enum es_code failure(struct es_xml *x)
{
    enum XML_Error err = XML_GetErrorCode(x->p);
    if (x->rc != ES_OK)
        return x->rc;
    switch (err) {
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
        return es_fail(x->e, ES_ETRUNCATED, es_xml_at(x),
                       "the file ends early");
    case XML_ERROR_NO_MEMORY:
        if (budget->spent)
            return es_fail(x->e, ES_ECOMPLEX, es_xml_at(x), "a token too long");
        return es_fail(x->e, ES_ENOMEM, es_xml_at(x), "out of memory");
    default:
        return es_fail(x->e, ES_EMALFORMED, es_xml_at(x), "%s",
                       XML_ErrorString(err));
    }
}

static bool feed(struct es_xml *x, struct es_bytes s, bool last)
{
    while (s.n > PIECE) {
        if (XML_Parse(x->p, (const char *)s.p, PIECE, 0) != XML_STATUS_OK)
            return false;
        s.p += PIECE;
        s.n -= PIECE;
    }
    return XML_Parse(x->p, s.n ? (const char *)s.p : "", (int)s.n, last) ==
           XML_STATUS_OK;
}

static bool starts(struct es_bytes s, const char *with)
{
    size_t n = strlen(with);
    return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* Whether `s`, which begins with '&', begins with a reference that any XML may
 * hold: one of the five names, or the number of a character. */
static bool is_reference(struct es_bytes s)
{
    static const char *const NAMES[] = { "&lt;", "&gt;", "&amp;", "&quot;",
                                         "&apos;" };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (starts(s, NAMES[i]))
            return true;
    bool hex = s.n > 2 && s.p[2] == 'x';
    uint32_t c = 0;
    size_t at = hex ? 3 : 2;
    size_t from = at;
    for (; s.n > 1 && s.p[1] == '#' && at < s.n && at < from + 7; at++) {
        uint8_t d = lower(s.p[at]);
        if (d >= '0' && d <= '9')
            c = c * (hex ? 16 : 10) + (uint32_t)(d - '0');
        else if (hex && d >= 'a' && d <= 'f')
            c = c * 16 + (uint32_t)(d - 'a' + 10);
        else
            break;
    }
    bool allowed = (c >= 0x20 && c < 0xd800) || (c > 0xdfff && c < 0xfffe) ||
                   (c > 0xffff && c <= 0x10ffff) ||
                   (c < 0x20 && is_space((uint8_t)c));
    return at > from && at < s.n && s.p[at] == ';' && allowed;
}

/* The length of the comment or CDATA section that `s` begins with, where an
 * '&' is only itself; 0 when it begins with none. */
static size_t verbatim(struct es_bytes s)
{
    const char *end = starts(s, "<!--")        ? "-->"
                      : starts(s, "<![CDATA[") ? "]]>"
                                               : NULL;
    if (!end)
        return 0;
    const uint8_t *p = memmem(s.p, s.n, end, 3);
    return p ? (size_t)(p - s.p) : s.n;
}

/* What stands in place of the byte that `s` begins with; NULL when it may
 * stay. */
static const char *mend(struct es_bytes s, bool as_is)
{
    if (is_dropped(s.p[0]))
        return "";
    if (s.p[0] == '&' && !as_is && !is_reference(s))
        return "&amp;";
    return NULL;
}

static bool feed_mended(struct es_xml *x, struct es_bytes in, size_t base)
{
    size_t from = 0;
    size_t as_is = 0; /* up to here, '&' is only itself */
    for (size_t i = 0; i < in.n; i++) {
        uint8_t c = in.p[i];
        if (c > '<' || (c != '<' && c != '&' && !is_dropped(c)))
            continue; /* nearly all */
        struct es_bytes rest = { in.p + i, in.n - i };
        if (c == '<' && i >= as_is)
            as_is = i + verbatim(rest);
        const char *other = mend(rest, i < as_is);
        if (!other)
            continue;
        struct es_bytes before = { in.p + from, i - from };
        if (!feed(x, before, false) || !feed(x, es_bytes_str(other), false))
            return false;
        if (x->r->n_mended++ == 0)
            x->r->mended_at = base + i;
        x->shift += 1 - (int64_t)strlen(other);
        from = i + 1;
    }
    return feed(x, (struct es_bytes){ in.p + from, in.n - from }, true);
}

static enum es_code run(struct es_xml *x, struct es_bytes in)
{
    bool wide = is_utf16(in);
    size_t base = wide ? 0 : leading(in);
    struct es_bytes body = { in.p + base, in.n - base };
    bool letters = false;
    bool dropped = false;
    scan(body, &letters, &dropped);
    bool mends = !wide && (dropped || memchr(body.p, '&', body.n) != NULL);
    x->shift = (int64_t)base;
    const char *encoding = wide                        ? "UTF-16"
                           : !letters || is_utf8(body) ? "UTF-8"
                                                       : "ISO-8859-1";
    const XML_Memory_Handling_Suite mem = { xml_malloc, xml_realloc, xml_free };

    x->p = XML_ParserCreate_MM(encoding, &mem, NULL);
    if (!x->p)
        return es_fail(x->e, ES_ENOMEM, 0, "out of memory");
    /* Ours, so that expat asks the system for none; different from one process
     * to the next, which is all that a table of names needs. */
    (void)XML_SetHashSalt(x->p, (unsigned long)(uintptr_t)x | 1);
    XML_SetUserData(x->p, x);
    XML_SetElementHandler(x->p, on_start, on_end);
    XML_SetCharacterDataHandler(x->p, on_text);
    XML_SetStartDoctypeDeclHandler(x->p, on_doctype);
    bool ok = mends ? feed_mended(x, body, base) : feed(x, body, true);
    enum es_code rc = ok && x->rc == ES_OK ? ES_OK : failure(x);
    XML_ParserFree(x->p);
    return rc;
}

enum es_code es_xml_read(struct es_xml_reader *r, struct es_bytes in,
                         struct es_err *e)
{
    struct budget b = { .left = r->mem_max ? r->mem_max : ES_XML_MEM };
    struct es_xml x = { .r = r, .e = e, .n = in.n };
    if (in.n == 0)
        return es_fail(e, ES_ETRUNCATED, 0, "the file ends early");
    r->root_known = false;
    r->n_mended = r->mended_at = 0;
    budget = &b;
    enum es_code rc = run(&x, in);
    budget = NULL;
    return rc;
}
