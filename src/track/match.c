/* SPDX-License-Identifier: Apache-2.0 */
#include "track/match.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "track/trail.h"

static const double MEAN_S = 15, MEAN_MAX_S = 40;
static const double MEAN_FIXES = 5; /* noise needs some to become less */
/* A place of the other way that is farther off is not the same place: a metre
 * and a half of noise is there. */
static const double NEAR_M = 6;
/* How early or late the other track may be where it is due, as many metres
 * beside the way as a second of it weighs, and how long it takes until that
 * counts as due. */
static const double SLACK_S = 6, LATE_MPS = 0.5, SETTLE_S = 10;
/* Where one stands nothing tells the direction. */
static const double MOVING_M = 8, HEADING_S = 8;
static const double ALONG_WEIGHT = 0.3;
static const double SHORT_M = 300;
/* Fixes that come faster than this tell no more. */
static const double CLOSE_S = 0.2;
/* Legs looked at: twice what five hours of laps take. What was made to need
 * more is laid nowhere else. */
static const size_t LEGS_MAX = 60000000;
enum {
    PLACES_MAX = 20000, /* looked at: each second of 5 h */
    ANCHORS = 4,        /* where both ways are laid upon each other */
    ENOUGH = 2,         /* of them where that worked: others say the same */
    PASSAGES = 32,      /* laps that are tried */
};

/* ---- sides ---- */

static bool is_drawn(const struct es_track *tr)
{
    enum { VIRTUAL = 58 }; /* FIT's sub_sport */
    return tr->sub_sport == VIRTUAL ||
           (tr->device &&
            (strstr(tr->device, "Zwift") || strstr(tr->device, "zwift")));
}

static void copy_sequences(const struct es_track *tr, struct es_side *s)
{
    int64_t last = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (p->hr_bpm > 0)
            s->pulse[s->n_pulse++] = p->hr_bpm;
        if (p->t_ms == ES_NO_TIME)
            continue;
        if (last != ES_NO_TIME)
            s->step[s->n_step++] = (uint32_t)(p->t_ms - last);
        last = p->t_ms;
    }
}

enum es_code es_side_of(const struct es_track *tr, struct es_arena *a,
                        struct es_side *out, struct es_err *e)
{
    struct es_side s = { .drawn = is_drawn(tr) };
    enum es_code rc = es_trail_of(tr, a, &s.way, e);
    if (rc != ES_OK)
        return rc;
    s.pulse = es_arena_array(a, tr->n, sizeof *s.pulse);
    s.step = es_arena_array(a, tr->n, sizeof *s.step);
    if (!s.pulse || !s.step)
        return es_fail(e, ES_ENOMEM, 0, "no memory to compare");
    copy_sequences(tr, &s);
    *out = s;
    return ES_OK;
}

/* ---- ways in metres ---- */

struct way {
    double *t_s, *x_m, *y_m, *len_m; /* len: so far */
    size_t n;
};

/* How many fixes are no closer than CLOSE_S. */
static size_t spaced(const struct es_trail *t)
{
    size_t n = 0;
    double last_s = -INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        if (t->t_s[i] - last_s < CLOSE_S)
            continue;
        last_s = t->t_s[i];
        n++;
    }
    return n;
}

static enum es_code way_of(const struct es_trail *t,
                           const struct es_trail *zero, struct es_arena *a,
                           struct way *w, struct es_err *e)
{
    size_t n = t->n, room = spaced(t);
    *w = (struct way){ .n = 0 };
    w->t_s = es_arena_array(a, room, sizeof *w->t_s);
    w->x_m = es_arena_array(a, room, sizeof *w->x_m);
    w->y_m = es_arena_array(a, room, sizeof *w->y_m);
    w->len_m = es_arena_array(a, room, sizeof *w->len_m);
    if (!w->t_s || !w->x_m || !w->y_m || !w->len_m)
        return es_fail(e, ES_ENOMEM, 0, "no memory to compare");
    if (n == 0 || zero->n == 0)
        return ES_OK;
    double lat0 = zero->lat_deg[0], lon0 = zero->lon_deg[0];
    double east_m = es_trail_east_m(lat0);
    /* A longitude goes on beyond 180; two tracks may do so differently. */
    double turn = remainder(t->lon_deg[0] - lon0, 360) - t->lon_deg[0];
    for (size_t i = 0; i < n; i++) {
        size_t k = w->n;
        if (k > 0 && t->t_s[i] - w->t_s[k - 1] < CLOSE_S)
            continue;
        w->t_s[k] = t->t_s[i];
        w->x_m[k] = (t->lon_deg[i] + turn) * east_m;
        w->y_m[k] = (t->lat_deg[i] - lat0) * ES_TRAIL_NORTH_M;
        w->n++;
        if (k == 0)
            continue;
        double dx = w->x_m[k] - w->x_m[k - 1], dy = w->y_m[k] - w->y_m[k - 1];
        w->len_m[k] = w->len_m[k - 1] + sqrt(dx * dx + dy * dy);
    }
    return ES_OK;
}

