/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the programme's pages. */
#include "samples.h"
#include "web/pages.h"

static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000, DAY = 86400000;

static const char TITLE_UR[] = "\u06cc\u0627\u062f\u06af\u0627\u0631\u06cc "
                               "\u062a\u0642\u0631\u06cc\u0628";

static struct es_view_event_row row(enum es_occasion_when when, int64_t in_ms)
{
    return (struct es_view_event_row){
        .url = path("/e/lantern/programme/1"),
        .title = { S("The launch of the Lantern Run"), "en", "" },
        .kind = "Ceremony",
        .place = S("Great Hall, Harbour School"),
        .online = true,
        .when = when,
        .starts_ms = NOW + in_ms,
        .ends_ms = NOW + in_ms + 2 * HOUR,
        .one_day = true,
        .zone = "Europe/Istanbul",
    };
}

static struct es_view_event_rows rows(struct es_view_event_row *v, size_t n,
                                      const char *more)
{
    return (struct es_view_event_rows){ v, n, more ? path(more) : NOWHERE };
}

void sample_programme(struct es_out *o)
{
    struct es_view_event_row now[] = { row(ES_OCCASION_RUNS, -HOUR) };
    struct es_view_event_row coming[] = { row(ES_OCCASION_AHEAD, 5 * DAY),
                                          row(ES_OCCASION_CALLED_OFF, 6 * DAY),
                                          row(ES_OCCASION_AHEAD, 9 * DAY) };
    struct es_view_event_row past[] = { row(ES_OCCASION_OVER, -3 * DAY) };
    coming[0].title = (struct es_view_said){ S(TITLE_UR), "ur", "rtl" };
    coming[0].place = "";
    coming[2].one_day = coming[2].online = false;
    coming[2].draft = true;
    coming[2].ends_ms += 30 * DAY;
    struct es_view_programme v = {
        .frame = frame(false),
        .next = coming,
        .left_ms = 5 * DAY,
        .now = rows(now, N(now), NULL),
        .coming = rows(coming, N(coming), "/e/lantern/programme?cursor=1-2"),
        .past = rows(past, N(past), "/e/lantern/programme?before=1-2"),
        .first = path("/e/lantern/programme"),
        .calendar = path("/e/lantern/programme.ics"),
        .edit = path("/organise/e/lantern/programme"),
    };
    es_page_programme(o, &v);
}

static struct es_view_event event(void)
{
    static struct es_view_event_host hosts[3];
    static struct es_view_event_speaker speakers[2];
    static struct es_view_event_item items[3];
    static const char LD[] = "{\"@type\":\"Event\"}";
    hosts[0] = (struct es_view_event_host){ "Held by", S("The harbour school"),
                                            NOWHERE };
    hosts[1] = (struct es_view_event_host){ "Supported by", S("Lantern Fund"),
                                            NOWHERE };
    hosts[2] = (struct es_view_event_host){ "", S("The Mill"), NOWHERE };
    speakers[0] =
        (struct es_view_event_speaker){ S("Nil Ayd\u0131n"), S("Chair") };
    speakers[1] = (struct es_view_event_speaker){ S("Ada"), "" };
    items[0] = (struct es_view_event_item){ NOW + 5 * DAY, true, S("Welcome"),
                                            S("Nil Ayd\u0131n") };
    items[1] =
        (struct es_view_event_item){ ES_NO_TIME, false, S("A song"), "" };
    items[2] =
        (struct es_view_event_item){ NOW + 6 * DAY, true, S("Questions"), "" };
    return (struct es_view_event){
        .frame = frame(false),
        .row = row(ES_OCCASION_AHEAD, 5 * DAY),
        .about = { S("Come **all**.\n\n- bring a lamp\n- and a friend"), "en",
                   "" },
        .left_ms = 5 * DAY,
        .place = S("Great Hall, Harbour School"),
        .address = S("1 Pier Road\nHarbour"),
        .map = path("/search"),
        .online = path("/meet"),
        .online_host = "meet.example",
        .hosts = hosts,
        .n_hosts = N(hosts),
        .speakers = speakers,
        .n_speakers = N(speakers),
        .items = items,
        .n_items = N(items),
        .own_dir = "",
        .recording = path("/film"),
        .transcript = S("Good evening.\n\nWelcome."),
        .ics = path("/e/lantern/programme/1/event.ics"),
        .all = path("/e/lantern/programme"),
        .edit = path("/organise/e/lantern/programme/1"),
        .ld = es_bytes_str(LD),
        .face = { .colour = "",
                  .picture_alt = "",
                  .picture_set = "",
                  .speaker = "",
                  .office = "",
                  .transcript = "" },
    };
}

