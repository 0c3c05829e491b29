/* SPDX-License-Identifier: Apache-2.0 */
/* Copies are told from recordings that only went the same way. */
#include <math.h>
#include <stdlib.h>

#include "sim/copy.h"
#include "t.h"
#include "track/match.h"

enum { MEM = 1 << 30 };

static struct es_match match(const struct es_track *p, const struct es_track *q,
                             struct es_arena *a)
{
    struct es_side s, r;
    struct es_match m;
    if (es_side_of(p, a, &s, NULL) != ES_OK ||
        es_side_of(q, a, &r, NULL) != ES_OK ||
        es_match_of(&s, &r, a, &m, NULL) != ES_OK)
        FAIL("no memory to compare");
    return m;
}

static struct sim_setup setup(uint64_t seed)
{
    struct sim_setup k = sim_honest(seed);
    k.dist_m = fmin(k.dist_m, 11000);
    return k;
}

static struct es_track made(const struct sim_setup *k, struct es_arena *a)
{
    struct sim_run r;
    if (!sim_run_make(k, a, &r))
        FAIL("no memory for a run");
    return r.track;
}

/* Everyday: few; `./dev test --long`: as many as the rates are stated for. */
static uint64_t runs(void)
{
    return getenv("ES_LONG") ? 400 : 14;
}

enum { KINDS = 9 };
static struct es_track copy(size_t kind, const struct es_track *t,
                            uint64_t seed, struct es_arena *a)
{
    struct es_track x;
    switch (kind) {
    case 0:
        return *t;
    case 1:
        return sim_resampled(t, 5, a);
    case 2:
        return sim_resampled(t, 10, a);
    case 3:
        return sim_cut(t, 0.15, 0.85, a);
    case 4:
        return sim_moved(t, 259200000, 1, a);
    case 5:
        return sim_moved(t, 0, 0.9, a);
    case 6:
        return sim_turned(t, a);
    case 7:
        return sim_noised(t, 1.5, seed, a);
    default:
        x = sim_cut(t, 0.1, 1, a);
        x = sim_resampled(&x, 2, a);
        return sim_noised(&x, 1, seed, a);
    }
}

TEST(copies_are_found)
{
    size_t missed[KINDS] = { 0 }, all = 0;
    for (uint64_t seed = 0; seed < runs(); seed++) {
        struct es_arena a;
        es_arena_init(&a, MEM);
        struct sim_setup k = setup(40000 + seed);
        struct es_track t = made(&k, &a);
        for (size_t i = 0; i < KINDS; i++) {
            struct es_track x = copy(i, &t, seed, &a);
            struct es_match m = match(&t, &x, &a);
            missed[i] += es_match_copy(&m) == ES_COPY_NONE;
            if (i == 4)
                CHECK_NEAR(m.later_s, 259200, 1);
            if (i == 6)
                CHECK(m.reversed);
        }
        es_arena_release(&a);
    }
    for (size_t i = 0; i < KINDS; i++)
        all += missed[i];
    if (all * 100 > runs() * KINDS)
        FAIL("missed %zu: exact %zu, 5 s %zu, 10 s %zu, cut %zu, moved %zu, "
             "drawn out %zu, turned %zu, noise %zu, all of it %zu",
             all, missed[0], missed[1], missed[2], missed[3], missed[4],
             missed[5], missed[6], missed[7], missed[8]);
}

/* Two receivers on one body, two people side by side, the same way another
 * day: with the best receivers there are, whose errors are least. */
TEST(honest_recordings_are_no_copies)
{
    for (uint64_t seed = 0; seed < runs(); seed++) {
        struct es_arena a;
        es_arena_init(&a, MEM);
        struct sim_setup k = setup(50000 + seed);
        enum sim_receiver by = seed % 3 ? SIM_MULTIBAND : SIM_WATCH;
        k.receiver = SIM_EXACT;
        k.sampling = SIM_EACH_1S;
        struct es_track truth = made(&k, &a);
        for (size_t i = 0; i < truth.n; i++)
            truth.pts[i].hr_bpm = 0; /* no strap for two */
        struct es_track t = sim_seen(&truth, by, 0, 4 * seed, &a), x[3];
        x[0] = sim_seen(&truth, by, 0, 4 * seed + 1, &a);
        x[1] = sim_seen(&truth, by, 1, 4 * seed + 2, &a);
        struct es_track again = sim_again(&truth, 1.08, seed, &a);
        x[2] = sim_seen(&again, by, 0, 4 * seed + 3, &a);
        for (size_t i = 0; i < 3; i++) {
            struct es_match m = match(&t, &x[i], &a);
            if (es_match_copy(&m) != ES_COPY_NONE)
                FAIL("seed %d, pair %zu: %.2f m, %.2f m, along %.2f m, %.0f s",
                     (int)seed, i, m.beside_half_m, m.beside_most_m,
                     m.along_most_m, m.compared_s);
        }
        es_arena_release(&a);
    }
}

