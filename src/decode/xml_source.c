/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/xml_source.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "decode/xml.h"
#include "decode/xml_scan.h"

enum { HEAD = 256 }; /* bytes in which an encoding is declared, if anywhere */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- one character of the file ---- */

/* Windows' code page 1252 where it isn't Latin-1, from 0x80 on; 0: it is. */
static const uint16_t WIN1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static uint32_t win1252(uint8_t c)
{
    return c >= 0x80 && c < 0xa0 && WIN1252[c - 0x80] ? WIN1252[c - 0x80] : c;
}

static uint32_t unit16(const struct es_xml_source *s, size_t at)
{
    uint32_t a = s->in.p[at];
    uint32_t b = s->in.p[at + 1];
    return s->encoding == ES_XML_UTF16LE ? b << 8 | a : a << 8 | b;
}

/* ES_UTF8_BAD, *at unmoved, where the file ends in mid-character or what
 * stands there is none. */
static uint32_t next16(const struct es_xml_source *s, size_t *at)
{
    if (s->in.n - *at < 2)
        return ES_UTF8_BAD;
    uint32_t c = unit16(s, *at);
    if (c < 0xd800 || c > 0xdfff) {
        *at += 2;
        return c;
    }
    if (c > 0xdbff || s->in.n - *at < 4)
        return ES_UTF8_BAD;
    uint32_t low = unit16(s, *at + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return ES_UTF8_BAD;
    *at += 4;
    return 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
}

static uint32_t next(const struct es_xml_source *s, size_t *at)
{
    size_t was = *at;
    uint32_t c = s->in.p[was];
    switch (s->encoding) {
    case ES_XML_UTF16LE:
    case ES_XML_UTF16BE:
        c = next16(s, at);
        break;
    case ES_XML_LATIN1:
        *at += 1;
        break;
    case ES_XML_MIXED:
        c = es_utf8_next(s->in, at);
        if (c == ES_UTF8_BAD)
            c = win1252(s->in.p[was]);
        break;
    default:
        c = es_utf8_next(s->in, at);
        break;
    }
    if (c == 0xfffe || c == 0xffff || c == ES_UTF8_BAD) {
        *at = was;
        return ES_UTF8_BAD;
    }
    return c;
}

static bool is_dropped(uint32_t c)
{
    return c < 0x20 && es_scan_is_control((uint8_t)c);
}

static size_t length_of(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

size_t es_xml_put(uint8_t to[4], uint32_t c)
{
    static const uint8_t LEAD[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t n = length_of(c);
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (uint8_t)(0x80 | (c & 0x3f));
    to[0] = (uint8_t)(LEAD[n] | c);
    return n;
}

/* ---- which encoding ---- */

static bool starts(struct es_bytes s, const char *with)
{
    size_t n = strlen(with);
    for (size_t i = 0; i < n; i++)
        if (i >= s.n || (s.p[i] | 0x20) != (uint8_t)with[i])
            return false;
    return true;
}

/* What the first line says, roughly, of a document that isn't UTF-8. */
static bool says_latin1(struct es_bytes in)
{
    static const char WORD[] = "encoding";
    size_t n = in.n < HEAD ? in.n : HEAD;
    const uint8_t *p = memmem(in.p, n, WORD, sizeof WORD - 1);
    if (!p)
        return false;
    struct es_bytes rest = { p, n - (size_t)(p - in.p) };
    rest.p += sizeof WORD - 1;
    rest.n -= sizeof WORD - 1;
    while (rest.n && (is_space(*rest.p) || *rest.p == '=' || *rest.p == '"' ||
                      *rest.p == '\'')) {
        rest.p++;
        rest.n--;
    }
    return starts(rest, "iso-8859-1");
}

static enum es_xml_encoding wide_or_utf8(struct es_bytes in)
{
    if (in.n < 2)
        return ES_XML_UTF8;
    if ((in.p[0] == 0xff && in.p[1] == 0xfe) ||
        (in.p[0] == '<' && in.p[1] == 0))
        return ES_XML_UTF16LE;
    if ((in.p[0] == 0xfe && in.p[1] == 0xff) ||
        (in.p[0] == 0 && in.p[1] == '<'))
        return ES_XML_UTF16BE;
    return ES_XML_UTF8;
}

/* Where text stops being UTF-8: in.n when nowhere. *none is where the first
 * U+FFFE or U+FFFF stands before that, which are no characters. */
static size_t utf8_length(struct es_bytes in, size_t *none)
{
    const uint8_t *end = in.p + in.n;
    size_t at = 0;
    *none = in.n;
    for (;;) {
        at = (size_t)(es_scan_high(in.p + at, end) - in.p);
        if (at == in.n)
            return at;
        size_t was = at;
        uint32_t c = es_utf8_next(in, &at);
        if (c == ES_UTF8_BAD)
            return was;
        if ((c == 0xfffe || c == 0xffff) && *none == in.n)
            *none = was;
    }
}

static bool is_name(struct es_bytes s, const char *const *names)
{
    for (; *names; names++)
        if (starts(s, *names))
            return true;
    return false;
}

bool es_xml_source_denies(const struct es_xml_source *s,
                          struct es_bytes declared)
{
    static const char *const UTF8[] = { "utf-8", "utf8", NULL };
    static const char *const WIDE[] = { "utf-16", "utf16", "ucs-2",
                                        "iso-10646-ucs-2", NULL };
    static const char *const BYTES[] = { "iso-8859", "iso8859", "windows",
                                         "cp",       "latin",   NULL };
    static const char *const ASCII[] = { "us-ascii", "ascii", NULL };
    bool none = declared.n == 0;
    bool bytes = is_name(declared, BYTES);
    switch (s->encoding) {
    case ES_XML_UTF16LE:
    case ES_XML_UTF16BE:
        return !none && !is_name(declared, WIDE);
    case ES_XML_UTF8: /* and much that says otherwise is UTF-8 in truth */
        return !none && !bytes && !is_name(declared, UTF8) &&
               !(s->ascii && is_name(declared, ASCII));
    default:
        return !bytes;
    }
}

/* ---- all of it ---- */

static bool drops(struct es_xml_source *s, uint32_t c, size_t at)
{
    if (!is_dropped(c))
        return false;
    if (s->n_dropped++ == 0)
        s->dropped_at = at;
    return true;
}

/* Past white space, byte-order marks and control characters. A mark of UTF-8
 * is one also before text that turned out to be none. */
static size_t leading(struct es_xml_source *s)
{
    size_t at = 0;
    while (at < s->in.n) {
        size_t was = at;
        if (s->in.n - at >= 3 && memcmp(s->in.p + at, "\xef\xbb\xbf", 3) == 0) {
            at += 3;
            continue;
        }
        uint32_t c = next(s, &at);
        if (!drops(s, c, was) && (c > ' ' && c != 0xfeff))
            return was; /* also what is no character */
    }
    return at;
}

/* How many bytes from `at` on are the same in UTF-8 and may stay. */
static size_t as_it_is(const struct es_xml_source *s, size_t at)
{
    const uint8_t *from = s->in.p + at;
    if (s->encoding == ES_XML_UTF16LE || s->encoding == ES_XML_UTF16BE)
        return 0;
    return (size_t)(es_scan_odd(from, s->in.p + s->in.n) - from);
}

/* What the text from s->from on has in UTF-8, and where it ends. */
static size_t measure(struct es_xml_source *s, size_t *end)
{
    size_t n = 0;
    size_t at = s->from;
    for (;;) {
        size_t same = as_it_is(s, at);
        n += same;
        at += same;
        size_t was = at;
        if (at == s->in.n)
            break;
        uint32_t c = next(s, &at);
        if (c == ES_UTF8_BAD)
            break;
        if (!drops(s, c, was))
            n += length_of(c);
    }
    *end = at;
    return n;
}

static enum es_code copy(struct es_xml_source *s, struct es_arena *a,
                         struct es_err *e)
{
    size_t end;
    size_t n = measure(s, &end);
    if (n > s->in.n && n - s->in.n > ES_XML_GROWN)
        return es_fail(e, ES_ECOMPLEX, 0, "too many letters for its encoding");
    uint8_t *to = es_arena_grow(a, NULL, 0, n);
    if (!to)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    s->text = (struct es_bytes){ to, n };
    s->copied = true;
    for (size_t at = s->from; at < end;) {
        size_t same = as_it_is(s, at);
        memcpy(to, s->in.p + at, same);
        to += same;
        at += same;
        if (at == end)
            break;
        uint32_t c = next(s, &at);
        if (!is_dropped(c))
            to += es_xml_put(to, c);
    }
    if (end < s->in.n)
        s->end = s->in.n - end < 4 ? ES_ETRUNCATED : ES_EMALFORMED;
    return ES_OK;
}

enum es_code es_xml_source_open(struct es_xml_source *s, struct es_bytes in,
                                struct es_arena *a, struct es_err *e)
{
    *s = (struct es_xml_source){
        .in = in,
        .end = ES_OK,
        .encoding = wide_or_utf8(in),
    };
    bool wide = s->encoding != ES_XML_UTF8;
    struct es_scan_kinds kinds = es_scan_kinds(in.p, in.n);
    size_t good = in.n;
    size_t none = in.n;
    s->ascii = !kinds.high;
    if (!wide && kinds.high) {
        good = utf8_length(in, &none);
        if (in.n - good >= 4) /* fewer: it was cut in mid-character */
            s->encoding = says_latin1(in) ? ES_XML_LATIN1 : ES_XML_MIXED;
    }
    size_t from = leading(s);
    s->known_in = s->from = from;
    if (wide || kinds.control || s->encoding != ES_XML_UTF8)
        return copy(s, a, e);
    if (none < good)
        s->end = ES_EMALFORMED;
    else if (good < in.n)
        s->end = ES_ETRUNCATED;
    good = none < good ? none : good;
    s->text = (struct es_bytes){ in.p + from, good - from };
    return ES_OK;
}

size_t es_xml_source_at(struct es_xml_source *s, size_t at)
{
    if (!s->copied)
        return s->known_in + at;
    if (at < s->known_text) {
        s->known_text = 0;
        s->known_in = s->from;
    }
    while (s->known_text < at && s->known_in < s->in.n) {
        uint32_t c = next(s, &s->known_in);
        if (c == ES_UTF8_BAD)
            break;
        if (!is_dropped(c))
            s->known_text += length_of(c);
    }
    return s->known_in;
}
