/* SPDX-License-Identifier: Apache-2.0 */
#include "track/wire.h"

#include <math.h>

#include "base/utf8.h"
#include "track/measure_int.h"

/* 2 added the series, 3 what follows it, 4 the provenance at its end, 5 the
 * times that count, 6 the runner's clock. */
enum {
    VERSION_PLAIN = 1,
    VERSION_SERIES = 2,
    VERSION_MORE = 3,
    VERSION_ORIGIN = 4,
    VERSION_COUNTED = 5,
    VERSION = 6
};

/* Heights on the wire: steps of 20 cm from 1,000 m below the sea, which ends
 * above every mountain. */
static_assert(ES_SERIES_MAX <= UINT8_MAX, "a byte counts the samples");
enum { HEIGHT_NONE = 0xffff };
static const double HEIGHT_LOW_M = -1000, HEIGHT_STEP_M = 0.2;

/* What es_measure can come to at most: a million steps from pole to pole,
 * from the year 1 to the year 9999. */
static const double DIST_MAX_M = 1e14;
static const double TIME_MAX_S = 1e12;
static const double SERIES_MAX_S = 4e6; /* 46 days, as 32 bits of ms */
static const double VALUE_MAX = 1e15;   /* times in ms are findings' values */
static const double BEATS_MAX = 256;    /* a mean of 255s may be rounded up */
static const int64_t YEAR_1_MS = -62135596800000;
static const int64_t YEAR_9999_MS = 253402300799999;

static void put_text(struct es_buf *b, const char *s, size_t cap)
{
    size_t n = strnlen(s, cap);
    es_buf_u8(b, (uint8_t)n);
    es_buf_add(b, s, n);
}

static void put_best(struct es_buf *b, const struct es_best *best)
{
    uint8_t which = 0;
    while (which + 1u < ES_BEST_DISTS_N &&
           strcmp(ES_BEST_DISTS[which].name, best->name) != 0)
        which++;
    es_buf_u8(b, which);
    es_buf_u8(b, best->verified);
    es_buf_f64le(b, best->dist_m);
    es_buf_f64le(b, best->time_s);
}

static void put_finding(struct es_buf *b, const struct es_finding *f)
{
    put_text(b, f->code, sizeof f->code);
    put_text(b, f->message, sizeof f->message);
    es_buf_f64le(b, f->value);
    es_buf_f64le(b, f->limit);
    es_buf_f64le(b, f->from_s);
    es_buf_f64le(b, f->to_s);
    es_buf_u8(b, (uint8_t)f->effect);
}

void es_findings_put(struct es_buf *b, const struct es_finding *f, size_t n)
{
    es_buf_u8(b, (uint8_t)n);
    for (size_t i = 0; i < n; i++)
        put_finding(b, &f[i]);
}

static uint16_t height_put(double alt_m)
{
    double v = (alt_m - HEIGHT_LOW_M) / HEIGHT_STEP_M + 0.5;
    return v >= 0 && v < HEIGHT_NONE ? (uint16_t)v : HEIGHT_NONE;
}

/* A clock that leaps by weeks gives no series. */
static void put_series(struct es_buf *b, const struct es_series *s)
{
    size_t n = s->n > 0 && s->time_s[s->n - 1] < SERIES_MAX_S ? s->n : 0;
    es_buf_u8(b, (uint8_t)n);
    for (size_t i = 0; i < n; i++) {
        es_buf_u32le(b, (uint32_t)(s->time_s[i] * 1000 + 0.5));
        es_buf_u16le(b, height_put(s->alt_m[i]));
    }
}

static void put_splits(struct es_buf *b, const struct es_split *v, size_t n)
{
    es_buf_u32le(b, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        es_buf_f64le(b, v[i].dist_m);
        es_buf_f64le(b, v[i].time_s);
    }
}

