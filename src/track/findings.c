/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>

#include "base/format.h"
#include "geo/geo.h"
#include "geo/math.h"
#include "track/findings_int.h"
#include "track/signs.h"

/* docs/MEASURE.md, "Findings". */
static const double BACKWARDS_SHARE = 0.01, STILL_SHARE = 0.25;
/* Back within so many fixes and so long, at a pace, give or take an error. */
enum { EXCURSION_FIXES = 8 };
static const double EXCURSION_S = 120, EXCURSION_MPS = 9, EXCURSION_M = 60;
static const double GAP_S = 10, DENIED_SHARE = 0.5;
static const double FEW_SHARE = 0.5, FEW_FLOOR_M = 1000;

struct es_finding es_finding_of(const char *code, enum es_effect effect)
{
    struct es_finding f = {
        .value = NAN, .limit = NAN, .from_s = NAN, .to_s = NAN, .effect = effect
    };
    (void)es_format(f.code, sizeof f.code, "%s", code);
    return f;
}

void es_finding_say(struct es_finding *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)es_vformat(f->message, sizeof f->message, fmt, ap);
    va_end(ap);
}

void es_finding_add(struct es_measure *m, const struct es_finding *f,
                    const char *fmt, ...)
{
    if (m->n_findings >= ES_FINDINGS_MAX)
        return;
    struct es_finding *to = &m->findings[m->n_findings++];
    *to = *f;
    va_list ap;
    va_start(ap, fmt);
    (void)es_vformat(to->message, sizeof to->message, fmt, ap);
    va_end(ap);
}

/* Whether what is reached by the leap to fix i was left again at once, or
 * where it set out from was out of the way: then the receiver erred, and
 * nobody went anywhere. */
static bool is_excursion(const struct es_track *tr, const struct es_fixes *f,
                         size_t i)
{
    for (size_t k = 1; k <= EXCURSION_FIXES; k++) {
        size_t ends[2][2] = { { i - 1, i + k }, { i - 1 - k, i } };
        for (int side = 0; side < 2; side++) {
            size_t from = ends[side][0], to = ends[side][1];
            if (from >= f->n || to >= f->n) /* below 0 wraps */
                continue;
            const struct es_point *p = &tr->pts[f->at[from]];
            const struct es_point *q = &tr->pts[f->at[to]];
            double s = f->t_s ? f->t_s[to] - f->t_s[from] : 0;
            double m = es_geo_distance_m(p->lat_deg, p->lon_deg, q->lat_deg,
                                         q->lon_deg);
            if (s <= EXCURSION_S && m <= EXCURSION_MPS * s + EXCURSION_M)
                return true;
        }
    }
    return false;
}

/* Whether the device's own metres know nothing of the leap to fix i. */
static bool is_denied(const struct es_ways *w, size_t i)
{
    const struct es_fixes *f = &w->fixes;
    double m = es_hypot(f->x_m[i] - f->x_m[i - 1], f->y_m[i] - f->y_m[i - 1]);
    return w->dev_stream &&
           w->dev_m[f->at[i]] - w->dev_m[f->at[i - 1]] < DENIED_SHARE * m;
}

/* A jump from one second to the next is the receiver's; one that somebody may
 * have made while the recording was blind is left out where the positions
 * count. (Neither adds metres: fixes.c.) */
static void find_jumps(const struct es_track *tr, const struct es_ways *w,
                       struct es_measure *m)
{
    bool counted = m->dist_source == ES_DIST_POSITIONS;
    const struct es_fixes *f = &w->fixes;
    size_t at = 0;
    for (size_t i = 0; i < w->n_jumps && i < ES_JUMPS_MAX; i++) {
        const struct es_jump *j = &w->jumps[i];
        while (++at < f->n && f->apart[at] != ES_LEAP)
            continue;
        bool left_out = counted && j->to_s - j->from_s > GAP_S && at < f->n &&
                        !is_excursion(tr, f, at) && !is_denied(w, at);
        struct es_finding g =
            es_finding_of("jump", left_out ? ES_CUT : ES_NOTE);
        g.value = j->step_m;
        g.from_s = j->from_s;
        g.to_s = j->to_s;
        es_finding_add(m, &g, "the position jumps by %.0f m in %.0f s%s",
                       j->step_m, j->to_s - j->from_s,
                       counted ? "; not counted" : "");
    }
}

/* Times that go back or stand still, and times that are missing. Where most
 * stand still the device samples faster than its clock ticks. */
static void find_clock(const struct es_track *tr, struct es_measure *m)
{
    size_t times = 0, back = 0, still = 0;
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        int64_t t = tr->pts[i].t_ms;
        if (t == ES_NO_TIME)
            continue;
        times++;
        back += t < last;
        still += t == last;
        last = t;
    }
    if (times == 0 && tr->n > 0) {
        struct es_finding f = es_finding_of("no_times", ES_NOTE);
        es_finding_add(m, &f, "the file has no times");
        return;
    }
    size_t odd =
        (double)still > STILL_SHARE * (double)times ? back : back + still;
    double share = times > 0 ? (double)odd / (double)times : 0;
    if (share <= BACKWARDS_SHARE)
        return;
    struct es_finding f = es_finding_of("time_backwards", ES_REVIEW);
    f.value = share * 100;
    f.limit = BACKWARDS_SHARE * 100;
    es_finding_add(m, &f, "%zu of %zu times go back or stand still", odd,
                   times);
}

