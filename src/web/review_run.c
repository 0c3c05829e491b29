/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One run before a person: all that there is to see, and the decision. */
#include "web/review.h"

#include "base/num.h"
#include "initiative/names.h"
#include "web/pages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What was tried and didn't go through, to be said on the page. */
struct tried {
    const char *act; /* "" for nothing */
    const struct es_field_errors *fe;
    enum es_code rc; /* ES_ECONFLICT, ES_EDENIED, ES_EINVAL */
};

struct page {
    const struct es_req *q;
    struct es_review_filter f;
    struct es_participant p;
    struct es_receipt r;
    struct es_steps_state state;
    struct es_queued queued; /* run 0: it doesn't wait */
    struct es_view_reviewing v;
};

static enum es_code load(struct page *k, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    int64_t ini = es_web_who(q)->here.id, id;
    struct es_run run;
    if (!es_req_i64(q, "run", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no such run");
    enum es_code rc = es_store_run(app->store, ini, id, a, &run, e);
    if (rc == ES_OK)
        rc =
            es_store_participant(app->store, ini, run.participant, a, &k->p, e);
    if (rc == ES_OK)
        rc = es_receipt_of(app, &run, a, &k->r, e);
    if (rc == ES_OK)
        rc = es_receipt_steps(app, &k->r, a, e);
    if (rc != ES_OK)
        return rc;
    k->state = es_steps_state(k->r.steps, k->r.n_steps);
    rc = es_store_queued(app->store, ini, id, a, &k->queued, e);
    if (rc == ES_ENOENT) {
        k->queued = (struct es_queued){ .initiative = ini };
        rc = ES_OK;
    }
    return rc == ES_OK ? es_review_filter_of(q, &k->f, e) : rc;
}

/* ---- the way through the queue ---- */

/* Whether who asks can decide it: not an appeal against themselves, and nobody
 * else is at it. */
static enum es_code open_to(struct page *k, const struct es_queued *it,
                            bool *yes, struct es_err *e)
{
    struct es_app *app = es_web_of(k->q)->app;
    int64_t me = es_web_who(k->q)->account.id;
    struct es_step *v;
    size_t n;
    *yes = it->run != k->r.run.id && it->why != ES_QUEUE_WAITING &&
           !es_desk_other(app->desk, it->run, me, es_time_mono_ms());
    if (!*yes || it->why != ES_QUEUE_APPEAL)
        return ES_OK;
    enum es_code rc = es_store_steps_of(app->store, it->initiative, it->run,
                                        es_req_arena(k->q), &v, &n, e);
    *yes = rc == ES_OK && es_steps_state(v, n).refused_by != me;
    return rc;
}

/* The next that they can decide behind the place of this one, or before it. */
static enum es_code beside(struct page *k, bool back, struct es_url *out,
                           struct es_err *e)
{
    enum { LOOKED_AT = 10 };
    struct es_queue_ask ask = k->f.ask;
    struct es_queued *v;
    size_t n;
    if (back && !k->queued.run)
        return ES_OK;
    ask.back = back;
    ask.max = LOOKED_AT;
    ask.after_ms = k->queued.since_ms;
    ask.after_run = k->queued.run;
    enum es_code rc = es_store_queue(es_web_of(k->q)->app->store, &ask,
                                     es_req_arena(k->q), &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        bool yes;
        rc = open_to(k, &v[i], &yes, e);
        if (rc == ES_OK && yes) {
            *out = es_review_run_url(k->q, &k->f, v[i].run);
            break;
        }
    }
    return rc;
}

/* ---- what can be done ---- */

static enum es_code block(struct page *k, struct es_err *e)
{
    const struct es_req *q = k->q;
    int64_t *ids;
    size_t n;
    if (k->r.run.status == ES_RUN_WITHDRAWN)
        k->v.block = ES_BLOCK_TAKEN_BACK;
    if (!k->state.appeal || k->state.refused_by != es_web_who(q)->account.id)
        return ES_OK;
    enum es_code rc = es_reviewers(es_web_of(q)->app, k->f.ask.initiative,
                                   es_req_arena(q), &ids, &n, e);
    if (rc != ES_OK)
        return rc;
    k->v.block = n > 1 ? ES_BLOCK_OWN : ES_BLOCK_ALONE;
    if (es_web_may(q, ES_MAY_OWN, k->f.ask.initiative))
        k->v.staff = es_url_path(es_req_arena(q), "/organise/e/%s/staff",
                                 es_web_who(q)->here.slug);
    return ES_OK;
}

static void offer(struct page *k)
{
    int64_t id = k->r.run.id;
    int32_t status = k->r.run.status;
    if (k->v.block != ES_BLOCK_NONE)
        return;
    if (status != ES_RUN_ACCEPTED)
        k->v.accept = es_review_act_url(k->q, &k->f, id, "accept");
    if (status != ES_RUN_REFUSED)
        k->v.refuse = es_review_act_url(k->q, &k->f, id, "refuse");
    if (status == ES_RUN_IN_REVIEW)
        k->v.ask = es_review_act_url(k->q, &k->f, id, "ask");
}

static enum es_code reasons(struct page *k, struct es_err *e)
{
    enum { MAX = 16 };
    struct es_view_choice *c =
        es_arena_array(es_req_arena(k->q), MAX, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "reasons");
    for (size_t i = 0; i < MAX && es_refusal_at(i); i++)
        c[k->v.n_reasons++] = (struct es_view_choice){
            .value = es_refusal_at(i),
            .label =
                es_words_refusal(es_web_lang(k->q, NULL), es_refusal_at(i)),
            .chosen =
                strcmp(es_web_given(k->q, "reason"), es_refusal_at(i)) == 0,
        };
    k->v.reasons = c;
    return ES_OK;
}

/* Who was there meanwhile, and what they did. */
static const char *met(struct page *k)
{
    const struct es_lang *l = es_web_lang(k->q, NULL);
    const struct es_step *s = NULL;
    for (size_t i = 0; i < k->r.n_steps; i++)
        if (k->r.steps[i].what != ES_STEP_SEEN)
            s = &k->r.steps[i];
    const char *none =
        es_t(l, ES_T("This run has changed meanwhile. Nothing was decided."));
    if (!s)
        return none;
    const char *said = es_t_fill(
        es_req_arena(k->q),
        s->account
            ? es_t(l, ES_T("{1} was there before you: {2} Nothing of yours "
                           "was decided."))
            : es_t(l, ES_T("Meanwhile: {2} Nothing of yours was decided.")),
        es_web_account_name(k->q, s->account),
        es_words_step(l, s->what, s->status), NULL);
    return *said ? said : none;
}

static void fields(struct page *k, const struct tried *t)
{
    static const struct es_field_errors NONE;
    const struct es_field_errors *fe = t->fe ? t->fe : &NONE;
    bool refuse = strcmp(t->act, "refuse") == 0;
    struct es_view_field words = es_web_field(k->q, "words", fe);
    struct es_view_field empty = { "", NULL };
    k->v.reason = es_web_field(k->q, "reason", fe);
    k->v.refuse_words = refuse ? words : empty;
    k->v.ask_words = strcmp(t->act, "ask") == 0 ? words : empty;
}

static enum es_code fill(struct page *k, const struct tried *t,
                         struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_app *app = es_web_of(q)->app;
    const struct es_initiative *ini = &es_web_who(q)->here;
    const char *seen = es_arena_fmt(es_req_arena(q), "%" PRId64, k->state.last);
    struct es_review_filter one = {
        .key = "bib",
        .value = es_arena_fmt(es_req_arena(q), "%" PRId64, k->p.bib)
    };
    k->v.frame = es_web_frame(q, ini);
    k->v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    k->v.frame.here = es_review_run_url(q, &k->f, k->r.run.id);
    k->v.zone = ini->zone;
    k->v.name = k->p.display_name;
    k->v.bib = k->p.bib;
    k->v.country = k->p.country;
    k->v.team = "";
    k->v.run = es_web_run_view(q, &k->r);
    es_web_run_charts(q, &k->r.measure, true, &k->v.run);
    k->v.why = k->queued.run
                   ? es_words_waits(es_web_lang(q, NULL), k->queued.why)
                   : "";
    k->v.since_ms = k->queued.since_ms;
    k->v.met = t->rc == ES_ECONFLICT ? met(k) : "";
    k->v.no_map = "";
    k->v.claimed = "";
    k->v.seen = seen ? seen : "";
    k->v.queue = es_review_queue_url(q, &k->f);
    if (one.value)
        k->v.person = es_review_queue_url(q, &one);
    if (k->queued.run && k->queued.why != ES_QUEUE_WAITING)
        k->v.claimed = es_web_account_name(
            q, es_desk_claim(app->desk, k->r.run.id, es_web_who(q)->account.id,
                             es_time_mono_ms()));
    fields(k, t);
    enum es_code rc = block(k, e);
    offer(k);
    if (rc == ES_OK)
        rc = reasons(k, e);
    if (rc == ES_OK)
        rc = beside(k, false, &k->v.next, e);
    return rc == ES_OK ? beside(k, true, &k->v.previous, e) : rc;
}

static enum es_code show(struct page *k, struct es_resp *out,
                         const struct tried *t, struct es_err *e)
{
    enum es_code rc = fill(k, t, e);
    if (rc == ES_OK)
        rc = es_review_draw(k->q, &k->r, &k->f, &k->v, e);
    if (rc == ES_OK) /* after drawing, which leaves a step */
        rc = es_receipt_steps(es_web_of(k->q)->app, &k->r, es_req_arena(k->q),
                              e);
    if (rc == ES_OK)
        rc = es_web_steps_view(k->q, k->r.steps, k->r.n_steps,
                               ES_STEPS_FOR_STAFF, k->v.name, &k->v.steps, e);
    k->v.n_steps = k->r.n_steps;
    if (rc != ES_OK)
        return rc;
    if (t->rc == ES_EINVAL)
        es_resp_status(out, 422);
    else if (t->rc != ES_OK)
        es_resp_status(out, 409);
    struct es_out o = es_web_page(k->q, out);
    es_page_weigh(&o, &k->v);
    return ES_OK;
}

/* GET /organise/e/{slug}/review/{run} */
static enum es_code weigh(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct page k = { .q = q };
    struct tried nothing = { "", NULL, ES_OK };
    enum es_code rc = load(&k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(&k, out, &nothing, e) : rc;
}

/* ---- deciding ---- */

static const char *const DONE[] = { [ES_REVIEW_ACCEPT] = "accepted",
                                    [ES_REVIEW_REFUSE] = "refused",
                                    [ES_REVIEW_ASK] = "asked" };

/* On to the next in the queue, or back to it. */
static enum es_code go_on(struct page *k, struct es_resp *out,
                          enum es_review_act act, struct es_err *e)
{
    struct es_url next = { 0 };
    enum es_code rc = beside(k, false, &next, e);
    if (rc != ES_OK)
        return rc;
    if (!es_url_is(next))
        next = es_review_queue_url(k->q, &k->f);
    const char *path =
        es_arena_fmt(es_req_arena(k->q), "%s%cdone=%s", next.checked,
                     strchr(next.checked, '?') ? '&' : '?', DONE[act]);
    return es_resp_redirect(out,
                            es_web_keep_lang(k->q, path ? path : "/organise"));
}

static enum es_code decide(const struct es_req *q, struct es_resp *out,
                           enum es_review_act act, const char *name,
                           struct es_err *e)
{
    struct page k = { .q = q };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    int64_t seen;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "seen")), 0, INT64_MAX, &seen))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = load(&k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_reviewing in = {
        .initiative = k.f.ask.initiative,
        .run = k.r.run.id,
        .account = es_web_who(q)->account.id,
        .role = es_review_role(q),
        .act = act,
        .reason = es_web_given(q, "reason"),
        .words = es_web_given(q, "words"),
        .seen = seen,
    };
    rc = es_runs_review(es_web_of(q)->app, &in, es_req_arena(q), &r, &fe, e);
    if (rc == ES_OK)
        return go_on(&k, out, act, e);
    struct tried t = { name, &fe, rc };
    if (rc != ES_EINVAL && rc != ES_ECONFLICT && rc != ES_EDENIED)
        return rc;
    rc = load(&k, e);
    return rc == ES_OK ? show(&k, out, &t, e) : rc;
}

/* POST /organise/e/{slug}/review/{run}/accept */
static enum es_code accept_run(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    return decide(q, out, ES_REVIEW_ACCEPT, "accept", e);
}

/* POST /organise/e/{slug}/review/{run}/refuse */
static enum es_code refuse_run(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    return decide(q, out, ES_REVIEW_REFUSE, "refuse", e);
}

/* POST /organise/e/{slug}/review/{run}/ask */
static enum es_code ask_back(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    return decide(q, out, ES_REVIEW_ASK, "ask", e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/review/{run}", ES_BODY_NONE, ES_WEB_PAGE,
      weigh },
    { ES_POST, "/organise/e/{slug}/review/{run}/accept", ES_BODY_FORM,
      ES_WEB_FORM, accept_run },
    { ES_POST, "/organise/e/{slug}/review/{run}/refuse", ES_BODY_FORM,
      ES_WEB_FORM, refuse_run },
    { ES_POST, "/organise/e/{slug}/review/{run}/ask", ES_BODY_FORM, ES_WEB_FORM,
      ask_back },
};
const struct es_routes ES_ROUTES_REVIEW_RUN = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
