/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The personal page: my runs, adding one, receipts. */
#include "store/letters.h"
#include "web/charts.h"
#include "web/pages.h"
#include "web/record.h"
#include "web/review.h"

#include "base/num.h"
#include "initiative/evidence.h"
#include "initiative/names.h"
#include "initiative/reports.h"
#include "store/people.h"

#include <math.h>
#include <string.h>

enum { RUNS_SHOWN = 20, AROUND = 2 };

/* ---- the page ---- */

/* The form asks in the reader's unit and in parts of a date; the rules know
 * metres and an instant. Their errors stand at the form's fields. */
static void to_form_fields(struct es_field_errors *fe)
{
    static const struct {
        const char *rule, *form;
    } FIELDS[] = { { "started_at", "date" },
                   { "distance_m", "distance" },
                   { "elapsed_s", "duration" } };
    for (size_t i = 0; i < fe->n; i++) {
        for (size_t k = 0; k < sizeof FIELDS / sizeof *FIELDS; k++) {
            if (strcmp(fe->v[i].field, FIELDS[k].rule) != 0)
                continue;
            fe->v[i].field = FIELDS[k].form;
            break;
        }
    }
}

/* The unit that the form was shown in, whatever has been chosen since. */
static enum es_units typed_units(const struct es_req *q)
{
    enum es_units u = es_units_of(es_req_form(q, "units"));
    return u == ES_UNITS ? es_web_reader(q).units : u;
}

static struct es_view_add add_view(const struct es_req *q,
                                   const struct es_field_errors *fe)
{
    return (struct es_view_add){
        .upload = es_url_fixed("/me/runs"),
        .typed = es_url_fixed("/me/typed"),
        .zone = es_web_who(q)->ini.zone,
        .files = es_web_field(q, "files", fe),
        .date = es_web_field(q, "date", fe),
        .time = es_web_field(q, "time", fe),
        .distance = es_web_field(q, "distance", fe),
        .duration = es_web_field(q, "duration", fe),
        .sport = es_web_field(q, "sport", fe),
        .note = es_web_field(q, "note", fe),
        .picture = es_web_field(q, "picture", fe),
        .units = typed_units(q),
        .typed_open = fe->n > 0 && !es_field_errors_of(fe, "files"),
    };
}

static enum es_code my_runs(const struct es_req *q, struct es_view_me *v,
                            struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_run *runs;
    struct es_receipt r;
    size_t n;
    int64_t before = 0;
    const char *text = es_req_query(q, "before");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 1, INT64_MAX, &before);
    enum es_code rc = es_store_runs_of(app->store, who->ini.id, who->p.id,
                                       before, RUNS_SHOWN, a, &runs, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_run *view = es_arena_array(a, n, sizeof *view);
    if (!view)
        return es_fail(e, ES_ENOMEM, 0, "runs");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        rc = es_receipt_of(app, &runs[i], a, &r, e);
        if (rc == ES_OK)
            view[i] = es_web_run_view(q, &r);
    }
    v->runs = view;
    v->n_runs = n;
    if (n == RUNS_SHOWN)
        v->older = es_url_path(a, "/me?before=%lld", (long long)runs[n - 1].id);
    return rc;
}

