/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registration for an event in a browser: set up, registered, waited, given
 * back; who may see what of it. */
#include "browser.h"
#include "programme/programme.h"
#include "programme/ticket.h"
#include "t.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAMP = 2048, PATH = 200, FORM = 4096 };
#define DAY INT64_C(86400000)

struct seminar {
    struct browser b;
    struct es_occasion o;
};

static void begin(struct seminar *s)
{
    struct es_field_errors fe = { 0 };
    struct es_err e = { 0 };
    struct es_occasion_body body = es_occasion_body_none();
    browser_start(&s->b);
    browser_sign_in_organiser(&s->b);
    struct world *w = &s->b.w;
    body.online.url = "https://meet.example/secret-room";
    body.online.registered = true;
    s->o = (struct es_occasion){
        .initiative = w->ini.id,
        .kind = ES_OCCASION_SEMINAR,
        .state = ES_OCCASION_PUBLISHED,
        .starts_ms = w->now + DAY,
        .ends_ms = w->now + DAY + 7200000,
        .zone = "UTC",
        .lang = "en",
        .title = "Light and letters",
    };
    world_must(es_occasion_add(&w->app, &s->o, &body, &w->a, &fe, &e), &e);
}

static const char *at(const struct seminar *s, const char *before,
                      const char *after)
{
    static char path[PATH];
    (void)snprintf(path, sizeof path, "%s/e/lantern/programme/%" PRId64 "%s",
                   before, s->o.id, after);
    return path;
}

/* The value of a hidden field of the last page. */
static void hidden(const struct browser *b, const char *name, char out[STAMP])
{
    char before[64];
    (void)snprintf(before, sizeof before, "name=\"%s\" value=\"", name);
    const char *p = strstr(browser_body(b), before);
    CHECK(p != NULL);
    p += strlen(before);
    size_t n = strcspn(p, "\"");
    CHECK(n > 0 && n < STAMP);
    memcpy(out, p, n);
    out[n] = '\0';
}

static int keep(struct seminar *s, const char *fields)
{
    char was[STAMP], all[STAMP + FORM];
    CHECK_INT(browser_get(&s->b, at(s, "/organise", "/registration")), 200);
    hidden(&s->b, "was", was);
    (void)snprintf(all, sizeof all, "was=%s&%s", was, fields);
    return browser_post(&s->b, at(s, "/organise", "/registration"), all);
}

#define ALL_FIVE "choice_1=1&choice_2=1&choice_3=1&choice_4=1&choice_5=1"

static void set_up(struct seminar *s, const char *places)
{
    char fields[FORM];
    (void)snprintf(fields, sizeof fields,
                   "open=1&waiting=1&keep_days=90&places=%s&" ALL_FIVE
                   "&own=Diplomat%%0D%%0AAuthor",
                   places);
    CHECK_INT(keep(s, fields), 303);
}

static int enter(struct seminar *s, const char *name)
{
    char once[STAMP], all[FORM];
    CHECK_INT(browser_get(&s->b, at(s, "", "/register")), 200);
    hidden(&s->b, "once", once);
    (void)snprintf(all, sizeof all,
                   "once=%s&name=%s&mail=ada%%40run.example&affiliation=16"
                   "&keep=1",
                   once, name);
    return browser_post(&s->b, at(s, "", "/register"), all);
}

/* Where the last answer leads. */
static const char *led_to(const struct browser *b)
{
    static char path[PATH];
    static const char BEFORE[] = "Location: ";
    const char *p = strstr(es_buf_cstr(&b->r.head), BEFORE);
    CHECK(p != NULL);
    p += sizeof BEFORE - 1;
    size_t n = strcspn(p, "\r\n");
    CHECK(n < sizeof path);
    memcpy(path, p, n);
    path[n] = '\0';
    return path;
}

/* Registers, and stands on the page of the ticket; its address. */
static void take(struct seminar *s, const char *name, char ticket[PATH])
{
    CHECK_INT(enter(s, name), 303);
    (void)snprintf(ticket, PATH, "%s", led_to(&s->b));
    CHECK_INT(browser_get(&s->b, ticket), 200);
    ticket[strcspn(ticket, "?")] = '\0';
}

