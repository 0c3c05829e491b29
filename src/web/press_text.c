/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A release in one language: written, seen as it will read, approved by
 * somebody else, taken back. */
#include "base/num.h"
#include "base/time.h"
#include "i18n/spoken.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/press.h"

#include <string.h>

#define ROOT "/organise/e/{slug}/press/{release}/{lang}"

enum { TRIES = 3 };

struct page {
    const struct es_req *q;
    struct es_release_read r;
    struct es_release_text t; /* as it is kept; edition 0: not yet */
    struct es_web_edit w;
    struct es_field_errors fe;
};

static bool spoken(const char *tag)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, tag) == 0)
            return true;
    return false;
}

/* ES_ENOENT: no such release, or no such language. */
static enum es_code load(struct page *k, struct es_err *e)
{
    const struct es_req *q = k->q;
    const char *lang = es_req_param(q, "lang");
    int64_t id;
    if (!lang || !spoken(lang) || !es_req_i64(q, "release", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no such text");
    enum es_code rc = es_release_all(es_web_of(q)->app, es_web_who(q)->here.id,
                                     id, es_req_arena(q), &k->r, e);
    if (rc != ES_OK)
        return rc;
    const struct es_release_text *t = es_release_in(&k->r, lang);
    k->t = t ? *t
             : (struct es_release_text){
                   .initiative = es_web_who(q)->here.id,
                   .release = id,
                   .lang = lang,
                   .title = "",
                   .place = "",
                   .body = "",
                   .notes = "",
                   .contact = "",
               };
    k->w.q = q;
    k->w.n = 0;
    k->fe.n = 0;
    es_web_edit_add(&k->w, "title", k->t.title, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "place", k->t.place, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "body", k->t.body, ES_EDIT_LINES);
    es_web_edit_add(&k->w, "notes", k->t.notes, ES_EDIT_LINES);
    es_web_edit_add(&k->w, "contact", k->t.contact, ES_EDIT_LINES);
    return ES_OK;
}

/* What is in the form, as it would be kept. */
static struct es_release_text entered(const struct page *k)
{
    struct es_release_text t = k->t;
    t.title = es_web_edit_kept(&k->w, "title");
    t.place = es_web_edit_kept(&k->w, "place");
    t.body = es_web_edit_kept(&k->w, "body");
    t.notes = es_web_edit_kept(&k->w, "notes");
    t.contact = es_web_edit_kept(&k->w, "contact");
    t.written_by = es_web_who(k->q)->account.id;
    return t;
}

/* ---- showing ---- */

static struct es_url url_of(const struct page *k, const char *then)
{
    struct es_arena *a = es_req_arena(k->q);
    const char *slug = es_web_who(k->q)->here.slug;
    return *then ? es_url_path(a, "/organise/e/%s/press/%lld/%s/%s", slug,
                               (long long)k->r.r.id, k->t.lang, then)
                 : es_url_path(a, "/organise/e/%s/press/%lld/%s", slug,
                               (long long)k->r.r.id, k->t.lang);
}

/* What it can't be approved without. */
static const char *lacks_of(const struct es_req *q,
                            const struct es_release_text *t)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    if (!*t->place)
        return es_t(l, ES_T("The place is missing: it begins the release, "
                            "with the date."));
    if (!*t->body)
        return es_t(l, ES_T("There is no text yet."));
    if (!*t->contact)
        return es_t(l, ES_T("It doesn't say yet whom journalists may ask."));
    return NULL;
}

static enum es_code people(const struct page *k, struct es_view_release_text *v,
                           struct es_err *e)
{
    const struct es_req *q = k->q;
    const struct es_initiative *ini = &es_web_who(q)->here;
    size_t readers = 0;
    enum es_code rc = es_release_readers(es_web_of(q)->app, ini->id,
                                         es_req_arena(q), &readers, e);
    v->alone = readers < 2;
    v->mine = k->t.written_by == es_web_who(q)->account.id;
    v->writer = es_web_account_name(q, k->t.written_by);
    v->approver = es_web_account_name(q, k->t.approved_by);
    if (es_web_may(q, ES_MAY_OWN, ini->id))
        v->invite =
            es_url_path(es_req_arena(q), "/organise/e/%s/staff", ini->slug);
    return rc;
}

static const char *notice_of(const struct page *k)
{
    struct es_initiative by = es_web_who(k->q)->here;
    by.edited_by = k->t.written_by;
    return k->w.clashes ? es_web_edit_notice(&k->w, &by)
                        : es_words_done(es_web_lang(k->q, NULL),
                                        es_req_query(k->q, "done"));
}

static struct es_view_edited field(const struct page *k, const char *name)
{
    return es_web_edit_field(&k->w, name, &k->fe);
}

static void fill(const struct page *k, struct es_view_release_text *v)
{
    struct es_arena *a = es_req_arena(k->q);
    const struct es_initiative *ini = &es_web_who(k->q)->here;
    int64_t at = k->r.r.publish_ms;
    const char *edition = es_arena_fmt(a, "%lld", (long long)k->t.edition);
    struct es_release_text now = entered(k);
    *v = (struct es_view_release_text){
        .frame = es_web_frame(k->q, ini),
        .self = url_of(k, ""),
        .up = es_url_path(a, "/organise/e/%s/press/%lld", ini->slug,
                          (long long)k->r.r.id),
        .approve = url_of(k, "approve"),
        .reopen = url_of(k, "reopen"),
        .remove = url_of(k, "remove"),
        .page = es_web_release_url(k->q, ini->slug, k->r.r.id, k->t.lang),
        .lang = k->t.lang,
        .dir = es_web_spoken_dir(k->t.lang),
        .name = es_web_spoken(k->t.lang),
        .was = es_web_edit_stamp(&k->w),
        .edition = edition ? edition : "",
        .is_new = k->t.edition == 0,
        .approved = k->t.state == ES_RELEASE_APPROVED,
        .public = es_release_is_public(&k->r.r, &k->t, es_time_now_ms()),
        .title = field(k, "title"),
        .place = field(k, "place"),
        .body = field(k, "body"),
        .notes = field(k, "notes"),
        .contact = field(k, "contact"),
        .lacks = lacks_of(k->q, &k->t),
        .written_ms = k->t.written_ms,
        .approved_ms = k->t.approved_ms,
        .zone = ini->zone,
    };
    v->shown = es_web_release_shown(k->q, ini->zone, v->approved ? &k->t : &now,
                                    at > 0 ? at : es_time_now_ms());
    v->frame.here = v->self;
}

static enum es_code show(struct page *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    struct es_view_release_text *v =
        es_arena_alloc(es_req_arena(k->q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "release");
    fill(k, v);
    v->frame.notice = notice_of(k);
    enum es_code rc = people(k, v, e);
    if (rc != ES_OK)
        return rc;
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_release_text(&o, v);
    return ES_OK;
}

static enum es_code begin(const struct es_req *q, struct page **out,
                          struct es_err *e)
{
    struct page *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "release");
    *k = (struct page){ .q = q };
    *out = k;
    return load(k, e);
}

/* GET /organise/e/{slug}/press/{release}/{lang} */
static enum es_code text(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct page *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(k, out, 200, e) : rc;
}

/* ---- keeping ---- */

static enum es_code back(const struct page *k, struct es_resp *out,
                         const char *tail)
{
    const char *path =
        es_arena_fmt(es_req_arena(k->q), "/organise/e/%s/press/%lld%s%s%s",
                     es_web_who(k->q)->here.slug, (long long)k->r.r.id,
                     *tail ? "/" : "", *tail ? k->t.lang : "", tail);
    return es_resp_redirect(out,
                            es_web_keep_lang(k->q, path ? path : "/organise"));
}

static enum es_code changed(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(
        q, out, 409,
        es_t(es_web_lang(q, NULL),
             ES_T("Somebody else has changed it in this moment. Look at it "
                  "again.")));
}

/* POST .../press/{release}/{lang}; with `see` nothing is kept */
static enum es_code keep(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct page *k = NULL;
    enum es_code rc = ES_ECONFLICT;
    for (int i = 0; rc == ES_ECONFLICT && i < TRIES; i++) {
        rc = begin(q, &k, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        if (k->t.state == ES_RELEASE_APPROVED)
            return changed(q, out);
        if (es_web_edit_merge(&k->w))
            return show(k, out, 409, e);
        if (*es_web_given(q, "see"))
            return show(k, out, 200, e);
        struct es_release_text t = entered(k);
        rc = es_release_keep(es_web_of(q)->app, &t, &k->fe, e);
    }
    if (rc == ES_EINVAL)
        return show(k, out, 422, e);
    if (rc == ES_EDENIED || rc == ES_ECONFLICT)
        return changed(q, out);
    return rc == ES_OK ? back(k, out, "?done=kept") : rc;
}

/* ---- deeds ---- */

typedef enum es_code deed_fn(struct es_app *, const struct es_release_deed *,
                             struct es_err *);

/* What was seen, for the deed to be about it. */
static bool deed_of(const struct page *k, struct es_release_deed *d)
{
    *d = (struct es_release_deed){
        .initiative = k->t.initiative,
        .release = k->t.release,
        .account = es_web_who(k->q)->account.id,
        .lang = k->t.lang,
    };
    return es_num_i64(es_bytes_str(es_web_given(k->q, "edition")), 1, INT64_MAX,
                      &d->edition);
}

/* POST .../approve */
static enum es_code approve(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_release_deed d;
    struct page *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (!deed_of(k, &d))
        return es_web_fail(q, out, 400, "");
    rc = es_release_approve(es_web_of(q)->app, &d, &k->fe, e);
    if (rc == ES_EDENIED)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL),
                 ES_T("You changed this text last, so somebody else has to "
                      "read and approve it.")));
    if (rc == ES_ECONFLICT || rc == ES_ENOENT)
        return changed(q, out);
    if (rc == ES_EINVAL)
        return show(k, out, 422, e);
    return rc == ES_OK ? back(k, out, "?done=release_approved") : rc;
}

