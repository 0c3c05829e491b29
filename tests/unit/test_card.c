/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"
#include "t.h"

#include <dirent.h>
#include <math.h>

#include "base/limits.h"

static struct es_card a_card(void)
{
    return (struct es_card){
        .kind = ES_CARD_RUN,
        .lang = es_lang_of("en"),
        .colour = 0x0b6b5d,
        .name = "Leyla Aydin",
        .country = "AZ",
        .initiative = "The Lantern Run",
        .initiative_lang = "en",
        .holder = "Lantern House",
        .dist_mm = 10420000,
        .time_ms = 3130000,
        .day_ms = 1787638500000,
        .zone = "Asia/Baku",
        .total_mm = 10384000000,
        .goal_mm = 25000000000,
        .url = "https://run.example/r/7KQ2MX",
    };
}

static void fonts(void)
{
    struct es_err e = { 0 };
    if (es_card_fonts(NULL, &e) != ES_OK)
        FAIL("%s", e.msg);
    static bool told;
    if (!told)
        atexit(es_card_fonts_release);
    told = true;
}

TEST(a_card_is_the_same_after_the_wire)
{
    static const struct es_card_point LINE[] = { { 0, 0, true },
                                                 { 4095, 7, false },
                                                 { 9, 4095, true } };
    struct es_card c = a_card();
    struct es_card got;
    struct es_buf b;
    struct es_arena a;
    c.route = LINE;
    c.n_route = 3;
    es_buf_init(&b, ES_CARD_BYTES);
    es_arena_init(&a, 1 << 16);
    es_card_put(&b, &c);
    CHECK_INT(es_card_get(es_buf_bytes(&b), &a, &got, NULL), ES_OK);
    CHECK(got.lang == c.lang && got.kind == c.kind && got.size == c.size);
    CHECK_STR(got.name, c.name);
    CHECK_STR(got.initiative, c.initiative);
    CHECK_STR(got.url, c.url);
    CHECK_STR(got.zone, c.zone);
    CHECK_INT(got.dist_mm, c.dist_mm);
    CHECK_INT(got.goal_mm, c.goal_mm);
    CHECK_INT(got.n_route, 3);
    CHECK(got.route[2].piece && got.route[2].y == 4095 && !got.route[1].piece);
    es_arena_release(&a);
    es_buf_release(&b);
}

TEST(no_part_of_a_card_is_a_card)
{
    struct es_card c = a_card();
    struct es_buf b;
    es_buf_init(&b, ES_CARD_BYTES);
    es_card_put(&b, &c);
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        struct es_card got = { .runs = 77 };
        struct es_arena a;
        es_arena_init(&a, 1 << 16);
        CHECK_INT(es_card_get(cut, &a, &got, NULL), ES_EMALFORMED);
        CHECK_INT(got.runs, 77);
        es_arena_release(&a);
        t_guarded_free(cut);
    }
    es_buf_release(&b);
}

TEST(a_picture_has_its_size_and_is_the_same_each_time)
{
    fonts();
    for (int size = 0; size < ES_CARD_SIZES; size++) {
        struct es_card c = a_card();
        struct es_buf one, two;
        struct es_err e = { 0 };
        c.size = (enum es_card_size)size;
        es_buf_init(&one, 8 << 20);
        es_buf_init(&two, 8 << 20);
        CHECK_INT(es_card_draw(&c, &one, &e), ES_OK);
        CHECK_INT(es_card_draw(&c, &two, &e), ES_OK);
        CHECK(one.n == two.n && memcmp(one.p, two.p, one.n) == 0);
        CHECK(one.n > 24 && memcmp(one.p, "\x89PNG\r\n\x1a\n", 8) == 0);
        struct es_rd r;
        es_rd_init(&r, (struct es_bytes){ one.p + 16, 8 });
        CHECK_INT(es_rd_u32be(&r), es_card_width(c.size));
        CHECK_INT(es_rd_u32be(&r), es_card_height(c.size));
        es_buf_release(&one);
        es_buf_release(&two);
    }
}

