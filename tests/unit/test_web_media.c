/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What organisers and participants bring: the cover picture, the launch video
 * in pieces, its captions; and evidence, which only two sorts of people see. */
#include "browser.h"
#include "initiative/films.h"
#include "picture_kit.h"
#include "store/media.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

#define MEDIA "/organise/e/lantern/media"
#define TUS "Tus-Resumable: 1.0.0\r\n"

static const char *head(const struct browser *b, const char *name)
{
    static char v[256];
    const char *got = es_reply_header(&b->r, name, v, sizeof v);
    return got ? got : "";
}

/* A form with a file and other fields ("name=value&..."). */
static int post_file(struct browser *b, const char *path, const char *field,
                     struct es_bytes file, const char *fields)
{
    struct es_buf body;
    es_buf_init(&body, 64 << 20);
    es_buf_fmt(&body,
               "--x\r\nContent-Disposition: form-data; name=\"csrf\""
               "\r\n\r\n%s\r\n",
               b->csrf);
    while (*fields) {
        int n = (int)strcspn(fields, "=");
        int m = (int)strcspn(fields + n + 1, "&");
        es_buf_fmt(&body,
                   "--x\r\nContent-Disposition: form-data; "
                   "name=\"%.*s\"\r\n\r\n%.*s\r\n",
                   n, fields, m, fields + n + 1);
        fields += n + 1 + m;
        fields += *fields == '&';
    }
    es_buf_fmt(&body,
               "--x\r\nContent-Disposition: form-data; name=\"%s\"; "
               "filename=\"holiday.bin\"\r\n\r\n",
               field);
    es_buf_add(&body, file.p, file.n);
    es_buf_str(&body, "\r\n--x--\r\n");
    int status = browser_send(
        b, "POST", path, "Content-Type: multipart/form-data; boundary=x\r\n",
        es_buf_bytes(&body));
    es_buf_release(&body);
    return status;
}

static void look(struct browser *b)
{
    CHECK_INT(browser_get(b, MEDIA), 200);
}

/* ---- the cover ---- */

/* The n-th address in the picture's srcset on the page, as a path. */
static void srcset_at(struct browser *b, size_t n, char out[80])
{
    const char *at = strstr(browser_body(b), "srcset=\"");
    CHECK(at != NULL);
    at += strlen("srcset=\"");
    while (n--) {
        at = strstr(at, ", ");
        CHECK(at != NULL);
        at += 2;
    }
    (void)snprintf(out, 80, "%.*s", (int)strcspn(at, " "), at);
}

TEST(cover_comes_in_sizes_and_tells_nothing)
{
    struct browser b;
    char path[80], large[80];
    struct es_buf exif = kit_exif(6, true);
    struct kit_jpeg how = { .exif = es_buf_bytes(&exif) };
    struct es_buf jpeg = kit_jpeg(2000, 1200, kit_corners, &how);
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    CHECK_INT(post_file(&b, MEDIA "/picture", "picture", es_buf_bytes(&jpeg),
                        "alt=Lamps along a river"),
              303);
    look(&b);
    CHECK(browser_shows(&b, "Lamps along a river"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "alt=\"Lamps along a river\""));
    srcset_at(&b, 0, path);
    srcset_at(&b, 2, large);
    CHECK_INT(browser_get(&b, large), 200);
    CHECK_STR(head(&b, "Content-Type"), "image/jpeg");
    CHECK_STR(head(&b, "X-Content-Type-Options"), "nosniff");
    CHECK_STR(head(&b, "Set-Cookie"), "");
    kit_check_bare(es_buf_bytes(&b.r.body));
    struct kit_pixels p = kit_pixels(es_buf_bytes(&b.r.body));
    CHECK_INT(p.h, 1600); /* upright */
    CHECK_INT(p.w, 960);
    es_buf_release(&p.rgb);
    CHECK_INT(browser_get(&b, path), 200);
    p = kit_pixels(es_buf_bytes(&b.r.body));
    CHECK_INT(p.h, 480);
    es_buf_release(&p.rgb);

    /* Another takes its place, and the first is gone in all its sizes. */
    look(&b);
    CHECK_INT(
        post_file(&b, MEDIA "/picture", "picture", es_buf_bytes(&jpeg), "alt="),
        303);
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, large), 404);
    look(&b);
    CHECK_INT(browser_post(&b, MEDIA "/picture/remove", ""), 303);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "srcset"));
    struct es_media *all;
    size_t n;
    CHECK_INT(es_store_media_of(b.w.store, b.w.ini.id, &b.w.a, &all, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    browser_stop(&b);
    es_buf_release(&jpeg);
    es_buf_release(&exif);
}

TEST(cover_that_is_none_is_told_at_its_field)
{
    static const struct {
        const char *file, *says;
    } BAD[] = {
        { "<svg onload=alert(1)>", "send a JPEG, PNG or WebP" },
        { "<html><script>", "send a JPEG, PNG or WebP" },
        { "GIF89a", "send a JPEG, PNG or WebP" },
        { "\xff\xd8\xff", "ends too early" },
    };
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(post_file(&b, MEDIA "/picture", "picture",
                            es_bytes_str(BAD[i].file), "alt=kept words"),
                  422);
        CHECK(browser_shows(&b, BAD[i].says));
        CHECK(browser_shows(&b, "kept words"));
    }
    CHECK_INT(browser_post(&b, MEDIA "/picture", "alt=x"), 422);
    CHECK(browser_shows(&b, "Please choose a picture first."));
    browser_stop(&b);
}

