/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's choice of a colour. */
#include "browser.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

#define LOOK "/organise/e/lantern/look"

/* The face that is kept now, as JSON. */
static const char *kept(struct browser *b)
{
    struct es_initiative now;
    struct es_err e = { 0 };
    world_must(
        es_store_initiative(b->w.app.store, "lantern", &b->w.a, &now, &e), &e);
    return now.face;
}

TEST(a_colour_is_the_organisers_to_choose)
{
    struct browser b;
    browser_start(&b);
    CHECK_INT(browser_get(&b, LOOK), 404);
    browser_join_by_form(&b);
    CHECK_INT(browser_get(&b, LOOK), 404);
    CHECK_INT(browser_post(&b, LOOK, "colour=%23ffee00"), 404);
    CHECK_STR(kept(&b), "{}");
    browser_stop(&b);
}

/* Tried, it changes nothing; kept, it dresses the pages; and the way back. */
TEST(a_colour_is_tried_and_then_kept)
{
    struct browser b;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, "/organise"), 200);
    CHECK(browser_shows(&b, "/organise/e/lantern\""));
    CHECK_INT(browser_get(&b, "/organise/e/lantern"), 200);
    CHECK(browser_shows(&b, LOOK));
    CHECK_INT(browser_get(&b, LOOK), 200);
    CHECK(browser_shows(&b, "value=\"#0b6b5d\""));
    CHECK_INT(browser_get(&b, LOOK "?colour=%23FFEE00&code="), 200);
    CHECK(browser_shows(&b, "value=\"#ffee00\""));
    CHECK(browser_shows(&b, ".as-dark{--ground:#"));
    CHECK_INT(browser_get(&b, LOOK "?colour=%23123456&code=%23fe0"), 200);
    CHECK(browser_shows(&b, "value=\"#ffee00\""));
    CHECK_STR(kept(&b), "{}");

    CHECK_INT(browser_post(&b, LOOK, "colour=%23ffee00"), 303);
    CHECK_STR(kept(&b), "{\"colour\":\"#ffee00\"}");
    CHECK_INT(browser_post(&b, LOOK, "colour=%23FE0"), 303);
    CHECK_STR(kept(&b), "{\"colour\":\"#ffee00\"}");
    CHECK_INT(browser_get(&b, LOOK), 200);
    CHECK(browser_shows(&b, "value=\"#ffee00\""));
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "</style><style>:root{--ground:#"));

    CHECK_INT(browser_post(&b, LOOK, "colour="), 303);
    CHECK_STR(kept(&b), "{}");
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "</style><style>"));
    browser_stop(&b);
}

TEST(what_is_no_colour_stays_out)
{
    static const char *const BAD[] = { "red", "%23ff", "%23gggggg",
                                       "%23fff;}body{", "%3C/style%3E" };
    struct browser b;
    char text[128];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, LOOK), 200);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        (void)snprintf(text, sizeof text, LOOK "?code=%s", BAD[i]);
        CHECK_INT(browser_get(&b, text), 422);
        CHECK(browser_shows(&b, "id=\"code-error\""));
        CHECK(browser_shows(&b, "value=\"#0b6b5d\""));
        (void)snprintf(text, sizeof text, "colour=%s", BAD[i]);
        CHECK_INT(browser_post(&b, LOOK, text), 422);
    }
    CHECK_STR(kept(&b), "{}");
    CHECK_INT(browser_get(&b, "/organise/e/nowhere/look"), 404);
    browser_stop(&b);
}
