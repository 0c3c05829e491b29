/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's pictures and video: what there is, how it looks, and what is
 * put in its place. */
#include "base/file.h"
#include "base/utf8.h"
#include "i18n/spoken.h"
#include "initiative/face.h"
#include "initiative/films.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define ROOT "/organise/e/{slug}/media"

struct edit {
    const struct es_req *q;
    struct es_initiative ini;
    struct es_face face;
    struct es_field_errors fe;
};

static enum es_code edit_begin(const struct es_req *q, struct edit **out,
                               struct es_err *e)
{
    struct edit *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "media");
    k->q = q;
    /* afresh: another tab, or an upload, may have changed it meanwhile */
    enum es_code rc = es_store_initiative_by_id(es_web_of(q)->app->store,
                                                es_web_who(q)->here.id,
                                                es_req_arena(q), &k->ini, e);
    if (rc == ES_OK)
        rc = es_face_read(k->ini.face, es_req_arena(q), &k->face, e);
    *out = k;
    return rc;
}

static enum es_code edit_keep(struct edit *k, struct es_err *e)
{
    struct es_buf face;
    es_buf_init(&face, ES_FACE_MAX);
    es_face_write(&k->face, &face);
    k->ini.face = es_buf_cstr(&face);
    enum es_code rc =
        face.bad ? es_fail(e, ES_ETOOLARGE, 0, "face")
                 : es_initiative_save(es_web_of(k->q)->app, &k->ini, e);
    es_buf_release(&face);
    return rc;
}

/* ---- the page ---- */

static struct es_url action(const struct edit *k, const char *what)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/media/%s",
                       k->ini.slug, what);
}

static struct es_url action_of(const struct edit *k, const char *what,
                               const char *then)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/media/%s/%s",
                       k->ini.slug, what, then);
}

static enum es_code uploads(const struct edit *k, struct es_view_media *v,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_media_upload *all;
    enum es_code rc = es_store_media_uploads(
        es_web_of(k->q)->app->store, k->ini.id, INT64_MAX, ES_MEDIA_UPLOADS, a,
        &all, &v->n_uploads, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_film *rows = es_arena_array(a, v->n_uploads, sizeof *rows);
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "uploads");
    for (size_t i = 0; i < v->n_uploads; i++)
        rows[i] = (struct es_view_film){
            .name = all[i].name,
            .length = all[i].length,
            .received = all[i].received,
            .url = es_url_path(a, "/organise/e/%s/media/films/%lld",
                               k->ini.slug, (long long)all[i].id),
            .drop = es_url_path(a, "/organise/e/%s/media/films/%lld/drop",
                                k->ini.slug, (long long)all[i].id),
        };
    v->uploads = rows;
    return ES_OK;
}

