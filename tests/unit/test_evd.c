/* SPDX-License-Identifier: Apache-2.0 */
/* The distance of smoothed positions: what must not change it, what it is
 * right to, and the reference program beside the checkout. */
#include "track/evd.h"

#include <math.h>
#include <string.h>

#include "geo/geo.h"
#include "geo/metric.h"
#include "sim/sim.h"
#include "t.h"
#include "track/measure_int.h"

enum { MEM = 400 << 20 };

static struct es_measure measured(const struct es_track *tr, struct es_arena *a)
{
    struct es_measure m;
    struct es_err e = { 0 };
    CHECK_INT(es_measure(tr, ES_FORMAT_FIT, a, &m, &e), ES_OK);
    return m;
}

/* A run of about `dist_m` on the seed's path, seen by a receiver that is
 * really about, without a device's own distance. */
static struct sim_run made(uint64_t seed, enum sim_receiver receiver,
                           double dist_m, struct es_arena *a)
{
    struct sim_setup k = sim_honest(seed);
    struct sim_run r;
    k.receiver = receiver;
    k.path = (enum sim_path)(seed % SIM_HAIRPINS);
    k.sampling = SIM_EACH_1S;
    k.plan = SIM_FADE;
    k.meter = SIM_NO_METER;
    k.speed = false;
    k.dist_m = dist_m;
    es_arena_init(a, MEM);
    CHECK(sim_run_make(&k, a, &r));
    return r;
}

static void turn_round(struct es_track *tr)
{
    for (size_t i = 0; i < tr->n / 2; i++) {
        struct es_point *p = &tr->pts[i], *q = &tr->pts[tr->n - 1 - i], tmp;
        tmp = *p;
        *p = *q;
        *q = tmp;
    }
    int64_t both_ms = tr->pts[0].t_ms + tr->pts[tr->n - 1].t_ms;
    for (size_t i = 0; i < tr->n; i++) {
        tr->pts[i].t_ms = both_ms - tr->pts[i].t_ms;
        tr->pts[i].flags = 0;
    }
}

TEST(where_when_and_which_way_change_nothing)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct es_arena a;
        struct sim_run r = made(seed, SIM_WATCH, 3000, &a);
        double want = measured(&r.track, &a).smooth_m;
        CHECK_NEAR(want, r.dist_m, 0.04 * r.dist_m);
        for (size_t i = 0; i < r.track.n; i++) {
            struct es_point *p = &r.track.pts[i];
            p->lon_deg += 175; /* over the date line, for some */
            p->lon_deg -= p->lon_deg > 180 ? 360 : 0;
            p->t_ms += 86400000;
        }
        r.track.started_ms += 86400000;
        CHECK_NEAR(measured(&r.track, &a).smooth_m, want, 1e-6 * want);
        turn_round(&r.track);
        CHECK_NEAR(measured(&r.track, &a).smooth_m, want, 5e-3 * want);
        es_arena_release(&a);
    }
}

/* The whole is the sum of its parts but for what each part knows less. */
TEST(parts_make_the_whole)
{
    struct es_arena a;
    struct sim_run r = made(11, SIM_MULTIBAND, 8000, &a);
    struct es_track part = r.track;
    double want = measured(&r.track, &a).smooth_m, sum = 0;
    for (size_t from = 0; from + 1 < r.track.n; from += part.n - 1) {
        part.pts = r.track.pts + from;
        part.n = r.track.n - from < 901 ? r.track.n - from : 901;
        sum += measured(&part, &a).smooth_m;
    }
    CHECK_NEAR(sum, want, 3e-3 * want);
    es_arena_release(&a);
}

TEST(fewer_fixes_tell_nearly_the_same)
{
    struct es_arena a;
    struct sim_run r = made(10, SIM_MULTIBAND, 6000, &a);
    struct es_track tr = r.track;
    double want = measured(&tr, &a).smooth_m;
    for (size_t every = 2; every <= 4; every++) {
        size_t n = 0;
        tr.pts = es_arena_array(&a, r.track.n, sizeof *tr.pts);
        for (size_t i = 0; i < r.track.n; i += every)
            tr.pts[n++] = r.track.pts[i];
        tr.n = n;
        CHECK_NEAR(measured(&tr, &a).smooth_m, want, 0.02 * want);
    }
    es_arena_release(&a);
}

/* A grid twice as large is a way twice as long: the noise too, so the share of
 * it that is taken off stays; only speeds that rules name change. */
TEST(twice_as_large_is_twice_as_long)
{
    struct es_arena a;
    struct sim_run r = made(12, SIM_EXACT, 4000, &a);
    double lat0 = r.track.pts[0].lat_deg, lon0 = r.track.pts[0].lon_deg;
    double want = measured(&r.track, &a).smooth_m, flat_m = 0;
    for (size_t i = 0; i < r.track.n; i++) {
        struct es_point *p = &r.track.pts[i];
        p->lat_deg = lat0 + 2 * (p->lat_deg - lat0);
        p->lon_deg = lon0 + 2 * (p->lon_deg - lon0);
        p->t_ms += p->t_ms - r.track.pts[0].t_ms;
    }
    struct es_measure m = measured(&r.track, &a);
    flat_m = m.smooth_m / 2;
    CHECK_NEAR(flat_m, want, 0.01 * want);
    es_arena_release(&a);
}

