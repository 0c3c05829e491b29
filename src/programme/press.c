/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/press.h"

#include "base/address.h"
#include "base/random.h"
#include "base/utf8.h"
#include "i18n/spoken.h"
#include "initiative/accounts.h"

#include <math.h>
#include <string.h>

enum { SCRATCH = 1 << 20 }; /* one text is 100 KB at most */

/* ---- reading ---- */

bool es_release_is_public(const struct es_release *r,
                          const struct es_release_text *t, int64_t now_ms)
{
    return t->state == ES_RELEASE_APPROVED && r->publish_ms > 0 &&
           r->publish_ms <= now_ms;
}

enum es_code es_release_all(struct es_app *app, int64_t initiative, int64_t id,
                            struct es_arena *a, struct es_release_read *out,
                            struct es_err *e)
{
    struct es_release_read r = { .n = 0 };
    enum es_code rc = es_store_release(app->store, initiative, id, &r.r, e);
    if (rc == ES_OK)
        rc = es_store_release_texts(app->store, initiative, id, a, &r.v, &r.n,
                                    e);
    if (rc == ES_OK && r.n == 0)
        rc = es_fail(e, ES_ENOENT, 0, "nothing of it is left");
    if (rc == ES_OK)
        *out = r;
    return rc;
}

enum es_code es_release_public(struct es_app *app, int64_t initiative,
                               int64_t id, int64_t now_ms, struct es_arena *a,
                               struct es_release_read *out, struct es_err *e)
{
    struct es_release_read r;
    size_t n = 0;
    enum es_code rc = es_release_all(app, initiative, id, a, &r, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < r.n; i++)
        if (es_release_is_public(&r.r, &r.v[i], now_ms))
            r.v[n++] = r.v[i];
    r.n = n;
    if (n == 0)
        return es_fail(e, ES_ENOENT, 0, "not public yet");
    *out = r;
    return ES_OK;
}

const struct es_release_text *es_release_in(const struct es_release_read *r,
                                            const char *lang)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->v[i].lang, lang) == 0)
            return &r->v[i];
    return NULL;
}

const struct es_release_text *es_release_for(const struct es_release_read *r,
                                             const char *lang, const char *own)
{
    const struct es_release_text *t = es_release_in(r, lang);
    if (!t)
        t = es_release_in(r, own);
    return t ? t : &r->v[0];
}

/* ---- writing ---- */

static bool spoken(const char *tag)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, tag) == 0)
            return true;
    return false;
}

static void check_length(const char *field, const char *s, size_t max,
                         struct es_field_errors *fe)
{
    if (es_utf8_count(es_bytes_str(s)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
}

static void check_prose(const char *field, const char *s,
                        struct es_field_errors *fe)
{
    if (strlen(s) > ES_PROSE_MAX)
        es_field_errors_add(fe, field, "too_long", ES_PROSE_MAX);
}

static void check_text(const struct es_release_text *t,
                       struct es_field_errors *fe)
{
    if (!*t->title)
        es_field_errors_add(fe, "title", "required", NAN);
    check_length("title", t->title, ES_RELEASE_TITLE, fe);
    check_length("place", t->place, ES_FACE_LABEL, fe);
    check_length("contact", t->contact, ES_RELEASE_CONTACT, fe);
    check_prose("body", t->body, fe);
    check_prose("notes", t->notes, fe);
    if (!spoken(t->lang))
        es_field_errors_add(fe, "lang", "invalid", NAN);
}

static enum es_code write_with(struct es_app *app, es_write_fn *fn, void *arg,
                               struct es_err *e)
{
    return es_store_write(app->store,
                          &(struct es_write){ .apply = fn, .arg = arg }, e);
}

struct adding {
    struct es_release r;
    struct es_release_text t;
};

static enum es_code add_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct adding *x = arg;
    (void)blob;
    enum es_code rc = es_txn_release_add(tx, &x->r, &x->t.release, e);
    return rc == ES_OK ? es_txn_release_text_put(tx, &x->t, e) : rc;
}

enum es_code es_release_new(struct es_app *app, int64_t initiative,
                            int64_t account, const char *lang,
                            const char *title, int64_t *id,
                            struct es_field_errors *fe, struct es_err *e)
{
    int64_t now = es_time_now_ms();
    struct adding x = {
        .r = { .initiative = initiative, .created_ms = now },
        .t = { .initiative = initiative,
               .lang = lang,
               .title = title,
               .place = "",
               .body = "",
               .notes = "",
               .contact = "",
               .written_by = account,
               .written_ms = now },
    };
    check_text(&x.t, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "fields");
    enum es_code rc = write_with(app, add_apply, &x, e);
    if (rc == ES_OK)
        *id = x.t.release;
    return rc;
}

static enum es_code keep_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct es_release_text *t = arg;
    struct es_release_text now;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, SCRATCH);
    enum es_code rc = es_txn_release_text(tx, t->initiative, t->release,
                                          t->lang, &a, &now, e);
    if (rc == ES_OK && now.state != ES_RELEASE_DRAFT)
        rc = es_fail(e, ES_EDENIED, 0, "approved");
    else if (rc == ES_ENOENT && t->edition == 0)
        rc = ES_OK;
    es_arena_release(&a);
    return rc == ES_OK ? es_txn_release_text_put(tx, t, e) : rc;
}

