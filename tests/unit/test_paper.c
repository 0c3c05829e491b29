/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Documents as PDF, by the real everystep-render, read again by programs of
 * others: qpdf for its form, poppler for its words, letters and links. With
 * ES_PAPER_DIR they are left in that folder, for people to look at. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "render/render_int.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 32 << 20, SAID = 4 << 20 };

/* ---- what the tests share ---- */

static struct es_render *the_render;

static void close_render(void)
{
    es_render_close(the_render);
}

/* One for all: its fonts take a second. */
static struct es_render *render(void)
{
    static char exe[4096];
    struct es_render_config c = {
        .zygote_fd = -1, .workers = 1, .exe = exe, .cache_max = 1
    };
    struct es_err e = { 0 };
    if (the_render)
        return the_render;
    (void)snprintf(exe, sizeof exe, "%s/everystep-render",
                   getenv("ES_BUILD_ROOT"));
    if (es_render_open(&c, &the_render, &e) != ES_OK)
        FAIL("%s", e.msg);
    atexit(close_render);
    return the_render;
}

#define WORDS(s) .span = &(struct es_paper_span){ .text = (s) }, .n = 1
#define COUNT(v) (sizeof(v) / sizeof(v)[0])

static struct es_paper paper(const char *tag, const struct es_paper_block *v,
                             size_t n)
{
    const struct es_lang *lang = es_lang_of(tag);
    return (struct es_paper){
        .lang = lang ? lang : es_lang_at(0),
        .tag = tag,
        .colour = 0x0b6b5d,
        .title = "The Lantern Run",
        .author = "Lantern House",
        .initiative = "The Lantern Run",
        .holder = "Lantern House",
        .foot = "run.example/e/lantern",
        .at_ms = 1787638500000,
        .block = v,
        .n = n,
    };
}

/* What a command says of a PDF, up to SAID bytes. */
static void ask(const char *command, const char *path, struct es_buf *out)
{
    char piece[4096];
    struct es_buf line;
    es_buf_init(&line, 16384);
    es_buf_fmt(&line, "f='%s'; %s", path, command);
    FILE *f = popen(es_buf_cstr(&line), "re");
    CHECK(f != NULL);
    es_buf_init(out, SAID);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        es_buf_add(out, piece, n);
    if (pclose(f) != 0)
        FAIL("%s: %s", es_buf_cstr(&line), es_buf_cstr(out));
    es_buf_release(&line);
}

/* Words with one blank between, without marks of direction. */
static void plain(const char *s, struct es_buf *out)
{
    es_buf_init(out, SAID);
    es_text_clean(out, es_bytes_str(s), false);
}

struct made {
    char path[4200];
    struct es_buf words;
    int64_t pages;
};

static void made_release(struct made *m)
{
    es_buf_release(&m->words);
}

/* A PDF without fault, each of whose letters is in it and has a meaning. */
static void examine(struct made *m)
{
    struct es_buf b;
    ask("qpdf --check \"$f\" 2>&1", m->path, &b);
    CHECK(strstr(es_buf_cstr(&b), "No syntax or stream encoding errors"));
    es_buf_release(&b);
    ask("qpdf --show-npages \"$f\" | tr -d '\\n'", m->path, &b);
    CHECK(es_num_i64(es_buf_bytes(&b), 1, ES_PAPER_PAGES, &m->pages));
    es_buf_release(&b);
    ask("pdffonts \"$f\" | tail -n +3 | awk '{ print $(NF-4), $(NF-2) }' | "
        "sort -u",
        m->path, &b);
    CHECK_STR(es_buf_cstr(&b), "yes yes\n");
    es_buf_release(&b);
    ask("pdftotext -raw \"$f\" -", m->path, &b);
    plain(es_buf_cstr(&b), &m->words);
    es_buf_release(&b);
}

static void make(const struct es_paper *p, const char *name, struct made *m)
{
    static const char *dir;
    struct es_render *r = render();
    struct es_arena a;
    struct es_bytes pdf;
    struct es_err e = { 0 };
    es_arena_init(&a, ROOM);
    if (es_render_paper(r, p, &a, &pdf, &e) != ES_OK)
        FAIL("%s", e.msg);
    if (!dir)
        dir = getenv("ES_PAPER_DIR") ? getenv("ES_PAPER_DIR") : t_tmpdir();
    (void)snprintf(m->path, sizeof m->path, "%s/%s.pdf", dir, name);
    FILE *f = fopen(m->path, "we");
    CHECK(f && fwrite(pdf.p, 1, pdf.n, f) == pdf.n && fclose(f) == 0);
    es_arena_release(&a);
    examine(m);
}

