/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/palette.h"

#include <math.h>

#include "base/file.h"
#include "t.h"

#define ALL_COLOURS(c)                                                         \
    for (unsigned i_ = 0; i_ < 4096; i_++)                                     \
        for (struct es_rgb c = { (uint8_t)(i_ >> 8) * 17,                      \
                                 (uint8_t)((i_ >> 4) & 15) * 17,               \
                                 (uint8_t)(i_ & 15) * 17 },                    \
                           *once_ = &c;                                        \
             once_; once_ = NULL)

static struct es_rgb rgb(const char *text)
{
    struct es_rgb c = { 0 };
    if (!es_rgb_parse(text, &c))
        FAIL("no colour: %s", text);
    return c;
}

TEST(colours_as_text)
{
    char text[ES_RGB_TEXT];
    struct es_rgb c = rgb("#0bF");
    CHECK(c.r == 0 && c.g == 0xbb && c.b == 0xff);
    es_rgb_text(rgb("#0B6b5D"), text);
    CHECK_STR(text, "#0b6b5d");
    static const char *const BAD[] = { "",
                                       "#",
                                       "0b6b5d",
                                       "#0b6b5",
                                       "#0b6b5dd",
                                       "#0b6b5g",
                                       "#0b6b5 ",
                                       "red",
                                       "#-12345",
                                       "##12345",
                                       "#\xc4\x9f"
                                       "b6b" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct es_rgb kept = { 1, 2, 3 };
        if (es_rgb_parse(BAD[i], &kept))
            FAIL("taken: %s", BAD[i]);
        CHECK(kept.r == 1 && kept.g == 2 && kept.b == 3);
    }
}

/* The published values of WCAG and of Ottosson's article. */
TEST(colours_have_their_known_measures)
{
    CHECK_NEAR(es_rgb_contrast(rgb("#000"), rgb("#fff")), 21, 1e-9);
    CHECK_NEAR(es_rgb_contrast(rgb("#777"), rgb("#fff")), 4.48, 0.005);
    CHECK_NEAR(es_rgb_contrast(rgb("#fff"), rgb("#767676")), 4.54, 0.005);
    struct es_oklch red = es_oklch_of(rgb("#f00"));
    CHECK_NEAR(red.l, 0.62796, 1e-4);
    CHECK_NEAR(red.c, 0.25768, 1e-4);
    CHECK_NEAR(red.h, 29.234 * 3.14159265358979 / 180, 1e-4);
}

TEST(colours_go_there_and_back)
{
    ALL_COLOURS(c)
    {
        struct es_rgb back = es_oklch_rgb(es_oklch_of(c));
        CHECK(back.r == c.r && back.g == c.g && back.b == c.b);
    }
}

/* More colour than there is: the same lightness and hue, less of it. */
TEST(colours_beyond_the_screen)
{
    for (double l = 0.2; l <= 1; l += 0.05) /* below, 8 bits are few */
        for (double h = -3; h < 3; h += 0.25) {
            struct es_oklch got =
                es_oklch_of(es_oklch_rgb((struct es_oklch){ l, 0.5, h }));
            CHECK_NEAR(got.l, l, 0.01);
            if (got.c > 0.08)
                CHECK_NEAR(remainder(got.h - h, 2 * 3.14159265358979), 0, 0.04);
        }
}

/* Whatever an organiser chooses, everything can be read. */
TEST(every_pair_of_every_colour_can_be_read)
{
    ALL_COLOURS(c)
    for (enum es_mode mode = 0; mode < ES_MODES; mode++) {
        struct es_palette p;
        es_palette_of(c, mode, &p);
        for (size_t i = 0; i < es_pairs_n; i++) {
            struct es_rgb on = p.v[es_pairs[i].on];
            struct es_rgb ground = p.v[es_pairs[i].ground];
            if (es_rgb_contrast(on, ground) < es_pairs[i].least)
                FAIL("#%02x%02x%02x: %s on %s: %.2f", c.r, c.g, c.b,
                     es_tone_name(es_pairs[i].on),
                     es_tone_name(es_pairs[i].ground),
                     es_rgb_contrast(on, ground));
        }
    }
}

/* A strong colour is still itself; a grey stays a grey. */
TEST(the_hue_is_kept)
{
    ALL_COLOURS(c)
    {
        struct es_oklch base = es_oklch_of(c);
        for (enum es_mode mode = 0; mode < ES_MODES; mode++) {
            struct es_palette p;
            es_palette_of(c, mode, &p);
            struct es_oklch got = es_oklch_of(p.v[ES_TONE_ACCENT]);
            bool amber = es_hue_of_dark(base.h) != base.h &&
                         mode == ES_MODE_LIGHT; /* see below */
            if (base.c >= 0.05 && got.c >= 0.05 && !amber)
                CHECK_NEAR(remainder(got.h - base.h, 2 * 3.14159265358979), 0,
                           0.06);
            if (c.r == c.g && c.g == c.b)
                for (enum es_tone t = 0; t < ES_TONES; t++)
                    CHECK(es_oklch_of(p.v[t]).c < 0.005);
        }
    }
}

