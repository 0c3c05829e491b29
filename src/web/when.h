/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A local date and time of a form, in a zone: the fields NAME_date, NAME_time
 * and NAME_fold ("first" or "last", where the clocks are put back); shown by
 * es_part_when. */
#ifndef ES_WEB_WHEN_H
#define ES_WEB_WHEN_H

#include "web/views_edit.h"
#include "web/web_int.h"

struct es_when {
    int64_t t_ms; /* ES_NO_TIME: can't be read, or one must look at it */
    enum es_local how;
    int64_t first_ms, last_ms; /* of one that comes twice; else the same */
};

/* Reads it. What is wrong goes to *fe under `name`: "required", "invalid";
 * "skipped": the clocks leave it out that night, and the form is to show the
 * moment after (t_ms is ES_NO_TIME, first_ms that moment); "twice": it comes
 * twice and NAME_fold doesn't say which. */
struct es_when es_web_when(const struct es_req *q, const char *name,
                           const char *zone, struct es_field_errors *fe);
/* A moment that is kept, for the form: as if it had come so. */
struct es_when es_web_when_of(const char *zone, int64_t t_ms);
/* How the form shows it: what came, or `w` where nothing came or the clocks
 * leave out what came. */
struct es_view_when es_web_when_view(const struct es_req *q, const char *name,
                                     const char *zone, const struct es_when *w,
                                     const struct es_field_errors *fe);

#endif