/* Addresses of others are https; a sample has only our own kind. */
static void others(struct es_view_event *v)
{
    v->map = v->online = v->recording =
        (struct es_url){ "https://elsewhere.example/a" };
}

void sample_programme_event(struct es_out *o)
{
    struct es_view_event v = event();
    others(&v);
    es_page_programme_event(o, &v);
}

void sample_programme_event_hidden(struct es_out *o)
{
    struct es_view_event v = event();
    others(&v);
    v.row.when = ES_OCCASION_RUNS;
    v.row.title = (struct es_view_said){ S(TITLE_UR), "ur", "rtl" };
    v.place = v.address = "";
    v.map = v.online = NOWHERE;
    v.online_hidden = true;
    v.n_items = v.n_hosts = v.n_speakers = 0;
    es_page_programme_event(o, &v);
}

/* ---- the console's ---- */

static struct es_view_frame inside(void)
{
    return frame_console(8);
}

void sample_events(struct es_out *o)
{
    struct es_view_event_row v[] = { row(ES_OCCASION_OVER, -DAY),
                                     row(ES_OCCASION_AHEAD, DAY),
                                     row(ES_OCCASION_CALLED_OFF, 2 * DAY) };
    v[1].draft = true;
    v[2].one_day = false;
    struct es_view_programme_list list = {
        .frame = inside(),
        .rows = v,
        .n = N(v),
        .add = path("/organise/e/lantern/programme/new"),
        .next = path("/organise/e/lantern/programme?cursor=1-2"),
        .page = path("/e/lantern/programme"),
        .change = path("/organise/e/lantern/programme"),
        .may_be_alone = true,
    };
    es_page_events(o, &list);
}

static struct es_view_event_head head(bool draft, bool off, size_t here)
{
    static const char *const TABS[] = { "What, when, where",
                                        "Who, and order of the day",
                                        "Video and recording" };
    struct es_view_event_head h = {
        .title = S("The launch"),
        .lang = "en",
        .state = "Published: everybody sees it.",
        .page = path("/e/lantern/programme/1"),
        .change = path("/organise/e/lantern/programme/1/state"),
        .draft = draft,
        .off = off,
        .published = !draft && !off,
    };
    for (; h.n_tabs < N(TABS); h.n_tabs++)
        h.tabs[h.n_tabs] =
            (struct es_view_event_tab){ path("/organise/e/lantern/programme/1"),
                                        TABS[h.n_tabs], h.n_tabs == here };
    return h;
}

static struct es_view_event_edit edit(void)
{
    static const char *const ZONES[] = { "Asia/Baku", "UTC" };
    static const char *const KINDS[] = { "Ceremony",      "Meeting",
                                         "Commemoration", "Seminar",
                                         "Exhibition",    "Press conference",
                                         "Event" };
    static const char *const TAGS[] = { "ur", "tr" };
    struct es_view_event_edit v = {
        .frame = inside(),
        .head = head(true, false, 0),
        .action = path("/organise/e/lantern/programme/1"),
        .was = "0123456789ab",
        .lang = "en",
        .lang_name = "English",
        .kind = { .value = "0" },
        .title = { .value = S("The launch") },
        .about = { .value = S("Come **all**.") },
        .when = { .value = "" },
        .place = { .value = S("Great Hall") },
        .address = { .value = S("1 Pier Road") },
        .map = { .value = "" },
        .online = { .value = "https://meet.example/1" },
        .registered = { .value = "1" },
        .starts = { "starts", .date = "2026-10-25", .time = "02:30",
                    .first = "02:30 (UTC+2:00)", .last = "02:30 (UTC+1:00)",
                    .twice = true },
        .ends = { "ends", .date = "2026-10-25", .time = "05:00", .first = "",
                  .last = "" },
        .zone = "Europe/Berlin",
        .zones = ZONES,
        .n_zones = N(ZONES),
    };
    for (size_t i = 0; i < N(KINDS); i++)
        v.kinds[i] = (struct es_view_choice){ .value = i ? "1" : "0",
                                              .label = KINDS[i],
                                              .chosen = i == 0 };
    for (size_t i = 0; i < N(TAGS); i++)
        v.others[v.n_others++] = (struct es_view_event_text){
            .lang = TAGS[i],
            .dir = i ? "ltr" : "rtl",
            .name = i ? "T\u00fcrk\u00e7e" : "\u0627\u0631\u062f\u0648",
            .names = { i ? "title_tr" : "title_ur",
                       i ? "about_tr" : "about_ur" },
            .title = { .value = i ? "" : S(TITLE_UR) },
            .about = { .value = "" },
        };
    return v;
}

