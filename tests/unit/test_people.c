/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How people come to an initiative, change and leave; places, waiting,
 * guardians, consents, teams. */
#include "initiative/people.h"

#include "base/limits.h"
#include "initiative/names.h"
#include "initiative/recount.h"
#include "initiative/search.h"
#include "initiative/teams.h"
#include "store/people.h"
#include "t.h"
#include "world.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void settle(struct world *w, const struct es_settings *s)
{
    struct es_err e = { 0 };
    struct es_settings_change c = { .initiative = w->ini.id, .settings = *s };
    struct es_settings was;
    world_must(es_settings_of(w->store, w->ini.id, &was, &c.from, &e), &e);
    const struct es_consent_edit rules = {
        "rules", "By the rules.", "By the rules.", "", true, false
    };
    const struct es_consent_edit news = { "news", "News.", "News.",
                                          "",     false,   false };
    c.consents[0] = rules;
    c.consents[1] = news;
    c.n_consents = 2;
    world_must(es_settings_save(&w->app, &c, &w->a, &e), &e);
    world_must(
        es_store_initiative_by_id(w->store, w->ini.id, &w->a, &w->ini, &e), &e);
}

static struct es_join who(const char *name)
{
    return (struct es_join){ .display_name = name,
                             .consents = "{\"rules\":2}" };
}

static enum es_code join(struct world *w, const struct es_join *in,
                         struct es_participant *p, struct es_field_errors *fe)
{
    struct es_err e = { 0 };
    struct es_joined j;
    enum es_code rc = es_register(&w->app, &w->ini, in, &w->a, &j, fe, &e);
    if (rc == ES_OK)
        *p = j.p;
    return rc;
}

static struct es_participant in_store(struct world *w, int64_t id)
{
    struct es_err e = { 0 };
    struct es_participant p = { 0 };
    world_must(es_store_participant(w->store, w->ini.id, id, &w->a, &p, &e),
               &e);
    return p;
}

static int64_t counted(struct world *w, const char *what)
{
    struct es_err e = { 0 };
    int64_t n = -1;
    world_must(es_store_count(w->store, w->ini.id, what, &n, &e), &e);
    return n;
}

static struct es_totals totals(struct world *w)
{
    struct es_totals t;
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    return t;
}

/* ---- places ---- */

enum { CROWD = 200 };

struct runner {
    struct world *w;
    struct es_arena a;
    int i;
    enum es_code rc;
    struct es_joined j;
};

static void *run_for_it(void *arg)
{
    struct runner *r = arg;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    char name[32];
    snprintf(name, sizeof name, "Runner %d", r->i);
    struct es_join in = who(name);
    r->rc = es_register(&r->w->app, &r->w->ini, &in, &r->a, &r->j, &fe, &e);
    return NULL;
}

