/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the messages of a FIT file come to: samples of every type and order,
 * developer fields, a strap's beats, lengths, local time. */
#include "t.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "decode/decode.h"
#include "fit_made.h"

/* ---- samples ---- */

static void u8(struct made *f, unsigned v)
{
    es_buf_u8(&f->b, (uint8_t)v);
}

/* All that a sample can have, each in its usual type. */
static void all_fields(struct made *f)
{
    DEFINE(f, 0, 20,
           "\xfd\4\x86\x30\1\2\0\4\x85\1\4\x85\5\4\x86\2\2\x84\x4e\4\x86"
           "\6\2\x84\x49\4\x86\3\1\2\4\1\2\x35\1\2\xd\1\1\7\2\x84\x1f\1\2");
    made_head(f, 0);
    made_u32(f, T0);
    u8(f, 64); /* half a second */
    made_u32(f, 0x2aaaaaab);
    made_u32(f, 0xd5555555);
    made_u32(f, 123456);
    made_u16(f, 2600);
    made_u32(f, 2601);
    made_u16(f, 3210);
    made_u32(f, 3211);
    u8(f, 150);
    u8(f, 84);
    u8(f, 64);
    u8(f, 0xfb); /* -5 */
    made_u16(f, 321);
    u8(f, 7);
}

static void check_all(const struct es_point *p)
{
    CHECK(p->t_ms == START_MS + 500);
    CHECK_NEAR(p->lat_deg, 60, 1e-7);
    CHECK_NEAR(p->lon_deg, -60, 1e-7);
    CHECK_NEAR(p->dist_m, 1234.56, 1e-9);
    CHECK_NEAR((double)p->alt_m, 20.2, 1e-5);
    CHECK_NEAR((double)p->speed_mps, 3.211, 1e-6);
    CHECK_INT(p->hr_bpm, 150);
    CHECK_NEAR((double)p->cadence_spm, 84.5, 0);
    CHECK_NEAR((double)p->temp_c, -5, 0);
    CHECK_INT(p->power_w, 321);
    CHECK_NEAR((double)p->acc_m, 7, 0);
}

/* Little-endian and big-endian have code of their own, and any types a third:
 * all give the same bits. */
TEST(a_sample_is_the_same_in_any_order_and_type)
{
    struct es_point first = { 0 };
    for (int way = 0; way < 3; way++) {
        struct made f = made_begin(14);
        f.big = way == 1;
        all_fields(&f);
        if (way == 2) { /* the heart rate's base type: enum, read as any */
            uint8_t *at = memmem(f.b.p, f.b.n, "\3\1\2", 3);
            CHECK(at != NULL);
            at[2] = 0;
        }
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.v[0].n, 1);
        check_all(&r.t.v[0].pts[0]);
        if (way == 0)
            first = r.t.v[0].pts[0];
        CHECK(memcmp(&first, &r.t.v[0].pts[0], sizeof first) == 0);
        read_done(&r, &f);
    }
}

TEST(floats_and_wide_numbers)
{
    static const float M = 150.25F;
    static const double W = 200;
    uint64_t bits;
    uint32_t half;
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20, "\xfd\4\x86\3\4\x88\7\x8\x89\5\x8\x8f\4\4\x88");
    made_head(&f, 0);
    made_u32(&f, T0);
    memcpy(&half, &M, sizeof half);
    made_u32(&f, half);
    memcpy(&bits, &W, sizeof bits);
    made_u32(&f, (uint32_t)bits);
    made_u32(&f, (uint32_t)(bits >> 32));
    made_u32(&f, 4200);
    made_u32(&f, 0);
    made_u32(&f, UINT32_MAX); /* a float that isn't there */
    made_close(&f, 0);
    struct read r = read_made(&f);
    const struct es_point *p = &r.t.v[0].pts[0];
    CHECK_INT(p->hr_bpm, 150);
    CHECK_INT(p->power_w, 200);
    CHECK_NEAR(p->dist_m, 42, 0);
    CHECK(isnan(p->cadence_spm));
    read_done(&r, &f);
}

