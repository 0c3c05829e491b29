/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages about who speaks in public, and what they said. */
#include "samples.h"
#include "web/pages.h"

enum { DAY = 86400000 };
static const int64_t SAID_MS = 20600LL * DAY;

static const struct es_view_quoted FIGURES[] = {
    { "Inhabitants", "about 7,000" },
    { "of them children", "1 of 7" },
};

static struct es_view_office office(void)
{
    return (struct es_view_office){
        .title = { S("Permanent Representative"), "" },
        .body = { S("Permanent Mission of Example Land"), "tr" },
        .country = "Example Land",
        .from_ms = SAID_MS - 900LL * DAY,
        .to_ms = ES_NO_TIME,
    };
}

static struct es_view_statement said(bool exact)
{
    static const struct es_view_choice LANGS[] = {
        { "en", "English", true, { "/e/lantern/statements/1" } },
        { "ur",
          "\u0627\u0631\u062f\u0648",
          false,
          { "/e/lantern/statements/2" } },
    };
    return (struct es_view_statement){
        .number = "1",
        .url = path("/e/lantern/statements/1"),
        .by = { .name = { S("Ada Example"), exact ? "" : "tr" },
                .url = path("/e/lantern/statements?speaker=5"),
                .portrait = exact ? path("/e/lantern/media/4") : NOWHERE,
                .portrait_w = 480,
                .portrait_h = 600 },
        .office = office(),
        .exact = exact,
        .lang = "en",
        .lang_name = "English",
        .day_ms = SAID_MS,
        .words = S("We remember them.\n\nOne lamp is enough to read by."),
        .cut = !exact,
        .event = { exact ? S("The commemoration") : "", "" },
        .event_url = path("/e/lantern/programme/1"),
        .source = S("The mission's own record"),
        .source_url =
            exact ? (struct es_url){ "https://example.org/record" } : NOWHERE,
        .figures = FIGURES,
        .n_figures = N(FIGURES),
        .figures_from = exact ? S("the register of that year") : "",
        .version = exact ? 2 : 1,
        .at_ms = SAID_MS + DAY,
        .note = exact ? S("A number was misheard.") : "",
        .approved_ms = exact ? SAID_MS + DAY : ES_NO_TIME,
        .original = exact ? NOWHERE : path("/e/lantern/statements/1"),
        .langs = LANGS,
        .n_langs = exact ? N(LANGS) : 0,
        .beside = path("/e/lantern/statements?beside=1"),
    };
}

void sample_statements(struct es_out *o)
{
    const struct es_view_statement rows[] = { said(true), said(false) };
    struct es_view_wall v = {
        .frame = frame(false),
        .rows = rows,
        .n = N(rows),
        .first = path("/e/lantern/statements"),
        .next = path("/e/lantern/statements?after=2026-01-01.1"),
        .speaker = { .name = { "", "" } },
        .event = { "", "" },
        .all = path("/e/lantern/statements"),
        .chosen = rows,
        .n_chosen = N(rows),
        .compare = path("/e/lantern/statements/compare?with=1,2"),
    };
    es_page_statements(o, &v);
}

void sample_statements_speaker(struct es_out *o)
{
    const struct es_view_named names[] = { { S("\u0627\u06cc\u0688\u0627"),
                                             "ur" } };
    const struct es_view_office offices[] = { office() };
    struct es_view_wall v = {
        .frame = frame(true),
        .speaker = said(true).by,
        .event = { "", "" },
        .other_names = names,
        .n_other_names = N(names),
        .offices = offices,
        .n_offices = N(offices),
        .all = path("/e/lantern/statements"),
    };
    es_page_statements(o, &v);
}

void sample_statement(struct es_out *o)
{
    const struct es_view_wording earlier[] = {
        { 1, SAID_MS, S("We remember."), "" },
    };
    struct es_view_statement_page v = {
        .frame = frame(false),
        .s = said(true),
        .earlier = earlier,
        .n_earlier = N(earlier),
        .wall = path("/e/lantern/statements"),
        .embed = S("<iframe src=\"https://example.org\"></iframe>"),
        .zone = "Asia/Baku",
    };
    es_page_statement(o, &v);
}

void sample_statement_taken(struct es_out *o)
{
    struct es_view_taken v = { .frame = frame(false),
                               .why = S("The speaker asked for it."),
                               .at_ms = SAID_MS,
                               .zone = "UTC",
                               .wall = path("/e/lantern/statements") };
    es_page_statement_taken(o, &v);
}

void sample_statement_embed(struct es_out *o)
{
    struct es_view_statement_embed v = { .frame = frame(false),
                                         .s = said(true) };
    es_page_statement_embed(o, &v);
}

void sample_compare(struct es_out *o)
{
    struct es_view_compare v = {
        .frame = frame(false),
        .v = { said(true), said(false) },
        .n = 2,
        .wall = path("/e/lantern/statements"),
        .more = path("/e/lantern/statements?beside=1,2"),
        .figures = true,
    };
    es_page_compare(o, &v);
}

