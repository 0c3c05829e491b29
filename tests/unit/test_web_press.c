/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Press releases: written by one, approved by another, out at their minute and
 * not before, at no address. What the feeds and the press kit are is looked at
 * by others (tests/peers/press_check.py). */
#include "browser.h"
#include "initiative/accounts.h"
#include "initiative/media.h"
#include "initiative/sessions.h"
#include "picture_kit.h"
#include "programme/press.h"
#include "programme/zip.h"
#include "render/render.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRESS "/organise/e/lantern/press"
#define HOUR_MS INT64_C(3600000)

struct desk {
    struct browser b;
    int64_t writer, reader; /* accounts: owner and editor */
};

struct staffing {
    struct es_account a;
    struct es_role_given r;
};

static enum es_code hire(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct staffing *s = arg;
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &s->a, e);
    return rc == ES_OK ? es_txn_role_add(tx, &s->r, e) : rc;
}

static int64_t hired(struct world *w, const char *name, enum es_role role)
{
    struct es_err e = { 0 };
    struct staffing s = { .a = { .id = es_id_new(),
                                 .name = name,
                                 .name_key = name,
                                 .mail = "",
                                 .lang = "en" },
                          .r = { .initiative = w->ini.id, .role = role } };
    s.r.account = s.a.id;
    world_must(es_store_write(w->store,
                              &(struct es_write){ .apply = hire, .arg = &s },
                              &e),
               &e);
    return s.a.id;
}

static void as(struct desk *d, int64_t account)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = account,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&d->b.w.app, &ask, secret, &e), &e);
    snprintf(d->b.cookies, sizeof d->b.cookies, "__Host-es-organiser=%s",
             secret);
    CHECK_INT(browser_get(&d->b, PRESS), 200);
}

static void nobody(struct desk *d)
{
    *d->b.cookies = '\0';
}

static void desk_begin(struct desk *d)
{
    memset(d, 0, sizeof *d);
    browser_start(&d->b);
    d->writer = hired(&d->b.w, "Wanda", ES_ROLE_OWNER);
    d->reader = hired(&d->b.w, "Rosa", ES_ROLE_EDITOR);
}

static const char WORDS[] =
    "title=Lamps+are+lit&place=Harbour+Town&contact=Wanda"
    "&body=One+lamp+is+**enough**.%0A%0A%3Cscript%3Ealert(1)%3C/script%3E"
    "&notes=Founded+in+1998.";

/* Posts to a page after it was looked at, with the stamp it carried. */
static int post_seen(struct desk *d, const char *page, const char *tail,
                     const char *name, const char *fields)
{
    char form[4096], path[200], mark[40];
    char value[200] = "";
    CHECK_INT(browser_get(&d->b, page), 200);
    (void)snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const char *at = strstr(browser_body(&d->b), mark);
    if (at) {
        at += strlen(mark);
        (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\""), at);
    }
    (void)snprintf(form, sizeof form, "%s=%s&%s", name, value, fields);
    (void)snprintf(path, sizeof path, "%s%s", page, tail);
    return browser_post(&d->b, path, form);
}

static void written(struct desk *d)
{
    as(d, d->writer);
    CHECK_INT(browser_post(&d->b, PRESS, "title=Lamps&lang=en"), 303);
    CHECK_INT(post_seen(d, PRESS "/1/en", "", "was", WORDS), 303);
}

static void approved(struct desk *d, const char *page)
{
    as(d, d->reader);
    CHECK_INT(post_seen(d, page, "/approve", "edition", ""), 303);
}

static void timed(struct desk *d, int64_t at_ms)
{
    struct es_err e = { 0 };
    struct es_release_deed deed = { .initiative = d->b.w.ini.id,
                                    .release = 1,
                                    .account = d->writer };
    world_must(es_release_time(&d->b.w.app, &deed, at_ms, &e), &e);
}

