/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An exhibition from the files that somebody brings to the wall that visitors
 * see: one bad file of many costs that one, what hangs tells nothing of the
 * camera, and 5,000 are paged. */
#include "browser.h"
#include "picture_kit.h"
#include "store/media.h"
#include "store/pictures.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANGING "/organise/e/lantern/exhibition"
#define WALL "/e/lantern/exhibition"

struct brought {
    const char *name;
    struct es_bytes bytes;
};

static const char *head(const struct browser *b, const char *name)
{
    static char v[256];
    const char *got = es_reply_header(&b->r, name, v, sizeof v);
    return got ? got : "";
}

static int bring(struct browser *b, const struct brought *f, size_t n)
{
    struct es_buf body;
    es_buf_init(&body, 64 << 20);
    es_buf_fmt(&body,
               "--x\r\nContent-Disposition: form-data; name=\"csrf\""
               "\r\n\r\n%s\r\n",
               b->csrf);
    for (size_t i = 0; i < n; i++) {
        es_buf_fmt(&body,
                   "--x\r\nContent-Disposition: form-data; name=\"pictures\"; "
                   "filename=\"%s\"\r\n\r\n",
                   f[i].name);
        es_buf_add(&body, f[i].bytes.p, f[i].bytes.n);
        es_buf_str(&body, "\r\n");
    }
    es_buf_str(&body, "--x--\r\n");
    int status =
        browser_send(b, "POST", HANGING "/pictures",
                     "Content-Type: multipart/form-data; boundary=x\r\n",
                     es_buf_bytes(&body));
    es_buf_release(&body);
    return status;
}

static size_t pictures(struct browser *b, struct es_picture **v)
{
    struct es_pictures_ask ask = { .initiative = b->w.ini.id,
                                   .drafts = true,
                                   .max = 100 };
    size_t n;
    CHECK_INT(es_store_pictures(b->w.store, &ask, &b->w.a, v, &n, NULL), ES_OK);
    return n;
}

static const char *at(const char *root, int64_t id, const char *rest)
{
    static char path[4][160];
    static size_t turn;
    char *s = path[turn++ % 4];
    (void)snprintf(s, 160, "%s/%lld%s", root, (long long)id, rest);
    return s;
}

/* A form with the stamp that its page carried. */
static const char *with_stamp(struct browser *b, const char *fields)
{
    static char form[2000];
    const char *was = strstr(browser_body(b), "name=\"was\" value=\"");
    CHECK(was != NULL);
    was += strlen("name=\"was\" value=\"");
    (void)snprintf(form, sizeof form, "was=%.*s&%s", (int)strcspn(was, "\""),
                   was, fields);
    return form;
}

static void begin(struct browser *b)
{
    browser_start(b);
    browser_sign_in_organiser(b);
    CHECK_INT(browser_get(b, HANGING), 200);
}

static size_t times(const struct browser *b, const char *what)
{
    size_t n = 0;
    for (const char *s = browser_body(b); (s = strstr(s, what)); s++)
        n++;
    return n;
}

/* ---- bringing ---- */

