/* SPDX-License-Identifier: Apache-2.0 */
#include "track/measure.h"

#include <math.h>

#include "base/format.h"
#include "geo/math.h"
#include "track/measure_int.h"

/* Device against positions, docs/MEASURE.md, "What counts": on foot what their
 * noise explains; elsewhere these, for coarse sampling makes positions too
 * short, and noise makes a swim's too long by more than the half. */
static const double RATIO_MIN = 0.4, RATIO_MAX = 1.15;
static const double TOL_BASE = 0.02, TOL_CV = 0.10, TOL_GAPS = 0.5;
static const double TOL_MAX = 0.08;
/* Fewer metres than this say nothing about the other, nor does less than half
 * of the time. */
static const double RATIO_FLOOR_M = 200, COVERED_SHARE = 0.5;
/* A best effort is verified below this noise, or by a device whose way the
 * positions show most of. */
static const double VERIFIED_CV = 0.15, VERIFIED_SHARE = 0.8;
static const double TIME_MAX_S = 1e9;
/* What a summary's clock and the samples' may differ by and still agree. */
static const double CLOCK_S = 2, CLOCK_SHARE = 0.01;

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

const char *es_dist_why_name(enum es_dist_why w)
{
    static const char *const NAMES[] = {
        NULL,    "agrees",    "trusted", "no_positions", "few_positions",
        "speed", "no_device", "falls",   "differs",
    };
    return (size_t)w < sizeof NAMES / sizeof *NAMES ? NAMES[w] : NULL;
}

