/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public pages of an initiative as files that need no server: opened from
 * any folder, kept for as long as somebody likes. They are what anybody could
 * read without signing in, drawn by the same handlers; what asks a server
 * (forms, live figures, sharing) is left out. */
#ifndef ES_WEB_SITE_H
#define ES_WEB_SITE_H

#include "web/web.h"

struct es_site_told { /* how far it is */
    int64_t pages;    /* written */
    int64_t people, of_people;
};
typedef void es_site_tell(void *arg, const struct es_site_told *t);

struct es_site_ask {
    const char *slug;
    const char *dir;    /* not there yet, or empty; written beside as DIR.part,
                           so that what is there is whole */
    es_site_tell *tell; /* NULL: nobody; after each page */
    void *arg;
};

/* `w` is one that doesn't serve (es_web_new). The same store gives the same
 * bytes. ES_ENOENT: no such initiative, or a draft; ES_EDENIED: it is paused;
 * ES_EEXIST: something is in the folder; ES_EIO; ES_EMALFORMED: a page leads
 * to what isn't kept. */
ES_MUST_CHECK enum es_code es_web_site(struct es_web *w,
                                       const struct es_site_ask *ask,
                                       struct es_site_told *out,
                                       struct es_err *e);

#endif
