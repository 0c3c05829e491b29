/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's messages, and how somebody ends what isn't necessary. */
#include "base/time.h"
#include "browser.h"
#include "initiative/registration.h"
#include "notify/guardian_letter.h"
#include "notify/letter.h"
#include "store/letters.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

#define PAGE "/organise/e/lantern/messages"

static struct es_mail_state state_of(struct browser *b,
                                     const struct es_participant *p)
{
    struct es_err e = { 0 };
    struct es_mail_state m;
    world_must(
        es_store_mail_state(b->w.store, p->initiative, p->id, &b->w.a, &m, &e),
        &e);
    return m;
}

TEST(one_click_ends_it_without_a_cookie_and_a_look_changes_nothing)
{
    struct browser b;
    char path_[160];
    browser_start(&b);
    struct es_participant p = world_join(&b.w, "Ada");
    snprintf(path_, sizeof path_, "%s",
             es_letter_stop(b.w.app.key, "", p.initiative, p.id, &b.w.a));
    CHECK_INT(browser_get(&b, path_), 200);
    CHECK(!state_of(&b, &p).stopped_ms);
    CHECK(browser_shows(&b, "The Lantern Run"));
    CHECK(!browser_shows(&b, "Ada"));
    b.cookies[0] = '\0'; /* a mail program has none, nor a page of ours */
    CHECK_INT(
        browser_send(&b, "POST", path_,
                     "Content-Type: application/x-www-form-urlencoded\r\n",
                     es_bytes_str("List-Unsubscribe=One-Click")),
        200);
    CHECK(state_of(&b, &p).stopped_ms);
    CHECK_INT(browser_get(&b, path_), 200);
    CHECK_INT(browser_post(&b, path_, "again=1"), 200);
    CHECK(!state_of(&b, &p).stopped_ms);
    char *last = &path_[strlen(path_) - 1]; /* a digit of hex */
    *last = *last == '0' ? '1' : '0';
    CHECK_INT(browser_get(&b, path_), 404);
    browser_stop(&b);
}

static enum es_code refuse(struct es_txn *tx, const struct es_blob *blob,
                           void *arg, struct es_err *e)
{
    const struct es_participant *p = arg;
    (void)blob;
    return es_txn_mail_refuse(tx, p->initiative, p->id, "ada@example.org", 550,
                              1, e);
}

TEST(who_takes_no_mail_reads_so_on_their_page)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = "Ada",
                          .email = "ada@example.org",
                          .consents = "{\"rules\":2}" };
    browser_start(&b);
    world_must(es_register(&b.w.app, &b.w.ini, &in, &b.w.a, &j, &fe, &e), &e);
    browser_sign_in(&b, &j.p);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(!browser_shows(&b, "comes back"));
    world_must(
        es_store_write(b.w.store,
                       &(struct es_write){ .apply = refuse, .arg = &j.p }, &e),
        &e);
    CHECK_INT(browser_get(&b, "/me"), 200);
    CHECK(browser_shows(&b, "comes back"));
    browser_stop(&b);
}

TEST(each_message_is_switched_and_what_others_switched_stays)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_letter_set sets[ES_LETTER_KINDS];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, PAGE), 200);
    CHECK(browser_shows(&b, "value=\"1.3 1.3 1.3 1.3 1.3 0.3 0.3 1.3 1.3 \""));
    static const char WAS[] = "was=1.3+1.3+1.3+1.3+1.3+0.3+0.3+1.3+1.3+&";
    char form[300];
    snprintf(form, sizeof form,
             "%son_1=1&on_2=1&on_3=1&on_4=1&on_5=1&on_7=1&days_6=3&days_7=5&"
             "on_8=1&on_9=1",
             WAS);
    CHECK_INT(browser_post(&b, PAGE, form), 303);
    /* from a form of before: the other change stands */
    snprintf(form, sizeof form,
             "%son_2=1&on_3=1&on_4=1&on_5=1&days_6=3&days_7=3&on_8=1&on_9=1",
             WAS);
    CHECK_INT(browser_post(&b, PAGE, form), 303);
    world_must(es_store_letter_sets(b.w.store, b.w.ini.id, sets, &e), &e);
    CHECK(!sets[ES_LETTER_JOINED].on && sets[ES_LETTER_CLOSES].on);
    CHECK_INT(sets[ES_LETTER_CLOSES].days, 5);
    CHECK(sets[ES_LETTER_FINAL].on && !sets[ES_LETTER_OPENS].on);
    snprintf(form, sizeof form, "%sdays_6=x&days_7=31", WAS);
    CHECK_INT(browser_post(&b, PAGE, form), 422);
    CHECK(browser_shows(&b, "value=\"31\""));
    browser_stop(&b);
}