static void put_more(struct es_buf *b, const struct es_measure *m)
{
    es_buf_u8(b, (uint8_t)m->dist_why);
    es_buf_u8(b, (uint8_t)m->elevation_source);
    es_buf_f64le(b, m->dist_err_m);
    es_buf_f64le(b, m->noise_cv);
    es_buf_f64le(b, m->smooth_m);
    es_buf_f64le(b, m->gap_m);
    es_buf_f64le(b, m->gap_s);
    es_buf_f64le(b, m->hr_bpm);
    for (size_t i = 0; i < m->n_bests; i++)
        es_buf_f64le(b, m->bests[i].error_s);
    put_splits(b, m->miles, m->n_miles);
    es_buf_u16le(b, (uint16_t)m->n_lap);
    for (size_t i = 0; i < m->n_lap; i++) {
        es_buf_f64le(b, m->lap[i].start_s);
        es_buf_f64le(b, m->lap[i].dist_m);
        es_buf_f64le(b, m->lap[i].time_s);
        es_buf_f64le(b, m->lap[i].gain_m);
        es_buf_f64le(b, m->lap[i].hr_bpm);
    }
}

void es_measure_put(struct es_buf *b, const struct es_measure *m)
{
    es_buf_u8(b, VERSION);
    es_buf_u8(b, (uint8_t)m->format);
    es_buf_u8(b, m->sport);
    es_buf_u64le(b, (uint64_t)m->started_ms);
    es_buf_u32le(b, m->points);
    es_buf_u32le(b, m->records);
    es_buf_u32le(b, m->laps);
    es_buf_u8(b, (uint8_t)m->dist_source);
    es_buf_f64le(b, m->dist_m);
    es_buf_f64le(b, m->raw_dist_m);
    es_buf_f64le(b, m->device_dist_m);
    es_buf_f64le(b, m->elapsed_s);
    es_buf_f64le(b, m->timer_s);
    es_buf_f64le(b, m->moving_s);
    es_buf_f64le(b, m->gain_m);
    es_buf_f64le(b, m->loss_m);
    put_text(b, m->device, sizeof m->device);
    put_splits(b, m->splits, m->n_splits);
    es_buf_u8(b, (uint8_t)m->n_bests);
    for (size_t i = 0; i < m->n_bests; i++)
        put_best(b, &m->bests[i]);
    es_findings_put(b, m->findings, m->n_findings);
    put_series(b, &m->series);
    put_more(b, m);
    es_buf_u8(b, (uint8_t)m->provenance);
    es_buf_f64le(b, m->counted_s);
    es_buf_f64le(b, m->counted_timer_s);
    es_buf_u8(b, (uint8_t)m->clock);
    es_buf_u16le(b, (uint16_t)(m->clock_min + ES_CLOCK_MAX_MIN));
}

/* A reader whose first complaint is kept, so that a whole measure is read
 * straight through and judged once. */
struct get {
    struct es_rd *r;
    const char *wrong; /* the first field out of its range */
    size_t at;         /* where it stood */
};

static void refuse(struct get *g, size_t at, const char *what)
{
    if (!g->wrong && !g->r->bad) {
        g->wrong = what;
        g->at = at;
    }
}

static uint32_t get_u32(struct get *g, uint32_t max, const char *what)
{
    size_t at = g->r->at;
    uint32_t v = es_rd_u32le(g->r);
    if (v <= max)
        return v;
    refuse(g, at, what);
    return 0;
}

static uint8_t get_u8(struct get *g, uint8_t max, const char *what)
{
    size_t at = g->r->at;
    uint8_t v = es_rd_u8(g->r);
    if (v <= max)
        return v;
    refuse(g, at, what);
    return 0;
}

/* In [min, max], or NAN, whose payload is not kept. */
static double get_or_nan(struct get *g, double min, double max,
                         const char *what)
{
    size_t at = g->r->at;
    double v = es_rd_f64le(g->r);
    if (isnan(v))
        return NAN;
    if (v >= min && v <= max)
        return v;
    refuse(g, at, what);
    return NAN;
}

static double get_f64(struct get *g, double min, double max, const char *what)
{
    size_t at = g->r->at;
    double v = get_or_nan(g, min, max, what);
    if (isnan(v))
        refuse(g, at, what);
    return v;
}