/* WCAG 2.2, 1.4.3: 4.5 for text. */
TEST(letters_stand_out_on_every_ground_of_every_colour)
{
    for (uint32_t i = 0; i < 4096; i++) {
        uint32_t colour =
            (i >> 8 & 15) * 0x110000 + (i >> 4 & 15) * 0x1100 + (i & 15) * 0x11;
        struct es_card_palette p;
        es_card_palette(colour, &p);
        const struct es_rgb text[] = { p.ink, p.soft, p.bright };
        const struct es_rgb ground[] = { p.sky_top, p.sky_low, p.far, p.middle,
                                         p.near };
        for (size_t t = 0; t < 3; t++)
            for (size_t g = 0; g < 5; g++)
                if (!(es_rgb_contrast(text[t], ground[g]) >= 4.5))
                    FAIL("#%06x: text %zu on ground %zu: %.2f", colour, t, g,
                         es_rgb_contrast(text[t], ground[g]));
        CHECK(es_rgb_contrast(p.tile, p.module) >= 10);
    }
}

/* ---- everything has its place ---- */

#define MARKS "\u0351\u0343\u0302\u036b\u033d\u034f\u0334\u0319\u0489\u20dd"
#define MARKS50 MARKS MARKS MARKS MARKS MARKS
#define FAMILY "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
#define TEN(s) s s s s s s s s s s

/* What has run over its edges somewhere. */
static const char *const NASTY[] = {
    "",
    "I",
    "Leyla Aydin",
    "Maximiliane-Alexandra Charlotte von Hohenberg-Wolkenstein III",
    "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    TEN("MMMMMM"),
    TEN(".. .. "),
    TEN("\ufdfd"), /* one character, a sentence wide */
    TEN("\u0639\u0628\u062f\u0627\u0644\u0644\u0647 "),
    "\u0679\u06cc\u067e\u0648 \u0633\u0644\u0637\u0627\u0646 "
    "\u062e\u0627\u0646 \u06d2 \u06d2 \u0644\u0645\u0628\u0627 "
    "\u0646\u0627\u0645 \u06c1\u06d2 \u06a9\u06c1 \u0646\u06c1\u06cc\u06ba",
    TEN("\u0679\u06cc\u067e\u0648\u06d2"),
    TEN("\u0915\u094d\u0937\u094d\u092e\u094d\u092f"),
    TEN("\u1780\u17d2\u179a\u17bb\u1784 "),
    TEN("\u0f66\u0f92\u0fb2\u0f74\u0f56"),
    TEN("\u738b\u5c0f\u660e\u706f\u7b3c\u8dd1"),
    TEN("\uae40\ubbfc\uc900"),
    TEN(FAMILY) FAMILY FAMILY FAMILY FAMILY FAMILY,
    "\U0001f1e6\U0001f1ff \U0001f3f4\u200d\u2620\ufe0f \u2764\ufe0f",
    "Z" MARKS50 "a" MARKS50 "l" MARKS50 "g" MARKS50 "o" MARKS50,
    "Leyla \u0644\u064a\u0644\u0649 42 (Baku) \u05d0\u05d1 7",
    "\u202eesrever\u202c \u2067x",
    TEN("\U000e0041\u200d\u200c"),
    "\ue000\U0010fffd\u0378",
};
static const int64_t DISTANCES[] = {
    0, 999, 5000000, 42195000, 123456000000, 12345678900000, 999999999999999
};

