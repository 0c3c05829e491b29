/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages to participants: each event told once, to who wants it, by whatever
 * server stands at the other end. */
#include "base/limits.h"
#include "base/time.h"
#include "initiative/people.h"
#include "initiative/reports.h"
#include "initiative/review.h"
#include "mail_kit.h"
#include "notify/guardian_letter.h"
#include "notify/letter.h"
#include "notify/letters.h"
#include "notify/report_letter.h"
#include "t.h"
#include "world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

static const char CONSENTS[] =
    "[{\"purpose\":\"rules\",\"version\":2,\"required\":true,\"url\":null},"
    "{\"purpose\":\"mail\",\"version\":1,\"required\":false,\"url\":null}]";
static const char AGREED[] = "{\"rules\":2,\"mail\":1}";
static const char ONLY_RULES[] = "{\"rules\":2}";

struct office {
    struct world w;
    struct mail_kit k;
    struct es_mail_sender from;
    struct es_smtp smtp;
    struct es_post post;
    struct es_letters letters;
};

static void open_office(struct office *o, const char *be)
{
    struct es_err e = { 0 };
    mail_kit_start(&o->k, be, false, NULL);
    world_begin(&o->w);
    o->w.ini.consents = CONSENTS;
    world_must(es_initiative_save(&o->w.app, &o->w.ini, &e), &e);
    CHECK(es_mail_sender_of("Lanterns <runs@run.example>", &o->from));
    o->smtp = (struct es_smtp){ .url = o->k.url,
                                .user = "",
                                .password = "",
                                .sender = o->from.address,
                                .hello = "run.example",
                                .here = true };
    o->post = (struct es_post){ o->w.store, o->w.app.key, &o->smtp, &o->from,
                                "https://run.example" };
    o->letters = (struct es_letters){ .post = &o->post, .per_minute = 6000 };
}

static void close_office(struct office *o)
{
    world_end(&o->w);
    mail_kit_stop(&o->k);
}

static struct es_participant join(struct office *o, const char *name,
                                  const char *lang, const char *mail,
                                  const char *consents)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = {
        .display_name = name, .lang = lang, .email = mail, .consents = consents
    };
    world_must(es_register(&o->w.app, &o->w.ini, &in, &o->w.a, &j, &fe, &e),
               &e);
    return j.p;
}

/* Rounds at that time until one has nothing to send; how many it sent. */
static size_t go(struct office *o, int64_t now_ms)
{
    struct es_err e = { 0 };
    size_t all = 0;
    for (size_t n = 1; n > 0; all += n) {
        o->letters.next_ms = 0;
        o->letters.look_ms = 0;
        world_must(es_letters_round(&o->letters, now_ms, &n, &e), &e);
    }
    return all;
}

static int64_t count(struct office *o, int32_t kind, int32_t state)
{
    struct es_err e = { 0 };
    struct es_letter_counts c;
    world_must(es_store_letter_counts(o->w.store, o->w.ini.id, &c, &e), &e);
    return c.n[kind][state];
}

/* The nth mail: whole, then its text. */
static bool says(struct office *o, size_t n, const char *what)
{
    struct es_buf mail, text;
    mail_kit_mail(&o->k, n, &mail);
    mail_kit_text(&mail, &text);
    bool found =
        strstr(es_buf_cstr(&mail), what) || strstr(es_buf_cstr(&text), what);
    es_buf_release(&mail);
    es_buf_release(&text);
    return found;
}

static enum es_code set_kind(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const int64_t *v = arg;
    struct es_letter_set set = { v[2] != 0, 3 };
    (void)blob;
    return es_txn_letter_set_put(tx, v[0], (int32_t)v[1], &set, e);
}

static void turn(struct office *o, int32_t kind, bool on)
{
    struct es_err e = { 0 };
    int64_t v[] = { o->w.ini.id, kind, on };
    world_must(es_store_write(o->w.store,
                              &(struct es_write){ .apply = set_kind, .arg = v },
                              &e),
               &e);
}

