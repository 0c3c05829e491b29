/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/tickets.h"

#include "store/sqlite/store_int.h"

/* ---- rows ---- */

static void read_ticketing(struct es_rows *r, void *record)
{
    struct es_ticketing *out = record;
    out->initiative = es_row_i64(r);
    out->occasion = es_row_i64(r);
    out->open = es_row_i64(r) != 0;
    out->places = es_row_i64(r);
    out->waiting = es_row_i64(r) != 0;
    out->closes_ms = es_row_i64(r);
    out->keep_days = es_row_i64(r);
    out->choices = es_row_text(r);
    out->placed = es_row_i64(r);
    out->waits = es_row_i64(r);
    out->edition = es_row_i64(r);
    out->edited_by = es_row_i64(r);
    out->edited_ms = es_row_i64(r);
}

static void read_ticket(struct es_rows *r, void *record)
{
    struct es_ticket *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->occasion = es_row_i64(r);
    out->state = es_row_i32(r);
    out->affiliation = es_row_i32(r);
    out->name = es_row_text(r);
    out->words = es_row_text(r);
    out->mail = es_row_text(r);
    out->lang = es_row_text(r);
    es_row_fixed(r, out->code, sizeof out->code);
    es_row_fixed(r, out->once, sizeof out->once);
    out->created_ms = es_row_i64(r);
    out->placed_ms = es_row_i64(r);
    out->ended_ms = es_row_i64(r);
    out->keep_until_ms = es_row_i64(r);
    out->came_ms = es_row_i64(r);
    out->came_door = es_row_i64(r);
}

static void read_count(struct es_rows *r, void *record)
{
    struct es_ticket_count *out = record;
    out->affiliation = es_row_i32(r);
    out->state = es_row_i32(r);
    out->n = es_row_i64(r);
    out->came = es_row_i64(r);
}

static void read_shown(struct es_rows *r, void *record)
{
    struct es_ticket_shown *out = record;
    out->initiative = es_row_i64(r);
    out->occasion = es_row_i64(r);
    out->ticket = es_row_i64(r);
    out->at_ms = es_row_i64(r);
    out->door = es_row_i64(r);
    out->got_ms = es_row_i64(r);
}

static void read_door(struct es_rows *r, void *record)
{
    struct es_ticket_door *out = record;
    out->initiative = es_row_i64(r);
    out->occasion = es_row_i64(r);
    out->id = es_row_i64(r);
    out->name = es_row_text(r);
    out->account = es_row_i64(r);
    out->seen_ms = es_row_i64(r);
    out->shown = es_row_i64(r);
    out->first = es_row_i64(r);
}

static const struct es_shape TICKETING = { sizeof(struct es_ticketing),
                                           read_ticketing };
static const struct es_shape TICKET = { sizeof(struct es_ticket), read_ticket };
static const struct es_shape COUNT = { sizeof(struct es_ticket_count),
                                       read_count };
static const struct es_shape SHOWN = { sizeof(struct es_ticket_shown),
                                       read_shown };
static const struct es_shape DOOR = { sizeof(struct es_ticket_door),
                                      read_door };

/* ---- what there is to register for ---- */

enum es_code es_store_ticketing(struct es_store *s, int64_t initiative,
                                int64_t occasion, struct es_arena *a,
                                struct es_ticketing *out, struct es_err *e)
{
    return es_read_one(s, ES_Q_TICKETING,
                       ES_VALS(es_val_i(initiative), es_val_i(occasion)),
                       &TICKETING, a, out, e);
}

enum es_code es_txn_ticketing(struct es_txn *tx, int64_t initiative,
                              int64_t occasion, struct es_arena *a,
                              struct es_ticketing *out, struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_TICKETING,
                     ES_VALS(es_val_i(initiative), es_val_i(occasion)),
                     &TICKETING, a, out, e);
}

enum es_code es_txn_ticketing_put(struct es_txn *tx,
                                  const struct es_ticketing *t,
                                  struct es_err *e)
{
    const struct es_val v[] = {
        es_val_i(t->initiative), es_val_i(t->occasion), es_val_i(t->open),
        es_val_i(t->places),     es_val_i(t->waiting),  es_val_i(t->closes_ms),
        es_val_i(t->keep_days),  es_val_t(t->choices),  es_val_i(t->edited_by),
        es_val_i(t->edited_ms),  es_val_i(t->edition),
    };
    size_t n = sizeof v / sizeof *v;
    enum es_code rc =
        t->edition == 0
            ? es_db_change(tx->db, ES_Q_TICKETING_ADD, v, n - 1, "event", e)
            : es_db_change(tx->db, ES_Q_TICKETING_PUT, v, n, "event", e);
    return rc == ES_ENOENT
               ? es_fail(e, ES_ECONFLICT, 0, "the registration has changed")
               : rc;
}

