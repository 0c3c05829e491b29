/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The queue of runs that wait for a person, and accepting many at once. */
#include "web/review.h"

#include "base/num.h"
#include "web/pages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LISTED = 30, TABS = ES_QUEUE_WHYS };

/* ---- filters and addresses ---- */

static bool number_of(const struct es_req *q, const char *name, int64_t *out)
{
    const char *s = es_req_query(q, name);
    *out = 0;
    return !s || !*s || es_num_i64(es_bytes_str(s), 0, INT64_MAX, out);
}

enum es_code es_review_filter_of(const struct es_req *q,
                                 struct es_review_filter *out, struct es_err *e)
{
    const char *code = es_req_query(q, "for");
    struct es_participant p;
    int64_t bib, why;
    enum es_code rc = ES_OK;
    *out = (struct es_review_filter){
        .key = "", .value = "", .ask = { .initiative = es_web_who(q)->here.id }
    };
    if (code && *code) {
        out->key = "for";
        out->value = out->ask.code = code;
        return ES_OK;
    }
    if (!number_of(q, "bib", &bib))
        bib = INT64_MAX;
    if (bib) {
        out->key = "bib";
        out->value = es_req_query(q, "bib");
        rc = es_store_participant_by_bib(es_web_of(q)->app->store,
                                         out->ask.initiative, bib,
                                         es_req_arena(q), &p, e);
        out->nobody = rc == ES_ENOENT;
        out->ask.participant = rc == ES_OK ? p.id : INT64_MAX;
        return rc == ES_ENOENT ? ES_OK : rc;
    }
    if (number_of(q, "why", &why) && why > 0 && why < ES_QUEUE_WHYS) {
        out->key = "why";
        out->value = es_req_query(q, "why");
        out->ask.why = (int32_t)why;
    }
    return ES_OK;
}

struct es_url es_review_queue_url(const struct es_req *q,
                                  const struct es_review_filter *f)
{
    const char *slug = es_web_who(q)->here.slug;
    return *f->key
               ? es_url_path(es_req_arena(q), "/organise/e/%s/review?%s=%s",
                             slug, f->key, f->value)
               : es_url_path(es_req_arena(q), "/organise/e/%s/review", slug);
}

struct es_url es_review_run_url(const struct es_req *q,
                                const struct es_review_filter *f, int64_t run)
{
    const char *slug = es_web_who(q)->here.slug;
    return *f->key ? es_url_path(es_req_arena(q),
                                 "/organise/e/%s/review/%lld?%s=%s", slug,
                                 (long long)run, f->key, f->value)
                   : es_url_path(es_req_arena(q), "/organise/e/%s/review/%lld",
                                 slug, (long long)run);
}

struct es_url es_review_act_url(const struct es_req *q,
                                const struct es_review_filter *f, int64_t run,
                                const char *act)
{
    const char *slug = es_web_who(q)->here.slug;
    return *f->key
               ? es_url_path(es_req_arena(q),
                             "/organise/e/%s/review/%lld/%s?%s=%s", slug,
                             (long long)run, act, f->key, f->value)
               : es_url_path(es_req_arena(q), "/organise/e/%s/review/%lld/%s",
                             slug, (long long)run, act);
}

int32_t es_review_role(const struct es_req *q)
{
    const struct es_who *who = es_web_who(q);
    int32_t role = ES_ROLE_NONE;
    for (size_t i = 0; i < who->n_roles; i++) {
        const struct es_role_given *r = &who->roles[i];
        if (r->initiative == who->here.id &&
            es_access_role((enum es_role)r->role, ES_MAY_REVIEW) &&
            r->role > role)
            role = r->role;
    }
    return role;
}

/* ---- the queue ---- */

static const char *brings(const struct es_req *q, const struct es_receipt *r)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (r->findings[i].effect >= ES_REVIEW &&
            !es_finding_is_step(r->findings[i].code))
            return es_words_finding_short(es_web_lang(q, NULL),
                                          r->findings[i].code);
    return "";
}

enum es_code es_review_row(const struct es_req *q,
                           const struct es_review_filter *f,
                           const struct es_queued *it,
                           struct es_view_waiting *out, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    struct es_receipt r;
    struct es_run run;
    enum es_code rc =
        es_store_run(app->store, it->initiative, it->run, a, &run, e);
    if (rc == ES_OK)
        rc = es_store_participant(app->store, it->initiative, it->participant,
                                  a, &p, e);
    if (rc == ES_OK)
        rc = es_receipt_of(app, &run, a, &r, e);
    if (rc != ES_OK)
        return rc;
    int64_t other = es_desk_other(app->desk, it->run, es_web_who(q)->account.id,
                                  es_time_mono_ms());
    *out = (struct es_view_waiting){
        .url = es_review_run_url(q, f, it->run),
        .name = p.display_name,
        .bib = p.bib,
        .why = es_words_waits(es_web_lang(q, NULL), it->why),
        .reason = brings(q, &r),
        .claimed = es_web_account_name(q, other),
        .sport = es_sport_name(r.measure.sport),
        .since_ms = it->since_ms,
        .dist_mm = run.dist_mm,
        .time_ms = run.time_ms,
    };
    return ES_OK;
}

