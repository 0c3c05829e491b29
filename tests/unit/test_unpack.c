/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include <zlib.h>

#include "base/limits.h"
#include "decode/decode.h"

static struct es_arena arena;
static struct es_members got;
static struct es_err err;

static const char GPX[] = "<?xml version='1.0'?><gpx><trk><trkseg>"
                          "<trkpt lat='1' lon='2'/></trkseg></trk></gpx>";
static const char TCX[] = "<TrainingCenterDatabase/>";

static enum es_code unpack(struct es_bytes in)
{
    es_arena_release(&arena);
    es_arena_init(&arena, ES_DECODE_MEM);
    got = (struct es_members){ 0 };
    err = (struct es_err){ 0 };
    return es_unpack(in, &arena, &got, &err);
}

static enum es_code unpack_buf(const struct es_buf *b)
{
    CHECK(!b->bad);
    return unpack(es_buf_bytes(b));
}

static bool is(size_t i, const char *want)
{
    return i < got.n && got.v[i].code == ES_OK &&
           es_bytes_eq(got.v[i].bytes, es_bytes_str(want));
}

/* ---- making archives ---- */

static void deflate_to(struct es_buf *b, struct es_bytes s, int window)
{
    z_stream z = { 0 };
    uint8_t out[4096];
    int rc;
    CHECK_INT(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY),
              Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    do {
        z.next_out = out;
        z.avail_out = sizeof out;
        rc = deflate(&z, Z_FINISH);
        es_buf_add(b, out, sizeof out - z.avail_out);
    } while (rc == Z_OK);
    CHECK_INT(rc, Z_STREAM_END);
    deflateEnd(&z);
}

static void gzip_to(struct es_buf *b, const char *s)
{
    deflate_to(b, es_bytes_str(s), 15 + 16);
}

static struct es_buf zeros(size_t n)
{
    struct es_buf b = { 0 };
    static const uint8_t Z[65536];
    es_buf_init(&b, n + sizeof Z);
    for (size_t i = 0; i < n; i += sizeof Z)
        es_buf_add(&b, Z, sizeof Z);
    return b;
}

/* What is to be put into a zip, and what to lie about. */
struct put {
    const char *name;
    struct es_bytes data; /* as it will come out */
    int method;           /* 0 or 8 written; any other only claimed */
    int flags;
    long size_lie, crc_lie, at_lie;
};

struct zip {
    struct es_buf b, dir;
    uint16_t n;
};

static struct zip zip_begin(void)
{
    struct zip z = { 0 };
    es_buf_init(&z.b, 64u << 20);
    es_buf_init(&z.dir, 4u << 20);
    return z;
}

static void head_to(struct es_buf *b, const struct put *p, uint32_t packed)
{
    uint32_t crc = (uint32_t)crc32(0, p->data.p, (uInt)p->data.n);
    es_buf_u16le(b, 20);
    es_buf_u16le(b, (uint16_t)p->flags);
    es_buf_u16le(b, (uint16_t)p->method);
    es_buf_u32le(b, 0);
    es_buf_u32le(b, (uint32_t)(crc + p->crc_lie));
    es_buf_u32le(b, packed);
    es_buf_u32le(b, (uint32_t)((long)p->data.n + p->size_lie));
    es_buf_u16le(b, (uint16_t)strlen(p->name));
    es_buf_u16le(b, 0);
}

static void zip_put(struct zip *z, const struct put *p)
{
    struct es_buf packed = { 0 };
    uint32_t at = (uint32_t)z->b.n;
    es_buf_init(&packed, 64u << 20);
    if (p->method == 8)
        deflate_to(&packed, p->data, -15);
    else
        es_buf_add(&packed, p->data.p, p->data.n);
    bool streamed = p->flags & 8;
    struct put local = *p;
    if (streamed)
        local.data.n = 0;
    es_buf_u32le(&z->b, 0x04034b50);
    head_to(&z->b, &local, streamed ? 0 : (uint32_t)packed.n);
    es_buf_str(&z->b, p->name);
    es_buf_add(&z->b, packed.p, packed.n);
    if (streamed) {
        es_buf_u32le(&z->b, 0x08074b50);
        es_buf_u32le(&z->b, (uint32_t)crc32(0, p->data.p, (uInt)p->data.n));
        es_buf_u32le(&z->b, (uint32_t)packed.n);
        es_buf_u32le(&z->b, (uint32_t)p->data.n);
    }
    es_buf_u32le(&z->dir, 0x02014b50);
    es_buf_u16le(&z->dir, 20);
    head_to(&z->dir, p, (uint32_t)packed.n);
    for (int i = 0; i < 5; i++)
        es_buf_u16le(&z->dir, 0);
    es_buf_u32le(&z->dir, (uint32_t)((long)at + p->at_lie));
    es_buf_str(&z->dir, p->name);
    z->n++;
    es_buf_release(&packed);
}

