/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures and videos of an initiative: what is taken, who sees them, and how
 * often they are decrypted. */
#include "browser.h"
#include "initiative/face.h"
#include "initiative/media.h"
#include "t.h"
#include "web/media.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const char SVG[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
static const char WEBM[] = "\x1a\x45\xdf\xa3 a film of some bytes";
static const char VTT[] = "WEBVTT\n\n00:00.000 --> 00:01.000\nA lamp.\n";

static int64_t add(struct world *w, const char *type, const char *text,
                   size_t n)
{
    struct es_media_new m = {
        .initiative = w->ini.id,
        .kind = "picture",
        .type = type,
        .name = "file",
        .bytes = { (const uint8_t *)text, n },
        .drawn_by_us = true,
    };
    struct es_err e = { 0 };
    int64_t id = 0;
    world_must(es_media_add(&w->app, &m, &id, &e), &e);
    CHECK(id > 0);
    return id;
}

/* 0: without it. */
static void set_face(struct world *w, int64_t picture, int64_t film,
                     int64_t captions)
{
    struct es_err e = { 0 };
    struct es_buf json;
    struct es_initiative ini = w->ini;
    struct es_face f = { .colour = "",
                         .picture = { picture, "", "" },
                         .video = {
                             .media = film,
                             .speaker = "",
                             .office = "",
                             .transcript = "",
                             .captions = { { "en", "English", captions } },
                             .n_captions = captions != 0 } };
    es_buf_init(&json, ES_FACE_MAX);
    es_face_write(&f, &json);
    ini.face = es_buf_cstr(&json);
    world_must(es_initiative_save(&w->app, &ini, &e), &e);
    es_buf_release(&json);
}

static int get(struct browser *b, int64_t id, const char *headers)
{
    char path[80];
    (void)snprintf(path, sizeof path, "/e/lantern/media/%lld", (long long)id);
    return browser_send(b, "GET", path, headers, (struct es_bytes){ 0 });
}

static const char *head(const struct browser *b, const char *name)
{
    static char v[256];
    const char *got = es_reply_header(&b->r, name, v, sizeof v);
    return got ? got : "";
}

TEST(what_the_face_names_is_served)
{
    struct browser b;
    char tag[80], again[128];
    browser_start(&b);
    int64_t svg = add(&b.w, "image/svg+xml", SVG, strlen(SVG));
    int64_t film = add(&b.w, "video/webm", WEBM, sizeof WEBM);
    int64_t vtt = add(&b.w, "text/vtt", VTT, strlen(VTT));
    CHECK_INT(get(&b, svg, ""), 404); /* brought, but not shown yet */
    set_face(&b.w, svg, film, vtt);

    CHECK_INT(get(&b, svg, ""), 200);
    CHECK_STR(browser_body(&b), SVG);
    CHECK_STR(head(&b, "Content-Type"), "image/svg+xml");
    CHECK_STR(head(&b, "Content-Security-Policy"),
              "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    CHECK_STR(head(&b, "X-Content-Type-Options"), "nosniff");
    CHECK_STR(head(&b, "Cache-Control"), "public, max-age=31536000, immutable");
    CHECK_STR(head(&b, "Set-Cookie"), "");

    CHECK_INT(get(&b, vtt, ""), 200);
    CHECK_STR(head(&b, "Content-Type"), "text/vtt; charset=utf-8");
    CHECK_STR(browser_body(&b), VTT);

    CHECK_INT(get(&b, film, ""), 200);
    CHECK_INT(b.r.body.n, sizeof WEBM);
    CHECK_STR(head(&b, "Accept-Ranges"), "bytes");
    (void)snprintf(tag, sizeof tag, "%s", head(&b, "ETag"));
    CHECK(tag[0] == '"');
    CHECK_INT(get(&b, film, "Range: bytes=5-10\r\n"), 206);
    CHECK_STR(browser_body(&b), "a film");
    (void)snprintf(again, sizeof again, "If-None-Match: %s\r\n", tag);
    CHECK_INT(get(&b, film, again), 304);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    browser_stop(&b);
}

/* Nothing tells a record that isn't shown from one that isn't there. */
TEST(what_it_does_not_name_is_not)
{
    struct browser b;
    browser_start(&b);
    int64_t svg = add(&b.w, "image/svg+xml", SVG, strlen(SVG));
    int64_t other = add(&b.w, "image/svg+xml", SVG, strlen(SVG));
    set_face(&b.w, svg, 0, 0);
    CHECK_INT(get(&b, svg, ""), 200);
    CHECK_INT(get(&b, other, ""), 404);
    CHECK_INT(get(&b, svg + 1000, ""), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/media/x"), 404);
    CHECK_INT(browser_get(&b, "/e/nobody/media/1"), 404);
    b.w.ini.state = ES_INI_DRAFT;
    set_face(&b.w, svg, 0, 0);
    CHECK_INT(get(&b, svg, ""), 404);
    browser_stop(&b);
}

TEST(a_face_names_only_what_can_be_read)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    struct es_initiative ini = b.w.ini;
    ini.face = "{\"links\":[{\"label\":\"x\",\"url\":\"javascript:1\"}]}";
    CHECK_INT(es_initiative_save(&b.w.app, &ini, &e), ES_EMALFORMED);
    CHECK_STR(e.msg, "face: links[0].url");
    browser_stop(&b);
}

TEST(bytes_are_what_their_type_says)
{
    static const struct {
        const char *type, *bytes;
        enum es_code rc;
    } CASES[] = {
        { "image/png", "\x89PNG\r\n\x1a\n...", ES_OK },
        { "image/png", "<html>", ES_EINVAL },
        { "image/jpeg", "\xff\xd8\xff\xe0", ES_OK },
        { "image/jpeg", "\xff\xd8", ES_EINVAL },
        { "image/webp", "RIFF\x01\x01\x01\x01WEBPVP8 ", ES_OK },
        { "video/mp4",
          "\x01\x01\x01\x20"
          "ftypisom",
          ES_OK },
        { "video/mp4", "", ES_EINVAL },
        { "text/html", "<html>", ES_EINVAL },
        { "text/vtt", "WEBVTT", ES_OK },
        { "image/svg+xml", "<svg >", ES_EINVAL }, /* not drawn by us */
    };
    struct world w;
    world_begin(&w);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t id = -7;
        struct es_media_new m = {
            .initiative = w.ini.id,
            .kind = "picture",
            .type = CASES[i].type,
            .name = "x",
            .bytes = es_bytes_str(CASES[i].bytes),
        };
        CHECK_INT(es_media_add(&w.app, &m, &id, NULL), CASES[i].rc);
        CHECK((id == -7) == (CASES[i].rc != ES_OK));
    }
    static uint8_t long_text[ES_MEDIA_TEXT_MAX + 1] = "WEBVTT";
    int64_t id;
    struct es_media_new m = { .initiative = w.ini.id,
                              .kind = "captions",
                              .type = "text/vtt",
                              .name = "x",
                              .bytes = { long_text, sizeof long_text } };
    CHECK_INT(es_media_add(&w.app, &m, &id, NULL), ES_ETOOLARGE);
    m.bytes.n--;
    CHECK_INT(es_media_add(&w.app, &m, &id, NULL), ES_OK);
    world_end(&w);
}

