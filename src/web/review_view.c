/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What who reviews is shown of a run: its steps in words, its way, and what it
 * is compared with. */
#include "initiative/evidence.h"
#include "web/review.h"

#include "initiative/names.h"
#include "track/course.h"
#include "web/charts.h"

#include <math.h>
#include <string.h>

enum { OTHERS = 24, TWINS = 2, MARKS = 9, FULL = 1000 };

/* ---- steps ---- */

static const char *who_took(const struct es_req *q, const struct es_step *s,
                            enum es_step_reader reader, const char *runner)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    bool theirs = s->what == ES_STEP_ANSWERED || s->what == ES_STEP_APPEALED ||
                  s->what == ES_STEP_WITHDRAWN;
    if (theirs)
        return reader == ES_STEPS_FOR_STAFF ? runner : es_t(l, ES_T("You"));
    if (!s->account)
        return "";
    const char *role = es_words_staff(l, s->role);
    if (reader == ES_STEPS_FOR_RUNNER)
        return *role ? role : es_t(l, ES_T("Who organises"));
    const char *name = es_web_account_name(q, s->account);
    const char *both =
        *role ? es_arena_fmt(es_req_arena(q), "%s · %s", name, role) : name;
    return both ? both : name;
}

enum es_code es_web_steps_view(const struct es_req *q, const struct es_step *s,
                               size_t n, enum es_step_reader who,
                               const char *runner,
                               const struct es_view_step **out,
                               struct es_err *e)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_step *v = es_arena_array(es_req_arena(q), n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "steps");
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_view_step){
            .what = es_words_step(l, s[i].what, s[i].status),
            .who = who_took(q, &s[i], who, runner),
            .reason = strcmp(s[i].reason, "other") == 0 && *s[i].words
                          ? ""
                          : es_words_refusal(l, s[i].reason),
            .words = s[i].words,
            .at_ms = s[i].at_ms,
            .mood = es_words_step_mood(s[i].what, s[i].status),
        };
    *out = v;
    return ES_OK;
}

/* ---- the way ---- */

/* Parts of the distance, 0..1, at which a moment of the run lies. */
static double part_at(const struct es_measure *m, double t_s)
{
    const struct es_series *s = &m->series;
    if (s->n < 2)
        return NAN;
    for (size_t i = 1; i < s->n; i++) {
        double from = s->time_s[i - 1], to = s->time_s[i];
        if (t_s <= to)
            return ((double)(i - 1) +
                    (to > from ? fmax(t_s - from, 0) / (to - from) : 0)) /
                   (double)(s->n - 1);
    }
    return 1;
}

/* Where that part of a drawn line ends. */
static void place_at(const struct es_view_spot *v, size_t n, double part,
                     struct es_view_mark *out)
{
    double all = 0;
    for (size_t i = 1; i < n; i++)
        if (!v[i].piece)
            all += hypot(v[i].x - v[i - 1].x, v[i].y - v[i - 1].y);
    double left = all * part;
    out->x = v[n - 1].x;
    out->y = v[n - 1].y;
    for (size_t i = 1; i < n; i++) {
        double step = hypot(v[i].x - v[i - 1].x, v[i].y - v[i - 1].y);
        if (v[i].piece)
            continue;
        if (left <= step && step > 0) {
            out->x = v[i - 1].x + llround((v[i].x - v[i - 1].x) * left / step);
            out->y = v[i - 1].y + llround((v[i].y - v[i - 1].y) * left / step);
            return;
        }
        left -= step;
    }
}

