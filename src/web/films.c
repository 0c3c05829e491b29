/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A video that comes in pieces: the core of tus 1.0.0 with creation and
 * termination (https://tus.io/protocols/resumable-upload). tus and not the
 * draft of the IETF: it stands still since 2016, has clients for every system,
 * and needs no answer before the answer (104), which most servers and proxies
 * can't send. */
#include "initiative/films.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "web/web_int.h"

#include <stdlib.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/media/films"
#define VERSION "1.0.0"

/* ---- what tus asks of every answer ---- */

static void number(const struct es_req *q, struct es_resp *out,
                   const char *name, int64_t v)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%lld", (long long)v);
    es_resp_header(out, name, s ? s : "0");
}

static bool speaks_tus(const struct es_req *q, struct es_resp *out)
{
    const char *v = es_req_header(q, "Tus-Resumable");
    es_resp_header(out, "Tus-Resumable", VERSION);
    if (v && strcmp(v, VERSION) == 0)
        return true;
    es_resp_header(out, "Tus-Version", VERSION);
    es_resp_status(out, 412);
    return false;
}

static bool header_i64(const struct es_req *q, const char *name, int64_t *out)
{
    const char *s = es_req_header(q, name);
    return s && es_num_i64(es_bytes_str(s), 0, INT64_MAX, out);
}

/* What went wrong, in the reader's language: the island shows it. */
static enum es_code failed(const struct es_req *q, struct es_resp *out,
                           enum es_code rc)
{
    struct es_field_errors fe = { 0 };
    int status = es_web_take_status(rc);
    if (status == 500)
        return rc;
    if (rc == ES_ENOENT)
        status = 404;
    else if (rc == ES_ECONFLICT)
        status = 409;
    else if (rc == ES_EUNKNOWN)
        status = 415;
    else if (rc == ES_EBUSY)
        status = 507;
    es_field_errors_add(&fe, "video", es_code_name(rc), 0);
    const char *said =
        es_say_of_field(es_web_reader(q), es_req_arena(q), &fe, "video");
    return es_web_problem(out, status, es_code_name(rc), said ? said : "");
}

/* ---- the name, from "filename BASE64,filetype BASE64" ---- */

static int sextet(char c)
{
    static const char SET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(SET, c) : NULL;
    return at ? (int)(at - SET) : -1;
}

static void decode(const char *s, struct es_buf *out)
{
    uint32_t v = 0;
    unsigned bits = 0;
    for (int six; (six = sextet(*s)) >= 0; s++) {
        v = v << 6 | (uint32_t)six;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            es_buf_u8(out, (uint8_t)(v >> bits));
        }
    }
}

static const char *name_of(const struct es_req *q)
{
    static const char KEY[] = "filename ";
    struct es_buf raw, clean;
    const char *meta = es_req_header(q, "Upload-Metadata");
    const char *at = meta ? strstr(meta, KEY) : NULL;
    es_buf_init(&raw, ES_HTTP_HEADER);
    es_buf_init(&clean, ES_HTTP_HEADER * 3);
    if (at)
        decode(at + strlen(KEY), &raw);
    es_text_clean(&clean, es_buf_bytes(&raw), false);
    bool ok = !clean.bad && clean.n > 0 &&
              es_utf8_valid(es_buf_bytes(&clean)) &&
              es_utf8_count(es_buf_bytes(&clean)) <= ES_FACE_LABEL;
    const char *name =
        ok ? es_arena_str(es_req_arena(q), es_buf_cstr(&clean)) : "video";
    es_buf_release(&raw);
    es_buf_release(&clean);
    return name ? name : "video";
}

/* ---- routes ---- */

/* POST .../media/films: creation. */
static enum es_code create(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_film_new f = { who->here.id, who->account.id, 0, name_of(q) };
    int64_t id = 0;
    size_t swept;
    if (!speaks_tus(q, out))
        return ES_OK;
    if (!header_i64(q, "Upload-Length", &f.length))
        return failed(q, out, ES_EINVAL);
    number(q, out, "Tus-Max-Size", ES_FILM_MAX);
    enum es_code rc = es_films_sweep(app, es_time_now_ms(), &swept, e);
    if (rc == ES_OK)
        rc = es_film_begin(app, &f, &id, e);
    if (rc != ES_OK)
        return failed(q, out, rc);
    const char *at =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/media/films/%lld",
                     who->here.slug, (long long)id);
    es_resp_status(out, 201);
    es_resp_header(out, "Location", at ? at : "/");
    number(q, out, "Upload-Offset", 0);
    return ES_OK;
}

static bool film_id(const struct es_req *q, int64_t *id)
{
    return es_req_i64(q, "film", 1, INT64_MAX, id);
}