static enum es_code rows_of(const struct es_req *q,
                            const struct es_review_filter *f,
                            const struct es_queued *all, size_t n_all,
                            const struct es_view_waiting **out, size_t *n,
                            struct es_err *e)
{
    struct es_view_waiting *v =
        es_arena_array(es_req_arena(q), n_all, sizeof *v);
    enum es_code rc = v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "queue");
    *n = 0;
    for (size_t i = 0; rc == ES_OK && i < n_all; i++) {
        rc = es_review_row(q, f, &all[i], &v[*n], e);
        *n += rc == ES_OK;
        rc = rc == ES_ENOENT ? ES_OK : rc;
    }
    *out = v;
    return rc;
}

static struct es_url tab_url(const struct es_req *q, const char *key,
                             const char *value)
{
    struct es_review_filter f = { .key = key, .value = value };
    return es_review_queue_url(q, &f);
}

static void add_tab(const struct es_req *q, struct es_view_queue *v,
                    struct es_view_tab *tabs, const struct es_review_filter *f,
                    int32_t why, int64_t n)
{
    const char *text = es_arena_fmt(es_req_arena(q), "%" PRId32, why);
    tabs[v->n_tabs++] = (struct es_view_tab){
        .label = es_words_waits(es_web_lang(q, NULL), why),
        .url = tab_url(q, why ? "why" : "", text ? text : ""),
        .n = n,
        .chosen = why == f->ask.why && !f->ask.code && !f->ask.participant,
    };
}

