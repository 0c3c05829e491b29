/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The log of decisions as a table for a spreadsheet: all of it, newest first.
 */
#include "base/csv.h"
#include "base/limits.h"
#include "base/time.h"
#include "web/web_int.h"

enum { AT_ONCE = 100, COLUMNS = 6 };

/* What is gone leaves its column empty. */
static enum es_code row(const struct es_req *q, struct es_buf *b,
                        const struct es_decision *d, struct es_arena *a,
                        struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_account who = { .name = "" };
    struct es_initiative ini = { .title = "" };
    char at[ES_TIME_TEXT];
    enum es_code rc = ES_OK;
    if (d->account)
        rc = es_store_account(store, d->account, a, &who, e);
    if ((rc == ES_OK || rc == ES_ENOENT) && d->initiative)
        rc = es_store_initiative_by_id(store, d->initiative, a, &ini, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    const char *v[COLUMNS] = { es_time_text(d->at_ms, at),
                               who.name,
                               ini.title,
                               d->what,
                               d->about,
                               d->why };
    es_buf_csv(b, v, COLUMNS);
    return ES_OK;
}

/* Those before *before, which then is the last of them, or 0 at the end. */
static enum es_code some(const struct es_req *q, struct es_buf *b,
                         int64_t *before, struct es_err *e)
{
    struct es_arena a;
    struct es_decision *all;
    size_t n;
    es_arena_init(&a, ES_REQ_ARENA);
    enum es_code rc = es_store_decisions(es_web_of(q)->app->store, true, 0,
                                         *before, AT_ONCE, &a, &all, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = row(q, b, &all[i], &a, e);
    if (rc == ES_OK)
        *before = n == AT_ONCE ? all[n - 1].id : 0;
    es_arena_release(&a);
    return rc;
}

/* GET /operate/decisions.csv */
static enum es_code log_csv(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    static const char *const HEAD[COLUMNS] = { "at",   "who",   "initiative",
                                               "what", "about", "why" };
    struct es_buf *b = es_resp_body(out);
    int64_t before = 0;
    enum es_code rc;
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    es_resp_cache(out, "no-store");
    es_resp_header(out, "Content-Disposition",
                   "attachment; filename=\"decisions.csv\"");
    es_buf_str(b, "\ufeff"); /* or spreadsheets take it for something else */
    es_buf_csv(b, HEAD, COLUMNS);
    do
        rc = some(q, b, &before, e);
    while (rc == ES_OK && before && !b->bad);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/operate/decisions.csv", ES_BODY_NONE, ES_WEB_PAGE, log_csv },
};
const struct es_routes ES_ROUTES_LOG = { ROUTES,
                                         sizeof ROUTES / sizeof *ROUTES };
