/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console of one initiative: its navigation and its first page. */
#include "initiative/stage.h"
#include "web/access.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

#define ROOT "/organise/e/{slug}"

/* In the order of the navigation. Who may see a page is said in access.c. */
static const struct {
    const char *pattern, *label;
    bool run; /* only where there is one */
} ENTRIES[] = {
    { ROOT, ES_T("Overview"), false },
    { ROOT "/figures", ES_T("How it goes"), true },
    { ROOT "/page", ES_T("Page"), false },
    { ROOT "/media", ES_T("Picture and video"), false },
    { ROOT "/exhibition", ES_T("Exhibition"), false },
    { ROOT "/look", ES_T("Colour"), false },
    { ROOT "/goal", ES_T("Goal"), true },
    { ROOT "/hosts", ES_T("Hosts and links"), false },
    { ROOT "/programme", ES_T("Programme"), false },
    { ROOT "/people-and-bodies", ES_T("People and bodies"), false },
    { ROOT "/statements", ES_T("Statements"), false },
    { ROOT "/check-in", ES_T("Check-in"), false },
    { ROOT "/rules", ES_T("Rules"), true },
    { ROOT "/registration", ES_T("Registration"), true },
    { ROOT "/people", ES_T("People"), true },
    { ROOT "/teams", ES_T("Teams"), true },
    { ROOT "/review", ES_T("Review"), true },
    { ROOT "/press", ES_T("Press"), false },
    { ROOT "/messages", ES_T("Messages"), true },
    { ROOT "/results", ES_T("Results"), true },
    { ROOT "/staff", ES_T("Who organises"), false },
    { ROOT "/reports", ES_T("Reports"), false },
    { ROOT "/log", ES_T("The log"), true },
};
enum { N_ENTRIES = sizeof ENTRIES / sizeof *ENTRIES };

static bool may_see(const struct es_req *q, const char *pattern)
{
    const struct es_access *a = es_access_of(ES_GET, pattern);
    return a && es_web_may(q, a->may, es_web_who(q)->here.id);
}

/* The entry under which a page stands: the longest that its path begins with.
 * Classes and clubs are people. */
static size_t entry_of(const char *pattern)
{
    size_t found = 0;
    if (strncmp(pattern, ROOT "/groups", sizeof ROOT "/groups" - 1) == 0)
        pattern = ROOT "/people";
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
        if (may_see(q, ENTRIES[i].pattern) &&
            !(ENTRIES[i].run && who->here.alone))
            v[f->n_console++] = (struct es_view_entry){
                .url = url_of(q, ENTRIES[i].pattern),
                .label = es_t(es_web_lang(q, NULL), ENTRIES[i].label),
                .here = i == here,
            };
    f->console = v;
}

/* ---- the state, and what is lacking ---- */

/* In the order of enum es_lack: what it is, and the page where it is mended;
 * "" for the whole server's. */
static const struct {
    const char *label, *page;
} LACKS[ES_LACKS] = {
    [ES_LACK_PURPOSE] = { ES_T("What it is for"), "page" },
    [ES_LACK_HOLDER] = { ES_T("Who holds it"), "page" },
    [ES_LACK_CONTACT] = { ES_T("Whom to ask"), "page" },
    [ES_LACK_DATES] = { ES_T("Dates that lie ahead"), "rules" },
    [ES_LACK_RULES] = { ES_T("Rules that somebody has looked at"), "rules" },
    [ES_LACK_GOAL] = { ES_T("A goal for all together"), "goal" },
    [ES_LACK_PICTURE] = { ES_T("A picture or a film"), "media" },
    [ES_LACK_LANGUAGE] = { ES_T("A second language"), "page" },
    [ES_LACK_IMPRINT] = { ES_T("Who runs this server"), "" },
};
static_assert((int)ES_LACKS == (int)ES_VIEW_LACKS, "one line each");

static const char *state_words(enum es_initiative_state s)
{
    static const char *const WORDS[] = {
        [ES_INI_DRAFT] = ES_T("A draft: only those who organise it see it."),
        [ES_INI_PUBLISHED] =
            ES_T("Published: everybody sees it and may join. Runs count from "
                 "its first day on."),
        [ES_INI_OPEN] = ES_T("Open: people join, and their runs count."),
        [ES_INI_CLOSED] =
            ES_T("Closed: nobody joins any more. Runs that began before are "
                 "taken for a while."),
        [ES_INI_FINAL] = ES_T("Final: the results stand."),
    };
    return WORDS[s];
}