/* Of dark shades yellow alone is another: amber. */
TEST(dark_yellow_is_amber)
{
    struct es_palette p;
    es_palette_of(rgb("#fe0"), ES_MODE_LIGHT, &p);
    struct es_rgb band = p.v[ES_TONE_HERO];
    struct es_rgb link = p.v[ES_TONE_ACCENT];
    CHECK(band.r > band.g + 16 && band.g > band.b);
    CHECK(link.r > link.g + 16 && link.g > link.b);
    es_palette_of(rgb("#fe0"), ES_MODE_DARK, &p);
    CHECK(abs(p.v[ES_TONE_ACCENT].r - p.v[ES_TONE_ACCENT].g) < 20);
    es_palette_of(rgb("#6b6b00"), ES_MODE_LIGHT, &p); /* olive by choice */
    link = p.v[ES_TONE_ACCENT];
    CHECK(abs(link.r - link.g) < 4);
    for (double h = -3.1; h < 3.1; h += 0.01) {
        double dark = es_hue_of_dark(h);
        CHECK(dark <= h && dark > h - 0.51);
        CHECK(dark == h || (h > 1.2 && h < 2.4));
    }
}

static const char *css(const char *colour)
{
    static struct es_buf b;
    es_buf_release(&b);
    es_buf_init(&b, 4096);
    es_palette_css(&b, rgb(colour));
    CHECK(!b.bad);
    return es_buf_cstr(&b);
}

TEST(the_rules_are_the_same_each_time)
{
    char first[4096];
    (void)snprintf(first, sizeof first, "%s", css("#ffee00"));
    CHECK(strncmp(first, ":root{--ground:#", 16) == 0);
    CHECK(strstr(first, "@media(prefers-color-scheme:dark){:root{--ground:#"));
    CHECK_STR(css("#fe0"), first);
    CHECK(strcmp(css("#fe1"), first) != 0);
}

/* The value that the sheet gives a property, in its nth block of them. */
static struct es_rgb in_sheet(const char *sheet, const char *name,
                              enum es_mode mode)
{
    char key[64];
    char value[ES_RGB_TEXT] = "";
    struct es_rgb c;
    (void)snprintf(key, sizeof key, " --%s: #", name);
    const char *light = strstr(sheet, key);
    const char *dark = light ? strstr(light + 1, key) : NULL;
    const char *p = mode == ES_MODE_DARK && dark ? dark : light;
    if (!p)
        FAIL("no --%s in the sheet", name);
    p += strlen(key) - 1;
    size_t n = strcspn(p, ";");
    CHECK(n < sizeof value);
    memcpy(value, p, n);
    if (!es_rgb_parse(value, &c))
        FAIL("--%s: %s", name, value);
    return c;
}

/* The sheet's own colours hold the same rule, as do those that no colour
 * changes: what became of a run, on the grounds of every palette, and the lit
 * part of the way, on every band. */
TEST(the_sheet_can_be_read)
{
    static const char *const FIXED[] = { "good", "wait", "bad" };
    const char *root = getenv("ES_SOURCE_ROOT");
    char path[1024];
    struct es_buf b;
    struct es_err e;
    (void)snprintf(path, sizeof path, "%s/pages/style.css", root ? root : ".");
    if (es_file_load(path, 1 << 20, &b, &e) != ES_OK)
        FAIL("%s: %s", path, e.msg);
    const char *sheet = es_buf_cstr(&b);
    for (enum es_mode mode = 0; mode < ES_MODES; mode++) {
        for (size_t i = 0; i < es_pairs_n; i++) {
            const char *on = es_tone_name(es_pairs[i].on);
            const char *ground = es_tone_name(es_pairs[i].ground);
            double got = es_rgb_contrast(in_sheet(sheet, on, mode),
                                         in_sheet(sheet, ground, mode));
            if (got < es_pairs[i].least)
                FAIL("%s on %s: %.2f", on, ground, got);
        }
        struct es_rgb glow = in_sheet(sheet, "glow", mode);
        CHECK(es_rgb_contrast(in_sheet(sheet, "glow-ink", mode), glow) >= 4.5);
        for (size_t i = 0; i < sizeof FIXED / sizeof *FIXED; i++) {
            char tint[32];
            struct es_rgb on = in_sheet(sheet, FIXED[i], mode);
            (void)snprintf(tint, sizeof tint, "%s-tint", FIXED[i]);
            CHECK(es_rgb_contrast(on, in_sheet(sheet, tint, mode)) >= 4.5);
            ALL_COLOURS(c)
            {
                struct es_palette p;
                if (c.r % 51 || c.g % 51 || c.b % 51)
                    continue; /* 216 of them are enough here */
                es_palette_of(c, mode, &p);
                for (enum es_tone t = ES_TONE_GROUND; t <= ES_TONE_SUNK; t++)
                    CHECK(es_rgb_contrast(on, p.v[t]) >= 4.5);
                CHECK(es_rgb_contrast(glow, p.v[ES_TONE_HERO]) >= 4.5);
                CHECK(es_rgb_contrast(glow, p.v[ES_TONE_HERO_FAR]) >= 4.5);
            }
        }
    }
    es_buf_release(&b);
}
