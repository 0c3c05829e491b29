/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between tags and in them, where it is more than plain text. */
#include "base/utf8.h"
#include "decode/xml_int.h"
#include "decode/xml_scan.h"

static bool is_space(uint8_t c)
{
    return ES_XML_CLASS[c] & ES_XML_SPACE;
}

static const uint8_t *skip_space(const uint8_t *p, const uint8_t *end)
{
    while (p < end && is_space(*p))
        p++;
    return p;
}

static bool starts(const uint8_t *p, const uint8_t *end, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(end - p) >= n && memcmp(p, with, n) == 0;
}

static bool malformed(struct es_xml *x, const uint8_t *at)
{
    return es_xml_fail(x, ES_EMALFORMED, at, "not well-formed");
}

/* ---- references ---- */

static bool is_char(uint32_t c)
{
    return (c >= 0x20 && c < 0xd800) || (c > 0xdfff && c < 0xfffe) ||
           (c > 0xffff && c <= 0x10ffff) || c == '\t' || c == '\n' || c == '\r';
}

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* "&#65;" and "&#x41;". */
static size_t number(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
    const uint8_t *at = p + 2;
    int base = 10;
    *c = 0;
    if (at < end && *at == 'x') {
        base = 16;
        at++;
    }
    const uint8_t *from = at;
    for (; at < end && digit(*at) < base; at++)
        if (*c < 0x110000) /* and there it stays: no such character */
            *c = *c * (uint32_t)base + (uint32_t)digit(*at);
    if (at == from || at == end || *at != ';' || !is_char(*c))
        return 0;
    return (size_t)(at - p) + 1;
}

/* The length of the reference that `p`, an '&', begins, and its character; 0
 * when it begins none that any XML may hold. */
static size_t reference(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
    static const struct {
        const char *name;
        char c;
    } NAMES[] = { { "&lt;", '<' },
                  { "&gt;", '>' },
                  { "&amp;", '&' },
                  { "&quot;", '"' },
                  { "&apos;", '\'' } };
    if (end - p > 1 && p[1] == '#')
        return number(p, end, c);
    if (end - p < 4 || !(ES_XML_CLASS[p[1]] & ES_XML_FIRST))
        return 0;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (starts(p, end, NAMES[i].name)) {
            *c = (uint8_t)NAMES[i].c;
            return strlen(NAMES[i].name);
        }
    return 0;
}

static void mended(struct es_xml *x, const uint8_t *at)
{
    struct es_xml_faults *f = &x->faults;
    if (!x->stray) { /* later ones stand further on */
        size_t in_text = (size_t)(at - x->source.text.p);
        size_t place = es_xml_source_at(&x->source, in_text);
        if (f->n_mended == 0 || place < f->mended_at)
            f->mended_at = place;
    }
    x->stray = true;
    f->n_mended++;
}

/* ---- comments, instructions, the declaration ---- */

/* x->p stands at "<!--". */
static bool comment(struct es_xml *x)
{
    const uint8_t *from = x->p;
    for (const uint8_t *p = from + 4;; p++) {
        p = es_scan_for(p, x->end, '-', '-', '-');
        if (x->end - p < 3)
            return es_xml_cut(x, from);
        if (p[1] != '-')
            continue;
        if (p[2] != '>')
            return malformed(x, p + 2);
        x->p = p + 3;
        return true;
    }
}

/* x->p stands at "<?". */
static bool instruction(struct es_xml *x)
{
    const uint8_t *from = x->p;
    const uint8_t *local;
    size_t n = es_xml_name(from + 2, x->end, &local);
    const uint8_t *p = from + 2 + n;
    struct es_bytes name = { from + 2, n };
    if (p == x->end)
        return es_xml_cut(x, from);
    if (n == 0 || es_bytes_is(name, "xml"))
        return malformed(x, from);
    if (!is_space(*p) && !starts(p, x->end, "?>")) {
        if (*p == '?' && x->end - p < 2)
            return es_xml_cut(x, from);
        return malformed(x, p);
    }
    for (;; p++) {
        p = es_scan_for(p, x->end, '?', '?', '?');
        if (x->end - p < 2)
            return es_xml_cut(x, from);
        if (p[1] == '>')
            break;
    }
    x->p = p + 2;
    return true;
}

