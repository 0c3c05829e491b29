/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A class or a club from a list: what is told of each line, who comes in, and
 * nobody twice. */
#include "initiative/group.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "store/people.h"
#include "t.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

struct list {
    struct es_arena a;
    struct es_group_list v;
    struct es_field_errors fe;
};

static struct es_group_ask ask_of(const char *name)
{
    return (struct es_group_ask){ .name = name,
                                  .visibility = "name",
                                  .lang = "en" };
}

static enum es_code read_bytes(struct world *w, const struct es_group_ask *ask,
                               struct es_bytes csv, struct list *l)
{
    struct es_err e = { 0 };
    es_arena_init(&l->a, 64 << 20);
    return es_group_read(&w->app, &w->ini, ask, csv, &l->a, &l->v, &l->fe, &e);
}

static void reads(struct world *w, const struct es_group_ask *ask,
                  const char *csv, struct list *l)
{
    CHECK_INT(read_bytes(w, ask, es_bytes_str(csv), l), ES_OK);
    CHECK_INT(l->v.fault, ES_LIST_GOOD);
}

static struct es_group_done
takes(struct world *w, const struct es_group_ask *ask, const struct list *l)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_group_done done = { 0 };
    world_must(es_group_register(&w->app, &w->ini, ask, &l->v, &done, &fe, &e),
               &e);
    return done;
}

static struct es_participant *people(struct world *w, int64_t group, size_t n)
{
    struct es_err e = { 0 };
    struct es_participant *v;
    size_t got;
    world_must(es_store_group_people(w->store, w->ini.id, group, 0, 100, &w->a,
                                     &v, &got, &e),
               &e);
    CHECK_INT(got, n);
    return v;
}

static int64_t counted(struct world *w, const char *what)
{
    struct es_err e = { 0 };
    int64_t n = -1;
    world_must(es_store_count(w->store, w->ini.id, what, &n, &e), &e);
    return n;
}

/* What is wrong with the line, "field:code" of the first. */
static void wrong(const struct list *l, size_t i, int64_t line,
                  const char *want)
{
    const struct es_group_line *v = &l->v.v[i];
    char got[80];
    CHECK_INT(v->state, ES_LINE_WRONG);
    CHECK_INT(v->line, line);
    if (v->fault)
        snprintf(got, sizeof got, "fault:%d", (int)v->fault);
    else if (v->like)
        snprintf(got, sizeof got, "like:%d", (int)v->like);
    else
        snprintf(got, sizeof got, "%s:%s", v->errors[0].field,
                 v->errors[0].code);
    CHECK_STR(got, want);
}

TEST(each_line_is_judged_for_itself)
{
    struct world w;
    struct list l;
    struct es_group_ask ask = ask_of("Class 7b");
    world_begin(&w);
    reads(&w, &ask,
          "\xef\xbb\xbfName;Land;Country;Year of birth;E-mail\r\n"
          "Ada Lovelace;x;GB;1990;ada@example.org\r\n"
          "Ben;x;Wonderland;1990;\r\n"
          ";;TR;1990;\r\n"
          "Cem;x;T\xc3\xbcrkiye;90;\r\n"
          "=HYPERLINK(\"x\");;;;\r\n"
          "Dua;\xff;;;\r\n"
          "\"Eda;;;;\r\n"
          "Fay;;tr;1991;not a mail\r\n"
          "ada  lovelace;;FR;1990;\r\n"
          "Admin;;;;\r\n"
          "\xd8\xb2\xdb\x81\xd8\xb1\xd8\xa7;;PK;1988;\r\n",
          &l);
    CHECK_INT(l.v.n, 11);
    CHECK_INT(l.v.n_good, 2);
    CHECK_INT(l.v.n_wrong, 9);
    CHECK_INT(l.v.v[0].state, ES_LINE_GOOD);
    wrong(&l, 1, 3, "country:unknown");
    wrong(&l, 2, 4, "display_name:required");
    wrong(&l, 3, 5, "birth_year:invalid");
    CHECK_STR(l.v.v[3].country, "TR");
    wrong(&l, 4, 6, "display_name:formula");
    wrong(&l, 5, 7, "fault:4");
    wrong(&l, 6, 8, "fault:3");
    wrong(&l, 7, 9, "email:invalid");
    wrong(&l, 8, 10, "like:2");
    wrong(&l, 9, 11, "display_name:reserved");
    CHECK_INT(l.v.v[10].state, ES_LINE_GOOD);
    CHECK_INT(l.v.n_unused, 1);
    CHECK_STR(l.v.unused[0], "Land");
    /* nothing is stored by looking */
    CHECK_INT(counted(&w, "placed"), 0);
    es_arena_release(&l.a);
    world_end(&w);
}

