/* SPDX-License-Identifier: Apache-2.0 */
/* What steps say of what carried somebody. */
#include <math.h>

#include "track/findings_int.h"

static const double STEP_M = 2.8, STEPS_PER_MIN = 240;
/* For a minute: each window in it, so that a burst of noise is none. */
static const double LONG_S = 60, WINDOW_S = 15;
/* A sensor that missed most of the steps says nothing of their length. */
static const double SENSED_SPM = 30, SENSED_SHARE = 0.9;
/* Samples further apart are not one recording. */
static const double GAP_S = 15;

/* A window that slides over the points. */
struct window {
    const struct es_track *tr;
    const struct es_ways *w;
    struct es_walk head, tail;
    size_t from;
    double steps, sensed_s;
};

/* Seconds from point i - 1 to i; 0 where the recording broke. */
static double step_s(const struct window *q, size_t i)
{
    double s =
        es_since_s(q->w, &q->tr->pts[i]) - es_since_s(q->w, &q->tr->pts[i - 1]);
    return s > 0 && s <= GAP_S ? s : 0;
}

/* Takes the step to point i in (sign 1) or out (-1). Both feet. */
static void count(struct window *q, size_t i, double sign)
{
    double spm = (double)q->tr->pts[i].cadence_spm, s = step_s(q, i);
    if (!(spm >= SENSED_SPM))
        return;
    q->steps += sign * 2 * spm * s / 60;
    q->sensed_s += sign * s;
}

/* How long something has been beyond its limit, and by how much on average. */
struct beyond {
    const char *code;
    double limit, from_s, sum;
    size_t n;
};

/* The longest time beyond a limit becomes the finding. */
static void keep(struct es_finding *f, struct beyond *b, double value,
                 double from_s, double to_s)
{
    if (!(value > b->limit)) {
        b->n = 0;
        return;
    }
    if (b->n == 0) {
        b->from_s = from_s;
        b->sum = 0;
    }
    b->n++;
    b->sum += value;
    if (to_s - b->from_s < LONG_S ||
        (!isnan(f->from_s) && to_s - b->from_s <= f->to_s - f->from_s))
        return;
    *f = es_finding_of(b->code, ES_REVIEW);
    f->value = b->sum / (double)b->n;
    f->limit = b->limit;
    f->from_s = b->from_s;
    f->to_s = to_s;
}

static void say(struct es_finding *f)
{
    double s = f->to_s - f->from_s;
    if (f->limit == STEP_M)
        es_finding_say(f, "steps of %.1f m for %.0f s; no human takes %.1f m",
                       f->value, s, f->limit);
    else
        es_finding_say(f, "%.0f steps a minute for %.0f s; no human takes %.0f",
                       f->value, s, f->limit);
}

void es_find_steps(const struct es_track *tr, const struct es_ways *w,
                   const struct es_stream *s, struct es_finding *f)
{
    struct window q = { .tr = tr, .w = w, .head = { s, 0 }, .tail = { s, 0 } };
    struct beyond length = { .code = "long_steps", .limit = STEP_M };
    struct beyond rate = { .code = "fast_steps", .limit = STEPS_PER_MIN };
    *f = es_finding_of("", ES_NOTE);
    for (size_t i = 1; i < tr->n && s->n > 1; i++) {
        double now = es_since_s(w, &tr->pts[i]);
        if (step_s(&q, i) == 0) {
            q.from = i;
            q.steps = q.sensed_s = 0;
            length.n = rate.n = 0;
            continue;
        }
        count(&q, i, 1);
        while (now - es_since_s(w, &tr->pts[q.from + 1]) >= WINDOW_S)
            count(&q, ++q.from, -1);
        double from = es_since_s(w, &tr->pts[q.from]), span = now - from;
        if (span < WINDOW_S)
            continue;
        double m = es_walk_m(&q.head, now) - es_walk_m(&q.tail, from);
        bool sensed = q.sensed_s >= SENSED_SHARE * span;
        double steps = q.steps * span / q.sensed_s;
        keep(f, &length, sensed ? m / steps : 0, from, now);
        keep(f, &rate, sensed ? steps * 60 / span : 0, from, now);
    }
    if (!isnan(f->from_s))
        say(f);
}