/* A place on a way: on leg j, a part f of it done. */
struct spot {
    size_t j;
    double f;
    double dx_m, dy_m; /* from what was looked for */
    double apart_m;
};

/* The spot of leg j that is nearest to (x, y). */
static struct spot nearest_on(const struct way *w, size_t j, double x, double y)
{
    double dx = w->x_m[j + 1] - w->x_m[j], dy = w->y_m[j + 1] - w->y_m[j];
    double d2 = dx * dx + dy * dy;
    double f = d2 > 0 ? ((x - w->x_m[j]) * dx + (y - w->y_m[j]) * dy) / d2 : 0;
    struct spot s = { .j = j, .f = fmin(fmax(f, 0), 1) };
    s.dx_m = w->x_m[j] + s.f * dx - x;
    s.dy_m = w->y_m[j] + s.f * dy - y;
    s.apart_m = sqrt(s.dx_m * s.dx_m + s.dy_m * s.dy_m);
    return s;
}

static double time_at(const struct way *w, const struct spot *s)
{
    return w->t_s[s->j] + s->f * (w->t_s[s->j + 1] - w->t_s[s->j]);
}

/* ---- laying one upon the other ---- */

/* Where both are at once. */
struct fit {
    double beside_half_m, beside_most_m, along_most_m, later_s;
    bool reversed;
};

/* Of several, the one that is closest and most in step. */
static double badness(const struct fit *f)
{
    double along_m = ALONG_WEIGHT * f->along_most_m;
    return sqrt(f->beside_most_m * f->beside_most_m + along_m * along_m);
}

/* The fixes of a, each `stride`-th, and where they are on b. */
struct laying {
    const struct way *a, *b;
    size_t n, stride;
    size_t left; /* of LEGS_MAX */
    struct spot *at;
    double *beside_m, *along_m, *spare;
};

static double a_time(const struct laying *l, size_t i)
{
    return l->a->t_s[i * l->stride];
}

/* The leg of b that is under way at t_s, found from the leg j. */
static size_t leg_at(const struct way *b, size_t j, double t_s)
{
    while (j > 0 && b->t_s[j] > t_s)
        j--;
    while (j + 2 < b->n && b->t_s[j + 1] <= t_s)
        j++;
    return j;
}

/* Where b is when a is at fix i: the nearest spot, among those of about the
 * time when it is due; a way that crosses or repeats itself is near at others,
 * so being early or late has its price. */
static struct spot follow(struct laying *l, size_t i, double due_s,
                          double slack_s, const struct spot *now)
{
    const struct way *b = l->b;
    double x = l->a->x_m[i * l->stride], y = l->a->y_m[i * l->stride];
    struct spot best = *now;
    double least = INFINITY;
    for (size_t j = leg_at(b, now->j, due_s - slack_s);
         j + 1 < b->n && b->t_s[j] <= due_s + slack_s && l->left > 0; j++) {
        l->left--;
        struct spot s = nearest_on(b, j, x, y);
        double late_m = LATE_MPS * (time_at(b, &s) - due_s);
        double cost = s.apart_m * s.apart_m + late_m * late_m;
        if (cost < least) {
            least = cost;
            best = s;
        }
    }
    return isinf(least) ? nearest_on(b, now->j, x, y) : best;
}

/* From the anchor to one end of a. When b is due follows slowly where it was
 * found: noise moves it little, another pace does. False: another way. */
