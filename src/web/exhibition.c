/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The exhibition for everybody: the wall, page by page, and each picture by
 * itself, where the slide show runs without a script. */
#include "web/exhibition_int.h"

#include "base/num.h"
#include "programme/occasion.h"
#include "store/media.h"
#include "store/programme.h"
#include "web/pages.h"

#include <inttypes.h>
#include <string.h>

enum { PLAY_S = 8 }; /* a caption of two sentences is read */

/* ---- views ---- */

/* The direction of those words where it isn't the page's. */
static const char *dir_of(const struct es_req *q, const char *lang)
{
    const struct es_lang *l = es_lang_of(lang);
    if (!l)
        return "auto";
    return strcmp(l->dir, es_web_lang(q, NULL)->dir) == 0 ? "" : l->dir;
}

static enum es_code above(const struct es_req *q,
                          const struct es_initiative *ini,
                          struct es_view_above *out, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_exhibition x;
    struct es_occasion o;
    enum es_code rc = es_exhibition(app, ini, a, &x, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_view_above){ .title = x.title,
                                   .about = x.about,
                                   .lang = x.lang,
                                   .dir = dir_of(q, x.lang),
                                   .event = "",
                                   .event_lang = "",
                                   .zone = ini->zone };
    if (!x.occasion)
        return ES_OK;
    rc = es_store_occasion(app->store, ini->id, x.occasion, a, &o, e);
    if (rc == ES_OK && o.state == ES_OCCASION_PUBLISHED) {
        out->event = o.title;
        out->event_lang = o.lang;
        out->event_ms = o.starts_ms;
        out->zone = o.zone;
    }
    return rc == ES_ENOENT ? ES_OK : rc; /* a draft that was taken away */
}

static struct es_url shot_url(const struct es_req *q,
                              const struct es_initiative *ini, int64_t id)
{
    return es_url_path(es_req_arena(q), "/e/%s/exhibition/%lld", ini->slug,
                       (long long)id);
}

static enum es_code shot(const struct es_req *q,
                         const struct es_initiative *ini,
                         const struct es_picture *p, struct es_view_shot *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *terms = es_licence_address((enum es_licence)p->licence);
    struct es_media *v;
    const char *set = "";
    size_t n;
    enum es_code rc = es_store_media_sizes(es_web_of(q)->app->store, ini->id,
                                           p->id, a, &v, &n, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; set && i < n; i++)
        set = es_arena_fmt(a, "%s%s/e/%s/media/%lld %dw", set, i ? ", " : "",
                           ini->slug, (long long)v[i].id, (int)v[i].width);
    *out = (struct es_view_shot){
        .url = shot_url(q, ini, p->id),
        .set = set ? set : "",
        .w = p->width,
        .h = p->height,
        .alt = p->alt,
        .caption = p->caption,
        .credit = p->credit,
        .taken = p->taken,
        .place = p->place,
        .warning = p->warning,
        .licence =
            es_words_licence(es_web_lang(q, NULL), (enum es_licence)p->licence),
    };
    if (n)
        out->src =
            es_url_path(a, "/e/%s/media/%lld", ini->slug, (long long)v[0].id);
    if (terms)
        (void)es_url_foreign(a, terms, &out->terms);
    return ES_OK;
}

static struct es_url edit_url(const struct es_req *q,
                              const struct es_initiative *ini, int64_t id)
{
    if (!es_web_may(q, ES_MAY_EDIT, ini->id))
        return (struct es_url){ NULL };
    return id ? es_url_path(es_req_arena(q), "/organise/e/%s/exhibition/%lld",
                            ini->slug, (long long)id)
              : es_url_path(es_req_arena(q), "/organise/e/%s/exhibition",
                            ini->slug);
}

/* ---- the wall ---- */

