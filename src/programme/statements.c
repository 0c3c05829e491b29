/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/statements.h"

#include "base/address.h"
#include "base/random.h"
#include "base/utf8.h"
#include "i18n/spoken.h"
#include "initiative/edited.h"
#include "programme/parties.h"
#include "store/programme.h"

#include <math.h>
#include <string.h>

enum { SCRATCH = 2 << 20 };

static enum es_code refused(const struct es_field_errors *fe, struct es_err *e)
{
    return es_fail(e, ES_EINVAL, 0, "%s: %s", fe->v[0].field, fe->v[0].code);
}

/* Cleaned, in `a`; too long is an error of that field. NULL: out of memory. */
static const char *taken(struct es_arena *a, const char *field, const char *s,
                         bool lines, size_t max, struct es_field_errors *fe)
{
    const char *out = es_edit_words(a, s, lines);
    if (out && es_utf8_count(es_bytes_str(out)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
    return out;
}

/* ---- figures ---- */

/* The last colon of a line, of whichever script: labels may have their own. */
static const char *colon_of(const char *line, size_t n, size_t *width)
{
    static const char *const COLONS[] = { ":", "：", "=" };
    const char *at = NULL;
    for (size_t c = 0; c < sizeof COLONS / sizeof *COLONS; c++) {
        size_t len = strlen(COLONS[c]);
        for (size_t i = 0; len <= n && i <= n - len; i++)
            if (memcmp(line + i, COLONS[c], len) == 0 &&
                (!at || line + i > at)) {
                at = line + i;
                *width = len;
            }
    }
    return at;
}

static bool read_line(const char *line, size_t n, struct es_arena *a,
                      struct es_quoted_figure *out)
{
    size_t width = 0;
    const char *colon = colon_of(line, n, &width);
    if (!colon)
        return false;
    const char *label = es_arena_strn(a, line, (size_t)(colon - line));
    const char *value =
        es_arena_strn(a, colon + width, n - (size_t)(colon - line) - width);
    out->label = label ? es_edit_words(a, label, false) : NULL;
    out->value = value ? es_edit_words(a, value, false) : NULL;
    return out->label && out->value && *out->label && *out->value &&
           es_utf8_count(es_bytes_str(out->label)) <= ES_FACE_LABEL &&
           es_utf8_count(es_bytes_str(out->value)) <= ES_NAME_MAX;
}

enum es_code es_figures_read(const char *lines, struct es_arena *a,
                             struct es_statement_text *out,
                             struct es_field_errors *fe, struct es_err *e)
{
    const char *s = es_edit_words(a, lines, true);
    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "figures");
    out->n_figures = 0;
    while (*s) {
        size_t n = strcspn(s, "\n");
        if (n > 0 && out->n_figures == ES_STATEMENT_FIGURES) {
            es_field_errors_add(fe, "figures", "too_many",
                                ES_STATEMENT_FIGURES);
            break;
        }
        if (n > 0 && !read_line(s, n, a, &out->figures[out->n_figures])) {
            es_field_errors_add(fe, "figures", "figure_line", NAN);
            break;
        }
        out->n_figures += n > 0;
        s += n + (s[n] == '\n');
    }
    return ES_OK;
}

const char *es_figures_lines(const struct es_statement_text *t,
                             struct es_arena *a)
{
    const char *s = "";
    for (size_t i = 0; s && i < t->n_figures; i++)
        s = es_arena_fmt(a, "%s%s%s: %s", s, i ? "\n" : "", t->figures[i].label,
                         t->figures[i].value);
    return s ? s : "";
}

/* ---- what a draft must be ---- */

static bool language_ok(const char *tag)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, tag) == 0)
            return true;
    return false;
}

/* Whether somebody is a person of this initiative, and holds what was chosen
 * as their office then. */
static enum es_code check_speaker(struct es_app *app, int64_t initiative,
                                  const struct es_statement_text *t,
                                  struct es_arena *a,
                                  struct es_field_errors *fe, struct es_err *e)
{
    struct es_party p;
    struct es_office_told *v = NULL;
    size_t n = 0;
    if (!t->speaker)
        return ES_OK;
    enum es_code rc =
        es_store_party(app->store, initiative, t->speaker, a, &p, e);
    if (rc == ES_ENOENT || (rc == ES_OK && p.what != ES_PARTY_PERSON)) {
        es_field_errors_add(fe, "speaker", "unknown", NAN);
        return ES_OK;
    }
    if (rc == ES_OK && t->office)
        rc = es_offices(app, initiative, t->speaker, "", a, &v, &n, e);
    if (rc != ES_OK || !t->office)
        return rc;
    const struct es_office_told *held = es_office_held(v, n, t->day, t->office);
    if (!held || held->id != t->office)
        es_field_errors_add(fe, "office", "not_then", NAN);
    return ES_OK;
}

