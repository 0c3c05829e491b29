/* SPDX-License-Identifier: Apache-2.0 */
#include "track/sketch.h"

#include <math.h>
#include <string.h>

#include "track/trail.h"

enum {
    VERSION = 1,
    SHINGLE = 3, /* cells */
    WINDOW = 16, /* changes of a sequence */
    KINDS = 5,   /* of change that a window must have: fewer are rhythm */
    STEPS_MAX = 1 << 18 /* places looked at: 15 days at STEP_S */
};
static const double MEAN_S = 15, STEP_S = 5;
/* Rows of 25 m: 4448 a degree of latitude. */
static const double ROWS_A_DEG = 4448;
static const double STRIDE = 0.2; /* of a cell: where a leg is looked at */
/* A border counts once it is so far behind: else a way along it would be a
 * different one with each metre of noise. */
static const double DEEP = 0.12;
/* Nobody knows the way across a longer leg, in cells. */
static const double LEG_MAX = 40;

struct es_sketch es_sketch_none(void)
{
    struct es_sketch s = { .started_ms = ES_NO_TIME };
    memset(s.place, 0xff, sizeof s.place);
    memset(s.pulse, 0xff, sizeof s.pulse);
    memset(s.step, 0xff, sizeof s.step);
    return s;
}

/* ---- hashing ---- */

/* A bijection that leaves no pattern: the finaliser of SplitMix64 (Steele,
 * Lea, Flood 2014, doi:10.1145/2660193.2660195). */
static uint64_t mixed(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static void keep_least(uint32_t *least, size_t n, uint64_t of)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t h = (uint32_t)(mixed(of ^ ((uint64_t)(i + 1) << 56)) >> 32);
        if (h < least[i])
            least[i] = h;
    }
}

/* ---- the way ---- */

/* A square of the grid. Within a degree of latitude all rows have the same
 * number of columns, so that cells lie below each other. */
struct cell {
    int64_t row, col;
};

static double columns_of(int64_t row)
{
    double deg = floor((double)row / ROWS_A_DEG) - 90 + 0.5;
    double round_m = 360 * es_trail_east_m(deg);
    return fmax(1, floor(round_m * ROWS_A_DEG / ES_TRAIL_NORTH_M));
}

static double rows_at(double lat_deg)
{
    return (lat_deg + 90) * ROWS_A_DEG;
}

static struct cell cell_at(double lat_deg, double lon_deg)
{
    struct cell c = { .row = (int64_t)floor(rows_at(lat_deg)) };
    c.col = (int64_t)floor(lon_deg / 360 * columns_of(c.row));
    return c;
}

/* How far outside of the cell, in cells; negative: inside. */
static double outside(struct cell c, double lat_deg, double lon_deg)
{
    double y = rows_at(lat_deg) - (double)c.row - 0.5;
    double x = lon_deg / 360 * columns_of(c.row) - (double)c.col - 0.5;
    return fmax(fabs(x), fabs(y)) - 0.5;
}

static uint64_t cell_hash(struct cell c)
{
    int64_t round = (int64_t)columns_of(c.row);
    int64_t col = c.col % round;
    uint64_t at = (uint64_t)(col < 0 ? col + round : col);
    return mixed((uint64_t)c.row << 32 | at);
}

/* The way as it goes from cell to cell. */
struct walk {
    struct es_sketch *to;
    struct cell now;
    uint64_t last[SHINGLE]; /* hashes, the newest first */
    size_t n;               /* cells so far */
};

static void enter(struct walk *w, struct cell c)
{
    memmove(w->last + 1, w->last, (SHINGLE - 1) * sizeof w->last[0]);
    w->last[0] = cell_hash(c);
    w->now = c;
    if (++w->n < SHINGLE)
        return;
    uint64_t lo = w->last[0], hi = w->last[2];
    if (lo > hi) {
        lo = w->last[2];
        hi = w->last[0];
    }
    keep_least(w->to->place, ES_SKETCH_PLACES,
               mixed(mixed(lo ^ mixed(w->last[1])) ^ hi));
}

/* Straight from one place to the next. */
static void go(struct walk *w, const double from[2], const double to[2])
{
    double dy = (to[0] - from[0]) * ROWS_A_DEG;
    double dx = (to[1] - from[1]) / 360 * columns_of(w->now.row);
    double leg = sqrt(dx * dx + dy * dy);
    if (!(leg <= LEG_MAX)) {
        w->n = 0;
        enter(w, cell_at(to[0], to[1]));
        return;
    }
    int n = (int)ceil(leg / STRIDE);
    for (int i = 1; i <= n; i++) {
        double f = (double)i / n;
        double lat = from[0] + f * (to[0] - from[0]);
        double lon = from[1] + f * (to[1] - from[1]);
        if (outside(w->now, lat, lon) > DEEP)
            enter(w, cell_at(lat, lon));
    }
}