/* ---- evidence ---- */

static struct es_buf typed_date(void)
{
    struct es_buf f;
    struct es_date d = es_date_of(es_time_now_ms() - 3600000);
    es_buf_init(&f, 400);
    es_buf_fmt(&f,
               "date=%04d-%02d-%02d&time=%02d:%02d&distance=5&duration="
               "30:00&units=km&sport=running&note=",
               d.year, d.month, d.day, d.hour, d.minute);
    return f;
}

TEST(evidence_is_seen_by_its_owner_and_reviewers_alone)
{
    struct browser b;
    char own[120], reviewer[200];
    struct es_buf png =
        kit_png(900, 600, kit_corners, &(struct kit_png){ .depth = 8 });
    struct es_buf form = typed_date();
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(post_file(&b, "/me/typed", "picture", es_buf_bytes(&png),
                        es_buf_cstr(&form)),
              303);
    (void)snprintf(own, sizeof own, "%s/picture", head(&b, "Location"));
    CHECK_INT(browser_get(&b, head(&b, "Location")), 200);
    CHECK(browser_shows(&b, own));
    CHECK_INT(browser_get(&b, own), 200);
    CHECK_STR(head(&b, "Content-Type"), "image/jpeg");
    CHECK_STR(head(&b, "Cache-Control"), "no-store");
    kit_check_bare(es_buf_bytes(&b.r.body));

    (void)snprintf(reviewer, sizeof reviewer, "/organise/e/lantern/runs/%s",
                   own + strlen("/me/runs/"));
    CHECK_INT(browser_get(&b, reviewer), 404); /* a participant */
    b.cookies[0] = '\0';
    CHECK(browser_get(&b, own) >= 400); /* nobody */
    CHECK_INT(browser_get(&b, reviewer), 404);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, reviewer), 200);
    CHECK_STR(head(&b, "Cache-Control"), "no-store");
    b.cookies[0] = '\0';
    struct es_participant other;
    other = world_join(&b.w, "Ben");
    browser_sign_in(&b, &other);
    CHECK_INT(browser_get(&b, own), 404); /* another runner */
    browser_stop(&b);
    es_buf_release(&png);
    es_buf_release(&form);
}

TEST(evidence_that_is_none_leaves_no_run)
{
    struct browser b;
    struct es_buf form = typed_date();
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(post_file(&b, "/me/typed", "picture", es_bytes_str("%PDF-1.4"),
                        es_buf_cstr(&form)),
              422);
    CHECK(browser_shows(&b, "send a JPEG, PNG or WebP"));
    CHECK_INT(world_total(&b.w), 0);
    /* Mended elsewhere, it is asked for again: a browser forgets files. */
    CHECK_INT(post_file(&b, "/me/typed", "picture", es_bytes_str("%PDF-1.4"),
                        "date=&distance=5"),
              422);
    CHECK(browser_shows(&b, "choose the picture again"));
    browser_stop(&b);
    es_buf_release(&form);
}

