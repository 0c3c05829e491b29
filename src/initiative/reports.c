/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/reports.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "initiative/face.h"
#include "initiative/names.h"
#include "store/accounts.h"
#include "store/statements.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of rows that one write or one look into the log reads. */
enum { SCRATCH = 2 << 20, LOOKED_AT = 50 };

static const char *const WRONG[] = { "identity", "insulting", "private",
                                     "child", "other" };

/* What the log of decisions calls each act. */
static const char *const DECIDED[ES_ACTS] = {
    [ES_ACT_KEEP] = "report.kept", [ES_ACT_HIDE] = "name.hidden",
    [ES_ACT_SHOW] = "name.shown",  [ES_ACT_TAKE] = "taken.down",
    [ES_ACT_PAUSE] = "suspended",
};

const char *es_wrong_at(size_t i)
{
    return i < sizeof WRONG / sizeof *WRONG ? WRONG[i] : NULL;
}

/* ---- reporting ---- */

static bool known(const char *wrong)
{
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (strcmp(wrong, WRONG[i]) == 0)
            return true;
    return false;
}

/* Cleaned, in the arena; too long is an error of that field. */
static const char *taken(struct es_arena *a, const char *field, const char *s,
                         size_t max, struct es_field_errors *fe)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(s), true);
    const char *out = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    if (es_utf8_count(es_buf_bytes(&b)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
    else if (!es_text_visible(es_buf_bytes(&b)))
        out = out ? "" : NULL;
    es_buf_release(&b);
    return out;
}

static enum es_code report_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct es_report *r = arg;
    struct es_report *same;
    struct es_arena a;
    size_t n;
    (void)blob;
    es_arena_init(&a, SCRATCH);
    enum es_code rc = es_txn_reports_open(tx, r->initiative, r->what, r->which,
                                          &a, &same, &n, e);
    if (rc == ES_OK && n >= ES_REPORTS_SAME)
        r->id = same[0].id;
    else if (rc == ES_OK)
        rc = es_txn_report_add(tx, r, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_report_add(struct es_app *app, const struct es_reporting *in,
                           struct es_arena *a, int64_t *id,
                           struct es_field_errors *fe, struct es_err *e)
{
    if (!known(in->wrong))
        es_field_errors_add(fe, "wrong", "required", NAN);
    const char *words = taken(a, "words", in->words, ES_REPORT_MAX, fe);
    const char *mail = taken(a, "mail", in->mail, ES_MAIL_MAX, fe);
    if (!words || !mail)
        return es_fail(e, ES_ENOMEM, 0, "report");
    if (*mail && !es_mail_ok(mail))
        es_field_errors_add(fe, "mail", "invalid", NAN);
    if (!*words && strcmp(in->wrong, "other") == 0)
        es_field_errors_add(fe, "words", "required", NAN);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "fields");
    struct es_report r = {
        .initiative = in->initiative,
        .id = es_id_new(),
        .what = in->what,
        .which = in->which,
        .shown = in->shown,
        .words = es_arena_fmt(a, "%s\n%s", in->wrong, words),
        .mail = mail,
        .lang = in->lang,
        .at_ms = es_time_now_ms(),
        .state = ES_REPORT_OPEN,
    };
    if (!r.words)
        return es_fail(e, ES_ENOMEM, 0, "report");
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = report_apply, .arg = &r }, e);
    if (rc == ES_OK)
        *id = r.id;
    return rc;
}

/* Numbers rise with time and the store lists by state: one look in each. */
enum es_code es_report_find(struct es_app *app, int64_t id, struct es_arena *a,
                            struct es_report *out, struct es_err *e)
{
    for (int32_t s = ES_REPORT_OPEN; s <= ES_REPORT_ACTED && id < INT64_MAX;
         s++) {
        struct es_report *v;
        size_t n;
        enum es_code rc =
            es_store_reports(app->store, s, id + 1, 1, a, &v, &n, e);
        if (rc != ES_OK)
            return rc;
        if (n == 1 && v->id == id) {
            *out = *v;
            return ES_OK;
        }
    }
    return es_fail(e, ES_ENOENT, 0, "no such report");
}

const char *es_report_wrong(const struct es_report *r, struct es_arena *a)
{
    const char *s = es_arena_strn(a, r->words, strcspn(r->words, "\n"));
    return s ? s : "";
}

const char *es_report_words(const struct es_report *r)
{
    const char *p = strchr(r->words, '\n');
    return p ? p + 1 : "";
}

/* ---- deciding ---- */

bool es_act_fits(const struct es_report *r, enum es_act act)
{
    bool open = r->state == ES_REPORT_OPEN;
    bool person = r->what == ES_REPORT_PERSON || r->what == ES_REPORT_RUN;
    switch (act) {
    case ES_ACT_KEEP:
    case ES_ACT_PAUSE:
        return open;
    case ES_ACT_HIDE:
        return open && person;
    case ES_ACT_SHOW:
        return r->state == ES_REPORT_ACTED && person;
    case ES_ACT_TAKE:
        return open &&
               (r->what == ES_REPORT_PICTURE || r->what == ES_REPORT_STATEMENT);
    case ES_ACTS:
        break;
    }
    return false;
}

