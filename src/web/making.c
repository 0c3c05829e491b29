/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A new initiative: one short form with a good answer in each field, and
 * beside it how the page will begin. */
#include "initiative/making.h"

#include "initiative/edited.h"
#include "web/pages.h"
#include "web/views_edit.h"
#include "web/when.h"

#include <math.h>
#include <string.h>

enum { DAY_MS = 86400000, WEEKS_MS = 14 * DAY_MS };
/* All that people have ever run fits in; as millimetres a double holds it. */
#define GOAL_MOST_KM 1e9

struct making {
    const struct es_req *q;
    struct es_making m;
    struct es_when opens, closes;
    const char *goal; /* as the form shows it */
    const char *suggested;
    struct es_field_errors fe;
    bool fresh;
};

/* ---- reading ---- */

/* A distance in the reader's units; "" is none. */
static int64_t read_goal(struct making *k)
{
    struct es_reader r = es_web_reader(k->q);
    double v;
    if (!*k->goal)
        return 0;
    if (!es_number_parse(r.lang, k->goal, &v)) {
        es_field_errors_add(&k->fe, "goal", "invalid", NAN);
        return 0;
    }
    if (v > GOAL_MOST_KM)
        es_field_errors_add(&k->fe, "goal", "too_large", NAN);
    else if (v * (double)es_units_mm(r.units) < 1)
        es_field_errors_add(&k->fe, "goal", "zero", NAN);
    else
        return (int64_t)(v * (double)es_units_mm(r.units) + 0.5);
    return 0;
}

static const char *word_of(const struct making *k, const char *name)
{
    const char *s =
        es_edit_words(es_req_arena(k->q), es_web_given(k->q, name), false);
    return s ? s : "";
}

static void read_form(struct making *k)
{
    k->m = (struct es_making){
        .title = es_web_given(k->q, "title"),
        .slug = word_of(k, "slug"),
        .holder = es_web_given(k->q, "holder"),
        .lang = es_web_given(k->q, "text_lang"), /* ?lang= is the reader's */
        .zone = es_web_given(k->q, "zone"),
        .by = es_web_who(k->q)->account.id,
    };
    const char *zone = es_zone_known(k->m.zone) ? k->m.zone : "UTC";
    k->opens = es_web_when(k->q, "opens", zone, &k->fe);
    k->closes = es_web_when(k->q, "closes", zone, &k->fe);
    k->goal = word_of(k, "goal");
    k->m.goal_mm = read_goal(k);
    k->m.opens_ms = k->opens.t_ms;
    k->m.closes_ms = k->closes.t_ms;
}

/* Two weeks from tomorrow, a thousand kilometres; in the zone of the newest
 * initiative here, which the browser's own takes the place of. */
static enum es_code fill_in(struct making *k, struct es_err *e)
{
    struct es_initiative *last;
    size_t n;
    enum es_code rc = es_store_initiatives(es_web_of(k->q)->app->store, 1,
                                           es_req_arena(k->q), &last, &n, e);
    if (rc != ES_OK)
        return rc;
    const char *zone = n > 0 ? last[0].zone : "UTC";
    struct es_date d = es_zone_date(zone, es_time_now_ms() + DAY_MS);
    d.hour = d.minute = d.second = d.ms = 0;
    k->opens = es_web_when_of(zone, es_zone_time(zone, &d));
    d = es_zone_date(zone, k->opens.t_ms + WEEKS_MS - DAY_MS / 2);
    d.hour = 23;
    d.minute = 59;
    d.second = d.ms = 0;
    k->closes = es_web_when_of(zone, es_zone_time(zone, &d));
    k->goal = "1000";
    k->fresh = true;
    k->m = (struct es_making){
        .title = "",
        .slug = "",
        .holder = "",
        .lang = es_web_lang(k->q, NULL)->tag,
        .zone = zone,
        .opens_ms = k->opens.t_ms,
        .closes_ms = k->closes.t_ms,
        .goal_mm = 1000 * es_units_mm(es_web_reader(k->q).units),
        .by = es_web_who(k->q)->account.id,
    };
    return ES_OK;
}

/* ---- showing ---- */

static struct es_view_field field(const struct making *k, const char *name,
                                  const char *value)
{
    return (struct es_view_field){
        .value = value,
        .error = es_say_of_field(es_web_reader(k->q), es_req_arena(k->q),
                                 &k->fe, name),
    };
}

