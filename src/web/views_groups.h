/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of classes and clubs show. views.h says what holds for all.
 */
#ifndef ES_WEB_VIEWS_GROUPS_H
#define ES_WEB_VIEWS_GROUPS_H

#include "web/views_people.h"

struct es_view_group_row {
    struct es_url page;
    const char *name;
    int64_t people, at_ms;
};
struct es_view_groups { /* GET and POST /organise/e/{slug}/groups */
    struct es_view_frame frame;
    struct es_url self, sample, people, first, next;
    size_t n_errors;
    struct es_view_field name, csv, pasted;
    bool as_team, school;
    int64_t consent_age;    /* 0: nobody needs consent */
    const char *visibility; /* "name", "initials", "hidden" */
    const struct es_view_choice *langs;
    size_t n_langs;
    const struct es_view_group_row *rows;
    size_t n;
    const char *zone;
};

enum { ES_VIEW_LINE_WHY = 3 };
struct es_view_group_line {
    int64_t line;
    const char *name;
    const char *why[ES_VIEW_LINE_WHY];
    size_t n_why;
};
struct es_view_group_preview { /* GET /organise/e/{slug}/groups/preview/... */
    struct es_view_frame frame;
    struct es_url action, wrong_csv, back, group;
    const char *name;
    int64_t good, there, wrong;
    int64_t places; /* of the good ones so many have one; -1: all */
    bool waiting;   /* the others wait, else they find none */
    bool as_team, school;
    const struct es_view_group_line *lines; /* the first wrong ones */
    size_t n_lines;
    const struct es_view_group_line *sample; /* the first good ones */
    size_t n_sample;
    const char *const *unused; /* columns */
    size_t n_unused;
};

struct es_view_group { /* GET /organise/e/{slug}/groups/{group} */
    struct es_view_frame frame;
    struct es_url links, links_csv, back, next, first, team, wrong_csv;
    const char *name;
    int64_t people;
    /* What the registration came to; done: it was just now. */
    bool done;
    int64_t in, waits, there, full, wrong;
    const struct es_view_found *rows;
    size_t n;
};

struct es_view_slip {
    const char *name, *link; /* link "": they are in already */
    int64_t bib;
    struct es_view_qr qr;
};
struct es_view_group_links { /* the answer to POST .../links */
    struct es_view_frame frame;
    struct es_url action, back;
    const char *name, *title; /* of the group, of the initiative */
    const char *after;        /* of the next sheet; "" for none */
    const struct es_view_slip *slips;
    size_t n;
};

#endif
