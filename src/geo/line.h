/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on the earth, in the space around its centre: neither the date line
 * nor the poles are special there. */
#ifndef ES_GEO_LINE_H
#define ES_GEO_LINE_H

#include "base/arena.h"
#include "base/err.h"

struct es_geo_point {
    double lat_deg, lon_deg; /* WGS84 */
    bool piece;              /* not joined to the one before */
};

struct es_geo_vec {
    double x, y, z; /* metres from the earth's centre */
};
/* On the ellipsoid. */
struct es_geo_vec es_geo_vec_of(double lat_deg, double lon_deg);
double es_geo_apart_m(struct es_geo_vec a, struct es_geo_vec b);
/* From p to the straight line between a and b, its ends included. Below the
 * ground by L * L / 51 Mm in its middle: 8 m for a line of 20 km. */
double es_geo_off_line_m(struct es_geo_vec p, struct es_geo_vec a,
                         struct es_geo_vec b);
/* The place dist_m (far less than the earth's radius) from `from`, towards
 * bearing_rad from north. */
struct es_geo_vec es_geo_move(struct es_geo_point from, double dist_m,
                              double bearing_rad);

/* Thins a line to at most `max` points, so that its shape stays: Douglas and
 * Peucker 1973, doi:10.3138/FM57-6770-U75U-7727, without recursion. No part
 * that remains is much longer than an eighth of an even max-th. Keeps the ends
 * of each piece; a line with more than max / 8 pieces becomes one.
 * v is changed in place and *n with it; max >= 16. ES_ENOMEM: v is as before.
 */
ES_MUST_CHECK enum es_code es_geo_thin(struct es_geo_point *v, size_t *n,
                                       size_t max, struct es_arena *a,
                                       struct es_err *e);

/* A line as a drawing, north up: x to the right, y down, 0..span in the longer
 * side. *wide and *high: of the drawing. out[n]. n > 0. */
struct es_geo_spot {
    uint16_t x, y;
    bool piece;
};
void es_geo_draw(const struct es_geo_point *v, size_t n, uint16_t span,
                 struct es_geo_spot *out, uint16_t *wide, uint16_t *high);

#endif
