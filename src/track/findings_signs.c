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
    double along_m, mps;
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
        double begin = q->head.s->t_s[0];
        double from = t - LOOK_S > begin ? t - LOOK_S : begin;
        double along = es_walk_m(&q->head, t);
        double m = along - es_walk_m(&q->tail, from);
        double step = t - q->last_s;
        *n = (struct now){ .p = p,
                           .t_s = t,
                           .step_s = step <= GAP_S ? step : 0,
                           .along_m = along,
                           .mps = t > from ? m / (t - from) : 0 };
        q->last_s = t;
        return true;
    }
    return false;
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
struct bodies {
    struct lasting steps, heart;
    double strides, fast_s, all_s;
};

static void take_body(struct bodies *b, const struct now *n)
{
    double spm = (double)n->p->cadence_spm;
    b->strides += spm > 0 ? n->step_s : 0;
    goes_on(&b->steps, spm == 0 && n->mps > NO_STEPS_MPS, n);
    goes_on(&b->heart,
            n->p->hr_bpm >= HEARTS_MIN_BPM && n->p->hr_bpm < LOW_HEART_BPM &&
                n->mps > LOW_HEART_MPS,
            n);
    b->all_s += n->mps > 0.5 ? n->step_s : 0;
    if (n->mps > RIDE_MPS && !(spm >= RIDE_STRIDES))
        b->fast_s += n->step_s;
}

static void say_bodies(struct es_measure *m, const struct bodies *b)
{
    if (b->strides > 0)
        say_lasting(m, "no_steps", &b->steps, "moving without a step");
    say_lasting(m, "low_heart", &b->heart, "fast with a heart at rest");
    if (b->fast_s < RIDE_S || b->fast_s < RIDE_SHARE * b->all_s)
        return;
    struct es_finding f = es_finding_of("like_a_vehicle", ES_NOTE);
    f.value = b->fast_s;
    f.limit = RIDE_S;
    es_finding_add(m, &f, "%.0f s at more than %.0f m/s", b->fast_s, RIDE_MPS);
}

static void find_sudden(const struct es_stream *s, struct es_measure *m)
{
    struct es_walk a = { s, 0 }, c = { s, 0 };
    struct es_finding f = es_finding_of("sudden", ES_NOTE);
    f.value = f.limit = SUDDEN_MPS2;
    for (size_t i = 0; i < s->n; i++) {
        double t = s->t_s[i];
        double was = es_walk_m(&a, t - SUDDEN_S), is = s->d_m[i];
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
struct hills {
    double at_s, at_m, at_up_m; /* where the slope began */
    double up_m, up_s, down_m, down_s;
};

static void take_height(struct hills *h, const struct now *n)
{
    double up = (double)n->p->alt_m;
    if (isnan(up) || n->t_s - h->at_s < HILL_LOOK_S)
        return;
    double len = n->along_m - h->at_m, took = n->t_s - h->at_s;
    double grade = (up - h->at_up_m) / len;
    bool whole = took <= HILL_LOOK_S + GAP_S && len > HILL_LOOK_S;
    h->up_m += whole && grade > GRADE ? len : 0;
    h->up_s += whole && grade > GRADE ? took : 0;
    h->down_m += whole && grade < -GRADE ? len : 0;
    h->down_s += whole && grade < -GRADE ? took : 0;
    h->at_s = n->t_s;
    h->at_m = n->along_m;
    h->at_up_m = up;
}

static void say_hills(struct es_measure *m, const struct hills *h)
{
    if (h->up_m < HILL_M || h->down_m < HILL_M)
        return;
    struct es_finding f = es_finding_of("coasting", ES_NOTE);
    f.value = h->down_m / h->down_s;
    f.limit = fmax(COAST_MPS, COAST_RATIO * h->up_m / h->up_s);
    if (f.value > f.limit)
        es_finding_add(m, &f, "%.1f m/s downhill, %.1f m/s uphill", f.value,
                       h->up_m / h->up_s);
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
struct speeds {
    double field_m, along_m, last_m;
};

static void take_speed(struct speeds *v, const struct now *n)
{
    double mps = (double)n->p->speed_mps;
    if (n->step_s > 0 && mps >= 0 && mps <= FIELD_MAX_MPS) {
        v->field_m += mps * n->step_s;
        v->along_m += n->along_m - v->last_m;
    }
    v->last_m = n->along_m;
}

static void say_speeds(struct es_measure *m, const struct speeds *v,
                       double len_m)
{
    double ratio = v->field_m / v->along_m;
    if (!(v->along_m > FIELD_SHARE * len_m) || !(v->field_m > 0) ||
        (ratio >= FIELD_LO && ratio <= FIELD_HI))
        return;
    struct es_finding f = es_finding_of("speed_differs", ES_NOTE);
    f.value = v->field_m;
    f.limit = v->along_m;
    es_finding_add(m, &f, "the device's speeds make %.0f m of these %.0f m",
                   v->field_m, v->along_m);
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
    struct pass q = {
        .tr = tr, .w = w, .head = { s, 0 }, .tail = { s, 0 }, .last_s = NAN
    };
    struct bodies bodies = { .steps = NEVER, .heart = NEVER };
    struct hills hills = { .at_s = NAN };
    struct speeds speeds = { 0 };
    struct now n;
    bool whole = true;
    for (size_t i = 0; i < m->n_findings; i++)
        whole = whole && strcmp(m->findings[i].code, "left_out") != 0;
    find_editor(tr, m);
    find_totals(tr, w, m);
    if (!w->on_foot || s->n < 2)
        return;
    while (next(&q, &n)) {
        take_body(&bodies, &n);
        take_height(&hills, &n);
        take_speed(&speeds, &n);
    }
    say_bodies(m, &bodies);
    find_sudden(s, m);
    say_hills(m, &hills);
    /* a ride that was left out is still in the device's speeds */
    if (whole)
        say_speeds(m, &speeds, s->d_m[s->n - 1]);
}
