/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Other rules: whom they touch, how far judging has come, what changed when;
 * and the sheet for everybody. */
#include "web/rules_int.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "initiative/edited.h"
#include "web/pages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { VERSIONS_SHOWN = 50 };

struct es_url es_rules_url(const struct es_req *q, const char *page)
{
    const char *slug = es_web_who(q)->here.slug;
    return *page ? es_url_path(es_req_arena(q), "/organise/e/%s/rules/%s", slug,
                               page)
                 : es_url_path(es_req_arena(q), "/organise/e/%s/rules", slug);
}

const char *es_rules_path(const struct es_req *q, const char *page)
{
    const char *path = es_arena_fmt(es_req_arena(q), "/organise/e/%s/rules%s%s",
                                    es_web_who(q)->here.slug,
                                    *page && *page != '?' ? "/" : "", page);
    return es_web_keep_lang(q, path ? path : "/organise");
}

struct es_initiative es_rules_window(const struct es_initiative *ini,
                                     const struct es_rule_change *c)
{
    struct es_initiative out = *ini;
    out.opens_ms = c->opens_ms;
    out.closes_ms = c->closes_ms;
    out.zone = c->zone;
    out.rules = c->rules;
    return out;
}

enum es_code es_rules_sheet_at(const struct es_req *q,
                               const struct es_initiative *ini,
                               const struct es_rule_change *c,
                               const struct es_view_sheet **out,
                               struct es_err *e)
{
    struct es_initiative then = es_rules_window(ini, c);
    return es_rule_sheet_of(es_web_reader(q), es_req_arena(q), &then, out, e);
}

