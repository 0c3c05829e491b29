/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include <math.h>

#include "base/limits.h"
#include "decode/decode.h"
#include "write/write.h"

static struct es_arena arena;
static struct es_tracks got;

static uint64_t rng = 88172645463325252u; /* xorshift64 */

static double draw(void) /* 0..1 */
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (double)(rng >> 11) * 0x1p-53;
}

static enum es_code round_trip(const struct es_track *tr)
{
    struct es_buf b = { 0 };
    struct es_err e;
    es_buf_init(&b, ES_UPLOAD_MAX);
    CHECK_INT(es_gpx_write(tr, &b, &e), ES_OK);
    es_arena_release(&arena);
    es_arena_init(&arena, ES_DECODE_MEM);
    enum es_code rc = es_gpx_decode(es_buf_bytes(&b), &arena, &got, &e);
    es_buf_release(&b);
    return rc;
}

static struct es_point some_point(size_t i)
{
    struct es_point pt = es_point_none();
    if (draw() < 0.9) {
        pt.lat_deg = draw() * 180 - 90;
        pt.lon_deg = draw() * 360 - 180;
    }
    if (draw() < 0.9)
        pt.t_ms = 1756101900000 + (int64_t)i * 1000 + (int64_t)(draw() * 999);
    if (draw() < 0.9)
        pt.alt_m = (float)(draw() * 4000 - 400);
    if (draw() < 0.5)
        pt.dist_m = (double)i * 3.1 + draw();
    if (draw() < 0.5)
        pt.speed_mps = (float)(draw() * 8);
    if (draw() < 0.5) {
        pt.hr_bpm = (uint8_t)(60 + draw() * 140);
        pt.cadence_spm = (float)floor(60 + draw() * 40);
        pt.temp_c = (float)(draw() * 40 - 10);
        pt.power_w = (uint16_t)(1 + draw() * 400);
    }
    if (draw() < 0.05)
        pt.flags = draw() < 0.5 ? ES_PT_SEGMENT : ES_PT_RESUME;
    return pt;
}

static void same_or_both_nan(double a, double b, double tol)
{
    CHECK(isnan(a) == isnan(b));
    if (!isnan(a))
        CHECK_NEAR(a, b, tol);
}

static void check_same(const struct es_point *a, const struct es_point *b)
{
    CHECK(a->t_ms == b->t_ms);
    CHECK_NEAR(a->lat_deg, b->lat_deg, 0.5e-7);
    CHECK_NEAR(a->lon_deg, b->lon_deg, 0.5e-7);
    same_or_both_nan((double)a->alt_m, (double)b->alt_m, 0.0051);
    same_or_both_nan((double)a->speed_mps, (double)b->speed_mps, 0.00051);
    same_or_both_nan(a->dist_m, b->dist_m, 0.00051);
    CHECK_INT(a->hr_bpm, b->hr_bpm);
    same_or_both_nan((double)a->cadence_spm, (double)b->cadence_spm, 0);
    same_or_both_nan((double)a->temp_c, (double)b->temp_c, 0.0051);
    CHECK_INT(a->power_w, b->power_w);
}

/* Whatever a track holds comes back, but for points without a place. */
TEST(what_was_written_is_read)
{
    enum { N = 500 };
    static struct es_point pts[N];
    for (int round = 0; round < 40; round++) {
        struct es_track tr = es_track_none();
        tr.n = (size_t)(1 + draw() * (N - 1));
        for (size_t i = 0; i < tr.n; i++)
            pts[i] = some_point(i);
        pts[0].lat_deg = pts[0].lon_deg = 1;
        tr.pts = pts;
        tr.sport = ES_SPORT_RUNNING;
        tr.device = "a < b & \"c\" \xd9\x86";
        CHECK_INT(round_trip(&tr), ES_OK);
        CHECK_INT(got.n, 1);
        CHECK_INT(got.v[0].sport, ES_SPORT_RUNNING);
        CHECK_STR(got.v[0].device, tr.device);
        CHECK_INT(got.v[0].n_warnings, 0);
        size_t k = 0;
        bool begins = true;
        for (size_t i = 0; i < tr.n; i++) {
            begins |= pts[i].flags != 0;
            if (!es_point_has_position(&pts[i]))
                continue;
            CHECK(k < got.v[0].n);
            check_same(&got.v[0].pts[k], &pts[i]);
            CHECK_INT(got.v[0].pts[k].flags, begins ? ES_PT_SEGMENT : 0);
            begins = false;
            k++;
        }
        CHECK_INT(k, got.v[0].n);
    }
    es_arena_release(&arena);
}

TEST(every_sport_keeps_its_name)
{
    struct es_point pt = es_point_none();
    pt.lat_deg = pt.lon_deg = 0;
    for (int sport = 0; sport < 256; sport++) {
        struct es_track tr = es_track_none();
        tr.pts = &pt;
        tr.n = 1;
        tr.sport = (uint8_t)sport;
        CHECK_INT(round_trip(&tr), ES_OK);
        CHECK_STR(es_sport_name(got.v[0].sport), es_sport_name(tr.sport));
    }
    es_arena_release(&arena);
}

TEST(a_name_no_xml_may_hold)
{
    struct es_point pt = es_point_none();
    struct es_track tr = es_track_none();
    pt.lat_deg = pt.lon_deg = 0;
    tr.pts = &pt;
    tr.n = 1;
    tr.device = "a\x01\xff\xef\xbf\xbe]]>";
    CHECK_INT(round_trip(&tr), ES_OK);
    CHECK_INT(got.v[0].n_warnings, 0);
    CHECK_STR(got.v[0].device, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd]]>");
    es_arena_release(&arena);
}

TEST(a_buffer_too_small)
{
    struct es_point pt = es_point_none();
    struct es_track tr = es_track_none();
    struct es_err e;
    pt.lat_deg = pt.lon_deg = 0;
    tr.pts = &pt;
    tr.n = 1;
    for (size_t max = 0; max < 600; max += 7) {
        struct es_buf b = { 0 };
        es_buf_init(&b, max);
        enum es_code rc = es_gpx_write(&tr, &b, &e);
        CHECK(rc == ES_OK || (rc == ES_ETOOLARGE && max < 480));
        es_buf_release(&b);
    }
}

TEST(every_truncation_of_a_written_file)
{
    enum { N = 12 };
    struct es_point pts[N];
    struct es_track tr = es_track_none();
    struct es_buf b = { 0 };
    struct es_err e;
    size_t before = 0;
    for (size_t i = 0; i < N; i++)
        pts[i] = some_point(i);
    tr.pts = pts;
    tr.n = N;
    es_buf_init(&b, ES_UPLOAD_MAX);
    CHECK_INT(es_gpx_write(&tr, &b, &e), ES_OK);
    for (size_t n = 1; n <= b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        es_arena_release(&arena);
        es_arena_init(&arena, ES_DECODE_MEM);
        got = (struct es_tracks){ 0 };
        enum es_code rc = es_gpx_decode(cut, &arena, &got, &e);
        CHECK((rc == ES_OK) == (got.v != NULL));
        CHECK(rc == ES_OK || e.at <= n);
        size_t points = rc == ES_OK ? got.v[0].n : 0;
        CHECK(points >= before);
        before = points;
        t_guarded_free(cut);
    }
    CHECK(before > 6);
    es_buf_release(&b);
    es_arena_release(&arena);
}