TEST(people_register_when_the_organiser_says_so)
{
    struct seminar s;
    begin(&s);
    CHECK_INT(browser_get(&s.b, at(&s, "", "/register")), 404);
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets")), 200);
    CHECK(browser_shows(&s.b, "Set up the registration"));
    set_up(&s, "2");
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/registration")), 200);
    CHECK(browser_shows(&s.b, "value=\"2\""));
    CHECK(browser_shows(&s.b, "Diplomat\nAuthor"));
    CHECK_INT(browser_get(&s.b, at(&s, "", "")), 200);
    CHECK(browser_shows(&s.b, at(&s, "", "/register")));

    char ticket[PATH];
    s.b.cookies[0] = '\0';
    CHECK_INT(browser_get(&s.b, at(&s, "", "/register")), 200);
    CHECK(browser_shows(&s.b, "2 places are left."));
    CHECK(browser_shows(&s.b, "Diplomat"));
    take(&s, "Ada+King", ticket);
    CHECK(browser_shows(&s.b, "You are registered."));
    CHECK(browser_shows(&s.b, "Ada King"));
    CHECK(browser_shows(&s.b, "class=\"qr\""));
    CHECK(browser_shows(&s.b, "https://meet.example/secret-room"));
    CHECK_INT(browser_get(&s.b, at(&s, "", "")), 200);
    CHECK(!browser_shows(&s.b, "secret-room"));
    browser_stop(&s.b);
}

TEST(what_is_wrong_is_told_at_its_field_and_nothing_is_lost)
{
    struct seminar s;
    begin(&s);
    set_up(&s, "");
    CHECK_INT(browser_post(&s.b, at(&s, "", "/register"),
                           "once=0123&name=+&mail=ada%40&affiliation=99"),
              422);
    CHECK(browser_shows(&s.b, "4 answers need another look."));
    CHECK(browser_shows(&s.b, "id=\"name-error\""));
    CHECK(browser_shows(&s.b, "id=\"mail-error\""));
    CHECK(browser_shows(&s.b, "id=\"affiliation-error\""));
    CHECK(browser_shows(&s.b, "id=\"keep-error\""));
    CHECK(browser_shows(&s.b, "value=\"ada@\""));
    CHECK(browser_shows(&s.b, "value=\"0123\""));

    CHECK_INT(keep(&s, "open=1&places=many&keep_days=4000&own="), 422);
    CHECK(browser_shows(&s.b, "id=\"places-error\""));
    CHECK(browser_shows(&s.b, "value=\"many\""));
    CHECK(browser_shows(&s.b, "id=\"keep_days-error\""));
    CHECK(browser_shows(&s.b, "id=\"choices-error\""));
    CHECK_INT(keep(&s, "open=1&keep_days=1&closes_date=2026-02-30&" ALL_FIVE),
              422);
    CHECK(browser_shows(&s.b, "id=\"closes-error\""));
    browser_stop(&s.b);
}

TEST(the_same_form_sent_twice_is_one_ticket)
{
    struct seminar s;
    char first[PATH];
    static const char FIELDS[] =
        "once=0123456789abcdef&name=Ada&affiliation=1&keep=1";
    begin(&s);
    set_up(&s, "1");
    CHECK_INT(browser_post(&s.b, at(&s, "", "/register"), FIELDS), 303);
    (void)snprintf(first, sizeof first, "%s", led_to(&s.b));
    CHECK_INT(browser_post(&s.b, at(&s, "", "/register"), FIELDS), 303);
    CHECK_STR(led_to(&s.b), first);
    browser_stop(&s.b);
}

TEST(a_place_that_is_given_back_goes_to_who_waits)
{
    struct seminar s;
    char ada[PATH], bo[PATH], cem[PATH];
    begin(&s);
    set_up(&s, "1");
    take(&s, "Ada", ada);
    CHECK_INT(browser_get(&s.b, at(&s, "", "/register")), 200);
    CHECK(browser_shows(&s.b, "Join the waiting list"));
    take(&s, "Bo", bo);
    CHECK(browser_shows(&s.b, "at place 1"));
    CHECK(!browser_shows(&s.b, "class=\"qr\""));
    CHECK(!browser_shows(&s.b, "secret-room"));
    take(&s, "Cem", cem);
    CHECK(browser_shows(&s.b, "at place 2"));

    /* a look changes nothing, one press does, a second does no more */
    CHECK_INT(browser_get(&s.b, ada), 200);
    CHECK(browser_shows(&s.b, "class=\"qr\""));
    CHECK_INT(browser_post(&s.b, ada, "do=something"), 400);
    CHECK_INT(browser_post(&s.b, ada, "do=back"), 303);
    CHECK_INT(browser_get(&s.b, led_to(&s.b)), 200);
    CHECK(browser_shows(&s.b, "Your place goes to somebody else."));
    CHECK(!browser_shows(&s.b, "class=\"qr\""));
    CHECK_INT(browser_post(&s.b, ada, "do=back"), 303);
    CHECK_INT(browser_get(&s.b, bo), 200);
    CHECK(browser_shows(&s.b, "class=\"qr\""));
    CHECK_INT(browser_get(&s.b, cem), 200);
    CHECK(browser_shows(&s.b, "at place 1"));

    /* more places */
    CHECK_INT(keep(&s, "open=1&waiting=1&keep_days=90&places=2&" ALL_FIVE),
              303);
    CHECK_INT(browser_get(&s.b, cem), 200);
    CHECK(browser_shows(&s.b, "class=\"qr\""));
    /* no list, no place */
    CHECK_INT(keep(&s, "open=1&keep_days=90&places=2&" ALL_FIVE), 303);
    CHECK_INT(browser_get(&s.b, at(&s, "", "/register")), 409);
    CHECK(browser_shows(&s.b, "All places of this event are taken."));
    CHECK_INT(browser_post(&s.b, at(&s, "", "/register"),
                           "name=Dee&affiliation=1&keep=1"),
              409);
    browser_stop(&s.b);
}