static enum es_code film_of(const struct edit *k, struct es_view_media *v,
                            struct es_err *e)
{
    struct es_media m;
    if (!k->face.video.media)
        return ES_OK;
    enum es_code rc =
        es_store_media(es_web_of(k->q)->app->store, k->ini.id,
                       k->face.video.media, es_req_arena(k->q), &m, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    v->film = m.name;
    v->film_bytes = m.blob.length;
    return ES_OK;
}

static void langs(const struct edit *k, struct es_view_media *v)
{
    struct es_view_choice *rows =
        es_arena_array(es_req_arena(k->q), es_spoken_n, sizeof *rows);
    const char *chosen = es_req_form(k->q, "lang");
    for (size_t i = 0; rows && i < es_spoken_n; i++)
        rows[i] = (struct es_view_choice){
            .value = es_spoken[i].tag,
            .label = es_spoken[i].name,
            .chosen =
                strcmp(es_spoken[i].tag, chosen ? chosen : k->ini.lang) == 0,
        };
    v->langs = rows;
    v->n_langs = rows ? es_spoken_n : 0;
}

/* What was entered, else what is kept. */
static struct es_view_field field(struct edit *k, const char *name,
                                  const char *kept)
{
    struct es_view_field f = es_web_field(k->q, name, &k->fe);
    if (!es_req_form(k->q, name))
        f.value = kept;
    return f;
}

static void fill(struct edit *k, struct es_view_media *v)
{
    *v = (struct es_view_media){
        .frame = es_web_frame(k->q, &k->ini),
        .draft = k->ini.state == ES_INI_DRAFT,
        .picture = action(k, "picture"),
        .picture_remove = action_of(k, "picture", "remove"),
        .logo = action(k, "logo"),
        .logo_remove = action_of(k, "logo", "remove"),
        .video = action(k, "video"),
        .video_remove = action_of(k, "video", "remove"),
        .words = action(k, "words"),
        .poster = action(k, "poster"),
        .poster_remove = action_of(k, "poster", "remove"),
        .captions = action(k, "captions"),
        .captions_remove = action_of(k, "captions", "remove"),
        .films = action(k, "films"),
        .given_picture = field(k, "picture", ""),
        .alt = field(k, "alt", k->face.picture.alt),
        .credit = field(k, "credit", k->face.picture.credit),
        .given_logo = field(k, "logo", ""),
        .given_video = field(k, "video", ""),
        .speaker = field(k, "speaker", k->face.video.speaker),
        .office = field(k, "office", k->face.video.office),
        .transcript = field(k, "transcript", k->face.video.transcript),
        .given_poster = field(k, "poster", ""),
        .given_captions = field(k, "captions", ""),
        .film = "",
    };
}

static enum es_code show(struct edit *k, struct es_resp *out, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_media_room room;
    struct es_view_media *v = es_arena_alloc(es_req_arena(q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "media");
    fill(k, v);
    enum es_code rc = es_web_face_view(q, &k->ini, k->ini.face, &v->face, e);
    if (rc == ES_OK)
        rc = film_of(k, v, e);
    if (rc == ES_OK)
        rc = uploads(k, v, e);
    if (rc == ES_OK)
        rc = es_media_room(es_web_of(q)->app, k->ini.id, &room, e);
    if (rc != ES_OK)
        return rc;
    v->used = room.used;
    v->quota = room.quota;
    v->left = room.left;
    langs(k, v);
    if (k->fe.n)
        es_resp_status(out, 422);
    v->frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_media(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/media */
static enum es_code media(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    return rc == ES_OK ? show(k, out, e) : rc;
}

static enum es_code kept(const struct edit *k, struct es_resp *out)
{
    const char *path = es_arena_fmt(
        es_req_arena(k->q), "/organise/e/%s/media?done=kept", k->ini.slug);
    return es_resp_redirect(out, path ? path : "/organise");
}

/* Keeps the face, and then lets go of what it no longer shows. */
static enum es_code finish(struct edit *k, struct es_resp *out, int64_t old,
                           struct es_err *e)
{
    if (k->fe.n)
        return show(k, out, e);
    enum es_code rc = edit_keep(k, e);
    if (rc == ES_OK && old && !es_face_shows(&k->face, old))
        rc = es_media_drop(es_web_of(k->q)->app, k->ini.id, old, e);
    return rc == ES_OK ? kept(k, out) : rc;
}

/* ---- what is given ---- */

static const char *text(struct edit *k, const char *name, bool lines,
                        size_t most)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX * 3);
    es_text_clean(&b, es_bytes_str(es_web_given(k->q, name)), lines);
    const char *s =
        b.bad ? NULL : es_arena_str(es_req_arena(k->q), es_buf_cstr(&b));
    if (!s || es_utf8_count(es_bytes_str(s)) > most)
        es_field_errors_add(&k->fe, name, "too_long", (double)most);
    es_buf_release(&b);
    return s ? s : "";
}

static const struct es_req_file *file_of(const struct edit *k,
                                         const char *field)
{
    size_t n;
    const struct es_req_file *f = es_req_files(k->q, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].field, field) == 0)
            return &f[i];
    return NULL;
}

/* A picture from the form's file into *media; what is wrong with it is told at
 * its field. */
static enum es_code take_picture(struct edit *k, const struct es_req_file *f,
                                 int64_t *media, struct es_err *e)
{
    struct es_picture_new p = { k->ini.id, f->fd, f->filename };
    enum es_code rc = es_media_add_picture(es_web_of(k->q)->app, &p,
                                           es_req_arena(k->q), media, e);
    if (rc == ES_OK || es_web_take_status(rc) == 500)
        return rc;
    es_field_errors_add(&k->fe, f->field, es_code_name(rc), ES_PICTURE_MAX);
    return ES_OK;
}

/* POST .../media/picture: a new one, or only other words for it. */
static enum es_code picture(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    int64_t old = k->face.picture.media;
    const struct es_req_file *f = file_of(k, "picture");
    k->face.picture.alt = text(k, "alt", false, ES_FACE_ALT);
    k->face.picture.credit = text(k, "credit", false, ES_FACE_LABEL);
    if (!f && !old)
        es_field_errors_add(&k->fe, "picture", "required", NAN);
    if (f && !k->fe.n)
        rc = take_picture(k, f, &k->face.picture.media, e);
    return rc == ES_OK ? finish(k, out, old, e) : rc;
}

