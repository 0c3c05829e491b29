/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FIT files, as our writer makes them and as it never would. */
#include "t.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/crc.h"
#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "fit_made.h"
#include "track/measure.h"
#include "write/write.h"

static uint64_t prng(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static double unit(uint64_t *s)
{
    return (double)(prng(s) >> 11) / 9007199254740992.0;
}

TEST(headers_of_both_sizes)
{
    for (uint8_t size = 12; size <= 16; size = (uint8_t)(size + 2)) {
        struct made f = made_begin(size);
        made_records(&f, T0, 5);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.v[0].n, 5);
        CHECK_INT(r.t.v[0].n_warnings, 0);
        CHECK(r.t.v[0].started_ms == START_MS);
        CHECK(r.t.v[0].pts[4].t_ms == START_MS + 4000);
        CHECK_NEAR(r.t.v[0].pts[4].dist_m, 12, 1e-9);
        CHECK_NEAR(r.t.v[0].device_dist_m, 12, 1e-9);
        read_done(&r, &f);
    }
}

TEST(sizes_that_lie)
{
    static const struct {
        uint32_t size;
        const char *code;
    } LIES[] = { { 0, "truncated" },
                 { 100000, "truncated" },
                 { UINT32_MAX, "truncated" },
                 { 30, "wrong_size" } };
    for (size_t i = 0; i < sizeof LIES / sizeof *LIES; i++) {
        struct made f = made_begin(14);
        made_records(&f, T0, 50);
        made_set_size(&f, 0, LIES[i].size);
        made_u16(&f, es_crc16(0, es_buf_bytes(&f.b)));
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.v[0].n, 50);
        CHECK(read_warned(&r, LIES[i].code));
        read_done(&r, &f);
    }
}

TEST(wrong_checksums_are_said)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 5);
    made_close(&f, 0);
    f.b.p[f.b.n - 1] ^= 1;
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK(read_warned(&r, "bad_checksum"));
    CHECK(!read_warned(&r, "bad_header_checksum"));
    es_arena_release(&r.a);
    f.b.p[12] = 7;
    r = read_made(&f);
    CHECK(read_warned(&r, "bad_header_checksum"));
    read_done(&r, &f);
}

TEST(both_byte_orders_in_one_file)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 2);
    f.big = true;
    DEFINE(&f, 1, 20, "\xfd\4\x86\5\4\x86");
    made_head(&f, 1);
    made_u32(&f, T0 + 2);
    made_u32(&f, 12345);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 3);
    CHECK(r.t.v[0].pts[2].t_ms == START_MS + 2000);
    CHECK_NEAR(r.t.v[0].pts[2].dist_m, 123.45, 1e-9);
    read_done(&r, &f);
}

TEST(an_architecture_that_is_neither)
{
    for (int big = 0; big < 2; big++) {
        struct made f = made_begin(14);
        f.big = big;
        size_t at = f.b.n + 2;
        DEFINE(&f, 0, 20, "\xfd\4\x86\5\4\x86");
        f.b.p[at] = 0x55;
        made_head(&f, 0);
        made_u32(&f, T0);
        made_u32(&f, 777);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_NEAR(r.t.v[0].pts[0].dist_m, 7.77, 1e-9);
        read_done(&r, &f);
    }
}

TEST(compressed_times_roll_over)
{
    struct made f = made_begin(14);
    uint32_t t = T0 / 32 * 32 + 30;
    made_records(&f, t, 1);
    DEFINE(&f, 1, 20, "\5\4\x86");
    for (uint32_t i = 1; i < 80; i += 3) {
        made_head(&f, 0x80 | 1 << 5 | ((t + i) & 31));
        made_u32(&f, i * 300);
    }
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 28);
    for (size_t i = 1; i < 28; i++)
        CHECK(r.t.v[0].pts[i].t_ms ==
              EPOCH_MS + ((int64_t)t + 1 + 3 * (int64_t)(i - 1)) * 1000);
    read_done(&r, &f);
}

TEST(compressed_times_without_a_time_before)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20, "\5\4\x86");
    made_head(&f, 0x80 | 7);
    made_u32(&f, 300);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK(r.t.v[0].pts[0].t_ms == ES_NO_TIME);
    CHECK_NEAR(r.t.v[0].pts[0].dist_m, 3, 1e-9);
    read_done(&r, &f);
}