static void damage(struct es_track *tr, size_t k)
{
    struct es_point *p = &tr->pts[k];
    p->lat_deg += 0.002; /* 200 m off, for three fixes */
    p[1].lat_deg += 0.002;
    p[2].lat_deg += 0.002;
    p[40].t_ms = p[39].t_ms; /* a time twice, one that goes back */
    p[80].t_ms -= 9000;
    p[120].lat_deg = p[120].lon_deg = NAN;
}

TEST(what_receivers_and_clocks_do_wrong_hardly_shows)
{
    struct es_arena a;
    struct sim_run r = made(13, SIM_MULTIBAND, 5000, &a);
    double want = measured(&r.track, &a).smooth_m;
    for (size_t k = 100; k + 200 < r.track.n; k += 300)
        damage(&r.track, k);
    CHECK_NEAR(measured(&r.track, &a).smooth_m, want, 2e-3 * want);
    es_arena_release(&a);
}

/* Ten minutes during which nobody goes anywhere. */
TEST(standing_makes_no_metres)
{
    struct es_arena a;
    struct sim_run r = made(14, SIM_PHONE, 4000, &a);
    struct sim_rand g;
    struct es_track tr = r.track;
    double want = measured(&tr, &a).smooth_m, x = 0, y = 0;
    enum { STAND = 600 };
    tr.pts = es_arena_array(&a, r.track.n + STAND, sizeof *tr.pts);
    memcpy(tr.pts, r.track.pts, r.track.n * sizeof *tr.pts);
    sim_rand_init(&g, 99);
    struct es_point *last = &r.track.pts[r.track.n - 1];
    for (int i = 0; i < STAND; i++) {
        struct es_point *p = &tr.pts[tr.n++];
        *p = *last;
        x = 0.97 * x + 0.06 * sim_gauss(&g);
        y = 0.97 * y + 0.06 * sim_gauss(&g);
        p->lat_deg += x / 111000;
        p->lon_deg += y / 111000;
        p->t_ms += 1000 * (i + 1);
    }
    tr.elapsed_s += STAND;
    struct es_measure m = measured(&tr, &a);
    CHECK_NEAR(m.smooth_m, want, 15);
    CHECK_NEAR(m.moving_s, m.elapsed_s - STAND, 45);
    es_arena_release(&a);
}

/* The same bits whatever the memory held before, and however often. */
TEST(the_same_track_gives_the_same_bits)
{
    struct es_arena a;
    struct sim_run r = made(15, SIM_URBAN, 3000, &a);
    struct es_fixes f;
    struct es_evd first, again;
    CHECK_INT(es_fixes_of(&r.track, r.track.started_ms, &a, &f, NULL), ES_OK);
    uint8_t *scratch = es_arena_array(&a, f.n, ES_EVD_SCRATCH);
    CHECK_INT(es_evd_of(&f, scratch, &a, &first, NULL), ES_OK);
    memset(scratch, 0xa5, f.n * ES_EVD_SCRATCH);
    CHECK_INT(es_evd_of(&f, scratch, &a, &again, NULL), ES_OK);
    CHECK(first.total_m == again.total_m && first.cv == again.cv);
    CHECK(memcmp(first.along_m, again.along_m, f.n * sizeof(double)) == 0);
    CHECK(memcmp(first.still, again.still, f.n) == 0);
    for (size_t i = 1; i < f.n; i++)
        CHECK(first.along_m[i] >= first.along_m[i - 1]);
    es_arena_release(&a);
}

TEST(the_metric_of_a_band_is_the_geodesic)
{
    struct es_geo_metric g = { 0 };
    struct sim_rand rnd;
    sim_rand_init(&rnd, 5);
    for (int i = 0; i < 20000; i++) {
        double lat = sim_uniform(&rnd, -90, 90);
        double lon = sim_uniform(&rnd, -180, 180);
        double reach = i % 5 == 0 ? 3 : 0.008;
        double lat2 =
            fmin(fmax(lat + sim_uniform(&rnd, -reach, reach), -90), 90);
        double lon2 = lon + sim_uniform(&rnd, -reach, reach);
        lon2 -= lon2 > 180 ? 360 : lon2 < -180 ? -360 : 0;
        double want = es_geo_distance_m(lat, lon, lat2, lon2);
        struct es_geo_step s = es_geo_step_of(&g, lat, lon, lat2, lon2);
        struct es_geo_metric fresh = { 0 };
        struct es_geo_step t = es_geo_step_of(&fresh, lat, lon, lat2, lon2);
        CHECK_NEAR(s.length_m, want, 1e-8 * want + 1e-9);
        CHECK_NEAR(hypot(s.east_m, s.north_m), s.length_m, 1e-9 * want);
        CHECK(memcmp(&s, &t, sizeof s) == 0); /* whatever came before */
    }
}

