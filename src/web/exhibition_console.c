/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hanging pictures: many are brought at once, each gets its words, and their
 * order is made. */
#include "web/exhibition_int.h"

#include "base/num.h"
#include "i18n/spoken.h"
#include "programme/occasion.h"
#include "store/programme.h"
#include "web/edited.h"
#include "web/pages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/exhibition"
enum { OCCASIONS = 200 }; /* to choose among: those of a large programme */

struct hang {
    const struct es_req *q;
    struct es_initiative ini;
    struct es_exhibition x;
    struct es_picture p; /* of pages about one */
    struct es_web_edit w;
    struct es_field_errors fe;
    struct es_view_refused refused[ES_PARTS_MAX];
    size_t n_refused, taken;
};

static enum es_code begin(const struct es_req *q, struct hang **out,
                          struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct hang *k = es_arena_alloc(a, sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "exhibition");
    *k = (struct hang){ .q = q, .w.q = q };
    enum es_code rc = es_store_initiative_by_id(
        app->store, es_web_who(q)->here.id, a, &k->ini, e);
    if (rc == ES_OK)
        rc = es_exhibition(app, &k->ini, a, &k->x, e);
    *out = k;
    return rc;
}

/* The picture of {picture}; ES_ENOENT. */
static enum es_code begin_one(const struct es_req *q, struct hang **out,
                              struct es_err *e)
{
    int64_t id;
    enum es_code rc = begin(q, out, e);
    if (rc == ES_OK && !es_req_i64(q, "picture", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no number");
    return rc == ES_OK
               ? es_store_picture(es_web_of(q)->app->store, (*out)->ini.id, id,
                                  es_req_arena(q), &(*out)->p, e)
               : rc;
}

static struct es_url self(const struct hang *k)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/exhibition",
                       k->ini.slug);
}

static struct es_url one(const struct hang *k, int64_t id)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/exhibition/%lld",
                       k->ini.slug, (long long)id);
}

static struct es_url one_of(const struct hang *k, int64_t id, const char *what)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/exhibition/%lld/%s",
                       k->ini.slug, (long long)id, what);
}

static enum es_code back(const struct hang *k, struct es_resp *out,
                         const char *query)
{
    const char *s =
        es_arena_fmt(es_req_arena(k->q), "%s%s", self(k).checked, query);
    return es_resp_redirect(out, es_web_keep_lang(k->q, s ? s : "/organise"));
}

/* As it is shown: somebody's words, and who wrote meanwhile. */
static const char *notice(const struct hang *k, int64_t edited_by)
{
    struct es_initiative by = k->ini;
    by.edited_by = edited_by;
    return k->w.clashes ? es_web_edit_notice(&k->w, &by)
                        : es_words_done(es_web_lang(k->q, NULL),
                                        es_req_query(k->q, "done"));
}

/* ---- the list ---- */

static enum es_code rows(const struct hang *k, struct es_view_hanging *v,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_picture after, *p;
    struct es_pictures_ask ask = { .initiative = k->ini.id,
                                   .drafts = true,
                                   .max = ES_WALL + 1 };
    enum es_code rc = es_web_picture_named(k->q, k->ini.id, "after", &after, e);
    ask.from = after.rank;
    if (rc == ES_OK)
        rc = es_store_pictures(es_web_of(k->q)->app->store, &ask, a, &p, &v->n,
                               e);
    if (rc != ES_OK)
        return rc;
    bool more = v->n > ES_WALL;
    v->n = more ? ES_WALL : v->n;
    struct es_view_hung *out = es_arena_array(a, v->n, sizeof *out);
    if (!out)
        return es_fail(e, ES_ENOMEM, 0, "pictures");
    for (size_t i = 0; i < v->n; i++) {
        const char *id = es_arena_fmt(a, "%" PRId64, p[i].id);
        out[i] = (struct es_view_hung){
            .edit = one(k, p[i].id),
            .src = one_of(k, p[i].id, "file"),
            .move = one_of(k, p[i].id, "move"),
            .w = p[i].width,
            .h = p[i].height,
            .id = id ? id : "",
            .alt = p[i].alt,
            .caption = p[i].caption,
            .name = p[i].name,
            .shown = p[i].state == ES_PICTURE_SHOWN,
            .warned = *p[i].warning,
            .first = i == 0 && !after.id,
            .last = i + 1 == v->n && !more,
        };
    }
    v->rows = out;
    if (after.id)
        v->begin = self(k);
    v->after = after.id ? es_arena_fmt(a, "%" PRId64, after.id) : "";
    if (more)
        v->next = es_url_path(a, "/organise/e/%s/exhibition?after=%lld",
                              k->ini.slug, (long long)p[v->n - 1].id);
    return ES_OK;
}