static enum es_code undo(const struct es_req *q, struct es_resp *out,
                         deed_fn *fn, const char *tail, struct es_err *e)
{
    struct es_release_deed d;
    struct page *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (!deed_of(k, &d))
        return es_web_fail(q, out, 400, "");
    rc = fn(es_web_of(q)->app, &d, e);
    if (rc == ES_ECONFLICT || rc == ES_ENOENT || rc == ES_EDENIED)
        return changed(q, out);
    if (rc == ES_OK && !*tail && k->r.n == 1) { /* the last one */
        const char *path =
            es_arena_fmt(es_req_arena(q), "/organise/e/%s/press?done=kept",
                         es_web_who(q)->here.slug);
        return es_resp_redirect(out,
                                es_web_keep_lang(q, path ? path : "/organise"));
    }
    return rc == ES_OK ? back(k, out, tail) : rc;
}

/* POST .../reopen */
static enum es_code reopen(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    return undo(q, out, es_release_reopen, "?done=release_reopened", e);
}

/* POST .../remove */
static enum es_code drop(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    return undo(q, out, es_release_remove, "", e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, text },
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, keep },
    { ES_POST, ROOT "/approve", ES_BODY_FORM, ES_WEB_FORM, approve },
    { ES_POST, ROOT "/reopen", ES_BODY_FORM, ES_WEB_FORM, reopen },
    { ES_POST, ROOT "/remove", ES_BODY_FORM, ES_WEB_FORM, drop },
};
const struct es_routes ES_ROUTES_PRESS_TEXT = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
