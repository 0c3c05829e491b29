/* SPDX-License-Identifier: Apache-2.0 */
/* Faster than a body: whole runs, and rides within runs, which are left out
 * where the rest is a run. docs/MEASURE.md, "Findings". */
#include <math.h>
#include <stdio.h>

#include "geo/math.h"
#include "track/findings_int.h"

static const double RECORD_MARGIN = 1.03;
static const double ENV_M = 400, ENV_GROW = 1.08, SURE = 0.95;
static const double TOP_MPS = 12.5, TOP_M = 100, TOP_S = 5, SOMEWHERE = 0.6;
/* Downhill: a net slope below the first gives the margin, below the second
 * leaves the judgement to a person. */
static const double SLOPE_EASY = -0.01, SLOPE_STEEP = -0.05;
static const double SLOPE_MARGIN = 1.10;
static const double SLOPE_LOOK_S = 5; /* heights are averaged over +- this */

/* A ride goes on while half a minute of it is this much of its speed. */
static const double RIDE_SHARE = 0.7, RIDE_LOOK_S = 30;
/* Between two rides so close one stood at lights, and did not run. */
static const double RIDE_APART_S = 180;
/* What must remain for a run to count without its rides. */
static const double REST_SHARE = 0.5, REST_M = 400;
/* What the device may deny, and by how little it counted. */
static const double DENY_S = 180, DENY_SHARE = 0.7;
/* Positions that show so much of the way show the speed. */
static const double COVERED_SHARE = 0.5;
enum { DISTS_MAX = 128 };
enum { UNTIMED_MAX = 32, HEIGHTS_MAX = 256 };
enum { TOP_STEPS = 4, ENV_STEPS = 9, STEADY_MAX = 3 };
static const double STEADY_SHARE = 0.9;

/* Samples that are looked at one by one: a recording made to be ever faster
 * would want all of them for each. What is left then is not given the benefit
 * of the doubt. */
static const size_t LOOKS_MAX = 150000000;

/* The worst stretch found, and how it is told. */
struct worst {
    enum { TOO_FAST, TOP_SPEED, STEPS } what;
    struct es_stretch at;
    double share; /* of what a body can do; more is worse */
    double slope; /* net, NAN when not known */
    double value, limit;
    struct es_finding f; /* of steps */
};

struct ride {
    struct es_stretch at;
    struct es_finding why;
    double slope;
};

/* From ride to ride only the cuts change, so what the stretches of a distance
 * come to is worked out once, by blocks of the samples that they end on. */
enum { BLOCK = 64 };
struct block {
    double share;  /* not above this: more cuts only take some away */
    uint32_t from; /* where to look for the start of its first one */
};

struct dist {
    double dist_m, can_s;
    double least_s;    /* the least time of all */
    struct block *v;   /* of l->n_blocks */
    struct block rest; /* of the samples after them */
};

struct looker {
    size_t *left; /* of LOOKS_MAX */
    const struct es_track *tr;
    const struct es_ways *w;
    struct es_stream s;       /* its cuts are its own */
    const struct es_fixes *f; /* its samples are these; NULL */
    bool sprints;             /* a step is as fast as a top speed */
    double *height_m;         /* around each sample; INFINITY: not asked for */
    size_t n_blocks;          /* whole ones */
    size_t n_dists;           /* those that are not slow */
    struct dist *dists;       /* of DISTS_MAX */
};

static_assert(ES_MEASURE_SCRATCH >=
                  sizeof(uint32_t) + sizeof(double) +
                      DISTS_MAX * sizeof(struct block) / BLOCK,
              "cuts, heights and blocks fit the scratch");

/* Something was found, and there is no end of it: a person looks. */
static bool had_enough(const struct looker *l, const struct worst *worst)
{
    return *l->left == 0 && worst->share > 0;
}

static bool may_look(const struct looker *l, size_t n)
{
    bool may = n <= *l->left;
    *l->left = may ? *l->left - n : 0;
    return may;
}

/* A receiver that errs for some seconds goes there and back; who is carried
 * gets somewhere. */
static bool gets_somewhere(const struct looker *l, size_t from, size_t to)
{
    const struct es_fixes *f = l->f;
    if (!f)
        return true;
    double m = es_hypot(f->x_m[to] - f->x_m[from], f->y_m[to] - f->y_m[from]);
    return m >= SOMEWHERE * (l->s.d_m[to] - l->s.d_m[from]);
}

