/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's pages of the press: all releases, what others wrote, and when
 * a release is published. */
#include "base/num.h"
#include "base/time.h"
#include "i18n/spoken.h"
#include "initiative/edited.h"
#include "web/pages.h"
#include "web/press.h"
#include "web/when.h"

#include <math.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/press"

enum { ROWS = 30 };

static const char *given(const struct es_req *q, const char *name)
{
    const char *s =
        es_edit_words(es_req_arena(q), es_web_given(q, name), false);
    return s ? s : "";
}

static enum es_code go(const struct es_req *q, struct es_resp *out,
                       const char *tail)
{
    const char *path = es_arena_fmt(es_req_arena(q), "/organise/e/%s/press%s",
                                    es_web_who(q)->here.slug, tail);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* ---- one release in its languages ---- */

static enum es_code langs_of(const struct es_req *q,
                             const struct es_release_read *r,
                             const struct es_view_release_in **out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    int64_t now = es_time_now_ms();
    struct es_view_release_in *v = es_arena_array(a, r->n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "languages");
    for (size_t i = 0; i < r->n; i++)
        v[i] = (struct es_view_release_in){
            .tag = r->v[i].lang,
            .name = es_web_spoken(r->v[i].lang),
            .url = es_url_path(a, "/organise/e/%s/press/%lld/%s",
                               es_web_who(q)->here.slug, (long long)r->r.id,
                               r->v[i].lang),
            .approved = r->v[i].state == ES_RELEASE_APPROVED,
            .public = es_release_is_public(&r->r, &r->v[i], now),
            .writer = es_web_account_name(q, r->v[i].written_by),
            .written_ms = r->v[i].written_ms,
        };
    *out = v;
    return ES_OK;
}

/* ---- all of them ---- */

static enum es_code row_of(const struct es_req *q, int64_t id,
                           struct es_view_released *out, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_release_read r;
    enum es_code rc =
        es_release_all(es_web_of(q)->app, ini->id, id, es_req_arena(q), &r, e);
    if (rc != ES_OK)
        return rc;
    const struct es_release_text *t =
        es_release_for(&r, es_web_lang(q, NULL)->tag, ini->lang);
    *out = (struct es_view_released){
        .url = es_url_path(es_req_arena(q), "/organise/e/%s/press/%lld",
                           ini->slug, (long long)id),
        .title = t->title,
        .lang = t->lang,
        .dir = es_web_spoken_dir(t->lang),
        .place = t->place,
        .at_ms = r.r.publish_ms,
        .out = r.r.publish_ms > 0 && r.r.publish_ms <= es_time_now_ms(),
        .n_in = r.n,
    };
    rc = langs_of(q, &r, &out->in, e);
    for (size_t i = 0; rc == ES_OK && i < r.n; i++)
        out->n_public += out->in[i].public;
    return rc;
}

static enum es_code rows_of(const struct es_req *q,
                            struct es_view_press_edit *v, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_arena *a = es_req_arena(q);
    const char *from = es_req_query(q, "before");
    struct es_release *all;
    int64_t before = 0;
    size_t n = 0;
    if (from)
        (void)es_num_i64(es_bytes_str(from), 1, INT64_MAX, &before);
    enum es_code rc = es_store_releases(es_web_of(q)->app->store, ini->id,
                                        before, ROWS + 1, a, &all, &n, e);
    struct es_view_released *rows =
        rc == ES_OK ? es_arena_array(a, ROWS, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "releases");
    for (size_t i = 0; rc == ES_OK && i < n && i < ROWS; i++) {
        rc = row_of(q, all[i].id, &rows[v->n], e);
        v->n += rc == ES_OK;
        if (rc == ES_ENOENT) /* removed in this moment */
            rc = ES_OK;
    }
    v->rows = rows;
    if (rc == ES_OK && n > ROWS)
        v->next = es_url_path(a, "/organise/e/%s/press?before=%lld", ini->slug,
                              (long long)all[ROWS - 1].id);
    return rc;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_field_errors *fe, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_req_form(q, "lang");
    const char *said_in = es_req_form(q, "said_in");
    size_t readers = 0;
    struct es_view_press_edit v = {
        .frame = es_web_frame(q, ini),
        .make = es_url_path(a, "/organise/e/%s/press", ini->slug),
        .cover = es_url_path(a, "/organise/e/%s/press/coverage", ini->slug),
        .title = es_web_field(q, "title", fe),
        .lang = es_web_field(q, "lang", fe),
        .publisher = es_web_field(q, "publisher", fe),
        .headline = es_web_field(q, "headline", fe),
        .url = es_web_field(q, "url", fe),
        .day = es_web_field(q, "day", fe),
        .said_in = es_web_field(q, "said_in", fe),
        .page = es_url_path(a, "/e/%s/press", ini->slug),
        .kit = es_url_path(a, "/e/%s/press-kit.zip", ini->slug),
        .zone = ini->zone,
    };
    v.frame.here = v.make;
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    v.langs = es_web_spoken_choices(q, lang ? lang : ini->lang, &v.n_langs);
    v.said_langs =
        es_web_spoken_choices(q, said_in ? said_in : ini->lang, &v.n_langs);
    enum es_code rc =
        es_release_readers(es_web_of(q)->app, ini->id, a, &readers, e);
    if (rc == ES_OK)
        rc = rows_of(q, &v, e);
    if (rc == ES_OK)
        rc = es_web_covered(q, ini, true, &v.covered, &v.n_covered, e);
    if (rc != ES_OK)
        return rc;
    v.alone = readers < 2;
    if (es_web_may(q, ES_MAY_OWN, ini->id))
        v.invite = es_url_path(a, "/organise/e/%s/staff", ini->slug);
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_press_edit(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/press */
static enum es_code press(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show(q, out, &none, e);
}

/* POST /organise/e/{slug}/press: a new release */
static enum es_code make(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    int64_t id = 0;
    const char *lang = es_web_given(q, "lang");
    enum es_code rc = es_release_new(es_web_of(q)->app, es_web_who(q)->here.id,
                                     es_web_who(q)->account.id, lang,
                                     given(q, "title"), &id, &fe, e);
    if (rc == ES_EINVAL)
        return show(q, out, &fe, e);
    const char *tail =
        es_arena_fmt(es_req_arena(q), "/%lld/%s", (long long)id, lang);
    return rc == ES_OK ? go(q, out, tail ? tail : "") : rc;
}

/* ---- what others wrote ---- */

/* "2026-08-25", as browsers send it. */
static int64_t day_of(const char *s)
{
    int64_t t;
    const char *whole = strlen(s) == 10 ? s : "";
    char text[32];
    (void)snprintf(text, sizeof text, "%sT00:00:00Z", whole);
    return es_time_parse(es_bytes_str(text), &t) ? t : ES_NO_TIME;
}

/* POST /organise/e/{slug}/press/coverage */
static enum es_code cover(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_coverage c = {
        .initiative = es_web_who(q)->here.id,
        .day_ms = day_of(es_web_given(q, "day")),
        .publisher = given(q, "publisher"),
        .title = given(q, "headline"),
        .url = given(q, "url"),
        .lang = es_web_given(q, "said_in"),
    };
    enum es_code rc = es_coverage_put(es_web_of(q)->app, &c, &fe, e);
    if (rc == ES_ETOOLARGE) {
        es_field_errors_add(&fe, "url", "full", NAN);
        rc = ES_EINVAL;
    }
    if (rc == ES_EINVAL)
        return show(q, out, &fe, e);
    return rc == ES_OK ? go(q, out, "?done=kept#coverage") : rc;
}

/* POST /organise/e/{slug}/press/coverage/{id}/remove */
static enum es_code uncover(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    int64_t id;
    if (!es_req_i64(q, "id", 1, INT64_MAX, &id))
        return es_web_fail(q, out, 404, "");
    enum es_code rc =
        es_coverage_drop(es_web_of(q)->app, es_web_who(q)->here.id, id, e);
    return rc == ES_OK ? go(q, out, "?done=kept#coverage") : rc;
}

/* ---- one of them ---- */

static enum es_code read_release(const struct es_req *q,
                                 struct es_release_read *r, struct es_err *e)
{
    int64_t id;
    if (!es_req_i64(q, "release", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no such release");
    return es_release_all(es_web_of(q)->app, es_web_who(q)->here.id, id,
                          es_req_arena(q), r, e);
}

/* The languages in which it isn't yet. */
static void others_of(const struct es_req *q, const struct es_release_read *r,
                      struct es_view_release_edit *v)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_more *rows = es_arena_array(a, es_spoken_n, sizeof *rows);
    for (size_t i = 0; rows && i < es_spoken_n; i++)
        if (!es_release_in(r, es_spoken[i].tag))
            rows[v->n_others++] = (struct es_view_more){
                .label = es_spoken[i].name,
                .url = es_url_path(a, "/organise/e/%s/press/%lld/%s",
                                   es_web_who(q)->here.slug, (long long)r->r.id,
                                   es_spoken[i].tag),
            };
    v->others = rows;
}

static enum es_code show_one(const struct es_req *q, struct es_resp *out,
                             const struct es_release_read *r,
                             const struct es_when *w,
                             const struct es_field_errors *fe, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_arena *a = es_req_arena(q);
    const struct es_release_text *t =
        es_release_for(r, es_web_lang(q, NULL)->tag, ini->lang);
    struct es_view_release_edit v = {
        .frame = es_web_frame(q, ini),
        .title = t->title,
        .lang = t->lang,
        .dir = es_web_spoken_dir(t->lang),
        .all = es_url_path(a, "/organise/e/%s/press", ini->slug),
        .timed = es_url_path(a, "/organise/e/%s/press/%lld/time", ini->slug,
                             (long long)r->r.id),
        .at_ms = r->r.publish_ms,
        .out = r->r.publish_ms > 0 && r->r.publish_ms <= es_time_now_ms(),
        .at = es_web_when_view(q, "at", ini->zone, w, fe),
        .n_in = r->n,
        .zone = ini->zone,
    };
    v.frame.here = es_url_path(a, "/organise/e/%s/press/%lld", ini->slug,
                               (long long)r->r.id);
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    others_of(q, r, &v);
    enum es_code rc = langs_of(q, r, &v.in, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < v.n_in; i++)
        v.n_public += v.in[i].public;
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_release_edit(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/press/{release} */
static enum es_code release(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const char *zone = es_web_who(q)->here.zone;
    struct es_field_errors none = { 0 };
    struct es_release_read r;
    struct es_when w = { .t_ms = ES_NO_TIME,
                         .first_ms = ES_NO_TIME,
                         .last_ms = ES_NO_TIME };
    enum es_code rc = read_release(q, &r, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK && r.r.publish_ms > 0)
        w = es_web_when_of(zone, r.r.publish_ms);
    return rc == ES_OK ? show_one(q, out, &r, &w, &none, e) : rc;
}

/* POST /organise/e/{slug}/press/{release}/time: `do` is "now", "none", else
 * the time that the form gives */
static enum es_code timed(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    const char *what = es_web_given(q, "do");
    struct es_field_errors fe = { 0 };
    struct es_release_read r;
    struct es_when w = { .t_ms = 0 };
    enum es_code rc = read_release(q, &r, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (strcmp(what, "now") == 0)
        w.t_ms = es_time_now_ms();
    else if (strcmp(what, "none") != 0)
        w = es_web_when(q, "at", ini->zone, &fe);
    if (fe.n)
        return show_one(q, out, &r, &w, &fe, e);
    struct es_release_deed d = { .initiative = ini->id,
                                 .release = r.r.id,
                                 .account = es_web_who(q)->account.id };
    rc = es_release_time(es_web_of(q)->app, &d, w.t_ms, e);
    const char *tail =
        es_arena_fmt(es_req_arena(q), "/%lld?done=kept", (long long)r.r.id);
    return rc == ES_OK ? go(q, out, tail ? tail : "") : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, press },
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, make },
    { ES_POST, ROOT "/coverage", ES_BODY_FORM, ES_WEB_FORM, cover },
    { ES_POST, ROOT "/coverage/{id}/remove", ES_BODY_FORM, ES_WEB_FORM,
      uncover },
    { ES_GET, ROOT "/{release}", ES_BODY_NONE, ES_WEB_PAGE, release },
    { ES_POST, ROOT "/{release}/time", ES_BODY_FORM, ES_WEB_FORM, timed },
};
const struct es_routes ES_ROUTES_PRESS_EDIT = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
