/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include "auth/limit.h"
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
    for (int i = 0; i < 300; i++)
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
