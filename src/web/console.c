/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console of one initiative: its navigation and its first page. */
#include "web/access.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

#define ROOT "/organise/e/{slug}"

/* In the order of the navigation. Who may see a page is said in access.c. */
static const struct {
    const char *pattern, *label;
} ENTRIES[] = {
    { ROOT, ES_T("Overview") },
    { ROOT "/rules", ES_T("Rules") },
    { ROOT "/review", ES_T("Review") },
    { ROOT "/messages", ES_T("Messages") },
    { ROOT "/look", ES_T("Colour") },
    { ROOT "/media", ES_T("Picture and video") },
    { ROOT "/staff", ES_T("Who organises") },
    { ROOT "/reports", ES_T("Reports") },
    { ROOT "/log", ES_T("The log") },
};
enum { N_ENTRIES = sizeof ENTRIES / sizeof *ENTRIES };

static bool may_see(const struct es_req *q, const char *pattern)
{
    const struct es_access *a = es_access_of(ES_GET, pattern);
    return a && es_web_may(q, a->may, es_web_who(q)->here.id);
}

/* The entry under which a page stands: the longest that its path begins with.
 */
static size_t entry_of(const char *pattern)
{
    size_t found = 0;
    for (size_t i = 1; i < N_ENTRIES; i++) {
        size_t n = strlen(ENTRIES[i].pattern);
        if (strncmp(pattern, ENTRIES[i].pattern, n) == 0 &&
            (pattern[n] == '/' || pattern[n] == '\0'))
            found = i;
    }
    return found;
}

static struct es_url url_of(const struct es_req *q, const char *pattern)
{
    const char *slug = es_web_who(q)->here.slug;
    const char *page = pattern + sizeof ROOT - 1;
    return *page ? es_url_path(es_req_arena(q), "/organise/e/%s/%s", slug,
                               page + 1)
                 : es_url_path(es_req_arena(q), "/organise/e/%s", slug);
}

void es_web_console(const struct es_req *q, struct es_view_frame *f)
{
    const struct es_who *who = es_web_who(q);
    const struct es_route *r = es_req_route(q);
    if (!r || !who->staff || !who->has_here ||
        strncmp(r->pattern, ROOT, sizeof ROOT - 1) != 0)
        return;
    struct es_view_entry *v =
        es_arena_array(es_req_arena(q), N_ENTRIES, sizeof *v);
    size_t here = entry_of(r->pattern);
    for (size_t i = 0; v && i < N_ENTRIES; i++)
        if (may_see(q, ENTRIES[i].pattern))
            v[f->n_console++] = (struct es_view_entry){
                .url = url_of(q, ENTRIES[i].pattern),
                .label = es_t(es_web_lang(q, NULL), ENTRIES[i].label),
                .here = i == here,
            };
    f->console = v;
}

/* GET /organise/e/{slug} */
static enum es_code overview(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_console v = {
        .frame = es_web_frame(q, ini),
        .role = es_web_roles(q, ini->id),
        .phase = es_web_phase(ini),
        .draft = ini->state == ES_INI_DRAFT,
        .opens_ms = ini->opens_ms,
        .closes_ms = ini->closes_ms,
        .zone = ini->zone,
        .total = es_web_total(q, ini),
    };
    (void)e;
    struct es_out o = es_web_page(q, out);
    es_page_console(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, overview },
};
const struct es_routes ES_ROUTES_CONSOLE = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