/* ---- tickets ---- */

enum es_code es_store_ticket(struct es_store *s, int64_t initiative, int64_t id,
                             struct es_arena *a, struct es_ticket *out,
                             struct es_err *e)
{
    return es_read_one(s, ES_Q_TICKET,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), &TICKET, a,
                       out, e);
}

enum es_code es_store_ticket_by_code(struct es_store *s, int64_t initiative,
                                     int64_t occasion, const uint8_t code[32],
                                     struct es_arena *a, struct es_ticket *out,
                                     struct es_err *e)
{
    return es_read_one(
        s, ES_Q_TICKET_BY_CODE,
        ES_VALS(es_val_i(initiative), es_val_i(occasion), es_val_b(code, 32)),
        &TICKET, a, out, e);
}

enum es_code es_txn_ticket(struct es_txn *tx, int64_t initiative, int64_t id,
                           struct es_arena *a, struct es_ticket *out,
                           struct es_err *e)
{
    return es_db_one(tx->db, ES_Q_TICKET,
                     ES_VALS(es_val_i(initiative), es_val_i(id)), &TICKET, a,
                     out, e);
}

enum es_code es_txn_ticket_once(struct es_txn *tx, int64_t initiative,
                                int64_t occasion, const uint8_t once[32],
                                struct es_arena *a, struct es_ticket *out,
                                struct es_err *e)
{
    return es_db_one(
        tx->db, ES_Q_TICKET_ONCE,
        ES_VALS(es_val_i(initiative), es_val_i(occasion), es_val_b(once, 32)),
        &TICKET, a, out, e);
}

enum es_code es_store_tickets_before(struct es_store *s, int64_t initiative,
                                     int64_t occasion, int64_t id, int64_t *out,
                                     struct es_err *e)
{
    return es_read_i64(
        s, ES_Q_TICKETS_BEFORE,
        ES_VALS(es_val_i(initiative), es_val_i(occasion), es_val_i(id)), out,
        e);
}

/* A place, or else one on the list of those who wait. */
static enum es_code take_place(struct es_txn *tx, struct es_ticket *t,
                               struct es_err *e)
{
    static const enum es_query WAYS[] = {
        [ES_TICKET_PLACED] = ES_Q_TICKETING_PLACE,
        [ES_TICKET_WAITS] = ES_Q_TICKETING_WAIT,
    };
    enum es_code rc = ES_ENOENT;
    for (int32_t way = 0; rc == ES_ENOENT && way <= ES_TICKET_WAITS; way++) {
        t->state = way;
        rc =
            es_db_change(tx->db, WAYS[way],
                         ES_VALS(es_val_i(t->initiative), es_val_i(t->occasion),
                                 es_val_i(ES_TICKETS_MAX)),
                         "place", e);
    }
    t->placed_ms = t->state == ES_TICKET_PLACED ? t->created_ms : 0;
    return rc == ES_ENOENT ? es_fail(e, ES_ETOOLARGE, 0, "no place is left")
                           : rc;
}

enum es_code es_txn_ticket_add(struct es_txn *tx, struct es_ticket *t,
                               struct es_err *e)
{
    enum es_code rc = take_place(tx, t, e);
    if (rc != ES_OK)
        return rc;
    return es_db_run(
        tx->db, ES_Q_TICKET_ADD,
        ES_VALS(es_val_i(t->initiative), es_val_i(t->id), es_val_i(t->occasion),
                es_val_i(t->state), es_val_i(t->affiliation), es_val_t(t->name),
                es_val_t(t->words), es_val_t(t->mail), es_val_t(t->lang),
                es_val_b(t->code, sizeof t->code),
                es_val_b(t->once, sizeof t->once), es_val_i(t->created_ms),
                es_val_i(t->placed_ms), es_val_i(t->keep_until_ms)),
        e);
}

enum es_code es_txn_ticket_back(struct es_txn *tx, int64_t initiative,
                                int64_t id, int64_t now_ms, struct es_err *e)
{
    struct es_arena a;
    struct es_ticket t;
    es_arena_init(&a, ES_TICKET_BYTES);
    enum es_code rc = es_txn_ticket(tx, initiative, id, &a, &t, e);
    es_arena_release(&a);
    if (rc == ES_OK)
        rc = es_db_change(
            tx->db, ES_Q_TICKET_BACK,
            ES_VALS(es_val_i(initiative), es_val_i(id), es_val_i(now_ms)),
            "ticket", e);
    else
        return rc;
    if (rc == ES_ENOENT)
        return es_fail(e, ES_ECONFLICT, 0, "it was given back already");
    return rc == ES_OK
               ? es_db_run(tx->db, ES_Q_TICKETING_LESS,
                           ES_VALS(es_val_i(initiative), es_val_i(t.occasion),
                                   es_val_i(t.state)),
                           e)
               : rc;
}

