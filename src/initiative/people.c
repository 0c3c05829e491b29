/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/people.h"

#include "base/limits.h"
#include "base/log.h"
#include "initiative/boards.h"
#include "initiative/entry.h"
#include "initiative/names.h"
#include "initiative/watched.h"
#include "store/people.h"
#include "store/signin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FILL_STEP = 50, FILL_STEPS = 2000, SCRATCH = 256 << 10 };

/* ---- places ---- */

struct filling {
    struct es_app *app;
    int64_t initiative, places;
    struct es_arena *a;
    struct es_participant v[FILL_STEP];
    size_t n;
};

static enum es_code tell(struct es_txn *tx, const struct es_participant *p,
                         const char *what, struct es_err *e)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%" PRId64, p->id);
    return es_txn_outbox_add(tx, p->initiative, what, es_bytes_str(id), e);
}

/* The next of those who wait, if there is a place for them. */
static enum es_code fill_one(struct es_txn *tx, struct filling *f, bool *more,
                             struct es_err *e)
{
    struct es_participant *p = &f->v[f->n];
    int64_t placed;
    *more = false;
    enum es_code rc =
        es_txn_count_add(tx, f->initiative, "placed", 0, &placed, e);
    if (rc != ES_OK || (f->places && placed >= f->places))
        return rc;
    rc = es_txn_waiting_first(tx, f->initiative, f->a, p, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    p->state = ES_PERSON_IN;
    rc = es_txn_participant_put(tx, p, e);
    if (rc == ES_OK)
        rc = es_txn_count_add(tx, f->initiative, "placed", 1, NULL, e);
    if (rc == ES_OK)
        rc = es_txn_count_add(tx, f->initiative, "waiting", -1, NULL, e);
    if (rc == ES_OK)
        rc = *p->email ? tell(tx, p, "placed", e) : ES_OK;
    *more = rc == ES_OK;
    return rc;
}

static enum es_code fill_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct filling *f = arg;
    bool more = true;
    enum es_code rc = ES_OK;
    (void)blob;
    f->n = 0;
    while (f->n < FILL_STEP) {
        rc = fill_one(tx, f, &more, e);
        if (rc != ES_OK || !more)
            break;
        f->n++;
    }
    return rc;
}

static void fill_done(void *arg)
{
    const struct filling *f = arg;
    for (size_t i = 0; i < f->n; i++)
        es_person_placed(f->app, &f->v[i]);
}

enum es_code es_people_move_up(struct es_app *app, int64_t initiative,
                               struct es_arena *a, struct es_moved *out,
                               struct es_err *e)
{
    struct es_settings s;
    struct es_initiative ini;
    struct filling f = { .app = app, .initiative = initiative, .a = a };
    out->n = 0;
    out->all = 0;
    enum es_code rc = es_settings_of(app->store, initiative, &s, NULL, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(app->store, initiative, a, &ini, e);
    if (rc == ES_OK)
        f.places = es_settings_places(&s, &ini);
    for (int k = 0; rc == ES_OK && k < FILL_STEPS; k++) {
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = fill_apply,
                                                .committed = fill_done,
                                                .arg = &f },
                            e);
        for (size_t i = 0; rc == ES_OK && i < f.n; i++, out->all++)
            if (out->n < ES_MOVED_MAX)
                out->v[out->n++] = f.v[i];
        if (rc == ES_OK && f.n < FILL_STEP)
            break;
    }
    return rc;
}

/* ---- changes ---- */

struct editing {
    struct es_app *app;
    const struct es_person_edit *c;
    struct es_arena *a;
    struct es_participant p; /* as it is then */
};

static enum es_code edit_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct editing *d = arg;
    const struct es_person_edit *c = d->c;
    (void)blob;
    enum es_code rc =
        es_txn_participant(tx, c->initiative, c->person, d->a, &d->p, e);
    if (rc == ES_OK && d->p.state == ES_PERSON_GONE)
        rc = es_fail(e, ES_ENOENT, 0, "they are gone");
    if (rc == ES_OK)
        rc = c->fn(tx, &d->p, c->arg, e);
    if (rc == ES_OK)
        rc = es_txn_participant_put(tx, &d->p, e);
    if (rc == ES_OK)
        rc = es_txn_words_drop(tx, c->initiative, c->person, e);
    if (rc == ES_OK)
        rc = es_names_put(tx, &d->p, e);
    if (rc == ES_OK && c->decision)
        rc = es_txn_decision_add(tx, c->decision, e);
    if (rc == ES_OK && c->watched && c->watched->id)
        rc = es_txn_report_add(tx, c->watched, e);
    return rc;
}