/* A short burst that the device's own metres know nothing of is an error of
 * its receiver. A long one isn't: a pod on a shoe doesn't count a ride. */
static bool is_denied(const struct looker *l, size_t from, size_t to)
{
    const struct es_ways *w = l->w;
    if (!l->f || !(w->dev_stream || w->dev_speed) ||
        l->s.t_s[to] - l->s.t_s[from] > DENY_S)
        return false;
    double m = w->dev_m[l->f->at[to]] - w->dev_m[l->f->at[from]];
    return m < DENY_SHARE * (l->s.d_m[to] - l->s.d_m[from]);
}

/* The first point at or after a time, as far as points stand in their order:
 * halving, as this is asked for each fast step of a file that may be all fast
 * steps. Past points without a time only a little is looked. */
static size_t point_at(const struct looker *l, double t_s)
{
    size_t lo = 0, hi = l->tr->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2, k = mid;
        size_t end = hi - mid > UNTIMED_MAX ? mid + UNTIMED_MAX : hi;
        while (k + 1 < end && l->tr->pts[k].t_ms == ES_NO_TIME)
            k++;
        if (es_since_s(l->w, &l->tr->pts[k]) < t_s)
            lo = k + 1;
        else
            hi = mid;
    }
    return lo;
}

static double mean_height_m(const struct looker *l, double t_s)
{
    double sum = 0;
    size_t n = 0;
    size_t from = point_at(l, t_s - SLOPE_LOOK_S);
    for (size_t i = from; i < l->tr->n && i - from < HEIGHTS_MAX; i++) {
        const struct es_point *p = &l->tr->pts[i];
        double off_s = es_since_s(l->w, p) - t_s;
        if (off_s > SLOPE_LOOK_S)
            break;
        if (isnan(off_s) || isnan(p->alt_m))
            continue;
        sum += (double)p->alt_m;
        n++;
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* Around a sample; many stretches share their ends. */
static double height_m(const struct looker *l, size_t i)
{
    if (isinf(l->height_m[i]))
        l->height_m[i] = mean_height_m(l, l->s.t_s[i]);
    return l->height_m[i];
}

static double slope_of(const struct looker *l, struct es_stretch at)
{
    const struct es_stream *s = &l->s;
    if (!may_look(l, 2 * l->tr->n))
        return NAN;
    return (height_m(l, at.to) - height_m(l, at.from)) /
           (s->d_m[at.to] - s->d_m[at.from]);
}

/* Speed without the fastest steps, a quarter of them and at most three: those
 * may be the receiver's error; who is carried stays fast. */
static double steady_mps(const struct looker *l, size_t k, size_t i)
{
    const struct es_stream *s = &l->s;
    struct {
        double mps, m, s;
    } top[STEADY_MAX] = { { 0 } };
    size_t drop = (i - k + 3) / 4;
    if (drop > STEADY_MAX)
        drop = STEADY_MAX;
    double m = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
    if (!may_look(l, i - k))
        drop = 0;
    for (size_t j = k + 1; j <= i && drop > 0; j++) {
        double step_m = s->d_m[j] - s->d_m[j - 1];
        double step_s = s->t_s[j] - s->t_s[j - 1];
        size_t at = drop;
        while (at > 0 && step_m > top[at - 1].mps * step_s)
            at--;
        for (size_t q = drop - 1; q > at && at < drop; q--)
            top[q] = top[q - 1];
        if (at < drop) {
            top[at].mps = step_m / step_s;
            top[at].m = step_m;
            top[at].s = step_s;
        }
    }
    for (size_t q = 0; q < drop; q++) {
        m -= top[q].m;
        t -= top[q].s;
    }
    return t > 0 ? m / t : 0;
}

/* The latest start, from k on, of a stretch of d metres that ends on i. */
static inline size_t start_of(const struct es_stream *s, double d, size_t k,
                              size_t i)
{
    while (k + 1 < i && s->d_m[i] - s->d_m[k + 1] >= d)
        k++;
    return k;
}

/* What comes nearest to a record. */
struct most {
    double m2, s;
};

static inline void take_most(struct most *most, double m, double s)
{
    if (m * m * most->s > most->m2 * s)
        *most = (struct most){ m * m, s };
}

/* No less than what it is of a record; no record's time grows as the square of
 * its distance. */
static double share_of(const struct dist *q, const struct most *most)
{
    double d = q->dist_m;
    return q->can_s * most->m2 / (most->s * d * d) * (1 + 1e-9);
}

/* Fills in the block of the ends from `from` to before `to`; returns where the
 * next begins to look. */
static size_t weigh_block(const struct es_stream *s, struct dist *q,
                          struct block *b, size_t from, size_t to, size_t k)
{
    double d = q->dist_m;
    struct most most = { 0, 1 };
    b->from = (uint32_t)k;
    for (size_t i = from; i < to; i++) {
        if (s->d_m[i] - s->d_m[k] < d)
            continue;
        k = start_of(s, d, k, i);
        double m = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
        if (t * d < q->least_s * m)
            q->least_s = t * d / m;
        take_most(&most, m, t);
    }
    b->share = share_of(q, &most);
    return k;
}

static void weigh(const struct looker *l, struct dist *q)
{
    const struct es_stream *s = &l->s;
    size_t k = 0, at = 0;
    q->least_s = INFINITY;
    for (size_t b = 0; b < l->n_blocks; b++, at += BLOCK)
        k = weigh_block(s, q, &q->v[b], at > 0 ? at : 1, at + BLOCK, k);
    (void)weigh_block(s, q, &q->rest, at > 0 ? at : 1, s->n, k);
}

/* The distances that need to be looked at. A long effort is made of shorter
 * ones: where those are slow enough it needn't be. (Their least times are
 * those of whole steps, which hold a little more than the distance: SURE.) */
static void weigh_dists(struct looker *l, struct block *v)
{
    double len = l->s.d_m[l->s.n - 1] - l->s.d_m[0];
    size_t n = 0;
    l->n_blocks = l->s.n / BLOCK;
    for (double d = ENV_M; d <= len && n < DISTS_MAX; d *= ENV_GROW) {
        double can_s = es_human_time_s(d) / RECORD_MARGIN;
        bool slow = false;
        for (size_t i = 0; i < n && !slow; i++)
            slow = floor(d / l->dists[i].dist_m) * l->dists[i].least_s * SURE >=
                   can_s;
        if (slow)
            continue;
        struct dist *q = &l->dists[n];
        q->dist_m = d;
        q->can_s = can_s;
        q->v = v + n++ * l->n_blocks;
        weigh(l, q);
    }
    l->n_dists = n;
}

/* Whether the stretch is the worst so far; then it is *worst. */
static void judge(const struct looker *l, struct es_stretch at,
                  struct worst *worst)
{
    const struct es_stream *s = &l->s;
    double m = s->d_m[at.to] - s->d_m[at.from];
    double t = s->t_s[at.to] - s->t_s[at.from];
    double can_s = es_human_time_s(m) / RECORD_MARGIN;
    if (t >= can_s || can_s <= worst->share * t ||
        is_denied(l, at.from, at.to) || at.to - at.from < ENV_STEPS ||
        steady_mps(l, at.from, at.to) < STEADY_SHARE * m / can_s)
        return;
    double slope = slope_of(l, at);
    if (slope < SLOPE_EASY)
        can_s /= SLOPE_MARGIN;
    if (t >= can_s || can_s <= worst->share * t)
        return;
    *worst = (struct worst){ .what = TOO_FAST,
                             .at = at,
                             .share = can_s / t,
                             .slope = slope,
                             .value = t,
                             .limit = can_s };
}

static double share_to_beat(const struct worst *worst)
{
    return worst->share > 1 ? worst->share : 1;
}

/* The stretches of a block, its ends from `from` to before `to`. */
static void look_at_block(const struct looker *l, const struct dist *q,
                          struct block *b, size_t from, size_t to,
                          struct worst *worst)
{
    const struct es_stream *s = &l->s;
    const double d = q->dist_m, about_mps = d / q->can_s * 0.9;
    struct most most = { 0, 1 };
    size_t k = b->from, i = from;
    if (b->share <= share_to_beat(worst))
        return;
    for (; i < to && !had_enough(l, worst); i++) {
        if (s->d_m[i] - s->d_m[k] < d)
            continue;
        k = start_of(s, d, k, i);
        double m = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
        if (s->cuts[i] != s->cuts[k])
            continue;
        take_most(&most, m, t);
        /* Cheap before exact; m may be longer than d, never much faster. */
        if (m >= about_mps * t &&
            q->can_s * m * m > share_to_beat(worst) * t * d * d)
            judge(l, (struct es_stretch){ k, i }, worst);
    }
    b->share =
        share_of(q, &most); /* if all of it was seen; else none will be */
}

/* The stretch that took the least share of the time in which the fastest ran
 * as far. */
static void find_too_fast(const struct looker *l, struct worst *worst)
{
    size_t n = l->s.n;
    for (size_t i = 0; i < l->n_dists && !had_enough(l, worst); i++) {
        struct dist *q = &l->dists[i];
        size_t at = 0;
        (void)may_look(l, n);
        for (size_t b = 0; b < l->n_blocks; b++, at += BLOCK)
            look_at_block(l, q, &q->v[b], at > 0 ? at : 1, at + BLOCK, worst);
        look_at_block(l, q, &q->rest, at > 0 ? at : 1, n, worst);
    }
}

/* Whether a step is about as fast as a top speed: a stretch that is has one. */
static bool has_sprints(const struct es_stream *s)
{
    bool any = false;
    for (size_t i = 1; i < s->n; i++)
        any |= s->d_m[i] - s->d_m[i - 1] >
               0.99 * TOP_MPS * (s->t_s[i] - s->t_s[i - 1]);
    return any;
}

static void find_top_speed(const struct looker *l, struct worst *worst)
{
    const struct es_stream *s = &l->s;
    size_t k = 0;
    for (size_t i = TOP_STEPS; l->sprints && i < s->n && !had_enough(l, worst);
         i++) {
        while (k + 1 + TOP_STEPS <= i && s->d_m[i] - s->d_m[k + 1] >= TOP_M &&
               s->t_s[i] - s->t_s[k + 1] >= TOP_S)
            k++;
        double m = s->d_m[i] - s->d_m[k], t = s->t_s[i] - s->t_s[k];
        if (m < TOP_M || t < TOP_S || s->cuts[i] != s->cuts[k] ||
            m <= TOP_MPS * t || m / t <= worst->share * TOP_MPS ||
            is_denied(l, k, i) || !gets_somewhere(l, k, i) ||
            steady_mps(l, k, i) <= TOP_MPS)
            continue;
        struct es_stretch at = { k, i };
        *worst = (struct worst){ .what = TOP_SPEED,
                                 .at = at,
                                 .share = m / t / TOP_MPS,
                                 .slope = slope_of(l, at),
                                 .value = m / t,
                                 .limit = TOP_MPS };
    }
}

/* The sample at or after a time. */
static size_t sample_at(const struct es_stream *s, double t_s)
{
    size_t i = 0;
    while (i + 1 < s->n && s->t_s[i] < t_s)
        i++;
    return i;
}

static void find_steps(const struct looker *l, struct worst *worst)
{
    struct es_finding f;
    if (worst->share > 0)
        return;
    es_find_steps(l->tr, l->w, &l->s, &f);
    if (isnan(f.from_s))
        return;
    struct es_stretch at = { sample_at(&l->s, f.from_s),
                             sample_at(&l->s, f.to_s) };
    if (at.from < at.to && l->s.cuts[at.from] == l->s.cuts[at.to])
        *worst = (struct worst){ .what = STEPS,
                                 .at = at,
                                 .share = f.value / f.limit,
                                 .slope = slope_of(l, at),
                                 .f = f };
}

/* The finding of the worst there is. */
static struct es_finding tell(const struct es_stream *s,
                              const struct worst *worst)
{
    struct es_stretch at = worst->at;
    double m = s->d_m[at.to] - s->d_m[at.from];
    double t = s->t_s[at.to] - s->t_s[at.from];
    struct es_finding f = worst->f;
    if (worst->what == TOO_FAST) {
        f = es_finding_of("too_fast", ES_REVIEW);
        es_finding_say(&f, "%.0f m in %.1f s; no human has been below %.1f s",
                       m, t, worst->limit);
    } else if (worst->what == TOP_SPEED) {
        f = es_finding_of("top_speed", ES_REVIEW);
        es_finding_say(&f, "%.1f m/s for %.0f s; no human runs %.1f m/s", m / t,
                       t, TOP_MPS);
    }
    if (worst->what != STEPS) {
        f.value = worst->value;
        f.limit = worst->limit;
    }
    f.from_s = s->t_s[at.from];
    f.to_s = s->t_s[at.to];
    return f;
}

static double pace_mps(const struct es_stream *s, size_t from, size_t to)
{
    double t = s->t_s[to] - s->t_s[from];
    return t > 0 ? (s->d_m[to] - s->d_m[from]) / t : 0;
}

/* As far as it goes on about as fast. */
static void widen(const struct es_stream *s, struct es_stretch *at)
{
    double least = RIDE_SHARE * pace_mps(s, at->from, at->to);
    for (size_t i = at->from; i > 0;) {
        size_t j = i;
        while (j > 0 && s->cuts[j - 1] == s->cuts[i] &&
               s->t_s[i] - s->t_s[j] < RIDE_LOOK_S)
            j--;
        if (j == i || pace_mps(s, j, i) < least)
            break;
        at->from = i = j;
    }
    for (size_t i = at->to; i + 1 < s->n;) {
        size_t j = i;
        while (j + 1 < s->n && s->cuts[j + 1] == s->cuts[i] &&
               s->t_s[j] - s->t_s[i] < RIDE_LOOK_S)
            j++;
        if (j == i || pace_mps(s, i, j) < least)
            break;
        at->to = i = j;
    }
}

/* From here on no effort spans any step of the stretch. */
static void cut(uint32_t *cuts, size_t n, struct es_stretch at)
{
    for (size_t i = at.from + 1; i < n; i++)
        cuts[i] += (uint32_t)((i < at.to ? i : at.to) - at.from);
}

/* Takes up the ride, or the part between it and one near it, too. */
static void note_ride(const struct es_stream *s, struct es_stretch *v,
                      size_t *n, struct es_stretch r)
{
    for (size_t i = 0; i < *n; i++) {
        double before = s->t_s[v[i].from] - s->t_s[r.to];
        double after = s->t_s[r.from] - s->t_s[v[i].to];
        if (fmax(before, after) > RIDE_APART_S)
            continue;
        v[i].from = v[i].from < r.from ? v[i].from : r.from;
        v[i].to = v[i].to > r.to ? v[i].to : r.to;
        cut(s->cuts, s->n, v[i]);
        return;
    }
    cut(s->cuts, s->n, r);
    if (*n < ES_RIDES_MAX)
        v[(*n)++] = r;
}

static bool next_ride(const struct looker *l, struct ride *r)
{
    struct worst worst = { .slope = NAN };
    find_too_fast(l, &worst);
    find_top_speed(l, &worst);
    find_steps(l, &worst);
    if (!(worst.share > 0))
        return false;
    *r = (struct ride){ worst.at, tell(&l->s, &worst), worst.slope };
    widen(&l->s, &r->at);
    return true;
}

/* What is looked at: the smoothed positions where they show most of the way,
 * for a device may count its receiver's errors; else what counts, s. */
static void choose(struct looker *l, const struct es_stream *s,
                   const struct es_measure *m)
{
    const struct es_ways *w = l->w;
    const struct es_fixes *f = &w->fixes;
    uint32_t *cuts = l->s.cuts;
    bool shown = m->dist_source == ES_DIST_POSITIONS ||
                 w->covered_m >= COVERED_SHARE * m->dist_m;
    if (!w->smoothed || !shown || f->n < 2) {
        memcpy(cuts, s->cuts, s->n * sizeof *cuts);
        l->s = *s;
        l->s.cuts = cuts;
        return;
    }
    for (size_t i = 0; i < f->n; i++)
        cuts[i] = (i > 0 ? cuts[i - 1] : 0) + (f->apart[i] == ES_LEAP);
    l->s.t_s = f->t_s;
    l->s.d_m = w->evd.along_m;
    l->s.n = f->n;
    l->f = f;
}

/* In the scratch: heights, blocks, cuts. */
static void look_of(struct looker *l, void *scratch, const struct es_stream *s,
                    const struct es_measure *m)
{
    size_t points = l->tr->n;
    l->height_m = scratch;
    struct block *blocks = (struct block *)(l->height_m + points);
    l->s.cuts = (uint32_t *)(blocks + points / BLOCK * DISTS_MAX);
    choose(l, s, m);
    for (size_t i = 0; i < l->s.n; i++)
        l->height_m[i] = INFINITY;
    l->sprints = has_sprints(&l->s);
    weigh_dists(l, blocks);
}

/* Of the stream that counts. */
static struct es_stretch same_time(const struct es_stream *s,
                                   const struct es_finding *f)
{
    return (struct es_stretch){ sample_at(s, f->from_s),
                                sample_at(s, f->to_s) };
}

/* Makes a stretch no way at all, and says so. */
static double leave_out(struct es_stream *s, struct es_finding *f,
                        struct es_measure *m)
{
    struct es_stretch at = same_time(s, f);
    double gone_m = s->d_m[at.to] - s->d_m[at.from];
    double t = s->t_s[at.to] - s->t_s[at.from];
    f->value = gone_m;
    es_finding_add(m, f, "%.0f m at %.1f m/s are no run and not counted",
                   gone_m, t > 0 ? gone_m / t : 0);
    for (size_t i = at.from + 1; i < s->n; i++)
        s->d_m[i] = fmax(s->d_m[i] - gone_m, s->d_m[at.from]);
    cut(s->cuts, s->n, at);
    return gone_m;
}

/* Among the others, by time; what two share is the earlier one's. */
static void note_left_out(struct es_left_out *l, const struct es_stream *s,
                          struct es_stretch at)
{
    size_t i = l->n++;
    for (; i > 0 && l->v[i - 1].from_s > s->t_s[at.from]; i--)
        l->v[i] = l->v[i - 1];
    l->v[i] = (struct es_ride){ s->t_s[at.from], s->t_s[at.to], s->d_m[at.from],
                                s->d_m[at.to] };
    for (i = 1; i < l->n; i++) {
        const struct es_ride *before = &l->v[i - 1];
        struct es_ride *r = &l->v[i];
        r->from_s = fmax(r->from_s, before->to_s);
        r->to_s = fmax(r->to_s, r->from_s);
        r->from_m = fmax(r->from_m, before->to_m);
        r->to_m = fmax(r->to_m, r->from_m);
    }
}

/* Whether a run is left without its rides. */
static bool is_left(double all_m, double gone_m)
{
    return all_m - gone_m >= REST_M && all_m - gone_m >= REST_SHARE * all_m;
}

/* Their length in the stream that is looked at. */
static double rides_m(const struct es_stream *s, const struct es_stretch *v,
                      size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += s->d_m[v[i].to] - s->d_m[v[i].from];
    return sum;
}

void es_rides_of(const struct es_track *tr, const struct es_ways *w,
                 void *scratch, struct es_stream *s,
                 struct es_left_out *left_out, struct es_measure *m)
{
    struct es_stretch rides[ES_RIDES_MAX];
    struct dist dists[DISTS_MAX];
    struct es_finding first = es_finding_of("", ES_NOTE);
    struct ride r;
    size_t n = 0, rounds = 0, left = LOOKS_MAX;
    double gone_m = 0, all_m;
    bool steep = false, enough = true;

    if (!w->on_foot || s->n < 2)
        return;
    struct looker l = { .left = &left, .tr = tr, .w = w, .dists = dists };
    look_of(&l, scratch, s, m);
    while (rounds < ES_RIDES_MAX && enough && left > 0 && next_ride(&l, &r)) {
        rounds++;
        steep = steep || r.slope < SLOPE_STEEP;
        if (rounds == 1)
            first = r.why;
        note_ride(&l.s, rides, &n, r.at);
        enough =
            is_left(l.s.d_m[l.s.n - 1] - l.s.d_m[0], rides_m(&l.s, rides, n));
    }
    if (rounds == 0)
        return;
    all_m = s->d_m[s->n - 1] - s->d_m[0];
    struct es_finding out[ES_RIDES_MAX];
    for (size_t i = 0; i < n; i++) {
        out[i] = es_finding_of("left_out", ES_CUT);
        out[i].from_s = l.s.t_s[rides[i].from];
        out[i].to_s = l.s.t_s[rides[i].to];
        struct es_stretch at = same_time(s, &out[i]);
        gone_m += s->d_m[at.to] - s->d_m[at.from];
    }
    if (steep || rounds == ES_RIDES_MAX || left == 0 || !enough ||
        !is_left(all_m, gone_m)) {
        es_finding_add(m, &first, "%s", first.message);
        return;
    }
    for (size_t i = 0; i < n; i++)
        note_left_out(left_out, s, same_time(s, &out[i]));
    for (size_t i = 0; i < n; i++)
        m->dist_m -= leave_out(s, &out[i], m);
}