static enum es_code check_original(struct es_app *app,
                                   const struct es_statement_want *w,
                                   const struct es_statement_text *t,
                                   struct es_arena *a,
                                   struct es_field_errors *fe, struct es_err *e)
{
    struct es_statement s;
    struct es_statement_text first;
    if (!t->of)
        return ES_OK;
    enum es_code rc =
        es_store_statement(app->store, w->initiative, t->of, a, &s, e);
    if (rc == ES_ENOENT || (rc == ES_OK && t->of == w->id)) {
        es_field_errors_add(fe, "of", "unknown", NAN);
        return ES_OK;
    }
    if (rc == ES_OK)
        rc = es_statement_read(s.content, a, &first, e);
    /* of another's words, or of a translation, nothing is translated */
    if (rc == ES_OK && (first.of || first.speaker != t->speaker))
        es_field_errors_add(fe, "of", "other_speaker", NAN);
    return rc;
}

static enum es_code check_event(struct es_app *app, int64_t initiative,
                                int64_t event, struct es_arena *a,
                                struct es_field_errors *fe, struct es_err *e)
{
    struct es_occasion o;
    enum es_code rc =
        event ? es_store_occasion(app->store, initiative, event, a, &o, e)
              : ES_OK;
    if (rc != ES_ENOENT)
        return rc;
    es_field_errors_add(fe, "event", "unknown", NAN);
    return ES_OK;
}

/* What has been given makes sense. */
static enum es_code check_given(struct es_app *app,
                                const struct es_statement_want *w,
                                struct es_statement_text *t, struct es_arena *a,
                                struct es_field_errors *fe, struct es_err *e)
{
    t->words = taken(a, "words", t->words, true, ES_STATEMENT_WORDS, fe);
    t->source = taken(a, "source", t->source, false, ES_FACE_LABEL, fe);
    t->figures_from =
        taken(a, "figures_from", t->figures_from, false, ES_FACE_LABEL, fe);
    if (!t->words || !t->source || !t->figures_from)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    if (*t->lang && !language_ok(t->lang))
        es_field_errors_add(fe, "lang", "unknown", NAN);
    if (*t->day && !es_day_ok(t->day))
        es_field_errors_add(fe, "day", "date", NAN);
    if (*t->source_url && !es_address_ok(t->source_url))
        es_field_errors_add(fe, "source_url", "address", NAN);
    enum es_code rc = check_speaker(app, w->initiative, t, a, fe, e);
    if (rc == ES_OK)
        rc = check_event(app, w->initiative, t->event, a, fe, e);
    return rc == ES_OK ? check_original(app, w, t, a, fe, e) : rc;
}

enum es_code es_statement_lacks(struct es_app *app, int64_t initiative,
                                const struct es_statement_text *t,
                                struct es_arena *a, struct es_field_errors *fe,
                                struct es_err *e)
{
    if (!t->speaker)
        es_field_errors_add(fe, "speaker", "required", NAN);
    if (!*t->words)
        es_field_errors_add(fe, "words", "required", NAN);
    if (!*t->lang)
        es_field_errors_add(fe, "lang", "required", NAN);
    if (!*t->day)
        es_field_errors_add(fe, "day", "required", NAN);
    return check_speaker(app, initiative, t, a, fe, e);
}

/* ---- changes ---- */

/* One change of a statement, inside its transaction. */
struct change {
    struct es_statement s;         /* as it will be */
    struct es_statement_step step; /* that is noted */
    struct es_statement_version v; /* that is added; version 0: none */
    bool fresh;                    /* it has no id yet */
};

static enum es_code change_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct change *c = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    if (c->fresh)
        rc = es_txn_statement_next(tx, c->s.initiative, &c->s.id, e);
    c->step.statement = c->s.id;
    if (rc == ES_OK)
        rc = es_txn_statement_put(tx, &c->s, e);
    if (rc == ES_OK && c->v.version)
        rc = es_txn_statement_version_add(tx, &c->v, e);
    return rc == ES_OK ? es_txn_statement_step_add(tx, &c->step, e) : rc;
}

