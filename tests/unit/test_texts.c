/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts in several languages, and the way of the total: kept as JSON, and
 * hostile until they are read. */
#include "base/limits.h"
#include "initiative/texts.h"
#include "initiative/way.h"
#include "t.h"

#include <math.h>
#include <string.h>

static struct es_arena mem(void)
{
    struct es_arena a;
    es_arena_init(&a, 8 << 20);
    return a;
}

/* What is written is what was read. */
TEST(texts_come_back_as_they_were)
{
    static const char JSON[] =
        "{\"ur\":{\"title\":\"صاف پانی\",\"purpose\":\"One\\n\\nTwo\"},"
        "\"tr\":{\"holder\":\"Liman okulu\"}}";
    struct es_arena a = mem();
    struct es_texts t;
    struct es_err e = { 0 };
    struct es_buf b;
    es_buf_init(&b, 4096);
    CHECK_INT(es_texts_read(JSON, &a, &t, &e), ES_OK);
    CHECK_INT((int64_t)t.n, 2);
    CHECK_STR(es_texts_in(&t, "ur")->purpose, "One\n\nTwo");
    CHECK_STR(es_texts_in(&t, "tr")->title, "");
    CHECK(es_texts_in(&t, "en") == NULL);
    es_texts_write(&t, &b);
    CHECK_STR(es_buf_cstr(&b), JSON);
    es_buf_release(&b);
    es_arena_release(&a);
}

TEST(texts_that_cannot_be_are_refused)
{
    static const char *const BAD[] = {
        "",
        "[]",
        "{\"ur\":1}",
        "{\"ur\":{\"title\":1}}",
        "{\"u\":{\"title\":\"x\"}}",
        "{\"../x\":{\"title\":\"x\"}}",
        "{\"ur\":{\"title\":\"x\"},\"ur\":{\"title\":\"y\"}}",
    };
    struct es_arena a = mem();
    struct es_texts t = { .n = 77 };
    struct es_err e = { 0 };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_INT(es_texts_read(BAD[i], &a, &t, &e), ES_EMALFORMED);
    CHECK_INT((int64_t)t.n, 77);
    /* one too many, and a title that is too long */
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    es_buf_str(&b, "{");
    for (int i = 0; i <= ES_TEXTS_LANGS; i++)
        es_buf_fmt(&b, "%s\"x%c\":{\"title\":\"t\"}", i ? "," : "", 'a' + i);
    es_buf_str(&b, "}");
    CHECK_INT(es_texts_read(es_buf_cstr(&b), &a, &t, &e), ES_EMALFORMED);
    es_buf_clear(&b);
    es_buf_str(&b, "{\"ur\":{\"title\":\"");
    for (int i = 0; i <= ES_TITLE_MAX; i++)
        es_buf_str(&b, "x");
    es_buf_str(&b, "\"}}");
    CHECK_INT(es_texts_read(es_buf_cstr(&b), &a, &t, &e), ES_EMALFORMED);
    es_buf_release(&b);
    es_arena_release(&a);
}

/* A reader gets their language, text by text, and is told which it is. */
TEST(a_reader_gets_their_language_where_there_is_one)
{
    struct es_arena a = mem();
    struct es_initiative ini = {
        .title = "Clean water",
        .purpose = "Because.",
        .holder = "The school",
        .lang = "en",
        .texts = "{\"ur\":{\"title\":\"صاف پانی\"},"
                 "\"tr\":{\"purpose\":\"Çünkü.\"}}",
    };
    struct es_told t = es_texts_told(&ini, "ur", &a);
    CHECK_STR(t.title, "صاف پانی");
    CHECK_STR(t.title_lang, "ur");
    CHECK_STR(t.purpose, "Because.");
    CHECK_STR(t.purpose_lang, "en");
    t = es_texts_told(&ini, "tr", &a);
    CHECK_STR(t.title_lang, "en");
    CHECK_STR(t.purpose_lang, "tr");
    t = es_texts_told(&ini, "ar", &a);
    CHECK_STR(t.title, "Clean water");
    ini.texts = "broken";
    CHECK_STR(es_texts_told(&ini, "ur", &a).title, "Clean water");
    ini.texts = NULL;
    CHECK_STR(es_texts_told(&ini, "ur", &a).title, "Clean water");
    es_arena_release(&a);
}

/* ---- the way ---- */

static const char WAY[] = "Harbour 10 20\n"
                          "10.5 20\n"
                          "Mill 11 20\n"
                          "Old Bridge 12 20\n";

static struct es_way way(struct es_arena *a)
{
    struct es_way w = { .n = 0 };
    struct es_err e = { 0 };
    CHECK_INT(es_way_parse(WAY, a, &w, &e), ES_OK);
    CHECK_INT((int64_t)w.n, 4);
    return w;
}

TEST(a_way_is_read_as_people_write_it)
{
    static const struct {
        const char *text, *name;
        double lat, lon;
    } CASES[] = {
        { "Baku 40.4093 49.8671", "Baku", 40.4093, 49.8671 },
        { "Baku, 40.4093, 49.8671", "Baku", 40.4093, 49.8671 },
        { "Old  Bridge;\t-1.5;2", "Old Bridge", -1.5, 2 },
        { "40.4093 49.8671", "", 40.4093, 49.8671 },
        { "Cape 33.9° S, 18.4° E", "Cape", -33.9, 18.4 },
        { "Quito 0.2°S 78.5°W", "Quito", -0.2, -78.5 },
        { "Route 66 35 -106", "Route 66", 35, -106 },
        { "باکو 40.4093 49.8671", "باکو", 40.4093, 49.8671 },
    };
    struct es_arena a = mem();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_way w;
        struct es_err e = { 0 };
        const char *text = es_arena_fmt(&a, "%s\r\n\r\nEnd 1 1", CASES[i].text);
        CHECK_INT(es_way_parse(text, &a, &w, &e), ES_OK);
        CHECK_INT((int64_t)w.n, 2);
        CHECK_STR(w.v[0].name, CASES[i].name);
        CHECK(fabs(w.v[0].lat_deg - CASES[i].lat) < 1e-9);
        CHECK(fabs(w.v[0].lon_deg - CASES[i].lon) < 1e-9);
    }
    es_arena_release(&a);
}

