/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which an initiative is made and its texts kept. */
#include "samples.h"

#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t DAY = 86400000;
static const char *const ZONES[] = { "Asia/Baku", "Europe/Berlin", "UTC" };

static struct es_view_frame staffs(void)
{
    struct es_view_frame f = frame(false);
    f.title = "";
    f.initiative = f.board = f.join = f.me = NOWHERE;
    f.review = path("/organise");
    return f;
}

static struct es_view_new sample(void)
{
    struct es_view_new v = {
        .frame = staffs(),
        .title = { .value = S("A run for clean water") },
        .holder = { .value = S("The harbour school") },
        .slug = { .value = "" },
        .goal = { .value = "1000" },
        .zone = "Europe/Berlin",
        .zone_listed = true,
        .zones = ZONES,
        .n_zones = N(ZONES),
        .opens = { "opens", .date = "2026-09-01", .time = "00:00", .first = "",
                   .last = "" },
        .closes = { "closes", .date = "2026-09-14", .time = "23:59",
                    .first = "", .last = "" },
        .preview = { .title = S("A run for clean water"),
                     .holder = S("The harbour school"),
                     .lang = "en",
                     .zone = "Europe/Berlin",
                     .phase = ES_PHASE_SOON,
                     .opens_ms = NOW + 7 * DAY,
                     .closes_ms = NOW + 21 * DAY,
                     .total = { .goal_mm = 1000 * ES_MM_PER_KM },
                     .address =
                         "https://run.example.org/e/a-run-for-clean-water" },
        .left = 3,
    };
    for (size_t i = 0; i < ES_LANGS; i++)
        v.langs[i] = (struct es_view_choice){ .value = es_lang_at(i)->tag,
                                              .label = es_lang_at(i)->name,
                                              .chosen = i == 0 };
    return v;
}

void sample_new(struct es_out *o)
{
    struct es_view_new v = sample();
    es_page_new(o, &v);
}

void sample_new_fresh(struct es_out *o)
{
    struct es_view_new v = sample();
    v.fresh = true;
    v.title.value = v.holder.value = "";
    v.preview = (struct es_view_preview){ .title = "",
                                          .holder = "",
                                          .lang = "ur",
                                          .zone = "UTC",
                                          .phase = ES_PHASE_OPEN,
                                          .opens_ms = ES_NO_TIME,
                                          .closes_ms = ES_NO_TIME,
                                          .address = "" };
    es_page_new(o, &v);
}

/* Everything wrong at once, on the night on which clocks are put back. */
void sample_new_errors(struct es_out *o)
{
    struct es_view_new v = sample();
    v.n_errors = 6;
    v.title.error = v.holder.error = v.slug.error = v.goal.error =
        "What is wrong.";
    v.lang_error = v.zone_error = "What is wrong.";
    v.zone = S("Asia/Calcutta");
    v.zone_listed = false;
    v.opens.error = "What is wrong.";
    v.closes = (struct es_view_when){
        .name = "closes",
        .date = S("2026-10-25"),
        .time = S("02:30"),
        .error = "The clocks are put back that night.",
        .twice = true,
        .later = true,
        .first = "02:30 (UTC+2:00)",
        .last = "02:30 (UTC+1:00)",
    };
    es_page_new(o, &v);
}

void sample_new_no_more(struct es_out *o)
{
    struct es_view_new v = sample();
    v.left = 0;
    es_page_new(o, &v);
}
