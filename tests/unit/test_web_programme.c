/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme: an event is written, published, called off, by one and by two
 * at once; what everybody sees of it, and what only those who take part do. */
#include "browser.h"
#include "programme/programme.h"
#include "t.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FORM = 8192, STAMP = 2048, PATH = 200 };
#define ROOT "/organise/e/lantern/programme"
#define LINK "https://meet.example/secret-room"

#define WHEN                                                                   \
    "zone=Europe%2FBerlin&starts_date=2096-08-25&starts_time=18%3A00"          \
    "&ends_date=2096-08-25&ends_time=19%3A30"
#define WHERE                                                                  \
    "&place=Great+Hall&address=1+Pier+Road%0D%0AHarbour&map="                  \
    "&online=https%3A%2F%2Fmeet.example%2Fsecret-room"
#define CEREMONY                                                               \
    "what=0&title=The+launch&about=Come+**all**.&title_ur="                    \
    "%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD&" WHEN WHERE

/* ---- a browser's odds and ends ---- */

static void stamp_of(const struct browser *b, char out[STAMP])
{
    static const char BEFORE[] = "name=\"was\" value=\"";
    const char *at = strstr(browser_body(b), BEFORE);
    CHECK(at != NULL);
    at += sizeof BEFORE - 1;
    size_t n = strcspn(at, "\"");
    CHECK(n > 0 && n < STAMP);
    memcpy(out, at, n);
    out[n] = '\0';
}

static int post(struct browser *b, const char *path, const char *was,
                const char *fields)
{
    char all[STAMP + FORM + 8];
    (void)snprintf(all, sizeof all, "was=%s&%s", was, fields);
    return browser_post(b, path, all);
}

/* As somebody without a cookie. */
static int by_a_stranger(struct browser *b, const char *path)
{
    char mine[sizeof b->cookies];
    memcpy(mine, b->cookies, sizeof mine);
    b->cookies[0] = '\0';
    int status = browser_get(b, path);
    memcpy(b->cookies, mine, sizeof mine);
    return status;
}

static bool says(const struct browser *b, const char *header)
{
    return strstr(es_buf_cstr(&b->r.head), header) != NULL;
}

/* The event that a redirect of the console leads to. */
static int64_t event_of(const struct browser *b)
{
    static const char BEFORE[] = "Location: " ROOT "/";
    const char *at = strstr(es_buf_cstr(&b->r.head), BEFORE);
    CHECK(at != NULL);
    return strtoll(at + sizeof BEFORE - 1, NULL, 10);
}

static const char *console(int64_t id, const char *tab)
{
    static char path[PATH];
    (void)snprintf(path, sizeof path, ROOT "/%" PRId64 "%s", id, tab);
    return path;
}

static const char *public_page(int64_t id, const char *tail)
{
    static char path[PATH];
    (void)snprintf(path, sizeof path, "/e/lantern/programme/%" PRId64 "%s", id,
                   tail);
    return path;
}

static int64_t make(struct browser *b, const char *more)
{
    char was[STAMP], all[FORM];
    CHECK_INT(browser_get(b, ROOT "/new"), 200);
    stamp_of(b, was);
    (void)snprintf(all, sizeof all, "%s%s", CEREMONY, more);
    CHECK_INT(post(b, ROOT "/new", was, all), 303);
    return event_of(b);
}

static void begin(struct browser *b)
{
    browser_start(b);
    browser_sign_in_organiser(b);
}

/* ---- from a draft to a page ---- */

