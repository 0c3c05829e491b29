/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The press kit: a zip of the texts that are public, the picture, and the
 * figures as of the moment it is asked for. Nobody is known here. Each picture
 * is opened while it is being sent: however many ask, none holds them all. */
#include "base/json.h"
#include "html/markdown.h"
#include "initiative/face.h"
#include "programme/zip.h"
#include "standings/standings.h"
#include "store/media.h"
#include "web/media.h"
#include "web/press.h"

#include <stdlib.h>
#include <string.h>

/* A file of the kit: words that it holds itself, or a medium. */
struct part {
    char name[ES_KIT_NAME];
    struct es_zip_file file;
    uint64_t at; /* of its bytes, in the whole */
    struct es_buf text;
    struct es_media media; /* id 0: none */
};

struct kit {
    struct es_store *store;
    struct es_media_cache *cache;
    struct part v[ES_KIT_FILES];
    size_t n;
    struct es_zip_file files[ES_KIT_FILES];
    struct es_buf heads[ES_KIT_FILES + 1]; /* the last: what stands behind */
    uint64_t size;
    int64_t now_ms;
};

static void kit_free(void *arg)
{
    struct kit *k = arg;
    for (size_t i = 0; i <= ES_KIT_FILES; i++)
        es_buf_release(&k->heads[i]);
    for (size_t i = 0; i < ES_KIT_FILES; i++)
        es_buf_release(&k->v[i].text);
    free(k);
}

/* ---- what is in it ---- */

/* A part of that name; NULL when the kit is full. */
static struct part *add(struct kit *k, const char *name)
{
    if (k->n == ES_KIT_FILES)
        return NULL;
    struct part *p = &k->v[k->n++];
    (void)snprintf(p->name, sizeof p->name, "%s", name);
    p->file.at_ms = k->now_ms;
    es_buf_init(&p->text, ES_KIT_TEXT);
    return p;
}

static void add_release(const struct es_req *q, struct kit *k, const char *zone,
                        const struct es_release *r,
                        const struct es_release_text *t)
{
    char name[ES_KIT_NAME];
    (void)snprintf(name, sizeof name, "releases/%lld-%s.txt", (long long)r->id,
                   t->lang);
    struct part *p = add(k, name);
    if (!p)
        return;
    p->file.at_ms = r->publish_ms;
    es_buf_fmt(&p->text, "%s\n\n%s\n\n", t->title,
               es_web_dateline(q, zone, t, r->publish_ms));
    es_markdown_text(&p->text, t->body);
    if (*t->notes)
        es_buf_str(&p->text, "\n\n* * *\n\n");
    es_markdown_text(&p->text, t->notes);
    es_buf_fmt(&p->text, "\n\n%s\n", t->contact);
}

static enum es_code add_releases(const struct es_req *q, struct kit *k,
                                 const struct es_initiative *ini,
                                 struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_release *all;
    size_t n = 0;
    enum es_code rc = es_store_releases_public(
        app->store, ini->id, k->now_ms, 0, 0, ES_KIT_RELEASES, a, &all, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_release_read r;
        rc = es_release_public(app, ini->id, all[i].id, k->now_ms, a, &r, e);
        for (size_t t = 0; rc == ES_OK && t < r.n; t++)
            add_release(q, k, ini->zone, &r.r, &r.v[t]);
        if (rc == ES_ENOENT) /* taken back in this moment */
            rc = ES_OK;
    }
    return rc;
}

static const char *suffix_of(const char *type)
{
    static const char *const KNOWN[][2] = { { "image/jpeg", "jpg" },
                                            { "image/png", "png" },
                                            { "image/webp", "webp" },
                                            { "image/svg+xml", "svg" } };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (strcmp(KNOWN[i][0], type) == 0)
            return KNOWN[i][1];
    return "bin";
}

