/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where a page ended, as text for a URL. */
#ifndef ES_STANDINGS_CURSOR_H
#define ES_STANDINGS_CURSOR_H

#include "standings/standings.h"

/* The last row of a page: the next one begins behind this key. */
struct es_cursor {
    enum es_by by;
    enum es_metric metric;
    int64_t value; /* > 0 */
    int64_t id;    /* >= 0, < INT64_MAX */
};

#define ES_CURSOR_TEXT 42 /* 41 hexadecimal digits and a NUL */
void es_cursor_write(const struct es_cursor *c, char out[ES_CURSOR_TEXT]);
/* False, *out untouched, for what es_cursor_write doesn't write. */
bool es_cursor_read(const char *s, struct es_cursor *out);

#endif
