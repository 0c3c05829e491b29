/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sketches, their marks, and the index of them. */
#include <stdlib.h>
#include <string.h>

#include "copies/copies.h"
#include "sim/copy.h"
#include "t.h"

enum { MEM = 512 << 20 };
static const uint8_t KEY[ES_SIPHASH_KEY] = "key of the test";

static struct es_sketch sketch(const struct es_track *t, struct es_arena *a)
{
    struct es_sketch s;
    if (es_sketch_of(t, a, &s, NULL) != ES_OK)
        FAIL("no memory for a sketch");
    return s;
}

static struct es_marks marks(const struct es_track *t, struct es_arena *a)
{
    struct es_sketch s = sketch(t, a);
    struct es_marks m;
    es_marks_of(KEY, 1, &s, &m);
    return m;
}

static size_t common(const struct es_marks *p, const struct es_marks *q)
{
    size_t n = 0;
    for (size_t i = 0; i < ES_MARKS; i++)
        n += p->v[i] != 0 && p->v[i] == q->v[i];
    return n;
}

static struct es_track run(uint64_t seed, struct es_arena *a)
{
    struct sim_setup k = sim_honest(seed);
    struct sim_run r;
    if (k.dist_m > 16000)
        k.dist_m = 16000;
    if (!sim_run_make(&k, a, &r))
        FAIL("no memory for a run");
    return r.track;
}

/* The reference's own test vectors. */
TEST(siphash_is_siphash)
{
    uint8_t key[ES_SIPHASH_KEY], text[15];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)i;
    CHECK(es_siphash(key, (struct es_bytes){ text, 15 }) ==
          0xa129ca6149be45e5u);
    CHECK(es_siphash(key, (struct es_bytes){ text, 8 }) == 0x93f5f5799a932462u);
    CHECK(es_siphash(key, (struct es_bytes){ NULL, 0 }) == 0x726fdb47dd0e0e31u);
}

/* ---- sketches ---- */

TEST(a_sketch_reads_back_and_nothing_else_is_one)
{
    struct es_arena a;
    struct es_buf b;
    struct es_rd r;
    es_arena_init(&a, MEM);
    es_buf_init(&b, 4096);
    struct es_track t = run(3, &a);
    struct es_sketch s = sketch(&t, &a), back;
    es_sketch_put(&b, &s);
    CHECK_INT(b.n, ES_SKETCH_BYTES);
    es_rd_init(&r, es_buf_bytes(&b));
    CHECK_INT(es_sketch_get(&r, &back, NULL), ES_OK);
    CHECK(memcmp(s.place, back.place, sizeof s.place) == 0);
    CHECK(memcmp(s.pulse, back.pulse, sizeof s.pulse) == 0);
    CHECK(s.started_ms == back.started_ms && s.lasted_s == back.lasted_s);
    for (size_t n = 0; n < b.n; n++) {
        es_rd_init(&r, (struct es_bytes){ b.p, n });
        CHECK_INT(es_sketch_get(&r, &back, NULL), ES_ETRUNCATED);
    }
    for (size_t i = 0; i < 3; i++) {
        b.p[i] ^= 1;
        es_rd_init(&r, es_buf_bytes(&b));
        CHECK_INT(es_sketch_get(&r, &back, NULL), ES_EMALFORMED);
        b.p[i] ^= 1;
    }
    es_buf_release(&b);
    es_arena_release(&a);
}

TEST(nothing_makes_no_marks)
{
    struct es_arena a;
    es_arena_init(&a, MEM);
    struct es_track t = es_track_none();
    struct es_marks m = marks(&t, &a);
    CHECK(!es_marks_any(&m));
    struct es_point p = es_point_none();
    p.lat_deg = p.lon_deg = 10;
    t.pts = &p;
    t.n = 1;
    m = marks(&t, &a);
    CHECK(!es_marks_any(&m));
    es_arena_release(&a);
}

/* A clock that leaps, places at the ends of the earth and across the date
 * line: no step may take years, no number may be undefined. */
TEST(any_track_can_be_sketched)
{
    static const double LAT[] = { 90, -90, 0, 89.9999, -45.00001 };
    struct es_arena a;
    struct es_point p[6];
    struct es_track t = es_track_none();
    es_arena_init(&a, MEM);
    for (size_t k = 0; k < 5; k++) {
        for (size_t i = 0; i < 6; i++) {
            p[i] = es_point_none();
            p[i].lat_deg = LAT[(k + i) % 5];
            p[i].lon_deg = i % 2 ? 180 : -179.9999;
            p[i].t_ms =
                i < 3 ? (int64_t)i * 1000 : 253402300799000 - (int64_t)i;
            p[i].hr_bpm = (uint8_t)(60 + i);
        }
        t.pts = p;
        t.n = 6;
        (void)sketch(&t, &a);
    }
    es_arena_release(&a);
}

