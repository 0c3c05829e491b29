/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The press page of an initiative, and its releases in their languages. */
#include "web/press.h"
#include "web/paper.h"

#include "base/num.h"
#include "html/markdown.h"
#include "i18n/spoken.h"
#include "web/pages.h"

#include <string.h>

enum { ROWS = 20, DESCRIPTION_MAX = 200 };

/* ---- languages, dates ---- */

const char *es_web_spoken(const char *tag)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, tag) == 0)
            return es_spoken[i].name;
    return tag;
}

const char *es_web_spoken_dir(const char *tag)
{
    static const char *const RTL[] = { "ar", "fa", "ur" };
    for (size_t i = 0; i < sizeof RTL / sizeof *RTL; i++)
        if (strcmp(RTL[i], tag) == 0)
            return "rtl";
    return "ltr";
}

const struct es_view_choice *
es_web_spoken_choices(const struct es_req *q, const char *chosen, size_t *n)
{
    struct es_view_choice *v =
        es_arena_array(es_req_arena(q), es_spoken_n, sizeof *v);
    for (size_t i = 0; v && i < es_spoken_n; i++)
        v[i] = (struct es_view_choice){
            .value = es_spoken[i].tag,
            .label = es_spoken[i].name,
            .chosen = strcmp(es_spoken[i].tag, chosen) == 0,
        };
    *n = v ? es_spoken_n : 0;
    return v;
}

const char *es_web_dateline(const struct es_req *q, const char *zone,
                            const struct es_release_text *t, int64_t at_ms)
{
    const struct es_lang *l = es_lang_of(t->lang);
    struct es_date d = es_zone_date(zone, at_ms);
    struct es_buf b;
    es_buf_init(&b, 2048);
    es_buf_str(&b, t->place);
    if (*t->place)
        es_buf_str(&b, l && strcmp(l->dir, "rtl") == 0 ? "، " : ", ");
    if (l)
        es_buf_shown(&b, (struct es_reader){ l, ES_UNITS_KM },
                     es_day(at_ms, zone));
    else
        es_buf_fmt(&b, "%04d-%02d-%02d", d.year, d.month, d.day);
    const char *s = es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    return s ? s : "";
}

struct es_url es_web_release_url(const struct es_req *q, const char *slug,
                                 int64_t release, const char *lang)
{
    return es_url_path(es_req_arena(q), "/e/%s/press/%lld/%s", slug,
                       (long long)release, lang);
}

/* ---- what others wrote ---- */

enum es_code es_web_covered(const struct es_req *q,
                            const struct es_initiative *ini, bool drop,
                            const struct es_view_covered **out, size_t *n,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_coverage *all;
    enum es_code rc = es_store_coverage(es_web_of(q)->app->store, ini->id,
                                        ES_COVERAGE_MAX, a, &all, n, e);
    struct es_view_covered *v =
        rc == ES_OK ? es_arena_array(a, *n, sizeof *v) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "coverage");
    for (size_t i = 0; i < *n; i++) {
        v[i] = (struct es_view_covered){
            .publisher = all[i].publisher,
            .title = all[i].title,
            .lang = all[i].lang,
            .dir = es_web_spoken_dir(all[i].lang),
            .said_in = es_web_spoken(all[i].lang),
            .day_ms = all[i].day_ms,
        };
        (void)es_url_foreign(a, all[i].url, &v[i].url);
        if (drop)
            v[i].drop =
                es_url_path(a, "/organise/e/%s/press/coverage/%lld/remove",
                            ini->slug, (long long)all[i].id);
    }
    *out = v;
    return ES_OK;
}

/* ---- the list ---- */

/* The languages in which a release can be read. */
static enum es_code langs_of(const struct es_req *q, const char *slug,
                             const struct es_release_read *r, const char *here,
                             const struct es_view_release_in **out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_release_in *v = es_arena_array(a, r->n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "languages");
    for (size_t i = 0; i < r->n; i++) {
        v[i] = (struct es_view_release_in){
            .tag = r->v[i].lang,
            .name = es_web_spoken(r->v[i].lang),
            .url = es_web_release_url(q, slug, r->r.id, r->v[i].lang),
            .here = strcmp(r->v[i].lang, here) == 0,
            .writer = "",
        };
        v[i].whole = es_url_absolute(a, es_web_of(q)->origin, v[i].url);
    }
    *out = v;
    return ES_OK;
}

static enum es_code row_of(const struct es_req *q,
                           const struct es_initiative *ini,
                           const struct es_release_read *r,
                           struct es_view_released *out, struct es_err *e)
{
    const struct es_release_text *t =
        es_release_for(r, es_web_lang(q, NULL)->tag, ini->lang);
    *out = (struct es_view_released){
        .url = es_web_release_url(q, ini->slug, r->r.id, t->lang),
        .title = t->title,
        .lang = t->lang,
        .dir = es_web_spoken_dir(t->lang),
        .place = t->place,
        .at_ms = r->r.publish_ms,
        .out = true,
        .n_in = r->n,
    };
    return langs_of(q, ini->slug, r, t->lang, &out->in, e);
}

