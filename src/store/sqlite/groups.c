/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/groups.h"

#include "store/sqlite/store_int.h"

static void read_group(struct es_rows *r, void *record)
{
    struct es_group *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->name = es_row_text(r);
    out->key = es_row_text(r);
    out->account = es_row_i64(r);
    out->team = es_row_i64(r);
    out->at_ms = es_row_i64(r);
}

static const struct es_shape GROUP = { sizeof(struct es_group), read_group };

enum es_code es_txn_group_add(struct es_txn *tx, const struct es_group *g,
                              struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_GROUP_ADD,
                     ES_VALS(es_val_i(g->initiative), es_val_i(g->id),
                             es_val_t(g->name), es_val_t(g->key),
                             es_val_i(g->account), es_val_i(g->team),
                             es_val_i(g->at_ms)),
                     e);
}

enum es_code es_txn_group_team(struct es_txn *tx, int64_t initiative,
                               int64_t id, int64_t team, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_GROUP_TEAM,
        ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(team)), "group",
        e);
}

enum es_code es_store_group(struct es_store *s, int64_t initiative, int64_t id,
                            struct es_arena *a, struct es_group *out,
                            struct es_err *e)
{
    return es_read_one(s, ES_Q_GROUP,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &GROUP, a,
                       out, e);
}

enum es_code es_store_group_by_key(struct es_store *s, int64_t initiative,
                                   const char *key, struct es_arena *a,
                                   struct es_group *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_GROUP_BY_KEY,
                       ES_VALS(es_val_i(initiative), es_val_t(key)), &GROUP, a,
                       out, e);
}

enum es_code es_store_groups(struct es_store *s, int64_t initiative,
                             int64_t before, size_t max, struct es_arena *a,
                             struct es_group **out, size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_GROUPS,
        ES_VALS(es_val_i(initiative), es_val_below(before), es_val_limit(max)),
        &GROUP, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* ---- who came from one ---- */

enum es_code es_txn_group_person_add(struct es_txn *tx, int64_t initiative,
                                     int64_t list, int64_t participant,
                                     const uint8_t line[ES_GROUP_LINE],
                                     struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_GROUP_PERSON_ADD,
                     ES_VALS(es_val_i(initiative), es_val_i(list),
                             es_val_i(participant),
                             es_val_b(line, ES_GROUP_LINE)),
                     e);
}

enum es_code es_store_group_line(struct es_store *s, int64_t initiative,
                                 int64_t list,
                                 const uint8_t line[ES_GROUP_LINE],
                                 int64_t *participant, struct es_err *e)
{
    return es_read_i64(s, ES_Q_GROUP_LINE,
                       ES_VALS(es_val_i(initiative), es_val_i(list),
                               es_val_b(line, ES_GROUP_LINE)),
                       participant, e);
}

enum es_code es_txn_group_line(struct es_txn *tx, int64_t initiative,
                               int64_t list, const uint8_t line[ES_GROUP_LINE],
                               int64_t *participant, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_GROUP_LINE,
                     ES_VALS(es_val_i(initiative), es_val_i(list),
                             es_val_b(line, ES_GROUP_LINE)),
                     participant, e);
}

enum es_code es_store_group_count(struct es_store *s, int64_t initiative,
                                  int64_t list, int64_t *out, struct es_err *e)
{
    return es_read_i64(s, ES_Q_GROUP_COUNT,
                       ES_VALS(es_val_i(initiative), es_val_i(list)), out, e);
}

enum es_code es_store_group_people(struct es_store *s, int64_t initiative,
                                   int64_t list, int64_t after, size_t max,
                                   struct es_arena *a,
                                   struct es_participant **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_GROUP_PEOPLE,
                                   ES_VALS(es_val_i(initiative), es_val_i(list),
                                           es_val_i(after), es_val_limit(max)),
                                   &ES_SHAPE_PARTICIPANT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}
