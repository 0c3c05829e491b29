/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coming back by mail, as a browser sees it: rows 12, 42, 43 and 44 of the
 * table of attacks. */
#include "auth/mail_link.h"
#include "base/limits.h"
#include "browser.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mailed {
    char path[64]; /* "/back/SECRET" */
    char code[ES_MAIL_CODE_TEXT];
    char shown[ES_MAIL_CODE_TEXT];
};

static struct es_participant join(struct browser *b, const char *name,
                                  const char *mail)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = name,
                          .email = mail,
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    return j.p;
}

static int ask(struct browser *b, const char *address)
{
    char form[512];
    snprintf(form, sizeof form, "address=%s", address);
    CHECK_INT(browser_get(b, "/back"), 200);
    return browser_post(b, "/back", form);
}

/* The newest that waits, as it would be mailed. */
static struct mailed newest(struct browser *b)
{
    struct es_err e = { 0 };
    struct es_mail_out *rows;
    struct es_mail_ask in;
    struct mailed m;
    size_t n;
    world_must(es_store_mail_due(b->w.store, es_time_now_ms(), 1000, &b->w.a,
                                 &rows, &n, &e),
               &e);
    CHECK(n > 0);
    CHECK(es_mail_ask_open(b->w.app.key, &rows[n - 1], &b->w.a, &in));
    snprintf(m.path, sizeof m.path, "/back/%s", in.secret);
    snprintf(m.code, sizeof m.code, "%s", in.code);
    m.shown[0] = '\0';
    return m;
}

static size_t waiting(struct browser *b)
{
    struct es_err e = { 0 };
    struct es_mail_out *rows;
    size_t n;
    world_must(es_store_mail_due(b->w.store, es_time_now_ms(), 10000, &b->w.a,
                                 &rows, &n, &e),
               &e);
    return n;
}

/* Asks, sees the page that follows, and what was mailed. */
static struct mailed asked(struct browser *b, const char *address)
{
    CHECK_INT(ask(b, address), 303);
    CHECK_INT(browser_get(b, "/back/sent"), 200);
    struct mailed m = newest(b);
    const char *p = strstr(browser_body(b), "<strong class=\"secret\"");
    CHECK(p != NULL);
    p = strchr(p, '>') + 1;
    snprintf(m.shown, sizeof m.shown, "%.4s%.4s", p, p + 5);
    return m;
}

static void elsewhere(struct browser *b)
{
    b->cookies[0] = '\0';
}

static int post_code(struct browser *b, const char *path, const char *code)
{
    char form[64];
    snprintf(form, sizeof form, "code=%s", code);
    return browser_post(b, path, form);
}

TEST(a_link_shows_a_button_and_the_button_signs_in_once)
{
    struct browser b;
    browser_start(&b);
    (void)join(&b, "Ada", "ada@example.org");
    struct mailed m = asked(&b, "ada%40example.org");
    char jar[sizeof b.cookies];
    snprintf(jar, sizeof jar, "%s", b.cookies);

    elsewhere(&b); /* a scanner of mail looks at it, and looks again */
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK(!browser_shows(&b, "Ada"));
    CHECK_INT(browser_get(&b, "/me"), 403);

    snprintf(b.cookies, sizeof b.cookies, "%s", jar);
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK(!browser_shows(&b, "name=\"code\""));
    CHECK(!browser_shows(&b, "href=\"/back/")); /* the secret in no link */
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK_INT(browser_post(&b, m.path, ""), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "Ada"));

    CHECK_INT(browser_get(&b, m.path), 410); /* a second time */
    CHECK(browser_shows(&b, "This link works no more"));
    CHECK(browser_shows(&b, "Send me a new link"));
    CHECK_INT(browser_post(&b, m.path, ""), 410);
    browser_stop(&b);
}

