/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What waits is sent, once, to one; by whatever server stands at the other
 * end. */
#include "t.h"
#include "auth/mail_link.h"
#include "base/limits.h"
#include "mail_kit.h"
#include "notify/post.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

static const char HERE[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char ADDRESS[] = "ada@example.org";

struct office {
    struct world w;
    struct mail_kit k;
    struct es_mail_sender from;
    struct es_smtp smtp;
    struct es_post post;
};

static struct es_participant join(struct world *w, const char *name,
                                  const char *lang, const char *mail)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = name,
                          .lang = lang,
                          .email = mail,
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e), &e);
    return j.p;
}

static void open_office(struct office *o, const char *be, bool tls,
                        const char *user)
{
    mail_kit_start(&o->k, be, tls, user);
    world_begin(&o->w);
    CHECK(es_mail_sender_of("Lanterns <runs@run.example>", &o->from));
    o->smtp = (struct es_smtp){ .url = o->k.url,
                                .user = "",
                                .password = "",
                                .sender = o->from.address,
                                .hello = "run.example",
                                .here = true };
    o->post = (struct es_post){ o->w.store, o->w.app.key, &o->smtp, &o->from,
                                "https://run.example" };
    (void)join(&o->w, "Ada", "en", ADDRESS);
}

static void close_office(struct office *o)
{
    world_end(&o->w);
    mail_kit_stop(&o->k);
}

static void ask(struct office *o, const char *address, int64_t now_ms)
{
    struct es_err e = { 0 };
    world_must(es_mail_link_ask(
                   o->w.store, o->w.app.key,
                   &(struct es_link_asking){ address, "en", HERE, now_ms }, &e),
               &e);
}

static size_t go_round(struct office *o, int64_t now_ms)
{
    struct es_err e = { 0 };
    size_t n = 0;
    world_must(es_post_round(&o->post, now_ms, &n, &e), &e);
    return n;
}

/* The row that waits, whenever it is due; its tries, or -1 when none does. */
static int waiting(struct office *o, int64_t *next_ms)
{
    struct es_err e = { 0 };
    struct es_mail_out *rows;
    size_t n;
    /* due within its life: looked at just before it ends */
    world_must(es_store_mail_due(o->w.store, o->w.now + ES_MAIL_LINK_MS - 1, 10,
                                 &o->w.a, &rows, &n, &e),
               &e);
    CHECK(n <= 1);
    if (n && next_ms)
        *next_ms = rows[0].next_ms;
    return n ? rows[0].tries : -1;
}

