/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/answer.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

enum {
    VERSION = 2,
    MEMBER_MAX = 480, /* 120 code points */
    CODE_MAX = 31,
    MESSAGE_MAX = sizeof((struct es_err *)NULL)->msg - 1,
    ITEMS_MAX = ES_MEMBERS_MAX * ES_ACTIVITIES_MAX,
};

/* Made clean here, so that a file's odd byte in a message is not taken for a
 * worker's lie over there. */
static void put_str(struct es_buf *b, const char *s, size_t max)
{
    struct es_buf clean;
    es_buf_init(&clean, 8192);
    if (s)
        es_text_clean(&clean, es_bytes_str(s), false);
    size_t n = clean.bad ? 0 : clean.n;
    if (n > max) /* cut between code points, not within one */
        for (n = max; n > 0 && (clean.p[n] & 0xc0) == 0x80;)
            n--;
    es_buf_u16le(b, (uint16_t)n);
    es_buf_add(b, clean.p, n);
    es_buf_release(&clean);
}

void es_answer_begin(struct es_buf *b)
{
    es_buf_u8(b, VERSION);
}

void es_answer_put(struct es_buf *b, const struct es_answer_item *item)
{
    size_t n =
        item->n_warnings < ES_WARNINGS_MAX ? item->n_warnings : ES_WARNINGS_MAX;
    es_buf_u8(b, (uint8_t)item->code);
    es_buf_u8(b, item->member != NULL);
    put_str(b, item->member, MEMBER_MAX);
    es_buf_u32le(b, item->activity);
    es_buf_u32le(b, item->activities);
    es_buf_u64le(b, item->at);
    put_str(b, item->message, MESSAGE_MAX);
    es_buf_u8(b, (uint8_t)n);
    for (size_t i = 0; i < n; i++) {
        put_str(b, item->warnings[i].code, CODE_MAX);
        put_str(b, item->warnings[i].message, MESSAGE_MAX);
        es_buf_u64le(b, item->warnings[i].at);
    }
    es_buf_u32le(b, (uint32_t)item->measure.n);
    es_buf_add(b, item->measure.p, item->measure.n);
    es_buf_u32le(b, (uint32_t)item->sketch.n);
    es_buf_add(b, item->sketch.p, item->sketch.n);
}

static bool printable(struct es_bytes s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t c = es_utf8_next(s, &at);
        if (c == ES_UTF8_BAD || c < 0x20 || (c >= 0x7f && c < 0xa0))
            return false;
    }
    return true;
}

static const char *get_str(struct es_rd *r, struct es_arena *a, size_t max)
{
    const uint8_t *p;
    size_t n = es_rd_u16le(r);
    if (n > max || !es_rd_take(r, n, &p) ||
        !printable((struct es_bytes){ p, n })) {
        r->bad = true;
        return "";
    }
    const char *s = es_arena_strn(a, p, n);
    if (!s)
        r->bad = true;
    return s;
}

static bool snake_case(const char *s)
{
    return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void get_warnings(struct es_rd *r, struct es_arena *a,
                         struct es_answer_item *out)
{
    size_t n = es_rd_u8(r);
    if (n > ES_WARNINGS_MAX)
        r->bad = true;
    struct es_answer_warning *v =
        r->bad ? NULL : es_arena_array(a, n, sizeof *v);
    if (!v) {
        r->bad = true;
        return;
    }
    for (size_t i = 0; i < n && !r->bad; i++) {
        v[i].code = get_str(r, a, CODE_MAX);
        v[i].message = get_str(r, a, MESSAGE_MAX);
        v[i].at = es_rd_u64le(r);
        if (!r->bad && !snake_case(v[i].code))
            r->bad = true;
    }
    out->warnings = v;
    out->n_warnings = n;
}

static bool sound(const struct es_answer_item *i)
{
    if ((unsigned)i->code >= ES_CODE_COUNT)
        return false;
    if (i->code != ES_OK)
        return i->measure.n == 0 && i->sketch.n == 0 && i->activities == 0 &&
               i->activity == 0;
    return i->measure.n > 0 && i->sketch.n > 0 &&
           i->activities <= ES_ACTIVITIES_MAX && i->activity < i->activities;
}

static bool get_item(struct es_rd *r, struct es_arena *a,
                     struct es_answer_item *out)
{
    *out = (struct es_answer_item){ .code = (enum es_code)es_rd_u8(r) };
    uint8_t named = es_rd_u8(r);
    const char *member = get_str(r, a, MEMBER_MAX);
    out->member = named ? member : NULL;
    out->activity = es_rd_u32le(r);
    out->activities = es_rd_u32le(r);
    out->at = es_rd_u64le(r);
    out->message = get_str(r, a, MESSAGE_MAX);
    get_warnings(r, a, out);
    out->measure.n = es_rd_u32le(r);
    if (!es_rd_take(r, out->measure.n, &out->measure.p))
        return false;
    out->sketch.n = es_rd_u32le(r);
    if (!es_rd_take(r, out->sketch.n, &out->sketch.p))
        return false;
    return !r->bad && named <= 1 && sound(out);
}

enum es_code es_answer_get(struct es_bytes in, struct es_arena *a,
                           struct es_answer *out, struct es_err *e)
{
    struct es_rd r;
    struct es_answer_item *v = NULL;
    size_t n = 0, cap = 0;

    es_rd_init(&r, in);
    if (es_rd_u8(&r) != VERSION || r.bad)
        return es_fail(e, ES_EMALFORMED, 0, "not an answer");
    while (es_rd_left(&r) > 0) {
        if (n == ITEMS_MAX)
            return es_fail(e, ES_EMALFORMED, r.at, "too many items");
        if (n == cap) {
            cap = cap ? cap * 2 : 4;
            struct es_answer_item *more = es_arena_array(a, cap, sizeof *more);
            if (!more)
                return es_fail(e, ES_ENOMEM, 0, "no memory");
            if (n > 0)
                memcpy(more, v, n * sizeof *v);
            v = more;
        }
        if (!get_item(&r, a, &v[n]))
            return es_fail(e, ES_EMALFORMED, r.at, "item %zu", n);
        n++;
    }
    if (n == 0)
        return es_fail(e, ES_EMALFORMED, r.at, "no item");
    *out = (struct es_answer){ v, n };
    return ES_OK;
}