TEST(an_event_is_seen_when_it_is_published_and_not_before)
{
    struct browser b;
    begin(&b);
    CHECK_INT(browser_get(&b, ROOT), 200);
    CHECK(browser_shows(&b, "Nothing yet."));
    int64_t id = make(&b, "");
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 404);
    CHECK_INT(by_a_stranger(&b, public_page(id, "/event.ics")), 404);
    CHECK_INT(by_a_stranger(&b, "/e/lantern/programme"), 200);
    CHECK(!browser_shows(&b, "The launch"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern/programme.ics"), 200);
    CHECK(!browser_shows(&b, "VEVENT"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern"), 200);
    CHECK(!browser_shows(&b, "/e/lantern/programme"));
    CHECK_INT(browser_get(&b, public_page(id, "")), 200);
    CHECK(browser_shows(&b, "A preview:"));

    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    CHECK(browser_shows(&b, "<strong>all</strong>"));
    CHECK(browser_shows(&b, "August 25, 2096, 18:00 to 19:30"));
    CHECK(browser_shows(&b, "Great Hall"));
    CHECK(browser_shows(&b, "openstreetmap.org/search?query=1%20Pier%20Road"));
    CHECK(!browser_shows(&b, "A preview:"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern/programme"), 200);
    CHECK(browser_shows(&b, "What comes"));
    CHECK(browser_shows(&b, "The launch"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern/programme?lang=ur"), 200);
    CHECK(browser_shows(&b, "\u0627\u0641\u062a\u062a\u0627\u062d"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "/e/lantern/programme"));
    CHECK(browser_shows(&b, "The launch"));

    /* back and forth; only a draft goes for good */
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 409);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=remove"), 409);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=vanish"), 400);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=call_off"), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    CHECK(browser_shows(&b, "This event doesn&#39;t take place."));
    CHECK_INT(by_a_stranger(&b, public_page(id, "/event.ics")), 200);
    CHECK(browser_shows(&b, "STATUS:CANCELLED"));
    CHECK(browser_shows(&b, "SEQUENCE:1"));
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=take_place"), 303);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=withdraw"), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 404);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=remove"), 303);
    CHECK_INT(browser_get(&b, console(id, "")), 404);
    browser_stop(&b);
}

/* ---- the link that isn't for everybody ---- */

static void check_link(struct browser *b, int64_t id, bool open)
{
    CHECK(browser_get(b, public_page(id, "")) == 200);
    if (browser_shows(b, LINK) != open)
        FAIL("the link is %s", open ? "missing" : "there");
    CHECK(browser_shows(b, "Who has registered sees the link") == !open);
}

/* In the page, in calendars, in data for machines: nowhere but for them. */
TEST(a_link_for_those_who_take_part_is_shown_to_nobody_else)
{
    struct browser b;
    begin(&b);
    int64_t id = make(&b, "&registered=1");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    check_link(&b, id, true); /* who organises */
    b.cookies[0] = '\0';
    check_link(&b, id, false);
    static const char *const OPEN[] = { "/e/lantern/programme",
                                        "/e/lantern/programme.ics" };
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(browser_get(&b, OPEN[i]), 200);
        CHECK(!browser_shows(&b, "secret-room"));
    }
    CHECK_INT(browser_get(&b, public_page(id, "/event.ics")), 200);
    CHECK(!browser_shows(&b, "secret-room"));

    struct es_participant ada = world_join(&b.w, "Ada");
    browser_sign_in(&b, &ada);
    check_link(&b, id, true);
    /* caches between: no calendar knows who asks */
    CHECK_INT(browser_get(&b, public_page(id, "/event.ics")), 200);
    CHECK(!browser_shows(&b, "secret-room"));
    browser_stop(&b);
}

TEST(an_open_link_is_everybodys)
{
    struct browser b;
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    b.cookies[0] = '\0';
    check_link(&b, id, true);
    CHECK_INT(browser_get(&b, public_page(id, "/event.ics")), 200);
    CHECK(browser_shows(&b, "secret-room"));
    browser_stop(&b);
}

/* ---- what machines read ---- */

TEST(a_page_tells_search_engines_what_it_is)
{
    static const char BEFORE[] = "<script type=\"application/ld+json\">";
    struct browser b;
    begin(&b);
    int64_t id = make(&b, "&registered=1");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    const char *at = strstr(browser_body(&b), BEFORE);
    CHECK(at != NULL);
    at += sizeof BEFORE - 1;
    json_t *ld = json_loadb(at, strcspn(at, "<"), 0, NULL);
    CHECK(ld != NULL);
    CHECK_STR(browser_text(ld, "@type"), "Event");
    CHECK_STR(browser_text(ld, "name"), "The launch");
    CHECK_STR(browser_text(ld, "startDate"), "2096-08-25T18:00:00+02:00");
    CHECK_STR(browser_text(ld, "endDate"), "2096-08-25T19:30:00+02:00");
    CHECK_STR(browser_text(ld, "eventStatus"),
              "https://schema.org/EventScheduled");
    CHECK_STR(browser_text(ld, "eventAttendanceMode"),
              "https://schema.org/MixedEventAttendanceMode");
    json_t *where = json_object_get(ld, "location");
    CHECK_INT((int64_t)json_array_size(where), 2);
    CHECK(strstr(browser_text(json_array_get(where, 1), "url"), "/programme/"));
    json_decref(ld);
    CHECK(says(&b, "script-src 'self'"));
    CHECK(!says(&b, "unsafe-inline"));
    browser_stop(&b);
}

/* Names that would end the element, or the file's line. */
TEST(words_stay_words_wherever_they_go)
{
    struct browser b;
    char was[STAMP];
    begin(&b);
    CHECK_INT(browser_get(&b, ROOT "/new"), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, ROOT "/new", was,
                   "what=3&title=%3C%2Fscript%3E%3Cscript%3Ealert(1)"
                   "%3B%0D%0AX%2CY&about=%3Cimg+src%3Dx+onerror%3Dy%3E"
                   "%5Bx%5D(javascript:y)&" WHEN "&place=a%5C&address=&map="
                   "&online="),
              303);
    int64_t id = event_of(&b);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    CHECK(!browser_shows(&b, "<script>alert"));
    CHECK(!browser_shows(&b, "<img src=x"));
    CHECK(!browser_shows(&b, "href=\"javascript:"));
    CHECK_INT(by_a_stranger(&b, public_page(id, "/event.ics")), 200);
    CHECK(browser_shows(&b, "alert(1)\\; X\\,Y"));
    CHECK(browser_shows(&b, "LOCATION:a\\\\\r\n"));
    browser_stop(&b);
}

