/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Columns over days, for who holds an initiative. */
#include "web/charts.h"

#include "base/time.h"

#include <string.h>

enum { FULL = 1000, LEAST = 8, COLUMNS_MAX = 62, INTERVALS = 4 };
static const int64_t DAY_MS = 86400000;

/* 1, 2 or 5 of a power of ten, so that `most` has no more than INTERVALS. */
static int64_t step_of(int64_t most)
{
    int64_t step = 1;
    for (int i = 0; i < 50 && (most + step - 1) / step > INTERVALS; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

static int64_t part_of(int64_t v, int64_t top)
{
    int64_t high = v > 0 ? (int64_t)((double)v / (double)top * FULL) : 0;
    return v > 0 && high < LEAST ? LEAST : high; /* a single run is seen, too */
}

static void raise(struct es_view_plot *p, struct es_view_column *v,
                  int64_t unit)
{
    int64_t most = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->series; k++) {
            p->sum[k] += v[i].v[k];
            if (v[i].v[k] > most) {
                most = v[i].v[k];
                p->most = i;
            }
        }
    if (most == 0) {
        p->n = 0;
        return;
    }
    int64_t step = step_of((most + unit - 1) / unit);
    int64_t steps = ((most + unit - 1) / unit + step - 1) / step;
    for (int64_t i = 0; i <= steps; i++)
        p->ys[p->n_ys++] = (struct es_view_tick){ step * (steps - i) * unit,
                                                  FULL * i / steps };
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->series; k++)
            v[i].high[k] = part_of(v[i].v[k], step * steps * unit);
}

struct es_view_plot es_chart_plot(const struct es_chart_counts *c,
                                  enum es_view_plotted what, struct es_arena *a)
{
    struct es_view_plot p = { .what = what,
                              .days = 1,
                              .series = what == ES_PLOT_REVIEW ? 2 : 1 };
    int64_t all = c->last - c->first + 1;
    while (all > COLUMNS_MAX * p.days && p.days < 28)
        p.days = p.days == 1 ? 7 : 28;
    int64_t n = (all + p.days - 1) / p.days;
    if (n < 1 || n > COLUMNS_MAX * 40)
        return p;
    struct es_view_column *v = es_arena_array(a, (size_t)n, sizeof *v);
    if (!v)
        return p;
    for (int64_t i = 0; i < n; i++) {
        struct es_date d = es_date_of((c->first + i * p.days) * DAY_MS);
        v[i].from_ms = es_zone_time(c->zone, &d);
        v[i].at = FULL * i / n;
        v[i].wide = FULL * (i + 1) / n - v[i].at;
    }
    for (size_t i = 0; i < c->n; i++) {
        int64_t at = (c->v[i].day - c->first) / p.days;
        if (c->v[i].day < c->first || at >= n)
            continue;
        for (size_t k = 0; k < p.series; k++)
            v[at].v[k] += c->v[i].v[k];
    }
    p.v = v;
    p.n = (size_t)n;
    raise(&p, v, what == ES_PLOT_DISTANCE ? c->unit_mm : 1);
    return p;
}

static void column(struct es_out *o, const char *name, int64_t at, int64_t wide,
                   int64_t high)
{
    if (high > 0)
        es_buf_fmt(o->buf,
                   "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
                   "height=\"%d\"/>",
                   name, (int)at, (int)(FULL - high), (int)wide, (int)high);
}

void es_chart_draw_plot(struct es_out *o, const struct es_view_plot *p)
{
    es_buf_str(o->buf, "<svg class=\"drawn\" viewBox=\"0 0 1000 1000\" "
                       "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                       "<path class=\"grid\" d=\"");
    for (size_t i = 0; i < p->n_ys; i++)
        es_buf_fmt(o->buf, "M0 %dH1000", (int)p->ys[i].at);
    es_buf_str(o->buf, "\"/>");
    for (size_t i = 0; i < p->n; i++) {
        const struct es_view_column *c = &p->v[i];
        int64_t from = c->at + c->wide / 8, wide = c->wide - c->wide / 4;
        if (p->series == 1) {
            column(o, i == p->most ? "bar most" : "bar", from, wide,
                   c->high[0]);
            continue;
        }
        column(o, "other", from, wide / 2, c->high[0]);
        column(o, "bar most", from + wide / 2, wide - wide / 2, c->high[1]);
    }
    es_buf_str(o->buf, "</svg>");
}
