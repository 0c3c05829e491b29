/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/views_figures.h"
#include "web/words.h"

struct es_shown es_plot_shown(enum es_view_plotted what, int64_t v)
{
    return what == ES_PLOT_DISTANCE ? es_dist_whole(v) : es_int(v);
}

struct es_shown es_plot_axis(struct es_reader r, enum es_view_plotted what,
                             int64_t v)
{
    return es_int(what == ES_PLOT_DISTANCE ? v / es_units_mm(r.units) : v);
}

const char *es_plot_name(struct es_reader r, enum es_view_plotted what)
{
    static const char *const NAMES[ES_PLOTS] = {
        [ES_PLOT_PEOPLE] = ES_T("Joined"),
        [ES_PLOT_RUNS] = ES_T("Runs"),
        [ES_PLOT_REVIEW] = ES_T("Came for review, and decided"),
    };
    return what == ES_PLOT_DISTANCE ? es_words_distance_column(r)
                                    : es_t(r.lang, NAMES[what]);
}

const char *es_plot_days(const struct es_lang *l, int64_t days)
{
    return es_t(l, days == 1   ? ES_T("Day by day")
                   : days == 7 ? ES_T("Week by week")
                               : ES_T("Four weeks at a time"));
}
