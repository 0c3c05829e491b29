/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages about registration for an event. */
#include "samples.h"
#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000, DAY = 86400000;

static const char TITLE_UR[] = "\u06cc\u0627\u062f\u06af\u0627\u0631\u06cc";

static struct es_view_event_row row(enum es_occasion_when when)
{
    return (struct es_view_event_row){
        .url = path("/e/lantern/programme/1"),
        .title = { S("Light and letters"), "en", "" },
        .kind = "Seminar",
        .place = S("Great Hall, Harbour School"),
        .when = when,
        .starts_ms = NOW + 5 * DAY,
        .ends_ms = NOW + 5 * DAY + 3 * HOUR,
        .one_day = true,
        .zone = "Europe/Istanbul",
    };
}

static size_t choices(struct es_view_choice out[ES_TICKET_CHOICES])
{
    out[0] = (struct es_view_choice){ .value = "1", .label = "Student" };
    out[1] = (struct es_view_choice){ .value = "2",
                                      .label = "Expert",
                                      .chosen = true };
    out[2] = (struct es_view_choice){ .value = "16", .label = S("Diplomat") };
    return 3;
}

static struct es_view_register reg(void)
{
    struct es_view_register v = {
        .frame = frame(false),
        .row = row(ES_OCCASION_AHEAD),
        .action = path("/e/lantern/programme/1/register"),
        .once = "0123456789abcdef",
        .left = 3,
        .closes_ms = NOW + 4 * DAY,
        .keep_until_ms = NOW + 95 * DAY,
        .name = { .value = S("Ada") },
        .mail = { .value = "ada@run.example" },
        .keep = { .value = "1" },
    };
    v.n_choices = choices(v.choices);
    return v;
}

void sample_register(struct es_out *o)
{
    struct es_view_register v = reg();
    es_page_register(o, &v);
}

void sample_register_errors(struct es_out *o)
{
    struct es_view_register v = reg();
    v.row.title = (struct es_view_said){ S(TITLE_UR), "ur", "rtl" };
    v.waits = true;
    v.n_errors = 4;
    v.keep.value = "";
    v.name.error = v.mail.error = v.keep.error = v.affiliation_error =
        "What is wrong.";
    es_page_register(o, &v);
}

static struct es_view_ticket ticket(int32_t state)
{
    return (struct es_view_ticket){
        .frame = frame(false),
        .row = row(ES_OCCASION_AHEAD),
        .action = path("/ticket/1-2-0123456789abcdef0123456789abcdef"),
        .name = S("Ada"),
        .affiliation = S("Student"),
        .code = "k7qm2-d9x1h",
        .qr = { 29, "M4 4h7v1h-7z" },
        .state = state,
        .in_line = 12,
        .keep_until_ms = NOW + 95 * DAY,
        .may_give_back = true,
        .link = "https://run.example/ticket/1-2-0123456789abcdef",
        .place = S("Great Hall, Harbour School"),
        .address = S("1 Pier Road"),
        .ics = path("/e/lantern/programme/1/event.ics"),
        .online = { "https://elsewhere.example/a" },
        .online_host = "elsewhere.example",
    };
}

void sample_ticket(struct es_out *o)
{
    struct es_view_ticket v = ticket(ES_TICKET_PLACED);
    es_page_ticket(o, &v);
}

void sample_ticket_came(struct es_out *o)
{
    struct es_view_ticket v = ticket(ES_TICKET_PLACED);
    v.row.when = ES_OCCASION_OVER;
    v.came_ms = NOW;
    v.may_give_back = false;
    es_page_ticket(o, &v);
}

void sample_ticket_waits(struct es_out *o)
{
    struct es_view_ticket v = ticket(ES_TICKET_WAITS);
    v.row.when = ES_OCCASION_CALLED_OFF;
    v.row.title = (struct es_view_said){ S(TITLE_UR), "ur", "rtl" };
    v.online = NOWHERE;
    es_page_ticket(o, &v);
}

void sample_ticket_back(struct es_out *o)
{
    struct es_view_ticket v = ticket(ES_TICKET_BACK);
    v.name = v.affiliation = v.place = "";
    v.online = NOWHERE;
    v.may_give_back = false;
    es_page_ticket(o, &v);
}

/* ---- the console's ---- */

