/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From preliminary to final, and corrections, for those who own an initiative.
 */
#include "base/limits.h"
#include "initiative/results.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { WHY_MAX = 1200 }; /* bytes: 300 letters of any script */

static enum es_code finish_page(const struct es_req *q, struct es_resp *out,
                                const struct es_field_errors *fe,
                                struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_results_open open;
    enum es_code rc =
        es_results_open(es_web_of(q)->app, ini, es_time_now_ms(), a, &open, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_finish v = {
        .frame = es_web_frame(q, ini),
        .final = ini->state == ES_INI_FINAL,
        .waiting = open.waiting,
        .appeals = open.appeals,
        .last_ms = open.last_ms,
        .running = open.running,
        .judging = open.judging,
        .zone = ini->zone,
        .why = es_web_field(q, "why", fe),
        .anyway = es_web_field(q, "anyway", fe),
        .review = es_url_path(a, "/organise/e/%s/review", ini->slug),
        .finish = es_url_path(a, "/organise/e/%s/results/finish", ini->slug),
        .correct = es_url_path(a, "/organise/e/%s/results/correct", ini->slug),
        .results = es_url_path(a, "/e/%s/results", ini->slug),
        .csv = es_url_path(a, "/e/%s/results.csv", ini->slug),
        .own = es_url_path(a, "/organise/e/%s/results.csv", ini->slug),
        .print = es_url_path(a, "/e/%s/results/print", ini->slug),
    };
    rc = es_web_versions(q, ini, &v.versions, &v.n_versions, e);
    if (rc != ES_OK)
        return rc;
    v.drawn = v.n_versions > 0;
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_finish(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/results */
static enum es_code show(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    return finish_page(q, out, &(struct es_field_errors){ .n = 0 }, e);
}

static enum es_code back(const struct es_req *q, struct es_resp *out)
{
    const char *path = es_arena_fmt(es_req_arena(q), "/organise/e/%s/results",
                                    es_web_who(q)->here.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/results/finish */
static enum es_code finish(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_field_errors fe = { .n = 0 };
    struct es_results_open open;
    const char *why = es_web_given(q, "why");
    int32_t version;
    enum es_code rc = es_results_open(app, &who->here, es_time_now_ms(),
                                      es_req_arena(q), &open, e);
    if (rc != ES_OK)
        return rc;
    if (es_results_any_open(&open) && !*es_web_given(q, "anyway"))
        es_field_errors_add(&fe, "anyway", "required", 0);
    if (strlen(why) > WHY_MAX)
        es_field_errors_add(&fe, "why", "too_long", 300);
    if (fe.n == 0) {
        rc = es_results_finish(app, who->here.id, who->account.id, why,
                               &version, e);
        if (rc == ES_EINVAL)
            es_field_errors_add(&fe, "why", "required", 0);
    }
    if (fe.n > 0)
        return finish_page(q, out, &fe, e);
    /* final by now, or being judged: the page says which */
    return rc == ES_OK || rc == ES_ECONFLICT ? back(q, out) : rc;
}

/* POST /organise/e/{slug}/results/correct */
static enum es_code correct(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    enum es_code rc =
        es_results_correct(es_web_of(q)->app, es_web_who(q)->here.id, e);
    return rc == ES_OK || rc == ES_ECONFLICT ? back(q, out) : rc;
}

#define ROOT "/organise/e/{slug}/results"
static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, show },
    { ES_POST, ROOT "/finish", ES_BODY_FORM, ES_WEB_FORM, finish },
    { ES_POST, ROOT "/correct", ES_BODY_FORM, ES_WEB_FORM, correct },
};
const struct es_routes ES_ROUTES_FINISH = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