/* A device that went on counting where there were no positions: a treadmill,
 * a tunnel, or nobody at all. */
static void find_few_positions(const struct es_ways *w, struct es_measure *m)
{
    if (m->points == 0 || m->dist_source != ES_DIST_DEVICE ||
        m->dist_m < FEW_FLOOR_M || w->covered_m >= FEW_SHARE * m->dist_m)
        return;
    struct es_finding f = es_finding_of("few_positions", ES_NOTE);
    f.value = w->covered_m;
    f.limit = m->dist_m;
    es_finding_add(m, &f, "of %.0f m the positions show %.0f m", m->dist_m,
                   w->covered_m);
}

/* What the decoder saw in the file that a person should look at, or that its
 * runner should know. */
static const struct doubt {
    const char *code, *warning, *message;
    enum es_effect effect;
} DOUBTS[] = {
    { "bad_checksum", "bad_checksum", "the file's checksum is wrong",
      ES_REVIEW },
    { "not_an_activity", "not_an_activity",
      "the file says that it is not an activity", ES_REVIEW },
    { "damaged", "damaged", "the file is damaged; its first part was read",
      ES_NOTE },
    { "damaged", "truncated", "the file ends early; its first part was read",
      ES_NOTE },
    { "repeated", "repeated", "parts that repeat earlier ones were left out",
      ES_NOTE },
    { "clock_not_set", "clock_not_set", "the device's clock wasn't set",
      ES_NOTE },
};

static bool warned(const struct es_track *tr, const char *code)
{
    for (size_t k = 0; k < tr->n_warnings; k++)
        if (strcmp(tr->warnings[k].code, code) == 0)
            return true;
    return false;
}

static void find_doubts(const struct es_track *tr, struct es_measure *m)
{
    const char *last = ""; /* one code is told once */
    for (size_t i = 0; i < sizeof DOUBTS / sizeof *DOUBTS; i++) {
        const struct doubt *d = &DOUBTS[i];
        if (strcmp(d->code, last) == 0 || !warned(tr, d->warning))
            continue;
        struct es_finding f = es_finding_of(d->code, d->effect);
        es_finding_add(m, &f, "%s", d->message);
        last = d->code;
    }
    if (tr->n > 0 || !(m->dist_m > 0))
        return;
    struct es_finding f = es_finding_of("no_samples", ES_REVIEW);
    f.value = m->dist_m;
    es_finding_add(m, &f, "a distance of %.0f m without a recording",
                   m->dist_m);
}

/* The last three are found where earlier runs are known. */
static const struct sign {
    const char *code;
    double weight;
} SIGNS[] = {
    { "no_steps", 2 },
    { "low_heart", 2 },
    { "coasting", 2 },
    { "edited", 2 },
    { "like_a_vehicle", 2 },
    { "sudden", 1 },
    { "total_differs", 1 },
    { "speed_differs", 1 },
    { "device_distance_off", 1 },
    { "faster_than_before", 2 },
    { "far_in_a_day", 1 },
    { "far_in_a_week", 1 },
};

double es_sign_weight(const char *code)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (strcmp(SIGNS[i].code, code) == 0)
            return SIGNS[i].weight;
    return 0;
}

static void weigh_signs(struct es_measure *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->n_findings; i++)
        sum += es_sign_weight(m->findings[i].code);
    if (sum < ES_SIGNS_ENOUGH)
        return;
    struct es_finding f = es_finding_of("many_signs", ES_REVIEW);
    f.value = sum;
    f.limit = ES_SIGNS_ENOUGH;
    es_finding_add(m, &f, "several signs that together need a look");
}

static void find_distance(const struct es_ways *w, struct es_measure *m)
{
    if (m->dist_source == ES_DIST_NONE) {
        struct es_finding f = es_finding_of("no_distance", ES_NOTE);
        es_finding_add(m, &f, "neither positions nor a device's distance");
    }
    if (m->dist_source != ES_DIST_POSITIONS || isnan(w->dev_len_m))
        return;
    struct es_finding f = es_finding_of("device_distance_off", ES_NOTE);
    f.value = w->dev_len_m;
    f.limit = w->pos_len_m;
    es_finding_add(m, &f, "the device says %.0f m%s, its positions %.0f m",
                   w->dev_len_m, w->dev_falls ? ", falling in between" : "",
                   w->pos_len_m);
}

void es_findings_of(const struct es_track *tr, const struct es_ways *w,
                    const struct es_stream *s, struct es_measure *m)
{
    if (w->on_foot) {
        find_jumps(tr, w, m);
        find_few_positions(w, m);
        struct es_finding even;
        es_find_even(tr, w, &even);
        if (!isnan(even.from_s))
            es_finding_add(m, &even, "%s", even.message);
    }
    find_clock(tr, m);
    find_doubts(tr, m);
    find_distance(w, m);
    es_find_signs(tr, w, s, m);
    weigh_signs(m);
}