static enum es_code filters(const struct es_req *q,
                            const struct es_review_filter *f,
                            struct es_view_queue *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_queue_count *c;
    int64_t by_why[TABS] = { 0 };
    size_t n;
    enum es_code rc =
        es_review_counts(es_web_of(q)->app, f->ask.initiative, a, &c, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_tab *tabs = es_arena_array(a, TABS, sizeof *tabs);
    struct es_view_tab *codes = es_arena_array(a, n, sizeof *codes);
    if (!tabs || !codes)
        return es_fail(e, ES_ENOMEM, 0, "filters");
    for (size_t i = 0; i < n; i++) {
        if (c[i].why > 0 && c[i].why < TABS)
            by_why[c[i].why] = c[i].n;
        if (c[i].why > 0 && c[i].why != ES_QUEUE_WAITING)
            by_why[0] += c[i].n;
        if (c[i].why == 0)
            codes[v->n_codes++] = (struct es_view_tab){
                .label =
                    es_words_finding_short(es_web_lang(q, NULL), c[i].code),
                .url = tab_url(q, "for", c[i].code),
                .n = c[i].n,
                .chosen = f->ask.code && strcmp(f->ask.code, c[i].code) == 0,
            };
        if (c[i].why == 0 && f->ask.code && c[i].alone > 1 &&
            strcmp(f->ask.code, c[i].code) == 0 &&
            es_finding_harmless(c[i].code)) {
            v->bulk = es_url_path(a, "/organise/e/%s/review/all/%s",
                                  es_web_who(q)->here.slug, c[i].code);
            v->n_bulk = c[i].alone;
        }
    }
    for (int32_t why = 0; why < TABS; why++)
        if (why == 0 || by_why[why] > 0 || why == f->ask.why)
            add_tab(q, v, tabs, f, why, by_why[why]);
    v->tabs = tabs;
    v->codes = codes;
    return ES_OK;
}

static void pages_of(const struct es_req *q, const struct es_review_filter *f,
                     const struct es_queued *all, size_t n,
                     struct es_view_queue *v)
{
    struct es_arena *a = es_req_arena(q);
    const char *slug = es_web_who(q)->here.slug;
    if (f->ask.after_run)
        v->first = es_review_queue_url(q, f);
    if (n == LISTED)
        v->next = es_url_path(
            a, "/organise/e/%s/review?%s=%s&after=%lld&run=%lld", slug,
            *f->key ? f->key : "why", *f->key ? f->value : "0",
            (long long)all[n - 1].since_ms, (long long)all[n - 1].run);
    for (size_t i = 0; i < v->n && !es_url_is(v->begin); i++)
        if (!*v->rows[i].claimed)
            v->begin = v->rows[i].url;
}

/* GET /organise/e/{slug}/review */
static enum es_code queue(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_review_filter f;
    struct es_queued *all;
    size_t n;
    struct es_view_queue v = {
        .frame = es_web_frame(q, ini),
        .zone = ini->zone,
        .bib = { "", NULL },
        .self =
            es_url_path(es_req_arena(q), "/organise/e/%s/review", ini->slug),
        .log = es_url_path(es_req_arena(q), "/organise/e/%s/log", ini->slug),
    };
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    enum es_code rc = es_review_filter_of(q, &f, e);
    if (rc == ES_OK && (!number_of(q, "after", &f.ask.after_ms) ||
                        !number_of(q, "run", &f.ask.after_run)))
        return es_web_fail(q, out, 400, "");
    f.ask.max = LISTED;
    if (rc == ES_OK)
        rc = es_store_queue(es_web_of(q)->app->store, &f.ask, es_req_arena(q),
                            &all, &n, e);
    if (rc == ES_OK)
        rc = rows_of(q, &f, all, n, &v.rows, &v.n, e);
    if (rc == ES_OK)
        rc = filters(q, &f, &v, e);
    if (rc != ES_OK)
        return rc;
    if (strcmp(f.key, "bib") == 0)
        v.bib.value = f.value;
    if (f.nobody)
        v.bib.error =
            es_t(es_web_lang(q, NULL), ES_T("Nobody has this number."));
    v.frame.here = es_review_queue_url(q, &f);
    pages_of(q, &f, all, n, &v);
    struct es_out o = es_web_page(q, out);
    es_page_queue(&o, &v);
    return ES_OK;
}

/* ---- many at once ---- */

static enum es_code bulk_count(const struct es_req *q, const char *code,
                               int64_t *n, struct es_err *e)
{
    struct es_queue_count *c;
    size_t n_c;
    enum es_code rc =
        es_review_counts(es_web_of(q)->app, es_web_who(q)->here.id,
                         es_req_arena(q), &c, &n_c, e);
    *n = 0;
    for (size_t i = 0; rc == ES_OK && i < n_c; i++)
        if (c[i].why == 0 && strcmp(c[i].code, code) == 0)
            *n = c[i].alone;
    return rc;
}

/* GET /organise/e/{slug}/review/all/{finding}: what would be accepted. */
static enum es_code bulk(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    const char *code = es_req_param(q, "finding");
    struct es_arena *a = es_req_arena(q);
    struct es_review_filter f = { "for", code, { 0 }, false };
    struct es_queue_ask ask = {
        .initiative = ini->id, .code = code, .alone = true, .max = LISTED
    };
    struct es_queued *all;
    size_t n;
    if (!es_finding_harmless(code))
        return es_web_fail(q, out, 404, "");
    struct es_view_bulk v = {
        .frame = es_web_frame(q, ini),
        .zone = ini->zone,
        .label = es_words_finding_short(es_web_lang(q, NULL), code),
        .action =
            es_url_path(a, "/organise/e/%s/review/all/%s", ini->slug, code),
        .back = es_review_queue_url(q, &f),
    };
    enum es_code rc =
        es_store_queue(es_web_of(q)->app->store, &ask, a, &all, &n, e);
    if (rc == ES_OK)
        rc = rows_of(q, &f, all, n, &v.rows, &v.n, e);
    if (rc == ES_OK)
        rc = bulk_count(q, code, &v.all, e);
    if (rc != ES_OK)
        return rc;
    /* Ids rise with time: what comes while they read isn't meant. */
    v.until = es_arena_fmt(a, "%" PRId64, es_id_at(es_time_now_ms()));
    if (!v.until)
        return es_fail(e, ES_ENOMEM, 0, "bulk");
    struct es_out o = es_web_page(q, out);
    es_page_bulk(&o, &v);
    return ES_OK;
}

/* POST of the same */
static enum es_code bulk_accept(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_bulk in = { .initiative = ini->id,
                          .account = es_web_who(q)->account.id,
                          .role = es_review_role(q),
                          .code = es_req_param(q, "finding") };
    size_t n;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "until")), 1, INT64_MAX,
                    &in.until))
        return es_web_fail(q, out, 400, "");
    if (!es_finding_harmless(in.code))
        return es_web_fail(q, out, 404, "");
    enum es_code rc = es_review_bulk(es_web_of(q)->app, &in, &n, e);
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/review?done=bulk", ini->slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/review", ES_BODY_NONE, ES_WEB_PAGE, queue },
    { ES_GET, "/organise/e/{slug}/review/all/{finding}", ES_BODY_NONE,
      ES_WEB_PAGE, bulk },
    { ES_POST, "/organise/e/{slug}/review/all/{finding}", ES_BODY_FORM,
      ES_WEB_FORM, bulk_accept },
};
const struct es_routes ES_ROUTES_REVIEW = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
