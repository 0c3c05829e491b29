/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/history.h"

#include "track/fixes.h"
#include "track/signs.h"
#include "track/wire.h"

#include <math.h>
#include <string.h>

/* How far back, in runs: bests change slowly, and each run that is looked into
 * costs the reading of its measure. */
enum { LOOKED_INTO = 24, COUNTED = 512 };

/* Fewer say little of what somebody can do. */
enum { RUNS_MIN = 5 };

/* Who jogs and then races over the same distance is faster by a third; twice
 * as fast is a bicycle or a car. At less than the second a runner needs no
 * wheels, so that who has walked for weeks may begin to run. */
static const double PACE_RATIO = 1.5, PACE_MIN_MPS = 4;
/* Noise makes shorter efforts fast. */
static const double EFFORT_MIN_M = 1000;

/* Who runs 5 km a day may run a marathon on one of them. */
static const double FAR_RATIO = 3, DAY_MIN_M = 50000, WEEK_MIN_M = 150000;
static const int64_t DAY_MS = 86400000;

/* ---- pace ---- */

struct effort {
    double dist_m, mps;
};

/* The efforts of at least EFFORT_MIN_M, the shortest first. A typed-in run has
 * its mean. `sure`: with what they may be off by taken from them. */
static size_t efforts_of(const struct es_measure *m, bool sure,
                         struct effort out[ES_BESTS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_bests; i++) {
        const struct es_best *b = &m->bests[i];
        double more_s = sure && b->error_s > 0 ? 2 * b->error_s : 0;
        if (b->dist_m >= EFFORT_MIN_M && b->time_s > 0)
            out[n++] =
                (struct effort){ b->dist_m, b->dist_m / (b->time_s + more_s) };
    }
    if (m->n_bests == 0 && m->dist_m >= EFFORT_MIN_M && m->elapsed_s > 0)
        out[n++] = (struct effort){ m->dist_m, m->dist_m / m->elapsed_s };
    return n;
}

/* The speed of a run over that distance; over its longest, where none is so
 * long, which flatters it. 0: it has none. */
static double speed_over(const struct es_measure *m, double dist_m)
{
    struct effort v[ES_BESTS_MAX];
    size_t n = efforts_of(m, false, v);
    double mps = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || v[i].dist_m <= dist_m || v[i].mps > mps)
            mps = v[i].mps;
    return mps;
}

/* The fastest of the earlier runs of the same sport; *n: how many. */
static double fastest_before(const struct es_history *h,
                             const struct es_measure *m, double dist_m,
                             size_t *n)
{
    double best = 0;
    *n = 0;
    for (size_t i = 0; i < h->n_runs; i++) {
        const struct es_measure *past = &h->runs[i];
        double mps = past->sport == m->sport &&
                             past->started_ms != ES_NO_TIME &&
                             past->started_ms < m->started_ms
                         ? speed_over(past, dist_m)
                         : 0;
        best = fmax(best, mps);
        *n += mps > 0;
    }
    return best;
}

static void weigh_pace(const struct es_history *h, const struct es_measure *m,
                       struct es_verdict *v)
{
    struct effort mine[ES_BESTS_MAX];
    size_t n_mine = efforts_of(m, true, mine);
    struct es_finding f = { .value = 0 };
    double most = PACE_RATIO;
    for (size_t i = 0; i < n_mine; i++) {
        size_t n;
        double own = fastest_before(h, m, mine[i].dist_m, &n);
        if (n < RUNS_MIN || mine[i].mps < PACE_MIN_MPS ||
            mine[i].mps <= most * own)
            continue;
        most = mine[i].mps / own;
        f = es_finding_make("faster_than_before", ES_NOTE, mine[i].mps, own,
                            "%.2f m/s over %.0f m; the fastest of %zu earlier "
                            "runs was %.2f m/s",
                            mine[i].mps, mine[i].dist_m, n, own);
    }
    if (f.value > 0)
        es_verdict_add(v, &f);
}

/* ---- distance ---- */

/* What counted within `span_ms` up to a moment, it included; of runs that
 * started before the one in question. */
static int64_t counted_upto(const struct es_history *h, int64_t at_ms,
                            int64_t span_ms)
{
    int64_t sum_mm = 0;
    for (size_t i = 0; i < h->n_counted; i++)
        if (h->counted[i].started_ms != ES_NO_TIME &&
            h->counted[i].started_ms <= at_ms &&
            h->counted[i].started_ms > at_ms - span_ms)
            sum_mm += h->counted[i].counted_mm;
    return sum_mm;
}