TEST(one_bad_file_of_many_costs_that_one)
{
    static const uint8_t HUGE[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff"
                                  "\0\0\xff\xff\x08\x02\0\0\0\x56\x0b\xbe\x27";
    struct browser b;
    struct es_picture *v;
    struct es_buf jpeg =
        kit_jpeg(640, 360, kit_corners, &(struct kit_jpeg){ 0 });
    struct es_buf png =
        kit_png(500, 300, kit_corners, &(struct kit_png){ .depth = 8 });
    struct es_buf webp = kit_webp(400, 300, kit_corners);
    const struct brought files[] = {
        { "first.jpg", es_buf_bytes(&jpeg) },
        { "huge.png", { HUGE, sizeof HUGE - 1 } },
        { "second.png", es_buf_bytes(&png) },
        { "page.jpg", es_bytes_str("<html><script>alert(1)</script>") },
        { "cut.jpg", { (const uint8_t *)jpeg.p, 200 } },
        { "third.webp", es_buf_bytes(&webp) },
        { "<b>.gif", es_bytes_str("GIF89a") },
    };
    begin(&b);
    CHECK_INT(bring(&b, files, 7), 422);
    CHECK(browser_shows(&b, "4 files could not be taken"));
    CHECK(browser_shows(&b, "The other 3 are here."));
    CHECK(browser_shows(&b, "<bdi>huge.png</bdi>: <span data-why>"));
    CHECK(browser_shows(
        &b, "<bdi>page.jpg</bdi>: <span data-why>This is not a picture"));
    CHECK(browser_shows(
        &b, "<bdi>cut.jpg</bdi>: <span data-why>This picture ends too early"));
    CHECK(browser_shows(&b, "&lt;b&gt;.gif"));
    CHECK_INT((int64_t)pictures(&b, &v), 3);
    CHECK_STR(v[0].name, "first.jpg");
    CHECK_STR(v[1].name, "second.png");
    CHECK_STR(v[2].name, "third.webp");
    CHECK_INT(v[0].state, ES_PICTURE_DRAFT);
    CHECK_INT(bring(&b, files, 1), 303);
    CHECK_INT(bring(&b, files, 0), 422);
    CHECK(browser_shows(&b, "Please choose a picture first."));
    browser_stop(&b);
    es_buf_release(&jpeg);
    es_buf_release(&png);
    es_buf_release(&webp);
}

/* More parts than a form may have are refused as a whole, and leave nothing. */
TEST(too_many_at_once_are_refused)
{
    struct browser b;
    struct es_picture *v;
    struct brought files[ES_PARTS_MAX];
    struct es_buf jpeg = kit_jpeg(40, 30, kit_corners, &(struct kit_jpeg){ 0 });
    for (size_t i = 0; i < ES_PARTS_MAX; i++)
        files[i] = (struct brought){ "a.jpg", es_buf_bytes(&jpeg) };
    begin(&b);
    CHECK_INT(bring(&b, files, ES_PARTS_MAX), 413);
    CHECK_INT((int64_t)pictures(&b, &v), 0);
    CHECK_INT(bring(&b, files, ES_PICTURES_ROUND), 303);
    CHECK_INT((int64_t)pictures(&b, &v), ES_PICTURES_ROUND);
    browser_stop(&b);
    es_buf_release(&jpeg);
}

/* ---- what hangs ---- */

static void put_file(const char *path, struct es_bytes s)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL);
    CHECK_INT((int64_t)fwrite(s.p, 1, s.n, f), (int64_t)s.n);
    CHECK_INT(fclose(f), 0);
}

static struct es_buf get_file(const char *path)
{
    struct es_buf b;
    char got[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    es_buf_init(&b, 4 << 20);
    while ((n = fread(got, 1, sizeof got, f)) > 0)
        es_buf_add(&b, got, n);
    CHECK_INT(fclose(f), 0);
    return b;
}

/* What exiftool says of the file; the caller releases it. */
static struct es_buf told(const char *args, const char *path)
{
    struct es_buf b;
    char line[900], got[4096];
    size_t n;
    es_buf_init(&b, 1 << 20);
    (void)snprintf(line, sizeof line, "exiftool %s '%s' 2>&1", args, path);
    FILE *f = popen(line, "r");
    CHECK(f != NULL);
    while ((n = fread(got, 1, sizeof got, f)) > 0)
        es_buf_add(&b, got, n);
    CHECK_INT(pclose(f), 0);
    return b;
}

/* The n-th address of the first srcset on the page. */
static void size_at(struct browser *b, size_t n, char out[80])
{
    const char *s = strstr(browser_body(b), "srcset=\"");
    CHECK(s != NULL);
    s += strlen("srcset=\"");
    while (n--) {
        s = strstr(s, ", ");
        CHECK(s != NULL);
        s += 2;
    }
    (void)snprintf(out, 80, "%.*s", (int)strcspn(s, " "), s);
}

TEST(what_hangs_tells_no_place_in_any_size)
{
    struct browser b;
    struct es_picture *v;
    char path[400], size[80];
    if (system("exiftool -ver >/dev/null 2>&1") != 0) {
        SKIP("exiftool isn't here");
    }
    struct es_buf jpeg =
        kit_jpeg(2000, 1200, kit_noise, &(struct kit_jpeg){ 0 });
    (void)snprintf(path, sizeof path, "%s/holiday.jpg", t_tmpdir());
    put_file(path, es_buf_bytes(&jpeg));
    es_buf_release(&jpeg);
    struct es_buf said =
        told("-q -overwrite_original -GPSLatitude=40.409 -GPSLatitudeRef=N"
             " -GPSLongitude=49.867 -GPSLongitudeRef=E -SerialNumber=SN-4711"
             " -Artist=Leyla -XMP:Creator=Leyla -Comment=home",
             path);
    es_buf_release(&said);
    jpeg = get_file(path);
    CHECK(memmem(jpeg.p, jpeg.n, "SN-4711", 7) != NULL);
    const struct brought file = { "holiday.jpg", es_buf_bytes(&jpeg) };
    begin(&b);
    CHECK_INT(bring(&b, &file, 1), 303);
    CHECK_INT((int64_t)pictures(&b, &v), 1);
    CHECK_INT(browser_get(&b, at(HANGING, v[0].id, "")), 200);
    CHECK_INT(browser_post(&b, at(HANGING, v[0].id, ""),
                           with_stamp(&b, "alt=A lamp&licence=1&do=show")),
              303);
    CHECK_INT(browser_get(&b, WALL), 200);
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(browser_get(&b, WALL), 200);
        size_at(&b, i, size);
        CHECK_INT(browser_get(&b, size), 200);
        kit_check_bare(es_buf_bytes(&b.r.body));
        put_file(path, es_buf_bytes(&b.r.body));
        said = told("-a -G1 -s", path);
        const char *s = es_buf_cstr(&said);
        CHECK(strstr(s, "ImageWidth") != NULL);
        CHECK(!strstr(s, "GPS") && !strstr(s, "4711") && !strstr(s, "Leyla") &&
              !strstr(s, "XMP") && !strstr(s, "[IFD0]") &&
              !strstr(s, "Comment"));
        es_buf_release(&said);
    }
    browser_stop(&b);
    es_buf_release(&jpeg);
}