static enum es_code my_place(const struct es_req *q, struct es_view_me *v,
                             struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    struct es_standing self;
    struct es_standing *rows;
    size_t n;
    struct es_standings *s = es_app_standings(es_web_of(q)->app, who->ini.id);
    enum es_code rc =
        es_standings_of(s, who->p.id, AROUND, a, &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_near *near = es_arena_array(a, n, sizeof *near);
    if (!near)
        return es_fail(e, ES_ENOMEM, 0, "neighbours");
    size_t mine = n;
    for (size_t i = 0; i < n; i++) {
        near[i].s = es_web_standing_view(&rows[i], who->p.id);
        if (near[i].s.mine)
            mine = i;
    }
    if (mine < n)
        es_chart_gaps(near, n, mine);
    if (mine > 0 && mine < n)
        v->next = &near[mine - 1];
    v->dist_mm = self.dist_mm;
    v->time_ms = self.time_ms;
    v->n_accepted = self.runs;
    v->rank = self.rank;
    v->near = near;
    v->n_near = n;
    return ES_OK;
}

/* The distance by day; a page without it is better than none. */
static void my_days(const struct es_req *q, struct es_view_me *v)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    struct es_counted *runs;
    size_t n;
    struct es_err e;
    if (es_store_counted_of(es_web_of(q)->app->store, who->ini.id, who->p.id,
                            ES_STORE_LIST_MAX, a, &runs, &n, &e) != ES_OK)
        return;
    struct es_chart_day_run *days = es_arena_array(a, n, sizeof *days);
    for (size_t i = 0; days && i < n; i++)
        days[i] =
            (struct es_chart_day_run){ runs[i].started_ms, runs[i].counted_mm };
    v->days =
        es_chart_days(days, days ? n : 0, who->ini.opens_ms, who->ini.closes_ms,
                      who->ini.zone, es_units_mm(es_web_reader(q).units), a);
}

static const char *my_team(const struct es_req *q)
{
    const struct es_who *who = es_web_who(q);
    struct es_team *v;
    struct es_err e;
    size_t n;
    if (!who->p.team || es_store_teams(es_web_of(q)->app->store, who->ini.id,
                                       es_req_arena(q), &v, &n, &e) != ES_OK)
        return "";
    for (size_t i = 0; i < n; i++)
        if (v[i].id == who->p.team)
            return v[i].name;
    return "";
}

