/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passkeys: what is asked, and that only a whole, fresh, signed answer from
 * the right place is believed (row 45 of the attacks). */
#include "auth/cbor.h"
#include "auth/cose.h"
#include "base/limits.h"
#include "device.h"
#include "t.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

static const struct es_passkey_owner ANA = { 0, 77 };
static const int ALGORITHMS[] = { ES_COSE_ES256, ES_COSE_EDDSA, ES_COSE_RS256 };
static const char BROWSER[] = "a browser's own secret";

/* One site, and a device that is registered with it. */
struct scene {
    struct es_arena a;
    struct es_rp rp;
    struct es_passkey_check check;
    struct device d;
    struct es_passkey_known known;
    const char *challenge;
    uint8_t raw[ES_CHALLENGE];
};

static void ask(struct scene *s, enum es_challenge_for what)
{
    s->check.of.what = what;
    es_challenge_make(s->check.challenges, &s->check.of, s->check.now_ms,
                      s->raw);
    s->challenge =
        device_base64((struct es_bytes){ s->raw, sizeof s->raw }, &s->a);
}

static enum es_passkey_fault enrol(struct scene *s, struct es_passkey_new *out)
{
    struct es_passkey_text t;
    s->check.of.subject = es_bytes_str("77");
    ask(s, ES_CHALLENGE_REGISTER);
    t = device_make(&s->d, s->challenge, &s->a);
    return es_passkey_register(&s->check, &t, &s->a, out);
}

static enum es_passkey_fault sign_in(struct scene *s,
                                     struct es_passkey_seen *out)
{
    struct es_passkey_text t;
    s->check.of.subject = (struct es_bytes){ 0 };
    ask(s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s->d, s->challenge, &s->a);
    return es_passkey_sign_in(&s->check, &t, &s->known, &s->a, out);
}

static void scene_alg(struct scene *s, int alg)
{
    memset(s, 0, sizeof *s);
    es_arena_init(&s->a, 4u << 20);
    CHECK(es_rp_of("https://run.example", &s->rp));
    s->check = (struct es_passkey_check){
        .rp = &s->rp,
        .challenges = es_challenges_new(),
        .of = { .browser = BROWSER },
        .now_ms = 1000,
        .verified = true,
    };
    s->d = device_new(alg, ANA);
}

static void scene_init(struct scene *s, int alg)
{
    struct es_passkey_new made;
    scene_alg(s, alg);
    CHECK_INT(enrol(s, &made), ES_PASSKEY_OK);
    s->known = (struct es_passkey_known){
        .id = made.id,
        .key = made.key,
        .sign_count = made.sign_count,
        .may_be_backed_up = made.may_be_backed_up,
        .owner = ANA,
    };
}

static void scene_release(struct scene *s)
{
    device_free(&s->d);
    es_challenges_free(s->check.challenges);
    es_arena_release(&s->a);
}

TEST(each_kind_of_key_registers_and_signs_in)
{
    for (size_t i = 0; i < 3; i++) {
        struct scene s;
        struct es_passkey_seen seen;
        scene_init(&s, ALGORITHMS[i]);
        s.d.count = 1;
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_OK);
        CHECK_INT(seen.sign_count, 1);
        CHECK(seen.verified && !seen.backed_up);
        scene_release(&s);
    }
}

TEST(what_is_kept_of_a_new_one)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_buf cose;
    scene_alg(&s, ES_COSE_ES256);
    es_buf_init(&cose, 1024);
    device_cose(&s.d, &cose);
    s.d.flags = UP | UV | BE | BS;
    s.d.count = 0x01020304;
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_OK);
    CHECK(es_bytes_eq(made.key, es_buf_bytes(&cose)));
    CHECK(es_bytes_eq(made.id, (struct es_bytes){ s.d.id, s.d.id_n }));
    CHECK_INT(made.alg, ES_COSE_ES256);
    CHECK_INT(made.sign_count, 0x01020304);
    CHECK(made.may_be_backed_up && made.backed_up && made.verified);
    es_buf_release(&cose);
    scene_release(&s);
}

