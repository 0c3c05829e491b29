/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's page of messages: which are sent, what they say, what didn't
 * arrive, and a test that says what went wrong. */
#include "base/limits.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "notify/letter.h"
#include "notify/message.h"
#include "notify/smtp.h"
#include "store/accounts.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/views_letters.h"
#include "web/web_int.h"
#include "web/words_letters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FAILED_SHOWN = 50, TEST_WAIT_MS = 90000 };
#define DAY_MS INT64_C(86400000)

static const char *number(const struct es_req *q, int64_t n)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%lld", (long long)n);
    return s ? s : "";
}

static const char *name_of(const struct es_req *q, const char *what, int kind)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%s_%d", what, kind);
    return s ? s : "";
}

static enum es_code write_with(const struct es_req *q, es_write_fn *fn,
                               void *arg, struct es_err *e)
{
    return es_store_write(es_web_of(q)->app->store,
                          &(struct es_write){ .apply = fn, .arg = arg }, e);
}

static enum es_code go_back(const struct es_req *q, struct es_resp *out,
                            const char *tail)
{
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/messages%s",
                     es_web_who(q)->here.slug, tail);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* ---- all of them ---- */

static bool with_days(int kind)
{
    return kind == ES_LETTER_OPENS || kind == ES_LETTER_CLOSES;
}

/* The organiser's words in any language. */
static enum es_code has_own(const struct es_req *q, int kind, bool *out,
                            struct es_err *e)
{
    enum es_code rc = ES_OK;
    *out = false;
    for (size_t i = 0; rc == ES_OK && !*out && i < ES_LANGS; i++) {
        const char *words = "";
        rc = es_store_letter_words(
            es_web_of(q)->app->store, es_web_who(q)->here.id, kind,
            es_lang_at(i)->tag, es_req_arena(q), &words, e);
        *out = rc == ES_OK && *words;
    }
    return rc;
}

static enum es_code kinds_view(const struct es_req *q,
                               const struct es_letter_set *sets,
                               const struct es_field_errors *fe,
                               struct es_view_messages *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *lang = es_web_lang(q, NULL);
    struct es_letter_counts c;
    struct es_view_letter *rows =
        es_arena_array(a, ES_LETTER_KINDS - 1, sizeof *rows);
    enum es_code rc =
        es_store_letter_counts(es_web_of(q)->app->store, ini->id, &c, e);
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "messages");
    for (int k = 1; rc == ES_OK && k < ES_LETTER_KINDS; k++) {
        const char *days = name_of(q, "days", k);
        rows[v->n] = (struct es_view_letter){
            .value = number(q, k),
            .label = es_words_letter(lang, k),
            .who = es_words_letter_who(lang, k),
            .text = es_url_path(a, "/organise/e/%s/messages/%lld", ini->slug,
                                (long long)k),
            .on = fe->n ? *es_web_given(q, name_of(q, "on", k)) : sets[k].on,
            .with_days = with_days(k),
            .days_id = days,
            .days =
                fe->n ? es_web_field(q, days, fe)
                      : (struct es_view_field){ number(q, sets[k].days), NULL },
            .sent = c.n[k][ES_LETTER_SENT],
            .waiting = c.n[k][ES_LETTER_WAITS],
            .failed =
                c.n[k][ES_LETTER_GIVEN_UP] + c.n[k][ES_LETTER_REFUSED_FOR_GOOD],
        };
        rc = has_own(q, k, &rows[v->n++].own, e);
    }
    v->rows = rows;
    return rc;
}

static enum es_code failed_view(const struct es_req *q,
                                struct es_view_messages *v, struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *lang = es_web_lang(q, NULL);
    struct es_letter *all;
    size_t n = 0;
    enum es_code rc = es_store_letters_failed(store, es_web_who(q)->here.id, 0,
                                              FAILED_SHOWN, a, &all, &n, e);
    struct es_view_failed *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "failed messages");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_participant p = { 0 };
        rc = es_store_participant(store, all[i].initiative, all[i].participant,
                                  a, &p, e);
        if (rc == ES_OK)
            rows[v->n_failed++] = (struct es_view_failed){
                .id = number(q, all[i].id),
                .bib = p.bib,
                .kind = es_words_letter(lang, all[i].kind),
                .why = es_words_fault(lang, all[i].fault),
                .code = all[i].code,
                .waits = all[i].state == ES_LETTER_WAITS,
                .next_ms = all[i].next_ms,
            };
        rc = rc == ES_ENOENT ? ES_OK : rc;
    }
    v->failed = rows;
    return rc;
}