TEST(a_finer_cadence_of_its_own)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20, "\xfd\4\x86\4\1\2\x34\2\x84\x35\1\2");
    made_head(&f, 0);
    made_u32(&f, T0);
    u8(&f, 84);
    made_u16(&f, 84 * 256 + 128);
    u8(&f, 0xff);
    made_head(&f, 0);
    made_u32(&f, T0 + 1);
    u8(&f, 0);
    made_u16(&f, 0xffff);
    u8(&f, 0xff);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_NEAR((double)r.t.v[0].pts[0].cadence_spm, 84.5, 0);
    CHECK_NEAR((double)r.t.v[0].pts[1].cadence_spm, 0, 0);
    read_done(&r, &f);
}

/* Some apps count the steps of both feet where FIT has those of one. */
TEST(steps_of_both_feet_become_strides)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 12, "\0\1\0"); /* sport */
    made_head(&f, 1);
    u8(&f, 1);
    DEFINE(&f, 0, 20, "\xfd\4\x86\4\1\2");
    for (uint32_t i = 0; i < 10; i++) {
        made_head(&f, 0);
        made_u32(&f, T0 + i);
        u8(&f, i == 5 ? 0 : 170);
    }
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_NEAR((double)r.t.v[0].pts[0].cadence_spm, 85, 0);
    CHECK_NEAR((double)r.t.v[0].pts[5].cadence_spm, 0, 0);
    read_done(&r, &f);
}

/* A watch of another maker: the position of a second stands apart. */
static struct made parted(unsigned manufacturer)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 0, "\0\1\0\1\2\x84");
    made_head(&f, 1);
    u8(&f, 4);
    made_u16(&f, manufacturer);
    DEFINE(&f, 0, 20, "\xfd\4\x86\0\4\x85\1\4\x85\6\2\x84\3\1\2");
    for (uint32_t i = 0; i < 20; i++) {
        bool place = i % 2 == 0;
        made_head(&f, 0);
        made_u32(&f, T0 + i / 2);
        made_u32(&f, place ? 1000000 + i : INT32_MAX);
        made_u32(&f, place ? 2000000 : INT32_MAX);
        made_u16(&f, place ? 0xffff : 3000);
        u8(&f, place ? 0xff : 140);
    }
    made_close(&f, 0);
    return f;
}

TEST(a_position_of_its_own_joins_its_sample)
{
    struct made f = parted(23);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 10);
    CHECK_INT(r.t.v[0].n_merged, 10);
    for (size_t i = 0; i < 10; i++) {
        const struct es_point *p = &r.t.v[0].pts[i];
        CHECK(p->t_ms == START_MS + 1000 * (int64_t)i);
        CHECK(es_point_has_position(p));
        CHECK_INT(p->hr_bpm, 140);
        CHECK_NEAR((double)p->speed_mps, 3, 0);
    }
    read_done(&r, &f);
    f = parted(255); /* a program, such as ours */
    r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 20);
    CHECK_INT(r.t.v[0].n_merged, 0);
    read_done(&r, &f);
}

/* Two whole samples of one second stay two. */
TEST(samples_that_say_the_same_twice_stay_apart)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 5);
    made_records(&f, T0 + 4, 5);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 10);
    CHECK_INT(r.t.v[0].n_merged, 0);
    read_done(&r, &f);
}

/* ---- developer fields ---- */

/* Local 3; no application's id comes before, as in many files. */
static void describe(struct made *f, unsigned num, unsigned base,
                     const char *name, const char *units, unsigned message,
                     unsigned native)
{
    char text[16] = "";
    DEFINE(f, 3, 206, "\0\1\2\1\1\2\2\1\2\3\x10\7\x8\x10\7\xe\2\x84\xf\1\2");
    made_head(f, 3);
    u8(f, 0);
    u8(f, num);
    u8(f, base);
    strncpy(text, name, sizeof text - 1);
    es_buf_add(&f->b, text, sizeof text);
    memset(text, 0, sizeof text);
    strncpy(text, units, sizeof text - 1);
    es_buf_add(&f->b, text, sizeof text);
    made_u16(f, message);
    u8(f, native);
}

