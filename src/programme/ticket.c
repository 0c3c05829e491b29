/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/ticket.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const int64_t DAY_MS = 86400000;

/* ---- what there is to register for ---- */

enum es_code es_ticketing_of(struct es_app *app, int64_t initiative,
                             int64_t occasion, struct es_arena *a,
                             struct es_ticketing *out,
                             struct es_ticket_choices *choices,
                             struct es_err *e)
{
    struct es_ticketing t;
    enum es_code rc =
        es_store_ticketing(app->store, initiative, occasion, a, &t, e);
    if (rc == ES_OK) {
        rc = es_ticket_choices_read(t.choices, a, choices, e);
        if (rc == ES_OK)
            *out = t;
        return rc;
    }
    if (rc != ES_ENOENT)
        return rc;
    *out = (struct es_ticketing){ .initiative = initiative,
                                  .occasion = occasion,
                                  .waiting = true,
                                  .keep_days = ES_TICKETING_KEEP_DAYS,
                                  .choices = "" };
    *choices = es_ticket_choices_default();
    return ES_OK;
}

int64_t es_ticketing_closes(const struct es_ticketing *t,
                            const struct es_occasion *o)
{
    return t->closes_ms && t->closes_ms < o->ends_ms ? t->closes_ms
                                                     : o->ends_ms;
}

enum es_ticketing_now es_ticketing_now(const struct es_ticketing *t,
                                       const struct es_occasion *o,
                                       int64_t now_ms)
{
    if (!t->open || o->state == ES_OCCASION_DRAFT)
        return ES_TICKETING_NONE;
    if (o->state == ES_OCCASION_OFF || now_ms >= es_ticketing_closes(t, o))
        return ES_TICKETING_CLOSED;
    int64_t all = t->placed + t->waits;
    if (all < ES_TICKETS_MAX && (t->places == 0 || t->placed < t->places))
        return ES_TICKETING_OPEN;
    return all < ES_TICKETS_MAX && t->waiting ? ES_TICKETING_LIST
                                              : ES_TICKETING_FULL;
}

/* ---- moving up ---- */

/* Who hears of it is found in the outbox by notify/. */
static enum es_code announce(struct es_txn *tx, int64_t initiative,
                             const char *what, int64_t ticket, struct es_err *e)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%" PRId64, ticket);
    return es_txn_outbox_add(tx, initiative, what, es_bytes_str(id), e);
}

/* Free places to those who wait, who waits longest first. */
static enum es_code rise(struct es_txn *tx, const struct es_occasion *o,
                         int64_t now_ms, size_t *n, struct es_err *e)
{
    enum es_code rc =
        now_ms < o->ends_ms && o->state != ES_OCCASION_OFF ? ES_OK : ES_ENOENT;
    while (rc == ES_OK) {
        int64_t id;
        rc = es_txn_ticket_rise(tx, o->initiative, o->id, now_ms, &id, e);
        if (rc == ES_OK)
            rc = announce(tx, o->initiative, "ticket_placed", id, e);
        *n += rc == ES_OK;
    }
    return rc == ES_ENOENT ? ES_OK : rc;
}

struct saving {
    struct es_ticketing *t;
    const struct es_occasion *o;
    int64_t now_ms;
    size_t rose;
};

static enum es_code save(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct saving *s = arg;
    (void)blob;
    s->rose = 0; /* it may be run again */
    enum es_code rc = es_txn_ticketing_put(tx, s->t, e);
    return rc == ES_OK ? rise(tx, s->o, s->now_ms, &s->rose, e) : rc;
}

static void check_ticketing(const struct es_ticketing *t,
                            const struct es_ticket_choices *c,
                            struct es_field_errors *fe)
{
    if (t->places < 0 || t->places > ES_TICKETS_MAX)
        es_field_errors_add(fe, "places", "number", ES_TICKETS_MAX);
    if (t->keep_days < 0 || t->keep_days > ES_TICKET_KEEP_DAYS)
        es_field_errors_add(fe, "keep_days", "number", ES_TICKET_KEEP_DAYS);
    if (c->n == 0)
        es_field_errors_add(fe, "choices", "required", NAN);
    for (size_t i = 0; i < c->n; i++)
        if (es_utf8_count(es_bytes_str(c->v[i].name)) > ES_TICKET_LABEL)
            es_field_errors_add(fe, "choices", "too_long", ES_TICKET_LABEL);
}

