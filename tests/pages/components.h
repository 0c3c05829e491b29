/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A page of the parts that pages are made of, for the gallery and for tests;
 * nothing serves it. */
#ifndef TESTS_PAGES_COMPONENTS_H
#define TESTS_PAGES_COMPONENTS_H

#include "web/pages.h"

struct view_components {
    struct es_view_frame frame;
    const struct es_view_total *ways; /* to a goal: none, some, all of it */
    size_t n_ways;
    const struct es_view_run *runs; /* one of each status */
    size_t n_runs;
    const struct es_view_standing *rows;
    size_t n_rows;
    const struct es_view_near *near;
    size_t n_near;
    const struct es_view_listed *listed;
    size_t n_listed;
    struct es_view_days days;
    const struct es_view_receipt *receipt;
    const char *prose; /* paragraphs of somebody's, in prose_lang */
    const char *prose_lang;
};

void es_page_components(struct es_out *o, const struct view_components *v);

#endif
