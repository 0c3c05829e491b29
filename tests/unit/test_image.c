/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Uploaded pictures: whatever they are, what comes out is a bare JPEG of the
 * right size, the right way up, and in the right light. */
#include "image/image.h"
#include "picture_kit.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct es_picture_ask ASK = { { 160, 80 }, 2 };
static const struct kit_jpeg PLAIN = { 0 };

static enum es_code make(const struct es_buf *file, struct es_arena *a,
                         struct es_picture_made *out, struct es_err *e)
{
    es_arena_init(a, ES_PICTURE_MEM);
    return es_picture_make(es_buf_bytes(file), &ASK, a, out, e);
}

static void near(const uint8_t *got, int r, int g, int b)
{
    const int want[3] = { r, g, b };
    for (int i = 0; i < 3; i++)
        CHECK(abs(got[i] - want[i]) <= 12);
}

/* Both sizes are bare and show the four corners the right way up. */
static void check_corners(const struct es_picture_made *m, uint32_t w,
                          uint32_t h)
{
    CHECK_INT(m->n, 2);
    CHECK_INT(m->v[0].width, w);
    CHECK_INT(m->v[0].height, h);
    CHECK_INT(m->v[1].width, w / 2);
    for (size_t i = 0; i < m->n; i++) {
        struct kit_pixels p = kit_pixels(m->v[i].jpeg);
        kit_check_bare(m->v[i].jpeg);
        CHECK_INT(p.w, m->v[i].width);
        CHECK_INT(p.h, m->v[i].height);
        near(kit_pixel(&p, 0.25, 0.25), 230, 20, 20);
        near(kit_pixel(&p, 0.75, 0.25), 20, 200, 20);
        near(kit_pixel(&p, 0.25, 0.75), 20, 20, 230);
        near(kit_pixel(&p, 0.75, 0.75), 240, 240, 240);
        es_buf_release(&p.rgb);
    }
}

/* Releases the file. */
static void check_becomes(struct es_buf file, uint32_t w, uint32_t h)
{
    struct es_arena a;
    struct es_picture_made m;
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    check_corners(&m, w, h);
    es_arena_release(&a);
    es_buf_release(&file);
}

TEST(image_kind_is_told_by_content)
{
    struct es_buf j = kit_jpeg(4, 4, kit_corners, &PLAIN);
    struct es_buf p =
        kit_png(4, 4, kit_corners, &(struct kit_png){ .depth = 8 });
    struct es_buf w = kit_webp(4, 4, kit_corners);
    CHECK_INT(es_picture_kind(es_buf_bytes(&j)), ES_PICTURE_JPEG);
    CHECK_INT(es_picture_kind(es_buf_bytes(&p)), ES_PICTURE_PNG);
    CHECK_INT(es_picture_kind(es_buf_bytes(&w)), ES_PICTURE_WEBP);
    CHECK_INT(es_picture_kind(es_bytes_str("<svg ")), ES_PICTURE_NONE);
    CHECK_INT(es_picture_kind(es_bytes_str("GIF89a")), ES_PICTURE_NONE);
    CHECK_INT(es_picture_kind((struct es_bytes){ 0 }), ES_PICTURE_NONE);
    es_buf_release(&j);
    es_buf_release(&p);
    es_buf_release(&w);
}

TEST(image_of_every_make_becomes_a_bare_jpeg)
{
    static const struct kit_jpeg JPEGS[] = { { 0 },
                                             { .progressive = true },
                                             { .cmyk = true } };
    static const struct kit_png PNGS[] = { { .depth = 8 },
                                           { .depth = 16 },
                                           { .depth = 8, .interlaced = true },
                                           { .depth = 16,
                                             .interlaced = true } };
    for (size_t i = 0; i < sizeof JPEGS / sizeof *JPEGS; i++)
        check_becomes(kit_jpeg(400, 300, kit_corners, &JPEGS[i]), 160, 120);
    for (size_t i = 0; i < sizeof PNGS / sizeof *PNGS; i++)
        check_becomes(kit_png(400, 300, kit_corners, &PNGS[i]), 160, 120);
    check_becomes(kit_webp(400, 300, kit_corners), 160, 120);
    /* So large that the library's own scaling takes a part of the way. */
    check_becomes(kit_jpeg(2000, 1500, kit_corners, &PLAIN), 160, 120);
}

