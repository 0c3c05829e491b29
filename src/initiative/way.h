/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A virtual route: the way along which an initiative's total moves, from place
 * to place. Its length is the goal. Kept as the JSON of es_initiative.way:
 * {"points": [{"name": "Baku", "lat": 40.4093, "lon": 49.8671}, ...]}. */
#ifndef ES_INITIATIVE_WAY_H
#define ES_INITIATIVE_WAY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "geo/line.h"

enum { ES_WAY_POINTS = 256, ES_WAY_TEXT = 32768 };

struct es_way_point {
    const char *name; /* "" for one that only gives the way its shape */
    double lat_deg, lon_deg;
};
struct es_way {
    struct es_way_point v[ES_WAY_POINTS];
    size_t n; /* 0: none; else at least 2 */
};

/* From the JSON, cleaned; strings in `a`. ES_EMALFORMED, ES_ENOMEM; then *out
 * is untouched. */
ES_MUST_CHECK enum es_code es_way_read(const char *json, struct es_arena *a,
                                       struct es_way *out, struct es_err *e);
/* Appends what es_way_read reads back as the same. */
void es_way_write(const struct es_way *w, struct es_buf *out);

/* As people write it, a place a line: "Baku 40.4093 49.8671", also
 * "40.4093° N, 49.8671° E"; a line of two numbers has no name. "" is no way.
 * ES_EINVAL: e->at is the line, from 1 (0: fewer than two places or more than
 * there may be). */
ES_MUST_CHECK enum es_code es_way_parse(const char *text, struct es_arena *a,
                                        struct es_way *out, struct es_err *e);
/* Appends what es_way_parse reads back as the same. */
void es_way_text(const struct es_way *w, struct es_buf *out);

/* A line on the earth as a way: thinned, named at its ends ("" for no name).
 * ES_EINVAL: it has no two points. */
ES_MUST_CHECK enum es_code es_way_of_line(const struct es_geo_point *v,
                                          size_t n, const char *from,
                                          const char *to, struct es_arena *a,
                                          struct es_way *out, struct es_err *e);

int64_t es_way_length_mm(const struct es_way *w);

/* Where somebody is who has come so far. */
struct es_way_at {
    size_t leg;       /* between v[leg] and v[leg + 1] */
    double part;      /* of it, 0..1 */
    size_t from;      /* the last named point that was passed, or the first */
    size_t to;        /* the next named point, or the last */
    int64_t to_go_mm; /* to it */
    bool there;       /* at the end of the way */
};
struct es_way_at es_way_at(const struct es_way *w, int64_t dist_mm);

#endif
