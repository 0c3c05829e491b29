/* SPDX-License-Identifier: Apache-2.0 */
/* A run as it happens, and the file that becomes of it. */
#include "t.h"

#include <math.h>

#include "lib/activities.h"
#include "lib/recording.h"
#include "sim/sim.h"

enum { MEM = 256 << 20, SETTLE_EACH = 20 };

static struct sim_setup as_seen_by(enum sim_receiver by, uint64_t seed)
{
    return (struct sim_setup){
        .seed = seed,
        .path = SIM_ROAD,
        .receiver = by,
        .sampling = SIM_EACH_1S,
        .meter = SIM_NO_METER,
        .climber = SIM_GPS_HEIGHT,
        .dist_m = 5000,
        .speed_mps = 3,
        .lat_deg = 48,
        .lon_deg = 11,
    };
}

static enum es_code add(struct es_recording *r, const struct es_point *p,
                        unsigned flags)
{
    return es_recording_add(r, (double)p->t_ms, p->lat_deg, p->lon_deg,
                            (double)p->alt_m, (double)p->speed_mps,
                            (double)p->acc_m, flags);
}

static struct es_recording *recorded(const struct es_track *t)
{
    struct es_recording *r = es_recording_new(ES_SPORT_RUNNING);
    CHECK(r);
    for (size_t i = 0; i < t->n; i++)
        CHECK_INT(add(r, &t->pts[i], t->pts[i].flags), ES_OK);
    return r;
}

/* All that is measured of a file's only activity, up to its verdict. */
static struct es_activities *measured(struct es_bytes file, const char **json)
{
    struct es_activities *all;
    CHECK_INT(es_activities_read(file.p, file.n, 0, &all, NULL), ES_OK);
    CHECK_INT(es_activities_count(all), 1);
    CHECK_INT(es_activities_json(all, 0, json, NULL), ES_OK);
    return all;
}

static size_t measure_length(const char *json)
{
    const char *end = strstr(json, "\"verdict\"");
    CHECK(end);
    return (size_t)(end - json);
}

/* The recorder's words of [from, to) are those of whoever reads its file. */
static void same_from_file(struct es_recording *r, size_t from, size_t to)
{
    const char *own, *theirs;
    struct es_bytes gpx;
    struct es_buf kept = { 0 };
    es_buf_init(&kept, 1 << 20);
    CHECK_INT(es_recording_measure(r, from, to, &own, NULL), ES_OK);
    es_buf_add(&kept, own, measure_length(own));
    CHECK_INT(es_recording_write(r, from, to, ES_FORMAT_GPX, &gpx, NULL),
              ES_OK);
    struct es_activities *all = measured(gpx, &theirs);
    CHECK_INT(es_activities_at(all, 0)->track->n, to - from);
    CHECK_INT(measure_length(theirs), kept.n);
    if (strncmp(theirs, es_buf_cstr(&kept), kept.n) != 0)
        FAIL("%s\nis not\n%s", theirs, es_buf_cstr(&kept));
    es_activities_free(all);
    es_buf_release(&kept);
}

static double dist_of(const char *json)
{
    static const char KEY[] = "\"distance_m\":";
    const char *at = strstr(json, KEY);
    CHECK(at);
    double v = 0, part = 0.1;
    for (at += sizeof KEY - 1; *at >= '0' && *at <= '9'; at++)
        v = 10 * v + (*at - '0');
    for (at += *at == '.'; *at >= '0' && *at <= '9'; at++, part /= 10)
        v += part * (*at - '0');
    return v;
}

TEST(the_distance_so_far_follows_the_runner)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct es_arena a;
        struct sim_run s;
        const char *json;
        es_arena_init(&a, MEM);
        struct sim_setup k =
            as_seen_by(seed % 2 ? SIM_PHONE : SIM_MULTIBAND, seed);
        CHECK(sim_run_make(&k, &a, &s));
        struct es_recording *r = es_recording_new(ES_SPORT_RUNNING);
        double worst = 0;
        for (size_t i = 0; i < s.track.n; i++) {
            CHECK_INT(add(r, &s.track.pts[i], s.track.pts[i].flags), ES_OK);
            const struct es_recording_now *now = es_recording_now(r);
            double off = fabs(now->dist_m - s.true_m[i]) / (s.true_m[i] + 300);
            worst = off > worst ? off : worst;
            if (i > 60)
                CHECK(now->speed_mps > 1 && now->speed_mps < 8);
            if (now->unsettled >= SETTLE_EACH)
                CHECK_INT(es_recording_measure(r, 0, es_recording_count(r),
                                               &json, NULL),
                          ES_OK);
        }
        CHECK_INT(es_recording_measure(r, 0, s.track.n, &json, NULL), ES_OK);
        CHECK_NEAR(dist_of(json), s.dist_m, 0.03 * s.dist_m);
        CHECK_NEAR(es_recording_now(r)->dist_m, dist_of(json), 0.001);
        CHECK(worst < 0.05);
        es_recording_free(r);
        es_arena_release(&a);
    }
}