TEST(a_mail_reaches_its_one_reader_in_the_reader_s_language)
{
    struct office o;
    struct es_buf env, mail, text;
    open_office(&o, "good", false, NULL);
    (void)join(&o.w, "Zehra", "ur", "zehra@example.org");
    ask(&o, "Zehra@Example.org", o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK_INT(waiting(&o, NULL), -1);
    mail_kit_envelope(&o.k, 1, &env);
    CHECK_STR(es_buf_cstr(&env), "runs@run.example\nZehra@Example.org\nplain\n"
                                 "run.example\n");
    mail_kit_mail(&o.k, 1, &mail);
    CHECK(strstr(es_buf_cstr(&mail), "Content-Language: ur\r\n"));
    CHECK(strstr(es_buf_cstr(&mail), "Auto-Submitted: auto-generated\r\n"));
    mail_kit_text(&mail, &text);
    CHECK(strstr(es_buf_cstr(&text), "\nhttps://run.example/back/"));
    CHECK(strstr(es_buf_cstr(&text), "?lang=ur\n"));
    /* a participant's words are not mailed: they could be anybody's */
    CHECK(!strstr(es_buf_cstr(&text), "Zehra"));
    CHECK(!strstr(es_buf_cstr(&mail), "Zehra\r"));
    es_buf_release(&env);
    es_buf_release(&mail);
    es_buf_release(&text);
    close_office(&o);
}

TEST(who_is_not_known_gets_nothing_and_a_family_gets_one)
{
    struct office o;
    open_office(&o, "good", false, NULL);
    ask(&o, "eve@example.org", o.w.now);
    ask(&o, "ada@example.org, eve@example.org", o.w.now);
    ask(&o, "ada@example.org\r\nBcc: eve@example.org", o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 3);
    CHECK_INT(mail_kit_count(&o.k), 0);
    CHECK_INT(waiting(&o, NULL), -1);
    (void)join(&o.w, "Bo", "tr", ADDRESS);
    ask(&o, ADDRESS, o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK_INT(go_round(&o, o.w.now), 0);
    close_office(&o);
}

TEST(what_is_refused_is_dropped_and_what_may_go_later_is_tried_later)
{
    static const struct {
        const char *be;
        int tries; /* noted after one round; -1: dropped */
    } SERVERS[] = {
        { "refuses", -1 },   { "refuses-data", -1 }, { "later", 1 },
        { "later-data", 1 }, { "drops", 1 },         { "mute", 1 }
    };
    for (size_t i = 0; i < sizeof SERVERS / sizeof *SERVERS; i++) {
        struct office o;
        int64_t next = 0;
        open_office(&o, SERVERS[i].be, false, NULL);
        o.smtp.send_s = 2;
        ask(&o, ADDRESS, o.w.now);
        CHECK_INT(go_round(&o, o.w.now), 1);
        CHECK_INT(mail_kit_count(&o.k), 0);
        if (waiting(&o, &next) != SERVERS[i].tries)
            FAIL("%s: %d tries", SERVERS[i].be, waiting(&o, &next));
        if (SERVERS[i].tries > 0) {
            CHECK(next > o.w.now);
            CHECK_INT(go_round(&o, next - 1), 0);
            CHECK_INT(go_round(&o, next), 1);
            CHECK_INT(waiting(&o, &next), 2);
        }
        close_office(&o);
    }
}

TEST(a_server_that_is_down_costs_nothing_once_it_is_up)
{
    struct office o;
    int64_t next = 0;
    open_office(&o, "good", false, NULL);
    o.smtp.url = "smtp://127.0.0.1:1"; /* nobody listens there */
    ask(&o, ADDRESS, o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 1);
    CHECK_INT(waiting(&o, &next), 1);
    o.smtp.url = o.k.url;
    CHECK_INT(go_round(&o, next), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK_INT(waiting(&o, NULL), -1);
    close_office(&o);
}

TEST(a_slow_server_gets_its_mail_once)
{
    struct office o;
    open_office(&o, "slow", false, NULL);
    ask(&o, ADDRESS, o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    CHECK_INT(waiting(&o, NULL), -1);
    close_office(&o);
}

/* It took the mail and never said so: the same mail comes again, under the
 * same Message-ID, so that the other end can tell; but not for ever. */
TEST(nobody_is_sent_twenty_when_the_server_hangs_up_each_time)
{
    struct office o;
    char first[200] = "";
    int64_t at = 0;
    open_office(&o, "drops-data", false, NULL);
    o.smtp.send_s = 5;
    ask(&o, ADDRESS, o.w.now);
    at = o.w.now;
    for (int i = 0; i < 20; i++) {
        (void)go_round(&o, at);
        if (waiting(&o, &at) < 0)
            break;
    }
    CHECK_INT(waiting(&o, NULL), -1);
    size_t n = mail_kit_count(&o.k);
    CHECK(n >= 1 && n <= ES_MAIL_TRIES);
    for (size_t i = 1; i <= n; i++) {
        struct es_buf mail;
        mail_kit_mail(&o.k, i, &mail);
        const char *id = strstr(es_buf_cstr(&mail), "Message-ID:");
        CHECK(id != NULL);
        if (i == 1)
            snprintf(first, sizeof first, "%.60s", id);
        CHECK(strncmp(id, first, strlen(first)) == 0);
        es_buf_release(&mail);
    }
    close_office(&o);
}

TEST(what_is_too_late_is_not_sent)
{
    struct office o;
    struct es_err e = { 0 };
    open_office(&o, "good", false, NULL);
    ask(&o, ADDRESS, o.w.now);
    CHECK_INT(go_round(&o, o.w.now + ES_MAIL_LINK_MS), 0);
    CHECK_INT(mail_kit_count(&o.k), 0);
    world_must(es_post_trim(&o.post, o.w.now + ES_MAIL_LINK_MS, &e), &e);
    CHECK_INT(waiting(&o, NULL), -1);
    close_office(&o);
}

/* ---- encryption ---- */

static void one_round(struct office *o, size_t mails)
{
    int64_t next = 0;
    ask(o, ADDRESS, o->w.now);
    CHECK_INT(go_round(o, o->w.now), 1);
    CHECK_INT(mail_kit_count(&o->k), mails);
    CHECK_INT(waiting(o, &next), mails ? -1 : 1);
}

TEST(off_this_machine_mail_goes_encrypted_to_who_can_prove_itself)
{
    struct office o;
    struct es_buf env;
    open_office(&o, "good", true, NULL);
    o.smtp.here = false;
    o.smtp.ca_file = o.k.cert;
    one_round(&o, 1);
    mail_kit_envelope(&o.k, 1, &env);
    CHECK(strstr(es_buf_cstr(&env), "\ntls\n"));
    es_buf_release(&env);
    close_office(&o);
}

TEST(who_can_t_prove_itself_gets_no_mail)
{
    struct office o;
    open_office(&o, "good", true, NULL);
    o.smtp.here = false; /* nobody the system trusts signed for it */
    one_round(&o, 0);
    close_office(&o);
}

TEST(who_doesn_t_encrypt_gets_no_mail)
{
    struct office o;
    open_office(&o, "good", false, NULL);
    o.smtp.here = false;
    one_round(&o, 0);
    close_office(&o);
}

TEST(the_right_password_is_taken_and_a_wrong_one_is_our_own_fault)
{
    struct office o;
    struct es_err e = { 0 };
    open_office(&o, "good", true, "runs:secret");
    o.smtp.here = false;
    o.smtp.ca_file = o.k.cert;
    o.smtp.user = "runs";
    o.smtp.password = "wrong";
    CHECK_INT(es_smtp_try(&o.smtp, &e), ES_EBUSY);
    ask(&o, ADDRESS, o.w.now);
    CHECK_INT(go_round(&o, o.w.now), 1);
    int64_t next = 0;
    CHECK_INT(waiting(&o, &next), 1); /* kept: the mail can't help it */
    o.smtp.password = "secret";
    CHECK_INT(es_smtp_try(&o.smtp, &e), ES_OK);
    CHECK_INT(go_round(&o, next), 1);
    CHECK_INT(mail_kit_count(&o.k), 1);
    close_office(&o);
}

TEST(where_mail_may_go)
{
    static const struct {
        const char *url;
        bool ok, here;
    } URLS[] = {
        { "smtps://mail.example", true, false },
        { "smtp://mail.example:587", true, false },
        { "smtp://mail.example:587/", true, false },
        { "smtp://127.0.0.1:25", true, true },
        { "smtp://localhost", true, true },
        { "smtp://[::1]:25", true, true },
        { "smtp://127.evil.example", true, false },
        { "http://mail.example", false, false },
        { "file:///etc/passwd", false, false },
        { "mail.example", false, false },
        { "smtp://user:pass@mail.example", false, false },
        { "smtp://mail.example/helo", false, false },
        { "", false, false },
    };
    for (size_t i = 0; i < sizeof URLS / sizeof *URLS; i++) {
        struct es_err e = { 0 };
        bool here = false;
        bool ok = es_smtp_url(URLS[i].url, &here, &e) == ES_OK;
        if (ok != URLS[i].ok || here != URLS[i].here)
            FAIL("%s: %d %d", URLS[i].url, ok, here);
    }
}
