/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The log of an initiative: what became of every run, to be read and to be
 * taken away as a file. */
#include "web/review.h"

#include "base/json.h"
#include "base/log.h"
#include "base/num.h"
#include "web/pages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 50, AT_ONCE = 100, BATCH_MEM = 8 << 20, BATCH_TEXT = 4 << 20 };

/* ---- filters ---- */

struct asked {
    struct es_steps_ask ask;
    const char *what, *who, *bib; /* as they were asked; "" */
    bool nobody;
};

static bool number_of(const struct es_req *q, const char *name,
                      const char **text, int64_t *out)
{
    const char *s = es_req_query(q, name);
    *text = s ? s : "";
    *out = 0;
    return !s || !*s || es_num_i64(es_bytes_str(s), 0, INT64_MAX, out);
}

static enum es_code asked_of(const struct es_req *q, struct asked *k,
                             bool *good, struct es_err *e)
{
    int64_t what, bib;
    const char *unused;
    struct es_participant p;
    *k = (struct asked){ .ask = { .initiative = es_web_who(q)->here.id,
                                  .max = LISTED } };
    *good = number_of(q, "what", &k->what, &what) && what < ES_STEPS &&
            number_of(q, "who", &k->who, &k->ask.account) &&
            number_of(q, "before", &unused, &k->ask.before);
    k->ask.what = (int32_t)what;
    if (!number_of(q, "bib", &k->bib, &bib))
        bib = INT64_MAX;
    if (!bib)
        return ES_OK;
    enum es_code rc =
        es_store_participant_by_bib(es_web_of(q)->app->store, k->ask.initiative,
                                    bib, es_req_arena(q), &p, e);
    k->nobody = rc == ES_ENOENT;
    k->ask.participant = rc == ES_OK ? p.id : INT64_MAX;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code choices(const struct es_req *q, const struct asked *k,
                            struct es_view_steps *v, struct es_err *e)
{
    static const enum es_step_what WHATS[] = {
        ES_STEP_ACCEPTED, ES_STEP_REFUSED,   ES_STEP_ASKED,
        ES_STEP_ANSWERED, ES_STEP_APPEALED,  ES_STEP_GRANTED,
        ES_STEP_UPHELD,   ES_STEP_WITHDRAWN, ES_STEP_SEEN,
    };
    const size_t n = sizeof WHATS / sizeof *WHATS;
    struct es_arena *a = es_req_arena(q);
    struct es_view_choice *whats = es_arena_array(a, n, sizeof *whats);
    int64_t *ids;
    size_t n_ids;
    enum es_code rc =
        es_reviewers(es_web_of(q)->app, k->ask.initiative, a, &ids, &n_ids, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_choice *whos = es_arena_array(a, n_ids, sizeof *whos);
    if (!whats || !whos)
        return es_fail(e, ES_ENOMEM, 0, "choices");
    for (size_t i = 0; i < n; i++) {
        const char *value = es_arena_fmt(a, "%d", (int)WHATS[i]);
        whats[i] = (struct es_view_choice){
            .value = value ? value : "",
            .label = es_words_step(es_web_lang(q, NULL), WHATS[i], -1),
            .chosen = k->ask.what == (int32_t)WHATS[i],
        };
    }
    for (size_t i = 0; i < n_ids; i++) {
        const char *value = es_arena_fmt(a, "%" PRId64, ids[i]);
        whos[i] = (struct es_view_choice){
            .value = value ? value : "",
            .label = es_web_account_name(q, ids[i]),
            .chosen = k->ask.account == ids[i],
        };
    }
    v->whats = whats;
    v->n_whats = n;
    v->whos = whos;
    v->n_whos = n_ids;
    return ES_OK;
}

/* ---- the page ---- */

static enum es_code rows_of(const struct es_req *q, const struct es_step *s,
                            size_t n, const struct es_view_log_row **out,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_log_row *v = es_arena_array(a, n, sizeof *v);
    struct es_review_filter none = { .key = "", .value = "" };
    enum es_code rc = v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "log");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        const struct es_view_step *step;
        struct es_participant p = { .display_name = "" };
        rc = es_store_participant(es_web_of(q)->app->store, s[i].initiative,
                                  s[i].participant, a, &p, e);
        if (rc == ES_ENOENT)
            rc = ES_OK;
        if (rc == ES_OK)
            rc = es_web_steps_view(q, &s[i], 1, ES_STEPS_FOR_STAFF,
                                   p.display_name, &step, e);
        if (rc == ES_OK)
            v[i] = (struct es_view_log_row){
                .step = *step,
                .url = es_review_run_url(q, &none, s[i].run),
                .name = p.display_name,
                .id = s[i].id,
                .bib = p.bib,
            };
    }
    *out = v;
    return rc;
}