/* What was decided about my name, and whom to tell that it is wrong. */
static enum es_code my_name(const struct es_req *q, struct es_view_me *v,
                            struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    struct es_decision d;
    enum es_code rc = es_name_taken_down(es_web_of(q)->app, &who->p, a, &d, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    const char *name = es_public_name(&who->p, a);
    v->taken = name ? name : "";
    v->taken_why = d.why;
    v->taken_ms = d.at_ms;
    v->contact = who->ini.contact;
    return ES_OK;
}

/* Whoever's mail comes back reads it here, where they read all the rest. */
static enum es_code my_mail(const struct es_req *q, struct es_view_me *v,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_participant *p = &es_web_who(q)->p;
    struct es_mail_state m;
    if (!*p->email)
        return ES_OK;
    enum es_code rc = es_store_mail_state(es_web_of(q)->app->store,
                                          p->initiative, p->id, a, &m, e);
    if (rc == ES_OK && es_mail_refused(&m, p->email))
        v->frame.notice =
            es_t_fill(a,
                      es_t(es_web_lang(q, NULL),
                           ES_T("Mail to {1} comes back: that address takes "
                                "none. What we would write you stands on this "
                                "page.")),
                      p->email, NULL);
    return rc;
}

static enum es_code show_waiting(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    int64_t before = 0;
    enum es_code rc = es_store_waiting_before(
        es_web_of(q)->app->store, who->ini.id, who->p.bib, &before, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_in_line v = {
        .frame = es_web_frame(q, &who->ini),
        .name = who->p.display_name,
        .bib = who->p.bib,
        .place = before + 1,
        .details = es_url_fixed("/me/details"),
        .leave = es_url_fixed("/me/leave"),
        .sign_out = es_url_fixed("/me/sign-out"),
    };
    struct es_out o = es_web_page(q, out);
    es_page_in_line(&o, &v);
    return ES_OK;
}

/* `later`: NULL, or why and when all of it may be sent again. */
static enum es_code show_me(const struct es_req *q, struct es_resp *out,
                            const struct es_field_errors *fe, const char *later,
                            struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    if (who->p.state == ES_PERSON_WAITS)
        return show_waiting(q, out, e);
    struct es_view_me v = {
        .frame = es_web_frame(q, &who->ini),
        .name = who->p.display_name,
        .team = my_team(q),
        .bib = who->p.bib,
        .phase = es_web_phase(&who->ini),
        .opens_ms = who->ini.opens_ms,
        .hidden = who->p.visibility == ES_VIS_HIDDEN,
        .add = add_view(q, fe),
        .taken = "",
        .sign_out = es_url_fixed("/me/sign-out"),
        .recorder = es_web_recorder(q, &who->ini),
    };
    enum es_code rc = my_place(q, &v, e);
    if (rc == ES_OK)
        rc = my_runs(q, &v, e);
    if (rc == ES_OK)
        rc = my_name(q, &v, e);
    if (rc == ES_OK)
        rc = es_web_rules_short(q, &who->ini, &v.add.rules, e);
    if (rc == ES_OK)
        rc = es_web_foresee(q, &who->ini, &v.add.foresee, e);
    if (rc == ES_OK)
        rc = my_mail(q, &v, e);
    if (rc != ES_OK)
        return rc;
    my_days(q, &v);
    if (fe->n)
        es_resp_status(out, 422);
    if (later)
        v.frame.notice = later;
    struct es_out o = es_web_page(q, out);
    es_page_me(&o, &v);
    return ES_OK;
}

/* GET /me */
static enum es_code me(const struct es_req *q, struct es_resp *out,
                       struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_me(q, out, &none, NULL, e);
}

/* ---- receipts ---- */

static struct es_view_receipt receipt_view(const struct es_req *q,
                                           const struct es_receipt *r)
{
    struct es_arena *a = es_req_arena(q);
    long long id = (long long)r->run.id;
    struct es_view_receipt v = {
        .file_name = r->run.file_name,
        .error_at = ES_NO_FIGURE,
        .repeated = r->repeated,
        .run = es_web_run_view(q, r),
    };
    if (r->run.status != ES_RUN_WITHDRAWN)
        v.withdraw = es_url_path(a, "/me/runs/%lld/withdraw", id);
    if (r->run.blob.segment != 0)
        v.file = es_url_path(a, "/me/runs/%lld/file", id);
    if (r->run.status != ES_RUN_WITHDRAWN && r->run.blob.segment != 0 &&
        r->measure.points > 0 && es_web_who(q)->p.visibility != ES_VIS_HIDDEN)
        v.route = es_url_path(a, "/me/runs/%lld/route", id);
    struct es_steps_state state = es_steps_state(r->steps, r->n_steps);
    v.final = state.final;
    v.appealed = state.appeal;
    v.by_staff = state.refused_by != 0;
    if (r->run.status == ES_RUN_REFUSED && !state.final)
        v.appeal = es_url_path(a, "/me/runs/%lld/appeal", id);
    if (r->run.status == ES_RUN_IN_REVIEW && state.asked)
        v.answer = es_url_path(a, "/me/runs/%lld/answer", id);
    return v;
}

/* What a run of mine offers to pass on: its public page. */
static struct es_view_share run_share(const struct es_req *q,
                                      const struct es_view_run *run)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    struct es_view_frame unused = { .title = "" };
    struct es_view_share share = { .title = "" };
    const char *name = es_public_name(&who->p, a);
    struct es_web_posted posted = {
        .kind = ES_POSTED_RUN,
        .name = name ? name : es_t(es_web_lang(q, NULL), ES_T("A participant")),
        .dist_mm = run->dist_mm,
        .time_ms = run->elapsed_ms,
        .path = run->url,
        .card = es_url_path(a, "/r/%s/card.png", run->code),
    };
    es_web_post(q, &who->ini, &posted, &unused, &share);
    return share;
}

static enum es_code show_receipts(const struct es_req *q, struct es_resp *out,
                                  const struct es_view_receipt *rows, size_t n,
                                  struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_standing self = { 0 };
    struct es_standing *near;
    size_t n_near;
    enum es_code rc = es_standings_of(
        es_app_standings(es_web_of(q)->app, who->ini.id), who->p.id, 0,
        es_req_arena(q), &self, &near, &n_near, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_receipts v = {
        .frame = es_web_frame(q, &who->ini),
        .zone = who->ini.zone,
        .rows = rows,
        .n = n,
        .total_mm = self.dist_mm,
    };
    if (n == 1 && !rows->error && rows->run.status == ES_VIEW_ACCEPTED)
        v.share = run_share(q, &rows->run);
    struct es_out o = es_web_page(q, out);
    es_page_receipts(&o, &v);
    return ES_OK;
}

/* `fe`: what is wrong with an appeal or an answer. */
static enum es_code show_receipt(const struct es_req *q, struct es_resp *out,
                                 const struct es_run *run,
                                 const char *route_answer,
                                 const struct es_field_errors *fe,
                                 struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_receipt r;
    enum es_code rc = es_receipt_of(app, run, es_req_arena(q), &r, e);
    if (rc == ES_OK)
        rc = es_receipt_steps(app, &r, es_req_arena(q), e);
    if (rc != ES_OK)
        return rc;
    struct es_view_receipt row = receipt_view(q, &r);
    struct es_evidence_info seen;
    rc = es_run_evidence(es_web_of(q)->app, run->initiative, run->id, &seen, e);
    if (rc == ES_OK) {
        row.picture = es_url_path(es_req_arena(q), "/me/runs/%lld/picture",
                                  (long long)run->id);
        row.picture_w = seen.width;
        row.picture_h = seen.height;
    }
    row.route_answer = route_answer;
    row.n_steps = r.n_steps;
    rc = es_web_steps_view(q, r.steps, r.n_steps, ES_STEPS_FOR_RUNNER, "",
                           &row.steps, e);
    if (rc != ES_OK)
        return rc;
    if (fe) {
        row.words = es_web_field(q, "words", fe);
        es_resp_status(out, 422);
    }
    es_web_run_charts(q, &r.measure, true, &row.run);
    rc = es_web_run_shape(q, run, &row.run, e);
    return rc == ES_OK ? show_receipts(q, out, &row, 1, e) : rc;
}

/* GET /me/runs/{run} */
static enum es_code receipt(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_run run;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show_receipt(q, out, &run, NULL, NULL, e) : rc;
}

/* Why a route is not shown, in the reader's words; NULL: it is. */
static const char *route_answer(const struct es_req *q, enum es_route_end end)
{
    static const char *const IDS[] = {
        [ES_ROUTE_SHOWN] = NULL,
        [ES_ROUTE_NOTHING] =
            ES_T("All of this run lies near where you set out or arrive, so "
                 "nothing of it is shown."),
        [ES_ROUTE_HIDDEN] =
            ES_T("You chose not to be shown, so your routes aren't either."),
        [ES_ROUTE_GONE] = ES_T("The file of this run is no longer kept, so its "
                               "route can't be drawn."),
        [ES_ROUTE_MANY] =
            ES_T("Your runs begin and end at so many places that this one "
                 "can't be shown safely."),
    };
    return IDS[end] ? es_t(es_web_lang(q, NULL), IDS[end]) : NULL;
}

/* POST /me/runs/{run}/route: show=1 shows its shape, else it is hidden. */
static enum es_code route(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_run run;
    struct es_app *app = es_web_of(q)->app;
    const struct es_participant *who = &es_web_who(q)->p;
    enum es_route_end end = ES_ROUTE_SHOWN;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_UPLOAD,
                                    (uint64_t)who->id, es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_OK && strcmp(es_web_given(q, "show"), "1") == 0)
        rc = es_route_show(app, who, run.id, es_req_arena(q), &end, e);
    else if (rc == ES_OK)
        rc = es_route_hide(app, who, run.id, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK && es_web_take_status(rc) != 500)
        return es_web_fail(q, out, es_web_take_status(rc), "");
    if (rc != ES_OK)
        return rc;
    if (end != ES_ROUTE_SHOWN)
        return show_receipt(q, out, &run, route_answer(q, end), NULL, e);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, es_web_run_path(q, run.id)));
}