static void crowd(struct world *w, struct runner *r)
{
    pthread_t t[CROWD];
    for (int i = 0; i < CROWD; i++) {
        r[i] = (struct runner){ .w = w, .i = i };
        es_arena_init(&r[i].a, 1 << 20);
        CHECK_INT(pthread_create(&t[i], NULL, run_for_it, &r[i]), 0);
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(t[i], NULL);
}

static struct runner RUNNERS[CROWD];

TEST(of_two_hundred_at_once_one_gets_the_last_place)
{
    struct world w;
    struct es_settings s = es_settings_default();
    world_begin(&w);
    (void)world_join(&w, "Ada");
    s.capacity = 2;
    settle(&w, &s);
    crowd(&w, RUNNERS);
    int in = 0;
    int full = 0;
    for (int i = 0; i < CROWD; i++) {
        in += RUNNERS[i].rc == ES_OK;
        full += RUNNERS[i].rc == ES_ETOOLARGE;
        es_arena_release(&RUNNERS[i].a);
    }
    CHECK_INT(in, 1);
    CHECK_INT(full, CROWD - 1);
    CHECK_INT(counted(&w, "placed"), 2);
    CHECK_INT(totals(&w).participants, 2);
    world_end(&w);
}

TEST(who_waits_moves_up_in_order)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_moved *moved;
    struct es_settings s = es_settings_default();
    struct es_participant p[4];
    struct es_field_errors fe;
    const struct es_leaving leave = { .take_away = true };
    int64_t before;
    world_begin(&w);
    moved = es_arena_alloc(&w.a, sizeof *moved);
    s.capacity = 1;
    s.waiting = true;
    settle(&w, &s);
    for (int i = 0; i < 4; i++) {
        struct es_join in =
            who((const char *[]){ "Ada", "Ben", "Cem", "Dua" }[i]);
        CHECK_INT(join(&w, &in, &p[i], &fe), ES_OK);
        CHECK_INT(p[i].state, i == 0 ? ES_PERSON_IN : ES_PERSON_WAITS);
        CHECK_INT(p[i].bib, i + 1);
    }
    CHECK_INT(totals(&w).participants, 1);
    CHECK_INT(counted(&w, "waiting"), 3);
    world_must(es_store_waiting_before(w.store, w.ini.id, 4, &before, &e), &e);
    CHECK_INT(before, 2);
    world_must(es_people_move_up(&w.app, w.ini.id, &w.a, moved, &e), &e);
    CHECK_INT(moved->all, 0);

    /* one who waits gives up; then the one with the place leaves */
    world_must(es_person_leave(&w.app, &p[1], &leave, &e), &e);
    world_must(es_person_leave(&w.app, &p[0], &leave, &e), &e);
    CHECK_INT(es_person_leave(&w.app, &p[0], &leave, &e), ES_ENOENT);
    world_must(es_people_move_up(&w.app, w.ini.id, &w.a, moved, &e), &e);
    CHECK_INT(moved->all, 1);
    CHECK_STR(moved->v[0].display_name, "Cem");
    CHECK_INT(in_store(&w, p[2].id).state, ES_PERSON_IN);
    CHECK_INT(totals(&w).participants, 1);

    /* more places */
    s.capacity = 0;
    settle(&w, &s);
    world_must(es_people_move_up(&w.app, w.ini.id, &w.a, moved, &e), &e);
    CHECK_INT(moved->all, 1);
    CHECK_INT(counted(&w, "placed"), 2);
    CHECK_INT(counted(&w, "waiting"), 0);
    CHECK_INT(totals(&w).participants, 2);

    /* the same after a restart, with nobody who has left */
    const char *dir = w.dir;
    struct es_initiative ini = w.ini;
    world_end(&w);
    world_open(&w, dir);
    w.ini = ini;
    CHECK_INT(totals(&w).participants, 2);
    world_end(&w);
}

/* ---- what is asked ---- */

static void refused(struct world *w, const struct es_join *in,
                    const char *field, const char *code)
{
    struct es_participant p;
    struct es_field_errors fe;
    CHECK_INT(join(w, in, &p, &fe), ES_EINVAL);
    const char *got = es_field_errors_of(&fe, field);
    CHECK_STR(got ? got : "(none)", code);
}

TEST(what_is_required_is_asked_for_and_what_is_off_is_not_kept)
{
    struct world w;
    struct es_settings s = es_settings_default();
    struct es_participant p;
    struct es_field_errors fe;
    world_begin(&w);
    for (size_t i = 0; i < ES_ASKINGS; i++)
        s.ask[i] = ES_ASK_REQUIRED;
    settle(&w, &s);
    struct es_join in = who("Ada");
    refused(&w, &in, "country", "required");
    refused(&w, &in, "team_code", "required");
    refused(&w, &in, "email", "required");
    refused(&w, &in, "birth_year", "required");
    for (size_t i = 0; i < ES_ASKINGS; i++)
        s.ask[i] = ES_ASK_OFF;
    settle(&w, &s);
    in.country = "TR";
    in.email = "a@example.org";
    in.birth_year = "2015";
    in.team_code = "nonsense";
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_STR(p.country, "");
    CHECK_STR(p.email, "");
    CHECK_INT(p.birth_year, 0);
    s.closes_ms = w.now - 1;
    settle(&w, &s);
    CHECK_INT(join(&w, &in, &p, &fe), ES_EDENIED);
    world_end(&w);
}

