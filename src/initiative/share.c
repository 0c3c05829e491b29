/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a person's runs count together, and a run's time over a distance. */
#include "base/sort.h"
#include "initiative/rules.h"

#include <math.h>

static int by_start(const void *a, const void *b)
{
    const struct es_share *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->started_ms != y->started_ms)
        return x->started_ms < y->started_ms ? -1 : 1;
    return (x->run > y->run) - (x->run < y->run);
}

/* All but one count nothing. */
static void count_one(enum es_runs_count count, struct es_share *v, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; count == ES_COUNT_LONGEST && i < n; i++)
        if (v[i].alone_mm > v[best].alone_mm)
            best = i;
    for (size_t i = 0; i < n; i++)
        if (i != best)
            v[i].counted_mm = 0;
}

static void cap_days(int64_t cap_mm, struct es_share *v, size_t n)
{
    int64_t left_mm = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || v[i].day != v[i - 1].day)
            left_mm = cap_mm;
        if (v[i].counted_mm > left_mm)
            v[i].counted_mm = left_mm;
        left_mm -= v[i].counted_mm;
    }
}

void es_share_out(const struct es_rules *r, struct es_share *v, size_t n)
{
    es_sort(v, n, sizeof *v, by_start);
    for (size_t i = 0; i < n; i++)
        v[i].counted_mm = v[i].alone_mm;
    if (r->count != ES_COUNT_EVERY)
        count_one(r->count, v, n);
    if (r->day_cap_mm > 0)
        cap_days(r->day_cap_mm, v, n);
}

bool es_share_finding(const struct es_rules *r, const struct es_share *s,
                      struct es_finding *out)
{
    if (s->counted_mm >= s->alone_mm)
        return false;
    if (r->count != ES_COUNT_EVERY && s->counted_mm == 0)
        *out = es_finding_make("another_counts", ES_CUT, NAN, NAN,
                               r->count == ES_COUNT_FIRST
                                   ? "only the first run of a person counts"
                                   : "only the longest run of a person counts");
    else
        *out = es_finding_make(
            "over_day_cap", ES_CUT, (double)s->counted_mm / 1000,
            (double)r->day_cap_mm / 1000,
            "the runs of one day count up to %.1f km together",
            (double)r->day_cap_mm / 1e6);
    return true;
}

/* ---- times over a category ---- */

/* The distances of categories are whole metres or halves; those of bests are
 * their own, as 21,097.5. */
static const double SAME_M = 0.5;

/* 1e12 mm times 1e4 stays far below 2^63. */
static bool reaches(const struct es_rules *r, int64_t dist_mm,
                    int64_t run_dist_mm)
{
    return run_dist_mm * 10000 >= dist_mm * (10000 - r->tolerance_bp);
}

enum es_over es_category_time(const struct es_rules *r, int64_t dist_mm,
                              const struct es_measure *m, int64_t run_dist_mm,
                              int64_t run_time_ms, int64_t *time_ms)
{
    if (dist_mm <= 0 || run_dist_mm <= 0 || run_time_ms <= 0 ||
        run_dist_mm > ES_RULE_DIST_MAX_MM || !reaches(r, dist_mm, run_dist_mm))
        return ES_OVER_NONE;
    if (run_dist_mm < dist_mm) {
        double share = (double)dist_mm / (double)run_dist_mm;
        *time_ms = llround((double)run_time_ms * share);
        return ES_OVER_EXTENDED;
    }
    *time_ms = run_time_ms;
    for (size_t i = 0; m && i < m->n_bests; i++) {
        const struct es_best *b = &m->bests[i];
        if (!b->verified || fabs(b->dist_m - (double)dist_mm / 1000) > SAME_M)
            continue;
        int64_t best_ms = llround(b->time_s * 1000);
        if (best_ms <= 0 || best_ms >= run_time_ms)
            continue;
        *time_ms = best_ms;
        return ES_OVER_BEST;
    }
    return ES_OVER_WHOLE;
}
