/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/out.h"

#include "base/utf8.h"
#include "t.h"

static struct es_buf page;

static struct es_out out(void)
{
    es_buf_release(&page);
    es_buf_init(&page, 1 << 20);
    return es_out_of(&page, es_lang_at(0));
}

static const char *text(const char *s)
{
    struct es_out o = out();
    es_out_str(&o, s);
    return es_buf_cstr(&page);
}

TEST(escapes)
{
    CHECK_STR(text("a < b & \"c\" 'd' >"),
              "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt;");
    CHECK_STR(text("a\r\nb\rc\n\r\n\r"), "a\nb\nc\n\n\n");
    CHECK_STR(text("\x01\x1b[31m\x7f"), "\ufffd\ufffd[31m\ufffd");
    CHECK_STR(text("a\xff"
                   "b\xc3"),
              "a\ufffd"
              "b\ufffd");
    CHECK_STR(text("tab\tfeed\n"), "tab\tfeed\n");
    CHECK_STR(text("عائشہ ğ 👩‍🚀"), "عائشہ ğ 👩‍🚀");
    CHECK_STR(text(NULL), "");
}

/* No string, whatever is in it, can leave text or a quoted attribute. */
TEST(escapes_every_byte_pair)
{
    for (int a = 1; a < 256; a++)
        for (int b = 1; b < 256; b++) {
            char s[] = { (char)a, (char)b, '<', '\0' };
            const char *got = text(s);
            CHECK(strpbrk(got, "<>\"'") == NULL);
            CHECK(es_utf8_valid(es_bytes_str(got)));
        }
}

/* A page that lost something is bad as a whole, never quietly shorter. */
TEST(failure_is_latched)
{
    struct es_buf small;
    es_buf_init(&small, 8);
    struct es_out o = es_out_of(&small, es_lang_at(0));
    es_out_str(&o, "1234567");
    CHECK(!small.bad);
    es_out_shown(&o, es_dist(1234567));
    CHECK(small.bad);
    es_out_str(&o, "x");
    CHECK(small.bad);
    es_buf_release(&small);
}

TEST(names_are_isolated)
{
    struct es_out o = out();
    es_out_bdi(&o, es_name("<Ada>"));
    es_out_isolated(&o, es_name("\"A\""));
    CHECK_STR(es_buf_cstr(&page),
              "<bdi>&lt;Ada&gt;</bdi>\u2068&quot;A&quot;\u2069");
}

TEST(paragraphs)
{
    struct es_out o = out();
    es_out_paras(&o, es_paras("a\nb\n\n\nc<\n"));
    CHECK_STR(es_buf_cstr(&page), "<p dir=\"auto\">a<br>b</p>"
                                  "<p dir=\"auto\">c&lt;</p>");
}

TEST(paths)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    CHECK_STR(
        es_url_path(&a, "/e/%s/board?by=%s&n=%lld", "a/../b", "x&y=z", 7LL)
            .checked,
        "/e/a%2F..%2Fb/board?by=x%26y%3Dz&n=7");
    CHECK_STR(es_url_path(&a, "/e/%s", "ğ \"<>#?").checked,
              "/e/%C4%9F%20%22%3C%3E%23%3F");
    /* a slug that is empty may not turn the path into another host's */
    CHECK(!es_url_is(es_url_path(&a, "/%s/x", "")));
    CHECK_STR(
        es_url_absolute(&a, "https://run.example", es_url_fixed("/p")).checked,
        "https://run.example/p");
    es_arena_release(&a);
    struct es_arena none = { 0 };
    CHECK(!es_url_is(es_url_path(&none, "/e/%s", "x")));
}