TEST(who_is_young_names_a_guardian)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_settings s = es_settings_default();
    struct es_participant p;
    struct es_field_errors fe;
    char year[8];
    int this_year = es_date_of(es_time_now_ms()).year;
    world_begin(&w);
    struct es_join in = who("Ada Lovelace");
    /* born in the year in which one may be 16, or not yet */
    snprintf(year, sizeof year, "%d", this_year - 16);
    in.birth_year = year;
    refused(&w, &in, "guardian_contact", "required");
    in.guardian_contact = "+44 20 7946 0000";
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_INT(p.guardian, ES_GUARDIAN_DECLARED);
    CHECK_INT(p.visibility, ES_VIS_INITIALS);
    CHECK_INT(p.age_group, 1);
    snprintf(year, sizeof year, "%d", this_year - 17);
    in.guardian_contact = NULL;
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_INT(p.guardian, ES_GUARDIAN_NONE);
    snprintf(year, sizeof year, "%d", this_year - 41);
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_INT(p.age_group, 41);

    /* by mail: no name before they have agreed */
    snprintf(year, sizeof year, "%d", this_year - 14);
    in.guardian_contact = "parent@example.org";
    in.mail = true;
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_INT(p.guardian, ES_GUARDIAN_ASKED);
    CHECK_STR(es_public_name(&p, &w.a), "#4");
    world_must(es_guardian_agreed(&w.app, w.ini.id, p.id, &e), &e);
    CHECK_INT(es_guardian_agreed(&w.app, w.ini.id, p.id, &e), ES_ECONFLICT);
    p = in_store(&w, p.id);
    CHECK_STR(es_public_name(&p, &w.a), "A. L.");

    /* by groups, and another age of consent */
    s.age_group = true;
    s.consent_age = 13;
    s.n_ages = 3;
    s.ages[1] = 12;
    s.ages[2] = 18;
    settle(&w, &s);
    in = who("Ben");
    in.age_group = "12";
    refused(&w, &in, "guardian_contact", "required");
    in.age_group = "13";
    refused(&w, &in, "age_group", "invalid");
    in.age_group = "18";
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    CHECK_INT(p.age_group, 19);
    s.consent_age = 0;
    settle(&w, &s);
    in.age_group = "0";
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    world_end(&w);
}