/* ---- the video ---- */

static struct es_buf film_bytes(size_t n)
{
    static const uint8_t FIRST[] = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01"
                                   "\x42\x82\x84webm";
    struct es_buf b;
    uint32_t v = 7;
    es_buf_init(&b, 64 << 20);
    es_buf_add(&b, FIRST, sizeof FIRST - 1);
    while (b.n < n) {
        v = v * 1664525 + 1013904223;
        es_buf_u8(&b, (uint8_t)(v >> 24));
    }
    return b;
}

static int create(struct browser *b, int64_t length, char at[120])
{
    char h[300];
    (void)snprintf(h, sizeof h,
                   TUS "X-CSRF-Token: %s\r\nUpload-Length: %lld"
                       "\r\nUpload-Metadata: filename bGF1bmNo"
                       "LndlYm0=\r\n",
                   b->csrf, (long long)length);
    int status =
        browser_send(b, "POST", MEDIA "/films", h, (struct es_bytes){ 0 });
    (void)snprintf(at, 120, "%s", head(b, "Location"));
    return status;
}

static int patch(struct browser *b, const char *at, int64_t offset,
                 struct es_bytes s)
{
    char h[300];
    (void)snprintf(h, sizeof h,
                   TUS "X-CSRF-Token: %s\r\nUpload-Offset: %lld\r\n"
                       "Content-Type: application/offset+octet-stream\r\n",
                   b->csrf, (long long)offset);
    return browser_send(b, "PATCH", at, h, s);
}

static struct es_bytes part(const struct es_buf *b, size_t at, size_t n)
{
    struct es_bytes s = es_buf_bytes(b);
    n = n < s.n - at ? n : s.n - at;
    return (struct es_bytes){ s.p + at, n };
}

static int64_t offset_of(struct browser *b, const char *at)
{
    CHECK_INT(browser_send(b, "HEAD", at, TUS, (struct es_bytes){ 0 }), 200);
    return strtoll(head(b, "Upload-Offset"), NULL, 10);
}

/* The address of the video on the public page. */
static void film_path(struct browser *b, char out[80])
{
    CHECK_INT(browser_get(b, "/e/lantern"), 200);
    const char *at = strstr(browser_body(b), "<source src=\"");
    CHECK(at != NULL);
    at += strlen("<source src=\"");
    (void)snprintf(out, 80, "%.*s", (int)strcspn(at, "\""), at);
}

TEST(film_comes_in_pieces_and_is_sent_in_parts)
{
    enum { SIZE = 700000 };
    struct browser b;
    char at[120], path[80];
    struct es_buf film = film_bytes(SIZE);
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    CHECK_INT(create(&b, SIZE, at), 201);
    CHECK_STR(head(&b, "Tus-Resumable"), "1.0.0");
    CHECK_INT(offset_of(&b, at), 0);
    CHECK_INT(patch(&b, at, 0, part(&film, 0, 300000)), 204);
    CHECK_STR(head(&b, "Upload-Offset"), "300000");
    /* The answer was lost, and it comes again. */
    CHECK_INT(patch(&b, at, 0, part(&film, 0, 300000)), 409);
    CHECK_INT(offset_of(&b, at), 300000);
    look(&b);
    CHECK(browser_shows(&b, "launch.webm"));
    CHECK(browser_shows(&b, "Not whole yet"));
    CHECK_INT(patch(&b, at, 300000, part(&film, 300000, SIZE)), 204);
    CHECK_INT(offset_of(&b, at), SIZE);

    film_path(&b, path);
    b.cookies[0] = '\0';
    CHECK_INT(browser_send(&b, "GET", path, "", (struct es_bytes){ 0 }), 200);
    CHECK_INT(b.r.body.n, SIZE);
    assert_memory_equal(b.r.body.p, film.p, SIZE);
    CHECK_STR(head(&b, "Content-Type"), "video/webm");
    CHECK_STR(head(&b, "Accept-Ranges"), "bytes");
    CHECK_STR(head(&b, "Set-Cookie"), "");
    /* Across the border of two pieces, and the last bytes. */
    CHECK_INT(browser_send(&b, "GET", path, "Range: bytes=262140-262150\r\n",
                           (struct es_bytes){ 0 }),
              206);
    CHECK_STR(head(&b, "Content-Range"), "bytes 262140-262150/700000");
    CHECK_INT(b.r.body.n, 11);
    assert_memory_equal(b.r.body.p, film.p + 262140, 11);
    CHECK_INT(browser_send(&b, "GET", path, "Range: bytes=-5\r\n",
                           (struct es_bytes){ 0 }),
              206);
    assert_memory_equal(b.r.body.p, film.p + SIZE - 5, 5);
    CHECK_INT(browser_send(&b, "GET", path, "Range: bytes=700000-\r\n",
                           (struct es_bytes){ 0 }),
              416);
    browser_stop(&b);
    es_buf_release(&film);
}

