/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include "base/arena.h"
#include "base/crc.h"
#include "base/json.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

TEST(reader_latches_a_short_read)
{
    static const uint8_t RAW[] = { 1, 2, 3 };
    struct es_rd r;
    es_rd_init(&r, (struct es_bytes){ RAW, sizeof RAW });
    CHECK_INT(es_rd_u16le(&r), 0x0201);
    CHECK_INT(es_rd_u16be(&r), 0);
    CHECK(r.bad);
    CHECK_INT(es_rd_u8(&r), 0);
    CHECK_INT(es_rd_left(&r), 0);
}

TEST(buffer_keeps_its_maximum)
{
    struct es_buf b;
    es_buf_init(&b, 5);
    es_buf_str(&b, "12345");
    CHECK(!b.bad);
    es_buf_u8(&b, '6');
    CHECK(b.bad);
    CHECK_STR(es_buf_cstr(&b), "");
    es_buf_clear(&b);
    es_buf_fmt(&b, "%d", 42);
    CHECK_STR(es_buf_cstr(&b), "42");
    es_buf_release(&b);
}

TEST(arena_keeps_its_maximum_and_alignment)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    for (size_t n = 1; n < 300; n += 7) {
        uint8_t *p = es_arena_alloc(&a, n);
        CHECK(p && (uintptr_t)p % 16 == 0 && p[n - 1] == 0);
        memset(p, 0xff, n);
    }
    CHECK(es_arena_alloc(&a, 100000) != NULL);
    CHECK(es_arena_alloc(&a, 1 << 20) == NULL);
    CHECK(es_arena_array(&a, SIZE_MAX / 2, 3) == NULL);
    CHECK_STR(es_arena_fmt(&a, "%s-%d", "a", 7), "a-7");
    es_arena_release(&a);
}

static bool num(const char *s, double *v)
{
    return es_num_f64(es_bytes_str(s), v);
}

TEST(numbers_read_what_they_are)
{
    double v;
    CHECK(num("52.5200066", &v) && v == 52.5200066);
    CHECK(num("-0.000001", &v) && v == -0.000001);
    CHECK(num("1e3", &v) && v == 1000);
    CHECK(num("+.5", &v) && v == 0.5);
    CHECK(num("4.9406564584124654e-300", &v) && v > 0);
    CHECK(num("123456789012345678901234567890", &v));
    CHECK_NEAR(v, 123456789012345678901234567890.0, 1e14);
    static const char *const BAD[] = { "",    ".",     "-",     "1e", "0x10",
                                       "inf", "nan",   "1,5",   " 1", "1 ",
                                       "--1", "1.2.3", "1e400", "1e+" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!num(BAD[i], &v));
}

TEST(integers_stay_in_range)
{
    int64_t v;
    CHECK(es_num_i64(es_bytes_str("-9223372036854775808"), INT64_MIN, INT64_MAX,
                     &v));
    CHECK(v == INT64_MIN);
    CHECK(!es_num_i64(es_bytes_str("9223372036854775808"), INT64_MIN, INT64_MAX,
                      &v));
    CHECK(!es_num_i64(es_bytes_str("11"), 0, 10, &v));
    CHECK(!es_num_i64(es_bytes_str(""), 0, 10, &v));
}