enum es_code es_release_keep(struct es_app *app,
                             const struct es_release_text *t,
                             struct es_field_errors *fe, struct es_err *e)
{
    struct es_release_text text = *t;
    struct es_release r;
    check_text(&text, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "fields");
    text.state = ES_RELEASE_DRAFT;
    text.written_ms = es_time_now_ms();
    text.approved_by = text.approved_ms = 0;
    enum es_code rc =
        es_store_release(app->store, t->initiative, t->release, &r, e);
    return rc == ES_OK ? write_with(app, keep_apply, &text, e) : rc;
}

/* ---- deeds ---- */

enum deed { APPROVE, REOPEN, REMOVE, TIME };

struct doing {
    const struct es_release_deed *d;
    enum deed what;
    int64_t publish_ms, now_ms, log;
    struct es_field_errors *fe;
};

static enum es_code log_deed(struct es_txn *tx, const struct doing *x,
                             const char *about, struct es_err *e)
{
    static const char *const WORDS[] = {
        [APPROVE] = "press.approved",
        [REOPEN] = "press.reopened",
        [REMOVE] = "press.removed",
        [TIME] = "press.timed",
    };
    struct es_decision d = {
        .initiative = x->d->initiative,
        .id = x->log,
        .account = x->d->account,
        .what = WORDS[x->what],
        .which = x->d->release,
        .about = about,
        .why = "",
        .at_ms = x->now_ms,
    };
    return es_txn_decision_add(tx, &d, e);
}

/* What a release can't do without. */
static void check_whole(const struct es_release_text *t,
                        struct es_field_errors *fe)
{
    if (!*t->title)
        es_field_errors_add(fe, "title", "required", NAN);
    if (!*t->place)
        es_field_errors_add(fe, "place", "required", NAN);
    if (!*t->body)
        es_field_errors_add(fe, "body", "required", NAN);
    if (!*t->contact)
        es_field_errors_add(fe, "contact", "required", NAN);
}

static enum es_code approve(struct es_txn *tx, const struct doing *x,
                            struct es_release_text *t, struct es_err *e)
{
    x->fe->n = 0; /* this may be run again */
    check_whole(t, x->fe);
    if (t->state != ES_RELEASE_DRAFT)
        return es_fail(e, ES_ECONFLICT, 0, "approved already");
    if (t->written_by == x->d->account)
        return es_fail(e, ES_EDENIED, 0, "by who wrote it");
    if (x->fe->n)
        return es_fail(e, ES_EINVAL, 0, "not whole");
    t->state = ES_RELEASE_APPROVED;
    t->approved_by = x->d->account;
    t->approved_ms = x->now_ms;
    return es_txn_release_text_put(tx, t, e);
}

static enum es_code deed_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct doing *x = arg;
    const struct es_release_deed *d = x->d;
    struct es_release_text t;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, SCRATCH);
    enum es_code rc =
        es_txn_release_text(tx, d->initiative, d->release, d->lang, &a, &t, e);
    if (rc == ES_OK && t.edition != d->edition)
        rc = es_fail(e, ES_ECONFLICT, 0, "another edition");
    else if (rc == ES_OK && x->what == APPROVE)
        rc = approve(tx, x, &t, e);
    else if (rc == ES_OK && x->what == REOPEN) {
        t.state = ES_RELEASE_DRAFT;
        t.approved_by = t.approved_ms = 0;
        rc = es_txn_release_text_put(tx, &t, e);
    } else if (rc == ES_OK && t.state != ES_RELEASE_DRAFT)
        rc = es_fail(e, ES_EDENIED, 0, "approved");
    else if (rc == ES_OK)
        rc =
            es_txn_release_text_drop(tx, d->initiative, d->release, d->lang, e);
    if (rc == ES_OK)
        rc = log_deed(tx, x, t.title, e);
    es_arena_release(&a);
    return rc;
}