TEST(film_that_is_none_or_too_large_is_refused)
{
    struct browser b;
    char at[120], more[120];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    CHECK_INT(create(&b, ES_FILM_MAX + 1, at), 413);
    CHECK_INT(create(&b, 0, at), 422);
    CHECK_INT(create(&b, 100, at), 201);
    CHECK_INT(patch(&b, at, 0, es_bytes_str("<html>never a film</html>")), 415);
    CHECK_INT(browser_send(&b, "HEAD", at, TUS, (struct es_bytes){ 0 }), 404);
    /* More than was said, and without the words of the protocol. */
    CHECK_INT(create(&b, 10, at), 201);
    CHECK_INT(patch(&b, at, 0, es_bytes_str("\x1a\x45\xdf\xa3 webm 1234")),
              409);
    CHECK_INT(browser_send(&b, "HEAD", at, "", (struct es_bytes){ 0 }), 412);
    /* So many at once, and no more. */
    for (int i = 1; i < ES_MEDIA_UPLOADS; i++)
        CHECK_INT(create(&b, 10, more), 201);
    CHECK_INT(create(&b, 10, more), 409);
    /* Without the form's token, as another site would ask. */
    b.csrf[0] = '\0';
    CHECK_INT(patch(&b, at, 0, es_bytes_str("\x1a\x45\xdf\xa3webm")), 403);
    browser_stop(&b);
}

TEST(film_is_told_by_its_first_bytes)
{
    /* As some writers have it, each size in eight bytes. */
    uint8_t late[200] = { 0x1a, 0x45, 0xdf, 0xa3, 1 };
    memcpy(late + 140, "webm", 4);
    struct es_bytes s = { late, sizeof late };
    CHECK_STR(es_film_type(s), "video/webm");
    CHECK_STR(es_film_type(es_bytes_str("\x1a\x45\xdf\xa3\x9f webm")),
              "video/webm");
    CHECK(es_film_type(es_bytes_str("\x1a\x45\xdf\xa3 matroska")) == NULL);
    CHECK_STR(es_film_type(es_bytes_str("\1\1\1\x18"
                                        "ftypmp42....")),
              "video/mp4");
    CHECK(es_film_type(es_bytes_str("ftyp")) == NULL);
    CHECK(es_film_type((struct es_bytes){ 0 }) == NULL);
}

