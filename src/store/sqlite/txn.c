/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/time.h"
#include "store/media.h"
#include "store/sqlite/store_int.h"

#include <inttypes.h>
#include <stdio.h>

/* Rows that the last statement of this connection changed. */
static bool changed(const struct es_txn *tx)
{
    return sqlite3_changes(tx->db->h) > 0;
}

static enum es_code slug_take(struct es_txn *tx, const char *slug,
                              int64_t initiative, struct es_err *e)
{
    int64_t owner = 0;
    enum es_code rc =
        es_db_run(tx->db, ES_Q_SLUG_TAKE,
                  ES_VALS(es_val_t(slug), es_val_i(initiative)), e);
    if (rc == ES_OK)
        rc = es_db_i64(tx->db, ES_Q_SLUG, ES_VALS(es_val_t(slug)), &owner, e);
    if (rc == ES_OK && owner != initiative)
        rc = es_fail(e, ES_EEXIST, 0, "slug %s is taken", slug);
    return rc;
}

static const char *or_none(const char *json)
{
    return json != NULL ? json : "{}";
}

enum es_code es_txn_initiative_put(struct es_txn *tx,
                                   const struct es_initiative *i,
                                   struct es_err *e)
{
    enum es_code rc = slug_take(tx, i->slug, i->id, e);
    if (rc != ES_OK)
        return rc;
    rc = es_db_run(
        tx->db, ES_Q_INITIATIVE_PUT,
        ES_VALS(es_val_i(i->id), es_val_t(i->slug), es_val_t(i->title),
                es_val_t(i->purpose), es_val_t(i->holder), es_val_t(i->contact),
                es_val_t(i->lang), es_val_t(i->zone), es_val_i(i->opens_ms),
                es_val_i(i->closes_ms), es_val_i(i->goal_mm),
                es_val_i(i->created_ms), es_val_i(i->state),
                es_val_i(i->rules_version), es_val_t(i->rules),
                es_val_t(i->consents), es_val_t(or_none(i->face)),
                es_val_t(or_none(i->texts)), es_val_t(or_none(i->way)),
                es_val_i(i->edited_by), es_val_i(i->edited_ms),
                es_val_i(i->edition), es_val_i(i->alone)),
        e);
    if (rc == ES_OK && !changed(tx))
        rc = es_fail(e, ES_ECONFLICT, 0, "the initiative has changed");
    return rc;
}

enum es_code es_txn_team_add(struct es_txn *tx, const struct es_team *t,
                             struct es_err *e)
{
    struct es_arena a;
    enum es_code rc = ES_OK;

    es_arena_init(&a, ES_JSON_MAX);
    const char *key = es_code_key(&a, t->code);
    if (key == NULL)
        rc = es_fail(e, ES_ENOMEM, 0, "team code");
    else
        rc = es_db_run(tx->db, ES_Q_TEAM_ADD,
                       ES_VALS(es_val_i(t->initiative), es_val_i(t->id),
                               es_val_t(t->name), es_val_t(t->code),
                               es_val_t(key), es_val_i(t->open),
                               es_val_i(t->captain)),
                       e);
    es_arena_release(&a);
    return rc;
}

static enum es_code count_up(struct es_txn *tx, int64_t initiative,
                             const char *name, int64_t *out, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_COUNT_UP,
                     ES_VALS(es_val_i(initiative), es_val_t(name)), out, e);
}

static enum es_code
tell_joined(struct es_txn *tx, const struct es_participant *p, struct es_err *e)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%" PRId64, p->id);
    return es_txn_outbox_add(tx, p->initiative, "joined", es_bytes_str(id), e);
}

enum es_code es_txn_participant_add(struct es_txn *tx,
                                    const struct es_participant *p,
                                    int64_t *bib, struct es_err *e)
{
    int64_t next;
    enum es_code rc = count_up(tx, p->initiative, "bib", &next, e);
    if (rc == ES_OK)
        rc = es_db_run(
            tx->db, ES_Q_PARTICIPANT_ADD,
            ES_VALS(es_val_i(p->initiative), es_val_i(p->id), es_val_i(next),
                    es_val_t(p->display_name), es_val_t(p->country),
                    es_val_i(p->team), es_val_t(p->category),
                    es_val_i(p->birth_year), es_val_i(p->visibility),
                    es_val_t(p->guardian_contact), es_val_t(p->email),
                    es_val_t(p->lang), es_val_t(p->consents),
                    es_val_i(p->created_ms), es_val_i(p->state),
                    es_val_i(p->guardian), es_val_i(p->age_group)),
            e);
    if (rc == ES_OK && p->email && *p->email)
        rc = es_db_run(tx->db, ES_Q_MAIL_ADD,
                       ES_VALS(es_val_t(p->email), es_val_i(p->initiative),
                               es_val_i(p->id)),
                       e);
    if (rc == ES_OK && p->email && *p->email)
        rc = tell_joined(tx, p, e);
    if (rc == ES_OK)
        *bib = next;
    return rc;
}

