/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/inspect_print.h"

#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"
#include "track/measure_json.h"

void es_inspect_json(struct es_buf *b, const char *file,
                     const struct es_ingest_item *item)
{
    es_buf_str(b, "{");
    es_buf_json_s(b, "file", file);
    if (item->code != ES_OK) {
        if (item->member)
            es_buf_json_s(b, "member", item->member);
        es_buf_json_key(b, "error");
        es_buf_str(b, "{");
        es_buf_json_s(b, "code", es_code_name(item->code));
        es_buf_json_s(b, "message", item->err.msg);
        es_buf_json_i(b, "at", (int64_t)item->err.at);
        es_buf_str(b, "}}\n");
        return;
    }
    es_buf_json_s(b, "member", item->member);
    es_buf_json_i(b, "activity", item->activity);
    es_buf_json_i(b, "activities", item->activities);
    es_measure_json(b, &item->m);
    es_buf_json_s(b, "verdict", es_measure_verdict(&item->m));
    es_findings_json(b, "findings", item->m.findings, item->m.n_findings);
    es_warnings_json(b, "warnings", item->warnings, item->n_warnings);
    es_buf_str(b, "}\n");
}

/* ---- for people ---- */

/* A stranger's words, without controls that a terminal would obey. */
static void words(struct es_buf *b, const char *s)
{
    es_text_clean(b, es_bytes_str(s), false);
}

/* A line of the table: its name, then what is appended by the caller. */
static void row(struct es_buf *b, const char *name)
{
    es_buf_fmt(b, "  %-10s ", name);
}

/* 59:09, 2:11:05; a dash when the file can't tell. */
static void put_time(struct es_buf *b, double t_s)
{
    if (!isfinite(t_s) || t_s < 0) {
        es_buf_str(b, "-");
        return;
    }
    int64_t t = (int64_t)(t_s + 0.5);
    if (t >= 3600)
        es_buf_fmt(b, "%" PRId64 ":%02d:%02d", t / 3600, (int)(t / 60 % 60),
                   (int)(t % 60));
    else
        es_buf_fmt(b, "%d:%02d", (int)(t / 60), (int)(t % 60));
}

/* In the usual unit of its sport. */
static void put_pace(struct es_buf *b, uint8_t sport, double dist_m, double t_s)
{
    enum es_tempo how = es_sport_tempo(sport);
    if (!(dist_m > 0 && t_s > 0))
        es_buf_str(b, "-");
    else if (how == ES_TEMPO_SPEED)
        es_buf_fmt(b, "%.1f", dist_m / t_s * 3.6);
    else
        put_time(b, t_s * (how == ES_TEMPO_PACE ? 1000 : 100) / dist_m);
    es_buf_str(b, how == ES_TEMPO_SPEED  ? " km/h"
                  : how == ES_TEMPO_PACE ? " a km"
                                         : " a 100 m");
}

static void put_title(struct es_buf *b, const char *file,
                      const struct es_ingest_item *item)
{
    words(b, file);
    if (item->member) {
        es_buf_str(b, ": ");
        words(b, item->member);
    }
    if (item->activities > 1)
        es_buf_fmt(b, ", activity %u of %u", item->activity + 1,
                   item->activities);
    es_buf_str(b, "\n");
}

static void put_what(struct es_buf *b, const struct es_measure *m)
{
    char text[ES_TIME_TEXT];
    row(b, "activity");
    es_buf_fmt(b, "%s, %s", es_sport_name(m->sport), es_format_name(m->format));
    if (m->device[0]) {
        es_buf_str(b, ", ");
        words(b, m->device);
    }
    es_buf_str(b, m->provenance == ES_FROM_REEXPORT
                      ? ", re-exported"
                      : ", the device's own file");
    es_buf_str(b, "\n");
    row(b, "started");
    es_buf_str(b, m->started_ms == ES_NO_TIME
                      ? "the file doesn't say"
                      : es_time_text(m->started_ms, text));
    es_buf_str(b, "\n");
}

static const char *why_words(enum es_dist_why why)
{
    switch (why) {
    case ES_WHY_AGREES:
        return "its positions agree";
    case ES_WHY_KEPT:
        return "in this sport it knows more than positions do";
    case ES_WHY_NO_POSITIONS:
        return "there are no positions";
    case ES_WHY_FEW_POSITIONS:
        return "mostly where there were no positions";
    case ES_WHY_SPEED:
        return "by its speeds; its positions agree";
    case ES_WHY_NO_DEVICE:
        return "the device counted nothing";
    case ES_WHY_FALLS:
        return "the device's count goes back on the way";
    case ES_WHY_DIFFERS:
        return "the device's count doesn't fit them";
    default:
        return NULL;
    }
}