static void sketch_way(const struct es_trail *t, struct es_sketch *out)
{
    struct es_trail_mean m;
    struct walk w = { .to = out };
    double at[2], was[2];
    double end_s = t->n > 0 ? t->t_s[t->n - 1] : -1;
    double step_s = fmax(STEP_S, end_s / STEPS_MAX);
    es_trail_mean_init(&m, t);
    for (int i = 0; i * step_s <= end_s; i++) {
        es_trail_mean_at(&m, i * step_s, MEAN_S, &at[0], &at[1]);
        if (i == 0)
            enter(&w, cell_at(at[0], at[1]));
        else
            go(&w, was, at);
        was[0] = at[0];
        was[1] = at[1];
    }
}

/* ---- sequences ---- */

struct sequence {
    uint32_t *least;
    int64_t value;
    uint32_t samples;        /* that had it, one after the other */
    uint64_t change[WINDOW]; /* value and samples, hashed; a ring */
    size_t n;
};

static bool rhythm_only(const struct sequence *s)
{
    size_t kinds = 0;
    for (size_t i = 0; i < WINDOW; i++) {
        size_t k = 0;
        while (k < i && s->change[k] != s->change[i])
            k++;
        kinds += k == i;
    }
    return kinds < KINDS;
}

static void note_change(struct sequence *s)
{
    s->change[s->n++ % WINDOW] =
        mixed(mixed((uint64_t)s->value) ^ (uint64_t)s->samples);
    if (s->n < WINDOW || rhythm_only(s))
        return;
    uint64_t h = 0;
    for (size_t i = 0; i < WINDOW; i++)
        h = mixed(h ^ s->change[(s->n + i) % WINDOW]);
    keep_least(s->least, ES_SKETCH_BEATS, h);
}

static void note_sample(struct sequence *s, int64_t value)
{
    if (s->samples > 0 && value == s->value) {
        s->samples++;
        return;
    }
    if (s->samples > 0)
        note_change(s);
    s->value = value;
    s->samples = 1;
}

static void sketch_sequences(const struct es_track *tr, struct es_sketch *out)
{
    struct sequence pulse = { .least = out->pulse };
    struct sequence step = { .least = out->step };
    int64_t first = ES_NO_TIME, last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (p->hr_bpm > 0)
            note_sample(&pulse, p->hr_bpm);
        if (p->t_ms == ES_NO_TIME)
            continue;
        if (last != ES_NO_TIME)
            note_sample(&step, p->t_ms - last);
        if (first == ES_NO_TIME)
            first = p->t_ms;
        last = p->t_ms;
    }
    out->started_ms = first;
    int64_t lasted_s = first == ES_NO_TIME ? 0 : (last - first) / 1000;
    out->lasted_s = (uint32_t)fmin(fmax((double)lasted_s, 0), UINT32_MAX);
}

enum es_code es_sketch_of(const struct es_track *tr, struct es_arena *a,
                          struct es_sketch *out, struct es_err *e)
{
    struct es_sketch s = es_sketch_none();
    struct es_trail t;
    enum es_code rc = es_trail_of(tr, a, &t, e);
    if (rc != ES_OK)
        return rc;
    sketch_way(&t, &s);
    sketch_sequences(tr, &s);
    *out = s;
    return ES_OK;
}

/* ---- bytes ---- */

static void put_all(struct es_buf *b, const uint32_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        es_buf_u32le(b, v[i]);
}

static void get_all(struct es_rd *r, uint32_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = es_rd_u32le(r);
}

void es_sketch_put(struct es_buf *b, const struct es_sketch *s)
{
    es_buf_u8(b, VERSION);
    es_buf_u8(b, ES_SKETCH_PLACES);
    es_buf_u8(b, ES_SKETCH_BEATS);
    es_buf_u64le(b, (uint64_t)s->started_ms);
    es_buf_u32le(b, s->lasted_s);
    put_all(b, s->place, ES_SKETCH_PLACES);
    put_all(b, s->pulse, ES_SKETCH_BEATS);
    put_all(b, s->step, ES_SKETCH_BEATS);
}

enum es_code es_sketch_get(struct es_rd *r, struct es_sketch *out,
                           struct es_err *e)
{
    struct es_sketch s;
    size_t from = r->at;
    bool ours = es_rd_u8(r) == VERSION;
    ours = es_rd_u8(r) == ES_SKETCH_PLACES && ours;
    ours = es_rd_u8(r) == ES_SKETCH_BEATS && ours;
    s.started_ms = (int64_t)es_rd_u64le(r);
    s.lasted_s = es_rd_u32le(r);
    get_all(r, s.place, ES_SKETCH_PLACES);
    get_all(r, s.pulse, ES_SKETCH_BEATS);
    get_all(r, s.step, ES_SKETCH_BEATS);
    if (r->bad)
        return es_fail(e, ES_ETRUNCATED, r->at, "a sketch ends early");
    if (!ours)
        return es_fail(e, ES_EMALFORMED, from, "not a sketch of this version");
    *out = s;
    return ES_OK;
}