enum es_code es_txn_participant_shown(struct es_txn *tx, int64_t initiative,
                                      int64_t id, int32_t how, struct es_err *e)
{
    return es_db_change(
        tx->db, ES_Q_PARTICIPANT_SHOWN,
        ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(how)),
        "participant", e);
}

enum es_code es_txn_credential_add(struct es_txn *tx,
                                   const struct es_credential *c,
                                   struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_CREDENTIAL_ADD,
                     ES_VALS(es_val_b(c->hash, sizeof c->hash),
                             es_val_i(c->kind), es_val_i(c->initiative),
                             es_val_i(c->subject), es_val_i(c->created_ms),
                             es_val_i(c->expires_ms), es_val_i(c->id),
                             es_val_i(c->seen_ms), es_val_i(c->idle_ms),
                             es_val_i(c->fresh_ms), es_val_i(c->fresh_by),
                             es_val_t(c->browser)),
                     e);
}

enum es_code es_txn_credential_drop(struct es_txn *tx, const uint8_t hash[32],
                                    struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_CREDENTIAL_DROP, ES_VALS(es_val_b(hash, 32)), e);
    if (rc == ES_OK && !changed(tx))
        rc = es_fail(e, ES_ENOENT, 0, "no such credential");
    return rc;
}

/* Takes the place of the run's bytes in the index; the run may have it. */
static enum es_code upload_take(struct es_txn *tx, const struct es_run *r,
                                struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_UPLOAD_ADD,
                     ES_VALS(es_val_i(r->initiative),
                             es_val_b(r->blob.hash, sizeof r->blob.hash),
                             es_val_i(r->participant), es_val_i(r->activity),
                             es_val_i(r->id)),
                     e);
}

static enum es_code upload_free(struct es_txn *tx, const struct es_run *r,
                                struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_UPLOAD_DROP,
                     ES_VALS(es_val_i(r->initiative),
                             es_val_b(r->blob.hash, sizeof r->blob.hash),
                             es_val_i(r->participant), es_val_i(r->activity),
                             es_val_i(r->id)),
                     e);
}

static enum es_code blob_add(struct es_txn *tx, const struct es_run *r,
                             struct es_err *e)
{
    const struct es_blob *b = &r->blob;
    return es_db_run(tx->db, ES_Q_BLOB_ADD,
                     ES_VALS(es_val_i(r->initiative), es_val_i(r->id),
                             es_val_i(b->segment), es_val_i(b->offset),
                             es_val_i(b->length),
                             es_val_b(b->key, sizeof b->key),
                             es_val_b(b->hash, sizeof b->hash)),
                     e);
}

enum es_code es_txn_run_add(struct es_txn *tx, const struct es_run *r,
                            struct es_err *e)
{
    enum es_code rc = es_db_run(
        tx->db, ES_Q_RUN_ADD,
        ES_VALS(es_val_i(r->initiative), es_val_i(r->id),
                es_val_i(r->participant), es_val_t(r->code), es_val_i(r->kind),
                es_val_i(r->status), es_val_i(r->received_ms),
                es_val_i(r->started_ms), es_val_i(r->dist_mm),
                es_val_i(r->counted_mm), es_val_i(r->time_ms),
                es_val_i(r->rules_version), es_val_i(r->activity),
                es_val_t(r->file_name), es_val_t(r->member), es_val_t(r->note),
                es_val_i(r->provenance), es_val_b(r->measure.p, r->measure.n),
                es_val_b(r->findings.p, r->findings.n)),
        e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_RUN_CODE_ADD,
                       ES_VALS(es_val_t(r->code), es_val_i(r->initiative),
                               es_val_i(r->id)),
                       e);
    if (rc == ES_OK && r->blob.segment != 0)
        rc = blob_add(tx, r, e);
    if (rc == ES_OK && r->blob.segment != 0 && r->status != ES_RUN_WITHDRAWN)
        rc = upload_take(tx, r, e);
    return rc;
}

enum es_code es_txn_run_between(struct es_txn *tx, int64_t initiative,
                                int64_t participant, int64_t from_ms,
                                int64_t to_ms, int64_t *run, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_RUN_BETWEEN,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_i(from_ms), es_val_i(to_ms)),
                     run, e);
}

enum es_code es_txn_upload_of_other(struct es_txn *tx, int64_t initiative,
                                    int64_t participant, const uint8_t hash[32],
                                    int64_t *run, struct es_err *e)
{
    return es_db_i64(tx->db, ES_Q_UPLOAD_OF_OTHER,
                     ES_VALS(es_val_i(initiative), es_val_b(hash, 32),
                             es_val_i(participant)),
                     run, e);
}

enum es_code es_txn_run(struct es_txn *tx, int64_t initiative, int64_t id,
                        struct es_arena *a, struct es_run *out,
                        struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_RUN,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), &ES_SHAPE_RUN,
                     a, out, e);
}

