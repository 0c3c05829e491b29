/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public pages of a person and of a team. */
#include "base/num.h"
#include "initiative/names.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

/* Runs that don't count are passed over, in so many readings at most. */
enum { RUNS = 30, READINGS = 8, MEMBERS = 50 };

/* ---- a person ---- */

/* Adds a run, if it counts. */
static enum es_code add_run(const struct es_req *q, const struct es_run *run,
                            struct es_view_run *v, size_t *n, struct es_err *e)
{
    struct es_receipt *r;
    if (run->status != ES_RUN_ACCEPTED)
        return ES_OK;
    if (!(r = es_arena_alloc(es_req_arena(q), sizeof *r)))
        return es_fail(e, ES_ENOMEM, 0, "runs");
    enum es_code rc =
        es_receipt_of(es_web_of(q)->app, run, es_req_arena(q), r, e);
    if (rc == ES_OK)
        v[(*n)++] = es_web_run_view(q, r);
    return rc;
}

/* Their accepted runs below `before`, newest first. How many others they have,
 * taken back or refused, is not to be told from a page that isn't full. */
static enum es_code person_runs(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_participant *p,
                                struct es_view_person *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_run *view = es_arena_array(a, RUNS, sizeof *view);
    struct es_run *runs;
    int64_t before = 0;
    size_t n = 0, want = RUNS;
    enum es_code rc = ES_OK;
    const char *text = es_req_query(q, "before");

    if (!view)
        return es_fail(e, ES_ENOMEM, 0, "runs");
    if (text && !es_num_i64(es_bytes_str(text), 1, INT64_MAX, &before))
        return es_fail(e, ES_EINVAL, 0, "before");
    for (int k = 0; rc == ES_OK && want > 0 && k < READINGS; k++) {
        rc = es_store_runs_of(es_web_of(q)->app->store, p->initiative, p->id,
                              before, want, a, &runs, &n, e);
        bool last = rc == ES_OK && n < want;
        for (size_t i = 0; rc == ES_OK && i < n; i++) {
            before = runs[i].id;
            rc = add_run(q, &runs[i], view, &v->n_runs, e);
        }
        if (last)
            before = 0;
        want = last ? 0 : RUNS - v->n_runs;
    }
    if (rc == ES_OK && before)
        v->older = es_url_path(a, "/e/%s/people/%lld?before=%lld", ini->slug,
                               (long long)p->bib, (long long)before);
    v->runs = view;
    return rc;
}

static enum es_code person_team(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_participant *p,
                                struct es_view_person *v, struct es_err *e)
{
    struct es_standing team, *rows;
    const char *next;
    size_t n;
    if (p->team == 0)
        return ES_OK;
    enum es_code rc =
        es_standings_crew(es_app_standings(es_web_of(q)->app, ini->id), p->team,
                          NULL, 1, es_req_arena(q), &team, &rows, &n, &next, e);
    if (rc != ES_OK)
        return rc;
    v->team = team.name;
    v->team_url = es_web_team_url(q, ini->slug, p->team);
    return ES_OK;
}

/* Who has the bib and lets themselves be seen. */
static enum es_code person_of(const struct es_req *q,
                              const struct es_initiative *ini,
                              struct es_participant *p, struct es_err *e)
{
    int64_t bib;
    if (!es_req_i64(q, "bib", 1, INT64_MAX, &bib))
        return es_fail(e, ES_ENOENT, 0, "not a number");
    enum es_code rc = es_store_participant_by_bib(
        es_web_of(q)->app->store, ini->id, bib, es_req_arena(q), p, e);
    if (rc == ES_OK && p->visibility == ES_VIS_HIDDEN)
        rc = es_fail(e, ES_ENOENT, 0, "hidden");
    return rc;
}

