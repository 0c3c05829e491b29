/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The style sheet and the scripts, compiled in by tools/assets.py. A name
 * holds a hash of the content, so that a browser may keep it for good. */
#ifndef ES_WEB_ASSETS_H
#define ES_WEB_ASSETS_H

#include "html/url.h"

struct es_asset {
    const char *source; /* "style.css": what a page asks for */
    const char *path;   /* "/static/style.0123456789.css" */
    const char *type;   /* Content-Type */
    struct es_bytes bytes, gz;
    const char *sha256; /* of bytes, in base64, as a policy names it */
};

extern const struct es_asset es_assets[];
extern const size_t es_assets_n;

/* By source name; NULL. */
const struct es_asset *es_asset_of(const char *source);
/* Its address; no address when there is no such asset. */
struct es_url es_asset_url(const char *source);
/* By the last part of a path, "style.0123456789.css"; NULL. */
const struct es_asset *es_asset_named(const char *name);

#endif
