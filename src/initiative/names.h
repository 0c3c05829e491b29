/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What others see of a person's name, and the words by which it is found. */
#ifndef ES_INITIATIVE_NAMES_H
#define ES_INITIATIVE_NAMES_H

#include "store/store.h"

/* The name that the public sees: the name, its initials ("A. L."), NULL, or
 * "#12", the bib, where people of staff took the name down. */
const char *es_public_name(const struct es_participant *p, struct es_arena *a);

/* Stands before words by which people of staff find somebody, whatever of the
 * name is public: no word of a name begins so. */
#define ES_STAFF_WORD "\x01"

/* The words under which a person is found: inside a write, for one who is new
 * in the store. */
ES_MUST_CHECK enum es_code es_names_put(struct es_txn *tx,
                                        const struct es_participant *p,
                                        struct es_err *e);

/* Makes everybody findable who joined before names could be searched; once in
 * a store's life, and again when that was cut short. */
ES_MUST_CHECK enum es_code es_names_fill(struct es_store *store,
                                         struct es_err *e);

#endif
