/* SPDX-License-Identifier: Apache-2.0 */
#include "track/measure_json.h"

#include "base/json.h"

static void open_list(struct es_buf *b, const char *key)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "[");
}

static void open_item(struct es_buf *b)
{
    es_buf_json_comma(b);
    es_buf_str(b, "{");
}

static void splits(struct es_buf *b, const char *key, const struct es_split *v,
                   size_t n)
{
    open_list(b, key);
    for (size_t i = 0; i < n; i++) {
        open_item(b);
        es_buf_json_n(b, "distance_m", v[i].dist_m);
        es_buf_json_n(b, "time_s", v[i].time_s);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void bests(struct es_buf *b, const struct es_measure *m)
{
    open_list(b, "best_efforts");
    for (size_t i = 0; i < m->n_bests; i++) {
        open_item(b);
        es_buf_json_s(b, "name", m->bests[i].name);
        es_buf_json_n(b, "distance_m", m->bests[i].dist_m);
        es_buf_json_n(b, "time_s", m->bests[i].time_s);
        es_buf_json_n(b, "error_s", m->bests[i].error_s);
        es_buf_json_b(b, "verified", m->bests[i].verified);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void laps(struct es_buf *b, const struct es_measure *m)
{
    open_list(b, "laps_measured");
    for (size_t i = 0; i < m->n_lap; i++) {
        open_item(b);
        es_buf_json_n(b, "start_s", m->lap[i].start_s);
        es_buf_json_n(b, "distance_m", m->lap[i].dist_m);
        es_buf_json_n(b, "time_s", m->lap[i].time_s);
        es_buf_json_n(b, "elevation_gain_m", m->lap[i].gain_m);
        es_buf_json_n(b, "heart_rate_bpm", m->lap[i].hr_bpm);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

void es_measure_json(struct es_buf *b, const struct es_measure *m)
{
    const char *format = es_format_name(m->format);
    es_buf_json_s(b, "format", *format ? format : NULL);
    es_buf_json_s(b, "sport", es_sport_name(m->sport));
    es_buf_json_t(b, "started_at", m->started_ms);
    es_buf_json_i(b, "points", m->points);
    es_buf_json_i(b, "records", m->records);
    es_buf_json_i(b, "laps", m->laps);
    es_buf_json_n(b, "distance_m", m->dist_m);
    es_buf_json_s(b, "distance_source", es_dist_source_name(m->dist_source));
    es_buf_json_s(b, "distance_why", es_dist_why_name(m->dist_why));
    es_buf_json_n(b, "distance_error_m", m->dist_err_m);
    es_buf_json_n(b, "raw_distance_m", m->raw_dist_m);
    es_buf_json_n(b, "smoothed_distance_m", m->smooth_m);
    es_buf_json_n(b, "device_distance_m", m->device_dist_m);
    es_buf_json_n(b, "elapsed_s", m->elapsed_s);
    es_buf_json_n(b, "timer_s", m->timer_s);
    es_buf_json_n(b, "counted_elapsed_s", m->counted_s);
    es_buf_json_n(b, "counted_timer_s", m->counted_timer_s);
    es_buf_json_n(b, "moving_s", m->moving_s);
    es_buf_json_n(b, "gap_s", m->gap_s);
    es_buf_json_n(b, "gap_m", m->gap_m);
    es_buf_json_n(b, "speed_noise", m->noise_cv);
    es_buf_json_n(b, "elevation_gain_m", m->gain_m);
    es_buf_json_n(b, "elevation_loss_m", m->loss_m);
    es_buf_json_s(b, "elevation_source",
                  es_elevation_source_name(m->elevation_source));
    es_buf_json_n(b, "heart_rate_bpm", m->hr_bpm);
    splits(b, "splits", m->splits, m->n_splits);
    splits(b, "splits_mile", m->miles, m->n_miles);
    bests(b, m);
    laps(b, m);
    es_buf_json_s(b, "device", m->device[0] ? m->device : NULL);
    es_buf_json_s(b, "provenance", es_provenance_name(m->provenance));
}

void es_findings_json(struct es_buf *b, const char *key,
                      const struct es_finding *f, size_t n)
{
    open_list(b, key);
    for (size_t i = 0; i < n; i++) {
        open_item(b);
        es_buf_json_s(b, "code", f[i].code);
        es_buf_json_s(b, "message", f[i].message);
        es_buf_json_n(b, "value", f[i].value);
        es_buf_json_n(b, "limit", f[i].limit);
        es_buf_json_n(b, "from_s", f[i].from_s);
        es_buf_json_n(b, "to_s", f[i].to_s);
        es_buf_json_s(b, "effect", es_effect_name(f[i].effect));
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

void es_warnings_json(struct es_buf *b, const char *key,
                      const struct es_warning *w, size_t n)
{
    open_list(b, key);
    for (size_t i = 0; i < n; i++) {
        open_item(b);
        es_buf_json_s(b, "code", w[i].code);
        es_buf_json_s(b, "message", w[i].message);
        es_buf_json_i(b, "at", (int64_t)w[i].at);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}