/* ---- wrong places ---- */

TEST(another_origin_is_refused)
{
    static const char *const ORIGINS[] = {
        "https://run.example.evil.example",
        "http://run.example",
        "https://run.example:444",
        "https://RUN.example",
        "https://run.example/",
        "https://a.run.example",
        "null",
        "",
    };
    for (size_t i = 0; i < sizeof ORIGINS / sizeof *ORIGINS; i++) {
        struct scene s;
        struct es_passkey_new made;
        struct es_passkey_seen seen;
        scene_init(&s, ES_COSE_EDDSA);
        s.d.origin = ORIGINS[i];
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_ORIGIN);
        CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_ORIGIN);
        scene_release(&s);
    }
}

TEST(inside_another_page_is_refused)
{
    static const char *const MORE[] = {
        ",\"crossOrigin\":true",
        ",\"crossOrigin\":\"false\"",
        ",\"crossOrigin\":null",
        ",\"topOrigin\":\"https://evil.example\"",
        ",\"crossOrigin\":false,\"topOrigin\":\"https://run.example\"",
    };
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++) {
        struct scene s;
        struct es_passkey_seen seen;
        scene_init(&s, ES_COSE_EDDSA);
        s.d.more = MORE[i];
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_ORIGIN);
        scene_release(&s);
    }
}

TEST(another_site_s_passkey_is_refused)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.rp_id = "example";
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_RP);
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_RP);
    scene_release(&s);
}

TEST(an_answer_to_the_other_question_is_refused)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.type = "webauthn.create";
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_TYPE);
    s.d.type = "webauthn.get";
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_TYPE);
    s.d.type = "payment.get";
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_TYPE);
    scene_release(&s);
}

/* ---- what the client says ---- */

TEST(what_newer_browsers_add_is_passed_over)
{
    struct scene s;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.more = ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":"
               "[{\"like\":[1,2,{}]},\"this\"]";
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_OK);
    scene_release(&s);
}

/* %s is the challenge. */
static const char *const NO_CLIENT_DATA[] = {
    "",
    "{",
    "[]",
    "null",
    "\"%s\"",
    "{\"type\":\"webauthn.get\",\"origin\":\"https://run.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\"}",
    "{\"challenge\":\"%s\",\"origin\":\"https://run.example\"}",
    "{\"type\":1,\"challenge\":\"%s\",\"origin\":\"https://run.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":[\"%s\"],"
    "\"origin\":\"https://run.example\"}",
    /* which of two would count? */
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\","
    "\"origin\":\"https://evil.example\",\"origin\":\"https://run.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\","
    "\"origin\":\"https://run.example\"} x",
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\","
    "\"origin\":\"https://run.example\\u0000.evil.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s=\","
    "\"origin\":\"https://run.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":\"\","
    "\"origin\":\"https://run.example\"}",
    "\xef\xbb\xbf{\"type\":\"webauthn.get\",\"challenge\":\"%s\","
    "\"origin\":\"https://run.example\"}",
    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\","
    "\"origin\":\"https://run.example\",\"x\":\"\xff\"}",
};

static const char *with_challenge(const char *form, const char *challenge,
                                  struct es_arena *a)
{
    const char *at = strstr(form, "%s");
    return at ? es_arena_fmt(a, "%.*s%s%s", (int)(at - form), form, challenge,
                             at + 2)
              : form;
}

TEST(client_data_that_isn_t)
{
    for (size_t i = 0; i < sizeof NO_CLIENT_DATA / sizeof *NO_CLIENT_DATA;
         i++) {
        struct scene s;
        struct es_passkey_seen seen;
        struct es_passkey_text t;
        scene_init(&s, ES_COSE_EDDSA);
        s.check.of.subject = (struct es_bytes){ 0 };
        ask(&s, ES_CHALLENGE_SIGN_IN);
        s.d.json = with_challenge(NO_CLIENT_DATA[i], s.challenge, &s.a);
        t = device_sign(&s.d, s.challenge, &s.a);
        CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
                  ES_PASSKEY_UNREADABLE);
        scene_release(&s);
    }
}

