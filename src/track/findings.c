/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "track/measure_int.h"

/* docs/MEASURE.md, "Findings". */
static const double RECORD_MARGIN = 1.03;
static const double TOP_MPS = 12.5;
/* On a smoothed stream 100 m and 5 s would do; but a device that finds its
 * place again counts on like a car for up to 10 s. */
static const double TOP_M = 200, TOP_S = 15;
enum { STEPS_MAX = 256 }; /* looked at one by one: 10 a second, and room */
static const double BACKWARDS_SHARE = 0.01;
static const double FEW_SHARE = 0.5, FEW_FLOOR_M = 1000;

void es_finding_add(struct es_measure *m, const struct es_finding *f,
                    const char *fmt, ...)
{
    if (m->n_findings >= ES_FINDINGS_MAX)
        return;
    struct es_finding *to = &m->findings[m->n_findings++];
    *to = *f;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(to->message, sizeof to->message, fmt, ap);
    va_end(ap);
}

/* The best effort that is furthest beyond what a human has run. */
static void find_too_fast(struct es_measure *m, const double *from_s)
{
    double worst = 1;
    size_t which = 0;
    for (size_t i = 0; i < m->n_bests; i++) {
        const struct es_best *b = &m->bests[i];
        double share = b->time_s / (es_human_time_s(b->dist_m) / RECORD_MARGIN);
        if (share < worst) {
            worst = share;
            which = i;
        }
    }
    if (worst >= 1)
        return;
    const struct es_best *b = &m->bests[which];
    double limit = es_human_time_s(b->dist_m) / RECORD_MARGIN;
    struct es_finding f = { .code = "too_fast",
                            .value = b->time_s,
                            .limit = limit,
                            .from_s = from_s[which],
                            .to_s = from_s[which] + b->time_s,
                            .effect = ES_REVIEW };
    es_finding_add(m, &f, "%.0f m in %.1f s; no human has been below %.1f s",
                   b->dist_m, b->time_s, limit);
}

/* Mean speed from sample k to i without the fastest step between: one step
 * may be the receiver's error, a vehicle stays fast. 0 for fewer than three
 * steps. */
static double steady_mps(const struct es_stream *s, size_t k, size_t i)
{
    double top_mps = 0, top_m = 0, top_s = 0;
    double d = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
    if (i - k > STEPS_MAX)
        return d / t;
    for (size_t j = k + 1; j <= i; j++) {
        double step_m = s->d_m[j] - s->d_m[j - 1];
        double step_s = s->t_s[j] - s->t_s[j - 1];
        if (step_m <= top_mps * step_s)
            continue;
        top_mps = step_m / step_s;
        top_m = step_m;
        top_s = step_s;
    }
    return i - k >= 3 && t > top_s ? (d - top_m) / (t - top_s) : 0;
}

/* The fastest of the shortest windows that are long enough. */
static void find_top_speed(const struct es_stream *s, struct es_measure *m)
{
    double top = TOP_MPS, from_s = NAN, to_s = NAN;
    size_t k = 0;
    for (size_t i = 1; i < s->n; i++) {
        while (k + 1 < i && s->d_m[i] - s->d_m[k + 1] >= TOP_M &&
               s->t_s[i] - s->t_s[k + 1] >= TOP_S)
            k++;
        double d = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
        if (d < TOP_M || t < TOP_S || s->cuts[i] != s->cuts[k] ||
            d <= top * t || steady_mps(s, k, i) <= TOP_MPS)
            continue;
        top = d / t;
        from_s = s->t_s[k];
        to_s = s->t_s[i];
    }
    if (isnan(from_s))
        return;
    struct es_finding f = { .code = "top_speed",
                            .value = top,
                            .limit = TOP_MPS,
                            .from_s = from_s,
                            .to_s = to_s,
                            .effect = ES_REVIEW };
    es_finding_add(m, &f, "%.1f m/s for %.0f s; no human runs %.1f m/s", top,
                   to_s - from_s, TOP_MPS);
}

/* A jump costs nothing where the device counted the metres, and is left out
 * where the positions did. */
static void find_jumps(const struct es_ways *w, struct es_measure *m)
{
    bool counted = m->dist_source == ES_DIST_POSITIONS;
    for (size_t i = 0; i < w->n_jumps && i < ES_JUMPS_MAX; i++) {
        const struct es_jump *j = &w->jumps[i];
        struct es_finding f = { .code = "jump",
                                .value = j->step_m,
                                .limit = NAN,
                                .from_s = j->from_s,
                                .to_s = j->to_s,
                                .effect = counted ? ES_CUT : ES_NOTE };
        es_finding_add(m, &f, "the position jumps by %.0f m in %.0f s%s",
                       j->step_m, j->to_s - j->from_s,
                       counted ? "; not counted" : "");
    }
}