static void choices(const struct making *k, struct es_view_new *v)
{
    for (size_t i = 0; i < ES_LANGS; i++)
        v->langs[i] = (struct es_view_choice){
            .value = es_lang_at(i)->tag,
            .label = es_lang_at(i)->name,
            .chosen = strcmp(es_lang_at(i)->tag, k->m.lang) == 0,
        };
    v->zones = es_zones(&v->n_zones);
    v->zone = k->m.zone;
    for (size_t i = 0; i < v->n_zones; i++)
        if (strcmp(v->zones[i], v->zone) == 0)
            v->zone_listed = true;
}

static struct es_view_preview preview(const struct making *k)
{
    const struct es_making *m = &k->m;
    struct es_initiative ini = { .state = ES_INI_PUBLISHED,
                                 .opens_ms = m->opens_ms,
                                 .closes_ms = m->closes_ms };
    const char *slug = *k->suggested ? k->suggested : m->slug;
    const char *address = *slug ? es_arena_fmt(es_req_arena(k->q), "%s/e/%s",
                                               es_web_of(k->q)->origin, slug)
                                : "";
    bool dated = m->opens_ms != ES_NO_TIME && m->closes_ms != ES_NO_TIME;
    return (struct es_view_preview){
        .title = m->title,
        .holder = m->holder,
        .lang = m->lang,
        .zone = m->zone,
        .phase = dated ? es_web_phase(&ini) : ES_PHASE_SOON,
        .opens_ms = m->opens_ms,
        .closes_ms = m->closes_ms,
        .total = { .goal_mm = m->goal_mm },
        .address = address ? address : "",
    };
}

static enum es_code show(struct making *k, struct es_resp *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    const char *own_slug = k->fresh ? "" : es_web_given(k->q, "slug");
    struct es_view_new *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "form");
    *v = (struct es_view_new){
        .frame = es_web_frame(k->q, NULL),
        .n_errors = k->fe.n,
        .fresh = k->fresh,
        .title = field(k, "title", k->m.title),
        .holder = field(k, "holder", k->m.holder),
        .slug = field(k, "slug", *k->suggested ? k->suggested : own_slug),
        .goal = field(k, "goal", k->goal),
        .lang_error = field(k, "lang", "").error,
        .zone_error = field(k, "zone", "").error,
        .opens = es_web_when_view(k->q, "opens", k->m.zone, &k->opens, &k->fe),
        .closes =
            es_web_when_view(k->q, "closes", k->m.zone, &k->closes, &k->fe),
    };
    choices(k, v);
    v->preview = preview(k);
    enum es_code rc =
        es_making_left(es_web_of(k->q)->app, k->m.by, a, &v->left, e);
    if (rc != ES_OK)
        return rc;
    if (k->fe.n && strcmp(es_web_given(k->q, "do"), "look") != 0)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(k->q, out);
    es_page_new(&o, v);
    return ES_OK;
}

/* GET /organise/new */
static enum es_code new_form(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct making *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "form");
    *k = (struct making){ .q = q, .suggested = "" };
    enum es_code rc = fill_in(k, e);
    return rc == ES_OK ? show(k, out, e) : rc;
}

static enum es_code make(struct making *k, struct es_resp *out,
                         struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_initiative ini;
    enum es_code rc =
        es_make(es_web_of(q)->app, &k->m, es_req_arena(q), &ini, &k->fe, e);
    if (rc == ES_EINVAL && k->fe.n)
        return show(k, out, e);
    if (rc == ES_EDENIED)
        return es_web_fail(q, out, 403,
                           es_t(es_web_lang(q, NULL),
                                ES_T("You hold as many initiatives as you may. "
                                     "Who runs this server can allow you "
                                     "more.")));
    if (rc == ES_OK)
        rc = es_web_renew(q, out, e); /* who may do more than before */
    if (rc != ES_OK)
        return rc;
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s?done=created", ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/new: `do` is "look", to see it first, or "make". */
static enum es_code new_post(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct making *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "form");
    *k = (struct making){ .q = q, .suggested = "" };
    read_form(k);
    enum es_code rc = es_making_check(es_web_of(q)->app, &k->m, es_req_arena(q),
                                      &k->suggested, &k->fe, e);
    if (rc != ES_OK)
        return rc;
    if (k->fe.n || strcmp(es_web_given(q, "do"), "look") == 0)
        return show(k, out, e);
    return make(k, out, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/new", ES_BODY_NONE, ES_WEB_PAGE, new_form },
    { ES_POST, "/organise/new", ES_BODY_FORM, ES_WEB_FORM, new_post },
};
const struct es_routes ES_ROUTES_MAKING = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