TEST(a_feed_that_has_not_changed_is_not_sent_again)
{
    struct browser b;
    char tag[200], again[300], organiser[sizeof b.cookies];
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    memcpy(organiser, b.cookies, sizeof organiser);
    b.cookies[0] = '\0';
    CHECK_INT(browser_get(&b, "/e/lantern/programme.ics"), 200);
    CHECK(says(&b, "Content-Type: text/calendar"));
    CHECK(browser_shows(&b, "TZID:Europe/Berlin"));
    CHECK(browser_shows(&b, "DTSTART;TZID=Europe/Berlin:20960825T180000"));
    const char *at = strstr(es_buf_cstr(&b.r.head), "ETag: ");
    CHECK(at != NULL);
    (void)snprintf(tag, sizeof tag, "%.*s", (int)strcspn(at + 6, "\n"), at + 6);
    (void)snprintf(again, sizeof again, "If-None-Match: %s\r\n", tag);
    struct es_bytes none = { NULL, 0 };
    CHECK_INT(browser_send(&b, "GET", "/e/lantern/programme.ics", again, none),
              304);
    memcpy(b.cookies, organiser, sizeof organiser);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=call_off"), 303);
    b.cookies[0] = '\0';
    CHECK_INT(browser_send(&b, "GET", "/e/lantern/programme.ics", again, none),
              200);
    browser_stop(&b);
}

/* ---- the form ---- */

