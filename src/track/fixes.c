/* SPDX-License-Identifier: Apache-2.0 */
#include "track/fixes.h"

#include <math.h>

#include "geo/metric.h"
#include "track/measure_int.h"

enum { SPIKE_RUN = 3 };
/* What no gap of a runner explains. */
static const double JUMP_M = 200, JUMP_MARGIN = 1.1;
/* Two segments this near in time are one way: a lap's new track. */
static const double BREAK_S = 10;
/* A clock that goes back is waited for so many samples; then it was set. */
enum { CLOCK_SAMPLES = 64 };
static const int64_t CLOCK_STEP_MS = 1000;
/* In all: a watch without power begins again in 1970. */
static const int64_t CLOCK_BACK_MAX_MS = 100 * 366 * INT64_C(86400000);

bool es_sport_on_foot(uint8_t sport)
{
    return sport == ES_SPORT_RUNNING || sport == ES_SPORT_WALKING ||
           sport == ES_SPORT_HIKING || sport == ES_SPORT_GENERIC;
}

struct es_spike_rule es_spike_rule_of(uint8_t sport)
{
    if (es_sport_on_foot(sport))
        return (struct es_spike_rule){ 9, 12 };
    if (sport == ES_SPORT_CYCLING) /* downhill records are at 63 m/s */
        return (struct es_spike_rule){ 40, 80 };
    return (struct es_spike_rule){ INFINITY, INFINITY };
}

/* A walk over the positions of a track. */
struct walk {
    const struct es_track *tr;
    struct es_fixes *out;
    struct es_geo_metric metric;
    struct es_spike_rule rule;
    bool on_foot, timed;
    int64_t zero_ms;
    int64_t last_ms;      /* the file's time of the last fix */
    int64_t ahead_ms;     /* what a clock that was set back lacks */
    bool repeats;         /* in a segment that says again what an earlier did */
    bool paused, segment; /* since the last fix */
};

static struct es_geo_step step_of(struct walk *w, size_t i, size_t k)
{
    const struct es_point *p = &w->tr->pts[i], *q = &w->tr->pts[k];
    return es_geo_step_of(&w->metric, p->lat_deg, p->lon_deg, q->lat_deg,
                          q->lon_deg);
}

/* NAN when one of the two has no time. */
static double apart_s(const struct walk *w, size_t i, size_t k)
{
    int64_t p = w->tr->pts[i].t_ms, q = w->tr->pts[k].t_ms;
    if (p == ES_NO_TIME || q == ES_NO_TIME)
        return NAN;
    return ((double)q - (double)p) / 1000;
}

static size_t next_fix(const struct walk *w, size_t i)
{
    while (i < w->tr->n && !es_point_has_position(&w->tr->pts[i]))
        i++;
    return i;
}

static bool too_fast(const struct walk *w, double step_m, double step_s)
{
    return step_m > w->rule.step_m && step_s >= 0 &&
           step_m > w->rule.speed_mps * step_s;
}

/* Whether their latitudes allow that two are less than max_m apart: cheaper
 * than a geodesic where a track was made of leaps. */
static bool may_be_nearer(const struct walk *w, size_t i, size_t k,
                          double max_m)
{
    static const double DEGREE_MIN_M = 110500; /* at the equator 110574 */
    double lat_deg = w->tr->pts[i].lat_deg - w->tr->pts[k].lat_deg;
    return fabs(lat_deg) * DEGREE_MIN_M < max_m;
}

/* How many fixes from i on are a spike seen from `last`; 0: none. */
static size_t spike_at(struct walk *w, size_t last, size_t i, double step_m)
{
    if (!too_fast(w, step_m, apart_s(w, last, i)))
        return 0;
    size_t before = i;
    for (size_t k = 1; k <= SPIKE_RUN; k++) {
        size_t to = next_fix(w, before + 1);
        if (to == w->tr->n)
            break;
        double back_s = apart_s(w, before, to), over_s = apart_s(w, last, to);
        double over_max_m = w->rule.speed_mps * over_s;
        if (over_s > 0 && may_be_nearer(w, last, to, over_max_m) &&
            step_of(w, last, to).length_m < over_max_m &&
            step_of(w, before, to).length_m > w->rule.speed_mps * back_s)
            return k;
        before = to;
    }
    return 0;
}

/* Whether a clock that stands at or before the last fix was set back for good,
 * and does not merely repeat or stumble. */
static bool was_set(const struct walk *w, size_t i)
{
    size_t look = CLOCK_SAMPLES;
    for (size_t k = i; k < w->tr->n && look > 0; k++) {
        int64_t t = w->tr->pts[k].t_ms;
        if (t == ES_NO_TIME)
            continue;
        if (t > w->last_ms)
            return false;
        look--;
    }
    return true;
}

/* Whether the time of point i can follow; takes note of a clock set back. */
static bool follows(struct walk *w, size_t i)
{
    int64_t t = w->tr->pts[i].t_ms;
    if (!w->timed)
        return true;
    if (t == ES_NO_TIME)
        return false;
    if (w->last_ms == ES_NO_TIME)
        return es_time_rises(w->tr, i, w->last_ms);
    if (t > w->last_ms) {
        w->repeats = false;
        return es_time_rises(w->tr, i, w->last_ms);
    }
    if (w->segment)
        w->repeats = true;
    if (w->repeats || !was_set(w, i))
        return false;
    int64_t ahead_ms = w->ahead_ms + w->last_ms - t + CLOCK_STEP_MS;
    if (ahead_ms > CLOCK_BACK_MAX_MS)
        return false;
    w->ahead_ms = ahead_ms;
    return true;
}