TEST(marks_are_nothing_without_the_key_and_the_scope)
{
    struct es_arena a;
    struct es_marks m, of_other_key, of_other_scope;
    uint8_t other[ES_SIPHASH_KEY] = "another key";
    es_arena_init(&a, MEM);
    struct es_track t = run(8, &a);
    struct es_sketch s = sketch(&t, &a);
    es_marks_of(KEY, 1, &s, &m);
    es_marks_of(other, 1, &s, &of_other_key);
    es_marks_of(KEY, 2, &s, &of_other_scope);
    CHECK_INT(common(&m, &m),
              ES_MARKS_PLACE +
                  (s.pulse[0] != ES_SKETCH_NONE) * ES_SKETCH_BEATS +
                  (s.step[0] != ES_SKETCH_NONE) * ES_SKETCH_BEATS);
    CHECK_INT(common(&m, &of_other_key), 0);
    CHECK_INT(common(&m, &of_other_scope), 0);
    es_arena_release(&a);
}

/* ---- the index ---- */

static struct es_marks random_marks(uint64_t *seed)
{
    struct es_marks m = { .started_ms = ES_NO_TIME };
    for (size_t i = 0; i < ES_MARKS_PLACE; i++) {
        ++*seed;
        m.v[i] = (uint32_t)es_siphash(
            KEY, (struct es_bytes){ (const uint8_t *)seed, sizeof *seed });
    }
    return m;
}

static size_t find(struct es_copies *c, const struct es_marks *m,
                   struct es_likeness out[8])
{
    size_t n = 99;
    CHECK_INT(es_copies_find(c, m, out, 8, &n, NULL), ES_OK);
    return n;
}

TEST(what_was_added_is_found_until_it_is_dropped)
{
    enum { N = 20000 }; /* three parts of the index */
    struct es_copies *c;
    struct es_likeness l[8];
    uint64_t seed = 5;
    struct es_marks *m = malloc(N * sizeof *m);
    CHECK_INT(es_copies_new(&c, NULL), ES_OK);
    for (int i = 0; i < N; i++) {
        m[i] = random_marks(&seed);
        CHECK_INT(es_copies_add(c, i + 1, &m[i], NULL), ES_OK);
    }
    CHECK_INT(es_copies_count(c), N);
    for (int i = 0; i < N; i += 7) {
        CHECK_INT(find(c, &m[i], l), 1);
        CHECK_INT(l[0].run, i + 1);
        CHECK_INT(l[0].places, ES_MARKS_PLACE);
        CHECK_INT(l[0].beats, 0);
    }
    for (int i = 0; i < N; i += 2)
        es_copies_drop(c, i + 1, &m[i]);
    es_copies_drop(c, 1, &m[0]); /* twice is fine */
    CHECK_INT(es_copies_count(c), N / 2);
    for (int i = 0; i < N; i += 7)
        CHECK_INT(find(c, &m[i], l), i % 2);
    es_copies_free(c);
    free(m);
}

TEST(one_mark_is_chance_and_two_are_a_likeness)
{
    struct es_copies *c;
    struct es_likeness l[8];
    uint64_t seed = 9;
    struct es_marks m = random_marks(&seed), q = random_marks(&seed);
    CHECK_INT(es_copies_new(&c, NULL), ES_OK);
    CHECK_INT(es_copies_add(c, 77, &m, NULL), ES_OK);
    q.v[3] = m.v[3];
    CHECK_INT(find(c, &q, l), 0);
    q.v[30] = m.v[30];
    CHECK_INT(find(c, &q, l), 1);
    CHECK_INT(l[0].places, 2);
    q.v[3] = 0; /* no mark equals no mark */
    m.v[3] = 0;
    CHECK_INT(es_copies_add(c, 78, &m, NULL), ES_OK);
    CHECK_INT(find(c, &q, l), 0);
    es_copies_free(c);
}

