/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The ways to the recorder, and who runs now on an initiative's page. */
#include "browser.h"
#include "t.h"

#include "initiative/running.h"
#include "store/people.h"
#include "web/assets.h"

#include <stdio.h>
#include <string.h>

#define PAGE "/e/lantern"
#define SO_FAR "/me/recording/so-far"

/* How many times a page leads to the recorder; -1: none is built here. */
static int leads(struct browser *b, const char *path)
{
    static const char RECORDER[] = "href=\"" PAGE "/record\"";
    int n = 0;
    CHECK_INT(browser_get(b, path), 200);
    for (const char *p = browser_body(b); (p = strstr(p, RECORDER)); p++)
        n++;
    return es_asset_of("everystep-record.wasm") ? n : -1;
}

static void closes_in(struct browser *b, int64_t ms)
{
    struct es_err e = { 0 };
    struct es_initiative ini;
    world_must(es_store_initiative(b->w.store, "lantern", &b->w.a, &ini, &e),
               &e);
    ini.closes_ms = b->w.now + ms;
    world_must(es_initiative_save(&b->w.app, &ini, &e), &e);
}

TEST(a_participant_finds_the_recorder_while_runs_count)
{
    struct browser b;
    browser_start(&b);
    int one = leads(&b, PAGE); /* how to take part */
    CHECK(one == 1 || one == -1);
    browser_join_by_form(&b);
    CHECK_INT(leads(&b, "/joined"), one);
    CHECK_INT(leads(&b, "/me"), one);
    CHECK_INT(leads(&b, PAGE), one < 0 ? -1 : 2);
    closes_in(&b, -60000);
    CHECK(leads(&b, "/joined") <= 0);
    CHECK(leads(&b, "/me") <= 0);
    CHECK(leads(&b, PAGE) <= 0);
    browser_stop(&b);
}

/* A recorder's report, as its page sends it. */
static int tell(struct browser *b, const char *more)
{
    char head[300], body[200];
    (void)snprintf(head, sizeof head,
                   "Content-Type: application/json\r\nX-CSRF-Token: %s\r\n"
                   "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
                   b->csrf);
    (void)snprintf(body, sizeof body,
                   "{\"recording\":\"0123456789abcdef\",\"at_ms\":"
                   "1780000000000,\"distance_m\":2340.5%s}",
                   more);
    return browser_send(b, "POST", SO_FAR, head, es_bytes_str(body));
}

static struct es_running_now now(struct browser *b)
{
    return es_running_count(b->w.app.running, b->w.ini.id, es_time_mono_ms());
}

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_participant_put(tx, arg, e);
}

static void becomes(struct browser *b, int visibility, int guardian)
{
    struct es_err e = { 0 };
    struct es_participant p;
    world_must(es_store_participant_by_bib(b->w.store, b->w.ini.id, 1, &b->w.a,
                                           &p, &e),
               &e);
    p.visibility = visibility;
    p.guardian = guardian;
    struct es_write w = { .apply = put, .arg = &p };
    world_must(es_store_write(b->w.store, &w, &e), &e);
}

TEST(who_chose_so_is_counted_while_they_run)
{
    struct browser b;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK_INT(tell(&b, ""), 204);
    CHECK_INT(now(&b).people, 0);
    CHECK_INT(tell(&b, ",\"running\":\"yes\""), 204);
    CHECK_INT(now(&b).people, 0);
    CHECK_INT(tell(&b, ",\"running\":true"), 204);
    CHECK_INT(now(&b).people, 1);
    CHECK_INT(now(&b).dist_mm, 2340500);
    if (leads(&b, PAGE) > 0)
        CHECK(browser_shows(&b, "<div data-running>"));
    CHECK(!browser_shows(&b, "<div data-running hidden>"));
    CHECK_INT(tell(&b, ",\"running\":false"), 204);
    CHECK_INT(now(&b).people, 0);
    if (leads(&b, PAGE) > 0)
        CHECK(browser_shows(&b, "<div data-running hidden>"));
    browser_stop(&b);
}

TEST(who_hides_or_waits_for_a_guardian_is_counted_no_more)
{
    struct browser b;
    browser_start(&b);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, "/me/recording"), 200);
    CHECK(browser_shows(&b, "\"countable\":true"));
    CHECK_INT(tell(&b, ",\"running\":true"), 204);
    CHECK_INT(now(&b).people, 1);
    becomes(&b, ES_VIS_HIDDEN, ES_GUARDIAN_NONE);
    CHECK_INT(tell(&b, ",\"running\":true"), 204);
    CHECK_INT(now(&b).people, 0);
    CHECK_INT(browser_get(&b, "/me/recording"), 200);
    CHECK(browser_shows(&b, "\"countable\":false"));
    becomes(&b, ES_VIS_NAME, ES_GUARDIAN_ASKED);
    CHECK_INT(tell(&b, ",\"running\":true"), 204);
    CHECK_INT(now(&b).people, 0);
    becomes(&b, ES_VIS_NAME, ES_GUARDIAN_AGREED);
    CHECK_INT(tell(&b, ",\"running\":true"), 204);
    CHECK_INT(now(&b).people, 1);
    browser_stop(&b);
}
