/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who holds an initiative, in which role and order, and where to read on. Each
 * list is one thing to two who change it at once: order is part of it. */
#include "initiative/face.h"

#include "base/address.h"
#include "base/num.h"
#include "base/utf8.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/views_edit.h"

#include <math.h>
#include <string.h>

enum { TRIES = 3, MORE = 2 }; /* MORE: empty rows to write into */

struct hosts {
    const struct es_req *q;
    struct es_initiative ini;
    struct es_face face; /* as it is kept; then as it came */
    struct es_web_edit w;
    struct es_field_errors fe;
    const char *bad_host, *bad_link; /* what can't be kept; NULL nothing */
};

static const char *lines_of(struct hosts *k, struct es_buf *b)
{
    const char *s =
        b->bad ? NULL : es_arena_str(es_req_arena(k->q), es_buf_cstr(b));
    es_buf_release(b);
    return s ? s : "";
}

/* A list as lines: what both see when both changed it. */
static const char *hosts_text(struct hosts *k, const struct es_face *f)
{
    struct es_buf b;
    const struct es_lang *l = es_web_lang(k->q, NULL);
    es_buf_init(&b, ES_FACE_MAX);
    for (size_t i = 0; i < f->n_hosts; i++)
        es_buf_fmt(&b, "%s · %s · %s\n", f->hosts[i].name,
                   es_words_role(l, (enum es_view_role)f->hosts[i].role),
                   f->hosts[i].url);
    return lines_of(k, &b);
}

static const char *links_text(struct hosts *k, const struct es_face *f)
{
    struct es_buf b;
    es_buf_init(&b, ES_FACE_MAX);
    for (size_t i = 0; i < f->n_links; i++)
        es_buf_fmt(&b, "%s · %s\n", f->links[i].label, f->links[i].url);
    return lines_of(k, &b);
}

static enum es_code load(struct hosts *k, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    enum es_code rc = es_store_initiative_by_id(
        es_web_of(k->q)->app->store, es_web_who(k->q)->here.id, a, &k->ini, e);
    return rc == ES_OK ? es_face_read(k->ini.face, a, &k->face, e) : rc;
}

/* ---- reading ---- */

static const char *row(const struct hosts *k, const char *what, size_t i)
{
    struct es_arena *a = es_req_arena(k->q);
    const char *name = es_arena_fmt(a, "%s_%zu", what, i);
    const char *s =
        name ? es_edit_words(a, es_web_given(k->q, name), false) : NULL;
    return s ? s : "";
}

static void read_hosts(struct hosts *k, struct es_face *f)
{
    f->n_hosts = 0;
    for (size_t i = 0; i < ES_FACE_HOSTS; i++) {
        struct es_face_host h = { row(k, "host", i), row(k, "host_url", i),
                                  ES_HOST_HOLDER };
        int64_t role;
        if (es_num_i64(es_bytes_str(row(k, "host_role", i)), 0, ES_HOST_PARTNER,
                       &role))
            h.role = (enum es_host_role)role;
        if (!*h.name)
            continue;
        if ((*h.url && !es_address_ok(h.url)) ||
            es_utf8_count(es_bytes_str(h.name)) > ES_FACE_LABEL)
            k->bad_host = h.name;
        f->hosts[f->n_hosts++] = h;
    }
}

static void read_links(struct hosts *k, struct es_face *f)
{
    f->n_links = 0;
    for (size_t i = 0; i < ES_FACE_LINKS; i++) {
        struct es_face_link l = { row(k, "link", i), row(k, "link_url", i) };
        if (!*l.url && !*l.label)
            continue;
        if (!*l.label)
            l.label = l.url;
        if (!es_address_ok(l.url) ||
            es_utf8_count(es_bytes_str(l.label)) > ES_FACE_LABEL)
            k->bad_link = l.label;
        f->links[f->n_links++] = l;
    }
}

/* "up_3": the fourth host a place further up. Only among the rows that have a
 * name, which are those that were shown first. */
static void move(const struct hosts *k, struct es_face *f)
{
    const char *act = es_web_given(k->q, "do");
    int64_t i;
    if (strncmp(act, "up_", 3) != 0 ||
        !es_num_i64(es_bytes_str(act + 3), 1, ES_FACE_HOSTS - 1, &i) ||
        (size_t)i >= f->n_hosts)
        return;
    struct es_face_host h = f->hosts[i];
    f->hosts[i] = f->hosts[i - 1];
    f->hosts[i - 1] = h;
}

/* ---- showing ---- */

