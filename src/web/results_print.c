/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results on paper: the beginning of each list, on one page. */
#include "store/results.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { ROWS = 200 };

static struct es_view_printed *add(struct es_view_results_print *v,
                                   struct es_view_printed *lists,
                                   const char *title)
{
    struct es_view_printed *l = &lists[v->n];
    *l = (struct es_view_printed){ .title = title,
                                   .by = "person",
                                   .metric = "distance" };
    return l;
}

/* Who has run the farthest; a list in which nobody stands is left out. */
static enum es_code by_distance(const struct es_req *q,
                                const struct es_initiative *ini, enum es_by by,
                                const char *category, struct es_view_printed *l,
                                struct es_err *e)
{
    static const char *const BY[] = { "person", "team", "country" };
    struct es_standings_query sq = { by, ES_METRIC_DISTANCE, category, NULL,
                                     ROWS };
    struct es_standing *rows;
    const char *next;
    enum es_code rc =
        es_standings_page(es_app_standings(es_web_of(q)->app, ini->id), &sq,
                          es_req_arena(q), &rows, &l->n, &next, e);
    struct es_standing_rows r = { .v = rows, .n = l->n, .by = by };
    l->by = BY[by];
    return rc == ES_OK ? es_web_rows_view(q, ini, &r, &l->rows, e) : rc;
}

static enum es_code by_time(const struct es_req *q,
                            const struct es_initiative *ini,
                            const struct es_category *c,
                            struct es_view_printed *l, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_times_query tq = { c->name, 0, NULL, ROWS };
    struct es_timed_rows r = { .standings = es_app_standings(app, ini->id),
                               .over = c };
    const char *next;
    enum es_code rc = es_times_page(es_app_times(app, ini->id), &tq,
                                    es_req_arena(q), &r.v, &r.n, &next, e);
    l->metric = "best";
    return rc == ES_OK ? es_web_timed_view(q, ini, &r, &l->rows, &l->n, e) : rc;
}

static enum es_code lists_of(const struct es_req *q,
                             const struct es_initiative *ini,
                             struct es_view_results_print *v, struct es_err *e)
{
    static const char *const TITLES[] = { ES_T("People"), ES_T("Teams"),
                                          ES_T("Countries") };
    struct es_arena *a = es_req_arena(q);
    struct es_rules *rules = es_arena_alloc(a, sizeof *rules);
    enum es_code rc = rules ? es_rules_read(ini->rules, rules, e)
                            : es_fail(e, ES_ENOMEM, 0, "rules");
    if (rc != ES_OK)
        return rc;
    struct es_view_printed *lists =
        es_arena_array(a, rules->n_categories + 3, sizeof *lists);
    if (!lists)
        return es_fail(e, ES_ENOMEM, 0, "lists");
    v->lists = lists;
    for (size_t i = 0; rc == ES_OK && i < rules->n_categories; i++) {
        const struct es_category *c = &rules->categories[i];
        struct es_view_printed *l = add(v, lists, c->name);
        rc = c->dist_mm > 0 ? by_time(q, ini, c, l, e)
                            : by_distance(q, ini, ES_BY_PERSON, c->name, l, e);
        v->n += rc == ES_OK && l->n > 0;
    }
    for (int by = ES_BY_PERSON; rc == ES_OK && by <= ES_BY_COUNTRY; by++) {
        struct es_view_printed *l =
            add(v, lists, es_t(es_web_lang(q, NULL), TITLES[by]));
        rc = by_distance(q, ini, (enum es_by)by, NULL, l, e);
        v->n += rc == ES_OK && l->n > 0;
    }
    return rc;
}

/* GET /e/{slug}/results/print */
static enum es_code print(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_result *last;
    size_t n = 0;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = es_store_results(es_web_of(q)->app->store, ini.id, 1, a, &last, &n,
                              e);
    if (rc != ES_OK)
        return rc;
    struct es_view_results_print v = {
        .frame = es_web_frame(q, &ini),
        .final = ini.state == ES_INI_FINAL,
        .version = n > 0 ? last->version : 0,
        .at_ms = n > 0 ? last->at_ms : 0,
        .zone = ini.zone,
        .about = es_url_path(a, "/e/%s/results", ini.slug),
        .total = es_web_total(q, &ini),
        .most = ROWS,
    };
    rc = lists_of(q, &ini, &v, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_results_print(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/results/print", ES_BODY_NONE, ES_WEB_PAGE, print },
};
const struct es_routes ES_ROUTES_PRINT = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
