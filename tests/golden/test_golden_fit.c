/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every FIT file of ../shared/tracks against the counts, times and distances
 * that independent decoders found in it. */
#include "t.h"

#include <ctype.h>
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "track/measure.h"

static int wrong;

static void differ(const char *file, const char *what, double got, double want)
{
    print_error("%s: %s is %.3f, not %.3f\n", file, what, got, want);
    wrong++;
}

static void near_to(const char *file, const char *what, double got,
                    const json_t *want, double tol)
{
    double w = json_number_value(want);
    if (json_is_number(want) && !(fabs(got - w) <= tol))
        differ(file, what, got, w);
}

/* The references' counts: of those who could read all of the file. */
static json_t *reading(json_t *x)
{
    if (json_is_true(json_object_get(x, "decoders_agree_on_counts")))
        return x;
    return json_object_get(json_object_get(x, "cross_check"),
                           "garmin_cpp_sdk_21.213");
}

static json_t *lap_count(json_t *x)
{
    json_t *r = reading(x);
    json_t *laps = json_object_get(r, "lap_count");
    return laps ? laps : json_object_get(r, "laps");
}

/* "crossCountrySkiing" is "cross_country_skiing". */
static bool same_sport(const char *snake, const char *camel)
{
    for (; *camel; camel++, snake++) {
        if (isupper(*camel) && *snake == '_')
            snake++;
        if (*snake != tolower(*camel))
            return false;
    }
    return *snake == '\0';
}

static void compare_session(const char *file, const struct es_measure *m,
                            json_t *want)
{
    int64_t t = ES_NO_TIME;
    const char *sport = json_string_value(json_object_get(want, "sport"));
    const char *start = json_string_value(json_object_get(want, "start_time"));
    if (sport && !same_sport(es_sport_name(m->sport), sport))
        differ(file, sport, m->sport, NAN);
    if (start && (!es_time_parse(es_bytes_str(start), &t) ||
                  llabs(m->started_ms - t) > 1000))
        differ(file, "started_at", (double)m->started_ms, (double)t);
    near_to(file, "elapsed_s", m->elapsed_s,
            json_object_get(want, "total_elapsed_time_s"), 1e-3);
    near_to(file, "timer_s", m->timer_s,
            json_object_get(want, "total_timer_time_s"), 1e-3);
    near_to(file, "device_distance_m", m->device_dist_m,
            json_object_get(want, "total_distance_m"), 0.005);
}

static void check_plausible(const char *file, const struct es_measure *m)
{
    if (m->sport != ES_SPORT_RUNNING && m->sport != ES_SPORT_WALKING)
        return;
    for (size_t i = 0; i < m->n_findings; i++) {
        if (m->findings[i].effect < ES_REVIEW)
            continue;
        print_error("%s: %s: %s\n", file, m->findings[i].code,
                    m->findings[i].message);
        wrong++;
    }
}

static void compare(const char *file, const struct es_tracks *t,
                    struct es_arena *a, json_t *x)
{
    json_t *sessions = json_object_get(x, "sessions");
    size_t n = json_array_size(sessions);
    size_t records = 0, points = 0, laps = 0;
    double raw_m = 0;
    if (n > 0 && n != t->n)
        differ(file, "activities", (double)t->n, (double)n);
    for (size_t i = 0; i < t->n; i++) {
        struct es_measure m;
        struct es_err e;
        CHECK_INT(es_measure(&t->v[i], t->format, a, &m, &e), ES_OK);
        records += m.records;
        points += m.points;
        laps += m.laps;
        raw_m += m.raw_dist_m;
        if (i < n)
            compare_session(file, &m, json_array_get(sessions, i));
        if (n == 1 && json_is_null(json_object_get(json_array_get(sessions, 0),
                                                   "total_distance_m")))
            near_to(file, "device_distance_m", m.device_dist_m,
                    json_object_get(x, "record_distance_last_m"), 0.005);
        check_plausible(file, &m);
    }
    json_t *r = reading(x);
    double least = json_number_value(json_object_get(r, "records"));
    if (json_array_size(json_object_get(x, "errors")) > 0
            ? (double)records < least
            : (double)records != least)
        differ(file, "records", (double)records, least);
    near_to(file, "points", (double)points,
            json_object_get(r, "records_with_position"), 0);
    near_to(file, "laps", (double)laps, lap_count(x), 0);
    json_t *raw =
        json_object_get(json_object_get(x, "geometry"), "geodesic_wgs84_m");
    near_to(file, "raw_distance_m", raw_m, raw,
            1e-3 * json_number_value(raw) + 1e-3);
}

static void one(const char *dir, const char *file)
{
    char path[2048];
    struct es_buf raw = { 0 };
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_tracks t;
    snprintf(path, sizeof path, "%s/%s.expect.json", dir, file);
    json_t *x = json_load_file(path, 0, NULL);
    CHECK(x != NULL);
    snprintf(path, sizeof path, "%s/%s", dir, file);
    CHECK_INT(es_file_load(path, ES_UPLOAD_MAX, &raw, &e), ES_OK);
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_fit_decode(es_buf_bytes(&raw), &a, &t, &e);
    if (rc == ES_OK)
        compare(file, &t, &a, x);
    else if (json_integer_value(json_object_get(x, "records")) != 0 ||
             json_array_size(json_object_get(x, "sessions")) != 0)
        differ(file, e.msg, (double)e.at, NAN);
    es_arena_release(&a);
    es_buf_release(&raw);
    json_decref(x);
}

TEST(every_fit_file_of_the_collection)
{
    char dir[1024];
    size_t files = 0;
    if (!t_tracks())
        SKIP("no ../shared/tracks");
    snprintf(dir, sizeof dir, "%s/fit", t_tracks());
    DIR *d = opendir(dir);
    CHECK(d != NULL);
    for (struct dirent *f = readdir(d); f; f = readdir(d)) {
        size_t n = strlen(f->d_name);
        if (n > 4 && strcmp(f->d_name + n - 4, ".fit") == 0) {
            one(dir, f->d_name);
            files++;
        }
    }
    closedir(d);
    CHECK(files > 0);
    CHECK_INT(wrong, 0);
}