static bool walk(struct laying *l, size_t from, bool onward, bool back)
{
    size_t lost = 0;
    double due_s = time_at(l->b, &l->at[from]);
    for (size_t i = from; onward ? i + 1 < l->n : i > 0;) {
        size_t next = onward ? i + 1 : i - 1;
        double step_s = fabs(a_time(l, next) - a_time(l, i));
        due_s += onward == back ? -step_s : step_s;
        l->at[next] = follow(l, next, due_s, SLACK_S + step_s, &l->at[i]);
        double off_s = time_at(l->b, &l->at[next]) - due_s;
        due_s += off_s * step_s / (step_s + SETTLE_S);
        lost += l->at[next].apart_m > NEAR_M;
        if (lost > l->n / 4 || l->left == 0)
            return false;
        i = next;
    }
    return true;
}

/* The straight line through the times on a and on b by least squares; later
 * ones without what lies far from the earlier. */
struct line {
    double at0, slope;
};

static double off_line(const struct laying *l, struct line k, size_t i)
{
    return time_at(l->b, &l->at[i]) - (k.at0 + k.slope * a_time(l, i));
}

static struct line line_of(const struct laying *l)
{
    struct line k = { 0, 0 };
    double far_s = INFINITY;
    for (int round = 0; round < 4; round++) {
        double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, ss = 0;
        double x0 = a_time(l, l->n / 2);
        for (size_t i = 0; i < l->n; i++) {
            double x = a_time(l, i) - x0, y = time_at(l->b, &l->at[i]);
            if (round > 0 && !(fabs(off_line(l, k, i)) <= far_s))
                continue;
            n++;
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
        }
        double det = n * sxx - sx * sx;
        if (!(det > 0))
            break;
        k.slope = (n * sxy - sx * sy) / det;
        k.at0 = (sy - k.slope * sx) / n - k.slope * x0;
        for (size_t i = 0; i < l->n; i++) {
            double off = off_line(l, k, i);
            ss += fabs(off) <= far_s ? off * off : 0;
        }
        far_s = 2 * sqrt(ss / n) + 0.5;
    }
    return k;
}

/* Metres a second around fix i of a. */
static double speed_at(const struct laying *l, size_t i)
{
    const struct way *a = l->a;
    size_t from = i > 0 ? (i - 1) * l->stride : 0;
    size_t to = i + 1 < l->n ? (i + 1) * l->stride : i * l->stride;
    double s = a->t_s[to] - a->t_s[from];
    return s > 0 ? (a->len_m[to] - a->len_m[from]) / s : 0;
}

/* What is averaged: MEAN_S, or longer where fixes are few. */
static double span_of(const struct laying *l)
{
    double a_s = l->a->t_s[l->a->n - 1] / (double)l->a->n;
    double b_s = l->b->t_s[l->b->n - 1] / (double)l->b->n;
    return fmin(fmax(MEAN_FIXES * fmax(a_s, b_s), MEAN_S), MEAN_MAX_S);
}

/* Means over a span, into beside_m and along_m; returns how many. */
static size_t means_of(struct laying *l, struct line k)
{
    size_t n = 0, from = 0;
    double span_s = span_of(l);
    double back = fmax(fabs(k.slope), 0.1); /* b's seconds into a's */
    double dx = 0, dy = 0, along = 0;
    for (size_t i = 0; i < l->n; i++) {
        dx += l->at[i].dx_m;
        dy += l->at[i].dy_m;
        along += off_line(l, k, i) / back * speed_at(l, i);
        bool last = i + 1 == l->n;
        if (!last && a_time(l, i + 1) - a_time(l, from) < span_s)
            continue;
        double m = (double)(i + 1 - from);
        l->beside_m[n] = sqrt(dx * dx + dy * dy) / m;
        l->along_m[n++] = fabs(along) / m;
        dx = dy = along = 0;
        from = i + 1;
    }
    return n;
}

static double share_of(const struct laying *l, const double *v, size_t n,
                       double share)
{
    memcpy(l->spare, v, n * sizeof *v);
    return es_select_f64(l->spare, n, (size_t)(share * (double)(n - 1)));
}