const char *es_elevation_source_name(enum es_elevation_source s)
{
    static const char *const NAMES[] = { NULL, "barometer", "satellites" };
    return (size_t)s < sizeof NAMES / sizeof *NAMES ? NAMES[s] : NULL;
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

/* Whether the device, `ratio` times the positions, agrees with them. */
static bool agrees(const struct es_ways *w, double ratio)
{
    double gaps = w->evd.gap_m / fmax(w->evd.total_m, 1);
    double tol = TOL_BASE + TOL_CV * w->evd.cv + TOL_GAPS * gaps;
    return ratio > 0 && fabs(es_ln(ratio)) <= fmin(tol, TOL_MAX);
}

static bool can_be_right(const struct es_ways *w, double ratio)
{
    if (w->on_foot && w->smoothed)
        return agrees(w, ratio);
    return ratio >= RATIO_MIN && ratio <= RATIO_MAX;
}

/* Leaves a stream that can't be right to the positions, where the device's
 * total fits them. */
static void try_total(struct es_ways *w)
{
    double ratio = w->dev_total_m / w->pos_len_m;
    if (!w->dev_stream || (!w->dev_falls && can_be_right(w, w->ratio)) ||
        isnan(ratio) || !can_be_right(w, ratio))
        return;
    w->dev_stream = w->dev_falls = false;
    w->dev_len_m = w->dev_total_m;
    w->ratio = ratio;
}

/* Why the device doesn't count, or why it does. dev_len_m is there. */
static enum es_dist_why weigh(const struct es_ways *w, double time_s)
{
    if (isnan(w->pos_len_m))
        return ES_WHY_NO_POSITIONS;
    /* a device that had its distance switched off says 0 */
    if (w->dev_len_m == 0 && w->pos_len_m > 0)
        return ES_WHY_DIFFERS;
    if (w->dev_falls)
        return ES_WHY_FALLS;
    bool right = !isnan(w->ratio) && can_be_right(w, w->ratio);
    bool few = w->covered_s < COVERED_SHARE * time_s &&
               w->covered_m < COVERED_SHARE * w->dev_len_m;
    bool little = !(w->covered_m >= RATIO_FLOOR_M);
    if (few && (right || little))
        return ES_WHY_FEW_POSITIONS;
    if (right)
        return w->dev_speed          ? ES_WHY_SPEED
               : agrees(w, w->ratio) ? ES_WHY_AGREES
                                     : ES_WHY_KEPT;
    return little && !w->on_foot ? ES_WHY_KEPT : ES_WHY_DIFFERS;
}

/* m->dist_m, m->dist_source, m->dist_why. */
static void choose(const struct es_ways *w, struct es_measure *m)
{
    bool device = !isnan(w->dev_len_m), positions = !isnan(w->pos_len_m);
    m->dist_why = device      ? weigh(w, m->counted_s)
                  : positions ? ES_WHY_NO_DEVICE
                              : ES_WHY_NONE;
    device = device && m->dist_why < ES_WHY_NO_DEVICE;
    m->dist_source = device      ? ES_DIST_DEVICE
                     : positions ? ES_DIST_POSITIONS
                                 : ES_DIST_NONE;
    m->dist_m = device ? w->dev_len_m : w->pos_len_m;
    m->smooth_m = w->smoothed ? w->evd.total_m : NAN;
    m->noise_cv = w->smoothed ? w->evd.cv : NAN;
    m->gap_m = w->smoothed ? w->evd.gap_m : NAN;
    m->gap_s = w->smoothed ? w->evd.gap_s : NAN;
    m->dist_err_m = m->dist_m * es_error_share(m, w, m->dist_m);
}

static double time_or_nan(double s)
{
    return s >= 0 && s <= TIME_MAX_S ? s : NAN;
}

/* The recorded pauses within what counts, or NAN when the track has no
 * times. */
static double paused_s(const struct es_track *tr, const struct es_ways *w,
                       const struct es_left_out *l)
{
    double sum = 0, last = NAN;
    for (size_t i = 0; i < tr->n; i++) {
        double t = es_since_s(w, &tr->pts[i]);
        if (isnan(t))
            continue;
        if ((tr->pts[i].flags & ES_PT_RESUME) && t > last)
            sum += es_counted_s(l, t) - es_counted_s(l, last);
        last = t;
    }
    return isnan(last) ? NAN : sum;
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

/* The recording's own times, and for now all of them count. */
static void take_times(const struct es_track *tr, const struct es_ways *w,
                       struct es_measure *m)
{
    static const struct es_left_out NOTHING = { 0 };
    double span = time_or_nan(span_s(tr)), clock = time_or_nan(tr->elapsed_s);
    double timer = time_or_nan(tr->timer_s);
    m->elapsed_s = isnan(clock) ? span : clock;
    m->timer_s = isnan(timer)
                     ? time_or_nan(m->elapsed_s - paused_s(tr, w, &NOTHING))
                     : timer;
    m->counted_s = m->elapsed_s;
    m->counted_timer_s = m->timer_s;
    if (!(m->timer_s > m->elapsed_s))
        return;
    /* Two against one; else the clock stood, or was looked at only from the
     * first sample on. */
    bool agree = fabs(clock - span) <= CLOCK_S + CLOCK_SHARE * clock;
    if (agree && m->timer_s - m->elapsed_s > CLOCK_S + CLOCK_SHARE * clock)
        m->counted_timer_s = m->elapsed_s;
    else
        m->counted_s = m->timer_s;
}

/* A quarter of an hour is the finest that walls agree on; the sun gains one
 * hour in 15 degrees. */
static void take_clock(const struct es_track *tr, struct es_measure *m)
{
    static const double QUARTER_S = 900, HOUR_DEG = 15;
    if (fabs(tr->utc_offset_s) <= ES_CLOCK_MAX_MIN * 60) {
        m->clock = ES_CLOCK_DEVICE;
        m->clock_min = 15 * (int32_t)floor(tr->utc_offset_s / QUARTER_S + 0.5);
        return;
    }
    for (size_t i = 0; i < tr->n; i++) {
        if (!es_point_has_position(&tr->pts[i]))
            continue;
        m->clock = ES_CLOCK_PLACE;
        m->clock_min = 60 * (int32_t)floor(tr->pts[i].lon_deg / HOUR_DEG + 0.5);
        return;
    }
}

static void take_counts(const struct es_track *tr, enum es_format format,
                        const struct es_ways *w, struct es_measure *m)
{
    m->format = format;
    m->sport = tr->sport;
    m->started_ms = w->zero_ms;
    m->records = (uint32_t)(tr->n + tr->n_merged);
    m->laps = (uint32_t)tr->n_laps;
    for (size_t i = 0; i < tr->n; i++)
        m->points += es_point_has_position(&tr->pts[i]);
    m->raw_dist_m = w->raw_m;
    m->device_dist_m = tr->device_dist_m >= 0 && tr->device_dist_m <= 1e8
                           ? tr->device_dist_m
                           : w->dev_len_m;
    take_times(tr, w, m);
    take_clock(tr, m);
    m->provenance = es_provenance_of(format, tr->device, tr->by_program);
    if (tr->device)
        (void)es_format(m->device, sizeof m->device, "%s", tr->device);
}

/* Moving, by the smoothed positions, in what was left out. */
static double moved_s(const struct es_ways *w, const struct es_left_out *l)
{
    const struct es_fixes *f = &w->fixes;
    double sum = 0;
    for (size_t i = 1; i < f->n && l->n > 0; i++) {
        double h = f->t_s[i] - f->t_s[i - 1];
        if (f->apart[i] == ES_JOINED &&
            !(w->evd.still[i] & w->evd.still[i - 1] & ES_STILL_NEAR))
            sum += h - (es_counted_s(l, f->t_s[i]) -
                        es_counted_s(l, f->t_s[i - 1]));
    }
    return fmin(sum, w->evd.moving_s);
}

/* What the smoothed positions say where they are most of the run; else the
 * stream. */
static double moving_s(const struct es_ways *w, const struct es_stream *s,
                       const struct es_left_out *l, const struct es_measure *m)
{
    bool most = w->smoothed && w->covered_s >= VERIFIED_SHARE * m->elapsed_s;
    bool smooth = w->smoothed && (most || m->dist_source != ES_DIST_DEVICE);
    double t = smooth ? w->evd.moving_s - moved_s(w, l) : es_moving_s(s);
    return t > m->counted_s ? m->counted_s : t;
}

/* The times of what counts, of the closed stream s. */
static void count_times(const struct es_track *tr, const struct es_ways *w,
                        const struct es_stream *s, const struct es_left_out *l,
                        struct es_measure *m)
{
    static const struct es_left_out NOTHING = { 0 };
    if (l->n > 0) {
        double gone_s = 0;
        for (size_t i = 0; i < l->n; i++)
            gone_s += l->v[i].to_s - l->v[i].from_s;
        double paused = paused_s(tr, w, &NOTHING) - paused_s(tr, w, l);
        m->counted_s = fmax(m->counted_s - gone_s, 0);
        m->counted_timer_s =
            fmin(fmax(m->counted_timer_s - (gone_s - paused), 0), m->counted_s);
    }
    m->moving_s = time_or_nan(moving_s(w, s, l, m));
}

static bool verified(const struct es_ways *w, const struct es_measure *m)
{
    if (!w->smoothed)
        return false;
    if (m->dist_source == ES_DIST_DEVICE)
        return m->dist_why == ES_WHY_AGREES && w->dev_stream &&
               w->covered_m >= VERIFIED_SHARE * m->dist_m;
    return m->noise_cv <= VERIFIED_CV;
}

enum es_code es_measure(const struct es_track *tr, enum es_format format,
                        struct es_arena *a, struct es_measure *m,
                        struct es_err *e)
{
    struct es_measure got = { 0 };
    struct es_ways w;
    struct es_stream s;
    struct es_left_out left_out = { 0 };

    got.findings = es_arena_array(a, ES_FINDINGS_MAX, sizeof *got.findings);
    if (!got.findings)
        return es_fail(e, ES_ENOMEM, 0, "no memory for findings");
    void *scratch = es_arena_array(a, tr->n, ES_MEASURE_SCRATCH);
    if (!scratch)
        return es_fail(e, ES_ENOMEM, 0, "no memory to measure");
    enum es_code rc = es_ways_of(tr, scratch, a, &w, e);
    if (rc != ES_OK)
        return rc;
    take_counts(tr, format, &w, &got);
    (void)es_ways_by_speed(tr, &w);
    try_total(&w);
    choose(&w, &got);
    rc = es_stream_of(tr, &w, got.dist_source, got.dist_m, a, &s, e);
    if (rc != ES_OK)
        return rc;
    bool by_device =
        got.dist_source == ES_DIST_DEVICE && (w.dev_stream || w.dev_speed);
    const double *along = by_device ? w.dev_m : w.pos_m;
    double scale = tr->n > 0 ? got.dist_m / along[tr->n - 1] : NAN;
    double share = got.dist_err_m / got.dist_m;
    es_rides_of(tr, &w, scratch, &s, &left_out, &got);
    if (left_out.n > 0)
        got.dist_err_m = got.dist_m * share;
    es_findings_of(tr, &w, &s, &got);
    es_stream_close(&s, &left_out);
    count_times(tr, &w, &s, &left_out, &got);
    rc = es_splits_of(&s, a, &got, e);
    if (rc == ES_OK)
        rc = es_series_of(&s, a, &got, e);
    struct es_lap_source laps = { tr, &w, &s, &left_out };
    if (rc == ES_OK)
        rc = es_laps_of(&laps, a, &got, e);
    if (rc != ES_OK)
        return rc;
    es_bests_of(&s, &w, verified(&w, &got), &got);
    es_elevation_of(tr, along, scale, &left_out, scratch, &got);
    *m = got;
    return ES_OK;
}
