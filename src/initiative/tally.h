/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whom other rules touch: counted while runs are judged by them. Pure. */
#ifndef ES_INITIATIVE_TALLY_H
#define ES_INITIATIVE_TALLY_H

#include "base/buf.h"
#include "base/err.h"

/* A run with another verdict. */
struct es_touched {
    int64_t run, participant;
    int32_t from, to;       /* es_run_status */
    int64_t from_mm, to_mm; /* that counted, and count; 0 of what isn't
                               accepted */
};
enum { ES_TOUCHED_MAX = 20, ES_TALLY_STATES = 4 };

struct es_tally {
    int64_t all;     /* runs there are; those that come meanwhile are more */
    int64_t runs;    /* looked at */
    int64_t touched; /* status, distance or time stand otherwise */
    int64_t moved[ES_TALLY_STATES][ES_TALLY_STATES]; /* from, to */
    int64_t gained_mm, lost_mm;                      /* both >= 0 */
    struct es_touched first[ES_TOUCHED_MAX];
    size_t n_first;
};

/* Counts a run that was looked at, `other`: with another verdict. */
void es_tally_add(struct es_tally *t, const struct es_touched *run, bool other);

/* From and to the JSON that the store keeps; "" is an empty one.
 * ES_EMALFORMED. */
ES_MUST_CHECK enum es_code es_tally_read(const char *json, struct es_tally *out,
                                         struct es_err *e);
void es_tally_write(const struct es_tally *t, struct es_buf *out);

#endif
