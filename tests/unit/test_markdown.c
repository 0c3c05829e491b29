/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ATTACKS row 34: an organiser's prose. */
#include "html/markdown.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "html/out.h"
#include "markup.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>

static struct es_buf page;

static const char *prose(const char *s)
{
    es_buf_release(&page);
    es_buf_init(&page, 64u << 20);
    struct es_out o = es_out_of(&page, es_lang_at(0));
    es_out_prose(&o, es_prose(s, 2));
    CHECK(!page.bad);
    return es_buf_cstr(&page);
}

static const char *words(const char *s)
{
    es_buf_release(&page);
    es_buf_init(&page, 64u << 20);
    es_markdown_text(&page, s);
    return es_buf_cstr(&page);
}

TEST(what_people_write_becomes_what_they_mean)
{
    CHECK_STR(prose("Run.\n\nWalk *or* **rest**\nas you `like`."),
              "<p dir=\"auto\">Run.</p><p dir=\"auto\">Walk <em>or</em> "
              "<strong>rest</strong><br>as you <code>like</code>.</p>");
    CHECK_STR(prose("- a\n- b\n\n3. c\n4. d"),
              "<ul dir=\"auto\"><li>a</li><li>b</li></ul>"
              "<ol start=\"3\" dir=\"auto\"><li>c</li><li>d</li></ol>");
    CHECK_STR(prose("> so\n>\n> it is\n\n---\n\n    2 < 3"),
              "<blockquote dir=\"auto\"><p>so</p><p>it is</p></blockquote>"
              "<hr><pre dir=\"auto\"><code>2 &lt; 3\n</code></pre>");
    CHECK_STR(prose(""), "");
    CHECK_STR(prose(NULL), "");
}

/* Under a heading of level 2, whatever the writer began with; none skipped. */
TEST(headings_stand_below_those_of_the_page)
{
    CHECK_STR(prose("# a\n\n#### b\n\n## c\n\n###### d"),
              "<h3 dir=\"auto\">a</h3><h4 dir=\"auto\">b</h4>"
              "<h4 dir=\"auto\">c</h4><h5 dir=\"auto\">d</h5>");
}

#define REL " rel=\"nofollow noopener noreferrer ugc\""
TEST(links_lead_to_the_web_and_to_mail_only)
{
    static const char *const DEAD[] = {
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\\\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](file:///etc/passwd)",
        "[x](/me/sign-out)",
        "[x](//evil.example)",
        "[x](https:evil.example)",
        "[x](https://bank.example@evil.example)",
        "[x](http://bank.example@evil.example)",
        "[x](mailto:a@b.example?bcc=c@d.example)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](\xe2\x80\xaehttps://a.example)",
    };
    for (size_t i = 0; i < sizeof DEAD / sizeof *DEAD; i++) {
        const char *got = prose(DEAD[i]);
        CHECK(markup_ok(got));
        if (strstr(got, "<a "))
            FAIL("%s became %s", DEAD[i], got);
    }
    CHECK_STR(prose("[here](https://a.example/?a=1&b=2 \"t\") "
                    "<me@a.example>"),
              "<p dir=\"auto\"><a href=\"https://a.example/?a=1&amp;b=2\"" REL
              ">here</a> <a href=\"mailto:me@a.example\"" REL
              ">me@a.example</a></p>");
    CHECK_STR(prose("[h](<http://a.example/\xc3\xa9 \">)"),
              "<p dir=\"auto\">h</p>"); /* a quote is no part of an address */
    CHECK_STR(prose("[h](http://a.example/\xc3\xa9)"),
              "<p dir=\"auto\"><a href=\"http://a.example/%C3%A9\"" REL
              ">h</a></p>");
    CHECK_STR(prose("[a [b](https://b.example) c](https://c.example)"),
              "<p dir=\"auto\">[a <a href=\"https://b.example\"" REL
              ">b</a> c](https://c.example)</p>");
}

