/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From an id to what has it: open addressing, linear probing, never more than
 * three quarters full. Nothing is ever removed. */
#ifndef ES_STANDINGS_IDS_H
#define ES_STANDINGS_IDS_H

#include "base/err.h"

#include <stdint.h>

struct es_ids_slot {
    int64_t id;
    void *value; /* NULL = empty */
};

/* The zero state is empty. The values are the caller's. */
struct es_ids {
    struct es_ids_slot *slots;
    size_t cap; /* 0 or a power of two */
    size_t n;
};

void es_ids_release(struct es_ids *m);
void *es_ids_get(const struct es_ids *m, int64_t id); /* NULL when absent */
/* Makes room, so that the next es_ids_put can't fail. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ids_reserve(struct es_ids *m, struct es_err *e);
/* After es_ids_reserve; the id is not in m yet and the value not NULL. */
void es_ids_put(struct es_ids *m, int64_t id, void *value);
/* All values, in no order. */
void es_ids_each(const struct es_ids *m, void (*fn)(void *value, void *arg),
                 void *arg);

#endif