TEST(a_link_that_is_not_ours_shows_nothing)
{
    struct seminar s;
    char ticket[PATH];
    begin(&s);
    set_up(&s, "1");
    take(&s, "Ada", ticket);
    size_t n = strlen(ticket);
    ticket[n - 1] = ticket[n - 1] == '0' ? '1' : '0';
    CHECK_INT(browser_get(&s.b, ticket), 404);
    CHECK(!browser_shows(&s.b, "Ada"));
    CHECK_INT(browser_post(&s.b, ticket, "do=back"), 404);
    CHECK_INT(browser_get(&s.b, "/ticket/1-1-0"), 404);
    browser_stop(&s.b);
}

TEST(staff_see_who_comes_by_group_and_look_for_a_name)
{
    struct seminar s;
    char path[PATH], ticket[PATH];
    begin(&s);
    set_up(&s, "2");
    take(&s, "Ada+King", ticket);
    take(&s, "%3DGrace", ticket);
    take(&s, "Bo", ticket);
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets")), 200);
    CHECK(browser_shows(&s.b, "Ada King"));
    CHECK(browser_shows(&s.b, "ada@run.example"));
    CHECK(!browser_shows(&s.b, ">Bo<"));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets?show=waits")),
              200);
    CHECK(browser_shows(&s.b, "Bo"));
    CHECK(!browser_shows(&s.b, "Ada King"));
    (void)snprintf(path, sizeof path, "%s",
                   at(&s, "/organise", "/tickets?q=kin"));
    CHECK_INT(browser_get(&s.b, path), 200);
    CHECK(browser_shows(&s.b, "Ada King"));
    CHECK(!browser_shows(&s.b, "Grace"));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets/print")), 200);
    CHECK(browser_shows(&s.b, "Ada King"));
    CHECK(!browser_shows(&s.b, ">Bo<"));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets.csv")), 200);
    CHECK(browser_shows(&s.b, "\"Ada King\",\"ada@run.example\",\"Diplomat\","
                              "\"place\""));
    CHECK(browser_shows(&s.b, "\"'=Grace\""));
    CHECK(browser_shows(&s.b, "\"waits\""));

    /* staff registers somebody, and gives a place back for them */
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/tickets"),
                           "do=add&name=&affiliation=1"),
              422);
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/tickets"),
                           "do=add&name=Dee&affiliation=1"),
              303);
    CHECK_INT(browser_get(&s.b, led_to(&s.b)), 200);
    CHECK(browser_shows(&s.b, "Open the ticket"));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets")), 200);
    char id[STAMP], fields[FORM];
    hidden(&s.b, "ticket", id);
    (void)snprintf(fields, sizeof fields, "do=back&ticket=%s", id);
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/tickets"), fields), 303);
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets")), 200);
    CHECK(!browser_shows(&s.b, "Ada King"));
    CHECK(browser_shows(&s.b, "Bo"));
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/tickets"),
                           "do=back&ticket=12345"),
              404);
    browser_stop(&s.b);
}