static enum es_code change_do(struct es_app *app, struct change *c,
                              int32_t what, int64_t account, struct es_err *e)
{
    c->step.initiative = c->s.initiative;
    c->step.id = es_id_new();
    c->step.what = what;
    c->step.account = account;
    c->step.version = c->s.version;
    c->step.at_ms = es_time_now_ms();
    if (!c->step.name)
        c->step.name = "";
    if (!c->step.day)
        c->step.day = "";
    if (!c->step.words)
        c->step.words = "";
    if (what == ES_STATEMENT_APPROVES)
        c->s.approval = c->step.id;
    return es_store_write(
        app->store, &(struct es_write){ .apply = change_apply, .arg = c }, e);
}

/* The statement of that edition. */
static enum es_code load(struct es_app *app, int64_t initiative, int64_t id,
                         int64_t edition, struct es_arena *a, struct change *c,
                         struct es_statement_text *t, struct es_err *e)
{
    *c = (struct change){ 0 };
    enum es_code rc =
        es_store_statement(app->store, initiative, id, a, &c->s, e);
    if (rc == ES_OK && c->s.edition != edition)
        rc = es_fail(e, ES_ECONFLICT, 0, "changed meanwhile");
    return rc == ES_OK ? es_statement_read(c->s.content, a, t, e) : rc;
}

static const char *json_of(const struct es_statement_text *t,
                           struct es_arena *a)
{
    struct es_buf b;
    es_buf_init(&b, ES_STATEMENT_MAX);
    es_statement_write(t, &b);
    const char *s = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return s;
}

enum es_code es_statement_keep(struct es_app *app,
                               const struct es_statement_want *w,
                               struct es_arena *a, int64_t *id,
                               struct es_field_errors *fe, struct es_err *e)
{
    struct change c = { .fresh = !w->id };
    struct es_statement_text t = *w->text;
    struct es_statement_text was;
    enum es_code rc = ES_OK;
    if (w->id)
        rc = load(app, w->initiative, w->id, w->edition, a, &c, &was, e);
    else
        c.s = (struct es_statement){ .initiative = w->initiative,
                                     .shown_day = "" };
    if (rc == ES_OK)
        rc = check_given(app, w, &t, a, fe, e);
    if (rc == ES_OK && fe->n)
        rc = refused(fe, e);
    if (rc != ES_OK)
        return rc;
    const char *before = c.s.content;
    c.s.content = json_of(&t, a);
    if (!c.s.content)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    *id = w->id;
    if (before && c.s.state != ES_STATEMENT_TAKEN &&
        strcmp(before, c.s.content) == 0)
        return ES_OK;
    c.s.state = ES_STATEMENT_DRAFT;
    c.s.approval = 0;
    c.s.writer = w->account;
    c.s.written_ms = es_time_now_ms();
    c.s.speaker = t.speaker;
    rc = change_do(app, &c, ES_STATEMENT_WROTE, w->account, e);
    if (rc == ES_OK)
        *id = c.s.id;
    return rc;
}

enum es_code es_statement_approve(struct es_app *app,
                                  const struct es_statement_approval *w,
                                  struct es_arena *a,
                                  struct es_field_errors *fe, struct es_err *e)
{
    struct change c;
    struct es_statement_text t;
    enum es_code rc = load(app, w->initiative, w->id, w->edition, a, &c, &t, e);
    if (rc == ES_OK && c.s.state != ES_STATEMENT_DRAFT)
        rc = es_fail(e, ES_ECONFLICT, 0, "no draft");
    if (rc == ES_OK)
        rc = es_statement_lacks(app, w->initiative, &t, a, fe, e);
    if (rc != ES_OK)
        return rc;
    c.step.name = taken(a, "name", w->name, false, ES_FACE_LABEL, fe);
    if (!c.step.name)
        return es_fail(e, ES_ENOMEM, 0, "name");
    if (!*c.step.name)
        es_field_errors_add(fe, "name", "required", NAN);
    if (w->how <= ES_APPROVED_UNSAID || w->how >= ES_APPROVED_HOWS)
        es_field_errors_add(fe, "how", "required", NAN);
    if (!*w->day)
        es_field_errors_add(fe, "approved_day", "required", NAN);
    else if (!es_day_ok(w->day))
        es_field_errors_add(fe, "approved_day", "date", NAN);
    if (c.s.writer == w->account && !w->own)
        es_field_errors_add(fe, "own", "own_words", NAN);
    if (fe->n)
        return refused(fe, e);
    c.step.how = w->how;
    c.step.day = w->day;
    c.step.own = c.s.writer == w->account;
    c.s.state = ES_STATEMENT_APPROVED;
    return change_do(app, &c, ES_STATEMENT_APPROVES, w->account, e);
}