/* Into out[cap], NUL-terminated: UTF-8 without controls. */
static void get_text(struct get *g, char *out, size_t cap, const char *what)
{
    size_t at = g->r->at;
    const uint8_t *p;
    size_t n = es_rd_u8(g->r);
    out[0] = '\0';
    if (n >= cap) {
        refuse(g, at, what);
        return;
    }
    if (!es_rd_take(g->r, n, &p) || n == 0)
        return;
    struct es_bytes s = { p, n };
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0x20 || p[i] == 0x7f)
            refuse(g, at, what);
    if (!es_utf8_valid(s))
        refuse(g, at, what);
    memcpy(out, p, n);
    out[n] = '\0';
}

/* Its version goes to *version. */
static void get_head(struct get *g, struct es_measure *m, uint8_t *version)
{
    *version = es_rd_u8(g->r);
    if (*version < VERSION_PLAIN || *version > VERSION)
        refuse(g, g->r->at, "version");
    m->format = (enum es_format)get_u8(g, ES_FORMAT_TCX, "format");
    m->sport = es_rd_u8(g->r);
    size_t at = g->r->at;
    m->started_ms = (int64_t)es_rd_u64le(g->r);
    if (m->started_ms != ES_NO_TIME &&
        (m->started_ms < YEAR_1_MS || m->started_ms > YEAR_9999_MS))
        refuse(g, at, "start");
    m->points = get_u32(g, ES_POINTS_MAX, "points");
    m->records = get_u32(g, ES_POINTS_MAX, "records");
    if (m->points > m->records)
        refuse(g, at, "points");
    m->laps = get_u32(g, ES_LAPS_MAX, "laps");
    at = g->r->at;
    m->dist_source =
        (enum es_dist_source)get_u8(g, ES_DIST_POSITIONS, "source");
    m->dist_m = get_or_nan(g, 0, DIST_MAX_M, "distance");
    if (isnan(m->dist_m) && m->dist_source != ES_DIST_NONE)
        refuse(g, at, "distance");
    m->raw_dist_m = get_or_nan(g, 0, DIST_MAX_M, "raw distance");
    m->device_dist_m = get_or_nan(g, 0, DIST_MAX_M, "device distance");
    m->elapsed_s = get_or_nan(g, 0, TIME_MAX_S, "elapsed");
    m->timer_s = get_or_nan(g, 0, TIME_MAX_S, "timer");
    m->moving_s = get_or_nan(g, 0, TIME_MAX_S, "moving");
    m->gain_m = get_or_nan(g, 0, DIST_MAX_M, "gain");
    m->loss_m = get_or_nan(g, 0, DIST_MAX_M, "loss");
    get_text(g, m->device, sizeof m->device, "device");
}

static void get_bests(struct get *g, struct es_measure *m)
{
    m->n_bests = get_u8(g, (uint8_t)ES_BEST_DISTS_N, "best efforts");
    for (size_t i = 0; i < m->n_bests; i++) {
        struct es_best *b = &m->bests[i];
        uint8_t which = get_u8(g, (uint8_t)(ES_BEST_DISTS_N - 1), "best");
        b->name = ES_BEST_DISTS[which].name;
        b->verified = get_u8(g, 1, "verified") != 0;
        b->dist_m = get_f64(g, 0, DIST_MAX_M, "best distance");
        b->time_s = get_f64(g, 0, TIME_MAX_S, "best time");
    }
}

static void get_finding(struct get *g, struct es_finding *f)
{
    size_t at = g->r->at;
    get_text(g, f->code, sizeof f->code, "finding");
    for (const char *c = f->code; *c; c++)
        if (!(*c == '_' || (*c >= 'a' && *c <= 'z') ||
              (*c >= '0' && *c <= '9')))
            refuse(g, at, "finding");
    if (!f->code[0])
        refuse(g, at, "finding");
    get_text(g, f->message, sizeof f->message, "message");
    f->value = get_or_nan(g, -VALUE_MAX, VALUE_MAX, "value");
    f->limit = get_or_nan(g, -VALUE_MAX, VALUE_MAX, "limit");
    f->from_s = get_or_nan(g, -TIME_MAX_S, TIME_MAX_S, "from");
    f->to_s = get_or_nan(g, -TIME_MAX_S, TIME_MAX_S, "to");
    f->effect = (enum es_effect)get_u8(g, ES_REFUSE, "effect");
}