/* HEAD and GET .../media/films/{film}: how much is here. */
static enum es_code state(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    int64_t initiative = es_web_who(q)->here.id;
    struct es_media_upload u;
    struct es_media m;
    int64_t id;
    if (!speaks_tus(q, out))
        return ES_OK;
    if (!film_id(q, &id))
        return failed(q, out, ES_ENOENT);
    enum es_code rc =
        es_store_media_upload(store, initiative, id, es_req_arena(q), &u, e);
    if (rc == ES_OK) {
        number(q, out, "Upload-Length", u.length);
        number(q, out, "Upload-Offset", u.received);
        return ES_OK;
    }
    if (rc == ES_ENOENT) /* whole, and the answer to the last piece was lost */
        rc = es_store_media(store, initiative, id, es_req_arena(q), &m, e);
    if (rc != ES_OK)
        return failed(q, out, rc);
    number(q, out, "Upload-Length", m.blob.length);
    number(q, out, "Upload-Offset", m.blob.length);
    return ES_OK;
}

/* PATCH .../media/films/{film}: what follows. */
static enum es_code append(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_film_part p = { .initiative = es_web_who(q)->here.id };
    const char *type = es_req_header(q, "Content-Type");
    int64_t received = 0;
    bool whole;
    if (!speaks_tus(q, out))
        return ES_OK;
    if (!type || strcmp(type, "application/offset+octet-stream") != 0)
        return failed(q, out, ES_EUNKNOWN);
    if (!film_id(q, &p.id))
        return failed(q, out, ES_ENOENT);
    if (!header_i64(q, "Upload-Offset", &p.at))
        return failed(q, out, ES_EINVAL);
    p.fd = es_req_body_fd(q, &p.size);
    enum es_code rc = es_film_add(es_web_of(q)->app, &p, es_req_arena(q),
                                  &received, &whole, e);
    if (rc == ES_OK && whole)
        rc = es_web_film_put(q, p.id, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        number(q, out, "Upload-Offset", received);
    if (rc != ES_OK)
        return failed(q, out, rc);
    es_resp_status(out, 204);
    number(q, out, "Upload-Offset", received);
    return ES_OK;
}

/* DELETE .../media/films/{film}: termination. */
static enum es_code end(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    int64_t id;
    if (!speaks_tus(q, out))
        return ES_OK;
    if (!film_id(q, &id))
        return failed(q, out, ES_ENOENT);
    enum es_code rc =
        es_film_drop(es_web_of(q)->app, es_web_who(q)->here.id, id, e);
    if (rc != ES_OK)
        return failed(q, out, rc);
    es_resp_status(out, 204);
    return ES_OK;
}

/* POST .../media/films/{film}/drop: the same without a script. */
static enum es_code drop(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    int64_t id;
    if (!film_id(q, &id))
        return es_web_fail(q, out, 404, "");
    enum es_code rc =
        es_film_drop(es_web_of(q)->app, es_web_who(q)->here.id, id, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/media?done=kept",
                     es_web_who(q)->here.slug);
    return es_resp_redirect(out, path ? path : "/organise");
}

/* ---- sending ---- */

struct film {
    struct es_store *store;
    int64_t initiative, id;
};

static ptrdiff_t read_film(void *arg, uint64_t at, uint8_t *out, size_t cap)
{
    const struct film *f = arg;
    struct es_blob b;
    struct es_buf plain = { 0 };
    struct es_err e = { 0 };
    int64_t start;
    if (es_store_media_piece(f->store, f->initiative, f->id, (int64_t)at,
                             &start, &b, &e) != ES_OK ||
        es_store_blob_read(f->store, &b, &plain, &e) != ES_OK)
        return -1;
    size_t skip = (size_t)((int64_t)at - start);
    size_t n = plain.n - skip < cap ? plain.n - skip : cap;
    memcpy(out, plain.p + skip, n);
    es_buf_release(&plain);
    return (ptrdiff_t)n;
}

enum es_code es_web_film_send(const struct es_req *q, struct es_resp *out,
                              const struct es_media *m, struct es_err *e)
{
    struct film *f = malloc(sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "a film");
    *f = (struct film){ es_web_of(q)->app->store, m->initiative, m->id };
    struct es_pulled from = { (uint64_t)m->blob.length, read_film, free, f };
    es_resp_pull(q, out, &from);
    /* cppcheck-suppress memleak ; `free` is called when it was sent */
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_POST, ROOT, ES_BODY_NONE, ES_WEB_FORM, create },
    { ES_GET, ROOT "/{film}", ES_BODY_NONE, ES_WEB_PAGE, state },
    { ES_PATCH, ROOT "/{film}", ES_BODY_RAW, ES_WEB_FORM, append },
    { ES_DELETE, ROOT "/{film}", ES_BODY_NONE, ES_WEB_FORM, end },
    { ES_POST, ROOT "/{film}/drop", ES_BODY_FORM, ES_WEB_FORM, drop },
};
const struct es_routes ES_ROUTES_FILMS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
