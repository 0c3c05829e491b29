/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The recorder's page. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_RECORD_H
#define ES_WEB_VIEWS_RECORD_H

#include "web/views.h"

struct es_view_record { /* GET /e/{slug}/record; the same for everybody */
    struct es_view_frame frame;
    const char *slug;
    struct es_url manifest;
    struct es_url worker; /* keeps the page on the phone; none: it isn't kept */
};

#endif
