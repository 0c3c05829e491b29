/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever a track holds, a file written of it and read again gives it back:
 * the table of docs/FILES.md, on random tracks. */
#include "t.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "decode/decode.h"
#include "write/write.h"

enum { POINTS = 300, LAPS = 12, EXTRAS = 4, TRACKS = 3, ROUNDS = 150 };

static uint64_t rng = 88172645463325252u; /* xorshift64 */

static uint64_t bits(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return rng;
}

static double draw(double min, double max)
{
    return min + (max - min) * ((double)(bits() >> 11) * 0x1p-53);
}

static bool chance(double p)
{
    return draw(0, 1) < p;
}

/* ---- random tracks ---- */

/* What a round's tracks are like. */
struct kind {
    double absent;  /* how often a value is */
    bool sub_s;     /* times within seconds */
    bool short_dec; /* few decimals, as files have them */
    bool wild;      /* values no reader takes */
    bool timeless;
    bool fast_feet; /* cadences that other makers' files count double */
};

struct made {
    struct es_point pts[TRACKS][POINTS];
    struct es_lap laps[TRACKS][LAPS];
    struct es_length lengths[TRACKS][LAPS];
    struct es_extra extras[TRACKS][EXTRAS];
    float columns[TRACKS][EXTRAS][POINTS];
    struct es_track v[TRACKS];
    size_t n;
};

static double value(const struct kind *k, double min, double max)
{
    double v = draw(min, max);
    if (chance(k->absent))
        return NAN;
    if (k->wild && chance(0.02))
        return (double[]){ 1e12, -1e12, INFINITY, -0.0, 1e-9 }[bits() % 5];
    return k->short_dec ? floor(v * 100) / 100 : v;
}

static void place(const struct kind *k, struct es_point *p)
{
    static const double EDGES[][2] = { { 90, 180 },        { -90, -180 },
                                       { 0, 179.9999999 }, { 0, -0.0 },
                                       { 1e-7, -180 },     { 12, -179.99999 } };
    if (chance(k->absent))
        return;
    p->lat_deg = draw(-90, 90);
    p->lon_deg = draw(-180, 180);
    if (chance(0.1)) {
        const double *edge = EDGES[bits() % (sizeof EDGES / sizeof *EDGES)];
        p->lat_deg = edge[0];
        p->lon_deg = edge[1];
    } else if (k->short_dec) {
        p->lat_deg = floor(p->lat_deg * 1e7) / 1e7;
        p->lon_deg = floor(p->lon_deg * 1e7) / 1e7;
    }
}

static struct es_point some_point(const struct kind *k, int64_t t_ms)
{
    struct es_point p = es_point_none();
    place(k, &p);
    if (!k->timeless && !chance(k->absent / 4))
        p.t_ms = t_ms;
    p.dist_m = value(k, 0, 1e5);
    p.alt_m = (float)value(k, -450, 9000);
    p.speed_mps = (float)value(k, 0, 12);
    p.acc_m = (float)value(k, 0, 200);
    p.cadence_spm = (float)value(k, 0, k->fast_feet ? 250 : 110);
    p.temp_c = (float)value(k, -40, 50);
    if (!chance(k->absent))
        p.power_w = (uint16_t)draw(1, 2500);
    if (!chance(k->absent))
        p.hr_bpm = (uint8_t)draw(30, 250);
    if (chance(0.05))
        p.flags = (uint8_t)(bits() % 8);
    return p;
}

static struct es_lap some_lap(const struct kind *k, int64_t t_ms)
{
    struct es_lap lap = { ES_NO_TIME, NAN, NAN, NAN };
    if (!chance(k->absent))
        lap.start_ms = t_ms;
    if (!chance(k->absent))
        lap.elapsed_s = draw(0, 9000);
    if (!chance(k->absent))
        lap.timer_s = draw(0, 9000);
    if (!chance(k->absent))
        lap.dist_m = draw(0, 42195);
    return lap;
}

