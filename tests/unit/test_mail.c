/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails as bytes, and the links that they carry. */
#include "auth/mail_link.h"
#include "base/limits.h"
#include "notify/message.h"
#include "t.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- addresses ---- */

TEST(one_address_and_nothing_else_is_mailed_to)
{
    static const char *const GOOD[] = {
        "ada@example.org",
        "a.b+c@x-y.example",
        "o'neil@example.org",
        "x@localhost",
        "!#$%&*/=?^_`{|}~-@example.org",
    };
    static const char *const BAD[] = {
        "",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a b@c.d",
        "a@b c",
        "a@b.c,d@e.f",
        "a@b.c, d@e.f",
        "a@b.c;d@e.f",
        "a@b.c\r\nBcc: d@e.f",
        "a@b.c\nBcc: d@e.f",
        "a@b.c\r",
        "a\t@b.c",
        "<a@b.c>",
        "A <a@b.c>",
        "\"a\"@b.c",
        "a(b)@c.d",
        "a@[127.0.0.1]",
        ".a@b.c",
        "a.@b.c",
        "a..b@c.d",
        "a@b..c",
        "a@.b",
        "a@b.",
        "a@b_c.d",
        "a@b.c>",
        "\xc3\xa4@b.c",
        "a@\xc3\xa4.c",
        "a@b.c%0d%0aBcc:d@e.f x",
        "a:b@c.d",
    };
    char longest[300];
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        if (!es_mail_address_ok(GOOD[i]))
            FAIL("refused: %s", GOOD[i]);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (es_mail_address_ok(BAD[i]))
            FAIL("taken: %s", BAD[i]);
    memset(longest, 'a', sizeof longest);
    memcpy(longest + 64, "@b.c", 5);
    CHECK(es_mail_address_ok(longest));
    memcpy(longest + 64, "a@b.c", 6);
    CHECK(!es_mail_address_ok(longest));
}

TEST(a_sender_is_an_address_with_a_name_or_without)
{
    struct es_mail_sender s;
    CHECK(es_mail_sender_of("runs@run.example", &s));
    CHECK_INT(s.name.n, 0);
    CHECK(es_mail_sender_of("\xd8\xaf\xd9\x88\xda\x91 <runs@run.example>", &s));
    CHECK_INT(s.name.n, 6);
    CHECK_STR(s.address, "runs@run.example");
    CHECK(!es_mail_sender_of("", &s));
    CHECK(!es_mail_sender_of("A <runs@run.example", &s));
    CHECK(!es_mail_sender_of("A <runs@run.example> B", &s));
    CHECK(!es_mail_sender_of("A\r\nBcc: x@y.z <runs@run.example>", &s));
    CHECK(!es_mail_sender_of("a@b.c, runs@run.example", &s));
}

/* ---- the message ---- */

/* What Python's parser reads in it, each on a line. */
static void read_back(const struct es_buf *b, char *out, size_t cap)
{
    static const char READ[] =
        "python3 -c 'import sys,email,email.policy as p\n"
        "from email.header import decode_header as d, make_header as h\n"
        "raw=open(sys.argv[1],\"rb\").read()\n"
        "m=email.message_from_bytes(raw,policy=p.default)\n"
        "f=email.message_from_bytes(raw)[\"from\"]\n"
        "print(len(m.defects), h(d(f)), sep=\"|\")\n"
        "print(*[x.addr_spec for x in m[\"to\"].addresses], sep=\"|\")\n"
        "print(m[\"subject\"], m[\"message-id\"].strip(), "
        "m[\"auto-submitted\"], m[\"date\"].datetime.isoformat(), "
        "m[\"content-language\"], sep=\"|\")\n"
        "print(m.get_content().replace(\"\\r\",\"\"), end=\"\")' ";
    char path[] = "/tmp/everystep-message-XXXXXX";
    char cmd[1024];
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    CHECK_INT(write(fd, b->p, b->n), b->n);
    close(fd);
    snprintf(cmd, sizeof cmd, "%s%s", READ, path);
    FILE *f = popen(cmd, "r");
    CHECK(f != NULL);
    size_t n = fread(out, 1, cap - 1, f);
    out[n] = '\0';
    CHECK_INT(pclose(f), 0);
    unlink(path);
}

#define URDU                                                                   \
    "\xd9\x84\xd8\xa7\xd9\x84\xd9\xb9\xdb\x8c\xd9\x86\xd9\x88\xda\xba "        \
    "\xda\xa9\xdb\x8c \xd8\xaf\xd9\x88\xda\x91 "