/* POST /me/runs/{run}/withdraw */
static enum es_code withdraw(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_run run;
    struct es_receipt r;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_OK)
        rc = es_runs_withdraw(es_web_of(q)->app, &es_web_who(q)->p, run.id,
                              es_req_arena(q), &r, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK
               ? es_resp_redirect(
                     out, es_web_keep_lang(q, es_web_run_path(q, run.id)))
               : rc;
}

/* Words about a run of mine; those that can't be taken stand in the form. */
typedef enum es_code say_fn(struct es_app *app,
                            const struct es_participant *who, int64_t run,
                            const char *words, struct es_arena *a,
                            struct es_receipt *out, struct es_field_errors *fe,
                            struct es_err *e);

static enum es_code say(const struct es_req *q, struct es_resp *out, say_fn *fn,
                        struct es_err *e)
{
    struct es_run run;
    struct es_receipt r;
    struct es_field_errors fe = { 0 };
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_OK)
        rc = fn(es_web_of(q)->app, &es_web_who(q)->p, run.id,
                es_web_given(q, "words"), es_req_arena(q), &r, &fe, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_EINVAL)
        return show_receipt(q, out, &run, NULL, &fe, e);
    if (rc == ES_OK || rc == ES_ECONFLICT)
        return es_resp_redirect(
            out, es_web_keep_lang(q, es_web_run_path(q, run.id)));
    return rc;
}