TEST(nested_without_end)
{
    struct scene s;
    struct es_passkey_seen seen;
    char deep[6000];
    scene_init(&s, ES_COSE_EDDSA);
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    s.d.json = deep;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_UNREADABLE);
    scene_release(&s);
}

/* ---- the challenge ---- */

TEST(an_answer_counts_once)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_OK);
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_SPENT);
    /* signed anew: still the same challenge */
    t = device_sign(&s.d, s.challenge, &s.a);
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_SPENT);
    scene_release(&s);
}

TEST(a_registration_counts_once)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_text t;
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_REGISTER);
    t = device_make(&s.d, s.challenge, &s.a);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made), ES_PASSKEY_OK);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made), ES_PASSKEY_SPENT);
    scene_release(&s);
}

TEST(five_minutes_and_no_longer)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    s.check.now_ms += ES_CHALLENGE_S * 1000;
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_WRONG_CHALLENGE);
    s.check.now_ms -= 1;
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_OK);
    scene_release(&s);
}

TEST(another_browser_s_challenge)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    s.check.of.browser = "another";
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_WRONG_CHALLENGE);
    s.check.of.browser = "";
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_WRONG_CHALLENGE);
    scene_release(&s);
}

TEST(a_challenge_for_something_else)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    s.check.of.what = ES_CHALLENGE_CONFIRM;
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_WRONG_CHALLENGE);
    s.check.of.what = ES_CHALLENGE_SIGN_IN;
    s.check.of.subject = es_bytes_str("78");
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_WRONG_CHALLENGE);
    scene_release(&s);
}

TEST(a_challenge_of_somebody_else_s_making)
{
    struct scene s;
    struct es_challenges *other = es_challenges_new();
    uint8_t raw[ES_CHALLENGE];
    scene_init(&s, ES_COSE_ES256);
    es_challenge_make(other, &s.check.of, s.check.now_ms, raw);
    CHECK(!es_challenge_valid(s.check.challenges, &s.check.of,
                              (struct es_bytes){ raw, sizeof raw }, 1000));
    /* every bit of one counts, its end among them */
    for (size_t i = 0; i < sizeof raw; i++) {
        struct es_bytes given = { s.raw, sizeof s.raw };
        ask(&s, ES_CHALLENGE_SIGN_IN);
        CHECK(es_challenge_valid(s.check.challenges, &s.check.of, given, 1000));
        s.raw[i] ^= 128;
        CHECK(!es_challenge_valid(s.check.challenges, &s.check.of, given, 1));
    }
    es_challenges_free(other);
    scene_release(&s);
}

/* A flood of questions takes nobody's away; one of answers only makes who
 * comes after wait. */
TEST(challenges_are_bounded)
{
    struct scene s;
    uint8_t first[ES_CHALLENGE];
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    memcpy(first, s.raw, sizeof first);
    for (size_t i = 0; i < ES_CHALLENGES_SPENT; i++) {
        es_challenge_make(s.check.challenges, &s.check.of, 1000, s.raw);
        if (i % 16 == 0) /* a table's walk each: not all of them */
            CHECK(es_challenge_spend(s.check.challenges, s.raw, 1000));
    }
    CHECK(es_challenge_spend(s.check.challenges, first, 1000));
    CHECK(!es_challenge_spend(s.check.challenges, first, 1000));
    scene_release(&s);
}

struct race {
    struct es_challenges *c;
    const uint8_t *raw;
    int won;
};

static void *run_race(void *arg)
{
    struct race *r = arg;
    r->won = es_challenge_spend(r->c, r->raw, 1000);
    return NULL;
}

TEST(one_of_many_at_once_spends_it)
{
    enum { RUNNERS = 8 };
    struct scene s;
    struct race r[RUNNERS];
    pthread_t t[RUNNERS];
    int won = 0;
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    for (int i = 0; i < RUNNERS; i++) {
        r[i] = (struct race){ s.check.challenges, s.raw, 0 };
        CHECK_INT(pthread_create(&t[i], NULL, run_race, &r[i]), 0);
    }
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(t[i], NULL);
        won += r[i].won;
    }
    CHECK_INT(won, 1);
    scene_release(&s);
}