/* ` name = "value"` of the declaration; name.n is 0 at its end. The values
 * that it may have need few letters. */
static bool pseudo(const uint8_t **at, const uint8_t *end,
                   struct es_bytes *name, struct es_bytes *value)
{
    const uint8_t *p = skip_space(*at, end);
    *name = *value = (struct es_bytes){ NULL, 0 };
    if (p == end) {
        *at = p;
        return true;
    }
    if (p == *at)
        return false;
    name->p = p;
    while (p < end && *p < 0x80 && *p != '=' && !is_space(*p))
        p++;
    name->n = (size_t)(p - name->p);
    p = skip_space(p, end);
    if (name->n == 0 || p == end || *p != '=')
        return false;
    p = skip_space(p + 1, end);
    if (p == end || (*p != '"' && *p != '\''))
        return false;
    uint8_t quote = *p++;
    value->p = p;
    while (p < end && *p < 0x80 && *p != ':' && ES_XML_CLASS[*p] & ES_XML_NAME)
        p++;
    value->n = (size_t)(p - value->p);
    if (p == end || *p != quote)
        return false;
    *at = p + 1;
    return true;
}

static bool is(struct es_bytes s, const char *want)
{
    return es_bytes_eq(s, es_bytes_str(want));
}

/* What stands between "<?xml" and "?>". */
static bool declaration(struct es_xml *x, const uint8_t *p, const uint8_t *end)
{
    struct es_bytes name;
    struct es_bytes value;
    if (!pseudo(&p, end, &name, &value) || !is(name, "version") ||
        !pseudo(&p, end, &name, &value))
        return false;
    if (is(name, "encoding")) {
        if (value.n == 0 || digit(value.p[0] | 0x20) < 10 ||
            !(ES_XML_CLASS[value.p[0]] & ES_XML_FIRST) || value.p[0] == '_')
            return false;
        x->declared = value;
        if (!pseudo(&p, end, &name, &value))
            return false;
    }
    if (name.n &&
        (!is(name, "standalone") || (!is(value, "yes") && !is(value, "no"))))
        return false;
    return skip_space(p, end) == end;
}

/* At the beginning of the text. */
static bool prolog(struct es_xml *x)
{
    const uint8_t *p = x->p;
    if (!starts(p, x->end, "<?xml") || x->end - p < 6 ||
        (!is_space(p[5]) && p[5] != '?'))
        return true;
    const uint8_t *end = p + 5;
    for (;; end++) {
        end = es_scan_for(end, x->end, '?', '?', '?');
        if (x->end - end < 2)
            return es_xml_cut(x, p);
        if (end[1] == '>')
            break;
    }
    if (!declaration(x, p + 5, end))
        return es_xml_fail(x, ES_EMALFORMED, p,
                           "the XML declaration is not well-formed");
    x->p = end + 2;
    return true;
}

/* x->p stands at "<!" outside the root element. */
static bool outer_markup(struct es_xml *x)
{
    static const char DOCTYPE[] = "<!DOCTYPE";
    if (starts(x->p, x->end, "<!--"))
        return comment(x);
    if (!x->rooted && starts(x->p, x->end, DOCTYPE))
        return es_xml_fail(x, ES_EDOCTYPE, x->p,
                           "a document type is not accepted");
    if (x->end - x->p < 4)
        return es_xml_cut(x, x->p);
    return malformed(x, x->p);
}

bool es_xml_outside(struct es_xml *x, bool *done)
{
    if (x->p == x->source.text.p && !prolog(x))
        return false;
    for (;;) {
        const uint8_t *p = x->p = skip_space(x->p, x->end);
        if (p == x->end && x->rooted && x->source.end == ES_OK) {
            *done = true;
            return true;
        }
        if (p == x->end)
            return es_xml_cut(x, p);
        if (*p != '<')
            return malformed(x, p);
        if (x->end - p < 2)
            return es_xml_cut(x, p);
        if (p[1] == '!') {
            if (!outer_markup(x))
                return false;
        } else if (p[1] == '?') {
            if (!instruction(x))
                return false;
        } else {
            break;
        }
    }
    if (x->rooted)
        return es_xml_fail(x, ES_EMALFORMED, x->p, "a second root element");
    x->rooted = true;
    return true;
}