/* 3 m/s in cm/s, and a distance in 1/16 m of which 12 bits are kept. */
TEST(compressed_speed_and_distance_add_up)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20, "\xfd\4\x86\x8\3\xd");
    for (uint32_t i = 0; i < 500; i++) {
        uint32_t dist = (i * 48) & 0xfff;
        made_head(&f, 0);
        made_u32(&f, T0 + i);
        es_buf_u8(&f.b, 300 & 0xff);
        es_buf_u8(&f.b, (uint8_t)(300 >> 8 | (dist & 15) << 4));
        es_buf_u8(&f.b, (uint8_t)(dist >> 4));
    }
    made_head(&f, 0);
    made_u32(&f, T0 + 500);
    es_buf_str(&f.b, "\xff\xff\xff");
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 501);
    CHECK_NEAR(r.t.v[0].pts[499].dist_m, 1497, 1e-9);
    CHECK_NEAR(r.t.v[0].pts[499].speed_mps, 3, 1e-6);
    CHECK(isnan(r.t.v[0].pts[500].dist_m));
    read_done(&r, &f);
}

TEST(no_data_is_absent)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20,
           "\xfd\4\x86\0\4\x85\1\4\x85\2\2\x84\3\1\2\4\1\2\5\4\x86\6\2\x84");
    made_head(&f, 0);
    made_u32(&f, UINT32_MAX);
    made_u32(&f, 0x7fffffff);
    made_u32(&f, 0x7fffffff);
    made_u16(&f, 0xffff);
    es_buf_u8(&f.b, 0xff);
    es_buf_u8(&f.b, 0xff);
    made_u32(&f, UINT32_MAX);
    made_u16(&f, 0xffff);
    made_close(&f, 0);
    struct read r = read_made(&f);
    const struct es_point *p = &r.t.v[0].pts[0];
    CHECK(p->t_ms == ES_NO_TIME && !es_point_has_position(p));
    CHECK(isnan(p->alt_m) && isnan(p->speed_mps) && isnan(p->dist_m));
    CHECK(p->hr_bpm == 0 && isnan(p->cadence_spm));
    read_done(&r, &f);
}

/* Fields of size 0, of a size no type has, arrays, base types without their
 * upper bits and unknown ones, developer fields: all are stepped over or read
 * right, and what follows them is right. */
TEST(odd_fields)
{
    struct made f = made_begin(14);
    es_buf_u8(&f.b, 0x60);
    es_buf_str(&f.b, "");
    es_buf_add(&f.b, "\0\0\x14\0\x7", 5);
    es_buf_add(&f.b,
               "\2\0\x84\3\1\x86\4\2\2\x63\5\x1e\xfd\4\6\x9\3\x84\5\4\x86", 21);
    es_buf_add(&f.b, "\2\0\3\0\1\5\0", 7);
    made_head(&f, 0);
    es_buf_u8(&f.b, 9);           /* hr: one byte of a uint32 */
    es_buf_str(&f.b, "\x50\x51"); /* cadence: two of them */
    es_buf_str(&f.b, "?????");
    made_u32(&f, T0);
    es_buf_str(&f.b, "!!!");
    made_u32(&f, 4200);
    es_buf_str(&f.b, "devdevde");
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    const struct es_point *p = &r.t.v[0].pts[0];
    CHECK_INT(r.t.v[0].n, 1);
    CHECK(isnan(p->alt_m));
    CHECK_INT(p->hr_bpm, 0);
    CHECK_NEAR((double)p->cadence_spm, 0x50, 0);
    CHECK(p->t_ms == START_MS);
    CHECK_NEAR(p->dist_m, 42, 1e-9);
    read_done(&r, &f);
}

TEST(enhanced_fields_come_first)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 20, "\2\2\x84\x4e\4\x86\x49\4\x86\6\2\x84");
    made_head(&f, 0);
    made_u16(&f, 2500 + 100);
    made_u32(&f, 2500 + 500);
    made_u32(&f, 3456);
    made_u16(&f, 0xffff);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_NEAR(r.t.v[0].pts[0].alt_m, 100, 1e-4);
    CHECK_NEAR(r.t.v[0].pts[0].speed_mps, 3.456, 1e-5);
    read_done(&r, &f);
}