/* A text without its blanks. */
static void letters(const char *s, struct es_buf *out)
{
    es_buf_init(out, SAID);
    for (; *s; s++)
        if (*s != ' ')
            es_buf_u8(out, (uint8_t)*s);
}

/* Whether the words follow one another in the document, in the order in which
 * it is written and will be read aloud. Blanks don't count: poppler sees some
 * between joined letters, where Nastaliq falls steeply. (It also turns a joined
 * lam and alef around; no word here has them.) */
static void has_in_order(const struct made *m, const char *const *v, size_t n)
{
    struct es_buf all, one;
    letters(es_buf_cstr(&m->words), &all);
    const char *at = es_buf_cstr(&all);
    for (size_t i = 0; i < n; i++) {
        letters(v[i], &one);
        const char *found = strstr(at, es_buf_cstr(&one));
        if (!found)
            FAIL("not, or not there: %s\nin: %s", v[i], at);
        at = found + one.n;
        es_buf_release(&one);
    }
    es_buf_release(&all);
}

/* ---- languages ---- */

static const struct {
    const char *tag;
    const char *v[4]; /* a title, a date, words, a note */
} SAYINGS[] = {
    { "en",
      { "Every step is a lantern", "Baku, 25 August 2026",
        "We walk together, and nobody is left behind on the way to the sea.",
        "Translated by the office." } },
    { "tr",
      { "Her ad\u0131m bir \u0131\u015f\u0131k", "Ankara, 25 A\u011fustos 2026",
        "\u0130stanbul'dan yola \u00e7\u0131kt\u0131k; \u015fimdi "
        "\u0131\u015f\u0131\u011f\u0131m\u0131z a\u011fa\u00e7lar\u0131n "
        "\u00fcst\u00fcnde, fi\u015fimiz elde.",
        "\u00c7eviri: ofis." } },
    { "az",
      { "H\u0259r add\u0131m bir \u00e7\u0131raqd\u0131r",
        "Bak\u0131, 25 avqust 2026",
        "Biz birlikd\u0259 gedirik v\u0259 he\u00e7 k\u0259s yolda "
        "qalm\u0131r; \u018flil\u0259r, X\u0259z\u0259r, g\u00fcn\u0259\u015f.",
        "T\u0259rc\u00fcm\u0259: ofis." } },
    { "ur",
      { "\u06c1\u0631 \u0642\u062f\u0645 \u0627\u06cc\u06a9 "
        "\u0686\u0631\u0627\u063a \u06c1\u06d2",
        "\u0627\u0633\u0644\u0627\u0645 \u0622\u0628\u0627\u062f",
        "\u06c1\u0645 \u0633\u0628 \u0645\u0644 \u06a9\u0631 "
        "\u0686\u0644\u062a\u06d2 \u06c1\u06cc\u06ba \u0627\u0648\u0631 "
        "\u06a9\u0648\u0626\u06cc \u067e\u06cc\u0686\u06be\u06d2 "
        "\u0646\u06c1\u06cc\u06ba \u0631\u06c1\u062a\u0627",
        "\u062a\u0631\u062c\u0645\u06c1 \u062f\u0641\u062a\u0631" } },
    { "ar",
      { "\u0643\u0644 \u062e\u0637\u0648\u0629 \u0645\u0635\u0628\u0627\u062d",
        "\u0628\u0627\u0643\u0648",
        "\u0646\u0645\u0634\u064a \u0645\u0639\u0627 \u0648\u0645\u0627 "
        "\u064a\u0628\u0642\u0649 \u0623\u062d\u062f \u0641\u064a "
        "\u0627\u0644\u0637\u0631\u064a\u0642 \u0625\u0644\u0649 "
        "\u0627\u0644\u0628\u062d\u0631",
        "\u062a\u0631\u062c\u0645\u0629 "
        "\u0627\u0644\u0645\u0643\u062a\u0628" } },
};