/* ---- attributes ---- */

/* A quoted value: p stands at its quote. Its end, NULL after es_xml_fail. */
static const uint8_t *quoted(struct es_xml *x, const uint8_t *p,
                             struct es_xml_attribute *a)
{
    uint8_t quote = *p++;
    const uint8_t *q = es_scan_for(p, x->end, quote, '<', '&');
    a->references = false;
    while (q < x->end && *q == '&') {
        uint32_t c;
        size_t n = reference(q, x->end, &c);
        if (n == 0)
            mended(x, q);
        a->references = true;
        q = es_scan_for(q + (n ? n : 1), x->end, quote, '<', '&');
    }
    a->value = (struct es_bytes){ p, (size_t)(q - p) };
    if (q == x->end || *q == '<') {
        (void)(q == x->end ? es_xml_cut(x, x->tag) : malformed(x, q));
        return NULL;
    }
    if (a->value.n > ES_XML_TOKEN) {
        (void)es_xml_fail(x, ES_ECOMPLEX, x->tag, "an attribute too long");
        return NULL;
    }
    return q + 1;
}

static bool is_double(const struct es_xml *x, const struct es_xml_attribute *a)
{
    for (const struct es_xml_attribute *b = x->attrs; b < a; b++)
        if (a->n == b->n && a->name[a->n - 1] == b->name[a->n - 1] &&
            memcmp(a->name, b->name, a->n) == 0)
            return true;
    return false;
}

/* One attribute, whose name begins at p: what stands behind it, NULL after
 * es_xml_fail. */
static const uint8_t *attribute(struct es_xml *x, const uint8_t *p)
{
    struct es_xml_attribute *a = &x->attrs[x->n_attrs];
    if (x->n_attrs == ES_XML_ATTRS) {
        (void)es_xml_fail(x, ES_ECOMPLEX, x->tag, "too many attributes");
        return NULL;
    }
    a->name = p;
    const uint8_t *at = p;
    while (at < x->end && ES_XML_CLASS[*at] & ES_XML_NAME)
        at++;
    if (at == p || !(ES_XML_CLASS[*p] & ES_XML_FIRST) ||
        (at < x->end && *at >= 0x80)) { /* rare, or wrong */
        const uint8_t *local;
        at = p + es_xml_name(p, x->end, &local);
    }
    a->n = (size_t)(at - p);
    if (at < x->end && *at != '=')
        at = skip_space(at, x->end);
    bool good = a->n && at < x->end && *at == '=';
    if (good) {
        at++;
        if (at < x->end && *at != '"' && *at != '\'')
            at = skip_space(at, x->end);
        good = at < x->end && (*at == '"' || *at == '\'');
    }
    if (!good) {
        (void)(at == x->end ? es_xml_cut(x, x->tag) : malformed(x, at));
        return NULL;
    }
    if (a->n > ES_XML_TOKEN) {
        (void)es_xml_fail(x, ES_ECOMPLEX, x->tag, "a name too long");
        return NULL;
    }
    if (is_double(x, a)) {
        (void)es_xml_fail(x, ES_EMALFORMED, p, "an attribute twice");
        return NULL;
    }
    x->n_attrs++;
    return quoted(x, at, a);
}

bool es_xml_attributes(struct es_xml *x, bool *empty)
{
    const uint8_t *p = x->p;
    x->n_attrs = x->n_values = 0;
    for (;;) {
        const uint8_t *at = skip_space(p, x->end);
        if (x->end - at < 2 && !(at < x->end && *at == '>'))
            return es_xml_cut(x, x->tag);
        if (*at == '>' || (*at == '/' && at[1] == '>')) {
            *empty = *at == '/';
            x->p = at + 1 + *empty;
            return true;
        }
        if (at == p) /* no space before the next one */
            return malformed(x, at);
        p = attribute(x, at);
        if (!p)
            return false;
    }
}

