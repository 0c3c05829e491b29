/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Statements on the pages: from an empty console to what the public reads, and
 * what it never reads. */
#include "browser.h"
#include "programme/parties.h"
#include "programme/statements.h"
#include "render/render.h"
#include "store/programme.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSOLE "/organise/e/lantern/statements"

static int64_t person(struct browser *b, const char *name, const char *ur)
{
    struct es_many m = { .n = 0 };
    struct es_field_errors fe = { 0 };
    struct es_err e = { 0 };
    int64_t id = 0;
    CHECK(es_many_put(&m, "en", name) && es_many_put(&m, "ur", ur));
    struct es_party_want want = { .initiative = b->w.ini.id,
                                  .what = ES_PARTY_PERSON,
                                  .names = &m };
    world_must(es_party_keep(&b->w.app, &want, &b->w.a, &id, &fe, &e), &e);
    return id;
}

static void office(struct browser *b, int64_t who, const char *title,
                   const char *from, const char *to)
{
    struct es_many m = { .n = 0 };
    struct es_field_errors fe = { 0 };
    struct es_err e = { 0 };
    int64_t id = 0;
    CHECK(es_many_put(&m, "en", title));
    struct es_seat_want want = { .initiative = b->w.ini.id,
                                 .party = who,
                                 .title = &m,
                                 .country = "",
                                 .from = from,
                                 .to = to };
    world_must(es_seat_keep(&b->w.app, &want, &b->w.a, &id, &fe, &e), &e);
}

static enum es_code put_event(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_occasion_add(tx, arg, e);
}

/* An event of that number. */
static void event(struct browser *b, int64_t id, int32_t state)
{
    struct es_err e = { 0 };
    struct es_occasion o = { .initiative = b->w.ini.id,
                             .id = id,
                             .state = state,
                             .starts_ms = 1000,
                             .ends_ms = 2000,
                             .zone = "UTC",
                             .lang = "en",
                             .title = "An evening to remember",
                             .body = "{}" };
    world_must(
        es_store_write(b->w.store,
                       &(struct es_write){ .apply = put_event, .arg = &o }, &e),
        &e);
}

/* Who organises, with a form's token. */
static void enter(struct browser *b)
{
    browser_sign_in_organiser(b);
    CHECK_INT(browser_get(b, CONSOLE "/new"), 200);
}

static int64_t edition(struct browser *b, int64_t id)
{
    struct es_statement s;
    struct es_err e = { 0 };
    world_must(es_store_statement(b->w.store, b->w.ini.id, id, &b->w.a, &s, &e),
               &e);
    return s.edition;
}

/* A form of one statement; what the answer's status is. */
static int post(struct browser *b, int64_t id, const char *act,
                const char *fields)
{
    char path[120];
    char body[512];
    snprintf(path, sizeof path, CONSOLE "/%lld/%s", (long long)id, act);
    snprintf(body, sizeof body, "edition=%lld&%s", (long long)edition(b, id),
             fields);
    return browser_post(b, path, body);
}

static const char APPROVED[] = "name=Her+office&how=1&approved_day=2026-03-02"
                               "&own=1";

static void write_one(struct browser *b, int64_t who, const char *rest)
{
    char body[1024];
    snprintf(body, sizeof body,
             "speaker=%lld&exact=1&lang=en&day=2026-03-01&%s", (long long)who,
             rest);
    CHECK_INT(browser_post(b, CONSOLE "/new", body), 303);
}

/* The statement of that number, through the console. */
static void publish(struct browser *b, int64_t id)
{
    CHECK_INT(post(b, id, "approve", APPROVED), 303);
    CHECK_INT(post(b, id, "publish", "note=A+word+was+misheard."), 303);
}

TEST(statement_goes_from_the_console_to_its_page)
{
    struct browser b;
    browser_start(&b);
    int64_t who = person(&b, "Ada Example", "ایڈا");
    office(&b, who, "Deputy minister", "2020-01-01", "2025-12-31");
    office(&b, who, "Minister", "2026-01-01", "");
    enter(&b);
    write_one(&b, who,
              "words=We+remember.&figures=Inhabitants%3A+about+7%2C000"
              "&figures_from=the+register&source=A+record"
              "&source_url=https%3A%2F%2Fexample.org%2Frecord");
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "/e/lantern/statements"));
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/statements"), 200);
    CHECK(!browser_shows(&b, "We remember."));
    /* before anybody of her side has said yes */
    CHECK_INT(post(&b, 1, "publish", ""), 409);
    CHECK_INT(post(&b, 1, "approve", "name=&how=&approved_day="), 422);
    CHECK(browser_shows(&b, "id=\"own-error\""));
    publish(&b, 1);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 200);
    CHECK(browser_shows(&b, "We remember."));
    CHECK(browser_shows(&b, "Ada Example"));
    CHECK(browser_shows(&b, "Minister"));
    CHECK(!browser_shows(&b, "Deputy minister")); /* not on that day */
    CHECK(browser_shows(&b, "about 7,000"));
    CHECK(browser_shows(&b, "the register"));
    CHECK(browser_shows(&b, "https://example.org/record"));
    CHECK(browser_shows(&b, "Word for word"));
    CHECK(!browser_shows(&b, "Her office")); /* who approved is not public */
    CHECK_INT(browser_get(&b, "/e/lantern/statements?lang=ur"), 200);
    CHECK(browser_shows(&b, "ایڈا"));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "href=\"/e/lantern/statements\""));
    browser_stop(&b);
}

