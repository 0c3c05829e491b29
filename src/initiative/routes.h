/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The shape of a run, shown by its owner's choice and by nothing else.
 *
 * Positions stand in the encrypted original alone. Who shows a run has it
 * decoded again; what lies in none of their zones (zones.h) is kept, sealed,
 * until they hide it or take the run back. A zone that a later route brings
 * also trims those that were shown before. */
#ifndef ES_INITIATIVE_ROUTES_H
#define ES_INITIATIVE_ROUTES_H

#include "initiative/app.h"
#include "initiative/zones.h"

enum es_route_end {
    ES_ROUTE_SHOWN,
    ES_ROUTE_NOTHING, /* no positions, or all of it lies in hidden zones */
    ES_ROUTE_HIDDEN,  /* a person who isn't shown shows no route */
    ES_ROUTE_GONE,    /* the original is no longer kept */
    ES_ROUTE_MANY     /* they have ES_ZONES_MAX places already */
};

/* Shows the route of `who`'s run. ES_OK with what came of it in *end.
 * ES_ENOENT unless the run is theirs and not taken back; what decoding and the
 * store say; then *end is untouched. */
ES_MUST_CHECK enum es_code
es_route_show(struct es_app *app, const struct es_participant *who, int64_t run,
              struct es_arena *a, enum es_route_end *end, struct es_err *e);
/* Not shown is ES_OK, too. */
ES_MUST_CHECK enum es_code es_route_hide(struct es_app *app,
                                         const struct es_participant *who,
                                         int64_t run, struct es_err *e);

/* What the public may see of it: a drawing, without place, scale or time.
 * ES_OK with n 0 where it isn't shown. In `a`. */
#define ES_SHAPE_SPAN 1000 /* the longer side */
struct es_shape {
    const struct es_geo_spot *v;
    size_t n;
    uint16_t wide, high;
};
ES_MUST_CHECK enum es_code
es_route_shape(struct es_app *app, const struct es_run *run, struct es_arena *a,
               struct es_shape *out, struct es_err *e);

#endif