/* What it translates is published, and still what it says it is. */
static enum es_code check_shown(struct es_app *app, const struct change *c,
                                const struct es_statement_text *t,
                                struct es_arena *a, struct es_field_errors *fe,
                                struct es_err *e)
{
    struct es_said s;
    if (!t->of)
        return ES_OK;
    enum es_code rc =
        es_store_said(app->store, c->s.initiative, t->of, a, &s, e);
    if (rc == ES_ENOENT ||
        (rc == ES_OK && (s.s.shown_of || s.s.shown_speaker != t->speaker))) {
        es_field_errors_add(fe, "of", "not_published", NAN);
        return ES_OK;
    }
    return rc;
}

enum es_code es_statement_publish(struct es_app *app,
                                  const struct es_statement_act *w,
                                  struct es_arena *a,
                                  struct es_field_errors *fe, struct es_err *e)
{
    struct change c;
    struct es_statement_text t;
    enum es_code rc = load(app, w->initiative, w->id, w->edition, a, &c, &t, e);
    if (rc == ES_OK && c.s.state != ES_STATEMENT_APPROVED)
        rc = es_fail(e, ES_ECONFLICT, 0, "not approved");
    if (rc == ES_OK)
        rc = es_statement_lacks(app, w->initiative, &t, a, fe, e);
    if (rc == ES_OK)
        rc = check_shown(app, &c, &t, a, fe, e);
    if (rc != ES_OK)
        return rc;
    bool first = c.s.version == 0;
    const char *note = taken(a, "note", w->words, true, ES_WHY_MAX, fe);
    if (!note)
        return es_fail(e, ES_ENOMEM, 0, "note");
    if (!first && !*note)
        es_field_errors_add(fe, "note", "required", NAN);
    if (fe->n)
        return refused(fe, e);
    c.step.words = first ? "" : note;
    c.s.state = ES_STATEMENT_PUBLISHED;
    c.s.version++;
    c.s.shown_day = t.day;
    c.s.shown_speaker = t.speaker;
    c.s.shown_event = t.event;
    c.s.shown_of = t.of;
    c.v = (struct es_statement_version){
        .initiative = c.s.initiative,
        .statement = c.s.id,
        .version = c.s.version,
        .content = c.s.content,
        .note = c.step.words,
        .at_ms = es_time_now_ms(),
        .approval = c.s.approval,
    };
    return change_do(app, &c,
                     first ? ES_STATEMENT_PUBLISHES : ES_STATEMENT_CORRECTS,
                     w->account, e);
}

static enum es_code take_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct change *c = arg;
    (void)blob;
    struct es_arena a;
    struct es_statement now;
    es_arena_init(&a, SCRATCH);
    enum es_code rc =
        es_txn_statement(tx, c->s.initiative, c->s.id, &a, &now, e);
    if (rc == ES_OK && now.edition != c->s.edition)
        rc = es_fail(e, ES_ECONFLICT, 0, "changed meanwhile");
    es_arena_release(&a);
    return rc == ES_OK ? es_txn_statement_take(tx, &c->step, e) : rc;
}

enum es_code es_statement_take(struct es_app *app,
                               const struct es_statement_act *w,
                               struct es_arena *a, struct es_field_errors *fe,
                               struct es_err *e)
{
    struct change c;
    struct es_statement_text t;
    enum es_code rc = load(app, w->initiative, w->id, w->edition, a, &c, &t, e);
    if (rc == ES_OK && !*c.s.shown_day)
        rc = es_fail(e, ES_ECONFLICT, 0, "not published");
    if (rc != ES_OK)
        return rc;
    const char *why = taken(a, "why", w->words, true, ES_WHY_MAX, fe);
    if (!why)
        return es_fail(e, ES_ENOMEM, 0, "why");
    if (!*why)
        es_field_errors_add(fe, "why", "required", NAN);
    if (fe->n)
        return refused(fe, e);
    c.step = (struct es_statement_step){
        .initiative = c.s.initiative,
        .statement = c.s.id,
        .account = w->account,
        .version = c.s.version,
        .name = "",
        .day = "",
        .words = why,
        .at_ms = es_time_now_ms(),
    };
    return es_store_write(
        app->store, &(struct es_write){ .apply = take_apply, .arg = &c }, e);
}

static enum es_code drop_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct es_statement *s = arg;
    (void)blob;
    return es_txn_statement_drop(tx, s->initiative, s->id, e);
}

enum es_code es_statement_drop(struct es_app *app, int64_t initiative,
                               int64_t id, struct es_err *e)
{
    struct es_statement s = { .initiative = initiative, .id = id };
    return es_store_write(
        app->store, &(struct es_write){ .apply = drop_apply, .arg = &s }, e);
}