TEST(image_with_few_colours_or_none_is_read)
{
    struct es_buf file =
        kit_png(64, 64, kit_corners, &(struct kit_png){ 8, .palette = true });
    struct es_arena a;
    struct es_picture_made m;
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    struct kit_pixels p = kit_pixels(m.v[0].jpeg);
    near(kit_pixel(&p, 0.75, 0.25), 0, 153, 0); /* of the cube */
    es_buf_release(&p.rgb);
    es_arena_release(&a);
    es_buf_release(&file);

    file = kit_jpeg(64, 64, kit_corners, &(struct kit_jpeg){ .grey = true });
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    p = kit_pixels(m.v[0].jpeg);
    near(kit_pixel(&p, 0.75, 0.75), 240, 240, 240);
    es_buf_release(&p.rgb);
    es_arena_release(&a);
    es_buf_release(&file);
}

TEST(image_that_is_small_is_not_enlarged)
{
    struct es_buf file = kit_jpeg(60, 40, kit_corners, &PLAIN);
    struct es_arena a;
    struct es_picture_made m;
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    CHECK_INT(m.n, 1);
    CHECK_INT(m.v[0].width, 60);
    CHECK_INT(m.v[0].height, 40);
    es_arena_release(&a);
    es_buf_release(&file);
}

TEST(image_that_is_transparent_gets_white_behind)
{
    struct es_buf file =
        kit_png(320, 240, kit_corners, &(struct kit_png){ 8, .alpha = true });
    struct es_arena a;
    struct es_picture_made m;
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    struct kit_pixels p = kit_pixels(m.v[0].jpeg);
    near(kit_pixel(&p, 0.25, 0.25), 230, 20, 20);
    near(kit_pixel(&p, 0.75, 0.25), 255, 255, 255);
    es_buf_release(&p.rgb);
    es_arena_release(&a);
    es_buf_release(&file);
}

/* Half black and half white is the grey of half the light, which is not half
 * the number. */
TEST(image_is_scaled_in_linear_light)
{
    struct es_buf file =
        kit_png(640, 640, kit_checks, &(struct kit_png){ .depth = 8 });
    struct es_arena a;
    struct es_picture_made m;
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    for (size_t i = 0; i < m.n; i++) {
        struct kit_pixels p = kit_pixels(m.v[i].jpeg);
        CHECK(abs(*kit_pixel(&p, 0.5, 0.5) - 188) <= 2);
        es_buf_release(&p.rgb);
    }
    es_arena_release(&a);
    es_buf_release(&file);
}

/* ---- the right way up ---- */

/* What a camera writes that was held in one of eight ways: painted so that it
 * is upright once it was turned. */
static unsigned held;

static void paint_held(uint32_t x, uint32_t y, uint32_t w, uint32_t h,
                       uint8_t rgb[3])
{
    bool right = x >= w / 2, low = y >= h / 2, t;
    switch (held) {
    case 2:
        right = !right;
        break;
    case 3:
        right = !right;
        low = !low;
        break;
    case 4:
        low = !low;
        break;
    case 5:
        t = right;
        right = low;
        low = t;
        break;
    case 6:
        t = right;
        right = !low;
        low = t;
        break;
    case 7:
        t = right;
        right = !low;
        low = !t;
        break;
    case 8:
        t = right;
        right = low;
        low = !t;
        break;
    default:
        break;
    }
    kit_corners(right, low, 2, 2, rgb);
}

TEST(image_is_turned_as_its_camera_was_held)
{
    for (held = 1; held <= 8; held++) {
        struct es_buf exif = kit_exif(held, held % 2 == 0);
        struct kit_jpeg j = { .exif = es_buf_bytes(&exif) };
        struct kit_png g = { .depth = 8, .exif = es_buf_bytes(&exif) };
        uint32_t w = held < 5 ? 160 : 120, h = held < 5 ? 120 : 160;
        check_becomes(kit_jpeg(400, 300, paint_held, &j), w, h);
        check_becomes(kit_png(400, 300, paint_held, &g), w, h);
        es_buf_release(&exif);
    }
}

TEST(image_with_exotic_exif_stays_as_it_is)
{
    struct es_buf exif = kit_exif(6, true);
    uint8_t all[64];
    size_t n = exif.n;
    memcpy(all, exif.p, n);
    for (size_t cut = 0; cut < n; cut++) { /* each of them, cut anywhere */
        struct kit_jpeg j = { .exif = { all, cut } };
        struct es_buf file = kit_jpeg(20, 10, kit_corners, &j);
        struct es_arena a;
        struct es_picture_made m;
        CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
        es_arena_release(&a);
        es_buf_release(&file);
    }
    for (size_t at = 0; at < n; at++) { /* and with each byte the largest */
        uint8_t was = all[at];
        all[at] = 0xff;
        struct kit_jpeg j = { .exif = { all, n } };
        struct es_buf file = kit_jpeg(20, 10, kit_corners, &j);
        struct es_arena a;
        struct es_picture_made m;
        CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
        es_arena_release(&a);
        es_buf_release(&file);
        all[at] = was;
    }
    es_buf_release(&exif);
}

