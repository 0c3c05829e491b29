/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registering a group whose list was read, and its links. */
#include "base/limits.h"
#include "i18n/i18n.h"
#include "initiative/group.h"
#include "initiative/group_int.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "initiative/stage.h"
#include "initiative/teams.h"
#include "initiative/watched.h"
#include "store/people.h"
#include "store/signin.h"

#include <string.h>

/* People of one write: some milliseconds. */
enum { STEP = 50, STEP_ARENA = 8 << 20, BEGIN_ARENA = 32 << 20 };

/* ---- the group itself ---- */

static enum es_code add_group(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_group_add(tx, arg, e);
}

static enum es_code set_team(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct es_group *g = arg;
    (void)blob;
    return es_txn_group_team(tx, g->initiative, g->id, g->team, e);
}

static enum es_code make_team(struct es_group_check *c, struct es_arena *a,
                              struct es_field_errors *errors, struct es_err *e)
{
    struct es_team team;
    const struct es_team_want want = { .name = c->name };
    enum es_code rc = es_team_make(c->app, c->ini, &want, a, &team, errors, e);
    if (rc != ES_OK)
        return rc;
    c->group.team = team.id;
    return es_store_write(
        c->app->store,
        &(struct es_write){ .apply = set_team, .arg = &c->group }, e);
}

/* The group of this name, made where there is none. */
static enum es_code have_group(struct es_group_check *c, struct es_arena *a,
                               struct es_field_errors *errors, struct es_err *e)
{
    struct es_group g = { .initiative = c->ini->id,
                          .id = es_id_new(),
                          .name = c->name,
                          .key = c->key,
                          .account = c->ask->account,
                          .at_ms = c->now_ms };
    enum es_code rc = ES_OK;
    if (!c->group.id) {
        rc = es_store_write(c->app->store,
                            &(struct es_write){ .apply = add_group, .arg = &g },
                            e);
        if (rc == ES_OK)
            c->group = g;
        else if (rc == ES_EEXIST) /* by the same form, a moment ago */
            rc = es_store_group_by_key(c->app->store, c->ini->id, c->key, a,
                                       &c->group, e);
    }
    if (rc == ES_OK && c->ask->as_team && !c->group.team)
        rc = make_team(c, a, errors, e);
    return rc;
}

/* ---- its people ---- */

struct person {
    struct es_participant p;
    uint8_t line[ES_GROUP_LINE];
    struct es_report watched; /* id 0: nothing in the name is */
    enum { NEW, THERE, FULL } what;
};

struct step {
    const struct es_group_check *c;
    int64_t places;
    struct person v[STEP];
    size_t n;
};

/* Whether there is a place, or one to wait for. */
static enum es_code any_room(struct es_txn *tx, const struct step *s, bool *out,
                             struct es_err *e)
{
    int64_t ini = s->c->ini->id;
    int64_t placed = 0;
    int64_t waits = 0;
    enum es_code rc = es_txn_count_add(tx, ini, "placed", 0, &placed, e);
    if (rc == ES_OK)
        rc = es_txn_count_add(tx, ini, "waiting", 0, &waits, e);
    *out = s->places == 0 || placed < s->places ||
           (s->c->settings.waiting && waits < ES_WAITING_MAX);
    return rc;
}

static enum es_code add_person(struct es_txn *tx, const struct step *s,
                               struct person *x, struct es_err *e)
{
    int64_t ini = s->c->ini->id;
    int64_t list = s->c->group.id;
    int64_t who;
    bool room = false;
    x->what = THERE;
    enum es_code rc = es_txn_group_line(tx, ini, list, x->line, &who, e);
    if (rc != ES_ENOENT)
        return rc;
    x->what = FULL;
    rc = any_room(tx, s, &room, e);
    if (rc != ES_OK || !room)
        return rc;
    x->what = NEW;
    rc = es_place_take(tx, &x->p, s->places, s->c->settings.waiting, e);
    if (rc == ES_OK)
        rc = es_txn_participant_add(tx, &x->p, &x->p.bib, e);
    if (rc == ES_OK)
        rc = es_names_put(tx, &x->p, e);
    if (rc == ES_OK)
        rc = es_txn_group_person_add(tx, ini, list, x->p.id, x->line, e);
    if (rc == ES_OK && x->watched.id)
        rc = es_txn_report_add(tx, &x->watched, e);
    return rc;
}

static enum es_code step_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct step *s = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < s->n; i++)
        rc = add_person(tx, s, &s->v[i], e);
    return rc;
}

static void step_done(void *arg)
{
    const struct step *s = arg;
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].what == NEW)
            es_person_placed(s->c->app, &s->v[i].p);
}

/* One good line as the row that is to be; *good: it still is one. */
static enum es_code prepare(const struct es_group_check *c,
                            const struct es_group_line *l, struct es_arena *a,
                            struct person *x, bool *good, struct es_err *e)
{
    struct es_field_errors fe;
    *x = (struct person){ .what = NEW };
    x->p.id = es_id_new();
    memcpy(x->line, l->hash, sizeof x->line);
    enum es_code rc = es_group_entry(c, l, a, &x->p, &fe, e);
    *good = rc == ES_OK && fe.n == 0;
    if (*good)
        rc = es_watched_report(c->app, &x->p, a, &x->watched, e);
    return rc;
}

