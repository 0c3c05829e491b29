/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What goes to paper and spreadsheets of a group: an empty list, the lines
 * that need mending, the personal links. */
#include "base/csv.h"
#include "base/limits.h"
#include "base/num.h"
#include "web/groups.h"
#include "web/pages.h"
#include "web/views_groups.h"

#include <inttypes.h>
#include <string.h>

enum { SHEET = 30, AT_ONCE = 100, LINKS_MAX = ES_GROUP_LINES };

static struct es_buf *table(struct es_resp *out, const char *disposition)
{
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    es_resp_header(out, "Content-Disposition", disposition);
    struct es_buf *b = es_resp_body(out);
    es_buf_str(b, "\ufeff"); /* or spreadsheets take it for something else */
    return b;
}

/* GET /organise/e/{slug}/groups/list.csv: the columns, in their language, and
 * somebody who isn't there */
static enum es_code list_csv(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    static const enum es_group_column COLUMNS[] = {
        ES_GROUP_NAME, ES_GROUP_BIRTH_YEAR, ES_GROUP_COUNTRY, ES_GROUP_CATEGORY,
        ES_GROUP_MAIL
    };
    enum { N = sizeof COLUMNS / sizeof *COLUMNS };
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *head[N];
    struct es_buf *b = table(out, "attachment; filename=\"list.csv\"");
    (void)e;
    for (size_t i = 0; i < N; i++)
        head[i] = es_t(l, es_group_column_name(COLUMNS[i]));
    es_buf_csv(b, head, N);
    return ES_OK;
}

/* ---- what needs mending ---- */

static const char *all_that_is_wrong(const struct es_req *q, struct es_arena *a,
                                     const struct es_group_line *l)
{
    const char *all = "";
    const char *why;
    for (size_t i = 0; all && (why = es_web_line_why(q, l, i)); i++)
        all = es_arena_fmt(a, "%s%s%s", all, i ? " " : "", why);
    return all ? all : "";
}

/* GET /organise/e/{slug}/groups/preview/{draft}/wrong.csv: as they came, with
 * their lines and what is wrong; those columns are passed over when it is
 * brought back */
static enum es_code wrong_csv(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const char *v[ES_GROUP_COLUMNS + 2];
    const struct es_lang *lang = es_web_lang(q, NULL);
    struct es_draft *d = es_web_draft(q);
    size_t n = 0;
    (void)e;
    if (!d)
        return es_web_draft_gone(q, out);
    struct es_buf *b = table(out, "attachment; filename=\"to-mend.csv\"");
    for (size_t i = 0; i < ES_GROUP_COLUMNS; i++)
        if (d->list.has[i])
            v[n++] = es_t(lang, es_group_column_name((enum es_group_column)i));
    v[n] = es_t(lang, ES_GROUP_LINE_HEAD);
    v[n + 1] = es_t(lang, ES_GROUP_WRONG_HEAD);
    es_buf_csv(b, v, n + 2);
    for (size_t k = 0; k < d->list.n; k++) {
        const struct es_group_line *l = &d->list.v[k];
        struct es_arena *a = es_req_arena(q);
        const char *line = es_arena_fmt(a, "%" PRId64, l->line);
        if (l->state != ES_LINE_WRONG)
            continue;
        n = 0;
        for (size_t i = 0; i < ES_GROUP_COLUMNS; i++)
            if (d->list.has[i])
                v[n++] = l->v[i];
        v[n] = line;
        v[n + 1] = all_that_is_wrong(q, a, l);
        es_buf_csv(b, v, n + 2);
    }
    es_drafts_give(es_web_of(q)->drafts, d);
    return ES_OK;
}

/* ---- links ---- */

struct links {
    struct es_participant *v;
    struct es_group_link *made;
    size_t n;
};

static enum es_code make_links(const struct es_req *q, const struct es_group *g,
                               int64_t after, size_t most, struct es_arena *a,
                               struct links *out, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    enum es_code rc = es_store_group_people(
        app->store, g->initiative, g->id, after, most, a, &out->v, &out->n, e);
    out->made =
        rc == ES_OK ? es_arena_array(a, out->n, sizeof *out->made) : NULL;
    if (rc == ES_OK && !out->made)
        rc = es_fail(e, ES_ENOMEM, 0, "links");
    return rc == ES_OK ? es_group_links(app, out->v, out->n, out->made, e) : rc;
}