enum es_code es_txn_ticket_rise(struct es_txn *tx, int64_t initiative,
                                int64_t occasion, int64_t now_ms, int64_t *id,
                                struct es_err *e)
{
    int64_t who = 0;
    enum es_code rc =
        es_db_change(tx->db, ES_Q_TICKETING_RISE,
                     ES_VALS(es_val_i(initiative), es_val_i(occasion)),
                     "place, or nobody who waits", e);
    if (rc == ES_OK)
        rc = es_db_i64(tx->db, ES_Q_TICKET_NEXT,
                       ES_VALS(es_val_i(initiative), es_val_i(occasion)), &who,
                       e);
    if (rc == ES_OK)
        rc = es_db_change(
            tx->db, ES_Q_TICKET_RISE,
            ES_VALS(es_val_i(initiative), es_val_i(who), es_val_i(now_ms)),
            "ticket", e);
    if (rc == ES_OK)
        *id = who;
    return rc;
}

enum es_code es_txn_tickets_erase(struct es_txn *tx, int64_t now_ms, size_t max,
                                  size_t *n, struct es_err *e)
{
    enum es_code rc =
        es_db_run(tx->db, ES_Q_TICKETS_ERASE,
                  ES_VALS(es_val_i(now_ms), es_val_limit(max)), e);
    if (rc == ES_OK)
        *n = (size_t)sqlite3_changes(tx->db->h);
    return rc;
}

enum es_code es_store_tickets(struct es_store *s,
                              const struct es_tickets_ask *ask,
                              struct es_arena *a, struct es_ticket **out,
                              size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_TICKETS,
                     ES_VALS(es_val_i(ask->initiative), es_val_i(ask->occasion),
                             es_val_i(ask->after), es_val_i(ask->state),
                             es_val_i(ask->affiliation), es_val_i(ask->came),
                             es_val_t(ask->word), es_val_limit(ask->max)),
                     &TICKET, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_store_ticket_counts(struct es_store *s, int64_t initiative,
                                    int64_t occasion, struct es_arena *a,
                                    struct es_ticket_count **out, size_t *n,
                                    struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_TICKET_COUNTS,
        ES_VALS(es_val_i(initiative), es_val_i(occasion)), &COUNT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* ---- at the doors ---- */

enum es_code es_txn_ticket_shown(struct es_txn *tx,
                                 const struct es_ticket_shown *v,
                                 struct es_err *e)
{
    enum es_code rc = es_db_change(
        tx->db, ES_Q_TICKET_CAME,
        ES_VALS(es_val_i(v->initiative), es_val_i(v->occasion),
                es_val_i(v->ticket), es_val_i(v->at_ms), es_val_i(v->door)),
        "ticket", e);
    if (rc != ES_OK)
        return rc;
    return es_db_run(tx->db, ES_Q_TICKET_SHOWN_ADD,
                     ES_VALS(es_val_i(v->initiative), es_val_i(v->occasion),
                             es_val_i(v->ticket), es_val_i(v->at_ms),
                             es_val_i(v->door), es_val_i(v->got_ms)),
                     e);
}

enum es_code es_store_ticket_shows(struct es_store *s, int64_t initiative,
                                   int64_t occasion, int64_t ticket, size_t max,
                                   struct es_arena *a,
                                   struct es_ticket_shown **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_TICKET_SHOWS,
                     ES_VALS(es_val_i(initiative), es_val_i(occasion),
                             es_val_i(ticket), es_val_limit(max)),
                     &SHOWN, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_ticket_door_put(struct es_txn *tx,
                                    const struct es_ticket_door *d,
                                    struct es_err *e)
{
    int64_t others;
    enum es_code rc = es_db_i64(tx->db, ES_Q_TICKET_DOOR_COUNT,
                                ES_VALS(es_val_i(d->initiative),
                                        es_val_i(d->occasion), es_val_i(d->id)),
                                &others, e);
    if (rc == ES_OK && others >= ES_TICKET_DOORS)
        rc = es_fail(e, ES_ETOOLARGE, 0, "as many doors as there may be");
    if (rc != ES_OK)
        return rc;
    return es_db_run(tx->db, ES_Q_TICKET_DOOR_PUT,
                     ES_VALS(es_val_i(d->initiative), es_val_i(d->occasion),
                             es_val_i(d->id), es_val_t(d->name),
                             es_val_i(d->account), es_val_i(d->seen_ms)),
                     e);
}

enum es_code es_store_ticket_doors(struct es_store *s, int64_t initiative,
                                   int64_t occasion, struct es_arena *a,
                                   struct es_ticket_door **out, size_t *n,
                                   struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_TICKET_DOORS,
                     ES_VALS(es_val_i(initiative), es_val_i(occasion),
                             es_val_limit(ES_TICKET_DOORS)),
                     &DOOR, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}