TEST(two_who_set_it_up_at_once_lose_nothing)
{
    struct seminar s;
    char was[STAMP], all[STAMP + FORM];
    begin(&s);
    set_up(&s, "2");
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/registration")), 200);
    hidden(&s.b, "was", was);
    set_up(&s, "7");
    (void)snprintf(all, sizeof all,
                   "was=%s&open=1&waiting=1&keep_days=30&places=2&" ALL_FIVE
                   "&own=Diplomat%%0D%%0AAuthor",
                   was);
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/registration"), all),
              303);
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/registration")), 200);
    CHECK(browser_shows(&s.b, "value=\"7\""));
    CHECK(browser_shows(&s.b, "value=\"30\""));
    hidden(&s.b, "was", was);
    set_up(&s, "8");
    (void)snprintf(all, sizeof all,
                   "was=%s&open=1&waiting=1&keep_days=90&places=9&" ALL_FIVE
                   "&own=Diplomat%%0D%%0AAuthor",
                   was);
    CHECK_INT(browser_post(&s.b, at(&s, "/organise", "/registration"), all),
              409);
    CHECK(browser_shows(&s.b, "value=\"9\""));
    browser_stop(&s.b);
}

TEST(names_are_erased_when_their_time_is_over)
{
    struct seminar s;
    char ticket[PATH];
    size_t n = 0;
    begin(&s);
    set_up(&s, "2");
    take(&s, "Ada+King", ticket);
    CHECK_INT(es_tickets_erase(&s.b.w.app, s.o.ends_ms + 90 * DAY, &n, NULL),
              ES_OK);
    CHECK_INT((int64_t)n, 1);
    CHECK_INT(browser_get(&s.b, ticket), 200);
    CHECK(!browser_shows(&s.b, "Ada King"));
    CHECK(browser_shows(&s.b, "The name was erased, as agreed."));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets")), 200);
    CHECK(!browser_shows(&s.b, "Ada King"));
    es_web_erase(s.b.web);
    browser_stop(&s.b);
}

/* ---- at the door ---- */

static const char *door(const struct seminar *s, const char *after)
{
    static char path[PATH];
    (void)snprintf(path, sizeof path,
                   "/organise/e/lantern/check-in/%" PRId64 "%s", s->o.id,
                   after);
    return path;
}

/* The code that stands on the ticket of the last page. */
static void code_of(const struct browser *b, char out[16])
{
    static const char BEFORE[] = "<bdi dir=\"ltr\" translate=\"no\">";
    const char *p = strstr(browser_body(b), BEFORE);
    CHECK(p != NULL);
    memcpy(out, p + sizeof BEFORE - 1, 11);
    out[11] = '\0';
}

static int show(struct seminar *s, const char *fields)
{
    return browser_post(&s->b, door(s, ""), fields);
}

TEST(a_code_lets_in_once_and_says_when_it_was_shown_before)
{
    struct seminar s;
    char ada[PATH], bo[PATH], code[16], fields[FORM];
    begin(&s);
    CHECK_INT(browser_get(&s.b, "/organise/e/lantern/check-in"), 200);
    CHECK(browser_shows(&s.b, "There is no event with a registration now."));
    CHECK_INT(browser_get(&s.b, door(&s, "")), 404);
    set_up(&s, "1");
    CHECK_INT(browser_get(&s.b, "/organise/e/lantern/check-in"), 200);
    CHECK(browser_shows(&s.b, door(&s, "")));
    take(&s, "Ada+King", ada);
    code_of(&s.b, code);
    take(&s, "Bo", bo);
    CHECK_INT(browser_get(&s.b, door(&s, "")), 200);
    CHECK(browser_shows(&s.b, "0 of 1 have come"));

    CHECK_INT(show(&s, "code="), 422);
    CHECK(browser_shows(&s.b, "Type the code"));
    CHECK_INT(show(&s, "code=k7qm2"), 422);
    CHECK(browser_shows(&s.b, "There is a slip in this code."));
    CHECK_INT(show(&s, "code=00000-00000"), 422);
    CHECK(browser_shows(&s.b, "No ticket of this event has this code."));

    (void)snprintf(fields, sizeof fields, "code=+%s&door=Main+gate", code);
    CHECK_INT(show(&s, fields), 200);
    CHECK(browser_shows(&s.b, "class=\"is welcome\""));
    CHECK(browser_shows(&s.b, "Ada King"));
    CHECK(browser_shows(&s.b, "Diplomat"));
    CHECK(browser_shows(&s.b, "1 of 1 have come"));
    CHECK_INT(show(&s, fields), 200);
    CHECK(browser_shows(&s.b, "class=\"is again\""));
    CHECK(browser_shows(&s.b, "Shown before:"));
    CHECK(browser_shows(&s.b, "Main gate"));
    CHECK(browser_shows(&s.b, "1 of 1 have come"));
    CHECK_INT(browser_get(&s.b, ada), 200);
    CHECK(browser_shows(&s.b, "You came on"));
    CHECK(!browser_shows(&s.b, "You can&#39;t come?"));
    CHECK_INT(browser_post(&s.b, ada, "do=back"), 409);

    /* who waits isn't let in by mistake, and may be on purpose */
    char id[STAMP];
    CHECK_INT(browser_get(&s.b, door(&s, "?q=bo")), 200);
    hidden(&s.b, "ticket", id);
    (void)snprintf(fields, sizeof fields, "ticket=%s", id);
    CHECK_INT(show(&s, fields), 200);
    CHECK(browser_shows(&s.b, "On the waiting list: no place"));
    CHECK(browser_shows(&s.b, "1 of 1 have come"));
    (void)snprintf(fields, sizeof fields, "ticket=%s&do=admit", id);
    CHECK_INT(show(&s, fields), 200);
    CHECK(browser_shows(&s.b, "class=\"is welcome\""));
    CHECK_INT(browser_get(&s.b, at(&s, "/organise", "/tickets?show=came")),
              200);
    CHECK(browser_shows(&s.b, "Ada King") && browser_shows(&s.b, "Bo"));
    browser_stop(&s.b);
}