TEST(a_message_without_definition_ends_the_reading)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 5);
    size_t at = f.b.n;
    made_head(&f, 9);
    made_records(&f, T0 + 5, 5);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK_INT(r.t.v[0].n, 5);
    CHECK(read_warned(&r, "damaged"));
    CHECK_INT(r.t.v[0].warnings[0].at, at);
    read_done(&r, &f);
}

static void session(struct made *f, uint32_t start, uint32_t seconds,
                    uint8_t sport)
{
    DEFINE(f, 4, 18, "\2\4\x86\7\4\x86\5\1\0");
    made_head(f, 4);
    made_u32(f, start);
    made_u32(f, seconds * 1000);
    es_buf_u8(&f->b, sport);
}

/* The summaries may stand before or after what they sum up. A sample at the
 * second in which one session ends and the next begins ends the first. */
TEST(samples_go_to_their_sessions)
{
    for (int first = 0; first < 2; first++) {
        struct made f = made_begin(14);
        if (!first)
            made_records(&f, T0, 100);
        session(&f, T0, 40, 5);
        session(&f, T0 + 40, 60, 2);
        if (first)
            made_records(&f, T0, 100);
        made_close(&f, 0);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.n, 2);
        CHECK_INT(r.t.v[0].sport, ES_SPORT_SWIMMING);
        CHECK_INT(r.t.v[0].n, 41);
        CHECK_INT(r.t.v[1].sport, ES_SPORT_CYCLING);
        CHECK_INT(r.t.v[1].n, 59);
        CHECK(r.t.v[1].started_ms == START_MS + 40000);
        CHECK_NEAR(r.t.v[0].device_dist_m, 120, 1e-9);
        CHECK_NEAR(r.t.v[1].device_dist_m, 177, 1e-9);
        read_done(&r, &f);
    }
}

TEST(no_metre_is_lost_between_sessions)
{
    struct made f = made_begin(14);
    double raw_m = 0;
    DEFINE(&f, 0, 20, "\xfd\4\x86\0\4\x85\1\4\x85");
    for (uint32_t i = 0; i < 101; i++) {
        made_head(&f, 0);
        made_u32(&f, T0 + i);
        made_u32(&f, 0);
        made_u32(&f, i * 1000);
    }
    session(&f, T0, 40, 1);
    session(&f, T0 + 40, 60, 1);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.n, 2);
    for (size_t i = 0; i < r.t.n; i++) {
        struct es_measure m;
        CHECK_INT(es_measure(&r.t.v[i], r.t.format, &r.a, &m, NULL), ES_OK);
        raw_m += m.raw_dist_m;
    }
    double m_per_unit = 6378137 * 3.14159265358979323846 / 2147483648.0;
    CHECK_NEAR(raw_m, 100 * 1000 * m_per_unit, 0.01);
    read_done(&r, &f);
}

/* A sport of two bytes, which no enum has: found by fuzzing. */
TEST(a_sport_that_is_too_large)
{
    struct made f = made_begin(14);
    DEFINE(&f, 4, 18, "\2\4\x86\5\2\x84\6\2\x84");
    made_head(&f, 4);
    made_u32(&f, T0);
    made_u16(&f, 257);
    made_u16(&f, 30000);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].sport, ES_SPORT_GENERIC);
    CHECK_INT(r.t.v[0].sub_sport, 0);
    read_done(&r, &f);
}