TEST(statement_without_a_speaker_stays_a_draft)
{
    struct browser b;
    browser_start(&b);
    enter(&b);
    CHECK_INT(browser_post(&b, CONSOLE "/new",
                           "speaker=&exact=1&lang=en&day=2026-03-01&words=X"),
              303);
    CHECK_INT(post(&b, 1, "approve", APPROVED), 422);
    CHECK(browser_shows(&b, "id=\"speaker-error\""));
    CHECK_INT(post(&b, 1, "publish", ""), 409);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 404);
    browser_stop(&b);
}

TEST(correction_stands_beside_what_it_corrects)
{
    struct browser b;
    browser_start(&b);
    int64_t who = person(&b, "Ada Example", "");
    char fields[256];
    enter(&b);
    write_one(&b, who, "words=Seven+thousand.");
    publish(&b, 1);
    snprintf(fields, sizeof fields,
             "speaker=%lld&exact=1&lang=en&day=2026-03-01&words=Six+thousand.",
             (long long)who);
    /* without the stamp of what was read it is a clash: nothing is lost */
    CHECK_INT(browser_post(&b, CONSOLE "/1", fields), 409);
    CHECK(browser_shows(&b, "Seven thousand.") &&
          browser_shows(&b, "Six thousand."));
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 200);
    CHECK(browser_shows(&b, "Seven thousand."));
    browser_stop(&b);
}

TEST(several_stand_side_by_side)
{
    struct browser b;
    browser_start(&b);
    int64_t ada = person(&b, "Ada Example", "");
    int64_t bela = person(&b, "Bela Example", "");
    enter(&b);
    write_one(&b, ada, "words=We+remember.&figures=Inhabitants%3A+7%2C000");
    write_one(&b, bela, "words=So+do+we.&figures=Inhabitants%3A+6%2C500");
    publish(&b, 1);
    publish(&b, 2);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/compare?with=1,2"), 200);
    CHECK(browser_shows(&b, "We remember.") && browser_shows(&b, "So do we."));
    CHECK(browser_shows(&b, "They are not added up"));
    CHECK(!browser_shows(&b, "13,500")); /* and they are not */
    CHECK_INT(browser_get(&b, "/e/lantern/statements/compare?with=1"), 400);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/compare?with=1,1"), 400);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/compare?with=1,x"), 400);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/compare?with=1,9"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/statements?beside=1"), 200);
    CHECK(browser_shows(&b, "compare?with=1%2C2"));
    browser_stop(&b);
}

TEST(event_is_named_once_the_public_knows_of_it)
{
    struct browser b;
    browser_start(&b);
    event(&b, 7, ES_OCCASION_PUBLISHED);
    event(&b, 8, ES_OCCASION_DRAFT);
    int64_t ada = person(&b, "Ada Example", "");
    enter(&b);
    CHECK(browser_shows(&b, "An evening to remember"));
    write_one(&b, ada, "words=We+remember.&event=7");
    write_one(&b, ada, "words=We+hope.&event=8");
    publish(&b, 1);
    publish(&b, 2);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 200);
    CHECK(browser_shows(&b, "href=\"/e/lantern/programme/7\""));
    CHECK(browser_shows(&b, "An evening to remember"));
    CHECK_INT(browser_get(&b, "/e/lantern/statements/2"), 200);
    CHECK(!browser_shows(&b, "An evening to remember"));
    CHECK_INT(browser_get(&b, "/e/lantern/statements?event=7"), 200);
    CHECK(browser_shows(&b, "We remember."));
    CHECK(!browser_shows(&b, "We hope."));
    CHECK_INT(browser_get(&b, "/e/lantern/statements?event=8"), 404);
    CHECK_INT(browser_get(&b, "/e/lantern/statements?event=9"), 404);
    browser_stop(&b);
}