/* Sends the form that was got last, with all its fields. */
static int send_words(struct browser *b, const char *fields)
{
    static char form[9000];
    const char *was = strstr(browser_body(b), "name=\"was\" value=\"");
    CHECK(was != NULL);
    was += strlen("name=\"was\" value=\"");
    int n = (int)strcspn(was, "\"");
    snprintf(form, sizeof form,
             "was=%.*s&words_tr=&words_az=&words_ur=&words_ar=&%s", n, was,
             fields);
    return browser_post(b, PAGE "/1", form);
}

TEST(words_are_added_by_language_and_shown_as_they_will_read)
{
    struct browser b;
    struct es_err e = { 0 };
    const char *kept = "";
    static char form[8000];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, PAGE "/99"), 404);
    CHECK_INT(browser_get(&b, PAGE "/1"), 200);
    CHECK(browser_shows(&b, "You take part: The Lantern Run"));
    CHECK_INT(send_words(&b, "see=1&words_en=Bring+%3Cb%3Ewater%3C%2Fb%3E"),
              200);
    CHECK(browser_shows(&b, "The Lantern Circle adds:"));
    CHECK(browser_shows(&b, "&gt; Bring &lt;b&gt;water&lt;/b&gt;"));
    world_must(es_store_letter_words(b.w.store, b.w.ini.id, 1, "en", &b.w.a,
                                     &kept, &e),
               &e);
    CHECK_STR(kept, "");
    CHECK_INT(send_words(&b, "words_en=Bring+water"), 303);
    world_must(es_store_letter_words(b.w.store, b.w.ini.id, 1, "en", &b.w.a,
                                     &kept, &e),
               &e);
    CHECK_STR(kept, "Bring water");
    memcpy(form, "words_en=", 9);
    memset(form + 9, 'x', 1001);
    CHECK_INT(browser_get(&b, PAGE "/1"), 200);
    CHECK_INT(send_words(&b, form), 422);
    CHECK(browser_shows(&b, "1,000"));
    browser_stop(&b);
}

static struct es_participant child(struct browser *b)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    char year[8];
    snprintf(year, sizeof year, "%d", es_date_of(es_time_now_ms()).year - 12);
    struct es_join in = { .display_name = "Zehra Khan",
                          .birth_year = year,
                          .guardian_contact = "parent@example.org",
                          .consents = "{\"rules\":2}",
                          .mail = true };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    return j.p;
}

static struct es_participant as_kept(struct browser *b, int64_t id)
{
    struct es_err e = { 0 };
    struct es_participant p = { 0 };
    world_must(
        es_store_participant(b->w.store, b->w.ini.id, id, &b->w.a, &p, &e), &e);
    return p;
}

TEST(a_guardian_agrees_by_their_link_or_has_all_erased)
{
    struct browser b;
    char path[200];
    browser_start(&b);
    struct es_participant p = child(&b);
    snprintf(path, sizeof path, "/guardian/%s",
             es_guardian_token(b.w.app.key, &p, &b.w.a));
    CHECK_INT(browser_get(&b, path), 200); /* a look changes nothing */
    CHECK(!browser_shows(&b, "Zehra"));
    CHECK_INT(as_kept(&b, p.id).guardian, ES_GUARDIAN_ASKED);
    CHECK_INT(browser_post(&b, path, "do=agree"), 200);
    CHECK_INT(as_kept(&b, p.id).guardian, ES_GUARDIAN_AGREED);
    CHECK_INT(browser_post(&b, path, "do=agree"), 200);
    CHECK_INT(browser_post(&b, path, "do=refuse"), 200);
    CHECK_INT(as_kept(&b, p.id).state, ES_PERSON_GONE);
    CHECK_STR(as_kept(&b, p.id).display_name, "");
    CHECK_INT(browser_get(&b, path), 404);
    CHECK_INT(browser_get(&b, "/guardian/1-2-3"), 404);
    browser_stop(&b);
}
