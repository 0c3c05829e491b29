/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FIT files cut, changed and starved: each ends in a result or an error, and
 * within the memory that a decoder may take. */
#include "t.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "decode/decode.h"
#include "fit_made.h"
#include "fuzz/fit_mutate.h"

static void u8(struct made *f, unsigned v)
{
    es_buf_u8(&f->b, (uint8_t)v);
}

static void zeros(struct made *f, size_t n)
{
    for (size_t i = 0; i < n; i++)
        u8(f, 0);
}

/* Some of everything that takes memory: names, developer fields, two sessions
 * written in turns, laps, lengths, pauses, a strap's beats. */
static struct made rich(void)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 0, "\0\1\0\1\2\x84\x8\x8\7");
    made_head(&f, 1);
    u8(&f, 4);
    made_u16(&f, 23);
    es_buf_add(&f.b, "A watch", 8);
    DEFINE(&f, 2, 206, "\0\1\2\1\1\2\2\1\2\3\x8\7\x8\4\7");
    made_head(&f, 2);
    zeros(&f, 2);
    u8(&f, 0x84);
    es_buf_add(&f.b, "Power\0\0\0W\0\0", 12);
    for (uint32_t k = 0; k < 2; k++) {
        DEFINE(&f, 3, 18, "\2\4\x86\5\1\0");
        made_head(&f, 3);
        made_u32(&f, T0 + 100 * k);
        u8(&f, 1 + k);
        DEFINE(&f, 4, 19, "\2\4\x86\x9\4\x86");
        made_head(&f, 4);
        made_u32(&f, T0 + 100 * k);
        made_u32(&f, 1000);
        DEFINE(&f, 5, 101, "\2\4\x86\3\4\x86");
        made_head(&f, 5);
        made_u32(&f, T0 + 100 * k);
        made_u32(&f, 1000);
    }
    es_buf_add(&f.b, "\x60\0\0\x14\0\2\xfd\4\x86\5\4\x86\1\0\2\0", 16);
    for (uint32_t i = 0; i < 12; i++) {
        made_head(&f, 0);
        made_u32(&f, T0 + 1 + i % 2 * 100 + i);
        made_u32(&f, i * 300);
        made_u16(&f, 200 + i);
    }
    DEFINE(&f, 6, 21, "\xfd\4\x86\0\1\0\1\1\0");
    for (unsigned k = 0; k < 2; k++) {
        made_head(&f, 6);
        made_u32(&f, T0 + 5 + k);
        u8(&f, 0);
        u8(&f, k == 0 ? 4 : 0);
    }
    DEFINE(&f, 7, 132, "\xfd\4\x86\x9\4\x86\6\1\2");
    made_head(&f, 7);
    made_u32(&f, T0 + 2);
    made_u32(&f, 4096);
    u8(&f, 120);
    made_close(&f, 0);
    return f;
}

static size_t points_of(const struct es_tracks *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->v[i].n + t->v[i].n_merged;
    return n;
}

/* A result or an error that points into the input, within the bound. */
static enum es_code survive(struct es_bytes in, size_t max)
{
    struct es_arena a;
    struct es_tracks t = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, max);
    enum es_code rc = es_fit_decode(in, &a, &t, &e);
    CHECK((rc == ES_OK) == (t.n > 0));
    CHECK(rc == ES_OK || e.at <= in.n);
    if (rc == ES_OK)
        CHECK(a.used <= in.n + 96 * points_of(&t) + (1u << 20));
    es_arena_release(&a);
    return rc;
}

TEST(the_rich_file_is_whole)
{
    struct made f = rich();
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK_INT(r.t.n, 2);
    for (size_t k = 0; k < 2; k++) {
        const struct es_track *t = &r.t.v[k];
        CHECK_STR(t->device, "Suunto A watch");
        CHECK_INT(t->n, 6);
        CHECK_INT(t->n_laps, 1);
        CHECK_INT(t->n_lengths, 1);
        CHECK_INT(t->n_extras, 1);
        CHECK_INT(t->n_warnings, 0);
        CHECK_INT(t->pts[3].power_w, 206 + k);
    }
    CHECK_INT(r.t.v[0].pts[1].hr_bpm, 120);
    read_done(&r, &f);
}

