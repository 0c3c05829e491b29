/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include "base/arena.h"
#include "base/crc.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
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

static bool is(const char *s, const char *word)
{
    return es_bytes_is(es_bytes_str(s), word);
}

TEST(words_are_compared_without_case)
{
    CHECK(is("Running Power", "running power"));
    CHECK(is("", ""));
    CHECK(!is("run", "running") && !is("running", "run"));
    CHECK(!is("[", "{") && !is("@", "`")); /* 32 apart, and no letters */
    CHECK(!is("\xc4", "\xe4"));            /* a letter in Latin-1 */
    CHECK(es_bytes_begins(es_bytes_str("COROS PACE 2"), "coros"));
    CHECK(!es_bytes_begins(es_bytes_str("COR"), "coros"));
    CHECK(es_bytes_begins((struct es_bytes){ NULL, 0 }, ""));
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

/* Whatever is in a value, it stays one value, and none is a formula. */
TEST(a_row_of_a_table_is_read_back_as_it_was)
{
    static const char *const SIGNS[] = { "=",  "+",  "-",      "@",
                                         "\t", "\r", "\uff1d1" };
    const char *row[] = { "a,b", "say \"so\"", "two\nlines", NULL,
                          "\u0633\u0644\u0627\u0645 =1" };
    struct es_buf b;
    es_buf_init(&b, 1000);
    es_buf_csv(&b, row, sizeof row / sizeof *row);
    CHECK_STR(es_buf_cstr(&b), "\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",\"\","
                               "\"\u0633\u0644\u0627\u0645 =1\"\r\n");
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        char given[40];
        char want[60];
        snprintf(given, sizeof given, "%sHYPERLINK(1)", SIGNS[i]);
        snprintf(want, sizeof want, "\"'%s\"\r\n", given);
        row[0] = given;
        es_buf_clear(&b);
        es_buf_csv(&b, row, 1);
        CHECK_STR(es_buf_cstr(&b), want);
    }
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

/* Blocks that grow keep what they hold, whether they are the last one or not,
 * small or large; only what they grow by is handed out. */
TEST(arena_blocks_grow)
{
    static const size_t SIZES[] = { 0, 1, 16, 100, 5000, 9000, 70000, 70001 };
    enum { N = sizeof SIZES / sizeof *SIZES };
    for (int between = 0; between < 2; between++) {
        struct es_arena a;
        uint8_t *p = NULL;
        es_arena_init(&a, 1 << 20);
        for (size_t i = 1; i < N; i++) {
            p = es_arena_grow(&a, p, SIZES[i - 1], SIZES[i]);
            CHECK(p != NULL && (uintptr_t)p % 16 == 0);
            for (size_t k = 0; k < SIZES[i - 1]; k++)
                CHECK_INT(p[k], (uint8_t)(k * 7));
            for (size_t k = SIZES[i - 1]; k < SIZES[i]; k++)
                p[k] = (uint8_t)(k * 7);
            if (between)
                memset(es_arena_alloc(&a, 40), 0xff, 40);
        }
        CHECK(es_arena_grow(&a, p, SIZES[N - 1], 2 << 20) == NULL);
        CHECK_INT(p[70000], (uint8_t)(70000 * 7));
        CHECK(between || a.used == 70016);
        es_arena_release(&a);
    }
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

static uint64_t random_state;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13; /* xorshift64 */
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* A decimal of one of six kinds; returns how many digits stand in it. */
static int make_number(char out[80])
{
    uint64_t r = random_bits();
    double v = (double)(int64_t)(random_bits() >> 20) / (1u << 30);
    int places = (int)(r >> 8 & 15);
    switch (r % 6) {
    case 0: /* as files write them */
        snprintf(out, 80, "%s%.*f", r & 64 ? "-" : "", places, v);
        break;
    case 1: /* more digits than a double holds */
        snprintf(out, 80, "%.*f", 8 + places, v / 1000);
        break;
    case 2: /* whole ones */
        snprintf(out, 80, "%llu",
                 (unsigned long long)(random_bits() >> (r >> 8 & 63)));
        break;
    case 3: /* with an exponent */
        snprintf(out, 80, "%llue%d",
                 (unsigned long long)(random_bits() >> (r >> 8 & 63)),
                 (int)(r >> 16 & 31) - 16);
        break;
    case 4: /* half-way between two doubles */
        snprintf(out, 80, "%llu", ((1ull << 53 | random_bits() >> 11) * 2 + 1));
        break;
    default: /* a float in full */
        snprintf(out, 80, "%.*f", 6 + places, (double)(float)v);
        break;
    }
    int n = 0;
    for (const char *c = out; *c && *c != 'e'; c++)
        n += *c >= '0' && *c <= '9';
    return n;
}

/* To the last bit what the C library reads, in its own locale. */
TEST(numbers_are_the_nearest_doubles)
{
    random_state = 88172645463325252u;
    for (int i = 0; i < 300000; i++) {
        char text[80];
        double want;
        double got;
        int n = make_number(text);
        CHECK_INT(sscanf(text, "%lf", &want), 1);
        CHECK(num(text, &got));
        if (n <= 19 ? got != want : fabs(got - want) > 3e-16 * fabs(want))
            FAIL("%s is read as %.17g", text, got);
    }
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

/* The same as without a memory of the day, whatever comes after what. */
TEST(times_of_one_day)
{
    static const char *const T[] = {
        "2026-08-25T06:05:00Z",     "2026-08-25T06:05:01.250Z",
        "2026-08-25T23:59:59.999Z", "2026-08-26T00:00:00Z",
        "2026-08-26T24:00:00Z",     "2026-08-26T12:60:00Z",
        "2026-08-26T12:00:60Z",     "2026-08-26T1:2:3:4:5Z",
        "2026-08-26T12:00:00.1:3Z", "2026-08-26T12:00:00+0Z",
        "2026-08-26T12:00:00,123Z", "2026-08-26t12:00:00Z",
        "2026-08-26T12:00:00z",     "2026-02-30T12:00:00Z",
        "2026-02-30T12:00:00Z",     "2026-08-26T12:00:00.12Z",
        "2026-08-26T12:00:00",      "0000-00-00T00:00:00Z",
        "2026-08-26T12:00:0/Z",     "",
    };
    enum { N = sizeof T / sizeof *T };
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            struct es_time_day day = { 0 };
            int64_t got = 1;
            int64_t want = 1;
            (void)es_time_parse_near(&day, es_bytes_str(T[i]), &got);
            got = 1;
            bool ok = es_time_parse_near(&day, es_bytes_str(T[k]), &got);
            CHECK_INT(ok, es_time_parse(es_bytes_str(T[k]), &want));
            CHECK(got == want);
        }
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