/* "1792915200000-7": behind which release this page begins. */
static bool cursor_of(const struct es_req *q, int64_t *at_ms, int64_t *id)
{
    const char *s = es_req_query(q, "before");
    const char *dash = s ? strchr(s, '-') : NULL;
    *at_ms = *id = 0;
    return !s || (dash &&
                  es_num_i64((struct es_bytes){ (const uint8_t *)s,
                                                (size_t)(dash - s) },
                             1, INT64_MAX, at_ms) &&
                  es_num_i64(es_bytes_str(dash + 1), 1, INT64_MAX, id));
}

static enum es_code rows_of(const struct es_req *q,
                            const struct es_initiative *ini,
                            struct es_view_press *v, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_release *all;
    int64_t now = es_time_now_ms();
    int64_t before_ms, before;
    size_t n = 0;
    if (!cursor_of(q, &before_ms, &before))
        return es_fail(e, ES_ENOENT, 0, "no such page");
    enum es_code rc = es_store_releases_public(
        app->store, ini->id, now, before_ms, before, ROWS + 1, a, &all, &n, e);
    struct es_view_released *rows =
        rc == ES_OK ? es_arena_array(a, ROWS, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "releases");
    for (size_t i = 0; rc == ES_OK && i < n && i < ROWS; i++) {
        struct es_release_read r;
        rc = es_release_public(app, ini->id, all[i].id, now, a, &r, e);
        if (rc == ES_OK)
            rc = row_of(q, ini, &r, &rows[v->n++], e);
        else if (rc == ES_ENOENT) /* taken back in this moment */
            rc = ES_OK;
    }
    v->rows = rows;
    if (rc == ES_OK && n > ROWS)
        v->next = es_url_path(a, "/e/%s/press?before=%lld-%lld", ini->slug,
                              (long long)all[ROWS - 1].publish_ms,
                              (long long)all[ROWS - 1].id);
    return rc;
}

enum es_code es_web_press_link(const struct es_req *q,
                               const struct es_initiative *ini,
                               struct es_url *out, struct es_err *e)
{
    struct es_store *s = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    struct es_release *r;
    struct es_coverage *c;
    size_t n = 0;
    enum es_code rc = es_store_releases_public(s, ini->id, es_time_now_ms(), 0,
                                               0, 1, a, &r, &n, e);
    if (rc == ES_OK && n == 0)
        rc = es_store_coverage(s, ini->id, 1, a, &c, &n, e);
    if (rc == ES_OK && n > 0)
        *out = es_url_path(a, "/e/%s/press", ini->slug);
    return rc;
}