static void put_distance(struct es_buf *b, const struct es_measure *m)
{
    row(b, "distance");
    if (m->dist_source == ES_DIST_NONE) {
        es_buf_str(b, "none: neither positions nor a device's count\n");
        return;
    }
    es_buf_fmt(b, "%.3f km, %s", m->dist_m / 1000,
               m->dist_source == ES_DIST_DEVICE ? "as the device counted"
                                                : "from the positions");
    if (m->dist_source == ES_DIST_DEVICE && m->points > 1)
        es_buf_fmt(b, " (positions: %.3f km)",
                   (isnan(m->smooth_m) ? m->raw_dist_m : m->smooth_m) / 1000);
    if (m->dist_source == ES_DIST_POSITIONS && isfinite(m->device_dist_m))
        es_buf_fmt(b, " (device: %.3f km)", m->device_dist_m / 1000);
    es_buf_str(b, "\n");
    const char *why = why_words(m->dist_why);
    if (!why)
        return;
    row(b, "");
    es_buf_fmt(b, "%s; give or take %.0f m", why, m->dist_err_m);
    if (m->gap_m >= 1)
        es_buf_fmt(b, "; %.0f m bridged in %.0f s", m->gap_m, m->gap_s);
    es_buf_str(b, "\n");
}

static void put_times(struct es_buf *b, const struct es_measure *m)
{
    row(b, "time");
    put_time(b, m->counted_s);
    es_buf_str(b, ", timer ");
    put_time(b, m->counted_timer_s);
    es_buf_str(b, ", moving ");
    put_time(b, m->moving_s);
    es_buf_str(b, "\n");
    row(b, es_sport_tempo(m->sport) == ES_TEMPO_SPEED ? "speed" : "pace");
    put_pace(b, m->sport, m->dist_m, m->counted_s);
    es_buf_str(b, "\n");
    if (!isfinite(m->gain_m))
        return;
    row(b, "climb");
    es_buf_fmt(b, "%.0f m up, %.0f m down%s\n", m->gain_m, m->loss_m,
               m->elevation_source == ES_ELEVATION_SATELLITES ? ", estimated"
                                                              : "");
}

static void put_samples(struct es_buf *b, const struct es_measure *m)
{
    row(b, "samples");
    es_buf_fmt(b, "%u, %u with a position, %u lap%s\n", m->records, m->points,
               m->laps, m->laps == 1 ? "" : "s");
}

static void put_splits(struct es_buf *b, const struct es_measure *m)
{
    double t_s = 0;
    double dist_m = 0;
    for (size_t i = 0; i < m->n_splits; i++) {
        const struct es_split *s = &m->splits[i];
        t_s += s->time_s;
        dist_m += s->dist_m;
        row(b, i ? "" : "splits");
        es_buf_fmt(b, "%7.2f km  ", dist_m / 1000);
        put_pace(b, m->sport, s->dist_m, s->time_s);
        es_buf_str(b, ", at ");
        put_time(b, t_s);
        es_buf_str(b, "\n");
    }
    for (size_t i = 0; i < m->n_bests; i++) {
        row(b, i ? "" : "best");
        es_buf_fmt(b, "%-13s ", m->bests[i].name);
        put_time(b, m->bests[i].time_s);
        es_buf_str(b, m->bests[i].verified ? "\n" : " (not verified)\n");
    }
}

static void put_findings(struct es_buf *b, const struct es_ingest_item *item)
{
    const struct es_measure *m = &item->m;
    for (size_t i = 0; i < m->n_findings; i++) {
        row(b, i ? "" : "findings");
        es_buf_fmt(b, "%s: ", es_effect_name(m->findings[i].effect));
        words(b, m->findings[i].message);
        es_buf_str(b, "\n");
    }
    for (size_t i = 0; i < item->n_warnings; i++) {
        row(b, i ? "" : "warnings");
        words(b, item->warnings[i].message);
        es_buf_fmt(b, " (byte %zu)\n", item->warnings[i].at);
    }
    row(b, "verdict");
    es_buf_fmt(b, "%s\n", es_measure_verdict(m));
}

void es_inspect_text(struct es_buf *b, const char *file,
                     const struct es_ingest_item *item)
{
    put_title(b, file, item);
    if (item->code != ES_OK) {
        row(b, "unusable");
        words(b, item->err.msg);
        es_buf_fmt(b, " (%s, byte %zu)\n\n", es_code_name(item->code),
                   item->err.at);
        return;
    }
    put_what(b, &item->m);
    put_distance(b, &item->m);
    put_times(b, &item->m);
    put_samples(b, &item->m);
    put_splits(b, &item->m);
    put_findings(b, item);
    es_buf_str(b, "\n");
}
