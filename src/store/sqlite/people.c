/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/people.h"

#include "store/media.h"
#include "store/signin.h"
#include "store/sqlite/store_int.h"

/* ---- registration ---- */

struct registration {
    int64_t version;
    const char *settings;
};

static void read_registration(struct es_rows *r, void *record)
{
    struct registration *out = record;
    out->version = es_row_i64(r);
    out->settings = es_row_text(r);
}

static void read_consent_text(struct es_rows *r, void *record)
{
    struct es_consent_text *out = record;
    out->purpose = es_row_text(r);
    out->version = es_row_text(r);
    out->text = es_row_text(r);
    out->at_ms = es_row_i64(r);
}

static const struct es_shape REGISTRATION = { sizeof(struct registration),
                                              read_registration };
static const struct es_shape CONSENT_TEXT = { sizeof(struct es_consent_text),
                                              read_consent_text };

enum es_code es_store_registration(struct es_store *s, int64_t initiative,
                                   struct es_arena *a, int64_t *version,
                                   const char **settings, struct es_err *e)
{
    struct registration got;
    enum es_code rc =
        es_read_one(s, ES_Q_REGISTRATION, ES_VALS(es_val_i(initiative)),
                    &REGISTRATION, a, &got, e);
    if (rc != ES_OK)
        return rc;
    *version = got.version;
    *settings = got.settings;
    return ES_OK;
}

enum es_code es_txn_registration(struct es_txn *tx, int64_t initiative,
                                 struct es_arena *a, int64_t *version,
                                 const char **settings, struct es_err *e)
{
    struct registration got;
    enum es_code rc =
        es_db_one(tx->db, ES_Q_REGISTRATION, ES_VALS(es_val_i(initiative)),
                  &REGISTRATION, a, &got, e);
    if (rc != ES_OK)
        return rc;
    *version = got.version;
    *settings = got.settings;
    return ES_OK;
}

enum es_code es_txn_registration_put(struct es_txn *tx, int64_t initiative,
                                     int64_t from, const char *settings,
                                     struct es_err *e)
{
    int64_t now = 0;
    enum es_code rc = es_db_i64(tx->db, ES_Q_REGISTRATION,
                                ES_VALS(es_val_i(initiative)), &now, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    if (now != from)
        return es_fail(e, ES_ECONFLICT, 0, "it has been changed meanwhile");
    return es_db_run(
        tx->db, ES_Q_REGISTRATION_PUT,
        ES_VALS(es_val_i(initiative), es_val_i(from + 1), es_val_t(settings)),
        e);
}

enum es_code es_txn_consents_put(struct es_txn *tx, int64_t initiative,
                                 const char *consents, struct es_err *e)
{
    return es_db_change(tx->db, ES_Q_CONSENTS_PUT,
                        ES_VALS(es_val_i(initiative), es_val_t(consents)),
                        "initiative", e);
}

enum es_code es_txn_consent_text_add(struct es_txn *tx, int64_t initiative,
                                     const struct es_consent_text *t,
                                     struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_CONSENT_TEXT_ADD,
                     ES_VALS(es_val_i(initiative), es_val_t(t->purpose),
                             es_val_t(t->version), es_val_t(t->text),
                             es_val_i(t->at_ms)),
                     e);
}

enum es_code es_store_consent_texts(struct es_store *s, int64_t initiative,
                                    struct es_arena *a,
                                    struct es_consent_text **out, size_t *n,
                                    struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_CONSENT_TEXTS, ES_VALS(es_val_i(initiative)),
                     &CONSENT_TEXT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* ---- places ---- */

enum es_code es_store_count(struct es_store *s, int64_t initiative,
                            const char *name, int64_t *out, struct es_err *e)
{
    int64_t value = 0;
    enum es_code rc =
        es_read_i64(s, ES_Q_COUNT_OF,
                    ES_VALS(es_val_i(initiative), es_val_t(name)), &value, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    *out = value;
    return ES_OK;
}

enum es_code es_txn_count_add(struct es_txn *tx, int64_t initiative,
                              const char *name, int64_t by, int64_t *out,
                              struct es_err *e)
{
    int64_t value;
    enum es_code rc = es_db_i64(
        tx->db, ES_Q_COUNT_ADD,
        ES_VALS(es_val_i(initiative), es_val_t(name), es_val_i(by)), &value, e);
    if (rc == ES_OK && out != NULL)
        *out = value;
    return rc;
}

enum es_code es_txn_waiting_first(struct es_txn *tx, int64_t initiative,
                                  struct es_arena *a,
                                  struct es_participant *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_WAITING_FIRST, ES_VALS(es_val_i(initiative)),
                     &ES_SHAPE_PARTICIPANT, a, out, e);
}

enum es_code es_store_waiting_before(struct es_store *s, int64_t initiative,
                                     int64_t bib, int64_t *out,
                                     struct es_err *e)
{
    return es_read_i64(s, ES_Q_WAITING_BEFORE,
                       ES_VALS(es_val_i(initiative), es_val_i(bib)), out, e);
}

/* ---- people ---- */

enum es_code es_txn_participant(struct es_txn *tx, int64_t initiative,
                                int64_t id, struct es_arena *a,
                                struct es_participant *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_PARTICIPANT,
                     ES_VALS(es_val_i(initiative), es_val_i(id)),
                     &ES_SHAPE_PARTICIPANT, a, out, e);
}

