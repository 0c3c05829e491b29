/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What all run for together: a distance, or a way from place to place, typed
 * in or taken from a file. */
#include "base/limits.h"
#include "base/num.h"
#include "initiative/way.h"
#include "web/edited.h"
#include "web/pages.h"
#include "web/views_edit.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

enum { TRIES = 3 };
#define GOAL_MOST 1e9 /* kilometres or miles: all that people ever ran */

struct goal {
    const struct es_req *q;
    struct es_initiative ini;
    struct es_way way;
    struct es_web_edit w;
    struct es_field_errors fe;
    const char *notice;
};

static const char *kept_text(struct goal *k, struct es_buf *b)
{
    const char *s =
        b->bad ? NULL : es_arena_str(es_req_arena(k->q), es_buf_cstr(b));
    es_buf_release(b);
    return s ? s : "";
}

static const char *way_text(struct goal *k, const struct es_way *w)
{
    struct es_buf b;
    es_buf_init(&b, ES_WAY_TEXT);
    es_way_text(w, &b);
    const char *s = kept_text(k, &b);
    /* as an input gives it back: cleaned at its end */
    const char *clean = es_edit_words(es_req_arena(k->q), s, true);
    return clean ? clean : s;
}

/* The distance in the reader's units; "" where there is none, or a way. */
static const char *goal_text(struct goal *k)
{
    struct es_buf b;
    double unit = (double)es_units_mm(es_web_reader(k->q).units);
    if (k->ini.goal_mm == 0 || k->way.n > 0)
        return "";
    es_buf_init(&b, 64);
    es_buf_num(&b, (double)k->ini.goal_mm / unit, 2);
    return kept_text(k, &b);
}

static enum es_code load(struct goal *k, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    enum es_code rc = es_store_initiative_by_id(
        es_web_of(k->q)->app->store, es_web_who(k->q)->here.id, a, &k->ini, e);
    if (rc == ES_OK)
        rc = es_way_read(k->ini.way, a, &k->way, e);
    if (rc != ES_OK)
        return rc;
    k->w.q = k->q;
    es_web_edit_add(&k->w, "goal", goal_text(k), ES_EDIT_LINE);
    es_web_edit_add(&k->w, "way", way_text(k, &k->way), ES_EDIT_LINES);
    return ES_OK;
}

/* ---- showing ---- */