/* The most that ever counted within a span that ended before `end_ms`; *n: how
 * many runs lie there. */
static int64_t most_before(const struct es_history *h, int64_t end_ms,
                           int64_t span_ms, size_t *n)
{
    int64_t most_mm = 0;
    *n = 0;
    for (size_t i = 0; i < h->n_counted; i++) {
        int64_t at_ms = h->counted[i].started_ms;
        if (at_ms == ES_NO_TIME || at_ms > end_ms)
            continue;
        int64_t sum_mm = counted_upto(h, at_ms, span_ms);
        most_mm = sum_mm > most_mm ? sum_mm : most_mm;
        (*n)++;
    }
    return most_mm;
}

/* Whether a run makes its last day, or seven, far longer than any before. */
static bool weigh_span(const struct es_history *h, const struct es_measure *m,
                       int days, double min_m, struct es_verdict *v)
{
    size_t n;
    int64_t span_ms = days * DAY_MS;
    int64_t sum_mm =
        v->counted_mm + counted_upto(h, m->started_ms - 1, span_ms - 1);
    double now_m = (double)sum_mm / 1000;
    if (now_m < min_m) /* nearly always: nothing else is looked up */
        return false;
    double most_m =
        (double)most_before(h, m->started_ms - span_ms, span_ms, &n) / 1000;
    if (n < RUNS_MIN || now_m <= FAR_RATIO * most_m)
        return false;
    struct es_finding f =
        days == 1
            ? es_finding_make("far_in_a_day", ES_NOTE, now_m, most_m,
                              "%.1f km within 24 h; never more than %.1f km "
                              "before",
                              now_m / 1000, most_m / 1000)
            : es_finding_make("far_in_a_week", ES_NOTE, now_m, most_m,
                              "%.1f km within 7 days; never more than %.1f km "
                              "before",
                              now_m / 1000, most_m / 1000);
    es_verdict_add(v, &f);
    return true;
}

/* ---- all together ---- */

static bool has(const struct es_verdict *v, const char *code)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i].code, code) == 0)
            return true;
    return false;
}

/* The track's own signs have been added up once; with these there are more. */
static void weigh_signs(struct es_verdict *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->n_findings; i++)
        sum += es_sign_weight(v->findings[i].code);
    if (sum < ES_SIGNS_ENOUGH || has(v, "many_signs"))
        return;
    struct es_finding f =
        es_finding_make("many_signs", ES_REVIEW, sum, ES_SIGNS_ENOUGH,
                        "several signs that together need a look");
    es_verdict_add(v, &f);
}

void es_history_weigh(const struct es_history *h, const struct es_measure *m,
                      struct es_verdict *v)
{
    size_t was = v->n_findings;
    if (m->started_ms == ES_NO_TIME || !es_sport_on_foot(m->sport))
        return;
    weigh_pace(h, m, v);
    if (!weigh_span(h, m, 1, DAY_MIN_M, v))
        (void)weigh_span(h, m, 7, WEEK_MIN_M, v);
    if (v->n_findings > was)
        weigh_signs(v);
}

static enum es_code look_into(const struct es_run *runs, size_t n,
                              struct es_arena *a, struct es_history *h,
                              struct es_err *e)
{
    struct es_measure *v = es_arena_array(a, n, sizeof *v);
    enum es_code rc = v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "history");
    h->runs = v;
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_rd rd;
        if (runs[i].status != ES_RUN_ACCEPTED)
            continue;
        es_rd_init(&rd, runs[i].measure);
        rc = es_measure_get(&rd, a, &v[h->n_runs], e);
        h->n_runs += rc == ES_OK;
    }
    return rc;
}

enum es_code es_history_judge(struct es_app *app,
                              const struct es_participant *who,
                              struct es_new_run *n, struct es_arena *a,
                              struct es_err *e)
{
    struct es_history h = { 0 };
    struct es_counted *counted;
    struct es_run *runs;
    size_t n_runs;
    if (n->verdict.status == ES_RUN_REFUSED)
        return ES_OK;
    enum es_code rc =
        es_store_counted_of(app->store, who->initiative, who->id, COUNTED, a,
                            &counted, &h.n_counted, e);
    if (rc != ES_OK || h.n_counted < RUNS_MIN)
        return rc;
    h.counted = counted;
    rc = es_store_runs_of(app->store, who->initiative, who->id, 0, LOOKED_INTO,
                          a, &runs, &n_runs, e);
    if (rc == ES_OK)
        rc = look_into(runs, n_runs, a, &h, e);
    if (rc == ES_OK)
        es_history_weigh(&h, &n->m, &n->verdict);
    return rc;
}