TEST(its_file_tells_the_same_metre)
{
    for (int by = 0; by < SIM_RECEIVERS; by++) {
        struct es_arena a;
        struct sim_run s;
        es_arena_init(&a, MEM);
        struct sim_setup k =
            as_seen_by((enum sim_receiver)by, 40 + (uint64_t)by);
        k.plan = by % 2 ? SIM_PAUSES : SIM_WALK_BREAKS;
        k.speed = by > 2;
        k.sampling = by == 1 ? SIM_IRREGULAR : SIM_EACH_1S;
        CHECK(sim_run_make(&k, &a, &s));
        s.track.pts[500].flags |= ES_PT_LAP;
        s.track.pts[900].flags |= ES_PT_LAP;
        struct es_recording *r = recorded(&s.track);
        size_t n = s.track.n;
        same_from_file(r, 0, n);
        same_from_file(r, 60, n);
        same_from_file(r, 0, n - 120);
        same_from_file(r, 61, n - 119);
        same_from_file(r, 0, n); /* what was left out comes back */
        es_recording_free(r);
        es_arena_release(&a);
    }
}

TEST(what_is_left_out_stays_in_the_file)
{
    struct es_arena a;
    struct sim_run s;
    struct es_bytes file;
    const char *json, *own;
    es_arena_init(&a, MEM);
    struct sim_setup k = as_seen_by(SIM_MULTIBAND, 5);
    CHECK(sim_run_make(&k, &a, &s));
    struct es_recording *r = recorded(&s.track);
    size_t n = s.track.n;
    CHECK_INT(es_recording_write(r, 100, n - 50, ES_FORMAT_GPX, &file, NULL),
              ES_OK);
    size_t points = 0;
    for (const uint8_t *p = file.p;
         (p = memmem(p, file.n - (size_t)(p - file.p), "<trkpt", 6)); p++)
        points++;
    CHECK_INT(points, n);
    CHECK_INT(es_recording_measure(r, 100, n - 50, &own, NULL), ES_OK);
    double own_m = dist_of(own);
    CHECK_INT(es_recording_write(r, 100, n - 50, ES_FORMAT_FIT, &file, NULL),
              ES_OK);
    struct es_activities *all = measured(file, &json);
    CHECK_INT(es_activities_at(all, 0)->track->n, n - 150);
    CHECK_NEAR(dist_of(json), own_m, 2);
    es_activities_free(all);
    es_recording_free(r);
    es_arena_release(&a);
}

TEST(fixes_that_are_none_are_refused)
{
    struct es_recording *r = es_recording_new(ES_SPORT_WALKING);
    const char *json = "as it was";
    struct es_bytes file = { NULL, 7 };
    struct es_err e;
    CHECK(es_recording_now(r)->dist_m == 0);
    CHECK_INT(es_recording_measure(r, 0, 0, &json, &e), ES_EINVAL);
    CHECK_STR(json, "as it was");
    CHECK_INT(es_recording_add(r, NAN, 1, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, -1, 1, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, 1e16, 1, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, 1e12, 91, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, 1e12, 1, NAN, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, 1e12, 1, 1, NAN, -1, INFINITY, 255), ES_OK);
    CHECK_INT(es_recording_add(r, 1e12, 1, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_add(r, 1e12 - 1, 1, 1, NAN, NAN, NAN, 0), ES_EINVAL);
    CHECK_INT(es_recording_count(r), 1);
    CHECK_INT(es_recording_measure(r, 0, 1, &json, &e), ES_OK);
    CHECK_INT(es_recording_measure(r, 0, 2, &json, &e), ES_EINVAL);
    CHECK_INT(es_recording_write(r, 1, 1, ES_FORMAT_GPX, &file, &e), ES_EINVAL);
    CHECK_INT(es_recording_write(r, 0, 1, ES_FORMAT_TCX, &file, &e), ES_EINVAL);
    CHECK_INT(file.n, 7);
    CHECK_INT(es_recording_write(r, 0, 1, ES_FORMAT_GPX, &file, &e), ES_OK);
    es_recording_free(r);
    es_recording_free(NULL);
}