enum es_code es_ticketing_save(struct es_app *app, struct es_ticketing *t,
                               const struct es_occasion *o,
                               const struct es_ticket_choices *choices,
                               struct es_arena *a, size_t *rose,
                               struct es_field_errors *fe, struct es_err *e)
{
    struct saving s = { .t = t, .o = o, .now_ms = es_time_now_ms() };
    struct es_buf json;
    check_ticketing(t, choices, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "registration");
    es_buf_init(&json, ES_FORM_MAX);
    es_ticket_choices_write(choices, &json);
    t->choices = json.bad ? NULL : es_arena_str(a, es_buf_cstr(&json));
    es_buf_release(&json);
    if (!t->choices)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    t->edited_ms = s.now_ms;
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = save, .arg = &s }, e);
    if (rc == ES_OK && rose)
        *rose = s.rose;
    return rc;
}

/* ---- registering ---- */

/* What came, on its way to a ticket. */
struct taking {
    struct es_app *app;
    const struct es_occasion *o;
    const struct es_ticket_ask *in;
    struct es_ticketing ing;
    struct es_ticket_choices choices;
    struct es_arena *a;
    struct es_field_errors *fe;
    struct es_ticket t;
};

static const char *or_none(const char *s)
{
    return s ? s : "";
}

/* As it is kept, and as it is searched. */
static enum es_code take_name(struct taking *k, struct es_err *e)
{
    const char *words[ES_NAME_WORDS];
    struct es_ticket *t = &k->t;
    size_t n = 0;
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX * 3);
    const char *name = es_text_name(&b, es_bytes_str(or_none(k->in->name)))
                           ? es_arena_str(k->a, es_buf_cstr(&b))
                           : NULL;
    es_buf_release(&b);
    if (!name || !es_text_words(k->a, name, words, ES_NAME_WORDS, &n))
        return es_fail(e, ES_ENOMEM, 0, "a name");
    if (es_utf8_count(es_bytes_str(name)) > ES_NAME_MAX)
        es_field_errors_add(k->fe, "name", "too_long", ES_NAME_MAX);
    else if (!es_text_visible(es_bytes_str(name)))
        es_field_errors_add(k->fe, "name", "required", NAN);
    t->name = name;
    t->words = "";
    for (size_t i = 0; t->words && i < n; i++)
        t->words = es_arena_fmt(k->a, "%s %s", t->words, words[i]);
    return t->words ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a name");
}

static enum es_code take_mail(struct taking *k, struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX * 3);
    es_text_clean(&b, es_bytes_str(or_none(k->in->mail)), false);
    const char *s = b.bad ? NULL : es_arena_str(k->a, es_buf_cstr(&b));
    es_buf_release(&b);
    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "a mail address");
    if (*s && (strlen(s) > ES_MAIL_MAX || !es_mail_ok(s)))
        es_field_errors_add(k->fe, "mail", "invalid", NAN);
    k->t.mail = s;
    return ES_OK;
}

static void take_affiliation(struct taking *k)
{
    const char *given = or_none(k->in->affiliation);
    int64_t id = 0;
    if (!*given && k->choices.n == 1)
        id = k->choices.v[0].id; /* there is nothing to choose */
    else if (!*given)
        es_field_errors_add(k->fe, "affiliation", "required", NAN);
    else if (!es_num_i64(es_bytes_str(given), 1, INT32_MAX, &id) ||
             !es_ticket_choices_have(&k->choices, (int32_t)id))
        es_field_errors_add(k->fe, "affiliation", "unknown", NAN);
    k->t.affiliation = (int32_t)id;
}

static enum es_code take(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct taking *k = arg;
    struct es_ticket *t = &k->t;
    struct es_ticket had;
    (void)blob;
    enum es_code rc = es_txn_ticket_once(tx, t->initiative, t->occasion,
                                         t->once, k->a, &had, e);
    if (rc == ES_OK && had.state != ES_TICKET_BACK) {
        *t = had;
        return ES_OK;
    }
    if (rc == ES_OK) /* they want one again after all */
        es_random_bytes(t->once, sizeof t->once);
    if (rc == ES_OK || rc == ES_ENOENT)
        rc = es_txn_ticket_add(tx, t, e);
    return rc == ES_OK ? announce(tx, t->initiative, "ticket", t->id, e) : rc;
}

/* What makes it known again: who goes back and enters somebody else registers
 * somebody else. */
static enum es_code mark(struct taking *k, struct es_err *e)
{
    struct es_ticket *t = &k->t;
    char code[ES_TICKET_CODE];
    t->id = es_id_new();
    es_ticket_code(k->app->key, t->initiative, t->id, code);
    es_ticket_code_hash(t->occasion, code, t->code);
    es_random_bytes(t->once, sizeof t->once);
    if (!*or_none(k->in->once))
        return ES_OK;
    const char *all =
        es_arena_fmt(k->a, "%s\n%s\n%s", k->in->once, t->name, t->mail);
    if (!all)
        return es_fail(e, ES_ENOMEM, 0, "a ticket");
    es_hash(es_bytes_str(all), t->once);
    return ES_OK;
}