/* A gym's file: a pulse and a belt's distance. */
TEST(a_pulse_without_places_is_enough)
{
    struct es_arena a;
    es_arena_init(&a, MEM);
    struct sim_setup k = setup(7);
    k.heart = true;
    k.receiver = SIM_WATCH;
    k.sampling = SIM_EACH_1S;
    k.dist_m = 5000;
    struct es_track t = made(&k, &a), mine = sim_cut(&t, 0.04, 1, &a);
    k.seed = 8;
    struct es_track other = made(&k, &a);
    for (size_t i = 0; i < mine.n; i++)
        mine.pts[i].lat_deg = mine.pts[i].lon_deg = NAN;
    struct es_match m = match(&t, &mine, &a);
    CHECK(isnan(m.beside_half_m));
    CHECK(m.pulse_share > 0.99);
    CHECK_INT(es_match_copy(&m), ES_COPY_BEATS);
    m = match(&t, &other, &a);
    CHECK(m.pulse_share < 0.5);
    CHECK_INT(es_match_copy(&m), ES_COPY_NONE);
    es_arena_release(&a);
}

/* Two avatars on one drawn road are at the same metre, never in step. */
TEST(a_virtual_road_is_nobodys_copy)
{
    struct es_arena a;
    es_arena_init(&a, MEM);
    struct sim_setup k = setup(12);
    k.receiver = SIM_EXACT;
    k.sampling = SIM_EACH_1S;
    k.dist_m = 8000;
    struct es_track t = made(&k, &a), x = sim_again(&t, 1.05, 3, &a);
    t.sub_sport = x.sub_sport = 58;
    struct es_match m = match(&t, &x, &a);
    CHECK(m.beside_most_m < 0.3);
    CHECK_INT(es_match_copy(&m), ES_COPY_NONE);
    struct es_track same = sim_moved(&t, 90000000, 1, &a);
    m = match(&t, &same, &a);
    CHECK_INT(es_match_copy(&m), ES_COPY_WAY);
    es_arena_release(&a);
}

TEST(anything_can_be_compared)
{
    struct es_arena a;
    struct es_point p[20];
    struct es_track none = es_track_none(), t = es_track_none();
    es_arena_init(&a, MEM);
    for (size_t i = 0; i < 20; i++) {
        p[i] = es_point_none();
        p[i].lat_deg = i % 2 ? 90 : -90;
        p[i].lon_deg = i % 3 ? 180 : -180;
        p[i].t_ms = (int64_t)i * 1000000000;
    }
    t.pts = p;
    t.n = 20;
    struct es_match m = match(&none, &none, &a);
    CHECK_INT(es_match_copy(&m), ES_COPY_NONE);
    m = match(&t, &none, &a);
    CHECK_INT(es_match_copy(&m), ES_COPY_NONE);
    for (size_t n = 0; n < 20; n++) {
        t.n = n;
        m = match(&t, &t, &a);
        CHECK(!(m.beside_most_m > 0));
    }
    es_arena_release(&a);
}

TEST(a_match_is_read_as_hostile_bytes_are)
{
    struct es_arena a;
    struct es_buf b;
    struct es_rd r;
    struct es_match back;
    es_arena_init(&a, MEM);
    es_buf_init(&b, 1024);
    struct sim_setup k = setup(3);
    struct es_track t = made(&k, &a), x = sim_noised(&t, 1, 1, &a);
    struct es_match m = match(&t, &x, &a);
    es_match_put(&b, &m);
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_match_get(&r, &back, NULL), ES_OK);
    CHECK_INT(es_rd_left(&r), 0);
    CHECK_NEAR(back.beside_half_m, m.beside_half_m, 0);
    CHECK_NEAR(back.compared_s, m.compared_s, 0);
    CHECK_INT(es_match_copy(&back), es_match_copy(&m));
    for (size_t n = 0; n < b.n; n++) {
        es_rd_init(&r, (struct es_bytes){ b.p, n });
        CHECK_INT(es_match_get(&r, &back, NULL), ES_ETRUNCATED);
    }
    b.p[0] = 4; /* no such flag */
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_match_get(&r, &back, NULL), ES_EMALFORMED);
    b.p[0] = 0;
    b.p[8] = 0xff; /* metres below nought */
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_match_get(&r, &back, NULL), ES_EMALFORMED);
    es_buf_release(&b);
    es_arena_release(&a);
}