static enum es_code mark(const struct es_req *q, const struct es_receipt *r,
                         struct es_view_reviewing *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_mark *line = es_arena_array(a, MARKS, sizeof *line);
    struct es_view_mark *map = es_arena_array(a, MARKS, sizeof *map);
    if (!line || !map)
        return es_fail(e, ES_ENOMEM, 0, "marks");
    for (size_t i = 0; i < r->n_findings && v->n_marks < MARKS; i++) {
        const struct es_finding *f = &r->findings[i];
        double from = part_at(&r->measure, f->from_s);
        double to = part_at(&r->measure, f->to_s);
        if (!isfinite(f->from_s) || !isfinite(f->to_s) || isnan(from))
            continue;
        struct es_view_mark *k = &line[v->n_marks++];
        *k = (struct es_view_mark){ .x = llround(from * FULL),
                                    .x2 = llround(to * FULL),
                                    .number = (int64_t)i + 1 };
        if (v->map.n > 1) {
            map[v->map.n_marks] = *k;
            place_at(v->map.v, v->map.n, (from + to) / 2,
                     &map[v->map.n_marks++]);
        }
    }
    v->marks = line;
    v->map.marks = map;
    return ES_OK;
}

/* Millimetres for a unit of the drawing. */
static double scale_of(const struct es_geo_point *p,
                       const struct es_geo_spot *v, size_t n)
{
    double mm = 0, drawn = 0;
    for (size_t i = 1; i < n; i++) {
        if (p[i].piece)
            continue;
        mm += 1000 *
              es_geo_apart_m(es_geo_vec_of(p[i - 1].lat_deg, p[i - 1].lon_deg),
                             es_geo_vec_of(p[i].lat_deg, p[i].lon_deg));
        drawn += hypot(v[i].x - v[i - 1].x, v[i].y - v[i - 1].y);
    }
    return drawn > 0 ? mm / drawn : 0;
}

/* One line, or two on the same ground. */
static enum es_code draw(const struct es_req *q, const struct es_course *one,
                         const struct es_course *two, struct es_view_map *m,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    size_t n = one->n + (two ? two->n : 0);
    struct es_geo_point *p = es_arena_array(a, n, sizeof *p);
    struct es_geo_spot *at = es_arena_array(a, n, sizeof *at);
    struct es_view_spot *v = es_arena_array(a, n, sizeof *v);
    uint16_t wide, high;
    if (!p || !at || !v)
        return es_fail(e, ES_ENOMEM, 0, "map");
    if (one->n < 2)
        return ES_OK;
    memcpy(p, one->v, one->n * sizeof *p);
    if (two && two->n)
        memcpy(p + one->n, two->v, two->n * sizeof *p);
    if (n > one->n)
        p[one->n].piece = true;
    es_geo_draw(p, n, FULL, at, &wide, &high);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_view_spot){ at[i].x, at[i].y, at[i].piece };
    *m = (struct es_view_map){ .v = v,
                               .n = one->n,
                               .other = v + one->n,
                               .n_other = n - one->n,
                               .wide = wide,
                               .high = high };
    m->across_mm = llround(scale_of(p, at, n) * (wide > high ? wide : high));
    return ES_OK;
}

/* Who can't be shown the way is told why, and sees all the rest. */
static enum es_code course_of(const struct es_req *q, const struct es_run *run,
                              struct es_course *out, const char **why,
                              struct es_err *e)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    *out = (struct es_course){ 0 };
    enum es_code rc =
        es_review_route(es_web_of(q)->app, run, es_web_who(q)->account.id,
                        es_review_role(q), es_req_arena(q), out, e);
    if (rc == ES_ENOMEM)
        return rc;
    if (rc != ES_OK)
        *why = es_t(l, ES_T("The way can't be drawn just now."));
    else if (run->kind == ES_KIND_TYPED)
        *why = es_t(l, ES_T("Typed in: there is no way to draw."));
    else if (run->blob.segment == 0)
        *why = es_t(l, ES_T("The file of this run is no longer kept."));
    else if (out->n < 2)
        *why = es_t(l, ES_T("The file holds no positions."));
    else
        *why = "";
    return ES_OK;
}

/* ---- among others ---- */