TEST(words_come_back_in_their_order_in_each_language)
{
    for (size_t i = 0; i < COUNT(SAYINGS); i++) {
        const char *const *v = SAYINGS[i].v;
        const struct es_paper_block B[] = {
            { .kind = ES_PAPER_DATE, WORDS(v[1]) },
            { .kind = ES_PAPER_TITLE, WORDS(v[0]) },
            { .kind = ES_PAPER_QUOTE, WORDS(v[2]) },
            { .kind = ES_PAPER_TEXT, WORDS(v[2]) },
            { .kind = ES_PAPER_ITEM, .level = 1, WORDS(v[2]) },
            { .kind = ES_PAPER_ITEM, .level = 1, .mark = "2.", WORDS(v[1]) },
            { .kind = ES_PAPER_NOTE, WORDS(v[3]) },
        };
        const char *const order[] = { v[1], v[0], v[2], v[2], v[2], v[3] };
        struct es_paper p = paper(SAYINGS[i].tag, B, COUNT(B));
        struct made m;
        char name[32];
        p.title = v[0];
        (void)snprintf(name, sizeof name, "language-%s", SAYINGS[i].tag);
        make(&p, name, &m);
        has_in_order(&m, order, COUNT(order));
        CHECK_INT(m.pages, 1);
        made_release(&m);
    }
}

/* Its title and language are told, whichever way it reads; and when it is of.
 */
TEST(a_document_says_what_it_is)
{
    const struct es_paper_block B[] = { { .kind = ES_PAPER_TEXT,
                                          WORDS("A word.") } };
    struct es_paper p = paper("ur", B, 1);
    struct made m;
    struct es_buf b;
    p.title = SAYINGS[3].v[0];
    make(&p, "says", &m);
    ask("TZ=UTC pdfinfo -isodates \"$f\"; qpdf --json \"$f\" | "
        "jq -rc '.qpdf[1] | to_entries[] | .value.value? | "
        "select(.[\"/Type\"]? == \"/Catalog\") | .[\"/Lang\"], "
        ".[\"/MarkInfo\"], .[\"/ViewerPreferences\"]'",
        m.path, &b);
    CHECK(strstr(es_buf_cstr(&b), SAYINGS[3].v[0]));
    CHECK(strstr(es_buf_cstr(&b), "Lantern House"));
    CHECK(strstr(es_buf_cstr(&b), "2026-08-25"));
    CHECK(strstr(es_buf_cstr(&b), "A4"));
    CHECK(strstr(es_buf_cstr(&b), "u:ur\n"));
    CHECK(strstr(es_buf_cstr(&b), "\"/Marked\":true"));
    CHECK(strstr(es_buf_cstr(&b), "\"/DisplayDocTitle\":true"));
    CHECK(strstr(es_buf_cstr(&b), "\"/R2L\""));
    es_buf_release(&b);
    made_release(&m);
}

/* ---- pages ---- */

static void paragraphs(struct es_paper_block *v, size_t n)
{
    static const char TEXT[] =
        "Lanterns were lit along the shore before the first runners came, and "
        "those who had walked since the morning were greeted by name. Nobody "
        "had asked how fast they were. The distance that all of them covered "
        "together was read out in the evening, in five languages.";
    static const struct es_paper_span SPAN = { .text = TEXT };
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_paper_block){ .kind = ES_PAPER_TEXT,
                                        .span = &SPAN,
                                        .n = 1 };
}

