/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What nobody sees of the routes that a person shows: circles around the
 * places where their runs begin and end. Pure.
 *
 * A circle that moved or grew from one route to the next would be given away
 * by their differences, so each is made once, from the instance's key, and
 * stays; and one around the place itself would be found from its rim, so it
 * stands off. Sources: Hassan et al., USENIX Security 2018; Dhondt et al., CCS
 * 2022 (docs/SECURITY.md). */
#ifndef ES_INITIATIVE_ZONES_H
#define ES_INITIATIVE_ZONES_H

#include "auth/secret.h"
#include "track/course.h"

struct es_circle {
    struct es_geo_vec place;  /* where a run began or ended */
    struct es_geo_vec centre; /* at most 0.7 r off */
    double r_m;               /* 350..800 */
};

/* Ends this near to a place are ends at that place; its circle holds all that
 * is 50 m farther off, too. */
#define ES_PLACE_M 150.0

/* The circle of a person's place: the same for ever, another with another
 * key. */
struct es_circle es_circle_of(const uint8_t key[ES_HASH], int64_t initiative,
                              int64_t participant, struct es_geo_point place);

/* Whether an end there is one at the circle's place. */
bool es_circle_holds(const struct es_circle *c, struct es_geo_point end);

/* The places where a run begins and ends, as far as its route tells: its first
 * and last point, and since a receiver may begin or end with a wrong place, or
 * be carried to the start, those beyond a first or before a last piece of less
 * than 300 m. Returns how many; 0 of no route. */
#define ES_ENDS_MAX 8u
size_t es_course_ends(const struct es_course *r,
                      struct es_geo_point out[ES_ENDS_MAX]);

/* Takes out of a route, in place, every part that comes near to one of the
 * circles. What is left is in pieces, each of two points or more. Routes end
 * at points of theirs, never on a rim, so that no rim can be drawn from them.
 */
void es_course_trim(struct es_course *r, const struct es_circle *c, size_t n);

/* As bytes, for keeping; ES_EMALFORMED. */
void es_circle_put(struct es_buf *b, const struct es_circle *c);
ES_MUST_CHECK enum es_code
es_circle_get(struct es_bytes in, struct es_circle *out, struct es_err *e);

#endif