/* POST /me/runs/{run}/appeal */
static enum es_code appeal(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return say(q, out, es_runs_appeal, e);
}

/* POST /me/runs/{run}/answer */
static enum es_code answer(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return say(q, out, es_runs_answer, e);
}

/* ---- adding ---- */

struct adding { /* the rows of one upload's answer */
    const struct es_req *q;
    struct es_view_receipt *rows;
    size_t n, cap;
    int failed_status; /* of the first file that failed */
    bool any;          /* at least one became a run */
};

/* A row that the page has no room for is a run all the same: on /me. */
static void add_row(struct adding *ad, const struct es_view_receipt *r)
{
    if (ad->n < ad->cap)
        ad->rows[ad->n++] = *r;
}

static void offer_activities(const struct es_req *q, const struct es_taken *t,
                             struct es_view_receipt *row)
{
    struct es_view_activity *v =
        es_arena_array(es_req_arena(q), t->n_offers, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; v && i < t->n_offers; i++) {
        const struct es_offer *o = &t->offers[i];
        if (o->code != ES_OK)
            continue;
        v[n++] = (struct es_view_activity){
            .index = o->activity,
            .member = o->member ? o->member : "",
            .sport = es_sport_name(o->m.sport),
            .started_ms = o->m.started_ms,
            .dist_mm = es_milli(o->m.dist_m),
            .elapsed_ms = es_milli(o->m.counted_s),
        };
    }
    row->activities = v;
    row->n_activities = n;
    row->choose = es_url_fixed("/me/runs");
}

/* A zip of several files is taken whole; of one file with several activities
 * the person says which. */
static bool is_archive(const struct es_taken *t)
{
    for (size_t i = 0; i < t->n_offers; i++)
        if (!t->offers[i].member)
            return false;
    return t->n_offers > 0;
}

static void add_failure(struct adding *ad, const char *file_name,
                        enum es_code rc, const struct es_taken *t,
                        const struct es_err *why)
{
    struct es_view_receipt row = {
        .file_name = file_name,
        .error_at = ES_NO_FIGURE,
    };
    if (rc == ES_ECONFLICT) {
        offer_activities(ad->q, t, &row);
        add_row(ad, &row);
        return;
    }
    row.error = es_words_file_error(es_web_lang(ad->q, NULL), rc);
    if (why->at)
        row.error_at = (int64_t)why->at;
    if (!ad->failed_status)
        ad->failed_status = es_web_take_status(rc);
    add_row(ad, &row);
}

