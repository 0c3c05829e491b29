/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of people between their preview and their registration: in memory
 * alone, so that nothing is stored before somebody says so, and gone after an
 * hour, a restart, or when others need the room. Thread-safe. */
#ifndef ES_WEB_DRAFTS_H
#define ES_WEB_DRAFTS_H

#include "initiative/group.h"

struct es_drafts;

struct es_draft {
    int64_t id, account, initiative; /* whose it is; nobody else's */
    struct es_arena mem;             /* of all that follows */
    struct es_group_ask ask;
    struct es_group_list list;
    struct es_group_done done; /* group 0: not registered yet */
    /* The cache's own. */
    int64_t until_ms;
    size_t users;
    bool dropped;
};

struct es_drafts *es_drafts_new(void); /* NULL: no memory */
void es_drafts_free(struct es_drafts *d);

/* A new one of that account, which nobody sees before es_drafts_keep. NULL: no
 * memory. */
struct es_draft *es_draft_new(int64_t account, int64_t initiative);
/* Throws it away instead. */
void es_draft_free(struct es_draft *draft);
/* Takes it over; the oldest others go where there is no room. */
void es_drafts_keep(struct es_drafts *d, struct es_draft *draft,
                    int64_t now_ms);
/* To be given back; NULL: not there (any more). now_ms: monotonic. */
struct es_draft *es_drafts_take(struct es_drafts *d, int64_t id,
                                int64_t account, int64_t initiative,
                                int64_t now_ms);
void es_drafts_give(struct es_drafts *d, struct es_draft *draft);
/* What came of it, for the pages after. */
void es_drafts_done(struct es_drafts *d, struct es_draft *draft,
                    const struct es_group_done *done);
/* A copy of it, safe while others write. */
struct es_group_done es_drafts_result(struct es_drafts *d,
                                      const struct es_draft *draft);

#endif
