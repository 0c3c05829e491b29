/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Draws a card of every kind, format and script, to be looked at:
 *
 *     card_sheet DIR [NAME]
 *
 * writes DIR/NAME-FORMAT.png for each (or for those whose name begins so), and
 * says how much of the processor's time each took. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "card/card.h"

#define N(a) (sizeof(a) / sizeof *(a))

struct sample {
    const char *name, *lang;
    struct es_card card;
    bool route;
};

static const int64_t KM = 1000000;
static const int64_t DAY = 1787638500000; /* 2026-08-25T06:15:00Z */

#define NAME60 "Maximiliane-Alexandra Charlotte von Hohenberg-Wolkenstein III"
#define FAMILY "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
#define FAMILY4 FAMILY FAMILY FAMILY FAMILY
#define MARKS "\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319"
#define MARKS50 MARKS MARKS MARKS MARKS MARKS

static struct sample SAMPLES[] = {
    { "en",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0x0b6b5d,
        .name = "Leyla Aydin",
        .country = "AZ",
        .initiative = "The Lantern Run",
        .initiative_lang = "en",
        .holder = "Lantern House",
        .dist_mm = 10420000,
        .time_ms = 3130000,
        .day_ms = DAY,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      true },
    { "ur",
      "ur",
      { .kind = ES_CARD_RUN,
        .colour = 0x7a2e5a,
        .name = "ٹیپو سلطان خان",
        .country = "PK",
        .initiative = "چراغوں کی دوڑ",
        .initiative_lang = "ur",
        .holder = "چراغ گھر",
        .dist_mm = 10420000,
        .time_ms = 3130000,
        .day_ms = DAY,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      true },
    { "ar",
      "ar",
      { .kind = ES_CARD_RUN,
        .colour = 0x1d4f91,
        .name = "ليلى العلوي",
        .country = "MA",
        .initiative = "سباق الفوانيس",
        .initiative_lang = "ar",
        .holder = "بيت الفانوس",
        .dist_mm = 21097500,
        .time_ms = 7384000,
        .day_ms = DAY,
        .total_mm = 18384 * KM,
        .goal_mm = 25000 * KM },
      false },
    { "az",
      "az",
      { .kind = ES_CARD_PERSON,
        .colour = 0xd96c06,
        .name = "Gülşən Əliyeva-İsmayılzadə",
        .country = "AZ",
        .initiative = "Fənər Qaçışı",
        .initiative_lang = "az",
        .holder = "Fənər Evi",
        .dist_mm = 123 * KM,
        .time_ms = 38000000,
        .runs = 14,
        .total_mm = 24384 * KM,
        .goal_mm = 25000 * KM },
      false },
    { "tr",
      "tr",
      { .kind = ES_CARD_TEAM,
        .colour = 0xb3261e,
        .name = "Çığlık Koşucuları",
        .country = "TR",
        .initiative = "Fener Koşusu",
        .initiative_lang = "tr",
        .holder = "Fener Evi",
        .dist_mm = 1234 * KM,
        .time_ms = 480000000,
        .runs = 140,
        .members = 23,
        .total_mm = 2384 * KM,
        .goal_mm = 25000 * KM },
      false },
    { "initiative",
      "en",
      { .kind = ES_CARD_INITIATIVE,
        .colour = 0x5b3fa0,
        .name = "",
        .initiative = "The Lantern Run",
        .initiative_lang = "en",
        .holder = "Lantern House",
        .dist_mm = 10384 * KM,
        .runs = 1534,
        .members = 212,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      false },
    { "zh",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0x333333,
        .name = "王小明",
        .country = "CN",
        .initiative = "灯笼跑：为了孩子们的明天",
        .initiative_lang = "zh",
        .holder = "灯笼之家",
        .dist_mm = 5004000,
        .time_ms = 1860000,
        .day_ms = DAY,
        .total_mm = 384 * KM,
        .goal_mm = 0 },
      true },
    { "hi",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0xe8c500,
        .name = "अनुष्का श्रीवास्तव",
        .country = "IN",
        .initiative = "लालटेन दौड़",
        .initiative_lang = "hi",
        .holder = "लालटेन घर",
        .dist_mm = 7000000,
        .time_ms = 2900000,
        .day_ms = DAY,
        .total_mm = 10384 * KM,
        .goal_mm = 10000 * KM },
      false },
    { "ja",
      "tr",
      { .kind = ES_CARD_PERSON,
        .colour = 0x00897b,
        .name = "さくら 直子",
        .country = "JP",
        .initiative = "提灯ラン",
        .initiative_lang = "ja",
        .dist_mm = 42195000,
        .time_ms = 12600000,
        .runs = 3,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      false },
    { "ko",
      "en",
      { .kind = ES_CARD_PERSON,
        .colour = 0x8a1538,
        .name = "김민준",
        .country = "KR",
        .initiative = "등불 달리기",
        .initiative_lang = "ko",
        .dist_mm = 42195000,
        .time_ms = 12600000,
        .runs = 3,
        .miles = true,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      true },
    { "mixed",
      "ar",
      { .kind = ES_CARD_RUN,
        .colour = 0x0b6b5d,
        .name = "Leyla ليلى 42 (Baku)",
        .country = "AZ",
        .initiative = "Run 10 km للسلام 2026",
        .initiative_lang = "en",
        .holder = "Lantern House",
        .dist_mm = 10420000,
        .time_ms = 3130000,
        .day_ms = DAY,
        .total_mm = 10384 * KM,
        .goal_mm = 25000 * KM },
      true },
    { "long",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0x0b6b5d,
        .name = NAME60,
        .country = "GS",
        .initiative = NAME60 " memorial run for the lanterns",
        .initiative_lang = "en",
        .holder = NAME60 " Foundation",
        .dist_mm = 12345678900000,
        .time_ms = 360000000000,
        .day_ms = DAY,
        .total_mm = 12345678900000,
        .goal_mm = 99999999000000,
        .url = "https://everystep.run.organisation.example/r/7KQ2MXABCD" },
      true },
    { "emoji",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0x00a3ff,
        .name = FAMILY4 FAMILY4 FAMILY4 FAMILY4,
        .country = "AZ",
        .initiative = "Run 🏃🏽‍♀️ for 🏮",
        .initiative_lang = "en",
        .holder = "🏮🏠",
        .dist_mm = 3210000,
        .time_ms = 1130000,
        .day_ms = DAY,
        .total_mm = 0,
        .goal_mm = 25000 * KM },
      false },
    { "zalgo",
      "en",
      { .kind = ES_CARD_RUN,
        .colour = 0xff00ff,
        .name = "Z" MARKS50 "a" MARKS50 "l" MARKS50 "go",
        .country = "AZ",
        .initiative = "The Lantern Run",
        .initiative_lang = "en",
        .dist_mm = 0,
        .total_mm = 12345678900000 },
      false },
};

