/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_HTTP_ROUTER_H
#define ES_HTTP_ROUTER_H

#include "http/http.h"

#define ES_PATH_SEGMENTS 12

/* The segments of a path, each percent-decoded once. */
struct es_path {
    const char *seg[ES_PATH_SEGMENTS];
    size_t n;
};

/* Splits the path part of a checked target. 0, 400 (a segment that is . or
 * .., or decodes to a slash, backslash, control or bad UTF-8), 404 (more
 * segments than any route has) or 500 (no memory). */
int es_path_split(struct es_bytes path, struct es_arena *a,
                  struct es_path *out);

struct es_match {
    const struct es_route *route; /* NULL: none */
    unsigned allow;               /* 1 << method of every route that fits */
};
struct es_match es_route_find(const struct es_routes *tables, size_t n,
                              const struct es_path *path, enum es_method m);

/* The segment that stands where the pattern says {name}, or NULL. */
const char *es_route_param(const struct es_route *r, const struct es_path *p,
                           const char *name);

/* Every pattern can match, no two routes are the same. ES_EINVAL. */
ES_MUST_CHECK enum es_code es_routes_check(const struct es_routes *tables,
                                           size_t n, struct es_err *e);

/* %XX once, and + as a space in forms; p[0..n) is checked syntax but for a %
 * without digits, a NUL or bad UTF-8: those give NULL with *status 400. */
char *es_percent_decode(struct es_bytes s, bool form, struct es_arena *a,
                        int *status);

#endif
