/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include "auth/limit.h"
#include "auth/recovery.h"
#include "auth/secret.h"

#include <string.h>

TEST(a_secret_is_known_by_its_hash_alone)
{
    char text[ES_SECRET_TEXT];
    uint8_t made[ES_HASH];
    uint8_t seen[ES_HASH];
    es_secret_new(text, made);
    CHECK(es_secret_hash(es_bytes_str(text), seen));
    CHECK(es_hash_equal(made, seen));
    text[0] = text[0] == 'a' ? 'b' : 'a';
    CHECK(es_secret_hash(es_bytes_str(text), seen));
    CHECK(!es_hash_equal(made, seen));
}

TEST(a_secret_may_be_typed_with_look_alikes)
{
    static const char OWN[] = "0123456789abcdefghjkmnpqrstv0011";
    static const char TYPED[] = "O123456789ABCDEFGHJKMNPQRSTVoOiL";
    uint8_t a[ES_HASH];
    uint8_t b[ES_HASH];
    CHECK(es_secret_hash(es_bytes_str(OWN), a));
    CHECK(es_secret_hash(es_bytes_str(TYPED), b));
    CHECK(es_hash_equal(a, b));
    CHECK(!es_secret_hash(es_bytes_str("short"), a));
    CHECK(!es_secret_hash(es_bytes_str("0123456789abcdefghjkmnpqrstv00u1"), a));
    CHECK(!es_secret_hash(es_bytes_str(""), a));
}

TEST(a_csrf_token_fits_one_cookie_and_one_key)
{
    uint8_t key[ES_HASH] = { 1 };
    uint8_t other[ES_HASH] = { 2 };
    char token[ES_CSRF_TEXT];
    es_csrf_token(key, "cookie", token);
    CHECK(es_csrf_valid(key, "cookie", token));
    CHECK(!es_csrf_valid(key, "cooki", token));
    CHECK(!es_csrf_valid(other, "cookie", token));
    CHECK(!es_csrf_valid(key, "", token));
    CHECK(!es_csrf_valid(key, NULL, token));
    CHECK(!es_csrf_valid(key, "cookie", NULL));
    token[5] ^= 1;
    CHECK(!es_csrf_valid(key, "cookie", token));
}

TEST(a_school_gets_through_and_a_flood_does_not)
{
    struct es_limits *l = es_limits_new();
    unsigned wait = 0;
    CHECK(l != NULL);
    for (int i = 0; i < 600; i++)
        CHECK_INT(es_limit_take(l, ES_LIMIT_JOIN, 7, 1000), 0);
    wait = es_limit_take(l, ES_LIMIT_JOIN, 7, 1000);
    CHECK(wait > 0 && wait <= 13);
    CHECK_INT(es_limit_take(l, ES_LIMIT_JOIN, 8, 1000), 0);
    CHECK_INT(es_limit_take(l, ES_LIMIT_UPLOAD, 7, 1000), 0);
    CHECK_INT(es_limit_take(l, ES_LIMIT_JOIN, 7, 1000 + wait * 1000), 0);
    es_limits_free(l);
}

TEST(the_table_of_limits_never_grows)
{
    struct es_limits *l = es_limits_new();
    CHECK(l != NULL);
    for (uint64_t who = 0; who < 300000; who++)
        CHECK_INT(es_limit_take(l, ES_LIMIT_GUESS, who, (int64_t)who), 0);
    es_limits_free(l);
}

/* ---- recovery codes ---- */

TEST(a_code_is_read_as_it_is_typed)
{
    static const uint8_t KEY[ES_HASH] = { 1 }, OTHER[ES_HASH] = { 2 };
    uint8_t want[ES_HASH], got[ES_HASH];
    CHECK(es_recovery_hash(KEY, "abcd-e1gh-jkmn-0qrs", want));
    static const char *const SAME[] = {
        "abcde1ghjkmn0qrs",
        "ABCD-E1GH-JKMN-0QRS",
        " abcd eigh jkmn oqrs ",
        "abcd-elgh--jkmn-0qrs",
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        CHECK(es_recovery_hash(KEY, SAME[i], got));
        CHECK(es_hash_equal(want, got));
    }
    CHECK(es_recovery_hash(OTHER, SAME[0], got));
    CHECK(!es_hash_equal(want, got));
}

TEST(what_is_no_code)
{
    static const uint8_t KEY[ES_HASH] = { 1 };
    static const char *const NONE[] = {
        "",
        "----",
        "abcd-e1gh-jkmn-0qr",
        "abcd-e1gh-jkmn-0qrss",
        "abcd-e1gh-jkmn-0qru",
        "abcd-e1gh-jkmn-0q\xc3\xa9",
        "abcd_e1gh_jkmn_0qrs",
    };
    uint8_t got[ES_HASH];
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        CHECK(!es_recovery_hash(KEY, NONE[i], got));
    CHECK(!es_recovery_hash(KEY, NULL, got));
}

TEST(codes_differ_and_read_back)
{
    static const uint8_t KEY[ES_HASH] = { 1 };
    char a[ES_RECOVERY_TEXT], b[ES_RECOVERY_TEXT];
    uint8_t hash[ES_HASH];
    es_recovery_new(a);
    es_recovery_new(b);
    CHECK_INT(strlen(a), ES_RECOVERY_TEXT - 1);
    CHECK(a[4] == '-' && a[9] == '-' && a[14] == '-');
    CHECK(strcmp(a, b) != 0);
    CHECK(es_recovery_hash(KEY, a, hash));
}

TEST(five_codes_and_then_a_wait)
{
    struct es_limits *l = es_limits_new();
    CHECK(l != NULL);
    for (int i = 0; i < 5; i++)
        CHECK_INT(es_limit_take(l, ES_LIMIT_RECOVER, 7, 1000), 0);
    CHECK(es_limit_take(l, ES_LIMIT_RECOVER, 7, 1000) > 100);
    CHECK_INT(es_limit_take(l, ES_LIMIT_RECOVER, 8, 1000), 0);
    es_limits_free(l);
}
