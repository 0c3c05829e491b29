/* SPDX-License-Identifier: Apache-2.0 */
/* Distance over time, and what is read from it: splits, moving time. */
#include <math.h>

#include "track/measure_int.h"

/* A person slower than this over 10 s stands (walking starts at 0.7). */
static const double STAND_MPS = 0.5;
static const double WINDOW_S = 10;
static const double KM_M = 1000, MILE_M = 1609.344;
static const double SPLIT_REST_M = 0.01; /* less is rounding, not a split */

/* Where reception comes back a device adds at once what it missed: the metres
 * of one step that no human makes, after a time in which hardly any came. */
static const double CATCH_UP_MPS = 12.5, CATCH_UP_M = 20, STALL_MPS = 1;

/* A clock that leaps ahead by more than this is looked after for so many
 * samples: some devices write a wrong hour until they have the satellites'. */
static const int64_t LEAP_MS = 3600000;
enum { LEAP_SAMPLES = 64 };

bool es_time_rises(const struct es_track *tr, size_t i, int64_t last)
{
    int64_t t = tr->pts[i].t_ms;
    if (t == ES_NO_TIME || t < last)
        return false;
    bool leap = last != ES_NO_TIME && t - last > LEAP_MS;
    size_t look = leap ? LEAP_SAMPLES : 1;
    for (size_t k = i + 1; k < tr->n && look > 0; k++) {
        int64_t next = tr->pts[k].t_ms;
        if (next == ES_NO_TIME)
            continue;
        if (next < t && next >= last)
            return false;
        look--;
    }
    return true;
}

/* Before such a step the samples of the stall are taken back, so that its
 * metres spread over the time in which they were made. */
static void catch_up(struct es_stream *s, double t_s, double d_m)
{
    if (s->n == 0)
        return;
    double step_m = d_m - s->d_m[s->n - 1], step_s = t_s - s->t_s[s->n - 1];
    if (step_m < CATCH_UP_M || step_m < CATCH_UP_MPS * step_s)
        return;
    while (s->n >= 2 && s->d_m[s->n - 1] - s->d_m[s->n - 2] <=
                            STALL_MPS * (s->t_s[s->n - 1] - s->t_s[s->n - 2]))
        s->n--;
}

/* Adds a sample; one at the same time replaces the one before. */
static void push(struct es_stream *s, double t_s, double d_m, uint32_t cuts,
                 bool paused)
{
    size_t i = s->n;
    if (i > 0 && s->t_s[i - 1] == t_s) {
        i--;
        paused = paused || s->paused[i];
    } else {
        s->n++;
    }
    s->t_s[i] = t_s;
    s->d_m[i] = d_m;
    s->cuts[i] = cuts;
    s->paused[i] = paused;
}

static enum es_code alloc(struct es_stream *s, size_t n, struct es_arena *a,
                          struct es_err *e)
{
    s->t_s = es_arena_array(a, n, sizeof *s->t_s);
    s->d_m = es_arena_array(a, n, sizeof *s->d_m);
    s->cuts = es_arena_array(a, n, sizeof *s->cuts);
    s->paused = es_arena_array(a, n, sizeof *s->paused);
    if (!s->t_s || !s->d_m || !s->cuts || !s->paused)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu samples", n);
    return ES_OK;
}

enum es_code es_stream_of(const struct es_track *tr, const struct es_ways *w,
                          enum es_dist_source source, double dist_m,
                          struct es_arena *a, struct es_stream *out,
                          struct es_err *e)
{
    struct es_stream s = { 0 };
    /* a device that gives only a total leaves its course to the positions */
    bool device = source == ES_DIST_DEVICE && (w->dev_stream || w->dev_speed);
    const double *along = device ? w->dev_m : w->pos_m;
    uint32_t cuts = 0;
    bool paused = false;
    int64_t last = ES_NO_TIME;

    enum es_code rc = alloc(&s, tr->n, a, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        bool has =
            device && w->dev_stream ? p->dist_m >= 0 : es_point_has_position(p);
        cuts += w->pos_cut[i]; /* a device follows its receiver */
        paused = paused || (p->flags & ES_PT_RESUME);
        if (!has || !es_time_rises(tr, i, last))
            continue;
        last = p->t_ms;
        double t_s = ((double)p->t_ms - (double)w->zero_ms) / 1000;
        if (device && w->on_foot)
            catch_up(&s, t_s, along[i]);
        push(&s, t_s, along[i], cuts, paused);
        paused = false;
    }
    double len = s.n > 0 ? s.d_m[s.n - 1] : 0;
    if (s.n < 2 || len <= 0 || source == ES_DIST_NONE)
        s.n = 0;
    for (size_t i = 0; i < s.n; i++)
        s.d_m[i] *= dist_m / len;
    *out = s;
    return ES_OK;
}