/* Where it is mended, for who may; none while there is no such page. */
static struct es_url mend_url(const struct es_req *q, size_t i)
{
    struct es_arena *a = es_req_arena(q);
    const char *page = LACKS[i].page;
    const char *pattern = es_arena_fmt(a, ROOT "/%s", page);
    if (!*page && es_web_may(q, ES_MAY_OPERATE, 0))
        return es_url_fixed("/operate");
    if (!*page || !pattern || !may_see(q, pattern))
        return (struct es_url){ NULL };
    return es_url_path(a, "/organise/e/%s/%s", es_web_who(q)->here.slug, page);
}

static enum es_code stage_view(const struct es_req *q,
                               struct es_view_console *v, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *l = es_web_lang(q, NULL);
    enum es_initiative_state s = es_stage(ini, es_time_now_ms());
    unsigned lacks = 0;
    v->state = es_t(l, ini->alone && s == ES_INI_PUBLISHED
                           ? ES_T("Published: everybody sees it.")
                           : state_words(s));
    v->frame.notice = es_words_done(l, es_req_query(q, "done"));
    if (es_web_may(q, ES_MAY_OWN, ini->id))
        v->stage =
            es_url_path(es_req_arena(q), "/organise/e/%s/stage", ini->slug);
    v->may_publish = es_stage_may(s, ES_STAGE_PUBLISH, v->total.participants);
    v->may_withdraw = es_stage_may(s, ES_STAGE_WITHDRAW, v->total.participants);
    v->may_close = es_stage_may(s, ES_STAGE_CLOSE, v->total.participants);
    if (s > ES_INI_PUBLISHED)
        return ES_OK;
    enum es_code rc = es_lacks(es_web_of(q)->app, ini, es_time_now_ms(),
                               es_req_arena(q), &lacks, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < ES_LACKS; i++) {
        bool missing = lacks & ES_LACK_BIT(i);
        bool needed = es_lack_needed() & ES_LACK_BIT(i);
        v->n_missing += missing && needed;
        v->lacks[v->n_lacks++] = (struct es_view_lacking){
            .label = es_t(l, LACKS[i].label),
            .url = mend_url(q, i),
            .done = !missing,
            .needed = needed,
        };
    }
    return ES_OK;
}

/* POST /organise/e/{slug}/stage: `do` is what es_stage_act_name says. */
static enum es_code stage(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *l = es_web_lang(q, NULL);
    enum es_stage_act act;
    unsigned lacks = 0;
    if (!es_stage_act_of(es_web_given(q, "do"), &act) ||
        act == ES_STAGE_FINISH) /* that is done where the results are */
        return es_web_fail(q, out, 400, "");
    enum es_code rc = es_lacks(es_web_of(q)->app, ini, es_time_now_ms(),
                               es_req_arena(q), &lacks, e);
    if (rc == ES_OK && act == ES_STAGE_PUBLISH && (lacks & es_lack_needed()))
        return es_web_fail(q, out, 409,
                           es_t(l, ES_T("Something is missing before it can be "
                                        "published: see its overview.")));
    if (rc == ES_OK)
        rc = es_stage_do(es_web_of(q)->app, es_web_who(q)->account.id, ini, act,
                         e);
    if (rc == ES_ECONFLICT)
        return es_web_fail(q, out, 409,
                           es_t(l, ES_T("Somebody else has changed it in this "
                                        "moment. Look at it again.")));
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(es_req_arena(q), "/organise/e/%s?done=%s",
                                    ini->slug, es_stage_act_name(act));
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
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
        .figures =
            es_url_path(es_req_arena(q), "/organise/e/%s/figures", ini->slug),
    };
    enum es_code rc = stage_view(q, &v, e);
    if (rc == ES_OK)
        rc = es_web_days_plot(q, &v.days, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_console(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, overview },
    { ES_POST, ROOT "/stage", ES_BODY_FORM, ES_WEB_FORM, stage },
};
const struct es_routes ES_ROUTES_CONSOLE = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