TEST(who_joined_is_told_once_in_their_language_and_no_secret_is_mailed)
{
    struct office o;
    open_office(&o, "good");
    (void)join(&o, "Zehra", "ur", "zehra@example.org", ONLY_RULES);
    (void)join(&o, "Bo", "en", "", ONLY_RULES); /* gave no address */
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(go(&o, o.w.now + 1000), 0);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK(says(&o, 1, "Content-Language: ur\r\n"));
    CHECK(says(&o, 1, "The Lantern Run"));
    CHECK(says(&o, 1, "https://run.example/back?lang=ur"));
    CHECK(says(&o, 1, "The Lantern Circle")); /* who holds it */
    CHECK(!says(&o, 1, "Zehra"));             /* nobody's words but staff's */
    CHECK(!says(&o, 1, "/p/"));
    CHECK(!says(&o, 1, "List-Unsubscribe")); /* it is necessary */
    CHECK_INT(count(&o, ES_LETTER_JOINED, ES_LETTER_SENT), 1);
    close_office(&o);
}

static struct es_receipt waiting_run(struct office *o,
                                     const struct es_participant *p)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r = { 0 };
    struct es_typed t = { .started_ms = o->w.now - 60000000,
                          .dist_m = 120000,
                          .elapsed_s = 48000 };
    world_must(es_runs_type_in(&o->w.app, p, &t, &o->w.a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    return r;
}

static void act(struct office *o, struct es_receipt *r, int64_t who,
                enum es_review_act what, const char *reason, const char *words)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_reviewing in = { .initiative = o->w.ini.id,
                               .run = r->run.id,
                               .account = who,
                               .role = ES_ROLE_REVIEWER,
                               .act = what,
                               .reason = reason,
                               .words = words,
                               .seen = -1 };
    world_must(es_runs_review(&o->w.app, &in, &o->w.a, r, &fe, &e), &e);
}

TEST(what_a_person_decides_about_a_run_is_told_and_what_is_overtaken_isn_t)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    char path[64];
    open_office(&o, "good");
    struct es_participant p =
        join(&o, "Ada", "en", "ada@example.org", ONLY_RULES);
    CHECK_INT(go(&o, o.w.now), 1);
    struct es_receipt r = waiting_run(&o, &p);
    CHECK_INT(go(&o, o.w.now), 0); /* the receipt was shown at once */
    act(&o, &r, 71, ES_REVIEW_ASK, "", "Where was it?");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK(says(&o, 2, "has a question"));
    CHECK(!says(&o, 2, "Where was it?")); /* that stands behind the sign-in */
    snprintf(path, sizeof path, "/me/runs/%lld", (long long)r.run.id);
    CHECK(says(&o, 2, path));
    act(&o, &r, 71, ES_REVIEW_REFUSE, "other", "No.");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK(says(&o, 3, "it doesn't count"));
    world_must(
        es_runs_appeal(&o.w.app, &p, r.run.id, "I did.", &o.w.a, &r, &fe, &e),
        &e);
    act(&o, &r, 72, ES_REVIEW_ACCEPT, "", "");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK(says(&o, 4, "it counts now, with 120.00 km"));
    CHECK_INT(count(&o, ES_LETTER_APPEAL, ES_LETTER_SENT), 1);
    /* asked, and decided before the question went out: one mail, not two */
    struct es_participant q =
        join(&o, "Bo", "en", "bo@example.org", ONLY_RULES);
    struct es_receipt s = waiting_run(&o, &q);
    act(&o, &s, 71, ES_REVIEW_ASK, "", "Where?");
    act(&o, &s, 71, ES_REVIEW_ACCEPT, "", "");
    CHECK_INT(go(&o, o.w.now), 3);
    CHECK_INT(mail_kit_count(&o.k), 6);
    CHECK_INT(count(&o, ES_LETTER_QUESTION, ES_LETTER_NEEDLESS), 1);
    close_office(&o);
}