TEST(a_line_that_is_no_place_is_named)
{
    static const struct {
        const char *text;
        size_t line;
    } CASES[] = {
        { "A 1 1\nB 91 1", 2 },     { "A 1 1\nB 1 181", 2 },
        { "A 1 1\n\nB", 3 },        { "1", 1 },
        { "A 1 1\nB 1,5 2,5x", 2 }, { "A 1 1", 0 },
        { "A nan 1", 1 },           { "A 1e999 1", 1 },
    };
    struct es_arena a = mem();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_way w = { .n = 77 };
        struct es_err e = { 0 };
        CHECK_INT(es_way_parse(CASES[i].text, &a, &w, &e), ES_EINVAL);
        CHECK_INT((int64_t)e.at, (int64_t)CASES[i].line);
        CHECK_INT((int64_t)w.n, 77);
    }
    es_arena_release(&a);
}

TEST(a_way_comes_back_as_it_was)
{
    struct es_arena a = mem();
    struct es_way w = way(&a);
    struct es_way back;
    struct es_err e = { 0 };
    struct es_buf b;
    es_buf_init(&b, 65536);
    es_way_text(&w, &b);
    CHECK_STR(es_buf_cstr(&b), WAY);
    es_buf_clear(&b);
    es_way_write(&w, &b);
    CHECK_INT(es_way_read(es_buf_cstr(&b), &a, &back, &e), ES_OK);
    CHECK_INT(es_way_length_mm(&back), es_way_length_mm(&w));
    CHECK_STR(back.v[3].name, "Old Bridge");
    CHECK_INT(es_way_read("{}", &a, &back, &e), ES_OK);
    CHECK_INT((int64_t)back.n, 0);
    CHECK_INT(
        es_way_read("{\"points\":[{\"lat\":1,\"lon\":1}]}", &a, &back, &e),
        ES_EMALFORMED);
    CHECK_INT(es_way_read("{\"points\":[{\"lat\":99,\"lon\":1},"
                          "{\"lat\":1,\"lon\":1}]}",
                          &a, &back, &e),
              ES_EMALFORMED);
    CHECK_INT(es_way_read("{\"points\":{}}", &a, &back, &e), ES_EMALFORMED);
    es_buf_release(&b);
    es_arena_release(&a);
}

/* The earth is an ellipsoid: two degrees of a meridian there are 221.2 km. */
TEST(where_the_total_has_come_to)
{
    struct es_arena a = mem();
    struct es_way w = way(&a);
    int64_t all = es_way_length_mm(&w);
    CHECK(all > 221000000 && all < 221400000);
    struct es_way_at at = es_way_at(&w, 0);
    CHECK_INT((int64_t)at.from, 0);
    CHECK_INT((int64_t)at.to, 2); /* the point between has no name */
    CHECK(at.to_go_mm > 110500000 && at.to_go_mm < 110700000);
    at = es_way_at(&w, 60 * 1000000);
    CHECK_INT((int64_t)at.leg, 1);
    CHECK(at.part > 0 && at.part < 1);
    CHECK_INT((int64_t)at.from, 0);
    CHECK_INT((int64_t)at.to, 2);
    at = es_way_at(&w, all - 1);
    CHECK_INT((int64_t)at.from, 2);
    CHECK_INT(at.to_go_mm, 1);
    CHECK(!at.there);
    for (int64_t more = 0; more < 3; more++) {
        at = es_way_at(&w, all + more * all);
        CHECK(at.there);
        CHECK_INT(at.to_go_mm, 0);
        CHECK_INT((int64_t)at.to, 3);
        CHECK_INT((int64_t)at.leg, 2);
        CHECK(at.part == 1);
    }
    at = es_way_at(&w, -5);
    CHECK_INT((int64_t)at.from, 0);
    /* two places in one spot: a way of no length is at its end */
    struct es_way none = { { { "A", 1, 1 }, { "B", 1, 1 } }, 2 };
    CHECK(es_way_at(&none, 0).there);
    es_arena_release(&a);
}

TEST(a_long_line_becomes_a_way)
{
    enum { N = 5000 };
    struct es_arena a = mem();
    struct es_err e = { 0 };
    struct es_way w;
    struct es_geo_point *v = es_arena_array(&a, N, sizeof *v);
    for (size_t i = 0; i < N; i++)
        v[i] = (struct es_geo_point){ 10 + (double)i / 5000,
                                      20 + 0.01 * sin((double)i / 50), false };
    CHECK_INT(es_way_of_line(v, N, "A", "B", &a, &w, &e), ES_OK);
    CHECK(w.n >= 16 && w.n <= 200);
    CHECK_STR(w.v[0].name, "A");
    CHECK_STR(w.v[w.n - 1].name, "B");
    CHECK_STR(w.v[1].name, "");
    CHECK(w.v[w.n - 1].lat_deg == v[N - 1].lat_deg);
    CHECK_INT(es_way_of_line(v, 1, "A", "B", &a, &w, &e), ES_EINVAL);
    es_arena_release(&a);
}
