/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card.h"

#include "base/limits.h"
#include "base/utf8.h"

enum { VERSION = 1, PIECE = 0x8000 };

/* Bytes of strings. Names and titles are ES_NAME_MAX or a few more code points
 * of four bytes; more would not be legible on a picture. */
enum { TEXT = 400, TAG = 35, ZONE = 48, URL = 300 };

/* What is beyond is no distance or time of this earth. */
static const int64_t DIST_MAX_MM = 1000000000000000000;
static const int64_t TIME_MAX_MS = 1000000000000000;

enum { FIXED = 1 + 1 + 1 + 1 + 1 + 4 + 2 + 8 * 8 + 2 };
static_assert(FIXED + 3 * (2 + TEXT) + (2 + TAG) + (2 + ZONE) + (2 + URL) +
                      4 * ES_CARD_ROUTE_MAX <=
                  ES_CARD_BYTES,
              "the longest card has its bytes");
static_assert(ES_CARD_ROUTE_SPAN < PIECE, "a mark has its own bit");

/* The longest part of s that ends with a whole character. */
static size_t whole_part(const char *s, size_t max)
{
    size_t n = strnlen(s, max + 1);
    if (n <= max)
        return n;
    n = max;
    while (n > 0 && ((uint8_t)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void put_text(struct es_buf *b, const char *s, size_t max)
{
    size_t n = whole_part(s, max);
    es_buf_u16le(b, (uint16_t)n);
    es_buf_add(b, s, n);
}

void es_card_put(struct es_buf *b, const struct es_card *c)
{
    const int64_t figures[] = { c->dist_mm, c->time_ms,  c->runs,   c->members,
                                c->day_ms,  c->total_mm, c->goal_mm };
    size_t n = c->n_route > ES_CARD_ROUTE_MAX ? ES_CARD_ROUTE_MAX : c->n_route;

    es_buf_u8(b, VERSION);
    es_buf_u8(b, (uint8_t)c->kind);
    es_buf_u8(b, (uint8_t)c->size);
    es_buf_u8(b, (uint8_t)c->lang->index);
    es_buf_u8(b, c->miles);
    es_buf_u32le(b, c->colour);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        es_buf_u64le(b, (uint64_t)figures[i]);
    put_text(b, c->country, 2);
    put_text(b, c->name, TEXT);
    put_text(b, c->initiative, TEXT);
    put_text(b, c->initiative_lang, TAG);
    put_text(b, c->holder, TEXT);
    put_text(b, c->zone, ZONE);
    put_text(b, c->url, URL);
    es_buf_u16le(b, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        es_buf_u16le(
            b, (uint16_t)(c->route[i].x | (c->route[i].piece ? PIECE : 0)));
        es_buf_u16le(b, c->route[i].y);
    }
}

/* ---- reading ---- */

struct reader {
    struct es_rd r;
    struct es_arena *a;
    bool no_memory;
};

static int64_t get_i64(struct reader *rd, int64_t min, int64_t max)
{
    int64_t v = (int64_t)es_rd_u64le(&rd->r);
    if (v < min || v > max)
        rd->r.bad = true;
    return v;
}

static unsigned get_choice(struct reader *rd, unsigned n)
{
    unsigned v = es_rd_u8(&rd->r);
    if (v >= n)
        rd->r.bad = true;
    return v;
}

/* Text that people wrote, or with `plain` such as only ASCII may be in. */
static const char *get_text(struct reader *rd, size_t max, bool plain)
{
    size_t n = es_rd_u16le(&rd->r);
    struct es_bytes s = { NULL, n };
    if (n > max || !es_rd_take(&rd->r, n, &s.p)) {
        rd->r.bad = true;
        return "";
    }
    for (size_t i = 0; i < n; i++)
        if (s.p[i] < 0x20 || (plain && (s.p[i] <= 0x20 || s.p[i] >= 0x7f)))
            rd->r.bad = true;
    if (rd->r.bad || !es_utf8_valid(s)) {
        rd->r.bad = true;
        return "";
    }
    struct es_buf clean;
    es_buf_init(&clean, 3 * max);
    es_text_clean(&clean, s, false);
    const char *out = es_arena_str(rd->a, es_buf_cstr(&clean));
    rd->no_memory |= !out || clean.bad;
    es_buf_release(&clean);
    return out ? out : "";
}

static void get_route(struct reader *rd, struct es_card *c)
{
    size_t n = es_rd_u16le(&rd->r);
    if (n > ES_CARD_ROUTE_MAX || es_rd_left(&rd->r) != 4 * n)
        rd->r.bad = true;
    if (rd->r.bad || n == 0)
        return;
    struct es_card_point *v = es_arena_array(rd->a, n, sizeof *v);
    if (!v) {
        rd->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned x = es_rd_u16le(&rd->r);
        unsigned y = es_rd_u16le(&rd->r);
        v[i].piece = i == 0 || (x & PIECE) != 0;
        v[i].x = (uint16_t)(x & (PIECE - 1));
        v[i].y = (uint16_t)y;
        if (v[i].x > ES_CARD_ROUTE_SPAN || y > ES_CARD_ROUTE_SPAN)
            rd->r.bad = true;
    }
    c->route = v;
    c->n_route = n;
}

static void get_figures(struct reader *rd, struct es_card *c)
{
    c->dist_mm = get_i64(rd, 0, DIST_MAX_MM);
    c->time_ms = get_i64(rd, ES_NO_FIGURE, TIME_MAX_MS);
    c->runs = get_i64(rd, 0, DIST_MAX_MM);
    c->members = get_i64(rd, 0, DIST_MAX_MM);
    c->day_ms = get_i64(rd, ES_NO_FIGURE, TIME_MAX_MS);
    c->total_mm = get_i64(rd, 0, DIST_MAX_MM);
    c->goal_mm = get_i64(rd, 0, DIST_MAX_MM);
    if (c->time_ms < 0 && c->time_ms != ES_NO_FIGURE)
        rd->r.bad = true;
    if (c->day_ms < -TIME_MAX_MS && c->day_ms != ES_NO_FIGURE)
        rd->r.bad = true;
}

enum es_code es_card_get(struct es_bytes in, struct es_arena *a,
                         struct es_card *out, struct es_err *e)
{
    struct reader rd = { .a = a };
    struct es_card c = { 0 };

    es_rd_init(&rd.r, in);
    if (es_rd_u8(&rd.r) != VERSION)
        return es_fail(e, ES_EMALFORMED, 0, "not a card");
    c.kind = (enum es_card_kind)get_choice(&rd, ES_CARD_KINDS);
    c.size = (enum es_card_size)get_choice(&rd, ES_CARD_SIZES);
    unsigned lang = get_choice(&rd, ES_LANGS);
    c.miles = get_choice(&rd, 2) == 1;
    c.colour = es_rd_u32le(&rd.r);
    if (c.colour > 0xffffff)
        rd.r.bad = true;
    get_figures(&rd, &c);
    c.country = get_text(&rd, 2, true);
    c.name = get_text(&rd, TEXT, false);
    c.initiative = get_text(&rd, TEXT, false);
    c.initiative_lang = get_text(&rd, TAG, true);
    c.holder = get_text(&rd, TEXT, false);
    c.zone = get_text(&rd, ZONE, true);
    c.url = get_text(&rd, URL, true);
    get_route(&rd, &c);
    if (rd.r.bad || es_rd_left(&rd.r) > 0)
        return es_fail(e, ES_EMALFORMED, rd.r.at, "not a card");
    if (rd.no_memory)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    c.lang = es_lang_at(lang);
    *out = c;
    return ES_OK;
}

int es_card_width(enum es_card_size size)
{
    return size == ES_CARD_WIDE ? 1200 : 1080;
}

int es_card_height(enum es_card_size size)
{
    return size == ES_CARD_WIDE ? 630 : size == ES_CARD_SQUARE ? 1080 : 1920;
}