TEST(paragraphs_flow_over_pages_and_a_tables_head_stands_on_each)
{
    enum { N = 200, ROWS = 150, COLUMNS = 4 };
    static struct es_paper_block v[N + 2];
    static char text[ROWS * COLUMNS][24];
    static const char *cell[ROWS * COLUMNS];
    static const char *const HEAD[] = { "Place", "Who ran", "Team",
                                        "Distance" };
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        (void)snprintf(text[i], sizeof text[i], "row %zu col %zu", i / COLUMNS,
                       i % COLUMNS);
        cell[i] = i < COLUMNS ? HEAD[i] : text[i];
    }
    paragraphs(v + 1, N);
    v[0] = (struct es_paper_block){ .kind = ES_PAPER_TITLE,
                                    WORDS("A long report") };
    v[N + 1] = (struct es_paper_block){
        .kind = ES_PAPER_TABLE,
        .table = { .cell = cell,
                   .columns = COLUMNS,
                   .rows = ROWS,
                   .figures = 1 << 3 },
    };
    struct es_paper p = paper("en", v, COUNT(v));
    struct made m;
    make(&p, "long", &m);
    CHECK(m.pages > 15 && m.pages < 30);
    size_t heads = 0, said = 0;
    for (const char *at = es_buf_cstr(&m.words);
         (at = strstr(at, "Who ran")) != NULL; at++)
        heads++;
    for (const char *at = es_buf_cstr(&m.words);
         (at = strstr(at, "in five languages.")) != NULL; at++)
        said++;
    CHECK(heads >= 4 && heads < 10);
    CHECK_INT(said, N);
    for (size_t i = COLUMNS; i < ROWS * COLUMNS; i++)
        CHECK(strstr(es_buf_cstr(&m.words), text[i]));
    char last[64];
    (void)snprintf(last, sizeof last, "Page %d of %d", (int)m.pages,
                   (int)m.pages);
    CHECK(strstr(es_buf_cstr(&m.words), last));
    made_release(&m);
}

TEST(letters_get_smaller_for_one_page_until_they_could_not_be_read)
{
    static struct es_paper_block v[60];
    struct es_render *r = render();
    struct es_arena a;
    struct es_bytes pdf;
    struct es_err e;
    struct made m;
    paragraphs(v, COUNT(v));
    struct es_paper p = paper("en", v, 15);
    make(&p, "two-pages", &m);
    CHECK_INT(m.pages, 2);
    made_release(&m);
    p.pages = 1;
    make(&p, "one-page", &m);
    CHECK_INT(m.pages, 1);
    made_release(&m);
    p.n = COUNT(v);
    es_arena_init(&a, ROOM);
    CHECK_INT(es_render_paper(r, &p, &a, &pdf, &e), ES_ETOOLARGE);
    es_arena_release(&a);
}

TEST(the_same_document_has_the_same_bytes)
{
    struct made m[2];
    static struct es_paper_block v[30];
    struct es_buf b;
    paragraphs(v, COUNT(v));
    struct es_paper p = paper("en", v, COUNT(v));
    make(&p, "same-1", &m[0]);
    make(&p, "same-2", &m[1]);
    ask("cmp \"$f\" \"${f%1.pdf}2.pdf\" && echo same", m[0].path, &b);
    CHECK_STR(es_buf_cstr(&b), "same\n");
    es_buf_release(&b);
    made_release(&m[0]);
    made_release(&m[1]);
}

/* ---- what can be followed, and what is seen ---- */

TEST(links_can_be_followed_and_a_script_is_none)
{
    const struct es_paper_span S[] = {
        { .text = "Read " },
        { .text = "all of it", .link = "https://run.example/e/lantern?a='b" },
        { .text = " or " },
        { .text = "write", .link = "mailto:press@run.example" },
        { .text = " but not " },
        { .text = "that", .link = "javascript:alert(1)" },
        { .text = ".", .marks = ES_PAPER_BOLD | ES_PAPER_ITALIC },
    };
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_TEXT, .span = S, .n = COUNT(S) }
    };
    const char *const order[] = { "Read all of it or write but not that." };
    struct es_paper p = paper("en", B, 1);
    struct made m;
    struct es_buf b;
    make(&p, "links", &m);
    has_in_order(&m, order, 1);
    ask("pdfinfo -url \"$f\"", m.path, &b);
    CHECK(strstr(es_buf_cstr(&b), "https://run.example/e/lantern?a='b"));
    CHECK(strstr(es_buf_cstr(&b), "mailto:press@run.example"));
    CHECK(!strstr(es_buf_cstr(&b), "javascript"));
    es_buf_release(&b);
    made_release(&m);
}