TEST(settings_come_back_and_hostile_ones_do_not_come_in)
{
    static const char *const BAD[] = {
        "",
        "[]",
        "{",
        "null",
        "{\"country\":1}",
        "{\"country\":\"maybe\"}",
        "{\"ages\":[]}",
        "{\"ages\":[1]}",
        "{\"ages\":[0,0]}",
        "{\"ages\":[0,18,17]}",
        "{\"ages\":[0,121]}",
        "{\"ages\":[0,1,2,3,4,5,6,7,8,9,10,11,12]}",
        "{\"ages\":{}}",
        "{\"capacity\":-1}",
        "{\"capacity\":1e9}",
        "{\"capacity\":2147483648}",
        "{\"consent_age\":121}",
        "{\"team_min\":0}",
        "{\"waiting\":1}",
        "{\"waiting\":true,\"waiting\":true}",
        "{\"closes_ms\":-1}",
    };
    struct es_settings s = es_settings_default();
    struct es_settings back = { .capacity = 77 };
    struct es_err e = { 0 };
    struct es_buf b;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(es_settings_read(BAD[i], &back, &e), ES_EMALFORMED);
        CHECK_INT(back.capacity, 77);
    }
    world_must(es_settings_read("{\"unknown\":[1]}", &back, &e), &e);
    CHECK(memcmp(&back, &s, sizeof s) == 0);
    s.ask[ES_ASKING_AGE] = ES_ASK_OFF;
    s.age_group = s.waiting = s.teams_by_all = true;
    s.capacity = 4000;
    s.closes_ms = 1767225600000;
    s.ages[1] = 20;
    s.n_ages = 2;
    s.team_min = 5;
    es_buf_init(&b, ES_JSON_MAX);
    es_settings_write(&s, &b);
    world_must(es_settings_read(es_buf_cstr(&b), &back, &e), &e);
    s.ages[2] = back.ages[2];
    s.ages[3] = back.ages[3];
    CHECK(memcmp(&back, &s, sizeof s) == 0);
    /* any cut of it is refused whole */
    for (size_t n = 0; n + 1 < b.n; n++) {
        char cut[1024] = { 0 };
        memcpy(cut, b.p, n);
        CHECK_INT(es_settings_read(cut, &back, &e), ES_EMALFORMED);
    }
    es_buf_release(&b);
}

TEST(a_changed_consent_has_a_new_version_and_the_old_one_is_known)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_participant p;
    struct es_field_errors fe;
    struct es_consent_text *texts;
    size_t n;
    world_begin(&w);
    struct es_join in = who("Ada");
    CHECK_INT(join(&w, &in, &p, &fe), ES_OK);
    struct es_settings_change c = {
        .initiative = w.ini.id,
        .settings = es_settings_default(),
        .consents = { { "rules", "Other rules.", "By the rules.", "", true,
                        false },
                      { "news", "", "News.", "", false, false },
                      { "", "Pictures of me.", "", "", false, false } },
        .n_consents = 3
    };
    world_must(es_settings_save(&w.app, &c, &w.a, &e), &e);
    CHECK_INT(es_settings_save(&w.app, &c, &w.a, &e), ES_ECONFLICT);
    world_must(es_store_initiative_by_id(w.store, w.ini.id, &w.a, &w.ini, &e),
               &e);
    CHECK(strstr(w.ini.consents, "\"rules\",\"version\":3") != NULL);
    CHECK(strstr(w.ini.consents, "news") == NULL);
    CHECK(strstr(w.ini.consents, "Pictures of me.") != NULL);
    world_must(es_store_consent_texts(w.store, w.ini.id, &w.a, &texts, &n, &e),
               &e);
    CHECK_INT(n, 3); /* rules twice, pictures once */
    in = who("Ben"); /* the old version is not enough for who is new */
    refused(&w, &in, "consents", "outdated");

    /* who agreed before goes on, and can agree anew */
    struct es_join now = { .display_name = "Ada B", .consents = "{}" };
    world_must(es_person_change(&w.app, &w.ini, &p, &now, &w.a, &p, &fe, &e),
               &e);
    CHECK_STR(p.consents, "{\"rules\":2}");
    now.consents = "{\"rules\":3}";
    world_must(es_person_change(&w.app, &w.ini, &p, &now, &w.a, &p, &fe, &e),
               &e);
    CHECK_STR(p.consents, "{\"rules\":3}");
    /* what is required is withdrawn by leaving */
    now.consents = "{}";
    CHECK_INT(es_person_change(&w.app, &w.ini, &p, &now, &w.a, &p, &fe, &e),
              ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "consents"), "required");
    world_end(&w);
}

/* ---- changing and leaving ---- */

static struct es_receipt hand_in(struct world *w,
                                 const struct es_participant *p, int64_t ago_s)
{
    struct es_err e = { 0 };
    struct es_taken got;
    size_t size;
    int fd = world_run_fd(w, ago_s, 1001, &size);
    struct es_take t = {
        .who = p, .fd = fd, .size = size, .activity = ES_TAKE_ONLY
    };
    world_must(es_runs_take(&w->app, &t, &w->a, &got, &e), &e);
    close(fd);
    return got.receipts[0];
}

