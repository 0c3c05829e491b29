/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages about messages by mail show. views.h says what holds for all.
 */
#ifndef ES_WEB_VIEWS_LETTERS_H
#define ES_WEB_VIEWS_LETTERS_H

#include "web/views.h"

struct es_view_stop { /* GET /stop/{token} */
    struct es_view_frame frame;
    struct es_url action; /* POST */
    const char *title;
    bool stopped;
};

#endif
