/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the rules show. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_RULES_H
#define ES_WEB_VIEWS_RULES_H

#include "web/views_edit.h"

/* The sheet: groups of sentences. */
enum { ES_SHEET_GROUPS = 6, ES_SHEET_SAYS = 24 };
struct es_view_sheet_group {
    const char *name, *title; /* the name is stable: "when" */
    const char *says[ES_SHEET_SAYS];
    size_t n;
};
struct es_view_sheet {
    struct es_view_sheet_group groups[ES_SHEET_GROUPS];
    size_t n;
};

/* A sentence that one sheet has and another hasn't. */
struct es_view_differs {
    const char *text;
    bool now; /* it is new; else it is gone */
};

/* A version of the rules, in the history. */
struct es_view_version {
    int32_t version;
    int64_t since_ms;
    const char *who, *why; /* "" for none */
    const struct es_view_differs *differs;
    size_t n_differs;
    int64_t touched, gained_mm, lost_mm;
};

struct es_view_rules { /* GET /e/{slug}/rules */
    struct es_view_frame frame;
    const struct es_view_sheet *sheet;
    const struct es_view_version *versions; /* but the first, newest first */
    size_t n_versions;
    const char *zone;
    struct es_url back; /* to the form, where staff look */
};

struct es_view_category {
    const char *name_field, *dist_field; /* "category_name_0" */
    struct es_view_field name, dist;
};
struct es_view_sport {
    const char *name, *label; /* of the input */
    bool on;
};
struct es_view_rules_form { /* GET /organise/e/{slug}/rules */
    struct es_view_frame frame;
    struct es_url self, history;
    const struct es_view_sheet *sheet; /* as the form stands */
    bool preview;                      /* that was asked for */
    bool running; /* runs are there: what is kept is looked at first */
    int32_t version;
    const char *by; /* who changed the rules since the form was opened */
    const struct es_view_differs *differs; /* and what */
    size_t n_differs;
    const char *error; /* above all; "" for none */
    struct es_view_when opens, closes;
    bool zone_listed;
    struct es_view_field zone, grace_days, tolerance, run_cap, day_cap,
        typed_max, review_over, review_pace;
    const char *sports_error, *categories_error;
    const struct es_view_sport *sports;
    size_t n_sports;
    const struct es_view_category *categories;
    size_t n_categories;
    const struct es_view_choice *windows, *counts, *times, *typed, *treadmill;
    const char *const *zones; /* to choose from */
    size_t n_zones;
};

struct es_view_moved { /* so many runs from one state to another */
    enum es_view_status from, to;
    int64_t n;
};
struct es_view_touched {
    const char *name;
    int64_t bib;
    struct es_url url; /* of the run */
    enum es_view_status from, to;
    int64_t from_mm, to_mm;
};
struct es_view_change { /* GET /organise/e/{slug}/rules/change */
    struct es_view_frame frame;
    struct es_url commit, drop, edit, progress;
    bool in_force; /* runs are being judged by it; else it is a draft */
    bool ended;    /* all runs were looked at */
    int64_t all, runs, touched, gained_mm, lost_mm;
    int64_t permille; /* looked at */
    const struct es_view_moved *moved;
    size_t n_moved;
    const struct es_view_touched *first;
    size_t n_first;
    const struct es_view_differs *differs;
    size_t n_differs;
    int32_t version;
    const char *drafted, *who; /* drafted: for the form */
    struct es_view_field why;
    int64_t at_ms;
    const char *zone;
};

#endif
