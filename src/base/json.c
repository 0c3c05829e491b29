/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"

#include <inttypes.h>

static void escape(struct es_buf *b, uint32_t c)
{
    if (c == '"' || c == '\\') {
        es_buf_u8(b, '\\');
        es_buf_u8(b, (uint8_t)c);
    } else if (c == '\n') {
        es_buf_str(b, "\\n");
    } else {
        es_buf_fmt(b, "\\u%04" PRIx32, c);
    }
}

static bool needs_escape(uint32_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' ||
           c == '&' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

void es_buf_json_str(struct es_buf *b, struct es_bytes s)
{
    size_t at = 0;
    es_buf_u8(b, '"');
    while (at < s.n) {
        size_t from = at;
        uint32_t c = es_utf8_next(s, &at);
        if (c == ES_UTF8_BAD)
            es_buf_str(b, "\xef\xbf\xbd");
        else if (needs_escape(c))
            escape(b, c);
        else
            es_buf_add(b, s.p + from, at - from);
    }
    es_buf_u8(b, '"');
}

void es_buf_json_comma(struct es_buf *b)
{
    if (b->bad || b->n == 0)
        return;
    uint8_t last = b->p[b->n - 1];
    if (last != '{' && last != '[' && last != ':')
        es_buf_u8(b, ',');
}

void es_buf_json_key(struct es_buf *b, const char *key)
{
    es_buf_json_comma(b);
    es_buf_fmt(b, "\"%s\":", key);
}

void es_buf_json_s(struct es_buf *b, const char *key, const char *value)
{
    es_buf_json_key(b, key);
    if (value)
        es_buf_json_str(b, es_bytes_str(value));
    else
        es_buf_str(b, "null");
}

void es_buf_json_n(struct es_buf *b, const char *key, double v)
{
    es_buf_json_key(b, key);
    es_buf_num(b, v, 3);
}

void es_buf_json_i(struct es_buf *b, const char *key, int64_t v)
{
    es_buf_json_key(b, key);
    es_buf_fmt(b, "%" PRId64, v);
}

void es_buf_json_b(struct es_buf *b, const char *key, bool v)
{
    es_buf_json_key(b, key);
    es_buf_str(b, v ? "true" : "false");
}

void es_buf_json_id(struct es_buf *b, const char *key, int64_t id)
{
    es_buf_json_key(b, key);
    es_buf_fmt(b, "\"%" PRId64 "\"", id);
}

void es_buf_json_t(struct es_buf *b, const char *key, int64_t t_ms)
{
    char text[ES_TIME_TEXT];
    es_buf_json_s(b, key, t_ms == ES_NO_TIME ? NULL : es_time_text(t_ms, text));
}