/* Whether anything that strangers can ask for knows of it. */
static void check_unseen(struct desk *d, const char *words)
{
    static const char *const LISTS[] = {
        "/e/lantern/press", "/e/lantern/press.atom", "/e/lantern/press.json",
        "/e/lantern/press-kit.zip", "/e/lantern"
    };
    nobody(d);
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        CHECK_INT(browser_get(&d->b, LISTS[i]), 200);
        struct es_bytes s = es_buf_bytes(&d->b.r.body);
        CHECK(memmem(s.p, s.n, words, strlen(words)) == NULL);
        CHECK(memmem(s.p, s.n, "press/1", 7) == NULL);
        CHECK(i < 4 || !browser_shows(&d->b, "href=\"/e/lantern/press\""));
        CHECK(memmem(s.p, s.n, "releases/1-", 11) == NULL);
    }
}

/* The answer at a guessed address is that at one where never anything was. */
static void check_no_address(struct desk *d, const char *guessed,
                             const char *never)
{
    struct es_buf first;
    es_buf_init(&first, 1 << 20);
    nobody(d);
    CHECK_INT(browser_get(&d->b, guessed), 404);
    es_buf_str(&first, browser_body(&d->b));
    CHECK_INT(browser_get(&d->b, never), 404);
    CHECK_INT(d->b.r.body.n, first.n);
    CHECK(!strstr(es_buf_cstr(&first), "Lamps"));
    es_buf_release(&first);
}

TEST(release_is_out_when_another_approved_it_and_its_time_has_come)
{
    struct desk d;
    desk_begin(&d);
    written(&d);
    timed(&d, es_time_now_ms() - HOUR_MS);
    check_unseen(&d, "Lamps are lit"); /* the time alone is not enough */
    check_no_address(&d, "/e/lantern/press/1/en", "/e/lantern/press/8/en");
    check_no_address(&d, "/e/lantern/press/1", "/e/lantern/press/8");

    /* Who wrote it can't approve it. */
    as(&d, d.writer);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    CHECK(browser_shows(&d.b, "You changed it last"));
    CHECK(!browser_shows(&d.b, "/approve\""));
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/approve", "edition=2"), 409);

    timed(&d, es_time_now_ms() + HOUR_MS);
    approved(&d, PRESS "/1/en");
    check_unseen(&d, "Lamps are lit"); /* approved, and not yet */
    check_no_address(&d, "/e/lantern/press/1/en", "/e/lantern/press/8/en");
    /* Not even for who wrote it: what is shared between them is one answer. */
    as(&d, d.writer);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/en"), 404);

    timed(&d, es_time_now_ms());
    nobody(&d);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/en"), 200);
    CHECK(browser_shows(&d.b, "Lamps are lit"));
    CHECK(browser_shows(&d.b, "Harbour Town, "));
    CHECK(browser_shows(&d.b, "<strong>enough</strong>"));
    CHECK(!browser_shows(&d.b, "<script>alert"));
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1"), 303);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press"), 200);
    CHECK(browser_shows(&d.b, "Lamps are lit"));
    CHECK_INT(browser_get(&d.b, "/e/lantern/press.atom"), 200);
    CHECK(browser_shows(&d.b, "<title>Lamps are lit</title>"));
    CHECK_INT(browser_get(&d.b, "/e/lantern"), 200);
    CHECK(browser_shows(&d.b, "href=\"/e/lantern/press\""));

    /* Taken back, it is nowhere. */
    as(&d, d.reader);
    CHECK_INT(post_seen(&d, PRESS "/1/en", "/reopen", "edition", ""), 303);
    check_unseen(&d, "Lamps are lit");
    check_no_address(&d, "/e/lantern/press/1/en", "/e/lantern/press/8/en");
    browser_stop(&d.b);
}

TEST(embargo_ends_with_its_minute)
{
    struct es_release r = { .publish_ms = 60 * HOUR_MS };
    struct es_release_text t = { .state = ES_RELEASE_APPROVED };
    CHECK(!es_release_is_public(&r, &t, 60 * HOUR_MS - 1));
    CHECK(es_release_is_public(&r, &t, 60 * HOUR_MS));
    t.state = ES_RELEASE_DRAFT;
    CHECK(!es_release_is_public(&r, &t, 61 * HOUR_MS));
    t.state = ES_RELEASE_APPROVED;
    r.publish_ms = 0;
    CHECK(!es_release_is_public(&r, &t, 61 * HOUR_MS));
}

