/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages of the rules. */
#include "samples.h"

#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t DAY = 86400000;
static const char *const ZONES[] = { "Asia/Baku", "Europe/Berlin", "UTC" };

static struct es_view_sheet sheet(void)
{
    return (struct es_view_sheet){
        .n = 3,
        .groups = {
            { "when", "When",
              { "A run counts when it starts from 1 August 2026 to 31 August "
                "2026, both days included.",
                "What counts is the clock where you run, wherever that is." },
              2 },
            { "what", "What counts",
              { "Every run counts: all of them are added up.",
                S("Who registers chooses one of these: 10 km, Students."),
                "The clock runs from start to finish, pauses included." },
              3 },
            { "limits", "How much",
              { "Of all runs of one day together at most 50 km count." },
              1 },
        },
    };
}

static const struct es_view_differs DIFFERS[] = {
    { "There is no upper limit: every step counts.", false },
    { "Of all runs of one day together at most 50 km count.", true },
};

static void rules_with(struct es_out *o, bool staff)
{
    struct es_view_sheet s = sheet();
    struct es_view_version versions[] = {
        { 3, NOW, staff ? S("Ada") : "", S("Long days tired people out."),
          DIFFERS, N(DIFFERS), staff ? 122 : 0, 0, 684880000 },
        { 2, NOW - 9 * DAY, "", "", DIFFERS, 1, 0, 0, 0 },
    };
    struct es_view_rules v = { .frame = staff ? frame_console(1) : frame(false),
                               .sheet = &s,
                               .versions = versions,
                               .n_versions = N(versions),
                               .zone = "Europe/Berlin",
                               .back = path("/organise/e/lantern/rules") };
    if (staff)
        es_page_rules_history(o, &v);
    else
        es_page_rules(o, &v);
}

void sample_rules(struct es_out *o)
{
    rules_with(o, false);
}

void sample_rules_history(struct es_out *o)
{
    rules_with(o, true);
}

static void form_with(struct es_out *o, bool bad)
{
    static const struct es_view_choice CHOICES[] = {
        { "none", "Count", true, { NULL } },
        { "picture",
          "Count with a picture; without one a person looks",
          false,
          { NULL } },
        { "person", "A person looks at each", false, { NULL } },
        { "no", "Don't count", false, { NULL } },
    };
    static const struct es_view_sport SPORTS[] = {
        { "sport_running", "Running", true },
        { "sport_any", "Any sport", false },
    };
    struct es_view_sheet s = sheet();
    struct es_view_category categories[] = {
        { "category_name_0",
          "category_km_0",
          { .value = S("10 km") },
          { .value = "10" } },
        { "category_name_1",
          "category_km_1",
          { .value = "" },
          { .value = bad ? "far" : "",
            .error = bad ? "This can't be used as it is." : NULL } },
    };
    struct es_view_rules_form v = {
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/rules"),
        .history = path("/organise/e/lantern/rules/history"),
        .sheet = &s,
        .running = bad,
        .version = 3,
        .by = bad ? S("Ben") : "",
        .differs = DIFFERS,
        .n_differs = bad ? N(DIFFERS) : 0,
        .error = bad ? "Runs are still being judged." : "",
        .opens = { "opens", .date = "2026-08-01", .time = "00:00", .first = "",
                   .last = "" },
        .closes = { "closes", .date = "2026-08-31", .time = "23:59",
                    .error = bad ? "This lies before the beginning." : NULL,
                    .first = "", .last = "" },
        .zone_listed = true,
        .zone = { .value = "Europe/Berlin" },
        .grace_days = { .value = "7" },
        .tolerance = { .value = "1" },
        .run_cap = { .value = bad ? "-1" : "",
                     .error = bad ? "This can't be used as it is." : NULL },
        .day_cap = { .value = "50" },
        .typed_max = { .value = "100" },
        .review_over = { .value = "" },
        .review_pace = { .value = "2:45" },
        .sports_error =
            bad ? "Please choose at least one kind of sport." : NULL,
        .sports = SPORTS,
        .n_sports = N(SPORTS),
        .categories = categories,
        .n_categories = N(categories),
        .windows = CHOICES,
        .counts = CHOICES,
        .times = CHOICES,
        .typed = CHOICES,
        .treadmill = CHOICES,
        .zones = ZONES,
        .n_zones = N(ZONES),
    };
    es_page_rules_form(o, &v);
}

void sample_rules_form(struct es_out *o)
{
    form_with(o, false);
}

void sample_rules_form_errors(struct es_out *o)
{
    form_with(o, true);
}

static void change_with(struct es_out *o, bool judging)
{
    static const struct es_view_moved MOVED[] = {
        { ES_VIEW_ACCEPTED, ES_VIEW_ACCEPTED, 118 },
        { ES_VIEW_ACCEPTED, ES_VIEW_REFUSED, 4 },
    };
    struct es_view_touched first[] = {
        { S("Ada"), 17, path("/r/abc"), ES_VIEW_ACCEPTED, ES_VIEW_REFUSED,
          10240000, 0 },
    };
    struct es_view_change v = {
        .frame = frame_console(1),
        .commit = path("/organise/e/lantern/rules/change"),
        .drop = path("/organise/e/lantern/rules/drop"),
        .edit = path("/organise/e/lantern/rules"),
        .progress = path("/organise/e/lantern/rules/progress"),
        .in_force = judging,
        .ended = !judging,
        .all = 300000,
        .runs = judging ? 123456 : 300000,
        .touched = 122,
        .lost_mm = 684880000,
        .permille = 411,
        .moved = MOVED,
        .n_moved = N(MOVED),
        .first = first,
        .n_first = N(first),
        .differs = DIFFERS,
        .n_differs = N(DIFFERS),
        .version = 3,
        .drafted = "1787638500000",
        .who = S("Ada"),
        .why = { .value = "" },
        .at_ms = NOW,
        .zone = "Europe/Berlin",
    };
    es_page_rules_change(o, &v);
}

void sample_rules_change(struct es_out *o)
{
    change_with(o, false);
}

void sample_rules_judging(struct es_out *o)
{
    change_with(o, true);
}
