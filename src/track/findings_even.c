/* SPDX-License-Identifier: Apache-2.0 */
/* Positions that no receiver saw: metres drawn on a map and given times by a
 * program keep a pace that no body and no receiver keeps. */
#include <math.h>

#include "geo/geo.h"
#include "geo/math.h"
#include "track/findings_int.h"

static const double LOOK_S = 6, GAP_S = 120;
/* Looks that an evenness must stand on: in a part, and of all the way. */
enum { FEWEST = 8, MANY = 60 };
static const double MOST = 0.6;
static const double EVEN_M = 500, EVEN_CV = 0.01, EVEN_MPS = 0.03;
static const double FIX_DEG = 0.02; /* the scale holds for 2 km of latitude */
static const double RAD = 3.14159265358979323846 / 180;
/* FIT's sub sport of rides and runs through worlds that don't exist. */
enum { VIRTUAL = 58 };

/* Goes from look to look, each at least LOOK_S long. */
struct looks {
    const struct es_track *tr;
    const struct es_ways *w;
    size_t i; /* the fix that the last look ended on */
    double scale_lat_deg, east_m, north_m; /* a degree */
    double from_s, to_s, m;
    bool joined; /* to the look before */
};

/* The next point with a position at or after i; tr->n when none. */
static size_t next_fix(const struct es_track *tr, size_t i)
{
    while (i < tr->n && !es_point_has_position(&tr->pts[i]))
        i++;
    return i;
}

static double apart_m(struct looks *l, const struct es_point *p,
                      const struct es_point *q)
{
    if (!(fabs(p->lat_deg - l->scale_lat_deg) <= FIX_DEG)) {
        double m, n;
        es_geo_radii_m(p->lat_deg, &m, &n);
        l->scale_lat_deg = p->lat_deg;
        l->north_m = m * RAD;
        l->east_m = n * es_cos(p->lat_deg * RAD) * RAD;
    }
    double lon_deg = q->lon_deg - p->lon_deg;
    if (fabs(lon_deg) > 180)
        lon_deg = remainder(lon_deg, 360);
    double x = lon_deg * l->east_m;
    double y = (q->lat_deg - p->lat_deg) * l->north_m;
    return sqrt(x * x + y * y);
}

static bool broken(const struct looks *l, size_t from, size_t to)
{
    for (size_t k = from + 1; k <= to; k++)
        if (l->tr->pts[k].flags & (ES_PT_SEGMENT | ES_PT_RESUME))
            return true;
    return false;
}

/* The next look; false at the end. */
static bool look(struct looks *l)
{
    size_t last = l->i;
    l->joined = true;
    l->from_s = es_since_s(l->w, &l->tr->pts[last]);
    l->m = 0;
    for (;;) {
        size_t i = next_fix(l->tr, last + 1);
        if (i == l->tr->n)
            return false;
        double was_s = es_since_s(l->w, &l->tr->pts[last]);
        double now_s = es_since_s(l->w, &l->tr->pts[i]);
        if (!(now_s > was_s && now_s - was_s <= GAP_S) || broken(l, last, i)) {
            l->joined = false;
            l->from_s = now_s;
            l->m = 0;
        } else {
            l->m += apart_m(l, &l->tr->pts[last], &l->tr->pts[i]);
            if (now_s - l->from_s >= LOOK_S) {
                l->to_s = now_s;
                l->i = i;
                return true;
            }
        }
        last = i;
    }
}

/* Looks in a row and what they come to. */
struct row {
    size_t n, same; /* so many as fast as the one before */
    double m, v, v2, dv2;
};

static double speed(const struct looks *l)
{
    return l->m / (l->to_s - l->from_s);
}

static double cv_of(const struct row *r)
{
    double mean = r->v / (double)r->n;
    return sqrt(fmax(r->v2 / (double)r->n - mean * mean, 0)) / mean;
}

/* Even all over. */
static bool is_even(const struct row *r)
{
    return cv_of(r) < EVEN_CV &&
           r->dv2 / (double)(r->n - 1) < EVEN_MPS * EVEN_MPS;
}

/* Takes the look that follows one at `was` into the row, or out of it. */
static void take(struct row *r, const struct looks *l, int sign)
{
    double v = speed(l);
    r->n += (size_t)sign; /* wraps back */
    r->m += sign * l->m;
    r->v += sign * v;
    r->v2 += sign * v * v;
}

static void take_change(struct row *r, double from_mps, double to_mps, int sign)
{
    double dv = to_mps - from_mps;
    r->dv2 += sign * dv * dv;
    if (fabs(dv) < fmin(EVEN_MPS, EVEN_CV * to_mps))
        r->same += (size_t)sign;
}

static void say(struct es_finding *f, const struct row *r, double from_s)
{
    *f = es_finding_of("too_even", ES_REVIEW);
    f->value = cv_of(r) * 100;
    f->limit = EVEN_CV * 100;
    f->from_s = from_s;
    es_finding_say(f,
                   "an even %.2f m/s over %.0f m; bodies and receivers waver",
                   r->v / (double)r->n, r->m);
}

/* The whole way, even but where corners are cut between two fixes. (Not a
 * part: receivers draw even lines while they have lost the sky.) */
static void find_mostly(struct looks l, struct es_finding *f)
{
    struct row r = { 0 };
    double was = NAN, from_s = NAN, to_s = NAN;
    while (look(&l)) {
        if (l.joined && r.n > 0)
            take_change(&r, was, speed(&l), 1);
        take(&r, &l, 1);
        was = speed(&l);
        from_s = isnan(from_s) ? l.from_s : from_s;
        to_s = l.to_s;
    }
    if (r.n < MANY || (double)r.same < MOST * (double)r.n)
        return;
    say(f, &r, from_s);
    f->to_s = to_s;
}

static void find(struct looks head, struct es_finding *f)
{
    struct looks tail = head;
    struct row r = { 0 };
    double was = NAN;
    if (!look(&tail))
        return;
    while (look(&head)) {
        double v = speed(&head);
        if (!head.joined) {
            r = (struct row){ 0 };
            while (tail.to_s < head.to_s && look(&tail))
                continue;
        }
        if (r.n > 0)
            take_change(&r, was, v, 1);
        take(&r, &head, 1);
        was = v;
        /* The shortest row that is long enough ends here. */
        while (r.n > FEWEST && r.m - tail.m >= EVEN_M) {
            double old = speed(&tail);
            take(&r, &tail, -1);
            (void)look(&tail);
            take_change(&r, old, speed(&tail), -1);
        }
        if (r.n < FEWEST || r.m < EVEN_M || !is_even(&r))
            continue;
        if (isnan(f->from_s))
            say(f, &r, tail.from_s);
        f->to_s = head.to_s;
    }
}

void es_find_even(const struct es_track *tr, const struct es_ways *w,
                  struct es_finding *f)
{
    size_t first = next_fix(tr, 0);
    struct looks l = { .tr = tr, .w = w, .i = first, .scale_lat_deg = NAN };
    *f = es_finding_of("", ES_NOTE);
    if (first == tr->n || tr->sub_sport == VIRTUAL)
        return;
    find(l, f);
    if (isnan(f->from_s))
        find_mostly(l, f);
}
