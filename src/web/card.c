/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pictures to share: of a run, a person, a team, an initiative. */
#include "base/num.h"
#include "html/palette.h"
#include "initiative/face.h"
#include "initiative/names.h"
#include "initiative/routes.h"
#include "render/render.h"
#include "web/programme_int.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

enum { TOTAL_KEPT_MS = 60000 };

/* ---- the initiative's total ---- */

/* Every run moves it, and each figure is another picture: who asks within a
 * minute gets the same one, so that what was drawn serves all of them. */
static struct es_view_total total_of(const struct es_req *q,
                                     const struct es_initiative *ini)
{
    struct es_web *w = es_web_of(q);
    int64_t now = es_time_mono_ms();
    pthread_mutex_lock(&w->totals_lock);
    struct es_kept_total *t = &w->totals[0];
    for (size_t i = 0; i < ES_KEPT_TOTALS; i++) {
        if (w->totals[i].initiative == ini->id) {
            t = &w->totals[i];
            break;
        }
        if (w->totals[i].until_ms < t->until_ms)
            t = &w->totals[i];
    }
    if (t->initiative != ini->id || now >= t->until_ms)
        *t = (struct es_kept_total){ ini->id, es_web_total(q, ini),
                                     now + TOTAL_KEPT_MS };
    struct es_view_total total = t->total;
    pthread_mutex_unlock(&w->totals_lock);
    return total;
}

/* ---- what is on a card ---- */

static bool size_of(const struct es_req *q, enum es_card_size *out,
                    const char **name)
{
    static const char *const NAMES[] = { [ES_CARD_WIDE] = "wide",
                                         [ES_CARD_SQUARE] = "square",
                                         [ES_CARD_STORY] = "story" };
    const char *size = es_req_query(q, "size");
    for (size_t i = 0; i < ES_CARD_SIZES; i++)
        if (strcmp(size ? size : "wide", NAMES[i]) == 0) {
            *out = (enum es_card_size)i;
            *name = NAMES[i];
            return true;
        }
    return false;
}

static uint32_t colour_of(const struct es_req *q,
                          const struct es_initiative *ini)
{
    struct es_rgb c = { 0 };
    if (!es_web_colour(q, ini, &c))
        (void)es_rgb_parse(ES_WEB_OWN_COLOUR, &c);
    return (uint32_t)c.r << 16 | (uint32_t)c.g << 8 | c.b;
}

/* All but what is of the one it is about; `path` leads to their page. Units
 * are read of the address alone: what a cookie says is in no shared cache. */
static struct es_card card_of(const struct es_req *q,
                              const struct es_initiative *ini, const char *path)
{
    const char *url =
        path ? es_arena_fmt(es_req_arena(q), "%s%s", es_web_of(q)->origin, path)
             : NULL;
    return (struct es_card){
        .lang = es_web_lang(q, NULL),
        .miles = es_units_of(es_req_query(q, "units")) == ES_UNITS_MI,
        .colour = colour_of(q, ini),
        .name = "",
        .country = "",
        .initiative = ini->title,
        .initiative_lang = ini->lang,
        .holder = ini->holder,
        .time_ms = ES_NO_FIGURE,
        .day_ms = ES_NO_FIGURE,
        .zone = ini->zone,
        .total_mm = total_of(q, ini).dist_mm,
        .goal_mm = ini->goal_mm,
        .url = url ? url : es_web_of(q)->origin,
    };
}

/* ---- the answer ---- */

static enum es_code no_card(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(q, out, 404, "");
}

/* `about` stands in the file's name. The picture's name tells what is on it,
 * so a browser that has it costs nobody a drawing. */
static enum es_code send(const struct es_req *q, struct es_resp *out,
                         struct es_card *card, const char *about,
                         struct es_err *e)
{
    struct es_web *w = es_web_of(q);
    struct es_render_name name;
    struct es_bytes png;
    const char *size, *download = es_req_query(q, "download");
    if (!w->app->render)
        return no_card(q, out);
    if (!size_of(q, &card->size, &size))
        return es_web_fail(q, out, 400, "");
    es_render_name(card, &name);
    if (!w->kept && !es_render_has(w->app->render, &name)) {
        unsigned wait_s =
            es_limit_take(w->app->limits, ES_LIMIT_DRAW, es_web_peer_number(q),
                          es_time_mono_ms());
        if (wait_s)
            return es_web_too_often(q, out, wait_s);
    }
    (void)es_web_speak(q, out, NULL);
    es_resp_type(out, "image/png");
    /* A route may be hidden, a run taken back: whoever keeps its picture asks
     * each time whether it is still this one. */
    es_resp_cache(out, card->kind == ES_CARD_RUN ? "public, no-cache"
                                                 : "public, max-age=300");
    /* It is there to be shown elsewhere. */
    es_resp_header(out, "Cross-Origin-Resource-Policy", "cross-origin");
    if (download && strcmp(download, "1") == 0) {
        const char *file =
            es_arena_fmt(es_req_arena(q), "%s-%s.png", about, size);
        es_resp_attachment(out, file ? file : "card.png");
    }
    if (es_resp_exact(q, out, name.tag))
        return ES_OK;
    enum es_code rc =
        es_render_card(w->app->render, card, es_req_arena(q), &png, e);
    if (rc == ES_ECOMPLEX) /* or the machine is too busy */
        return es_fail(e, ES_EBUSY, 0, "the drawing took too long");
    if (rc == ES_OK)
        es_buf_add(es_resp_body(out), png.p, png.n);
    return rc;
}