static void zip_str(struct zip *z, const char *name, const char *data)
{
    struct put p = { .name = name, .data = es_bytes_str(data), .method = 8 };
    zip_put(z, &p);
}

static void zip_end(struct zip *z, const char *comment)
{
    uint32_t at = (uint32_t)z->b.n;
    es_buf_add(&z->b, z->dir.p, z->dir.n);
    es_buf_u32le(&z->b, 0x06054b50);
    es_buf_u32le(&z->b, 0);
    es_buf_u16le(&z->b, z->n);
    es_buf_u16le(&z->b, z->n);
    es_buf_u32le(&z->b, (uint32_t)z->dir.n);
    es_buf_u32le(&z->b, at);
    es_buf_u16le(&z->b, (uint16_t)strlen(comment));
    es_buf_str(&z->b, comment);
    CHECK(!z->b.bad && !z->dir.bad);
}

static void zip_free(struct zip *z)
{
    es_buf_release(&z->b);
    es_buf_release(&z->dir);
    es_arena_release(&arena);
}

/* ---- sniffing ---- */

TEST(sniffs_by_content)
{
    static const struct {
        const char *s;
        enum es_format f;
    } T[] = {
        { GPX, ES_FORMAT_GPX },
        { TCX, ES_FORMAT_TCX },
        { "\xef\xbb\xbf \n<!-- <x> --> <!-- ---><g:gpx a='b'>", ES_FORMAT_GPX },
        { "<!DOCTYPE gpx [<!ENTITY a '>'>]><gpx/>", ES_FORMAT_GPX },
        { "<?xml version='1.0'?\?><gpx>", ES_FORMAT_GPX },
        { "\x0e\x10\x64\x64....FIT", ES_FORMAT_NONE }, /* one byte short */
        { "\x0e\x10\x64\x64.....FIT", ES_FORMAT_FIT },
        { "\x0c\x10\x64\x64\x01\x01\x01\x01.FIT", ES_FORMAT_FIT },
        { "<html><gpx/></html>", ES_FORMAT_NONE },
        { "<gpxx/>", ES_FORMAT_NONE },
        { "gpx", ES_FORMAT_NONE },
        { "<", ES_FORMAT_NONE },
        { "<!", ES_FORMAT_NONE },
        { "<?", ES_FORMAT_NONE },
        { "", ES_FORMAT_NONE },
        { "PK\x03\x04<gpx>", ES_FORMAT_NONE },
    };
    for (size_t i = 0; i < sizeof T / sizeof *T; i++)
        CHECK_INT(es_sniff(es_bytes_str(T[i].s)), T[i].f);
    const uint8_t wide[] = "\xff\xfe<\0g\0p\0x\0>";
    CHECK_INT(es_sniff((struct es_bytes){ wide, sizeof wide }), ES_FORMAT_GPX);
}

/* ---- plain and gzip ---- */

TEST(a_plain_file_is_borrowed)
{
    struct es_bytes in = es_bytes_str(GPX);
    CHECK_INT(unpack(in), ES_OK);
    CHECK(got.n == 1 && got.v[0].bytes.p == in.p && got.v[0].bytes.n == in.n);
    CHECK(got.v[0].name == NULL);
    CHECK_INT(unpack((struct es_bytes){ NULL, 0 }), ES_EEMPTY);
    es_arena_release(&arena);
}

TEST(gzip_of_one_and_of_many)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    gzip_to(&b, GPX);
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(is(0, GPX));
    es_buf_clear(&b);
    gzip_to(&b, "<gpx>");
    gzip_to(&b, "");
    gzip_to(&b, "</gpx>");
    es_buf_str(&b, "padding");
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(is(0, "<gpx></gpx>"));
    es_buf_clear(&b);
    gzip_to(&b, "");
    CHECK_INT(unpack_buf(&b), ES_EEMPTY);
    es_buf_release(&b);
    es_arena_release(&arena);
}