/* What only FIT holds. */
static void some_more(const struct kind *k, struct made *m, size_t i)
{
    struct es_track *tr = &m->v[i];
    tr->lengths = m->lengths[i];
    tr->n_lengths = chance(0.3) ? bits() % (LAPS + 1) : 0;
    tr->pool_m = tr->n_lengths ? 33.33 : NAN;
    tr->utc_offset_s = chance(0.5) ? 3600 : NAN;
    tr->extras = m->extras[i];
    tr->n_extras = chance(0.3) ? bits() % (EXTRAS + 1) : 0;
    for (size_t p = 0; p < tr->n_lengths; p++)
        m->lengths[i][p] = (struct es_length){
            .start_ms = 1787637600000 + (int64_t)p * 30000,
            .elapsed_s = (float)draw(20, 40),
            .timer_s = chance(0.5) ? NAN : (float)draw(20, 40),
            .strokes = (uint16_t)(bits() % 30),
            .is_rest = chance(0.2),
        };
    for (size_t x = 0; x < tr->n_extras; x++) {
        m->extras[i][x] = (struct es_extra){
            .name = chance(0.2) ? NULL : "Form \xd9\x86",
            .units = chance(0.5) ? NULL : "mm",
            .developer = (uint8_t)(x / 2),
            .number = (uint8_t)(x + 3),
            .native = chance(0.5) ? 255 : 39,
        };
        if (x != 1)
            m->extras[i][x].v = m->columns[i][x];
        for (size_t p = 0; p < tr->n; p++)
            m->columns[i][x][p] = (float)value(k, -1000, 1000);
    }
}

static void some_track(const struct kind *k, struct made *m, size_t i)
{
    static const char *const NAMES[] = { "Garmin fr945",
                                         "a < b & \"c\" \xd9\x86", NULL,
                                         "OpenTracks 4" };
    struct es_track *tr = &m->v[i];
    int64_t step = k->sub_s ? 1 : 1000;
    int64_t t_ms = 1787637600000 + (int64_t)(bits() % 1000000) * step;
    *tr = es_track_none();
    tr->pts = m->pts[i];
    tr->n = bits() % (POINTS + 1);
    tr->laps = m->laps[i];
    tr->n_laps = chance(0.5) ? bits() % (LAPS + 1) : 0;
    tr->sport = chance(0.5) ? ES_SPORT_RUNNING : (uint8_t)bits();
    tr->sub_sport = (uint8_t)(bits() % 3 * 20);
    tr->device = NAMES[bits() % 4];
    int64_t lap_ms = t_ms;
    for (size_t p = 0; p < tr->n; p++) {
        m->pts[i][p] = some_point(k, t_ms);
        t_ms += step * (int64_t)(1 + bits() % 3000 / (k->sub_s ? 1 : 1000));
    }
    for (size_t p = 0; p < tr->n_laps; p++) {
        m->laps[i][p] = some_lap(k, lap_ms);
        lap_ms += step * (int64_t)(1 + bits() % 200);
    }
    if (chance(0.5) && !k->timeless)
        tr->started_ms = 1787637000000;
    if (chance(0.7))
        tr->elapsed_s = draw(0, 1e5);
    if (chance(0.7))
        tr->timer_s = draw(0, 1e5);
    if (chance(0.7))
        tr->device_dist_m = draw(0, 1e5);
}

static struct kind some_kind(void)
{
    return (struct kind){
        .absent = (double[]){ 0, 0.1, 0.5, 0.95 }[bits() % 4],
        .sub_s = chance(0.5),
        .short_dec = chance(0.5),
        .wild = chance(0.2),
        .timeless = chance(0.1),
        .fast_feet = chance(0.2),
    };
}

/* ---- what comes back ---- */

typedef enum es_code write_fn(const struct es_track *, size_t, struct es_buf *,
                              struct es_err *);