static struct es_card nasty_card(size_t i)
{
    static const struct es_card_point LINE[] = { { 0, 0, true },
                                                 { 4095, 900, false } };
    size_t n = sizeof NASTY / sizeof NASTY[0];
    struct es_card c = a_card();
    c.name = NASTY[i % n];
    c.initiative = NASTY[(i * 7 + 3) % n];
    c.holder = NASTY[(i * 5 + 1) % n];
    c.initiative_lang = i % 3 == 0 ? "ur" : "en";
    c.kind = (enum es_card_kind)(i / 2 % ES_CARD_KINDS);
    c.lang = es_lang_at(i % ES_LANGS);
    c.miles = i % 4 == 3;
    c.country = i % 5 ? "GS" : "";
    c.dist_mm = DISTANCES[i % 7];
    c.time_ms = i % 6 ? 360000000000 : ES_NO_FIGURE;
    c.runs = i % 2 ? 1234567 : 0;
    c.members = i % 3 ? 7 : 0;
    c.day_ms = i % 4 ? c.day_ms : ES_NO_FIGURE;
    c.total_mm = DISTANCES[i / 7 % 7];
    c.goal_mm = i % 3 ? 99999999000000 : 0;
    c.url = i % 8 ? c.url
                  : "https://everystep.run.organisation.example/e/lanterns/"
                    "people/123456";
    c.route = LINE;
    c.n_route = i % 2 ? 2 : 0;
    return c;
}

/* As the server sends it and the worker gets it. */
static struct es_card sent(const struct es_card *c, struct es_arena *a)
{
    struct es_buf b;
    struct es_card got;
    struct es_err e = { 0 };
    es_buf_init(&b, ES_CARD_BYTES);
    es_card_put(&b, c);
    if (es_card_get(es_buf_bytes(&b), a, &got, &e) != ES_OK)
        FAIL("%s", e.msg);
    es_buf_release(&b);
    return got;
}

static bool within(struct es_card_rect in, struct es_card_rect out)
{
    const double T = 1; /* px: rounding of Pango's units, scaled */
    return in.x >= out.x - T && in.y >= out.y - T &&
           in.x + in.w <= out.x + out.w + T && in.y + in.h <= out.y + out.h + T;
}

static bool apart(struct es_card_rect a, struct es_card_rect b)
{
    const double T = 0.5;
    return a.x + a.w <= b.x + T || b.x + b.w <= a.x + T ||
           a.y + a.h <= b.y + T || b.y + b.h <= a.y + T;
}

static void check_boxes(const struct es_card_layout *l, enum es_card_size size,
                        size_t card)
{
    struct es_card_rect picture = { 40, 40, es_card_width(size) - 80,
                                    es_card_height(size) - 80 };
    struct es_card_rect safe = { 0, 250, 1080, 1420 };
    for (int i = 0; i < ES_BOXES; i++) {
        struct es_card_rect b = l->box[i];
        if (b.w <= 0)
            continue;
        if (!(b.h > 0) || !within(b, picture))
            FAIL("card %zu, format %d: box %d leaves the picture: %.0f %.0f "
                 "%.0f %.0f",
                 card, size, i, b.x, b.y, b.w, b.h);
        if (size == ES_CARD_STORY && !within(b, safe))
            FAIL("card %zu: box %d where a telephone's own words are", card, i);
        for (int j = 0; j < i; j++)
            if (l->box[j].w > 0 && !apart(b, l->box[j]))
                FAIL("card %zu, format %d: boxes %d and %d overlap: y %.0f+%.0f"
                     " and %.0f+%.0f",
                     card, size, j, i, l->box[j].y, l->box[j].h, b.y, b.h);
    }
}

/* The dots that stand for what was cut follow a whole letter. */
static void check_cut(PangoLayout *l, size_t card)
{
    int n = 0;
    const PangoLogAttr *attr = pango_layout_get_log_attrs_readonly(l, &n);
    const char *text = pango_layout_get_text(l);
    PangoLayoutIter *it = pango_layout_get_iter(l);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
        if (!run ||
            !(run->item->analysis.flags & PANGO_ANALYSIS_FLAG_IS_ELLIPSIS))
            continue;
        long at = g_utf8_pointer_to_offset(text, text + run->item->offset);
        if (!attr[at].is_cursor_position)
            FAIL("card %zu: a letter is cut at %ld", card, at);
    } while (pango_layout_iter_next_run(it));
    pango_layout_iter_free(it);
}

