/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which something is reported and decided. */
#include "samples.h"

#include "web/pages.h"

static const int64_t AT = 1787638500000; /* 2026-08-25T06:15:00Z */

static struct es_view_frame frame_staff(void)
{
    struct es_view_frame f = frame(false);
    f.title = "";
    f.initiative = f.board = f.join = NOWHERE;
    f.review = path("/organise");
    return f;
}

static void report_with(struct es_out *o, bool own, bool wrong)
{
    const struct es_view_choice things[] = {
        { "text", S("What the initiative says"), true, { NULL } },
        { "picture-1", "The picture", false, { NULL } },
        { "statement", "The launch message", false, { NULL } },
    };
    const struct es_view_choice wrongs[] = {
        { "identity", "This isn't who they say they are", false, { NULL } },
        { "insulting", "It insults or threatens somebody", true, { NULL } },
        { "private", "It tells something private", false, { NULL } },
        { "child", "It is about a child", false, { NULL } },
        { "other", "Something else", false, { NULL } },
    };
    struct es_view_report v = {
        .frame = frame(false),
        .action = path("/e/lantern/report"),
        .things = things,
        .n_things = own ? N(things) : 1,
        .wrongs = wrongs,
        .n_wrongs = N(wrongs),
        .wrong_error = wrong ? S("Please choose.") : NULL,
        .words = { wrong ? S("Look at it") : "", wrong ? S("Too long") : NULL },
        .mail = { wrong ? S("no@") : "", wrong ? S("No address.") : NULL },
        .mails = !wrong,
    };
    es_page_report(o, &v);
}

void sample_report(struct es_out *o)
{
    report_with(o, false, false);
}

void sample_report_errors(struct es_out *o)
{
    report_with(o, true, true);
}

void sample_reported(struct es_out *o)
{
    struct es_view_reported v = { .frame = frame_staff(),
                                  .number = "84021034852098120",
                                  .what = "A person's name",
                                  .decided = "",
                                  .why = "",
                                  .sent = true,
                                  .at_ms = AT };
    es_page_reported(o, &v);
}

void sample_reported_decided(struct es_out *o)
{
    struct es_view_reported v = { .frame = frame_staff(),
                                  .number = "84021034852098120",
                                  .what = "A person's name",
                                  .decided = "The name is hidden.",
                                  .why = S("It named a neighbour."),
                                  .at_ms = AT,
                                  .decided_ms = AT + 86400000 };
    es_page_reported(o, &v);
}

void sample_reports(struct es_out *o)
{
    const struct es_view_choice states[] = {
        { "open", "Waiting", true, path("/operate/reports?state=open") },
        { "kept", "Left as it was", false,
          path("/operate/reports?state=kept") },
        { "acted", "Acted on", false, path("/operate/reports?state=acted") },
    };
    const struct es_view_choice acts[] = {
        { "keep", "Leave it as it is", false, { NULL } },
        { "hide", "Hide the name: the bib stands instead", true, { NULL } },
        { "pause", "Pause the whole initiative", false, { NULL } },
    };
    const struct es_view_complaint rows[] = {
        { .number = "84021034852098120",
          .what = "A person's name",
          .wrong = "It insults or threatens somebody",
          .words = S("It is about my neighbour."),
          .mail = S("rosa@example.org"),
          .mailed = "They were told by mail.",
          .shown = S("Grumpy Neighbour"),
          .now = S("Grumpy Neighbour"),
          .initiative = S("The Lantern Run"),
          .lang = "en",
          .url = path("/e/lantern/people/12"),
          .decide = path("/organise/e/lantern/reports/84021034852098120"),
          .acts = acts,
          .n_acts = N(acts),
          .why = { S("Because"), S("Please give a reason.") },
          .decided = "",
          .decided_why = "",
          .at_ms = AT },
        { .number = "84021034852098121",
          .what = "A team's name",
          .wrong = "Something else",
          .words = "",
          .mail = "",
          .mailed = "",
          .shown = S("Lamp Lighters"),
          .now = "",
          .initiative = S("The Lantern Run"),
          .lang = "en",
          .why = { "", NULL },
          .decided = "It stays as it is.",
          .decided_why = S("A team may be called so."),
          .at_ms = AT },
    };
    struct es_view_complaints v = { .frame = frame_staff(),
                                    .states = states,
                                    .n_states = N(states),
                                    .rows = rows,
                                    .n = N(rows),
                                    .older = path("/operate/reports?before=1"),
                                    .log = path("/operate/decisions") };
    es_page_reports(o, &v);
}

void sample_reports_none(struct es_out *o)
{
    struct es_view_complaints v = { .frame = frame_staff() };
    es_page_reports(o, &v);
}

void sample_log(struct es_out *o)
{
    const struct es_view_noted rows[] = {
        { .what = "The name is hidden.",
          .about = S("Grumpy Neighbour"),
          .why = S("It named a neighbour."),
          .who = S("Olga"),
          .where = S("The Lantern Run"),
          .at_ms = AT },
        { .what = "changed who runs this server",
          .about = "",
          .why = "",
          .who = "",
          .where = "",
          .at_ms = AT },
    };
    struct es_view_log v = { .frame = frame_staff(),
                             .rows = rows,
                             .n = N(rows),
                             .older = path("/operate/decisions?before=1"),
                             .file = path("/operate/decisions.json"),
                             .table = path("/operate/decisions.csv"),
                             .back = path("/operate/reports") };
    es_page_log(o, &v);
}
