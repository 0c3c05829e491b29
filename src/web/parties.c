/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's people, bodies and groups: who they are. */
#include "web/parties.h"
#include "base/num.h"
#include "i18n/spoken.h"
#include "initiative/media.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/press.h"
#include "web/words_statements.h"

#include <math.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/people-and-bodies"

enum { ROWS = 50, TRIES = 3, WHATS = 3 };

static const struct {
    const char *name, *label;
    int32_t what;
} KINDS[WHATS] = {
    { "person", ES_T("People who speak"), ES_PARTY_PERSON },
    { "body", ES_T("Bodies"), ES_PARTY_BODY },
    { "group", ES_T("Groups"), ES_PARTY_GROUP },
};

const char *es_web_what(int32_t what)
{
    for (size_t i = 0; i < WHATS; i++)
        if (KINDS[i].what == what)
            return KINDS[i].name;
    return "";
}

struct es_url es_web_party_url(const struct es_req *q, int64_t id)
{
    return es_url_path(es_req_arena(q), "/organise/e/%s/people-and-bodies/%lld",
                       es_web_who(q)->here.slug, (long long)id);
}

/* ---- the list ---- */

static size_t kind_of(const char *name)
{
    for (size_t i = 0; name && i < WHATS; i++)
        if (strcmp(KINDS[i].name, name) == 0)
            return i;
    return 0;
}

static const struct es_view_choice *body_kinds(const struct es_req *q,
                                               int64_t chosen)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_choice *c = es_arena_array(a, ES_PARTY_KINDS, sizeof *c);
    for (int64_t i = 0; c && i < ES_PARTY_KINDS; i++) {
        /* the first is "something else": it stands at the end */
        int64_t kind = (i + 1) % ES_PARTY_KINDS;
        c[i] =
            (struct es_view_choice){ es_web_number(q, kind),
                                     es_words_body(es_web_lang(q, NULL), kind),
                                     kind == chosen,
                                     { NULL } };
    }
    return c;
}

static enum es_code rows(const struct es_req *q, int32_t what,
                         struct es_view_parties *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const char *after = es_req_query(q, "after");
    struct es_party last = { .sort_key = "" };
    struct es_party *p = NULL;
    int64_t id = 0;
    size_t n = 0;
    enum es_code rc = ES_OK;
    if (after && es_num_i64(es_bytes_str(after), 1, INT64_MAX, &id))
        rc = es_store_party(es_web_of(q)->app->store, ini->id, id, a, &last, e);
    if (rc == ES_ENOENT) /* gone meanwhile: from the beginning */
        rc = ES_OK;
    if (rc == ES_OK)
        rc = es_store_parties(es_web_of(q)->app->store, ini->id, what,
                              last.sort_key, last.id, ROWS, a, &p, &n, e);
    struct es_view_party_row *all =
        rc == ES_OK ? es_arena_array(a, n, sizeof *all) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!all)
        return es_fail(e, ES_ENOMEM, 0, "parties");
    for (size_t i = 0; i < n; i++)
        all[i] = (struct es_view_party_row){
            .name = es_web_named(q, es_many_tell_json(p[i].names, l->tag, a)),
            .page = es_web_party_url(q, p[i].id),
            .kind = what == ES_PARTY_BODY ? es_words_body(l, p[i].kind) : "",
        };
    v->rows = all;
    v->n = n;
    if (n == ROWS)
        v->next = es_url_path(
            a, "/organise/e/%s/people-and-bodies?what=%s&after=%lld", ini->slug,
            v->what, (long long)p[n - 1].id);
    return ES_OK;
}