TEST(chained_files)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 10);
    session(&f, T0, 10, 1);
    made_close(&f, 0);
    size_t second = f.b.n;
    struct made g =
        made_begin(12); /* of a strap: neither samples nor session */
    DEFINE(&g, 0, 132, "\xfd\4\x86");
    made_head(&g, 0);
    made_u32(&g, T0);
    made_close(&g, 0);
    es_buf_add(&f.b, g.b.p, g.b.n);
    size_t third = f.b.n;
    es_buf_release(&g.b);
    g = made_begin(12);
    made_records(&g, T0 + 1000, 7);
    session(&g, T0 + 1000, 7, 11);
    made_close(&g, 0);
    es_buf_add(&f.b, g.b.p, g.b.n);
    es_buf_release(&g.b);
    struct read r = read_made(&f);
    CHECK_INT(r.t.n, 2);
    CHECK_INT(r.t.v[0].n, 10);
    CHECK_INT(r.t.v[1].n, 7);
    CHECK_INT(r.t.v[1].sport, ES_SPORT_WALKING);
    CHECK_INT(r.t.v[0].n_warnings, 0);
    es_arena_release(&r.a);
    f.b.p[second + 20] ^= 0x80; /* damage in one costs the others nothing */
    f.b.p[third + 1] = 0;
    r = read_made(&f);
    CHECK_INT(r.t.n, 2);
    CHECK(r.t.v[0].n_warnings > 0);
    read_done(&r, &f);
}

TEST(what_follows_the_end_is_said)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 10);
    made_close(&f, 0);
    size_t n = f.b.n;
    es_buf_str(&f.b, "<gpx>");
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 10);
    CHECK(read_warned(&r, "trailing_bytes"));
    CHECK_INT(r.t.v[0].warnings[0].at, n);
    read_done(&r, &f);
}

TEST(not_an_activity)
{
    struct made f = made_begin(14);
    DEFINE(&f, 0, 0, "\0\1\0");
    made_head(&f, 0);
    es_buf_u8(&f.b, 32);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_ENOACTIVITY);
    read_done(&r, &f);

    r = read_bytes((struct es_bytes){ NULL, 0 });
    CHECK_INT(r.rc, ES_ETRUNCATED);
    es_arena_release(&r.a);
    r = read_bytes(es_bytes_str("this is not a FIT file at all"));
    CHECK_INT(r.rc, ES_EMALFORMED);
    CHECK_INT(r.e.at, 0);
    es_arena_release(&r.a);
}

TEST(a_course_is_read_and_named)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 0, "\0\1\0");
    made_head(&f, 1);
    es_buf_u8(&f.b, 6);
    made_records(&f, 1000, 5);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK(read_warned(&r, "not_an_activity"));
    CHECK(read_warned(&r, "clock_not_set"));
    read_done(&r, &f);
}

TEST(names_that_are_no_text)
{
    struct made f = made_begin(14);
    DEFINE(&f, 1, 0, "\1\2\x84\x8\6\7");
    made_head(&f, 1);
    made_u16(&f, 23);
    es_buf_str(&f.b, "Ra\xff"
                     "ce2"); /* neither UTF-8 nor ended */
    made_records(&f, T0, 1);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_STR(r.t.v[0].device, "Suunto Ra\xef\xbf\xbd"
                               "ce2");
    read_done(&r, &f);
}

static void timer(struct made *f, uint32_t t, uint8_t type)
{
    made_head(f, 7);
    made_u32(f, t);
    es_buf_u8(&f->b, 0);
    es_buf_u8(&f->b, type);
}

TEST(pauses_are_marked_where_the_timer_goes_on)
{
    struct made f = made_begin(14);
    DEFINE(&f, 7, 21, "\xfd\4\x86\0\1\0\1\1\0");
    timer(&f, T0, 0);
    made_records(&f, T0, 10);
    timer(&f, T0 + 10, 4);
    timer(&f, T0 + 100, 0);
    made_records(&f, T0 + 100, 10);
    timer(&f, T0 + 110, 4);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.t.v[0].n, 20);
    for (size_t i = 0; i < 20; i++)
        CHECK_INT(r.t.v[0].pts[i].flags, i == 10 ? ES_PT_RESUME : 0);
    read_done(&r, &f);
}

/* Messages of no fields: one byte each. */
TEST(too_many_records)
{
    struct made f = made_begin(14);
    es_buf_add(&f.b, "\x40\0\0\x14\0\0", 6);
    for (size_t i = 0; i <= ES_POINTS_MAX; i++)
        made_head(&f, 0);
    made_close(&f, 0);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_EMANYPOINTS);
    read_done(&r, &f);
}