TEST(the_end_is_told_to_who_agreed_and_one_click_ends_it)
{
    struct office o;
    struct es_err e = { 0 };
    int64_t ini = 0;
    int64_t who = 0;
    open_office(&o, "good");
    struct es_participant ada =
        join(&o, "Ada", "tr", "ada@example.org", AGREED);
    (void)join(&o, "Bo", "en", "bo@example.org", ONLY_RULES);
    turn(&o, ES_LETTER_JOINED, false);
    CHECK_INT(go(&o, o.w.now), 2); /* both had their turn, and got nothing */
    CHECK_INT(mail_kit_count(&o.k), 0);
    o.w.ini.state = ES_INI_FINAL;
    world_must(es_initiative_save(&o.w.app, &o.w.ini, &e), &e);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(go(&o, o.w.now), 0);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK(says(&o, 1, "ada@example.org"));
    CHECK(says(&o, 1, "/e/lantern/people/1?lang=tr"));
    CHECK(says(&o, 1, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    const char *stop = es_letter_stop(o.w.app.key, "https://run.example",
                                      ada.initiative, ada.id, &o.w.a);
    CHECK(says(&o, 1, stop));
    CHECK(es_letter_stop_of(
        o.w.app.key, stop + strlen("https://run.example/stop/"), &ini, &who));
    CHECK(ini == ada.initiative && who == ada.id);
    close_office(&o);
}

TEST(an_address_to_stop_is_ours_or_none)
{
    struct world w;
    int64_t ini;
    int64_t who;
    world_begin(&w);
    const char *good = es_letter_stop(w.app.key, "", 77, 99, &w.a) + 6;
    CHECK(es_letter_stop_of(w.app.key, good, &ini, &who));
    CHECK(ini == 77 && who == 99);
    static const char *const BAD[] = { "",     "-",        "4d-63-", "4d-63",
                                       "4d--", "zz-63-00", "4d-63-0" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!es_letter_stop_of(w.app.key, BAD[i], &ini, &who));
    for (size_t i = 0; good[i]; i++) {
        char *other = es_arena_str(&w.a, good);
        other[i] = other[i] == '1' ? '2' : '1';
        CHECK(!es_letter_stop_of(w.app.key, other, &ini, &who));
    }
    CHECK(es_letter_agreed("{\"mail\":1}"));
    CHECK(es_letter_agreed("{\"rules\":2,\"mail\":\"1\"}"));
    CHECK(!es_letter_agreed("{}"));
    CHECK(!es_letter_agreed("{\"rules\":\"{\\\"mail\\\":1}\"}"));
    world_end(&w);
}

TEST(reminders_come_when_they_are_wanted_and_only_to_who_has_no_run)
{
    struct office o;
    struct es_err e = { 0 };
    open_office(&o, "good");
    struct es_participant ada =
        join(&o, "Ada", "en", "ada@example.org", AGREED);
    (void)join(&o, "Bo", "en", "bo@example.org", AGREED);
    CHECK_INT(go(&o, o.w.now), 2);
    int64_t soon = o.w.ini.closes_ms - 2 * DAY_MS;
    CHECK_INT(go(&o, soon), 0); /* off, as it comes */
    turn(&o, ES_LETTER_CLOSES, true);
    (void)waiting_run(&o, &ada);
    CHECK_INT(go(&o, o.w.ini.closes_ms - 4 * DAY_MS), 0);
    CHECK_INT(go(&o, soon), 1);
    CHECK_INT(mail_kit_count(&o.k), 3);
    CHECK(says(&o, 3, "bo@example.org"));
    CHECK(says(&o, 3, "you have no run yet"));
    CHECK_INT(go(&o, soon + 1000), 0);
    o.w.ini.opens_ms = o.w.ini.closes_ms - DAY_MS;
    o.w.ini.state = ES_INI_PUBLISHED;
    world_must(es_initiative_save(&o.w.app, &o.w.ini, &e), &e);
    turn(&o, ES_LETTER_OPENS, true);
    CHECK_INT(go(&o, soon), 2);
    CHECK(says(&o, 4, "begins soon"));
    close_office(&o);
}

TEST(a_guardian_is_asked_and_told_no_name)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    char year[8];
    snprintf(year, sizeof year, "%d", es_date_of(es_time_now_ms()).year - 12);
    struct es_join in = { .display_name = "Zehra Khan",
                          .lang = "en",
                          .birth_year = year,
                          .guardian_contact = "parent@example.org",
                          .consents = ONLY_RULES,
                          .mail = true };
    open_office(&o, "good");
    world_must(es_register(&o.w.app, &o.w.ini, &in, &o.w.a, &j, &fe, &e), &e);
    CHECK_INT(j.p.guardian, ES_GUARDIAN_ASKED);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(go(&o, o.w.now), 0);
    CHECK(says(&o, 1, "parent@example.org"));
    CHECK(!says(&o, 1, "Zehra"));
    const char *token = es_guardian_token(o.w.app.key, &j.p, &o.w.a);
    CHECK(says(&o, 1, token));
    int64_t ini = 0;
    int64_t who = 0;
    CHECK(es_guardian_token_of(token, &ini, &who));
    CHECK(ini == j.p.initiative && who == j.p.id);
    CHECK(es_guardian_token_is(o.w.app.key, &j.p, token, &o.w.a));

    /* another contact is another link, and a letter of its own */
    in.guardian_contact = "other@example.org";
    world_must(
        es_person_change(&o.w.app, &o.w.ini, &j.p, &in, &o.w.a, &j.p, &fe, &e),
        &e);
    CHECK(!es_guardian_token_is(o.w.app.key, &j.p, token, &o.w.a));
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK(says(&o, 2, "other@example.org"));
    /* nobody is asked again for another change, or who has agreed */
    in.country = "TR";
    world_must(
        es_person_change(&o.w.app, &o.w.ini, &j.p, &in, &o.w.a, &j.p, &fe, &e),
        &e);
    CHECK_INT(go(&o, o.w.now), 0);
    in.guardian_contact = "third@example.org";
    world_must(
        es_person_change(&o.w.app, &o.w.ini, &j.p, &in, &o.w.a, &j.p, &fe, &e),
        &e);
    world_must(es_guardian_agreed(&o.w.app, o.w.ini.id, j.p.id, &e), &e);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 2);
    close_office(&o);
}