TEST(statement_in_a_frame_needs_no_cookie)
{
    struct browser b;
    browser_start(&b);
    int64_t ada = person(&b, "Ada Example", "");
    enter(&b);
    write_one(&b, ada, "words=We+remember.");
    publish(&b, 1);
    b.cookies[0] = '\0';
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1/embed"), 200);
    CHECK(browser_shows(&b, "We remember."));
    CHECK(!strstr(es_buf_cstr(&b.r.head), "Set-Cookie"));
    CHECK(strstr(es_buf_cstr(&b.r.head), "frame-ancestors *"));
    CHECK(!browser_shows(&b, "<form"));
    CHECK_INT(browser_get(&b, "/e/lantern/statements/2/embed"), 404);
    browser_stop(&b);
}

TEST(statement_that_was_taken_back_says_why)
{
    struct browser b;
    browser_start(&b);
    int64_t ada = person(&b, "Ada Example", "");
    enter(&b);
    write_one(&b, ada, "words=We+remember.");
    publish(&b, 1);
    CHECK_INT(browser_get(&b, "/e/lantern/report?about=statement-1"), 200);
    CHECK(browser_shows(&b, "We remember."));
    CHECK_INT(post(&b, 1, "take", "why="), 422);
    CHECK_INT(post(&b, 1, "take", "why=She+asked+for+it."), 303);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 410);
    CHECK(browser_shows(&b, "She asked for it."));
    CHECK(!browser_shows(&b, "We remember."));
    CHECK_INT(browser_get(&b, "/e/lantern/report?about=statement-1"), 404);
    browser_stop(&b);
}

TEST(words_of_speakers_are_no_markup)
{
    struct browser b;
    browser_start(&b);
    int64_t ada = person(&b, "<b>Ada</b>", "");
    enter(&b);
    write_one(&b, ada,
              "words=%3Cscript%3Ealert(1)%3C%2Fscript%3E"
              "&figures=%3Ci%3E%3A+%3Cimg+src%3Dx%3E");
    publish(&b, 1);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 200);
    CHECK(!browser_shows(&b, "<script>alert"));
    CHECK(!browser_shows(&b, "<img src=x"));
    CHECK(!browser_shows(&b, "<b>Ada"));
    CHECK(browser_shows(&b, "&lt;script&gt;"));
    browser_stop(&b);
}

/* On paper, drawn as the pictures are: one sheet, with all that the page says,
 * and not before it is published. */
TEST(statement_on_paper_says_what_its_page_says)
{
#define PDF "/e/lantern/statements/1/paper.pdf"
    struct browser b;
    struct es_err e = { 0 };
    char exe[4096], command[9000], words[8192], path[4200];
    struct es_render_config c = { .zygote_fd = -1, .exe = exe, .workers = 1 };
    struct es_render *render;
    browser_start(&b);
    (void)snprintf(exe, sizeof exe, "%s/everystep-render",
                   getenv("ES_BUILD_ROOT"));
    world_must(es_render_open(&c, &render, &e), &e);
    b.w.app.render = render;
    int64_t who = person(&b, "Ada Example", "ایڈا");
    office(&b, who, "Minister", "2026-01-01", "");
    enter(&b);
    write_one(&b, who,
              "words=We+remember.%0A%0AAnd+we+walk."
              "&figures=Inhabitants%3A+about+7%2C000"
              "&figures_from=the+register&source=A+record"
              "&source_url=https%3A%2F%2Fexample.org%2Frecord");
    CHECK_INT(browser_get(&b, PDF), 404);
    publish(&b, 1);
    CHECK_INT(browser_get(&b, "/e/lantern/statements/1"), 200);
    CHECK(browser_shows(&b, "href=\"" PDF "\""));
    CHECK_INT(browser_get(&b, PDF), 200);
    (void)snprintf(path, sizeof path, "%s/statement.pdf", t_tmpdir());
    FILE *f = fopen(path, "we");
    CHECK(f && fwrite(b.r.body.p, 1, b.r.body.n, f) == b.r.body.n &&
          fclose(f) == 0);
    (void)snprintf(command, sizeof command,
                   "pdftotext -raw '%s' - && pdfinfo '%s'", path, path);
    f = popen(command, "re");
    CHECK(f != NULL);
    words[fread(words, 1, sizeof words - 1, f)] = '\0';
    CHECK_INT(pclose(f), 0);
    CHECK(strstr(words, "Ada Example\nMinister\n"));
    CHECK(strstr(words, "Word for word · March 1, 2026\nWe remember.\n"
                        "And we walk.\nFigures as Ada Example gave them\n"
                        "Inhabitants about 7,000\n"));
    CHECK(strstr(words, "the register"));
    CHECK(strstr(words, "A record"));
    CHECK(strstr(words, "/e/lantern/statements/1\n"));
    CHECK(strstr(words, "Pages:           1\n"));
    browser_stop(&b);
    es_render_close(render);
#undef PDF
}
