/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows as records. */
#ifndef ES_STORE_SQLITE_RECORDS_H
#define ES_STORE_SQLITE_RECORDS_H

#include "store/sqlite/db.h"
#include "store/store.h"

/* What a query gives: the record's size, and how to read the columns of one
 * row into it, in the order of sql.c. */
struct es_shape {
    size_t size;
    void (*read)(struct es_rows *r, void *record);
};

struct es_outbox_row {
    struct es_outbox_entry entry;
    int64_t origin;
};
struct es_idem {
    uint8_t body_hash[32];
    int64_t run;
};

extern const struct es_shape ES_SHAPE_INITIATIVE; /* struct es_initiative */
extern const struct es_shape ES_SHAPE_TEAM;
extern const struct es_shape ES_SHAPE_PARTICIPANT;
extern const struct es_shape ES_SHAPE_CREDENTIAL;
extern const struct es_shape ES_SHAPE_RUN;
extern const struct es_shape ES_SHAPE_MEDIA;
extern const struct es_shape ES_SHAPE_ROUTE;
extern const struct es_shape ES_SHAPE_ZONE;
extern const struct es_shape ES_SHAPE_ID;  /* int64_t */
extern const struct es_shape ES_SHAPE_SUM; /* struct es_participant_sum */
extern const struct es_shape ES_SHAPE_COUNTED;
extern const struct es_shape ES_SHAPE_OUTBOX; /* struct es_outbox_row */
extern const struct es_shape ES_SHAPE_IDEM;
extern const struct es_shape ES_SHAPE_BYTES; /* struct es_bytes */

/* What is bound for "ids below": 0 is from the newest. */
struct es_val es_val_below(int64_t before);

/* The first row of a query. ES_ENOENT; *record is untouched on failure. */
ES_MUST_CHECK enum es_code es_db_one(struct es_db *db, enum es_query q,
                                     const struct es_val *v, size_t n,
                                     const struct es_shape *shape,
                                     struct es_arena *a, void *record,
                                     struct es_err *e);

/* All rows of a query, in `a`. ES_ETOOLARGE beyond ES_STORE_LIST_MAX. */
struct es_list {
    void *v;
    size_t n, cap;
};
ES_MUST_CHECK enum es_code es_db_list(struct es_db *db, enum es_query q,
                                      const struct es_val *v, size_t n,
                                      const struct es_shape *shape,
                                      struct es_arena *a, struct es_list *out,
                                      struct es_err *e);

/* What is bound for LIMIT: SQLite's is signed, and a listing has its own. */
struct es_val es_val_limit(size_t max);

/* A team's code as it is compared: A-Z in lower case. NULL without memory. */
const char *es_code_key(struct es_arena *a, const char *code);

#endif