static struct es_view_event_head head(size_t here)
{
    static const char *const TABS[] = { "What, when, where",
                                        "Who, and order of the day",
                                        "Video and recording", "Registration",
                                        "Who comes" };
    struct es_view_event_head h = {
        .title = S("Light and letters"),
        .lang = "en",
        .state = "Published: everybody sees it.",
        .page = path("/e/lantern/programme/1"),
        .change = path("/organise/e/lantern/programme/1/state"),
        .published = true,
    };
    for (; h.n_tabs < N(TABS); h.n_tabs++)
        h.tabs[h.n_tabs] =
            (struct es_view_event_tab){ path("/organise/e/lantern/programme/1"),
                                        TABS[h.n_tabs], h.n_tabs == here };
    return h;
}

static struct es_view_ticketing ticketing(void)
{
    static const char *const NAMES[] = { "Student", "Scientist", "Expert",
                                         "Guest", "Press" };
    static const char *const IDS[] = { "1", "2", "3", "4", "5" };
    struct es_view_ticketing v = {
        .frame = frame_console(8),
        .head = head(3),
        .action = path("/organise/e/lantern/programme/1/registration"),
        .form = path("/e/lantern/programme/1/register"),
        .tickets = path("/organise/e/lantern/programme/1/tickets"),
        .was = "0123456789ab",
        .zone = "Europe/Istanbul",
        .kept = true,
        .open = { .value = "1" },
        .places = { .value = "120" },
        .waiting = { .value = "1" },
        .closes = { .value = "" },
        .keep_days = { .value = "90" },
        .choices = { .value = "" },
        .closes_date = "2026-08-29",
        .closes_time = "18:00",
        .own = S("Diplomat"),
        .placed = 118,
        .waits = 3,
    };
    for (size_t i = 0; i < N(NAMES); i++)
        v.built_in[i] = (struct es_view_choice){ .value = IDS[i],
                                                 .label = NAMES[i],
                                                 .chosen = i < 3 };
    return v;
}

void sample_event_registration(struct es_out *o)
{
    struct es_view_ticketing v = ticketing();
    es_page_event_registration(o, &v);
}

/* Everything wrong, and somebody else wrote everywhere. */
void sample_event_registration_both(struct es_out *o)
{
    struct es_view_ticketing v = ticketing();
    struct es_view_edited *const FIELDS[] = { &v.open,      &v.places,
                                              &v.waiting,   &v.closes,
                                              &v.keep_days, &v.choices };
    v.n_errors = 2;
    v.closes_error = "What is wrong.";
    for (size_t i = 0; i < N(FIELDS); i++) {
        FIELDS[i]->error = "What is wrong.";
        FIELDS[i]->theirs = i ? S("What somebody else wrote.") : "";
    }
    es_page_event_registration(o, &v);
}

static struct es_view_tickets tickets(void)
{
    static struct es_view_ticket_row rows[3];
    static const char *const SHOWN[] = { "All who come", "Waiting list",
                                         "Who came", "Who hasn't come",
                                         "Given back" };
    rows[0] =
        (struct es_view_ticket_row){ "7",          S("Ada"),  "ada@run.example",
                                     S("Student"), "",        "k7qm2-d9x1h",
                                     NOW,          NOW + DAY, false };
    rows[1] = (struct es_view_ticket_row){
        "8",           S("Grace"), "", "Expert", "waits for a place",
        "k7qm2-d9x1h", NOW,        0,  false
    };
    rows[2] = (struct es_view_ticket_row){
        "9", "", "", "Expert", "given back", "k7qm2-d9x1h", NOW, 0, true
    };
    struct es_view_tickets v = {
        .frame = frame_console(8),
        .head = head(4),
        .row = row(ES_OCCASION_AHEAD),
        .self = path("/organise/e/lantern/programme/1/tickets"),
        .csv = path("/organise/e/lantern/programme/1/tickets.csv"),
        .print = path("/organise/e/lantern/programme/1/tickets/print"),
        .first = path("/organise/e/lantern/programme/1/tickets"),
        .next = path("/organise/e/lantern/programme/1/tickets?after=9"),
        .set_up = path("/organise/e/lantern/programme/1/registration"),
        .asked = "",
        .totals = { .groups = { { "Student", 80, 3, 1, 60 },
                                { S("Diplomat"), 0, 0, 0, 0 } },
                    .n = 2,
                    .all = { "All together", 80, 3, 1, 60 },
                    .most = 80 },
        .rows = rows,
        .n = N(rows),
        .zone = "Europe/Istanbul",
        .ready = true,
        .n_errors = 1,
        .name = { .value = "", .error = "What is wrong." },
        .link = path("/ticket/1-2-0123456789abcdef0123456789abcdef"),
    };
    for (; v.n_shown < N(SHOWN); v.n_shown++)
        v.shown[v.n_shown] = (struct es_view_choice){
            .value = "",
            .label = SHOWN[v.n_shown],
            .chosen = v.n_shown == 0,
            .url = path("/organise/e/lantern/programme/1/tickets")
        };
    v.n_choices = choices(v.choices);
    return v;
}