/* ---- a run ---- */

enum es_code es_web_card_run(const struct es_req *q, struct es_run *run,
                             struct es_initiative *ini,
                             struct es_participant *p, struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    const char *code = es_req_param(q, "code");
    enum es_code rc = es_store_run_by_code(store, code ? code : "", a, run, e);
    if (rc == ES_OK && run->status != ES_RUN_ACCEPTED)
        rc = es_fail(e, ES_ENOENT, 0, "doesn't count");
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(store, run->initiative, a, ini, e);
    if (rc == ES_OK && (ini->state == ES_INI_DRAFT || ini->suspended_ms))
        rc = es_fail(e, ES_ENOENT, 0, "not to be seen");
    if (rc == ES_OK)
        rc = es_store_participant(store, run->initiative, run->participant, a,
                                  p, e);
    return rc;
}

/* The shape of the run, where its owner shows it. */
static enum es_code add_route(const struct es_req *q, const struct es_run *run,
                              struct es_card *c, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_shape s;
    enum es_code rc = es_route_shape(es_web_of(q)->app, run, a, &s, e);
    if (rc != ES_OK)
        return rc;
    struct es_card_point *v = es_arena_array(a, s.n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "route");
    for (size_t i = 0; i < s.n; i++)
        v[i] = (struct es_card_point){
            .x = (uint16_t)(s.v[i].x * ES_CARD_ROUTE_SPAN / ES_SHAPE_SPAN),
            .y = (uint16_t)(s.v[i].y * ES_CARD_ROUTE_SPAN / ES_SHAPE_SPAN),
            .piece = s.v[i].piece,
        };
    c->route = v;
    c->n_route = s.n;
    return ES_OK;
}

/* GET /r/{code}/card.png */
static enum es_code run_card(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_run run;
    struct es_initiative ini;
    struct es_participant p;
    enum es_code rc = es_web_card_run(q, &run, &ini, &p, e);
    if (rc == ES_ENOENT)
        return no_card(q, out);
    if (rc != ES_OK)
        return rc;
    struct es_card c = card_of(q, &ini, es_arena_fmt(a, "/r/%s", run.code));
    const char *name = es_public_name(&p, a);
    c.kind = ES_CARD_RUN;
    c.name = name ? name : es_t(c.lang, ES_T("A participant"));
    c.country = name ? p.country : "";
    c.dist_mm = run.dist_mm; /* as its page says */
    c.time_ms = run.time_ms > 0 ? run.time_ms : ES_NO_FIGURE;
    c.day_ms = run.started_ms == ES_NO_TIME ? ES_NO_FIGURE : run.started_ms;
    if (name)
        rc = add_route(q, &run, &c, e);
    if (rc != ES_OK)
        return rc;
    const char *about = es_arena_fmt(a, "%s-%s", ini.slug, run.code);
    return send(q, out, &c, about ? about : run.code, e);
}

/* ---- those who add up ---- */

/* GET /e/{slug}/card.png */
static enum es_code initiative_card(const struct es_req *q, struct es_resp *out,
                                    struct es_err *e)
{
    struct es_initiative ini;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return no_card(q, out);
    if (rc != ES_OK)
        return rc;
    struct es_card c =
        card_of(q, &ini, es_arena_fmt(es_req_arena(q), "/e/%s", ini.slug));
    c.kind = ES_CARD_INITIATIVE;
    struct es_view_total t = total_of(q, &ini);
    c.dist_mm = c.total_mm = t.dist_mm;
    c.runs = t.runs;
    c.members = t.participants;
    return send(q, out, &c, ini.slug, e);
}

/* The initiative of {slug}, and a number of {param}. */
static enum es_code one_of(const struct es_req *q, const char *param,
                           struct es_initiative *ini, int64_t *id,
                           struct es_err *e)
{
    enum es_code rc = es_web_initiative(q, ini, e);
    if (rc == ES_OK && !es_req_i64(q, param, 1, INT64_MAX, id))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    return rc;
}