enum es_code es_txn_participant_put(struct es_txn *tx,
                                    const struct es_participant *p,
                                    struct es_err *e)
{
    /* Finds the old address by the row: so before it changes. */
    enum es_code rc =
        es_txn_mail_set(tx, p->initiative, p->id, p->email ? p->email : "", e);
    if (rc != ES_OK)
        return rc;
    return es_db_change(
        tx->db, ES_Q_PARTICIPANT_PUT,
        ES_VALS(es_val_i(p->initiative), es_val_i(p->id),
                es_val_t(p->display_name), es_val_t(p->country),
                es_val_i(p->team), es_val_t(p->category),
                es_val_i(p->birth_year), es_val_i(p->visibility),
                es_val_t(p->guardian_contact), es_val_t(p->email),
                es_val_t(p->lang), es_val_t(p->consents), es_val_i(p->state),
                es_val_i(p->guardian), es_val_i(p->age_group)),
        "participant", e);
}

static enum es_code people(struct es_store *s, enum es_query q,
                           const struct es_val *v, size_t n_v,
                           struct es_arena *a, struct es_participant **out,
                           size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, q, v, n_v, &ES_SHAPE_PARTICIPANT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_people(struct es_store *s, int64_t initiative,
                             int64_t before, size_t max, struct es_arena *a,
                             struct es_participant **out, size_t *n,
                             struct es_err *e)
{
    return people(
        s, ES_Q_PEOPLE_BEFORE,
        ES_VALS(es_val_i(initiative), es_val_below(before), es_val_limit(max)),
        a, out, n, e);
}

enum es_code es_txn_run_blank(struct es_txn *tx, int64_t initiative,
                              int64_t run, struct es_bytes measure,
                              struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_RUN_CODE_DROP,
                  ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_RUN_SAID_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(run)), e);
    if (rc == ES_OK)
        rc = es_txn_evidence_drop(tx, initiative, run, e);
    if (rc != ES_OK)
        return rc;
    return es_db_change(tx->db, ES_Q_RUN_BLANK,
                        ES_VALS(es_val_i(initiative), es_val_i(run),
                                es_val_b(measure.p, measure.n)),
                        "run", e);
}

enum es_code es_txn_person_blank(struct es_txn *tx, int64_t initiative,
                                 int64_t id, struct es_err *e)
{
    static const enum es_query DROPS[] = {
        ES_Q_CREDENTIALS_DROP,  ES_Q_PASSKEYS_DROP,      ES_Q_MAIL_LINKS_DROP,
        ES_Q_WORDS_DROP,        ES_Q_ROUTES_DROP,        ES_Q_ZONES_DROP,
        ES_Q_IDEM_DROP,         ES_Q_TEAM_CAPTAINS_DROP, ES_Q_REPORTS_BLANK,
        ES_Q_GROUP_PERSON_DROP, ES_Q_LIVE_DROP,
    };
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < sizeof DROPS / sizeof *DROPS; i++)
        rc = es_db_run(tx->db, DROPS[i],
                       ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    if (rc != ES_OK)
        return rc;
    struct es_participant blank = {
        .initiative = initiative,
        .id = id,
        .visibility = ES_VIS_HIDDEN,
        .lang = "en",
        .consents = "{}",
        .state = ES_PERSON_GONE,
    };
    return es_txn_participant_put(tx, &blank, e);
}

/* ---- teams ---- */

enum es_code es_store_team(struct es_store *s, int64_t initiative, int64_t id,
                           struct es_arena *a, struct es_team *out,
                           struct es_err *e)
{
    return es_read_one(s, ES_Q_TEAM,
                       ES_VALS(es_val_i(initiative), es_val_i(id)),
                       &ES_SHAPE_TEAM, a, out, e);
}

enum es_code es_txn_team(struct es_txn *tx, int64_t initiative, int64_t id,
                         struct es_arena *a, struct es_team *out,
                         struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_TEAM,
                     ES_VALS(es_val_i(initiative), es_val_i(id)),
                     &ES_SHAPE_TEAM, a, out, e);
}

enum es_code es_txn_team_put(struct es_txn *tx, const struct es_team *t,
                             struct es_err *e)
{
    struct es_arena a;
    enum es_code rc = ES_OK;

    es_arena_init(&a, ES_JSON_MAX);
    const char *key = es_code_key(&a, t->code);
    if (key == NULL)
        rc = es_fail(e, ES_ENOMEM, 0, "team code");
    else
        rc = es_db_change(tx->db, ES_Q_TEAM_PUT,
                          ES_VALS(es_val_i(t->initiative), es_val_i(t->id),
                                  es_val_t(t->name), es_val_t(t->code),
                                  es_val_t(key), es_val_i(t->open),
                                  es_val_i(t->captain)),
                          "team", e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_store_members(struct es_store *s, int64_t initiative,
                              int64_t team, int64_t after, size_t max,
                              struct es_arena *a, struct es_participant **out,
                              size_t *n, struct es_err *e)
{
    return people(s, ES_Q_MEMBERS,
                  ES_VALS(es_val_i(initiative), es_val_i(team), es_val_i(after),
                          es_val_limit(max)),
                  a, out, n, e);
}