TEST(a_guardians_link_is_ours_or_none)
{
    static const char *const BAD[] = {
        "", "-", "1-2", "1-2-", "x-y-z", "1-2-3 ", "--", "11111111111111111-2-3"
    };
    struct es_arena a;
    uint8_t key[32] = { 1 };
    struct es_participant p = { .initiative = 77,
                                .id = 99,
                                .guardian_contact = "a@example.org" };
    int64_t ini;
    int64_t who;
    es_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!es_guardian_token_of(BAD[i], &ini, &who) ||
              !es_guardian_token_is(key, &p, BAD[i], &a));
    const char *good = es_guardian_token(key, &p, &a);
    for (size_t i = 0; good[i]; i++) {
        char *other = es_arena_str(&a, good);
        other[i] = other[i] == '1' ? '2' : '1';
        CHECK(!es_guardian_token_is(key, &p, other, &a));
    }
    key[0] = 2;
    CHECK(!es_guardian_token_is(key, &p, good, &a));
    es_arena_release(&a);
}

/* One place, and a list for who comes later. */
static void one_place(struct office *o)
{
    struct es_err e = { 0 };
    struct es_settings_change c = {
        .initiative = o->w.ini.id,
        .settings = es_settings_default(),
        .consents = { { "rules", "Rules.", "Rules.", "", true, false },
                      { "mail", "Mail.", "Mail.", "", false, false } },
        .n_consents = 2,
    };
    c.settings.capacity = 1;
    c.settings.waiting = true;
    world_must(es_settings_save(&o->w.app, &c, &o->w.a, &e), &e);
}

TEST(who_waits_is_told_so_and_of_the_place_that_becomes_free)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_leaving leave = { .take_away = true };
    open_office(&o, "good");
    struct es_moved *moved = es_arena_alloc(&o.w.a, sizeof *moved);
    one_place(&o);
    struct es_participant ada =
        join(&o, "Ada", "en", "ada@example.org", AGREED);
    struct es_participant bo = join(&o, "Bo", "en", "bo@example.org", AGREED);
    CHECK_INT(bo.state, ES_PERSON_WAITS);
    CHECK_INT(go(&o, o.w.now), 2);
    CHECK(says(&o, 1, "You take part in"));
    CHECK(says(&o, 2, "You are on the waiting list"));
    CHECK(!says(&o, 2, "You take part in"));
    /* a reminder is for who can run */
    turn(&o, ES_LETTER_CLOSES, true);
    CHECK_INT(go(&o, o.w.ini.closes_ms - 2 * DAY_MS), 1);
    CHECK(says(&o, 3, "ada@example.org"));
    world_must(es_person_leave(&o.w.app, &ada, &leave, &e), &e);
    world_must(es_people_move_up(&o.w.app, o.w.ini.id, &o.w.a, moved, &e), &e);
    CHECK_INT(moved->all, 1);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(go(&o, o.w.now), 0);
    CHECK(says(&o, 4, "bo@example.org"));
    CHECK(says(&o, 4, "A place has become free"));
    CHECK(says(&o, 4, "You take part in"));
    CHECK_INT(count(&o, ES_LETTER_PLACED, ES_LETTER_SENT), 1);
    close_office(&o);
}

static enum es_code put_nasty(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct office *o = arg;
    (void)blob;
    enum es_code rc = es_txn_initiative_put(tx, &o->w.ini, e);
    return rc == ES_OK ? es_txn_letter_words_put(tx, o->w.ini.id,
                                                 ES_LETTER_JOINED, "en",
                                                 "Hi\r\n.\r\nQUIT\r\nBcc: "
                                                 "<eve@example.org>",
                                                 e)
                       : rc;
}

