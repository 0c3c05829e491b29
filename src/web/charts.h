/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts: from what was measured to what a page draws. Pure. Axes run in
 * thousandths, x from the start of a line of text, y from the top; a page
 * writes the words and figures around a drawing as HTML, so that they keep
 * their size on a phone and their direction in every script. */
#ifndef ES_WEB_CHARTS_H
#define ES_WEB_CHARTS_H

#include "web/views_figures.h"
#include "web/views_review.h"

/* A run over its distance (track/measure.h, struct es_series; borrowed), and
 * the reader's units in metres: of distances, and of heights. alt_m may be
 * NULL: heights aren't to be shown. */
struct es_chart_run {
    const double *time_s, *alt_m;
    size_t n;
    double dist_m;
    double unit_m, height_m;
    struct es_arena *a;
};

/* The pace, smoothed over at least 150 m: the fastest on top, and what is
 * slower than nearly all of the run (a stop) cut off at the foot. n is 0 where
 * there is too little, or no memory. */
struct es_view_line es_chart_pace(const struct es_chart_run *r);
/* The heights, over at least 20 m so that a flat run looks flat. */
struct es_view_line es_chart_heights(const struct es_chart_run *r);
/* The same in figures: at most ES_STRETCHES even rows; NULL and 0 likewise. */
enum { ES_STRETCHES = 12 };
const struct es_view_stretch *es_chart_stretches(const struct es_chart_run *r,
                                                 size_t *n);

/* The run cut at each whole unit of distance, for those whose unit isn't the
 * kilometre; else a measure has them. dist_mm and time_ms alone. */
struct es_view_split *es_chart_cut(const struct es_chart_run *r, size_t *n);
/* Fills in what stands beside distance and time. A bar begins at the mean pace
 * of all, in the middle, and goes towards the end where it was faster. */
void es_chart_compare(struct es_view_split *v, size_t n);
/* Of all of them together. */
struct es_shown es_chart_mean(const struct es_view_split *v, size_t n);
/* Each `per` splits as one, compared; NULL and 0 when out of memory. */
struct es_view_split *es_chart_joined(const struct es_view_split *v, size_t n,
                                      size_t per, struct es_arena *a,
                                      size_t *n_out);

/* How far each of `n` stands from the one of `self` (an index), as bars from
 * the middle. */
void es_chart_gaps(struct es_view_near *v, size_t n, size_t self);

/* Metres by day, or by 7 or 28 days where the window is long; days are those
 * of `zone`. Runs outside the window aren't drawn. */
struct es_chart_day_run {
    int64_t started_ms, dist_mm;
};
struct es_view_days es_chart_days(const struct es_chart_day_run *v, size_t n,
                                  int64_t opens_ms, int64_t closes_ms,
                                  const char *zone, int64_t unit_mm,
                                  struct es_arena *a);

/* Figures by civil day (since 1970-01-01) of `zone`, as columns of days, or of
 * 7 or 28 where there are many; days outside first..last aren't drawn. n is 0
 * where there is nothing. */
struct es_chart_count {
    int64_t day, v[ES_PLOT_SERIES];
};
struct es_chart_counts {
    const struct es_chart_count *v;
    size_t n;
    int64_t first, last;
    const char *zone;
    int64_t unit_mm; /* the reader's, of distances */
};
struct es_view_plot es_chart_plot(const struct es_chart_counts *c,
                                  enum es_view_plotted what,
                                  struct es_arena *a);

/* The drawings. */
void es_chart_draw_line(struct es_out *o, const struct es_view_line *l);
void es_chart_draw_bars(struct es_out *o, const struct es_view_days *d);
void es_chart_draw_plot(struct es_out *o, const struct es_view_plot *p);
void es_chart_draw_shape(struct es_out *o, const struct es_view_shape *s);
/* A map for who reviews: the line, that of a suspected copy behind it, and the
 * places of findings. */
void es_chart_draw_map(struct es_out *o, const struct es_view_map *m);
/* Where findings lie along a line, to stand over it. */
void es_chart_draw_marks(struct es_out *o, const struct es_view_mark *v,
                         size_t n);
/* Runs by distance and speed: fills in where each stands, and the axes; both
 * 0 where there is nothing to compare. */
void es_chart_place(struct es_view_dots *d, struct es_view_dot *v, size_t n,
                    int64_t unit_mm);
void es_chart_draw_dots(struct es_out *o, const struct es_view_dots *d);
/* Distances below a drawing. */
void es_chart_draw_ticks(struct es_out *o, const struct es_view_tick *v,
                         size_t n);
/* The figures below a line. */
void es_chart_draw_along(struct es_out *o, const struct es_view_line *l);

/* The way of a total, its places with their names, and where it is now. */
void es_chart_draw_way(struct es_out *o, const struct es_view_way *w);

#endif
