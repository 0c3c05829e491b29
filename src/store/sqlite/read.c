/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/store_int.h"

enum es_code es_read_one(struct es_store *s, enum es_query q,
                         const struct es_val *v, size_t n,
                         const struct es_shape *shape, struct es_arena *a,
                         void *record, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_one(db, q, v, n, shape, a, record, e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_read_i64(struct es_store *s, enum es_query q,
                         const struct es_val *v, size_t n, int64_t *out,
                         struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, q, v, n, out, e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_read_list(struct es_store *s, enum es_query q,
                          const struct es_val *v, size_t n,
                          const struct es_shape *shape, struct es_arena *a,
                          struct es_list *out, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_list(db, q, v, n, shape, a, out, e);
    es_readers_give(s, db);
    return rc;
}

static enum es_code id_of_slug(struct es_store *s, const char *slug,
                               int64_t *id, struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_SLUG, ES_VALS(es_val_t(slug)), id, e);
    es_readers_give(s, db);
    return rc;
}

enum es_code es_store_initiative(struct es_store *s, const char *slug,
                                 struct es_arena *a, struct es_initiative *out,
                                 struct es_err *e)
{
    int64_t id;
    enum es_code rc = id_of_slug(s, slug, &id, e);
    return rc == ES_OK ? es_store_initiative_by_id(s, id, a, out, e) : rc;
}

enum es_code es_store_initiative_by_id(struct es_store *s, int64_t id,
                                       struct es_arena *a,
                                       struct es_initiative *out,
                                       struct es_err *e)
{
    return es_read_one(s, ES_Q_INITIATIVE, ES_VALS(es_val_i(id)),
                       &ES_SHAPE_INITIATIVE, a, out, e);
}

enum es_code es_store_initiatives(struct es_store *s, size_t max,
                                  struct es_arena *a,
                                  struct es_initiative **out, size_t *n,
                                  struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_INITIATIVES, ES_VALS(es_val_limit(max)),
                     &ES_SHAPE_INITIATIVE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_teams(struct es_store *s, int64_t initiative,
                            struct es_arena *a, struct es_team **out, size_t *n,
                            struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_TEAMS, ES_VALS(es_val_i(initiative)),
                                   &ES_SHAPE_TEAM, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_team_by_code(struct es_store *s, int64_t initiative,
                                   const char *code, struct es_arena *a,
                                   struct es_team *out, struct es_err *e)
{
    const char *key = es_code_key(a, code);
    if (key == NULL)
        return es_fail(e, ES_ENOMEM, 0, "team code");
    return es_read_one(s, ES_Q_TEAM_BY_CODE,
                       ES_VALS(es_val_i(initiative), es_val_t(key)),
                       &ES_SHAPE_TEAM, a, out, e);
}

enum es_code es_store_participant(struct es_store *s, int64_t initiative,
                                  int64_t id, struct es_arena *a,
                                  struct es_participant *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_PARTICIPANT,
                       ES_VALS(es_val_i(initiative), es_val_i(id)),
                       &ES_SHAPE_PARTICIPANT, a, out, e);
}

enum es_code es_store_credential(struct es_store *s, const uint8_t hash[32],
                                 int32_t kind, int64_t now_ms,
                                 struct es_credential *out, struct es_err *e)
{
    return es_read_one(
        s, ES_Q_CREDENTIAL,
        ES_VALS(es_val_b(hash, 32), es_val_i(kind), es_val_i(now_ms)),
        &ES_SHAPE_CREDENTIAL, NULL, out, e);
}

enum es_code es_store_run(struct es_store *s, int64_t initiative, int64_t id,
                          struct es_arena *a, struct es_run *out,
                          struct es_err *e)
{
    return es_read_one(s, ES_Q_RUN, ES_VALS(es_val_i(initiative), es_val_i(id)),
                       &ES_SHAPE_RUN, a, out, e);
}

enum es_code es_store_run_by_code(struct es_store *s, const char *code,
                                  struct es_arena *a, struct es_run *out,
                                  struct es_err *e)
{
    return es_read_one(s, ES_Q_RUN_BY_CODE, ES_VALS(es_val_t(code)),
                       &ES_SHAPE_RUN, a, out, e);
}

enum es_code es_store_run_by_upload(struct es_store *s, int64_t initiative,
                                    int64_t participant, const uint8_t hash[32],
                                    uint32_t activity, struct es_arena *a,
                                    struct es_run *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_RUN_BY_UPLOAD,
                       ES_VALS(es_val_i(initiative), es_val_i(participant),
                               es_val_b(hash, 32), es_val_i(activity)),
                       &ES_SHAPE_RUN, a, out, e);
}

enum es_code es_store_runs_of(struct es_store *s, int64_t initiative,
                              int64_t participant, int64_t before, size_t max,
                              struct es_arena *a, struct es_run **out,
                              size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_RUNS_OF,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_below(before), es_val_limit(max)),
                     &ES_SHAPE_RUN, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_counted_of(struct es_store *s, int64_t initiative,
                                 int64_t participant, size_t max,
                                 struct es_arena *a, struct es_counted **out,
                                 size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_COUNTED_OF,
        ES_VALS(es_val_i(initiative), es_val_i(participant), es_val_limit(max)),
        &ES_SHAPE_COUNTED, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_runs_with(struct es_store *s, int64_t initiative,
                                int32_t status, int64_t before, size_t max,
                                struct es_arena *a, struct es_run **out,
                                size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_RUNS_WITH,
                     ES_VALS(es_val_i(initiative), es_val_i(status),
                             es_val_below(before), es_val_limit(max)),
                     &ES_SHAPE_RUN, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_meta(struct es_store *s, const char *key,
                           struct es_arena *a, struct es_bytes *out,
                           struct es_err *e)
{
    return es_read_one(s, ES_Q_META, ES_VALS(es_val_t(key)), &ES_SHAPE_BYTES, a,
                       out, e);
}

enum es_code es_store_sum_of(struct es_store *s, int64_t initiative,
                             int64_t participant, struct es_arena *a,
                             struct es_participant_sum *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_SUM_OF,
                       ES_VALS(es_val_i(initiative), es_val_i(participant)),
                       &ES_SHAPE_SUM, a, out, e);
}

/* One row: its strings go with it, so that a million rows take no memory. */
static enum es_code one_sum(struct es_rows *r, es_sum_fn *fn, void *arg,
                            struct es_err *e)
{
    struct es_participant_sum sum = { 0 };

    es_arena_init(r->a, ES_JSON_MAX);
    ES_SHAPE_SUM.read(r, &sum);
    enum es_code rc = es_rows_check(r, e);
    if (rc == ES_OK)
        rc = fn(&sum, arg, e);
    es_arena_release(r->a);
    return rc;
}

enum es_code es_store_each_sum(struct es_store *s, int64_t initiative,
                               es_sum_fn *fn, void *arg, struct es_err *e)
{
    struct es_db *db;
    struct es_rows r;
    struct es_arena a;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_rows_begin(&r, db, ES_Q_EACH_SUM, ES_VALS(es_val_i(initiative)), &a,
                       e);
    if (rc == ES_OK) {
        bool row = false;
        while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row &&
               (rc = one_sum(&r, fn, arg, e)) == ES_OK)
            ;
        es_rows_end(&r);
    }
    es_readers_give(s, db);
    return rc;
}

enum es_code es_store_outbox_after(struct es_store *s, int64_t after,
                                   size_t max, struct es_arena *a,
                                   struct es_outbox_entry **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(s, ES_Q_OUTBOX_AFTER,
                                   ES_VALS(es_val_i(after), es_val_limit(max)),
                                   &ES_SHAPE_OUTBOX, a, &l, e);
    if (rc != ES_OK)
        return rc;
    struct es_outbox_entry *v = es_arena_array(a, l.n, sizeof *v);
    if (v == NULL && l.n > 0)
        return es_fail(e, ES_ENOMEM, 0, "reading the outbox");
    const struct es_outbox_row *row = l.v;
    for (size_t i = 0; i < l.n; i++) {
        v[i] = row[i].entry;
        v[i].own = row[i].origin == s->origin;
    }
    *out = v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_outbox_last(struct es_store *s, int64_t *id,
                                  struct es_err *e)
{
    struct es_db *db;
    enum es_code rc = es_readers_take(s, &db, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_i64(db, ES_Q_OUTBOX_LAST, NULL, 0, id, e);
    es_readers_give(s, db);
    return rc;
}