void sample_tickets(struct es_out *o)
{
    struct es_view_tickets v = tickets();
    es_page_tickets(o, &v);
}

void sample_tickets_none(struct es_out *o)
{
    struct es_view_tickets v = tickets();
    v.n = v.n_errors = 0;
    v.asked = S("Ada");
    v.link = v.first = v.next = NOWHERE;
    es_page_tickets(o, &v);
}

void sample_tickets_not_ready(struct es_out *o)
{
    struct es_view_tickets v = tickets();
    v.ready = false;
    v.link = NOWHERE;
    es_page_tickets(o, &v);
}

/* ---- at the door ---- */

static struct es_view_check_in check_in(enum es_view_at_door said)
{
    static struct es_view_door doors[] = { { "Main entrance", 60, 58, 0 },
                                           { "Garden", 2, 2, 0 } };
    static struct es_view_ticket_row rows[2];
    doors[0].name = S("Main entrance");
    doors[0].seen_ms = doors[1].seen_ms = NOW;
    rows[0] = (struct es_view_ticket_row){ "7", S("Ada"), "", S("Student"), "",
                                           "",  NOW,      0,  false };
    rows[1] = (struct es_view_ticket_row){
        "8", S("Grace"), "", "Expert", "waits for a place", "", NOW, NOW, false
    };
    return (struct es_view_check_in){
        .frame = frame_console(8),
        .row = row(ES_OCCASION_RUNS),
        .action = path("/organise/e/lantern/check-in/1"),
        .list = path("/organise/e/lantern/check-in/1/list"),
        .shown = path("/organise/e/lantern/check-in/1/shown"),
        .worker = path("/check-in-worker.js"),
        .others = path("/organise/e/lantern/check-in"),
        .event = "1",
        .ends_ms = NOW + DAY,
        .code = { .value = "" },
        .door = { .value = S("Main entrance") },
        .said = said,
        .name = S("Ada"),
        .affiliation = S("Student"),
        .ticket = "7",
        .first_ms = NOW,
        .first_door = S("Garden"),
        .asked = S("Ada"),
        .rows = rows,
        .n = N(rows),
        .placed = 120,
        .came = 61,
        .doors = doors,
        .n_doors = N(doors),
    };
}

void sample_check_in(struct es_out *o)
{
    struct es_view_check_in v = check_in(ES_DOOR_NOTHING);
    v.code = (struct es_view_field){ S("K7QM2"), "What is wrong." };
    v.n_doors = v.n = 0;
    es_page_check_in(o, &v);
}

void sample_check_in_welcome(struct es_out *o)
{
    struct es_view_check_in v = check_in(ES_DOOR_WELCOME);
    es_page_check_in(o, &v);
}

void sample_check_in_again(struct es_out *o)
{
    struct es_view_check_in v = check_in(ES_DOOR_AGAIN);
    es_page_check_in(o, &v);
}

void sample_check_in_waits(struct es_out *o)
{
    struct es_view_check_in v = check_in(ES_DOOR_WAITS);
    es_page_check_in(o, &v);
}

void sample_check_in_back(struct es_out *o)
{
    struct es_view_check_in v = check_in(ES_DOOR_BACK);
    es_page_check_in(o, &v);
}

void sample_check_ins(struct es_out *o)
{
    struct es_view_event_row v[] = { row(ES_OCCASION_RUNS),
                                     row(ES_OCCASION_AHEAD) };
    struct es_view_check_ins all = { frame_console(8), v, N(v) };
    es_page_check_ins(o, &all);
}

void sample_check_ins_none(struct es_out *o)
{
    struct es_view_check_ins none = { .frame = frame_console(8) };
    es_page_check_ins(o, &none);
}

void sample_tickets_print(struct es_out *o)
{
    struct es_view_tickets v = tickets();
    es_page_tickets_print(o, &v);
}