static struct fit judge(struct laying *l, bool back)
{
    struct line k = line_of(l);
    size_t n = means_of(l, k);
    double mid_s = a_time(l, l->n / 2);
    return (struct fit){
        .beside_half_m = share_of(l, l->beside_m, n, 0.5),
        .beside_most_m = share_of(l, l->beside_m, n, 0.8),
        .along_most_m = share_of(l, l->along_m, n, 0.8),
        .later_s = k.at0 + (k.slope - 1) * mid_s,
        .reversed = back,
    };
}

/* ---- anchors ---- */

struct passage {
    struct spot at;
    bool back;
};

/* The way from HEADING_S before fix i to as long after. */
static void heading_at(const struct way *w, size_t i, double *x, double *y)
{
    size_t p = i, q = i;
    while (p > 0 && w->t_s[i] - w->t_s[p] < HEADING_S)
        p--;
    while (q + 1 < w->n && w->t_s[q] - w->t_s[i] < HEADING_S)
        q++;
    *x = w->x_m[q] - w->x_m[p];
    *y = w->y_m[q] - w->y_m[p];
}

/* The passages of b at a's fix i, one for each time that it comes near. */
static size_t passages_of(const struct laying *l, size_t i,
                          struct passage out[PASSAGES])
{
    const struct way *a = l->a, *b = l->b;
    size_t n = 0, here = i * l->stride;
    double ax, ay, bx, by, left_s = -INFINITY; /* when b was last near */
    heading_at(a, here, &ax, &ay);
    for (size_t j = 0; j + 1 < b->n; j++) {
        struct passage p = { nearest_on(b, j, a->x_m[here], a->y_m[here]),
                             false };
        if (p.at.apart_m > NEAR_M)
            continue;
        heading_at(b, j, &bx, &by);
        p.back = ax * bx + ay * by < 0;
        bool same = b->t_s[j] - left_s < SLACK_S && out[n - 1].back == p.back;
        left_s = b->t_s[j + 1];
        if (same && p.at.apart_m < out[n - 1].at.apart_m)
            out[n - 1] = p;
        else if (!same && n < PASSAGES)
            out[n++] = p;
        else if (!same)
            break;
    }
    return n;
}

/* From here on a fix at which a moves. */
static size_t anchor_from(const struct laying *l, size_t i)
{
    double x, y;
    for (; i + 2 < l->n; i++) {
        heading_at(l->a, i * l->stride, &x, &y);
        if (x * x + y * y >= MOVING_M * MOVING_M)
            break;
    }
    return i;
}

/* False: there is no way from there. */
static bool lay(struct laying *l, size_t i, const struct passage *p,
                struct fit *best)
{
    l->at[i] = p->at;
    if (!walk(l, i, true, p->back) || !walk(l, i, false, p->back))
        return false;
    struct fit f = judge(l, p->back);
    if (!(badness(&f) >= badness(best)))
        *best = f;
    return true;
}

static enum es_code lay_all(const struct way *v, const struct way *w,
                            struct es_arena *a, struct fit *best,
                            struct es_err *e)
{
    struct passage at[PASSAGES];
    struct laying l = { .a = v, .b = w, .left = LEGS_MAX };
    l.stride = (v->n + PLACES_MAX - 1) / PLACES_MAX;
    l.n = (v->n - 1) / l.stride + 1;
    l.at = es_arena_array(a, l.n, sizeof *l.at);
    l.beside_m = es_arena_array(a, l.n, sizeof *l.beside_m);
    l.along_m = es_arena_array(a, l.n, sizeof *l.along_m);
    l.spare = es_arena_array(a, l.n, sizeof *l.spare);
    if (!l.at || !l.beside_m || !l.along_m || !l.spare)
        return es_fail(e, ES_ENOMEM, 0, "no memory to compare");
    size_t laid = 0;
    for (size_t k = 0; k < ANCHORS && laid < ENOUGH; k++) {
        size_t i = anchor_from(&l, 1 + (l.n - 2) * (2 * k + 1) / (2 * ANCHORS));
        size_t m = i + 1 < l.n ? passages_of(&l, i, at) : 0;
        bool any = false;
        for (size_t p = 0; p < m; p++)
            any = lay(&l, i, &at[p], best) || any;
        laid += any;
    }
    return ES_OK;
}