static enum es_code show(struct hosts *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_view_hosts *v = es_arena_alloc(a, sizeof *v);
    const struct es_lang *l = es_web_lang(k->q, NULL);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "hosts");
    *v = (struct es_view_hosts){
        .frame = es_web_frame(k->q, &k->ini),
        .action = es_url_path(a, "/organise/e/%s/hosts", k->ini.slug),
        .was = es_web_edit_stamp(&k->w),
        .hosts_field = es_web_edit_field(&k->w, "hosts", &k->fe),
        .links_field = es_web_edit_field(&k->w, "links", &k->fe),
    };
    for (size_t i = 0; i < ES_FACE_HOSTS && i < k->face.n_hosts + MORE; i++) {
        bool there = i < k->face.n_hosts;
        const struct es_face_host *h = &k->face.hosts[i];
        v->hosts[v->n_hosts++] = (struct es_view_host_row){
            .i = (int64_t)i,
            .name = there ? h->name : "",
            .url = there ? h->url : "",
            .role = there ? (int64_t)h->role
                          : (i ? ES_HOST_SUPPORTER : ES_HOST_HOLDER),
            .can_rise = there && i > 0,
        };
    }
    for (size_t i = 0; i < ES_FACE_LINKS && i < k->face.n_links + MORE; i++)
        v->links[v->n_links++] = (struct es_view_link_row){
            .i = (int64_t)i,
            .label = i < k->face.n_links ? k->face.links[i].label : "",
            .url = i < k->face.n_links ? k->face.links[i].url : "",
        };
    for (int64_t r = 0; r <= ES_HOST_PARTNER; r++)
        v->roles[r] = es_words_role(l, (enum es_view_role)r);
    v->frame.notice = k->w.clashes
                          ? es_web_edit_notice(&k->w, &k->ini)
                          : es_words_done(l, es_req_query(k->q, "done"));
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_hosts(&o, v);
    return ES_OK;
}

static void add_edits(struct hosts *k, const struct es_face *now,
                      const struct es_face *mine)
{
    k->w.q = k->q;
    k->w.n = 0;
    es_web_edit_put(&k->w, "hosts", hosts_text(k, now), hosts_text(k, mine));
    es_web_edit_put(&k->w, "links", links_text(k, now), links_text(k, mine));
}

/* GET /organise/e/{slug}/hosts */
static enum es_code hosts(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct hosts *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "hosts");
    *k = (struct hosts){ .q = q };
    enum es_code rc = load(k, e);
    if (rc != ES_OK)
        return rc;
    add_edits(k, &k->face, &k->face);
    return show(k, out, 200, e);
}

/* ---- keeping ---- */

/* Takes what is to be kept of both lists into k->face. */
static size_t merge(struct hosts *k, const struct es_face *now,
                    const struct es_face *mine)
{
    add_edits(k, now, mine);
    size_t clashes = es_web_edit_merge(&k->w);
    const char *own_hosts = hosts_text(k, mine);
    const char *own_links = links_text(k, mine);
    k->face = *now;
    if (clashes || strcmp(es_web_edit_kept(&k->w, "hosts"), own_hosts) == 0) {
        memcpy(k->face.hosts, mine->hosts, sizeof mine->hosts);
        k->face.n_hosts = mine->n_hosts;
    }
    if (clashes || strcmp(es_web_edit_kept(&k->w, "links"), own_links) == 0) {
        memcpy(k->face.links, mine->links, sizeof mine->links);
        k->face.n_links = mine->n_links;
    }
    return clashes;
}

static enum es_code save(struct hosts *k, struct es_err *e)
{
    struct es_initiative now = k->ini;
    struct es_buf face;
    es_buf_init(&face, ES_FACE_MAX);
    es_face_write(&k->face, &face);
    now.face = es_buf_cstr(&face);
    now.edited_by = es_web_who(k->q)->account.id;
    now.edited_ms = es_time_now_ms();
    enum es_code rc = face.bad
                          ? es_fail(e, ES_ETOOLARGE, 0, "face")
                          : es_initiative_save(es_web_of(k->q)->app, &now, e);
    es_buf_release(&face);
    return rc;
}

/* POST /organise/e/{slug}/hosts: `do` may be "up_3" */
static enum es_code hosts_keep(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct hosts *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    struct es_face *mine = es_arena_alloc(es_req_arena(q), sizeof *mine);
    struct es_face *now = es_arena_alloc(es_req_arena(q), sizeof *now);
    enum es_code rc = ES_ECONFLICT;
    if (!k || !mine || !now)
        return es_fail(e, ES_ENOMEM, 0, "hosts");
    for (int i = 0; rc == ES_ECONFLICT && i < TRIES; i++) {
        *k = (struct hosts){ .q = q };
        rc = load(k, e);
        if (rc != ES_OK)
            return rc;
        *now = *mine = k->face;
        read_hosts(k, mine);
        read_links(k, mine);
        move(k, mine);
        if (merge(k, now, mine))
            return show(k, out, 409, e);
        if (k->bad_host)
            es_field_errors_add(&k->fe, "hosts", "address", NAN);
        if (k->bad_link)
            es_field_errors_add(&k->fe, "links", "address", NAN);
        if (k->fe.n)
            return show(k, out, 422, e);
        rc = save(k, e);
    }
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/hosts?done=kept", k->ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/hosts", ES_BODY_NONE, ES_WEB_PAGE, hosts },
    { ES_POST, "/organise/e/{slug}/hosts", ES_BODY_FORM, ES_WEB_FORM,
      hosts_keep },
};
const struct es_routes ES_ROUTES_HOSTS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