static enum es_code show_all(const struct es_req *q, struct es_resp *out,
                             const struct es_field_errors *fe, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *l = es_web_lang(q, NULL);
    bool posted = es_req_route(q)->method == ES_POST;
    size_t at =
        kind_of(posted ? es_web_given(q, "what") : es_req_query(q, "what"));
    struct es_view_choice *tabs = es_arena_array(a, WHATS, sizeof *tabs);
    struct es_view_parties *v = es_arena_alloc(a, sizeof *v);
    if (!v || !tabs)
        return es_fail(e, ES_ENOMEM, 0, "parties");
    *v = (struct es_view_parties){
        .frame = es_web_frame(q, ini),
        .self = es_url_path(a, "/organise/e/%s/people-and-bodies", ini->slug),
        .what = KINDS[at].name,
        .tabs = tabs,
        .n_tabs = WHATS,
        .name = es_web_field(q, "name", fe),
        .kinds = body_kinds(q, ES_PARTY_IS_STATE),
        .n_kinds = ES_PARTY_KINDS,
        .statements = es_url_path(a, "/organise/e/%s/statements", ini->slug),
    };
    for (size_t i = 0; i < WHATS; i++)
        tabs[i] = (struct es_view_choice){
            KINDS[i].name, es_t(l, KINDS[i].label), i == at,
            es_url_path(a, "/organise/e/%s/people-and-bodies?what=%s",
                        ini->slug, KINDS[i].name)
        };
    for (size_t i = 0; i < ES_LANGS; i++)
        v->langs[i] =
            (struct es_view_choice){ es_lang_at(i)->tag,
                                     es_lang_at(i)->name,
                                     es_lang_at(i) == es_lang_of(ini->lang),
                                     { NULL } };
    v->frame.notice = es_words_done(l, es_req_query(q, "done"));
    enum es_code rc = v->kinds ? rows(q, KINDS[at].what, v, e)
                               : es_fail(e, ES_ENOMEM, 0, "kinds");
    if (rc != ES_OK)
        return rc;
    if (es_req_query(q, "after"))
        v->first = tabs[at].url;
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_parties(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/people-and-bodies?what=body */
static enum es_code parties(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_all(q, out, &none, e);
}

static int32_t kind_given(const struct es_req *q)
{
    int64_t kind;
    return es_num_i64(es_bytes_str(es_web_given(q, "body_kind")), 0,
                      ES_PARTY_KINDS - 1, &kind)
               ? (int32_t)kind
               : ES_PARTY_IS_OTHER;
}

/* POST /organise/e/{slug}/people-and-bodies */
static enum es_code parties_make(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_many names = { .n = 0 };
    int64_t id;
    const struct es_lang *l = es_lang_of(es_web_given(q, "lang"));
    bool ok = es_many_put(&names, (l ? l : es_lang_at(0))->tag,
                          es_web_given(q, "name"));
    struct es_party_want want = {
        .initiative = es_web_who(q)->here.id,
        .what = KINDS[kind_of(es_web_given(q, "what"))].what,
        .kind = kind_given(q),
        .names = &names,
    };
    enum es_code rc = ok ? es_party_keep(es_web_of(q)->app, &want,
                                         es_req_arena(q), &id, &fe, e)
                         : es_fail(e, ES_EINTERNAL, 0, "one name is too many");
    if (rc == ES_EINVAL)
        return show_all(q, out, &fe, e);
    return rc == ES_OK ? es_web_party_back(q, out, id, "kept") : rc;
}

enum es_code es_web_party_back(const struct es_req *q, struct es_resp *out,
                               int64_t id, const char *done)
{
    const char *path =
        es_url_path(es_req_arena(q),
                    "/organise/e/%s/people-and-bodies/%lld"
                    "?done=%s",
                    es_web_who(q)->here.slug, (long long)id, done)
            .checked;
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* ---- one ---- */

enum es_code es_web_party_load(const struct es_req *q, struct es_web_party *k,
                               struct es_err *e)
{
    int64_t id;
    *k = (struct es_web_party){ .q = q, .w = { .q = q } };
    if (!es_req_i64(q, "party", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no number");
    enum es_code rc =
        es_store_party(es_web_of(q)->app->store, es_web_who(q)->here.id, id,
                       es_req_arena(q), &k->p, e);
    return rc == ES_OK ? es_many_read(k->p.names, es_req_arena(q), &k->names, e)
                       : rc;
}

/* The name in a language that isn't one of the pages'. */
static const char *own_lang(const struct es_many *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (!es_lang_of(m->v[i].lang))
            return m->v[i].lang;
    return "";
}

static const char *name_field(const struct es_req *q, const char *lang)
{
    const char *s = es_arena_fmt(es_req_arena(q), "name_%s", lang);
    return s ? s : "name_en";
}

static void add_edits(struct es_web_party *k)
{
    const char *own = own_lang(&k->names);
    k->w = (struct es_web_edit){ .q = k->q };
    for (size_t i = 0; i < ES_LANGS; i++)
        es_web_edit_add(&k->w, name_field(k->q, es_lang_at(i)->tag),
                        es_many_in(&k->names, es_lang_at(i)->tag),
                        ES_EDIT_LINE);
    es_web_edit_add(&k->w, "own_lang", own, ES_EDIT_AS_IT_IS);
    es_web_edit_add(&k->w, "own_name", *own ? es_many_in(&k->names, own) : "",
                    ES_EDIT_LINE);
    es_web_edit_add(&k->w, "body_kind", es_web_number(k->q, k->p.kind),
                    ES_EDIT_AS_IT_IS);
}

/* The first name is the one for who reads in a language without any: that of
 * the initiative's language, where there is one. */
static struct es_many names_kept(const struct es_web_party *k)
{
    struct es_many m = { .n = 0 };
    const struct es_lang *first = es_lang_of(es_web_who(k->q)->here.lang);
    bool ok =
        !first ||
        es_many_put(&m, first->tag,
                    es_web_edit_kept(&k->w, name_field(k->q, first->tag)));
    for (size_t i = 0; ok && i < ES_LANGS; i++)
        ok = es_many_put(
            &m, es_lang_at(i)->tag,
            es_web_edit_kept(&k->w, name_field(k->q, es_lang_at(i)->tag)));
    const char *own = es_web_edit_kept(&k->w, "own_lang");
    if (ok && strlen(own) >= 2 && !es_lang_of(own) && es_web_spoken(own) != own)
        ok = es_many_put(&m, own, es_web_edit_kept(&k->w, "own_name"));
    assert(ok); /* of ES_MANY_MAX six are used */
    return m;
}

static const struct es_view_choice *spoken(const struct es_req *q,
                                           const char *chosen, size_t *n)
{
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), es_spoken_n, sizeof *c);
    *n = 0;
    for (size_t i = 0; c && i < es_spoken_n; i++)
        if (!es_lang_of(es_spoken[i].tag))
            c[(*n)++] =
                (struct es_view_choice){ es_spoken[i].tag,
                                         es_spoken[i].name,
                                         strcmp(es_spoken[i].tag, chosen) == 0,
                                         { NULL } };
    return c;
}

static void fill_names(struct es_web_party *k, struct es_view_party *v)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        const char *field = name_field(k->q, l->tag);
        v->names[i] =
            (struct es_view_name_field){ field, l->name, l->tag, l->dir,
                                         es_web_edit_field(&k->w, field,
                                                           &k->fe) };
    }
    v->own_lang = es_web_edit_kept(&k->w, "own_lang");
    v->names[ES_LANGS] =
        (struct es_view_name_field){ "own_name", "", v->own_lang, "auto",
                                     es_web_edit_field(&k->w, "own_name",
                                                       &k->fe) };
    v->langs = spoken(k->q, v->own_lang, &v->n_langs);
    v->name_error = es_say_of_field(es_web_reader(k->q), es_req_arena(k->q),
                                    &k->fe, "name");
}

enum es_code es_web_party_show(struct es_web_party *k, struct es_resp *out,
                               int status, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_party *v = es_arena_alloc(a, sizeof *v);
    int64_t kind = 0;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "party");
    if (!k->w.n)
        add_edits(k);
    (void)es_num_i64(es_bytes_str(es_web_edit_kept(&k->w, "body_kind")), 0,
                     ES_PARTY_KINDS - 1, &kind);
    *v = (struct es_view_party){
        .frame = es_web_frame(q, ini),
        .action = es_web_party_url(q, k->p.id),
        .list = es_url_path(a, "/organise/e/%s/people-and-bodies?what=%s",
                            ini->slug, es_web_what(k->p.what)),
        .remove = es_url_path(a, "/organise/e/%s/people-and-bodies/%lld/remove",
                              ini->slug, (long long)k->p.id),
        .was = es_web_edit_stamp(&k->w),
        .what = es_web_what(k->p.what),
        .title = es_many_tell(&k->names, es_web_lang(q, NULL)->tag).text,
        .n_errors = k->fe.n,
        .kinds = body_kinds(q, kind),
        .n_kinds = ES_PARTY_KINDS,
        .portrait = es_web_field(q, "portrait", &k->fe),
        .held = k->held ? k->held : "",
    };
    if (k->p.what == ES_PARTY_PERSON)
        v->page = es_url_path(a, "/e/%s/statements?speaker=%lld", ini->slug,
                              (long long)k->p.id);
    if (k->p.what == ES_PARTY_GROUP)
        v->page =
            es_url_path(a, "/e/%s/groups/%lld", ini->slug, (long long)k->p.id);
    fill_names(k, v);
    enum es_code rc = es_web_speaker(q, ini, &k->p, &v->speaker, e);
    if (rc == ES_OK)
        rc = es_web_seats(k, v, e);
    if (rc != ES_OK)
        return rc;
    struct es_initiative nobody = { .edited_by = 0 };
    v->frame.notice = k->w.clashes ? es_web_edit_notice(&k->w, &nobody)
                                   : es_words_done(es_web_lang(q, NULL),
                                                   es_req_query(q, "done"));
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_party(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/people-and-bodies/{party} */
static enum es_code party(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_web_party *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc =
        k ? es_web_party_load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "party");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? es_web_party_show(k, out, 200, e) : rc;
}

/* A new portrait from the form, or none; what is wrong with it is told at its
 * field. */
static enum es_code take_portrait(struct es_web_party *k, int64_t *media,
                                  struct es_err *e)
{
    size_t n;
    const struct es_req_file *f = es_req_files(k->q, &n);
    if (!n || f->size == 0 || strcmp(f->field, "portrait") != 0 ||
        k->p.what != ES_PARTY_PERSON)
        return ES_OK;
    struct es_picture_new p = { k->p.initiative, f->fd, f->filename };
    enum es_code rc = es_media_add_picture(es_web_of(k->q)->app, &p,
                                           es_req_arena(k->q), media, e);
    if (rc == ES_OK || es_web_take_status(rc) == 500)
        return rc;
    es_field_errors_add(&k->fe, "portrait", es_code_name(rc), ES_PICTURE_MAX);
    return ES_OK;
}

/* Merges and keeps; *again: somebody else was quicker. */
static enum es_code keep(struct es_web_party *k, int64_t *media, bool *again,
                         struct es_err *e)
{
    struct es_many names = names_kept(k);
    int64_t id;
    int64_t kind = 0;
    (void)es_num_i64(es_bytes_str(es_web_edit_kept(&k->w, "body_kind")), 0,
                     ES_PARTY_KINDS - 1, &kind);
    struct es_party_want want = { .initiative = k->p.initiative,
                                  .id = k->p.id,
                                  .edition = k->p.edition,
                                  .what = k->p.what,
                                  .kind = (int32_t)kind,
                                  .names = &names,
                                  .portrait = *media };
    enum es_code rc = es_party_keep(es_web_of(k->q)->app, &want,
                                    es_req_arena(k->q), &id, &k->fe, e);
    *again = rc == ES_ECONFLICT;
    return rc;
}

static enum es_code drop_media(const struct es_web_party *k, int64_t media,
                               struct es_err *e)
{
    return media
               ? es_media_drop(es_web_of(k->q)->app, k->p.initiative, media, e)
               : ES_OK;
}

/* POST /organise/e/{slug}/people-and-bodies/{party} */
static enum es_code party_keep(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_web_party *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    int64_t brought = -1; /* not looked at yet */
    bool again = true;
    enum es_code rc = k ? ES_OK : es_fail(e, ES_ENOMEM, 0, "party");
    for (int i = 0; rc == ES_OK && again && i < TRIES; i++) {
        rc = es_web_party_load(q, k, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        add_edits(k);
        if (es_web_edit_merge(&k->w))
            return es_web_party_show(k, out, 409, e);
        bool none = strcmp(es_web_given(q, "no_portrait"), "1") == 0;
        int64_t media = none ? 0 : k->p.portrait;
        if (brought < 0)
            rc = take_portrait(k, &media, e);
        else if (brought > 0)
            media = brought;
        if (rc == ES_OK && k->fe.n)
            return es_web_party_show(k, out, 422, e);
        brought = media != k->p.portrait && media ? media : 0;
        if (rc == ES_OK)
            rc = keep(k, &media, &again, e);
        if (again)
            rc = ES_OK;
        else if (rc == ES_OK && media != k->p.portrait)
            rc = drop_media(k, k->p.portrait, e);
    }
    if (rc != ES_OK && k && brought > 0 &&
        drop_media(k, brought, &(struct es_err){ 0 }) != ES_OK)
        return rc;
    if (rc == ES_EINVAL)
        return es_web_party_show(k, out, 422, e);
    return rc == ES_OK ? es_web_party_back(q, out, k->p.id, "kept") : rc;
}

/* POST /organise/e/{slug}/people-and-bodies/{party}/remove */
static enum es_code party_remove(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_web_party *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc =
        k ? es_web_party_load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "party");
    if (rc == ES_OK)
        rc = es_party_drop(es_web_of(q)->app, k->p.initiative, k->p.id,
                           es_req_arena(q), e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_ECONFLICT) {
        k->held = es_t(es_web_lang(q, NULL),
                       ES_T("This stays: a statement, an office or a group "
                            "names it."));
        return es_web_party_show(k, out, 409, e);
    }
    if (rc != ES_OK)
        return rc;
    const char *path =
        es_url_path(es_req_arena(q),
                    "/organise/e/%s/people-and-bodies?what=%s&done=gone",
                    es_web_who(q)->here.slug, es_web_what(k->p.what))
            .checked;
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, parties },
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, parties_make },
    { ES_GET, ROOT "/{party}", ES_BODY_NONE, ES_WEB_PAGE, party },
    { ES_POST, ROOT "/{party}", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      party_keep },
    { ES_POST, ROOT "/{party}/remove", ES_BODY_FORM, ES_WEB_FORM,
      party_remove },
};
const struct es_routes ES_ROUTES_PARTIES = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
