/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The web's rules, on every page: what it may do, what leaves it, what is
 * believed of what comes in. */
#include "browser.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

static void save(struct browser *b)
{
    struct es_err e = { 0 };
    world_must(es_initiative_save(&b->w.app, &b->w.ini, &e), &e);
}

/* ATTACKS row 34, at the page and where the page is posted. */
TEST(the_purpose_is_prose_on_its_page_and_words_elsewhere)
{
    struct browser b;
    browser_start(&b);
    b.w.ini.purpose = "# Why\n\nA **lamp** for <b onclick=x>all</b>, "
                      "![seen](https://a.example/l.png).\n\nMore.";
    save(&b);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "<h3 dir=\"auto\">Why</h3>"));
    CHECK(browser_shows(&b, "A <strong>lamp</strong> for &lt;b onclick=x&gt;"));
    CHECK(!browser_shows(&b, "src=\"https:"));
    CHECK(browser_shows(&b, "A lamp for &lt;b onclick=x&gt;all&lt;/b&gt;, "
                            "seen.\">"));
    browser_stop(&b);
}
