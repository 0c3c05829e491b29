/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages of staff, the operator and everybody's sessions. */
#include "samples.h"

#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000;

static struct es_view_frame outside(void)
{
    struct es_view_frame f = frame(false);
    f.title = "";
    f.initiative = f.board = f.join = f.me = NOWHERE;
    return f;
}

void sample_sessions(struct es_out *o)
{
    const struct es_view_session rows[] = {
        { "11", "Firefox, Linux", "by a link", NOW - 3 * HOUR, NOW - HOUR,
          NOW - 3 * HOUR, true },
        { "12", "", "", NOW - 30 * HOUR, NOW - 20 * HOUR, NOW - 30 * HOUR,
          false },
    };
    struct es_view_sessions v = { .frame = frame(true),
                                  .rows = rows,
                                  .n = 2,
                                  .zone = "UTC",
                                  .back = path("/me"),
                                  .end = path("/me/sessions/end"),
                                  .secrets = path("/me/sessions/secrets") };
    es_page_sessions(o, &v);
}

static const struct es_view_invited *invited(void)
{
    static struct es_view_invited one;
    one = (struct es_view_invited){ "31", S("Ben"), "Editor", NOW + 90 * HOUR };
    return &one;
}

struct es_view_frame frame_console(size_t here)
{
    static struct es_view_entry v[5];
    static const char *const LABELS[] = { "Overview", "Colour",
                                          "Picture and video", "Who organises",
                                          "Reports" };
    static const char *const PATHS[] = { "/organise/e/lantern",
                                         "/organise/e/lantern/look",
                                         "/organise/e/lantern/media",
                                         "/organise/e/lantern/staff",
                                         "/organise/e/lantern/reports" };
    struct es_view_frame f = frame(false);
    for (size_t i = 0; i < 5; i++)
        v[i] = (struct es_view_entry){ path(PATHS[i]), LABELS[i], i == here };
    f.review = path("/organise");
    f.console = v;
    f.n_console = 5;
    return f;
}

void sample_console(struct es_out *o)
{
    struct es_view_console v = {
        .frame = frame_console(0),
        .role = "Owner",
        .phase = ES_PHASE_OPEN,
        .opens_ms = NOW - 90 * HOUR,
        .closes_ms = NOW + 900 * HOUR,
        .zone = "Europe/Vienna",
        .total = { .dist_mm = 4210000000, .participants = 120, .runs = 340 },
        .state = "Open: people join, and their runs count.",
        .figures = path("/organise/e/lantern/figures"),
        .stage = path("/organise/e/lantern/stage"),
        .may_close = true,
    };
    es_page_console(o, &v);
}

void sample_console_draft(struct es_out *o)
{
    struct es_view_console v = {
        .frame = frame_console(0),
        .role = "Owner",
        .phase = ES_PHASE_SOON,
        .draft = true,
        .opens_ms = NOW + 90 * HOUR,
        .closes_ms = NOW + 900 * HOUR,
        .zone = "Europe/Vienna",
        .state = "A draft: only those who organise it see it.",
        .figures = path("/organise/e/lantern/figures"),
        .lacks = { { "What it is for", path("/organise/e/lantern/page"), false,
                     true },
                   { "Who holds it", path("/organise/e/lantern/page"), true,
                     true },
                   { "A second language", path("/organise/e/lantern/page"),
                     false, false },
                   { "Who runs this server", NOWHERE, false, false } },
        .n_lacks = 4,
        .n_missing = 1,
        .stage = path("/organise/e/lantern/stage"),
        .may_publish = true,
    };
    es_page_console(o, &v);
}