static enum es_code show(struct goal *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    struct es_view_goal *v = es_arena_alloc(es_req_arena(k->q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "goal");
    *v = (struct es_view_goal){
        .frame = es_web_frame(k->q, &k->ini),
        .action =
            es_url_path(es_req_arena(k->q), "/organise/e/%s/goal", k->ini.slug),
        .was = es_web_edit_stamp(&k->w),
        .n_errors = k->fe.n,
        .goal = es_web_edit_field(&k->w, "goal", &k->fe),
        .way = es_web_edit_field(&k->w, "way", &k->fe),
        .file = { .value = "",
                  .error =
                      es_say_of_field(es_web_reader(k->q), es_req_arena(k->q),
                                      &k->fe, "file") },
    };
    es_web_way_of(k->q, &k->way, es_web_total(k->q, &k->ini).dist_mm,
                  &v->drawn);
    v->frame.notice = k->w.clashes ? es_web_edit_notice(&k->w, &k->ini)
                      : k->notice  ? k->notice
                                   : es_words_done(es_web_lang(k->q, NULL),
                                                   es_req_query(k->q, "done"));
    es_resp_status(out, status);
    struct es_out o = es_web_page(k->q, out);
    es_page_goal(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/goal */
static enum es_code goal(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct goal *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "goal");
    *k = (struct goal){ .q = q };
    enum es_code rc = load(k, e);
    return rc == ES_OK ? show(k, out, 200, e) : rc;
}

/* ---- a way from a file ---- */

static enum es_code route_of(struct goal *k, struct es_bytes file,
                             struct es_way *out, struct es_err *e)
{
    struct es_ingest *in = es_web_of(k->q)->app->ingest;
    struct es_arena *a = es_req_arena(k->q);
    struct es_ingest_result found;
    struct es_course c;
    if (!in)
        return es_fail(e, ES_EBUSY, 0, "nothing is decoded here");
    enum es_code rc = es_ingest_bytes(in, file, a, &found, e);
    if (rc == ES_OK && found.v[0].code != ES_OK)
        rc = es_fail(e, found.v[0].code, 0, "%s", found.v[0].err.msg);
    if (rc == ES_OK)
        rc = es_ingest_route(in, file, 0, a, &c, e);
    return rc == ES_OK ? es_way_of_line(c.v, c.n, "", "", a, out, e) : rc;
}

/* Shows the way of the file, for its places to be named before it is kept. */
static enum es_code from_file(struct goal *k, struct es_resp *out,
                              const struct es_req_file *f, struct es_err *e)
{
    static const struct es_way NONE;
    struct es_err why = { 0 };
    struct es_way *w = es_arena_alloc(es_req_arena(k->q), sizeof *w);
    void *p = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, f->fd, 0);
    if (!w || p == MAP_FAILED)
        return es_fail(e, ES_ENOMEM, 0, "the file");
    *w = NONE;
    enum es_code rc = route_of(k, (struct es_bytes){ p, f->size }, w, &why);
    (void)munmap(p, f->size);
    if (rc != ES_OK) {
        if (rc == ES_EBUSY || rc == ES_EWORKER)
            es_field_errors_add(&k->fe, "file", "busy", NAN);
        else
            es_field_errors_add(&k->fe, "file", "no_way", NAN);
        return show(k, out, 422, e);
    }
    k->way = *w;
    for (size_t i = 0; i < k->w.n; i++)
        if (strcmp(k->w.v[i].name, "way") == 0)
            k->w.v[i].keep = way_text(k, w);
    k->notice = es_t(es_web_lang(k->q, NULL),
                     ES_T("This is the way of the file. Give names to its "
                          "places, then keep it."));
    return show(k, out, 200, e);
}

/* ---- keeping ---- */

static int64_t read_distance(struct goal *k)
{
    struct es_reader r = es_web_reader(k->q);
    const char *text = es_web_edit_kept(&k->w, "goal");
    double unit = (double)es_units_mm(r.units);
    double v = 0;
    if (!*text)
        return 0;
    if (!es_number_parse(r.lang, text, &v))
        es_field_errors_add(&k->fe, "goal", "invalid", NAN);
    else if (v > GOAL_MOST)
        es_field_errors_add(&k->fe, "goal", "too_large", NAN);
    else if (v * unit < 1)
        es_field_errors_add(&k->fe, "goal", "zero", NAN);
    return (int64_t)(v * unit + 0.5);
}

static void read_way(struct goal *k, struct es_way *w)
{
    struct es_err e = { 0 };
    if (es_way_parse(es_web_edit_kept(&k->w, "way"), es_req_arena(k->q), w,
                     &e) == ES_OK)
        return;
    if (e.at > 0)
        es_field_errors_add(&k->fe, "way", "line", (double)e.at);
    else
        es_field_errors_add(&k->fe, "way", "ends", ES_WAY_POINTS);
}

static enum es_code save(struct goal *k, struct es_err *e)
{
    struct es_initiative now = k->ini;
    struct es_buf json;
    struct es_way *w = es_arena_alloc(es_req_arena(k->q), sizeof *w);
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "way");
    w->n = 0;
    read_way(k, w);
    now.goal_mm = w->n > 0 ? es_way_length_mm(w) : read_distance(k);
    if (w->n > 0 && now.goal_mm == 0)
        es_field_errors_add(&k->fe, "way", "ends", ES_WAY_POINTS);
    if (k->fe.n)
        return es_fail(e, ES_EINVAL, 0, "%s", k->fe.v[0].field);
    es_buf_init(&json, ES_WAY_TEXT * 2);
    es_way_write(w, &json);
    now.way = es_buf_cstr(&json);
    now.edited_by = es_web_who(k->q)->account.id;
    now.edited_ms = es_time_now_ms();
    enum es_code rc = json.bad
                          ? es_fail(e, ES_ETOOLARGE, 0, "way")
                          : es_initiative_save(es_web_of(k->q)->app, &now, e);
    es_buf_release(&json);
    return rc;
}

/* POST /organise/e/{slug}/goal */
static enum es_code goal_keep(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    size_t n_files;
    const struct es_req_file *files = es_req_files(q, &n_files);
    struct goal *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = ES_ECONFLICT;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "goal");
    for (int i = 0; rc == ES_ECONFLICT && i < TRIES; i++) {
        *k = (struct goal){ .q = q };
        rc = load(k, e);
        if (rc != ES_OK)
            return rc;
        if (es_web_edit_merge(&k->w))
            return show(k, out, 409, e);
        if (n_files > 0 && files[0].size > 0)
            return from_file(k, out, &files[0], e);
        rc = save(k, e);
        if (rc == ES_EINVAL && k->fe.n)
            return show(k, out, 422, e);
    }
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/goal?done=kept", k->ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/goal", ES_BODY_NONE, ES_WEB_PAGE, goal },
    { ES_POST, "/organise/e/{slug}/goal", ES_BODY_FORM,
      ES_WEB_FORM | ES_ROUTE_FILES, goal_keep },
};
const struct es_routes ES_ROUTES_GOAL = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
