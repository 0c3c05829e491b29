/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme in the console: its list, an event's state, and what the pages
 * about one event share. */
#include "web/programme_console.h"

#include "web/pages.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 50, EVENING = 18 };
static const int64_t DAY_MS = 86400000, LONG_MS = 90 * 60000;

/* ---- shared ---- */

/* Tomorrow evening, in the initiative's zone and language. */
static struct es_occasion fresh(const struct es_req *q)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_date d = es_zone_date(ini->zone, es_time_now_ms() + DAY_MS);
    d.hour = EVENING;
    d.minute = d.second = d.ms = 0;
    int64_t starts_ms = es_zone_time(ini->zone, &d);
    return (struct es_occasion){
        .initiative = ini->id,
        .kind = ES_OCCASION_CEREMONY,
        .starts_ms = starts_ms,
        .ends_ms = starts_ms + LONG_MS,
        .zone = ini->zone,
        .lang = ini->lang,
        .title = "",
        .body = "{}",
    };
}

enum es_code es_event_page_load(const struct es_req *q, struct es_event_page *p,
                                struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    *p = (struct es_event_page){ .q = q, .w = { .q = q } };
    p->kept = es_arena_alloc(a, sizeof *p->kept);
    p->b = es_arena_alloc(a, sizeof *p->b);
    p->is_new = !es_req_param(q, "event");
    if (!p->kept || !p->b)
        return es_fail(e, ES_ENOMEM, 0, "event");
    *p->kept = es_occasion_body_none();
    enum es_code rc = ES_OK;
    if (p->is_new)
        p->was = fresh(q);
    else
        rc = es_web_occasion(q, &es_web_who(q)->here, &p->was, p->kept, e);
    p->o = p->was;
    *p->b = *p->kept;
    return rc;
}

size_t es_event_page_merge(struct es_event_page *p)
{
    if (!p->is_new)
        return es_web_edit_merge(&p->w);
    for (size_t i = 0; i < p->w.n; i++)
        p->w.v[i].keep = p->w.v[i].mine;
    return 0;
}

enum es_code es_event_page_keep(struct es_event_page *p, struct es_err *e)
{
    struct es_app *app = es_web_of(p->q)->app;
    struct es_arena *a = es_req_arena(p->q);
    p->o.edited_by = es_web_who(p->q)->account.id;
    if (p->is_new)
        return es_occasion_add(app, &p->o, p->b, a, &p->fe, e);
    return es_occasion_save(app, &p->was, &p->o, p->b, a, &p->fe, e);
}

static struct es_url tab_url(const struct es_event_page *p, const char *tab)
{
    struct es_arena *a = es_req_arena(p->q);
    const char *slug = es_web_who(p->q)->here.slug;
    long long id = (long long)p->was.id;
    return *tab ? es_url_path(a, "/organise/e/%s/programme/%lld/%s", slug, id,
                              tab)
                : es_url_path(a, "/organise/e/%s/programme/%lld", slug, id);
}

struct es_view_event_head es_event_page_head(const struct es_event_page *p,
                                             const char *here)
{
    static const struct {
        const char *tab, *label;
    } TABS[] = {
        { "", ES_T("What, when, where") },
        { "people", ES_T("Who, and order of the day") },
        { "recording", ES_T("Video and recording") },
        { "registration", ES_T("Registration") },
        { "tickets", ES_T("Who comes") },
    };
    const struct es_lang *l = es_web_lang(p->q, NULL);
    struct es_view_event_head h = {
        .title = p->was.title,
        .lang = p->was.lang,
        .state = es_words_occasion_state(l, p->was.state),
        .draft = p->was.state == ES_OCCASION_DRAFT,
        .off = p->was.state == ES_OCCASION_OFF,
        .published = p->was.state == ES_OCCASION_PUBLISHED,
    };
    if (p->is_new)
        return h;
    h.page = es_web_event_url(p->q, &es_web_who(p->q)->here, p->was.id);
    h.change = tab_url(p, "state");
    for (size_t i = 0; i < sizeof TABS / sizeof *TABS; i++)
        h.tabs[h.n_tabs++] = (struct es_view_event_tab){
            .url = tab_url(p, TABS[i].tab),
            .label = es_t(l, TABS[i].label),
            .here = strcmp(TABS[i].tab, here) == 0,
        };
    return h;
}

