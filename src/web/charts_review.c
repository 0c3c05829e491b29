/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What only who reviews sees drawn: the way itself, where findings lie, and a
 * run among others of its runner. */
#include "web/charts.h"

#include <math.h>
#include <string.h>

enum { FULL = 1000, X_TICKS = 5, Y_TICKS = 3 };

static void path(struct es_out *o, const char *name,
                 const struct es_view_spot *v, size_t n)
{
    es_buf_fmt(o->buf, "<path class=\"%s\" d=\"", name);
    for (size_t i = 0; i < n; i++)
        es_buf_fmt(o->buf, "%c%d %d", v[i].piece || i == 0 ? 'M' : 'L', v[i].x,
                   v[i].y);
    es_buf_str(o->buf, "\"/>");
}

void es_chart_draw_map(struct es_out *o, const struct es_view_map *m)
{
    es_buf_fmt(o->buf,
               "<svg class=\"ground\" viewBox=\"-40 -40 %d %d\" "
               "aria-hidden=\"true\">",
               (int)m->wide + 80, (int)m->high + 80);
    if (m->n_other)
        path(o, "other", m->other, m->n_other);
    path(o, "line", m->v, m->n);
    es_buf_fmt(o->buf, "<circle class=\"begin\" cx=\"%d\" cy=\"%d\" r=\"14\"/>",
               m->v[0].x, m->v[0].y);
    for (size_t i = 0; i < m->n_marks; i++) {
        const struct es_view_mark *k = &m->marks[i];
        es_buf_fmt(o->buf,
                   "<g class=\"spot\"><circle cx=\"%d\" cy=\"%d\" r=\"26\"/>"
                   "<text x=\"%d\" y=\"%d\">",
                   (int)k->x, (int)k->y, (int)k->x, (int)k->y + 12);
        es_out_shown(o, es_int(k->number));
        es_buf_str(o->buf, "</text></g>");
    }
    es_buf_str(o->buf, "</svg>");
}

void es_chart_draw_marks(struct es_out *o, const struct es_view_mark *v,
                         size_t n)
{
    bool rtl = strcmp(o->lang->dir, "rtl") == 0;
    es_buf_str(o->buf, "<svg class=\"marks\" aria-hidden=\"true\">");
    for (size_t i = 0; i < n; i++) {
        int from = (int)(rtl ? FULL - v[i].x2 : v[i].x);
        int wide = (int)(v[i].x2 - v[i].x) < 6 ? 6 : (int)(v[i].x2 - v[i].x);
        es_buf_fmt(o->buf,
                   "<rect x=\"%d.%d%%\" y=\"0\" width=\"%d.%d%%\" "
                   "height=\"100%%\"/><text x=\"%d.%d%%\" y=\"1em\">",
                   from / 10, from % 10, wide / 10, wide % 10, from / 10,
                   from % 10);
        es_out_shown(o, es_int(v[i].number));
        es_buf_str(o->buf, "</text>");
    }
    es_buf_str(o->buf, "</svg>");
}

/* 1, 2 or 5 of a power of ten, so that `most` has no more than X_TICKS. */
static int64_t step_of(int64_t most)
{
    int64_t step = 1;
    for (int i = 0; i < 30 && most / step > X_TICKS; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

static double speed(const struct es_view_dot *d)
{
    return d->time_ms > 0 ? (double)d->dist_mm / (double)d->time_ms : 0;
}

void es_chart_place(struct es_view_dots *d, struct es_view_dot *v, size_t n,
                    int64_t unit_mm)
{
    int64_t far = 0;
    double slow = INFINITY, fast = 0;
    for (size_t i = 0; i < n; i++) {
        far = v[i].dist_mm > far ? v[i].dist_mm : far;
        slow = fmin(slow, speed(&v[i]));
        fast = fmax(fast, speed(&v[i]));
    }
    if (n < 2 || far <= 0 || fast <= 0)
        return;
    double room = fmax((fast - slow) / 4, fast / 20);
    double top = fast + room,
           foot = fmax(fmax(slow - room, slow / 2), fast / 20);
    for (size_t i = 0; i < n; i++) {
        v[i].x = (int64_t)((double)v[i].dist_mm / (double)far * FULL * 0.95);
        v[i].y = (int64_t)((top - speed(&v[i])) / (top - foot) * FULL);
        v[i].y = v[i].y < 0 ? 0 : v[i].y > FULL ? FULL : v[i].y;
    }
    int64_t step = step_of(far / unit_mm);
    for (size_t i = 0; i <= X_TICKS && (int64_t)i * step * unit_mm <= far; i++)
        d->xs[d->n_xs++] = (struct es_view_tick){
            (int64_t)i * step * unit_mm,
            (int64_t)((double)((int64_t)i * step * unit_mm) / (double)far *
                      FULL * 0.95),
        };
    for (size_t i = 0; i < Y_TICKS; i++) {
        double at = top - (top - foot) * (double)i / (Y_TICKS - 1);
        d->ys[d->n_ys++] = (struct es_view_tick){
            (int64_t)((double)unit_mm / at),
            (int64_t)(FULL * i / (Y_TICKS - 1)),
        };
    }
    d->v = v;
    d->n = n;
}

void es_chart_draw_dots(struct es_out *o, const struct es_view_dots *d)
{
    static const char *const CLASSES[] = { "accepted", "review", "refused",
                                           "withdrawn" };
    es_buf_str(o->buf, "<svg class=\"drawn dots\" aria-hidden=\"true\">");
    /* the one in question last, so that it lies on top */
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < d->n; i++) {
            const struct es_view_dot *v = &d->v[i];
            int x = (int)v->x;
            if (v->here == (pass == 1))
                es_buf_fmt(o->buf,
                           "<circle class=\"%s%s\" cx=\"%d.%d%%\" "
                           "cy=\"%d.%d%%\" r=\"%d\"/>",
                           CLASSES[v->status], v->here ? " here" : "", x / 10,
                           x % 10, (int)v->y / 10, (int)v->y % 10,
                           v->here ? 9 : 6);
        }
    es_buf_str(o->buf, "</svg>");
}