enum es_code es_web_rules_short(const struct es_req *q,
                                const struct es_initiative *ini,
                                struct es_view_rules_short *out,
                                struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_view_sheet *s;
    enum es_code rc = es_rule_sheet_of(es_web_reader(q), a, ini, &s, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_sheet_group *few = es_arena_alloc(a, sizeof *few);
    if (!few)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    *few = es_rule_short(s);
    *out = (struct es_view_rules_short){
        few->says, few->n, es_url_path(a, "/e/%s/rules", ini->slug)
    };
    return ES_OK;
}

/* ---- the history ---- */

static enum es_code version_view(const struct es_req *q,
                                 const struct es_initiative *ini,
                                 const struct es_rule_change *was,
                                 const struct es_rule_change *now,
                                 struct es_view_version *v, struct es_err *e)
{
    const struct es_view_sheet *x, *y;
    struct es_tally t;
    *v = (struct es_view_version){ .version = now->version,
                                   .since_ms = now->at_ms,
                                   .who = now->who,
                                   .why = now->why };
    enum es_code rc = es_rules_sheet_at(q, ini, was, &x, e);
    if (rc == ES_OK)
        rc = es_rules_sheet_at(q, ini, now, &y, e);
    if (rc == ES_OK)
        rc = es_tally_read(now->tally, &t, e);
    if (rc != ES_OK)
        return rc;
    v->touched = t.touched;
    v->gained_mm = t.gained_mm;
    v->lost_mm = t.lost_mm;
    return es_rule_differs(es_req_arena(q), x, y, &v->differs, &v->n_differs)
               ? ES_OK
               : es_fail(e, ES_ENOMEM, 0, "versions");
}

/* Newest first, without drafts; who changed them only for staff. */
static enum es_code history(const struct es_req *q,
                            const struct es_initiative *ini, bool staff,
                            struct es_view_rules *out, struct es_err *e)
{
    struct es_rule_change *c;
    size_t n;
    enum es_code rc =
        es_store_rule_changes(es_web_of(q)->app->store, ini->id, VERSIONS_SHOWN,
                              es_req_arena(q), &c, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_version *v = es_arena_array(es_req_arena(q), n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "versions");
    for (size_t i = 0; rc == ES_OK && i + 1 < n; i++) {
        if (c[i].state == ES_CHANGE_DRAFT)
            continue;
        struct es_view_version *x = &v[out->n_versions++];
        rc = version_view(q, ini, &c[i + 1], &c[i], x, e);
        if (!staff) {
            x->who = "";
            x->touched = 0;
        }
    }
    out->versions = v;
    out->zone = ini->zone;
    return rc;
}

/* GET /organise/e/{slug}/rules/history */
static enum es_code history_page(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_rules v = { .frame = es_web_frame(q, ini),
                               .back = es_rules_url(q, "") };
    enum es_code rc = history(q, ini, true, &v, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_rules_history(&o, &v);
    return ES_OK;
}

/* GET /e/{slug}/rules */
static enum es_code rules_page(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_initiative ini;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_rules v = { .frame = es_web_frame(q, &ini) };
    rc = es_rule_sheet_of(es_web_reader(q), es_req_arena(q), &ini, &v.sheet, e);
    /* What was drafted before it was published is nobody's business. */
    if (rc == ES_OK)
        rc = history(q, &ini, false, &v, e);
    if (rc != ES_OK)
        return rc;
    v.frame.index = true;
    struct es_out o = es_web_page(q, out);
    es_page_rules(&o, &v);
    return ES_OK;
}

/* ---- the change in hand ---- */

/* A draft, or else the rules in force while, or after, runs are judged by
 * them. */
static enum es_code in_hand(const struct es_req *q, struct es_rule_change *now,
                            struct es_rule_change *was, struct es_err *e)
{
    struct es_store *s = es_web_of(q)->app->store;
    struct es_rule_change *c;
    size_t n;
    enum es_code rc = es_store_rule_changes(s, es_web_who(q)->here.id, 2,
                                            es_req_arena(q), &c, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n == 0)
        return es_fail(e, ES_ENOENT, 0, "the rules never changed");
    *now = c[0];
    if (n > 1) {
        *was = c[1];
        return ES_OK;
    }
    const struct es_initiative *ini = &es_web_who(q)->here;
    *was = (struct es_rule_change){ .opens_ms = ini->opens_ms,
                                    .closes_ms = ini->closes_ms,
                                    .zone = ini->zone,
                                    .rules = ini->rules };
    return c[0].state == ES_CHANGE_DRAFT
               ? ES_OK
               : es_fail(e, ES_ENOENT, 0, "the rules never changed");
}

static int64_t permille(const struct es_tally *t)
{
    if (t->all <= 0)
        return 0;
    return t->runs >= t->all ? 1000 : t->runs * 1000 / t->all;
}

static enum es_code touched(const struct es_req *q, const struct es_tally *t,
                            struct es_view_change *v, struct es_err *e)
{
    struct es_store *s = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    int64_t ini = es_web_who(q)->here.id;
    struct es_view_touched *x = es_arena_array(a, t->n_first, sizeof *x);
    if (!x)
        return es_fail(e, ES_ENOMEM, 0, "runs");
    for (size_t i = 0; i < t->n_first; i++) {
        const struct es_touched *f = &t->first[i];
        struct es_participant p;
        struct es_run run;
        enum es_code rc = es_store_run(s, ini, f->run, a, &run, e);
        if (rc == ES_OK)
            rc = es_store_participant(s, ini, f->participant, a, &p, e);
        if (rc == ES_ENOENT)
            continue;
        if (rc != ES_OK)
            return rc;
        x[v->n_first++] = (struct es_view_touched){
            .name = p.display_name,
            .bib = p.bib,
            .url = es_url_path(a, "/r/%s", run.code),
            .from = (enum es_view_status)f->from,
            .to = (enum es_view_status)f->to,
            .from_mm = f->from_mm,
            .to_mm = f->to_mm,
        };
    }
    v->first = x;
    return ES_OK;
}

static enum es_code moved(const struct es_req *q, const struct es_tally *t,
                          struct es_view_change *v, struct es_err *e)
{
    struct es_view_moved *m = es_arena_array(
        es_req_arena(q), (size_t)ES_TALLY_STATES * ES_TALLY_STATES, sizeof *m);
    if (!m)
        return es_fail(e, ES_ENOMEM, 0, "moves");
    for (int i = 0; i < ES_TALLY_STATES; i++)
        for (int j = 0; j < ES_TALLY_STATES; j++)
            if (t->moved[i][j] > 0)
                m[v->n_moved++] =
                    (struct es_view_moved){ (enum es_view_status)i,
                                            (enum es_view_status)j,
                                            t->moved[i][j] };
    v->moved = m;
    return ES_OK;
}

static enum es_code differs(const struct es_req *q,
                            const struct es_rule_change *was,
                            const struct es_rule_change *now,
                            struct es_view_change *v, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_view_sheet *x, *y;
    enum es_code rc = es_rules_sheet_at(q, ini, was, &x, e);
    if (rc == ES_OK)
        rc = es_rules_sheet_at(q, ini, now, &y, e);
    if (rc == ES_OK &&
        !es_rule_differs(es_req_arena(q), x, y, &v->differs, &v->n_differs))
        rc = es_fail(e, ES_ENOMEM, 0, "rules");
    return rc;
}

static enum es_code show_change(const struct es_req *q, struct es_resp *out,
                                const struct es_field_errors *fe,
                                struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_rule_change now, was;
    struct es_tally t;
    enum es_code rc = in_hand(q, &now, &was, e);
    if (rc == ES_ENOENT)
        return es_resp_redirect(out, es_rules_path(q, ""));
    if (rc == ES_OK)
        rc = es_tally_read(now.tally, &t, e);
    if (rc != ES_OK)
        return rc;
    const char *drafted = es_arena_fmt(es_req_arena(q), "%" PRId64, now.at_ms);
    struct es_view_change v = {
        .frame = es_web_frame(q, ini),
        .commit = es_rules_url(q, "change"),
        .drop = es_rules_url(q, "drop"),
        .edit = es_rules_url(q, ""),
        .progress = es_rules_url(q, "progress"),
        .in_force = now.state != ES_CHANGE_DRAFT,
        .ended = now.ended_ms > 0,
        .all = t.all,
        .runs = t.runs,
        .touched = t.touched,
        .gained_mm = t.gained_mm,
        .lost_mm = t.lost_mm,
        .permille = permille(&t),
        .version = now.version,
        .drafted = drafted ? drafted : "",
        .who = now.who,
        .why = es_web_field(q, "why", fe),
        .at_ms = now.at_ms,
        .zone = ini->zone,
    };
    rc = differs(q, &was, &now, &v, e);
    if (rc == ES_OK)
        rc = moved(q, &t, &v, e);
    if (rc == ES_OK && v.ended)
        rc = touched(q, &t, &v, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_rules_change(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/rules/change */
static enum es_code change(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_change(q, out, &none, e);
}

/* GET /organise/e/{slug}/rules/progress: JSON, for the page above. */
static enum es_code progress(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_rule_change now, was;
    struct es_tally t;
    enum es_code rc = in_hand(q, &now, &was, e);
    if (rc == ES_ENOENT) /* nothing to wait for */
        now = (struct es_rule_change){ .tally = "", .ended_ms = 1 };
    else if (rc != ES_OK)
        return rc;
    rc = es_tally_read(now.tally, &t, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_i(b, "runs", t.runs);
    es_buf_json_i(b, "all", t.all);
    es_buf_json_i(b, "permille", permille(&t));
    es_buf_json_b(b, "ended", now.ended_ms > 0);
    es_web_json_end(b);
    return ES_OK;
}

static bool version_of(const struct es_req *q, int64_t *version)
{
    return es_num_i64(es_bytes_str(es_web_given(q, "version")), 1, INT32_MAX,
                      version);
}

/* POST /organise/e/{slug}/rules/change: puts the draft in force. */
static enum es_code commit(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    int64_t version, drafted;
    const char *why =
        es_edit_words(es_req_arena(q), es_web_given(q, "why"), true);
    if (!why)
        return es_fail(e, ES_ENOMEM, 0, "reason");
    if (!version_of(q, &version) ||
        !es_num_i64(es_bytes_str(es_web_given(q, "drafted")), 0, INT64_MAX,
                    &drafted))
        return es_web_fail(q, out, 422, "");
    if (!*why)
        es_field_errors_add(&fe, "why", "required", NAN);
    else if (es_utf8_count(es_bytes_str(why)) > ES_WHY_MAX)
        es_field_errors_add(&fe, "why", "too_long", ES_WHY_MAX);
    if (fe.n)
        return show_change(q, out, &fe, e);
    enum es_code rc =
        es_rules_commit(es_web_of(q)->app, who->here.id, (int32_t)version,
                        drafted, who->account.id, who->account.name, why, e);
    if (rc == ES_ECONFLICT || rc == ES_ENOENT)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL),
                 ES_T("Somebody changed this draft meanwhile, or put it in "
                      "force. Please look at it again.")));
    return rc == ES_OK ? es_resp_redirect(out, es_rules_path(q, "change")) : rc;
}

/* POST /organise/e/{slug}/rules/drop: nobody wants the draft. */
static enum es_code drop(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    int64_t version;
    if (!version_of(q, &version))
        return es_web_fail(q, out, 422, "");
    enum es_code rc = es_rules_drop(es_web_of(q)->app, es_web_who(q)->here.id,
                                    (int32_t)version, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    return es_resp_redirect(out, es_rules_path(q, ""));
}

#define ROOT "/organise/e/{slug}/rules"

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/rules", ES_BODY_NONE, ES_WEB_PAGE, rules_page },
    { ES_GET, ROOT "/change", ES_BODY_NONE, ES_WEB_PAGE, change },
    { ES_POST, ROOT "/change", ES_BODY_FORM, ES_WEB_FORM, commit },
    { ES_POST, ROOT "/drop", ES_BODY_FORM, ES_WEB_FORM, drop },
    { ES_GET, ROOT "/history", ES_BODY_NONE, ES_WEB_PAGE, history_page },
    { ES_GET, ROOT "/progress", ES_BODY_NONE, ES_WEB_PAGE, progress },
};
const struct es_routes ES_ROUTES_RULES_CHANGE = { ROUTES, sizeof ROUTES /
                                                              sizeof *ROUTES };