static bool long_enough(const struct way *w)
{
    return w->n >= 12 && w->len_m[w->n - 1] >= SHORT_M;
}

/* Either is laid upon the other: of a copy that was sampled anew the fixes lie
 * on the original's way, not the other way round; and the one may be a part of
 * the other. */
static enum es_code match_ways(const struct es_trail *p,
                               const struct es_trail *q, struct es_arena *a,
                               struct es_match *m, struct es_err *e)
{
    struct way v, w;
    struct fit there = { .beside_most_m = NAN }, back = there;
    enum es_code rc = way_of(p, p, a, &v, e);
    if (rc == ES_OK)
        rc = way_of(q, p, a, &w, e);
    if (rc != ES_OK || !long_enough(&v) || !long_enough(&w))
        return rc;
    rc = lay_all(&v, &w, a, &there, e);
    if (rc == ES_OK)
        rc = lay_all(&w, &v, a, &back, e);
    if (rc != ES_OK)
        return rc;
    bool turn = !(badness(&there) <= badness(&back));
    const struct fit *best = turn ? &back : &there;
    const struct way *of = turn ? &w : &v;
    if (isnan(best->beside_most_m))
        return ES_OK;
    m->beside_half_m = best->beside_half_m;
    m->beside_most_m = best->beside_most_m;
    m->along_most_m = best->along_most_m;
    m->compared_s = of->t_s[of->n - 1];
    m->reversed = best->reversed;
    if (p->timed && q->timed)
        m->later_s = (double)(q->started_ms - p->started_ms) / 1000 +
                     (turn ? -best->later_s : best->later_s);
    return ES_OK;
}

/* ---- sequences ---- */

enum { WORD = 64, CHANGES = 8, KINDS = 4, SEQUENCE_MIN = 300 };

/* Whether v[0..WORD) could hardly come about twice. */
static bool telling(const uint32_t *v)
{
    uint32_t kind[KINDS] = { 0 };
    size_t kinds = 0, changes = 0;
    for (size_t i = 0; i < WORD; i++) {
        size_t k = 0;
        while (k < kinds && kind[k] != v[i])
            k++;
        if (k == kinds && kinds < KINDS)
            kind[kinds++] = v[i];
        changes += i > 0 && v[i] != v[i - 1];
    }
    return kinds == KINDS && changes >= CHANGES;
}

static double equal_share(const uint32_t *v, size_t n, const uint32_t *w,
                          size_t m, size_t i, size_t j)
{
    size_t from = i < j ? i : j, same = 0;
    for (size_t k = i - from; k < n && k + j - i < m; k++)
        same += v[k] == w[k + j - i];
    return (double)same / (double)n;
}

/* What of v stands in w in a row, both found by a telling word; NAN: v has
 * none. n <= m. */
static double share_in(const uint32_t *v, size_t n, const uint32_t *w, size_t m)
{
    double best = NAN;
    if (n < SEQUENCE_MIN)
        return best;
    for (size_t k = 0; k < ANCHORS; k++) {
        size_t i = (n - WORD) * (2 * k + 1) / (2 * ANCHORS);
        while (i + WORD < n && !telling(&v[i]))
            i += WORD / 2;
        if (i + WORD > n || !telling(&v[i]))
            continue;
        best = fmax(best, 0);
        /* A rhythm is at home in many places: the same one is looked at, and
         * some of the others. */
        size_t tries = 0;
        if (memcmp(&v[i], &w[i], WORD * sizeof *v) == 0)
            best = fmax(best, equal_share(v, n, w, m, i, i));
        for (size_t j = 0; j + WORD <= m && tries < PASSAGES; j++) {
            if (memcmp(&v[i], &w[j], WORD * sizeof *v) != 0)
                continue;
            best = fmax(best, equal_share(v, n, w, m, i, j));
            tries++;
        }
    }
    return best;
}

static double share_of_both(const uint32_t *v, size_t n, const uint32_t *w,
                            size_t m)
{
    return n <= m ? share_in(v, n, w, m) : share_in(w, m, v, n);
}

/* ---- together ---- */

