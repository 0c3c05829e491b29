/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an event of the programme says: kept as JSON, and hostile until it is
 * read; what can't be kept is told at its field; calendars hear of what moves.
 */
#include "base/limits.h"
#include "programme/programme.h"
#include "t.h"
#include "world.h"

#include <math.h>
#include <string.h>

enum { MEM = 8 << 20 };

static const char WHOLE[] =
    "{\"about\":\"One\\n\\nTwo\","
    "\"texts\":{\"tr\":{\"title\":\"A\xc3\xa7\xc4\xb1l\xc4\xb1\xc5\x9f\"},"
    "\"ur\":{\"about\":\"x\"}},"
    "\"place\":{\"name\":\"Hall 2\",\"address\":\"1 Pier Road\\nHarbour\","
    "\"map\":\"https://map.example/1\"},"
    "\"online\":{\"url\":\"https://meet.example/1\",\"registered\":true},"
    "\"hosts\":[{\"name\":\"Harbour School\",\"role\":\"holder\"},"
    "{\"name\":\"Lantern Fund\",\"role\":\"supporter\","
    "\"url\":\"https://fund.example\"}],"
    "\"speakers\":[{\"person\":\"7\"},{\"name\":\"Nil\",\"office\":\"Chair\"}],"
    "\"items\":[{\"at\":1788000000000,\"title\":\"Welcome\",\"who\":\"Nil\","
    "\"in\":{\"tr\":\"Kar\xc5\x9f\xc4\xb1lama\"}},"
    "{\"title\":\"Song\",\"in\":{}}],"
    "\"recording\":{\"film\":true,\"url\":\"https://film.example/1\","
    "\"transcript\":\"Good evening.\"}}";

static struct es_arena mem(void)
{
    struct es_arena a;
    es_arena_init(&a, MEM);
    return a;
}

TEST(what_is_written_is_read_back)
{
    struct es_arena a = mem();
    struct es_occasion_body b;
    struct es_buf out;
    size_t tr = es_lang_of("tr")->index;
    CHECK_INT(es_occasion_read(WHOLE, &a, &b, NULL), ES_OK);
    CHECK_STR(b.place.address, "1 Pier Road\nHarbour");
    CHECK(b.online.registered);
    CHECK_INT((int64_t)b.n_hosts, 2);
    CHECK_INT(b.hosts[1].role, ES_HOST_SUPPORTER);
    CHECK_INT(b.speakers[0].person, 7);
    CHECK_STR(b.speakers[0].name, "");
    CHECK_INT(b.items[0].at_ms, 1788000000000);
    CHECK_INT(b.items[1].at_ms, ES_NO_TIME);
    CHECK_STR(es_occasion_item_told(&b.items[0], es_lang_of("tr")),
              b.items[0].in[tr]);
    CHECK_STR(es_occasion_item_told(&b.items[1], es_lang_of("tr")), "Song");
    es_buf_init(&out, ES_OCCASION_MAX);
    es_occasion_write(&b, &out);
    CHECK_STR(es_buf_cstr(&out), WHOLE);
    es_buf_release(&out);
    es_arena_release(&a);
}

TEST(a_body_may_be_empty)
{
    struct es_arena a = mem();
    struct es_occasion_body b;
    struct es_buf out;
    CHECK_INT(es_occasion_read("{}", &a, &b, NULL), ES_OK);
    CHECK_STR(b.about, "");
    CHECK_STR(b.in[ES_LANGS - 1].title, "");
    CHECK_STR(b.recording.transcript, "");
    es_buf_init(&out, ES_OCCASION_MAX);
    es_occasion_write(&b, &out);
    CHECK_INT(es_occasion_read(es_buf_cstr(&out), &a, &b, NULL), ES_OK);
    es_buf_release(&out);
    es_arena_release(&a);
}