/* Whoever can't see it is read headings, paragraphs, lists and tables. */
TEST(its_structure_is_told)
{
    static const char *const CELLS[] = { "Who", "How far", "Ada", "12 km" };
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_TITLE, WORDS("Title") },
        { .kind = ES_PAPER_HEADING, .level = 2, WORDS("Part") },
        { .kind = ES_PAPER_TEXT, WORDS("Words.") },
        { .kind = ES_PAPER_ITEM, .level = 1, WORDS("One") },
        { .kind = ES_PAPER_ITEM, .level = 1, WORDS("Two") },
        { .kind = ES_PAPER_TABLE, .table = { CELLS, 2, 2, 2 } },
    };
    static const char *const TAGS[] = { "Document", "H1", "H2", "P",
                                        "LI",       "TR", "TH", "TD" };
    struct es_paper p = paper("en", B, COUNT(B));
    struct made m;
    struct es_buf b;
    make(&p, "structure", &m);
    ask("pdfinfo -struct \"$f\"", m.path, &b);
    const char *at = es_buf_cstr(&b);
    for (size_t i = 0; i < COUNT(TAGS); i++)
        if (!(at = strstr(at, TAGS[i])))
            FAIL("no %s in:\n%s", TAGS[i], es_buf_cstr(&b));
    es_buf_release(&b);
    made_release(&m);
}

/* A grey JPEG of 8x8, as libjpeg writes it. */
TEST(a_portrait_and_a_code_are_in_it)
{
    static const uint8_t JPEG[] = {
        0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x03, 0x02, 0x02, 0x02, 0x02,
        0x02, 0x03, 0x02, 0x02, 0x02, 0x03, 0x03, 0x03, 0x03, 0x04, 0x06, 0x04,
        0x04, 0x04, 0x04, 0x04, 0x08, 0x06, 0x06, 0x05, 0x06, 0x09, 0x08, 0x0a,
        0x0a, 0x09, 0x08, 0x09, 0x09, 0x0a, 0x0c, 0x0f, 0x0c, 0x0a, 0x0b, 0x0e,
        0x0b, 0x09, 0x09, 0x0d, 0x11, 0x0d, 0x0e, 0x0f, 0x10, 0x10, 0x11, 0x10,
        0x0a, 0x0c, 0x12, 0x13, 0x12, 0x10, 0x13, 0x0f, 0x10, 0x10, 0x10, 0xff,
        0xc9, 0x00, 0x0b, 0x08, 0x00, 0x08, 0x00, 0x08, 0x01, 0x01, 0x11, 0x00,
        0xff, 0xcc, 0x00, 0x06, 0x00, 0x10, 0x10, 0x05, 0xff, 0xda, 0x00, 0x08,
        0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0xd2, 0xcf, 0x20, 0xff, 0xd9,
    };
    const struct es_paper_span WHO[] = { { .text = "Leyla Aydin" },
                                         { .text = "Minister of Lanterns\n"
                                                   "since 2024" } };
    const struct es_paper_span CODE[] = {
        { .text = "On the web: " },
        { .text = "run.example/s/1", .link = "https://run.example/s/1" },
    };
    const struct es_paper_span FIRST[] = {
        { .text = "run.example/s/1", .link = "https://run.example/s/1" },
    };
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_PERSON,
          .jpeg = { JPEG, sizeof JPEG },
          .span = WHO,
          .n = 2 },
        { .kind = ES_PAPER_QUOTE, WORDS("Words.") },
        { .kind = ES_PAPER_TEXT, .span = CODE, .n = 2 },
        { .kind = ES_PAPER_CODE, .span = FIRST, .n = 1 },
    };
    const char *const order[] = { "Leyla Aydin", "Minister of Lanterns",
                                  "since 2024", "Words.", "On the web" };
    struct es_paper p = paper("en", B, COUNT(B));
    struct made m;
    struct es_buf b;
    make(&p, "person", &m);
    has_in_order(&m, order, COUNT(order));
    ask("pdfimages -list \"$f\" | tail -n +3 | awk '{ print $3, $4, $9 }'",
        m.path, &b);
    CHECK_STR(es_buf_cstr(&b), "image 8 jpeg\n");
    es_buf_release(&b);
    ask("pdftoppm -r 150 -png \"$f\" \"$f\" && zbarimg -q --raw \"$f\"-1.png",
        m.path, &b);
    CHECK_STR(es_buf_cstr(&b), "https://run.example/s/1\n");
    es_buf_release(&b);
    made_release(&m);
}