TEST(every_truncation_of_gzip)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    gzip_to(&b, GPX);
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        enum es_code rc = unpack(cut);
        if (n >= 2 && rc == ES_OK) {
            struct es_bytes whole = es_bytes_str(GPX);
            CHECK(got.v[0].bytes.n <= whole.n);
            CHECK(memcmp(got.v[0].bytes.p, whole.p, got.v[0].bytes.n) == 0);
        } else if (n >= 2) {
            CHECK_INT(rc, ES_EUNPACK);
        }
        t_guarded_free(cut);
    }
    es_buf_release(&b);
    es_arena_release(&arena);
}

TEST(a_false_checksum_is_refused)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    gzip_to(&b, GPX);
    for (size_t i = b.n - 8; i < b.n; i++) {
        b.p[i] ^= 1;
        CHECK_INT(unpack_buf(&b), ES_EUNPACK);
        b.p[i] ^= 1;
    }
    es_buf_release(&b);
    es_arena_release(&arena);
}

TEST(bombs_in_gzip)
{
    struct es_buf b = { 0 };
    struct es_buf z = zeros(10u << 20);
    es_buf_init(&b, 1u << 20);
    deflate_to(&b, es_buf_bytes(&z), 15 + 16);
    CHECK(b.n < 11000);
    CHECK_INT(unpack_buf(&b), ES_EBOMB);
    CHECK(arena.used < 1u << 20); /* nothing of it was kept */

    struct es_buf many = { 0 }; /* each member within the ratio's floor */
    es_buf_init(&many, 1u << 20);
    es_buf_clear(&b);
    deflate_to(&b, (struct es_bytes){ z.p, 60000 }, 15 + 16);
    for (int i = 0; i < 2000; i++)
        es_buf_add(&many, b.p, b.n);
    CHECK_INT(unpack_buf(&many), ES_EBOMB);
    es_buf_release(&many);
    es_buf_release(&z);
    es_buf_release(&b);
    es_arena_release(&arena);
}

TEST(more_than_the_total_is_refused)
{
    struct es_buf plain = { 0 };
    struct es_buf b = { 0 };
    es_buf_init(&plain, 80u << 20);
    es_buf_init(&b, 80u << 20);
    uint64_t x = 1;
    while (plain.n <= ES_UNPACKED_MAX / 2) { /* compresses about two times */
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        es_buf_u64le(&plain, x & 0x0f0f0f0f0f0f0f0f);
    }
    deflate_to(&b, es_buf_bytes(&plain), 15 + 16);
    CHECK_INT(unpack_buf(&b), ES_OK);
    es_buf_clear(&plain);
    es_buf_add(&plain, b.p, b.n);
    es_buf_add(&plain, b.p, b.n);
    CHECK_INT(unpack_buf(&plain), ES_EBOMB);
    es_buf_release(&plain);
    es_buf_release(&b);
    es_arena_release(&arena);
}

TEST(archives_in_archives)
{
    struct es_buf once = { 0 };
    struct es_buf twice = { 0 };
    es_buf_init(&once, 1u << 20);
    es_buf_init(&twice, 1u << 20);
    gzip_to(&once, GPX);
    deflate_to(&twice, es_buf_bytes(&once), 15 + 16);
    CHECK_INT(unpack_buf(&twice), ES_EUNPACK);

    struct zip inner = zip_begin();
    zip_str(&inner, "a.gpx", GPX);
    zip_end(&inner, "");
    es_buf_clear(&twice);
    deflate_to(&twice, es_buf_bytes(&inner.b), 15 + 16);
    CHECK_INT(unpack_buf(&twice), ES_EUNPACK);

    struct zip outer = zip_begin();
    for (int method = 0; method <= 8; method += 8) {
        struct put p = { .name = "a.zip",
                         .data = es_buf_bytes(&inner.b),
                         .method = method };
        zip_put(&outer, &p);
    }
    zip_str(&outer, "b.gpx", GPX);
    zip_end(&outer, "");
    CHECK_INT(unpack_buf(&outer.b), ES_OK);
    CHECK_INT(got.n, 3);
    CHECK_INT(got.v[0].code, ES_EUNPACK);
    CHECK_INT(got.v[1].code, ES_EUNPACK);
    CHECK(is(2, GPX));
    es_buf_release(&once);
    es_buf_release(&twice);
    zip_free(&inner);
    zip_free(&outer);
}

