/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pictures to share, with the real everystep-render: who has one, what is
 * on it, and for how long it is kept. What is on it is told by its ETag, which
 * names the card. */
#include "auth/limit.h"
#include "browser.h"
#include "i18n/i18n.h"
#include "initiative/routes.h"
#include "ipc/zygote.h"
#include "render/render.h"
#include "t.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void gallery_start(struct browser *b)
{
    char exe[4096];
    struct es_render_config c = { .zygote_fd = -1, .exe = exe, .workers = 1 };
    struct es_err e = { 0 };
    (void)snprintf(exe, sizeof exe, "%s/everystep-render",
                   getenv("ES_BUILD_ROOT"));
    browser_start(b);
    world_must(es_render_open(&c, &b->w.app.render, &e), &e);
}

static void gallery_stop(struct browser *b)
{
    struct es_render *r = b->w.app.render;
    browser_stop(b);
    es_render_close(r);
}

static struct es_participant join_as(struct browser *b, const char *name,
                                     const char *visibility)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_joined j;
    struct es_join in = { .display_name = name,
                          .country = "is",
                          .visibility = visibility,
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    return j.p;
}

/* The three, one behind the other. */
static const char *join3(struct browser *b, const char *x, const char *y,
                         const char *z)
{
    return es_arena_fmt(&b->w.a, "%s%s%s", x, y, z);
}

/* The picture of a run, with "?..." or nothing. */
static const char *card_path(struct browser *b, const struct es_receipt *r,
                             const char *query)
{
    const char *file = join3(b, "/card.png", query, "");
    return join3(b, "/r/", r->run.code, file);
}

static const char *header(struct browser *b, const char *name)
{
    char *v = es_arena_alloc(&b->w.a, 512);
    CHECK(v != NULL);
    const char *got = es_reply_header(&b->r, name, v, 512);
    return got ? got : "";
}

static uint32_t u32be(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static uint64_t drawn(struct browser *b)
{
    struct es_render_stats s;
    es_render_stats(b->w.app.render, &s);
    return s.crew.jobs;
}

/* The run card as it must be. */
static struct es_card card_of(struct browser *b, const struct es_run *run,
                              const char *name, const char *country)
{
    const char *url = join3(b, "http://127.0.0.1:8080/r/", run->code, "");
    return (struct es_card){
        .kind = ES_CARD_RUN,
        .lang = es_lang_at(0),
        .colour = 0x0b6b5d,
        .name = name,
        .country = country,
        .initiative = b->w.ini.title,
        .initiative_lang = "en",
        .holder = b->w.ini.holder,
        .dist_mm = run->dist_mm,
        .time_ms = run->time_ms,
        .day_ms = run->started_ms,
        .zone = "UTC",
        .total_mm = world_total(&b->w),
        .url = url,
    };
}

static void shows_card(struct browser *b, const struct es_card *c)
{
    struct es_render_name name;
    char tag[64];
    es_render_name(c, &name);
    (void)snprintf(tag, sizeof tag, "\"%s\"", name.tag);
    CHECK_INT(b->r.status, 200);
    CHECK_STR(header(b, "ETag"), tag);
}

TEST(a_run_has_a_picture_of_each_size)
{
    static const struct {
        const char *query;
        uint32_t width, height;
    } SIZES[] = { { "", 1200, 630 },
                  { "?size=wide", 1200, 630 },
                  { "?size=square", 1080, 1080 },
                  { "?size=story", 1080, 1920 } };
    struct browser b;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        CHECK_INT(browser_get(&b, card_path(&b, &r, SIZES[i].query)), 200);
        CHECK_STR(header(&b, "Content-Type"), "image/png");
        CHECK_STR(header(&b, "Cache-Control"), "public, no-cache");
        CHECK(strstr(header(&b, "Vary"), "Accept-Language"));
        CHECK_STR(header(&b, "Set-Cookie"), ""); /* a shared cache keeps it */
        CHECK(b.r.body.n > 1000 &&
              memcmp(b.r.body.p, "\x89PNG\r\n\x1a\n", 8) == 0);
        CHECK_INT(u32be(b.r.body.p + 16), SIZES[i].width);
        CHECK_INT(u32be(b.r.body.p + 20), SIZES[i].height);
    }
    CHECK_INT(drawn(&b), 3);
    CHECK_INT(browser_get(&b, card_path(&b, &r, "?size=huge")), 400);
    gallery_stop(&b);
}