TEST(who_was_there_at_the_same_time_comes_first)
{
    struct es_copies *c;
    struct es_likeness l[8];
    uint64_t seed = 11;
    struct es_marks m = random_marks(&seed), part = random_marks(&seed);
    CHECK_INT(es_copies_new(&c, NULL), ES_OK);
    m.started_ms = 1767250800000;
    m.lasted_s = 3600;
    CHECK_INT(es_copies_add(c, 1, &m, NULL), ES_OK);
    memcpy(part.v, m.v, 8 * sizeof m.v[0]);
    part.started_ms = m.started_ms + 3000000;
    part.lasted_s = 100;
    CHECK_INT(es_copies_add(c, 2, &part, NULL), ES_OK);
    m.started_ms += 86400000;
    CHECK_INT(es_copies_add(c, 3, &m, NULL), ES_OK);
    CHECK_INT(find(c, &part, l), 3);
    CHECK(l[0].run == 2 && l[0].same_time && l[0].places == 32);
    CHECK(l[1].run == 1 && l[1].same_time && l[1].places == 8);
    CHECK(l[2].run == 3 && !l[2].same_time && l[2].places == 8);
    size_t n;
    CHECK_INT(es_copies_find(c, &part, l, 1, &n, NULL), ES_OK);
    CHECK(n == 1 && l[0].run == 2);
    es_copies_free(c);
}

/* An initiative on one course: everybody shares half of the marks with
 * everybody, and the copied run is the oldest of all. */
TEST(a_course_that_thousands_run_hides_no_copy)
{
    enum { N = 30000 };
    struct es_copies *c;
    struct es_likeness l[8];
    uint64_t seed = 21;
    struct es_marks course = random_marks(&seed), first = { 0 };
    CHECK_INT(es_copies_new(&c, NULL), ES_OK);
    for (int i = 0; i < N; i++) {
        struct es_marks m = random_marks(&seed);
        for (size_t k = 0; k < ES_MARKS_PLACE; k++)
            if (m.v[k] >> 31)
                m.v[k] = course.v[k];
        CHECK_INT(es_copies_add(c, i + 1, &m, NULL), ES_OK);
        if (i == 0)
            first = m;
    }
    CHECK(find(c, &first, l) > 0);
    CHECK_INT(l[0].run, 1);
    es_copies_free(c);
}

TEST(marks_are_kept_as_bytes)
{
    struct es_buf b;
    uint64_t seed = 4;
    struct es_marks m = random_marks(&seed), back;
    m.started_ms = 5;
    m.lasted_s = 6;
    es_buf_init(&b, 1024);
    es_marks_put(&b, &m);
    CHECK_INT(b.n, ES_MARKS_BYTES);
    CHECK_INT(es_marks_get(es_buf_bytes(&b), &back, NULL), ES_OK);
    CHECK(memcmp(m.v, back.v, sizeof m.v) == 0);
    CHECK(back.started_ms == 5 && back.lasted_s == 6);
    for (size_t n = 0; n < b.n; n++)
        CHECK_INT(es_marks_get((struct es_bytes){ b.p, n }, &back, NULL),
                  ES_EMALFORMED);
    b.p[0]++;
    CHECK_INT(es_marks_get(es_buf_bytes(&b), &back, NULL), ES_EMALFORMED);
    es_buf_release(&b);
}

/* ---- both together ---- */

/* Each kind of copy of many runs shares two marks with its original; runs that
 * went elsewhere share none. */
TEST(copies_are_candidates)
{
    enum { RUNS = 24, KINDS = 7 };
    size_t found[KINDS] = { 0 };
    struct es_marks last = { 0 };
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        struct es_arena a;
        es_arena_init(&a, MEM);
        struct es_track t = run(400 + seed, &a), x;
        struct es_marks m = marks(&t, &a);
        for (size_t k = 0; k < KINDS; k++) {
            switch (k) {
            case 0:
                x = sim_resampled(&t, 5, &a);
                break;
            case 1:
                x = sim_resampled(&t, 10, &a);
                break;
            case 2:
                x = sim_cut(&t, 0.15, 0.85, &a);
                break;
            case 3:
                x = sim_noised(&t, 1.5, seed, &a);
                break;
            case 4:
                x = sim_resampled(&t, 3, &a);
                x = sim_noised(&x, 1.5, seed, &a);
                break;
            case 5:
                x = sim_moved(&t, 1000000000, 0.9, &a);
                break;
            default:
                x = sim_turned(&t, &a);
            }
            struct es_marks q = marks(&x, &a);
            found[k] += common(&m, &q) >= 2;
        }
        CHECK(common(&m, &last) < 2);
        last = m;
        es_arena_release(&a);
    }
    for (size_t k = 0; k < KINDS; k++)
        if (found[k] < RUNS)
            FAIL("copies of kind %zu: %zu of %d", k, found[k], RUNS);
}