TEST(numbers_write_without_noise)
{
    static const struct {
        double v;
        int places;
        const char *want;
    } CASES[] = {
        { 0, 3, "0" },
        { -0.0001, 3, "0" },
        { 1.5, 3, "1.5" },
        { 2.9996, 3, "3" },
        { 1e14, 3, "100000000000000" },
        { -12.345, 3, "-12.345" },
        { 0.05, 1, "0.1" },
        { NAN, 3, "null" },
        { INFINITY, 3, "null" },
        { 5.25, 0, "5" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_buf b;
        es_buf_init(&b, 64);
        es_buf_num(&b, CASES[i].v, CASES[i].places);
        CHECK_STR(es_buf_cstr(&b), CASES[i].want);
        es_buf_release(&b);
    }
}

TEST(times_survive_a_round_trip)
{
    char text[ES_TIME_TEXT];
    for (int64_t t = -62135596800000; t < 253402300799999;
         t += 86400000LL * 97 + 12345678) {
        int64_t back;
        struct es_date d = es_date_of(t);
        CHECK(es_time_of(&d) == t);
        CHECK(es_time_parse(es_bytes_str(es_time_text(t, text)), &back));
        CHECK(back == t);
    }
    CHECK_INT(es_date_of(0).weekday, 3); /* 1970-01-01 was a Thursday */
}

TEST(times_read_as_files_write_them)
{
    static const struct {
        const char *s;
        int64_t want;
    } CASES[] = {
        { "2020-02-15T10:16:30Z", 1581761790000 },
        { "2020-02-15T10:16:30.123456789Z", 1581761790123 },
        { "2020-02-15T10:16:30.5", 1581761790500 },
        { "2020-02-15 11:16:30+01:00", 1581761790000 },
        { " 2020-02-15T10:16:30z\n", 1581761790000 },
        { "2020-02-15T05:46:30-0430", 1581761790000 },
        { "2016-12-31T23:59:60Z", 1483228799999 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t t = 0;
        CHECK(es_time_parse(es_bytes_str(CASES[i].s), &t));
        CHECK(t == CASES[i].want);
    }
    static const char *const BAD[] = { "",
                                       "2020",
                                       "2020-02-30T00:00:00Z",
                                       "2020-02-15T24:00:00Z",
                                       "2020-02-15T10:16:30Zjunk",
                                       "2020-02-15T10:16:30+99:00" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        int64_t t = 7;
        CHECK(!es_time_parse(es_bytes_str(BAD[i]), &t) && t == 7);
    }
}

TEST(json_strings_cannot_break_out)
{
    struct es_buf b;
    es_buf_init(&b, 1024);
    static const char RAW[] = "a\"b\\\n</script>\x01\xff\xe2\x80\xa8\xc3\xa9";
    es_buf_json_str(&b, es_bytes_str(RAW));
    CHECK_STR(es_buf_cstr(&b),
              "\"a\\\"b\\\\\\n\\u003c/script\\u003e\\u0001\xef\xbf\xbd"
              "\\u2028\xc3\xa9\"");
    es_buf_clear(&b);
    es_buf_str(&b, "{");
    es_buf_json_i(&b, "a", -1);
    es_buf_json_n(&b, "b", NAN);
    es_buf_json_s(&b, "c", NULL);
    es_buf_str(&b, "}");
    CHECK_STR(es_buf_cstr(&b), "{\"a\":-1,\"b\":null,\"c\":null}");
    es_buf_release(&b);
}

static void clean_is(const char *in, const char *want)
{
    struct es_buf b;
    es_buf_init(&b, 4096);
    es_text_clean(&b, es_bytes_str(in), false);
    CHECK_STR(es_buf_cstr(&b), want);
    es_buf_release(&b);
}

TEST(names_lose_what_would_deceive)
{
    clean_is("  Ada \t\n Lovelace ", "Ada Lovelace");
    clean_is("a\xe2\x80\xae"
             "b",
             "ab");                               /* U+202E */
    clean_is("\xe2\x80\x8f\xd8\xb9", "\xd8\xb9"); /* U+200F before ain */
    clean_is("\xe3\x80\x80", "");                 /* only a wide space */
    clean_is("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", /* 5 acutes */
             "e\xcc\x81\xcc\x81\xcc\x81");
    clean_is("\xff", "\xef\xbf\xbd");
    clean_is("\xe2\x80\x8d", "\xe2\x80\x8d"); /* a joiner stays */
}

TEST(words_keep_their_paragraphs)
{
    struct es_buf b;
    es_buf_init(&b, 4096);
    es_text_clean(&b, es_bytes_str("\n a \r\n b\n \n\n\nc\n"), true);
    CHECK_STR(es_buf_cstr(&b), "a\nb\n\nc");
    es_buf_release(&b);
}

TEST(utf8_refuses_overlong_and_surrogates)
{
    CHECK(es_utf8_valid(es_bytes_str("\xf0\x9f\x8f\x83")));
    CHECK(!es_utf8_valid(es_bytes_str("\xc0\x80")));
    CHECK(!es_utf8_valid(es_bytes_str("\xe0\x80\x80")));
    CHECK(!es_utf8_valid(es_bytes_str("\xed\xa0\x80")));
    CHECK(!es_utf8_valid(es_bytes_str("\xf4\x90\x80\x80")));
    CHECK(!es_utf8_valid(es_bytes_str("\xe2\x82")));
    CHECK_INT(es_utf8_count(es_bytes_str("a\xc3\xa9\xff")), 3);
}

TEST(ids_rise_and_codes_differ)
{
    int64_t last = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t id = es_id_new();
        CHECK(id > last);
        last = id;
    }
    char a[ES_SECRET_TEXT];
    char b[ES_SECRET_TEXT];
    es_random_code(a, sizeof a, ES_SECRET_BITS);
    es_random_code(b, sizeof b, ES_SECRET_BITS);
    CHECK_INT(strlen(a), 32);
    CHECK(strcmp(a, b) != 0);
}

/* One bit at a time, from the polynomial. */
static uint16_t crc_by_definition(const uint8_t *p, size_t n)
{
    unsigned crc = 0;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
    }
    return (uint16_t)crc;
}

TEST(checksums_of_any_length_and_in_parts)
{
    static uint8_t raw[9000];
    uint32_t seed = 1;
    CHECK_INT(es_crc16(0, es_bytes_str("123456789")), 0xbb3d);
    for (size_t i = 0; i < sizeof raw; i++) {
        seed = seed * 1664525 + 1013904223;
        raw[i] = (uint8_t)(seed >> 24);
    }
    for (size_t n = 0; n < sizeof raw; n += n < 4080 || n > 4120 ? 97 : 1) {
        uint16_t want = crc_by_definition(raw, n);
        CHECK_INT(es_crc16(0, (struct es_bytes){ raw, n }), want);
        CHECK_INT(es_crc16_tables(0, (struct es_bytes){ raw, n }), want);
        uint16_t half = es_crc16(0, (struct es_bytes){ raw, n / 3 });
        CHECK_INT(es_crc16(half, (struct es_bytes){ raw + n / 3, n - n / 3 }),
                  want);
    }
}
