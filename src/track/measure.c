/* SPDX-License-Identifier: Apache-2.0 */
#include "track/measure.h"

#include <math.h>
#include <stdio.h>

#include "track/measure_int.h"

/* Device against positions where both go. Coarse sampling makes positions
 * somewhat too short; noise makes them too long, of a walk or a swim by more
 * than the half, so that a device may say much less and be right. */
static const double RATIO_MIN = 0.4, RATIO_MAX = 1.15;
/* Fewer metres than this say nothing about the other. */
static const double RATIO_FLOOR_M = 200;
/* A best effort is verified where both ways agree this well, over most of
 * the way. */
static const double VERIFIED_OFF = 0.03, VERIFIED_SHARE = 0.8;
static const double TIME_MAX_S = 1e9;

const char *es_dist_source_name(enum es_dist_source s)
{
    switch (s) {
    case ES_DIST_DEVICE:
        return "device";
    case ES_DIST_POSITIONS:
        return "positions";
    case ES_DIST_NONE:
        break;
    }
    return "none";
}

const char *es_effect_name(enum es_effect e)
{
    static const char *const NAMES[] = { "note", "cut", "review", "refuse" };
    return (size_t)e < sizeof NAMES / sizeof *NAMES ? NAMES[e] : "review";
}

const char *es_measure_verdict(const struct es_measure *m)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (m->findings[i].effect >= ES_REVIEW)
            return "review";
    return "ok";
}

static bool plausible(const struct es_ways *w)
{
    return isnan(w->ratio) || w->covered_m < RATIO_FLOOR_M ||
           (w->ratio >= RATIO_MIN && w->ratio <= RATIO_MAX);
}

/* Leaves a stream that can't be right to the positions, where the device's
 * total fits them. */
static void try_total(struct es_ways *w)
{
    double ratio = w->dev_total_m / w->pos_len_m;
    if (!w->dev_stream || (!w->dev_falls && plausible(w)) ||
        !(ratio >= RATIO_MIN && ratio <= RATIO_MAX))
        return;
    w->dev_stream = w->dev_falls = false;
    w->dev_len_m = w->dev_total_m;
    w->ratio = ratio;
}

/* m->dist_m, m->dist_source. */
static void choose(const struct es_ways *w, struct es_measure *m)
{
    bool device = !isnan(w->dev_len_m), positions = !isnan(w->pos_len_m);
    if (device && positions && (w->dev_falls || !plausible(w)))
        device = false;
    /* a device that had its distance switched off says 0 */
    if (device && w->dev_len_m == 0 && w->pos_len_m > 0)
        device = false;
    m->dist_source = device      ? ES_DIST_DEVICE
                     : positions ? ES_DIST_POSITIONS
                                 : ES_DIST_NONE;
    m->dist_m = device ? w->dev_len_m : w->pos_len_m;
}

static double time_or_nan(double s)
{
    return s >= 0 && s <= TIME_MAX_S ? s : NAN;
}

/* The recorded pauses, or NAN when the track has no times. */
static double paused_s(const struct es_track *tr)
{
    double sum = 0;
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (p->t_ms == ES_NO_TIME)
            continue;
        if ((p->flags & ES_PT_RESUME) && last != ES_NO_TIME && p->t_ms > last)
            sum += ((double)p->t_ms - (double)last) / 1000;
        last = p->t_ms;
    }
    return last == ES_NO_TIME ? NAN : sum;
}

static double span_s(const struct es_track *tr)
{
    int64_t first = ES_NO_TIME, last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        if (!es_time_rises(tr, i, last))
            continue;
        last = tr->pts[i].t_ms;
        if (first == ES_NO_TIME)
            first = last;
    }
    if (first == ES_NO_TIME)
        return NAN;
    return ((double)last - (double)first) / 1000;
}

static void take_counts(const struct es_track *tr, enum es_format format,
                        const struct es_ways *w, struct es_measure *m)
{
    m->format = format;
    m->sport = tr->sport;
    m->started_ms = w->zero_ms;
    m->records = (uint32_t)tr->n;
    m->laps = (uint32_t)tr->n_laps;
    for (size_t i = 0; i < tr->n; i++)
        m->points += es_point_has_position(&tr->pts[i]);
    m->raw_dist_m = w->raw_m;
    m->device_dist_m = tr->device_dist_m >= 0 && tr->device_dist_m <= 1e8
                           ? tr->device_dist_m
                           : w->dev_len_m;
    m->elapsed_s = time_or_nan(tr->elapsed_s);
    if (isnan(m->elapsed_s))
        m->elapsed_s = time_or_nan(span_s(tr));
    m->timer_s = time_or_nan(tr->timer_s);
    if (isnan(m->timer_s))
        m->timer_s = time_or_nan(m->elapsed_s - paused_s(tr));
    if (tr->device)
        (void)snprintf(m->device, sizeof m->device, "%s", tr->device);
}

enum es_code es_measure(const struct es_track *tr, enum es_format format,
                        struct es_arena *a, struct es_measure *m,
                        struct es_err *e)
{
    struct es_measure got = { 0 };
    struct es_ways w;
    struct es_stream s;
    double best_from_s[ES_BESTS_MAX] = { 0 };

    got.findings = es_arena_array(a, ES_FINDINGS_MAX, sizeof *got.findings);
    if (!got.findings)
        return es_fail(e, ES_ENOMEM, 0, "no memory for findings");
    enum es_code rc = es_ways_of(tr, a, &w, e);
    if (rc != ES_OK)
        return rc;
    take_counts(tr, format, &w, &got);
    try_total(&w);
    choose(&w, &got);
    rc = es_stream_of(tr, &w, got.dist_source, got.dist_m, a, &s, e);
    if (rc != ES_OK)
        return rc;
    got.moving_s = time_or_nan(es_moving_s(&s));
    rc = es_splits_of(&s, a, &got, e);
    if (rc == ES_OK)
        rc = es_series_of(&s, a, &got, e);
    if (rc != ES_OK)
        return rc;
    bool verified = got.dist_source == ES_DIST_DEVICE && w.dev_stream &&
                    w.covered_m >= VERIFIED_SHARE * got.dist_m &&
                    fabs(w.ratio - 1) <= VERIFIED_OFF;
    es_bests_of(&s, verified, &got, best_from_s);
    bool by_device = got.dist_source == ES_DIST_DEVICE && w.dev_stream;
    rc = es_elevation_of(tr, by_device ? w.dev_m : w.pos_m, a, &got, e);
    if (rc != ES_OK)
        return rc;
    es_findings_of(tr, &w, &s, best_from_s, &got);
    *m = got;
    return ES_OK;
}