/* A statement of somebody, not the launch message. */
static bool said(const struct es_report *r)
{
    return r->what == ES_REPORT_STATEMENT && r->which;
}

struct decision {
    const struct es_deciding *in;
    struct es_participant p;  /* to hide or to show */
    struct es_initiative ini; /* with the face that remains */
    int64_t now_ms, id;
};

static enum es_code name_apply(struct es_txn *tx, struct decision *d,
                               struct es_err *e)
{
    enum es_code rc = es_txn_participant_shown(tx, d->p.initiative, d->p.id,
                                               d->p.visibility, e);
    if (rc == ES_OK)
        rc = es_txn_words_drop(tx, d->p.initiative, d->p.id, e);
    return rc == ES_OK ? es_names_put(tx, &d->p, e) : rc;
}

static enum es_code take_said(struct es_txn *tx, const struct decision *d,
                              struct es_err *e)
{
    const struct es_statement_step step = {
        .initiative = d->in->report->initiative,
        .statement = d->in->report->which,
        .account = d->in->by,
        .name = "",
        .day = "",
        .words = d->in->why,
        .at_ms = d->now_ms,
    };
    return es_txn_statement_take(tx, &step, e);
}

static enum es_code act_apply(struct es_txn *tx, struct decision *d,
                              struct es_err *e)
{
    const struct es_report *r = d->in->report;
    switch (d->in->act) {
    case ES_ACT_HIDE:
    case ES_ACT_SHOW:
        return name_apply(tx, d, e);
    case ES_ACT_TAKE:
        return said(r) ? take_said(tx, d, e)
                       : es_txn_initiative_put(tx, &d->ini, e);
    case ES_ACT_PAUSE:
        return es_txn_initiative_suspend(tx, r->initiative, d->now_ms,
                                         d->in->why, e);
    case ES_ACT_KEEP:
    case ES_ACTS:
        break;
    }
    return ES_OK;
}

/* Whoever left an address is to be told. */
static enum es_code tell(struct es_txn *tx, const struct decision *d,
                         const struct es_report *r, struct es_err *e)
{
    char text[48];
    if (!*r->mail)
        return ES_OK;
    (void)snprintf(text, sizeof text, "%" PRId64 " %" PRId64, r->id, d->id);
    return es_txn_outbox_add(tx, r->initiative, "decided", es_bytes_str(text),
                             e);
}

/* Closes those about the same thing; this one must be among them. */
static enum es_code close_all(struct es_txn *tx, const struct decision *d,
                              struct es_err *e)
{
    const struct es_report *r = d->in->report;
    struct es_report *v;
    struct es_arena a;
    size_t n;
    bool found = false;
    es_arena_init(&a, SCRATCH);
    enum es_code rc = es_txn_reports_open(tx, r->initiative, r->what, r->which,
                                          &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        found = found || v[i].id == r->id;
        rc = es_txn_report_state(
            tx, r->initiative, v[i].id,
            d->in->act == ES_ACT_KEEP ? ES_REPORT_KEPT : ES_REPORT_ACTED, e);
        if (rc == ES_OK)
            rc = tell(tx, d, &v[i], e);
    }
    es_arena_release(&a);
    if (rc == ES_OK && !found)
        return es_fail(e, ES_ECONFLICT, 0, "it has been decided");
    return rc;
}

static enum es_code decide_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct decision *d = arg;
    const struct es_report *r = d->in->report;
    (void)blob;
    bool shows = d->in->act == ES_ACT_SHOW; /* the others stay as they are */
    enum es_code rc =
        shows ? es_txn_report_state(tx, r->initiative, r->id, ES_REPORT_KEPT, e)
              : close_all(tx, d, e);
    if (rc == ES_OK && shows)
        rc = tell(tx, d, r, e);
    if (rc == ES_OK)
        rc = act_apply(tx, d, e);
    struct es_decision noted = {
        .initiative = r->initiative,
        .id = d->id,
        .account = d->in->by,
        .what = DECIDED[d->in->act],
        .which = d->p.id ? d->p.id : r->which,
        .about = r->shown,
        .why = d->in->why,
        .at_ms = d->now_ms,
    };
    return rc == ES_OK ? es_txn_decision_add(tx, &noted, e) : rc;
}

/* The one whose name it is: the person, or who ran the run. */
static enum es_code person_of(struct es_app *app, const struct es_report *r,
                              struct es_arena *a, struct es_participant *out,
                              struct es_err *e)
{
    struct es_run run;
    int64_t id = r->which;
    enum es_code rc = ES_OK;
    if (r->what == ES_REPORT_RUN) {
        rc = es_store_run(app->store, r->initiative, r->which, a, &run, e);
        id = rc == ES_OK ? run.participant : 0;
    }
    return rc == ES_OK
               ? es_store_participant(app->store, r->initiative, id, a, out, e)
               : rc;
}