TEST(a_form_with_mistakes_comes_back_whole)
{
    static const char *const CASES[][2] = {
        { "title=&" WHEN, "id=\"title-error\"" },
        { "title=A&map=http%3A%2F%2Fx&" WHEN, "id=\"map-error\"" },
        { "title=A&online=javascript%3Ax&" WHEN, "id=\"online-error\"" },
        { "title=A&zone=Moon%2FBase&starts_date=2096-08-25&starts_time=18%3A00"
          "&ends_date=2096-08-25&ends_time=19%3A30",
          "id=\"zone-error\"" },
        { "title=A&zone=UTC&starts_date=2096-08-25&starts_time=18%3A00"
          "&ends_date=2096-08-25&ends_time=17%3A30",
          "id=\"ends-error\"" },
        /* the clocks leave it out, and have it twice */
        { "title=A&zone=Europe%2FBerlin&starts_date=2027-03-28"
          "&starts_time=02%3A30&ends_date=2027-03-28&ends_time=05%3A00",
          "value=\"03:30\"" },
        { "title=A&zone=Europe%2FBerlin&starts_date=2027-10-31"
          "&starts_time=02%3A30&ends_date=2027-10-31&ends_time=05%3A00",
          "02:30 (UTC+1:00)" },
    };
    char all[FORM], was[STAMP];
    struct browser b;
    begin(&b);
    CHECK_INT(browser_get(&b, ROOT "/new"), 200);
    stamp_of(&b, was);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        (void)snprintf(all, sizeof all,
                       "what=2&about=Kept+words&place=Kept+place&title_tr=Kept"
                       "+title&address=%s&%s",
                       "Kept+street", CASES[i][0]);
        CHECK_INT(post(&b, ROOT "/new", was, all), 422);
        if (!browser_shows(&b, CASES[i][1]))
            FAIL("%s: no %s", CASES[i][0], CASES[i][1]);
        CHECK(browser_shows(&b, "Kept words"));
        CHECK(browser_shows(&b, "value=\"Kept place\""));
        CHECK(browser_shows(&b, "value=\"Kept title\""));
        CHECK(browser_shows(&b, "Kept street"));
        CHECK(browser_shows(&b, "<option value=\"2\" selected>"));
    }
    /* and which of the two is meant can be said */
    CHECK_INT(post(&b, ROOT "/new", was,
                   "what=2&title=A&zone=Europe%2FBerlin&starts_date=2027-10-31"
                   "&starts_time=02%3A30&starts_fold=last&ends_date=2027-10-31"
                   "&ends_time=05%3A00&about=&place=&address=&map=&online="),
              303);
    int64_t id = event_of(&b);
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(browser_get(&b, public_page(id, "/event.ics")), 200);
    CHECK(browser_shows(&b, "DTSTART:20271031T013000Z"));
    CHECK(browser_shows(&b, "DTEND;TZID=Europe/Berlin:20271031T050000"));
    CHECK_INT(browser_get(&b, console(id, "")), 200);
    CHECK(browser_shows(&b, "value=\"last\" checked"));
    browser_stop(&b);
}

/* Both have it open; one moves it, the other renames it: both are kept. Where
 * both wrote the same thing, the second sees both. */
TEST(two_who_write_at_once_lose_nothing)
{
    struct browser b;
    char was[STAMP];
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_get(&b, console(id, "")), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, console(id, ""), was,
                   "what=0&title=The+launch&about=Come+**all**.&title_ur="
                   "%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD&"
                   "zone=Europe%2FBerlin&starts_date=2096-08-26"
                   "&starts_time=18%3A00&ends_date=2096-08-26"
                   "&ends_time=19%3A30" WHERE),
              303);
    CHECK_INT(post(&b, console(id, ""), was,
                   "what=0&title=The+opening&about=Come+**all**.&title_ur="
                   "%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD&" WHEN WHERE),
              303);
    CHECK_INT(browser_get(&b, console(id, "")), 200);
    CHECK(browser_shows(&b, "value=\"The opening\""));
    CHECK(browser_shows(&b, "value=\"2096-08-26\""));

    CHECK_INT(post(&b, console(id, ""), was,
                   "what=0&title=The+beginning&about=Come+**all**.&title_ur="
                   "%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD&"
                   "zone=Europe%2FBerlin&starts_date=2096-08-27"
                   "&starts_time=18%3A00&ends_date=2096-08-27"
                   "&ends_time=19%3A30" WHERE),
              409);
    CHECK(browser_shows(&b, "value=\"The beginning\""));
    CHECK(browser_shows(&b, "The opening"));
    CHECK(browser_shows(&b, "name=\"theirs_when\""));
    CHECK(browser_shows(&b, "value=\"2096-08-27\""));
    stamp_of(&b, was);
    CHECK_INT(post(&b, console(id, ""), was,
                   "what=0&title=The+beginning&theirs_when=1&about="
                   "Come+**all**.&title_ur="
                   "%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD&"
                   "zone=Europe%2FBerlin&starts_date=2096-08-27"
                   "&starts_time=18%3A00&ends_date=2096-08-27"
                   "&ends_time=19%3A30" WHERE),
              303);
    CHECK_INT(browser_get(&b, console(id, "")), 200);
    CHECK(browser_shows(&b, "value=\"The beginning\""));
    CHECK(browser_shows(&b, "value=\"2096-08-26\""));
    browser_stop(&b);
}

