/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/site.h"

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "initiative/results.h"
#include "initiative/texts.h"
#include "store/media.h"
#include "web/assets.h"
#include "web/site_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SITE_MEM = 32 << 20, FOUND_MAX = 4096, CODES_MAX = 16 << 20 };

/* An address that a page led to, and where it is kept. */
struct found {
    const char *path;
    struct es_site_place place;
};

struct site {
    struct es_web *w;
    const struct es_site_ask *ask;
    struct es_site_told told;
    struct es_arena a; /* all below */
    struct es_initiative ini;
    const struct es_lang *langs[ES_LANGS];
    size_t n_langs;
    struct es_site_names names;
    struct es_site_disk disk;
    struct es_kept kept;
    struct found *found;     /* pages and copies, each file once */
    size_t n_found, written; /* of found, those that aren't copies */
    /* the page that is being written */
    const char *base; /* from it to the folder: "../" */
    struct es_site_turn turn;
    char next[ES_SITE_PATH]; /* the page after it; "": none */
    struct es_buf codes;     /* of the runs it leads to, each with its NUL */
    char there[ES_SITE_NAME + 16];
    struct es_buf captions;   /* as an address */
    char stray[ES_SITE_PATH]; /* an address that isn't kept */
};

/* ---- links ---- */

static void remember(struct site *s, const char *path,
                     const struct es_site_place *place)
{
    for (size_t i = 0; i < s->n_found; i++)
        if (strcmp(s->found[i].place.file, place->file) == 0)
            return;
    const char *copy = es_arena_str(&s->a, path);
    if (!copy || s->n_found == FOUND_MAX) {
        (void)snprintf(s->stray, sizeof s->stray, "%s", path);
        return;
    }
    s->found[s->n_found++] = (struct found){ copy, *place };
}

/* Each page is remembered in one language and written in all. */
static void remember_page(struct site *s, const char *path)
{
    struct es_site_place own;
    bool next;
    if (strcmp(path, "/") == 0) /* here the way home leads to it */
        path = s->names.root;
    if (es_site_place_of(&s->names, &s->turn, path, s->langs[0], &own, &next))
        remember(s, path, &own);
}

/* A page that is opened from a folder may read no other file as captions: they
 * stand in their address (RFC 2397). NULL: they can't be read. */
static const char *captions(struct site *s, const char *path)
{
    const char *id = strrchr(path, '/') + 1;
    struct es_media m;
    struct es_buf text = { 0 };
    struct es_err e;
    struct es_store *store = s->w->app->store;
    es_buf_clear(&s->captions);
    es_buf_str(&s->captions, "data:text/vtt;charset=utf-8,");
    if (es_store_media(store, s->ini.id, strtoll(id, NULL, 10), &s->a, &m,
                       &e) != ES_OK ||
        es_store_blob_read(store, &m.blob, &text, &e) != ES_OK)
        return NULL;
    for (size_t i = 0; i < text.n; i++)
        es_buf_fmt(&s->captions, "%%%02X", (unsigned)text.p[i]);
    es_buf_release(&text);
    return s->captions.bad ? NULL : es_buf_cstr(&s->captions);
}

static bool is_captions(const char *file)
{
    size_t n = strlen(file);
    return n > 4 && strcmp(file + n - 4, ".vtt") == 0;
}

/* es_out_moved.to */
static const char *lead(void *arg, const char *path, const struct es_lang *lang)
{
    struct site *s = arg;
    struct es_site_place place;
    bool next = false;
    const char *own = NULL;
    bool kept =
        strlen(path) < ES_SITE_PATH &&
        es_site_place_of(&s->names, &s->turn, path, lang, &place, &next);
    if (kept && is_captions(place.file))
        kept = (own = captions(s, path)) != NULL;
    if (!kept) {
        (void)snprintf(s->stray, sizeof s->stray, "%s", path);
        return "#";
    }
    if (own)
        return own;
    if (next)
        (void)snprintf(s->next, sizeof s->next, "%s", path);
    else if (place.kind == ES_SITE_RUN)
        es_buf_add(&s->codes, path, strlen(path) + 1);
    else if (place.kind == ES_SITE_COPY)
        remember(s, path, &place);
    else if (place.kind != ES_SITE_LIST && s->turn.page == 1)
        remember_page(s, path);
    (void)snprintf(s->there, sizeof s->there, "%s%s", s->base, place.file);
    return s->there;
}

/* ---- pages ---- */

static enum es_code refused(const struct es_reply *r, const char *path,
                            struct es_err *e)
{
    if (r->status == 403)
        return es_fail(e, ES_EDENIED, 0, "it is paused");
    if (r->status == 404)
        return es_fail(e, ES_ENOENT, 0, "%s isn't there, or not public", path);
    return es_fail(e, ES_EIO, 0, "%s: %d", path, r->status);
}