typedef enum es_code read_fn(struct es_bytes, struct es_arena *,
                             struct es_tracks *, struct es_err *);

static struct es_arena arena;

static struct es_tracks round_trip(write_fn *write, read_fn *read,
                                   const struct made *m)
{
    struct es_tracks got = { 0 };
    struct es_buf b = { 0 };
    struct es_err e = { 0 };
    es_buf_init(&b, ES_UPLOAD_MAX);
    es_arena_release(&arena);
    es_arena_init(&arena, ES_DECODE_MEM);
    CHECK_INT(write(m->v, m->n, &b, &e), ES_OK);
    if (read(es_buf_bytes(&b), &arena, &got, &e) != ES_OK)
        FAIL("%s at %zu", e.msg, e.at);
    es_buf_release(&b);
    CHECK_INT(got.n, m->n);
    return got;
}

/* To the last bit; to 5.3e-23 where a plain decimal ends. */
static void same(double want, double got)
{
    if (isnan(want) && isnan(got))
        return;
    if (fabs(want) < 1e-5 && fabs(want - got) <= 5.3e-23)
        return;
    if (memcmp(&want, &got, sizeof want) != 0)
        FAIL("%.17g came back as %.17g", want, got);
}

static double within(double v, double min, double max)
{
    return v >= min && v <= max ? v : NAN;
}

static void same_xml_point(const struct es_point *want,
                           const struct es_point *got)
{
    CHECK(want->t_ms == got->t_ms);
    same(want->lat_deg, got->lat_deg);
    same(want->lon_deg, got->lon_deg);
    same(within(want->dist_m, 0, 1e9), got->dist_m);
    same(within((double)want->alt_m, -2e4, 2e4), (double)got->alt_m);
    same(within((double)want->speed_mps, 0, 1000), (double)got->speed_mps);
    same(within((double)want->acc_m, 0, 1e6), (double)got->acc_m);
    same(within((double)want->cadence_spm, 0, 254), (double)got->cadence_spm);
    same(within((double)want->temp_c, -100, 100), (double)got->temp_c);
    CHECK_INT(want->power_w, got->power_w);
    CHECK_INT(want->hr_bpm, got->hr_bpm);
}

/* What a summary told; what it didn't, a reader computes. */
static void same_summary(const struct es_track *want,
                         const struct es_track *got)
{
    CHECK_INT(want->sport, got->sport);
    CHECK_INT(want->sub_sport, got->sub_sport);
    if (want->started_ms != ES_NO_TIME)
        CHECK(want->started_ms == got->started_ms);
    if (!isnan(want->elapsed_s))
        same(want->elapsed_s, got->elapsed_s);
    if (!isnan(want->timer_s))
        same(want->timer_s, got->timer_s);
    if (!isnan(want->device_dist_m))
        same(want->device_dist_m, got->device_dist_m);
    CHECK_INT(got->n_warnings, 0);
}

static void same_laps(const struct es_track *want, const struct es_track *got)
{
    CHECK_INT(want->n_laps, got->n_laps);
    for (size_t i = 0; i < want->n_laps; i++) {
        CHECK(want->laps[i].start_ms == got->laps[i].start_ms);
        same(want->laps[i].elapsed_s, got->laps[i].elapsed_s);
        same(want->laps[i].timer_s, got->laps[i].timer_s);
        same(want->laps[i].dist_m, got->laps[i].dist_m);
    }
}

static void same_text(const char *want, const char *got)
{
    CHECK((want == NULL) == (got == NULL));
    if (want)
        CHECK_STR(got, want);
}

