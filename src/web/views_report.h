/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which something is reported, and on which people of
 * staff decide about it. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_REPORT_H
#define ES_WEB_VIEWS_REPORT_H

#include "web/views.h"

struct es_view_report { /* GET and POST /e/{slug}/report */
    struct es_view_frame frame;
    struct es_url action;
    const struct es_view_choice *things; /* what of the page is meant */
    size_t n_things;                     /* 1: nothing to choose */
    const struct es_view_choice *wrongs;
    size_t n_wrongs;
    const char *wrong_error; /* NULL: nothing */
    struct es_view_field words, mail;
    bool mails; /* who leaves an address is told */
};

struct es_view_reported { /* GET /report/{report} */
    struct es_view_frame frame;
    const char *number;
    const char *what;    /* kind of thing, in words */
    const char *decided; /* what was done, in words; "" while it is open */
    const char *why;
    bool sent; /* just now */
    int64_t at_ms, decided_ms;
};

struct es_view_complaint {
    const char *number, *what, *wrong, *words, *mail;
    const char *mailed;      /* what became of the mail to them, or "" */
    const char *shown, *now; /* what stood there, what stands there; "" gone */
    const char *initiative, *lang;
    struct es_url url;    /* where it stands */
    struct es_url decide; /* POST `act`, `why`; not offered: nothing to do */
    const struct es_view_choice *acts;
    size_t n_acts;
    struct es_view_field why;
    const char *decided, *decided_why; /* "" while it is open */
    int64_t at_ms;
};
struct es_view_complaints { /* GET /operate/reports, /organise/e/{slug}/reports
                             */
    struct es_view_frame frame;
    const struct es_view_choice *states; /* tabs */
    size_t n_states;
    const struct es_view_complaint *rows;
    size_t n;
    struct es_url older, log;
};

struct es_view_noted {
    const char *what, *about, *why, *who, *where;
    int64_t at_ms;
};
struct es_view_log { /* GET /operate/decisions */
    struct es_view_frame frame;
    const struct es_view_noted *rows;
    size_t n;
    struct es_url older, file, table, back;
};

#endif