TEST(nothing_overlaps_and_no_ink_leaves_its_box)
{
    fonts();
    for (size_t i = 0; i < 420; i++) {
        struct es_arena a;
        struct es_card_plan p;
        struct es_err e = { 0 };
        struct es_card c = nasty_card(i);
        es_arena_init(&a, 1 << 20);
        c = sent(&c, &a);
        c.size = (enum es_card_size)(i % ES_CARD_SIZES);
        if (es_card_plan(&c, &a, &p, &e) != ES_OK)
            FAIL("%s", e.msg);
        check_boxes(&p.layout, c.size, i);
        for (int b = 0; b < ES_BOX_TEXTS; b++) {
            const struct es_card_text *t = &p.text[b];
            struct es_card_rect box = p.layout.box[b];
            if (!t->layout)
                continue;
            if (!within(t->ink, box))
                FAIL("card %zu, format %d: ink of box %d: %.0f %.0f %.0f %.0f"
                     " in %.0f %.0f %.0f %.0f: %s",
                     i, c.size, b, t->ink.x, t->ink.y, t->ink.w, t->ink.h,
                     box.x, box.y, box.w, box.h,
                     pango_layout_get_text(t->layout));
            CHECK(t->scale > 0);
            if (t->cut)
                check_cut(t->layout, i);
        }
        es_card_plan_release(&p);
        es_arena_release(&a);
    }
}

/* ---- words and faces ---- */

static const char *figure_of(const char *lang, int64_t dist_mm, bool miles,
                             enum es_card_kind kind)
{
    static char out[128];
    struct es_arena a;
    struct es_card_words w;
    struct es_card c = a_card();
    c.lang = es_lang_of(lang);
    c.dist_mm = dist_mm;
    c.miles = miles;
    c.kind = kind;
    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_card_words(&c, &a, &w, NULL), ES_OK);
    snprintf(out, sizeof out, "%s|%s", w.figure, w.unit);
    es_arena_release(&a);
    return out;
}

TEST(figures_large_and_small)
{
    CHECK_STR(figure_of("en", 0, false, ES_CARD_RUN), "0.00|km");
    CHECK_STR(figure_of("en", 42195000, true, ES_CARD_RUN), "26.21|mi");
    CHECK_STR(figure_of("tr", 123456000000, false, ES_CARD_TEAM), "123.456|km");
    CHECK_STR(figure_of("en", 12345678900000, false, ES_CARD_INITIATIVE),
              "12,345,678|km");
    CHECK_STR(figure_of("en", 12300000, false, ES_CARD_INITIATIVE), "12|km");
    CHECK_STR(figure_of("ur", 5000000, false, ES_CARD_RUN),
              "\u20685.00\u2069|\u06a9\u0644\u0648 \u0645\u06cc\u0679\u0631");
}

TEST(what_is_not_known_is_not_shown)
{
    struct es_arena a;
    struct es_card_words w;
    struct es_card c = a_card();
    es_arena_init(&a, 1 << 16);
    c.time_ms = c.day_ms = ES_NO_FIGURE;
    c.goal_mm = 0;
    c.country = c.holder = c.url = "";
    CHECK_INT(es_card_words(&c, &a, &w, NULL), ES_OK);
    CHECK_STR(w.eyebrow, "");
    CHECK_STR(w.stat[0].value, "");
    CHECK_STR(w.address, "");
    CHECK_STR(w.total_label, "together");
    CHECK(w.done < 0);
    c.url = "https://www.run.example/r/7";
    CHECK_INT(es_card_words(&c, &a, &w, NULL), ES_OK);
    CHECK_STR(w.address, "run.example/r/7");
    es_arena_release(&a);
}