/* ---- the device's flags and counter ---- */

static void flags_give(uint8_t flags, bool verified, enum es_passkey_fault want)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.check.verified = verified;
    s.d.flags = flags;
    CHECK_INT(sign_in(&s, &seen), want);
    CHECK_INT(enrol(&s, &made), want);
    scene_release(&s);
}

TEST(present_and_verified)
{
    flags_give(UP | UV, true, ES_PASSKEY_OK);
    flags_give(UP, true, ES_PASSKEY_UNVERIFIED);
    flags_give(UP, false, ES_PASSKEY_OK);
    flags_give(UV, true, ES_PASSKEY_ABSENT);
    flags_give(0, false, ES_PASSKEY_ABSENT);
    flags_give(UP | UV | BS, true, ES_PASSKEY_WRONG_BACKUP);
}

TEST(a_passkey_doesn_t_become_one_that_can_be_copied)
{
    struct scene s;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.flags = UP | UV | BE;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_BACKUP);
    s.known.may_be_backed_up = true;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_OK);
    s.d.flags = UP | UV;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_BACKUP);
    scene_release(&s);
}

TEST(the_counter_only_rises)
{
    static const struct {
        uint32_t was, now;
        bool good;
    } CASES[] = {
        { 0, 0, true },           { 0, 1, true },          { 5, 6, true },
        { 5, 5, false },          { 5, 4, false },         { 5, 0, false },
        { UINT32_MAX, 0, false }, { 1, UINT32_MAX, true },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct scene s;
        struct es_passkey_seen seen;
        scene_init(&s, ES_COSE_EDDSA);
        s.known.sign_count = CASES[i].was;
        s.d.count = CASES[i].now;
        CHECK_INT(sign_in(&s, &seen),
                  CASES[i].good ? ES_PASSKEY_OK : ES_PASSKEY_COUNTED_BACK);
        scene_release(&s);
    }
}

/* ---- whose ---- */

TEST(another_person_s_passkey)
{
    struct scene s;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.owner.id = 78;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_OWNER);
    s.d.owner = ANA;
    s.d.no_handle = true;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_OWNER);
    s.d.no_handle = false;
    s.d.id[0] ^= 1;
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_OWNER);
    scene_release(&s);
}

TEST(who_is_asked_by_name_need_not_say_it)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.no_handle = true;
    ask(&s, ES_CHALLENGE_CONFIRM);
    t = device_sign(&s.d, s.challenge, &s.a);
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_OK);
    scene_release(&s);
}

TEST(signatures_that_don_t_fit)
{
    for (size_t i = 0; i < 3; i++) {
        struct scene s;
        struct es_passkey_seen seen;
        struct device other;
        EVP_PKEY *own;
        scene_init(&s, ALGORITHMS[i]);
        s.d.bad_signature = true;
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_SIGNATURE);
        s.d.bad_signature = false;
        other = device_new(ALGORITHMS[i], ANA);
        own = s.d.key;
        s.d.key = other.key;
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_WRONG_SIGNATURE);
        s.d.key = own;
        CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_OK);
        device_free(&other);
        scene_release(&s);
    }
}

/* A failed answer leaves its challenge: who slipped may try again. */
TEST(every_bit_of_the_device_s_words_is_signed)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    struct es_bytes raw;
    scene_init(&s, ES_COSE_EDDSA);
    ask(&s, ES_CHALLENGE_SIGN_IN);
    s.check.of.subject = (struct es_bytes){ 0 };
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    CHECK(es_passkey_id(t.auth_data, &s.a, &raw));
    for (size_t i = 0; i < raw.n; i++) {
        uint8_t other[64];
        struct es_passkey_text u = t;
        CHECK(raw.n <= sizeof other);
        memcpy(other, raw.p, raw.n);
        other[i] ^= 1;
        u.auth_data = device_base64((struct es_bytes){ other, raw.n }, &s.a);
        CHECK(es_passkey_sign_in(&s.check, &u, &s.known, &s.a, &seen) !=
              ES_PASSKEY_OK);
    }
    CHECK_INT(es_passkey_sign_in(&s.check, &t, &s.known, &s.a, &seen),
              ES_PASSKEY_OK);
    scene_release(&s);
}

