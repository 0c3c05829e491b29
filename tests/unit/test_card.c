/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"
#include "t.h"

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
        const struct es_card_rgb text[] = { p.ink, p.soft, p.bright };
        const struct es_card_rgb ground[] = { p.sky_top, p.sky_low, p.far,
                                              p.middle, p.near };
        for (size_t t = 0; t < 3; t++)
            for (size_t g = 0; g < 5; g++)
                if (!(es_card_contrast(text[t], ground[g]) >= 4.5))
                    FAIL("#%06x: text %zu on ground %zu: %.2f", colour, t, g,
                         es_card_contrast(text[t], ground[g]));
        CHECK(es_card_contrast(p.tile, p.module) >= 10);
    }
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
