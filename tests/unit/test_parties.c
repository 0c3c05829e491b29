/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People, bodies and groups: names in several scripts, offices with their
 * days, who can be taken away. */
#include "programme/parties.h"

#include "base/random.h"
#include "t.h"
#include "world.h"

static struct es_many named(const char *en, const char *ur)
{
    struct es_many m = { .n = 0 };
    CHECK(es_many_put(&m, "en", en));
    CHECK(es_many_put(&m, "ur", ur));
    return m;
}

static enum es_code keep(struct world *w, int32_t what, const char *en,
                         const char *ur, int64_t *id,
                         struct es_field_errors *fe)
{
    struct es_many names = named(en, ur);
    struct es_party_want want = { .initiative = w->ini.id,
                                  .what = what,
                                  .names = &names };
    struct es_err e;
    fe->n = 0;
    return es_party_keep(&w->app, &want, &w->a, id, fe, &e);
}

static int64_t made(struct world *w, int32_t what, const char *en)
{
    struct es_field_errors fe;
    int64_t id = 0;
    CHECK_INT(keep(w, what, en, "", &id, &fe), ES_OK);
    return id;
}

static enum es_code sit(struct world *w, struct es_seat_want want,
                        const char *title, int64_t *id,
                        struct es_field_errors *fe)
{
    struct es_many t = named(title, "");
    struct es_err e;
    want.initiative = w->ini.id;
    want.title = &t;
    fe->n = 0;
    return es_seat_keep(&w->app, &want, &w->a, id, fe, &e);
}

TEST(many_comes_back_as_it_was)
{
    struct es_arena a;
    struct es_many m = named("Ada", "ایڈا");
    struct es_many back;
    es_arena_init(&a, 1 << 16);
    CHECK(es_many_put(&m, "zh", "愛達"));
    CHECK_INT(es_many_read(es_many_json(&m, &a), &a, &back, NULL), ES_OK);
    CHECK_INT(back.n, 3);
    CHECK_STR(es_many_tell(&back, "ur").text, "ایڈا");
    CHECK_STR(es_many_tell(&back, "tr").text, "Ada"); /* the first */
    CHECK_STR(es_many_tell(&back, "tr").lang, "en");
    CHECK(es_many_put(&back, "en", ""));
    CHECK_STR(es_many_tell(&back, "tr").text, "ایڈا");
    es_arena_release(&a);
}

TEST(many_that_makes_no_sense_is_refused)
{
    static const char *const BAD[] = {
        "",
        "{}",
        "[1]",
        "[{\"lang\":\"en\"}]",
        "[{\"lang\":\"en\",\"text\":\"\"}]",
        "[{\"lang\":\"e n\",\"text\":\"x\"}]",
        "[{\"lang\":\"en\",\"text\":7}]",
    };
    struct es_arena a;
    struct es_many m = { .n = 7 };
    es_arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(es_many_read(BAD[i], &a, &m, NULL), ES_EMALFORMED);
        CHECK_INT(m.n, 7);
    }
    es_arena_release(&a);
}

TEST(days_are_of_the_calendar)
{
    CHECK_INT(es_day_ms("1970-01-02"), 86400000);
    CHECK(es_day_ok("2024-02-29"));
    CHECK(!es_day_ok("2025-02-29"));
    CHECK(!es_day_ok("2026-13-01"));
    CHECK(!es_day_ok("2026-1-01"));
    CHECK(!es_day_ok("2026-01-01 "));
    CHECK(!es_day_ok("tomorrow"));
    CHECK(!es_day_ok(""));
}

TEST(party_needs_a_name_and_keeps_all_of_them)
{
    struct world w;
    struct es_field_errors fe;
    struct es_party p;
    int64_t id = 0;
    world_begin(&w);
    CHECK_INT(keep(&w, ES_PARTY_PERSON, "  ", "", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "name"), "required");
    CHECK_INT(keep(&w, ES_PARTY_PERSON, " Ada \n Example ", "ایڈا", &id, &fe),
              ES_OK);
    CHECK_INT(es_store_party(w.store, w.ini.id, id, &w.a, &p, NULL), ES_OK);
    CHECK_STR(es_many_tell_json(p.names, "az", &w.a).text, "Ada Example");
    CHECK_STR(es_many_tell_json(p.names, "ur", &w.a).text, "ایڈا");
    CHECK_INT(es_store_party(w.store, w.ini.id + 1, id, &w.a, &p, NULL),
              ES_ENOENT); /* of another initiative */
    world_end(&w);
}