/* Members of an archive that could not be read, beside those that could. */
static void add_unread(struct adding *ad, const struct es_taken *t)
{
    for (size_t i = 0; i < t->n_offers; i++)
        if (t->offers[i].code != ES_OK)
            add_failure(ad, t->offers[i].member, t->offers[i].code, t,
                        &t->offers[i].err);
}

static enum es_code add_file(struct adding *ad, const struct es_req_file *f,
                             int64_t activity, struct es_err *e)
{
    const struct es_req *q = ad->q;
    struct es_app *app = es_web_of(q)->app;
    struct es_taken got = { 0 };
    struct es_err why = { 0 };
    struct es_take t = {
        .who = &es_web_who(q)->p,
        .fd = f->fd,
        .size = f->size,
        .file_name = f->filename,
        .activity = activity,
    };
    enum es_code rc = es_runs_take(app, &t, es_req_arena(q), &got, &why);
    if (rc == ES_ECONFLICT && is_archive(&got)) {
        t.activity = ES_TAKE_ALL;
        rc = es_runs_take(app, &t, es_req_arena(q), &got, &why);
    }
    if (rc != ES_OK && es_web_take_status(rc) == 500) {
        if (e)
            *e = why;
        return rc;
    }
    if (rc != ES_OK) {
        add_failure(ad, f->filename, rc, &got, &why);
        return ES_OK;
    }
    ad->any = true;
    for (size_t i = 0; i < got.n; i++) {
        struct es_view_receipt row = receipt_view(q, &got.receipts[i]);
        add_row(ad, &row);
    }
    if (t.activity == ES_TAKE_ALL)
        add_unread(ad, &got);
    return ES_OK;
}

static enum es_code add_files(struct adding *ad,
                              const struct es_req_file *files, size_t n,
                              struct es_err *e)
{
    int64_t activity = ES_TAKE_ONLY;
    const char *text = es_req_form(ad->q, "activity");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 0, INT32_MAX, &activity);
    ad->cap = n * ES_MEMBERS_MAX;
    ad->rows = es_arena_array(es_req_arena(ad->q), ad->cap, sizeof *ad->rows);
    if (!ad->rows)
        return es_fail(e, ES_ENOMEM, 0, "receipts");
    for (size_t i = 0; i < n; i++) {
        if (files[i].size == 0 && !*files[i].filename)
            continue; /* an empty file input sends this */
        enum es_code rc = add_file(ad, &files[i], activity, e);
        if (rc != ES_OK)
            return rc;
    }
    return ES_OK;
}

/* POST /me/runs: one or several files. */
static enum es_code upload(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    size_t n;
    struct adding ad = { .q = q };
    struct es_field_errors fe = { 0 };
    const struct es_req_file *files = es_req_files(q, &n);
    unsigned wait_s =
        es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_UPLOAD,
                      (uint64_t)es_web_who(q)->p.id, es_time_mono_ms());
    if (wait_s)
        return show_me(q, out, &fe, es_web_later_files(q, out, wait_s), e);
    enum es_code rc = add_files(&ad, files, n, e);
    if (rc != ES_OK)
        return rc;
    if (ad.n == 0) {
        es_field_errors_add(&fe, "files", "required", NAN);
        return show_me(q, out, &fe, NULL, e);
    }
    if (!ad.any && ad.failed_status) {
        es_resp_status(out, ad.failed_status);
        if (ad.failed_status == 503)
            es_resp_header(out, "Retry-After", "5");
    }
    return show_receipts(q, out, ad.rows, ad.n, e);
}

/* A browser doesn't keep a chosen file: whoever mends another field is told
 * that it is missing. */
static void ask_picture_again(const struct es_req *q,
                              struct es_field_errors *fe)
{
    size_t n;
    (void)es_req_files(q, &n);
    if (n)
        es_field_errors_add(fe, "picture", "again", NAN);
}