TEST(the_code_in_the_mail_signs_in_the_browser_that_asked)
{
    struct browser b;
    browser_start(&b);
    (void)join(&b, "Ada", "ada@example.org");
    struct mailed m = asked(&b, "ADA%40example.org");
    char jar[sizeof b.cookies];
    snprintf(jar, sizeof jar, "%s", b.cookies);
    elsewhere(&b); /* it is worth nothing to who didn't ask */
    CHECK_INT(browser_get(&b, "/back"), 200);
    CHECK_INT(post_code(&b, "/back/sent", m.code), 410);
    snprintf(b.cookies, sizeof b.cookies, "%s", jar);
    CHECK_INT(browser_get(&b, "/back/sent"), 200);
    CHECK_INT(post_code(&b, "/back/sent", m.shown), 422);
    CHECK_INT(post_code(&b, "/back/sent", m.code), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    browser_stop(&b);
}

TEST(another_browser_needs_the_code_that_is_shown_where_one_asked)
{
    struct browser b;
    browser_start(&b);
    (void)join(&b, "Ada", "ada@example.org");
    struct mailed m = asked(&b, "ada%40example.org");
    elsewhere(&b);
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK(browser_shows(&b, "name=\"code\""));
    CHECK_INT(browser_post(&b, m.path, ""), 422);
    CHECK_INT(post_code(&b, m.path, m.code), 422); /* whoever has the mail */
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK_INT(post_code(&b, m.path, m.shown), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    browser_stop(&b);
}

TEST(five_wrong_codes_kill_a_link_whoever_asked_and_for_whom)
{
    static const char *const WHO[] = { "ada%40example.org",
                                       "eve%40example.org" };
    for (size_t i = 0; i < 2; i++) {
        struct browser b;
        browser_start(&b);
        (void)join(&b, "Ada", "ada@example.org");
        struct mailed m = asked(&b, WHO[i]);
        for (int k = 0; k < ES_MAIL_LINK_TRIES; k++)
            CHECK_INT(
                post_code(&b, "/back/sent",
                          strcmp(m.code, "00000000") ? "00000000" : "00000001"),
                422);
        CHECK_INT(post_code(&b, "/back/sent", m.code), 410);
        CHECK_INT(browser_get(&b, m.path), 410);
        CHECK_INT(browser_get(&b, "/back"), 200);
        CHECK_INT(browser_post(&b, m.path, ""), 410);
        CHECK_INT(browser_get(&b, "/me"), 403);
        browser_stop(&b);
    }
}

/* The page, its status, what is kept and what follows are the same; only the
 * address and the codes are others. */
TEST(nobody_learns_whether_an_address_is_known)
{
    static const char *const WHO[] = { "ada%40example.org",
                                       "eve%40example.org" };
    struct es_buf seen[2];
    for (size_t i = 0; i < 2; i++) {
        struct browser b;
        browser_start(&b);
        (void)join(&b, "Ada", "ada@example.org");
        struct mailed m = asked(&b, WHO[i]);
        CHECK_INT(waiting(&b), 1);
        es_buf_init(&seen[i], 1 << 20);
        for (const char *p = browser_body(&b); *p; p++) {
            if (strncmp(p, i ? "eve" : "ada", 3) == 0) {
                es_buf_str(&seen[i], "WHO");
                p += 2;
            } else if (strncmp(p, b.csrf, 64) == 0) {
                p += 63;
            } else if (strncmp(p, m.shown, 4) == 0) {
                p += 8;
            } else {
                es_buf_u8(&seen[i], (uint8_t)*p);
            }
        }
        /* nor by a code: not even the right one lets anybody in */
        CHECK_INT(post_code(&b, "/back/sent", "1"), 422);
        if (i)
            CHECK_INT(post_code(&b, "/back/sent", m.code), 422);
        browser_stop(&b);
    }
    CHECK_STR(es_buf_cstr(&seen[0]), es_buf_cstr(&seen[1]));
    es_buf_release(&seen[0]);
    es_buf_release(&seen[1]);
}

TEST(one_address_and_no_header)
{
    static const char *const BAD[] = {
        "",
        "ada",
        "ada%40example.org%2Ceve%40example.org",
        "ada%40example.org%0D%0ABcc%3A+eve%40example.org",
        "ada%40example.org%0ABcc%3A+eve%40example.org",
        "ada%40example.org%3Beve%40example.org",
        "Ada+%3Cada%40example.org%3E",
        "ada%40example.org+eve%40example.org",
        "ada%40",
    };
    struct browser b;
    browser_start(&b);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(ask(&b, BAD[i]), 422);
        CHECK(browser_shows(&b, "id=\"address-error\""));
        CHECK(strstr(es_buf_cstr(&b.r.head), "Bcc") == NULL);
    }
    CHECK_INT(ask(&b, "a&address=b"), 400);
    CHECK_INT(waiting(&b), 0);
    browser_stop(&b);
}

TEST(an_address_is_mailed_once_a_minute_whoever_asks)
{
    struct browser b;
    char peer[32], wait[16];
    size_t said = 0;
    browser_start(&b);
    (void)join(&b, "Ada", "ada@example.org");
    for (int i = 0; i < 1000; i++) {
        snprintf(peer, sizeof peer, "198.51.%d.%d", i / 250, i % 250 + 1);
        b.peer = peer;
        elsewhere(&b);
        int status = ask(&b, i % 2 ? "ada%40example.org" : "Ada%40Example.ORG");
        CHECK(status == 303 || status == 429);
        if (status != 429)
            continue;
        said++;
        CHECK(browser_shows(&b, "Try again in "));
        CHECK(es_reply_header(&b.r, "Retry-After", wait, sizeof wait));
        CHECK(wait[0] >= '1' && wait[0] <= '9');
        CHECK(browser_shows(&b, "Example.ORG\"") ||
              browser_shows(&b, "ada@example.org\"")); /* it stays typed in */
    }
    /* the thousand may have taken more than a minute, not more than two */
    CHECK(said >= 997);
    CHECK_INT(waiting(&b), 1000 - said);
    browser_stop(&b);
}

TEST(one_place_asks_for_two_hundred_at_most)
{
    struct browser b;
    char who[64];
    size_t let = 0;
    browser_start(&b);
    for (int i = 0; i < 1000; i++) {
        snprintf(who, sizeof who, "p%d%%40example.org", i);
        let += ask(&b, who) == 303;
    }
    CHECK(let >= 100 && let <= 200);
    CHECK_INT(waiting(&b), let);
    /* others are not held up by it */
    b.peer = "203.0.113.9";
    CHECK_INT(ask(&b, "ada%40example.org"), 303);
    browser_stop(&b);
}

TEST(who_shares_an_address_chooses)
{
    struct browser b;
    char form[128];
    browser_start(&b);
    struct es_participant ada = join(&b, "Ada", "home@example.org");
    struct es_participant bo = join(&b, "Bo", "home@example.org");
    struct es_participant zora = join(&b, "Zora", "zora@example.org");
    (void)ada;
    struct mailed m = asked(&b, "home%40example.org");
    CHECK_INT(post_code(&b, "/back/sent", m.code), 200);
    CHECK(browser_shows(&b, "Ada"));
    CHECK(browser_shows(&b, "Bo"));
    CHECK(!browser_shows(&b, "Zora"));
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK_INT(browser_get(&b, "/back/sent"), 200);
    snprintf(form, sizeof form, "code=%s&who=%lld", m.code, (long long)zora.id);
    CHECK_INT(browser_post(&b, "/back/sent", form), 200); /* nobody of ours */
    CHECK_INT(browser_get(&b, "/me"), 403);
    CHECK_INT(browser_get(&b, "/back/sent"), 200);
    snprintf(form, sizeof form, "code=%s&who=%lld", m.code, (long long)bo.id);
    CHECK_INT(browser_post(&b, "/back/sent", form), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "Bo"));
    CHECK_INT(browser_get(&b, m.path), 410);
    browser_stop(&b);
}

TEST(a_family_chooses_by_the_link_too)
{
    struct browser b;
    char form[64];
    browser_start(&b);
    struct es_participant ada = join(&b, "Ada", "home@example.org");
    (void)join(&b, "Bo", "home@example.org");
    struct mailed m = asked(&b, "home%40example.org");
    CHECK_INT(browser_get(&b, m.path), 200);
    CHECK_INT(browser_post(&b, m.path, ""), 200);
    CHECK(browser_shows(&b, "Ada"));
    snprintf(form, sizeof form, "who=%lld&code=", (long long)ada.id);
    CHECK_INT(browser_post(&b, m.path, form), 303);
    CHECK_INT(browser_get(&b, "/me"), 200);
    browser_stop(&b);
}

/* A mail address of staff opens no console: that takes a passkey. */
TEST(no_mail_makes_an_organiser)
{
    struct browser b;
    browser_start(&b);
    (void)join(&b, "Ada", "ada@example.org");
    struct mailed m = asked(&b, "ada%40example.org");
    CHECK_INT(post_code(&b, "/back/sent", m.code), 303);
    CHECK(strstr(b.cookies, "es-organiser") == NULL);
    CHECK(browser_get(&b, "/organise") != 200);
    browser_stop(&b);
}