TEST(gpx_gives_the_same_track)
{
    static struct made m;
    for (int round = 0; round < ROUNDS; round++) {
        struct kind k = some_kind();
        m.n = 1 + bits() % TRACKS;
        for (size_t i = 0; i < m.n; i++)
            some_track(&k, &m, i);
        struct es_tracks got = round_trip(es_gpx_write_all, es_gpx_decode, &m);
        for (size_t i = 0; i < m.n; i++) {
            const struct es_track *tr = &m.v[i];
            bool named = m.v[0].device || tr->device;
            same_summary(tr, &got.v[i]);
            same_laps(tr, &got.v[i]);
            same_text(named ? tr->device : "Everystep", got.v[i].device);
            size_t n = 0;
            uint8_t flags = 0;
            for (size_t p = 0; p < tr->n; p++) {
                flags |= tr->pts[p].flags;
                if (!es_point_has_position(&tr->pts[p]))
                    continue;
                CHECK(n < got.v[i].n);
                same_xml_point(&tr->pts[p], &got.v[i].pts[n]);
                CHECK_INT(got.v[i].pts[n].flags, flags);
                flags = 0;
                n++;
            }
            CHECK_INT(n, got.v[i].n);
        }
    }
    es_arena_release(&arena);
}

TEST(tcx_gives_the_same_track)
{
    static struct made m;
    for (int round = 0; round < ROUNDS; round++) {
        struct kind k = some_kind();
        m.n = 1 + bits() % TRACKS;
        for (size_t i = 0; i < m.n; i++)
            some_track(&k, &m, i);
        struct es_tracks got = round_trip(es_tcx_write_all, es_tcx_decode, &m);
        for (size_t i = 0; i < m.n; i++) {
            const struct es_track *tr = &m.v[i];
            same_summary(tr, &got.v[i]);
            same_text(tr->device, got.v[i].device);
            if (tr->n_laps)
                same_laps(tr, &got.v[i]);
            else
                CHECK_INT(got.v[i].n_laps, 1);
            CHECK_INT(tr->n, got.v[i].n);
            for (size_t p = 0; p < tr->n; p++) {
                same_xml_point(&tr->pts[p], &got.v[i].pts[p]);
                CHECK_INT(got.v[i].pts[p].flags, tr->pts[p].flags);
            }
        }
    }
    es_arena_release(&arena);
}

static void near(double want, double got, double tol)
{
    CHECK(isnan(want) == isnan(got));
    if (!isnan(want))
        CHECK_NEAR(got, want, tol);
}

static void same_fit_point(const struct es_point *want,
                           const struct es_point *got)
{
    CHECK(want->t_ms == got->t_ms);
    CHECK_INT(es_point_has_position(want), es_point_has_position(got));
    if (es_point_has_position(want)) {
        CHECK_NEAR(got->lat_deg, want->lat_deg, 4.2e-8);
        /* 180 degrees would be FIT's "none": it is one semicircle less */
        CHECK_NEAR(remainder(got->lon_deg - want->lon_deg, 360), 0, 8.4e-8);
    }
    near(within(want->dist_m, 0, 42949672.94), got->dist_m, 0.00501);
    near(within((double)want->alt_m, -500, 858992958), (double)got->alt_m,
         0.1002);
    near(within((double)want->speed_mps, 0, 4294967), (double)got->speed_mps,
         0.000502);
    near(within((double)want->acc_m, 0, 254), (double)got->acc_m, 0.5);
    near(within((double)want->cadence_spm, 0, 254.99), (double)got->cadence_spm,
         0.00391);
    near(within((double)want->temp_c, -128, 126), (double)got->temp_c, 0.5);
    CHECK_INT(want->power_w, got->power_w);
    CHECK_INT(want->hr_bpm, got->hr_bpm);
    CHECK_INT(want->flags, got->flags);
}

static int64_t whole_s(int64_t t_ms)
{
    return t_ms == ES_NO_TIME ? ES_NO_TIME : t_ms - t_ms % 1000;
}