/* ---- keys and attestation ---- */

TEST(a_key_on_no_curve)
{
    struct es_cose_key key = { .alg = ES_COSE_ES256, .n = 64 };
    CHECK(!es_cose_valid(&key));
    memset(key.raw, 0xff, sizeof key.raw);
    CHECK(!es_cose_valid(&key));
}

static bool cose_reads(const void *p, size_t n)
{
    struct es_cose_key key;
    struct es_bytes g = t_guarded(p, n);
    struct es_rd r;
    es_rd_init(&r, g);
    bool ok = es_cose_read(&r, &key) && es_rd_left(&r) == 0;
    t_guarded_free(g);
    return ok;
}

TEST(keys_of_other_kinds)
{
    struct device d = device_new(ES_COSE_ES256, ANA);
    struct es_buf b;
    es_buf_init(&b, 1024);
    device_cose(&d, &b);
    CHECK(cose_reads(b.p, b.n));
    for (size_t n = 0; n < b.n; n++)
        CHECK(!cose_reads(b.p, n));
    static const struct {
        size_t at;
        uint8_t to;
    } WRONG[] = {
        { 2, 3 },    /* kty RSA with a curve's parameters */
        { 4, 0x2f }, /* alg -16, no signature at all */
        { 4, 0x27 }, /* EdDSA with two coordinates */
        { 6, 2 },    /* P-384 */
        { 3, 1 },    /* kty twice, no alg */
        { 8, 0x57 }, /* x of 23 bytes */
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        uint8_t was = b.p[WRONG[i].at];
        b.p[WRONG[i].at] = WRONG[i].to;
        CHECK(!cose_reads(b.p, b.n));
        b.p[WRONG[i].at] = was;
    }
    CHECK(cose_reads(b.p, b.n));
    es_buf_release(&b);
    device_free(&d);
}

TEST(attestations_that_were_not_asked_for)
{
    static const uint8_t STATEMENT[] = { 0xa1, 0x63, 'a', 'l', 'g', 0x26 };
    struct scene s;
    struct es_passkey_new made;
    scene_alg(&s, ES_COSE_ES256);
    s.d.fmt = "packed";
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_ATTESTATION);
    s.d.fmt = "None";
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_ATTESTATION);
    s.d.fmt = NULL;
    s.d.statement = (struct es_bytes){ STATEMENT, sizeof STATEMENT };
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_WRONG_ATTESTATION);
    s.d.statement = es_bytes_str("\x60"); /* a text, no map */
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_UNREADABLE);
    scene_release(&s);
}

TEST(extensions_are_read_over)
{
    /* {"credProtect": 2}, {"x": [[[[[[1]]]]]]}, and that one deeper */
    static const uint8_t GOOD[] = { 0xa1, 0x6b, 'c', 'r', 'e', 'd', 'P',
                                    'r',  'o',  't', 'e', 'c', 't', 2 };
    static const uint8_t DEEP[] = { 0xa1, 0x61, 'x',  0x81, 0x81,
                                    0x81, 0x81, 0x81, 0x81, 1 };
    static const uint8_t DEEPER[] = { 0xa1, 0x61, 'x',  0x81, 0x81, 0x81,
                                      0x81, 0x81, 0x81, 0x81, 1 };
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_seen seen;
    scene_init(&s, ES_COSE_EDDSA);
    s.d.flags = UP | UV | ED;
    s.d.tail = (struct es_bytes){ GOOD, sizeof GOOD };
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_OK);
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_OK);
    s.d.tail = (struct es_bytes){ DEEP, sizeof DEEP };
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_OK);
    s.d.tail = (struct es_bytes){ DEEPER, sizeof DEEPER };
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_UNREADABLE);
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_UNREADABLE);
    s.d.tail = es_bytes_str("\x01"); /* no map */
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_UNREADABLE);
    s.d.tail = (struct es_bytes){ 0 }; /* said, but not there */
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_UNREADABLE);
    s.d.flags = UP | UV; /* there, but not said */
    s.d.tail = (struct es_bytes){ GOOD, sizeof GOOD };
    CHECK_INT(enrol(&s, &made), ES_PASSKEY_UNREADABLE);
    CHECK_INT(sign_in(&s, &seen), ES_PASSKEY_UNREADABLE);
    scene_release(&s);
}

