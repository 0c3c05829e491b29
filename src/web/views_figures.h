/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's page of figures shows. views.h says what holds for all.
 */
#ifndef ES_WEB_VIEWS_FIGURES_H
#define ES_WEB_VIEWS_FIGURES_H

#include "web/views.h"

/* Columns over days, of one figure or of two side by side. */
enum es_view_plotted {
    ES_PLOT_PEOPLE,
    ES_PLOT_RUNS,
    ES_PLOT_DISTANCE, /* v in mm */
    ES_PLOT_REVIEW,   /* runs that came before a person, and were decided */
    ES_PLOTS
};
enum { ES_PLOT_SERIES = 2 };
struct es_view_column {
    int64_t from_ms;
    int64_t v[ES_PLOT_SERIES];
    int64_t at, wide, high[ES_PLOT_SERIES]; /* thousandths of the drawing */
};
struct es_view_plot {
    enum es_view_plotted what;
    const struct es_view_column *v;
    size_t n;                             /* 0: nothing to draw */
    int64_t days;                         /* that a column stands for */
    struct es_view_tick ys[ES_TICKS_MAX]; /* from the top */
    size_t n_ys;
    size_t series, most; /* most: index of the highest column */
    int64_t sum[ES_PLOT_SERIES];
};

struct es_view_land {
    const char *name; /* in the reader's language */
    struct es_url url;
    int64_t people, runs, dist_mm;
};

struct es_view_figures_row { /* of days or weeks, as the plots have them */
    int64_t from_ms, people, runs, dist_mm;
};

struct es_view_stages { /* how far people come */
    int64_t people, sent, counted, again;
    int64_t waiting; /* none of theirs counts, and one waits for review */
};

struct es_view_held { /* what takes room */
    const char *label;
    int64_t bytes, quota; /* quota 0: none of its own */
};

enum { ES_VIEW_HELD = 6, ES_VIEW_LANDS = 10 };
struct es_view_figures { /* GET /organise/e/{slug}/figures */
    struct es_view_frame frame;
    struct es_url self, csv;
    const char *zone;
    struct es_view_total total;
    struct es_view_total today; /* what the day has brought */

    const char *country; /* that the plots are of, its name; "": all */
    const struct es_view_choice *countries;
    size_t n_countries; /* 0: nobody has joined */
    struct es_view_plot people, runs, distance;
    const struct es_view_figures_row
        *rows; /* that aren't empty, newest first */
    size_t n_rows;

    const struct es_view_land *lands; /* the most people first */
    size_t n_lands;

    struct es_view_stages stages;
    struct es_url remind; /* those who have handed in nothing */

    int64_t waiting, asked; /* runs that wait for a person; for an answer */
    int64_t oldest_ms;      /* ES_NO_FIGURE: none waits */
    int64_t decided;        /* in the last seven days, today with them */
    struct es_view_plot review;
    struct es_url queue;

    bool mail; /* this server sends any */
    int64_t sent, unsent, late, refused;
    struct es_url messages;

    struct es_view_held held[ES_VIEW_HELD];
    size_t n_held;
    int64_t room; /* bytes free on the disk */
};

/* What a plot's numbers are shown as, in a sentence and beside its heading. */
struct es_shown es_plot_shown(enum es_view_plotted what, int64_t v);
struct es_shown es_plot_axis(struct es_reader r, enum es_view_plotted what,
                             int64_t v);
/* What it is called, with the unit. */
const char *es_plot_name(struct es_reader r, enum es_view_plotted what);
/* What the columns stand for: days, weeks. */
const char *es_plot_days(const struct es_lang *l, int64_t days);

#endif
