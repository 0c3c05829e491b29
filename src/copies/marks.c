/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "copies/copies.h"

#include <string.h>

enum { VERSION = 1 };

/* A mark of two numbers; 0 where either is missing. */
static uint32_t mark_of(const uint8_t *key, int64_t scope, uint32_t which,
                        uint32_t a, uint32_t b)
{
    uint8_t bytes[20];
    const uint64_t words[] = { (uint64_t)scope, (uint64_t)a << 32 | b };
    if (a == ES_SKETCH_NONE || b == ES_SKETCH_NONE)
        return 0;
    for (size_t i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(words[i / 8] >> i % 8 * 8);
    for (size_t i = 0; i < 4; i++)
        bytes[16 + i] = (uint8_t)(which >> i * 8);
    uint32_t v =
        (uint32_t)es_siphash(key, (struct es_bytes){ bytes, sizeof bytes });
    return v ? v : 1;
}

void es_marks_of(const uint8_t key[ES_SIPHASH_KEY], int64_t scope,
                 const struct es_sketch *s, struct es_marks *out)
{
    struct es_marks m = { .started_ms = s->started_ms,
                          .lasted_s = s->lasted_s };
    uint32_t n = 0;
    for (size_t i = 0; i < ES_SKETCH_PLACES; i += 2, n++)
        m.v[n] = mark_of(key, scope, n, s->place[i], s->place[i + 1]);
    for (size_t i = 0; i < ES_SKETCH_BEATS; i++, n++)
        m.v[n] = mark_of(key, scope, n, s->pulse[i], 0);
    for (size_t i = 0; i < ES_SKETCH_BEATS; i++, n++)
        m.v[n] = mark_of(key, scope, n, s->step[i], 0);
    *out = m;
}

bool es_marks_any(const struct es_marks *m)
{
    for (size_t i = 0; i < ES_MARKS; i++)
        if (m->v[i])
            return true;
    return false;
}

void es_marks_put(struct es_buf *b, const struct es_marks *m)
{
    es_buf_u8(b, VERSION);
    es_buf_u64le(b, (uint64_t)m->started_ms);
    es_buf_u32le(b, m->lasted_s);
    for (size_t i = 0; i < ES_MARKS; i++)
        es_buf_u32le(b, m->v[i]);
}

enum es_code es_marks_get(struct es_bytes in, struct es_marks *out,
                          struct es_err *e)
{
    struct es_rd r;
    struct es_marks m;
    es_rd_init(&r, in);
    uint8_t version = es_rd_u8(&r);
    m.started_ms = (int64_t)es_rd_u64le(&r);
    m.lasted_s = es_rd_u32le(&r);
    for (size_t i = 0; i < ES_MARKS; i++)
        m.v[i] = es_rd_u32le(&r);
    if (r.bad || es_rd_left(&r) != 0 || version != VERSION)
        return es_fail(e, ES_EMALFORMED, r.at, "marks are damaged");
    *out = m;
    return ES_OK;
}