TEST(foreign_addresses)
{
    static const char *const GOOD[] = { "https://example.org",
                                        "https://example.org/a?b=c#d",
                                        "https://xn--bcher-kva.example:8443/",
                                        "mailto:a@example.org" };
    static const char *const BAD[] = {
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "//evil",
        "http://example.org",
        "https:evil",
        "https://",
        "https:///x",
        "https://u:p@example.org",
        "data:text",
        " https://example.org",
        "https://exa mple.org",
        "/path",
        "https://example.org\n",
        "https://example.org/\"x",
        "mailto:",
        "mailto:a@b?cc=c@d",
        "mailto:a@b,c@d",
        "\\\\evil",
        "https://example.org/<b>",
        "https://\xc4\x9f.example",
    };
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        struct es_url u = { NULL };
        CHECK(es_url_foreign(&a, GOOD[i], &u));
        CHECK_STR(u.checked, GOOD[i]);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct es_url u = { NULL };
        if (es_url_foreign(&a, BAD[i], &u))
            FAIL("taken: %s", BAD[i]);
        CHECK(!es_url_is(u));
    }
    es_arena_release(&a);
}

TEST(language_stays_chosen)
{
    static const struct {
        const char *path, *want;
    } CASES[] = {
        { "/e/x", "/e/x?lang=ur" },
        { "/e/x?by=team", "/e/x?by=team&amp;lang=ur" },
        { "/e/x#top", "/e/x?lang=ur#top" },
        { "/e/x?lang=tr", "/e/x?lang=tr" },
        { "/static/style.css", "/static/style.css" },
        { "/api/v1/x", "/api/v1/x" },
        { "https://example.org/", "https://example.org/" },
        { "#main", "#main" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_out o = out();
        o.lang = es_lang_of("ur");
        o.keep_lang = true;
        es_out_path(&o, CASES[i].path);
        CHECK_STR(es_buf_cstr(&page), CASES[i].want);
    }
    struct es_out o = out();
    es_out_href_in(&o, es_url_in(es_url_fixed("/e/x"), es_lang_of("ar")));
    CHECK_STR(es_buf_cstr(&page), "/e/x?lang=ar");
    o = out();
    es_out_href(&o, (struct es_url){ NULL });
    CHECK_STR(es_buf_cstr(&page), "#");
}

TEST(messages_fill_in_order)
{
    struct es_out o = out();
    const char *args[] = { "", "<one>", "two" };
    for (struct es_message m = es_message_of("{2}, {1}: {n} {x} {", 1234);
         es_message_next(&o, &m);)
        es_out_str(&o, args[m.arg]);
    CHECK_STR(es_buf_cstr(&page), "two, &lt;one&gt;: 1,234 {x} {");
}

TEST(units_stay_beside_the_language)
{
    struct es_out o = out();
    es_out_href_units(&o, es_url_units(es_url_fixed("/e/x"), ES_UNITS_MI));
    CHECK_STR(es_buf_cstr(&page), "/e/x?units=mi");
    o = out();
    o.lang = es_lang_of("ur");
    o.keep_lang = true;
    es_out_href_units(
        &o, es_url_units(es_url_fixed("/e/x?by=team#top"), ES_UNITS_KM));
    CHECK_STR(es_buf_cstr(&page), "/e/x?by=team&amp;lang=ur&amp;units=km#top");
    o = out();
    o.units = ES_UNITS_MI;
    es_out_shown(&o, es_dist(1609344));
    CHECK_STR(es_buf_cstr(&page), "1.00 mi");
}

TEST(an_address_is_at_a_page_whatever_its_query)
{
    struct es_url board = es_url_fixed("/e/x/leaderboard?by=team");
    CHECK(es_url_at(board, es_url_fixed("/e/x/leaderboard")));
    CHECK(es_url_at(es_url_fixed("/e/x/leaderboard"), board));
    CHECK(!es_url_at(board, es_url_fixed("/e/x")));
    CHECK(!es_url_at(es_url_fixed("/e/xy"), es_url_fixed("/e/x")));
    CHECK(!es_url_at((struct es_url){ NULL }, (struct es_url){ NULL }));
}