static enum es_code others(const struct es_req *q, const struct es_run *run,
                           const char *sport, const struct es_review_filter *f,
                           struct es_view_reviewing *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_run *all;
    size_t n_all, n = 0;
    bool here = false;
    enum es_code rc =
        es_store_runs_of(es_web_of(q)->app->store, run->initiative,
                         run->participant, 0, OTHERS, a, &all, &n_all, e);
    struct es_view_dot *d =
        rc == ES_OK ? es_arena_array(a, n_all + 1, sizeof *d) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!d)
        return es_fail(e, ES_ENOMEM, 0, "others");
    for (size_t i = 0; i <= n_all; i++) {
        const struct es_run *r = i < n_all ? &all[i] : run;
        if ((i == n_all && here) ||
            (r->status == ES_RUN_WITHDRAWN && r->id != run->id))
            continue;
        here = here || r->id == run->id;
        d[n++] = (struct es_view_dot){
            .url = es_review_run_url(q, f, r->id),
            .started_ms = r->started_ms,
            .dist_mm = r->dist_mm,
            .time_ms = r->time_ms,
            .status = (enum es_view_status)r->status,
            .here = r->id == run->id,
        };
    }
    v->others.sport = sport;
    es_chart_place(&v->others, d, n, es_units_mm(es_web_reader(q).units));
    return ES_OK;
}

static enum es_code twin(const struct es_req *q, const struct es_run *other,
                         const struct es_course *mine,
                         const struct es_review_filter *f,
                         struct es_view_twin *t, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    struct es_receipt r;
    struct es_course c;
    const char *why;
    enum es_code rc = es_store_participant(app->store, other->initiative,
                                           other->participant, a, &p, e);
    if (rc == ES_OK)
        rc = es_receipt_of(app, other, a, &r, e);
    if (rc == ES_OK)
        rc = course_of(q, other, &c, &why, e);
    if (rc != ES_OK)
        return rc;
    const char *name = es_public_name(&p, a);
    *t = (struct es_view_twin){ .name = name ? name : "",
                                .bib = p.bib,
                                .url = es_review_run_url(q, f, other->id),
                                .run = es_web_run_view(q, &r) };
    es_web_run_charts(q, &r.measure, false, &t->run);
    return c.n > 1 && mine->n > 1 ? draw(q, mine, &c, &t->map, e) : ES_OK;
}

static enum es_code twins(const struct es_req *q, const struct es_run *run,
                          const struct es_course *mine,
                          const struct es_review_filter *f,
                          struct es_view_reviewing *v, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_view_twin *t = es_arena_array(a, TWINS, sizeof *t);
    int64_t *ids;
    size_t n;
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "twins");
    enum es_code rc =
        es_store_alike(app->store, run->initiative, run->id, a, &ids, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n && v->n_twins < TWINS; i++) {
        struct es_run other;
        rc = es_store_run(app->store, run->initiative, ids[i], a, &other, e);
        if (rc != ES_OK || other.status == ES_RUN_WITHDRAWN)
            continue;
        rc = twin(q, &other, mine, f, &t[v->n_twins], e);
        v->n_twins += rc == ES_OK;
    }
    v->twins = t;
    return rc;
}

/* The picture that its runner handed in; most have none. */
static enum es_code evidence(const struct es_req *q, const struct es_run *run,
                             struct es_view_reviewing *v, struct es_err *e)
{
    struct es_evidence_info seen;
    enum es_code rc =
        es_run_evidence(es_web_of(q)->app, run->initiative, run->id, &seen, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    v->evidence =
        es_url_path(es_req_arena(q), "/organise/e/%s/runs/%lld/picture",
                    es_web_who(q)->here.slug, (long long)run->id);
    v->evidence_w = seen.width;
    v->evidence_h = seen.height;
    return ES_OK;
}

enum es_code es_review_draw(const struct es_req *q, const struct es_receipt *r,
                            const struct es_review_filter *f,
                            struct es_view_reviewing *v, struct es_err *e)
{
    struct es_course mine;
    enum es_code rc = course_of(q, &r->run, &mine, &v->no_map, e);
    if (rc == ES_OK)
        rc = draw(q, &mine, NULL, &v->map, e);
    if (rc == ES_OK)
        rc = mark(q, r, v, e);
    if (rc == ES_OK)
        rc = evidence(q, &r->run, v, e);
    if (rc == ES_OK)
        rc = others(q, &r->run, es_sport_name(r->measure.sport), f, v, e);
    return rc == ES_OK ? twins(q, &r->run, &mine, f, v, e) : rc;
}