static size_t found(struct world *w, const char *text)
{
    struct es_err e = { 0 };
    struct es_standing *rows;
    size_t n = 0;
    bool more;
    world_must(
        es_search(&w->app, w->ini.id, text, 10, &w->a, &rows, &n, &more, &e),
        &e);
    return n;
}

static void nothing(const struct es_participant_sum *row, void *arg)
{
    (void)row;
    (void)arg;
}

static void reconciles(struct world *w)
{
    struct es_err e = { 0 };
    struct es_recounted r;
    world_must(es_recount(w->store, w->ini.id, false, nothing, NULL, &r, &e),
               &e);
    CHECK_INT(r.differences, 0);
    CHECK(r.dist_mm == world_total(w));
}

TEST(a_change_moves_the_sums_and_the_words)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_team a, b;
    struct es_standing self, *rows;
    const char *next;
    size_t n;
    world_begin(&w);
    struct es_team_want owls = { .name = "Owls", .open = true };
    struct es_team_want bees = { .name = "Bees" };
    world_must(es_team_make(&w.app, &w.ini, &owls, &w.a, &a, &fe, &e), &e);
    world_must(es_team_make(&w.app, &w.ini, &bees, &w.a, &b, &fe, &e), &e);
    CHECK_INT(es_team_make(&w.app, &w.ini, &bees, &w.a, &b, &fe, &e),
              ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "name"), "taken");
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = hand_in(&w, &p, 7200);
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)b.id);
    struct es_join in = { .display_name = "Zoe",
                          .country = "FR",
                          .team = id,
                          .consents = "{\"rules\":2}" };
    CHECK_INT(es_person_change(&w.app, &w.ini, &p, &in, &w.a, &p, &fe, &e),
              ES_EINVAL); /* not open */
    CHECK_STR(es_field_errors_of(&fe, "team"), "unknown");
    in.team_code = b.code;
    world_must(es_person_change(&w.app, &w.ini, &p, &in, &w.a, &p, &fe, &e),
               &e);
    struct es_standings *s = es_app_standings(&w.app, w.ini.id);
    world_must(
        es_standings_crew(s, b.id, NULL, 5, &w.a, &self, &rows, &n, &next, &e),
        &e);
    CHECK(self.dist_mm == r.run.counted_mm);
    CHECK_INT(self.members, 1);
    CHECK_STR(rows[0].name, "Zoe");
    CHECK_STR(rows[0].country, "FR");
    CHECK_INT(found(&w, "zoe"), 1);
    CHECK_INT(found(&w, "ada"), 0);
    CHECK_INT(es_person_team(&w.app, w.ini.id, p.id, a.id, 0, &e),
              ES_ECONFLICT);
    world_must(es_person_team(&w.app, w.ini.id, p.id, b.id, a.id, &e), &e);
    world_must(
        es_standings_crew(s, b.id, NULL, 5, &w.a, &self, &rows, &n, &next, &e),
        &e);
    CHECK_INT(self.members, 0);
    CHECK(self.dist_mm == 0);
    reconciles(&w);
    world_end(&w);
}