static enum es_code deed(struct es_app *app, const struct es_release_deed *d,
                         enum deed what, struct es_field_errors *fe,
                         struct es_err *e)
{
    struct doing x = { .d = d,
                       .what = what,
                       .now_ms = es_time_now_ms(),
                       .log = es_id_new(),
                       .fe = fe };
    return write_with(app, deed_apply, &x, e);
}

enum es_code es_release_approve(struct es_app *app,
                                const struct es_release_deed *d,
                                struct es_field_errors *fe, struct es_err *e)
{
    return deed(app, d, APPROVE, fe, e);
}

enum es_code es_release_reopen(struct es_app *app,
                               const struct es_release_deed *d,
                               struct es_err *e)
{
    return deed(app, d, REOPEN, NULL, e);
}

enum es_code es_release_remove(struct es_app *app,
                               const struct es_release_deed *d,
                               struct es_err *e)
{
    return deed(app, d, REMOVE, NULL, e);
}

static enum es_code time_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct doing *x = arg;
    char text[ES_TIME_TEXT];
    (void)blob;
    enum es_code rc = es_txn_release_time(tx, x->d->initiative, x->d->release,
                                          x->publish_ms, e);
    if (rc != ES_OK)
        return rc;
    return log_deed(tx, x,
                    x->publish_ms ? es_time_text(x->publish_ms, text) : "", e);
}

enum es_code es_release_time(struct es_app *app,
                             const struct es_release_deed *d,
                             int64_t publish_ms, struct es_err *e)
{
    struct doing x = { .d = d,
                       .what = TIME,
                       .publish_ms = publish_ms,
                       .now_ms = es_time_now_ms(),
                       .log = es_id_new() };
    return write_with(app, time_apply, &x, e);
}

enum es_code es_release_readers(struct es_app *app, int64_t initiative,
                                struct es_arena *a, size_t *n, struct es_err *e)
{
    struct es_role_given *v;
    size_t all;
    enum es_code rc = es_store_staff(app->store, initiative, a, &v, &all, e);
    if (rc != ES_OK)
        return rc;
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        bool counted = false;
        if (v[i].role != ES_ROLE_OWNER && v[i].role != ES_ROLE_EDITOR)
            continue;
        for (size_t k = 0; k < i; k++)
            counted |=
                v[k].account == v[i].account &&
                (v[k].role == ES_ROLE_OWNER || v[k].role == ES_ROLE_EDITOR);
        *n += !counted;
    }
    return ES_OK;
}

/* ---- what others wrote ---- */

static enum es_code cover_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_coverage_add(tx, arg, e);
}

static enum es_code uncover_apply(struct es_txn *tx, const struct es_blob *blob,
                                  void *arg, struct es_err *e)
{
    const struct es_coverage *c = arg;
    (void)blob;
    return es_txn_coverage_drop(tx, c->initiative, c->id, e);
}

static void check_link(const struct es_coverage *c, struct es_field_errors *fe)
{
    if (!*c->publisher)
        es_field_errors_add(fe, "publisher", "required", NAN);
    check_length("publisher", c->publisher, ES_FACE_LABEL, fe);
    if (!*c->title)
        es_field_errors_add(fe, "headline", "required", NAN);
    check_length("headline", c->title, ES_RELEASE_TITLE, fe);
    if (!*c->url)
        es_field_errors_add(fe, "url", "required", NAN);
    else if (strncmp(c->url, "https://", 8) != 0 || !es_address_ok(c->url))
        es_field_errors_add(fe, "url", "address", NAN);
    if (c->day_ms == ES_NO_TIME)
        es_field_errors_add(fe, "day", "required", NAN);
    if (!spoken(c->lang))
        es_field_errors_add(fe, "said_in", "invalid", NAN);
}

enum es_code es_coverage_put(struct es_app *app, const struct es_coverage *c,
                             struct es_field_errors *fe, struct es_err *e)
{
    struct es_coverage row = *c;
    struct es_coverage *all;
    struct es_arena a;
    size_t n = 0;
    check_link(c, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "fields");
    es_arena_init(&a, ES_REQ_ARENA);
    enum es_code rc = es_store_coverage(app->store, c->initiative,
                                        ES_COVERAGE_MAX, &a, &all, &n, e);
    es_arena_release(&a);
    if (rc == ES_OK && n >= ES_COVERAGE_MAX)
        rc = es_fail(e, ES_ETOOLARGE, 0, "too many links");
    row.id = es_id_new();
    return rc == ES_OK ? write_with(app, cover_apply, &row, e) : rc;
}

enum es_code es_coverage_drop(struct es_app *app, int64_t initiative,
                              int64_t id, struct es_err *e)
{
    struct es_coverage c = { .initiative = initiative, .id = id };
    enum es_code rc = write_with(app, uncover_apply, &c, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}