TEST(pictures_from_elsewhere_are_links_or_words)
{
    CHECK_STR(prose("![a lamp](https://a.example/l.png)"),
              "<p dir=\"auto\"><a href=\"https://a.example/l.png\"" REL
              ">a lamp</a></p>");
    CHECK_STR(prose("![](https://a.example/l.png)"),
              "<p dir=\"auto\"><a href=\"https://a.example/l.png\"" REL
              ">https://a.example/l.png</a></p>");
    CHECK_STR(prose("![a lamp](data:image/png;base64,AA)"),
              "<p dir=\"auto\">a lamp</p>");
    CHECK_STR(prose("[![p](https://a.example/p)](https://b.example)"),
              "<p dir=\"auto\"><a href=\"https://b.example\"" REL ">p</a></p>");
    CHECK_STR(prose("![a [b](https://b.example)](https://c.example)"),
              "<p dir=\"auto\"><a href=\"https://c.example\"" REL
              ">a b</a></p>");
}

TEST(markup_is_shown_as_the_text_it_is)
{
    static const char *const RAW[] = {
        "<script>alert(1)</script>",
        "a <b onclick=alert(1)>b</b>",
        "<img src=x onerror=alert(1)>",
        "<!-- <svg onload=alert(1)> -->",
        "<![CDATA[<svg onload=alert(1)>]]>",
        "<?php echo 1 ?>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "```\" onload=\"alert(1)\n<svg>\n```",
        "`<svg onload=alert(1)>`",
        "# <svg onload=alert(1)>",
        "[<svg onload=alert(1)>](https://a.example)",
        "<https://a.example/\"onclick=alert(1)//>",
        "[x](https://a.example/\\\"onclick=alert(1))",
        "<style>*{display:none}</style>",
        "<iframe src=//evil.example></iframe>",
    };
    for (size_t i = 0; i < sizeof RAW / sizeof *RAW; i++)
        if (!markup_ok(prose(RAW[i])))
            FAIL("%s became %s", RAW[i], es_buf_cstr(&page));
    CHECK_STR(prose("a <b>b</b>"),
              "<p dir=\"auto\">a &lt;b&gt;b&lt;/b&gt;</p>");
}

TEST(what_turns_the_direction_is_dropped)
{
    CHECK_STR(prose("a\xe2\x80\xae"
                    "b&#x202e;c\xe2\x81\xa6"
                    "d"),
              "<p dir=\"auto\">abcd</p>");
    CHECK_STR(prose("a\xe2\x80\x8f"
                    "b"),
              "<p dir=\"auto\">a\xe2\x80\x8f"
              "b</p>");
    CHECK(es_utf8_valid(es_bytes_str(prose("\xff\xc0\x80 \xed\xa0\x80"))));
}

/* What is known to have cost some reader or other of Markdown the square of
 * its length. What comes of each is no longer than some times what went in;
 * under the test's own limit in time it ends at all. */
TEST(what_was_made_to_be_slow_ends)
{
    static const struct {
        const char *first, *again, *last;
    } SLOW[] = {
        { "", "[", "" },         { "", "![", "" },
        { "", "[a](", "" },      { "", "*a **b ", "" },
        { "", "*a_ ", "" },      { "", "`a``b```", "" },
        { "", "<", "" },         { "", "<!--", "" },
        { "", "<?", "" },        { "", "<a ", "" },
        { "", "> ", "a" },       { "", "- ", "a" },
        { "", "[a]: b\n", "" },  { "", "[a][b]", "\n\n[b]: c" },
        { "", "a\n> ", "" },     { "", "&#", "" },
        { "", "]", "" },         { "", "[a](<b", "" },
        { "", "\\", "" },        { "", "**a*", "" },
        { "*", "a*b_", "" },     { "", "1. ", "a" },
        { "", "# ", "" },        { "[", "\n", "]" },
        { "", "<![CDATA[", "" }, { "", "a  \n", "" },
        { "[a](", "(", "" },     { "", "![a](https://a.b)", "" },
    };
    struct es_buf s;
    es_buf_init(&s, ES_PROSE_MAX);
    for (size_t i = 0; i < sizeof SLOW / sizeof *SLOW; i++) {
        size_t step = strlen(SLOW[i].again);
        es_buf_clear(&s);
        es_buf_str(&s, SLOW[i].first);
        while (s.n + step + strlen(SLOW[i].last) <= ES_PROSE_MAX)
            es_buf_str(&s, SLOW[i].again);
        es_buf_str(&s, SLOW[i].last);
        CHECK(!s.bad && markup_ok(prose(es_buf_cstr(&s))));
        if (page.n > 32 * s.n)
            FAIL("%s: %zu", SLOW[i].again, page.n);
    }
    es_buf_release(&s);
}