TEST(every_truncation)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_text t;
    uint8_t all[1024];
    size_t n;
    struct es_bytes raw;
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_REGISTER);
    t = device_make(&s.d, s.challenge, &s.a);
    CHECK(es_passkey_id(t.attestation, &s.a, &raw));
    CHECK(raw.n < sizeof all);
    memcpy(all, raw.p, raw.n);
    for (n = 0; n < raw.n; n++) {
        t.attestation = device_base64((struct es_bytes){ all, n }, &s.a);
        CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
                  ES_PASSKEY_UNREADABLE);
    }
    all[n] = 0;
    t.attestation = device_base64((struct es_bytes){ all, n + 1 }, &s.a);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    t.attestation = device_base64(raw, &s.a);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made), ES_PASSKEY_OK);
    scene_release(&s);
}

/* ---- CBOR bombs ---- */

static bool skips(const char *p, size_t n)
{
    struct es_bytes g = t_guarded((const uint8_t *)p, n);
    struct es_rd r;
    es_rd_init(&r, g);
    bool ok = es_cbor_skip(&r);
    CHECK(ok == !r.bad);
    t_guarded_free(g);
    return ok;
}

TEST(cbor_bombs)
{
#define SKIPS(s) skips(s, sizeof s - 1)
    CHECK(SKIPS("\x00") && SKIPS("\xf6") && SKIPS("\xfb\0\0\0\0\0\0\0\0"));
    CHECK(SKIPS("\x83\x01\x41x\xa1\x01\x02"));
    CHECK(!SKIPS(""));
    CHECK(!SKIPS("\x9a\x3f\xff\xff\xff\x01")); /* 8 GiB in libcbor */
    CHECK(!SKIPS("\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    CHECK(!SKIPS("\x5b\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    CHECK(!SKIPS("\x9f\x01\xff"));           /* indefinite */
    CHECK(!SKIPS("\x5f\x41x\xff"));          /* in pieces */
    CHECK(!SKIPS("\xc2\x41x"));              /* a tag */
    CHECK(!SKIPS("\x1c") && !SKIPS("\xff")); /* reserved */
    CHECK(!SKIPS("\x82\x01"));
    CHECK(SKIPS("\x81\x81\x81\x81\x81\x81\x81\x01"));
    CHECK(!SKIPS("\x81\x81\x81\x81\x81\x81\x81\x81\x01"));
}

TEST(what_is_too_long_is_not_read)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_text t;
    static uint8_t much[ES_PASSKEY_BYTES + 100];
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_REGISTER);
    t = device_make(&s.d, s.challenge, &s.a);
    const char *was = t.attestation;
    t.attestation = device_base64((struct es_bytes){ much, sizeof much }, &s.a);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    t.attestation = was;
    t.id = device_base64((struct es_bytes){ much, 1025 }, &s.a);
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    t.id = NULL;
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    t.id = "not*base64";
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    scene_release(&s);
}

TEST(the_id_is_the_one_that_is_told_of)
{
    struct scene s;
    struct es_passkey_new made;
    struct es_passkey_text t;
    scene_alg(&s, ES_COSE_ES256);
    ask(&s, ES_CHALLENGE_REGISTER);
    t = device_make(&s.d, s.challenge, &s.a);
    t.id = "AAAA";
    CHECK_INT(es_passkey_register(&s.check, &t, &s.a, &made),
              ES_PASSKEY_UNREADABLE);
    scene_release(&s);
}