/* Whoever holds the row from before can't read the bytes any more. */
static void leaves(bool take_away)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_buf b;
    const struct es_leaving how = { .take_away = take_away };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_participant q = world_join(&w, "Ben");
    struct es_receipt r = hand_in(&w, &p, 7200);
    struct es_receipt other = hand_in(&w, &q, 3600);
    int64_t before = world_total(&w);

    es_buf_init(&b, 1 << 20);
    world_must(es_person_export(&w.app, &w.ini, &p, &b, &e), &e);
    CHECK(strstr(es_buf_cstr(&b), "\"display_name\":\"Ada\"") != NULL);
    CHECK(strstr(es_buf_cstr(&b), r.run.code) != NULL);
    es_buf_release(&b);

    CHECK_INT(es_copies_count(w.app.copies), 2);
    world_must(es_person_leave(&w.app, &p, &how, &e), &e);
    CHECK_INT(es_copies_count(w.app.copies), 1);
    CHECK(world_total(&w) == before - (take_away ? r.run.counted_mm : 0));
    CHECK_INT(totals(&w).participants, 1);
    CHECK_INT(found(&w, "ada"), 0);
    struct es_participant gone = in_store(&w, p.id);
    CHECK_INT(gone.state, ES_PERSON_GONE);
    CHECK_INT(gone.bib, 1);
    CHECK_STR(gone.display_name, "");
    CHECK_STR(gone.country, "");
    struct es_run run;
    world_must(es_store_run(w.store, w.ini.id, r.run.id, &w.a, &run, &e), &e);
    CHECK_INT(run.status, take_away ? ES_RUN_WITHDRAWN : ES_RUN_ACCEPTED);
    CHECK_INT(run.blob.segment, 0);
    CHECK_STR(run.file_name, "");
    CHECK_INT(es_store_run_by_code(w.store, r.run.code, &w.a, &run, &e),
              ES_ENOENT);
    CHECK_INT(es_store_run_by_code(w.store, other.run.code, &w.a, &run, &e),
              ES_OK);
    struct es_verified v;
    world_must(es_store_verify(w.store, &v, &e), &e);
    CHECK_INT(v.blobs, 1);
    reconciles(&w);
    CHECK_INT(
        es_person_link(&w.app, w.ini.id, p.id, (char[ES_SECRET_TEXT]){ 0 }, &e),
        ES_ENOENT);
    /* the next bib is the next */
    CHECK_INT(world_join(&w, "Cem").bib, 3);
    const char *dir = w.dir;
    struct es_initiative ini = w.ini;
    int64_t sum = world_total(&w);
    world_end(&w);
    world_open(&w, dir);
    w.ini = ini;
    CHECK(world_total(&w) == sum);
    CHECK_INT(totals(&w).participants, 2);
    reconciles(&w);
    world_end(&w);
}

TEST(who_leaves_is_erased_and_the_total_stays_when_they_say_so)
{
    leaves(false);
}

TEST(who_leaves_takes_what_they_ran_along_when_they_say_so)
{
    leaves(true);
}

TEST(a_captain_leads_a_team_until_they_leave)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_team t;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_participant ben = world_join(&w, "Ben");
    struct es_team_want want = { .name = "Owls", .captain = ada.id };
    world_must(es_team_make(&w.app, &w.ini, &want, &w.a, &t, &fe, &e), &e);
    CHECK(in_store(&w, ada.id).team == t.id);
    const char *code = t.code;
    want.name = "Barn owls";
    CHECK_INT(
        es_team_change(&w.app, &w.ini, t.id, ben.id, &want, &w.a, &t, &fe, &e),
        ES_EDENIED);
    want.new_code = true;
    world_must(
        es_team_change(&w.app, &w.ini, t.id, ada.id, &want, &w.a, &t, &fe, &e),
        &e);
    CHECK(strcmp(code, t.code) != 0);
    want.captain = ben.id; /* no member */
    CHECK_INT(
        es_team_change(&w.app, &w.ini, t.id, ada.id, &want, &w.a, &t, &fe, &e),
        ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "captain"), "unknown");
    struct es_join in = who("Dua");
    in.team_code = code;
    refused(&w, &in, "team_code", "unknown");
    world_must(es_person_team(&w.app, w.ini.id, ada.id, t.id, 0, &e), &e);
    world_must(es_store_team(w.store, w.ini.id, t.id, &w.a, &t, &e), &e);
    CHECK_INT(t.captain, 0);
    CHECK_STR(t.name, "Barn owls");
    world_end(&w);
}