/* On paper, too: the same words, and not a minute before. */
TEST(a_release_on_paper_is_out_when_its_page_is)
{
#define PDF "/e/lantern/press/1/en/paper.pdf"
    struct desk d;
    struct es_err e = { 0 };
    char exe[4096], command[4400], words[4096], path[4200];
    struct es_render_config c = { .zygote_fd = -1, .exe = exe, .workers = 1 };
    desk_begin(&d);
    (void)snprintf(exe, sizeof exe, "%s/everystep-render",
                   getenv("ES_BUILD_ROOT"));
    struct es_render *render;
    world_must(es_render_open(&c, &render, &e), &e);
    d.b.w.app.render = render;
    written(&d);
    approved(&d, PRESS "/1/en");
    timed(&d, es_time_now_ms() + HOUR_MS);
    nobody(&d);
    CHECK_INT(browser_get(&d.b, PDF), 404);
    timed(&d, es_time_now_ms() - HOUR_MS);
    CHECK_INT(browser_get(&d.b, PDF), 200);
    (void)snprintf(path, sizeof path, "%s/release.pdf", t_tmpdir());
    FILE *f = fopen(path, "we");
    CHECK(f && fwrite(d.b.r.body.p, 1, d.b.r.body.n, f) == d.b.r.body.n &&
          fclose(f) == 0);
    (void)snprintf(command, sizeof command, "pdftotext -raw '%s' -", path);
    f = popen(command, "re");
    CHECK(f != NULL);
    words[fread(words, 1, sizeof words - 1, f)] = '\0';
    CHECK_INT(pclose(f), 0);
    CHECK(strstr(words, "Press release\nLamps are lit\nHarbour Town, "));
    CHECK(strstr(words, "One lamp is enough.\n<script>alert(1)</script>\n"
                        "Notes for editors\nFounded in 1998.\n"
                        "For the press\nWanda\n"));
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/en"), 200);
    CHECK(browser_shows(&d.b, "href=\"" PDF "\""));
    browser_stop(&d.b);
    es_render_close(render);
#undef PDF
}

TEST(time_of_the_form_is_in_the_zone)
{
    struct desk d;
    struct es_release r;
    desk_begin(&d);
    d.b.w.ini.zone = "Europe/Istanbul";
    d.b.w.ini.edition = 0;
    world_must(es_initiative_save(&d.b.w.app, &d.b.w.ini, NULL), NULL);
    written(&d);
    CHECK_INT(browser_post(&d.b, PRESS "/1/time",
                           "do=set&at_date=2030-08-25&at_time=10:05"),
              303);
    world_must(es_store_release(d.b.w.store, d.b.w.ini.id, 1, &r, NULL), NULL);
    char text[ES_TIME_TEXT];
    CHECK_STR(es_time_text(r.publish_ms, text), "2030-08-25T07:05:00Z");
    CHECK_INT(browser_post(&d.b, PRESS "/1/time", "do=set&at_date=&at_time="),
              422);
    CHECK_INT(browser_post(&d.b, PRESS "/1/time", "do=none"), 303);
    world_must(es_store_release(d.b.w.store, d.b.w.ini.id, 1, &r, NULL), NULL);
    CHECK_INT(r.publish_ms, 0);
    browser_stop(&d.b);
}