TEST(beyond_a_depth_only_the_words_are_left)
{
    char deep[2 * 200 + 2];
    for (size_t i = 0; i < 200; i++)
        memcpy(deep + 2 * i, "> ", 2);
    memcpy(deep + 2 * 200, "a", 2);
    const char *got = prose(deep);
    size_t n = 0;
    for (const char *p = got; (p = strstr(p, "<blockquote")); p++)
        n++;
    CHECK_INT(n, ES_PROSE_DEPTH);
    CHECK(markup_ok(got) && strchr(got, 'a'));
}

/* Longer than is read at once: as it is, and as text. */
TEST(a_book_is_shown_as_it_was_typed)
{
    char *s = malloc(ES_PROSE_MAX + 2);
    CHECK(s != NULL);
    memset(s, '*', ES_PROSE_MAX + 1);
    s[ES_PROSE_MAX + 1] = 0;
    CHECK_INT(strlen(prose(s)),
              ES_PROSE_MAX + 1 + strlen("<p dir=\"auto\"></p>"));
    CHECK_STR(words(s), s);
    free(s);
}

TEST(the_words_alone)
{
    CHECK_STR(words("# Why\n\nA **lamp** for [all](https://a.example)\n"
                    "of us.\n\n- one\n- `two`\n\n![three](x)"),
              "A lamp for all of us.\none\ntwo\nthree");
    CHECK_STR(words(""), "");
    CHECK_STR(words(NULL), "");
    CHECK_STR(words("# only a heading"), "");
}

/* ---- block by block ---- */

static void walk_block(void *arg, enum es_prose_block kind, unsigned level,
                       int number)
{
    static const char *const NAMES[] = { "p", "h", "q", "i", "r" };
    es_buf_fmt(arg, "[%s%u.%d]", NAMES[kind], level, number);
}

static void walk_words(void *arg, struct es_bytes s, unsigned marks,
                       const char *link)
{
    es_buf_fmt(arg, "%s%s%s", marks & ES_PROSE_STRONG ? "*" : "",
               marks & ES_PROSE_EMPH ? "_" : "", link ? "<" : "");
    es_buf_add(arg, s.p, s.n);
    es_buf_fmt(arg, "%s%s", link ? "|" : "", link ? link : "");
    es_buf_str(arg, link ? ">" : "");
}

static const char *walked(const char *s)
{
    struct es_prose_sink sink = { walk_block, walk_words, &page };
    es_buf_release(&page);
    es_buf_init(&page, 64u << 20);
    es_markdown_walk(s, &sink);
    return es_buf_cstr(&page);
}

TEST(the_same_prose_block_by_block)
{
    CHECK_STR(walked("# Why\n\nA **lamp** *for*\nall.\n\n> said\n\n---"),
              "[h1.0]Why[p0.0]A *lamp _for\nall.[q0.0]said[r0.0]");
    CHECK_STR(walked("- a\n  - b\n\n4. c\n5. d"),
              "[i1.0]a[i2.0]b[i1.4]c[i1.5]d");
    CHECK_STR(walked("[on](https://a.example) [off](javascript:x) "
                     "![](https://b.example/x)"),
              "[p0.0]<on|https://a.example> off "
              "<https://b.example/x|https://b.example/x>");
    CHECK_STR(walked("<script>x</script>"), "[p0.0]<script>x</script>\n");
    CHECK_STR(walked("\u202ea\u202cb"), "[p0.0]ab");
    CHECK_STR(walked(""), "");
    CHECK_STR(walked(NULL), "");
}
