/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every GPX and TCX file of ../shared/tracks against the counts, times and
 * distances that independent decoders found in it. */
#include "t.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "track/measure.h"

struct sums {
    size_t tracks, records, points, laps;
    int64_t started_ms;
    double raw_m, device_m, elapsed_s, timer_s;
};

static int wrong;

static void differ(const char *file, const char *what, double got, double want)
{
    print_error("%s: %s is %.3f, not %.3f\n", file, what, got, want);
    wrong++;
}

static void near_to(const char *file, const char *what, double got,
                    const json_t *want, double tol)
{
    if (!json_is_number(want))
        return;
    double w = json_number_value(want);
    if (!(fabs(got - w) <= tol))
        differ(file, what, got, w);
}

static void same_count(const char *file, const char *what, size_t got,
                       const json_t *want)
{
    near_to(file, what, (double)got, want, 0);
}

/* No honest run or walk is sent to a person. */
static void check_plausible(const struct es_measure *m)
{
    if (m->sport != ES_SPORT_RUNNING && m->sport != ES_SPORT_WALKING)
        return;
    for (size_t i = 0; i < m->n_findings; i++) {
        if (m->findings[i].effect < ES_REVIEW)
            continue;
        print_error("%s: %s\n", m->findings[i].code, m->findings[i].message);
        wrong++;
    }
}

static struct sums sum(const struct es_tracks *t, struct es_arena *a)
{
    struct sums s = { .tracks = t->n, .started_ms = ES_NO_TIME };
    for (size_t i = 0; i < t->n; i++) {
        struct es_measure m;
        struct es_err e;
        CHECK_INT(es_measure(&t->v[i], t->format, a, &m, &e), ES_OK);
        check_plausible(&m);
        s.records += m.records;
        s.points += m.points;
        s.laps += m.laps;
        if (s.started_ms == ES_NO_TIME)
            s.started_ms = m.started_ms;
        s.raw_m += isnan(m.raw_dist_m) ? 0 : m.raw_dist_m;
        s.device_m += isnan(m.device_dist_m) ? 0 : m.device_dist_m;
        s.elapsed_s += isnan(m.elapsed_s) ? 0 : m.elapsed_s;
        s.timer_s += isnan(m.timer_s) ? 0 : m.timer_s;
    }
    return s;
}

static void compare_start(const char *file, int64_t got, const json_t *want)
{
    int64_t t;
    const char *text = json_string_value(want);
    if (!text || !es_time_parse(es_bytes_str(text), &t))
        return;
    if (got == ES_NO_TIME || llabs(got - t) > 1000)
        differ(file, "started_at", (double)got, (double)t);
}

static void compare(const char *file, const struct sums *s, json_t *x)
{
    json_t *geometry = json_object_get(x, "geometry");
    json_t *summary = json_object_get(x, "summary");
    json_t *raw = json_object_get(geometry, "geodesic_wgs84_m");
    json_t *activities = json_object_get(x, "activities");
    same_count(file, "tracks", s->tracks, json_object_get(x, "tracks"));
    if (activities && json_array_size(activities) != s->tracks)
        differ(file, "activities", (double)s->tracks,
               (double)json_array_size(activities));
    same_count(file, "points", s->records, json_object_get(x, "points"));
    same_count(file, "points", s->points, json_object_get(x, "points"));
    same_count(file, "trackpoints", s->records,
               json_object_get(x, "trackpoints"));
    same_count(file, "positions", s->points,
               json_object_get(x, "trackpoints_with_position"));
    same_count(file, "laps", s->laps, json_object_get(x, "lap_count"));
    compare_start(file, s->started_ms, json_object_get(x, "first_time"));
    near_to(file, "raw_distance_m", s->raw_m, raw,
            1e-3 * json_number_value(raw) + 1e-3);
    near_to(file, "device_distance_m", s->device_m,
            json_object_get(x, "sum_lap_distance_m"), 0.01);
    near_to(file, "timer_s", s->timer_s,
            json_object_get(summary, "total_timer_time_s"), 0.01);
    if (s->tracks == 1)
        near_to(file, "elapsed_s", s->elapsed_s,
                json_object_get(x, "elapsed_s"), 0.01);
}

static void one(const char *dir, const char *file)
{
    char path[1024];
    struct es_buf raw = { 0 };
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_members m;
    struct es_tracks t;
    snprintf(path, sizeof path, "%s/%s.expect.json", dir, file);
    json_t *x = json_load_file(path, 0, NULL);
    snprintf(path, sizeof path, "%s/%s", dir, file);
    es_arena_init(&a, ES_DECODE_MEM);
    CHECK(x != NULL);
    CHECK_INT(es_file_load(path, ES_UPLOAD_MAX, &raw, &e), ES_OK);
    CHECK_INT(es_unpack(es_buf_bytes(&raw), &a, &m, &e), ES_OK);
    CHECK_INT(m.n, 1);
    enum es_format f = es_sniff(m.v[0].bytes);
    CHECK(f == ES_FORMAT_GPX || f == ES_FORMAT_TCX);
    enum es_code rc = f == ES_FORMAT_GPX
                          ? es_gpx_decode(m.v[0].bytes, &a, &t, &e)
                          : es_tcx_decode(m.v[0].bytes, &a, &t, &e);
    if (rc == ES_OK) {
        struct sums s = sum(&t, &a);
        compare(file, &s, x);
    } else if (json_integer_value(json_object_get(x, "points")) != 0 ||
               json_integer_value(json_object_get(x, "trackpoints")) != 0) {
        print_error("%s: %s at %zu\n", file, e.msg, e.at);
        wrong++;
    }
    es_arena_release(&a);
    es_buf_release(&raw);
    json_decref(x);
}

static void all_of(const char *kind)
{
    char dir[400];
    int n = 0;
    if (!t_tracks())
        SKIP("no collection of tracks beside the checkout");
    snprintf(dir, sizeof dir, "%s/%s", t_tracks(), kind);
    DIR *d = opendir(dir);
    CHECK(d != NULL);
    wrong = 0;
    for (struct dirent *f = readdir(d); f; f = readdir(d)) {
        if (f->d_name[0] == '.' || strstr(f->d_name, ".expect.json"))
            continue;
        one(dir, f->d_name);
        n++;
    }
    closedir(d);
    CHECK(n > 0);
    CHECK_INT(wrong, 0);
}

TEST(every_gpx_as_others_read_it)
{
    all_of("gpx");
}

TEST(every_tcx_as_others_read_it)
{
    all_of("tcx");
}