/* ---- hostile ---- */

/* Each copy ends at an unmapped page: one byte too far crashes. */
static void every_truncation(struct es_buf file)
{
    struct es_bytes all = es_buf_bytes(&file);
    for (size_t n = 0; n < all.n; n++) {
        struct es_bytes cut = t_guarded(all.p, n);
        struct es_picture_made m = { .n = 7 };
        struct es_arena a;
        es_arena_init(&a, 1 << 20);
        enum es_code rc = es_picture_make(cut, &ASK, &a, &m, NULL);
        CHECK((rc == ES_OK) == (m.n != 7));
        CHECK(rc == ES_OK ? n > all.n - 16 : rc >= ES_EEMPTY);
        es_arena_release(&a);
        t_guarded_free(cut);
    }
    es_buf_release(&file);
}

TEST(image_cut_anywhere_is_refused)
{
    every_truncation(kit_jpeg(24, 16, kit_corners, &PLAIN));
    every_truncation(kit_jpeg(24, 16, kit_corners,
                              &(struct kit_jpeg){ .progressive = true }));
    every_truncation(
        kit_png(24, 16, kit_corners, &(struct kit_png){ .depth = 16 }));
    every_truncation(kit_webp(24, 16, kit_corners));
}

TEST(image_without_memory_fails_and_loses_none)
{
    struct es_buf files[] = {
        kit_jpeg(200, 100, kit_corners, &PLAIN),
        kit_png(200, 100, kit_corners,
                &(struct kit_png){ 8, .interlaced = true }),
        kit_webp(200, 100, kit_corners),
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        enum es_code rc = ES_ENOMEM;
        for (size_t max = 0; rc != ES_OK; max += 4096) {
            struct es_picture_made m;
            struct es_arena a;
            CHECK_INT(rc, ES_ENOMEM);
            es_arena_init(&a, max);
            rc = es_picture_make(es_buf_bytes(&files[i]), &ASK, &a, &m, NULL);
            es_arena_release(&a);
        }
        es_buf_release(&files[i]);
    }
}

/* A claim of 65535 by 65535 costs nothing: the arena has no room for a row. */
TEST(image_that_claims_to_be_huge_is_refused_before_memory)
{
    static const uint8_t PNG[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff"
                                 "\0\0\xff\xff\x08\x02\0\0\0\x56\x0b\xbe\x27";
    /* VP8X: 16384 by 16384, and a lossless picture of as much */
    static const uint8_t WEBP[] = "RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0"
                                  "\x2f\xff\xff\xff\x0f\0\0\0\0\0";
    struct es_buf j = kit_jpeg(16, 16, kit_corners, &PLAIN);
    struct es_buf p, w;
    es_buf_init(&p, 100);
    es_buf_add(&p, PNG, sizeof PNG - 1);
    es_buf_init(&w, 100);
    es_buf_add(&w, WEBP, sizeof WEBP - 1);
    for (size_t i = 0; i + 9 < j.n; i++)
        if ((uint8_t)j.p[i] == 0xff && (uint8_t)j.p[i + 1] == 0xc0)
            memset(j.p + i + 5, 0xfe, 4);
    const struct es_buf *all[] = { &p, &w, &j };
    for (size_t i = 0; i < 3; i++) {
        struct es_picture_made m;
        struct es_arena a;
        struct es_err e = { 0 };
        es_arena_init(&a, 512 << 10); /* the tables of light, and no more */
        enum es_code rc =
            es_picture_make(es_buf_bytes(all[i]), &ASK, &a, &m, &e);
        /* libpng says it itself, as a damage */
        CHECK(rc == ES_EBOMB || (i == 0 && rc == ES_EMALFORMED));
        es_arena_release(&a);
    }
    es_buf_release(&j);
    es_buf_release(&p);
    es_buf_release(&w);
}

TEST(image_that_moves_is_refused)
{
    static const uint8_t MOVES[] = "RIFF\x28\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0"
                                   "\x0f\0\0\x0f\0\0ANIM\x06\0\0\0"
                                   "\0\0\0\0\0\0";
    struct es_picture_made m;
    struct es_arena a;
    es_arena_init(&a, ES_PICTURE_MEM);
    CHECK_INT(es_picture_make((struct es_bytes){ MOVES, sizeof MOVES - 1 },
                              &ASK, &a, &m, NULL),
              ES_ECOMPLEX);
    es_arena_release(&a);
}

/* What a browser might take for a page, hung on behind a picture or put into
 * its comments, is gone afterwards. */
TEST(image_that_is_a_page_as_well_leaves_only_the_picture)
{
    static const char PAGE[] = "<script>alert(1)</script><!DOCTYPE html>";
    struct kit_jpeg how = { .exif = es_bytes_str(PAGE) };
    struct es_buf file = kit_jpeg(200, 100, kit_corners, &how);
    struct es_arena a;
    struct es_picture_made m;
    es_buf_str(&file, PAGE);
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    for (size_t i = 0; i < m.n; i++) {
        kit_check_bare(m.v[i].jpeg);
        CHECK(memmem(m.v[i].jpeg.p, m.v[i].jpeg.n, "script", 6) == NULL);
    }
    es_arena_release(&a);
    es_buf_release(&file);
}

/* ---- what it tells of its maker ---- */

/* exiftool with these arguments in this folder. */
static void exiftool(const char *dir, const char *args, struct es_buf *out)
{
    char line[900], got[4096];
    size_t n;
    (void)snprintf(line, sizeof line, "cd '%s' && exiftool %s 2>&1", dir, args);
    es_buf_clear(out);
    FILE *f = popen(line, "r");
    CHECK(f != NULL);
    while ((n = fread(got, 1, sizeof got, f)) > 0)
        es_buf_add(out, got, n);
    CHECK_INT(pclose(f), 0);
}

static void put_file(const char *path, struct es_bytes s)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL);
    CHECK_INT(fwrite(s.p, 1, s.n, f), s.n);
    CHECK_INT(fclose(f), 0);
}