/* Notes the step when no human makes it. */
static bool is_jump(struct walk *w, const struct es_point *q, double step_m,
                    double to_s)
{
    struct es_fixes *f = w->out;
    double acc_m = q->acc_m > 0 ? (double)q->acc_m : 0;
    if (!w->on_foot || !w->timed || step_m <= JUMP_M + 3 * acc_m)
        return false;
    double from_s = f->t_s[f->n - 1], s = to_s - from_s;
    if (step_m <= s * es_human_speed_mps(s) * JUMP_MARGIN)
        return false;
    if (f->n_jumps < ES_JUMPS_MAX)
        f->jumps[f->n_jumps] =
            (struct es_jump){ from_s, to_s, step_m, step_m / s };
    f->n_jumps++;
    f->jumped_m += step_m;
    return true;
}

/* Adds point i, `step` from the fix before. */
static void add(struct walk *w, size_t i, const struct es_geo_step *step)
{
    struct es_fixes *f = w->out;
    const struct es_point *p = &w->tr->pts[i];
    size_t n = f->n;
    double t_s = 0, step_s = NAN;
    if (w->timed) {
        t_s =
            ((double)p->t_ms + (double)w->ahead_ms - (double)w->zero_ms) / 1000;
        f->t_s[n] = t_s;
        step_s = n > 0 ? t_s - f->t_s[n - 1] : NAN;
    }
    f->at[n] = (uint32_t)i;
    f->apart[n] = ES_JOINED;
    f->x_m[n] = n > 0 ? f->x_m[n - 1] + step->east_m : 0;
    f->y_m[n] = n > 0 ? f->y_m[n - 1] + step->north_m : 0;
    if (n > 0 && is_jump(w, p, step->length_m, t_s))
        f->apart[n] = ES_LEAP;
    else if (n > 0 && (w->paused || (w->segment && !(step_s <= BREAK_S))))
        f->apart[n] = ES_PAUSE;
    w->last_ms = p->t_ms;
    w->paused = w->segment = false;
    f->n++;
}

static void walk(struct walk *w)
{
    const struct es_track *tr = w->tr;
    struct es_fixes *f = w->out;
    size_t last = tr->n; /* the position before, believed or not */
    size_t skip = 0;
    bool fresh = true;
    if (tr->before) {
        size_t i = next_fix(w, 0);
        if (i < tr->n && !(tr->pts[i].flags & ES_PT_SEGMENT))
            f->raw_m = es_geo_step_of(&w->metric, tr->before->lat_deg,
                                      tr->before->lon_deg, tr->pts[i].lat_deg,
                                      tr->pts[i].lon_deg)
                           .length_m;
    }
    for (size_t i = 0; i < tr->n; i++) {
        uint8_t flags = tr->pts[i].flags;
        struct es_geo_step step = { 0 };
        w->paused = w->paused || (flags & ES_PT_RESUME);
        w->segment = w->segment || (flags & ES_PT_SEGMENT);
        fresh = fresh || (flags & ES_PT_SEGMENT);
        if (!es_point_has_position(&tr->pts[i]))
            continue;
        size_t from = f->n > 0 ? f->at[f->n - 1] : tr->n;
        if (last < tr->n && (!fresh || last == from))
            step = step_of(w, last, i);
        f->raw_m += fresh ? 0 : step.length_m;
        bool near = last == from;
        last = i;
        fresh = false;
        if (skip > 0) {
            skip--;
            continue;
        }
        if (!follows(w, i))
            continue;
        if (from < tr->n) {
            if (!near)
                step = step_of(w, from, i);
            skip = spike_at(w, from, i, step.length_m);
        }
        if (skip > 0) {
            f->spikes += skip--;
            continue;
        }
        add(w, i, &step);
    }
}

/* Whether times are there to go by: a file that has them on a few positions
 * only is one without. */
static bool has_times(const struct es_track *tr)
{
    size_t positions = 0, times = 0;
    for (size_t i = 0; i < tr->n; i++) {
        bool has = es_point_has_position(&tr->pts[i]);
        positions += has;
        times += has && tr->pts[i].t_ms != ES_NO_TIME;
    }
    return times >= 2 && times >= positions / 2;
}

enum es_code es_fixes_of(const struct es_track *tr, int64_t zero_ms,
                         struct es_arena *a, struct es_fixes *out,
                         struct es_err *e)
{
    struct es_fixes f = { 0 };
    struct walk w = {
        .tr = tr,
        .out = &f,
        .rule = es_spike_rule_of(tr->sport),
        .on_foot = es_sport_on_foot(tr->sport),
        .timed = has_times(tr),
        .zero_ms = zero_ms,
        .last_ms = ES_NO_TIME,
    };
    f.t_s = es_arena_array(a, tr->n, sizeof *f.t_s);
    f.x_m = es_arena_array(a, tr->n, sizeof *f.x_m);
    f.y_m = es_arena_array(a, tr->n, sizeof *f.y_m);
    f.at = es_arena_array(a, tr->n, sizeof *f.at);
    f.apart = es_arena_array(a, tr->n, sizeof *f.apart);
    if (!f.t_s || !f.x_m || !f.y_m || !f.at || !f.apart)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu positions", tr->n);
    walk(&w);
    if (!w.timed)
        f.t_s = NULL;
    *out = f;
    return ES_OK;
}
