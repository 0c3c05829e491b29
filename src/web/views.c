/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From records to what pages show. */
#include "initiative/steps.h"
#include "web/charts.h"
#include "web/web_int.h"

#include <math.h>
#include <string.h>

const char *es_say_of_field(struct es_reader r, struct es_arena *a,
                            const struct es_field_errors *fe, const char *field)
{
    for (size_t i = 0; i < fe->n; i++)
        if (strcmp(fe->v[i].field, field) == 0)
            return es_words_field_error(a, r, field, fe->v[i].code,
                                        fe->v[i].limit);
    return NULL;
}

const char *es_web_given(const struct es_req *q, const char *name)
{
    const char *v = es_req_form(q, name);
    return v ? v : "";
}

struct es_view_field es_web_field(const struct es_req *q, const char *name,
                                  const struct es_field_errors *fe)
{
    return (struct es_view_field){
        .value = es_web_given(q, name),
        .error = es_say_of_field(es_web_reader(q), es_req_arena(q), fe, name),
    };
}

/* What people did stands among the steps, where those are there. */
static const struct es_view_finding *
findings(const struct es_req *q, const struct es_receipt *r, size_t *n)
{
    struct es_view_finding *v =
        es_arena_array(es_req_arena(q), r->n_findings, sizeof *v);
    *n = 0;
    for (size_t i = 0; v && i < r->n_findings; i++) {
        const struct es_finding *f = &r->findings[i];
        if (r->n_steps && es_finding_is_step(f->code))
            continue;
        v[(*n)++] = (struct es_view_finding){
            .code = f->code,
            .message = f->message,
            .value = f->value,
            .limit = f->limit,
            .from_s = f->from_s,
            .to_s = f->to_s,
            .effect = (enum es_view_effect)f->effect,
        };
    }
    return v;
}

/* The measure's kilometres; a tail too short to be a row goes. */
static struct es_view_split *kilometres(const struct es_measure *m,
                                        struct es_arena *a, size_t *n)
{
    struct es_view_split *v = es_arena_array(a, m->n_splits, sizeof *v);
    *n = v ? m->n_splits : 0;
    for (size_t i = 0; i < *n; i++)
        v[i] = (struct es_view_split){
            .dist_mm = es_milli(m->splits[i].dist_m),
            .time_ms = es_milli(m->splits[i].time_s),
        };
    return v;
}

static const double FOOT_M = 0.3048;
enum { FIVES_FROM = 16 }; /* splits: more than two screens of a phone */

void es_web_run_charts(const struct es_req *q, const struct es_measure *m,
                       bool heights, struct es_view_run *v)
{
    enum es_units units = es_web_reader(q).units;
    struct es_chart_run r = {
        .time_s = m->series.time_s,
        .alt_m = heights ? m->series.alt_m : NULL,
        .n = m->series.n,
        .dist_m = m->dist_m,
        .unit_m = (double)es_units_mm(units) / 1000,
        .height_m = units == ES_UNITS_MI ? FOOT_M : 1,
        .a = es_req_arena(q),
    };
    struct es_view_split *s = units == ES_UNITS_KM
                                  ? kilometres(m, r.a, &v->n_splits)
                                  : es_chart_cut(&r, &v->n_splits);
    if (v->n_splits > 0 && s[v->n_splits - 1].dist_mm < ES_WORDS_SPLIT_MM)
        v->n_splits--;
    es_chart_compare(s, v->n_splits);
    v->splits = s;
    if (v->n_splits >= FIVES_FROM)
        v->fives = es_chart_joined(s, v->n_splits, 5, r.a, &v->n_fives);
    v->pace = es_chart_pace(&r);
    v->stretches = es_chart_stretches(&r, &v->n_stretches);
    if (heights)
        v->heights = es_chart_heights(&r);
}

/* Less than this is not worth a word; a device that writes a fix every 20 s
 * hasn't lost its signal. */
static const double ERROR_MIN_S = 1, BRIDGED_MIN_M = 20, BRIDGED_SHARE = 0.3;

static const struct es_view_best *bests(const struct es_req *q,
                                        const struct es_measure *m)
{
    struct es_view_best *v =
        es_arena_array(es_req_arena(q), m->n_bests, sizeof *v);
    for (size_t i = 0; v && i < m->n_bests; i++)
        v[i] = (struct es_view_best){
            .name = m->bests[i].name,
            .dist_mm = es_milli(m->bests[i].dist_m),
            .time_ms = es_milli(m->bests[i].time_s),
            .error_ms = m->bests[i].error_s >= ERROR_MIN_S
                            ? es_milli(m->bests[i].error_s)
                            : ES_NO_FIGURE,
        };
    return v;
}

static struct es_view_measured measured(const struct es_measure *m)
{
    bool bridged =
        m->gap_m >= BRIDGED_MIN_M && m->gap_m <= BRIDGED_SHARE * m->dist_m;
    return (struct es_view_measured){
        .why = es_dist_why_name(m->dist_why),
        .device_mm = es_milli(m->device_dist_m),
        .err_m = m->dist_err_m,
        .bridged_m = bridged ? m->gap_m : NAN,
        .rough_heights =
            m->elevation_source == ES_ELEVATION_SATELLITES && !isnan(m->gain_m),
    };
}

