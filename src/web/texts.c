/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an initiative says: its title, address and purpose, in one language and
 * in others beside it. */
#include "initiative/texts.h"

#include "base/utf8.h"
#include "initiative/making.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/views_edit.h"

#include <math.h>
#include <string.h>

enum { TRIES = 3, SAVE_MAX = ES_TEXTS_LANGS * (ES_PROSE_MAX + 4096) };

struct page {
    const struct es_req *q;
    struct es_initiative ini; /* as it is kept now */
    struct es_texts texts;
    struct es_web_edit w;
    struct es_field_errors fe;
    const char *suggested;
};

/* The name of a text's input in another language: "title_ur". */
static const char *named(const struct page *k, const char *what,
                         const char *lang)
{
    const char *s = es_arena_fmt(es_req_arena(k->q), "%s_%s", what, lang);
    return s ? s : what;
}

static bool is_own(const struct page *k, size_t i)
{
    return strcmp(es_lang_at(i)->tag, k->ini.lang) == 0;
}

/* What is kept now, and all inputs with it. */
static enum es_code load(struct page *k, struct es_err *e)
{
    static const struct es_text NONE = { "", "", "", "" };
    struct es_arena *a = es_req_arena(k->q);
    enum es_code rc = es_store_initiative_by_id(
        es_web_of(k->q)->app->store, es_web_who(k->q)->here.id, a, &k->ini, e);
    if (rc == ES_OK)
        rc = es_texts_read(k->ini.texts, a, &k->texts, e);
    if (rc != ES_OK)
        return rc;
    k->w.q = k->q;
    k->w.n = 0;
    k->fe.n = 0;
    k->suggested = "";
    es_web_edit_add(&k->w, "title", k->ini.title, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "slug", k->ini.slug, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "holder", k->ini.holder, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "contact", k->ini.contact, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "purpose", k->ini.purpose, ES_EDIT_LINES);
    for (size_t i = 0; i < ES_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        const struct es_text *t = es_texts_in(&k->texts, tag);
        if (is_own(k, i))
            continue;
        t = t ? t : &NONE;
        es_web_edit_add(&k->w, named(k, "title", tag), t->title, ES_EDIT_LINE);
        es_web_edit_add(&k->w, named(k, "holder", tag), t->holder,
                        ES_EDIT_LINE);
        es_web_edit_add(&k->w, named(k, "purpose", tag), t->purpose,
                        ES_EDIT_LINES);
    }
    return ES_OK;
}

/* ---- showing ---- */

static struct es_view_edited field(const struct page *k, const char *name)
{
    return es_web_edit_field(&k->w, name, &k->fe);
}

static struct es_view_texts *view(struct page *k)
{
    struct es_arena *a = es_req_arena(k->q);
    const struct es_lang *own = es_lang_of(k->ini.lang);
    struct es_view_texts *v = es_arena_alloc(a, sizeof *v);
    const char *address =
        es_arena_fmt(a, "%s/e/%s", es_web_of(k->q)->origin, k->ini.slug);
    if (!v)
        return NULL;
    *v = (struct es_view_texts){
        .frame = es_web_frame(k->q, &k->ini),
        .action = es_url_path(a, "/organise/e/%s/page", k->ini.slug),
        .was = es_web_edit_stamp(&k->w),
        .n_errors = k->fe.n,
        .lang = k->ini.lang,
        .lang_name = own ? own->name : k->ini.lang,
        .address = address ? address : "",
        .title = field(k, "title"),
        .slug = field(k, "slug"),
        .holder = field(k, "holder"),
        .contact = field(k, "contact"),
        .purpose = field(k, "purpose"),
    };
    if (*k->suggested)
        v->slug.value = k->suggested;
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        if (is_own(k, i))
            continue;
        v->others[v->n_others++] = (struct es_view_text){
            .lang = l->tag,
            .dir = l->dir,
            .name = l->name,
            .names = { named(k, "title", l->tag), named(k, "holder", l->tag),
                       named(k, "purpose", l->tag) },
            .title = field(k, named(k, "title", l->tag)),
            .holder = field(k, named(k, "holder", l->tag)),
            .purpose = field(k, named(k, "purpose", l->tag)),
        };
    }
    return v;
}

static enum es_code show(struct page *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    struct es_view_texts *v = view(k);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "texts");
    if (k->w.clashes)
        v->frame.notice = es_web_edit_notice(&k->w, &k->ini);
    else
        v->frame.notice =
            es_words_done(es_web_lang(k->q, NULL), es_req_query(k->q, "done"));
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_texts(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/page */
static enum es_code texts(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct page *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "texts");
    *k = (struct page){ .q = q };
    enum es_code rc = load(k, e);
    return rc == ES_OK ? show(k, out, 200, e) : rc;
}

/* ---- keeping ---- */

static void too_long(struct page *k, const char *name, size_t max)
{
    if (es_utf8_count(es_bytes_str(es_web_edit_kept(&k->w, name))) > max)
        es_field_errors_add(&k->fe, name, "too_long", (double)max);
}