TEST(a_list_of_names_alone_needs_no_head_and_one_in_urdu_is_read)
{
    struct world w;
    struct list l;
    struct es_group_ask ask = ask_of("Walkers");
    struct es_buf utf16;
    static const char URDU[] = "\xd9\x86\xd8\xa7\xd9\x85\tx\n"
                               "\xd8\xb2\xdb\x81\xd8\xb1\xd8\xa7\t1\n";
    world_begin(&w);
    reads(&w, &ask, "Ada\nBen\n", &l);
    CHECK_INT(l.v.n_good, 2);
    CHECK_INT(l.v.v[0].line, 1);
    es_arena_release(&l.a);
    reads(&w, &ask, "First name,Surname\nAda,Lovelace\n", &l);
    CHECK_INT(l.v.n_good, 1);
    CHECK_STR(l.v.v[0].name, "Ada Lovelace");
    es_arena_release(&l.a);
    /* as spreadsheets write "Unicode text" */
    es_buf_init(&utf16, 4096);
    es_buf_u16le(&utf16, 0xfeff);
    for (size_t at = 0; at + 1 < sizeof URDU;)
        es_buf_u16le(&utf16, (uint16_t)es_utf8_next(es_bytes_str(URDU), &at));
    CHECK_INT(read_bytes(&w, &ask, es_buf_bytes(&utf16), &l), ES_OK);
    CHECK_INT(l.v.n_good, 1);
    CHECK_STR(l.v.v[0].name, "\xd8\xb2\xdb\x81\xd8\xb1\xd8\xa7");
    es_arena_release(&l.a);
    es_buf_release(&utf16);

    CHECK_INT(read_bytes(&w, &ask, es_bytes_str("a,b\nc,d\n"), &l), ES_OK);
    CHECK_INT(l.v.fault, ES_LIST_NO_NAMES);
    es_arena_release(&l.a);
    CHECK_INT(read_bytes(&w, &ask, es_bytes_str("Name\n\n"), &l), ES_OK);
    CHECK_INT(l.v.fault, ES_LIST_EMPTY);
    es_arena_release(&l.a);
    CHECK_INT(read_bytes(&w, &ask, es_bytes_str(""), &l), ES_OK);
    CHECK_INT(l.v.fault, ES_LIST_EMPTY);
    es_arena_release(&l.a);
    ask.name = " ";
    CHECK_INT(read_bytes(&w, &ask, es_bytes_str("Ada\n"), &l), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&l.fe, "name"), "required");
    es_arena_release(&l.a);
    world_end(&w);
}

TEST(brought_twice_nobody_comes_in_twice_and_who_was_mended_does)
{
    struct world w;
    struct list l;
    struct es_group_ask ask = ask_of("Class 7b");
    world_begin(&w);
    reads(&w, &ask, "Name,Country\nAda,GB\nBen,Wonderland\nCem,TR\n", &l);
    struct es_group_done done = takes(&w, &ask, &l);
    CHECK_INT(done.in, 2);
    /* the same form again */
    struct es_group_done again = takes(&w, &ask, &l);
    CHECK(again.group == done.group);
    CHECK_INT(again.in, 0);
    CHECK_INT(again.there, 2);
    es_arena_release(&l.a);
    /* the whole list again, mended, written a little differently */
    ask.name = "class 7B";
    reads(&w, &ask, "Country;Name\nFR;ADA\nFR;Ben\nTR;cem\n", &l);
    CHECK_INT(l.v.n_there, 2);
    CHECK_INT(l.v.n_good, 1);
    again = takes(&w, &ask, &l);
    CHECK(again.group == done.group);
    CHECK_INT(again.in, 1);
    CHECK_INT(again.there, 2);
    es_arena_release(&l.a);
    struct es_participant *p = people(&w, done.group, 3);
    CHECK_STR(p[0].display_name, "Ada");
    CHECK_STR(p[0].country, "GB");
    CHECK_STR(p[0].consents, "{\"rules\":2}");
    CHECK_STR(p[2].display_name, "Ben");
    /* another class has an Ada, too */
    ask.name = "Class 7c";
    reads(&w, &ask, "Ada\n", &l);
    CHECK_INT(takes(&w, &ask, &l).in, 1);
    es_arena_release(&l.a);
    /* who leaves is forgotten here, too */
    struct es_err e = { 0 };
    const struct es_leaving how = { .take_away = true };
    world_must(es_person_leave(&w.app, &p[0], &how, &e), &e);
    (void)people(&w, done.group, 2);
    world_end(&w);
}