TEST(a_certificate_is_one_page_across)
{
    static const struct {
        const char *tag, *title, *name;
    } V[] = {
        { "en", "Certificate", "Leyla Aydin" },
        { "ur", "\u0633\u0646\u062f",
          "\u0622\u0645\u0646\u06c1 \u062e\u0627"
          "\u0646" },
    };
    for (size_t i = 0; i < COUNT(V); i++) {
        const struct es_paper_span CODE[] = {
            { .text = "", .link = "https://run.example/r/7KQ2MX" },
        };
        const struct es_paper_block B[] = {
            { .kind = ES_PAPER_TITLE, WORDS(V[i].title) },
            { .kind = ES_PAPER_NAME, WORDS(V[i].name) },
            { .kind = ES_PAPER_FIGURE, WORDS("42.20 km") },
            { .kind = ES_PAPER_TEXT, WORDS("The Lantern Run, 25 August 2026") },
            { .kind = ES_PAPER_CODE, .span = CODE, .n = 1 },
        };
        const char *const order[] = { V[i].title, V[i].name };
        struct es_paper p = paper(V[i].tag, B, COUNT(B));
        struct made m;
        struct es_buf b;
        char name[32];
        (void)snprintf(name, sizeof name, "certificate-%s", V[i].tag);
        p.face = ES_PAPER_CERTIFICATE;
        make(&p, name, &m);
        CHECK_INT(m.pages, 1);
        has_in_order(&m, order, COUNT(order));
        ask("pdfinfo \"$f\" | grep '^Page size'", m.path, &b);
        CHECK(strstr(es_buf_cstr(&b), "841.89 x 595.276"));
        es_buf_release(&b);
        made_release(&m);
    }
}

/* ---- hostile words ---- */

static void huge(const char *name, const char *unit, size_t bytes,
                 int64_t pages_least)
{
    struct es_buf b;
    struct made m;
    es_buf_init(&b, bytes + 16);
    while (b.n < bytes)
        es_buf_str(&b, unit);
    const struct es_paper_block B[] = { { .kind = ES_PAPER_TEXT,
                                          WORDS(es_buf_cstr(&b)) } };
    struct es_paper p = paper("en", B, 1);
    make(&p, name, &m);
    CHECK(m.pages >= pages_least);
    made_release(&m);
    es_buf_release(&b);
}

/* Each within the time and the memory that a worker has. */
TEST(a_word_of_100_kb_and_others_like_it_have_their_pages)
{
    huge("huge-word", "a", 100000, 15);
    huge("huge-text", "word ", 100000, 10);
    huge("huge-urdu", "\u06c1\u0631 ", 20000, 2);
    huge("huge-han", "\u6b69", 30000, 2);
}

/* The time of a worker is bounded, and the next one is well. */
TEST(what_takes_too_long_costs_only_itself)
{
    struct es_buf b;
    struct es_arena a;
    struct es_bytes pdf;
    struct es_render *r = render();
    es_buf_init(&b, 1 << 20);
    while (b.n < 900000) /* letters that no line may be broken between */
        es_buf_str(&b, "\u0915\u094d\u2060");
    const struct es_paper_block BAD[] = { { .kind = ES_PAPER_TEXT,
                                            WORDS(es_buf_cstr(&b)) } };
    const struct es_paper_block GOOD[] = { { .kind = ES_PAPER_TEXT,
                                             WORDS("Well.") } };
    struct es_paper bad = paper("en", BAD, 1), good = paper("en", GOOD, 1);
    es_arena_init(&a, ROOM);
    CHECK(es_render_paper(r, &bad, &a, &pdf, NULL) != ES_OK);
    CHECK_INT(es_render_paper(r, &good, &a, &pdf, NULL), ES_OK);
    es_arena_release(&a);
    es_buf_release(&b);
}

/* A table of the most rows, each cell full: drawn, or said to be too much. */
TEST(the_largest_table_has_its_pages_or_none)
{
    static const char *cell[ES_PAPER_ROWS * 5];
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_TABLE,
          .table = { .cell = cell, .columns = 5, .rows = 2000 } }
    };
    for (size_t i = 0; i < COUNT(cell); i++)
        cell[i] = "Leyla Aydin";
    struct es_paper p = paper("en", B, 1);
    struct made m;
    make(&p, "huge-table", &m);
    CHECK(m.pages > 30 && m.pages < 100);
    made_release(&m);
}