void sample_circle(struct es_out *o)
{
    const struct es_view_sitting rows[] = {
        { .name = { S("Ada Example"), "" },
          .title = { S("Chair"), "" },
          .url = path("/e/lantern/statements?speaker=5"),
          .from_ms = SAID_MS,
          .to_ms = ES_NO_TIME,
          .now = true },
        { .name = { S("Example Land"), "tr" },
          .title = { "", "" },
          .from_ms = SAID_MS - 900LL * DAY,
          .to_ms = SAID_MS },
    };
    struct es_view_circle v = { .frame = frame(false),
                                .name = { S("The contact group"), "" },
                                .rows = rows,
                                .n = 2,
                                .n_now = 1,
                                .wall = path("/e/lantern/statements") };
    es_page_circle(o, &v);
}

/* ---- the console ---- */

static const struct es_view_choice KINDS[] = {
    { "1", "Government, ministry, head of state", true, { NULL } },
    { "0", "Something else", false, { NULL } },
};
static const struct es_view_choice TABS[] = {
    { "person",
      "People who speak",
      false,
      { "/organise/e/lantern/people-and-bodies?what=person" } },
    { "body",
      "Bodies",
      true,
      { "/organise/e/lantern/people-and-bodies?what=body" } },
};

void sample_parties(struct es_out *o)
{
    const struct es_view_party_row rows[] = {
        { { S("Ministry of Examples"), "" },
          path("/organise/e/lantern/people-and-bodies/7"),
          "Government, ministry, head of state" },
    };
    struct es_view_parties v = {
        .frame = frame_console(3),
        .self = path("/organise/e/lantern/people-and-bodies"),
        .what = "body",
        .tabs = TABS,
        .n_tabs = N(TABS),
        .rows = rows,
        .n = N(rows),
        .next = path("/organise/e/lantern/people-and-bodies?after=7"),
        .name = { S("x"), "This is needed." },
        .kinds = KINDS,
        .n_kinds = N(KINDS),
        .statements = path("/organise/e/lantern/statements"),
    };
    for (size_t i = 0; i < ES_LANGS; i++)
        v.langs[i] = (struct es_view_choice){
            es_lang_at(i)->tag, es_lang_at(i)->name, i == 0, { NULL }
        };
    es_page_parties(o, &v);
}

static struct es_view_name_field title(size_t i, const char *const *fields)
{
    const struct es_lang *l = es_lang_at(i);
    return (struct es_view_name_field){
        fields[i], l->name, l->tag, l->dir, { S("Ambassador"), NULL, NULL }
    };
}

static void party_of(struct es_out *o, const char *what)
{
    static const char *const NAMES[] = { "name_en", "name_tr", "name_az",
                                         "name_ur", "name_ar" };
    static const char *const TITLES[] = { "title_en", "title_tr", "title_az",
                                          "title_ur", "title_ar" };
    static const struct es_view_choice LANGS[] = {
        { "zh", "\u4e2d\u6587", true, { NULL } },
    };
    const struct es_view_seat_row seats[] = {
        { .office = office(),
          .who = { S("Ada"), "tr" },
          .change = path("/organise/e/lantern/people-and-bodies/5?seat=1"),
          .remove =
              path("/organise/e/lantern/people-and-bodies/5/seats/1/remove") },
    };
    struct es_view_party v = {
        .frame = frame_console(3),
        .action = path("/organise/e/lantern/people-and-bodies/5"),
        .list = path("/organise/e/lantern/people-and-bodies"),
        .remove = path("/organise/e/lantern/people-and-bodies/5/remove"),
        .page = path("/e/lantern/statements?speaker=5"),
        .was = "stamp",
        .what = what,
        .title = S("Ada Example"),
        .n_errors = 2,
        .own_lang = "zh",
        .langs = LANGS,
        .n_langs = N(LANGS),
        .name_error = "This is needed.",
        .kinds = KINDS,
        .n_kinds = N(KINDS),
        .speaker = said(true).by,
        .portrait = { "", "This picture is damaged." },
        .seats = seats,
        .n_seats = N(seats),
        .seat = { .action =
                      path("/organise/e/lantern/people-and-bodies/5/seats"),
                  .cancel = path("/organise/e/lantern/people-and-bodies/5"),
                  .seat = "1",
                  .who = KINDS,
                  .n_who = strcmp(what, "group") == 0 ? N(KINDS) : 0,
                  .bodies = KINDS,
                  .n_bodies = N(KINDS),
                  .of = { "", "Please choose one of the list." },
                  .party = { "", "Please choose one of the list." },
                  .title = { "", "This is needed." },
                  .country = { "TR", NULL },
                  .from = { "2026-02-30", "This is no day of the calendar." },
                  .to = { "", NULL } },
        .held = S("This stays."),
    };
    for (size_t i = 0; i < ES_LANGS; i++) {
        v.names[i] = title(i, NAMES);
        v.seat.titles[i] = title(i, TITLES);
    }
    v.names[0].value.theirs = S("Somebody");
    v.names[ES_LANGS] = (struct es_view_name_field){
        "own_name", "", "zh", "auto", { S("\u611b\u9054"), NULL, NULL }
    };
    es_page_party(o, &v);
}