static enum es_code fill(struct taking *k, struct es_err *e)
{
    const struct es_lang *l = es_lang_of(or_none(k->in->lang));
    k->t = (struct es_ticket){
        .initiative = k->o->initiative,
        .occasion = k->o->id,
        .lang = l ? l->tag : k->o->lang,
        .created_ms = es_time_now_ms(),
        .keep_until_ms = k->o->ends_ms + k->ing.keep_days * DAY_MS,
    };
    enum es_code rc = take_name(k, e);
    if (rc == ES_OK)
        rc = take_mail(k, e);
    if (rc != ES_OK)
        return rc;
    take_affiliation(k);
    if (!k->in->by_staff && strcmp(or_none(k->in->keep), "1") != 0)
        es_field_errors_add(k->fe, "keep", "required", NAN);
    return k->fe->n ? es_fail(e, ES_EINVAL, 0, "%s: %s", k->fe->v[0].field,
                              k->fe->v[0].code)
                    : mark(k, e);
}

enum es_code es_ticket_take(struct es_app *app, const struct es_occasion *o,
                            const struct es_ticket_ask *in, struct es_arena *a,
                            struct es_ticket *out, struct es_field_errors *fe,
                            struct es_err *e)
{
    struct taking k = { .app = app, .o = o, .in = in, .a = a, .fe = fe };
    enum es_code rc =
        es_ticketing_of(app, o->initiative, o->id, a, &k.ing, &k.choices, e);
    if (rc != ES_OK)
        return rc;
    enum es_ticketing_now now = es_ticketing_now(&k.ing, o, es_time_now_ms());
    if ((now == ES_TICKETING_NONE || now == ES_TICKETING_CLOSED) &&
        !(in->by_staff && k.ing.edition))
        return es_fail(e, ES_EDENIED, 0, "nobody may register now");
    rc = fill(&k, e);
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = take, .arg = &k }, e);
    if (rc == ES_OK)
        *out = k.t;
    return rc;
}

struct returning {
    const struct es_occasion *o;
    int64_t id, now_ms;
};

static enum es_code give_back(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct returning *r = arg;
    size_t rose = 0;
    (void)blob;
    enum es_code rc =
        es_txn_ticket_back(tx, r->o->initiative, r->id, r->now_ms, e);
    return rc == ES_OK ? rise(tx, r->o, r->now_ms, &rose, e) : rc;
}

enum es_code es_ticket_back(struct es_app *app, const struct es_occasion *o,
                            int64_t id, struct es_err *e)
{
    struct returning r = { o, id, es_time_now_ms() };
    return es_store_write(
        app->store, &(struct es_write){ .apply = give_back, .arg = &r }, e);
}

struct erasing {
    int64_t now_ms;
    size_t n;
};

static enum es_code erase(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    struct erasing *x = arg;
    (void)blob;
    return es_txn_tickets_erase(tx, x->now_ms, ES_TICKETS_TOLD, &x->n, e);
}

enum es_code es_tickets_erase(struct es_app *app, int64_t now_ms, size_t *n,
                              struct es_err *e)
{
    struct erasing x = { .now_ms = now_ms };
    size_t all = 0;
    enum es_code rc = ES_OK;
    do {
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = erase, .arg = &x }, e);
        all += rc == ES_OK ? x.n : 0;
    } while (rc == ES_OK && x.n == ES_TICKETS_TOLD);
    if (rc == ES_OK)
        *n = all;
    return rc;
}

/* ---- at the doors ---- */

struct telling {
    struct es_ticket_door door;
    struct es_door_shown *v;
    size_t n;
};

static enum es_code told(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct telling *t = arg;
    (void)blob;
    enum es_code rc = es_txn_ticket_door_put(tx, &t->door, e);
    for (size_t i = 0; rc == ES_OK && i < t->n; i++) {
        struct es_ticket_shown s = { .initiative = t->door.initiative,
                                     .occasion = t->door.occasion,
                                     .ticket = t->v[i].ticket,
                                     .at_ms = t->v[i].at_ms,
                                     .door = t->door.id,
                                     .got_ms = t->door.seen_ms };
        rc = es_txn_ticket_shown(tx, &s, e);
        t->v[i].known = rc == ES_OK;
        if (rc == ES_ENOENT)
            rc = ES_OK; /* the others are as good as before */
    }
    return rc;
}

enum es_code es_tickets_shown(struct es_app *app,
                              const struct es_ticket_door *door,
                              struct es_door_shown *v, size_t n,
                              struct es_err *e)
{
    struct telling t = { *door, v, n };
    if (n > ES_TICKETS_TOLD)
        return es_fail(e, ES_ETOOLARGE, 0, "too many at once");
    return es_store_write(app->store,
                          &(struct es_write){ .apply = told, .arg = &t }, e);
}
