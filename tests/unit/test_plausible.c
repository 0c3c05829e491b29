/* SPDX-License-Identifier: Apache-2.0 */
/* Who is blamed: nobody honest, and as many of the others as can be. */
#include <dirent.h>
#include <math.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "sim/sim.h"
#include "t.h"
#include "track/human.h"
#include "track/measure.h"

enum { RUN_MEM = 512 << 20 };

/* What more than notes something: sends to review or leaves metres out. */
static const struct es_finding *hard(const struct es_measure *m)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (m->findings[i].effect != ES_NOTE)
            return &m->findings[i];
    return NULL;
}

static bool has(const struct es_measure *m, const char *code)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (strcmp(m->findings[i].code, code) == 0)
            return true;
    return false;
}

/* What is found in a run; it lives in `a`. */
static struct es_measure judged(const struct sim_setup *k, struct es_arena *a,
                                void (*forge)(struct es_track *),
                                struct sim_run *r)
{
    struct es_measure m;
    struct es_err e = { 0 };
    es_arena_init(a, RUN_MEM);
    if (!sim_run_make(k, a, r))
        FAIL("no memory for a run");
    if (forge)
        forge(&r->track);
    CHECK_INT(es_measure(&r->track, ES_FORMAT_GPX, a, &m, &e), ES_OK);
    return m;
}

/* Enough for a bound of one in a thousand (95 %) with ./dev test --long. */
TEST(the_honest_are_left_alone)
{
    uint64_t runs = getenv("ES_LONG") ? 6000 : 200, blamed = 0;
    for (uint64_t seed = 1; seed <= runs; seed++) {
        struct sim_setup k = sim_honest(seed);
        struct es_arena a;
        struct sim_run r;
        struct es_measure m = judged(&k, &a, NULL, &r);
        const struct es_finding *f = hard(&m);
        if (f) {
            print_error("seed %u (path %d, receiver %d, sampling %d, plan %d): "
                        "%s: %s\n",
                        (unsigned)seed, (int)k.path, (int)k.receiver,
                        (int)k.sampling, (int)k.plan, f->code, f->message);
            blamed++;
        }
        es_arena_release(&a);
    }
    CHECK_INT(blamed, 0);
}

/* ---- the others ---- */

static void twice_as_fast(struct es_track *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->pts[i].t_ms = t->started_ms + (t->pts[i].t_ms - t->started_ms) / 2;
    t->elapsed_s /= 2;
    t->timer_s /= 2;
}

/* Drawn larger on the map; what the device counted with it. */
static void twice_as_far(struct es_track *t)
{
    double lat = t->pts[0].lat_deg, lon = t->pts[0].lon_deg;
    for (size_t i = 0; i < t->n; i++) {
        struct es_point *p = &t->pts[i];
        p->lat_deg = lat + 2 * (p->lat_deg - lat);
        p->lon_deg = lon + 2 * remainder(p->lon_deg - lon, 360);
        p->dist_m *= 2;
    }
    t->device_dist_m *= 2;
}

static void on_streets(struct sim_setup *k)
{
    k->path = k->seed % 2 ? SIM_ROAD : SIM_CITY;
}

static void ride_home(struct sim_setup *k)
{
    on_streets(k);
    k->dist_m = 8000;
    k->ride = SIM_CAR;
    k->ride_from_m = 5000;
    k->ride_to_m = 1e9;
    k->ride_mps = 14;
}

static void car(struct sim_setup *k)
{
    on_streets(k);
    k->mover = SIM_CAR;
    k->speed_mps = 13;
}

static void bicycle(struct sim_setup *k)
{
    k->mover = SIM_BICYCLE;
    k->speed_mps = 7.5;
    k->path = SIM_ROAD;
}

/* Into a run, with a watch that counts steps and beats. */
static void part_by_bicycle(struct sim_setup *k)
{
    k->receiver = SIM_WATCH;
    k->sampling = SIM_EACH_1S;
    k->heart = k->cadence = true;
    k->dist_m = 10000;
    k->path = SIM_ROAD;
    k->ride = SIM_BICYCLE;
    k->ride_from_m = 2000;
    k->ride_to_m = 8000;
    k->ride_mps = 5.5;
}