TEST(a_class_is_a_team_whose_guardians_the_school_asked)
{
    struct world w;
    struct list l;
    struct es_err e = { 0 };
    struct es_team team;
    struct es_group g;
    struct es_group_ask ask = ask_of("Reading Owls");
    char csv[200];
    int year = es_date_of(es_time_now_ms()).year;
    world_begin(&w);
    snprintf(csv, sizeof csv, "Name,Born\nAda Lovelace,%d\nThe Teacher,1980\n",
             year - 12);
    reads(&w, &ask, csv, &l);
    wrong(&l, 0, 2, "guardian_contact:required");
    es_arena_release(&l.a);
    ask.school = true;
    ask.as_team = true;
    reads(&w, &ask, csv, &l);
    CHECK_INT(l.v.n_good, 2);
    struct es_group_done done = takes(&w, &ask, &l);
    es_arena_release(&l.a);
    struct es_participant *p = people(&w, done.group, 2);
    CHECK_INT(p[0].guardian, ES_GUARDIAN_SCHOOL);
    CHECK_STR(es_public_name(&p[0], &w.a), "A. L.");
    CHECK_INT(p[1].guardian, ES_GUARDIAN_NONE);
    CHECK_STR(es_public_name(&p[1], &w.a), "The Teacher");
    world_must(es_store_group(w.store, w.ini.id, done.group, &w.a, &g, &e), &e);
    CHECK(g.team && g.team == p[0].team && g.team == p[1].team);
    world_must(es_store_team(w.store, w.ini.id, g.team, &w.a, &team, &e), &e);
    CHECK_STR(team.name, "Reading Owls");
    /* who gave no age is taken for young: no full name */
    reads(&w, &ask, "Bo Li\n", &l);
    CHECK_INT(takes(&w, &ask, &l).in, 1);
    es_arena_release(&l.a);
    p = people(&w, done.group, 3);
    CHECK_STR(es_public_name(&p[2], &w.a), "B. L.");
    /* another group can't take that team's name */
    ask.name = "Reading owls!";
    CHECK_INT(read_bytes(&w, &ask, es_bytes_str("Ada\n"), &l), ES_OK);
    es_arena_release(&l.a); /* it is the same group: as names are compared */
    world_end(&w);
}

TEST(places_are_respected_and_the_others_wait_or_are_told)
{
    struct world w;
    struct list l;
    struct es_err e = { 0 };
    struct es_group_ask ask = ask_of("Club");
    struct es_settings_change c = {
        .initiative = 0,
        .settings = es_settings_default(),
        .consents = { { "rules", "Rules.", "Rules.", "", true, false } },
        .n_consents = 1,
    };
    world_begin(&w);
    c.initiative = w.ini.id;
    c.settings.capacity = 2;
    world_must(es_settings_save(&w.app, &c, &w.a, &e), &e);
    reads(&w, &ask, "Ada\nBen\nCem\n", &l);
    CHECK_INT(l.v.left, 2);
    struct es_group_done done = takes(&w, &ask, &l);
    CHECK_INT(done.in, 2);
    CHECK_INT(done.full, 1);
    CHECK_INT(counted(&w, "placed"), 2);
    c.from = 1;
    c.settings.waiting = true;
    world_must(es_settings_save(&w.app, &c, &w.a, &e), &e);
    done = takes(&w, &ask, &l); /* what is left of it */
    CHECK_INT(done.there, 2);
    CHECK_INT(done.waits, 1);
    CHECK_INT(counted(&w, "waiting"), 1);
    es_arena_release(&l.a);
    world_end(&w);
}

