/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Classes and clubs that were registered from a list. store.h says what holds
 * for all calls. */
#ifndef ES_STORE_GROUPS_H
#define ES_STORE_GROUPS_H

#include "store/store.h"

struct es_group {
    int64_t initiative, id;
    const char *name, *key; /* key: as names are compared, unique */
    int64_t account;        /* who registered it first */
    int64_t team;           /* they run for; 0: none */
    int64_t at_ms;
};
/* ES_EEXIST: there is one of that key. */
ES_MUST_CHECK enum es_code
es_txn_group_add(struct es_txn *tx, const struct es_group *g, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_group_team(struct es_txn *tx,
                                             int64_t initiative, int64_t id,
                                             int64_t team, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_group(struct es_store *s, int64_t initiative, int64_t id,
               struct es_arena *a, struct es_group *out, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_group_by_key(struct es_store *s, int64_t initiative, const char *key,
                      struct es_arena *a, struct es_group *out,
                      struct es_err *e);
/* Those with ids below `before` (0: from the newest), newest first; at most
 * `max`. */
ES_MUST_CHECK enum es_code es_store_groups(struct es_store *s,
                                           int64_t initiative, int64_t before,
                                           size_t max, struct es_arena *a,
                                           struct es_group **out, size_t *n,
                                           struct es_err *e);

/* ---- who came from one ---- */

enum { ES_GROUP_LINE = 16 }; /* bytes of a hash that tells a line */

/* ES_EEXIST: the line is there. */
ES_MUST_CHECK enum es_code
es_txn_group_person_add(struct es_txn *tx, int64_t initiative, int64_t list,
                        int64_t participant, const uint8_t line[ES_GROUP_LINE],
                        struct es_err *e);
/* Who came from a line. ES_ENOENT: nobody. */
ES_MUST_CHECK enum es_code
es_store_group_line(struct es_store *s, int64_t initiative, int64_t list,
                    const uint8_t line[ES_GROUP_LINE], int64_t *participant,
                    struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_group_line(struct es_txn *tx,
                                             int64_t initiative, int64_t list,
                                             const uint8_t line[ES_GROUP_LINE],
                                             int64_t *participant,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_store_group_count(struct es_store *s,
                                                int64_t initiative,
                                                int64_t list, int64_t *out,
                                                struct es_err *e);
/* Those with ids above `after`, who registered first first; at most `max`. */
ES_MUST_CHECK enum es_code
es_store_group_people(struct es_store *s, int64_t initiative, int64_t list,
                      int64_t after, size_t max, struct es_arena *a,
                      struct es_participant **out, size_t *n, struct es_err *e);

#endif