TEST(two_who_change_a_party_at_once_lose_nothing)
{
    struct world w;
    struct es_field_errors fe = { 0 };
    struct es_many names = named("Ada", "");
    struct es_err e;
    struct es_party p;
    world_begin(&w);
    int64_t id = made(&w, ES_PARTY_PERSON, "Ada");
    CHECK_INT(es_store_party(w.store, w.ini.id, id, &w.a, &p, NULL), ES_OK);
    struct es_party_want want = { .initiative = w.ini.id,
                                  .id = id,
                                  .edition = p.edition,
                                  .what = ES_PARTY_PERSON,
                                  .names = &names };
    CHECK_INT(es_party_keep(&w.app, &want, &w.a, &id, &fe, &e), ES_OK);
    CHECK_INT(es_party_keep(&w.app, &want, &w.a, &id, &fe, &e), ES_ECONFLICT);
    world_end(&w);
}

TEST(parties_are_listed_by_name_page_by_page)
{
    struct world w;
    struct es_party *v;
    size_t n;
    world_begin(&w);
    (void)made(&w, ES_PARTY_BODY, "A body");
    (void)made(&w, ES_PARTY_PERSON, "çelik");
    (void)made(&w, ES_PARTY_PERSON, "Zoe");
    (void)made(&w, ES_PARTY_PERSON, "Ada");
    CHECK_INT(es_store_parties(w.store, w.ini.id, ES_PARTY_PERSON, "", 0, 2,
                               &w.a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 2);
    CHECK_STR(es_many_tell_json(v[0].names, "en", &w.a).text, "Ada");
    CHECK_STR(es_many_tell_json(v[1].names, "en", &w.a).text, "çelik");
    CHECK_INT(es_store_parties(w.store, w.ini.id, ES_PARTY_PERSON,
                               v[1].sort_key, v[1].id, 2, &w.a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_STR(es_many_tell_json(v[0].names, "en", &w.a).text, "Zoe");
    world_end(&w);
}

/* ---- offices ---- */

TEST(seats_must_make_sense)
{
    struct world w;
    struct es_field_errors fe;
    int64_t id = 0;
    world_begin(&w);
    int64_t who = made(&w, ES_PARTY_PERSON, "Ada");
    int64_t body = made(&w, ES_PARTY_BODY, "A mission");
    int64_t group = made(&w, ES_PARTY_GROUP, "A contact group");
    struct es_seat_want ok = { .party = who,
                               .of = body,
                               .country = "AZ",
                               .from = "2020-01-01",
                               .to = "" };
    CHECK_INT(sit(&w, ok, "Ambassador", &id, &fe), ES_OK);

    struct es_seat_want t = ok;
    CHECK_INT(sit(&w, t, "", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "title"), "required");
    t.to = "2019-12-31";
    CHECK_INT(sit(&w, t, "Ambassador", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "to"), "before_start");
    t = ok;
    t.from = "yesterday";
    CHECK_INT(sit(&w, t, "Ambassador", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "from"), "date");
    t = ok;
    t.country = "XX";
    CHECK_INT(sit(&w, t, "Ambassador", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "country"), "unknown");
    t = ok;
    t.of = who; /* nobody holds an office in a person */
    CHECK_INT(sit(&w, t, "Ambassador", &id, &fe), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "of"), "unknown");
    t.of = 77;
    CHECK_INT(sit(&w, t, "Ambassador", &id, &fe), ES_EINVAL);
    t = ok;
    t.party = group; /* a group sits nowhere */
    CHECK_INT(sit(&w, t, "Member", &id, &fe), ES_EINVAL);
    t = (struct es_seat_want){
        .party = body, .of = group, .country = "", .from = "", .to = ""
    };
    CHECK_INT(sit(&w, t, "", &id, &fe), ES_OK); /* a member needs no title */
    world_end(&w);
}

TEST(office_is_the_one_held_on_that_day)
{
    struct world w;
    struct es_field_errors fe;
    struct es_office_told *v;
    size_t n;
    int64_t id[4] = { 0 };
    world_begin(&w);
    int64_t who = made(&w, ES_PARTY_PERSON, "Ada");
    int64_t body = made(&w, ES_PARTY_BODY, "A ministry");
    int64_t group = made(&w, ES_PARTY_GROUP, "A contact group");
    const struct es_seat_want SEATS[] = {
        { .party = who,
          .of = body,
          .country = "TR",
          .from = "2018-01-01",
          .to = "2020-06-30" },
        { .party = who,
          .of = 0,
          .country = "TR",
          .from = "2020-07-01",
          .to = "" },
        { .party = who,
          .of = body,
          .country = "",
          .from = "2022-01-01",
          .to = "2022-12-31" },
        { .party = who,
          .of = group,
          .country = "",
          .from = "2017-01-01",
          .to = "" },
    };
    static const char *const TITLES[] = { "Deputy minister", "Special envoy",
                                          "Acting minister", "Member" };
    for (size_t i = 0; i < 4; i++)
        CHECK_INT(sit(&w, SEATS[i], TITLES[i], &id[i], &fe), ES_OK);
    CHECK_INT(es_offices(&w.app, w.ini.id, who, "en", &w.a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 3); /* a group's member holds no office in it */
    static const struct {
        const char *day;
        int which; /* -1: none */
    } DAYS[] = {
        { "2017-12-31", -1 }, { "2018-01-01", 0 }, { "2020-06-30", 0 },
        { "2020-07-01", 1 },  { "2021-12-31", 1 }, { "2022-01-01", 2 },
        { "2022-12-31", 2 },  { "2023-01-01", 1 }, { "2040-01-01", 1 },
    };
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        const struct es_office_told *o = es_office_held(v, n, DAYS[i].day, 0);
        CHECK_INT(o ? o->id : -1, DAYS[i].which < 0 ? -1 : id[DAYS[i].which]);
    }
    /* of two held at once, the one that was chosen; never one of another day */
    CHECK_INT(es_office_held(v, n, "2022-03-01", id[1])->id, id[1]);
    CHECK_INT(es_office_held(v, n, "2022-03-01", id[0])->id, id[2]);
    CHECK(!es_office_held(v, n, "", id[1]));
    CHECK_STR(es_office_held(v, n, "2019-01-01", 0)->title.text,
              "Deputy minister");
    CHECK_STR(es_office_held(v, n, "2019-01-01", 0)->body.text, "A ministry");
    CHECK_STR(es_office_held(v, n, "2021-01-01", 0)->body.text, "");
    world_end(&w);
}

TEST(who_is_named_by_others_stays)
{
    struct world w;
    struct es_field_errors fe;
    struct es_party p;
    struct es_err e;
    int64_t id = 0;
    world_begin(&w);
    int64_t who = made(&w, ES_PARTY_PERSON, "Ada");
    int64_t body = made(&w, ES_PARTY_BODY, "A ministry");
    struct es_seat_want seat = {
        .party = who, .of = body, .country = "", .from = "", .to = ""
    };
    CHECK_INT(sit(&w, seat, "Minister", &id, &fe), ES_OK);
    CHECK_INT(es_party_drop(&w.app, w.ini.id, body, &w.a, &e), ES_ECONFLICT);
    CHECK_INT(es_party_drop(&w.app, w.ini.id, who, &w.a, &e), ES_OK);
    CHECK_INT(es_store_party(w.store, w.ini.id, who, &w.a, &p, NULL),
              ES_ENOENT);
    CHECK_INT(es_party_drop(&w.app, w.ini.id, body, &w.a, &e), ES_OK);
    CHECK_INT(es_party_drop(&w.app, w.ini.id, body, &w.a, &e), ES_ENOENT);
    world_end(&w);
}