static const char *address(const struct es_req *q, struct es_arena *a,
                           const struct es_group_link *l)
{
    const char *s = "";
    if (*l->secret)
        s = es_arena_fmt(a, "%s/p/%s", es_web_of(q)->origin, l->secret);
    return s ? s : "";
}

/* POST /organise/e/{slug}/groups/{group}/links: a sheet to print */
static enum es_code sheet(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_group g;
    struct links k = { .n = 0 };
    int64_t after = 0;
    enum es_code rc = es_web_group(q, &g, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    (void)es_num_i64(es_bytes_str(es_web_given(q, "after")), 1, INT64_MAX,
                     &after);
    if (rc == ES_OK)
        rc = make_links(q, &g, after, SHEET, a, &k, e);
    struct es_view_slip *slips =
        rc == ES_OK ? es_arena_array(a, k.n, sizeof *slips) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!slips)
        return es_fail(e, ES_ENOMEM, 0, "links");
    for (size_t i = 0; i < k.n; i++) {
        slips[i] = (struct es_view_slip){ .name = k.v[i].display_name,
                                          .link = address(q, a, &k.made[i]),
                                          .bib = k.v[i].bib };
        if (*slips[i].link)
            slips[i].qr = es_web_qr(q, slips[i].link);
    }
    long long id = (long long)g.id;
    struct es_view_group_links v = {
        .frame = es_web_frame(q, ini),
        .action =
            es_url_path(a, "/organise/e/%s/groups/%lld/links", ini->slug, id),
        .back = es_url_path(a, "/organise/e/%s/groups/%lld", ini->slug, id),
        .name = g.name,
        .title = ini->title,
        .after = "",
        .slips = slips,
        .n = k.n,
    };
    if (k.n == SHEET) {
        const char *next = es_arena_fmt(a, "%" PRId64, k.v[SHEET - 1].id);
        v.after = next ? next : "";
    }
    es_resp_no_gzip(out); /* secrets beside what others wrote */
    struct es_out o = es_web_page(q, out);
    es_page_group_links(&o, &v);
    return ES_OK;
}

static enum es_code some_links(const struct es_req *q, const struct es_group *g,
                               struct es_buf *b, int64_t *after, size_t *n,
                               struct es_err *e)
{
    struct es_arena a;
    struct links k = { .n = 0 };
    es_arena_init(&a, ES_REQ_ARENA);
    enum es_code rc = make_links(q, g, *after, AT_ONCE, &a, &k, e);
    for (size_t i = 0; rc == ES_OK && i < k.n; i++) {
        const char *bib = es_arena_fmt(&a, "%" PRId64, k.v[i].bib);
        const char *v[] = { k.v[i].display_name, bib ? bib : "",
                            address(q, &a, &k.made[i]) };
        es_buf_csv(b, v, sizeof v / sizeof *v);
    }
    *n = k.n;
    if (rc == ES_OK && k.n)
        *after = k.v[k.n - 1].id;
    es_arena_release(&a);
    return rc;
}

/* POST /organise/e/{slug}/groups/{group}/links.csv: of all of them */
static enum es_code links_csv(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *head[] = { es_t(l, ES_T("Name")), es_t(l, ES_T("Bib")),
                           es_t(l, ES_T("Personal link")) };
    struct es_group g;
    int64_t after = 0;
    size_t n = AT_ONCE;
    enum es_code rc = es_web_group(q, &g, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = table(out, "attachment; filename=\"links.csv\"");
    es_resp_no_gzip(out);
    es_buf_csv(b, head, sizeof head / sizeof *head);
    for (size_t all = 0; rc == ES_OK && n == AT_ONCE && all < LINKS_MAX;
         all += n)
        rc = some_links(q, &g, b, &after, &n, e);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/groups/list.csv", ES_BODY_NONE, ES_WEB_PAGE,
      list_csv },
    { ES_GET, "/organise/e/{slug}/groups/preview/{draft}/wrong.csv",
      ES_BODY_NONE, ES_WEB_PAGE, wrong_csv },
    { ES_POST, "/organise/e/{slug}/groups/{group}/links", ES_BODY_FORM,
      ES_WEB_FORM, sheet },
    { ES_POST, "/organise/e/{slug}/groups/{group}/links.csv", ES_BODY_FORM,
      ES_WEB_FORM, links_csv },
};
const struct es_routes ES_ROUTES_GROUP_LINKS = { ROUTES, sizeof ROUTES /
                                                             sizeof *ROUTES };