TEST(film_that_was_left_is_swept)
{
    struct browser b;
    char at[120];
    size_t n;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    CHECK_INT(create(&b, 100, at), 201);
    CHECK_INT(es_films_sweep(&b.w.app, es_time_now_ms() + ES_MEDIA_IDLE_MS / 2,
                             &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_films_sweep(&b.w.app, es_time_now_ms() + ES_MEDIA_IDLE_MS * 2,
                             &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(browser_send(&b, "HEAD", at, TUS, (struct es_bytes){ 0 }), 404);
    browser_stop(&b);
}

/* ---- captions and words ---- */

TEST(film_has_captions_words_and_a_picture_before_it)
{
    static const char VTT[] = "WEBVTT\n\n00:00.000 --> 00:01.500\nWelcome.\n";
    struct browser b;
    char path[80];
    struct es_buf film = film_bytes(3000);
    struct es_buf jpeg =
        kit_jpeg(640, 360, kit_corners, &(struct kit_jpeg){ 0 });
    browser_start(&b);
    browser_sign_in_organiser(&b);
    look(&b);
    CHECK_INT(post_file(&b, MEDIA "/video", "video", es_buf_bytes(&film), ""),
              303);
    CHECK_INT(post_file(&b, MEDIA "/captions", "captions", es_bytes_str(VTT),
                        "lang=tr"),
              303);
    CHECK_INT(post_file(&b, MEDIA "/captions", "captions",
                        es_bytes_str("1\n00:00:01,000 --> 00:00:02,000\nA"),
                        "lang=en"),
              422);
    CHECK(browser_shows(&b, "WEBVTT"));
    CHECK_INT(post_file(&b, MEDIA "/poster", "poster", es_buf_bytes(&jpeg), ""),
              303);
    CHECK_INT(browser_post(&b, MEDIA "/words",
                           "speaker=Olga&office=Chair&transcript=Welcome."),
              303);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "srclang=\"tr\" label=\"Türkçe\""));
    CHECK(browser_shows(&b, "poster=\"/e/lantern/media/"));
    CHECK(browser_shows(&b, "Olga"));
    CHECK(browser_shows(&b, "Chair"));
    film_path(&b, path);
    look(&b);
    CHECK_INT(browser_post(&b, MEDIA "/captions/remove", "lang=tr"), 303);
    CHECK_INT(browser_post(&b, MEDIA "/video/remove", ""), 303);
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "<video"));
    struct es_media *all;
    size_t n;
    CHECK_INT(es_store_media_of(b.w.store, b.w.ini.id, &b.w.a, &all, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    browser_stop(&b);
    es_buf_release(&film);
    es_buf_release(&jpeg);
}

TEST(captions_are_read_as_a_player_reads_them)
{
    static const struct {
        const char *text;
        enum es_code code;
    } CASES[] = {
        { "WEBVTT\n\n00:01.000 --> 00:02.000\nA", ES_OK },
        { "WEBVTT - title\r\n\r\n1\r\n01:00:01.000 --> 01:00:02.000 "
          "align:start\r\nA\r\n",
          ES_OK },
        { "\xef\xbb\xbfWEBVTT\n\n00:01.000 --> 00:02.000\nA", ES_OK },
        { "WEBVTT\n\nNOTE nothing", ES_EEMPTY },
        { "WEBVTTX\n\n00:01.000 --> 00:02.000\nA", ES_EUNKNOWN },
        { "1\n00:00:01,000 --> 00:00:02,000\nA", ES_EUNKNOWN },
        { "<html>", ES_EUNKNOWN },
        { "", ES_EUNKNOWN },
        { "WEBVTT\n\n00:01,000 --> 00:02,000\nA", ES_EMALFORMED },
        { "WEBVTT\n\n00:02.000 --> 00:01.000\nA", ES_EMALFORMED },
        { "WEBVTT\n\n00:71.000 --> 00:72.000\nA", ES_EMALFORMED },
        { "WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> "
          "00:02.000\nB",
          ES_EMALFORMED },
        { "WEBVTT\n\n00:01.000 --> 00:02.000\n\xff", ES_EMALFORMED },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_INT(es_captions_check(es_bytes_str(CASES[i].text), NULL),
                  CASES[i].code);
    /* Cut anywhere it is judged, and never read beyond. */
    struct es_bytes all = es_bytes_str(CASES[1].text);
    for (size_t n = 0; n < all.n; n++) {
        struct es_bytes cut = t_guarded(all.p, n);
        (void)!es_captions_check(cut, NULL);
        t_guarded_free(cut);
    }
}