/* ---- people, and the order of the day ---- */

TEST(who_speaks_when_and_who_holds_it)
{
    static const char LISTS[] =
        "host_0=Harbour+School&host_role_0=0&host_url_0="
        "&host_1=Lantern+Fund&host_role_1=2"
        "&host_url_1=https%3A%2F%2Ffund.example%2F"
        "&speaker_0=Nil+Aydin&office_0=Chair&speaker_1=Ada&office_1="
        "&item_time_0=18%3A00&item_0=Welcome&item_who_0=Nil+Aydin"
        "&item_ur_0=%D8%AE%D9%88%D8%B4&item_1=Song&item_time_1=&item_2=";
    struct browser b;
    char was[STAMP], all[FORM];
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(browser_get(&b, console(id, "/people")), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, console(id, "/people"), was, LISTS), 303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    CHECK(browser_shows(&b, "<span class=\"at\">18:00</span>"));
    CHECK(browser_shows(&b, "Nil Aydin"));
    CHECK(browser_shows(&b, "https://fund.example/"));
    CHECK_INT(by_a_stranger(&b, public_page(id, "?lang=ur")), 200);
    CHECK(browser_shows(&b, "\u062e\u0648\u0634"));
    CHECK(browser_shows(&b, "Song"));

    /* the second speaker first */
    CHECK_INT(browser_get(&b, console(id, "/people")), 200);
    stamp_of(&b, was);
    (void)snprintf(all, sizeof all, "%s&do=up_speaker_1", LISTS);
    CHECK_INT(post(&b, console(id, "/people"), was, all), 303);
    CHECK_INT(browser_get(&b, console(id, "/people")), 200);
    CHECK(browser_shows(&b, "name=\"speaker_0\" value=\"Ada\""));

    /* who had the list of before hears of it, and keeps their own words */
    CHECK_INT(post(&b, console(id, "/people"), was,
                   "speaker_0=Somebody+else&office_0="),
              409);
    CHECK(browser_shows(&b, "value=\"Somebody else\""));
    CHECK(browser_shows(&b, "name=\"theirs_speakers\""));
    CHECK_INT(browser_get(&b, console(id, "/people")), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, console(id, "/people"), was,
                   "host_0=X&host_role_0=0&host_url_0=nowhere&item_0=Late"
                   "&item_time_0=99%3A99"),
              422);
    CHECK(browser_shows(&b, "id=\"hosts-error\"") ||
          browser_shows(&b, "id=\"items-error\""));
    browser_stop(&b);
}

TEST(what_remains_of_an_event)
{
    struct browser b;
    char was[STAMP];
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(browser_get(&b, console(id, "/recording")), 200);
    stamp_of(&b, was);
    CHECK_INT(post(&b, console(id, "/recording"), was,
                   "recording=nowhere&transcript=Kept+words"),
              422);
    CHECK(browser_shows(&b, "id=\"recording-error\""));
    CHECK(browser_shows(&b, "Kept words"));
    CHECK_INT(post(&b, console(id, "/recording"), was,
                   "recording=https%3A%2F%2Ffilm.example%2F1"
                   "&transcript=Good+evening."),
              303);
    CHECK_INT(by_a_stranger(&b, public_page(id, "")), 200);
    CHECK(browser_shows(&b, "https://film.example/1"));
    CHECK(browser_shows(&b, "Good evening."));
    browser_stop(&b);
}

/* ---- without a run ---- */