const char *es_event_page_notice(const struct es_event_page *p)
{
    const struct es_initiative by = { .edited_by = p->was.edited_by };
    if (p->w.clashes)
        return es_web_edit_notice(&p->w, &by);
    return es_words_occasion_done(es_web_lang(p->q, NULL),
                                  es_req_query(p->q, "done"));
}

enum es_code es_event_page_done(const struct es_event_page *p,
                                struct es_resp *out, const char *tab,
                                const char *done)
{
    const char *path = es_arena_fmt(
        es_req_arena(p->q), "/organise/e/%s/programme/%" PRId64 "%s%s?done=%s",
        es_web_who(p->q)->here.slug, p->o.id, *tab ? "/" : "", tab, done);
    return es_resp_redirect(out,
                            es_web_keep_lang(p->q, path ? path : "/organise"));
}

struct es_view_edited es_event_page_field(const struct es_event_page *p,
                                          const char *name)
{
    return es_web_edit_field(&p->w, name, &p->fe);
}

const char *es_event_page_row(const struct es_req *q, const char *what,
                              size_t i)
{
    struct es_arena *a = es_req_arena(q);
    const char *name = es_arena_fmt(a, "%s_%zu", what, i);
    const char *s =
        name ? es_edit_words(a, es_web_given(q, name), false) : NULL;
    return s ? s : "";
}

/* ---- the list ---- */

/* Behind which event it goes on: "1788000000000-7" as ?cursor=. */
static void read_from(const struct es_req *q, struct es_occasions_ask *ask)
{
    const char *s = es_req_query(q, "cursor");
    int64_t ms, id;
    if (s && es_web_event_cursor(s, &ms, &id)) {
        ask->from_ms = ms;
        ask->from_id = id;
    }
}

/* GET /organise/e/{slug}/programme */
static enum es_code list(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_occasions_ask ask = { .initiative = ini->id,
                                    .which = ES_OCCASIONS_ALL,
                                    .drafts = true,
                                    .max = ROWS + 1 };
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_occasion *v;
    size_t n = 0;
    int64_t all = 0;
    read_from(q, &ask);
    struct es_store *store = es_web_of(q)->app->store;
    enum es_code rc = b ? es_store_occasions(store, &ask, a, &v, &n, e)
                        : es_fail(e, ES_ENOMEM, 0, "events");
    if (rc == ES_OK)
        rc = es_store_occasion_count(store, ini->id, &all, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_programme_list view = {
        .frame = es_web_frame(q, ini),
        .add = es_url_path(a, "/organise/e/%s/programme/new", ini->slug),
        .page = es_url_path(a, "/e/%s/programme", ini->slug),
        .full = all >= ES_OCCASIONS_MAX,
        .change = es_url_path(a, "/organise/e/%s/programme", ini->slug),
        .may_be_alone = es_web_total(q, ini).participants == 0,
    };
    if (n > ROWS) {
        n = ROWS;
        const char *from = es_arena_fmt(a, "%" PRId64 "-%" PRId64,
                                        v[n - 1].starts_ms, v[n - 1].id);
        if (from)
            view.next = es_url_path(a, "/organise/e/%s/programme?cursor=%s",
                                    ini->slug, from);
    }
    struct es_view_event_row *rows = es_arena_array(a, n, sizeof *rows);
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "events");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        rc = es_occasion_read(v[i].body, a, b, e);
        if (rc != ES_OK)
            return rc;
        rows[i] = es_web_event_row(q, ini, &v[i], b);
        rows[i].url = es_url_path(a, "/organise/e/%s/programme/%lld", ini->slug,
                                  (long long)v[i].id);
    }
    view.rows = rows;
    view.n = n;
    view.frame.notice =
        es_words_occasion_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_events(&o, &view);
    return ES_OK;
}

