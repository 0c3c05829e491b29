/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of a runner's own page, and of the receipts of runs. */
#include "samples.h"
#include "web/charts.h"
#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000;

static void me_with(struct es_out *o, bool full)
{
    struct es_view_run runs[] = { run(ES_VIEW_ACCEPTED), run(ES_VIEW_IN_REVIEW),
                                  run(ES_VIEW_REFUSED),
                                  run(ES_VIEW_WITHDRAWN) };
    struct es_view_me v = {
        .frame = frame(true),
        .name = S("Ülkü Şahin"),
        .team = full ? S("Lamp Lighters") : "",
        .bib = 79,
        .taken = full ? "#79" : "",
        .taken_why = full ? S("It named a neighbour.") : "",
        .contact = full ? S("hello@lantern.example") : "",
        .taken_ms = NOW,
        .phase = full ? ES_PHASE_OPEN : ES_PHASE_SOON,
        .opens_ms = NOW + 99 * HOUR,
        .dist_mm = full ? 160000000 : 0,
        .time_ms = full ? 57 * HOUR : 0,
        .n_accepted = full ? 19 : 0,
        .rank = full ? 2 : 0,
        .add = { .upload = path("/me/runs"),
                 .typed = path("/me/typed"),
                 .zone = "UTC",
                 .files = { "", full ? NULL : "Please choose a file first." },
                 .date = { "2026-08-25", NULL },
                 .time = { S("06:30"), NULL },
                 .distance = { S("-1"), full ? NULL : S("More than 0.") },
                 .duration = { S("0:52:30"), NULL },
                 .sport = { "walking", NULL },
                 .note = { S("A note"), NULL },
                 .typed_open = !full },
        .runs = runs,
        .n_runs = full ? N(runs) : 0,
        .older = full ? path("/me?before=1") : NOWHERE,
        .sign_out = path("/sign-out"),
    };
    struct es_arena a;
    struct es_chart_day_run days[9];
    struct es_view_near near[6];
    struct es_view_standing *rows = standings(&v.n_near);
    for (size_t i = 0; i < N(near); i++)
        near[i].s = rows[i];
    for (size_t i = 0; i < N(days); i++)
        days[i] = (struct es_chart_day_run){
            NOW - (int64_t)(i * i) * 9 * HOUR,
            3000000 + (int64_t)(i * i % 5) * 1000000,
        };
    es_chart_gaps(near, N(near), 2);
    es_arena_init(&a, 1 << 20);
    v.near = near;
    v.n_near = full ? v.n_near : 0;
    v.next = full ? &near[1] : NULL;
    v.days = es_chart_days(days, full ? N(days) : 0, NOW - 720 * HOUR,
                           NOW + 24 * HOUR, "UTC", 1000000, &a);
    es_page_me(o, &v);
    es_arena_release(&a);
}

void sample_me(struct es_out *o)
{
    me_with(o, true);
}

void sample_me_new(struct es_out *o)
{
    me_with(o, false);
}

void sample_receipt(struct es_out *o)
{
    struct es_view_receipt r = { .file_name = S("morning run.fit"),
                                 .error_at = ES_NO_FIGURE,
                                 .run = run(ES_VIEW_ACCEPTED),
                                 .withdraw = path("/me/runs/1/withdraw"),
                                 .route = path("/me/runs/1/route") };
    struct es_view_receipts v = {
        frame(true), "UTC",     &r,
        1,           165340120, share("/r/7k2m9p4xq1", "/r/7k2m9p4xq1/card.png")
    };
    es_page_receipts(o, &v);
}

void sample_receipts(struct es_out *o)
{
    struct es_view_activity activities[] = {
        { 0, S("a.gpx"), "running", NOW - 9 * HOUR, 5340120, 1771000 },
        { 1, "", "cycling", ES_NO_TIME, 25340120, ES_NO_FIGURE },
    };
    struct es_view_receipt rows[] = {
        { .file_name = S("in review.gpx"),
          .error_at = ES_NO_FIGURE,
          .run = run(ES_VIEW_IN_REVIEW),
          .withdraw = path("/me/runs/1/withdraw") },
        { .file_name = S("old.gpx"),
          .error_at = ES_NO_FIGURE,
          .repeated = true,
          .run = run(ES_VIEW_REFUSED),
          .appeal = path("/me/runs/1/appeal") },
        { .file_name = S("broken.fit"),
          .error = S("The file ends too early."),
          .error_at = 48211 },
        { .file_name = S("week.zip"),
          .error_at = ES_NO_FIGURE,
          .activities = activities,
          .n_activities = N(activities),
          .choose = path("/me/runs") },
    };
    rows[1].run.code = "second";
    struct es_view_receipts v = {
        .frame = frame(true), .zone = "UTC", .rows = rows, .n = N(rows)
    };
    es_page_receipts(o, &v);
}
