/* SPDX-License-Identifier: Apache-2.0 */
/* Signs: what an honest run may show too, though seldom several at once. */
#include <math.h>
#include <stdio.h>

#include "track/findings_int.h"
#include "track/provenance.h"

static const double LONG_S = 300;
static const double NO_STEPS_MPS = 3, LOW_HEART_MPS = 4.5;
enum { LOW_HEART_BPM = 100, HEARTS_MIN_BPM = 30 };
static const double SUDDEN_MPS2 = 4.5, SUDDEN_S = 3;
static const double GRADE = 0.02, HILL_M = 500, HILL_LOOK_S = 20;
static const double COAST_MPS = 5.5, COAST_RATIO = 2;
static const double RIDE_MPS = 7, RIDE_S = 180, RIDE_SHARE = 0.25;
static const double RIDE_STRIDES = 60; /* who strides so is on foot */
static const double TOTAL_OFF = 0.02, TOTAL_OFF_M = 10;
static const double FIELD_LO = 0.75, FIELD_HI = 1.33, FIELD_SHARE = 0.5;
static const double FIELD_MAX_MPS = 1000; /* more is no speed */
static const double LOOK_S = 10, GAP_S = 15;

/* What the points show of the last LOOK_S, one after the other. */
struct now {
    const struct es_point *p;
    double t_s, step_s; /* the step to here; 0 where the recording broke */
    double mps;
};

struct pass {
    const struct es_track *tr;
    const struct es_ways *w;
    struct es_walk head, tail;
    size_t i;
    double last_s;
};

static bool next(struct pass *q, struct now *n)
{
    while (q->i < q->tr->n) {
        const struct es_point *p = &q->tr->pts[q->i++];
        double t = es_since_s(q->w, p);
        if (!(isnan(q->last_s) || t > q->last_s) || isnan(t))
            continue;
        double from = fmax(t - LOOK_S, q->head.s->t_s[0]);
        double m = es_walk_m(&q->head, t) - es_walk_m(&q->tail, from);
        double step = t - q->last_s;
        *n = (struct now){ .p = p,
                           .t_s = t,
                           .step_s = step <= GAP_S ? step : 0,
                           .mps = t > from ? m / (t - from) : 0 };
        q->last_s = t;
        return true;
    }
    return false;
}

static struct pass pass_of(const struct es_track *tr, const struct es_ways *w,
                           const struct es_stream *s)
{
    return (struct pass){
        .tr = tr, .w = w, .head = { s, 0 }, .tail = { s, 0 }, .last_s = NAN
    };
}

/* The longest time that something went on. */
struct lasting {
    double since_s, from_s, to_s;
};

static void goes_on(struct lasting *l, bool on, const struct now *n)
{
    if (!on || n->step_s == 0)
        l->since_s = NAN;
    if (on && isnan(l->since_s))
        l->since_s = n->t_s;
    if (on && !(n->t_s - l->since_s <= l->to_s - l->from_s)) {
        l->from_s = l->since_s;
        l->to_s = n->t_s;
    }
}

static const struct lasting NEVER = { NAN, 0, 0 };

static void say_lasting(struct es_measure *m, const char *code,
                        const struct lasting *l, const char *what)
{
    struct es_finding f = es_finding_of(code, ES_NOTE);
    f.value = l->to_s - l->from_s;
    f.limit = LONG_S;
    if (f.value < LONG_S)
        return;
    f.from_s = l->from_s;
    f.to_s = l->to_s;
    es_finding_add(m, &f, "%s for %.0f s", what, f.value);
}

/* What body sensors say against the speed; and speeds that only wheels keep
 * where no sensor says that somebody strides. */
static void find_bodies(const struct es_track *tr, const struct es_ways *w,
                        const struct es_stream *s, struct es_measure *m)
{
    struct pass q = pass_of(tr, w, s);
    struct lasting steps = NEVER, heart = NEVER;
    double strides = 0, fast_s = 0, all_s = 0;
    struct now n;
    while (next(&q, &n)) {
        double spm = (double)n.p->cadence_spm;
        strides += spm > 0 ? n.step_s : 0;
        goes_on(&steps, spm == 0 && n.mps > NO_STEPS_MPS, &n);
        goes_on(&heart,
                n.p->hr_bpm >= HEARTS_MIN_BPM && n.p->hr_bpm < LOW_HEART_BPM &&
                    n.mps > LOW_HEART_MPS,
                &n);
        all_s += n.mps > 0.5 ? n.step_s : 0;
        if (n.mps > RIDE_MPS && !(spm >= RIDE_STRIDES))
            fast_s += n.step_s;
    }
    if (strides > 0)
        say_lasting(m, "no_steps", &steps, "moving without a step");
    say_lasting(m, "low_heart", &heart, "fast with a heart at rest");
    if (fast_s < RIDE_S || fast_s < RIDE_SHARE * all_s)
        return;
    struct es_finding f = es_finding_of("like_a_vehicle", ES_NOTE);
    f.value = fast_s;
    f.limit = RIDE_S;
    es_finding_add(m, &f, "%.0f s at more than %.0f m/s", fast_s, RIDE_MPS);
}

