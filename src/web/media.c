/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures, videos and captions of an initiative. */
#include "web/media.h"

#include "initiative/evidence.h"
#include "initiative/face.h"
#include "initiative/media.h"
#include "store/media.h"
#include "store/parties.h"
#include "web/exhibition_int.h"
#include "web/web_int.h"

#include <string.h>

enum { TAG_BYTES = 16 };

/* Who opens a drawing by its address, not in a page, opens a document: it may
 * not run anything, load anything or be of our origin. */
static const char DRAWING_CSP[] =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/* Whether it is of a picture that hangs in the exhibition. */
static enum es_code hangs(const struct es_req *q, int64_t initiative,
                          int64_t id, bool *out, struct es_err *e)
{
    struct es_picture p;
    enum es_code rc = es_store_picture(es_web_of(q)->app->store, initiative, id,
                                       es_req_arena(q), &p, e);
    *out = rc == ES_OK && p.state == ES_PICTURE_SHOWN;
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* The record that the initiative's face names, or its exhibition; ES_ENOENT
 * for any other. */
static enum es_code find(const struct es_req *q, struct es_media *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    int64_t id;
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = es_face_read(ini.face, a, f, e);
    if (rc != ES_OK)
        return rc;
    if (!es_req_i64(q, "id", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "not shown");
    rc = es_store_media(es_web_of(q)->app->store, ini.id, id, a, out, e);
    bool shown = rc == ES_OK && es_face_shows(f, out->of ? out->of : id);
    if (rc == ES_OK && !shown)
        rc = es_store_is_portrait(es_web_of(q)->app->store, ini.id,
                                  out->of ? out->of : id, &shown, e);
    if (rc == ES_OK && !shown)
        rc = hangs(q, ini.id, out->of ? out->of : id, &shown, e);
    if (rc == ES_OK && !shown)
        return es_fail(e, ES_ENOENT, 0, "not shown");
    if (rc == ES_OK && !es_media_type(out->type))
        return es_fail(e, ES_ENOENT, 0, "of a type that isn't served");
    return rc;
}

static const char *tag_of(const struct es_req *q, const struct es_media *m)
{
    char hex[TAG_BYTES * 2 + 1];
    for (size_t i = 0; i < TAG_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", m->blob.hash[i]);
    const char *tag = es_arena_str(es_req_arena(q), hex);
    return tag ? tag : "";
}

static enum es_code send(const struct es_req *q, const struct es_media *m,
                         struct es_resp *out, struct es_err *e)
{
    struct es_web *w = es_web_of(q);
    struct es_media_open *o;
    if (m->pieces)
        return es_web_film_send(q, out, m, e);
    enum es_code rc = es_media_hold(w->media, w->app->store, m, &o, e);
    if (rc != ES_OK)
        return rc;
    if (!es_media_is_text(m->type)) {
        es_resp_lend(q, out, es_media_bytes(o), es_media_release, o);
        return ES_OK;
    }
    struct es_bytes s = es_media_bytes(o);
    es_buf_add(es_resp_body(out), s.p, s.n);
    es_media_release(o);
    return ES_OK;
}

enum es_code es_web_media_small(const struct es_req *q, struct es_resp *out,
                                int64_t initiative, int64_t id,
                                struct es_err *e)
{
    struct es_media *v;
    size_t n;
    enum es_code rc = es_store_media_sizes(es_web_of(q)->app->store, initiative,
                                           id, es_req_arena(q), &v, &n, e);
    if (rc == ES_OK && n == 0)
        rc = es_fail(e, ES_ENOENT, 0, "no such picture");
    if (rc != ES_OK)
        return rc;
    es_resp_type(out, es_media_type(v[0].type));
    return send(q, &v[0], out, e);
}

/* GET /e/{slug}/media/{id}. Nobody is known here: no cookie is read, so that
 * a shared cache may keep what it gets. */
static enum es_code media(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_media m;
    enum es_code rc = find(q, &m, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    bool text = es_media_is_text(m.type);
    const char *tag = tag_of(q, &m);
    es_resp_type(out, es_media_type(m.type));
    es_resp_cache(out, "public, max-age=31536000, immutable");
    if (strcmp(m.type, "image/svg+xml") == 0)
        es_resp_header(out, "Content-Security-Policy", DRAWING_CSP);
    /* Text goes zipped, so its bytes aren't exact. */
    if (text ? es_resp_fresh(q, out, tag) : es_resp_exact(q, out, tag))
        return ES_OK;
    return send(q, &m, out, e);
}

/* ---- evidence ---- */

enum es_code es_web_evidence(const struct es_req *q, struct es_resp *out,
                             const struct es_run *run, struct es_err *e)
{
    struct es_buf jpeg;
    enum es_code rc = es_run_evidence_read(es_web_of(q)->app, run->initiative,
                                           run->id, &jpeg, e);
    if (rc == ES_OK) {
        es_resp_type(out, "image/jpeg");
        es_buf_add(es_resp_body(out), jpeg.p, jpeg.n);
    }
    es_buf_release(&jpeg);
    return rc;
}

/* GET /organise/e/{slug}/runs/{run}/picture: the evidence, for reviewers. */
static enum es_code evidence(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_run run;
    int64_t id;
    if (!es_req_i64(q, "run", 1, INT64_MAX, &id))
        return es_web_fail(q, out, 404, "");
    enum es_code rc =
        es_store_run(es_web_of(q)->app->store, es_web_who(q)->here.id, id,
                     es_req_arena(q), &run, e);
    if (rc == ES_OK)
        rc = es_web_evidence(q, out, &run, e);
    return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/runs/{run}/picture", ES_BODY_NONE,
      ES_WEB_PAGE, evidence },
    { ES_GET, "/e/{slug}/media/{id}", ES_BODY_NONE, 0, media },
};
const struct es_routes ES_ROUTES_MEDIA = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
