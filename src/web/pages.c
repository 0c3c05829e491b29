/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages: home, initiative, result. */
#include "web/pages.h"
#include "initiative/names.h"
#include "initiative/review.h"
#include "initiative/running.h"

#include "initiative/texts.h"
#include "web/charts.h"
#include "web/exhibition_int.h"
#include "web/press.h"
#include "web/programme_int.h"
#include "web/record.h"
#include "web/statements.h"
#include "web/web_int.h"

#include <math.h>
#include <string.h>

enum { LISTED_MAX = 200, TOP = 5, FEW = 3 };

static struct es_view_listed listed(const struct es_req *q,
                                    const struct es_initiative *ini)
{
    struct es_told told =
        es_texts_told(ini, es_web_lang(q, NULL)->tag, es_req_arena(q));
    return (struct es_view_listed){
        .alone = ini->alone,
        .url = es_url_path(es_req_arena(q), "/e/%s", ini->slug),
        .title = told.title,
        .holder = told.holder,
        .lang = told.title_lang,
        .zone = ini->zone,
        .role = "",
        .phase = es_web_phase(ini),
        .opens_ms = ini->opens_ms,
        .closes_ms = ini->closes_ms,
        .total = es_web_total(q, ini),
    };
}

/* The same for who organises: their role, and the way to the console. */
static struct es_view_listed held(const struct es_req *q,
                                  const struct es_initiative *ini)
{
    struct es_view_listed v = listed(q, ini);
    struct es_queue_count *c;
    struct es_err e;
    size_t n;
    v.role = es_web_roles(q, ini->id);
    /* The list is worth more than a figure in it. */
    if (es_web_may(q, ES_MAY_REVIEW, ini->id) &&
        es_review_counts(es_web_of(q)->app, ini->id, es_req_arena(q), &c, &n,
                         &e) == ES_OK) {
        v.review =
            es_url_path(es_req_arena(q), "/organise/e/%s/review", ini->slug);
        for (size_t i = 0; i < n; i++)
            if (c[i].why > 0 && c[i].why != ES_QUEUE_WAITING)
                v.waiting += c[i].n;
    }
    v.url = es_url_path(es_req_arena(q), "/organise/e/%s", ini->slug);
    return v;
}

static bool seen(const struct es_initiative *ini)
{
    return ini->state != ES_INI_DRAFT && !ini->suspended_ms;
}

enum es_code es_web_listed(const struct es_req *q, bool organised,
                           struct es_view_listed **out, size_t *n,
                           struct es_err *e)
{
    struct es_initiative *v;
    size_t all;
    enum es_code rc = es_store_initiatives(es_web_of(q)->app->store, LISTED_MAX,
                                           es_req_arena(q), &v, &all, e);
    if (rc != ES_OK)
        return rc;
    *n = 0;
    *out = es_arena_array(es_req_arena(q), all, sizeof **out);
    for (size_t i = 0; *out && i < all; i++)
        if (organised && *es_web_roles(q, v[i].id))
            (*out)[(*n)++] = held(q, &v[i]);
        else if (!organised && seen(&v[i]))
            (*out)[(*n)++] = listed(q, &v[i]);
    return *out ? ES_OK : es_fail(e, ES_ENOMEM, 0, "list");
}

/* GET / */
static enum es_code home(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_view_listed *rows;
    struct es_view_home v = { .frame = es_web_frame(q, NULL) };
    enum es_code rc = es_web_listed(q, false, &rows, &v.n, e);
    if (rc != ES_OK)
        return rc;
    v.rows = rows;
    v.frame.index = true;
    if (es_req_query(q, "left") && !es_web_who(q)->person)
        v.frame.notice = es_t(es_web_lang(q, NULL),
                              ES_T("You are signed out in this browser. Your "
                                   "personal link brings you back."));
    struct es_out o = es_web_page(q, out);
    es_page_home(&o, &v);
    return ES_OK;
}