TEST(what_has_no_sense_is_named)
{
    static const struct {
        const char *json, *where;
    } BAD[] = {
        { "", "no JSON object" },
        { "[]", "no JSON object" },
        { "{\"about\":1}", "about" },
        { "{\"place\":[]}", "place" },
        { "{\"place\":{\"map\":\"javascript:x\"}}", "place.map" },
        { "{\"online\":{\"url\":\"http://x\"}}", "online.url" },
        { "{\"online\":{\"registered\":1}}", "online.registered" },
        { "{\"hosts\":[{\"name\":\"x\",\"role\":\"king\"}]}", "hosts[0].role" },
        { "{\"hosts\":[{\"role\":\"holder\"}]}", "hosts[0].name" },
        { "{\"speakers\":[{\"office\":\"x\"}]}", "speakers[0].name" },
        { "{\"speakers\":[{\"person\":7}]}", "speakers[0].person" },
        { "{\"items\":[{\"at\":\"x\",\"title\":\"x\"}]}", "items[0].at" },
        { "{\"items\":[{\"title\":\"x\",\"in\":{\"tr\":7}}]}",
          "items[0].in.tr" },
        { "{\"texts\":{\"tr\":{\"title\":7}}}", "texts.tr.title" },
    };
    struct es_arena a = mem();
    struct es_occasion_body b = { .n_items = 77 };
    struct es_err e = { 0 };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(es_occasion_read(BAD[i].json, &a, &b, &e), ES_EMALFORMED);
        if (!strstr(e.msg, BAD[i].where))
            FAIL("%s: %s", BAD[i].json, e.msg);
    }
    CHECK_INT((int64_t)b.n_items, 77);
    es_arena_release(&a);
}

/* ---- for a reader ---- */

TEST(each_text_is_told_in_the_readers_language_where_it_can)
{
    struct es_arena a = mem();
    struct es_occasion_body b;
    struct es_occasion o = { .title = "Opening", .lang = "en" };
    CHECK_INT(es_occasion_read(WHOLE, &a, &b, NULL), ES_OK);
    struct es_occasion_told t = es_occasion_tell(&o, &b, es_lang_of("tr"));
    CHECK_STR(t.title_lang, "tr");
    CHECK_STR(t.about_lang, "en");
    CHECK_STR(t.about, "One\n\nTwo");
    t = es_occasion_tell(&o, &b, es_lang_of("ur"));
    CHECK_STR(t.title, "Opening");
    CHECK_STR(t.about_lang, "ur");
    t = es_occasion_tell(&o, &b, es_lang_of("en"));
    CHECK_STR(t.title, "Opening");
    es_arena_release(&a);
}

TEST(it_is_ahead_then_runs_then_is_over_or_off)
{
    struct es_occasion o = { .state = ES_OCCASION_PUBLISHED,
                             .starts_ms = 10,
                             .ends_ms = 20 };
    CHECK_INT(es_occasion_when(&o, 9), ES_OCCASION_AHEAD);
    CHECK_INT(es_occasion_when(&o, 10), ES_OCCASION_RUNS);
    CHECK_INT(es_occasion_when(&o, 19), ES_OCCASION_RUNS);
    CHECK_INT(es_occasion_when(&o, 20), ES_OCCASION_OVER);
    o.state = ES_OCCASION_OFF;
    CHECK_INT(es_occasion_when(&o, 9), ES_OCCASION_CALLED_OFF);
}

/* ---- keeping ---- */

static struct es_occasion draft(const struct world *w)
{
    return (struct es_occasion){
        .initiative = w->ini.id,
        .kind = ES_OCCASION_CEREMONY,
        .starts_ms = w->now,
        .ends_ms = w->now + 3600000,
        .zone = "Europe/Istanbul",
        .lang = "en",
        .title = "The launch",
        .edited_by = 5,
    };
}