/* A page offers the picture as its reader reads it. */
TEST(a_page_offers_the_picture_in_the_readers_units)
{
    struct browser b;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    CHECK_INT(browser_get(&b, join3(&b, "/r/", r.run.code, "")), 200);
    CHECK(browser_shows(&b, "/card.png?size=square&amp;lang=en\""));
    CHECK(!browser_shows(&b, "units=mi&amp;download"));
    CHECK_INT(browser_get(&b, join3(&b, "/r/", r.run.code, "?units=mi")), 200);
    CHECK(browser_shows(&b, "?size=square&amp;lang=en&amp;units=mi\""));
    CHECK(
        browser_shows(&b, "?size=story&amp;lang=en&amp;units=mi&amp;download"));
    CHECK_INT(browser_get(&b, card_path(&b, &r, "?size=square&units=mi")), 200);
    gallery_stop(&b);
}

/* Neither asks anybody to draw again. */
TEST(a_picture_that_is_there_is_not_drawn_again)
{
    struct browser b;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    const char *path = card_path(&b, &r, "");
    CHECK_INT(browser_get(&b, path), 200);
    const char *have = join3(&b, "If-None-Match: ", header(&b, "ETag"), "\r\n");
    struct es_bytes none = { 0 };
    CHECK_INT(browser_send(&b, "GET", path, have, none), 304);
    CHECK_INT(b.r.body.n, 0);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_INT(drawn(&b), 1);
    /* Another's run moves the total, but not on this picture, for a while. */
    struct es_participant bea = join_as(&b, "Bea", "name");
    (void)browser_type_in(&b, &bea, 7200);
    CHECK_INT(browser_send(&b, "GET", path, have, none), 304);
    /* Another language and other units are other pictures. */
    CHECK_INT(browser_send(&b, "GET", path, "Accept-Language: ur\r\n", none),
              200);
    CHECK_STR(header(&b, "Content-Language"), "ur");
    CHECK_INT(browser_get(&b, card_path(&b, &r, "?units=mi")), 200);
    CHECK_INT(drawn(&b), 3);
    gallery_stop(&b);
}

TEST(a_picture_can_be_kept_as_a_file)
{
    struct browser b;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    CHECK_INT(browser_get(&b, card_path(&b, &r, "?download=1")), 200);
    const char *file = header(&b, "Content-Disposition");
    CHECK(strstr(file, "attachment") && strstr(file, "-wide.png"));
    CHECK(strstr(file, r.run.code));
    CHECK_INT(browser_get(&b, card_path(&b, &r, "")), 200);
    CHECK_STR(header(&b, "Content-Disposition"), "");
    gallery_stop(&b);
}

/* A name is on a picture as it is on a page, in the reader's language. */
TEST(a_picture_names_nobody_who_is_hidden)
{
    struct browser b;
    gallery_start(&b);
    struct es_participant p[] = { join_as(&b, "Ada Lund", "name"),
                                  join_as(&b, "Bea Lund", "initials"),
                                  join_as(&b, "Cem Lund", "hidden") };
    const char *const SHOWN[] = { "Ada Lund", "B. L.", "A participant" };
    struct es_receipt r[3];
    for (size_t i = 0; i < 3; i++)
        r[i] = browser_type_in(&b, &p[i], 7200);
    for (size_t i = 0; i < 3; i++) {
        struct es_card c = card_of(&b, &r[i].run, SHOWN[i], i == 2 ? "" : "IS");
        CHECK_INT(browser_get(&b, card_path(&b, &r[i], "")), 200);
        shows_card(&b, &c);
    }
    const struct es_lang *tr = es_lang_of("tr");
    struct es_card c = card_of(&b, &r[2].run, es_t(tr, "A participant"), "");
    c.lang = tr;
    CHECK(strcmp(c.name, "A participant") != 0);
    CHECK_INT(browser_get(&b, card_path(&b, &r[2], "?lang=tr")), 200);
    shows_card(&b, &c);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1/card.png"), 200);
    CHECK_INT(browser_get(&b, "/e/lantern/people/2/card.png"), 200);
    CHECK_INT(browser_get(&b, "/e/lantern/people/3/card.png"), 404);
    gallery_stop(&b);
}

