/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small GPX files of several tracks, and zips of files. */
#ifndef ES_TESTS_ZIP_KIT_H
#define ES_TESTS_ZIP_KIT_H

#include "base/limits.h"
#include "t.h"

#include <zlib.h>

/* `tracks` tracks of two points each. */
static inline void kit_gpx(struct es_buf *b, unsigned tracks)
{
    es_buf_init(b, ES_UPLOAD_MAX);
    es_buf_str(b, "<gpx version=\"1.1\" creator=\"test\">");
    for (unsigned i = 0; i < tracks; i++)
        es_buf_fmt(b,
                   "<trk><trkseg><trkpt lat=\"1\" lon=\"2\"/>"
                   "<trkpt lat=\"1.%03u\" lon=\"2\"/></trkseg></trk>",
                   i + 1);
    es_buf_str(b, "</gpx>");
}

/* A zip of stored members; APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16. */
struct zip {
    struct es_buf body, dir;
    uint16_t n;
};

static inline void zip_sizes(struct es_buf *b, const char *name,
                             struct es_bytes s)
{
    es_buf_u16le(b, 0); /* flags */
    es_buf_u16le(b, 0); /* stored */
    es_buf_u32le(b, 0); /* time */
    es_buf_u32le(b, (uint32_t)crc32(0, s.p, (uInt)s.n));
    es_buf_u32le(b, (uint32_t)s.n);
    es_buf_u32le(b, (uint32_t)s.n);
    es_buf_u16le(b, (uint16_t)strlen(name));
    es_buf_u16le(b, 0); /* extra */
}

static inline void zip_add(struct zip *z, const char *name, struct es_bytes s)
{
    uint32_t at = (uint32_t)z->body.n;
    es_buf_u32le(&z->body, 0x04034b50);
    es_buf_u16le(&z->body, 20);
    zip_sizes(&z->body, name, s);
    es_buf_str(&z->body, name);
    es_buf_add(&z->body, s.p, s.n);
    es_buf_u32le(&z->dir, 0x02014b50);
    es_buf_u16le(&z->dir, 20);
    es_buf_u16le(&z->dir, 20);
    zip_sizes(&z->dir, name, s);
    es_buf_u16le(&z->dir, 0); /* comment */
    es_buf_u32le(&z->dir, 0); /* disk, attributes */
    es_buf_u32le(&z->dir, 0);
    es_buf_u32le(&z->dir, at);
    es_buf_str(&z->dir, name);
    z->n++;
}

static inline struct es_bytes zip_end(struct zip *z)
{
    uint32_t at = (uint32_t)z->body.n;
    es_buf_add(&z->body, z->dir.p, z->dir.n);
    es_buf_u32le(&z->body, 0x06054b50);
    es_buf_u32le(&z->body, 0); /* disks */
    es_buf_u16le(&z->body, z->n);
    es_buf_u16le(&z->body, z->n);
    es_buf_u32le(&z->body, (uint32_t)z->dir.n);
    es_buf_u32le(&z->body, at);
    es_buf_u16le(&z->body, 0);
    CHECK(!z->body.bad && !z->dir.bad);
    return es_buf_bytes(&z->body);
}

static inline struct zip zip_begin(void)
{
    struct zip z = { 0 };
    es_buf_init(&z.body, ES_UPLOAD_MAX);
    es_buf_init(&z.dir, ES_UPLOAD_MAX);
    return z;
}

static inline void zip_free(struct zip *z)
{
    es_buf_release(&z->body);
    es_buf_release(&z->dir);
}

#endif