TEST(another_reader_finds_the_same_in_every_script)
{
    struct es_mail_sender from;
    struct es_buf b;
    char got[4096], want[4096];
    CHECK(es_mail_sender_of(URDU "= <runs@run.example>", &from));
    struct es_mail m = {
        .from = &from,
        .to = "ada@example.org",
        .subject = URDU URDU URDU "100% = \xf0\x9f\x8f\x83",
        .lang = "ur",
        .text = URDU URDU URDU URDU URDU
        " \n\n.\nhttps://run.example/back/"
        "0123456789abcdefghjkmnpqrstvwxyz?lang=ur and so on and on "
        "and on\nFrom = here \n.. end\n",
        .origin = "https://run.example:8443",
        .id = 42,
        .at_ms = 1795392000123,
    };
    es_buf_init(&b, ES_MAIL_BYTES);
    es_mail_write(&m, &b);
    CHECK(!b.bad);
    for (const char *p = es_buf_cstr(&b); *p;) {
        size_t n = strcspn(p, "\r\n");
        CHECK(n <= 76);
        CHECK(strncmp(p + n, "\r\n", 2) == 0);
        for (size_t i = 0; i < n; i++)
            CHECK((uint8_t)p[i] >= ' ' && (uint8_t)p[i] < 0x7f);
        p += n + 2;
    }
    read_back(&b, got, sizeof got);
    snprintf(want, sizeof want,
             "0|%s= <runs@run.example>\nada@example.org\n%s|<42@run.example>|"
             "auto-generated|2026-11-23T00:00:00+00:00|ur\n%s",
             URDU, m.subject, m.text);
    CHECK_STR(got, want);
    es_buf_release(&b);
}

TEST(a_header_can_t_be_added)
{
    static const char *const EVIL[] = { "x\r\nBcc: eve@example.org", "x\ny",
                                        "x\ry" };
    struct es_mail_sender from;
    CHECK(es_mail_sender_of("runs@run.example", &from));
    for (size_t i = 0; i < 3 * sizeof EVIL / sizeof *EVIL; i++) {
        const char *evil = EVIL[i / 3];
        struct es_buf b;
        struct es_mail m = {
            .from = &from,
            .to = i % 3 == 0 ? evil : "ada@example.org",
            .subject = i % 3 == 1 ? evil : "x",
            .lang = i % 3 == 2 ? evil : "en",
            .text = "x",
            .origin = "https://run.example",
        };
        es_buf_init(&b, ES_MAIL_BYTES);
        es_mail_write(&m, &b);
        CHECK(b.bad);
        es_buf_release(&b);
    }
}

/* ---- links ---- */

struct asked {
    struct es_mail_ask ask;
    struct es_mail_link link;
    char shown[ES_MAIL_CODE_TEXT];
};

static const char HERE[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char ELSEWHERE[] = "1123456789abcdefghjkmnpqrstvwxyz";
static const char ADDRESS[] = "ada@example.org";

static struct asked ask_for(struct world *w, const char *address,
                            int64_t now_ms)
{
    struct es_err e = { 0 };
    struct asked got;
    struct es_mail_out *rows;
    size_t n;
    world_must(es_mail_link_ask(
                   w->store, w->app.key,
                   &(struct es_link_asking){ address, "en", HERE, now_ms }, &e),
               &e);
    world_must(es_store_mail_due(w->store, now_ms, 100, &w->a, &rows, &n, &e),
               &e);
    CHECK(n > 0);
    CHECK(es_mail_ask_open(w->app.key, &rows[n - 1], &w->a, &got.ask));
    world_must(es_mail_link_asked(w->store, HERE, now_ms, &w->a, &got.link, &e),
               &e);
    es_mail_link_shown(w->app.key, &got.link, got.shown);
    return got;
}

static enum es_mail_answer prove(struct world *w, const struct asked *got,
                                 enum es_mail_proof how, const char *code,
                                 bool take, int64_t now_ms)
{
    struct es_err e = { 0 };
    enum es_mail_answer said;
    struct es_mail_given g = { &got->link, how, code, take, now_ms };
    world_must(es_mail_link_prove(w->store, w->app.key, &g, &said, &e), &e);
    return said;
}

TEST(a_link_knows_its_browser_works_once_and_ends)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_mail_link link;
    bool here;
    world_begin(&w);
    struct asked got = ask_for(&w, ADDRESS, w.now);
    CHECK_STR(got.ask.address, ADDRESS);
    CHECK_INT(es_mail_link_find(w.store, got.ask.secret, HERE, w.now, &w.a,
                                &link, &here, &e),
              ES_OK);
    CHECK(here);
    CHECK_INT(es_mail_link_find(w.store, got.ask.secret, ELSEWHERE, w.now, &w.a,
                                &link, &here, &e),
              ES_OK);
    CHECK(!here);
    CHECK_INT(es_mail_link_find(w.store, got.ask.secret, NULL, w.now, &w.a,
                                &link, &here, &e),
              ES_OK);
    CHECK(!here);
    CHECK_INT(es_mail_link_find(w.store, ELSEWHERE, HERE, w.now, &w.a, &link,
                                &here, &e),
              ES_ENOENT);
    /* looking takes nothing; taking it takes it */
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, false, w.now),
              ES_MAIL_RIGHT);
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, true, w.now),
              ES_MAIL_RIGHT);
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, true, w.now),
              ES_MAIL_GONE);
    CHECK_INT(es_mail_link_find(w.store, got.ask.secret, HERE, w.now, &w.a,
                                &link, &here, &e),
              ES_ENOENT);
    /* another one, too late by a millisecond */
    got = ask_for(&w, ADDRESS, w.now + 1);
    int64_t end = w.now + 1 + ES_MAIL_LINK_MS;
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, false, end - 1),
              ES_MAIL_RIGHT);
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, true, end), ES_MAIL_GONE);
    CHECK_INT(es_mail_link_find(w.store, got.ask.secret, HERE, end, &w.a, &link,
                                &here, &e),
              ES_ENOENT);
    world_end(&w);
}

