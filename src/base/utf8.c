/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

static size_t tail(struct es_bytes s, size_t at, size_t n, uint32_t *c)
{
    if (n > s.n - at)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s.p[at + i] & 0xc0) != 0x80)
            return 0;
        *c = *c << 6 | (s.p[at + i] & 0x3f);
    }
    return n;
}

uint32_t es_utf8_next(struct es_bytes s, size_t *at)
{
    uint8_t b = s.p[*at];
    uint32_t c = b;
    size_t n = 1;
    if (b >= 0x80) {
        uint32_t min;
        if (b >= 0xc2 && b <= 0xdf) {
            c = b & 0x1f;
            min = 0x80;
            n = tail(s, *at, 2, &c);
        } else if (b >= 0xe0 && b <= 0xef) {
            c = b & 0x0f;
            min = 0x800;
            n = tail(s, *at, 3, &c);
        } else if (b >= 0xf0 && b <= 0xf4) {
            c = b & 0x07;
            min = 0x10000;
            n = tail(s, *at, 4, &c);
        } else {
            n = 0;
            min = 0;
        }
        if (n == 0 || c < min || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            *at += 1;
            return ES_UTF8_BAD;
        }
    }
    *at += n;
    return c;
}

bool es_utf8_valid(struct es_bytes s)
{
    size_t at = 0;
    while (at < s.n)
        if (es_utf8_next(s, &at) == ES_UTF8_BAD)
            return false;
    return true;
}

size_t es_utf8_count(struct es_bytes s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++)
        (void)es_utf8_next(s, &at);
    return n;
}

void es_buf_utf8(struct es_buf *b, uint32_t c)
{
    if (c < 0x80) {
        es_buf_u8(b, (uint8_t)c);
    } else if (c < 0x800) {
        es_buf_u8(b, (uint8_t)(0xc0 | c >> 6));
        es_buf_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        es_buf_u8(b, (uint8_t)(0xe0 | c >> 12));
        es_buf_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        es_buf_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
    } else {
        es_buf_u8(b, (uint8_t)(0xf0 | c >> 18));
        es_buf_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
        es_buf_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        es_buf_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
    }
}

static bool in(uint32_t c, uint32_t from, uint32_t to)
{
    return c >= from && c <= to;
}

/* Letters by their class, blank by their shape: Hangul fillers and the Braille
 * pattern without dots. */
static bool is_filler(uint32_t c)
{
    return in(c, 0x115f, 0x1160) || c == 0x3164 || c == 0xffa0 || c == 0x2800;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || in(c, 9, 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           in(c, 0x2000, 0x200a) || in(c, 0x2028, 0x2029) || c == 0x202f ||
           c == 0x205f || c == 0x3000 || is_filler(c);
}

/* Invisible and dangerous: changes how neighbours read, shows nothing. */
static bool is_dropped(uint32_t c)
{
    return c < 0x20 || in(c, 0x7f, 0x9f) || c == 0xad || c == 0x61c ||
           c == 0x200b || in(c, 0x200e, 0x200f) || in(c, 0x202a, 0x202e) ||
           in(c, 0x2060, 0x206f) || c == 0xfeff || in(c, 0xfff9, 0xfffb) ||
           in(c, 0xe0000, 0xe0fff);
}

static bool is_mark(uint32_t c)
{
    return in(c, 0x300, 0x36f) || in(c, 0x483, 0x489) || in(c, 0x591, 0x5bd) ||
           in(c, 0x610, 0x61a) || in(c, 0x64b, 0x65f) || c == 0x670 ||
           in(c, 0x6d6, 0x6dc) || in(c, 0x6df, 0x6e4) ||
           in(c, 0x1ab0, 0x1aff) || in(c, 0x1dc0, 0x1dff) ||
           in(c, 0x20d0, 0x20ff) || in(c, 0xfe20, 0xfe2f);
}

/* Shows nothing by itself: joiners, variation selectors, marks. */
static bool is_attached(uint32_t c)
{
    return in(c, 0x200c, 0x200d) || in(c, 0xfe00, 0xfe0f) || is_mark(c);
}

bool es_text_visible(struct es_bytes s)
{
    size_t at = 0;
    while (at < s.n) {
        uint32_t c = es_utf8_next(s, &at);
        if (!is_blank(c) && !is_dropped(c) && !is_attached(c))
            return true;
    }
    return false;
}

void es_text_clean(struct es_buf *out, struct es_bytes s, bool lines)
{
    bool space = false;
    int feeds = 0;
    int marks = 0;
    size_t at = 0;
    size_t start = out->n;
    while (at < s.n) {
        uint32_t c = es_utf8_next(s, &at);
        if (c == ES_UTF8_BAD)
            c = 0xfffd;
        if (is_blank(c)) {
            feeds += lines && (c == '\n' || c == 0x2029);
            space = true;
            continue;
        }
        if (is_dropped(c))
            continue;
        marks = is_mark(c) ? marks + 1 : 0;
        if (marks > 3)
            continue;
        if (space && out->n > start)
            es_buf_str(out, feeds > 1 ? "\n\n" : feeds ? "\n" : " ");
        space = false;
        feeds = 0;
        es_buf_utf8(out, c);
    }
}
