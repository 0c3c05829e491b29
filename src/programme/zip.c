/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/zip.h"

#include "base/time.h"

#include <string.h>

enum {
    HEAD = 30,           /* bytes before a name */
    NEEDS = 20,          /* version 2.0 reads it */
    MADE = 3 << 8 | 63,  /* on Unix, as 6.3 says */
    NAMES_UTF8 = 1 << 11 /* section 4.4.4 */
};

uint32_t es_zip_crc(uint32_t crc, struct es_bytes s)
{
    /* Four bits at a time: as small as a table gets. */
    static const uint32_t TABLE[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
    };
    crc = ~crc;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= s.p[i];
        crc = crc >> 4 ^ TABLE[crc & 15];
        crc = crc >> 4 ^ TABLE[crc & 15];
    }
    return ~crc;
}

/* MS-DOS' time and date (section 4.4.6), which begin with 1980. */
static void put_time(struct es_buf *b, int64_t at_ms)
{
    struct es_date d = es_date_of(at_ms);
    int year = d.year < 1980 ? 0 : d.year - 1980;
    es_buf_u16le(b, (uint16_t)(d.hour << 11 | d.minute << 5 | d.second / 2));
    es_buf_u16le(b, (uint16_t)(year << 9 | d.month << 5 | d.day));
}

/* The part that both heads of a file have. */
static void put_file(struct es_buf *b, const struct es_zip_file *f)
{
    es_buf_u16le(b, NEEDS);
    es_buf_u16le(b, NAMES_UTF8);
    es_buf_u16le(b, 0); /* stored as it is */
    put_time(b, f->at_ms);
    es_buf_u32le(b, f->crc);
    es_buf_u32le(b, f->size);
    es_buf_u32le(b, f->size);
    es_buf_u16le(b, (uint16_t)strlen(f->name));
    es_buf_u16le(b, 0);
}

void es_zip_head(struct es_buf *b, const struct es_zip_file *f)
{
    es_buf_u32le(b, 0x04034b50);
    put_file(b, f);
    es_buf_str(b, f->name);
}

void es_zip_end(struct es_buf *b, const struct es_zip_file *v, size_t n)
{
    uint32_t at = 0;
    size_t begin = b->n;
    for (size_t i = 0; i < n; i++) {
        es_buf_u32le(b, 0x02014b50);
        es_buf_u16le(b, MADE);
        put_file(b, &v[i]);
        es_buf_u16le(b, 0); /* comment */
        es_buf_u16le(b, 0); /* disk */
        es_buf_u16le(b, 0);
        es_buf_u32le(b, 0100644u << 16); /* a file that all may read */
        es_buf_u32le(b, at);
        es_buf_str(b, v[i].name);
        at += HEAD + (uint32_t)strlen(v[i].name) + v[i].size;
    }
    uint32_t size = (uint32_t)(b->n - begin);
    es_buf_u32le(b, 0x06054b50);
    es_buf_u32le(b, 0); /* disks */
    es_buf_u16le(b, (uint16_t)n);
    es_buf_u16le(b, (uint16_t)n);
    es_buf_u32le(b, size);
    es_buf_u32le(b, at);
    es_buf_u16le(b, 0);
}