/* ---- zip ---- */

TEST(a_zip_of_everything)
{
    struct zip z = zip_begin();
    struct es_buf gz = { 0 };
    es_buf_init(&gz, 1u << 20);
    gzip_to(&gz, TCX);
    struct put stored = { .name = "stored.gpx", .data = es_bytes_str(GPX) };
    struct put packed = { .name = "x/y.tcx.gz", .data = es_buf_bytes(&gz) };
    struct put streamed = { .name = "streamed.gpx",
                            .data = es_bytes_str(GPX),
                            .method = 8,
                            .flags = 8 };
    struct put folder = { .name = "x/" };
    struct put locked = { .name = "locked.gpx",
                          .data = es_bytes_str(GPX),
                          .flags = 1 };
    struct put lzma = { .name = "b.tcx",
                        .data = es_bytes_str(GPX),
                        .method = 14 };
    zip_put(&z, &folder);
    zip_put(&z, &stored);
    zip_str(&z, "__MACOSX/x/a.gpx", GPX);
    zip_str(&z, "x/._a.gpx", GPX);
    zip_str(&z, "photo.gpx", "\xff\xd8\xff not an activity");
    zip_put(&z, &packed);
    zip_put(&z, &streamed);
    zip_put(&z, &locked);
    zip_put(&z, &lzma);
    zip_str(&z, "no \xd8\xa7\xe2\x80\xae name\x01\xff", TCX);
    zip_end(&z, "a comment");
    CHECK_INT(unpack_buf(&z.b), ES_OK);
    CHECK_INT(got.n, 6);
    CHECK(is(0, GPX) && is(1, TCX) && is(2, GPX) && is(5, TCX));
    CHECK_STR(got.v[0].name, "stored.gpx");
    CHECK_STR(got.v[1].name, "x/y.tcx.gz");
    CHECK_STR(got.v[5].name, "no \xd8\xa7 name\xef\xbf\xbd");
    CHECK_INT(got.v[3].code, ES_EUNPACK);
    CHECK_INT(got.v[4].code, ES_EUNPACK);
    CHECK(got.v[3].bytes.p == NULL);
    es_buf_release(&gz);
    zip_free(&z);
}

TEST(bytes_before_the_archive)
{
    struct zip z = zip_begin();
    zip_str(&z, "a.gpx", GPX);
    zip_end(&z, "");
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    es_buf_str(&b, "PK\x03\x04 looks like one");
    es_buf_add(&b, z.b.p, z.b.n);
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(is(0, GPX));
    es_buf_release(&b);
    zip_free(&z);
}

static enum es_code unpack_one(struct put p)
{
    struct zip z = zip_begin();
    p.name = "a.gpx";
    p.data = es_bytes_str(GPX);
    zip_put(&z, &p);
    zip_end(&z, "");
    enum es_code rc = unpack_buf(&z.b);
    zip_free(&z);
    return rc;
}

TEST(archives_that_lie)
{
    CHECK_INT(unpack_one((struct put){ .method = 8 }), ES_OK);
    CHECK_INT(unpack_one((struct put){ .method = 8, .size_lie = 1 }),
              ES_EUNPACK);
    CHECK_INT(unpack_one((struct put){ .method = 8, .size_lie = -1 }),
              ES_EUNPACK);
    CHECK_INT(unpack_one((struct put){ .method = 0, .size_lie = 1 }),
              ES_EUNPACK);
    CHECK_INT(unpack_one((struct put){ .method = 8, .crc_lie = 1 }),
              ES_EUNPACK);
    CHECK_INT(unpack_one((struct put){ .method = 0, .crc_lie = 1 }),
              ES_EUNPACK);
    /* an offset that leads nowhere: the local headers are read instead */
    CHECK_INT(unpack_one((struct put){ .method = 8, .at_lie = 1 }), ES_OK);
}