/* 0 is no medium; one that is gone is left out. */
static enum es_code add_medium(const struct es_req *q, struct kit *k,
                               int64_t initiative, int64_t id, const char *stem,
                               struct es_err *e)
{
    char name[ES_KIT_NAME];
    struct es_media m;
    if (id == 0)
        return ES_OK;
    enum es_code rc =
        es_store_media(k->store, initiative, id, es_req_arena(q), &m, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    (void)snprintf(name, sizeof name, "pictures/%s.%s", stem,
                   suffix_of(m.type));
    struct part *p = add(k, name);
    if (p) {
        p->media = m;
        p->file.at_ms = m.created_ms;
    }
    return ES_OK;
}

/* The pictures, and what a caption needs to say of the first. */
static enum es_code add_pictures(const struct es_req *q, struct kit *k,
                                 const struct es_initiative *ini,
                                 struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_face_read(ini->face, a, f, e);
    if (rc == ES_OK)
        rc = add_medium(q, k, ini->id, f->logo, "logo", e);
    if (rc == ES_OK)
        rc = add_medium(q, k, ini->id, f->picture.media, "cover", e);
    if (rc != ES_OK || (!*f->picture.alt && !*f->picture.credit))
        return rc;
    struct part *p = add(k, "pictures/cover.txt");
    if (p)
        es_buf_fmt(&p->text, "%s%s%s\n", f->picture.alt,
                   *f->picture.alt && *f->picture.credit ? "\n\n" : "",
                   f->picture.credit);
    return ES_OK;
}

/* The figures of the run as of this moment, for people who calculate. */
static void add_figures(const struct es_req *q, struct kit *k,
                        const struct es_initiative *ini)
{
    struct part *p = add(k, "figures.json");
    struct es_view_total t = es_web_total(q, ini);
    if (!p)
        return;
    struct es_buf *b = &p->text;
    es_buf_str(b, "{");
    es_buf_json_s(b, "initiative", ini->title);
    es_buf_json_t(b, "as_of", k->now_ms);
    es_buf_json_n(b, "distance_km", (double)t.dist_mm / 1e6);
    es_buf_json_i(b, "participants", t.participants);
    es_buf_json_i(b, "runs", t.runs);
    if (t.goal_mm > 0)
        es_buf_json_n(b, "goal_km", (double)t.goal_mm / 1e6);
    es_buf_str(b, "}\n");
}

/* ---- its frame ---- */

static enum es_code weigh(struct kit *k, struct part *p, struct es_err *e)
{
    struct es_media_open *o;
    if (p->text.bad)
        return es_fail(e, ES_ENOMEM, 0, "press kit");
    p->file.name = p->name;
    if (!p->media.id) {
        p->file.size = (uint32_t)p->text.n;
        p->file.crc = es_zip_crc(0, es_buf_bytes(&p->text));
        return ES_OK;
    }
    enum es_code rc = es_media_hold(k->cache, k->store, &p->media, &o, e);
    if (rc != ES_OK)
        return rc;
    p->file.size = (uint32_t)es_media_bytes(o).n;
    p->file.crc = es_zip_crc(0, es_media_bytes(o));
    es_media_release(o);
    return ES_OK;
}

static enum es_code frame(struct kit *k, struct es_err *e)
{
    enum es_code rc = ES_OK;
    bool bad = false;
    for (size_t i = 0; rc == ES_OK && i < k->n; i++) {
        rc = weigh(k, &k->v[i], e);
        k->files[i] = k->v[i].file;
        es_buf_init(&k->heads[i], 2 * ES_KIT_NAME);
        es_zip_head(&k->heads[i], &k->files[i]);
        bad |= k->heads[i].bad;
        k->v[i].at = k->size + k->heads[i].n;
        k->size = k->v[i].at + k->files[i].size;
    }
    struct es_buf *end = &k->heads[ES_KIT_FILES];
    es_buf_init(end, ES_KIT_FILES * 2 * ES_KIT_NAME);
    es_zip_end(end, k->files, k->n);
    k->size += end->n;
    if (rc == ES_OK && (bad || end->bad))
        rc = es_fail(e, ES_ENOMEM, 0, "press kit");
    return rc;
}

/* ---- sending ---- */

static ptrdiff_t copy(struct es_bytes from, uint64_t at, uint8_t *out,
                      size_t cap)
{
    size_t n = from.n - (size_t)at < cap ? from.n - (size_t)at : cap;
    memcpy(out, from.p + at, n);
    return (ptrdiff_t)n;
}

static ptrdiff_t copy_part(struct kit *k, const struct part *p, uint64_t at,
                           uint8_t *out, size_t cap)
{
    struct es_media_open *o;
    struct es_err e;
    if (!p->media.id)
        return copy(es_buf_bytes(&p->text), at, out, cap);
    if (es_media_hold(k->cache, k->store, &p->media, &o, &e) != ES_OK)
        return -1;
    struct es_bytes s = es_media_bytes(o);
    ptrdiff_t n = s.n == p->file.size ? copy(s, at, out, cap) : -1;
    es_media_release(o);
    return n;
}

static ptrdiff_t kit_read(void *arg, uint64_t at, uint8_t *out, size_t cap)
{
    struct kit *k = arg;
    for (size_t i = 0; i < k->n; i++) {
        const struct part *p = &k->v[i];
        if (at < p->at)
            return copy(es_buf_bytes(&k->heads[i]), at + k->heads[i].n - p->at,
                        out, cap);
        if (at < p->at + p->file.size)
            return copy_part(k, p, at - p->at, out, cap);
    }
    struct es_bytes end = es_buf_bytes(&k->heads[ES_KIT_FILES]);
    return copy(end, at - (k->size - end.n), out, cap);
}

/* GET /e/{slug}/press-kit.zip */
static enum es_code kit(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct es_initiative ini;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct kit *k = calloc(1, sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "press kit");
    k->store = es_web_of(q)->app->store;
    k->cache = es_web_of(q)->media;
    k->now_ms = es_time_now_ms();
    add_figures(q, k, &ini);
    rc = add_pictures(q, k, &ini, e);
    if (rc == ES_OK)
        rc = add_releases(q, k, &ini, e);
    if (rc == ES_OK)
        rc = frame(k, e);
    if (rc != ES_OK) {
        kit_free(k);
        return rc;
    }
    es_resp_type(out, "application/zip");
    es_resp_cache(out, "public, max-age=60");
    es_web_attach(q, out, ini.slug, "-press-kit.zip");
    es_resp_pull(
        q, out,
        &(struct es_pulled){
            .size = k->size, .read = kit_read, .done = kit_free, .arg = k });
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/press-kit.zip", ES_BODY_NONE, 0, kit },
};
const struct es_routes ES_ROUTES_PRESS_KIT = { ROUTES,
                                               sizeof ROUTES / sizeof *ROUTES };