TEST(what_cannot_be_is_told_at_its_field)
{
    static const char *const FIELDS[] = { "title",  "about_ur",  "what",
                                          "zone",   "ends",      "map",
                                          "online", "hosts",     "speakers",
                                          "items",  "recording", "transcript",
                                          "place" };
    struct world w;
    world_begin(&w);
    struct es_field_errors fe = { 0 };
    struct es_occasion o = draft(&w);
    struct es_occasion_body b = es_occasion_body_none();
    static char lots[ES_FACE_TRANSCRIPT + 2];
    memset(lots, 'x', sizeof lots - 1);
    o.title = "";
    o.kind = ES_OCCASION_KINDS;
    o.zone = "Moon/Base";
    o.ends_ms = o.starts_ms;
    b.in[es_lang_of("ur")->index].about = lots;
    b.place.name = lots;
    b.place.map = "https://";
    b.online.url = "javascript:alert(1)";
    b.hosts[b.n_hosts++] = (struct es_face_host){ "x", "ftp://x", 0 };
    b.speakers[b.n_speakers++] = (struct es_occasion_speaker){ 0, lots, "" };
    b.items[b.n_items] = (struct es_occasion_item){ .title = lots, .who = "" };
    for (size_t l = 0; l < ES_LANGS; l++)
        b.items[b.n_items].in[l] = "";
    b.n_items++;
    b.recording.url = "nowhere";
    b.recording.transcript = lots;
    CHECK_INT(es_occasion_add(&w.app, &o, &b, &w.a, &fe, NULL), ES_EINVAL);
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        if (!es_field_errors_of(&fe, FIELDS[i]))
            FAIL("nothing at %s", FIELDS[i]);
    int64_t n;
    CHECK_INT(es_store_occasion_count(w.store, w.ini.id, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    world_end(&w);
}

/* Reads what is kept, changes it, keeps it. */
struct change {
    const char *title, *about, *place;
    int64_t later_ms;
    int32_t state;
    int64_t sequence; /* that it must have then */
};

TEST(calendars_hear_of_what_moves_and_of_nothing_else)
{
    static const struct change STEPS[] = {
        { "The first launch", "", "", 0, ES_OCCASION_DRAFT, 0 },
        { "The launch", "", "", 60000, ES_OCCASION_DRAFT, 0 },
        { "The launch", "", "", 60000, ES_OCCASION_PUBLISHED, 0 },
        { "The launch", "Words", "", 60000, ES_OCCASION_PUBLISHED, 0 },
        { "The launch", "Words", "", 90000, ES_OCCASION_PUBLISHED, 1 },
        { "The launch", "Words", "Hall", 90000, ES_OCCASION_PUBLISHED, 2 },
        { "The launch", "Words", "Hall", 90000, ES_OCCASION_OFF, 3 },
        { "A launch", "Words", "Hall", 90000, ES_OCCASION_OFF, 4 },
    };
    struct world w;
    world_begin(&w);
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_occasion o = draft(&w), was;
    struct es_occasion_body b = es_occasion_body_none();
    world_must(es_occasion_add(&w.app, &o, &b, &w.a, &fe, &e), &e);
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        const struct change *c = &STEPS[i];
        world_must(es_store_occasion(w.store, w.ini.id, o.id, &w.a, &was, &e),
                   &e);
        o = was;
        o.title = c->title;
        o.starts_ms = w.now + c->later_ms;
        o.ends_ms = o.starts_ms + 1000;
        o.state = c->state;
        b.about = c->about;
        b.place.name = c->place;
        world_must(es_occasion_save(&w.app, &was, &o, &b, &w.a, &fe, &e), &e);
        CHECK_INT(o.sequence, c->sequence);
    }
    /* who read it before that can't overwrite it */
    CHECK_INT(es_occasion_save(&w.app, &was, &o, &b, &w.a, &fe, &e),
              ES_ECONFLICT);
    CHECK_INT(es_occasion_drop(&w.app, w.ini.id, o.id, &e), ES_ECONFLICT);
    world_end(&w);
}

/* From the summer's clocks to the winter's, and to another zone. */
TEST(the_order_of_the_day_follows_its_event)
{
    struct es_occasion_body b = es_occasion_body_none();
    struct es_occasion was = { .zone = "Europe/Berlin" }, now;
    struct es_date d = { 2026, 10, 24, 18, 0, 0, 0, 0 };
    was.starts_ms = es_zone_time(was.zone, &d);
    now = was;
    d.hour = 19;
    b.items[0].at_ms = es_zone_time(was.zone, &d);
    b.items[1].at_ms = ES_NO_TIME;
    d.day = 25;
    b.items[2].at_ms = es_zone_time(was.zone, &d);
    b.n_items = 3;
    now.zone = "Asia/Karachi";
    now.starts_ms += 86400000;
    es_occasion_follow(&b, &was, &now);
    d = es_zone_date(now.zone, b.items[0].at_ms);
    CHECK_INT(d.day * 100 + d.hour, 2519);
    CHECK_INT(b.items[1].at_ms, ES_NO_TIME);
    d = es_zone_date(now.zone, b.items[2].at_ms);
    CHECK_INT(d.day * 100 + d.hour, 2619);
}

TEST(a_draft_is_taken_away)
{
    struct world w;
    world_begin(&w);
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_occasion o = draft(&w), back;
    struct es_occasion_body b = es_occasion_body_none();
    world_must(es_occasion_add(&w.app, &o, &b, &w.a, &fe, &e), &e);
    world_must(es_occasion_drop(&w.app, w.ini.id, o.id, &e), &e);
    CHECK_INT(es_store_occasion(w.store, w.ini.id, o.id, &w.a, &back, &e),
              ES_ENOENT);
    world_end(&w);
}