static bool all_in(const char *text, const char *lang, const char *face)
{
    const struct es_card_phrase words = {
        .span = { { .text = text,
                    .size = 1,
                    .weight = PANGO_WEIGHT_BOLD,
                    .large = true } },
        .n = 1,
        .lang = es_card_text_lang(text, lang),
    };
    const struct es_card_style style = { .lines = 1, .smaller = 1 };
    const struct es_card_place at = { .box = { 0, 0, 1e5, 1e5 },
                                      .size = 50,
                                      .base = 0.5 };
    struct es_card_text t;
    bool all = true;
    PangoContext *cx = es_card_context(false);
    es_card_text_fit(cx, &words, &style, &at, &t);
    PangoLayoutIter *it = pango_layout_get_iter(t.layout);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
        if (!run)
            continue;
        PangoFontDescription *d = pango_font_describe(run->item->analysis.font);
        char *name = pango_font_description_to_string(d);
        if (strncmp(name, face, strlen(face)) != 0) {
            printf("%s: %s\n", text, name);
            all = false;
        }
        g_free(name);
        pango_font_description_free(d);
    } while (pango_layout_iter_next_run(it));
    all &= pango_layout_get_unknown_glyphs_count(t.layout) == 0;
    pango_layout_iter_free(it);
    es_card_text_release(&t);
    g_object_unref(cx);
    return all;
}

TEST(each_script_has_its_face)
{
    fonts();
    CHECK(all_in("G\u00fcl\u015f\u0259n \u0130\u0131", "az",
                 "Inter Display Bold"));
    CHECK(all_in("\u0679\u06cc\u067e\u0648", "en", "Noto Nastaliq Urdu Bold"));
    CHECK(all_in("\u0633\u0644\u0645\u0627\u0646", "ur",
                 "Noto Nastaliq Urdu Bold"));
    CHECK(all_in("\u0633\u0644\u0645\u0627\u0646", "ar",
                 "Noto Naskh Arabic Bold"));
    CHECK(all_in("\u0633\u0644\u0645\u0627\u0646", "en",
                 "Noto Naskh Arabic Bold"));
    CHECK(all_in("\u0905\u0928\u0941\u0937\u094d\u0915\u093e", "en",
                 "Noto Sans Devanagari Bold"));
    CHECK(all_in("\u738b\u5c0f\u660e", "en", "Noto Sans CJK SC Bold"));
    CHECK(all_in("\u738b\u5c0f\u660e", "zh-TW", "Noto Sans CJK TC Bold"));
    CHECK(all_in("\u3055\u304f\u3089\u76f4", "en", "Noto Sans CJK JP Bold"));
    CHECK(all_in("\uae40\ubbfc\uc900", "en", "Noto Sans CJK KR Bold"));
    CHECK(all_in(FAMILY "\u2764\ufe0f", "en", "Noto Color Emoji"));
}

/* In the sandbox none may start. */
TEST(drawing_starts_no_thread)
{
    struct es_card c = a_card();
    struct es_buf png;
    size_t threads = 0;
    fonts();
    c.name =
        "\u1200\u120b\u121d \u10d0\u10dc\u10d0 \u0d85\u0d9a"; /* not warm */
    es_buf_init(&png, 8 << 20);
    CHECK_INT(es_card_draw(&c, &png, NULL), ES_OK);
    es_buf_release(&png);
    DIR *d = opendir("/proc/self/task");
    for (struct dirent *de; d && (de = readdir(d));)
        threads += de->d_name[0] != '.';
    closedir(d);
    CHECK_INT(threads, 1);
}

TEST(a_job_answers_with_a_picture_or_a_code)
{
    struct es_card c = a_card();
    struct es_buf head, answer;
    fonts();
    es_buf_init(&head, ES_CARD_BYTES);
    es_buf_init(&answer, ES_FRAME_MAX);
    es_card_put(&head, &c);
    es_card_job(es_buf_bytes(&head), (struct es_bytes){ 0 }, &answer);
    CHECK(answer.n > 1000 && answer.p[0] == ES_OK && answer.p[1] == 0x89);
    es_buf_clear(&answer);
    es_card_job(es_bytes_str("x"), (struct es_bytes){ 0 }, &answer);
    CHECK(answer.n == 1 && answer.p[0] == ES_EMALFORMED);
    es_buf_release(&head);
    es_buf_release(&answer);
}
