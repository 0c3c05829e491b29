/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the handlers of the exhibition share. */
#ifndef ES_WEB_EXHIBITION_INT_H
#define ES_WEB_EXHIBITION_INT_H

#include "programme/exhibition.h"
#include "web/views_exhibition.h"
#include "web/web_int.h"
#include "web/words_exhibition.h"

enum { ES_WALL = 24 }; /* pictures of one page: of 2, 3 and 4 columns */

/* The picture whose id a query names; id 0 when there is none, or it is gone:
 * then a list begins at its beginning. */
ES_MUST_CHECK enum es_code es_web_picture_named(const struct es_req *q,
                                                int64_t initiative,
                                                const char *query,
                                                struct es_picture *out,
                                                struct es_err *e);

/* Its address, when something hangs there; else *out stays. */
ES_MUST_CHECK enum es_code
es_web_exhibition_link(const struct es_req *q, const struct es_initiative *ini,
                       struct es_url *out, struct es_err *e);

/* Answers with the size of a picture that a list shows; who asks has been
 * judged. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_web_media_small(const struct es_req *q,
                                              struct es_resp *out,
                                              int64_t initiative, int64_t id,
                                              struct es_err *e);

extern const struct es_routes ES_ROUTES_EXHIBITION, ES_ROUTES_HANGING;

#endif