TEST(a_chain_without_end)
{
    struct made f = made_begin(14);
    made_records(&f, T0, 3);
    made_close(&f, 0);
    struct made g = made_begin(12);
    DEFINE(&g, 0, 132, "\xfd\4\x86");
    made_close(&g, 0);
    g.b.p[g.b.n - 1] ^= 1; /* a wrong checksum each */
    for (int i = 0; i < 100000; i++)
        es_buf_add(&f.b, g.b.p, g.b.n);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    CHECK_INT(r.t.v[0].n, 3);
    CHECK_INT(r.t.v[0].n_warnings, ES_WARNINGS_MAX);
    es_buf_release(&g.b);
    read_done(&r, &f);
}

/* ---- what our writer makes ---- */

static struct es_track some_track(struct es_arena *a, uint64_t *seed)
{
    struct es_track tr = es_track_none();
    tr.n = 1 + prng(seed) % 200;
    tr.pts = es_arena_array(a, tr.n, sizeof *tr.pts);
    tr.sport = ES_SPORT_RUNNING;
    tr.sub_sport = 3;
    tr.device = "Everystep t\xc3\xa9st";
    int64_t t = START_MS;
    double lat = unit(seed) * 160 - 80, lon = unit(seed) * 360 - 180;
    double dist = 0;
    for (size_t i = 0; i < tr.n; i++) {
        struct es_point *p = &tr.pts[i];
        *p = es_point_none();
        p->t_ms = t;
        if (prng(seed) % 8) {
            p->lat_deg = lat;
            p->lon_deg = remainder(lon, 360);
        }
        if (prng(seed) % 8)
            p->dist_m = dist;
        if (prng(seed) % 4)
            p->alt_m = (float)(unit(seed) * 9000 - 450);
        if (prng(seed) % 4)
            p->speed_mps = (float)(unit(seed) * 60);
        p->hr_bpm = (uint8_t)(prng(seed) % 255);
        p->cadence_spm = (float)(prng(seed) % 110);
        p->power_w = (uint16_t)(prng(seed) % 2000);
        if (i > 0 && prng(seed) % 20 == 0)
            p->flags = ES_PT_RESUME;
        t += 1000 * (1 + (int64_t)(prng(seed) % 3));
        lat += (unit(seed) - 0.5) * 1e-4;
        lon += (unit(seed) - 0.5) * 1e-4;
        dist += unit(seed) * 5;
    }
    tr.started_ms = START_MS;
    tr.elapsed_s = (double)(t - START_MS) / 1000;
    tr.timer_s = tr.elapsed_s - 0.125;
    tr.device_dist_m = dist;
    return tr;
}

static struct made written(const struct es_track *tr)
{
    struct made f = { .big = false };
    struct es_err e = { 0 };
    es_buf_init(&f.b, 1u << 20);
    CHECK_INT(es_fit_write(tr, &f.b, &e), ES_OK);
    return f;
}

static void check_point(const struct es_point *a, const struct es_point *b)
{
    CHECK(a->t_ms == b->t_ms);
    CHECK_INT(es_point_has_position(a), es_point_has_position(b));
    if (es_point_has_position(a)) {
        CHECK_NEAR(a->lat_deg, b->lat_deg, 5e-8);
        CHECK_NEAR(remainder(a->lon_deg - b->lon_deg, 360), 0, 5e-8);
    }
    CHECK(isnan(a->dist_m) == isnan(b->dist_m));
    CHECK(isnan(a->dist_m) || fabs(a->dist_m - b->dist_m) <= 0.00501);
    CHECK(isnan(a->alt_m) == isnan(b->alt_m));
    CHECK(isnan(a->alt_m) || fabsf(a->alt_m - b->alt_m) <= 0.1001f);
    CHECK(isnan(a->speed_mps) == isnan(b->speed_mps));
    CHECK(isnan(a->speed_mps) ||
          fabsf(a->speed_mps - b->speed_mps) <= 0.000501f);
    CHECK_INT(a->hr_bpm, b->hr_bpm);
    CHECK_NEAR((double)a->cadence_spm, (double)b->cadence_spm, 0);
    CHECK_INT(a->power_w, b->power_w);
    CHECK_INT(a->flags & ES_PT_RESUME, b->flags & ES_PT_RESUME);
}