TEST(overlapping_entries)
{
    struct zip z = zip_begin();
    zip_str(&z, "a.gpx", GPX);
    struct put same = { .name = "b.gpx",
                        .data = es_bytes_str(GPX),
                        .method = 8,
                        .at_lie = -(long)z.b.n };
    zip_put(&z, &same);
    zip_end(&z, "");
    CHECK_INT(unpack_buf(&z.b), ES_EUNPACK);
    CHECK(strstr(err.msg, "overlap") != NULL);
    zip_free(&z);
}

TEST(a_bomb_spread_over_members)
{
    struct es_buf zs = zeros(60000);
    struct es_buf gpx = { 0 };
    struct zip z = zip_begin();
    es_buf_init(&gpx, 1u << 20);
    es_buf_str(&gpx, "<gpx>");
    es_buf_add(&gpx, zs.p, zs.n);
    struct put p = { .name = "a.gpx", .data = es_buf_bytes(&gpx), .method = 8 };
    for (int i = 0; i < 20; i++)
        zip_put(&z, &p);
    zip_end(&z, "");
    CHECK_INT(unpack_buf(&z.b), ES_EBOMB);
    es_buf_release(&zs);
    es_buf_release(&gpx);
    zip_free(&z);
}

TEST(too_many_members)
{
    for (int n = ES_MEMBERS_MAX; n <= ES_MEMBERS_MAX + 1; n++) {
        struct zip z = zip_begin();
        for (int i = 0; i < n; i++)
            zip_str(&z, "a.gpx", GPX);
        zip_end(&z, "");
        CHECK_INT(unpack_buf(&z.b), n == ES_MEMBERS_MAX ? ES_OK : ES_EUNPACK);
        zip_free(&z);
    }
}

TEST(zips_without_activities)
{
    struct zip z = zip_begin();
    zip_end(&z, "");
    CHECK_INT(unpack_buf(&z.b), ES_ENOACTIVITY);
    zip_free(&z);
    z = zip_begin();
    zip_str(&z, "readme.txt", "hello");
    zip_end(&z, "");
    CHECK_INT(unpack_buf(&z.b), ES_ENOACTIVITY);
    zip_free(&z);
}

/* The extra field of zip64, for what the header leaves open. */
static void extra64(struct es_buf *b, size_t size, size_t packed, size_t at)
{
    es_buf_u16le(b, 0x5455); /* another's, in front of it */
    es_buf_u16le(b, 1);
    es_buf_u8(b, 0);
    es_buf_u16le(b, 1);
    es_buf_u16le(b, 24);
    es_buf_u64le(b, size);
    es_buf_u64le(b, packed);
    es_buf_u64le(b, at);
}

static void head64(struct es_buf *b, const struct put *p, bool central)
{
    es_buf_u32le(b, central ? 0x02014b50 : 0x04034b50);
    if (central)
        es_buf_u16le(b, 45);
    es_buf_u16le(b, 45);
    es_buf_u16le(b, 0);
    es_buf_u16le(b, 0); /* stored */
    es_buf_u32le(b, 0);
    es_buf_u32le(b, (uint32_t)crc32(0, p->data.p, (uInt)p->data.n));
    es_buf_u32le(b, UINT32_MAX);
    es_buf_u32le(b, UINT32_MAX);
    es_buf_u16le(b, (uint16_t)strlen(p->name));
    es_buf_u16le(b, 33);
}

/* Everything where zip64 puts it, as some writers do for small files too.
 * `before`: bytes in front of it, of which it knows nothing. */