/* Times that go back, and times that are missing. */
static void find_clock(const struct es_track *tr, struct es_measure *m)
{
    size_t times = 0, back = 0;
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        int64_t t = tr->pts[i].t_ms;
        if (t == ES_NO_TIME)
            continue;
        times++;
        back += t < last;
        last = t;
    }
    struct es_finding f = { .value = NAN,
                            .limit = NAN,
                            .from_s = NAN,
                            .to_s = NAN,
                            .effect = ES_NOTE };
    if (times == 0 && tr->n > 0) {
        memcpy(f.code, "no_times", sizeof "no_times");
        es_finding_add(m, &f, "the file has no times");
        return;
    }
    double share = times > 0 ? (double)back / (double)times : 0;
    if (share <= BACKWARDS_SHARE)
        return;
    memcpy(f.code, "time_backwards", sizeof "time_backwards");
    f.value = share * 100;
    f.limit = BACKWARDS_SHARE * 100;
    f.effect = ES_REVIEW;
    es_finding_add(m, &f, "%zu of %zu times go back", back, times);
}

/* A device that went on counting where there were no positions: a treadmill,
 * a tunnel, or nobody at all. */
static void find_few_positions(const struct es_ways *w, struct es_measure *m)
{
    if (m->points == 0 || m->dist_source != ES_DIST_DEVICE ||
        m->dist_m < FEW_FLOOR_M || w->covered_m >= FEW_SHARE * m->dist_m)
        return;
    struct es_finding f = { .code = "few_positions",
                            .value = w->covered_m,
                            .limit = m->dist_m,
                            .from_s = NAN,
                            .to_s = NAN,
                            .effect = ES_NOTE };
    es_finding_add(m, &f, "of %.0f m the positions show %.0f m", m->dist_m,
                   w->covered_m);
}

/* What the decoder saw in the file that a person should look at. */
static const struct doubt {
    const char *warning, *message;
} DOUBTS[] = {
    { "bad_checksum", "the file's checksum is wrong" },
    { "not_an_activity", "the file says that it is not an activity" },
};

static void find_doubts(const struct es_track *tr, struct es_measure *m)
{
    struct es_finding f = { .value = NAN,
                            .limit = NAN,
                            .from_s = NAN,
                            .to_s = NAN,
                            .effect = ES_REVIEW };
    for (size_t i = 0; i < sizeof DOUBTS / sizeof *DOUBTS; i++) {
        bool seen = false;
        for (size_t k = 0; k < tr->n_warnings && !seen; k++)
            seen = strcmp(tr->warnings[k].code, DOUBTS[i].warning) == 0;
        if (!seen)
            continue;
        (void)snprintf(f.code, sizeof f.code, "%s", DOUBTS[i].warning);
        es_finding_add(m, &f, "%s", DOUBTS[i].message);
    }
    if (tr->n > 0 || !(m->dist_m > 0))
        return;
    (void)snprintf(f.code, sizeof f.code, "no_samples");
    f.value = m->dist_m;
    es_finding_add(m, &f, "a distance of %.0f m without a recording",
                   m->dist_m);
}

void es_findings_of(const struct es_track *tr, const struct es_ways *w,
                    const struct es_stream *s,
                    const double best_from_s[ES_BESTS_MAX],
                    struct es_measure *m)
{
    struct es_finding f = {
        .limit = NAN, .from_s = NAN, .to_s = NAN, .effect = ES_NOTE
    };
    if (w->on_foot) {
        find_too_fast(m, best_from_s);
        find_top_speed(s, m);
        find_jumps(w, m);
        find_few_positions(w, m);
    }
    find_clock(tr, m);
    find_doubts(tr, m);
    if (m->dist_source == ES_DIST_NONE) {
        f.value = NAN;
        memcpy(f.code, "no_distance", sizeof "no_distance");
        es_finding_add(m, &f, "neither positions nor a device's distance");
    }
    if (m->dist_source == ES_DIST_POSITIONS && !isnan(w->dev_len_m)) {
        memcpy(f.code, "device_distance_off", sizeof "device_distance_off");
        f.value = w->dev_len_m;
        f.limit = w->pos_len_m;
        es_finding_add(m, &f, "the device says %.0f m%s, its positions %.0f m",
                       w->dev_len_m, w->dev_falls ? ", falling in between" : "",
                       w->pos_len_m);
    }
}