/* Local 0: time, native heart rate and distance, then developer fields, of
 * two bytes each, that number from 0. */
static void define_extras(struct made *f, unsigned n)
{
    u8(f, 0x60);
    u8(f, 0);
    u8(f, f->big);
    made_u16(f, 20);
    u8(f, 3);
    es_buf_add(&f->b, "\xfd\4\x86\3\1\2\5\4\x86", 9);
    u8(f, n);
    for (unsigned i = 0; i < n; i++) {
        u8(f, i);
        u8(f, 2);
        u8(f, 0);
    }
}

static void record_extras(struct made *f, uint32_t t, unsigned n)
{
    made_head(f, 0);
    made_u32(f, t);
    u8(f, 140);
    made_u32(f, 1000);
    for (unsigned i = 0; i < n; i++)
        made_u16(f, 150 + i);
}

TEST(developer_fields_keep_their_words_and_values)
{
    struct made f = made_begin(14);
    describe(&f, 0, 0x84, "Form Power", "Watts", 20, 255);
    describe(&f, 1, 0x84, "Heart", "bpm", 20, 3);
    describe(&f, 2, 0x84, "Distance", "m", 20, 5);
    describe(&f, 3, 0x84, "Lap Power", "Watts", 19, 255);
    define_extras(&f, 5); /* the last one was never described */
    record_extras(&f, T0, 5);
    record_extras(&f, T0 + 1, 5);
    f.b.p[f.b.n - 9] = f.b.p[f.b.n - 10] = 0xff; /* no Form Power */
    made_close(&f, 0);
    struct read r = read_made(&f);
    const struct es_track *t = &r.t.v[0];
    CHECK_INT(t->n, 2);
    CHECK_INT(t->n_extras, 4);
    CHECK_STR(t->extras[0].name, "Form Power");
    CHECK_STR(t->extras[0].units, "Watts");
    CHECK_INT(t->extras[0].native, 255);
    CHECK_NEAR((double)t->extras[0].v[0], 150, 0);
    CHECK(isnan(t->extras[0].v[1]));
    CHECK_INT(t->pts[0].power_w, 0);     /* only a part of it */
    CHECK_INT(t->pts[0].hr_bpm, 140);    /* the watch's own stands */
    CHECK_NEAR(t->pts[0].dist_m, 10, 0); /* and so here */
    CHECK_NEAR((double)t->extras[2].v[1], 152, 0);
    read_done(&r, &f);
}

/* What the watch has no field for. */
TEST(developer_fields_stand_in)
{
    struct made f = made_begin(14);
    describe(&f, 0, 0x84, "Cadence", "RPM", 20, 4);
    describe(&f, 1, 0x84, "Speed", "km/h", 20, 6);
    describe(&f, 2, 0x84, "Elevation", "Meters", 20, 2);
    define_extras(&f, 3);
    record_extras(&f, T0, 3);
    made_close(&f, 0);
    struct read r = read_made(&f);
    const struct es_point *p = &r.t.v[0].pts[0];
    CHECK_NEAR((double)p->cadence_spm, 150, 0);
    CHECK_NEAR((double)p->speed_mps, 151 / 3.6, 1e-5);
    CHECK_NEAR((double)p->alt_m, 152, 1e-4);
    CHECK_NEAR((double)r.t.v[0].extras[1].v[0], 151, 0); /* as it was */
    read_done(&r, &f);
}

TEST(running_power_by_its_name)
{
    struct made f = made_begin(14);
    describe(&f, 0, 0x84, "Power", "W", 20, 255);
    define_extras(&f, 1);
    record_extras(&f, T0, 1);
    describe(&f, 0, 0x84, "Power", "furlongs", 20, 7); /* told again */
    record_extras(&f, T0 + 1, 1);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].pts[0].power_w, 150);
    CHECK_INT(r.t.v[0].pts[1].power_w, 0);
    CHECK_INT(r.t.v[0].n_extras, 1);
    CHECK_STR(r.t.v[0].extras[0].units, "furlongs");
    read_done(&r, &f);
}

