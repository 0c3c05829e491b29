/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is published, for programs: Atom (RFC 4287) and JSON Feed 1.1. Each
 * language of a release is an entry, with links to the others; ?lang= leaves
 * only one language. Nobody is known here: no cookie is read. */
#include "auth/secret.h"
#include "base/json.h"
#include "html/markdown.h"
#include "initiative/texts.h"
#include "web/press.h"

#include <string.h>

struct item {
    const struct es_release *r;
    const struct es_release_text *t;
    const struct es_release_read *all;
    int64_t updated_ms;
    const char *id;
    struct es_url url;
};

struct feed {
    const struct es_req *q;
    struct es_initiative ini;
    const char *lang; /* NULL: all of them */
    const char *title, *title_lang;
    struct es_url home, self;
    struct item v[ES_FEED_MAX];
    size_t n;
    int64_t updated_ms;
};

/* A name that stays when the address changes (RFC 4151). */
static const char *tag_uri(const struct feed *f, const char *tail)
{
    const char *host = strstr(es_web_of(f->q)->origin, "://");
    struct es_date d = es_date_of(f->ini.created_ms);
    host = host ? host + 3 : "localhost";
    const char *s =
        es_arena_fmt(es_req_arena(f->q), "tag:%.*s,%04d-%02d-%02d:%lld/press%s",
                     (int)strcspn(host, ":/"), host, d.year, d.month, d.day,
                     (long long)f->ini.id, tail);
    return s ? s : "";
}

static struct es_url whole(const struct feed *f, struct es_url path)
{
    return es_url_absolute(es_req_arena(f->q), es_web_of(f->q)->origin, path);
}

static void add_item(struct feed *f, const struct es_release_read *r,
                     const struct es_release_text *t)
{
    const char *tail = es_arena_fmt(es_req_arena(f->q), "/%lld/%s",
                                    (long long)r->r.id, t->lang);
    struct item *it = &f->v[f->n++];
    *it = (struct item){
        .r = &r->r,
        .t = t,
        .all = r,
        .updated_ms =
            t->approved_ms > r->r.publish_ms ? t->approved_ms : r->r.publish_ms,
        .id = tag_uri(f, tail ? tail : ""),
        .url =
            whole(f, es_web_release_url(f->q, f->ini.slug, r->r.id, t->lang)),
    };
    if (it->updated_ms > f->updated_ms)
        f->updated_ms = it->updated_ms;
}

static enum es_code items_of(struct feed *f, struct es_err *e)
{
    struct es_app *app = es_web_of(f->q)->app;
    struct es_arena *a = es_req_arena(f->q);
    int64_t now = es_time_now_ms();
    struct es_release *all;
    size_t n = 0;
    enum es_code rc = es_store_releases_public(app->store, f->ini.id, now, 0, 0,
                                               ES_FEED_MAX, a, &all, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n && f->n < ES_FEED_MAX; i++) {
        struct es_release_read *r = es_arena_alloc(a, sizeof *r);
        rc = r ? es_release_public(app, f->ini.id, all[i].id, now, a, r, e)
               : es_fail(e, ES_ENOMEM, 0, "feed");
        for (size_t k = 0; rc == ES_OK && k < r->n && f->n < ES_FEED_MAX; k++)
            if (!f->lang || strcmp(f->lang, r->v[k].lang) == 0)
                add_item(f, r, &r->v[k]);
        if (rc == ES_ENOENT) /* taken back in this moment */
            rc = ES_OK;
    }
    return rc;
}

static enum es_code feed_of(const struct es_req *q, const char *name,
                            struct feed **out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct feed *f = es_arena_alloc(a, sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "feed");
    f->q = q;
    f->lang = es_req_query(q, "lang");
    enum es_code rc = es_web_initiative(q, &f->ini, e);
    if (rc != ES_OK)
        return rc;
    struct es_told told =
        es_texts_told(&f->ini, f->lang ? f->lang : f->ini.lang, a);
    f->title = told.title;
    f->title_lang = told.title_lang;
    f->updated_ms = f->ini.created_ms;
    f->home = whole(f, es_url_path(a, "/e/%s/press", f->ini.slug));
    f->self =
        whole(f, f->lang ? es_url_path(a, "/e/%s/press.%s?lang=%s", f->ini.slug,
                                       name, f->lang)
                         : es_url_path(a, "/e/%s/press.%s", f->ini.slug, name));
    *out = f;
    return items_of(f, e);
}

/* What a reader shows: the whole of it, as our page has it. */
static void write_body(struct es_buf *b, const struct feed *f,
                       const struct item *it)
{
    const struct es_lang *l = es_lang_of(it->t->lang);
    struct es_out o = es_out_of(b, l ? l : es_lang_at(0));
    const char *line =
        es_web_dateline(f->q, f->ini.zone, it->t, it->r->publish_ms);
    es_buf_fmt(b, "<div lang=\"%s\" dir=\"%s\"><p><strong>", it->t->lang,
               es_web_spoken_dir(it->t->lang));
    es_out_str(&o, line);
    es_buf_str(b, "</strong></p>");
    es_out_prose(&o, es_prose(it->t->body, 1));
    es_out_paras(&o, es_paras(it->t->contact));
    es_buf_str(b, "</div>");
}

/* By what is in it: who has the same gets nothing once more. An embargo ends
 * on time for who asks us; a copy on the way may be a minute old. */