static enum es_code test_view(const struct es_req *q,
                              const struct es_field_errors *fe,
                              struct es_view_messages *v, struct es_err *e)
{
    const struct es_account *me = &es_web_who(q)->account;
    const struct es_lang *lang = es_web_lang(q, NULL);
    struct es_mail_test t = { 0 };
    v->address = es_web_field(q, "address", fe);
    if (!v->address.error)
        v->address.value = me->mail;
    v->tested = v->said = "";
    enum es_code rc = es_store_mail_test(es_web_of(q)->app->store, me->id,
                                         es_req_arena(q), &t, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    if (rc != ES_OK)
        return rc;
    bool late = es_time_now_ms() > t.asked_ms + TEST_WAIT_MS;
    v->testing = !t.done_ms && !late;
    if (t.done_ms)
        v->tested = t.fault == ES_FAULT_NONE
                        ? es_t(lang, ES_T("The mail server has taken the test. "
                                          "Look into your mailbox."))
                        : es_words_fault(lang, t.fault);
    else if (late)
        v->tested = es_t(lang, ES_T("The test did not go out: the part of this "
                                    "server that sends mail doesn't run."));
    v->tested_ms = t.done_ms ? t.done_ms : t.asked_ms;
    v->said = t.said;
    v->code = t.code;
    return ES_OK;
}

/* What the switches stood at when the form was shown: each change is then one
 * of its own, whoever else changes others. */
static const char *stamp_of(const struct es_req *q,
                            const struct es_letter_set *sets)
{
    struct es_buf b;
    es_buf_init(&b, 256);
    for (int k = 1; k < ES_LETTER_KINDS; k++)
        es_buf_fmt(&b, "%d.%d ", sets[k].on ? 1 : 0, (int)sets[k].days);
    const char *s = es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    return s ? s : "";
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_field_errors *fe, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_letter_set sets[ES_LETTER_KINDS];
    struct es_view_messages v = {
        .frame = es_web_frame(q, ini),
        .self = es_url_path(a, "/organise/e/%s/messages", ini->slug),
        .again = es_url_path(a, "/organise/e/%s/messages/again", ini->slug),
        .test = es_url_path(a, "/organise/e/%s/messages/test", ini->slug),
        .registration =
            es_url_path(a, "/organise/e/%s/registration#consents", ini->slug),
        .mail = es_web_of(q)->mail,
        .asked = strstr(ini->consents, "\"" ES_LETTER_PURPOSE "\"") != NULL,
        .zone = ini->zone,
    };
    v.frame.here = v.self;
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    enum es_code rc =
        es_store_letter_sets(es_web_of(q)->app->store, ini->id, sets, e);
    if (rc == ES_OK)
        rc = kinds_view(q, sets, fe, &v, e);
    if (rc == ES_OK)
        rc = failed_view(q, &v, e);
    if (rc == ES_OK)
        rc = test_view(q, fe, &v, e);
    if (rc != ES_OK)
        return rc;
    v.was = stamp_of(q, sets);
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_messages(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/messages */
static enum es_code messages(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show(q, out, &none, e);
}

struct setting {
    int64_t initiative;
    struct es_letter_set sets[ES_LETTER_KINDS];
    bool changed[ES_LETTER_KINDS];
};

static enum es_code put_sets(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct setting *s = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (int k = 1; rc == ES_OK && k < ES_LETTER_KINDS; k++)
        if (s->changed[k])
            rc = es_txn_letter_set_put(tx, s->initiative, k, &s->sets[k], e);
    return rc;
}

/* POST /organise/e/{slug}/messages */
static enum es_code keep(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct setting s = { .initiative = es_web_who(q)->here.id };
    const char *was = es_web_given(q, "was");
    for (int k = 1; k < ES_LETTER_KINDS; k++) {
        const char *field = name_of(q, "days", k);
        int64_t days = 3;
        int on_was = -1;
        int days_was = -1;
        int took = 0;
        if (with_days(k) && !es_num_i64(es_bytes_str(es_web_given(q, field)), 1,
                                        ES_LETTER_DAYS_MAX, &days))
            es_field_errors_add(&fe, field, "days", ES_LETTER_DAYS_MAX);
        s.sets[k].on = *es_web_given(q, name_of(q, "on", k)) != '\0';
        s.sets[k].days = (int32_t)days;
        if (sscanf(was, "%1d.%2d %n", &on_was, &days_was, &took) == 2)
            was += took;
        s.changed[k] = on_was != s.sets[k].on || days_was != s.sets[k].days;
    }
    if (fe.n)
        return show(q, out, &fe, e);
    enum es_code rc = write_with(q, put_sets, &s, e);
    return rc == ES_OK ? go_back(q, out, "?done=kept") : rc;
}

/* ---- what didn't arrive ---- */

struct again {
    int64_t initiative, letter, now_ms;
};

static enum es_code put_again(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct again *t = arg;
    (void)blob;
    return es_txn_letter_again(tx, t->initiative, t->letter, t->now_ms,
                               t->now_ms + ES_LETTER_DAYS * DAY_MS, e);
}

/* POST /organise/e/{slug}/messages/again */
static enum es_code again(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct again t = { es_web_who(q)->here.id, 0, es_time_now_ms() };
    if (!es_num_i64(es_bytes_str(es_web_given(q, "letter")), 0, INT64_MAX,
                    &t.letter))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = write_with(q, put_again, &t, e);
    return rc == ES_OK ? go_back(q, out, "?done=letter_again") : rc;
}

/* ---- a test ---- */

static enum es_code put_test(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    struct es_mail_test *t = arg;
    struct es_account who;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, 1 << 16);
    enum es_code rc = es_txn_account(tx, t->account, &a, &who, e);
    if (rc == ES_OK) {
        who.mail = t->address;
        rc = es_txn_account_put(tx, &who, e);
    }
    if (rc == ES_OK)
        rc = es_txn_mail_test_put(tx, t, e);
    es_arena_release(&a);
    return rc;
}

/* POST /organise/e/{slug}/messages/test: to the account's own address */
static enum es_code test(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_field_errors fe = { 0 };
    struct es_mail_test t = {
        .account = es_web_who(q)->account.id,
        .address = es_web_given(q, "address"),
        .lang = es_web_lang(q, NULL)->tag,
        .asked_ms = es_time_now_ms(),
        .said = "",
    };
    if (!es_web_of(q)->mail)
        return es_web_fail(q, out, 404, "");
    if (!es_mail_address_ok(t.address)) {
        es_field_errors_add(&fe, "address", "invalid", NAN);
        return show(q, out, &fe, e);
    }
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_MAIL_TEST,
                                    (uint64_t)t.account, es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    enum es_code rc = write_with(q, put_test, &t, e);
    return rc == ES_OK ? go_back(q, out, "?tested=1") : rc;
}

/* ---- one of them ---- */

struct editing {
    const struct es_req *q;
    int kind;
    struct es_web_edit w;
    const char *field[ES_LANGS];
    const char *words[ES_LANGS]; /* as they are kept, or to be */
};

static enum es_code begin(struct editing *d, const struct es_req *q,
                          struct es_err *e)
{
    int64_t kind;
    *d = (struct editing){ .q = q, .w = { .q = q } };
    if (!es_num_i64(es_bytes_str(es_req_param(q, "kind")), 1,
                    ES_LETTER_KINDS - 1, &kind))
        return es_fail(e, ES_ENOENT, 0, "no such message");
    d->kind = (int)kind;
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < ES_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        d->field[i] = es_arena_fmt(es_req_arena(q), "words_%s", tag);
        if (!d->field[i])
            return es_fail(e, ES_ENOMEM, 0, "a message");
        rc = es_store_letter_words(es_web_of(q)->app->store,
                                   es_web_who(q)->here.id, d->kind, tag,
                                   es_req_arena(q), &d->words[i], e);
        if (rc == ES_OK)
            es_web_edit_add(&d->w, d->field[i], d->words[i], ES_EDIT_LINES);
    }
    return rc;
}

/* As it would read, with a run that nobody ran. */
static void preview(const struct editing *d, struct es_view_letter_text *v)
{
    struct es_arena *a = es_req_arena(d->q);
    const struct es_initiative *ini = &es_web_who(d->q)->here;
    struct es_run run = {
        .id = 1,
        .status = d->kind == ES_LETTER_REFUSED    ? ES_RUN_REFUSED
                  : d->kind == ES_LETTER_QUESTION ? ES_RUN_IN_REVIEW
                                                  : ES_RUN_ACCEPTED,
        .started_ms = ini->opens_ms,
        .counted_mm = 10000000,
    };
    struct es_buf b;
    struct es_letter_say say = {
        .kind = d->kind,
        .lang = v->lang,
        .ini = ini,
        .origin = es_web_of(d->q)->origin,
        .bib = 12,
        .run = &run,
        .dist_mm = 42000000,
        .runs = 6,
        .own = v->words.value,
        .stop = es_letter_necessary(d->kind)
                    ? NULL
                    : es_arena_fmt(a, "%s/stop/...", es_web_of(d->q)->origin),
    };
    es_buf_init(&b, ES_MAIL_BYTES);
    es_letter_text(&say, a, &b);
    v->subject = es_letter_subject(&say, a);
    v->text = es_arena_str(a, es_buf_cstr(&b));
    v->text = v->text ? v->text : "";
    es_buf_release(&b);
}

static enum es_code show_one(const struct editing *d, struct es_resp *out,
                             const struct es_field_errors *fe)
{
    const struct es_req *q = d->q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_letter_text rows[ES_LANGS];
    struct es_view_message v = {
        .frame = es_web_frame(q, ini),
        .self = es_url_path(a, "/organise/e/%s/messages/%lld", ini->slug,
                            (long long)d->kind),
        .back = es_url_path(a, "/organise/e/%s/messages", ini->slug),
        .label = es_words_letter(es_web_lang(q, NULL), d->kind),
        .who = es_words_letter_who(es_web_lang(q, NULL), d->kind),
        .was = es_web_edit_stamp(&d->w),
        .max = ES_LETTER_WORDS,
        .rows = rows,
        .n = ES_LANGS,
    };
    for (size_t i = 0; i < ES_LANGS; i++) {
        rows[i] = (struct es_view_letter_text){
            .lang = es_lang_at(i),
            .field = d->field[i],
            .words = es_web_edit_field(&d->w, d->field[i], fe),
        };
        preview(d, &rows[i]);
    }
    v.frame.here = v.self;
    v.frame.notice = d->w.clashes ? es_web_edit_notice(&d->w, ini)
                                  : es_words_done(es_web_lang(q, NULL),
                                                  es_req_query(q, "done"));
    if (d->w.clashes || fe->n)
        es_resp_status(out, d->w.clashes ? 409 : 422);
    struct es_out o = es_web_page(q, out);
    es_page_message(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/messages/{kind} */
static enum es_code message(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_field_errors none = { 0 };
    struct editing d;
    enum es_code rc = begin(&d, q, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show_one(&d, out, &none) : rc;
}

/* What is kept is still what the form was merged with, or it is a conflict. */
static enum es_code put_words(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct editing *d = arg;
    int64_t ini = es_web_who(d->q)->here.id;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < ES_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        const char *now = "";
        struct es_arena a;
        es_arena_init(&a, 1 << 16);
        rc = es_txn_letter_words(tx, ini, d->kind, tag, &a, &now, e);
        if (rc == ES_OK && strcmp(now, d->words[i]) != 0)
            rc = es_fail(e, ES_ECONFLICT, 0, "other words by now");
        es_arena_release(&a);
        if (rc == ES_OK)
            rc = es_txn_letter_words_put(
                tx, ini, d->kind, tag, es_web_edit_kept(&d->w, d->field[i]), e);
    }
    return rc;
}

/* POST /organise/e/{slug}/messages/{kind}; with `see` nothing is kept */
static enum es_code message_keep(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct editing d;
    enum es_code rc = ES_ECONFLICT;
    for (int i = 0; i < 3 && rc == ES_ECONFLICT; i++) {
        struct es_field_errors fe = { 0 };
        rc = begin(&d, q, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        size_t clashes = es_web_edit_merge(&d.w);
        for (size_t k = 0; k < ES_LANGS; k++)
            if (es_utf8_count(es_bytes_str(
                    es_web_edit_kept(&d.w, d.field[k]))) > ES_LETTER_WORDS)
                es_field_errors_add(&fe, d.field[k], "too_long",
                                    ES_LETTER_WORDS);
        if (clashes || fe.n || *es_web_given(q, "see"))
            return show_one(&d, out, &fe);
        rc = write_with(q, put_words, &d, e);
    }
    const char *tail = es_arena_fmt(es_req_arena(q), "/%d?done=kept", d.kind);
    return rc == ES_OK ? go_back(q, out, tail ? tail : "") : rc;
}

#define ROOT "/organise/e/{slug}/messages"
static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, messages },
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, keep },
    { ES_POST, ROOT "/again", ES_BODY_FORM, ES_WEB_FORM, again },
    { ES_POST, ROOT "/test", ES_BODY_FORM, ES_WEB_FORM, test },
    { ES_GET, ROOT "/{kind}", ES_BODY_NONE, ES_WEB_PAGE, message },
    { ES_POST, ROOT "/{kind}", ES_BODY_FORM, ES_WEB_FORM, message_keep },
};
const struct es_routes ES_ROUTES_MESSAGES = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