/* Withdrawing frees the bytes' place, coming back takes it again. */
static enum es_code upload_follow(struct es_txn *tx, const struct es_run *was,
                                  int32_t status, struct es_err *e)
{
    bool had = was->status != ES_RUN_WITHDRAWN;
    bool has = status != ES_RUN_WITHDRAWN;
    if (was->blob.segment == 0 || had == has)
        return ES_OK;
    return has ? upload_take(tx, was, e) : upload_free(tx, was, e);
}

enum es_code es_txn_run_update(struct es_txn *tx, const struct es_run *r,
                               struct es_err *e)
{
    struct es_arena a;
    struct es_run was;

    es_arena_init(&a, ES_FRAME_MAX);
    enum es_code rc = es_txn_run(tx, r->initiative, r->id, &a, &was, e);
    if (rc == ES_OK)
        rc = upload_follow(tx, &was, r->status, e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_RUN_UPDATE,
                       ES_VALS(es_val_i(r->initiative), es_val_i(r->id),
                               es_val_i(r->status), es_val_i(r->counted_mm),
                               es_val_i(r->time_ms), es_val_i(r->rules_version),
                               es_val_t(r->note),
                               es_val_b(r->findings.p, r->findings.n)),
                       e);
    if (rc == ES_OK && r->status == ES_RUN_WITHDRAWN)
        rc = es_txn_evidence_drop(tx, r->initiative, r->id, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_txn_blob_erase(struct es_txn *tx, int64_t initiative,
                               int64_t run, struct es_err *e)
{
    struct es_arena a;
    struct es_run was;

    es_arena_init(&a, ES_FRAME_MAX);
    enum es_code rc = es_txn_run(tx, initiative, run, &a, &was, e);
    if (rc == ES_OK && was.blob.segment == 0)
        rc = es_fail(e, ES_ENOENT, 0, "the run has no bytes");
    if (rc == ES_OK)
        rc = upload_free(tx, &was, e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_BLOB_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    if (rc == ES_OK)
        rc = es_txn_sketch_drop(tx, initiative, run, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_txn_ledger_add(struct es_txn *tx,
                               const struct es_ledger_entry *l,
                               struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_LEDGER_ADD,
                     ES_VALS(es_val_i(l->initiative), es_val_i(l->participant),
                             es_val_i(l->id), es_val_i(l->run),
                             es_val_i(l->delta_mm), es_val_i(l->delta_ms),
                             es_val_i(l->delta_runs), es_val_i(l->at_ms),
                             es_val_t(l->actor), es_val_t(l->reason)),
                     e);
}

enum es_code es_txn_idem_get(struct es_txn *tx, int64_t initiative,
                             int64_t participant, const char *key,
                             uint8_t body_hash[32], int64_t *run,
                             struct es_err *e)
{
    struct es_idem got;
    enum es_code rc = es_db_one(
        tx->db, ES_Q_IDEM,
        ES_VALS(es_val_i(initiative), es_val_i(participant), es_val_t(key)),
        &ES_SHAPE_IDEM, NULL, &got, e);
    if (rc != ES_OK)
        return rc;
    memcpy(body_hash, got.body_hash, sizeof got.body_hash);
    *run = got.run;
    return ES_OK;
}

enum es_code es_txn_idem_put(struct es_txn *tx, int64_t initiative,
                             int64_t participant, const char *key,
                             const uint8_t body_hash[32], int64_t run,
                             int64_t now_ms, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_IDEM_PUT,
                     ES_VALS(es_val_i(initiative), es_val_i(participant),
                             es_val_t(key), es_val_b(body_hash, 32),
                             es_val_i(run), es_val_i(now_ms)),
                     e);
}

enum es_code es_txn_meta_put(struct es_txn *tx, const char *key,
                             struct es_bytes value, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_META_PUT,
                     ES_VALS(es_val_t(key), es_val_b(value.p, value.n)), e);
}

enum es_code es_txn_sum_of(struct es_txn *tx, int64_t initiative,
                           int64_t participant, struct es_arena *a,
                           struct es_participant_sum *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_SUM_OF,
                     ES_VALS(es_val_i(initiative), es_val_i(participant)),
                     &ES_SHAPE_SUM, a, out, e);
}

enum es_code es_txn_outbox_add(struct es_txn *tx, int64_t initiative,
                               const char *kind, struct es_bytes payload,
                               struct es_err *e)
{
    /* Counted inside the transaction, so that ids rise as commits do. */
    int64_t id;
    enum es_code rc = count_up(tx, 0, "outbox", &id, e);
    if (rc != ES_OK)
        return rc;
    return es_db_run(tx->db, ES_Q_OUTBOX_ADD,
                     ES_VALS(es_val_i(initiative), es_val_i(id),
                             es_val_i(es_time_now_ms()),
                             es_val_i(tx->s->origin), es_val_t(kind),
                             es_val_b(payload.p, payload.n)),
                     e);
}

enum es_code es_txn_outbox_trim(struct es_txn *tx, int64_t last,
                                struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_OUTBOX_TRIM, ES_VALS(es_val_i(last)), e);
}
