/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/paper.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

enum { VERSION = 1 };

/* Bytes of strings: a title is ES_TITLE_MAX code points of four bytes. */
enum { LINE = 600, TAG = 35, MARK = 16, SHORTEST_BLOCK = 14 };

static const uint8_t HEAD[] = "paper";
const struct es_bytes ES_PAPER_HEAD = { HEAD, sizeof HEAD - 1 };

/* What is beyond is no time of this earth. */
static const int64_t TIME_MAX_MS = 1000000000000000;

static_assert(ES_PAPER_COLUMNS <= 8, "columns have a byte of bits");

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
    size_t n = whole_part(s ? s : "", max);
    es_buf_u32le(b, (uint32_t)n);
    es_buf_add(b, s ? s : "", n);
}

static void put_table(struct es_buf *b, const struct es_paper_table *t)
{
    es_buf_u8(b, (uint8_t)t->columns);
    es_buf_u8(b, (uint8_t)t->figures);
    es_buf_u32le(b, (uint32_t)t->rows);
    for (size_t i = 0; i < t->rows * t->columns; i++)
        put_text(b, t->cell[i], ES_PAPER_CELL);
}

static void put_block(struct es_buf *b, const struct es_paper_block *k)
{
    es_buf_u8(b, (uint8_t)k->kind);
    es_buf_u8(b, (uint8_t)k->level);
    es_buf_u8(b, (uint8_t)k->dir);
    put_text(b, k->lang, TAG);
    put_text(b, k->mark, MARK);
    es_buf_u32le(b, (uint32_t)k->jpeg.n);
    es_buf_add(b, k->jpeg.p, k->jpeg.n);
    es_buf_u16le(b, (uint16_t)k->n);
    for (size_t i = 0; i < k->n; i++) {
        es_buf_u8(b, (uint8_t)k->span[i].marks);
        put_text(b, k->span[i].link, ES_URL_MAX);
        put_text(b, k->span[i].text, ES_PAPER_BYTES);
    }
    if (k->kind == ES_PAPER_TABLE)
        put_table(b, &k->table);
}

void es_paper_put(struct es_buf *b, const struct es_paper *p)
{
    es_buf_u8(b, VERSION);
    es_buf_u8(b, (uint8_t)p->face);
    es_buf_u8(b, (uint8_t)p->lang->index);
    es_buf_u32le(b, p->colour);
    es_buf_u64le(b, (uint64_t)p->at_ms);
    es_buf_u16le(b, (uint16_t)p->pages);
    put_text(b, p->tag, TAG);
    put_text(b, p->title, LINE);
    put_text(b, p->author, LINE);
    put_text(b, p->initiative, LINE);
    put_text(b, p->holder, LINE);
    put_text(b, p->foot, LINE);
    es_buf_u16le(b, (uint16_t)p->n);
    if (p->n > ES_PAPER_BLOCKS)
        b->bad = true;
    for (size_t i = 0; i < p->n && !b->bad; i++) {
        const struct es_paper_block *k = &p->block[i];
        if (k->n > ES_PAPER_SPANS || k->table.rows > ES_PAPER_ROWS ||
            k->table.columns > ES_PAPER_COLUMNS)
            b->bad = true;
        else
            put_block(b, k);
    }
    if (b->n > ES_PAPER_BYTES)
        b->bad = true;
}

/* ---- reading ---- */

struct reader {
    struct es_rd r;
    struct es_arena *a;
    bool no_memory;
};

static unsigned get_choice(struct reader *rd, unsigned n)
{
    unsigned v = es_rd_u8(&rd->r);
    if (v >= n)
        rd->r.bad = true;
    return v;
}

static struct es_bytes get_bytes(struct reader *rd, size_t max)
{
    struct es_bytes s = { NULL, es_rd_u32le(&rd->r) };
    if (s.n > max || !es_rd_take(&rd->r, s.n, &s.p)) {
        rd->r.bad = true;
        return (struct es_bytes){ 0 };
    }
    return s;
}

/* What only ASCII may be in: tags and addresses. */
static const char *get_plain(struct reader *rd, size_t max)
{
    struct es_bytes s = get_bytes(rd, max);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
            rd->r.bad = true;
    const char *out = es_arena_strn(rd->a, s.n ? s.p : HEAD, s.n);
    rd->no_memory |= !out;
    return out ? out : "";
}

/* What stands between words, at a span's ends, stays: one of it. */
static void edge(struct es_buf *out, struct es_bytes s, size_t at)
{
    if (s.n > 0 && (s.p[at] == ' ' || s.p[at] == '\n'))
        es_buf_u8(out, s.p[at]);
}

