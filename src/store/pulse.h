/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the figures of an initiative are made from (standings/pulse.h), read
 * once at the start, and what the store takes on the disk. store.h says what
 * holds for all calls; callbacks return ES_OK to go on. */
#ifndef ES_STORE_PULSE_H
#define ES_STORE_PULSE_H

#include "store/store.h"

/* Each accepted run of a participant, or of all (0): whose, when it started
 * (was received when that isn't known), what of it counts. */
typedef enum es_code es_counted_fn(int64_t participant, int64_t at_ms,
                                   int64_t counted_mm, void *arg,
                                   struct es_err *e);
ES_MUST_CHECK enum es_code es_store_each_counted(struct es_store *s,
                                                 int64_t initiative,
                                                 int64_t participant,
                                                 es_counted_fn *fn, void *arg,
                                                 struct es_err *e);

/* How many runs came before a person and how many were decided by one, in each
 * quarter of an hour, which no time zone of today cuts in two. */
#define ES_QUARTER_MS 900000
typedef enum es_code es_look_fn(int64_t at_ms, int64_t came, int64_t decided,
                                void *arg, struct es_err *e);
ES_MUST_CHECK enum es_code es_store_each_look(struct es_store *s,
                                              int64_t initiative,
                                              es_look_fn *fn, void *arg,
                                              struct es_err *e);

/* Bytes of files as they came, each once however many runs are in it, and of
 * pictures that are evidence. `participant` 0: of all. */
ES_MUST_CHECK enum es_code es_store_held(struct es_store *s, int64_t initiative,
                                         int64_t participant, int64_t *files,
                                         int64_t *pictures, struct es_err *e);

/* Bytes on the disk: the database with its log, the segments. ES_EIO. */
struct es_store_sizes {
    int64_t database, segments;
};
ES_MUST_CHECK enum es_code es_store_sizes(struct es_store *s,
                                          struct es_store_sizes *out,
                                          struct es_err *e);

#endif
