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

/* ---- what it says ---- */

static struct es_view_frame inside(void)
{
    struct es_view_frame f = frame(false);
    f.review = path("/organise");
    return f;
}

static struct es_view_texts texts(void)
{
    static const char *const TAGS[] = { "ur", "tr" };
    struct es_view_texts v = {
        .frame = inside(),
        .action = path("/organise/e/lantern/page"),
        .was = "0123456789ab",
        .lang = "en",
        .lang_name = "English",
        .address = "https://run.example.org/e/lantern",
        .title = { .value = S("A run for clean water") },
        .slug = { .value = "lantern" },
        .holder = { .value = S("The harbour school") },
        .contact = { .value = S("run@example.org") },
        .purpose = { .value = S("Because of **water**.") },
    };
    for (size_t i = 0; i < N(TAGS); i++)
        v.others[v.n_others++] = (struct es_view_text){
            .lang = TAGS[i],
            .dir = i ? "ltr" : "rtl",
            .name = i ? "Türkçe" : "اردو",
            .names = { i ? "title_tr" : "title_ur",
                       i ? "holder_tr" : "holder_ur",
                       i ? "purpose_tr" : "purpose_ur" },
            .title = { .value = i ? "" : S("صاف پانی کے لیے دوڑ") },
            .holder = { .value = "" },
            .purpose = { .value = "" },
        };
    return v;
}

void sample_texts(struct es_out *o)
{
    struct es_view_texts v = texts();
    es_page_texts(o, &v);
}

/* Everything wrong, and somebody else wrote everywhere. */
void sample_texts_both(struct es_out *o)
{
    struct es_view_texts v = texts();
    struct es_view_edited *const FIELDS[] = { &v.title,
                                              &v.slug,
                                              &v.holder,
                                              &v.contact,
                                              &v.purpose,
                                              &v.others[0].title,
                                              &v.others[0].holder,
                                              &v.others[0].purpose };
    v.n_errors = 2;
    for (size_t i = 0; i < N(FIELDS); i++) {
        FIELDS[i]->error = "What is wrong.";
        FIELDS[i]->theirs = i ? S("What somebody else wrote.") : "";
    }
    es_page_texts(o, &v);
}

static struct es_view_hosts hosts(void)
{
    struct es_view_hosts v = {
        .frame = inside(),
        .action = path("/organise/e/lantern/hosts"),
        .was = "0123456789ab",
        .hosts = { { 0, S("The harbour school"), "https://example.org/", 0,
                     false },
                   { 1, S("The Mill"), "", 2, true },
                   { 2, "", "", 2, false } },
        .n_hosts = 3,
        .links = { { 0, S("More"), "https://example.org/more" },
                   { 1, "", "" } },
        .n_links = 2,
        .roles = { "Held by", "With", "Supported by", "Partner" },
    };
    return v;
}

void sample_hosts(struct es_out *o)
{
    struct es_view_hosts v = hosts();
    es_page_hosts(o, &v);
}

void sample_hosts_both(struct es_out *o)
{
    struct es_view_hosts v = hosts();
    v.hosts_field.error = v.links_field.error = "What is wrong.";
    v.hosts_field.theirs = S("The Mill · Partner · https://example.org/");
    v.links_field.theirs = "";
    es_page_hosts(o, &v);
}

struct es_view_way sample_way(void)
{
    static const struct es_view_spot LINE[] = { { 0, 900, false },
                                                { 300, 500, false },
                                                { 1000, 0, false } };
    static const struct es_view_spot DONE[] = { { 0, 900, false },
                                                { 300, 500, false },
                                                { 400, 430, false } };
    static struct es_view_place places[2];
    places[0] = (struct es_view_place){ S("Old Harbour"), 0, 900, true, false };
    places[1] = (struct es_view_place){ S("پل"), 1000, 0, false, true };
    return (struct es_view_way){
        .n = N(LINE),
        .line = LINE,
        .done = DONE,
        .n_done = N(DONE),
        .places = places,
        .n_places = N(places),
        .wide = 1000,
        .high = 900,
        .from = places[0].name,
        .to = places[1].name,
        .to_go_mm = 340 * ES_MM_PER_KM,
        .left_mm = 340 * ES_MM_PER_KM,
        .length_mm = 1000 * ES_MM_PER_KM,
    };
}

void sample_goal(struct es_out *o)
{
    struct es_view_goal v = {
        .frame = inside(),
        .action = path("/organise/e/lantern/goal"),
        .was = "0123456789ab",
        .goal = { .value = "" },
        .way = { .value = S("Old Harbour 40.41 49.87") },
        .file = { .value = "" },
        .drawn = sample_way(),
    };
    es_page_goal(o, &v);
}

void sample_goal_errors(struct es_out *o)
{
    struct es_view_goal v = {
        .frame = inside(),
        .action = path("/organise/e/lantern/goal"),
        .was = "0123456789ab",
        .n_errors = 3,
        .goal = { .value = S("0"), .error = "What is wrong.", .theirs = "7" },
        .way = { .value = S("nowhere"),
                 .error = "Line 1 is no place yet.",
                 .theirs = S("Mill 1 2") },
        .file = { .value = "", .error = "What is wrong." },
        .drawn = sample_way(),
    };
    v.drawn.there = true;
    es_page_goal(o, &v);
}