enum es_code es_match_of(const struct es_side *first,
                         const struct es_side *second, struct es_arena *a,
                         struct es_match *out, struct es_err *e)
{
    struct es_match m = {
        .beside_half_m = NAN,
        .beside_most_m = NAN,
        .along_most_m = NAN,
        .later_s = NAN,
        .drawn = first->drawn || second->drawn,
    };
    enum es_code rc = match_ways(&first->way, &second->way, a, &m, e);
    if (rc != ES_OK)
        return rc;
    m.pulse_share = share_of_both(first->pulse, first->n_pulse, second->pulse,
                                  second->n_pulse);
    m.step_share =
        share_of_both(first->step, first->n_step, second->step, second->n_step);
    *out = m;
    return ES_OK;
}

/* ---- what it means ---- */

/* Receivers agree the closer by chance the shorter they are compared: in 900
 * honest pairs of 1 km one came as near as 0.49 and 0.94 m, of 500 m a dozen
 * (tests/sim). So what is short must be closer, and in step besides. */
static const struct bound {
    double from_s, half_m, most_m, along_m;
} BOUNDS[] = {
    { 900, ES_MATCH_HALF_M, 1.1, INFINITY },
    { 240, 0.45, 0.8, 1 },
    { 60, 0.1, 0.2, 0.4 },
};
/* On a drawn road everyone is at the same metre; not at the same second. */
static const double DRAWN_FROM_S = 600, DRAWN_ALONG_M = 1;
/* Two straps on two hearts never count alike for five minutes. */
static const double SAME_SHARE = 0.9;

enum es_copy es_match_copy(const struct es_match *m)
{
    const struct bound *b = BOUNDS;
    if (m->pulse_share >= SAME_SHARE || m->step_share >= SAME_SHARE)
        return ES_COPY_BEATS;
    if (m->drawn &&
        !(m->compared_s >= DRAWN_FROM_S && m->along_most_m < DRAWN_ALONG_M))
        return ES_COPY_NONE;
    for (size_t i = 0; i < sizeof BOUNDS / sizeof *BOUNDS; i++, b++)
        if (m->compared_s >= b->from_s)
            return m->beside_half_m < b->half_m &&
                           m->beside_most_m < b->most_m &&
                           m->along_most_m < b->along_m
                       ? ES_COPY_WAY
                       : ES_COPY_NONE;
    return ES_COPY_NONE;
}

/* ---- bytes ---- */

void es_match_put(struct es_buf *b, const struct es_match *m)
{
    es_buf_u8(b, (uint8_t)(m->reversed | m->drawn << 1));
    es_buf_f64le(b, m->beside_half_m);
    es_buf_f64le(b, m->beside_most_m);
    es_buf_f64le(b, m->along_most_m);
    es_buf_f64le(b, m->compared_s);
    es_buf_f64le(b, m->later_s);
    es_buf_f64le(b, m->pulse_share);
    es_buf_f64le(b, m->step_share);
}

/* NAN, or within the bounds. */
static double get_f64(struct es_rd *r, double least, double most, bool *bad)
{
    double v = es_rd_f64le(r);
    *bad = *bad || v < least || v > most;
    return v;
}

enum es_code es_match_get(struct es_rd *r, struct es_match *out,
                          struct es_err *e)
{
    static const double FAR = 1e9, LONG_S = 1e12;
    bool bad = false;
    uint8_t flags = es_rd_u8(r);
    struct es_match m = { .reversed = flags & 1, .drawn = flags & 2 };
    m.beside_half_m = get_f64(r, 0, FAR, &bad);
    m.beside_most_m = get_f64(r, 0, FAR, &bad);
    m.along_most_m = get_f64(r, 0, FAR, &bad);
    m.compared_s = get_f64(r, 0, LONG_S, &bad);
    m.later_s = get_f64(r, -LONG_S, LONG_S, &bad);
    m.pulse_share = get_f64(r, 0, 1, &bad);
    m.step_share = get_f64(r, 0, 1, &bad);
    if (r->bad)
        return es_fail(e, ES_ETRUNCATED, r->at, "a match ends early");
    if (bad || flags > 3)
        return es_fail(e, ES_EMALFORMED, r->at, "a match out of its range");
    *out = m;
    return ES_OK;
}
