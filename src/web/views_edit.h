/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which an initiative is made and its texts are kept.
 * views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_EDIT_H
#define ES_WEB_VIEWS_EDIT_H

#include "base/limits.h"
#include "web/views.h"

/* A local date and time in a form: NAME_date, NAME_time, NAME_fold. */
struct es_view_when {
    const char *name;
    const char *date, *time; /* "2026-08-25", "00:00", or as it came */
    const char *error;       /* NULL: nothing */
    /* The clocks are put back then, so it comes twice: which is meant. */
    bool twice, later;
    const char *first, *last; /* "02:30 (UTC+2)" */
};

/* How the public page will begin. */
struct es_view_preview {
    const char *title, *holder, *lang, *zone;
    enum es_view_phase phase;
    int64_t opens_ms, closes_ms; /* ES_NO_TIME: not known */
    struct es_view_total total;
    const char *address; /* whole; "" not known */
};

struct es_view_new { /* GET and POST /organise/new */
    struct es_view_frame frame;
    size_t n_errors; /* 0: shown for the first time, or to look at */
    bool fresh;      /* nothing of it is entered yet */
    struct es_view_field title, holder, slug, goal;
    struct es_view_choice langs[ES_LANGS];
    const char *lang_error;
    const char *zone, *zone_error; /* lang_error too: NULL nothing */
    bool zone_listed;
    const char *const *zones;
    size_t n_zones;
    struct es_view_when opens, closes;
    struct es_view_preview preview;
    int64_t left; /* how many may be made; 0: none, no form */
};

struct es_view_text { /* the texts in one of the other languages */
    const char *lang, *dir, *name;
    const char *names[3]; /* of the inputs: title, holder, purpose */
    struct es_view_edited title, holder, purpose;
};
struct es_view_texts { /* GET and POST /organise/e/{slug}/page */
    struct es_view_frame frame;
    struct es_url action;
    const char *was; /* the stamp */
    size_t n_errors;
    const char *lang, *lang_name, *address;
    struct es_view_edited title, slug, holder, contact, purpose;
    struct es_view_text others[ES_LANGS];
    size_t n_others;
};

struct es_view_host_row {
    int64_t i;
    const char *name, *url;
    int64_t role;
    bool can_rise;
};
struct es_view_link_row {
    int64_t i;
    const char *label, *url;
};
struct es_view_hosts { /* GET and POST /organise/e/{slug}/hosts */
    struct es_view_frame frame;
    struct es_url action;
    const char *was;
    struct es_view_edited hosts_field, links_field; /* errors and theirs */
    struct es_view_host_row hosts[ES_FACE_HOSTS];
    size_t n_hosts;
    struct es_view_link_row links[ES_FACE_LINKS];
    size_t n_links;
    const char *roles[4];
};

struct es_view_goal { /* GET and POST /organise/e/{slug}/goal */
    struct es_view_frame frame;
    struct es_url action;
    const char *was;
    size_t n_errors;
    struct es_view_edited goal, way;
    struct es_view_field file;
    struct es_view_way drawn;
};

#endif