TEST(no_memory)
{
    struct scene s;
    struct es_passkey_seen seen;
    struct es_passkey_text t;
    scene_init(&s, ES_COSE_ES256);
    s.check.of.subject = (struct es_bytes){ 0 };
    ask(&s, ES_CHALLENGE_SIGN_IN);
    t = device_sign(&s.d, s.challenge, &s.a);
    for (size_t max = 0; max < 2048; max += 16) {
        struct es_arena little;
        es_arena_init(&little, max);
        enum es_passkey_fault f =
            es_passkey_sign_in(&s.check, &t, &s.known, &little, &seen);
        es_arena_release(&little);
        if (f == ES_PASSKEY_OK)
            break;
        CHECK(max < 2000);
    }
    scene_release(&s);
}

/* ---- asking ---- */

TEST(sites)
{
    static const struct {
        const char *origin, *id, *as;
    } CASES[] = {
        { "https://run.example", "run.example", "https://run.example" },
        { "https://run.example:8443", "run.example",
          "https://run.example:8443" },
        { "http://localhost:8080", "localhost", "http://localhost:8080" },
        { "http://127.0.0.1:8080", "localhost", "http://localhost:8080" },
        { "http://[::1]:80", "localhost", "http://localhost:80" },
        { "http://run.example", NULL, NULL },
        { "https://192.0.2.1", NULL, NULL },
        { "https://[2001:db8::1]:1", NULL, NULL },
        { "https://", NULL, NULL },
        { "run.example", NULL, NULL },
        { "", NULL, NULL },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_rp rp;
        CHECK_INT(es_rp_of(CASES[i].origin, &rp), CASES[i].id != NULL);
        if (CASES[i].id) {
            CHECK_STR(rp.id, CASES[i].id);
            CHECK_STR(rp.origin, CASES[i].as);
        }
    }
}

static const char *member(const json_t *o, const char *of, const char *name)
{
    const json_t *in = of ? json_object_get(o, of) : o;
    return json_string_value(json_object_get(in, name));
}

TEST(what_a_browser_is_asked)
{
    struct scene s;
    struct es_buf b;
    scene_init(&s, ES_COSE_EDDSA);
    struct es_passkey_ask q = { &s.rp, s.raw, true, &s.known.id, 1 };
    es_buf_init(&b, 8192);
    es_passkey_ask_new(&b, &q, ANA, "Run", "Ana </script> \"\xd8\xa7\"");
    json_t *o = json_loads(es_buf_cstr(&b), JSON_REJECT_DUPLICATES, NULL);
    CHECK(o != NULL);
    CHECK_STR(member(o, "rp", "id"), "run.example");
    CHECK_STR(member(o, "user", "id"), "AAAAAAAAAAAAAAAAAAAATQ");
    CHECK_STR(member(o, "user", "name"), "Ana </script> \"\xd8\xa7\"");
    CHECK(strstr(es_buf_cstr(&b), "</script>") == NULL);
    CHECK_STR(member(o, NULL, "attestation"), "none");
    CHECK_STR(member(o, "authenticatorSelection", "userVerification"),
              "required");
    CHECK_INT(json_array_size(json_object_get(o, "excludeCredentials")), 1);
    CHECK_INT(json_array_size(json_object_get(o, "pubKeyCredParams")), 3);
    json_decref(o);
    es_buf_clear(&b);
    q.verified = false;
    q.n_ids = 0;
    es_passkey_ask_old(&b, &q);
    o = json_loads(es_buf_cstr(&b), JSON_REJECT_DUPLICATES, NULL);
    CHECK_STR(member(o, NULL, "rpId"), "run.example");
    CHECK_STR(member(o, NULL, "challenge"), s.challenge);
    CHECK_STR(member(o, NULL, "userVerification"), "preferred");
    CHECK_INT(json_array_size(json_object_get(o, "allowCredentials")), 0);
    json_decref(o);
    es_buf_release(&b);
    scene_release(&s);
}