static void same_fit_summary(const struct es_track *want,
                             const struct es_track *got)
{
    CHECK_INT(want->sport == 255 ? 0 : want->sport, got->sport);
    CHECK_INT(want->sub_sport, got->sub_sport);
    CHECK_INT(got->n_warnings, 0);
    if (want->started_ms != ES_NO_TIME)
        CHECK(whole_s(want->started_ms) == got->started_ms);
    if (!isnan(want->elapsed_s))
        near(want->elapsed_s, got->elapsed_s, 0.000501);
    if (!isnan(want->timer_s))
        near(want->timer_s, got->timer_s, 0.000501);
    if (!isnan(want->device_dist_m))
        near(want->device_dist_m, got->device_dist_m, 0.00501);
    near(want->pool_m, got->pool_m, 0.00501);
    if (want->started_ms != ES_NO_TIME)
        near(want->utc_offset_s, got->utc_offset_s, 0);
    CHECK_INT(want->n_laps ? want->n_laps : 1, got->n_laps);
    for (size_t i = 0; i < want->n_laps; i++) {
        CHECK(whole_s(want->laps[i].start_ms) == got->laps[i].start_ms);
        near(want->laps[i].elapsed_s, got->laps[i].elapsed_s, 0.000501);
        near(want->laps[i].timer_s, got->laps[i].timer_s, 0.000501);
        near(want->laps[i].dist_m, got->laps[i].dist_m, 0.00501);
    }
}

/* Lengths, and what apps added. */
static void same_fit_more(const struct es_track *want,
                          const struct es_track *got)
{
    CHECK_INT(want->n_lengths, got->n_lengths);
    for (size_t i = 0; i < want->n_lengths; i++) {
        const struct es_length *a = &want->lengths[i], *b = &got->lengths[i];
        CHECK(a->start_ms == b->start_ms && a->is_rest == b->is_rest);
        CHECK_INT(a->strokes, b->strokes);
        near((double)a->elapsed_s, (double)b->elapsed_s, 0.000502);
        near((double)a->timer_s, (double)b->timer_s, 0.000502);
    }
    CHECK_INT(want->n_extras, got->n_extras);
    for (size_t i = 0; i < want->n_extras; i++) {
        const struct es_extra *a = &want->extras[i], *b = &got->extras[i];
        same_text(a->name, b->name);
        same_text(a->units, b->units);
        CHECK_INT(a->developer, b->developer);
        CHECK_INT(a->number, b->number);
        CHECK_INT(a->native, b->native);
        CHECK((a->v != NULL) == (b->v != NULL));
        for (size_t p = 0; a->v && p < want->n; p++)
            same(within((double)a->v[p], -1e9, 1e9), (double)b->v[p]);
    }
}

TEST(fit_gives_the_same_track)
{
    static struct made m;
    for (int round = 0; round < ROUNDS; round++) {
        struct kind k = some_kind();
        k.fast_feet = false; /* any FIT file's count double then */
        m.n = 1 + bits() % TRACKS;
        for (size_t i = 0; i < m.n; i++) {
            some_track(&k, &m, i);
            some_more(&k, &m, i);
        }
        struct es_tracks got = round_trip(es_fit_write_all, es_fit_decode, &m);
        for (size_t i = 0; i < m.n; i++) {
            const struct es_track *tr = &m.v[i];
            same_fit_summary(tr, &got.v[i]);
            same_fit_more(tr, &got.v[i]);
            same_text(tr->device, got.v[i].device);
            CHECK_INT(tr->n, got.v[i].n);
            for (size_t p = 0; p < tr->n; p++)
                same_fit_point(&tr->pts[p], &got.v[i].pts[p]);
        }
    }
    es_arena_release(&arena);
}

/* ---- edges ---- */

static const struct format {
    const char *name;
    write_fn *write;
    read_fn *read;
} FORMATS[] = {
    { "GPX", es_gpx_write_all, es_gpx_decode },
    { "TCX", es_tcx_write_all, es_tcx_decode },
    { "FIT", es_fit_write_all, es_fit_decode },
};
enum { N_FORMATS = sizeof FORMATS / sizeof *FORMATS };

