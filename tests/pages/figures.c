/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the console's figures: an initiative half over, a large one that
 * goes on for months, and one that nobody has joined. */
#include "samples.h"

#include "web/charts.h"
#include "web/pages.h"

#include <math.h>

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t DAY = 86400000;
enum { DAYS = 200, LANDS = 14 };

static int64_t made(size_t day, int64_t most)
{
    double wave = 1 + sin((double)day * 1.3) / 2 + (day % 7 > 4 ? 0.9 : 0);
    return (int64_t)((double)most * wave / 3);
}

static struct es_view_plot plot(enum es_view_plotted what, size_t n,
                                int64_t most, struct es_arena *a)
{
    static struct es_chart_count v[DAYS];
    struct es_chart_counts c = { .v = v,
                                 .n = n,
                                 .first = NOW / DAY - (int64_t)n + 1,
                                 .last = NOW / DAY,
                                 .zone = "Europe/Vienna",
                                 .unit_mm = ES_MM_PER_KM };
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_chart_count){ c.first + (int64_t)i,
                                        { i == 3 ? 0 : made(i, most),
                                          made(i + 3, most) } };
    return es_chart_plot(&c, what, a);
}

static const struct es_view_land *lands(void)
{
    static const char *const NAMES[LANDS] = {
        "Türkiye",
        "Azerbaijan",
        "پاکستان",
        "مصر",
        "Saint Vincent and the Grenadines",
        "None given",
        "Germany",
        "Iceland",
        "Japan",
        "Kenya",
        "Brazil",
        "Peru",
        "Nepal",
        "Fiji"
    };
    static struct es_view_land v[LANDS];
    for (int64_t i = 0; i < LANDS; i++)
        v[i] = (struct es_view_land){
            .name = NAMES[i],
            .url = path("/organise/e/lantern/figures?country=TR"),
            .people = 31234 / (1 + i * i),
            .runs = 98765 / (1 + i * i),
            .dist_mm = 812345678900 / (1 + i * i),
        };
    return v;
}

static void fill(struct es_view_figures *v, size_t n, struct es_arena *a)
{
    static const struct es_view_choice COUNTRIES[] = {
        { .value = "TR", .label = "Türkiye" },
        { .value = "-", .label = "None given", .chosen = true },
    };
    static struct es_view_figures_row rows[12];
    for (size_t i = 0; i < N(rows); i++)
        rows[i] = (struct es_view_figures_row){ NOW - (int64_t)i * DAY,
                                                made(i, 900), made(i, 2700),
                                                made(i, 23456789) * 1000 };
    v->countries = COUNTRIES;
    v->n_countries = N(COUNTRIES);
    v->people = plot(ES_PLOT_PEOPLE, n, 917, a);
    v->runs = plot(ES_PLOT_RUNS, n, 2811, a);
    v->distance = plot(ES_PLOT_DISTANCE, n, 23456789000, a);
    v->review = plot(ES_PLOT_REVIEW, n, 130, a);
    v->rows = rows;
    v->n_rows = N(rows);
    v->lands = lands();
    v->n_lands = LANDS;
    v->stages = (struct es_view_stages){ 100000, 81234, 79876, 51234, 1001 };
    v->waiting = 1043;
    v->asked = 12;
    v->decided = 1;
}

static struct es_view_figures sample(void)
{
    return (struct es_view_figures){
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/figures"),
        .csv = path("/organise/e/lantern/figures.csv"),
        .zone = "Europe/Vienna",
        .country = "",
        .oldest_ms = ES_NO_FIGURE,
        .mail = true,
        .messages = path("/organise/e/lantern/messages"),
        .held = { { "Recordings, as they came", 27 * INT64_C(1073741824), 0 },
                  { "Pictures and video of its page", 1300 << 20,
                    INT64_C(4) << 30 } },
        .n_held = 2,
        .room = INT64_C(90) << 30,
    };
}

void sample_figures(struct es_out *o)
{
    struct es_arena a;
    struct es_view_figures v = sample();
    es_arena_init(&a, 1 << 20);
    fill(&v, 40, &a);
    v.total = (struct es_view_total){ 2143256789000, 0, 100000, 298765 };
    v.today = (struct es_view_total){ 23456789000, 0, 912, 2791 };
    v.oldest_ms = NOW - 4 * DAY;
    v.queue = path("/organise/e/lantern/review");
    v.remind = path("/organise/e/lantern/messages");
    v.sent = 123456;
    v.unsent = 210;
    v.late = 3;
    v.refused = 87;
    es_page_figures(o, &v);
    es_arena_release(&a);
}

void sample_figures_country(struct es_out *o)
{
    struct es_arena a;
    struct es_view_figures v = sample();
    es_arena_init(&a, 1 << 20);
    fill(&v, DAYS, &a);
    v.country = "Saint Vincent and the Grenadines";
    v.lands += LANDS - 1;
    v.n_lands = 1;
    v.runs.n = v.review.n = 0;
    v.mail = false;
    es_page_figures(o, &v);
    es_arena_release(&a);
}

void sample_figures_none(struct es_out *o)
{
    struct es_view_figures v = sample();
    es_page_figures(o, &v);
}