static enum es_code top_of(const struct es_req *q,
                           const struct es_initiative *ini,
                           struct es_view_initiative *v, struct es_err *e)
{
    struct es_standings_query sq = { .limit = TOP };
    struct es_standing *rows;
    const char *next;
    size_t n;
    enum es_code rc =
        es_standings_page(es_app_standings(es_web_of(q)->app, ini->id), &sq,
                          es_req_arena(q), &rows, &n, &next, e);
    if (rc != ES_OK)
        return rc;
    struct es_standing_rows r = { .v = rows,
                                  .n = n,
                                  .leader = n > 0 ? rows[0].dist_mm : 0,
                                  .mine = es_web_who(q)->p.id };
    rc = es_web_rows_view(q, ini, &r, &v->top, e);
    if (rc != ES_OK)
        return rc;
    v->n_top = n;
    return ES_OK;
}

static enum es_code days_of(const struct es_req *q,
                            const struct es_initiative *ini,
                            struct es_view_initiative *v, struct es_err *e)
{
    struct es_day *days;
    size_t n;
    enum es_code rc = es_app_days(es_web_of(q)->app, ini, es_time_now_ms(),
                                  es_req_arena(q), &days, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_arena *a = es_req_arena(q);
    struct es_chart_day_run *drawn = es_arena_array(a, n, sizeof *drawn);
    if (!drawn)
        return es_fail(e, ES_ENOMEM, 0, "days");
    for (size_t i = 0; i < n; i++)
        drawn[i] = (struct es_chart_day_run){ days[i].day_ms, days[i].dist_mm };
    if (n > 1) /* those that have been, today as well */
        v->days =
            es_chart_days(drawn, n, days[0].day_ms, days[n - 1].day_ms + 1,
                          ini->zone, es_units_mm(es_web_reader(q).units), a);
    return ES_OK;
}

static void runners_of(const struct es_req *q, const struct es_initiative *ini,
                       struct es_view_initiative *v)
{
    struct es_running_now now = es_running_count(es_web_of(q)->app->running,
                                                 ini->id, es_time_mono_ms());
    if (!v->frame.kept)
        v->recorder = es_web_recorder(q, ini);
    v->runners = now.people;
    v->runners_mm = now.dist_mm;
}

static int64_t left_of(const struct es_initiative *ini)
{
    int64_t now = es_time_now_ms();
    return now < ini->opens_ms    ? ini->opens_ms - now
           : now < ini->closes_ms ? ini->closes_ms - now
                                  : 0;
}

/* The direction of a text in another language than the page's; "" when it is
 * the same. */
static const char *dir_beside(const char *lang, const struct es_lang *reader)
{
    const struct es_lang *l = es_lang_of(lang);
    if (!l)
        return "auto";
    return strcmp(l->dir, reader->dir) == 0 ? "" : l->dir;
}

/* The first event of a list; ES_ENOENT. */
static enum es_code first_of(const struct es_req *q,
                             const struct es_initiative *ini,
                             enum es_occasions which, struct es_occasion *out,
                             struct es_err *e)
{
    struct es_occasions_ask ask = { .initiative = ini->id,
                                    .which = which,
                                    .now_ms = es_time_now_ms(),
                                    .max = 1 };
    struct es_occasion *v;
    size_t n;
    enum es_code rc = es_store_occasions(es_web_of(q)->app->store, &ask,
                                         es_req_arena(q), &v, &n, e);
    if (rc == ES_OK && n == 0)
        return es_fail(e, ES_ENOENT, 0, "no event");
    if (rc == ES_OK)
        *out = v[0];
    return rc;
}

static enum es_code programme_of(const struct es_req *q,
                                 const struct es_initiative *ini,
                                 struct es_view_initiative *v, struct es_err *e)
{
    static const enum es_occasions ORDER[] = { ES_OCCASIONS_NOW,
                                               ES_OCCASIONS_COMING,
                                               ES_OCCASIONS_PAST };
    struct es_arena *a = es_req_arena(q);
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_occasion o;
    enum es_code rc = b ? ES_ENOENT : es_fail(e, ES_ENOMEM, 0, "event");
    size_t i = 0;
    for (; rc == ES_ENOENT && i < sizeof ORDER / sizeof *ORDER; i++)
        rc = first_of(q, ini, ORDER[i], &o, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    if (rc != ES_OK)
        return rc;
    v->programme = es_url_path(a, "/e/%s/programme", ini->slug);
    if (ORDER[i - 1] == ES_OCCASIONS_PAST || v->frame.kept)
        return ES_OK;
    rc = es_occasion_read(o.body, a, b, e);
    if (rc != ES_OK)
        return rc;
    struct es_occasion_told told =
        es_occasion_tell(&o, b, es_web_lang(q, NULL));
    v->next = (struct es_view_next){ es_web_event_url(q, ini, o.id), told.title,
                                     told.title_lang, o.zone, o.starts_ms };
    return ES_OK;
}

/* GET /e/{slug} */
static enum es_code initiative(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_initiative ini;
    struct es_view_arrival *arrivals;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (ini.alone && !es_web_of(q)->kept)
        return es_resp_redirect(
            out, es_web_keep_lang(q, es_web_frame(q, &ini).initiative.checked));
    const struct es_lang *reader = es_web_lang(q, NULL);
    struct es_told told = es_texts_told(&ini, reader->tag, es_req_arena(q));
    struct es_view_initiative v = {
        .frame = es_web_frame(q, &ini),
        .title = told.title,
        .purpose = told.purpose,
        .holder = told.holder,
        .contact = ini.contact,
        .lang = told.title_lang,
        .purpose_lang = told.purpose_lang,
        .title_dir = dir_beside(told.title_lang, reader),
        .purpose_dir = dir_beside(told.purpose_lang, reader),
        .zone = ini.zone,
        .phase = es_web_phase(&ini),
        .opens_ms = ini.opens_ms,
        .closes_ms = ini.closes_ms,
        .left_ms = left_of(&ini),
        .total = es_web_total(q, &ini),
        .embed = "",
    };
    if (!v.frame.kept)
        v.live = es_url_path(es_req_arena(q), "/api/v1/initiatives/%s/live",
                             ini.slug);
    if (!es_web_who(q)->person && !v.frame.kept)
        v.sign_in = es_url_path(es_req_arena(q), "/e/%s/sign-in", ini.slug);
    rc = es_web_rules_short(q, &ini, &v.rules, e);
    if (rc != ES_OK)
        return rc;
    if (v.rules.n > FEW) /* the first packets hold no more */
        v.rules.n = FEW;
    v.frame.index = ini.state != ES_INI_DRAFT;
    v.frame.report =
        es_url_path(es_req_arena(q), "/e/%s/report?about=text", ini.slug);
    if (es_web_may(q, ES_MAY_EDIT, ini.id))
        v.embed = es_web_embed_code(q, &ini);
    struct es_web_posted posted = {
        .kind = ES_POSTED_INITIATIVE,
        .name = told.title,
        .path = v.frame.initiative,
        .card = es_url_path(es_req_arena(q), "/e/%s/card.png", ini.slug),
    };
    es_web_post(q, &ini, &posted, &v.frame, &v.share);
    rc = es_web_face_view(q, &ini, ini.face, &v.face, e);
    if (rc == ES_OK)
        rc = es_web_way(q, &ini, v.total.dist_mm, &v.way, e);
    if (rc == ES_OK && !v.frame.kept)
        rc = es_web_press_link(q, &ini, &v.press, e);
    if (rc == ES_OK)
        rc = programme_of(q, &ini, &v, e);
    if (rc == ES_OK && !v.frame.kept)
        rc = es_web_exhibition_link(q, &ini, &v.hung, e);
    if (rc != ES_OK)
        return rc;
    runners_of(q, &ini, &v);
    v.n_arrivals = es_web_arrivals(q, ini.id, &arrivals);
    v.arrivals = arrivals;
    if (!v.frame.kept)
        rc = es_web_wall_url(q, &ini, &v.said, e);
    if (rc == ES_OK)
        rc = days_of(q, &ini, &v, e);
    if (rc == ES_OK)
        rc = top_of(q, &ini, &v, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_initiative(&o, &v);
    return ES_OK;
}

/* ---- public result ---- */

/* Beside a shown line nothing tells of the part that is cut out: no kilometres
 * one by one, no pace along the way, no climb. */
static void only_the_line(struct es_view_run *v)
{
    v->n_splits = v->n_stretches = v->n_bests = 0;
    v->pace = v->heights = (struct es_view_line){ 0 };
    v->gain_m = NAN;
}

static enum es_code result_view(const struct es_req *q,
                                struct es_view_result *v, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_receipt *r = es_arena_alloc(a, sizeof *r);
    struct es_initiative *ini = es_arena_alloc(a, sizeof *ini);
    struct es_participant p;
    struct es_run run;
    const char *code = es_req_param(q, "code");
    if (!r || !ini)
        return es_fail(e, ES_ENOMEM, 0, "result");
    enum es_code rc =
        es_store_run_by_code(app->store, code ? code : "", a, &run, e);
    if (rc == ES_OK && run.status == ES_RUN_WITHDRAWN)
        rc = es_fail(e, ES_ENOENT, 0, "withdrawn");
    if (rc == ES_OK)
        rc = es_store_participant(app->store, run.initiative, run.participant,
                                  a, &p, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(app->store, run.initiative, a, ini, e);
    if (rc == ES_OK && ini->state == ES_INI_DRAFT)
        rc = es_fail(e, ES_ENOENT, 0, "of a draft");
    if (rc == ES_OK && ini->suspended_ms)
        rc = es_fail(e, ES_EDENIED, 0, "suspended");
    if (rc == ES_OK)
        rc = es_receipt_of(app, &run, a, r, e);
    if (rc != ES_OK)
        return rc;
    const char *name = es_public_name(&p, a);
    bool owner = es_web_who(q)->person && es_web_who(q)->p.id == p.id;
    *v = (struct es_view_result){
        .frame = es_web_frame(q, ini),
        .name = name ? name : es_t(es_web_lang(q, NULL), ES_T("A participant")),
        .country = name ? p.country : "",
        .zone = ini->zone,
        .bib = name ? p.bib : 0,
        .run = es_web_run_view(q, r),
        .result = es_url_path(a, "/r/%s", run.code),
    };
    if (!v->frame.kept) /* it says what our records say now */
        v->vouch = es_url_path(a, "/v/%s", run.code);
    es_web_run_charts(q, &r->measure, owner, &v->run);
    if (name)
        rc = es_web_run_shape(q, &run, &v->run, e);
    if (rc == ES_OK && v->run.shape.n > 0 && !owner)
        only_the_line(&v->run);
    if (owner)
        v->receipt = v->run.receipt;
    if (name)
        v->person = es_web_person_url(q, ini->slug, p.bib);
    if (name)
        v->frame.report =
            es_url_path(a, "/e/%s/report?about=run-%s", ini->slug, run.code);
    struct es_web_posted posted = {
        .kind = ES_POSTED_RUN,
        .name = v->name,
        .dist_mm = run.dist_mm,
        .time_ms = v->run.elapsed_ms,
        .path = v->result,
        .card = es_url_path(a, "/r/%s/card.png", run.code),
    };
    if (run.status == ES_RUN_ACCEPTED)
        es_web_post(q, ini, &posted, &v->frame, &v->share);
    if (run.status == ES_RUN_ACCEPTED && name && !v->frame.kept)
        v->share.paper = es_url_path(a, "/r/%s/certificate.pdf", run.code);
    /* What only the owner wrote or brought stays the owner's. */
    v->run.file_name = v->run.note = "";
    return ES_OK;
}

static enum es_code result_page(const struct es_req *q, struct es_resp *out,
                                void (*page)(struct es_out *,
                                             const struct es_view_result *),
                                struct es_err *e)
{
    struct es_view_result v;
    enum es_code rc = result_view(q, &v, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_EDENIED)
        return es_web_suspended(q, out, NULL);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    page(&o, &v);
    return ES_OK;
}

/* GET /r/{code} */
static enum es_code result(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return result_page(q, out, es_page_result, e);
}

/* GET /v/{code} */
static enum es_code vouch(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    return result_page(q, out, es_page_vouch, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE, home },
    { ES_GET, "/e/{slug}", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE,
      initiative },
    { ES_GET, "/r/{code}", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE, result },
    { ES_GET, "/v/{code}", ES_BODY_NONE, ES_WEB_PAGE, vouch },
};
const struct es_routes ES_ROUTES_PAGES = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
