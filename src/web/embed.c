/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The total and the first of the leaderboard, for other people's sites: the
 * one page that may be framed. It reads and sets no cookie and has no form, so
 * that nobody can be led to do anything in it. */
#include "web/pages.h"
#include "web/web_int.h"

enum { TOP = 5 };

/* GET /e/{slug}/embed */
static enum es_code embed(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_standings_query sq = { .limit = TOP };
    struct es_standing_rows rows = { 0 };
    struct es_standing *top;
    struct es_initiative ini;
    const char *next;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_embed v = {
        .frame = es_web_frame(q, &ini),
        .phase = es_web_phase(&ini),
        .total = es_web_total(q, &ini),
    };
    rc = es_standings_page(es_app_standings(es_web_of(q)->app, ini.id), &sq,
                           es_req_arena(q), &top, &v.n_top, &next, e);
    if (rc != ES_OK)
        return rc;
    rows.v = top;
    rows.n = v.n_top;
    rc = es_web_rows_view(q, &ini, &rows, &v.top, e);
    if (rc != ES_OK)
        return rc;
    es_web_framed(q);
    es_resp_header(out, "Cross-Origin-Resource-Policy", "cross-origin");
    es_resp_cache(out, "public, max-age=60");
    struct es_out o = es_web_page(q, out);
    /* of the address alone, like all that others keep */
    enum es_units u = es_units_of(es_req_query(q, "units"));
    o.units = u == ES_UNITS ? ES_UNITS_KM : u;
    es_page_embed(&o, &v);
    return ES_OK;
}

const char *es_web_embed_code(const struct es_req *q,
                              const struct es_initiative *ini)
{
    struct es_arena *a = es_req_arena(q);
    struct es_buf b;
    es_buf_init(&b, 4096);
    struct es_out o = es_out_of(&b, es_lang_at(0));
    es_buf_fmt(&b, "<iframe src=\"%s%s\" title=\"", es_web_of(q)->origin,
               es_url_path(a, "/e/%s/embed", ini->slug).checked);
    es_out_str(&o, ini->title);
    es_buf_str(&b, "\" width=\"100%\" height=\"660\" loading=\"lazy\" "
                   "referrerpolicy=\"no-referrer\"></iframe>");
    const char *code = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return code ? code : "";
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/embed", ES_BODY_NONE, ES_WEB_WHOLE, embed },
};
const struct es_routes ES_ROUTES_EMBED = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