static void langs(const struct hang *k, struct es_view_hanging *v)
{
    struct es_view_choice *c =
        es_arena_array(es_req_arena(k->q), es_spoken_n, sizeof *c);
    for (size_t i = 0; c && i < es_spoken_n; i++)
        c[i] = (struct es_view_choice){
            .value = es_spoken[i].tag,
            .label = es_spoken[i].name,
            .chosen = strcmp(es_spoken[i].tag, v->lang.value) == 0,
        };
    v->langs = c;
    v->n_langs = c ? es_spoken_n : 0;
}

static enum es_code occasions(const struct hang *k, struct es_view_hanging *v,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_occasions_ask ask = { .initiative = k->ini.id,
                                    .which = ES_OCCASIONS_ALL,
                                    .drafts = true,
                                    .max = OCCASIONS };
    struct es_occasion *o;
    size_t n;
    enum es_code rc =
        es_store_occasions(es_web_of(k->q)->app->store, &ask, a, &o, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_choice *c = es_arena_array(a, n, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "events");
    for (size_t i = 0; i < n; i++) {
        const char *id = es_arena_fmt(a, "%" PRId64, o[i].id);
        c[i] = (struct es_view_choice){
            .value = id ? id : "",
            .label = o[i].title,
            .chosen = id && strcmp(id, v->occasion.value) == 0,
        };
    }
    v->occasions = c;
    v->n_occasions = n;
    return ES_OK;
}

static const char *occasion_now(const struct hang *k)
{
    const char *s = k->x.occasion ? es_arena_fmt(es_req_arena(k->q), "%" PRId64,
                                                 k->x.occasion)
                                  : "";
    return s ? s : "";
}

static void add_words(struct hang *k)
{
    k->w.n = 0;
    es_web_edit_add(&k->w, "title", k->x.title, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "about", k->x.about, ES_EDIT_LINES);
    es_web_edit_add(&k->w, "lang", k->x.lang, ES_EDIT_AS_IT_IS);
    es_web_edit_add(&k->w, "occasion", occasion_now(k), ES_EDIT_AS_IT_IS);
}

static enum es_code sums(const struct hang *k, struct es_view_hanging *v,
                         struct es_err *e)
{
    struct es_store *s = es_web_of(k->q)->app->store;
    struct es_pictures_sum sum;
    struct es_picture p;
    enum es_code rc = es_store_pictures_sum(s, k->ini.id, &sum, e);
    if (rc != ES_OK)
        return rc;
    v->total = sum.n;
    v->shown = sum.shown;
    v->bytes = sum.bytes;
    if (sum.shown)
        v->page =
            es_url_path(es_req_arena(k->q), "/e/%s/exhibition", k->ini.slug);
    rc = es_store_picture_lacking(s, k->ini.id, 0, es_req_arena(k->q), &p, e);
    if (rc == ES_OK)
        v->lacking = one(k, p.id);
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code show(struct hang *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    struct es_view_hanging *v = es_arena_alloc(es_req_arena(k->q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "exhibition");
    *v = (struct es_view_hanging){
        .frame = es_web_frame(k->q, &k->ini),
        .self = self(k),
        .bring = es_url_path(es_req_arena(k->q),
                             "/organise/e/%s/exhibition/pictures", k->ini.slug),
        .pictures = es_web_field(k->q, "pictures", &k->fe),
        .refused = k->refused,
        .n_refused = k->n_refused,
        .taken = (int64_t)k->taken,
        .was = es_web_edit_stamp(&k->w),
        .own_lang = k->x.lang,
        .title = es_web_edit_field(&k->w, "title", &k->fe),
        .about = es_web_edit_field(&k->w, "about", &k->fe),
        .lang = es_web_edit_field(&k->w, "lang", &k->fe),
        .occasion = es_web_edit_field(&k->w, "occasion", &k->fe),
    };
    v->words_open = v->title.error || v->about.error || v->lang.error ||
                    v->occasion.error || k->w.clashes;
    enum es_code rc = rows(k, v, e);
    if (rc == ES_OK)
        rc = sums(k, v, e);
    if (rc == ES_OK)
        rc = occasions(k, v, e);
    if (rc != ES_OK)
        return rc;
    langs(k, v);
    v->frame.notice = notice(k, k->x.edited_by);
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_hanging(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/exhibition */
static enum es_code list(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct hang *k;
    enum es_code rc = begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    add_words(k);
    return show(k, out, 200, e);
}

/* POST /organise/e/{slug}/exhibition: what stands above the pictures. */
static enum es_code words(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct hang *k;
    enum es_code rc = begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    add_words(k);
    if (es_web_edit_merge(&k->w))
        return show(k, out, 409, e);
    const char *occasion = es_web_edit_kept(&k->w, "occasion");
    k->x.title = es_web_edit_kept(&k->w, "title");
    k->x.about = es_web_edit_kept(&k->w, "about");
    k->x.lang = es_web_edit_kept(&k->w, "lang");
    k->x.edited_by = es_web_who(q)->account.id;
    if (!*occasion)
        k->x.occasion = 0;
    else if (!es_num_i64(es_bytes_str(occasion), 1, INT64_MAX, &k->x.occasion))
        es_field_errors_add(&k->fe, "occasion", "unknown", NAN);
    rc = es_exhibition_save(es_web_of(q)->app, &k->x, es_req_arena(q), &k->fe,
                            e);
    if (rc == ES_EINVAL)
        return show(k, out, 422, e);
    if (rc == ES_ECONFLICT) /* between our reading and our writing */
        return es_web_fail(q, out, 409, "");
    return rc == ES_OK ? back(k, out, "?done=kept") : rc;
}

/* ---- bringing them ---- */

/* One of them; what is wrong with it costs the others nothing. */
static enum es_code take(struct hang *k, const struct es_req_file *f,
                         struct es_err *e)
{
    struct es_exhibit_new n = { k->ini.id, es_web_who(k->q)->account.id, f->fd,
                                f->filename };
    struct es_field_errors fe = { 0 };
    struct es_arena a;
    int64_t id;
    es_arena_init(&a, 2 * ES_FRAME_MAX);
    enum es_code rc = es_exhibit_add(es_web_of(k->q)->app, &n, &a, &id, e);
    es_arena_release(&a);
    if (rc == ES_OK) {
        k->taken++;
        return rc;
    }
    if (es_web_take_status(rc) == 500)
        return rc;
    es_field_errors_add(&fe, "picture", es_code_name(rc), ES_PICTURE_MAX);
    k->refused[k->n_refused++] = (struct es_view_refused){
        .name = f->filename,
        .why = es_say_of_field(es_web_reader(k->q), es_req_arena(k->q), &fe,
                               "picture"),
    };
    return ES_OK;
}

/* POST .../exhibition/pictures */
static enum es_code bring(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct hang *k;
    size_t n;
    const struct es_req_file *f = es_req_files(q, &n);
    enum es_code rc = begin(q, &k, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (strcmp(f[i].field, "pictures") == 0)
            rc = take(k, &f[i], e);
    if (rc != ES_OK)
        return rc;
    if (!k->n_refused && !k->taken)
        es_field_errors_add(&k->fe, "pictures", "required", NAN);
    else if (!k->n_refused)
        return back(k, out, "?done=brought");
    add_words(k);
    return show(k, out, 422, e);
}

/* ---- one picture ---- */

static const char *licence_now(const struct hang *k)
{
    const char *s = es_arena_fmt(es_req_arena(k->q), "%d", (int)k->p.licence);
    return s ? s : "";
}

static void add_fields(struct hang *k)
{
    k->w.n = 0;
    es_web_edit_add(&k->w, "alt", k->p.alt, ES_EDIT_LINES);
    es_web_edit_add(&k->w, "caption", k->p.caption, ES_EDIT_LINES);
    es_web_edit_add(&k->w, "credit", k->p.credit, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "taken", k->p.taken, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "place", k->p.place, ES_EDIT_LINE);
    es_web_edit_add(&k->w, "licence", licence_now(k), ES_EDIT_AS_IT_IS);
    es_web_edit_add(&k->w, "warning", k->p.warning, ES_EDIT_LINE);
}

static void licences(const struct hang *k, struct es_view_hung_edit *v)
{
    static const char *const NUMBERS[ES_LICENCES] = { "0", "1", "2", "3",
                                                      "4", "5", "6" };
    for (size_t i = 0; i < ES_LICENCES; i++)
        v->licences[i] = (struct es_view_choice){
            .value = NUMBERS[i],
            .label =
                es_words_licence(es_web_lang(k->q, NULL), (enum es_licence)i),
            .chosen = strcmp(NUMBERS[i], v->licence.value) == 0,
        };
}

static enum es_code show_one(struct hang *k, struct es_resp *out, int status,
                             struct es_err *e)
{
    struct es_view_hung_edit *v = es_arena_alloc(es_req_arena(k->q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "picture");
    *v = (struct es_view_hung_edit){
        .frame = es_web_frame(k->q, &k->ini),
        .action = one(k, k->p.id),
        .all = self(k),
        .src = one_of(k, k->p.id, "file"),
        .remove = one_of(k, k->p.id, "remove"),
        .was = es_web_edit_stamp(&k->w),
        .own_lang = k->x.lang,
        .name = k->p.name,
        .w = k->p.width,
        .h = k->p.height,
        .shown = k->p.state == ES_PICTURE_SHOWN,
        .n_errors = k->fe.n,
        .alt = es_web_edit_field(&k->w, "alt", &k->fe),
        .caption = es_web_edit_field(&k->w, "caption", &k->fe),
        .credit = es_web_edit_field(&k->w, "credit", &k->fe),
        .taken = es_web_edit_field(&k->w, "taken", &k->fe),
        .place = es_web_edit_field(&k->w, "place", &k->fe),
        .licence = es_web_edit_field(&k->w, "licence", &k->fe),
        .warning = es_web_edit_field(&k->w, "warning", &k->fe),
    };
    if (v->shown)
        v->page = es_url_path(es_req_arena(k->q), "/e/%s/exhibition/%lld",
                              k->ini.slug, (long long)k->p.id);
    licences(k, v);
    v->frame.notice = notice(k, k->p.edited_by);
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_hung_edit(&o, v);
    return ES_OK;
}

/* GET .../exhibition/{picture} */
static enum es_code edit(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct hang *k;
    enum es_code rc = begin_one(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    add_fields(k);
    return show_one(k, out, 200, e);
}

/* Whoever hangs many goes from one that lacks words to the next. */
static enum es_code onward(const struct hang *k, struct es_resp *out,
                           bool was_draft, struct es_err *e)
{
    struct es_picture p = { 0 };
    const char *s = NULL;
    enum es_code rc = ES_ENOENT;
    if (was_draft)
        rc = es_store_picture_lacking(es_web_of(k->q)->app->store, k->ini.id,
                                      k->p.rank, es_req_arena(k->q), &p, e);
    if (rc == ES_OK)
        s = es_arena_fmt(es_req_arena(k->q), "%s?done=hung",
                         one(k, p.id).checked);
    if (s)
        return es_resp_redirect(out, es_web_keep_lang(k->q, s));
    return rc == ES_ENOENT || rc == ES_OK ? back(k, out, "?done=kept") : rc;
}

/* POST .../exhibition/{picture}: `do` is keep, show or hide. */
static enum es_code edit_keep(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const char *act = es_web_given(q, "do");
    struct hang *k;
    int64_t licence = -1;
    enum es_code rc = begin_one(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    add_fields(k);
    if (es_web_edit_merge(&k->w))
        return show_one(k, out, 409, e);
    struct es_picture p = k->p;
    (void)es_num_i64(es_bytes_str(es_web_edit_kept(&k->w, "licence")), 0,
                     ES_LICENCES - 1, &licence);
    p.alt = es_web_edit_kept(&k->w, "alt");
    p.caption = es_web_edit_kept(&k->w, "caption");
    p.credit = es_web_edit_kept(&k->w, "credit");
    p.taken = es_web_edit_kept(&k->w, "taken");
    p.place = es_web_edit_kept(&k->w, "place");
    p.warning = es_web_edit_kept(&k->w, "warning");
    p.licence = (int32_t)licence;
    p.edited_by = es_web_who(q)->account.id;
    if (strcmp(act, "show") == 0)
        p.state = ES_PICTURE_SHOWN;
    else if (strcmp(act, "hide") == 0)
        p.state = ES_PICTURE_DRAFT;
    rc = es_exhibit_save(es_web_of(q)->app, &p, &k->fe, e);
    if (rc == ES_EINVAL)
        return show_one(k, out, 422, e);
    if (rc == ES_ECONFLICT) /* between our reading and our writing */
        return es_web_fail(q, out, 409, "");
    bool hung = p.state == ES_PICTURE_SHOWN && k->p.state == ES_PICTURE_DRAFT;
    return rc == ES_OK ? onward(k, out, hung, e) : rc;
}

/* GET .../exhibition/{picture}/file: drafts too, so for its staff alone. */
static enum es_code file(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct hang *k;
    enum es_code rc = begin_one(q, &k, e);
    if (rc == ES_OK)
        rc = es_web_media_small(q, out, k->ini.id, k->p.id, e);
    return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
}

/* ---- order ---- */

/* Before which one it goes; 0: behind all; its own id: it stays. */
static enum es_code target(const struct hang *k, int64_t *before,
                           struct es_err *e)
{
    const char *how = es_web_given(k->q, "how");
    bool earlier = strcmp(how, "earlier") == 0;
    bool first = strcmp(how, "first") == 0;
    struct es_pictures_ask ask = { .initiative = k->ini.id,
                                   .drafts = true,
                                   .backwards = earlier,
                                   .from = first ? 0 : k->p.rank,
                                   .max = 2 };
    struct es_picture *v;
    size_t n;
    *before = 0;
    if (strcmp(how, "end") == 0)
        return ES_OK;
    if (!earlier && !first && strcmp(how, "later") != 0) {
        if (!es_num_i64(es_bytes_str(es_web_given(k->q, "before")), 1,
                        INT64_MAX, before))
            *before = k->p.id;
        return ES_OK;
    }
    enum es_code rc = es_store_pictures(es_web_of(k->q)->app->store, &ask,
                                        es_req_arena(k->q), &v, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n == 0)
        *before = k->p.id;
    else if (earlier || first)
        *before = v[0].id;
    else
        *before = n > 1 ? v[1].id : 0; /* behind the one behind it */
    return ES_OK;
}

/* POST .../exhibition/{picture}/move: `how` is first, earlier, later or end,
 * or `before` names another; `after` is where the list began. */
static enum es_code move(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct hang *k;
    int64_t before, after;
    enum es_code rc = begin_one(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = target(k, &before, e);
    if (rc == ES_OK)
        rc = es_exhibit_move(es_web_of(q)->app, k->ini.id, k->p.id, before, e);
    if (rc != ES_OK && rc != ES_ENOENT) /* the other one is gone */
        return rc;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "after")), 1, INT64_MAX,
                    &after))
        return back(k, out, "");
    const char *to = es_arena_fmt(es_req_arena(q), "?after=%" PRId64, after);
    return back(k, out, to ? to : "");
}

/* POST .../exhibition/{picture}/remove: none is fine. */
static enum es_code remove_one(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct hang *k;
    int64_t id;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_OK && !es_req_i64(q, "picture", 1, INT64_MAX, &id))
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = es_exhibit_drop(es_web_of(q)->app, k->ini.id, id, e);
    return rc == ES_OK ? back(k, out, "?done=kept") : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, list },
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, words },
    { ES_POST, ROOT "/pictures", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      bring },
    { ES_GET, ROOT "/{picture}", ES_BODY_NONE, ES_WEB_PAGE, edit },
    { ES_POST, ROOT "/{picture}", ES_BODY_FORM, ES_WEB_FORM, edit_keep },
    { ES_GET, ROOT "/{picture}/file", ES_BODY_NONE, ES_WEB_PAGE, file },
    { ES_POST, ROOT "/{picture}/move", ES_BODY_FORM, ES_WEB_FORM, move },
    { ES_POST, ROOT "/{picture}/remove", ES_BODY_FORM, ES_WEB_FORM,
      remove_one },
};
const struct es_routes ES_ROUTES_HANGING = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