/* ---- with a run, or without ---- */

static enum es_code changed_meanwhile(const struct es_req *q,
                                      struct es_resp *out)
{
    return es_web_fail(
        q, out, 409,
        es_t(es_web_lang(q, NULL), ES_T("Somebody else has changed it in this "
                                        "moment. Look at it again.")));
}

/* POST /organise/e/{slug}/programme: `alone` is 1 or 0 */
static enum es_code alone(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_initiative ini = es_web_who(q)->here;
    bool to = strcmp(es_web_given(q, "alone"), "1") == 0;
    if (to && es_web_total(q, &ini).participants > 0)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("People have joined its run already.")));
    ini.alone = to;
    ini.edited_by = es_web_who(q)->account.id;
    ini.edited_ms = es_time_now_ms();
    enum es_code rc = es_initiative_save(es_web_of(q)->app, &ini, e);
    if (rc == ES_ECONFLICT)
        return changed_meanwhile(q, out);
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/programme?done=kept", ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* ---- its state ---- */

/* What a button does: from which states, to which. */
static const struct {
    const char *act;
    int32_t from, to;
} ACTS[] = {
    { "publish", ES_OCCASION_DRAFT, ES_OCCASION_PUBLISHED },
    { "withdraw", ES_OCCASION_PUBLISHED, ES_OCCASION_DRAFT },
    { "call_off", ES_OCCASION_PUBLISHED, ES_OCCASION_OFF },
    { "take_place", ES_OCCASION_OFF, ES_OCCASION_PUBLISHED },
};

static enum es_code remove_draft(const struct es_req *q,
                                 const struct es_event_page *p,
                                 struct es_resp *out, struct es_err *e)
{
    enum es_code rc =
        es_occasion_drop(es_web_of(q)->app, p->was.initiative, p->was.id, e);
    if (rc == ES_ECONFLICT)
        return changed_meanwhile(q, out);
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(es_req_arena(q),
                                    "/organise/e/%s/programme?done=event_gone",
                                    es_web_who(q)->here.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/programme/{event}/state: `do` */
static enum es_code state(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_event_page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    const char *act = es_web_given(q, "do");
    size_t i = 0;
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = es_event_page_load(q, p, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK && strcmp(act, "remove") == 0)
        return remove_draft(q, p, out, e);
    while (i < sizeof ACTS / sizeof *ACTS && strcmp(ACTS[i].act, act) != 0)
        i++;
    if (rc == ES_OK && i == sizeof ACTS / sizeof *ACTS)
        return es_web_fail(q, out, 400, "");
    if (rc == ES_OK && ACTS[i].from != p->was.state)
        return changed_meanwhile(q, out);
    if (rc == ES_OK) {
        p->o.state = ACTS[i].to;
        rc = es_event_page_keep(p, e);
    }
    if (rc == ES_ECONFLICT)
        return changed_meanwhile(q, out);
    return rc == ES_OK
               ? es_event_page_done(
                     p, out, "", es_arena_fmt(es_req_arena(q), "event_%s", act))
               : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/programme", ES_BODY_NONE, ES_WEB_PAGE, list },
    { ES_POST, "/organise/e/{slug}/programme", ES_BODY_FORM, ES_WEB_FORM,
      alone },
    { ES_POST, "/organise/e/{slug}/programme/{event}/state", ES_BODY_FORM,
      ES_WEB_FORM, state },
};
const struct es_routes ES_ROUTES_PROGRAMME_CONSOLE = {
    ROUTES, sizeof ROUTES / sizeof *ROUTES
};