TEST(languages_of_a_release_lead_to_those_that_are_public)
{
    struct desk d;
    desk_begin(&d);
    written(&d);
    CHECK_INT(post_seen(&d, PRESS "/1/ur", "", "was",
                        "title=Chiragh&place=Bandargah&body=Ek&contact=Wanda"),
              303);
    CHECK_INT(post_seen(&d, PRESS "/1/fr", "", "was",
                        "title=Lampes&place=Port&body=Une&contact=Wanda"),
              303);
    timed(&d, es_time_now_ms() - HOUR_MS);
    approved(&d, PRESS "/1/en");
    nobody(&d);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/en"), 200);
    CHECK(!browser_shows(&d.b, "press/1/ur"));
    CHECK(!browser_shows(&d.b, "press/1/fr"));
    check_no_address(&d, "/e/lantern/press/1/ur", "/e/lantern/press/1/xx");
    CHECK_INT(browser_get(&d.b, "/e/lantern/press.atom"), 200);
    CHECK(!browser_shows(&d.b, "Chiragh"));
    CHECK(!browser_shows(&d.b, "press/1/ur"));

    approved(&d, PRESS "/1/ur");
    approved(&d, PRESS "/1/fr");
    nobody(&d);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/en"), 200);
    CHECK(browser_shows(&d.b, "hreflang=\"ur\" href=\"http://"));
    CHECK(browser_shows(&d.b, "hreflang=\"fr\" href=\"http://"));
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1/ur"), 200);
    CHECK(browser_shows(&d.b, "<article class=\"release\" lang=\"ur\""
                              " dir=\"rtl\">"));
    CHECK_INT(browser_get(&d.b, "/e/lantern/press/1?lang=ur"), 303);
    char at[128];
    CHECK_STR(es_reply_header(&d.b.r, "Location", at, sizeof at),
              "/e/lantern/press/1/ur?lang=ur");
    CHECK_INT(browser_get(&d.b, "/e/lantern/press.atom?lang=ur"), 200);
    CHECK(browser_shows(&d.b, "Chiragh"));
    CHECK(!browser_shows(&d.b, "Lampes"));
    browser_stop(&d.b);
}

TEST(who_approves_has_read_these_very_words)
{
    struct desk d;
    desk_begin(&d);
    written(&d);
    as(&d, d.reader);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    CHECK(browser_shows(&d.b, "name=\"edition\" value=\"2\""));
    as(&d, d.writer); /* meanwhile */
    CHECK_INT(post_seen(&d, PRESS "/1/en", "", "was",
                        "title=Other+words&place=P&body=B&contact=C&notes="),
              303);
    as(&d, d.reader);
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/approve", "edition=2"), 409);
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/approve", "edition=3"), 303);
    /* From then on nobody changes them without taking them back. */
    CHECK_INT(browser_post(&d.b, PRESS "/1/en", WORDS), 409);
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/remove", "edition=4"), 409);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    CHECK(browser_shows(&d.b, "Other words"));
    CHECK(browser_shows(&d.b, "approved it"));
    browser_stop(&d.b);
}

TEST(one_person_alone_is_told_to_invite_somebody)
{
    struct desk d;
    memset(&d, 0, sizeof d);
    browser_start(&d.b);
    d.writer = hired(&d.b.w, "Wanda", ES_ROLE_OWNER);
    written(&d);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    CHECK(browser_shows(&d.b, "so far nobody else may"));
    CHECK(browser_shows(&d.b, "href=\"/organise/e/lantern/staff\""));
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/approve", "edition=2"), 409);
    browser_stop(&d.b);
}

TEST(what_is_missing_is_said_before_anybody_approves)
{
    struct desk d;
    desk_begin(&d);
    as(&d, d.writer);
    CHECK_INT(browser_post(&d.b, PRESS, "title=&lang=en"), 422);
    CHECK_INT(browser_post(&d.b, PRESS, "title=Lamps&lang=xx"), 422);
    CHECK_INT(browser_post(&d.b, PRESS, "title=Lamps&lang=en"), 303);
    as(&d, d.reader);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    CHECK(browser_shows(&d.b, "The place is missing"));
    CHECK_INT(browser_post(&d.b, PRESS "/1/en/approve", "edition=1"), 422);
    CHECK_INT(browser_get(&d.b, PRESS "/1/zz"), 404);
    CHECK_INT(browser_get(&d.b, PRESS "/9"), 404);
    browser_stop(&d.b);
}