TEST(what_nobody_may_see_has_no_picture)
{
    static const char *const NONE[] = {
        "/r/nothing/card.png",
        "/e/nothing/card.png",
        "/e/lantern/people/99/card.png",
        "/e/lantern/people/0/card.png",
        "/e/lantern/people/ada/card.png",
        "/e/lantern/teams/99/card.png",
        "/e/nothing/teams/1/card.png",
    };
    struct browser b;
    struct es_err e = { 0 };
    struct es_receipt gone;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        if (browser_get(&b, NONE[i]) != 404)
            FAIL("%s: %d", NONE[i], b.r.status);
    const char *path = card_path(&b, &r, "");
    CHECK_INT(browser_get(&b, path), 200);
    world_must(es_runs_withdraw(&b.w.app, &ada, r.run.id, &b.w.a, &gone, &e),
               &e);
    CHECK_INT(browser_get(&b, path),
              404); /* though the picture is still kept */
    r = browser_type_in(&b, &ada, 7200);
    path = card_path(&b, &r, "");
    b.w.ini.state = ES_INI_DRAFT;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/card.png"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/people/1/card.png"), 404);
    gallery_stop(&b);
}

TEST(a_team_and_an_initiative_have_pictures)
{
    struct browser b;
    struct es_err e = { 0 };
    int64_t team;
    gallery_start(&b);
    world_must(
        es_team_create(&b.w.app, b.w.ini.id, "Lamps", "LAMPS", &team, &e), &e);
    CHECK_INT(
        browser_get(&b, es_arena_fmt(&b.w.a, "/e/lantern/teams/%lld/card.png",
                                     (long long)team)),
        200);
    CHECK_INT(browser_get(&b, "/e/lantern/card.png?size=square&lang=ar"), 200);
    CHECK_STR(header(&b, "Content-Language"), "ar");
    b.peer = "127.0.0.1";
    CHECK_INT(browser_get(&b, "/metrics"), 200);
    CHECK(browser_shows(&b, "everystep_cards_drawn_total 2\n"));
    gallery_stop(&b);
}

TEST(a_route_is_on_the_picture_while_its_owner_shows_it)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_taken taken;
    enum es_route_end end = ES_ROUTE_NOTHING;
    size_t size;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada", "name");
    int fd = world_run_fd(&b.w, 7200, 1800, &size);
    struct es_take take = {
        .who = &ada, .fd = fd, .size = size, .activity = ES_TAKE_ONLY
    };
    world_must(es_runs_take(&b.w.app, &take, &b.w.a, &taken, &e), &e);
    close(fd);
    int64_t run = taken.receipts[0].run.id;
    const char *path = card_path(&b, taken.receipts, "");
    CHECK_INT(browser_get(&b, path), 200);
    const char *before = header(&b, "ETag");
    world_must(es_route_show(&b.w.app, &ada, run, &b.w.a, &end, &e), &e);
    CHECK_INT(end, ES_ROUTE_SHOWN);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK(strcmp(header(&b, "ETag"), before) != 0);
    world_must(es_route_hide(&b.w.app, &ada, run, &e), &e);
    CHECK_INT(browser_get(&b, path), 200);
    CHECK_STR(header(&b, "ETag"), before);
    gallery_stop(&b);
}

/* Nobody draws here, so each of these costs nothing but its turn. */
TEST(who_asks_for_too_many_pictures_waits)
{
    struct browser b;
    struct es_err e = { 0 };
    int pair[2], status = 0;
    browser_start(&b);
    world_must(es_zygote_pair(pair, &e), &e);
    close(pair[1]);
    struct es_render_config c = { .zygote_fd = pair[0], .workers = 1 };
    world_must(es_render_open(&c, &b.w.app.render, &e), &e);
    for (int i = 0; i < 1000 && status != 429; i++) {
        status = browser_get(&b, "/e/lantern/card.png");
        CHECK(status == 503 || status == 429);
        CHECK(*header(&b, "Retry-After"));
        CHECK(i > 50 || status == 503); /* a school may share its morning */
    }
    CHECK_INT(status, 429);
    b.peer = "198.51.100.7";
    CHECK_INT(browser_get(&b, "/e/lantern/card.png"), 503);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200); /* all else goes on */
    gallery_stop(&b);
    close(pair[0]);
}