TEST(of_ten_thousand_lines_the_thirty_seven_wrong_ones_are_told)
{
    enum { ALL = 10000, WRONG = 37 };
    struct world w;
    struct list l;
    struct es_buf csv;
    struct es_group_ask ask = ask_of("All schools");
    size_t told = 0;
    world_begin(&w);
    es_buf_init(&csv, ES_GROUP_MAX);
    es_buf_str(&csv, "Name,Country,Year of birth\r\n");
    for (int i = 0; i < ALL; i++) {
        bool bad = i % 270 == 100 && i / 270 < WRONG;
        es_buf_fmt(&csv, "Pupil %d,%s,%d\r\n", i, bad ? "Wonderland" : "TR",
                   1950 + i % 50);
    }
    CHECK_INT(read_bytes(&w, &ask, es_buf_bytes(&csv), &l), ES_OK);
    CHECK_INT(l.v.n, ALL);
    CHECK_INT(l.v.n_wrong, WRONG);
    CHECK_INT(l.v.n_good, ALL - WRONG);
    for (size_t i = 0; i < l.v.n; i++) {
        if (l.v.v[i].state != ES_LINE_WRONG)
            continue;
        wrong(&l, i, (int64_t)(100 + 270 * told + 2), "country:unknown");
        told++;
    }
    CHECK_INT(told, WRONG);
    struct es_group_done done = takes(&w, &ask, &l);
    CHECK_INT(done.in, ALL - WRONG);
    CHECK_INT(counted(&w, "placed"), ALL - WRONG);
    es_arena_release(&l.a);
    /* one more line is too many */
    es_buf_str(&csv, "One more,TR,1950\r\n");
    CHECK_INT(read_bytes(&w, &ask, es_buf_bytes(&csv), &l), ES_OK);
    CHECK_INT(l.v.fault, ES_LIST_LONG);
    es_arena_release(&l.a);
    es_buf_release(&csv);
    world_end(&w);
}

TEST(links_are_made_anew_for_who_has_not_come_in)
{
    struct world w;
    struct list l;
    struct es_err e = { 0 };
    struct es_group_ask ask = ask_of("Club");
    struct es_group_link first[2], second[2];
    struct es_credential who;
    char session[ES_SECRET_TEXT];
    world_begin(&w);
    reads(&w, &ask, "Ada\nBen\n", &l);
    struct es_group_done done = takes(&w, &ask, &l);
    es_arena_release(&l.a);
    struct es_participant *p = people(&w, done.group, 2);
    world_must(es_group_links(&w.app, p, 2, first, &e), &e);
    world_must(
        es_credential_who(&w.app, first[0].secret, ES_CRED_LINK, &who, &e), &e);
    CHECK(who.subject == p[0].id);
    world_must(es_credential_issue(&w.app, ES_CRED_SESSION, w.ini.id, p[0].id,
                                   3600000, session, &e),
               &e);
    world_must(es_group_links(&w.app, p, 2, second, &e), &e);
    CHECK_STR(second[0].secret, ""); /* Ada has come in: hers goes on */
    world_must(
        es_credential_who(&w.app, first[0].secret, ES_CRED_LINK, &who, &e), &e);
    CHECK_INT(
        es_credential_who(&w.app, first[1].secret, ES_CRED_LINK, &who, &e),
        ES_ENOENT);
    world_must(
        es_credential_who(&w.app, second[1].secret, ES_CRED_LINK, &who, &e),
        &e);
    CHECK(who.subject == p[1].id);
    world_end(&w);
}

/* Nothing that is brought breaks it, wherever it ends. */
TEST(any_cut_of_a_list_is_read)
{
    static const char CSV[] = "\xef\xbb\xbf\"Name\";Born;\"E-mail\"\r\n"
                              "\"A \"\"B\"\"\";1990;a@example.org\r\n"
                              "'=x;\xd9\xa1\xd9\xa9;\"two\nlines\"\r\n";
    struct world w;
    struct list l;
    struct es_group_ask ask = ask_of("Club");
    world_begin(&w);
    for (size_t n = 0; n < sizeof CSV; n++) {
        struct es_bytes cut = t_guarded((const uint8_t *)CSV, n);
        CHECK_INT(read_bytes(&w, &ask, cut, &l), ES_OK);
        es_arena_release(&l.a);
        t_guarded_free(cut);
    }
    world_end(&w);
}