enum es_code es_web_picture_named(const struct es_req *q, int64_t initiative,
                                  const char *query, struct es_picture *out,
                                  struct es_err *e)
{
    const char *s = es_req_query(q, query);
    int64_t id;
    *out = (struct es_picture){ 0 };
    if (!s || !es_num_i64(es_bytes_str(s), 1, INT64_MAX, &id))
        return ES_OK;
    enum es_code rc = es_store_picture(es_web_of(q)->app->store, initiative, id,
                                       es_req_arena(q), out, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

static void reverse(struct es_picture *v, size_t n)
{
    for (size_t i = 0; i + 1 < n - i; i++) {
        struct es_picture p = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = p;
    }
}

/* A page of the wall: those behind ?after=, those before ?before=, or the
 * first; and whether there are others on both sides. */
struct wall {
    struct es_picture *v;
    size_t n;
    bool before, behind;
};

static enum es_code wall_of(const struct es_req *q,
                            const struct es_initiative *ini, struct wall *w,
                            struct es_err *e)
{
    struct es_picture after, before;
    struct es_pictures_ask ask = { .initiative = ini->id, .max = ES_WALL + 1 };
    enum es_code rc = es_web_picture_named(q, ini->id, "after", &after, e);
    if (rc == ES_OK)
        rc = es_web_picture_named(q, ini->id, "before", &before, e);
    if (rc != ES_OK)
        return rc;
    ask.backwards = before.id != 0;
    ask.from = ask.backwards ? before.rank : after.rank;
    rc = es_store_pictures(es_web_of(q)->app->store, &ask, es_req_arena(q),
                           &w->v, &w->n, e);
    if (rc != ES_OK)
        return rc;
    bool more = w->n > ES_WALL;
    w->n = more ? ES_WALL : w->n;
    if (ask.backwards)
        reverse(w->v, w->n);
    w->before = ask.backwards ? more : after.id != 0;
    w->behind = ask.backwards || more;
    return ES_OK;
}

/* This page, in one of both ways; `which` "" is the first. */
static struct es_url wall_url(const struct es_req *q,
                              const struct es_initiative *ini,
                              const char *which, int64_t id, bool one_by_one)
{
    struct es_arena *a = es_req_arena(q);
    const char *s =
        *which ? es_arena_fmt(a, "/e/%s/exhibition?%s=%lld%s", ini->slug, which,
                              (long long)id, one_by_one ? "&view=one" : "")
               : es_arena_fmt(a, "/e/%s/exhibition%s", ini->slug,
                              one_by_one ? "?view=one" : "");
    return s ? es_url_fixed(s) : (struct es_url){ NULL };
}

static void wall_links(const struct es_req *q, const struct es_initiative *ini,
                       const struct wall *w, struct es_view_exhibition *v)
{
    const char *after = es_req_query(q, "after");
    const char *before = es_req_query(q, "before");
    const char *which = before ? "before" : after ? "after" : "";
    int64_t id = 0;
    bool one = v->one_by_one;
    if (*which &&
        !es_num_i64(es_bytes_str(before ? before : after), 1, INT64_MAX, &id))
        which = "";
    v->grid = wall_url(q, ini, which, id, false);
    v->strip = wall_url(q, ini, which, id, true);
    if (w->before) {
        v->first = wall_url(q, ini, "", 0, one);
        if (w->n)
            v->previous = wall_url(q, ini, "before", w->v[0].id, one);
    }
    if (w->behind && w->n)
        v->next = wall_url(q, ini, "after", w->v[w->n - 1].id, one);
    if (w->n)
        v->play = es_url_path(es_req_arena(q), "/e/%s/exhibition/%lld?play=1",
                              ini->slug, (long long)w->v[0].id);
}

enum es_code es_web_exhibition_link(const struct es_req *q,
                                    const struct es_initiative *ini,
                                    struct es_url *out, struct es_err *e)
{
    struct es_pictures_ask ask = { .initiative = ini->id, .max = 1 };
    struct es_picture *v;
    size_t n;
    enum es_code rc = es_store_pictures(es_web_of(q)->app->store, &ask,
                                        es_req_arena(q), &v, &n, e);
    if (rc == ES_OK && n)
        *out = es_url_path(es_req_arena(q), "/e/%s/exhibition", ini->slug);
    return rc;
}

/* GET /e/{slug}/exhibition. 404 as long as nothing is shown. */
static enum es_code exhibition(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_pictures_sum sum;
    struct es_view_exhibition v = { 0 };
    struct wall w;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = es_store_pictures_sum(es_web_of(q)->app->store, ini.id, &sum, e);
    if (rc == ES_ENOENT || (rc == ES_OK && !sum.shown))
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = wall_of(q, &ini, &w, e);
    if (rc == ES_OK)
        rc = above(q, &ini, &v.above, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_shot *shots = es_arena_array(a, w.n, sizeof *shots);
    const char *view = es_req_query(q, "view");
    if (!shots)
        return es_fail(e, ES_ENOMEM, 0, "pictures");
    for (size_t i = 0; rc == ES_OK && i < w.n; i++)
        rc = shot(q, &ini, &w.v[i], &shots[i], e);
    if (rc != ES_OK)
        return rc;
    v.frame = es_web_frame(q, &ini);
    v.shots = shots;
    v.n = w.n;
    v.total = sum.shown;
    v.one_by_one = view && strcmp(view, "one") == 0;
    v.edit = edit_url(q, &ini, 0);
    wall_links(q, &ini, &w, &v);
    struct es_out o = es_web_page(q, out);
    es_page_exhibition(&o, &v);
    return ES_OK;
}

/* ---- one picture ---- */

/* The one next to it; id 0: there is none. */
static enum es_code beside(const struct es_req *q, const struct es_picture *p,
                           bool backwards, struct es_picture *out,
                           struct es_err *e)
{
    struct es_pictures_ask ask = { .initiative = p->initiative,
                                   .backwards = backwards,
                                   .from = p->rank,
                                   .max = 1 };
    struct es_picture *v;
    size_t n;
    enum es_code rc = es_store_pictures(es_web_of(q)->app->store, &ask,
                                        es_req_arena(q), &v, &n, e);
    *out = rc == ES_OK && n ? v[0] : (struct es_picture){ 0 };
    return rc;
}

/* The slide show needs no script: the answer itself says what comes after it,
 * and when. It ends at the last. */
static void play(const struct es_req *q, struct es_resp *out,
                 const struct es_initiative *ini, const struct es_picture *next,
                 struct es_view_picture *v, int64_t id)
{
    struct es_arena *a = es_req_arena(q);
    if (!es_req_query(q, "play")) {
        if (next->id)
            v->play = es_url_path(a, "/e/%s/exhibition/%lld?play=1", ini->slug,
                                  (long long)id);
        return;
    }
    v->pause = shot_url(q, ini, id);
    const char *to =
        next->id ? es_arena_fmt(a, "/e/%s/exhibition/%" PRId64 "?play=1",
                                ini->slug, next->id)
                 : NULL;
    const char *refresh =
        to ? es_arena_fmt(a, "%d; url=%s", PLAY_S, es_web_keep_lang(q, to))
           : NULL;
    if (refresh)
        es_resp_header(out, "Refresh", refresh);
}

static enum es_code find(const struct es_req *q, struct es_initiative *ini,
                         struct es_picture *p, struct es_err *e)
{
    int64_t id;
    enum es_code rc = es_web_initiative(q, ini, e);
    if (rc == ES_OK && !es_req_i64(q, "picture", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no number");
    if (rc == ES_OK)
        rc = es_store_picture(es_web_of(q)->app->store, ini->id, id,
                              es_req_arena(q), p, e);
    if (rc == ES_OK && p->state != ES_PICTURE_SHOWN)
        rc = es_fail(e, ES_ENOENT, 0, "a draft");
    return rc;
}

static enum es_code places(const struct es_req *q, const struct es_picture *p,
                           struct es_view_picture *v, struct es_err *e)
{
    struct es_store *s = es_web_of(q)->app->store;
    struct es_pictures_sum sum;
    enum es_code rc =
        es_store_picture_place(s, p->initiative, p->rank, &v->at, e);
    if (rc == ES_OK)
        rc = es_store_pictures_sum(s, p->initiative, &sum, e);
    if (rc == ES_OK)
        v->total = sum.shown;
    return rc;
}

/* GET /e/{slug}/exhibition/{picture}; with ?play= the slide show. */
static enum es_code picture(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_initiative ini;
    struct es_picture p, previous, next;
    struct es_view_picture v = { 0 };
    enum es_code rc = find(q, &ini, &p, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = above(q, &ini, &v.above, e);
    if (rc == ES_OK)
        rc = shot(q, &ini, &p, &v.shot, e);
    if (rc == ES_OK)
        rc = places(q, &p, &v, e);
    if (rc == ES_OK)
        rc = beside(q, &p, true, &previous, e);
    if (rc == ES_OK)
        rc = beside(q, &p, false, &next, e);
    if (rc != ES_OK)
        return rc;
    v.frame = es_web_frame(q, &ini);
    v.all = es_url_path(es_req_arena(q), "/e/%s/exhibition", ini.slug);
    if (previous.id)
        v.previous = shot_url(q, &ini, previous.id);
    if (next.id)
        v.next = shot_url(q, &ini, next.id);
    v.edit = edit_url(q, &ini, p.id);
    play(q, out, &ini, &next, &v, p.id);
    struct es_out o = es_web_page(q, out);
    es_page_exhibition_picture(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/exhibition", ES_BODY_NONE, ES_WEB_PAGE, exhibition },
    { ES_GET, "/e/{slug}/exhibition/{picture}", ES_BODY_NONE, ES_WEB_PAGE,
      picture },
};
const struct es_routes ES_ROUTES_EXHIBITION = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