/* POST .../media/picture/remove */
static enum es_code picture_remove(const struct es_req *q, struct es_resp *out,
                                   struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    int64_t old = k->face.picture.media;
    k->face.picture.media = 0;
    k->face.picture.alt = "";
    k->face.picture.credit = "";
    return finish(k, out, old, e);
}

/* A picture that has no words of its own: the form's `field`, kept at *at. */
static enum es_code replace(struct edit *k, const char *field, int64_t *at,
                            struct es_resp *out, struct es_err *e)
{
    enum es_code rc = ES_OK;
    int64_t old = *at;
    const struct es_req_file *f = file_of(k, field);
    if (!f)
        es_field_errors_add(&k->fe, field, "required", NAN);
    else
        rc = take_picture(k, f, at, e);
    return rc == ES_OK ? finish(k, out, old, e) : rc;
}

static enum es_code removed(struct edit *k, int64_t *at, struct es_resp *out,
                            struct es_err *e)
{
    int64_t old = *at;
    *at = 0;
    return finish(k, out, old, e);
}

/* POST .../media/poster */
static enum es_code poster(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    return rc == ES_OK ? replace(k, "poster", &k->face.video.poster, out, e)
                       : rc;
}

/* POST .../media/poster/remove */
static enum es_code poster_remove(const struct es_req *q, struct es_resp *out,
                                  struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    return rc == ES_OK ? removed(k, &k->face.video.poster, out, e) : rc;
}

/* POST .../media/logo */
static enum es_code logo(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    return rc == ES_OK ? replace(k, "logo", &k->face.logo, out, e) : rc;
}

/* POST .../media/logo/remove */
static enum es_code logo_remove(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    return rc == ES_OK ? removed(k, &k->face.logo, out, e) : rc;
}

/* POST .../media/words: who speaks, and what is said. */
static enum es_code words(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    k->face.video.speaker = text(k, "speaker", false, ES_FACE_LABEL);
    k->face.video.office = text(k, "office", false, ES_FACE_LABEL);
    k->face.video.transcript = text(k, "transcript", true, ES_FACE_TRANSCRIPT);
    return finish(k, out, 0, e);
}

/* ---- the video ---- */

enum es_code es_web_film_put(const struct es_req *q, int64_t film,
                             struct es_err *e)
{
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    int64_t old = k->face.video.media;
    k->face.video.media = film;
    k->face.video.duration_s = 0;
    rc = edit_keep(k, e);
    if (rc == ES_OK && old && old != film)
        rc = es_media_drop(es_web_of(q)->app, k->ini.id, old, e);
    return rc;
}

/* POST .../media/video: a small one, in one form. */
static enum es_code video(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct edit *k;
    int64_t received;
    bool whole = false;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    const struct es_req_file *f = file_of(k, "video");
    if (!f) {
        es_field_errors_add(&k->fe, "video", "required", NAN);
        return show(k, out, e);
    }
    struct es_film_new film = { k->ini.id, es_web_who(q)->account.id,
                                (int64_t)f->size, f->filename };
    struct es_film_part part = { .initiative = k->ini.id,
                                 .fd = f->fd,
                                 .size = f->size };
    rc = es_film_begin(app, &film, &part.id, e);
    if (rc == ES_OK)
        rc = es_film_add(app, &part, es_req_arena(q), &received, &whole, e);
    if (rc == ES_OK && whole)
        rc = es_web_film_put(q, part.id, e);
    if (rc == ES_OK)
        return kept(k, out);
    if (es_web_take_status(rc) == 500)
        return rc;
    es_field_errors_add(&k->fe, "video", es_code_name(rc), NAN);
    return show(k, out, e);
}

/* POST .../media/video/remove: with its poster and captions. */
static enum es_code video_remove(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct edit *k;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    struct es_face was = k->face;
    k->face.video.media = k->face.video.poster = 0;
    k->face.video.n_captions = 0;
    k->face.video.speaker = k->face.video.office = "";
    k->face.video.transcript = "";
    k->face.video.duration_s = 0;
    rc = edit_keep(k, e);
    if (rc == ES_OK && was.video.media)
        rc = es_media_drop(app, k->ini.id, was.video.media, e);
    if (rc == ES_OK && was.video.poster)
        rc = es_media_drop(app, k->ini.id, was.video.poster, e);
    for (size_t i = 0; rc == ES_OK && i < was.video.n_captions; i++)
        rc = es_media_drop(app, k->ini.id, was.video.captions[i].media, e);
    return rc == ES_OK ? kept(k, out) : rc;
}

/* ---- captions ---- */

static const char *lang_name(const char *tag)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, tag) == 0)
            return es_spoken[i].name;
    return NULL;
}

