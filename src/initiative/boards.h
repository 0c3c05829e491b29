/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The standings of every initiative, loaded from the store. */
#ifndef ES_INITIATIVE_BOARDS_H
#define ES_INITIATIVE_BOARDS_H

#include "standings/standings.h"
#include "store/store.h"

struct es_boards;

ES_MUST_CHECK enum es_code es_boards_new(struct es_boards **out,
                                         struct es_err *e);
void es_boards_free(struct es_boards *b);

/* Reads an initiative's people and sums and adds its board. */
ES_MUST_CHECK enum es_code es_boards_load(struct es_boards *b,
                                          struct es_store *store,
                                          int64_t initiative, struct es_err *e);
/* NULL when it has none. Valid until es_boards_free. */
struct es_standings *es_boards_get(struct es_boards *b, int64_t initiative);

/* A person as the standings know them; name from the arena. */
struct es_stander es_stander_of(const struct es_participant *p,
                                struct es_arena *a);

#endif