enum es_code es_web_card_person(const struct es_req *q,
                                struct es_initiative *ini,
                                struct es_participant *p,
                                struct es_standing *self, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_standing *rows;
    size_t n;
    int64_t bib;
    enum es_code rc = one_of(q, "bib", ini, &bib, e);
    if (rc == ES_OK)
        rc = es_store_participant_by_bib(app->store, ini->id, bib, a, p, e);
    if (rc == ES_OK && p->visibility == ES_VIS_HIDDEN)
        rc = es_fail(e, ES_ENOENT, 0, "hidden");
    if (rc == ES_OK)
        rc = es_standings_of(es_app_standings(app, ini->id), p->id, 0, a, self,
                             &rows, &n, e);
    return rc;
}

/* GET /e/{slug}/people/{bib}/card.png */
static enum es_code person_card(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_participant p;
    struct es_standing self;
    enum es_code rc = es_web_card_person(q, &ini, &p, &self, e);
    if (rc == ES_ENOENT)
        return no_card(q, out);
    if (rc != ES_OK)
        return rc;
    struct es_card c = card_of(
        q, &ini, es_arena_fmt(a, "/e/%s/people/%" PRId64, ini.slug, p.bib));
    c.kind = ES_CARD_PERSON;
    c.name = es_public_name(&p, a);
    c.country = p.country;
    c.dist_mm = self.dist_mm;
    c.time_ms = self.time_ms > 0 ? self.time_ms : ES_NO_FIGURE;
    c.runs = self.runs;
    if (!c.name)
        return es_fail(e, ES_ENOMEM, 0, "name");
    const char *about = es_arena_fmt(a, "%s-%" PRId64, ini.slug, p.bib);
    return send(q, out, &c, about ? about : ini.slug, e);
}

/* GET /e/{slug}/teams/{team}/card.png */
static enum es_code team_card(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_standing self, *rows;
    const char *next;
    size_t n;
    int64_t team;
    enum es_code rc = one_of(q, "team", &ini, &team, e);
    if (rc == ES_OK)
        rc = es_standings_crew(es_app_standings(es_web_of(q)->app, ini.id),
                               team, NULL, 1, a, &self, &rows, &n, &next, e);
    if (rc == ES_ENOENT)
        return no_card(q, out);
    if (rc != ES_OK)
        return rc;
    struct es_card c = card_of(
        q, &ini, es_arena_fmt(a, "/e/%s/teams/%" PRId64, ini.slug, team));
    c.kind = ES_CARD_TEAM;
    c.name = self.name;
    c.dist_mm = self.dist_mm;
    c.runs = self.runs;
    c.members = self.members;
    const char *about = es_arena_fmt(a, "%s-team-%" PRId64, ini.slug, team);
    return send(q, out, &c, about ? about : ini.slug, e);
}

/* GET /e/{slug}/programme/{event}/card.png */
static enum es_code event_card(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_occasion o;
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    enum es_code rc =
        b ? es_web_initiative(q, &ini, e) : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc == ES_OK)
        rc = es_web_occasion(q, &ini, &o, b, e);
    if (rc == ES_ENOENT)
        return no_card(q, out);
    if (rc != ES_OK)
        return rc;
    const char *path =
        es_arena_fmt(a, "/e/%s/programme/%" PRId64, ini.slug, o.id);
    struct es_card c = card_of(q, &ini, path);
    c.kind = ES_CARD_EVENT;
    c.name = es_occasion_tell(&o, b, c.lang).title;
    c.day_ms = o.starts_ms;
    c.zone = o.zone;
    c.total_mm = c.goal_mm = 0; /* none of its figures are on it */
    const char *about = es_arena_fmt(a, "%s-event-%" PRId64, ini.slug, o.id);
    return send(q, out, &c, about ? about : ini.slug, e);
}

/* Nobody is known here: no cookie is read, so that a shared cache may keep
 * what it gets. */
static const struct es_route ROUTES[] = {
    { ES_GET, "/r/{code}/card.png", ES_BODY_NONE, 0, run_card },
    { ES_GET, "/e/{slug}/card.png", ES_BODY_NONE, 0, initiative_card },
    { ES_GET, "/e/{slug}/people/{bib}/card.png", ES_BODY_NONE, 0, person_card },
    { ES_GET, "/e/{slug}/teams/{team}/card.png", ES_BODY_NONE, 0, team_card },
    { ES_GET, "/e/{slug}/programme/{event}/card.png", ES_BODY_NONE, 0,
      event_card },
};
const struct es_routes ES_ROUTES_CARD = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
