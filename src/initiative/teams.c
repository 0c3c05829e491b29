/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/teams.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/people.h"
#include "initiative/reserved.h"
#include "store/people.h"

#include <math.h>
#include <string.h>

/* A code is read out to a class: six letters or digits, guessed by nobody at
 * the rate at which people may register. */
enum { CODE_BITS = 30, CODE_TEXT = 8 };

/* A name that is seen, has room, and is taken for nobody else's. */
static enum es_code take_name(struct es_app *app,
                              const struct es_initiative *ini,
                              const char *given, const char *was,
                              struct es_arena *a, const char **out,
                              struct es_field_errors *fe, struct es_err *e)
{
    struct es_buf b;
    bool reserved = false;
    es_buf_init(&b, ES_FORM_MAX * 3);
    bool ok = es_text_name(&b, es_bytes_str(given ? given : ""));
    const char *name = ok ? es_arena_str(a, es_buf_cstr(&b)) : NULL;
    es_buf_release(&b);
    if (!name)
        return es_fail(e, ES_ENOMEM, 0, "a name");
    *out = name;
    if (strcmp(name, was) == 0)
        return ES_OK;
    if (es_utf8_count(es_bytes_str(name)) > ES_NAME_MAX)
        es_field_errors_add(fe, "name", "too_long", ES_NAME_MAX);
    else if (es_text_columns(name) > ES_NAME_COLUMNS)
        es_field_errors_add(fe, "name", "too_wide", NAN);
    else if (!es_text_visible(es_bytes_str(name)))
        es_field_errors_add(fe, "name", "required", NAN);
    if (fe->n)
        return ES_OK;
    enum es_code rc = es_name_reserved(app, ini, 0, name, a, &reserved, e);
    if (rc == ES_OK && reserved)
        es_field_errors_add(fe, "name", "taken", NAN);
    return rc;
}

static enum es_code refused(const struct es_field_errors *fe, struct es_err *e)
{
    return es_fail(e, ES_EINVAL, 0, "%s: %s", fe->v[0].field, fe->v[0].code);
}

static bool new_code(struct es_team *t, struct es_arena *a)
{
    char code[CODE_TEXT];
    es_random_code(code, sizeof code, CODE_BITS);
    t->code = es_arena_str(a, code);
    return t->code != NULL;
}

struct making {
    struct es_app *app;
    struct es_arena *a;
    struct es_team t;
    struct es_participant captain;
};

static void stands(struct es_app *app, const struct es_team *t)
{
    struct es_err e = { 0 };
    struct es_standings *s = es_app_standings(app, t->initiative);
    if (!s || es_standings_team(s, t->id, t->name, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.team", "%s", e.msg);
}

/* Another's captain leaves that team without one. */
static enum es_code captain_in(struct es_txn *tx, struct making *m,
                               struct es_err *e)
{
    struct es_participant *p = &m->captain;
    struct es_team before;
    enum es_code rc =
        es_txn_participant(tx, m->t.initiative, m->t.captain, m->a, p, e);
    if (rc == ES_OK && p->state == ES_PERSON_GONE)
        rc = es_fail(e, ES_ENOENT, 0, "they are gone");
    if (rc == ES_OK && p->team) {
        rc = es_txn_team(tx, m->t.initiative, p->team, m->a, &before, e);
        if (rc == ES_OK && before.captain == p->id) {
            before.captain = 0;
            rc = es_txn_team_put(tx, &before, e);
        }
    }
    if (rc != ES_OK)
        return rc;
    p->team = m->t.id;
    return es_txn_participant_put(tx, p, e);
}

static enum es_code making_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct making *m = arg;
    (void)blob;
    enum es_code rc = es_txn_team_add(tx, &m->t, e);
    return rc == ES_OK && m->t.captain ? captain_in(tx, m, e) : rc;
}

static void making_done(void *arg)
{
    const struct making *m = arg;
    stands(m->app, &m->t);
    if (m->t.captain && m->captain.state == ES_PERSON_IN)
        es_person_stands(m->app, &m->captain);
}

enum es_code es_team_make(struct es_app *app, const struct es_initiative *ini,
                          const struct es_team_want *want, struct es_arena *a,
                          struct es_team *out, struct es_field_errors *errors,
                          struct es_err *e)
{
    struct es_team *all;
    size_t n;
    struct making m = { .app = app,
                        .a = a,
                        .t = { .initiative = ini->id,
                               .id = es_id_new(),
                               .open = want->open,
                               .captain = want->captain } };
    errors->n = 0;
    enum es_code rc = es_store_teams(app->store, ini->id, a, &all, &n, e);
    if (rc == ES_OK && n >= ES_TEAMS_MAX)
        rc = es_fail(e, ES_ETOOLARGE, 0, "no more teams");
    if (rc == ES_OK)
        rc = take_name(app, ini, want->name, "", a, &m.t.name, errors, e);
    if (rc == ES_OK && errors->n)
        return refused(errors, e);
    if (rc == ES_OK && !new_code(&m.t, a))
        rc = es_fail(e, ES_ENOMEM, 0, "a code");
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = making_apply,
                                                .committed = making_done,
                                                .arg = &m },
                            e);
    if (rc == ES_OK)
        *out = m.t;
    return rc;
}

struct changing {
    struct es_app *app;
    struct es_arena *a;
    int64_t by;
    bool stranger; /* the captain that was named is no member */
    const struct es_team_want *want;
    struct es_team t;
};

static enum es_code changing_apply(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    struct changing *c = arg;
    struct es_team was;
    struct es_participant p;
    (void)blob;
    enum es_code rc = es_txn_team(tx, c->t.initiative, c->t.id, c->a, &was, e);
    if (rc == ES_OK && c->by && was.captain != c->by)
        rc = es_fail(e, ES_EDENIED, 0, "another is captain");
    if (rc == ES_OK && c->want->captain) {
        rc = es_txn_participant(tx, c->t.initiative, c->want->captain, c->a, &p,
                                e);
        c->stranger = rc == ES_ENOENT || (rc == ES_OK && p.team != c->t.id);
        if (c->stranger)
            rc = es_fail(e, ES_EINVAL, 0, "captain");
    }
    if (rc != ES_OK)
        return rc;
    if (!c->want->new_code)
        c->t.code = was.code;
    return es_txn_team_put(tx, &c->t, e);
}

static void changing_done(void *arg)
{
    const struct changing *c = arg;
    stands(c->app, &c->t);
}

enum es_code es_team_change(struct es_app *app, const struct es_initiative *ini,
                            int64_t team, int64_t by,
                            const struct es_team_want *want, struct es_arena *a,
                            struct es_team *out, struct es_field_errors *errors,
                            struct es_err *e)
{
    struct changing c = { .app = app, .a = a, .by = by, .want = want };
    errors->n = 0;
    enum es_code rc = es_store_team(app->store, ini->id, team, a, &c.t, e);
    if (rc == ES_OK)
        rc = take_name(app, ini, want->name, c.t.name, a, &c.t.name, errors, e);
    if (rc == ES_OK && errors->n)
        return refused(errors, e);
    c.t.open = want->open;
    c.t.captain = want->captain;
    if (rc == ES_OK && want->new_code && !new_code(&c.t, a))
        rc = es_fail(e, ES_ENOMEM, 0, "a code");
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = changing_apply,
                                                .committed = changing_done,
                                                .arg = &c },
                            e);
    if (c.stranger)
        es_field_errors_add(errors, "captain", "unknown", NAN);
    if (rc == ES_OK)
        *out = c.t;
    return rc;
}
