/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The face of an initiative: what its page shows of it. */
#include "initiative/face.h"
#include "store/media.h"

#include "web/web_int.h"

static struct es_url media_url(const struct es_req *q,
                               const struct es_initiative *ini, int64_t media)
{
    if (media == 0)
        return (struct es_url){ NULL };
    return es_url_path(es_req_arena(q), "/e/%s/media/%lld", ini->slug,
                       (long long)media);
}

static struct es_url foreign(const struct es_req *q, const char *text)
{
    struct es_url u = { NULL };
    (void)es_url_foreign(es_req_arena(q), text, &u);
    return u;
}

static enum es_code captions(const struct es_req *q,
                             const struct es_initiative *ini,
                             const struct es_face *f, struct es_view_face *out,
                             struct es_err *e)
{
    const struct es_lang *reader = es_web_lang(q, NULL);
    struct es_view_caption *v =
        es_arena_array(es_req_arena(q), f->video.n_captions, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "captions");
    for (size_t i = 0; i < f->video.n_captions; i++) {
        const struct es_face_caption *c = &f->video.captions[i];
        v[i] = (struct es_view_caption){ c->lang, c->label,
                                         media_url(q, ini, c->media),
                                         es_lang_of(c->lang) == reader };
    }
    out->captions = v;
    out->n_captions = f->video.n_captions;
    return ES_OK;
}

static enum es_code lists(const struct es_req *q, const struct es_face *f,
                          struct es_view_face *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_host *hosts = es_arena_array(a, f->n_hosts, sizeof *hosts);
    struct es_view_more *links = es_arena_array(a, f->n_links, sizeof *links);
    if (!hosts || !links)
        return es_fail(e, ES_ENOMEM, 0, "hosts and links");
    for (size_t i = 0; i < f->n_hosts; i++)
        hosts[i] = (struct es_view_host){ f->hosts[i].name,
                                          (enum es_view_role)f->hosts[i].role,
                                          foreign(q, f->hosts[i].url) };
    for (size_t i = 0; i < f->n_links; i++)
        links[i] = (struct es_view_more){ f->links[i].label,
                                          foreign(q, f->links[i].url) };
    out->hosts = hosts;
    out->n_hosts = f->n_hosts;
    out->links = links;
    out->n_links = f->n_links;
    return ES_OK;
}

/* The sizes of the picture, for a browser to choose among: "/e/a/media/1
 * 480w, ...". Of pictures of our own drawing there is one, of any size. */
static enum es_code sizes(const struct es_req *q,
                          const struct es_initiative *ini, int64_t media,
                          struct es_view_face *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_media *v;
    size_t n = 0;
    const char *set = "";
    out->picture_w = 1200;
    out->picture_h = 675;
    enum es_code rc = media ? es_store_media_sizes(es_web_of(q)->app->store,
                                                   ini->id, media, a, &v, &n, e)
                            : ES_OK;
    for (size_t i = 0; rc == ES_OK && set && i < n && v[i].width; i++) {
        set = es_arena_fmt(a, "%s%s/e/%s/media/%lld %dw", set, i ? ", " : "",
                           ini->slug, (long long)v[i].id, (int)v[i].width);
        out->picture_w = v[i].width;
        out->picture_h = v[i].height;
    }
    /* kept as files, pages know the largest alone */
    out->picture_set = set && !es_web_of(q)->kept ? set : "";
    return rc;
}

enum es_code es_web_face_view(const struct es_req *q,
                              const struct es_initiative *ini, const char *json,
                              struct es_view_face *out, struct es_err *e)
{
    struct es_face *f = es_arena_alloc(es_req_arena(q), sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_face_read(json ? json : "{}", es_req_arena(q), f, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_view_face){
        .colour = f->colour,
        .picture = media_url(q, ini, f->picture.media),
        .picture_alt = f->picture.alt,
        .logo = media_url(q, ini, f->logo),
        .video = media_url(q, ini, f->video.media),
        .poster = media_url(q, ini, f->video.poster),
        .speaker = f->video.speaker,
        .office = f->video.office,
        .transcript = f->video.transcript,
    };
    rc = sizes(q, ini, f->picture.media, out, e);
    if (rc == ES_OK)
        rc = captions(q, ini, f, out, e);
    return rc == ES_OK ? lists(q, f, out, e) : rc;
}
