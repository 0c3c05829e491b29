/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which runs are reviewed. */
#include "samples.h"

#include "web/charts.h"
#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000;

static const struct es_view_waiting *waiting(size_t *n)
{
    static struct es_view_waiting v[3];
    v[0] = (struct es_view_waiting){ path("/organise/e/lantern/review/7"),
                                     S("عائشہ خان"),
                                     48,
                                     "Appeals",
                                     "Copy of another's run",
                                     "",
                                     "running",
                                     NOW - 50 * HOUR,
                                     10120000,
                                     3290000 };
    v[1] = (struct es_view_waiting){ path("/organise/e/lantern/review/8"),
                                     S("Sigríður Þórhallsdóttir"),
                                     1204,
                                     "Answers",
                                     "Typed in and long",
                                     S("Olga"),
                                     "walking",
                                     NOW - 3 * HOUR,
                                     120000000,
                                     48000000 };
    v[2] = v[1];
    v[2].claimed = "";
    *n = 3;
    return v;
}

static void sample_queue_with(struct es_out *o, bool empty)
{
    const struct es_view_tab tabs[] = {
        { "All that wait for you", path("/organise/e/lantern/review"), 12,
          true },
        { "Appeals", path("/organise/e/lantern/review?why=2"), 1, false },
        { "Answers", path("/organise/e/lantern/review?why=3"), 2, false },
    };
    const struct es_view_tab codes[] = {
        { "Copy of another's run", path("/organise/e/lantern/review?for=copy"),
          4, false },
        { "Typed in and long",
          path("/organise/e/lantern/review?for=typed_long"), 8, !empty },
    };
    struct es_view_queue v = {
        .frame = frame_console(1),
        .zone = "UTC",
        .tabs = tabs,
        .n_tabs = N(tabs),
        .codes = codes,
        .n_codes = N(codes),
        .bib = { empty ? S("9999") : "",
                 empty ? "Nobody has this number." : NULL },
        .self = path("/organise/e/lantern/review"),
        .log = path("/organise/e/lantern/log"),
    };
    if (!empty) {
        v.rows = waiting(&v.n);
        v.begin = path("/organise/e/lantern/review/7");
        v.first = path("/organise/e/lantern/review");
        v.next = path("/organise/e/lantern/review?why=0");
        v.bulk = path("/organise/e/lantern/review/all/typed_long");
        v.n_bulk = 8;
    }
    es_page_queue(o, &v);
}

void sample_queue(struct es_out *o)
{
    sample_queue_with(o, false);
}

void sample_queue_empty(struct es_out *o)
{
    sample_queue_with(o, true);
}

static const struct es_view_step *steps(size_t *n)
{
    static struct es_view_step v[4];
    v[0] = (struct es_view_step){ "It came in. A person looks at it.",
                                  "",
                                  "",
                                  "",
                                  NOW - 50 * HOUR,
                                  ES_MOOD_WAIT };
    v[1] = (struct es_view_step){ "Refused: it doesn't count.",
                                  S("Olga · Reviewer"),
                                  "Somebody else ran it",
                                  S("It is Ben's, to the second."),
                                  NOW - 40 * HOUR,
                                  ES_MOOD_BAD };
    v[2] = (struct es_view_step){
        "Another look was asked for.", S("عائشہ خان"),  "",
        S("ہم ساتھ دوڑے تھے۔"),        NOW - 30 * HOUR, ES_MOOD_WAIT
    };
    v[3] = (struct es_view_step){ "After another look: it counts.",
                                  S("Clara · Owner"),
                                  "",
                                  "",
                                  NOW - 20 * HOUR,
                                  ES_MOOD_GOOD };
    *n = 4;
    return v;
}

/* A loop, and the same a little off. */
static const struct es_view_spot *loop(int32_t off)
{
    static struct es_view_spot v[2][5];
    struct es_view_spot *p = v[off > 0];
    p[0] = (struct es_view_spot){ 0 + off, 500, true };
    p[1] = (struct es_view_spot){ 300, 0 + off, false };
    p[2] = (struct es_view_spot){ 1000 - off, 400, false };
    p[3] = (struct es_view_spot){ 600, 700 - off, false };
    p[4] = (struct es_view_spot){ 20 + off, 520, false };
    return p;
}