void sample_staff(struct es_out *o)
{
    const struct es_view_member rows[] = {
        { S("Olga"), "Owner", "21", "2", NOW - 90 * HOUR, true, true },
        { S("عائشہ خان"), "Reviewer", "22", "4", NOW - 80 * HOUR, false,
          false },
    };
    static const struct es_view_choice ROLES[] = {
        { .value = "3", .label = "Editor" },
        { .value = "4", .label = "Reviewer", .chosen = true }
    };
    struct es_view_staff v = {
        .frame = frame_console(3),
        .rows = rows,
        .n = 2,
        .invited = invited(),
        .n_invited = 1,
        .end = path("/organise/e/lantern/staff/end"),
        .invite = path("/organise/e/lantern/staff/invite"),
        .uninvite = path("/organise/e/lantern/staff/uninvite"),
        .name = { "", "Please give a name." },
        .role = { "4", NULL },
        .roles = ROLES,
        .n_roles = 2,
        .link = "https://example.org/invitation/0123456789abcdefghjkmnpqrstv0",
        .link_name = S("Ben"),
    };
    es_page_staff(o, &v);
}

void sample_invitation(struct es_out *o)
{
    struct es_view_invitation v = { .frame = outside(),
                                    .action = path("/invitation/0"),
                                    .role = "Reviewer",
                                    .initiative = S("The Lantern Run"),
                                    .from = S("Olga"),
                                    .as = "",
                                    .name = { S("Ben"), NULL } };
    es_page_invitation(o, &v);
}

void sample_operate(struct es_out *o)
{
    const struct es_view_operated rows[] = {
        { .url = path("/e/lantern"),
          .suspend = path("/operate/e/lantern/suspend"),
          .quota = path("/operate/e/lantern/quota"),
          .staff = path("/organise/e/lantern/staff"),
          .adopt = path("/operate/e/lantern/adopt"),
          .id = "1",
          .title = S("The Lantern Run"),
          .lang = "en",
          .holder = S("Friends of Reading"),
          .phase = ES_PHASE_OPEN,
          .owners = "",
          .why = "",
          .people = 120,
          .people_max = { "500", NULL },
          .pause = { "", NULL } },
        { .url = path("/e/other"),
          .resume = path("/operate/e/other/resume"),
          .quota = path("/operate/e/other/quota"),
          .staff = path("/organise/e/other/staff"),
          .id = "2",
          .title = S("Another Run"),
          .lang = "en",
          .holder = S("Friends of Reading"),
          .owners = S("Olga"),
          .why = S("Somebody complained; we look into it."),
          .suspended = true,
          .people_max = { S("many"), S("Please check this.") },
          .pause = { "", NULL } },
    };
    const struct es_view_account accounts[] = {
        { path("/operate/accounts/21/allow"),
          path("/operate/accounts/21/end"),
          "21",
          S("Olga"),
          "Operator, Owner",
          10,
          NOW - 90 * HOUR,
          true,
          true,
          { .value = "10" } },
        { path("/operate/accounts/22/allow"),
          path("/operate/accounts/22/end"),
          "22",
          S("عائشہ خان"),
          "Reviewer",
          0,
          NOW - 80 * HOUR,
          false,
          false,
          { .value = "0" } },
    };
    const struct es_view_decision decisions[] = {
        { "paused an initiative", S("The Lantern Run"), "",
          S("Somebody complained."), S("Olga"), NOW - HOUR },
    };
    struct es_view_operate v = { .frame = outside(),
                                 .initiatives = rows,
                                 .n_initiatives = 2,
                                 .accounts = accounts,
                                 .n_accounts = 2,
                                 .invited = invited(),
                                 .n_invited = 1,
                                 .decisions = decisions,
                                 .n_decisions = 1,
                                 .invite = path("/operate/invite"),
                                 .uninvite = path("/operate/uninvite"),
                                 .reports = path("/operate/reports"),
                                 .log = path("/operate/decisions"),
                                 .name = { "", NULL },
                                 .texts = { { "", NULL }, { "", NULL } },
                                 .link = "",
                                 .link_name = "",
                                 .error = "" };
    es_page_operate(o, &v);
}

void sample_imprint(struct es_out *o)
{
    struct es_view_imprint v = { outside(),
                                 S("Friends of Reading\n\nmail@example.org") };
    es_page_imprint(o, &v);
}