void es_person_stands(struct es_app *app, const struct es_participant *p)
{
    struct es_err e = { 0 };
    if (es_boards_change(app->boards, app->store, p, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.change", "%s", e.msg);
    es_app_timed_anew(app, p->initiative, p->id);
}

static void edit_done(void *arg)
{
    const struct editing *d = arg;
    if (d->p.state == ES_PERSON_IN)
        es_person_stands(d->app, &d->p);
}

enum es_code es_person_edit(struct es_app *app, const struct es_person_edit *c,
                            struct es_arena *a, struct es_participant *out,
                            struct es_err *e)
{
    struct editing d = { .app = app, .c = c, .a = a };
    enum es_code rc = es_store_write(app->store,
                                     &(struct es_write){ .apply = edit_apply,
                                                         .committed = edit_done,
                                                         .arg = &d },
                                     e);
    if (rc == ES_OK)
        *out = d.p;
    return rc;
}

/* A captain who goes leaves the team without one. */
static enum es_code leave_team(struct es_txn *tx,
                               const struct es_participant *p, struct es_err *e)
{
    struct es_team t;
    struct es_arena a;
    es_arena_init(&a, SCRATCH);
    enum es_code rc = p->team
                          ? es_txn_team(tx, p->initiative, p->team, &a, &t, e)
                          : ES_ENOENT;
    if (rc == ES_OK && t.captain == p->id) {
        t.captain = 0;
        rc = es_txn_team_put(tx, &t, e);
    }
    es_arena_release(&a);
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* What they gave, over what stands; the rest of the row is others'. */
static enum es_code given(struct es_txn *tx, struct es_participant *p,
                          void *arg, struct es_err *e)
{
    struct es_participant now = *(const struct es_participant *)arg;
    if (now.team != p->team) {
        enum es_code rc = leave_team(tx, p, e);
        if (rc != ES_OK)
            return rc;
    }
    now.bib = p->bib;
    now.created_ms = p->created_ms;
    now.state = p->state;
    now.visibility &= ~ES_VIS_STAFF;
    now.visibility |= p->visibility & ES_VIS_STAFF;
    if (now.guardian == ES_GUARDIAN_ASKED &&
        strcmp(now.guardian_contact, p->guardian_contact) == 0)
        now.guardian = p->guardian;
    enum es_code rc = es_guardian_ask(tx, &now, p, e);
    *p = now;
    return rc;
}

enum es_code es_person_change(struct es_app *app,
                              const struct es_initiative *ini,
                              const struct es_participant *p,
                              const struct es_join *in, struct es_arena *a,
                              struct es_participant *out,
                              struct es_field_errors *errors, struct es_err *e)
{
    struct es_settings settings;
    struct es_rules rules;
    struct es_report watched = { 0 };
    struct es_participant now = { .initiative = p->initiative, .id = p->id };
    struct es_entry n = { .app = app,
                          .ini = ini,
                          .rules = &rules,
                          .asked = &settings,
                          .in = in,
                          .was = p,
                          .now_ms = es_time_now_ms(),
                          .a = a,
                          .errors = errors,
                          .p = &now };
    errors->n = 0;
    enum es_code rc = es_settings_of(app->store, ini->id, &settings, NULL, e);
    if (rc == ES_OK)
        rc = es_rules_read(ini->rules, &rules, e);
    if (rc == ES_OK)
        rc = es_entry_check(&n, e);
    if (rc != ES_OK)
        return rc;
    if (errors->n > 0)
        return es_fail(e, ES_EINVAL, 0, "%s: %s", errors->v[0].field,
                       errors->v[0].code);
    if (strcmp(now.display_name, p->display_name) != 0)
        rc = es_watched_report(app, &now, a, &watched, e);
    struct es_person_edit c = { .initiative = ini->id,
                                .person = p->id,
                                .fn = given,
                                .arg = &now,
                                .watched = &watched };
    return rc == ES_OK ? es_person_edit(app, &c, a, out, e) : rc;
}

/* ---- by others ---- */

static enum es_code edit(struct es_app *app, const struct es_person_edit *c,
                         struct es_err *e)
{
    struct es_participant out;
    struct es_arena a;
    es_arena_init(&a, SCRATCH);
    enum es_code rc = es_person_edit(app, c, &a, &out, e);
    es_arena_release(&a);
    return rc;
}

struct moving {
    int64_t from, to;
};

static enum es_code move(struct es_txn *tx, struct es_participant *p, void *arg,
                         struct es_err *e)
{
    const struct moving *m = arg;
    struct es_team t;
    struct es_arena a;
    if (m->from >= 0 && p->team != m->from)
        return es_fail(e, ES_ECONFLICT, 0, "in another team by now");
    if (p->team == m->to)
        return ES_OK;
    es_arena_init(&a, SCRATCH);
    enum es_code rc =
        m->to ? es_txn_team(tx, p->initiative, m->to, &a, &t, e) : ES_OK;
    es_arena_release(&a);
    if (rc == ES_OK)
        rc = leave_team(tx, p, e);
    p->team = m->to;
    return rc;
}

enum es_code es_person_team(struct es_app *app, int64_t initiative,
                            int64_t person, int64_t from, int64_t team,
                            struct es_err *e)
{
    struct moving m = { from, team };
    struct es_person_edit c = {
        .initiative = initiative, .person = person, .fn = move, .arg = &m
    };
    return edit(app, &c, e);
}

static enum es_code hide(struct es_txn *tx, struct es_participant *p, void *arg,
                         struct es_err *e)
{
    const bool *hidden = arg;
    (void)tx;
    if (*hidden == ((p->visibility & ES_VIS_STAFF) != 0))
        return es_fail(e, ES_ECONFLICT, 0, "the name is so already");
    p->visibility ^= ES_VIS_STAFF;
    return ES_OK;
}

enum es_code es_person_hide(struct es_app *app, int64_t account,
                            const struct es_participant *p, bool hidden,
                            const char *why, struct es_err *e)
{
    struct es_decision d = {
        .initiative = p->initiative,
        .id = es_id_new(),
        .account = account,
        .what = hidden ? "name.hidden" : "name.shown",
        .which = p->id,
        .about = p->display_name,
        .why = why,
        .at_ms = es_time_now_ms(),
    };
    struct es_person_edit c = { .initiative = p->initiative,
                                .person = p->id,
                                .fn = hide,
                                .arg = &hidden,
                                .decision = &d };
    return edit(app, &c, e);
}

enum es_code es_guardian_ask(struct es_txn *tx, const struct es_participant *p,
                             const struct es_participant *was, struct es_err *e)
{
    bool same = was && was->guardian == ES_GUARDIAN_ASKED &&
                strcmp(was->guardian_contact, p->guardian_contact) == 0;
    return p->guardian == ES_GUARDIAN_ASKED && !same
               ? tell(tx, p, "guardian", e)
               : ES_OK;
}

static enum es_code agreed(struct es_txn *tx, struct es_participant *p,
                           void *arg, struct es_err *e)
{
    (void)tx;
    (void)arg;
    if (p->guardian != ES_GUARDIAN_ASKED)
        return es_fail(e, ES_ECONFLICT, 0, "nobody waits for it");
    p->guardian = ES_GUARDIAN_AGREED;
    return ES_OK;
}

enum es_code es_guardian_agreed(struct es_app *app, int64_t initiative,
                                int64_t person, struct es_err *e)
{
    struct es_person_edit c = { .initiative = initiative,
                                .person = person,
                                .fn = agreed };
    return edit(app, &c, e);
}

/* ---- another link ---- */

static enum es_code link_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    static const int32_t ENDS[] = { ES_CRED_LINK, ES_CRED_TOKEN,
                                    ES_CRED_SESSION };
    const struct es_credential *c = arg;
    struct es_participant p;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, SCRATCH);
    enum es_code rc =
        es_txn_participant(tx, c->initiative, c->subject, &a, &p, e);
    if (rc == ES_OK && p.state == ES_PERSON_GONE)
        rc = es_fail(e, ES_ENOENT, 0, "they are gone");
    es_arena_release(&a);
    for (size_t i = 0; rc == ES_OK && i < sizeof ENDS / sizeof *ENDS; i++)
        rc = es_txn_credentials_end(tx, c->initiative, c->subject, ENDS[i], 0,
                                    e);
    return rc == ES_OK ? es_txn_credential_add(tx, c, e) : rc;
}

enum es_code es_person_link(struct es_app *app, int64_t initiative,
                            int64_t person, char link[ES_SECRET_TEXT],
                            struct es_err *e)
{
    char secret[ES_SECRET_TEXT];
    struct es_credential c = {
        .kind = ES_CRED_LINK,
        .initiative = initiative,
        .subject = person,
        .created_ms = es_time_now_ms(),
        .id = es_id_new(),
    };
    es_secret_new(secret, c.hash);
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = link_apply, .arg = &c }, e);
    if (rc == ES_OK)
        memcpy(link, secret, sizeof secret);
    return rc;
}