static bool get_findings(struct get *g, struct es_arena *a,
                         struct es_finding **out, size_t *n)
{
    *n = get_u8(g, ES_FINDINGS_MAX, "findings");
    *out = es_arena_array(a, *n, sizeof **out);
    for (size_t i = 0; *out && i < *n; i++)
        get_finding(g, &(*out)[i]);
    return *out != NULL;
}

static bool get_series(struct get *g, struct es_arena *a, struct es_series *out)
{
    size_t at = g->r->at, n = get_u8(g, ES_SERIES_MAX, "series");
    double last_s = 0;
    if (n == 1)
        refuse(g, at, "series");
    out->time_s = es_arena_array(a, n, sizeof *out->time_s);
    out->alt_m = es_arena_array(a, n, sizeof *out->alt_m);
    out->n = n;
    if (!out->time_s || !out->alt_m)
        return false;
    for (size_t i = 0; i < n; i++) {
        at = g->r->at;
        out->time_s[i] = (double)es_rd_u32le(g->r) / 1000;
        if (out->time_s[i] < last_s || out->time_s[i] > SERIES_MAX_S)
            refuse(g, at, "series");
        last_s = out->time_s[i];
        uint16_t height = es_rd_u16le(g->r);
        out->alt_m[i] =
            height == HEIGHT_NONE ? NAN : HEIGHT_LOW_M + HEIGHT_STEP_M * height;
    }
    return true;
}

static enum es_code judge(const struct get *g, struct es_err *e)
{
    if (g->r->bad)
        return es_fail(e, ES_ETRUNCATED, g->r->n, "the measure ends early");
    if (g->wrong)
        return es_fail(e, ES_EMALFORMED, g->at,
                       "a measure's %s is out of range", g->wrong);
    return ES_OK;
}

enum es_code es_findings_get(struct es_rd *r, struct es_arena *a,
                             struct es_finding **out, size_t *n,
                             struct es_err *e)
{
    struct get g = { .r = r };
    struct es_finding *got;
    size_t got_n;
    if (!get_findings(&g, a, &got, &got_n))
        return es_fail(e, ES_ENOMEM, r->at, "no memory for findings");
    enum es_code rc = judge(&g, e);
    if (rc != ES_OK)
        return rc;
    *out = got;
    *n = got_n;
    return ES_OK;
}

static bool get_splits(struct get *g, struct es_arena *a, struct es_split **out,
                       size_t *n)
{
    *n = get_u32(g, ES_SPLITS_MAX, "splits");
    *out = es_arena_array(a, *n, sizeof **out);
    for (size_t i = 0; *out && i < *n; i++) {
        (*out)[i].dist_m = get_f64(g, 0, DIST_MAX_M, "split");
        (*out)[i].time_s = get_f64(g, 0, TIME_MAX_S, "split time");
    }
    return *out != NULL;
}

static bool get_laps(struct get *g, struct es_arena *a, struct es_measure *m)
{
    size_t at = g->r->at;
    double last_s = -TIME_MAX_S;
    m->n_lap = es_rd_u16le(g->r);
    if (m->n_lap > ES_LAPS_SHOWN) {
        refuse(g, at, "laps");
        m->n_lap = 0;
    }
    m->lap = es_arena_array(a, m->n_lap, sizeof *m->lap);
    for (size_t i = 0; m->lap && i < m->n_lap; i++) {
        struct es_lap_measure *v = &m->lap[i];
        v->start_s = get_f64(g, last_s, TIME_MAX_S, "lap");
        v->dist_m = get_f64(g, 0, DIST_MAX_M, "lap's distance");
        v->time_s = get_f64(g, 0, TIME_MAX_S, "lap's time");
        v->gain_m = get_or_nan(g, 0, DIST_MAX_M, "lap's gain");
        v->hr_bpm = get_or_nan(g, 0, BEATS_MAX, "lap's beats");
        last_s = v->start_s;
    }
    return m->lap != NULL;
}