/* GET /e/{slug}/press */
static enum es_code press(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_view_press v = { .n = 0 };
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = rows_of(q, &ini, &v, e);
    if (rc == ES_OK)
        rc = es_web_covered(q, &ini, false, &v.covered, &v.n_covered, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    v.frame = es_web_frame(q, &ini);
    v.frame.index = true;
    v.atom = es_url_path(a, "/e/%s/press.atom", ini.slug);
    v.json = es_url_path(a, "/e/%s/press.json", ini.slug);
    v.kit = es_url_path(a, "/e/%s/press-kit.zip", ini.slug);
    v.zone = ini.zone;
    struct es_out o = es_web_page(q, out);
    es_page_press(&o, &v);
    return ES_OK;
}

/* ---- one release ---- */

struct es_view_release es_web_release_shown(const struct es_req *q,
                                            const char *zone,
                                            const struct es_release_text *t,
                                            int64_t at_ms)
{
    const struct es_lang *l = es_lang_of(t->lang);
    return (struct es_view_release){
        .said = l ? l : es_web_lang(q, NULL),
        .title = t->title,
        .lang = t->lang,
        .dir = es_web_spoken_dir(t->lang),
        .line = es_web_dateline(q, zone, t, at_ms),
        .body = t->body,
        .notes = t->notes,
        .contact = t->contact,
        .ask = es_t(l ? l : es_web_lang(q, NULL), ES_T("For the press")),
        .description = "",
    };
}

/* The beginning of what it says, for who finds it. */
static const char *description_of(const struct es_req *q, const char *body)
{
    struct es_buf b;
    es_buf_init(&b, 2 * ES_PROSE_MAX);
    es_markdown_text(&b, body);
    struct es_bytes s = es_buf_bytes(&b);
    size_t n = s.n < DESCRIPTION_MAX ? s.n : DESCRIPTION_MAX;
    while (n > 0 && n < s.n && (s.p[n] & 0xc0) == 0x80)
        n--; /* not within a character */
    const char *text = es_arena_strn(es_req_arena(q), s.p, n);
    es_buf_release(&b);
    return text ? text : "";
}

static enum es_code read_public(const struct es_req *q,
                                struct es_initiative *ini,
                                struct es_release_read *r, struct es_err *e)
{
    int64_t id;
    enum es_code rc = es_web_initiative(q, ini, e);
    if (rc == ES_OK && !es_req_i64(q, "release", 1, INT64_MAX, &id))
        rc = es_fail(e, ES_ENOENT, 0, "no such release");
    if (rc == ES_OK)
        rc = es_release_public(es_web_of(q)->app, ini->id, id, es_time_now_ms(),
                               es_req_arena(q), r, e);
    return rc;
}

/* GET /e/{slug}/press/{release}: to the reader's language. */
static enum es_code any_language(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_initiative ini;
    struct es_release_read r;
    enum es_code rc = read_public(q, &ini, &r, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    const struct es_release_text *t =
        es_release_for(&r, es_web_lang(q, NULL)->tag, ini.lang);
    const char *path = es_arena_fmt(es_req_arena(q), "/e/%s/press/%lld/%s",
                                    ini.slug, (long long)r.r.id, t->lang);
    es_resp_header(out, "Vary", "Accept-Language");
    return es_resp_redirect(out, es_web_keep_lang(q, path ? path : "/"));
}

/* GET /e/{slug}/press/{release}/{lang} */
static enum es_code release(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_req_param(q, "lang");
    struct es_initiative ini;
    struct es_release_read r;
    const struct es_release_text *t = NULL;
    enum es_code rc = read_public(q, &ini, &r, e);
    if (rc == ES_OK)
        t = es_release_in(&r, lang ? lang : "");
    if (rc == ES_ENOENT || (rc == ES_OK && !t))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_release v =
        es_web_release_shown(q, ini.zone, t, r.r.publish_ms);
    rc = langs_of(q, ini.slug, &r, t->lang, &v.in, e);
    if (rc != ES_OK)
        return rc;
    v.n_in = r.n;
    v.frame = es_web_frame(q, &ini);
    v.frame.index = true;
    v.canonical =
        es_url_absolute(a, es_web_of(q)->origin,
                        es_web_release_url(q, ini.slug, r.r.id, t->lang));
    v.all = es_url_path(a, "/e/%s/press", ini.slug);
    v.atom = es_url_path(a, "/e/%s/press.atom", ini.slug);
    v.json = es_url_path(a, "/e/%s/press.json", ini.slug);
    v.kit = es_url_path(a, "/e/%s/press-kit.zip", ini.slug);
    if (!v.frame.kept)
        v.paper = es_url_path(a, "/e/%s/press/%lld/%s/paper.pdf", ini.slug,
                              (long long)r.r.id, t->lang);
    v.description = description_of(q, t->body);
    struct es_out o = es_web_page(q, out);
    es_page_release(&o, &v);
    return ES_OK;
}

/* GET /e/{slug}/press/{release}/{lang}/paper.pdf */
static enum es_code paper(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_req_param(q, "lang");
    struct es_initiative ini;
    struct es_release_read r;
    const struct es_release_text *t = NULL;
    struct es_web_paper w;
    enum es_code rc = read_public(q, &ini, &r, e);
    if (rc == ES_OK)
        t = es_release_in(&r, lang ? lang : "");
    if (rc == ES_ENOENT || (rc == ES_OK && !t))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_release v =
        es_web_release_shown(q, ini.zone, t, r.r.publish_ms);
    es_web_paper_init(&w, q, &ini, t->lang);
    w.paper.title = t->title;
    w.paper.at_ms = r.r.publish_ms;
    es_web_paper_add(&w, ES_PAPER_DATE, es_t(v.said, ES_T("Press release")));
    es_web_paper_add(&w, ES_PAPER_TITLE, t->title);
    es_web_paper_add(&w, ES_PAPER_LEAD, v.line);
    es_web_paper_prose(&w, t->body);
    if (*t->notes) {
        es_web_paper_add(&w, ES_PAPER_HEADING,
                         es_t(v.said, ES_T("Notes for editors")))
            ->level = 2;
        es_web_paper_prose(&w, t->notes);
    }
    es_web_paper_add(&w, ES_PAPER_HEADING, v.ask)->level = 2;
    es_web_paper_add(&w, ES_PAPER_TEXT, t->contact);
    es_web_paper_code(&w, es_web_release_url(q, ini.slug, r.r.id, t->lang));
    const char *about = es_arena_fmt(a, "%s-press-%lld-%s", ini.slug,
                                     (long long)r.r.id, t->lang);
    return es_web_paper_send(&w, out, about ? about : ini.slug, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/press", ES_BODY_NONE, ES_WEB_PAGE, press },
    { ES_GET, "/e/{slug}/press/{release}", ES_BODY_NONE, ES_WEB_PAGE,
      any_language },
    { ES_GET, "/e/{slug}/press/{release}/{lang}", ES_BODY_NONE, ES_WEB_PAGE,
      release },
    { ES_GET, "/e/{slug}/press/{release}/{lang}/paper.pdf", ES_BODY_NONE, 0,
      paper },
};
const struct es_routes ES_ROUTES_PRESS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