/* Of no use as a column, and no reason to lose the samples. */
TEST(more_developer_fields_than_are_kept)
{
    struct made f = made_begin(14);
    for (unsigned i = 0; i < 60; i++)
        describe(&f, i, 0x84, "x", "", 20, 255);
    define_extras(&f, 60);
    record_extras(&f, T0, 60);
    made_close(&f, 0);
    struct read r = read_made(&f);
    size_t columns = 0;
    CHECK_INT(r.t.v[0].n, 1);
    CHECK_INT(r.t.v[0].n_extras, ES_EXTRAS_MAX);
    for (size_t i = 0; i < r.t.v[0].n_extras; i++)
        columns += r.t.v[0].extras[i].v != NULL;
    CHECK_INT(columns, ES_EXTRA_COLUMNS);
    read_done(&r, &f);
}

/* ---- a strap's beats ---- */

enum { BEAT_EVENT = 4000 };

/* The anchor: a beat of `rate` at t. */
static void anchor(struct made *f, uint32_t t, uint32_t event, unsigned rate)
{
    DEFINE(f, 4, 132, "\xfd\4\x86\x9\4\x86\6\1\2");
    made_head(f, 4);
    made_u32(f, t);
    made_u32(f, event);
    u8(f, rate);
}

/* Eight beats, `step` 1/1024 s apart, packed by twelve bits. */
static void beats(struct made *f, uint32_t *event, uint32_t step, unsigned rate)
{
    DEFINE(f, 5, 132, "\xa\xc\xd\6\x8\2");
    made_head(f, 5);
    for (int i = 0; i < 4; i++) {
        uint32_t a = (*event += step) & 0xfff, b = (*event += step) & 0xfff;
        u8(f, a);
        u8(f, a >> 8 | (b & 15) << 4);
        u8(f, b >> 4);
    }
    for (unsigned i = 0; i < 8; i++)
        u8(f, rate);
}

/* Over the roll-over of all 32 bits, and in a chained file. */
static void check_beats(uint32_t event, bool chained)
{
    struct made f = made_begin(14);
    size_t part = 0;
    made_records(&f, T0, 60);
    if (chained) {
        made_close(&f, 0);
        part = f.b.n;
        struct made next = made_begin(14);
        es_buf_add(&f.b, next.b.p, next.b.n);
        es_buf_release(&next.b);
    }
    anchor(&f, T0 + 10, event, 100);
    for (int i = 0; i < 4; i++)
        beats(&f, &event, 1024, 120);
    made_close(&f, part);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK_INT(r.t.v[0].n, 60);
    CHECK_INT(r.t.v[0].pts[9].hr_bpm, 0);
    CHECK_INT(r.t.v[0].pts[10].hr_bpm, 100);
    /* the rate of a beat is held until the next */
    CHECK_INT(r.t.v[0].pts[11].hr_bpm, 105);
    for (size_t i = 12; i <= 41; i++)
        CHECK_INT(r.t.v[0].pts[i].hr_bpm, 120);
    CHECK_INT(r.t.v[0].pts[50].hr_bpm, 0);
    read_done(&r, &f);
}

TEST(a_straps_beats_go_to_their_samples)
{
    check_beats(BEAT_EVENT, false);
    check_beats(BEAT_EVENT, true);
    check_beats(UINT32_MAX - 2000, false);
}

TEST(beats_without_an_anchor_are_left_out)
{
    uint32_t event = 0;
    struct made f = made_begin(14);
    made_records(&f, T0, 5);
    beats(&f, &event, 1024, 99);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    for (size_t i = 0; i < 5; i++)
        CHECK_INT(r.t.v[0].pts[i].hr_bpm, 0);
    read_done(&r, &f);
}