/* What anybody gets for an address; *r is released by the caller. */
static enum es_code get(struct site *s, const char *path,
                        const struct es_lang *lang, struct es_reply *r,
                        struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, 2 * ES_SITE_PATH);
    es_buf_fmt(&b, "GET %s", path);
    if (lang)
        es_buf_fmt(&b, "%clang=%s", strchr(path, '?') ? '&' : '?', lang->tag);
    es_buf_fmt(&b, " HTTP/1.1\r\nHost: %s\r\n\r\n",
               s->w->n_hosts ? s->w->hosts[0] : "localhost");
    *r = (struct es_reply){ 0 };
    enum es_code rc = b.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                            : es_web_call(s->w, es_buf_bytes(&b), "unix", r, e);
    if (rc == ES_OK && r->status != 200)
        rc = refused(r, path, e);
    es_buf_release(&b);
    return rc;
}

static const char *base_of(const char *file)
{
    static const char UP[] = "../../../";
    size_t deep = 0;
    for (; *file; file++)
        deep += *file == '/';
    assert(3 * deep < sizeof UP);
    return UP + sizeof UP - 1 - 3 * deep;
}

static enum es_code write_page(struct site *s, const char *path,
                               const struct es_lang *lang, const char *file,
                               struct es_err *e)
{
    struct es_reply r;
    s->base = base_of(file);
    s->next[0] = s->stray[0] = '\0';
    enum es_code rc = get(s, path, lang, &r, e);
    if (rc == ES_OK && (s->stray[0] || s->codes.bad))
        rc = es_fail(e, ES_EMALFORMED, 0, "%s leads to %s, which isn't kept",
                     path, s->stray);
    if (rc == ES_OK)
        rc = es_site_disk_put(&s->disk, file, es_buf_bytes(&r.body), e);
    es_reply_release(&r);
    s->told.pages += rc == ES_OK;
    if (rc == ES_OK && s->ask->tell)
        s->ask->tell(s->ask->arg, &s->told);
    return rc;
}

/* The cursor of an address, as it stands there. */
static void turn_to(struct es_site_turn *turn, const char *path)
{
    const char *at = strstr(path, "cursor=");
    if (!at)
        at = strstr(path, "before=");
    at = at ? at + strlen("cursor=") : "";
    (void)snprintf(turn->cursor, sizeof turn->cursor, "%.*s",
                   (int)strcspn(at, "&"), at);
}

/* A page and those that follow it. */
static enum es_code write_list(struct site *s, const char *first,
                               const struct es_lang *lang, struct es_err *e)
{
    char path[ES_SITE_PATH];
    struct es_site_place place;
    bool next;
    enum es_code rc = ES_OK;
    (void)snprintf(path, sizeof path, "%s", first);
    s->turn = (struct es_site_turn){ .page = 1 };
    while (rc == ES_OK && path[0]) {
        turn_to(&s->turn, path);
        if (!es_site_place_of(&s->names, &s->turn, path, lang, &place, &next))
            return es_fail(e, ES_EMALFORMED, 0, "%s isn't kept", path);
        rc = write_page(s, path, lang, place.file, e);
        memcpy(path, s->next, sizeof path);
        s->turn.page++;
    }
    s->turn = (struct es_site_turn){ .page = 1 };
    return rc;
}

static enum es_code in_all(struct site *s, const char *path, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < s->n_langs; i++)
        rc = write_list(s, path, s->langs[i], e);
    return rc;
}

/* ---- people, teams, runs ---- */

static enum es_code write_runs(struct site *s, struct es_buf *codes,
                               struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t at = 0; rc == ES_OK && at < codes->n;) {
        const char *path = (const char *)codes->p + at;
        rc = in_all(s, path, e);
        at += strlen(path) + 1;
    }
    return rc;
}

static enum es_code write_person(struct site *s, const struct es_standing *p,
                                 struct es_err *e)
{
    char path[ES_SITE_PATH];
    enum es_code rc = ES_OK;
    (void)snprintf(path, sizeof path, "%s/people/%lld", s->names.root,
                   (long long)p->bib);
    es_buf_clear(&s->codes);
    rc = write_list(s, path, s->langs[0], e);
    struct es_buf codes = s->codes; /* the other languages lead to the same */
    es_buf_init(&s->codes, CODES_MAX);
    for (size_t i = 1; rc == ES_OK && i < s->n_langs; i++)
        rc = write_list(s, path, s->langs[i], e);
    if (rc == ES_OK)
        rc = write_runs(s, &codes, e);
    es_buf_release(&codes);
    s->told.people++;
    return rc;
}