static void check_purpose(struct page *k, const char *name)
{
    if (strlen(es_web_edit_kept(&k->w, name)) > ES_PROSE_MAX)
        es_field_errors_add(&k->fe, name, "too_long", ES_PROSE_MAX);
}

static enum es_code check_slug(struct page *k, struct es_err *e)
{
    struct es_app *app = es_web_of(k->q)->app;
    struct es_arena *a = es_req_arena(k->q);
    const char *slug = es_web_edit_kept(&k->w, "slug");
    int year = es_zone_date(k->ini.zone, k->ini.opens_ms).year;
    bool is_free = true;
    bool ok = es_slug_ok(slug);
    enum es_code rc =
        ok ? es_slug_free(app, slug, k->ini.id, &is_free, e) : ES_OK;
    if (rc != ES_OK || (ok && is_free))
        return rc;
    if (ok)
        es_field_errors_add(&k->fe, "slug", "taken", NAN);
    else
        es_field_errors_add(&k->fe, "slug", "invalid", NAN);
    const char *wish = ok ? slug : es_text_slug(a, slug, ES_NAME_MAX);
    return es_slug_suggest(app, wish, year, a, &k->suggested, e);
}

static enum es_code check(struct page *k, struct es_err *e)
{
    too_long(k, "title", ES_TITLE_MAX);
    too_long(k, "holder", ES_FACE_LABEL);
    too_long(k, "contact", ES_FACE_LABEL);
    check_purpose(k, "purpose");
    if (!*es_web_edit_kept(&k->w, "title"))
        es_field_errors_add(&k->fe, "title", "required", NAN);
    for (size_t i = 0; i < ES_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        if (is_own(k, i))
            continue;
        too_long(k, named(k, "title", tag), ES_TITLE_MAX);
        too_long(k, named(k, "holder", tag), ES_FACE_LABEL);
        check_purpose(k, named(k, "purpose", tag));
    }
    return check_slug(k, e);
}

/* The texts in all other languages as JSON: those of the form, and those of
 * languages that the form doesn't show. */
static const char *texts_json(struct page *k)
{
    struct es_buf b;
    struct es_texts t = { .n = 0 };
    for (size_t i = 0; i < k->texts.n; i++)
        if (!es_lang_of(k->texts.v[i].lang))
            t.v[t.n++] = k->texts.v[i];
    for (size_t i = 0; i < ES_LANGS && t.n < ES_TEXTS_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        if (!is_own(k, i))
            t.v[t.n++] = (struct es_text){
                tag,
                es_web_edit_kept(&k->w, named(k, "title", tag)),
                es_web_edit_kept(&k->w, named(k, "purpose", tag)),
                es_web_edit_kept(&k->w, named(k, "holder", tag)),
            };
    }
    es_buf_init(&b, SAVE_MAX);
    es_texts_write(&t, &b);
    const char *json =
        b.bad ? NULL : es_arena_str(es_req_arena(k->q), es_buf_cstr(&b));
    es_buf_release(&b);
    return json;
}

static enum es_code save(struct page *k, struct es_err *e)
{
    struct es_initiative now = k->ini;
    now.title = es_web_edit_kept(&k->w, "title");
    now.slug = es_web_edit_kept(&k->w, "slug");
    now.holder = es_web_edit_kept(&k->w, "holder");
    now.contact = es_web_edit_kept(&k->w, "contact");
    now.purpose = es_web_edit_kept(&k->w, "purpose");
    now.texts = texts_json(k);
    now.edited_by = es_web_who(k->q)->account.id;
    now.edited_ms = es_time_now_ms();
    if (!now.texts)
        return es_fail(e, ES_ENOMEM, 0, "texts");
    enum es_code rc = es_initiative_save(es_web_of(k->q)->app, &now, e);
    if (rc == ES_OK)
        k->ini.slug = now.slug;
    return rc;
}

/* POST /organise/e/{slug}/page */
static enum es_code texts_keep(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct page *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = ES_ECONFLICT;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "texts");
    /* who comes in between is seen on the next turn */
    for (int i = 0; rc == ES_ECONFLICT && i < TRIES; i++) {
        *k = (struct page){ .q = q };
        rc = load(k, e);
        if (rc == ES_OK && es_web_edit_merge(&k->w))
            return show(k, out, 409, e);
        if (rc == ES_OK)
            rc = check(k, e);
        if (rc == ES_OK && k->fe.n)
            return show(k, out, 422, e);
        if (rc == ES_OK)
            rc = save(k, e);
    }
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/page?done=kept", k->ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/page", ES_BODY_NONE, ES_WEB_PAGE, texts },
    { ES_POST, "/organise/e/{slug}/page", ES_BODY_FORM, ES_WEB_FORM,
      texts_keep },
};
const struct es_routes ES_ROUTES_TEXTS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