/* Every allocation of the arena fails once. */
TEST(every_allocation)
{
    struct made f = rich();
    struct es_bytes in = es_buf_bytes(&f.b);
    size_t refused = 0, max = 0;
    for (; survive(in, max) != ES_OK; max += 16) {
        refused++;
        CHECK(max < 1u << 20);
    }
    CHECK(refused > 20);
    es_buf_release(&f.b);
}

TEST(every_truncation_of_the_rich_file)
{
    struct made f = rich();
    for (size_t n = 0; n < f.b.n; n++) {
        struct es_bytes cut = t_guarded(f.b.p, n);
        (void)survive(cut, ES_DECODE_MEM);
        t_guarded_free(cut);
    }
    es_buf_release(&f.b);
}

/* Messages without fields: one byte each of the file, and never more memory
 * than the bound. */
TEST(a_byte_for_each_message)
{
    static const uint8_t GLOBALS[] = { 18, 19, 20, 21, 101, 132, 206, 0 };
    for (size_t k = 0; k < sizeof GLOBALS; k++) {
        struct made f = made_begin(14);
        made_records(&f, T0, 2);
        made_define(&f, 1, GLOBALS[k], "", 0);
        for (int i = 0; i < 200000; i++)
            made_head(&f, 1);
        made_close(&f, 0);
        CHECK_INT(survive(es_buf_bytes(&f.b), ES_DECODE_MEM), ES_OK);
        es_buf_release(&f.b);
    }
}

/* Each with a little of everything. */
TEST(a_long_chain)
{
    struct made f = rich(), all = { 0 };
    es_buf_init(&all.b, 4u << 20);
    for (int i = 0; i < 2000; i++)
        es_buf_add(&all.b, f.b.p, f.b.n);
    CHECK_INT(survive(es_buf_bytes(&all.b), ES_DECODE_MEM), ES_OK);
    es_buf_release(&all.b);
    es_buf_release(&f.b);
}

/* Definitions and descriptions that change with every message. */
TEST(a_definition_for_each_message)
{
    struct made f = made_begin(14);
    for (unsigned i = 0; i < 20000; i++) {
        DEFINE(&f, 2, 206, "\0\1\2\1\1\2\2\1\2\3\1\7");
        made_head(&f, 2);
        zeros(&f, 1);
        u8(&f, i);
        u8(&f, 0x84);
        u8(&f, 'a' + i % 26);
        es_buf_add(&f.b, "\x60\0\0\x14\0\1\xfd\4\x86\1", 10);
        u8(&f, i);
        u8(&f, 2);
        u8(&f, 0);
        made_head(&f, 0);
        made_u32(&f, T0 + i);
        made_u16(&f, i & 0xff);
    }
    made_close(&f, 0);
    CHECK_INT(survive(es_buf_bytes(&f.b), ES_DECODE_MEM), ES_OK);
    es_buf_release(&f.b);
}

/* 255 fields without a byte, and then messages of one byte or two, each of
 * which wants them looked through: 32 MB of those would take a minute. */
TEST(messages_with_more_fields_than_bytes_say_nothing)
{
    char fields[3 * 255] = { 0, 1, 2 };
    struct made f = made_begin(14);
    made_define(&f, 1, 0, fields, sizeof fields);
    made_head(&f, 1);
    u8(&f, 6); /* a course, if it were believed */
    made_records(&f, T0, 2);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK(!read_warned(&r, "not_an_activity"));
    read_done(&r, &f);
    f = made_begin(14); /* a few do no harm: real files have them */
    DEFINE(&f, 1, 0, "\0\1\0\5\0\2\6\0\2\7\0\2");
    made_head(&f, 1);
    u8(&f, 6);
    made_records(&f, T0, 2);
    made_close(&f, 0);
    r = read_made(&f);
    CHECK(read_warned(&r, "not_an_activity"));
    read_done(&r, &f);
}