TEST(where_nothing_is_drawn_there_is_no_picture)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, "/e/lantern/card.png"), 404);
    browser_stop(&b);
}

/* ---- certificates ---- */

/* The words of the last answer, a PDF, as poppler reads it. */
static void read_pdf(struct browser *b, struct es_buf *out)
{
    char path[4200], command[4400], piece[4096];
    CHECK_STR(header(b, "Content-Type"), "application/pdf");
    (void)snprintf(path, sizeof path, "%s/answer.pdf", t_tmpdir());
    FILE *f = fopen(path, "we");
    CHECK(f && fwrite(b->r.body.p, 1, b->r.body.n, f) == b->r.body.n &&
          fclose(f) == 0);
    (void)snprintf(command, sizeof command, "pdftotext -raw '%s' -", path);
    f = popen(command, "re");
    CHECK(f != NULL);
    es_buf_init(out, 1 << 20);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        es_buf_add(out, piece, n);
    CHECK_INT(pclose(f), 0);
}

TEST(certificates_say_who_ran_how_far)
{
    struct browser b;
    struct es_buf said;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada Lund", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    const char *run = join3(&b, "/r/", r.run.code, "/certificate.pdf");
    const char *const PATHS[] = { run, "/e/lantern/people/1/certificate.pdf" };
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(browser_get(&b, PATHS[i]), 200);
        CHECK_STR(header(&b, "Cache-Control"), "public, no-cache");
        CHECK(strstr(header(&b, "Content-Disposition"), "-certificate.pdf"));
        read_pdf(&b, &said);
        CHECK(strstr(es_buf_cstr(&said), "Certificate\nAda Lund\n"));
        CHECK(strstr(es_buf_cstr(&said), b.w.ini.title));
        CHECK(strstr(es_buf_cstr(&said), "5.00 km"));
        es_buf_release(&said);
    }
    CHECK_INT(browser_get(&b, join3(&b, run, "?units=mi&lang=tr", "")), 200);
    read_pdf(&b, &said);
    CHECK(strstr(es_buf_cstr(&said), "3,10 mi"));
    CHECK(strstr(es_buf_cstr(&said), es_t(es_lang_of("tr"), "Certificate")));
    es_buf_release(&said);
    /* the pages lead there */
    CHECK_INT(browser_get(&b, join3(&b, "/r/", r.run.code, "")), 200);
    CHECK(browser_shows(&b, join3(&b, "href=\"", run, "\"")));
    CHECK_INT(browser_get(&b, "/e/lantern/people/1"), 200);
    CHECK(browser_shows(&b, "/e/lantern/people/1/certificate.pdf"));
    gallery_stop(&b);
}

TEST(who_is_hidden_or_has_no_run_that_counts_has_no_certificate)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_receipt gone;
    gallery_start(&b);
    struct es_participant ada = join_as(&b, "Ada Lund", "hidden");
    struct es_participant bea = join_as(&b, "Bea Lund", "name");
    struct es_receipt r = browser_type_in(&b, &ada, 7200);
    struct es_receipt s = browser_type_in(&b, &bea, 7200);
    const char *hers = join3(&b, "/r/", s.run.code, "/certificate.pdf");
    const char *const NONE[] = {
        join3(&b, "/r/", r.run.code, "/certificate.pdf"),
        "/e/lantern/people/1/certificate.pdf",
        "/e/lantern/people/99/certificate.pdf",
        "/e/nothing/people/1/certificate.pdf",
        "/r/nothing/certificate.pdf",
        hers,
        "/e/lantern/people/2/certificate.pdf",
    };
    CHECK_INT(browser_get(&b, hers), 200);
    world_must(es_runs_withdraw(&b.w.app, &bea, s.run.id, &b.w.a, &gone, &e),
               &e);
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        if (browser_get(&b, NONE[i]) != 404)
            FAIL("%s: %d", NONE[i], b.r.status);
    gallery_stop(&b);
}