void sample_party(struct es_out *o)
{
    party_of(o, "person");
}

void sample_party_group(struct es_out *o)
{
    party_of(o, "group");
}

void sample_drafts(struct es_out *o)
{
    const struct es_view_draft_row rows[] = {
        { "2",
          path("/organise/e/lantern/statements/2"),
          { "", "" },
          "",
          "en",
          "Draft",
          "review",
          ES_NO_TIME },
        { "1",
          path("/organise/e/lantern/statements/1"),
          { S("Ada Example"), "tr" },
          S("We remember …"),
          "en",
          "Published",
          "accepted",
          SAID_MS },
    };
    struct es_view_drafts v = {
        .frame = frame_console(4),
        .tabs = TABS,
        .n_tabs = N(TABS),
        .rows = rows,
        .n = N(rows),
        .write = path("/organise/e/lantern/statements/new"),
        .wall = path("/e/lantern/statements"),
        .people = path("/organise/e/lantern/people-and-bodies"),
        .first = path("/organise/e/lantern/statements"),
        .next = path("/organise/e/lantern/statements?before=1"),
    };
    es_page_drafts(o, &v);
}

static struct es_view_write writing(void)
{
    static const struct es_view_choice LANGS[] = {
        { "en", "English", true, { NULL } },
        { "ur", "\u0627\u0631\u062f\u0648", false, { NULL } },
    };
    return (struct es_view_write){
        .frame = frame_console(4),
        .action = path("/organise/e/lantern/statements/1"),
        .list = path("/organise/e/lantern/statements"),
        .people = path("/organise/e/lantern/people-and-bodies"),
        .was = "stamp",
        .edition = "3",
        .number = "1",
        .state = "Draft",
        .tone = "review",
        .speaker = { "5", NULL, NULL },
        .office = { "", NULL, NULL },
        .lang = { "en", NULL, NULL },
        .day = { "2026-05-27", NULL, NULL },
        .words = { S("We remember."), NULL, S("They remember.") },
        .source = { S("A record"), NULL, NULL },
        .source_url = { "nowhere", "Please write a whole web address.", NULL },
        .figures = { S("Inhabitants: about 7,000"), NULL, NULL },
        .figures_from = { "", NULL, NULL },
        .event = { "", NULL, NULL },
        .exact = true,
        .of = "",
        .of_name = { "", "" },
        .speakers = KINDS,
        .n_speakers = N(KINDS),
        .offices = KINDS,
        .n_offices = N(KINDS),
        .langs = LANGS,
        .n_langs = N(LANGS),
        .events = KINDS,
        .n_events = N(KINDS),
        .held = { S("Ambassador"), "" },
        .approve_name = { "", NULL },
        .approve_day = { "", NULL },
        .own = { "", NULL },
        .note = { "", NULL },
        .why = { "", NULL },
        .hows = KINDS,
        .n_hows = N(KINDS),
        .zone = "UTC",
    };
}

void sample_write(struct es_out *o)
{
    struct es_view_write v = writing();
    v.n_errors = 2;
    v.mine = true;
    v.approve = path("/organise/e/lantern/statements/1/approve");
    v.remove = path("/organise/e/lantern/statements/1/remove");
    v.approve_name.error = "This is needed.";
    v.own.error = "You wrote these words yourself.";
    v.how_error = "This is needed.";
    v.of = "4";
    v.of_name.text = S("Ada Example");
    v.of_error = "Publish first what this translates.";
    es_page_write(o, &v);
}

void sample_write_published(struct es_out *o)
{
    const struct es_view_statement_step steps[] = {
        { .what = "Approved by the speaker's side",
          .who = S("Bo"),
          .name = S("Her office"),
          .how = "by letter",
          .day_ms = SAID_MS,
          .own = true,
          .words = "",
          .at_ms = SAID_MS },
        { .what = "Corrected",
          .who = "",
          .name = "",
          .how = "",
          .day_ms = ES_NO_TIME,
          .words = S("A number was misheard."),
          .at_ms = SAID_MS },
    };
    struct es_view_write v = writing();
    v.version = 1;
    v.page = path("/e/lantern/statements/1");
    v.publish = path("/organise/e/lantern/statements/1/publish");
    v.take = path("/organise/e/lantern/statements/1/take");
    v.translate = path("/organise/e/lantern/statements/new?of=1");
    v.note.error = "This is needed.";
    v.why.error = "This is needed.";
    v.steps = steps;
    v.n_steps = N(steps);
    es_page_write(o, &v);
}

void sample_write_new(struct es_out *o)
{
    struct es_view_write v = writing();
    v.fresh = true;
    v.number = "";
    v.n_offices = v.n_events = 0;
    v.held.text = v.figures.value = v.words.value = "";
    es_page_write(o, &v);
}