static void scooter(struct sim_setup *k)
{
    k->mover = SIM_SCOOTER;
    k->speed_mps = 25 / 3.6;
    k->dist_m = 8000;
    k->path = SIM_ROAD;
}

static void ghost(struct sim_setup *k)
{
    /* along streets; round sharp corners its fixes cut metres off, unevenly */
    on_streets(k);
    k->receiver = SIM_EXACT;
    k->plan = SIM_MACHINE;
    k->meter = SIM_NO_METER;
    k->speed = k->heart = k->cadence = false;
}

static void fast(struct sim_setup *k)
{
    k->speed_mps = 3.9;
    k->plan = SIM_STEADY;
    k->path = SIM_ROAD;
}

/* The share that must be caught is below what was seen on 400 seeds. */
static const struct fraud {
    const char *name;
    void (*set_up)(struct sim_setup *);
    void (*forge)(struct es_track *);
    double least;
} FRAUDS[] = {
    { "a run that drives home", ride_home, NULL, 0.95 },
    { "a car", car, NULL, 0.95 },
    { "a bicycle at 27 km/h", bicycle, NULL, 0.95 },
    { "a part by bicycle at 20 km/h", part_by_bicycle, NULL, 0.8 },
    { "a scooter at 25 km/h", scooter, NULL, 0.8 },
    { "positions drawn by a program", ghost, NULL, 0.98 },
    { "times halved", fast, twice_as_fast, 0.9 },
    { "positions scaled by two", fast, twice_as_far, 0.9 },
};

TEST(the_others_are_found)
{
    uint64_t seeds = getenv("ES_LONG") ? 400 : 20;
    for (size_t i = 0; i < sizeof FRAUDS / sizeof *FRAUDS; i++) {
        const struct fraud *f = &FRAUDS[i];
        uint64_t caught = 0;
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            struct sim_setup k = sim_honest(seed + 100000);
            struct es_arena a;
            struct sim_run r;
            k.mover = SIM_RUN;
            k.plan = SIM_STEADY;
            k.dist_m = 5000;
            if (k.speed_mps < 2)
                k.speed_mps = 2.5;
            f->set_up(&k);
            struct es_measure m = judged(&k, &a, f->forge, &r);
            caught += hard(&m) != NULL;
            es_arena_release(&a);
        }
        print_message("%s: %u of %u\n", f->name, (unsigned)caught,
                      (unsigned)seeds);
        if ((double)caught < f->least * (double)seeds)
            FAIL("%s: only %u of %u", f->name, (unsigned)caught,
                 (unsigned)seeds);
    }
}

/* Where the rest is a run it counts, and no best effort is the car's. */
TEST(a_ride_is_left_out_of_a_run)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct sim_setup k = sim_honest(seed + 300);
        struct es_arena a;
        struct sim_run r;
        k.mover = SIM_RUN;
        k.plan = SIM_STEADY;
        k.speed_mps = 3;
        ride_home(&k);
        k.path = SIM_ROAD;
        struct es_measure m = judged(&k, &a, NULL, &r);
        CHECK(has(&m, "left_out"));
        CHECK_STR(es_measure_verdict(&m), "ok");
        CHECK_NEAR(m.dist_m, 5000, 700);
        for (size_t i = 0; i < m.n_bests; i++)
            CHECK(m.bests[i].dist_m / m.bests[i].time_s < 6);
        es_arena_release(&a);
    }
}

/* Ever faster and downhill, each stretch is the worst so far: what is looked
 * up for each must not be looked for in the whole file. */
TEST(nothing_but_rides_comes_to_an_end)
{
    enum { N = 20000 };
    struct es_arena a;
    struct es_measure m;
    struct es_err e;
    struct es_track tr = es_track_none();
    double lat_deg = -60;
    es_arena_init(&a, RUN_MEM);
    tr.pts = es_arena_array(&a, N, sizeof *tr.pts);
    CHECK(tr.pts != NULL);
    tr.n = N;
    tr.sport = ES_SPORT_RUNNING;
    for (int i = 0; i < N; i++) {
        double mps = 6 + 8 * (double)i / N;
        lat_deg += mps / 111200;
        tr.pts[i] = es_point_none();
        tr.pts[i].t_ms = 1787637600000 + i * INT64_C(1000);
        tr.pts[i].lat_deg = lat_deg;
        tr.pts[i].lon_deg = 30;
        tr.pts[i].alt_m = (float)(9000 - i * 0.045);
    }
    CHECK_INT(es_measure(&tr, ES_FORMAT_GPX, &a, &m, &e), ES_OK);
    CHECK(hard(&m) != NULL);
    es_arena_release(&a);
}