static int tell(struct seminar *s, const char *json)
{
    char headers[200];
    (void)snprintf(headers, sizeof headers,
                   "Content-Type: application/json\r\nX-CSRF-Token: %s\r\n"
                   "Sec-Fetch-Site: same-origin\r\n",
                   s->b.csrf);
    return browser_send(&s->b, "POST", door(s, "/shown"), headers,
                        es_bytes_str(json));
}

/* What a device without a network tells later, twice, as it doesn't know what
 * got through. */
TEST(a_door_that_was_offline_tells_later)
{
    struct seminar s;
    char ada[PATH], code[16], plain[16], hash[ES_SHA256_HEX], json[FORM];
    begin(&s);
    set_up(&s, "");
    take(&s, "Ada+King", ada);
    code_of(&s.b, code);
    CHECK_INT(browser_get(&s.b, door(&s, "/list")), 200);
    json_t *list = browser_answer(&s.b);
    json_t *one = json_array_get(json_object_get(list, "tickets"), 0);
    CHECK_STR(browser_text(one, "name"), "Ada King");
    CHECK(es_ticket_code_read(code, plain));
    (void)snprintf(json, sizeof json, "%" PRId64 "-%s", s.o.id, plain);
    es_sha256_hex(es_bytes_str(json), hash);
    CHECK_STR(browser_text(one, "code"), hash);
    CHECK(!browser_shows(&s.b, plain));
    char id[40];
    (void)snprintf(id, sizeof id, "%s", browser_text(one, "id"));
    json_decref(list);

    CHECK_INT(browser_get(&s.b, door(&s, "/token")), 200);
    list = browser_answer(&s.b);
    (void)snprintf(s.b.csrf, sizeof s.b.csrf, "%s", browser_text(list, "csrf"));
    json_decref(list);
    (void)snprintf(json, sizeof json,
                   "{\"door\":\"77\",\"name\":\"Garden\",\"shown\":["
                   "{\"ticket\":\"%s\",\"at_ms\":%" PRId64 "},"
                   "{\"ticket\":\"12345\",\"at_ms\":5}]}",
                   id, s.o.starts_ms);
    CHECK_INT(tell(&s, json), 200);
    CHECK_INT(tell(&s, json), 200);
    CHECK_INT(browser_get(&s.b, door(&s, "")), 200);
    CHECK(browser_shows(&s.b, "1 of 1 have come"));
    CHECK(browser_shows(&s.b, "Garden"));

    static const char *const BAD[] = {
        "",
        "[]",
        "{}",
        "{\"door\":\"77\"}",
        "{\"door\":77,\"shown\":[]}",
        "{\"door\":\"77\",\"shown\":[{}]}",
        "{\"door\":\"77\",\"shown\":[{\"ticket\":\"1\",\"at_ms\":0}]}",
        "{\"door\":\"77\",\"shown\":[{\"ticket\":\"1\","
        "\"at_ms\":99999999999999}]}",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (tell(&s, BAD[i]) != 400)
            FAIL("%s was taken", BAD[i]);
    s.b.csrf[0] = 'x';
    CHECK_INT(tell(&s, json), 403);
    browser_stop(&s.b);
}