TEST(a_programme_may_stand_alone)
{
    struct browser b;
    begin(&b);
    int64_t id = make(&b, "");
    CHECK_INT(browser_post(&b, console(id, "/state"), "do=publish"), 303);
    CHECK_INT(browser_get(&b, ROOT), 200);
    CHECK(browser_shows(&b, "There is no run, only this programme"));
    CHECK_INT(browser_post(&b, ROOT, "alone=1"), 303);
    CHECK_INT(browser_get(&b, ROOT), 200);
    CHECK(!browser_shows(&b, "/organise/e/lantern/rules"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern"), 303);
    CHECK(says(&b, "Location: /e/lantern/programme\n"));
    CHECK_INT(by_a_stranger(&b, "/e/lantern/programme"), 200);
    CHECK(!browser_shows(&b, "/e/lantern/join"));
    CHECK(!browser_shows(&b, "/e/lantern/leaderboard"));
    struct es_field_errors fe = { 0 };
    struct es_joined j;
    struct es_join in = { .display_name = "Ada", .consents = "{\"rules\":2}" };
    struct es_initiative ini;
    CHECK_INT(es_store_initiative(b.w.store, "lantern", &b.w.a, &ini, NULL),
              ES_OK);
    CHECK(es_register(&b.w.app, &ini, &in, &b.w.a, &j, &fe, NULL) != ES_OK);
    CHECK_INT(browser_post(&b, ROOT, "alone=0"), 303);
    CHECK_INT(by_a_stranger(&b, "/e/lantern"), 200);

    /* not once people run */
    (void)world_join(&b.w, "Ada");
    CHECK_INT(browser_post(&b, ROOT, "alone=1"), 409);
    browser_stop(&b);
}

/* ---- many ---- */

enum { MANY = 500 };

static enum es_code fill(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct world *w = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (int64_t i = 0; rc == ES_OK && i < MANY; i++) {
        char title[32];
        (void)snprintf(title, sizeof title, "Event %03d.", (int)i);
        struct es_occasion o = {
            .initiative = w->ini.id,
            .id = i + 1,
            .state = ES_OCCASION_PUBLISHED,
            .starts_ms = w->now + (i - MANY / 2) * 3600000,
            .zone = "Europe/Istanbul",
            .lang = "en",
            .title = title,
            .body = "{\"about\":\"What it is about, in some words.\"}",
        };
        o.ends_ms = o.starts_ms + 1800000;
        rc = es_txn_occasion_add(tx, &o, e);
    }
    return rc;
}

/* Where the list goes on; the page's other languages aren't that. */
static bool onwards(const struct browser *b, const char *list, char path[PATH])
{
    char link[64];
    int n = snprintf(link, sizeof link, "<p><a href=\"/e/lantern/programme?%s",
                     list);
    const char *at = strstr(browser_body(b), link);
    if (!at)
        return false;
    at += (size_t)n - strlen(list) - strlen("/e/lantern/programme?");
    (void)snprintf(path, PATH, "%.*s", (int)strcspn(at, "\""), at);
    return true;
}

/* Each page is short, and together they hold all, each once. */
TEST(a_long_programme_comes_in_pages)
{
    struct browser b;
    struct es_err e = { 0 };
    bool seen[MANY] = { false };
    static const char *const LISTS[] = { "cursor=", "before=" };
    browser_start(&b);
    world_must(es_store_write(b.w.store,
                              &(struct es_write){ .apply = fill, .arg = &b.w },
                              &e),
               &e);
    for (size_t list = 0; list < 2; list++) {
        char path[PATH] = "/e/lantern/programme";
        size_t pages = 0;
        for (bool more = true; more; pages++) {
            CHECK(pages < 40);
            CHECK_INT(browser_get(&b, path), 200);
            CHECK(strlen(browser_body(&b)) < 60 * 1024);
            for (int i = 0; i < MANY; i++) {
                char title[32];
                (void)snprintf(title, sizeof title, "Event %03d.", i);
                seen[i] |= browser_shows(&b, title);
            }
            more = onwards(&b, LISTS[list], path);
        }
        CHECK(pages > 4);
    }
    for (size_t i = 0; i < MANY; i++)
        if (!seen[i])
            FAIL("event %zu is on no page", i);
    CHECK_INT(browser_get(&b, "/e/lantern/programme?cursor=x"), 200);
    CHECK_INT(browser_get(&b, "/e/lantern/programme.ics"), 200);
    size_t n = 0;
    for (const char *p = browser_body(&b); (p = strstr(p, "BEGIN:VEVENT")); p++)
        n++;
    CHECK_INT((int64_t)n, MANY);
    browser_stop(&b);
}