static struct made one_point(void)
{
    struct made m = { .n = 1 };
    m.pts[0][0] = es_point_none();
    m.pts[0][0].t_ms = 1787637600000;
    m.pts[0][0].lat_deg = m.pts[0][0].lon_deg = 0;
    m.v[0] = es_track_none();
    m.v[0].n = 1;
    return m;
}

TEST(every_sport_keeps_its_number)
{
    static struct made m;
    for (size_t f = 0; f < N_FORMATS; f++)
        for (int sport = 0; sport < 256; sport++) {
            m = one_point();
            m.v[0].pts = m.pts[0];
            m.v[0].sport = (uint8_t)sport;
            struct es_tracks got =
                round_trip(FORMATS[f].write, FORMATS[f].read, &m);
            bool none = f == 2 && sport == ES_SPORT_INVALID; /* to FIT */
            CHECK_INT(got.v[0].sport, none ? ES_SPORT_GENERIC : sport);
        }
    es_arena_release(&arena);
}

TEST(a_name_no_xml_may_hold)
{
    static struct made m;
    for (size_t f = 0; f < 2; f++) {
        m = one_point();
        m.v[0].pts = m.pts[0];
        m.v[0].device = "a\x01\xff\xef\xbf\xbe]]>";
        struct es_tracks got =
            round_trip(FORMATS[f].write, FORMATS[f].read, &m);
        CHECK_INT(got.v[0].n_warnings, 0);
        CHECK_STR(got.v[0].device, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd]]>");
    }
    es_arena_release(&arena);
}

static struct made some(size_t points)
{
    static const struct kind K = { .absent = 0.1, .sub_s = true };
    struct made m = { .n = 1 };
    do
        some_track(&K, &m, 0);
    while (m.v[0].n < points);
    m.v[0].n = points;
    m.v[0].started_ms = ES_NO_TIME;
    return m;
}

/* What doesn't fit is said, and *out then is nothing rather than a part. */
TEST(every_buffer_that_is_too_small)
{
    static struct made m;
    m = some(8);
    m.v[0].pts = m.pts[0];
    m.v[0].laps = m.laps[0];
    for (size_t f = 0; f < N_FORMATS; f++) {
        bool fits = false;
        for (size_t max = 0; !fits; max++) {
            struct es_err e;
            struct es_buf b = { 0 };
            es_buf_init(&b, max);
            enum es_code rc = FORMATS[f].write(m.v, 1, &b, &e);
            fits = rc == ES_OK;
            CHECK(fits || rc == ES_ETOOLARGE);
            CHECK(fits == (es_buf_bytes(&b).n > 0));
            CHECK(max < 20000);
            es_buf_release(&b);
        }
    }
}

/* A file that was cut holds the samples that stand before the cut. */
TEST(every_truncation_of_a_written_file)
{
    static struct made m;
    m = some(12);
    m.v[0].pts = m.pts[0];
    m.v[0].laps = m.laps[0];
    for (size_t f = 0; f < N_FORMATS; f++) {
        struct es_err e;
        struct es_buf b = { 0 };
        size_t before = 0;
        es_buf_init(&b, ES_UPLOAD_MAX);
        CHECK_INT(FORMATS[f].write(m.v, 1, &b, &e), ES_OK);
        for (size_t n = 1; n <= b.n; n++) {
            struct es_bytes cut = t_guarded(b.p, n);
            struct es_tracks got = { 0 };
            es_arena_release(&arena);
            es_arena_init(&arena, ES_DECODE_MEM);
            enum es_code rc = FORMATS[f].read(cut, &arena, &got, &e);
            CHECK((rc == ES_OK) == (got.v != NULL));
            CHECK(rc == ES_OK || e.at <= n);
            size_t points = rc == ES_OK ? got.v[0].n : 0;
            CHECK(points >= before);
            before = points;
            t_guarded_free(cut);
        }
        CHECK(before > 6);
        es_buf_release(&b);
    }
    es_arena_release(&arena);
}