/* ---- real files ---- */

static bool is_on_foot(uint8_t sport)
{
    return sport == ES_SPORT_RUNNING || sport == ES_SPORT_WALKING ||
           sport == ES_SPORT_HIKING;
}

static bool is_damaged(const struct es_track *t)
{
    static const char *const CODES[] = { "bad_checksum", "truncated",
                                         "damaged" };
    for (size_t i = 0; i < t->n_warnings; i++)
        for (size_t k = 0; k < sizeof CODES / sizeof *CODES; k++)
            if (strcmp(t->warnings[i].code, CODES[k]) == 0)
                return true;
    return false;
}

/* How many of its runs and walks were looked at. */
static size_t none_is_blamed(const char *path, struct es_bytes in)
{
    struct es_arena a;
    struct es_members members;
    struct es_err e = { 0 };
    size_t looked = 0;
    es_arena_init(&a, (size_t)1 << 30);
    if (es_unpack(in, &a, &members, &e) != ES_OK)
        members.n = 0;
    for (size_t i = 0; i < members.n; i++) {
        struct es_tracks t;
        if (members.v[i].code != ES_OK ||
            es_decode(members.v[i].bytes, &a, &t, &e) != ES_OK)
            continue;
        for (size_t k = 0; k < t.n; k++) {
            struct es_measure m;
            if (!is_on_foot(t.v[k].sport) || is_damaged(&t.v[k]))
                continue;
            CHECK_INT(es_measure(&t.v[k], t.format, &a, &m, &e), ES_OK);
            const struct es_finding *f = hard(&m);
            if (f)
                FAIL("%s: %s: %s", path, f->code, f->message);
            looked++;
        }
    }
    es_arena_release(&a);
    return looked;
}

TEST(real_runs_are_left_alone)
{
    static const char *const KINDS[] = { "fit", "gpx", "tcx" };
    const char *root = t_tracks();
    size_t looked = 0;
    if (!root)
        SKIP("no ../shared/tracks here");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", root, KINDS[i]);
        DIR *dir = opendir(path);
        CHECK(dir != NULL);
        for (struct dirent *d; (d = readdir(dir));) {
            struct es_buf b;
            struct es_err e = { 0 };
            if (d->d_name[0] == '.' || strstr(d->d_name, ".json"))
                continue;
            (void)snprintf(path, sizeof path, "%s/%s/%s", root, KINDS[i],
                           d->d_name);
            es_buf_init(&b, ES_UPLOAD_MAX);
            CHECK_INT(es_file_load(path, ES_UPLOAD_MAX, &b, &e), ES_OK);
            looked += none_is_blamed(path, es_buf_bytes(&b));
            es_buf_release(&b);
        }
        closedir(dir);
    }
    print_message("%zu runs and walks\n", looked);
    CHECK(looked > 20);
}

/* ---- the records ---- */

TEST(records_are_in_order_and_the_envelope_is_the_fastest)
{
    for (size_t i = 0; i < ES_RECORDS_N; i++) {
        const struct es_record *r = &ES_RECORDS[i];
        /* No row is faster than the line through those of the envelope. */
        double off = r->time_s / es_human_time_s(r->dist_m) - 1;
        if (r->fastest ? fabs(off) > 1e-12 : off <= 1e-12)
            FAIL("%.0f m in %.2f s (%s): fastest is %d", r->dist_m, r->time_s,
                 r->name, r->fastest);
        CHECK(r->whose == 'M' || r->whose == 'W');
        CHECK(r->status == 'R' || r->status == 'U' || r->status == 'P');
        CHECK_INT(strlen(r->date), strlen("2026-04-26"));
        CHECK(r->name[0] && r->list[0] && r->seen <= 1);
        if (i == 0)
            continue;
        CHECK(r->dist_m > r[-1].dist_m ||
              (r->dist_m == r[-1].dist_m && r->time_s > r[-1].time_s));
    }
    CHECK(ES_RECORDS[0].fastest);
}
