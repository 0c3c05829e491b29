/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages about one event share: each loads it as it is kept,
 * merges what came, and keeps it unless somebody else was quicker. */
#ifndef ES_WEB_PROGRAMME_CONSOLE_H
#define ES_WEB_PROGRAMME_CONSOLE_H

#include "web/edited.h"
#include "web/programme_int.h"

enum { ES_EVENT_TRIES = 3 };

struct es_event_page {
    const struct es_req *q;
    bool is_new;
    struct es_occasion was, o;     /* as it is kept; as it is to be */
    struct es_occasion_body *kept; /* the same of what it says */
    struct es_occasion_body *b;
    struct es_web_edit w;
    struct es_field_errors fe;
};

/* The event of {event}; without one a new draft, filled in sensibly. ES_ENOENT
 * when there is none. */
ES_MUST_CHECK enum es_code es_event_page_load(const struct es_req *q,
                                              struct es_event_page *p,
                                              struct es_err *e);
/* Takes in what the form brought; the number of clashes. Of a new one there is
 * nothing that others could have changed. */
size_t es_event_page_merge(struct es_event_page *p);
/* Keeps p->o and p->b. ES_EINVAL with p->fe, ES_ECONFLICT, ES_EBUSY. */
ES_MUST_CHECK enum es_code es_event_page_keep(struct es_event_page *p,
                                              struct es_err *e);
/* What stands above the page; `here`: which of its tabs, "" "people" ... */
struct es_view_event_head es_event_page_head(const struct es_event_page *p,
                                             const char *here);
/* The sentence above it: who else wrote, or what was just done. */
const char *es_event_page_notice(const struct es_event_page *p);
/* Back to the page, kept. */
enum es_code es_event_page_done(const struct es_event_page *p,
                                struct es_resp *out, const char *tab,
                                const char *done);
struct es_view_edited es_event_page_field(const struct es_event_page *p,
                                          const char *name);
/* A row's input, "host_3", cleaned; "" when it didn't come. */
const char *es_event_page_row(const struct es_req *q, const char *what,
                              size_t i);

#endif