TEST(a_picture_hangs_only_with_its_description)
{
    struct browser b;
    struct es_picture *v;
    char small[80];
    struct es_buf jpeg =
        kit_jpeg(640, 360, kit_corners, &(struct kit_jpeg){ 0 });
    const struct brought files[] = { { "a.jpg", es_buf_bytes(&jpeg) },
                                     { "b.jpg", es_buf_bytes(&jpeg) } };
    begin(&b);
    CHECK_INT(bring(&b, files, 2), 303);
    CHECK_INT((int64_t)pictures(&b, &v), 2);
    int64_t a = v[0].id, other = v[1].id;
    /* Nobody else sees a draft, its bytes or the empty wall. */
    (void)snprintf(small, sizeof small, "%s", at("/e/lantern/media", a, ""));
    CHECK_INT(browser_get(&b, small), 404);
    CHECK_INT(browser_get(&b, at(HANGING, a, "/file")), 200);
    CHECK_STR(head(&b, "Content-Type"), "image/jpeg");
    CHECK_STR(head(&b, "Cache-Control"), "no-store");
    CHECK_INT(browser_get(&b, at(WALL, a, "")), 404);
    CHECK_INT(browser_get(&b, at(HANGING, a, "")), 200);
    CHECK_INT(browser_post(
                  &b, at(HANGING, a, ""),
                  with_stamp(&b, "alt=&caption=Kept+words&licence=0&do=show")),
              422);
    CHECK(browser_shows(&b, "People who can&#39;t see it need this"));
    CHECK(browser_shows(&b, "Kept words"));
    /* Once it has one it hangs, and the next one that waits comes. */
    CHECK_INT(browser_get(&b, at(HANGING, a, "")), 200);
    CHECK_INT(browser_post(&b, at(HANGING, a, ""),
                           with_stamp(&b, "alt=Two+lamps&caption=Lamps&credit="
                                          "Ada&taken=1921&place=Port+Ilse"
                                          "&licence=1&warning=&do=show")),
              303);
    CHECK(strstr(head(&b, "Location"), at(HANGING, other, "?done=hung")));
    b.cookies[0] = '\0';
    CHECK_INT(browser_get(&b, WALL), 200);
    CHECK(browser_shows(&b, "alt=\"Two lamps\""));
    CHECK(browser_shows(&b, "Port Ilse"));
    CHECK_INT(browser_get(&b, small), 200);
    CHECK_STR(head(&b, "Set-Cookie"), "");
    CHECK_INT(browser_get(&b, at(WALL, a, "")), 200);
    CHECK(browser_shows(&b, "CC BY 4.0"));
    CHECK(browser_shows(&b, "Ada"));
    CHECK_INT(browser_get(&b, at(WALL, other, "")), 404);
    /* Hidden, it is gone for everybody; removed, in all sizes. */
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, at(HANGING, a, "")), 200);
    CHECK_INT(browser_post(&b, at(HANGING, a, ""),
                           with_stamp(&b, "alt=Two+lamps&licence=1&do=hide")),
              303);
    CHECK_INT(browser_get(&b, small), 404);
    CHECK_INT(browser_post(&b, at(HANGING, a, "/remove"), ""), 303);
    CHECK_INT(browser_post(&b, at(HANGING, other, "/remove"), ""), 303);
    struct es_media *all;
    size_t n;
    CHECK_INT(es_store_media_of(b.w.store, b.w.ini.id, &b.w.a, &all, &n, NULL),
              ES_OK);
    CHECK_INT((int64_t)n, 0);
    browser_stop(&b);
    es_buf_release(&jpeg);
}

