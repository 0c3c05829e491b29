/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which people come back by mail. views.h says what
 * holds for all. */
#ifndef ES_WEB_VIEWS_MAIL_H
#define ES_WEB_VIEWS_MAIL_H

#include "web/views.h"

struct es_view_back { /* GET /back */
    struct es_view_frame frame;
    struct es_view_field address;
    bool gone;       /* they come with a link that works no more */
    int64_t retry_s; /* 0: at once */
};

/* One of those who share an address. */
struct es_view_family {
    const char *id; /* for the form */
    const char *name, *title;
};
struct es_view_choose {
    const struct es_view_family *v;
    size_t n;         /* 0: nothing to choose yet */
    const char *code; /* that was right */
};

struct es_view_sent { /* GET /back/sent */
    struct es_view_frame frame;
    const char *address; /* as it was typed */
    const char *shown;   /* code for another browser, "1234 5678" */
    struct es_view_field code;
    struct es_view_choose choose;
};

struct es_view_back_link { /* GET /back/{secret} */
    struct es_view_frame frame;
    struct es_url action;
    bool here; /* the browser that asked: no code */
    struct es_view_field code;
    struct es_view_choose choose;
};

#endif