static const char *get_text(struct reader *rd, size_t max, bool span)
{
    struct es_bytes s = get_bytes(rd, max);
    struct es_buf clean;
    if (rd->r.bad || !es_utf8_valid(s)) {
        rd->r.bad = true;
        return "";
    }
    es_buf_init(&clean, 3 * max);
    if (span)
        edge(&clean, s, 0);
    size_t from = clean.n;
    es_text_clean(&clean, s, span);
    if (span && clean.n > from)
        edge(&clean, s, s.n - 1);
    const char *out = es_arena_strn(rd->a, es_buf_cstr(&clean), clean.n);
    rd->no_memory |= !out || clean.bad;
    es_buf_release(&clean);
    return out ? out : "";
}

/* Room for `n` things of `size`, of which each has `least` bytes to come. */
static void *get_room(struct reader *rd, size_t n, size_t size, size_t least)
{
    if (rd->r.bad || n > es_rd_left(&rd->r) / least) {
        rd->r.bad = true;
        return NULL;
    }
    void *v = n > 0 ? es_arena_array(rd->a, n, size) : NULL;
    rd->no_memory |= n > 0 && !v;
    return v;
}

static void get_table(struct reader *rd, struct es_paper_table *t)
{
    t->columns = es_rd_u8(&rd->r);
    t->figures = es_rd_u8(&rd->r);
    t->rows = es_rd_u32le(&rd->r);
    if (t->columns > ES_PAPER_COLUMNS || t->rows > ES_PAPER_ROWS)
        rd->r.bad = true;
    size_t n = t->columns * t->rows;
    const char **v = get_room(rd, n, sizeof *v, 4);
    for (size_t i = 0; v && i < n; i++)
        v[i] = get_text(rd, ES_PAPER_CELL, false);
    t->cell = v;
}

static void get_block(struct reader *rd, struct es_paper_block *k)
{
    k->kind = (enum es_paper_kind)get_choice(rd, ES_PAPER_KINDS);
    k->level = get_choice(rd, 5);
    k->dir = (enum es_paper_dir)get_choice(rd, ES_PAPER_DIRS);
    k->lang = get_plain(rd, TAG);
    k->mark = get_text(rd, MARK, false);
    k->jpeg = get_bytes(rd, ES_PAPER_BYTES);
    size_t n = es_rd_u16le(&rd->r);
    if (n > ES_PAPER_SPANS)
        rd->r.bad = true;
    struct es_paper_span *v = get_room(rd, n, sizeof *v, 9);
    for (size_t i = 0; v && i < n; i++) {
        v[i].marks = get_choice(rd, ES_PAPER_MARKS);
        v[i].link = get_plain(rd, ES_URL_MAX);
        v[i].text = get_text(rd, ES_PAPER_BYTES, true);
    }
    k->span = v;
    k->n = v ? n : 0;
    if (k->kind == ES_PAPER_TABLE)
        get_table(rd, &k->table);
}

static void get_blocks(struct reader *rd, struct es_paper *p)
{
    size_t n = es_rd_u16le(&rd->r);
    if (n > ES_PAPER_BLOCKS)
        rd->r.bad = true;
    struct es_paper_block *v = get_room(rd, n, sizeof *v, SHORTEST_BLOCK);
    for (size_t i = 0; v && i < n && !rd->r.bad; i++)
        get_block(rd, &v[i]);
    p->block = v;
    p->n = n;
}

enum es_code es_paper_get(struct es_bytes in, struct es_arena *a,
                          struct es_paper *out, struct es_err *e)
{
    struct reader rd = { .a = a };
    struct es_paper p = { 0 };

    es_rd_init(&rd.r, in);
    if (in.n > ES_PAPER_BYTES || es_rd_u8(&rd.r) != VERSION)
        return es_fail(e, ES_EMALFORMED, 0, "no paper");
    p.face = (enum es_paper_face)get_choice(&rd, ES_PAPER_FACES);
    unsigned lang = get_choice(&rd, ES_LANGS);
    p.colour = es_rd_u32le(&rd.r);
    p.at_ms = (int64_t)es_rd_u64le(&rd.r);
    p.pages = es_rd_u16le(&rd.r);
    if (p.colour > 0xffffff || p.at_ms < -TIME_MAX_MS || p.at_ms > TIME_MAX_MS)
        rd.r.bad = true;
    p.tag = get_plain(&rd, TAG);
    p.title = get_text(&rd, LINE, false);
    p.author = get_text(&rd, LINE, false);
    p.initiative = get_text(&rd, LINE, false);
    p.holder = get_text(&rd, LINE, false);
    p.foot = get_text(&rd, LINE, false);
    get_blocks(&rd, &p);
    if (rd.no_memory)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    if (rd.r.bad || es_rd_left(&rd.r) > 0)
        return es_fail(e, ES_EMALFORMED, rd.r.at, "no paper");
    p.lang = es_lang_at(lang);
    *out = p;
    return ES_OK;
}