static enum es_code write_team(struct site *s, const struct es_standing *t,
                               struct es_err *e)
{
    char path[ES_SITE_PATH];
    (void)snprintf(path, sizeof path, "%s/teams/%lld", s->names.root,
                   (long long)t->id);
    return in_all(s, path, e);
}

/* All who stand in an order have a page. */
static enum es_code write_each(struct site *s, enum es_by by, struct es_err *e)
{
    struct es_standings_query q = { by, ES_METRIC_DISTANCE, NULL, NULL,
                                    ES_STANDINGS_PAGE_MAX };
    struct es_standings *standings = es_app_standings(s->w->app, s->ini.id);
    char cursor[128];
    enum es_code rc;
    do {
        struct es_arena a;
        struct es_standing *v;
        const char *next = NULL;
        size_t n = 0;
        es_arena_init(&a, 4u << 20);
        rc = es_standings_page(standings, &q, &a, &v, &n, &next, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++)
            rc = by == ES_BY_PERSON ? write_person(s, &v[i], e)
                                    : write_team(s, &v[i], e);
        (void)snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        q.cursor = cursor;
        es_arena_release(&a);
    } while (rc == ES_OK && *cursor);
    return rc;
}

/* ---- what isn't a page ---- */

static enum es_code copy_medium(struct site *s, const struct found *f,
                                struct es_err *e)
{
    struct es_media m;
    struct es_buf piece = { 0 };
    struct es_blob blob;
    int64_t at = 0, start;
    int fd;
    const char *id = strrchr(f->path, '/') + 1;
    enum es_code rc = es_store_media(s->w->app->store, s->ini.id,
                                     strtoll(id, NULL, 10), &s->a, &m, e);
    if (rc == ES_OK)
        rc = es_site_disk_create(&s->disk, f->place.file, &fd, e);
    if (rc != ES_OK)
        return rc;
    while (rc == ES_OK && at < m.blob.length) {
        blob = m.blob;
        if (m.pieces)
            rc = es_store_media_piece(s->w->app->store, s->ini.id, m.id, at,
                                      &start, &blob, e);
        if (rc == ES_OK)
            rc = es_store_blob_read(s->w->app->store, &blob, &piece, e);
        if (rc == ES_OK)
            rc = es_fd_write(fd, es_buf_bytes(&piece), e);
        at += (int64_t)piece.n;
        es_buf_release(&piece);
    }
    if (close(fd) != 0 && rc == ES_OK)
        rc = es_fail(e, ES_EIO, 0, "can't write %s", f->place.file);
    return rc;
}

static enum es_code copy_answer(struct site *s, const struct found *f,
                                struct es_err *e)
{
    struct es_reply r;
    enum es_code rc = get(s, f->path, NULL, &r, e);
    if (rc == ES_OK && r.body.bad)
        rc = es_fail(e, ES_ETOOLARGE, 0, "%s", f->path);
    if (rc == ES_OK)
        rc =
            es_site_disk_put(&s->disk, f->place.file, es_buf_bytes(&r.body), e);
    es_reply_release(&r);
    return rc;
}

static enum es_code copy(struct site *s, const struct found *f,
                         struct es_err *e)
{
    const struct es_asset *asset;
    if (strncmp(f->place.file, "media/", 6) == 0)
        return copy_medium(s, f, e);
    if (strncmp(f->place.file, "static/", 7) != 0)
        return copy_answer(s, f, e);
    asset = es_asset_named(f->place.file + 7);
    return asset ? es_site_disk_put(&s->disk, f->place.file, asset->bytes, e)
                 : es_fail(e, ES_ENOENT, 0, "%s isn't there", f->path);
}

/* What a program reads first: what this is, and how its results are checked. */
static enum es_code write_about(struct site *s, struct es_err *e)
{
    uint8_t key[ES_SIGN_PUBLIC];
    struct es_buf b, hex;
    es_results_key(s->w->app, key);
    es_buf_init(&b, 1 << 16);
    es_buf_init(&hex, 2 * sizeof key + 1);
    es_hex_put(&hex, key, sizeof key);
    es_buf_str(&b, "{");
    es_buf_json_s(&b, "format", "everystep-site-1");
    es_buf_json_s(&b, "slug", s->ini.slug);
    es_buf_json_s(&b, "title", s->ini.title);
    es_buf_json_key(&b, "languages");
    es_buf_str(&b, "[");
    for (size_t i = 0; i < s->n_langs; i++)
        es_buf_fmt(&b, "%s\"%s\"", i ? "," : "", s->langs[i]->tag);
    es_buf_str(&b, "]");
    es_buf_json_s(&b, "public_key", es_buf_cstr(&hex));
    es_buf_str(&b, "}\n");
    enum es_code rc = b.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                            : es_site_disk_put(&s->disk, "everystep.json",
                                               es_buf_bytes(&b), e);
    es_buf_release(&b);
    es_buf_release(&hex);
    return rc;
}