/* The newest step's number and hash: what binds all before it. */
static enum es_code fingerprint(const struct es_req *q, struct es_view_steps *v,
                                struct es_err *e)
{
    struct es_steps_ask ask = { .initiative = es_web_who(q)->here.id,
                                .max = 1 };
    struct es_step *s;
    char text[2 * sizeof s->chain + 1] = "";
    size_t n;
    enum es_code rc = es_store_steps(es_web_of(q)->app->store, &ask,
                                     es_req_arena(q), &s, &n, e);
    if (rc != ES_OK || n == 0)
        return rc;
    for (size_t i = 0; i < sizeof s->chain; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", s->chain[i]);
    v->last = s->id;
    v->fingerprint = es_arena_str(es_req_arena(q), text);
    return v->fingerprint ? ES_OK : es_fail(e, ES_ENOMEM, 0, "fingerprint");
}

/* GET /organise/e/{slug}/log */
static enum es_code log_page(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_arena *a = es_req_arena(q);
    struct asked k;
    struct es_step *s;
    bool good;
    struct es_view_steps v = {
        .frame = es_web_frame(q, ini),
        .zone = ini->zone,
        .self = es_url_path(a, "/organise/e/%s/log", ini->slug),
        .csv = es_url_path(a, "/organise/e/%s/log.csv", ini->slug),
        .json = es_url_path(a, "/organise/e/%s/log.jsonl", ini->slug),
        .fingerprint = "",
    };
    enum es_code rc = asked_of(q, &k, &good, e);
    if (rc == ES_OK && !good)
        return es_web_fail(q, out, 400, "");
    if (rc == ES_OK)
        rc = es_store_steps(es_web_of(q)->app->store, &k.ask, a, &s, &v.n, e);
    if (rc == ES_OK)
        rc = rows_of(q, s, v.n, &v.rows, e);
    if (rc == ES_OK)
        rc = choices(q, &k, &v, e);
    if (rc == ES_OK)
        rc = fingerprint(q, &v, e);
    if (rc != ES_OK)
        return rc;
    v.frame.here = es_url_path(a, "/organise/e/%s/log?what=%s&who=%s&bib=%s",
                               ini->slug, k.what, k.who, k.bib);
    v.bib.value = k.bib;
    if (k.nobody)
        v.bib.error =
            es_t(es_web_lang(q, NULL), ES_T("Nobody has this number."));
    if (v.n == LISTED)
        v.older = es_url_path(
            a, "/organise/e/%s/log?what=%s&who=%s&bib=%s&before=%lld",
            ini->slug, k.what, k.who, k.bib, (long long)s[v.n - 1].id);
    struct es_out o = es_web_page(q, out);
    es_page_steps(&o, &v);
    return ES_OK;
}

/* ---- as a file ---- */

/* Written a batch at a time, as it is sent: half a million rows are 150 MB. */
struct file {
    struct es_store *store;
    int64_t initiative;
    int64_t after;      /* the last step that is written */
    struct es_buf text; /* a batch */
    size_t at;          /* so much of it is sent */
    bool csv;
};

/* A spreadsheet takes what begins so for a formula (OWASP, CSV injection); an
 * apostrophe before it is shown to nobody. */
static void csv_text(struct es_buf *b, const char *s)
{
    es_buf_str(b, ",\"");
    if (*s && strchr("=+-@\t\r", *s))
        es_buf_str(b, "'");
    for (; *s; s++) {
        if (*s == '"')
            es_buf_str(b, "\"");
        es_buf_u8(b, (uint8_t)*s);
    }
    es_buf_str(b, "\"");
}

static const char *status_name(int32_t status)
{
    static const char *const NAMES[] = { "accepted", "in_review", "refused",
                                         "withdrawn" };
    return status >= 0 && status < 4 ? NAMES[status] : "";
}

static void hex(struct es_buf *b, struct es_bytes s)
{
    for (size_t i = 0; i < s.n; i++)
        es_buf_fmt(b, "%02x", s.p[i]);
}

static void csv_row(struct es_buf *b, const struct es_step *s, int64_t bib,
                    const char *who)
{
    char at[ES_TIME_TEXT];
    es_buf_fmt(b, "%" PRId64 ",%s,%s,\"%" PRId64 "\",%" PRId64 ",%s", s->id,
               es_time_text(s->at_ms, at), es_words_step_name(s->what), s->run,
               bib, status_name(s->status));
    csv_text(b, who);
    es_buf_fmt(b, ",%" PRId32, s->role);
    csv_text(b, s->reason);
    csv_text(b, s->words);
    es_buf_fmt(b, ",%" PRId32 ",", s->rules_version);
    hex(b, (struct es_bytes){ s->chain, sizeof s->chain });
    es_buf_str(b, "\r\n");
}

static void json_hex(struct es_buf *b, const char *key, struct es_bytes s)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "\"");
    hex(b, s);
    es_buf_str(b, "\"");
}