static void count(const struct step *s, struct es_group_done *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct person *x = &s->v[i];
        bool waits = x->p.state == ES_PERSON_WAITS;
        out->there += x->what == THERE;
        out->full += x->what == FULL;
        out->in += x->what == NEW && !waits;
        out->waits += x->what == NEW && waits;
    }
}

/* The next lines from *at on, STEP of them at most. */
static enum es_code some(struct es_group_check *c,
                         const struct es_group_list *list, size_t *at,
                         struct es_group_done *out, struct es_err *e)
{
    struct es_arena a;
    enum es_code rc = ES_OK;
    es_arena_init(&a, STEP_ARENA);
    struct step *s = es_arena_alloc(&a, sizeof *s);
    if (!s)
        rc = es_fail(e, ES_ENOMEM, 0, "a group");
    else
        s->c = c;
    if (rc == ES_OK)
        s->places = es_settings_places(&c->settings, c->ini);
    for (; rc == ES_OK && s->n < STEP && *at < list->n; ++*at) {
        bool good = false;
        if (list->v[*at].state != ES_LINE_GOOD)
            continue;
        rc = prepare(c, &list->v[*at], &a, &s->v[s->n], &good, e);
        s->n += good;
        out->wrong += rc == ES_OK && !good;
    }
    if (rc == ES_OK && s->n)
        rc = es_store_write(c->app->store,
                            &(struct es_write){ .apply = step_apply,
                                                .committed = step_done,
                                                .arg = s },
                            e);
    if (rc == ES_OK)
        count(s, out);
    es_arena_release(&a);
    return rc;
}

enum es_code es_group_register(struct es_app *app,
                               const struct es_initiative *ini,
                               const struct es_group_ask *ask,
                               const struct es_group_list *list,
                               struct es_group_done *out,
                               struct es_field_errors *errors, struct es_err *e)
{
    struct es_arena a;
    struct es_group_check c = { .app = app, .ini = ini, .ask = ask };
    struct es_group_done done = { .there = (int64_t)list->n_there };
    errors->n = 0;
    if (!es_stage_registers(ini, es_time_now_ms()) || ini->suspended_ms)
        return es_fail(e, ES_EDENIED, 0, "registration is closed");
    es_arena_init(&a, BEGIN_ARENA);
    enum es_code rc = es_group_begin(&c, &a, errors, e);
    if (rc == ES_OK)
        rc = have_group(&c, &a, errors, e);
    for (size_t at = 0; rc == ES_OK && at < list->n;)
        rc = some(&c, list, &at, &done, e);
    done.group = c.group.id;
    es_arena_release(&a);
    if (rc == ES_OK)
        *out = done;
    return rc;
}

/* ---- links ---- */

struct linking {
    const struct es_participant *v;
    size_t n;
    struct es_group_link *out;
    struct es_credential c[STEP];
};

static enum es_code link_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct linking *k = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < k->n; i++) {
        if (!*k->out[i].secret)
            continue;
        rc = es_txn_credentials_end(tx, k->v[i].initiative, k->v[i].id,
                                    ES_CRED_LINK, 0, e);
        if (rc == ES_OK)
            rc = es_txn_credential_add(tx, &k->c[i], e);
    }
    return rc;
}

/* Who is there and has never come in: their page is open on no device. */
static enum es_code needs_link(struct es_app *app,
                               const struct es_participant *p, bool *out,
                               struct es_err *e)
{
    struct es_arena a;
    struct es_credential *sessions;
    struct es_passkey *keys;
    size_t n = 0;
    size_t n_keys = 0;
    es_arena_init(&a, 1 << 20);
    enum es_code rc =
        es_store_credentials_of(app->store, p->initiative, p->id,
                                ES_CRED_SESSION, 0, &a, &sessions, &n, e);
    if (rc == ES_OK)
        rc = es_store_passkeys_of(app->store, p->initiative, p->id, &a, &keys,
                                  &n_keys, e);
    es_arena_release(&a);
    *out = p->state != ES_PERSON_GONE && n == 0 && n_keys == 0;
    return rc;
}

static enum es_code link_some(struct es_app *app, struct linking *k,
                              struct es_err *e)
{
    enum es_code rc = ES_OK;
    bool any = false;
    for (size_t i = 0; rc == ES_OK && i < k->n; i++) {
        bool needs = false;
        k->out[i].secret[0] = '\0';
        rc = needs_link(app, &k->v[i], &needs, e);
        if (rc != ES_OK || !needs)
            continue;
        any = true;
        k->c[i] = (struct es_credential){ .kind = ES_CRED_LINK,
                                          .initiative = k->v[i].initiative,
                                          .subject = k->v[i].id,
                                          .created_ms = es_time_now_ms(),
                                          .id = es_id_new() };
        es_secret_new(k->out[i].secret, k->c[i].hash);
    }
    return rc == ES_OK && any
               ? es_store_write(
                     app->store,
                     &(struct es_write){ .apply = link_apply, .arg = k }, e)
               : rc;
}

enum es_code es_group_links(struct es_app *app, const struct es_participant *v,
                            size_t n, struct es_group_link *out,
                            struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t at = 0; rc == ES_OK && at < n; at += STEP) {
        struct linking k = { .v = v + at,
                             .n = n - at < STEP ? n - at : STEP,
                             .out = out + at };
        rc = link_some(app, &k, e);
    }
    return rc;
}