void sample_event_edit(struct es_out *o)
{
    struct es_view_event_edit v = edit();
    es_page_event_edit(o, &v);
}

/* Everything wrong, and somebody else wrote everywhere. */
void sample_event_edit_both(struct es_out *o)
{
    struct es_view_event_edit v = edit();
    struct es_view_edited *const FIELDS[] = { &v.kind,
                                              &v.title,
                                              &v.about,
                                              &v.when,
                                              &v.place,
                                              &v.address,
                                              &v.map,
                                              &v.online,
                                              &v.registered,
                                              &v.others[0].title,
                                              &v.others[0].about };
    v.head = head(false, false, 0);
    v.n_errors = 2;
    v.starts.error = v.ends.error = v.zone_error = "What is wrong.";
    for (size_t i = 0; i < N(FIELDS); i++) {
        FIELDS[i]->error = "What is wrong.";
        FIELDS[i]->theirs = i ? S("What somebody else wrote.") : "";
    }
    es_page_event_edit(o, &v);
}

static struct es_view_event_people people(void)
{
    struct es_view_event_people v = {
        .frame = inside(),
        .head = head(false, true, 1),
        .action = path("/organise/e/lantern/programme/1/people"),
        .was = "0123456789ab",
        .zone = "Europe/Istanbul",
        .lang = "en",
        .hosts = { { 0, S("The harbour school"), "https://example.org/", 0,
                     false },
                   { 1, S("The Mill"), "", 2, true },
                   { 2, "", "", 2, false } },
        .n_hosts = 3,
        .speakers = { { 0, S("Nil Ayd\u0131n"), S("Chair"), false },
                      { 1, S("Ada"), "", true },
                      { 2, "", "", false } },
        .n_speakers = 3,
        .items = { { 0, "2026-08-25", "18:00", S("Welcome"), S("Nil"), { "" } },
                   { 1, "2026-08-25", "", "", "", { "" } } },
        .n_items = 2,
        .roles = { "Held by", "With", "Supported by", "Partner" },
        .one_day = true,
    };
    for (size_t i = 1; i < ES_LANGS; i++)
        v.langs[v.n_langs++] = es_lang_at(i);
    for (size_t i = 0; i < v.n_items; i++)
        for (size_t l = 0; l < ES_LANGS; l++)
            v.items[i].in[l] = "";
    return v;
}

void sample_event_people(struct es_out *o)
{
    struct es_view_event_people v = people();
    struct es_view_edited *const FIELDS[] = { &v.hosts_field, &v.speakers_field,
                                              &v.items_field };
    for (size_t i = 0; i < N(FIELDS); i++) {
        FIELDS[i]->error = "What is wrong.";
        FIELDS[i]->theirs = i ? S("18:00 Welcome") : "";
    }
    v.n_errors = 3;
    v.one_day = false;
    es_page_event_people(o, &v);
}

static struct es_view_event_recording recording(void)
{
    return (struct es_view_event_recording){
        .frame = inside(),
        .head = head(false, false, 2),
        .action = path("/organise/e/lantern/programme/1/recording"),
        .was = "0123456789ab",
        .lang = "en",
        .film = { .value = "1" },
        .url = { .value = "https://film.example/1" },
        .transcript = { .value = S("Good evening.") },
        .media = path("/organise/e/lantern/media"),
        .has_film = true,
    };
}

void sample_event_recording(struct es_out *o)
{
    struct es_view_event_recording v = recording();
    v.n_errors = 2;
    v.url.error = v.transcript.error = "What is wrong.";
    v.film.theirs = "1";
    v.url.theirs = S("https://film.example/2");
    v.transcript.theirs = "";
    es_page_event_recording(o, &v);
}