static enum es_code person_view(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_participant *p,
                                struct es_view_person *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_standing self, *rows;
    size_t n;
    enum es_code rc =
        es_standings_of(es_app_standings(es_web_of(q)->app, ini->id), p->id, 0,
                        a, &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    *v = (struct es_view_person){
        .frame = es_web_frame(q, ini),
        .name = es_public_name(p, a),
        .country = p->country,
        .team = "",
        .category = p->category,
        .zone = ini->zone,
        .bib = p->bib,
        .rank = self.rank,
        .dist_mm = self.dist_mm,
        .time_ms = self.time_ms,
        .n_accepted = self.runs,
    };
    rc = person_team(q, ini, p, v, e);
    return rc == ES_OK ? person_runs(q, ini, p, v, e) : rc;
}

/* GET /e/{slug}/people/{bib}. 404 also when hidden: a bib then tells nothing.
 * Not for search engines: a name is spread by whoever bears it.
 */
static enum es_code person(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_initiative ini;
    struct es_participant p;
    struct es_view_person v;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = person_of(q, &ini, &p, e);
    if (rc == ES_OK)
        rc = person_view(q, &ini, &p, &v, e);
    if (rc == ES_ENOENT || rc == ES_EINVAL)
        return es_web_fail(q, out, rc == ES_ENOENT ? 404 : 400, "");
    if (rc != ES_OK)
        return rc;
    struct es_web_posted posted = {
        .kind = ES_POSTED_SUM,
        .name = v.name,
        .dist_mm = v.dist_mm,
        .path = es_web_person_url(q, ini.slug, p.bib),
        .card = es_url_path(es_req_arena(q), "/e/%s/people/%lld/card.png",
                            ini.slug, (long long)p.bib),
    };
    es_web_post(q, &ini, &posted, &v.frame, &v.share);
    if (!v.frame.kept && v.n_accepted > 0)
        v.share.paper =
            es_url_path(es_req_arena(q), "/e/%s/people/%lld/certificate.pdf",
                        ini.slug, (long long)p.bib);
    v.frame.report =
        es_url_path(es_req_arena(q), "/e/%s/report?about=person-%lld", ini.slug,
                    (long long)p.bib);
    struct es_out o = es_web_page(q, out);
    es_page_person(&o, &v);
    return ES_OK;
}

/* ---- a team ---- */

static enum es_code team_view(const struct es_req *q,
                              const struct es_initiative *ini, int64_t id,
                              struct es_view_team *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_standing self, *rows, *top;
    const char *next, *ignored, *cursor = es_req_query(q, "cursor");
    struct es_standings *s = es_app_standings(es_web_of(q)->app, ini->id);
    size_t n = 0, n_top = 0;

    enum es_code rc = es_standings_crew(s, id, cursor, MEMBERS, a, &self, &rows,
                                        &n, &next, e);
    if (rc == ES_OK)
        rc = es_standings_crew(s, id, NULL, 1, a, &self, &top, &n_top, &ignored,
                               e);
    if (rc != ES_OK)
        return rc;
    *v = (struct es_view_team){
        .frame = es_web_frame(q, ini),
        .name = self.name,
        .rank = self.rank,
        .dist_mm = self.dist_mm,
        .time_ms = self.time_ms,
        .n_accepted = self.runs,
        .members = self.members,
        .mean_mm = self.members > 0 ? self.dist_mm / self.members : 0,
        .n = n,
    };
    if (cursor)
        v->first = es_web_team_url(q, ini->slug, id);
    if (next)
        v->next = es_url_path(a, "/e/%s/teams/%lld?cursor=%s", ini->slug,
                              (long long)id, next);
    struct es_standing_rows r = { .v = rows,
                                  .n = n,
                                  .leader = n_top > 0 ? top->dist_mm : 0,
                                  .mine = es_web_who(q)->p.id };
    return es_web_rows_view(q, ini, &r, &v->rows, e);
}

/* GET /e/{slug}/teams/{team} */
static enum es_code team(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_initiative ini;
    struct es_view_team v;
    int64_t id = 0;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK && !es_req_i64(q, "team", 1, INT64_MAX, &id))
        rc = es_fail(e, ES_ENOENT, 0, "not a number");
    if (rc == ES_OK)
        rc = team_view(q, &ini, id, &v, e);
    if (rc == ES_ENOENT || rc == ES_EINVAL)
        return es_web_fail(q, out, rc == ES_ENOENT ? 404 : 400, "");
    if (rc != ES_OK)
        return rc;
    struct es_web_posted posted = {
        .kind = ES_POSTED_SUM,
        .name = v.name,
        .dist_mm = v.dist_mm,
        .path = es_web_team_url(q, ini.slug, id),
        .card = es_url_path(es_req_arena(q), "/e/%s/teams/%lld/card.png",
                            ini.slug, (long long)id),
    };
    es_web_post(q, &ini, &posted, &v.frame, &v.share);
    v.frame.index = true;
    v.frame.report =
        es_url_path(es_req_arena(q), "/e/%s/report?about=team-%lld", ini.slug,
                    (long long)id);
    struct es_out o = es_web_page(q, out);
    es_page_team(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/people/{bib}", ES_BODY_NONE,
      ES_WEB_PAGE | ES_WEB_WHOLE, person },
    { ES_GET, "/e/{slug}/teams/{team}", ES_BODY_NONE,
      ES_WEB_PAGE | ES_WEB_WHOLE, team },
};
const struct es_routes ES_ROUTES_PEOPLE = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