TEST(what_is_written_reads_back)
{
    uint64_t seed = 20260825;
    for (int round = 0; round < 200; round++) {
        struct es_arena a;
        es_arena_init(&a, 1u << 20);
        struct es_track tr = some_track(&a, &seed);
        struct es_lap laps[2] = { { START_MS, 30, 29, 100 },
                                  { START_MS + 30000, 20, 20, NAN } };
        tr.laps = laps;
        tr.n_laps = (size_t)round % 3;
        struct made f = written(&tr);
        struct read r = read_made(&f);
        CHECK_INT(r.rc, ES_OK);
        CHECK_INT(r.t.n, 1);
        const struct es_track *back = &r.t.v[0];
        CHECK_INT(back->n_warnings, 0);
        CHECK_INT(back->sport, tr.sport);
        CHECK_INT(back->sub_sport, tr.sub_sport);
        CHECK_STR(back->device, tr.device);
        CHECK(back->started_ms == tr.started_ms);
        CHECK_NEAR(back->elapsed_s, tr.elapsed_s, 0.0005);
        CHECK_NEAR(back->timer_s, tr.timer_s, 0.0005);
        CHECK_NEAR(back->device_dist_m, tr.device_dist_m, 0.00501);
        CHECK_INT(back->n_laps, tr.n_laps ? tr.n_laps : 1);
        CHECK_INT(back->n, tr.n);
        for (size_t i = 0; i < tr.n; i++)
            check_point(&tr.pts[i], &back->pts[i]);
        read_done(&r, &f);
        es_arena_release(&a);
    }
}

TEST(edges_of_the_globe)
{
    static const double EDGES[][2] = {
        { 90, 180 }, { -90, -180 }, { 0, 179.9999999 }, { 0, 0 }, { 90, -180 }
    };
    for (size_t i = 0; i < sizeof EDGES / sizeof *EDGES; i++) {
        struct es_point p = es_point_none();
        p.t_ms = START_MS;
        p.lat_deg = EDGES[i][0];
        p.lon_deg = EDGES[i][1];
        struct es_track tr = es_track_none();
        tr.pts = &p;
        tr.n = 1;
        struct made f = written(&tr);
        struct read r = read_made(&f);
        CHECK(es_point_has_position(&r.t.v[0].pts[0]));
        CHECK_NEAR(r.t.v[0].pts[0].lat_deg, p.lat_deg, 1e-7);
        CHECK_NEAR(remainder(r.t.v[0].pts[0].lon_deg - p.lon_deg, 360), 0,
                   2e-7);
        read_done(&r, &f);
    }
}

/* A wall's clock, and no time at all. Found by the fuzzer. */
TEST(local_time_of_a_track_without_times)
{
    struct es_track tr = es_track_none(), *back;
    struct es_point p = es_point_none();
    p.hr_bpm = 100;
    tr.pts = &p;
    tr.n = 1;
    tr.utc_offset_s = -14400;
    struct made f = written(&tr);
    struct read r = read_made(&f);
    CHECK_INT(r.rc, ES_OK);
    back = &r.t.v[0];
    CHECK_INT(back->n, 1);
    CHECK(back->pts[0].t_ms == ES_NO_TIME && isnan(back->utc_offset_s));
    read_done(&r, &f);
}

TEST(what_fit_cannot_say_is_refused)
{
    struct es_point p = es_point_none();
    struct es_track tr = es_track_none();
    struct es_buf b;
    struct es_err e = { 0 };
    es_buf_init(&b, 1000);
    tr.pts = &p;
    tr.n = 1;
    p.t_ms = EPOCH_MS - 1;
    CHECK_INT(es_fit_write(&tr, &b, &e), ES_EINVAL);
    CHECK_INT(b.n, 0);
    p.t_ms = EPOCH_MS;
    CHECK_INT(es_fit_write(&tr, &b, &e), ES_OK);
    es_buf_release(&b);
    es_buf_init(&b, 50);
    CHECK_INT(es_fit_write(&tr, &b, &e), ES_ETOOLARGE);
    es_buf_release(&b);
}

/* ---- damage ---- */