/* ---- how right it is ---- */

struct score {
    double sum2, worst;
    size_t n, within2;
};

static void judge(struct score *s, const struct es_measure *m, double true_m)
{
    double off = m->dist_m / true_m - 1;
    s->sum2 += off * off;
    s->worst = fmax(s->worst, fabs(off));
    s->within2 += fabs(m->dist_m - true_m) <= 2 * m->dist_err_m;
    s->n++;
}

/* Seeds that nothing was tuned on. The bounds leave room for what a few draws
 * of a class can be; how right it is over many, ./dev bench accuracy says. */
TEST(distances_of_runs_that_never_were)
{
    static const double RMS_MAX[SIM_RECEIVERS] = { 0.01, 0.03, 0.05, 0.12,
                                                   0.06 };
    struct score all = { 0 };
    for (int receiver = 0; receiver < SIM_RECEIVERS; receiver++) {
        struct score s = { 0 };
        for (uint64_t seed = 770000; seed < 770015; seed++) {
            struct es_arena a;
            struct sim_run r =
                made(seed, (enum sim_receiver)receiver, 4000, &a);
            struct es_measure m = measured(&r.track, &a);
            judge(&s, &m, r.dist_m);
            judge(&all, &m, r.dist_m);
            es_arena_release(&a);
        }
        double rms = sqrt(s.sum2 / (double)s.n);
        if (rms > RMS_MAX[receiver])
            FAIL("receiver %d: RMS %.2f %%, worst %.2f %%", receiver, 100 * rms,
                 100 * s.worst);
    }
    CHECK(all.within2 >= all.n * 85 / 100); /* the error that is shown */
}

#ifdef ES_HAVE_REFERENCE
struct ref_fix { /* evsim.h, pt_t */
    double t, lat, lon, ele, acc, speed, dist, hr, cad;
    int brk;
};
struct ref_info { /* evd.h, evd_info */
    double total, naive, r, cv, corr, drift, gap_m, gap_s, moving_s;
    double m_long, m_lat;
    int spikes;
};
int evd_stream(const struct ref_fix *p, size_t n, double *d,
               struct ref_info *info);

static void check_agrees(const struct es_track *tr, struct es_arena *a,
                         struct score *ours, struct score *theirs,
                         double true_m)
{
    struct ref_fix *p = es_arena_array(a, tr->n, sizeof *p);
    struct ref_info ref;
    struct es_fixes f;
    struct es_evd evd;
    size_t n = 0;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *q = &tr->pts[i];
        if (es_point_has_position(q) && q->t_ms != ES_NO_TIME)
            p[n++] = (struct ref_fix){
                .t = ((double)q->t_ms - (double)tr->started_ms) / 1000,
                .lat = q->lat_deg,
                .lon = q->lon_deg,
                .brk = (q->flags & ES_PT_RESUME) != 0,
            };
    }
    (void)evd_stream(p, n, NULL, &ref);
    CHECK_INT(es_fixes_of(tr, tr->started_ms, a, &f, NULL), ES_OK);
    void *scratch = es_arena_array(a, f.n, ES_EVD_SCRATCH);
    CHECK_INT(es_evd_of(&f, scratch, a, &evd, NULL), ES_OK);
    ours->sum2 += pow(evd.total_m / true_m - 1, 2);
    theirs->sum2 += pow(ref.total / true_m - 1, 2);
    if (f.n_jumps > 0 || evd.fix_var != ref.r)
        return; /* it counts jumps, and tries each variance */
    ours->n++;
    CHECK_NEAR(evd.total_m, ref.total, 1e-7 * ref.total);
    CHECK_NEAR(evd.cv, ref.cv, 1e-6);
    CHECK_NEAR(f.raw_m, ref.naive, 1e-7 * ref.naive);
    CHECK_INT(f.spikes, ref.spikes);
}

TEST(the_reference_program_agrees)
{
    struct score ours = { 0 }, theirs = { 0 };
    enum { RUNS = 60 };
    for (uint64_t seed = 880000; seed < 880000 + RUNS; seed++) {
        struct sim_setup k = sim_honest(seed);
        struct es_arena a;
        struct sim_run r;
        k.plan = k.plan == SIM_PAUSES ? SIM_STEADY : k.plan;
        k.dist_m = fmin(k.dist_m, 6000);
        es_arena_init(&a, MEM);
        CHECK(sim_run_make(&k, &a, &r));
        check_agrees(&r.track, &a, &ours, &theirs, r.dist_m);
        es_arena_release(&a);
    }
    CHECK(ours.n >= RUNS * 9 / 10);
    CHECK(sqrt(ours.sum2) <= 1.05 * sqrt(theirs.sum2));
}
#endif