static bool get_more(struct get *g, struct es_arena *a, struct es_measure *m)
{
    m->dist_why = (enum es_dist_why)get_u8(g, ES_WHY_DIFFERS, "reason");
    m->elevation_source = (enum es_elevation_source)get_u8(
        g, ES_ELEVATION_SATELLITES, "elevation");
    m->dist_err_m = get_or_nan(g, 0, DIST_MAX_M, "error");
    m->noise_cv = get_or_nan(g, 0, VALUE_MAX, "noise");
    m->smooth_m = get_or_nan(g, 0, DIST_MAX_M, "smoothed distance");
    m->gap_m = get_or_nan(g, 0, DIST_MAX_M, "bridged distance");
    m->gap_s = get_or_nan(g, 0, TIME_MAX_S, "bridged time");
    m->hr_bpm = get_or_nan(g, 0, BEATS_MAX, "beats");
    for (size_t i = 0; i < m->n_bests; i++)
        m->bests[i].error_s = get_or_nan(g, 0, TIME_MAX_S, "best's error");
    return get_splits(g, a, &m->miles, &m->n_miles) && get_laps(g, a, m);
}

/* Before version 5 what was left out kept its time. */
static void get_counted(struct get *g, uint8_t version, struct es_measure *m)
{
    m->counted_s = m->elapsed_s;
    m->counted_timer_s = m->timer_s;
    if (version < VERSION_COUNTED)
        return;
    m->counted_s = get_or_nan(g, 0, TIME_MAX_S, "counted time");
    m->counted_timer_s = get_or_nan(g, 0, TIME_MAX_S, "counted timer");
}

static void get_clock(struct get *g, struct es_measure *m)
{
    m->clock = (enum es_clock)get_u8(g, ES_CLOCK_PLACE, "clock");
    size_t at = g->r->at;
    uint16_t ahead = es_rd_u16le(g->r);
    if (ahead > 2 * ES_CLOCK_MAX_MIN)
        refuse(g, at, "clock");
    else
        m->clock_min = (int32_t)ahead - ES_CLOCK_MAX_MIN;
}

/* What an older measure doesn't say. */
static void without_more(struct es_measure *m)
{
    m->dist_err_m = m->noise_cv = m->smooth_m = NAN;
    m->gap_m = m->gap_s = m->hr_bpm = NAN;
    for (size_t i = 0; i < m->n_bests; i++)
        m->bests[i].error_s = NAN;
}

/* An older measure without a format was typed in: there was nothing else. */
static void get_provenance(struct get *g, uint8_t version, struct es_measure *m)
{
    if (version >= VERSION_ORIGIN)
        m->provenance = (enum es_provenance)get_u8(g, ES_FROM_TYPED, "origin");
    else if (m->format == ES_FORMAT_NONE)
        m->provenance = ES_FROM_TYPED;
    else
        m->provenance = es_provenance_of(m->format, m->device, false);
}

enum es_code es_measure_get(struct es_rd *r, struct es_arena *a,
                            struct es_measure *m, struct es_err *e)
{
    struct get g = { .r = r };
    struct es_measure got = { 0 };
    uint8_t version;

    get_head(&g, &got, &version);
    if (!get_splits(&g, a, &got.splits, &got.n_splits))
        return es_fail(e, ES_ENOMEM, r->at, "no memory for splits");
    get_bests(&g, &got);
    if (!get_findings(&g, a, &got.findings, &got.n_findings))
        return es_fail(e, ES_ENOMEM, r->at, "no memory for findings");
    if (version >= VERSION_SERIES && !get_series(&g, a, &got.series))
        return es_fail(e, ES_ENOMEM, r->at, "no memory for a series");
    if (version < VERSION_MORE)
        without_more(&got);
    else if (!get_more(&g, a, &got))
        return es_fail(e, ES_ENOMEM, r->at, "no memory for laps");
    get_provenance(&g, version, &got);
    get_counted(&g, version, &got);
    if (version >= VERSION)
        get_clock(&g, &got);
    enum es_code rc = judge(&g, e);
    if (rc == ES_OK)
        *m = got;
    return rc;
}