/* What a decoder may give for any bytes: a result that can be measured, or an
 * error that stands within them. */
static void survive(struct es_bytes in)
{
    struct es_arena a;
    struct es_tracks t = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_fit_decode(in, &a, &t, &e);
    CHECK((rc == ES_OK) == (t.n > 0));
    CHECK(rc == ES_OK || (e.code == rc && e.at <= in.n));
    for (size_t i = 0; i < t.n; i++) {
        struct es_measure m;
        CHECK_INT(es_measure(&t.v[i], t.format, &a, &m, &e), ES_OK);
        CHECK(isnan(m.dist_m) || m.dist_m >= 0);
    }
    es_arena_release(&a);
}

static void every_truncation(struct es_bytes all)
{
    for (size_t n = 0; n < all.n; n++) {
        struct es_bytes cut = t_guarded(all.p, n);
        survive(cut);
        t_guarded_free(cut);
    }
}

TEST(every_truncation_of_a_written_file)
{
    struct es_arena a;
    uint64_t seed = 7;
    es_arena_init(&a, 1u << 20);
    struct es_track tr = some_track(&a, &seed);
    tr.n = tr.n < 60 ? tr.n : 60;
    struct made f = written(&tr);
    every_truncation(es_buf_bytes(&f.b));
    /* what stands before the cut is kept */
    size_t last = 0;
    for (size_t n = 200; n < f.b.n; n += 7) {
        struct read r = read_bytes((struct es_bytes){ f.b.p, n });
        CHECK(r.rc == ES_OK ? r.t.v[0].n >= last : last == 0);
        last = r.rc == ES_OK ? r.t.v[0].n : 0;
        CHECK(r.rc != ES_OK || r.t.v[0].n_warnings > 0);
        es_arena_release(&r.a);
    }
    CHECK_INT(last, tr.n);
    es_buf_release(&f.b);
    es_arena_release(&a);
}

TEST(every_truncation_of_real_files)
{
    static const char *const FILES[] = { "garmin-swim-swimming-003.fit",
                                         "garmin-fr310xt-generic-001.fit" };
    if (!t_tracks())
        SKIP("no ../shared/tracks");
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[2048];
        struct es_buf b = { 0 };
        snprintf(path, sizeof path, "%s/fit/%s", t_tracks(), FILES[i]);
        if (es_file_load(path, ES_UPLOAD_MAX, &b, NULL) == ES_OK)
            every_truncation(es_buf_bytes(&b));
        es_buf_release(&b);
    }
}

TEST(flipped_bytes)
{
    struct es_arena a;
    uint64_t seed = 20260825;
    es_arena_init(&a, 1u << 20);
    struct es_track tr = some_track(&a, &seed);
    tr.n = tr.n < 60 ? tr.n : 60;
    struct made f = written(&tr);
    for (int round = 0; round < 3000; round++) {
        struct es_bytes copy = t_guarded(f.b.p, f.b.n);
        uint8_t *p = (uint8_t *)(uintptr_t)copy.p;
        for (uint64_t k = 1 + prng(&seed) % 4; k > 0; k--)
            p[prng(&seed) % copy.n] = (uint8_t)prng(&seed);
        survive(copy);
        t_guarded_free(copy);
    }
    es_buf_release(&f.b);
    es_arena_release(&a);
}

TEST(little_memory)
{
    struct es_arena a;
    uint64_t seed = 3;
    size_t refused = 0, read = 0;
    es_arena_init(&a, 1u << 20);
    struct es_track tr = some_track(&a, &seed);
    struct made f = written(&tr);
    for (size_t max = 0; max < 100000; max += 500) {
        struct es_arena small;
        struct es_tracks t = { 0 };
        struct es_err e = { 0 };
        es_arena_init(&small, max);
        enum es_code rc = es_fit_decode(es_buf_bytes(&f.b), &small, &t, &e);
        CHECK(rc == ES_OK || (rc == ES_ENOMEM && t.n == 0));
        refused += rc != ES_OK;
        read += rc == ES_OK;
        es_arena_release(&small);
    }
    CHECK(refused > 0 && read > 0);
    es_buf_release(&f.b);
    es_arena_release(&a);
}