/* ---- all of it ---- */

/* Its own language first, and those in which something is written. */
static enum es_code find_languages(struct site *s, struct es_err *e)
{
    struct es_texts *t = es_arena_alloc(&s->a, sizeof *t);
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "texts");
    enum es_code rc =
        es_texts_read(s->ini.texts ? s->ini.texts : "{}", &s->a, t, e);
    const struct es_lang *own = es_lang_of(s->ini.lang);
    s->langs[s->n_langs++] = own ? own : es_lang_at(0);
    for (size_t i = 0; rc == ES_OK && i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        bool there = es_texts_in(t, l->tag) != NULL;
        if (l != s->langs[0] && there)
            s->langs[s->n_langs++] = l;
        if (l != s->langs[0] && !there)
            s->kept.not_in |= 1u << l->index;
    }
    return rc;
}

static enum es_code find_names(struct site *s, struct es_err *e)
{
    struct es_rules *rules = es_arena_alloc(&s->a, sizeof *rules);
    if (!rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    enum es_code rc = es_rules_read(s->ini.rules, rules, e);
    if (rc != ES_OK)
        return rc;
    (void)snprintf(s->names.root, sizeof s->names.root, "/e/%s", s->ini.slug);
    s->names.store = s->w->app->store;
    s->names.initiative = s->ini.id;
    for (size_t i = 0; i < rules->n_categories; i++) {
        struct es_url u = es_url_path(&s->a, "/%s", rules->categories[i].name);
        if (!es_url_is(u))
            return es_fail(e, ES_ENOMEM, 0, "names");
        s->names.category[s->names.n_categories++] = u.checked + 1;
    }
    return ES_OK;
}

static enum es_code begin(struct site *s, struct es_err *e)
{
    struct es_totals t;
    enum es_code rc =
        es_store_initiative(s->w->app->store, s->ask->slug, &s->a, &s->ini, e);
    if (rc == ES_OK)
        rc = find_languages(s, e);
    if (rc == ES_OK)
        rc = find_names(s, e);
    if (rc == ES_OK && !es_app_standings(s->w->app, s->ini.id))
        rc = es_fail(e, ES_ENOENT, 0, "it has no standings");
    if (rc != ES_OK)
        return rc;
    es_standings_totals(es_app_standings(s->w->app, s->ini.id), &t);
    s->told.of_people = t.participants;
    s->found = es_arena_array(&s->a, FOUND_MAX, sizeof *s->found);
    if (!s->found)
        return es_fail(e, ES_ENOMEM, 0, "addresses");
    s->kept.moved = (struct es_out_moved){ lead, s };
    s->w->kept = &s->kept;
    return es_site_disk_open(&s->disk, s->ask->dir, e);
}

/* The first page leads to all others that aren't somebody's. */
static enum es_code write_found(struct site *s, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (; rc == ES_OK && s->written < s->n_found; s->written++)
        if (s->found[s->written].place.kind != ES_SITE_COPY)
            rc = in_all(s, s->found[s->written].path, e);
    return rc;
}

static enum es_code write_all(struct site *s, struct es_err *e)
{
    s->turn.page = 1;
    enum es_code rc =
        write_page(s, s->names.root, s->langs[0], "index.html", e);
    if (rc == ES_OK)
        rc = write_found(s, e);
    if (rc == ES_OK)
        rc = write_each(s, ES_BY_TEAM, e);
    if (rc == ES_OK)
        rc = write_each(s, ES_BY_PERSON, e);
    if (rc == ES_OK)
        rc = write_found(s, e);
    for (size_t i = 0; rc == ES_OK && i < s->n_found; i++)
        if (s->found[i].place.kind == ES_SITE_COPY)
            rc = copy(s, &s->found[i], e);
    return rc == ES_OK ? write_about(s, e) : rc;
}

enum es_code es_web_site(struct es_web *w, const struct es_site_ask *ask,
                         struct es_site_told *out, struct es_err *e)
{
    struct site *s = calloc(1, sizeof *s);
    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "site");
    s->w = w;
    s->ask = ask;
    s->disk.fd = -1;
    es_arena_init(&s->a, SITE_MEM);
    es_buf_init(&s->codes, CODES_MAX);
    es_buf_init(&s->captions, 4 * ES_MEDIA_TEXT_MAX);
    enum es_code rc = begin(s, e);
    if (rc == ES_OK)
        rc = write_all(s, e);
    if (rc == ES_OK)
        rc = es_site_disk_done(&s->disk, e);
    if (rc == ES_OK)
        *out = s->told;
    w->kept = NULL;
    es_site_disk_close(&s->disk);
    es_buf_release(&s->codes);
    es_buf_release(&s->captions);
    es_arena_release(&s->a);
    free(s);
    return rc;
}