/* Row 12: as if the checks of what staff writes had let it through. */
TEST(what_staff_writes_makes_no_header_line)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_buf mail, env;
    open_office(&o, "good");
    o.w.ini.title = "Run =?UTF-8?Q?x?= \xd9\x88 <eve@example.org>";
    o.w.ini.holder = "Us\r\nBcc: eve@example.org";
    world_must(
        es_store_write(o.w.store,
                       &(struct es_write){ .apply = put_nasty, .arg = &o }, &e),
        &e);
    (void)join(&o, "Ada", "en", "ada@example.org", ONLY_RULES);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    mail_kit_envelope(&o.k, 1, &env);
    CHECK(!strstr(es_buf_cstr(&env), "eve@"));
    mail_kit_mail(&o.k, 1, &mail);
    const char *body = strstr(es_buf_cstr(&mail), "\r\n\r\n");
    const char *bcc = strstr(es_buf_cstr(&mail), "\r\nBcc");
    CHECK(body != NULL && (!bcc || bcc > body));
    CHECK(says(&o, 1, "\n> Bcc: <eve@example.org>\n")); /* their own words */
    es_buf_release(&mail);
    es_buf_release(&env);
    /* a subject that would make a line makes no mail at all */
    o.w.ini.title = "Run\r\nBcc: eve@example.org";
    world_must(
        es_store_write(o.w.store,
                       &(struct es_write){ .apply = put_nasty, .arg = &o }, &e),
        &e);
    (void)join(&o, "Bo", "en", "bo@example.org", ONLY_RULES);
    (void)go(&o, o.w.now);
    CHECK_INT(mail_kit_count(&o.k), 1);
    close_office(&o);
}

static struct es_report reports(struct office *o, const char *lang,
                                const char *mail)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_reporting in = { .initiative = o->w.ini.id,
                               .what = ES_REPORT_TEXT,
                               .shown = "Light for all.",
                               .wrong = "private",
                               .words = "My street stands there.",
                               .mail = mail,
                               .lang = lang };
    struct es_report r;
    int64_t id = 0;
    world_must(es_report_add(&o->w.app, &in, &o->w.a, &id, &fe, &e), &e);
    world_must(es_report_find(&o->w.app, id, &o->w.a, &r, &e), &e);
    return r;
}

static void decides(struct office *o, const struct es_report *r,
                    enum es_act act, const char *why)
{
    struct es_err e = { 0 };
    struct es_deciding in = { 71, r, act, why };
    world_must(es_report_decide(&o->w.app, &in, &e), &e);
}

TEST(who_reported_gets_the_decision_and_its_reason_in_their_language)
{
    struct office o;
    open_office(&o, "good");
    struct es_report r = reports(&o, "ur", "zehra@example.org");
    (void)reports(&o, "tr", "can@example.org"); /* about the same thing */
    (void)reports(&o, "en", "");
    CHECK_INT(go(&o, o.w.now), 0);
    decides(&o, &r, ES_ACT_PAUSE, "It named a street.\nIt is gone now.");
    CHECK_INT(go(&o, o.w.now), 2); /* although the initiative is paused */
    CHECK_INT(go(&o, o.w.now + 1000), 0);
    CHECK_INT(mail_kit_count(&o.k), 2);
    CHECK(says(&o, 1, "zehra@example.org"));
    CHECK(says(&o, 1, "Content-Language: ur\r\n"));
    CHECK(says(&o, 1, "The Lantern Run"));
    CHECK(says(&o, 1, "> It named a street.\n> It is gone now.\n"));
    CHECK(says(&o, 1, es_report_done_words(es_lang_of("ur"), "suspended")));
    CHECK(
        says(&o, 1, es_arena_fmt(&o.w.a, "/report/%" PRId64 "?lang=ur", r.id)));
    CHECK(!says(&o, 1, "My street")); /* anybody could send it to anybody */
    CHECK(!says(&o, 1, "Light for all"));
    CHECK(says(&o, 2, "can@example.org"));
    CHECK(says(&o, 2, "Content-Language: tr\r\n"));
    close_office(&o);
}

static int32_t told(struct office *o, const struct es_report *r)
{
    struct es_err e = { 0 };
    struct es_letter l = { 0 };
    world_must(es_store_letter_to(o->w.store, r->initiative, r->id,
                                  ES_LETTER_REPORT, &l, &e),
               &e);
    return l.state;
}