static struct es_buf get_file(const char *path)
{
    struct es_buf b;
    uint8_t got[4096];
    size_t n;
    es_buf_init(&b, 1 << 20);
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    while ((n = fread(got, 1, sizeof got, f)) > 0)
        es_buf_add(&b, got, n);
    (void)fclose(f);
    return b;
}

static void check_tells_nothing(struct es_buf file, const char *end)
{
    char path[300], small[300];
    struct es_buf said;
    struct es_arena a;
    struct es_picture_made m;
    const char *dir = t_tmpdir();
    (void)snprintf(path, sizeof path, "%s/holiday.%s", dir, end);
    (void)snprintf(small, sizeof small, "%s/thumb.jpg", dir);
    struct es_buf thumb = kit_jpeg(16, 12, kit_corners, &PLAIN);
    put_file(path, es_buf_bytes(&file));
    put_file(small, es_buf_bytes(&thumb));
    es_buf_init(&said, 1 << 20);
    exiftool(dir,
             "-q -overwrite_original -GPSLatitude=40.409 -GPSLatitudeRef=N"
             " -GPSLongitude=49.867 -GPSLongitudeRef=E -SerialNumber=SN-4711"
             " -Make=Camera -Artist=Leyla -XMP:Creator=Leyla"
             " '-ThumbnailImage<=thumb.jpg' -Comment=home holiday.*",
             &said);
    es_buf_release(&file);
    file = get_file(path);
    exiftool(dir, "-a -G1 -s holiday.*", &said);
    CHECK(strstr(es_buf_cstr(&said), "GPSLatitude") != NULL);
    CHECK(strstr(es_buf_cstr(&said), "4711") != NULL);
    CHECK_INT(make(&file, &a, &m, NULL), ES_OK);
    for (size_t i = 0; i < m.n; i++) {
        kit_check_bare(m.v[i].jpeg);
        put_file(small, m.v[i].jpeg);
        exiftool(dir, "-a -G1 -s thumb.jpg", &said);
        const char *s = es_buf_cstr(&said);
        CHECK(strstr(s, "ImageWidth") != NULL);
        CHECK(!strstr(s, "GPS") && !strstr(s, "4711") && !strstr(s, "Leyla"));
        CHECK(!strstr(s, "Thumbnail") && !strstr(s, "XMP") &&
              !strstr(s, "[IFD0]") && !strstr(s, "Comment"));
    }
    es_buf_release(&said);
    es_buf_release(&thumb);
    es_buf_release(&file);
    es_arena_release(&a);
}

TEST(image_tells_nothing_of_place_camera_or_person)
{
    if (system("exiftool -ver >/dev/null 2>&1") != 0) {
        SKIP("exiftool isn't here");
    }
    check_tells_nothing(kit_jpeg(320, 200, kit_corners, &PLAIN), "jpg");
    check_tells_nothing(
        kit_png(320, 200, kit_corners, &(struct kit_png){ .depth = 8 }), "png");
    check_tells_nothing(kit_webp(320, 200, kit_corners), "webp");
}