double es_counted_s(const struct es_left_out *l, double t_s)
{
    double gone_s = 0;
    for (size_t i = 0; i < l->n && t_s > l->v[i].from_s; i++)
        gone_s += fmin(t_s, l->v[i].to_s) - l->v[i].from_s;
    return t_s - gone_s;
}

double es_counted_m(const struct es_left_out *l, double d_m)
{
    double gone_m = 0;
    for (size_t i = 0; i < l->n && d_m > l->v[i].from_m; i++)
        gone_m += fmin(d_m, l->v[i].to_m) - l->v[i].from_m;
    return d_m - gone_m;
}

void es_stream_close(struct es_stream *s, const struct es_left_out *l)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n && l->n > 0; i++) {
        double t_s = es_counted_s(l, s->t_s[i]);
        if (n > 0 && t_s <= s->t_s[n - 1])
            continue;
        s->t_s[n] = t_s;
        s->d_m[n] = s->d_m[i];
        s->cuts[n] = s->cuts[i];
        s->paused[n++] = s->paused[i];
    }
    s->n = l->n > 0 ? n : s->n;
}

bool es_stream_leaps(const struct es_stream *s, double d_m)
{
    return s->n > 0 && s->t_s[0] <= 0 && s->d_m[0] >= d_m;
}

/* One split for each unit_m of the stream. */
static enum es_code cut(const struct es_stream *s, double unit_m,
                        struct es_arena *a, struct es_split **out,
                        size_t *out_n, struct es_err *e)
{
    double len = s->n > 0 ? s->d_m[s->n - 1] : 0;
    double want =
        len <= SPLIT_REST_M || es_stream_leaps(s, unit_m)
            ? 0
            : fmin(ceil((len - SPLIT_REST_M) / unit_m), ES_SPLITS_MAX);
    size_t n = 0;
    struct es_split *v = es_arena_array(a, (size_t)want, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for splits");
    /* the first sample may come after the first metres */
    double from_s = s->n > 0 ? s->t_s[0] : 0;
    if (s->n > 0 && s->d_m[0] > 0)
        from_s = fmin(from_s, 0);
    double last_s = from_s, last_m = 0;
    for (size_t i = 0; i < s->n; i++) {
        while (n < (size_t)want && s->d_m[i] >= unit_m * (double)(n + 1)) {
            double f =
                (unit_m * (double)(n + 1) - last_m) / (s->d_m[i] - last_m);
            double t = last_s + f * (s->t_s[i] - last_s);
            v[n++] = (struct es_split){ unit_m, t - from_s };
            from_s = t;
        }
        last_s = s->t_s[i];
        last_m = s->d_m[i];
    }
    if (n < (size_t)want) {
        v[n].dist_m = len - unit_m * (double)n;
        v[n++].time_s = s->t_s[s->n - 1] - from_s;
    }
    *out = v;
    *out_n = n;
    return ES_OK;
}

enum es_code es_splits_of(const struct es_stream *s, struct es_arena *a,
                          struct es_measure *m, struct es_err *e)
{
    enum es_code rc = cut(s, KM_M, a, &m->splits, &m->n_splits, e);
    if (rc == ES_OK)
        rc = cut(s, MILE_M, a, &m->miles, &m->n_miles, e);
    return rc;
}

double es_moving_s(const struct es_stream *s)
{
    double sum = 0;
    struct es_walk lo = { s, 0 }, hi = { s, 0 };
    if (s->n == 0)
        return NAN;
    for (size_t i = 1; i < s->n; i++) {
        double dt = s->t_s[i] - s->t_s[i - 1];
        double mid = (s->t_s[i] + s->t_s[i - 1]) / 2;
        double half = fmax(WINDOW_S, dt) / 2;
        double from = fmax(mid - half, s->t_s[0]);
        double to = fmin(mid + half, s->t_s[s->n - 1]);
        double m = es_walk_m(&hi, to) - es_walk_m(&lo, from);
        if (!s->paused[i] && m >= STAND_MPS * (to - from))
            sum += dt;
    }
    return sum;
}