static struct es_buf zip64_of(const struct put *p, const char *before,
                              size_t lie)
{
    struct es_buf b;
    es_buf_init(&b, 1u << 20);
    es_buf_str(&b, before);
    size_t front = b.n;
    head64(&b, p, false);
    es_buf_str(&b, p->name);
    extra64(&b, p->data.n, p->data.n, 0);
    es_buf_add(&b, p->data.p, p->data.n);
    size_t dir = b.n - front;
    head64(&b, p, true);
    for (int i = 0; i < 10; i++) /* comment, disk, attributes */
        es_buf_u8(&b, 0);
    es_buf_u32le(&b, UINT32_MAX);
    es_buf_str(&b, p->name);
    extra64(&b, p->data.n, p->data.n + lie, 0);
    size_t end = b.n - front;
    es_buf_u32le(&b, 0x06064b50);
    es_buf_u64le(&b, 44);
    es_buf_u32le(&b, 45 << 16 | 45);
    es_buf_u64le(&b, 0);
    es_buf_u64le(&b, 1);
    es_buf_u64le(&b, 1);
    es_buf_u64le(&b, end - dir);
    es_buf_u64le(&b, dir);
    es_buf_u32le(&b, 0x07064b50);
    es_buf_u32le(&b, 0);
    es_buf_u64le(&b, end);
    es_buf_u32le(&b, 1);
    es_buf_u32le(&b, 0x06054b50);
    es_buf_u32le(&b, 0);
    es_buf_u32le(&b, UINT32_MAX); /* entries here and in all */
    es_buf_u32le(&b, UINT32_MAX);
    es_buf_u32le(&b, UINT32_MAX);
    es_buf_u16le(&b, 0);
    CHECK(!b.bad);
    return b;
}

TEST(zip64)
{
    struct put p = { .name = "a.gpx", .data = es_bytes_str(GPX) };
    struct es_buf b = zip64_of(&p, "", 0);
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(got.n == 1 && is(0, GPX));
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        enum es_code rc = unpack(cut);
        CHECK(rc != ES_OK || n < 4 || got.v[0].code != ES_OK ||
              got.v[0].bytes.n <= sizeof GPX);
        t_guarded_free(cut);
    }
    CHECK_INT(unpack((struct es_bytes){ b.p, b.n - 98 }), ES_OK);
    CHECK(is(0, GPX)); /* without its directory */
    es_buf_release(&b);
    b = zip64_of(&p, "PK\x03\x04 looks like one", 0);
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(got.n == 1 && is(0, GPX));
    es_buf_release(&b);
    b = zip64_of(&p, "", 1); /* more than there is: by local headers then */
    CHECK_INT(unpack_buf(&b), ES_OK);
    CHECK(is(0, GPX));
    es_buf_release(&b);
    es_arena_release(&arena);
}

static struct zip some_zip(void)
{
    struct zip z = zip_begin();
    struct put streamed = {
        .name = "s.gpx", .data = es_bytes_str(GPX), .method = 8, .flags = 8
    };
    struct put stored = { .name = "t.gpx", .data = es_bytes_str(GPX) };
    zip_put(&z, &streamed);
    zip_str(&z, "d.tcx", TCX);
    zip_put(&z, &stored);
    zip_end(&z, "");
    return z;
}

/* A cut archive keeps the members that stand before the cut. */
TEST(every_truncation_of_zip)
{
    struct zip z = some_zip();
    size_t whole = 0;
    for (size_t n = 0; n < z.b.n; n++) {
        struct es_bytes cut = t_guarded(z.b.p, n);
        enum es_code rc = unpack(cut);
        CHECK(rc == ES_OK || (err.code == rc && err.at <= n && !got.v));
        size_t same = 0;
        if (n >= 4 && rc == ES_OK)
            same = (size_t)is(0, GPX) + is(1, TCX) + is(2, GPX);
        CHECK(same >= whole);
        whole = same;
        t_guarded_free(cut);
    }
    CHECK_INT(whole, 3); /* only the directory was missing */
    zip_free(&z);
}

TEST(every_byte_of_a_zip_changed)
{
    struct zip z = some_zip();
    for (size_t i = 0; i < z.b.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            z.b.p[i] ^= (uint8_t)(1 << bit);
            enum es_code rc = unpack_buf(&z.b);
            CHECK(rc == ES_OK || (err.code == rc && err.at <= z.b.n));
            for (size_t k = 0; k < got.n; k++)
                CHECK(got.v[k].bytes.n <= ES_UNPACKED_MAX);
            z.b.p[i] ^= (uint8_t)(1 << bit);
        }
    zip_free(&z);
}

TEST(every_arena)
{
    struct zip z = some_zip();
    bool ok = false;
    for (size_t max = 0; !ok; max += 1024) {
        es_arena_release(&arena);
        es_arena_init(&arena, max);
        enum es_code rc = es_unpack(es_buf_bytes(&z.b), &arena, &got, &err);
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        ok = rc == ES_OK;
        CHECK(max < 1u << 20);
    }
    zip_free(&z);
}