TEST(of_two_who_write_at_once_nobody_loses_a_word)
{
    struct browser b;
    struct es_picture *v;
    char stale[2000];
    struct es_buf jpeg = kit_jpeg(64, 36, kit_corners, &(struct kit_jpeg){ 0 });
    const struct brought file = { "a.jpg", es_buf_bytes(&jpeg) };
    begin(&b);
    CHECK_INT(bring(&b, &file, 1), 303);
    CHECK_INT((int64_t)pictures(&b, &v), 1);
    CHECK_INT(browser_get(&b, at(HANGING, v[0].id, "")), 200);
    (void)snprintf(stale, sizeof stale, "%s",
                   with_stamp(&b, "alt=My+words&licence=0&do=keep"));
    CHECK_INT(browser_post(&b, at(HANGING, v[0].id, ""),
                           with_stamp(&b, "alt=Theirs&licence=0&do=keep")),
              303);
    CHECK_INT(browser_post(&b, at(HANGING, v[0].id, ""), stale), 409);
    CHECK(browser_shows(&b, "My words"));
    CHECK(browser_shows(&b, "Theirs"));
    browser_stop(&b);
    es_buf_release(&jpeg);
}

/* ---- order, warnings, the slide show ---- */

static enum es_code fill(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct es_picture *p = arg;
    (void)blob;
    for (int64_t i = 1; i <= ES_PICTURES_MAX; i++) {
        p->id = i;
        enum es_code rc = es_txn_picture_add(tx, p, e);
        if (rc != ES_OK)
            return rc;
    }
    return ES_OK;
}

static void fill_wall(struct browser *b, const char *warning)
{
    struct es_err e = { 0 };
    struct es_picture p = { .initiative = b->w.ini.id,
                            .state = ES_PICTURE_SHOWN,
                            .bytes = 1000,
                            .width = 1600,
                            .height = 1200,
                            .name = "a.jpg",
                            .alt = "A lamp on a sill, seen from the street",
                            .caption = "The lamp of the library",
                            .credit = "",
                            .taken = "1921",
                            .place = "Port Ilse",
                            .warning = warning };
    world_must(es_store_write(b->w.store,
                              &(struct es_write){ .apply = fill, .arg = &p },
                              &e),
               &e);
}

TEST(five_thousand_hang_on_pages_that_are_light)
{
    struct browser b;
    browser_start(&b);
    fill_wall(&b, "");
    CHECK_INT(browser_get(&b, WALL), 200);
    CHECK(browser_shows(&b, "5,000 pictures"));
    CHECK_INT((int64_t)times(&b, "<figure"), 24);
    CHECK(b.r.body.n < 60000);
    CHECK(browser_shows(&b, WALL "?after=24\""));
    CHECK(!browser_shows(&b, "rel=\"prev\""));
    CHECK_INT(browser_get(&b, WALL "?after=24"), 200);
    CHECK(browser_shows(&b, WALL "/25\""));
    CHECK(browser_shows(&b, WALL "?before=25\""));
    CHECK_INT(browser_get(&b, WALL "?before=25"), 200);
    CHECK(browser_shows(&b, WALL "/1\""));
    CHECK(browser_shows(&b, WALL "/24\""));
    CHECK_INT(browser_get(&b, WALL "?after=4992"), 200);
    CHECK_INT((int64_t)times(&b, "<figure"), 8);
    CHECK(!browser_shows(&b, "rel=\"next\""));
    CHECK_INT(browser_get(&b, WALL "?after=x"), 200);
    CHECK_INT(browser_get(&b, WALL "?view=one"), 200);
    CHECK(browser_shows(&b, "class=\"strip\""));
    CHECK_INT(browser_get(&b, WALL "/5001"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "href=\"" WALL "\""));
    browser_stop(&b);
}