TEST(two_write_at_once_and_nothing_is_lost)
{
    struct desk d;
    char stamp[200] = "";
    char form[1024];
    desk_begin(&d);
    written(&d);
    as(&d, d.reader);
    CHECK_INT(browser_get(&d.b, PRESS "/1/en"), 200);
    const char *at = strstr(browser_body(&d.b), "name=\"was\" value=\"");
    CHECK(at != NULL);
    at += strlen("name=\"was\" value=\"");
    (void)snprintf(stamp, sizeof stamp, "%.*s", (int)strcspn(at, "\""), at);
    as(&d, d.writer);
    CHECK_INT(post_seen(&d, PRESS "/1/en", "", "was",
                        "title=First&place=Harbour+Town&contact=Wanda&body=B"),
              303);
    as(&d, d.reader);
    (void)snprintf(form, sizeof form, "was=%s&title=Second&%s", stamp,
                   "place=Harbour+Town&contact=Wanda&body=B");
    CHECK_INT(browser_post(&d.b, PRESS "/1/en", form), 409);
    CHECK(browser_shows(&d.b, "First"));
    CHECK(browser_shows(&d.b, "Second"));
    browser_stop(&d.b);
}

TEST(number_of_a_removed_release_is_nobody_elses)
{
    struct desk d;
    char at[128];
    desk_begin(&d);
    written(&d);
    CHECK_INT(post_seen(&d, PRESS "/1/en", "/remove", "edition", ""), 303);
    CHECK_INT(browser_get(&d.b, PRESS "/1"), 404);
    CHECK_INT(browser_get(&d.b, PRESS), 200);
    CHECK(!browser_shows(&d.b, "Lamps are lit"));
    CHECK_INT(browser_post(&d.b, PRESS, "title=Next&lang=en"), 303);
    CHECK_STR(es_reply_header(&d.b.r, "Location", at, sizeof at),
              "/organise/e/lantern/press/2/en");
    browser_stop(&d.b);
}

TEST(links_to_what_others_wrote)
{
    struct desk d;
    struct es_coverage *all;
    size_t n;
    char path[128];
    desk_begin(&d);
    as(&d, d.writer);
    CHECK_INT(browser_post(&d.b, PRESS "/coverage",
                           "publisher=&headline=&url=javascript:x&day="
                           "&said_in=en"),
              422);
    CHECK(browser_shows(&d.b, "javascript:x"));
    CHECK_INT(browser_post(&d.b, PRESS "/coverage",
                           "publisher=Gazette&headline=Readers+run&day=2026-10-"
                           "25&url=https://news.example/a&said_in=fr"),
              303);
    nobody(&d);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press"), 200);
    CHECK(browser_shows(&d.b, "href=\"https://news.example/a\""));
    CHECK(browser_shows(&d.b, "October 25, 2026"));
    CHECK(!browser_shows(&d.b, "/remove"));
    CHECK_INT(es_store_coverage(d.b.w.store, d.b.w.ini.id, 9, &d.b.w.a, &all,
                                &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    as(&d, d.writer);
    (void)snprintf(path, sizeof path, PRESS "/coverage/%lld/remove",
                   (long long)all[0].id);
    CHECK_INT(browser_post(&d.b, path, ""), 303);
    nobody(&d);
    CHECK_INT(browser_get(&d.b, "/e/lantern/press"), 200);
    CHECK(!browser_shows(&d.b, "news.example"));
    browser_stop(&d.b);
}

TEST(feed_that_is_known_already_is_not_sent_again)
{
    static const char *const FEEDS[] = { "/e/lantern/press.atom",
                                         "/e/lantern/press.json" };
    struct desk d;
    desk_begin(&d);
    written(&d);
    timed(&d, es_time_now_ms() - HOUR_MS);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < 2; i++) {
            char tag[128], header[200];
            nobody(&d);
            CHECK_INT(browser_get(&d.b, FEEDS[i]), 200);
            CHECK(es_reply_header(&d.b.r, "ETag", tag, sizeof tag) != NULL);
            (void)snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
            CHECK_INT(browser_send(&d.b, "GET", FEEDS[i], header,
                                   (struct es_bytes){ NULL, 0 }),
                      304);
            CHECK_INT(d.b.r.body.n, 0);
            if (i == 0 && turn == 0) { /* and it is, once something is new */
                approved(&d, PRESS "/1/en");
                nobody(&d);
                CHECK_INT(browser_send(&d.b, "GET", FEEDS[i], header,
                                       (struct es_bytes){ NULL, 0 }),
                          200);
            }
        }
    }
    browser_stop(&d.b);
}