struct es_view_run es_web_run_view(const struct es_req *q,
                                   const struct es_receipt *r)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_measure *m = &r->measure;
    struct es_view_run v = {
        .code = r->run.code,
        .url = es_url_path(a, "/r/%s", r->run.code),
        .receipt = es_url_path(a, "/me/runs/%lld", (long long)r->run.id),
        .status = (enum es_view_status)r->run.status,
        .from = (enum es_view_from)r->run.provenance,
        .typed = r->run.kind == ES_KIND_TYPED,
        .file_name = r->run.file_name,
        .sport = es_sport_name(m->sport),
        .format = es_format_name(m->format),
        .device = es_arena_str(a, m->device),
        .note = r->run.note,
        .started_ms = r->run.started_ms,
        .received_ms = r->run.received_ms,
        .dist_mm = r->run.dist_mm,
        .counted_mm = r->run.status == ES_RUN_ACCEPTED ? r->run.counted_mm : 0,
        .elapsed_ms = es_milli(m->counted_s),
        .moving_ms = es_milli(m->moving_s),
        .gain_m = m->gain_m,
        .bests = bests(q, m),
        .n_bests = m->n_bests,
        .measured = measured(m),
    };
    if (!v.device)
        v.device = "";
    v.findings = findings(q, r, &v.n_findings);
    if (!v.bests)
        v.n_bests = 0;
    return v;
}

enum es_code es_web_run_shape(const struct es_req *q, const struct es_run *run,
                              struct es_view_run *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_shape s;
    enum es_code rc = es_route_shape(es_web_of(q)->app, run, a, &s, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_spot *spots = es_arena_array(a, s.n, sizeof *spots);
    if (!spots)
        return es_fail(e, ES_ENOMEM, 0, "shape");
    for (size_t i = 0; i < s.n; i++)
        spots[i] = (struct es_view_spot){ s.v[i].x, s.v[i].y, s.v[i].piece };
    v->shape = (struct es_view_shape){ spots, s.n, s.wide, s.high };
    return ES_OK;
}

enum es_provenance es_web_weakest(const struct es_standing *s, int64_t *mm)
{
    for (int p = ES_FROM_TYPED; p > ES_FROM_DEVICE; p--) {
        *mm = s->from_mm[p];
        if (*mm > 0)
            return (enum es_provenance)p;
    }
    *mm = s->dist_mm - s->from_mm[ES_FROM_LIVE];
    if (*mm > 0)
        return ES_FROM_DEVICE;
    *mm = s->dist_mm;
    return s->dist_mm > 0 ? ES_FROM_LIVE : ES_FROM_NOWHERE;
}

struct es_view_standing es_web_standing_view(const struct es_standing *s,
                                             int64_t mine)
{
    int64_t from_mm;
    enum es_provenance from = es_web_weakest(s, &from_mm);
    return (struct es_view_standing){
        .rank = s->rank,
        .name = s->name,
        .country = s->country ? s->country : "",
        .dist_mm = s->dist_mm,
        .time_ms = s->time_ms,
        .runs = s->runs,
        .bib = s->bib,
        .members = s->members,
        .from = (enum es_view_from)from,
        .from_mm = from_mm,
        .mine = mine != 0 && s->id == mine,
    };
}

struct es_url es_web_person_url(const struct es_req *q, const char *slug,
                                int64_t bib)
{
    return es_url_path(es_req_arena(q), "/e/%s/people/%lld", slug,
                       (long long)bib);
}

struct es_url es_web_team_url(const struct es_req *q, const char *slug,
                              int64_t team)
{
    return es_url_path(es_req_arena(q), "/e/%s/teams/%lld", slug,
                       (long long)team);
}

int64_t es_web_metric(const struct es_standing *s, enum es_metric m)
{
    if (m == ES_METRIC_TIME)
        return s->time_ms;
    if (m == ES_METRIC_MEAN)
        return s->members > 0 ? s->dist_mm / s->members : 0;
    return s->dist_mm;
}

/* How long a bar is beside the leader's, 0..100; who has anything has one. */
static int64_t bar_of(const struct es_standing_rows *r,
                      const struct es_standing *s)
{
    int64_t v = es_web_metric(s, r->metric);
    if (v <= 0 || r->leader <= 0)
        return 0;
    if (v >= r->leader)
        return 100;
    return 1 + (int64_t)((double)v / (double)r->leader * 98);
}

static struct es_view_standing row_view(const struct es_req *q,
                                        const struct es_initiative *ini,
                                        const struct es_standing_rows *r,
                                        const struct es_standing *s)
{
    const struct es_who *who = es_web_who(q);
    struct es_view_standing v = es_web_standing_view(s, r->mine);
    v.width = bar_of(r, s);
    if (r->metric == ES_METRIC_MEAN && s->members > 0) {
        v.dist_mm /= s->members;
        v.from_mm /= s->members;
    }
    switch (r->by) {
    case ES_BY_PERSON:
        v.url = es_web_person_url(q, ini->slug, s->bib);
        break;
    case ES_BY_TEAM:
        v.url = es_web_team_url(q, ini->slug, s->id);
        break;
    case ES_BY_COUNTRY:
        v.country = s->name;
        v.name = es_country_name(es_web_lang(q, NULL), s->name);
        v.mine = who->person && strcmp(who->p.country, s->name) == 0;
        break;
    }
    return v;
}

enum es_code es_web_rows_view(const struct es_req *q,
                              const struct es_initiative *ini,
                              const struct es_standing_rows *r,
                              const struct es_view_standing **out,
                              struct es_err *e)
{
    struct es_view_standing *v =
        es_arena_array(es_req_arena(q), r->n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "rows");
    for (size_t i = 0; i < r->n; i++)
        v[i] = row_view(q, ini, r, &r->v[i]);
    *out = v;
    return ES_OK;
}