/* Times that are floats, negative or beyond all clocks. Found by the fuzzer. */
TEST(beats_at_impossible_times)
{
    static const float TIMES[] = { -5, 3e38F, -3e38F, 1e10F };
    for (size_t i = 0; i < sizeof TIMES / sizeof *TIMES; i++) {
        uint32_t bits;
        struct made f = made_begin(14);
        made_records(&f, T0, 5);
        DEFINE(&f, 4, 132, "\xfd\4\x86\x9\4\x88\x0\4\x88\6\1\2");
        made_head(&f, 4);
        made_u32(&f, T0 + 2);
        memcpy(&bits, &TIMES[i], sizeof bits);
        made_u32(&f, bits);
        made_u32(&f, bits);
        u8(&f, 99);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.v[0].n, 5);
        read_done(&r, &f);
    }
}

/* ---- the other messages ---- */

/* A pool of 25 m: three lengths, one of them a rest. No sample has a
 * distance. */
TEST(lengths_of_a_pool)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 101, "\xfd\4\x86\2\4\x86\3\4\x86\4\4\x86\5\2\x84\xc\1\0");
    for (uint32_t i = 0; i < 3; i++) {
        made_head(&f, 1);
        made_u32(&f, T0 + 30 * i + 30);
        made_u32(&f, T0 + 30 * i);
        made_u32(&f, 30500);
        made_u32(&f, 30000);
        made_u16(&f, 12);
        u8(&f, i != 1);
    }
    DEFINE(&f, 2, 18, "\2\4\x86\x5\1\0\x2c\2\x84");
    made_head(&f, 2);
    made_u32(&f, T0);
    u8(&f, 5);
    made_u16(&f, 2500);
    made_close(&f, 0);
    struct read r = read_made(&f);
    const struct es_track *t = &r.t.v[0];
    CHECK_INT(t->n_lengths, 3);
    CHECK(t->lengths[1].start_ms == START_MS + 30000);
    CHECK(t->lengths[1].is_rest && !t->lengths[2].is_rest);
    CHECK_NEAR((double)t->lengths[0].elapsed_s, 30.5, 1e-6);
    CHECK_NEAR((double)t->lengths[0].timer_s, 30, 1e-6);
    CHECK_INT(t->lengths[0].strokes, 12);
    CHECK_NEAR(t->pool_m, 25, 0);
    CHECK_NEAR(t->device_dist_m, 50, 0);
    read_done(&r, &f);
}

/* local_timestamp is no UTC: it says only by how much the wall's clock was
 * ahead, and a nonsensical one says nothing. */
TEST(local_time_stays_apart)
{
    static const int32_t OFFSETS[] = { 7200, -34200, 0, 360000 };
    for (size_t i = 0; i < sizeof OFFSETS / sizeof *OFFSETS; i++) {
        struct made f = made_begin(14);
        made_records(&f, T0, 5);
        DEFINE(&f, 1, 34, "\xfd\4\x86\5\4\x86\0\4\x86");
        made_head(&f, 1);
        made_u32(&f, T0 + 5);
        made_u32(&f, T0 + 5 + (uint32_t)OFFSETS[i]);
        made_u32(&f, 4500);
        made_close(&f, 0);
        struct read r = read_made(&f);
        const struct es_track *t = &r.t.v[0];
        CHECK(t->started_ms == START_MS);
        CHECK_NEAR(t->timer_s, 4.5, 0);
        if (OFFSETS[i] == 360000)
            CHECK(isnan(t->utc_offset_s));
        else
            CHECK_NEAR(t->utc_offset_s, OFFSETS[i], 0);
        read_done(&r, &f);
    }
}

