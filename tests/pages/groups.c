/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages about classes and clubs. */
#include "samples.h"
#include "web/pages.h"

static const struct es_view_choice LANGS[] = {
    { .value = "en", .label = "English", .chosen = true },
    { .value = "ur", .label = "\u0627\u0631\u062f\u0648" },
};

void sample_groups(struct es_out *o)
{
    const struct es_view_group_row rows[] = {
        { path("/organise/e/lantern/groups/1"), S("Class 7b"), 28, 1 },
    };
    struct es_view_groups v = {
        .frame = frame(true),
        .self = path("/organise/e/lantern/groups"),
        .sample = path("/organise/e/lantern/groups/list.csv"),
        .people = path("/organise/e/lantern/people"),
        .first = path("/organise/e/lantern/groups"),
        .next = path("/organise/e/lantern/groups?before=1"),
        .n_errors = 2,
        .name = { S("Class 7c"), "Somebody here has this name." },
        .csv = { "", "Please choose a file first." },
        .pasted = { S("Ada\nBen"), NULL },
        .as_team = true,
        .school = true,
        .consent_age = 16,
        .visibility = "initials",
        .langs = LANGS,
        .n_langs = N(LANGS),
        .rows = rows,
        .n = N(rows),
        .zone = "UTC",
    };
    es_page_groups(o, &v);
}

void sample_group_preview(struct es_out *o)
{
    static const char *const UNUSED[] = { "Notes" };
    const struct es_view_group_line wrong[] = {
        { 12, S("Cem"), { "Please choose a country from the list." }, 1 },
        { 40, "", { S("Please give a name to show."), "Too long." }, 2 },
    };
    const struct es_view_group_line good[] = {
        { 2, S("Ada Lovelace"), { S("1990"), "GB" }, 2 },
    };
    struct es_view_group_preview v = {
        .frame = frame(true),
        .action = path("/organise/e/lantern/groups/preview/1"),
        .wrong_csv = path("/organise/e/lantern/groups/preview/1/wrong.csv"),
        .back = path("/organise/e/lantern/groups"),
        .name = S("Class 7b"),
        .good = 9963,
        .there = 3,
        .wrong = 37,
        .places = 500,
        .waiting = true,
        .as_team = true,
        .school = true,
        .lines = wrong,
        .n_lines = N(wrong),
        .sample = good,
        .n_sample = N(good),
        .unused = UNUSED,
        .n_unused = N(UNUSED),
    };
    es_page_group_preview(o, &v);
}

void sample_group(struct es_out *o)
{
    const struct es_view_found rows[] = {
        { .url = path("/organise/e/lantern/people/7"),
          .name = S("Ada Lovelace"),
          .state = "waits for a place",
          .bib = 7 },
    };
    struct es_view_group v = {
        .frame = frame(true),
        .links = path("/organise/e/lantern/groups/1/links"),
        .links_csv = path("/organise/e/lantern/groups/1/links.csv"),
        .back = path("/organise/e/lantern/groups"),
        .next = path("/organise/e/lantern/groups/1?after=7"),
        .first = path("/organise/e/lantern/groups/1"),
        .team = path("/e/lantern/teams/7"),
        .wrong_csv = path("/organise/e/lantern/groups/preview/1/wrong.csv"),
        .name = S("Class 7b"),
        .people = 28,
        .done = true,
        .in = 25,
        .waits = 1,
        .there = 2,
        .full = 3,
        .wrong = 4,
        .rows = rows,
        .n = N(rows),
    };
    es_page_group(o, &v);
}

void sample_group_links(struct es_out *o)
{
    const struct es_view_slip slips[] = {
        { S("Ada Lovelace"), "https://run.example/p/0123", 7, { 0, NULL } },
        { S("\u0632\u06c1\u0631\u0627"), "", 8, { 0, NULL } },
    };
    struct es_view_group_links v = {
        .frame = frame(true),
        .action = path("/organise/e/lantern/groups/1/links"),
        .back = path("/organise/e/lantern/groups/1"),
        .name = S("Class 7b"),
        .title = S("The Lantern Run"),
        .after = "8",
        .slips = slips,
        .n = N(slips),
    };
    es_page_group_links(o, &v);
}

static void guardian_with(struct es_out *o, enum es_view_answer answer)
{
    struct es_view_guardian v = {
        .frame = frame(false),
        .action = path("/guardian/4d-63-0123"),
        .about = path("/e/lantern"),
        .title = S("The Lantern Run"),
        .bib = 12,
        .answer = answer,
    };
    es_page_guardian(o, &v);
}

void sample_guardian(struct es_out *o)
{
    guardian_with(o, ES_VIEW_GUARDIAN_ASKED);
}

void sample_guardian_agreed(struct es_out *o)
{
    guardian_with(o, ES_VIEW_GUARDIAN_AGREED);
}

void sample_guardian_refused(struct es_out *o)
{
    guardian_with(o, ES_VIEW_GUARDIAN_REFUSED);
}