static enum es_code prepare_name(struct es_app *app, struct decision *d,
                                 struct es_arena *a, struct es_err *e)
{
    bool hide = d->in->act == ES_ACT_HIDE;
    enum es_code rc = person_of(app, d->in->report, a, &d->p, e);
    if (rc != ES_OK)
        return rc;
    if (hide == ((d->p.visibility & ES_VIS_STAFF) != 0))
        return es_fail(e, ES_ECONFLICT, 0, "the name is so already");
    d->p.visibility ^= ES_VIS_STAFF;
    return ES_OK;
}

static bool face_without(struct es_face *f, const struct es_report *r)
{
    bool statement = r->what == ES_REPORT_STATEMENT;
    if (!statement && f->picture.media != r->which)
        return false;
    if (statement) {
        memset(&f->video, 0, sizeof f->video);
        f->video.speaker = f->video.office = f->video.transcript = "";
    } else {
        f->picture.media = 0;
        f->picture.alt = "";
    }
    return true;
}

/* The face without what was reported: what no face shows, nobody is given. */
static enum es_code prepare_face(struct es_app *app, struct decision *d,
                                 struct es_arena *a, struct es_err *e)
{
    const struct es_report *r = d->in->report;
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    struct es_buf b;
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc =
        es_store_initiative_by_id(app->store, r->initiative, a, &d->ini, e);
    if (rc == ES_OK)
        rc = es_face_read(d->ini.face, a, f, e);
    if (rc != ES_OK)
        return rc;
    if (!face_without(f, r))
        return es_fail(e, ES_ENOENT, 0, "another picture is shown");
    es_buf_init(&b, ES_FACE_MAX);
    es_face_write(f, &b);
    d->ini.face = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return d->ini.face ? ES_OK : es_fail(e, ES_ENOMEM, 0, "face");
}

static void rename_now(struct es_app *app, const struct decision *d,
                       struct es_arena *a)
{
    struct es_err e = { 0 };
    struct es_standings *s = es_app_standings(app, d->p.initiative);
    const char *name = es_public_name(&d->p, a);
    if (!s || !name || es_standings_rename(s, d->p.id, name, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "standings.rename", "%s", e.msg);
    es_app_timed_anew(app, d->p.initiative, d->p.id);
}

enum es_code es_report_decide(struct es_app *app, const struct es_deciding *in,
                              struct es_err *e)
{
    struct decision d = { .in = in,
                          .now_ms = es_time_now_ms(),
                          .id = es_id_new() };
    struct es_arena a;
    enum es_code rc = ES_OK;
    if (!es_act_fits(in->report, in->act))
        return es_fail(e, ES_ECONFLICT, 0, "decided, or not of its kind");
    es_arena_init(&a, SCRATCH);
    if (in->act == ES_ACT_HIDE || in->act == ES_ACT_SHOW)
        rc = prepare_name(app, &d, &a, e);
    else if (in->act == ES_ACT_TAKE && !said(in->report))
        rc = prepare_face(app, &d, &a, e);
    if (rc == ES_OK)
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = decide_apply, .arg = &d },
            e);
    if (rc == ES_OK && d.p.id)
        rename_now(app, &d, &a);
    es_arena_release(&a);
    return rc;
}

static enum es_code newest(struct es_app *app, int64_t initiative,
                           int64_t which, int64_t after, struct es_arena *a,
                           struct es_decision *out, struct es_err *e)
{
    struct es_decision *v;
    size_t n;
    enum es_code rc = es_store_decisions_about(app->store, initiative, which,
                                               after, LOOKED_AT, a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        for (size_t k = 0; k < ES_ACTS; k++)
            if (strcmp(v[i].what, DECIDED[k]) == 0) {
                *out = v[i];
                return ES_OK;
            }
    return rc == ES_OK ? es_fail(e, ES_ENOENT, 0, "no decision") : rc;
}

enum es_code es_report_decided(struct es_app *app, const struct es_report *r,
                               struct es_arena *a, struct es_decision *out,
                               struct es_err *e)
{
    struct es_participant p;
    if (r->state == ES_REPORT_OPEN)
        return es_fail(e, ES_ENOENT, 0, "open");
    enum es_code rc = newest(app, r->initiative, r->which, r->id, a, out, e);
    if (rc == ES_ENOENT && r->what == ES_REPORT_RUN) {
        rc = person_of(app, r, a, &p, e);
        if (rc == ES_OK)
            rc = newest(app, r->initiative, p.id, r->id, a, out, e);
    }
    return rc;
}

enum es_code es_name_taken_down(struct es_app *app,
                                const struct es_participant *p,
                                struct es_arena *a, struct es_decision *out,
                                struct es_err *e)
{
    if (!(p->visibility & ES_VIS_STAFF))
        return es_fail(e, ES_ENOENT, 0, "it stands");
    return newest(app, p->initiative, p->id, 0, a, out, e);
}