TEST(each_code_counts_in_its_own_place)
{
    struct world w;
    char typed[64];
    world_begin(&w);
    struct asked got = ask_for(&w, ADDRESS, w.now);
    CHECK(strcmp(got.shown, got.ask.code) != 0);
    CHECK_INT(prove(&w, &got, ES_PROOF_SHOWN, got.ask.code, false, w.now),
              ES_MAIL_WRONG);
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, got.shown, false, w.now),
              ES_MAIL_WRONG);
    CHECK_INT(prove(&w, &got, ES_PROOF_SHOWN, got.shown, false, w.now),
              ES_MAIL_RIGHT);
    /* as people type, in the digits of their keyboards */
    snprintf(typed, sizeof typed, " %.4s-%.4s ", got.ask.code,
             got.ask.code + 4);
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, typed, false, w.now),
              ES_MAIL_RIGHT);
    struct es_buf b;
    es_buf_init(&b, 100);
    for (const char *p = got.ask.code; *p; p++) {
        es_buf_u8(&b, p - got.ask.code < 4 ? 0xdb : 0xd9);
        es_buf_u8(&b,
                  (uint8_t)((p - got.ask.code < 4 ? 0xb0 : 0xa0) + (*p - '0')));
    }
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, es_buf_cstr(&b), false, w.now),
              ES_MAIL_RIGHT);
    es_buf_release(&b);
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, got.ask.code, true, w.now),
              ES_MAIL_RIGHT);
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, got.ask.code, true, w.now),
              ES_MAIL_GONE);
    world_end(&w);
}

TEST(five_wrong_codes_and_the_link_is_dead)
{
    static const char *const WRONG[] = { "", NULL, "123", "abcdefgh",
                                         "123456789" };
    struct world w;
    world_begin(&w);
    struct asked got = ask_for(&w, ADDRESS, w.now);
    for (size_t i = 0; i < ES_MAIL_LINK_TRIES; i++)
        CHECK_INT(prove(&w, &got, i % 2 ? ES_PROOF_SHOWN : ES_PROOF_MAILED,
                        WRONG[i], true, w.now),
                  ES_MAIL_WRONG);
    CHECK_INT(prove(&w, &got, ES_PROOF_MAILED, got.ask.code, true, w.now),
              ES_MAIL_GONE);
    CHECK_INT(prove(&w, &got, ES_PROOF_SHOWN, got.shown, true, w.now),
              ES_MAIL_GONE);
    CHECK_INT(prove(&w, &got, ES_PROOF_BROWSER, NULL, true, w.now),
              ES_MAIL_GONE);
    world_end(&w);
}

/* What is kept says nothing to who reads it: no secret, no code, no address
 * in what waits. */
TEST(what_waits_is_sealed_and_opens_for_its_own_row_alone)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_mail_out *rows;
    struct es_mail_ask ask;
    size_t n;
    world_begin(&w);
    struct asked got = ask_for(&w, ADDRESS, w.now);
    world_must(es_store_mail_due(w.store, w.now, 100, &w.a, &rows, &n, &e), &e);
    const char *const PLAIN[] = { ADDRESS, got.ask.secret, got.ask.code };
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        CHECK(memmem(rows[0].sealed.p, rows[0].sealed.n, PLAIN[i],
                     strlen(PLAIN[i])) == NULL);
    struct es_mail_out other = rows[0];
    other.id++;
    CHECK(!es_mail_ask_open(w.app.key, &other, &w.a, &ask));
    world_end(&w);
}