void sample_weigh(struct es_out *o)
{
    static const struct es_view_choice REASONS[] = {
        { .value = "not_on_foot", .label = "It wasn't run or walked" },
        { .value = "other", .label = "Another reason", .chosen = true },
    };
    const struct es_view_mark marks[] = { { 200, 0, 380, 1 },
                                          { 700, 0, 705, 2 } };
    const struct es_view_mark spots[] = { { 300, 0, 0, 1 },
                                          { 600, 700, 0, 2 } };
    struct es_view_dot dots[] = {
        { .url = path("/organise/e/lantern/review/7"),
          .started_ms = NOW - 50 * HOUR,
          .dist_mm = 10120000,
          .time_ms = 1990000,
          .status = ES_VIEW_IN_REVIEW,
          .here = true },
        { .url = path("/organise/e/lantern/review/5"),
          .started_ms = NOW - 99 * HOUR,
          .dist_mm = 8020000,
          .time_ms = 3190000,
          .status = ES_VIEW_ACCEPTED },
        { .url = path("/organise/e/lantern/review/4"),
          .started_ms = ES_NO_TIME,
          .dist_mm = 5020000,
          .time_ms = 2190000,
          .status = ES_VIEW_REFUSED },
    };
    struct es_view_map map = { loop(0), 5,       loop(12), 0, 1000,
                               700,     2400000, spots,    2 };
    struct es_view_twin twin = { .name = S("Ben"),
                                 .bib = 12,
                                 .url = path("/organise/e/lantern/review/3"),
                                 .run = run(ES_VIEW_ACCEPTED),
                                 .map = map };
    twin.map.n_other = 5;
    twin.map.n_marks = 0;
    struct es_view_reviewing v = {
        .frame = frame_console(1),
        .zone = "UTC",
        .name = S("عائشہ خان"),
        .team = "",
        .country = "PK",
        .bib = 48,
        .person = path("/organise/e/lantern/review?bib=48"),
        .run = run(ES_VIEW_IN_REVIEW),
        .why = "Appeals",
        .claimed = S("Clara"),
        .met = S("Clara was there before you: Accepted: it counts."),
        .since_ms = NOW - 30 * HOUR,
        .map = map,
        .no_map = "",
        .marks = marks,
        .n_marks = 2,
        .twins = &twin,
        .n_twins = 1,
        .seen = "3",
        .accept = path("/organise/e/lantern/review/7/accept"),
        .refuse = path("/organise/e/lantern/review/7/refuse"),
        .ask = path("/organise/e/lantern/review/7/ask"),
        .reasons = REASONS,
        .n_reasons = N(REASONS),
        .refuse_words = { S("Because"), "Please write something." },
        .ask_words = { "", NULL },
        .reason = { "other", NULL },
        .queue = path("/organise/e/lantern/review"),
        .next = path("/organise/e/lantern/review/8"),
        .previous = path("/organise/e/lantern/review/6"),
    };
    v.others.sport = "running";
    es_chart_place(&v.others, dots, N(dots), 1000000);
    v.steps = steps(&v.n_steps);
    es_page_weigh(o, &v);
}

void sample_weigh_alone(struct es_out *o)
{
    struct es_view_reviewing v = {
        .frame = frame_console(1),
        .zone = "UTC",
        .name = S("Ada"),
        .team = "",
        .country = "",
        .bib = 1,
        .run = run(ES_VIEW_IN_REVIEW),
        .why = "Appeals",
        .claimed = "",
        .met = "",
        .no_map = "Typed in: there is no way to draw.",
        .block = ES_BLOCK_ALONE,
        .staff = path("/organise/e/lantern/staff"),
        .seen = "3",
        .reason = { "", NULL },
        .refuse_words = { "", NULL },
        .ask_words = { "", NULL },
        .queue = path("/organise/e/lantern/review"),
        .others = { .sport = "running" },
    };
    v.steps = steps(&v.n_steps);
    es_page_weigh(o, &v);
}

void sample_bulk(struct es_out *o)
{
    struct es_view_bulk v = {
        .frame = frame_console(1),
        .zone = "UTC",
        .label = "Typed in and long",
        .action = path("/organise/e/lantern/review/all/typed_long"),
        .back = path("/organise/e/lantern/review"),
        .until = "77",
        .all = 40,
    };
    v.rows = waiting(&v.n);
    es_page_bulk(o, &v);
}

void sample_step_log(struct es_out *o)
{
    static const struct es_view_choice WHATS[] = {
        { .value = "4", .label = "Refused: it doesn't count.", .chosen = true }
    };
    const struct es_view_choice whos[] = { { .value = "21",
                                             .label = S("Olga") } };
    size_t n;
    const struct es_view_step *all = steps(&n);
    struct es_view_log_row rows[4];
    for (size_t i = 0; i < n; i++)
        rows[i] =
            (struct es_view_log_row){ all[i],
                                      path("/organise/e/lantern/review/7"),
                                      S("عائشہ خان"), (int64_t)(9 - i), 48 };
    struct es_view_steps v = {
        .frame = frame_console(1),
        .zone = "UTC",
        .whats = WHATS,
        .n_whats = 1,
        .whos = whos,
        .n_whos = 1,
        .bib = { "48", NULL },
        .self = path("/organise/e/lantern/log"),
        .older = path("/organise/e/lantern/log?before=1"),
        .csv = path("/organise/e/lantern/log.csv"),
        .json = path("/organise/e/lantern/log.jsonl"),
        .rows = rows,
        .n = n,
        .last = 9,
        .fingerprint =
            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    };
    es_page_steps(o, &v);
}

/* One's own run after a refusal, and one that is asked about. */
void sample_receipt_refused(struct es_out *o)
{
    struct es_view_receipt row = { .file_name = S("morning.fit"),
                                   .error_at = ES_NO_FIGURE,
                                   .run = run(ES_VIEW_REFUSED),
                                   .appeal = path("/me/runs/1/appeal"),
                                   .words = { S("I ran it"), "Too long." },
                                   .by_staff = true };
    struct es_view_receipts v = {
        .frame = frame(true), .zone = "UTC", .rows = &row, .n = 1
    };
    row.steps = steps(&row.n_steps);
    es_page_receipts(o, &v);
}

void sample_receipt_asked(struct es_out *o)
{
    struct es_view_receipt row = { .file_name = S("morning.fit"),
                                   .error_at = ES_NO_FIGURE,
                                   .run = run(ES_VIEW_IN_REVIEW),
                                   .answer = path("/me/runs/1/answer"),
                                   .words = { "", NULL } };
    struct es_view_receipts v = {
        .frame = frame(true), .zone = "UTC", .rows = &row, .n = 1
    };
    row.steps = steps(&row.n_steps);
    es_page_receipts(o, &v);
}
