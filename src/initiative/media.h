/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures, videos and captions that an initiative shows. */
#ifndef ES_INITIATIVE_MEDIA_H
#define ES_INITIATIVE_MEDIA_H

#include "initiative/app.h"

struct es_media_new {
    int64_t initiative;
    const char *kind; /* "picture", "video", "captions" */
    const char *type; /* one that es_media_type knows */
    const char *name; /* of the file */
    struct es_bytes bytes;
    bool drawn_by_us; /* only then may it be an SVG: others' could hold
                         anything */
};

/* Keeps it, encrypted as uploads are; *id names it from then on. Blocks until
 * durable. ES_EINVAL: a type that isn't shown, or other bytes than the type
 * says; ES_ETOOLARGE: over ES_MEDIA_MAX, or ES_MEDIA_TEXT_MAX of text. */
ES_MUST_CHECK enum es_code es_media_add(struct es_app *app,
                                        const struct es_media_new *m,
                                        int64_t *id, struct es_err *e);

/* A type that may be served, as it is written in Content-Type; NULL else. */
const char *es_media_type(const char *type);
/* Whether it is text: captions and drawings, which shrink when zipped. */
bool es_media_is_text(const char *type);

#endif