/* A value without its references, in x->values: empty when they are full. */
static struct es_bytes resolved(struct es_xml *x, struct es_bytes s)
{
    uint8_t *to = x->values + x->n_values;
    struct es_bytes out = { to, 0 };
    if (s.n > sizeof x->values - x->n_values) /* it only gets shorter */
        return out;
    for (const uint8_t *p = s.p; p < s.p + s.n;) {
        uint32_t c;
        size_t n = *p == '&' ? reference(p, s.p + s.n, &c) : 0;
        if (n == 0) {
            to[out.n++] = *p++;
            continue;
        }
        out.n += es_xml_put(to + out.n, c);
        p += n;
    }
    x->n_values += out.n;
    return out;
}

struct es_bytes es_xml_attr(struct es_xml *x, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < x->n_attrs; i++) {
        const struct es_xml_attribute *a = &x->attrs[i];
        if (a->n < n || (a->n > n && a->name[a->n - n - 1] != ':'))
            continue;
        struct es_bytes local = { a->name + (a->n - n), n };
        if (es_bytes_is(local, name))
            return es_xml_trim(a->references ? resolved(x, a->value)
                                             : a->value);
    }
    return (struct es_bytes){ NULL, 0 };
}

/* ---- text ---- */

static void keep(struct es_xml *x, const uint8_t *p, size_t n)
{
    if (x->text_long || n > sizeof x->buf - x->n_buf) {
        x->text_long = true;
        return;
    }
    memcpy(x->buf + x->n_buf, p, n);
    x->n_buf += n;
}

static void keep_char(struct es_xml *x, uint32_t c)
{
    uint8_t s[4] = { 0 };
    keep(x, s, es_xml_put(s, c));
}

/* x->p stands at "<!" or "<?" inside an element. */
static bool inner_markup(struct es_xml *x)
{
    static const char CDATA[] = "<![CDATA[";
    const uint8_t *from = x->p;
    if (from[1] == '?')
        return instruction(x);
    if (starts(from, x->end, "<!--"))
        return comment(x);
    size_t left = (size_t)(x->end - from);
    if (left < sizeof CDATA - 1 && (memcmp(from, CDATA, left) == 0 ||
                                    left < 3 || (left == 3 && from[2] == '-')))
        return es_xml_cut(x, from);
    if (!starts(from, x->end, CDATA))
        return malformed(x, from);
    const uint8_t *p = from + sizeof CDATA - 1;
    const uint8_t *end = memmem(p, (size_t)(x->end - p), "]]>", 3);
    if (!end)
        return es_xml_cut(x, from);
    keep(x, p, (size_t)(end - p));
    x->p = end + 3;
    return true;
}

bool es_xml_mixed(struct es_xml *x, const uint8_t *q)
{
    x->n_buf = 0;
    x->text_long = false;
    for (const uint8_t *run = x->p;;) {
        if (q == x->end)
            return es_xml_cut(x, q);
        if (*q == ']') {
            if (starts(q, x->end, "]]>"))
                return malformed(x, q);
            q = es_scan_for(q + 1, x->end, '<', '&', ']');
            continue;
        }
        keep(x, run, (size_t)(q - run));
        x->p = q;
        if (*q == '&') {
            uint32_t c;
            size_t n = reference(q, x->end, &c);
            if (n == 0)
                mended(x, q);
            keep_char(x, n ? c : '&');
            x->p += n ? n : 1;
        } else if (x->end - q < 2) {
            return es_xml_cut(x, q);
        } else if (q[1] != '!' && q[1] != '?') {
            break;
        } else if (!inner_markup(x)) {
            return false;
        }
        run = x->p;
        q = es_scan_for(run, x->end, '<', '&', ']');
    }
    x->text = (struct es_bytes){ x->buf, x->text_long ? 0 : x->n_buf };
    return true;
}