TEST(the_slide_show_needs_no_script_and_can_be_paused)
{
    struct browser b;
    browser_start(&b);
    fill_wall(&b, "");
    CHECK_INT(browser_get(&b, WALL "/7"), 200);
    CHECK_STR(head(&b, "Refresh"), "");
    CHECK(browser_shows(&b, WALL "/6\" rel=\"prev\""));
    CHECK(browser_shows(&b, WALL "/8\" rel=\"next\""));
    CHECK(browser_shows(&b, "Picture 7 of 5,000"));
    CHECK_INT(browser_get(&b, WALL "/7?play=1"), 200);
    CHECK_STR(head(&b, "Refresh"), "8; url=" WALL "/8?play=1");
    CHECK(browser_shows(&b, WALL "/7\" rel=\"nofollow\">Pause"));
    CHECK_INT(browser_get(&b, WALL "/7?play=1&lang=ur"), 200);
    CHECK_STR(head(&b, "Refresh"), "8; url=" WALL "/8?play=1&lang=ur");
    CHECK_INT(browser_get(&b, WALL "/5000?play=1"), 200);
    CHECK_STR(head(&b, "Refresh"), "");
    browser_stop(&b);
}

TEST(who_is_warned_loads_nothing_before_they_ask)
{
    struct browser b;
    browser_start(&b);
    fill_wall(&b, "People who were hurt");
    CHECK_INT(browser_get(&b, WALL), 200);
    CHECK_INT((int64_t)times(&b, "<details class=\"warned\">"), 24);
    CHECK(browser_shows(&b, "People who were hurt"));
    CHECK_INT((int64_t)times(&b, "loading=\"lazy\""), 24);
    browser_stop(&b);
}

TEST(order_is_made_by_buttons)
{
    struct browser b;
    struct es_picture *v;
    browser_start(&b);
    fill_wall(&b, "");
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, HANGING), 200);
    CHECK_INT(browser_post(&b, HANGING "/3/move", "how=earlier"), 303);
    CHECK_INT(browser_post(&b, HANGING "/5/move", "how=first"), 303);
    CHECK_INT(browser_post(&b, HANGING "/1/move", "how=later&after=2"), 303);
    CHECK(strstr(head(&b, "Location"), "?after=2"));
    CHECK_INT(browser_post(&b, HANGING "/5/move", "how=earlier"), 303);
    CHECK_INT(browser_post(&b, HANGING "/4/move", "before=3"), 303);
    (void)pictures(&b, &v);
    static const int64_t ORDER[] = { 5, 4, 3, 1, 2, 6 };
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(v[i].id, ORDER[i]);
    CHECK_INT(browser_post(&b, HANGING "/5/move", "how=end"), 303);
    CHECK_INT(browser_post(&b, HANGING "/5/move", "how=later"), 303);
    CHECK_INT(browser_post(&b, HANGING "/5/move", "before=99999"), 303);
    CHECK_INT(browser_post(&b, HANGING "/9999/move", "how=end"), 404);
    (void)pictures(&b, &v);
    CHECK_INT(v[0].id, 4);
    /* The last place is taken: it is said in words, at each file. */
    struct es_buf jpeg = kit_jpeg(64, 36, kit_corners, &(struct kit_jpeg){ 0 });
    const struct brought file = { "late.jpg", es_buf_bytes(&jpeg) };
    CHECK_INT(bring(&b, &file, 1), 422);
    CHECK(browser_shows(
        &b, "<bdi>late.jpg</bdi>: <span data-why>There is no room left"));
    browser_stop(&b);
    es_buf_release(&jpeg);
}

TEST(what_stands_above_is_seen_above)
{
    struct browser b;
    browser_start(&b);
    fill_wall(&b, "");
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, HANGING), 200);
    CHECK_INT(browser_post(&b, HANGING,
                           with_stamp(&b, "title=Lamps+of+a+century&about=<b>"
                                          "First&lang=az&occasion=")),
              303);
    CHECK_INT(browser_get(&b, WALL), 200);
    CHECK(browser_shows(&b, "Lamps of a century"));
    CHECK(browser_shows(&b, "&lt;b&gt;First"));
    CHECK(browser_shows(&b, "<figure lang=\"az\""));
    CHECK_INT(browser_get(&b, HANGING), 200);
    CHECK_INT(browser_post(&b, HANGING,
                           with_stamp(&b, "title=x&about=&lang=az&occasion=7")),
              422);
    CHECK(browser_shows(&b, "Please choose one of the list."));
    browser_stop(&b);
}