TEST(words_that_turn_others_around_turn_nothing)
{
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_TEXT,
          WORDS("\u202eevil\u202c first \u2066\u2067 second \u200f third") },
        { .kind = ES_PAPER_TEXT, WORDS("fourth") },
    };
    const char *const order[] = { "evil first second third", "fourth" };
    struct es_paper p = paper("en", B, COUNT(B));
    struct made m;
    make(&p, "turns", &m);
    has_in_order(&m, order, COUNT(order));
    made_release(&m);
}

/* ---- on the wire ---- */

static void put(struct es_buf *b)
{
    static const char *const CELLS[] = { "Who", "How far", "Ada", "12 km" };
    static const uint8_t JPEG[] = { 0xff, 0xd8, 0xff, 0xd9 };
    const struct es_paper_span S[] = {
        { .text = "Read ", .marks = ES_PAPER_BOLD },
        { .text = "on\nit", .link = "https://run.example/" },
    };
    const struct es_paper_block B[] = {
        { .kind = ES_PAPER_ITEM,
          .level = 2,
          .mark = "3.",
          .lang = "ur",
          .dir = ES_PAPER_RTL,
          .span = S,
          .n = 2 },
        { .kind = ES_PAPER_PERSON, .jpeg = { JPEG, sizeof JPEG } },
        { .kind = ES_PAPER_TABLE, .table = { CELLS, 2, 2, 2 } },
    };
    struct es_paper p = paper("tr", B, COUNT(B));
    p.pages = 1;
    es_buf_init(b, ES_PAPER_BYTES);
    es_paper_put(b, &p);
    CHECK(!b->bad);
}

TEST(a_paper_is_the_same_after_the_wire)
{
    struct es_buf b;
    struct es_arena a;
    struct es_paper p;
    put(&b);
    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_paper_get(es_buf_bytes(&b), &a, &p, NULL), ES_OK);
    CHECK_STR(p.tag, "tr");
    CHECK_STR(p.lang->tag, "tr");
    CHECK_STR(p.title, "The Lantern Run");
    CHECK_STR(p.foot, "run.example/e/lantern");
    CHECK_INT(p.pages, 1);
    CHECK_INT(p.at_ms, 1787638500000);
    CHECK_INT(p.n, 3);
    CHECK_STR(p.block[0].mark, "3.");
    CHECK_STR(p.block[0].lang, "ur");
    CHECK_INT(p.block[0].dir, ES_PAPER_RTL);
    CHECK_STR(p.block[0].span[0].text, "Read ");
    CHECK_STR(p.block[0].span[1].text, "on\nit");
    CHECK_STR(p.block[0].span[1].link, "https://run.example/");
    CHECK_INT(p.block[1].jpeg.n, 4);
    CHECK_STR(p.block[2].table.cell[3], "12 km");
    es_arena_release(&a);
    es_buf_release(&b);
}

TEST(no_part_of_a_paper_is_a_paper)
{
    struct es_buf b;
    put(&b);
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        struct es_paper got = { .pages = 77 };
        struct es_arena a;
        es_arena_init(&a, 1 << 16);
        CHECK_INT(es_paper_get(cut, &a, &got, NULL), ES_EMALFORMED);
        CHECK_INT(got.pages, 77);
        es_arena_release(&a);
        t_guarded_free(cut);
    }
    es_buf_release(&b);
}

/* Whatever a byte becomes, it is a paper or refused. */
TEST(a_changed_byte_costs_nothing)
{
    struct es_buf b;
    put(&b);
    for (size_t i = 0; i < b.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct es_bytes s = t_guarded(b.p, b.n);
            struct es_buf changed;
            struct es_paper got;
            struct es_arena a;
            es_buf_init(&changed, s.n);
            es_buf_add(&changed, s.p, s.n);
            changed.p[i] ^= (uint8_t)(1 << bit);
            es_arena_init(&a, 1 << 16);
            enum es_code rc =
                es_paper_get(es_buf_bytes(&changed), &a, &got, NULL);
            CHECK(rc == ES_OK || rc == ES_EMALFORMED || rc == ES_ENOMEM);
            es_arena_release(&a);
            es_buf_release(&changed);
            t_guarded_free(s);
        }
    es_buf_release(&b);
}