TEST(an_address_of_who_reported_that_takes_no_mail_is_the_operators_to_see)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_letter *v;
    size_t n;
    open_office(&o, "refuses");
    struct es_report r = reports(&o, "en", "nobody@example.org");
    decides(&o, &r, ES_ACT_KEEP, "It is public there anyway.");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(told(&o, &r), ES_LETTER_REFUSED_FOR_GOOD);
    /* and not the organisers': they don't learn who reports */
    world_must(es_store_letters_failed(o.w.store, o.w.ini.id, 0, 10, &o.w.a, &v,
                                       &n, &e),
               &e);
    CHECK_INT(n, 0);
    close_office(&o);
}

TEST(a_server_that_is_away_is_asked_again_about_a_report)
{
    struct office o;
    open_office(&o, "later-once");
    struct es_report r = reports(&o, "en", "ada@example.org");
    decides(&o, &r, ES_ACT_KEEP, "It stands there with reason.");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(told(&o, &r), ES_LETTER_WAITS);
    CHECK_INT(mail_kit_count(&o.k), 0);
    CHECK_INT(go(&o, o.w.now + 3600000), 1);
    CHECK_INT(told(&o, &r), ES_LETTER_SENT);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK(says(&o, 1, "It stays as it is."));
    close_office(&o);
}

TEST(a_class_with_one_address_is_no_flood)
{
    struct office o;
    char name[16];
    open_office(&o, "good");
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "Pupil %d", i);
        (void)join(&o, name, "en", "class@example.org", ONLY_RULES);
    }
    (void)go(&o, o.w.now);
    CHECK_INT(mail_kit_count(&o.k), 0);
    close_office(&o);
}

/* ---- the server ---- */

static struct es_letter only(struct office *o)
{
    struct es_err e = { 0 };
    struct es_letter *v;
    size_t n;
    world_must(es_store_letters_failed(o->w.store, o->w.ini.id, 0, 10, &o->w.a,
                                       &v, &n, &e),
               &e);
    CHECK_INT(n, 1);
    return v[0];
}

static enum es_code retry(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    const struct office *o = arg;
    (void)blob;
    return es_txn_letter_again(tx, o->w.ini.id, 0, o->w.now, o->w.now + DAY_MS,
                               e);
}

TEST(an_address_that_is_refused_for_good_is_marked_until_it_is_tried_again)
{
    struct office o;
    struct es_err e = { 0 };
    struct es_mail_state m;
    open_office(&o, "refuses");
    struct es_participant p =
        join(&o, "Ada", "en", "ada@example.org", ONLY_RULES);
    CHECK_INT(go(&o, o.w.now), 1);
    struct es_letter l = only(&o);
    CHECK_INT(l.state, ES_LETTER_REFUSED_FOR_GOOD);
    CHECK_INT(l.fault, ES_FAULT_ADDRESS);
    CHECK_INT(l.code, 550);
    world_must(
        es_store_mail_state(o.w.store, p.initiative, p.id, &o.w.a, &m, &e), &e);
    CHECK(es_mail_refused(&m, "ada@example.org"));
    CHECK(!es_mail_refused(&m, "ada@example.com"));
    /* another event: the server isn't asked again */
    struct es_receipt r = waiting_run(&o, &p);
    act(&o, &r, 71, ES_REVIEW_ACCEPT, "", "");
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(count(&o, ES_LETTER_ACCEPTED, ES_LETTER_REFUSED_FOR_GOOD), 1);
    mail_kit_stop(&o.k);
    mail_kit_start(&o.k, "good", false, NULL);
    CHECK_INT(go(&o, o.w.now), 0);
    world_must(es_store_write(o.w.store,
                              &(struct es_write){ .apply = retry, .arg = &o },
                              &e),
               &e);
    CHECK_INT(go(&o, o.w.now), 2);
    CHECK_INT(mail_kit_count(&o.k), 2);
    CHECK_INT(count(&o, ES_LETTER_ACCEPTED, ES_LETTER_SENT), 1);
    world_must(
        es_store_mail_state(o.w.store, p.initiative, p.id, &o.w.a, &m, &e), &e);
    CHECK(!es_mail_refused(&m, "ada@example.org"));
    close_office(&o);
}

