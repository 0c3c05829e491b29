/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"
#include "decode/xml.h"

enum { NAME_MAX_BYTES = 32, FIT_HEADER_MIN = 12 };

/* The next byte that isn't NUL, so that UTF-16 reads as ASCII; -1 at the
 * end. Enough to tell a root element's name. */
static int next(struct es_rd *r)
{
    while (es_rd_left(r) > 0) {
        uint8_t c = es_rd_u8(r);
        if (c)
            return c;
    }
    return -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_mark(int c)
{
    return c == 0xef || c == 0xbb || c == 0xbf || c == 0xfe || c == 0xff;
}

/* Past the next occurrence of `end`. */
static void skip_to(struct es_rd *r, const char *end)
{
    size_t n = strlen(end);
    size_t had = 0;
    for (int c = next(r); c >= 0; c = next(r)) {
        if (c == end[had])
            had++;
        else if (!(n == 3 && had == 2 && c == '-')) /* "--->" ends too */
            had = c == end[0];
        if (had == n)
            return;
    }
}

/* Past "<!", a comment or a document type with its internal subset. */
static void skip_declaration(struct es_rd *r)
{
    int depth = 0;
    int c = next(r);
    if (c == '-') {
        (void)next(r);
        skip_to(r, "-->");
        return;
    }
    for (; c >= 0; c = next(r)) {
        depth += (c == '[') - (c == ']');
        if (c == '>' && depth <= 0)
            return;
    }
}

/* Reads a tag's name whose first byte is `c`; its part after a prefix. */
static struct es_bytes tag_name(struct es_rd *r, int c,
                                uint8_t buf[NAME_MAX_BYTES])
{
    size_t n = 0;
    for (; c >= 0 && !is_space(c) && c != '>' && c != '/'; c = next(r)) {
        if (c == ':')
            n = 0;
        else if (n < NAME_MAX_BYTES)
            buf[n++] = (uint8_t)c;
    }
    return (struct es_bytes){ buf, n };
}

static enum es_format sniff_xml(struct es_bytes in)
{
    struct es_rd r;
    uint8_t buf[NAME_MAX_BYTES];
    es_rd_init(&r, in);
    int c = next(&r);
    while (is_space(c) || is_mark(c))
        c = next(&r);
    while (c == '<') {
        c = next(&r);
        if (c == '?') {
            skip_to(&r, "?>");
        } else if (c == '!') {
            skip_declaration(&r);
        } else {
            struct es_bytes name = tag_name(&r, c, buf);
            if (es_bytes_is(name, "gpx"))
                return ES_FORMAT_GPX;
            if (es_bytes_is(name, "TrainingCenterDatabase"))
                return ES_FORMAT_TCX;
            return ES_FORMAT_NONE;
        }
        do
            c = next(&r);
        while (is_space(c));
    }
    return ES_FORMAT_NONE;
}

enum es_format es_sniff(struct es_bytes in)
{
    if (in.n >= FIT_HEADER_MIN && in.p[0] >= FIT_HEADER_MIN &&
        memcmp(in.p + 8, ".FIT", 4) == 0)
        return ES_FORMAT_FIT;
    return sniff_xml(in);
}