/* All that the hash is over, as store/steps.h tells. */
static void json_row(struct es_buf *b, const struct es_step *s, int64_t bib,
                     const char *who)
{
    es_buf_str(b, "{");
    es_buf_json_i(b, "step", s->id);
    es_buf_json_t(b, "at", s->at_ms);
    es_buf_json_i(b, "at_ms", s->at_ms);
    es_buf_json_s(b, "what", es_words_step_name(s->what));
    es_buf_json_i(b, "what_number", s->what);
    es_buf_json_id(b, "initiative", s->initiative);
    es_buf_json_id(b, "run", s->run);
    es_buf_json_id(b, "participant", s->participant);
    es_buf_json_i(b, "bib", bib);
    es_buf_json_s(b, "status", status_name(s->status));
    es_buf_json_i(b, "status_number", s->status);
    es_buf_json_id(b, "account", s->account);
    es_buf_json_s(b, "by", who);
    es_buf_json_i(b, "role", s->role);
    es_buf_json_s(b, "reason", s->reason);
    es_buf_json_s(b, "words", s->words);
    es_buf_json_i(b, "rules_version", s->rules_version);
    json_hex(b, "salt", s->salt);
    json_hex(b, "said", s->said);
    json_hex(b, "chain", (struct es_bytes){ s->chain, sizeof s->chain });
    es_buf_str(b, "}\n");
}

/* Those that follow; none: that was all. */
static enum es_code batch(struct file *f, struct es_err *e)
{
    struct es_step *s;
    struct es_arena a;
    size_t n = 0;
    es_arena_init(&a, BATCH_MEM);
    enum es_code rc = es_store_steps_after(f->store, f->initiative, f->after,
                                           AT_ONCE, &a, &s, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_participant p = { 0 };
        struct es_account who = { .name = "" };
        rc = es_store_participant(f->store, f->initiative, s[i].participant, &a,
                                  &p, e);
        if ((rc == ES_OK || rc == ES_ENOENT) && s[i].account)
            rc = es_store_account(f->store, s[i].account, &a, &who, e);
        if (rc == ES_ENOENT)
            rc = ES_OK;
        if (rc == ES_OK && f->csv)
            csv_row(&f->text, &s[i], p.bib, who.name);
        else if (rc == ES_OK)
            json_row(&f->text, &s[i], p.bib, who.name);
        f->after = s[i].id;
    }
    es_arena_release(&a);
    return rc == ES_OK && f->text.bad ? es_fail(e, ES_ENOMEM, 0, "log") : rc;
}

static ptrdiff_t read_file(void *arg, uint64_t at, uint8_t *out, size_t cap)
{
    struct file *f = arg;
    struct es_err e = { 0 };
    (void)at;
    if (f->at == f->text.n) {
        es_buf_clear(&f->text);
        f->at = 0;
        if (batch(f, &e) != ES_OK) {
            es_log(ES_LOG_ERROR, "review.log", "%s", e.msg);
            return -1;
        }
    }
    struct es_bytes s = es_buf_bytes(&f->text);
    size_t n = s.n - f->at < cap ? s.n - f->at : cap;
    if (n > 0)
        memcpy(out, s.p + f->at, n);
    f->at += n;
    return (ptrdiff_t)n;
}

static void end_file(void *arg)
{
    struct file *f = arg;
    es_buf_release(&f->text);
    free(f);
}

static enum es_code log_file(const struct es_req *q, struct es_resp *out,
                             bool csv, struct es_err *e)
{
    const char *name =
        es_arena_fmt(es_req_arena(q), "%s-log.%s", es_web_who(q)->here.slug,
                     csv ? "csv" : "jsonl");
    struct file *f = malloc(sizeof *f);
    if (!f || !name) {
        free(f);
        return es_fail(e, ES_ENOMEM, 0, "log");
    }
    *f = (struct file){ .store = es_web_of(q)->app->store,
                        .initiative = es_web_who(q)->here.id,
                        .csv = csv };
    es_buf_init(&f->text, BATCH_TEXT);
    if (csv)
        es_buf_str(&f->text, "step,at,what,run,bib,status,by,role,reason,words,"
                             "rules_version,chain\r\n");
    es_resp_type(out, csv ? "text/csv; charset=utf-8" : "application/jsonl");
    es_resp_attachment(out, name);
    struct es_pulled all = { ES_PULL_TO_END, read_file, end_file, f };
    es_resp_pull(q, out, &all);
    /* cppcheck-suppress memleak ; end_file gives it back */
    return ES_OK;
}

/* GET /organise/e/{slug}/log.csv */
static enum es_code log_csv(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    return log_file(q, out, true, e);
}

/* GET /organise/e/{slug}/log.jsonl */
static enum es_code log_jsonl(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    return log_file(q, out, false, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/log", ES_BODY_NONE, ES_WEB_PAGE, log_page },
    { ES_GET, "/organise/e/{slug}/log.csv", ES_BODY_NONE, ES_WEB_PAGE,
      log_csv },
    { ES_GET, "/organise/e/{slug}/log.jsonl", ES_BODY_NONE, ES_WEB_PAGE,
      log_jsonl },
};
const struct es_routes ES_ROUTES_REVIEW_LOG = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