/* ---- the cache ---- */

struct asking {
    struct es_media_cache *c;
    struct es_store *store;
    const struct es_media *m;
    int failed;
};

static void *ask_often(void *arg)
{
    struct asking *k = arg;
    for (int i = 0; i < 50; i++) {
        struct es_media_open *o;
        if (es_media_hold(k->c, k->store, k->m, &o, NULL) != ES_OK ||
            es_media_bytes(o).n != sizeof WEBM)
            k->failed++;
        else
            es_media_release(o);
    }
    return NULL;
}

static struct es_media record(struct world *w, int64_t id)
{
    struct es_media m;
    CHECK_INT(es_store_media(w->store, w->ini.id, id, &w->a, &m, NULL), ES_OK);
    return m;
}

TEST(many_who_ask_at_once_open_it_once)
{
    struct world w;
    pthread_t t[4];
    world_begin(&w);
    struct es_media m = record(&w, add(&w, "video/webm", WEBM, sizeof WEBM));
    struct asking k = { es_media_cache_new(1 << 20), w.store, &m, 0 };
    for (size_t i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&t[i], NULL, ask_often, &k), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    CHECK_INT(k.failed, 0);
    CHECK_INT(es_media_opened(k.c), 1);
    es_media_cache_free(k.c);
    world_end(&w);
}

TEST(the_cache_stays_in_its_bounds)
{
    struct world w;
    struct es_media m[3];
    struct es_media_open *o[3], *again;
    world_begin(&w);
    for (size_t i = 0; i < 3; i++)
        m[i] = record(&w, add(&w, "video/webm", WEBM, sizeof WEBM));
    struct es_media_cache *c = es_media_cache_new(2 * sizeof WEBM);
    CHECK_INT(es_media_hold(c, w.store, &m[0], &o[0], NULL), ES_OK);
    CHECK_INT(es_media_hold(c, w.store, &m[1], &o[1], NULL), ES_OK);
    /* both are being sent: nothing can go */
    CHECK_INT(es_media_hold(c, w.store, &m[2], &o[2], NULL), ES_EBUSY);
    CHECK_INT(es_media_hold(c, w.store, &m[1], &again, NULL), ES_OK);
    CHECK(again == o[1]);
    es_media_release(again);
    es_media_release(o[1]);
    CHECK_INT(es_media_hold(c, w.store, &m[2], &o[2], NULL), ES_OK);
    CHECK(memcmp(es_media_bytes(o[0]).p, WEBM, sizeof WEBM) == 0);
    es_media_release(o[0]);
    es_media_release(o[2]);
    CHECK_INT(es_media_opened(c), 3);
    CHECK_INT(es_media_hold(c, w.store, &m[2], &o[2], NULL), ES_OK);
    es_media_release(o[2]);
    CHECK_INT(es_media_opened(c), 3); /* it was open still */
    CHECK_INT(es_media_hold(c, w.store, &m[1], &o[1], NULL), ES_OK);
    es_media_release(o[1]);
    CHECK_INT(es_media_opened(c), 4);
    es_media_cache_free(c);
    world_end(&w);
}