/* The evidence, where one was chosen. */
static enum es_code read_picture(const struct es_req *q,
                                 struct es_picture_size *picture,
                                 struct es_typed *t, struct es_field_errors *fe,
                                 struct es_err *e)
{
    size_t n;
    const struct es_req_file *f = es_req_files(q, &n);
    t->picture = NULL;
    if (n == 0)
        return ES_OK;
    enum es_code rc =
        es_evidence_make(es_web_of(q)->app, f->fd, es_req_arena(q), picture, e);
    if (rc == ES_OK)
        t->picture = picture;
    else if (es_web_take_status(rc) != 500)
        es_field_errors_add(fe, "picture", es_code_name(rc), ES_PICTURE_MAX);
    else
        return rc;
    return ES_OK;
}

/* POST /me/typed */
static enum es_code typed(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    struct es_field_errors more = { 0 };
    struct es_picture_size picture;
    struct es_receipt r;
    struct es_typed t;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_UPLOAD,
                                    (uint64_t)who->p.id, es_time_mono_ms());
    if (wait_s)
        return show_me(q, out, &fe, es_web_later(q, out, wait_s), e);
    struct es_typed_text text = {
        es_web_given(q, "date"),
        es_web_given(q, "time"),
        es_web_given(q, "distance"),
        es_web_given(q, "duration"),
        typed_units(q),
    };
    es_typed_read(&text, es_web_lang(q, NULL)->tag, who->ini.zone, &t, &fe);
    if (fe.n) {
        ask_picture_again(q, &fe);
        return show_me(q, out, &fe, NULL, e);
    }
    t.sport = es_req_form(q, "sport");
    t.note = es_req_form(q, "note");
    enum es_code rc = read_picture(q, &picture, &t, &fe, e);
    if (rc != ES_OK)
        return rc;
    if (fe.n)
        return show_me(q, out, &fe, NULL, e);
    rc = es_runs_type_in(es_web_of(q)->app, &who->p, &t, es_req_arena(q), &r,
                         &more, e);
    if (rc == ES_EINVAL) {
        to_form_fields(&more);
        ask_picture_again(q, &more);
        return show_me(q, out, &more, NULL, e);
    }
    if (rc == ES_EDENIED)
        return es_web_fail(q, out, 409,
                           es_words_file_error(es_web_lang(q, NULL), rc));
    return rc == ES_OK
               ? es_resp_redirect(
                     out, es_web_keep_lang(q, es_web_run_path(q, r.run.id)))
               : rc;
}

/* POST /me/sign-out */
static enum es_code sign_out(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const char *secret = es_web_cookie(q, ES_COOKIE_PERSON);
    enum es_code rc = es_credential_revoke(es_web_of(q)->app, secret, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    es_web_set_cookie(q, out, ES_COOKIE_PERSON, NULL, 0);
    es_web_set_cookie(q, out, ES_COOKIE_JOINED, NULL, 0);
    return es_resp_redirect(out, es_web_keep_lang(q, "/?left=1"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/me", ES_BODY_NONE, ES_WEB_PAGE, me },
    { ES_POST, "/me/runs", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES, upload },
    { ES_POST, "/me/typed", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES, typed },
    { ES_GET, "/me/runs/{run}", ES_BODY_NONE, ES_WEB_PAGE, receipt },
    { ES_POST, "/me/runs/{run}/withdraw", ES_BODY_FORM, ES_WEB_FORM, withdraw },
    { ES_POST, "/me/runs/{run}/appeal", ES_BODY_FORM, ES_WEB_FORM, appeal },
    { ES_POST, "/me/runs/{run}/answer", ES_BODY_FORM, ES_WEB_FORM, answer },
    { ES_POST, "/me/runs/{run}/route", ES_BODY_FORM, ES_WEB_FORM, route },
    { ES_POST, "/me/sign-out", ES_BODY_FORM, ES_WEB_FORM, sign_out },
};
const struct es_routes ES_ROUTES_ME = { ROUTES,
                                        sizeof ROUTES / sizeof *ROUTES };