TEST(who_wants_to_be_asked_again_is_asked_again)
{
    struct office o;
    open_office(&o, "later-once");
    (void)join(&o, "Ada", "en", "ada@example.org", ONLY_RULES);
    CHECK_INT(go(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 0);
    struct es_letter l = only(&o);
    CHECK_INT(l.state, ES_LETTER_WAITS);
    CHECK_INT(l.fault, ES_FAULT_LATER);
    CHECK_INT(l.code, 451);
    CHECK_INT(go(&o, l.next_ms - 1), 0);
    CHECK_INT(go(&o, l.next_ms), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK_INT(count(&o, ES_LETTER_JOINED, ES_LETTER_SENT), 1);
    close_office(&o);
}

TEST(a_server_that_fails_is_left_alone_and_what_is_too_old_is_given_up)
{
    struct office o;
    open_office(&o, "good");
    o.smtp.url = "smtp://127.0.0.1:1"; /* nobody listens there */
    (void)join(&o, "Ada", "en", "ada@example.org", ONLY_RULES);
    (void)join(&o, "Bo", "en", "bo@example.org", ONLY_RULES);
    CHECK_INT(go(&o, o.w.now), 1); /* the second isn't tried */
    CHECK_INT(go(&o, o.w.now + ES_LETTER_HOLD_MS - 1), 0);
    o.smtp.url = o.k.url;
    CHECK_INT(go(&o, o.w.now + ES_LETTER_HOLD_MS), 2);
    CHECK_INT(mail_kit_count(&o.k), 2);
    o.smtp.url = "smtp://127.0.0.1:1";
    (void)join(&o, "Cem", "en", "cem@example.org", ONLY_RULES);
    int64_t at = o.w.now;
    for (int i = 0; i < 100 && !count(&o, ES_LETTER_JOINED, ES_LETTER_GIVEN_UP);
         i++) {
        (void)go(&o, at);
        at += 3600000;
    }
    CHECK(at > o.w.now + 3 * DAY_MS);
    CHECK_INT(only(&o).fault, ES_FAULT_CONNECT);
    CHECK_INT(mail_kit_count(&o.k), 2);
    close_office(&o);
}

TEST(many_go_out_at_the_pace_that_is_set)
{
    struct office o;
    struct es_err e = { 0 };
    char mail[40];
    size_t all = 0;
    open_office(&o, "good");
    for (int i = 0; i < 30; i++) {
        snprintf(mail, sizeof mail, "p%d@example.org", i);
        (void)join(&o, "P", "en", mail, ONLY_RULES);
    }
    o.letters.per_minute = 60;
    for (int64_t ms = 0; ms < 10000; ms += 100) {
        size_t n = 0;
        world_must(es_letters_round(&o.letters, o.w.now + ms, &n, &e), &e);
        all += n;
    }
    CHECK(all >= 10 && all <= 12);
    CHECK_INT(mail_kit_count(&o.k), all);
    close_office(&o);
}

/* Killed while it plans and sends, again and again: nobody is left out, nobody
 * has two different mails, and only those that were being handed over when we
 * died come twice, under one Message-ID. */
TEST(killed_again_and_again_nothing_is_lost_and_nothing_is_told_twice)
{
    enum { PEOPLE = 40, KILLS = 6 };
    struct office o;
    struct es_err e = { 0 };
    char mail[40];
    open_office(&o, "good");
    turn(&o, ES_LETTER_JOINED, false);
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(mail, sizeof mail, "p%d@example.org", i);
        (void)join(&o, "P", "en", mail, AGREED);
    }
    (void)go(&o, o.w.now);
    o.w.ini.state = ES_INI_FINAL;
    world_must(es_initiative_save(&o.w.app, &o.w.ini, &e), &e);
    struct es_bytes key = { o.w.app.key, 32 };
    uint8_t kept[32];
    memcpy(kept, key.p, sizeof kept);
    const char *dir = o.w.dir;
    int64_t now = o.w.now;
    world_end(&o.w);
    for (int i = 0; i <= KILLS; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct es_store *s;
            size_t n = 1;
            if (es_store_open(dir, &s, &e) != ES_OK)
                _exit(1);
            struct es_post post = { s, kept, &o.smtp, &o.from,
                                    "https://run.example" };
            struct es_letters l = { .post = &post, .per_minute = 6000 };
            while (n > 0 || i < KILLS) {
                l.next_ms = 0;
                if (es_letters_round(&l, now + i * 120000, &n, &e) != ES_OK)
                    _exit(2);
            }
            es_store_close(s);
            _exit(0);
        }
        int status = 0;
        if (i < KILLS) {
            usleep(30000 + 25000 * (unsigned)i);
            kill(pid, SIGKILL);
        }
        waitpid(pid, &status, 0);
        CHECK(i < KILLS || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    size_t n = mail_kit_count(&o.k);
    CHECK(n >= PEOPLE && n <= PEOPLE + KILLS);
    size_t got = 0;
    for (int i = 0; i < PEOPLE; i++) {
        char first[120] = "";
        snprintf(mail, sizeof mail, "To:\r\n <p%d@example.org>", i);
        for (size_t k = 1; k <= n; k++) {
            struct es_buf m;
            mail_kit_mail(&o.k, k, &m);
            const char *id = strstr(es_buf_cstr(&m), "Message-ID:");
            CHECK(id != NULL);
            if (strstr(es_buf_cstr(&m), mail)) {
                if (!*first)
                    snprintf(first, sizeof first, "%.60s", id);
                CHECK(strncmp(id, first, strlen(first)) == 0);
            }
            es_buf_release(&m);
        }
        got += *first != '\0';
    }
    CHECK_INT(got, PEOPLE);
    mail_kit_stop(&o.k);
}

/* ---- a test ---- */

static enum es_code put_test(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_mail_test_put(tx, arg, e);
}

static struct es_mail_test tried(struct office *o)
{
    struct es_err e = { 0 };
    struct es_mail_test t = { .account = 5,
                              .address = "me@example.org",
                              .lang = "en",
                              .asked_ms = o->w.now,
                              .said = "" };
    world_must(
        es_store_write(o->w.store,
                       &(struct es_write){ .apply = put_test, .arg = &t }, &e),
        &e);
    (void)go(o, o->w.now);
    world_must(es_store_mail_test(o->w.store, 5, &o->w.a, &t, &e), &e);
    CHECK(t.done_ms != 0);
    return t;
}

TEST(a_test_says_exactly_what_went_wrong)
{
    static const struct {
        const char *be;
        enum es_mail_fault fault;
        int code;
        const char *words;
    } SERVERS[] = {
        { "good", ES_FAULT_NONE, 0, "" },
        { "refuses", ES_FAULT_ADDRESS, 550, "5.1.1 nobody here" },
        { "refuses-sender", ES_FAULT_SENDER, 553, "5.7.1 not in our name" },
        { "refuses-data", ES_FAULT_CONTENT, 554, "5.6.0 not this one" },
        { "later", ES_FAULT_LATER, 451, "4.7.1 come back in a while" },
        { "mute", ES_FAULT_SILENT, 0, "" },
    };
    for (size_t i = 0; i < sizeof SERVERS / sizeof *SERVERS; i++) {
        struct office o;
        open_office(&o, SERVERS[i].be);
        o.smtp.send_s = 2;
        struct es_mail_test t = tried(&o);
        if (t.fault != (int32_t)SERVERS[i].fault || t.code != SERVERS[i].code ||
            strcmp(t.said, SERVERS[i].words) != 0)
            FAIL("%s: fault %d, code %d, \"%s\"", SERVERS[i].be, (int)t.fault,
                 (int)t.code, t.said);
        close_office(&o);
    }
}

TEST(a_test_tells_names_doors_certificates_and_passwords_apart)
{
    struct office o;
    open_office(&o, "good");
    o.smtp.url = "smtp://nobody.invalid:25";
    CHECK_INT(tried(&o).fault, ES_FAULT_NAME);
    o.smtp.url = "smtp://127.0.0.1:1";
    CHECK_INT(tried(&o).fault, ES_FAULT_CONNECT);
    o.smtp.url = o.k.url;
    o.smtp.here = false; /* it must encrypt, and doesn't */
    CHECK_INT(tried(&o).fault, ES_FAULT_TLS);
    mail_kit_stop(&o.k);
    mail_kit_start(&o.k, "good", true, "runs:secret");
    CHECK_INT(tried(&o).fault, ES_FAULT_CERT);
    o.smtp.ca_file = o.k.cert;
    o.smtp.user = "runs";
    o.smtp.password = "wrong";
    struct es_mail_test t = tried(&o);
    CHECK_INT(t.fault, ES_FAULT_LOGIN);
    CHECK_INT(t.code, 535);
    CHECK(strstr(t.said, "5.7.8") != NULL);
    o.smtp.user = "";
    CHECK_INT(tried(&o).fault, ES_FAULT_LOGIN); /* it asks for one */
    o.smtp.user = "runs";
    o.smtp.password = "secret";
    CHECK_INT(tried(&o).fault, ES_FAULT_NONE);
    CHECK_INT(mail_kit_count(&o.k), 1);
    close_office(&o);
}
