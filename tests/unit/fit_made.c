/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fit_made.h"

#include <string.h>

#include "base/crc.h"
#include "base/limits.h"
#include "t.h"

void made_u16(struct made *f, unsigned v)
{
    es_buf_u8(&f->b, (uint8_t)(f->big ? v >> 8 : v));
    es_buf_u8(&f->b, (uint8_t)(f->big ? v : v >> 8));
}

void made_u32(struct made *f, uint32_t v)
{
    made_u16(f, f->big ? v >> 16 : v & 0xffff);
    made_u16(f, f->big ? v & 0xffff : v >> 16);
}

struct made made_begin(uint8_t header)
{
    struct made f = { .big = false };
    es_buf_init(&f.b, 4u << 20);
    es_buf_u8(&f.b, header);
    es_buf_u8(&f.b, 0x10);
    made_u16(&f, 100);
    made_u32(&f, 0);
    es_buf_str(&f.b, ".FIT");
    for (int i = 12; i < header; i++)
        es_buf_u8(&f.b, 0);
    return f;
}

void made_set_size(struct made *f, size_t from, uint32_t size)
{
    for (size_t i = 0; i < 4; i++)
        f->b.p[from + 4 + i] = (uint8_t)(size >> (8 * i));
}

void made_close(struct made *f, size_t from)
{
    f->big = false;
    made_set_size(f, from, (uint32_t)(f->b.n - from - f->b.p[from]));
    made_u16(f, es_crc16(0, (struct es_bytes){ f->b.p + from, f->b.n - from }));
}

void made_define(struct made *f, unsigned local, unsigned global,
                 const char *fields, size_t n)
{
    es_buf_u8(&f->b, (uint8_t)(0x40 | local));
    es_buf_u8(&f->b, 0);
    es_buf_u8(&f->b, f->big);
    made_u16(f, global);
    es_buf_u8(&f->b, (uint8_t)(n / 3));
    es_buf_add(&f->b, fields, n);
}

void made_head(struct made *f, unsigned local)
{
    es_buf_u8(&f->b, (uint8_t)local);
}

void made_records(struct made *f, uint32_t t, size_t n)
{
    DEFINE(f, 0, 20, "\xfd\4\x86\5\4\x86");
    for (uint32_t i = 0; i < n; i++) {
        made_head(f, 0);
        made_u32(f, t + i);
        made_u32(f, i * 300);
    }
}

struct read read_bytes(struct es_bytes in)
{
    struct read r = { .rc = ES_OK };
    es_arena_init(&r.a, ES_DECODE_MEM);
    r.rc = es_fit_decode(in, &r.a, &r.t, &r.e);
    CHECK((r.rc == ES_OK) == (r.t.n > 0));
    return r;
}

struct read read_made(struct made *f)
{
    return read_bytes(es_buf_bytes(&f->b));
}

void read_done(struct read *r, struct made *f)
{
    es_arena_release(&r->a);
    es_buf_release(&f->b);
}

bool read_warned(const struct read *r, const char *code)
{
    for (size_t i = 0; i < r->t.v[0].n_warnings; i++)
        if (strcmp(r->t.v[0].warnings[i].code, code) == 0)
            return true;
    return false;
}