TEST(only_some_events_stop_the_timer)
{
    static const struct {
        uint8_t type;
        bool stops;
    } TYPES[] = { { 1, true }, { 3, false }, { 4, true },  { 8, true },
                  { 9, true }, { 2, false }, { 5, false }, { 255, false } };
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        struct made f = made_begin(14);
        made_records(&f, T0, 5);
        DEFINE(&f, 1, 21, "\xfd\4\x86\0\1\0\1\1\0");
        for (int k = 0; k < 2; k++) {
            made_head(&f, 1);
            made_u32(&f, T0 + 5 + (uint32_t)k * 60);
            u8(&f, 0);
            u8(&f, k == 0 ? TYPES[i].type : 0);
        }
        made_records(&f, T0 + 65, 5);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.t.v[0].n, 10);
        CHECK(!(r.t.v[0].pts[5].flags & ES_PT_RESUME) == !TYPES[i].stops);
        read_done(&r, &f);
    }
}

TEST(what_is_no_activity_says_what_it_is)
{
    static const struct {
        uint8_t type;
        const char *word;
    } TYPES[] = { { 2, "settings" },
                  { 5, "workout" },
                  { 6, "course" },
                  { 32, "monitoring" } };
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        struct made f = made_begin(14);
        DEFINE(&f, 1, 0, "\0\1\0");
        made_head(&f, 1);
        u8(&f, TYPES[i].type);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_ENOACTIVITY);
        CHECK(strstr(r.e.msg, TYPES[i].word) != NULL);
        read_done(&r, &f);
    }
}

static void session_at(struct made *f, uint32_t start, uint32_t end,
                       unsigned sport)
{
    DEFINE(f, 2, 18, "\xfd\4\x86\2\4\x86\7\4\x86\5\1\0");
    made_head(f, 2);
    made_u32(f, end);
    made_u32(f, start);
    made_u32(f, start == UINT32_MAX ? (end - T0 - 100) * 1000
                                    : (end - start) * 1000);
    u8(f, sport);
}

/* What the session leaves out the sport message may say. */
TEST(the_sport_of_a_session_that_names_none)
{
    for (unsigned sport = 2; sport < 256; sport += 253) {
        struct made f = made_begin(14);
        made_records(&f, T0, 3);
        DEFINE(&f, 1, 12, "\0\1\0\1\1\0");
        made_head(&f, 1);
        u8(&f, 11);
        u8(&f, 4);
        session_at(&f, T0, T0 + 3, sport);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.t.n, 1);
        CHECK_INT(r.t.v[0].sport, sport == 255 ? 11 : sport);
        CHECK_INT(r.t.v[0].sub_sport, sport == 255 ? 4 : 0);
        read_done(&r, &f);
    }
}

/* Samples of two sessions that the file has in turns, with a developer field
 * and laps: each session has its own, in order, with its own values. */
TEST(sessions_that_were_written_in_turns)
{
    struct made f = made_begin(14);
    session_at(&f, T0, T0 + 99, 1);
    session_at(&f, UINT32_MAX, T0 + 199, 2); /* no start: 99 s before its end */
    describe(&f, 0, 0x84, "x", "", 20, 255);
    define_extras(&f, 1);
    for (uint32_t i = 0; i < 50; i++) {
        for (uint32_t k = 0; k < 2; k++) {
            record_extras(&f, T0 + 1 + 100 * k + i, 0);
            made_u16(&f, 100 * k + i);
        }
    }
    DEFINE(&f, 1, 19, "\2\4\x86\x9\4\x86");
    for (uint32_t i = 0; i < 6; i++) {
        made_head(&f, 1);
        made_u32(&f, T0 + (i % 2) * 100 + i);
        made_u32(&f, i);
    }
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.n, 2);
    for (size_t k = 0; k < 2; k++) {
        const struct es_track *t = &r.t.v[k];
        CHECK_INT(t->n, 50);
        CHECK_INT(t->n_laps, 3);
        for (size_t i = 0; i < 50; i++) {
            CHECK(t->pts[i].t_ms ==
                  START_MS + 1000 * (int64_t)(1 + 100 * k + i));
            CHECK_NEAR((double)t->extras[0].v[i], (double)(100 * k + i), 0);
        }
        for (size_t i = 0; i < 3; i++)
            CHECK_NEAR(t->laps[i].dist_m, (double)(2 * i + k) / 100, 1e-9);
    }
    read_done(&r, &f);
}