/* The entry of that language; one more at the end when there is none. */
static size_t caption_at(const struct es_face *f, const char *lang)
{
    size_t i = 0;
    while (i < f->video.n_captions &&
           strcmp(f->video.captions[i].lang, lang) != 0)
        i++;
    return i;
}

static enum es_code read_captions(struct edit *k, const struct es_req_file *f,
                                  struct es_bytes *out, struct es_err *e)
{
    size_t n = f->size < ES_MEDIA_TEXT_MAX ? f->size : ES_MEDIA_TEXT_MAX + 1;
    uint8_t *p = es_arena_alloc(es_req_arena(k->q), n + 1);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "captions");
    for (size_t at = 0; at < n;) {
        ssize_t got = pread(f->fd, p + at, n - at, (off_t)at);
        if (got <= 0)
            return es_fail(e, ES_EIO, at, "reading what was sent");
        at += (size_t)got;
    }
    *out = (struct es_bytes){ p, n };
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        *out = (struct es_bytes){ p + 3, n - 3 };
    return ES_OK;
}

static enum es_code take_captions(struct edit *k, const char *lang,
                                  const struct es_req_file *f, int64_t *old,
                                  struct es_err *e)
{
    struct es_media_new m = { .initiative = k->ini.id,
                              .kind = "captions",
                              .type = "text/vtt",
                              .name = f->filename };
    size_t at = caption_at(&k->face, lang);
    int64_t id;
    if (at == ES_FACE_CAPTIONS) {
        es_field_errors_add(&k->fe, "captions", "conflict", NAN);
        return ES_OK;
    }
    enum es_code rc = read_captions(k, f, &m.bytes, e);
    if (rc == ES_OK)
        rc = es_captions_check(m.bytes, e);
    if (rc == ES_OK)
        rc = es_media_add(es_web_of(k->q)->app, &m, &id, e);
    if (rc != ES_OK) {
        if (es_web_take_status(rc) == 500)
            return rc;
        es_field_errors_add(&k->fe, "captions", es_code_name(rc), NAN);
        return ES_OK;
    }
    struct es_face_caption *c = &k->face.video.captions[at];
    *old = at < k->face.video.n_captions ? c->media : 0;
    k->face.video.n_captions += at == k->face.video.n_captions;
    *c = (struct es_face_caption){ lang, lang_name(lang), id };
    return ES_OK;
}

/* POST .../media/captions */
static enum es_code captions(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct edit *k;
    int64_t old = 0;
    const char *lang = es_web_given(q, "lang");
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    const struct es_req_file *f = file_of(k, "captions");
    if (!f)
        es_field_errors_add(&k->fe, "captions", "required", NAN);
    else if (!lang_name(lang))
        es_field_errors_add(&k->fe, "captions", "invalid", NAN);
    else
        rc = take_captions(k, lang, f, &old, e);
    return rc == ES_OK ? finish(k, out, old, e) : rc;
}

/* POST .../media/captions/remove */
static enum es_code captions_remove(const struct es_req *q, struct es_resp *out,
                                    struct es_err *e)
{
    struct edit *k;
    int64_t old = 0;
    enum es_code rc = edit_begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    struct es_face_caption *v = k->face.video.captions;
    size_t at = caption_at(&k->face, es_web_given(q, "lang"));
    if (at < k->face.video.n_captions) {
        old = v[at].media;
        k->face.video.n_captions--;
        memmove(v + at, v + at + 1,
                (k->face.video.n_captions - at) * sizeof *v);
    }
    return finish(k, out, old, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, media },
    { ES_POST, ROOT "/picture", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      picture },
    { ES_POST, ROOT "/picture/remove", ES_BODY_FORM, ES_WEB_FORM,
      picture_remove },
    { ES_POST, ROOT "/logo", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES, logo },
    { ES_POST, ROOT "/logo/remove", ES_BODY_FORM, ES_WEB_FORM, logo_remove },
    { ES_POST, ROOT "/poster", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      poster },
    { ES_POST, ROOT "/poster/remove", ES_BODY_FORM, ES_WEB_FORM,
      poster_remove },
    { ES_POST, ROOT "/words", ES_BODY_FORM, ES_WEB_FORM, words },
    { ES_POST, ROOT "/video", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      video },
    { ES_POST, ROOT "/video/remove", ES_BODY_FORM, ES_WEB_FORM, video_remove },
    { ES_POST, ROOT "/captions", ES_BODY_FORM, ES_WEB_FORM | ES_ROUTE_FILES,
      captions },
    { ES_POST, ROOT "/captions/remove", ES_BODY_FORM, ES_WEB_FORM,
      captions_remove },
};
const struct es_routes ES_ROUTES_MEDIA_EDIT = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