/* What most samples share stands here. */
static struct es_card filled(const struct sample *s)
{
    struct es_card c = s->card;
    c.lang = es_lang_of(s->lang);
    c.country = c.country ? c.country : "";
    c.holder = c.holder ? c.holder : "";
    c.url = c.url ? c.url : "https://run.example/r/7KQ2MX";
    c.zone = "Asia/Baku";
    c.time_ms = c.time_ms ? c.time_ms : ES_NO_FIGURE;
    c.day_ms = c.day_ms ? c.day_ms : ES_NO_FIGURE;
    return c;
}

/* A made-up round by a river. */
static size_t a_route(struct es_card_point *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double a = 6.283185307 * (double)i / (double)n;
        double r =
            1 + 0.22 * sin(3 * a + 1) + 0.1 * sin(7 * a) + 0.03 * sin(31 * a);
        v[i] = (struct es_card_point){ (uint16_t)(2000 + 1480 * r * cos(a)),
                                       (uint16_t)(1450 + 1000 * r * sin(a)),
                                       i == 0 };
    }
    return n;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool save(const char *path, const struct es_buf *png)
{
    struct es_err e;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    enum es_code rc = es_fd_write(fd, es_buf_bytes(png), &e);
    return close(fd) == 0 && rc == ES_OK;
}

static bool draw(const char *dir, const struct sample *s, struct es_card c)
{
    static const char *const FORMAT[] = { "wide", "square", "story" };
    char path[512];
    struct es_err e = { 0 };
    struct es_buf png, wire;
    struct es_arena a;
    struct es_card got;

    es_buf_init(&png, 32 << 20);
    es_buf_init(&wire, 1 << 16);
    es_arena_init(&a, 1 << 20);
    double from = now_ms();
    es_card_put(&wire, &c);
    enum es_code rc = es_card_get(es_buf_bytes(&wire), &a, &got, &e);
    if (rc == ES_OK)
        rc = es_card_draw(&got, &png, &e);
    double took = now_ms() - from;
    snprintf(path, sizeof path, "%s/%s-%s.png", dir, s->name, FORMAT[c.size]);
    bool ok = rc == ES_OK && save(path, &png);
    if (ok)
        printf("%-28s %4.0f ms %7zu bytes\n", path, took, png.n);
    else
        fprintf(stderr, "%s: %s\n", path, e.msg);
    es_arena_release(&a);
    es_buf_release(&wire);
    es_buf_release(&png);
    return ok;
}

int main(int argc, char **argv)
{
    struct es_card_point route[300];
    struct es_err e = { 0 };
    bool ok = true;

    if (argc < 2 || (mkdir(argv[1], 0777) != 0 && errno != EEXIST)) {
        fprintf(stderr, "usage: card_sheet DIR [NAME]\n");
        return 64;
    }
    double from = now_ms();
    if (es_card_fonts(NULL, &e) != ES_OK) {
        fprintf(stderr, "card_sheet: %s\n", e.msg);
        return 1;
    }
    printf("fonts %.0f ms\n", now_ms() - from);
    size_t n = a_route(route, N(route));
    for (size_t i = 0; i < N(SAMPLES); i++) {
        struct es_card c = filled(&SAMPLES[i]);
        if (argc > 2 && strcmp(SAMPLES[i].name, argv[2]) != 0)
            continue;
        c.route = route;
        c.n_route = SAMPLES[i].route ? n : 0;
        for (int size = 0; size < ES_CARD_SIZES; size++) {
            c.size = (enum es_card_size)size;
            ok &= draw(argv[1], &SAMPLES[i], c);
        }
    }
    es_card_fonts_release();
    return ok ? 0 : 1;
}