static void find_sudden(const struct es_stream *s, struct es_measure *m)
{
    struct es_walk a = { s, 0 }, b = { s, 0 }, c = { s, 0 };
    struct es_finding f = es_finding_of("sudden", ES_NOTE);
    f.value = f.limit = SUDDEN_MPS2;
    for (size_t i = 0; i < s->n; i++) {
        double t = s->t_s[i];
        double was = es_walk_m(&a, t - SUDDEN_S), is = es_walk_m(&b, t);
        double then = es_walk_m(&c, t + SUDDEN_S);
        double mps2 = ((then - is) - (is - was)) / (SUDDEN_S * SUDDEN_S);
        if (t - s->t_s[0] < SUDDEN_S || !(mps2 > f.value))
            continue;
        f.value = mps2;
        f.from_s = t - SUDDEN_S;
        f.to_s = t + SUDDEN_S;
    }
    if (!isnan(f.from_s))
        es_finding_add(m, &f, "faster by %.1f m/s in a second", f.value);
}

/* Fast exactly where it goes down: wheels. */
static void find_coasting(const struct es_track *tr, const struct es_ways *w,
                          const struct es_stream *s, struct es_measure *m)
{
    struct pass q = pass_of(tr, w, s);
    double at_s = NAN, at_m = 0, at_up = 0;
    double up_m = 0, up_s = 0, down_m = 0, down_s = 0;
    struct now n;
    while (next(&q, &n)) {
        double up = (double)n.p->alt_m;
        if (isnan(up))
            continue;
        double along = es_walk_m(&q.head, n.t_s);
        if (!(n.t_s - at_s < HILL_LOOK_S)) {
            double len = along - at_m, took = n.t_s - at_s;
            double grade = (up - at_up) / len;
            bool whole = took <= HILL_LOOK_S + GAP_S && len > HILL_LOOK_S;
            up_m += whole && grade > GRADE ? len : 0;
            up_s += whole && grade > GRADE ? took : 0;
            down_m += whole && grade < -GRADE ? len : 0;
            down_s += whole && grade < -GRADE ? took : 0;
            at_s = n.t_s;
            at_m = along;
            at_up = up;
        }
    }
    if (up_m < HILL_M || down_m < HILL_M)
        return;
    struct es_finding f = es_finding_of("coasting", ES_NOTE);
    f.value = down_m / down_s;
    f.limit = fmax(COAST_MPS, COAST_RATIO * up_m / up_s);
    if (f.value > f.limit)
        es_finding_add(m, &f, "%.1f m/s downhill, %.1f m/s uphill", f.value,
                       up_m / up_s);
}

static void find_totals(const struct es_track *tr, const struct es_ways *w,
                        struct es_measure *m)
{
    double total = tr->device_dist_m, len = w->dev_len_m;
    if (!w->dev_stream ||
        !(fabs(total - len) > fmax(TOTAL_OFF * len, TOTAL_OFF_M)))
        return;
    struct es_finding f = es_finding_of("total_differs", ES_NOTE);
    f.value = total;
    f.limit = len;
    es_finding_add(m, &f, "the summary says %.0f m, the records %.0f m", total,
                   len);
}

/* The device's speeds against the metres. */
static void find_field(const struct es_track *tr, const struct es_ways *w,
                       const struct es_stream *s, struct es_measure *m)
{
    struct pass q = pass_of(tr, w, s);
    double field_m = 0, along_m = 0, last_m = 0;
    struct now n;
    while (next(&q, &n)) {
        double m_now = es_walk_m(&q.head, n.t_s);
        double mps = (double)n.p->speed_mps;
        if (n.step_s > 0 && mps >= 0 && mps <= FIELD_MAX_MPS) {
            field_m += mps * n.step_s;
            along_m += m_now - last_m;
        }
        last_m = m_now;
    }
    double ratio = field_m / along_m;
    if (!(along_m > FIELD_SHARE * s->d_m[s->n - 1]) || !(field_m > 0) ||
        (ratio >= FIELD_LO && ratio <= FIELD_HI))
        return;
    struct es_finding f = es_finding_of("speed_differs", ES_NOTE);
    f.value = field_m;
    f.limit = along_m;
    es_finding_add(m, &f, "the device's speeds make %.0f m of these %.0f m",
                   field_m, along_m);
}

static void find_editor(const struct es_track *tr, struct es_measure *m)
{
    if (!es_is_editor(tr->device))
        return;
    struct es_finding f = es_finding_of("edited", ES_NOTE);
    es_finding_add(m, &f,
                   "the file was made by a program that draws or "
                   "changes tracks");
}

void es_find_signs(const struct es_track *tr, const struct es_ways *w,
                   const struct es_stream *s, struct es_measure *m)
{
    bool whole = true;
    for (size_t i = 0; i < m->n_findings; i++)
        whole = whole && strcmp(m->findings[i].code, "left_out") != 0;
    find_editor(tr, m);
    find_totals(tr, w, m);
    if (!w->on_foot || s->n < 2)
        return;
    find_bodies(tr, w, s, m);
    find_sudden(s, m);
    find_coasting(tr, w, s, m);
    /* a ride that was left out is still in the device's speeds */
    if (whole)
        find_field(tr, w, s, m);
}