/* The check value that every description of this sum gives. */
TEST(zip_sum_is_the_usual_one)
{
    CHECK_INT(es_zip_crc(0, es_bytes_str("123456789")), 0xcbf43926);
    CHECK_INT(
        es_zip_crc(es_zip_crc(0, es_bytes_str("1234")), es_bytes_str("56789")),
        0xcbf43926);
}

/* ---- judged by others ---- */

static void save(struct desk *d, const char *dir, const char *name,
                 const char *address)
{
    char path[512];
    nobody(d);
    CHECK_INT(browser_get(&d->b, address), 200);
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "we");
    CHECK(f != NULL);
    CHECK_INT(fwrite(d->b.r.body.p, 1, d->b.r.body.n, f), d->b.r.body.n);
    CHECK_INT(fclose(f), 0);
}

static void cover(struct desk *d)
{
    struct es_err e = { 0 };
    struct es_buf jpeg =
        kit_jpeg(300, 200, kit_corners, &(struct kit_jpeg){ 0 });
    struct es_media_new m = { .initiative = d->b.w.ini.id,
                              .kind = "picture",
                              .type = "image/jpeg",
                              .name = "lamps.jpg",
                              .bytes = es_buf_bytes(&jpeg) };
    int64_t id, logo;
    char face[200];
    world_must(es_media_add(&d->b.w.app, &m, &id, &e), &e);
    world_must(es_media_add(&d->b.w.app, &m, &logo, &e), &e);
    (void)snprintf(face, sizeof face,
                   "{\"picture\":{\"media\":\"%lld\",\"alt\":\"Lamps\","
                   "\"credit\":\"Ines\"},\"logo\":\"%lld\"}",
                   (long long)id, (long long)logo);
    d->b.w.ini.face = face;
    d->b.w.ini.edition = 0;
    world_must(es_initiative_save(&d->b.w.app, &d->b.w.ini, &e), &e);
    es_buf_release(&jpeg);
}

TEST(feeds_and_press_kit_are_what_others_read)
{
    struct desk d;
    const char *dir = t_tmpdir();
    char cmd[1024];
    if (system("/usr/bin/python3 -c 'import feedparser' 2>/dev/null") != 0 ||
        system("unzip -v >/dev/null 2>&1") != 0)
        SKIP("no feedparser or no unzip");
    desk_begin(&d);
    cover(&d);
    as(&d, d.writer);
    CHECK_INT(browser_post(&d.b, PRESS, "title=Lamps&lang=en"), 303);
    CHECK_INT(post_seen(&d, PRESS "/1/en", "", "was",
                        "title=Lamps+%26+%3Clights%3E&place=Harbour+Town"
                        "&contact=Wanda&notes=Since+1998"
                        "&body=One+lamp+is+**enough**.%0A%0A"
                        "%3Cscript%3Ealert(1)%3C/script%3E"),
              303);
    CHECK_INT(post_seen(&d, PRESS "/1/ur", "", "was",
                        "title=%DA%86%D8%B1%D8%A7%D8%BA&place=%D8%A8&body=%D8%"
                        "A8&contact=W"),
              303);
    timed(&d, es_time_now_ms() - HOUR_MS);
    approved(&d, PRESS "/1/en");
    approved(&d, PRESS "/1/ur");
    save(&d, dir, "press.atom", "/e/lantern/press.atom");
    save(&d, dir, "press.json", "/e/lantern/press.json");
    save(&d, dir, "kit.zip", "/e/lantern/press-kit.zip");
    (void)snprintf(cmd, sizeof cmd,
                   "/usr/bin/python3 %s/tests/peers/press_check.py %s",
                   getenv("ES_SOURCE_ROOT"), dir);
    CHECK_INT(system(cmd), 0);
    browser_stop(&d.b);
}