/* Fields may have any type, so a float64 stands where a byte does. */
TEST(numbers_that_fit_no_integer)
{
    static const uint8_t HUGE[] = "\x9c\x75\0\x88\x3c\xe4\x37\x7e";
    struct made f = made_begin(14);
    DEFINE(&f, 1, 0, "\0\x8\x89");
    made_head(&f, 1);
    es_buf_add(&f.b, HUGE, 8); /* 1e300 */
    made_records(&f, T0, 100);
    DEFINE(&f, 2, 132, "\xfd\4\x88\x9\4\x88\6\1\2");
    made_head(&f, 2);
    es_buf_add(&f.b, "\0\0\x80\x7e\0\0\x80\x7e", 8); /* 8.5e37 */
    u8(&f, 80);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK(!read_warned(&r, "not_an_activity"));
    for (size_t i = 0; i < 100; i++)
        CHECK_INT(r.t.v[0].pts[i].hr_bpm, 0);
    read_done(&r, &f);
}

/* A scale may be next to nothing. */
TEST(developer_fields_stay_finite)
{
    static const uint8_t TINY[] = "\x5a\xc7\x90\xd4\x5d\xd2\x14\0"; /* 3e-308 */
    static const uint8_t NATIVE[] = { 2, 4, 5, 6, 13 };
    for (size_t k = 0; k < sizeof NATIVE; k++) {
        struct made f = made_begin(14);
        DEFINE(&f, 3, 206, "\0\1\2\1\1\2\2\1\2\6\x8\x89\xf\1\2");
        made_head(&f, 3);
        es_buf_add(&f.b, "\0\0\2", 3);
        es_buf_add(&f.b, TINY, 8);
        u8(&f, NATIVE[k]);
        es_buf_add(&f.b, "\x60\0\0\x14\0\1\xfd\4\x86\1\0\1\0", 13);
        for (uint32_t i = 0; i < 20; i++) {
            made_head(&f, 0);
            made_u32(&f, T0 + i);
            u8(&f, 100);
        }
        made_close(&f, 0);
        struct read r = read_made(&f);
        const struct es_track *t = &r.t.v[0];
        CHECK_INT(r.rc, ES_OK);
        for (size_t i = 0; i < t->n; i++) {
            CHECK(!isinf(t->pts[i].dist_m) && !isinf(t->pts[i].alt_m));
            CHECK(!isinf(t->pts[i].speed_mps) && !isinf(t->pts[i].temp_c));
            CHECK(!isinf(t->pts[i].cadence_spm));
            CHECK(!t->extras[0].v || isnan(t->extras[0].v[i]));
        }
        read_done(&r, &f);
    }
}

/* The maker's name is put before it, and both are cut to length. */
TEST(a_long_name_is_cut_between_letters)
{
    for (unsigned ahead = 0; ahead < 4; ahead++) {
        struct made f = made_begin(14);
        DEFINE(&f, 1, 0, "\0\1\0\1\2\x84\x8\x80\7");
        made_head(&f, 1);
        u8(&f, 4);
        made_u16(&f, 1);
        for (unsigned i = 0; i < ahead; i++)
            u8(&f, 'x');
        for (unsigned i = 0; i < 31; i++)
            es_buf_add(&f.b, "\xf0\x9f\x8f\x83", 4); /* a runner */
        zeros(&f, 4 - ahead);
        made_records(&f, T0, 2);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK(es_utf8_valid(es_bytes_str(r.t.v[0].device)));
        CHECK(strlen(r.t.v[0].device) > 110);
        CHECK(strlen(r.t.v[0].device) <= 120);
        read_done(&r, &f);
    }
}

/* The fuzzer's own changes, in a row as it makes them: most stay readable,
 * and no two seeds do the same. */
TEST(changes_of_somebody_who_knows_the_format)
{
    enum { ROUNDS = 4000, MAX = 8192 };
    uint8_t *p = malloc(MAX);
    struct made f = rich();
    size_t n = 0, read = 0, grew = 0;
    CHECK(p != NULL);
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        if (seed % 50 == 0) {
            n = f.b.n;
            memcpy(p, f.b.p, n);
        }
        size_t before = n;
        n = fit_mutate(p, n, MAX, seed);
        CHECK(n <= MAX);
        grew += n > before;
        struct es_bytes in = t_guarded(p, n);
        read += survive(in, ES_DECODE_MEM) == ES_OK;
        t_guarded_free(in);
    }
    CHECK(read > ROUNDS / 2);
    CHECK(grew > ROUNDS / 10);
    free(p);
    es_buf_release(&f.b);
}