static enum es_code send(const struct feed *f, struct es_resp *out,
                         const char *type)
{
    char tag[ES_SHA256_TEXT];
    struct es_buf *b = es_resp_body(out);
    es_sha256_text(es_buf_bytes(b), tag);
    es_resp_type(out, type);
    es_resp_cache(out, "public, max-age=60");
    if (es_resp_fresh(f->q, out, tag))
        es_buf_clear(b);
    return ES_OK;
}

/* ---- Atom ---- */

static void element(struct es_out *o, const char *name, const char *text)
{
    es_buf_fmt(o->buf, "<%s>", name);
    es_out_str(o, text);
    es_buf_fmt(o->buf, "</%s>\n", name);
}

static void moment(struct es_out *o, const char *name, int64_t t_ms)
{
    char text[ES_TIME_TEXT];
    element(o, name, es_time_text(t_ms, text));
}

static void link_to(struct es_out *o, const char *rel, const char *type,
                    const char *lang, struct es_url url)
{
    es_buf_fmt(o->buf, "<link rel=\"%s\" type=\"%s\"", rel, type);
    if (lang)
        es_buf_fmt(o->buf, " hreflang=\"%s\"", lang);
    es_buf_str(o->buf, " href=\"");
    es_out_url_text(o, url);
    es_buf_str(o->buf, "\"/>\n");
}

static void atom_entry(struct es_out *o, const struct feed *f,
                       const struct item *it)
{
    struct es_buf body;
    es_buf_fmt(o->buf, "<entry xml:lang=\"%s\">\n", it->t->lang);
    element(o, "id", it->id);
    element(o, "title", it->t->title);
    moment(o, "published", it->r->publish_ms);
    moment(o, "updated", it->updated_ms);
    link_to(o, "alternate", "text/html", it->t->lang, it->url);
    for (size_t i = 0; i < it->all->n; i++)
        if (&it->all->v[i] != it->t)
            link_to(o, "related", "text/html", it->all->v[i].lang,
                    whole(f, es_web_release_url(f->q, f->ini.slug, it->r->id,
                                                it->all->v[i].lang)));
    es_buf_init(&body, ES_RESP_MAX);
    write_body(&body, f, it);
    es_buf_str(o->buf, "<content type=\"html\">");
    es_out_bytes(o, es_buf_bytes(&body));
    es_buf_str(o->buf, "</content>\n</entry>\n");
    o->buf->bad |= body.bad;
    es_buf_release(&body);
}

/* GET /e/{slug}/press.atom */
static enum es_code atom(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct feed *f;
    enum es_code rc = feed_of(q, "atom", &f, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_out_of(es_resp_body(out), es_lang_at(0));
    es_buf_str(o.buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<feed xmlns=\"http://www.w3.org/2005/Atom\"");
    es_buf_fmt(o.buf, " xml:lang=\"%s\">\n", f->title_lang);
    element(&o, "id", tag_uri(f, ""));
    element(&o, "title", f->title);
    moment(&o, "updated", f->updated_ms);
    es_buf_str(o.buf, "<author>");
    element(&o, "name", *f->ini.holder ? f->ini.holder : f->title);
    es_buf_str(o.buf, "</author>\n");
    link_to(&o, "self", "application/atom+xml", NULL, f->self);
    link_to(&o, "alternate", "text/html", NULL, f->home);
    for (size_t i = 0; i < f->n; i++)
        atom_entry(&o, f, &f->v[i]);
    es_buf_str(o.buf, "</feed>\n");
    return send(f, out, "application/atom+xml; charset=utf-8");
}

/* ---- JSON Feed ---- */

static const char *address(struct es_url u)
{
    return es_url_is(u) ? u.checked : "";
}

static void json_item(struct es_buf *b, const struct feed *f,
                      const struct item *it)
{
    struct es_buf body, text;
    es_buf_init(&body, ES_RESP_MAX);
    es_buf_init(&text, ES_RESP_MAX);
    write_body(&body, f, it);
    es_markdown_text(&text, it->t->body);
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_s(b, "id", it->id);
    es_buf_json_s(b, "url", address(it->url));
    es_buf_json_s(b, "title", it->t->title);
    es_buf_json_s(b, "language", it->t->lang);
    es_buf_json_s(b, "content_html", es_buf_cstr(&body));
    es_buf_json_s(b, "content_text", es_buf_cstr(&text));
    es_buf_json_t(b, "date_published", it->r->publish_ms);
    es_buf_json_t(b, "date_modified", it->updated_ms);
    es_buf_str(b, "}");
    b->bad |= body.bad || text.bad;
    es_buf_release(&text);
    es_buf_release(&body);
}

/* GET /e/{slug}/press.json */
static enum es_code json(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct feed *f;
    enum es_code rc = feed_of(q, "json", &f, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_s(b, "version", "https://jsonfeed.org/version/1.1");
    es_buf_json_s(b, "title", f->title);
    es_buf_json_s(b, "home_page_url", address(f->home));
    es_buf_json_s(b, "feed_url", address(f->self));
    es_buf_json_s(b, "language", f->title_lang);
    if (*f->ini.holder) {
        es_buf_json_key(b, "authors");
        es_buf_str(b, "[{");
        es_buf_json_s(b, "name", f->ini.holder);
        es_buf_str(b, "}]");
    }
    es_buf_json_key(b, "items");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->n; i++)
        json_item(b, f, &f->v[i]);
    es_buf_str(b, "]");
    es_web_json_end(b);
    return send(f, out, "application/feed+json");
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/press.atom", ES_BODY_NONE, 0, atom },
    { ES_GET, "/e/{slug}/press.json", ES_BODY_NONE, 0, json },
};
const struct es_routes ES_ROUTES_PRESS_FEED = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
